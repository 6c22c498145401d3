from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import httpx
import pytest

from warmxfer_tui.clock import run_jump
from warmxfer_tui.simulator.cast import CUSTOMERS, Cast
from warmxfer_tui.simulator.service import Simulator

from ..receiver import Receiver
from .stage import KEYS, code, dial_body, http, simulator


@asynccontextmanager
async def stage() -> AsyncIterator[tuple[Simulator, httpx.AsyncClient, Receiver]]:
    receiver = Receiver()
    async with (
        receiver.open(),
        simulator(webhook_url=f"{receiver.base}/hooks") as sim,
        http(sim) as client,
    ):
        yield sim, client, receiver


async def sim_post(sim: Simulator, client: httpx.AsyncClient, what: str, **body: object) -> httpx.Response:
    return await client.post(f"{sim.control_url}/{what}", json=body)


async def manual_leg(client: httpx.AsyncClient) -> str:
    reply = await client.post("/calls", json=dial_body())
    await asyncio.sleep(2)
    return str(reply.json()["data"]["call_control_id"])


@pytest.mark.parametrize("key", [None, "KEY0"])
@pytest.mark.parametrize(("method", "what"), [("POST", "inbound"), ("POST", "party"), ("GET", "truth")])
def test_the_control_surface_asks_for_the_same_key(key: str | None, method: str, what: str) -> None:
    async def story() -> httpx.Response:
        async with simulator() as sim, http(sim, key=key) as client:
            return await client.request(method, f"{sim.control_url}/{what}", json={})

    assert code(run_jump(story())) == (401, "10009")


def test_a_customer_rings_in_on_request() -> None:
    async def story() -> list[tuple[str, str, str]]:
        async with stage() as (sim, client, receiver):
            reply = await sim_post(sim, client, "inbound", **{"from": "+12025550198", "name": "Ada"})
            assert reply.status_code == 200
            await asyncio.sleep(1)
        payloads = [got.body["data"]["payload"] for got in receiver.received]
        return [(each["from"], each["to"], each["caller_id_name"]) for each in payloads]

    assert run_jump(story()) == [("+12025550198", KEYS.phone_number, "Ada")]


@pytest.mark.parametrize(
    ("action", "event_type", "field", "value"),
    [
        ("answer", "call.answered", "state", "answered"),
        ("decline", "call.hangup", "hangup_cause", "call_rejected"),
        ("busy", "call.hangup", "hangup_cause", "user_busy"),
    ],
)
def test_a_party_does_as_it_is_told(action: str, event_type: str, field: str, value: str) -> None:
    async def story() -> Any:
        async with stage() as (sim, client, receiver):
            leg = await manual_leg(client)
            reply = await sim_post(sim, client, "party", call_control_id=leg, action=action)
            assert reply.json() == {"data": {"done": True}}
            await asyncio.sleep(1)
        (event,) = (got.body["data"] for got in receiver.received if got.event_type == event_type)
        return event["payload"][field]

    assert run_jump(story()) == value


def test_a_party_presses_a_digit_and_hangs_up_and_then_can_do_nothing() -> None:
    async def story() -> list[bool]:
        async with stage() as (sim, client, _):
            leg = await manual_leg(client)
            done = []
            for action in ("answer", "digit", "hangup", "hangup"):
                reply = await sim_post(sim, client, "party", call_control_id=leg, action=action, digit="1")
                done.append(reply.json()["data"]["done"])
        return done

    assert run_jump(story()) == [True, True, True, False]


def test_the_truth_tells_who_hears_whom() -> None:
    async def story() -> Any:
        async with stage() as (sim, client, _):
            leg = await manual_leg(client)
            sim.step(lambda world: world.party_answers(leg))
            truth = (await client.get(f"{sim.control_url}/truth")).json()["data"]
            assert truth["legs"].keys() == {leg}
            return truth["legs"][leg]

    seen = run_jump(story())
    assert seen["to"] == "+12025550118"
    assert (seen["state"], seen["people"], seen["sounds"]) == ("answered", [], [])
    assert seen["silent"] is True


def test_a_fault_and_a_mishap_are_planned_over_http() -> None:
    async def story() -> tuple[int, list[str]]:
        async with stage() as (sim, client, receiver):
            fault = {"kind": "refuse", "method": "GET", "path": "/public_key", "status": 503}
            assert (await sim_post(sim, client, "faults", **fault)).json() == {
                "data": {"id": 1, "planned": 1}
            }
            await sim_post(sim, client, "mishaps", kind="drop", event_type="call.initiated")
            await manual_leg(client)
            await manual_leg(client)
            status = (await client.get("/public_key")).status_code
        return status, [got.event_type for got in receiver.received]

    assert run_jump(story()) == (503, ["call.initiated"])


@pytest.mark.parametrize(
    ("what", "body", "expected"),
    [
        ("inbound", {}, (422, "10004")),
        ("inbound", {"from": 5}, (422, "10015")),
        ("party", {"call_control_id": "v3:x", "action": "answer"}, (404, "10005")),
        ("nothing", {}, (404, "10005")),
    ],
)
def test_nonsense_is_refused_in_telnyxs_envelope(what: str, body: Any, expected: tuple[int, str]) -> None:
    async def story() -> httpx.Response:
        async with stage() as (sim, client, _):
            return await sim_post(sim, client, what, **body)

    assert code(run_jump(story())) == expected


def test_the_cast_rings_in_turn_on_its_schedule() -> None:
    async def story() -> list[tuple[float, str]]:
        loop, rung = asyncio.get_running_loop(), []
        async with Cast(lambda number, _: rung.append((loop.time(), number)), every_s=30):
            await asyncio.sleep(100)
        await asyncio.sleep(100)
        return rung

    assert run_jump(story()) == [(30.0 * (n + 1), CUSTOMERS[n].number) for n in range(3)]
