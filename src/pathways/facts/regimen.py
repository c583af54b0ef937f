"""Which systemic treatment biology, side and the liver's background call for, how long it washes out, what it harms.

A regimen is a suggestion with its reason, never a gate: survival was equal between the disputed choices.
"""

from __future__ import annotations

from dataclasses import replace

from pathways.facts.patient_assessment import PatientAssessment
from pathways.facts.verdict import Missing, Verdict, allowed, unknown
from pathways.messages.catalogue import called, joined, say
from pathways.process.rules import RULES
from pathways.process.treatments import TREATMENTS
from pathways.process.treatments.vocabulary import DrugsBeside
from pathways.quick_dataclass import dataclass
from pathways.ward.regimens import drugs_in, holds, is_cytotoxic

RIGHT_COLON = ("caecum", "ascending_colon", "transverse_colon", "right_colon")
LEFT_BOWEL = ("descending_colon", "sigmoid", "rectosigmoid", "rectum", "left_colon")
# The setting that tells the interval of a kind of drug; any other kind has none.
WASHOUTS = {
    "backbones": "washout_weeks_cytotoxic",
    "bevacizumab": "washout_weeks_bevacizumab",
    "antibody": "washout_weeks_antibody",
    "kinase_inhibitor": "washout_weeks_kinase_inhibitor",
}
FATTY = ("steatosis", "steatohepatitis")
RULE = "regimen"
RECORD = RULES[RULE]
# By the line that a treatment brings.
BESIDE = {one.drugs.line: one.drugs for one in TREATMENTS if one.drugs is not None}


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
    missing: tuple[Missing, ...] = ()


def regimen(assessed: PatientAssessment, line: str) -> Regimen:
    """The regimen for `line` (perioperative, first, second, or one that a treatment brings)."""
    primary = assessed.case.primary
    if assessed.systemic == "targeted":
        sources = assessed.protocol.sources("targeted_first_tumours")
        if line == "second":
            return Regimen(None, say("regimen.next_targeted"), say("regimen.targeted_failed"), sources)
        if primary.tumour == "gist":
            return Regimen("imatinib", "imatinib", say("regimen.targeted_first"), sources)
        return Regimen(None, say("regimen.targeted_drug"), say("regimen.targeted_first"), sources)
    if assessed.systemic == "immunotherapy":
        return _immunotherapy(assessed)
    if primary.tumour != "colorectal":
        why = say("regimen.none_suggested", tumour=called("tumour", primary.tumour))
        return Regimen(None, say("regimen.of_the_primary"), why, RECORD.cited("another primary"))
    if line in BESIDE:
        return _beside(assessed, BESIDE[line])
    if line == "second":
        return _second_line(assessed)
    if line == "perioperative":
        why, doublet = say("regimen.no_antibody"), _doublet(assessed)
        return _not_again(assessed, Regimen(doublet, doublet.upper(), why, RECORD.cited("resectable disease")))
    return _not_again(assessed, _conversion(assessed))


def _immunotherapy(assessed: PatientAssessment) -> Regimen:
    name = assessed.protocol.word("immunotherapy_first_line")
    two = name != "pembrolizumab"
    figure = "progression_two_immunotherapies" if two else "progression_immunotherapy"
    early = assessed.parameters[figure].number
    why = say("regimen.two_immunotherapies" if two else "regimen.immunotherapy", early=early)
    sources = assessed.protocol.sources("immunotherapy_first_line")
    return Regimen(name, _drugs(name), why, sources, "response_immunotherapy", figure)


def _doublet(assessed: PatientAssessment) -> str:
    """FOLFOX, but where oxaliplatin has harmed the liver already, or the disease came back soon after it."""
    harmed = assessed.case.liver.background == "sinusoidal_injury"
    return "folfiri" if harmed or weeks_since_oxaliplatin(assessed) is not None else "folfox"


def weeks_since_oxaliplatin(assessed: PatientAssessment) -> int | None:
    """How many weeks ago adjuvant oxaliplatin ended, where that is too short for the same drug to be given again."""
    ended = (
        -one.ended_week
        for one in assessed.past.given
        if one.before and one.ended_week is not None and holds(one.regimen or "", "oxaliplatin")
    )
    latest = min(ended, default=None)
    return None if latest is None or latest > assessed.protocol.number("oxaliplatin_again_weeks") else latest


def _not_again(assessed: PatientAssessment, chosen: Regimen) -> Regimen:
    """The regimen, with why it is not the drug of the adjuvant treatment."""
    weeks = weeks_since_oxaliplatin(assessed)
    if weeks is None or chosen.name is None:
        return chosen
    sources = (*chosen.sources, *assessed.protocol.sources("oxaliplatin_again_weeks"))
    return replace(chosen, why=say("regimen.not_again", why=chosen.why, weeks=weeks), sources=sources)


