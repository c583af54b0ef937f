"""Watching timing and measures: prompt surgery, the remnant, imaging, washout, cycles, restaging."""

from __future__ import annotations

from pathways.conformance.acts import Act
from pathways.conformance.limits import DAYS_A_WEEK
from pathways.conformance.property import Answer, Breach, Clock, Memory, Mode, Unknown, View
from pathways.messages.catalogue import say
from pathways.process.acts import ON_THE_LIVER, OPERATIONS, REMOVING, STIMULI
from pathways.process.treatments import TREATMENTS

# Families of treatments with drugs beside them: lines of systemic treatment.
LINES_OF_THEIR_OWN = frozenset(family for one in TREATMENTS if one.drugs for family in one.families)

# --- prompt surgery -------------------------------------------------------------------------------------------------


def prompt(mode: Mode, clock: Clock, act: Act, view: View) -> Answer:
    if mode[0] != "due" or not act.decision:
        return None
    if "systemic" in act.kinds:
        if not act.cycles:
            return Breach(say("prompt_surgery.untold_cycles"), "prompt_surgery", None, "cycles")
        words = say("prompt_surgery.more_cycles", cycles=act.cycles)
        return Breach(words, "prompt_surgery", float(act.cycles), "cycles")
    if not act.kinds & (OPERATIONS | STIMULI):
        return None
    if clock is None:
        return Unknown(say("prompt_surgery.day_not_told"), "prompt_surgery")
    most = view.limits.washout_waited_for(mode[1]) + view.limits.days("scheduling_weeks")
    if clock - act.rest > most:
        words = say("prompt_surgery.too_late", days=clock - act.rest, limit=most)
        return Breach(words, "prompt_surgery", float(clock - act.rest - most), "days")
    return None


def prompt_after(mode: Mode, clock: Clock, act: Act, view: View) -> Memory:
    del view
    state, regimen = mode
    if "systemic" in act.kinds and act.decision:
        return ("planned" if act.planned_course else "treated", act.regimen), 0
    # Radiotherapy of the rectum with its interval is declared beforehand and bounded by its own days.
    if act.kinds & (OPERATIONS | STIMULI | {"radiotherapy"}) or act.gives_up or act.progressed:
        return ("idle", regimen), 0
    if act.resectable and state != "planned":
        # A later restaging that says the same again does not make the wait begin anew.
        return ("due", regimen), clock if state == "due" else 0
    # What is found not resectable later on is not to be operated on: the treatment that follows is none that comes late.
    if act.resectable is False and state == "due":
        return ("idle", regimen), 0
    # A pregnancy bars the operation, not the team: promptness is asked for again from the delivery on.
    if "delivery" in act.kinds:
        return mode, 0
    return mode, clock if state == "due" else 0


# --- the remnant ----------------------------------------------------------------------------------------------------


def remnant_left(mode: Mode, clock: Clock, act: Act, view: View) -> Answer:
    del clock
    measured, cycles, weeks = mode
    one = act.resection
    if one is None and act.kinds & REMOVING and "removes" in act.untold:
        return Unknown(_not_told(act), "remnant_volume")
    if one is None or not act.kinds & REMOVING:
        return None
    found = view.limits.remnant(one, cycles, weeks)
    grown = measured == "enough" and (found != "short" or bool(one.growth_side))
    if found == "enough" or grown:
        return None
    if found == "open" and measured != "short":
        return Unknown(say("remnant_before_resection.open"), "remnant_volume")
    limit = view.limits.binding(one, cycles, weeks)
    left, wanted = limit.words(one.remnant.value)
    words = say("remnant_before_resection.too_small", remnant=left, limit=wanted)
    return Breach(words, limit.rule, round(max(0.0, limit.share - one.remnant.value), 4), "fraction")


def _not_told(act: Act) -> str:
    """What a record does not tell of a remnant."""
    if "gone" in act.untold:
        return say("remnant_before_resection.gone")
    if "after_stimulus" in act.untold:
        return say("remnant_before_resection.not_measured", since=say("remnant_before_resection.stimulus"))
    if "after_resection" in act.untold:
        return say("remnant_before_resection.not_measured", since=say("remnant_before_resection.resection"))
    return say("remnant_before_resection.not_told")


def remnant_left_after(mode: Mode, clock: Clock, act: Act, view: View) -> Memory:
    del view
    measured, cycles, weeks = mode
    if act.measured is not None:
        measured = act.measured
    elif act.kinds & (STIMULI | REMOVING | {"systemic"}) and act.decision:
        measured = None
    return (measured, cycles + act.cycles, weeks + act.weeks), clock


def remeasured(mode: Mode, clock: Clock, act: Act, view: View) -> Answer:
    del clock, view
    if mode and act.major and act.kinds & REMOVING and act.decision:
        if act.days is None:
            return Unknown(say("remnant_remeasured.not_told"), "remnant_volume")
        return Breach(say("remnant_remeasured.not_measured"), "remnant_volume")
    return None


