"""Webhook JSON -> `core.events.Fact`: the only place where text from outside is cleaned (telnyx-facts §3).

Reading is tolerant of what is extra and strict about what a fact rests on. A kind that changes nothing in a
transfer is `Noted`, so that it is kept and shown (ANY-7). What has no id, kind or time, or lacks the field
that its kind is about, is `Unreadable` with the reason. Any JSON value gives one of the two; nothing raises.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from warmxfer_tui.core.events import (
    CallAnswered,
    CallBridged,
    CallEnded,
    CallInitiated,
    DigitPressed,
    Fact,
    Noted,
    RoomEnded,
    RoomJoined,
    RoomLeft,
    SpeechEnded,
    SpeechStarted,
)
from warmxfer_tui.core.terms import Ccid, Number, NumberKind, RoomId
from warmxfer_tui.telnyx import client_state
from warmxfer_tui.telnyx.message import JsonObject
from warmxfer_tui.telnyx.replies import id_of
from warmxfer_tui.text import DEFAULT_LIMIT, clean

_DIGITS = frozenset("0123456789ABCD*#")
_KIND_LIMIT = 80
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MILLISECOND = timedelta(milliseconds=1)


@dataclass(frozen=True, slots=True)
class Unreadable:
    """A JSON value that is no webhook of Telnyx's, or one without what it is about."""

    why: str


class _MissingError(Exception):
    """A field that the fact rests on is absent or wrong. Never leaves this module."""


@dataclass(frozen=True, slots=True)
class _Envelope:
    """What every webhook has, and its payload."""

    at: int
    event_id: str
    occurred_at: int
    kind: str
    payload: JsonObject

    def ccid(self) -> Ccid:
        """The leg that the event is about."""
        return Ccid(self._id("call_control_id"))

    def room(self) -> RoomId:
        """The room that the event is about."""
        return RoomId(self._id("conference_id"))

    def text(self, name: str, limit: int = DEFAULT_LIMIT) -> str:
        """A text to show; empty where there is none. SIP causes have been seen as numbers."""
        value = self.payload.get(name)
        if isinstance(value, int) and not isinstance(value, bool):
            value = str(value)
        return clean(value, limit) if isinstance(value, str) else ""

    def _id(self, name: str) -> str:
        found = id_of(self.payload.get(name))
        if not found:
            raise _MissingError(f"{self.kind} without {name}")
        return found


def fact_of(body: object, at: int) -> Fact | Unreadable:
    """Return what a verified webhook says; `at` is when we learned of it, in UTC milliseconds."""
    try:
        envelope = _envelope(body, at)
        return _READERS.get(envelope.kind, _noted)(envelope)
    except _MissingError as missing:
        return Unreadable(str(missing))


def _envelope(body: object, at: int) -> _Envelope:
    if not isinstance(body, dict):
        raise _MissingError("not a JSON object")
    # `conference.floor.changed` is described without the wrapper (telnyx-facts §3.1).
    data = body if "data" not in body and "event_type" in body else body.get("data")
    if not isinstance(data, dict):
        raise _MissingError("no data")
    payload = data.get("payload")
    if not isinstance(payload, dict):
        raise _MissingError("no payload")
    event_id, kind = id_of(data.get("id")), data.get("event_type")
    if not event_id:
        raise _MissingError("no event id")
    if not isinstance(kind, str) or not kind:
        raise _MissingError("no event type")
    # Several conference events carry the time inside the payload only (telnyx-facts §3.1).
    occurred_at = _milliseconds(data.get("occurred_at")) or _milliseconds(payload.get("occurred_at"))
    if occurred_at is None:
        raise _MissingError("no occurred_at")
    return _Envelope(at, event_id, occurred_at, clean(kind, _KIND_LIMIT), payload)


def _milliseconds(value: object) -> int | None:
    """An ISO-8601 time as UTC milliseconds; a time without a zone is UTC."""
    if not isinstance(value, str):
        return None
    try:
        moment = datetime.fromisoformat(value)
        # Integer arithmetic: the float of a time is a millisecond off now and then.
        return ((moment if moment.tzinfo else moment.replace(tzinfo=UTC)) - _EPOCH) // _MILLISECOND
    except (ValueError, OverflowError):
        return None


