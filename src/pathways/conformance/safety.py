"""Watching what is cleared and what bars: sites, bars, growth and stages, the primary, the diagnosis, wishes, the machine."""

from __future__ import annotations

from pathways.case.grading import grade_of
from pathways.case.volumetry import HEPATECTOMIES, OCCLUDING
from pathways.conformance.acts import Act
from pathways.conformance.property import Answer, Breach, Clock, Memory, Mode, Unknown, View
from pathways.facts.prognostic_inputs import inputs_of
from pathways.facts.scores import points_of
from pathways.facts.systemic_before_surgery import SCORE
from pathways.liver.anatomy import mask_of
from pathways.liver.lesions import thrombosed
from pathways.messages.catalogue import called, say
from pathways.process.acts import ON_THE_LIVER, OPERATIONS, REMOVING, STIMULI, TREATMENTS

# --- what is cleared, and what bars an operation ----------------------------------------------------------------------

# Systemic treatment in blocks, or as long as it controls the disease.
DRUGS = frozenset({"systemic", "control"})
MAY_BE_BARRED = TREATMENTS | DRUGS
WATCHED = "watched site"
FOUND = "found at operation"
REMOVED_BY = {"primary_resection": "primary", "metastasectomy": "extrahepatic"}
OF_THE_LIVER = ON_THE_LIVER | STIMULI | {"transplantation"}
RECURRENCE = "recurrence"
# What may be left beside lesions, which have labels of their own.
OTHER_SITES = {
    "primary": "primary", "extrahepatic": "extrahepatic", WATCHED: "watched", FOUND: "found", RECURRENCE: "recurrence",
}  # fmt: skip


def sites_to_clear(view: View) -> Memory:
    case = view.case
    found = {one.label for one in view.assessed.lesions}
    if case.primary_in_place:
        found.add("primary")
    if view.limits.sites_elsewhere:
        found.add("extrahepatic")
    return frozenset(found), 0


def cleared(mode: Mode, clock: Clock, act: Act, view: View) -> Answer:
    left, _ = sites_left(mode, clock, act, view)
    allowed = {WATCHED} if act.end == "no_visible_disease" else set()
    if act.end in ("resected", "no_visible_disease") and left - allowed:
        sites = ", ".join(_site(one) for one in sorted(left - allowed))
        return Breach(say("complete_clearance.not_cleared", sites=sites), "complete_clearance")
    return None


def _site(site: str) -> str:
    return called("uncleared", OTHER_SITES[site]) if site in OTHER_SITES else site


def sites_left(mode: Mode, clock: Clock, act: Act, view: View) -> Memory:
    left: frozenset[str] = mode - act.treated
    lesions = view.assessed.entries
    if act.characterised in ("benign", "others_benign"):
        left -= {label for entry, label in lesions if entry.known_as == "suspected"}
    elif act.watched:
        left = (left - {label for entry, label in lesions if entry.known_as == "vanished"}) | {WATCHED}
    if act.found_more:
        left |= {FOUND}
    if act.recurs:
        left |= {RECURRENCE}
    return left, clock


def barred(mode: Mode, clock: Clock, act: Act, view: View) -> Answer:
    del clock
    if not act.decision or not act.elective or not act.kinds & MAY_BE_BARRED:
        return None
    progressed, drained, recovered = mode
    return (
        (_operation_barred(act, view, progressed=progressed, recovered=recovered) if act.kinds & OPERATIONS else None)
        or (_drugs_barred(view) if act.kinds & DRUGS else None)
        or (None if drained else _undrained(view))
    )


def _operation_barred(act: Act, view: View, *, progressed: bool, recovered: bool) -> Breach | None:
    limits = view.limits
    on_liver = act.kinds & ON_THE_LIVER
    extent = "ablation" if on_liver == {"ablation"} and not act.removes else "major" if act.major else "minor"
    if limits.unfit(extent, recovered=recovered):
        return Breach(say("no_bar_ignored.not_fit", extent=called("extent", extent)), "fit_for_operation")
    if progressed and not view.protocol.yes("operate_on_progression"):
        return Breach(say("no_bar_ignored.progressed"), "disease_controlled")
    if not on_liver:
        return None
    if limits.elsewhere():
        return Breach(say("no_bar_ignored.elsewhere"), "extrahepatic_resectable")
    if limits.failing_liver(extent, recovered=recovered):
        return Breach(say("no_bar_ignored.failing_liver"), "liver_sufficient")
    return None


def _drugs_barred(view: View) -> Breach | None:
    return Breach(say("no_bar_ignored.drugs"), "liver_sufficient") if view.limits.bears_no_drugs() else None


def _undrained(view: View) -> Breach | None:
    if not view.limits.obstructed():
        return None
    return Breach(say("no_bar_ignored.obstructed"), "biliary_drained")


def barred_start(view: View) -> Memory:
    return (view.assessed.past.last_response == "progression", False, False), 0


