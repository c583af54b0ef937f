"""An Anki deck: one card for each decision, written with sqlite3.

The database has Anki's schema 11, which every version since 2012 reads. Notes keep their ids while the lesson and its passages keep
theirs, so that importing a newer deck updates cards and keeps what the learner has reviewed.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
import time
from html import unescape
from typing import TYPE_CHECKING, Any

from pathways.teaching.exports import questions as asked
from pathways.teaching.exports.pictures import Drawing, drawn_liver, not_inert, pictures
from pathways.teaching.exports.plain import html_text, plain_title, slug, unzipped, uuid_of, zipped
from pathways.teaching.lessons.model import Lesson, Passage

if TYPE_CHECKING:
    import sqlite3

# A note type is known by its number: a change of its fields needs a new one.
MODEL = 1763712000002
FIELDS = ("Decision", "Situation", "Options", "Answer", "Explanation", "Debrief", "Note")
FRONT = "{{Situation}}{{Options}}"
BACK = '{{FrontSide}}<hr id="answer">{{Answer}}{{Explanation}}{{Debrief}}<h3>{{Decision}}</h3>{{Note}}'
# So many words are read before an answer, the answers among them.
MOST_WORDS, LEAST_WORDS = 80, 20
STYLE = """.card { font: 1rem/1.5 sans-serif; text-align: left; max-width: 44rem; margin: 0 auto; padding: 0.5rem; }
table { border-collapse: collapse; } th, td { text-align: left; padding: 0.2rem 0.8rem 0.2rem 0; vertical-align: top; }
pre { overflow-x: auto; line-height: 1.3; } img { max-width: 26rem; width: 100%; height: auto; } small { opacity: 0.75; }"""
TABLES = {
    "col": "id integer primary key, crt integer not null, mod integer not null, scm integer not null, ver integer not null, "
    "dty integer not null, usn integer not null, ls integer not null, conf text not null, models text not null, "
    "decks text not null, dconf text not null, tags text not null",
    "notes": "id integer primary key, guid text not null, mid integer not null, mod integer not null, usn integer not null, "
    "tags text not null, flds text not null, sfld integer not null, csum integer not null, flags integer not null, data text not null",
    "cards": "id integer primary key, nid integer not null, did integer not null, ord integer not null, mod integer not null, "
    "usn integer not null, type integer not null, queue integer not null, due integer not null, ivl integer not null, "
    "factor integer not null, reps integer not null, lapses integer not null, left integer not null, odue integer not null, "
    "odid integer not null, flags integer not null, data text not null",
    "revlog": "id integer primary key, cid integer not null, usn integer not null, ease integer not null, ivl integer not null, "
    "lastIvl integer not null, factor integer not null, time integer not null, type integer not null",
    "graves": "usn integer not null, oid integer not null, type integer not null",
}
INDEXES = {
    "ix_notes_usn": "notes (usn)", "ix_cards_usn": "cards (usn)", "ix_revlog_usn": "revlog (usn)", "ix_cards_nid": "cards (nid)",
    "ix_cards_sched": "cards (did, queue, due)", "ix_revlog_cid": "revlog (cid)", "ix_notes_csum": "notes (csum)",
}  # fmt: skip
SCHEMA = 11
# A picture in a card, and the name of its file.
MEDIA = re.compile(r"pathways-[0-9a-f]{16}\.svg")
IMAGE = re.compile(rf'<img src="({MEDIA.pattern})" alt="[^"<>]*">')


def write(lesson: Lesson) -> bytes:
    """The deck of `lesson`. Notes carry the time of writing, which tells Anki that they are newer; `SOURCE_DATE_EPOCH` sets it."""
    import sqlite3
    from contextlib import closing

    now = int(os.environ.get("SOURCE_DATE_EPOCH") or time.time())
    with closing(sqlite3.connect(":memory:")) as database:
        for name, columns in TABLES.items():
            database.execute(f"create table {name} ({columns})")
        for name, columns in INDEXES.items():
            database.execute(f"create index {name} on {columns}")
        _collection(database, lesson, now)
        media = dict[str, bytes]()
        for place, question in enumerate(asked.questions(lesson)):
            _note(database, lesson, question, place, now, media)
        database.commit()
        named = {str(number): name for number, name in enumerate(media)}
        files = {number: media[name] for number, name in named.items()}
        return zipped({"collection.anki2": database.serialize(), "media": json.dumps(named).encode("utf-8"), **files})


def _image(drawing: Drawing, media: dict[str, bytes]) -> str:
    """A picture as a file of the deck, kept once, and its place in a card."""
    content = drawing[0].encode("utf-8")
    name = f"pathways-{hashlib.sha256(content).hexdigest()[:16]}.svg"
    media[name] = content
    return f'<img src="{name}" alt="{html_text(drawing[1])}">'


def _drawn(here: Passage, media: dict[str, bytes]) -> str:
    return "".join(f"<p>{_image(one, media)}</p>" for one in pictures(here, "card"))


def _collection(database: sqlite3.Connection, lesson: Lesson, now: int) -> None:
    deck = _number("deck", lesson.id)
    title = " ".join(re.sub(r":{2,}", ":", plain_title(lesson.title or lesson.id, 120)).split())
    decks = {"1": _deck(1, "Default", now), str(deck): _deck(deck, f"Pathways::{title}", now)}
    conf = {
        "activeDecks": [1],
        "curDeck": 1,
        "curModel": str(MODEL),
        "nextPos": 1,
        "sortType": "noteFld",
        "sortBackwards": False,
    }
    dconf = {
        "1": {
            "id": 1, "mod": 0, "usn": 0, "name": "Default", "maxTaken": 60, "autoplay": True, "timer": 0, "replayq": True, "dyn": False,
            "new": {"delays": [1, 10], "ints": [1, 4, 7], "initialFactor": 2500, "order": 1, "perDay": 20, "bury": False, "separate": True},
            "rev": {"perDay": 200, "ease4": 1.3, "fuzz": 0.05, "ivlFct": 1, "maxIvl": 36500, "minSpace": 1, "bury": False},
            "lapse": {"delays": [10], "mult": 0, "minInt": 1, "leechFails": 8, "leechAction": 1},
        }
    }  # fmt: skip
    made = [json.dumps(one) for one in (conf, {str(MODEL): _model(deck, now)}, decks, dconf, {})]
    database.execute(
        "insert into col values (1, ?, ?, ?, ?, 0, 0, 0, ?, ?, ?, ?, ?)",
        (now - now % 86400, now * 1000, now * 1000, SCHEMA, *made),
    )


def _deck(number: int, name: str, now: int) -> dict[str, Any]:
    today = {"newToday": [0, 0], "revToday": [0, 0], "lrnToday": [0, 0], "timeToday": [0, 0]}
    return {
        "id": number, "name": name, "mod": now, "usn": -1, "desc": "", "dyn": 0, "conf": 1, "collapsed": False, "browserCollapsed": False,
        "extendNew": 0, "extendRev": 0, **today,
    }  # fmt: skip


def _model(deck: int, now: int) -> dict[str, Any]:
    fields = [
        {"name": name, "ord": place, "sticky": False, "rtl": False, "font": "Arial", "size": 20, "media": []}
        for place, name in enumerate(FIELDS)
    ]
    template = {"name": "Decision", "ord": 0, "qfmt": FRONT, "afmt": BACK, "did": None, "bqfmt": "", "bafmt": ""}
    return {
        "id": MODEL, "name": "Pathways decision", "type": 0, "mod": now, "usn": -1, "sortf": 0, "did": deck, "tmpls": [template],
        "flds": fields, "css": STYLE, "latexPre": "", "latexPost": "", "tags": [], "vers": [], "req": [[0, "any", [0]]],
    }  # fmt: skip


def _note(
    database: sqlite3.Connection,
    lesson: Lesson,
    question: asked.Question,
    place: int,
    now: int,
    media: dict[str, bytes],
) -> None:
    here = question.passage
    fields = _fields(lesson, question, media)
    sort = unescape(re.sub(r"<[^>]*>", "", fields[0]))
    checksum = int(hashlib.sha1(sort.encode("utf-8"), usedforsecurity=False).hexdigest()[:8], 16)
    tags = f" pathways pathways::{slug(lesson.objective)} "
    guid = uuid_of("anki", lesson.id, here.id)
    note, card = _number("note", lesson.id, here.id), _number("card", lesson.id, here.id)
    database.execute(
        "insert into notes values (?, ?, ?, ?, -1, ?, ?, ?, ?, 0, '')",
        (note, guid, MODEL, now, tags, "\x1f".join(fields), sort, checksum),
    )
    database.execute(
        "insert into cards values (?, ?, ?, 0, ?, -1, 0, 0, ?, 0, 0, 0, 0, 0, 0, 0, 0, '')",
        (card, note, _number("deck", lesson.id), now, place + 1),
    )


def _fields(lesson: Lesson, question: asked.Question, media: dict[str, bytes]) -> tuple[str, ...]:
    options = "".join(f"<li>{html_text(one.text)}</li>" for one, _ in question.answers)
    best = "".join(f"<li>{html_text(one.text)}</li>" for one, fraction in question.answers if fraction == "100")
    explained = "".join(
        f"<h4>{html_text(one.text)}</h4>{asked.feedback(lesson, one)}"
        for one, _ in sorted(question.answers, key=lambda answer: -float(answer[1]))
    )
    return (
        f"{html_text(lesson.title)}: {html_text(question.passage.title)}",
        asked.in_short(
            question, max(LEAST_WORDS, MOST_WORDS - sum(len(one.text.split()) for one, _ in question.answers))
        )
        + _drawn(question.passage, media),
        f'<ol type="A">{options}</ol>',
        f"<p><strong>The whole point</strong></p><ul>{best}</ul>",
        _afterwards(lesson, question, media) + explained,
        asked.general_feedback(lesson),
        asked.note(lesson),
    )


def _afterwards(lesson: Lesson, question: asked.Question, media: dict[str, bytes]) -> str:
    """The liver after the best answer, where that has changed it."""
    best = next(one for one, fraction in question.answers if fraction == "100")
    after = lesson.passage(best.to).liver
    if after is None or after == question.passage.liver or best.to == question.passage.id:
        return ""
    return f"<p>{_image(drawn_liver(after, 'after', 'The liver afterwards'), media)}</p>"


def _number(*parts: str) -> int:
    """A number in the range of Anki's own, which are milliseconds since 1970."""
    return (
        1_500_000_000_000
        + int(hashlib.sha256("\x1f".join(parts).encode("utf-8")).hexdigest()[:12], 16) % 200_000_000_000
    )


