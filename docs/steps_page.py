"""Makes docs/reference/steps.md from the declared process. Run: python docs/steps_page.py; a test holds the page to it."""

from collections.abc import Iterable, Iterator
from pathlib import Path
from types import ModuleType

from pathways.process import (
    chemotherapy,
    course_of_care,
    debulking,
    diagnosis,
    follow_up,
    growth,
    liver_operations,
    primary,
    stages,
    transplantation,
    vanished,
)
from pathways.process.acts import ACTS, kinds_of
from pathways.process.model import BY_SITUATION, Distractor, Effect, Guard, Trigger

PAGE = Path(__file__).parent / "reference" / "steps.md"
TOPICS = (
    course_of_care, diagnosis, primary, vanished, liver_operations, growth, stages, chemotherapy, transplantation, debulking, follow_up,
)  # fmt: skip
INTRODUCTION = """# The steps

Every step of the declared process: decisions of a team and answers of nature. The name is what plans, routes and courses of a lesson
show; what a step does is said in acts. A guard is a fact with the values it may have, and behind it [the rule](rules.md) that speaks
when it refuses. Facts with *may be assumed* are taken as given where the case does not tell them, and the plan says so.

"""


def page() -> str:
    """The whole page."""
    return INTRODUCTION + "\n".join([*_acts(), *(line for topic in TOPICS for line in _topic(topic))]) + "\n"


def _acts() -> Iterator[str]:
    yield from ("## Acts", "", "| act | what it means |", "|---|---|")
    yield from (f"| `{name}` | {meaning} |" for name, meaning in ACTS.items())
    yield ""


def _topic(topic: ModuleType) -> Iterator[str]:
    triggers: tuple[Trigger, ...] = topic.TRIGGERS
    yield from (f"## {(topic.__doc__ or '').splitlines()[0].rstrip('.')}", "")
    for trigger in triggers:
        yield from _step(trigger)


def _step(trigger: Trigger) -> Iterator[str]:
    kind = "decision" if trigger.kind == "decision" else "hoped-for outcome" if trigger.hoped_for else "outcome"
    yield from (f"### `{trigger.name}`", "", f"{trigger.title}. *{kind.capitalize()}*", "")
    yield from (f"- {name}: {words}" for name, words in _said(trigger) if words)
    yield ""


def _said(trigger: Trigger) -> Iterator[tuple[str, str]]:
    yield "leads", f"from {_names(trigger.phases)} to {_to(trigger)}"
    yield "acts", _names(sorted(kinds_of(trigger)))
    yield "forced by an emergency", "" if trigger.elective else "yes"
    yield "treats beside the lesions of its resection", _names(trigger.treats)
    yield "finds", _names(trigger.finds)
    yield "course", _names([trigger.course] if trigger.course else [])
    yield "clears by", _names([trigger.clearance] if trigger.clearance else [])
    yield "open where", "; ".join(map(_guard, trigger.guards))
    yield (
        "families",
        ", ".join(
            dict.fromkeys(f"`{tag.family}`" + (" (by what went before)" if tag.when else "") for tag in trigger.tags)
        ),
    )
    yield "sets", ", ".join(f"{one.fact} to {_value(one)}" for one in trigger.effects)
    yield "a record calls it", _names(trigger.events)
    yield "in the line of a pathway", trigger.short
    yield "note", trigger.annotation
    yield "warning", trigger.warning
    yield "a learner reads", trigger.asked or "; ".join(f"{one}: {words}" for one, words in trigger.asked_in.items())
    yield "in lessons", _distractor(trigger.distractor)
    yield "sources", _names(trigger.sources)


def _to(trigger: Trigger) -> str:
    return "wherever the facts point" if trigger.to == BY_SITUATION else f"`{trigger.to}`"


def _names(names: Iterable[str]) -> str:
    return " ".join(f"`{name}`" for name in names)


def _value(effect: Effect) -> str:
    if effect.step:
        return "one more"
    if effect.mapping:
        return " or ".join(f"{after} (was {before})" for before, after in effect.mapping.items())
    return str(effect.value)


def _guard(guard: Guard) -> str:
    values = {str(value) for value in guard.values}
    words = "holds or may be assumed" if values == {"yes", "assumed"} else f"is {' or '.join(sorted(values))}"
    return f"{guard.fact} {words} (`{guard.rule}`)"


def _distractor(how: Distractor) -> str:
    if how.never:
        return "never a wrong answer"
    found = ["a wrong answer before the meeting too"] if how.hasty else []
    found += [f"thought of only in {_names(how.only_in)}"] if how.only_in else []
    if how.when:
        where = f", asked in {_names(how.when_in)}" if how.when_in else ""
        found.append(f"thought of only where {'; '.join(map(_guard, how.when))}{where}")
    return "; ".join(found)


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
