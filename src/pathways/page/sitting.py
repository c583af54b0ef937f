"""One request: what was sent, what it changes, and the plan of what comes out. Nothing of it is kept between two requests."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import field
from functools import cached_property
from typing import Any

from pathways.documents.problems import PathwaysError
from pathways.documents.reader import spelled
from pathways.knowledge.model import Protocol
from pathways.messages.catalogue import called, say
from pathways.page import lesions
from pathways.page.fields import Fields, changes, slid, typed
from pathways.page.opened import ConflictError, File, Opened, mark
from pathways.page.plans import planned
from pathways.page.text import BLANK, Read, changed, read
from pathways.planning.plan import Plan
from pathways.quick_dataclass import dataclass
from pathways.report.gaps import common
from pathways.report.view import FamilyRow, PlanView

MOST_WORDS = 4
# What is remembered of a plan to say what turned: how a family stands, and its chance in percent.
Standing = dict[str, tuple[str, int | None]]


@dataclass
class Sitting:
    """The state that a page carries in its form, and what is made of it."""

    opened: Opened
    base: str = BLANK
    text: str = ""
    file: str = ""
    seen: str = ""
    protocol: str = "default"
    current: str = lesions.NEW
    projector: bool = False
    explain: bool = False
    before: Standing = field(default_factory=dict)
    shown: Standing = field(default_factory=dict)
    change: str = ""
    asked: str = ""
    pathway: str = ""
    variant: str = ""
    variant_protocol: str = "default"
    start: str = ""
    walk: str = ""
    notices: list[str] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)
    conflict: ConflictError | None = None
    sent: dict[str, str] = field(default_factory=dict)
    told: list[str] = field(default_factory=list)

    @classmethod
    def of_file(cls, opened: Opened, file: File) -> Sitting:
        """A case that has just been opened."""
        made = cls(opened, base=file.text, text=file.text, file=file.name, seen=file.mark, protocol=opened.usual)
        if file.notice:
            made.notices.append(file.notice)
        return made

    @classmethod
    def new(cls, opened: Opened) -> Sitting:
        """A case of which nothing is told yet."""
        return cls(opened, base=BLANK, text=BLANK, protocol=opened.usual)

    @classmethod
    def sent_as(cls, opened: Opened, pairs: Sequence[tuple[str, str]]) -> Sitting:
        """What a form says, with its fields put into the case. `do` says which button was pressed."""
        told: dict[str, str] = {}
        for key, value in pairs:
            told.setdefault(key, value.replace("\r\n", "\n"))
        base, file = told.get("base", BLANK), told.get("file", "")
        protocol = told.get("protocol", opened.usual)
        made = cls(
            opened, base=base, text=told.get("text", base), file=file if opened.knows(file) else "", seen=told.get("seen", ""),
            protocol=protocol if protocol in opened.protocols else opened.usual,
            current=told.get("current", lesions.NEW), projector="projector" in told, explain="explain" in told,
            before=_standing(told.get("before", "")), shown=_standing(told.get("shown", "")), change=told.get("change", "")[:400],
            asked=told.get("asked", ""), pathway=told.get("pathway", ""), variant=told.get("variant", ""), start=told.get("start", "")[:10], walk=told.get("walk", "")[:4000], sent=told,
        )  # fmt: skip
        kept = told.get("variant_protocol", opened.usual)
        made.variant_protocol = kept if kept in opened.protocols else opened.usual
        under = told.get("under", protocol)
        if under != made.protocol and under in opened.protocols:
            made._changed_by([say("bench.changed_protocol", old=under, new=made.protocol)])
        made._merge(pairs)
        made._act(told.get("do", ""))
        return made

    def _merge(self, pairs: Sequence[tuple[str, str]]) -> None:
        """The fields that were changed, put into the text; the text itself may have been changed beside them."""
        found = read(self.base)
        changes_ = [*changes(found, pairs), *slid(found, pairs)]
        told = []
        if self.text != self.base:
            told.append(say("bench.changed_text"))
        if changes_:
            self.text = changed(self.text, [(path, typed(path, after)) for path, _, after in changes_])
        told += [
            say(
                "bench.changed",
                key=spelled(path),
                old=before or say("diff.not_told"),
                new=after or say("diff.not_told"),
            )
            for path, before, after in changes_
        ]
        self._changed_by(told)

    def _act(self, do: str) -> None:
        """What a button does to the case; what does not do that is left to the screens."""
        what, _, rest = do.partition(":")
        found, before = self.read, self.text
        told = ""
        current = lesions.current_of(found, self.current)
        number = len(lesions.entries(found))
        if what == "segment" and rest.isdigit() and int(rest) in lesions.SEGMENTS:
            self.text, self.current = lesions.tapped(found, int(rest), current)
            told = say("bench.tapped", segment=int(rest))
        elif what == "remove" and rest.isdigit() and int(rest) < number:
            self.text, self.current = lesions.removed(found, int(rest)), lesions.NEW
            told = say("bench.removed", lesion=lesions.label_of(lesions.entries(found)[int(rest)], int(rest)))
        elif what == "mark":
            place, _, mark = rest.partition(":")
            if place.isdigit() and int(place) < number and mark in lesions.MARKS:
                self.text = lesions.marked(found, int(place), mark)
                told = say(
                    "bench.marked", lesion=lesions.label_of(lesions.entries(found)[int(place)], int(place)), mark=mark
                )
        elif what == "vessel" and rest in lesions.VESSELS and number:
            place_of = current if current is not None else number - 1
            self.text = lesions.vessel(found, place_of, rest)
            told = say(
                "bench.marked",
                lesion=lesions.label_of(lesions.entries(found)[place_of], place_of),
                mark=called("vessel", rest),
            )
        if self.text != before and told:
            self._changed_by([told])

    def _changed_by(self, told: list[str]) -> None:
        """A change: what stood before it is what the next plan is laid beside."""
        if not told:
            return
        self.before = self.shown or self.before
        self.told += told
        self.change = "; ".join(self.told[:MOST_WORDS])

    # --- what is made of it -------------------------------------------------------------------------------------------

    @property
    def read(self) -> Read:
        """The text as it was read."""
        return read(self.text)

    @cached_property
    def plan(self) -> Plan | None:
        """The plan, where the text is a case."""
        found = self.read
        return planned(self.text, found.case, self.judge) if found.case is not None else None

    @property
    def judge(self) -> Protocol:
        """The protocol that was chosen."""
        return self.opened.protocols[self.protocol]

    @cached_property
    def view(self) -> PlanView | None:
        """The plan as the rows of a page."""
        return PlanView(self.plan, everything=True) if self.plan else None

    @cached_property
    def fields(self) -> Fields:
        """The fields of the text."""
        plan = self.plan
        if plan is None:
            return Fields(self.read)
        items = [one.item for one in plan.find_out_next] + [one.item for one in common(plan) if one.item]
        return Fields(self.read, frozenset(part for item in items for part in item.split(", ")))

    @cached_property
    def standing(self) -> Standing:
        """How every family stands now."""
        return {} if self.view is None else standings(self.view)

    @property
    def turned(self) -> Standing:
        """Families that stand otherwise than before the last change, with how they stood."""
        return {family: was for family, was in self._otherwise.items() if self.standing[family][0] != was[0]}

    @property
    def moved(self) -> Standing:
        """Families that stand as before the last change, with another chance."""
        return {family: was for family, was in self._otherwise.items() if self.standing[family][0] == was[0]}

    @property
    def _otherwise(self) -> Standing:
        if not self.before or not self.change:
            return {}
        now = self.standing
        return {family: was for family, was in self.before.items() if family in now and now[family] != was}

    @property
    def unsaved(self) -> bool:
        """Whether what is shown is not what the file holds."""
        return self.text != BLANK and mark(self.text.encode("utf-8")) != self.seen

    @property
    def free_name(self) -> str:
        """The name of a file for a case that has none."""
        told = self.read.at(("id",))
        return f"{told if isinstance(told, str) and told else 'my-patient'}.yaml"

    @property
    def another_name(self) -> str:
        """A name beside the file's own."""
        return f"{self.file.rpartition('.')[0] or 'my-patient'}-2.yaml"

    def save(self, name: str) -> None:
        """Writes the case; a conflict is kept for the page to show."""
        try:
            file = self.opened.write(name, self.text, self.seen if name == self.file else "")
        except ConflictError as error:
            self.conflict = error
        except PathwaysError as error:
            self.errors.append(str(error))
        else:
            self.file, self.seen = file.name, file.mark
            self.notices.append(say("bench.saved", file=name))


def standings(view: PlanView) -> Standing:
    """How every family of a plan stands, with its chance in percent; without one where it has no figure."""
    return {one.family: (one.standing, _percent(one)) for row in view.rows for one in row.families}


def _percent(one: FamilyRow) -> int | None:
    prospect = one.pathway.prospect if one.pathway and one.pathway.curative else None
    found = prospect.cleared_shown if prospect else None
    return round(found.value * 100) if found else None


def written(standing: Standing) -> str:
    """How families stand, as the form carries it."""
    return json.dumps({key: list(value) for key, value in standing.items()}, separators=(",", ":"))


def _standing(text: str) -> Standing:
    """What the form carries, if it is that: anything may be sent."""
    try:
        found: Any = json.loads(text) if text and len(text) < 10_000 else {}  # noqa: PLR2004
    except (ValueError, RecursionError):
        return {}
    if not isinstance(found, dict):
        return {}
    return {
        str(key)[:40]: (str(value[0])[:20], value[1] if isinstance(value[1], int) else None)
        for key, value in list(found.items())[:40]
        if isinstance(value, list) and len(value) == 2  # noqa: PLR2004
    }
