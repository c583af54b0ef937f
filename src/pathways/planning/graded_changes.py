"""Small changes of a case, or of the policy it is judged by: what could be otherwise, in steps from small to large.

A ladder moves one quantity (a remnant, a size, a number of cycles, a finding) away from what the case says. Which step
opens or closes a pathway is found by `explain`; here nothing is judged.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

from pathways.case import contradictions
from pathways.case.models import Case, ExtrahepaticDisease, HistoryEvent, Lesion, MeasuredRemnant
from pathways.facts.history import cycle_weeks_of
from pathways.facts.patient_assessment import AFTER_RESPONSE, TODAY, PatientAssessment
from pathways.knowledge.model import Protocol
from pathways.liver.anatomy import resection_name, segments_of
from pathways.liver.lesions import lesion_label
from pathways.liver.resections import Resection
from pathways.messages.catalogue import called, say
from pathways.messages.figures import apart

POINT = 0.01
# A volumetry further from today's figure than this is another patient.
MOST_POINTS = 25
SIZE_STEP_MM = 5.0
LARGEST_MM = 120.0
YEARS, OLDEST = 30, 110
# Systemic treatment that was not given: four cycles, ended six weeks ago.
BEGAN_WEEK, ENDED_WEEK = -14, -6
# How much of a change one step is: ten points of remnant, ten millimetres, two cycles or one finding count alike.
PER_POINT, PER_STEP_MM, PER_CYCLE, PER_YEAR = 0.1, 0.5, 0.5, 0.2
A_FINDING, A_MISSING_FINDING, A_POLICY, A_WISH = 1.0, 0.5, 1.5, 1.0


@dataclass(frozen=True, slots=True)
class Change:
    """One thing otherwise. `key` names it in the case file (or the setting of the protocol); `cost`: how far it is."""

    key: str
    words: str
    before: Any
    after: Any
    unit: str
    cost: float
    case: Case
    protocol: Protocol


@dataclass(frozen=True, slots=True)
class GradedChange:
    """Changes of one quantity, from the smallest; `touches` are beginnings of the names of facts they can move.

    `bound`: a step stands for itself and all beyond it ("at most 30 mm"), so what it opens the last one must open too.
    """

    touches: tuple[str, ...]
    steps: tuple[Change, ...]
    bound: bool = False


REMNANT = ("remnant_", "reach_", "volumetry_useful", "growth_called_for", "situation")
GEOMETRY = (
    "clear_", "target", "two_sided", "convertible", "clearing_stages", "side_cleared", "debulkable", "only_vanished",
    *REMNANT, "start",
)  # fmt: skip
FUNCTION = ("liver_function", "bile_drained", "start")
PRIMARY = ("primary_operable", "simultaneous", "radiotherapy_due", "primary_prepared", "diversion_enough", "start")
COURSE = ("chemotherapy_left", "transplant", "targeted_before", "start", *REMNANT)


def graded_changes(assessed: PatientAssessment) -> Iterator[GradedChange]:
    """Every ladder of a case under its protocol."""
    for source in (_remnants, _lesions, _person, _liver, _elsewhere, _primary, _history, _wishes, _policies):
        for graded_change in source(assessed):
            if graded_change.steps:
                yield graded_change


def _case(assessed: PatientAssessment, part: str, **update: Any) -> Case:
    case = assessed.case
    return case.model_copy(update={part: getattr(case, part).model_copy(update=update)})


def _change(
    assessed: PatientAssessment,
    key: str,
    words: str,
    before: Any,
    after: Any,
    case: Case,
    *,
    cost: float,
    unit: str = "",
) -> Change | None:
    """The change, or None where the changed case would contradict itself."""
    if any(True for _ in contradictions.of_case(case)):
        return None
    return Change(key, words, before, after, unit, cost, case, assessed.protocol)


def _graded_change(touches: tuple[str, ...], steps: Sequence[Change | None]) -> GradedChange:
    return GradedChange(touches, tuple(one for one in steps if one is not None))


def _cost_of(before: Any) -> float:
    """What learning or changing one finding costs."""
    return A_MISSING_FINDING if before is None else A_FINDING


# --- volumes ------------------------------------------------------------------------------------------------------


def _remnants(assessed: PatientAssessment) -> Iterator[GradedChange]:
    seen: set[int] = set()
    for one in _worth_measuring(assessed):
        left = assessed.present & ~one.removes & one.kept
        if one.removes and left not in seen:
            seen.add(left)
            for direction in (1, -1):
                yield _graded_change(
                    REMNANT, [_measured(assessed, one, direction * points) for points in range(1, MOST_POINTS)]
                )


def _worth_measuring(assessed: PatientAssessment) -> Iterator[Resection]:
    for scenario in (TODAY, AFTER_RESPONSE):
        target = assessed.target(scenario)
        if target is not None:
            yield target
        yield from assessed.resections(scenario)[:3]


def _measured(assessed: PatientAssessment, one: Resection, points: int) -> Change | None:
    """Volumetry of today that finds `points` percentage points more (or fewer) than is known or estimated."""
    now = assessed.volumes.share(one.kept)
    fraction = round(now + points * POINT, 2)
    if not 0 < fraction < 1:
        return None
    removes = segments_of(assessed.present & ~one.kept)
    ours = MeasuredRemnant(removes=tuple(removes), fraction=fraction)
    kept = tuple(other for other in assessed.case.liver.measured_remnants if set(other.removes) != set(removes))
    core = resection_name(one.removes)
    told, today = apart(fraction, now)
    words = say("change.remnant", resection=core, fraction=told, now=today, points=points)
    # A volumetry that finds otherwise stands in the place of whatever contradicts it.
    for update in (
        {"measured_remnants": (*kept, ours)},
        {"measured_remnants": (ours,)},
        {"measured_remnants": (ours,), "segments_ml": {}},
    ):
        change = _change(
            assessed, "liver.measured_remnants", words, round(now, 4), fraction,
            _case(assessed, "liver", **update), cost=abs(points) * PER_POINT, unit="fraction",
        )  # fmt: skip
        if change is not None:
            # A figure that hardly any liver has is no answer, but a mistake.
            possible = not replace(assessed, case=change.case).volumetry.hardly_possible
            return change if possible else None
    return None


# --- lesions ------------------------------------------------------------------------------------------------------


def _with_lesion(assessed: PatientAssessment, index: int, **update: Any) -> Case:
    lesions = list(assessed.case.lesions)
    lesions[index] = lesions[index].model_copy(update=update)
    return assessed.case.model_copy(update={"lesions": tuple(lesions)})


def _lesions(assessed: PatientAssessment) -> Iterator[GradedChange]:
    for index, lesion in enumerate(assessed.case.lesions):
        name = lesion_label(lesion, index)
        key = f"lesions[{index}]"
        yield from _sizes(assessed, index, lesion, name)
        if lesion.count is not None and lesion.count > 1:
            yield _graded_change(GEOMETRY, [
                _change(assessed, f"{key}.count", say("change.lesions", lesion=name, number=number, now=lesion.count),
                        lesion.count, number, _with_lesion(assessed, index, count=number), cost=(lesion.count - number) * 0.5, unit="lesions")
                for number in range(lesion.count - 1, 0, -1)
            ])  # fmt: skip
        for vessel in lesion.contacts:
            rest = tuple(one for one in lesion.contacts if one != vessel)
            words = say("change.free_of_vessel", lesion=name, vessel=called("vessel", vessel))
            yield _graded_change(GEOMETRY, [
                _change(assessed, f"{key}.contacts", words, list(lesion.contacts), list(rest),
                        _with_lesion(assessed, index, contacts=rest), cost=A_FINDING)
            ])  # fmt: skip
        for depth in ("superficial", "deep"):
            if lesion.depth != depth:
                yield _graded_change(GEOMETRY, [
                    _change(assessed, f"{key}.depth", say("change.lesion_is", lesion=name, what=called("depth", depth)), lesion.depth, depth,
                            _with_lesion(assessed, index, depth=depth), cost=_cost_of(lesion.depth))
                ])  # fmt: skip
        for nature in ("confirmed", "suspected", "vanished"):
            if lesion.nature != nature:
                yield _graded_change(GEOMETRY, [
                    _change(assessed, f"{key}.nature", say("change.lesion_is", lesion=name, what=called("nature", nature)), lesion.nature, nature,
                            _with_lesion(assessed, index, nature=nature), cost=A_FINDING)
                ])  # fmt: skip
        if len(assessed.case.lesions) > 1:
            rest_of = tuple(one for one in assessed.case.lesions if one is not lesion)
            yield _graded_change(GEOMETRY, [
                _change(assessed, key, say("change.without_lesion", lesion=name), name, None, assessed.case.model_copy(update={"lesions": rest_of}),
                        cost=2 * A_FINDING)
            ])  # fmt: skip


def _sizes(assessed: PatientAssessment, index: int, lesion: Lesion, name: str) -> Iterator[GradedChange]:
    def to(size: float, cost: float, words: str) -> Change | None:
        return _change(
            assessed, f"lesions[{index}].size_mm", words, lesion.size_mm, size,
            _with_lesion(assessed, index, size_mm=size), cost=cost, unit="mm",
        )  # fmt: skip

    now = lesion.size_mm
    if now is None:
        sizes = [SIZE_STEP_MM * step for step in range(1, int(LARGEST_MM / SIZE_STEP_MM) + 1)]
        least = [to(one, A_MISSING_FINDING, say("change.size_at_least", lesion=name, size=one)) for one in sizes]
        most = [to(one, A_MISSING_FINDING, say("change.size_at_most", lesion=name, size=one)) for one in sizes[::-1]]
        for steps in (least, most):
            yield replace(_graded_change(GEOMETRY, steps), bound=True)
        return
    for direction in (-1, 1):
        first = (
            SIZE_STEP_MM * ((now - 1e-9) // SIZE_STEP_MM) if direction < 0 else SIZE_STEP_MM * (now // SIZE_STEP_MM + 1)
        )
        count = int(LARGEST_MM / SIZE_STEP_MM)
        sizes = [first + direction * SIZE_STEP_MM * step for step in range(count)]
        yield _graded_change(GEOMETRY, [
            to(size, PER_STEP_MM * abs(size - now) / SIZE_STEP_MM, say("change.size", lesion=name, size=size, now=now))
            for size in sizes if 0 < size <= 2 * LARGEST_MM
        ])  # fmt: skip


# --- person, liver, elsewhere -------------------------------------------------------------------------------------


def _one(
    assessed: PatientAssessment,
    part: str,
    name: str,
    value: Any,
    words: str,
    touches: tuple[str, ...],
    *,
    unit: str = "",
) -> Iterator[GradedChange]:
    """A single key of a part of the case set to another value."""
    before = getattr(getattr(assessed.case, part), name)
    if before != value:
        cost = _cost_of(before)
        yield _graded_change(touches, [
            _change(assessed, f"{part}.{name}", words, before, value, _case(assessed, part, **{name: value}), cost=cost, unit=unit)
        ])  # fmt: skip


def _numbers(
    assessed: PatientAssessment, part: str, name: str, values: Sequence[float], words: Callable[[float], str],
    touches: tuple[str, ...], *, unit: str, per_step: float,
) -> Iterator[GradedChange]:  # fmt: skip
    before = getattr(getattr(assessed.case, part), name)
    yield _graded_change(touches, [
        _change(assessed, f"{part}.{name}", words(value), before, value, _case(assessed, part, **{name: value}),
                cost=A_MISSING_FINDING if before is None else per_step * step, unit=unit)
        for step, value in enumerate(values, start=1)
    ])  # fmt: skip


def _person(assessed: PatientAssessment) -> Iterator[GradedChange]:
    patient = assessed.case.patient
    for level in ("major", "minor", "ablation", "none"):
        fit = level != "none"
        words = say("change.fit", extent=called("extent", level)) if fit else say("change.unfit")
        yield from _one(assessed, "patient", "fit_for", level, words, ("fit_",))
    for grade in range(5):
        yield from _one(
            assessed, "patient", "ecog", grade, say("change.ecog", grade=grade), ("fit_", "transplantable"), unit="ECOG"
        )
    for grade in range(1, 5):
        yield from _one(assessed, "patient", "asa", grade, say("change.asa", grade=grade), ("fit_",), unit="ASA")
    if patient.age_years is not None:
        for direction in (-1, 1):
            ages = [patient.age_years + direction * year for year in range(1, YEARS + 1)]
            yield from _numbers(
                assessed, "patient", "age_years", [age for age in ages if 0 <= age <= OLDEST],
                lambda age: say("change.age", age=age, now=patient.age_years), ("transplantable", "fit_"), unit="years",
                per_step=PER_YEAR,
            )  # fmt: skip


def _liver(assessed: PatientAssessment) -> Iterator[GradedChange]:
    liver = assessed.case.liver
    yield from _one(assessed, "liver", "insufficiency", (), say("liver_sufficient.no_sign"), FUNCTION)
    # A damaged liver is no way to open a pathway: only a healthier background is one.
    yield from _one(assessed, "liver", "background", "normal", say("change.background"), (*REMNANT, *FUNCTION))
    for state in ("none", "drained", "present"):
        words = say("change.bile", state=called("bile", state))
        yield from _one(assessed, "liver", "biliary_obstruction", state, words, FUNCTION)
    yield from _one(assessed, "liver", "child_pugh", "A", say("change.child_pugh"), FUNCTION)
    if liver.inr is not None:
        yield from _one(assessed, "liver", "inr", 1.0, say("change.inr"), FUNCTION, unit="ratio")
        if liver.inr > assessed.protocol.number("inr_max") and assessed.case.patient.anticoagulated is None:
            yield from _one(assessed, "patient", "anticoagulated", True, say("change.anticoagulated"), FUNCTION)
    yield from _laboratory(assessed)
    if liver.icg_r15_percent is not None:
        values = [float(value) for value in range(int(liver.icg_r15_percent), -1, -1)]
        yield from _numbers(assessed, "liver", "icg_r15_percent", values, lambda value: say("change.icg", retention=value), FUNCTION,
                            unit="percent", per_step=PER_YEAR)  # fmt: skip


def _laboratory(assessed: PatientAssessment) -> Iterator[GradedChange]:
    """Values that a second measurement may bring back within the limits."""
    liver, protocol = assessed.case.liver, assessed.protocol
    bilirubin, albumin = protocol.number("bilirubin_max_major"), protocol.number("albumin_low")
    platelets = protocol.number("platelets_low")
    if liver.bilirubin_umol_per_l is not None and liver.bilirubin_umol_per_l > bilirubin:
        words = say("change.bilirubin", value=bilirubin)
        yield from _one(assessed, "liver", "bilirubin_umol_per_l", bilirubin, words, FUNCTION, unit="umol/l")
    if liver.albumin_g_per_l is not None and liver.albumin_g_per_l < albumin:
        words = say("change.albumin", value=albumin)
        yield from _one(assessed, "liver", "albumin_g_per_l", albumin, words, FUNCTION, unit="g/l")
    if liver.platelets_e9_per_l is not None and liver.platelets_e9_per_l < platelets:
        words = say("change.platelets", value=platelets)
        yield from _one(assessed, "liver", "platelets_e9_per_l", platelets, words, FUNCTION, unit="e9/l")


def _elsewhere(assessed: PatientAssessment) -> Iterator[GradedChange]:
    touches = ("extrahepatic_operable", "transplantable", "start")
    sites = assessed.case.extrahepatic

    def make(words: str, value: tuple[ExtrahepaticDisease, ...], cost: float) -> Change | None:
        before = None if sites is None else [one.site for one in sites]
        case = assessed.case.model_copy(update={"extrahepatic": value})
        return _change(assessed, "extrahepatic", words, before, [one.site for one in value], case, cost=cost)

    if sites is None:
        yield _graded_change(touches, [make(say("extrahepatic_resectable.none"), (), A_MISSING_FINDING)])
    for index, site in enumerate(sites or ()):
        name = called("site", site.site)
        rest = tuple(other for place, other in enumerate(sites or ()) if place != index)
        yield _graded_change(touches, [make(say("change.no_disease_in", site=name), rest, 2 * A_FINDING)])
        if site.resectable is not True:
            cured = site.model_copy(update={"resectable": True})
            cost = _cost_of(site.resectable)
            yield _graded_change(touches, [make(say("change.disease_removable", site=name), (*rest, cured), cost)])
    if not sites:
        lung = ExtrahepaticDisease(site="lung", count=1, resectable=True)
        yield _graded_change(touches, [make(say("change.lung"), (lung,), 2 * A_FINDING)])


def _primary(assessed: PatientAssessment) -> Iterator[GradedChange]:
    primary = assessed.case.primary
    for name, value, words in (
        ("r0_resectable", True, say("primary_resectable.clear_margin")),
        ("r0_resectable", False, say("primary_resectable.no_clear_margin")),
        ("urgent", "none", say("primary_not_urgent.no_emergency")),
        ("status", "in_situ", say("change.primary_in_place")),
        ("status", "resected", say("change.primary_resected")),
        ("needs_radiotherapy", False, say("change.no_radiotherapy")),
        ("braf", "wild_type", say("change.braf_wild_type")),
        ("braf", "v600e", say("change.braf_mutated")),
    ):
        yield from _one(assessed, "primary", name, value, words, (*PRIMARY, "transplantable"))
    if primary.tumour == "colorectal":
        for site in ("sigmoid", "rectum"):
            words = say("change.primary_site", bowel=called("bowel", site))
            yield from _one(assessed, "primary", "site", site, words, PRIMARY)
    if primary.cea_ng_per_ml is None or primary.cea_ng_per_ml > 1:
        now = primary.cea_ng_per_ml or 160.0
        values = [round(now * share, 1) for share in (0.8, 0.6, 0.5, 0.4, 0.3, 0.2, 0.1, 0.05)]
        yield from _numbers(assessed, "primary", "cea_ng_per_ml", values, lambda value: say("change.cea", cea=value),
                            ("transplantable",), unit="ng/ml", per_step=A_MISSING_FINDING)  # fmt: skip


# --- history, wishes, policies ------------------------------------------------------------------------------------


def _history(assessed: PatientAssessment) -> Iterator[GradedChange]:
    case = assessed.case
    courses = [index for index, event in enumerate(case.history) if event.event == "chemotherapy"]
    if not courses:
        given = HistoryEvent(week=BEGAN_WEEK, until_week=ENDED_WEEK, event="chemotherapy", cycles=4, response="stable")
        later = [event for event in case.history if event.week is None or event.week <= BEGAN_WEEK]
        rest = [event for event in case.history if event not in later]
        change = _change(assessed, "history", say("change.systemic_given"), None, "chemotherapy",
                         case.model_copy(update={"history": (*later, given, *rest)}), cost=2 * A_FINDING)  # fmt: skip
        yield _graded_change(COURSE, [change])
        return
    last = courses[-1]
    event = case.history[last]
    for response in ("partial", "stable", "progression"):
        if event.response != response:
            words = say("change.response", response=called("response", response))
            yield _graded_change(("start", "convertible", *GEOMETRY), [
                _change(assessed, f"history[{last}].response", words, event.response, response,
                        _with_event(case, last, response=response), cost=_cost_of(event.response))
            ])  # fmt: skip
    if event.cycles is not None:
        yield _graded_change(
            COURSE, [_fewer(assessed, last, event, number) for number in range(event.cycles - 1, 0, -1)]
        )
        yield _graded_change(
            COURSE, [_fewer(assessed, last, event, number) for number in range(event.cycles + 1, event.cycles + 13)]
        )


def _fewer(assessed: PatientAssessment, index: int, event: HistoryEvent, number: int) -> Change | None:
    """The last chemotherapy with another number of cycles, and so much shorter or longer."""
    assert event.cycles is not None
    update: dict[str, Any] = {"cycles": number}
    if event.week is not None and event.until_week is not None:
        shift = round((event.cycles - number) * cycle_weeks_of(event.regimen, assessed.protocol))
        update["week"] = min(event.until_week, event.week + shift)
    words = say("change.cycles", number=number, now=event.cycles)
    return _change(assessed, f"history[{index}].cycles", words, event.cycles, number, _with_event(assessed.case, index, **update),
                   cost=abs(event.cycles - number) * PER_CYCLE, unit="cycles")  # fmt: skip


def _with_event(case: Case, index: int, **update: Any) -> Case:
    history = list(case.history)
    history[index] = history[index].model_copy(update=update)
    return case.model_copy(update={"history": tuple(history)})


def _wishes(assessed: PatientAssessment) -> Iterator[GradedChange]:
    declines = assessed.case.patient.declines
    for family in declines:
        rest = tuple(one for one in declines if one != family)
        words = say("change.accepts", family=called("family", family))
        yield _graded_change((f"accepts_{family}",), [
            _change(assessed, "patient.declines", words, list(declines), list(rest),
                    _case(assessed, "patient", declines=rest), cost=A_WISH)
        ])  # fmt: skip


SWITCHES = (
    ("two_stage_accepted", ("policy_two_stage",)), ("alpps_accepted", ("policy_alpps",)), ("lvd_accepted", ("policy_lvd",)),
    ("bridging_accepted", ("policy_bridging",)), ("diagnostic_major_accepted", ("policy_diagnostic_major",)),
    ("simultaneous_major_with_colon", ("simultaneous",)), ("simultaneous_major_with_rectum", ("simultaneous",)),
    ("transplant_accepted", ("transplantable",)), ("adjuvant_accepted", ("adjuvant_useful",)),
    ("extrahepatic_in_one_session", ("extrahepatic_in_one_session",)), ("operate_on_progression", ("start",)),
    ("vena_cava_resection", GEOMETRY),
)  # fmt: skip


def _policies(assessed: PatientAssessment) -> Iterator[GradedChange]:
    protocol, tumour = assessed.protocol, assessed.case.primary.tumour

    def under(key: str, value: Any, words: str) -> Change:
        setting = protocol.settings[key]
        changed = replace(protocol, settings={**protocol.settings, key: replace(setting, value=value)})
        return Change(f"protocol.{key}", words, setting.value, value, setting.unit, A_POLICY, assessed.case, changed)

    for key, touches in SWITCHES:
        if not protocol.yes(key):
            yield GradedChange(touches, (under(key, value=True, words=say("change.setting_yes", setting=key)),))
    sites = {one.site for one in assessed.case.extrahepatic or ()} - set(
        protocol.words("extrahepatic_sites_resectable")
    )
    additions: tuple[tuple[str, tuple[str, ...], tuple[str, ...]], ...] = (
        ("debulking_tumours", (tumour,), ("debulking_allowed",)),
        ("extrahepatic_sites_resectable", tuple(sorted(sites)), ("extrahepatic_operable",)),
        ("vanished_policies", ("watch",), ("policy_watch_sites",)),
    )
    for key, added, moved in additions:
        missing = tuple(one for one in added if one not in protocol.words(key))
        if missing:
            words = say("change.setting_holds", setting=key, added=", ".join(missing))
            yield GradedChange(moved, (under(key, (*protocol.words(key), *missing), words),))
    for key in ("refused_primaries", "targeted_first_tumours", "control_first_primaries"):
        if tumour in protocol.words(key):
            rest = tuple(one for one in protocol.words(key) if one != tumour)
            words = say("change.setting_does_not_hold", setting=key, tumour=tumour)
            yield GradedChange(("primary_rules", "targeted_before"), (under(key, rest, words),))
