"""From a case of one's own to a lesson: which decisions are worth asking, which objectives they serve, and a draft of the whole."""

from __future__ import annotations

from typing import get_args

from pathways.case.models import Case
from pathways.documents.problems import PathwaysError
from pathways.facts.derive import CaseFacts
from pathways.graph.explore import explore_facts
from pathways.knowledge.protocols import load_protocol
from pathways.messages.catalogue import say
from pathways.quick_dataclass import dataclass
from pathways.teaching.authoring.contrasts import series_of
from pathways.teaching.authoring.generate import fits, with_luck
from pathways.teaching.curriculum.case_spaces import Key
from pathways.teaching.curriculum.objectives import objective_of
from pathways.teaching.curriculum.schema import ObjectiveId
from pathways.teaching.scenarios.model import Scenario
from pathways.teaching.unrolling.answers import LEAST_OPTIONS, pool
from pathways.teaching.unrolling.walk import Setting


class NoLesson(PathwaysError):  # noqa: N818 - an answer about a case, not a fault
    """Why no lesson can be made of a case."""


@dataclass(frozen=True)
class Drafts:
    """The lessons that a case gives: one an objective, that with most decisions first."""

    drafts: tuple[Scenario, ...]

    @property
    def best(self) -> Scenario:
        """The draft with most decisions."""
        return self.drafts[0]

    def of(self, objective: str) -> Scenario | None:
        """The draft for an objective."""
        return next((one for one in self.drafts if one.objective == objective), None)


def drafts_of(case: Case, seed: int = 1, only: str | None = None) -> Drafts:
    """Lessons of `case`, for every objective whose decision arises in it. Raises NoLesson with the reason."""
    protocol = load_protocol()
    graph = explore_facts(CaseFacts(case, protocol))
    names: tuple[str, ...] = get_args(ObjectiveId) if only is None else (only,)
    found, arisen, hopeless = list[Scenario](), list[str](), 0
    setting = None
    for name in names:
        setting = Setting(case, protocol, objective_of(name))
        setting.__dict__["graph"] = graph
        hopeless += setting.grades.worth(0).resected <= 0
        if setting.grades.worth(0).resected <= 0 or not any(
            fits(setting, node)
            for node, leaving in enumerate(graph.edges)
            if leaving and leaving[0].declared.kind == "decision"
        ):
            continue
        arisen.append(name)
        key = Key(name, seed, 1, 0)
        made = with_luck(key, setting, series_of(key, setting), None)
        if made is not None:
            found.append(made)
    if not found:
        assert setting is not None
        widest = max(_answers_at(setting, node) for node in range(len(graph.states)))
        raise NoLesson(_why_not(case, names, arisen, hopeless, widest))
    return Drafts(tuple(sorted(found, key=lambda one: -(len(one.decisions) + len(one.variations)))))


def _answers_at(setting: Setting, node: int) -> int:
    """How many answers a decision has to offer."""
    leaving = setting.graph.edges[node]
    if not leaving or leaving[0].declared.kind != "decision":
        return 0
    found = pool(setting.grades, node)
    return len(found.good) + len(found.bad)


def _why_not(case: Case, names: tuple[str, ...], arisen: list[str], hopeless: int, widest: int) -> str:
    """Why no lesson comes of a case, in a sentence."""
    if widest < LEAST_OPTIONS:
        return say("no_lesson.no_decision", case=case.id)
    if arisen:
        return say("no_lesson.not_on_the_way", case=case.id, objectives=", ".join(arisen))
    if hopeless == len(names):
        return say("no_lesson.no_goal", case=case.id)
    return say("no_lesson.no_objective", case=case.id, number=len(names))
