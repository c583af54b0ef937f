"""The English of the sentences that are made on the way: one module a room, each an id with its template.

A template is filled in by `pathways.messages.catalogue.say` with the named fields in braces, in the manner of str.format. Its id
says who speaks and what is said. Lists of names stand in one field, already joined by commas.
"""

from pathways.messages.english.conformance import CONFORMANCE
from pathways.messages.english.facts import FACTS
from pathways.messages.english.laws import LAWS
from pathways.messages.english.liver import LIVER
from pathways.messages.english.page import PAGE
from pathways.messages.english.pictures import PICTURES
from pathways.messages.english.planning import PLANNING
from pathways.messages.english.risk import RISK
from pathways.messages.english.teaching import TEACHING
from pathways.messages.english.terminal import TERMINAL
from pathways.messages.english.treatments import TREATMENTS
from pathways.messages.english.vocabulary import VOCABULARY

ROOMS = {
    "vocabulary": VOCABULARY, "liver": LIVER, "facts": FACTS, "risk": RISK, "planning": PLANNING, "conformance": CONFORMANCE,
    "laws": LAWS, "pictures": PICTURES, "terminal": TERMINAL, "teaching": TEACHING, "treatments": TREATMENTS, "page": PAGE,
}  # fmt: skip
TEMPLATES = {identity: template for room in ROOMS.values() for identity, template in room.items()}
