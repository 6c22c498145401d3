"""Every interleaving of a small world, breadth first, until nothing new is left.

One customer, one agent, one target. The scope is a number of keys and a number of mishaps (a hang-up, a
decline, no answer); within it every order of keys, mishaps, replies and webhooks is tried. Time passes
only when nothing is in flight (`tests.pair`).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field, replace

from tests.exploration.canon import canonical
from tests.pair import CUSTOMER, LINE, MARIA, InFlight, Pair
from tests.truth import Judge, disagreements
from warmxfer_tui.core.actions import Allowed, allowed
from warmxfer_tui.core.commands import CreateRoom, Dial, FindRoom, ReadRoom, StopPlayback
from warmxfer_tui.core.events import Accepted, ConsoleLost
from warmxfer_tui.core.invariants import broken
from warmxfer_tui.core.model import Desk, Leg
from warmxfer_tui.core.terms import Ccid, Role, State
from warmxfer_tui.core.verbs import VERBS
from warmxfer_tui.simulator.world import PERSONAS

Move = tuple[str, ...]

_FREE = frozenset({"focus", "quit", "keypad", "confirm", "dial", "mute", "blind", "look"})
"""Verbs that move nobody, or begin another story: not part of the scope.

A blind transfer is a story of its own, outside every room: `tests.core.test_rows_blind` and the properties
tell it.
"""
_CALLS_B = frozenset({"consult", "aside"})

HORIZON = 95_000
"""Milliseconds: what takes longer than the survival time (leg limits, the kept line) is another story."""


@dataclass(frozen=True, slots=True)
class Scope:
    """How much of the world is explored."""

    keys: int
    mishaps: int
    late: bool = False
    """Requests that leave together may also be overtaken by everything else, not only by one another."""
    lost: bool = False
    """The console is lost, at any moment, and does not come back."""


@dataclass(slots=True)
class Node:
    """One reached state, and what may still happen to it."""

    pair: Pair
    judge: Judge
    keys: int
    mishaps: int

    def clone(self) -> Node:
        return Node(self.pair.clone(), self.judge.clone(), self.keys, self.mishaps)


@dataclass(slots=True)
class Report:
    """What an exploration saw."""

    states: int = 0
    transitions: int = 0
    longest: int = 0
    ends: int = 0
    exhausted: bool = False
    rows: Counter[str] = field(default_factory=Counter)
    violations: list[tuple[str, list[Move]]] = field(default_factory=list)

    def __str__(self) -> str:
        rows = ", ".join(f"{row} {n}" for row, n in sorted(self.rows.items()))
        return (
            f"{self.states} states, {self.transitions} transitions, longest path {self.longest}, "
            f"{self.ends} quiet ends, frontier {'empty' if self.exhausted else 'NOT EMPTY'}, "
            f"{len(self.violations)} violations\nrows fired: {rows}"
        )


def start() -> Node:
    """C rings; the agent's phone is picked up and confirmed by itself."""
    pair = Pair.open(personas={LINE: PERSONAS[LINE]})
    pair.ring_in(CUSTOMER)
    pair.quiet()
    pair.racing = True
    return Node(pair, Judge(), 0, 0)


Cost = tuple[int, int]
"""Mishaps and keys that a path has used."""
Step = tuple[int, Cost]
"""A state by its hash, and what it cost to get there."""


