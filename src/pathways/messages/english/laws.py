"""What a law says of a case and of its neighbour: the change, and what moved the wrong way.

`key` is a place in the case file, `lesions[0].size_mm`, or a setting of the protocol; `before` and `after` its values as written.
"""

from collections.abc import Mapping

LAWS: Mapping[str, str] = {
    # --- the change ---
    "neighbour.without": "without {key}",
    # `what`: keys, lists, history, all, drawn.
    "neighbour.order": "in another order ({what})",
    "neighbour.split": "{key} in parts of {parts}",
    "neighbour.not_told": "not told",
    "neighbour.value": "{key} {after} instead of {before}",
    "neighbour.lesion": "one lesion of {size} mm more, in segment {segment}",
    "neighbour.remnant": "remnant of {resection} {after:.1%} instead of {before:.1%}",
    "neighbour.declines": "{family} declined too",
    "neighbour.setting": "{key} {after} instead of {before}",
    # --- what moved the wrong way ---
    "moved.chance_up": "the best chance of resection rises from {before:.1%} to {after:.1%}",
    "moved.chance_down": "the best chance of resection falls from {before:.1%} to {after:.1%}",
    "moved.chance_up_no_figure": "the best chance of resection rises",
    "moved.chance_down_no_figure": "the best chance of resection falls",
    "moved.number": "{what} is another",
    "moved.numbers": "{what} is {after:.4g} instead of {before:.4g}",
    "moved.pathways": "pathways differ: {families}",
    "moved.names": "operations are called otherwise: {names}",
    "moved.opened": "{families} is open now",
    "moved.act_allowed": "{act} is allowed where it was refused",
    "moved.risk_down": "{act}: deaths fall from {before:.2%} to {after:.2%}",
    "moved.strict": "{words} (strict)",
    "moved.unnamed": "{words}, and no assumption names {key}",
}
