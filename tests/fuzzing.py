"""Inputs that nobody wrote, for every reader of files: each gives a value or a complaint in words, and nothing else ever.

    python tests/fuzzing.py --seconds 60            changes of valid files, in CI for a minute
    python tests/fuzzing.py --inputs 1000000        as many as that
    python tests/fuzzing.py --atheris CORPUS [...]  led by what the code does with them (pip install atheris), with libFuzzer's options

An input is a byte that chooses the reader, and the file. A failure is raised with the input in the file `fuzz-failure`.
"""

import random
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).parents[1]
KINDS = ("case", "course", "text", "csv", "xes", "statistics", "slicer", "patients", "lesions", "nifti")
TOKENS = [
    b"schema: 1\n", b"id: a\n", b"primary: {tumour: CRC}\n", b"lesions:\n  - {segments: [S8]}\n", b"events:\n  - {day: 0, event: chemotherapy}\n",
    b"case: case.yaml\n", b"\xff", b"\x00", b"\xed\xa0\x80", b"\xe2\x80\xae", b"\x1b[2J", b"!!python/object", b"&a", b"*a", b"<<: ", b"- ", b"? ", b": ",
    b"|\n", b">\n", b"%YAML 1.1\n", b"---\n", b"...\n", b"{", b"}", b"[", b"]", b'"', b"'", b",", b";", b"\t", b"\r\n", b"1e999", b"-1", b"nan", b"0x10",
    b"99999999999999999999999", b"3.5 cm", b"35 mm", b"IVa", b"5-8", b"VIII", b"right liver", b"FOLFOX + bev", b"2024-13-45", b"31.02.2024", b"45292",
    b"1704067200", b"03/04/2024", b"<event>", b"</event>", b"<trace>", b"<list key='removes'><values>", b"<!DOCTYPE a>", b"&amp;", b"&#0;", b"start",
    b"liver_segment_4", b"LabelmapSegmentStatisticsPlugin.volume_mm3", b"Volume [cm3]", b"Segment_1", b"1.500", b"3,5", b"redcap_repeat_instrument",
    b"complete", b"schedule", b"removes", b"course,case,event,day\n", b"time:timestamp", b"lifecycle:transition", b"start_timestamp", b"until_day",
]  # fmt: skip
LOG = b"course,case,event,day,until_day,regimen,cycles,removes,lifecycle:transition,time:timestamp\np,case.yaml,chemotherapy,0,50,folfox,4.0,,start,2024-01-01\np,case.yaml,hepatectomy,90,,,,5-8,complete,2024-03-31\n"
XES = b"""<?xml version="1.0" encoding="UTF-8"?><log><trace><string key="concept:name" value="p"/><string key="case" value="case.yaml"/>
<event><string key="concept:name" value="hepatectomy"/><date key="time:timestamp" value="2024-01-01T08:00:00+01:00"/>
<list key="removes"><values><int key="removes" value="5"/></values></list></event></trace></log>"""


STATISTICS = (
    b'{"liver": {"volume": 1486000.0}, "liver_segment_4": {"volume": 236000.0}, "liver_tumor": {"volume": 24200.0}}'
)
SLICER = b"Segment,Volume [mm3] (LM),Volume [cm3] (LM)\nliver,1486000,1486\nIVa,105000,105\nII + III,249000,249\nMet 1 S8,14100,14.1\n"
PATIENTS = b"id,age,sex,tumour,weight_kg,today,extrahepatic\nA,62,f,CRC,71.5,2026-05-04,no\nB,55,m,CRC,80,2026-05-04,\n"
LESIONS = b"id,segments,size_mm,contacts\nA,S8,3.5 cm,RHV\nB,6/7,12,none\n"


def nifti():
    """A small label map."""
    import nibabel
    import numpy as np

    return nibabel.Nifti1Image(
        np.arange(64, dtype=np.uint8).reshape(4, 4, 4) % 9, np.eye(4) * [30, 30, 30, 1]
    ).to_bytes()


def readers(folder):
    """What reads each kind of bytes; `folder` is where a log stands with its case beside it."""
    import pathways as pw
    from pathways.case.eventlog import READERS, _one
    from pathways.case.eventlogs.rows import Log
    from pathways.case.loading import course_from
    from pathways.documents.reader import read_text
    from pathways.interchange.readers import labels, slicer, totalsegmentator
    from pathways.interchange.readers.tables.reading import read_tables
    from pathways.knowledge.protocols import load_protocol

    (folder / "case.yaml").write_bytes(seeds()["case"][0])

    def log(suffix):
        def read(raw):
            made = Log(folder / f"log{suffix}")
            READERS[suffix](made, raw, {})
            # A case that is named is read once and for all: what is in the log is what is tried.
            for record in made.records:
                record.case = record.case and "no such file"
                _one(made, record, None)

        return read

    def drafted(read):
        for one in read[0]:
            assert one.line() if one.draft is None else one.draft.text()

    def kept(name, raw):
        file = folder / name
        file.write_bytes(raw)
        return file

    files = {"patients": kept("patients.csv", PATIENTS), "lesions": kept("lesions.csv", LESIONS)}

    def table(which):
        return lambda raw: drafted(
            read_tables([kept(f"fuzzed-{one}.csv", raw) if one == which else file for one, file in files.items()], {})
        )

    def label_map(raw):
        file = kept("map.nii", raw)
        labels.draft_of(file, file, [], "a", {}, load_protocol("default")).text()

    def text(raw):
        return raw.decode("utf-8", "surrogateescape" if raw[:1] == b"\xff" else "replace")

    return {
        "case": lambda raw: pw.parse_case(text(raw)),
        "course": lambda raw: course_from(read_text(text(raw))),
        "text": lambda raw: read_text(text(raw)),
        "csv": log(".csv"),
        "xes": log(".xes"),
        "statistics": lambda raw: totalsegmentator.draft_of([kept("s.json", raw)], "a", {}).text(),
        "slicer": lambda raw: slicer.draft_of([kept("s.csv", raw)], "a", {}).text(),
        "patients": table("patients"),
        "lesions": table("lesions"),
        "nifti": label_map,
    }


