"""How the answers of a case and of its neighbour are compared: what may not move which way. Each gives a sentence, or nothing.

A comparison is empty where nothing that it watches is there: nothing open on either side, no act that could have been allowed.
"""

from __future__ import annotations

from collections.abc import Iterator
from math import isclose, nan

from pathways.laws.answers import ANSWER_FAMILIES, Answers
from pathways.laws.naming import is_named
from pathways.laws.neighbours.files import Neighbour
from pathways.messages.catalogue import called, say
from pathways.process.treatments import TREATMENTS
from pathways.quick_dataclass import dataclass

NEGLIGIBLE = 1e-9
# Keys without which another resection is compared: the risk of an act is held on the same anatomy.
CHANGES_THE_ANATOMY = (
    "lesions",
    "history",
    "liver.total",
    "liver.tumour",
    "liver.segments",
    "liver.measured",
    "liver.removed",
    "liver.embolised",
)
# The finding that makes an answer family necessary: a grade of `Answers.needs`, any of which must have grown.
CALLED_FOR_BY = {
    **dict.fromkeys(("pve", "lvd", "two_stage", "alpps", "rescue_alpps"), ("remnant", "lesions")),
    **dict.fromkeys(("conversion_chemotherapy", "transplantation", "debulking", "ablation"), ("lesions", "bars")),
    **{family: one.answers for one in TREATMENTS for family in one.families},
    "metastasectomy": ("elsewhere",),
    **dict.fromkeys(("palliative", "surveillance"), ("lesions", "remnant", "elsewhere", "bars")),
}


@dataclass(frozen=True, slots=True)
class Compared:
    """One comparison: whether there was anything to compare, whether anything moved, and what moved the wrong way."""

    empty: bool = False
    moved: bool = False
    wrong: str = ""


def chance_does_not_rise(before: Answers, after: Answers, _: Neighbour) -> Compared:
    """The best chance of resection over all policies may not go up."""
    wrong = "" if after.chance <= before.chance + NEGLIGIBLE else _rises(before, after)
    return Compared(before.chance == after.chance == 0, before.chance != after.chance, wrong)


def chance_does_not_fall(before: Answers, after: Answers, _: Neighbour) -> Compared:
    """The best chance of resection may not go down."""
    falls = after.chance < before.chance - NEGLIGIBLE
    wrong = _falls(before, after) if falls else ""
    return Compared(before.chance == after.chance == 0, before.chance != after.chance, wrong)


def _rises(before: Answers, after: Answers) -> str:
    """That the chance goes up; without figures where it is borrowed."""
    if after.chances == "borrowed":
        return say("moved.chance_up_no_figure")
    return say("moved.chance_up", before=before.chance, after=after.chance)


def _falls(before: Answers, after: Answers) -> str:
    """That it goes down."""
    if after.chances == "borrowed":
        return say("moved.chance_down_no_figure")
    return say("moved.chance_down", before=before.chance, after=after.chance)


def less_is_known(before: Answers, after: Answers, neighbour: Neighbour) -> Compared:
    """Neither chance nor families may grow but under an assumption that names the key; under `strict` not even then."""
    safer = safer_on_this_anatomy(before, after, neighbour)
    wrong = "; ".join([*_grown(before, after), *([safer] if safer else [])])
    moved = before.chance != after.chance or before.families != after.families
    if wrong and not after.strict:
        wrong = "" if is_named(neighbour.key, after.assumed) else say("moved.unnamed", words=wrong, key=neighbour.key)
    elif wrong:
        wrong = say("moved.strict", words=wrong)
    return Compared(not (before.chance or after.chance or moved), moved, wrong)


def safer_on_this_anatomy(before: Answers, after: Answers, neighbour: Neighbour) -> str:
    """What has fewer deaths without the key, in words; nothing where the key changes the anatomy, and so the act."""
    return "" if neighbour.key.startswith(CHANGES_THE_ANATOMY) else no_act_is_safer(before, after, neighbour).wrong


