"""hypothesis strategies for cases: plausible, extreme, with fields missing."""

from __future__ import annotations

from typing import Any, get_args

from hypothesis import strategies as st

from pathways import words
from pathways.case.contradictions import of_case
from pathways.case.models import Case


def maybe(strategy: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    return st.one_of(st.none(), strategy)


def word(literal: Any) -> st.SearchStrategy[Any]:
    return st.sampled_from(get_args(literal))


def _without_none(values: dict[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in values.items() if value is not None}


places = st.one_of(
    st.lists(st.integers(1, 8), min_size=1, max_size=3, unique=True),
    st.sampled_from([["right_liver"], ["left_liver"], ["left_lateral"], ["whole_liver"], ["right_liver", 4]]),
)
lesions = st.fixed_dictionaries(
    {
        "segments": places,
        "count": maybe(st.integers(1, 14)),
        "size_mm": maybe(st.integers(4, 140)),
        "contacts": st.lists(word(words.Vessel), max_size=3, unique=True),
        "depth": maybe(word(words.Depth)),
        "nature": st.sampled_from(["confirmed", "confirmed", "confirmed", "suspected", "vanished"]),
    }
).map(_without_none)
patients = st.fixed_dictionaries(
    {
        "age_years": maybe(st.integers(18, 95)),
        "height_cm": maybe(st.integers(140, 205)),
        "weight_kg": maybe(st.integers(38, 160)),
        "ecog": maybe(st.integers(0, 4)),
        "asa": maybe(st.integers(1, 5)),
        "fit_for": maybe(word(words.FitFor)),
        "declines": st.lists(word(words.Family), max_size=2, unique=True),
    }
).map(_without_none)
primaries = st.fixed_dictionaries(
    {
        "tumour": st.sampled_from(["colorectal", "colorectal", "colorectal", "breast", "stomach"]),
        "site": maybe(st.sampled_from(["rectum", "sigmoid", "ascending_colon"])),
        "status": maybe(word(words.PrimaryStatus)),
        "r0_resectable": maybe(st.booleans()),
        "urgent": maybe(word(words.Urgency)),
    }
).map(_without_none)
remnants = st.fixed_dictionaries(
    {
        "removes": st.sampled_from([[5, 6, 7, 8], [4, 5, 6, 7, 8], [2, 3, 4], [2, 3, 4, 5, 8]]),
        "fraction": st.floats(0.05, 0.9),
    }
)
livers = st.fixed_dictionaries(
    {
        "background": maybe(word(words.Background)),
        "insufficiency": maybe(st.just([])),
        "biliary_obstruction": maybe(word(words.BiliaryObstruction)),
        "icg_r15_percent": maybe(st.integers(2, 40)),
        "total_ml": maybe(st.integers(700, 2600)),
        "removed_segments": st.sampled_from([[], [], [], [6], [2, 3], [5, 6, 7, 8]]),
        "measured_remnants": st.lists(remnants, max_size=1),
    }
).map(_without_none)
extrahepatic = maybe(
    st.lists(
        st.fixed_dictionaries({"site": word(words.ExtrahepaticSite), "resectable": maybe(st.booleans())}).map(
            _without_none
        ),
        max_size=1,
    )
)
histories = st.lists(
    st.fixed_dictionaries(
        {
            "event": st.just("chemotherapy"),
            "regimen": maybe(st.sampled_from(["folfox", "folfiri_bevacizumab", "mystery"])),
            "cycles": maybe(st.integers(1, 14)),
            "response": maybe(word(words.Response)),
        }
    ).map(_without_none),
    max_size=2,
)


@st.composite
def cases(draw: st.DrawFn) -> Case:
    """A case without contradictions."""
    raw = {
        "schema": 1,
        "id": "drawn",
        "patient": draw(patients),
        "primary": draw(primaries),
        "liver": draw(livers),
        "lesions": draw(st.lists(lesions, min_size=1, max_size=4)),
        "history": draw(histories),
    }
    sites = draw(extrahepatic)
    if sites is not None:
        raw["extrahepatic"] = sites
    case = Case.model_validate(raw)
    from hypothesis import assume

    assume(not list(of_case(case)))
    return case


@st.composite
def sparse_cases(draw: st.DrawFn) -> Case:
    """What a hurried referral tells: where the lesions are, and little else."""
    raw: dict[str, Any] = {
        "schema": 1,
        "id": "sparse",
        "primary": {"tumour": draw(word(words.Tumour))},
        "lesions": draw(st.lists(st.fixed_dictionaries({"segments": places}), min_size=1, max_size=3)),
    }
    status = draw(maybe(word(words.PrimaryStatus)))
    if status is not None:
        raw["primary"]["status"] = status
    return Case.model_validate(raw)


@st.composite
def extreme_cases(draw: st.DrawFn) -> Case:
    """At the limits of what a file may say: the largest, the smallest, the most."""
    entries = st.fixed_dictionaries({
        "segments": st.sampled_from([["whole_liver"], [1], [1, 2, 3, 4, 5, 6, 7, 8], ["right_liver", 1, 4]]),
        "count": st.sampled_from([1, 2, 200]),
        "size_mm": st.sampled_from([0.1, 1, 29.9, 30, 30.1, 400]),
        "contacts": st.sampled_from([[], list(get_args(words.Vessel))]),
        "nature": word(words.Nature),
    })  # fmt: skip
    case = Case.model_validate({
        "schema": 1,
        "id": "extreme",
        "patient": {
            "age_years": draw(st.sampled_from([0, 69, 70, 115])), "height_cm": draw(st.sampled_from([40, 250])),
            "weight_kg": draw(st.sampled_from([3, 350])), "asa": draw(st.sampled_from([1, 3, 5])),
            "declines": draw(st.sampled_from([[], list(get_args(words.Family))])),
        },
        "primary": {"tumour": draw(word(words.Tumour)), "status": draw(word(words.PrimaryStatus))},
        "liver": {
            "background": draw(word(words.Background)), "insufficiency": draw(st.sampled_from([[], ["ascites"]])),
            "total_ml": draw(st.sampled_from([200, 12000])), "removed_segments": draw(st.sampled_from([[], [2, 3, 4, 5, 6, 7, 8]])),
        },
        "lesions": draw(st.lists(entries, min_size=1, max_size=3)),
        "extrahepatic": draw(st.sampled_from([[], [{"site": "bone", "count": 500, "resectable": False}]])),
    })  # fmt: skip
    from hypothesis import assume

    assume(not list(of_case(case)))
    return case


laboratory = st.fixed_dictionaries(
    {
        "insufficiency": maybe(st.lists(word(words.Insufficiency), max_size=1)),
        "bilirubin_umol_per_l": maybe(st.sampled_from([8, 33.9, 34, 40, 51, 51.1, 200])),
        "albumin_g_per_l": maybe(st.sampled_from([20, 25, 27.9, 28, 33, 35, 36, 42])),
        "inr": maybe(st.sampled_from([1.0, 1.5, 1.6, 1.7, 2.3, 2.4])),
        "platelets_e9_per_l": maybe(st.sampled_from([30, 50, 80, 100, 120, 250])),
        "child_pugh": maybe(st.sampled_from(["A", "B", "C"])),
        "icg_r15_percent": maybe(st.integers(2, 40)),
    }
)


@st.composite
def measured_cases(draw: st.DrawFn) -> Case:
    """A case in which the function of the liver was measured, or part of it."""
    case = draw(cases())
    patient = case.patient.model_copy(update={"anticoagulated": draw(maybe(st.booleans()))})
    values = draw(laboratory)
    if values["insufficiency"] is not None:
        values["insufficiency"] = tuple(values["insufficiency"])
    return case.model_copy(update={"patient": patient, "liver": case.liver.model_copy(update=values)})


# --- cases in which something is open: for laws, which compare what is ---------------------------------------------------

fit_patients = st.fixed_dictionaries(
    {
        "age_years": maybe(st.integers(30, 85)),
        "height_cm": maybe(st.integers(150, 195)),
        "weight_kg": maybe(st.integers(50, 110)),
        "ecog": maybe(st.integers(0, 1)),
        "asa": maybe(st.integers(1, 3)),
        "fit_for": maybe(st.just("major")),
        "declines": st.lists(st.sampled_from(["alpps", "transplantation", "pve"]), max_size=1),
    }
).map(_without_none)
bowel_primaries = st.fixed_dictionaries(
    {
        "tumour": st.just("colorectal"),
        "site": maybe(st.sampled_from(["rectum", "sigmoid", "ascending_colon"])),
        "status": st.sampled_from(["in_situ", "resected", "resected"]),
        "r0_resectable": maybe(st.just(True)),
        "urgent": maybe(st.just("none")),
        "ras": maybe(word(words.Ras)),
    }
).map(_without_none)
well_livers = st.fixed_dictionaries(
    {
        "background": maybe(st.sampled_from(["normal", "normal", "steatosis", "steatohepatitis"])),
        "insufficiency": maybe(st.just([])),
        "biliary_obstruction": maybe(st.just("none")),
        "albumin_g_per_l": maybe(st.integers(30, 45)),
        "bilirubin_umol_per_l": maybe(st.integers(5, 30)),
        "measured_remnants": st.lists(remnants, max_size=1),
    }
).map(_without_none)
few_lesions = st.fixed_dictionaries(
    {
        "segments": st.one_of(places, st.integers(1, 8).map(lambda one: [one])),
        "count": maybe(st.integers(1, 4)),
        "size_mm": maybe(st.integers(6, 70)),
        "contacts": st.lists(word(words.Vessel), max_size=1),
        "depth": maybe(word(words.Depth)),
    }
).map(_without_none)


@st.composite
def operable_cases(draw: st.DrawFn) -> Case:
    """A patient fit for an operation, with bowel metastases that some treatment may clear."""
    raw = {
        "schema": 1,
        "id": f"operable-{draw(st.integers(0, 10**6))}",
        "patient": draw(fit_patients),
        "primary": draw(bowel_primaries),
        "liver": draw(well_livers),
        "lesions": draw(st.lists(few_lesions, min_size=1, max_size=3)),
        "history": draw(histories),
    }
    if draw(st.booleans()):
        raw["extrahepatic"] = []
    case = Case.model_validate(raw)
    from hypothesis import assume

    assume(not list(of_case(case)))
    return case
