"""Faults that a trainer switches on while the console runs: on the simulator only, over its ``/sim``."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Mapping, Sequence

from warmxfer_tui.simulator.drills import DRILLS
from warmxfer_tui.simulator.process import SimulatorFailed, SimulatorProcess

_log = logging.getLogger(__name__)


class Trainer:
    """Carries out what the palette asks for, and says what is on (`screens.training`). `run` does it."""

    def __init__(self, simulator: SimulatorProcess, remark: Callable[[str], None]) -> None:
        """``remark`` shows a sentence among the events."""
        self.drills: Mapping[str, str] = {drill.name: drill.help for drill in DRILLS}
        self._simulator = simulator
        self._remark = remark
        self._show: Callable[[Sequence[str]], None] = lambda _: None
        self._told: tuple[str, ...] = ()
        self._wishes: asyncio.Queue[str | None] = asyncio.Queue()
        simulator.follow = self._changed
        self._changed(simulator.faults)  # a console that comes back finds what was on

    def begin(self, name: str) -> None:
        """Let something go wrong from now on, by the name of a drill."""
        self._wishes.put_nowait(name)

    def end(self) -> None:
        """Let everything work again."""
        self._wishes.put_nowait(None)

    def follow(self, show: Callable[[Sequence[str]], None]) -> None:
        """Have what is on shown, now and whenever that changes."""
        self._show = show
        show(self._told)

    def succeed(self, other: Trainer) -> None:
        """Show to whom another has shown."""
        self.follow(other._show)

    async def run(self) -> None:
        """Carry out one wish after the other, until cancelled."""
        while True:
            name = await self._wishes.get()
            try:
                if name is None:
                    await self._simulator.ask("DELETE", "faults")
                else:
                    await self._simulator.ask("POST", "drills", {"name": name})
            except SimulatorFailed as failure:
                _log.warning("a fault could not be switched: %s", failure)
                self._remark(f"The fault could not be switched: {failure}")

    def _changed(self, faults: Sequence[str]) -> None:
        begun = [words for words in faults if words not in self._told]
        over = [words for words in self._told if words not in faults]
        self._told = tuple(faults)
        for words in begun:
            self._remark(f"Fault on: {words}.")
        if over:
            rest = "everything works again" if not faults else "others are still on"
            self._remark(f"Fault over: {', '.join(over)}; {rest}.")
        self._show(self._told)
