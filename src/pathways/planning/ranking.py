"""Pathways put in order: by an objective or by the Pareto front of chance, risk and time; overlapping intervals are ties.

Ties are broken by the chance that all goes as planned (a pathway that counts on luck is not the same as one that rarely
needs its contingencies; here the difference is judged draw by draw, because the same figures move both), then towards drugs before the bowel where the liver has to
be converted, the liver next once its remnant has been made to grow, less liver lost, fewer operations, earlier clearance; but nothing of which more die stands before a tied pathway that it does not outweigh in chance, and nothing
with a step so deadly that the protocol warns of it before one without. Whether a lesion is cut or ablated goes by its depth, where nothing
else differs. Survival of different cohorts is ranked only when that is asked for by name.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from functools import partial

from pathways.facts.liver_function import liver_sufficient
from pathways.facts.prognostic_inputs import in_brain_or_bone
from pathways.graph.routes import Route
from pathways.planning.annotate import Pathway, Prospect
from pathways.planning.chances import chances_of
from pathways.planning.evaluate import Evaluation, Objective
from pathways.planning.outlook import MONTHS_ALIKE, Outlook, course_of
from pathways.planning.uncertainty import READ_ALIKE, Estimated, Uncertainty, interval
from pathways.process.phases import PALLIATION

# Ends that are no cure, but more than care: listed before it.
HALF_WAY = ("debulked", "controlled")
NEGLIGIBLE = 1e-9
# Of deaths a smaller difference than this decides nothing: the figures behind them are not known that closely.
DEATHS_ALIKE = 0.005
# A chance that is printed as none.
NONE_AT_ALL = 0.005
CONVERSION = "conversion"
ELSEWHERE = frozenset({"primary_resection", "metastasectomy"})
CUT_OR_ABLATED = frozenset({"hepatectomy", "ablation"})


def prospect_of(evaluation: Evaluation, uncertainty: Uncertainty, walk: Route) -> Prospect:
    """What `walk` promises, with intervals."""
    planned, worth = evaluation.pathway(walk)
    drawn_planned, drawn = uncertainty.pathway(walk)
    days = outlook = None
    deaths = interval(worth.dead, drawn.dead)
    case = evaluation.graph.facts.assessed.case
    figured = case.primary.tumour == "colorectal" or not _on_the_primary(walk)
    if worth.cleared > NEGLIGIBLE:
        days = interval(worth.days_to_clearance, drawn.days_to_clearance)
    unlike = (
        _irradiates(walk),
        _leaves_an_emergency(evaluation, walk),
        _with_a_failing_liver(evaluation, walk),
        _through_a_jaundice(evaluation, walk),
    )
    told = not (any(unlike) or in_brain_or_bone(case))
    if worth.uncleared is not None and drawn.uncleared is not None and told:
        outlook = Outlook(uncertainty.evaluator.prognosis, worth, drawn, course_of(walk))
    return Prospect(
        as_planned=interval(planned, drawn_planned),
        resected=interval(worth.resected, drawn.resected),
        cleared=interval(worth.cleared, drawn.cleared),
        mortality=deaths if figured else None,
        days=days,
        outlook=outlook,
        deaths=deaths,
        chances=chances_of(case),
    )


def _irradiates(walk: Route) -> bool:
    """Whether the plan is to control what stays by radiation: no figure is of how such patients live, and care without it is none."""
    return any(edge.declared.to == "controlled" and edge.declared.kind == "outcome" for edge in walk)


def _leaves_an_emergency(evaluation: Evaluation, walk: Route) -> bool:
    """Whether an obstruction, perforation or bleeding of the primary is left as it is: no figure of life is of that."""
    return evaluation.graph.states[walk[-1].source].primary == "urgent"


def _with_a_failing_liver(evaluation: Evaluation, walk: Route) -> bool:
    """Whether a liver that bears not even an ablation is left with its tumour: figures of life without clearance are of patients fit for drugs."""
    left = evaluation.graph.states[walk[-1].target].phase == PALLIATION
    return left and liver_sufficient(evaluation.graph.facts.assessed, "ablation").verdict == "refused"


def _through_a_jaundice(evaluation: Evaluation, walk: Route) -> bool:
    """Whether a blocked bile duct is left undrained: nobody lives so for years, and no figure is of that."""
    return evaluation.graph.states[walk[-1].source].bile == "obstructed"


def _on_the_primary(walk: Route) -> bool:
    """Whether the primary is operated on: figures are for the bowel, and say nothing of a pancreas or a stomach."""
    return any("primary" in edge.declared.treats for edge in walk)


def ordered(pathways: Sequence[Pathway], objective: Objective | None = None) -> list[Pathway]:
    """Pathways with the Pareto front marked; curative ones first.

    By how long one lives every pathway is compared, care beside surgery; what that does not tell apart stands as without an objective.
    """
    if objective in DIFFERENCES:
        told = any(MEASURES[objective][1](one) is not None for one in pathways)
        return _by_differences(ordered(pathways), objective) if told else ordered(pathways)
    front = _front(pathways)
    marked = [replace(one, pareto=on_front) for one, on_front in zip(pathways, front, strict=True)]
    groups: dict[tuple[bool, ...], list[Pathway]] = {}
    for one in marked:
        first_the_front = objective is None and not one.pareto
        # Watching clears nothing: it stands behind what does, though it counts as a curative end. So does waiting what a lesion
        # becomes, beside finding out what it is. To leave an emergency as it is risks no operation: it stands behind what is done for it.
        # What would clear the liver and never comes to it is no more than care, and stands behind it.
        behind = (_untreated(one), one.watched, _observes(one), one.curative and not arrives(one))
        groups.setdefault((not arrives(one), one.end not in HALF_WAY, *behind, first_the_front), []).append(one)
    return [one for key in sorted(groups) for one in _with_ties(groups[key], objective or "resection")]


def arrives(one: Pathway) -> bool:
    """Whether a pathway clears the liver in some whom it is offered to."""
    return one.curative and (one.prospect is None or one.prospect.cleared.value >= NONE_AT_ALL)


def _by_differences(pathways: Sequence[Pathway], objective: Objective) -> list[Pathway]:
    """By merit where the interval of the difference, draw by draw, allows; ties as they stood. What is watched stays behind what clears."""
    merit, estimate = MEASURES[objective]
    found: list[Pathway] = []
    clears = any(one.curative and not _waits(one) for one in pathways)
    for behind in (False, True):
        waiting = [one for one in pathways if (clears and _waits(one)) is behind]
        while waiting:
            leader = estimate(max(waiting, key=merit))
            tied = [one for one in waiting if _tied(estimate(one), leader, DIFFERENCES[objective])]
            found += tied
            waiting = [one for one in waiting if one not in tied]
    return found


def _waits(one: Pathway) -> bool:
    """Whether sites or a lesion are watched: it stands behind what clears."""
    return one.watched or _observes(one)


def _untreated(one: Pathway) -> bool:
    """Whether nothing is treated: neither the tumour nor an emergency."""
    return not one.curative and not one.families


def _observes(one: Pathway) -> bool:
    """Whether a lesion is watched to see what it is."""
    return any("observation" in step.acts for step in one.steps)


def _with_ties(pathways: Sequence[Pathway], objective: Objective) -> list[Pathway]:
    """By merit; those that are tied with the best left stand beside it. Where nothing has the figure that is asked for: by the chance to be cleared."""
    if all(MEASURES[objective][1](one) is None for one in pathways):
        objective = "resection"
    merit, estimate = MEASURES[objective]
    waiting = sorted(pathways, key=lambda one: (-merit(one), one.title))
    found: list[Pathway] = []
    while waiting:
        leader = estimate(waiting[0])
        tied = [one for one in waiting if _tied(estimate(one), leader)]
        found += _by_plan(tied)
        waiting = [one for one in waiting if one not in tied]
    return found


def _by_plan(pathways: Sequence[Pathway]) -> list[Pathway]:
    """Those that are likelier to go as planned; where that is a tie too, by what they cost the patient."""
    waiting = sorted(pathways, key=lambda one: (-(one.prospect.as_planned.value if one.prospect else 0.0), one.title))
    found: list[Pathway] = []
    while waiting:
        leader = waiting[0].prospect
        tied = [one for one in waiting if _as_likely(_planned(one), leader.as_planned if leader else None)]
        found += sorted(
            tied,
            key=lambda one: (
                _drugs_late(one),
                _grown_and_left(one),
                -round(one.least_liver_left, 3),
                one.operations,
                one.days,
                one.title,
            ),
        )
        waiting = [one for one in waiting if one not in tied]
    for before in (
        _fewer_deaths(found),
        _spares_the_step,
        _spares_a_session,
        _leaves_it_to_the_end,
        _fits_depth_better,
    ):
        found = _put_before(found, before)
    return found


def _put_before(ordered: Sequence[Pathway], before: Callable[[Pathway, Pathway], bool]) -> list[Pathway]:
    """Each pathway before the first of those ahead of it that it comes before, else where it stood."""
    found: list[Pathway] = []
    for one in ordered:
        found.insert(next((at for at, other in enumerate(found) if before(one, other)), len(found)), one)
    return found


def _drugs_late(one: Pathway) -> bool:
    """Whether the bowel is resected before the drugs are given that the liver has to answer to before it can be operated on."""
    acts = [step.acts for step in one.steps if step.kind == "decision"]
    drugs = next((place for place, each in enumerate(acts) if "systemic" in each), None)
    bowel = next((place for place, each in enumerate(acts) if "primary_resection" in each), None)
    converts = any(edge.declared.course == CONVERSION for edge in one.walk)
    return converts and drugs is not None and bowel is not None and bowel < drugs


def _grown_and_left(one: Pathway) -> bool:
    """Whether a remnant is made to grow and something else is operated on before the liver is: tumour grows in the embolised side meanwhile."""
    acts = [step.acts for step in one.steps if step.kind == "decision"]
    grown = next((place for place, each in enumerate(acts) if "embolisation" in each), None)
    liver = next((place for place, each in enumerate(acts) if "hepatectomy" in each), None)
    return grown is not None and liver is not None and any(each & ELSEWHERE for each in acts[grown + 1 : liver])


def _fewer_deaths(pathways: Sequence[Pathway]) -> Callable[[Pathway, Pathway], bool]:
    """Of two that are tied, the one of which so many fewer die that what the other promises more does not outweigh it comes first."""
    # Cut or ablated, it is one course: what another saves by ablating, this one would save too.
    fewest: dict[tuple[object, ...], float] = {}
    for one in pathways:
        if one.prospect:
            course, deaths = _beside_local_treatment(one), one.prospect.deaths.value
            fewest[course] = min(deaths, fewest.get(course, deaths))
    return partial(_dies_less, fewest=fewest)


def _dies_less(one: Pathway, other: Pathway, *, fewest: Mapping[tuple[object, ...], float]) -> bool:
    """Whether fewer die, by more than reads alike, and `other` is not likelier to clear the liver by as much, or reads alike in that.

    Of two that differ only in cutting or ablating the same lesions depth and the plan decide, until the deaths outweigh it. `fewest`: deaths of
    each course where it is the safest of the two.
    """
    course = _beside_local_treatment(other)
    if _beside_local_treatment(one) == course:
        return _deaths_outweigh_depth(other, one)
    if not (one.prospect and other.prospect):
        return False
    fewer = fewest[course] - one.prospect.deaths.value
    likelier = other.prospect.cleared.value - one.prospect.cleared.value
    return fewer >= DEATHS_ALIKE and likelier < max(fewer, READ_ALIKE)


def _deaths_outweigh_depth(one: Pathway, other: Pathway) -> bool:
    """Whether by `one`, of two that differ in cutting and ablating, so many more die that the depth of a lesion is no reason for it, and it promises no more."""
    if not (one.prospect and other.prospect):
        return False
    more = one.prospect.deaths.value - other.prospect.deaths.value
    likelier = one.prospect.cleared.value - other.prospect.cleared.value
    return more >= one.depth_outweighed and likelier < READ_ALIKE


def _spares_the_step(one: Pathway, other: Pathway) -> bool:
    """Of two that are tied, the one without a step that the protocol warns of: only `other` has one, is not likelier to clear the liver by what outweighs it, and costs no fewer deaths in all."""
    if one.outweighed or not other.outweighed:
        return False
    if not (one.prospect and other.prospect):
        return False
    fewer = other.prospect.deaths.value - one.prospect.deaths.value
    likelier = other.prospect.cleared.value - one.prospect.cleared.value
    return fewer > -DEATHS_ALIKE and likelier < other.outweighed


def _spares_a_session(one: Pathway, other: Pathway) -> bool:
    """Of two that remove the same, and read alike in chance and deaths, the one that needs no session of its own for what goes with the liver."""
    return other.apart and not one.apart and _acts(one) == _acts(other) and _no_worse(one, other)


def _leaves_it_to_the_end(one: Pathway, other: Pathway) -> bool:
    """Of two with the same sessions, that read alike in chance and deaths, the one that leaves to the end what the protocol removes last."""
    return other.early and not one.early and _sessions(one) == _sessions(other) and _no_worse(one, other)


def _no_worse(one: Pathway, other: Pathway) -> bool:
    """Whether `one` reads no worse than the other in chance and deaths."""
    if not (one.prospect and other.prospect):
        return False
    more = one.prospect.deaths.value - other.prospect.deaths.value
    return more < DEATHS_ALIKE and one.prospect.cleared.value > other.prospect.cleared.value - READ_ALIKE


def _sessions(one: Pathway) -> list[list[str]]:
    """What is done in each session, whatever comes first."""
    return sorted(sorted(step.acts) for step in one.steps if step.kind == "decision")


def _acts(one: Pathway) -> frozenset[str]:
    return frozenset[str]().union(*(step.acts for step in one.steps if step.kind == "decision"))


def _fits_depth_better(one: Pathway, other: Pathway) -> bool:
    """Of two that differ only in cutting or ablating the same lesions, and lose the same liver, the one that goes by their depth."""
    return (
        one.against_depth < other.against_depth
        and _beside_local_treatment(one) == _beside_local_treatment(other)
        and abs(one.least_liver_left - other.least_liver_left) < READ_ALIKE
        and not _deaths_outweigh_depth(one, other)
    )


def _beside_local_treatment(one: Pathway) -> tuple[object, ...]:
    steps = tuple(
        step.trigger for step in one.steps if step.kind == "decision" and step.acts.isdisjoint(CUT_OR_ABLATED)
    )
    together = tuple(sorted(CUT_OR_ABLATED.union(*(step.acts for step in one.steps)) - CUT_OR_ABLATED))
    return steps, together, one.end


def _planned(one: Pathway) -> Estimated | None:
    return one.prospect.as_planned if one.prospect else None


def _tied(one: Estimated | None, leader: Estimated | None, alike: float | None = None) -> bool:
    """Whether two are tied: by intervals that overlap, or by the interval of their difference where a least one is given."""
    if one is None or leader is None:
        return one is leader
    return one.overlaps(leader) if alike is None else one.cannot_be_told_from(leader, alike)


def _as_likely(one: Estimated | None, leader: Estimated | None) -> bool:
    return one is leader if one is None or leader is None else one.cannot_be_told_from(leader)


def _cleared(one: Pathway) -> Estimated | None:
    return one.prospect.cleared if one.prospect else None


def _mortality(one: Pathway) -> Estimated | None:
    return one.prospect.mortality if one.prospect else None


def _deaths(one: Pathway) -> Estimated | None:
    return one.prospect.deaths if one.prospect else None


def _days(one: Pathway) -> Estimated | None:
    return one.prospect.days if one.prospect else None


def _survival(one: Pathway) -> Estimated | None:
    return one.prospect.outlook.by_five_years if one.prospect and one.prospect.outlook else None


def _life(one: Pathway) -> Estimated | None:
    return one.prospect.outlook.by_months if one.prospect and one.prospect.outlook else None


def _rising(estimate: Callable[[Pathway], Estimated | None]) -> Callable[[Pathway], float]:
    def merit(one: Pathway) -> float:
        found = estimate(one)
        return float("-inf") if found is None else found.value

    return merit


def _falling(estimate: Callable[[Pathway], Estimated | None]) -> Callable[[Pathway], float]:
    def merit(one: Pathway) -> float:
        found = estimate(one)
        return float("-inf") if found is None else -found.value

    return merit


Measure = tuple[Callable[[Pathway], float], Callable[[Pathway], Estimated | None]]
MEASURES: dict[Objective, Measure] = {
    "resection": (_rising(_cleared), _cleared),
    "survival": (_rising(_survival), _survival),
    "life": (_rising(_life), _life),
    "time": (_falling(_days), _days),
    "safety": (_falling(_mortality), _mortality),
}


# Objectives by which pathways are told apart by differences, draw by draw, with the least one that is read as such.
DIFFERENCES: dict[Objective, float] = {"survival": READ_ALIKE, "life": MONTHS_ALIKE}


def _front(pathways: Sequence[Pathway]) -> list[bool]:
    """Whether no other curative pathway is at least as good in chance, risk and time, and better in one."""
    compared = _compared(pathways)
    return [counts and better is None for counts, better in zip(compared, dominators(pathways), strict=True)]


def dominators(pathways: Sequence[Pathway]) -> list[int | None]:
    """For each pathway the place of the first that is at least as good in chance, risk and time, and better in one; None without.

    Two that differ only in cutting or ablating the same lesions are no rivals of that kind: their depth decides; nor is what differs in the order alone.
    """
    costs = [
        tuple(round(-merit(one), 9) for merit in (_rising(_cleared), _falling(_deaths), _falling(_days)))
        for one in pathways
    ]
    compared = _compared(pathways)
    return [
        next(
            (
                place
                for place, (counts, theirs) in enumerate(zip(compared, costs, strict=True))
                if counts
                and theirs != mine
                and all(b <= a for a, b in zip(mine, theirs, strict=True))
                and not _fits_depth_better(one, pathways[place])
                and not _leaves_it_to_the_end(one, pathways[place])
            ),
            None,
        )
        if mine_counts
        else None
        for one, mine_counts, mine in zip(pathways, compared, costs, strict=True)
    ]


def _compared(pathways: Sequence[Pathway]) -> list[bool]:
    """Watching risks nothing and takes no time: beside what clears the liver it is no competitor."""
    clears = [arrives(one) and not one.watched for one in pathways]
    return clears if any(clears) else [arrives(one) for one in pathways]
