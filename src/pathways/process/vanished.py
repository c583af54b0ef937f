"""Sites of lesions that vanished under chemotherapy: taken along with the resection, or watched under a named policy."""

from __future__ import annotations

from pathways.process.guards import LIVER_CLEARED, LIVER_UNTOUCHED, NO_STIMULUS, becomes, holds, live
from pathways.process.model import BY_SITUATION, Guard, Tag, Trigger, Value
from pathways.process.phases import SITUATIONS

SOURCES = ("benoist_2006", "dlm_imaging_2023", "dlm_review_2020")
WATCHING = (
    "residual disease in {residual_at_vanished_site_ct:.0%} of sites that vanished on CT; "
    "{regrowth_at_watched_site_mri:.0%} of those staged by MRI grew again when watched"
)
SITES_LEFT = live(
    "sites",
    "present",
    rule="complete_clearance",
    because="no vanished site is left to decide about",
    closes="does_not_apply",
)

TRIGGERS = (
    Trigger(
        name="watch_vanished_sites",
        kind="decision",
        title="Mark the sites of vanished lesions and watch them by MRI every three months",
        acts=("surveillance",),
        short="watch the vanished sites",
        annotation=WATCHING,
        phases=SITUATIONS,
        to=BY_SITUATION,
        raises="sites",
        guards=(
            LIVER_UNTOUCHED,
            NO_STIMULUS,
            SITES_LEFT,
            holds("policy_watch_sites", "policy"),
            Guard(
                "only_vanished", frozenset[Value]({"no"}), "all_lesions_treatable", "nothing else is left in the liver"
            ),
        ),
        effects=(becomes("sites", "watched"),),
        tags=(Tag("surveillance"),),
        sources=SOURCES,
    ),
    Trigger(
        name="watch_after_complete_response",
        kind="decision",
        title="Every lesion has vanished: watch the liver by MRI every three months",
        acts=("surveillance",),
        short="watch the liver",
        annotation=WATCHING,
        phases=SITUATIONS,
        to=BY_SITUATION,
        raises="sites",
        guards=(
            LIVER_UNTOUCHED,
            NO_STIMULUS,
            SITES_LEFT,
            holds("policy_watch_sites", "policy"),
            Guard("only_vanished", frozenset[Value]({"yes"}), "all_lesions_treatable", "a lesion is still to be seen"),
        ),
        effects=(becomes("sites", "watched"), *LIVER_CLEARED),
        tags=(Tag("surveillance"),),
        sources=SOURCES,
    ),
)
