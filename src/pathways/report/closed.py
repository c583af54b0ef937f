"""What is closed: barred and why, needless beside a lesser act, only after bad luck, or without an object; and what opens it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from rich.console import Group, RenderableType
from rich.padding import Padding
from rich.text import Text

from pathways.messages.catalogue import say
from pathways.planning.plan import Plan
from pathways.planning.why import Closed
from pathways.report.words import family_words

# So many barred families are told what opens them without being asked.
OPENED_BY_ITSELF = 3
ANSWERS_SHOWN = 2


def those_that_matter(plan: Plan) -> tuple[str, ...]:
    """The barred families that a team asks about first, in the order of the vocabulary."""
    return tuple(one.family for one in plan.closed if one.kind == "barred")[:OPENED_BY_ITSELF]


def closed(plan: Plan, *, openings: bool | None = None) -> RenderableType | None:
    """Every family that no pathway carries. `openings`: what opens all (True), the first that matter (None), none (False)."""
    if not plan.closed and not plan.contingent:
        return None
    asked = (
        those_that_matter(plan) if openings is None else tuple(one.family for one in plan.closed) if openings else ()
    )
    heading = say("closed.heading") if asked else say("closed.heading_why")
    lines: list[RenderableType] = [Text(f"\n{heading}", style="bold")]
    for words, found in _barred(plan, asked):
        lines.append(_indented(Text.assemble(("x ", "red"), words)))
        if found:
            lines.append(_indented(Text(opening_words(found), style="green"), 4))
    lines += [_indented(Text(f"- {words}")) for words in _needless(plan.closed)]
    if openings:
        for one in plan.closed:
            if one.kind == "not_needed" and plan.opens_if[one.family]:
                words = say(
                    "closed.line", family=family_words(one.family), reasons=opening_words(plan.opens_if[one.family])
                )
                lines.append(_indented(Text(words, style="dim"), 4))
    lines += [_indented(Text(f"~ {words}")) for words in _after(plan)]
    apart = [family_words(one.family) for one in plan.closed if one.kind == "does_not_apply"]
    if apart:
        lines.append(_indented(Text(f"- {say('closed.does_not_apply', families=', '.join(apart))}", style="dim")))
    return Group(*lines)


def _barred(plan: Plan, asked: tuple[str, ...]) -> Iterator[tuple[str, tuple[str, ...]]]:
    """What rules bar, families with the same reasons and the same openings together; and what opens them."""
    alike: dict[tuple[str, tuple[str, ...], bool], list[str]] = {}
    for one in plan.closed:
        if one.kind == "barred":
            reasons = "; ".join(dict.fromkeys(verdict.reason for verdict in one.verdicts))
            wanted = one.family in asked
            opens = plan.opens(one.family)[:ANSWERS_SHOWN] if wanted else ()
            alike.setdefault((reasons, opens, wanted), []).append(family_words(one.family))
    for (reasons, opens, wanted), families in alike.items():
        words = say("closed.line", family=", ".join(families), reasons=reasons)
        yield (words if opens or not wanted else say("closed.opens_not", words=words)), opens


def opening_words(found: Iterable[str]) -> str:
    """What opens a family, the nearest first, in a line."""
    first, *others = [*found][:ANSWERS_SHOWN]
    for other in others:
        first = say("closed.or", before=first, last=other)
    return say("closed.opens", answers=first)


def _needless(several: Iterable[Closed]) -> list[str]:
    """Families that a lesser act makes needless, those with the same reason together."""
    found: dict[tuple[str | None, str], list[str]] = {}
    for one in several:
        if one.kind == "not_needed":
            found.setdefault((one.than, one.verdicts[0].reason), []).append(family_words(one.family))
    return [
        say("closed.not_needed", pathway=than, families=", ".join(families), reason=reason)
        if than
        else say("closed.not_needed_alone", families=", ".join(families), reason=reason)
        for (than, reason), families in found.items()
    ]


def _after(plan: Plan) -> list[str]:
    """Families reached only after bad luck, those after the same together."""
    found: dict[str, list[str]] = {}
    for one in plan.contingent:
        after = " and ".join(name.replace("_", " ") for name in one.after)
        found.setdefault(after, []).append(family_words(one.family))
    return [after_words(after, ", ".join(families)) for after, families in found.items()]


def after_words(after: str, families: str) -> str:
    """When families are reached that no pathway carries: after what, or, where nothing has to go wrong first, at any time."""
    return (
        say("closed.after", after=after, families=families) if after else say("closed.at_any_time", families=families)
    )


def _indented(words: Text, by: int = 2) -> RenderableType:
    return Padding(words, (0, 0, 0, by))
