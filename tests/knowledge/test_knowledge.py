import json
import re
import shutil

import pytest

from pathways.documents.problems import DocumentError, PathwaysError
from pathways.knowledge.compiling import DATA, compiled
from pathways.knowledge.overlays import IN_ORDER
from pathways.knowledge.protocols import COMPILED, knowledge, load_protocol

OVERLAY = """\
schema: 1
id: ours
title: ours
based_on: default
references: {sop: {title: our procedure}}
replaces:
  KEY: {value: VALUE, why: because, sources: [SOURCE], confidence: expert_opinion}
"""


def overlay(tmp_path, key="hard_cycles", value="10", source="sop", text=OVERLAY):
    file = tmp_path / "ours.yaml"
    file.write_text(text.replace("KEY", key).replace("VALUE", value).replace("SOURCE", source))
    return file


def test_what_is_loaded_is_what_the_yaml_says_and_is_plain_json():
    assert COMPILED.load() == compiled() == json.loads(COMPILED.text())


def test_every_figure_has_unit_source_and_certainty():
    shipped = knowledge()
    for parameter in shipped.parameters.values():
        assert parameter.unit
        assert parameter.confidence
        assert set(parameter.sources) <= set(shipped.sources)
        assert parameter.sources


def test_every_setting_has_source_certainty_and_reason():
    shipped = knowledge()
    for protocol in shipped.protocols.values():
        for setting in protocol.settings.values():
            assert setting.sources
            assert set(setting.sources) <= set(shipped.sources)
            assert setting.why


def test_a_figure_of_the_team_alone_never_claims_to_be_confirmed():
    for parameter in knowledge().parameters.values():
        if parameter.sources == ("pathways_team",):
            assert parameter.confidence in ("expert_opinion", "simplification")


def test_population_shares_add_to_one_and_to_the_published_sections():
    shares = knowledge().parameters["segment_fractions"].value
    assert sum(shares) == pytest.approx(1)
    assert sum(shares[4:]) == pytest.approx(0.65)
    assert sum(shares[1:3]) == pytest.approx(0.16)


@pytest.mark.parametrize("name", knowledge().protocols)
def test_a_damaged_liver_never_needs_less_and_the_default_asks_for_most(name):
    """The limits themselves are held in tests/golden/numbers.tsv."""
    states = ("normal", "exposed", "injured", "cirrhosis")
    limits, most = (
        [one.number(f"remnant_limit_{state}") for state in states] for one in (load_protocol(name), load_protocol())
    )
    assert limits == sorted(limits)
    assert all(one <= other for one, other in zip(limits, most, strict=True))


def test_an_overlay_replaces_what_it_names_and_leaves_its_base_alone(tmp_path):
    protocol = load_protocol(overlay(tmp_path))
    assert protocol.number("hard_cycles") == 10
    assert protocol.replaced == ("hard_cycles",)
    assert load_protocol().number("hard_cycles") == 12


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"key": "hard_cycle"}, '7:3: replaces.hard_cycle: unknown setting "hard_cycle".*did you mean "hard_cycles"'),
        ({"value": "twelve"}, "7:24: replaces.hard_cycles.value: got 'twelve'; accepted: a number"),
        ({"value": "true"}, "accepted: a number"),
        ({"value": "10.5"}, "accepted: a whole number"),
        ({"value": "-1"}, "accepted: a number above 0"),
        ({"key": "remnant_limit_normal", "value": "30"}, "a fraction from 0 to 1, so 0.30 for 30 %"),
        ({"key": "alpps_accepted", "value": "3"}, "accepted: true or false"),
        ({"key": "vessel_detachment", "value": "sometimes"}, "accepted: never, after_response, always"),
        ({"key": "extrahepatic_sites_resectable", "value": "lung"}, "accepted: a list"),
        (
            {"key": "extrahepatic_sites_resectable", "value": "[lungs]"},
            'got "lungs" in the list; accepted: lung.*did you mean "lung"',
        ),
        (
            {"key": "refused_primaries", "value": "[{x: true}]"},
            "refused_primaries.value.0.: got a mapping of 1 keys; accepted: text",
        ),
        ({"key": "conversion_backbone", "value": "quartet"}, "accepted: doublet, triplet"),
        ({"key": "cycle_weeks", "value": "0"}, "accepted: 1 or more .weeks."),
        ({"key": "inr_max", "value": "1e308"}, "got 1e.308; accepted: at most 10000 .ratio."),
        ({"source": "kishi"}, 'got "kishi"; accepted: a known source.*did you mean "kishi_2009"'),
        (
            {"text": OVERLAY.replace("based_on: default", "based_on: defalt")},
            'based_on: got "defalt".*did you mean "default"',
        ),
        ({"text": OVERLAY.replace(" why: because,", "")}, 'the required key "why" is missing'),
    ],
)
def test_a_wrong_overlay_is_refused_at_its_place(tmp_path, changes, expected):
    with pytest.raises(DocumentError) as refusal:
        load_protocol(overlay(tmp_path, **changes))
    assert re.search(expected, str(refusal.value)), str(refusal.value)


