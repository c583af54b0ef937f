"""What the rules say of a case: reasons of verdicts, and the assumptions under which planning goes on.

`item` is the key of the case file that is missing. It stands in brackets: what to find out next is read from there.
"""

from collections.abc import Mapping

FACTS: Mapping[str, str] = {
    # --- what is taken as given where an item is missing ---
    "vanished.next_mri": (
        "whether {lesions} is still to be seen is not reported: liver MRI with hepatobiliary contrast (lesions.seen_on; [] where it shows "
        "nothing); of sites that vanished on CT {ct:.0%} still held disease, of those empty on MRI {mri:.0%} grew again"
    ),
    "taken_as.not_seen_by_mri": "vanished on MRI too",
    "taken_as.low_risk": "fewer than {limit} points",
    "taken_as.latest": "the latest",
    "taken_as.told": "as told",
    "taken_as.resectable": "primary removable with a clear margin",
    "taken_as.removable_elsewhere": "disease elsewhere removable",
    "taken_as.benign_elsewhere": "benign, and smaller than {limit:g} mm",
    "taken_as.disease_elsewhere": "disease, at its size",
    "taken_as.primary_in_place": "primary in place: it was found with the metastases and no resection is told",
    "taken_as.primary_gone": "primary no longer in place",
    "taken_as.no_extrahepatic_disease": "no extrahepatic disease",
    "taken_as.no_sign": "no sign of a failing liver",
    "taken_as.not_pregnant": "not pregnant",
    "taken_as.no_wish": "no treatment declined",
    "taken_as.within": "{name} within its limit",
    "taken_as.not_urgent": "primary not urgent",
    "taken_as.team_decides": "the team's decision",
    "taken_as.colon": "primary of the colon",
    "taken_as.earlier_cycles_not_counted": "earlier cycles not counted",
    "taken_as.fit": "fit for {extent}",
    "taken_as.inr_within": "INR without the anticoagulant within the limit",
    "taken_as.bilirubin_falling": "bilirubin within the limit by the day of the operation",
    "taken_as.bilirubin_falling_for_drugs": "bilirubin within the limit by the first dose",
    "taken_as.bilirubin_within": "bilirubin at most {limit:g} umol/l",
    "taken_as.class": "Child-Pugh {grade}",
    "taken_as.no_portal_hypertension": "no portal hypertension",
    "taken_as.platelets_raised": "platelets raised for the operation",
    "taken_as.not_obstructed": "bile ducts not obstructed",
    "taken_as.alike_and_spread": "lesions alike and spread evenly over their segments",
    "taken_as.small_enough": "{lesions} small enough for a limited resection",
    "taken_as.too_large": (
        "{lesions} too large for a limited resection; if not, {resection} would leave {remnant:.0%}"
    ),
    "taken_as.one_lesion": "one lesion each in {lesions}",
    "taken_as.free_of_vessels": "{lesions} touching no vessel that stays",
    "taken_as.superficial": "{lesions} superficial",
    "taken_as.evenly_spread": "{lesions} spread evenly over the segments",
    "taken_as.grade": "grade {grade} at most",
    "taken_as.not_found": "looked for and not found, and selected by the team",
    "taken_as.selected": "selected by the team",
    "taken_as.likelier_finding": "{regimen}, as for the likelier finding",
    "taken_as.longest_washout": "the longest interval of the protocol is needed, {weeks:g} weeks: {interval}",
    "taken_as.washed_out": "drugs washed out by the operation",
    "taken_as.long_ago": "primary resected long enough ago",
    "not_reported.end_of_radiotherapy": "end of the radiotherapy not reported ({item})",
    "taken_as.freed_by_radiotherapy": "primary removable with a clear margin after radiotherapy",
    "not_reported.end_of_course": "the end of {regimen} is not reported ({item})",
    "not_reported.anticoagulant": "not told whether an anticoagulant makes the INR of {inr:g} ({item})",
    "not_reported.cause_of_jaundice": "not told whether obstructed bile ducts, which are drained, make the jaundice ({item})",
    "not_reported.gilbert": "not told whether Gilbert syndrome explains the bilirubin ({item})",
    "taken_as.of_the_liver": "a failing liver",
    "taken_as.not_failed": "no line that failed",
    "taken_as.repair_proficient": "mismatch repair proficient",
    "taken_as.not_long_ago": "not long ago: its cycles count before a hepatectomy",
    "taken_as.rested": "interval after the radiotherapy over",
    "taken_as.long_enough": "treated long enough",
    "taken_as.within_the_limits": "age within the limits",
    "taken_as.ecog": "ECOG {limit} or better",
    "taken_as.not_mutated": "BRAF not mutated",
    "taken_as.low_enough": "CEA low enough",
    "taken_as.not_measured": "not measured",
    "taken_as.segments_are_the_liver": "the segments are the functional liver, {sum:.0f} ml in sum",
    "taken_as.total_holds_tumour": "{tumour:.0f} ml of tumour and {liver:.0f} ml of liver",
    "taken_as.side_closed": "those of {segments}, the side that is to be removed or bears most of the disease",
    "taken_as.before_growth": "its size then; what it has grown since is reckoned by the series until it is measured again",
    "taken_as.not_of_today": "not used: usual shares of the segments stand in until it is measured again",
    "taken_as.old_estimate": "an estimate, not a measurement of today",
    "taken_as.implausible_estimate": "an estimate until it is looked at again",
    "taken_as.population_total": "a share of {total:.0f} ml, the mean of a population",
    "taken_as.by_the_fraction": "remnant judged by the fraction alone",
    "taken_as.estimated_enough": "by the estimate enough",
    "taken_as.estimated_too_small": "by the estimate too small",
    "taken_as.normal_background": "background liver normal but for chemotherapy",
    "taken_as.normal_exposure": "earlier chemotherapy short enough for a normal liver",
    "taken_as.outranked_exposure": (
        "{regimen} ended {since} weeks ago, more than {limit:g}: not counted against the remnant, because the background "
        "liver is stated as normal (expert opinion)"
    ),
    "taken_as.counted_exposure": "the end of {regimen} is not reported ({item}): counted against the remnant",
    "taken_as.counted_course": "the end of {regimen} is not reported ({item}): counted",
    "taken_as.cycle_not_known": "the length of a cycle of {regimen} is not known: reckoned as {weeks:g} weeks",
    # --- findings that are no bars ---
    "bilobar_disease.found": "lesions on both sides: no bar in itself, number and remnant decide",
    "vessel_invasion.invades": "{lesion} grows into the {vessels}",
    "vessel_invasion.thrombus": "{lesion} has tumour in the {vessels}",
    "vessel_invasion.duct": "{lesion} grows into a bile duct",
    "vessel_invasion.found": "{told}: no response frees it, its territory goes with it, and it is not left to heat",
    "bilioenteric_anastomosis.bars": "a bile duct is joined to the bowel: nothing is ablated (abscess); resection is not barred",
    "bilioenteric_anastomosis.none": "no bile duct is told to be joined to the bowel",
    "bilioenteric_anastomosis.accepted": "a bile duct is joined to the bowel: this protocol ablates all the same, with a risk of abscess",
    "vessel_contact.far": "{lesion}: {vessel}",
    "vessel_contact.out_of_reach": "{words}; out of reach of the segments told, so segment or vessel may be a slip: {told}",
    "vessel_contact.found": "contact with {vessels}: no bar in itself; contact on imaging is not invasion",
    "extrahepatic_disease.found": "extrahepatic disease: no bar in itself where all of it can be removed",
    "extrahepatic_disease.was_there": "extrahepatic disease was removed before: no bar in itself",
    "extrahepatic_disease.benign": "what lies outside the liver is benign: no disease",
    "extrahepatic_disease.suspected": "what lies outside the liver is only suspected: it is found out before it counts",
    "extrahepatic_disease.of_nature": "{words} ({nature})",
    "extrahepatic_disease.size": "{words}, {size:g} mm",
    "nature_elsewhere.suspected": "suspected",
    "nature_elsewhere.benign": "benign",
    # `told`: what follows, joined by commas.
    "extrahepatic_disease.told": "{words} ({told})",
    "extrahepatic_disease.number": "{number} in {site}",
    "extrahepatic_disease.removed": "removed: {site}",
    "earlier_resection.found": "of the earlier liver resection: {told}; a lesion may lie at its edge, which is no bar",
    "earlier_resection.margin": "margin {margin}",
    "earlier_resection.partial": "parts removed of {segments}",
    "altered_anatomy.found": (
        "earlier liver operation: adhesions and altered anatomy; after a second hepatectomy {mortality:.1%} died and "
        "{morbidity:.0%} had complications"
    ),
    "anaemia.found": (
        "haemoglobin {value:g} g/l, below {limit:g}: no bar in itself; major complications after a liver resection were more frequent (odds "
        "{odds:g}), deaths were not; its cause is looked for and treated before an elective operation"
    ),
    "anaemia.transfused": "{words}; below {limit:g} g/l a transfusion is considered",
    "anaemia.elsewhere": "haemoglobin {value:g} g/l, below {limit:g}: a transfusion is considered before the operation",
    "laboratory_risk.found": (
        "{what} {value:g} {unit}, at least {limit:g}: no bar in itself; the odds of death after a liver resection were {odds:g} times those "
        "below it"
    ),
    "laboratory.ggt": "GGT",
    "laboratory.bilirubin": "bilirubin",
    "laboratory.albumin": "albumin",
    "laboratory.inr": "INR",
    "laboratory.icg": "retention of indocyanine green",
    "laboratory.creatinine": "creatinine",
    "early_recurrence.found": (
        "{months:.0f} months after the last liver operation: an early recurrence; chemotherapy first is one pathway"
    ),
    # --- what is not modelled ---
    "not_modelled.in_the_history": "what {treatment} before today did to the liver (not counted)",
    "not_modelled.explored": "what the exploration of the history found, and why nothing was removed: ask before it is planned again (not counted)",
    "not_modelled.complicated": "the complication of the history: what it does to the next operation, and when that may be (not counted)",
    "not_modelled.graft": "metastases in a transplanted liver: immunosuppression and the vessels of a graft are not counted",
    "not_modelled.peritoneum": "chemotherapy in the abdomen (HIPEC): peritoneal disease is planned as its removal alone, with the risk of any metastasectomy",
    "not_modelled.in_one_piece": "{resection}, which clears the liver in one piece and leaves {left:.0%}, enough today; cut out piece by piece {pieces:.0%} stays",
    "not_modelled.outside_the_body": "resection outside the body (a lesion holds all three hepatic veins)",
    "not_modelled.watch_and_wait": "watch and wait of the rectum after a complete response",
    "not_modelled.neuroendocrine": "transplantation and liver-directed treatment of neuroendocrine metastases",
    # The treatments of `in_the_history`.
    "unplanned.radioembolisation": "radioembolisation",
    "unplanned.transplantation": "transplantation",
    # --- the primary, extrahepatic disease, chemotherapy, wishes, policies ---
    "primary_resectable.gone": "the primary is no longer in place",
    "primary_resectable.controlled": (
        "the primary is controlled without an operation: no resection of it, but surveillance (endoscopy, MRI of the pelvis); it grew again "
        "within two years in {regrowth:.0%}, {early:.0%} of all regrowth was found in that time"
    ),
    "primary_resectable.no_clear_margin": "the primary cannot be removed with a clear margin",
    "primary_resectable.before_radiotherapy": "the primary cannot be removed with a clear margin before it is irradiated",
    "primary_resectable.after_radiotherapy": (
        "the primary could not be removed with a clear margin before radiotherapy: imaging after it decides ({item})"
    ),
    "primary_resectable.status_not_reported": "not reported whether the primary is still in place",
    "primary_resectable.not_reported": "not reported whether the primary can be removed with a clear margin",
    "primary_resectable.clear_margin": "the primary can be removed with a clear margin",
    "extrahepatic_resectable.staging_not_reported": "extrahepatic staging not reported ({item})",
    "extrahepatic_resectable.not_operated_on": "disease in {site}: not operated on under this protocol",
    "extrahepatic_resectable.not_removable": "disease in {site} cannot be removed",
    "extrahepatic_resectable.too_many_sites": "disease at {sites} sites outside the liver: more than {limit}",
    "extrahepatic_resectable.not_reported": "not reported whether disease in {sites} can be removed ({item})",
    "extrahepatic_resectable.resectable_not_reported": "not reported whether disease in {sites} can be removed",
    "extrahepatic_resectable.found_out": "nothing of the abdomen is only suspected",
    "extrahepatic_resectable.find_out_first": "what is suspected in the {site} is found out before the liver is made to grow",
    "extrahepatic_resectable.suspected": "only suspected, to be found out: {sites}",
    # `words` is the sentence before.
    "extrahepatic_resectable.suspected_lung": "{words}; of indeterminate nodules in the lung {share:.0%} were metastases",
    "extrahepatic_resectable.size_not_reported": "{words}; size not reported",
    "extrahepatic_resectable.none": "no extrahepatic disease",
    "extrahepatic_resectable.removable": "extrahepatic disease can be removed",
    "primary_not_urgent.emergency": "{emergency} of the primary is dealt with first",
    "primary_not_urgent.perforated": "a perforated bowel is resected: a stent or a diversion does not treat it",
    "primary_not_urgent.not_diverted": "{tumour}: it obstructs the small bowel above all, where no stent reaches: what obstructs is resected",
    "primary_not_urgent.not_reported": "urgency of the primary not reported ({item})",
    "primary_not_urgent.no_emergency": "the primary is no emergency",
    "disease_controlled.progression": "the last recorded response is progression",
    "disease_controlled.no_progression": "no progression recorded",
    "simultaneous_safe.minor": "minor liver surgery together with the primary",
    "simultaneous_safe.no_rule": (
        "no cited rule says whether major hepatectomy goes together with the primary ({tumour})"
    ),
    "simultaneous_safe.site_not_reported": "site of the primary in the bowel not reported ({item})",
    "simultaneous_safe.major": "major hepatectomy together with a resection of the {bowel}",
    "simultaneous_safe.no_major": "no major hepatectomy together with a resection of the {bowel}",
    "chemotherapy_remaining.targeted": "a targeted drug counts as no cytotoxic cycle",
    "chemotherapy_remaining.too_many": "one more block would make {cycles} cycles, more than {limit}",
    "chemotherapy_remaining.half_too_many": "the half before the operation would make {cycles} cycles, more than {limit}",
    "chemotherapy_remaining.half_within": "the half before the operation makes {cycles} of at most {limit} cycles",
    "chemotherapy_remaining.response_not_reported": "what came of the chemotherapy before the last is not reported ({item})",
    "chemotherapy_remaining.not_reported": "cycles of earlier chemotherapy not reported, nor both its weeks ({item})",
    "chemotherapy_remaining.within": "one more block makes {cycles} of at most {limit} cycles",
    "chemotherapy_remaining.past": "{regimen} is not counted: it ended {since} weeks ago, more than {limit:g}",
    "chemotherapy_remaining.earlier": "{regimen} is not counted: it had ended before the metastases were found",
    "chemotherapy_remaining.failed": "{regimen} is not counted: the disease progressed, and what follows is a line of its own",
    "chemotherapy_remaining.new_line": "a new line counts its own cycles",
    "chemotherapy_remaining.half_given": "the {cycles} cycles given are the half before the operation; the other half follows it",
    "chemotherapy_remaining.more_than_half_given": "the {cycles} cycles given are more than the half before the operation",
    "chemotherapy_remaining.lines": "{lines} lines of chemotherapy have failed: no plan to operate is built on another",
    "chemotherapy_remaining.most_counted": "{blocks} blocks are the most that the process counts",
    "targeted_first.no_drug": "no targeted drug comes first for this tumour",
    "targeted_first.weeks_not_reported": "{tumour}: how long the targeted drug has been given is not reported ({item})",
    "targeted_first.too_short": "{tumour}: targeted treatment for {weeks:g} weeks, {needed:g} are asked for before an operation",
    "transplant_criteria.observed": "observed since the resection of the primary",
    "transplant_criteria.observe": "after the resection of the primary {needed:g} weeks of observation are asked for",
    "transplant_criteria.since_the_primary": "{since:g} weeks since the resection of the primary, {needed:g} are asked for",
    "transplant_criteria.resection_not_dated": "week of the resection of the primary not reported ({item})",
    "systemic_before_surgery.offered": "the protocol {protocol} offers chemotherapy around an operation that could be done at once",
    "systemic_before_surgery.not_offered": "the protocol {protocol} operates first: chemotherapy around an operation that could be done at once is not offered",
    "systemic_before_surgery.other_drugs": "what comes before an operation here is no perioperative chemotherapy",
    "systemic_before_surgery.asks_nobody": "the protocol {protocol} asks nobody for systemic treatment before an operation that could be done at once",
    "systemic_before_surgery.other_tumour": "number and clinical risk score ask for it of bowel metastases alone",
    "systemic_before_surgery.given": "systemic treatment has been given first, or the treatment of the liver has begun",
    "systemic_before_surgery.synchronous": "{tumour}, found together with its metastases: systemic treatment comes first under protocol {protocol}",
    "systemic_before_surgery.presentation_not_told": "{tumour}: not told whether the metastases were found together with it ({item})",
    "taken_as.metachronous": "found later than the primary",
    "systemic_before_surgery.many": (
        "{number} lesions: from {limit} on the protocol {protocol} asks for systemic treatment before the liver is touched"
    ),
    "systemic_before_surgery.number_not_told": "number of lesions not reported ({item}): from {limit} on systemic treatment comes first",
    "taken_as.fewer_lesions": "fewer than {limit} lesions",
    "systemic_before_surgery.low": "clinical risk score {points}: from {limit} on systemic treatment comes first",
    "systemic_before_surgery.high": "clinical risk score {points}: from {limit} on the protocol {protocol} asks for systemic treatment before the liver is touched",
    "systemic_before_surgery.not_told": "clinical risk score {points} to {most}, and from {limit} on systemic treatment comes first: {what} not reported",
    "staged_in_order.either_order": "the protocol leaves open whether the side that stays is cleared or the other embolised first",
    "staged_in_order.side_clear": "nothing is left to clear in the side that stays before the other is embolised",
    "staged_in_order.clear_first": "the protocol {protocol} clears the side that stays of tumour before the other is embolised",
    "extrahepatic_resectable.together": "the protocol takes disease of these sites in the session of the liver",
    "extrahepatic_resectable.apart": "the protocol {protocol} takes no disease of this site into the session of the liver: {site}",
    "targeted_first.given": "{tumour}: targeted treatment has been given",
    "targeted_first.comes_first": "{tumour}: targeted treatment comes first",
    "patient_accepts.declined": "the patient declines {family}",
    "patient_accepts.not_declined": "the patient has not declined {family}",
    "policy.watched_by_ct": "vanished sites are not watched where restaging is by CT: {residual:.0%} of sites that vanished on CT still held disease",
    "policy.offered": "the protocol {protocol} offers {treatment}",
    "policy.not_offered": "the protocol {protocol} does not offer {treatment}",
    # The treatments of `policy`.
    "offer.two_stage": "two-stage hepatectomy",
    "offer.alpps": "ALPPS",
    "offer.lvd": "liver venous deprivation",
    "offer.bridging": "bridging chemotherapy",
    "offer.watch_sites": "watching the sites of vanished lesions",
    "offer.diagnostic_major": "a major resection for the diagnosis",
    "offer.extrahepatic_in_one_session": "liver and extrahepatic disease in one session",
    "offer.adjuvant": "adjuvant chemotherapy",
    "lesions_characterised.some_suspected": "only suspected beside proven metastases: {lesions}",
    "lesions_characterised.all_suspected": "only suspected: {lesions}",
    "lesions_characterised.first": (
        "a lesion that is only suspected is characterised first; an operation for the diagnosis follows where that leaves it uncertain"
    ),
    "lesions_characterised.inconclusive": "imaging and biopsy have left the lesion uncertain: an operation may make the diagnosis",
    "lesions_characterised.operation_first": "the protocol {protocol} lets a {extent} resection make the diagnosis without examining the lesion first",
    "lesions_characterised.benign": "no lesion has to be treated: every one is known to be benign",
    "lesions_characterised.level": "{lesion}: {level} suspicion",
    "lesions_characterised.chance": "benign in {chance:.0%} ({confidence})",
    "lesions_characterised.regenerative": "oxaliplatin was given: a nodule may be regenerative (focal nodular hyperplasia); MRI with a liver-specific contrast tells",
    "lesions_characterised.benign_biopsy": (
        "{lesions}: benign by biopsy; of suspicious lesions a negative biopsy was wrong in about {wrong:.0%}, so it is imaged again"
    ),
    "lesions_characterised.against_imaging": (
        "the biopsy of {lesions} found no tumour where imaging holds it for a metastasis: a negative biopsy of a suspicious lesion is wrong in {wrong:.0%}, so "
        "that it is biopsied again, imaged again or taken out; nature: benign says that it is settled"
    ),
    "lesions_characterised.benign_known": "{lesions}: benign, not treated and not counted",
    "lesions_characterised.all_proven": "every lesion is taken as a metastasis",
    # --- pregnancy ---
    "pregnancy.none": "no pregnancy that bars it",
    "pregnancy.planned_with": (
        "week {week:g} of a pregnancy: planned with obstetricians and neonatologists, imaging without X-rays where it can be; "
        "no figure of this plan is of pregnant patients"
    ),
    "pregnancy.operation": "an elective operation would be done by week {week:g} of the pregnancy, at most {limit:g}",
    "pregnancy.operation_late": "an elective operation would fall in week {week:g} of the pregnancy, after {limit:g}: the delivery comes first",
    "pregnancy.too_much_before": "so much has been done in this pregnancy that the delivery comes before anything else elective",
    "pregnancy.systemic": "chemotherapy from week {week:g} of the pregnancy on, without antibodies",
    "pregnancy.systemic_early": "week {week:g} of the pregnancy: no systemic treatment before week {first:g}",
    "pregnancy.systemic_late": "a block would end in week {end:g} of the pregnancy, after {last:g}: too near to the delivery",
    "pregnancy.other_drugs": "neither targeted drugs nor immunotherapy during a pregnancy",
    "pregnancy.radiation": "neither radiotherapy of the rectum nor embolisation during a pregnancy: rays reach the child",
    # --- fitness, liver function, bile ---
    "fit_for_operation.emergency": "an emergency operation is not barred by class or performance: its deaths tell",
    "taken_as.fit_for_emergency": "fit for an emergency operation",
    "fit_for_operation.by_the_team": "the team holds the patient fit for {extent}",
    # `score` is ECOG or ASA.
    "fit_for_operation.above": "{score} {value} is above {limit}",
    "fit_for_operation.within": "{score} {value} is within {limit}",
    "fit_for_operation.not_reported": "fitness not reported ({item})",
    # `score` is ECOG or ASA.
    "fit_for_operation.other_not_reported": "{within}; {score} not reported ({item})",
    "fit_for_operation.after_waiting": "now {now}; after waiting",
    "fit_for_operation.above_for_alpps": "ECOG {ecog} is above {limit} for ALPPS",
    "liver_sufficient.failing": "the liver is failing: {signs}",
    "liver_sufficient.inr": "INR {inr:g} is above {limit:g}",
    # `grade` may be `liver_sufficient.computed`.
    "liver_sufficient.child_pugh": "Child-Pugh {grade}: no major resection",
    "liver_sufficient.child_pugh_no_resection": "Child-Pugh {grade}: no resection",
    "liver_sufficient.child_pugh_nothing": "Child-Pugh {grade}: neither resection nor ablation",
    "liver_sufficient.child_pugh_no_drugs": "Child-Pugh {grade}: no systemic treatment",
    "liver_sufficient.bears_drugs": "nothing known of the liver bars systemic treatment",
    "liver_sufficient.bears_drugs_in_gilbert": (
        "nothing known of the liver bars systemic treatment; Gilbert syndrome: more neutropenia and diarrhoea of irinotecan, genotype before it"
    ),
    "liver_sufficient.bilirubin_for_drugs": "bilirubin {bilirubin:g} umol/l is above {limit:g}, too high for systemic treatment",
    "liver_sufficient.jaundice_unexplained": (
        "bilirubin {bilirubin:g} umol/l is above {limit:g}, too high for systemic treatment: the cause of the jaundice is found first; "
        "biliary obstruction, which could be drained, not reported ({item})"
    ),
    "liver_sufficient.jaundice_not_measured": "jaundice, bilirubin not reported ({item})",
    "liver_sufficient.after_waiting": "now {now}; after waiting",
    "taken_as.recovered": "recovered from the stage before",
    "liver_sufficient.jaundice_not_told": "neither jaundice nor bilirubin reported ({item})",
    "liver_sufficient.computed": "{computed} (from its five items, given as {given})",
    "liver_sufficient.as_given": "{given} (as given; its five items make {computed})",
    # A `grade` of the sentences above, where items of the score are missing.
    "liver_sufficient.at_least": "{least} at least by what is known of its five items; not known or distorted ({items})",
    "liver_sufficient.class_open": "Child-Pugh {grade}; the liver is not known to be cirrhotic",
    "liver_sufficient.computed_alone": "{computed} (from its five items)",
    "liver_sufficient.anticoagulated": "INR {inr:g} is above {limit:g} under an anticoagulant: the INR without it not reported (liver.inr)",
    "liver_sufficient.bilirubin": "bilirubin {bilirubin:g} umol/l is above {limit:g}",
    "liver_sufficient.bilirubin_unexplained": (
        "bilirubin {bilirubin:g} umol/l is above {limit:g}; biliary obstruction, which could be drained, not reported "
        "(liver.biliary_obstruction)"
    ),
    "liver_sufficient.portal_hypertension": "portal hypertension: too much for {treatment}",
    "liver_function.portal_hypertension": "portal hypertension: more decompensation and bleeding after any operation on the liver",
    "radiotherapy.in_turn": "nothing has to come before radiotherapy of the rectum",
    "radiotherapy.after_immunotherapy": "immunotherapy has been given first: the rectum is looked at again",
    "radiotherapy.immunotherapy_first": "mismatch-repair deficient: immunotherapy first, after which the rectum may need neither rays nor an operation",
    "liver_function.gilbert": "Gilbert syndrome explains the bilirubin: it says nothing of the liver",
    "liver_sufficient.bilirubin_drained": (
        "bilirubin {bilirubin:g} umol/l is above {limit:g}; how far it falls with drainage not reported (liver.bilirubin_umol_per_l)"
    ),
    "liver_sufficient.albumin": "albumin {albumin:g} g/l is below {limit:g}",
    "liver_sufficient.platelets": "platelets {platelets:g} x 10^9/l in cirrhosis, below {limit:g}: taken as portal hypertension",
    "liver_sufficient.platelets_unexplained": (
        "platelets {platelets:g} x 10^9/l, below {limit:g}: whether of portal hypertension not reported ({item})"
    ),
    "liver_sufficient.platelets_few": "platelets {platelets:g} x 10^9/l, below {limit:g} for an operation (liver.platelets_e9_per_l)",
    "liver_sufficient.with_remarks": "{words}; {remarks}",
    # What is said of liver function without barring anything.
    "liver_function.obstructed": "bilirubin {bilirubin:g} umol/l with obstructed ducts: measured again once they are drained",
    "liver_function.class_b": "Child-Pugh B: {deaths:.1%} died within 90 days of even a minor resection (liver-cell cancer)",
    "liver_function.classes_differ": (
        "Child-Pugh given as {given}, from its five items {computed}: the worse counts, since the case does not tell which of them is out of date"
    ),
    "liver_function.class_too_good": (
        "Child-Pugh given as {given}, at least {least} by what is known of its five items: the worse counts in cirrhosis, elsewhere the given one"
    ),
    "liver_function.albumin_low": "albumin {albumin:g} g/l, below {limit:g}: more complications",
    "liver_function.platelets_low": "platelets {platelets:g} x 10^9/l, at most {limit:g}: deaths after resection are more frequent",
    "liver_sufficient.not_reported": "signs of liver insufficiency not reported",
    "liver_sufficient.value_not_reported": "{name} not reported",
    "liver_sufficient.no_sign": "no sign of liver insufficiency",
    "remnant_function.above": "ICG retention {retention:g} % is above {limit:g} %",
    "remnant_function.within": "ICG retention {retention:g} % is within {limit:g} %",
    "biliary_drained.in_this_plan": "bile ducts drained in this plan",
    "biliary_drained.obstructed": "bile ducts are obstructed and not drained",
    "biliary_drained.at_a_lesion": "jaundice, and the bile duct at {lesions} is dilated or invaded: it is drained first",
    "biliary_drained.ducts_at_lesions": "the bile duct at {lesions} is dilated or invaded, and not reported whether it obstructs ({item})",
    "taken_as.ducts_drain": "no obstruction: there is no jaundice",
    "biliary_drained.no_jaundice": "no obstruction reported and no jaundice",
    "biliary_drained.not_reported": "jaundice, but biliary obstruction not reported ({item})",
    "biliary_drained.drained": "bile ducts drained",
    "biliary_drained.free": "no biliary obstruction",
    # --- what clears the liver ---
    "clears.resection": "{resection} clears the liver",
    "clears.not": "{treatment} does not clear the liver: {why}",
    # A `why` of `clears.not`: a lesion and what is said of it, or the least resection that clears it.
    "clears.not_a_lesion": "{lesion}: {why}",
    "clears.it_takes": "it takes {resection}",
    "clears.not_borne": "{treatment} is not for this patient: {why}",
    # What is not reported, and the keys of the case that would tell.
    "verdict.without": "{words} ({items})",
    "not_reported.small_enough": "the size of {lesions} is not reported",
    "not_reported.one_lesion": "the number of lesions in {lesions} is not reported",
    "not_reported.free_of_vessels": "the vessels touched by {lesions} are not reported",
    "not_reported.superficial": "the depth of {lesions} is not reported",
    "not_reported.evenly_spread": "which segment each of the lesions told as {lesions} lies in is not reported",
    "lesions.all": "all lesions",
    "nodule.next_mri": "what {lesions} is: the next test is MRI with a liver-specific contrast (lesions.seen_on)",
    "nodule.next_biopsy": "what {lesions} is: seen on MRI and uncertain still; the next test is a biopsy, where it decides (lesions.biopsy)",
    "nodule.biopsy_again": "what {lesions} is: imaging and biopsy disagree; the next test is another biopsy (lesions.biopsy)",
    "nodule.next_watch": "what {lesions} is: imaging and biopsy have been tried; imaged again after an interval (lesions.nature)",
    "taken_as.uncertain": "uncertain until it has been examined",
    "not_reported.place": "not told where {lesions} lies ({item})",
    "taken_as.anywhere": "{lesions} anywhere in the liver, so that no resection of segments is sure to take it",
    "not_reported.nature": "not told whether every lesion is a proven metastasis ({item})",
    "judged.vanished_with_size": "{lesion} has vanished: {size:g} mm is read as its size before",
    "not_reported.pregnancy": "not told whether the patient is pregnant ({item})",
    "not_reported.anastomosis": "not reported whether a bile duct is joined to the bowel ({item})",
    "taken_as.no_anastomosis": "no bile duct joined to the bowel",
    "not_reported.nature_elsewhere": "not told how sure it is that {sites} is disease ({item})",
    "not_reported.wishes": "wishes of the patient not reported ({item})",
    "not_reported.segments": "not all segments are measured ({item})",
    "not_reported.total": "total liver volume not reported ({item})",
    "taken_as.usual_shares": "segments {segments} by their usual shares",
    "taken_as.estimated_total": "a liver of {total:.0f} ml ({how})",
    "not_reported.background": "background liver not reported ({item})",
    "not_reported.exposure": "length of earlier chemotherapy not reported, by cycles or by weeks ({item})",
    "not_reported.response_before": "{regimen} ended before the metastases were found, by their dates, and no response is told ({item})",
    "not_reported.response": "what came of the last chemotherapy is not reported ({item})",
    "taken_as.metastases": "metastases",
    "taken_as.adjuvant": "adjuvant: no treatment of the metastases",
    "taken_as.no_progression": "no progression",
    "parenchyma_sparing.not_needed": "{treatment} is not needed: {lesser} clears the liver and costs less of it",
    "target.none_needed": "no remnant to grow: {resection} clears the liver without taking a whole side",
    "target.none_clears": "no resection of a whole side clears the liver: {why}",
    "two_sided.yes": "lesions on both sides: the side that stays can be cleared first",
    "two_sided.no": "no lesion on the side that stays: a first stage would have nothing to clear",
    "convertible.responded": "the disease has responded already: nothing more is gained by shrinking it",
    "convertible.not_even_then": "even after a response: {why}",
    "convertible.clears": "after a response {resection} could clear the liver",
    "convertible.leaves_more": "after a response {resection} would leave more liver",
    "convertible.gains_nothing": "a response would open no resection that leaves more liver",
    "sessions.one": "one session clears what the growing side bears",
    "sessions.two": "the side that stays bears more lesions than one session clears: it is cleared in two",
    "debulking_share.none": "no operation removes {wanted:.0%} of the tumour and leaves a remnant",
    "debulking_share.removes": "{resection} removes {share:.0%} of the tumour; {wanted:.0%} asked for",
    "debulking_share.sizes_not_reported": "{words}; sizes not reported ({item})",
    "debulking_share.a_treatment": "{tumour}: debulking is a treatment",
    "debulking_share.no_treatment": "{tumour}: removing part of the disease is no treatment under this protocol",
    # Why nothing clears the liver.
    "obstacle.all_three_veins": "{lesion} holds all three hepatic veins",
    "obstacle.nowhere": "where {lesion} lies is not told, nor its size",
    "obstacle.spread": "{lesion} is spread over more than {limit} segments and its size is not known",
    "obstacle.sizes_not_known": "the size of {lesions} is not known",
    "obstacle.too_many": "{lesions} lesions in {segments} segments are too many to resect or ablate one by one",
    "obstacle.no_remnant": (
        "removing every lesion leaves no two adjacent segments with inflow, outflow and bile drainage"
    ),
    # --- what stays ---
    # `remnant` is one of share.
    "remnant_volume.kept": "segments {segments} keep {remnant}; the limit for {state} is {limit}",
    "remnant_volume.in_ml": "{words} ({ml:.0f} ml against {limit:.0f} ml)",
    # `limit` is one of limit, and stricter than the one of the words.
    "remnant_volume.by_weight": "{words}, but body weight asks for {limit}",
    "limit.in_ml": "{share} ({ml:.0f} ml)",
    "limit.by_weight": "{share} ({ml:.0f} ml, {weight:.1%} of body weight)",
    "remnant_body_weight.not_reported": "body weight not reported ({item})",
    "remnant_body_weight.ratio": (
        "the remnant is {ratio} of body weight ({low:.2%} to {high:.2%}); the limit is {limit}: {ml:.0f} ml, {share} of this liver"
    ),
    # --- what of the volumes is open, old or hardly possible; `item` is the key of the case file ---
    "volumetry_sound.zero": (
        "segment {segments} is told as 0 ml ({item}): is it gone, or did the segmentation miss it?"
    ),
    "volumetry_sound.tumour_not_told": (
        "{gap:.0f} ml of the total of {total:g} ml are not in the segments: tumour ({item}), or a part that was not measured?"
    ),
    "volumetry_sound.unaccounted": (
        "{gap:.0f} ml of the total of {total:g} ml are neither in the segments nor tumour ({item})"
    ),
    "volumetry_sound.tumour_may_be": (
        "the total of {total:g} ml holds the tumour, whose volume is not told ({item}): by their sizes the lesions may hold {most:.0f} ml"
    ),
    "volumetry_sound.tumour_unknown": "the total of {total:g} ml holds the tumour, whose volume is not told ({item})",
    "volumetry_sound.before_a_change": (
        "the volumetry of segments {segments} ({fraction:.0%}) is {weeks} weeks old, from before the liver was operated on or made to grow ({item})"
    ),
    "volumetry_sound.side_untold": "which portal branches were closed to make the liver grow is not told ({item})",
    "volumetry_sound.before_growth": (
        "the volumetry of segments {segments} ({fraction:.0%}) is {weeks} weeks old, from before the liver was made to grow ({item})"
    ),
    "volumetry_sound.order_unknown": (
        "whether the volumetry of segments {segments} ({fraction:.0%}), {weeks} weeks old, is from before the liver was operated on "
        "or made to grow is not told ({item})"
    ),
    "volumetry_sound.old": (
        "the volumetry of segments {segments} ({fraction:.0%}) is {weeks} weeks old, more than {limit:g} ({item})"
    ),
    "volumetry_sound.implausible": (
        "segments {kept} are told to keep {fraction:.0%} ({item}): then segments {removed} hold {rest:.0%} of the liver, where "
        "{usual:.0%} is usual; are the removed segments complete?"
    ),
    "volumetry_sound.apart": (
        "segments {segments} were measured as {before:.0%} {weeks} weeks ago and as {fraction:.0%} {later} weeks ago ({item}), more apart than "
        "volumetry errs, and nothing between them makes a liver grow: is one of the two of other segments, or a treatment not told?"
    ),
    "volumetry_sound.whole_unknown": (
        "{ml:g} ml of segments {segments} are told, but neither the total nor the body size ({item})"
    ),
    "share.exact": "{share} ({how})",
    "share.estimated": "{share} ({low:.0%} to {high:.0%}, estimated)",
    "share.measured": "{share} ({low:.0%} to {high:.0%}, measured)",
    # Points of the standardised volume, gained and gained a week, then what the protocol asks for.
    "remnant_growth.thrombus": "tumour of {lesions} in the portal branch that would be closed: no growth stimulus there",
    "remnant_growth.gained": (
        "the remnant has gained {points:.1f} points in {weeks:g} weeks, {rate:.1f} a week; {wanted_rate:g} a week or "
        "{wanted:.1%} in all are asked for"
    ),
    "remnant_growth.slow": "{words}; slow, but no bar under this protocol",
    "remnant_growth.nothing_left": "{resection}, with what goes around each lesion, would leave nothing to grow",
    "remnant_growth.reach": (
        "needs {needed:.0%} growth; after this stimulus {usual:.0%} is usual and {most:.0%} the most expected"
    ),
    "remnant_growth.reach_again": (
        "needs {needed:.0%} growth beyond what the first stimulus brings; after this one {usual:.0%} is usual and {most:.0%} the most expected"
    ),
    "volumetry.missing": "{words}: volumetry of the remnant is missing",
    "volumetry.changes_nothing": ("every remnant is known to be enough or too small: volumetry would change nothing"),
    "growth.not_called_for": "{resection} leaves enough as it is",
    # --- rules of the primary ---
    "primary_sought.first": "the primary is not known ({item}): it is looked for before anything oncological",
    "primary_rules.refused": "the protocol {protocol} does not resect liver metastases of this primary ({tumour})",
    "primary_rules.bowel": "bowel metastases: the criteria are made for them",
    "primary_rules.neuroendocrine": (
        "neuroendocrine: resection of all, or of most of the tumour; slow disease is operated on again"
    ),
    # `told` is one of the two.
    "primary_rules.grade": "grade {grade}",
    "primary_rules.grade_by_ki67": "grade {grade} by its Ki-67 of {ki67:g} %",
    "primary_rules.of_grade": "{words}; {told}",
    "primary_rules.grade_not_reported": "{words}; grade and Ki-67 not reported ({item})",
    "primary_rules.grade_too_high": (
        "neuroendocrine, {told}: liver metastases of this grade are not resected as a rule; systemic treatment comes first"
    ),
    "primary_rules.gist": "GIST: targeted drug first, operation while it is stable or responding, no debulking",
    # `rule` is one of own_rule.
    "primary_rules.own": "{tumour}: {rule}",
    "primary_rules.outlook": "{words} (5-year survival after resection {survival:.0%}, {interval})",
    "primary_rules.unsure_outlook": "{words} (5-year survival after resection {survival:.0%}, {interval}, {confidence})",
    "primary_rules.interval": "{low:.0%} to {high:.0%}",
    "primary_rules.no_interval": "no interval printed",
    "primary_rules.systemic_given": "{tumour}: systemic treatment has been given",
    "primary_rules.systemic_first": (
        "{tumour}: resected only after systemic treatment has controlled the disease, and none is recorded"
    ),
    "own_rule.breast": "liver resection where systemic treatment controls the disease and the liver is the only site",
    "own_rule.stomach": "liver resection for few metastases: several of them doubled the hazard of death",
    "own_rule.pancreas": "not resected as a rule: long control by systemic treatment is asked for",
    "own_rule.periampullary": "resected in selected patients, above all the intestinal type",
    "own_rule.gallbladder": "not resected as a rule: long control by systemic treatment is asked for",
    "own_rule.lung": "not resected as a rule: long control by systemic treatment is asked for",
    "own_rule.melanoma": "resected in selected patients, after a long interval and with all sites removable",
    "own_rule.kidney": "resected in selected patients, after a long interval",
    "own_rule.sarcoma": "resected in selected patients, after a long interval",
    "own_rule.unknown": "no rule and no figure is of these metastases",
    "own_rule.other": "resected in selected patients",
    # --- systemic treatment: names, then why it is suggested ---
    "regimen.beside": "{backbone} with {treatment}",
    "regimen.next_targeted": "the next line of targeted treatment",
    "regimen.next_systemic": "the next line of systemic treatment",
    "regimen.targeted_drug": "the targeted drug of this tumour",
    "regimen.of_the_primary": "systemic treatment of the primary's own kind",
    "regimen.first_line": "the first line",
    "regimen.not_told": "a regimen that is not reported",
    # `backbone` and `drug` are names of drugs: FOLFOX and bevacizumab.
    "regimen.of_the_history": "earlier chemotherapy",
    "regimen.two_drugs": "{backbone} and {drug}",
    "regimen.several_drugs": "{backbone} with {drugs}",
    "regimen.targeted_failed": "the targeted drug before it has failed; which drug follows is not chosen here",
    "regimen.targeted_first": "a targeted drug comes first",
    "regimen.immunotherapy": (
        "mismatch-repair deficient: immunotherapy; restage early, {early:.0%} progress at first; nivolumab with "
        "ipilimumab is the other choice"
    ),
    "regimen.two_immunotherapies": (
        "mismatch-repair deficient: immunotherapy; restage early, about {early:.0%} progress at first; pembrolizumab "
        "alone is the other choice"
    ),
    "regimen.braf_blocked": (
        "BRAF V600E: encorafenib and cetuximab with chemotherapy let patients live longer than chemotherapy; how many "
        "come to an operation is not reported"
    ),
    "regimen.triplet_too": "{why}; FOLFOXIRI as backbone is an option: more complete resections, no longer life",
    "regimen.none_suggested": "no regimen for {tumour} is suggested here",
    "regimen.no_antibody": "resectable disease: no antibody, anti-EGFR shortened survival there",
    "regimen.not_again": "{why}; adjuvant oxaliplatin ended {weeks} weeks ago and is not given again",
    "regimen.mutated": "RAS or BRAF mutated: chemotherapy with bevacizumab",
    "regimen.right_sided": "right-sided; anti-EGFR is disputed there: chemotherapy with bevacizumab",
    "regimen.wild_type": "RAS wild type: chemotherapy with an antibody",
    "regimen.ras_not_known": "without knowing RAS no antibody is chosen",
    "regimen.all_backbones_used": "{before} held every backbone named here: the second line is not chosen",
    "regimen.first_chemotherapy": "the first chemotherapy, after {before}: {why}",
    "regimen.other_backbone": "after {before} the other backbone",
    "regimen.other_backbone_braf": (
        "after {before} the other backbone is reckoned with; BRAF V600E: guidelines give encorafenib with cetuximab"
    ),
    # Items that are missing, before "not reported".
    "regimen.wild_type_braf": "BRAF wild type",
    "regimen.left_sided": "left-sided",
    "regimen.ras_not_told": "a tumour that responds like those of all in a series",
    "regimen.at_its_bad_end": "side, RAS or BRAF not told: as for a mutated or right-sided tumour",
    "regimen.item_braf": "BRAF ({item})",
    "regimen.item_side": "side of the primary ({item})",
    "regimen.item_ras": "RAS ({item})",
    "regimen.for_conversion": "for conversion {regimen}: {why}",
    "regimen.with_harm": "{words} ({harm})",
    "regimen.not_reported": "{words}; {items} not reported",
    "harm.oxaliplatin": "oxaliplatin: sinusoidal injury in {share:.0%}",
    "harm.oxaliplatin_bevacizumab": "oxaliplatin: sinusoidal injury in {share:.0%}, less with bevacizumab",
    "harm.irinotecan": (
        "irinotecan: steatohepatitis in {share:.0%}, and then {mortality:.0%} mortality of a hepatectomy"
    ),
    "washout_complete.end_not_reported": "end of the last chemotherapy not reported ({item})",
    "washout_complete.not_known": "washout of {regimen} is not known",
    "washout_complete.passed": "{since:g} weeks since the last dose, {needed:g} needed",
    "washout_complete.waits": "{since:g} weeks since the last dose; the operation waits until {needed:g}",
    # --- transplantation ---
    "transplant_criteria.met": "meets the criteria for transplantation",
    "transplant_criteria.weeks": "{weeks:g} weeks of chemotherapy, {needed:g} needed",
    "transplant_criteria.second_line": (
        "progression within this plan: {needed:g} weeks of control by the next line are needed, and this plan does not follow them"
    ),
    "transplant_criteria.immunotherapy": (
        "immunotherapy within this plan: a new liver waits {weeks:g} weeks after the last dose, since it may be rejected, and this plan does not "
        "follow that"
    ),
    "transplant_criteria.weeks_that_hold": "{weeks:g} weeks of chemotherapy since what ended in progression, {needed:g} needed",
    "transplant_criteria.since_immunotherapy": "{since:g} weeks since the last dose of immunotherapy, {weeks:g} needed: a new liver may be rejected",
    "transplant_criteria.immunotherapy_not_dated": "end of immunotherapy not reported ({item}): {weeks:g} weeks are needed before a new liver",
    "transplant_criteria.cea_peak_not_reported": (
        "CEA {cea:g} ng/ml is not below {limit:g}; whether it has fallen by {fall:.0%} not reported ({item})"
    ),
    "not_reported.cea_peak": "highest CEA not told, so not whether it has fallen by {fall:.0%} ({item})",
    "taken_as.cea_not_fallen": "CEA that has not fallen so far",
    "transplant_criteria.weeks_not_reported": "length of earlier chemotherapy not reported ({item})",
    "transplant_criteria.not_offered": "the protocol {protocol} does not offer transplantation",
    "transplant_criteria.age_not_reported": "age not reported ({item})",
    "transplant_criteria.age": "age {age} is outside {youngest:g} to {oldest:g}",
    "transplant_criteria.ecog_not_reported": "performance not reported ({item})",
    "transplant_criteria.ecog": "ECOG {ecog} is above {limit}",
    "transplant_criteria.other_primary": "the criteria are for colorectal metastases",
    "transplant_criteria.braf": "BRAF is mutated",
    "transplant_criteria.braf_not_reported": "BRAF not reported ({item})",
    "transplant_criteria.primary_not_resected": "the primary is controlled without an operation: the trial asked for its resection",
    "transplant_criteria.extrahepatic": "extrahepatic disease: {sites}",
    "transplant_criteria.cea_not_reported": "CEA not reported ({item})",
    "transplant_criteria.cea": "CEA {cea:g} ng/ml is not below {limit:g} and has not fallen by {fall:.0%}",
    # --- prognostic scores ---
    "score.sizes": "size of every lesion",
    "score.number": "number of lesions",
    "score.zone": "zone {zone}",
    "score.albi": "ALBI",
    "score.grade": "grade {grade}",
    "score.albi_note": (
        "of liver-cell cancer, cut-offs {confidence}; together with APRI it foretold liver failure and death after hepatectomy, but no limit "
        "for metastases was found: shown, not a bar"
    ),
    # --- a guard that has no words of its own: names of a fact and of its value ---
    "fact.is": "{fact} is {value}",
}
