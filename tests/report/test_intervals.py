"""No chance, risk or length of life is shown without an interval and a source; what has none stands in a closed list, with its reason."""

import io
import re

import pytest
from rich.console import Console
from shipped import CONSTRUCTED, PUBLISHED, plan_at

from pathways.knowledge.model import Parameter
from pathways.planning.citations import Citations
from pathways.report.cards import WIDE
from pathways.report.plan_table import print_plan

# A part of all, and the three in which shares stand that no other case tells.
TELLING = ("nodule-after-oxaliplatin", "transplant-candidate", "multi-stage")
SAMPLE = list(dict.fromkeys([*PUBLISHED[::6], *CONSTRUCTED[::3], *(one for one in CONSTRUCTED if one.stem in TELLING)]))
AT_BEST = "the best chance if one thing turns out otherwise: it says what to ask, and each pathway of that plan has its own interval"
# Numbers of the document that are no chance, risk or length of life.
NOT_A_CHANCE = {
    "findings[].value": "what the case tells, or is estimated of it (an estimate says its interval in the reason)",
    "findings[].limit": "a setting of the protocol, which has a source and a reason and no error",
    "closed[].verdicts[].value": "as of findings",
    "closed[].verdicts[].limit": "as of findings",
    "contingent[].verdicts[].value": "as of findings",
    "contingent[].verdicts[].limit": "as of findings",
    "resections[].removes[]": "segments",
    "resections[].remnant_segments[]": "segments",
    "resections[].remnant_ml": "a volume: the share beside it has the interval",
    "resections[].limit_fraction": "a setting",
    "resections[].limit_ml": "a setting, times the volume of the liver",
    "limit.fraction": "a setting",
    "limit.ml": "a setting, times the volume of the liver",
    "limit.remnant_ml": "a volume: the share of the resection has the interval",
    "scores[].points": "a count of points",
    "scores[].at_most": "a count of points",
    "pathways[].steps[].day": "the mean day of a step: days_to_clearance of the pathway has the interval",
    "pathways[].survival[].year": "a year",
    "pathways[].operations": "a count",
    "pathways[].chemotherapy_cycles": "a count",
    "pathways[].smallest_remnant_fraction": "the share of the liver: the resection has the interval",
    "graph.states": "a count",
    "graph.edges": "a count",
}
# Numbers that are of chance, risk or life and have no interval of their own.
WITHOUT = {
    "best_probability_resected": "the best over all pathways: the pathway that gives it has the interval",
    "assumptions[].turns.probability_resected_otherwise": AT_BEST,
    "pathways[].assumptions[].turns.probability_resected_otherwise": AT_BEST,
    "find_out_next[].probability_resected": AT_BEST,
    "find_out_next[].probability_resected_otherwise": AT_BEST,
    "life_hangs_on[].at_best": "`best` beside it has the interval",
    "life_hangs_on[].at_worst": "`worst` beside it has the interval",
    "life_hangs_on[].moves": "the distance of both from the figure of today, by which they are ordered",
    "pathways[].steps[].risk.drivers[].odds": "an odds ratio of the model of risk: its range stands with the figure, and is part of the interval of the risk",
}
# Whole parts: figures and settings as they are, each with distribution and sources where it is declared; counts of kinds of interval.
PARTS = ("figures.", "intervals.")
# Figures of the knowledge without a spread that a number of a pathway stands on.
BARE = {
    "local_recurrence_narrow_up_to": "a cut point of the series", "local_recurrence_size_reference": "the size that another figure is told at",
    "open_and_close_few_up_to": "a cut point of the series", "risk_age_reference": "the age that other figures are told at",
    "risk_age_flat_above": "an end of the range of age", "risk_age_flat_below": "an end of the range of age", "risk_creatinine_from": "a cut point of the series",
    "risk_ggt_from": "a cut point of the series", "risk_inr_from": "a cut point of the series", "risk_platelets_up_to": "a cut point of the series",
    "risk_extended_from_segments": "a definition", "risk_ablation_least": "an end of what a risk may be", "risk_ablation_most": "an end of what a risk may be",
    "risk_major_least": "an end of what a risk may be", "risk_minor_least": "an end of what a risk may be",
    "risk_failure_remnant_width": "how steeply a risk rises near the limit: a guess, and none has printed it", "risk_age_average": "makes the average of a series the average: arithmetic",
    "prognosis_after_recurrence_shape": "the shape of a curve whose median has the interval", "prognosis_without_clearance_shape": "the shape of a curve whose median has the interval",
}  # fmt: skip
# Shares in the text that stand without an interval.
IN_WORDS = {
    r"limit(?: for [\w ]+?)?(?: is)? #": "a setting of the protocol",
    r"usual growth #|needs # gro|# is usual|# the most": "the growth of the series, whose spread makes the chance of the step",
    r"(?:stay,|remnant|would leave) #|→#": "a share of the liver; an estimate without an interval is of what is cut or ablated alone",
    r"remnant of [\w ,+]+#|instead of #|resection # instead|# of body wei": "a share of the liver, or of the body, supposed or told with its interval beside it",
    r"volumetry is next: #": "a share of the liver, told with its interval above",
    r"at best #|, not #": AT_BEST,
    r"in the trial # had": "how many had what the step names: no chance of the plan reads it",
    r"finds it in #": "a sensitivity from one source, which the step names",
    r"sinusoidal injury in #": "a harm of the drug, which the finding cites; the chance of the plan does not read it",
    r"within a year in #": "a warning: no chance of the plan reads it",
    r"removes # of the tumo|fallen by #": "a setting of the protocol",
    r"vanished on CT #|empty on MRI #": "what a series found: a warning, whose finding cites it",
    r"benign in #": "a figure of the team or derived, as it says: its range is part of the interval of the pathway",
    r"; # die of it": "the same figure with its interval is part of the deaths of the pathway",
    r"(?:\d|-)\s+#\s*$": "the last column: a share of the liver that is left",
    r"resection #, no inter": "a series that prints none, and it says so",
}
# What an interval beside it is of.
OF_INTERVALS = ("hazard_ratio", "remnant_fraction", "value")
SHARE = re.compile(r"\d+(?:\.\d+)?%")
KINDS = [re.compile(one.replace("#", SHARE.pattern)) for one in IN_WORDS]
INTERVAL = re.compile(r" \((?:\d+(?:\.\d+)? ml\) \()?\d+(?:\.\d+)?%?(?: to |-)\d")


