"""What is said along a walk: titles, notes on steps, the assumptions it stands on, and warnings."""

from __future__ import annotations

from collections.abc import Iterator

from pathways.facts import remnant
from pathways.facts.derive import scenario_of
from pathways.facts.patient_assessment import PatientAssessment
from pathways.facts.regimen import harm, regimen, washout_verdict
from pathways.graph.explore import Edge, Graph
from pathways.graph.routes import Route
from pathways.liver.anatomy import mask_of, roman
from pathways.liver.resections import Resection
from pathways.process.acts import is_block, stimulates
from pathways.process.facts import State
from pathways.process.model import Trigger


def resection_of(graph: Graph, edge: Edge) -> Resection | None:
    """The concrete resection that annotates a step, if it is one."""
    if not edge.declared.clearance:
        return None
    return graph.facts.resection(edge.declared.clearance, graph.states[edge.source])


def _found_enough(graph: Graph, edge: Edge, resection: Resection) -> bool:
    """Whether volumetry on the way, not the estimate of today, says that the remnant is enough."""
    state, assessed = graph.states[edge.source], graph.facts.assessed
    if state.growth == "adequate" and resection == assessed.target(scenario_of(state)):
        return True
    return state.volume == "enough" and remnant.remnant_status(assessed, resection, state.blocks).startswith("likely")


def remnant_fraction(graph: Graph, edge: Edge, resection: Resection) -> float:
    """Remnant of a step: as it is today or, where volumetry on the way found it enough, at least the limit."""
    if not _found_enough(graph, edge, resection):
        return resection.remnant.value
    limit = remnant.volume_limit(graph.facts.assessed, graph.states[edge.source].blocks).value
    return max(resection.remnant.value, limit)


def note_of(graph: Graph, edge: Edge) -> str:
    """The numbers behind one step, in a line."""
    trigger, state, assessed = edge.declared, graph.states[edge.source], graph.facts.assessed
    resection = resection_of(graph, edge)
    if resection is not None:
        return _resection_note(graph, edge, resection)
    target = assessed.target(scenario_of(state))
    if stimulates(trigger) and target:
        stimulus = next(str(effect.value) for effect in trigger.effects if effect.fact == "stimulus")
        growth = assessed.parameters[f"growth_{stimulus}"].number
        words = f"to remove: segments {roman(target.growth_side)}; remnant {remnant.percent(target.remnant)}, usual growth {growth:.0%}"
        clear = _first_side(target)
        if target.growth_side & mask_of([4]) and target.growth_side & mask_of([5]):
            words = f"{words}; {_of_segment_four(assessed)}"
        return f"clear first: {clear}; {words}" if trigger.operation and clear else words
    if is_block(trigger):
        return _chemotherapy_note(graph, edge)
    return trigger.annotation.format_map(_Cited(assessed))


class _Cited(dict[str, float]):
    """Cited figures by name, looked up when a sentence asks for them."""

    def __init__(self, assessed: PatientAssessment) -> None:
        super().__init__()
        self.assessed = assessed

    def __missing__(self, name: str) -> float:
        return self.assessed.parameters[name].number


def _chemotherapy_note(graph: Graph, edge: Edge) -> str:
    state, after, assessed = graph.states[edge.source], graph.states[edge.target], graph.facts.assessed
    line = next((one for one in (after.line, state.line) if one != "none"), "first")
    if line == "second" and state.line == "none" and not assessed.past.systemic_before:
        # Progression before any systemic treatment: the line counted as the second is the first one given.
        line = "first"
    chosen = regimen(assessed, line)
    if assessed.systemic != "cytotoxic":
        return f"{chosen.words} for {assessed.protocol.number('restaging_weeks'):g} weeks: {chosen.why}"
    cycles = assessed.protocol.whole("cycles_per_block")
    since = " since the last liver resection" if assessed.past.hepatectomy else " in all"
    hurts = harm(assessed, chosen)
    words = f"{cycles} cycles of {chosen.words}, {assessed.cycles_after(state.blocks + 1)}{since}; {chosen.why}"
    return f"{words} ({hurts})" if hurts else words


def _of_segment_four(assessed: PatientAssessment) -> str:
    return "with the branches of segment IV" if assessed.protocol.yes("embolise_segment_iv") else "segment IV left open"


def _resection_note(graph: Graph, edge: Edge, resection: Resection) -> str:
    state, assessed = graph.states[edge.source], graph.facts.assessed
    limit = remnant.volume_limit(assessed, state.blocks).value
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


