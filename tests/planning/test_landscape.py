"""The pathways of the source documents on the constructed scenarios; docs/landscape.md names these tests."""

import json
import re

import pytest
from builders import assessed, make_case
from shipped import CONSTRUCTED, PUBLISHED, ROOT, graph_of, named, plan_at

import pathways as pw
import rule_answers
from pathways.facts.patient_assessment import PatientAssessment
from pathways.facts.regimen import regimen
from pathways.facts.scores import scores
from pathways.facts.systemic_before_surgery import reads_the_score
from pathways.graph.explore import explore
from pathways.knowledge.protocols import knowledge, load_protocol
from pathways.planning.plan import ALL_FAMILIES, plan
from pathways.process.declaration import PROCESS

DEFAULT, MDACC = load_protocol(), load_protocol("mdacc")
ROWS = [
    [cell.strip() for cell in line.strip("|").split("|")]
    for line in (ROOT / "docs" / "landscape.md").read_text(encoding="utf-8").splitlines()
    if re.match(r"\| (\d+|\+) \|", line)
]
TRIGGERS = {trigger.name for trigger in PROCESS.triggers}


def constructed(name):
    return pw.load_case(ROOT / "scenarios" / "constructed" / f"{name}.yaml")


def made(name, protocol=DEFAULT, **options):
    return plan(constructed(name), protocol, **options)


def names_on(graph):
    return {edge.declared.name for leaving in graph.edges for edge in leaving}


def steps(walk):
    return [edge.declared.name for edge in walk]


def reasons(found):
    return {verdict.rule for one in found.closed for verdict in one.verdicts}


def all_walks(found):
    return [one.walk for one in found.pathways]


# --- the page -----------------------------------------------------------------------------------------------------


def test_the_page_has_the_eighteen_lines():
    assert [row[0] for row in ROWS if row[0] != "+"] == [str(number) for number in range(1, 19)]


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row[1][:40])
def test_every_trigger_of_a_line_lies_on_the_graph_of_its_scenario(row):
    graph = explore(pw.load_case(ROOT / "scenarios" / f"{row[3].strip('`')}.yaml"), DEFAULT, follow_up=True)
    wanted = set(re.findall(r"`(\w+)`", row[2])) & TRIGGERS
    assert wanted <= names_on(graph)


def test_every_rule_of_a_line_exists_in_the_program():
    source = "".join(path.read_text(encoding="utf-8") for path in (ROOT / "src" / "pathways").rglob("*.py"))
    for row in ROWS:
        for name in re.findall(r"`(\w+)`", row[2]):
            assert f'"{name}"' in source or name in TRIGGERS, name


def test_every_test_of_a_line_exists():
    source = "".join(path.read_text(encoding="utf-8") for path in (ROOT / "tests").rglob("test_*.py"))
    for row in ROWS:
        assert f"def {row[4].strip('`')}(" in source, row[4]


def test_every_family_lies_on_some_route_of_a_shipped_scenario():
    found = set()
    for path in (*CONSTRUCTED, *PUBLISHED):
        graph = graph_of(path)
        found |= {family for leaving in graph.edges for edge in leaving for family in graph.families(edge)}
        if found == set(ALL_FAMILIES):
            return
    assert found == set(ALL_FAMILIES)


@pytest.mark.parametrize("path", CONSTRUCTED, ids=lambda path: path.stem)
def test_every_constructed_case_says_that_it_is(path):
    assert "Constructed" in path.read_text(encoding="utf-8").splitlines()[1]


# --- conditions, order, chemotherapy ------------------------------------------------------------------------------


def test_bone_metastases_close_every_operation_and_say_so():
    found = made("bone-metastases")
    assert not found.curative
    assert found.open == ("palliative",)
    closed = {one.family: one.verdicts for one in found.closed}
    assert any(
        verdict.rule == "extrahepatic_resectable" and "bone" in verdict.reason for verdict in closed["one_stage"]
    )


