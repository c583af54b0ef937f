"""Ways through a scenario, walked by the machine with the luck of the seed, from question to question.

Between decision points the machine takes the best step and tells of it. What a learner reads at a decision depends on how
they came there, so ways do not meet again: a lesson is a tree.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Iterable, Mapping
from dataclasses import field, replace
from functools import cached_property

from pathways.case.models import Case
from pathways.documents.problems import PathwaysError
from pathways.drawing.growth import GrowthCurve
from pathways.drawing.liver import LiverState
from pathways.facts.derive import CaseFacts
from pathways.graph.explore import Edge, Graph, explore_facts
from pathways.knowledge.model import Protocol
from pathways.machine.random_numbers import uniform
from pathways.planning.annotations import note_of, resection_of
from pathways.planning.chances import Chances, chances_of
from pathways.process.acts import is_block, stimulates
from pathways.process.facts import State
from pathways.process.phases import START
from pathways.quick_dataclass import dataclass
from pathways.teaching.curriculum.objectives import syllabus
from pathways.teaching.curriculum.schema import Objective
from pathways.teaching.narrative.liver_drawing import liver_drawing
from pathways.teaching.narrative.liver_map import liver_map
from pathways.teaching.narrative.referral import Row, rows
from pathways.teaching.scenarios.model import MOMENTS, USUAL_ORDER, DecisionPoint, Moment, Option, Scenario
from pathways.teaching.unrolling.answers import LEAST_OPTIONS, Offer, chosen, decisions_at, offer, pool
from pathways.teaching.unrolling.grades import Grades
from pathways.teaching.unrolling.grown import curve_of, grown_words
from pathways.teaching.unrolling.nature import outcome
from pathways.teaching.unrolling.otherwise import Otherwise, Turn
from pathways.teaching.unrolling.refusals import Watch
from pathways.teaching.unrolling.untold import items_missing
from pathways.teaching.unrolling.wording import before_reason, title_in

DISCLAIMER = (
    "For teaching and discussion; no medical device. Figures are those of the published series cited; the patient is "
    "constructed. A cleared liver is not a cure."
)
MOST_PASSAGES = 60
LETTERS = "abcdefgh"
ASKED_BESIDE = 0.25
QUESTIONS = {
    START: "What is the first step?",
    "indeterminate": "A lesion is still uncertain. What do you propose?",
    "restaging": "The restaging is in. What do you propose?",
    "between_stages": "Between the stages: what do you propose?",
}
QUESTION = "What do you propose?"


class TooLarge(PathwaysError):  # noqa: N818 - an answer about a scenario, not a fault
    """A lesson of more passages than a learner or a classroom's tool takes."""


@dataclass(frozen=True, slots=True)
class Asked:
    """A decision point met on the way: which one (by name), where, and its answers as shown."""

    id: str
    node: int
    question: str
    offers: tuple[Offer, ...]
    options: tuple[Option, ...]


@dataclass(frozen=True, slots=True)
class Taken:
    """An answer given on a way through the lesson."""

    asked: Asked
    offer: Offer


@dataclass(frozen=True, slots=True)
class Traveller:
    """One way through the lesson, as far as it has come. `visits` counts how often each outcome phase was entered."""

    node: int = 0
    day: float = 0.0
    visits: tuple[tuple[str, int], ...] = ()
    route: tuple[Edge, ...] = ()
    taken: tuple[Taken, ...] = ()
    told: tuple[str, ...] = ()
    since_poor: int | None = None
    shown: int = 0
    heard: bool = False

    def occurrence(self, phase: str) -> int:
        """How often `phase` has been entered before."""
        return dict(self.visits).get(phase, 0)


