"""Draws the sample: `PYTHONPATH=src:tests python -m mutation.draw [SEED] [SIZE]` writes sample.json, of all mutants, each with the same chance.

The list is data of the repository: it is drawn and committed before tests are written for it, and is not drawn anew to look better.
"""

from __future__ import annotations

import json
import random
import sys
from dataclasses import asdict
from pathlib import Path

from mutation.mutator import files, mutants_of

SAMPLE = Path(__file__).parent / "sample.json"
SEED, SIZE = 41, 100


def drawn(seed: int = SEED, size: int = SIZE) -> dict[str, object]:
    """The sample as it stands in its file."""
    everything = [one for path in files() for one in mutants_of(path)]
    chosen = random.Random(seed).sample(everything, size)
    return {"seed": seed, "of": len(everything), "mutants": [asdict(one) for one in chosen]}


if __name__ == "__main__":
    SAMPLE.write_text(json.dumps(drawn(*map(int, sys.argv[1:])), ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