class Search:
    """The states seen, what each cost, and how each was first reached."""

    def __init__(self, scope: Scope, worst: int) -> None:
        self.scope, self.worst = scope, worst
        self.report = Report()
        self.costs: dict[int, tuple[Cost, ...]] = {}
        self.came: dict[Step, tuple[Step, Move]] = {}
        self.layers: dict[Cost, list[tuple[Step, Node]]] = {
            (m, k): [] for m in range(scope.mishaps + 1) for k in range(scope.keys + 1)
        }

    def reach(self, node: Node, came: tuple[Step, Move] | None) -> None:
        """Put a state on the frontier, unless it was reached with no more keys and mishaps."""
        key, cost = _key(node), (node.mishaps, node.keys)
        known = self.costs.get(key, ())
        if any(m <= cost[0] and k <= cost[1] for m, k in known):
            return
        self.costs[key] = (*known, cost)
        if came is not None:
            self.came[key, cost] = came
        self.layers[cost].append(((key, cost), node))

    def run(self, limit: int) -> Report:
        """Exhaust the layers, cheapest first."""
        for layer in self.layers.values():
            depth = 0
            while layer:
                frontier, layer[:] = list(layer), []
                depth += 1
                for here, node in frontier:
                    self.visit(here, node)
                    if len(self.report.violations) >= self.worst or self.report.states >= limit:
                        return self.report
            self.report.longest += depth
        self.report.exhausted = not any(self.layers.values())
        return self.report

    def visit(self, here: Step, node: Node) -> None:
        """Try everything that may happen in a state."""
        report = self.report
        report.states += 1
        moves = list(_moves(node, self.scope))
        report.ends += not moves
        if (idle := _idle(node, self.scope)) is not None:
            move, twin = idle
            self.arrive(twin, here, move)
            return
        moves = _alone(node, moves) or moves
        for move in moves:
            twin = node.clone()
            _apply(twin, move)
            self.arrive(twin, here, move)

    def arrive(self, node: Node, here: Step, move: Move) -> None:
        """Judge a state that a move has led to, and put it on the frontier."""
        self.report.transitions += 1
        self.report.rows.update(node.pair.rows)
        wrong = _judge(node)
        if wrong:
            self.report.violations.append((wrong[0], [*self.path(here), move]))
        else:
            self.reach(node, (here, move))

    def path(self, step: Step) -> list[Move]:
        """How a state was first reached."""
        moves: list[Move] = []
        while step in self.came:
            step, move = self.came[step]
            moves.append(move)
        return moves[::-1]


def explore(scope: Scope, limit: int = 10_000_000, worst: int = 1) -> Report:
    """Exhaust a scope, or stop at `limit` states or after `worst` violations."""
    search = Search(scope, worst)
    search.reach(start(), None)
    return search.run(limit)


def _key(node: Node) -> int:
    return hash(canonical(node.pair, node.judge.met))


def _idle(node: Node, scope: Scope) -> tuple[Move, Node] | None:
    """Something in flight that can change no belief, now or later: it is delivered first, and only first.

    Facts only grow (I8), so a webhook or a read that adds nothing now never will; nor will the 200 of what is
    proven already. Speech counts its ends and is left out, but for the agent's own, on which nothing rests.
    """
    desk = node.pair.desk
    if not scope.late and any(item.ask is not None and item.event is None for item in node.pair.flight):
        return None
    for i, item in enumerate(node.pair.flight):
        at_once = _to_the_agent(item, desk)
        if at_once or _may_be_idle(item, desk):
            twin = node.clone()
            twin.pair.deliver(i)
            if at_once or (not twin.pair.asked and _same(twin.pair.desk, desk)):
                return ("deliver", str(i)), twin
    return None


def _to_the_agent(item: InFlight, desk: Desk) -> bool:
    hook = item.webhook
    if hook is None or ".speak." not in hook.event_type:
        return False
    leg = desk.leg_of(Ccid(hook.leg or ""))
    return leg is not None and leg.role is Role.AGENT


def _may_be_idle(item: InFlight, desk: Desk) -> bool:
    if item.webhook is not None:
        return ".speak." not in item.webhook.event_type
    if item.ask is None or item.event is None:
        return False
    leg = desk.legs.get(item.ask.leg) if item.ask.leg else None
    if leg is not None and not leg.alive:
        return not isinstance(item.ask.request, Dial | CreateRoom)
    request = item.ask.request
    if isinstance(request, StopPlayback | CreateRoom | FindRoom):
        return False
    return isinstance(request, ReadRoom) or isinstance(item.event, Accepted)


def _same(one: Desk, other: Desk) -> bool:
    return (
        one.calls == other.calls
        and one.line == other.line
        and one.timers == other.timers
        and one.dropping == other.dropping
        and one.legs.keys() == other.legs.keys()
        and all(_same_leg(leg, other.legs[i]) for i, leg in one.legs.items())
    )


def _same_leg(one: Leg, other: Leg) -> bool:
    return one is other or replace(one, proven_at=other.proven_at) == other


