"""Cases made to mislead; what a right answer holds stands in the first line of each file."""

from __future__ import annotations

import pytest

from pathways.process.acts import ON_THE_LIVER, STIMULI
from tried.answers.asking import (
    FACTS,
    ORDER,
    RISK,
    changed,
    complaints,
    decisions,
    first,
    first_of_treated,
    opened,
    planned,
    refused,
    row,
    said,
    state,
    told,
    triggers,
    worst_act,
)


def of(name):
    return f"adversarial/{name}.yaml"


def touched(name):
    """What is done on the liver, or to make it grow, on any pathway."""
    return {
        step.trigger for steps in decisions(planned(of(name))) for step in steps if step.acts & (ON_THE_LIVER | STIMULI)
    }


def not_modelled(name, *words):
    return any(all(word in one for word in words) for one in planned(of(name)).assessment.not_modelled)


def wrong(name, key):
    """A file that is refused, with a place."""
    return lambda: key in [one.key for one in complaints(of(name))]


def alike(one, other):
    mine, theirs = planned(of(one)), planned(of(other))
    return [each.families for each in mine.pathways] == [each.families for each in theirs.pathways] and (
        mine.best.value == pytest.approx(theirs.best.value)
    )


def measured_before(name, operation):
    """Volumetry comes before an operation wherever it is planned."""
    walks = [steps for steps in triggers(planned(of(name))) if any(step.startswith(operation) for step in steps)]
    return bool(walks) and all(
        {"measure_remnant", "discuss_growth"}
        & {*steps[: next(place for place, step in enumerate(steps) if step.startswith(operation))]}
        for steps in walks
    )


def enthusiasm():
    """For a person of 90 years: one death in ten operations or more, first on the page, without a word."""
    leading = first(of("a14b"))
    return leading.curative and worst_act(leading) > 0.1 and not leading.warnings


