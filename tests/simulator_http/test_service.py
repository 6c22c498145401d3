from __future__ import annotations

import asyncio
import socket
import time
from dataclasses import replace
from typing import Any

import httpx
import pytest

from warmxfer_tui.clock import SystemClock, run_jump
from warmxfer_tui.simulator.credentials import Credentials
from warmxfer_tui.simulator.delivery import Schedule, Target, Weather
from warmxfer_tui.simulator.service import Simulator, schedule_of, target_of, weather_of
from warmxfer_tui.simulator.world import MANUAL, Application, Hearing, Knobs, Sound, Webhook

from ..receiver import Receiver
from .stage import KEYS, dial_body, http, simulator

COLLEAGUE_NUMBER = "+12025550110"


async def command(client: httpx.AsyncClient, path: str, **body: object) -> dict[str, Any]:
    reply = await client.post(path, json=body)
    assert reply.status_code == 200, reply.text
    data: dict[str, Any] = reply.json()["data"]
    return data


async def dialled(client: httpx.AsyncClient, to: str = COLLEAGUE_NUMBER) -> str:
    return str((await command(client, "/calls", **dial_body(to)))["call_control_id"])


def test_a_call_lives_by_timers_alone_and_tells_its_story_in_webhooks() -> None:
    async def story() -> list[str]:
        receiver = Receiver()
        async with (
            receiver.open(),
            simulator(webhook_url=f"{receiver.base}/hooks", weather=Weather(ordered=True)) as sim,
            http(sim) as client,
        ):
            leg = await dialled(client)
            await asyncio.sleep(20)
            await command(client, f"/calls/{leg}/actions/hangup")
            await asyncio.sleep(5)
        return [got.event_type for got in receiver.received]

    assert run_jump(story()) == ["call.initiated", "call.answered", "call.hangup"]


def test_the_truth_of_a_consult_is_that_the_customer_hears_hold_sound_only() -> None:
    async def story() -> Hearing:
        receiver = Receiver()
        async with (
            receiver.open(),
            simulator(webhook_url=f"{receiver.base}/hooks") as sim,
            http(sim) as client,
        ):
            await client.post("/media", json={"media_url": "https://example.com/h.wav", "media_name": "h"})
            customer = sim.ring_in("+12025550198", "Ada", MANUAL)
            await command(client, f"/calls/{customer}/actions/answer")
            agent, target = await dialled(client), await dialled(client)
            await asyncio.sleep(20)
            room = (await command(client, "/conferences", call_control_id=customer, name="wx"))["id"]
            for leg in (agent, target):
                await command(client, f"/conferences/{room}/actions/join", call_control_id=leg)
            await command(
                client, f"/conferences/{room}/actions/hold", call_control_ids=[customer], media_name="h"
            )
            await asyncio.sleep(5)
            assert sim.step(lambda world: world.hears(agent)).people == {target}
            return sim.step(lambda world: world.hears(customer))

    assert run_jump(story()) == Hearing(sounds=frozenset({Sound.HOLD}))


def test_the_same_seed_tells_the_same_story_to_the_byte() -> None:
    async def story() -> list[tuple[float, bytes]]:
        receiver = Receiver()
        async with receiver.open(), simulator(webhook_url=f"{receiver.base}/hooks", seed=5) as sim:
            sim.ring_in("+12025550120", "Ada")
            sim.ring_in("+12025550122", "Bob")
            await asyncio.sleep(30)
            base = receiver.base.encode()
        return [(got.at, got.raw.replace(base, b"")) for got in receiver.received]

    first = run_jump(story())
    assert len(first) >= 3
    assert first == run_jump(story())


@pytest.mark.parametrize(("knob", "event_first"), [("before reply", True), ("after reply", False)])
def test_knob_24_puts_call_initiated_on_either_side_of_the_dials_reply(knob: Any, event_first: bool) -> None:
    async def story() -> bool:
        receiver = Receiver()
        knobs = Knobs(initiated=knob)
        async with (
            receiver.open(),
            simulator(webhook_url=f"{receiver.base}/hooks", knobs=knobs) as sim,
            http(sim) as client,
        ):
            await dialled(client)
            had_come = bool(receiver.received)
            await asyncio.sleep(1)
            assert len(receiver.received) == 1
            return had_come

    assert run_jump(story()) is event_first


def test_the_leg_may_have_a_webhook_address_of_its_own() -> None:
    async def story() -> list[str]:
        receiver = Receiver()
        async with (
            receiver.open(),
            simulator(webhook_url=f"{receiver.base}/app") as sim,
            http(sim) as client,
        ):
            await client.post("/calls", json=dial_body(webhook_url=f"{receiver.base}/leg"))
            await asyncio.sleep(1)
        return [got.path for got in receiver.received]

    assert run_jump(story()) == ["/leg"]


