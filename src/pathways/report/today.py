"""Where the patient stands today: what the rules say, the ways to clear the liver, and the limit that binds each."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from rich.console import Group, RenderableType
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from pathways.case.models import Case
from pathways.facts.verdict import Verdict
from pathways.liver.anatomy import mask_of, roman, segments_of
from pathways.liver.lesions import lesion_label
from pathways.messages.catalogue import called, say
from pathways.messages.figures import apart
from pathways.planning.assess import AssessedResection, Assessment
from pathways.report.words import understood_words

MARKS = {"allowed": ("+", "green"), "refused": ("x", "red"), "unknown": ("?", "yellow")}
MEETS_STYLE = {True: "green", False: "red", None: "yellow"}
# What of the volumes cannot be taken as told is shown whatever it says; the remnant has lines of its own.
ALWAYS_TOLD = ("volumetry_sound",)
OF_THE_REMNANT = ("remnant_volume", "remnant_body_weight")
RESECTIONS_SHOWN = 3
LESIONS_SHOWN = 5
# What bears no metastasis is cleared by no resection, and needs none.
NOTHING_TO_RESECT = ("benign", "cleared")
# So many neighbours are drawn together.
RUN = 3


def heading(assessment: Assessment) -> RenderableType:
    """The case, and what was understood of its file."""
    case = assessment.case
    title = say("today.heading", case=case.id, title=case.title) if case.title else case.id
    lines = [Text.assemble((title, "bold"), f". {lesions(case)}.")]
    if assessment.strict:
        lines.append(Text(say("today.strictly")))
    if understood := understood_words(case):
        lines.append(Text(understood, style="dim"))
    return Group(*lines)


def today(assessment: Assessment, most: int = RESECTIONS_SHOWN) -> RenderableType:
    """Resectability, the first ways to clear the liver with the limit that binds each, and what refuses anything."""
    lines: list[RenderableType] = [standing(assessment)]
    lines += [_indented(one) for one in resections(assessment, most)]
    lines += [_indented(_finding(one)) for one in deciding(assessment)]
    lines += [
        _indented(Text(f"! {say('today.not_planned', words=words)}", style="yellow"))
        for words in assessment.not_modelled
    ]
    return Group(*lines)


def lesions(case: Case) -> str:
    """Where the lesions lie that the plan calls by their labels, how many and how large, as far as that is told."""
    if not case.lesions:
        return say("today.no_lesion")
    told = []
    for at, one in enumerate(case.lesions):
        label, where = lesion_label(one, at), segments(mask_of(one.segment_numbers))
        words = say("today.lesion", label=label, segments=where)
        if one.count and one.count > 1:
            words = say("today.lesion_several", label=label, number=one.count, segments=where)
        told.append(words if one.size_mm is None else say("today.lesion_sized", lesion=words, size=one.size_mm))
    rest = len(told) - LESIONS_SHOWN
    return "; ".join([*told[:LESIONS_SHOWN], *([say("today.lesions_more", number=rest)] if rest > 0 else [])])


def standing(assessment: Assessment) -> Text:
    """Resectability and the state of the liver."""
    words = called("resectability", assessment.resectability)
    if assessment.barred_by:
        words = say("today.barred", reasons="; ".join(one.reason for one in assessment.barred_by))
    liver, protocol = called("state", assessment.liver_state), assessment.protocol.id
    return Text(say("today.state", protocol=protocol, resectability=words, liver=liver), style="bold")


def resections(assessment: Assessment, most: int) -> Iterator[Text]:
    """Ways to clear the liver, least liver lost first, each against its limit."""
    if not assessment.resections and assessment.resectability not in NOTHING_TO_RESECT:
        yield Text(say("today.no_resection"))
    for one in assessment.resections[:most]:
        mark = {True: "+", False: "x", None: "?"}[one.meets_protocol]
        yield Text.assemble((f"{mark} ", MEETS_STYLE[one.meets_protocol]), resection_words(one))
    if len(assessment.resections) > most:
        yield Text(say("today.more_resections", number=len(assessment.resections) - most), style="dim")


def resection_words(one: AssessedResection) -> str:
    """A way to clear the liver in a line: what stays, against the limit that binds."""
    left = one.resection.remnant
    answer = {True: say("resection.met"), False: say("resection.not_met"), None: say("resection.volumetry")}[
        one.meets_protocol
    ]
    if one.within_error:
        answer = say("resection.within_error", answer=answer)
    return say(
        "resection.line", resection=one.resection.name, segments=segments(one.resection.kept), remnant=_left(one),
        limit=one.limit.words(left.value)[1], answer=answer,
    )  # fmt: skip


def segments(mask: int) -> str:
    """Segments with runs of three and more drawn together: `I-III V VII`."""
    runs: list[list[int]] = []
    for one in segments_of(mask):
        if runs and one == runs[-1][-1] + 1:
            runs[-1].append(one)
        else:
            runs.append([one])
    return " ".join(
        f"{roman(mask_of([run[0]]))}-{roman(mask_of([run[-1]]))}" if len(run) >= RUN else roman(mask_of(run))
        for run in runs
    )


def _left(one: AssessedResection) -> str:
    """What stays, in percent and ml as far as they are known, with its error."""
    left = one.resection.remnant
    told, _ = one.limit.words(left.value) if one.limit.ml_known else apart(left.value, one.limit.share)
    how = say("volume.estimated") if left.estimated else say("volume.measured")
    if left.low == left.high:
        return f"{told} ({how})" if left.estimated else told
    return f"{told} ({left.low:.0%} to {left.high:.0%}, {how})"


def deciding(assessment: Assessment) -> Iterator[Verdict]:
    """Findings that close something, or say what of the volumes cannot be taken as told."""
    bars = {(one.rule, one.reason) for one in assessment.barred_by}
    for one in assessment.findings:
        refuses = one.verdict == "refused" and one.rule not in OF_THE_REMNANT and (one.rule, one.reason) not in bars
        if refuses or one.rule in ALWAYS_TOLD:
            yield one


def _finding(one: Verdict) -> Text:
    mark, style = MARKS[one.verdict]
    reason = Text.assemble((f"{mark} ", style), one.reason)
    if one.assumed:
        reason.append(f" (assumed: {one.assumed})", style="yellow")
    return reason


def findings(title: str, several: Sequence[Verdict]) -> Table:
    """Findings as a table."""
    table = Table(title=title, title_justify="left", title_style="bold", box=None, pad_edge=False, show_header=False)
    table.add_column(width=1)
    table.add_column(style="cyan", no_wrap=True)
    table.add_column()
    for one in several:
        mark, style = MARKS[one.verdict]
        reason = Text(one.reason)
        if one.assumed:
            reason.append(f"  (assumed: {one.assumed})", style="yellow")
        table.add_row(Text(mark, style=style), one.rule, reason)
    return table


def _indented(words: Text) -> RenderableType:
    return Padding(words, (0, 0, 0, 2))
