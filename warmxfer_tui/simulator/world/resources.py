"""How the API shows what it reads back: the resources of telnyx-facts §2.10 to §2.12."""

from __future__ import annotations

from collections.abc import Mapping

from .account import Application
from .audio import SECOND
from .model import Leg, LegState, Room, Seat
from .stamps import milli
from .state import State


def conference(s: State, room: Room) -> Mapping[str, object]:
    """The Conference resource."""
    by = s.legs.get(room.ended_by or "")
    return {
        "record_type": "conference",
        "id": room.id,
        "name": room.name,
        "status": room.status.value,
        "created_at": milli(room.created_at),
        "updated_at": milli(room.updated_at),
        "expires_at": milli(room.expires_at),
        "region": room.region,
        "connection_id": room.connection_id,
        "end_reason": room.end_reason,
        "ended_by": {"call_control_id": by.ccid, "call_session_id": by.session_id} if by else None,
    }


def is_held(room: Room, seat: Seat) -> bool:
    """Whether a participant reads as on hold: by command, or because the room has not started."""
    return seat.held or not room.started


def _participant(room: Room, seat: Seat) -> dict[str, object]:
    return {
        "record_type": "participant",
        "id": seat.participant_id,
        "call_control_id": seat.ccid,
        "call_leg_id": seat.leg_id,
        "muted": seat.muted,
        "on_hold": is_held(room, seat),
        "status": "left" if seat in room.left else "joined",
        "end_conference_on_exit": seat.end_on_exit,
        "soft_end_conference_on_exit": seat.soft_end_on_exit,
        "whisper_call_control_ids": list(seat.whisper_to),
        "created_at": milli(seat.created_at),
        "updated_at": milli(seat.updated_at),
    }


def listed_participant(room: Room, seat: Seat) -> Mapping[str, object]:
    """A participant as the list shows it."""
    return {**_participant(room, seat), "conference": {"id": room.id, "name": room.name}}


def single_participant(room: Room, seat: Seat) -> Mapping[str, object]:
    """A participant by itself: with `conference_id` in place of `conference`, and no `record_type`."""
    single = {**_participant(room, seat), "conference_id": room.id}
    del single["record_type"]
    return single


def duration(s: State, leg: Leg) -> int:
    """`call_duration`: whole seconds (#49)."""
    since = leg.answered_at if s.knobs.call_duration == "since answer" else leg.started_at
    until = leg.ended_at if leg.ended_at is not None else s.now
    return 0 if since is None else max(until - since, 0) // SECOND


def call(s: State, leg: Leg) -> Mapping[str, object]:
    """The status of a call: no parties, no state, no peer."""
    alive = leg.answered or (leg.state is LegState.RINGING and s.knobs.ringing_is_alive)
    data: dict[str, object] = {
        "record_type": "call",
        "call_control_id": leg.ccid,
        "call_leg_id": leg.leg_id,
        "call_session_id": leg.session_id,
        "client_state": leg.client_state,
        "is_alive": alive,
        "call_duration": duration(s, leg),
        "start_time": milli(leg.started_at),
    }
    if leg.ended_at is not None:
        data["end_time"] = milli(leg.ended_at)
    return data


def active_call(s: State, leg: Leg) -> Mapping[str, object]:
    """A call in the list of active ones, where a `client_state` is always a text."""
    return {
        "record_type": "call",
        "call_control_id": leg.ccid,
        "call_leg_id": leg.leg_id,
        "call_session_id": leg.session_id,
        "client_state": leg.client_state or "",
        "call_duration": duration(s, leg),
    }


def application(app: Application) -> Mapping[str, object]:
    """A Call Control Application."""
    return {
        "record_type": "call_control_application",
        "id": app.id,
        "application_name": app.application_name,
        "active": app.active,
        "anchorsite_override": "Latency",
        "webhook_event_url": app.webhook_event_url,
        "webhook_event_failover_url": app.webhook_event_failover_url,
        "webhook_api_version": app.webhook_api_version,
        "webhook_timeout_secs": app.webhook_timeout_secs,
        "first_command_timeout": app.first_command_timeout,
        "first_command_timeout_secs": app.first_command_timeout_secs,
        "dtmf_type": "RFC 2833",
        "call_cost_in_webhooks": False,
        "redact_dtmf_debug_logging": False,
        "tags": [],
        "inbound": {
            "channel_limit": None,
            "shaken_stir_enabled": False,
            "sip_subdomain": None,
            "sip_subdomain_receive_settings": "from_anyone",
        },
        "outbound": {
            "channel_limit": app.outbound_channel_limit,
            "outbound_voice_profile_id": app.outbound_voice_profile_id,
        },
        "created_at": app.created_at,
        "updated_at": app.created_at,
    }


def phone_number(s: State, number: str, place: int) -> Mapping[str, object]:
    """An owned number; `place` is its position among them, which its id derives from."""
    created = s.applications[s.account.connection_id].created_at
    return {
        "record_type": "phone_number",
        "id": str(1_293_384_261_075_732_000 + place),
        "phone_number": number,
        "phone_number_type": "local",
        "country_iso_alpha2": "US",
        "status": "active",
        "connection_id": s.account.connection_id,
        "deletion_lock_enabled": False,
        "tags": [],
        "created_at": created,
        "purchased_at": created,
    }
