"""Drawn patients live by the same ratios as a case file that tells the same."""

import numpy as np
import pytest

from cohort.columns import drawn
from pathways.cohort.draws.lives import lives_of
from pathways.cohort.draws.random_numbers import patient_words
from pathways.facts.derive import CaseFacts
from pathways.knowledge.protocols import knowledge, load_protocol
from pathways.prognosis.factors import factors
from pathways.prognosis.patient import Prognosis
from rule_answers import with_setting

DEFAULT = load_protocol("default")
PATIENTS = 400


@pytest.mark.parametrize("carried", [True, False])
def test_a_column_has_the_ratios_of_each_of_its_patients(carried):
    protocol = with_setting(DEFAULT, "life_carried_over", value=carried)
    patients = drawn(PATIENTS)
    lives = lives_of(patients, patient_words(1, patients.number), knowledge().parameters, carried=carried)
    margin = next(one for one in factors() if one.name == "margin")
    figure = lambda name: knowledge().parameters[name].number  # noqa: E731 - as short as the rest
    sites = set()
    for row in range(PATIENTS):
        one = Prognosis(CaseFacts(patients.case(row), protocol).assessed, {})
        own = one.profile(one.figure)
        sites.add(one.told["elsewhere"])
        ratios = [margin.recurrence(level, figure) for level in margin.levels]
        assert min(abs(lives.profile.recurrence[row] / own.recurrence - ratio) for ratio in ratios) < 1e-9
        deaths = [margin.death(level, figure, carried=carried) for level in margin.levels]
        assert min(abs(lives.profile.death[row] / own.death - ratio) for ratio in deaths) < 1e-9
        ((_, hazard),) = one.uncleared_hazards(one.figure)
        assert lives.uncleared[row] == pytest.approx(hazard)
    assert len(sites) > 3, "sites are drawn"
    assert np.isfinite(lives.uncleared).all()
