"""Each check bites: every rule broken once is noticed."""

import io
import json
import re
import sqlite3
import zipfile

import pytest
from teaching.exports.lessons import branching

from pathways.teaching.exports import FORMATS
from pathways.teaching.exports.plain import unzipped, zipped


def faults(name, content):
    return "\n".join(FORMATS[name].check(content))


def swapped(name, old, new, count=1):
    text = FORMATS[name].write(branching()).decode("utf-8")
    assert re.search(old, text, re.S), old
    return re.sub(old, new, text, count=count, flags=re.S).encode("utf-8")


@pytest.mark.parametrize("name", sorted(FORMATS))
@pytest.mark.parametrize("content", [b"", b"\xff\xfe\x00nonsense", b"PK\x03\x04broken", b"<quiz/>"])
def test_nonsense_is_no_export(name, content):
    assert FORMATS[name].check(content)


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("default-src 'none'", "default-src *", "policy does not fit"),
        ("<meta http-equiv=\"Content-Security-Policy\"[^>]*>", "", "0 policies"),
        ("\"use strict\";", "\"use strict\"; let a;", "policy does not fit"),
        ("--ground: #f4f3ee", "--ground: #ffffff", "policy does not fit"),
        ("<main ", "<img src=\"https://example.org/x.png\"><main ", "asks for https"),
        ("<main ", "<main onclick=\"x()\" ", "asks for x"),
        ("replaceChildren", "innerHTML", "uses innerHTML"),
        ("data:,", "icon.png", "asks for icon.png"),
        ("id=\"reviewed\">[^<]*<", "id=\"reviewed\"><", "does not say who reviewed"),
        ("id=\"disclaimer\"", "id=\"other\"", "no element disclaimer"),
        ("\"to\":1", "\"to\":99", "leads to passage 99"),
        ("\"sources\":\\[0,1\\]", "\"sources\":[0,7]", "source 7 of 3"),
        ("\"passages\":", "\"pages\":", "cannot be read"),
        ("\"learning\":\\[\"", "\"learning\":[\"<b>", "the data hold <"),
    ],
)  # fmt: skip
def test_the_check_of_the_page(old, new, words):
    assert words in faults("html", swapped("html", old, new))


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        (r"^<\?xml[^>]*>\n", "", "declaration does not stand first"),
        ("<quiz>", "<!DOCTYPE quiz><quiz>", "document type"),
        ("</quiz>", "", "no XML"),
        ("quiz>(.*)</quiz>", r"test>\1</test>", "not quiz"),
        (r"\$course\$/top/", "top/", "category top/"),
        ("Pathways A remnant", "Pathways/A/remnant", "category"),
        ("fraction=\"70\"", "fraction=\"71\"", "fraction 71"),
        ("fraction=\"100\"", "fraction=\"90\"", "whole point"),
        ("<single>true", "<single>false", "one answer"),
        ("<p>ALPPS</p>", "<p> </p>", "an answer is empty"),
        ("<p>ALPPS</p>", "<p>ALPPS<img></p>", "tag img"),
        ("<p>ALPPS</p>", "<p style=\"x\">ALPPS</p>", "tag p with style"),
        ("<name><text>[^<]*", "<name><text>", "its name is empty"),
        ("<idnumber>[^<]*", "<idnumber>", "its id number is empty"),
        ("(<question type=\"multichoice\">.*?</question>)", r"\1\1", "two questions carry this name"),
        ("<question type=\"multichoice\">.*</question>", "", "no question"),
    ],
)  # fmt: skip
def test_the_check_of_moodle_xml(old, new, words):
    assert words in faults("moodle", swapped("moodle", old, new))


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        (r"^\$CATEGORY[^\n]*\n\n", "", "category does not stand first"),
        ("::grow[^:]*::", "", "no question"),
        (r"\n}", "\n", "no question"),
        ("~%70%", "~%71%", "fraction 71"),
        ("=<p>Portal", "~<p>Portal", "whole point"),
        ("<p>ALPPS</p>#", "<p>ALPPS</p>##", "2 feedbacks"),
        ("<p>ALPPS</p>#", "<p>ALPPS</p>", "0 feedbacks"),
        ("<p>ALPPS</p>", "<p></p>", "an answer is empty"),
        ("<p>ALPPS</p>", "<p>ALPPS<script></p>", "tag script"),
        ("What does the meeting", "~ What", "a sign of GIFT"),
        (r"(::grow.*?\n}\n)", r"\1\n\1", "two questions carry this name"),
        ("::grow.*", "", "no question"),
    ],
)  # fmt: skip
def test_the_check_of_gift(old, new, words):
    assert words in faults("gift", swapped("gift", old, new))


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("\"ifid\": \"[^\"]*\"", "\"ifid\": \"a29a5c8f-f061-5d3a-9665-685fdecd3663\"", "no upper-case UUID"),
        ("\"start\": \"[^\"]*\"", "\"start\": \"Elsewhere\"", "starts at Elsewhere"),
        ("\"format\": \"Harlowe\"", "\"format\": \"SugarCube\"", "escaped for Harlowe"),
        ("\"ifid\"", "\"id\"", "no story data"),
        (":: StoryTitle\n[^\n]*", ":: StoryTitle\n", "no story title"),
        (r"->03[^\]]*\]\]", "->Elsewhere]]", "a link to Elsewhere"),
        (r"\[\[Continue->04[^\]]*\]\]", "", "cannot be reached"),
        (":: 03 [^\n]*", ":: [x] {}", "no passage header"),
        (":: 04 [A-Za-z ]* \\[", ":: 03 Volumetry after four weeks [", "two passages carry this name"),
    ],
)  # fmt: skip
def test_the_check_of_twee(old, new, words):
    assert words in faults("twee", swapped("twee", old, new))


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("Four months after", "<b>Four</b> months after", "markup in a text"),
        ("Four months after", "[Four](x) months after", "markup in a text"),
        ("Four months after", "![Four][x] months after", "markup in a text"),
        ("^# [^\n]*\n\n[^\n]*", "# Title\n\nno review", "do not stand first"),
        ("## Debrief", "## Other", "'Debrief' is missing"),
        ("(.*)\n~~~\n", r"\1\n~~~\n~~~~~\n", "a drawing does not end"),
    ],
)  # fmt: skip
def test_the_check_of_the_handout(old, new, words):
    assert words in faults("markdown", swapped("markdown", old, new))


