"""A plan: every family open, contingent or closed, the pathways folded and ordered, and what it all stands on."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from functools import cached_property
from itertools import islice
from typing import TYPE_CHECKING, Any, get_args

from pathways.case.models import Case, for_the_record
from pathways.documents.display import Shown
from pathways.facts.derive import CaseFacts
from pathways.facts.remnant import binding_limit
from pathways.facts.verdict import Missing, Verdict
from pathways.graph.explore import Graph, explore_facts
from pathways.graph.routes import Route, count_routes
from pathways.knowledge.model import Parameter, Protocol
from pathways.knowledge.protocols import as_protocol
from pathways.planning.annotate import Pathway, pathway, with_risks
from pathways.planning.assess import Assessment, assess_facts
from pathways.planning.chances import Chances, chances_of, shown
from pathways.planning.contingencies import contingencies, prospects, reached_after
from pathways.planning.evaluate import Evaluation, Objective, evaluate
from pathways.planning.half_way import HalfWay
from pathways.planning.missing import MissingItem, what_next
from pathways.planning.outlook import Hanging, hanging
from pathways.planning.pathway_groups import hoped_for, idea_of, pathway_groups
from pathways.planning.ranking import arrives, dominators, ordered, prospect_of
from pathways.planning.risks import StepRisks
from pathways.planning.stamp import stamp
from pathways.planning.uncertainty import Estimated, Uncertainty, interval
from pathways.planning.why import Closed, Reasons
from pathways.prognosis.patient import Prognosis
from pathways.prognosis.told import OneArm
from pathways.quick_dataclass import dataclass
from pathways.version import __version__
from pathways.words import Family

if TYPE_CHECKING:
    from pathways.planning.first_then import FirstThen
    from pathways.planning.turning import Turning

# More pathways than this are not built one by one; folding still covers all of them.
MOST_PATHWAYS = 2000
DEFAULT_TOP = 10
# Up to so many every order is put in its place, and of each idea the best one shown; of more the quickest stands for it.
FEW_PATHWAYS = 120
# An order of an idea that goes as planned less often than this part of the quickest is no order to show for it.
NO_DETOUR = 0.9
ALL_FAMILIES: tuple[str, ...] = get_args(Family)


@dataclass(frozen=True, slots=True)
class Contingent:
    """A family reached only after outcomes not hoped for."""

    family: str
    after: tuple[str, ...]
    verdicts: tuple[Verdict, ...] = ()


@dataclass(frozen=True, repr=False)
class Plan(Shown):
    """Everything `pathways plan` shows. `number_of_pathways` is before folding and cutting.

    `curative`: whether some pathway of the case, shown or not, ends with all sites cleared.
    """

    assessment: Assessment
    graph: Graph
    pathways: tuple[Pathway, ...]
    number_of_pathways: int
    open: tuple[str, ...]
    contingent: tuple[Contingent, ...]
    closed: tuple[Closed, ...]
    truncated: bool
    curative: bool
    best: Estimated
    evaluation: Evaluation
    # What the intervals of the figures behind it are, counted.
    intervals: dict[str, int]
    # Families that every pathway has to carry.
    asked_for: tuple[str, ...] = ()

    def __repr__(self) -> str:
        case, protocol = self.assessment.case.id, self.assessment.protocol.id
        return f"Plan({case} under {protocol}: {len(self.pathways)} of {self.number_of_pathways} pathways, {self.assessment.resectability})"

    def to_rows(self) -> list[dict[str, Any]]:
        """A row a pathway with its numbers, for a table."""
        return [one.to_row() for one in self.pathways]

    @property
    def chances(self) -> Chances:
        """Whose the chances are: `borrowed` ones put pathways in order, and are not shown."""
        return chances_of(self.assessment.case)

    @property
    def best_shown(self) -> Estimated | None:
        """The best chance of resection, where that is a figure of this primary."""
        return shown(self.chances, self.best)

    @cached_property
    def find_out_next(self) -> tuple[MissingItem, ...]:
        """Missing items by how much of the plan hangs on them."""
        return what_next(self.evaluation)

    @cached_property
    def limit(self) -> dict[str, Any] | None:
        """The limit that binds for the operation of today: its rule, as a share and in ml, beside the ml of the remnant; None where nothing clears."""
        if not self.assessment.resections:
            return None
        binds = binding_limit(self.graph.facts.assessed, self.assessment.resections[0].resection, 0)
        return {
            "rule": binds.rule, "fraction": round(binds.share, 4),
            "ml": round(binds.ml, 1) if binds.ml_known else None,
            "remnant_ml": round(binds.remnant_ml, 1) if binds.ml_known else None,
        }  # fmt: skip

    def _told(self, assumed: Iterable[Missing]) -> list[dict[str, Any]]:
        """What is taken as given, each item once, with what it turns if it is not so; None where it turns nothing."""
        hanging = {one.item: one for one in self.find_out_next}
        taken = {(one.item, one.assumed): one for one in assumed if one.assumed}
        return [
            {
                "key": one.item, "assumed": one.assumed,
                "turns": hanging[one.item].turns_json() if one.item in hanging else None,
            }
            for one in taken.values()
        ]  # fmt: skip

    @cached_property
    def life_hangs_on(self) -> tuple[Hanging, ...]:
        """What is not known and would move five-year survival after clearance, most first; nothing where there is no figure."""
        prognosis = self.prognosis
        return hanging(prognosis) if prognosis is not None and prognosis.known else ()

    @property
    def life_bounded(self) -> Parameter | None:
        """The longest published median without clearance, where favourable factors would make this patient's longer: it bounds it."""
        prognosis = self.prognosis
        name = prognosis.longest_uncleared if prognosis is not None and prognosis.known else None
        return None if name is None else self.graph.facts.assessed.parameters[name]

    @property
    def life_one_arm(self) -> tuple[OneArm, ...]:
        """Factors of this patient that do not move life on every way the plan compares; nothing where there is no figure."""
        prognosis = self.prognosis
        if prognosis is None or not prognosis.known:
            return ()
        told = (one.prospect.outlook for one in self.pathways if one.prospect)
        replaced = any(one is not None and one.worth.transplanted > 0 for one in told)
        return (*prognosis.one_armed, *([OneArm("", "kept_liver")] if replaced else []))

    @property
    def survival_sources(self) -> tuple[str, ...]:
        """Where the curves of survival come from; those of factors stand with the drivers. Nothing where no pathway has one."""
        told = next((one.prospect.outlook for one in self.pathways if one.prospect and one.prospect.outlook), None)
        return told.prognosis.sources if told and told.prognosis.known else ()

    @property
    def prognosis(self) -> Prognosis | None:
        """The prognosis of this patient, with the draws of its figures; None where no pathway of the plan clears the liver."""
        found = (one.prospect for one in self.pathways if one.prospect and one.prospect.cleared.value > 0)
        return next((one.outlook.prognosis for one in found if one.outlook), None)

    @cached_property
    def opens_if(self) -> dict[str, tuple[str, ...]]:
        """For every closed family, the nearest single changes that open it, each tried by planning the changed case."""
        return {one.family: self.opens(one.family) for one in self.closed}

    def opens(self, family: str) -> tuple[str, ...]:
        """The nearest single changes that open one closed family, each tried by planning the changed case."""
        found = self._opens.get(family)
        if found is None:
            answers = self._turning.openings(family, combined=False).answers
            found = self._opens[family] = tuple(answer.words for answer in answers)
        return found

    def needed_if(self, family: str) -> tuple[str, ...]:
        """What would have to be worse for a family that a lesser act makes needless: no option, but what it is kept for."""
        found = self._needed.get(family)
        if found is None:
            found = self._needed[family] = tuple(answer.words for answer in self._turning.worsenings(family))
        return found

    @cached_property
    def _needed(self) -> dict[str, tuple[str, ...]]:
        return {}

    @cached_property
    def first_then(self) -> FirstThen:
        """Which pathway becomes first if what is missing turns out otherwise; each answer may cost a plan."""
        # Imported here: not every plan is asked.
        from pathways.planning.first_then import FirstThen

        return FirstThen(self.graph, self.assessment, self.pathways, lambda facts: plan_of(facts).pathways)

    @property
    def needed_known(self) -> dict[str, tuple[str, ...]]:
        """Of what is not needed, what it would be needed for, where that has been asked."""
        return dict(self._needed)

    @property
    def opens_known(self) -> dict[str, tuple[str, ...]]:
        """What opens the closed families of which that has been asked already: asking for one costs as much as two plans."""
        return dict(self._opens)

    @cached_property
    def _opens(self) -> dict[str, tuple[str, ...]]:
        return {}

    @cached_property
    def _turning(self) -> Turning:
        # Imported here: not every plan is asked what turns it round, and searching for changes is a large module.
        from pathways.planning.turning import Turning

        return Turning(self.graph.facts)

    @cached_property
    def for_the_record(self) -> tuple[str, ...]:
        """Keys that the case tells and nothing reads: they name it, or say where it was printed."""
        return told_for_the_record(self.assessment.case)

    @cached_property
    def routes(self) -> int:
        """The exact number of routes."""
        return count_routes(self.graph)

    def as_json(self) -> dict[str, Any]:
        """The one document of `plan --json`."""
        return {
            "case": self.assessment.case.id,
            "protocol": self.assessment.protocol.id,
            "version": __version__,
            **self.assessment.as_json(),
            "limit": self.limit,
            "chances": self.chances,
            "pathways": [{**one.as_json(), "assumptions": self._told(one.assumed)} for one in self.pathways],
            "contingent": [
                {"family": one.family, "after": list(one.after), "verdicts": [v.as_json() for v in one.verdicts]}
                for one in self.contingent
            ],
            "closed": [
                {
                    "family": one.family,
                    "kind": one.kind,
                    "than": one.than,
                    "verdicts": [v.as_json() for v in one.verdicts],
                    "opens_if": list(self.opens_if[one.family]),
                }
                for one in self.closed
            ],
            "routes": str(self.routes),
            "truncated": self.truncated,
            "graph": {"states": len(self.graph.states), "edges": self.graph.number_of_edges},
            "best_probability_resected": self.best.value,
            "assumptions": self._told(item for one in self.pathways for item in one.assumed),
            "find_out_next": [one.as_json() for one in self.find_out_next],
            "survival_sources": list(self.survival_sources),
            "life_one_arm": [one.as_json() for one in self.life_one_arm],
            "life_without_clearance_at_most_months": None
            if self.life_bounded is None
            else {
                "value": self.life_bounded.number,
                "low": self.life_bounded.distribution["low"],
                "high": self.life_bounded.distribution["high"],
                "interval_of": self.life_bounded.interval_of,
                "sources": list(self.life_bounded.sources),
            },
            "life_hangs_on": [one.as_json() for one in self.life_hangs_on],
            "for_the_record": list(self.for_the_record),
            "intervals": self.intervals,
            "figures": stamp(self.graph.facts.assessed.parameters, self.assessment.protocol),
            **self.assessment.case.understood_json(),
        }