def check(content: bytes) -> list[str]:
    """What is wrong with a deck: zip, schema, note type, notes, cards."""
    import sqlite3
    from contextlib import closing

    files, wrong = unzipped(content)
    try:
        named = json.loads(files.get("media", b""))
        told = {str(number): str(name) for number, name in named.items()}
    except (ValueError, AttributeError):
        return [*wrong, "media names no files"]
    if sorted(files) != sorted(["collection.anki2", "media", *told]):
        return [
            *wrong,
            f"it holds {', '.join(sorted(files))}; accepted: collection.anki2, media, and the files that it names",
        ]
    wrong += [fault for number, name in told.items() for fault in _media_faults(name, files[number])]
    with closing(sqlite3.connect(":memory:")) as database:
        try:
            database.deserialize(files["collection.anki2"])
            return [*wrong, *_database_faults(database, frozenset(told.values()))]
        except (sqlite3.Error, ValueError, KeyError, TypeError) as error:
            return [*wrong, f"collection.anki2 cannot be read: {error}"]


def _media_faults(name: str, content: bytes) -> list[str]:
    if not MEDIA.fullmatch(name):
        return [f"media {name}: no picture of ours"]
    return [f"media {name}: {one}" for one in not_inert(content.decode("utf-8", "replace"))]


