"""The shipped scenarios, for tests that run over all of them."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from pathways.case.loading import load_case, load_course
from pathways.graph.explore import Graph, explore
from pathways.knowledge.protocols import load_protocol

ROOT = Path(__file__).parent.parent
PUBLISHED = sorted((ROOT / "scenarios" / "published").glob("*.yaml"))
COURSES = sorted((ROOT / "scenarios" / "courses").glob("*.yaml"))
CONSTRUCTED = sorted((ROOT / "scenarios" / "constructed").glob("*.yaml"))


@cache
def graph_of(path: Path, protocol: str = "default") -> Graph:
    return explore(load_case(path), load_protocol(protocol))


def named(name: str) -> Path:
    return ROOT / "scenarios" / "published" / f"{name}.yaml"


def course_of(name: str):
    return load_course(ROOT / "scenarios" / "courses" / f"{name}.yaml")
