"""The version that a file says it is written in."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BeforeValidator
from pydantic_core import PydanticCustomError


def _no_truth(value: object) -> object:
    """Python holds true and 1.0 for 1; a file does not."""
    if isinstance(value, (bool, float)):
        raise PydanticCustomError("literal_error", "not the number 1", {"expected": "1"})
    return value


FormatVersion = Annotated[Literal[1], BeforeValidator(_no_truth)]