def title_of(graph: Graph, walk: Route) -> str:
    """A pathway in a line: its treatments, in order."""
    words: list[str] = []
    for edge in walk:
        trigger = edge.declared
        resection = resection_of(graph, edge)
        if resection is not None and "last_stage" not in trigger.acts:
            word = resection.name + (", with the primary" if "primary" in trigger.treats else "")
            word += ", with the extrahepatic disease" if "extrahepatic" in trigger.treats else ""
            word = f"debulking by {word}" if trigger.clearance == "debulking" else word
            word = word if trigger.oncological else f"diagnostic {word}"
        elif trigger.kind == "decision" and (trigger.oncological or trigger.short):
            word = trigger.short or trigger.title
        else:
            continue
        if not words or words[-1] != word:
            words.append(word)
    return " → ".join(words) or "no treatment"


def assumptions_along(graph: Graph, walk: Route) -> tuple[str, ...]:
    """Everything taken as given on the way: an unknown behind a guard, a state of the liver, a washout."""
    facts = graph.facts
    found: list[str] = []
    operates = any(edge.declared.clearance for edge in walk)
    if operates:
        found += facts.assessed.state_assumptions
        washout = washout_verdict(facts.assessed)
        found += [f"{washout.reason}: {washout.assumed}"] if washout is not None and washout.assumed else []
    for edge in walk:
        state = graph.states[edge.source]
        found += assumptions_of(edge.declared, state, graph)
    return tuple(dict.fromkeys(found))


def assumptions_of(trigger: Trigger, state: State, graph: Graph) -> list[str]:
    """The labelled assumptions behind one step."""
    measured = state.volume != "unmeasured" or state.growth == "adequate"
    facts = [
        guard.fact
        for guard in trigger.guards
        if guard.fact not in state._fields
        and not guard.because
        # Volumetry on the way has answered what the estimate could not.
        and not (measured and guard.fact.startswith("remnant_"))
        and guard.fact != "volumetry_useful"
    ]
    behind = [verdict for fact in facts for verdict in graph.facts.finding(fact, state).verdicts]
    return [f"{one.reason}: {one.assumed}" for one in behind if one.verdict == "unknown" and one.assumed]


def warnings_of(graph: Graph, walk: Route, cleared: list[Resection], blocks: int) -> tuple[str, ...]:
    """What a surgeon should know before taking this pathway."""
    return tuple(dict.fromkeys([
        *_chemotherapy_warnings(graph, cleared, blocks),
        *(words for one in cleared for words in _resection_warnings(one)),
        *_walk_warnings(graph, walk, cleared),
    ]))  # fmt: skip


def _chemotherapy_warnings(graph: Graph, cleared: list[Resection], blocks: int) -> Iterator[str]:
    assessed = graph.facts.assessed
    cycles, soft = assessed.cycles_after(blocks), assessed.protocol.whole("soft_cycles")
    if cleared and cycles > soft:
        yield f"{cycles} cycles before the resection: more than {soft}"
    if assessed.case.primary.tumour != "colorectal" and blocks:
        yield "chances of systemic treatment are borrowed from bowel metastases"


def _resection_warnings(one: Resection) -> Iterator[str]:
    if one.cava:
        yield "contact with the vena cava: resection and reconstruction of its wall may be needed"
    if one.veins:
        veins = ", ".join(vein.replace("_", " ") for vein in one.veins)
        stowed = f"; segments {roman(one.congested)} lose their drainage and are not counted" if one.congested else ""
        yield f"the {veins} is taken with the tumour{stowed}"
    if one.detached:
        vessels = ", ".join(vessel.replace("_", " ") for vessel in one.detached)
        yield f"the tumour is taken off the {vessels}: the margin there may be R1 by vessel contact"
    if one.loss_unknown:
        yield "liver lost by limited resections is not counted: their size is not known"


def _walk_warnings(graph: Graph, walk: Route, cleared: list[Resection]) -> Iterator[str]:
    taken = [edge.declared for edge in walk]
    if any("repeat_hepatectomy" in graph.families(edge) for edge in walk):
        yield "earlier liver operation: adhesions and altered anatomy"
    ablated = any("ablation" in graph.families(edge) for edge in walk)
    if ablated:
        figure = graph.facts.assessed.parameters["local_recurrence_ablation"]
        low, high = figure.distribution["low"], figure.distribution["high"]
        yield f"local recurrence after ablation in {low:.0%} to {high:.0%} ({figure.confidence}); not part of the chances"
    if any(lesion.nature == "vanished" for lesion in graph.facts.assessed.case.lesions) and cleared:
        yield "a vanished site must be found again: by a mark set before chemotherapy, or by intraoperative ultrasound"
    if ablated and any("diagnostic" in one.finds for one in taken):
        yield "ablation gives no histology of the suspected lesion: a biopsy in the same session does"
    yield from (one.warning for one in taken if one.warning)
    if any("embolisation" in one.acts for one in taken) and any(one.lesions_in_remnant for one in cleared):
        yield "lesions in the remnant may grow with it while waiting"
