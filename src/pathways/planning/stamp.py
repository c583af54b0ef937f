"""What a saved plan carries of the knowledge it stands on: figures and settings with their values, and one mark of all of them.

So a plan that is opened later can be held against a newer version: which figure has been changed since, and whether any has.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from typing import Any

from pathways.knowledge.model import Parameter, Protocol

MARK_LENGTH = 16


def stamp(parameters: Mapping[str, Parameter], protocol: Protocol) -> dict[str, Any]:
    """The mark of all figures and settings with their spreads, and the value of each."""
    return {
        "hash": mark_of(parameters, protocol),
        "values": {name: _plain(one.value) for name, one in sorted(parameters.items())},
        "settings": {key: _plain(one.value) for key, one in sorted(protocol.settings.items())},
    }


def mark_of(parameters: Mapping[str, Parameter], protocol: Protocol) -> str:
    """The same for the same figures, spreads and settings; another when any of them is another."""
    told = {
        "figures": {name: [one.value, one.unit, dict(one.distribution)] for name, one in sorted(parameters.items())},
        "settings": {key: one.value for key, one in sorted(protocol.settings.items())},
    }
    text = json.dumps(told, sort_keys=True, default=_plain)
    return hashlib.sha256(text.encode("utf-8")).hexdigest()[:MARK_LENGTH]


def _plain(value: Any) -> Any:
    return list(value) if isinstance(value, tuple) else dict(value) if isinstance(value, Mapping) else value
