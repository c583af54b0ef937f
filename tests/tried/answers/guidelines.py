"""Statements of guidelines and trials, each as a small case or a pair, with what a right answer says."""

from __future__ import annotations

import runpy
from functools import cache

import pathways as pw
from tried.answers.asking import (
    FACTS,
    HERE,
    ORDER,
    PROGNOSIS,
    RISK,
    assessed,
    case_of,
    changed,
    deaths,
    decisions,
    first,
    first_day,
    first_of_treated,
    kind,
    opened,
    planned,
    protocol,
    refused,
    row,
    said,
    state,
    triggers,
    verdicts,
    worst_act,
)

FILES = {
    path.stem.partition("-")[0]: f"guidelines/{path.name}" for path in sorted((HERE / "guidelines").glob("*.yaml"))
}
OPERATED = ("hepatectomy", "ablation", "primary_resection")
WEEK = 7


def of(*numbers):
    return tuple(FILES[one] for one in numbers)


def both(family, one, other):
    """A family open in the first of a pair and closed in the second."""
    return lambda: opened(FILES[one], family) and not opened(FILES[other], family)


def ways(number):
    return [one.resection for one in planned(FILES[number]).assessment.resections]


def meets(number, under="default"):
    """Whether the first way to clear the liver meets the limit under a protocol."""
    return assessed(FILES[number], under).resections[0].meets_protocol


def exposed_meets(under):
    """The same for 35 % of a liver after ten cycles of chemotherapy."""
    case, exposed = case_of(FILES["13d"]), case_of(FILES["46"])
    liver = case.liver.model_copy(update={"background": "normal", "child_pugh": None})
    case = case.model_copy(update={"liver": liver, "history": exposed.history})
    return pw.assess(case, protocol(under)).resections[0].meets_protocol


def barred(number, family, *words):
    """A family barred, for a reason that holds these words."""
    return kind(FILES[number], family) == "barred" and all(
        any(word in one.reason for one in verdicts(FILES[number], family)) for word in words
    )


def treated_first(number):
    """What comes first on the pathways that treat anything."""
    return first_of_treated(planned(FILES[number]))


def chemotherapy(number):
    """Notes of the blocks of chemotherapy of a plan."""
    return " ".join(
        step.note for one in planned(FILES[number]).pathways for step in one.steps if "chemotherapy" in step.trigger
    )


def lists(number):
    """The planned days of listing for transplantation."""
    return [
        step.day
        for steps in decisions(planned(FILES[number]))
        for step in steps
        if step.trigger == "list_for_transplantation"
    ]


def ablated(number):
    return any("ablation" in one.families for one in planned(FILES[number]).pathways)


def by(number, *families):
    """The first pathway that carries these families."""
    return next(one for one in planned(FILES[number]).pathways if set(families) <= set(one.families))


@cache
def series():
    """The published series beside the model of risk, by title: whether the model lies inside."""
    page = runpy.run_path(str(HERE.parent.parent / "docs" / "risk_page.py"))
    return {
        one["title"]: page["inside"](one)
        for one in page["read_file"](HERE.parent.parent / "docs" / "risk_series.yaml").value
    }


def after_embolisation():
    return all(inside for title, inside in series().items() if "after embolisation" in title or "after venous" in title)


def raised(low, made):
    """Nothing is done any more, or at a greater risk."""
    return not low.curative or worst_act(low.pathways[0]) > worst_act(made.pathways[0])


def with_lesion_of(number, other):
    """The plan of one case with the lesions of another."""
    return changed(FILES[number], lesions=case_of(FILES[other]).lesions)


