"""``warmxfer simulate``: the simulator as a program, for a person or for the console.

For a person it prints how to reach it and runs until it is interrupted. For the console (`process.spawn`) it
belongs to nobody: it writes one line of JSON to an inherited pipe, and the same into a file for the next
console, and ends when `lifeline` says so.
"""

from __future__ import annotations

import argparse
import asyncio
import errno
import os
import signal
import sys
from collections.abc import Sequence
from contextlib import AsyncExitStack, suppress
from pathlib import Path
from urllib.parse import urlsplit

from warmxfer_tui.clock import SystemClock
from warmxfer_tui.simulator.cast import Cast
from warmxfer_tui.simulator.credentials import Credentials
from warmxfer_tui.simulator.handover import Handover, forget, write_down
from warmxfer_tui.simulator.service import Simulator

#: What the system says when a port is taken, or not for everybody.
_NO_PORT = (errno.EADDRINUSE, errno.EACCES)


def main(argv: Sequence[str] | None = None) -> int:
    """Run the simulator until it is interrupted or nobody needs it; return the exit status."""
    options = _parser().parse_args(argv)
    if options.handover is not None and os.fork():
        os._exit(0)  # what goes on is nobody's child: it may outlive the console that has started it
    try:
        return asyncio.run(_serve(options))
    except OSError as error:
        print(f"warmxfer simulate: {_in_words(error, options.port)}", file=sys.stderr)
        return 1


def _in_words(error: OSError, port: int) -> str:
    if error.errno not in _NO_PORT:
        return error.strerror or str(error)
    reason = os.strerror(error.errno)  # asyncio's own words are about tuples
    return f"cannot listen on port {port}: {reason}; choose another with --port, or leave it out"


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
        "--webhook-url", type=_url, metavar="URL", help="where webhooks go until the API is told otherwise"
    )
    parser.add_argument("--handover", type=int, metavar="FD", help=argparse.SUPPRESS)
    parser.add_argument("--file", type=Path, metavar="FILE", help=argparse.SUPPRESS)
    return parser


def _port(text: str) -> int:
    if not (text.isascii() and text.isdigit() and len(text) <= 5 and int(text) <= 65_535):
        raise argparse.ArgumentTypeError("must be a whole number from 0 to 65535")
    return int(text)


def _seconds(text: str) -> float:
    with suppress(ValueError):
        if 0 < (value := float(text)) < float("inf"):
            return value
    raise argparse.ArgumentTypeError("must be a number of seconds above 0")


def _url(text: str) -> str:
    with suppress(ValueError):
        parts = urlsplit(text)
        if parts.scheme in ("http", "https") and parts.hostname and parts.port != 0:
            return text
    raise argparse.ArgumentTypeError("must be a web address that begins with http:// or https://")


async def _serve(options: argparse.Namespace) -> int:
    interrupted = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        loop.add_signal_handler(number, interrupted.set)
    async with AsyncExitStack() as stack:
        simulator = await stack.enter_async_context(
            Simulator(
                Credentials.fresh(),
                clock=SystemClock(),
                webhook_url=options.webhook_url or "",
                port=options.port,
            )
        )
        if options.customer_every is not None:
            await stack.enter_async_context(Cast(simulator.ring_in, every_s=options.customer_every))
        handover = Handover.of(simulator)
        ends: list[asyncio.Task[object]] = [loop.create_task(interrupted.wait())]
        if options.handover is not None:
            if options.file is not None and write_down(handover, options.file):
                # Before anything is closed: whoever finds the file finds a simulator that goes on.
                stack.callback(forget, handover, options.file)
            ends.append(loop.create_task(simulator.lifeline.over()))
            _hand_over(options.handover, handover)
        elif options.print_env:
            print(*(f"{key}={value}" for key, value in handover.environment().items()), sep="\n", flush=True)
        else:
            print(_welcome(handover), flush=True)
        await asyncio.wait(ends, return_when=asyncio.FIRST_COMPLETED)
        for task in ends:
            task.cancel()
    return 0


def _hand_over(fd: int, handover: Handover) -> None:
    """Tell the console, and keep nothing of its own open: it may be gone long before this process."""
    with os.fdopen(fd, "wb") as pipe, suppress(BrokenPipeError):
        pipe.write(handover.line())
        pipe.flush()
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, 2)
    os.close(nowhere)


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
            "Something goes wrong; what else can, by name; and everything works again:",
            f'  curl {key} {handover.control_url}/drills -d \'{{"name": "webhooks stop"}}\'',
            f"  curl {key} {handover.control_url}/drills",
            f"  curl {key} -X DELETE {handover.control_url}/faults",
        )
    )


if __name__ == "__main__":
    raise SystemExit(main())
