"""Two states are one when they differ only in ids, keys, clock readings or the event strip.

Ids are renamed in order of first use; times become the order of what is armed; the carrier's times become
their rank; a leg that has ended, and of which nothing is in flight, can change nothing any more and is left
out, so that a consult that was called off leads back to the very state it began in.
"""

from __future__ import annotations

from collections.abc import Hashable, Mapping

from tests.pair import InFlight, Pair
from warmxfer_tui.core.model import Call, Leg
from warmxfer_tui.core.terms import Ccid

BUCKET = 250_000
"""Microseconds: silence counted more finely than that is the same silence."""


class Canon:
    """The names that one pair's state is told in."""

    def __init__(self, pair: Pair, met: frozenset[str]) -> None:
        self.pair, self.met = pair, met
        desk, world = pair.desk, pair.world
        told = {hook.leg for item in pair.flight if (hook := item.webhook) is not None}
        asked = {ask.leg for ask in desk.asks.values()}
        self.legs = [leg for leg in desk.legs.values() if leg.alive or leg.ccid in told or leg.id in asked]
        self.name: dict[str, str] = {}
        for leg in self.legs:
            self.name[leg.id] = f"{leg.role}{sum(1 for n in self.name.values() if n[0] == leg.role)}"
        self.ours = {leg.ccid: self.name[leg.id] for leg in self.legs if leg.ccid}
        present = [ccid for ccid, leg in world.legs.items() if leg.alive or ccid in told]
        self.ccids = {ccid: i for i, ccid in enumerate(present)}
        self.rooms = {room: i for i, room in enumerate(r for r, room in world.rooms.items() if room.alive)}
        self.asks = {ask: i for i, ask in enumerate(desk.asks)}
        times = {leg.room_at for leg in self.legs} | {leg.speech_at for leg in self.legs}
        times |= {i.webhook.occurred_at // 1000 for i in pair.flight if i.webhook is not None}
        self.rank = {at: i for i, at in enumerate(sorted(times))}

    def state(self) -> Hashable:
        desk = self.pair.desk
        line = desk.line
        timers = sorted(desk.timers.items(), key=lambda item: item[1])
        return (
            tuple(self._leg(leg) for leg in self.legs),
            tuple(self._call(call) for call in desk.calls.values()),
            (line.state, self._named(line.leg), line.seat, line.before, line.mute, line.must_press),
            tuple((t.clock, self._named(t.subject)) for t, _ in timers),
            tuple((type(a.request), self._named(a.leg)) for a in desk.asks.values()),
            (desk.dropping is not None, desk.unattended),
            self._world(),
            frozenset(self._flying(item) for item in self.pair.flight),
        )

    def _named(self, subject: str | None) -> str:
        return self.name.get(subject or "", subject if subject and "." not in subject else "gone")

    def _leg(self, leg: Leg) -> Hashable:
        pending = tuple(
            (p.verb, self.asks.get(p.ask, -1), p.replied_at is not None, p.unclear, self._room(p.room))
            for p in leg.pending
        )
        return (
            self.name[leg.id],
            self.ccids.get(leg.ccid or "", -1),
            leg.phase,
            self._room(leg.room),
            self.rank[leg.room_at],
            self.rank[leg.speech_at],
            (leg.held, leg.muted, leg.contradicted, leg.means, leg.heard_at is not None, leg.looping),
            (leg.saying, leg.leg_speeches, leg.room_speeches, leg.voicing),
            pending,
            leg.tries,
            leg.hanging_up,
            leg.leaving,
        )

    def _room(self, room: str | None) -> int:
        return self.rooms.get(room or "", -1)

    def _call(self, call: Call) -> Hashable:
        flags = (call.accepting, call.cover, call.survived, call.ask_agent, call.room_asked, call.naming_room)
        target = self._named(call.target) if call.target else ""
        quiet = call.silent_at is not None
        met = call.target in self.met
        return (call.state, call.origin, call.by, self._room(call.room), target, flags, quiet, met)

    def _world(self) -> Hashable:
        world = self.pair.world
        legs = tuple(
            (
                leg.state,
                leg.answering,
                self._room(leg.room),
                leg.ringback,
                leg.has_pressed,
                self.ours.get(Ccid(ccid)),
            )
            for ccid, leg in world.legs.items()
            if ccid in self.ccids
        )
        rooms = tuple(
            (room.status, tuple((self.ccids.get(s.ccid, -1), s.held, s.muted) for s in room.seats))
            for room in world.rooms.values()
            if room.alive
        )
        silence = tuple((world.now - since) // BUCKET for since in self._silences())
        state = world._s  # what is armed and playing concerns nobody but the explorer
        armed = tuple((timer.kind, self._place(timer.subject)) for timer in sorted(state.timers.values()))
        playing = tuple(
            (key.where, self._place(key.id), plays[0].sound) for key, plays in state.queues.items()
        )
        return legs, rooms, silence, armed, playing

    def _silences(self) -> list[int]:
        world = self.pair.world
        return [since for ccid in self.ccids if (since := world.silence_since(ccid)) is not None]

    def _place(self, subject: str) -> Hashable:
        for names in (self.ccids, self.rooms):
            for known, i in names.items():
                if known in subject:
                    return i
        return "gone"

    def _flying(self, item: InFlight) -> Hashable:
        if item.webhook is not None:
            hook = item.webhook
            at = self.rank[hook.occurred_at // 1000]
            return ("hook", hook.event_type, self.ccids.get(hook.leg or "", -1), at, self._room_of(hook.body))
        assert item.ask is not None
        at = self.asks.get(item.ask.id, -1)
        if item.event is None:
            return ("request", type(item.ask.request).__name__, self._named(item.ask.leg), at)
        return (
            "reply",
            type(item.ask.request).__name__,
            self._named(item.ask.leg),
            at,
            self._reply(item.event),
        )

    def _room_of(self, body: Mapping[str, object]) -> int:
        data = body["data"]
        assert isinstance(data, dict)
        return self._room(data["payload"].get("conference_id"))

    def _reply(self, reply: object) -> Hashable:
        members = getattr(reply, "members", None)
        if members is not None:
            return tuple((self.ccids.get(m.ccid, -1), m.on_hold, m.muted) for m in members)
        return (type(reply).__name__, getattr(reply, "code", ""))


def canonical(pair: Pair, met: frozenset[str]) -> Hashable:
    """The state of a pair, without what does not matter. `met`: targets that C was meant to hear."""
    return Canon(pair, met).state()
