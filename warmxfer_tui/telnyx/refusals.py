"""Why Telnyx said no: its error bodies, sorted into the kinds that ask for different deeds. Pure.

The rules are telnyx-facts §1.4. One number can mean two things (10011, 10015, 90033: §6.1 no. 14), so the
status and what the path names are part of the judgement. A body of any shape is judged; nothing raises.

Where somebody has to change something (a value is rejected, the account may not), our sentence is followed by
the field and by Telnyx's own words: only they say what.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum

from warmxfer_tui.core.events import Problem
from warmxfer_tui.telnyx.message import Answer, HttpRequest
from warmxfer_tui.text import clean

DEFAULT_WAIT = 1_000
"""Milliseconds to wait after a 429 that does not say how long."""
LONGEST_WAIT = 60_000
"""Milliseconds; a longer wait in a header is a date or a mistake, not advice for a live call."""

_WORDS_LIMIT = 300


class Place(Enum):
    """What a request's path names: an unknown id means that *this* is gone."""

    LEG = "leg"
    ROOM = "room"
    ELSEWHERE = "elsewhere"


@dataclass(frozen=True, slots=True)
class Refusal:
    """A definite no."""

    problem: Problem
    code: str
    """Telnyx's error code, or `http <status>` where the body names none."""
    words: str
    """Whole sentences that an agent understands."""
    wait: int = 0
    """Milliseconds that Telnyx asks us to wait (429)."""


@dataclass(frozen=True, slots=True)
class _Error:
    """One entry of `errors`, cleaned."""

    code: str = ""
    title: str = ""
    detail: str = ""
    pointer: str = ""

    @property
    def field(self) -> str:
        """The field at fault as a person would name it: a JSON pointer without its signs."""
        return self.pointer.lstrip("#").strip("/").replace("/", ".")

    @property
    def about_audio(self) -> bool:
        return "audio" in self.title.lower() or self.field in {"audio_url", "media_name", "media_url"}


_BY_CODE = {
    "10009": (Problem.AUTHENTICATION, "Telnyx does not accept the API key."),
    "10010": (Problem.PERMISSION, "Telnyx does not allow calls from this number."),
    "90015": (Problem.GONE, "This call no longer exists."),
    "90018": (Problem.GONE, "This call has already ended."),
    "90019": (Problem.GONE, "The room has already ended."),
    "90058": (Problem.GONE, "The room no longer exists."),
    "90033": (Problem.NAME_TAKEN, "A room of this name is already active."),
    "90034": (Problem.NOT_ANSWERED, "This call has not been answered yet."),
    "90040": (Problem.MEDIA, "Telnyx could not fetch the sound file."),
    "90044": (Problem.ALREADY, "This call is already in the room."),
    "90032": (Problem.REJECTED, "The room is full."),
    "90041": (Problem.REJECTED, "The account has no free line for another call."),
    "90042": (Problem.REJECTED, "The outbound voice profile has no free line for another call."),
    "90043": (Problem.REJECTED, "The connection has no free line for another call."),
    "10016": (Problem.REJECTED, "Telnyx does not accept this as a phone number."),
}
_BY_STATUS = {
    401: (Problem.AUTHENTICATION, "Telnyx does not accept the API key."),
    403: (Problem.PERMISSION, "Telnyx does not allow this."),
    404: (Problem.NOT_FOUND, "Telnyx does not know what was asked for."),
}
_GONE = {Place.LEG: "This call no longer exists.", Place.ROOM: "The room no longer exists."}
_NO_AUDIO = "Telnyx does not have the sound file."
_TO_BE_MENDED = frozenset({Problem.REJECTED, Problem.PERMISSION})


def place_of(request: HttpRequest) -> Place:
    """Return what the path of `request` names by id."""
    match request.segments:
        case ("calls", _, *_):
            return Place.LEG
        case ("conferences", _, *_):
            return Place.ROOM
        case _:
            return Place.ELSEWHERE


def refusal_of(place: Place, answer: Answer) -> Refusal:
    """Return what a reply that is neither 2xx, 408 nor 5xx says."""
    errors = _errors(answer.body)
    error = next((error for error in errors if error.code in _BY_CODE), errors[0] if errors else _Error())
    code = error.code or f"http {answer.status}"
    if answer.status == 429:
        return Refusal(Problem.RATE_LIMITED, code, "Telnyx asks us to slow down.", wait_of(answer.headers))
    problem, words = _judge(place, answer.status, error)
    return Refusal(problem, code, words)


def wait_of(headers: Mapping[str, str]) -> int:
    """Return the milliseconds that a 429 asks us to wait: `x-ratelimit-reset`, else `retry-after` (ANY-4)."""
    for name in ("x-ratelimit-reset", "retry-after"):
        try:
            wait = float(headers.get(name, "")) * 1000
        except ValueError:
            continue
        if 0 <= wait <= LONGEST_WAIT:
            return int(wait)
    return DEFAULT_WAIT


def words_of(answer: Answer) -> str:
    """Return what Telnyx says in its first error, cleaned, as a sentence; else the bare status."""
    errors = _errors(answer.body)
    return _stopped(_telnyx_says(errors[0]) if errors else "") or f"HTTP {answer.status}."


def _judge(place: Place, status: int, error: _Error) -> tuple[Problem, str]:
    """The kind of no, and its sentences."""
    problem, words = _kind(place, status, error)
    if problem not in _TO_BE_MENDED:
        return problem, words
    said = _telnyx_says(error)
    if words:
        return problem, f"{words} Telnyx says: {_stopped(said)}" if said else words
    return problem, f"Telnyx refused: {_stopped(said or f'HTTP {status}')}"


def _kind(place: Place, status: int, error: _Error) -> tuple[Problem, str]:
    """The kind of no, and our sentence for it; an empty one where only Telnyx knows what is wrong."""
    unknown = error.code in {"10005", "10007"} or (status == 404 and not error.code)
    if unknown and place in _GONE and status not in {401, 403}:
        return (Problem.MEDIA, _NO_AUDIO) if error.about_audio else (Problem.GONE, _GONE[place])
    if error.code in _BY_CODE:
        return _BY_CODE[error.code]
    return _BY_STATUS.get(status, (Problem.REJECTED, ""))


def _telnyx_says(error: _Error) -> str:
    """The field, where one is named, and Telnyx's own words; empty where it says neither."""
    words = ": ".join(part for part in (error.title, error.detail) if part)
    return clean(": ".join(part for part in (error.field, words) if part), _WORDS_LIMIT)


def _stopped(words: str) -> str:
    """A sentence with its full stop; an empty text stays empty."""
    return words if not words or words.endswith((".", "!", "?", "…")) else f"{words}."


def _errors(body: object) -> list[_Error]:
    entries = body.get("errors") if isinstance(body, dict) else None
    if not isinstance(entries, list):
        return []
    return [_error(entry) for entry in entries if isinstance(entry, dict)]


def _error(entry: dict[object, object]) -> _Error:
    return _Error(
        _text(entry.get("code"), 40),
        _text(entry.get("title")),
        _text(entry.get("detail")),
        _text(_pointer(entry.get("source"))),
    )


def _pointer(source: object) -> object:
    """What an error's `source` names: a field of the body, a parameter of the query, or just a text."""
    return (source.get("pointer") or source.get("parameter")) if isinstance(source, dict) else source


def _text(value: object, limit: int = _WORDS_LIMIT) -> str:
    if isinstance(value, int) and not isinstance(value, bool):
        return str(value)[:limit]
    return clean(value, limit) if isinstance(value, str) else ""
