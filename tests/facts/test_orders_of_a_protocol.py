"""Orders that boards choose: drugs or the knife first, the side that stays or the embolisation first, liver and lung together or apart."""

import pytest
from builders import make_case

import pathways as pw
from pathways.conformance.audit import audit
from pathways.facts.derive import CaseFacts
from pathways.knowledge.protocols import load_protocol
from pathways.planning.changes.policies import policies
from rule_answers import with_setting

DEFAULT = load_protocol()
# One point for the nodes, one for the interval: two.
TWO_POINTS = {"node_positive": True, "presentation": "synchronous", "cea_ng_per_ml": 20.0}
ONE = [{"id": "A", "segments": [6], "size_mm": 30, "count": 1, "depth": "superficial", "contacts": []}]
TWO = [{**ONE[0], "count": 2}]
BOTH_SIDES = [
    {"id": "A", "segments": [5, 6, 7, 8], "size_mm": 60, "count": 1, "depth": "deep", "contacts": ["right_portal_pedicle"]},
    {"id": "B", "segments": [2], "size_mm": 12, "count": 1, "depth": "superficial", "contacts": []},
]  # fmt: skip
ONE_SIDE = BOTH_SIDES[:1]
SMALL = {"measured_remnants": [{"removes": [5, 6, 7, 8], "fraction": 0.22}]}
LUNG = [{"site": "lung", "count": 1, "resectable": True}]
NODES = [{"site": "portal_nodes", "resectable": True}]


def under(**settings):
    protocol = DEFAULT
    for key, value in settings.items():
        protocol = with_setting(protocol, key, value)
    return protocol


def steps(case, protocol, **kinds):
    return {edge.declared.name for leaving in pw.explore(case, protocol, **kinds).edges for edge in leaving}


def first_steps(case, protocol):
    """The decisions of the meeting, before anything is done."""
    graph = pw.explore(case, protocol)
    untouched = [
        place for place, one in enumerate(graph.states) if (one.line, one.stage, one.stimulus) == ("none",) * 3
    ]
    return {edge.declared.name for place in untouched for edge in graph.edges[place]}


def cell(case, protocol, fact, *key, strict=False):
    return CaseFacts(case, protocol, strict=strict).cell(fact, key)


# --- systemic treatment or surgery first ------------------------------------------------------------------------------------


def test_by_default_both_orders_are_compared_whatever_the_score():
    case = make_case(primary=TWO_POINTS, lesions=TWO)
    assert {"start_perioperative_chemotherapy", "resect_liver_minor"} <= first_steps(case, DEFAULT)


def test_from_the_points_of_the_protocol_on_drugs_come_before_the_knife():
    protocol = under(systemic_first_from_points=3)
    below, there = (make_case(primary=TWO_POINTS, lesions=lesions) for lesions in (ONE, TWO))
    assert "resect_liver_minor" in first_steps(below, protocol)
    assert "resect_liver_minor" not in first_steps(there, protocol)
    assert {"start_perioperative_chemotherapy", "resect_liver_minor"} <= steps(there, protocol)


def test_they_come_before_an_embolisation_too():
    case = make_case(primary=TWO_POINTS, lesions=BOTH_SIDES, liver=SMALL)
    assert "embolise_portal_vein" in first_steps(case, DEFAULT)
    assert not {"embolise_portal_vein", "deprive_liver_veins", "first_stage", "alpps_stage_1"} & first_steps(
        case, under(systemic_first_from_points=3)
    )


@pytest.mark.parametrize(("ends", "value"), [(-2, "yes"), (-70, "no")])
def test_a_course_of_the_history_counts_where_it_was_given_against_the_metastases(ends, value):
    """Found ten months (43 weeks) after a resection of 100 weeks ago: chemotherapy that had ended by then was adjuvant."""
    course = {"week": ends - 12, "until_week": ends, "event": "chemotherapy", "regimen": "folfox", "cycles": 6}
    history = sorted([{"week": -100, "event": "primary_resection"}, course], key=lambda one: one["week"])
    primary = {**TWO_POINTS, "presentation": "metachronous", "interval_months": 10}
    case = make_case(primary=primary, lesions=TWO, history=history)
    assert cell(case, under(systemic_first_from_points=3), "systemic_before", "none", "none", "none").value == value


def test_points_that_may_be_there_are_assumed_away_and_named_and_bar_under_strict():
    protocol = under(systemic_first_from_points=3)
    case = make_case(primary={**TWO_POINTS, "cea_ng_per_ml": None, "node_positive": None}, lesions=TWO)
    found = cell(case, protocol, "systemic_before", "none", "none", "none")
    assert found.value == "assumed"
    assert "primary.node_positive" in found.verdicts[0].reason
    assert cell(case, protocol, "systemic_before", "none", "none", "none", strict=True).value == "unknown"


def test_a_single_size_that_is_not_told_is_read_at_its_bad_end():
    protocol = under(systemic_first_from_points=3)
    case = make_case(primary=TWO_POINTS, lesions=[{**ONE[0], "size_mm": None}])
    told = CaseFacts(case, protocol), CaseFacts(case, protocol, at_worst=frozenset({"lesions.size_mm"}))
    assert [one.cell("systemic_before", ("none",) * 3).value for one in told] == ["assumed", "no"]


