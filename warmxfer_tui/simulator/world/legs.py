"""How legs begin, ring, are answered and are bridged."""

from __future__ import annotations

from dataclasses import dataclass, replace

from . import events, ids, rooms, sounds
from .audio import SECOND, Play, Queue, Sound, Where
from .endings import CLEARED, end_leg, leave_room, park, unbridge
from .model import Direction, Leg, LegState, Plan
from .personas import Persona, Ring
from .state import State, TimerKind

RINGBACK_AFTER = 200_000
"""Microseconds from a dial to the far phone's first ring."""
ANSWER_TAKES = 100_000
"""Microseconds from an accepted `answer` to media: the 200 is not the answer (telnyx-facts §1.3)."""
LONGEST_LIFE = 14_400
"""Seconds from the answer to `time_limit` (telnyx-facts §1.5)."""
RING_SECS = 30
"""Seconds of ringing unless the dial says otherwise (telnyx-facts §1.5)."""


_RINGING_TIMERS = (
    TimerKind.RINGBACK,
    TimerKind.OUR_ANSWER,
    TimerKind.RING_ENDS,
    TimerKind.PARTY_ANSWERS,
    TimerKind.PARTY_REFUSES,
    TimerKind.PARTY_LEAVES,
    TimerKind.FIRST_COMMAND,
)


@dataclass(frozen=True, slots=True)
class Dial:
    """What the beginning of a dialled leg needs to know."""

    from_: str
    to: str
    connection_id: str
    session_id: str
    name: str = ""
    client_state: str | None = None
    ring_secs: int = RING_SECS
    life_secs: int = LONGEST_LIFE
    give_up: str = "timeout"
    plan: Plan | None = None
    webhook_url: str | None = None
    webhook_urls: tuple[tuple[str, str], ...] = ()


def dial(s: State, order: Dial, persona: Persona) -> Leg:
    """Begin an outbound leg: its phone will ring, and its party do what it does."""
    leg = Leg(
        ccid=ids.ccid(s.seed, s.next_count()),
        leg_id=s.uuid("leg"),
        session_id=order.session_id,
        connection_id=order.connection_id,
        direction=Direction.OUTGOING,
        from_=order.from_,
        to=order.to,
        name=order.name,
        persona=persona,
        state=LegState.RINGING,
        started_at=s.now,
        client_state=order.client_state,
        plan=order.plan,
        give_up=order.give_up,
        life_limit=order.life_secs * SECOND,
        webhook_url=order.webhook_url,
        webhook_urls=order.webhook_urls,
    )
    s.live[leg.ccid] = None
    s.put(leg)
    events.initiated(s, leg)
    forget_url(s, leg.ccid)
    s.arm(TimerKind.RING_ENDS, leg.ccid, order.ring_secs * SECOND)
    after = round(persona.after * SECOND)
    if persona.on_ring is not Ring.NOT_FOUND:
        s.arm(TimerKind.RINGBACK, leg.ccid, RINGBACK_AFTER)
    if persona.on_ring is Ring.ANSWERS:
        s.arm(TimerKind.PARTY_ANSWERS, leg.ccid, after)
    elif persona.on_ring not in (Ring.NEVER, Ring.MANUAL):
        s.arm(TimerKind.PARTY_REFUSES, leg.ccid, after)
    return s.legs[leg.ccid]


def ring_in(s: State, customer: str, number: str, name: str, persona: Persona) -> Leg:
    """Begin an inbound leg: it is parked, and rings for as long as its caller is patient."""
    app = s.applications[s.account.connection_id]
    leg = Leg(
        ccid=ids.ccid(s.seed, s.next_count()),
        leg_id=s.uuid("leg"),
        session_id=s.uuid("session"),
        connection_id=app.id,
        direction=Direction.INCOMING,
        from_=customer,
        to=number,
        name=name,
        persona=persona,
        state=LegState.RINGING,
        started_at=s.now,
        life_limit=LONGEST_LIFE * SECOND,
    )
    s.live[leg.ccid] = None
    s.put(leg)
    events.initiated(s, leg)
    if persona.gives_up_after is not None:
        s.arm(TimerKind.PARTY_LEAVES, leg.ccid, round(persona.gives_up_after * SECOND))
    if app.first_command_timeout:
        s.arm(TimerKind.FIRST_COMMAND, leg.ccid, app.first_command_timeout_secs * SECOND)
    return leg


