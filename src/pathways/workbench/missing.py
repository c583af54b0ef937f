"""What hangs on what is missing: one fact after another of this patient, and who can find it out."""

from __future__ import annotations

from pathways.messages.catalogue import called
from pathways.workbench.fields import DISCIPLINES

LISTS = {"lesions": "radiology", "extrahepatic": "radiology", "history": "oncology", "liver": "radiology"}


def owner_of(item: str) -> str:
    """Who can tell a key."""
    key = item.split(", ", maxsplit=1)[0]
    for name, open_, more in DISCIPLINES:
        if key in (*open_, *more):
            return called("discipline", name)
    return called("discipline", LISTS.get(key.partition(".")[0], "surgery"))
