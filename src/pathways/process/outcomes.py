"""What may come of an operation, declared once over what is done in it; the outcomes of every operation are made of this.

An outcome says of which operations it may come, the chance it has there (`facts.risk.outcomes`: from what the act takes out, what it
ablates, and whom), and what it does. So an operation that is added has the outcomes that follow from what is done in it, and none can
be forgotten. Death, liver failure, what is found, what is left, complications: all of them at the phase of recovery. What comes back
where it was ablated shows months later: it waits until nothing else is left to treat.
"""

from __future__ import annotations

from collections.abc import Callable

from pathways.process.guards import MONTHS_GO_BY, WEEKS_GO_BY, becomes, live
from pathways.process.model import BY_SITUATION, Chance, Days, Effect, Guard, Trigger
from pathways.process.operations import OPERATIONS, Operation, operations
from pathways.process.phases import LIVER_DONE, LIVER_SPARED
from pathways.quick_dataclass import dataclass

# What the chances of an operation depend on: what was done, which lesions counted, and what chemotherapy has done to the liver.
READS = ("operation", "extent", "sites", "nature", "blocks")
ZONE_READS = ("zones", "extent", "sites", "nature")
SKIN_DEEP = ("ablation", "second_ablation")
RECOVERY = Days(
    (),
    by="operation",
    choices={name: "days_of_recovery_ablation" if name in SKIN_DEEP else "days_of_recovery" for name in OPERATIONS},
)
RECOVERED = (becomes("operation", "none"), WEEKS_GO_BY)
INCOMPLETE, ABANDONED = becomes("stage", "incomplete"), becomes("stage", "abandoned")
FIRST_TIME = live("stage", "ablated", "cleared", rule="order", because="what was found has been dealt with")
NOT_CLEARED_YET = live(
    "stage", "none", "first", LIVER_SPARED, "ablated", "cleared", rule="order", because="what was found has been dealt with"
)  # fmt: skip
NOT_GIVEN_UP = live(
    "stage", "none", "debulked", LIVER_SPARED, *LIVER_DONE, rule="order", because="the operations on the liver are not finished"
)  # fmt: skip
KNOWN = live("nature", "confirmed", "proven", rule="order", because="the operation was for the diagnosis")
FOR_DIAGNOSIS = live("nature", "suspected", rule="order", because="the operation was not for the diagnosis")


@dataclass(frozen=True, slots=True)
class Outcome:
    """What may come of operations: of those of which `of` is true, where `guards` hold too. Refused elsewhere by `rule`, `because`."""

    name: str
    title: str
    chance: str
    of: Callable[[Operation], bool] | None = None
    because: str = ""
    rule: str = "order"
    guards: tuple[Guard, ...] = ()
    effects: tuple[Effect, ...] = ()
    raises: str = "stage"
    to: str = BY_SITUATION
    days: Days | None = RECOVERY
    finds: tuple[str, ...] = ()
    events: tuple[str, ...] = ()

    def trigger(self) -> Trigger:
        """The outcome as a step of the process."""
        those = (
            () if self.of is None else (live("operation", *operations(self.of), rule=self.rule, because=self.because),)
        )
        return Trigger(
            name=self.name,
            kind="outcome",
            title=self.title,
            finds=self.finds,
            phases=("recovering",),
            to=self.to,
            raises=self.raises,
            guards=(*those, *self.guards),
            effects=(*RECOVERED, *self.effects) if self.to == BY_SITUATION else self.effects,
            days=self.days,
            chance=Chance(self.chance, reads=READS),
            events=self.events,
            images=self.to == BY_SITUATION,
        )


