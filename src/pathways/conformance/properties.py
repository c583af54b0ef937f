"""What a treatment never does wrong: each property once, with its sentence, its sources and what watches it."""

from __future__ import annotations

from pathways.conformance import safety, timing
from pathways.conformance.property import ANYTHING, Property
from pathways.messages.catalogue import worded, words
from pathways.process.acts import ON_THE_LIVER, OPERATIONS, REMOVING, STIMULI, TREATMENTS

ALWAYS_ENDS, ENDS_STAY_ENDED = "always_ends", "ends_stay_ended"

_PROPERTIES: tuple[Property, ...] = (
    Property(
        "prompt_surgery",
        "Once a restaging under conversion finds the disease resectable in a fit patient, the next treatment is the operation or "
        "its preparation, within the washout and the scheduling limit (from the delivery on, where a pregnancy bars it).",
        ("karoui_2006", "folprecht_2010_celim"), frozenset({"systemic"}) | OPERATIONS | STIMULI, timing.prompt,
        lambda _: (("idle", None), 0), timing.prompt_after, "latest",
    ),
    Property(
        "remnant_before_resection", "No elective resection leaves a remnant below the limits for the liver at that time.",
        ("vancutsem_2016_esmo", "truant_2007"), REMOVING, timing.remnant_left, lambda _: ((None, 0, 0.0), 0), timing.remnant_left_after,
    ),
    Property(
        "remnant_remeasured", "After a growth stimulus or stage one there is volumetry before the next major resection.",
        ("denys_2010", "shindoh_2013_pve"), REMOVING, timing.remeasured,
        lambda view: (bool(view.assessed.past.closed_inflow) and not timing.measured_since(view), 0), timing.remeasured_after,
    ),
    Property(
        "imaging_fresh", "The liver is imaged before its first treatment, and again within the protocol's weeks before every stage.",
        ("camino_2024", "value_2014"), ON_THE_LIVER | {"embolisation"}, timing.imaging,
        lambda view: ("seen" if view.recorded else "never", 0), timing.imaging_after, "latest",
    ),
    Property(
        "complete_clearance",
        "Resected means that every lesion, vanished ones too, the primary and every site elsewhere is cleared; a watched site "
        "ends in no visible disease.",
        ("benoist_2006", "vancutsem_2016_esmo"), ANYTHING, safety.cleared, safety.sites_to_clear, safety.sites_left,
    ),
    Property(
        "no_bar_ignored",
        "No operation while fitness, disease elsewhere, a failing liver or progression bars it, no drugs that the liver does not bear, and "
        "no elective treatment of any kind while a bile duct is obstructed and not drained.",
        ("oncosurge_2005",), safety.MAY_BE_BARRED, safety.barred, safety.barred_start, safety.barred_after,
    ),
    Property(
        "washout_respected", "From the last dose to an elective resection of liver or bowel the interval of that drug has passed.",
        ("karoui_2006",), timing.CUTS, timing.washout, timing.washout_start, timing.washout_after, "earliest",
    ),
    Property(
        "chemotherapy_bounded", "Cytotoxic cycles before a hepatectomy, since the last one or since the liver was cleared, are never above the hard limit, "
        "where the protocol says so each line by itself; "
        "courses of the history that ended long ago are left out.", ("karoui_2006",),
        REMOVING | {"first_stage", "split"}, timing.cycles_given, lambda view: ((view.limits.cycles_before, 0), 0), timing.cycles_given_after,
    ),
    Property(
        "restaged_in_time", "Systemic treatment is restaged at least every protocol interval.", ("folprecht_2010_celim",),
        frozenset({"systemic"}), timing.restaged, lambda _: (0, 0), timing.restaged_after,
    ),
    Property(
        "radiotherapy_interval", "From the end of radiotherapy to an elective resection of the primary the protocol's weeks pass, whatever lies between.",
        ("stockholm3_2010",), frozenset({"primary_resection"}), timing.rested, timing.rested_start, timing.rested_after, "earliest",
    ),
    Property(
        "targeted_long_enough", "A targeted drug is given the protocol's weeks before the liver is operated on.",
        ("imatinib_before_surgery_2017", "imatinib_phase2_2012"), ON_THE_LIVER, timing.targeted, timing.targeted_start, timing.targeted_after,
    ),
    Property(
        "observed_before_transplantation", "Between a resection of the primary and listing for transplantation the protocol's weeks pass.",
        ("transmet_2024",), frozenset({"transplantation"}), timing.observed, timing.observed_start, timing.observed_after, "earliest",
    ),
    Property(
        "pregnancy_weeks_kept",
        "During a pregnancy no elective operation is done and no block of drugs ends after the protocol's weeks, whatever lies before it.",
        ("pregnancy_esmo_2013", "pregnancy_bowel_1998"), OPERATIONS | {"systemic"}, timing.expecting, timing.expecting_start,
        timing.expecting_after, "latest",
    ),
    Property(
        "tumour_side_embolised", "Only branches of segments that are to be removed are closed.", ("denys_2010",),
        STIMULI | REMOVING, safety.tumour_side, lambda _: (0, 0), safety.tumour_side_after,
    ),
    Property(
        "staged_in_order", "Stage two follows a stage one.", ("passot_2016",), frozenset({"last_stage"}), safety.in_order, safety.in_order_start,
        safety.in_order_after,
    ),
    Property(
        "interstage_fit", "No stage two during liver failure or sepsis.", ("alpps_registry_2014",), frozenset({"last_stage"}),
        safety.interstage, lambda _: (False, 0), safety.interstage_after,
    ),
    Property(
        "urgent_primary_first", "Obstruction, perforation or bleeding of the primary is controlled before elective treatment.",
        ("egoslim_2015",), TREATMENTS, safety.urgent, safety.urgent_start, safety.urgent_after,
    ),
    Property(
        "simultaneous_only_when_safe", "Primary and liver go together only where the protocol holds it safe.",
        ("boudjema_2021_metasync", "oncol_ther_2021"), frozenset({"primary_resection"}), safety.together,
    ),
    Property(
        "systemic_before_surgery",
        "Where the protocol asks for it by the points of the clinical risk score, systemic treatment comes before the first treatment of the liver.",
        ("crs_neoadjuvant_2022", "nordlinger_2008_eortc"), safety.FIRST_ON_THE_LIVER, safety.untested, safety.untested_start, safety.untested_after,
    ),
    Property(
        "remnant_cleared_first",
        "Where the protocol asks for it, nothing is embolised while the side that stays bears tumour.",
        ("simoneau_2012", "pommier_2014"), frozenset({"embolisation"}), safety.uncleared_side, safety.uncleared_side_start,
        safety.uncleared_side_after,
    ),
    Property(
        "characterised_before_resection",
        "A suspected lesion is characterised by imaging before it is resected, or the resection is said to be diagnostic.",
        ("false_positive_2018", "camino_2024"), ON_THE_LIVER, safety.characterised, safety.characterised_start, safety.characterised_after,
    ),
    Property(
        "benign_not_treated", "A lesion found benign gets no oncological treatment; what lies outside the liver keeps its own.", ("false_positive_2018",), TREATMENTS, safety.benign,
        safety.benign_start, safety.benign_after,
    ),
    Property(
        "thrombosed_branch_left", "No portal branch that holds tumour is closed so that the other side grows.", ("pathways_team",), STIMULI,
        safety.thrombosed_branch,
    ),
    Property(
        "no_heat_at_joined_duct", "Where a bile duct is joined to the bowel nothing is ablated, unless the protocol accepts it.",
        ("pathways_team",), ON_THE_LIVER, safety.heat,
    ),
    Property(
        "primary_looked_for", "A primary that is not known is looked for before any elective treatment.", ("cup_esmo_2023",), TREATMENTS,
        safety.sought, safety.sought_start, safety.sought_after,
    ),
    Property(
        "grade_respected", "The liver is not operated on for a neuroendocrine tumour of a grade above the protocol's.",
        ("net_grade_2025",), ON_THE_LIVER | STIMULI | {"transplantation"}, safety.graded,
    ),
    Property("wishes_respected", "Nothing the patient declines is done.", ("vancutsem_2016_esmo",), ANYTHING, safety.wishes),
    Property(
        "volume_conserved", "Functional volume changes only by declared causes, and adds up.", ("kim_2013_slv",), REMOVING, safety.volume,
    ),
    Property("time_advances", "No step takes negative time.", ("pathways_team",), ANYTHING, safety.time),
    Property("every_step_cited", "Each decision cites at least one source.", ("pathways_team",), ANYTHING, safety.cited),
)  # fmt: skip
PROPERTIES = tuple(worded(f"property.{one.id}", one, "sentence") for one in _PROPERTIES)
# Properties of the graph as a whole, which no single act can break.
_STRUCTURAL = {
    ALWAYS_ENDS: "An end is reachable from everywhere.",
    ENDS_STAY_ENDED: "An end has no way out.",
}
STRUCTURAL = {one: words(f"property.{one}.sentence", sentence) for one, sentence in _STRUCTURAL.items()}
