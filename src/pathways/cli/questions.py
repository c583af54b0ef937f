"""The questions of a new case, in the words of the ward: what decides between pathways, one thing at a time.

An answer is tried as soon as it is given, by reading the case as far as it is told; what is not understood is asked again with what was
wrong. No answer means not known.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from dataclasses import field
from typing import Any

from pathways.case.loading import load_case
from pathways.case.models import Case
from pathways.case.writing import STANDING
from pathways.documents.problems import DocumentError
from pathways.documents.visible import visible
from pathways.quick_dataclass import dataclass
from pathways.ward.notebook import Note
from pathways.ward.understanding import in_words
from pathways.words import EVENTS_OF_KEY

MOST_TRIES = 5
MOST_ENTRIES = 20


@dataclass(frozen=True, slots=True)
class Question:
    """One thing to be told: under which key, and how it is asked."""

    key: str
    words: str


INTRODUCTION = """\
Answer in your own words: rectal cancer, S8, IVa, 5-8, RHV, 3.5 cm, wt, MSI-H, PR, ASA II, mFOLFOX6 + bevacizumab. No answer means not known,
which is never fine and never refused. Nothing that names the patient.
"""
NAME = Question("id", "A short name for the file (letters, digits, - and _)")
PRIMARY = (
    Question("tumour", "Where do the metastases come from (rectum, colon, neuroendocrine, GIST, breast ...)"),
    Question("site", "Which part of the bowel (caecum, sigmoid, mid rectum ...)"),
    Question("status", "Is the primary in place, resected, or is there none"),
    Question("urgent", "Does it obstruct, perforate or bleed now (no, obstruction, perforation, bleeding)"),
    Question("presentation", "Were the metastases found with it (synchronous) or later (metachronous)"),
    Question("interval", "If later, how long after it (18 months)"),
    Question("stage", "Its stage, for the nodes (pT3 pN1)"),
    Question("ras", "RAS (wt, mut, G12D)"),
    Question("braf", "BRAF (wt, V600E)"),
    Question("mismatch_repair", "Mismatch repair (pMMR, dMMR, MSS, MSI-H)"),
    Question("cea", "CEA today, ng/ml"),
)
LESION = (
    Question("segments", "Segments or part of the liver (S8, IVa, 6/7, right liver)"),
    Question("count", "How many lesions there, if several alike"),
    Question("size_mm", "Size of the largest (35 mm, 3.5 cm)"),
    Question("contacts", "Vessels it touches (RHV, MHV, right portal pedicle, IVC; none)"),
    Question("depth", "Superficial or deep"),
    Question("nature", "Confirmed, suspected or vanished"),
)
ELSEWHERE = (
    Question("site", "Disease outside liver and primary: where (lung, portal nodes ...; none)"),
    Question("count", "How many"),
    Question("resectable", "Can all of it be removed (yes, no)"),
)
LIVER = (
    Question("background", "The liver that is not tumour (normal, fatty, NASH, SOS, fibrosis, cirrhosis)"),
    Question(
        "insufficiency", "Signs of a failing liver (ascites, jaundice, encephalopathy, portal hypertension; none)"
    ),
    Question("biliary_obstruction", "Obstructed bile ducts (no, yes, drained)"),
    Question("total_ml", "Total liver volume, ml"),
)
VOLUMETRY = (
    Question("removes", "Volumetry: which segments would be taken out (5-8)"),
    Question("flr_percent", "What would stay, in percent"),
    Question("flr_ml", "What would stay, in ml"),
)
EVENT = (
    Question(
        "event",
        "What was done before today, oldest first (right hemicolectomy, chemo, right PVE, right hepatectomy ...; none)",
    ),
    Question("week", "When did it begin, in weeks before today (-14)"),
)
COURSE = (
    Question("end_week", "When did it end (-2)"),
    Question("regimen", "Which drugs (mFOLFOX6 + bevacizumab)"),
    Question("cycles", "How many cycles"),
    Question("response", "Response (CR, PR, SD, PD)"),
)
REMOVED = (Question("removes", "Whole segments removed (6/7)"), Question("margin", "Margin (R0, R1, R2)"))
PATIENT = (
    Question("age", "Age"),
    Question("sex", "Sex (f, m)"),
    Question("height_cm", "Height, cm"),
    Question("weight_kg", "Weight, kg"),
    Question("ecog", "ECOG 0 to 4"),
    Question("asa", "ASA (II)"),
    Question("fit_for", "The largest liver operation the team holds safe (none, ablation, minor, major)"),
    Question("declines", "What the patient does not want (ALPPS, transplantation ...; none)"),
)
NOTHING = ("none", "no", "nil", "nothing", "-")


@dataclass
class Interview:
    """One sitting. `answers` yields what is typed, line by line; `say` shows questions and what was understood."""

    answers: Iterator[str]
    say: Callable[[str], None]
    told: dict[str, Any] = field(default_factory=lambda: {"schema": 1, "id": "my-patient"})
    ended: bool = False

    def case(self) -> Case:
        """Asks everything, and gives the case."""
        self.say(INTRODUCTION)
        self.ask(self.told, (NAME,))
        self.part("primary", PRIMARY, "The primary tumour")
        self.several(
            "lesions", LESION, "The liver lesions, one entry for each or for several alike; no segment ends the list"
        )
        self.several("extrahepatic", ELSEWHERE, "Elsewhere")
        self.part("liver", LIVER, "The liver")
        self.volumetry()
        self.events()
        self.part("patient", PATIENT, "The patient")
        return self.read()

    def read(self) -> Case:
        """The case as far as it is told."""
        told = dict(self.told)
        for key, (inner, value) in STANDING.items():
            if key == "lesions":
                told[key] = told.get(key) or [{inner: value}]
            else:
                told[key] = {inner: value, **told.get(key, {})}
        return load_case({key: value for key, value in told.items() if value not in ({}, None)})

    def line(self, words: str) -> str:
        """An answer; "" where there is none, or no more."""
        if self.ended:
            return ""
        self.say(f"{words}: ")
        answer = next(self.answers, None)
        self.ended = answer is None
        return (answer or "").strip()

    def ask(self, into: dict[str, Any], questions: tuple[Question, ...]) -> None:
        """Puts each answer into a mapping of the case, once the case is understood with it."""
        for one in questions:
            self.answer(into, one)

    def answer(self, into: dict[str, Any], question: Question, *, nothing: bool = False) -> str:
        """One question, asked again while its answer is not understood; gives the answer as it was typed."""
        for _ in range(MOST_TRIES):
            written = self.line(question.words)
            if not written or (nothing and written.casefold() in NOTHING):
                return written
            before = dict(into)
            seen = _texts(self.read().understood)
            into[question.key] = written
            try:
                fresh = [one for one in self.read().understood if str(one) not in seen]
            except DocumentError as error:
                into.clear()
                into.update(before)
                self.say("\n".join(f"  not understood: {one.key}: {one.message}" for one in error.problems[:3]) + "\n")
                continue
            if fresh:
                self.say(f"  read as: {in_words(tuple(fresh))}\n")
            return written
        return ""

    def part(self, key: str, questions: tuple[Question, ...], heading: str) -> None:
        """The questions of one mapping of the case."""
        self.say(f"\n{heading}\n")
        self.ask(self.told.setdefault(key, {}), questions)

    def several(self, key: str, questions: tuple[Question, ...], heading: str) -> None:
        """Entries of a list, until the first question has no answer; none where it is answered so."""
        self.say(f"\n{heading}\n")
        first, *others = questions
        for _ in range(MOST_ENTRIES):
            entry: dict[str, Any] = {}
            answer = self.first(key, entry, first)
            if not entry:
                if answer and key not in self.told:
                    self.told[key] = []
                return
            self.ask(entry, tuple(others))

    def first(self, key: str, entry: dict[str, Any], question: Question) -> str:
        """The answer that begins an entry: without it the entry is none, and stands in no list."""
        listed = self.told.get(key)
        for _ in range(MOST_TRIES):
            written = self.line(question.words)
            if not written or written.casefold() in NOTHING:
                return written
            entry[question.key] = written
            self.told[key] = [*(listed or []), entry]
            try:
                case = self.read()
            except DocumentError as error:
                entry.clear()
                if listed is None:
                    del self.told[key]
                else:
                    self.told[key] = listed
                self.say("\n".join(f"  not understood: {one.key}: {one.message}" for one in error.problems[:3]) + "\n")
                continue
            fresh = tuple(one for one in case.understood if one.key.startswith(f"{key}[{len(listed or [])}]"))
            if fresh:
                self.say(f"  read as: {in_words(fresh)}\n")
            return written
        return ""

    def volumetry(self) -> None:
        """The segments that would go, and what would stay: both or none."""
        entry: dict[str, Any] = {}
        first, *others = VOLUMETRY
        removes = self.line(first.words)
        if not removes:
            return
        entry["removes"] = removes
        for one in others:
            answer = self.line(one.words)
            if answer:
                entry[one.key] = answer
        liver = self.told["liver"]
        liver["measured_remnants"] = [entry]
        try:
            case = self.read()
        except DocumentError as error:
            del liver["measured_remnants"]
            self.say(
                "\n".join(f"  not understood, left out: {one.key}: {one.message}" for one in error.problems[:3]) + "\n"
            )
            return
        self.say(f"  read as: {in_words(tuple(one for one in case.understood if 'measured_remnants' in one.key))}\n")

    def events(self) -> None:
        """What was done before, with what belongs to each."""
        self.say("\nBefore today\n")
        first, *others = EVENT
        for _ in range(MOST_ENTRIES):
            entry: dict[str, Any] = {}
            self.first("history", entry, first)
            if not entry:
                return
            self.ask(entry, tuple(others))
            event = self.read().history[-1]
            if event.event in EVENTS_OF_KEY["cycles"]:
                self.ask(entry, COURSE)
            elif event.event == "hepatectomy":
                self.ask(entry, REMOVED[1:] if event.removes else REMOVED)


def _texts(notes: tuple[Note, ...]) -> frozenset[str]:
    return frozenset(map(str, notes))


def typed() -> Iterator[str]:
    """What is typed, line by line."""
    for line in sys.stdin:
        yield line.rstrip("\n")


def shown(words: str) -> None:
    """Shows a question on standard error, where words about progress go: standard output is the file."""
    print(visible(words), end="" if words.endswith((": ", "\n")) else "\n", file=sys.stderr, flush=True)