def seeds():
    """Valid files of each kind."""
    shipped = ROOT / "scenarios"
    cases = [
        one.read_bytes()
        for folder in ("published", "constructed")
        for one in sorted((shipped / folder).glob("*.yaml"))[::6]
    ]
    cases += [one.read_bytes() for one in sorted((ROOT / "tests" / "case" / "understood").glob("*.yaml"))]
    courses = [one.read_bytes() for one in sorted((shipped / "courses").glob("*.yaml"))[::4]]
    return {
        "case": cases, "course": courses, "text": cases[:3], "csv": [LOG], "xes": [XES], "statistics": [STATISTICS], "slicer": [SLICER],
        "patients": [PATIENTS], "lesions": [LESIONS], "nifti": [nifti()],
    }  # fmt: skip


class Tried:
    """The readers, and how many inputs each has read and refused."""

    def __init__(self, folder):
        from pathways.documents.problems import PathwaysError

        self.readers, self.refusal = readers(folder), PathwaysError
        self.read = self.refused = 0

    def one(self, data):
        """One input: read, or refused in words that any terminal shows."""
        raw = bytes(data[1:])
        try:
            self.readers[KINDS[data[0] % len(KINDS)] if data else "text"](raw)
            self.read += 1
        except self.refusal as error:
            self.refused += 1
            assert str(error)
            assert all(line.isprintable() for line in str(error).split("\n")), str(error)
        except BaseException:
            Path("fuzz-failure").write_bytes(bytes(data))
            raise


def changed(luck, known):
    """A valid file with a few bytes of it changed, short most of the time: a long one takes as long as many."""
    kind = luck.randrange(len(KINDS))
    data = bytearray(luck.choice(known[KINDS[kind]]))
    if luck.random() < 0.7 and len(data) > 400:
        begins = luck.randrange(len(data))
        data = data[begins : begins + luck.randrange(20, 400)]
    for _ in range(luck.choice([1, 1, 2, 3, 6])):
        at = luck.randrange(len(data) + 1)
        what = luck.randrange(5)
        if what == 0:
            data[at:at] = luck.choice(TOKENS)
        elif what == 1:
            data[at : at + luck.randrange(1, 9)] = luck.choice(TOKENS)
        elif what == 2:
            del data[at : at + luck.randrange(1, 30)]
        elif what == 3:
            data[at:at] = data[(begins := luck.randrange(len(data) + 1)) : begins + luck.randrange(1, 40)]
        else:
            data[at : at + 1] = bytes([luck.randrange(256)])
    return bytes([kind]) + bytes(data)


def run(seconds=None, inputs=None, seed=1):
    """Tries changed files for so long, or so many of them; gives what was tried."""
    luck, known, begun = random.Random(seed), seeds(), time.monotonic()
    with tempfile.TemporaryDirectory() as folder:
        tried = Tried(Path(folder))
        while (inputs is None or tried.read + tried.refused < inputs) and (
            seconds is None or time.monotonic() - begun < seconds
        ):
            tried.one(changed(luck, known))
    return tried


def with_atheris(words):
    """Inputs led by the branches of the code, from valid files as a beginning."""
    import atheris

    with atheris.instrument_imports(include=["pathways"]):
        import pathways.case.eventlog
        import pathways.case.loading
        import pathways.ward.understanding  # noqa: F401
    with tempfile.TemporaryDirectory() as folder:
        corpus = Path(folder) / "seeds"
        corpus.mkdir()
        for kind, files in seeds().items():
            for number, raw in enumerate(files):
                (corpus / f"{kind}-{number}").write_bytes(bytes([KINDS.index(kind)]) + raw)
        tried = Tried(Path(folder))
        atheris.Setup([sys.argv[0], *words, str(corpus)], tried.one)
        atheris.Fuzz()


def main(words):
    if words[:1] == ["--atheris"]:
        return with_atheris(words[1:])
    told = dict(zip(words[::2], words[1::2]))
    tried = run(
        seconds=float(told["--seconds"]) if "--seconds" in told else None,
        inputs=int(told["--inputs"]) if "--inputs" in told else None,
        seed=int(told.get("--seed", 1)),
    )
    print(f"{tried.read + tried.refused} inputs: {tried.read} read, {tried.refused} refused in words, none failed")
    return None


if __name__ == "__main__":
    main(sys.argv[1:])
