"""How options, costs, refusals and sources are worded. Nothing here decides anything."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from pathways.facts.patient_assessment import PatientAssessment
from pathways.facts.remnant import binding_limit
from pathways.facts.verdict import ITEM, Verdict
from pathways.graph.explore import Graph
from pathways.knowledge.protocols import knowledge
from pathways.messages.catalogue import say
from pathways.messages.figures import apart, decimals_apart, percentage
from pathways.planning.annotations import remnant_fraction, resection_of
from pathways.planning.chances import Chances, shown
from pathways.planning.uncertainty import Estimated
from pathways.process.acts import is_block
from pathways.process.facts import State
from pathways.process.model import Trigger
from pathways.process.phases import END_OF_EPISODE
from pathways.teaching.lessons.model import Citation
from pathways.teaching.narrative.referral import family_words
from pathways.teaching.unrolling.act_words import answer_words
from pathways.teaching.unrolling.answers import TELLING_FIRST, Offer
from pathways.teaching.unrolling.grades import Graded, Regret
from pathways.teaching.unrolling.grown import told_share
from pathways.teaching.unrolling.refusals import REMNANT, Broken

GRADE_WORDS = {
    "best": "The best of what is open.",
    "acceptable": "As good as the best, within what the figures can tell apart.",
    "poor": "Open, but it costs.",
    "refused": "Not open here.",
}
# Smaller differences are not worth a line.
SMALL_SHARE = 0.02
LEAST_CHANCE, LEAST_DAYS, LEAST_RISK = 0.005, 0.5, 0.0005
# A chance that rounds to all of them is said in words: no treatment succeeds in everybody.
NEARLY_ALL = 0.985
BARS = frozenset({
    "extrahepatic_resectable", "fit_for_operation", "disease_controlled", "liver_sufficient", "primary_not_urgent",
    "targeted_first", "patient_accepts", "lesions_characterised",
})  # fmt: skip
PLANNING = frozenset({"prompt_surgery", "parenchyma_sparing", "all_lesions_treatable"})


def option_text(graph: Graph, offer: Offer, state: State) -> str:
    """The option as a learner reads it: what would be done and to what, and nothing that gives the answer away."""
    return answer_words(graph, offer.trigger, state)


def title_in(trigger: Trigger, assessed: PatientAssessment) -> str:
    """The title of a step for this tumour: where a targeted drug is the systemic treatment, it is called that."""
    words = trigger.asked or trigger.title
    if trigger.course == "second_line" and not assessed.past.systemic_before:
        words = words.replace("Second-line systemic treatment", "Systemic treatment after progression")
    if not assessed.targeted:
        return words
    drug = "imatinib" if assessed.case.primary.tumour == "gist" else "the targeted drug"
    for kind in ("Conversion chemotherapy", "Perioperative chemotherapy", "chemotherapy"):
        words = words.replace(kind, drug)
    return words[:1].upper() + words[1:]


def before_reason(note: str) -> str:
    """`4 cycles of FOLFOX and panitumumab, 4 in all` without the reason and the harm that follow."""
    for mark in ("; ", " (", ": "):
        note = note.partition(mark)[0]
    return note


def share(one: Estimated) -> str:
    """`72% (65% to 80%)`, as the rules print it."""
    if one.value > NEARLY_ALL:
        return "nearly all"
    if one.high - one.low < LEAST_CHANCE:
        return f"{one.value:.0%}"
    return f"{one.value:.0%} ({one.low:.0%} to {one.high:.0%})"


def no_figure(goal: str) -> str:
    """That nothing is told of how often patients reach the goal of a lesson: the chances are borrowed."""
    return f"For this primary no figure was found of how often such patients {goal}"


def risk(one: Estimated) -> str:
    """`3.5% (2.1% to 5.4%)`."""
    if one.value < LEAST_RISK:
        return "no death by treatment is counted here: no figure was found"
    return f"{one.value:.1%} ({one.low:.1%} to {one.high:.1%}) die of treatment"


def days(number: float) -> str:
    """`1 day`, `28 days`."""
    whole = round(number)
    return "1 day" if whole == 1 else f"{whole} days"


def telling(verdicts: Iterable[Verdict]) -> tuple[Verdict, ...]:
    """The verdicts that say why a step is refused, what weighs most first.

    Whoever is barred from an operation is not told to operate; of two remnant rules the one that is met says nothing.
    """
    found = [one for one in verdicts if one.verdict != "allowed"]
    rules = {one.rule for one in found}
    if rules & BARS:
        found = [one for one in found if one.rule not in PLANNING]
    if rules & REMNANT and any(one.rule in REMNANT and not _met(one) for one in found):
        found = [one for one in found if one.rule not in REMNANT or not _met(one)]
    return tuple(sorted(found, key=_weight))


def _weight(one: Verdict) -> tuple[bool, int]:
    """Where a reason stands: that a remnant is enough without growth says less than what makes growth needless."""
    enough = one.rule in REMNANT and one.closes != "barred"
    return enough, TELLING_FIRST.index(one.rule) if one.rule in TELLING_FIRST else len(TELLING_FIRST)


def _met(one: Verdict) -> bool:
    """Whether a refused figure meets its limit; what is not known meets nothing."""
    if one.verdict == "unknown":
        return False
    return isinstance(one.value, float) and isinstance(one.limit, float) and one.value >= one.limit


def refusal(verdicts: Iterable[Verdict]) -> tuple[str, ...]:
    """Every reason that refuses a step, once."""
    return tuple(dict.fromkeys(sentence(one) for one in telling(verdicts)))


def sentence(one: Verdict) -> str:
    """A reason as a sentence, without the name of its rule."""
    words = one.reason[:1].upper() + one.reason[1:]
    words = words.replace("Gist:", "GIST:").replace("the patient fit for ablation", "the patient fit only for ablation")
    words = words.replace("the patient fit for nothing", "the patient fit for no operation and no ablation")
    if one.rule == "patient_accepts" and isinstance(one.value, str):
        words = words.replace(one.value.replace("_", " "), family_words(one.value)).replace(
            one.value, family_words(one.value)
        )
    if one.verdict == "unknown":
        words += f" ({one.assumed})" if one.assumed else ""
    return f"{words}."


def given(verdicts: Iterable[Verdict]) -> tuple[str, ...]:
    """What an open answer takes as given, a sentence each."""
    return tuple(
        dict.fromkeys(
            f"Not known, and taken as given: {ITEM.sub('', one.reason).strip()} ({one.assumed})." for one in verdicts
        )
    )


def against_limit(verdicts: Iterable[Verdict]) -> tuple[str, ...]:
    """Values beside their limits, a line each."""
    found = (
        f"{one.rule.replace('_', ' ')}: {', limit '.join(_figures(one.value, one.limit, one))}"
        for one in telling(verdicts)
        if one.verdict == "refused" and isinstance(one.value, float) and isinstance(one.limit, float)
        if one.rule not in REMNANT or not _met(one)
    )
    return tuple(dict.fromkeys(found))


def _figures(value: float, limit: float, verdict: Verdict) -> tuple[str, str]:
    """A value and its limit, with as many decimals as tell them apart."""
    if verdict.unit != "fraction":
        value_words, limit_words = (f"{one:g} {verdict.unit or ''}".strip() for one in (value, limit))
        return value_words, limit_words
    # Remnants against body weight are fractions of a percent.
    least = 2 if value < SMALL_SHARE else 1
    decimals = decimals_apart(limit, (value,), least)
    told = (percentage(one, decimals) for one in (value, limit))
    first, second = told if decimals != 1 else (one.replace(".0%", "%") for one in told)
    return first, second


def breaking(broken: Iterable[Broken]) -> tuple[str, ...]:
    """What doing it all the same would break."""
    return tuple(say("feedback.every_plan", sentence=one.sentence) for one in broken)


def regret_lines(regret: Regret, chances: Chances) -> tuple[str, ...]:
    """What a poor choice gives away, a line each; of a borrowed chance only that it is less."""
    found = []
    if regret.chance >= LEAST_CHANCE:
        lost = shown(chances, f"{regret.chance * 100:.0f} points ") or ""
        found.append(f"{lost}less chance of the goal")
    if regret.days >= LEAST_DAYS:
        found.append(f"{days(regret.days)} later at the goal")
    if regret.risk >= LEAST_RISK:
        found.append(f"{regret.risk * 100:.1f} points more risk to die of treatment")
    return tuple(found)


def step_costs(graph: Graph, graded: Graded) -> tuple[str, ...]:
    """What an open step costs by itself: days, cycles, remnant."""
    edge, found = graded.edge, []
    took = graph.days(edge)
    if took:
        found.append(f"{days(took)} for the step itself")
    state, assessed = graph.states[edge.source], graph.facts.assessed
    if is_block(edge.declared) and assessed.systemic == "cytotoxic":
        cycles = assessed.cycles_of_course(edge.declared.course)
        total = cycles if state.phase == END_OF_EPISODE else assessed.cycles_since_hepatectomy(state.blocks) + cycles
        found.append(f"{cycles} cycles of chemotherapy ({total} since the last liver resection)")
    resection = resection_of(graph, edge)
    if resection is not None:
        found_left = told_share(graph, state, resection)
        left = remnant_fraction(graph, edge, resection) if found_left is None else found_left
        told, limit = apart(left, binding_limit(assessed, resection, state.blocks).share)
        found.append(f"remnant {told}, limit {limit}")
    return tuple(found)


def citation(name: str, own: Mapping[str, Mapping[str, Any]]) -> Citation:
    """A source as a reader needs it; `own` are those of a centre's protocol."""
    known = knowledge().sources.get(name) or own.get(name)
    if known is None:
        return Citation(name, name)
    return Citation(name, _bibliography(known), _address(known))


def _bibliography(source: Mapping[str, Any]) -> str:
    where = " ".join(str(source[key]) for key in ("journal", "year") if source.get(key))
    parts = [source.get("authors"), source["title"], where]
    words = " ".join(f"{str(part).rstrip('.')}." for part in parts if part)
    return f"{words} (bibliography uncertain)" if source.get("bibliography_uncertain") else words


def _address(source: Mapping[str, Any]) -> str:
    if source.get("doi"):
        return f"https://doi.org/{source['doi']}"
    return f"https://pubmed.ncbi.nlm.nih.gov/{source['pmid']}/" if source.get("pmid") else ""
