"""Whether a site would take an H5P package and play it to an end: the rules of the hosts, and those of a sound scenario."""

from __future__ import annotations

import json
import re
import zlib
from collections.abc import Iterator, Mapping
from html.parser import HTMLParser
from typing import Any

from pathways.teaching.exports.plain import unzipped

MAIN = "H5P.BranchingScenario"
# What a package may use: each is an option of every version of Branching Scenario from 1.8 to 1.10.
LIBRARIES = ("H5P.BranchingQuestion 1.0", "H5P.AdvancedText 1.1", "H5P.Image 1.1")
MINORS = (8, 9, 10)
LONGEST_BUTTON = 50
FILES = ["content/content.json", "h5p.json"]
PICTURE = re.compile(r"content/images/[a-f0-9]{16}\.png")
# A picture of points and nothing beside them: no remark, no profile, no place for anything else.
CHUNKS = [b"IHDR", b"IDAT", b"IEND"]
ENDINGS = re.compile(r"\.(json|png|jpe?g|gif)$")
UUID = re.compile(r"[a-f0-9]{8}(-[a-f0-9]{4}){3}-[a-f0-9]{12}")
TEXT_TAGS = frozenset(
    {"p", "div", "span", "br", "strong", "em", "del", "a", "ul", "ol", "li", "h2", "h3", "hr", "pre", "code"}
)
QUESTION_TAGS = frozenset({"p", "br", "strong", "em", "sub", "sup", "h2", "h3", "pre", "code"})
SCREEN_TAGS = frozenset({"p", "br", "strong", "em"})
LABELS = (
    "startScreenButtonText", "endScreenButtonText", "backButtonText", "disableProceedButtonText", "replayButtonText", "scoreText",
    "fullscreenAria",
)  # fmt: skip
SHAPES = {
    "title": re.compile(r".{1,255}"),
    "language": re.compile(r"[-a-zA-Z]{1,10}"),
    "mainLibrary": re.compile(r"[$a-z_][0-9a-z_.$]{1,254}", re.IGNORECASE),
}
LICENSES = (
    "CC BY", "CC BY-SA", "CC BY-ND", "CC BY-NC", "CC BY-NC-SA", "CC BY-NC-ND", "CC0 1.0", "GNU GPL", "PD", "ODC PDDL", "CC PDM", "U", "C",
)  # fmt: skip


def check(content: bytes) -> list[str]:
    """What is wrong with a package; empty if it is sound."""
    files, wrong = unzipped(content)
    if not files:
        return wrong or ["an empty zip"]
    if (beside := sorted(name for name in files if not PICTURE.fullmatch(name))) != FILES:
        wrong.append(f"it holds {', '.join(beside)}; accepted: {', '.join(FILES)}, and pictures")
    wrong += [f"{name}: hosts refuse this kind of file" for name in files if not ENDINGS.search(name)]
    documents = {}
    for name in FILES:
        try:
            documents[name] = json.loads(files.get(name, b""))
        except ValueError as error:
            wrong.append(f"{name}: no JSON: {error}")
    if len(documents) < len(FILES):
        return wrong
    try:
        package, scenario = documents["h5p.json"], documents["content/content.json"]["branchingScenario"]
        faults = [*_package_faults(package), *_scenario_faults(scenario, _libraries(package))]
        return [*wrong, *faults, *_picture_faults(scenario, files)]
    except (KeyError, TypeError, AttributeError, IndexError) as error:
        return [*wrong, f"a field is missing or of another kind: {error}"]


def nodes(content: bytes) -> int:
    """How many entries the content has."""
    files, _ = unzipped(content)
    return len(json.loads(files["content/content.json"])["branchingScenario"]["content"])


def _libraries(package: dict[str, Any]) -> set[str]:
    return {
        f"{one['machineName']} {one['majorVersion']}.{one['minorVersion']}" for one in package["preloadedDependencies"]
    }


