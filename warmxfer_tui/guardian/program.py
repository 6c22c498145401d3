"""The guardian's process: it is started with the numbers of two descriptors, and belongs to nobody.

Through the first come the charge, one line, and then a byte every second for as long as the console runs; the
second is the socket that webhooks come in at. It has a session of its own: what ends a console, its process
group or its terminal does not end it.
"""

from __future__ import annotations

import asyncio
import logging
import os
import secrets
import signal
import socket
from collections.abc import Sequence
from contextlib import AsyncExitStack, ExitStack
from pathlib import Path

from warmxfer_tui.clock import SystemClock
from warmxfer_tui.core.model import Desk
from warmxfer_tui.core.policy import Policy
from warmxfer_tui.engine import Engine
from warmxfer_tui.errors import LeaseLost, WarmxferError
from warmxfer_tui.guardian.watch import Signs, Verdict, judge, patience
from warmxfer_tui.journal.errors import JournalBroken, JournalBusy
from warmxfer_tui.journal.lease import Lease
from warmxfer_tui.journal.sqlite import SqliteJournal
from warmxfer_tui.log import logging_to, usual_log
from warmxfer_tui.publishing import place_of
from warmxfer_tui.publishing.publication import Publication
from warmxfer_tui.runtime.charge import Charge
from warmxfer_tui.runtime.desk import give_out, open_desk
from warmxfer_tui.runtime.door import Door, door_of, opened
from warmxfer_tui.runtime.guarding import BEAT_S, signs_of_life
from warmxfer_tui.runtime.recall import Memory
from warmxfer_tui.runtime.tasks import first

_log = logging.getLogger(__name__)

IN_FLIGHT_S = 2.0
"""How long what a lost console has sent may still take effect: the limit of a reply (behaviour, lanes)."""
AGAIN_S = 2.0
"""How long after a desk could not be opened that is tried again."""
LOG_NAME = "guardian.log"
"""Beside the journal: two processes cannot rotate one file."""
LONGEST_CHARGE = 64 * 1024
"""Bytes of the first line; a charge has some 2 KiB."""


class Nobody:
    """There is no screen."""

    def publish(self, desk: Desk) -> None:
        """Show it to nobody."""


class Pulse:
    """The console's heartbeats, as they come through the pipe."""

    def __init__(self, beats: asyncio.StreamReader) -> None:
        self._beats = beats
        self._ended = asyncio.Event()
        self.beaten_at = now_ms()

    async def follow(self) -> None:
        """Note each of them, and the end of the pipe."""
        while await self._beats.read(1024):
            self.beaten_at = now_ms()
        self._ended.set()

    @property
    def hung_up(self) -> bool:
        """Whether the console's end is closed."""
        return self._ended.is_set()

    async def pause(self, wait_s: float) -> None:
        """Return after some time, or at once when the console has just ended."""
        if self.hung_up:
            await asyncio.sleep(wait_s)
        else:
            await first(self._ended.wait(), asyncio.sleep(wait_s))