def plan(
    case: Case,
    protocol: Protocol | str = "default",
    *,
    families: Sequence[str] = (),
    top: int = DEFAULT_TOP,
    strict: bool = False,
    follow_up: bool = False,
    objective: Objective | None = None,
) -> Plan:
    """The plan of `case` under `protocol` (or the protocol of that name): pathways that carry all of `families`, the first `top` ideas (0: all).

    In the order of `objective`, or the Pareto front first.
    """
    facts = CaseFacts(case, as_protocol(protocol), strict=strict, follow_up=follow_up)
    return plan_of(facts, families=families, top=top, objective=objective)


def plan_of(
    facts: CaseFacts, *, families: Sequence[str] = (), top: int = DEFAULT_TOP, objective: Objective | None = None
) -> Plan:
    """The plan of a case whose facts are derived already."""
    graph = explore_facts(facts)
    hoped = hoped_for(graph)
    evaluation = evaluate(graph)
    uncertainty = Uncertainty(evaluation)

    risks = StepRisks(evaluation.evaluator.figures, uncertainty.evaluator.figures)
    warned, outweighed = (facts.assessed.protocol.number(f"operation_death_{one}") for one in ("warned", "outweighed"))
    depth_outweighed = facts.assessed.protocol.number("depth_outweighed_by_deaths")

    def in_order(walks: Iterable[Route]) -> list[Pathway]:
        made = (
            replace(
                pathway(graph, walk),
                prospect=prospect_of(evaluation, uncertainty, walk),
                outweighed=outweighed if risks.deadliest(walk, graph.states) >= warned else 0.0,
                depth_outweighed=depth_outweighed,
            )
            for walk in walks
        )
        return ordered([*made], objective)

    folded = (
        in_order(pathway_groups(hoped))
        if hoped.number > FEW_PATHWAYS
        else _best_of_each(in_order(hoped.listed()), graph)
    )
    open_families = sorted({family for one in folded for family in one.families}, key=ALL_FAMILIES.index)
    after = reached_after(evaluation)
    elsewhere = [family for family in ALL_FAMILIES if family not in open_families]
    every = folded if top else in_order(islice(hoped.listed(), MOST_PATHWAYS))
    wanted = [one for one in every if set(families) <= set(one.families)]
    listed = [with_risks(one, graph, risks) for one in (_first_ideas(wanted, top) if top else wanted)]
    # Asked for here, so that the intervals of these figures are counted with the others.
    for one in listed:
        if one.prospect and one.prospect.outlook:
            one.prospect.outlook.five_years  # noqa: B018 - kept where it is asked for
    ahead, half_way = prospects(graph), HalfWay(evaluation, uncertainty)
    planned, anywhere = Reasons(graph, tuple(hoped.states())), Reasons(graph, graph.states)
    enough = next((f"p{number}" for number, one in enumerate(listed, start=1) if arrives(one)), None)
    assessment = assess_facts(facts)
    barred_by = [one.rule for one in assessment.barred_by]
    return Plan(
        assessment=assessment,
        graph=graph,
        pathways=tuple(
            replace(
                one,
                id=f"p{number}",
                contingencies=contingencies(graph, one.walk, ahead),
                half_way=half_way.of(one.walk),
                worse_than=None if better is None else f"p{better + 1}",
            )
            for number, (one, better) in enumerate(zip(listed, dominators(listed), strict=True), start=1)
        ),
        number_of_pathways=hoped.number,
        open=tuple(open_families),
        contingent=tuple(
            Contingent(family, after[family], planned.of(family).verdicts) for family in elsewhere if family in after
        ),
        closed=tuple(
            anywhere.of(family).where(barred_by).beside(enough) for family in elsewhere if family not in after
        ),
        curative=any(one.curative for one in folded),
        evaluation=evaluation,
        best=interval(evaluation.worth().resected, uncertainty.start().resected),
        intervals=uncertainty.draws.intervals_of(),
        truncated=len(listed) < len(wanted) or (not top and hoped.number > MOST_PATHWAYS),
        asked_for=tuple(families),
    )


