"""The commands on one leg, but for those that connect it to another (telnyx-facts §2.2, §2.5, §2.6, §2.9)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from . import legs, sounds
from .audio import Play, Queue, Sound, Where
from .commands import Action
from .endings import by_us, end_leg
from .errors import Refused
from .media import tune_of
from .model import Direction, Leg
from .params import DIGITS, Param, Request, between, flags, loop_of, need, one_of
from .state import State, TimerKind
from .urls import URL_PARAMS, urls_of

_SPEAK = (
    Param("payload", required=True, low=1, high=3_000, code="90010"),
    need("voice"),
    one_of("payload_type", "text", "ssml", code="90011"),
    Param("language", low=2, high=12, code="90013"),
    one_of("service_level", "basic", "premium"),
    one_of("stop", "current", "all", code="90016"),
    one_of("target_legs", "self", "opposite", "both"),
    Param("voice_settings", dict),
)
_PLAY = (
    Param("audio_url"),
    Param("media_name"),
    one_of("target_legs", "self", "opposite", "both"),
    one_of("stop", "current", "all", code="90016"),
    one_of("audio_type", "mp3", "wav"),
    *flags("overlay", "cache_audio"),
)
_REJECTIONS: Mapping[str, tuple[str, str]] = {
    "CALL_REJECTED": ("call_rejected", "603"),
    "USER_BUSY": ("user_busy", "486"),
    "NOT_FOUND": ("not_found", "404"),
    "TEMPORARILY_UNAVAILABLE": ("unspecified", "480"),
}


def _answer(s: State, leg: Leg, request: Request) -> None:
    if leg.direction is Direction.OUTGOING or leg.answered or leg.answering:
        raise Refused("90102")
    url, by_event = urls_of(request)
    leg = s.legs[leg.ccid]
    leg = replace(
        leg,
        answering=True,
        webhook_url=url or leg.webhook_url,
        webhook_urls=(*by_event, *leg.webhook_urls),
    )
    s.put(leg)
    s.arm(TimerKind.OUR_ANSWER, leg.ccid, legs.ANSWER_TAKES)


def _reject(s: State, leg: Leg, request: Request) -> None:
    if leg.direction is Direction.OUTGOING or leg.answered:
        raise Refused("90102", detail="Only an unanswered inbound call can be rejected.")
    cause, sip = _REJECTIONS[request.text("cause")]
    end_leg(s, leg.ccid, by_us(leg, cause, sip))


def _hangup(s: State, leg: Leg, _request: Request) -> None:
    if leg.answered:
        ending = by_us(leg)
    elif leg.direction is Direction.OUTGOING:
        ending = by_us(leg, "originator_cancel", "487")
    else:
        ending = by_us(leg, "call_rejected", "603")
    end_leg(s, leg.ccid, ending)


def _send_dtmf(s: State, leg: Leg, request: Request) -> None:
    digits = request.text("digits")
    if DIGITS.fullmatch(digits) is None:
        raise Refused("90014", "digits")
    s.put(replace(leg, digits_heard=leg.digits_heard + digits))


def _keep_state(_s: State, _leg: Leg, _request: Request) -> None:
    """The state is stored by every command that carries it."""


def _make_way(s: State, leg: Leg, request: Request) -> None:
    """Carry out `stop`: end what sounds, or that and all that waits."""
    queue = Queue(Where.LEG, leg.ccid)
    match request.text("stop"):
        case "current":
            sounds.finish(s, queue, "cancelled")
        case "all":
            sounds.stop_leg(s, leg.ccid, "cancelled")


def _speak(s: State, leg: Leg, request: Request) -> None:
    loop = loop_of(request.body)
    target = request.text("target_legs", "self")
    play = Play(
        Sound.SPEECH,
        sounds.speech_length(request.text("payload")),
        loop.passes,
        to_self=target != "opposite",
        to_peer=target != "self",
    )
    _make_way(s, leg, request)
    sounds.add(s, Queue(Where.LEG, leg.ccid), play)


def _playback_start(s: State, leg: Leg, request: Request) -> None:
    loop = loop_of(request.body)
    tune = tune_of(s, request)
    if tune is None:
        raise Refused("10004", "audio_url")
    target, overlay = request.text("target_legs", "self"), request.flag("overlay")
    playing = s.queues.get(Queue(Where.LEG, leg.ccid), ())
    if overlay and (target != "self" or not playing or playing[0].sound is not Sound.PLAYBACK):
        raise Refused("10015", "overlay", detail="An overlay lies over a playback, for target_legs self.")
    play = Play(
        Sound.PLAYBACK,
        tune.length,
        loop.passes,
        name=tune.name,
        url=tune.url,
        found=tune.found,
        to_self=target != "opposite",
        to_peer=target != "self",
    )
    if not overlay:
        _make_way(s, leg, request)
    sounds.add(s, Queue(Where.OVERLAY if overlay else Where.LEG, leg.ccid), play)


def _playback_stop(s: State, leg: Leg, request: Request) -> None:
    where = Where.OVERLAY if request.flag("overlay") else Where.LEG
    queue = Queue(where, leg.ccid)
    if request.text("stop", "all") == "all":
        ended = sounds.silence(s, queue, "cancelled")
    else:
        first = sounds.finish(s, queue, "cancelled")
        ended = () if first is None else (first,)
    if any(play.then_bridge for play in ended):
        legs.bridge_as_planned(s, leg.ccid)


ACTIONS: Mapping[str, Action] = {
    "answer": Action(_answer, URL_PARAMS, needs_answer=False),
    "reject": Action(
        _reject, (Param("cause", required=True, choices=tuple(_REJECTIONS)),), needs_answer=False
    ),
    "hangup": Action(_hangup, needs_answer=False),
    "speak": Action(_speak, _SPEAK),
    "playback_start": Action(_playback_start, _PLAY),
    "playback_stop": Action(
        _playback_stop, (one_of("stop", "current", "all", code="90016"), *flags("overlay"))
    ),
    "send_dtmf": Action(
        _send_dtmf,
        (Param("digits", required=True, low=1, code="90014"), between("duration_millis", 100, 500)),
    ),
    "client_state_update": Action(_keep_state, (need("client_state"),), needs_answer=False, has_id=False),
}
"""By the last part of the path."""
