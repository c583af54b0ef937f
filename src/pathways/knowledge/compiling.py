"""From the YAML a person edits to the plain values that are loaded, checked.

Decides that nothing without unit, source and confidence gets in; when it runs is decided in `documents.compiled`.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from pydantic import RootModel

from pathways.documents.problems import DocumentError, Problem, nearest
from pathways.documents.reader import Document, read_file
from pathways.documents.validate import to_model
from pathways.knowledge.model import Setting, prognostic_figure
from pathways.knowledge.overlays import check
from pathways.knowledge.schema import (
    BaseProtocol,
    Overlay,
    ParameterEntry,
    PrognosticFactor,
    Reference,
    ScoreEntry,
    StrategyEntry,
    Targets,
)

DATA = Path(__file__).parent / "data"
# Of the overlays, the one that differs most from the default; where one disagreement is told, it is with this one.
TOLD_FIRST = ("mdacc",)


class _Sources(RootModel[dict[str, Reference]]):
    pass


class _Parameters(RootModel[dict[str, ParameterEntry]]):
    pass


class _Scores(RootModel[dict[str, ScoreEntry]]):
    pass


class _Prognosis(RootModel[dict[str, PrognosticFactor]]):
    pass


class _Strategies(RootModel[dict[str, StrategyEntry]]):
    pass


def compiled(data: Path = DATA) -> dict[str, Any]:
    """Sources, parameters and protocols of the folder `data`, validated, as plain JSON values."""
    sources = _root(read_file(data / "sources.yaml"), _Sources)
    parameters: dict[str, Any] = {}
    for file in sorted((data / "parameters").glob("*.yaml")):
        document = read_file(file)
        entries = _root(document, _Parameters)
        for name, entry in entries.items():
            _known_sources(document, (name, "sources"), entry["sources"], sources)
            if name in parameters:
                raise DocumentError([document.problem((name,), f'"{name}" stands in another file too', at_key=True)])
        parameters.update(entries)
    return {
        "sources": sources,
        "parameters": parameters,
        "protocols": _protocols(data, sources),
        "scores": _cited(data / "scores.yaml", _Scores, sources),
        "prognosis": _prognosis(data / "prognosis.yaml", parameters),
        "targets": _targets(data / "targets.yaml", sources),
        "strategies": _cited(data / "strategies.yaml", _Strategies, sources),
    }


def _protocols(data: Path, sources: dict[str, Any]) -> dict[str, Any]:
    document = read_file(data / "protocols" / "default.yaml")
    default = to_model(document, BaseProtocol).model_dump(mode="json", by_alias=True, exclude_none=True)
    for key, entry in default["settings"].items():
        _known_sources(document, ("settings", key, "sources"), entry["sources"], sources)
    settings = {"default": {key: Setting(key=key, **entry) for key, entry in default["settings"].items()}}
    protocols = {"default": default}
    overlays = [file for file in (data / "protocols").glob("*.yaml") if file.stem != "default"]
    for file in sorted(overlays, key=lambda one: (one.stem not in TOLD_FIRST, one.stem)):
        document = read_file(file)
        overlay = to_model(document, Overlay).model_dump(mode="json", by_alias=True, exclude_none=True)
        check(document, overlay, settings, sources)
        protocols[overlay["id"]] = overlay
    return protocols


def _prognosis(file: Path, parameters: dict[str, Any]) -> dict[str, Any]:
    document = read_file(file)
    factors = _root(document, _Prognosis)
    for name, factor in factors.items():
        for place, level in enumerate(factor["levels"]):
            shares = [] if factor["told"] == "always" else ["share"]
            shares += ["usual_share"] if factor["shares_of"] == "both" else []
            needed = (
                [prognostic_figure(level["id"], one) for one in (*shares, *level["figures"])] if "id" in level else []
            )
            missing = [one for one in needed if one not in parameters]
            if missing:
                raise DocumentError(
                    [document.problem((name, "levels", place), f"there is no parameter {', '.join(missing)}")]
                )
    return factors


def _targets(file: Path, sources: dict[str, Any]) -> dict[str, Any]:
    document = read_file(file)
    found = to_model(document, Targets).model_dump(mode="json", exclude_none=True)
    for name, entry in found["targets"].items():
        _known_sources(document, ("targets", name, "sources"), entry["sources"], sources)
        if entry["cohort"] not in found["cohorts"]:
            accepted = ", ".join(found["cohorts"])
            raise DocumentError([document.problem(("targets", name, "cohort"), f"accepted: {accepted}")])
    return found


def _cited(file: Path, model: type[RootModel[Any]], sources: dict[str, Any]) -> dict[str, Any]:
    document = read_file(file)
    entries = _root(document, model)
    for name, entry in entries.items():
        _known_sources(document, (name, "sources"), entry["sources"], sources)
    return entries


def _root(document: Document, model: type[RootModel[Any]]) -> dict[str, Any]:
    validated: dict[str, Any] = to_model(document, model).model_dump(mode="json", exclude_none=True)
    return validated


def _known_sources(document: Document, path: tuple[str, ...], ids: list[str], sources: dict[str, Any]) -> None:
    problems: list[Problem] = [
        document.problem((*path, index), f'got "{one}"; accepted: an id of sources.yaml{nearest(one, sources)}')
        for index, one in enumerate(ids)
        if one not in sources
    ]
    if problems:
        raise DocumentError(problems)
