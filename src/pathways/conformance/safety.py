"""Watching what is cleared and what bars: sites, bars, growth and stages, the primary, the diagnosis, wishes, the machine."""

from __future__ import annotations

from pathways.conformance.acts import Act
from pathways.conformance.property import Answer, Breach, Clock, Memory, Mode, Unknown, View
from pathways.process.acts import ON_THE_LIVER, OPERATIONS, REMOVING, STIMULI, TREATMENTS

# --- what is cleared, and what bars an operation ----------------------------------------------------------------------

WATCHED = "watched site"
FOUND = "found at operation"
RECURRENCE = "recurrence"


def sites_to_clear(view: View) -> Memory:
    case = view.case
    found = {one.label for one in view.assessed.lesions}
    if case.primary.status == "in_situ" or (case.primary.status is None and case.primary.urgent not in (None, "none")):
        found.add("primary")
    if case.extrahepatic:
        found.add("extrahepatic")
    return frozenset(found), 0


def cleared(mode: Mode, clock: Clock, act: Act, view: View) -> Answer:
    left, _ = sites_left(mode, clock, act, view)
    allowed = {WATCHED} if act.end == "no_visible_disease" else set()
    if act.end in ("resected", "no_visible_disease") and left - allowed:
        return Breach(f"not cleared: {', '.join(sorted(left - allowed))}", "complete_clearance")
    return None


def sites_left(mode: Mode, clock: Clock, act: Act, view: View) -> Memory:
    left: frozenset[str] = mode - act.treated
    lesions = zip(view.assessed.lesions, view.case.lesions, strict=True)
    if act.characterised == "others_benign":
        left -= {seen.label for seen, entry in lesions if entry.nature == "suspected"}
    elif act.watched:
        left = (left - {seen.label for seen, entry in lesions if entry.nature == "vanished"}) | {WATCHED}
    if act.found_more:
        left |= {FOUND}
    if act.recurs:
        left |= {RECURRENCE}
    return left, clock


def barred(mode: Mode, clock: Clock, act: Act, view: View) -> Answer:
    del clock
    if not act.decision or not act.elective or not act.kinds & OPERATIONS:
        return None
    progressed, drained = mode
    limits = view.limits
    on_liver = act.kinds & ON_THE_LIVER
    extent = "ablation" if on_liver == {"ablation"} and not act.removes else "major" if act.major else "minor"
    if limits.unfit(extent):
        return Breach(f"not fit for a treatment of this extent ({extent})", "fit_for_operation")
    if progressed and not view.protocol.yes("operate_on_progression"):
        return Breach("the disease has progressed and is not controlled again", "disease_controlled")
    if not on_liver:
        return None
    if limits.elsewhere():
        return Breach("disease outside the liver that is not operated on", "extrahepatic_resectable")
    if limits.failing_liver():
        return Breach("signs of a failing liver", "liver_sufficient")
    if view.case.liver.biliary_obstruction == "present" and not drained:
        return Breach("bile ducts are obstructed and not drained", "biliary_drained")
    return None


def barred_start(view: View) -> Memory:
    return (view.assessed.past.last_response == "progression", False), 0


def barred_after(mode: Mode, clock: Clock, act: Act, view: View) -> Memory:
    del view
    progressed, drained = mode
    # A recurrence is assessed anew: the duct of day 0 says nothing of it.
    drained = drained or act.drained or act.end == "resected"
    return (progressed if act.progressed is None else act.progressed, drained), clock


# --- growth, stages, the primary --------------------------------------------------------------------------------------


def tumour_side(mode: Mode, clock: Clock, act: Act, view: View) -> Answer:
    del clock
    if not act.decision or not act.removes:
        return None
    if act.kinds & STIMULI and act.occludes & ~act.removes:
        return Breach("a branch of segments that are to stay is closed", "tumour_side")
    if act.major and act.kinds & REMOVING and mode & view.assessed.present & ~act.removes:
        return Breach("segments whose branch was closed are left", "tumour_side")
    return None


def tumour_side_after(mode: Mode, clock: Clock, act: Act, view: View) -> Memory:
    del view
    return (0 if act.kinds & REMOVING and act.decision else mode | act.occludes), clock


def in_order(mode: Mode, clock: Clock, act: Act, view: View) -> Answer:
    del clock, view
    if "last_stage" in act.kinds and act.decision and not mode:
        return Breach("stage two without a stage one", "staged_in_order")
    return None


