"""Which systemic treatment biology, side and the liver's background call for, how long it washes out, what it harms.

A regimen is a suggestion with its reason, never a gate: survival was equal between the disputed choices.
"""

from __future__ import annotations

from dataclasses import dataclass

from pathways.facts.patient_assessment import PatientAssessment
from pathways.facts.verdict import Verdict, allowed, unknown
from pathways.process.rules import RULES

RIGHT_COLON = ("caecum", "ascending_colon", "transverse_colon", "right_colon")
LEFT_BOWEL = ("descending_colon", "sigmoid", "rectosigmoid", "rectum", "left_colon")
BACKBONES = (
    "folfox",
    "folfiri",
    "capox",
    "xelox",
    "capiri",
    "capecitabine",
    "fluorouracil",
    "uft",
    "oxaliplatin",
    "irinotecan",
)
FATTY = ("steatosis", "steatohepatitis")
RULE = "regimen"
RECORD = RULES[RULE]


@dataclass(frozen=True, slots=True)
class Regimen:
    """A systemic treatment. `name` is the case-file name of the regimen, or None where none is suggested.

    `response` and `progression` name the parameters for one block of it.
    """

    name: str | None
    words: str
    why: str
    sources: tuple[str, ...]
    response: str = "conversion_chance_per_block"
    progression: str = "conversion_progression_per_block"
    missing: str = ""


def regimen(assessed: PatientAssessment, line: str) -> Regimen:
    """The regimen for `line` (perioperative, first, second)."""
    primary = assessed.case.primary
    if assessed.systemic == "targeted" and line == "second":
        why = "the targeted drug before it has failed; which drug follows is not chosen here"
        return Regimen(
            None, "the next line of targeted treatment", why, assessed.protocol.sources("targeted_first_tumours")
        )
    if assessed.systemic == "targeted":
        words = "imatinib" if primary.tumour == "gist" else "the targeted drug of this tumour"
        return Regimen(None, words, "a targeted drug comes first", assessed.protocol.sources("targeted_first_tumours"))
    if assessed.systemic == "immunotherapy":
        return Regimen(
            "pembrolizumab", "pembrolizumab", "mismatch-repair deficient: immunotherapy; restage early, 29 % progress at first",
            RECORD.cited("immunotherapy"), "response_immunotherapy", "progression_immunotherapy",
        )  # fmt: skip
    if primary.tumour != "colorectal":
        words = "systemic treatment of the primary's own kind"
        return Regimen(
            None, words, f"no regimen for {primary.tumour} is suggested here", RECORD.cited("another primary")
        )
    if line == "perioperative":
        why = "resectable disease: no antibody, anti-EGFR shortened survival there"
        return Regimen(_doublet(assessed), _doublet(assessed).upper(), why, RECORD.cited("resectable disease"))
    if line == "second":
        return _second_line(assessed)
    return _conversion(assessed)


def _doublet(assessed: PatientAssessment) -> str:
    """FOLFOX, but where oxaliplatin has harmed the liver already, or was the last drug and failed."""
    return "folfiri" if assessed.case.liver.background == "sinusoidal_injury" else "folfox"


def _conversion(assessed: PatientAssessment) -> Regimen:
    primary, protocol = assessed.case.primary, assessed.protocol
    doublet = _doublet(assessed)
    mutated = primary.ras == "mutated" or primary.braf == "v600e"
    triplet = protocol.word("conversion_backbone") == "triplet" and assessed.case.liver.background not in FATTY
    if mutated or primary.site in RIGHT_COLON:
        why = "RAS or BRAF mutated" if mutated else "right-sided; anti-EGFR is disputed there"
        name = f"{'folfoxiri' if triplet else doublet}_bevacizumab"
        response = "response_triplet" if triplet else "response_ras_mutated"
        progression = "progression_triplet" if triplet else "progression_ras_mutated"
        return Regimen(
            name, _words(name), f"{why}: chemotherapy with bevacizumab", RECORD.cited("mutated or right-sided"),
            response, progression,
        )  # fmt: skip
    if primary.ras == "wild_type":
        antibody = "panitumumab" if protocol.word("left_wild_type_antibody") == "anti_egfr" else "bevacizumab"
        name = f"{doublet}_{antibody}"
        unsure = [
            words
            for words, known in (
                ("BRAF (primary.braf)", primary.braf is not None),
                ("side of the primary (primary.site)", primary.site in LEFT_BOWEL),
            )
            if not known
        ]
        missing = " and ".join(unsure)
        sources = protocol.sources("left_wild_type_antibody")
        return Regimen(name, _words(name), "RAS wild type: chemotherapy with an antibody", sources, missing=missing)
    return Regimen(
        doublet, _words(doublet), "without knowing RAS no antibody is chosen", protocol.sources("left_wild_type_antibody"),
        missing="RAS (primary.ras)",
    )  # fmt: skip


