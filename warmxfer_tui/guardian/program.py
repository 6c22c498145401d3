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
from contextlib import AsyncExitStack, ExitStack, suppress
from importlib import import_module
from pathlib import Path

from warmxfer_tui.clock import SystemClock
from warmxfer_tui.core.model import Desk
from warmxfer_tui.core.policy import Policy
from warmxfer_tui.engine import Engine
from warmxfer_tui.errors import LeaseLost
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
from warmxfer_tui.runtime.tasks import beside, first
from warmxfer_tui.telnyx.client import TelnyxClient

_log = logging.getLogger(__name__)

IN_FLIGHT_S = 2.0
"""How long what a lost console has sent may still take effect: the limit of a reply (behaviour, lanes)."""
AGAIN_S = 2.0
"""How long after a desk could not be opened that is tried again."""
LONGEST_LEG_MS = 14_400_000
"""Milliseconds after which Telnyx ends every leg (telnyx-facts, limits)."""
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
        self.beaten_at = now_ms()
        self.ended = asyncio.Event()
        """The console's end is closed."""

    async def follow(self) -> None:
        """Note each of them, and the end of the pipe."""
        while await self._beats.read(1024):
            self.beaten_at = now_ms()
        self.ended.set()


class Guardian:
    """Watches one console, and runs its desk when it is lost."""

    def __init__(self, charge: Charge, beats: asyncio.StreamReader, listening: socket.socket) -> None:
        self._charge = charge
        self._owner = charge.owner
        self._pulse = Pulse(beats)
        self._listening = listening
        self._file = Path(charge.journal)
        self._clock = SystemClock()
        self._memory = Memory()
        self._asked = asyncio.Event()
        self._caller: socket.socket | None = None

    async def run(self) -> None:
        """Stay until the console has ended in good order, or another one runs the desk, or none comes back.

        Raises `JournalHeld` where there is another guardian.
        """
        with ExitStack() as doors:
            door: Door | None = None
            while True:
                async with AsyncExitStack() as stack:
                    journal = await stack.enter_async_context(self._opened())
                    # Of two guardians one has the lock, and only that one a door.
                    door = door or doors.enter_context(opened(door_of(self._file)))
                    beside(stack, self._pulse.follow())
                    beside(stack, self._wait_for_caller(door))
                    await self._guard(journal)
                if self._caller is None or await Door.hand_over(self._caller, self._listening):
                    return
                _log.warning("the console that asked for its desk does not run it")
                self._owner = ""  # whoever that was

    def _opened(self) -> SqliteJournal:
        """The journal as it is now, and nothing remembered of before: another console may have had it."""
        self._memory, self._caller, self._asked = Memory(), None, asyncio.Event()
        return SqliteJournal(
            self._file,
            secrets.token_hex(8),
            clock=self._clock,
            keep_days=self._charge.keep_days,
            recall=self._memory.recall,
            guardian=True,
        )

    async def _wait_for_caller(self, door: Door) -> None:
        self._caller = await door.asked()
        _log.info("a console asks for its desk")
        self._asked.set()

    async def _guard(self, journal: SqliteJournal) -> None:
        lease = await self._lost(journal)
        if lease is None:
            return
        in_order = not lease.owner
        _log.warning("the console %s", "has ended, and somebody is on the line" if in_order else "is lost")
        await first(signs_of_life(journal), self._run_desk(journal, 0 if in_order else IN_FLIGHT_S))

    # --- watching --------------------------------------------------------------------------------------

    async def _lost(self, journal: SqliteJournal) -> Lease | None:
        """Return when the desk has been taken over, with the lease as it was before.

        None if a console asks for it, if it is another's, or if nobody was left on the line.
        """
        wait_s = 0.0
        while not await self._pauses(wait_s):
            wait_s = BEAT_S
            try:
                lease = await journal.lease()
                self._owner = self._owner or lease.owner
            except JournalBroken as failure:
                _log.info("the lease cannot be read: %s", failure)
                continue
            signs = Signs(self._owner, self._pulse.beaten_at, hung_up=self._pulse.ended.is_set())
            match judge(signs, lease, now_ms()):
                case Verdict.LEAVE:
                    return None
                case Verdict.TAKE_OVER if not lease.owner and not await self._somebody_was_left():
                    return None
                case Verdict.TAKE_OVER if await self._taken(journal, lease):
                    return lease
                case Verdict.WATCH_ON:
                    wait_s = min(patience(signs, lease, now_ms()) / 1_000 or BEAT_S, BEAT_S)
                    await asyncio.to_thread(self._memory.follow, self._file)
        return None

    async def _pauses(self, wait_s: float) -> bool:
        """Wait for some time, or until the console has just ended; whether one asks for the desk."""
        news = [self._asked.wait()]
        if not self._pulse.ended.is_set():
            news.append(self._pulse.ended.wait())
        await first(asyncio.sleep(wait_s), *news)
        return self._asked.is_set()

    async def _taken(self, journal: SqliteJournal, lease: Lease) -> bool:
        try:
            await journal.take(lease)
        except JournalBusy:
            # Whoever was stopped in the middle of a commit keeps the file, and the customer waiting. The pipe
            # is open, so that its number is still its own.
            if not self._pulse.ended.is_set():
                _log.error("the console was stopped in the middle of a commit: it is ended")
                os.kill(self._charge.process, signal.SIGKILL)
            return False
        except (LeaseLost, JournalBroken) as failure:
            _log.info("not taken over: %s", failure)
            return False
        return True

    async def _somebody_was_left(self) -> bool:
        """Whether anybody is on the line by the journal; what cannot be read is for the carrier to tell."""
        await asyncio.to_thread(self._memory.recall, self._file)
        return self._memory.unreadable or bool(self._memory.unread) or somebody_is_on(self._memory.desk)

    # --- in charge -------------------------------------------------------------------------------------

    async def _run_desk(self, journal: SqliteJournal, wait_s: float) -> None:
        until_s = asyncio.get_running_loop().time() + LONGEST_LEG_MS / 1_000
        while not await self._pauses(wait_s) and asyncio.get_running_loop().time() < until_s:
            try:
                return await self._open_desk(journal)
            except Exception:
                # Whatever it is, somebody may be on the line: the next try may go better.
                _log.exception("the desk cannot be opened")
            wait_s = AGAIN_S
            await asyncio.to_thread(self._memory.recall, self._file)
            if self._charge.simulator and not lives(self._charge.simulator):
                return None
        return None

    async def _open_desk(self, journal: SqliteJournal) -> None:
        publication = Publication(Nobody())
        async with AsyncExitStack() as stack:
            desk = await stack.enter_async_context(
                open_desk(
                    self._charge.plan,
                    clock=self._clock,
                    journal=journal,
                    publisher=publication,
                    memory=self._memory,
                    inherited=self._listening,
                    attended=False,
                )
            )
            await give_out(stack, publication, place_of(self._file), desk.engine)
            ends = [self._asked.wait(), deserted(desk.engine)]
            await first(*ends, *([gone(self._charge.simulator)] if self._charge.simulator else []))