ROWS = (
    row((of("a01a"), of("a01b")), ORDER, "eight lesions are the same as one entry or as eight", lambda: alike("a01a", "a01b")),
    row(of("a02"), FACTS, "a lesion on the cava and all three veins is not resectable as it is; outside the body is said not to be modelled",
        lambda: state(of("a02")) != "resectable" and not_modelled("a02", "outside the body")),
    row("volumetry/a04.yaml", FACTS, "a total, a remnant in ml and a fraction that cannot all be true are refused",
        lambda: "liver.measured_remnants[0].fraction" in [one.key for one in complaints("volumetry/a04.yaml")]),
    row(of("a05"), ORDER, "after stage one of ALPPS with 34 %: stage two, no second stage one, no embolisation",
        lambda: touched("a05") == {"alpps_stage_2"}),
    row(of("a07"), ORDER, "after embolisation: volumetry, then the operation; no second embolisation first",
        lambda: "pve" not in first(of("a07")).families and measured_before("a07", "resect_liver_major")),
    row(of("a08"), FACTS, "a resection that leaves only embolised liver is refused", lambda: "all_lesions_treatable" in refused(of("a08")) and not touched("a08")),
    row(of("a09"), FACTS, "who declines all chemotherapy gets none",
        lambda: not any("systemic" in step.acts for steps in decisions(planned(of("a09"))) for step in steps if step.trigger != "palliate")),
    row(of("a10"), FACTS, "ECOG 3: no operation at all", lambda: "fit_for_operation" in refused(of("a10")) and not touched("a10")),
    row(of("a11"), RISK, "cirrhosis of Child-Pugh B: no major resection, and hardly a minor one",
        lambda: not any("major" in one for one in touched("a11")) and "Child-Pugh B" in said(planned(of("a11")))),
    row(of("a12"), FACTS, "ASA 4: no hepatectomy", lambda: "fit_for_operation" in refused(of("a12")) and not touched("a12")),
    row(of("a13b"), FACTS, "bilirubin of 150 alone is not no sign of a failing liver", lambda: not touched("a13b") and not planned(of("a13b")).curative),
    row(of("a14"), RISK, "age 90, 20 mm in III: open, with a raised mortality",
        lambda: opened(of("a14"), "one_stage")
        and max(map(worst_act, planned(of("a14")).pathways)) > 2 * max(map(worst_act, changed(of("a14"), patient={"age_years": 60}).pathways))),
    row(of("a14b"), ORDER, "age 90 and a major resection: no enthusiasm on the first page", lambda: not enthusiasm(),
        lambda: f"{told(of('a14b'))}; of the operation itself {worst_act(first(of('a14b'))):.1%} die; no warning"),
    row(("adversarial/a15.yaml", "volumetry/a15.yaml"), FACTS, "35 % of a small liver in a large body is refused",
        lambda: "remnant_body_weight" in refused(of("a15")) and "resect_liver_major" not in {one[1] for one in triggers(planned(of("a15")))}),
    row((of("a16"), "volumetry/a16.yaml"), FACTS, "30 % is enough", lambda: "remnant_volume" not in refused(of("a16")) and "resect_liver_major" in touched("a16")),
    row((of("a16b"), "volumetry/a16b.yaml"), FACTS, "29.9 % is not, and is printed so",
        lambda: "remnant_volume" in refused(of("a16b")) and "29.9%" in said(planned(of("a16b")))),
    row(of("a17"), FACTS, "an unknown primary is looked for before anything oncological",
        lambda: all(steps[0] == "look_for_primary" for steps in triggers(planned(of("a17"))))),
    row(of("a18"), FACTS, "a metastasis of the brain is no silent yes", lambda: "extrahepatic_resectable" in refused(of("a18")) and not planned(of("a18")).curative),
    row(of("a18b"), FACTS, "metastases of bone said to be resectable are not taken at their word",
        lambda: "extrahepatic_resectable" in refused(of("a18b")) and not planned(of("a18b")).curative),
    row(of("a19"), FACTS, "a history told newest first is questioned", wrong("a19", "history[1].week")),
    row(of("a20"), FACTS, "a week to come in the history is an error", wrong("a20", "history[0].week")),
    row(of("a21"), FACTS, "a lesion in a segment that is gone is a contradiction", wrong("a21", "lesions[0].segments[0]")),
    row(of("a22"), FACTS, "a primary that is resected and in place is a contradiction", wrong("a22", "history[0].event")),
    row(of("a23"), FACTS, "chemotherapy that ends before it begins is an error", wrong("a23", "history[0].until_week")),
    row(of("a24"), FACTS, "60 mm that have vanished are worth a word",
        lambda: any("60 mm is read as its size before" in words for one in planned(of("a24")).pathways for words in one.assumptions)),
    row(of("a26"), FACTS, "retention of indocyanine green of 38 %: no major hepatectomy", lambda: not any("major" in one for one in touched("a26"))),
    row(of("a28"), ORDER, "a perforated primary with twelve metastases on both sides: the emergency first",
        lambda: first_of_treated(planned(of("a28"))) == {"resect_primary_urgently"}),
    row(of("a29"), ORDER, "after a first stage with 36 %: stage two next", lambda: touched("a29") == {"second_stage"}),
    row(of("a30"), FACTS, "chemotherapy of four years ago: the limit is 30 %, a new course open",
        lambda: planned(of("a30")).assessment.liver_state == "normal" and opened(of("a30"), "perioperative_chemotherapy")
        and planned(of("a30")).assessment.resections[0].limit.share == 0.3),
    row(of("a31"), FACTS, "24 weeks of CAPOX are eight cycles", lambda: "8 cycles before" in said(planned(of("a31")))),
    row(of("a34"), FACTS, "a lesion in a transplanted liver: said not to be modelled", lambda: not_modelled("a34", "transplanted liver")),
    row(of("a35"), ORDER, "thirty lesions of unknown size over the whole liver are not one lesion", lambda: "all_lesions_treatable" in refused(of("a35")) and not touched("a35")),
    row(of("a37"), FACTS, "peritoneal disease: its removal is open, chemotherapy in the abdomen said not to be modelled",
        lambda: opened(of("a37"), "metastasectomy") and not_modelled("a37", "HIPEC")),
    row(of("a38"), FACTS, "a case without lesions is refused", wrong("a38", "lesions")),
)  # fmt: skip
