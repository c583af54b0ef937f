"""Everything that a plan and an assessment say of a case, but for what names it: what a key may change to count."""

from __future__ import annotations

from pathways.laws.answers import Answers
from pathways.planning.annotate import pathway
from pathways.planning.pathway_groups import pathway_groups


def told(case, protocol, *, follow_up=False):
    """Findings, ways to clear the liver, scores, numbers, and of each pathway its title, steps, notes, assumptions and warnings."""
    answers = Answers(case, protocol, follow_up=follow_up)
    walks = [pathway(answers.graph, walk) for walk in pathway_groups(answers.hoped)]
    return (
        answers.assessment.as_json(),
        {name: round(value, 9) for name, value in answers.numbers.items()},
        sorted(
            (
                one.title,
                one.days,
                one.chemotherapy_cycles,
                one.assumptions,
                one.warnings,
                tuple(step.note for step in one.steps),
            )
            for one in walks
        ),
    )
