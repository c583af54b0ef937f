"""A walk of the graph as a pathway a person reads: dated steps with notes and sources, counts, assumptions, warnings."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from pathways.facts import remnant
from pathways.facts.derive import scene_of
from pathways.facts.numbers import sources_of, washout_verdict
from pathways.facts.picture import Picture
from pathways.facts.regimen import harm, regimen
from pathways.graph.explore import Edge, Graph
from pathways.graph.routes import Route
from pathways.liver.anatomy import mask_of, roman
from pathways.liver.resections import Resection
from pathways.process.declaration import PROCESS
from pathways.process.facts import STIMULI, State
from pathways.process.model import Trigger
from pathways.process.phases import END_OF_EPISODE


@dataclass(frozen=True, slots=True)
class PathwayStep:
    """One step: `day` is the planned day on which it is complete, counted from today."""

    trigger: str
    kind: str
    title: str
    before: str
    after: str
    day: int
    note: str
    sources: tuple[str, ...]

    def as_json(self) -> dict[str, Any]:
        """The step as the JSON of the command line shows it."""
        return {
            "trigger": self.trigger,
            "kind": self.kind,
            "from": self.before,
            "to": self.after,
            "day": self.day,
            "note": self.note,
            "sources": list(self.sources),
        }


@dataclass(frozen=True, slots=True)
class Pathway:
    """What a team can intend, with what it costs as planned."""

    id: str
    title: str
    families: tuple[str, ...]
    steps: tuple[PathwayStep, ...]
    end: str
    days: int
    operations: int
    chemotherapy_cycles: int
    smallest_remnant_fraction: float | None
    least_liver_left: float
    assumptions: tuple[str, ...]
    warnings: tuple[str, ...]
    walk: Route
    contingencies: tuple[Contingency, ...] = ()
    pareto: bool = False

    @property
    def curative(self) -> bool:
        """Whether the pathway ends with all sites cleared."""
        return self.end in PROCESS.curative_ends

    def as_json(self) -> dict[str, Any]:
        """The pathway as the JSON of the command line shows it."""
        return {
            "id": self.id,
            "title": self.title,
            "families": list(self.families),
            "steps": [step.as_json() for step in self.steps],
            "probability_as_planned": None,
            "probability_resected": None,
            "mortality_90d": None,
            "days_to_clearance": None,
            "survival_5y": None,
            "operations": self.operations,
            "chemotherapy_cycles": self.chemotherapy_cycles,
            "smallest_remnant_fraction": _rounded(self.smallest_remnant_fraction),
            "pareto": self.pareto,
            "assumptions": list(self.assumptions),
            "warnings": list(self.warnings),
            "contingencies": [one.as_json() for one in self.contingencies],
        }


@dataclass(frozen=True, slots=True)
class Contingency:
    """What to do when an outcome on the way is not the hoped-for one: the first decision, and where it can still lead."""

    at: str
    outcome: str
    then: str
    best_end: str

    def as_json(self) -> dict[str, Any]:
        """The contingency as the JSON of the command line shows it."""
        return {"at": self.at, "outcome": self.outcome, "then": self.then, "best_end": self.best_end}


def pathway(graph: Graph, walk: Route, identity: str = "") -> Pathway:
    """`walk` as a pathway."""
    picture = graph.facts.picture
    families = sorted({family for edge in walk for family in graph.families(edge)})
    steps, day, before, cleared_on = [], 0.0, 0.0, math.inf
    for edge in walk:
        day += graph.days(edge)
        if graph.states[edge.source].phase == END_OF_EPISODE:
            cleared_on = min(cleared_on, before)
        before = day
        steps.append(_step(graph, edge, round(day)))
    cleared = [one for edge in walk if (one := resection_of(graph, edge)) is not None]
    blocks = sum(1 for edge in walk if any(effect.fact == "blocks" for effect in edge.declared.effects))
    cycles = picture.cycles_in(blocks)
    end = graph.states[walk[-1].target].phase
    fractions = [_remnant_fraction(graph, edge, one) for edge in walk if (one := resection_of(graph, edge)) is not None]
    return Pathway(
        id=identity,
        title=_title(graph, walk),
        families=tuple(families),
        steps=tuple(steps),
        end=end,
        days=round(min(day, cleared_on)),
        operations=sum(edge.declared.operation for edge in walk),
        chemotherapy_cycles=cycles,
        smallest_remnant_fraction=min(fractions, default=None),
        least_liver_left=min((one.remnant.value for one in cleared), default=1.0),
        assumptions=_assumptions(graph, walk),
        warnings=_warnings(graph, walk, cleared, blocks),
        walk=walk,
    )


def resection_of(graph: Graph, edge: Edge) -> Resection | None:
    """The concrete resection that annotates a step, if it is one."""
    if not edge.declared.clearance:
        return None
    return graph.facts.resection(edge.declared.clearance, graph.states[edge.source])


def _found_enough(graph: Graph, edge: Edge, resection: Resection) -> bool:
    """Whether volumetry on the way, not the estimate of today, says that the remnant is enough."""
    state, picture = graph.states[edge.source], graph.facts.picture
    if state.growth == "adequate" and resection == picture.target(scene_of(state)):
        return True
    return state.volume == "enough" and remnant.remnant_status(picture, resection, state.blocks).startswith("likely")


def _remnant_fraction(graph: Graph, edge: Edge, resection: Resection) -> float:
    """Remnant of a step: as it is today or, where volumetry on the way found it enough, at least the limit."""
    if not _found_enough(graph, edge, resection):
        return resection.remnant.value
    limit = remnant.volume_limit(graph.facts.picture, graph.states[edge.source].blocks).value
    return max(resection.remnant.value, limit)


def _step(graph: Graph, edge: Edge, day: int) -> PathwayStep:
    trigger, before, after = edge.declared, graph.states[edge.source], graph.states[edge.target]
    note = _note(graph, edge)
    sources = sources_of(trigger, graph.facts.picture)
    return PathwayStep(trigger.name, trigger.kind, trigger.title, before.phase, after.phase, day, note, sources)


def _note(graph: Graph, edge: Edge) -> str:
    trigger, state, picture = edge.declared, graph.states[edge.source], graph.facts.picture
    resection = resection_of(graph, edge)
    if resection is not None:
        return _resection_note(graph, edge, resection)
    target = picture.target(scene_of(state))
    if trigger.name in GROWING and target:
        stimulus = next(str(effect.value) for effect in trigger.effects if effect.fact == "stimulus")
        growth = picture.parameters[f"growth_{stimulus if stimulus in STIMULI else 'pve'}"].number
        words = f"to remove: segments {roman(target.growth_side)}; remnant {remnant.percent(target.remnant)}, usual growth {growth:.0%}"
        clear = _first_side(target)
        if target.growth_side & mask_of([4]) and target.growth_side & mask_of([5]):
            words = f"{words}; {_of_segment_four(picture)}"
        return f"clear first: {clear}; {words}" if trigger.operation and clear else words
    if any(effect.fact == "blocks" for effect in trigger.effects):
        return _chemotherapy_note(graph, edge)
    if trigger.name in SAID_OF:
        return SAID_OF[trigger.name](picture)
    return ""


def _chemotherapy_note(graph: Graph, edge: Edge) -> str:
    state, after, picture = graph.states[edge.source], graph.states[edge.target], graph.facts.picture
    line = next((one for one in (after.line, state.line) if one != "none"), "first")
    chosen = regimen(picture, line)
    if picture.systemic != "cytotoxic":
        return f"{chosen.words} for {picture.protocol.number('restaging_weeks'):g} weeks: {chosen.why}"
    cycles = picture.protocol.whole("cycles_per_block")
    since = " since the last liver resection" if picture.past.hepatectomy else " in all"
    hurts = harm(picture, chosen)
    words = f"{cycles} cycles of {chosen.words}, {picture.cycles_after(state.blocks + 1)}{since}; {chosen.why}"
    return f"{words} ({hurts})" if hurts else words


def _of_vanished(picture: Picture) -> str:
    ct, mri = (
        picture.parameters[name].number for name in ("residual_at_vanished_site_ct", "regrowth_at_watched_site_mri")
    )
    return f"residual disease in {ct:.0%} of sites that vanished on CT; {mri:.0%} of those staged by MRI grew again when watched"


def _of_segment_four(picture: Picture) -> str:
    return "with the branches of segment IV" if picture.protocol.yes("embolise_segment_iv") else "segment IV left open"


SAID_OF: dict[str, Callable[[Picture], str]] = {
    "watch_vanished_sites": _of_vanished,
    "watch_after_complete_response": _of_vanished,
    "irradiate_primary": lambda _: "resection of the rectum 6 to 12 weeks later; a liver operation fits in between",
    "give_adjuvant_chemotherapy": lambda _: "later recurrence, no proven gain in survival",
    "list_for_transplantation": lambda _: (
        "after validation by an expert committee; no death at transplantation is counted"
    ),
}


def _resection_note(graph: Graph, edge: Edge, resection: Resection) -> str:
    state, picture = graph.states[edge.source], graph.facts.picture
    limit = remnant.volume_limit(picture, state.blocks).value
    if _found_enough(graph, edge, resection):
        return f"{resection.name}; remnant measured as enough, limit {limit:.0%} (today {remnant.percent(resection.remnant)})"
    return f"{resection.name}; remnant {remnant.percent(resection.remnant)}, limit {limit:.0%}"


def _first_side(target: Resection) -> str:
    """What a first stage clears on the side that stays."""
    words = [f"segments {roman(target.removes & ~target.growth_side)}"] if target.removes & ~target.growth_side else []
    if target.limited:
        words.append(f"limited resection of {', '.join(target.limited)}")
    if target.ablated:
        words.append(f"ablation of {', '.join(target.ablated)}")
    return ", ".join(words)


LAST_STAGES = ("second_stage", "second_stage_and_primary", "alpps_stage_2", "alpps_stage_2_and_primary")


def _title(graph: Graph, walk: Route) -> str:
    words: list[str] = []
    for edge in walk:
        trigger = edge.declared
        resection = resection_of(graph, edge)
        if resection is not None and trigger.name not in LAST_STAGES:
            word = resection.name + (", with the primary" if "primary_resection" in trigger.events else "")
            word += ", with the extrahepatic disease" if "metastasectomy" in trigger.events else ""
            word = f"debulking by {word}" if trigger.clearance == "debulking" else word
            word = word if trigger.oncological else f"diagnostic {word}"
        elif trigger.kind == "decision" and (trigger.oncological or trigger.name in SHORT_TITLES):
            word = SHORT_TITLES.get(trigger.name, trigger.title)
        else:
            continue
        if not words or words[-1] != word:
            words.append(word)
    return " → ".join(words) or "no treatment"


GROWING = ("embolise_portal_vein", "deprive_liver_veins", "alpps_stage_1", "rescue_alpps", "first_stage",
           "first_stage_and_primary")  # fmt: skip

SHORT_TITLES = {
    "wait_longer": "more time for the remnant",
    "resect_primary": "primary",
    "divert_or_stent": "stent or diversion",
    "resect_primary_urgently": "emergency resection of the primary",
    "resect_extrahepatic": "extrahepatic disease",
    "embolise_portal_vein": "portal vein embolisation",
    "deprive_liver_veins": "liver venous deprivation",
    "first_stage": "stage one",
    "first_stage_and_primary": "stage one with the primary",
    "further_stage": "a further stage",
    "second_stage": "stage two",
    "second_stage_and_primary": "stage two with the primary",
    "alpps_stage_2_and_primary": "ALPPS stage two with the primary",
    "bridge_with_chemotherapy": "bridging chemotherapy",
    "irradiate_primary": "radiotherapy of the rectum",
    "drain_bile_ducts": "biliary drainage",
    "watch_vanished_sites": "watch the vanished sites",
    "watch_after_complete_response": "watch the liver",
    "treat_as_metastasis": "take the suspected lesion along",
    "debulk_liver": "debulking",
    "keep_controlling": "systemic treatment that controls the disease",
    "give_adjuvant_chemotherapy": "adjuvant chemotherapy",
    "begin_follow_up": "follow-up",
    "alpps_stage_1": "ALPPS stage one",
    "alpps_stage_2": "ALPPS stage two",
    "start_conversion_chemotherapy": "conversion chemotherapy",
    "continue_conversion_chemotherapy": "conversion chemotherapy",
    "start_perioperative_chemotherapy": "perioperative chemotherapy",
    "list_for_transplantation": "transplantation",
    "watch": "watch the lesion",
    "characterise": "characterise the lesion",
    "palliate": "systemic treatment or care without clearing the liver",
}


def _assumptions(graph: Graph, walk: Route) -> tuple[str, ...]:
    """Everything taken as given on the way: an unknown behind a guard, a state of the liver, a washout."""
    facts = graph.facts
    found: list[str] = []
    operates = any(edge.declared.clearance for edge in walk)
    if operates:
        found += facts.picture.state_assumptions
        washout = washout_verdict(facts.picture)
        found += [f"{washout.reason}: {washout.assumed}"] if washout is not None and washout.assumed else []
    for edge in walk:
        state = graph.states[edge.source]
        found += assumptions_of(edge.declared, state, graph)
    return tuple(dict.fromkeys(found))


def assumptions_of(trigger: Trigger, state: State, graph: Graph) -> list[str]:
    """The labelled assumptions behind one step."""
    facts = [guard.fact for guard in trigger.guards if guard.fact not in state._fields and not guard.because]
    behind = [verdict for fact in facts for verdict in graph.facts.finding(fact, state).verdicts]
    return [f"{one.reason}: {one.assumed}" for one in behind if one.verdict == "unknown" and one.assumed]


def _warnings(graph: Graph, walk: Route, cleared: list[Resection], blocks: int) -> tuple[str, ...]:
    picture = graph.facts.picture
    found: list[str] = []
    cycles, soft = picture.cycles_after(blocks), picture.protocol.whole("soft_cycles")
    if cleared and cycles > soft:
        found.append(f"{cycles} cycles before the resection: more than {soft}")
    for one in cleared:
        if one.cava:
            found.append("contact with the vena cava: resection and reconstruction of its wall may be needed")
        if one.veins:
            veins = ", ".join(vein.replace("_", " ") for vein in one.veins)
            stowed = (
                f"; segments {roman(one.congested)} lose their drainage and are not counted" if one.congested else ""
            )
            found.append(f"the {veins} is taken with the tumour{stowed}")
        if one.detached:
            vessels = ", ".join(vessel.replace("_", " ") for vessel in one.detached)
            found.append(f"the tumour is taken off the {vessels}: the margin there may be R1 by vessel contact")
        if one.loss_unknown:
            found.append("liver lost by limited resections is not counted: their size is not known")
    if any("repeat_hepatectomy" in graph.families(edge) for edge in walk):
        found.append("earlier liver operation: adhesions and altered anatomy")
    if any(edge.declared.name == "resect_for_diagnosis_major" for edge in walk):
        found.append("a major resection for an unproven lesion: it may turn out benign")
    grows = any(edge.declared.name in ("embolise_portal_vein", "deprive_liver_veins") for edge in walk)
    if grows and any(one.lesions_in_remnant for one in cleared):
        found.append("lesions in the remnant may grow with it while waiting")
    return tuple(dict.fromkeys(found))


def _rounded(value: float | None) -> float | None:
    return None if value is None else round(value, 4)
