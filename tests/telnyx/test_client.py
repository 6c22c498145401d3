"""The client over a fake transport, on virtual time (`design.md` §3.10, §3.14)."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Awaitable, Callable, Coroutine
from typing import Any

import httpx
import pytest

from warmxfer_tui.clock import JumpClock, run_jump
from warmxfer_tui.core.commands import Hangup, Hold, ReadCall, ReadRoom, Request, Tag
from warmxfer_tui.core.events import Accepted, CallStatus, Members, Problem, Refused, Reply, Unclear
from warmxfer_tui.telnyx.carrier import TelnyxCarrier
from warmxfer_tui.telnyx.client import BUDGET, REPLY_LIMIT, TelnyxClient
from warmxfer_tui.telnyx.errors import (
    AuthenticationError,
    GoneError,
    NotFoundError,
    RateLimitedError,
    UnavailableError,
)
from warmxfer_tui.telnyx.requests import command_id, http_of

from .asks import DIAL, LEG, REQUESTS, ROOM, ask, errors, named, page, participant

BASE_URL = "https://telnyx.test/v2"
KEY = "KEYsecret"
OK = {"data": {"result": "ok", "call_control_id": "v3:new", "id": "room", "is_alive": True}}
NEVER = 1e6

Handler = Callable[[httpx.Request], httpx.Response | Awaitable[httpx.Response]]


class Telnyx:
    """A transport that plays a script, one entry an attempt; the last entry is repeated."""

    def __init__(self, *script: httpx.Response | Exception | float) -> None:
        self.script = list(script)
        self.requests: list[httpx.Request] = []
        self.times: list[float] = []

    async def handle(self, request: httpx.Request) -> httpx.Response:
        entry = self.script[min(len(self.requests), len(self.script) - 1)]
        self.requests.append(request)
        self.times.append(asyncio.get_running_loop().time())
        if isinstance(entry, Exception):
            raise entry
        if isinstance(entry, float):
            await asyncio.sleep(entry)
            return httpx.Response(200, json=OK)
        return httpx.Response(entry.status_code, headers=entry.headers, content=entry.content)

    def client(self) -> TelnyxClient:
        clock = JumpClock(asyncio.get_running_loop())
        return TelnyxClient(KEY, clock=clock, base_url=BASE_URL, transport=httpx.MockTransport(self.handle))


def send(telnyx: Telnyx, request: Request) -> tuple[Reply, float]:
    """The reply to one request, and the virtual seconds that it took."""

    async def main() -> tuple[Reply, float]:
        async with telnyx.client() as client:
            reply = await TelnyxCarrier(client, "journal").send(ask(request))
            return reply, asyncio.get_running_loop().time()

    return run_jump(main())


def with_client(telnyx: Telnyx, use: Callable[[TelnyxClient], Coroutine[Any, Any, Any]]) -> Any:
    async def main() -> Any:
        async with telnyx.client() as client:
            return await use(client)

    return run_jump(main())


def json_reply(status: int, body: object, **headers: str) -> httpx.Response:
    return httpx.Response(status, json=body, headers={k.replace("_", "-"): v for k, v in headers.items()})


ONE_ATTEMPT = [each for each in REQUESTS if not http_of(each, "id").resendable]
RESENT = [each for each in REQUESTS if http_of(each, "id").resendable]
TROUBLE: dict[str, httpx.Response | Exception | float] = {
    "silence": NEVER,
    "broken connection": httpx.RemoteProtocolError("disconnected"),
    "500": json_reply(500, errors("10007")),
    "503": json_reply(503, {}),
    "408": json_reply(408, {}),
}


@pytest.mark.parametrize("trouble", TROUBLE)
@pytest.mark.parametrize("request_", ONE_ATTEMPT, ids=named)
def test_a_command_of_the_lanes_goes_out_once_and_its_outcome_is_unclear(
    request_: Request, trouble: str
) -> None:
    telnyx = Telnyx(TROUBLE[trouble])
    reply, took = send(telnyx, request_)
    assert isinstance(reply, Unclear)
    assert len(telnyx.requests) == 1
    assert took <= REPLY_LIMIT


@pytest.mark.parametrize("trouble", TROUBLE)
@pytest.mark.parametrize("request_", RESENT, ids=named)
def test_reads_and_commands_with_an_id_are_tried_thrice_within_five_seconds(
    request_: Request, trouble: str
) -> None:
    telnyx = Telnyx(TROUBLE[trouble])
    reply, took = send(telnyx, request_)
    assert isinstance(reply, Unclear)
    assert len(telnyx.requests) == 3
    assert took <= BUDGET
    assert len({(each.method, each.url, each.content) for each in telnyx.requests}) == 1


def test_a_resent_dial_carries_the_command_id_of_its_first_copy() -> None:
    telnyx = Telnyx(NEVER, json_reply(200, OK))
    reply, _ = send(telnyx, DIAL)
    assert reply == Accepted(ccid=type(LEG)("v3:new"))
    ids = [json.loads(each.content)["command_id"] for each in telnyx.requests]
    assert ids == [command_id("journal", "c1/hold/1")] * 2


@pytest.mark.parametrize("status", [400, 401, 403, 404, 409, 422, 429])
@pytest.mark.parametrize("request_", REQUESTS, ids=named)
def test_a_4xx_is_never_resent(request_: Request, status: int) -> None:
    telnyx = Telnyx(json_reply(status, errors("10015")))
    reply, _ = send(telnyx, request_)
    assert isinstance(reply, Refused)
    assert len(telnyx.requests) == 1


def test_a_no_after_a_try_of_unknown_outcome_is_not_definite() -> None:
    reply, _ = send(Telnyx(NEVER, json_reply(422, errors("10015"))), DIAL)
    assert isinstance(reply, Unclear)


def test_where_no_connection_can_be_made_nothing_has_left() -> None:
    telnyx = Telnyx(httpx.ConnectError("refused"))
    reply, _ = send(telnyx, Hold(ROOM, (LEG,), "file"))
    assert isinstance(reply, Refused)
    assert reply.problem is Problem.UNAVAILABLE


def test_a_lost_connection_does_not_hide_that_an_earlier_try_may_have_worked() -> None:
    reply, _ = send(Telnyx(NEVER, httpx.ConnectError("refused")), DIAL)
    assert isinstance(reply, Unclear)


@pytest.mark.parametrize("seconds", [0.0, 1.0, 1.9])
def test_a_reply_within_two_seconds_is_a_reply(seconds: float) -> None:
    reply, took = send(Telnyx(seconds), Hold(ROOM, (LEG,), "file"))
    assert reply == Accepted()
    assert took == pytest.approx(seconds)


@pytest.mark.parametrize("content", [b"", b"<html>", b"\xff\xfe", b"[" * 100_000, b"null"])
def test_a_body_that_is_not_json_is_survived(content: bytes) -> None:
    assert send(Telnyx(httpx.Response(200, content=content)), Hangup(LEG))[0] == Accepted()
    assert isinstance(send(Telnyx(httpx.Response(200, content=content)), ReadCall(LEG))[0], Unclear)


def test_a_lone_surrogate_in_a_name_is_sent_as_json_allows() -> None:
    telnyx = Telnyx(json_reply(200, OK))
    tagged = type(DIAL)("+15550100", "+15550101", "149", 25, Tag("d", "c1", "B", "c1.B1", target="\ud800"))
    assert send(telnyx, tagged)[0] == Accepted(ccid=type(LEG)("v3:new"))


def test_the_request_carries_the_key_and_encoded_ids() -> None:
    telnyx = Telnyx(json_reply(200, OK))
    assert send(telnyx, ReadCall(LEG))[0] == CallStatus(LEG, alive=True)
    request = telnyx.requests[0]
    assert request.headers["authorization"] == f"Bearer {KEY}"
    assert request.url.raw_path == b"/v2/calls/v3%3Aleg%2Fwith%3Asigns"


def test_a_read_is_dated_by_the_carrier_minus_the_round_trip() -> None:
    late = json_reply(200, page([participant(LEG)]), Date="Thu, 01 Jan 2026 00:01:00 GMT")

    async def slow(request: httpx.Request) -> httpx.Response:
        await asyncio.sleep(0.3)
        return late

    telnyx = Telnyx()
    telnyx.handle = slow  # type: ignore[method-assign]
    reply, _ = send(telnyx, ReadRoom(ROOM))
    assert isinstance(reply, Members)
    assert reply.as_of == 1_767_225_660_000 - 300


def test_the_offset_to_the_carriers_clock_is_measured() -> None:
    # Virtual time begins at 2026-01-01T00:00:00Z.
    telnyx = Telnyx(json_reply(200, OK, Date="Thu, 01 Jan 2026 00:00:10 GMT"))

    async def use(client: TelnyxClient) -> tuple[int | None, int | None]:
        assert client.skew.offset is None
        await client.call_status(call_control_id=LEG)
        return client.skew.offset, client.skew.margin

    assert with_client(telnyx, use) == (10_499, 500)


@pytest.mark.parametrize(
    ("response", "error"),
    [
        (json_reply(401, errors("10009")), AuthenticationError),
        (json_reply(422, errors("90018")), GoneError),
        (json_reply(200, []), UnavailableError),
        (json_reply(500, {}), UnavailableError),
        (httpx.ConnectError("refused"), UnavailableError),
    ],
)
def test_a_method_raises_its_typed_error_with_a_sentence(response: Any, error: type[Exception]) -> None:
    with pytest.raises(error) as caught:
        with_client(Telnyx(response), lambda client: client.call_status(call_control_id=LEG))
    assert " " in str(caught.value)
    assert KEY not in str(caught.value) + repr(caught.value)


def test_a_media_file_that_does_not_exist_is_not_found_whatever_the_title_says() -> None:
    missing = json_reply(404, errors("10005", "Audio file not found"))
    with pytest.raises(NotFoundError):
        with_client(Telnyx(missing), lambda client: client.media(media_name="hold"))


def test_a_rate_limited_method_says_for_how_long() -> None:
    limited = json_reply(429, errors("10011"), x_ratelimit_reset="2")
    with pytest.raises(RateLimitedError) as caught:
        with_client(Telnyx(limited), lambda client: client.hangup(call_control_id=LEG))
    assert caught.value.wait == 2_000


def test_numbered_lists_are_read_to_the_last_page() -> None:
    telnyx = Telnyx(json_reply(200, page([{"id": "1"}], 2)), json_reply(200, page([{"id": "2"}], 2)))
    rows = with_client(telnyx, lambda client: client.rows(client.applications, name_contains="warm"))
    assert [row["id"] for row in rows] == ["1", "2"]
    assert [each.url.params["page[number]"] for each in telnyx.requests] == ["1", "2"]
    assert telnyx.requests[1].url.params["filter[application_name][contains]"] == "warm"


def test_active_calls_are_read_by_their_cursors() -> None:
    first = {"data": [{"call_leg_id": "1"}], "meta": {"cursors": {"after": "Mw=="}}}
    last = {"data": [{"call_leg_id": "2"}], "meta": {"cursors": {"after": None}}}
    telnyx = Telnyx(json_reply(200, first), json_reply(200, last))
    rows = with_client(telnyx, lambda client: client.all_active_calls(connection_id="149"))
    assert [row["call_leg_id"] for row in rows] == ["1", "2"]
    assert "page[after]" not in telnyx.requests[0].url.params
    assert telnyx.requests[1].url.params["page[after]"] == "Mw=="


@pytest.mark.parametrize("body", [page([{}], 10**9), {"data": [{}], "meta": {"cursors": {"after": "again"}}}])
def test_a_list_without_an_end_is_an_error(body: dict[str, Any]) -> None:
    def use(client: TelnyxClient) -> Coroutine[Any, Any, Any]:
        if "cursors" in body["meta"]:
            return client.all_active_calls(connection_id="149")
        return client.rows(client.conferences)

    with pytest.raises(UnavailableError):
        with_client(Telnyx(json_reply(200, body)), use)


def test_a_media_file_goes_up_as_a_form() -> None:
    telnyx = Telnyx(json_reply(200, {"data": {"media_name": "hold"}}))
    with_client(
        telnyx,
        lambda client: client.upload_media(
            media=b"RIFF....", content_type="audio/wav", media_name="hold", ttl_secs=60
        ),
    )
    request = telnyx.requests[0]
    assert (request.method, request.url.path) == ("POST", "/v2/media")
    assert request.headers["content-type"].startswith("multipart/form-data; boundary=")
    parts = request.content.split(b"--" + request.headers["content-type"].partition("boundary=")[2].encode())
    assert any(b'name="media_name"' in part and part.rstrip().endswith(b"hold") for part in parts)
    assert any(b'name="ttl_secs"' in part and part.rstrip().endswith(b"60") for part in parts)
    file = next(part for part in parts if b'name="media"; filename="hold"' in part)
    assert b"Content-Type: audio/wav" in file
    assert file.rstrip().endswith(b"RIFF....")
