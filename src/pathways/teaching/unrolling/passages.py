"""Passages of a lesson: what is read at each moment, the answers, their feedback, and the debrief at every end."""

from __future__ import annotations

import zlib
from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import field, replace

from pathways.messages.catalogue import say
from pathways.process.facts import State
from pathways.process.model import Trigger
from pathways.process.phases import START
from pathways.quick_dataclass import dataclass
from pathways.teaching.lessons.model import Choice, Citation, Lesson, Passage
from pathways.teaching.narrative.referral import family_words, rows
from pathways.teaching.scenarios.model import Part
from pathways.teaching.scenarios.signature import reviewed_words
from pathways.teaching.unrolling.act_words import timed
from pathways.teaching.unrolling.answers import Offer
from pathways.teaching.unrolling.debrief import at_the_end, of_the_lesson, way_of_best_answers
from pathways.teaching.unrolling.findings import now, told_anew
from pathways.teaching.unrolling.grades import Graded
from pathways.teaching.unrolling.reasons import (
    as_meant,
    briefly,
    in_general,
    not_measured,
    stands_on,
    why_good,
    why_poor,
    why_refused,
)
from pathways.teaching.unrolling.refusals import DECISIONS, taken_as_given, verdicts_against
from pathways.teaching.unrolling.variations import varied
from pathways.teaching.unrolling.walk import (
    DISCLAIMER,
    LETTERS,
    MOST_PASSAGES,
    Asked,
    Taken,
    TooLarge,
    Traveller,
    Unrolled,
)
from pathways.teaching.unrolling.wording import (
    GRADE_WORDS,
    against_limit,
    breaking,
    citation,
    given,
    no_figure,
    option_text,
    regret_lines,
    risk,
    share,
    step_costs,
    telling,
)

PHASE_TITLES = {
    START: "The referral", "indeterminate": "The meeting: a lesion remains uncertain", "restaging": "Restaging",
    "between_stages": "Between the stages", "incomplete": "After the operation", "recurred": "Recurrence",
}  # fmt: skip
NO_CHANCE = 0.005
# What is laid before a learner again, where a fact of the case is otherwise.
TOLD_AGAIN: tuple[Part, ...] = ("person", "primary", "history", "lesions", "liver", "elsewhere")