def remeasured_after(mode: Mode, clock: Clock, act: Act, view: View) -> Memory:
    del view
    if act.kinds & STIMULI and act.decision:
        return True, clock
    return mode and not (act.measured or "volumetry" in act.kinds), clock


# --- imaging, washout, cycles ---------------------------------------------------------------------------------------


def imaging(mode: Mode, clock: Clock, act: Act, view: View) -> Answer:
    if not act.decision or not act.kinds & (ON_THE_LIVER | {"embolisation"}):
        return None
    if mode == "never":
        return Breach(say("imaging_fresh.never"), "imaging_fresh")
    if not act.kinds & STAGES:
        return None
    if clock is None:
        return Unknown(say("imaging_fresh.day_not_told"), "imaging_fresh")
    most = view.limits.days("imaging_weeks")
    if clock - act.rest > most:
        words = say("imaging_fresh.too_old", days=clock - act.rest, limit=most)
        return Breach(words, "imaging_fresh", float(clock - act.rest - most), "days")
    return None


STAGES = frozenset({"first_stage", "split", "further_stage", "last_stage"})


def imaging_after(mode: Mode, clock: Clock, act: Act, view: View) -> Memory:
    del view
    return ("seen", 0) if act.kinds & {"imaging", "volumetry"} else (mode, clock)


CUTS = frozenset({"hepatectomy", "last_stage", "first_stage", "split", "primary_resection"})


def washout(mode: Mode, clock: Clock, act: Act, view: View) -> Answer:
    if mode == "none" or not act.decision or not act.elective or not act.kinds & CUTS:
        return None
    needed = view.limits.washout_days(mode)
    if clock is None:
        return Unknown(say("washout_respected.day_not_known"), "washout_complete")
    if needed is None:
        if clock >= view.limits.washout_waited_for(mode):
            return None
        regimen = mode or say("washout_respected.regimen_not_told")
        return Unknown(say("washout_respected.not_known", regimen=regimen), "washout_complete")
    if clock < needed:
        words = say("washout_respected.too_soon", days=clock, limit=needed)
        return Breach(words, "washout_complete", float(needed - clock), "days")
    return None


def washout_start(view: View) -> Memory:
    past = view.assessed.past
    if not past.systemic_before:
        return "none", 0
    return past.last_regimen, None if past.last_dose_week is None else -past.last_dose_week * DAYS_A_WEEK


def washout_after(mode: Mode, clock: Clock, act: Act, view: View) -> Memory:
    del view
    if "systemic" in act.kinds and act.decision:
        return act.regimen, act.last_dose
    return mode, clock


def cycles_given(mode: Mode, clock: Clock, act: Act, view: View) -> Answer:
    del clock
    before, added = mode
    # What was given before the plan (or the record) began is nobody's deviation here.
    given, hard = before + added, view.protocol.whole("hard_cycles")
    if act.decision and act.kinds & (REMOVING | {"first_stage", "split"}) and added and given > hard:
        words = say("chemotherapy_bounded.too_many", cycles=given, limit=hard)
        return Breach(words, "chemotherapy_remaining", float(min(added, given - hard)), "cycles")
    return None


def cycles_given_after(mode: Mode, clock: Clock, act: Act, view: View) -> Memory:
    ended = bool(act.kinds & REMOVING and act.decision) or act.end == "resected"
    before, added = mode
    if not view.protocol.yes("cycles_of_earlier_lines_count"):
        # Each line counts its own: what progressed is over, and drugs beside a treatment are a line.
        ended = ended or bool(act.progressed)
        if act.decision and not LINES_OF_THEIR_OWN.isdisjoint(act.families):
            before, added = 0, 0
    return ((0, 0) if ended else (before, added + act.cycles)), clock


def restaged(mode: Mode, clock: Clock, act: Act, view: View) -> Answer:
    del clock
    if "systemic" not in act.kinds or not act.decision or act.adjuvant:
        return None
    # A targeted drug is given until most of its shrinkage is reached; imaging on the way is no step of its own.
    most = view.limits.days("targeted_weeks" if view.assessed.targeted else "restaging_weeks")
    if mode is None or act.given is None:
        return Unknown(say("restaged_in_time.days_not_told"), "restaging")
    given = mode + act.given
    if given > most:
        words = say("restaged_in_time.too_long", days=given, limit=most)
        return Breach(words, "restaging", float(given - most), "days")
    return None


def restaged_after(mode: Mode, clock: Clock, act: Act, view: View) -> Memory:
    del view
    if "imaging" in act.kinds:
        return 0, clock
    if "systemic" in act.kinds and act.decision:
        return (None if mode is None or act.given is None else mode + act.given), clock
    return mode, clock


