"""What is said along a pathway and of what could be otherwise: notes on steps, titles, warnings, changes of a case.

`resection` is the name of an operation with its local treatments; `remnant` a share with its interval: 35% (25% to 45%, estimated).
"""

from collections.abc import Mapping

PLANNING: Mapping[str, str] = {
    # --- notes on steps ---
    "note.growth": "to remove: segments {segments}; remnant {remnant}, usual growth {growth:.0%}",
    "note.growth_again": "to remove: segments {segments}; remnant {remnant}, usual further growth {growth:.0%} after a first stimulus",
    "note.no_growth_again": "to remove: segments {segments}; remnant {remnant}; their branch is closed already: more time, no new growth",
    "note.with_segment_four": "{words}; with the branches of segment IV",
    "note.without_segment_four": "{words}; segment IV left open",
    # What a first stage clears on the side that stays: `segments` of it and local treatments, joined by commas.
    "note.first_side": "clear first: {first}; {words}",
    "note.segments": "segments {segments}",
    "note.systemic": "{regimen} for {weeks:g} weeks: {why}",
    "note.second_half": "{cycles} cycles of {regimen}",
    "note.second_half_given": "{words}; in the trial {given:.0%} had them",
    "note.cycles": "{cycles} cycles of {regimen}, {total} in all; {why}",
    "note.cycles_since_resection": "{cycles} cycles of {regimen}, {total} since the last liver resection; {why}",
    "note.resection": "{resection}; remnant {remnant}, limit {limit}",
    "note.resection_measured": "{resection}; remnant measured as enough, limit {limit} (today {remnant})",
    # --- titles of pathways: their treatments, one after another ---
    "title.with_primary": "{operation}, with the primary",
    "title.with_extrahepatic": "{operation}, with the extrahepatic disease",
    "title.debulking": "debulking by {operation}",
    "title.diagnostic": "diagnostic {operation}",
    "title.no_treatment": "no treatment",
    # --- assumptions: what is missing, and how it is taken ---
    "assumption.line": "{reason}: taken as {assumed}",
    "assumption.patient": "not reported of the patient ({keys}): taken as {taken}",
    "assumption.lesions": "not reported of the lesions ({keys}): taken as {taken}",
    "assumption.liver": "not reported of the liver ({keys}): taken as {taken}",
    "assumption.tumour": "not reported of the tumour ({keys}): taken as {taken}",
    "assumption.history": "not reported of earlier treatment ({keys}): taken as {taken}",
    "assumption.risk": "not reported of what moves the risk ({keys}): taken as the average of a series",
    # --- intervals ---
    "intervals.of": "{number} {kind}",
    # --- warnings ---
    "warning.deadly": (
        "of patients like this one {value:.0%} ({low:.0%} to {high:.0%}) die within 90 days of this step, if it is done: {step}"
    ),
    "warning.cycles": "{cycles} cycles before the resection: more than {limit}",
    "warning.pregnancy": "pregnant in week {week:g}: planned with obstetricians and neonatologists; no chance and no risk shown is of pregnant patients, nor of the child",
    "note.no_antibody_in_pregnancy": "{words}; no antibody while pregnant",
    "warning.primary_watched": "the primary stays under surveillance (endoscopy, MRI of the pelvis): that it grows again is not part of the chances",
    "warning.borrowed_clearing": (
        "no figure of how often the liver is cleared was found for this primary ({tumour}): ordered as if the metastases came from the bowel"
    ),
    "warning.borrowed_chances": (
        "no figure of how often systemic treatment works was found for this primary: ordered as if the metastases came from the bowel"
    ),
    "warning.vena_cava": (
        "the tumour touches the vena cava: where it has grown into it, the wall is resected and reconstructed, and what that adds to the "
        "deaths is not counted here"
    ),
    "warning.vena_cava_resected": (
        "the wall of the vena cava is resected and reconstructed: the odds of death are taken as {odds} ({low} to {high}) times those of a "
        "major resection; how long patients live after it is not told apart, reviews disagree"
    ),
    "warning.bile_duct_resected": (
        "the bile duct at the hilum is resected with the tumour and what is left is joined to the bowel: the odds of death are taken as {odds} times those of a "
        "major resection, by registries of cancer of the bile ducts above all; complications are not counted"
    ),
    "warning.veins_taken": "the {veins} is taken with the tumour",
    "warning.veins_taken_with_drainage": (
        "the {veins} is taken with the tumour; segments {segments} lose their drainage, stay congested and are not counted"
    ),
    "warning.removed_for_drainage": (
        "the {veins} is taken with the tumour; {segments}, which would stay without a draining vein, are removed too: an inferior right "
        "hepatic vein, veins that communicate or a reconstruction could spare them"
    ),
    "warning.taken_off_vessels": (
        "the tumour is taken off the {vessels}: the margin there may be R1 by vessel contact"
    ),
    "warning.piece_by_piece": "major by what is cut out piece by piece, leaving {pieces:.0%}: {resection} clears it in one piece and leaves {left:.0%}, enough today",
    "warning.loss_not_counted": "liver lost by limited resections is not counted: their size is not known",
    "warning.operated_before": "earlier liver operation: adhesions and altered anatomy",
    "warning.recurrence_after_ablation": (
        "the tumour comes back where it was ablated within a year in {chance:.0%} ({technique}, rim of {margin:g} mm): a second "
        "treatment follows, and both are part of the chances"
    ),
    "warning.against_depth": (
        "{lesions} could be cut as well as ablated, and is treated against its depth: a superficial lesion and a vanished site are cut, a deep "
        "lesion is ablated"
    ),
    "warning.vanished": (
        "a vanished site must be found again: by a mark set before chemotherapy, or by intraoperative ultrasound"
    ),
    "warning.no_histology": "ablation gives no histology of the suspected lesion: a biopsy in the same session does",
    "warning.not_examined": "the lesion is taken out for its diagnosis before imaging or biopsy have tried: the protocol {protocol} lets that come first",
    "warning.targeted_goes_on": "{drug} is stopped shortly before the operation and goes on after it: this plan ends with the operation",
    "warning.braf": (
        "BRAF V600E: recurrence is likelier and earlier (hazard ratio {ratio:g}, {low:g} to {high:g}) and life short, cleared or not; whether "
        "systemic treatment shows first whose disease it holds is a choice of the board: both orders stand beside each other"
    ),
    "closed.nothing_in_the_liver": "the liver bears nothing that has to be treated",
    "closed.place_not_reached": "the course never comes to the point where it has its place",
    "warning.at_the_limit": "{number} lesions, as many as are ablated at most: at the edge of what the trial of ablation took",
    "warning.primary_first": (
        "the primary is resected before a liver that is not resectable has been treated: in trials of silent primaries no gain "
        "(median {months:g} months, {otherwise:g} with systemic treatment first)"
    ),
    "warning.lesions_grow": "lesions in the remnant may grow with it while waiting",
    # --- contingencies, closed families, examples of rules ---
    "contingency.nothing_more": "nothing more to decide",
    "not_modelled.family": "{family} is not modelled in this version",
    "example.nothing_against": "{step}: nothing of this rule stands against it",
    # --- changes of a case that would turn a pathway round; `lesion` is its label, `now` what the case says ---
    "change.remnant": "remnant of {resection} {fraction} instead of {now} ({points:+d} points)",
    "change.lesions": "{lesion}: {number} lesions instead of {now}",
    "change.free_of_vessel": "{lesion} free of the {vessel}",
    # `what` is a word of depth or of nature.
    "change.lesion_is": "{lesion} {what}",
    "change.without_lesion": "without {lesion}",
    "change.size": "{lesion} {size:g} mm instead of {now:g} mm",
    "change.size_at_least": "{lesion} at least {size:g} mm, size not reported",
    "change.size_at_most": "{lesion} at most {size:g} mm, size not reported",
    "change.unfit": "held fit for no liver treatment",
    "change.fit": "held fit for {extent} treatment of the liver",
    "change.ecog": "ECOG {grade}",
    "change.asa": "ASA {grade}",
    "change.age": "age {age:g} instead of {now}",
    "change.background": "background normal",
    "change.bile": "biliary obstruction: {state}",
    "change.child_pugh": "Child-Pugh A",
    "change.inr": "INR {value:.1f}",
    "change.anticoagulated": "an anticoagulant explains the INR",
    "change.gilbert": "Gilbert syndrome explains the bilirubin",
    "change.bilirubin": "bilirubin {value:g} umol/l",
    "change.albumin": "albumin {value:g} g/l",
    "change.platelets": "platelets {value:g} x 10^9/l",
    "change.icg": "ICG retention {retention:g} %",
    "change.no_disease_in": "no disease in {site}",
    "change.benign_elsewhere": "what is suspected in {site} found to be benign",
    "change.disease_removable": "disease in {site} can be removed",
    "change.lung": "a resectable metastasis in the lung",
    "change.primary_in_place": "the primary still in place",
    "change.primary_resected": "the primary resected",
    "change.no_radiotherapy": "no radiotherapy of the primary",
    "change.braf_wild_type": "BRAF wild type",
    "change.braf_mutated": "BRAF mutated",
    "change.primary_site": "primary in the {bowel}",
    "change.cea": "CEA {cea:g} ng/ml",
    "change.systemic_given": "systemic treatment given, with control",
    "change.response": "{response} at the last chemotherapy",
    "change.ended_long_ago": "chemotherapy of untold end over for more than {limit:g} weeks",
    "change.cycles": "{number} cycles of the last chemotherapy instead of {now}",
    "change.accepts": "the patient accepts {family}",
    # Names of settings and their values as a protocol file writes them.
    "change.setting_is": "under a protocol with {setting} {value:g} instead of {now:g} (as {protocol} has it)",
    "change.setting_otherwise": "under a protocol with {setting}: {value}",
    "change.setting_yes": "under a protocol with {setting}: yes",
    "change.setting_holds": "under a protocol whose {setting} hold {added}",
    "change.setting_does_not_hold": "under a protocol whose {setting} do not hold {tumour}",
}
