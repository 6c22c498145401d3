"""The world: one value that answers requests, lets time pass, and knows who truly hears whom.

Pure: time comes in as microseconds UTC, chance as a seed. Whatever is done to the world, by a request, by a
party or by time, ends with the same two looks around: personas notice what they now hear, and the clock of
silence starts or stops for every leg.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from . import hearing, legs, members, parties, sounds
from .account import Account, Application
from .audio import Hearing, Play, Queue
from .commands import recall
from .endings import CLEARED, TIME_LIMIT, Ending, end_leg, end_room
from .errors import Refused
from .knobs import Knobs
from .model import Leg, Reply, Room, Webhook
from .params import Request
from .personas import Persona, persona_of
from .routes import route
from .state import State, Timer, TimerKind

_NOTHING: Mapping[str, object] = MappingProxyType({})


class World:
    """A Telnyx account with a phone network behind it."""

    __slots__ = ("_s",)

    def __init__(
        self,
        *,
        now: int,
        account: Account,
        knobs: Knobs = Knobs(),  # noqa: B008
        personas: Mapping[str, Persona] = MappingProxyType({}),
        seed: int = 0,
    ) -> None:
        """`now` is microseconds UTC. `personas` by number come before the built-in ones."""
        self._s = State(now, account, knobs, personas, seed)

    @property
    def now(self) -> int:
        """The present, in microseconds UTC."""
        return self._s.now

    @property
    def account(self) -> Account:
        """The account as it was opened; for its applications as they are now, see `applications`."""
        return self._s.account

    @property
    def applications(self) -> Mapping[str, Application]:
        """The Call Control Applications by id, with what `PATCH` has changed."""
        return MappingProxyType(self._s.applications)

    @property
    def knobs(self) -> Knobs:
        """The answers to the undocumented points."""
        return self._s.knobs

    @property
    def legs(self) -> Mapping[str, Leg]:
        """Every leg there ever was, by call control id, in the order of their beginning."""
        return MappingProxyType(self._s.legs)

    @property
    def rooms(self) -> Mapping[str, Room]:
        """Every room there ever was, by id."""
        return MappingProxyType(self._s.rooms)

    @property
    def next_due(self) -> int | None:
        """The moment of the next scheduled thing, None when nothing is."""
        timers = self._s.timers
        return min(timers.values()).at if timers else None

    @property
    def timers(self) -> tuple[Timer, ...]:
        """What is scheduled, soonest first."""
        return tuple(sorted(self._s.timers.values()))

    @property
    def queues(self) -> Mapping[Queue, tuple[Play, ...]]:
        """What speech and playback sound and wait; the first of a queue is what is heard."""
        return MappingProxyType(self._s.queues)

    @property
    def remembered(self) -> frozenset[tuple[str, str]]:
        """The command ids whose repetition is ignored now, each with the leg or room that it holds for."""
        return frozenset(key for key in self._s.memory if recall(self._s, *key) is not None)

    def clone(self) -> World:
        """An independent copy, which shares only what never changes."""
        twin = object.__new__(World)
        twin._s = self._s.clone()
        return twin

    def handle(
        self, method: str, path: str, query: Mapping[str, str], body: Mapping[str, object] | None
    ) -> Reply:
        """Answer one request, and let it take effect. `path` is decoded and without `/v2`.

        A refused request has changed nothing.
        """
        try:
            endpoint, args = route(method, path)
            reply = endpoint(self._s, Request(args, query, _NOTHING if body is None else body))
        except Refused as refused:
            return refused.reply
        parties.react(self._s)
        return reply

    def advance(self, now: int) -> None:
        """Run everything due up to `now`, in order. Time does not go back: an earlier `now` does nothing."""
        s = self._s
        while s.timers:
            timer = min(s.timers.values())
            if timer.at > now:
                break
            del s.timers[timer.kind, timer.subject]
            s.now = max(s.now, timer.at)
            _fire(s, timer)
            parties.react(s)
        s.now = max(s.now, now)

    def take_webhooks(self) -> tuple[Webhook, ...]:
        """What has happened since the last call, in order."""
        taken = tuple(self._s.outbox)
        self._s.outbox.clear()
        return taken

    def ring_in(self, customer: str, *, name: str = "", persona: Persona | None = None) -> str:
        """Let a customer ring the account's first number; return the call control id of the leg."""
        s = self._s
        who = persona or persona_of(customer, s.personas)
        leg = legs.ring_in(s, customer, s.account.numbers[0], name or customer, who)
        parties.react(s)
        return leg.ccid

    def party_answers(self, ccid: str) -> bool:
        """The dialled party picks up. Like every party action: False, and no change, where it can't be."""
        return self._after(parties.answers(self._s, ccid))

    def party_hangs_up(self, ccid: str) -> bool:
        """The party rings off, or stops ringing us."""
        return self._after(parties.hangs_up(self._s, ccid))

    def party_declines(self, ccid: str) -> bool:
        """The dialled party refuses the call."""
        return self._after(parties.declines(self._s, ccid))

    def party_is_busy(self, ccid: str) -> bool:
        """The dialled party turns out to be busy."""
        return self._after(parties.is_busy(self._s, ccid))

    def party_presses(self, ccid: str, digit: str) -> bool:
        """The party presses a key: 0-9, *, # or A-D."""
        return self._after(parties.presses(self._s, ccid, digit))

    def _after(self, happened: bool) -> bool:
        if happened:
            parties.react(self._s)
        return happened

    def hears(self, ccid: str) -> Hearing:
        """The truth: what reaches the ear at the far end of this leg."""
        return hearing.hears(self._s, ccid)

    def silence_since(self, ccid: str) -> int | None:
        """When the present unbroken silence of an answered, live leg began; None if there is none."""
        return self._s.silent.get(ccid)


def _fire(s: State, timer: Timer) -> None:
    """Do what a timer is for."""
    ccid = timer.subject
    match timer.kind:
        case TimerKind.RINGBACK:
            legs.ring_back(s, ccid)
        case TimerKind.OUR_ANSWER:
            legs.answer(s, ccid)
        case TimerKind.PARTY_ANSWERS:
            parties.answers(s, ccid)
        case TimerKind.PARTY_REFUSES:
            parties.refuse_as_persona(s, ccid)
        case TimerKind.PARTY_LEAVES | TimerKind.PARTY_LEAVES_HOLD:
            parties.hangs_up(s, ccid)
        case TimerKind.PARTY_PRESSES:
            parties.presses(s, ccid, s.legs[ccid].persona.presses)
        case TimerKind.PLAY_ENDS:
            _play_ends(s, sounds.queue_of(timer.subject))
        case TimerKind.HOLD_SOUND_ENDS:
            members.hold_sound_ends(s, ccid)
        case TimerKind.ROOM_EXPIRES:
            end_room(s, timer.subject, "time_exceeded")
        case _:
            _limit(s, timer)


def _limit(s: State, timer: Timer) -> None:
    """End a leg that has reached one of its limits."""
    leg = s.legs[timer.subject]
    match timer.kind:
        case TimerKind.RING_ENDS:
            end_leg(s, leg.ccid, Ending(leg.give_up, "487"))
        case TimerKind.TIME_LIMIT:
            end_leg(s, leg.ccid, TIME_LIMIT)
        case TimerKind.FIRST_COMMAND | TimerKind.PARKED_LIMIT:
            end_leg(s, leg.ccid, CLEARED)


def _play_ends(s: State, queue: Queue) -> None:
    ended = sounds.finish(s, queue)
    if ended is not None and ended.then_bridge:
        legs.bridge_as_planned(s, queue.id)
