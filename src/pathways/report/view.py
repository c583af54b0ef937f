"""A plan as the rows and paragraphs of a page: families in a fixed clinical order, each with how it stands and its best pathway.

Nothing is drawn or written here; templates and the pages of a server read it. The order of the rows never changes from case to case.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property

from pathways.drawing.chips import Standing
from pathways.drawing.timeline import weeks_of
from pathways.messages.catalogue import called, say
from pathways.messages.naming import family_words
from pathways.planning.annotate import Pathway
from pathways.planning.plan import Plan
from pathways.planning.why import Closed
from pathways.process.families import placed
from pathways.process.treatments import TREATMENTS
from pathways.quick_dataclass import dataclass

# Rows of the page, from operating now to not clearing the liver; a family that none of them names stands in the row of its kind.
_ROWS: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("now", ("upfront_surgery",)),
    ("drugs", ("perioperative_chemotherapy", "conversion_chemotherapy", "targeted_therapy")),
    ("pve", ("pve",)),
    ("lvd", ("lvd",)),
    ("stages", ("two_stage",)),
    ("alpps", ("alpps", "rescue_alpps")),
    ("ablation", ("ablation",)),
    ("primary_first", ("primary_first",)),
    ("liver_first", ("liver_first",)),
    ("together", ("simultaneous",)),
    ("elsewhere", ("metastasectomy",)),
    ("nodule", ("diagnostic_clarification",)),
    ("again", ("repeat_hepatectomy",)),
    ("transplantation", ("transplantation",)),
    *((one.row, one.families) for one in TREATMENTS if one.row),
    ("less", ("debulking", "surveillance")),
    ("no_clearance", ("palliative",)),
)
# Every pathway that operates once carries it: no row of its own.
IN_NO_ROW = ("one_stage",)
ROWS = tuple(placed(dict(_ROWS), drugs="drugs", others="less", elsewhere=IN_NO_ROW).items())


@dataclass(frozen=True, slots=True)
class FamilyRow:
    """One family in its row. `pathway`: the first of the plan that carries it and stands in no row above; `above`: where it stands."""

    family: str
    words: str
    standing: Standing
    reason: str
    pathway: Pathway | None
    above: str


@dataclass(frozen=True, slots=True)
class Row:
    """A row of the page with its families."""

    key: str
    words: str
    families: tuple[FamilyRow, ...]


@dataclass(frozen=True)
class PlanView:
    """Everything a page shows of a plan, but for the pictures. `everything`: families that do not apply have their row too."""

    plan: Plan
    everything: bool = False

    @cached_property
    def rows(self) -> tuple[Row, ...]:
        """The rows that say something of this patient; what does not apply is told in a line of its own."""
        shown: dict[str, str] = {}
        found = []
        for key, families in ROWS:
            told = [row for family in families if (row := self._family(family, shown)) is not None]
            if told:
                found.append(Row(key, called("row", key), tuple(told)))
        return tuple(found)

    @cached_property
    def apart(self) -> tuple[str, ...]:
        """Families that do not apply."""
        return tuple(family_words(one.family) for one in self.plan.closed if one.kind == "does_not_apply")

    @cached_property
    def weeks(self) -> float:
        """The length of the axis that all rows share."""
        return weeks_of(self.plan.pathways)

    @cached_property
    def most_deaths(self) -> float:
        """The end of the axis on which deaths are drawn."""
        ends = [one.prospect.mortality.high for one in self.plan.pathways if one.prospect and one.prospect.mortality]
        return max([0.1, *ends])

    def _family(self, family: str, shown: dict[str, str]) -> FamilyRow | None:
        plan, words = self.plan, family_words(family)
        carrying = [one for one in plan.pathways if family in one.families]
        if carrying:
            fresh = next((one for one in carrying if one.id not in shown), None)
            chosen = fresh or carrying[0]
            above = "" if fresh else shown[chosen.id]
            shown.setdefault(chosen.id, words)
            worse = chosen.worse_than
            reason = say("cards.no_better", other=worse) if worse else ""
            return FamilyRow(family, words, "worse" if worse else "open", reason, chosen, above)
        contingent = next((one for one in plan.contingent if one.family == family), None)
        if contingent is not None:
            after = " and ".join(name.replace("_", " ") for name in contingent.after)
            return FamilyRow(family, words, "contingent", say("view.after", after=after), None, "")
        closed = next((one for one in plan.closed if one.family == family), None)
        if closed is None or (closed.kind == "does_not_apply" and not self.everything):
            return None
        return FamilyRow(family, words, closed.kind, _why(closed), None, "")


def _why(closed: Closed) -> str:
    reasons = "; ".join(dict.fromkeys(one.reason for one in closed.verdicts))
    if closed.kind == "not_needed" and closed.than:
        return say("view.beside", pathway=closed.than, reason=closed.verdicts[0].reason)
    return reasons


def pathways_asked_for(plan: Plan, wanted: Sequence[str]) -> tuple[Pathway, ...]:
    """The pathways that get a page of their own."""
    from pathways.report.steps import asked_for

    return asked_for(plan, wanted)