def numbers(told, path=""):
    """Every number of a document, with its path and whether an interval stands beside it."""
    if isinstance(told, dict):
        held = next((key for key in OF_INTERVALS if told.get("low") is not None and key in told), None)
        assert held is None or told["low"] <= told[held] <= told["high"]
        for key, value in told.items():
            if held is None or key not in (held, "low", "high"):
                yield from numbers(value, f"{path}.{key}" if path else key)
    elif isinstance(told, list):
        for value in told:
            yield from numbers(value, f"{path}[]")
    elif isinstance(told, int | float) and not isinstance(told, bool):
        yield path


def bare(path):
    return {one for one in numbers(plan_at(path).as_json()) if not one.startswith(PARTS)}


@pytest.mark.parametrize("path", SAMPLE, ids=lambda one: one.stem)
def test_every_number_of_the_document_has_an_interval_or_a_reason(path):
    assert bare(path) - NOT_A_CHANCE.keys() - WITHOUT.keys() == set()


def test_every_reason_is_of_a_number_that_is_there():
    assert {*NOT_A_CHANCE, *WITHOUT} - set().union(*map(bare, SAMPLE)) == set()


@pytest.mark.parametrize("path", SAMPLE, ids=lambda one: one.stem)
def test_every_number_of_a_pathway_stands_on_figures_with_interval_and_source(path):
    plan = plan_at(path)
    citations = Citations(plan.graph)
    for one in plan.pathways:
        cited = citations.of(one)
        for figure in (each for several in cited.values() for each in several):
            assert figure.sources, figure
            if isinstance(figure, Parameter) and not figure.distribution:
                assert figure.id in BARE
        told = one.as_json()
        # What is sure stands on no figure; what has no figure is null; whoever dies of what is done if a step goes otherwise is told with
        # the pathway that has those steps.
        for name, number in (("probability_cleared", "cleared"), ("mortality_90d", "deaths"), ("survival_5y", "life")):
            sure = told[name] is None or told[name]["low"] == told[name]["high"]
            assert cited[number] or sure or not one.curative, (one.title, name)


def test_every_figure_without_a_spread_is_read_and_gives_its_reason():
    read = {
        figure.id
        for path in SAMPLE
        for one in plan_at(path).pathways
        for several in Citations(plan_at(path).graph).of(one).values()
        for figure in several
        if isinstance(figure, Parameter) and not figure.distribution
    }
    assert read == BARE.keys()


def shown(path, width):
    plan = plan_at(path)
    out = io.StringIO()
    print_plan(plan, Console(file=out, width=width), wanted=[plan.pathways[0].id], openings=True)
    return out.getvalue()


def without_interval(text):
    """Each share in a text that no interval follows, and that no interval holds, with what stands before it."""
    for found in SHARE.finditer(text):
        before, after = text[max(0, found.start() - 60) : found.start()], text[found.end() :]
        if not INTERVAL.match(after) and not re.search(r"\((?:\d+(?:\.\d+)?%? ?(?:to|-) ?)?$", before):
            yield before.split("\n")[-1] + found.group() + after[:12]


@pytest.mark.parametrize("path", SAMPLE, ids=lambda one: one.stem)
def test_every_share_on_a_wide_terminal_has_an_interval_or_a_reason(path):
    left = [told for told in without_interval(shown(path, 400)) if not any(kind.search(told) for kind in KINDS)]
    assert left == []


def test_every_reason_of_the_text_is_used():
    told = [one for path in SAMPLE for one in without_interval(shown(path, 400))]
    assert [kind.pattern for kind in KINDS if not any(kind.search(one) for one in told)] == []


def test_a_card_tells_what_a_table_tells_but_for_the_interval_of_one_chance():
    """79 columns are full: how often all goes as planned stands there alone, with its interval on a wide terminal, on the page and in the document."""
    card, table = (shown(SAMPLE[0], width) for width in (WIDE - 1, WIDE))
    cells = re.compile(r"\d+%(?: \(\d+-\d+\))?(?=\s+\d+ wk)")
    assert {bool(re.search(r"\(", one)) for one in cells.findall(table)} == {True}
    assert [one.split()[0] for one in cells.findall(table)] == cells.findall(card)
