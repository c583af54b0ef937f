"""A record as acts: what a property looks at, in the order in which things were done.

Decides what an event means, which part of a long treatment came before what else happened, what was measured, and what was left.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import pairwise

from pathways.case.course import CourseEvent
from pathways.case.models import segment_numbers
from pathways.conformance.acts import Act
from pathways.conformance.limits import DAYS_A_WEEK
from pathways.conformance.property import View
from pathways.facts.patient_assessment import TODAY
from pathways.liver.anatomy import mask_of, size_of
from pathways.liver.resection import Resection
from pathways.liver.volumes import Estimate
from pathways.messages.catalogue import say
from pathways.process.acts import ON_THE_LIVER, OPERATIONS, REMOVING, STIMULI
from pathways.process.records import ACTS_OF, FAMILIES_OF
from pathways.quick_dataclass import dataclass
from pathways.words import LASTING

# Imaging that tells what an uncertain lesion is.
TELLING = ("mri", "contrast_ultrasound")
MAKES_ILL = ("liver_failure", "sepsis")
# Words of a record for what nature answers; all others are decisions of a team.
ANSWERS = ("restaging", "volumetry", "complication", "death", "discharge")
# Whatever ends an emergency of the primary is itself no elective act.
CONTROLS_THE_PRIMARY = frozenset({"primary_resection", "diversion"})
# What ends a part of such treatment on the very day it begins, if the record tells it afterwards.
CUTTING = frozenset(word for word, acts in ACTS_OF.items() if acts & OPERATIONS)


@dataclass(frozen=True, slots=True)
class Part:
    """An event, or a part of one that lasts: the day it ends, days given, and from which to which share of the whole it goes."""

    ends: int | None
    given: int | None = 0
    share: tuple[float, float] | None = None


class Record:
    """Turns the events of a record into acts, in the order of time; treatment that lasts is cut where something else falls into it."""

    def __init__(self, view: View, events: Sequence[CourseEvent]) -> None:
        self.view = view
        self.events = events
        self.assessed = view.assessed
        self.gone = self.gone_before = self.assessed.past.gone
        self.stimulated = self.unclear = False
        # What a volumetry found for the segments that stay, each with its ml where they are told.
        self.measured: dict[int, tuple[Estimate, float | None]] = {}
        self.unnamed: tuple[Estimate, float | None] | None = None
        natures = {one.known_as == "suspected" for one, _ in view.assessed.entries}
        self.benign = "others_benign" if len(natures) > 1 else "benign"
        self.urgent = view.case.primary.urgent not in (None, "none")
        self.resectable_today = (
            any(view.limits.remnant(one, 0) == "enough" for one in self.assessed.resections(TODAY))
            and not view.limits.elsewhere()
        )
        self.restaged = False
        self.treated_to: int | None = None

    def acts(self) -> Iterator[tuple[int, Act]]:
        """Every act with the position of its event."""
        now: int | None = 0
        for index, part in self._parts():
            event = self.events[index]
            days = None if part.ends is None or now is None else part.ends - now
            act = self._act(event, days)
            if part.share is not None:
                act = self._portion(act, part)
            if "systemic" in act.kinds and act.given is not None and part.ends is not None:
                act = replace(act, given=self._not_counted(part.ends - act.given, part.ends))
            yield index, self._with(index, act)
            now = part.ends

    def _parts(self) -> Iterator[tuple[int, Part]]:
        """Every event in the order in which things were, what lasts in parts: it is cut where something else is done or found in it."""
        days = sorted({one.day for one in self.events if one.day is not None})
        parts: list[tuple[float, int, Part]] = []
        latest = 0.0
        for index, event in enumerate(self.events):
            latest = latest if event.day is None else max(latest, float(event.day))
            if event.event not in LASTING:
                parts.append((latest, index, Part(event.day)))
                continue
            if event.day is None or event.until_day is None:
                ends = None if event.event == "chemotherapy" else event.until_day or event.day
                parts.append((latest, index, Part(ends, given=None, share=(0.0, 1.0))))
                continue
            others = self._others(index)
            cuts = [day for day in days if event.day <= day < event.until_day and day in others]
            length = event.until_day - event.day
            for begins, ends in pairwise([event.day, *cuts, event.until_day]):
                if ends > begins or begins in cuts or not length:
                    share = ((begins - event.day) / length, (ends - event.day) / length) if length else (0.0, 1.0)
                    parts.append((float(ends), index, Part(ends, ends - begins, share)))
        for _, index, part in sorted(parts, key=lambda one: one[:2]):
            yield index, part

    def _others(self, index: int) -> frozenset[int]:
        """The days of other events, on which treatment `index` is cut; on its own first day only of what the record tells after it."""
        begins = self.events[index].day
        return frozenset(
            one.day
            for place, one in enumerate(self.events)
            if place != index
            and one.day is not None
            and (one.day != begins or (place > index and one.event in CUTTING))
        )

    def _portion(self, act: Act, part: Part) -> Act:
        """What was given in a part of a treatment: its days, and as many of the cycles as fall into them."""
        assert part.share is not None
        before, until = part.share
        cycles = round(act.cycles * until) - round(act.cycles * before)
        return replace(
            act, given=part.given, cycles=cycles, weeks=act.weeks * (until - before),
            last_dose=0 if part.ends is not None else None, progressed=act.progressed if until == 1 else None,
        )  # fmt: skip

    def _not_counted(self, begins: int, ends: int) -> int:
        """The days of a part in which no other systemic treatment was given already: what overlaps is treated once.

        Parts end one after the other and are cut where another begins, so that what lies before the latest end is counted.
        """
        counted = begins if self.treated_to is None else max(begins, self.treated_to)
        self.treated_to = max(ends, counted)
        return max(0, ends - counted)

    def _with(self, index: int, act: Act) -> Act:
        """The act with what else is done on the day (or in the session) of it: liver and bowel in one are simultaneous."""
        event = self.events[index]
        if event.event != "primary_resection":
            return act
        same = [
            other
            for place, other in enumerate(self.events)
            if place != index
            and ACTS_OF.get(other.event, frozenset()) & ON_THE_LIVER
            and (
                (event.session is not None and other.session == event.session)
                or (event.day is not None and other.day == event.day)
            )
        ]
        kinds = frozenset().union(*(ACTS_OF[one.event] & ON_THE_LIVER for one in same))
        removed = [one for one in same if kinds & REMOVING and ACTS_OF[one.event] & REMOVING]
        return replace(
            act,
            kinds=act.kinds | kinds,
            beside=self._extent(removed),
        )

    def _extent(self, removed: list[CourseEvent]) -> str:
        """The extent of the resections of the liver that are done with something else."""
        if any(self._is_major(mask_of(one.removes) & ~self.gone_before) for one in removed):
            return "major"
        return "untold" if any(not one.removes and not one.partial for one in removed) else "minor"

    def _is_major(self, removes: int) -> bool:
        return size_of(removes) >= self.view.protocol.whole("major_resection_segments")

    def _act(self, event: CourseEvent, days: int | None) -> Act:
        """The act of one event; what it changes for those after it is kept."""
        kinds = self._kinds(event)
        removes = mask_of(event.removes) & ~self.gone
        if kinds & STIMULI:
            self.stimulated, self.measured, self.unnamed = True, {}, None
        if event.event == "volumetry":
            self._measure(event)
        planned = self.resectable_today and not self.restaged
        self.restaged = self.restaged or event.event == "restaging"
        controlled = bool(self.urgent and kinds & CONTROLS_THE_PRIMARY)
        self.urgent = self.urgent and not controlled
        found = Act(
            name=event.event,
            kinds=kinds,
            decision=event.event not in ANSWERS,
            days=days,
            elective=not controlled,
            occludes=mask_of(segment_numbers(event.segments)) if kinds & STIMULI else 0,
            planned_course=planned,
            progressed=None if event.response is None else event.response == "progression",
            resectable=self._found_resectable(event),
            characterised=self.benign if event.finding == "benign" else None,
            diagnostic=event.diagnostic,
            ill=True if event.kind in MAKES_ILL else False if event.event == "discharge" else None,
            drained="drainage" in kinds,
            families=FAMILIES_OF.get(event.event, ()),
        )
        if "systemic" in kinds:
            cycles, weeks = self._given(event)
            found = replace(found, cycles=cycles, weeks=weeks, regimen=event.regimen)
        return self._operated(event, removes, found) if kinds & REMOVING else found

    def _kinds(self, event: CourseEvent) -> frozenset[str]:
        """What was done, as the declared steps of this name say; imaging by some modalities characterises as well."""
        characterises = event.event == "restaging" and event.modality in TELLING
        return ACTS_OF.get(event.event, frozenset()) | ({"characterisation"} if characterises else set())

    def _operated(self, event: CourseEvent, removes: int, act: Act) -> Act:
        """The same act with what was removed and left; later events meet the liver without it."""
        resection = self._resection(removes)
        untold = self._untold(event, resection)
        self._left(removes, event)
        return replace(
            act,
            resection=resection,
            removes=removes,
            major=self._is_major(removes),
            untold=untold,
        )

    def _left(self, removes: int, event: CourseEvent) -> None:
        """What is known of the liver after an operation: a limited resection takes no segment, and what was measured holds."""
        if event.partial and not removes:
            return
        self.gone |= removes
        self.measured, self.unnamed = {}, None
        self.unclear = self.unclear or not removes
        self.stimulated = False

    def _found_resectable(self, event: CourseEvent) -> bool | None:
        if event.event != "restaging" or event.finding is None:
            return None
        return event.finding == "resectable" and not self.view.limits.unfit("minor")

    def _given(self, event: CourseEvent) -> tuple[int, float]:
        told = None if event.day is None or event.until_day is None else (event.until_day - event.day) / DAYS_A_WEEK
        return self.view.limits.amount(event.regimen, event.cycles, told)

    def _measure(self, event: CourseEvent) -> None:
        """Keeps what a volumetry found for the segments that stay; where it does not name them, for whatever is removed next."""
        value = event.fraction
        if value is None and event.ml is not None:
            value = event.ml / self.assessed.total.value
        if value is None:
            return
        found = Estimate(value, value, value, False, say("volume.of_the_record")), event.ml
        if not event.removes:
            # The newest counts, also against an older one that names its segments.
            self.measured, self.unnamed = {}, found
            return
        self.measured[self.assessed.present & ~self.gone & ~mask_of(event.removes)] = found

    def _resection(self, removes: int) -> Resection | None:
        """The resection that was done, with what it left; None where the record does not tell enough."""
        if not removes:
            return None
        kept = self.assessed.present & ~self.gone & ~removes
        found = self.measured.get(kept) or self.unnamed
        if found is None and (self.stimulated or self.unclear or self.gone != self.assessed.past.gone):
            return None
        remnant, ml = found or (self.assessed.volumes.remnant(kept), None)
        if found and ml is None:
            ml = remnant.value * self.assessed.volumetry.ml_of_all(kept)
        return Resection(
            removes=removes, limited=(), ablated=(), assumed=(), kept=kept, congested=0, veins=(), detached=(), cava="",
            remnant=remnant, remnant_ml=ml, lesions_in_remnant=False, local_segments=0, loss_unknown=False,
            major=self._is_major(removes), taken=self.assessed.volumes.share(removes & self.assessed.present),
        )  # fmt: skip

    def _untold(self, event: CourseEvent, resection: Resection | None) -> frozenset[str]:
        """Why nothing is known of what a resection left: the first of the reasons in `remnant_before_resection`."""
        if resection is not None or event.partial:
            return frozenset()
        if not event.removes:
            return frozenset({"removes"})
        if not mask_of(event.removes) & ~self.gone:
            return frozenset({"removes", "gone"})
        return frozenset({"removes", "after_stimulus" if self.stimulated else "after_resection"})
