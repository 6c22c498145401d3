"""Everything that Telnyx knows of a desk, read in one go: live legs, our rooms, what webhooks have said.

A survey is whole or it is none: a leg that is missing from half a list would be taken for gone. No list is
taken for more than it says: `active_calls` trails (telnyx-facts §6.2 #57), so a leg that we know is asked for
by its own id, and so is whoever is in a room of ours and in no list.
"""

from __future__ import annotations

from collections.abc import Generator, Iterable, Iterator
from datetime import UTC, datetime

from warmxfer_tui.core.commands import ReadCall, ReadRoom, Survey
from warmxfer_tui.core.events import CallStatus, Fact, LiveLeg, Members, Problem, Refused, Surveyed, Unclear
from warmxfer_tui.core.terms import Ccid, RoomId
from warmxfer_tui.telnyx import client_state
from warmxfer_tui.telnyx.lists import MAX_PAGES, Failure, Rows, all_rows, read_room
from warmxfer_tui.telnyx.message import HttpRequest, JsonObject, Outcome
from warmxfer_tui.telnyx.replies import good_or_reply, id_of, reply_of, rows_of
from warmxfer_tui.telnyx.requests import DRAFT, PAGE_SIZE
from warmxfer_tui.telnyx.wire import fact_of

ROOM_PREFIX = "wx-"
"""How the names of our rooms begin (`core.steering.room_name`)."""

_UNREADABLE = "Telnyx sent a list of calls that cannot be understood."


def survey(request: Survey) -> Generator[HttpRequest, Outcome, Surveyed | Failure]:
    """Carry out a survey: legs, then rooms, and the past last, so that no leg is without its own."""
    legs = yield from _live_legs(request)
    if not isinstance(legs, list):
        return legs
    ended = yield from _ended(request.known)
    if not isinstance(ended, tuple):
        return ended
    rooms = yield from _our_rooms(request)
    if not isinstance(rooms, tuple):
        return rooms
    unlisted = yield from _unlisted(request, legs, rooms)
    if not isinstance(unlisted, list):
        return unlisted
    legs += unlisted
    facts = yield from _past(request, legs)
    if not isinstance(facts, tuple):
        return facts
    live = tuple(
        LiveLeg(Ccid(str(row["call_control_id"])), client_state.decode(row.get("client_state")))
        for row in legs
    )
    return Surveyed(live, rooms, ended, facts)


def _live_legs(request: Survey) -> Generator[HttpRequest, Outcome, list[JsonObject] | Failure]:
    """Every page of the active calls, which are listed by cursor (telnyx-facts §1.3)."""
    rows: list[JsonObject] = []
    after: str | None = None
    for _ in range(MAX_PAGES):
        page = DRAFT.active_calls(connection_id=request.connection, page_after=after, page_limit=PAGE_SIZE)
        answer = good_or_reply(request, page, (yield page))
        if isinstance(answer, Failure):
            return answer
        listed = rows_of(answer)
        if listed is None or not all(id_of(row.get("call_control_id")) for row in listed[0]):
            break
        rows += listed[0]
        meta = answer.body.get("meta") if isinstance(answer.body, dict) else None
        cursors = meta.get("cursors") if isinstance(meta, dict) else None
        after = id_of(cursors.get("after")) if isinstance(cursors, dict) else ""
        if not after:
            return rows
    return Unclear(_UNREADABLE)


def _ended(known: Iterable[Ccid]) -> Generator[HttpRequest, Outcome, tuple[Ccid, ...] | Failure]:
    """Which of the legs that we take for alive are over."""
    over: list[Ccid] = []
    for ccid in known:
        read = ReadCall(ccid)
        status = DRAFT.call_status(call_control_id=ccid)
        reply = reply_of(read, status, (yield status))
        match reply:
            case CallStatus(alive=alive):
                over += [] if alive else [ccid]
            case Refused(problem=Problem.GONE | Problem.NOT_FOUND):
                over.append(ccid)
            case Refused() | Unclear():
                return reply
            case _:
                return Unclear(_UNREADABLE)
    return tuple(over)