def test_the_score_is_asked_of_bowel_metastases_alone():
    case = make_case(primary={"tumour": "breast", "site": None, "presentation": "metachronous"}, lesions=TWO)
    assert cell(case, under(systemic_first_from_points=0), "systemic_before", "none", "none", "none").value == "yes"


def test_surgery_first_leaves_no_chemotherapy_before_a_resection_that_could_be_done_at_once():
    case = make_case(primary=TWO_POINTS, lesions=TWO)
    assert "start_perioperative_chemotherapy" not in steps(case, under(perioperative_accepted=False))


def test_surgery_first_leaves_a_targeted_drug_its_place():
    case = make_case(primary={"tumour": "gist", "site": None}, lesions=ONE)
    assert "start_perioperative_chemotherapy" in steps(case, under(perioperative_accepted=False))


def test_both_are_named_among_the_choices_that_could_be_otherwise():
    protocol = under(perioperative_accepted=False, systemic_first_from_points=3, remnant_cleared_before_stimulus=True)
    assessed = CaseFacts(make_case(), protocol).assessed
    places = {change.key for graded in policies(assessed) for change in graded.steps}
    assert {
        "protocol.perioperative_accepted", "protocol.systemic_first_from_points", "protocol.remnant_cleared_before_stimulus",
    } <= places  # fmt: skip


def judged(case, protocol, *events):
    from pathways.case.course import Course

    course = Course.model_validate(
        {"schema": 1, "case": case.model_dump(by_alias=True, exclude_none=True), "events": list(events)}
    )
    return {row.property: row.verdict for row in audit(course, protocol, "course").rows}


OPERATED = {"day": 20, "event": "hepatectomy", "partial": [6]}
GIVEN = {"day": 0, "until_day": 42, "event": "chemotherapy", "regimen": "folfox", "cycles": 4}


def test_an_audit_holds_a_record_to_the_order_the_protocol_asks_for():
    case, asked = make_case(primary=TWO_POINTS, lesions=TWO), under(systemic_first_from_points=3)
    after = {**OPERATED, "day": 90}
    verdicts = [
        judged(case, protocol, *events)["systemic_before_surgery"]
        for protocol, events in ((DEFAULT, [OPERATED]), (asked, [OPERATED]), (asked, [GIVEN, after]))
    ]
    assert verdicts == ["allowed", "deviation", "allowed"]


def test_an_audit_does_not_know_where_the_score_is_not_told():
    case = make_case(primary={**TWO_POINTS, "cea_ng_per_ml": None, "node_positive": None}, lesions=TWO)
    rows = judged(case, under(systemic_first_from_points=3), OPERATED)
    assert rows["systemic_before_surgery"] == "unknown"


# --- the side that stays, or the embolisation -------------------------------------------------------------------------------


@pytest.mark.parametrize(("lesions", "embolised"), [(BOTH_SIDES, False), (ONE_SIDE, True)])
def test_where_the_protocol_asks_for_it_a_side_that_stays_and_bears_tumour_is_cleared_first(lesions, embolised):
    case = make_case(lesions=lesions, liver=SMALL)
    through_the_skin = {"embolise_portal_vein", "deprive_liver_veins"}
    assert through_the_skin <= first_steps(case, DEFAULT)
    found = first_steps(case, under(remnant_cleared_before_stimulus=True))
    assert bool(through_the_skin & found) == embolised
    assert ("first_stage" in found) != embolised


def test_veins_are_closed_after_the_first_stage_all_the_same():
    case = make_case(lesions=BOTH_SIDES, liver=SMALL)
    assert "deprive_liver_veins" in steps(case, under(remnant_cleared_before_stimulus=True))


@pytest.mark.parametrize(
    ("lesions", "setting", "verdict"),
    [(BOTH_SIDES, True, "deviation"), (BOTH_SIDES, False, "allowed"), (ONE_SIDE, True, "allowed")],
)
def test_an_audit_sees_an_embolisation_before_the_other_side_is_clear(lesions, setting, verdict):
    embolised = {"day": 10, "event": "portal_vein_embolisation", "segments": [5, 6, 7, 8]}
    rows = judged(make_case(lesions=lesions, liver=SMALL), under(remnant_cleared_before_stimulus=setting), embolised)
    assert rows["remnant_cleared_first"] == verdict


# --- liver and disease elsewhere in one session -----------------------------------------------------------------------------


@pytest.mark.parametrize(("elsewhere", "together"), [(LUNG, False), (NODES, True), ([*LUNG, *NODES], False)])
def test_a_site_that_is_left_out_is_operated_on_in_a_session_of_its_own(elsewhere, together):
    case = make_case(lesions=ONE, extrahepatic=elsewhere)
    protocol = under(extrahepatic_in_one_session_sites=("portal_nodes",), extrahepatic_sites_max=2)
    found = steps(case, protocol)
    assert ("resect_liver_minor_and_extrahepatic" in found) == together
    assert "resect_extrahepatic" in found


def test_the_list_opens_nothing_where_no_session_is_shared_at_all():
    case = make_case(lesions=ONE, extrahepatic=LUNG)
    assert "resect_liver_minor_and_extrahepatic" in steps(case, DEFAULT)
    assert "resect_liver_minor_and_extrahepatic" not in steps(case, under(extrahepatic_in_one_session=False))
