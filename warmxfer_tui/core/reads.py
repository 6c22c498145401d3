"""What a read proves, and what it may contradict (`design.md` §3.3).

A read confirms any request that was sent before it. It contradicts one only if it was sent at least
`Policy.contradict_after` after that request's reply, for the list may be stale (telnyx-facts §6.2 #54).
"""

from __future__ import annotations

from warmxfer_tui.core.commands import Ask, ReadCall
from warmxfer_tui.core.events import NOT_DONE, Member, Members, Problem, Refused, Reply
from warmxfer_tui.core.holdsound import UNHEARD, sounds
from warmxfer_tui.core.knowledge import in_room, out_of_room, room_gone, settle, stranger
from warmxfer_tui.core.lanes import count_unknown
from warmxfer_tui.core.model import Call, Leg, Pending
from warmxfer_tui.core.seats import seats
from warmxfer_tui.core.steering import read_room
from warmxfer_tui.core.terms import Clock, Lane, Means, Role, RoomId
from warmxfer_tui.core.turn import Turn, When

_LEG_CODES = frozenset({"90015", "90018"})
"""Refusals that speak of a leg: they say nothing of a room."""


def failed(turn: Turn, leg: Leg, pending: Pending, reply: Refused) -> None:
    """A lane request has definitely not taken effect: the lane is open again, and the table says what now."""
    left = tuple(p for p in leg.pending if p is not pending)
    turn.set_leg(leg.id, pending=left)
    if not left:
        turn.disarm(Clock.PROOF, leg.id)
    if not leg.up:
        return  # a join that asked whether it has answered (CALLING-12): as far as is known it rings still
    call = turn.call_of(leg)
    if pending.verb is Lane.TRANSFER and call is not None and reply is not NOT_DONE:
        _not_rung(turn, call)
    if reply.problem is Problem.RATE_LIMITED:
        turn.set_leg(leg.id, tries=leg.tries + 1)
        if pending.verb is Lane.HOLD and leg.tries:
            turn.signal(When.REFUSED, pending.verb, call=call.id if call else None, leg=leg.id, detail=reply)
        return
    turn.set_leg(leg.id, tries=leg.tries + 1, contradicted=True)
    if reply is not NOT_DONE:  # else it has waited long enough
        turn.arm(Clock.RETRY, leg.id, backoff(turn, leg))
    turn.signal(When.REFUSED, pending.verb, call=call.id if call else None, leg=leg.id, detail=reply)


def _not_rung(turn: Turn, call: Call) -> None:
    """The carrier does not ring the target: it may be asked again, or there is nobody to hang up."""
    target = turn.blind_target(call)
    if target is not None and target.ccid is None:
        turn.set_leg(target.id, blind=False)
        if target.hanging_up:
            turn.end(turn.legs[target.id], "refused")


def backoff(turn: Turn, leg: Leg) -> int:
    """Milliseconds before a refused request is tried again: twice as long each time.

    For C never above a second, for I1 gives a customer in silence two.
    """
    longest = 1_000 if leg.role is Role.CUSTOMER else 5_000
    return min(turn.policy.retry << leg.tries, longest)


def read(turn: Turn, ask: Ask, room: RoomId, reply: Reply) -> None:
    """Fold a participants list, or the news that its room is gone."""
    match reply:
        case Members(members=members, as_of=as_of):
            compare(turn, room, members, as_of, ask.at)
        case Refused(problem=Problem.GONE | Problem.NOT_FOUND, code=code) if code not in _LEG_CODES:
            room_gone(turn, room, 0)
        case _:
            _read_again(turn, room)


def _read_again(turn: Turn, room: RoomId) -> None:
    """No list came: whoever waits for a proof waits for the next one, which is asked for soon."""
    for leg in turn.legs.values():
        if any(pending.room == room for pending in leg.pending):
            turn.arm(Clock.PROOF, leg.id, turn.policy.retry)


def compare(turn: Turn, room: RoomId, members: tuple[Member, ...], as_of: int, sent_at: int) -> None:
    """Hold every leg, and every stranger, against a complete list."""
    present = {member.ccid: member for member in members}
    known = {leg.ccid for leg in turn.legs.values()}
    for member in members:
        if member.ccid not in known:
            stranger(turn, room, member.ccid, as_of)
    for leg in list(turn.legs.values()):
        if not leg.alive or leg.ccid is None:
            continue
        shown = present.get(leg.ccid)
        if shown is not None:
            _seen(turn, leg, room, shown, as_of, sent_at)
        elif leg.room == room or leg.joining == room:
            _absent(turn, leg, room, as_of, sent_at)


