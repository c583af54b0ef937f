"""The tables of the ward as they are shown: for the page of words, for editors, for the questions of a new case."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from pydantic import BaseModel

from pathways.ward.kinds import keys_of, lineage
from pathways.ward.table import SHARED, raw_tables, vocabularies


@lru_cache(maxsize=1024)
def also_written(vocabulary: str, word: str) -> tuple[str, ...]:
    """What is also written for a word of a vocabulary, as the table has it."""
    tables = [raw_tables()["words"].get(SHARED.get(name, name), {}) for name in vocabulary.split("|")]
    return tuple(written for one in tables for written in one.get(word, ()))


def words_of(vocabulary: str) -> tuple[str, ...]:
    """The words of a vocabulary, or of several."""
    return tuple(word for name in vocabulary.split("|") for word in vocabularies()[name])


def says_more(vocabulary: str) -> dict[str, dict[str, Any]]:
    """The words of a vocabulary that say something beside it, as the table has them."""
    found: dict[str, dict[str, Any]] = {}
    for name in vocabulary.split("|"):
        found |= raw_tables()["implied"].get(SHARED.get(name, name), {})
    return found


def is_asked_for(vocabulary: str) -> dict[str, str]:
    """The words that are not guessed, and what is said of them."""
    found: dict[str, str] = {}
    for name in vocabulary.split("|"):
        found |= raw_tables()["ambiguous"]["words"].get(SHARED.get(name, name), {})
    return found


def other_names(model: type[BaseModel]) -> dict[str, tuple[str, ...]]:
    """The keys of a model with other names, flags that stand for a word of them included."""
    found: dict[str, list[str]] = {}
    for of in lineage(model):
        for key, names in raw_tables()["keys"]["names"].get(of, {}).items():
            if key in keys_of(model):
                found.setdefault(key, []).extend(names)
        for flag, meant in raw_tables()["keys"]["flags"].get(of, {}).items():
            ((key, word),) = meant.items()
            found.setdefault(key, []).append(f"{flag}: true ({word})")
    return {key: tuple(names) for key, names in found.items()}


def answers_to_keys(model: type[BaseModel]) -> dict[str, str]:
    """Keys that are not ours, and what is said of them; those that no rule reads are accepted."""
    keys = raw_tables()["keys"]["unread"]
    found: dict[str, str] = {}
    for of in lineage(model):
        found |= raw_tables()["ambiguous"]["keys"].get(of, {})
        found |= dict.fromkeys(keys.get(of, ()), "accepted, and said to be read by no rule")
    return found
