"""What may happen in a story: keys, people, the network, the fault plan. Each move fits any moment.

A move names things by an index that is taken modulo what there is, so that Hypothesis can leave moves out
and make numbers smaller without making a story impossible.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from hypothesis import strategies as st

from tests.pair import CUSTOMER, LINE, MARIA
from tests.property.faults import FALSE, HONEST, Fault
from tests.property.wire import LONGEST, Wire
from warmxfer_tui.core.actions import VERBS, Allowed, allowed
from warmxfer_tui.core.model import Policy
from warmxfer_tui.simulator.world import PERSONAS, Knobs

CALLERS = (CUSTOMER, "+12025550121", "+12025550122")
TARGETS = (MARIA, *(f"+1202555011{n}" for n in range(8)))
"""Maria, who is steered by hand, and the personas: colleague, busy, declines, never, voicemail, ..."""
CALLS_AT_ONCE = 3
FAULTS_AT_ONCE = 4
STRANGERS = 2
_TO = {"dial": CALLERS, "consult": TARGETS, "aside": TARGETS}
_TEXTS = ("", "drop", "sure", "12#")


@dataclass(frozen=True, slots=True)
class Start:
    """How a story begins."""

    line: int
    """The agent's phone: steered by hand, by itself, or a voicemail."""
    music: bool
    """Whether a hold file exists."""
    depth: int
    """How many of the scripted keys are pressed before anything random happens."""
    script: int
    racing: bool
    """Whether requests that leave together may overtake each other."""


@dataclass(frozen=True, slots=True)
class Key:
    """A key that works now; on the focused call."""

    which: int
    to: int = 0


@dataclass(frozen=True, slots=True)
class AnyKey:
    """Any verb of the registry, allowed or not, on any leg and call, known or not."""

    verb: str
    call: int
    leg: int
    to: int
    text: str


@dataclass(frozen=True, slots=True)
class RingIn:
    """A customer calls."""

    who: int


@dataclass(frozen=True, slots=True)
class Party:
    """Somebody at the far end does something."""

    action: str
    who: int


@dataclass(frozen=True, slots=True)
class Land:
    """Something in flight arrives."""

    which: int


@dataclass(frozen=True, slots=True)
class Quiet:
    """Everything in flight arrives, in order, and some time passes."""

    ms: int


@dataclass(frozen=True, slots=True)
class Linger:
    """Time passes while things are in flight."""

    ms: int


@dataclass(frozen=True, slots=True)
class Echo:
    """A webhook comes a second time."""

    which: int


@dataclass(frozen=True, slots=True)
class Refuse:
    """The next requests are refused."""

    fault: Fault
    times: int


@dataclass(frozen=True, slots=True)
class Stranger:
    """Somebody unknown joins a room."""

    room: int


Move = Key | AnyKey | RingIn | Party | Land | Quiet | Linger | Echo | Refuse | Stranger

SCRIPTS: tuple[tuple[str, ...], ...] = (
    ("ring", "answer", "hold", "consult", "B", "merge", "complete"),
    ("ring", "answer", "consult", "B", "swap", "swap", "complete"),
    ("ring", "answer", "aside", "B", "swap", "merge", "back"),
    ("ring", "answer", "ring", "answer", "consult", "B", "complete"),
    ("dial", "C", "consult", "B", "merge", "complete", "time"),
)
_SMALL = st.integers(0, 7)
_PEOPLE = ("answers", "hangs up", "declines", "busy", "presses")

starts = st.builds(
    Start,
    line=st.sampled_from((1, 1, 1, 0, 2)),
    music=st.sampled_from((True, True, False)),
    depth=st.integers(0, 7),
    script=st.integers(0, len(SCRIPTS) - 1),
    racing=st.booleans(),
)
quiet_moves: st.SearchStrategy[Move] = st.one_of(
    st.builds(Key, _SMALL, _SMALL),
    st.builds(Land, _SMALL),
    st.builds(Quiet, st.sampled_from((0, 0, 0, 1_000, 3_000, 26_000))),
    st.builds(Party, st.sampled_from(_PEOPLE), _SMALL),
    st.builds(Linger, st.integers(1, LONGEST)),
    st.builds(Key, _SMALL, _SMALL),
    st.builds(Land, _SMALL),
    st.builds(Echo, _SMALL),
    st.builds(RingIn, _SMALL),
    st.builds(Stranger, _SMALL),
    st.builds(
        AnyKey, st.sampled_from([v.name for v in VERBS]), _SMALL, _SMALL, _SMALL, st.sampled_from(_TEXTS)
    ),
)


