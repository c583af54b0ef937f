"""The words of the ward: complete against the closed vocabularies, and no word that means two things in one place."""

import random
from collections import Counter
from itertools import pairwise
from typing import get_args

import pytest
from pydantic import BaseModel

from pathways import words
from pathways.case import models
from pathways.case.course import CourseEvent
from pathways.documents.problems import same_word
from pathways.liver import anatomy
from pathways.ward import values
from pathways.ward.kinds import Kind, keys_of, lineage
from pathways.ward.table import SHARED, normal, raw_tables, table, vocabularies, vocabulary_of
from pathways.ward.understanding import named_key

RAW = raw_tables()
MODELS = {
    name: one for name, one in [*vars(models).items(), ("CourseEvent", CourseEvent)] if isinstance(one, type) and issubclass(one, BaseModel)
}  # fmt: skip
TABLES = sorted({SHARED.get(name, name) for name in vocabularies()})


def written_for(name):
    """Every text that stands in a table for a vocabulary, with what is said of it."""
    for word, several in RAW["words"].get(name, {}).items():
        yield from ((normal(one), word) for one in several)
    yield from ((normal(one), str(entry)) for one, entry in RAW["implied"].get(name, {}).items())
    yield from ((normal(one), answer) for one, answer in RAW["ambiguous"]["words"].get(name, {}).items())


def in_another_form(text, luck):
    """The same word in other capitals, with other spaces and hyphens."""
    apart = [luck.choice([" ", "-", "_", "  ", " - "]) if letter == "_" else letter for letter in text]
    return luck.choice(["", " "]) + "".join(luck.choice([str.upper, str.lower])(letter) for letter in apart)


@pytest.mark.parametrize("name", vocabularies())
def test_every_word_of_a_vocabulary_means_itself_in_whatever_form(name):
    luck = random.Random(name)
    for word in vocabularies()[name]:
        assert values.meant(name, word).word == word
        assert values.meant(name, word).beside == ()
        for _ in range(3):
            assert values.meant(name, in_another_form(word, luck)).word == word


@pytest.mark.parametrize("name", TABLES)
def test_no_word_means_two_things_in_one_place(name):
    own = [normal(word) for one in vocabularies() if SHARED.get(one, one) == name for word in vocabularies()[one]]
    listed = [written for written, _ in written_for(name)]
    twice = [word for word, times in Counter(own + listed).items() if times > 1]
    assert [word for word in twice if not (word in own and word in listed)] == []
    # A word of ours may be listed for itself: never for another one.
    for written, word in written_for(name):
        assert written not in own or normal(word) == written


def test_every_table_is_of_a_vocabulary_and_every_word_in_it_is_one_of_its_words():
    shared = {
        name: {word for one in vocabularies() if SHARED.get(one, one) == name for word in vocabularies()[one]}
        for name in TABLES
    }
    for name, entries in RAW["words"].items():
        assert set(entries) <= shared[name], name
    for name, entries in RAW["implied"].items():
        if name != "places":
            assert {entry["is"] for entry in entries.values()} <= shared[name], name
    assert set(RAW["ambiguous"]["words"]) <= set(shared)


def test_every_vocabulary_that_a_key_of_a_case_has_is_found_by_its_words():
    wanting = [
        (model, key.name)
        for model in (
            "Patient",
            "Primary",
            "Liver",
            "Lesion",
            "ExtrahepaticDisease",
            "HistoryEvent",
            "CourseEvent",
            "MeasuredRemnant",
        )
        for key in keys_of(MODELS[model]).values()
        if key.kind.what == "other"
    ]
    assert wanting == []
    assert vocabulary_of(get_args(words.Vessel)) == "Vessel"


def test_what_a_word_says_beside_its_meaning_is_said_in_our_words():
    sites = set(get_args(words.ColorectalSite))
    for name in ("Tumour", "Event"):
        for entry in RAW["implied"][name].values():
            assert set(entry.get("site_in", ())) <= sites
            beside = {key: value for key, value in entry.items() if key not in ("is", "or", "site_in")}
            if name == "Tumour":
                models.Primary(tumour=entry["is"], **beside)
                assert {beside["site"], *entry.get("or", ())} <= sites
            else:
                models.HistoryEvent(event=entry["is"], **beside)
                for closer in entry.get("or", ()):
                    models.HistoryEvent(event=entry["is"], removes=closer)