def changed_h5p(change, file="content/content.json"):
    files, _ = unzipped(FORMATS["h5p"].write(branching()))
    document = json.loads(files[file])
    change(document.get("branchingScenario", document))
    return zipped({**files, file: json.dumps(document).encode()})


def question(scenario):
    return next(one for one in scenario["content"] if "branchingQuestion" in one["type"]["params"])


def alternatives(scenario):
    return question(scenario)["type"]["params"]["branchingQuestion"]["alternatives"]


def lead(to):
    return lambda scenario: scenario["content"][0].update(nextContentId=to)


H5P_BREAKS = {
    "there is not exactly one end screen": lambda one: one["endScreens"].append(one["endScreens"][0]),
    "scoring 'points'": lambda one: one["scoringOptionGroup"].update(scoringOption="points"),
    "forceContentFinished is not yes or no": lambda one: one["behaviour"].update(forceContentFinished="individual"),
    "label scoreText is missing": lambda one: one["l10n"].pop("scoreText"),
    "startScreenTitle: tag script": lambda one: one["startScreen"].update(startScreenTitle="<script>x</script>"),
    "a field is missing": lambda one: one.pop("startScreen"),
    "two entries carry this id": lambda one: one["content"][1]["type"].update(
        subContentId=one["content"][0]["type"]["subContentId"]
    ),
    "library H5P.Table 1.1 is no option": lambda one: one["content"][0]["type"].update(library="H5P.Table 1.1"),
    "is not declared in h5p.json": lambda one: one["content"][0]["type"].update(library="H5P.AdvancedText 1.2"),
    "id ABC": lambda one: one["content"][0]["type"].update(subContentId="ABC"),
    "longer than 50": lambda one: one["content"][0].update(proceedButtonText="x" * 51),
    "markup in its title": lambda one: one["content"][0]["type"]["metadata"].update(title="<b>"),
    "of no kind known": lambda one: one["content"][0].update(contentBehaviour="sometimes"),
    "feedback is no object": lambda one: one["content"][0].update(feedback=None),
    "it leads to 99": lead(99),
    "it leads to -2": lead(-2),
    "it leads to '1'": lead("1"),
    "lead in a circle": lambda one: alternatives(one)[0].update(nextContentId=0),
    "nobody reaches it": lead(-1),
    "fewer than two answers": lambda one: alternatives(one).__delitem__(slice(1, None)),
    "question: tag a": lambda one: question(one)["type"]["params"]["branchingQuestion"].update(question="<a>x</a>"),
    "answer: tag b": lambda one: alternatives(one)[0].update(text="<b>x</b>"),
    "an empty answer": lambda one: alternatives(one)[0].update(text=" "),
    "feedback: tag ul": lambda one: alternatives(one)[0]["feedback"].update(subtitle="<ul></ul>"),
    "score 0.5": lambda one: alternatives(one)[0]["feedback"].update(endScreenScore=0.5),
    "text: tag table": lambda one: one["content"][0]["type"]["params"].update(text="<table></table>"),
    "text: tag p with onclick": lambda one: one["content"][0]["type"]["params"].update(text="<p onclick=x></p>"),
}
PACKAGE_BREAKS = {
    "title ''": lambda one: one.update(title=""),
    "title 'xxx": lambda one: one.update(title="x" * 256),
    "markup in the title": lambda one: one.update(title="<b>"),
    "language 'en_GB'": lambda one: one.update(language="en_GB"),
    "embedTypes ['page']": lambda one: one.update(embedTypes=["page"]),
    "license 'free'": lambda one: one.update(license="free"),
    "library {": lambda one: one["preloadedDependencies"][1].update(minorVersion="0"),
    "is not the main library": lambda one: one["preloadedDependencies"][0].update(minorVersion=3),
    "is not declared": lambda one: one["preloadedDependencies"].pop(2),
}


