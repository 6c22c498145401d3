from __future__ import annotations

import asyncio
from email.utils import parsedate_to_datetime
from typing import Any

import httpx
import pytest

from warmxfer_tui.clock import JUMP_EPOCH_MS, run_jump
from warmxfer_tui.simulator.world import Knobs

from .stage import KEYS, code, dial_body, http, simulator


def ask(
    *, key: str | None = KEYS.api_key, knobs: Knobs | None = None, method: str = "POST", path: str = "/calls",
    **request: Any,
) -> httpx.Response:  # fmt: skip
    """Send one request to a fresh simulator on virtual time and return the reply."""

    async def one() -> httpx.Response:
        async with simulator(knobs=knobs) as sim, http(sim, key=key) as client:
            return await client.request(method, path, **request)

    return run_jump(one())


@pytest.mark.parametrize("key", ["x", "KEY0", KEYS.api_key + "x", KEYS.api_key[:-1]])
def test_a_wrong_key_is_refused_with_10009(key: str) -> None:
    assert code(ask(key=key, json={})) == (401, "10009")


def test_an_absent_key_is_refused_as_knob_52_says() -> None:
    assert code(ask(key=None, json={})) == (401, "10009")
    assert code(ask(key=None, json={}, knobs=Knobs(no_authorization="404/10005"))) == (404, "10005")


@pytest.mark.parametrize(
    ("body", "content_type", "expected"),
    [
        (b'{"to": ', "application/json", "10023"),
        (b'{"to": "\xff"}', "application/json", "10028"),
        (b"[1, 2]", "application/json", "10029"),
        (b"to=1", "application/x-www-form-urlencoded", "10023"),
        (b'{"to": "x"}', "text/plain", "10029"),
        (b"[" * 100_000, "application/json", "10023"),
    ],
)
def test_a_body_that_is_no_json_object_is_refused(body: bytes, content_type: str, expected: str) -> None:
    reply = ask(content=body, headers={"Content-Type": content_type})
    assert code(reply) == (400, expected)


@pytest.mark.parametrize("path", ["/nowhere", "/calls/x/actions/dance", "/../elsewhere"])
def test_an_unknown_path_is_refused_with_10005(path: str) -> None:
    assert code(ask(path=path, json={}))[1] == "10005"


def test_the_path_reaches_the_world_decoded() -> None:
    async def story() -> None:
        async with simulator() as sim, http(sim) as client:
            leg = (await client.post("/calls", json=dial_body())).json()["data"]["call_control_id"]
            encoded = leg.replace(":", "%3A")
            reply = await client.get(f"/calls/{encoded}")
            assert reply.json()["data"]["call_control_id"] == leg

    run_jump(story())


def test_a_reply_is_dated_by_the_simulators_clock() -> None:
    async def story() -> None:
        async with simulator() as sim, http(sim) as client:
            await asyncio.sleep(90)
            reply = await client.get("/public_key")
        seen = parsedate_to_datetime(reply.headers["Date"]).timestamp()
        assert seen == JUMP_EPOCH_MS / 1000 + 90

    run_jump(story())


def test_a_file_is_uploaded_as_a_form() -> None:
    reply = ask(
        path="/media",
        data={"media_name": "hold", "ttl_secs": "3600"},
        files={"media": ("hold.wav", b"RIFF" + bytes(40), "audio/wav")},
    )
    assert reply.status_code == 200
    assert reply.json()["data"]["media_name"] == "hold"


@pytest.mark.parametrize("content_type", ["multipart/form-data", "multipart/form-data; boundary=a"])
@pytest.mark.parametrize("body", [b"", b"x", b"--a", b"--a\r\n\r\nzz"])
def test_a_broken_form_is_refused(content_type: str, body: bytes) -> None:
    reply = ask(path="/media", content=body, headers={"Content-Type": content_type})
    assert code(reply) in {(400, "10015"), (422, "10004")}


def test_more_than_20_mb_are_refused() -> None:
    reply = ask(path="/media", files={"media": ("hold.wav", bytes(21 * 1024 * 1024), "audio/wav")})
    assert reply.status_code == 413
    assert code(reply) == (413, "10015")


def test_without_the_knob_no_reply_counts_requests() -> None:
    assert not [name for name in ask(json={}).headers if name.startswith("x-ratelimit")]


def test_the_eleventh_request_of_a_second_is_one_too_many_with_knob_48() -> None:
    async def story() -> None:
        async with simulator(knobs=Knobs(rate_limit="10/s")) as sim, http(sim) as client:
            replies = [await client.get("/public_key") for _ in range(11)]
            assert [reply.status_code for reply in replies] == [200] * 10 + [429]
            assert code(replies[-1]) == (429, "10011")
            assert replies[3].headers["x-ratelimit-limit"] == "10"
            assert replies[3].headers["x-ratelimit-remaining"] == "6"
            await asyncio.sleep(int(replies[-1].headers["x-ratelimit-reset"]))
            assert (await client.get("/public_key")).status_code == 200

    run_jump(story())
