import pytest
from hypothesis import given, settings
from shipped import CONSTRUCTED, PUBLISHED, named, plan_at
from strategies import cases

import pathways as pw
from pathways.facts.guarding import refusals
from pathways.knowledge.protocols import load_protocol
from pathways.planning.pathway_groups import hoped_for, pathway_groups
from pathways.planning.plan import ALL_FAMILIES, plan

DEFAULT = load_protocol()


def plan_of(name, protocol="default", **options):
    return plan(pw.load_case(named(name)), load_protocol(protocol), **options)


@pytest.mark.parametrize("path", [*PUBLISHED, *CONSTRUCTED], ids=lambda path: path.stem)
def test_every_shipped_case_plans_and_places_every_family(path):
    made = plan_at(path)
    contingent, closed = [one.family for one in made.contingent], [one.family for one in made.closed]
    assert sorted([*made.open, *contingent, *closed]) == sorted(ALL_FAMILIES)
    assert all(one.verdicts for one in made.closed)
    assert all(verdict.verdict != "allowed" for one in made.closed for verdict in one.verdicts)
    assert all(one.after for one in made.contingent)


@given(cases())
@settings(max_examples=40, deadline=None, derandomize=True)
def test_open_contingent_and_closed_agree_with_the_graph(case):
    made = plan(case, DEFAULT)
    on_routes = {family for leaving in made.graph.edges for edge in leaving for family in made.graph.families(edge)}
    assert {*made.open, *(one.family for one in made.contingent)} == on_routes
    on_pathways = set()
    for number, walk in enumerate(hoped_for(made.graph).listed()):
        on_pathways.update(family for edge in walk for family in made.graph.families(edge))
        if number > 3000:
            return
    assert set(made.open) == on_pathways


@given(cases())
@settings(max_examples=40, deadline=None, derandomize=True)
def test_nothing_the_patient_declines_is_ever_planned(case):
    made = plan(case, DEFAULT)
    declined = set(case.patient.declines)
    for leaving in made.graph.edges:
        for edge in leaving:
            assert not declined & set(made.graph.families(edge))


@given(cases())
@settings(max_examples=40, deadline=None, derandomize=True)
def test_strict_planning_never_opens_what_was_closed(case):
    usual, strict = plan(case, DEFAULT), plan(case, DEFAULT, strict=True)
    reachable = {*usual.open, *(one.family for one in usual.contingent)}
    # Refusing the certain-looking resection may only send the patient to pathways that were there before.
    assert {*strict.open, *(one.family for one in strict.contingent)} - reachable <= {"conversion_chemotherapy"}


@pytest.mark.parametrize("name", ["meta-03", "pve-01", "alp-03", "dlm-01"])
def test_folding_keeps_every_idea_and_its_quickest_walk(name):
    from pathways.planning.pathway_groups import labels_of

    graph = plan_of(name).graph
    hoped = hoped_for(graph)

    def idea(walk):
        return (frozenset().union(*(labels_of(graph, edge) for edge in walk)), graph.states[walk[-1].target].phase)

    def days(walk):
        return sum(graph.days(edge) for edge in walk)

    listed = {}
    for walk in hoped.listed():
        listed[idea(walk)] = min(days(walk), listed.get(idea(walk), 1e9))
    folded = {idea(walk): days(walk) for walk in pathway_groups(hoped)}
    assert folded == listed


def test_a_pathway_holds_only_decisions_and_hoped_for_outcomes():
    for one in plan_of("pve-01", top=0).pathways:
        for edge in one.walk:
            assert edge.declared.kind == "decision" or edge.declared.hoped_for


def test_the_top_is_cut_and_says_so_but_drops_no_family():
    made = plan_of("alp-03", top=2)
    assert made.truncated
    assert {family for one in made.pathways for family in one.families} == set(made.open)


def test_all_pathways_are_as_many_as_counted():
    made = plan_of("pve-01", top=0)
    assert len(made.pathways) == made.number_of_pathways
    assert not made.truncated


def test_asking_for_a_family_gives_only_pathways_with_it():
    made = plan_of("pve-01", families=["pve"])
    assert made.pathways
    assert all("pve" in one.families for one in made.pathways)


def test_curative_pathways_stand_before_the_others():
    ends = [one.curative for one in plan_of("alp-01").pathways]
    assert ends == sorted(ends, reverse=True)


