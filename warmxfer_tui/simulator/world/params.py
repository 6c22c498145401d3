"""Reading and checking the body of a request: the parameters of telnyx-facts §2, the refusals of §1.4.

A body is checked as a whole before anything changes. Fields that are not listed are ignored, as the API
does; documented features that this simulator does not have are refused, never silently skipped.
"""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from .errors import Refused
from .knobs import Knobs

E164 = re.compile(r"\+[1-9]\d{1,14}")
SIP = re.compile(r"sips?:[^@\s]+@[^\s]+")
DIGITS = re.compile(r"[0-9A-D*#wW]+")
BEEPS = ("always", "never", "on_enter", "on_exit")
ROLES = ("barge", "monitor", "none", "whisper")


@dataclass(frozen=True, slots=True)
class Request:
    """One request to an endpoint, its path already taken apart."""

    args: tuple[str, ...]
    """The variable parts of the path."""
    query: Mapping[str, str]
    body: Mapping[str, object]

    def text(self, name: str, default: str = "") -> str:
        """A text field, `default` when absent."""
        value = self.body.get(name)
        return value if isinstance(value, str) else default

    def flag(self, name: str, default: bool = False) -> bool:
        """A boolean field, `default` when absent."""
        value = self.body.get(name)
        return value if isinstance(value, bool) else default

    def number(self, name: str, default: int) -> int:
        """An integer field, `default` when absent."""
        value = self.body.get(name)
        return value if isinstance(value, int) else default

    def texts(self, name: str) -> tuple[str, ...]:
        """A list of texts, empty when absent."""
        value = self.body.get(name)
        return tuple(map(str, value)) if isinstance(value, Sequence) and not isinstance(value, str) else ()


@dataclass(frozen=True, slots=True)
class Param:
    """What one field of a body may be."""

    name: str
    kind: type = str
    """`str`, `int`, `bool`, `list` (of texts) or `dict`."""
    required: bool = False
    low: int | None = None
    high: int | None = None
    """Range of an int, or of a text's length."""
    choices: tuple[str, ...] = ()
    code: str = ""
    """The code of a wrong value, in place of 10032 and 10033."""


def need(name: str, kind: type = str) -> Param:
    """A required field."""
    return Param(name, kind, required=True)


def one_of(name: str, *choices: str, code: str = "") -> Param:
    """A field with a closed set of values."""
    return Param(name, choices=choices, code=code)


def between(name: str, low: int, high: int) -> Param:
    """An integer with a range."""
    return Param(name, int, low=low, high=high)


def flags(*names: str) -> tuple[Param, ...]:
    """Boolean fields."""
    return tuple(Param(name, bool) for name in names)


def _has_kind(value: object, kind: type) -> bool:
    if kind is int:
        return isinstance(value, int) and not isinstance(value, bool)
    if kind is list:
        return isinstance(value, list | tuple) and all(isinstance(item, str) for item in value)
    if kind is dict:
        return isinstance(value, Mapping)
    return isinstance(value, kind)


def check(body: Mapping[str, object], params: Sequence[Param]) -> None:
    """Raise `Refused` for the first field that is missing, of the wrong type, or out of its bounds."""
    for param in params:
        value = body.get(param.name)
        if value is None or (param.required and value == ""):
            if param.required:
                raise Refused("10004", param.name)
            continue
        if not _has_kind(value, param.kind):
            raise Refused("10026", param.name)
        if param.choices and value not in param.choices:
            raise Refused(param.code or "10032", param.name)
        size = value if isinstance(value, int) else len(value) if isinstance(value, str) else 0
        too_low = param.low is not None and size < param.low
        if too_low or (param.high is not None and size > param.high):
            raise Refused(param.code or "10033", param.name)


_COMMAND = (Param("client_state"), Param("command_id"))


def check_command(body: Mapping[str, object], params: Sequence[Param], knobs: Knobs) -> None:
    """`check`, and the two fields that nearly every command takes."""
    check(body, params)
    check(body, _COMMAND)
    for name in ("client_state", "target_leg_client_state"):
        if isinstance(state := body.get(name), str) and not is_base64(state):
            raise Refused.as_knob(knobs.client_state, name)


def is_base64(text: str) -> bool:
    """Whether a text is standard base64 with its padding."""
    try:
        base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        return False
    return True


@dataclass(frozen=True, slots=True)
class Loop:
    """A `loop` field, read."""

    passes: int | None = 1
    """None for `"infinity"`."""


def loop_of(body: Mapping[str, object]) -> Loop:
    """The `loop` of a body: 1 to 100 or `"infinity"`, one when absent (telnyx-facts §2.5); else 90009."""
    match body.get("loop"):
        case None:
            return Loop()
        case "infinity":
            return Loop(None)
        case bool():
            raise Refused("90009", "loop")
        case int() as passes if 1 <= passes <= 100:
            return Loop(passes)
        case str() as text if text.isdecimal() and len(text) <= 3 and 1 <= int(text) <= 100:
            return Loop(int(text))
        case _:
            raise Refused("90009", "loop")


@dataclass(frozen=True, slots=True)
class Unsupported:
    """Documented features that this simulator does not have."""

    names: tuple[str, ...]
    inert: Mapping[str, object] = field(default_factory=dict)
    """The values that ask for nothing, by name."""

    def check(self, body: Mapping[str, object]) -> None:
        """Raise `Refused` (10038) when the body asks for one of them."""
        for name in self.names:
            value = body.get(name)
            if value not in (None, False, "", self.inert.get(name)):
                raise Refused("10038", name, detail=f"This simulator does not offer {name}.")


UNSUPPORTED = Unsupported(
    (
        "answering_machine_detection",
        "assistant",
        "conversation_relay_config",
        "deepfake_detection",
        "enable_dialogflow",
        "playback_content",
        "queue",
        "record",
        "stream_url",
        "supervise_call_control_id",
        "transcription",
        "video_room_id",
        "webhook_retries_policies",
    ),
    {"answering_machine_detection": "disabled", "webhook_retries_policies": {}},
)


def phone_or_sip(request: Request, name: str) -> None:
    """Raise `Refused` (10016) unless the field is an E.164 number or a SIP address."""
    value = request.text(name)
    if not (E164.fullmatch(value) or SIP.fullmatch(value)):
        raise Refused("10016", name)