def moves(faults: Sequence[Fault] = HONEST) -> st.SearchStrategy[Move]:
    """Everything that may happen under a fault plan."""
    if not faults:
        return quiet_moves
    return st.one_of(quiet_moves, st.builds(Refuse, st.sampled_from(faults), st.integers(1, FAULTS_AT_ONCE)))


def begin(start: Start, knobs: Knobs | None = None) -> Wire:
    """Open a desk and a world, and play the first keys of a script to their end."""
    line = (None, PERSONAS[LINE], PERSONAS["+12025550102"])[start.line]
    music = {} if start.music else {"hold_media": None}
    wire = Wire.open(knobs=knobs, personas={LINE: line} if line else None, **music)
    assert isinstance(wire, Wire)
    for cue in SCRIPTS[start.script][: start.depth]:
        _cue(wire, cue)
    wire.racing = start.racing
    return wire


def _cue(wire: Wire, cue: str) -> None:
    match cue:
        case "ring":
            wire.ring_in(CALLERS[len(wire.customers) % len(CALLERS)])
        case "B" | "C":
            wire.quiet()
            number = MARIA if cue == "B" else CUSTOMER
            for ccid in [c for c, leg in wire.world.legs.items() if leg.alive and leg.to == number]:
                wire.party("answers", ccid)
        case "time":
            wire.pass_time(91_000)
        case verb:
            wire.press(verb, _TO.get(verb, ("",))[0])
    wire.pass_time(4_000 if cue in ("answer", "dial") else 0)


def play(wire: Wire, move: Move) -> None:
    """Let one move happen, if it can at all."""
    wire.land()
    match move:
        case Key(which, to):
            _key(wire, which, to)
        case AnyKey():
            _any_key(wire, move)
        case RingIn(who):
            if sum(leg.alive for leg in map(wire.world.legs.__getitem__, wire.customers)) < CALLS_AT_ONCE:
                wire.ring_in(CALLERS[who % len(CALLERS)], name=f"Caller {who}")
        case Party(action, who):
            alive = [ccid for ccid, leg in wire.world.legs.items() if leg.alive]
            if alive:
                wire.party(action, alive[who % len(alive)])
        case Land(which):
            if wire.flight:
                wire.deliver(which % len(wire.flight))
        case Quiet(ms):
            wire.pass_time(ms)
        case Linger(ms):
            wire.linger(ms)
        case Echo(which):
            wire.echo(which)
        case Refuse(fault, times):
            wire.faults.extend([fault] * times)
            wire.lied_to = wire.lied_to or fault in FALSE
        case Stranger(which):
            rooms = [room.id for room in wire.world.rooms.values() if room.alive]
            if rooms and len(wire.strangers) < STRANGERS:
                wire.stranger_joins(rooms[which % len(rooms)])


def _key(wire: Wire, which: int, to: int) -> None:
    on = [
        verb for verb, answer in allowed(wire.desk).items() if isinstance(answer, Allowed) and verb != "quit"
    ]
    if on:
        verb = on[which % len(on)]
        numbers = _TO.get(verb, ("",))
        wire.press(verb, numbers[to % len(numbers)], text="1" if verb == "keypad" else "")


def _any_key(wire: Wire, move: AnyKey) -> None:
    calls = ["", *wire.desk.calls, "c9"]
    legs = ["", "", *wire.desk.legs, "c9.B9"]
    numbers = _TO.get(move.verb, ("", MARIA))
    wire.press(
        move.verb,
        numbers[move.to % len(numbers)],
        call=calls[move.call % len(calls)],
        leg=legs[move.leg % len(legs)],
        text=move.text,
    )