def test_a_measured_remnant_below_the_limit_closes_resection_at_once_but_not_growth():
    made = plan_of("alp-01")
    assert made.assessment.resectability == "remnant_insufficient"
    assert {"pve", "lvd", "alpps", "two_stage"} <= set(made.open)
    patient = pw.patient(pw.load_case(named("alp-01")), DEFAULT)
    patient.decide("discuss")
    barred = next(option for option in patient.options() if option.trigger == "resect_liver_major")
    assert {verdict.rule for verdict in barred.refused_by} == {"remnant_volume"}


def test_a_lower_limit_of_another_protocol_opens_the_direct_pathway():
    text = """
schema: 1
id: limit
patient: {fit_for: major}
primary: {tumour: colorectal, status: resected}
liver: {background: normal, measured_remnants: [{removes: [5, 6, 7, 8], fraction: 0.26}]}
lesions: [{segments: [5, 6, 7, 8], size_mm: 90, count: 1}]
extrahepatic: []
"""
    case = pw.parse_case(text)
    assert plan(case, DEFAULT).assessment.resectability == "remnant_insufficient"
    assert plan(case, load_protocol("european")).assessment.resectability == "resectable"


def test_rescue_alpps_is_contingent_on_growth_that_falls_short():
    one = next(one for one in plan_of("alp-01").contingent if one.family == "rescue_alpps")
    assert one.after == ("remnant_stays_short",)


def test_a_closed_road_names_the_rule_and_the_numbers():
    closed = next(one for one in plan_of("alp-03").closed if one.family == "conversion_chemotherapy")
    assert [verdict.rule for verdict in closed.verdicts] == ["all_lesions_treatable"]
    assert "would open no resection" in closed.verdicts[0].reason


def test_a_major_hepatectomy_never_goes_together_with_the_rectum():
    made = plan_of("alp-03")
    refused = [one for one in made.assessment.findings if one.rule == "simultaneous_safe" and one.verdict == "refused"]
    assert "rectum" in refused[0].reason
    together = {
        edge.declared.name for one in made.pathways for edge in one.walk if "simultaneous" in made.graph.families(edge)
    }
    assert together == {"first_stage_and_primary"}


def test_the_verdicts_of_a_closed_family_really_refuse_one_of_its_triggers():
    made = plan_of("meta-02")
    closed = next(one for one in made.closed if one.family == "pve")
    from pathways.process.declaration import PROCESS

    carriers = [one for one in PROCESS.triggers if any(tag.family == "pve" for tag in one.tags)]
    seen = [
        set(refusals(trigger, state, made.graph.facts))
        for trigger in carriers
        for state in made.graph.states
        if state.phase in trigger.phases
    ]
    assert set(closed.verdicts) in seen


def test_more_than_the_soft_limit_of_cycles_is_a_warning_not_a_refusal():
    text = """
schema: 1
id: soft
patient: {fit_for: major}
primary: {tumour: colorectal, status: resected}
liver: {background: normal}
lesions: [{segments: [3], size_mm: 20, count: 1}]
extrahepatic: []
history: [{week: -34, until_week: -24, event: chemotherapy, regimen: folfox, cycles: 5}]
"""
    made = plan(pw.parse_case(text), DEFAULT, families=["perioperative_chemotherapy"])
    assert any("more than 6" in warning for warning in made.pathways[0].warnings)


def test_the_hard_limit_of_cycles_closes_chemotherapy():
    text = """
schema: 1
id: hard
patient: {fit_for: major}
primary: {tumour: colorectal, status: resected}
liver: {background: normal}
lesions: [{segments: [3], size_mm: 20, count: 1}]
extrahepatic: []
history: [{week: -44, until_week: -24, event: chemotherapy, regimen: folfox, cycles: CYCLES}]
"""
    families = {cycles: plan(pw.parse_case(text.replace("CYCLES", str(cycles))), DEFAULT).open for cycles in (8, 9)}
    assert "perioperative_chemotherapy" in families[8]
    assert "perioperative_chemotherapy" not in families[9]


def test_assumptions_stand_beside_the_plan_and_name_the_missing_item():
    assumed = plan_of("alp-01").pathways[0].assumptions
    assert any("(patient.declines, extrahepatic" in text and "no extrahepatic disease" in text for text in assumed)
    assert len(assumed) == len({text.partition("(")[0] for text in assumed})  # one line for each subject


def test_progression_bars_operations_until_second_line_controls_it():
    made = plan_of("alp-01")
    for node, state in enumerate(made.graph.states):
        if state.control == "progressed":
            assert not any(edge.declared.clearance for edge in made.graph.edges[node])


def test_an_emergency_of_the_primary_is_dealt_with_before_anything_else():
    made = plan_of("tsh-01")
    urgent = [node for node, state in enumerate(made.graph.states) if state.primary == "urgent"]
    assert urgent == [0]
    offered = {edge.declared.name for edge in made.graph.edges[0]}
    assert offered == {"resect_primary_urgently", "divert_or_stent"}


