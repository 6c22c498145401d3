"""What a reply means (telnyx-facts §1.4, `design.md` §3.3)."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from warmxfer_tui.core.commands import Answer as AnswerCall
from warmxfer_tui.core.commands import CreateRoom, Dial, Hangup, Hold, Join, ReadCall, Request
from warmxfer_tui.core.events import Accepted, CallStatus, Problem, Refused, Reply, Unclear
from warmxfer_tui.core.terms import Ccid, RoomId
from warmxfer_tui.telnyx.message import Answer, Outcome, Silence
from warmxfer_tui.telnyx.replies import reply_of, spare_of
from warmxfer_tui.telnyx.requests import http_of

from .asks import DIAL, LEG, REQUESTS, ROOM, TAG, errors, named

HOLD = Hold(ROOM, (LEG,), "file")
JOIN = Join(ROOM, LEG, TAG)
HANGUP = Hangup(LEG)


def reply(request: Request, outcome: Outcome) -> Reply:
    return reply_of(request, http_of(request, "id"), outcome)


def refusal(request: Request, status: int, body: object, **headers: str) -> Refused:
    lines = {name.replace("_", "-"): value for name, value in headers.items()}
    result = reply(request, Answer(status, body, lines))
    assert isinstance(result, Refused)
    assert result.words.endswith((".", "…"))
    return result


@pytest.mark.parametrize(
    ("request_", "status", "body", "problem"),
    [
        (HOLD, 401, errors("10009"), Problem.AUTHENTICATION),
        (HOLD, 401, None, Problem.AUTHENTICATION),
        (DIAL, 403, errors("10010"), Problem.PERMISSION),
        (DIAL, 403, "<html>", Problem.PERMISSION),
        (DIAL, 404, errors("10005", "Resource not found"), Problem.NOT_FOUND),
        (HANGUP, 404, errors("10005", "Resource not found"), Problem.GONE),
        (HOLD, 404, errors("10007", "Resource not found"), Problem.GONE),
        (HOLD, 404, errors("90058"), Problem.GONE),
        (HOLD, 422, errors("90058"), Problem.GONE),
        (HOLD, 422, errors("90019"), Problem.GONE),
        (HOLD, 400, errors("90019"), Problem.GONE),
        (HANGUP, 422, errors("90018"), Problem.GONE),
        (HANGUP, 422, errors("90015", source={"pointer": "/call_control_id"}), Problem.GONE),
        (JOIN, 422, errors("90034"), Problem.NOT_ANSWERED),
        (JOIN, 422, errors("90044"), Problem.ALREADY),
        (CreateRoom(LEG, "wx"), 422, errors("90033"), Problem.NAME_TAKEN),
        (HOLD, 404, errors("10005", "Audio file not found"), Problem.MEDIA),
        (HOLD, 404, errors("10005", source={"pointer": "/media_name"}), Problem.MEDIA),
        (HOLD, 400, errors("90040"), Problem.MEDIA),
        (DIAL, 422, errors("10011", "Media encryption not supported"), Problem.REJECTED),
        (DIAL, 422, errors("10015", source={"pointer": "/connection_id"}), Problem.REJECTED),
        (DIAL, 422, errors("90041"), Problem.REJECTED),
        (DIAL, 429, errors("10011"), Problem.RATE_LIMITED),
        (DIAL, 302, None, Problem.REJECTED),
    ],
)
def test_each_code_is_its_kind_of_no(request_: Request, status: int, body: object, problem: Problem) -> None:
    assert refusal(request_, status, body).problem is problem


def test_of_several_errors_the_one_that_means_a_deed_counts() -> None:
    body = {"errors": [{"code": "10015", "title": "x"}, {"code": "90018", "title": "y"}]}
    assert refusal(HANGUP, 422, body).problem is Problem.GONE


@pytest.mark.parametrize(
    ("headers", "wait"),
    [
        ({"x_ratelimit_reset": "2", "retry_after": "9"}, 2_000),
        ({"retry_after": "0.5"}, 500),
        ({"x_ratelimit_reset": "1767225600", "retry_after": "3"}, 3_000),
        ({"x_ratelimit_reset": "nan"}, 1_000),
        ({"retry_after": "Wed, 21 Oct 2026 07:28:00 GMT"}, 1_000),
        ({}, 1_000),
    ],
)
def test_any4_a_429_says_how_long_to_wait(headers: dict[str, str], wait: int) -> None:
    assert refusal(HOLD, 429, None, **headers).wait == wait


@pytest.mark.parametrize("status", [408, 500, 502, 503, 599])
@pytest.mark.parametrize("request_", REQUESTS, ids=named)
def test_408_and_5xx_may_have_taken_effect(request_: Request, status: int) -> None:
    assert isinstance(reply(request_, Answer(status, errors("10007"))), Unclear)


def test_silence_is_unclear_unless_nothing_left_this_machine() -> None:
    assert reply(HOLD, Silence(left=True, why="no reply")) == Unclear("no reply")
    assert reply(HOLD, Silence(left=False, why="no way")) == Refused(Problem.UNAVAILABLE, "", "no way")


@pytest.mark.parametrize("request_", [DIAL, AnswerCall(LEG, TAG)], ids=named)
def test_a_no_to_a_repeated_command_does_not_undo_the_first_copy(request_: Request) -> None:
    assert isinstance(reply(request_, Answer(422, errors("10015"), resent=True)), Unclear)
    assert isinstance(reply(request_, Answer(422, errors("10015"))), Refused)


def test_a_repeated_hangup_that_finds_the_leg_gone_is_a_definite_answer() -> None:
    result = reply(HANGUP, Answer(422, errors("90018"), resent=True))
    assert isinstance(result, Refused)
    assert result.problem is Problem.GONE


def test_a_2xx_gives_the_ids_that_were_asked_for() -> None:
    ok = {"data": {"result": "ok"}}
    dialled = {"data": {"call_control_id": "v3:new", "is_alive": False}}
    assert reply(HOLD, Answer(200, ok)) == Accepted()
    assert reply(DIAL, Answer(200, dialled)) == Accepted(ccid=Ccid("v3:new"))
    assert reply(CreateRoom(LEG, "wx"), Answer(200, {"data": {"id": "r1"}})) == Accepted(room=RoomId("r1"))
    assert reply(ReadCall(LEG), Answer(200, {"data": {"is_alive": True}})) == CallStatus(LEG, alive=True)


@pytest.mark.parametrize(
    "body", [None, [], {}, {"data": []}, {"data": {}}, {"data": {"is_alive": "yes", "id": 7}}]
)
@pytest.mark.parametrize("request_", [DIAL, CreateRoom(LEG, "wx"), ReadCall(LEG)], ids=named)
def test_a_2xx_without_what_was_asked_for_is_unclear(request_: Request, body: object) -> None:
    assert isinstance(reply(request_, Answer(200, body)), Unclear)


def test_an_id_with_hidden_characters_is_no_id() -> None:
    assert isinstance(reply(DIAL, Answer(200, {"data": {"call_control_id": "v3:\x1b[2J"}})), Unclear)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=8,
)
ERROR = st.fixed_dictionaries(
    {}, optional={"code": JSON, "title": JSON, "detail": JSON, "source": JSON | st.just({"pointer": 7})}
)
BODY = JSON | st.fixed_dictionaries({"errors": JSON | st.lists(ERROR | JSON, max_size=3)})


@given(
    st.sampled_from(REQUESTS),
    st.integers(100, 599),
    BODY,
    st.dictionaries(st.sampled_from(["date", "retry-after", "x-ratelimit-reset"]), st.text()),
)
def test_no_shape_of_reply_raises(request_: Request, status: int, body: Any, headers: dict[str, str]) -> None:
    result = reply(request_, Answer(status, body, headers))
    if isinstance(result, Refused | Unclear):
        assert result.words
    else:
        assert 200 <= status < 300


def test_a_dial_is_not_mistaken_for_a_leg_that_is_gone() -> None:
    assert isinstance(DIAL, Dial)
    assert refusal(DIAL, 404, None).problem is Problem.NOT_FOUND


@pytest.mark.parametrize(
    ("limit", "remaining", "spare"),
    [
        ("10", "2", 20), ("10", "1", 10), ("300", "59", 19), ("10", "0", 0), ("10", "10", 100),
        ("10", "-3", 0), ("10", "99", 100), ("0", "0", None), ("-1", "0", None),
        ("", "1", None), ("10", "", None), ("ten", "1", None), ("10", "1.5", None), (None, None, None),
    ],
)  # fmt: skip
def test_any4_an_answer_tells_how_much_of_the_rate_limit_is_left(
    limit: str | None, remaining: str | None, spare: int | None
) -> None:
    told = {"x-ratelimit-limit": limit, "x-ratelimit-remaining": remaining}
    headers = {name: value for name, value in told.items() if value is not None}
    assert spare_of(Answer(200, {}, headers)) == spare