def measured_since(view: View) -> bool:
    """Whether a volumetry of the case is not older than its last growth stimulus."""
    last = view.assessed.past.last_stimulus_week
    return any(last is None or one.week >= last for one in view.case.liver.measured_remnants)


# --- intervals between treatments -----------------------------------------------------------------------------------


END_NOT_TOLD = "end_not_told"


def rested(mode: Mode, clock: Clock, act: Act, view: View) -> Answer:
    if not mode or not act.decision or not act.elective or "primary_resection" not in act.kinds:
        return None
    answer = _too_soon(clock, act, view.limits.days("radiotherapy_wait_weeks"), "radiotherapy")
    if answer is None and mode == END_NOT_TOLD:
        return Unknown(say("intervals_kept.not_told"), "radiotherapy")
    return answer


def rested_start(view: View) -> Memory:
    given = [event for event in view.case.history if event.event == "radiotherapy"]
    if not given:
        return False, 0
    ended = given[-1].until_week if given[-1].until_week is not None else given[-1].week
    return True, None if ended is None else -ended * DAYS_A_WEEK


def rested_after(mode: Mode, clock: Clock, act: Act, view: View) -> Memory:
    # The interval passes in steps of the same kind: it begins with the first of them. A record tells radiotherapy alone, in parts.
    begins = "radiotherapy" in act.kinds and act.decision and (not mode or view.recorded)
    # Where its end is not told the interval counts from its beginning: too short even then, it is surely too short.
    return (END_NOT_TOLD if act.given is None else True, act.rest) if begins else (mode, clock)


def targeted(mode: Mode, clock: Clock, act: Act, view: View) -> Answer:
    del clock
    if not view.assessed.targeted or not act.decision or not act.elective or not act.kinds & ON_THE_LIVER:
        return None
    needed = view.limits.days("targeted_weeks")
    if mode is None:
        return Unknown(say("intervals_kept.not_told"), "targeted_first")
    if mode < needed:
        words = say("intervals_kept.targeted", days=mode, limit=needed)
        return Breach(words, "targeted_first", float(needed - mode), "days")
    return None


def targeted_start(view: View) -> Memory:
    past = view.assessed.past
    return (None if past.other_weeks is None else round(past.other_weeks * DAYS_A_WEEK)), 0


def targeted_after(mode: Mode, clock: Clock, act: Act, view: View) -> Memory:
    del view
    if "systemic" not in act.kinds or not act.decision:
        return mode, clock
    return (None if mode is None or act.given is None else mode + act.given), clock


def observed(mode: Mode, clock: Clock, act: Act, view: View) -> Answer:
    if not mode or not act.decision or "transplantation" not in act.kinds:
        return None
    return _too_soon(clock, act, view.limits.days("transplant_observation_weeks"), "transplant_criteria")


def observed_start(view: View) -> Memory:
    resected = [event.week for event in view.case.history if event.event == "primary_resection"]
    return (True, None if resected[-1] is None else -resected[-1] * DAYS_A_WEEK) if resected else (False, 0)


def observed_after(mode: Mode, clock: Clock, act: Act, view: View) -> Memory:
    del view
    return (True, act.rest) if "primary_resection" in act.kinds and act.decision else (mode, clock)


# --- a pregnancy ------------------------------------------------------------------------------------------------------


def expecting(mode: Mode, clock: Clock, act: Act, view: View) -> Answer:
    if not mode or not act.decision or not act.elective:
        return None
    if act.kinds & OPERATIONS:
        key, days = "pregnancy_operation_to_week", act.rest
    elif "systemic" in act.kinds:
        key, days = "pregnancy_systemic_to_week", 0
    else:
        return None
    if clock is None:
        return Unknown(say("pregnancy_weeks.not_told"), "pregnancy")
    weeks, limit = (clock - days) / DAYS_A_WEEK, view.protocol.number(key)
    if weeks <= limit:
        return None
    words = say("pregnancy_weeks.late", week=weeks, limit=limit)
    return Breach(words, "pregnancy", round(weeks - limit, 1), "weeks")


def expecting_start(view: View) -> Memory:
    week = view.case.patient.pregnant_weeks
    return (week is not None), round((week or 0) * DAYS_A_WEEK)


def expecting_after(mode: Mode, clock: Clock, act: Act, view: View) -> Memory:
    del view
    return (mode, clock) if mode and "delivery" not in act.kinds else (False, 0)


def _too_soon(clock: Clock, act: Act, least: int, rule: str) -> Answer:
    if clock is None:
        return Unknown(say("intervals_kept.not_told"), rule)
    days = clock - act.rest
    if days >= least:
        return None
    return Breach(say("intervals_kept.too_soon", days=days, limit=least), rule, float(least - days), "days")
