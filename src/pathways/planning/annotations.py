"""What is said along a walk: titles, notes on steps, and warnings."""

from __future__ import annotations

from collections.abc import Iterator

from pathways.facts import remnant
from pathways.facts.blocks import AFTER, BEFORE
from pathways.facts.considerations import anaemia, laboratory_risk, transfusion
from pathways.facts.derive import scenario_of
from pathways.facts.liver_function import remarks
from pathways.facts.patient_assessment import PatientAssessment
from pathways.facts.regimen import harm, regimen
from pathways.facts.remnant import enough_in_one_piece
from pathways.facts.step_names import short_for
from pathways.graph.explore import Edge, Graph
from pathways.graph.routes import Route
from pathways.liver.anatomy import mask_of, roman
from pathways.liver.resection import Resection
from pathways.messages.catalogue import called, say
from pathways.messages.figures import decimals_apart
from pathways.planning.chances import chances_of
from pathways.process.acts import ON_THE_LIVER, STIMULI, TREATMENTS, is_block, stimulates
from pathways.process.model import AGAIN, Trigger
from pathways.process.phases import END_OF_EPISODE

# Of those who were to have the second half of a perioperative course, how many had it.
GIVEN = "perioperative_second_half_given"


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
    limit = remnant.binding_limit(graph.facts.assessed, resection, graph.states[edge.source].blocks)
    return max(resection.remnant.value, limit.share)


def note_of(graph: Graph, edge: Edge) -> str:
    """The numbers behind one step, in a line."""
    trigger, state, assessed = edge.declared, graph.states[edge.source], graph.facts.assessed
    resection = resection_of(graph, edge)
    if resection is not None:
        return _resection_note(graph, edge, resection)
    target = assessed.target(scenario_of(state))
    if stimulates(trigger) and target:
        growth = assessed.parameters.get(f"growth_{graph.states[edge.target].stimulus}")
        side, share = roman(target.growth_side), remnant.percent(target.remnant)
        if growth is None:
            words = say("note.no_growth_again", segments=side, remnant=share)
        elif graph.states[edge.target].stimulus.endswith(AGAIN):
            words = say("note.growth_again", segments=side, remnant=share, growth=growth.number)
        else:
            words = say("note.growth", segments=side, remnant=share, growth=growth.number)
        clear = _first_side(target)
        if target.growth_side & mask_of([4]) and target.growth_side & mask_of([5]):
            branches_too = assessed.protocol.yes("embolise_segment_iv")
            words = say("note.with_segment_four" if branches_too else "note.without_segment_four", words=words)
        return say("note.first_side", first=clear, words=words) if trigger.operation and clear else words
    cited = trigger.annotation.format_map(_Cited(assessed))
    if is_block(trigger):
        return "; ".join(filter(None, [_chemotherapy_note(graph, edge), cited]))
    return cited


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
    if edge.declared.course == AFTER:
        line = "perioperative"
    chosen = regimen(assessed, line)
    if assessed.systemic != "cytotoxic":
        weeks = assessed.protocol.number("targeted_weeks" if assessed.targeted else "restaging_weeks")
        return say("note.systemic", regimen=chosen.words, weeks=weeks, why=chosen.why)
    hurts = harm(assessed, chosen)
    cycles = assessed.cycles_of_course(edge.declared.course)
    if edge.declared.course == AFTER:
        words = say("note.second_half", cycles=cycles, regimen=chosen.words)
        if assessed.case.primary.tumour == "colorectal":
            words = say("note.second_half_given", words=words, given=assessed.parameters[GIVEN].number)
        return say("regimen.with_harm", words=words, harm=hurts) if hurts else words
    words = say(
        "note.cycles_since_resection" if assessed.past.hepatectomy else "note.cycles",
        cycles=cycles, regimen=chosen.words, total=assessed.cycles_since_hepatectomy(after.blocks), why=chosen.why,
    )  # fmt: skip
    if state.pregnancy == "pregnant":
        words = say("note.no_antibody_in_pregnancy", words=words)
    return say("regimen.with_harm", words=words, harm=hurts) if hurts else words