def test_an_emergency_does_not_wait_for_the_meeting():
    first = plan_of("tsh-01").pathways[0].steps[0]
    assert first.trigger in ("resect_primary_urgently", "divert_or_stent")
    assert first.day <= 1


def test_plans_do_not_depend_on_the_run():
    assert plan_of("alp-03").as_json() == plan_of("alp-03").as_json()


def test_chemotherapy_after_growth_asks_for_another_volumetry():
    graph = plan_of("alp-01").graph
    for leaving in graph.edges:
        for edge in leaving:
            if edge.declared.name == "start_second_line":
                assert graph.states[edge.target].growth != "adequate"


@pytest.mark.parametrize(
    "changes",
    [{"patient": {"fit_for": "none"}}, {"extrahepatic": [{"site": "bone", "resectable": False}]}],
)
def test_nobody_who_cannot_be_operated_on_is_given_chemotherapy_in_order_to_operate(changes):
    from builders import make_case

    for lesions in ([{"segments": [8], "size_mm": 20, "count": 1}], [{"segments": ["whole_liver"], "count": 8}]):
        made = plan(make_case(lesions=lesions, **changes), DEFAULT)
        # Lesions may be irradiated in whoever is fit for nothing else: no chemotherapy, and no operation to come.
        assert set(made.open) <= {"stereotactic_radiotherapy", "palliative"}
        assert "palliative" in made.open
        assert not made.curative


def test_no_operation_of_any_route_leaves_less_than_the_limit_of_its_day():
    """Recomputed from the numbers of the resection, never from the fact that the guard reads."""
    for path in PUBLISHED:
        graph = plan_at(path).graph
        assessed = graph.facts.assessed
        for leaving in graph.edges:
            for edge in leaving:
                state = graph.states[edge.source]
                if not edge.declared.clearance:
                    continue
                one = graph.facts.resection(edge.declared.clearance, state)
                limit = assessed.protocol.number(f"remnant_limit_{assessed.liver_state(state.blocks)}")
                certain = one.remnant.value if not one.remnant.estimated else one.remnant.low
                measured_on_the_way = "enough" if state.volume == "enough" else state.growth
                assert certain >= limit or measured_on_the_way in ("enough", "adequate"), (path.stem, state)


def test_a_closed_road_is_explained_by_the_step_that_would_begin_it():
    closed = {one.family: one.verdicts for one in plan_of("meta-02").closed}
    assert "staged_in_order" not in {verdict.rule for verdict in closed["two_stage"]}
    assert any("without taking a whole side" in verdict.reason for verdict in closed["two_stage"])


def test_chemotherapy_liver_radiotherapy_rectum_stands_beside_the_quicker_order():
    case = pw.parse_case("""
schema: 1
id: rectum
patient: {fit_for: major, ecog: 0, asa: 2}
primary: {tumour: colorectal, site: rectum, status: in_situ, presentation: synchronous, needs_radiotherapy: true, urgent: none, r0_resectable: true}
liver: {background: normal, insufficiency: []}
lesions: [{id: A, segments: [6], count: 1, size_mm: 40, depth: deep, contacts: []}]
extrahepatic: []
""")
    orders = [[step.trigger for step in one.steps] for one in plan(case, DEFAULT).pathways]
    after_chemotherapy = [one for one in orders if "start_perioperative_chemotherapy" in one]

    def place(order, *names):
        return next((order.index(name) for name in names if name in order), None)

    liver_then_rays = [
        one for one in after_chemotherapy
        if "irradiate_primary_after_liver" in one
        and one.index("start_perioperative_chemotherapy") < place(one, "resect_liver_minor", "resect_liver_major")
        < one.index("irradiate_primary_after_liver") < one.index("resect_primary")
    ]  # fmt: skip
    assert liver_then_rays
    assert any("irradiate_primary" in one for one in after_chemotherapy)


@pytest.mark.parametrize(
    ("braf", "repair", "warned"),
    [("v600e", "proficient", True), ("v600e", "deficient", False), ("wild_type", "proficient", False)],
)
def test_a_braf_mutation_is_spoken_of_before_a_liver_is_cleared(braf, repair, warned):
    case = pw.load_case(named("sim-02"))
    case = case.model_copy(
        update={"primary": case.primary.model_copy(update={"braf": braf, "mismatch_repair": repair})}
    )
    pathways = plan(case, DEFAULT).pathways
    assert any("BRAF V600E" in words for one in pathways for words in one.warnings) == warned