@dataclass
class Writer:
    """Writes the passages of one unrolled scenario, breadth first."""

    one: Unrolled
    passages: dict[str, Passage] = field(default_factory=dict)
    waiting: deque[tuple[str, Traveller, Asked | None]] = field(default_factory=deque)
    cited: dict[str, None] = field(default_factory=dict)
    number: int = 0
    best: Traveller = field(default_factory=Traveller)

    def name(self) -> str:
        """The next name of a passage."""
        self.number += 1
        return f"p{self.number}"

    def write(self) -> tuple[Passage, ...]:
        """Every passage, the first one first."""
        self.best = way_of_best_answers(self.one)
        way, asked = self.one.onward(Traveller())
        first = self.name()
        if asked is not None and self.at_referral(asked):
            self.passages[first] = self.decision(first, way, asked)
        else:
            self.passages[first] = self.opening(first, way, asked)
        while self.waiting:
            name, way, asked = self.waiting.popleft()
            if asked is not None:
                self.passages[name] = self.moment(name, way, asked)
            elif way.since_poor is None and self.one.scenario.variations:
                self.varied(name, way)
            else:
                self.passages[name] = self.debrief(name, way)
            if len(self.passages) > MOST_PASSAGES:
                raise TooLarge(
                    f"{self.one.scenario.id}: more than {MOST_PASSAGES} passages; lower decisions_at_most or after_a_poor_choice"
                )
        return tuple(self.passages[name] for name in sorted(self.passages, key=lambda one: int(one[1:])))

    def at_referral(self, asked: Asked) -> bool:
        """Whether a question is asked before the meeting."""
        return self.one.graph.states[asked.node].phase == START

    def later(self, way: Traveller, asked: Asked | None) -> str:
        """The name of the passage that will be written for `way`."""
        name = self.name()
        self.waiting.append((name, way, asked))
        return name

    # --- the passages -----------------------------------------------------------------------------------------------

    def opening(self, name: str, way: Traveller, asked: Asked | None) -> Passage:
        """The referral, where nothing is asked before the meeting."""
        one = self.one
        onward = self.later(way, asked)
        return Passage(
            name, "story", "The referral", 0, one.scenario.story, one.disclosed["referral"],
            choices=(Choice(f"{name}-go", "Continue", onward),),
        )  # fmt: skip

    def moment(self, name: str, way: Traveller, asked: Asked) -> Passage:
        """A decision; before the first one after the meeting come the meeting and the talk with the patient."""
        if way.heard or self.at_referral(asked):
            return self.decision(name, way, asked)
        if way.shown == 0:
            return self.meeting(name, way, asked)
        return self.conversation(name, way, asked)

    def meeting(self, name: str, way: Traveller, asked: Asked) -> Passage:
        """What imaging and the meeting found."""
        onward = self.later(replace(way, shown=1, told=()), asked)
        words = (*way.told, "The meeting has the pictures before it.")
        return Passage(
            name, "story", "Liver MRI and the meeting", round(way.day), words, self.one.disclosed["meeting"],
            self.one.map_at(way), choices=(Choice(f"{name}-go", "Continue", onward),), liver=self.one.drawing_at(way),
        )  # fmt: skip

    def conversation(self, name: str, way: Traveller, asked: Asked) -> Passage:
        """The patient's preference, before the pathway is chosen; a question of its own where something is declined."""
        heard = replace(way, heard=True)
        declined = [family_words(one) for one in self.one.scenario.case.patient.declines]
        findings = self.one.disclosed["conversation"]
        if not declined:
            words = "Before a pathway is chosen you ask what matters to the patient. They decline none of the pathways, as far as the case tells."
            onward = self.later(heard, asked)
            return Passage(
                name, "story", "The patient", round(way.day), (words,), findings,
                choices=(Choice(f"{name}-go", "Continue", onward),),
            )  # fmt: skip
        words = (
            "Before a pathway is chosen you ask what matters to the patient. The patient has understood what is on offer and "
            f"does not want: {', '.join(declined)}."
        )
        choices = self.wishes(name, way, heard, asked)
        question = "What does that mean for the plan?"
        return Passage(name, "decision", "The patient", round(way.day), (words,), findings, (), question, choices)

    def wishes(self, name: str, way: Traveller, heard: Traveller, asked: Asked) -> tuple[Choice, ...]:
        """Three ways to answer a wish: keep to it, plan what was declined all the same, or give up the aim."""
        one, state = self.one, self.one.graph.states[way.node]
        sources = self.cite(("vancutsem_2016_esmo",))
        keep = Choice(
            f"{name}-a", "Keep to what the patient accepts, and look for the best pathway among what is left",
            self.later(heard, asked), "best", 1.0,
            (GRADE_WORDS["best"], "The decision is taken together with the patient, because it is their life that bears its price. What they decline is closed; the rest is open.",),
            (), sources,
        )  # fmt: skip
        found = [keep]
        declined = next(
            (each for each in DECISIONS if state.phase in each.phases and _declined_only(one, each, state)), None
        )
        if declined is not None:
            offer = Offer(declined, None, verdicts_against(declined, state, one.graph.facts))
            wish = Asked("wishes", way.node, "", (offer,), ())
            found.append(
                replace(
                    self.refused(f"{name}-b", name, way, wish, offer, ""),
                    text=say("answer.all_the_same", words=_small(option_text(one.graph, offer, state))),
                )
            )
        gives_up = next((each for each in one.grades.options(way.node) if each.edge.declared.gives_up), None)
        if gives_up is not None and gives_up.grade == "poor":
            offer = Offer(gives_up.edge.declared, gives_up)
            question = Asked("wishes", way.node, "", (offer,), ())
            found.append(self.open(f"{name}-c", way, question, offer, ""))
        return tuple(found)

    def decision(self, name: str, way: Traveller, asked: Asked) -> Passage:
        """A question with its answers."""
        one, state = self.one, self.one.graph.states[way.node]
        referral = self.at_referral(asked) and not way.route
        text = (*one.scenario.story, *way.told) if referral else way.told
        findings = one.disclosed["referral"] if referral else tuple(now(one, way, state))
        choices = tuple(
            self.open(f"{name}-{letter}", way, asked, offer, option.comment or "", option.text)
            if offer.open
            else self.refused(f"{name}-{letter}", name, way, asked, offer, option.comment or "", option.text)
            for letter, offer, option in zip(LETTERS, asked.offers, asked.options, strict=False)
        )
        assessed, drawn = ((), None) if self.at_referral(asked) else (one.map_at(way), one.drawing_at(way))
        title = PHASE_TITLES.get(state.phase, "The team meets again" if self.met(way) else "The meeting decides")
        return Passage(
            name, "decision", title, round(way.day), text, findings, assessed, asked.question, choices, drawn,
            one.growth_at(way),
        )  # fmt: skip

    def met(self, way: Traveller) -> bool:
        """Whether something has been decided since the meeting."""
        return any(not self.at_referral(taken.asked) for taken in way.taken)

    def varied(self, name: str, way: Traveller) -> None:
        """The variations of the case, one after another, and the debrief; asked of those who gave nothing away."""
        one, number = self.one, len(self.one.scenario.variations)
        names = [name, *(self.name() for _ in range(number))]
        for index in range(number):
            other, asked = varied(one, index)
            writer = Writer(other, best=self.best, cited=self.cited)
            self.passages[names[index]] = writer.variation(names[index], names[index + 1], asked, index)
            other.setting.forget_what_was_tried()
        self.passages[names[-1]] = self.debrief(names[-1], way)

    def variation(self, name: str, onward: str, asked: Asked, index: int) -> Passage:
        """The same patient with one fact otherwise."""
        one, way = self.one, Traveller(node=asked.node)
        state = one.graph.states[asked.node]
        fact = one.scenario.variations[index].fact
        findings = told_anew(rows(one.scenario.case, TOLD_AGAIN), now(one, way, state))
        choices = tuple(
            Choice(
                f"{name}-{letter}", option.text or option_text(one.graph, offer, state), onward if offer.open else name,
                offer.grade, offer.open.score if offer.open else 0.0,
                (
                    GRADE_WORDS[offer.grade], *self.reasons(asked, offer, state), *((option.comment,) if option.comment else ()),
                    *self.others(asked, offer),
                ),
                (), self.cite(self.sources_of(offer)), act_of_answer(one, offer.trigger, state),
            )
            for letter, offer, option in zip(LETTERS, asked.offers, asked.options, strict=False)
        )  # fmt: skip
        return Passage(
            name, "decision", say("variation.title"), 0, (say("variation.told", fact=fact),), findings,
            one.map_at(way), asked.question, choices, one.drawing_at(way),
        )  # fmt: skip

    def reasons(self, asked: Asked, offer: Offer, state: State) -> Iterator[str]:
        """Why an answer is right or wrong, whether it is open or refused."""
        if offer.open is None:
            yield from why_refused(self.one.graph, offer, state, self.right_if(offer, state))
        elif offer.grade == "poor":
            yield from why_poor(self.one.graph, offer, state, self.right_if(offer, state))
        else:
            yield from why_good(self.one.graph, offer, state)
        best = next((each for each in asked.offers if each.grade == "best"), None)
        fact = self.fact_of(asked)
        if fact and best is not None and offer.grade != "best":
            yield say("feedback.fact_decides", fact=fact, answer=option_text(self.one.graph, best, state))
        elif fact:
            yield say("feedback.because_of_fact", fact=fact)

    def right_if(self, offer: Offer, state: State) -> str:
        """What would have to be otherwise for an answer to be right; where no single fact of this patient makes it so, that."""
        one, general = self.one, in_general(self.one.graph, offer, state)
        before_the_meeting = state.phase == START and START not in offer.trigger.phases
        if offer.grade in ("best", "acceptable") or not one.explains or before_the_meeting:
            return say("feedback.right_if", condition=general)
        told = telling(offer.verdicts)
        if told and not_measured(told[0]):
            return say("feedback.right_if", condition=general)
        asked_later = frozenset(each.fact for each in one.scenario.variations)
        meant = as_meant(offer.trigger, one.graph, state)
        turn = one.setting.otherwise.turn(meant, state, asked_later)
        if turn is None and one.setting.otherwise.kept_back(meant, state, asked_later):
            return say("feedback.right_if", condition=general)
        if turn is None:
            return say("feedback.no_single_fact", condition=general)
        if turn.grade == "best":
            return say("feedback.right_if", condition=turn.words)
        if turn.grade == "acceptable":
            return say("feedback.good_if", condition=turn.words)
        return say("feedback.open_if", condition=turn.words, general=general)

    def fact_of(self, asked: Asked) -> str:
        """The fact that a variation turns round; nothing for a question of the case as it is."""
        variations = self.one.scenario.variations
        number = int(asked.id[1:]) if asked.id.startswith("v") and asked.id[1:].isdigit() else 0
        return variations[number - 1].fact if 0 < number <= len(variations) else ""

    def sources_of(self, offer: Offer) -> tuple[str, ...]:
        """What a judgement stands on: the rules that refuse a step, or the step itself."""
        found = tuple(source for each in offer.verdicts for source in each.sources) if offer.open is None else ()
        return found or offer.trigger.sources

    def debrief(self, name: str, way: Traveller) -> Passage:
        """An end."""
        told, recounted = at_the_end(self.one, way, self.best)
        text = (*way.told, *told)
        findings = (("End", self.one.graph.states[way.node].phase.replace("_", " ")), ("Day", str(round(way.day))))
        return Passage(
            name,
            "debrief",
            "Debrief",
            round(way.day),
            text,
            findings,
            self.one.map_at(way),
            liver=self.one.drawing_at(way),
            growth=self.one.growth_at(way),
            recounted=recounted,
        )

    # --- answers ----------------------------------------------------------------------------------------------------

    def open(
        self, name: str, way: Traveller, asked: Asked, offer: Offer, comment: str, text: str | None = None
    ) -> Choice:
        """An answer that can be given: it leads on."""
        one, graded = self.one, offer.open
        assert graded is not None
        after, question = one.onward(one.taking(way, Taken(asked, offer)))
        state = one.graph.states[way.node]
        asked_in = one.graph.states[asked.node]
        poor = offer.grade == "poor"
        feedback = (
            GRADE_WORDS[offer.grade],
            *(
                why_poor(one.graph, offer, asked_in, self.right_if(offer, asked_in))
                if poor
                else why_good(one.graph, offer, asked_in)
            ),
            *self.prospect(graded),
            *self.compared(asked, offer),
            *self.by_sources(asked, offer),
            *given(taken_as_given(offer.trigger, asked_in, one.graph.facts)),
            *((comment,) if comment else ()),
            *self.others(asked, offer),
        )
        costs = (*step_costs(one.graph, graded), *regret_lines(graded.regret, one.chances))
        to = self.later(after, question)
        return Choice(
            name, text or option_text(one.graph, offer, state), to, offer.grade, graded.score, feedback, costs,
            self.cite((*offer.trigger.sources, *stands_on(one.graph, offer, asked_in))), act_of_answer(one, offer.trigger, state),
        )  # fmt: skip

    def refused(
        self, name: str, back: str, way: Traveller, asked: Asked, offer: Offer, comment: str, text: str | None = None
    ) -> Choice:
        """An answer that a rule refuses: it leads back, with the reason."""
        one, state = self.one, self.one.graph.states[way.node]
        broken = one.watch.broken(way.route, offer.trigger, state)
        feedback = (
            GRADE_WORDS["refused"],
            *why_refused(one.graph, offer, state, self.right_if(offer, state)),
            *breaking(broken),
            *((comment,) if comment else ()),
            *self.others(asked, offer),
        )
        sources = [source for each in offer.verdicts for source in each.sources]
        sources += [source for each in broken for source in each.sources]
        return Choice(
            name, text or option_text(one.graph, offer, state), back, "refused", 0.0, feedback, against_limit(offer.verdicts),
            self.cite((*(sources or offer.trigger.sources), *stands_on(one.graph, offer, state))), act_of_answer(one, offer.trigger, state),
        )  # fmt: skip

    def prospect(self, graded: Graded) -> Iterator[str]:
        """What an answer promises, with the spread of the figures."""
        if not self.one.with_intervals:
            return
        chance, death = self.one.grades.interval(graded.edge.target)
        goal = self.one.objective.goal
        if chance.value < NO_CHANCE:
            yield f"From here next to none of such patients {goal}, even with the best continuation."
        elif self.one.chances == "own":
            yield f"With the best continuation {share(chance)} of such patients {goal}; {risk(death)}."
        else:
            yield f"{no_figure(goal)}. With the best continuation {risk(death)}."

    def compared(self, asked: Asked, offer: Offer) -> Iterator[str]:
        """The best answer beside a poor one."""
        best = next((one for one in asked.offers if one.grade == "best" and one.open), None)
        if offer.grade != "poor" or best is None or best.open is None or not self.one.with_intervals:
            return
        chance, death = self.one.grades.interval(best.open.edge.target)
        words = option_text(self.one.graph, best, self.one.graph.states[asked.node])
        told = f"{share(chance)}; {risk(death)}" if self.one.chances == "own" else risk(death)
        yield f"The best of what was open, {words}: {told}."

    def by_sources(self, asked: Asked, offer: Offer) -> Iterator[str]:
        """That not a figure, but the sources of the objective make an answer the best of several alike."""
        alike = [one.open.worth.resected for one in asked.offers if one.grade == "acceptable" and one.open]
        if offer.grade != "best" or offer.open is None or offer.name not in self.one.grades.preferred(asked.node):
            return
        if any(chance > offer.open.worth.resected for chance in alike):
            yield "No figure tells it from the other good answer; it is the one that the sources of this lesson hold with."

    def others(self, asked: Asked, offer: Offer) -> Iterator[str]:
        """Why and why not, of the answers that were not given."""
        texts = {option.trigger: option.text for option in asked.options if option.text}
        state = self.one.graph.states[asked.node]
        rest = [each for each in asked.offers if each.name != offer.name]
        if rest:
            yield say("feedback.others")
        for each in rest:
            text = texts.get(each.name) or option_text(self.one.graph, each, state)
            yield say("feedback.other", text=text, why=briefly(self.one.graph, each, state, self.right_if(each, state)))

    def cite(self, sources: Iterable[str]) -> tuple[str, ...]:
        """`sources`, each once, and kept for the list at the end."""
        found = tuple(dict.fromkeys(sources))
        self.cited.update(dict.fromkeys(found))
        return found


