"""The proof of the house: a treatment that is declared is known everywhere, and one that is declared wrongly is known nowhere.

Each test starts an interpreter of its own, adds a step to a table of the process before the declaration is put together, and looks.
"""

import json
import subprocess
import sys
import textwrap
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
DECLARED = """
import json, sys
sys.path.insert(0, {tests!r})
from pathways.process import chemotherapy
from pathways.process.chemotherapy import *
STEP = Trigger(
    name="start_new_infusion",
    kind="decision",
    title="Infusion of the new drug into the liver",
    short="new infusion",
    sets_apart=True,
    acts=("systemic",),
    course="conversion",
    distractor=Distractor(hasty=True),
    phases={phases},
    to="on_conversion_chemotherapy",
    raises="line",
    guards=({guards}),
    effects=(becomes("line", "first"), *NEW_BLOCK),
    tags=(Tag("{family}"),),
    days=BLOCK,
    sources=("{source}",),
    events=("{event}",),
    oncological=True,
)
chemotherapy.TRIGGERS = (*chemotherapy.TRIGGERS, {changed})
"""
EMERGENCY_FIRST = (
    "FIRST_COURSE, LIVER_UNTOUCHED, NO_STIMULUS, CONTROLLED, NOT_URGENT, NOT_RESECTABLE, LEFT, *AIM_OF_OPERATING"
)
CASE = """
from builders import make_case
CASE = make_case(lesions=[{"segments": [5, 8], "size_mm": 60, "contacts": ["right_hepatic_vein", "middle_hepatic_vein", "left_hepatic_vein"]}])
"""


def run(looks, *, case=CASE, phases="SITUATIONS", guards=EMERGENCY_FIRST, family="conversion_chemotherapy", source="adam_2004",
        event="arterial_infusion", changed="STEP"):  # fmt: skip
    declared = DECLARED.format(
        tests=str(ROOT / "tests"),
        phases=phases,
        guards=guards,
        family=family,
        source=source,
        event=event,
        changed=changed,
    )
    text = declared + case + textwrap.dedent(looks)
    return subprocess.run([sys.executable, "-c", text], capture_output=True, text=True, check=False, cwd=ROOT)


def answer(looks, **how):
    found = run(looks, **how)
    assert found.returncode == 0, found.stderr
    return json.loads(found.stdout)


def test_a_new_treatment_is_planned_titled_and_proved():
    found = answer("""
        import pathways as pw
        from pathways.conformance.proof import prove
        made = pw.plan(CASE, pw.load_protocol())
        mine = [one for one in made.pathways if any(step.trigger == "start_new_infusion" for step in one.steps)]
        graph = pw.explore(CASE, pw.load_protocol())
        proved = [one.id for one in prove(graph) if one.counter_example is None]
        print(json.dumps({"title": mine[0].title, "notes": [step.note for step in mine[0].steps], "proved": len(proved)}))
    """)
    assert found["title"].startswith("new infusion → ")
    assert any("4 cycles" in note for note in found["notes"])
    assert found["proved"] == 32


def test_a_new_treatment_without_its_emergency_guard_is_not_proved():
    obstructed = CASE.replace("make_case(", 'make_case(primary={"status": "in_situ", "urgent": "obstruction"}, ')
    found = answer(
        """
        import pathways as pw
        from pathways.conformance.proof import prove
        graph = pw.explore(CASE, pw.load_protocol())
        print(json.dumps([one.id for one in prove(graph) if one.counter_example is not None]))
        """,
        case=obstructed, phases='("referred",)', guards="FIRST_COURSE, LIVER_UNTOUCHED",
    )  # fmt: skip
    assert "urgent_primary_first" in found


def test_a_new_treatment_is_audited_by_what_its_record_calls_it():
    obstructed = CASE.replace("make_case(", 'make_case(primary={"status": "in_situ", "urgent": "obstruction"}, ')
    found = answer(
        """
        import pathways as pw
        from pathways.case.course import Course
        from pathways.conformance.audit import audit
        course = Course.model_validate({"schema": 1, "case": CASE, "events": [{"day": 3, "event": "arterial_infusion"}]})
        print(json.dumps(sorted({row.property for row in audit(course, pw.load_protocol()).deviations})))
        """,
        case=obstructed,
    )  # fmt: skip
    assert found == ["urgent_primary_first"]