def test_two_extrahepatic_sites_bar_where_one_does_not():
    one = assessed(extrahepatic=[{"site": "lung", "resectable": True}])
    two = assessed(extrahepatic=[{"site": "lung", "resectable": True}, {"site": "peritoneum", "resectable": True}])
    from pathways.facts.disease import extrahepatic_resectable

    assert [extrahepatic_resectable(each).verdict for each in (one, two)] == ["allowed", "refused"]


def test_the_primary_goes_before_with_or_after_the_liver():
    assert {"simultaneous", "primary_first", "liver_first"} <= set(plan(pw.load_case(named("sim-02")), DEFAULT).open)


def test_no_conversion_block_is_given_once_the_disease_is_resectable():
    for name in ("tsh-01", "conv-01", "alp-03"):
        graph = explore(pw.load_case(named(name)), DEFAULT)
        for leaving in graph.edges:
            for edge in leaving:
                if edge.declared.name in ("start_conversion_chemotherapy", "continue_conversion_chemotherapy"):
                    assert graph.facts.finding("situation", graph.states[edge.source]).value != "resectable"


@pytest.mark.parametrize(
    ("primary", "name"),
    [
        ({"ras": "mutated"}, "folfox_bevacizumab"),
        ({"ras": "wild_type", "braf": "v600e"}, "folfox_encorafenib_cetuximab"),
        ({"ras": "wild_type", "braf": "wild_type"}, "folfox_panitumumab"),
        ({"ras": "wild_type", "braf": "wild_type", "site": "caecum"}, "folfox_bevacizumab"),
        ({"mismatch_repair": "deficient"}, "nivolumab_ipilimumab"),
        ({}, "folfox"),
    ],
)
def test_biology_chooses_the_drugs(primary, name):
    assert regimen(assessed(primary=primary), "first").name == name


@pytest.mark.parametrize(
    ("setting", "value", "primary", "name"),
    [
        ("braf_first_line", "chemotherapy", {"ras": "wild_type", "braf": "v600e"}, "folfox_bevacizumab"),
        ("immunotherapy_first_line", "pembrolizumab", {"mismatch_repair": "deficient"}, "pembrolizumab"),
    ],
)
def test_a_protocol_may_keep_to_the_older_drugs(setting, value, primary, name):
    older = rule_answers.with_setting(DEFAULT, setting, value)
    assert regimen(PatientAssessment(make_case(primary=primary), older), "first").name == name


def test_the_triplet_is_named_as_an_option_where_bevacizumab_is_given_and_the_liver_can_bear_it():
    named_in = {
        background: "FOLFOXIRI"
        in regimen(assessed(primary={"site": "caecum"}, liver={"background": background}), "first").why
        for background in ("normal", "steatohepatitis")
    }
    assert named_in == {"normal": True, "steatohepatitis": False}


def test_brafs_own_second_line_is_named_unless_it_was_the_first():
    mutated = {"ras": "wild_type", "braf": "v600e"}
    assert "encorafenib" not in regimen(assessed(primary=mutated), "second").why.partition(";")[2]
    given = {"event": "chemotherapy", "regimen": "folfox", "cycles": 6, "week": -20, "until_week": -8}
    assert "encorafenib" in regimen(assessed(primary=mutated, history=[given]), "second").why


def test_a_harmed_liver_is_spared_the_drug_that_harmed_it():
    assert regimen(assessed(liver={"background": "sinusoidal_injury"}), "perioperative").name == "folfiri"
    assert regimen(assessed(liver={"background": "steatohepatitis"}), "perioperative").name == "folfox"


def test_resectable_disease_gets_no_antibody_before_the_operation():
    assert regimen(assessed(primary={"ras": "wild_type", "braf": "wild_type"}), "perioperative").name == "folfox"


def test_the_second_line_changes_the_backbone():
    history = [{"event": "chemotherapy", "regimen": "folfiri_cetuximab", "week": -20, "until_week": -4}]
    assert regimen(assessed(history=history), "second").name == "folfox_bevacizumab"
    assert regimen(assessed(), "second").name == "folfiri_bevacizumab"


