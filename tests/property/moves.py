"""What may happen in a story: keys, people, the network, the fault plan. Every move fits any moment.

A move names things by an index that is taken modulo what there is, so that Hypothesis can leave moves out
and make numbers smaller without making a story impossible.
"""

from __future__ import annotations

from dataclasses import dataclass

from tests.pair import CUSTOMER, MARIA
from tests.property.faults import FALSE, Fault
from tests.property.wire import Wire
from warmxfer_tui.core.actions import Allowed, allowed
from warmxfer_tui.core.events import ConsoleBack, ConsoleLost

CALLERS = (CUSTOMER, "+12025550121", "+12025550122")
TARGETS = (MARIA, *(f"+1202555011{n}" for n in range(8)))
"""Maria, who is steered by hand, and the personas: colleague, busy, declines, never, voicemail, ..."""
NUMBERS = {"dial": CALLERS, "consult": TARGETS, "aside": TARGETS, "blind": TARGETS}
"""Whom a verb may call."""
CALLS_AT_ONCE = 2
STRANGERS = 2
_SELDOM = frozenset({"drop", "reject", "mute", "keypad", "focus"})


@dataclass(frozen=True, slots=True)
class Nothing:
    """What every move shrinks to, so that stories are long and failures short."""

    def play(self, wire: Wire) -> None:
        """Leave everything as it is."""


@dataclass(frozen=True, slots=True)
class Key:
    """A key that works now, on the focused call."""

    which: int
    to: int = 0

    def play(self, wire: Wire) -> None:
        """Press what moves people more often than what ends a story or only decorates it."""
        answers = allowed(wire.desk).items()
        on = [verb for verb, answer in answers if isinstance(answer, Allowed) and verb != "quit"]
        weighted = [verb for verb in on if verb not in _SELDOM] * 4 + [verb for verb in on if verb in _SELDOM]
        weighted += [""] * (8 - len(weighted))
        if verb := weighted[self.which % len(weighted)]:
            numbers = NUMBERS.get(verb, ("",))
            wire.press(verb, numbers[self.to % len(numbers)], text="1" if verb == "keypad" else "")


@dataclass(frozen=True, slots=True)
class AnyKey:
    """Any verb of the registry, allowed or not, on any leg and call, known or not."""

    verb: str
    call: int
    leg: int
    to: int
    text: str

    def play(self, wire: Wire) -> None:
        """Press it."""
        calls = ["", *wire.desk.calls, "c9"]
        legs = ["", "", *wire.desk.legs, "c9.B9"]
        numbers = NUMBERS.get(self.verb, ("", MARIA))
        wire.press(
            self.verb,
            numbers[self.to % len(numbers)],
            call=calls[self.call % len(calls)],
            leg=legs[self.leg % len(legs)],
            text=self.text,
        )


@dataclass(frozen=True, slots=True)
class RingIn:
    """A customer calls."""

    who: int

    def play(self, wire: Wire) -> None:
        """Ring, unless there are callers enough."""
        if sum(wire.world.legs[ccid].alive for ccid in wire.customers) < CALLS_AT_ONCE:
            wire.ring_in(CALLERS[self.who % len(CALLERS)], name=f"Caller {self.who}")


@dataclass(frozen=True, slots=True)
class Party:
    """Somebody at the far end does something."""

    action: str
    who: int

    def play(self, wire: Wire) -> None:
        """Let one of those alive do it, where it can."""
        alive = [ccid for ccid, leg in wire.world.legs.items() if leg.alive]
        if alive:
            wire.party(self.action, alive[self.who % len(alive)])


@dataclass(frozen=True, slots=True)
class Land:
    """Something in flight arrives."""

    which: int

    def play(self, wire: Wire) -> None:
        """Deliver it, out of turn."""
        if wire.flight:
            wire.deliver(self.which % len(wire.flight))


@dataclass(frozen=True, slots=True)
class Quiet:
    """Everything in flight arrives, in order, and some time passes."""

    ms: int

    def play(self, wire: Wire) -> None:
        """Wait."""
        wire.pass_time(self.ms)


@dataclass(frozen=True, slots=True)
class Linger:
    """Time passes while things are in flight."""

    ms: int

    def play(self, wire: Wire) -> None:
        """Wait, as long as nothing becomes overdue."""
        wire.linger(self.ms)


@dataclass(frozen=True, slots=True)
class Echo:
    """A webhook comes a second time."""

    which: int

    def play(self, wire: Wire) -> None:
        """Send it again."""
        wire.echo(self.which)


@dataclass(frozen=True, slots=True)
class Refuse:
    """The next requests are refused."""

    fault: Fault
    times: int

    def play(self, wire: Wire) -> None:
        """Add to the fault plan."""
        wire.faults.extend([self.fault] * self.times)
        wire.lied_to = wire.lied_to or self.fault in FALSE


@dataclass(frozen=True, slots=True)
class Bar:
    """The next requests of one kind are refused, all others are not."""

    verb: str
    fault: Fault
    times: int

    def play(self, wire: Wire) -> None:
        """Put it in the place of the plan for any one kind: two at once may leave no way at all."""
        wire.barred = {self.verb: [self.fault] * self.times}


@dataclass(frozen=True, slots=True)
class Stranger:
    """Somebody unknown joins a room."""

    room: int

    def play(self, wire: Wire) -> None:
        """Join, where there is a room."""
        rooms = [room.id for room in wire.world.rooms.values() if room.alive]
        if rooms and len(wire.strangers) < STRANGERS:
            wire.stranger_joins(rooms[self.room % len(rooms)])


@dataclass(frozen=True, slots=True)
class Killed:
    """The console is killed and started again."""

    ms: int
    heard: bool
    remembered: bool

    def play(self, wire: Wire) -> None:
        """Lose what only the process knew."""
        wire.killed(self.ms, heard=self.heard, remembered=self.remembered)


@dataclass(frozen=True, slots=True)
class Lose:
    """The console is lost."""

    def play(self, wire: Wire) -> None:
        """From here on no key is pressed."""
        wire.console(ConsoleLost)


@dataclass(frozen=True, slots=True)
class Return:
    """A console is back."""

    def play(self, wire: Wire) -> None:
        """Keys work again."""
        wire.console(ConsoleBack)


Ordinary = Nothing | Key | AnyKey | RingIn | Party | Land | Quiet | Linger | Echo | Refuse | Bar | Stranger
Move = Ordinary | Killed | Lose | Return
