"""The audit of a set of lessons: figures, what was found, and which limits of the syllabus are passed."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from statistics import median
from typing import Any

from pathways.messages.catalogue import say
from pathways.process.selection import steps
from pathways.quick_dataclass import dataclass
from pathways.teaching.auditing.causes import says_why
from pathways.teaching.auditing.cues import Found, detail_cue, leaks, longest_key, position_cue, twins
from pathways.teaching.auditing.guessing import after_a_sibling, from_headings
from pathways.teaching.auditing.items import Item, decisions_on_the_best_way, items_of
from pathways.teaching.curriculum.objectives import syllabus
from pathways.teaching.curriculum.schema import Limits
from pathways.teaching.lessons.model import Lesson

# Shares of few questions say nothing.
MANY_SCENARIOS = 12


@dataclass(frozen=True)
class Audit:
    """What was measured. `decisions` is the number of questions on the best way of each scenario, by its name."""

    items: tuple[Item, ...]
    decisions: dict[str, int]
    leaks: tuple[Found, ...]
    twins: tuple[Found, ...]

    @property
    def distinct(self) -> int:
        """Questions that differ in the acts they offer or in their key."""
        return len({one.key for one in self.items})

    @property
    def cause_in_feedback(self) -> float:
        """The share of answers whose feedback says why."""
        told = [says_why(one) for item in self.items for one in item.answers]
        return sum(told) / len(told) if told else 0.0

    @property
    def first_steps(self) -> int:
        """Lessons that ask whether the liver is imaged first."""
        first = set(steps(["meeting in:referred not:search"]))
        asked = {one.scenario for one in self.items for each in one.answers if each.good and each.act in first}
        return len(asked)

    def as_json(self) -> dict[str, Any]:
        """The one document of `teach audit --json`."""
        longest, chance = longest_key(self.items)
        detailed, plain = detail_cue(self.items)
        sibling = after_a_sibling(self.items)
        answers = [one for item in self.items for one in item.answers]
        return {
            "scenarios": len(self.decisions),
            "questions": len(self.items),
            "distinct": self.distinct,
            "chance": round(chance, 4),
            "guessable_headings": round(from_headings(self.items), 4),
            "guessable_sibling": None if sibling is None else round(sibling, 4),
            "longest_key": round(longest, 4),
            "detail_cue": {"with_detail": round(detailed, 4), "without": round(plain, 4)},
            "position_cue": round(position_cue(self.items), 4),
            "leaks": [{"scenario": one.scenario, "words": one.words} for one in self.leaks],
            "twins": [{"scenario": one.scenario, "words": one.words} for one in self.twins],
            "cause_in_feedback": round(self.cause_in_feedback, 4),
            "decisions": self.decisions,
            "decisions_median": median(self.decisions.values()) if self.decisions else 0,
            "first_steps": self.first_steps,
            "answers": len(answers),
            "words_to_read_median": median(one.words_to_read for one in self.items) if self.items else 0,
            "beyond_limits": list(self.beyond()),
        }

    def beyond(self) -> Iterator[str]:
        """Every limit that is passed, in a sentence. Shares are held only of sets large enough to tell."""
        limits = syllabus().audit
        for one in self.twins:
            yield say("audit.twin", scenario=one.scenario, words=one.words)
        for one in self.leaks:
            yield say("audit.leak", scenario=one.scenario, words=one.words)
        if self.items and self.cause_in_feedback < limits.cause_in_feedback:
            yield say("audit.no_cause", share=self.cause_in_feedback, limit=limits.cause_in_feedback)
        if len(self.decisions) >= MANY_SCENARIOS:
            yield from self._shares_beyond(limits)

    def _shares_beyond(self, limits: Limits) -> Iterator[str]:
        headings, sibling = from_headings(self.items), after_a_sibling(self.items)
        if headings > limits.guessable_headings:
            yield say("audit.headings", share=headings, limit=limits.guessable_headings)
        if sibling is not None and sibling > limits.guessable_sibling:
            yield say("audit.sibling", share=sibling, limit=limits.guessable_sibling)
        longest, chance = longest_key(self.items)
        detailed, plain = detail_cue(self.items)
        for over, name in (
            (longest - chance, say("audit.cue_length")), (abs(detailed - plain), say("audit.cue_detail")),
            (position_cue(self.items), say("audit.cue_position")),
        ):  # fmt: skip
            if over > limits.cue:
                yield say("audit.cue", name=name, over=over, limit=limits.cue)
        if self.distinct < limits.distinct * len(self.items):
            yield say("audit.alike", distinct=self.distinct, questions=len(self.items), limit=limits.distinct)
        many = sum(number >= limits.many_decisions for number in self.decisions.values())
        if many < limits.share_with_many_decisions * len(self.decisions):
            yield say("audit.few_decisions", many=many, scenarios=len(self.decisions), least=limits.many_decisions)
        if self.first_steps > limits.first_steps:
            yield say("audit.first_steps", number=self.first_steps, limit=limits.first_steps)


def audited(lessons: Sequence[tuple[str, Lesson]]) -> Audit:
    """The audit of lessons, each with the name of its scenario."""
    items, found_leaks, decisions = list[Item](), list[Found](), dict[str, int]()
    for name, lesson in lessons:
        own = items_of(lesson, name)
        items += own
        found_leaks += dict.fromkeys(leaks(lesson, name, own))
        decisions[name] = decisions_on_the_best_way(lesson)
    return Audit(tuple(items), decisions, tuple(found_leaks), tuple(dict.fromkeys(twins(items))))
