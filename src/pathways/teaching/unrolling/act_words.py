"""An answer in words: the act and what it is done to, for open and refused steps alike, and nothing that judges it.

A step that is refused has no resection or regimen of its own in the graph: what somebody would have in mind who proposes it is
named all the same, so that the wording does not tell which answers are open.
"""

from __future__ import annotations

from pathways.facts.derive import scenario_of
from pathways.facts.patient_assessment import PatientAssessment
from pathways.facts.regimen import regimen
from pathways.graph.explore import Graph
from pathways.liver.anatomy import LEFT, RIGHT, mask_of, resection_name, roman, size_of
from pathways.liver.resection import Resection
from pathways.messages.catalogue import say
from pathways.process.acts import is_block, stimulates
from pathways.process.facts import State
from pathways.process.model import Trigger
from pathways.process.phases import START
from pathways.teaching.unrolling.refusals import at_once

AFTER_SYSTEMIC = ("resectable", "remnant_insufficient", "unresectable", "restaging")


def answer_words(graph: Graph, trigger: Trigger, state: State) -> str:
    """What would be done, to what, in a line."""
    assessed = graph.facts.assessed
    if is_block(trigger):
        words = _systemic(assessed, trigger, state)
    elif trigger.acts and trigger.acts[0] in ("embolisation", "first_stage", "split") and state.phase != START:
        words = _growth(graph, trigger, state)
    elif trigger.operation or trigger.clearance:
        words = _operation(graph, trigger, state)
    else:
        words = _plain(assessed, trigger)
    if timed(assessed, trigger, state):
        words = say("answer.within_days", words=words)
    return words[:1].upper() + words[1:]


def timed(assessed: PatientAssessment, trigger: Trigger, state: State) -> bool:
    """Whether when to operate is a question of its own: at a restaging, and after systemic treatment that has ended."""
    if at_once(trigger, state):
        return True
    treated = state.line != "none" or any(one.event == "chemotherapy" for one in assessed.case.history)
    untouched = state.stage == "none" and state.growth == "none"
    return bool(trigger.operation and trigger.clearance and treated and untouched and state.phase in AFTER_SYSTEMIC[:3])


def _plain(assessed: PatientAssessment, trigger: Trigger) -> str:
    if trigger.acts[:1] == ("meeting",) and START in trigger.phases and "search" not in trigger.acts:
        return say("answer.meeting")
    if trigger.acts == ("washout",):
        return say("answer.washout")
    if trigger.acts == ("care",) and any(tag.family == "palliative" for tag in trigger.tags):
        return say("answer.care")
    words = trigger.asked or trigger.title
    # A detail after a colon reads like the answer.
    return trigger.asked_in.get(assessed.case.primary.urgent or "", words).replace(": ", ", ")


def _systemic(assessed: PatientAssessment, trigger: Trigger, state: State) -> str:
    """Drugs, how long, and what follows; whether it is a first or a second line shows in the drugs alone."""
    line = {
        "conversion": "first",
        "perioperative": "perioperative",
        "postoperative": "perioperative",
        "second_line": "second",
    }.get(trigger.course, "second" if state.line == "second" else "first")
    given = state.line != "none" or assessed.past.systemic_before
    if line == "second" and not given:
        line = "first"
    if trigger.events != ("chemotherapy",):
        return _in_its_own_words(assessed, trigger, state)
    drugs = regimen(assessed, line).words
    if assessed.systemic != "cytotoxic":
        weeks = assessed.protocol.number("targeted_weeks" if assessed.targeted else "restaging_weeks")
        return say("answer.drug", drug=drugs, weeks=weeks)
    cycles = assessed.cycles_of_course(trigger.course)
    if trigger.course == "postoperative":
        return say("answer.second_half", cycles=cycles, drugs=drugs)
    if trigger.course == "continued":
        return say(
            "answer.more_cycles", cycles=cycles, drugs=drugs, total=assessed.cycles_since_hepatectomy(state.blocks + 1)
        )
    if trigger.course == "perioperative":
        return say("answer.cycles_then_operation", cycles=cycles, drugs=drugs)
    return say("answer.cycles", cycles=cycles, drugs=drugs)


