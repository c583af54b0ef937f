import json
import os
import subprocess
import sys
from dataclasses import replace
from functools import partial

import pytest
from processes import in_process
from shipped import PUBLISHED, ROOT, named

from pathways.knowledge.protocols import load_protocol
from pathways.laws import judging
from pathways.laws.comparing import Compared
from pathways.laws.laws import LAWS

STEP_KEYS = {"trigger", "kind", "from", "to", "day", "note", "sources", "risk"}
PLAN_KEYS = {
    "case", "protocol", "version", "resectability", "liver_state", "findings", "resections", "pathways", "contingent",
    "closed", "routes", "truncated", "graph", "best_probability_resected", "scores", "not_modelled", "for_the_record",
    "find_out_next", "life_hangs_on", "life_one_arm", "life_without_clearance_at_most_months", "survival_sources", "intervals", "figures", "limit", "assumptions",
    "chances",
}  # fmt: skip
VERDICT_KEYS = {"rule", "verdict", "reason", "value", "limit", "unit", "sources", "assumed"}
PATHWAY_KEYS = {
    "id", "title", "families", "steps", "probability_as_planned", "probability_resected", "mortality_90d",
    "days_to_clearance", "survival_5y", "survival", "recurrence_free_3y", "life_months_10y", "drivers", "operations", "chemotherapy_cycles", "smallest_remnant_fraction", "pareto",
    "assumptions", "warnings",
}  # fmt: skip
RESECTION_KEYS = {
    "name", "removes", "wedges", "ablations", "remnant_segments", "remnant_fraction", "low", "high", "estimated",
    "meets_protocol",
}  # fmt: skip


def run(*words, **options):
    return subprocess.run(
        [sys.executable, "-m", "pathways", *map(str, words)],
        **{
            "capture_output": True,
            "text": True,
            "check": False,
            "cwd": ROOT,
            "env": {**os.environ, "COLUMNS": "140"},
            **options,
        },
    )


# Every fourth in the ordinary suite; all of them with -m slow.
PLANNED = [
    pytest.param(path, id=path.stem, marks=[pytest.mark.slow] if number % 4 else [])
    for number, path in enumerate(PUBLISHED)
]


@pytest.mark.parametrize("path", PLANNED)
def test_plan_json_is_one_document_of_the_fixed_shape(path, capsys):
    status, out, _ = in_process(capsys, "plan", path, "--json")
    document = json.loads(out)
    assert status == (
        0
        if any(step["to"] in ("resected", "transplanted") for one in document["pathways"] for step in one["steps"])
        else 1
    )
    assert set(document) == PLAN_KEYS
    assert document["routes"].isdigit()
    for verdict in document["findings"]:
        assert set(verdict) == VERDICT_KEYS
        assert verdict["verdict"] in ("allowed", "refused", "unknown")
    for one in document["pathways"]:
        assert set(one) >= PATHWAY_KEYS
        assert all(set(step) == STEP_KEYS for step in one["steps"])
        for risk in (step["risk"] for step in one["steps"] if step["risk"]):
            assert set(risk) == {"value", "low", "high", "drivers"}
            assert all(set(driver) == {"factor", "words", "odds", "told"} for driver in risk["drivers"])
        assert all(step["sources"] for step in one["steps"] if step["kind"] == "decision")
    for one in document["resections"]:
        assert set(one) >= RESECTION_KEYS
        assert 0 <= one["low"] <= one["remnant_fraction"] <= one["high"] <= 1
    for one in document["closed"]:
        assert set(one) == {"family", "kind", "than", "verdicts", "opens_if"}


def test_plan_without_a_curative_pathway_ends_with_status_1_and_still_prints_json(capsys):
    status, out, _ = in_process(capsys, "plan", named("conv-01"), "--json")
    assert status == 1
    assert json.loads(out)["pathways"]


def test_asking_for_a_family_that_no_pathway_carries_is_answered_with_no_and_where_it_stands(capsys):
    status, _, said = in_process(capsys, "plan", named("alp-01"), "--family", "rescue_alpps")
    assert status == 1
    assert "contingent on remnant_stays_short" in said


def test_asking_for_a_family_of_a_curable_case_is_no_refusal(capsys):
    assert in_process(capsys, "plan", named("meta-02"), "--family", "palliative")[0] == 0


