"""What the people and machines at the far ends do on their own.

A persona is a handful of fixed delays: a world with the same inputs always tells the same story. `PERSONAS`
gives each its own fictional number (+1 202 555 01xx); a `sip:` address names its persona by its user part,
as in `sip:busy@example.com`; every other number is an ordinary colleague.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum


class Ring(StrEnum):
    """What a ringing phone does in the end."""

    ANSWERS = "answers"
    BUSY = "busy"
    DECLINES = "declines"
    NEVER = "never"
    NOT_FOUND = "not_found"
    MANUAL = "manual"


@dataclass(frozen=True, slots=True)
class Persona:
    """One party's habits. Every delay is in seconds; None means that it never does this by itself."""

    name: str
    on_ring: Ring = Ring.ANSWERS
    """What it does when we dial it. `NEVER` and `MANUAL` both let it ring."""
    after: float = 4.0
    """How long it rings first."""
    hangs_up_after: float | None = None
    """Counted from the answer."""
    leaves_hold_after: float | None = None
    """Counted from the start of an unbroken hold."""
    gives_up_after: float | None = None
    """As a caller: how long it lets us ring."""
    presses: str = ""
    """The digit it presses once, on first hearing our speech or playback."""
    presses_after: float = 1.0
    """Counted from hearing it."""
    machine: bool = False
    """A voicemail: what answers speaks, and is nobody."""
    hangup_cause: str | None = None
    """Overrides the cause of its refusal (#38)."""
    sip_hangup_cause: str | None = None
    """Overrides the SIP status of its refusal (#38)."""

    @property
    def reacts(self) -> bool:
        """Whether anything it hears makes it do something."""
        return bool(self.presses) or self.leaves_hold_after is not None


COLLEAGUE = Persona("colleague")
"""An ordinary phone: picked up after a few rings."""

MANUAL = Persona("manual", on_ring=Ring.MANUAL)
"""Does nothing by itself: tests and the explorer steer it."""

PERSONAS: Mapping[str, Persona] = {
    "+12025550101": Persona("line", after=1.5, presses="1"),
    "+12025550102": Persona("line-voicemail", after=6.0, hangs_up_after=45.0, machine=True),
    "+12025550110": COLLEAGUE,
    "+12025550111": Persona("busy", on_ring=Ring.BUSY, after=0.5),
    "+12025550112": Persona("declines", on_ring=Ring.DECLINES, after=3.0),
    "+12025550113": Persona("never", on_ring=Ring.NEVER),
    "+12025550114": Persona("voicemail", after=8.0, hangs_up_after=60.0, machine=True),
    "+12025550115": Persona("quitter", after=3.0, hangs_up_after=6.0),
    "+12025550116": Persona("wrong-number", on_ring=Ring.NOT_FOUND, after=0.5),
    "+12025550117": Persona("slow", after=18.0),
    "+12025550118": MANUAL,
    "+12025550120": Persona("customer", after=3.0),
    "+12025550121": Persona("impatient", after=3.0, leaves_hold_after=10.0),
    "+12025550122": Persona("hasty-caller", after=3.0, gives_up_after=6.0),
    "+12025550123": Persona("brief-customer", after=3.0, hangs_up_after=12.0),
}
"""The built-in parties by number: the agent's line 01xx0x, targets 011x, customers 012x."""

_BY_NAME = {persona.name: persona for persona in PERSONAS.values()}


def persona_of(number: str, own: Mapping[str, Persona]) -> Persona:
    """Who is at this number or SIP address; `own` comes before the built-in table."""
    if (persona := own.get(number) or PERSONAS.get(number)) is not None:
        return persona
    if number.startswith("sip:"):
        user = number.removeprefix("sip:").partition("@")[0]
        return _BY_NAME.get(user, COLLEAGUE)
    return COLLEAGUE