@dataclass(frozen=True)
class Setting:
    """A case under a protocol, seen with an objective in mind: the graph, what its steps are worth, what they would break."""

    case: Case
    protocol: Protocol
    objective: Objective

    @cached_property
    def graph(self) -> Graph:
        """Everything reachable."""
        return explore_facts(CaseFacts(self.case, self.protocol))

    @cached_property
    def grades(self) -> Grades:
        """Worth and grades."""
        about = self.objective
        return Grades(
            self.graph,
            about.goals,
            syllabus().scoring,
            about.unscored_steps,
            about.delay_decides,
            about.decisions,
            syllabus().reasons.held_back_steps,
        )

    @cached_property
    def undeclined(self) -> Setting:
        """The same patient without wishes."""
        patient = self.case.patient.model_copy(update={"declines": ()})
        return replace(self, case=self.case.model_copy(update={"patient": patient}))

    @cached_property
    def missing(self) -> int:
        """How many items are missing that something hangs on; the same wherever the decision stands."""
        return items_missing(self.graph)

    @cached_property
    def otherwise(self) -> Otherwise:
        """What would have to be otherwise for an answer to be right."""
        return Otherwise(self.grades, self._graded, self.objective.varied.contrasts, known=self._turns)

    def _graded(self, facts: CaseFacts) -> Grades:
        """The grades of the same patient with other facts, which have been asked already."""
        there = Setting(facts.assessed.case, self.protocol, self.objective.varied)
        vars(there)["graph"] = explore_facts(facts)
        return there.grades

    @cached_property
    def _turns(self) -> dict[tuple[str, State, frozenset[str]], Turn | None]:
        return {}

    def forget_what_was_tried(self) -> None:
        """Lets go of the changed cases, which are many; what came of them is kept."""
        vars(self).pop("otherwise", None)

    @cached_property
    def watch(self) -> Watch:
        """The properties, for what refused answers would break."""
        return Watch(self.graph)

    @cached_property
    def _proved(self) -> dict[str, Unrolled]:
        return {}

    def proved(self, scenario: Scenario) -> Unrolled:
        """A scenario of this case under its own luck, without intervals, as it is proved; made once."""
        key = scenario.model_dump_json()
        if key not in self._proved:
            self._proved[key] = Unrolled(scenario, self, scenario.seed, with_intervals=False, explains=False)
        return self._proved[key]


# Settings kept: those of a lesson with its variations are asked for while it is proved and again while it is written.
MOST_SETTINGS = 24
_settings: OrderedDict[tuple[str, int, int], Setting] = OrderedDict()


def setting_of(case: Case, protocol: Protocol, objective: Objective) -> Setting:
    """The setting of equal cases, made once as long as it is among the last ones asked for."""
    # A protocol and an objective are told apart by which they are: a setting that is kept keeps them alive.
    key = (case.model_dump_json(), id(protocol), id(objective))
    found = _settings.pop(key, None) or Setting(case, protocol, objective)
    _settings[key] = found
    if len(_settings) > MOST_SETTINGS:
        _settings.popitem(last=False)
    return found


