"""Lines of a registry as a file: JSON lines, CSV, or Parquet (extra `cohort`)."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from pathways.documents import files
from pathways.documents.extras import needs
from pathways.documents.problems import PathwaysError
from pathways.registry.summary import row_of

FORMATS = (".jsonl", ".csv", ".parquet")
Line = dict[str, Any]


def can_be_written(output: Path) -> None:
    """Says before the work what would be said after it. Raises PathwaysError."""
    if output.suffix.lower() not in FORMATS:
        raise PathwaysError(f"-o: got {output}; accepted: a file that ends in {', '.join(FORMATS)}")
    if output.suffix.lower() == ".parquet":
        try:
            import pyarrow as pa  # noqa: F401
        except ImportError:
            raise needs("-o FILE.parquet", "cohort") from None
    with files.saying(output):
        if not output.absolute().parent.is_dir():
            raise PathwaysError(f"-o: {output.parent}: no such folder")
        files.may_be_written(output)


def write(lines: Sequence[Line], output: Path) -> None:
    """The whole file."""
    form = output.suffix.lower()
    if form == ".jsonl":
        files.write(output, "".join(json.dumps(one, ensure_ascii=False) + "\n" for one in lines))
        return
    rows = [row_of(one) for one in lines]
    if form == ".csv":
        out = io.StringIO(newline="")
        writer = csv.DictWriter(out, list(rows[0]), lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)
        files.write(output, out.getvalue())
        return
    import pyarrow as pa
    from pyarrow import parquet

    with files.whole(output) as place:
        parquet.write_table(pa.Table.from_pylist(rows), place)
