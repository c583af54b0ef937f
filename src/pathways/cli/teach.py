"""`pathways teach new|play|export|audit|sign`."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from pathways.cli.output import console, say, say_understood, show
from pathways.cli.stopping import Stopped
from pathways.cli.teach_audit import audit
from pathways.cli.teach_export import export
from pathways.cli.teach_new import new
from pathways.cli.teach_sign import sign
from pathways.documents.problems import PathwaysError

if TYPE_CHECKING:
    from rich.console import Console

    from pathways.teaching.lessons.play import Game
    from pathways.teaching.lessons.progress import Store

app = typer.Typer(
    help="Teaching scenarios: generate them, play them, take them into the classroom.", no_args_is_help=True
)

COMMANDS = "letter of the answer, u to undo, q to stop (the progress is kept)"
ScenarioFile = Annotated[Path, typer.Argument(metavar="FILE", help="A teaching scenario (YAML).")]


app.command()(new)
app.command()(export)
app.command()(audit)
app.command()(sign)


@app.command("list")
def list_objectives() -> None:
    """The objectives, with their level and the misconception that each is aimed at."""
    from pathways.teaching.curriculum.objectives import syllabus

    for name, one in syllabus().objectives.items():
        show(f"{name} ({one.level}): {one.title}\n    {one.misconception}\n")


@app.command()
def play(
    file: ScenarioFile,
    protocol: Annotated[
        str | None,
        typer.Option("--protocol", metavar="NAME|FILE", help="Judge by another protocol than the scenario's own."),
    ] = None,
    seed: Annotated[int | None, typer.Option("--seed", min=0, max=2**53, metavar="S", help="Another luck.")] = None,
    answers: Annotated[
        str | None,
        typer.Option("--answers", metavar="LIST", help="Answers, such as a,c,b; Continue needs none. Begins anew."),
    ] = None,
    store: Annotated[
        Path | None,
        typer.Option("--store", metavar="FILE", help="Where progress is kept; the user's data folder unless told."),
    ] = None,
    learner: Annotated[
        str, typer.Option("--learner", metavar="NAME", help="Whose progress: any word; a computer may be shared.")
    ] = "",
    anew: Annotated[bool, typer.Option("--anew", help="Begin anew, also where a run was left.")] = False,
) -> None:
    """Plays a scenario to its debrief, on a terminal or with answers from standard input; goes on where it was left."""
    from pathways.report.lesson_page import print_heading
    from pathways.teaching.authoring.checks import protocol_of
    from pathways.teaching.authoring.loading import load_scenario
    from pathways.teaching.lessons.progress import opened, usual_place
    from pathways.teaching.unrolling.unroll import lesson_of

    scenario = load_scenario(file)
    say_understood(file, scenario.understood)
    given = None if answers is None else [one for one in answers.replace(" ", "").split(",") if one]
    screen = console()
    with opened(store or usual_place(), learner) as kept:
        lesson = lesson_of(scenario, protocol or protocol_of(scenario, str(file)), seed)
        with kept.playing(lesson):
            print_heading(lesson, screen)
            run = None if anew or given is not None else kept.unfinished(lesson)
            Session(lesson, kept, screen, run, given).play()


class Session:
    """One sitting: pages out, answers in, every answer kept before the next page."""

    def __init__(self, lesson: object, kept: Store, screen: Console, run: int | None, given: list[str] | None) -> None:
        from pathways.report.lesson_page import numbered
        from pathways.teaching.lessons.model import Lesson
        from pathways.teaching.lessons.play import Game, replayed

        assert isinstance(lesson, Lesson)
        self.kept, self.screen = kept, screen
        self.numbers = numbered(lesson)
        self.given = None if given is None else iter(given)
        self.run = kept.begin(lesson) if run is None else run
        self.game: Game = replayed(lesson, kept.answers(run)) if run is not None else Game(lesson)
        if self.game.answers:
            say(f"going on where you left: decisions made: {len(self.game.scored)}; --anew begins again")

    def play(self) -> None:
        """To the debrief, or until the learner stops."""
        from pathways.report.lesson_page import print_debrief, print_passage

        while True:
            print_passage(self.game.here, self.screen)
            if self.game.over:
                break
            if not self.step():
                say("stopped; the progress is kept")
                return
        self.kept.end(self.run, self.game.score, float(len(self.game.scored)))
        print_debrief(self.game, self.screen)
        if self.given is not None and (left := list(self.given)):
            raise PathwaysError(f"--answers: {len(left)} more than the lesson asks for ({', '.join(left)})")

    def step(self) -> bool:
        """One answer; False where there is none."""
        from pathways.report.lesson_page import print_feedback

        # Only a person at a terminal has to be given time to read.
        if self.game.here.choices[0].grade is None and (self.given is not None or not sys.stdin.isatty()):
            self.take(self.game.here.choices[0].id)
            return True
        for word in self.words():
            if word in ("q", "quit"):
                return False
            if word in ("u", "undo"):
                self.game = self.game.undone()
                self.kept.undo(self.run, len(self.game.answers))
                return True
            try:
                choice = self.game.choice(word or ("a" if len(self.game.here.choices) == 1 else ""))
            except PathwaysError as error:
                if self.given is not None:
                    raise PathwaysError(f"--answers: {error}") from None
                say(f"{error}; {COMMANDS}")
                continue
            self.take(choice.id)
            print_feedback(choice, self.numbers, self.screen)
            return True
        return False

    def take(self, name: str) -> None:
        """Keeps an answer on the disk, then goes on."""
        choice = next(one for one in self.game.here.choices if one.id == name)
        self.kept.answer(self.run, len(self.game.answers), self.game.here.id, choice.id)
        self.game = self.game.taking(choice)

    def words(self) -> Iterator[str]:
        """Answers as they come: given, typed, or piped."""
        if self.given is not None:
            yield from (one.lower() for one in self.given)
            return
        prompt = "Enter to go on: " if self.game.here.choices[0].grade is None else "Your answer: "
        while True:
            try:
                print(prompt, end="", flush=True, file=sys.stderr)
                line = sys.stdin.readline()
            except (KeyboardInterrupt, Stopped):
                print(file=sys.stderr)
                return
            if not line:
                print(file=sys.stderr)
                return
            if line.strip() or sys.stdin.isatty():
                yield line.strip().lower()