def _resection_note(graph: Graph, edge: Edge, resection: Resection) -> str:
    state, assessed = graph.states[edge.source], graph.facts.assessed
    limit = remnant.binding_limit(assessed, resection, state.blocks)
    left = resection.remnant
    return say(
        "note.resection_measured" if _found_enough(graph, edge, resection) else "note.resection",
        resection=resection.name, remnant=remnant.percent(left, decimals_apart(limit.share, (left.value,))), limit=limit.words(left.value)[1],
    )  # fmt: skip


def _first_side(target: Resection) -> str:
    """What a first stage clears on the side that stays."""
    here = target.removes & ~target.growth_side
    words = [say("note.segments", segments=roman(here))] if here else []
    if target.limited:
        words.append(target.limited_words)
    if target.ablated:
        words.append(say("local.ablation", lesions=", ".join(target.ablated)))
    return ", ".join(words)


def apart_from_the_liver(assessed: PatientAssessment, walk: Route) -> bool:
    """Whether disease elsewhere that the protocol removes with the liver is removed in a session of its own."""
    sites, with_it = {one.site for one in assessed.elsewhere or ()}, assessed.protocol.words("removed_with_the_liver")
    return bool(sites) and sites <= {*with_it} and any(edge.declared.acts == ("metastasectomy",) for edge in walk)


def before_the_liver(assessed: PatientAssessment, walk: Route) -> bool:
    """Whether disease elsewhere that the protocol removes last is removed while the liver or the primary still has to be."""
    sites, last = {one.site for one in assessed.elsewhere or ()}, assessed.protocol.words("removed_after_the_liver")
    if not sites or not sites <= {*last}:
        return False
    done = [frozenset(edge.declared.acts) for edge in walk if edge.declared.kind == "decision"]
    alone = next((place for place, acts in enumerate(done) if acts == {"metastasectomy"}), len(done))
    return any(acts & {"hepatectomy", "ablation", "primary_resection"} for acts in done[alone + 1 :])


def against_depth(assessed: PatientAssessment, resection: Resection) -> tuple[str, ...]:
    """Lesions that are cut though deep, or ablated though superficial or vanished, and could be treated either way, where the protocol goes by depth."""
    if not assessed.protocol.yes("local_treatment_by_depth"):
        return ()
    against = {"deep": resection.limited, "superficial": resection.ablated, "vanished": resection.ablated}
    kinds = {label: "vanished" if one.known_as == "vanished" else one.depth for one, label in assessed.entries}
    return tuple(
        plan.label
        for plan in assessed.lesions
        if plan.limited.possible == plan.ablation.possible == "allowed"
        and plan.label in against.get(kinds[plan.label] or "", ())
    )


def title_of(graph: Graph, walk: Route) -> str:
    """A pathway in a line: its treatments, in order."""
    words: list[str] = []
    for edge in walk:
        trigger = edge.declared
        if not (names_resection(trigger) or (trigger.kind == "decision" and (trigger.oncological or trigger.short))):
            continue
        # A perioperative course is named by its first half, where that lies in the plan.
        if trigger.course == AFTER and any(one.declared.course == BEFORE for one in walk):
            continue
        word = word_of(graph, edge)
        if not words or words[-1] != word:
            words.append(word)
    return " → ".join(words) or say("title.no_treatment")


def names_resection(trigger: Trigger) -> bool:
    """Whether a step is called by its resection; a last stage is called by its stage."""
    return bool(trigger.clearance) and "last_stage" not in trigger.acts


def word_of(graph: Graph, edge: Edge) -> str:
    """What a decision is called in the line of a pathway."""
    trigger = edge.declared
    resection = resection_of(graph, edge)
    if resection is not None and names_resection(trigger):
        return _operation(trigger, resection)
    return short_for(trigger, graph.facts.assessed)


def _operation(trigger: Trigger, resection: Resection) -> str:
    """An operation on the liver in a title, with what else it takes."""
    word = resection.name
    if "primary" in trigger.treats:
        word = say("title.with_primary", operation=word)
    if "extrahepatic" in trigger.treats:
        word = say("title.with_extrahepatic", operation=word)
    if trigger.clearance == "debulking":
        word = say("title.debulking", operation=word)
    return word if trigger.oncological else say("title.diagnostic", operation=word)


