"""What a treatment never does wrong: each property once, as a sentence and a small machine that watches deeds.

A property keeps a memory (a mode) and, where it bounds days, a clock of its own; `judge` looks at a deed before `after`
moves the memory on. The clock passed in has run until the deed is done. A clock of None is a time that a record does not
tell: then the answer is UNKNOWN, never a breach.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Literal

from pathways.case.models import Case
from pathways.conformance.bars import Bars
from pathways.conformance.deeds import ON_THE_LIVER, OPERATIONS, REMOVING, STIMULI, TREATMENTS, Deed
from pathways.facts.picture import Picture
from pathways.knowledge.model import Protocol

Mode = Any
Clock = int | None
Memory = tuple[Mode, Clock]
ANYTHING: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Breach:
    """How a deed breaks a property, and by how much."""

    words: str
    rule: str
    excess: float | None = None
    unit: str | None = None


@dataclass(frozen=True, slots=True)
class Unknown:
    """What is not told, so that a deed can be neither right nor wrong."""

    words: str
    rule: str


Answer = Breach | Unknown | None


@dataclass(frozen=True)
class View:
    """A case under a protocol, as properties look at it.

    `recorded`: deeds come from a record, which begins with a case as described: somebody has imaged that liver.
    """

    case: Case
    protocol: Protocol
    recorded: bool = False

    @cached_property
    def bars(self) -> Bars:
        """Limits and bars, computed again."""
        return Bars(self.picture)

    @cached_property
    def picture(self) -> Picture:
        """Volumes and history."""
        return Picture(self.case, self.protocol)


@dataclass(frozen=True)
class Property:
    """One property. `judges`: kinds of deeds at which it can fail (ANYTHING: any); `clock`: which of two is the worse."""

    id: str
    sentence: str
    sources: tuple[str, ...]
    judges: frozenset[str]
    judge: Callable[[Mode, Clock, Deed, View], Answer]
    start: Callable[[View], Memory] = lambda _: (None, 0)
    after: Callable[[Mode, Clock, Deed, View], Memory] | None = None
    clock: Literal["latest", "earliest", ""] = ""


# --- prompt surgery -------------------------------------------------------------------------------------------------


def _prompt(mode: Mode, clock: Clock, deed: Deed, view: View) -> Answer:
    if mode[0] != "due" or not deed.decision:
        return None
    if "systemic" in deed.kinds:
        words = f"{deed.cycles or 'more'} cycles after a restaging had found the disease resectable"
        return Breach(words, "prompt_surgery", float(deed.cycles) if deed.cycles else None, "cycles")
    if not deed.kinds & (OPERATIONS | STIMULI):
        return None
    if clock is None:
        return Unknown("the day of the restaging or of the operation is not told", "prompt_surgery")
    washout = view.bars.washout_days(mode[1])
    most = (washout if washout is not None else view.bars.days("washout_weeks_cytotoxic")) + view.bars.days(
        "scheduling_weeks"
    )
    if clock - deed.rest > most:
        words = f"{clock - deed.rest} days from the restaging to the operation, at most {most}"
        return Breach(words, "prompt_surgery", float(clock - deed.rest - most), "days")
    return None


def _prompt_after(mode: Mode, clock: Clock, deed: Deed, view: View) -> Memory:
    del view
    state, regimen = mode
    if "systemic" in deed.kinds and deed.decision:
        return ("planned" if deed.planned_course else "treated", deed.regimen), 0
    # Radiotherapy of the rectum with its interval is declared beforehand and bounded by its own days.
    if deed.kinds & (OPERATIONS | STIMULI | {"radiotherapy"}) or deed.gives_up or deed.progressed:
        return ("idle", regimen), 0
    if deed.resectable and state != "planned":
        return ("due", regimen), 0
    return mode, clock if state == "due" else 0


# --- the remnant ----------------------------------------------------------------------------------------------------


def _remnant(mode: Mode, clock: Clock, deed: Deed, view: View) -> Answer:
    del clock
    measured, cycles = mode
    one = deed.resection
    if one is None and deed.kinds & REMOVING and "removes" in deed.untold:
        return Unknown("which segments were removed, or what was left of them, is not told", "remnant_volume")
    if one is None or not deed.kinds & REMOVING:
        return None
    found = view.bars.remnant(one, cycles)
    grown = measured == "enough" and (found != "short" or bool(one.growth_side))
    if found == "enough" or grown:
        return None
    if found == "open" and measured != "short":
        return Unknown("the remnant is only estimated, and the estimate leaves both possible", "remnant_volume")
    past, weeks = view.picture.past, view.protocol.number("cycle_weeks")
    limit = view.bars.remnant_limit(past.exposure_cycles + cycles, past.exposure_weeks + cycles * weeks)
    words = f"a remnant of {one.remnant.value:.0%}, at least {limit:.0%} must stay"
    return Breach(words, "remnant_volume", round(max(0.0, limit - one.remnant.value), 4), "fraction")


def _remnant_after(mode: Mode, clock: Clock, deed: Deed, view: View) -> Memory:
    del view
    measured, cycles = mode
    if deed.measured is not None:
        measured = deed.measured
    elif deed.kinds & (STIMULI | REMOVING | {"systemic"}) and deed.decision:
        measured = None
    return (measured, cycles + deed.cycles), clock


def _remeasured(mode: Mode, clock: Clock, deed: Deed, view: View) -> Answer:
    del clock, view
    if mode and deed.major and deed.kinds & REMOVING and deed.decision:
        if deed.days is None:
            return Unknown("a record without days does not tell whether there was volumetry", "remnant_volume")
        return Breach("a major resection without volumetry since the stimulus or stage one", "remnant_volume")
    return None


def _remeasured_after(mode: Mode, clock: Clock, deed: Deed, view: View) -> Memory:
    del view
    if deed.kinds & STIMULI and deed.decision:
        return True, clock
    return mode and not (deed.measured or "volumetry" in deed.kinds), clock


# --- imaging, washout, cycles ---------------------------------------------------------------------------------------


def _imaging(mode: Mode, clock: Clock, deed: Deed, view: View) -> Answer:
    if not deed.decision or not deed.kinds & (ON_THE_LIVER | {"embolisation"}):
        return None
    if mode == "never":
        return Breach("no imaging of the liver before its treatment", "imaging_fresh")
    if not deed.kinds & STAGES:
        return None
    if clock is None:
        return Unknown("the day of the imaging or of the treatment is not told", "imaging_fresh")
    most = view.bars.days("imaging_weeks")
    if clock - deed.rest > most:
        words = f"imaging {clock - deed.rest} days old, at most {most}"
        return Breach(words, "imaging_fresh", float(clock - deed.rest - most), "days")
    return None


STAGES = frozenset({"first_stage", "split", "further_stage", "last_stage"})


def _imaging_after(mode: Mode, clock: Clock, deed: Deed, view: View) -> Memory:
    del view
    return ("seen", 0) if deed.kinds & {"imaging", "volumetry"} else (mode, clock)


CUTS = frozenset({"hepatectomy", "last_stage", "first_stage", "split", "primary_resection"})


def _washout(mode: Mode, clock: Clock, deed: Deed, view: View) -> Answer:
    if mode == "none" or not deed.decision or not deed.elective or not deed.kinds & CUTS:
        return None
    needed = view.bars.washout_days(mode)
    if clock is None or needed is None:
        what = "the day of the last dose" if clock is None else f"the washout of {mode or 'a regimen that is not told'}"
        return Unknown(f"{what} is not known", "washout_complete")
    if clock < needed:
        return Breach(
            f"{clock} days since the last dose, at least {needed}", "washout_complete", float(needed - clock), "days"
        )
    return None


def _washout_start(view: View) -> Memory:
    past = view.picture.past
    if not past.systemic_before:
        return "none", 0
    return past.last_regimen, None if past.last_dose_week is None else -past.last_dose_week * 7


def _washout_after(mode: Mode, clock: Clock, deed: Deed, view: View) -> Memory:
    del view
    if "systemic" in deed.kinds and deed.decision:
        return deed.regimen, deed.last_dose
    return mode, clock


def _cycles(mode: Mode, clock: Clock, deed: Deed, view: View) -> Answer:
    del clock
    before, added = mode
    # What was given before the plan (or the record) began is nobody's deviation here.
    given, hard = before + added, view.protocol.whole("hard_cycles")
    if deed.decision and deed.kinds & (REMOVING | {"first_stage", "split"}) and added and given > hard:
        words = f"{given} cycles before a resection, at most {hard}"
        return Breach(words, "chemotherapy_remaining", float(min(added, given - hard)), "cycles")
    return None


def _cycles_after(mode: Mode, clock: Clock, deed: Deed, view: View) -> Memory:
    del view
    ended = (deed.kinds & REMOVING and deed.decision) or deed.end == "resected"
    before, added = mode
    return ((0, 0) if ended else (before, added + deed.cycles)), clock


def _restaged(mode: Mode, clock: Clock, deed: Deed, view: View) -> Answer:
    del clock
    if (
        "systemic" not in deed.kinds
        or not deed.decision
        or (deed.planned_course and deed.name == "give_adjuvant_chemotherapy")
    ):
        return None
    most = view.bars.days("restaging_weeks")
    if mode is None or deed.given is None:
        return Unknown("the days of the treatment are not told", "restaging")
    given = mode + deed.given
    if given > most:
        return Breach(
            f"{given} days of treatment without restaging, at most {most}", "restaging", float(given - most), "days"
        )
    return None


def _restaged_after(mode: Mode, clock: Clock, deed: Deed, view: View) -> Memory:
    del view
    if "imaging" in deed.kinds:
        return 0, clock
    if "systemic" in deed.kinds and deed.decision:
        return (None if mode is None or deed.given is None else mode + deed.given), clock
    return mode, clock


# --- what is cleared, and what bars an operation ----------------------------------------------------------------------

WATCHED = "watched site"
FOUND = "found at operation"
RECURRENCE = "recurrence"


def _sites(view: View) -> Memory:
    case = view.case
    found = {one.label for one in view.picture.lesions}
    if case.primary.status == "in_situ" or (case.primary.status is None and case.primary.urgent not in (None, "none")):
        found.add("primary")
    if case.extrahepatic:
        found.add("extrahepatic")
    return frozenset(found), 0


def _cleared(mode: Mode, clock: Clock, deed: Deed, view: View) -> Answer:
    left, _ = _sites_after(mode, clock, deed, view)
    allowed = {WATCHED} if deed.end == "no_visible_disease" else set()
    if deed.end in ("resected", "no_visible_disease") and left - allowed:
        return Breach(f"not cleared: {', '.join(sorted(left - allowed))}", "complete_clearance")
    return None


def _sites_after(mode: Mode, clock: Clock, deed: Deed, view: View) -> Memory:
    left: frozenset[str] = mode - deed.treated
    lesions = zip(view.picture.lesions, view.case.lesions, strict=True)
    if deed.characterised == "others_benign":
        left -= {seen.label for seen, entry in lesions if entry.nature == "suspected"}
    elif deed.watched:
        left = (left - {seen.label for seen, entry in lesions if entry.nature == "vanished"}) | {WATCHED}
    if deed.found_more:
        left |= {FOUND}
    if deed.recurs:
        left |= {RECURRENCE}
    return left, clock


def _bars(mode: Mode, clock: Clock, deed: Deed, view: View) -> Answer:
    del clock
    if not deed.decision or not deed.elective or not deed.kinds & OPERATIONS:
        return None
    progressed, drained = mode
    bars = view.bars
    on_liver = deed.kinds & ON_THE_LIVER
    extent = "ablation" if on_liver == {"ablation"} and not deed.removes else "major" if deed.major else "minor"
    if bars.unfit(extent):
        return Breach(f"not fit for a treatment of this extent ({extent})", "fit_for_operation")
    if progressed and not view.protocol.yes("operate_on_progression"):
        return Breach("the disease has progressed and is not controlled again", "disease_controlled")
    if not on_liver:
        return None
    if bars.elsewhere():
        return Breach("disease outside the liver that is not operated on", "extrahepatic_resectable")
    if bars.failing_liver():
        return Breach("signs of a failing liver", "liver_sufficient")
    if view.case.liver.biliary_obstruction == "present" and not drained:
        return Breach("bile ducts are obstructed and not drained", "biliary_drained")
    return None


def _bars_start(view: View) -> Memory:
    return (view.picture.past.last_response == "progression", False), 0


def _bars_after(mode: Mode, clock: Clock, deed: Deed, view: View) -> Memory:
    del view
    progressed, drained = mode
    # A recurrence is assessed anew: the duct of day 0 says nothing of it.
    drained = drained or deed.drained or deed.end == "resected"
    return (progressed if deed.progressed is None else deed.progressed, drained), clock


# --- growth, stages, the primary --------------------------------------------------------------------------------------


def _side(mode: Mode, clock: Clock, deed: Deed, view: View) -> Answer:
    del clock
    if not deed.decision or not deed.removes:
        return None
    if deed.kinds & STIMULI and deed.occludes & ~deed.removes:
        return Breach("a branch of segments that are to stay is closed", "tumour_side")
    if deed.major and deed.kinds & REMOVING and mode & view.picture.present & ~deed.removes:
        return Breach("segments whose branch was closed are left", "tumour_side")
    return None


def _side_after(mode: Mode, clock: Clock, deed: Deed, view: View) -> Memory:
    del view
    return (0 if deed.kinds & REMOVING and deed.decision else mode | deed.occludes), clock


def _order(mode: Mode, clock: Clock, deed: Deed, view: View) -> Answer:
    del clock, view
    if "last_stage" in deed.kinds and deed.decision and not mode:
        return Breach("stage two without a stage one", "staged_in_order")
    return None


def _order_start(view: View) -> Memory:
    return any(event.event in ("first_stage", "alpps_stage_1") for event in view.case.history), 0


def _order_after(mode: Mode, clock: Clock, deed: Deed, view: View) -> Memory:
    del view
    # A record may call a first stage what it was as an operation: a hepatectomy.
    return (bool(mode) or bool(deed.kinds & {"first_stage", "split", "hepatectomy"} and deed.decision)), clock


def _interstage(mode: Mode, clock: Clock, deed: Deed, view: View) -> Answer:
    del clock, view
    if mode and deed.decision and "last_stage" in deed.kinds:
        return Breach("stage two during liver failure or sepsis", "interstage_fit")
    return None


def _interstage_after(mode: Mode, clock: Clock, deed: Deed, view: View) -> Memory:
    del view
    return (bool(mode) if deed.ill is None else deed.ill), clock


def _urgent(mode: Mode, clock: Clock, deed: Deed, view: View) -> Answer:
    del clock
    if mode and deed.decision and deed.elective and deed.kinds & TREATMENTS:
        return Breach(f"{view.case.primary.urgent} of the primary is not dealt with yet", "primary_not_urgent")
    return None


def _urgent_start(view: View) -> Memory:
    return view.case.primary.urgent not in (None, "none"), 0


def _urgent_after(mode: Mode, clock: Clock, deed: Deed, view: View) -> Memory:
    del view
    return mode and not deed.kinds & {"primary_resection", "diversion"}, clock


def _together(mode: Mode, clock: Clock, deed: Deed, view: View) -> Answer:
    del mode, clock
    if not deed.decision or "primary_resection" not in deed.kinds or not deed.kinds & ON_THE_LIVER:
        return None
    allowed = view.bars.simultaneous_allowed(major=deed.major)
    if allowed is None:
        return Unknown("the site of the primary is not told", "simultaneous_safe")
    if not allowed:
        return Breach(f"a major hepatectomy together with the {view.case.primary.site}", "simultaneous_safe")
    return None


# --- the diagnosis, wishes --------------------------------------------------------------------------------------------


def _characterised(mode: Mode, clock: Clock, deed: Deed, view: View) -> Answer:
    del clock, view
    if mode and deed.decision and not deed.diagnostic and deed.kinds & ON_THE_LIVER:
        return Breach("a lesion that is only suspected is treated without being characterised", "lesions_characterised")
    return None


def _characterised_start(view: View) -> Memory:
    return any(lesion.nature == "suspected" for lesion in view.case.lesions), 0


def _characterised_after(mode: Mode, clock: Clock, deed: Deed, view: View) -> Memory:
    del view
    done = deed.characterised is not None or "characterisation" in deed.kinds
    return mode and not done and not (deed.kinds & ON_THE_LIVER and deed.decision), clock


def _benign(mode: Mode, clock: Clock, deed: Deed, view: View) -> Answer:
    del clock, view
    if mode and deed.decision and deed.kinds & TREATMENTS:
        return Breach("the lesion was found benign: no oncological treatment follows", "lesions_characterised")
    return None


def _benign_after(mode: Mode, clock: Clock, deed: Deed, view: View) -> Memory:
    del view
    return bool(mode) or deed.characterised == "benign", clock


def _wishes(mode: Mode, clock: Clock, deed: Deed, view: View) -> Answer:
    del mode, clock
    declined = set(deed.families) & set(view.case.patient.declines)
    return Breach(f"the patient declines {', '.join(sorted(declined))}", "patient_accepts") if declined else None


# --- the machine itself -----------------------------------------------------------------------------------------------

ROUNDING = 1e-6


def _volume(mode: Mode, clock: Clock, deed: Deed, view: View) -> Answer:
    del mode, clock
    one = deed.resection
    if one is None:
        return None
    volumes, present = view.picture.volumes, view.picture.present
    whole = volumes.share(one.kept) + volumes.share(present & ~one.kept)
    if abs(whole - 1) > ROUNDING or one.remnant.value > volumes.share(one.kept) + ROUNDING:
        return Breach("the parts of the liver do not add up to the whole", "volume_conserved")
    return None


def _time(mode: Mode, clock: Clock, deed: Deed, view: View) -> Answer:
    del mode, clock, view
    return Breach(f"{deed.days} days", "time_advances") if deed.days is not None and deed.days < 0 else None


def _cited(mode: Mode, clock: Clock, deed: Deed, view: View) -> Answer:
    del mode, clock, view
    return Breach(f"{deed.name} cites no source", "every_step_cited") if deed.decision and not deed.cites else None


ALWAYS_ENDS, ENDS_STAY_ENDED = "always_ends", "ends_stay_ended"

PROPERTIES: tuple[Property, ...] = (
    Property(
        "prompt_surgery",
        "Once a restaging under conversion finds the disease resectable in a fit patient, the next treatment is the operation or "
        "its preparation, within the washout and the scheduling limit.",
        ("karoui_2006", "folprecht_2010_celim"), frozenset({"systemic"}) | OPERATIONS | STIMULI, _prompt,
        lambda _: (("idle", None), 0), _prompt_after, "latest",
    ),
    Property(
        "remnant_before_resection", "No elective resection leaves a remnant below the limits for the liver at that time.",
        ("vancutsem_2016_esmo", "truant_2007"), REMOVING, _remnant, lambda _: ((None, 0), 0), _remnant_after,
    ),
    Property(
        "remnant_remeasured", "After a growth stimulus or stage one there is volumetry before the next major resection.",
        ("denys_2010", "shindoh_2013_pve"), REMOVING, _remeasured,
        lambda view: (bool(view.picture.past.closed_inflow) and not _measured_since(view), 0), _remeasured_after,
    ),
    Property(
        "imaging_fresh", "The liver is imaged before its first treatment, and again within the protocol's weeks before every stage.",
        ("camino_2024", "value_2014"), ON_THE_LIVER | {"embolisation"}, _imaging, lambda view: ("seen" if view.recorded else "never", 0), _imaging_after, "latest",
    ),
    Property(
        "complete_clearance",
        "Resected means that every lesion, vanished ones too, the primary and every site elsewhere is cleared; a watched site "
        "ends in no visible disease.",
        ("benoist_2006", "vancutsem_2016_esmo"), ANYTHING, _cleared, _sites, _sites_after,
    ),
    Property(
        "no_bar_ignored", "No operation while fitness, disease elsewhere, a failing liver, an obstructed duct or progression bars it.",
        ("oncosurge_2005",), OPERATIONS, _bars, _bars_start, _bars_after,
    ),
    Property(
        "washout_respected", "From the last dose to an elective resection of liver or bowel the interval of that drug has passed.",
        ("karoui_2006",), CUTS, _washout, _washout_start, _washout_after, "earliest",
    ),
    Property(
        "chemotherapy_bounded", "Cytotoxic cycles before a hepatectomy, since the last one or since the liver was cleared, are never above the hard limit.", ("karoui_2006",),
        REMOVING | {"first_stage", "split"}, _cycles, lambda view: ((view.picture.past.cycles_since_hepatectomy, 0), 0), _cycles_after,
    ),
    Property(
        "restaged_in_time", "Systemic treatment is restaged at least every protocol interval.", ("folprecht_2010_celim",),
        frozenset({"systemic"}), _restaged, lambda _: (0, 0), _restaged_after,
    ),
    Property(
        "tumour_side_embolised", "Only branches of segments that are to be removed are closed.", ("denys_2010",),
        STIMULI | REMOVING, _side, lambda _: (0, 0), _side_after,
    ),
    Property(
        "staged_in_order", "Stage two follows a stage one.", ("passot_2016",), frozenset({"last_stage"}), _order, _order_start,
        _order_after,
    ),
    Property(
        "interstage_fit", "No stage two during liver failure or sepsis.", ("alpps_registry_2014",), frozenset({"last_stage"}),
        _interstage, lambda _: (False, 0), _interstage_after,
    ),
    Property(
        "urgent_primary_first", "Obstruction, perforation or bleeding of the primary is controlled before elective treatment.",
        ("egoslim_2015",), TREATMENTS, _urgent, _urgent_start, _urgent_after,
    ),
    Property(
        "simultaneous_only_when_safe", "Primary and liver go together only where the protocol holds it safe.",
        ("boudjema_2021_metasync", "oncol_ther_2021"), frozenset({"primary_resection"}), _together,
    ),
    Property(
        "characterised_before_resection",
        "A suspected lesion is characterised by imaging before it is resected, or the resection is said to be diagnostic.",
        ("false_positive_2018", "camino_2024"), ON_THE_LIVER, _characterised, _characterised_start, _characterised_after,
    ),
    Property(
        "benign_not_treated", "A lesion found benign gets no oncological treatment.", ("false_positive_2018",), TREATMENTS, _benign,
        lambda _: (False, 0), _benign_after,
    ),
    Property("wishes_respected", "Nothing the patient declines is done.", ("vancutsem_2016_esmo",), ANYTHING, _wishes),
    Property(
        "volume_conserved", "Functional volume changes only by declared causes, and adds up.", ("kim_2013_slv",), REMOVING, _volume,
    ),
    Property("time_advances", "No step takes negative time.", ("pathways_team",), ANYTHING, _time),
    Property("every_step_cited", "Each decision cites at least one source.", ("pathways_team",), ANYTHING, _cited),
)  # fmt: skip
# Properties of the graph as a whole, which no single deed can break.
STRUCTURAL = {
    ALWAYS_ENDS: "An end is reachable from everywhere.",
    ENDS_STAY_ENDED: "An end has no way out.",
}


def _measured_since(view: View) -> bool:
    """Whether a volumetry of the case is not older than its last growth stimulus."""
    last = view.picture.past.last_stimulus_week
    return any(last is None or one.week >= last for one in view.case.liver.measured_remnants)
