"""The laws, held against drawn cases, shipped cases, and the counter-examples that are known."""

from __future__ import annotations

import json

import pytest
import strategies
from builders import make_case
from hypothesis import HealthCheck, Phase, given, seed, settings
from shipped import CONSTRUCTED, PUBLISHED, ROOT

from pathways.case.loading import load_case
from pathways.case.models import Case
from pathways.documents.problems import PathwaysError
from pathways.documents.reader import read_file
from pathways.knowledge.protocols import load_protocol
from pathways.laws.answers import Answers
from pathways.laws.judging import hold_against, together
from pathways.laws.laws import LAWS
from pathways.laws.neighbours import telling
from pathways.laws.neighbours.files import Neighbour, put, read, written

DEFAULT = load_protocol("default")
NOT_EMPTY, EXCEPTED = 0.4, 0.05
HELD = [name for name, law in LAWS.items() if not law.not_yet]
FAULTS = read_file(ROOT / "tests" / "laws" / "known_faults.yaml").value
FOUND = json.loads((ROOT / "tests" / "laws" / "found_by_drawing.json").read_text(encoding="utf-8"))
TRIED = sorted((ROOT / "tests" / "tried").rglob("*.yaml"))


def cases_drawn(number, start):
    """`number` different cases; drawing is quick, and hypothesis draws its simplest ones again and again."""
    found = {}

    @seed(start)
    @settings(
        max_examples=5 * number,
        deadline=None,
        database=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(strategies.operable_cases())
    def draw(case):
        found[json.dumps(written(case))] = case

    draw()
    return [*found.values()][-number:]


def drawn(number, start, most):
    """The laws held against `number` drawn cases, summed."""
    return together(hold_against(case, DEFAULT, most=most) for case in cases_drawn(number, start))


def broken(found):
    return [f"{one.case}, {one.neighbour.words}: {one.words}" for one in found.breaches]


def weighed(found, held=HELD):
    """Laws that hold are not broken; of every law most comparisons compare something, and exceptions take few."""
    assert {name: broken(found[name]) for name in held if not found[name].holds} == {}
    for name, one in found.items():
        assert one.compared, name
        assert one.empty <= (1 - NOT_EMPTY) * one.compared, name
        assert all(count <= EXCEPTED * one.compared for count in one.exceptions.values()), name


# --- thirty, two thousand, and those that are shipped ---------------------------------------------------------------------


@pytest.mark.parametrize("start", [1, pytest.param(2, marks=pytest.mark.slow)])
def test_thirty_drawn_cases_obey_the_laws_that_hold(start):
    weighed(drawn(30, start, most=1))


@pytest.mark.slow
@pytest.mark.parametrize("start", range(10, 30))
def test_two_thousand_drawn_cases_obey_the_laws_that_hold(start):
    weighed(drawn(100, start, most=6))


def loaded(file):
    """The case in a file; None for a course, and for what was tried in order to be refused."""
    try:
        return load_case(file)
    except PathwaysError:
        return None


@pytest.mark.slow
def test_every_shipped_and_every_tried_case_obeys_the_laws_that_hold():
    cases = [case for file in (*CONSTRUCTED, *PUBLISHED, *TRIED) if (case := loaded(file)) is not None]
    assert len(cases) > len(CONSTRUCTED) + len(PUBLISHED) + len(TRIED) // 2
    found = together(hold_against(case, DEFAULT, [LAWS[name] for name in HELD], most=None) for case in cases)
    assert {name: broken(one) for name, one in found.items() if not one.holds} == {}


# --- what does not hold yet ------------------------------------------------------------------------------------------------


def case_of(row):
    if isinstance(row["case"], str):
        return load_case(ROOT / row["case"])
    return Case.model_validate({"schema": 1, "id": "written", "primary": {"tumour": "colorectal"}, **row["case"]})


def neighbours_of(name, row, case):
    """The neighbours that a known fault speaks of."""
    if "lesions" in row:
        lesions = [*written(case)["lesions"], *row["lesions"]]
        more = read(put(written(case), ("lesions",), lesions))
        return [Neighbour("lesions", "lesions more", more, DEFAULT)]
    every = LAWS[name].neighbours(Answers(case, DEFAULT))
    return [one for one in every if row.get("key", one.key) == one.key and row.get("words", one.words) == one.words]


def test_a_counter_example_that_is_known_shows_still_what_does_not_hold():
    """A law that was mended loses its row. The row is looked for in one neighbour, under `strict` where it shows there alone."""
    for name, row in ((name, row) for name, rows in FAULTS.items() for row in rows):
        case = case_of(row)
        (chosen,) = neighbours_of(name, row, case)
        modes = (row["strict"],) if "strict" in row else (False, True) if LAWS[name].strict_too else (False,)
        assert any(compared(LAWS[name], case, chosen, strict=strict).wrong for strict in modes), (name, row["why"])


def compared(law, case, neighbour, *, strict=False):
    before = Answers(neighbour.beside or case, DEFAULT, strict=strict)
    return law.compare(before, Answers(neighbour.case, neighbour.protocol, strict=strict), neighbour)


@pytest.mark.parametrize("row", FOUND, ids=lambda row: row["case"]["id"])
def test_what_drawing_has_found_is_answered_right_or_is_a_named_exception(row):
    law = LAWS[row["law"]]
    strict = row.get("strict", False)
    before = Answers(Case.model_validate(row["case"]), DEFAULT, strict=strict)
    (one,) = (one for one in law.neighbours(before) if one.words == row["words"])
    before = before if one.beside is None else Answers(one.beside, DEFAULT, strict=strict)
    after = Answers(one.case, one.protocol, strict=strict)
    assert not law.compare(before, after, one).wrong or any(each.covers(before, after, one) for each in law.exceptions)


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("more_disease_is_not_better", "lesions[1].count 29 instead of 28"),
        ("splitting_an_entry_changes_nothing", "lesions[1] in parts of 14, 14"),
    ],
)
def test_twenty_eight_lesions_over_a_liver_are_answered_as_one_more_and_as_twice_fourteen_are(name, words):
    case, law = load_case(ROOT / "scenarios" / "constructed" / "neuroendocrine-debulking.yaml"), LAWS[name]
    (one,) = (one for one in law.neighbours(Answers(case, DEFAULT)) if one.words == words)
    assert not compared(law, case, one).wrong