def test_immunotherapy_counts_no_cytotoxic_cycle():
    deficient = assessed(primary={"mismatch_repair": "deficient"})
    assert (deficient.cycles_after(3), assessed().cycles_after(3)) == (0, 12)
    assert (deficient.liver_state(3), assessed().liver_state(3)) == ("normal", "exposed")


# --- growth and stages --------------------------------------------------------------------------------------------


def test_where_one_session_does_not_clear_the_side_that_stays_there_are_three_stages():
    walks = [steps(walk) for walk in all_walks(made("multi-stage"))]
    staged = [walk for walk in walks if "first_stage" in walk]
    assert staged
    for walk in staged:
        order = [walk.index(name) for name in ("first_stage", "further_stage", "second_stage")]
        assert order == sorted(order)


def test_limited_resection_and_ablation_are_two_pathways():
    assert {"ablate_liver", "resect_liver_minor"} <= names_on(made("patient-declines").graph)


def test_a_remnant_that_is_enough_for_a_normal_liver_is_too_small_for_a_damaged_one():
    case = constructed("damaged-liver")
    assert plan(case, DEFAULT).assessment.resectability == "remnant_insufficient"
    healthy = case.model_copy(update={"liver": case.liver.model_copy(update={"background": "normal"}), "history": ()})
    assert plan(healthy, DEFAULT).assessment.resectability == "resectable"


def test_slow_growth_bars_only_where_the_protocol_says_so():
    assert made("slow-growth").assessment.resectability == "resectable"
    barred = made("slow-growth", MDACC)
    assert barred.assessment.resectability == "remnant_insufficient"
    kinetics = [one for one in barred.assessment.findings if one.rule == "remnant_growth" and one.unit != "fraction"]
    assert kinetics[0].value == pytest.approx(1.0)
    assert {"wait_longer", "deprive_liver_veins", "rescue_alpps"} <= names_on(barred.graph)


@pytest.mark.parametrize(("after", "verdict"), [(0.349, "refused"), (0.35, "allowed")])
def test_kinetic_growth_rate_on_both_sides_of_its_limit(after, verdict):
    # from 27 % at embolisation to `after` four weeks later: 2 points a week are 8 points, so 35 %
    from pathways.facts.patient_assessment import TODAY
    from pathways.facts.remnant import growth_rate_verdict

    liver = {
        "measured_remnants": [
            {"removes": [5, 6, 7, 8], "fraction": 0.27, "week": -5},
            {"removes": [5, 6, 7, 8], "fraction": after, "week": 0},
        ]
    }
    history = [{"event": "portal_vein_embolisation", "week": -4, "segments": ["right"]}]
    lesions = [{"segments": [5, 6, 7, 8], "count": 4, "size_mm": 60}]
    changes = {"liver": liver, "history": history, "lesions": lesions}
    gate_alone = MDACC.settings | {"hypertrophy_min": MDACC.settings["growth_rate_min"]}
    one = assessed("mdacc", **changes)
    from dataclasses import replace

    one = replace(one, protocol=replace(one.protocol, settings=gate_alone))
    assert growth_rate_verdict(one, one.resections(TODAY)[0]).verdict == verdict


def test_an_embolised_side_is_not_embolised_again():
    assert "embolise_portal_vein" not in names_on(made("slow-growth", MDACC).graph)


def test_bridging_is_only_for_a_remnant_that_fell_short():
    graph = explore(pw.load_case(named("tsh-03")), DEFAULT)
    found = [
        graph.states[e.source] for out in graph.edges for e in out if e.declared.name == "bridge_with_chemotherapy"
    ]
    assert found
    assert {(state.stage, state.growth, state.control) for state in found} == {("first", "weak", "controlled")}