def test_plan_prints_families_reasons_and_the_notice(capsys):
    status, out, _ = in_process(capsys, "plan", named("alp-03"))
    assert status == 0
    for words in (
        "no major hepatectomy together with a resection of the rectum",
        "ALPPS",
        "no medical device",
        "Assumed",
    ):
        assert words in out


def test_assess_prints_one_document(capsys):
    document = json.loads(in_process(capsys, "assess", named("alp-01"), "--json")[1])
    assert document["resectability"] == "remnant_insufficient"
    assert {verdict["rule"] for verdict in document["findings"]} >= {
        "remnant_volume",
        "remnant_body_weight",
        "fit_for_operation",
    }


def test_remnants_in_json_are_fractions(capsys):
    document = json.loads(in_process(capsys, "assess", named("alp-01"), "--json")[1])
    volume = next(verdict for verdict in document["findings"] if verdict["rule"] == "remnant_volume")
    assert volume["unit"] == "fraction"
    assert volume["limit"] == load_protocol().number("remnant_limit_normal")
    weight = next(verdict for verdict in document["findings"] if verdict["rule"] == "remnant_body_weight")
    assert weight["limit"] == load_protocol().number("remnant_body_weight_normal")


def test_routes_are_json_lines_and_the_cut_is_flagged(capsys):
    _, out, said = in_process(capsys, "routes", named("dlm-01"), "--limit", "7")
    lines = [json.loads(line) for line in out.splitlines()]
    assert len(lines) == 7
    assert all(line["steps"][-1]["to"] == line["end"] for line in lines)
    assert "7 of" in said


def test_routes_count_is_a_bare_number(capsys):
    _, out, said = in_process(capsys, "routes", named("lf-02"), "--count")
    assert int(out) > 1_000_000
    assert said == ""


def test_a_reader_that_stops_early_gets_no_traceback():
    command = f"{sys.executable} -m pathways routes {named('lf-02')} --limit 200000 | head -1"
    answer = subprocess.run(["bash", "-c", command], capture_output=True, text=True, check=False, cwd=ROOT)
    assert answer.stdout.startswith('{"route": 1')
    assert "Traceback" not in answer.stderr


@pytest.mark.parametrize("form", ["mermaid", "dot", "graphml", "json"])
def test_export_writes_to_a_file_or_to_standard_output(form, tmp_path, capsys):
    file = tmp_path / "graph.out"
    assert in_process(capsys, "export", named("meta-02"), "--to", form, "-o", file)[0] == 0
    assert file.read_text() == in_process(capsys, "export", named("meta-02"), "--to", form)[1]
    assert not list(tmp_path.glob("*.part"))


def test_export_into_a_folder_that_is_not_there_is_said_in_one_line(tmp_path, capsys):
    status, _, said = in_process(
        capsys, "export", named("meta-02"), "--to", "dot", "-o", tmp_path / "nowhere" / "x.dot"
    )
    assert status == 2
    assert said.count("\n") == 1
    assert "cannot be written" in said


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        (("plan", "nowhere.yaml"), "nowhere.yaml:1:1: cannot be read"),
        (("plan", "scenarios/published/meta-02.yaml", "--protocol", "mdac"), 'did you mean "mdacc"'),
        (("plan", "scenarios/published/meta-02.yaml", "--family", "alps"), 'did you mean "alpps"'),
        (("export", "scenarios/published/meta-02.yaml", "--to", "mermade"), 'did you mean "mermaid"'),
        (("schema", "cas"), 'did you mean "case"'),
        (("routes", "scenarios/published"), "cannot be read"),
        (("routes", "scenarios/published/meta-02.yaml", "--limit", "-1"), "--limit"),
        (("plann", "x"), "plann"),
        (("protocol", "show", "nothing"), "default, mdacc"),
    ],
)
def test_wrong_use_ends_with_status_2_and_names_what_is_accepted(words, expected, capsys):
    status, _, said = in_process(capsys, *words)
    assert status == 2
    assert expected in said
    assert "Traceback" not in said


