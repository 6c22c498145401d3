"""A survey over HTTP: every list to its end, and half of it is none."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import pytest

from warmxfer_tui.core.commands import Survey, Tag
from warmxfer_tui.core.events import CallAnswered, LiveLeg, Refused, Reply, Surveyed, Unclear
from warmxfer_tui.core.terms import Ccid, RoomId
from warmxfer_tui.telnyx import client_state
from warmxfer_tui.telnyx.exchange import exchange
from warmxfer_tui.telnyx.message import Answer, HttpRequest, Outcome

from .asks import LEG, ROOM, TAG, errors, page, participant

KNOWN, NEW = LEG, Ccid("v3:new")
SURVEY = Survey("149", 1_767_225_600_000, (KNOWN,))
NOBODY: dict[str, Any] = {"data": [], "meta": {"cursors": {"after": None}}}


def calls(*rows: dict[str, Any], after: str | None = None) -> Answer:
    return ok({"data": list(rows), "meta": {"cursors": {"after": after}}})


def call(ccid: str, tag: Tag | None = None, session: str = "s1") -> dict[str, Any]:
    state = client_state.encode(tag) if tag else ""
    return {"call_control_id": ccid, "call_session_id": session, "client_state": state}


def event(number: int, ccid: str = NEW, at: str = "2026-01-01T00:00:01Z") -> dict[str, Any]:
    payload = {"call_control_id": ccid}
    data = {"id": f"e{number}", "event_type": "call.answered", "occurred_at": at, "payload": payload}
    return {"record_type": "call_event", "metadata": data}


def ok(body: dict[str, Any]) -> Answer:
    return Answer(200, body, {"date": "Thu, 01 Jan 2026 00:00:05 GMT"}, 40)


def alive(yes: bool) -> Answer:
    return ok({"data": {"is_alive": yes}})


def run(outcomes: Iterable[Outcome], survey: Survey = SURVEY) -> tuple[Reply, list[HttpRequest]]:
    talk = exchange(survey, "id")
    asked = [next(talk)]
    for outcome in outcomes:
        try:
            asked.append(talk.send(outcome))
        except StopIteration as done:
            return done.value, asked
    raise AssertionError(f"it wanted more: {asked[-1]}")


EMPTY = ok(page([]))
ROOMS = ok(page([{"id": ROOM, "name": "wx-a-c1-0", "status": "in_progress"}]))


def test_it_reads_the_legs_ours_that_live_our_rooms_and_the_past_in_this_order() -> None:
    reply, asked = run([calls(call(KNOWN, TAG)), alive(True), ROOMS, ok(page([participant(KNOWN)])), EMPTY])
    assert isinstance(reply, Surveyed)
    assert reply.live == (LiveLeg(KNOWN, TAG),)
    assert reply.ended == ()
    assert [(room.room, [m.ccid for m in room.members]) for room in reply.rooms] == [(RoomId(ROOM), [KNOWN])]
    assert [request.segments[-1] for request in asked] == [
        "active_calls", KNOWN, "conferences", "participants", "call_events",
    ]  # fmt: skip
    past = asked[-1].query
    assert past["filter[occurred_at][gte]"] == "2026-01-01T00:00:00Z"
    assert past["filter[type]"] == "webhook"
    assert past["filter[connection_id]"] == "149"
    assert {request.method for request in asked} == {"GET"}


def test_the_active_calls_are_read_by_cursor_to_the_last_page() -> None:
    pages = [calls(call(KNOWN), after="x"), calls(call(NEW, session=""))]
    reply, asked = run([*pages, alive(True), EMPTY, EMPTY])
    assert isinstance(reply, Surveyed)
    assert [leg.ccid for leg in reply.live] == [KNOWN, NEW]
    assert asked[1].query["page[after]"] == "x"


def test_of_a_leg_that_nobody_knows_the_whole_past_is_read_once_a_session() -> None:
    unknown = calls(call(NEW, session="s2"), call("v3:other", session="s2"), call(KNOWN, session="s1"))
    late, early = event(2, at="2026-01-01T00:00:03Z"), event(1)
    reply, asked = run([unknown, alive(True), EMPTY, ok(page([late])), ok(page([early, late]))])
    assert isinstance(reply, Surveyed)
    assert [fact.event_id for fact in reply.facts] == ["e1", "e2"], "each once, oldest first"
    assert all(isinstance(fact, CallAnswered) for fact in reply.facts)
    assert [request.query.get("filter[application_session_id]") for request in asked[-2:]] == [None, "s2"]


@pytest.mark.parametrize("gone", [alive(False), Answer(404, errors("10005")), Answer(422, errors("90018"))])
def test_a_leg_that_the_carrier_says_is_over_has_ended(gone: Answer) -> None:
    reply, _ = run([calls(), gone, EMPTY, EMPTY])
    assert isinstance(reply, Surveyed)
    assert reply.ended == (KNOWN,)


def test_only_rooms_of_our_names_that_are_in_progress_are_read() -> None:
    rooms = [
        {"id": "a", "name": "someone-else", "status": "in_progress"},
        {"id": "b", "name": "wx-x-c1-0", "status": "completed"},
        {"id": "c", "status": "in_progress"},
    ]
    reply, _ = run([calls(), alive(True), ok(page(rooms)), EMPTY])
    assert isinstance(reply, Surveyed)
    assert reply.rooms == ()


def member(alive: bool = True, tag: Tag | None = TAG, session: str = "s3") -> Answer:
    """What a leg says of itself."""
    return ok({"data": {**call("", tag, session), "is_alive": alive}})


def test_a_member_of_a_room_of_ours_that_no_list_has_yet_is_asked_whose_it_is() -> None:
    """`active_calls` trails, and the members of a room do not (telnyx-facts §6.2 #57)."""
    room = ok(page([participant(KNOWN), participant(NEW)]))
    reply, asked = run([calls(call(KNOWN, TAG)), alive(True), ROOMS, room, member(), EMPTY, EMPTY])
    assert isinstance(reply, Surveyed)
    assert reply.live == (LiveLeg(KNOWN, TAG), LiveLeg(NEW, TAG))
    assert asked[4].segments[-1] == NEW
    assert asked[-1].query["filter[application_session_id]"] == "s3", "and its past is read"


def test_a_member_that_a_list_has_or_that_we_know_is_not_asked_again() -> None:
    room = ok(page([participant(KNOWN), participant(NEW)]))
    reply, _ = run([calls(call(NEW, TAG)), alive(True), ROOMS, room, EMPTY, EMPTY])
    assert isinstance(reply, Surveyed)
    assert reply.live == (LiveLeg(NEW, TAG),)


@pytest.mark.parametrize(
    "gone", [member(alive=False), Answer(404, errors("10005")), Answer(422, errors("90018"))]
)
def test_a_member_that_is_over_by_now_is_no_live_leg(gone: Answer) -> None:
    reply, _ = run([calls(call(KNOWN)), alive(True), ROOMS, ok(page([participant(NEW)])), gone, EMPTY])
    assert isinstance(reply, Surveyed)
    assert reply.live == (LiveLeg(KNOWN, None),)


@pytest.mark.parametrize("nothing", [Answer(503), ok({}), ok({"data": []})])
def test_a_member_that_tells_nothing_makes_it_half_a_survey(nothing: Answer) -> None:
    reply, _ = run([calls(call(KNOWN)), alive(True), ROOMS, ok(page([participant(NEW)])), nothing])
    assert isinstance(reply, Unclear)


def test_a_room_that_ends_between_two_reads_is_none() -> None:
    reply, _ = run([calls(), alive(True), ROOMS, Answer(404, errors("90058")), EMPTY])
    assert isinstance(reply, Surveyed)
    assert reply.rooms == ()


def test_a_past_that_cannot_be_read_as_a_webhook_is_left_out() -> None:
    rows: list[dict[str, Any]] = [{"metadata": None}, {"metadata": {"id": "x"}}, event(1)]
    reply, _ = run([calls(), alive(True), EMPTY, ok(page(rows))])
    assert isinstance(reply, Surveyed)
    assert [fact.event_id for fact in reply.facts] == ["e1"]


BEGUN: list[Outcome] = [calls(call(KNOWN)), alive(True), ROOMS, ok(page([])), EMPTY]


@pytest.mark.parametrize("step", range(len(BEGUN)))
@pytest.mark.parametrize(
    ("failure", "kind"), [(Answer(503), Unclear), (Answer(429, errors("10011")), Refused)], ids=["503", "429"]
)
def test_half_a_survey_is_none(step: int, failure: Answer, kind: type[Reply]) -> None:
    reply, asked = run([*BEGUN[:step], failure])
    assert isinstance(reply, kind)
    assert len(asked) == step + 1


@pytest.mark.parametrize(
    "body", [{}, {"data": [7]}, {"data": [{}]}, {"data": [{"call_control_id": ""}]}, {"data": {}}]
)
def test_a_list_of_calls_that_cannot_be_understood_proves_nothing(body: dict[str, Any]) -> None:
    reply, _ = run([ok(body)])
    assert isinstance(reply, Unclear)


def test_a_list_of_calls_without_end_is_given_up() -> None:
    reply, asked = run([calls(after="x")] * 50)
    assert isinstance(reply, Unclear)
    assert len(asked) <= 50
