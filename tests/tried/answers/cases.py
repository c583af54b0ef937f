"""Published patients and public questions: `.expect` says what was decided from the report before a plan was seen.

What the plan was found wrong in afterwards is asked beside it.
"""

from __future__ import annotations

from functools import cache, partial

from pathways.conformance.audit import audit
from pathways.documents.reader import read_text
from pathways.process.acts import ON_THE_LIVER
from pathways.report import cards
from tried.answers.asking import (
    CASES,
    HERE,
    ORDER,
    changed,
    decisions,
    first,
    first_of_treated,
    planned,
    protocol,
    row,
    said,
    state,
    told,
    triggers,
)

# Before anything is decided the team meets.
MEETINGS = ("discuss", "discuss_uncertain_lesion")


def of(name):
    return f"cases/{name}.yaml"


@cache
def expected(name):
    """What stands in the `.expect` of a case."""
    return read_text((HERE / "cases" / f"{name}.expect").read_text(encoding="utf-8")).value


def leading(name):
    """The decisions of the pathway that leads, the meeting left out."""
    return [one for one in triggers(planned(of(name)))[0] if one not in MEETINGS]


def answers(name):
    """Each thing that was expected, and whether it holds."""
    wanted, made = expected(name), planned(of(name))
    families = {family for one in made.pathways for family in one.families}
    top = first(of(name))
    first_decision = leading(name)[0]
    held = {
        "resectability": lambda words: state(of(name)) in words,
        "any_plan_families": lambda words: bool(families & set(words)),
        "all_plan_families": lambda words: set(words) <= families,
        "one_of_plans": lambda plans: any(set(plan) <= set(one.families) for plan in plans for one in made.pathways),
        "forbid_families_top": lambda words: not set(words) & set(top.families),
        "first_decision_any": lambda words: first_of_treated(made) <= set(words),
        "first_decision_not": lambda words: first_decision not in words,
        "forbid_families_first_decision": lambda _: not first_operation_is_on_the_liver(name),
        "top_resection_removes_only": lambda segments: list(made.assessment.resections[0].as_json()["removes"]) == list(segments),
    }  # fmt: skip
    return {key: held[key](value) for key, value in wanted.items() if key != "note"}


def first_operation_is_on_the_liver(name):
    """Whether the pathway that leads begins with the liver."""
    steps = next(decisions(planned(of(name))))
    return bool(next(one for one in steps if one.trigger not in MEETINGS).acts & ON_THE_LIVER)


def as_expected(name):
    return all(answers(name).values())


def answer(name):
    missed = [key for key, held in answers(name).items() if not held]
    return told(of(name)) + (f" (not as expected: {', '.join(missed)})" if missed else "")


def course(name):
    return f"courses/{name}.yaml"


def conforms(name):
    import pathways as pw

    return audit(pw.load_course(HERE / course(name)), protocol(), name).conforms


NAMES = sorted(path.stem for path in (HERE / "cases").glob("*.expect"))
DONE = sorted(path.stem for path in (HERE / "courses").glob("*.yaml"))


def asked_of_the_mass():
    asked = " ".join(one.item for one in planned(of("q-medhelp")).find_out_next)
    taken = " ".join(words for one in planned(of("q-medhelp")).pathways for words in one.assumptions)
    return "extrahepatic" in asked and "liver.background" in asked + taken


def pregnant():
    """The plan of the pregnant patient, told that she is."""
    return changed(of("preg-01"), patient={"pregnant_weeks": 32})


def best_is_of_the_table():
    """The best chance of the page is that of a line of its table, or says what it counts."""
    made = planned(of("preg-01"))
    alike = made.best.value >= max(one.prospect.cleared.value for one in made.pathways) - 0.01
    return alike or f"resected at best {made.best.value:.0%}" in str(cards.reading(made))


ROWS = (
    *(
        row((of(name), f"cases/{name}.expect"), CASES, f"as decided before the plan was seen ({', '.join(key for key in expected(name) if key != 'note')})",
            partial(as_expected, name), partial(answer, name))
        for name in NAMES
    ),
    *(row(course(name), CASES, "what was really done conforms", partial(conforms, name), partial(lambda one: "conforms" if conforms(one) else "deviates", name)) for name in DONE),
    row(of("fnh-01"), ORDER, "no diagnostic major resection leads over MRI and biopsy", lambda: leading("fnh-01")[0] == "characterise"),
    row(of("byp-01"), ORDER, "a stent leads over an emergency resection with three times its deaths", lambda: leading("byp-01")[0] == "divert_or_stent"),
    row(of("stent-02"), ORDER, "a right hepatectomy, the left lateral section and the colon in one session do not lead",
        lambda: not (first(of("stent-02")).title.endswith("with the primary") and "right hepatectomy" in first(of("stent-02")).title)),
    row(of("pvtt-01"), ORDER, "tumour in an anterior portal branch: an anterior sectionectomy or right hepatectomy leads, no limited resection, no ablation",
        lambda: first(of("pvtt-01")).title in ("right anterior sectionectomy", "right hepatectomy")),
    row(of("q-medhelp"), ORDER, "staging and the background of the liver are named as not known", asked_of_the_mass),
    row(of("preg-01"), CASES, "a pregnancy can be said, and bars what harms the child",
        lambda: "pregnan" in said(pregnant()) and all(steps[1] in ("wait_for_delivery", "palliate") for steps in triggers(pregnant()) if len(steps) > 1)),
    row(of("preg-01"), ORDER, "the best chance of the page and the lines of its table count the same", best_is_of_the_table,
        lambda: f"best {planned(of('preg-01')).best.value:.0%} (resection), line {first(of('preg-01')).prospect.cleared.value:.0%} (liver cleared, transplantation with it)"),
)  # fmt: skip
