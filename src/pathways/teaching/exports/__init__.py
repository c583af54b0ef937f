"""Lessons for the classroom's tools: `FORMATS` names them, writes them and checks what was written."""

from pathways.teaching.exports.plain import BadLesson
from pathways.teaching.exports.table import FORMATS, Format

__all__ = ["FORMATS", "BadLesson", "Format"]