def test_a_new_treatment_is_asked_about_in_lessons():
    found = answer("""
        import pathways as pw
        from pathways.process.declaration import PROCESS
        from pathways.teaching.curriculum.objectives import objective_of, syllabus
        from pathways.teaching.unrolling.grades import Grades
        from pathways.teaching.unrolling.answers import offer
        from pathways.teaching.unrolling.refusals import answerable
        from pathways.teaching.unrolling.wording import option_text
        graph = pw.explore(CASE, pw.load_protocol())
        about = objective_of("conversion_chemotherapy")
        grades = Grades(graph, about.goals, syllabus().scoring)
        node = next(n for n, state in enumerate(graph.states) if state.phase == "unresectable" and state.line == "none")
        one = offer(grades, node, "start_new_infusion")
        step = next(one for one in PROCESS.triggers if one.name == "start_new_infusion")
        print(json.dumps({
            "grade": one.grade, "text": option_text(graph, one, graph.states[node]),
            "good": "start_new_infusion" in about.decisions[0].good_steps, "hasty": answerable(step, graph.states[0]),
        }))
    """)
    assert found == {
        "grade": found["grade"], "text": "Infusion of the new drug into the liver: 4 cycles of FOLFOX, 4 in all", "good": True, "hasty": True,
    }  # fmt: skip
    assert found["grade"] in ("best", "acceptable")


def test_a_new_treatment_stands_in_every_export():
    found = answer("""
        import contextlib, io, tempfile, pathlib
        from pathways.cli.main import app
        from typer.testing import CliRunner
        file = pathlib.Path(tempfile.mkdtemp()) / "case.json"
        file.write_text(CASE.model_dump_json(by_alias=True, exclude_none=True), encoding="utf-8")
        made = {one: CliRunner().invoke(app, ["export", str(file), "--to", one]) for one in ("mermaid", "dot", "graphml", "prism", "json")}
        print(json.dumps({name: [one.exit_code, "start_new_infusion" in one.output.replace(" ", "_")] for name, one in made.items()}))
    """)
    assert found == {one: [0, True] for one in ("mermaid", "dot", "graphml", "prism", "json")}


def test_a_new_treatment_is_taken_by_drawn_patients():
    found = answer("""
        import pathways as pw
        from pathways.process.selection import steps
        from pathways.cohort.codes.strategies import strategy
        order = [one.trigger.name for one in strategy("guideline").orders["unresectable"]]
        result = pw.simulate(patients=300, seed=3)
        print(json.dumps(["start_new_infusion" in order, "start_new_infusion" in steps(["course:conversion"]), result.outcome_counts.patients]))
    """)
    assert found == [True, True, 300]


REFUSED = {
    'the rule "emergencies_first", which is unknown': {
        "guards": "live('line', 'none', rule='emergencies_first', because='x'),"
    },
    "names no act": {"changed": "replace(STEP, acts=(), course='', effects=())"},
    "changes line, but none of its acts is systemic": {"changed": "replace(STEP, acts=('waiting',), course='')"},
    'the event word "arterial_infusoin", which is unknown; did you mean "arterial_infusion"?': {
        "event": "arterial_infusoin"
    },
    'the family "conversion_chemo", which is unknown': {"family": "conversion_chemo"},
    'the source "adam_2040", which is unknown; did you mean "adam_2004"?': {"source": "adam_2040"},
    'the act "sistemic", which is unknown; did you mean "systemic"?': {
        "changed": "replace(STEP, acts=('systemic', 'sistemic'))"
    },
    'the finding "enuogh", which is unknown': {"changed": "replace(STEP, finds=('enuogh',))"},
    'the figure "no_figure", which is unknown': {"changed": "replace(STEP, annotation='{no_figure:.0%}')"},
    "systemic treatment and its course go together": {"changed": "replace(STEP, course='')"},
    "counts as an operation, but none of its acts is one": {"changed": "replace(STEP, operation=True)"},
    "is not elective, but its guards ask for no emergency": {"changed": "replace(STEP, elective=False)"},
    "the act primary_resection and treating the primary go together": {"changed": "replace(STEP, treats=('primary',))"},
    'a record calls it "ablation", which is ablation, and that is none of its acts': {"event": "ablation"},
}


@pytest.mark.parametrize("words", REFUSED)
def test_a_treatment_that_is_declared_wrongly_is_refused_with_a_sentence(words):
    found = run("from dataclasses import replace\nimport pathways.process.declaration", **{
        **REFUSED[words], "case": "",
        **({"changed": REFUSED[words]["changed"].replace("replace(", "__import__('dataclasses').replace(")} if "changed" in REFUSED[words] else {}),
    })  # fmt: skip
    assert found.returncode == 1
    assert "the declared process is faulty" in found.stderr
    assert words in found.stderr