def test_validate_names_good_files_and_says_what_is_wrong_in_bad_ones(tmp_path, capsys):
    bad = tmp_path / "bad.yaml"
    bad.write_text("schema: 1\nid: x\nprimary: {tumuor: colorectal}\nlesions: [{segments: [2]}]\n")
    status, out, said = in_process(capsys, "validate", named("meta-02"), bad)
    assert status == 2
    assert "a valid case" in out
    assert f'{bad}:3:11: primary.tumuor: unknown key "tumuor"' in said
    assert 'did you mean "tumour"?' in said


def test_all_shipped_files_validate(capsys):
    files = [*ROOT.glob("scenarios/*/*.yaml"), *ROOT.glob("src/pathways/knowledge/data/protocols/[em]*.yaml")]
    assert in_process(capsys, "validate", *files)[0] == 0


@pytest.mark.parametrize("what", ["case", "course", "protocol", "scenario", "cohort"])
def test_committed_schemas_are_those_the_command_prints(what, capsys):
    assert (ROOT / "docs" / "schemas" / f"{what}.schema.json").read_text() == in_process(capsys, "schema", what)[1]


LIGHT = [
    ("--help",), ("validate", "scenarios/published/meta-02.yaml"), ("schema", "case"), ("schema", "scenario"),
    ("validate", "scenarios/teaching/operate_promptly-11-1.yaml"),
]  # fmt: skip


@pytest.mark.parametrize("words", LIGHT)
def test_light_commands_import_neither_networkx_nor_numpy(words):
    code = (
        "import sys; sys.argv = ['pathways', *sys.argv[1:]]\n"
        "from pathways.cli.main import run\n"
        "try: run()\nexcept SystemExit: pass\n"
        "print(sorted({'networkx', 'numpy', 'transitions'} & set(sys.modules)), file=sys.stderr)"
    )
    answer = subprocess.run([sys.executable, "-c", code, *words], capture_output=True, text=True, check=False, cwd=ROOT)
    assert answer.stderr.strip().endswith("[]")


@pytest.mark.parametrize("command", ["plan", "assess"])
def test_every_case_command_takes_a_protocol(command, capsys):
    _, out, _ = in_process(capsys, command, named("meta-02"), "--protocol", "mdacc", "--json")
    assert json.loads(out)["protocol"] == "mdacc"


def test_a_centres_overlay_file_is_used(tmp_path, capsys):
    overlay = tmp_path / "ours.yaml"
    overlay.write_text(
        "schema: 1\nid: ours\ntitle: our limits\nbased_on: default\n"
        "references: {sop: {title: our operating procedure}}\n"
        "replaces:\n  alpps_accepted: {value: false, why: we do not do it, sources: [sop], confidence: expert_opinion}\n"
    )
    _, out, _ = in_process(capsys, "plan", named("alp-01"), "--protocol", overlay, "--json")
    closed = {one["family"]: one["verdicts"] for one in json.loads(out)["closed"]}
    assert closed["alpps"][0]["rule"] == "policy"
    assert closed["alpps"][0]["sources"] == ["sop"]


def test_protocol_diff_shows_what_differs(capsys):
    _, out, _ = in_process(capsys, "protocol", "diff", "default", "mdacc")
    assert "remnant_limit_normal" in out
    assert "washout_weeks_cytotoxic" not in out


def test_protocol_list_names_the_shipped_ones(capsys):
    shown = in_process(capsys, "protocol", "list")[1]
    assert all(name in shown for name in ("default", "mdacc", "european"))


def test_the_version_is_told():
    assert run("--version").stdout.strip() == "pathways 0.1.0"


def test_output_fits_a_narrow_terminal():
    answer = run("plan", named("abl-01"), env={**os.environ, "COLUMNS": "80"})
    assert max(map(len, answer.stdout.splitlines())) <= 80


# --- explain, compare, picture ----------------------------------------------------------------------------------------


def test_explain_json_says_status_verdicts_and_what_opens(capsys):
    status, out, _ = in_process(capsys, "explain", named("alp-01"), "ablation", "--json")
    document = json.loads(out)
    assert status == 0
    assert document["status"] == "contingent"
    assert document["after"]
    assert document["verdicts"]
    assert document["opens_if"][0]["changes"][0]["key"].endswith(".size_mm")


def test_explain_takes_a_family_as_people_write_it(capsys):
    assert in_process(capsys, "explain", named("alp-01"), "PVE")[0] == 0
    assert in_process(capsys, "explain", named("sim-02"), "liver-first")[0] == 0