def _initiated(e: _Envelope) -> Fact:
    direction = e.payload.get("direction")
    if direction not in ("incoming", "outgoing"):
        raise _MissingError("call.initiated without direction")
    return CallInitiated(
        e.at,
        e.event_id,
        e.occurred_at,
        e.ccid(),
        inbound=direction == "incoming",
        from_=_number(e.text("from", client_state.TEXT_LIMIT)),
        to=_number(e.text("to", client_state.TEXT_LIMIT)),
        caller_name=e.text("caller_id_name"),
        tag=client_state.decode(e.payload.get("client_state")),
    )


def _number(shown: str) -> Number:
    """A party as the wire names it; `numbers` knows how to show it better."""
    sip = shown.lower().startswith(("sip:", "sips:"))
    return Number(shown, shown, NumberKind.SIP if sip else NumberKind.ORDINARY)


def _answered(e: _Envelope) -> Fact:
    tag = client_state.decode(e.payload.get("client_state"))
    return CallAnswered(e.at, e.event_id, e.occurred_at, e.ccid(), tag)


def _bridged(e: _Envelope) -> Fact:
    tag = client_state.decode(e.payload.get("client_state"))
    return CallBridged(e.at, e.event_id, e.occurred_at, e.ccid(), tag)


def _ended(e: _Envelope) -> Fact:
    return CallEnded(
        e.at,
        e.event_id,
        e.occurred_at,
        e.ccid(),
        cause=e.text("hangup_cause") or "unspecified",
        sip=e.text("sip_hangup_cause"),
        tag=client_state.decode(e.payload.get("client_state")),
    )


def _joined(e: _Envelope) -> Fact:
    return RoomJoined(e.at, e.event_id, e.occurred_at, e.ccid(), e.room())


def _left(e: _Envelope) -> Fact:
    return RoomLeft(e.at, e.event_id, e.occurred_at, e.ccid(), e.room())


def _room_ended(e: _Envelope) -> Fact:
    # The payload names the leg that created the room: the end is not about that leg.
    return RoomEnded(e.at, e.event_id, e.occurred_at, None, e.room(), e.text("reason"))


def _leg_speech_started(e: _Envelope) -> Fact:
    return SpeechStarted(e.at, e.event_id, e.occurred_at, e.ccid(), None)


def _leg_speech_ended(e: _Envelope) -> Fact:
    return SpeechEnded(e.at, e.event_id, e.occurred_at, e.ccid(), None)


def _member_speech_started(e: _Envelope) -> Fact:
    return SpeechStarted(e.at, e.event_id, e.occurred_at, e.ccid(), e.room())


def _member_speech_ended(e: _Envelope) -> Fact:
    return SpeechEnded(e.at, e.event_id, e.occurred_at, e.ccid(), e.room())


def _digit(e: _Envelope) -> Fact:
    digit = e.text("digit")
    if digit not in _DIGITS:
        raise _MissingError("call.dtmf.received without digit")
    return DigitPressed(e.at, e.event_id, e.occurred_at, e.ccid(), digit)


def _noted(e: _Envelope) -> Fact:
    ccid = id_of(e.payload.get("call_control_id"))
    return Noted(e.at, e.event_id, e.occurred_at, Ccid(ccid) if ccid else None, e.kind)


_READERS: dict[str, Callable[[_Envelope], Fact]] = {
    "call.initiated": _initiated,
    "call.answered": _answered,
    "call.bridged": _bridged,
    "call.hangup": _ended,
    "call.dtmf.received": _digit,
    "call.speak.started": _leg_speech_started,
    "call.speak.ended": _leg_speech_ended,
    "conference.participant.joined": _joined,
    "conference.participant.left": _left,
    "conference.participant.speak.started": _member_speech_started,
    "conference.participant.speak.ended": _member_speech_ended,
    "conference.ended": _room_ended,
}