def _small(words: str) -> str:
    """Words as they stand inside a sentence; ALPPS stays ALPPS."""
    return words if words[1:2].isupper() else words[:1].lower() + words[1:]


def neutral_id(name: str, objective: str) -> str:
    """The id of a lesson as a learner may see it: one that names the objective would tell what the case is about."""
    if objective not in name:
        return name
    return f"case-{zlib.crc32(name.encode()):08x}"


def act_of_answer(one: Unrolled, trigger: Trigger, state: State) -> str:
    """What an answer comes down to: the step, and whether it is to be taken at once."""
    return f"{trigger.name} at once" if timed(one.graph.facts.assessed, trigger, state) else trigger.name


def _declined_only(one: Unrolled, trigger: Trigger, state: State) -> bool:
    verdicts = verdicts_against(trigger, state, one.graph.facts)
    return bool(verdicts) and all(each.rule == "patient_accepts" for each in verdicts)


def written(one: Unrolled) -> Lesson:
    """The lesson of an unrolled scenario, written once. Raises TooLarge."""
    kept = vars(one)
    if "lesson" not in kept:
        kept["lesson"] = _written(one)
    lesson: Lesson = kept["lesson"]
    return lesson


def _written(one: Unrolled) -> Lesson:
    writer = Writer(one)
    passages = writer.write()
    one.setting.forget_what_was_tried()
    scenario = one.scenario
    reviewed = reviewed_words(scenario)
    writer.cite(one.objective.sources)
    return Lesson(
        id=neutral_id(scenario.id, scenario.objective),
        title=scenario.title,
        objective=scenario.objective,
        learning_objectives=scenario.learning_objectives,
        misconception=one.objective.misconception,
        level=scenario.level,
        difficulty=scenario.difficulty,
        protocol=one.protocol.id,
        seed=one.seed,
        reviewed=reviewed,
        disclaimer=DISCLAIMER,
        passages=passages,
        citations=tuple(_citations(one, writer.cited)),
        debrief=of_the_lesson(one, writer.best),
    )


def _citations(one: Unrolled, names: Sequence[str] | dict[str, None]) -> Iterator[Citation]:
    for name in names:
        yield citation(name, one.protocol.references)
