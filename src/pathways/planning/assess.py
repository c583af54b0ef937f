"""What the rules say of a case today: resectability, state of the liver, findings, and the ways to clear the liver."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, get_args

from pathways.case.models import Case
from pathways.case.words import Family
from pathways.facts import disease, fitness, geometry, primaries, remnant
from pathways.facts.considerations import considerations, not_modelled
from pathways.facts.derive import CaseFacts
from pathways.facts.patient_assessment import TODAY
from pathways.facts.regimen import regimen_verdict, washout_verdict
from pathways.facts.scores import Score, scores
from pathways.facts.verdict import Verdict
from pathways.knowledge.model import Protocol
from pathways.liver.anatomy import segments_of
from pathways.liver.resections import Resection
from pathways.version import __version__


@dataclass(frozen=True, slots=True)
class AssessedResection:
    """A resection with its place against the protocol: True, False, or None where only volumetry can tell."""

    resection: Resection
    meets_protocol: bool | None

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
            "meets_protocol": self.meets_protocol,
            "assumed": list(one.assumed),
        }


@dataclass(frozen=True)
class Assessment:
    """Findings and resections of a case under a protocol."""

    case: Case
    protocol: Protocol
    resectability: str
    liver_state: str
    findings: tuple[Verdict, ...]
    resections: tuple[AssessedResection, ...]
    scores: tuple[Score, ...]
    not_modelled: tuple[str, ...]

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
        return {**head, **self.as_json()}


def assess(case: Case, protocol: Protocol, *, strict: bool = False) -> Assessment:
    """What the rules say of `case` under `protocol`."""
    return assess_facts(CaseFacts(case, protocol, strict=strict))


def assess_facts(facts: CaseFacts) -> Assessment:
    """As `assess`, from facts already derived."""
    assessed = facts.assessed
    found = assessed.resections(TODAY)
    statuses = {"enough": True, "short": False}
    return Assessment(
        case=assessed.case,
        protocol=assessed.protocol,
        resectability=_resectability(facts),
        liver_state=assessed.liver_state(),
        findings=tuple(_findings(facts, found)),
        resections=tuple(
            AssessedResection(one, statuses.get(remnant.remnant_status(assessed, one, 0))) for one in found
        ),
        scores=scores(assessed.case),
        not_modelled=not_modelled(assessed.case),
    )


def _resectability(facts: CaseFacts) -> str:
    start = facts.start()
    if start.nature in ("suspected", "mixed"):
        return "indeterminate"
    situation = facts.finding("situation", start).value
    if situation != "unresectable":
        return situation
    convertible = facts.finding("convertible", start).value in ("yes", "assumed")
    return "potentially_convertible" if convertible else "unresectable"


def _findings(facts: CaseFacts, found: tuple[Resection, ...]) -> list[Verdict]:
    """Every rule, the closing ones too; the remnant rules for the first resection."""
    assessed = facts.assessed
    rows: list[Verdict | None] = [
        disease.lesions_characterised(assessed),
        _treatable(facts, found),
        *(remnant.remnant_verdicts(assessed, found[0]) if found else ()),
        fitness.remnant_function(assessed),
        fitness.fit_for(assessed, "major"),
        fitness.liver_sufficient(assessed, "major"),
        fitness.biliary_drained(assessed),
        disease.primary_resectable(assessed),
        disease.primary_not_urgent(assessed),
        disease.extrahepatic_resectable(assessed),
        disease.disease_controlled(assessed),
        primaries.systemic_first(assessed, "none"),
        disease.chemotherapy_remaining(assessed, 0),
        washout_verdict(assessed),
        primaries.primary_rules(assessed),
        regimen_verdict(assessed),
        *considerations(assessed),
        *_of_start(facts),
    ]
    return list(dict.fromkeys(row for row in rows if row is not None))


def _treatable(facts: CaseFacts, found: tuple[Resection, ...]) -> Verdict:
    if found:
        return geometry.clearable(facts.assessed, TODAY, found[0].clearance)
    return geometry.clearable(facts.assessed, TODAY, "major")


def _of_start(facts: CaseFacts) -> list[Verdict]:
    assessed = facts.assessed
    rows = [
        disease.patient_accepts(assessed, family)
        for family in get_args(Family)
        if family in assessed.case.patient.declines
    ]
    if disease.primary_in_place(assessed):
        rows += [disease.simultaneous_safe(assessed, extent) for extent in ("minor", "major")]
    target = assessed.target(TODAY)
    if target is not None and remnant.remnant_status(assessed, target, 0) in ("short", "likely_short"):
        rows += [remnant.growth_verdict(assessed, target, stimulus, 0) for stimulus in ("pve", "lvd", "split")]
    return rows
