"""A request from the core to its reply, as many HTTP requests as that takes, without doing any of them.

`exchange` is a generator: it yields each `HttpRequest`, is sent what came of it, and returns the `Reply`.
`carrier` drives it over a socket, the explorer against the world, in the same few lines::

    talk = exchange(ask.request, command_id)
    request = next(talk)
    while True: request = talk.send(outcome_of(request))     # StopIteration.value is the reply
"""

from __future__ import annotations

from collections.abc import Generator
from dataclasses import dataclass

from warmxfer_tui.core.commands import FindRoom, ReadRoom, Request
from warmxfer_tui.core.events import FoundRoom, Member, Members, Refused, Reply, Unclear
from warmxfer_tui.core.terms import RoomId
from warmxfer_tui.telnyx.message import HttpRequest, JsonObject, Outcome
from warmxfer_tui.telnyx.replies import as_of, good_or_reply, id_of, is_in, member_of, reply_of, rows_of
from warmxfer_tui.telnyx.requests import DRAFT, PAGE_SIZE, http_of

MAX_PAGES = 20
"""Where a list that never ends is given up. The largest room has four pages (telnyx-facts §1.5)."""

Failure = Refused | Unclear


@dataclass(frozen=True, slots=True)
class _Rows:
    """A complete list, and the carrier's time that it is at least as new as."""

    rows: list[JsonObject]
    as_of: int


def exchange(request: Request, command_id: str) -> Generator[HttpRequest, Outcome, Reply]:
    """Carry out `request` with the outcomes that the caller sends in. Never raises for what a peer sent."""
    first = http_of(request, command_id)
    match request:
        case ReadRoom(room):
            return (yield from _read(request, room, first))
        case FindRoom():
            return (yield from _find(request, first))
        case _:
            return reply_of(request, first, (yield first))


def _read(
    request: Request, room: RoomId, first: HttpRequest
) -> Generator[HttpRequest, Outcome, Members | Failure]:
    listed = yield from _all_rows(request, first)
    if not isinstance(listed, _Rows):
        return listed
    members: dict[str, Member] = {}
    for row in filter(is_in, listed.rows):
        member = member_of(row)
        if member is None:
            return Unclear("Telnyx sent a list of participants that cannot be understood.")
        # A member that moves between two pages while we read is listed twice.
        members[member.ccid] = member
    return Members(room, tuple(members.values()), listed.as_of)


def _find(request: FindRoom, first: HttpRequest) -> Generator[HttpRequest, Outcome, Reply]:
    listed = yield from _all_rows(request, first)
    if not isinstance(listed, _Rows):
        return listed
    rooms = (
        id_of(row.get("id"))
        for row in listed.rows
        # The filters are asked for and checked: adopting a stranger's room would put C among strangers.
        if row.get("name") == request.name and row.get("status", "in_progress") != "completed"
    )
    room = RoomId(next(filter(None, rooms), ""))
    if not room:
        return FoundRoom(None, (), listed.as_of)
    participants = DRAFT.participants(conference_id=room, page_number=1, page_size=PAGE_SIZE)
    read = yield from _read(ReadRoom(room), room, participants)
    return FoundRoom(room, read.members, read.as_of) if isinstance(read, Members) else read


def _all_rows(request: Request, first: HttpRequest) -> Generator[HttpRequest, Outcome, _Rows | Failure]:
    """Every page of a list. It is as old as its oldest page, and half a list is none."""
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
            return _Rows(rows, oldest)
    return Unclear("Telnyx sent a list that cannot be understood.")
