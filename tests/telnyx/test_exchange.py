"""Reads of lists: all pages, or nothing (`design.md` §3.3, §3.14)."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import pytest

from warmxfer_tui.core.commands import FindRoom, ReadRoom, Request
from warmxfer_tui.core.events import FoundRoom, Member, Members, Problem, Refused, Reply, Unclear
from warmxfer_tui.core.terms import Ccid, RoomId
from warmxfer_tui.telnyx.exchange import exchange
from warmxfer_tui.telnyx.lists import MAX_PAGES
from warmxfer_tui.telnyx.message import Answer, HttpRequest, Outcome

from .asks import LEG, ROOM, errors, page, participant

DATE = {"date": "Thu, 01 Jan 2026 00:00:05 GMT"}
DATE_MS = 1_767_225_605_000
READ = ReadRoom(ROOM)


def run(request: Request, outcomes: Iterable[Outcome]) -> tuple[Reply, list[HttpRequest]]:
    """Drive an exchange with given outcomes; also return what it asked for."""
    talk = exchange(request, "id")
    asked = [next(talk)]
    for outcome in outcomes:
        try:
            asked.append(talk.send(outcome))
        except StopIteration as done:
            return done.value, asked
    raise AssertionError("the exchange wanted more")


def ok(body: dict[str, Any], headers: dict[str, str] = DATE, round_trip: int = 40) -> Answer:
    return Answer(200, body, headers, round_trip)


def test_a_room_is_read_to_its_last_page() -> None:
    first = page([participant(LEG, on_hold=True)], pages=2)
    second = page([participant("v3:b", muted=True)], pages=2)
    reply, asked = run(READ, [ok(first), ok(second)])
    members = (Member(LEG, on_hold=True, muted=False), Member(Ccid("v3:b"), on_hold=False, muted=True))
    assert reply == Members(ROOM, members, DATE_MS - 40)
    assert [request.query["page[number]"] for request in asked] == ["1", "2"]
    assert all(request.resendable for request in asked)


@pytest.mark.parametrize("order", [1, -1])
def test_a_read_is_as_old_as_its_oldest_page(order: int) -> None:
    later = {"date": "Thu, 01 Jan 2026 00:00:09 GMT"}
    pages = [ok(page([], 2), later), ok(page([], 2), DATE, round_trip=100)]
    reply, _ = run(READ, pages[::order])
    assert reply == Members(ROOM, (), DATE_MS - 100)


@pytest.mark.parametrize("headers", [{}, {"date": "soon"}, {"date": "Thu, 99 Jan 2026 00:00:05 GMT"}])
def test_a_read_without_a_date_overrides_nothing(headers: dict[str, str]) -> None:
    reply, _ = run(READ, [ok(page([participant(LEG)]), headers)])
    assert isinstance(reply, Members)
    assert reply.as_of == 0


@pytest.mark.parametrize("status", ["left", "joining"])
def test_who_has_left_or_is_not_yet_in_is_no_member(status: str) -> None:
    reply, _ = run(READ, [ok(page([participant(LEG, status=status)]))])
    assert reply == Members(ROOM, (), DATE_MS - 40)


def test_a_member_on_two_pages_is_one_member_as_read_last() -> None:
    pages = [page([participant(LEG)], 2), page([participant(LEG, on_hold=True)], 2)]
    reply, _ = run(READ, [ok(body) for body in pages])
    assert reply == Members(ROOM, (Member(LEG, on_hold=True, muted=False),), DATE_MS - 40)


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"data": {}},
        {"data": [7]},
        page([{}]),
        page([{**participant(LEG), "on_hold": "true"}]),
        page([participant("")]),
    ],
)
def test_a_list_that_cannot_be_understood_proves_nothing(body: dict[str, Any]) -> None:
    reply, _ = run(READ, [ok(body)])
    assert isinstance(reply, Unclear)


def test_half_a_list_proves_nothing() -> None:
    reply, _ = run(READ, [ok(page([participant(LEG)], 2)), Answer(500)])
    assert isinstance(reply, Unclear)


def test_a_list_without_end_is_given_up() -> None:
    reply, asked = run(READ, [ok(page([], 10**9))] * MAX_PAGES)
    assert isinstance(reply, Unclear)
    assert len(asked) == MAX_PAGES


def test_reading_a_room_that_is_gone_says_so() -> None:
    reply, _ = run(READ, [Answer(404, errors("90058"))])
    assert isinstance(reply, Refused)
    assert reply.problem is Problem.GONE


def test_a_room_is_found_by_its_exact_name_with_its_members() -> None:
    rooms = page(
        [
            {"id": "other", "name": "wx-1b", "status": "in_progress"},
            {"id": "old", "name": "wx-1", "status": "completed"},
            {"id": "ours", "name": "wx-1", "status": "in_progress"},
        ]
    )
    reply, asked = run(FindRoom("wx-1"), [ok(rooms), ok(page([participant(LEG)]), round_trip=10)])
    assert reply == FoundRoom(RoomId("ours"), (Member(LEG, on_hold=False, muted=False),), DATE_MS - 10)
    assert asked[0].query["filter[name]"] == "wx-1"
    assert asked[0].query["filter[status]"] == "in_progress"
    assert asked[1].path == "/conferences/ours/participants"


def test_no_room_of_that_name_is_an_answer() -> None:
    reply, _ = run(FindRoom("wx-1"), [ok(page([]))])
    assert reply == FoundRoom(None, (), DATE_MS - 40)


@pytest.mark.parametrize("failure", [Answer(500), Answer(401, errors("10009"))])
def test_a_room_whose_members_cannot_be_read_is_not_found(failure: Answer) -> None:
    rooms = page([{"id": "ours", "name": "wx-1", "status": "in_progress"}])
    reply, _ = run(FindRoom("wx-1"), [ok(rooms), failure])
    assert isinstance(reply, Unclear | Refused)