def _our_rooms(request: Survey) -> Generator[HttpRequest, Outcome, tuple[Members, ...] | Failure]:
    first = DRAFT.conferences(status="in_progress", page_number=1, page_size=PAGE_SIZE)
    listed = yield from all_rows(request, first)
    if not isinstance(listed, Rows):
        return listed
    rooms: list[Members] = []
    for row in listed.rows:
        room, name = id_of(row.get("id")), row.get("name")
        ours = isinstance(name, str) and name.startswith(ROOM_PREFIX)
        if not room or not ours or row.get("status", "in_progress") == "completed":
            continue
        participants = DRAFT.participants(conference_id=room, page_number=1, page_size=PAGE_SIZE)
        read = yield from read_room(ReadRoom(RoomId(room)), RoomId(room), participants)
        if isinstance(read, Members):
            rooms.append(read)
        elif not (isinstance(read, Refused) and read.problem in (Problem.GONE, Problem.NOT_FOUND)):
            return read
    return tuple(rooms)


def _unlisted(
    request: Survey, legs: list[JsonObject], rooms: tuple[Members, ...]
) -> Generator[HttpRequest, Outcome, list[JsonObject] | Failure]:
    """Members of our rooms that no list has yet: each is asked for by its own id, and tells whose it is."""
    listed = {*request.known, *(Ccid(str(row["call_control_id"])) for row in legs)}
    found: list[JsonObject] = []
    for ccid in dict.fromkeys(member.ccid for room in rooms for member in room.members):
        if ccid in listed:
            continue
        status = DRAFT.call_status(call_control_id=ccid)
        answer = good_or_reply(ReadCall(ccid), status, (yield status))
        if isinstance(answer, Refused) and answer.problem in (Problem.GONE, Problem.NOT_FOUND):
            continue
        if isinstance(answer, Failure):
            return answer
        row = answer.body.get("data") if isinstance(answer.body, dict) else None
        if not isinstance(row, dict):
            return Unclear(_UNREADABLE)
        if row.get("is_alive") is True:
            found.append({**row, "call_control_id": ccid})
    return found


def _past(
    request: Survey, legs: list[JsonObject]
) -> Generator[HttpRequest, Outcome, tuple[Fact, ...] | Failure]:
    """What webhooks have said since a moment, and all they have said of the sessions of unknown legs."""
    since = datetime.fromtimestamp(request.since / 1000, UTC).isoformat().replace("+00:00", "Z")
    drafts = [DRAFT.call_events(connection_id=request.connection, type_="webhook", occurred_since=since)]
    unknown = [row for row in legs if row["call_control_id"] not in request.known]
    for session in dict.fromkeys(id_of(row.get("call_session_id")) for row in unknown):
        if session:
            drafts.append(DRAFT.call_events(application_session_id=session, type_="webhook"))
    facts: dict[str, Fact] = {}
    for draft in drafts:
        listed = yield from all_rows(request, _first_page(draft))
        if not isinstance(listed, Rows):
            return listed
        facts |= {fact.event_id: fact for fact in _facts(listed.rows)}
    return tuple(sorted(facts.values(), key=lambda fact: fact.occurred_at))


def _first_page(draft: HttpRequest) -> HttpRequest:
    query = {**draft.query, "page[number]": "1", "page[size]": str(PAGE_SIZE)}
    return HttpRequest(draft.method, draft.segments, query, resendable=True)


def _facts(rows: Iterable[JsonObject]) -> Iterator[Fact]:
    """The webhooks in a list of call events; what is no webhook that we could read is left out, as at the
    listener."""
    for row in rows:
        fact = fact_of({"data": row.get("metadata")}, 0)
        if isinstance(fact, Fact):
            yield fact
