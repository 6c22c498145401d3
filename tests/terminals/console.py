"""A console on a terminal, with a listener in the same loop and nothing behind it: what these proofs start.

``python -m tests.terminals.console FOLDER`` writes into FOLDER the address of its listener (``url``), whether
frames are being left out (``behind``), on SIGUSR1 what it believes to be on the screen (``screen``), and its
log (``log``). Every webhook makes it draw everything anew. With ``WX_PLAIN=1`` it writes to the terminal as
Textual does, with ``WX_EMPTY=1`` nobody is on the line, with ``WX_DEAF=1`` no SIGHUP
reaches it (``deaf``); a webhook with the id `FAULT` makes a handler raise.
"""

from __future__ import annotations

import asyncio
import inspect
import os
import signal
import sys
import time
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from textual.driver import Driver
from textual.drivers.linux_driver import LinuxDriver

from tests.listener.door import VERIFIER
from tests.memory_journal import MemoryJournal
from warmxfer_tui.app import Console
from warmxfer_tui.clock import SystemClock
from warmxfer_tui.core.directory import Person
from warmxfer_tui.core.events import Fact, Pressed
from warmxfer_tui.core.model import Call, Desk, Leg, Notice
from warmxfer_tui.core.terms import CallId, LegId, Number, Phase, Role, State
from warmxfer_tui.driver import UnstalledDriver
from warmxfer_tui.listener import Listener
from warmxfer_tui.log import logging_to
from warmxfer_tui.ports import Publisher
from warmxfer_tui.telnyx.wire import fact_of

FAULT = "fault"
CUSTOMER = Leg(
    LegId("c1.C"),
    Role.CUSTOMER,
    Number("+12025550141", "+1 202-555-0141"),
    "Ms Ortiz",
    phase=Phase.RINGING,
    inbound=True,
)
DESK = Desk(
    legs={CUSTOMER.id: CUSTOMER},
    calls={CallId("c1"): Call(CallId("c1"), State.RING, 0, CUSTOMER.id)},
    focus=CallId("c1"),
)


class Fault(Exception):
    """What a handler raises here."""


class Behind:
    """What runs behind the screen: a listener, and a desk that changes with every webhook."""

    region = "US"
    training = None
    guarded = False

    def __init__(self, publisher: Publisher, folder: Path, console: ProofConsole) -> None:
        self._publisher, self._folder, self._console = publisher, folder, console
        self._count = 0
        self._listener = Listener(
            verify=VERIFIER.flaw,
            read=fact_of,
            journal=MemoryJournal("journal"),
            inbox=self,
            clock=SystemClock(),
        )

    async def ready(self) -> str:
        await self._listener.__aenter__()
        self._show()
        (self._folder / "url.new").write_text(self._listener.url)
        (self._folder / "url.new").rename(self._folder / "url")
        return "SIMULATOR"

    async def stop(self) -> None:
        await self._listener.__aexit__(None, None, None)

    def submit(self, intent: Pressed) -> None:
        """Nobody acts on keys here."""

    def people(self, verb: str) -> Sequence[Person]:
        """Nobody can be called here."""
        return ()

    def whom(self, verb: str) -> None:
        """Nobody can be called here."""

    def pause(self) -> None:
        """Nothing is played here."""

    def offer(self, fact: Fact) -> bool:
        self._count += 1
        self._show()
        self._console.refresh(layout=True)
        if fact.event_id == FAULT:
            self._console.call_later(self._console.break_down)
        return True

    def _show(self) -> None:
        desk = Desk() if os.environ.get("WX_EMPTY") else DESK
        self._publisher.publish(replace(desk, notices=(Notice(0, "info", f"{self._count} webhooks"),)))


class ProofConsole(Console):
    """The console itself, which also draws without need, as often as it can."""

    CSS_PATH = str(Path(inspect.getfile(Console)).parent / "screens" / "console.tcss")

    def __init__(self, folder: Path, *, plain: bool) -> None:
        self._folder, self._plain = folder, plain
        super().__init__(lambda publisher: Behind(publisher, folder, self), SystemClock().now_ms)

    def get_driver_class(self) -> type[Driver]:
        return LinuxDriver if self._plain else super().get_driver_class()

    def on_mount(self) -> None:
        asyncio.get_running_loop().add_signal_handler(signal.SIGUSR1, self._write_down)
        self.set_interval(1 / 60, self._hurry)
        if os.environ.get("WX_DEAF"):
            self.call_later(self._hear_no_hang_up)

    def _hear_no_hang_up(self) -> None:
        asyncio.get_running_loop().remove_signal_handler(signal.SIGHUP)
        signal.signal(signal.SIGHUP, signal.SIG_IGN)
        (self._folder / "deaf").touch()

    def break_down(self) -> None:
        secret = "a local of the fault"  # noqa: F841  # would be on the screen if tracebacks were
        raise Fault("on purpose")

    def _hurry(self) -> None:
        if (self._folder / "hurry").exists():
            self.refresh(layout=True)
        driver = self._driver
        behind = isinstance(driver, UnstalledDriver) and not driver.admits_frame()
        file = self._folder / "behind"
        if behind != file.exists():
            file.touch() if behind else file.unlink()

    def _write_down(self) -> None:
        strips = self.screen._compositor.render_strips()
        (self._folder / "screen.new").write_text("\n".join(strip.text.rstrip() for strip in strips))
        (self._folder / "screen.new").rename(self._folder / "screen")


def main() -> int:
    """Returns the exit status of the console."""
    folder = Path(sys.argv[1])
    with logging_to(folder / "log"):
        began = time.monotonic()
        status = ProofConsole(folder, plain=bool(os.environ.get("WX_PLAIN"))).run_to_the_end()
        (folder / "lasted").write_text(str(time.monotonic() - began))
        return status


if __name__ == "__main__":
    raise SystemExit(main())
