"""A request from the core to its reply, as many HTTP requests as that takes, without doing any of them.

`exchange` is a generator: it yields each `HttpRequest`, is sent what came of it, and returns the `Reply`.
`carrier` drives it over a socket, the explorer against the world, in the same few lines::

    talk = exchange(ask.request, command_id)
    request = next(talk)
    while True: request = talk.send(outcome_of(request))     # StopIteration.value is the reply
"""

from __future__ import annotations

from collections.abc import Generator

from warmxfer_tui.core.commands import FindRoom, ReadRoom, Request, Survey
from warmxfer_tui.core.events import FoundRoom, Members, Reply
from warmxfer_tui.core.terms import RoomId
from warmxfer_tui.telnyx.lists import Rows, all_rows, read_room
from warmxfer_tui.telnyx.message import HttpRequest, Outcome
from warmxfer_tui.telnyx.replies import id_of, reply_of
from warmxfer_tui.telnyx.requests import DRAFT, PAGE_SIZE, http_of
from warmxfer_tui.telnyx.survey import survey


def exchange(request: Request, command_id: str) -> Generator[HttpRequest, Outcome, Reply]:
    """Carry out `request` with the outcomes that the caller sends in. Never raises for what a peer sent."""
    first = http_of(request, command_id)
    match request:
        case ReadRoom(room):
            return (yield from read_room(request, room, first))
        case FindRoom():
            return (yield from _find(request, first))
        case Survey():
            return (yield from survey(request))
        case _:
            return reply_of(request, first, (yield first))


def _find(request: FindRoom, first: HttpRequest) -> Generator[HttpRequest, Outcome, Reply]:
    listed = yield from all_rows(request, first)
    if not isinstance(listed, Rows):
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
    read = yield from read_room(ReadRoom(room), room, participants)
    return FoundRoom(room, read.members, read.as_of) if isinstance(read, Members) else read
