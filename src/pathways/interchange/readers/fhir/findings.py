"""What observations of a bundle tell: body, values of the laboratory, ECOG, biology of the tumour, and the size of lesions.

The newest of several counts; another unit than those of the table is refused, never reckoned.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from typing import Any

from pathways.documents.problems import shown
from pathways.interchange.readers.draft import Draft
from pathways.interchange.readers.fhir.bundle import Resource, coded, codes, codings, listed, meaning, words_of
from pathways.ward.kinds import units_of
from pathways.ward.values import factor_of

SURE = ("final", "amended", "corrected")
DIGITS = 6
LATEST_ECOG = 4
RAS = ("KRAS", "NRAS")


class Findings:
    """Takes what it knows into the draft, and gives back the rest."""

    def __init__(self, draft: Draft, today: dt.date | None) -> None:
        self.draft, self.today = draft, today

    def read(self, found: Iterable[Resource]) -> list[Resource]:
        """The resources that told nothing known here."""
        told = list(found)
        sure = [one for one in told if one.kind == "Observation" and one.value.get("status") in SURE]
        used = self._measured(sure) + self._ecog(sure) + self._instability(sure) + self._variants(sure)
        used += self._lesions([one for one in told if one.kind == "BodyStructure"], sure)
        gone = {id(one) for one in used}
        return [one for one in told if id(one) not in gone]

    def _newest(self, found: Sequence[Resource]) -> Resource | None:
        """The newest; one without a date only where it is the only one."""
        if len(found) == 1:
            return found[0]
        dated = [(day, one) for one in found if (day := one.day("effectiveDateTime", "effectivePeriod.start"))]
        return max(dated, key=lambda pair: pair[0])[1] if dated else None

    def _remark(self, one: Resource) -> str:
        day = one.day("effectiveDateTime", "effectivePeriod.start")
        return f"{one.called}{f', {day}' if day else ', not dated'}"

    def _measured(self, sure: Sequence[Resource]) -> list[Resource]:
        by_key: dict[tuple[str, ...], list[tuple[Resource, Sequence[str]]]] = {}
        for code, entry in codes()["measured"].items():
            for one in sure:
                if coded(one.value.get("code"), "loinc", code):
                    by_key.setdefault(tuple(entry["key"]), []).append((one, entry["units"]))
        used = []
        for key, found in by_key.items():
            newest = self._newest([one for one, _ in found])
            if newest is None:
                continue
            units = next(units for one, units in found if one is newest)
            value = round(quantity(newest, ("valueQuantity",), key[-1], units), DIGITS)
            newer = f", the newest of {len(found)}" if len(found) > 1 else ""
            self.draft.put(key, value, self._remark(newest) + newer, newest.origin("valueQuantity"))
            used += [one for one, _ in found]
        return used

    def _ecog(self, sure: Sequence[Resource]) -> list[Resource]:
        found = [
            one
            for one in sure
            if coded(one.value.get("code"), "loinc", codes()["ecog"]) and "valueInteger" in one.value
        ]
        newest = self._newest(found)
        if newest is None:
            return []
        value = newest.value["valueInteger"]
        if isinstance(value, bool) or value not in range(LATEST_ECOG + 1):
            raise newest.refused(f"got {shown(value)}; accepted: an ECOG performance status of 0 to 4", "valueInteger")
        self.draft.put(("patient", "ecog"), value, self._remark(newest), newest.origin("valueInteger"))
        return found

    def _instability(self, sure: Sequence[Resource]) -> list[Resource]:
        table = codes()["instability"]
        found = [one for one in sure if coded(one.value.get("code"), "loinc", table["code"])]
        newest = self._newest(found)
        answer = (
            None if newest is None else meaning(newest.value.get("valueCodeableConcept"), {"loinc": table["answers"]})
        )
        if newest is None or answer is None:
            return []
        self.draft.put(
            ("primary", "mismatch_repair"), answer, self._remark(newest), newest.origin("valueCodeableConcept")
        )
        return found

    def _variants(self, sure: Sequence[Resource]) -> list[Resource]:
        """RAS is mutated by one variant of KRAS or NRAS, and wild type only where both were looked for; BRAF by V600E alone."""
        table = codes()["variant"]
        found: dict[str, list[tuple[Resource, bool, str]]] = {}
        for one in sure:
            gene = self._component(one, table["gene"])
            name = next((table["genes"][code] for _, code in codings(gene) if code in table["genes"]), None)
            value = one.value.get("valueCodeableConcept")
            present, absent = (coded(value, "loinc", table[word]) for word in ("present", "absent"))
            if coded(one.value.get("code"), "loinc", table["code"]) and name and present != absent:
                found.setdefault(name, []).append((one, present, words_of(self._component(one, table["change"]))))
        used: list[Resource] = []
        ras = [entry for gene in RAS for entry in found.get(gene, [])]
        if any(present for _, present, _ in ras):
            used += self._biology("ras", "mutated", [entry for entry in ras if entry[1]])
        elif all(gene in found for gene in RAS):
            used += self._biology("ras", "wild_type", ras)
        braf = found.get("BRAF", [])
        changed = [entry for entry in braf if entry[1]]
        if changed and all(change in table["v600e"] for _, _, change in changed):
            used += self._biology("braf", "v600e", changed)
        elif braf and not changed:
            used += self._biology("braf", "wild_type", braf)
        return used

    def _biology(self, key: str, value: str, told: Sequence[tuple[Resource, bool, str]]) -> list[Resource]:
        words = "; ".join(self._remark(one) for one, _, _ in told)
        self.draft.put(("primary", key), value, words, told[0][0].origin("valueCodeableConcept"))
        return [one for one, _, _ in told]

    def _component(self, one: Resource, code: str) -> Any:
        for part in listed(one.value.get("component")):
            if isinstance(part, dict) and coded(part.get("code"), "loinc", code):
                return part.get("valueCodeableConcept")
        return None

    def _lesions(self, structures: Sequence[Resource], sure: Sequence[Resource]) -> list[Resource]:
        """A lesion for each structure that lies in a segment of the liver, with the newest size that was told of it."""
        used = []
        for one in structures:
            segment = meaning(one.value.get("location"), codes()["segments"])
            if segment is None:
                continue
            place = len(self.draft.value.get("lesions", []))
            self.draft.put(("lesions", place, "segments"), [segment], one.called, one.origin("location"))
            used.append(one)
            sizes = [
                size
                for size in sure
                if coded(size.value.get("code"), "loinc", codes()["size"]["code"]) and one.names & _about(size)
            ]
            newest = self._newest(sizes)
            if newest is not None:
                self.draft.put(("lesions", place, "size_mm"), self._size(newest), self._remark(newest), newest.origin())
                used += sizes
        return used

    def _size(self, one: Resource) -> float:
        """The longest diameter in mm."""
        table = codes()["size"]
        key = table["key"][-1]
        for place, part in enumerate(listed(one.value.get("component"))):
            if isinstance(part, dict) and coded(part.get("code"), "loinc", table["longest"]):
                return round(quantity(one, ("component", place, "valueQuantity"), key, table["units"]), DIGITS)
        return round(quantity(one, ("valueQuantity",), key, table["units"]), DIGITS)


def quantity(one: Resource, path: tuple[str | int, ...], key: str, units: Sequence[str]) -> float:
    """A quantity in the unit of `key`, by the units of the ward; without dimension where the key has none. Raises DocumentError for another unit or none, or what is no number."""
    told: Any = one.value
    for part in path:
        told = told.get(part) if isinstance(told, dict) else told[part] if isinstance(part, int) else None
    accepted = f"accepted: a valueQuantity in {', '.join(units)} (UCUM)"
    if not isinstance(told, dict):
        raise one.refused(f"tells no quantity; {accepted}", *path)
    value, unit, system = told.get("value"), told.get("code", told.get("unit")), told.get("system")
    if isinstance(value, bool) or not isinstance(value, (int, float)) or told.get("comparator"):
        raise one.refused(f"got {shown(told.get('comparator') or value)}; {accepted}", *path)
    if (
        not isinstance(unit, str)
        or unit not in units
        or (system is not None and str(system) not in codes()["systems"]["ucum"])
    ):
        raise one.refused(f"got {shown(unit)}; {accepted}", *path)
    known = units_of(key)
    factor = factor_of(unit, known) if known else 1.0
    assert factor is not None, unit
    return float(value * factor)


def _about(one: Resource) -> set[str]:
    """What an observation says it is about."""
    return {str(ref.get("reference")) for ref in listed(one.value.get("focus")) if isinstance(ref, dict)}
