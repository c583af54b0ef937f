"""The process of a case in the language of the PRISM and Storm model checkers: guarded commands over phase and facts.

One command for each decision, one for each outcome set and row of chances; states are found by the checker from the
guards and updates, not listed. Facts that never change in the case are left out. With a policy the decisions that it
does not take are switched off and the model is a Markov chain.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from functools import cached_property

from pathways.facts.stepping import applied
from pathways.graph.compiled import CompiledTrigger
from pathways.graph.explore import Edge, Graph
from pathways.interchange.conditions import TRUE, all_of, any_of, condition
from pathways.planning.evaluate import Evaluator, Policy
from pathways.process.checks import targets
from pathways.process.declaration import PROCESS
from pathways.process.facts import LIVE_FACTS, LIVE_INDEX, NEUTRAL, State
from pathways.process.liveness import keys_of, live_facts, reads
from pathways.process.model import BY_SITUATION, Effect, Trigger, Value
from pathways.quick_dataclass import dataclass

DOMAINS: dict[str, tuple[Value, ...]] = {
    "phase": PROCESS.phases,
    **{fact.name: fact.domain for fact in LIVE_FACTS},
}
LABELS = {"resected": (PROCESS.end_of_episode,), "dead": ("dead",), "ended": tuple(sorted(PROCESS.ends))}


def prism(graph: Graph, policy: Policy | None = None) -> str:
    """`graph` as a Markov decision process; with `policy` (an edge for every decision) as the chain it makes."""
    return _Model(graph, policy).text()


@dataclass(frozen=True)
class _Model:
    graph: Graph
    policy: Policy | None

    @cached_property
    def reached(self) -> dict[str, frozenset[Value]]:
        """Every value that phase and facts take in the graph."""
        return {
            name: frozenset(state[place] for state in self.graph.states) for place, name in enumerate(State._fields)
        }

    @cached_property
    def kept(self) -> tuple[str, ...]:
        """Facts that take more than one value."""
        return tuple(name for name in State._fields if name == "phase" or len(self.reached[name]) > 1)

    @cached_property
    def in_phase(self) -> dict[str, list[int]]:
        """Nodes of every phase."""
        found: dict[str, list[int]] = {}
        for node, state in enumerate(self.graph.states):
            found.setdefault(state.phase, []).append(node)
        return found

    def text(self) -> str:
        assessed = self.graph.facts.assessed
        commands, rewards = zip(*self.commands(), strict=True)
        lines = [
            f"// case {assessed.case.id}, protocol {assessed.protocol.id}; for discussion and teaching, no medical device",
            "mdp" if self.policy is None else "dtmc",
            "",
            *(
                f"const int {_constant(name, value)} = {number};"
                for name in self.kept
                for number, value in enumerate(DOMAINS[name])
                if isinstance(value, str) and value in self.reached[name]
            ),
            "",
            f"formula ended = {self.without_a_way_out()};",
            "",
            "module patient",
            *self.variables(),
            "",
            *commands,
            "  [] ended -> true;",
            "endmodule",
            "",
            *(f'label "{name}" = {self.phase_is(set(phases))};' for name, phases in LABELS.items() if name != "ended"),
            'label "ended" = ended;',
            "",
            'rewards "days"',
            *(line for line in rewards if line),
            "endrewards",
        ]
        return "\n".join(lines) + "\n"

    def without_a_way_out(self) -> str:
        """Ends of the process whose states have no step out of them: `resected` has one before a second half of drugs, and where follow-up is on."""
        found = []
        for phase in PROCESS.phases:
            if phase in PROCESS.ends and phase in self.in_phase:
                rows = {
                    tuple(self.graph.states[node][LIVE_INDEX[name]] for name in self.kept): self.graph.is_end(node)
                    for node in self.in_phase[phase]
                }
                found.append(all_of(self.phase_is({phase}), condition(rows, self.kept, self.is_one_of)))
        return any_of(*found)

    def variables(self) -> Iterator[str]:
        start = self.graph.states[0]
        for name in self.kept:
            domain = DOMAINS[name]
            low, high = (0, len(domain) - 1) if isinstance(domain[0], str) else (domain[0], domain[-1])
            yield f"  {name} : [{low}..{high}] init {_constant(name, start[LIVE_INDEX[name]])};"

    def commands(self) -> Iterator[tuple[str, str]]:
        """Every command with its line of the reward structure."""
        for one in self.graph.compiled.triggers:
            if one.trigger.kind == "decision":
                yield from self.decision(one)
        for phase in PROCESS.phases:
            if phase in PROCESS.outcome_phases and phase in self.in_phase:
                yield from self.outcomes(phase)

    def decision(self, one: CompiledTrigger) -> Iterator[tuple[str, str]]:
        nodes = [node for phase in one.trigger.phases for node in self.in_phase.get(phase, ())]
        edges = [edge for node in nodes for edge in self.graph.edges[node] if edge.trigger == one.place]
        if not edges or (self.policy is not None and not any(self.chosen(edge) for edge in edges)):
            return
        guard = all_of(
            self.phase_is({self.graph.states[node].phase for node in nodes}),
            *self.guards(one, nodes),
            self.by_policy(one, nodes),
        )
        yield f"  [{one.trigger.name}] {guard} -> {self.update(one.trigger, nodes)};", self.reward(one.trigger, edges)

    def guards(self, one: CompiledTrigger, nodes: Sequence[int]) -> Iterator[str]:
        """Live guards as they are declared; those on case tables by the cells that hold; what the patient declines."""
        facts = self.graph.facts
        for guard in one.trigger.guards:
            if guard.fact in LIVE_INDEX:
                yield self.is_in(guard.fact, guard.values, nodes)
                continue
            fact, values = guard.fact, guard.values
            keys = [State._fields[place] for place in facts.key_indices(fact)]
            rows = {row: facts.cell(fact, row).value in values for row in self.rows(nodes, keys)}
            yield condition(rows, keys, self.is_one_of)
        for tag in one.declined:
            held = all_of(*(self.is_in(State._fields[place], values, nodes) for place, values in tag.live))
            yield f"!({held})"

    def by_policy(self, one: CompiledTrigger, nodes: Sequence[int]) -> str:
        if self.policy is None:
            return TRUE
        rows = {
            tuple(self.graph.states[edge.source][LIVE_INDEX[name]] for name in self.kept): self.chosen(edge)
            for node in nodes
            for edge in self.graph.edges[node]
            if edge.trigger == one.place
        }
        return condition(rows, self.kept, self.is_one_of)

    def chosen(self, edge: Edge) -> bool:
        assert self.policy is not None
        return self.graph.edges[edge.source][self.policy[edge.source]] == edge

    def outcomes(self, phase: str) -> Iterator[tuple[str, str]]:
        """A command for every set of outcomes with its row of chances."""
        nodes = [node for node in self.in_phase[phase] if self.graph.edges[node]]
        if not nodes:
            return
        keys = self.asked_of_outcomes(phase)
        groups = self.alike(nodes)
        group_of = {node: number for number, members in enumerate(groups) for node in members}
        for number, members in enumerate(groups):
            rows = {
                tuple(self.graph.states[node][LIVE_INDEX[name]] for name in keys): group_of[node] == number
                for node in nodes
            }
            guard = all_of(self.phase_is({phase}), condition(rows, keys, self.is_one_of))
            yield self.branching(f"{phase}_{number + 1}", guard, members)

    def asked_of_outcomes(self, phase: str) -> list[str]:
        """Facts that decide which outcomes of a phase are open, and their chances."""
        asked: set[str] = set()
        for one in self.graph.compiled.triggers:
            if phase in one.trigger.phases:
                for stage in self.reached["stage"]:
                    asked |= reads(one.trigger, str(stage))
        return [name for name in self.kept if name in asked]

    @cached_property
    def evaluator(self) -> Evaluator:
        return Evaluator(self.graph, self.graph.figures)

    def alike(self, nodes: Iterable[int]) -> list[list[int]]:
        """Nodes with the same outcomes, chances and days, together."""
        groups: dict[tuple[object, ...], list[int]] = {}
        for node in nodes:
            leaving = self.graph.edges[node]
            days = tuple(self.graph.days(edge) for edge in leaving)
            row = (tuple(edge.trigger for edge in leaving), self.evaluator.chances(node), days)
            groups.setdefault(row, []).append(node)
        return list(groups.values())

    def branching(self, name: str, guard: str, members: Sequence[int]) -> tuple[str, str]:
        """The command of a set of outcomes, and its line of the reward structure."""
        leaving = self.graph.edges[members[0]]
        chances = [float(chance) for chance in self.evaluator.chances(members[0])]
        branches = " + ".join(
            f"{chance!r} : {self.update(edge.declared, members)}" for edge, chance in zip(leaving, chances, strict=True)
        )
        mean = sum(chance * self.graph.days(edge) for edge, chance in zip(leaving, chances, strict=True))
        return f"  [{name}] {guard} -> {branches};", f"  [{name}] true : {mean!r};" if mean else ""

    def reward(self, trigger: Trigger, edges: Sequence[Edge]) -> str:
        """Days of a decision, by the fact that they depend on."""
        by = trigger.days.by if trigger.days else ""
        days = {self.graph.states[edge.source][LIVE_INDEX[by]] if by else "": self.graph.days(edge) for edge in edges}
        if len(set(days.values())) == 1:
            value = next(iter(days.values()))
            return f"  [{trigger.name}] true : {value!r};" if value else ""
        return "\n".join(
            f"  [{trigger.name}] {by}={_constant(by, value)} : {number!r};" for value, number in days.items()
        )

    def update(self, trigger: Trigger, nodes: Sequence[int]) -> str:
        """What a step writes: its effects, the phase, and the facts that nobody asks for any more after it."""
        effects = {effect.fact: effect for effect in trigger.effects}
        stages = {applied(trigger, self.graph.states[node]).stage for node in nodes}
        contexts = [(phase, stage) for stage in sorted(stages) for phase in targets(trigger, stage)]
        writes = [f"(phase'={self.target(trigger, nodes)})"] if "phase" in self.kept else []
        for name in self.kept:
            if name != "phase":
                written = self.unless_forgotten(trigger, nodes, name, self.effect(name, effects.get(name)), contexts)
                if written != name:
                    writes.append(f"({name}'={written})")
        return " & ".join(writes) if writes else "true"

    def effect(self, name: str, effect: Effect | None) -> str:
        """What a fact becomes by an effect of a step."""
        if effect is None:
            return name
        if effect.value is not None:
            return _constant(name, effect.value)
        return self.mapped(name, effect.mapping.items()) if effect.mapping else f"{name}+{effect.step}"

    def unless_forgotten(
        self, trigger: Trigger, nodes: Sequence[int], name: str, written: str, contexts: Sequence[tuple[str, str]]
    ) -> str:
        """`written`, or the neutral value where nobody asks for the fact any more after the step."""
        live = live_facts()
        forgotten = [name != "stage" and name not in live[context] for context in contexts]
        neutral = _constant(name, NEUTRAL[name])
        if all(forgotten):
            return neutral
        if not any(forgotten) or written == neutral:
            return written
        rows = {row: self.forgets(trigger, row, name) for row in self.rows(nodes, self.kept)}
        when = condition(rows, self.kept, self.is_one_of)
        return {"true": neutral, "false": written}.get(when, f"({when} ? {neutral} : {written})")

    def forgets(self, trigger: Trigger, row: tuple[Value, ...], name: str) -> bool:
        state = self.state_of(row)
        stage = applied(trigger, state).stage
        return name not in live_facts()[self.phase_after(trigger, state), stage]

    def state_of(self, row: tuple[Value, ...]) -> State:
        """The state that `row`, over the kept facts, stands for."""
        values = dict(zip(self.kept, row, strict=True))
        return State._make(values.get(name, old) for name, old in self.graph.states[0]._asdict().items())

    def phase_after(self, trigger: Trigger, state: State) -> str:
        if trigger.to != BY_SITUATION:
            return trigger.to
        return self.graph.facts.finding(BY_SITUATION, applied(trigger, state)).value

    def target(self, trigger: Trigger, nodes: Sequence[int]) -> str:
        """The phase a step leads to: a name, or a choice by the facts."""
        if trigger.to != BY_SITUATION:
            return _constant("phase", trigger.to)
        stages = {applied(trigger, self.graph.states[node]).stage for node in nodes}
        asked = {name for stage in stages for name in keys_of(BY_SITUATION, stage)}
        keys = [name for name in self.kept if name in asked]
        phases: dict[tuple[Value, ...], str] = {}
        for node in nodes:
            state = self.graph.states[node]
            phases[tuple(state[LIVE_INDEX[name]] for name in keys)] = self.phase_after(trigger, state)
        reached = sorted(set(phases.values()), key=PROCESS.phases.index)
        written = _constant("phase", reached[-1])
        for phase in reached[-2::-1]:
            when = condition({row: found == phase for row, found in phases.items()}, keys, self.is_one_of)
            written = f"({when} ? {_constant('phase', phase)} : {written})"
        return written

    def mapped(self, name: str, pairs: Iterable[tuple[Value, Value]]) -> str:
        written = name
        for before, after in pairs:
            # What the step never meets leads to a value that no state has.
            if {before, after} <= self.reached[name] and before != after:
                written = f"({name}={_constant(name, before)} ? {_constant(name, after)} : {written})"
        return written

    def rows(self, nodes: Sequence[int], names: Sequence[str]) -> Iterator[tuple[Value, ...]]:
        places = [LIVE_INDEX[name] for name in names]
        return iter(dict.fromkeys(tuple(self.graph.states[node][place] for place in places) for node in nodes))

    def phase_is(self, phases: Iterable[Value]) -> str:
        wanted = self.reached["phase"] & set(phases)
        return any_of(*(f"phase={_constant('phase', one)}" for one in PROCESS.phases if one in wanted))

    def is_in(self, name: str, values: frozenset[Value], nodes: Sequence[int]) -> str:
        here = frozenset(self.graph.states[node][LIVE_INDEX[name]] for node in nodes)
        return self.is_one_of(name, values & here, here)

    def is_one_of(self, name: str, values: frozenset[Value], reached: frozenset[Value]) -> str:
        """`name` has one of `values`, of the `reached` ones; said the shorter way."""
        if values >= reached:
            return TRUE
        wanted = [value for value in DOMAINS[name] if value in values]
        others = [value for value in DOMAINS[name] if value in reached - values]
        if len(others) == 1 and len(wanted) > 1:
            return f"{name}!={_constant(name, others[0])}"
        return any_of(*(f"{name}={_constant(name, value)}" for value in wanted))


def _constant(name: str, value: Value) -> str:
    return f"{name}_{value}" if isinstance(value, str) else str(value)
