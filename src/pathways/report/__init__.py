"""What a person reads: tables of a plan, an assessment, protocols; the page of a case.

The package offers a function of the same name, `pathways.report(case)`; as Python puts this room under that name once it is imported,
the room itself can be called and answers as the function does.
"""

from __future__ import annotations

import sys
from types import ModuleType
from typing import Any


class _Room(ModuleType):
    def __call__(self, *of: Any, **options: Any) -> str:
        from pathways.report.front import report

        return report(*of, **options)


sys.modules[__name__].__class__ = _Room
