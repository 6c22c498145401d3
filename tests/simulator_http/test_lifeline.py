"""How long a simulator lives without a console: on virtual time, with the real routes."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Awaitable, Callable
from dataclasses import replace

import httpx
import pytest

from warmxfer_tui.clock import run_jump
from warmxfer_tui.simulator.handover import Handover
from warmxfer_tui.simulator.lifeline import ALONE_S, GRACE_S, Absence
from warmxfer_tui.simulator.process import NotAttached, SimulatorProcess, attach
from warmxfer_tui.simulator.service import Simulator
from warmxfer_tui.simulator.world import MANUAL

from .stage import KEYS, code, dial_body, http, simulator

Story = Callable[[Simulator, httpx.AsyncClient], Awaitable[None]]


async def answered(sim: Simulator, client: httpx.AsyncClient) -> str:
    """A leg that lives until somebody hangs it up."""
    leg = str((await client.post("/calls", json=dial_body())).json()["data"]["call_control_id"])
    await asyncio.sleep(2)
    assert sim.step(lambda world: world.party_answers(leg))
    return leg


async def talking(sim: Simulator, client: httpx.AsyncClient) -> list[str]:
    """Two who talk with each other."""
    legs = [await answered(sim, client) for _ in range(2)]
    room = await client.post("/conferences", json={"call_control_id": legs[0], "name": "wx"})
    path = f"/conferences/{room.json()['data']['id']}/actions/join"
    assert (await client.post(path, json={"call_control_id": legs[1]})).status_code == 200
    return legs


async def killed(console: SimulatorProcess) -> None:
    """What the operating system does to the connections of a process that is killed."""
    console._listening.cancel()
    connection = console._socket._conn
    assert connection is not None
    assert connection.transport is not None
    connection.transport.abort()
    await asyncio.sleep(0.01)
    await console._socket.close()
    await console._http.close()


def life(story: Story, part: Callable[[SimulatorProcess], Awaitable[None]]) -> float:
    """Seconds from the end of a console to that of its simulator, after ``story`` with it."""

    async def lived() -> float:
        async with simulator() as sim, http(sim) as client:
            over = asyncio.create_task(sim.lifeline.over())
            over.add_done_callback(lambda _: asyncio.ensure_future(sim.stop()))
            console = await attach(Handover.of(sim))
            await story(sim, client)
            await part(console)
            loop = asyncio.get_running_loop()
            began = loop.time()
            await over
            return loop.time() - began

    return run_jump(lived())


async def nothing(_sim: Simulator, _client: httpx.AsyncClient) -> None:
    """Nobody calls."""


async def held_call(sim: Simulator, client: httpx.AsyncClient) -> None:
    await answered(sim, client)


async def talk(sim: Simulator, client: httpx.AsyncClient) -> None:
    await talking(sim, client)


async def ring(sim: Simulator, _client: httpx.AsyncClient) -> None:
    sim.ring_in("+12025550120", "Ada", MANUAL)


async def a_minute_of_talk(sim: Simulator, client: httpx.AsyncClient) -> None:
    legs = await talking(sim, client)

    def end() -> None:
        for leg in legs:
            sim.step(lambda world, leg=leg: world.party_hangs_up(leg))  # type: ignore[misc]

    asyncio.get_running_loop().call_later(60, end)


@pytest.mark.parametrize("story", [nothing, ring, held_call])
def test_after_an_orderly_end_it_ends_at_once_unless_people_talk_with_each_other(story: Story) -> None:
    assert life(story, SimulatorProcess.leave) == 0


def test_after_an_orderly_end_it_goes_on_while_people_talk_with_each_other() -> None:
    assert life(a_minute_of_talk, SimulatorProcess.leave) == pytest.approx(60, abs=1)


def test_after_a_killed_console_without_a_call_it_waits_a_minute_for_the_next() -> None:
    assert life(nothing, killed) == pytest.approx(GRACE_S, abs=1)


def test_after_a_killed_console_it_lives_as_long_as_a_call_and_a_minute_more() -> None:
    assert life(a_minute_of_talk, killed) == pytest.approx(60 + GRACE_S, abs=1)


@pytest.mark.parametrize("story", [talk, ring, held_call])
def test_a_call_that_lives_for_ever_keeps_it_for_ten_minutes_at_most(story: Story) -> None:
    assert life(story, killed) == pytest.approx(ALONE_S, abs=1)


def test_people_who_talk_for_ever_keep_it_for_ten_minutes_at_most_after_an_orderly_end() -> None:
    assert life(talk, SimulatorProcess.leave) == pytest.approx(ALONE_S, abs=1)


def test_whoever_is_on_the_line_stop_ends_it_at_once() -> None:
    assert life(talk, SimulatorProcess.stop) == 0


def test_while_a_console_holds_it_no_silence_is_too_long() -> None:
    async def story() -> None:
        async with simulator() as sim:
            over = asyncio.create_task(sim.lifeline.over())
            console = await attach(Handover.of(sim))
            await asyncio.sleep(5 * ALONE_S)
            assert not over.done()
            await killed(console)
            await asyncio.sleep(1)
            assert not over.done(), "the wait begins with the end of the console"
            over.cancel()

    run_jump(story())


def test_a_console_that_comes_back_in_time_holds_it_again() -> None:
    async def story() -> None:
        async with simulator() as sim:
            over = asyncio.create_task(sim.lifeline.over())
            for _ in range(3):
                console = await attach(Handover.of(sim))
                await asyncio.sleep(1)
                await killed(console)
                await asyncio.sleep(GRACE_S - 2)
            assert not over.done()
            await asyncio.sleep(4)
            assert over.done()

    run_jump(story())


def test_one_that_no_console_ever_takes_up_ends_after_a_minute() -> None:
    async def story() -> float:
        async with simulator() as sim:
            await sim.lifeline.over()
            return asyncio.get_running_loop().time()

    assert run_jump(story()) == pytest.approx(GRACE_S, abs=1)


def test_an_absence_is_over_by_need_or_by_age() -> None:
    assert not Absence(0, False, 0).over(GRACE_S - 0.1, needed=False)
    assert Absence(0, False, 0).over(GRACE_S, needed=False)
    assert not Absence(0, False, 500).over(GRACE_S + 499, needed=False)
    assert not Absence(0, False, 0).over(ALONE_S - 0.1, needed=True)
    assert Absence(0, False, ALONE_S).over(ALONE_S, needed=True)
    assert Absence(0, True, 0).over(0, needed=False)
    assert not Absence(0, True, 0).over(0, needed=True)


def refused(
    tamper: Callable[[Handover], Handover] = lambda handover: handover, *, twice: bool = False
) -> str:
    """Why a handover is not taken up."""

    async def story() -> str:
        async with simulator() as sim:
            handover = tamper(Handover.of(sim))
            first = await attach(handover) if twice else None
            with pytest.raises(NotAttached) as raised:
                await attach(handover)
            if first is not None:
                await killed(first)
            return str(raised.value)

    return run_jump(story())


def changed(**fields: object) -> Callable[[Handover], Handover]:
    return lambda handover: replace(handover, **fields)  # type: ignore[arg-type]


def test_a_second_console_is_not_let_in() -> None:
    assert "does not take us" in refused(twice=True)


def test_a_process_that_has_ended_is_not_asked() -> None:
    dead = os.fork()
    if dead == 0:
        os._exit(0)
    os.waitpid(dead, 0)
    assert "process has ended" in refused(changed(pid=dead))


def test_a_wrong_token_is_not_let_in() -> None:
    assert "does not take us" in refused(changed(control_token="KEY0"))


def test_another_simulator_at_the_address_is_found_out() -> None:
    other = "A" * 43 + "="
    assert "another program answers" in refused(changed(public_key=other))


@pytest.mark.parametrize(
    "answer", [b"hello", b"{}", b'{"data": {"signature": "AAAA"}}', b"\xff" * 5000, None]
)
def test_a_foreign_program_is_shown_no_key(answer: bytes | None) -> None:
    async def story() -> bytes:
        heard = b""

        async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            nonlocal heard
            heard += await reader.readuntil(b"\r\n\r\n")
            if answer is None:
                await reader.read()
            else:
                writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n" % len(answer) + answer)
            writer.close()

        async with await asyncio.start_server(serve, "127.0.0.1", 0) as server:
            port = server.sockets[0].getsockname()[1]
            base = f"http://127.0.0.1:{port}"
            lost = Handover(
                f"{base}/v2",
                f"{base}/sim",
                KEYS.api_key,
                KEYS.api_key,
                KEYS.public_key,
                "1",
                "+1",
                os.getpid(),
            )
            with pytest.raises(NotAttached):
                await attach(lost)
            await asyncio.sleep(1)  # until it has seen that we are gone
        return heard

    heard = run_jump(story())
    assert b"/sim/identity" in heard
    assert KEYS.api_key.encode() not in heard


@pytest.mark.parametrize("challenge", ["", "0" * 63, "g" * 64, "é" * 64, "0" * 65])
def test_only_a_challenge_is_signed(challenge: str) -> None:
    async def story() -> httpx.Response:
        async with simulator() as sim, http(sim, key=None) as client:
            return await client.get(f"{sim.control_url}/identity", params={"challenge": challenge})

    assert code(run_jump(story())) == (422, "10015")


def test_the_console_is_told_which_faults_are_on_and_when_they_are_over() -> None:
    async def story() -> list[tuple[float, tuple[str, ...]]]:
        told: list[tuple[float, tuple[str, ...]]] = []
        async with simulator() as sim:
            console = await attach(Handover.of(sim))
            loop = asyncio.get_running_loop()
            console.follow = lambda words: told.append((round(loop.time()), tuple(words)))
            await asyncio.sleep(5)
            await console.ask("POST", "drills", {"name": "the API answers 503 for 10 s"})
            await asyncio.sleep(20)
            await killed(console)
        return told

    assert run_jump(story()) == [(0, ()), (5, ("the API answers 503 for 10 s",)), (15, ())]


def test_the_socket_asks_for_the_key() -> None:
    async def story() -> int:
        async with simulator() as sim, http(sim, key=None) as client:
            return (await client.get(f"{sim.control_url}/console")).status_code

    assert run_jump(story()) == 401