def warnings_of(graph: Graph, walk: Route, cleared: list[Resection]) -> tuple[str, ...]:
    """What a surgeon should know before taking this pathway."""
    return tuple(dict.fromkeys([
        *_person_warnings(graph),
        *_borrowed_warnings(graph, cleared),
        *_chemotherapy_warnings(graph, walk, cleared),
        *(words for one in cleared for words in _resection_warnings(graph, one)),
        *_walk_warnings(graph, walk, cleared),
        *_primary_warnings(graph, cleared),
        *_function_warnings(graph, walk),
    ]))  # fmt: skip


def _function_warnings(graph: Graph, walk: Route) -> tuple[str, ...]:
    assessed = graph.facts.assessed
    if all(ON_THE_LIVER.isdisjoint(edge.declared.acts) for edge in walk):
        # The bowel may be operated on: of the blood no more is told there than that a transfusion is considered.
        blood = transfusion(assessed) if any(edge.declared.operation for edge in walk) else None
        return () if blood is None else (blood,)
    few = anaemia(assessed)
    found = (*laboratory_risk(assessed), *(() if few is None else (few,)))
    return (*remarks(assessed), *(one.reason for one in found))


def _borrowed_warnings(graph: Graph, cleared: list[Resection]) -> Iterator[str]:
    case = graph.facts.assessed.case
    if cleared and chances_of(case) == "borrowed":
        yield say("warning.borrowed_clearing", tumour=called("tumour", case.primary.tumour))


def _person_warnings(graph: Graph) -> Iterator[str]:
    week = graph.facts.assessed.case.patient.pregnant_weeks
    if week is not None:
        yield say("warning.pregnancy", week=week)


def _primary_warnings(graph: Graph, cleared: list[Resection]) -> Iterator[str]:
    """What a cleared liver does not tell of a primary: one that is watched, and one whose mutation makes life after a resection short."""
    primary = graph.facts.assessed.case.primary
    if cleared and primary.status == "controlled":
        yield say("warning.primary_watched")
    # With deficient mismatch repair the mutation tells little: no factor counts it then.
    if (
        cleared
        and primary.tumour == "colorectal"
        and primary.braf == "v600e"
        and primary.mismatch_repair != "deficient"
    ):
        ratio = graph.facts.assessed.parameters["prognosis_braf_v600e_recurrence"]
        yield say("warning.braf", ratio=ratio.number, low=ratio.distribution["low"], high=ratio.distribution["high"])


def _chemotherapy_warnings(graph: Graph, walk: Route, cleared: list[Resection]) -> Iterator[str]:
    assessed = graph.facts.assessed
    # Counted before the operation: what follows a cleared liver counts towards none.
    states = (graph.states[edge.source] for edge in walk)
    blocks = max((state.blocks for state in states if state.phase != END_OF_EPISODE), default=0)
    cycles, soft = assessed.cycles_since_hepatectomy(blocks), assessed.protocol.whole("soft_cycles")
    if cleared and cycles > soft:
        yield say("warning.cycles", cycles=cycles, limit=soft)
    if chances_of(assessed.case) == "borrowed" and blocks:
        yield say("warning.borrowed_chances")
    if cleared and assessed.targeted and (blocks or assessed.past.last_regimen is not None):
        yield say("warning.targeted_goes_on", drug=regimen(assessed, "first").words)


