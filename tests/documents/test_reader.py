import json
import math

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pathways.documents.problems import DocumentError
from pathways.documents.reader import DEPTH_LIMIT, MOST_REPEATED, SIZE_LIMIT, Document, read_file, read_text, spelled

CASE = """\
id: a
lesions:
  - segments: [8]
    size_mm: 30
  - {segments: [2, 3]}
"""


def refusal(text):
    with pytest.raises(DocumentError) as raised:
        read_text(text, "x.yaml")
    return raised.value.problems[0]


def refused_file(tmp_path, content):
    file = tmp_path / "x.yaml"
    file.write_bytes(content)
    with pytest.raises(DocumentError) as raised:
        read_file(file)
    return raised.value.problems[0]


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("12", 12),
        ("-12", -12),
        ("012", 12),
        ("0x1F", 31),
        ("1.5", 1.5),
        ("1e3", 1000.0),
        ("-.5", -0.5),
        ("true", True),
        ("False", False),
        ("null", None),
        ("~", None),
        ("", None),
        ("word", "word"),
        ("'12'", "12"),
        ('"true"', "true"),
        ("2024-05-01", "2024-05-01"),
        ("12:30", "12:30"),
        ("30 %", "30 %"),
        ("1,480", "1,480"),
    ],
)
def test_a_value_is_read_as_it_is_written(written, read):
    value = read_text(f"key: {written}").value["key"]
    assert (value, type(value)) == (read, type(read))


@pytest.mark.parametrize("word", ["yes", "no", "on", "off", "y", "N", "Yes"])
def test_words_that_older_yaml_takes_for_truth_stay_words(word):
    assert read_text(f"key: {word}").value == {"key": word}


@pytest.mark.parametrize("key", ["2", "true", "null", "1.5", "2024-05-01"])
def test_a_key_is_always_text(key):
    assert read_text(f"{key}: x").value == {key: "x"}


def test_a_list_is_read_as_a_tuple_that_nobody_can_change():
    assert read_text("key: [1, [2, 3]]").value == {"key": (1, (2, 3))}


@pytest.mark.parametrize(
    ("path", "place"),
    [
        ((), (1, 1)),
        (("id",), (1, 5)),
        (("lesions",), (3, 3)),
        (("lesions", 0), (3, 5)),
        (("lesions", 0, "segments", 0), (3, 16)),
        (("lesions", 0, "size_mm"), (4, 14)),
        (("lesions", 1, "segments", 1), (5, 20)),
    ],
)
def test_every_value_remembers_its_line_and_column(path, place):
    assert read_text(CASE).value_places[path] == place


@pytest.mark.parametrize(
    ("path", "place"),
    [(("lesions",), (2, 1)), (("lesions", 0, "size_mm"), (4, 5)), (("lesions", 1, "segments"), (5, 6))],
)
def test_every_key_remembers_its_line_and_column(path, place):
    assert read_text(CASE).key_places[path] == place


def test_a_problem_points_at_the_value():
    problem = read_text(CASE, "x.yaml").problem(("lesions", 0, "size_mm"), "too large")
    assert str(problem) == "x.yaml:4:14: lesions[0].size_mm: too large"


def test_a_problem_with_a_key_points_at_the_key():
    problem = read_text(CASE).problem(("lesions", 0, "size_mm"), "unknown", at_key=True)
    assert (problem.line, problem.column) == (4, 5)


def test_a_problem_with_what_is_absent_points_at_what_should_hold_it():
    problem = read_text(CASE).problem(("lesions", 1, "depth"), "is missing")
    assert (problem.line, problem.column, problem.key) == (5, 5, "lesions[1].depth")


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ((), ""),
        (("id",), "id"),
        (("lesions", 0), "lesions[0]"),
        (("lesions", 10, "segments", 2), "lesions[10].segments[2]"),
        (("liver", "segments_ml", "2"), "liver.segments_ml.2"),
    ],
)
def test_a_path_is_spelled_as_one_would_say_it(path, text):
    assert spelled(path) == text


def test_one_key_may_stand_in_two_places():
    assert read_text("a: {id: 1}\nb: {id: 2}").value == {"a": {"id": 1}, "b": {"id": 2}}


def test_a_key_that_stands_twice_names_its_first_line():
    problem = refusal("a:\n  id: 1\n  x: 2\n  id: 3\n")
    assert (problem.line, problem.column, problem.key) == (4, 3, "a.id")
    assert "line 2" in problem.message


def test_every_duplicate_is_told_in_one_go():
    with pytest.raises(DocumentError) as raised:
        read_text("a: 1\na: 2\nb: .nan\na: 3\n")
    assert [(one.line, one.key) for one in raised.value.problems] == [(2, "a"), (3, "b"), (4, "a")]


@pytest.mark.parametrize("text", ["&a [*a]", "a: &a {b: *a}", "a: &a {b: {c: [*a]}}"])
def test_an_alias_inside_itself_is_refused(text):
    assert "stands inside what it names" in refusal(text).message


