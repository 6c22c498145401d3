"""A desk seen from one call: who is there, for the questions that verbs ask (`actions`)."""

from __future__ import annotations

from collections.abc import Mapping

from warmxfer_tui.core.doubt import in_doubt
from warmxfer_tui.core.model import Call, Desk, Leg
from warmxfer_tui.core.terms import State

TITLES: Mapping[State, str] = {
    State.RING: "the call is still ringing",
    State.OUT: "the customer has not answered yet",
    State.CONNECT: "you are being connected",
    State.TALK: "you are talking to the customer",
    State.HELD: "the customer is on hold",
    State.CALLING: "your colleague is being called",
    State.ASIDE: "your colleague is being called on the side",
    State.BLIND: "the customer is being transferred",
    State.CONSULT: "you are talking to your colleague",
    State.SWAPPED: "you are talking to the customer",
    State.THREE: "all three are talking",
    State.FINISH: "the transfer is under way",
    State.WATCH: "the customer is with your colleague",
    State.RESCUE: "your line is being called back",
    State.WRAP: "the call is over",
}
"""Each state, in words that explain why a verb is off."""


class Scene:
    """A desk seen from one call, for the questions that verbs ask."""

    def __init__(self, desk: Desk, call: Call | None) -> None:
        self.desk = desk
        self.call = call
        self.state = call.state if call else None
        self.customer: Leg | None = desk.legs.get(call.customer) if call else None
        target = desk.legs.get(call.target) if call and call.target else None
        self.target = target if target is not None and target.alive else None

    @property
    def doubtful(self) -> Leg | None:
        """The newest leg of this call of which nobody knows whether it was called."""
        own = f"{self.call.id}." if self.call else None
        return next((leg for leg in in_doubt(self.desk.legs) if own and leg.id.startswith(own)), None)

    @property
    def may_ring(self) -> Leg | None:
        """The one that the call waits for, where nobody knows whether they were called."""
        leg = self.doubtful
        return leg if leg is not None and leg.alive and not leg.hanging_up else None

    @property
    def customer_up(self) -> bool:
        """C has answered and lives."""
        return self.customer is not None and self.customer.up

    @property
    def aimed(self) -> Leg | None:
        """The focused leg, if it lives and has to do with this call."""
        leg = self.desk.legs.get(self.desk.aim) if self.desk.aim else None
        if leg is None or not leg.alive or self.call is None:
            return None
        return leg if leg.id.startswith(f"{self.call.id}.") or leg.id == self.desk.line.leg else None

    @property
    def seated(self) -> bool:
        """The agent belongs in this call's room."""
        return self.call is not None and self.desk.line.seat == self.call.id

    @property
    def ringing(self) -> Call | None:
        """The oldest call that rings in and is not being answered."""
        rings = [c for c in self.desk.calls.values() if c.state is State.RING and not c.accepting]
        return min(rings, key=lambda c: c.since, default=None)

    @property
    def talking(self) -> Call | None:
        """The call in whose room the agent belongs."""
        return self.desk.calls.get(self.desk.line.seat) if self.desk.line.seat else None

    def why(self) -> str:
        """The state, in words that explain why a verb is off."""
        return TITLES[self.state] if self.state else "there is no call"