def _second_line(assessed: PatientAssessment) -> Regimen:
    """The other backbone, with bevacizumab; irinotecan is kept from a fatty liver where something else is left."""
    before = assessed.past.last_regimen or regimen(assessed, "first").name or ""
    sources = RECORD.cited("second line")
    if before.startswith("folfoxiri"):
        why = f"{_words(before)} held every backbone named here: the second line is not chosen"
        return Regimen(None, "the next line of systemic treatment", why, sources)
    backbone = "folfiri" if "fol" not in before or before.startswith("folfox") else "folfox"
    if assessed.case.liver.background in FATTY and not before.startswith("folfox"):
        backbone = "folfox"
    name = f"{backbone}_bevacizumab"
    why = f"after {_words(before) if before else 'the first line'} the other backbone"
    if assessed.case.primary.braf == "v600e":
        why = f"{why}; BRAF mutated: its own second line is not modelled"
    return Regimen(name, _words(name), why, sources)


def _words(name: str) -> str:
    backbone, _, drug = name.partition("_")
    return f"{backbone.upper()} and {drug}" if drug else backbone.upper()


def harm(assessed: PatientAssessment, chosen: Regimen) -> str:
    """What a regimen does to the liver, in words with the figure; nothing where no figure is known."""
    name, figures = chosen.name or "", assessed.parameters
    words = []
    if name.startswith(("folfox", "capox", "xelox", "oxaliplatin")):
        value = figures["sinusoidal_injury_oxaliplatin"].number
        less = ", less with bevacizumab" if "bevacizumab" in name else ""
        words.append(f"oxaliplatin: sinusoidal injury in {value:.0%}{less}")
    if name.startswith(("folfiri", "folfoxiri", "capiri", "irinotecan")):
        value, death = figures["steatohepatitis_irinotecan"].number, figures["mortality_steatohepatitis"].number
        words.append(f"irinotecan: steatohepatitis in {value:.0%}, and then {death:.0%} mortality of a hepatectomy")
    return "; ".join(words)


def regimen_verdict(assessed: PatientAssessment) -> Verdict:
    """The regimen for conversion, as a finding."""
    chosen = regimen(assessed, "first")
    hurts = harm(assessed, chosen)
    words = f"for conversion {chosen.words}: {chosen.why}" + (f" ({hurts})" if hurts else "")
    if chosen.missing:
        assumed = f"{chosen.words}, as for the likelier finding"
        return unknown(
            RULE, f"{words}; {chosen.missing} not reported", assumed, value=chosen.words, sources=chosen.sources
        )
    return allowed(RULE, words, value=chosen.words, sources=chosen.sources)


def washout_weeks(regimen: str | None, assessed: PatientAssessment) -> float | None:
    """Weeks between the last dose of `regimen` and an elective operation; None for a regimen not known."""
    protocol = assessed.protocol
    if regimen is None:
        return None
    if "bevacizumab" in regimen:
        return protocol.number("washout_weeks_bevacizumab")
    if "cetuximab" in regimen or "panitumumab" in regimen:
        return protocol.number("washout_weeks_antibody")
    if any(regimen.startswith(backbone) for backbone in BACKBONES):
        return protocol.number("washout_weeks_cytotoxic")
    return None


def washout_verdict(assessed: PatientAssessment) -> Verdict | None:
    """Whether the chemotherapy of the history has washed out; None where there was none."""
    past = assessed.past
    if past.last_dose_week is None and past.last_regimen is None and not past.chemotherapy_before:
        return None
    sources = assessed.protocol.sources("washout_weeks_cytotoxic", "washout_weeks_bevacizumab")
    weeks = washout_weeks(past.last_regimen, assessed)
    if past.last_dose_week is None or weeks is None:
        ended = past.last_dose_week is not None
        words = "end of the last chemotherapy not reported (history.until_week)"
        if ended:
            words = f"washout of {past.last_regimen or 'a regimen that is not reported'} is not known"
        return unknown("washout_complete", words, "taken as washed out by the operation", sources=sources)
    since = float(-past.last_dose_week)
    if since >= weeks:
        words = f"{since:g} weeks since the last dose, {weeks:g} needed"
    else:
        words = f"{since:g} weeks since the last dose; the operation waits until {weeks:g}"
    return allowed("washout_complete", words, value=since, limit=weeks, unit="weeks", sources=sources)
