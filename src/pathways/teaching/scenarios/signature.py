"""A review as a signature over the content of a scenario: who, in which role, of what, when; it lapses when the content changes."""

from __future__ import annotations

import hashlib
import json

from pathways.messages.catalogue import say
from pathways.teaching.scenarios.model import Scenario

SIGNED = ("reviewed_by", "reviewed_as", "reviewed_scope", "reviewed_on", "reviewed_content")
LETTERS_OF_THE_MARK = 16


def mark_of(scenario: Scenario) -> str:
    """A mark over everything a learner reads or that decides it; nothing of the review itself."""
    plain = scenario.model_dump(mode="json", by_alias=True, exclude_none=True, exclude=set(SIGNED))
    text = json.dumps(plain, sort_keys=True, ensure_ascii=False)
    return hashlib.sha256(text.encode("utf-8")).hexdigest()[:LETTERS_OF_THE_MARK]


def lapsed(scenario: Scenario) -> bool:
    """Whether the scenario was reviewed as another text than it is now."""
    return scenario.reviewed_by is not None and scenario.reviewed_content != mark_of(scenario)


def reviewed_words(scenario: Scenario) -> str:
    """Who has reviewed the scenario as it stands."""
    if scenario.reviewed_by is None:
        return say("review.nobody")
    if lapsed(scenario):
        return say("review.lapsed", by=scenario.reviewed_by, on=scenario.reviewed_on)
    role = "" if scenario.reviewed_as is None else f" ({scenario.reviewed_as})"
    scope = "" if scenario.reviewed_scope is None else f": {scenario.reviewed_scope}"
    return say("review.done", by=scenario.reviewed_by, role=role, on=scenario.reviewed_on, scope=scope)


def signed_text(text: str, scenario: Scenario, *, by: str, role: str, scope: str, on: str) -> str:
    """The text of the file of `scenario` with the signature in it, beside the seed; the rest stays as it was written."""
    values = (by, role, scope, on, mark_of(scenario))
    signature = [f"{key}: {json.dumps(value, ensure_ascii=False)}" for key, value in zip(SIGNED, values, strict=True)]
    kept = [line for line in text.splitlines() if not line.startswith(tuple(f"{key}:" for key in SIGNED))]
    place = next((index for index, line in enumerate(kept) if line.startswith("seed:")), len(kept) - 1)
    return "\n".join([*kept[: place + 1], *signature, *kept[place + 1 :]]) + "\n"