def barred_after(mode: Mode, clock: Clock, act: Act, view: View) -> Memory:
    progressed, drained, recovered = mode
    # What is told of today passes with time only where a stage before today has made it; whom a stage to come makes ill was so before.
    recovered = recovered or (act.ill is False and view.limits.between_stages)
    # A recurrence is assessed anew: the duct of day 0 says nothing of it.
    drained = drained or act.drained or act.end == "resected"
    return (progressed if act.progressed is None else act.progressed, drained, recovered), clock


# --- growth, stages, the primary --------------------------------------------------------------------------------------


def tumour_side(mode: Mode, clock: Clock, act: Act, view: View) -> Answer:
    del clock
    if not act.decision or not act.removes:
        return None
    if act.kinds & STIMULI and act.occludes & ~act.removes:
        return Breach(say("tumour_side_embolised.stays"), "tumour_side")
    if act.major and act.kinds & REMOVING and mode & view.assessed.present & ~act.removes:
        return Breach(say("tumour_side_embolised.left"), "tumour_side")
    return None


def tumour_side_after(mode: Mode, clock: Clock, act: Act, view: View) -> Memory:
    del view
    return (0 if act.kinds & REMOVING and act.decision else mode | act.occludes), clock


def in_order(mode: Mode, clock: Clock, act: Act, view: View) -> Answer:
    del clock, view
    if "last_stage" in act.kinds and act.decision and not mode:
        return Breach(say("staged_in_order.no_stage_one"), "staged_in_order")
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
        return Breach(say("interstage_fit.ill"), "interstage_fit")
    return None


def interstage_after(mode: Mode, clock: Clock, act: Act, view: View) -> Memory:
    del view
    return (bool(mode) if act.ill is None else act.ill), clock


def urgent(mode: Mode, clock: Clock, act: Act, view: View) -> Answer:
    del clock
    if mode and act.decision and act.elective and act.kinds & TREATMENTS:
        emergency = called("urgency", str(view.case.primary.urgent))
        return Breach(say("urgent_primary_first.not_dealt_with", emergency=emergency), "primary_not_urgent")
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
    allowed = view.limits.simultaneous_allowed(major=act.major or act.beside == "major")
    if act.beside == "untold" and view.limits.simultaneous_allowed(major=True) is not True:
        return Unknown(say("simultaneous_only_when_safe.removes_not_told"), "simultaneous_safe")
    if allowed is None:
        return Unknown(say("simultaneous_only_when_safe.site_not_told"), "simultaneous_safe")
    if not allowed:
        site = called("bowel", str(view.case.primary.site))
        return Breach(say("simultaneous_only_when_safe.major", site=site), "simultaneous_safe")
    return None


# --- what comes first, where the protocol asks for it -------------------------------------------------------------------

FIRST_ON_THE_LIVER = ON_THE_LIVER | {"embolisation"}
# Segments that may go with either side: a record of an embolisation does not tell with which.
WITH_EITHER_SIDE = mask_of([1, 4])


def untested(mode: Mode, clock: Clock, act: Act, view: View) -> Answer:
    del clock
    if not mode or act.diagnostic or not act.decision or not act.elective or not act.kinds & FIRST_ON_THE_LIVER:
        return None
    number, most = inputs_of(view.case)["number"], view.protocol.whole("systemic_first_from_lesions")
    offered = view.protocol.yes("perioperative_accepted") or view.case.primary.mismatch_repair == "deficient"
    if offered and number[0] >= most:
        words = say("systemic_first.many", number=int(number[0]), limit=most)
        return Breach(words, "systemic_before_surgery", float(number[0] - most), "lesions")
    limit = view.protocol.whole("systemic_first_from_points")
    points, untold = points_of(SCORE, view.case)
    if points >= limit:
        words = say("systemic_first.not_given", points=points, limit=limit)
        return Breach(words, "systemic_before_surgery", float(points - limit), "points")
    if view.recorded and (points + sum(untold.values()) >= limit or (offered and number[1] >= most)):
        return Unknown(say("systemic_first.not_told"), "systemic_before_surgery")
    return None


def untested_start(view: View) -> Memory:
    begun = any(event.event in (*HEPATECTOMIES, *OCCLUDING) for event in view.case.history)
    return view.case.primary.tumour == "colorectal" and not begun and not view.limits.treated_before, 0


def untested_after(mode: Mode, clock: Clock, act: Act, view: View) -> Memory:
    del view
    return mode and not (act.decision and act.kinds & (FIRST_ON_THE_LIVER | {"systemic"}) and not act.diagnostic), clock


def uncleared_side(mode: Mode, clock: Clock, act: Act, view: View) -> Answer:
    del clock
    if (
        mode
        or not act.decision
        or "embolisation" not in act.kinds
        or not view.protocol.yes("remnant_cleared_before_stimulus")
    ):
        return None
    if not act.occludes:
        return Unknown(say("remnant_cleared_first.not_told"), "staged_in_order")
    goes = act.removes or act.occludes | WITH_EITHER_SIDE
    left = [one.label for one in view.assessed.lesions if not one.mask & goes]
    if not left:
        return None
    return Breach(say("remnant_cleared_first.left", lesions=", ".join(left)), "staged_in_order")


def uncleared_side_start(view: View) -> Memory:
    return any(event.event in HEPATECTOMIES for event in view.case.history), 0


