"""What a pathway takes as given: the keys that the case does not tell, in one line for each subject, and findings that are judged.

A key is named once, however many steps stand on it. Lines are few because they are read: what is missing of the person, of the lesions,
of the liver, of earlier treatment, and what the risk of an operation would be moved by.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from pathways.facts.bad_ends import taken_as_given
from pathways.facts.patient_assessment import PatientAssessment
from pathways.facts.regimen import regimen, washout_verdict
from pathways.facts.remnant import total_asked
from pathways.facts.risk.drivers import untold
from pathways.facts.verdict import Missing, Verdict, each_missing
from pathways.graph.explore import Edge, Graph
from pathways.graph.routes import Route
from pathways.messages.catalogue import say
from pathways.process.facts import State
from pathways.process.model import Trigger

# Subjects in the order in which they are read, each with the beginnings of its keys; what is of no other is of the person.
PERSON, RISK, CONVERSION = "patient", "risk", "conversion"
SUBJECTS = {
    PERSON: (),
    "lesions": ("lesions",),
    "liver": (
        "liver.background", "liver.segments_ml", "liver.total_ml", "liver.tumour_ml", "liver.measured_remnants",
        "patient.weight_kg", "patient.height_cm",
    ),
    "history": ("history",),
    "tumour": ("primary.ras", "primary.braf", "primary.site"),
}  # fmt: skip


def assumed_along(graph: Graph, walk: Route) -> tuple[Missing, ...]:
    """Everything taken as given on the way: an unknown behind a guard, a state of the liver, a washout, a risk."""
    found: list[Missing] = []
    if any(edge.declared.clearance for edge in walk):
        found += assumed_from_the_start(graph.facts.assessed)
    for edge in walk:
        found += assumptions_of(edge.declared, graph.states[edge.source], graph)
    found += assumed_of_risks(graph, walk)
    return tuple(dict.fromkeys(found))


def assumed_of_risks(graph: Graph, steps: Iterable[Edge]) -> Iterator[Missing]:
    """What the risks of the operations among `steps` take as in the average patient of their series."""
    done = [graph.states[edge.target].operation for edge in steps if edge.declared.kind == "decision"]
    for key in dict.fromkeys(
        key for one in dict.fromkeys(done) if one != "none" for key in untold(graph.figures.risks, one)
    ):
        yield Missing(key, RISK, "")


def assumed_from_the_start(assessed: PatientAssessment) -> Iterator[Missing]:
    """What every plan that operates stands on, whatever it does: what the case leaves open, the state of the liver, the washout."""
    yield from taken_as_given(assessed)
    yield from assessed.state_untold
    yield from dict.fromkeys((*assessed.volumetry.untold, *total_asked(assessed)))
    washout = washout_verdict(assessed)
    if washout is not None:
        yield from each_missing([washout])
    yield from _findings(assessed.volumetry.findings)
    for words in assessed.state_judged:
        yield Missing("", words, "")
    for entry, label in assessed.entries:
        if entry.known_as == "vanished" and entry.size_mm is not None:
            yield Missing("", say("judged.vanished_with_size", lesion=label, size=entry.size_mm), "")


def assumptions_of(trigger: Trigger, state: State, graph: Graph) -> Iterator[Missing]:
    """What one step stands on."""
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
    for fact in facts:
        yield from each_missing(graph.facts.finding(fact, state).verdicts)
    if trigger.course == CONVERSION:
        yield from regimen(graph.facts.assessed, "first").missing


def _findings(found: Iterable[Verdict]) -> Iterator[Missing]:
    """What is judged of the volumes and not only missing: each stays a line of its own."""
    for one in found:
        if one.assumed:
            yield Missing("", say("assumption.line", reason=one.reason, assumed=one.assumed), "")


def in_lines(found: Iterable[Missing]) -> tuple[str, ...]:
    """One line for each subject of which a key is missing, then what is judged."""
    subjects: dict[str, list[Missing]] = {name: [] for name in (*SUBJECTS, RISK)}
    alone: list[str] = []
    for one in found:
        if not one.item:
            alone.append(one.reason)
        elif " " in one.item.replace(", ", ""):
            alone.append(say("assumption.line", reason=one.reason, assumed=one.assumed))
        else:
            subjects[_subject(one)].append(one)
    lines = [_line(name, missing) for name, missing in subjects.items() if missing]
    return tuple(dict.fromkeys((*lines, *alone)))


def _subject(one: Missing) -> str:
    if one.reason == RISK:
        return RISK
    return next((name for name, keys in SUBJECTS.items() if one.item.startswith(keys)), PERSON)


def _line(subject: str, missing: list[Missing]) -> str:
    keys = ", ".join(dict.fromkeys(key for one in missing for key in one.item.split(", ")))
    taken = ", ".join(dict.fromkeys(one.assumed for one in missing))
    match subject:
        case "risk":
            return say("assumption.risk", keys=keys)
        case "lesions":
            return say("assumption.lesions", keys=keys, taken=taken)
        case "liver":
            return say("assumption.liver", keys=keys, taken=taken)
        case "tumour":
            return say("assumption.tumour", keys=keys, taken=taken)
        case "history":
            return say("assumption.history", keys=keys, taken=taken)
        case _:
            return say("assumption.patient", keys=keys, taken=taken)
