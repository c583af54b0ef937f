"""Shipped knowledge and protocols, and a centre's overlay files."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any

from pathways.documents.compiled import Compiled
from pathways.documents.problems import PathwaysError, nearest, shown
from pathways.knowledge.model import Knowledge, Parameter, Protocol, Setting

HERE = Path(__file__).parent


def _compiled() -> dict[str, Any]:
    from pathways.knowledge.compiling import compiled

    return compiled()


COMPILED = Compiled(HERE / "compiled.json", HERE / "data", (HERE / "compiling.py", HERE / "schema.py"), _compiled)


@lru_cache(maxsize=1)
def knowledge() -> Knowledge:
    """Everything shipped; loaded once."""
    raw = COMPILED.load()
    parameters = {name: _parameter(name, entry) for name, entry in raw["parameters"].items()}
    base = raw["protocols"]["default"]
    default = Protocol(
        id="default",
        title=base["title"],
        settings={key: _setting(key, entry) for key, entry in base["settings"].items()},
    )
    protocols = {"default": default}
    for name, overlay in raw["protocols"].items():
        if name != "default":
            protocols[name] = overlaid(protocols[overlay["based_on"]], overlay)
    return Knowledge(
        raw["sources"], parameters, protocols, raw["scores"], raw["strategies"], raw["targets"], raw["prognosis"]
    )


def as_protocol(named: Protocol | str | Path) -> Protocol:
    """A protocol as it is, or by the name of a shipped one or of an overlay file."""
    return named if isinstance(named, Protocol) else load_protocol(named)


def load_protocol(name: str | Path = "default") -> Protocol:
    """A shipped protocol by name, or an overlay file by path. Raises PathwaysError with the nearest name."""
    shipped = knowledge().protocols
    if str(name) in shipped:
        return shipped[str(name)]
    path = Path(name)
    from pathways.documents.reader import is_file

    if path.suffix in (".yaml", ".yml") or is_file(path):
        return _load_overlay(path)
    names = ", ".join(shipped)
    raise PathwaysError(
        f"protocol {shown(str(name))}: accepted: {names}, or the name of a .yaml file{nearest(name, shipped)}"
    )


def overlaid(base: Protocol, overlay: Mapping[str, Any]) -> Protocol:
    """`base` with the replacements of `overlay` (plain values); `base` itself is left alone."""
    settings = dict(base.settings)
    for key, entry in overlay["replaces"].items():
        settings[key] = _setting(key, {"unit": settings[key].unit, "denominator": settings[key].denominator, **entry})
    return Protocol(
        id=overlay["id"],
        title=overlay["title"],
        settings=settings,
        replaced=tuple(overlay["replaces"]),
        based_on=base.id,
        references=overlay.get("references", {}),
    )


def _load_overlay(path: Path) -> Protocol:
    from pathways.documents.reader import read_file
    from pathways.documents.validate import to_model
    from pathways.knowledge.overlays import check
    from pathways.knowledge.schema import Overlay

    document = read_file(path)
    overlay = to_model(document, Overlay).model_dump(by_alias=True, exclude_none=True)
    shipped = knowledge()
    check(document, overlay, {name: one.settings for name, one in shipped.protocols.items()}, shipped.sources)
    return overlaid(shipped.protocols[overlay["based_on"]], overlay)


def _parameter(name: str, entry: Mapping[str, Any]) -> Parameter:
    return Parameter(id=name, **{**entry, "sources": tuple(entry["sources"])})


def _setting(key: str, entry: Mapping[str, Any]) -> Setting:
    return Setting(key=key, **{**entry, "sources": tuple(entry["sources"])})
