"""Colours and lines of every picture, by class: light, dark, on paper, and readable in one colour."""

from __future__ import annotations

LIGHT = {
    "ink": "#16191f", "ink2": "#4a5160", "paper": "#ffffff", "rule": "#c3c8d0", "line": "#767d89", "accent": "#14588f", "bar": "#b9cfe4",
    "warn": "#7d4600", "stop": "#8b2332", "liver": "#f0dcd2", "liver-line": "#7b5243", "vein": "#2a5b92", "portal": "#7b3f5d",
    "drug": "#cdbfe3", "ray": "#f0d9a8", "grow": "#d3e6d0", "rest": "#e2e5ea", "gall": "#dfe8d6",
}  # fmt: skip
DARK = {
    "ink": "#eef0f3", "ink2": "#aeb5c1", "paper": "#15181d", "rule": "#3b424d", "line": "#8a919d", "accent": "#8fc1ee", "bar": "#33506d",
    "warn": "#f0c27a", "stop": "#f39aa4", "liver": "#4b362d", "liver-line": "#cfa591", "vein": "#7fb2ea", "portal": "#e0a3c1",
    "drug": "#4f4272", "ray": "#6a5425", "grow": "#34503a", "rest": "#333943", "gall": "#36432c",
}  # fmt: skip
CLASSES = """
.pw{color:var(--ink);font-family:system-ui,"Segoe UI","Liberation Sans",Arial,sans-serif}
.pw-text{fill:var(--ink);font-size:13px}.pw-small{font-size:12px}.pw-large{font-size:15px}.pw-dim{fill:var(--ink2)}
.pw-strong{font-weight:600}.pw-middle{text-anchor:middle}.pw-end{text-anchor:end}.pw-warn{fill:var(--warn)}.pw-stop{fill:var(--stop)}
.pw-halo{paint-order:stroke;stroke:var(--paper);stroke-width:4px;stroke-linejoin:round}
.pw-grid{stroke:var(--rule);stroke-width:1;fill:none}.pw-axis{stroke:var(--line);stroke-width:1;fill:none}
.pw-ink{fill:var(--ink);stroke:none}.pw-paper{fill:var(--paper);stroke:none}.pw-stroke{fill:none;stroke:var(--ink);stroke-width:2}
.pw-on-ink{fill:none;stroke:var(--paper);stroke-width:2;stroke-linecap:round;stroke-linejoin:round}.pw-on-ink-full{fill:var(--paper)}
.pw-sign{fill:var(--paper);stroke:var(--ink);stroke-width:1.8;stroke-linejoin:round}.pw-sign-line{fill:none;stroke:var(--ink);stroke-width:1.8;stroke-linecap:round;stroke-linejoin:round}
.pw-bar{fill:var(--bar);stroke:var(--line);stroke-width:1}.pw-mark{stroke:var(--ink);stroke-width:3}
.pw-limit{stroke:var(--stop);stroke-width:2.5}.pw-limit-sign{fill:var(--stop)}
.pw-wait{fill:none;stroke:var(--line);stroke-width:1;stroke-dasharray:3 3}.pw-drug{fill:var(--drug);stroke:var(--line)}
.pw-ray{fill:var(--ray);stroke:var(--line)}.pw-grow{fill:var(--grow);stroke:var(--line)}.pw-rest{fill:var(--rest);stroke:var(--line)}
.pw-find{fill:var(--paper);stroke:var(--line)}.pw-ribbon{fill:var(--bar);fill-opacity:.75;stroke:none}.pw-ribbon-dim{fill:var(--rest);stroke:none}
.pw-seg{fill:var(--liver);stroke:var(--liver-line);stroke-width:2;stroke-linejoin:round}.pw-rim{fill:none;stroke:var(--liver-line);stroke-width:4}
.pw-gone{fill:none;stroke:var(--liver-line);stroke-width:2;stroke-dasharray:2 7;stroke-linecap:round}
.pw-removed{fill:var(--paper);stroke:var(--liver-line);stroke-width:2;stroke-dasharray:9 6}
.pw-hatch{stroke:var(--ink);stroke-width:2.5}.pw-dots{fill:var(--portal)}.pw-cut{fill:none;stroke:var(--ink);stroke-width:9;stroke-linecap:round;stroke-linejoin:round}
.pw-vein{fill:var(--vein);stroke:none}.pw-portal-edge{fill:none;stroke:var(--portal);stroke-linecap:round}.pw-portal-core{fill:none;stroke:var(--paper);stroke-linecap:round}
.pw-plug{stroke:var(--ink);stroke-width:12;stroke-linecap:butt}.pw-gall{fill:var(--gall);stroke:var(--liver-line);stroke-width:2}
.pw-lesion{fill:var(--ink);fill-opacity:.85;stroke:var(--paper);stroke-width:3}.pw-lesion-ring{fill:var(--paper);stroke:var(--ink);stroke-width:4}
.pw-dashed{stroke-dasharray:9 6}.pw-treated{fill:none;stroke:var(--accent);stroke-width:5;stroke-dasharray:14 7}
.pw-segment-name{font-size:27px;font-weight:600;text-anchor:middle;dominant-baseline:central;paint-order:stroke;stroke:var(--liver);stroke-width:7px}
.pw-side{font-size:22px;fill:var(--ink2)}.pw-lesion-name{font-size:24px;font-weight:600}.pw-on-lesion{fill:var(--paper)}
"""


def _palette(colours: dict[str, str]) -> str:
    return ";".join(f"--{name}:{value}" for name, value in colours.items())


def css() -> str:
    """The style of every picture: the palette by what the reader's screen or paper asks for, then the classes."""
    light, dark = _palette(LIGHT), _palette(DARK)
    return (
        f".pw{{{light}}}@media (prefers-color-scheme:dark){{.pw{{{dark}}}}}@media print{{.pw{{{light}}}}}"
        + CLASSES.replace("\n", "")
    )