def _seen(turn: Turn, leg: Leg, room: RoomId, member: Member, as_of: int, sent_at: int) -> None:
    if leg.room != room:
        join = next((p for p in leg.pending if p.verb is Lane.JOIN), None)
        if (join is not None and sent_at >= join.sent_at) or as_of > leg.room_at:
            in_room(turn, leg, room, max(as_of, leg.room_at))
            leg = turn.legs[leg.id]
        else:
            return
    for pending in leg.pending:
        if pending.verb in (Lane.LEAVE, Lane.TRANSFER):
            _not_shown(turn, leg, pending, sent_at)
            leg = turn.legs[leg.id]
    for on, off, value, name in (
        (Lane.HOLD, Lane.UNHOLD, member.on_hold, "held"),
        (Lane.MUTE, Lane.UNMUTE, member.muted, "muted"),
    ):
        _flag(turn, turn.legs[leg.id], on, off, value, name, sent_at)


def _flag(turn: Turn, leg: Leg, on: Lane, off: Lane, value: bool, name: str, sent_at: int) -> None:
    waiting = [p for p in leg.pending if p.verb in (on, off)]
    if not waiting:
        if value == getattr(leg, name):
            turn.set_leg(leg.id, proven_at=turn.now, contradicted=False)
        elif sent_at >= leg.held_at + turn.policy.contradict_after:
            silence = {"sound_until": 0} if name == "held" else {}  # whose hold it is nobody knows
            turn.set_leg(leg.id, **{name: value}, **silence, held_at=turn.now, contradicted=True)
        return
    pending = waiting[-1]
    if (pending.verb is on) != value:
        before = tuple(p for p in waiting[:-1] if (p.verb is on) == value and sent_at >= p.sent_at)
        if before:  # what came first is so; what shall undo it may be asked for again
            left = tuple(p for p in leg.pending if p not in before)
            leg = turn.set_leg(leg.id, **{name: value}, held_at=turn.now, proven_at=turn.now, pending=left)
        _not_shown(turn, leg, pending, sent_at)
    elif pending.verb is Lane.HOLD and pending.unclear and leg.held and leg.means is Means.MEDIA:
        failed(turn, leg, pending, UNHEARD)
    elif sent_at >= pending.sent_at:
        turn.set_leg(leg.id, **{name: value}, held_at=turn.now, proven_at=turn.now, contradicted=False)
        settle(turn, leg.id, on, off)
        if pending.verb is Lane.HOLD and leg.means is Means.MEDIA:
            sounds(turn, leg, pending.sent_at)
        elif pending.verb is Lane.UNHOLD:
            turn.disarm(Clock.SOUND, leg.id)
        turn.signal(When.PROVEN, pending.verb, leg=leg.id)


def _absent(turn: Turn, leg: Leg, room: RoomId, as_of: int, sent_at: int) -> None:
    leave = next((p for p in leg.pending if p.verb in (Lane.LEAVE, Lane.TRANSFER)), None)
    if leg.room == room and leave is not None and sent_at >= leave.sent_at:
        out_of_room(turn, leg, max(as_of, leg.room_at))
        return
    late = sent_at >= leg.proven_at + turn.policy.contradict_after
    if leg.room == room and late and as_of > leg.room_at:
        out_of_room(turn, leg, as_of)
        return
    for pending in leg.pending:
        if pending.verb is Lane.JOIN:
            _not_shown(turn, leg, pending, sent_at)


def _not_shown(turn: Turn, leg: Leg, pending: Pending, sent_at: int) -> None:
    """A read without the effect: contradicted only when sent late enough after the reply."""
    if pending.replied_at is None or sent_at < pending.replied_at + turn.policy.contradict_after:
        return
    call = turn.call_of(leg)
    target = turn.blind_target(call) if call is not None else None
    if pending.verb is Lane.TRANSFER and target is not None and target.ccid is not None:
        settle(turn, leg.id, Lane.TRANSFER)  # the target rings: C may leave its room as late as at the answer
        return
    failed(turn, leg, pending, NOT_DONE)


def proof_due(turn: Turn, leg: Leg) -> None:
    """The event of a lane request has not come: read, and again as soon as a read may contradict."""
    if not leg.pending:
        return
    room = leg.pending[-1].room
    call = next((call for call in turn.calls.values() if call.room == room), turn.call_of(leg))
    if call is not None and (seat := seats(turn, call).get(leg.id)) is not None:
        count_unknown(turn, call, leg, seat)
    if room is not None and call is not None:
        read_room(turn, room, call)
    elif room is None and call is not None and leg.ccid is not None:
        # A transfer from outside every room: no list shows it, only its target does.
        turn.ask(ReadCall(leg.ccid), call=call.id, leg=leg.id)
        _not_shown(turn, leg, leg.pending[-1], turn.now)
        leg = turn.legs[leg.id]
        if not leg.pending:
            return
    after = turn.policy.contradict_after
    tells = [p.replied_at + after - turn.now for p in leg.pending if p.replied_at is not None]
    turn.arm(Clock.PROOF, leg.id, min([turn.policy.proof, *(wait for wait in tells if wait > 0)]))