def test_explain_names_the_nearest_family(capsys):
    status, out, said = in_process(capsys, "explain", named("alp-01"), "aplps")
    assert (status, out) == (2, "")
    assert 'did you mean "alpps"?' in said


def test_compare_json_has_every_protocol_and_the_differences(capsys):
    status, out, _ = in_process(capsys, "compare", named("alp-03"), "default", "mdacc", "european", "--json")
    document = json.loads(out)
    assert status == 0
    assert [one["protocol"] for one in document["protocols"]] == ["default", "mdacc", "european"]
    assert {one["protocol"] for one in document["differences"]} <= {"mdacc", "european"}
    assert all(
        {"setting", "turns_at", "sources"} <= set(one) for row in document["differences"] for one in row["because"]
    )


def test_compare_without_protocols_takes_all_that_ship(capsys):
    _, out, _ = in_process(capsys, "compare", named("abl-02"), "--json")
    assert len(json.loads(out)["protocols"]) == 3


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("default",), "got one protocol"),
        (("default", "mdac"), 'did you mean "mdacc"?'),
        (("--sweep", "remnant_limit_norml=0.2:0.3:0.1"), 'did you mean "remnant_limit_normal"?'),
        (("--sweep", "remnant_limit_normal=0.2"), "accepted: SETTING=LOW:HIGH:STEP"),
        (("--sweep", "remnant_limit_normal=0.2:0.3:0"), "accepted: SETTING=LOW:HIGH:STEP"),
        (("--sweep", "remnant_limit_normal=nan:0.3:0.1"), "accepted: SETTING=LOW:HIGH:STEP"),
        (("--sweep", "remnant_limit_normal=0:1:0.0001"), "accepted: at most 200"),
        (("--sweep", "alpps_accepted=0:1:1"), "accepted: a setting that is a number"),
    ],
)
def test_compare_answers_wrong_use(words, said, capsys):
    status, out, error = in_process(capsys, "compare", named("abl-02"), *words)
    assert (status, out) == (2, "")
    assert said in error


def test_a_sweep_prints_a_row_for_each_value(capsys):
    _, out, _ = in_process(capsys, "compare", named("alp-03"), "--sweep", "remnant_limit_normal=0.2:0.4:0.1", "--json")
    assert [one["value"] for one in json.loads(out)["sweep"]["values"]] == [0.2, 0.3, 0.4]


@pytest.mark.parametrize("what", ["timeline", "growth", "tornado", "survival"])
def test_a_picture_is_written_whole_or_not_at_all(what, tmp_path, capsys):
    file = tmp_path / "picture.json"
    assert in_process(capsys, "picture", named("alp-01"), what, "-o", file)[0] == 0
    assert json.loads(file.read_text(encoding="utf-8"))["title"]["text"]
    assert [one.name for one in tmp_path.iterdir()] == ["picture.json"]


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("timelin",), 'did you mean "timeline"?'),
        (("timeline", "-o", "x.pdf"), "accepted: json, svg, png"),
        (("timeline", "-o", "x"), "accepted: json, svg, png"),
        (("timeline", "-o", "/nowhere/x.json"), "cannot be written"),
        (("timeline", "--objective", "fast"), "accepted: resection, survival, life, time, safety"),
    ],
)
def test_picture_answers_wrong_use(words, said, capsys):
    status, out, error = in_process(capsys, "picture", named("alp-01"), *words)
    assert (status, out) == (2, "")
    assert said in error


def test_growth_says_why_there_is_no_picture(capsys):
    status, _, error = in_process(capsys, "picture", named("abl-02"), "growth")
    assert status == 2
    assert "no remnant to grow" in error


def test_a_policy_goes_with_prism_only(capsys):
    status, _, error = in_process(capsys, "export", named("abl-02"), "--to", "dot", "--policy", "time")
    assert status == 2
    assert "accepted: --policy with --to prism" in error


def test_prism_names_the_kind_of_model(capsys):
    assert "\nmdp\n" in in_process(capsys, "export", named("abl-02"), "--to", "prism")[1]
    assert "\ndtmc\n" in in_process(capsys, "export", named("abl-02"), "--to", "prism", "--policy", "safety")[1]


