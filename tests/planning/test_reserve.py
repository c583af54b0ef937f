"""More liver in reserve never closes a pathway, unless a rule says that it is not needed any more."""

from builders import make_case
from hypothesis import assume, given, settings
from hypothesis import strategies as st

import pathways as pw
from pathways.knowledge.protocols import load_protocol
from pathways.planning.evaluate import evaluate
from pathways.planning.explain import Explainer
from pathways.planning.why import closed_by

DEFAULT = load_protocol()
# Pathways that exist because too little liver would stay, and the rules that say so.
BECAUSE_TOO_LITTLE = {"pve", "lvd", "alpps", "rescue_alpps", "two_stage", "transplantation", "conversion_chemotherapy"}
SAYING_SO = {
    "remnant_growth",
    "remnant_volume",
    "transplant_criteria",
    "all_lesions_treatable",
    "prompt_surgery",
    "parenchyma_sparing",
}
LESIONS = st.sampled_from([
    [{"segments": [5, 6, 7, 8], "count": 4, "size_mm": 60, "depth": "deep"}],
    [{"segments": [5, 8], "size_mm": 70, "depth": "deep"}, {"segments": [3], "size_mm": 15, "depth": "superficial"}],
    [{"segments": [4, 5, 8], "size_mm": 80, "contacts": ["middle_hepatic_vein"]}],
])  # fmt: skip
FRACTIONS = st.integers(5, 70).map(lambda percent: percent / 100)
REMOVES = st.sampled_from([[5, 6, 7, 8], [4, 5, 6, 7, 8]])


def explored(lesions, removes, fraction, background):
    liver = {"background": background, "measured_remnants": [{"removes": removes, "fraction": fraction}]}
    return pw.explore(make_case(liver=liver, lesions=lesions, patient={"weight_kg": None, "height_cm": None}), DEFAULT)


@given(LESIONS, REMOVES, FRACTIONS, FRACTIONS, st.sampled_from(["normal", "steatohepatitis", "cirrhosis"]))
@settings(max_examples=60, deadline=None, derandomize=True)
def test_more_reserve_closes_a_road_only_where_a_rule_says_so(lesions, removes, one, other, background):
    less, more = (explored(lesions, removes, fraction, background) for fraction in sorted((one, other)))
    lost = Explainer(less).open - Explainer(more).open
    assert lost <= BECAUSE_TOO_LITTLE
    now = Explainer(more)
    for family in lost:
        # A pathway that is left as a contingency is closed as a plan: the states of the pathways say why.
        among = now.hoped.states() if now.status(family) == "contingent" else ()
        rules = {verdict.rule for verdict in closed_by(more, family, among).verdicts}
        assert rules & SAYING_SO, (family, rules)


@given(LESIONS, REMOVES, FRACTIONS, FRACTIONS)
@settings(max_examples=60, deadline=None, derandomize=True)
def test_more_reserve_never_lowers_the_best_chance_of_resection(lesions, removes, one, other):
    less, more = (explored(lesions, removes, fraction, "normal") for fraction in sorted((one, other)))
    # A figure that hardly any liver has is asked about, and decides nothing.
    assume(not any(graph.facts.assessed.volumetry.hardly_possible for graph in (less, more)))
    assert evaluate(less).worth().resected <= evaluate(more).worth().resected + 1e-9
