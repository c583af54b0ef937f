"""The facts of a case: fixed ones, and case tables looked up by live facts. What guards read; nothing else.

A table is computed cell by cell when a cell is first asked for, and kept.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import get_args

from pathways.case.models import Case
from pathways.case.words import Family
from pathways.facts import disease, fitness, geometry, remnant, transplantation
from pathways.facts.picture import Picture
from pathways.facts.verdict import Finding, Verdict, refused, yes_no
from pathways.knowledge.model import Protocol
from pathways.liver.resections import Clearance, Resection
from pathways.process.facts import CASE_FACTS, CLEARANCES, LIVE_INDEX, MOST_BLOCKS, NEUTRAL, STIMULI, State
from pathways.process.model import Value
from pathways.process.phases import START

Key = tuple[Value, ...]
RemnantKey = tuple[str, int, str, str]
POLICIES = {
    "two_stage": "two-stage hepatectomy",
    "alpps": "ALPPS",
    "lvd": "liver venous deprivation",
}


class CaseFacts:
    """Every case fact of one case under one protocol."""

    def __init__(self, case: Case, protocol: Protocol, *, strict: bool = False) -> None:
        self.picture = Picture(case, protocol, strict)
        self.strict = strict
        self._compute: dict[str, Callable[..., Finding]] = {}
        self._cells: dict[str, dict[Key, Finding]] = {}
        self._indices: dict[str, tuple[int, ...]] = {}
        for fact in CASE_FACTS:
            self._cells[fact.name] = {}
            self._indices[fact.name] = tuple(LIVE_INDEX[key] for key in fact.keys)
        self._register()

    def finding(self, fact: str, state: State) -> Finding:
        """The value of a case fact in `state`, with its verdicts."""
        return self.cell(fact, tuple(state[index] for index in self._indices[fact]))

    def cell(self, fact: str, key: Key) -> Finding:
        """The value of a case fact for the live facts `key`, with its verdicts."""
        cells = self._cells[fact]
        found = cells.get(key)
        if found is None:
            found = cells[key] = self._compute[fact](*key)
        return found

    def key_indices(self, fact: str) -> tuple[int, ...]:
        """Positions in a state of the live facts that `fact` depends on."""
        return self._indices[fact]

    def start(self) -> State:
        """The state in which the case begins."""
        picture = self.picture
        live = dict(NEUTRAL)
        if any(lesion.nature == "suspected" for lesion in picture.case.lesions):
            live["nature"] = "suspected"
        if picture.case.extrahepatic:
            live["extrahepatic"] = "present"
        if disease.primary_in_place(picture):
            urgent = picture.case.primary.urgent not in (None, "none")
            live["primary"] = "urgent" if urgent else "in_situ"
        if disease.progressing(picture):
            live["control"] = "progressed"
        return State(phase=START, **live)  # type: ignore[arg-type]

    def resection(self, clearance: str, state: State) -> Resection | None:
        """The resection that a step of class `clearance` (or `target`) stands for in `state`."""
        if clearance == "target":
            return self.picture.target(state.extent)
        return geometry.best(self.picture, state.extent, clearance)  # type: ignore[arg-type]

    def _register(self) -> None:
        """Names what computes every fact."""
        for name, rule in self._fixed_rules().items():
            self._compute[name] = partial(self._yes_no, partial(rule, self.picture))
        for name, table in self._tables().items():
            self._compute[name] = partial(self._yes_no, table)
        self._compute.update(self._findings())

    def _fixed_rules(self) -> dict[str, Callable[[Picture], Verdict]]:
        """Rules about the case as it is."""
        return {
            "fit_major": partial(fitness.fit_for, wanted="major"),
            "fit_minor": partial(fitness.fit_for, wanted="minor"),
            "fit_ablation": partial(fitness.fit_for, wanted="ablation"),
            "fit_alpps": fitness.fit_for_alpps,
            "liver_function_major": partial(fitness.function_for, wanted="major"),
            "liver_function_minor": partial(fitness.function_for, wanted="minor"),
            "bile_drained": fitness.biliary_drained,
            "extrahepatic_operable": disease.extrahepatic_resectable,
            "primary_operable": disease.primary_resectable,
            "simultaneous_minor": partial(disease.simultaneous_safe, extent="minor"),
            "simultaneous_major": partial(disease.simultaneous_safe, extent="major"),
            "transplantable": transplantation.transplantable,
            **{
                f"policy_{name}": partial(disease.policy, key=f"{name}_accepted", words=words)
                for name, words in POLICIES.items()
            },
            **{f"accepts_{family}": partial(disease.patient_accepts, family=family) for family in get_args(Family)},
        }

    def _tables(self) -> dict[str, Callable[..., Verdict]]:
        """Rules that depend on live facts."""
        return {
            "target": partial(geometry.target_exists, self.picture),
            "two_sided": partial(geometry.two_sided, self.picture),
            "convertible": partial(geometry.convertible, self.picture),
            "chemotherapy_left": self._chemotherapy_left,
            "targeted_before": partial(disease.targeted_first, self.picture),
            "transplant_tested": partial(transplantation.tested, self.picture),
            **{f"clear_{one}": partial(geometry.clearable, self.picture, clearance=one) for one in CLEARANCES},
            **{f"reach_{one}": partial(self._reach, one) for one in STIMULI},
        }

    def _findings(self) -> dict[str, Callable[..., Finding]]:
        """Facts with values of their own."""
        return {
            "prior_hepatectomy": self._prior_hepatectomy,
            "treated_by_target": self._treated_by_target,
            "wishes_no_way_out": self._wishes_no_way_out,
            "volumetry_useful": self._volumetry_useful,
            "situation": self._situation,
            **{f"remnant_{one}": partial(self._remnant, one) for one in (*CLEARANCES, "target")},
        }

    def _yes_no(self, rule: Callable[..., Verdict], *key: Value) -> Finding:
        return yes_no(rule(*key), strict=self.strict)

    def _treated_by_target(self) -> Finding:
        return Finding("yes" if self.picture.targeted else "no", ())

    def _wishes_no_way_out(self) -> Finding:
        declined = {"palliative", "diagnostic_clarification"} & set(self.picture.case.patient.declines)
        return Finding("yes" if declined else "no", ())

    def _prior_hepatectomy(self) -> Finding:
        return Finding("yes" if self.picture.past.hepatectomy else "no", ())

    def _chemotherapy_left(self, blocks: int) -> Verdict:
        if blocks >= MOST_BLOCKS:
            return refused("chemotherapy_remaining", f"{blocks} blocks are the most that the process counts")
        return disease.chemotherapy_remaining(self.picture, blocks)

    def _of_class(self, name: str, extent: str) -> Resection | None:
        if name == "target":
            return self.picture.target(extent)
        clearance: Clearance = name  # type: ignore[assignment]
        return geometry.best(self.picture, extent, clearance)

    def _reach(self, stimulus: str, extent: str, blocks: int) -> Verdict:
        target = self.picture.target(extent)
        if target is None:
            return geometry.target_exists(self.picture, extent)
        return remnant.growth_verdict(self.picture, target, stimulus, blocks)

    def _remnant(self, name: str, extent: str, blocks: int, volume: str, growth: str) -> Finding:
        found = self._of_class(name, extent)
        if found is None:
            return Finding("short", ())
        status = remnant.remnant_status(self.picture, found, blocks)
        verdicts = remnant.remnant_verdicts(self.picture, found, blocks)
        if growth == "adequate" and found == self.picture.target(extent):
            return Finding("enough", verdicts)
        if status.startswith("likely") and volume != "unmeasured":
            status = volume
        return Finding(status, verdicts)

    def _volumetry_useful(self, extent: str, blocks: int, volume: str, growth: str) -> Finding:
        for one in CLEARANCES:
            finding = self._remnant(one, extent, blocks, volume, growth)
            if finding.value.startswith("likely"):
                return Finding("yes", finding.verdicts)
        words = "every remnant is known to be enough or too small: volumetry would change nothing"
        return Finding("no", (Verdict("remnant_volume", "refused", words),))

    def _situation(self, stage: str, extent: str, blocks: int, volume: str, growth: str, *others: str) -> Finding:
        return Finding(self._pointed_at(stage, (extent, blocks, volume, growth), others), ())

    def _pointed_at(self, stage: str, liver: RemnantKey, others: tuple[str, ...]) -> str:
        if stage == "cleared":
            nature, extrahepatic, primary = others
            if nature == "suspected":
                return "pathology"
            rest = primary in ("urgent", "in_situ") or extrahepatic == "present"
            return "resectable" if rest else "resected"
        if stage == "split":
            return "between_stages"
        if stage == "first":
            return "hypertrophy" if liver[3] in ("pending", "waiting") else "between_stages"
        statuses = [
            self._remnant(one, *liver).value
            for one in CLEARANCES
            if self.cell(f"clear_{one}", (liver[0],)).value in ("yes", "assumed")
        ]
        if not statuses:
            return "unresectable"
        enough = any(status in ("enough", "likely_enough") for status in statuses)
        return "resectable" if enough else "remnant_insufficient"