def test_the_console_sets_its_webhook_address_through_the_api() -> None:
    async def story() -> list[str]:
        receiver = Receiver()
        async with receiver.open(), simulator(webhook_url="") as sim, http(sim) as client:
            sim.ring_in("+12025550198", "Too early", MANUAL)
            await asyncio.sleep(5)
            assert receiver.received == []
            reply = await client.patch(
                f"/call_control_applications/{KEYS.connection_id}",
                json={"application_name": "warmxfer", "webhook_event_url": f"{receiver.base}/hooks"},
            )
            assert reply.status_code == 200, reply.text
            sim.ring_in("+12025550199", "In time", MANUAL)
            await asyncio.sleep(5)
        return [got.body["data"]["payload"]["caller_id_name"] for got in receiver.received]

    assert run_jump(story()) == ["In time"]


async def test_it_runs_on_the_ordinary_loop_as_well() -> None:
    receiver = Receiver()
    async with (
        receiver.open(),
        Simulator(
            KEYS,
            clock=SystemClock(),
            webhook_url=f"{receiver.base}/hooks",
            weather=Weather(jitter_ms=(0, 0)),
        ) as sim,
        http(sim) as client,
    ):
        before = time.time()
        leg = await dialled(client)
        reply = await client.get(f"/calls/{leg}")
        assert reply.json()["data"]["is_alive"] is True
        await sim.delivery.settled()
    assert [got.event_type for got in receiver.received] == ["call.initiated"]
    assert abs(int(receiver.received[0].headers["telnyx-timestamp"]) - before) < 5


def test_every_moment_is_later_than_the_last_one() -> None:
    async def story() -> list[int]:
        async with simulator() as sim:
            return [sim.now_us() for _ in range(1000)]

    moments = run_jump(story())
    assert moments == sorted(set(moments))


def test_stopping_twice_is_stopping_once_and_frees_the_port() -> None:
    async def story() -> None:
        async with simulator() as sim:
            port = int(sim.base_url.split(":")[2].split("/")[0])
            await sim.stop()
        with socket.socket() as again:
            again.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            again.bind(("127.0.0.1", port))

    run_jump(story())


def test_a_taken_port_is_an_error_that_leaves_nothing_open() -> None:
    async def story() -> None:
        async with simulator() as sim:
            port = int(sim.base_url.split(":")[2].split("/")[0])
            with pytest.raises(OSError, match="address already in use"):
                async with simulator(port=port):
                    pass

    run_jump(story())


def test_fresh_credentials_are_new_each_time_and_show_no_secret() -> None:
    one, other = Credentials.fresh(), Credentials.fresh()
    assert one.api_key != other.api_key
    assert one.public_key != other.public_key
    assert one.api_key.startswith("KEY")
    assert one.connection_id.isdecimal()
    assert len(one.connection_id) == 19
    assert one.api_key not in repr(one)
    assert "signing_key" not in repr(one)


def test_the_knobs_of_the_transport_choose_its_schedule_and_its_weather() -> None:
    assert schedule_of(Knobs()) == Schedule(tries=3, follow_redirects=0, fresh_timestamp=True)
    assert schedule_of(Knobs(retry_schedule="5 tries")).tries == 5
    assert schedule_of(Knobs(webhook_redirect="follow 3")).follow_redirects == 3
    assert schedule_of(Knobs(retry_timestamp="original")).fresh_timestamp is False
    assert weather_of(Knobs()) == Weather(jitter_ms=(20, 400))
    assert weather_of(Knobs(delivery_order="strict")).ordered is True


def test_a_webhook_goes_to_its_legs_address_else_to_the_applications_else_nowhere() -> None:
    plain = Webhook("id", "call.answered", {}, "v3:x", 0, connection_id="1")
    own = replace(plain, url="http://leg")
    app = Application(
        "1", "warmxfer", "http://app", webhook_event_failover_url="http://spare", webhook_timeout_secs=5
    )
    assert target_of(plain, app) == Target("http://app", "http://spare", 5.0)
    assert target_of(own, app) == Target("http://leg", "http://spare", 5.0)
    assert target_of(plain, replace(app, webhook_event_url="", webhook_event_failover_url="")) is None
    assert target_of(plain, None) is None
    assert target_of(own, replace(app, webhook_timeout_secs=None)) == Target(
        "http://leg", "http://spare", 2.0
    )