def test_an_alias_stands_for_the_value_it_names():
    assert read_text("a: &x [1, {b: 2}]\nc: *x\nd: [*x, *x]").value == {
        "a": (1, {"b": 2}), "c": (1, {"b": 2}), "d": ((1, {"b": 2}), (1, {"b": 2})),
    }  # fmt: skip
    assert read_text("&k id: &v 1\nother: *v").value == {"id": 1, "other": 1}


def test_a_mistake_behind_an_alias_is_told_where_the_value_is_written():
    with pytest.raises(DocumentError) as raised:
        read_text("a: &x {b: .nan}\nc: *x\n")
    assert {(one.line, one.column, one.key) for one in raised.value.problems} == {(1, 11, "a.b"), (1, 11, "c.b")}


@pytest.mark.parametrize("text", ["a: &x !!set {b}", "a: &x !!str 5", "a: &x !thing [1]"])
def test_a_tag_behind_an_anchor_is_refused_like_any_other(text):
    assert "the tag" in refusal(text).message


def test_what_a_common_writer_of_yaml_makes_of_one_value_in_two_places_is_read_as_meant():
    yaml = pytest.importorskip("yaml")
    shared = {"segments": [6, 7], "size_mm": 30.0}
    written = {"lesions": [shared, {**shared, "id": "B"}, shared], "segments": shared["segments"]}
    assert "*id001" in yaml.safe_dump(written)
    assert read_text(yaml.safe_dump(written)).value == {
        "lesions": (
            {"segments": (6, 7), "size_mm": 30.0}, {"segments": (6, 7), "size_mm": 30.0, "id": "B"}, {"segments": (6, 7), "size_mm": 30.0},
        ),
        "segments": (6, 7),
    }  # fmt: skip


def test_aliases_repeat_as_many_values_as_a_file_may_need_and_no_more():
    most = read_text("a: &a 1\nb: [" + ", ".join(["*a"] * MOST_REPEATED) + "]")
    assert len(most.value["b"]) == MOST_REPEATED
    assert (
        "aliases repeat more than" in refusal("a: &a 1\nb: [" + ", ".join(["*a"] * (MOST_REPEATED + 1)) + "]").message
    )


def test_a_billion_laughs_is_refused_at_once_and_in_few_words():
    levels = "".join(f"k{one}: &k{one} [{', '.join([f'*k{one - 1}'] * 9)}]\n" for one in range(1, 10))
    with pytest.raises(DocumentError) as raised:
        read_text("k0: &k0 ha\n" + levels)
    assert len(str(raised.value)) < 3000
    assert "aliases repeat more than" in str(raised.value)


def test_nesting_is_accepted_up_to_the_limit_and_refused_beyond():
    assert read_text("[" * DEPTH_LIMIT + "]" * DEPTH_LIMIT)
    assert f"deeper than {DEPTH_LIMIT}" in refusal("[" * (DEPTH_LIMIT + 2) + "]" * (DEPTH_LIMIT + 2)).message


def test_nesting_beyond_what_python_can_follow_is_refused_too():
    assert f"deeper than {DEPTH_LIMIT}" in refusal("[" * 50_000).message


@pytest.mark.parametrize("number", [".inf", "-.inf", ".nan", ".NaN", "1e999", "-1e999"])
def test_a_number_is_finite(number):
    assert "is not a finite number" in refusal(f"key: {number}").message


def test_a_whole_number_has_at_most_twenty_digits():
    assert read_text("key: " + "9" * 20).value["key"] == 10**20 - 1
    assert "is not a number that can be used" in refusal("key: " + "9" * 21).message


@pytest.mark.parametrize("text", ["", "\n\n", "# only a remark\n", "\ufeff"])
def test_an_empty_file_says_how_a_case_begins(text):
    assert refusal(text).message == "the file is empty; the smallest case starts with schema: 1"


@pytest.mark.parametrize("tag", ["!x", "!!binary", "!!python/object:os.system", "!!python/name:os.system", "!<tag:x>"])
def test_a_tagged_value_is_refused(tag):
    assert refusal(f"key: {tag} abc").message.startswith("the tag ")


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("a: [1", (1, 6)),
        ("a: 1\nb: 'x\n", (3, 1)),
        ("a: 1\n  b: 2\n", (2, 4)),
        ("a: b: c\n", (1, 5)),
        ("a: }\n", (1, 4)),
    ],
)
def test_what_is_no_yaml_is_placed(text, place):
    problem = refusal(text)
    assert problem.message.startswith("not valid YAML: ")
    assert (problem.line, problem.column) == place


@pytest.mark.parametrize("ending", ["\n", "\r\n", "\r"])
def test_lines_are_counted_whatever_ends_them(tmp_path, ending):
    file = tmp_path / "x.yaml"
    file.write_bytes(f"a: 1{ending}b: 2{ending}c: 3{ending}".encode())
    assert read_file(file).key_places[("c",)] == (3, 1)