def test_an_unfit_patient_waits_for_stage_two():
    graph = explore(pw.load_case(named("alp-01")), DEFAULT)
    for leaving in graph.edges:
        for edge in leaving:
            if edge.declared.name == "alpps_stage_2":
                assert graph.states[edge.source].condition != "unfit"


def test_liver_failure_follows_major_operations_only():
    from pathways.process.operations import operations

    graph = explore(pw.load_case(named("alp-01")), DEFAULT)
    after = {graph.states[e.source].operation for out in graph.edges for e in out if e.declared.name == "liver_fails"}
    assert after
    assert after <= set(operations(lambda done: done.may_fail))


# --- vessels, bars, wishes ----------------------------------------------------------------------------------------


def test_taking_a_tumour_off_a_vessel_warns_of_an_r1_margin():
    found = made("deficient-mismatch-repair")
    warned = [one for one in found.pathways if any("R1 by vessel contact" in text for text in one.warnings)]
    assert warned
    assert all("conversion_chemotherapy" in one.families for one in warned)


def test_what_is_no_bar_is_said_to_be_none():
    rules = {one.rule: one for one in made("lung-and-liver").assessment.findings}
    assert rules["extrahepatic_disease"].verdict == "allowed"
    assert "no bar" in rules["extrahepatic_disease"].reason
    both = {one.rule for one in made("patient-declines").assessment.findings}
    assert "bilobar_disease" in both
    held = {one.rule for one in made("obstructed-bile-duct").assessment.findings}
    assert "vessel_contact" in held


def test_nothing_the_patient_declines_is_on_any_route():
    graph = made("patient-declines").graph
    on_routes = {family for out in graph.edges for edge in out for family in graph.families(edge)}
    assert not on_routes & {"two_stage", "alpps", "perioperative_chemotherapy"}


def test_liver_and_lung_may_go_in_one_session():
    together = [
        one for one in made("lung-and-liver").pathways if "resect_liver_minor_and_extrahepatic" in steps(one.walk)
    ]
    assert together
    assert {"metastasectomy", "one_stage"} <= set(together[0].families)


def test_no_operation_before_the_bile_is_drained():
    graph = made("obstructed-bile-duct").graph
    assert "drain_bile_ducts" in names_on(graph)
    for leaving in graph.edges:
        for edge in leaving:
            if edge.declared.clearance:
                assert graph.states[edge.source].bile == "free"


def test_an_emergency_of_the_primary_comes_first():
    for walk in all_walks(made("obstructing-primary")):
        done = [edge.declared for edge in walk if edge.declared.kind == "decision"]
        assert done[0].name in ("divert_or_stent", "resect_primary_urgently")


def test_the_liver_is_operated_on_in_the_interval_after_radiotherapy():
    walks = [steps(walk) for walk in all_walks(made("rectum-with-radiotherapy", top=0))]
    liver_first = [walk for walk in walks if "resect_primary" in walk and "resect_liver_minor" in walk
                   and walk.index("resect_liver_minor") < walk.index("resect_primary")]  # fmt: skip
    assert any("wait_after_radiotherapy" not in walk for walk in liver_first)
    for walk in walks:
        removal = next((name for name in walk if name == "resect_primary" or name.endswith("_and_primary")), None)
        if removal:
            irradiated = next(name for name in walk if name.startswith("irradiate_primary"))
            assert walk.index(irradiated) < walk.index(removal)


# --- vanished, mixed, recurrent, debulked, transplanted -----------------------------------------------------------


def test_a_watched_site_ends_in_no_visible_disease():
    found = made("vanished-lesion")
    ends = {"watch_vanished_sites" in steps(one.walk): set() for one in found.pathways}
    for one in found.pathways:
        ends["watch_vanished_sites" in steps(one.walk)].add(one.end)
    assert ends[True] == {"no_visible_disease"}
    assert "resected" in ends[False]
    assert "no_visible_disease" not in ends[False]


def test_a_complete_response_may_be_watched_or_its_sites_removed():
    found = made("complete-response")
    assert {"no_visible_disease", "resected"} <= {one.end for one in found.pathways}