def _database_faults(database: sqlite3.Connection, media: frozenset[str]) -> list[str]:
    wrong = []
    if (verdict := database.execute("pragma integrity_check").fetchone()[0]) != "ok":
        wrong.append(f"the database is damaged: {verdict}")
    for name, columns in TABLES.items():
        found = [one[1] for one in database.execute(f"pragma table_info({name})")]
        if found != [one.split()[0] for one in columns.split(", ")]:
            wrong.append(f"table {name} has the columns {', '.join(found) or 'none'}")
    if wrong:
        return wrong
    version, models, decks = database.execute("select ver, models, decks from col").fetchone()
    if version != SCHEMA:
        wrong.append(f"schema {version}; accepted: {SCHEMA}")
    return [*wrong, *_note_faults(database, json.loads(models), media), *_card_faults(database, json.loads(decks))]


def _note_faults(database: sqlite3.Connection, models: dict[str, Any], media: frozenset[str]) -> list[str]:
    wrong, guids = [], []
    for guid, model, fields, tags in database.execute("select guid, mid, flds, tags from notes"):
        guids.append(guid)
        if len(fields.split("\x1f")) != len(models[str(model)]["flds"]):
            wrong.append(f"note {guid}: not as many fields as its note type")
        if tags != f" {' '.join(tags.split())} ":
            wrong.append(f"note {guid}: tags {tags!r}")
        shown = IMAGE.findall(fields)
        wrong += [f"note {guid}: picture {one} is not in the deck" for one in shown if one not in media]
        if re.search(
            r"<(?:script|img|iframe|a|object|svg)\b|\[(?:sound|latex)|\{\{", IMAGE.sub("", fields), re.IGNORECASE
        ):
            wrong.append(f"note {guid}: a text acts")
    if len(set(guids)) < len(guids):
        wrong.append("two notes carry one guid")
    return wrong if guids else [*wrong, "no note"]


def _card_faults(database: sqlite3.Connection, decks: dict[str, Any]) -> list[str]:
    notes = {one for (one,) in database.execute("select id from notes")}
    cards = list(database.execute("select nid, did from cards"))
    wrong = [f"note {one} has no card" for one in sorted(notes - {note for note, _ in cards})]
    wrong += [f"a card of note {note}, which is missing" for note, _ in cards if note not in notes]
    return wrong + [f"a card in deck {deck}, which is missing" for _, deck in cards if str(deck) not in decks]
