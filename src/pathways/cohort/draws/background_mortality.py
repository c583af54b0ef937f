"""Keys under which the luck of a patient's life is drawn, beside the luck of the process."""

from __future__ import annotations

DAYS_A_YEAR = 365.25
EVENT = "life"
OTHER = 1  # the occurrence of the event; the other one is death of the disease