MORE = "this operation was not to clear the liver"
OUTCOMES = (
    Outcome(
        "recovers_slowly", "Recovers after a major complication", "complication_of_operation",
        raises="phase", days=Days(("days_of_slow_recovery",)), events=("complication",),
    ),
    Outcome(
        "dies_after_operation", "Dies within 90 days of the operation", "death_of_operation",
        raises="phase", to="dead", days=None, events=("death",),
    ),
    Outcome(
        "liver_fails", "The remnant fails (liver failure of grade B or C)", "failure_of_operation",
        lambda done: done.may_fail, "this operation took little of the liver", "liver_sufficient",
        raises="phase", to="liver_failure", days=None, finds=("unfit",), events=("complication",),
    ),
    Outcome(
        "more_found_at_operation", "At operation more is found than was seen: part of the disease stays for now", "more_found",
        lambda done: done.may_find_more, MORE, guards=(FIRST_TIME, KNOWN), effects=(INCOMPLETE,), finds=("more_disease",),
    ),
    Outcome(
        "operation_abandoned", "At operation the disease cannot be removed: open and close", "abandoned",
        lambda done: done.may_be_abandoned and done.opens, "this operation was no look at the whole liver",
        guards=(NOT_CLEARED_YET, KNOWN), effects=(ABANDONED,), finds=("more_disease",), events=("exploration",),
    ),
    Outcome(
        "ablation_abandoned", "Imaging of the session or its first control: more disease than can be cleared", "abandoned",
        lambda done: done.may_be_abandoned and not done.opens, "this operation was done through the open belly",
        guards=(FIRST_TIME, KNOWN), effects=(ABANDONED,), finds=("more_disease",),
    ),
    Outcome(
        "extrahepatic_abandoned", "At operation the disease outside the liver cannot be removed: open and close", "abandoned",
        lambda done: done.elsewhere_alone, "this operation was on the liver or the bowel",
        guards=(NOT_GIVEN_UP,), effects=(ABANDONED, becomes("extrahepatic", "present")), finds=("more_disease",),
        events=("exploration",),
    ),
    Outcome(
        "ablation_incomplete", "The first control shows living tumour where it was ablated", "incomplete",
        lambda done: done.may_be_incomplete, "nothing was ablated in this operation",
        guards=(FIRST_TIME, KNOWN), effects=(INCOMPLETE,), finds=("more_disease",),
    ),
    # Somebody is operated on for the diagnosis, and frozen section of what else is found makes it.
    Outcome(
        "more_found_for_diagnosis", "Frozen section: a metastasis, and more is found than was seen", "more_at_diagnosis",
        lambda done: done.may_find_more, MORE, guards=(FIRST_TIME, FOR_DIAGNOSIS), raises="nature",
        effects=(becomes("nature", "confirmed"), INCOMPLETE), finds=("metastasis", "more_disease"),
    ),
    Outcome(
        "abandoned_for_diagnosis", "Frozen section: a metastasis, and the disease cannot be removed: open and close",
        "beyond_at_diagnosis", lambda done: done.may_be_abandoned and done.opens, MORE, guards=(FIRST_TIME, FOR_DIAGNOSIS), raises="nature",
        effects=(becomes("nature", "confirmed"), ABANDONED), finds=("metastasis", "more_disease"), events=("exploration",),
    ),
)  # fmt: skip

TRIGGERS = (
    *(one.trigger() for one in OUTCOMES),
    Trigger(
        name="ablation_holds",
        kind="outcome",
        title="Controls of the first year: nothing comes back where it was ablated",
        phases=("ablation_control",),
        to=BY_SITUATION,
        raises="stage",
        effects=(becomes("stage", "cleared"),),
        hoped_for=True,
    ),
    Trigger(
        name="local_recurrence",
        kind="outcome",
        title="Controls of the first year: the tumour comes back where it was ablated",
        finds=("regrown", "more_disease"),
        phases=("ablation_control",),
        to=BY_SITUATION,
        raises="stage",
        effects=(INCOMPLETE, MONTHS_GO_BY),
        days=Days(("days_to_local_recurrence",)),
        chance=Chance("comes_back", reads=ZONE_READS),
        images=True,
    ),
)
