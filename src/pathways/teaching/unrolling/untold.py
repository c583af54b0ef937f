"""How much of a referral is missing: for the difficulty of a lesson."""

from __future__ import annotations

from pathways.facts.verdict import each_missing
from pathways.graph.explore import Graph
from pathways.planning.assess import assess_facts
from pathways.planning.evaluate import evaluate
from pathways.planning.missing import what_next
from pathways.teaching.curriculum.objectives import syllabus


def items_missing(graph: Graph) -> int:
    """Items that nobody has told and some rule asks for, or some pathway hangs on, as far as they count.

    Not what a referral leaves out because it is unremarkable: a learner takes that as told.
    """
    unremarkable, most = syllabus().difficulty.unremarkable, syllabus().difficulty.most_for_missing
    asked_for = sum(
        1
        for one in assess_facts(graph.facts).findings
        if any(missing.item not in unremarkable for missing in each_missing([one]))
    )
    if asked_for >= most:
        return asked_for
    hanging = sum(1 for one in what_next(evaluate(graph), unremarkable) if one.drop > 0 or one.closes)
    return max(asked_for, hanging)
