"""The wheel's build step: the JSON that is loaded, made of the YAML that a person edits.

A wheel gets the JSON and no YAML; an editable install finds it beside the YAML from the start.
"""

from __future__ import annotations

import runpy
import sys
import tempfile
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface
from hatchling.metadata.plugin.interface import MetadataHookInterface


class Readme(MetadataHookInterface):
    """The long description of the package."""

    def update(self, metadata: dict[str, Any]) -> None:
        """Put the README in, as it can be read without the files beside it."""
        text = (Path(self.root) / "README.md").read_text(encoding="utf-8")
        alone = runpy.run_path(str(Path(self.root) / "docs" / "readme_alone.py"))["standing_alone"](text)
        metadata["readme"] = {"content-type": "text/markdown", "text": alone}


class CompiledData(BuildHookInterface):
    """Makes knowledge, syllabus and words of the ward; a mistake in the YAML ends the build with its place."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Compile into the source tree for an editable install, else into a folder of its own."""
        source = Path(self.root) / "src"
        sys.path.insert(0, str(source))
        from pathways.knowledge.protocols import COMPILED as KNOWLEDGE
        from pathways.teaching.curriculum.objectives import COMPILED as SYLLABUS
        from pathways.ward.table import COMPILED as WARD

        if version != "editable":
            self.folder = tempfile.TemporaryDirectory(prefix="pathways-build-")
        for made in (KNOWLEDGE, SYLLABUS, WARD):
            if version == "editable":
                made.load()
                continue
            place = made.file.relative_to(source)
            text = Path(self.folder.name) / "-".join(place.parts)
            text.write_text(made.text(), encoding="utf-8")
            text.chmod(0o644)
            build_data["force_include"][str(text)] = place.as_posix()

    def finalize(self, version: str, build_data: dict[str, Any], artifact_path: str) -> None:  # noqa: ARG002
        """What was only made for the wheel goes."""
        if version != "editable":
            self.folder.cleanup()
