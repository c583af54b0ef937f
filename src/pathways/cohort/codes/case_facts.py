"""Case facts as codes: the place of a value in the domain of its fact."""

from __future__ import annotations

from pathways.process.facts import CASE_FACTS

DOMAIN = {fact.name: fact.domain for fact in CASE_FACTS}
CODE = {name: {value: code for code, value in enumerate(domain)} for name, domain in DOMAIN.items()}
YES, NO = 0, 3  # positions in the domain of yes, assumed, unknown, no
REMNANT_DOMAIN = DOMAIN["remnant_minor"]
LIKELY = (REMNANT_DOMAIN.index("likely_enough"), REMNANT_DOMAIN.index("likely_short"))
ENOUGH, SHORT = REMNANT_DOMAIN.index("enough"), REMNANT_DOMAIN.index("short")
