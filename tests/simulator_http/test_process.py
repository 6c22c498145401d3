from __future__ import annotations

import asyncio
import json
import signal
import socket
import sys
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager, suppress
from pathlib import Path

import httpx
import pytest

from warmxfer_tui.simulator.finding import found_or_started
from warmxfer_tui.simulator.handover import Handover
from warmxfer_tui.simulator.process import SimulatorFailed, spawn
from warmxfer_tui.simulator.program import main

from ..receiver import Receiver

# A client of the official package with nothing but the printed lines in its environment. It listens by
# itself, tells the application so, dials, waits to be answered, and verifies every webhook on the way.
SYNC_CLIENT = """
import http.server, os, queue, threading
import telnyx

letters = queue.Queue()

class Listener(http.server.BaseHTTPRequestHandler):
    def do_POST(self):
        letters.put((self.rfile.read(int(self.headers["Content-Length"])).decode(), dict(self.headers)))
        self.send_response(200)
        self.end_headers()
    def log_message(self, *_):
        pass

server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Listener)
threading.Thread(target=server.serve_forever, daemon=True).start()
client = telnyx.Telnyx()
app = os.environ["TELNYX_CONNECTION_ID"]
client.call_control_applications.update(
    app, application_name="probe", webhook_event_url=f"http://127.0.0.1:{server.server_port}/")
call = client.calls.dial(connection_id=app, to="+12025550101", from_=os.environ["TELNYX_PHONE_NUMBER"])
while True:
    body, headers = letters.get(timeout=15)
    event = client.webhooks.unwrap(body, headers=headers)
    if event.data.event_type == "call.answered":
        assert event.data.payload.call_control_id == call.data.call_control_id
        break
client.calls.actions.hangup(call.data.call_control_id)
print(type(event).__name__)
"""

ASYNC_CLIENT = """
import asyncio, os
from aiohttp import web
import telnyx

async def main():
    letters = asyncio.Queue()

    async def receive(request):
        letters.put_nowait(((await request.read()).decode(), dict(request.headers)))
        return web.Response()

    site = web.Application()
    site.router.add_post("/", receive)
    runner = web.AppRunner(site)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    app = os.environ["TELNYX_CONNECTION_ID"]
    async with telnyx.AsyncTelnyx() as client:
        await client.call_control_applications.update(
            app, application_name="probe", webhook_event_url=f"http://127.0.0.1:{runner.addresses[0][1]}/")
        call = await client.calls.dial(
            connection_id=app, to="+12025550101", from_=os.environ["TELNYX_PHONE_NUMBER"])
        while True:
            body, headers = await asyncio.wait_for(letters.get(), 15)
            event = client.webhooks.unwrap(body, headers=headers)
            if event.data.event_type == "call.answered":
                assert event.data.payload.call_control_id == call.data.call_control_id
                break
        await client.calls.actions.hangup(call.data.call_control_id)
    await runner.cleanup()
    print(type(event).__name__)

asyncio.run(main())
"""


@asynccontextmanager
async def running(*arguments: str) -> AsyncIterator[asyncio.subprocess.Process]:
    """Run ``warmxfer simulate`` with ``arguments`` and kill whatever is left of it."""
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "warmxfer_tui", "simulate", *arguments,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )  # fmt: skip
    try:
        yield process
    finally:
        with suppress(ProcessLookupError):
            process.kill()
        await process.communicate()


async def printed(process: asyncio.subprocess.Process, lines: int) -> list[str]:
    assert process.stdout is not None
    return [(await process.stdout.readline()).decode().rstrip("\n") for _ in range(lines)]


def port_of(base_url: str) -> int:
    return int(base_url.split(":")[2].split("/")[0])


async def is_up(handover: Handover) -> bool:
    async with httpx.AsyncClient(trust_env=False) as client:
        try:
            reply = await client.get(
                f"{handover.base_url}/public_key", headers={"Authorization": f"Bearer {handover.api_key}"}
            )
        except httpx.ConnectError:
            return False
    assert reply.json() == {"data": {"public": handover.public_key}}
    return True


@pytest.mark.proof
async def test_the_console_gets_the_keys_over_the_pipe_and_ends_the_simulator_by_leaving() -> None:
    async with await spawn() as simulator:
        assert await is_up(simulator.handover)
    await simulator.ended()
    assert not await is_up(simulator.handover)


@pytest.mark.proof
async def test_stopping_a_process_twice_is_stopping_it_once() -> None:
    simulator = await spawn()
    await simulator.stop()
    await simulator.stop()
    assert not await is_up(simulator.handover)


@pytest.mark.proof
async def test_the_keys_are_new_at_each_start_and_hidden_in_repr() -> None:
    async with await spawn() as one, await spawn() as other:
        assert one.handover.api_key != other.handover.api_key
        assert one.handover.public_key != other.handover.public_key
        assert one.handover.api_key not in repr(one.handover)


@pytest.mark.proof
async def test_customers_ring_in_on_the_schedule_of_the_command_line() -> None:
    receiver = Receiver()
    async with receiver.open(), await spawn(customer_every_s=0.05) as simulator:
        keys = simulator.handover
        async with httpx.AsyncClient(trust_env=False) as client:
            reply = await client.patch(
                f"{keys.base_url}/call_control_applications/{keys.connection_id}",
                json={"application_name": "console", "webhook_event_url": f"{receiver.base}/hooks"},
                headers={"Authorization": f"Bearer {keys.api_key}"},
            )
        assert reply.status_code == 200
        await receiver.came(2)
        await simulator.stop()
    assert {got.event_type for got in receiver.received} == {"call.initiated"}