def test_a_size_that_is_never_assumed_is_asked_for_where_it_would_turn_the_plan():
    """Most of the disease is not assumed to be small: but a plan that takes it as large says so."""
    (row,) = (row for row in FOUND if row["case"]["id"] == "drawn-27-2")
    (one,) = (
        one for one in telling.one_key_less(Case.model_validate(row["case"]), DEFAULT) if one.words == row["words"]
    )
    assert "lesions.size_mm" in Answers(one.case, DEFAULT).assumed
    assert "lesions.size_mm" not in Answers(Case.model_validate(row["case"]), DEFAULT).assumed


def test_every_law_that_does_not_hold_yet_has_a_counter_example():
    assert [name for name, law in LAWS.items() if law.not_yet and not FAULTS.get(name)] == []


# --- named exceptions, on both sides -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("liver", "key", "covered"),
    [
        ({"icg_r15_percent": 38, "background": "normal"}, "liver.icg_r15_percent", True),
        ({"icg_r15_percent": 38, "background": "cirrhosis"}, "liver.icg_r15_percent", False),
        ({"bilirubin_umol_per_l": 60}, "liver.bilirubin_umol_per_l", False),
        ({"measured_remnants": [{"removes": [5, 6, 7, 8], "fraction": 0.3, "ml": 450}]}, "liver.measured_remnants[0].fraction", True),
        ({"measured_remnants": [{"removes": [5, 6, 7, 8], "fraction": 0.3, "ml": 450}]}, "liver.measured_remnants[0].removes", False),
    ],
)  # fmt: skip
def test_named_exceptions_cover_what_they_say_and_nothing_more(liver, key, covered):
    total = {"total_ml": 1500} if "measured_remnants" in liver else {}
    case = make_case(liver={**liver, **total})
    found = [one for one in telling.one_key_less(case, DEFAULT) if one.key == key]
    exceptions = LAWS["less_known_is_not_better"].exceptions
    for one in found:
        assert (
            any(rule.covers(Answers(case, DEFAULT), Answers(one.case, DEFAULT), one) for rule in exceptions) is covered
        )
    assert found or not covered


@pytest.mark.parametrize(("name", "covered"), [("alp-06", True), ("abl-02", False)])
def test_an_act_on_another_anatomy_under_an_assumed_size_is_a_named_exception_and_no_other_act_is(name, covered):
    case = load_case(ROOT / "scenarios" / "published" / f"{name}.yaml")
    law = LAWS["stricter_protocol_allows_nothing"]
    before = Answers(case, DEFAULT)
    (one,) = (one for one in law.neighbours(before) if one.key == "protocol.remnant_adjacent_segments")
    after = Answers(one.case, one.protocol)
    assert [rule.rule for rule in law.exceptions if rule.covers(before, after, one)] == ["lesions.size_mm"] * covered
    assert bool(law.compare(before, after, one).wrong) is covered


