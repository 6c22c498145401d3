"""The webhooks, each with every field of telnyx-facts §3.2 and §3.3.

Where the spec puts `occurred_at` inside the payload (§3.1) it is inside, and nowhere else.
"""

from __future__ import annotations

from .audio import SECOND, Play, Sound
from .model import Direction, Leg, Room, Webhook
from .stamps import micro
from .state import State

_CODECS = "PCMU,PCMA"

EVENT_TYPES = frozenset(
    {
        "call.initiated",
        "call.answered",
        "call.bridged",
        "call.hangup",
        "call.playback.started",
        "call.playback.ended",
        "call.speak.started",
        "call.speak.ended",
        "call.dtmf.received",
        "conference.created",
        "conference.ended",
        "conference.participant.joined",
        "conference.participant.left",
        "conference.playback.started",
        "conference.playback.ended",
        "conference.speak.started",
        "conference.speak.ended",
        "conference.participant.playback.started",
        "conference.participant.playback.ended",
        "conference.participant.speak.started",
        "conference.participant.speak.ended",
    }
)
"""The events that this simulator sends."""

OTHER_EVENT_TYPES = frozenset(
    {
        "call.hold",
        "call.unhold",
        "call.enqueued",
        "call.dequeued",
        "call.gather.ended",
        "call.machine.detection.ended",
        "call.machine.greeting.ended",
        "call.machine.premium.detection.ended",
        "call.machine.premium.greeting.ended",
        "call.recording.saved",
        "call.recording.error",
        "call.recording.transcription.saved",
        "call.refer.started",
        "call.refer.completed",
        "call.refer.failed",
        "call.fork.started",
        "call.fork.stopped",
        "call.cost",
        "call.transcription",
        "call.sip_info.received",
        "streaming.started",
        "streaming.stopped",
        "streaming.failed",
        "conference.floor.changed",
        "conference.recording.saved",
    }
)
"""Telnyx's other events (telnyx-facts §3.2, §3.3), which `webhook_urls` may name and nothing here sends."""


def _common(leg: Leg) -> dict[str, object]:
    return {
        "call_control_id": leg.ccid,
        "call_leg_id": leg.leg_id,
        "call_session_id": leg.session_id,
        "client_state": leg.client_state,
        "connection_id": leg.connection_id,
    }


def _headers() -> dict[str, object]:
    return {"custom_headers": [], "sip_headers": [], "tags": []}


def _tell(s: State, event_type: str, leg: Leg, payload: dict[str, object], *, inside: bool = False) -> None:
    at = s.stamp()
    data: dict[str, object] = {"record_type": "event", "event_type": event_type, "id": s.uuid("event")}
    (payload if inside else data)["occurred_at"] = micro(at)
    data["payload"] = payload
    url = next((url for name, url in leg.webhook_urls if name == event_type), leg.webhook_url)
    s.tell(Webhook(str(data["id"]), event_type, {"data": data}, leg.ccid, at, url, leg.connection_id))


def initiated(s: State, leg: Leg) -> None:
    """A leg exists: an inbound one is parked, an outbound one on its way."""
    incoming = leg.direction is Direction.INCOMING
    _tell(
        s,
        "call.initiated",
        leg,
        {
            **_common(leg),
            **_headers(),
            "from": leg.from_,
            "to": leg.to,
            "direction": leg.direction.value,
            "state": "parked" if incoming else "bridging",
            "start_time": micro(leg.started_at),
            "caller_id_name": leg.name,
            "connection_codecs": _CODECS,
            "offered_codecs": _CODECS,
            "shaken_stir_attestation": "A",
            "shaken_stir_validated": incoming,
            "call_screening_result": "",
        },
    )


def answered(s: State, leg: Leg) -> None:
    """The leg has media."""
    _tell(
        s,
        "call.answered",
        leg,
        {
            **_common(leg),
            **_headers(),
            "from": leg.from_,
            "to": leg.to,
            "state": "answered",
            "start_time": micro(leg.started_at),
        },
    )


def bridged(s: State, leg: Leg) -> None:
    """The leg is bridged; the payload does not say with whom."""
    _tell(s, "call.bridged", leg, {**_common(leg), "from": leg.from_, "to": leg.to})


