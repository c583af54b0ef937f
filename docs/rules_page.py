"""Makes docs/reference/rules.md from the records of the rules. Run: python docs/rules_page.py; a test holds the page to it."""

from collections import Counter
from pathlib import Path
from typing import Any

from pathways.knowledge.protocols import knowledge
from pathways.planning.rule_examples import said
from pathways.process.rulebook.vocabulary import Example, Rule
from pathways.process.rules import RULES

PAGE = Path(__file__).parent / "reference" / "rules.md"
SHARED_BY = 4
SHARED = "Settings that several rules read"
INTRODUCTION = """# The rules

Every rule that a plan, a lesson or an audit speaks of: its sentence, the keys of the [case file](case-file.md) it reads, the settings of
the protocol it reads, the sources it stands on, and an example on both sides of its threshold with what it then says. Findings
are told in this order. A setting brings sources of its own; [a centre's overlay](../how-to/centre-protocol.md) may replace it.

The patient of the examples is fully known, and differs only in what is told: colorectal metastases after resection of the sigmoid,
one of 30 mm in segment VIII, a normal liver, 71 kg and 168 cm, fit for a major operation, nothing outside the liver.
"""


def page() -> str:
    """The whole page."""
    index = ", ".join(f"[`{name}`](#{name})" for name in RULES)
    return "\n".join([INTRODUCTION, f"{index}.\n", *map(_entry, RULES.values()), _shared()])


def _entry(rule: Rule) -> str:
    lines = [f"## `{rule.id}`", "", rule.statement, ""]
    reads = ", ".join(f"`{key}`" for key in rule.reads)
    lines += [
        f"Reads {reads}."
        if reads
        else "Reads no key of the case: it looks at the plan, or at the record of what was done.",
        "",
    ]
    lines += _settings(rule)
    lines += [*_sources(rule), *(_example(rule, one) for one in rule.examples)]
    return "\n".join(lines) + "\n"


def _settings(rule: Rule) -> list[str]:
    own = [key for key in (*rule.settings, *rule.watched) if key not in _often()]
    rest = [key for key in rule.settings if key in _often()]
    lines = [*_table(own), ""] if own else []
    if rest:
        names = ", ".join(f"`{key}`" for key in rest)
        lines += [f"{'And' if own else 'Reads'}, of the [{SHARED.lower()}](#{_anchor(SHARED)}), {names}.", ""]
    return lines


def _often() -> set[str]:
    counted = Counter(key for rule in RULES.values() for key in rule.settings)
    return {key for key, number in counted.items() if number >= SHARED_BY}


def _shared() -> str:
    often = _often()
    keys = dict.fromkeys(key for rule in RULES.values() for key in rule.settings if key in often)
    return "\n".join([f"## {SHARED}", "", *_table(keys)]) + "\n"


def _table(keys: Any) -> list[str]:
    protocols = knowledge().protocols
    rows = [f"| setting | unit | {' | '.join(protocols)} | why |", f"|---|---|{'---|' * len(protocols)}---|"]
    for key in keys:
        settings = [one.settings[key] for one in protocols.values()]
        values = " | ".join(_value(one.value) for one in settings)
        rows.append(
            f"| `{key}` | {settings[0].unit} | {values} | {'; '.join(dict.fromkeys(one.why for one in settings))} |"
        )
    return rows


def _value(value: Any) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, (list, tuple)):
        return ", ".join(str(one).replace("_", " ") for one in value) or "none"
    return str(value).replace("_", " ")


def _sources(rule: Rule) -> list[str]:
    groups = [("Stands on", rule.sources), *((f"For {part}", ids) for part, ids in rule.parts.items())]
    lines = [f"- {words}: {'; '.join(map(_cited, ids))}." for words, ids in groups if ids]
    return [*lines, ""] if lines else []


def _cited(source: str) -> str:
    entry = knowledge().sources[source]
    where = ", ".join(str(entry[key]) for key in ("authors", "journal", "year") if entry.get(key))
    return f"*{entry['title']}*" + (f" ({where})" if where else "")


def _example(rule: Rule, example: Example) -> str:
    if not example.says:
        return f"- {_capital(example.words)}."
    words = "; ".join(dict.fromkeys(one.reason for one in said(rule, example)))
    answer = "the rule says nothing" if example.says == "silent" else example.says
    return f"- {_capital(example.words)}: **{answer}**" + (f', "{words}".' if words else ".")


def _capital(words: str) -> str:
    return words[0].upper() + words[1:] if words[0] != "`" else words


def _anchor(title: str) -> str:
    return title.lower().replace(" ", "-")


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