ROWS = (
    row(of("01a", "01b"), FACTS, "ablation up to 3 cm is open, above it not", both("ablation", "01a", "01b")),
    row(of("47a", "33"), ORDER, "forty lesions of 3 cm: no plan that ablates them, and not called resectable",
        lambda: not ablated("47a") and state(FILES["47a"]) in ("unresectable", "potentially_convertible")),
    row(of("47b"), ORDER, "forty lesions of 2 cm: no plan that ablates them, and not called resectable",
        lambda: not ablated("47b") and state(FILES["47b"]) in ("unresectable", "potentially_convertible")),
    row(of("02a", "02b"), FACTS, "no heat within a centimetre of the hilum", both("ablation", "02b", "02a")),
    row(of("48"), RISK, "an ablation costs liver with its rim, as a limited resection does",
        lambda: all(one.remnant.value < 0.5 for one in ways("48"))),
    row(of("01a", "04b"), ORDER, "deep: ablation leads; superficial: resection leads",
        lambda: first(FILES["01a"]).title == "ablation of A" and first(FILES["04b"]).title.startswith("limited resection of A")),
    row(of("04a", "04b"), FACTS, "bevacizumab a week ago: six weeks are waited for; eight weeks ago: nothing is",
        lambda: first_day(FILES["04a"], *OPERATED) >= 5 * WEEK > first_day(FILES["04b"], *OPERATED)),
    row(of("05"), FACTS, "chemotherapy a week ago: 28 days are waited for", lambda: first_day(FILES["05"], *OPERATED) >= 3 * WEEK),
    row(of("06a"), FACTS, "left-sided, RAS and BRAF wild type: a doublet with an antibody against EGFR",
        lambda: "panitumumab" in chemotherapy("06a") or "cetuximab" in chemotherapy("06a"), lambda: chemotherapy("06a")),
    row(of("06c"), PROGNOSIS, "right-sided: bevacizumab, and the triplet named as an option",
        lambda: "bevacizumab" in chemotherapy("06c") and ("FOLFOXIRI" in said(planned(FILES["06c"])) or "triplet" in said(planned(FILES["06c"]))),
        lambda: chemotherapy("06c")),
    row(of("08"), PROGNOSIS, "BRAF V600E: encorafenib with cetuximab and FOLFOX named",
        lambda: "encorafenib" in said(planned(FILES["08"])), lambda: chemotherapy("08")),
    row(of("07"), PROGNOSIS, "mismatch repair deficient: immunotherapy first, ipilimumab with nivolumab named",
        lambda: "ipilimumab" in chemotherapy("07"), lambda: chemotherapy("07")),
    row(of("09"), FACTS, "resectable disease: no antibody against EGFR",
        lambda: "panitumumab" not in chemotherapy("09") and "cetuximab" not in chemotherapy("09"), lambda: chemotherapy("09")),
    row(of("09"), RISK, "perioperative chemotherapy is six cycles before and six after",
        lambda: any(one.chemotherapy_cycles == 12 for one in planned(FILES["09"]).pathways if "perioperative_chemotherapy" in one.families),
        lambda: "4 cycles before the operation, none planned after it" if "4 cycles" in chemotherapy("09") else chemotherapy("09")),
    row(of("12a", "12b"), FACTS, "transplantation up to 65 years", both("transplantation", "12a", "12b")),
    row(of("12c"), FACTS, "transplantation: BRAF wild type", lambda: barred("12c", "transplantation", "BRAF")),
    row(of("12d"), FACTS, "transplantation: CEA below 80 or halved", lambda: barred("12d", "transplantation", "CEA")),
    row(of("12g"), FACTS, "transplantation: no progression, or three months of control by the next line after it",
        lambda: all("start_second_line" in one for one in triggers(planned(FILES["12g"])) if "list_for_transplantation" in one)
        and all(day >= 13 * WEEK for day in lists("12g"))),
    row(of("12h"), FACTS, "transplantation: after three months of control", lambda: all(day >= 5 * WEEK for day in lists("12h"))),
    row(of("12i"), FACTS, "transplantation: ECOG 0 or 1", lambda: barred("12i", "transplantation", "ECOG")),
    row(of("12e"), RISK, "transplantation: not before the primary is resected, and observed after it",
        lambda: bool(lists("12e")) and all({"resect_primary", "observe_before_listing"} <= set(one) for one in triggers(planned(FILES["12e"])) if "list_for_transplantation" in one)),
    row(of("12j"), FACTS, "transplantation: the interval since the primary is a setting of the protocol",
        lambda: protocol().settings["transplant_observation_weeks"].value > 0 and opened(FILES["12j"], "transplantation")),
    row(of("12a"), PROGNOSIS, "transplantation: deaths and survival by intention to treat are shown",
        lambda: by("12a", "transplantation").prospect.mortality is not None,
        lambda: "deaths told" if by("12a", "transplantation").prospect.mortality else "no deaths told"),
    row(of("13a", "13b"), FACTS, "27 % of a normal liver is enough under mdacc, not under default; 32 % is under both",
        lambda: meets("13a", "mdacc") is True and meets("13a") is False and meets("13b") is True),
    row(of("13d", "46"), FACTS, "35 % of an exposed liver is enough under mdacc, not under default",
        lambda: exposed_meets("mdacc") is True and exposed_meets("default") is False,
        lambda: "refused under both: under mdacc by body weight" if not exposed_meets("mdacc") else "enough under mdacc"),
    row(of("13d"), FACTS, "35 % of a cirrhotic liver is refused under both", lambda: meets("13d") is False and meets("13d", "mdacc") is False),
    row(of("14b"), FACTS, "growth a week is shown, and gates under mdacc",
        lambda: "points in" in said(planned(FILES["14b"])) and protocol("mdacc").settings["growth_rate_gates"].value is True),
    row(of("17", "13a"), RISK, "venous deprivation grows more, and sooner, than embolisation",
        lambda: all(by(one, "lvd").prospect.days.value < by(one, "pve").prospect.days.value
                    and by(one, "lvd").prospect.resected.value > by(one, "pve").prospect.resected.value for one in ("17", "13a"))),
    row(of("13a", "17", "13b"), RISK, "deaths after embolisation: the mean of the series lies inside, and this patient's above those of a resection at once",
        lambda: after_embolisation() and worst_act(by("13a", "lvd")) > worst_act(by("13b", "one_stage"))),
    row(of("18a"), FACTS, "a minor liver operation with the colon is open", lambda: opened(FILES["18a"], "simultaneous")),
    row(of("18b"), FACTS, "no major liver operation with the rectum", lambda: barred("18b", "simultaneous", "rectum")),
    row(of("19"), ORDER, "silent primary, unresectable liver: systemic treatment first, resection of the primary first is warned of",
        lambda: triggers(planned(FILES["19"]))[0][1] == "start_conversion_chemotherapy"
        and all(one.warnings for one in planned(FILES["19"]).pathways if [s.trigger for s in one.steps if s.kind == "decision"][1] == "resect_primary")),
    row(of("20"), FACTS, "obstruction comes first", lambda: treated_first("20") <= {"divert_or_stent", "resect_primary_urgently"}),
    row(of("53"), FACTS, "perforation comes first, by resection", lambda: treated_first("53") == {"resect_primary_urgently"}),
    row(of("21a"), FACTS, "resectable disease of the lung is no bar",
        lambda: opened(FILES["21a"], "metastasectomy") and opened(FILES["21a"], "one_stage")),
    row(of("21b"), FACTS, "para-aortic nodes bar", lambda: state(FILES["21b"]) == "unresectable" and barred("21b", "one_stage", "paraaortic")),
    row(of("21d"), FACTS, "peritoneal disease that cannot be removed bars",
        lambda: state(FILES["21d"]) == "unresectable" and barred("21d", "one_stage", "peritoneum")),
    row(of("23"), FACTS, "neuroendocrine: the grade is asked for, and G3 is not resected",
        lambda: any("grade" in one.item for one in planned(FILES["23"]).find_out_next)
        and not changed(FILES["23"], primary={"grade": 3}).curative),
    row(of("24a"), RISK, "GIST: no operation before six months of imatinib", lambda: first_day(FILES["24a"], *OPERATED) >= 26 * WEEK),
    row(of("24b"), FACTS, "GIST that responds after months of imatinib: the operation is open", lambda: opened(FILES["24b"], "one_stage")),
    row(of("25"), FACTS, "age alone is no bar", lambda: opened(FILES["25"], "one_stage")),
    row(of("27a"), FACTS, "contact without a response: the vein goes with the lesion, or a margin is said",
        lambda: all("taken with the tumour" in " ".join(one.warnings) or "taken off" in " ".join(one.warnings) for one in planned(FILES["27a"]).pathways if "upfront_surgery" in one.families)),
    row(of("32"), FACTS, "ECOG 3: no operation", lambda: barred("32", "one_stage", "ECOG 3")),
    row(of("33"), FACTS, "debulking of bowel metastases is no treatment, and the trial is cited",
        lambda: kind(FILES["33"], "debulking") in ("barred", "does_not_apply")
        and any("orchestra" in source for one in verdicts(FILES["33"], "debulking") for source in one.sources),
        lambda: f"{kind(FILES['33'], 'debulking')}: {verdicts(FILES['33'], 'debulking')[0].reason} ({', '.join(verdicts(FILES['33'], 'debulking')[0].sources)})"),
    row(of("33a"), FACTS, "the trial of debulking: closed", lambda: kind(FILES["33a"], "debulking") == "barred"),
    row(of("36"), FACTS, "a recurrence is operated on again", lambda: opened(FILES["36"], "repeat_hepatectomy")),
    row(of("38a"), RISK, "platelets of 250 warn of nothing, of 40 raise the risk",
        lambda: "platelet" not in said(planned(FILES["38a"]))
        and raised(changed(FILES["38a"], liver={"platelets_e9_per_l": 40}), planned(FILES["38a"]))),
    row(of("38c"), FACTS, "bilirubin of 120 is a refusal", lambda: barred("38c", "one_stage", "bilirubin 120")),
    row(of("39a"), RISK, "Child-Pugh B: minor only, with its risk",
        lambda: opened(FILES["39a"], "one_stage") and "Child-Pugh B" in said(planned(FILES["39a"]))
        and worst_act(by("39a", "upfront_surgery")) > 0.033 > deaths(by("36", "upfront_surgery"))),
    row(of("41"), FACTS, "liver first with a silent rectal primary is open", lambda: opened(FILES["41"], "liver_first")),
    row(of("42"), FACTS, "disease on both sides: ALPPS only where the side that stays is cleared",
        lambda: all("B" in " ".join(step.note for step in one.steps) for one in planned(FILES["42"]).pathways if "alpps" in one.families)
        and first(FILES["42"]).title.startswith("right hepatectomy + limited resection of B")),
    row(of("44"), ORDER, "a suspected lesion is characterised first", lambda: triggers(planned(FILES["44"]))[0][1] == "characterise"),
    row(of("46", "57"), FACTS, "ten cycles and more before a resection: the liver is exposed (40 %), and it is warned of",
        lambda: planned(FILES["46"]).assessment.liver_state == "exposed"
        and "cycles before" in said(with_lesion_of("46", "57")) and with_lesion_of("46", "57").assessment.resections[0].limit.share == 0.4),
    row(of("47d"), RISK, "ten lesions of 25 mm: a plan that ablates them is possible, and said to be at the edge",
        lambda: ablated("47d") and any(word in said(planned(FILES["47d"])) for word in ("10 lesions", "at most 10", "at the edge")),
        lambda: f"{first(FILES['47d']).title}, as planned {first(FILES['47d']).prospect.as_planned.value:.0%}; nothing said of the limit"),
    row(of("50"), FACTS, "platelets of 40 with portal hypertension: no major resection",
        lambda: not any(trigger == "resect_liver_major" for one in triggers(planned(FILES["50"])) for trigger in one)
        and any("portal hypertension: too much for a major resection" in one.reason for one in planned(FILES["50"]).assessment.findings)),
    row(of("52"), FACTS, "a bile duct that is drained opens elective steps again",
        lambda: changed(FILES["52"], liver={"biliary_obstruction": "drained"}).open.count("one_stage") == 1
        and opened(FILES["52"], "one_stage")),
    row(of("55"), FACTS, "metachronous within twelve months counts in a score, and is said",
        lambda: any("less than 12 months" in " ".join(one.counted) for one in planned(FILES["55"]).assessment.scores)),
    row(of("57"), FACTS, "thirteen cycles: the operation is open, chemotherapy before it barred",
        lambda: opened(FILES["57"], "one_stage") and kind(FILES["57"], "perioperative_chemotherapy") == "barred"
        and "chemotherapy_remaining" in refused(FILES["57"])),
)  # fmt: skip
