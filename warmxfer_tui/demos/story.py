"""What a story is made of: its cast, its steps, and the claims that are checked on the way.

A claim is one fact in words: a *subject* (``the call``, ``the line``, ``the focus``, ``keys``, or a party's
name) and what is said of it (``CONSULT``, ``hears hold sound``, ``is ringing``, ``is away``). Belief and
truth are told in the same words (`observe`), so that checking a claim is comparing two texts.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from itertools import product

THE_CALL = "the call"
THE_LINE = "the line"
THE_FOCUS = "the focus"
KEYS = "keys"
YOU = "you"
MAYBE = "maybe "
_HEARS, _AND, _NOTHING = "hears ", " and ", "nothing"


class Part(StrEnum):
    """Who a member of the cast is."""

    CUSTOMER = "customer"
    AGENT = "you"
    TARGET = "target"


@dataclass(frozen=True, slots=True)
class Party:
    """One member of the cast."""

    name: str
    part: Part
    number: str
    """E.164."""
    habit: str = "manual"
    """The name of the persona (`simulator.world.personas`) that acts; `manual` does what the story says."""


class Deed(StrEnum):
    """What a party does with its phone when the story says so."""

    ANSWER = "answer"
    HANG_UP = "hang up"
    DECLINE = "decline"
    BUSY = "busy"


@dataclass(frozen=True, slots=True)
class Rings:
    """A customer calls in."""

    party: str


@dataclass(frozen=True, slots=True)
class Acts:
    """A party does something with its phone."""

    party: str
    deed: Deed


@dataclass(frozen=True, slots=True)
class Dials:
    """A party presses digits on its phone."""

    party: str
    digits: str


@dataclass(frozen=True, slots=True)
class Presses:
    """The agent presses a key at the console."""

    key: str
    party: str = ""
    """Whom it is about, for the keys that call somebody."""


@dataclass(frozen=True, slots=True)
class Passes:
    """Time passes."""

    seconds: float
    in_full: bool = False
    """A telling for people must not shorten it: something that the story is about takes that long."""


@dataclass(frozen=True, slots=True)
class Claim:
    """Something that is said to be so."""

    subject: str
    said: str
    line: int = 0
    """Where it stands in the story."""


@dataclass(frozen=True, slots=True)
class Waits:
    """Time passes until a claim holds, for both belief and truth."""

    claim: Claim
    within: float
    """Seconds after which the story has failed."""


@dataclass(frozen=True, slots=True)
class Moment:
    """A marked moment: everything that is claimed of it must hold, for belief and for truth."""

    title: str
    claims: tuple[Claim, ...]


Deeds = Rings | Acts | Dials | Presses | Passes | Waits | Moment


@dataclass(frozen=True, slots=True)
class Step:
    """One sentence of a story."""

    line: int
    text: str
    does: Deeds
    remark: str = ""
    """What the author says beside it, for whoever reads or watches."""


@dataclass(frozen=True, slots=True)
class Story:
    """A whole story."""

    name: str
    title: str
    cast: tuple[Party, ...]
    knobs: Mapping[str, tuple[str, ...]]
    """The undocumented points of the API that this story turns, and the answers it must hold under."""
    steps: tuple[Step, ...]

    def party(self, name: str) -> Party:
        """The member of the cast with this name. Raises `KeyError` when there is none."""
        for party in self.cast:
            if party.name == name:
                return party
        raise KeyError(name)

    def of(self, part: Part) -> tuple[Party, ...]:
        """The members of the cast that play a part."""
        return tuple(party for party in self.cast if party.part is part)

    def subjects(self) -> tuple[str, ...]:
        """What every marked moment of this story must speak of."""
        customers = self.of(Part.CUSTOMER)
        several = len(customers) > 1
        calls = tuple(call_of(party.name, several) for party in customers)
        focus = (THE_FOCUS,) if several else ()
        return (*calls, THE_LINE, *focus, *(party.name for party in self.cast), KEYS)

    @property
    def world(self) -> Mapping[str, str]:
        """The first of the worlds: the one for a telling that is not repeated."""
        return next(iter(self.worlds()))

    def worlds(self) -> Iterator[Mapping[str, str]]:
        """Every combination of the knobs: the story is told once in each."""
        for values in product(*self.knobs.values()):
            yield dict(zip(self.knobs, values, strict=True))


def call_of(customer: str, several: bool) -> str:
    """The subject that a customer's call is; where there is one customer only, it needs no name."""
    return f"{THE_CALL} of {customer}" if several else THE_CALL


def allows(said: str, true: str) -> bool:
    """Whether what is said leaves room for what is so: somebody who is heard *maybe* is heard, or is not."""
    told, so = (set(text.removeprefix(_HEARS).split(_AND)) - {_NOTHING} for text in (said, true))
    if not (said.startswith(_HEARS) and true.startswith(_HEARS)):
        return said == true
    doubtful = {thing.removeprefix(MAYBE) for thing in told if thing.startswith(MAYBE)}
    certain = {thing for thing in told if not thing.startswith(MAYBE)}
    return certain <= so <= certain | doubtful


def listed(things: frozenset[str] | set[str]) -> str:
    """Several things in words, always in the same order."""
    return _AND.join(sorted(things)) or _NOTHING
