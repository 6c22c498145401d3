"""Sounds: what a leg can hear, what can be played, and the queues that play it. Times are microseconds."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import NamedTuple

SECOND = 1_000_000
"""Microseconds in a second."""


class Sound(StrEnum):
    """What a leg can hear that is not a person."""

    HOLD = "hold"
    SPEECH = "speech"
    PLAYBACK = "playback"
    RINGING = "ringing"
    QUEUE = "queue"
    """The waiting sound of a room that has not started."""


@dataclass(frozen=True, slots=True)
class Hearing:
    """What truly reaches one leg's ear."""

    people: frozenset[str] = frozenset()
    """The legs whose voices reach this one."""
    sounds: frozenset[Sound] = frozenset()

    @property
    def silent(self) -> bool:
        """Whether neither a person nor a sound reaches this leg."""
        return not self.people and not self.sounds


@dataclass(frozen=True, slots=True)
class Tune:
    """A file that can be played: one of the media storage by name, or one at an address."""

    name: str = ""
    url: str = ""
    length: int = 0
    """Microseconds of one pass."""
    found: bool = True
    """Whether Telnyx can fetch it; what happens when not depends on the command (#15, #51)."""


class Where(StrEnum):
    """The place where a queue of sounds is heard."""

    LEG = "leg"
    OVERLAY = "overlay"
    SEAT = "seat"
    ROOM = "room"


class Queue(NamedTuple):
    """The key of one queue of sounds: its place, and the leg or room it belongs to."""

    where: Where
    id: str


@dataclass(frozen=True, slots=True)
class Play:
    """One sound in a queue; the head of the queue is what is heard."""

    sound: Sound
    length: int
    """Microseconds of one pass."""
    loops: int | None
    """Passes, None for `"infinity"`."""
    name: str = ""
    url: str = ""
    found: bool = True
    to_self: bool = True
    to_peer: bool = False
    then_bridge: bool = False
    """Its end lets the bridge of the leg's plan go ahead."""
