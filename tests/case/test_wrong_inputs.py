"""One file per mistake; its first line says where and with which words the product must answer."""

import re
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pathways.case.loading import load_case, parse_case
from pathways.case.models import Case
from pathways.documents.problems import DocumentError

WRONG = sorted((Path(__file__).parent / "wrong").glob("*.yaml"))


def problems_in(path):
    with pytest.raises(DocumentError) as refusal:
        load_case(path)
    return refusal.value.problems


@pytest.mark.parametrize("path", WRONG, ids=lambda path: path.stem)
def test_a_mistake_is_answered_at_its_place_in_words_that_help(path):
    expected = path.read_text(encoding="utf-8").splitlines()[0].removeprefix("# expect: ")
    place, rest = re.fullmatch(r"(\d+:\d+): (.*)", expected).groups()
    found = [str(problem).removeprefix(f"{path}:") for problem in problems_in(path)]
    words = rest.split(" | ")
    assert any(line.startswith(f"{place}: {words[0].split(': ')[0]}") for line in found), found
    for word in words:
        assert any(word.split(": ", 1)[-1] in line for line in found), found


def test_a_file_that_is_not_there_is_said_without_a_traceback(tmp_path):
    assert "cannot be read: no such file" in str(problems_in(tmp_path / "nothing.yaml")[0])


def test_a_folder_is_no_case(tmp_path):
    assert "cannot be read" in str(problems_in(tmp_path)[0])


def test_a_file_over_one_mebibyte_is_refused(tmp_path):
    file = tmp_path / "large.yaml"
    file.write_text("#" + "x" * (1024 * 1024))
    assert "larger than 1 MiB" in str(problems_in(file)[0])


def test_bytes_that_are_no_text_are_placed(tmp_path):
    file = tmp_path / "bytes.yaml"
    file.write_bytes(b"schema: 1\nid: \xff\n")
    assert str(problems_in(file)[0]).startswith(f"{file}:2:5: byte 0xff is not UTF-8")


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
