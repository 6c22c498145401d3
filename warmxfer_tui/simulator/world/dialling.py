"""`POST /calls`: one new outbound leg (telnyx-facts §2.1)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from . import legs, rooms
from .commands import known_leg, recall, remember
from .errors import Refused
from .media import tune_of
from .model import Direction, Entry, Leg, Plan, Reply, Role
from .params import (
    BEEPS,
    DIGITS,
    E164,
    ROLES,
    SIP,
    UNSUPPORTED,
    Param,
    Request,
    between,
    check,
    check_command,
    flags,
    need,
    one_of,
    phone_or_sip,
)
from .personas import persona_of
from .stamps import milli
from .state import Command, State
from .urls import URL_PARAMS, urls_of

TIMING = (between("timeout_secs", 5, 600), between("time_limit_secs", 30, 14_400))
"""Ranges of telnyx-facts §1.5, shared with transfer."""

_DIAL = (
    need("connection_id"),
    Param("from_display_name", high=128),
    *TIMING,
    *flags("retry_on_timeout", "bridge_intent", "bridge_on_answer", "prevent_double_bridge"),
    Param("link_to"),
    Param("park_after_unbridge", object),
    Param("audio_url"),
    Param("media_name"),
    Param("send_digits_on_answer", high=64),
    one_of("media_encryption", "disabled", "SRTP", "DTLS"),
    one_of("privacy", "id", "none"),
    Param("conference_config", dict),
    *URL_PARAMS,
)
_CONFERENCE = (
    Param("id"),
    Param("conference_name"),
    *flags("early_media", "hold", "mute", "end_conference_on_exit", "soft_end_conference_on_exit"),
    *flags("start_conference_on_create", "start_conference_on_enter"),
    Param("hold_audio_url"),
    Param("hold_media_name"),
    one_of("beep_enabled", *BEEPS),
    one_of("supervisor_role", *ROLES),
    Param("whisper_call_control_ids", list),
)


def dial(s: State, request: Request) -> Reply:
    """Place a call. The reply's `is_alive` is false: dialling is asynchronous."""
    check_command(request.body, _DIAL, s.knobs)
    UNSUPPORTED.check(request.body)
    to, digits = _destination(request)
    command_id = request.text("command_id")
    if (reply := _repeated(s, command_id)) is not None:
        return reply
    linked = _linked(s, request)
    from_ = linked.from_ if linked is not None and request.flag("bridge_intent") else request.text("from")
    _check_from(s, request, from_)
    _check_line(s, request, to)
    plan = Plan(
        entry=_entry(s, request),
        audio=tune_of(s, request),
        bridge_with=linked.ccid if linked is not None and request.flag("bridge_on_answer") else None,
        prevent_double_bridge=request.flag("prevent_double_bridge"),
        digits=request.text("send_digits_on_answer") or digits,
    )
    url, by_event = urls_of(request)
    order = legs.Dial(
        from_=from_,
        to=to,
        name=request.text("from_display_name"),
        connection_id=request.text("connection_id"),
        session_id=linked.session_id if linked is not None else s.uuid("session"),
        client_state=request.text("client_state") or None,
        ring_secs=request.number("timeout_secs", legs.RING_SECS),
        life_secs=request.number("time_limit_secs", legs.LONGEST_LIFE),
        give_up="timeout" if request.flag("retry_on_timeout", True) else "no_answer",
        plan=plan if plan != Plan() else None,
        webhook_url=url,
        webhook_urls=by_event,
    )
    leg = legs.dial(s, order, persona_of(to, s.personas))
    if linked is not None and request.text("park_after_unbridge") == "self":
        leg = s.put(replace(leg, protected=True))
    s.record(Command(s.now, "dial", leg.ccid, request.body))
    reply = Reply(200, {"data": _accepted(leg)})
    return reply if s.knobs.dial_command_id == "not at all" else remember(s, "dial", command_id, reply)


def _accepted(leg: Leg) -> Mapping[str, object]:
    data: dict[str, object] = {
        "record_type": "call",
        "call_control_id": leg.ccid,
        "call_leg_id": leg.leg_id,
        "call_session_id": leg.session_id,
        "is_alive": False,
        "call_duration": 0,
        "start_time": milli(leg.started_at),
    }
    if leg.client_state is not None:
        data["client_state"] = leg.client_state
    return data


def _repeated(s: State, command_id: str) -> Reply | None:
    """What a dial's duplicate is answered (#36), None where it is a dial like any other."""
    knob = s.knobs.dial_command_id
    if knob == "for ever":
        seen = s.memory.get(("dial", command_id))
        return seen.reply if seen is not None else None
    reply = recall(s, "dial", command_id)
    if reply is not None and knob == "422":
        raise Refused(s.knobs.refusal_code, "command_id", status=422)
    return reply