def test_a_byte_order_mark_is_no_part_of_the_text(tmp_path):
    file = tmp_path / "x.yaml"
    file.write_bytes("id: ä\n".encode("utf-8-sig"))
    document = read_file(file)
    assert (document.value, document.key_places[("id",)]) == ({"id": "ä"}, (1, 1))


def test_the_file_is_named_as_it_was_given(tmp_path):
    file = tmp_path / "x.yaml"
    file.write_text("id: a")
    assert read_file(str(file)).file == str(file)


@pytest.mark.parametrize(
    ("content", "place"),
    [
        (b"\xff\xfei\x00d\x00", (1, 1)),
        (b"id: caf\xe9\n", (1, 8)),
        (b"a: 1\nb: 2\nc: \x80\n", (3, 4)),
        ("id: ä".encode("latin-1"), (1, 5)),
        (bytes(range(128, 256)) * 20, (1, 1)),
    ],
)
def test_bytes_that_are_no_utf_8_are_placed(tmp_path, content, place):
    problem = refused_file(tmp_path, content)
    assert "is not UTF-8 text; save the file as UTF-8" in problem.message
    assert (problem.line, problem.column) == place


def test_binary_garbage_is_no_yaml(tmp_path):
    assert refused_file(tmp_path, bytes(range(32)) * 10).message.startswith("not valid YAML: ")


def test_a_file_of_one_mebibyte_is_read_and_one_byte_more_is_not(tmp_path):
    file = tmp_path / "x.yaml"
    file.write_bytes(b"a: 1\n#" + b"x" * (SIZE_LIMIT - 6))
    assert read_file(file).value == {"a": 1}
    assert "larger than 1 MiB" in refused_file(tmp_path, b"a: 1\n#" + b"x" * (SIZE_LIMIT - 5)).message


@pytest.mark.parametrize("name", ["nothing.yaml", ".", "x" * 300, "nothing/x.yaml"])
def test_what_cannot_be_opened_is_said_with_its_name(tmp_path, name):
    with pytest.raises(DocumentError) as raised:
        read_file(tmp_path / name)
    assert str(raised.value).startswith(f"{tmp_path / name}:1:1: cannot be read: ")


def test_a_name_with_a_null_byte_is_no_file_name():
    with pytest.raises(DocumentError, match="is no file name"):
        read_file("a\0b.yaml")


TEXT = st.text(st.characters(codec="utf-8", categories=("L", "N", "P", "S", "Zs")), max_size=12)
SCALARS = (
    st.none() | st.booleans() | st.integers(-(10**18), 10**18) | st.floats(allow_nan=False, allow_infinity=False) | TEXT
)
VALUES = st.recursive(
    SCALARS, lambda one: st.lists(one, max_size=3) | st.dictionaries(TEXT, one, max_size=3), max_leaves=8
)


def frozen(value):
    """`value` with tuples in the place of lists, as documents have them."""
    if isinstance(value, list):
        return tuple(frozen(one) for one in value)
    return {key: frozen(one) for key, one in value.items()} if isinstance(value, dict) else value


@given(VALUES)
@settings(max_examples=150, deadline=None, derandomize=True)
def test_json_is_read_as_json_means_it(value):
    assert read_text(json.dumps({"key": value}, ensure_ascii=False)).value == frozen({"key": value})


@given(VALUES)
@settings(max_examples=100, deadline=None, derandomize=True)
def test_every_part_of_a_document_has_a_place_inside_it(value):
    text = json.dumps({"key": value}, ensure_ascii=False, indent=1)
    lines = text.split("\n")
    for line, column in read_text(text).value_places.values():
        assert 1 <= column <= len(lines[line - 1])


@given(st.text(max_size=60))
@settings(max_examples=150, deadline=None, derandomize=True)
def test_any_text_gives_a_document_or_a_document_error(text):
    try:
        assert isinstance(read_text(text), Document)
    except DocumentError as error:
        assert all(one.line >= 1 and one.column >= 1 and one.message for one in error.problems)


@given(st.floats(allow_nan=False, allow_infinity=False))
@settings(max_examples=100, deadline=None, derandomize=True)
def test_a_number_loses_nothing(number):
    assert math.isclose(read_text(f"key: {number!r}").value["key"], number, rel_tol=0)


def test_an_escaped_character_beyond_the_basic_plane_is_one_character():
    assert read_text(json.dumps({"key": "\U0001f600"})).value == {"key": "\U0001f600"}


def test_a_value_tagged_as_nothing_is_refused():
    assert "tag" in refusal("key: !!null 30").message


def test_an_older_version_of_yaml_is_refused():
    assert "YAML" in refusal("%YAML 1.1\n---\nkey: 0777\n").message
