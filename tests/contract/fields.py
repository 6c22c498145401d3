"""The fields of every reply, as telnyx-facts gives them: the committed lists.

What a shape may be is told in `shapes`.
"""

from __future__ import annotations

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

_CALL_IDS: Final[Shape] = {
    "record_type": frozenset({"call"}),
    "call_control_id": str,
    "call_leg_id": str,
    "call_session_id": str,
}
DIALLED: Final[Shape] = {
    **_CALL_IDS,
    "is_alive": frozenset({False}),
    "client_state?": str,
    "start_time": str,
    "call_duration": int,
}
"""Dial, §2.1: never alive yet, and a state only if it was given one."""

LIVE_CALL: Final[Shape] = {
    **_CALL_IDS,
    "is_alive": frozenset({True}),
    "client_state": TEXT_OR_NULL,
    "start_time": str,
    "call_duration": int,
}
"""`GET /calls/{id}`, §2.10."""

ENDED_CALL: Final[Shape] = {**LIVE_CALL, "is_alive": frozenset({False}), "end_time": str}
"""The same within ten minutes of its end: `end_time` is for the dead alone."""

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

_CONFERENCE: Final[Shape] = {
    "id": str,
    "name": str,
    "record_type": frozenset({"conference"}),
    "created_at": str,
    "updated_at": str,
    "expires_at": str,
    "region": str,
    "connection_id": str,
}
LIVE_CONFERENCE: Final[Shape] = {
    **_CONFERENCE,
    "status": frozenset({"init", "in_progress"}),
    "end_reason": NoneType,
    "ended_by": NoneType,
}
"""§2.11."""

ENDED_CONFERENCE: Final[Shape] = {
    **_CONFERENCE,
    "status": frozenset({"completed"}),
    "end_reason": frozenset({"all_left", "ended_via_api", "host_left", "time_exceeded"}),
    "ended_by": ({"call_control_id": str, "call_session_id": str}, NoneType),
}
"""§2.11: a room that is over says why, and by whom if it was a member."""

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