def test_a_resection_by_its_name_removes_what_the_catalogue_says():
    """Where the table and Brisbane 2000 as the planner has it name a resection alike, they mean the same segments."""
    held = 0
    for mask, name in anatomy._catalogue().items():
        found = values.meant("HistoryEventName", name)
        if found is not None:
            held += 1
            assert dict(found.beside)["removes"] == anatomy.segments_of(mask)
    assert held >= 7


def test_regions_and_parts_of_the_liver_name_the_segments_of_the_anatomy():
    assert table().places["right_posterior_section"] == anatomy.segments_of(
        anatomy.PEDICLE_TERRITORY["right_posterior_pedicle"]
    )
    assert table().places["right_anterior_section"] == anatomy.segments_of(
        anatomy.PEDICLE_TERRITORY["right_anterior_pedicle"]
    )


@pytest.mark.parametrize(
    "model", sorted({*RAW["keys"]["names"], *RAW["keys"]["flags"], *RAW["ambiguous"]["keys"], *RAW["keys"]["unread"]})
)
def test_another_name_of_a_key_is_of_a_key_that_is_there_and_no_key_itself(model):
    keys = {normal(key) for key in keys_of(MODELS[model])}
    for key, names in RAW["keys"]["names"].get(model, {}).items():
        assert normal(key) in keys
        assert not {normal(name) for name in names} & keys
    for flag, meant in RAW["keys"]["flags"].get(model, {}).items():
        ((key, word),) = meant.items()
        assert values.meant(keys_of(MODELS[model])[key].kind.vocabulary, word).word == word
        assert flag not in keys
    # A key that gets a rule is no longer answered with "no rule reads it".
    assert (
        not {normal(key) for key in (*RAW["ambiguous"]["keys"].get(model, ()), *RAW["keys"]["unread"].get(model, ()))}
        & keys
    )


def test_a_name_without_its_unit_means_one_key_only():
    for model in MODELS.values():
        named = [normal(name) for of in lineage(model) for key, names in RAW["keys"]["names"].get(of, {}).items() for name in names
                 if normal(name) in table().bare or not keys_of(model)[key].kind.units]  # fmt: skip
        assert [name for name, times in Counter(named).items() if times > 1] == []


@pytest.mark.parametrize(
    ("model", "key", "value", "meant"),
    [
        ("Lesion", "size_cm", 3.5, ("size_mm", 10)), ("Lesion", "diameter", "3.5 cm", ("size_mm", None)), ("Lesion", "size", 35, None),
        ("Lesion", "size", "35", None), ("Lesion", "length_mm", 35, None), ("Patient", "height_m", 1.78, ("height_cm", 100)),
        ("Patient", "height", 178, None), ("Patient", "age", 58, ("age_years", None)), ("Liver", "bilirubin_mg_dl", 1, ("bilirubin_umol_per_l", 17.104)),
        ("Liver", "albumin_g_per_dl", 4, ("albumin_g_per_l", 10)), ("Liver", "bilirubin", 1, None), ("MeasuredRemnant", "flr_percent", 31, ("fraction", 0.01)),
        ("MeasuredRemnant", "flr_ml", 470, ("ml", 1)), ("MeasuredRemnant", "flr", "31 %", ("fraction", None)), ("MeasuredRemnant", "flr", 0.31, None),
        ("Primary", "mss", True, ("mismatch_repair", None)), ("Primary", "mss", False, None), ("HistoryEvent", "end_week", -2, ("until_week", None)),
    ],
)  # fmt: skip
def test_a_key_is_known_by_another_name_with_its_unit_and_by_nothing_else(model, key, value, meant):
    found = named_key(MODELS[model], key, value)
    assert (found and (found.key.name, found.factor)) == meant


@pytest.mark.parametrize(
    ("text", "segments"),
    [
        ("S8", (8,)), ("VIII", (8,)), ("seg. 4b", ("4b",)), ("IVa", ("4a",)), ("S4", (4,)), ("IVa and IVb", ("4a", "4b")), ("segment 6", (6,)), ("5-8", (5, 6, 7, 8)), ("V–VIII", (5, 6, 7, 8)),
        ("II/III", (2, 3)), ("5, 6 and 7", (5, 6, 7)), ("5;6", (5, 6)), ("S5+S8", (5, 8)), ("6 7", (6, 7)), ("right liver", ("right_liver",)),
        ("right posterior section", (6, 7)), ("right liver, 4", ("right_liver", 4)), ("IX", None), ("0", None), ("6a", None), ("8-5", None),
        ("left lobe", None), ("right lobe", None), ("S", None), ("", None), ("liver", None), ("5-9", None), ("58", None), ("x" * 300, None),
    ],
)  # fmt: skip
def test_a_segment_in_a_text(text, segments):
    assert values.places(text, "Region") == segments