def told_of(name, law, key):
    """The answers of a case among those tried or shipped and of its neighbour with another `key`, and which exceptions of the law cover the two."""
    (file,) = [one for one in (*CONSTRUCTED, *PUBLISHED, *TRIED) if one.stem == name]
    strict = law == "less_known_is_not_better"
    before = Answers(load_case(file), DEFAULT, strict=strict)
    one = next(one for one in LAWS[law].neighbours(before) if key in (one.key, one.words))
    after = Answers(one.case, one.protocol, strict=strict)
    return (
        bool(LAWS[law].compare(before, after, one).wrong),
        [rule.rule for rule in LAWS[law].exceptions if rule.covers(before, after, one)],
    )


@pytest.mark.parametrize(
    ("name", "law", "key", "rule"),
    [
        # Ten lesions are asked for systemic treatment first; nine are not, and without it surgery comes first for both.
        ("47d-10-lesions", "stricter_protocol_allows_nothing", "protocol.perioperative_accepted", "systemic_first_from_lesions"),
        ("fully-told-one-lesion", "stricter_protocol_allows_nothing", "protocol.perioperative_accepted", None),
        # With a lesion on the side that stays the bowel goes with the first stage.
        ("41-liver-first", "more_disease_is_not_better", "one lesion of 20 mm more, in segment 2", "staged_in_order"),
        ("41-liver-first", "more_disease_is_not_better", "one lesion of 20 mm more, in segment 6", None),
        # Strictly, a course of no known answer has failed, and a line of its own begins.
        ("arterial-infusion-with-lung", "less_known_is_not_better", "history[1].response", "cycles_of_earlier_lines_count"),
        ("arterial-infusion-with-lung", "less_known_is_not_better", "history[1].cycles", None),
    ],
)  # fmt: skip
def test_what_the_shipped_and_tried_cases_have_shown_is_a_named_exception_and_its_neighbour_is_none(
    name, law, key, rule
):
    assert told_of(name, law, key) == (rule is not None, [rule] if rule else [])


class Told:
    """Answers of which only the best chance, the families and the mode are looked at."""

    def __init__(self, chance, families=frozenset({"one_stage"}), strict=False, deaths=0.02):
        self.chance, self.families, self.strict, self.deaths = chance, families, strict, {"resect": deaths}


@pytest.mark.parametrize(
    ("after", "covered"),
    [
        (Told(0.8814), True), (Told(0.8816), False), (Told(0.8810), False), (Told(0.88), False), (Told(0.8814, strict=True), False),
        (Told(0.8814, families=frozenset({"one_stage", "alpps"})), False), (Told(0.8814, deaths=0.01), False),
    ],
)  # fmt: skip
def test_what_moves_a_chance_by_less_than_is_printed_and_opens_nothing_is_a_named_exception(after, covered):
    (rule,) = (one for one in LAWS["less_known_is_not_better"].exceptions if one.rule == "assumptions")
    weight = Neighbour("patient.weight_kg", "without patient.weight_kg", None, DEFAULT)
    assert rule.covers(Told(0.8810), after, weight) is covered


ON_THE_RIGHT = {
    "segments": [5, 6, 7, 8],
    "size_mm": 60,
    "count": 1,
    "contacts": ["right_portal_pedicle"],
    "depth": "deep",
}
ON_THE_LEFT = {"segments": [2], "size_mm": 60, "count": 1, "contacts": [], "depth": "deep"}


def left_liver_of(fraction):
    """A volumetry by which that share stays when the right liver is removed."""
    return {"liver": {"measured_remnants": [{"removes": [5, 6, 7, 8], "fraction": fraction}]}}


@pytest.mark.parametrize(
    ("before", "after", "covered"),
    [
        # Half of a liver in I, II and III is doubted, and so is 62 % beside it; 60 % alone is believed.
        ([{"removes": [4, 5, 6, 7, 8], "fraction": 0.5}], 0.62, True), ([{"removes": [4, 5, 6, 7, 8], "fraction": 0.5}], 0.604, False),
        # A left liver of 89 % is taken for a mistake, and one of 91 % too: no more liver is told by it.
        ([{"removes": [5, 6, 7, 8], "fraction": 0.89}], 0.91, True),
        # What some livers have is believed before and after.
        ([{"removes": [5, 6, 7, 8], "fraction": 0.35}], 0.37, False),
    ],
)  # fmt: skip
def test_more_liver_is_excepted_where_another_remnant_is_doubted(before, after, covered):
    one = next(one for one in LAWS["more_liver_is_not_worse"].exceptions if one.rule == "volumetry_plausible_sds")
    others = [each for each in before if each["removes"] != [5, 6, 7, 8]]
    told = [
        Answers(make_case(liver={"measured_remnants": remnants}), DEFAULT)
        for remnants in (before, [*others, {"removes": [5, 6, 7, 8], "fraction": after}])
    ]
    assert one.covers(*told, Neighbour("liver.measured_remnants", "larger", told[1].case, DEFAULT)) is covered