def _package_faults(package: dict[str, Any]) -> Iterator[str]:
    for key, shape in SHAPES.items():
        if not shape.fullmatch(str(package.get(key, ""))):
            yield f"h5p.json: {key} {package.get(key)!r}"
    kinds = package.get("embedTypes")
    if not kinds or not set(kinds) <= {"iframe", "div"}:
        yield f"h5p.json: embedTypes {kinds!r}"
    if package.get("license", "U") not in LICENSES:
        yield f"h5p.json: license {package['license']!r}"
    for one in package["preloadedDependencies"]:
        numbers = (one.get("majorVersion"), one.get("minorVersion"))
        if not re.fullmatch(r"[\w.-]{1,255}", str(one.get("machineName", ""))) or not all(
            type(number) is int for number in numbers
        ):
            yield f"h5p.json: library {one!r}"
    if not _libraries(package) & {f"{MAIN} 1.{minor}" for minor in MINORS} or package.get("mainLibrary") != MAIN:
        yield f"h5p.json: {MAIN} 1.8, 1.9 or 1.10 is not the main library and among the libraries"
    if "<" in package.get("title", ""):
        yield "h5p.json: markup in the title"


def _scenario_faults(scenario: dict[str, Any], declared: set[str]) -> Iterator[str]:
    if [one["contentId"] for one in scenario["endScreens"]] != [-1]:
        yield "there is not exactly one end screen, for -1"
    group = scenario["scoringOptionGroup"]
    if group["scoringOption"] not in ("static-end-score", "dynamic-score", "no-score"):
        yield f"scoring {group['scoringOption']!r}"
    for key in ("enableBackwardsNavigation", "forceContentFinished", "randomizeBranchingQuestions"):
        if not isinstance(scenario["behaviour"].get(key), bool):
            yield f"behaviour: {key} is not yes or no"
    yield from (f"label {one} is missing" for one in LABELS if not scenario["l10n"].get(one))
    for screen in (scenario["startScreen"], *scenario["endScreens"]):
        for key, text in screen.items():
            if isinstance(text, str):
                yield from _tag_faults(key, text, SCREEN_TAGS)
    content = scenario["content"]
    if not content:
        yield "no content"
    names = [one["type"]["subContentId"] for one in content]
    yield from (f"{one}: two entries carry this id" for one in sorted({one for one in names if names.count(one) > 1}))
    for number, entry in enumerate(content):
        yield from (f"entry {number}: {fault}" for fault in _entry_faults(entry, declared, len(content)))
    yield from _way_faults(content)


def _entry_faults(entry: dict[str, Any], declared: set[str], count: int) -> Iterator[str]:
    kind = entry["type"]
    if kind["library"] not in LIBRARIES:
        yield f"library {kind['library']} is no option"
    if kind["library"] not in declared:
        yield f"library {kind['library']} is not declared in h5p.json"
    if not UUID.fullmatch(kind["subContentId"]):
        yield f"id {kind['subContentId']}"
    if len(entry["proceedButtonText"]) > LONGEST_BUTTON:
        yield f"its button is longer than {LONGEST_BUTTON} characters"
    if "<" in kind["metadata"]["title"] or "<" in entry["proceedButtonText"]:
        yield "markup in its title or button"
    if {entry["forceContentFinished"], entry["contentBehaviour"]} - {"useBehavioural", "enabled", "disabled"}:
        yield "forceContentFinished or contentBehaviour is of no kind known"
    for to in leads(entry):
        if not (to == -1 or (type(to) is int and 0 <= to < count)):
            yield f"it leads to {to!r}"
    yield from _feedback_faults(entry)
    yield from _params_faults(kind["params"])


def _picture_faults(scenario: dict[str, Any], files: Mapping[str, bytes]) -> Iterator[str]:
    """Pictures that are missing, that nothing shows, or that are no plain PNG of the size told."""
    told = [one["type"]["params"]["file"] for one in scenario["content"] if "file" in one["type"]["params"]]
    shown = {f"content/{one['path']}" for one in told}
    yield from (f"{name}: nothing shows it" for name in sorted(files) if name not in FILES and name not in shown)
    for one in told:
        name = f"content/{one['path']}"
        if name not in files:
            yield f"{name}: it is not in the package"
        elif one["mime"] != "image/png" or plain_png(files[name]) != (one["width"], one["height"]):
            yield f"{name}: no plain PNG of {one['width']} by {one['height']} points"


