"""Whether feedback says why: a sentence that ties what is done to what follows from it, and not only a grade, a figure, or a condition."""

from __future__ import annotations

import re

from pathways.messages.catalogue import say
from pathways.teaching.auditing.items import WORD, Answer
from pathways.teaching.curriculum.objectives import syllabus

# Sentences that every lesson prints alike: the grade, the figures, what is taken as given, what would turn the answer, the fact
# that a variation is about, the property of every plan. Some hold a word of cause, and none tells why this answer is right or wrong.
FORMULAS = re.compile(
    r"^(The best of what is open|As good as the best|Open, but it costs|Not open here|With the best continuation|From here next to none|"
    r"For this primary no figure was found|"
    r"The best of what was open|Not known, and taken as given|It would break|No figure tells it|The other answers|Figures: |"
    r"It would be (right|open|as good)|No single fact|In another patient|One fact|That makes it|No plan does otherwise|Here: )"
)
# A connective that makes one thing the reason of another. `so` alone, `which`, `before`, `too`, `costs` say nothing of the kind,
# `since` may be a time.
CAUSES = re.compile(
    r"\bbecause\b|\bso that\b|[,;] so (?!that\b|far\b|much\b|many\b|few\b)|\btherefore\b|\b(?:which|that) is why\b|\blest\b|[,;:] otherwise\b|"
    r"\bsince (?:it|they|the (?:patient|liver|tumour|disease|remnant))\b",
    re.IGNORECASE,
)
FIGURES = re.compile(r"\d+(?:\.\d+)?\s?(?:%|ml|mm|days?|weeks?|points?)")
# A cause takes words: fewer are a label.
LEAST_WORDS = 8
MOST_FIGURES = 2


def says_why(answer: Answer) -> bool:
    """Whether some sentence of the feedback on this answer names a cause; what is said of the other answers does not count."""
    others, own = say("feedback.others"), []
    for paragraph in answer.feedback:
        if paragraph == others:
            break
        own.append(paragraph)
    return any(is_cause(one) for paragraph in own for one in re.split(r"(?<=[.!?]) ", paragraph))


def is_cause(sentence: str) -> bool:
    """Whether a sentence names a cause: of its own, by a connective, and not by figures."""
    if FORMULAS.match(sentence) or len(FIGURES.findall(sentence)) > MOST_FIGURES:
        return False
    # What is said where no rule has a reason of its own says nothing of the case.
    if sentence == syllabus().reasons.otherwise.because:
        return False
    return len(WORD.findall(sentence)) >= LEAST_WORDS and CAUSES.search(sentence) is not None
