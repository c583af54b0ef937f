"""How an act breaks a property, what a record does not tell, and what must hold of a graph as a whole.

Ids of the first part begin with the property that is broken; days and cycles are whole numbers.
"""

from collections.abc import Mapping

CONFORMANCE: Mapping[str, str] = {
    "prompt_surgery.more_cycles": "{cycles} cycles after a restaging had found the disease resectable",
    # The same where a record does not tell how many.
    "prompt_surgery.untold_cycles": "more cycles after a restaging had found the disease resectable",
    "prompt_surgery.day_not_told": "the day of the restaging or of the operation is not told",
    "prompt_surgery.too_late": "{days} days from the restaging to the operation, at most {limit}",
    "remnant_before_resection.not_told": "which segments were removed is not told",
    "remnant_before_resection.gone": "the segments that it names were gone already: what was removed is not told",
    # `since` is one of the two after it.
    "remnant_before_resection.not_measured": "no volumetry with a figure since the {since}",
    "remnant_before_resection.stimulus": "growth stimulus",
    "remnant_before_resection.resection": "resection before",
    "remnant_before_resection.open": "the remnant is only estimated, and the estimate leaves both possible",
    "remnant_before_resection.too_small": "a remnant of {remnant}, at least {limit} must stay",
    "remnant_remeasured.not_told": "a record without days does not tell whether there was volumetry",
    "remnant_remeasured.not_measured": "a major resection without volumetry since the stimulus or stage one",
    "imaging_fresh.never": "no imaging of the liver before its treatment",
    "imaging_fresh.day_not_told": "the day of the imaging or of the treatment is not told",
    "imaging_fresh.too_old": "imaging {days} days old, at most {limit}",
    "pregnancy_weeks.not_told": "the day is not told, so the week of the pregnancy is not known",
    "pregnancy_weeks.late": "in week {week:.0f} of the pregnancy, after {limit:g}",
    "thrombosed_branch_left.closed": "the branch that is closed holds tumour",
    "no_heat_at_joined_duct.ablated": "ablated although a bile duct is joined to the bowel",
    "primary_looked_for.not_looked_for": "treated before anybody has looked for the primary",
    "primary_looked_for.not_told": "a record does not tell whether the primary was looked for",
    "systemic_first.not_given": "{points} points of the clinical risk score, from {limit} on systemic treatment comes first",
    "systemic_first.many": "{number} lesions, from {limit} on systemic treatment comes first",
    "systemic_first.not_told": "the number of lesions, or what the clinical risk score counts by, is not told in full",
    "remnant_cleared_first.not_told": "the segments of the closed branches are not told",
    "remnant_cleared_first.left": "the side that stays bears {lesions}",
    "grade_respected.too_high": "grade {grade}, at most {highest}",
    "intervals_kept.not_told": "a day of the interval is not told",
    "intervals_kept.targeted": "{days} days of the targeted drug, at least {limit} are asked for",
    "intervals_kept.too_soon": "after {days} days, at least {limit} are asked for",
    "washout_respected.day_not_known": "the day of the last dose is not known",
    # `regimen` is the name of a regimen, or the sentence after it.
    "washout_respected.not_known": "the washout of {regimen} is not known",
    "washout_respected.regimen_not_told": "a regimen that is not told",
    "washout_respected.too_soon": "{days} days since the last dose, at least {limit}",
    "chemotherapy_bounded.too_many": "{cycles} cycles before a resection, at most {limit}",
    "restaged_in_time.days_not_told": "the days of the treatment are not told",
    "restaged_in_time.too_long": "{days} days of treatment without restaging, at most {limit}",
    # `sites` are labels of lesions and words of uncleared, joined by commas.
    "complete_clearance.not_cleared": "not cleared: {sites}",
    "uncleared.primary": "primary",
    "uncleared.extrahepatic": "extrahepatic",
    "uncleared.watched": "watched site",
    "uncleared.found": "found at operation",
    "uncleared.recurrence": "recurrence",
    # `extent` is a word of the vocabulary: ablation, minor, major.
    "no_bar_ignored.not_fit": "not fit for a treatment of this extent ({extent})",
    "no_bar_ignored.progressed": "the disease has progressed and is not controlled again",
    "no_bar_ignored.elsewhere": "disease outside the liver that is not operated on",
    "no_bar_ignored.drugs": "the liver does not bear systemic treatment",
    "no_bar_ignored.failing_liver": "signs of a failing liver",
    "no_bar_ignored.obstructed": "bile ducts are obstructed and not drained",
    "tumour_side_embolised.stays": "a branch of segments that are to stay is closed",
    "tumour_side_embolised.left": "segments whose branch was closed are left",
    "staged_in_order.no_stage_one": "stage two without a stage one",
    "interstage_fit.ill": "stage two during liver failure or sepsis",
    "urgent_primary_first.not_dealt_with": "{emergency} of the primary is not dealt with yet",
    "simultaneous_only_when_safe.site_not_told": "the site of the primary is not told",
    "simultaneous_only_when_safe.major": "a major hepatectomy together with the {site}",
    "simultaneous_only_when_safe.removes_not_told": "which segments were removed with it is not told",
    "characterised_before_resection.only_suspected": (
        "a lesion that is only suspected is treated without being characterised"
    ),
    "benign_not_treated.treated": "the lesion was found benign: no oncological treatment follows",
    # `families` are the ids of families, joined by commas: upfront_surgery, alpps.
    "wishes_respected.declined": "the patient declines {families}",
    "volume_conserved.uneven": "the parts of the liver do not add up to the whole",
    "time_advances.negative": "{days} days",
    # `step` is the name of a trigger.
    "every_step_cited.no_source": "{step} cites no source",
    "always_ends.stuck": "no end can be reached from here",
    "ends_stay_ended.left": "an end has a way out",
    # --- structure: what must hold of the graph, and the state where it does not ---
    "structure.states_reachable": "Every state is reached from the start.",
    "structure.no_dead_ends": "Only ends have no way out.",
    "structure.outcomes_apart": "A state offers decisions or outcomes, each once, with one outcome hoped for.",
    "structure.chances_add_up": "The chances of every outcome set add to one.",
    "structure_fault.in_state": "in {state}",
    # --- what a record cannot mean; `day` and `before` are one of the words below ---
    "record_consistent.after_death": "after the death ({day}) nothing can have been done",
    # `segments` are numbers, joined by commas.
    "record_consistent.removed_twice": "segments {segments} were removed already ({before})",
    "record_consistent.before_the_record": "before the record",
    "record_consistent.day": "day {day}",
    "record_consistent.untold_day": "on a day that is not told",
    # --- how an audit knows a volume ---
    "volume.of_the_record": "volumetry of the record",
}