def _beside(assessed: PatientAssessment, drugs: DrugsBeside) -> Regimen:
    """Beside another treatment a doublet without bevacizumab: the one that has not been given, where that is known."""
    backbone = "folfiri" if (assessed.past.last_regimen or "").startswith("folfox") else _doublet(assessed)
    named = drugs.named[0 if assessed.protocol.yes(drugs.named_by) else 1]
    words = say("regimen.beside", backbone=backbone.upper(), treatment=called("drugs_beside", named))
    sources = assessed.protocol.sources(drugs.sources_of)
    return Regimen(backbone, words, called("drugs_beside", drugs.why), sources, drugs.response, drugs.progression)


def _conversion(assessed: PatientAssessment) -> Regimen:
    primary, protocol = assessed.case.primary, assessed.protocol
    doublet = _doublet(assessed)
    mutated = primary.ras == "mutated" or primary.braf == "v600e"
    borne = assessed.case.liver.background not in FATTY and weeks_since_oxaliplatin(assessed) is None
    triplet = protocol.word("conversion_backbone") == "triplet" and borne
    # Read at its bad end: a side, a RAS or a BRAF that is not told stands for the tumour that responds least.
    told = primary.ras is not None and primary.braf is not None and primary.site in (*LEFT_BOWEL, *RIGHT_COLON)
    if assessed.strict and not told and not mutated and primary.site not in RIGHT_COLON:
        name, why = f"{doublet}_bevacizumab", say("regimen.at_its_bad_end")
        sources = RECORD.cited("mutated or right-sided")
        return Regimen(name, _words(name), why, sources, "response_ras_mutated", "progression_ras_mutated")
    if primary.braf == "v600e" and protocol.word("braf_first_line") == "encorafenib":
        name = f"{doublet}_encorafenib_cetuximab"
        return Regimen(
            name, _words(name), say("regimen.braf_blocked"), protocol.sources("braf_first_line"),
            "response_braf_encorafenib", "progression_braf_encorafenib",
        )  # fmt: skip
    if mutated or primary.site in RIGHT_COLON:
        name = f"{'folfoxiri' if triplet else doublet}_bevacizumab"
        response = "response_triplet" if triplet else "response_ras_mutated"
        progression = "progression_triplet" if triplet else "progression_ras_mutated"
        why = say("regimen.mutated" if mutated else "regimen.right_sided")
        sources = RECORD.cited("mutated or right-sided")
        if not triplet and borne:
            why, sources = say("regimen.triplet_too", why=why), (*sources, *RECORD.cited("the triplet"))
        return Regimen(name, _words(name), why, tuple(dict.fromkeys(sources)), response, progression)
    if primary.ras == "wild_type":
        antibody = "panitumumab" if protocol.word("left_wild_type_antibody") == "anti_egfr" else "bevacizumab"
        name = f"{doublet}_{antibody}"
        sources = protocol.sources("left_wild_type_antibody")
        return Regimen(name, _words(name), say("regimen.wild_type"), sources, missing=_taken_as_best(assessed))
    return Regimen(
        doublet, _words(doublet), say("regimen.ras_not_known"), protocol.sources("left_wild_type_antibody"),
        missing=(_untold("primary.ras", say("regimen.ras_not_told")), *_taken_as_best(assessed)),
    )  # fmt: skip


def _taken_as_best(assessed: PatientAssessment) -> tuple[Missing, ...]:
    """What is not told of a tumour and would make it respond less: a mutation of BRAF, and the right side of the bowel."""
    primary = assessed.case.primary
    return (
        *((_untold("primary.braf", say("regimen.wild_type_braf")),) if primary.braf is None else ()),
        *((_untold("primary.site", say("regimen.left_sided")),) if primary.site not in LEFT_BOWEL else ()),
    )


def _untold(item: str, taken: str) -> Missing:
    named = {
        "primary.braf": say("regimen.item_braf", item=item),
        "primary.site": say("regimen.item_side", item=item),
        "primary.ras": say("regimen.item_ras", item=item),
    }
    return Missing(item, named[item], taken)


def _second_line(assessed: PatientAssessment) -> Regimen:
    """The other backbone, with bevacizumab; irinotecan is kept from a fatty liver where something else is left."""
    adjuvant, last = bool(assessed.past.given) and assessed.past.given[-1].before, assessed.past.last_regimen
    if last and not assessed.past.given and not is_cytotoxic(last):
        # No backbone has been given: the first chemotherapy is what it would have been.
        first = regimen(assessed, "first")
        why = say("regimen.first_chemotherapy", before=_drugs(last), why=first.why)
        return Regimen(first.name, first.words, why, first.sources)
    before = (not adjuvant and assessed.past.last_regimen) or regimen(assessed, "first").name or ""
    sources = RECORD.cited("second line")
    if before.startswith("folfoxiri"):
        why = say("regimen.all_backbones_used", before=_words(before))
        return Regimen(None, say("regimen.next_systemic"), why, sources)
    backbone = "folfiri" if "fol" not in before or before.startswith("folfox") else "folfox"
    if assessed.case.liver.background in FATTY and not before.startswith("folfox"):
        backbone = "folfox"
    name = f"{backbone}_bevacizumab"
    untried = assessed.case.primary.braf == "v600e" and "encorafenib" not in before
    why = say(
        "regimen.other_backbone_braf" if untried else "regimen.other_backbone",
        before=_words(before) if before else say("regimen.first_line"),
    )
    return Regimen(name, _words(name), why, sources)


