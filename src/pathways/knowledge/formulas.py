"""Published formulas of body and liver size, over cited figures: for one patient and for columns alike."""

from __future__ import annotations

import math
from collections.abc import Mapping

from pathways.knowledge.arithmetic import Number, at_least, root
from pathways.knowledge.model import Parameter


def body_surface_m2(height_cm: Number, weight_kg: Number) -> Number:
    """Body surface area in m2 by Mosteller, `mosteller_1987`."""
    return root(height_cm * weight_kg / 3600)


def sphere_ml(size_mm: Number, margin_mm: float) -> Number:
    """What a limited resection takes: a sphere around the lesion, with a margin."""
    diameter_cm = (size_mm + 2 * margin_mm) / 10
    return math.pi / 6 * diameter_cm**3


def volume_by_surface(parameters: Mapping[str, Parameter], height_cm: Number, weight_kg: Number) -> Number:
    """Standardised liver volume in ml by height and weight (Vauthey); for adults: of a very small body it turns negative."""
    area = body_surface_m2(height_cm, weight_kg)
    return parameters["total_volume_intercept_ml"].number + parameters["total_volume_per_bsa_ml"].number * area


def volume_by_weight(parameters: Mapping[str, Parameter], weight_kg: Number) -> Number:
    """Standardised liver volume in ml by weight alone (Vauthey)."""
    per_kg = parameters["total_volume_per_kg_ml"].number
    return parameters["total_volume_weight_intercept_ml"].number + per_kg * weight_kg


def formula_interval(parameters: Mapping[str, Parameter], value: Number) -> tuple[Number, Number]:
    """The interval of a volume by formula."""
    relative = parameters["total_volume_formula_relative_sd"].number * parameters["remnant_interval_sds"].number
    return at_least(0.0, value * (1 - relative)), value * (1 + relative)
