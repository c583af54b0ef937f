"""What signs and laboratory values say of the liver, for every extent of treatment: the strictest of them speaks."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from pathways.facts.patient_assessment import PatientAssessment
from pathways.facts.verdict import Missing, Verdict, allowed, each_missing, refused, unknown, without
from pathways.messages.catalogue import called, say
from pathways.process.rules import RULES

RULE = "liver_sufficient"
EXTENTS = ("ablation", "minor", "major")
# A sign of the background and not of failure: it bars by the extent of what is done.
PRESSURE, PRESSURE_BARS = "portal_hypertension", "portal_hypertension_bars_from"
DRUGS = "systemic"
CLASSES = ("A", "B", "C")
# One point is the least of each of the five items of the Child-Pugh score.
ITEMS = 5
# An obstructed duct makes jaundice of its own, which is a matter of drainage and has a rule of its own.
OBSTRUCTED = ("present", "drained")


class ChildPugh(NamedTuple):
    """The class as it was given, and as its five items make it; None where it was not, or where one of them is missing.

    `least`: where items are `missing`, the class that those which are known make for sure, if that is worse than A.
    """

    given: str | None
    computed: str | None
    least: str | None = None
    missing: tuple[str, ...] = ()

    @property
    def worse(self) -> str | None:
        """The class that counts."""
        return max((one for one in (self.given, self.computed) if one is not None), default=None)

    @property
    def words(self) -> str:
        """The class that counts, and where it comes from if it is not as it was given."""
        if self.computed is None or self.given == self.computed:
            return str(self.given)
        if self.given is None:
            return say("liver_sufficient.computed_alone", computed=self.computed)
        counts_as_given = self.given == self.worse
        return say(
            "liver_sufficient.as_given" if counts_as_given else "liver_sufficient.computed",
            computed=self.computed,
            given=self.given,
        )


def child_pugh(assessed: PatientAssessment) -> ChildPugh:
    """The Child-Pugh class. An item that is missing, or made by a drug, an obstructed duct or Gilbert syndrome, counts with the fewest points it can.

    So do ascites and encephalopathy without a grade.
    """
    liver, figures, signs = assessed.case.liver, assessed.parameters, assessed.case.liver.insufficiency
    # A higher albumin is the better one: its sign is turned.
    measured = (
        (
            "bilirubin_umol_per_l",
            "bilirubin",
            1,
            None if assessed.gilbert or assessed.biliary_obstruction in OBSTRUCTED else liver.bilirubin_umol_per_l,
        ),
        ("albumin_g_per_l", "albumin", -1, liver.albumin_g_per_l),
        ("inr", "inr", 1, None if assessed.case.patient.anticoagulated else liver.inr),
    )
    points, missing = ITEMS + sum(one in (signs or ()) for one in ("ascites", "encephalopathy")), []
    for key, name, turn, value in measured:
        if value is None:
            missing.append(f"liver.{key}")
            continue
        high, highest = figures[f"child_pugh_{name}"].value
        points += (turn * value >= turn * high) + (turn * value > turn * highest)
    if signs is None:
        missing.append("liver.insufficiency")
    found = CLASSES[sum(points > one for one in figures["child_pugh_classes"].value)]
    if not missing:
        return ChildPugh(liver.child_pugh, found)
    return ChildPugh(liver.child_pugh, None, found if found != CLASSES[0] else None, tuple(missing))


def liver_sufficient(assessed: PatientAssessment, wanted: str) -> Verdict:
    """No failing liver: signs, INR, bilirubin, albumin, platelets and Child-Pugh class for a treatment of this extent."""
    spoken = [one for judge in JUDGES if (one := judge(assessed, wanted)) is not None]
    record = RULES[RULE]
    for one in spoken:
        if one.verdict == "refused":
            return one
    missing = tuple(_not_told(assessed, wanted))
    if missing:
        spoken.insert(0, without(RULE, missing, sources=record.sources))
    if spoken:
        first = spoken[0]
        sources = tuple(dict.fromkeys(source for one in spoken for source in one.sources))
        return unknown(
            RULE, "; ".join(one.reason for one in spoken), "; ".join(str(one.assumed) for one in spoken), value=first.value,
            limit=first.limit, unit=first.unit, sources=sources, missing=tuple(each_missing(spoken)),
        )  # fmt: skip
    words, more = say("liver_sufficient.no_sign"), "; ".join(remarks(assessed))
    if more:
        words = say("liver_sufficient.with_remarks", words=words, remarks=more)
    return allowed(RULE, words, sources=record.sources)


def _not_told(assessed: PatientAssessment, wanted: str) -> Iterator[Missing]:
    """Signs and values that bar a treatment of this extent, and are not told."""
    liver = assessed.case.liver
    if liver.insufficiency is None:
        yield Missing("liver.insufficiency", say("liver_sufficient.not_reported"), say("taken_as.no_sign"))
    values = {"bilirubin_umol_per_l": True, "albumin_g_per_l": wanted != "ablation", "inr": True}
    for key, bars in values.items():
        if assessed.gilbert and key == "bilirubin_umol_per_l":
            continue
        if bars and getattr(liver, key) is None:
            name = called("laboratory", key.split("_")[0])
            yield Missing(
                f"liver.{key}", say("liver_sufficient.value_not_reported", name=name), say("taken_as.within", name=name)
            )
    if (
        wanted == "major"
        and liver.icg_r15_percent is None
        and liver.background in assessed.protocol.words("icg_asked_in")
    ):
        name = called("laboratory", "icg")
        yield Missing(
            "liver.icg_r15_percent",
            say("liver_sufficient.value_not_reported", name=name),
            say("taken_as.within", name=name),
        )


def bears_drugs(assessed: PatientAssessment) -> Verdict:
    """Child-Pugh class and bilirubin for systemic treatment of any line; of a jaundice the cause comes first."""
    spoken = [one for one in (_child_pugh(assessed, DRUGS), _jaundice(assessed)) if one is not None]
    against = next((one for one in spoken if one.verdict == "refused"), spoken[0] if spoken else None)
    if against is None and assessed.case.liver.gilbert:
        return allowed(
            RULE,
            say("liver_sufficient.bears_drugs_in_gilbert"),
            sources=RULES[RULE].cited("irinotecan in Gilbert syndrome"),
        )
    return against or allowed(RULE, say("liver_sufficient.bears_drugs"), sources=RULES[RULE].sources)


def _jaundice(assessed: PatientAssessment) -> Verdict | None:
    """Bilirubin above the limit for drugs, or jaundice that nobody has measured; of obstructed ducts it may still fall."""
    liver, key = assessed.case.liver, f"bilirubin_max_{DRUGS}"
    bilirubin, limit, state = liver.bilirubin_umol_per_l, assessed.protocol.number(key), assessed.biliary_obstruction
    sources = assessed.protocol.sources(key)
    # A jaundice is seen before bilirubin bars drugs: where signs are told, and none is jaundice, nobody has to measure it.
    if assessed.gilbert:
        return None
    unseen = liver.insufficiency is not None and "jaundice" not in liver.insufficiency
    if bilirubin is None and not unseen and state not in OBSTRUCTED:
        return unknown(
            RULE, say(
                "liver_sufficient.jaundice_not_measured" if liver.insufficiency else "liver_sufficient.jaundice_not_told",
                item="liver.bilirubin_umol_per_l",
            ),
            say("taken_as.bilirubin_within", limit=limit), limit=limit, unit="umol/l", sources=sources,
        )  # fmt: skip
    if bilirubin is None or bilirubin <= limit:
        return None
    numbers = {"value": bilirubin, "limit": limit, "unit": "umol/l", "sources": sources}
    if state in OBSTRUCTED:
        words = say("liver_sufficient.bilirubin_drained", bilirubin=bilirubin, limit=limit)
        return unknown(RULE, words, say("taken_as.bilirubin_falling_for_drugs"), **numbers)
    if state is None:
        words = say(
            "liver_sufficient.jaundice_unexplained", bilirubin=bilirubin, limit=limit, item="liver.biliary_obstruction"
        )
        return refused(RULE, words, **numbers)
    return refused(RULE, say("liver_sufficient.bilirubin_for_drugs", bilirubin=bilirubin, limit=limit), **numbers)


def broadest(assessed: PatientAssessment) -> Verdict:
    """Of the refusals the one that bars most; else what is said of a major resection."""
    answers = [liver_sufficient(assessed, extent) for extent in EXTENTS]
    return next((one for one in answers if one.verdict == "refused"), answers[-1])


def remarks(assessed: PatientAssessment) -> tuple[str, ...]:
    """What a surgeon should know of the liver that bars nothing by itself."""
    return tuple(_remarks(assessed))


def _remarks(assessed: PatientAssessment) -> Iterator[str]:
    liver, protocol = assessed.case.liver, assessed.protocol
    grade = child_pugh(assessed)
    if grade.worse == "B":
        yield say("liver_function.class_b", deaths=assessed.parameters["mortality_child_b_minor"].number)
    if grade.given is not None and grade.computed is not None and grade.given != grade.computed:
        yield say("liver_function.classes_differ", given=grade.given, computed=grade.computed)
    if grade.given is not None and grade.least is not None and grade.given < grade.least:
        yield say("liver_function.class_too_good", given=grade.given, least=grade.least)
    bilirubin = liver.bilirubin_umol_per_l
    high = bilirubin is not None and bilirubin > protocol.number("bilirubin_max_major")
    if high and assessed.biliary_obstruction == "present":
        yield say("liver_function.obstructed", bilirubin=bilirubin)
    if assessed.gilbert and (high or "jaundice" in (liver.insufficiency or ())):
        yield say("liver_function.gilbert")
    if PRESSURE in (liver.insufficiency or ()):
        yield say("liver_function.portal_hypertension")
    limit = protocol.number("albumin_low")
    if liver.albumin_g_per_l is not None and liver.albumin_g_per_l < limit:
        yield say("liver_function.albumin_low", albumin=liver.albumin_g_per_l, limit=limit)
    limit = protocol.number("platelets_low")
    if liver.platelets_e9_per_l is not None and liver.platelets_e9_per_l <= limit:
        yield say("liver_function.platelets_low", platelets=liver.platelets_e9_per_l, limit=limit)


def _signs(assessed: PatientAssessment, wanted: str) -> Verdict | None:
    liver = assessed.case.liver
    explained = assessed.gilbert or assessed.biliary_obstruction in OBSTRUCTED
    signs = [sign for sign in liver.insufficiency or () if not (explained and sign == "jaundice")]
    failing = [sign for sign in signs if sign != PRESSURE]
    if (
        not failing
        and PRESSURE in signs
        and EXTENTS.index(wanted) >= EXTENTS.index(assessed.protocol.word(PRESSURE_BARS))
    ):
        words = say("liver_sufficient.portal_hypertension", treatment=called("clearance", wanted))
        return refused(RULE, words, value=PRESSURE.replace("_", " "), sources=assessed.protocol.sources(PRESSURE_BARS))
    if not failing:
        return None
    words = say("liver_sufficient.failing", signs=", ".join(called("sign", sign) for sign in failing))
    told = ", ".join(sign.replace("_", " ") for sign in failing)
    return refused(RULE, words, value=told, sources=RULES[RULE].cited("a failing liver"))


def _inr(assessed: PatientAssessment, wanted: str) -> Verdict | None:
    """Above the limit a mark of function, unless an anticoagulant makes it: then that of the liver is not known."""
    del wanted
    inr, limit = assessed.case.liver.inr, assessed.protocol.number("inr_max")
    if inr is None or inr <= limit:
        return None
    sources = assessed.protocol.sources("inr_max")
    if assessed.case.patient.anticoagulated:
        return unknown(
            RULE, say("liver_sufficient.anticoagulated", inr=inr, limit=limit), say("taken_as.inr_within"), value=inr,
            limit=limit, unit="ratio", sources=sources,
        )  # fmt: skip
    words = say("liver_sufficient.inr", inr=inr, limit=limit)
    return refused(RULE, words, value=inr, limit=limit, unit="ratio", sources=sources)


def _bilirubin(assessed: PatientAssessment, wanted: str) -> Verdict | None:
    """Not of obstructed ducts, nor in Gilbert syndrome; after drainage a high value may still be falling."""
    liver, key = assessed.case.liver, f"bilirubin_max_{wanted}"
    bilirubin, limit, state = liver.bilirubin_umol_per_l, assessed.protocol.number(key), assessed.biliary_obstruction
    if assessed.gilbert or bilirubin is None or bilirubin <= limit or state == "present":
        return None
    sources = assessed.protocol.sources(key)
    if state == "drained":
        return unknown(
            RULE, say("liver_sufficient.bilirubin_drained", bilirubin=bilirubin, limit=limit), say("taken_as.bilirubin_falling"),
            value=bilirubin, limit=limit, unit="umol/l", sources=sources,
        )  # fmt: skip
    words = say(
        "liver_sufficient.bilirubin" if state == "none" else "liver_sufficient.bilirubin_unexplained",
        bilirubin=bilirubin, limit=limit,
    )  # fmt: skip
    return refused(RULE, words, value=bilirubin, limit=limit, unit="umol/l", sources=sources)


def _albumin(assessed: PatientAssessment, wanted: str) -> Verdict | None:
    if wanted == "ablation":
        return None
    albumin, key = assessed.case.liver.albumin_g_per_l, f"albumin_min_{wanted}"
    limit = assessed.protocol.number(key)
    if albumin is None or albumin >= limit:
        return None
    words = say("liver_sufficient.albumin", albumin=albumin, limit=limit)
    return refused(RULE, words, value=albumin, limit=limit, unit="g/l", sources=assessed.protocol.sources(key))


def _platelets(assessed: PatientAssessment, wanted: str) -> Verdict | None:
    """Few of them in cirrhosis are portal hypertension: no major resection. Very few are raised before any operation."""
    liver, protocol = assessed.case.liver, assessed.protocol
    platelets = liver.platelets_e9_per_l
    if platelets is None:
        return None
    few, limit = protocol.number("platelets_min_operation"), protocol.number("platelets_min_cirrhosis")
    if wanted == "major" and platelets < limit:
        sources = protocol.sources("platelets_min_cirrhosis")
        if liver.background == "cirrhosis":
            words = say("liver_sufficient.platelets", platelets=platelets, limit=limit)
            return refused(RULE, words, value=platelets, limit=limit, unit="e9/l", sources=sources)
        missing = "liver.background" if liver.background is None else "liver.insufficiency"
        if liver.background is None or liver.insufficiency is None:
            words = say("liver_sufficient.platelets_unexplained", platelets=platelets, limit=limit, item=missing)
            return unknown(
                RULE, words, say("taken_as.no_portal_hypertension"), value=platelets, limit=limit, unit="e9/l", sources=sources,
            )  # fmt: skip
    if platelets >= few:
        return None
    return unknown(
        RULE, say("liver_sufficient.platelets_few", platelets=platelets, limit=few), say("taken_as.platelets_raised"),
        value=platelets, limit=few, unit="e9/l", sources=protocol.sources("platelets_min_operation"),
    )  # fmt: skip


def _child_pugh(assessed: PatientAssessment, wanted: str) -> Verdict | None:
    protocol, grade = assessed.protocol, child_pugh(assessed)
    best, key = protocol.word(f"child_pugh_{wanted}"), f"child_pugh_{wanted}"
    numbers = {"limit": best, "unit": "Child-Pugh class", "sources": protocol.sources(key)}
    if grade.worse is not None and grade.worse > best:
        return refused(RULE, _barred_by_class(assessed, wanted, grade.worse, grade.words), value=grade.worse, **numbers)
    if grade.least is None or grade.least <= best:
        return None
    least = say("liver_sufficient.at_least", least=grade.least, items=", ".join(grade.missing))
    if assessed.case.liver.background == "cirrhosis":
        return refused(RULE, _barred_by_class(assessed, wanted, grade.least, least), value=grade.least, **numbers)
    # The score was made for cirrhosis: without one, what is known alone does not decide.
    words = say("liver_sufficient.class_open", grade=least)
    return unknown(RULE, words, say("taken_as.class", grade=best), value=grade.least, **numbers)


def _barred_by_class(assessed: PatientAssessment, wanted: str, grade: str, words: str) -> str:
    """What a class bars beside the treatment that is asked for."""
    if wanted == DRUGS:
        return say("liver_sufficient.child_pugh_no_drugs", grade=words)
    if grade > assessed.protocol.word("child_pugh_ablation"):
        return say("liver_sufficient.child_pugh_nothing", grade=words)
    if grade > assessed.protocol.word("child_pugh_minor"):
        return say("liver_sufficient.child_pugh_no_resection", grade=words)
    return say("liver_sufficient.child_pugh", grade=words)


JUDGES = (_signs, _inr, _bilirubin, _albumin, _platelets, _child_pugh)
