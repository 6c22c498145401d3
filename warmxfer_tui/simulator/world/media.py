"""The media storage, and the files that commands name."""

from __future__ import annotations

import re
from collections.abc import Mapping

from .account import Media
from .audio import SECOND, Tune
from .errors import Refused
from .model import Reply
from .pages import page_of
from .params import Param, Request, between, check
from .rooms import silent_hold
from .stamps import milli
from .state import State

DEFAULT_TTL = 2 * 86_400
"""Seconds an upload is kept (telnyx-facts §1.5)."""
LONGEST_TTL = 630_720_000
LARGEST = 20 * 1024 * 1024
"""Bytes of the largest upload (telnyx-facts §1.5)."""
URL_LENGTH = 30 * SECOND
"""How long a file at an address is taken to play: nothing here can fetch it."""
BYTES_A_SECOND = 16_000
"""Of the wav files that telephony plays: 8 kHz, 16 bit, mono; an mp3 of 128 kbit/s has as many."""

_URL = re.compile(r"https?://(?P<host>\[[0-9A-Fa-f:.]+\]|[^/\s:?#]+)[^\s]*")
_NAME = re.compile(r"[^/\s]{1,255}")


def upload(s: State, request: Request) -> Reply:
    """`POST /media`: a file by address, or the size of one that came with the request."""
    check(
        request.body,
        (
            Param("media_name"),
            Param("media_url"),
            Param("content_type"),
            Param("content_length", int, low=0, high=LARGEST),
            between("ttl_secs", 1, LONGEST_TTL),
        ),
    )
    url = request.text("media_url")
    if not url and "content_length" not in request.body:
        raise Refused("10004", "media_url")
    if url and not _reachable(url):
        raise Refused("10015" if _URL.fullmatch(url) is None else "90040", "media_url")
    name = request.text("media_name") or s.uuid("media")
    if _NAME.fullmatch(name) is None:
        raise Refused("10015", "media_name")
    length = request.number("content_length", 0) * SECOND // BYTES_A_SECOND if not url else URL_LENGTH
    kept = s.media.get(name)
    s.media[name] = Media(
        name=name,
        content_type=request.text("content_type") or ("audio/wav" if url.endswith(".wav") else "audio/mpeg"),
        created_at=kept.created_at if kept else s.now,
        updated_at=s.now,
        expires_at=s.now + request.number("ttl_secs", DEFAULT_TTL) * SECOND,
        length=max(length, 1),
    )
    return Reply(200, {"data": _resource(s.media[name])})


def listed(s: State, request: Request) -> Reply:
    """`GET /media`."""
    kept = [_resource(media) for media in s.media.values() if media.expires_at > s.now]
    return page_of(kept, request.query)


def retrieve(s: State, request: Request) -> Reply:
    """`GET /media/{media_name}`."""
    if (media := _stored(s, request.args[0])) is None:
        raise Refused("10005")
    return Reply(200, {"data": _resource(media)})


def _stored(s: State, name: str) -> Media | None:
    media = s.media.get(name)
    return media if media is not None and media.expires_at > s.now else None


def _resource(media: Media) -> Mapping[str, object]:
    return {
        "media_name": media.name,
        "content_type": media.content_type,
        "created_at": milli(media.created_at),
        "updated_at": milli(media.updated_at),
        "expires_at": milli(media.expires_at),
    }


def _reachable(url: str) -> bool:
    """Whether the file at an address can be fetched: hosts under `.invalid` (RFC 2606) never can."""
    found = _URL.fullmatch(url)
    return found is not None and not found["host"].lower().endswith((".invalid", "invalid."))


def tune_of(s: State, request: Request, *, url: str = "audio_url", name: str = "media_name") -> Tune | None:
    """The file that a body names, found or not; None when it names none, and 10015 when it names two."""
    address, stored = request.text(url), request.text(name)
    if address and stored:
        raise Refused("10015", url, detail=f"{url} and {name} are mutually exclusive.")
    if stored:
        media = _stored(s, stored)
        return Tune(name=stored, length=media.length if media else 1, found=media is not None)
    if address:
        if _URL.fullmatch(address) is None:
            raise Refused("10015", url)
        return Tune(url=address, length=URL_LENGTH, found=_reachable(address))
    return None


def file_at_once(s: State, request: Request) -> Tune | None:
    """The file of a conference command, which must be there when the command is given (§1.4)."""
    tune = tune_of(s, request)
    if tune is None or tune.found:
        return tune
    if tune.name:
        raise Refused("10005", "media_name", detail="Audio file not found.")
    raise Refused("90040", "audio_url")


def hold_tune(s: State, request: Request) -> Tune | None:
    """What a member will hear that is held by this request: None is silence (#14, #15)."""
    tune = tune_of(s, request)
    if tune is None:
        return silent_hold(s)
    if tune.found:
        return tune
    knob = s.knobs.hold_url_unreachable
    if knob == "200 then silence":
        return None
    if tune.name:
        raise Refused("10005", "media_name", detail="Audio file not found.")
    raise Refused.as_knob(knob, "audio_url")
