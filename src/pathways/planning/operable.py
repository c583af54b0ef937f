"""Whether anything done to the liver is open to this patient at all: what technique allows, person and disease may bar.

Resectable is more than removable: the primary and the rest of the disease must be, and the patient has to be fit (the four conditions).
What a plan can change on the way (drainage, control of the disease, a drug that comes first, the remnant) does not count here.
"""

from __future__ import annotations

from pathways.facts.derive import CaseFacts
from pathways.facts.guarding import holds, refusals_of
from pathways.facts.verdict import Verdict
from pathways.process.acts import ON_THE_LIVER, STIMULI
from pathways.process.declaration import PROCESS
from pathways.process.facts import LIVE_INDEX
from pathways.process.model import Guard, Trigger

# What becomes of a primary before an elective operation on the liver: it is irradiated where that is asked for, or removed as an emergency.
BEFORE_THE_LIVER = {"in_situ": "rested", "urgent": "resected"}
PRIMARY = frozenset({"primary"})
# Live facts that say which lesions there are: what depends on these alone is as it is for the patient of today.
GEOMETRY = frozenset({"extent", "sites", "nature"})
ON_THE_LIVER_OR_BEFORE = ON_THE_LIVER | STIMULI
_KEYS = {fact.name: frozenset(fact.keys) for fact in PROCESS.case_facts}


def barred_by(facts: CaseFacts, situation: str) -> tuple[Verdict, ...]:
    """What bars every treatment of the liver that `situation` would offer; nothing where one of them is open.

    The verdicts are those against the treatment that fewest of them bar, of those that fit the lesions.
    """
    state = facts.start()._replace(phase=situation)
    later = state._replace(primary=BEFORE_THE_LIVER.get(state.primary, state.primary))
    fewest: tuple[Verdict, ...] | None = None
    for trigger in PROCESS.triggers:
        if (
            trigger.kind == "decision"
            and situation in trigger.phases
            and not ON_THE_LIVER_OR_BEFORE.isdisjoint(trigger.acts)
        ):
            fits, asked = _guards(trigger)
            if not all(holds(guard, state, facts) for guard in fits):
                continue
            if all(holds(guard, later, facts) for guard in asked):
                return ()
            against = refusals_of([guard for guard in asked if not holds(guard, later, facts)], trigger, state, facts)
            if fewest is None or len(against) < len(fewest):
                fewest = against
    return fewest or ()


def _guards(trigger: Trigger) -> tuple[list[Guard], list[Guard]]:
    """Guards that ask whether the step fits the lesions, and those that ask for what is fixed for the case."""
    of_case = [guard for guard in trigger.guards if guard.fact not in LIVE_INDEX]
    fits = [guard for guard in of_case if _KEYS[guard.fact] and _KEYS[guard.fact] <= GEOMETRY]
    return fits, [guard for guard in of_case if not _KEYS[guard.fact] or _KEYS[guard.fact] == PRIMARY]
