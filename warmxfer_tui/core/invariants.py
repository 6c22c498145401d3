"""I1 to I9 of `behaviour.md`, as functions of what is believed and of what was asked for.

Each returns the ways in which its invariant is broken, as sentences: none, in a desk that keeps its
promise. The same invariants are checked on the truth by the tests, which alone know it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

from warmxfer_tui.core.advice import alarm_of
from warmxfer_tui.core.commands import Ask, Hangup, Join
from warmxfer_tui.core.hearing import hears, silent
from warmxfer_tui.core.model import Call, Desk, Leg
from warmxfer_tui.core.seats import secure
from warmxfer_tui.core.terms import Clock, Lane, LegId, Phase, Role, State, Timer

BOTH_HELD = 3_000
"""Milliseconds that C and B may both be held in a swap (I2)."""
SOUND_WITHIN = 1_000
"""Milliseconds within which a C or B whom we take out of a room has sound or a hang-up (I6)."""
_HEARD_NOBODY = frozenset({State.HELD, State.CALLING, State.CONSULT})
_MEETING = frozenset({State.BLIND, State.THREE, State.FINISH, State.WATCH})
_DROPS_C = frozenset({"KEY-x", "ANY-8", "WATCH-3"})
_REPAIRS = (Clock.ALONE, Clock.RETRY, Clock.PROOF, Clock.SPEECH, Clock.STUCK, Clock.NOTICE, Clock.CALM)
_NOT_LEGS = frozenset({"desk", "line", "everybody"})


def _customer(desk: Desk, call: Call) -> Leg:
    return desk.legs[call.customer]


def no_silence(desk: Desk) -> Iterator[str]:
    """I1: an answered C that is believed to hear nothing has a repair in flight or timed, and a red banner.

    A console that has just begun knows nothing yet, and its survey is in flight.
    """
    for call in desk.calls.values():
        if desk.resuming or call.state is State.WRAP or not silent(desk, call):
            continue
        if call.silent_at is None:
            yield f"{call.id}: C hears nothing and no clock runs"
        elif desk.now - call.silent_at >= desk.policy.silence and not _repairing(desk, call):
            yield f"{call.id}: C hears nothing, and nothing is being done about it"
        elif desk.now - call.silent_at >= desk.policy.silence and not _banner(desk):
            yield f"{call.id}: C hears nothing, and no banner says so"


def _banner(desk: Desk) -> bool:
    """Whether the red banner is about a customer in silence: the focused one, where there are two."""
    return "HEARS NOTHING" in alarm_of(desk, desk.now)


def _repairing(desk: Desk, call: Call) -> bool:
    own = [leg for leg in desk.legs.values() if leg.id.startswith(f"{call.id}.") or leg.id == desk.line.leg]
    timed = any(
        Timer(clock, str(i)) in desk.timers for clock in _REPAIRS for i in (call.id, *(x.id for x in own))
    )
    asked = any(ask.call == call.id for ask in desk.asks.values())
    return timed or asked or any(leg.pending for leg in own) or Timer(Clock.CALM, "desk") in desk.timers


def not_both_held(desk: Desk) -> Iterator[str]:
    """I2: C and B are both held in a swap only, and not for long without its being mended."""
    for call in desk.calls.values():
        target = desk.legs.get(call.target) if call.target else None
        if target is None or not (_customer(desk, call).held and target.held) or target.leaving:
            continue
        settled = call.origin is None and call.state is not State.RESCUE
        since = max(_customer(desk, call).held_at, target.held_at, desk.calm_until)
        mending = any(
            leg.awaits(Lane.UNHOLD) or Timer(Clock.RETRY, leg.id) in desk.timers
            for leg in (_customer(desk, call), target)
        )
        if settled and not mending and desk.now - since > BOTH_HELD:
            yield f"{call.id}: C and B are both on hold in {call.state}"


def drops_nobody(before: Desk, ask: Ask) -> Iterator[str]:
    """I3: we hang up an answered C only by two presses, or in WATCH after the closing words."""
    leg = before.legs.get(ask.leg) if ask.leg else None
    if not isinstance(ask.request, Hangup) or leg is None or leg.role is not Role.CUSTOMER:
        return
    if leg.phase is Phase.ANSWERED and not leg.hanging_up and ask.row not in _DROPS_C:
        yield f"{ask.key}: an answered customer is hung up by row {ask.row or 'none'}"


def joins_in_private(after: Desk, ask: Ask) -> Iterator[str]:
    """I4: B is joined only where C hears nobody, or where they are meant to meet."""
    leg = after.legs.get(ask.leg) if ask.leg else None
    call = after.calls.get(ask.call) if ask.call else None
    if not isinstance(ask.request, Join) or leg is None or call is None or leg.role is not Role.TARGET:
        return
    customer = _customer(after, call)
    if customer.room is not None and not secure(customer) and call.state not in _MEETING:
        yield f"{ask.key}: B is joined while C may hear"


def asks_once(before: Desk, asks: tuple[Ask, ...]) -> Iterator[str]:
    """I5: every request has a key of its own, and nothing is asked twice at once."""
    keys = [ask.key for ask in {**before.asks, **{ask.id: ask for ask in asks}}.values()]
    if len(keys) != len(set(keys)):
        yield f"a key is used twice: {sorted(keys)}"


def nobody_left_in_silence(desk: Desk) -> Iterator[str]:
    """I6: a C or B outside every room has sound of ours or a hang-up under way."""
    for leg in desk.legs.values():
        if leg.role not in (Role.CUSTOMER, Role.TARGET) or not leg.up or leg.room is not None:
            continue
        tended = leg.saying or leg.leaving or leg.hanging_up or leg.pending or _expected(desk, leg)
        tended = tended or not hears(desk, leg.id).silent  # the carrier's own: a ring, or a bridge
        if not tended and desk.now - max(leg.proven_at, leg.phase_at) > SOUND_WITHIN:
            yield f"{leg.id}: is out of the room and nothing is done for it"


def _expected(desk: Desk, leg: Leg) -> bool:
    waits = any(t.subject in (leg.id, leg.id.split(".")[0]) or t.clock is Clock.CALM for t in desk.timers)
    return waits or any(ask.leg == leg.id for ask in desk.asks.values())


def timers_have_subjects(desk: Desk) -> Iterator[str]:
    """I7: no timer outlives its subject."""
    for timer in desk.timers:
        leg = desk.legs.get(LegId(timer.subject))
        known = timer.subject in desk.calls or timer.subject in _NOT_LEGS
        if not known and (leg is None or not leg.alive):
            yield f"timer {timer.clock} of {timer.subject}, which is gone"


def facts_grow(before: Desk, after: Desk) -> Iterator[str]:
    """I8: no leg goes back."""
    for leg_id, leg in before.legs.items():
        now = after.legs.get(leg_id)
        revived = leg.ending is not None and leg.ending.cause == "given up"
        if now is None or revived:
            continue
        if now.phase < leg.phase:
            yield f"{leg_id} goes back from {leg.phase.name} to {now.phase.name}"
        if now.room_at < leg.room_at:
            yield f"{leg_id}: an older membership replaces a newer one"


def nothing_overheard(desk: Desk) -> Iterator[str]:
    """I9: a customer who is settled on hold hears nobody, not even perhaps."""
    for call in desk.calls.values():
        customer = _customer(desk, call)
        if call.state not in _HEARD_NOBODY or call.origin is not None or not customer.up:
            continue
        heard = hears(desk, customer.id)
        overheard = [i for i in heard.people | heard.maybe if desk.legs[i].role is not Role.STRANGER]
        if overheard and customer.held and not customer.contradicted:
            yield f"{call.id}: C may hear {', '.join(sorted(overheard))} in {call.state}"


_OF_DESK: tuple[Callable[[Desk], Iterator[str]], ...] = (
    no_silence,
    not_both_held,
    nobody_left_in_silence,
    timers_have_subjects,
    nothing_overheard,
)


def broken(before: Desk, after: Desk, asks: tuple[Ask, ...]) -> list[str]:
    """Every invariant that one step breaks."""
    found = [sentence for check in _OF_DESK for sentence in check(after)]
    found += facts_grow(before, after)
    found += asks_once(before, asks)
    for ask in asks:
        found += drops_nobody(before, ask)
        found += joins_in_private(after, ask)
    return found
