"""The case tables of drawn patients, answered for any rows in any state; and all that they depend on, packed into one word a patient.

Tables depend on the geometry of a patient in one scene (extent) under one exposure of the liver, on little else about the patient, and on
live facts. `local` packs the patient's part: patients with the same local word get the same answers in the same state, so that
whoever asks often may remember the answer.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cached_property
from typing import ClassVar

import numpy as np
import numpy.typing as npt

from pathways.cohort.codes.case_facts import CODE, DOMAIN, ENOUGH, LIKELY, NO, SHORT, YES
from pathways.cohort.codes.packed import Packed
from pathways.cohort.codes.state import LIVE, LIVE_CODE, PHASE_CODE, Seen, code_of
from pathways.cohort.draws.lives import inputs_of_columns
from pathways.cohort.draws.points import points_by_columns
from pathways.cohort.rules.exposure import EXPOSURES
from pathways.cohort.rules.facts import CohortFacts
from pathways.cohort.rules.looked_up import WITH_KEYS, LookedUp
from pathways.cohort.rules.resection_problem import Chosen
from pathways.cohort.rules.resections import EXTENTS
from pathways.cohort.rules.statuses import PLACE, REMNANTS
from pathways.facts.derive import pointed_at_after
from pathways.facts.systemic_before_surgery import SCORE
from pathways.facts.tables.remnants import FELL_SHORT
from pathways.facts.tables.situation import GROWN_FOR
from pathways.process.liver_operations import BORNE_BY
from pathways.process.phases import PHASES

Codes = npt.NDArray[np.uint8]
Rows = npt.NDArray[np.int64]
Bools = npt.NDArray[np.bool_]
Words = npt.NDArray[np.uint64]

NOT_GROWN = [LIVE_CODE["growth"][one] for one in FELL_SHORT]
ADEQUATE, MEASURED_ENOUGH = LIVE_CODE["growth"]["adequate"], LIVE_CODE["volume"]["enough"]
RESECTABLE, INSUFFICIENT, UNRESECTABLE = (
    PHASE_CODE[name] for name in ("resectable", "remnant_insufficient", "unresectable")
)
REMNANT = "remnant_"


class Tables:
    """Every case table of one column of patients."""

    def __init__(self, facts: CohortFacts) -> None:
        self.facts = facts
        self.number = facts.number

    def lookup(self, fact: str, rows: Rows, state: Seen) -> Codes:
        """Codes of a case table for patients `rows` in the states `state`."""
        if fact in self.by_scenario:
            return self.by_scenario[fact][rows, state["extent"]]
        if fact in self.facts.remnants.reach:
            return self.facts.remnants.reach[fact][rows, state["extent"], self.exposure(rows, state)]
        if fact.startswith(REMNANT):
            return self.remnant(fact.removeprefix(REMNANT), rows, state)
        if fact in self.looked_up:
            return self.looked_up[fact].of(rows, state)
        return self._worked_out[fact](self, rows, state)

    @cached_property
    def looked_up(self) -> dict[str, LookedUp]:
        """Tables that read little of the patient."""
        return {name: LookedUp(name, self.facts.patients, self.facts.protocol) for name in WITH_KEYS}

    def exposure(self, rows: Rows, state: Seen) -> Codes:
        """Whether the liver counts as exposed by now."""
        return self.facts.exposure.exposed[rows, state["blocks"]]

    # --- by scene -----------------------------------------------------------------------------------------------------

    @cached_property
    def by_scenario(self) -> dict[str, Codes]:
        """Tables that depend on the scene alone; (patients, extent)."""
        resections = self.facts.resections
        found = {
            f"clear_{name}": _answers([one.classes[place].exists for one in resections.found])
            for name, place in PLACE.items()
        }
        two_sessions = np.stack([sessions for _, sessions in resections.targets], axis=1)
        found["target"] = _answers([target.exists for target, _ in resections.targets])
        found["target_apart"] = self._target_apart(two_sessions)
        found["two_sided"] = np.where(resections.two_sided, YES, NO).astype(np.uint8)
        found["target_in_one"] = np.where(two_sessions, NO, YES).astype(np.uint8)
        found["clearing_stages"] = two_sessions.astype(np.uint8)
        found["convertible"] = np.stack(
            [np.where(self._convertible(), YES, NO), np.full(self.number, NO)], axis=1
        ).astype(np.uint8)
        return found

    def _target_apart(self, two_sessions: Bools) -> Codes:
        """Whether what a remnant is made to grow for, in one session, is not the resection that its class stands for."""
        found = []
        for extent, (target, _) in enumerate(self.facts.resections.targets):
            offered = [self.facts.remnants.chosen(name, extent) for name in PLACE if name.startswith(GROWN_FOR)]
            alike = np.any([one.same_as(target) for one in offered], axis=0)
            found.append(target.exists & ~alike & ~two_sessions[:, extent].astype(bool))
        return np.where(np.stack(found, axis=1), YES, NO).astype(np.uint8)

    @cached_property
    def borne(self) -> dict[str, Bools]:
        """Whether person and liver bear a class of operation; (patients,)."""
        return {
            name: np.all([self.facts.fixed[one] != CODE[one]["no"] for one in BORNE_BY[name]], axis=0) for name in PLACE
        }

    def _convertible(self) -> Bools:
        """Whether a response would open a resection that is borne, or one that leaves more liver."""
        classes = np.zeros(self.number, dtype=bool)
        most = [np.full(self.number, -np.inf) for _ in range(EXTENTS)]
        for name, place in PLACE.items():
            offered = [found.classes[place] for found in self.facts.resections.found]
            there = [one.exists & self.borne[name] for one in offered]
            classes |= there[0] != there[1]
            most = [
                np.where(one, np.maximum(so_far, column.value), so_far)
                for one, so_far, column in zip(there, most, offered, strict=True)
            ]
        now, then = most
        found: Bools = np.isfinite(then) & ((then > now + 1e-9) | classes)
        return found

    def _clears(self, name: str, rows: Rows, state: Seen) -> Bools:
        answers: Bools = self.by_scenario[f"clear_{name}"][rows, state["extent"]] == YES
        return answers

    # --- remnants -----------------------------------------------------------------------------------------------------

    @cached_property
    def grown(self) -> dict[str, Bools]:
        """Whether a class leaves the remnant that growth is aimed at; (patients, extent)."""
        return self._beside_target(Chosen.same_as)

    @cached_property
    def takes_as_much(self) -> dict[str, Bools]:
        """Whether a class removes every segment that the resection does for which the remnant is made to grow; (patients, extent)."""
        return self._beside_target(Chosen.takes_all_of)

    def _beside_target(self, compared: Callable[[Chosen, Chosen], Bools]) -> dict[str, Bools]:
        chosen = {name: [self.facts.remnants.chosen(name, extent) for extent in range(EXTENTS)] for name in REMNANTS}
        return {
            name: np.stack(
                [compared(one, target) for one, target in zip(column, chosen["target"], strict=True)], axis=1
            )
            for name, column in chosen.items()
        }

    def remnant(self, name: str, rows: Rows, state: Seen) -> Codes:
        """Status of a remnant after what volumetry has found and growth has been measured."""
        extent, exposure = state["extent"], self.exposure(rows, state)
        found = self.facts.remnants.statuses[name][rows, extent, exposure]
        measured = (state["volume"] == MEASURED_ENOUGH) & (found == LIKELY[1])
        less = measured & self.facts.remnants.leaves_less[name][rows, extent, exposure]
        not_grown = _IN_DOUBT[found] & np.isin(state["growth"], NOT_GROWN)
        found = _MEASURED[extent, state["volume"], found]
        found[less | (not_grown & self.takes_as_much[name][rows, extent])] = SHORT
        found[self.grown[name][rows, extent] & (state["growth"] == ADEQUATE)] = ENOUGH
        return found

    def _growth_called_for(self, rows: Rows, state: Seen) -> Codes:
        called = np.ones(len(rows), dtype=bool)
        for name in PLACE:
            called &= ~(_ENOUGH[self.remnant(name, rows, state)] & self._clears(name, rows, state))
        return _yes_no("growth_called_for", called)

    def _volumetry_useful(self, rows: Rows, state: Seen) -> Codes:
        useful = np.zeros(len(rows), dtype=bool)
        for name in PLACE:
            useful |= _IN_DOUBT[self.remnant(name, rows, state)]
        return _yes_no("volumetry_useful", useful)

    # --- where the facts point ------------------------------------------------------------------------------------------

    def untouched(self, rows: Rows, state: Seen, *, whoever: bool = False) -> Codes:
        """Code of the phase the facts point to while the liver is untouched; `whoever` the patient is, by the liver alone."""
        some, enough, doubtful = (np.zeros(len(rows), dtype=bool) for _ in range(3))
        for name in PLACE:
            clears, status = self._clears(name, rows, state), self.remnant(name, rows, state)
            if not whoever:
                clears &= self.borne[name][rows]
            some |= clears
            enough |= clears & _ENOUGH[status]
            doubtful |= clears & (status == LIKELY[1])
        grows = np.zeros(len(rows), dtype=bool)
        for name in self.facts.remnants.reach:
            grows |= self.lookup(name, rows, state) == YES
        if not whoever:
            grows &= self.borne[GROWN_FOR][rows]
        grown = (state["growth"] == ADEQUATE) & (self.by_scenario["target_apart"][rows, state["extent"]] == YES)
        if not whoever:
            grown &= self.borne[GROWN_FOR][rows]
        some, enough = some | grown, enough | grown
        short = np.where(doubtful | grows, INSUFFICIENT, UNRESECTABLE)
        return np.where(~some, UNRESECTABLE, np.where(enough, RESECTABLE, short)).astype(np.uint8)

    def pointed_at(self, rows: Rows, state: Seen) -> Codes:
        """Code of the phase the facts point to."""
        found = _AFTER[tuple(state[name] for name in _AFTER_KEYS)]
        none = np.flatnonzero(state["stage"] == 0)
        if len(none):
            found[none] = self.untouched(rows[none], state.some(none))
        return found

    def _situation(self, rows: Rows, state: Seen) -> Codes:
        """The same as a fact: a position in its own domain."""
        return _SITUATION_OF_PHASE[self.pointed_at(rows, state)]

    def _removable(self, rows: Rows, state: Seen) -> Codes:
        """What technique allows; a position in its own domain."""
        return _REMOVABLE_OF_PHASE[self.untouched(rows, state, whoever=True)]

    def _side_cleared(self, rows: Rows, state: Seen) -> Codes:
        one = self.by_scenario["clearing_stages"][rows, state["extent"]] == CODE["clearing_stages"]["one"]
        return _yes_no("side_cleared", one | (state["stage"] == LIVE_CODE["stage"]["further"]))

    # --- what a protocol may ask for first -------------------------------------------------------------------------------

    @cached_property
    def systemic_asked(self) -> Bools:
        """Whether the number of lesions or the points of the clinical risk score ask for systemic treatment before the liver is touched."""
        protocol, patients = self.facts.protocol, self.facts.patients
        by_points = points_by_columns(SCORE, inputs_of_columns(patients)) >= protocol.whole(
            "systemic_first_from_points"
        )
        many = patients.lesion_number >= protocol.whole("systemic_first_from_lesions")
        offered = patients.repair_deficient | protocol.yes("perioperative_accepted")
        found: Bools = by_points | (many & offered)
        return found

    def _systemic_before(self, rows: Rows, state: Seen) -> Codes:
        untouched = (state["line"] == 0) & (state["stimulus"] == 0) & (state["stage"] == 0)
        return _yes_no("systemic_before", ~(self.systemic_asked[rows] & untouched))

    def _cleared_before_stimulus(self, rows: Rows, state: Seen) -> Codes:
        asked = self.facts.protocol.yes("remnant_cleared_before_stimulus")
        two_sided = self.by_scenario["two_sided"][rows, state["extent"]] == YES
        return _yes_no("cleared_before_stimulus", ~(asked & two_sided & (state["stage"] == 0)))

    # --- the patient's part of every table ------------------------------------------------------------------------------

    @cached_property
    def local(self) -> Words:
        """All that the tables read of a patient, as one word for each scene and exposure; (patients, extent * EXPOSURES + exposure).

        Who is given no chemotherapy has the word of an unexposed liver in both places.
        """
        cytotoxic = self.facts.exposure.cytotoxic
        columns = []
        for extent in range(EXTENTS):
            scenario = Packed(self.number)
            scenario.add(cytotoxic, 2)
            scenario.add(self.systemic_asked, 2)
            for table in self.looked_up.values():
                scenario.add(table.group, table.groups)
            for name, column in self.by_scenario.items():
                scenario.add(column[:, extent], len(DOMAIN[name]))
            for grown in self.grown.values():
                scenario.add(grown[:, extent], 2)
            for borne in self.borne.values():
                scenario.add(borne, 2)
            for exposure in range(EXPOSURES):
                exposed = np.where(cytotoxic, exposure, 0)
                packed = scenario.copy()
                for name, column in self.facts.remnants.reach.items():
                    packed.add(_chosen_of(column[:, extent], exposed), len(DOMAIN[name]))
                for name in REMNANTS:
                    status = self.facts.remnants.statuses[name][:, extent]
                    packed.add(_chosen_of(status, exposed), len(DOMAIN[f"remnant_{name}"]))
                columns.append(packed.words)
        return np.stack(columns, axis=1)

    # Functions, and no bound methods kept by the object: a chunk that refers to itself would outlive its use by several more.
    _worked_out: ClassVar[dict[str, Callable[[Tables, Rows, Seen], Codes]]] = {
        "side_cleared": _side_cleared,
        "systemic_before": _systemic_before,
        "cleared_before_stimulus": _cleared_before_stimulus,
        "situation": _situation,
        "removable": _removable,
        "growth_called_for": _growth_called_for,
        "volumetry_useful": _volumetry_useful,
    }


def _chosen_of(pair: Codes, which: npt.NDArray[np.int64]) -> Codes:
    """Of two columns the one that is asked for in each row."""
    return np.where(which == 0, pair[:, 0], pair[:, 1])


def _yes_no(fact: str, answers: Bools) -> Codes:
    return np.where(answers, CODE[fact]["yes"], CODE[fact]["no"]).astype(np.uint8)


def _answers(columns: list[Bools]) -> Codes:
    return np.where(np.stack(columns, axis=1), YES, NO).astype(np.uint8)


_AFTER_KEYS = ("stage", "growth", "primary", "extrahepatic", "nature", "sites")


def _after_table() -> Codes:
    """The phase pointed at once surgery of the liver has begun, by the facts that decide it."""
    shape = tuple(len(LIVE[name]) for name in _AFTER_KEYS)
    table = np.zeros(shape, dtype=np.uint8)
    for place in np.ndindex(shape):
        live = {name: str(LIVE[name][code]) for name, code in zip(_AFTER_KEYS, place, strict=True)}
        if live["stage"] != "none":
            table[place] = PHASE_CODE[pointed_at_after(live)]
    return table


def _measured_table() -> Codes:
    """The status of a remnant by the extent of the disease, by what volumetry found, and by the status before."""
    codes = np.arange(len(DOMAIN["remnant_target"]), dtype=np.uint8)
    measured = {"short": SHORT, "enough": ENOUGH, "was_short": SHORT}
    found = np.stack([np.where(_IN_DOUBT, measured.get(str(volume), codes), codes) for volume in LIVE["volume"]])
    responded = found.copy()
    responded[LIVE_CODE["volume"]["was_short"]] = np.where(_IN_DOUBT, LIKELY[1], codes)
    return np.stack([found, responded]).astype(np.uint8)


def after_liver(word: int) -> int | None:
    """Code of the phase a state points to once surgery of the liver has begun; None before, when the patient's tables decide."""
    if code_of(word, "stage") == 0:
        return None
    return int(_AFTER[tuple(code_of(word, name) for name in _AFTER_KEYS)])


_STATUSES = np.arange(len(DOMAIN["remnant_target"]))
_IN_DOUBT = np.isin(_STATUSES, LIKELY)
_ENOUGH = np.isin(_STATUSES, (ENOUGH, LIKELY[0]))
_AFTER = _after_table()
_MEASURED = _measured_table()


def _positions(fact: str) -> Codes:
    """The position of every phase in the domain of a fact."""
    domain = DOMAIN[fact]
    return np.array([domain.index(name) if name in domain else 255 for name in PHASES], dtype=np.uint8)


_SITUATION_OF_PHASE, _REMOVABLE_OF_PHASE = _positions("situation"), _positions("removable")
