"""The operation that removes most of the tumour: found among those whose liver could be more, it is that of all of them."""

from hypothesis import given, settings
from hypothesis import strategies as st
from strategies import cases

from pathways.facts.patient_assessment import AFTER_RESPONSE, TODAY, PatientAssessment
from pathways.knowledge.protocols import load_protocol
from pathways.liver import debulking
from pathways.liver.anatomy import resections_by_mask, size_of

DEFAULT = load_protocol("default")


def of_all(problem, share):
    """Every core tried to its end."""
    by_number = any(lesion.size_mm is None for lesion in problem.lesions)
    pieces = [piece for lesion in problem.lesions for piece in debulking._pieces(lesion, by_number=by_number)]
    whole = sum(piece.weight for piece in pieces)
    cores = (0, *resections_by_mask())
    tried = [debulking._with_core(problem, core, pieces, whole, share - 1e-9) for core in cores]
    enough = []
    for one in tried:
        done = one and debulking._done(problem, one)
        if done:
            # No operation leaves more than it was taken to leave at most before it was worked out.
            assert done.remnant.value <= one.leaves
            enough.append(debulking.Debulking(done, one.share, by_number))
    return max(
        enough,
        key=lambda one: (one.resection.remnant.value, one.share, -size_of(one.resection.congested)),
        default=None,
    )


@given(cases(), st.sampled_from([0.3, 0.5, 0.7, 0.9]), st.sampled_from([TODAY, AFTER_RESPONSE]))
@settings(max_examples=60, deadline=None, derandomize=True)
def test_it_is_the_best_of_all_cores(case, share, extent):
    problem = PatientAssessment(case, DEFAULT).problem(extent)
    assert debulking.debulking(problem, share) == of_all(problem, share)
