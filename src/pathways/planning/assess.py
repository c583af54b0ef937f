"""What the rules say of a case today: resectability, state of the liver, findings, and the ways to clear the liver."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from functools import partial
from typing import Any, get_args

from pathways.case.models import Case
from pathways.documents.display import Shown
from pathways.facts import (
    cleared,
    considerations,
    disease,
    fitness,
    geometry,
    liver_function,
    pregnancy,
    primaries,
    remnant,
)
from pathways.facts.considerations import not_modelled
from pathways.facts.derive import CaseFacts
from pathways.facts.patient_assessment import TODAY, PatientAssessment
from pathways.facts.regimen import regimen_verdict, washout_verdict
from pathways.facts.remnant import BindingLimit
from pathways.facts.scores import Score, scores
from pathways.facts.tables.clearing import not_borne
from pathways.facts.verdict import Verdict
from pathways.knowledge.model import Protocol
from pathways.knowledge.protocols import as_protocol
from pathways.liver.anatomy import segments_of
from pathways.liver.resection import Resection
from pathways.messages.catalogue import say
from pathways.planning.operable import barred_by
from pathways.process.phases import SITUATIONS
from pathways.process.rules import RULES
from pathways.quick_dataclass import dataclass
from pathways.version import __version__
from pathways.words import Family

Rows = Iterable[Verdict | None]
Speaker = Callable[[CaseFacts, tuple[Resection, ...]], Rows]


@dataclass(frozen=True, slots=True)
class AssessedResection:
    """A resection with its place against the protocol: True, False, or None where only volumetry can tell; `limit` is the one that binds.

    `borne`: whether the person and the function of the liver allow this class of operation, as far as is known.
    """

    resection: Resection
    meets_protocol: bool | None
    limit: BindingLimit
    borne: bool = True

    @property
    def within_error(self) -> bool:
        """Whether the remnant is told against its limit, and the limit lies within the error of what is told."""
        left = self.resection.remnant
        return self.meets_protocol is not None and left.low < self.limit.share <= left.high

    def as_json(self) -> dict[str, Any]:
        """The resection as the JSON of the command line shows it."""
        one, left = self.resection, self.resection.remnant
        return {
            "name": one.name,
            "removes": list(segments_of(one.removes)),
            "wedges": list(one.limited),
            "ablations": list(one.ablated),
            "remnant_segments": list(segments_of(one.kept)),
            "remnant_fraction": round(left.value, 4),
            "low": round(left.low, 4),
            "high": round(left.high, 4),
            "estimated": left.estimated,
            "remnant_ml": round(self.limit.remnant_ml) if self.limit.ml_known else None,
            "limit_fraction": round(self.limit.share, 4),
            "limit_ml": round(self.limit.ml) if self.limit.ml_known else None,
            "limit_rule": self.limit.rule,
            "meets_protocol": self.meets_protocol,
            "assumed": list(one.assumed),
        }


@dataclass(frozen=True, repr=False)
class Assessment(Shown):
    """Findings and resections of a case under a protocol. `barred_by`: those of the findings that bar every operation."""

    case: Case
    protocol: Protocol
    resectability: str
    barred_by: tuple[Verdict, ...]
    liver_state: str
    findings: tuple[Verdict, ...]
    resections: tuple[AssessedResection, ...]
    scores: tuple[Score, ...]
    not_modelled: tuple[str, ...]
    strict: bool = False

    def __repr__(self) -> str:
        return (
            f"Assessment({self.case.id} under {self.protocol.id}: {self.resectability}, {len(self.findings)} findings)"
        )

    def to_rows(self) -> list[dict[str, Any]]:
        """A row a finding, for a table."""
        return [one.as_json() for one in self.findings]

    def as_json(self) -> dict[str, Any]:
        """The part of the JSON that `plan` and `assess` share."""
        return {
            "resectability": self.resectability,
            "liver_state": self.liver_state,
            "findings": [finding.as_json() for finding in self.findings],
            "resections": [one.as_json() for one in self.resections],
            "scores": [one.as_json() for one in self.scores],
            "not_modelled": list(self.not_modelled),
        }

    def as_document(self) -> dict[str, Any]:
        """The one document of `assess --json`."""
        head = {"case": self.case.id, "protocol": self.protocol.id, "version": __version__}
        return {**head, **self.as_json(), **self.case.understood_json()}


def assess(case: Case, protocol: Protocol | str = "default", *, strict: bool = False) -> Assessment:
    """What the rules say of `case` under `protocol`."""
    return assess_facts(CaseFacts(case, as_protocol(protocol), strict=strict))


def assess_facts(facts: CaseFacts) -> Assessment:
    """As `assess`, from facts already derived."""
    assessed = facts.assessed
    found = _ways_today(assessed)
    statuses = {"enough": True, "short": False}
    removable = _removable(facts)
    barred = barred_by(facts, removable) if removable in SITUATIONS[:2] else ()
    return Assessment(
        case=assessed.case,
        protocol=assessed.protocol,
        resectability="unresectable" if barred else removable,
        barred_by=barred,
        liver_state=assessed.liver_state(),
        findings=tuple(_findings(facts, found)),
        resections=tuple(
            AssessedResection(
                one,
                statuses.get(remnant.remnant_status(assessed, one, 0)),
                remnant.binding_limit(assessed, one, 0),
                not_borne(facts, one.clearance) is None,
            )
            for one in found
        ),
        scores=scores(assessed.case),
        not_modelled=(*not_modelled(assessed.case), *_in_one_piece(assessed, found)),
        strict=facts.strict,
    )


def _in_one_piece(assessed: PatientAssessment, found: Iterable[Resection]) -> Iterator[str]:
    """The resection of a side that is not planned because pieces leave more liver: beside the first that it stands for."""
    for one in found:
        other = remnant.enough_in_one_piece(assessed, one)
        if other is not None:
            pieces, left = one.remnant.value, other.remnant.value
            yield say("not_modelled.in_one_piece", resection=other.name, left=left, pieces=pieces)
            return


def _ways_today(assessed: PatientAssessment) -> tuple[Resection, ...]:
    """The ways to clear the liver as it is; where none of them leaves enough by its estimate, those too for which it has to be made to grow."""
    every = assessed.resections(TODAY)
    as_it_is = tuple(one for one in every if not one.grown_only)
    enough = any(remnant.remnant_status(assessed, one, 0) in ("enough", "likely_enough") for one in as_it_is)
    return as_it_is if enough else every


def _removable(facts: CaseFacts) -> str:
    """What the geometry of the liver allows, whoever the patient is."""
    start = facts.start()
    if start.nature in ("suspected", "mixed"):
        return "indeterminate"
    if start.nature == "benign":
        return "benign"
    if cleared.before_today(facts.assessed):
        return "cleared"
    # Between two stages the question is what can be removed now, as before the first.
    start = start._replace(stage="none")
    situation = facts.finding("removable", start).value
    if situation != "unresectable":
        return situation
    convertible = facts.finding("convertible", start).value in ("yes", "assumed")
    return "potentially_convertible" if convertible else "unresectable"


def _findings(facts: CaseFacts, found: tuple[Resection, ...]) -> list[Verdict]:
    """Every rule, the closing ones too, in the order of their records; the remnant rules for the first resection."""
    spoken = (SPEAKERS[rule](facts, found) for rule in RULES if rule in SPEAKERS)
    return list(dict.fromkeys(row for rows in spoken for row in rows if row is not None))


def _treatable(facts: CaseFacts, found: tuple[Resection, ...]) -> Rows:
    if not facts.assessed.entries:
        return ()
    return (geometry.clearable(facts.assessed, TODAY, found[0].clearance if found else "major"),)


def _remnant(facts: CaseFacts, found: tuple[Resection, ...]) -> Rows:
    return remnant.remnant_verdicts(facts.assessed, found[0]) if found else ()


def _function(facts: CaseFacts, _: tuple[Resection, ...]) -> Rows:
    """What bars treatment of the liver, and beside it what bars drugs."""
    drugs = liver_function.bears_drugs(facts.assessed)
    return (liver_function.broadest(facts.assessed), None if drugs.verdict == "allowed" else drugs)


def _volumetry(facts: CaseFacts, _: tuple[Resection, ...]) -> Rows:
    return facts.assessed.volumetry.findings


def _wishes(facts: CaseFacts, _: tuple[Resection, ...]) -> Rows:
    declined = facts.assessed.case.patient.declines
    return [disease.patient_accepts(facts.assessed, family) for family in get_args(Family) if family in declined]


def _simultaneous(facts: CaseFacts, _: tuple[Resection, ...]) -> Rows:
    if not facts.assessed.case.primary_in_place or not facts.assessed.entries:
        return ()
    return [disease.simultaneous_safe(facts.assessed, extent) for extent in ("minor", "major")]


def _growth(facts: CaseFacts, _: tuple[Resection, ...]) -> Rows:
    assessed = facts.assessed
    target = assessed.target(TODAY)
    if target is None or remnant.remnant_status(assessed, target, 0) not in ("short", "likely_short"):
        return ()
    return [remnant.growth_verdict(assessed, target, stimulus, 0) for stimulus in ("pve", "lvd", "split")]


def _of(rule: Callable[[PatientAssessment], Verdict | None]) -> Speaker:
    return lambda facts, _: (rule(facts.assessed),)


# By rule who says it. A neighbour may speak in its stead: a lesser resection that spares liver, the growth of a remnant beside
# its size, what has to come first under the rules of the primary.
SPEAKERS: dict[str, Speaker] = {
    "lesions_characterised": _of(disease.lesions_characterised),
    "all_lesions_treatable": _treatable,
    "remnant_volume": _remnant,
    "volumetry_sound": _volumetry,
    "remnant_function": _of(fitness.remnant_function),
    "fit_for_operation": _of(partial(fitness.fit_for, wanted="major")),
    "liver_sufficient": _function,
    "laboratory_risk": lambda facts, _: considerations.laboratory_risk(facts.assessed),
    "anaemia": _of(considerations.anaemia),
    "biliary_drained": _of(fitness.biliary_drained),
    "pregnancy": lambda facts, _: pregnancy.findings(facts.assessed),
    "primary_resectable": _of(disease.primary_resectable),
    "primary_not_urgent": _of(disease.primary_not_urgent),
    "extrahepatic_resectable": _of(disease.extrahepatic_resectable),
    "disease_controlled": _of(disease.disease_controlled),
    "targeted_first": _of(partial(primaries.systemic_first, line="none")),
    "chemotherapy_remaining": _of(disease.drugs_remaining),
    "washout_complete": _of(washout_verdict),
    "primary_sought": _of(primaries.primary_sought),
    "primary_rules": _of(primaries.primary_rules),
    "regimen": _of(regimen_verdict),
    "bilobar_disease": _of(considerations.bilobar_disease),
    "vessel_contact": _of(considerations.vessel_contact),
    "vessel_invasion": _of(considerations.vessel_invasion),
    "bilioenteric_anastomosis": _of(considerations.bilioenteric_anastomosis),
    "extrahepatic_disease": _of(considerations.extrahepatic_disease),
    "altered_anatomy": _of(considerations.altered_anatomy),
    "earlier_resection": _of(considerations.earlier_resection),
    "early_recurrence": _of(considerations.early_recurrence),
    "patient_accepts": _wishes,
    "simultaneous_safe": _simultaneous,
    "remnant_growth": _growth,
}
