"""The case tables of drawn patients as columns: one code for every combination of the live facts a table depends on.

Keys are packed: the scene (extent), the exposure of the liver that the blocks lead to, what volumetry found, and whether growth has
been measured as adequate. `lookup` answers for any rows in any state.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cached_property

import numpy as np
import numpy.typing as npt

from pathways.cohort.facts import CODE, DOMAIN, ENOUGH, EXPOSURES, EXTENTS, LIKELY, NO, SHORT, YES, CohortFacts
from pathways.cohort.liver import Chosen
from pathways.facts.derive import pointed_at_after
from pathways.liver.resections import CLEARANCES
from pathways.process.facts import LIVE_FACTS, MOST_BLOCKS, STIMULI
from pathways.process.phases import PHASES

Codes = npt.NDArray[np.uint8]
Rows = npt.NDArray[np.int64]
Bools = npt.NDArray[np.bool_]

LIVE = {fact.name: fact.domain for fact in LIVE_FACTS}
LIVE_CODE = {name: {value: code for code, value in enumerate(domain)} for name, domain in LIVE.items()}
PHASE_CODE = {name: code for code, name in enumerate(PHASES)}
VOLUMES = LIVE["volume"]
ADEQUATE = LIVE_CODE["growth"]["adequate"]
MEASURED = len(VOLUMES) * 2  # what volumetry found, times whether growth is adequate
PLACE = {str(name): place for place, name in enumerate(CLEARANCES)}
REMNANTS = ("growth_called_for", "volumetry_useful", *(f"remnant_{one}" for one in (*CLEARANCES, "target")))
RESECTABLE, INSUFFICIENT, UNRESECTABLE = (
    PHASE_CODE[name] for name in ("resectable", "remnant_insufficient", "unresectable")
)


class Seen(dict[str, Codes]):
    """Live facts of some rows, each gathered when it is first asked for."""

    __slots__ = ("columns", "rows")

    def __init__(self, columns: Mapping[str, Codes], rows: Rows) -> None:
        super().__init__()
        self.columns, self.rows = columns, rows

    def __missing__(self, fact: str) -> Codes:
        found = self[fact] = self.columns[fact][self.rows]
        return found

    def some(self, here: npt.NDArray[np.int64] | npt.NDArray[np.bool_]) -> Seen:
        """The same of some of the rows."""
        return Seen(self.columns, self.rows[here])


class Tables:
    """Every case table of one column of patients."""

    def __init__(self, facts: CohortFacts) -> None:
        self.facts = facts
        self.number = facts.number

    def lookup(self, fact: str, rows: Rows, state: Seen) -> Codes:
        """Codes of a case table for patients `rows`; `state` holds their live facts by name."""
        return self._lookups[fact](rows, state)

    @cached_property
    def _lookups(self) -> dict[str, Callable[[Rows, Seen], Codes]]:
        found: dict[str, Callable[[Rows, Seen], Codes]] = {
            "bile_drained": _always(YES),
            "targeted_before": self._targeted_before,
            "primary_prepared": self._primary_prepared,
            "side_cleared": self._side_cleared,
            "only_vanished": _always(CODE["only_vanished"]["no"]),
            "chemotherapy_left": lambda rows, state: self.chemotherapy_left[rows, state["blocks"]],
            "transplant_tested": lambda rows, state: self.transplant_tested[rows, state["blocks"]],
            "situation": self._situation,
        }
        found |= {name: self._seen(table) for name, table in self.by_scene.items()}
        found |= {name: self._exposed(table) for name, table in self.reach.items()}
        return found | {name: self._measured(self.measured[name]) for name in REMNANTS}

    def _seen(self, table: Codes) -> Callable[[Rows, Seen], Codes]:
        return lambda rows, state: table[rows, state["extent"]]

    def _exposed(self, table: Codes) -> Callable[[Rows, Seen], Codes]:
        return lambda rows, state: table[rows, state["extent"], self.exposure(rows, state)]

    def _measured(self, table: Codes) -> Callable[[Rows, Seen], Codes]:
        return lambda rows, state: table[rows, self.key(rows, state)]

    def exposure(self, rows: Rows, state: Seen) -> Codes:
        """Whether the liver counts as exposed by now."""
        return self.facts.exposed[rows, state["blocks"]]

    def key(self, rows: Rows, state: Seen) -> npt.NDArray[np.int64]:
        """The packed key of the remnant tables."""
        scene = state["extent"].astype(np.int64) * EXPOSURES + self.exposure(rows, state)
        return scene * MEASURED + state["volume"] * 2 + (state["growth"] == ADEQUATE)

    # --- by scene -----------------------------------------------------------------------------------------------------

    @cached_property
    def by_scene(self) -> dict[str, Codes]:
        """Tables that depend on the scene alone; (patients, extent)."""
        facts = self.facts
        found = {
            f"clear_{name}": _answers([one.classes[place].exists for one in facts.found])
            for place, name in enumerate(CLEARANCES)
        }
        two_sessions = np.stack([sessions for _, sessions in facts.targets], axis=1)
        found["target"] = _answers([target.exists for target, _ in facts.targets])
        found["two_sided"] = np.where(facts.two_sided, YES, NO).astype(np.uint8)
        found["target_in_one"] = np.where(two_sessions, NO, YES).astype(np.uint8)
        found["clearing_stages"] = two_sessions.astype(np.uint8)
        found["convertible"] = np.stack(
            [np.where(self._convertible(), YES, NO), np.full(self.number, NO)], axis=1
        ).astype(np.uint8)
        return found

    def _convertible(self) -> Bools:
        """Whether a response would open a resection, or one that leaves more liver."""
        now, then = self.facts.found
        more = then.first.value > now.first.value + 1e-9
        classes = np.zeros(self.number, dtype=bool)
        for one, other in zip(now.classes, then.classes, strict=True):
            classes |= one.exists != other.exists
        return then.first.exists & (~now.first.exists | more | classes)

    # --- by blocks ----------------------------------------------------------------------------------------------------

    @cached_property
    def chemotherapy_left(self) -> Codes:
        """Whether another block stays within the hard limit; (patients, blocks)."""
        within = self.facts.cycles[:, 1:] <= self.facts.protocol.whole("hard_cycles")
        within[:, MOST_BLOCKS] = False
        return np.where(within, YES, NO).astype(np.uint8)

    @cached_property
    def transplant_tested(self) -> Codes:
        """Whether systemic treatment has been long enough for transplantation; (patients, blocks)."""
        protocol = self.facts.protocol
        block = protocol.number("cycles_per_block") * protocol.number("cycle_weeks")
        tested = np.arange(MOST_BLOCKS + 1) * block >= protocol.number("transplant_chemotherapy_weeks")
        return np.broadcast_to(np.where(tested, YES, NO).astype(np.uint8), (self.number, MOST_BLOCKS + 1))

    def _targeted_before(self, _: Rows, state: Seen) -> Codes:
        protocol = self.facts.protocol
        first = "colorectal" in (*protocol.words("control_first_primaries"), *protocol.words("targeted_first_tumours"))
        untreated = state["line"] == LIVE_CODE["line"]["none"]
        return np.where(untreated & first, NO, YES).astype(np.uint8)

    # --- remnants -----------------------------------------------------------------------------------------------------

    @cached_property
    def reach(self) -> dict[str, Codes]:
        """Whether growth can reach the limit; (patients, extent, exposure)."""
        found = {}
        for stimulus in STIMULI:
            column = np.empty((self.number, EXTENTS, EXPOSURES), dtype=np.uint8)
            for extent in range(EXTENTS):
                for exposure in range(EXPOSURES):
                    reaches = self.facts.target_remnants[extent][exposure].reachable(stimulus)
                    column[:, extent, exposure] = np.where(reaches, YES, NO)
            found[f"reach_{stimulus}"] = column
        return found

    @cached_property
    def measured(self) -> dict[str, Codes]:
        """Tables of remnants; (patients, packed key)."""
        statuses: dict[str, Codes] = {name: self._final(name) for name in (*CLEARANCES, "target")}
        found = {f"remnant_{name}": table for name, table in statuses.items()}
        called = np.ones_like(found["remnant_target"], dtype=bool)
        useful = np.zeros_like(called)
        for name in PLACE:
            table = statuses[name]
            enough = (table == ENOUGH) | (table == LIKELY[0])
            called &= ~(enough & self._clears(name))
            useful |= np.isin(table, LIKELY)
        for name, answer in (("growth_called_for", called), ("volumetry_useful", useful)):
            yes = (CODE[name]["yes"], CODE[name]["no"])
            found[name] = np.where(answer, *yes).astype(np.uint8)
        return found

    def _clears(self, name: str) -> Bools:
        """Whether a class clears the liver, for every packed key."""
        exists = np.stack([one.classes[PLACE[name]].exists for one in self.facts.found], axis=1)
        return np.repeat(exists, EXPOSURES * MEASURED, axis=1)

    def _final(self, name: str) -> Codes:
        """Status of a remnant after what volumetry has found and growth has been measured; (patients, packed key)."""
        base = self.facts.statuses[name]
        found = np.empty((self.number, EXTENTS, EXPOSURES, len(VOLUMES), 2), dtype=np.uint8)
        doubtful = np.isin(base, LIKELY)
        for code, volume in enumerate(VOLUMES):
            measured = {"short": SHORT, "enough": ENOUGH}.get(str(volume))
            column = base if measured is None else np.where(doubtful, measured, base)
            found[:, :, :, code, :] = column[..., None]
        for extent in range(EXTENTS):
            target = self.facts.targets[extent][0]
            grown = target.exists if name == "target" else self._chosen(name, extent).same_as(target)
            found[grown, extent, :, :, 1] = ENOUGH
        return found.reshape(self.number, -1)

    def _chosen(self, name: str, extent: int) -> Chosen:
        return self.facts.found[extent].classes[PLACE[name]]

    # --- where the facts point ------------------------------------------------------------------------------------------

    @cached_property
    def untouched(self) -> Codes:
        """Phase the facts point to while the liver is untouched; (patients, packed key)."""
        keys = EXTENTS * EXPOSURES * MEASURED
        some = np.zeros((self.number, keys), dtype=bool)
        enough, doubtful = some.copy(), some.copy()
        for name in CLEARANCES:
            clears, table = self._clears(name), self.measured[f"remnant_{name}"]
            some |= clears
            enough |= clears & ((table == ENOUGH) | (table == LIKELY[0]))
            doubtful |= clears & (table == LIKELY[1])
        grows = np.zeros((self.number, EXTENTS, EXPOSURES), dtype=bool)
        for reach in self.reach.values():
            grows |= reach == YES
        grows = np.repeat(grows.reshape(self.number, -1), MEASURED, axis=1)
        short = np.where(doubtful | grows, INSUFFICIENT, UNRESECTABLE)
        return np.where(~some, UNRESECTABLE, np.where(enough, RESECTABLE, short)).astype(np.uint8)

    def pointed_at(self, rows: Rows, state: Seen) -> Codes:
        """Code of the phase the facts point to."""
        found = _AFTER[tuple(state[name] for name in _AFTER_KEYS)]
        none = np.flatnonzero(state["stage"] == 0)
        if len(none):
            found[none] = self.untouched[rows[none], self.key(rows[none], state.some(none))]
        return found

    def _situation(self, rows: Rows, state: Seen) -> Codes:
        """The same as a fact: a position in its own domain."""
        return _SITUATION_OF_PHASE[self.pointed_at(rows, state)]

    def _primary_prepared(self, rows: Rows, state: Seen) -> Codes:
        due = self.facts.fixed["radiotherapy_due"][rows] == CODE["radiotherapy_due"]["yes"]
        primary, rested = state["primary"], LIVE_CODE["primary"]["rested"]
        after_liver = (primary == LIVE_CODE["primary"]["irradiated"]) & (state["stage"] != 0)
        ready = ~due | (primary == rested) | after_liver
        return np.where(ready, CODE["primary_prepared"]["yes"], CODE["primary_prepared"]["no"]).astype(np.uint8)

    def _side_cleared(self, rows: Rows, state: Seen) -> Codes:
        one = self.by_scene["clearing_stages"][rows, state["extent"]] == CODE["clearing_stages"]["one"]
        cleared = one | (state["stage"] == LIVE_CODE["stage"]["further"])
        return np.where(cleared, CODE["side_cleared"]["yes"], CODE["side_cleared"]["no"]).astype(np.uint8)


def _always(code: int) -> Callable[[Rows, Seen], Codes]:
    return lambda rows, _: np.full(len(rows), code, dtype=np.uint8)


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


_AFTER = _after_table()
_SITUATION_OF_PHASE = np.array(
    [DOMAIN["situation"].index(name) if name in DOMAIN["situation"] else 255 for name in PHASES], dtype=np.uint8
)
