"""What stands in and beside pictures, maps, pages and cards of a plan."""

from collections.abc import Mapping

PICTURES: Mapping[str, str] = {
    # --- the map of pathways: answers to a question ---
    "map.with": "{families}",
    "map.without": "none",
    "map.to_clear": "to clear the liver",
    "map.remnant_enough": "volumetry finds the remnant large enough",
    "map.primary": "resection of the primary",
    "map.heading": "{case} under {protocol}: {pathways}",
    "map.pathway": "one pathway",
    "map.pathways": "{number} pathways",
    "map.cleared_some": "{cleared} with the liver cleared at the end",
    "map.cleared_none": "none with the liver cleared at the end",
    "map.share_all": "All take",
    "map.share_cleared": "All that clear the liver",
    "map.part": "They part over (number of pathways, and the chance that they clear the liver)",
    "map.option": "{answer} {pathways}",
    "map.option_cleared": "{answer} {pathways} ({low:.0%} to {high:.0%})",
    "map.option_one_chance": "{answer} {pathways} ({low:.0%})",
    "map.closes": "{step}: then no more {families}",
    "map.no_return": "No way back (at the first parting)",
    "map.tree": "Step by step ([ ]: no way back; right: pathways on from here, and pN of plan)",
    "map.start": "today",
    "map.see": "{steps} → as at {mark}",
    "map.or": "{first} or {other}",
    "map.undone": "[{step}]",
    "map.hidden": "{steps} ... {number} ways on (--all)",
}
