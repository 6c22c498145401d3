"""The fields of every webhook, as telnyx-facts §3 gives them: the committed list.

What a shape may be is told in `shapes`.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import NoneType
from typing import Final

from .shapes import Shape

TEXT_OR_NULL: Final = (str, NoneType)

_COMMON: Final[Shape] = {
    "call_control_id": str,
    "call_leg_id": str,
    "call_session_id": str,
    "client_state": TEXT_OR_NULL,
    "connection_id": str,
}
_PARTIES: Final[Shape] = {"from": str, "to": str}
_SIP: Final[Shape] = {"custom_headers": [dict], "sip_headers": [dict], "tags": [str]}
_ROOM: Final[Shape] = {"conference_id": str}
_MEDIA: Final[Shape] = {"media_name": str, "media_url": str}
_WHOLE_ROOM: Final[Shape] = {
    "conference_id": str,
    "connection_id": str,
    "creator_call_session_id": str,
    "occurred_at": str,
}
_MEMBER_AUDIO: Final[Shape] = {**_COMMON, **_ROOM, "creator_call_session_id": str, "occurred_at": str}
_QUALITY: Final[Shape] = {
    "inbound": {
        "jitter_max_variance": TEXT_OR_NULL,
        "jitter_packet_count": TEXT_OR_NULL,
        "mos": TEXT_OR_NULL,
        "packet_count": TEXT_OR_NULL,
        "skip_packet_count": TEXT_OR_NULL,
    },
    "outbound": {"packet_count": TEXT_OR_NULL, "skip_packet_count": TEXT_OR_NULL},
}

PAYLOADS: Final[Mapping[str, Shape]] = {
    "call.initiated": {
        **_COMMON,
        **_PARTIES,
        **_SIP,
        "direction": frozenset({"incoming", "outgoing"}),
        "state": frozenset({"parked", "bridging"}),
        "start_time": str,
        "caller_id_name": str,
        "connection_codecs": str,
        "offered_codecs": str,
        "shaken_stir_attestation": str,
        "shaken_stir_validated": bool,
        "call_screening_result": str,
    },
    "call.answered": {
        **_COMMON,
        **_PARTIES,
        **_SIP,
        "state": frozenset({"answered"}),
        "start_time": str,
    },
    "call.bridged": {**_COMMON, **_PARTIES},
    "call.hangup": {
        **_COMMON,
        **_PARTIES,
        **_SIP,
        "state": frozenset({"hangup"}),
        "start_time": str,
        "end_time?": str,
        "hangup_cause": frozenset(
            {
                "call_rejected",
                "normal_clearing",
                "originator_cancel",
                "timeout",
                "time_limit",
                "user_busy",
                "not_found",
                "no_answer",
                "unspecified",
            }
        ),
        "hangup_source": frozenset({"caller", "callee", "unknown"}),
        "sip_hangup_cause": str,
        "call_quality_stats": (_QUALITY, NoneType),
    },
    "call.playback.started": {**_COMMON, **_MEDIA, "overlay": bool},
    "call.playback.ended": {
        **_COMMON,
        **_MEDIA,
        "overlay": bool,
        "status": frozenset(
            {
                "completed",
                "cancelled",
                "cancelled_amd",
                "call_hangup",
                "file_not_found",
                "failed",
                "unknown",
            }
        ),
        "status_detail": str,
    },
    "call.speak.started": _COMMON,
    "call.speak.ended": {**_COMMON, "status": frozenset({"completed", "call_hangup", "cancelled_amd"})},
    "call.dtmf.received": {**_COMMON, **_PARTIES, "digit": str},
    "conference.created": {**_COMMON, **_ROOM, "occurred_at": str},
    "conference.ended": {
        **_COMMON,
        **_ROOM,
        "occurred_at": str,
        "reason": frozenset({"all_left", "host_left", "time_exceeded", "ended_via_api"}),
    },
    "conference.participant.joined": {**_COMMON, **_ROOM},
    "conference.participant.left": {**_COMMON, **_ROOM},
    "conference.playback.started": {**_WHOLE_ROOM, **_MEDIA},
    "conference.playback.ended": {**_WHOLE_ROOM, **_MEDIA},
    "conference.speak.started": _WHOLE_ROOM,
    "conference.speak.ended": _WHOLE_ROOM,
    "conference.participant.playback.started": {**_MEMBER_AUDIO, **_MEDIA},
    "conference.participant.playback.ended": {**_MEMBER_AUDIO, **_MEDIA},
    "conference.participant.speak.started": _MEMBER_AUDIO,
    "conference.participant.speak.ended": _MEMBER_AUDIO,
}
"""The payload of each event, §3.2 and §3.3."""


def webhook(event_type: str) -> Shape:
    """Return the shape of a whole webhook: `occurred_at` is in `data` or in the payload, never in both."""
    payload = PAYLOADS[event_type]
    data = {"record_type": frozenset({"event"}), "event_type": frozenset({event_type}), "id": str}
    if "occurred_at" not in payload:
        data["occurred_at"] = str
    return {"data": {**data, "payload": payload}, "meta": {"attempt": int, "delivered_to": str}}