@dataclass(frozen=True)
class Unrolled:
    """A scenario in its setting with the luck of a seed, ready to be walked."""

    scenario: Scenario
    setting: Setting
    seed: int
    # Unlisted states are asked about too: for a new protocol or seed, and while a scenario is being made.
    ask_everywhere: bool = False
    with_intervals: bool = True
    # What would turn each wrong answer round is looked for; while a lesson is only proved that is left out.
    explains: bool = True
    # The first step is asked about where nothing else is at stake yet.
    first_step: bool = False
    # Answers that are given for a node, by name: those that both lessons of a pair offer.
    fixed: Mapping[int, tuple[str, ...]] = field(default_factory=dict)

    @property
    def protocol(self) -> Protocol:
        """The protocol."""
        return self.setting.protocol

    @property
    def objective(self) -> Objective:
        """What is to be learned."""
        return self.setting.objective

    @property
    def graph(self) -> Graph:
        """Everything reachable."""
        return self.setting.graph

    @property
    def chances(self) -> Chances:
        """Whose the chances of the goal are; what is graded by borrowed ones tells no figure of them."""
        return chances_of(self.graph.facts.assessed.case)

    @property
    def grades(self) -> Grades:
        """Worth and grades."""
        return self.setting.grades

    @property
    def watch(self) -> Watch:
        """The properties."""
        return self.setting.watch

    # --- walking ----------------------------------------------------------------------------------------------------

    def ended(self, node: int) -> bool:
        """Whether the lesson ends at `node`."""
        return self.grades.evaluator.ended(node)

    def decides(self, node: int) -> bool:
        """Whether the team decides at `node`."""
        return self.graph.edges[node][0].declared.kind == "decision"

    def onward(self, way: Traveller) -> tuple[Traveller, Asked | None]:
        """`way` led on by luck and by the best steps to the next question, or to its end."""
        while not self.ended(way.node):
            if not self.decides(way.node):
                occurrence = way.occurrence(phase := self.graph.states[way.node].phase)
                edge = outcome(self.grades.evaluator, way.node, self.seed, occurrence)
                way = replace(self.stepped(way, edge), visits=_counted(way.visits, phase))
                continue
            asked = self.asked_at(way)
            if asked is not None:
                return way, asked
            way = self.stepped(way, self.grades.advised(way.node).edge)
        return way, None

    def stepped(self, way: Traveller, edge: Edge) -> Traveller:
        """`way` after one step, with what is told of it."""
        day = way.day + self.graph.days(edge)
        words = self.told_of(edge, round(way.day), round(day))
        return replace(way, node=edge.target, day=day, route=(*way.route, edge), told=(*way.told, words))

    def told_of(self, edge: Edge, since: int, day: int) -> str:
        """One step in a line."""
        trigger = edge.declared
        words = title_in(trigger, self.graph.facts.assessed)
        note = note_of(self.graph, edge) if trigger.kind == "decision" and not resection_of(self.graph, edge) else ""
        # The harm of a drug stands in its own figure, not in the story; the volume after growth is told as it was measured.
        note = before_reason(note) if is_block(trigger) else note
        if (measured := grown_words(self.graph, edge)) is not None:
            return f"Day {day}: {measured}"
        if (found := resection_of(self.graph, edge)) is not None:
            note = found.name
        when = f"Day {day}" if since == day or trigger.operation else f"Day {since} to {day}"
        return f"{when}: {words}{f': {note}' if note else ''}."

    def taking(self, way: Traveller, taken: Taken) -> Traveller:
        """`way` after an open answer."""
        assert taken.offer.open is not None
        after = self.stepped(replace(way, told=()), taken.offer.open.edge)
        poor = taken.offer.grade == "poor"
        since = 0 if poor and way.since_poor is None else None if way.since_poor is None else way.since_poor + 1
        return replace(after, taken=(*way.taken, taken), since_poor=since)

    @cached_property
    def best_way(self) -> Traveller:
        """The way on which every answer is the best, with the luck of the seed."""
        way, asked = self.onward(Traveller())
        while asked is not None:
            best = next((each for each in asked.offers if each.grade == "best"), None)
            if best is None:
                best = next(each for each in asked.offers if each.grade == "acceptable")
            way, asked = self.onward(self.taking(way, Taken(asked, best)))
        return way

    # --- questions --------------------------------------------------------------------------------------------------

    def asked_at(self, way: Traveller) -> Asked | None:
        """The question at the state `way` has come to, if one is asked there."""
        scenario = self.scenario
        if len(way.taken) >= scenario.decisions_at_most:
            return None
        if way.since_poor is not None and way.since_poor >= scenario.after_a_poor_choice:
            return None
        point = self.point_at(self.graph.states[way.node])
        if point is not None:
            return self._from_file(way.node, point)
        return self._of_its_own(way) if self.ask_everywhere else None

    def point_at(self, state: State) -> DecisionPoint | None:
        """The decision point meant by `state`: of several, the one that names most facts; of equals, the first."""
        found = [one for one in self.scenario.decisions if meant(one, state)]
        return max(found, key=lambda one: len(one.when)) if found else None

    def _from_file(self, node: int, point: DecisionPoint) -> Asked | None:
        offers = tuple(offer(self.grades, node, one.trigger) for one in point.options)
        # Under another protocol an answer may be neither open nor refused by any rule: then it is no answer.
        kept = [(one, option) for one, option in zip(offers, point.options, strict=True) if one.open or one.verdicts]
        if not any(one.grade in ("best", "acceptable") for one, _ in kept):
            best = Offer(self.grades.advised(node).edge.declared, self.grades.advised(node))
            kept.insert(0, (best, Option(trigger=best.name)))
        question = point.question or QUESTIONS.get(self.graph.states[node].phase, QUESTION)
        return Asked(point.id, node, question, tuple(one for one, _ in kept), tuple(option for _, option in kept))

    def _of_its_own(self, way: Traveller) -> Asked | None:
        """A question where the file has none: wherever there is something to decide."""
        if not self.asks(way.node):
            return None
        fixed = self.fixed.get(way.node, ())
        offers = chosen(self.grades, way.node, self.objective, self.seed, fixed)
        if not offers:
            return None
        question = QUESTIONS.get(self.graph.states[way.node].phase, QUESTION)
        options = tuple(Option(trigger=one.name, expected=one.grade) for one in offers)
        return Asked(f"q{way.node}", way.node, question, offers, options)

    def asks(self, node: int) -> bool:
        """Whether there is something to decide at `node`; whether the liver is imaged first is asked where nothing else is."""
        meant_here = bool(decisions_at(self.grades, node, self.objective))
        if self.graph.states[node].phase == START and not (self.first_step or meant_here):
            return False
        found = pool(self.grades, node)
        if not found.good or len(found.bad) < LEAST_OPTIONS - 1:
            return False
        # That drugs are stopped once they have reached their aim is asked where it is the point, and now and then beside it.
        known = "washout" in found.good[0].trigger.acts and not meant_here
        return not known or uniform(self.seed, node, "asked") < ASKED_BESIDE

    # --- the lesson -------------------------------------------------------------------------------------------------

    @cached_property
    def disclosed(self) -> dict[Moment, tuple[Row, ...]]:
        """The findings told at each moment."""
        told = self.scenario.disclosed or USUAL_ORDER
        return {
            moment: tuple(row for one in told if one.at == moment for row in rows(self.scenario.case, one.shows))
            for moment in MOMENTS
        }

    def removed(self, way: Traveller) -> int:
        """Segments taken out on the way."""
        return _joined(found.removes for edge in way.route if (found := resection_of(self.graph, edge)) is not None)

    def closed(self, way: Traveller) -> int:
        """Segments whose portal branches were closed on the way."""
        assessed = self.graph.facts.assessed
        found = 0
        for edge in way.route:
            if stimulates(edge.declared):
                state = self.graph.states[edge.source]
                target = self.graph.facts.resection("target", state)
                found |= target.growth_side if target else 0
        return found & assessed.present

    def drawing_at(self, way: Traveller) -> LiverState:
        """The same as a picture shows it."""
        return liver_drawing(
            self.graph.facts.assessed, self.graph.states[way.node], self.removed(way), self.closed(way)
        )

    def growth_at(self, way: Traveller) -> GrowthCurve | None:
        """How the remnant has grown on the way, if volumetry has followed a stimulus on it."""
        return curve_of(self.graph, way.route)

    def map_at(self, way: Traveller) -> tuple[str, ...]:
        """The liver as it is there."""
        return liver_map(self.graph.facts.assessed, self.graph.states[way.node], self.removed(way), self.closed(way))


def meant(point: DecisionPoint, state: State) -> bool:
    """Whether a decision point means `state`."""
    return all(
        getattr(state, fact) in (wanted if isinstance(wanted, tuple) else (wanted,))
        for fact, wanted in point.when.items()
    )


def _counted(visits: tuple[tuple[str, int], ...], phase: str) -> tuple[tuple[str, int], ...]:
    known = dict(visits)
    return tuple({**known, phase: known.get(phase, 0) + 1}.items())


def _joined(masks: Iterable[int]) -> int:
    found = 0
    for mask in masks:
        found |= mask
    return found
