"""Chances of one case: who is sicker is not safer, and two operations in one session take the risk of both."""

from itertools import product

import pytest
from builders import assessed

from pathways.facts.figures import Figures
from pathways.process.course_of_care import MORTALITY, TOGETHER
from pathways.process.declaration import PROCESS

AGES, BACKGROUNDS = (30, 69, 70, 85), ("normal", "steatosis", "steatohepatitis", None)


def mortality(name, **patient):
    liver = {"background": patient.pop("background", "normal")}
    return Figures(assessed(patient=patient, liver=liver))._mortality(name)


@pytest.mark.parametrize("name", sorted(set(MORTALITY.values())))
def test_nobody_is_safer_in_a_higher_asa_class(name):
    for age, background in product(AGES, BACKGROUNDS):
        risks = [mortality(name, age_years=age, asa=asa, background=background) for asa in range(1, 6)]
        assert risks == sorted(risks)


@pytest.mark.parametrize("name", sorted(TOGETHER))
def test_two_operations_in_one_session_are_no_safer_than_either(name):
    for age, asa, background in product(AGES, (None, 1, 3, 5), BACKGROUNDS):
        patient = {"age_years": age, "asa": asa, "background": background}
        together = mortality(name, **patient)
        assert all(together >= mortality(part, **patient) for part in TOGETHER[name])


def test_an_old_sick_patient_is_not_saved_by_a_lung_metastasis():
    patient = {"age_years": 80, "asa": 3, "background": "steatohepatitis"}
    liver = mortality("mortality_minor", **patient)
    assert liver > 0.15
    assert mortality("mortality_minor_with_extrahepatic", **patient) == pytest.approx(1 - (1 - liver) * (1 - 0.02))


def test_every_operation_on_liver_and_elsewhere_stands_for_both():
    """Whichever step takes out liver and something outside it, its mortality is made of the figures of both."""
    both = [one for one in PROCESS.triggers if {"hepatectomy", "metastasectomy"} <= set(one.events)]
    assert len(both) == 2
    for one in both:
        operation = next(effect.value for effect in one.effects if effect.fact == "operation")
        assert MORTALITY[operation] in TOGETHER