def test_a_policy_that_is_not_offered_closes_its_pathway():
    settings = dict(DEFAULT.settings)
    from dataclasses import replace

    settings["vanished_policies"] = replace(settings["vanished_policies"], value=("resect_site",))
    protocol = replace(DEFAULT, settings=settings)
    found = plan(constructed("vanished-lesion"), protocol)
    assert "surveillance" not in found.open
    assert not any("ablation of A, B, C" in one.title for one in found.pathways)


def test_beside_proven_metastases_a_benign_nodule_makes_the_operation_smaller():
    graph = made("mixed-lesions").graph
    benign = [edge for out in graph.edges for edge in out if edge.declared.name == "other_lesion_benign"]
    assert benign
    after = graph.states[benign[0].target]
    assert after.nature == "proven"
    assert "C" not in graph.facts.resection("minor", after).limited
    assert "C" in graph.facts.resection("minor", after._replace(nature="confirmed")).limited


def test_the_demonstrated_recurrence_gives_the_sensible_pathways():
    found = made("recurrence-segment-6")
    assert found.assessment.resectability == "indeterminate"
    assert {
        "diagnostic_clarification", "surveillance", "repeat_hepatectomy", "ablation", "perioperative_chemotherapy",
    } <= set(found.open)  # fmt: skip
    rules = {one.rule for one in found.assessment.findings}
    assert {"altered_anatomy", "early_recurrence"} <= rules
    assert all(2 not in segments and 3 not in segments for one in found.assessment.resections
               for segments in [one.as_json()["remnant_segments"]])  # fmt: skip


def test_a_resected_patient_can_recur_and_be_treated_again():
    case = pw.load_case(named("meta-02"))
    graph = explore(case, DEFAULT, follow_up=True)
    assert all(graph.states[node].phase != "resected" for node in range(len(graph.states)) if graph.is_end(node))
    assert {
        "recurs_early",
        "treat_early_recurrence_with_chemotherapy",
        "repeat_hepatectomy",
        "ablate_recurrence",
    } <= names_on(graph)
    alone = explore(case, DEFAULT)
    assert {alone.states[node].phase for node in range(len(alone.states)) if alone.is_end(node)} >= {"resected"}
    assert {state.recurrence for state in graph.states} == {"none", "first", "second"}


def test_days_to_clearance_do_not_count_follow_up():
    case = pw.load_case(named("meta-02"))
    days = {one.title: one.days for one in plan(case, DEFAULT).pathways}
    followed = [one for one in plan(case, DEFAULT, follow_up=True).pathways if one.end == "no_visible_disease"]
    assert followed
    assert {one.days for one in followed} <= set(days.values())


def test_neuroendocrine_disease_is_debulked_above_the_share_only():
    assert "debulking" in made("neuroendocrine-debulking").open
    case = constructed("neuroendocrine-debulking")
    small = tuple(
        lesion.model_copy(update={"size_mm": 30.0}) if lesion.id == "B" else lesion for lesion in case.lesions
    )
    bulky = case.model_copy(update={"lesions": small})
    assert "debulking" not in plan(bulky, DEFAULT).open
    bowel = case.model_copy(update={"primary": case.primary.model_copy(update={"tumour": "colorectal"})})
    closed = {one.family: one.verdicts for one in plan(bowel, DEFAULT).closed}
    assert closed["debulking"][0].rule == "debulking_share"


def test_transplantation_is_open_where_the_criteria_of_the_trial_are_met():
    assert "transplantation" in made("transplant-candidate").open
    case = constructed("transplant-candidate")
    older = case.model_copy(update={"patient": case.patient.model_copy(update={"age_years": 66})})
    assert "transplantation" not in plan(older, DEFAULT).open


def closed_by(found, family):
    return next((one.verdicts for one in found.closed if one.family == family), ())


