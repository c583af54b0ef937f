"""What an author wrote, held against the case and the step it stands for: a story of another patient, an answer that says something else.

Only what can be told for sure is complained of: an age, a sex, a site of the bowel, a drug, a number that no key of the case holds.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date

from pathways.case.models import Case
from pathways.documents.problems import shown
from pathways.documents.reader import Path
from pathways.process.declaration import PROCESS
from pathways.teaching.scenarios.model import Option, Scenario

Finding = tuple[Path, str]
AGE = re.compile(
    r"(?:\b(?:man|woman|patient|male|female) of|\baged?) (\d{1,3})\b|\b(\d{1,3})[- ]year[s]?[- ]old", re.IGNORECASE
)
SEXES = {"female": re.compile(r"\b(?:woman|she|her|hers|female)\b", re.IGNORECASE),
         "male": re.compile(r"\b(?:man|he|his|him|male)\b", re.IGNORECASE)}  # fmt: skip
SITES = {
    "caecum": r"\bcaec(?:um|al)|\bcec(?:um|al)", "ascending_colon": r"\bascending colon", "transverse_colon": r"\btransverse colon",
    "descending_colon": r"\bdescending colon", "sigmoid": r"\bsigmoid", "rectosigmoid": r"\brectosigmoid", "rectum": r"\brect(?:um|al)\b",
}  # fmt: skip
DRUGS = ("folfox", "folfiri", "folfoxiri", "capox", "xelox", "bevacizumab", "cetuximab", "panitumumab", "imatinib")
MONTH = 52 / 12
# Words of an act, and the acts of a step that they fit.
ACTS = {
    "operation": (r"\b(?:resect\w*|hepatectom\w*|operat\w+|\w*sectionectom\w*|segmentectom\w*|remov\w+)\b",
                  ("hepatectomy", "primary_resection", "metastasectomy", "last_stage", "first_stage", "split", "further_stage", "transplantation")),
    "embolisation": (r"\b(?:embolis\w*|emboliz\w*|deprivation)\b", ("embolisation", "first_stage", "split")),
    "systemic treatment": (r"\b(?:chemo\w*|cycles?|folf\w+|imatinib|second.line)\b", ("systemic", "care", "control", "washout")),
    "ablation": (r"\bablat\w*\b", ("ablation",)),
    "transplantation": (r"\btransplant\w*\b", ("transplantation",)),
    "biopsy or imaging": (r"\b(?:biops\w+|characteris\w+|mri)\b", ("characterisation", "imaging", "meeting", "observation", "surveillance")),
}  # fmt: skip
AGAINST = re.compile(r"\b(?:do not|don't|never|avoid|refuse to|not to)\b", re.IGNORECASE)
STEPS = {trigger.name: trigger for trigger in PROCESS.triggers}


def disagreements(scenario: Scenario) -> Iterator[Finding]:
    """Where the words of a scenario contradict its case, its steps or the calendar."""
    for index, paragraph in enumerate(scenario.story):
        for words in _of_the_patient(paragraph, scenario.case):
            yield ("story", index), words
        for words in _numbers(paragraph, scenario.case):
            yield ("story", index), words
    for words in _of_the_patient(scenario.title, scenario.case):
        yield ("title",), words
    asked = [(("decisions", index), one.options) for index, one in enumerate(scenario.decisions)]
    asked += [(("variations", index), one.options) for index, one in enumerate(scenario.variations)]
    for path, options in asked:
        for place, option in enumerate(options):
            for words in _of_the_step(option):
                yield (*path, "options", place, "text"), words
    if scenario.reviewed_on is not None:
        yield from _day(scenario.reviewed_on)


def _day(told: str) -> Iterator[Finding]:
    try:
        when = date.fromisoformat(told)
    except ValueError:
        yield ("reviewed_on",), f"got {shown(told)}; accepted: a day that there is, as in 2026-11-21"
        return
    if when > date.today():  # noqa: DTZ011 - a day, wherever the reader sits
        yield ("reviewed_on",), f"got {shown(told)}, which is to come; accepted: the day of the review"


def _of_the_patient(text: str, case: Case) -> Iterator[str]:
    """Age, sex, site and drugs of another patient."""
    for first, second in AGE.findall(text):
        age = int(first or second)
        if case.patient.age_years is not None and age != case.patient.age_years:
            yield f"tells of somebody of {age} years; the case says {case.patient.age_years}"
    told = [sex for sex, words in SEXES.items() if words.search(text)]
    if case.patient.sex is not None and told and case.patient.sex not in told:
        yield f"tells of a {told[0]} patient; the case says {case.patient.sex}"
    site = case.primary.site
    sites = [name for name, words in SITES.items() if re.search(words, text, re.IGNORECASE)]
    if site in SITES and sites and site not in sites:
        yield f"tells of {sites[0].replace('_', ' ')}; the case says {site.replace('_', ' ')}"
    given = " ".join(one.regimen or "" for one in case.history)
    for drug in DRUGS:
        if re.search(rf"\b{drug}\b", text, re.IGNORECASE) and drug not in given:
            yield f"tells of {drug}; the history of the case has {given or 'no drug'}"


def _numbers(text: str, case: Case) -> Iterator[str]:
    """Numbers that no key of the case holds, nor one of its weeks told in months."""
    known = {float(one) for one in re.findall(r"\d+(?:\.\d+)?", case.model_dump_json(by_alias=True))}
    known |= {round(100 * one, 1) for one in known}
    known |= {float(round(one / MONTH)) for one in known} | {float(len(case.lesions))}
    for one in re.findall(r"(?<![\w.])\d+(?:\.\d+)?", text):
        if float(one) not in known:
            yield f"tells the number {one}, which no key of the case holds; accepted: numbers of the case"


def _of_the_step(option: Option) -> Iterator[str]:
    """An answer whose words are those of another act, or the opposite of its own."""
    if option.text is None or option.trigger not in STEPS:
        return
    acts = STEPS[option.trigger].acts
    told = [name for name, (words, _) in ACTS.items() if re.search(words, option.text, re.IGNORECASE)]
    fits = [name for name in told if set(ACTS[name][1]) & set(acts)]
    if told and not fits and any(set(ACTS[name][1]) & set(acts) for name in ACTS):
        yield f'speaks of {told[0]}; the step "{option.trigger}" is {", ".join(acts).replace("_", " ")}'
    elif fits and AGAINST.search(option.text) and not STEPS[option.trigger].gives_up:
        yield f'says the opposite of its step "{option.trigger}"'
