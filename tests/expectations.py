"""Wrong inputs as files: the first line of each says where the complaint must point and which words it must hold.

    # expect: LINE:COLUMN: key: words | more words

The key is left out where the complaint is about the file as a whole. All words must stand in one complaint.
"""

import re

import pytest

from pathways.documents.problems import DocumentError

EXPECTATION = re.compile(r"# expect: (\d+):(\d+): (?:([^\s:]+): )?(.+)")


def files(folder):
    return sorted(folder.glob("*.yaml"))


def named(path):
    return path.stem


def expectation(path):
    """Line, column and key, then the words that the first line of the file asks for."""
    line, column, key, words = EXPECTATION.fullmatch(path.read_text(encoding="utf-8").splitlines()[0]).groups()
    return (int(line), int(column), key or ""), words.split(" | ")


def problems_in(path, load):
    """What `load` complains about in the file at `path`; the test fails where it does not complain."""
    with pytest.raises(DocumentError) as refusal:
        load(path)
    return refusal.value.problems


def answers_well(path, load):
    """Whether one complaint has the place, the key and every word that are asked for."""
    place, words = expectation(path)
    answers = [one.message for one in problems_in(path, load) if (one.line, one.column, one.key) == place]
    return any(all(word in answer for word in words) for answer in answers)
