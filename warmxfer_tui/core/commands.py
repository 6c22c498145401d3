"""Everything that can be asked of the carrier: a closed union of requests, each one endpoint.

A request says what is wanted in Telnyx's terms; `telnyx.client` turns it into HTTP. `Ask` numbers it, so
that its reply can be told from any other, and carries the idempotency key of `design.md` §3.5.
"""

from __future__ import annotations

from dataclasses import dataclass

from warmxfer_tui.core.terms import AskId, CallId, Ccid, LegId, RoomId


@dataclass(frozen=True, slots=True)
class Tag:
    """What we write into a leg's `client_state`, so that a lost disk is survivable (`design.md` §3.7)."""

    desk: str
    call: str
    role: str
    leg: str
    """The attempt: our own id of the leg."""
    other: str = ""
    """The customer's number; empty on the agent's own line."""
    target: str = ""
    """The name of the target, where the leg is one."""
    way: str = ""
    """`blind` where the carrier rings the leg for C; else empty."""
    session: str = ""
    """`Policy.session`: with another journal the ids of calls and legs begin anew, and mean somebody else."""


@dataclass(frozen=True, slots=True)
class Dial:
    """`POST /calls`."""

    to: str
    from_: str
    connection: str
    timeout_secs: int
    tag: Tag
    room_name: str | None = None
    """With a name: `conference_config {conference_name, early_media, beep_enabled: never}`."""


@dataclass(frozen=True, slots=True)
class Answer:
    """`actions/answer` on a ringing inbound leg."""

    ccid: Ccid
    tag: Tag


@dataclass(frozen=True, slots=True)
class Reject:
    """`actions/reject` with cause USER_BUSY (RING-6)."""

    ccid: Ccid


@dataclass(frozen=True, slots=True)
class Hangup:
    """`actions/hangup`; on a ringing leg of ours, a cancel."""

    ccid: Ccid


@dataclass(frozen=True, slots=True)
class Transfer:
    """`actions/transfer` on C's leg: the carrier dials B, and bridges the two when it is answered.

    C outlives the bridge (`park_after_unbridge`) and hears B ring (early media). No `audio_url`: it is played
    to B after the answer and before the bridge (telnyx-facts §2.3), and would keep the two apart.
    """

    ccid: Ccid
    to: str
    from_: str
    timeout_secs: int
    tag: Tag
    """Of the new leg: the reply has no id of it (telnyx-facts §2.3)."""


@dataclass(frozen=True, slots=True)
class CreateRoom:
    """`POST /conferences` from the customer's leg."""

    ccid: Ccid
    name: str


@dataclass(frozen=True, slots=True)
class Join:
    """`conferences/{room}/actions/join`."""

    room: RoomId
    ccid: Ccid
    tag: Tag


@dataclass(frozen=True, slots=True)
class Leave:
    """`conferences/{room}/actions/leave`: the leg is parked."""

    room: RoomId
    ccid: Ccid


@dataclass(frozen=True, slots=True)
class Hold:
    """`conferences/{room}/actions/hold` of these members, never of everybody."""

    room: RoomId
    ccids: tuple[Ccid, ...]
    media_name: str | None = None
    audio_url: str | None = None


@dataclass(frozen=True, slots=True)
class Unhold:
    """`conferences/{room}/actions/unhold`."""

    room: RoomId
    ccids: tuple[Ccid, ...]


@dataclass(frozen=True, slots=True)
class Mute:
    """`conferences/{room}/actions/mute`."""

    room: RoomId
    ccids: tuple[Ccid, ...]


@dataclass(frozen=True, slots=True)
class Unmute:
    """`conferences/{room}/actions/unmute`."""

    room: RoomId
    ccids: tuple[Ccid, ...]


@dataclass(frozen=True, slots=True)
class RoomSpeak:
    """`conferences/{room}/actions/speak` to these members alone."""

    room: RoomId
    ccids: tuple[Ccid, ...]
    text: str


@dataclass(frozen=True, slots=True)
class LegSpeak:
    """`calls/{ccid}/actions/speak`; `loop` says it until it is stopped."""

    ccid: Ccid
    text: str
    loop: bool = False


@dataclass(frozen=True, slots=True)
class StopPlayback:
    """`calls/{ccid}/actions/playback_stop`, which ends speech too (telnyx-facts §2.5)."""

    ccid: Ccid


@dataclass(frozen=True, slots=True)
class SendDigits:
    """`calls/{ccid}/actions/send_dtmf`."""

    ccid: Ccid
    digits: str


@dataclass(frozen=True, slots=True)
class ReadRoom:
    """All pages of `GET /conferences/{room}/participants`."""

    room: RoomId


@dataclass(frozen=True, slots=True)
class FindRoom:
    """`GET /conferences?filter[name]=…&filter[status]=in_progress`, with each one's participants (90033)."""

    name: str


@dataclass(frozen=True, slots=True)
class ReadCall:
    """`GET /calls/{ccid}`."""

    ccid: Ccid


@dataclass(frozen=True, slots=True)
class Survey:
    """Everything that the carrier knows of this desk, in one request of many reads (`design.md` §3.5).

    The live legs of the connection, the rooms of ours with their members, whether the legs that we know live
    still, and every webhook since a moment, with those of the sessions of legs that we do not know.
    """

    connection: str
    since: int
    """Carrier milliseconds: older webhooks are not asked for, except of unknown legs."""
    known: tuple[Ccid, ...] = ()
    """The living legs of the desk."""


Request = (
    Dial
    | Answer
    | Reject
    | Hangup
    | Transfer
    | CreateRoom
    | Join
    | Leave
    | Hold
    | Unhold
    | Mute
    | Unmute
    | RoomSpeak
    | LegSpeak
    | StopPlayback
    | SendDigits
    | ReadRoom
    | FindRoom
    | ReadCall
    | Survey
)


@dataclass(frozen=True, slots=True)
class Ask:
    """One request leaving the desk. `events.Replied` with the same id closes it."""

    id: AskId
    request: Request
    key: str
    """What `command_id` is derived from: the same key is the same command (I5)."""
    at: int
    call: CallId | None = None
    leg: LegId | None = None
    row: str = ""
    """The row of the behaviour table that caused it; shown in the ladder and the log."""
