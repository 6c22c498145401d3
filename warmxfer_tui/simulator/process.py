"""``warmxfer simulate``: the simulator as a process of its own, for a person or for the console.

For a person it prints how to reach it and runs until it is interrupted. For the console (`spawn`) it writes
one line of JSON to an inherited pipe and ends when the console closes that pipe, or dies: no simulator is
left behind.
"""

from __future__ import annotations

import argparse
import asyncio
import errno
import os
import signal
import sys
from collections import deque
from collections.abc import Callable, Sequence
from contextlib import AsyncExitStack, suppress
from pathlib import Path
from typing import Self

from warmxfer_tui.clock import SystemClock
from warmxfer_tui.errors import WarmxferError
from warmxfer_tui.simulator.cast import Cast
from warmxfer_tui.simulator.credentials import Credentials
from warmxfer_tui.simulator.handover import Handover
from warmxfer_tui.simulator.service import Simulator

#: The child's program. Not ``-m``, which would look for modules in the working directory first: a `json.py`
#: that lies there would end the simulator. With ``-P`` only this package's own root is added.
START = (
    "import sys; sys.path.append(sys.argv.pop(1)); "
    "from warmxfer_tui.simulator.process import main; raise SystemExit(main(sys.argv[1:]))"
)
#: Seconds that a new simulator may take until it is ready. It needs half of one on a slow machine.
READY_S = 15.0
#: Seconds that it may take to end once its pipe is closed.
END_S = 3.0


class SimulatorFailed(WarmxferError):
    """The simulator's process ended before it was ready."""


class SimulatorProcess:
    """A simulator in a process of its own, as its parent sees it. `spawn` makes it; `stop` ends it."""

    def __init__(
        self,
        process: asyncio.subprocess.Process,
        pipe: asyncio.ReadTransport,
        handover: Handover,
        complaints: asyncio.Task[None],
    ) -> None:
        self.handover = handover
        self._process = process
        self._pipe = pipe
        self._complaints = complaints

    @property
    def pid(self) -> int:
        """The process id."""
        return self._process.pid

    async def ended(self) -> int:
        """Wait until the process has ended and return its exit status."""
        return await self._process.wait()

    async def stop(self) -> None:
        """End the process: by its pipe, and by force if that is not enough. Twice is once."""
        self._pipe.close()
        await _ended(self._process)
        await self._complaints

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.stop()


async def spawn(*, port: int = 0, customer_every_s: float | None = None) -> SimulatorProcess:
    """Start a simulator as a process of its own and return it when it is ready.

    It is in a session of its own, so that a signal from the terminal does not take the carrier away from
    under a console that still has calls to end. Raises `SimulatorFailed` with the process's last words.
    """
    receiving, sending = os.pipe()
    arguments = ["--port", str(port), "--handover", str(sending)]
    if customer_every_s is not None:
        arguments += ["--customer-every", str(customer_every_s)]
    try:
        process = await asyncio.create_subprocess_exec(
            sys.executable, "-P", "-c", START, str(Path(__file__).parents[2]), *arguments,
            stdin=asyncio.subprocess.DEVNULL,
            stdout=asyncio.subprocess.DEVNULL,
            stderr=asyncio.subprocess.PIPE,
            pass_fds=(sending,),
            start_new_session=True,
        )  # fmt: skip
    except BaseException:
        os.close(receiving)
        raise
    finally:
        os.close(sending)
    last_words: deque[bytes] = deque(maxlen=20)
    complaints = asyncio.create_task(_collect(process.stderr, last_words))
    reader = asyncio.StreamReader()
    pipe, _ = await asyncio.get_running_loop().connect_read_pipe(
        lambda: asyncio.StreamReaderProtocol(reader), os.fdopen(receiving, "rb", buffering=0)
    )
    try:
        async with asyncio.timeout(READY_S):
            line = await reader.readline()
        return SimulatorProcess(process, pipe, Handover.parsed(line), complaints)
    except (TimeoutError, ValueError, TypeError) as error:
        raise await _failure(process, pipe, complaints, last_words) from error
    except asyncio.CancelledError:
        await _failure(process, pipe, complaints, last_words)
        raise


