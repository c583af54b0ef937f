"""Writes the page of laws: what each changes, what must not move, and where it does not hold yet."""

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from pathways.documents.reader import read_file
from pathways.laws.laws import LAWS, Law

ROOT = Path(__file__).resolve().parents[1]
PAGE = ROOT / "docs" / "reference" / "laws.md"
FAULTS = ROOT / "tests" / "laws" / "known_faults.yaml"

HEAD = """# Laws

A [property](../how-to/audit.md) proves the planner against its own declaration. A law holds it against medicine: the case is changed in one
declared way, and the answer must move in the right direction, or not at all.

```console
$ pathways check scenarios/published/rep-03.yaml --laws
$ pathways check scenarios/published/rep-03.yaml --laws --json
```

Neighbours of the case are made from its file, at most {most} a law, always the same ones. The status is 1 where a law is broken by this case, also
where that is known; a law that does not hold everywhere yet says so with its reason. In `--json`: `laws: [{{id, holds, compared, empty, exceptions:
[{{rule, count}}], counter_example}}]`, summed over the cases; `counter_example` is null or `{{case, key, change, strict, words}}`.

*How it is compared.* The chance is the best chance of resection over all policies. A family counts as opened where a pathway carries it that
carries no family which only answers a need (growth of the remnant, conversion, ablation, palliation); such a family only where the need has not
grown. An act is one on liver, primary or other sites, or the closing of branches; it counts as allowed where every guard holds in a state in
which a rule barred it. Deaths are those of an act given that it is done. A comparison is *empty* where nothing that it watches is there.
"""


def page() -> str:
    """The page as text."""
    from pathways.laws.judging import MOST

    faults = read_file(FAULTS).value
    return "\n".join([HEAD.format(most=MOST), *(_law(one, faults.get(one.id, ())) for one in LAWS.values())])


def _law(one: Law, faults: Iterable[Mapping[str, Any]]) -> str:
    lines = [f"## {one.id}", "", one.sentence, ""]
    if one.strict_too:
        lines += ["Compared under `--strict` as well.", ""]
    if one.limits:
        lines += [f"*For now* {one.limits}.", ""]
    for exception in one.exceptions:
        lines += [f"*Exception* `{exception.rule}`: {exception.why} ({', '.join(exception.sources)}).", ""]
    lines += [f"*Does not hold everywhere yet:* {one.not_yet}." if one.not_yet else "*Holds.*", ""]
    lines += [f"- {_case(row)}: {row['why']}" for row in faults]
    return "\n".join([*lines, ""] if faults else lines)


def _case(row: Mapping[str, Any]) -> str:
    name = f"`{Path(row['case']).stem}`" if isinstance(row["case"], str) else "a case of the tests"
    change = row.get("words") or row.get("key") or "one lesion more"
    return f"{name}, {change}"


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