UNSIZED = {"segments": [1, 2], "count": 1, "contacts": ["right_hepatic_vein"]}
DEEP_IN_FOUR = {"segments": [4], "count": 1, "contacts": ["middle_hepatic_vein"], "depth": "deep"}
NEW_IN_SIX = {"segments": [6], "size_mm": 20, "count": 1, "contacts": []}


def more_unsized(*lesions):
    """Two lesions of no known size, somewhere in the right liver and IV, beside `lesions`."""
    heap = {"segments": ["right_liver", 4], "count": 2, "contacts": ["middle_hepatic_vein"], "depth": "deep"}
    return Answers(make_case(lesions=[heap, *lesions], liver={"measured_remnants": []}), DEFAULT)


@pytest.mark.parametrize(
    ("told", "more", "covered"),
    [
        # A lesion of which no size is told is most of the disease, until there is more elsewhere.
        ((UNSIZED, {**DEEP_IN_FOUR, "contacts": []}), (NEW_IN_SIX,), True),
        # Of what is told nothing is assumed.
        (({**UNSIZED, "size_mm": 15, "contacts": [], "depth": "superficial"}, {**DEEP_IN_FOUR, "size_mm": 15}), (NEW_IN_SIX,), False),
        # Something cleared the liver before.
        ((UNSIZED, {**DEEP_IN_FOUR, "contacts": []}, NEW_IN_SIX), ({**NEW_IN_SIX, "segments": [7]},), False),
    ],
)  # fmt: skip
def test_more_disease_is_excepted_where_it_lets_a_size_be_assumed_of_the_lesser_part(told, more, covered):
    (rule,) = (one for one in LAWS["more_disease_is_not_better"].exceptions if one.rule == "lesions.size_mm")
    before, after = more_unsized(*told), more_unsized(*told, *more)
    assert rule.covers(before, after, Neighbour("lesions[3]", "one more", after.case, DEFAULT)) is covered


HEAP = {"segments": ["right_liver", 4], "size_mm": 8, "contacts": [], "depth": "superficial"}


@pytest.mark.parametrize(
    ("rule", "before", "after", "covered"),
    [
        # Four lesions in five segments may lie in any; five are one in each.
        ("lesions.segments", {"lesions": [{**HEAP, "count": 4}]}, {"lesions": [{**HEAP, "count": 5}]}, True),
        ("lesions.segments", {"lesions": [{**HEAP, "count": 5}]}, {"lesions": [{**HEAP, "count": 6}]}, False),
        # A right liver of 5 % is told where two thirds are usual: reckoned by it are another anatomy, and the same.
        ("volumetry_plausible_sds", {"lesions": [ON_THE_RIGHT], **left_liver_of(0.95)}, {"lesions": [ON_THE_RIGHT, ON_THE_LEFT], **left_liver_of(0.95)}, True),
        ("volumetry_plausible_sds", {"lesions": [ON_THE_RIGHT], **left_liver_of(0.95)}, {"lesions": [{**ON_THE_RIGHT, "size_mm": 65}], **left_liver_of(0.95)}, False),
        ("volumetry_plausible_sds", {"lesions": [ON_THE_RIGHT], **left_liver_of(0.35)}, {"lesions": [ON_THE_RIGHT, ON_THE_LEFT], **left_liver_of(0.35)}, False),
    ],
)  # fmt: skip
def test_more_disease_is_excepted_by_places_that_become_known_and_by_a_volumetry_of_no_liver(
    rule, before, after, covered
):
    one = next(one for one in LAWS["more_disease_is_not_better"].exceptions if one.rule == rule)
    told = [Answers(make_case(**kwargs), DEFAULT) for kwargs in (before, after or before)]
    assert one.covers(*told, Neighbour("lesions[0].count", "one more", told[1].case, DEFAULT)) is covered


@pytest.mark.parametrize(
    ("key", "strict", "covered"),
    [
        ("lesions[0].nature", True, True), ("lesions[0].nature", False, False), ("lesions[0].depth", True, False),
        ("patient.declines", True, True), ("patient.declines", False, False), ("patient.age_years", True, False),
    ],
)  # fmt: skip
def test_the_exceptions_of_strict_cover_nature_and_wishes_under_strict_alone(key, strict, covered):
    case = load_case(ROOT / "scenarios" / "constructed" / "fully-told-one-lesion.yaml")
    (one,) = (one for one in telling.one_key_less(case, DEFAULT) if one.key == key)
    before, after = (Answers(each, DEFAULT, strict=strict) for each in (case, one.case))
    assert any(rule.covers(before, after, one) for rule in LAWS["less_known_is_not_better"].exceptions) is covered
