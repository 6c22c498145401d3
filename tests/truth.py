"""I1, I2, I6 and I9 on the world's truth, and whether belief and truth agree when all is quiet."""

from __future__ import annotations

from collections.abc import Iterator

from tests.pair import Pair
from warmxfer_tui.core.hearing import HOLD_SOUND, RINGING, SPEECH, hears
from warmxfer_tui.core.model import Call, Leg
from warmxfer_tui.core.terms import Role, State

SILENCE = 2_000
OUTSIDE = 1_000
_PRIVATE = frozenset({State.HELD, State.CALLING, State.CONSULT})
_MEETING = frozenset({State.BLIND, State.THREE, State.FINISH, State.WATCH})
_SOUNDS: dict[str, set[str]] = {HOLD_SOUND: {"hold"}, SPEECH: {"speech"}, RINGING: {"ringing"}, "": set()}


class Judge:
    """Watches one pair through a story. Cheap to copy: it remembers who has met whom, by both their ids."""

    def __init__(self, met: frozenset[str] = frozenset()) -> None:
        self.met = met

    def clone(self) -> Judge:
        return Judge(self.met)

    def broken(self, pair: Pair) -> list[str]:
        """Every invariant that the truth breaks now."""
        found: list[str] = []
        desk = pair.desk
        for call in desk.calls.values():
            if call.state in _MEETING and call.target is not None:
                self.met |= {str(call.target)}
            found += self._of_call(pair, call)
        for leg in desk.legs.values():
            if leg.id in self.met and leg.ccid is not None:
                self.met |= {leg.ccid}
            found += self._understated(pair, leg)
        return found

    def _of_call(self, pair: Pair, call: Call) -> Iterator[str]:
        customer = pair.desk.legs[call.customer]
        if customer.ccid is None or not pair.world.legs[customer.ccid].answered:
            return
        heard = pair.world.hears(customer.ccid)
        since = pair.world.silence_since(customer.ccid)
        if since is not None and pair.world.now - since > SILENCE * 1000 and not customer.hanging_up:
            yield f"I1: {call.id} hears nothing for {(pair.world.now - since) // 1000} ms"
        settled = call.origin is None and customer.held and not customer.contradicted
        if call.state in _PRIVATE and settled and heard.people:
            yield f"I9: {call.id} overhears {sorted(map(pair.who, heard.people))} in {call.state}"
        for other in heard.people:
            leg = pair.desk.legs.get(pair.who(other))  # type: ignore[call-overload]
            if leg is not None and leg.role is Role.TARGET and not self.met & {leg.id, leg.ccid}:
                yield f"I9: {call.id} hears {leg.id}, whom it was never to meet"

    def _understated(self, pair: Pair, leg: Leg) -> Iterator[str]:
        """The desk never shows fewer listeners than there are."""
        if leg.ccid is None or not pair.world.legs[leg.ccid].alive or not leg.alive:
            return
        truly = {pair.who(other) for other in pair.world.hears(leg.ccid).people}
        believed = hears(pair.desk, leg.id)
        for other in truly - set(map(str, believed.people | believed.maybe)):
            if other in pair.desk.legs:
                yield f"I9: {leg.id} truly hears {other}; the desk does not say so"
        out = leg.room is None and leg.room_at > 0 and leg.role in (Role.TARGET, Role.CUSTOMER)
        since = pair.world.silence_since(leg.ccid)
        # I6 is about whom we take out: its second begins when the leg is out, not with an earlier silence, or
        # when a console without a memory has found it there.
        if since is not None:
            since = max(since, leg.room_at * 1000, leg.phase_at * 1000)
        if out and since is not None and pair.world.now - since > OUTSIDE * 1000 and not leg.hanging_up:
            yield f"I6: {leg.id} is out of the room in silence"


def _both_held(pair: Pair) -> Iterator[str]:
    """I2: nobody is left with C and B both on hold once a swap is over."""
    for call in pair.desk.calls.values():
        target = pair.desk.legs.get(call.target) if call.target else None
        customer = pair.desk.legs[call.customer]
        if target is None or call.origin is not None or customer.room is None or call.state is State.RESCUE:
            continue
        room = pair.world.rooms[customer.room]
        seats = [room.seat(leg.ccid) for leg in (customer, target) if leg.ccid is not None]
        if len(seats) == 2 and all(seat is not None and seat.held for seat in seats):
            yield f"I2: {call.id} and {target.id} are both on hold in {call.state}"


def disagreements(pair: Pair) -> list[str]:
    """Where belief and truth differ once nothing is in flight."""
    found = list(_both_held(pair))
    for leg in pair.desk.legs.values():
        if leg.ccid is None:
            continue
        truth = pair.world.legs[leg.ccid]
        if truth.alive != leg.alive:
            found.append(f"{leg.id} is {'alive' if truth.alive else 'gone'}, believed {leg.phase.name}")
        if not (truth.answered and leg.up):
            continue
        people, sounds = pair.truth(str(leg.id))
        believed, sound = pair.belief(str(leg.id))
        if people != believed:
            found.append(f"{leg.id} hears {sorted(people)}, believed {sorted(believed)}")
        if leg.role is not Role.AGENT and (bool(sounds) != bool(sound) or not _SOUNDS[sound] <= sounds):
            found.append(f"{leg.id} hears {sorted(sounds)}, believed {sound!r}")
    return found