def _words(name: str) -> str:
    backbone, _, drug = name.partition("_")
    if "_" in drug:
        return say("regimen.several_drugs", backbone=backbone.upper(), drugs=_drugs(drug))
    return say("regimen.two_drugs", backbone=backbone.upper(), drug=drug) if drug else backbone.upper()


def _drugs(names: str) -> str:
    return joined(names.split("_"))


def harm(assessed: PatientAssessment, chosen: Regimen) -> str:
    """What a regimen does to the liver, in words with the figure; nothing where no figure is known."""
    name, figures = chosen.name or "", assessed.parameters
    words = []
    if holds(name, "oxaliplatin"):
        value = figures["sinusoidal_injury_oxaliplatin"].number
        less = "bevacizumab" in name
        words.append(say("harm.oxaliplatin_bevacizumab" if less else "harm.oxaliplatin", share=value))
    if holds(name, "irinotecan"):
        value, death = figures["steatohepatitis_irinotecan"].number, figures["mortality_steatohepatitis"].number
        words.append(say("harm.irinotecan", share=value, mortality=death))
    return "; ".join(words)


def regimen_verdict(assessed: PatientAssessment) -> Verdict:
    """The regimen for conversion, as a finding."""
    chosen = regimen(assessed, "first")
    hurts = harm(assessed, chosen)
    words = say("regimen.for_conversion", regimen=chosen.words, why=chosen.why)
    if hurts:
        words = say("regimen.with_harm", words=words, harm=hurts)
    if chosen.missing:
        reason = say("regimen.not_reported", words=words, items=", ".join(one.reason for one in chosen.missing))
        assumed = say("taken_as.likelier_finding", regimen=chosen.words)
        return unknown(RULE, reason, assumed, value=chosen.words, sources=chosen.sources, missing=chosen.missing)
    return allowed(RULE, words, value=chosen.words, sources=chosen.sources)


def washout_weeks(regimen: str | None, assessed: PatientAssessment) -> float | None:
    """Weeks between the last dose of `regimen` and an elective operation; None for one that is not known, in whole or in part."""
    drugs = drugs_in(regimen) if regimen is not None else None
    settings = [WASHOUTS.get(kind) for kind in drugs.kinds if kind != "support"] if drugs else []
    if not settings or None in settings:
        return None
    return max(assessed.protocol.number(key) for key in settings if key)


def longest_washout(assessed: PatientAssessment) -> float:
    """The longest interval that the protocol asks for: what a regimen that is not known is held to."""
    return max(assessed.protocol.number(key) for key in WASHOUTS.values())


def washout_held_to(regimen: str | None, assessed: PatientAssessment) -> float:
    """Weeks that a plan waits after `regimen`: its interval, or the longest of the protocol where that is not known."""
    weeks = washout_weeks(regimen, assessed)
    return longest_washout(assessed) if weeks is None else weeks


def since_last_dose(assessed: PatientAssessment) -> tuple[float, float] | None:
    """Weeks since the last dose of the history, and weeks needed; None where it is not told when that was."""
    past = assessed.past
    if past.last_dose_week is None:
        return None
    return float(-past.last_dose_week), washout_held_to(past.last_regimen, assessed)


def washout_verdict(assessed: PatientAssessment) -> Verdict | None:
    """Whether the chemotherapy of the history has washed out; None where there was none."""
    past = assessed.past
    if past.last_dose_week is None and past.last_regimen is None and not past.chemotherapy_before:
        return None
    sources = assessed.protocol.sources("washout_weeks_cytotoxic", "washout_weeks_bevacizumab")
    told = since_last_dose(assessed)
    if told is None:
        words = say("washout_complete.end_not_reported", item="history.until_week")
        return unknown("washout_complete", words, say("taken_as.washed_out"), sources=sources)
    since, needed = told
    interval = say(
        "washout_complete.passed" if since >= needed else "washout_complete.waits", since=since, needed=needed
    )
    if washout_weeks(past.last_regimen, assessed) is None:
        words = say("washout_complete.not_known", regimen=past.last_regimen or say("regimen.not_told"))
        taken = say("taken_as.longest_washout", weeks=needed, interval=interval)
        return unknown("washout_complete", words, taken, value=since, limit=needed, unit="weeks", sources=sources)
    return allowed("washout_complete", interval, value=since, limit=needed, unit="weeks", sources=sources)
