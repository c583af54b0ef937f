"""One file per mistake; its first line says where and with which words the product must answer.

`wrong` holds cases, `wrong_courses` holds courses.
"""

from pathlib import Path

import pytest
from expectations import answers_well, files, named, problems_in
from hypothesis import given, settings
from hypothesis import strategies as st

from pathways.case.loading import load_case, load_course, parse_case
from pathways.case.models import Case
from pathways.documents.problems import DocumentError

HERE = Path(__file__).parent
WRONG = files(HERE / "wrong")

# One mistake in these breaks more than one rule: the key meant is missing, the alias stands in many places.
ANSWERED_TWICE = {
    "all_removed_by_history", "billion_laughs", "everything_removed", "mistyped_schema", "unknown_key_in_extrahepatic", "unknown_key_in_primary",
}  # fmt: skip


@pytest.mark.parametrize("path", WRONG, ids=named)
def test_one_complaint_has_the_place_the_key_and_every_word(path):
    assert answers_well(path, load_case), problems_in(path, load_case)


@pytest.mark.parametrize("path", [path for path in WRONG if path.stem not in ANSWERED_TWICE], ids=named)
def test_one_mistake_gets_one_complaint(path):
    assert len(problems_in(path, load_case)) == 1


@pytest.mark.parametrize("path", WRONG, ids=named)
def test_a_complaint_begins_with_the_place_an_editor_can_jump_to(path):
    first = problems_in(path, load_case)[0]
    assert str(first).startswith(f"{path}:{first.line}:{first.column}: ")


@pytest.mark.parametrize("path", files(HERE / "wrong_courses"), ids=named)
def test_a_mistake_in_a_course_is_answered_at_its_place(path):
    assert answers_well(path, load_course), problems_in(path, load_course)


def test_a_file_that_is_not_there_is_said_without_a_traceback(tmp_path):
    assert "cannot be read: no such file" in str(problems_in(tmp_path / "nothing.yaml", load_case)[0])


def test_a_folder_is_no_case(tmp_path):
    assert "cannot be read" in str(problems_in(tmp_path, load_case)[0])


def test_a_file_over_one_mebibyte_is_refused(tmp_path):
    file = tmp_path / "large.yaml"
    file.write_text("#" + "x" * (1024 * 1024))
    assert "larger than 1 MiB" in str(problems_in(file, load_case)[0])


def test_bytes_that_are_no_text_are_placed(tmp_path):
    file = tmp_path / "bytes.yaml"
    file.write_bytes(b"schema: 1\nid: \xff\n")
    assert str(problems_in(file, load_case)[0]).startswith(f"{file}:2:5: byte 0xff is not UTF-8")


@given(st.binary(max_size=400))
@settings(max_examples=150, deadline=None, derandomize=True)
def test_any_bytes_give_a_case_or_a_clear_error(tmp_path_factory, content):
    file = tmp_path_factory.getbasetemp() / "drawn.yaml"
    file.write_bytes(content)
    try:
        assert isinstance(load_case(file), Case)
    except DocumentError as error:
        assert all(problem.line >= 1 and problem.column >= 1 and problem.message for problem in error.problems)


YAML_BITS = st.lists(
    st.sampled_from(list("[]{}:,-&*!|>'\"#%@` \n\t?a1") + ["schema: 1", "lesions:", "\n  "]), max_size=60
)


@given(YAML_BITS)
@settings(max_examples=300, deadline=None, derandomize=True)
def test_any_text_gives_a_case_or_a_clear_error(bits):
    try:
        assert isinstance(parse_case("".join(bits)), Case)
    except DocumentError as error:
        assert str(error)
