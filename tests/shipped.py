"""The shipped scenarios, for tests that run over all of them."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from pathways.case.loading import load_case, load_course
from pathways.case.models import Case
from pathways.graph.explore import Graph, explore
from pathways.knowledge.protocols import load_protocol
from pathways.planning.plan import Plan, plan

ROOT = Path(__file__).parent.parent
PUBLISHED = sorted((ROOT / "scenarios" / "published").glob("*.yaml"))
COURSES = sorted((ROOT / "scenarios" / "courses").glob("*.yaml"))
CONSTRUCTED = sorted((ROOT / "scenarios" / "constructed").glob("*.yaml"))


@cache
def case_at(path: Path) -> Case:
    return load_case(path)


@cache
def plan_at(path: Path) -> Plan:
    """The plan as `pathways plan` makes it."""
    return plan(case_at(path), load_protocol("default"))


@cache
def followed_up_at(path: Path) -> Plan:
    """The plan with follow-up of a case, or of the case of a course."""
    case = load_course(path).case if path.parent.name == "courses" else case_at(path)
    assert isinstance(case, Case)
    return plan(case, load_protocol("default"), follow_up=True)


@cache
def graph_of(path: Path, protocol: str = "default") -> Graph:
    return explore(case_at(path), load_protocol(protocol))


def named(name: str) -> Path:
    return ROOT / "scenarios" / "published" / f"{name}.yaml"


def course_at(name: str) -> Path:
    return ROOT / "scenarios" / "courses" / f"{name}.yaml"


@cache
def course_of(name: str):
    return load_course(course_at(name))