def forget_url(s: State, ccid: str) -> None:
    """Drop a leg's webhook address where it holds for one command's event only (#42)."""
    leg = s.legs[ccid]
    if s.knobs.webhook_url_scope == "command" and (leg.webhook_url or leg.webhook_urls):
        s.put(replace(leg, webhook_url=None, webhook_urls=()))


def ring_back(s: State, ccid: str) -> None:
    """The far phone rings: with early media the leg enters its room now (telnyx-facts §2.1)."""
    s.disarm(TimerKind.RINGBACK, ccid)
    leg = s.put(replace(s.legs[ccid], ringback=True))
    if leg.plan is not None and leg.plan.entry is not None and leg.plan.entry.early_media:
        rooms.enter(s, ccid, leg.plan.entry)


def answer(s: State, ccid: str) -> None:
    """A ringing leg is answered, by its party or, inbound, by us; then its plan is carried out."""
    leg = s.legs[ccid]
    if leg.direction is Direction.OUTGOING and not leg.ringback:
        ring_back(s, ccid)
    for kind in _RINGING_TIMERS:
        s.disarm(kind, ccid)
    leg = replace(s.legs[ccid], state=LegState.ANSWERED, answered_at=s.now, answering=False, ringback=False)
    s.put(leg)
    s.arm(TimerKind.TIME_LIMIT, ccid, leg.life_limit)
    if leg.persona.hangs_up_after is not None:
        s.arm(TimerKind.PARTY_LEAVES, ccid, round(leg.persona.hangs_up_after * SECOND))
    events.answered(s, leg)
    forget_url(s, ccid)
    park(s, ccid)
    if leg.plan is not None:
        _carry_out(s, ccid, leg.plan)


def _carry_out(s: State, ccid: str, plan: Plan) -> None:
    leg = s.legs[ccid]
    if plan.digits:
        s.put(replace(leg, digits_heard=leg.digits_heard + plan.digits))
    if plan.entry is not None and leg.room is None:
        rooms.enter(s, ccid, plan.entry)
    if plan.audio is not None:
        tune = plan.audio
        sound = Play(
            Sound.PLAYBACK,
            tune.length,
            1,
            tune.name,
            tune.url,
            tune.found,
            then_bridge=bool(plan.bridge_with),
        )
        sounds.add(s, Queue(Where.LEG, ccid), sound)
        if tune.found:
            return
    bridge_as_planned(s, ccid)


def bridge_as_planned(s: State, ccid: str) -> None:
    """Bridge an answered leg with the one its plan names, if both still can."""
    leg = s.legs[ccid]
    plan = leg.plan
    if plan is None or plan.bridge_with is None or not leg.answered:
        return
    s.put(replace(leg, plan=None))
    path = s.legs[plan.bridge_with]
    protected, holds = path.protected or plan.protect_path, path.hold_after_unbridge or plan.hold_path
    s.put(replace(path, waits_for=None, protected=protected, hold_after_unbridge=holds))
    if not path.answered:
        return
    if plan.prevent_double_bridge and path.peer is not None:
        end_leg(s, ccid, CLEARED)
        return
    tells_path = not plan.transfer or s.knobs.transfer_bridged == "both"
    connect(s, path.ccid, ccid, tells_path=tells_path)


def connect(s: State, path: str, peer: str, *, tells_path: bool = True) -> None:
    """Bridge two answered legs. Each is taken out of its room and its bridge; marks of protection stay."""
    for ccid in (path, peer):
        leave_room(s, ccid)
        leg = s.legs[ccid]
        unbridge(s, ccid)
        if leg.alive and s.legs[ccid].alive:
            marks = replace(
                s.legs[ccid], protected=leg.protected, hold_after_unbridge=leg.hold_after_unbridge
            )
            s.put(marks)
    if not (s.legs[path].answered and s.legs[peer].answered):
        return
    for ccid, other in ((path, peer), (peer, path)):
        sounds.stopped_by_connecting(s, ccid)
        s.disarm(TimerKind.PARKED_LIMIT, ccid)
        s.put(replace(s.legs[ccid], peer=other))
    if tells_path:
        events.bridged(s, s.legs[path])
    events.bridged(s, s.legs[peer])
