"""One step in the making: a desk being changed, and the requests and signals that the change causes.

`Turn` is the only mutable thing in the core. It lives inside one call of `machine.step`, is filled from a
frozen `Desk` and frozen again at the end, so that from outside a step is a pure function.
"""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any

from warmxfer_tui.core.commands import Ask, Dial, FindRoom, Hangup, ReadCall, ReadRoom, Request, Survey
from warmxfer_tui.core.model import Call, Desk, Ending, Leg, Notice
from warmxfer_tui.core.terms import AskId, CallId, Ccid, Clock, LegId, Phase, Role, State, Timer

NOTICES_KEPT = 50
GONE_KEPT = 200
UNCLAIMED_KEPT = 20
GIVEN_UP = "given up"
"""Our own cause for a leg whose dial never got an id: if it shows up after all, it is hung up."""
_SEEN_KEPT = 2_000


class When(StrEnum):
    """The kinds of signal that rows of the behaviour table answer."""

    KEY = "key"
    RANG = "rang"
    ANSWERED = "answered"
    LOST = "lost"
    ENTERED = "entered"
    STEPPED_OUT = "stepped out"
    CONFIRMED = "line confirmed"
    LINE_FAILED = "line failed"
    REFUSED = "refused"
    PROVEN = "proven"
    ROOM_GONE = "room gone"
    SPOKEN = "spoken"
    BRIDGED = "bridged"
    DUE = "due"
    UNATTENDED = "unattended"


@dataclass(frozen=True, slots=True)
class Signal:
    """Something that has just become known, in the terms of the behaviour table."""

    when: When
    of: str = ""
    """A role's letter, a verb, a clock or a request's verb: what the row is about."""
    call: CallId | None = None
    leg: LegId | None = None
    detail: Any = None