@pytest.mark.parametrize(
    ("text", "unit", "number"),
    [
        ("3.5 cm", "mm", 35), ("3.5cm", "mm", 35), ("35 MM", "mm", 35), ("1480 ml", "ml", 1480), ("1.48 l", "ml", 1480), ("30 %", "fraction", 0.3),
        ("18 months", "months", 18), ("1.5 years", "months", 18), ("85 µg/l", "ng_per_ml", 85), ("-14", "week", -14), ("3,5 cm", "mm", 35),
        ("0,125", "fraction", 0.125), ("14 weeks ago", "week", -14), ("1 week ago", "until_week", -1), ("3 months ago", "week", None),
        ("1,480", "ml", None), ("1,480 ml", "ml", None), ("3 pints", "ml", None), ("several", "mm", None), ("4-6", "week", None), ("1e3", "ml", None), ("nan", "mm", None),
    ],
)  # fmt: skip
def test_a_number_with_its_unit(text, unit, number):
    assert values.number(text, Kind("number", units=(unit,))) == number


def test_a_number_has_the_units_of_its_own_key_and_no_others():
    units = {
        key.name: key.kind.units
        for model in MODELS.values()
        for key in keys_of(model).values()
        if key.kind.what == "number"
    }
    assert units["cea_ng_per_ml"] == ("ng_per_ml",)
    assert units["bilirubin_umol_per_l"] == ("bilirubin_umol_per_l", "umol_per_l")
    assert units["size_mm"] == ("mm",)
    assert units["count"] == units["inr"] == units["ecog"] == ()
    wrong = {
        "cea_ng_per_ml": "80 ml",
        "size_mm": "35 kg",
        "age_years": "3 months",
        "count": "3 cm",
        "albumin_g_per_l": "4 mg/dl",
    }
    for key, value in wrong.items():
        assert values.number(value, Kind("number", units=units[key])) is None


@pytest.mark.parametrize(
    "text", ["G12D", "KRAS G12V", "p.G13D", "NRAS Q61K", "KRAS p.A146T"],
)  # fmt: skip
def test_a_mutation_by_its_name_is_one(text):
    assert values.meant("Ras", text).word == "mutated"


OPPOSITES = [
    ("progression", "regression"), ("resected", "resectable"), ("in_situ", "in_vivo"), ("normal", "abnormal"), ("synchronous", "asynchronous"),
    ("resectable", "unresectable"), ("r0_resectable", "r0_unresectable"), ("progression", "PR"), ("stable", "unstable"), ("alpps_stage_1", "alpps_stage_2"),
    ("icg_r15_percent", "flr_percent"), ("site", "side"), ("site", "stage"), ("week", "end_week"), ("left_liver", "right_liver"), ("minor", "major"),
    ("r0", "r1"), ("ct", "pt"), ("complete", "incomplete"), ("deficient", "sufficient"), ("proficient", "deficient"), ("portal_nodes", "pelvic_nodes"),
    ("right_anterior_pedicle", "right_posterior_pedicle"), ("measured", "unmeasured"), ("confirmed", "unconfirmed"), ("primary_first", "primary_last"),
]  # fmt: skip


@pytest.mark.parametrize(("word", "other"), OPPOSITES)
def test_a_suggestion_never_changes_a_meaning(word, other):
    assert same_word(other, [word]) == ""


@pytest.mark.parametrize(
    ("written", "word"),
    [
        ("femal", "female"), ("rigth_liver", "right_liver"), ("chemoterapy", "chemotherapy"), ("agee_years", "age_years"), ("Segment", "segments"),
        ("metachronus", "metachronous"), ("alps", "alpps"), ("cirhosis", "cirrhosis"), ("size", "size_mm"),
    ],
)  # fmt: skip
def test_a_slip_of_the_pen_is_suggested(written, word):
    assert same_word(written, [word, "something_else"]) == f'; did you mean "{word}"?'


def test_what_may_be_cut_short_of_several_words_is_none_of_them():
    assert same_word("right", ["right_hepatic_vein", "right_portal_pedicle"]) == ""


def test_no_word_of_a_vocabulary_is_suggested_for_another_of_the_same():
    for members in vocabularies().values():
        for one, other in [*pairwise(members), *pairwise(reversed(members))]:
            hint = same_word(one, [other])
            assert hint == "" or one in other.split("_") or other.startswith(one), (one, other)