def plain_png(content: bytes) -> tuple[int, int] | None:
    """Width and height of a PNG that holds its points and nothing else; None for any other file."""
    if not content.startswith(b"\x89PNG\r\n\x1a\n"):
        return None
    found, at = [], 8
    while at + 12 <= len(content):
        long = int.from_bytes(content[at : at + 4], "big")
        name, body, mark = (
            content[at + 4 : at + 8],
            content[at + 8 : at + 8 + long],
            content[at + 8 + long : at + 12 + long],
        )
        if zlib.crc32(name + body).to_bytes(4, "big") != mark:
            return None
        found.append(name)
        at += 12 + long
    if found != CHUNKS or at != len(content):
        return None
    return int.from_bytes(content[16:20], "big"), int.from_bytes(content[20:24], "big")


def _params_faults(params: dict[str, Any]) -> Iterator[str]:
    if "file" in params:
        if not params["alt"].strip() or "<" in params["alt"] or params["decorative"] is not False:
            yield "a picture without words for whoever does not see it, or with markup in them"
        return
    if "branchingQuestion" in params:
        yield from _question_faults(params["branchingQuestion"])
    else:
        yield from _tag_faults("text", params["text"], TEXT_TAGS)


def _question_faults(question: dict[str, Any]) -> Iterator[str]:
    if len(question["alternatives"]) < 2:  # noqa: PLR2004 - one answer is no question
        yield "fewer than two answers"
    yield from _tag_faults("question", question["question"], QUESTION_TAGS)
    for one in question["alternatives"]:
        yield from _feedback_faults(one)
        yield from _tag_faults("answer", one["text"], frozenset())
        if not one["text"].strip():
            yield "an empty answer"


def _feedback_faults(place: dict[str, Any]) -> Iterator[str]:
    told = place.get("feedback")
    if not isinstance(told, dict):
        yield "feedback is no object: the player would stop"
        return
    yield from _tag_faults("feedback title", told.get("title", ""), frozenset())
    yield from _tag_faults("feedback", told.get("subtitle", ""), SCREEN_TAGS)
    if type(told.get("endScreenScore", 0)) is not int or told.get("endScreenScore", 0) < 0:
        yield f"score {told['endScreenScore']!r}"


def leads(entry: dict[str, Any]) -> list[Any]:
    """Where an entry leads."""
    params = entry["type"]["params"]
    if "branchingQuestion" in params:
        return [one["nextContentId"] for one in params["branchingQuestion"]["alternatives"]]
    return [entry["nextContentId"]]


def _way_faults(content: list[dict[str, Any]]) -> Iterator[str]:
    """Entries that nobody reaches, that never end, or that lead in a circle."""
    ways = [[to for to in leads(entry) if type(to) is int and -1 <= to < len(content)] for entry in content]
    seen, waiting = {0}, [0]
    while waiting:
        for to in ways[waiting.pop()]:
            if to >= 0 and to not in seen:
                seen.add(to)
                waiting.append(to)
    yield from (f"entry {number}: nobody reaches it" for number in range(len(content)) if number not in seen)
    # Without circles every way ends at -1: take out what leads only to what has been taken out already.
    left = set(range(len(content)))
    while ready := {number for number in left if not left.intersection(ways[number])}:
        left -= ready
    if left:
        yield f"entries {', '.join(map(str, sorted(left)))} lead in a circle"
    yield from (f"entry {number}: it does not lead on" for number, to in enumerate(ways) if not to)


class _Tags(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append(tag if not attrs else f"{tag} with {attrs[0][0]}")


def _tag_faults(what: str, text: str, accepted: frozenset[str]) -> Iterator[str]:
    reader = _Tags()
    reader.feed(text)
    reader.close()
    yield from (f"{what}: tag {one} would be taken out" for one in sorted(set(reader.found) - accepted))
