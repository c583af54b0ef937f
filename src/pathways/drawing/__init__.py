"""Pictures as SVG text: the liver, timelines, bars, chips, the map. Pure functions of a plan or a case; nothing is read or written.

Used by the report, the pages of lessons and the handout alike. Every picture has a title and a description, can be told without
colour, and takes its colours from classes, so that a page's style sheet decides (`style.css()`); standing alone it carries them along.
"""