def test_arterial_infusion_is_for_the_liver_alone_after_systemic_treatment():
    found = made("arterial-infusion")
    assert "arterial_infusion" in found.pathways[0].families
    note = next(step.note for step in found.pathways[0].steps if step.trigger == "start_arterial_infusion")
    assert "with floxuridine in the hepatic artery" in note
    assert "bevacizumab" not in note.partition(";")[0]
    with_lung = made("arterial-infusion-with-lung")
    assert "arterial_infusion" not in with_lung.open
    assert [one.rule for one in closed_by(with_lung, "arterial_infusion")] == ["arterial_infusion"]
    # A resection stands before it wherever there is one.
    for path in (*CONSTRUCTED, *PUBLISHED):
        first = plan_at(path).pathways[0]
        assert "arterial_infusion" not in first.families or path.stem == "arterial-infusion", path.stem


TOO_LARGE_TO_ABLATE = {"id": "A", "segments": [8], "count": 1, "size_mm": 40, "depth": "deep", "contacts": []}


@pytest.mark.parametrize(
    ("changes", "settings", "rule"),
    [
        ({"patient": {"fit_for": "ablation"}}, {}, "infusion_access"),
        # By a port, where a response opens what such a patient bears.
        (
            {"patient": {"fit_for": "ablation"}, "lesions": [TOO_LARGE_TO_ABLATE]},
            {"arterial_infusion_by_pump": False},
            "",
        ),
        ({"patient": {"fit_for": "ablation"}}, {"arterial_infusion_by_pump": False}, "all_lesions_treatable"),
        ({"history": None}, {}, "arterial_infusion"),
        ({"history": None}, {"arterial_infusion_cycles_min": 0}, ""),
        ({"primary": {"mismatch_repair": "deficient"}}, {}, "arterial_infusion"),
        ({}, {"arterial_infusion_accepted": False}, "arterial_infusion"),
        ({"liver": {"bilirubin_umol_per_l": 70.0}}, {}, "liver_sufficient"),
        (
            {"liver": {"biliary_obstruction": "present"}, "primary": {"tumour": "breast", "site": None}},
            {},
            "arterial_infusion",
        ),
    ],
)
def test_arterial_infusion_is_barred_for_its_own_reasons_by_both_sides_of_each(changes, settings, rule):
    from dataclasses import replace

    raw = json.loads(constructed("arterial-infusion").model_dump_json(by_alias=True, exclude_none=True))
    for part, value in changes.items():
        raw[part] = [] if value is None else value if isinstance(value, list) else {**raw[part], **value}
        if isinstance(raw[part], dict):
            raw[part] = {key: one for key, one in raw[part].items() if one is not None}
    values = {key: replace(DEFAULT.settings[key], value=value) for key, value in settings.items()}
    found = plan(pw.load_case(raw), replace(DEFAULT, settings={**DEFAULT.settings, **values}))
    reasons = {one.rule for one in closed_by(found, "arterial_infusion")}
    assert rule in reasons if rule else "arterial_infusion" in found.open


@pytest.mark.parametrize(
    ("name", "acts"), [("arterial-infusion", "start_arterial_infusion"), ("stereotactic-radiotherapy", "irradiate")]
)
def test_neither_treatment_is_begun_in_a_pregnancy_or_before_the_bile_is_drained(name, acts):
    raw = json.loads(constructed(name).model_dump_json(by_alias=True, exclude_none=True))
    raw["patient"] |= {"pregnant_weeks": 20, "sex": "female", "age_years": 34}
    raw["liver"]["biliary_obstruction"] = "present"
    graph = explore(pw.load_case(raw), DEFAULT)
    before = {
        (graph.states[edge.source].pregnancy, graph.states[edge.source].bile)
        for leaving in graph.edges
        for edge in leaving
        if edge.declared.name.startswith(acts)
    }
    assert before == {("none", "free")}


def test_where_the_infusion_ends_systemic_treatment_goes_on_by_its_next_line():
    graph = made("arterial-infusion").graph
    ended = {
        (edge.declared.name, graph.states[edge.target].line)
        for leaving in graph.edges
        for edge in leaving
        if edge.declared.name.startswith("infusion_")
    }
    assert ended == {("infusion_fails", "second"), ("infusion_scars_bile_ducts", "second")}


