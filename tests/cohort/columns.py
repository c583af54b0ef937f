"""What the cohort tests share: drawn patients, and the routes the two engines walk."""

from pathways.cohort.codes.strategies import strategy
from pathways.cohort.engine.coded import Coded
from pathways.cohort.engine.drawn import walk
from pathways.cohort.patients.definition import EVERYBODY
from pathways.cohort.population.sampling import draw
from pathways.cohort.rules.facts import CohortFacts
from pathways.facts.derive import CaseFacts
from pathways.knowledge.protocols import load_protocol
from pathways.process.declaration import PROCESS
from pathways.process.phases import PHASES
from pathways.validation.reference_walker import Walker, by_preference

SEED = 11


def drawn(number, first=0, seed=SEED, cohort=EVERYBODY):
    return draw(cohort, seed, first, number)


def routes(walks):
    """Every patient's steps as (trigger, day, phase), by patient."""
    found = {int(number): [] for number in walks.patient}
    columns = (walks.steps[name].tolist() for name in ("patient", "trigger", "day", "to"))
    for number, trigger, day, to in zip(*columns, strict=True):
        found[number].append((PROCESS.triggers[trigger].name, day, PHASES[to]))
    return found


def engine_routes(patients, protocol, name, seed=SEED):
    facts = CohortFacts(patients, load_protocol(protocol))
    return routes(walk(Coded(facts), strategy(name), seed, steps=True))


def machine_route(patients, row, protocol, name, seed=SEED):
    """The same patient on the `transitions` machine."""
    facts = CaseFacts(patients.case(row), load_protocol(protocol), follow_up=True)
    walker = Walker(facts, by_preference(strategy(name)), seed=seed, number=int(patients.number[row]))
    return [(one.trigger, one.day, one.to) for one in walker.walk()]