@pytest.mark.parametrize("words", H5P_BREAKS)
def test_the_check_of_h5p_content(words):
    assert words in faults("h5p", changed_h5p(H5P_BREAKS[words]))


@pytest.mark.parametrize("words", PACKAGE_BREAKS)
def test_the_check_of_the_h5p_package(words):
    assert words in faults("h5p", changed_h5p(PACKAGE_BREAKS[words], "h5p.json"))


@pytest.mark.parametrize("name", ["h5p", "scorm", "anki"])
def test_the_check_of_a_zip(name):
    files, _ = unzipped(FORMATS[name].write(branching()))
    assert "it holds" in faults(name, zipped({**files, "more.json": b"{}"}))
    assert "leaves the folder" in faults(name, zipped({**files, "../more.json": b"{}"}))
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for one in sorted(files, reverse=True):
            archive.writestr(one, files[one])
    assert "not sorted" in faults(name, out.getvalue())
    assert "date is not fixed" in faults(name, out.getvalue())


def test_h5p_refuses_files_that_hosts_refuse():
    files, _ = unzipped(FORMATS["h5p"].write(branching()))
    assert "hosts refuse" in faults("h5p", zipped({**files, "content/run.exe": b"x"}))


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("<manifest ", "<package ", "no XML"),
        ("imscp_rootv1p1p2", "imscp_other", "the root is"),
        (">1.2<", ">2004<", "does not say SCORM 1.2"),
        ("default=\"organisation\"", "default=\"other\"", "default organisation is missing"),
        ("identifierref=\"page\"", "identifierref=\"other\"", "an item leads to other"),
        ("scormtype=\"sco\"", "scormtype=\"asset\"", "no SCO"),
        ("<file href=\"index.html\"/>", "<file href=\"more.js\"/>", "more.js is not in the zip"),
        ("<resource .*</resource>", "", "imsmanifest.xml: no resource"),
        ("<manifest ", "<!DOCTYPE manifest><manifest ", "document type"),
    ],
)  # fmt: skip
def test_the_check_of_the_scorm_manifest(old, new, words):
    files, _ = unzipped(FORMATS["scorm"].write(branching()))
    manifest = files["imsmanifest.xml"].decode()
    assert re.search(old, manifest, re.S)
    assert words in faults(
        "scorm", zipped({**files, "imsmanifest.xml": re.sub(old, new, manifest, count=1, flags=re.S).encode()})
    )


def test_the_check_of_the_scorm_page():
    files, _ = unzipped(FORMATS["scorm"].write(branching()))
    assert "does not talk to a platform" in faults(
        "scorm", zipped({**files, "index.html": FORMATS["html"].write(branching())})
    )
    assert "index.html: " in faults(
        "scorm", zipped({**files, "index.html": files["index.html"].replace(b"<main", b"<img src=x><main")})
    )


ANKI_BREAKS = {
    "as many fields as its note type": "update notes set flds = flds || char(31) || 'more'",
    "two notes carry one guid": "update notes set guid = 'one'",
    "has no card": "delete from cards where nid = (select min(id) from notes)",
    "which is missing": "delete from notes where id = (select min(id) from notes)",
    "in deck 5, which is missing": "update cards set did = 5",
    "a text acts": "update notes set flds = flds || '<script>'",
    "tags 'a b'": "update notes set tags = 'a b'",
    "schema 12": "update col set ver = 12",
    "no note": "delete from notes",
    "table revlog has": "drop table revlog",
    "table graves has": "alter table graves add column more integer",
    "cannot be read": "update notes set mid = 5",
}


@pytest.mark.parametrize("words", ANKI_BREAKS)
def test_the_check_of_the_deck(words):
    files, _ = unzipped(FORMATS["anki"].write(branching()))
    database = sqlite3.connect(":memory:")
    database.deserialize(files["collection.anki2"])
    database.execute(ANKI_BREAKS[words])
    database.commit()
    broken = database.serialize()
    database.close()
    assert words in faults("anki", zipped({**files, "collection.anki2": broken}))
