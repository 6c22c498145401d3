"""The whole mutable state of a world: a few dicts of frozen records, timers, and what has yet to be told."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import NamedTuple

from . import ids
from .account import Account, Application, Media
from .audio import SECOND, Play, Queue
from .knobs import Knobs
from .model import Leg, Reply, Room, Seat, Webhook
from .personas import Persona

DAY = 86_400 * SECOND
"""How long `call_events` remembers without a filter (telnyx-facts §2.10)."""
_TRIM_EVERY = 4_096


class TimerKind(StrEnum):
    """What a timer does when it is due."""

    RINGBACK = "ringback"
    OUR_ANSWER = "our_answer"
    RING_ENDS = "ring_ends"
    PARTY_ANSWERS = "party_answers"
    PARTY_REFUSES = "party_refuses"
    PARTY_LEAVES = "party_leaves"
    PARTY_LEAVES_HOLD = "party_leaves_hold"
    PARTY_PRESSES = "party_presses"
    TIME_LIMIT = "time_limit"
    FIRST_COMMAND = "first_command"
    PARKED_LIMIT = "parked_limit"
    PLAY_ENDS = "play_ends"
    HOLD_SOUND_ENDS = "hold_sound_ends"
    ROOM_EXPIRES = "room_expires"


class Timer(NamedTuple):
    """One scheduled thing. Timers due at the same microsecond run in the order they were set."""

    at: int
    order: int
    kind: TimerKind
    subject: str
    """The leg, the room, or `place:id` of a queue."""


@dataclass(frozen=True, slots=True)
class Command:
    """An accepted command, as `call_events` lists it."""

    at: int
    name: str
    leg: str
    body: Mapping[str, object]


class Remembered(NamedTuple):
    """A command that was executed, for the duplicates that carry its `command_id`."""

    at: int
    reply: Reply


class State:
    """Everything that changes. `clone` shares the records and copies the dicts."""

    __slots__ = (
        "account",
        "applications",
        "count",
        "knobs",
        "legs",
        "live",
        "log",
        "media",
        "memory",
        "names",
        "now",
        "outbox",
        "past",
        "personas",
        "queues",
        "rooms",
        "seed",
        "silent",
        "stamped",
        "timers",
    )

    def __init__(
        self, now: int, account: Account, knobs: Knobs, personas: Mapping[str, Persona], seed: int
    ) -> None:
        """`now` is microseconds UTC; all ids derive from `seed`."""
        self.account = account
        self.knobs = knobs
        self.personas = personas
        self.seed = seed
        self.now = now
        self.stamped = now
        self.count = 0
        self.applications: dict[str, Application] = {app.id: app for app in account.applications}
        self.legs: dict[str, Leg] = {}
        self.live: dict[str, None] = {}
        self.rooms: dict[str, Room] = {}
        self.names: dict[str, str] = {}
        self.queues: dict[Queue, tuple[Play, ...]] = {}
        self.timers: dict[tuple[TimerKind, str], Timer] = {}
        self.memory: dict[tuple[str, str], Remembered] = {}
        self.media: dict[str, Media] = {}
        self.outbox: list[Webhook] = []
        self.log: list[Webhook | Command] = []
        self.past: dict[str, tuple[tuple[int, tuple[Seat, ...]], ...]] = {}
        self.silent: dict[str, int] = {}

    def clone(self) -> State:
        """An independent copy."""
        twin = object.__new__(State)
        twin.account = self.account
        twin.knobs = self.knobs
        twin.personas = self.personas
        twin.seed = self.seed
        twin.now = self.now
        twin.stamped = self.stamped
        twin.count = self.count
        twin.applications = self.applications
        twin.legs = self.legs.copy()
        twin.live = self.live.copy()
        twin.rooms = self.rooms.copy()
        twin.names = self.names.copy()
        twin.queues = self.queues.copy()
        twin.timers = self.timers.copy()
        twin.memory = self.memory.copy()
        twin.media = self.media.copy()
        twin.outbox = self.outbox.copy()
        twin.log = self.log.copy()
        twin.past = self.past.copy()
        twin.silent = self.silent.copy()
        return twin

    def stamp(self) -> int:
        """The moment of the next event: the present, yet later than any event before: order shows."""
        self.stamped = max(self.now, self.stamped + 1)
        return self.stamped

    def next_count(self) -> int:
        """A number that no id has used."""
        self.count += 1
        return self.count

    def uuid(self, kind: str) -> str:
        """A fresh uuid."""
        return ids.uuid(self.seed, kind, self.next_count())

    def arm(self, kind: TimerKind, subject: str, delay: int) -> None:
        """Schedule `kind` for `subject` in `delay` microseconds, in place of the one it had."""
        self.timers[kind, subject] = Timer(self.now + delay, self.next_count(), kind, subject)

    def disarm(self, kind: TimerKind, subject: str) -> None:
        """Forget a timer, if there is one."""
        self.timers.pop((kind, subject), None)

    def disarm_all(self, subject: str) -> None:
        """Forget every timer of a leg or room."""
        for key in [key for key in self.timers if key[1] == subject]:
            del self.timers[key]

    def tell(self, webhook: Webhook) -> None:
        """Hand a webhook to delivery and to `call_events`."""
        self.outbox.append(webhook)
        self.record(webhook)

    def record(self, entry: Webhook | Command) -> None:
        """Add to what `call_events` lists, and let go of entries older than a day from time to time."""
        self.log.append(entry)
        if len(self.log) % _TRIM_EVERY == 0:
            self.log = [old for old in self.log if moment(old) >= self.now - DAY]

    def put(self, leg: Leg) -> Leg:
        """Store a leg's new record and return it."""
        self.legs[leg.ccid] = leg
        return leg

    def put_room(self, room: Room) -> Room:
        """Store a room's new record and return it, keeping the former list where reads trail (#54)."""
        lag = self.knobs.participants_lag_ms * 1_000
        if lag:
            shown = room.seats + room.left
            since = self.now - lag
            kept = self.past.get(room.id, ())
            first = max((i for i, (at, _) in enumerate(kept) if at <= since), default=0)
            self.past[room.id] = (*kept[first:], (self.now, shown))
        self.rooms[room.id] = room
        return room

    def put_seat(self, room: Room, seat: Seat) -> Room:
        """Store a member's new record, touched now."""
        seat = replace(seat, updated_at=self.now)
        seats = tuple(seat if old.ccid == seat.ccid else old for old in room.seats)
        return self.put_room(replace(room, seats=seats, updated_at=self.now))


def moment(entry: Webhook | Command) -> int:
    """When an entry of `call_events` happened, microseconds UTC."""
    return entry.occurred_at if isinstance(entry, Webhook) else entry.at