class Guardian:
    """Watches one console, and runs its desk when it is lost."""

    def __init__(self, charge: Charge, beats: asyncio.StreamReader, listening: socket.socket) -> None:
        self._charge = charge
        self._pulse = Pulse(beats)
        self._listening = listening
        self._file = Path(charge.journal)
        self._clock = SystemClock()
        self._memory = Memory()
        self._journal = SqliteJournal(
            self._file,
            secrets.token_hex(8),
            clock=self._clock,
            keep_days=charge.keep_days,
            recall=self._memory.recall,
            guardian=True,
        )
        self._caller: socket.socket | None = None

    async def run(self) -> None:
        """Stay until the console has ended in good order, or asks for its desk, or will not come back.

        A console that asks is answered when everything is closed, and the lease given back.
        """
        with ExitStack() as doors:
            async with self._journal:  # of two guardians one has its lock, and only that one a door
                door = doors.enter_context(opened(door_of(self._file)))
                await first(self._guard(), self._asked(door), self._pulse_and_rest())
            if self._caller is not None:
                Door.answer(self._caller, self._listening)

    async def _asked(self, door: Door) -> None:
        self._caller = await door.asked()
        _log.info("a console asks for its desk")

    async def _pulse_and_rest(self) -> None:
        await self._pulse.follow()
        await asyncio.Event().wait()

    async def _guard(self) -> None:
        lease = await self._lost()
        if lease is None:
            return
        in_order = not lease.owner
        _log.warning("the console %s", "has ended, and somebody is on the line" if in_order else "is lost")
        await first(signs_of_life(self._journal), self._run_desk(0 if in_order else IN_FLIGHT_S))

    async def _lost(self) -> Lease | None:
        """Return when the desk has been taken over, with the lease as it was before.

        None if the desk is another's, or its console has ended in good order and left nobody on the line.
        """
        while True:
            pulse, wait_s = self._pulse, BEAT_S
            try:
                lease = await self._journal.lease()
                signs = Signs(self._charge.owner, pulse.beaten_at, hung_up=pulse.hung_up)
                match judge(signs, lease, now_ms()):
                    case Verdict.LEAVE:
                        return None
                    case Verdict.TAKE_OVER if not lease.owner and not await self._somebody_was_left():
                        return None
                    case Verdict.TAKE_OVER:
                        await self._journal.take(lease)
                        return lease
                wait_s = min(patience(signs, lease, now_ms()) / 1_000 or BEAT_S, BEAT_S)
                await asyncio.to_thread(self._memory.follow, self._file)
            except JournalBusy:
                # Whoever was stopped in the middle of a commit keeps the file, and the customer waiting. The
                # pipe is open, so that its number is still its own.
                if not pulse.hung_up:
                    _log.error("the console was stopped in the middle of a commit: it is ended")
                    os.kill(self._charge.process, signal.SIGKILL)
            except (LeaseLost, JournalBroken) as failure:
                _log.info("not now: %s", failure)
            await pulse.pause(wait_s)

    async def _somebody_was_left(self) -> bool:
        left = Memory()
        await asyncio.to_thread(left.recall, self._file)
        return somebody_is_on(left.desk)

    async def _run_desk(self, wait_s: float) -> None:
        await asyncio.sleep(wait_s)
        while True:
            try:
                return await self._open_desk()
            except WarmxferError:
                _log.exception("the desk cannot be opened")
            await asyncio.sleep(AGAIN_S)

    async def _open_desk(self) -> None:
        publication = Publication(Nobody())
        async with AsyncExitStack() as stack:
            desk = await stack.enter_async_context(
                open_desk(
                    self._charge.plan,
                    clock=self._clock,
                    journal=self._journal,
                    publisher=publication,
                    memory=self._memory,
                    inherited=self._listening,
                    attended=False,
                )
            )
            await give_out(stack, publication, place_of(self._file), desk.engine)
            await deserted(desk.engine)


def somebody_is_on(desk: Desk) -> bool:
    """Whether there is anything to look after: a phone that rings or is off the hook, and is to stay so."""
    return any(leg.alive and not leg.hanging_up for leg in desk.legs.values())


async def deserted(engine: Engine, within_ms: int = Policy().return_within) -> None:
    """Return when nobody has been on the desk for as long as it is kept for a console to come back."""
    while True:
        await engine.until(lambda desk: not somebody_is_on(desk))
        try:
            async with asyncio.timeout(within_ms / 1_000):
                await engine.until(somebody_is_on)
        except TimeoutError:
            return


def now_ms() -> int:
    """Milliseconds of the monotonic clock, as the lease has them."""
    return int(asyncio.get_running_loop().time() * 1_000)


async def _run(beats: int, listening: int) -> None:
    reader = asyncio.StreamReader(limit=LONGEST_CHARGE)
    await asyncio.get_running_loop().connect_read_pipe(
        lambda: asyncio.StreamReaderProtocol(reader), os.fdopen(beats, "rb", buffering=0)
    )
    charge = Charge.parsed(await reader.readline())
    log = usual_log(Path(charge.journal).with_name(LOG_NAME))
    with logging_to(log, secrets=(charge.api_key,), numbers=charge.log_numbers):
        try:
            with socket.socket(fileno=listening) as inherited:
                await Guardian(charge, reader, inherited).run()
        except Exception:
            _log.exception("the guardian ends")
            raise


def main(words: Sequence[str]) -> int:
    """Guard; return when there is nothing more to be guarded."""
    beats, listening = map(int, words)
    asyncio.run(_run(beats, listening))
    return 0
