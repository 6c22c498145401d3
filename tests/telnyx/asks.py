"""One request of each kind, and shapes of replies."""

from __future__ import annotations

from typing import Any

from warmxfer_tui.core.commands import (
    Answer,
    Ask,
    CreateRoom,
    Dial,
    FindRoom,
    Hangup,
    Hold,
    Join,
    Leave,
    LegSpeak,
    Mute,
    ReadCall,
    ReadRoom,
    Reject,
    Request,
    RoomSpeak,
    SendDigits,
    StopPlayback,
    Tag,
    Transfer,
    Unhold,
    Unmute,
)
from warmxfer_tui.core.terms import AskId, Ccid, RoomId

LEG = Ccid("v3:leg/with:signs")
ROOM = RoomId("3fa85f64-5717-4562-b3fc-2c963f66afa6")
TAG = Tag("desk", "c1", "C", "c1.C", "+15550100", "Ada")

DIAL = Dial("+15550100", "+15550101", "149", 25, TAG)
REQUESTS: tuple[Request, ...] = (
    DIAL,
    Answer(LEG, TAG),
    Reject(LEG),
    Hangup(LEG),
    Transfer(LEG, "+15550100", "+15550101", 30, TAG),
    CreateRoom(LEG, "wx-desk-c1-1"),
    Join(ROOM, LEG, TAG),
    Leave(ROOM, LEG),
    Hold(ROOM, (LEG,), "warmxfer-hold"),
    Unhold(ROOM, (LEG,)),
    Mute(ROOM, (LEG,)),
    Unmute(ROOM, (LEG,)),
    RoomSpeak(ROOM, (LEG,), "One moment."),
    LegSpeak(LEG, "One moment.", loop=True),
    StopPlayback(LEG),
    SendDigits(LEG, "12#"),
    ReadRoom(ROOM),
    FindRoom("wx-desk-c1-1"),
    ReadCall(LEG),
)


def named(request: Request) -> str:
    """The id of a parametrised test."""
    return type(request).__name__


def ask(request: Request, key: str = "c1/hold/1") -> Ask:
    return Ask(AskId(1), request, key, at=0)


def errors(code: str, title: str = "Telnyx's title", **more: Any) -> dict[str, Any]:
    return {"errors": [{"code": code, "title": title, **more}]}


def participant(
    ccid: str, *, on_hold: bool = False, muted: bool = False, status: str = "joined"
) -> dict[str, Any]:
    return {"call_control_id": ccid, "on_hold": on_hold, "muted": muted, "status": status}


def page(rows: list[dict[str, Any]], pages: int = 1) -> dict[str, Any]:
    return {"data": rows, "meta": {"total_pages": pages}}
