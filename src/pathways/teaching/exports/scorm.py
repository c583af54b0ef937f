"""SCORM 1.2: the page in a package that tells a learning platform score, status and time, and resumes from it.

The schema files that SCORM's authors publish are left out: they are not ours to give away, and platforms do not ask for them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING
from xml.sax.saxutils import escape

from pathways.teaching.exports import html_page
from pathways.teaching.exports.plain import digest, unzipped, zipped
from pathways.teaching.lessons.model import Lesson

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

PACKAGING = "http://www.imsproject.org/xsd/imscp_rootv1p1p2"
ADL = "http://www.adlnet.org/xsd/adlcp_rootv1p2"
FILES = ["imsmanifest.xml", "index.html"]


def write(lesson: Lesson, pass_mark: int | None = None) -> bytes:
    """The package of `lesson`. Without `pass_mark` (per cent) what counts as passed is for the teacher to set on the platform."""
    mastery = "" if pass_mark is None else f"<adlcp:masteryscore>{pass_mark}</adlcp:masteryscore>"
    name = digest(lesson.id)
    title = escape(lesson.title or lesson.id)
    manifest = f"""<?xml version="1.0" encoding="UTF-8"?>
<manifest identifier="pathways-{name}" version="1" xmlns="{PACKAGING}" xmlns:adlcp="{ADL}">
  <metadata><schema>ADL SCORM</schema><schemaversion>1.2</schemaversion></metadata>
  <organizations default="organisation">
    <organization identifier="organisation"><title>{title}</title>
      <item identifier="case" identifierref="page" isvisible="true"><title>{title}</title>{mastery}</item>
    </organization>
  </organizations>
  <resources>
    <resource identifier="page" type="webcontent" adlcp:scormtype="sco" href="index.html"><file href="index.html"/></resource>
  </resources>
</manifest>
"""
    return zipped(
        {"imsmanifest.xml": manifest.encode("utf-8"), "index.html": html_page.page(lesson, "scorm", pass_mark)}
    )


def check(content: bytes) -> list[str]:
    """What is wrong with a package: zip, manifest, a file told and missing, the page itself."""
    from xml.etree.ElementTree import ParseError, fromstring

    files, wrong = unzipped(content)
    if not files:
        return wrong or ["an empty zip"]
    if sorted(files) != FILES:
        wrong.append(f"it holds {', '.join(sorted(files))}; accepted: {', '.join(FILES)}")
    try:
        manifest = fromstring(files.get("imsmanifest.xml", b""))  # noqa: S314 - ours: no document type, see below
    except ParseError as error:
        return [*wrong, f"imsmanifest.xml: no XML: {error}"]
    if b"<!DOCTYPE" in files["imsmanifest.xml"]:
        wrong.append("imsmanifest.xml: a document type is declared")
    page = files.get("index.html", b"")
    if b"LMSInitialize" not in page:
        wrong.append("index.html: it does not talk to a platform")
    return [*wrong, *_manifest_faults(manifest, files), *(f"index.html: {one}" for one in html_page.check(page))]


def _manifest_faults(manifest: Element, files: dict[str, bytes]) -> list[str]:
    space = {"p": PACKAGING}
    wrong = []
    if manifest.tag != f"{{{PACKAGING}}}manifest":
        return [f"imsmanifest.xml: the root is {manifest.tag}"]
    if manifest.findtext("p:metadata/p:schemaversion", "", space) != "1.2":
        wrong.append("imsmanifest.xml: it does not say SCORM 1.2")
    organisations = manifest.find("p:organizations", space)
    named = [one.get("identifier") for one in manifest.findall("p:organizations/p:organization", space)]
    if organisations is None or organisations.get("default") not in named:
        wrong.append("imsmanifest.xml: the default organisation is missing")
    resources = {one.get("identifier"): one for one in manifest.findall("p:resources/p:resource", space)}
    leading = {one.get("identifierref") for one in manifest.findall(".//p:item", space)}
    wrong += [f"imsmanifest.xml: an item leads to {one}, which is no resource" for one in leading - set(resources)]
    for one in resources.values():
        if one.get(f"{{{ADL}}}scormtype") != "sco":
            wrong.append("imsmanifest.xml: the page is no SCO")
        told = [one.get("href"), *(file.get("href") for file in one.findall("p:file", space))]
        wrong += [f"imsmanifest.xml: {file} is not in the zip" for file in told if file not in files]
    return wrong if resources else [*wrong, "imsmanifest.xml: no resource"]
