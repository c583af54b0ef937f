"""What is said of treatments that bring everything of themselves: their family, and the reasons of their rules."""

from collections.abc import Mapping

TREATMENTS: Mapping[str, str] = {
    # --- hepatic arterial infusion ---
    "family.arterial_infusion": "arterial infusion",
    "drugs_beside.by_pump": "floxuridine in the hepatic artery",
    "drugs_beside.by_port": "oxaliplatin in the hepatic artery",
    "drugs_beside.no_bevacizumab": "no bevacizumab beside it, which harms the bile ducts",
    "unplanned.arterial_infusion": "arterial infusion of the liver",
    "row.infusion": "arterial infusion",
    "arterial_infusion.not_offered": "the protocol {protocol} does not offer arterial infusion",
    "arterial_infusion.other_primary": "arterial infusion is for metastases of bowel cancer",
    "arterial_infusion.immunotherapy": "mismatch-repair deficient: immunotherapy, and no chemotherapy in the artery",
    "arterial_infusion.repair_not_reported": "mismatch repair not reported ({item}): where it is deficient immunotherapy is given, and no chemotherapy in the artery",
    "arterial_infusion.systemic_first": "systemic treatment comes before chemotherapy in the artery: {cycles} of at least {least} cycles given",
    "arterial_infusion.cycles_not_reported": "not reported how many cycles of systemic treatment have been given ({item})",
    "arterial_infusion.elsewhere": "disease outside the liver ({sites}), which chemotherapy in the artery does not reach",
    "infusion_access.unfit_for_pump": "not fit for the operation that implants the pump: {why}",
    "infusion_access.unfit_for_port": "not fit for a port in the artery: {why}",
    "arterial_infusion.bevacizumab_not_dated": "bevacizumab was the last drug, and its end is not reported ({item}): it has to be washed out first",
    "arterial_infusion.met": "bowel metastases of the liver alone after systemic treatment; the arteries are looked at by CT, no key tells of them",
    "taken_as.bevacizumab_washed_out": "bevacizumab washed out",
    # --- stereotactic radiotherapy ---
    "family.stereotactic_radiotherapy": "stereotactic radiotherapy",
    "letters.stereotactic_radiotherapy": "SBRT",
    "unplanned.stereotactic_radiotherapy": "stereotactic radiotherapy",
    "stereotactic_radiotherapy.not_offered": "the protocol {protocol} does not offer stereotactic radiotherapy of the liver",
    "stereotactic_performance.not_reported": "performance not reported ({item})",
    "stereotactic_performance.within": "ECOG {ecog} is within {limit} for local treatment",
    "stereotactic_performance.above": "ECOG {ecog} is above {limit}: lesions are not irradiated instead",
    "stereotactic_radiotherapy.too_many": "{number} lesions: at most {limit} are irradiated",
    "stereotactic_radiotherapy.too_large": "{lesion} measures {size:g} mm: lesions up to {limit:g} mm are irradiated",
    "stereotactic_radiotherapy.too_little_spared": (
        "{spared:.0f} ml of liver would be spared (further than {rim:g} mm from every lesion): at least {limit:g} ml are asked for"
    ),
    "stereotactic_radiotherapy.size_not_reported": "the size of {lesions} is not reported ({item})",
    "stereotactic_radiotherapy.number_not_reported": "the number of lesions of {lesions} is not reported ({item})",
    "stereotactic_radiotherapy.met": "few and small enough, and {spared:.0f} ml of liver would be spared (further than {rim:g} mm from every lesion)",
    "taken_as.small_enough_to_irradiate": "at most {limit:g} mm, and enough liver spared",
    "taken_as.a_single_lesion": "one lesion",
}
