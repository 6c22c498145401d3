"""(b) The official package calls every endpoint and finds each reply exactly as documented.

Every reply is judged, and not only the last of its endpoint: of legs that ring, live and are dead, of rooms
that go on and are over, of lists with nothing, one row and several pages, and every refusal.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence

import pytest
from pydantic import BaseModel
from telnyx.types import ConnectionListActiveCallsResponse

from . import fields
from .aftermath import aftermath
from .bench import Answer, Bench, TwoOfEach, bench
from .lists import CURSORS, NUMBERED_CALLS, lists
from .referee import UNDECODED_REPLIES, UNKNOWN_TO_THE_MODEL, extras, judge_reply
from .surface import ENDPOINTS, LEG_COMMANDS, LISTS, REFUSALS, ROOM_COMMANDS
from .tour import answered_dial, tour

DRIVES: Mapping[str, Callable[[Bench], Awaitable[None]]] = {
    "tour": tour,
    "aftermath": aftermath,
    "lists": lists,
}


@pytest.fixture(scope="module")
def answers() -> Sequence[Answer]:
    """Every reply of every drive, each on an account of its own."""

    async def visit() -> Sequence[Answer]:
        found: list[Answer] = []
        for drive in DRIVES.values():
            async with bench(credentials=TwoOfEach.fresh()) as b:
                await drive(b)
                found += b.answers
        return found

    return asyncio.run(visit())


def of(answers: Sequence[Answer], endpoint: str, refusal: str = "") -> list[Answer]:
    return [each for each in answers if (each.endpoint, each.refusal) == (endpoint, refusal)]


def refused_with(answers: Sequence[Answer], *codes: str) -> set[str]:
    return {each.endpoint for each in answers if each.refusal in codes}


@pytest.mark.parametrize("endpoint", ENDPOINTS)
def test_every_success_has_the_documented_status_and_exactly_the_listed_fields(
    endpoint: str, answers: Sequence[Answer]
) -> None:
    successes = of(answers, endpoint)
    assert successes, "no drive calls it"
    assert [judge_reply(answer) for answer in successes] == [[] for _ in successes]


@pytest.mark.parametrize("code", REFUSALS)
def test_every_refusal_has_its_code_its_status_and_exactly_the_listed_fields(
    code: str, answers: Sequence[Answer]
) -> None:
    refusals = [answer for answer in answers if answer.refusal == code]
    assert refusals, "no drive provokes it"
    wrong = {answer.endpoint: judge_reply(answer) for answer in refusals if judge_reply(answer)}
    assert wrong == {}


def test_no_reply_goes_unjudged(answers: Sequence[Answer]) -> None:
    assert {answer.endpoint for answer in answers} == ENDPOINTS.keys()
    assert {answer.refusal for answer in answers} == {"", *REFUSALS}


def test_every_command_is_given_to_an_unknown_and_to_a_dead_leg(answers: Sequence[Answer]) -> None:
    assert refused_with(answers, "90015") >= LEG_COMMANDS
    assert refused_with(answers, "90018") >= LEG_COMMANDS | {"conferences join", "conferences leave"}


def test_every_command_is_given_to_an_unknown_and_to_an_ended_room(answers: Sequence[Answer]) -> None:
    assert refused_with(answers, "90058") >= ROOM_COMMANDS | {"PATCH participants/{id}", "POST /calls"}
    assert refused_with(answers, "90019") >= ROOM_COMMANDS | {"PATCH participants/{id}", "POST /calls"}


def test_every_command_that_needs_an_answered_leg_is_given_to_a_ringing_one(
    answers: Sequence[Answer],
) -> None:
    early = LEG_COMMANDS - {"calls hangup", "calls client_state_update"}
    assert refused_with(answers, "90034", "90102") >= early | {"conferences join", "POST /conferences"}


def test_an_ended_room_is_seen_for_each_reason_that_there_is(answers: Sequence[Answer]) -> None:
    ended = [answer.body["data"] for answer in of(answers, "GET /conferences/{id}, ended")]
    assert {room["end_reason"] for room in ended} == fields.ENDED_CONFERENCE["end_reason"]
    assert {room["ended_by"] is None for room in ended} == {True, False}


@pytest.mark.parametrize("endpoint", sorted(LISTS))
def test_a_list_is_seen_empty_with_one_row_and_on_several_pages(
    endpoint: str, answers: Sequence[Answer]
) -> None:
    bodies = [answer.body for answer in of(answers, endpoint)]
    assert {0, 1} <= {body["meta"].get("total_results", body["meta"].get("total_items")) for body in bodies}
    if endpoint == CURSORS:
        cursors = [tuple(body["meta"]["cursors"].values()) for body in bodies]
        assert any(after and not before for after, before in cursors)
        assert any(before and not after for after, before in cursors)
    else:
        pages = {(body["meta"]["page_number"], body["meta"]["total_pages"]) for body in bodies}
        last = max(total for _, total in pages)
        assert last >= 2
        assert {(number, last) for number in range(1, last + 2)} <= pages, "one beyond the last, too"


async def test_the_package_turns_the_pages_by_itself_and_meets_each_row_once() -> None:
    async with bench(credentials=TwoOfEach.fresh()) as b:
        legs = [await answered_dial(b) for _ in range(3)]
        for number, leg in enumerate(legs):
            await b.client.conferences.create(call_control_id=leg, name=f"wx-{number}")
        b.skip(2)
        connection = b.simulator.credentials.connection_id
        rooms = [room.name async for room in b.client.conferences.list(page_size=1)]
        active = b.client.connections.list_active_calls(connection, page_number=1, page_size=1)
        calls = [call.call_control_id async for call in active]
        dials = [event.name async for event in b.client.call_events.list(filter={"type": "command"})]
    assert sorted(rooms) == ["wx-0", "wx-1", "wx-2"]
    assert calls == legs
    assert dials.count("dial") == 3


def test_each_excused_field_is_met(answers: Sequence[Answer]) -> None:
    """An excuse that nothing needs would hide a field that nobody has decided on."""
    met = {each for answer in answers for each in extras(answer.model)}
    page = "DefaultFlatPaginationMeta"
    assert met == {(page, "page_size"), (page, "total_results")}
    assert met <= UNKNOWN_TO_THE_MODEL.keys()


def test_active_calls_is_refused_for_its_cursors_alone(answers: Sequence[Answer]) -> None:
    """Its rows pass the package's strict model; once that passes the cursors too, the exception is void."""
    assert UNDECODED_REPLIES.keys() == {CURSORS}
    for answer in of(answers, CURSORS):
        assert isinstance(answer.model, Exception)
        for row in answer.body["data"]:
            assert ConnectionListActiveCallsResponse.model_validate(row, strict=True).model_extra == {}
    assert all(isinstance(answer.model, BaseModel) for answer in of(answers, NUMBERED_CALLS))