def lives(process: int) -> bool:
    """Whether there is such a process."""
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except OSError:
        pass
    return True


async def gone(process: int) -> None:
    """Return when a process has ended."""
    while lives(process):  # noqa: ASYNC110 - nobody's child, of which nothing tells
        await asyncio.sleep(BEAT_S)


def somebody_is_on(desk: Desk) -> bool:
    """Whether there is anything to look after: a phone that rings or is off the hook, and is to stay so.

    No leg lives longer than `LONGEST_LEG_MS`, even where the carrier no longer tells.
    """
    return any(
        leg.alive and not leg.hanging_up and desk.now - leg.phase_at < LONGEST_LEG_MS
        for leg in desk.legs.values()
    )


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
            await load(charge)
            with socket.socket(fileno=listening) as inherited:
                await Guardian(charge, reader, inherited).run()
        except Exception:
            _log.exception("the guardian ends")
            raise


async def load(charge: Charge) -> None:
    """Import whatever is imported late: an upgrade may have replaced it by the time that it is needed."""
    from warmxfer_tui.publishing.server import serving  # noqa: F401

    with suppress(ImportError):
        import_module("anyio._backends._asyncio")  # httpx's, when it first connects
    async with TelnyxClient(charge.api_key, clock=SystemClock(), base_url=charge.base_url):
        pass


def main(words: Sequence[str]) -> int:
    """Guard; return when there is nothing more to be guarded."""
    beats, listening = map(int, words)
    asyncio.run(_run(beats, listening))
    return 0
