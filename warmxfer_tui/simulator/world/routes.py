"""Which endpoint a method and a path mean."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from functools import partial
from typing import TypeAlias

from . import bridging, calls, conferences, dialling, media, members, reads
from .commands import act
from .errors import Refused
from .model import Reply
from .params import Request
from .state import State

Endpoint: TypeAlias = Callable[[State, Request], Reply]

_LEG_COMMANDS: Mapping[str, Endpoint] = {
    name: partial(act, name=name, action=action)
    for name, action in {**calls.ACTIONS, **bridging.ACTIONS}.items()
}
_ROOM_COMMANDS: Mapping[str, Endpoint] = {
    "join": conferences.join,
    "leave": conferences.leave,
    "end": conferences.end,
    "hold": members.hold,
    "unhold": members.unhold,
    "mute": members.mute,
    "unmute": members.unmute,
    "speak": members.speak,
    "play": members.play,
    "stop": members.stop,
}
_FIXED: Mapping[tuple[str, str], Endpoint] = {
    ("POST", "/calls"): dialling.dial,
    ("GET", "/call_events"): reads.call_events,
    ("POST", "/conferences"): conferences.create,
    ("GET", "/conferences"): reads.conferences,
    ("POST", "/media"): media.upload,
    ("GET", "/media"): media.listed,
    ("GET", "/call_control_applications"): reads.applications,
    ("GET", "/public_key"): reads.public_key,
    ("GET", "/phone_numbers"): reads.phone_numbers,
}
_VARIABLE: tuple[tuple[str, re.Pattern[str], Endpoint], ...] = tuple(
    (method, re.compile(pattern), endpoint)
    for method, pattern, endpoint in (
        ("GET", "/calls/([^/]+)", reads.call),
        ("GET", "/connections/([^/]+)/active_calls", reads.active_calls),
        ("GET", "/conferences/([^/]+)/participants", reads.participants),
        ("GET", "/conferences/([^/]+)/participants/([^/]+)", reads.participant),
        ("PATCH", "/conferences/([^/]+)/participants/([^/]+)", members.update_participant),
        ("GET", "/conferences/([^/]+)", reads.conference),
        ("GET", "/media/([^/]+)", media.retrieve),
        ("GET", "/call_control_applications/([^/]+)", reads.application),
        ("PATCH", "/call_control_applications/([^/]+)", reads.update_application),
    )
)
_CALL_ACTION = re.compile(r"/calls/([^/]+)/actions/([a-z_]+)")
_ROOM_ACTION = re.compile(r"/conferences/(.+)/actions/([a-z_]+)")
"""A room may be named here, and a name may hold a slash."""


def route(method: str, path: str) -> tuple[Endpoint, tuple[str, ...]]:
    """The endpoint and the variable parts of its path; raise `Refused` (10005) when there is none."""
    if (endpoint := _FIXED.get((method, path))) is not None:
        return endpoint, ()
    if (found := _CALL_ACTION.fullmatch(path)) is not None:
        wanted = "PUT" if found[2] == "client_state_update" else "POST"
        if method == wanted and found[2] in _LEG_COMMANDS:
            return _LEG_COMMANDS[found[2]], (found[1],)
    elif (found := _ROOM_ACTION.fullmatch(path)) is not None:
        if method == "POST" and found[2] in _ROOM_COMMANDS:
            return _ROOM_COMMANDS[found[2]], (found[1],)
    else:
        for wanted, pattern, endpoint in _VARIABLE:
            if wanted == method and (found := pattern.fullmatch(path)) is not None:
                return endpoint, found.groups()
    raise Refused("10005")
