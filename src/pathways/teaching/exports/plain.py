"""Plain text made safe to hand on, and what every writer needs: short names, digests, zips that never differ.

Decides nothing of a lesson's content. `prepared` is the only door: it takes out what no format can carry (control characters, lone
surrogates, characters that turn the reading direction) and refuses a lesson that is not one.
"""

from __future__ import annotations

import hashlib
import io
import re
import uuid
import zipfile
from collections.abc import Mapping
from dataclasses import fields, is_dataclass, replace
from html import escape
from typing import Any

from pathways.teaching.exports.walk import faults
from pathways.teaching.lessons.model import Lesson, Passage

NAMESPACE = uuid.UUID("9c6d3f52-6f0b-5d57-9a2e-5f2d8a3c7b10")
# Control characters but tab and newline, lone surrogates, non-characters: XML and JSON readers refuse them.
UNSAFE = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff]")
# Characters that turn the direction of reading round: they make a text look like another one.
TURNING = re.compile("[\u202a-\u202e\u2066-\u2069]")
FIRST_DATE = (1980, 1, 1, 0, 0, 0)


class BadLesson(ValueError):  # noqa: N818 - it names what is wrong, as `Refused` does
    """A lesson that cannot be written: the fault of whoever made it, never of the reader."""


def prepared(lesson: Lesson) -> Lesson:
    """`lesson` with clean strings. Raises `BadLesson` if it is not a lesson."""
    clean: Lesson = _cleaned(lesson)
    found = faults(clean)
    if found:
        raise BadLesson("; ".join(found))
    return clean


def _cleaned(value: Any, *, keep_spaces: bool = False) -> Any:
    if isinstance(value, str):
        text = TURNING.sub("", UNSAFE.sub("\ufffd", value))
        return " ".join(text.splitlines()).rstrip() if keep_spaces else " ".join(text.split())
    if isinstance(value, tuple):
        return tuple(_cleaned(one, keep_spaces=keep_spaces) for one in value)
    if is_dataclass(value) and not isinstance(value, type):
        return replace(
            value,
            **{
                field.name: _cleaned(
                    getattr(value, field.name), keep_spaces=isinstance(value, Passage) and field.name == "liver_map"
                )
                for field in fields(value)
            },
        )
    return value


def slug(text: str) -> str:
    """A name of small letters, digits and hyphens; two texts that differ have two names."""
    bare = re.sub(r"[^a-z0-9]+", "-", text.lower()).strip("-")[:60]
    return bare if bare == text and bare else f"{bare or 'x'}-{digest(text)[:6]}"


def digest(text: str) -> str:
    """A short fingerprint of `text`."""
    return hashlib.sha256(text.encode("utf-8")).hexdigest()[:16]


def fingerprint(lesson: Lesson) -> str:
    """Changes whenever anything in the lesson does: a kept progress belongs to one wording only."""
    return digest(repr(lesson))


def uuid_of(*parts: object) -> str:
    """The same parts, the same UUID, on every machine."""
    return str(uuid.uuid5(NAMESPACE, "\x1f".join(map(str, parts))))


def zipped(files: Mapping[str, bytes]) -> bytes:
    """A zip of `files` whose bytes depend on nothing but them."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name in sorted(files):
            info = zipfile.ZipInfo(name, FIRST_DATE)
            info.compress_type = zipfile.ZIP_DEFLATED
            info.create_system = 3  # or the byte would tell the system it was written on
            info.external_attr = 0o644 << 16
            archive.writestr(info, files[name])
    return out.getvalue()


def unzipped(content: bytes) -> tuple[dict[str, bytes], list[str]]:
    """The files of a zip, and what is wrong with it: unreadable, a broken entry, a path that leaves the folder, a date that moves."""
    wrong = []
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            infos = archive.infolist()
            files = {one.filename: archive.read(one) for one in infos}
    except (zipfile.BadZipFile, ValueError, EOFError, NotImplementedError) as error:
        return {}, [f"no readable zip: {error}"]
    names = [one.filename for one in infos]
    if names != sorted(set(names)):
        wrong.append("entries are not sorted, or one stands twice")
    for one in infos:
        if one.filename.startswith("/") or "\\" in one.filename or ".." in one.filename.split("/"):
            wrong.append(f"{one.filename}: a path that leaves the folder")
        if one.date_time != FIRST_DATE:
            wrong.append(f"{one.filename}: its date is not fixed")
    return files, wrong


def html_text(text: str) -> str:
    r"""`text` for HTML, inert also for what reads HTML afterwards: TeX filters, sound tags, templates, file links.

    Those readers look for their marks in the source, where they now find an entity, or in the page, where `\(` is parted by a
    character without width.
    """
    parted = re.sub(r"\\(?=[(\[)\]])", "\\\\\u2060", text)
    return re.sub(r"[\\$@{}\[\]`]", lambda found: f"&#{ord(found[0])};", escape(parted, quote=True))


def plain_title(text: str, limit: int = 255) -> str:
    """`text` for a field that some hosts put into a page as it stands: no angle bracket, no ampersand that begins an entity."""
    bare = text.replace("<", "‹").replace(">", "›")
    bare = re.sub(r"&(?=[#\w])", "＆", bare)
    return bare if len(bare) <= limit else bare[: limit - 1] + "…"
