"""The facts of a case: fixed ones, and case tables looked up by live facts. What guards read; nothing else.

A table is computed cell by cell when a cell is first asked for, and kept.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import get_args

from pathways.case.models import Case
from pathways.case.words import Family
from pathways.facts import disease, fitness, geometry, primaries, remnant, transplantation
from pathways.facts.patient_assessment import TODAY, LesionScenario, PatientAssessment
from pathways.facts.verdict import Finding, Verdict, refused, yes_no
from pathways.knowledge.model import Protocol
from pathways.liver.resections import CLEARANCES, Clearance, Resection
from pathways.process.facts import CASE_FACTS, LIVE_INDEX, MOST_BLOCKS, NEUTRAL, SITUATION, STIMULI, State
from pathways.process.guards import IN_PLACE
from pathways.process.model import Value
from pathways.process.phases import LIVER_DONE, START

Key = tuple[Value, ...]
# For every policy fact: the setting, the choice looked for in it where it is a list, and its words.
POLICY_OF = {
    "two_stage": ("two_stage_accepted", "", "two-stage hepatectomy"),
    "alpps": ("alpps_accepted", "", "ALPPS"),
    "lvd": ("lvd_accepted", "", "liver venous deprivation"),
    "bridging": ("bridging_accepted", "", "bridging chemotherapy"),
    "watch_sites": ("vanished_policies", "watch", "watching the sites of vanished lesions"),
    "diagnostic_major": ("diagnostic_major_accepted", "", "a major resection for the diagnosis"),
}
# Rules about the case as it is.
FIXED: dict[str, Callable[[PatientAssessment], Verdict]] = {
    "fit_major": partial(fitness.fit_for, wanted="major"),
    "fit_minor": partial(fitness.fit_for, wanted="minor"),
    "fit_ablation": partial(fitness.fit_for, wanted="ablation"),
    "fit_alpps": fitness.fit_for_alpps,
    "liver_function_major": partial(fitness.function_for, wanted="major"),
    "liver_function_minor": partial(fitness.function_for, wanted="minor"),
    "liver_function_ablation": partial(fitness.function_for, wanted="ablation"),
    "extrahepatic_operable": disease.extrahepatic_resectable,
    "primary_operable": disease.primary_resectable,
    "simultaneous_minor": partial(disease.simultaneous_safe, extent="minor"),
    "simultaneous_major": partial(disease.simultaneous_safe, extent="major"),
    "transplantable": transplantation.transplantable,
    "primary_rules": primaries.primary_rules,
    "debulking_allowed": primaries.debulking_allowed,
    "extrahepatic_in_one_session": partial(
        disease.policy, key="extrahepatic_in_one_session", words="liver and extrahepatic disease in one session"
    ),
    "adjuvant_useful": partial(disease.policy, key="adjuvant_accepted", words="adjuvant chemotherapy"),
    **{
        f"policy_{name}": partial(disease.policy, key=key, choice=choice, words=words)
        for name, (key, choice, words) in POLICY_OF.items()
    },
    **{f"accepts_{family}": partial(disease.patient_accepts, family=family) for family in get_args(Family)},
}
SCENARIO = len(LesionScenario._fields)
UNRESECTED = ("urgent", *IN_PLACE)


class CaseFacts:
    """Every case fact of one case under one protocol."""

    def __init__(self, case: Case, protocol: Protocol, *, strict: bool = False, follow_up: bool = False) -> None:
        self.assessed = PatientAssessment(case, protocol, strict)
        self.strict = strict
        self.follow_up = follow_up
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
        assessed = self.assessed
        live = dict(NEUTRAL)
        natures = {lesion.nature for lesion in assessed.case.lesions}
        if "suspected" in natures:
            live["nature"] = "suspected" if natures <= {"suspected", "vanished"} else "mixed"
        if "vanished" in natures:
            live["sites"] = "present"
        if assessed.case.liver.biliary_obstruction == "present":
            live["bile"] = "obstructed"
        if assessed.case.extrahepatic:
            live["extrahepatic"] = "present"
        if disease.primary_in_place(assessed):
            live["primary"] = self._primary_today()
        if disease.progressing(assessed):
            live["control"] = "progressed"
        live["stimulus"], live["growth"] = self._stimulus_given()
        return State(phase=START, **live)  # type: ignore[arg-type]

    def _stimulus_given(self) -> tuple[str, str]:
        """The growth stimulus of the history, where it closed the side to be removed, and whether it fell short."""
        assessed = self.assessed
        target = assessed.target(TODAY)
        if target is None or not target.growth_side or target.growth_side & ~assessed.past.closed_inflow:
            return "none", "none"
        veins_too = any(event.event == "liver_venous_deprivation" for event in assessed.case.history)
        short = remnant.remnant_status(assessed, target, 0) in ("short", "likely_short")
        return ("lvd" if veins_too else "pve"), ("weak" if short else "none")

    def _primary_today(self) -> str:
        primary = self.assessed.case.primary
        if primary.urgent not in (None, "none"):
            return "urgent"
        irradiated = any(event.event == "radiotherapy" for event in self.assessed.case.history)
        return "rested" if irradiated else "in_situ"

    def resection(self, clearance: str, state: State) -> Resection | None:
        """The resection that a step of class `clearance` (or `target`, `debulking`) stands for in `state`."""
        return self._of_class(clearance, scenario_of(state))

    def _register(self) -> None:
        """Names what computes every fact."""
        for name, rule in FIXED.items():
            self._compute[name] = partial(self._yes_no, partial(rule, self.assessed))
        for name, table in self._tables().items():
            self._compute[name] = partial(self._yes_no, table)
        self._compute.update(self._findings())

    def _tables(self) -> dict[str, Callable[..., Verdict]]:
        """Rules that depend on live facts."""
        seen: dict[str, Callable[[PatientAssessment, LesionScenario], Verdict]] = {
            "target": geometry.target_exists,
            "two_sided": geometry.two_sided,
            "convertible": geometry.convertible,
            "target_in_one": geometry.target_in_one,
            "debulkable": geometry.debulkable,
            **{f"clear_{one}": partial(geometry.clearable, clearance=one) for one in CLEARANCES},
        }
        return {
            **{name: partial(self._in_scenario, rule) for name, rule in seen.items()},
            "bile_drained": partial(fitness.biliary_drained, self.assessed),
            "chemotherapy_left": self._chemotherapy_left,
            "targeted_before": partial(primaries.systemic_first, self.assessed),
            "transplant_tested": partial(transplantation.tested, self.assessed),
            **{f"reach_{one}": partial(self._reach, one) for one in STIMULI},
        }

    def _findings(self) -> dict[str, Callable[..., Finding]]:
        """Facts with values of their own."""
        return {
            "prior_hepatectomy": self._prior_hepatectomy,
            "treated_by_target": partial(self._plain, self.assessed.systemic == "targeted"),
            "followed_up": partial(self._plain, self.follow_up),
            "diversion_enough": partial(self._plain, self.assessed.case.primary.urgent != "perforation"),
            "radiotherapy_due": partial(self._plain, disease.radiotherapy_due(self.assessed)),
            "lasting_control": partial(self._plain, self._lasting_control()),
            "primary_prepared": self._primary_prepared,
            "side_cleared": self._side_cleared,
            "clearing_stages": self._clearing_stages,
            "only_vanished": self._only_vanished,
            "wishes_no_way_out": self._wishes_no_way_out,
            "volumetry_useful": self._volumetry_useful,
            "growth_called_for": self._growth_called_for,
            "situation": self._situation,
            **{f"remnant_{one}": partial(self._remnant, one) for one in (*CLEARANCES, "target", "debulking")},
        }

    def _yes_no(self, rule: Callable[..., Verdict], *key: Value) -> Finding:
        return yes_no(rule(*key), strict=self.strict)

    def _in_scenario(self, rule: Callable[[PatientAssessment, LesionScenario], Verdict], *key: Value) -> Verdict:
        return rule(self.assessed, scenario_in(key))

    def _plain(self, answer: bool) -> Finding:
        return Finding("yes" if answer else "no", ())

    def _lasting_control(self) -> bool:
        return self.assessed.case.primary.tumour in self.assessed.protocol.words("lasting_control_tumours")

    def _primary_prepared(self, primary: str, stage: str) -> Finding:
        """Irradiated and rested; or irradiated, with an operation on the liver in the interval."""
        if not disease.radiotherapy_due(self.assessed):
            return Finding("yes", ())
        return self._plain(primary == "rested" or (primary == "irradiated" and stage != "none"))

    def _side_cleared(self, stage: str, *scenario: Value) -> Finding:
        return self._plain(stage == "further" or self.assessed.clearing_sessions(scenario_in(scenario)) == 1)

    def _clearing_stages(self, *scenario: Value) -> Finding:
        return Finding("one" if self.assessed.clearing_sessions(scenario_in(scenario)) == 1 else "two", ())

    def _only_vanished(self, nature: str) -> Finding:
        left = [one for one in self.assessed.case.lesions if one.nature != "vanished"]
        gone = nature == "proven"
        return self._plain(not [one for one in left if not (gone and one.nature == "suspected")])

    def _wishes_no_way_out(self) -> Finding:
        declined = {"palliative", "diagnostic_clarification"} & set(self.assessed.case.patient.declines)
        return Finding("yes" if declined else "no", ())

    def _prior_hepatectomy(self) -> Finding:
        return Finding("yes" if self.assessed.past.hepatectomy else "no", ())

    def _chemotherapy_left(self, blocks: int) -> Verdict:
        if blocks >= MOST_BLOCKS:
            return refused("chemotherapy_remaining", f"{blocks} blocks are the most that the process counts")
        return disease.chemotherapy_remaining(self.assessed, blocks)

    def _of_class(self, name: str, scenario: LesionScenario) -> Resection | None:
        if name == "target":
            return self.assessed.target(scenario)
        if name == "debulking":
            found = self.assessed.debulking(scenario)
            return None if found is None else found.resection
        clearance: Clearance = name  # type: ignore[assignment]
        return geometry.best(self.assessed, scenario, clearance)

    def _reach(self, stimulus: str, *key: Value) -> Verdict:
        scenario = scenario_in(key)
        target = self.assessed.target(scenario)
        if target is None:
            return geometry.target_exists(self.assessed, scenario)
        return remnant.growth_verdict(self.assessed, target, stimulus, int(key[SCENARIO]))

    def _remnant(self, name: str, *key: Value) -> Finding:
        scenario, (blocks, volume, growth) = scenario_in(key), key[SCENARIO:]
        found = self._of_class(name, scenario)
        if found is None:
            return Finding("short", ())
        status = remnant.remnant_status(self.assessed, found, int(blocks))
        verdicts = remnant.remnant_verdicts(self.assessed, found, int(blocks))
        if growth == "adequate" and found == self.assessed.target(scenario):
            return Finding("enough", verdicts)
        if status.startswith("likely") and volume != "unmeasured":
            status = str(volume)
        return Finding(status, verdicts)

    def _volumetry_useful(self, *key: Value) -> Finding:
        debulks = self.cell("debulking_allowed", ()).value == "yes"
        for one in (*CLEARANCES, *(("debulking",) if debulks else ())):
            finding = self._remnant(one, *key)
            if finding.value.startswith("likely"):
                return Finding("yes", finding.verdicts)
        words = "every remnant is known to be enough or too small: volumetry would change nothing"
        return Finding("no", (Verdict("remnant_volume", "refused", words),))

    def _growth_called_for(self, *key: Value) -> Finding:
        """No class of resection leaves enough, surely or by the estimate."""
        scenario = key[:SCENARIO]
        for one in CLEARANCES:
            if self.cell(f"clear_{one}", scenario).value in ("yes", "assumed"):
                finding = self._remnant(one, *key)
                if finding.value in ("enough", "likely_enough"):
                    found = self._of_class(one, scenario_in(key))
                    name = found.name if found else one
                    return Finding("no", (Verdict("remnant_growth", "refused", f"{name} leaves enough as it is"),))
        return Finding("yes", ())

    def _situation(self, *key: Value) -> Finding:
        return Finding(self._pointed_at(dict(zip(SITUATION, map(str, key), strict=True))), ())

    def _pointed_at(self, live: dict[str, str]) -> str:
        if live["stage"] != "none":
            return pointed_at_after(live)
        scenario = (live["extent"], live["sites"], live["nature"])
        statuses = [
            self._remnant(one, *scenario, int(live["blocks"]), live["volume"], live["growth"]).value
            for one in CLEARANCES
            if self.cell(f"clear_{one}", scenario).value in ("yes", "assumed")
        ]
        if not statuses:
            return "unresectable"
        if any(status in ("enough", "likely_enough") for status in statuses):
            return "resectable"
        doubtful = any(status == "likely_short" for status in statuses)
        return "remnant_insufficient" if doubtful or self._can_grow(scenario, live["blocks"]) else "unresectable"

    def _can_grow(self, scenario: Key, blocks: str) -> bool:
        """Whether some stimulus could raise a remnant to the limit: what none can raise is unresectable disease."""
        reaches = [self.cell(f"reach_{one}", (*scenario, int(blocks))).value for one in STIMULI]
        return any(value in ("yes", "assumed") for value in reaches)


def pointed_at_after(live: Mapping[str, str]) -> str:
    """The phase the facts point to once surgery of the liver has begun: nothing about the case is asked."""
    stage = live["stage"]
    if stage in LIVER_DONE:
        if live["nature"] == "suspected":
            return "pathology"
        if live["primary"] in UNRESECTED or live["extrahepatic"] == "present":
            return "resectable"
        return "no_visible_disease" if live["sites"] == "watched" else "resected"
    if stage == "debulked":
        return "resectable" if live["primary"] in UNRESECTED else "debulked"
    if stage in ("first", "further"):
        return "hypertrophy" if live["growth"] in ("pending", "waiting") else "between_stages"
    return {"split": "between_stages", "abandoned": "unresectable", "incomplete": "incomplete"}[stage]


def scenario_in(key: Sequence[Value]) -> LesionScenario:
    """The scene that the key of a geometric table begins with."""
    return LesionScenario(*map(str, key[:SCENARIO]))


def scenario_of(state: State) -> LesionScenario:
    """The scene of a state."""
    return LesionScenario(state.extent, state.sites, state.nature)