def told_for_the_record(case: Case) -> tuple[str, ...]:
    """Keys that `case` tells and nothing reads."""
    told = case.model_dump(by_alias=True, exclude_unset=True)
    return tuple(key for key in sorted(for_the_record()) if _tells(told, key.split(".")))


def _tells(told: Any, parts: Sequence[str]) -> bool:
    if isinstance(told, (list, tuple)):
        return any(_tells(one, parts) for one in told)
    if not parts:
        return told is not None
    return isinstance(told, dict) and parts[0] in told and _tells(told[parts[0]], parts[1:])


def _best_of_each(pathways: Sequence[Pathway], graph: Graph) -> list[Pathway]:
    """Of every idea the pathway that comes first, of those that go as planned hardly less often than its quickest: the others are detours."""
    ideas: dict[frozenset[str], list[Pathway]] = {}
    for one in pathways:
        ideas.setdefault(idea_of(graph, one.walk), []).append(one)
    kept = {}
    for idea, orders in ideas.items():
        quickest = min(orders, key=lambda one: one.days)
        least = NO_DETOUR * _as_planned(quickest)
        kept[idea] = next(one for one in orders if _as_planned(one) >= least)
    best = {id(one) for one in kept.values()}
    return [one for one in pathways if id(one) in best]


def _as_planned(one: Pathway) -> float:
    """How often everything goes as planned."""
    return 0.0 if one.prospect is None else one.prospect.as_planned.value


def _first_ideas(pathways: Sequence[Pathway], top: int) -> list[Pathway]:
    """The first `top`, and then whatever is needed so that no family, and no step that sets a pathway apart, is dropped."""
    chosen = list(pathways[:top])
    covered = {word for one in chosen for word in _told_apart_by(one)}
    for one in pathways[top:]:
        if not _told_apart_by(one) <= covered:
            chosen.append(one)
            covered |= _told_apart_by(one)
    return chosen


def _told_apart_by(one: Pathway) -> set[str]:
    return {*one.families, *(edge.declared.name for edge in one.walk if edge.declared.sets_apart)}
