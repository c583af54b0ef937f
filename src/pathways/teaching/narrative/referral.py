"""A case in plain words: the story of a referral, and the findings as rows. Every word stands on a key of the case.

What a case does not tell is called "not told"; nothing is added to it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

from pathways.case.models import Case, HistoryEvent
from pathways.case.volumetry import HEPATECTOMIES
from pathways.liver.anatomy import mask_of, resection_name, roman
from pathways.teaching.scenarios.model import Part

NOT_TOLD = "not told"
Row = tuple[str, str]
TUMOUR_WORDS = {
    "neuroendocrine": "a neuroendocrine tumour", "gist": "a gastrointestinal stromal tumour (GIST)",
    "pancreas": "a pancreatic cancer", "periampullary": "a periampullary cancer", "stomach": "a gastric cancer",
    "gallbladder": "a gallbladder cancer", "breast": "a breast cancer", "lung": "a lung cancer", "melanoma": "a melanoma",
    "kidney": "a renal cancer", "sarcoma": "a sarcoma", "other": "another tumour", "unknown": "an unknown primary",
}  # fmt: skip
SITE_WORDS = {
    "caecum": "the caecum", "ascending_colon": "the ascending colon", "transverse_colon": "the transverse colon",
    "descending_colon": "the descending colon", "sigmoid": "the sigmoid colon", "rectosigmoid": "the rectosigmoid",
    "rectum": "the rectum", "right_colon": "the right colon", "left_colon": "the left colon", "colon": "the colon",
}  # fmt: skip
URGENT_WORDS = {
    "obstruction": "It obstructs the bowel.",
    "perforation": "It has perforated.",
    "bleeding": "It is bleeding.",
}
FAMILY_WORDS = {
    "alpps": "ALPPS", "rescue_alpps": "rescue ALPPS", "pve": "portal vein embolisation", "lvd": "liver venous deprivation",
    "two_stage": "an operation in two stages", "simultaneous": "bowel and liver in one operation",
    "perioperative_chemotherapy": "chemotherapy before an operation", "conversion_chemotherapy": "conversion chemotherapy",
}  # fmt: skip
MONTH = 52 / 12
# Up to four months people count weeks.
WEEKS_COUNTED = 17


def story(case: Case) -> tuple[str, ...]:
    """The referral as paragraphs."""
    return tuple(words for words in (_opening(case), _course(case), _today(case)) if words)


def title(case: Case) -> str:
    """One line for lists that gives nothing away: who, how many lesions, of what."""
    person = _person(case)
    number = _number(case)
    what = {None: "liver lesions", 1: "a liver lesion"}.get(number, f"{number} liver lesions")
    history = " after an earlier liver operation" if any(one.event in HEPATECTOMIES for one in case.history) else ""
    return f"{person[0].upper()}{person[1:]} with {what}{history}: {_tumour(case)}"


def _person(case: Case) -> str:
    patient = case.patient
    who = {"female": "a woman", "male": "a man", None: "a patient"}[patient.sex]
    return who if patient.age_years is None else f"{who} of {patient.age_years}"


def _tumour(case: Case) -> str:
    primary = case.primary
    if primary.tumour == "colorectal":
        return f"cancer of {SITE_WORDS[primary.site]}" if primary.site in SITE_WORDS else "bowel cancer"
    words = TUMOUR_WORDS[primary.tumour]
    return f"{words} of the {primary.site}" if primary.site else words


def _number(case: Case) -> int | None:
    counts = [lesion.count for lesion in case.lesions]
    return None if any(count is None for count in counts) else sum(count or 0 for count in counts)


def _opening(case: Case) -> str:
    person = _person(case)
    natures = {lesion.known_as for lesion in case.lesions}
    if natures == {"suspected"}:
        what = (
            "a nodule in the liver whose nature is not known"
            if _number(case) == 1
            else "nodules in the liver of unknown nature"
        )
    elif "suspected" in natures:
        what = "metastases in the liver and a nodule beside them whose nature is not known"
    else:
        what = "a metastasis in the liver" if _number(case) == 1 else "metastases in the liver"
    words = f"{person[0].upper()}{person[1:]} is referred with {what}."
    words += f" The primary is {_a(_tumour(case))}."
    presentation = {
        "synchronous": "Primary and liver disease were found together.",
        "metachronous": "The liver disease was found later.",
        None: "",
    }[case.primary.presentation]
    months = case.primary.interval_months
    if case.primary.presentation == "metachronous" and months:
        presentation = f"The liver disease was found {months:g} months after it."
    return f"{words} {presentation}".strip()


def _a(words: str) -> str:
    return words if words.startswith(("a ", "an ")) else f"a {words}"


def _course(case: Case) -> str:
    return " ".join(_event(one) for one in case.history)


def ago(week: int | None) -> str:
    """`5 weeks ago`, `14 months ago`."""
    if week is None:
        return "at a time that is not told"
    if week == 0:
        return "this week"
    weeks = -week
    number, unit = (weeks, "week") if weeks < WEEKS_COUNTED else (round(weeks / MONTH), "month")
    return f"{number} {unit}{'' if number == 1 else 's'} ago"


def regimen_words(name: str | None) -> str:
    """`folfox_bevacizumab` as `FOLFOX and bevacizumab`."""
    if name is None:
        return "chemotherapy that is not named"
    backbone, _, drug = name.partition("_")
    known = backbone.startswith(("fol", "cap", "xel", "uft"))
    words = backbone.upper() if known else backbone.replace("_", " ")
    return f"{words} and {drug.replace('_', ' ')}" if drug else words


def _event(one: HistoryEvent) -> str:
    when = ago(one.week)
    make = EVENTS.get(one.event)
    return make(one, when) if make else f"{one.event.replace('_', ' ').capitalize()} {when}."


def _chemotherapy(one: HistoryEvent, when: str) -> str:
    cycles = "" if one.cycles is None else f"{one.cycles} cycles of "
    ended = "" if one.until_week is None else f", the last {ago(one.until_week)}"
    answer = {
        "partial": " The disease responded (partial response).", "complete": " The disease responded completely.",
        "stable": " The disease stayed stable.", "progression": " The disease progressed under it.", None: "",
    }[one.response]  # fmt: skip
    return f"Systemic treatment from {when} on: {cycles}{regimen_words(one.regimen)}{ended}.{answer}"


def _hepatectomy(one: HistoryEvent, when: str) -> str:
    what = resection_name(mask_of(one.removes)) if one.removes else ""
    if one.partial:
        limited = f"a limited resection in {roman(mask_of(one.partial))}"
        what = f"{what} and {limited}" if what else limited
    margin = f" with a margin of {one.margin.upper()}" if one.margin else ""
    return f"Liver resection {when}: {what or 'extent not told'}{margin}."


def _primary_resection(one: HistoryEvent, when: str) -> str:
    margin = f" ({one.margin.upper()})" if one.margin else ""
    return f"The primary was removed {when}{margin}."


def _closed(what: str) -> Callable[[HistoryEvent, str], str]:
    def words(one: HistoryEvent, when: str) -> str:
        places = " and ".join(
            f"segment {roman(mask_of([place]))}" if isinstance(place, int) else f"the {place} side"
            for place in one.segments
        )
        return f"{what}{f' of {places}' if places else ''} {when}."

    return words


EVENTS: dict[str, Callable[[HistoryEvent, str], str]] = {
    "chemotherapy": _chemotherapy,
    "hepatectomy": _hepatectomy,
    "primary_resection": _primary_resection,
    "portal_vein_embolisation": _closed("Portal vein embolisation"),
    "liver_venous_deprivation": _closed("Embolisation of portal and hepatic veins"),
    "radiotherapy": lambda _, when: f"The primary was irradiated {when}.",
}


def _today(case: Case) -> str:
    words = []
    if case.primary.status == "in_situ":
        words.append("The primary is still in place.")
        words += [URGENT_WORDS[case.primary.urgent]] if case.primary.urgent in URGENT_WORDS else []
        words += ["It is to be irradiated before it is removed."] if case.primary.needs_radiotherapy else []
    if case.primary.status == "controlled":
        words.append("The primary has gone under treatment, without an operation, and is watched.")
    if case.disease_elsewhere:
        words.append(f"There is disease outside the liver: {_elsewhere(case)}.")
    elif case.disease_elsewhere == ():
        words.append("No disease is known outside the liver.")
    else:
        words.append("Whether there is disease outside the liver is not told.")
    return " ".join(words)


def _elsewhere(case: Case) -> str:
    answers = {True: "can be removed", False: "cannot be removed", None: "not told whether it can be removed"}
    return "; ".join(
        f"{one.site.replace('_', ' ')}{f' ({one.count})' if one.count else ''}, "
        f"{'only suspected, ' if one.nature == 'suspected' else ''}{answers[one.resectable]}"
        for one in case.disease_elsewhere or ()
    )


# --- rows -----------------------------------------------------------------------------------------------------------


def rows(case: Case, parts: Iterable[Part]) -> tuple[Row, ...]:
    """The findings of `parts`, label and value."""
    return tuple(row for part in parts for row in ROWS[part](case))


def _told(value: object, unit: str = "") -> str:
    if value is None:
        return NOT_TOLD
    words = f"{value:g}" if isinstance(value, float) else str(value).replace("_", " ")
    return f"{words} {unit}".strip()


def _person_rows(case: Case) -> Iterator[Row]:
    one = case.patient
    yield "Patient", f"{_person(case)}, {_told(one.height_cm, 'cm')}, {_told(one.weight_kg, 'kg')}"
    yield "Performance", f"ECOG {_told(one.ecog)}, ASA {_told(one.asa)}"
    if one.fit_for is not None:
        fit = {"none": "no anaesthetic", "ablation": "a short anaesthetic through the skin, the abdomen unopened", "minor": "a limited abdominal operation",
               "major": "a long abdominal operation"}  # fmt: skip
        yield "Anaesthetic assessment", fit[one.fit_for]
    if one.haemoglobin_g_per_l is not None:
        yield "Haemoglobin", f"{one.haemoglobin_g_per_l:g} g/l"


def _primary_rows(case: Case) -> Iterator[Row]:
    one = case.primary
    status = {
        "in_situ": "in place",
        "resected": "removed",
        "none": "none found",
        "controlled": "controlled without an operation, watched",
        None: "not told whether it is in place",
    }
    words = [_tumour(case), status[one.status]]
    if one.status == "in_situ":
        removable = {True: "can be removed with a clear margin", False: "cannot be removed with a clear margin"}
        words.append(removable.get(one.r0_resectable, "not told whether it can be removed with a clear margin"))  # type: ignore[arg-type]
        words.append({"none": "no emergency", None: "urgency not told"}.get(one.urgent, f"emergency: {one.urgent}"))
    yield "Primary", ", ".join(words)
    if one.node_positive is not None:
        yield "Nodes of the primary", "positive" if one.node_positive else "negative"


def _history_rows(case: Case) -> Iterator[Row]:
    for one in case.history:
        if one.event == "chemotherapy":
            yield "Chemotherapy so far", _event(one).rstrip(".")
        elif one.event in HEPATECTOMIES:
            yield "Liver operated on", _event(one).removeprefix("Liver resection ").rstrip(".")


def _lesion_rows(case: Case) -> Iterator[Row]:
    number = _number(case)
    yield "Liver lesions", NOT_TOLD if number is None else str(number)
    sizes = [lesion.size_mm for lesion in case.lesions if lesion.size_mm is not None]
    yield "Largest", f"{max(sizes):g} mm" if sizes else NOT_TOLD


def _laboratory_rows(case: Case) -> Iterator[Row]:
    """What was measured, in the order of a report; what was not measured is left out."""
    one = case.liver
    gilbert = " in Gilbert syndrome" if one.gilbert else ""
    anticoagulated = " under an anticoagulant" if case.patient.anticoagulated else ""
    for name, value, unit in (
        ("ICG retention", one.icg_r15_percent, "%"),
        ("Child-Pugh", one.child_pugh, ""),
        ("INR", one.inr, anticoagulated),
        ("Bilirubin", one.bilirubin_umol_per_l, f" µmol/l{gilbert}"),
        ("Albumin", one.albumin_g_per_l, " g/l"),
        ("Platelets", one.platelets_e9_per_l, " × 10⁹/l"),
        ("GGT", one.ggt_u_per_l, " U/l"),
        ("Creatinine", one.creatinine_umol_per_l, " µmol/l"),
    ):
        if value is not None:
            yield name, f"{value if isinstance(value, str) else f'{value:g}'}{unit}"


def _liver_rows(case: Case) -> Iterator[Row]:
    one = case.liver
    yield "Background liver", _told(one.background)
    signs = NOT_TOLD if one.insufficiency is None else ", ".join(one.insufficiency).replace("_", " ") or "none"
    yield "Signs of liver failure", signs
    if one.biliary_obstruction not in (None, "none"):
        yield "Bile ducts", "obstructed" if one.biliary_obstruction == "present" else "drained"
    yield from _laboratory_rows(case)
    if not one.measured_remnants:
        yield "Volumetry", "none yet"
    for volume in one.measured_remnants:
        removed = resection_name(mask_of(volume.removes))
        size = [f"{volume.fraction:.0%}"] if volume.fraction is not None else []
        size += [f"{volume.ml:g} ml"] if volume.ml is not None else []
        yield "Volumetry", f"after {removed} {', '.join(size)} would stay (week {volume.week})"


def _biology_rows(case: Case) -> Iterator[Row]:
    one = case.primary
    if one.tumour == "colorectal":
        yield "RAS, BRAF", f"{_told(one.ras)}, {_told(one.braf)}"
        yield "Mismatch repair", _told(one.mismatch_repair)
        peak = "" if one.cea_peak_ng_per_ml is None else f" (highest {one.cea_peak_ng_per_ml:g})"
        yield "CEA", f"{_told(one.cea_ng_per_ml, 'ng/ml')}{peak}"


def _elsewhere_rows(case: Case) -> Iterator[Row]:
    if case.extrahepatic is None:
        yield "Outside the liver", NOT_TOLD
    else:
        yield "Outside the liver", _elsewhere(case) or "no disease known"


def family_words(family: str) -> str:
    """A family of pathways in running text."""
    return FAMILY_WORDS.get(family, family.replace("_", " "))


def _wishes_rows(case: Case) -> Iterator[Row]:
    declined = ", ".join(family_words(one) for one in case.patient.declines)
    yield "The patient declines", declined or "none of the pathways, as far as the case tells"


ROWS: dict[Part, Callable[[Case], Iterator[Row]]] = {
    "person": _person_rows,
    "primary": _primary_rows,
    "history": _history_rows,
    "lesions": _lesion_rows,
    "liver": _liver_rows,
    "biology": _biology_rows,
    "elsewhere": _elsewhere_rows,
    "wishes": _wishes_rows,
}
