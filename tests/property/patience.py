"""The judge of the truth, with the three allowances that I1's own text makes, and no other.

1. *"The clock of a stretch stands still while the fault plan ... refuses every request that would mend
   it; ... from the first request that could work, 2.0 s count."* A request that would mend a call's silence
   is a command that names one of its legs, its room or the agent's leg. From the moment one is refused until
   the next one that is not, the clock stands still; then it begins anew. In the carrier's 429 window
   everything is refused. Where one kind of request alone is refused (`moves.Bar`), another would mend it, and
   the clock runs.
2. *"... while the fault plan withholds every piece of news of it (... no read answered since)"*. Hold and
   unhold have no webhook: while one of them waits for its proof, a refused read withholds all there is.
3. *"A silent, unmuted partner is a partner; one muted by A's own key is too."*

A console that never asks again gains nothing: after `PATIENCE` the clock runs whether it asked or not.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from tests.pair import Pair
from tests.truth import OUTSIDE, SILENCE, Judge
from warmxfer_tui.core.model import Call, Leg
from warmxfer_tui.core.terms import Lane
from warmxfer_tui.telnyx.message import HttpRequest

PATIENCE = 5_000
"""Milliseconds after a refusal in which the console has to ask again: its longest pause between two tries."""


_MENDS_NOTHING = frozenset({"hangup", "send_dtmf"})


@dataclass(slots=True)
class Clocks:
    """Since when the stretches of each call count, in world milliseconds."""

    refused: dict[tuple[str, bool], int] = field(default_factory=dict)
    """By call, and whether it was a read: when one was refused, and none has been let through since."""
    counts: dict[str, int] = field(default_factory=dict)
    """By call: when the first request after refusals could work."""
    muted: dict[str, int] = field(default_factory=dict)
    """By leg: when it last sat with an A who is muted by A's own key."""
    calm: int = 0
    """The end of the carrier's 429 window."""

    def asked(self, pair: Pair, request: HttpRequest, *, done: bool) -> None:
        """A request was refused, or let through. Hanging somebody up, or digits, mend nobody's silence."""
        if request.segments[-1] in _MENDS_NOTHING:
            return
        named = {*request.segments, *_texts(request.body), *request.query.values()}
        read = request.method == "GET"
        for call in pair.desk.calls.values():
            if not _menders(pair, call) & named:
                continue
            if done and self.refused.pop((call.id, read), None) is not None:
                self.counts[call.id] = pair.now
            elif not done and (not read or _only_a_read_tells(pair, call)):
                self.refused[call.id, read] = pair.now

    def mind_mutes(self, pair: Pair) -> None:
        """Silence counts only from when A's own key stops being the reason of it."""
        for leg in pair.desk.legs.values():
            if leg.ccid is not None and with_a_muted_agent(pair, leg.ccid):
                self.muted[leg.ccid] = pair.now

    def start(self, call: str, ccid: str, now: int) -> int:
        """The earliest moment from which a leg's silence counts."""
        refused = [self.refused[key] for key in ((call, False), (call, True)) if key in self.refused]
        still = min(now, max(refused) + PATIENCE) if refused else 0
        return max(still, self.counts.get(call, 0), self.muted.get(ccid, 0), min(now, self.calm))


def _texts(body: Mapping[str, object] | None) -> Iterator[str]:
    for value in (body or {}).values():
        yield from (str(one) for one in (value if isinstance(value, list) else [value]))


def _menders(pair: Pair, call: Call) -> frozenset[str]:
    """What a request that could end a call's silence, or tell of it, has to name."""
    legs = (leg.ccid for leg in pair.desk.legs.values() if _of(pair, leg, call))
    return frozenset(filter(None, (call.room, *legs)))


def _only_a_read_tells(pair: Pair, call: Call) -> bool:
    return pair.desk.legs[call.customer].awaits(Lane.HOLD, Lane.UNHOLD)


def _of(pair: Pair, leg: Leg, call: Call) -> bool:
    return leg.id.startswith(f"{call.id}.") or leg.id == pair.desk.line.leg


class PatientJudge(Judge):
    """A judge that knows what the fault plan refuses."""

    def __init__(self, clocks: Clocks) -> None:
        super().__init__()
        self.clocks = clocks

    def _of_call(self, pair: Pair, call: Call) -> Iterator[str]:
        ccid = pair.desk.legs[call.customer].ccid
        for wrong in super()._of_call(pair, call):
            if ccid is None or not wrong.startswith("I1:") or not self._patient(pair, call.id, ccid, SILENCE):
                yield wrong

    def _understated(self, pair: Pair, leg: Leg) -> Iterator[str]:
        call = leg.id.split(".")[0]
        for wrong in super()._understated(pair, leg):
            if (
                leg.ccid is None
                or not wrong.startswith("I6:")
                or not self._patient(pair, call, leg.ccid, OUTSIDE, leg.room_at)
            ):
                yield wrong

    def _patient(self, pair: Pair, call: str, ccid: str, limit: int, out_since: int = 0) -> bool:
        since = pair.world.silence_since(ccid)
        now = pair.world.now // 1000
        late = now - max((since or 0) // 1000, out_since, self.clocks.start(call, ccid, now)) > limit
        return not late or with_a_muted_agent(pair, ccid)


def with_a_muted_agent(pair: Pair, ccid: str) -> bool:
    """Whether A is in the same room, neither is held, and A's own key muted A (I1)."""
    world, agent = pair.world, pair.desk.legs.get(pair.desk.line.leg) if pair.desk.line.leg else None
    room = world.rooms.get(world.legs[ccid].room or "")
    if agent is None or agent.ccid is None or room is None or not pair.desk.line.mute:
        return False
    seats = [room.seat(ccid), room.seat(agent.ccid)]
    return all(seat is not None and not seat.held for seat in seats)
