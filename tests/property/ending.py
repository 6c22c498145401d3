"""What has to be so when everybody has stopped doing things and the network has calmed down."""

from __future__ import annotations

from collections.abc import Iterator

from tests.property.patience import with_a_muted_agent
from tests.property.wire import AT_LEAST, REST, Wire
from tests.truth import disagreements
from warmxfer_tui.core.machine import step
from warmxfer_tui.core.model import Desk
from warmxfer_tui.core.terms import Ccid, Clock, State, Timer

_BUSY = frozenset({Clock.RETRY, Clock.PROOF, Clock.SPEECH, Clock.CALM, Clock.ALONE, Clock.NOTICE})

_NEEDS_NO_KEY = frozenset({State.RING, State.TALK, State.THREE, State.WATCH, State.RESCUE, State.WRAP})


def come_to_rest(wire: Wire) -> None:
    """No more faults; deliver everything and let time pass until neither side has anything to do."""
    wire.faults.clear()
    wire.barred.clear()
    wire.quiet()
    start = wire.now
    while wire.now - start < AT_LEAST or _busy(wire):
        due = wire.next_due()
        if due is None or due > start + REST:
            break
        wire.wait()
        wire.quiet()
    if busy := _busy(wire):
        wire.fail([f"it never comes to rest: {busy}"])
    wire.pass_time(max(start + AT_LEAST - wire.now, 0))


def _busy(wire: Wire) -> list[str]:
    legs = [
        f"{leg.id} {leg.pending} {leg.leaving}"
        for leg in wire.desk.legs.values()
        if leg.alive and (leg.pending or leg.hanging_up or leg.leaving)
    ]
    return legs + [f"{timer}" for timer in wire.desk.timers if timer.clock in _BUSY]


def unsettled(wire: Wire) -> list[str]:
    """Everything that is not as it should be at the end of a story."""
    return [*disagreements(wire), *_forgotten(wire), *_customers(wire), *_stranded(wire)]


def _forgotten(wire: Wire) -> Iterator[str]:
    """Every leg of ours that lives in the world is a living leg of the desk."""
    for ccid, truth in wire.world.legs.items():
        leg = wire.desk.leg_of(Ccid(ccid))
        if truth.alive and ccid not in wire.strangers and (leg is None or not leg.alive):
            yield f"{ccid[-6:]} ({truth.to}) lives, and the desk does not know it"


def _customers(wire: Wire) -> Iterator[str]:
    """A customer whom nobody hung up lives and hears somebody, or sound."""
    for ccid in sorted(wire.customers - wire.let_go):
        truth, heard = wire.world.legs[ccid], wire.world.hears(ccid)
        if truth.answered_at is None:
            continue
        if not truth.alive:
            yield f"{wire.who(ccid)} is gone, and neither it nor the agent hung up"
        elif not heard.people and not heard.sounds and not with_a_muted_agent(wire, ccid):
            yield f"{wire.who(ccid)} hears nothing at the end"


def _stranded(wire: Wire) -> Iterator[str]:
    """A call of an unattended desk does not rest where only a key would help."""
    desk = wire.desk
    for call in desk.calls.values() if desk.unattended else ():
        settled = call.state in _NEEDS_NO_KEY and call.origin is None
        waits = call.state is State.HELD and desk.line.seat not in (None, call.id)
        outlived = call.state is State.CONSULT and not desk.legs[call.customer].alive
        rings = call.state is State.BLIND and Timer(Clock.RING, str(call.target)) in desk.timers
        if not (settled or waits or outlived or rings):
            yield f"{call.id} rests in {call.state}, from {call.origin}, and nobody is there to press a key"


def replayed_differently(wire: Wire) -> list[str]:
    """The same events, folded again, give the same desk and ask for the same."""
    desk = Desk()
    for i, folded in enumerate(wire.history):
        again = step(desk, folded.event)
        if again.asks != folded.asks:
            return [f"event {i} asks for something else the second time: {folded.event}"]
        desk = again.desk
    return [] if desk == wire.desk else ["the second desk is another one"]
