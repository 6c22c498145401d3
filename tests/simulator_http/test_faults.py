"""What a planned fault makes of a request: what the caller sees, and what has truly happened."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable

import httpx
import pytest

from warmxfer_tui.clock import run_jump
from warmxfer_tui.simulator.faults import Fault, FaultKind
from warmxfer_tui.simulator.service import Simulator

from .stage import MANUAL_NUMBER, code, dial_body, http, simulator

Story = Callable[[Simulator, httpx.AsyncClient], Awaitable[None]]
DIAL = ("POST", "/calls")


def with_fault(fault: Fault, story: Story) -> None:
    async def run() -> None:
        async with simulator() as sim, http(sim) as client:
            sim.faults.add(fault)
            await story(sim, client)

    run_jump(run())


def legs(sim: Simulator) -> int:
    return len(sim.world.legs)


def test_a_refusal_on_request_executes_nothing_and_hits_once() -> None:
    async def story(sim: Simulator, client: httpx.AsyncClient) -> None:
        reply = await client.post("/calls", json=dial_body())
        assert code(reply) == (500, "10007")
        assert legs(sim) == 0
        assert (await client.post("/calls", json=dial_body())).status_code == 200

    with_fault(Fault(FaultKind.REFUSE, "POST", "/calls", status=500), story)


@pytest.mark.parametrize(("kind", "executed"), [(FaultKind.DROP, 0), (FaultKind.LOSE, 1)])
def test_a_lost_request_is_not_executed_and_a_lost_reply_is(kind: FaultKind, executed: int) -> None:
    async def story(sim: Simulator, client: httpx.AsyncClient) -> None:
        with pytest.raises(httpx.TransportError):
            await client.post("/calls", json=dial_body())
        assert legs(sim) == executed

    with_fault(Fault(kind, "POST", "/calls"), story)


def test_a_late_reply_is_executed_at_once() -> None:
    async def story(sim: Simulator, client: httpx.AsyncClient) -> None:
        loop = asyncio.get_running_loop()
        before = loop.time()
        reply = asyncio.create_task(client.post("/calls", json=dial_body()))
        await asyncio.sleep(1)
        assert legs(sim) == 1
        assert (await reply).status_code == 200
        assert loop.time() - before >= 7.5

    with_fault(Fault(FaultKind.DELAY, "POST", "/calls", delay_s=7.5), story)


def test_a_fault_waits_for_its_method_path_and_turn() -> None:
    async def story(sim: Simulator, client: httpx.AsyncClient) -> None:
        leg = (await client.post("/calls", json=dial_body(MANUAL_NUMBER))).json()["data"]["call_control_id"]
        statuses = [(await client.get(f"/calls/{leg}")).status_code for _ in range(4)]
        assert statuses == [200, 503, 503, 200]
        assert sim.faults.entries == ()

    with_fault(Fault(FaultKind.REFUSE, "GET", "/calls/*", skip=1, times=2), story)


@pytest.mark.parametrize(
    ("status", "expected"), [(500, "10007"), (503, "10007"), (422, "10015"), (404, "10005")]
)
def test_an_error_on_request_carries_the_code_of_its_status(status: int, expected: str) -> None:
    async def story(sim: Simulator, client: httpx.AsyncClient) -> None:
        reply = await client.post("/calls", json=dial_body())
        assert code(reply) == (status, expected)
        assert not [name for name in reply.headers if name.startswith("x-ratelimit")]

    with_fault(Fault(FaultKind.REFUSE, *DIAL, status=status), story)


def test_a_429_on_request_says_how_long_to_wait() -> None:
    async def story(sim: Simulator, client: httpx.AsyncClient) -> None:
        reply = await client.post("/calls", json=dial_body())
        assert code(reply) == (429, "10011")
        told = {name: reply.headers[f"x-ratelimit-{name}"] for name in ("limit", "remaining", "reset")}
        assert told == {"limit": "10", "remaining": "0", "reset": "7"}
        assert legs(sim) == 0

    with_fault(Fault(FaultKind.REFUSE, *DIAL, status=429, reset_s=7), story)


def test_a_denied_request_is_executed_and_answered_with_an_error() -> None:
    async def story(sim: Simulator, client: httpx.AsyncClient) -> None:
        assert code(await client.post("/calls", json=dial_body())) == (500, "10007")
        assert legs(sim) == 1

    with_fault(Fault(FaultKind.DENY, *DIAL, status=500), story)


async def gives_up(client: httpx.AsyncClient, after_s: float) -> None:
    """Dial, and be gone without a reply after so many seconds."""
    loop = asyncio.get_running_loop()
    began = loop.time()
    with pytest.raises(httpx.ReadTimeout):
        await client.post("/calls", json=dial_body(), timeout=httpx.Timeout(after_s))
    assert round(loop.time() - began, 2) == after_s


def test_a_request_that_times_out_is_held_open_and_never_executed() -> None:
    async def story(sim: Simulator, client: httpx.AsyncClient) -> None:
        await gives_up(client, 60)
        await asyncio.sleep(3600)
        assert legs(sim) == 0

    with_fault(Fault(FaultKind.TIME_OUT, *DIAL), story)


def test_nobody_is_held_open_for_ever() -> None:
    async def story(sim: Simulator, client: httpx.AsyncClient) -> None:
        with pytest.raises(httpx.RemoteProtocolError):
            await client.post("/calls", json=dial_body(), timeout=None)
        assert round(asyncio.get_running_loop().time()) == 90

    with_fault(Fault(FaultKind.TIME_OUT, *DIAL), story)


def test_a_late_request_takes_effect_3_s_after_it_came_though_its_caller_has_gone() -> None:
    async def story(sim: Simulator, client: httpx.AsyncClient) -> None:
        await gives_up(client, 2)
        await asyncio.sleep(0.9)
        assert legs(sim) == 0
        await asyncio.sleep(0.2)
        assert legs(sim) == 1

    with_fault(Fault(FaultKind.LATE, *DIAL), story)


def test_a_late_request_of_a_simulator_that_ends_is_forgotten() -> None:
    async def story(sim: Simulator, client: httpx.AsyncClient) -> None:
        await gives_up(client, 2)
        await sim.stop()
        await asyncio.sleep(10)
        assert legs(sim) == 0

    with_fault(Fault(FaultKind.LATE, *DIAL), story)


def test_a_fault_with_an_end_is_over_then() -> None:
    async def story(sim: Simulator, client: httpx.AsyncClient) -> None:
        seen = []
        for _ in range(4):
            seen.append((await client.get("/public_key")).status_code)
            await asyncio.sleep(4)
        assert seen == [503, 503, 503, 200]
        assert sim.faults.entries == ()

    with_fault(Fault(FaultKind.REFUSE, times=None, for_s=10.0), story)


def test_a_fault_by_chance_hits_its_share_and_its_seed_repeats_it() -> None:
    hits: list[list[int]] = []

    async def story(_: Simulator, client: httpx.AsyncClient) -> None:
        hits.append([n for n in range(100) if (await client.get("/public_key")).status_code == 503])

    for seed in (1, 1, 2):
        with_fault(Fault(FaultKind.REFUSE, times=None, chance=0.25, seed=seed), story)
    assert 12 < len(hits[0]) < 40
    assert hits[0] == hits[1] != hits[2]


def test_dice_that_miss_leave_a_request_to_the_fault_behind_them() -> None:
    async def story(sim: Simulator, client: httpx.AsyncClient) -> None:
        sim.faults.add(Fault(FaultKind.REFUSE, times=None, status=500))
        seen = {(await client.get("/public_key")).status_code for _ in range(40)}
        assert seen == {503, 500}

    with_fault(Fault(FaultKind.REFUSE, times=None, chance=0.5), story)


def test_faults_for_the_same_request_hit_one_request_after_the_other() -> None:
    async def story(sim: Simulator, client: httpx.AsyncClient) -> None:
        sim.faults.add(Fault(FaultKind.REFUSE, status=500))
        seen = [(await client.get("/public_key")).status_code for _ in range(4)]
        assert seen == [200, 404, 500, 200]

    with_fault(Fault(FaultKind.REFUSE, skip=1, status=404), story)