def test_stereotactic_radiotherapy_promises_control_where_neither_knife_nor_heat_reaches():
    found = made("stereotactic-radiotherapy")
    first = found.pathways[0]
    assert first.families == ("stereotactic_radiotherapy",)
    assert first.end == "controlled"
    assert not first.curative
    assert first.prospect.cleared.value == 0
    assert 0.3 < first.prospect.as_planned.low < 0.67 < first.prospect.as_planned.high
    large = made("stereotactic-radiotherapy-too-large")
    assert "stereotactic_radiotherapy" not in large.open
    verdicts = closed_by(large, "stereotactic_radiotherapy")
    assert [(one.rule, one.value, one.limit) for one in verdicts] == [("stereotactic_radiotherapy", 75.0, 60.0)]
    # Behind everything that clears the liver.
    unresectable = plan(pw.load_case(named("exv-01")), DEFAULT).pathways
    irradiated = [place for place, one in enumerate(unresectable) if "stereotactic_radiotherapy" in one.families]
    assert irradiated
    assert all(one.curative for one in unresectable[: irradiated[0]])


@pytest.mark.parametrize(
    ("changes", "settings", "opens"),
    [
        ({}, {"stereotactic_accepted": False}, False),
        ({"lesions": [{"id": "A", "segments": [7], "count": 4, "size_mm": 15}]}, {}, True),
        ({"lesions": [{"id": "A", "segments": [7], "count": 5, "size_mm": 15}]}, {}, False),
        ({"lesions": [{"id": "A", "segments": [6, 7], "count": 3, "size_mm": 60}]}, {}, False),
        ({"lesions": [{"id": "A", "segments": [6, 7], "count": 3, "size_mm": 60}]}, {"stereotactic_rim_mm": 5}, True),
        ({"patient": {"fit_for": "major"}}, {}, False),
        # Fit for ablation alone: what heat reaches is not irradiated, and 38 mm is beyond it.
        ({"patient": {"fit_for": "ablation"}}, {}, True),
        (
            {
                "patient": {"fit_for": "ablation"},
                "lesions": [{"id": "A", "segments": [7], "count": 1, "size_mm": 25, "contacts": []}],
            },
            {},
            False,
        ),
    ],
)
def test_stereotactic_radiotherapy_is_open_on_one_side_of_each_of_its_limits(changes, settings, opens):
    from dataclasses import replace

    raw = json.loads(constructed("stereotactic-radiotherapy").model_dump_json(by_alias=True, exclude_none=True))
    for part, value in changes.items():
        raw[part] = value if isinstance(value, list) else {**raw[part], **value}
    values = {key: replace(DEFAULT.settings[key], value=value) for key, value in settings.items()}
    found = plan(pw.load_case(raw), replace(DEFAULT, settings={**DEFAULT.settings, **values}))
    assert ("stereotactic_radiotherapy" in found.open) == opens


def test_a_primary_that_a_centre_does_not_resect_closes_surgery():
    from dataclasses import replace

    settings = DEFAULT.settings | {
        "refused_primaries": replace(DEFAULT.settings["refused_primaries"], value=("pancreas",))
    }
    case = make_case(primary={"tumour": "pancreas"})
    assert plan(case, DEFAULT).curative
    found = plan(case, replace(DEFAULT, settings=settings))
    assert not found.curative
    assert "primary_rules" in reasons(found)


# --- scores -------------------------------------------------------------------------------------------------------