@pytest.mark.parametrize(("less", "more"), IN_ORDER)
def test_a_limit_that_undercuts_a_stricter_one_is_refused_at_its_place_and_the_same_value_stands(less, more, tmp_path):
    base = load_protocol().settings
    beyond = {"A": "B", "B": "C"}.get(base[more].value) or base[more].value * 2
    refused = overlay(tmp_path, key=less, value=str(beyond))
    with pytest.raises(DocumentError, match=rf"replaces.{less}.value: {less} .* is above {more} .*of the base"):
        load_protocol(refused)
    assert (
        load_protocol(overlay(tmp_path, key=less, value=str(base[more].value))).settings[less].value == base[more].value
    )


def test_two_replaced_limits_that_agree_with_each_other_stand(tmp_path):
    other = "  soft_cycles: {value: 14, why: because, sources: [sop], confidence: expert_opinion}\n"
    agreed = load_protocol(overlay(tmp_path, value="16", text=OVERLAY + other))
    assert (agreed.whole("soft_cycles"), agreed.whole("hard_cycles")) == (14, 16)


@pytest.mark.parametrize(("offered", "points", "stands"), [("false", 5, False), ("false", 6, True), ("true", 5, True)])
def test_systemic_treatment_that_is_asked_for_first_is_offered(offered, points, stands, tmp_path):
    more = (
        f"  systemic_first_from_points: {{value: {points}, why: because, sources: [sop], confidence: expert_opinion}}\n"
    )
    file = overlay(tmp_path, key="perioperative_accepted", value=offered, text=OVERLAY + more)
    if stands:
        assert load_protocol(file).whole("systemic_first_from_points") == points
    else:
        with pytest.raises(DocumentError, match="replaces.systemic_first_from_points.value: .*which asks nobody"):
            load_protocol(file)


def test_an_unknown_protocol_is_answered_with_the_names_there_are():
    with pytest.raises(PathwaysError, match="accepted: default, mdacc, european"):
        load_protocol("nothing")


@pytest.mark.parametrize(
    ("file", "change", "expected"),
    [
        (
            "parameters/growth.yaml", ("van_lienden_2013", "van_linden_2013"),
            r'growth.yaml:\d+:\d+: growth_pve.sources\[1\]: got "van_linden_2013".*did you mean "van_lienden_2013"',
        ),
        ("parameters/growth.yaml", (", unit: fraction", ""), 'growth.yaml:3:3: growth_pve: the required key "unit" is missing; accepted: description, value'),
        ("parameters/growth.yaml", ("unit: fraction", "units: fraction"), 'growth.yaml:3:.*: growth_pve.units: unknown key "units".*did you mean "unit"'),
        ("parameters/growth.yaml", ("kind: normal, sd: 0.35", "kind: normal"), "growth.yaml:4:.*growth_pve.distribution: a distribution of kind normal lacks its numbers"),
        ("parameters/growth.yaml", ("growth_pve:", "morbidity_repeat:"), "operations.yaml:.*morbidity_repeat: .*stands in another file too"),
        ("protocols/default.yaml", ("unit: fraction", "unit: fractions"), 'default.yaml:8:.*settings.remnant_limit_normal.unit: got "fractions".*did you mean "fraction"'),
        ("protocols/mdacc.yaml", ("remnant_limit_normal", "remnant_limit_norm"), 'mdacc.yaml:.*unknown setting "remnant_limit_norm".*did you mean "remnant_limit_normal"'),
        ("scores.yaml", ("points: 1", "points: none"), 'scores.yaml:.*points: got "none"; accepted: a whole number'),
        ("sources.yaml", (": {", ": ["), "sources.yaml:.*not valid YAML"),
    ],
)  # fmt: skip
def test_a_mistake_in_the_shipped_data_is_told_with_its_place(tmp_path, file, change, expected):
    shutil.copytree(DATA, tmp_path / "data")
    changed = tmp_path / "data" / file
    before = changed.read_text(encoding="utf-8")
    changed.write_text(before.replace(*change, 1), encoding="utf-8")
    assert changed.read_text(encoding="utf-8") != before
    with pytest.raises(DocumentError) as refusal:
        compiled(tmp_path / "data")
    assert re.search(expected, str(refusal.value)), str(refusal.value)
