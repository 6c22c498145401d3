"""The records of the true world: legs, rooms, and what the API hands out.

Everything here is frozen, so that a clone of the world shares its records and copies only the dicts that
hold them. Times are microseconds UTC unless a name says otherwise.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from .audio import Tune
from .personas import Persona


@dataclass(frozen=True, slots=True)
class Reply:
    """What the API answers to one request."""

    status: int
    body: Mapping[str, object]


@dataclass(frozen=True, slots=True)
class Webhook:
    """One event that Telnyx will tell the application about, not yet signed nor wrapped in transport."""

    id: str
    """`data.id`, a uuid: the same in every delivery of this event."""
    event_type: str
    body: Mapping[str, object]
    """The whole `{"data": {...}}`, without `meta`: delivery adds `meta.attempt` and `meta.delivered_to`."""
    leg: str | None
    """The call control id it is about; for an event of a whole room, that of the room's creator."""
    occurred_at: int
    url: str | None = None
    """The address that the leg's `webhook_url` or `webhook_urls` sets, None for the application's own."""
    connection_id: str = ""
    """The application whose webhook address is meant."""


class Direction(StrEnum):
    """Who began a leg, seen from the account."""

    INCOMING = "incoming"
    OUTGOING = "outgoing"


class LegState(StrEnum):
    """How far a leg is. Only forwards: ringing, answered, ended, with answered left out where nobody was."""

    RINGING = "ringing"
    ANSWERED = "answered"
    ENDED = "ended"


class Role(StrEnum):
    """What a member of a room is to the others (telnyx-facts §2.11)."""

    NONE = "none"
    BARGE = "barge"
    MONITOR = "monitor"
    WHISPER = "whisper"


@dataclass(frozen=True, slots=True)
class Entry:
    """How a leg enters a room: the options of a join, or of a dial's `conference_config`."""

    room: str = ""
    """Id or name of the room."""
    create: bool = False
    """Whether a room of that name is made when there is none (#53)."""
    early_media: bool = False
    """Whether it enters at ringback rather than at the answer."""
    hold: bool = False
    mute: bool = False
    waiting: Tune | None = None
    starts_room: bool = False
    """`start_conference_on_enter`."""
    started: bool = True
    """`start_conference_on_create`."""
    end_on_exit: bool = False
    soft_end_on_exit: bool = False
    role: Role = Role.NONE
    whisper_to: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Plan:
    """What is to happen to a dialled leg when its phone rings and when it is answered."""

    entry: Entry | None = None
    audio: Tune | None = None
    """Played to the callee on answer; a bridge waits for its end (telnyx-facts §2.3)."""
    bridge_with: str | None = None
    """The leg to be bridged with on answer: `bridge_on_answer`, or a transfer's path leg."""
    prevent_double_bridge: bool = False
    protect_path: bool = False
    """Whether the bridge protects that leg with `park_after_unbridge`."""
    hold_path: bool = False
    """Whether the bridge protects it with `hold_after_unbridge`."""
    transfer: bool = False
    """Whether the bridge is a transfer's (#26)."""
    digits: str = ""
    """Tones sent into the callee's phone on answer."""


@dataclass(frozen=True, slots=True)
class Leg:
    """One leg: the line between Telnyx and one phone."""

    ccid: str
    leg_id: str
    session_id: str
    connection_id: str
    direction: Direction
    from_: str
    to: str
    name: str
    """Caller name, as `caller_id_name`."""
    persona: Persona
    state: LegState
    started_at: int
    answered_at: int | None = None
    ended_at: int | None = None
    answering: bool = False
    """Our `answer` has been accepted and the media are not up yet."""
    ringback: bool = False
    """The far phone of a dialled leg is known to ring."""
    client_state: str | None = None
    room: str | None = None
    """Id of the room it is a member of."""
    peer: str | None = None
    """The leg it is bridged with."""
    waits_for: str | None = None
    """The ringing leg whose ringback it hears: a transfer's target, or a bridge that awaits the answer."""
    protected: bool = False
    """`park_after_unbridge: "self"`: the end of its bridge parks this leg instead of hanging it up."""
    hold_after_unbridge: bool = False
    hold_tune: bool = False
    """Parked with the default tune of a bridge that ended with `hold_after_unbridge` (#33)."""
    plan: Plan | None = None
    give_up: str = "timeout"
    """The hang-up cause of an unanswered ring: `no_answer` with `retry_on_timeout: false`."""
    life_limit: int = 0
    """Microseconds it may live after its answer (`time_limit_secs`)."""
    digits_heard: str = ""
    """The tones sent into the leg, and so to the far phone, by `send_dtmf` and `send_digits_on_answer`."""
    has_pressed: bool = False
    """Its persona has pressed its digit."""
    webhook_url: str | None = None
    webhook_urls: tuple[tuple[str, str], ...] = ()
    """Addresses by event type: pairs, so that a leg can be hashed."""

    @property
    def alive(self) -> bool:
        """Whether the leg has not ended."""
        return self.state is not LegState.ENDED

    @property
    def answered(self) -> bool:
        """Whether the leg is answered and alive."""
        return self.state is LegState.ANSWERED


class RoomStatus(StrEnum):
    """The status field of a conference."""

    INIT = "init"
    IN_PROGRESS = "in_progress"
    COMPLETED = "completed"


@dataclass(frozen=True, slots=True)
class Seat:
    """One member of a room: the participant resource, and what is true about it."""

    participant_id: str
    ccid: str
    leg_id: str
    created_at: int
    updated_at: int
    held: bool = False
    hold_tune: Tune | None = None
    """What the held member hears now; None is silence."""
    muted: bool = False
    end_on_exit: bool = False
    soft_end_on_exit: bool = False
    role: Role = Role.NONE
    whisper_to: tuple[str, ...] = ()
    waiting: Tune | None = None
    """The sound this member was given for a room that has not started."""
    beep_enabled: str = "never"


@dataclass(frozen=True, slots=True)
class Room:
    """One conference."""

    id: str
    name: str
    connection_id: str
    owner: str
    """The leg that created it; the room's events carry that leg's `client_state` (telnyx-facts §1.7)."""
    owner_session: str
    status: RoomStatus
    created_at: int
    updated_at: int
    expires_at: int
    seats: tuple[Seat, ...] = ()
    left: tuple[Seat, ...] = ()
    """Former members, kept only where they stay listed (#50)."""
    closed: bool = False
    """A member with `soft_end_conference_on_exit` has left: nobody new gets in, those inside stay."""
    max_participants: int = 250
    region: str = "US"
    waiting: Tune | None = None
    ended_at: int | None = None
    end_reason: str | None = None
    ended_by: str | None = None
    """The leg that ended it by leaving."""

    @property
    def started(self) -> bool:
        """Whether members hear one another at all."""
        return self.status is not RoomStatus.INIT

    @property
    def alive(self) -> bool:
        """Whether the room has not ended."""
        return self.status is not RoomStatus.COMPLETED

    def seat(self, ccid: str) -> Seat | None:
        """The seat of a leg, None when it is not a member."""
        for seat in self.seats:
            if seat.ccid == ccid:
                return seat
        return None
