"""The terms of the field: ids, who is who, how far a leg or a call has come, what a timer is for."""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum, StrEnum
from typing import Literal, NewType

CallId = NewType("CallId", str)
"""Ours: one customer call, `c1`, `c2`, ... in order of first sight."""
LegId = NewType("LegId", str)
"""Ours: `c1.C`, `c1.B2`, `line.3`: known before the carrier has given the leg an id."""
Ccid = NewType("Ccid", str)
"""Telnyx's `call_control_id` of one leg (telnyx-facts §1.1). Opaque."""
RoomId = NewType("RoomId", str)
"""Telnyx's conference id."""
AskId = NewType("AskId", int)
"""One request on its way to the carrier, numbered by the desk."""


class NumberKind(StrEnum):
    """How careful a dial must be."""

    ORDINARY = "ordinary"
    PREMIUM = "premium"
    EMERGENCY = "emergency"
    SIP = "sip"


@dataclass(frozen=True, slots=True)
class Number:
    """An address that can be called, parsed once at the edge (`numbers`)."""

    e164: str
    """`+` and digits, or a `sip:` URI: what the carrier is given."""
    shown: str
    """The form a person reads."""
    kind: NumberKind = NumberKind.ORDINARY


NOBODY = Number("", "")


class Role(StrEnum):
    """Who a leg is, in the letters of behaviour.md."""

    CUSTOMER = "C"
    AGENT = "A"
    TARGET = "B"
    STRANGER = "?"


class Phase(IntEnum):
    """How far a leg has come. It only grows (I8)."""

    DIALLED = 0
    """A dial is on its way; the carrier has not given the leg an id."""
    RINGING = 1
    ANSWERED = 2
    ENDED = 3


class State(StrEnum):
    """Where a call stands (behaviour §1). IDLE is the absence of a call."""

    RING = "RING"
    OUT = "OUT"
    CONNECT = "CONNECT"
    TALK = "TALK"
    HELD = "HELD"
    CALLING = "CALLING"
    ASIDE = "ASIDE"
    BLIND = "BLIND"
    """The carrier rings B and will bridge C with it; A stays in the room until it has."""
    CONSULT = "CONSULT"
    SWAPPED = "SWAPPED"
    THREE = "THREE"
    FINISH = "FINISH"
    WATCH = "WATCH"
    RESCUE = "RESCUE"
    WRAP = "WRAP"


class LineState(StrEnum):
    """Where the agent's own phone stands (behaviour "The line")."""

    DOWN = "DOWN"
    DIALLING = "DIALLING"
    PROVING = "PROVING"
    PARKED = "PARKED"
    IN = "IN"
    LOST = "LOST"


class Means(StrEnum):
    """How a held leg is given something to hear, best first (behaviour "Hold sound")."""

    MEDIA = "media"
    """Conference hold with a named file."""
    SPOKEN = "spoken"
    """Conference hold, and speech to this member alone, repeated."""
    APART = "apart"
    """Out of the room, with looped speech on the leg itself."""


class Lane(StrEnum):
    """The requests that go out one at a time for a leg (behaviour "One lane per leg")."""

    JOIN = "join"
    LEAVE = "leave"
    HOLD = "hold"
    UNHOLD = "unhold"
    MUTE = "mute"
    UNMUTE = "unmute"
    TRANSFER = "transfer"
    """Takes C out of its room too, and hands it to the carrier until B has answered."""


InRoom = Literal[Lane.JOIN, Lane.LEAVE, Lane.HOLD, Lane.UNHOLD, Lane.MUTE, Lane.UNMUTE]
"""The requests of a lane that name a room."""


class Result(StrEnum):
    """How a leg or a call ended, in the words of the outcome list (behaviour §3.9)."""

    BUSY = "busy"
    DECLINED = "declined"
    NO_ANSWER = "no answer"
    WRONG_NUMBER = "wrong number"
    UNCONFIRMED = "not confirmed"
    NOT_PLACED = "could not be called"
    CANCELLED = "cancelled"
    CUSTOMER_LEFT = "customer left"
    TARGET_LEFT = "target left"
    ABANDONED_RINGING = "abandoned while ringing"
    ABANDONED_ON_HOLD = "abandoned on hold"
    REJECTED = "rejected"
    ENDED = "ended normally"
    COMPLETED = "transfer completed"
    UNKNOWN = "ended"


class Clock(StrEnum):
    """What a timer is for. A timer belongs to one subject and dies with it (I7)."""

    RING = "ring"
    """A target or customer we dialled has not answered."""
    LINE = "line"
    """The agent's line has not been confirmed."""
    PROOF = "proof"
    """A pending request has not been proven: read."""
    RETRY = "retry"
    """A failed request is tried again."""
    ALONE = "alone"
    """C has no proven partner."""
    STUCK = "stuck"
    """The agent is still not with C."""
    SILENT = "silent"
    """C has heard nothing for 2 s: the red banner."""
    WAIT = "wait"
    """An answered target cannot be joined yet."""
    GOODBYE = "goodbye"
    """A farewell has had its time: hang up."""
    REDIAL = "redial"
    """Rescue calls the agent's line again."""
    ASK = "ask"
    """The agent has not said what to do after hanging up in mid-talk."""
    NOTICE = "notice"
    """"One moment" has been said; rescue begins."""
    SURVIVAL = "survival"
    """B and C have talked long enough to call it completed."""
    CLOSING = "closing"
    """The closing words have had their time."""
    STAY = "stay"
    """A and B talk on after C has left."""
    SOUND = "sound"
    """The hold file is about to run out."""
    SPEECH = "speech"
    """Speech to a held member was not proven to start."""
    WORD = "word"
    """C waits for an agent who is in another room, and the console is lost: a word is due."""
    KEEP = "keep"
    """The parked line costs money: hang it up."""
    WRAP = "wrap"
    """The ended call leaves the desk."""
    DROP = "drop"
    """The second `x` on a customer is too late."""
    READ = "read"
    """The rooms of answered customers are read, whatever webhooks say."""
    TRY = "try"
    """Webhooks do not come: whoever rings is asked whether it has answered."""
    EVENT = "event"
    """A command was accepted, and no webhook has come since."""
    SURVEY = "survey"
    """The carrier is asked what it knows of everything."""
    CALM = "calm"
    """The carrier asked us to slow down; this long."""


@dataclass(frozen=True, slots=True)
class Timer:
    """One armed deadline."""

    clock: Clock
    subject: str
    """A leg's or a call's id, or `desk`."""
