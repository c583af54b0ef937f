"""The laws, each declared: what is changed, and what must not move which way. Ids are fixed (the design names them)."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import replace

from pathways.facts.considerations import out_of_reach
from pathways.facts.patient_assessment import AFTER_RESPONSE, TODAY
from pathways.facts.prognostic_inputs import inputs_of
from pathways.facts.systemic_before_surgery import NUMBER as ASKED_BY_NUMBER
from pathways.laws import comparing
from pathways.laws.answers import Answers
from pathways.laws.comparing import Compared
from pathways.laws.neighbours import patient, protocols, telling
from pathways.laws.neighbours.files import Neighbour
from pathways.liver.anatomy import mask_of
from pathways.liver.lesions import PLACES
from pathways.messages.catalogue import worded
from pathways.quick_dataclass import dataclass

Neighbours = Callable[[Answers], Iterator[Neighbour]]
Comparison = Callable[[Answers, Answers, Neighbour], Compared]


@dataclass(frozen=True, slots=True)
class NamedException:
    """Comparisons in which a law does not bind: a predicate on the pair, with its source. Covers at most one in twenty."""

    rule: str
    why: str
    sources: tuple[str, ...]
    covers: Callable[[Answers, Answers, Neighbour], bool]


@dataclass(frozen=True, slots=True)
class Law:
    """A law. `strict_too`: compared under `--strict` as well. `limits`: what it does not ask for now.

    `not_yet`: why it does not hold everywhere today within these limits; empty where it does.
    """

    id: str
    sentence: str
    neighbours: Neighbours
    compare: Comparison
    strict_too: bool = False
    not_yet: str = ""
    limits: str = ""
    exceptions: tuple[NamedException, ...] = ()


def _of_case(made: Callable[..., Iterator[Neighbour]]) -> Neighbours:
    return lambda before: made(before.case, before.protocol)


def _declined(before: Answers) -> Iterator[Neighbour]:
    return patient.declining(before.case, before.protocol, sorted(before.families))


def _retention_not_asked_for(before: Answers, _: Answers, neighbour: Neighbour) -> bool:
    asked_in = before.protocol.words("icg_asked_in")
    return neighbour.key == "liver.icg_r15_percent" and before.case.liver.background not in asked_in


def _told_as_ml_too(before: Answers, _: Answers, neighbour: Neighbour) -> bool:
    """A remnant told as a share and in ml is one quantity told twice: the other still tells it, within the error."""
    if not neighbour.key.startswith("liver.measured_remnants[") or not neighbour.key.endswith((".fraction", ".ml")):
        return False
    one = before.case.liver.measured_remnants[int(neighbour.key.partition("[")[2].partition("]")[0])]
    return one.fraction is not None and one.ml is not None


TOLD_TWICE = NamedException(
    "volumetry_relative_error",
    "a share and the ml of the same remnant agree within the error of volumetry, so that without one of them a chance may move a little",
    ("volumetry_2022",), _told_as_ml_too,
)  # fmt: skip
MEASURED_WHERE_DOUBTED = NamedException(
    "icg_asked_in",
    "retention is measured where function is doubted: elsewhere nobody asks for it, and where it was measured it counts",
    ("makuuchi_icg", "pathways_team"), _retention_not_asked_for,
)  # fmt: skip


def _suspected_under_strict(_: Answers, after: Answers, neighbour: Neighbour) -> bool:
    return (
        after.strict
        and neighbour.key.startswith("lesions[")
        and neighbour.key.endswith((".nature", ".suspicion", ".biopsy", ".seen_on"))
    )


def _wishes_under_strict(_: Answers, after: Answers, neighbour: Neighbour) -> bool:
    return after.strict and neighbour.key == "patient.declines"


def _fewest_assumed(answers: Answers) -> int:
    """Of how many lesions at least a size is assumed, whatever is resected, today or where nothing is, after a response."""
    number = {one.label: one.count or 1 for one in answers.facts.assessed.lesions}
    return min((sum(number[label] for label in one.assumed) for one in answers.ways), default=0)


def _by_assumed_sizes(before: Answers, after: Answers, _: Neighbour) -> bool:
    return _fewest_assumed(after) > _fewest_assumed(before)


def _no_longer_by_assumed_sizes(before: Answers, after: Answers, neighbour: Neighbour) -> bool:
    return _by_assumed_sizes(after, before, neighbour)


ASSUMED_SIZES = NamedException(
    "lesions.size_mm",
    "where no resection that stands on what is told is left, those under an assumed size are planned: another anatomy, which the plan says",
    ("pathways_team",), _by_assumed_sizes,
)  # fmt: skip


def _lesser_part_assumed(before: Answers, after: Answers, neighbour: Neighbour) -> bool:
    """Nothing clears the liver today; with more disease elsewhere something does, and only where a size is assumed."""
    told, today = before.assessment.resections, after.assessment.resections
    nothing_but_assumed = bool(today) and all(one.resection.assumed for one in today)
    return (not told and nothing_but_assumed) or _by_assumed_sizes(before, after, neighbour)


ASSUMED_OF_THE_LESSER_PART = replace(
    ASSUMED_SIZES,
    why="where no resection that stands on what is told is left, those under an assumed size are planned, which the plan says; and a size is"
    " assumed of the lesser part of the disease alone, so that more disease elsewhere lets one be assumed that was most of it",
    covers=_lesser_part_assumed,
)  # fmt: skip
SIZES_NO_LONGER_ASSUMED = replace(ASSUMED_SIZES, covers=_no_longer_by_assumed_sizes)
SUSPECTED = NamedException(
    "nature",
    "a lesion of untold nature is suspected under --strict: it is characterised first, and what may be benign need not be removed",
    ("pathways_team",), _suspected_under_strict,
)  # fmt: skip
WISHES = NamedException(
    "declines",
    "wishes that nobody has told have no bad end: a plan in which everything is declined would help nobody",
    ("pathways_team",), _wishes_under_strict,
)  # fmt: skip


def _not_pregnant_under_strict(_: Answers, after: Answers, neighbour: Neighbour) -> bool:
    return after.strict and neighbour.key == "patient.pregnant_weeks"


PREGNANT = NamedException(
    "pregnancy_asked_to_age",
    "nobody is planned as if pregnant who is not told to be: it is an assumption, and has no bad end under --strict",
    ("pathways_team",), _not_pregnant_under_strict,
)  # fmt: skip


def _out_of_reach(before: Answers, _: Answers, neighbour: Neighbour) -> bool:
    found = re.fullmatch(r"lesions\[(\d+)\]\.contacts", neighbour.key)
    return found is not None and bool(out_of_reach(before.case.lesions[int(found[1])]))


OUT_OF_REACH = NamedException(
    "lesions.contacts",
    "a contact that the anatomy hardly allows is asked about; where it is not told, only vessels within reach are taken to be touched",
    ("pathways_team",), _out_of_reach,
)  # fmt: skip


def _by_assumed_places(before: Answers, after: Answers, _: Neighbour) -> bool:
    told = [tuple(one.placeless for one in each.facts.assessed.lesions) for each in (before, after)]
    return PLACES in after.assumed - before.assumed or told[0] > told[1]


ASSUMED_PLACES = NamedException(
    "lesions.segments",
    "fewer lesions than segments are named may lie in any of them, and all are treated one by one; where there are as many, each segment"
    " holds one, and the rest are taken as spread evenly, which the plan says",
    ("pathways_team",), _by_assumed_places,
)  # fmt: skip


def _other_anatomy_of_no_liver(before: Answers, after: Answers, _: Neighbour) -> bool:
    """By a volumetry of no liver the larger resection may take the lesser share; the same segments removed leave no more with more disease."""
    removed = [frozenset(way.removes for way in one.ways) for one in (before, after)]
    grown_for = [_grown_for(one) for one in (before, after)]
    return bool(before.facts.assessed.volumetry.doubted) and (removed[0] != removed[1] or grown_for[0] != grown_for[1])


def _grown_for(answers: Answers) -> list[int]:
    """What the resection takes that a remnant would be made to grow for, today and after a response."""
    targets = (answers.facts.assessed.target(scenario) for scenario in (TODAY, AFTER_RESPONSE))
    return [0 if one is None else one.removes for one in targets]


def _doubted_otherwise(before: Answers, after: Answers, _: Neighbour) -> bool:
    """Whether another remnant is doubted, or the larger one is itself one that is."""
    told, present = before.case.liver.measured_remnants, after.facts.assessed.present
    larger = {present & ~mask_of(one.removes) for one in after.case.liver.measured_remnants if one not in told}
    doubted = after.facts.assessed.volumetry.doubted
    return before.facts.assessed.volumetry.doubted != doubted or bool(larger & doubted)


HARDLY_POSSIBLE = NamedException(
    "volumetry_plausible_sds",
    "a remnant that hardly any untouched liver has is taken for a mistake and measured again; one that some have is believed: where a"
    " larger one becomes the one or the other, what is measured again differs, and a mistake that is larger is no more liver",
    ("pathways_team",), _doubted_otherwise,
)  # fmt: skip
NO_LIVER = NamedException(
    "volumetry_plausible_sds",
    "by a remnant that hardly any untouched liver has, a larger resection may take the lesser share: another anatomy, or another side to grow for, is reckoned by a mistake,"
    " which the plan asks to be looked at",
    ("pathways_team",), _other_anatomy_of_no_liver,
)  # fmt: skip


def _beside_no_liver(before: Answers, _: Answers, __: Neighbour) -> bool:
    return bool(before.facts.assessed.volumetry.doubted)


BESIDE_NO_LIVER = NamedException(
    "volumetry_plausible_sds",
    "where the file tells a remnant that hardly any untouched liver has, every other is reckoned by what may be a mistake, and one that is"
    " measured changes what is reckoned of the rest; the plan asks for both to be measured again",
    ("pathways_team",), _beside_no_liver,
)  # fmt: skip


def _new_line_under_strict(before: Answers, after: Answers, neighbour: Neighbour) -> bool:
    """A response read as progression, which is no better where the cycles of the line before it count on."""
    if not after.strict or not re.fullmatch(r"history\[\d+\]\.response", neighbour.key):
        return False
    key = "cycles_of_earlier_lines_count"
    settings = {**after.protocol.settings, key: replace(after.protocol.settings[key], value=True)}
    one_count = replace(after, protocol=replace(after.protocol, settings=settings))
    return one_count.chance <= before.chance + comparing.NEGLIGIBLE


A_NEW_LINE = NamedException(
    "cycles_of_earlier_lines_count",
    "a response that is not told is read as progression under --strict, after which a line begins that has cycles of its own; stable disease"
    " goes on in a line that has few left",
    ("second_line_resection_2011", "pathways_team"), _new_line_under_strict,
)  # fmt: skip
# Half of the last decimal that a chance is printed with.
PRINTED = 0.0005


def _turns_nothing(before: Answers, after: Answers, neighbour: Neighbour) -> bool:
    if after.strict or before.families != after.families or not 0 < after.chance - before.chance < PRINTED:
        return False
    return not comparing.safer_on_this_anatomy(before, after, neighbour)


TURNS_NOTHING = NamedException(
    "assumptions",
    "an assumption is what turns an answer: what opens no family and moves a chance by less than is printed of it, such as a share of a"
    " liver of another size that a small local resection takes, is named nowhere",
    ("pathways_team",), _turns_nothing,
)  # fmt: skip


def _systemic_not_offered_first(before: Answers, _: Answers, neighbour: Neighbour) -> bool:
    """The setting that takes chemotherapy around an operation away, where the number of lesions asks for it to come first."""
    asked = inputs_of(before.case)["number"][1] >= before.protocol.whole(ASKED_BY_NUMBER)
    return neighbour.key == "protocol.perioperative_accepted" and asked


NOT_OFFERED_FIRST = NamedException(
    ASKED_BY_NUMBER,
    "what a protocol does not offer around an operation it cannot ask for before it: without perioperative treatment surgery comes first,"
    " which is another policy and no stricter one",
    ("nordlinger_2013_eortc", "allard_2017", "pathways_team"), _systemic_not_offered_first,
)  # fmt: skip


def _in_the_first_of_two_stages(before: Answers, after: Answers, _: Neighbour) -> bool:
    """Stages are new, the primary goes in the first, and without that session nothing is better than before."""
    if "two_stage" in before.families or "two_stage" not in after.families:
        return False
    graph, both = after.graph, {"two_stage", "simultaneous"}
    sessions = {
        (node, place)
        for node, leaving in enumerate(graph.edges)
        for place, edge in enumerate(leaving)
        if both <= set(graph.families(edge))
    }
    return float(after.evaluation.evaluator.most_resected(sessions)) <= before.chance + comparing.NEGLIGIBLE


WITH_THE_FIRST_STAGE = NamedException(
    "staged_in_order",
    "a lesion on the side that stays calls for a first stage, in which the primary may go too; where that side is free there is no such"
    " session, and closing the portal vein in the session of the bowel is not planned here, so that one session more is waited for",
    ("pathways_team",), _in_the_first_of_two_stages,
)  # fmt: skip
_DECLARED = (
    Law(
        "less_known_is_not_better",
        "A key taken out raises no chance and opens no family but under an assumption that names it; under --strict not at all.",
        _of_case(telling.one_key_less), comparing.less_is_known, strict_too=True,
        exceptions=(MEASURED_WHERE_DOUBTED, TOLD_TWICE, SUSPECTED, WISHES, PREGNANT, OUT_OF_REACH, A_NEW_LINE, TURNS_NOTHING),
    ),
    Law(
        "order_is_irrelevant",
        "The order of keys, of lists and of events of one week changes no number, no family and no name of an operation.",
        _of_case(telling.other_orders), comparing.nothing_is_told_otherwise,
    ),
    Law(
        "splitting_an_entry_changes_nothing",
        "An entry of several lesions and entries of the same meaning are answered alike.",
        _of_case(telling.split_entries), comparing.nothing_differs,
    ),
    Law(
        "more_liver_is_not_worse",
        "A larger measured remnant, no other smaller, does not lower the best chance of resection.",
        _of_case(patient.more_liver), comparing.chance_does_not_fall,
        exceptions=(HARDLY_POSSIBLE, BESIDE_NO_LIVER, SIZES_NO_LONGER_ASSUMED),
    ),
    Law(
        "more_disease_is_not_better",
        "One lesion more, larger, deeper or with one contact more does not raise the best chance of resection.",
        _of_case(patient.more_disease), comparing.chance_does_not_rise,
        exceptions=(ASSUMED_OF_THE_LESSER_PART, ASSUMED_PLACES, NO_LIVER, WITH_THE_FIRST_STAGE),
    ),
    Law(
        "older_is_not_safer",
        "With more years no act has fewer deaths.",
        _of_case(patient.older), comparing.no_act_is_safer,
        limits="deaths alone are compared",
    ),
    Law(
        "sicker_is_not_safer",
        "With worse fitness, laboratory, liver or bile no act has fewer deaths, and none is allowed that was refused.",
        _of_case(patient.sicker), comparing.neither_safer_nor_allowed,
    ),
    Law(
        "stricter_protocol_allows_nothing",
        "With one limit of the protocol stricter no act is allowed in a state in which it was refused.",
        _of_case(protocols.stricter), comparing.no_act_is_allowed,
        exceptions=(ASSUMED_SIZES, NOT_OFFERED_FIRST),
    ),
    Law(
        "declining_opens_nothing",
        "With one family more declined no family opens.",
        _declined, comparing.no_family_opens,
    ),
)  # fmt: skip
LAWS: dict[str, Law] = {one.id: worded(f"law.{one.id}", one, "sentence") for one in _DECLARED}
