"""What changed between two files and what it turned round: cases by their keys, saved plans by their figures."""

import json
import sys
from dataclasses import replace

import pytest
from shipped import PUBLISHED, case_at, named, plan_at

from pathways.case.models import Case
from pathways.documents.problems import PathwaysError
from pathways.knowledge.protocols import load_protocol
from pathways.planning.diff import diff_cases, diff_plans, spelled
from pathways.planning.plan import plan
from pathways.planning.stamp import mark_of

DEFAULT = load_protocol()


def changed_case(case, **parts):
    told = case.model_dump(mode="json", by_alias=True, exclude_unset=True)
    for key, values in parts.items():
        told[key] = {**told.get(key, {}), **values} if isinstance(values, dict) else values
    return Case.model_validate(told)


def command(capsys, monkeypatch, *words):
    from pathways.cli.main import run

    monkeypatch.setattr(sys, "argv", ["pathways", "diff", *map(str, words)])
    with pytest.raises(SystemExit) as stop:
        run()
    shown = capsys.readouterr()
    return stop.value.code or 0, shown.out, shown.err


@pytest.mark.parametrize("path", PUBLISHED[::25], ids=lambda path: path.stem)
def test_a_case_does_not_differ_from_itself(path):
    found = diff_cases(case_at(path), case_at(path), DEFAULT)
    assert not found.anything
    assert found.as_json()["changed"] == found.as_json()["families"] == []


def test_every_changed_key_is_told_and_the_families_it_turned_with_the_key_that_did_it():
    old = case_at(named("alp-03"))
    new = changed_case(old, primary={"status": "resected"}, patient={"asa": 2})
    found = diff_cases(old, new, DEFAULT)
    assert {one.key: (one.old, one.new) for one in found.changed} == {
        "primary.status": ("in_situ", "resected"), "patient.asa": (None, 2),
    }  # fmt: skip
    turned = {one.family: one for one in found.families}
    for family in ("simultaneous", "primary_first", "liver_first"):
        assert (turned[family].old, turned[family].new, turned[family].by) == (
            "open",
            "does_not_apply",
            ("primary.status",),
        )


def test_families_told_as_turned_are_those_that_two_plans_judge_otherwise():
    old = case_at(named("alp-03"))
    new = changed_case(
        old,
        lesions=[
            {"id": "A", "segments": ["right_liver", 4], "size_mm": 60, "count": 4},
            {"id": "B", "segments": [2, 3], "count": 5},
        ],
    )
    found = diff_cases(old, new, DEFAULT)
    before, after = plan(old, DEFAULT), plan(new, DEFAULT)
    flipped = set(before.open) ^ set(after.open)
    assert {one.family for one in found.families if "open" in (one.old, one.new)} == flipped
    assert found.first == (before.pathways[0].title, after.pathways[0].title)


def test_a_change_of_name_turns_nothing():
    old = case_at(named("sim-04"))
    found = diff_cases(old, changed_case(old, title="other"), DEFAULT)
    assert [one.key for one in found.changed] == ["title"]
    assert not found.families


def test_lists_of_another_length_are_one_change():
    old = case_at(named("alp-03"))
    new = changed_case(old, lesions=[{"id": "A", "segments": [6]}])
    assert [one.key for one in diff_cases(old, new, DEFAULT).changed] == ["lesions"]
    assert spelled(("lesions", 0, "size_mm")) == "lesions[0].size_mm"


def test_a_saved_plan_carries_version_protocol_and_figures_and_a_newer_one_says_which_figure_changed():
    old = plan_at(named("alp-03")).as_json()
    assert old["version"]
    assert old["protocol"] == "default"
    assert old["figures"]["values"]["growth_pve"] == 0.47
    new = json.loads(json.dumps(old))
    new["version"] = "9.9.9"
    new["figures"]["values"]["growth_pve"] = 0.5
    new["figures"]["hash"] = "other"
    found = diff_plans(old, new)
    assert [(one.key, one.old, one.new) for one in found.figures] == [("growth_pve", 0.47, 0.5)]
    assert {one.key for one in found.changed} == {"version", "figures.hash"}
    assert not found.families


def test_plans_under_two_protocols_say_which_setting_is_otherwise_and_what_turned():
    old, new = plan_at(named("alp-03")).as_json(), plan(case_at(named("alp-03")), load_protocol("mdacc")).as_json()
    found = diff_plans(old, new)
    assert "remnant_limit_normal" in [one.key for one in found.settings]
    assert ("alpps", "open", "contingent") in [(one.family, one.old, one.new) for one in found.families]
    assert not found.figures
    assert any(one.what == "probability_cleared" and one.new > one.old for one in found.moved)