def uncleared_side_after(mode: Mode, clock: Clock, act: Act, view: View) -> Memory:
    del view
    return mode or bool(act.decision and act.kinds & ON_THE_LIVER), clock


# --- the diagnosis, wishes --------------------------------------------------------------------------------------------


def characterised(mode: Mode, clock: Clock, act: Act, view: View) -> Answer:
    del clock, view
    if mode and act.decision and not act.diagnostic and act.kinds & ON_THE_LIVER:
        return Breach(say("characterised_before_resection.only_suspected"), "lesions_characterised")
    return None


def characterised_start(view: View) -> Memory:
    return any(lesion.known_as == "suspected" for lesion in view.case.lesions), 0


def characterised_after(mode: Mode, clock: Clock, act: Act, view: View) -> Memory:
    del view
    done = act.characterised is not None or "characterisation" in act.kinds
    return mode and not done and not (act.kinds & ON_THE_LIVER and act.decision), clock


def benign(mode: Mode, clock: Clock, act: Act, view: View) -> Answer:
    del clock, view
    found, elsewhere = mode
    if not found or not act.decision or not act.kinds & TREATMENTS:
        return None
    # What lies elsewhere is treated as if the liver had never been looked at; the liver is left alone.
    if elsewhere and not act.kinds & OF_THE_LIVER:
        return None
    return Breach(say("benign_not_treated.treated"), "lesions_characterised")


def benign_start(view: View) -> Memory:
    return (False, frozenset(sites_to_clear(view)[0]) & {"primary", "extrahepatic"}), 0


def benign_after(mode: Mode, clock: Clock, act: Act, view: View) -> Memory:
    del view
    found, elsewhere = mode
    removed = {site for kind, site in REMOVED_BY.items() if act.decision and kind in act.kinds}
    return (found or act.characterised == "benign", elsewhere - removed), clock


# --- what the file says of the tumour --------------------------------------------------------------------------------


def thrombosed_branch(mode: Mode, clock: Clock, act: Act, view: View) -> Answer:
    del mode, clock
    if not act.decision or not act.occludes or not act.kinds & STIMULI:
        return None
    barred_stimuli = view.protocol.words("thrombus_bars_stimuli")
    closed_by = {"embolisation": ("pve", "lvd"), "first_stage": ("pve",), "split": ("split",)}
    named = {one for kind in act.kinds & STIMULI for one in closed_by[kind]}
    if named <= set(barred_stimuli) and any(thrombosed(one) & act.occludes for one in view.case.lesions):
        return Breach(say("thrombosed_branch_left.closed"), "remnant_growth")
    return None


def heat(mode: Mode, clock: Clock, act: Act, view: View) -> Answer:
    del mode, clock
    joined = view.case.liver.bilioenteric_anastomosis
    if not joined or view.protocol.yes("ablation_after_bilioenteric_anastomosis") or not act.decision:
        return None
    if "ablation" in act.kinds or (act.resection is not None and act.resection.ablated):
        return Breach(say("no_heat_at_joined_duct.ablated"), "bilioenteric_anastomosis")
    return None


def sought(mode: Mode, clock: Clock, act: Act, view: View) -> Answer:
    del clock
    if mode and act.decision and act.elective and act.kinds & TREATMENTS:
        if view.recorded:
            # No word of a record tells of the search.
            return Unknown(say("primary_looked_for.not_told"), "primary_sought")
        return Breach(say("primary_looked_for.not_looked_for"), "primary_sought")
    return None


def sought_start(view: View) -> Memory:
    return view.case.primary.tumour == "unknown" and view.protocol.yes("look_for_unknown_primary"), 0


def sought_after(mode: Mode, clock: Clock, act: Act, view: View) -> Memory:
    del view
    return mode and "search" not in act.kinds, clock


def graded(mode: Mode, clock: Clock, act: Act, view: View) -> Answer:
    del mode, clock
    grade, highest = grade_of(view.case.primary), view.protocol.whole("neuroendocrine_grade_max")
    if grade is None or grade <= highest or not act.decision or not act.elective or not act.kinds & OF_THE_LIVER:
        return None
    words = say("grade_respected.too_high", grade=grade, highest=highest)
    return Breach(words, "primary_rules", float(grade - highest), "grade")


def wishes(mode: Mode, clock: Clock, act: Act, view: View) -> Answer:
    del mode, clock
    declined = set(act.families) & set(view.case.patient.declines)
    if not declined:
        return None
    return Breach(say("wishes_respected.declined", families=", ".join(sorted(declined))), "patient_accepts")


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
        return Breach(say("volume_conserved.uneven"), "volume_conserved")
    return None


def time(mode: Mode, clock: Clock, act: Act, view: View) -> Answer:
    del mode, clock, view
    if act.days is None or act.days >= 0:
        return None
    return Breach(say("time_advances.negative", days=act.days), "time_advances")


def cited(mode: Mode, clock: Clock, act: Act, view: View) -> Answer:
    del mode, clock, view
    if not act.decision or act.cites:
        return None
    return Breach(say("every_step_cited.no_source", step=act.name), "every_step_cited")