# --- check and audit --------------------------------------------------------------------------------------------------


def test_check_json_has_the_keys_of_the_contract(capsys):
    status, out, _ = in_process(capsys, "check", named("abl-02"), named("alp-01"), "--json")
    document = json.loads(out)
    assert status == 0
    assert [set(one) >= {"case", "states", "edges", "properties"} for one in document["cases"]] == [True, True]
    assert all(
        set(one) == {"id", "proved", "counter_example"} for case in document["cases"] for one in case["properties"]
    )
    assert all(one["proved"] for case in document["cases"] for one in case["properties"])


def test_check_holds_the_laws_against_a_case_where_it_is_asked(capsys):
    status, out, _ = in_process(capsys, "check", named("rep-03"), "--laws", "--json")
    document = json.loads(out)
    assert status == 0
    assert all(
        set(one) == {"id", "holds", "compared", "empty", "exceptions", "counter_example"} for one in document["laws"]
    )
    assert all(one["holds"] and one["counter_example"] is None for one in document["laws"])
    assert sum(one["compared"] for one in document["laws"]) > 20
    assert "laws" not in json.loads(in_process(capsys, "check", named("rep-03"), "--json")[1])


def test_check_ends_with_1_and_shows_the_neighbour_where_a_law_is_broken(capsys, monkeypatch):
    """A law that every neighbour breaks: those that there are hold."""
    law = replace(
        LAWS["more_disease_is_not_better"],
        compare=lambda before, after, neighbour: Compared(moved=True, wrong="nothing may ever be worse"),
        exceptions=(),
        not_yet="nobody has asked for it",
    )
    monkeypatch.setattr(judging, "hold_against", partial(judging.hold_against, laws=[law], most=None))
    status, out, _ = in_process(
        capsys, "check", ROOT / "scenarios" / "constructed" / "neuroendocrine-debulking.yaml", "--laws"
    )
    told = " ".join(out.split())
    assert status == 1
    assert "x more_disease_is_not_better" in told
    assert "lesions[0].size_mm 65.0 instead of 60.0" in told
    assert "nothing may ever be worse" in told
    assert "not mended yet: nobody has asked for it" in told


def test_audit_json_has_the_keys_of_the_contract_and_status_1_where_a_course_deviates(capsys):
    courses = ROOT / "scenarios" / "courses"
    status, out, _ = in_process(capsys, "audit", courses / "alp-05.yaml", courses / "conv-01.yaml", "--json")
    document = json.loads(out)
    assert status == 1
    assert set(document) == {"courses", "summary"}
    assert [set(one) for one in document["courses"]] == [{"course", "conforms", "events"}] * 2
    assert [one["course"] for one in document["courses"]] == ["alp-05.yaml", "conv-01.yaml"]
    keys = {"day", "event", "verdict", "property", "rule", "excess", "unit", "words"}
    assert all(set(row) == keys for one in document["courses"] for row in one["events"])
    assert {row["verdict"] for one in document["courses"] for row in one["events"]} <= {
        "allowed",
        "deviation",
        "unknown",
    }


def test_audit_of_a_conforming_course_ends_with_0(capsys):
    assert in_process(capsys, "audit", ROOT / "scenarios" / "courses" / "alp-05.yaml")[0] == 0


@pytest.mark.parametrize("command", ["check", "audit"])
def test_check_and_audit_answer_a_missing_file(command, capsys):
    status, out, error = in_process(capsys, command, "nothing.yaml")
    assert (status, out) == (2, "")
    assert "nothing.yaml:1:1: cannot be read" in error


def test_a_command_that_is_named_is_laid_out_alone_and_a_mistyped_one_is_looked_for_among_all(capsys):
    from pathways.cli import main

    assert [main._name_of(one) for one in main._asked_for(["plan", "some.yaml"]).registered_commands] == ["plan"]
    for words in ([], ["--help"], ["pln"], ["teach", "new"]):
        assert main._asked_for(words) is main.app
    status, _, told = in_process(capsys, "pln", "some.yaml")
    assert status == 2
    assert "Did you mean 'plan'" in told
    status, told, _ = in_process(capsys, "--help")
    assert status == 0
    assert {main._name_of(one) for one in main.app.registered_commands} <= set(told.split())
