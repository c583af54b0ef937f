"""One simulation: who, under which strategy and protocol, with which luck; cut into chunks that any worker may do in any order."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Mapping
from dataclasses import field, fields, is_dataclass, replace
from functools import lru_cache
from hashlib import blake2b
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from pathways.case.models import Case
from pathways.cohort.codes.strategies import is_objective, strategy
from pathways.cohort.engine.coded import Coded
from pathways.cohort.engine.drawn import walk
from pathways.cohort.engine.histories import NEVER, Walks
from pathways.cohort.engine.one_case import Layout, layout, walk_layout
from pathways.cohort.patients.columns import BACKGROUNDS, EXTRAHEPATIC, SITES, URGENCIES, Patients
from pathways.cohort.patients.definition import Cohort
from pathways.cohort.population.sampling import draw
from pathways.cohort.rules.facts import CohortFacts
from pathways.cohort.runs.outcomes import CAUSES, RECURRENCE_SITES, Life, OutcomeCounts, lives, outcome_counts
from pathways.cohort.runs.scores import score_columns
from pathways.documents.problems import PathwaysError
from pathways.graph.explore import explore
from pathways.knowledge.model import Parameter, Protocol
from pathways.knowledge.protocols import knowledge
from pathways.process.declaration import PROCESS
from pathways.process.phases import PHASES
from pathways.quick_dataclass import dataclass
from pathways.version import __version__

# The same for any number of workers, who do them in any order. No result depends on it: what is drawn is keyed by patient.
CHUNK = 65536
CHUNK_SOLVED = 256
Column = npt.NDArray[Any]
# Columns that are NEVER where something did not happen or is not known.
MAY_NEVER_HAPPEN = ("day_cleared", "day_resected", "day_recurred", "score_fong", "score_game")


@dataclass(frozen=True)
class Simulation:
    """What is simulated. Either `cohort` is drawn, or every patient is like `case`. `figures` replaces cited figures by others."""

    strategy: str
    protocol: Protocol
    seed: int
    patients: int
    cohort: Cohort | None = None
    case: Case | None = None
    figures: Mapping[str, float] = field(default_factory=dict)

    @property
    def who(self) -> str:
        """The name of the cohort or case."""
        return self.case.id if self.case else self.cohort.id if self.cohort else ""

    @property
    def parameters(self) -> Mapping[str, Parameter]:
        """The cited figures, with those of `figures` in their place: a replaced figure is held for certain."""
        known = knowledge().parameters
        changed = {name: replace(known[name], value=value, distribution={}) for name, value in self.figures.items()}
        return {**known, **changed} if changed else known

    @property
    def chunks(self) -> int:
        """How many chunks there are."""
        return -(-self.patients // self.chunk_size)

    @property
    def chunk_size(self) -> int:
        """Patients in a chunk: few where the best policy is solved for each of them."""
        return CHUNK_SOLVED if self.case is None and is_objective(self.strategy) else CHUNK

    def bounds(self, chunk: int) -> tuple[int, int]:
        """The first patient of a chunk, and how many."""
        first = chunk * self.chunk_size
        return first, min(self.chunk_size, self.patients - first)

    def fingerprint(self) -> str:
        """A short word that differs where the result may differ."""
        who = (self.case or self.cohort or Cohort(schema=1, id="nobody")).model_dump_json()
        known = knowledge()
        told = (
            __version__, np.__version__, sys.version_info[:2], _program(), who, self.protocol.settings, known.parameters, known.strategies,
            PROCESS.triggers, self.figures, self.strategy, self.seed, self.patients,
        )  # fmt: skip
        return blake2b(as_told(told).encode(), digest_size=6).hexdigest()


def as_told(value: Any) -> str:
    """`value` as text that is the same in every process: what has no order is put into one."""
    if isinstance(value, Mapping):
        return "{" + ",".join(sorted(f"{as_told(key)}:{as_told(one)}" for key, one in value.items())) + "}"
    if isinstance(value, (set, frozenset)):
        return "<" + ",".join(sorted(map(as_told, value))) + ">"
    if isinstance(value, (list, tuple)):
        return "(" + ",".join(map(as_told, value)) + ")"
    if is_dataclass(value):
        return f"{type(value).__name__}{as_told([getattr(value, one.name) for one in fields(value)])}"
    if callable(value):
        return f"{value.__module__}.{value.__qualname__}"
    return repr(value)


@lru_cache(maxsize=1)
def _program() -> str:
    """The program itself: another version of it, released or not, may walk another way."""
    root = Path(__file__).parents[2]
    sums = [f"{file.relative_to(root)}{blake2b(file.read_bytes()).hexdigest()}" for file in sorted(root.rglob("*.py"))]
    return blake2b("".join(sums).encode(), digest_size=16).hexdigest()


@dataclass(frozen=True)
class Part:
    """The result of one chunk. Columns are there where they were asked for."""

    chunk: int
    outcome_counts: OutcomeCounts
    patients: dict[str, Column] | None
    steps: dict[str, Column] | None


def run_chunk(simulation: Simulation, chunk: int, *, rows: bool = False, steps: bool = False) -> Part:
    """Walks the patients of one chunk. `rows` asks for a row a patient, `steps` for one a step too."""
    first, number = simulation.bounds(chunk)
    drawn, walks = _walked(simulation, first, number, steps=steps)
    life = lives(walks, simulation.seed, simulation.parameters)
    scores = score_columns(drawn, simulation.case, number)
    columns = _columns(drawn, walks, life, scores) if rows else None
    return Part(chunk, outcome_counts(walks, life, scores), columns, _step_columns(walks) if steps else None)


def _walked(simulation: Simulation, first: int, number: int, *, steps: bool) -> tuple[Patients | None, Walks]:
    if simulation.case is not None:
        _only_drawn(simulation)
        plan = _layout(_Same(simulation.case, simulation.protocol, simulation.strategy))
        return None, walk_layout(plan, simulation.seed, first, number, steps=steps)
    assert simulation.cohort is not None
    drawn = draw(simulation.cohort, simulation.seed, first, number)
    if is_objective(simulation.strategy):
        _only_drawn(simulation)
        return drawn, _one_by_one(simulation, drawn, steps=steps)
    facts = CohortFacts(drawn, simulation.protocol, figures=simulation.figures)
    return drawn, walk(Coded(facts), strategy(simulation.strategy), simulation.seed, steps=steps)


def _only_drawn(simulation: Simulation) -> None:
    if simulation.figures:
        raise PathwaysError("figures are replaced for drawn patients under an order of preference only")


def _one_by_one(simulation: Simulation, drawn: Patients, *, steps: bool) -> Walks:
    """The best policy differs from patient to patient: each is explored and solved. Hundredths of a second a patient."""
    parts = []
    for row in range(len(drawn)):
        graph = explore(drawn.case(row), simulation.protocol, follow_up=True)
        plan = layout(graph, simulation.strategy)
        parts.append(walk_layout(plan, simulation.seed, int(drawn.number[row]), 1, steps=steps))
    return _together(parts)


def _together(parts: list[Walks]) -> Walks:
    names = [name for name in Walks.__dataclass_fields__ if name not in ("flows", "steps")]
    columns = {name: np.concatenate([getattr(one, name) for one in parts]) for name in names}
    steps: dict[str, Column] | None = None
    if parts[0].steps is not None:
        steps = {name: np.concatenate([one.steps[name] for one in parts if one.steps]) for name in parts[0].steps}
    return Walks(**columns, flows=sum(one.flows for one in parts), steps=steps)  # type: ignore[arg-type]


@dataclass(frozen=True)
class _Same:
    """A case under a protocol and a strategy, as a key of a cache."""

    case: Case
    protocol: Protocol
    strategy: str

    def __hash__(self) -> int:
        return hash((self.case.id, self.strategy))


@lru_cache(maxsize=4)
def _layout(same: _Same) -> Layout:
    return layout(explore(same.case, same.protocol, follow_up=True), same.strategy)


def cases(simulation: Simulation) -> Iterator[tuple[str, dict[str, Any]]]:
    """Case files of the patients that are drawn, one after the other."""
    assert simulation.cohort is not None
    for chunk in range(simulation.chunks):
        drawn = draw(simulation.cohort, simulation.seed, *simulation.bounds(chunk))
        for row in range(len(drawn)):
            document = drawn.document(row)
            yield document["id"], document


def _columns(drawn: Patients | None, walks: Walks, life: Life, scores: Mapping[str, Column]) -> dict[str, Column]:
    """One row a patient: what was drawn, and how the route went."""
    found: dict[str, Column] = {"patient": walks.patient}
    if drawn is not None:
        found |= {
            "age_years": drawn.age_years,
            "female": drawn.female,
            "height_cm": drawn.height_cm,
            "weight_kg": drawn.weight_kg,
            "ecog": drawn.ecog,
            "asa": drawn.asa,
            "primary_site": _words(SITES, drawn.site),
            "synchronous": drawn.synchronous,
            "primary_in_place": drawn.in_situ,
            "urgent": _words(URGENCIES, drawn.urgent),
            "ras_mutated": drawn.ras_mutated,
            "braf_mutated": drawn.braf_mutated,
            "repair_deficient": drawn.repair_deficient,
            "background": _words(BACKGROUNDS, drawn.background),
            "extrahepatic": _words(EXTRAHEPATIC, drawn.extrahepatic),
            "lesions": drawn.lesion_number,
            "largest_mm": drawn.sizes_mm.max(axis=1),
        }
    return found | {
        "end": _words(PHASES, walks.end),
        "resected": walks.resected,
        "day_of_end": walks.days,
        "day_cleared": walks.cleared_day,
        "day_resected": np.where(walks.resected, walks.cleared_day, NEVER),
        "day_recurred": life.recurred_day,
        "recurrence_site": _words(RECURRENCE_SITES, life.site),
        "day_last_seen": life.day,
        "dead": life.died,
        "cause": _words(CAUSES, life.cause),
        "operations": walks.operations,
        "chemotherapy_blocks": walks.blocks,
        "liver_treated": walks.begun,
        "score_fong": scores["fong"],
        "score_game": scores["game"],
        "score_tumour_burden": scores["tumour_burden"],
    }


def _step_columns(walks: Walks) -> dict[str, Column]:
    """One row a step."""
    steps = walks.steps
    assert steps is not None
    names = tuple(trigger.name for trigger in PROCESS.triggers)
    return {
        "patient": steps["patient"],
        "step": steps["step"],
        "trigger": _words(names, steps["trigger"]),
        "day": steps["day"],
        "to": _words(PHASES, steps["to"]),
    }


@dataclass(frozen=True)
class Words:
    """A column of words as codes, so that a file may keep it as a dictionary."""

    names: tuple[str, ...]
    codes: Column


def _words(names: tuple[str, ...], codes: Column) -> Any:
    return Words(names, codes)