def hangup(s: State, leg: Leg, cause: str, sip: str, source: str) -> None:
    """The leg has ended; `sip` is the SIP status as text, `source` caller, callee or unknown."""
    ended = leg.ended_at if leg.ended_at is not None else s.now
    _tell(
        s,
        "call.hangup",
        leg,
        {
            **_common(leg),
            **_headers(),
            "from": leg.from_,
            "to": leg.to,
            "state": "hangup",
            "start_time": micro(leg.started_at),
            "end_time": micro(ended),
            "hangup_cause": cause,
            "hangup_source": source,
            "sip_hangup_cause": sip,
            "call_quality_stats": None if leg.answered_at is None else _quality(ended - leg.answered_at),
        },
    )


def _quality(talked: int) -> dict[str, dict[str, str]]:
    """The statistics of a clean line: fifty packets a second each way, all values text."""
    packets = str(talked * 50 // SECOND)
    return {
        "inbound": {
            "jitter_max_variance": "0.00",
            "jitter_packet_count": "0",
            "mos": "4.50",
            "packet_count": packets,
            "skip_packet_count": "0",
        },
        "outbound": {"packet_count": packets, "skip_packet_count": "0"},
    }


def digit(s: State, leg: Leg, key: str) -> None:
    """The party has pressed a key."""
    _tell(s, "call.dtmf.received", leg, {**_common(leg), "from": leg.from_, "to": leg.to, "digit": key})


def _files(play: Play) -> dict[str, object]:
    if play.sound is Sound.SPEECH:
        return {}
    return {"media_name": play.name, "media_url": play.url}


def leg_play(s: State, leg: Leg, play: Play, phase: str, *, status: str = "", overlay: bool = False) -> None:
    """`call.speak.*` or `call.playback.*`; `status` says how it ended."""
    kind = "speak" if play.sound is Sound.SPEECH else "playback"
    payload: dict[str, object] = {**_common(leg), **_files(play)}
    if kind == "playback":
        payload["overlay"] = overlay
    if phase == "ended":
        payload["status"] = status
        if kind == "playback":
            payload["status_detail"] = "" if status != "file_not_found" else "The file could not be fetched."
    _tell(s, f"call.{kind}.{phase}", leg, payload)


def _of_room(s: State, room: Room, leg: Leg) -> dict[str, object]:
    """The common fields of a leg's conference event; the state is the owner's (telnyx-facts §1.7)."""
    owner = s.legs[room.owner]
    return {**_common(leg), "client_state": owner.client_state, "conference_id": room.id}


def created(s: State, room: Room) -> None:
    """A room exists."""
    owner = s.legs[room.owner]
    _tell(s, "conference.created", owner, _of_room(s, room, owner), inside=True)


def ended(s: State, room: Room) -> None:
    """A room has ended."""
    owner = s.legs[room.owner]
    payload = {**_of_room(s, room, owner), "reason": room.end_reason}
    _tell(s, "conference.ended", owner, payload, inside=True)


def joined(s: State, room: Room, leg: Leg) -> None:
    """A leg has become a member."""
    _tell(s, "conference.participant.joined", leg, _of_room(s, room, leg))


def left(s: State, room: Room, leg: Leg) -> None:
    """A leg is a member no more."""
    _tell(s, "conference.participant.left", leg, _of_room(s, room, leg))


def member_play(s: State, room: Room, leg: Leg, play: Play, phase: str) -> None:
    """`conference.participant.speak.*` or `.playback.*`: audio for one member."""
    kind = "speak" if play.sound is Sound.SPEECH else "playback"
    payload = {**_of_room(s, room, leg), **_files(play), "creator_call_session_id": room.owner_session}
    _tell(s, f"conference.participant.{kind}.{phase}", leg, payload, inside=True)


def room_play(s: State, room: Room, play: Play, phase: str) -> None:
    """`conference.speak.*` or `.playback.*`: audio for the whole room, without the ids of a leg."""
    kind = "speak" if play.sound is Sound.SPEECH else "playback"
    payload: dict[str, object] = {
        "conference_id": room.id,
        "connection_id": room.connection_id,
        "creator_call_session_id": room.owner_session,
        **_files(play),
    }
    _tell(s, f"conference.{kind}.{phase}", s.legs[room.owner], payload, inside=True)