class Turn:
    """A desk being changed by one event."""

    def __init__(self, desk: Desk, at: int) -> None:
        self.now = max(desk.now, at)
        self.policy = desk.policy
        self.legs = dict(desk.legs)
        self.calls = dict(desk.calls)
        self.timers = dict(desk.timers)
        self.asks = dict(desk.asks)
        self.line = desk.line
        self.focus = desk.focus
        self.notices = desk.notices
        self.calm_until, self.spare = desk.calm_until, desk.spare
        self.backlog = list(desk.backlog)
        self.gone = desk.gone
        self.unclaimed = desk.unclaimed
        self.dropping = desk.dropping
        self.lost_at = desk.lost_at
        self.sound_doubted = desk.sound_doubted
        self.aim = desk.aim
        self.webhook_at, self.webhook_late = desk.webhook_at, desk.webhook_late
        self.resuming, self.waiting, self.absence = desk.resuming, desk.waiting, desk.absence
        self.fading = desk.fading
        self.unheard_since, self.resumed_at = desk.unheard_since, desk.resumed_at
        self.sent: list[Ask] = []
        self.rows: list[str] = []
        self.signals: deque[Signal] = deque()
        self.row = ""
        self.moved = False
        """An arrival changed a call: steering has to look again."""
        self._was = desk
        self._seen = desk.seen
        self._next_call = desk.next_call
        self._next_ask = desk.next_ask

    def desk(self) -> Desk:
        """The changed desk, frozen."""
        return replace(
            self._was,
            policy=self.policy,
            now=self.now,
            legs=self.legs,
            calls=self.calls,
            timers=self.timers,
            asks=self.asks,
            line=self.line,
            focus=self.focus,
            notices=self.notices,
            calm_until=self.calm_until,
            spare=self.spare,
            backlog=tuple(self.backlog),
            gone=self.gone,
            unclaimed=self.unclaimed,
            dropping=self.dropping,
            lost_at=self.lost_at,
            sound_doubted=self.sound_doubted,
            aim=self.aim if self.aim in self.legs else None,
            webhook_at=self.webhook_at,
            webhook_late=self.webhook_late,
            resuming=self.resuming,
            waiting=self.waiting,
            absence=self.absence,
            unheard_since=self.unheard_since,
            resumed_at=self.resumed_at,
            fading=self.fading,
            seen=self._seen,
            next_call=self._next_call,
            next_ask=self._next_ask,
        )

    # --- who is who ------------------------------------------------------------------------------------

    def customer(self, call: Call) -> Leg:
        """C of a call."""
        return self.legs[call.customer]

    def target(self, call: Call) -> Leg | None:
        """B of a call, if it has one that lives."""
        leg = self.legs.get(call.target) if call.target else None
        return leg if leg and leg.alive else None

    def blind_target(self, call: Call) -> Leg | None:
        """The living target that the carrier was asked to ring and to bridge with C, wanted still or not."""
        own = (leg for leg in self.legs.values() if leg.id.startswith(f"{call.id}."))
        return next((leg for leg in own if leg.blind and leg.alive), None)

    def agent(self) -> Leg | None:
        """A's leg, if it lives."""
        leg = self.legs.get(self.line.leg) if self.line.leg else None
        return leg if leg and leg.alive else None

    def desk_leg(self, ccid: Ccid) -> Leg | None:
        """The leg that the carrier calls `ccid`."""
        return next((leg for leg in self.legs.values() if leg.ccid == ccid), None)

    def call_of(self, leg: Leg) -> Call | None:
        """The call that a leg belongs to: for A, the one it is seated in."""
        if leg.role is Role.AGENT:
            return self.calls.get(self.line.seat) if self.line.seat and leg.id == self.line.leg else None
        return self.calls.get(CallId(leg.id.split(".")[0]))

    # --- change ----------------------------------------------------------------------------------------

    def set_leg(self, leg_id: LegId, **changes: Any) -> Leg:
        """Replace fields of a leg."""
        self.legs[leg_id] = leg = replace(self.legs[leg_id], **changes)
        return leg

    def set_call(self, call_id: CallId, **changes: Any) -> Call:
        """Replace fields of a call."""
        self.calls[call_id] = call = replace(self.calls[call_id], **changes)
        return call

    def set_line(self, **changes: Any) -> None:
        """Replace fields of the agent's line."""
        self.line = replace(self.line, **changes)

    def unbridge(self, leg: Leg) -> None:
        """A bridge is over: whoever was in it and lives is parked."""
        for one in (leg.id, leg.bridged):
            if leg.bridged is not None and one in self.legs:
                self.set_leg(one, bridged=None, proven_at=self.now)

    def end(self, leg: Leg, cause: str, sip: str = "") -> None:
        """A leg is gone, and with it its room, its bridge, its lane and its timers (I7)."""
        self.unbridge(leg)
        self.set_leg(
            leg.id,
            phase=Phase.ENDED,
            phase_at=self.now,
            ending=Ending(cause, sip, self.now, answered=leg.phase is Phase.ANSWERED),
            room=None,
            held=False,
            pending=(),
            saying="",
            looping=False,
            leg_speeches=0,
            room_speeches=0,
            voicing=False,
            heard_at=None,
            leaving="",
        )
        self.disarm_all(leg.id)
        self.signal(When.LOST, leg.role, leg=leg.id, detail=leg)

    def enter(self, call: Call, state: State, *, by: str = "", pending: bool = False) -> Call:
        """Move a call to a state; with `pending`, it is asked for and falls back to where it was.

        At an unattended desk that state has to do without a key: the table is asked about it (LOST).
        """
        current = self.calls[call.id]
        origin = (current.origin or current.state) if pending else None
        since = current.since if current.state is state else self.now
        if self.lost_at is not None and current.state is not state:
            self.signal(When.UNATTENDED, call=call.id)
        return self.set_call(call.id, state=state, origin=origin, by=by if pending else "", since=since)

    def new_call(self, state: State) -> Call:
        """A new call with the next id; its customer's leg is to be added."""
        call_id = CallId(f"c{self._next_call}")
        self._next_call += 1
        self.calls[call_id] = call = Call(call_id, state, self.now, LegId(f"{call_id}.C"))
        if self.focus not in self.calls:
            self.focus = call_id
        return call

    def forget(self, call: Call) -> None:
        """Take an ended call and its legs from the desk."""
        del self.calls[call.id]
        for leg in [leg for leg in self.legs.values() if leg.id.startswith(f"{call.id}.")]:
            self.disarm_all(leg.id)
            self.ring_off(leg.ccid)
            del self.legs[leg.id]
        self.disarm_all(call.id)
        if self.focus == call.id:
            self.focus = next(iter(self.calls), None)
        if not self.calls:
            self._seen = frozenset()

    def ring_off(self, ccid: Ccid | None) -> None:
        """Remember that a leg is gone: a late or doubled word of its beginning begins nothing (I8)."""
        if ccid is not None:
            self.gone = (*self.gone, ccid)[-GONE_KEPT:]

    def first_sight(self, event_id: str) -> bool:
        """Remember a webhook's id; False when it was applied before."""
        if event_id in self._seen:
            return False
        self._seen = frozenset([event_id]) if len(self._seen) >= _SEEN_KEPT else self._seen | {event_id}
        return True

    # --- what leaves -----------------------------------------------------------------------------------

    def ask(self, request: Request, *, call: CallId | None = None, leg: LegId | None = None) -> AskId:
        """Send a request; its key is unique, so that a later attempt is another command (I5)."""
        number = AskId(self._next_ask)
        self._next_ask += 1
        verb = type(request).__name__.lower()
        ask = Ask(
            number, request, f"{call or '-'}/{verb}/{leg or '-'}/{number}", self.now, call, leg, self.row
        )
        self.asks[number] = ask
        waits = self.now < self.calm_until and not isinstance(request, Hangup)
        if self.resuming:  # what was believed is not yet known to be so: reads alone may leave
            waits = not isinstance(request, ReadRoom | ReadCall | FindRoom | Survey)
        (self.backlog if waits else self.sent).append(ask)
        return number

    def skip_asks(self, count: int) -> None:
        """Leave ids out, for requests that may have been made and are not remembered (`design.md` §3.6)."""
        self._next_ask += count

    def ask_later(self, ask: Ask) -> None:
        """Send the very same command once the carrier looks at commands again: now it did not (ANY-4)."""
        self.asks[ask.id] = ask
        self.backlog.append(ask)

    def send_backlog(self) -> None:
        """The carrier's limit is over: send what waited."""
        if self.now >= self.calm_until:
            self.sent += self.backlog
            self.backlog = []

    def unsend(self, leg: LegId) -> bool:
        """Take back what still waits to be asked for a leg; True if its dial was among it."""
        waiting = [ask for ask in self.backlog if ask.leg == leg]
        self.backlog = [ask for ask in self.backlog if ask.leg != leg]
        for ask in waiting:
            del self.asks[ask.id]
        return any(isinstance(ask.request, Dial) for ask in waiting)

    def tell(self, level: str, text: str, call: CallId | None = None) -> None:
        """Add a line to the event strip."""
        self.notices = (*self.notices, Notice(self.now, level, text, call))[-NOTICES_KEPT:]

    def signal(
        self,
        when: When,
        of: str = "",
        *,
        call: CallId | None = None,
        leg: LegId | None = None,
        detail: Any = None,
    ) -> None:
        """Let the table answer something once the present row is done."""
        self.signals.append(Signal(when, of, call, leg, detail))

    def fire(self, row: str) -> None:
        """A row of the table acts: its id goes into the record, and into what it asks for."""
        self.row = row
        self.rows.append(row)

    # --- time ------------------------------------------------------------------------------------------

    def arm(self, clock: Clock, subject: str, after: int) -> None:
        """Start, or start again, a timer that runs for `after` milliseconds."""
        self.timers[Timer(clock, subject)] = self.now + after

    def arm_once(self, clock: Clock, subject: str, after: int) -> None:
        """Start a timer unless it is running."""
        self.timers.setdefault(Timer(clock, subject), self.now + after)

    def armed(self, clock: Clock, subject: str) -> bool:
        """Whether a timer is running."""
        return Timer(clock, subject) in self.timers

    def disarm(self, clock: Clock, *subjects: str) -> None:
        """Stop timers that may be running."""
        for subject in subjects:
            self.timers.pop(Timer(clock, subject), None)

    def disarm_all(self, subject: str) -> None:
        """A subject is gone, and its timers with it (I7)."""
        for timer in [timer for timer in self.timers if timer.subject == subject]:
            del self.timers[timer]