@pytest.mark.parametrize(
    ("what", "printed"), [("probability_cleared", 0.01), ("mortality_90d", 0.001), ("survival_5y", 0.01)]
)
def test_a_chance_has_moved_from_half_of_the_last_place_that_is_printed(what, printed):
    old = plan_at(named("alp-03")).as_json()
    title = old["pathways"][0]["title"]
    old["pathways"] = old["pathways"][:1]
    old["pathways"][0][what]["value"] = 0.5
    for part, moved in ((0.4, False), (0.6, True), (-0.4, False), (-0.6, True)):
        new = json.loads(json.dumps(old))
        new["pathways"][0][what]["value"] = 0.5 + part * printed
        told = [(one.title, one.what, one.old, one.new) for one in diff_plans(old, new).moved]
        assert told == ([(title, what, 0.5, 0.5 + part * printed)] if moved else [])


def test_the_mark_is_the_same_for_the_same_figures_and_another_for_others():
    assessed = plan_at(named("alp-03")).graph.facts.assessed
    mark = mark_of(assessed.parameters, DEFAULT)
    assert mark == plan_at(named("sim-04")).as_json()["figures"]["hash"]
    one = assessed.parameters["growth_pve"]
    assert mark_of({**assessed.parameters, "growth_pve": replace(one, value=0.48)}, DEFAULT) != mark
    assert mark_of({**assessed.parameters, "growth_pve": replace(one, distribution={})}, DEFAULT) != mark
    assert mark_of(assessed.parameters, load_protocol("mdacc")) != mark


def test_a_plan_saved_before_plans_carried_figures_can_still_be_compared():
    old = plan_at(named("alp-03")).as_json()
    older = {key: value for key, value in old.items() if key != "figures"}
    found = diff_plans(older, old)
    assert [one.key for one in found.changed] == ["figures.hash"]
    assert not found.figures


def test_the_command_prints_text_and_one_document(tmp_path, capsys, monkeypatch):
    file = tmp_path / "new.yaml"
    file.write_text(
        named("sim-04").read_text(encoding="utf-8").replace("status: in_situ", "status: resected"), encoding="utf-8"
    )
    status, out, _ = command(capsys, monkeypatch, named("sim-04"), file)
    assert status == 0
    assert "primary.status: in_situ → resected" in out
    assert "simultaneous: open → does not apply, by primary.status" in out
    document = json.loads(command(capsys, monkeypatch, named("sim-04"), file, "--json")[1])
    assert {"changed", "families", "first"} <= set(document)
    assert set(document["changed"][0]) == {"key", "old", "new"}
    assert set(document["families"][0]) == {"family", "old", "new"}
    assert {"family": "simultaneous", "keys": ["primary.status"]} in document["because"]
    assert set(document["first"]) == {"old", "new"}


def test_saved_plans_are_known_by_what_they_hold(tmp_path, capsys, monkeypatch):
    one, other = tmp_path / "a.json", tmp_path / "b.json"
    for file, protocol in ((one, "default"), (other, "mdacc")):
        file.write_text(json.dumps(plan(case_at(named("sim-04")), load_protocol(protocol)).as_json()), encoding="utf-8")
    status, out, _ = command(capsys, monkeypatch, one, other)
    assert status == 0
    assert "protocol: default → mdacc" in out
    status, _, said = command(capsys, monkeypatch, one, named("sim-04"))
    assert status == 2
    assert "two case files, or two saved plans" in said


@pytest.mark.parametrize(
    "text",
    [
        '{"pathways": 1}', '{"pathways": [], "contingent": [], "closed": [{"family": 3}]}', '{"pathways": [{}], "contingent": [], "closed": []}',
        '{"pathways": [], "contingent": [], "closed": [], "figures": 1}', "[" * 300, "", "\x00", '{"pathways": [{"title": "x", "families": 7}], "contingent": [], "closed": []}',
    ],
)  # fmt: skip
def test_what_is_no_plan_and_no_case_is_refused_in_a_sentence(text, tmp_path, capsys, monkeypatch):
    file = tmp_path / "x.json"
    file.write_text(text, encoding="utf-8")
    status, _, said = command(capsys, monkeypatch, file, file)
    assert status == 2
    assert said
    assert "Traceback" not in said
    assert "fault of the program" not in said


def test_what_a_hostile_plan_says_to_a_terminal_is_shown_as_text(tmp_path, capsys, monkeypatch):
    made = plan_at(named("sim-04")).as_json()
    hostile = json.loads(json.dumps(made))
    hostile["case"] = "\x1b[31mred\x07"
    hostile["pathways"][0]["title"] = "\x1b]0;title\x07"
    one, other = tmp_path / "a.json", tmp_path / "b.json"
    one.write_text(json.dumps(made), encoding="utf-8")
    other.write_text(json.dumps(hostile), encoding="utf-8")
    out = command(capsys, monkeypatch, one, other)[1]
    assert "\x1b" not in out
    assert "\x07" not in out


def test_a_change_that_makes_no_case_alone_is_left_out_of_the_tracing():
    old = case_at(named("sim-04"))
    with pytest.raises(PathwaysError):
        changed_case_loaded({"schema": 1})
    assert diff_cases(old, changed_case(old, primary={"status": "resected"}), DEFAULT).families


def changed_case_loaded(told):
    from pathways.case.loading import load_case

    return load_case(told)
