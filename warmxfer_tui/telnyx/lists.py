"""Lists of Telnyx's, read to their end: half a list is none."""

from __future__ import annotations

from collections.abc import Generator
from dataclasses import dataclass

from warmxfer_tui.core.commands import Request
from warmxfer_tui.core.events import Member, Members, Refused, Unclear
from warmxfer_tui.core.terms import RoomId
from warmxfer_tui.telnyx.message import HttpRequest, JsonObject, Outcome
from warmxfer_tui.telnyx.replies import as_of, good_or_reply, is_in, member_of, rows_of

MAX_PAGES = 20
"""Where a list that never ends is given up. The largest room has four pages (telnyx-facts §1.5)."""

Failure = Refused | Unclear


@dataclass(frozen=True, slots=True)
class Rows:
    """A complete list, and the carrier's time that it is at least as new as."""

    rows: list[JsonObject]
    as_of: int


def all_rows(request: Request, first: HttpRequest) -> Generator[HttpRequest, Outcome, Rows | Failure]:
    """Every page of a list. It is as old as its oldest page."""
    rows: list[JsonObject] = []
    oldest: int | None = None
    for number in range(1, MAX_PAGES + 1):
        page = HttpRequest(
            first.method, first.segments, {**first.query, "page[number]": str(number)}, resendable=True
        )
        answer = good_or_reply(request, page, (yield page))
        if isinstance(answer, Failure):
            return answer
        listed = rows_of(answer)
        if listed is None:
            break
        rows += listed[0]
        oldest = as_of(answer) if oldest is None else min(oldest, as_of(answer))
        if number >= listed[1]:
            return Rows(rows, oldest)
    return Unclear("Telnyx sent a list that cannot be understood.")


def read_room(
    request: Request, room: RoomId, first: HttpRequest
) -> Generator[HttpRequest, Outcome, Members | Failure]:
    """Who is in a room, held and muted."""
    listed = yield from all_rows(request, first)
    if not isinstance(listed, Rows):
        return listed
    members: dict[str, Member] = {}
    for row in filter(is_in, listed.rows):
        member = member_of(row)
        if member is None:
            return Unclear("Telnyx sent a list of participants that cannot be understood.")
        # A member that moves between two pages while we read is listed twice.
        members[member.ccid] = member
    return Members(room, tuple(members.values()), listed.as_of)