async def _failure(
    process: asyncio.subprocess.Process,
    pipe: asyncio.ReadTransport,
    complaints: asyncio.Task[None],
    last_words: deque[bytes],
) -> SimulatorFailed:
    """End a process that did not get ready, and return the error that says why."""
    pipe.close()
    await _ended(process)
    await complaints
    words = b"".join(last_words).decode("utf-8", "replace").strip()
    return SimulatorFailed("the simulator did not start", words or "its process said nothing")


async def _ended(process: asyncio.subprocess.Process) -> None:
    for insist in (process.terminate, process.kill):
        with suppress(TimeoutError):
            async with asyncio.timeout(END_S):
                await process.wait()
                return
        with suppress(ProcessLookupError):
            insist()
    await process.wait()


async def _collect(stream: asyncio.StreamReader | None, lines: deque[bytes]) -> None:
    if stream is not None:
        async for line in stream:
            lines.append(line)


def main(argv: Sequence[str] | None = None) -> int:
    """Run the simulator until it is interrupted or its pipe closes; return the exit status."""
    options = _parser().parse_args(argv)
    try:
        return asyncio.run(_serve(options))
    except OSError as error:
        why = error.strerror or error
        if error.errno in (errno.EADDRINUSE, errno.EACCES):
            why = f"port {options.port}: {os.strerror(error.errno)} (choose another with --port, or 0)"
        print(f"warmxfer simulate: {why}", file=sys.stderr)
        return 1


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="warmxfer simulate",
        description="A local Telnyx account with a phone network behind it. Its keys are new at each start.",
    )
    parser.add_argument("--port", type=_port, default=0, help="port on 127.0.0.1; 0 takes any free one")
    parser.add_argument("--print-env", action="store_true", help="print KEY=value lines and nothing else")
    parser.add_argument(
        "--customer-every", type=_seconds, metavar="SECONDS", help="a customer rings in this often"
    )
    parser.add_argument(
        "--webhook-url", default="", metavar="URL", help="where webhooks go until the API is told otherwise"
    )
    parser.add_argument("--handover", type=int, metavar="FD", help=argparse.SUPPRESS)
    return parser


def _port(text: str) -> int:
    value = int(text)
    if not 0 <= value <= 65_535:
        raise argparse.ArgumentTypeError("must be 0 to 65535")
    return value


def _seconds(text: str) -> float:
    value = float(text)
    if not 0 < value < float("inf"):
        raise argparse.ArgumentTypeError("must be a number of seconds above 0")
    return value


async def _serve(options: argparse.Namespace) -> int:
    over = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        loop.add_signal_handler(number, over.set)
    async with AsyncExitStack() as stack:
        simulator = await stack.enter_async_context(
            Simulator(
                Credentials.fresh(), clock=SystemClock(), webhook_url=options.webhook_url, port=options.port
            )
        )
        if options.customer_every is not None:
            await stack.enter_async_context(Cast(simulator.ring_in, every_s=options.customer_every))
        handover = Handover.of(simulator)
        if options.handover is not None:
            stack.callback((await _hand_over(options.handover, handover, over.set)).close)
        elif options.print_env:
            print(*(f"{key}={value}" for key, value in handover.environment().items()), sep="\n", flush=True)
        else:
            print(_welcome(handover), flush=True)
        await over.wait()
    return 0


class _Lifeline(asyncio.BaseProtocol):
    """Calls back when the other end of the pipe is closed."""

    def __init__(self, cut: Callable[[], None]) -> None:
        self._cut = cut

    def connection_lost(self, exc: Exception | None) -> None:
        self._cut()


async def _hand_over(fd: int, handover: Handover, cut: Callable[[], None]) -> asyncio.WriteTransport:
    pipe, _ = await asyncio.get_running_loop().connect_write_pipe(
        lambda: _Lifeline(cut), os.fdopen(fd, "wb", buffering=0)
    )
    pipe.write(handover.line())
    return pipe


def _welcome(handover: Handover) -> str:
    key = f"-H 'Authorization: Bearer {handover.api_key}' -H 'Content-Type: application/json'"
    return "\n".join(
        (
            "A simulated Telnyx account. Ctrl+C ends it, and everything in it.",
            "",
            *(f"  {name}={value}" for name, value in handover.environment().items()),
            "",
            "A customer rings in:",
            f'  curl {key} {handover.control_url}/inbound -d \'{{"from": "+12025550143", "name": "Ada"}}\'',
            "Who hears whom, in truth:",
            f"  curl {key} {handover.control_url}/truth",
        )
    )


if __name__ == "__main__":
    raise SystemExit(main())
