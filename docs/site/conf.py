"""How Sphinx builds the site from the folder that build.py lays out.

Why Sphinx with furo and MyST (seen in November 2026): mkdocs-material calls itself inactive; Zensical, its successor, is a beta of 0.1 with preliminary
reference pages; MkDocs itself has had no release since 2024. Sphinx (BSD-2-Clause, 9.0 of December 2025), furo (MIT, December 2025, 0.3 MB) and MyST
(MIT, November 2026) are kept, end on the first warning, read docstrings themselves, ask no other host, and their search works from a folder without a server.
"""

from pathways.version import __version__

project = "pathways"
author = "The pathways contributors"
release = version = __version__
extensions = ["myst_parser", "sphinx.ext.autodoc"]
root_doc = "index"
source_suffix = {".md": "markdown"}

# Headings have the anchors that a forge gives them, so that one link works in both places.
myst_heading_anchors = 6
# What stands in backticks in a docstring is code.
default_role = "literal"
add_module_names = False
autodoc_member_order = "bysource"
autodoc_typehints_format = "short"
maximum_signature_line_length = 90

html_theme = "furo"
html_title = f"pathways {__version__}"
html_static_path = ["static"]
html_css_files = ["site.css"]
html_copy_source = False
html_show_sourcelink = False
html_show_sphinx = False
html_show_copyright = False
html_theme_options = {
    "top_of_page_buttons": [],
    "light_css_variables": {"color-code-background": "#f2f4f7"},
}
# No icon, font or script of another host.
html_baseurl = ""
pygments_style = "a11y-high-contrast-light"
pygments_dark_style = "a11y-high-contrast-dark"
