"""Patients and courses on both sides of every limit, and what rules, bars, deeds and audits say of them, word by word.

A patient is told as what is otherwise in the known patient; of a rule only what it then says otherwise is written down.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator
from dataclasses import MISSING, asdict, dataclass, fields
from typing import Any

from builders import make_case
from shelves import Shelf, verdict_words

from pathways.case.course import Course
from pathways.conformance.acts import Act, acts_of
from pathways.conformance.audit import audit, summary
from pathways.conformance.limits import FITNESS, Limits
from pathways.facts import disease, remnant
from pathways.facts.considerations import considerations, not_modelled
from pathways.facts.derive import CaseFacts
from pathways.facts.figures import DAYS, Figures
from pathways.facts.patient_assessment import TODAY, PatientAssessment
from pathways.facts.regimen import harm, regimen, regimen_verdict, washout_verdict
from pathways.facts.scores import scores
from pathways.facts.verdict import Verdict
from pathways.graph.explore import explore
from pathways.knowledge.protocols import knowledge, load_protocol
from pathways.process.facts import CASE_FACTS, NEUTRAL, STIMULI, State
from pathways.process.operations import OPERATIONS

VEINS = ["right_hepatic_vein", "middle_hepatic_vein", "left_hepatic_vein"]
RIGHT = [{"id": "A", "segments": [5, 6, 7, 8], "size_mm": 90, "count": 1}]
BOTH = [*RIGHT, {"id": "B", "segments": [3], "size_mm": 15, "count": 2}]
HERE = {"status": "in_situ"}
FREE = {"fit_for": None}


def course(regimen: str | None = "folfox", **more: Any) -> dict[str, Any]:
    return {"event": "chemotherapy", **({"regimen": regimen} if regimen else {}), **more}


def right(fraction: float, *more: dict[str, Any], **liver: Any) -> dict[str, Any]:
    measured = [{"removes": [5, 6, 7, 8], "fraction": round(fraction, 4)}, *more]
    return {"lesions": RIGHT, "liver": {**liver, "measured_remnants": measured}}


def grown(before: float, after: float, week: int = -1) -> dict[str, Any]:
    """Volumetry before and after an embolisation four weeks ago."""
    return {
        **right(before, {"removes": [5, 6, 7, 8], "fraction": after, "week": week}),
        "liver": {"measured_remnants": [
            {"removes": [5, 6, 7, 8], "fraction": before, "week": -5},
            {"removes": [5, 6, 7, 8], "fraction": after, "week": week},
        ]},
        "history": [{"event": "portal_vein_embolisation", "segments": ["right"], "week": -4}],
    }  # fmt: skip


PROTOCOL = load_protocol()
NORMAL, EXPOSED, INJURED, CIRRHOTIC = (
    PROTOCOL.number(f"remnant_limit_{one}") for one in ("normal", "exposed", "injured", "cirrhosis")
)
GROWTH = knowledge().parameters["growth_pve"]
# Below it the strongest growth that is expected after portal vein embolisation stays short of the limit.
HOPELESS = NORMAL / (1 + GROWTH.number + PROTOCOL.number("growth_reach_sds") * GROWTH.sd)
SUSPECTED = [{"id": "S", "segments": [6], "size_mm": 20, "nature": "suspected"}]
LISTED = {"patient": {"age_years": 50, "ecog": 0}, "primary": {"braf": "wild_type", "cea_ng_per_ml": 20}}
PATIENTS: dict[str, dict[str, Any]] = {
    "known": {},
    "right": {"lesions": RIGHT},
    "both": {"lesions": BOTH},
    **{f"fit {one}": {"patient": {"fit_for": one}} for one in ("none", "ablation", "minor")},
    **{f"ecog {one}": {"patient": {**FREE, "ecog": one}} for one in (0, 1, 2, 3)},
    **{f"asa {one}": {"patient": {**FREE, "asa": one}} for one in (2, 3, 4)},
    "ecog and asa": {"patient": {**FREE, "ecog": 1, "asa": 3}},
    "fitness unknown": {"patient": FREE},
    "fit by the team, ecog 2": {"patient": {"ecog": 2}},
    **{f"inr {one}": {"liver": {"inr": one}} for one in (1.5, 1.51)},
    "inr 2 of an anticoagulant": {"patient": {"anticoagulated": True}, "liver": {"inr": 2}},
    **{f"bilirubin {one}": {"liver": {"bilirubin_umol_per_l": one}} for one in (34, 35, 51, 52)},
    **{f"bilirubin 90, duct {one}": {"liver": {"bilirubin_umol_per_l": 90, "biliary_obstruction": one}}
       for one in ("none", "drained", "present")},
    **{f"albumin {one}": {"liver": {"albumin_g_per_l": one}} for one in (24, 25, 34)},
    **{f"platelets {one}": {"liver": {"platelets_e9_per_l": one}} for one in (49, 99, 120)},
    **{f"platelets {one}, cirrhosis": {"liver": {"platelets_e9_per_l": one, "background": "cirrhosis"}} for one in (49, 99, 100)},
    "child B by its items, given as A": {"liver": {"bilirubin_umol_per_l": 34, "albumin_g_per_l": 33, "inr": 1.2, "child_pugh": "A"}},
    **{f"child {one}": {"liver": {"child_pugh": one}} for one in "ABC"},
    **{f"icg {one}": {"liver": {"icg_r15_percent": one}} for one in (20, 20.1)},
    "icg and ascites": {"liver": {"icg_r15_percent": 30, "insufficiency": ["ascites", "encephalopathy"]}},
    "insufficiency unknown": {"liver": {"insufficiency": None}},
    "insufficiency unknown, child B": {"liver": {"insufficiency": None, "child_pugh": "B"}},
    **{f"jaundice, duct {one}": {"liver": {"insufficiency": ["jaundice", "ascites"], "biliary_obstruction": one}}
       for one in ("present", "drained", "none", None)},
    **{f"jaundice alone, duct {one}": {"liver": {"insufficiency": ["jaundice"], "biliary_obstruction": one}}
       for one in ("present", "drained", "none", None)},
    **{f"primary {one}": {"primary": {**HERE, "r0_resectable": one}} for one in (True, False, None)},
    "primary status unknown": {"primary": {"status": None}},
    **{f"urgent {one}": {"primary": {"status": None, "urgent": one}} for one in ("bleeding", "perforation", "none")},
    "urgent obstruction": {"primary": {**HERE, "urgent": "obstruction"}},
    **{f"site {one}": {"primary": {**HERE, "urgent": "none", "site": one}}
       for one in ("rectum", "rectosigmoid", "caecum", None)},
    "irradiation": {"primary": {**HERE, "site": "rectum", "needs_radiotherapy": True}},
    "irradiated": {"primary": {**HERE, "site": "rectum", "needs_radiotherapy": True},
                   "history": [{"event": "radiotherapy", "week": -8}]},
    "irradiation, primary gone": {"primary": {"site": "rectum", "needs_radiotherapy": True}},
    **{f"lung {one}": {"extrahepatic": [{"site": "lung", "resectable": one}]} for one in (True, False, None)},
    "portal nodes and bone": {"extrahepatic": [{"site": "portal_nodes", "resectable": True}, {"site": "bone"}]},
    "two sites": {"extrahepatic": [{"site": "lung", "resectable": True}, {"site": "ovary", "resectable": True}]},
    "one site twice": {"extrahepatic": [{"site": "lung", "resectable": True}, {"site": "lung"}]},
    "not staged": {"extrahepatic": None},
    "declines": {"patient": {"declines": ["lvd", "palliative", "two_stage"]}},
    **{f"cycles {one}": {"history": [course(cycles=one)]} for one in (2, 6, 7, 8, 9)},
    **{f"weeks {one}": {"history": [course(week=-30, until_week=-30 + one)]} for one in (12, 13)},
    "cycles unknown": {"history": [course()]},
    "regimen unknown": {"history": [course(None, week=-20, until_week=-10)]},
    "weeks and cycles": {"history": [course(week=-30, until_week=-20, cycles=4), course("folfiri", cycles=3)]},
    **{f"last dose {one} of {drug}": {"history": [course(drug, week=-20, until_week=-one)]}
       for drug, one in (("folfox", 3), ("folfox", 4), ("folfox", 5), ("folfiri_bevacizumab", 5), ("capox_bevacizumab", 6),
                         ("folfox_cetuximab", 2), ("folfiri_panitumumab", 4), ("mystery", 4), ("pembrolizumab", 4), ("uft", 4))},
    **{f"response {one}": {"history": [course(cycles=4, response=one)]} for one in ("progression", "stable", "partial", "complete")},
    "response then progression": {"history": [course(cycles=2, response="partial"), course("folfiri", cycles=2, response="progression")]},
    **{f"background {one}": {"liver": {"background": one}, "primary": {"ras": "mutated"}}
       for one in ("steatosis", "steatohepatitis", "sinusoidal_injury", "fibrosis", "cirrhosis", None)},
    "background unknown, exposure unknown": {"liver": {"background": None}, "history": [course()]},
    **{f"ras {ras}, braf {braf}, {site}": {"primary": {"ras": ras, "braf": braf, "site": site}}
       for ras, braf, site in (("mutated", None, "sigmoid"), ("wild_type", "v600e", "sigmoid"), ("wild_type", None, "sigmoid"),
                               ("wild_type", "wild_type", None), ("wild_type", "wild_type", "descending_colon"),
                               ("wild_type", None, None), ("wild_type", "wild_type", "transverse_colon"))},
    **{f"second line after {one}": {"history": [course(one, cycles=2)], "liver": {"background": fat}}
       for one, fat in (("folfiri", "normal"), ("folfox_bevacizumab", "steatosis"), ("folfiri_cetuximab", "steatosis"),
                        ("folfoxiri", "normal"), ("capox", "normal"), ("uft", "steatohepatitis"))},
    "second line, braf": {"history": [course("capox", cycles=2)], "primary": {"braf": "v600e"}},
    "deficient": {"primary": {"mismatch_repair": "deficient"}},
    **{f"tumour {one}": {"primary": {"tumour": one, "site": None, **HERE}} for one in (
        "neuroendocrine", "gist", "pancreas", "periampullary", "stomach", "gallbladder", "breast", "lung", "melanoma", "kidney",
        "sarcoma", "other", "unknown")},
    **{f"{one} treated": {"primary": {"tumour": one, "site": None}, "history": [course("imatinib", cycles=9)]}
       for one in ("gist", "pancreas")},
    **{f"remnant {where}": right(one) for where, one in (
        ("beyond growth", HOPELESS - 0.001), ("within growth", HOPELESS + 0.012), ("below the limit", NORMAL - 0.001),
        ("at the limit", NORMAL), ("between the limits", (NORMAL + EXPOSED) / 2), ("at the limit of exposed", EXPOSED))},
    **{f"remnant {where}, {background}": right(limit - less, background=background) for where, less in (("below", 0.001), ("at", 0))
       for background, limit in (("fibrosis", INJURED), ("cirrhosis", CIRRHOTIC))},
    **{f"{one} ml": {"lesions": RIGHT, "liver": {"measured_remnants": [{"removes": [5, 6, 7, 8], "fraction": 0.32, "ml": one}]}}
       for one in (354, 355)},
    "ml alone": {"lesions": RIGHT, "liver": {"measured_remnants": [{"removes": [5, 6, 7, 8], "ml": 500, "denominator": "measured"}]}},
    "no weight": {**right(0.32), "patient": {"weight_kg": None}},
    "no body": {"lesions": RIGHT, "patient": {"weight_kg": None, "height_cm": None}},
    "total measured": {"lesions": RIGHT, "liver": {"total_ml": 1800, "tumour_ml": 300, "segments_ml": {"5": 150, "8": 240}}},
    "total without tumour": {"lesions": RIGHT, "liver": {"total_ml": 1500}},
    "every segment": {"lesions": RIGHT, "liver": {"segments_ml": {str(one): 100 + 20 * one for one in range(1, 9)}}},
    "grown fast": grown(0.22, 0.31), "grown slowly": grown(0.22, 0.26), "grown to the limit": grown(0.24, NORMAL),
    "grown and measured at once": grown(0.24, 0.28, -4),
    "lvd": {**grown(0.22, 0.27), "history": [{"event": "liver_venous_deprivation", "segments": ["right"], "week": -4}]},
    "left embolised": {"lesions": RIGHT, "history": [{"event": "portal_vein_embolisation", "segments": ["left"]}]},
    "embolised, no volumetry": {"lesions": RIGHT, "liver": {"embolised": ["right"]}},
    **{f"hepatectomy {one} weeks ago": {"history": [{"event": "hepatectomy", "removes": [2, 3], "week": -one}]} for one in (4, 52, 53)},
    "hepatectomy of segment 6": {"history": [{"event": "hepatectomy", "partial": [6]}, course(cycles=3)]},
    "segments gone": {"liver": {"removed_segments": [2, 3]}},
    "first stage done": {"lesions": RIGHT, "history": [{"event": "first_stage", "partial": [3], "segments": ["right"], "week": -6}]},
    "suspected": {"lesions": SUSPECTED}, "suspected beside": {"lesions": [*RIGHT, *SUSPECTED]},
    "vanished": {"lesions": [*RIGHT, {"segments": [2], "nature": "vanished", "size_mm": 8}]},
    "vanished alone": {"lesions": [{"segments": [2], "nature": "vanished"}, *SUSPECTED]},
    "held veins": {"lesions": [{"id": "V", "segments": [4, 8], "size_mm": 70, "contacts": VEINS}]},
    "held after a response": {"lesions": [{"id": "V", "segments": [4, 8], "size_mm": 70, "contacts": VEINS}],
                              "history": [course(cycles=4, response="partial")]},
    "hilum": {"lesions": [{"segments": [4], "size_mm": 20, "contacts": ["hilum", "vena_cava"]}]},
    **{f"deep {one}": {"lesions": [{"segments": [8], "size_mm": one, "depth": "deep"}]} for one in (30, 31, 50, 51)},
    **{f"superficial {one}": {"lesions": [{"segments": [6], "size_mm": one, "depth": "superficial"}]} for one in (30, 50, 51)},
    "spread, size unknown": {"lesions": [{"segments": ["whole_liver"], "count": 8}]},
    "size unknown": {"lesions": [{"id": "U", "segments": [6, 7]}]},
    **{f"many {one}": {"lesions": [{"segments": ["whole_liver"], "count": one, "size_mm": 12}]} for one in (10, 11)},
    "neuroendocrine, both": {"primary": {"tumour": "neuroendocrine", "site": None}, "lesions": [*RIGHT, {"segments": [2, 3, 4], "count": 12}]},
    "neuroendocrine, sizes": {"primary": {"tumour": "neuroendocrine", "site": None},
                              "lesions": [*RIGHT, {"segments": [2], "count": 14, "size_mm": 12}]},
    **{f"age {one}": {**LISTED, "patient": {"age_years": one, "ecog": 1}} for one in (17, 18, 65, 66, 74, 75)},
    "listed, ecog 2": {**LISTED, "patient": {"age_years": 50, "ecog": 2}},
    **{f"cea {one} of {peak}": {**LISTED, "primary": {"braf": "wild_type", "cea_ng_per_ml": one, "cea_peak_ng_per_ml": peak}}
       for one, peak in ((79, None), (80, None), (80, 160), (81, 160), (200, 400), (201, 400))},
    "listed, braf": {**LISTED, "primary": {"braf": "v600e", "cea_ng_per_ml": 20}},
    "listed, elsewhere": {**LISTED, "extrahepatic": [{"site": "portal_nodes", "resectable": True}, {"site": "lung"}]},
    "listed": {**LISTED, "history": [course(week=-30, until_week=-17)]},
    "listed, too early": {**LISTED, "history": [course(week=-30, until_week=-25)]},
    **{f"scores {number} of {size}, interval {months}, cea {cea}": {
        "patient": {"age_years": 60},
        "primary": {"node_positive": nodes, "interval_months": months, "cea_ng_per_ml": cea, "ras": "mutated"},
        "lesions": [{"segments": [6], "count": number, "size_mm": size}]}
       for number, size, months, cea, nodes in ((1, 50, 12, 200, True), (2, 51, 11, 201, True), (3, 20, 24, 5, False),
                                                (9, 90, 0, 61, True), (4, None, 12, 60, None), (None, 30, None, None, True))},
    "synchronous": {"primary": {"presentation": "synchronous", "node_positive": False}},
    "asa 3, old, fatty": {"patient": {"asa": 3, "age_years": 80}, "liver": {"background": "steatohepatitis"}},
    "transplanted": {"history": [{"event": "transplantation"}, {"event": "radioembolisation"}, {"event": "arterial_infusion"},
                                 {"event": "stereotactic_radiotherapy"}, {"event": "radioembolisation"}]},
}  # fmt: skip
# Under these protocols (and strictly) a few of them again.
AGAIN = {
    "mdacc": ("known", "site rectum", "cea 80 of 160"), "european": ("known", "site caecum"),
    "strict": ("fitness unknown", "cycles unknown", "not staged", "size unknown", "spread, size unknown", "both", "lung None"),
}  # fmt: skip
# A remnant so far from what the protocol itself asks for.
BESIDE_ITS_LIMIT = {"mdacc": -0.001, "european": 0}
LIVE = (
    {}, {"extent": "responded"}, {"blocks": 1, "line": "first"}, {"blocks": 2, "line": "second", "volume": "short"}, {"blocks": 6},
    {"volume": "enough"}, {"growth": "adequate", "stimulus": "pve"}, {"nature": "proven"}, {"sites": "watched"},
    {"primary": "irradiated"}, {"primary": "irradiated", "stage": "first"}, {"primary": "rested", "stage": "further"},
    {"bile": "free"},
)  # fmt: skip


@dataclass(frozen=True)
class Sentence:
    """What is said in the same words of many patients: written down once, with the patients it is said of."""

    text: str


def of_rules() -> list[Shelf]:
    """What rules, numbers and bars say of every patient: of the known one all, of the others what is otherwise."""
    shelves: list[Shelf] = []
    told_of: dict[str, list[str]] = {}
    known: Shelf | None = None
    runs = [(name, changes, "default", False) for name, changes in PATIENTS.items()]
    for how, names in AGAIN.items():
        strict = how == "strict"
        again = {f"{name}, {'strictly' if strict else how}": PATIENTS[name] for name in names}
        if not strict:
            limit = load_protocol(how).number("remnant_limit_normal")
            where = "below" if BESIDE_ITS_LIMIT[how] else "at"
            again[f"remnant {where} its limit, {how}"] = right(limit + BESIDE_ITS_LIMIT[how])
        runs += [(title, changes, "default" if strict else how, strict) for title, changes in again.items()]
    for title, changes, protocol, strict in runs:
        found = Shelf(f"rules/{title}")
        sentences = []
        for one in dict.fromkeys(_said(changes, protocol, strict=strict)):
            found.say(one.text if isinstance(one, Sentence) else one)
            if isinstance(one, Sentence):
                sentences.append(found.lines.pop())
        known = known or found
        for words in dict.fromkeys(sentences):
            if told_of.setdefault(words, [title])[0] != "known":
                told_of[words] += [title] if title not in told_of[words] else []
        if found is not known:
            found.lines = [one for one in found.lines if one not in known.lines[1:]]
            found.rows = [one for one in found.rows if one not in known.rows]
        found.lines.insert(0, f"# {title}")
        shelves.append(found)
    last = Shelf("rules/sentences")
    last.lines = ["# sentences, and of whom they are said; of the known patient, then of others no more", ""]
    for words, titles in told_of.items():
        last.lines += [words, *(f"    # {title}" for title in titles)]
    return [*shelves, last]


def _said(changes: dict[str, Any], protocol: str, *, strict: bool) -> Iterator[str | Sentence]:
    facts = CaseFacts(make_case(**changes), load_protocol(protocol), strict=strict)
    start = facts.start()
    yield "start " + " ".join(
        f"{name}={value}" for name, value in start._asdict().items() if value != NEUTRAL.get(name)
    )
    # The geometry of the liver is looked at where the liver is what is otherwise.
    whole = "lesions" in changes or not changes
    for fact in CASE_FACTS:
        if whole or "extent" not in fact.keys:
            states = [start._replace(**live) for live in LIVE] if fact.keys else [start]
            found = [facts.finding(fact.name, state) for state in states]
            values = [one.value for one in found]
            rules = dict.fromkeys(verdict.rule for one in found for verdict in one.verdicts)
            always = len(set(values)) == 1
            yield f"{fact.name}: {' '.join(values[:1] if always else values)}{' by ' * bool(rules)}{' '.join(rules)}"
            yield from (Sentence(verdict_words(verdict)) for one in found for verdict in one.verdicts)
    yield from _of_assessed(facts.assessed, whole=whole)
    yield from (f"{name}: {text}" for name, text in _of_numbers(facts.assessed, start, whole=whole))
    yield from (f"{name}: {text}" for name, text in _of_limits(Limits(facts.assessed), whole=whole))


COUNTED = (
    "cycles_counted", "cycles_unknown", "exposure_cycles", "exposure_weeks", "exposure_unknown",
    "chemotherapy_before",
)  # fmt: skip


def _of_assessed(assessed: PatientAssessment, *, whole: bool) -> Iterator[str | Sentence]:
    past = {key: value for key, value in asdict(assessed.past).items() if not isinstance(value, tuple)}
    past |= {name: getattr(assessed.past, name) for name in COUNTED}
    yield f"past: {_told({key: value for key, value in past.items() if value is not False})}"
    yield f"state: {' '.join(assessed.liver_state(blocks) for blocks in range(4))} {assessed.state_assumptions}"
    yield f"treatment: {assessed.systemic} {assessed.targeted} {assessed.cycles_after(2)}"
    yield f"total: {_short([assessed.total.value, assessed.total.low, assessed.total.high, assessed.total.how])}"
    if whole:
        yield f"shares: {_short([*assessed.volumes.fractions, assessed._least_remnant])}"
    found = [*considerations(assessed), *_verdicts_of_findings(assessed)]
    yield f"findings: {' '.join(f'{one.rule} {one.verdict},' for one in found)}"
    yield from (Sentence(verdict_words(one)) for one in found)
    yield f"not modelled: {not_modelled(assessed.case)}"
    for line in ("perioperative", "first", "second"):
        chosen = regimen(assessed, line)
        yield f"regimen {line}: {chosen.name}"
        yield Sentence(f"regimen {line}: {_told(asdict(chosen))} {harm(assessed, chosen)}")
    told = assessed.case.primary.node_positive is not None or assessed.case.lesions == make_case().lesions
    for score in scores(assessed.case) if told else ():
        row = score.as_json()
        yield Sentence(f"score {score.name}: {_told({key: row.pop(key) for key in ('sources', 'note') if key in row})}")
        yield f"score {score.name}: {_told(row)}"
    if not whole:
        return
    target = assessed.target(TODAY)
    for one in filter(None, (target, *assessed.resections(TODAY)[:2])):
        needed = [remnant.growth_needed(assessed, one, blocks) for blocks in (0, 2)]
        needed.append(remnant.growth_needed(assessed, one, 0, measured_short=True))
        yield f"{one.name} grows by: {_short(needed)}"
        for verdict in remnant.remnant_verdicts(assessed, one, 2):
            said = (
                f"{remnant.remnant_status(assessed, one, 2)} {verdict.verdict} {_short([verdict.value, verdict.limit])}"
            )
            yield f"{one.name} {verdict.rule}: {said}"
            yield Sentence(verdict_words(verdict))


def _verdicts_of_findings(assessed: PatientAssessment) -> Iterator[Verdict]:
    yield disease.primary_not_urgent(assessed)
    yield disease.disease_controlled(assessed)
    yield disease.lesions_characterised(assessed)
    yield regimen_verdict(assessed)
    washed = washout_verdict(assessed)
    if washed is not None:
        yield washed


def _of_numbers(assessed: PatientAssessment, start: State, *, whole: bool) -> Iterator[tuple[str, str]]:
    figures = Figures(assessed)
    for name in DAYS:
        yield name, _short([figures.days_named(name)])
    for name in OPERATIONS:
        risk = figures.risks.of_operation(name, start, enough=True)
        yield f"risk of {name}", _short([risk.death, risk.failure, risk.death_of_failure])
    yield "risk of an emergency", _short([figures.risks.emergency()])
    for stimulus in STIMULI if whole else ():
        for growth, volume in (("pending", "unmeasured"), ("waiting", "short")):
            state = start._replace(phase="hypertrophy", stimulus=stimulus, growth=growth, volume=volume, line="first")
            names = ("growth_success", "split_success", "growth_late_success", "volumetry_enough_chance",
                     "response_per_block", "progression_per_block")  # fmt: skip
            yield f"{stimulus} {growth}", _short([figures._chance_named(name, state) for name in names])


def _of_limits(limits: Limits, *, whole: bool) -> Iterator[tuple[str, str]]:
    failing = [limits.failing_liver(extent) for extent in ("ablation", "minor", "major")]
    told = failing if len(set(failing)) > 1 else failing[0]
    yield "bars", f"{[limits.unfit(one) for one in FITNESS]} {limits.elsewhere()} {told}"
    yield "damage", " ".join(limits.damage(cycles, weeks) for cycles, weeks in ((6, 12), (7, 0), (0, 13)))
    yield "limits", _short([limits.remnant_limit(6, 12), limits.remnant_limit(7, 0), limits.days("cycle_weeks")])
    drugs = ("folfox", "folfox_bevacizumab", "folfiri_cetuximab", "mystery", None)
    yield "washout", str([limits.washout_days(drug) for drug in drugs])
    yield "together", f"{limits.simultaneous_allowed(major=False)} {limits.simultaneous_allowed(major=True)}"
    found = limits.assessed.resections(TODAY) if whole else ()
    yield "bars of remnants", " ".join(limits.remnant(one, cycles) for one in found[:4] for cycles in (0, 6, 7))


def _told(row: dict[str, Any]) -> str:
    """What a row of JSON tells, without the keys that are null or empty."""
    return " ".join(f"{key}={value}" for key, value in row.items() if value is not None and value not in ([], ""))


def _short(found: list[Any]) -> str:
    return " ".join(f"{one:.6g}" if isinstance(one, (int, float)) else str(one) for one in found)


# --- courses ----------------------------------------------------------------------------------------------------------

CONVERTED = {
    "lesions": [{"id": "A", "segments": [5, 8], "size_mm": 60, "count": 1, "contacts": VEINS}],
    "liver": {"measured_remnants": [{"removes": [5, 6, 7, 8], "fraction": 0.45}]},
}
TODAYS = {**CONVERTED, "lesions": [{"segments": [5, 8], "size_mm": 60}]}
SMALL = {**TODAYS, "liver": {"measured_remnants": [{"removes": [5, 6, 7, 8], "fraction": 0.22}]}}
CUT = {"event": "hepatectomy", "removes": [5, 6, 7, 8]}
MINOR = {"event": "hepatectomy", "partial": [6]}
FOLFOX = {"event": "chemotherapy", "regimen": "folfox", "cycles": 4}
SEEN = {"event": "restaging", "modality": "mri", "response": "partial", "finding": "resectable"}
GOOD = [
    {"day": 0, "until_day": 50, **FOLFOX}, {"day": 55, "event": "restaging", "response": "stable", "finding": "unresectable"},
    {"day": 56, "until_day": 106, **FOLFOX}, {"day": 110, **SEEN},
]  # fmt: skip
PVE = {"day": 10, "event": "portal_vein_embolisation", "segments": ["right"]}
STAGE = {"day": 10, "event": "first_stage", "partial": [3], "segments": ["right"]}
TWO = {"day": 60, "event": "stage_2", "removes": [5, 6, 7, 8]}


def volumetry(day: int, fraction: float | None, **more: Any) -> dict[str, Any]:
    told = {} if fraction is None else {"fraction": fraction}
    return {"day": day, "event": "volumetry", "removes": [5, 6, 7, 8], **told, **more}


Courses = dict[str, tuple[dict[str, Any], list[dict[str, Any]]]]
RECORDED: Courses = {
    **{f"operated on day {day}": (CONVERTED, [*GOOD, {"day": day, **CUT}]) for day in (133, 134, 166, 167)},
    **{f"{kind} on day 180": (CONVERTED, [*GOOD, {"day": 180, **event}]) for kind, event in (
        ("ablation", {"event": "ablation"}), ("embolisation", {**PVE, "day": 180}), ("radiotherapy", {"event": "radiotherapy"}),
        ("primary", {"event": "primary_resection"}), ("transplantation", {"event": "transplantation"}))},
    "no day of the operation": (CONVERTED, [*GOOD, CUT]),
    "no days": (CONVERTED, [{key: one for key, one in event.items() if "day" not in key} for event in (*GOOD, CUT)]),
    "more cycles": (CONVERTED, [*GOOD, {"day": 111, "until_day": 125, **FOLFOX, "cycles": 1}, {"day": 160, **CUT}]),
    "cycles not told": (CONVERTED, [*GOOD, {"day": 111, "until_day": 139, "event": "chemotherapy"}, {"day": 180, **CUT}]),
    "nothing told of cycles": (CONVERTED, [*GOOD, {"event": "chemotherapy", "regimen": "folfox"}]),
    "progression after all": (CONVERTED, [*GOOD, {"day": 120, "event": "restaging", "response": "progression"}, {"day": 130, **CUT}]),
    "planned course": (TODAYS, [{"day": 0, "until_day": 50, **FOLFOX}, {"day": 55, **SEEN}, {"day": 200, **CUT}]),
    "planned course, then another": (TODAYS, [*GOOD, {"day": 120, "until_day": 140, **FOLFOX}, {"day": 141, **SEEN}, {"day": 260, **CUT}]),
    **{f"restaged after {day} days": (CONVERTED, [{"day": 0, "until_day": day, **FOLFOX}]) for day in (56, 57)},
    "restaged on the way": (CONVERTED, [{"day": 0, "until_day": 90, **FOLFOX}, {"day": 50, "event": "restaging"}, {"day": 120, **CUT}]),
    "restaged too late on the way": (CONVERTED, [{"day": 0, "until_day": 90, **FOLFOX}, {"day": 60, "event": "restaging"}]),
    "two courses in a row": (CONVERTED, [{"day": 0, "until_day": 30, **FOLFOX}, {"day": 30, "until_day": 60, **FOLFOX}]),
    **{f"washout {day} of {drug}": (TODAYS, [{"day": 0, "until_day": 30, "event": "chemotherapy", "regimen": drug, "cycles": 2}, {"day": 30 + day, **CUT}])
       for drug, day in (("folfox", 27), ("folfox", 28), ("folfox_bevacizumab", 41), ("folfox_bevacizumab", 42), ("mystery", 60))},
    "washout of the history": ({**TODAYS, "history": [course(week=-10, until_week=-2)]}, [{"day": 13, **CUT}]),
    "washout of the history over": ({**TODAYS, "history": [course(week=-10, until_week=-2)]}, [{"day": 14, **CUT}]),
    "washout of a history without weeks": ({**TODAYS, "history": [course()]}, [{"day": 14, **CUT}]),
    "washout of no regimen": (TODAYS, [{"day": 0, "until_day": 30, "event": "chemotherapy"}, {"day": 90, **CUT}]),
    "washout before the bowel": (TODAYS, [{"day": 0, "until_day": 30, **FOLFOX}, {"day": 40, "event": "primary_resection"}]),
    "washout before ablation": (TODAYS, [{"day": 0, "until_day": 30, **FOLFOX}, {"day": 40, "event": "ablation"}]),
    **{f"{12 + more} cycles": (TODAYS, [{"day": 0, "until_day": 50, **FOLFOX, "cycles": 6}, {"day": 51, "event": "restaging"},
                                        {"day": 52, "until_day": 100, **FOLFOX, "cycles": 6 + more}, {"day": 140, **CUT}]) for more in (0, 1)},
    "cycles of the history": ({**TODAYS, "history": [course(week=-60, until_week=-30, cycles=12)]},
                              [{"day": 0, "until_day": 14, **FOLFOX, "cycles": 1}, {"day": 60, **CUT}, {"day": 90, "until_day": 130, **FOLFOX, "cycles": 2}, {"day": 200, **MINOR}]),
    "cycles counted by days": (TODAYS, [{"day": 0, "until_day": 54, "event": "chemotherapy", "regimen": "folfox"}, {"day": 55, "event": "restaging"},
                                        {"day": 56, "until_day": 112, "event": "chemotherapy", "regimen": "folfox"}, {"day": 113, "event": "restaging"},
                                        {"day": 114, "until_day": 190, "event": "chemotherapy", "regimen": "folfox"}, {"day": 230, **CUT}]),
    "imatinib counts as none": (TODAYS, [{"day": 0, "until_day": 50, "event": "chemotherapy", "regimen": "imatinib", "cycles": 40}, {"day": 90, **CUT}]),
    "imaging of a stage, 42 days": (SMALL, [{"day": 0, "event": "restaging"}, {**STAGE, "day": 42}]),
    "imaging of a stage, 43 days": (SMALL, [{"day": 0, "event": "restaging"}, {**STAGE, "day": 43}]),
    "imaging of a stage, no day": (SMALL, [{"day": 0, "event": "restaging"}, {key: one for key, one in STAGE.items() if key != "day"}]),
    "embolised": (SMALL, [PVE, {"day": 50, **CUT}]),
    "embolised and measured": (SMALL, [PVE, volumetry(45, 0.34), {"day": 50, **CUT}]),
    "embolised and measured short": (SMALL, [PVE, volumetry(45, 0.24), {"day": 50, **CUT}]),
    "embolised and measured in ml": (SMALL, [PVE, volumetry(45, None, ml=500), {"day": 50, **CUT}]),
    "measured before": (SMALL, [volumetry(5, 0.34), PVE, {"day": 50, **CUT}]),
    "embolised without days": (SMALL, [{key: one for key, one in PVE.items() if key != "day"}, CUT]),
    "the other side embolised": (SMALL, [{**PVE, "segments": ["left"]}, volumetry(45, 0.34), {"day": 50, **CUT}]),
    "embolised and operated on elsewhere": (SMALL, [PVE, volumetry(45, 0.34), {"day": 50, "event": "hepatectomy", "removes": [5, 8, 4]}]),
    "ligated": (SMALL, [{**PVE, "event": "portal_vein_ligation"}, volumetry(45, 0.34), {"day": 50, **CUT}]),
    "veins too": (SMALL, [{**PVE, "event": "liver_venous_deprivation"}, volumetry(45, 0.34), {"day": 50, **CUT}]),
    "remnant 0.22": (SMALL, [{"day": 10, **CUT}]),
    **{
        f"remnant of {ml} ml": ({**TODAYS, "liver": {"measured_remnants": [{"removes": [5, 6, 7, 8], "fraction": 0.32, "ml": ml}]}}, [{"day": 10, **CUT}])
        for ml in (354, 355)
    },
    "remnant not told": (SMALL, [{"day": 10, "event": "hepatectomy"}]),
    "remnant estimated": ({"lesions": RIGHT}, [{"day": 10, **CUT}]),
    "remnant after the limit of cycles": ({**TODAYS, "liver": {"measured_remnants": [{"removes": [5, 6, 7, 8], "fraction": 0.35}]}},
                                          [{"day": 0, "until_day": 50, **FOLFOX, "cycles": 7}, {"day": 90, **CUT}]),
    "two stages": (SMALL, [STAGE, volumetry(50, 0.34), TWO]),
    "two stages, imaging old": (SMALL, [STAGE, volumetry(12, 0.34), TWO]),
    "stage two alone": (SMALL, [TWO]),
    "stage two after a hepatectomy": (SMALL, [{"day": 5, **MINOR}, volumetry(50, 0.34), TWO]),
    "stage two of the history": ({**SMALL, "history": [{"event": "first_stage", "partial": [3], "segments": ["right"], "week": -6}]}, [volumetry(5, 0.34), {**TWO, "day": 8}]),
    "alpps": (SMALL, [{**STAGE, "event": "alpps_stage_1"}, volumetry(18, 0.34), {**TWO, "day": 20}]),
    **{f"stage two after {kind}": (SMALL, [STAGE, {"day": 12, "event": "complication", "kind": kind}, volumetry(50, 0.34), TWO])
       for kind in ("liver_failure", "sepsis", "bile_leak")},
    "stage two after discharge": (SMALL, [STAGE, {"day": 12, "event": "complication", "kind": "sepsis"}, {"day": 30, "event": "discharge"}, volumetry(50, 0.34), TWO]),
    "declined": ({**SMALL, "patient": {"declines": ["alpps", "pve", "lvd", "ablation", "two_stage", "transplantation", "metastasectomy"]}},
                 [PVE, {**STAGE, "event": "alpps_stage_1"}, STAGE, {"day": 20, "event": "liver_venous_deprivation", "segments": ["right"]},
                  {"day": 30, "event": "ablation"}, {"day": 40, "event": "metastasectomy", "site": "lung"}, {"day": 50, "event": "transplantation"}]),
    **{f"unfit for {event}": ({**TODAYS, "patient": {"fit_for": fit}}, [{"day": 10, **done}]) for fit, event, done in (
        ("none", "ablation", {"event": "ablation"}), ("ablation", "ablation", {"event": "ablation"}), ("ablation", "minor", MINOR),
        ("minor", "minor", MINOR), ("minor", "major", CUT))},
    "unfit and resectable": ({**CONVERTED, "patient": {"fit_for": "ablation"}}, [*GOOD, {"day": 190, **CUT}]),
    "bone": ({**TODAYS, "extrahepatic": [{"site": "bone"}]}, [{"day": 10, **CUT}, {"day": 20, "event": "primary_resection"}]),
    "failing": ({**TODAYS, "liver": {**TODAYS["liver"], "insufficiency": ["ascites"]}}, [{"day": 10, **CUT}]),
    "obstructed": ({**TODAYS, "liver": {**TODAYS["liver"], "biliary_obstruction": "present"}}, [{"day": 10, **MINOR}, {"day": 20, "event": "biliary_drainage"}, {"day": 30, **MINOR}]),
    "progression": ({**TODAYS, "history": [course(week=-20, until_week=-8, response="progression")]},
                    [{"day": 5, **MINOR}, {"day": 10, "event": "restaging", "response": "stable"}, {"day": 30, **MINOR}]),
    "urgent": ({**TODAYS, "primary": {**HERE, "urgent": "obstruction"}}, [{"day": 1, "event": "ablation"}, {"day": 2, "event": "stent"}, {"day": 20, **MINOR}]),
    "urgent, resected": ({**TODAYS, "primary": {**HERE, "urgent": "bleeding"}}, [{"day": 2, "event": "primary_resection"}, {"day": 30, "event": "primary_resection"}]),
    "urgent after chemotherapy": ({**TODAYS, "primary": {**HERE, "urgent": "perforation"}}, [{"day": 0, "until_day": 10, **FOLFOX}, {"day": 12, "event": "primary_resection"}, {"day": 14, "event": "diversion"}]),
    **{f"together with the {site}": ({**TODAYS, "primary": {**HERE, "site": site}}, [{"day": 10, **CUT}, {"day": 10, "event": "primary_resection"}])
       for site in ("rectum", "sigmoid", None)},
    "together by session": ({**TODAYS, "primary": {**HERE, "site": "rectum"}}, [{"session": 1, **CUT}, {"session": 1, "event": "primary_resection"}, {"session": 2, "event": "ablation"}]),
    "together, minor": ({**TODAYS, "primary": {**HERE, "site": "rectum"}}, [{"day": 10, "event": "primary_resection"}, {"day": 10, **MINOR}]),
    **{f"suspected, {name}": ({"lesions": SUSPECTED}, [*before, {"day": 20, **MINOR}, {"day": 40, "event": "ablation"}]) for name, before in (
        ("blind", []), ("mri", [{"day": 5, "event": "restaging", "modality": "mri"}]), ("ct", [{"day": 5, "event": "restaging", "modality": "ct"}]),
        ("ultrasound", [{"day": 5, "event": "restaging", "modality": "contrast_ultrasound"}]), ("biopsy", [{"day": 5, "event": "biopsy"}]),
        ("benign", [{"day": 5, "event": "biopsy", "finding": "benign"}]))},
    "suspected, diagnostic": ({"lesions": SUSPECTED}, [{"day": 20, **MINOR, "diagnostic": True}, {"day": 50, "event": "ablation"}]),
    "benign, and treated": ({"lesions": SUSPECTED}, [{"day": 5, "event": "restaging", "finding": "benign"}, {"day": 8, "event": "metastasectomy", "site": "lung"},
                                                     {"day": 9, "event": "volumetry", "removes": [6], "fraction": 0.8}, {"day": 30, "event": "death"}]),
    "out of order": (TODAYS, [{"day": 30, **CUT}, {"day": 10, "event": "restaging"}, {"day": 20, "event": "restaging"}]),
    "segments twice": (TODAYS, [{"day": 10, **CUT}, {"day": 90, "event": "hepatectomy", "removes": [4, 5]}]),
    "three segments": (TODAYS, [{"day": 10, "event": "hepatectomy", "removes": [5, 6]}, {"day": 90, "event": "hepatectomy", "removes": [4, 7, 8]}]),
}  # fmt: skip


def of_records() -> list[Shelf]:
    """Every row of every recorded course, and what many courses come to.

    Which properties hold at an event is said once for each kind of event, and of a course where it is otherwise.
    """
    audits = {
        name: audit(
            Course.model_validate({"schema": 1, "case": make_case(**changes), "events": events}), load_protocol(), name
        )
        for name, (changes, events) in RECORDED.items()
    }
    held = {
        (name, row.index, row.event): " ".join(
            str(other.property) for other in one.rows if other.index == row.index and other.verdict == "allowed"
        )
        for name, one in audits.items()
        for row in one.rows
    }
    usual = {
        kind: Counter(words for (_, _, event), words in held.items() if event == kind).most_common(1)[0][0]
        for kind in sorted({event for _, _, event in held})
    }
    first = Shelf("records/usual")
    first.lines = ["# usual", *(f"{kind}: {words}" for kind, words in usual.items())]
    shelves = [first]
    for name, one in audits.items():
        shelf = Shelf(f"records/{name}")
        shelf.lines.append(f"# {name}")
        shelf.say(f"conforms: {one.conforms}")
        shelf.say(f"events: {' '.join(event for course_name, _, event in held if course_name == name)}")
        for row, told in zip(one.rows, one.as_json()["events"], strict=True):
            if row.verdict != "allowed":
                shelf.say(f"e{row.index} {_told(told)}")
        for (course_name, index, event), words in held.items():
            if course_name == name and words != usual[event]:
                shelf.say(f"e{index} {event}: {words}")
        shelves.append(shelf)
    for name, several in (("all of them", list(audits.values())), ("none", [])):
        shelf = Shelf(f"records/{name}")
        shelf.lines.append(f"# {name}")
        for key, value in summary(several).items():
            shelf.say(f"{key}: {json.dumps(value)}")
        shelves.append(shelf)
    return shelves


# --- deeds ------------------------------------------------------------------------------------------------------------

DONE: dict[str, tuple[bool, dict[str, Any]]] = {
    "one lesion, followed up": (True, {"lesions": [{"segments": [6], "size_mm": 50, "depth": "superficial"}]}),
    "two sides, bowel in place": (False, {"lesions": BOTH, "liver": {"measured_remnants": [{"removes": [5, 6, 7, 8], "fraction": 0.24}]},
                                          "primary": {**HERE, "r0_resectable": True, "urgent": "obstruction"}}),
    "suspected beside vanished": (False, {"lesions": [{"segments": [6], "size_mm": 20, "nature": "suspected"}, {"segments": [2], "nature": "vanished", "size_mm": 8},
                                                      {"segments": [5], "size_mm": 20}], "liver": {"biliary_obstruction": "present"}}),
    "held veins, lung": (False, {**CONVERTED, "extrahepatic": [{"site": "lung", "resectable": True}], "primary": {"ras": "mutated"}}),
}  # fmt: skip


def of_acts() -> list[Shelf]:
    """Every deed of a few graphs, each once, with what it says beyond the usual."""
    shelves = []
    for name, (follow_up, changes) in DONE.items():
        shelf, found = Shelf(f"acts/{name}"), Shelf("")
        graph = explore(make_case(**changes), load_protocol(), follow_up=follow_up)
        for line in sorted({_act(one) for leaving in acts_of(graph) for one in leaving}):
            found.say(line)
        shelf.lines, shelf.rows = [f"# {name}", *sorted(set(found.lines))], found.rows
        shelves.append(shelf)
    return shelves


def _act(one: Act) -> str:
    said = []
    for field in fields(Act):
        value = getattr(one, field.name)
        if field.default is MISSING or value != field.default:
            text = "+".join(sorted(value)) if isinstance(value, frozenset) else value
            said.append(f"{field.name}={value.name if field.name == 'resection' else text}")
    return " ".join(said)