def test_scores_are_the_hand_calculation():
    case = make_case(
        patient={"age_years": 68},
        primary={"node_positive": True, "presentation": "synchronous", "cea_ng_per_ml": 250, "ras": "mutated"},
        lesions=[{"segments": [6, 7], "count": 4, "size_mm": 55}],
    )
    found = {one.name: one for one in scores(case)}
    assert (found["Fong"].points, found["Fong"].group) == (5, "high")
    assert (found["Nordlinger"].points, found["Nordlinger"].at_most) == (5, 6)
    assert found["tumour burden"].points == pytest.approx((5.5**2 + 4**2) ** 0.5)
    assert found["tumour burden"].group == "zone 2"
    assert (found["GAME"].points, found["GAME"].group) == (4, "high")
    assert found["ALPPS risk before stage one"].points == 3


def test_a_score_with_inputs_missing_says_which_and_keeps_its_range():
    found = {one.name: one for one in scores(make_case(lesions=[{"segments": [6]}]))}
    fong = found["Fong"]
    assert (fong.points, fong.at_most, fong.group) == (0, 5, None)
    assert "more than one metastasis" in fong.missing


def test_one_rule_reads_a_score_and_under_no_protocol_that_ships():
    """The other is the property that holds records to it."""
    for path in (ROOT / "src" / "pathways").rglob("*.py"):
        if path.name not in ("scores.py", "assess.py", "systemic_before_surgery.py", "safety.py"):
            assert "facts.scores" not in path.read_text(encoding="utf-8"), path
    assert not any(reads_the_score(one) for one in knowledge().protocols.values())


def test_what_is_not_modelled_is_said_where_a_case_asks_for_it():
    case = make_case(history=[{"event": "radioembolisation", "week": -10}])
    assert any("radioembolisation" in text for text in plan(case, DEFAULT).assessment.not_modelled)
    assert not plan(make_case(), DEFAULT).assessment.not_modelled


# --- warnings of number and of a silent primary ---------------------------------------------------------------------


@pytest.mark.parametrize(("count", "said"), [(9, False), (10, True)])
def test_as_many_lesions_as_are_ablated_at_most_are_said_to_be_at_the_edge(count, said):
    case = make_case(lesions=[{"segments": [6, 7], "size_mm": 12, "count": count, "depth": "deep", "contacts": []}])
    ablated = [one for one in pw.plan(case, pw.load_protocol(), top=0).pathways if "ablation" in one.families]
    assert ablated
    assert all(any("at the edge" in words for words in one.warnings) is said for one in ablated)


def test_a_silent_primary_resected_first_before_a_liver_that_is_not_resectable_is_warned_of():
    case = pw.load_case(ROOT / "tests" / "tried" / "guidelines" / "19-asymptomatic-primary-unresectable.yaml")
    for one in pw.plan(case, pw.load_protocol(), top=0).pathways:
        second = [step.trigger for step in one.steps if step.kind == "decision"][1:2]
        warned = any("silent primaries" in words for words in one.warnings)
        assert warned is (second == ["resect_primary"])


def test_what_was_found_of_silent_primaries_of_the_bowel_is_not_said_of_another_primary():
    case = pw.load_case(ROOT / "tests" / "tried" / "guidelines" / "19-asymptomatic-primary-unresectable.yaml")
    other = case.model_copy(
        update={"primary": case.primary.model_copy(update={"tumour": "neuroendocrine", "site": None})}
    )
    pathways = pw.plan(other, pw.load_protocol(), top=0).pathways
    assert any(
        [step.trigger for step in one.steps if step.kind == "decision"][1:2] == ["resect_primary"] for one in pathways
    )
    assert not any("silent primaries" in words for one in pathways for words in one.warnings)


@pytest.mark.parametrize(("ecog", "offered"), [(2, True), (3, False), (4, False)])
def test_whoever_is_bedridden_is_not_irradiated_instead_of_being_operated_on(ecog, offered):
    case = pw.load_case(ROOT / "scenarios" / "constructed" / "stereotactic-radiotherapy.yaml")
    patient = case.patient.model_copy(update={"ecog": ecog, "fit_for": "none"})
    made = plan(case.model_copy(update={"patient": patient}), DEFAULT)
    assert ("stereotactic_radiotherapy" in made.open) is offered
