"""What the client sends, how often, and what it makes of silence (`design.md` §3.10, §3.14)."""

from __future__ import annotations

import asyncio
import json

import httpx
import pytest

from warmxfer_tui.clock import run_jump
from warmxfer_tui.core.commands import Hangup, Hold, ReadCall, ReadRoom, Request, Tag
from warmxfer_tui.core.events import Accepted, CallStatus, Members, Problem, Refused, Reply, Unclear
from warmxfer_tui.telnyx.carrier import TelnyxCarrier
from warmxfer_tui.telnyx.client import BUDGET, REPLY_LIMIT, TelnyxClient
from warmxfer_tui.telnyx.requests import command_id, http_of

from .asks import DIAL, LEG, REQUESTS, ROOM, ask, errors, named, page, participant
from .transport import BASE_URL, KEY, NEVER, OK, Telnyx, json_reply, send, with_client

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


@pytest.mark.parametrize("request_", [DIAL, Hold(ROOM, (LEG,), "file")], ids=named)
def test_where_every_try_waits_for_a_connection_in_vain_nothing_has_left(request_: Request) -> None:
    """Also in the last try, which has less time than the others."""

    async def black_hole(request: httpx.Request) -> httpx.Response:
        await asyncio.sleep(request.extensions["timeout"]["connect"])
        raise httpx.ConnectTimeout("nobody there")

    telnyx = Telnyx()
    telnyx.handle = black_hole  # type: ignore[method-assign]
    reply, took = send(telnyx, request_)
    assert isinstance(reply, Refused)
    assert reply.problem is Problem.UNAVAILABLE
    assert took <= BUDGET


def test_an_address_of_no_known_kind_means_that_nothing_has_left() -> None:
    reply, _ = send(Telnyx(httpx.UnsupportedProtocol("gopher")), DIAL)
    assert isinstance(reply, Refused)


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


def test_a_clock_that_is_set_meanwhile_does_not_date_a_read_in_the_future() -> None:
    """A read that seems newer than it is would override the webhooks that followed it."""

    class SetBack:
        now = 1_767_225_660_000

        def now_ms(self) -> int:
            self.now -= 3_600_000
            return self.now

    async def main() -> Reply:
        answer = json_reply(200, page([]), Date="Thu, 01 Jan 2026 00:01:00 GMT")
        transport = httpx.MockTransport(Telnyx(answer).handle)
        async with TelnyxClient(KEY, clock=SetBack(), base_url=BASE_URL, transport=transport) as client:
            reply = await TelnyxCarrier(client, "journal").send(ask(ReadRoom(ROOM)))
            assert client.skew.margin == 500
            return reply

    reply = run_jump(main())
    assert isinstance(reply, Members)
    assert reply.as_of == 1_767_225_660_000


def test_the_offset_to_the_carriers_clock_is_measured() -> None:
    # Virtual time begins at 2026-01-01T00:00:00Z.
    telnyx = Telnyx(json_reply(200, OK, Date="Thu, 01 Jan 2026 00:00:10 GMT"))

    async def use(client: TelnyxClient) -> tuple[int | None, int | None]:
        assert client.skew.offset is None
        await client.call_status(call_control_id=LEG)
        return client.skew.offset, client.skew.margin

    assert with_client(telnyx, use) == (10_499, 500)
