"""Whether feedback says why: a sentence that names a cause, and not only a grade, a figure, or what was assumed."""

from __future__ import annotations

import re

from pathways.teaching.auditing.items import WORD, Answer

# Sentences that every lesson prints alike: the grade, the figures, what is taken as given.
FORMULAS = re.compile(
    r"^(The best of what is open|As good as the best|Open, but it costs|Not open here|With the best continuation|From here next to none|"
    r"The best of what was open|Not known, and taken as given|It would break|No figure tells it|The other answers|Figures: )"
)
CAUSES = re.compile(
    r"\b(because|so|since|therefore|otherwise|without|cannot|would|until|lest|for the|which|before|instead|needs?|keeps?|lets?|harms?|costs?|leaves?|raises?|too)\b",
    re.IGNORECASE,
)
FIGURES = re.compile(r"\d+(?:\.\d+)?\s?(?:%|ml|mm|days?|weeks?|points?)")
# A cause takes words: fewer are a label.
LEAST_WORDS = 8
MOST_FIGURES = 2


def says_why(answer: Answer) -> bool:
    """Whether some sentence of the feedback names a cause."""
    own = []
    for paragraph in answer.feedback:
        if paragraph.startswith("The other answers"):
            break
        own.append(paragraph)
    return any(_is_cause(one) for paragraph in own for one in re.split(r"(?<=[.;!?]) ", paragraph))


def _is_cause(sentence: str) -> bool:
    if FORMULAS.match(sentence) or len(FIGURES.findall(sentence)) > MOST_FIGURES or "(rule " in sentence:
        return False
    return len(WORD.findall(sentence)) >= LEAST_WORDS and CAUSES.search(sentence) is not None
