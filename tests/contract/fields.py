"""The fields of every reply and every webhook, as telnyx-facts gives them: the committed lists.

What a shape may be is told in `shapes`.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import NoneType
from typing import Final

from .shapes import Shape

TEXT_OR_NULL: Final = (str, NoneType)

OK: Final[Shape] = {"data": {"result": frozenset({"ok"})}}
"""Call and conference commands, §1.3."""

PAGE: Final[Shape] = {"page_number": int, "page_size": int, "total_pages": int, "total_results": int}
"""Page pagination, §1.3."""

CURSORS: Final[Shape] = {
    "cursors": {"after": TEXT_OR_NULL, "before": TEXT_OR_NULL},
    "next": TEXT_OR_NULL,
    "previous": TEXT_OR_NULL,
    "total_items": int,
}
"""Cursor pagination, §1.3: only `active_calls`."""

CALL: Final[Shape] = {
    "record_type": frozenset({"call"}),
    "call_control_id": str,
    "call_leg_id": str,
    "call_session_id": str,
    "is_alive": bool,
    "client_state?": TEXT_OR_NULL,
    "start_time?": TEXT_OR_NULL,
    "call_duration?": (int, NoneType),
}
"""Dial, §2.1, and `GET /calls/{id}` of a live leg, §2.10."""

ACTIVE_CALL: Final[Shape] = {
    "record_type": frozenset({"call"}),
    "call_control_id": str,
    "call_leg_id": str,
    "call_session_id": str,
    "client_state": TEXT_OR_NULL,
    "call_duration": int,
}
"""A row of `active_calls`, §2.10: no direction, parties or peer."""

CALL_EVENT: Final[Shape] = {
    "record_type": frozenset({"call_event"}),
    "call_leg_id": str,
    "call_session_id": str,
    "event_timestamp": str,
    "name": str,
    "type": frozenset({"command", "webhook"}),
    "metadata": dict,
}
"""A row of `call_events`, §2.10."""

CONFERENCE: Final[Shape] = {
    "id": str,
    "name": str,
    "record_type": frozenset({"conference"}),
    "status": frozenset({"init", "in_progress", "completed"}),
    "created_at": str,
    "updated_at": str,
    "expires_at": str,
    "region": str,
    "connection_id": str,
    "end_reason?": (str, NoneType),
    "ended_by?": ({"call_control_id": TEXT_OR_NULL, "call_session_id": TEXT_OR_NULL}, NoneType),
}
"""§2.11."""

PARTICIPANT: Final[Shape] = {
    "record_type": frozenset({"participant"}),
    "id": str,
    "call_control_id": str,
    "call_leg_id": str,
    "conference": {"id": str, "name": str},
    "muted": bool,
    "on_hold": bool,
    "status": frozenset({"joining", "joined", "left"}),
    "end_conference_on_exit": bool,
    "soft_end_conference_on_exit": bool,
    "whisper_call_control_ids": [str],
    "created_at": str,
    "updated_at": str,
}
"""An item of the participants list, §2.11."""

ONE_PARTICIPANT: Final[Shape] = {
    "id": str,
    "call_control_id": str,
    "call_leg_id": str,
    "conference_id": str,
    "muted": bool,
    "on_hold": bool,
    "status": frozenset({"joining", "joined", "left"}),
    "end_conference_on_exit": bool,
    "soft_end_conference_on_exit": bool,
    "whisper_call_control_ids": [str],
    "created_at": str,
    "updated_at": str,
    "label?": TEXT_OR_NULL,
}
"""`participants/{id}`, §2.11: `conference_id` instead of `conference`."""

MEDIA: Final[Shape] = {
    "media_name": str,
    "content_type": str,
    "created_at": str,
    "updated_at": str,
    "expires_at": str,
}
"""§2.12; the pinned package names the fields."""

APPLICATION: Final[Shape] = {
    "id": str,
    "record_type": frozenset({"call_control_application"}),
    "application_name": str,
    "webhook_event_url": str,
    "webhook_event_failover_url": TEXT_OR_NULL,
    "webhook_api_version": frozenset({"1", "2"}),
    "webhook_timeout_secs": (int, NoneType),
    "active": bool,
    "first_command_timeout": bool,
    "first_command_timeout_secs": int,
    "anchorsite_override": frozenset({"Latency"}),
    "dtmf_type": frozenset({"RFC 2833", "Inband", "SIP INFO"}),
    "inbound": {
        "channel_limit": (int, NoneType),
        "shaken_stir_enabled": bool,
        "sip_subdomain": TEXT_OR_NULL,
        "sip_subdomain_receive_settings": frozenset({"only_my_connections", "from_anyone"}),
    },
    "outbound": {"channel_limit": (int, NoneType), "outbound_voice_profile_id": str},
    "call_cost_in_webhooks": bool,
    "redact_dtmf_debug_logging": bool,
    "tags": [str],
    "created_at": str,
    "updated_at": str,
}
"""§2.12."""

PHONE_NUMBER: Final[Shape] = {
    "id": str,
    "record_type": str,
    "phone_number": str,
    "phone_number_type": str,
    "country_iso_alpha2": str,
    "status": frozenset({"active"}),
    "connection_id": str,
    "tags": [str],
    "deletion_lock_enabled": bool,
    "created_at": str,
    "purchased_at": str,
}
"""§2.12; the pinned package says which fields are mandatory."""

ERROR: Final[Shape] = {
    "errors": [
        {
            "code": str,
            "title": str,
            "detail?": TEXT_OR_NULL,
            "source?": ({"pointer?": str, "parameter?": str}, NoneType),
            "meta?": {"url": str},
        }
    ]
}
"""§1.3: only `code` and `title` are mandatory."""

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