def in_order_start(view: View) -> Memory:
    return any(event.event in ("first_stage", "alpps_stage_1") for event in view.case.history), 0


def in_order_after(mode: Mode, clock: Clock, act: Act, view: View) -> Memory:
    del view
    # A record may call a first stage what it was as an operation: a hepatectomy.
    return (bool(mode) or bool(act.kinds & {"first_stage", "split", "hepatectomy"} and act.decision)), clock


def interstage(mode: Mode, clock: Clock, act: Act, view: View) -> Answer:
    del clock, view
    if mode and act.decision and "last_stage" in act.kinds:
        return Breach("stage two during liver failure or sepsis", "interstage_fit")
    return None


def interstage_after(mode: Mode, clock: Clock, act: Act, view: View) -> Memory:
    del view
    return (bool(mode) if act.ill is None else act.ill), clock


def urgent(mode: Mode, clock: Clock, act: Act, view: View) -> Answer:
    del clock
    if mode and act.decision and act.elective and act.kinds & TREATMENTS:
        return Breach(f"{view.case.primary.urgent} of the primary is not dealt with yet", "primary_not_urgent")
    return None


def urgent_start(view: View) -> Memory:
    return view.case.primary.urgent not in (None, "none"), 0


def urgent_after(mode: Mode, clock: Clock, act: Act, view: View) -> Memory:
    del view
    return mode and not act.kinds & {"primary_resection", "diversion"}, clock


def together(mode: Mode, clock: Clock, act: Act, view: View) -> Answer:
    del mode, clock
    if not act.decision or "primary_resection" not in act.kinds or not act.kinds & ON_THE_LIVER:
        return None
    allowed = view.limits.simultaneous_allowed(major=act.major)
    if allowed is None:
        return Unknown("the site of the primary is not told", "simultaneous_safe")
    if not allowed:
        return Breach(f"a major hepatectomy together with the {view.case.primary.site}", "simultaneous_safe")
    return None


# --- the diagnosis, wishes --------------------------------------------------------------------------------------------


def characterised(mode: Mode, clock: Clock, act: Act, view: View) -> Answer:
    del clock, view
    if mode and act.decision and not act.diagnostic and act.kinds & ON_THE_LIVER:
        return Breach("a lesion that is only suspected is treated without being characterised", "lesions_characterised")
    return None


def characterised_start(view: View) -> Memory:
    return any(lesion.nature == "suspected" for lesion in view.case.lesions), 0


def characterised_after(mode: Mode, clock: Clock, act: Act, view: View) -> Memory:
    del view
    done = act.characterised is not None or "characterisation" in act.kinds
    return mode and not done and not (act.kinds & ON_THE_LIVER and act.decision), clock


def benign(mode: Mode, clock: Clock, act: Act, view: View) -> Answer:
    del clock, view
    if mode and act.decision and act.kinds & TREATMENTS:
        return Breach("the lesion was found benign: no oncological treatment follows", "lesions_characterised")
    return None


def benign_after(mode: Mode, clock: Clock, act: Act, view: View) -> Memory:
    del view
    return bool(mode) or act.characterised == "benign", clock


def wishes(mode: Mode, clock: Clock, act: Act, view: View) -> Answer:
    del mode, clock
    declined = set(act.families) & set(view.case.patient.declines)
    return Breach(f"the patient declines {', '.join(sorted(declined))}", "patient_accepts") if declined else None


# --- the machine itself -----------------------------------------------------------------------------------------------

ROUNDING = 1e-6


def volume(mode: Mode, clock: Clock, act: Act, view: View) -> Answer:
    del mode, clock
    one = act.resection
    if one is None:
        return None
    volumes, present = view.assessed.volumes, view.assessed.present
    whole = volumes.share(one.kept) + volumes.share(present & ~one.kept)
    if abs(whole - 1) > ROUNDING or one.remnant.value > volumes.share(one.kept) + ROUNDING:
        return Breach("the parts of the liver do not add up to the whole", "volume_conserved")
    return None


def time(mode: Mode, clock: Clock, act: Act, view: View) -> Answer:
    del mode, clock, view
    return Breach(f"{act.days} days", "time_advances") if act.days is not None and act.days < 0 else None


def cited(mode: Mode, clock: Clock, act: Act, view: View) -> Answer:
    del mode, clock, view
    return Breach(f"{act.name} cites no source", "every_step_cited") if act.decision and not act.cites else None
