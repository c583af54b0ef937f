"""Where a scenario contradicts the machine: states that are never reached, answers that are none, wrong expectations."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path as FilePath

from pathways.documents.problems import PathwaysError
from pathways.documents.reader import Path, is_file
from pathways.knowledge.model import Protocol
from pathways.knowledge.protocols import knowledge, load_protocol
from pathways.planning.chances import Chances, shown
from pathways.teaching.authoring.difficulty import level_of, measured
from pathways.teaching.authoring.proof import faults_of
from pathways.teaching.curriculum.objectives import objective_of
from pathways.teaching.scenarios.model import Option, Scenario
from pathways.teaching.unrolling.answers import Offer, hits, offer
from pathways.teaching.unrolling.variations import varied
from pathways.teaching.unrolling.walk import Asked, Taken, Traveller, Unrolled, setting_of

Finding = tuple[Path, str]
# More ways than this are not walked: the lesson is far too large already.
MOST_WAYS = 400


def contradictions_of(scenario: Scenario, file: str) -> Iterator[Finding]:
    """Everything in `scenario` that the machine does not bear out."""
    try:
        protocol = load_protocol(protocol_of(scenario, file))
    except PathwaysError as error:
        yield ("protocol",), f"cannot be used: {error}"
        return
    # What was found in an equal scenario under the same protocol holds: files are loaded again where they are listed and then used.
    key = (scenario.model_dump_json(), id(protocol))
    shipped = protocol is knowledge().protocols.get(protocol.id)
    found = _found.get(key) if shipped else None
    if found is None:
        found = tuple(_contradictions(scenario, protocol))
        if shipped:
            _found[key] = found
            while len(_found) > MOST_FOUND:
                del _found[next(iter(_found))]
    yield from found


MOST_FOUND = 256
_found: dict[tuple[str, int], tuple[Finding, ...]] = {}


def _contradictions(scenario: Scenario, protocol: Protocol) -> Iterator[Finding]:
    objective = objective_of(scenario.objective)
    one = setting_of(scenario.case, protocol, objective).proved(scenario)
    wrong = [*_points(one, scenario), *_variations(one, scenario)]
    yield from wrong
    if wrong:
        return
    for fault in faults_of(one):
        yield (("objective",) if "decision of" in fault else ("decisions",)), fault
    yield from _difficulty(one, scenario)


def _points(one: Unrolled, scenario: Scenario) -> Iterator[Finding]:
    """Decision points that are never met, and answers that are none or not what they are held for."""
    met = _met(one)
    for index, point in enumerate(scenario.decisions):
        path: Path = ("decisions", index)
        nodes = met.get(point.id, [])
        if not nodes:
            yield (
                (*path, "when"),
                "no way through this lesson comes to such a state; accepted: facts of a state that is reached",
            )
        for node in nodes[:1]:
            yield from _options(one, node, point.options, path)


def _variations(one: Unrolled, scenario: Scenario) -> Iterator[Finding]:
    """Variations of which no case comes, and answers that are none there or not what they are held for."""
    for index, variation in enumerate(scenario.variations):
        path: Path = ("variations", index)
        try:
            other, asked = varied(one, index)
        except PathwaysError as error:
            yield (*path, "change"), f"{error}"
            continue
        yield from _options(other, asked.node, variation.options, path)


def protocol_of(scenario: Scenario, file: str) -> str:
    """The protocol that a scenario names; the file of an overlay is looked for beside the scenario."""
    beside = FilePath(file).parent / scenario.protocol
    return str(beside) if scenario.protocol.endswith((".yaml", ".yml")) and is_file(beside) else scenario.protocol


def _met(one: Unrolled) -> dict[str, list[int]]:
    """The decision points that some way comes to, each with its states."""
    found: dict[str, list[int]] = {}
    waiting = [one.onward(Traveller())]
    walked = 0
    while waiting and walked < MOST_WAYS:
        walked += 1
        way, asked = waiting.pop(0)
        if asked is None:
            continue
        nodes = found.setdefault(asked.id, [])
        if asked.node not in nodes:
            nodes.append(asked.node)
        waiting += [one.onward(one.taking(way, Taken(asked, each))) for each in asked.offers if each.open]
    return found


def _options(one: Unrolled, node: int, options: tuple[Option, ...], path: Path) -> Iterator[Finding]:
    """What is wrong with the answers of a point in its first state."""
    phase = one.graph.states[node].phase
    offers = [offer(one.grades, node, option.trigger) for option in options]
    for index, (each, option) in enumerate(zip(offers, options, strict=True)):
        where = (*path, "options", index)
        if each.open is None and not each.verdicts:
            open_ = ", ".join(graded.name for graded in one.grades.options(node))
            yield (*where, "trigger"), f'"{option.trigger}" is no answer in phase {phase}; open there: {open_}'
        elif option.expected is not None and option.expected != each.grade:
            yield (*where, "expected"), _disagrees(option.expected, each, one.chances)
    if not any(each.grade in ("best", "acceptable") for each in offers):
        best = one.grades.advised(node).name
        yield (
            (*path, "options"),
            f'holds no good answer; accepted: "{best}" among them, which the machine holds for the best',
        )


def _disagrees(expected: str, each: Offer, chances: Chances) -> str:
    if each.open is None:
        reasons = "; ".join(
            f"the rule {one.rule} refuses it: {one.reason}" for one in each.verdicts if one.verdict != "allowed"
        )
        return f'got "{expected}"; accepted: refused, {reasons}'
    if expected == "refused":
        return f'got "refused"; accepted: {each.grade}, no rule refuses it here'
    regret = each.open.regret
    chance = shown(chances, f"{regret.chance:.0%} chance, ") or ""
    lost = f" ({chance}{regret.days:.0f} days, {regret.risk:.1%} risk given away)" if each.grade == "poor" else ""
    return f'got "{expected}"; accepted: {each.grade}{lost}'


def _difficulty(one: Unrolled, scenario: Scenario) -> Iterator[Finding]:
    """Level and difficulty are what the objective and the measurement say."""
    if scenario.level != one.objective.level:
        yield ("level",), f'got "{scenario.level}"; accepted: {one.objective.level}, the level of this objective'
    for asked in _about(one):
        points = measured(one.setting, asked.node, asked.offers, len(scenario.variations))
        if level_of(points) != scenario.difficulty:
            told = ", ".join(f"{name} {value}" for name, value in points.model_dump().items() if value)
            yield (
                ("difficulty",),
                f'got "{scenario.difficulty}"; accepted: {level_of(points)}, as measured ({told or "no points"})',
            )
        return


def _about(one: Unrolled) -> Iterator[Asked]:
    """The questions that are about the objective, first things first."""
    way, asked = one.onward(Traveller())
    while asked is not None:
        if hits(one.grades, asked.node, one.objective, asked.offers):
            yield asked
        best = next(each for each in asked.offers if each.grade in ("best", "acceptable"))
        best = next((each for each in asked.offers if each.grade == "best"), best)
        way, asked = one.onward(one.taking(way, Taken(asked, best)))
