"""Belief and truth, told in the words of a story: what the desk takes to be so, and what is so.

Both accounts map subjects to what is said of them, as a `story.Claim` does. The truth knows parties only:
calls, the line and keys are the console's own notions.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final

from warmxfer_tui.core.actions import Allowed, allowed
from warmxfer_tui.core.hearing import hears
from warmxfer_tui.core.model import Call, Desk, Leg
from warmxfer_tui.core.terms import LegId
from warmxfer_tui.core.verbs import VERBS
from warmxfer_tui.demos.story import (
    KEYS,
    MAYBE,
    THE_FOCUS,
    THE_LINE,
    Claim,
    Part,
    Party,
    Story,
    allows,
    call_of,
    listed,
)
from warmxfer_tui.simulator.world import Direction, Sound, World
from warmxfer_tui.simulator.world import Leg as TrueLeg

AWAY: Final = "is away"
RINGING: Final = "is ringing"
IDLE: Final = "IDLE"
_SOUNDS: Final[Mapping[Sound, str]] = {
    Sound.HOLD: "hold sound",
    Sound.SPEECH: "speech",
    Sound.RINGING: "ringing",
    Sound.PLAYBACK: "playback",
    Sound.QUEUE: "waiting sound",
}
_UNLISTED: Final = frozenset({"quit"})
"""Works always, and is left out of `keys`."""


@dataclass(frozen=True, slots=True)
class Account:
    """Everything that can be claimed at one instant, from both sides."""

    belief: Mapping[str, str]
    truth: Mapping[str, str]

    def bears_out(self, claim: Claim) -> bool:
        """Whether a claim holds: for belief, and for truth where the truth has a say."""
        if self.belief[claim.subject] != claim.said:
            return False
        return claim.subject not in self.truth or allows(claim.said, self.truth[claim.subject])


def account(story: Story, desk: Desk, world: World) -> Account:
    """Take down what is believed and what is so."""
    return Account(believed(story, desk), true(story, world))


# --- belief ---------------------------------------------------------------------------------------------


def believed(story: Story, desk: Desk) -> Mapping[str, str]:
    """What the desk believes, subject by subject."""
    customers = story.of(Part.CUSTOMER)
    calls = {party.name: _call(desk, party) for party in customers}
    told = {call_of(name, len(customers) > 1): _state(call) for name, call in calls.items()}
    told[THE_LINE] = desk.line.state
    focused = [name for name, call in calls.items() if call and call.id == desk.focus]
    told[THE_FOCUS] = focused[0] if focused else "nobody"
    names: dict[str, str] = {leg.id: party.name for party in story.cast for leg in _legs(desk, party)}
    for party in story.cast:
        told[party.name] = _believed_ear(desk, _newest(_legs(desk, party)), names)
    told[KEYS] = working_keys(desk)
    return told


def _state(call: Call | None) -> str:
    """The state, and that it is asked for and not yet proven where that is so."""
    if call is None:
        return IDLE
    return call.state if call.origin is None else f"{call.state} (pending)"


def working_keys(desk: Desk) -> str:
    """The keys that work now on the call that is shown, but for those that always do."""
    answers = allowed(desk)
    works = {verb.key for verb in VERBS if verb.key and isinstance(answers[verb.name], Allowed)}
    return " ".join(sorted(works - {verb.key for verb in VERBS if verb.name in _UNLISTED}))


def party_of(story: Story, desk: Desk, leg_id: LegId) -> Party | None:
    """The member of the cast at the far end of a leg."""
    for party in story.cast:
        if any(leg.id == leg_id for leg in _legs(desk, party)):
            return party
    return None


def _call(desk: Desk, party: Party) -> Call | None:
    theirs = [call for call in desk.calls.values() if desk.legs[call.customer].number.e164 == party.number]
    return max(theirs, key=lambda call: call.since, default=None)


def _legs(desk: Desk, party: Party) -> list[Leg]:
    if party.part is Part.AGENT:
        return [desk.legs[desk.line.leg]] if desk.line.leg in desk.legs and desk.line.leg else []
    return [leg for leg in desk.legs.values() if leg.number.e164 == party.number]


def _newest(legs: Iterable[Leg]) -> Leg | None:
    alive = [leg for leg in legs if leg.alive]
    return alive[-1] if alive else None


def _believed_ear(desk: Desk, leg: Leg | None, names: Mapping[str, str]) -> str:
    if leg is None:
        return AWAY
    if not leg.up:
        return RINGING
    heard = hears(desk, leg.id)
    things = {names.get(other, other) for other in heard.people}
    things |= {f"{MAYBE}{names.get(other, other)}" for other in heard.maybe}
    return f"hears {listed(things | ({heard.sound} if heard.sound else set()))}"


# --- truth ----------------------------------------------------------------------------------------------


def true(story: Story, world: World) -> Mapping[str, str]:
    """What is so: who really hears whom."""
    legs = {party.name: true_leg(world, party) for party in story.cast}
    names = {leg.ccid: name for name, leg in legs.items() if leg}
    return {name: _true_ear(world, leg, names) for name, leg in legs.items()}


def true_leg(world: World, party: Party) -> TrueLeg | None:
    """The newest living leg to or from a party's phone."""
    living = [leg for leg in world.legs.values() if leg.alive and _far_end(leg) == party.number]
    return max(living, key=lambda leg: leg.started_at, default=None)


def _far_end(leg: TrueLeg) -> str:
    return leg.from_ if leg.direction is Direction.INCOMING else leg.to


def _true_ear(world: World, leg: TrueLeg | None, names: Mapping[str, str]) -> str:
    if leg is None:
        return AWAY
    if not leg.answered:
        return RINGING
    heard = world.hears(leg.ccid)
    people = {names.get(other, other) for other in heard.people}
    return f"hears {listed(people | {_SOUNDS[sound] for sound in heard.sounds})}"
