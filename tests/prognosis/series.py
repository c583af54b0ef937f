"""A composite case mix of published series of resected bowel metastases, and what the model makes of it.

No abstract gives a whole case mix: shares are put together from several (MSK, Beijing, Creasy and others), each factor drawn apart.
"""

from copy import copy
from dataclasses import replace
from functools import cached_property

import numpy as np

from pathways.knowledge.protocols import knowledge
from pathways.prognosis.background import other_deaths
from pathways.prognosis.curves import YEARS, after_clearance, after_recurrence, year_of_recurrence
from pathways.prognosis.factors import column_profile
from pathways.prognosis.patient import model_of

OPERATIVE_DEATH = 0.015
FOLLOWED_AT_MOST = 7.0


def figure(name):
    return knowledge().parameters[name].number


class Series:
    """Patients drawn from the composite, their mean curves, and lives drawn from the model."""

    def __init__(self, number=20000, seed=5):
        self.random = np.random.default_rng(seed)
        self.number = number
        u = lambda: self.random.random(number)  # noqa: E731 - a column of luck
        self.node, self.early = u() < 0.60, u() < 0.60
        x = u()
        few, some, many = 2 + np.floor(u() * 3), 5 + np.floor(u() * 5), 10 + np.floor(u() * 6)
        self.lesions = np.where(x < 0.47, 1, np.where(x < 0.80, few, np.where(x < 0.96, some, many)))
        self.size = np.exp(np.log(30) + 0.558 * self.random.standard_normal(number))
        x = u()
        self.cea = np.where(x < 0.06, 300, np.where(x < 0.30, 60, 5))
        x = u()
        self.braf, self.ras = x < 0.035, (x >= 0.035) & (x < 0.465)
        self.elsewhere, self.right, self.margin = u() < 0.07, u() < 0.30, u() < 0.15
        self.age, self.female = np.clip(64.5 + 10 * self.random.standard_normal(number), 25, 90), u() < 0.4
        self.model = model_of(figure)
        self.profile = column_profile(
            {
                "node_positive": self.node, "interval_months": np.where(self.early, 0, 20), "number": self.lesions, "largest_mm": self.size,
                "cea": self.cea, "ras_mutated": self.ras, "braf_mutated": self.braf, "right_sided": self.right,
                "extrahepatic": self.elsewhere, "margin": self.margin,
            },
            figure,
        )  # fmt: skip
        deaths = other_deaths(self.age, self.female, knowledge().parameters)
        others = np.array([deaths.alive(year) for year in range(1, YEARS + 1)])
        alive, free = after_clearance(self.model, self.profile)
        self.alive, self.free = ((1 - OPERATIVE_DEATH) * others * one for one in (alive, free))
        self.deaths = deaths

    def elsewhere_by(self, more):
        """The same patients in a series that differs by this logarithm of the hazard of recurrence."""
        other = copy(self)
        other.model = replace(self.model, free=self.model.free * np.exp(more))
        others = self.alive / after_clearance(self.model, self.profile)[0]
        other.alive, other.free = (one * others for one in after_clearance(other.model, self.profile))
        return other

    def overall(self, who=slice(None)):
        """Per cent alive by year, 1 to 10."""
        return 100 * self.alive[:, who].mean(axis=1)

    def disease_free(self):
        """Per cent alive without a recurrence by year, 1 to 10."""
        return 100 * self.free.mean(axis=1)

    def never(self):
        """Per cent never to recur."""
        return 100 * float(np.exp(-self.model.free * self.profile.recurrence).mean())

    def median(self, who):
        """Median survival in months, of the mean curve."""
        curve = np.array([100, *self.overall(who)])
        after = int(np.argmax(curve < 50)) if (curve < 50).any() else None
        if after is None:
            return float("inf")
        return 12 * (after - 1 + (curve[after - 1] - 50) / (curve[after - 1] - curve[after]))

    @cached_property
    def fong(self):
        return self.node * 1 + self.early * 1 + (self.lesions > 1) * 1 + (self.size > 50) * 1 + (self.cea > 200) * 1

    @cached_property
    def game(self):
        burden = np.hypot(self.size / 10, self.lesions)
        points = self.ras * 1 + (self.cea >= 20) * 1 + self.node * 1 + (burden >= 3) * 1 + (burden >= 9) * 1
        return points + 2 * self.elsewhere

    @cached_property
    def lives(self):
        """Years of recurrence, of death, and of the end of follow-up, patient by patient."""
        random, number, model = self.random, self.number, self.model
        recurrence = year_of_recurrence(model, self.profile, random.random(number))
        band = np.searchsorted([0.5, 1.0], recurrence, side="right")
        both = random.random(number) < model.both
        times = np.array([*model.early_death, 1.0])[band] * np.where(both, model.both_death, 1.0)
        more = np.array([*model.early_long, 0.0])[band] + np.where(both, model.both_long, 0.0)
        death = recurrence + after_recurrence(model, self.profile, times, more).years(random.random(number))
        other = self.deaths.days(random.random(number)) / 365.25
        death = np.where(random.random(number) < OPERATIVE_DEATH, 0.1, np.minimum(death, other))
        return recurrence, death, np.minimum(2 + 8 * random.random(number), FOLLOWED_AT_MOST)

    def concordance(self, score, patients=5000):
        """Harrell's c of a score with overall survival under follow-up of two to seven years."""
        _, death, until = self.lives
        return concordance(np.minimum(death, until)[:patients], (death <= until)[:patients], score[:patients])


def concordance(time, died, score):
    """Share of comparable pairs in which the higher score dies first; ties of the score count half."""
    agree = pairs = 0.0
    for one in np.flatnonzero(died):
        later = time > time[one]
        pairs += later.sum()
        agree += (score[one] > score[later]).sum() + 0.5 * (score[one] == score[later]).sum()
    return agree / pairs
