"""`transfer` and `bridge`: the commands that connect two legs without a room (telnyx-facts §2.3, §2.4)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from . import legs
from .commands import Action, check_alive, known_leg
from .dialling import TIMING, check_channel, check_owned
from .endings import leave_room, unbridge
from .errors import Refused
from .media import tune_of
from .model import Leg, Plan
from .params import DIGITS, Param, Request, flags, need, one_of, phone_or_sip
from .personas import persona_of
from .state import State
from .urls import URL_PARAMS, urls_of

_TRANSFER = (
    need("to"),
    Param("from"),
    Param("from_display_name", high=128),
    *TIMING,
    Param("audio_url"),
    Param("media_name"),
    Param("park_after_unbridge", object),
    Param("target_leg_client_state"),
    Param("send_digits_on_answer", high=64),
    one_of("mute_dtmf", "none", "both", "self", "opposite"),
    *flags("early_media"),
    *URL_PARAMS,
)
_BRIDGE = (
    need("call_control_id"),
    Param("park_after_unbridge", object),
    one_of("mute_dtmf", "none", "both", "self", "opposite"),
    *flags("hold_after_unbridge", "prevent_double_bridge", "play_ringtone"),
    Param("ringtone", low=2, high=6),
)


def _check_member(s: State, leg: Leg) -> None:
    """A conference member leaves its room for a bridge, or is refused one (#28)."""
    if leg.room is not None and s.knobs.bridge_of_member == "422":
        raise Refused(s.knobs.refusal_code, "call_control_id", status=422)


def _transfer(s: State, path: Leg, request: Request) -> None:
    to = request.text("to")
    phone_or_sip(request, "to")
    from_ = request.text("from") or path.to
    if request.text("from"):
        phone_or_sip(request, "from")
        check_owned(s, from_)
    check_channel(s, path.connection_id)
    _check_member(s, path)
    audio = tune_of(s, request)
    digits = request.text("send_digits_on_answer")
    if digits and DIGITS.fullmatch(digits) is None:
        raise Refused("90014", "send_digits_on_answer")
    url, by_event = urls_of(request)
    leave_room(s, path.ccid)
    if s.knobs.transfer_unbridges == "at dial":
        unbridge(s, path.ccid)
    plan = replace(_awaiting(path, request), audio=audio, transfer=True, digits=digits)
    order = legs.Dial(
        from_=from_,
        to=to,
        name=request.text("from_display_name"),
        connection_id=path.connection_id,
        session_id=path.session_id,
        client_state=request.text("target_leg_client_state") or None,
        ring_secs=request.number("timeout_secs", legs.RING_SECS),
        life_secs=request.number("time_limit_secs", legs.LONGEST_LIFE),
        plan=plan,
        webhook_url=url,
        webhook_urls=by_event,
    )
    target = legs.dial(s, order, persona_of(to, s.personas))
    if request.flag("early_media", True):
        s.put(replace(s.legs[path.ccid], waits_for=target.ccid))


def _protects(request: Request) -> bool:
    """Whether the path leg is to be protected: only the string `self` counts, a boolean is ignored (§2.4)."""
    return request.body.get("park_after_unbridge") == "self"


def _awaiting(path: Leg, request: Request) -> Plan:
    """The plan of a ringing leg that will be bridged with `path`."""
    return Plan(
        bridge_with=path.ccid,
        protect_path=_protects(request),
        hold_path=request.flag("hold_after_unbridge"),
    )


def _mark(s: State, path: Leg, request: Request) -> None:
    """Protect the path leg for the bridge to come; a mark that it has stays."""
    s.put(
        replace(
            path,
            protected=path.protected or _protects(request),
            hold_after_unbridge=request.flag("hold_after_unbridge", path.hold_after_unbridge),
        )
    )


def _bridge(s: State, path: Leg, request: Request) -> None:
    peer = known_leg(s, request.text("call_control_id"))
    check_alive(s, peer)
    if peer.ccid == path.ccid:
        raise Refused("90015", "call_control_id", detail="A call can't be bridged with itself.")
    _check_member(s, path)
    _check_member(s, peer)
    if not peer.answered:
        _await(s, path, peer, request)
        return
    if peer.peer == path.ccid:
        if s.knobs.bridge_again == "422":
            raise Refused(s.knobs.refusal_code, "call_control_id", status=422)
        _mark(s, path, request)
        return
    refuses = request.flag("prevent_double_bridge") or s.knobs.bridge_bridged == "422"
    if peer.peer is not None and refuses:
        raise Refused(s.knobs.refusal_code, "call_control_id", status=422)
    _mark(s, path, request)
    legs.connect(s, path.ccid, peer.ccid)


def _await(s: State, path: Leg, peer: Leg, request: Request) -> None:
    """Bridge with a leg that still rings: refused, or put off until its answer (#29)."""
    if not request.flag("play_ringtone") and s.knobs.bridge_unanswered == "422/90034":
        raise Refused("90034", "call_control_id")
    leave_room(s, path.ccid)
    if request.flag("play_ringtone"):
        s.put(replace(s.legs[path.ccid], waits_for=peer.ccid))
    wanted = _awaiting(path, request)
    if peer.plan is not None:
        wanted = replace(wanted, entry=peer.plan.entry, audio=peer.plan.audio, digits=peer.plan.digits)
    s.put(replace(peer, plan=wanted))


ACTIONS: Mapping[str, Action] = {
    "transfer": Action(_transfer, _TRANSFER),
    "bridge": Action(_bridge, _BRIDGE),
}
"""By the last part of the path."""
