"""Everything that can happen to a desk: keys, webhooks, replies and the passing of time.

`at` is when the console learned of it, in UTC milliseconds. Facts also carry `occurred_at`, the carrier's
own clock in UTC milliseconds, by which memberships are ordered (`design.md` §3.8).
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from warmxfer_tui.core.commands import Tag
from warmxfer_tui.core.policy import Policy
from warmxfer_tui.core.terms import AskId, CallId, Ccid, LegId, Number, RoomId


@dataclass(frozen=True, slots=True)
class Configured:
    """The settings, as an event, so that a replayed journal gives the same desk (`design.md` §3.9)."""

    at: int
    policy: Policy


@dataclass(frozen=True, slots=True)
class Resumed:
    """A console begins its work, with the desk that its journal folds to, or with an empty one.

    Whatever was asked before and has no reply has an unknown outcome, and nothing is asked but a survey until
    that is in (`design.md` §3.5).
    """

    at: int
    since: int = 0
    """When the newest event that is remembered was; 0 where none is."""


@dataclass(frozen=True, slots=True)
class Ticked:
    """Time has passed; whatever is due is due."""

    at: int


@dataclass(frozen=True, slots=True)
class Pressed:
    """The agent wants something (`verbs.VERBS`)."""

    at: int
    verb: str
    call: CallId | None = None
    """Which call; the focused one where None."""
    leg: LegId | None = None
    """Which leg; the verb's own choice where None."""
    number: Number | None = None
    name: str = ""
    text: str = ""
    """Digits for the keypad, a reason for a drop."""


@dataclass(frozen=True, slots=True)
class ConsoleLost:
    """Nobody presses keys any more: the guardian has taken the console's place (`design.md` §3.6)."""

    at: int


@dataclass(frozen=True, slots=True)
class ConsoleBack:
    """A console is at this desk again, and somebody at its keys."""

    at: int


# --- facts: what a verified webhook says ---------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Fact:
    """What every webhook has."""

    at: int
    event_id: str
    occurred_at: int
    ccid: Ccid | None


@dataclass(frozen=True, slots=True)
class CallInitiated(Fact):
    """A leg exists: an inbound customer rings, or a leg of ours is being called."""

    inbound: bool
    from_: Number
    to: Number
    caller_name: str
    tag: Tag | None


@dataclass(frozen=True, slots=True)
class CallAnswered(Fact):
    """The leg was picked up."""

    tag: Tag | None


@dataclass(frozen=True, slots=True)
class CallEnded(Fact):
    """`call.hangup`."""

    cause: str
    sip: str
    tag: Tag | None


@dataclass(frozen=True, slots=True)
class CallBridged(Fact):
    """`call.bridged`: the leg talks with another, outside every room. It does not say with which."""

    tag: Tag | None


@dataclass(frozen=True, slots=True)
class RoomJoined(Fact):
    """`conference.participant.joined`."""

    room: RoomId


@dataclass(frozen=True, slots=True)
class RoomLeft(Fact):
    """`conference.participant.left`."""

    room: RoomId


@dataclass(frozen=True, slots=True)
class RoomEnded(Fact):
    """`conference.ended`."""

    room: RoomId
    reason: str


@dataclass(frozen=True, slots=True)
class SpeechStarted(Fact):
    """`call.speak.started` (`room` None) or `conference.participant.speak.started`."""

    room: RoomId | None


@dataclass(frozen=True, slots=True)
class SpeechEnded(Fact):
    """`call.speak.ended` (`room` None) or `conference.participant.speak.ended`."""

    room: RoomId | None


@dataclass(frozen=True, slots=True)
class DigitPressed(Fact):
    """`call.dtmf.received`."""

    digit: str


@dataclass(frozen=True, slots=True)
class Noted(Fact):
    """A kind of webhook that changes nothing: kept and shown (ANY-7)."""

    kind: str


# --- replies --------------------------------------------------------------------------------------------


class Problem(StrEnum):
    """Why the carrier refused, in the kinds that ask for different deeds (telnyx-facts §1.4)."""

    AUTHENTICATION = "authentication"
    PERMISSION = "permission"
    NOT_FOUND = "not found"
    GONE = "gone"
    """90018, 90019, 90058, and 90015 or 10005 on a leg we knew: it has ended."""
    NOT_ANSWERED = "not answered yet"
    ALREADY = "already there"
    """90044: it is in that room."""
    NAME_TAKEN = "name taken"
    """90033: a room of that name is active."""
    MEDIA = "media"
    """90040, or 10005 for an audio file."""
    REJECTED = "rejected"
    RATE_LIMITED = "rate limited"
    UNAVAILABLE = "unavailable"
    """A 5xx that says it was not done, or no connection could be made: nothing left."""


@dataclass(frozen=True, slots=True)
class Accepted:
    """A 2xx. For everything but a dial's leg id and a room's id it proves nothing (I5)."""

    ccid: Ccid | None = None
    room: RoomId | None = None


@dataclass(frozen=True, slots=True)
class Refused:
    """A definite no: the request has not taken effect."""

    problem: Problem
    code: str
    words: str
    """A sentence that an agent understands."""
    wait: int = 0
    """Milliseconds that the carrier asks us to wait (429)."""


NOT_DONE = Refused(Problem.UNAVAILABLE, "", "The request has shown no effect.")
"""What an unknown outcome becomes once it should have shown an effect, and has not."""


@dataclass(frozen=True, slots=True)
class Unclear:
    """No reply within the limit, a broken connection, 408 or 5xx: it may have taken effect, or may yet."""

    words: str


@dataclass(frozen=True, slots=True)
class Member:
    """One row of a participants list."""

    ccid: Ccid
    on_hold: bool
    muted: bool


@dataclass(frozen=True, slots=True)
class Members:
    """A complete participants list."""

    room: RoomId
    members: tuple[Member, ...]
    as_of: int
    """Carrier milliseconds that the list is at least as new as: its `Date` minus the round trip."""


@dataclass(frozen=True, slots=True)
class FoundRoom:
    """The active room of a name, or None where there is none."""

    room: RoomId | None
    members: tuple[Member, ...] = ()
    as_of: int = 0


@dataclass(frozen=True, slots=True)
class CallStatus:
    """`GET /calls/{ccid}`."""

    ccid: Ccid
    alive: bool


@dataclass(frozen=True, slots=True)
class LiveLeg:
    """One row of the list of active calls."""

    ccid: Ccid
    tag: Tag | None


@dataclass(frozen=True, slots=True)
class Surveyed:
    """What a survey has found. All of it was read; a part that could not be read is no survey."""

    live: tuple[LiveLeg, ...]
    rooms: tuple[Members, ...]
    """Those of our names that are in progress."""
    ended: tuple[Ccid, ...]
    """Legs of `Survey.known` that the carrier says are over."""
    facts: tuple[Fact, ...]
    """What webhooks have said, whether or not they have reached us, oldest first."""


Reply = Accepted | Refused | Unclear | Members | FoundRoom | CallStatus | Surveyed


@dataclass(frozen=True, slots=True)
class Replied:
    """The outcome of one `commands.Ask`."""

    at: int
    ask: AskId
    reply: Reply
    spare: int | None = None
    """Percent of the carrier's rate limit that is left to us by then; None where no reply tells (ANY-4)."""


Event = Configured | Resumed | Ticked | Pressed | ConsoleLost | ConsoleBack | Replied | Fact