def _in_its_own_words(assessed: PatientAssessment, trigger: Trigger, state: State) -> str:
    """Systemic treatment that a record calls by another name: its drugs alone would not tell it from any other."""
    line = next((str(one.value) for one in trigger.effects if one.fact == "line" and one.value), state.line)
    drugs = regimen(assessed, line).words
    course = drugs
    if assessed.systemic == "cytotoxic":
        cycles = assessed.cycles_of_course(trigger.course)
        total = assessed.cycles_since_hepatectomy(state.blocks) + cycles
        course = say("answer.cycles_in_all", cycles=cycles, drugs=drugs, total=total)
    return say("answer.own_way", step=_plain(assessed, trigger), course=course)


def _growth(graph: Graph, trigger: Trigger, state: State) -> str:
    """A growth stimulus or a first stage, with the side it is for."""
    assessed = graph.facts.assessed
    target = assessed.target(scenario_of(state))
    removes = target.removes if target else _imagined(assessed)
    side = roman((target.growth_side if target else 0) or removes)
    name = resection_name(removes)
    if "first_stage" in trigger.acts:
        words = say("answer.first_stage", operation=name)
    elif "split" in trigger.acts:
        again = trigger.name.startswith("rescue")
        words = say("answer.rescue_split" if again else "answer.split", operation=name)
    elif not stimulates(trigger):
        return _plain(assessed, trigger)
    else:
        veins = any(tag.family == "lvd" for tag in trigger.tags)
        words = say("answer.veins_too" if veins else "answer.portal", segments=side)
    return say("answer.with_primary", words=words) if "primary" in trigger.treats else words


def _operation(graph: Graph, trigger: Trigger, state: State) -> str:
    """An operation by its extent; one that does not clear this liver by what somebody would mean."""
    assessed = graph.facts.assessed
    found = graph.facts.resection(trigger.clearance, state) if trigger.clearance else None
    if trigger.clearance == "debulking":
        words = say("answer.debulking", operation=found.name if found else resection_name(_imagined(assessed)))
    elif found is not None and "hepatectomy" not in trigger.acts and "last_stage" in trigger.acts:
        words = say("answer.last_stage", operation=found.name)
    elif trigger.clearance in ("ablation", "minor", "minor_with_ablation", "major", "major_with_ablation"):
        words = _resected(found) if found is not None else _meant(assessed, trigger.clearance)
    else:
        return _plain(assessed, trigger)
    if not trigger.oncological and trigger.acts == ("hepatectomy",):
        words = say("answer.diagnostic", words=words)
    if "primary" in trigger.treats:
        words = say("answer.with_primary", words=words)
    if "extrahepatic" in trigger.treats:
        words = say("answer.with_extrahepatic", words=words)
    return words


def _resected(found: Resection) -> str:
    return found.name.replace(" + ", " with ", 1).replace(" + ", " and ")


def _meant(assessed: PatientAssessment, clearance: str) -> str:
    """What somebody means by an operation of this class in a liver that it does not clear."""
    labels = [label for lesion, label in assessed.entries]
    lesions = ", ".join(labels)
    if clearance == "ablation":
        return say("local.ablation", lesions=lesions)
    if clearance == "minor":
        return say("local.limited_resection", lesions=lesions)
    if clearance == "minor_with_ablation":
        *cut, last = labels
        if not cut:
            return say("answer.cut_and_ablate", first=last, others=last)
        return say("answer.cut_and_ablate", first=", ".join(cut), others=last)
    return _major_meant(assessed, clearance)


def _major_meant(assessed: PatientAssessment, clearance: str) -> str:
    """A side, and what is done to lesions that lie outside it: the open step names them, so that leaving them out would tell."""
    side = _imagined(assessed)
    name = resection_name(side)
    others = ", ".join(label for lesion, label in assessed.entries if not mask_of(lesion.segment_numbers) & side)
    if not others:
        return name if clearance == "major" else say("answer.major_and_ablation", operation=name)
    beside = (
        say("local.limited_resection", lesions=others)
        if clearance == "major"
        else say("local.ablation", lesions=others)
    )
    return say("answer.major_and_others", operation=name, others=beside)


def _imagined(assessed: PatientAssessment) -> int:
    """The side that bears more of the tumour, as far as it is there."""
    right = left = 0.0
    for lesion, _ in assessed.entries:
        mask = mask_of(lesion.segment_numbers)
        weight = (lesion.count or 1) * (lesion.size_mm or 10)
        right += weight * size_of(mask & RIGHT)
        left += weight * size_of(mask & LEFT)
    side = (RIGHT if right >= left else LEFT) & assessed.present
    return side or assessed.present
