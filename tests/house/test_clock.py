from __future__ import annotations

import asyncio
import threading
import time
from collections.abc import AsyncIterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager

import httpx
import pytest
from aiohttp import web

from warmxfer_tui.clock import JUMP_EPOCH_MS, JumpClock, JumpError, JumpLoop, SystemClock, run_jump


@asynccontextmanager
async def slow_server(seconds: float) -> AsyncIterator[str]:
    """A real server on a real port that thinks for some virtual seconds before it answers."""

    async def answer(request: web.Request) -> web.Response:
        body = await request.read()
        await asyncio.sleep(seconds)
        return web.Response(body=body)

    app = web.Application()
    app.router.add_post("/", answer)
    runner = web.AppRunner(app, handle_signals=False, access_log=None, shutdown_timeout=0.5)
    await runner.setup()
    try:
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        yield f"http://127.0.0.1:{runner.addresses[0][1]}/"
    finally:
        await runner.cleanup()


def test_ten_thousand_virtual_seconds_with_real_requests_cost_no_waiting() -> None:
    async def story() -> float:
        async with slow_server(3) as url, httpx.AsyncClient() as client:
            for number in range(1_000):
                await asyncio.sleep(7)
                reply = await client.post(url, content=str(number))
                assert reply.text == str(number)
        return asyncio.get_running_loop().time()

    began = time.perf_counter()
    virtual = run_jump(story())
    assert virtual == pytest.approx(10_000, abs=1)
    # 0.8 s on a quiet machine. What is proved is "not 10,000 s", not how busy the machine is.
    assert time.perf_counter() - began < 20


def test_a_bound_of_two_seconds_stays_two_seconds() -> None:
    async def story() -> None:
        loop = asyncio.get_running_loop()
        async with slow_server(1.9) as url, httpx.AsyncClient(timeout=2) as client:
            assert (await client.post(url)).status_code == 200
            assert loop.time() == pytest.approx(1.9)
        async with slow_server(2.1) as url, httpx.AsyncClient(timeout=2) as client:
            with pytest.raises(httpx.ReadTimeout):
                await client.post(url)

    run_jump(story())


def test_timers_fire_in_order_and_at_their_own_time() -> None:
    async def story() -> list[tuple[str, int]]:
        clock = JumpClock(asyncio.get_running_loop())
        seen: list[tuple[str, int]] = []

        async def at(name: str, seconds: float) -> None:
            await asyncio.sleep(seconds)
            seen.append((name, clock.now_ms() - JUMP_EPOCH_MS))

        await asyncio.gather(at("day", 86_400), at("soon", 0.29), at("leg", 14_400))
        return seen

    assert run_jump(story()) == [("soon", 290), ("leg", 14_400_000), ("day", 86_400_000)]


def test_time_stands_still_while_an_executor_works() -> None:
    async def story() -> float:
        loop = asyncio.get_running_loop()
        begun, go = threading.Event(), threading.Event()

        def work() -> str:
            begun.set()
            go.wait(10)
            return "done"

        alarm = loop.call_later(3_600, lambda: pytest.fail("the time jumped past a thread at work"))
        working = asyncio.ensure_future(asyncio.to_thread(work))
        # A second thread releases the first once the loop has nothing left to do but wait.
        await asyncio.to_thread(begun.wait, 10)
        threading.Timer(0.05, go.set).start()
        assert await working == "done"
        with ThreadPoolExecutor(1) as journal:
            assert await loop.run_in_executor(journal, sum, (1, 2)) == 3
        alarm.cancel()
        return loop.time()

    assert run_jump(story()) == 0


def test_a_thread_that_outlives_its_cancelled_call_is_still_waited_for() -> None:
    async def story() -> bool:
        done = threading.Event()
        begun = threading.Event()

        def work() -> None:
            begun.set()
            time.sleep(0.05)
            done.set()

        call = asyncio.ensure_future(asyncio.to_thread(work))
        await asyncio.to_thread(begun.wait, 10)
        call.cancel()
        await asyncio.sleep(60)
        return done.is_set()

    assert run_jump(story())


def test_work_on_another_path_is_counted_by_hand() -> None:
    async def story() -> float:
        loop = asyncio.get_running_loop()
        assert isinstance(loop, JumpLoop)
        heard = asyncio.Event()
        with loop.working():
            threading.Timer(0.05, loop.call_soon_threadsafe, (heard.set,)).start()
            async with asyncio.timeout(1):
                await heard.wait()
        return loop.time()

    assert run_jump(story()) == 0


def test_waiting_for_nothing_raises_instead_of_hanging() -> None:
    async def story() -> None:
        await asyncio.get_running_loop().create_future()

    with pytest.raises(JumpError, match="for ever"):
        run_jump(story())


def test_a_story_that_takes_too_long_raises_at_its_limit() -> None:
    async def story() -> None:
        for _ in range(1_000):
            await asyncio.sleep(10)

    with pytest.raises(JumpError, match="100 s"):
        run_jump(story(), limit_s=100)


def test_an_error_of_the_story_comes_out_of_it() -> None:
    async def story() -> None:
        await asyncio.sleep(5)
        raise LookupError("mine")

    with pytest.raises(LookupError, match="mine"):
        run_jump(story())


def test_the_system_clock_counts_utc_milliseconds() -> None:
    before = time.time()
    assert before * 1_000 - 1 <= SystemClock().now_ms() <= time.time() * 1_000 + 1