def _grown(before: Answers, after: Answers) -> Iterator[str]:
    if after.chance > before.chance + NEGLIGIBLE:
        yield _rises(before, after)
    opened = opened_families(before, after)
    if opened:
        yield say("moved.opened", families=_called(opened))


def no_family_opens(before: Answers, after: Answers, _: Neighbour) -> Compared:
    """No family may open."""
    opened = opened_families(before, after)
    wrong = say("moved.opened", families=_called(opened)) if opened else ""
    return Compared(not before.families, before.families != after.families, wrong)


def opened_families(before: Answers, after: Answers) -> tuple[str, ...]:
    """Families that count as opened: an answer to something is none where the need has grown, any other only where no answer is on its way."""
    found = []
    for family in sorted(after.families - before.families):
        if family in ANSWER_FAMILIES:
            if not any(after.needs[need] > before.needs[need] for need in CALLED_FOR_BY[family]):
                found.append(family)
        elif family in after.families_unforced:
            found.append(family)
    return tuple(found)


def _called(families: tuple[str, ...]) -> str:
    return ", ".join(called("family", family) for family in families)


def no_act_is_allowed(before: Answers, after: Answers, _: Neighbour) -> Compared:
    """No act may be allowed in a state in which a rule barred it, on the same anatomy: a remnant grows for one resection, and for another it is another act."""
    for trigger, state in before.barred_acts:
        if after.allows(trigger, state) and before.grown_for(trigger, state) == after.grown_for(trigger, state):
            return Compared(moved=True, wrong=say("moved.act_allowed", act=trigger.title))
    return Compared(empty=not before.barred_acts)


def no_act_is_safer(before: Answers, after: Answers, _: Neighbour) -> Compared:
    """Deaths of an act, given that it is done in the same state on the same anatomy, may not go down."""
    common = before.deaths.keys() & after.deaths.keys()
    moved = any(before.deaths[one] != after.deaths[one] for one in common)
    for one in sorted(common, key=str):
        low, high = before.deaths[one], after.deaths[one]
        if high < low - NEGLIGIBLE:
            return Compared(moved=True, wrong=say("moved.risk_down", act=one[0], before=low, after=high))
    return Compared(empty=not common, moved=moved)


def neither_safer_nor_allowed(before: Answers, after: Answers, neighbour: Neighbour) -> Compared:
    """Both: no act safer, none allowed."""
    both = no_act_is_safer(before, after, neighbour), no_act_is_allowed(before, after, neighbour)
    return Compared(
        all(one.empty for one in both),
        any(one.moved for one in both),
        "; ".join(one.wrong for one in both if one.wrong),
    )


def nothing_is_told_otherwise(before: Answers, after: Answers, neighbour: Neighbour) -> Compared:
    """No number, no family and no name of an operation may differ."""
    compared = nothing_differs(before, after, neighbour)
    if not compared.wrong and before.names != after.names:
        return Compared(wrong=say("moved.names", names="; ".join(sorted(before.names ^ after.names))))
    return compared


def nothing_differs(before: Answers, after: Answers, _: Neighbour) -> Compared:
    """No number and no family may differ."""
    return Compared(wrong="; ".join(_differences(before, after)))


def _differences(before: Answers, after: Answers) -> Iterator[str]:
    for name in sorted(before.numbers.keys() | after.numbers.keys()):
        one, other = (numbers.get(name, nan) for numbers in (before.numbers, after.numbers))
        if not isclose(one, other, rel_tol=NEGLIGIBLE, abs_tol=NEGLIGIBLE):
            if after.chances == "borrowed":
                yield say("moved.number", what=name)
            else:
                yield say("moved.numbers", what=name, before=one, after=other)
    if before.families != after.families:
        yield say("moved.pathways", families=_called(tuple(sorted(before.families ^ after.families))))
    elif before.ideas != after.ideas:
        differ = sorted({label for idea in before.ideas ^ after.ideas for label in idea})
        yield say("moved.pathways", families=", ".join(differ))