def _destination(request: Request) -> tuple[str, str]:
    """The party to dial, and the post-dial digits after a comma of its number (telnyx-facts §1.1)."""
    to = request.body.get("to")
    if to is None or to in ("", []):
        raise Refused("10004", "to")
    if isinstance(to, list | tuple):
        if len(to) > 1:
            raise Refused("10038", "to", detail="This simulator dials one party at a time.")
        to = to[0]
    if not isinstance(to, str):
        raise Refused("10026", "to")
    if SIP.fullmatch(to):
        return to, ""
    number, comma, digits = to.partition(",")
    if E164.fullmatch(number) is None:
        raise Refused("10016", "to")
    if comma and DIGITS.fullmatch(digits) is None:
        raise Refused("90014", "to")
    return number, digits


def _linked(s: State, request: Request) -> Leg | None:
    ccid = request.text("link_to")
    if not ccid:
        for name in ("bridge_intent", "bridge_on_answer"):
            if request.flag(name):
                raise Refused("10004", "link_to", detail=f"{name} needs link_to.")
        return None
    return known_leg(s, ccid, "link_to")


def _check_from(s: State, request: Request, from_: str) -> None:
    if not from_:
        raise Refused("10004", "from")
    if not isinstance(request.body.get("from", ""), str):
        raise Refused("10026", "from")
    if not request.flag("bridge_intent"):
        phone_or_sip(request, "from")
        check_owned(s, from_)


def check_owned(s: State, number: str) -> None:
    """Raise `Refused` (10010) unless the account may show this number."""
    if number not in s.account.numbers:
        raise Refused("10010", "from")


def _check_line(s: State, request: Request, to: str) -> None:
    """The application must exist and have a webhook address, a free channel, and codecs that fit."""
    app = s.applications.get(request.text("connection_id"))
    if app is None or not app.webhook_event_url:
        raise Refused(
            "10015", "connection_id", detail="Invalid value for connection_id (Call Control App ID)."
        )
    check_channel(s, app.id)
    if request.text("media_encryption", "disabled") != "disabled" and not SIP.fullmatch(to):
        raise Refused("10011", "media_encryption")
    digits = request.text("send_digits_on_answer")
    if digits and DIGITS.fullmatch(digits) is None:
        raise Refused("90014", "send_digits_on_answer")


def check_channel(s: State, connection_id: str) -> None:
    """Raise `Refused` (90043) when the application's outbound channels are all in use."""
    app = s.applications.get(connection_id)
    if app is None or app.outbound_channel_limit is None:
        return
    legs_ = (s.legs[ccid] for ccid in s.live)
    used = sum(leg.direction is Direction.OUTGOING and leg.connection_id == connection_id for leg in legs_)
    if used >= app.outbound_channel_limit:
        raise Refused("90043")


def _entry(s: State, request: Request) -> Entry | None:
    config = request.body.get("conference_config")
    if not isinstance(config, Mapping):
        return None
    options = Request((), {}, config)
    check(config, _CONFERENCE)
    by_id, by_name = options.text("id"), options.text("conference_name")
    if bool(by_id) == bool(by_name):
        raise Refused("10004" if not by_id else "10015", "conference_config")
    room = s.rooms.get(by_id) if by_id else rooms.name_taken(s, by_name)
    if room is None and (by_id or s.knobs.dial_into_unknown_room == "404/90058"):
        raise Refused("90058", "conference_config", status=404)
    if room is not None and not room.alive:
        raise Refused.as_knob(s.knobs.ended_room, "conference_config")
    if room is not None:
        rooms.check_open(room)
    return entry_of(
        s, options, room=by_id or by_name, create=bool(by_name), early_media=options.flag("early_media", True)
    )


def entry_of(
    s: State, options: Request, *, room: str, create: bool = False, early_media: bool = False
) -> Entry:
    """The options of a join, which those of `conference_config` are too."""
    return Entry(
        room=room,
        create=create,
        early_media=early_media,
        hold=options.flag("hold"),
        mute=options.flag("mute"),
        waiting=tune_of(s, options, url="hold_audio_url", name="hold_media_name"),
        starts_room=options.flag("start_conference_on_enter"),
        started=options.flag("start_conference_on_create", True),
        end_on_exit=options.flag("end_conference_on_exit"),
        soft_end_on_exit=options.flag("soft_end_conference_on_exit"),
        role=Role(options.text("supervisor_role", "none")),
        whisper_to=options.texts("whisper_call_control_ids"),
    )