def _alone(node: Node, moves: list[Move]) -> list[Move]:
    """The moves of one leg that nothing else depends on any more, if there is such a leg with news.

    A target that was parted with and is out of the room, and every leg once its call is wrapped up, goes on
    by itself: whatever happens to it commutes with whatever happens to the others, so it may happen first.
    """
    pair = node.pair
    wrapped = all(call.state is State.WRAP for call in pair.desk.calls.values())
    if wrapped and any(item.ask is not None and item.ask.leg is None for item in pair.flight):
        return []  # a read of the room speaks of several legs
    for leg in pair.desk.legs.values():
        if not (wrapped or _parted(pair, leg)):
            continue
        own = [i for i, item in enumerate(pair.flight) if _about(item, leg)]
        if own:
            return [move for move in moves if _touches(move, leg, own)]
    return []


def _parted(pair: Pair, leg: Leg) -> bool:
    current = {call.target for call in pair.desk.calls.values()}
    return leg.role is Role.TARGET and leg.id not in current and leg.room is None and not leg.pending


def _about(item: InFlight, leg: Leg) -> bool:
    if item.webhook is not None:
        return leg.ccid is not None and item.webhook.leg == leg.ccid
    return item.ask is not None and item.ask.leg == leg.id


def _touches(move: Move, leg: Leg, own: list[int]) -> bool:
    match move:
        case ("deliver", index):
            return int(index) in own
        case ("party", _, name):
            return name == leg.id
        case _:
            return False


def _moves(node: Node, scope: Scope) -> Iterator[Move]:
    pair = node.pair
    leaving = [i for i, item in enumerate(pair.flight) if item.ask is not None and item.event is None]
    if leaving and not scope.late:
        yield from (("deliver", str(i)) for i in leaving)
        return
    seen: set[str] = set()
    for i, item in enumerate(pair.flight):
        name = f"{item.what} {item.webhook.leg if item.webhook else item.ask}"
        if name not in seen:
            seen.add(name)
            yield ("deliver", str(i))
    if node.keys < scope.keys:
        yield from _keys(pair)
    if scope.lost and pair.desk.calls and not pair.desk.unattended:
        yield ("lose",)
    yield from _parties(node, scope)
    due = pair.next_due()
    if not pair.flight and due is not None and due - pair.now <= HORIZON:
        yield ("wait",)


def _keys(pair: Pair) -> Iterator[Move]:
    if not pair.desk.calls:
        return
    answers, legs = allowed(pair.desk), pair.desk.legs.values()
    for verb in VERBS:
        answer = answers[verb.name]
        if verb.name in _CALLS_B and any(leg.alive and leg.role is Role.TARGET for leg in legs):
            continue  # one target: nobody is called while another one is still being parted with
        if verb.name not in _FREE and isinstance(answer, Allowed):
            yield ("press", verb.name)


def _parties(node: Node, scope: Scope) -> Iterator[Move]:
    mishap = node.mishaps < scope.mishaps
    for leg in node.pair.desk.legs.values():
        if leg.ccid is None:
            continue
        truth = node.pair.world.legs[leg.ccid]
        if not truth.alive:
            continue
        if leg.role is Role.TARGET and not truth.answered:
            yield ("party", "answers", str(leg.id))
            if mishap:
                yield ("party", "declines", str(leg.id))
        elif mishap:
            yield ("party", "hangs up", str(leg.id))


def _apply(node: Node, move: Move) -> None:
    pair = node.pair
    match move:
        case ("deliver", index):
            pair.deliver(int(index))
        case ("press", verb):
            node.keys += 1
            pair.press(verb, MARIA if verb in ("consult", "aside") else "")
        case ("lose",):
            pair.console(ConsoleLost)
        case ("party", action, leg):
            node.mishaps += action != "answers"
            pair.party(action, pair.ccid(leg))
        case _:
            pair.wait()


def _judge(node: Node) -> list[str]:
    """Everything that the last move broke, in belief and in truth."""
    pair = node.pair
    wrong = broken(pair.before, pair.desk, pair.asked) + node.judge.broken(pair)
    return wrong + (disagreements(pair) if _at_rest(pair) else [])


def _at_rest(pair: Pair) -> bool:
    """Whether neither side has anything left to say: belief has to be the truth."""
    return not pair.flight and not any(leg.pending or leg.hanging_up for leg in pair.desk.legs.values())


def tell(path: list[Move]) -> str:
    """A path as a story."""
    node = start()
    node.pair.story = []
    for move in path:
        _apply(node, move)
    return "\n".join(node.pair.story)