@pytest.mark.proof
async def test_a_simulator_that_cannot_start_is_an_error_with_its_last_words() -> None:
    async with await spawn() as simulator:
        port = port_of(simulator.handover.base_url)
        with pytest.raises(SimulatorFailed, match=r"(?i)address already in use; choose another with --port"):
            await spawn(port=port)


@pytest.mark.proof
async def test_a_module_in_the_working_directory_does_not_take_the_place_of_a_real_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("json.py", "aiohttp.py", "nacl.py"):
        (tmp_path / name).write_text("raise SystemExit('the wrong module')")
    monkeypatch.chdir(tmp_path)
    async with await spawn() as simulator:
        assert await is_up(simulator.handover)


PARENT = """
import asyncio, os, sys
from warmxfer_tui.simulator.finding import found_or_started

async def main():
    simulator = await found_or_started(lambda _: None)
    await simulator.ask("POST", "inbound", {"from": "+12025550143", "name": "Ada"})
    print(simulator.pid, flush=True)
    sys.stdin.readline()
    os.kill(os.getpid(), 9)

asyncio.run(main())
"""


@pytest.mark.proof
async def test_the_simulator_outlives_a_killed_console_with_its_calls_and_the_next_one_finds_it() -> None:
    parent = await asyncio.create_subprocess_exec(
        sys.executable, "-c", PARENT,
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.DEVNULL,
    )  # fmt: skip
    assert parent.stdout is not None
    pid = int(await parent.stdout.readline())
    await parent.communicate(b"now\n")
    assert parent.returncode == -signal.SIGKILL
    simulator = await found_or_started(lambda _: None)
    assert simulator.pid == pid
    keys = simulator.handover
    async with httpx.AsyncClient(trust_env=False) as client:
        reply = await client.get(
            f"{keys.control_url}/truth", headers={"Authorization": f"Bearer {keys.control_token}"}
        )
    assert [leg["name"] for leg in reply.json()["data"]["legs"].values()] == ["Ada"]
    await simulator.leave()
    assert not await is_up(keys), "a customer who rings in vain keeps it no longer after an orderly end"


@pytest.mark.proof
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
async def test_a_signal_ends_it_in_order(number: signal.Signals) -> None:
    async with running("--print-env") as process:
        await printed(process, 5)
        process.send_signal(number)
        assert await process.wait() == 0
        assert process.stderr is not None
        assert await process.stderr.read() == b""


@pytest.mark.proof
async def test_print_env_prints_exactly_the_five_lines() -> None:
    async with running("--print-env") as process:
        lines = await printed(process, 5)
        assert [line.partition("=")[0] for line in lines] == [
            "TELNYX_API_KEY",
            "TELNYX_PUBLIC_KEY",
            "TELNYX_BASE_URL",
            "TELNYX_CONNECTION_ID",
            "TELNYX_PHONE_NUMBER",
        ]
        assert lines[2].endswith("/v2")
        process.send_signal(signal.SIGTERM)
        assert process.stdout is not None
        assert await process.stdout.read() == b""


@pytest.mark.proof
@pytest.mark.parametrize("client", [SYNC_CLIENT, ASYNC_CLIENT], ids=["Telnyx", "AsyncTelnyx"])
async def test_the_official_package_needs_the_printed_lines_and_nothing_else(client: str) -> None:
    async with running("--print-env") as process:
        lines = await printed(process, 5)
        probe = await asyncio.create_subprocess_exec(
            "env", "-i", *lines, sys.executable, "-c", client,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.PIPE,
        )  # fmt: skip
        out, complaints = await probe.communicate()
    assert (out, complaints) == (b"CallAnsweredWebhookEvent\n", b"")


@pytest.mark.proof
async def test_the_port_is_the_one_that_was_asked_for() -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    async with running("--port", str(port), "--print-env") as process:
        lines = await printed(process, 5)
    assert f"TELNYX_BASE_URL=http://127.0.0.1:{port}/v2" in lines


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--customer-every", "0"], "must be a number of seconds above 0"),
        (["--customer-every", "soon"], "must be a number of seconds above 0"),
        (["--colour"], "unrecognized arguments: --colour"),
        (["--port", "65536"], "must be a whole number from 0 to 65535"),
        (["--port", "-1"], "must be a whole number from 0 to 65535"),
        (["--port", "http"], "must be a whole number from 0 to 65535"),
        (["--webhook-url", "ftp://127.0.0.1/"], "must be a web address"),
        (["--webhook-url", "127.0.0.1:8000"], "must be a web address"),
        (["--webhook-url", "http://[::1"], "must be a web address"),
        (["--webhook-url", ""], "must be a web address"),
    ],
)
def test_a_wrong_flag_is_a_usage_error_that_says_what_it_must_be(
    arguments: Sequence[str], said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as ended:
        main(arguments)
    assert ended.value.code == 2
    words = capsys.readouterr().err
    assert "usage: warmxfer simulate" in words
    assert said in words


def test_a_taken_port_is_told_with_what_to_do(capsys: pytest.CaptureFixture[str]) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        assert main(["--port", str(port)]) == 1
    assert f"cannot listen on port {port}: Address already in use; choose another" in capsys.readouterr().err


def test_a_handover_survives_its_line() -> None:
    handover = Handover("http://h/v2", "http://h/sim", "KEY1", "KEY1", "cHVi", "123", "+12025550100", 7)
    assert Handover.parsed(handover.line()) == handover
    assert json.loads(handover.line())["base_url"] == "http://h/v2"
    with pytest.raises(ValueError, match="Expecting value"):
        Handover.parsed(b"")