def _resection_warnings(graph: Graph, one: Resection) -> Iterator[str]:
    if one.cava == "invaded":
        ratio = graph.facts.assessed.parameters["risk_vena_cava_odds"]
        yield say(
            "warning.vena_cava_resected",
            odds=ratio.number,
            low=ratio.distribution["low"],
            high=ratio.distribution["high"],
        )
    elif one.cava:
        yield say("warning.vena_cava")
    if one.duct:
        yield say("warning.bile_duct_resected", odds=graph.facts.assessed.parameters["risk_bile_duct_odds"].number)
    if one.veins:
        veins = ", ".join(called("vessel", vein) for vein in one.veins)
        if one.congested:
            yield say("warning.veins_taken_with_drainage", veins=veins, segments=roman(one.congested))
        elif one.for_drainage:
            yield say("warning.removed_for_drainage", veins=veins, segments=roman(one.for_drainage))
        else:
            yield say("warning.veins_taken", veins=veins)
    if one.detached:
        vessels = ", ".join(called("vessel", vessel) for vessel in one.detached)
        yield say("warning.taken_off_vessels", vessels=vessels)
    if one.loss_unknown:
        yield say("warning.loss_not_counted")
    other = enough_in_one_piece(graph.facts.assessed, one)
    if other is not None:
        yield say("warning.piece_by_piece", pieces=one.remnant.value, resection=other.name, left=other.remnant.value)


def _unexamined(graph: Graph, edge: Edge) -> bool:
    """Whether a lesion is taken out for its diagnosis before anybody has examined it."""
    diagnostic = edge.declared.operation and not edge.declared.oncological
    return diagnostic and graph.states[edge.source].characterised == "no"


def _comes_back(graph: Graph, walk: Route) -> Iterator[str]:
    """How often the tumour comes back where it is ablated."""
    protocol = graph.facts.assessed.protocol
    for edge in walk:
        other = next((one for one in graph.edges[edge.source] if "regrown" in one.declared.finds), None)
        if other is not None:
            chance = graph.figures.chance(other.declared, graph.states[edge.source])
            technique, margin = protocol.word("ablation_technique"), protocol.number("ablation_margin_mm")
            yield say("warning.recurrence_after_ablation", chance=chance, technique=technique, margin=margin)


def _at_the_limit(graph: Graph) -> Iterator[str]:
    """That the patient has as many lesions as are ablated at most."""
    assessed = graph.facts.assessed
    number, most = (
        sum(lesion.count or 1 for lesion, _ in assessed.entries),
        assessed.protocol.whole("ablation_max_count"),
    )
    if number == most:
        yield say("warning.at_the_limit", number=number)


def _primary_first(graph: Graph, walk: Route) -> Iterator[str]:
    """That a primary without an emergency is resected before a liver that is not resectable has had any treatment."""
    first = next((edge for edge in walk if TREATMENTS & set(edge.declared.acts)), None)
    if first is None or not first.declared.elective or set(first.declared.acts) & (ON_THE_LIVER | STIMULI):
        return
    # The trials were of bowel cancer.
    if chances_of(graph.facts.assessed.case) == "borrowed":
        return
    if "primary_resection" in first.declared.acts and graph.states[first.source].phase == "unresectable":
        figures = graph.facts.assessed.parameters
        first_months, later = (figures[f"survival_{one}_first_months"].number for one in ("primary", "systemic"))
        yield say("warning.primary_first", months=first_months, otherwise=later)


def _walk_warnings(graph: Graph, walk: Route, cleared: list[Resection]) -> Iterator[str]:
    taken = [edge.declared for edge in walk]
    if any("repeat_hepatectomy" in graph.families(edge) for edge in walk):
        yield say("warning.operated_before")
    ablated = any("ablation" in graph.families(edge) for edge in walk)
    if ablated:
        yield from _comes_back(graph, walk)
        yield from _at_the_limit(graph)
    yield from _primary_first(graph, walk)
    others = [label for one in cleared for label in against_depth(graph.facts.assessed, one)]
    if others:
        yield say("warning.against_depth", lesions=", ".join(dict.fromkeys(others)))
    if any(one.known_as == "vanished" for one, _ in graph.facts.assessed.entries) and cleared:
        yield say("warning.vanished")
    if any(_unexamined(graph, edge) for edge in walk):
        yield say("warning.not_examined", protocol=graph.facts.assessed.protocol.id)
    if ablated and any("diagnostic" in one.finds for one in taken):
        yield say("warning.no_histology")
    yield from (one.warning for one in taken if one.warning)
    if any("embolisation" in one.acts for one in taken) and any(one.lesions_in_remnant for one in cleared):
        yield say("warning.lesions_grow")
