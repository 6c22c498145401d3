"""The guardian as its console sees it: started, told what to guard, and given a sign of life every second.

It is nobody's child and has a session of its own: neither `kill -9` of the console's process group nor the
end of its terminal ends it. All that it has of the console is a pipe, and the journal's lease.
"""

from __future__ import annotations

import asyncio
import logging
import os
import socket
import sys
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

from warmxfer_tui.errors import LeaseLost
from warmxfer_tui.journal.sqlite import SqliteJournal
from warmxfer_tui.runtime.charge import Charge
from warmxfer_tui.runtime.door import door_of

_log = logging.getLogger(__name__)

BEAT_S = 1.0
"""How often a sign of life is given (behaviour "Default timers")."""
REST_S = 0.3
"""How long a console goes on alone at first: whoever leaves at once has no need of a guardian."""
AGAIN_S = 1.0
"""How long after its guardian has ended another is started; twice as long for each that does not stay."""
LONGEST_AGAIN_S = 60.0
STAYS_S = 10.0
"""How long a guardian has been at work that did not end for a fault of its own."""
START = (
    "import os, sys; os.fork() and os._exit(0); sys.path.append(sys.argv.pop(1)); "
    "from warmxfer_tui.guardian.program import main; raise SystemExit(main(sys.argv[1:]))"
)
"""The process's program: what goes on is nobody's child. Not ``-m``, which looks for modules in the working
folder first."""


async def signs_of_life(journal: SqliteJournal) -> LeaseLost:
    """Renew the lease every second; return when another process runs the desk."""
    while True:
        renewal = journal.renew()
        await asyncio.wait([renewal], timeout=BEAT_S)
        if renewal.done() and isinstance(failure := renewal.exception(), LeaseLost):
            return failure
        await asyncio.sleep(BEAT_S)


class Guarding:
    """Sees to it that there is a guardian."""

    def __init__(self, charge: Charge, listening: socket.socket, tell: Callable[[str], None]) -> None:
        """Start none yet. It inherits the socket ``listening``; ``tell`` is told where none can be had."""
        self._charge = charge
        self._listening = listening
        self._tell = tell
        self._told = False
        self._begun = False
        self._before: object = None

    @property
    def at_work(self) -> bool:
        """Whether one would go on with the calls if this console ended now: its own door is open."""
        return self._begun and self._door() not in (None, self._before)

    def _door(self) -> object:
        """What the door is, as a file: a guardian that is no longer at work may have left one."""
        try:
            found = door_of(Path(self._charge.journal)).lstat()
        except OSError:
            return None
        return found.st_dev, found.st_ino

    async def run(self) -> None:
        """Keep one at work, until cancelled: it sees the end of the pipe then, and what the lease says."""
        await asyncio.sleep(REST_S)
        loop, again_s = asyncio.get_running_loop(), AGAIN_S
        while True:
            began = loop.time()
            try:
                await self._keep_one()
            except OSError as failure:
                _log.exception("no guardian can be started")
                self._miss(failure.strerror or str(failure))
            if loop.time() - began > STAYS_S:
                again_s = AGAIN_S
            elif again_s > AGAIN_S:
                self._miss("it ends as soon as it has begun; guardian.log has the details")
            await asyncio.sleep(again_s)
            again_s = min(again_s * 2, LONGEST_AGAIN_S)

    async def _keep_one(self) -> None:
        """Start one, and return when it has ended."""
        self._before = self._door()
        beats, pipe = os.pipe()
        os.set_blocking(pipe, False)
        with os.fdopen(pipe, "wb", buffering=0) as told:
            try:
                await _start(beats, self._listening.fileno())
            finally:
                os.close(beats)
            try:
                with suppress(BrokenPipeError):
                    told.write(self._charge.line())
                    self._begun = True
                    while True:
                        await asyncio.sleep(BEAT_S)
                        told.write(b".")  # None where it is stopped and the pipe is full: that is no end
            finally:
                self._begun = False
            _log.warning("the guardian has ended")

    def _miss(self, why: str) -> None:
        if not self._told:
            self._tell(
                f"There is no guardian: if this console is killed, nobody goes on with its calls. ({why})"
            )
        self._told = True


async def _start(beats: int, listening: int) -> None:
    """Start one that is nobody's child, and return when it is on its own. Raises `OSError`.

    Whoever breaks this off waits those milliseconds: a process that is half begun would be left to nobody.
    """
    starting = asyncio.create_task(_started(beats, listening))
    try:
        await asyncio.shield(starting)
    finally:
        await asyncio.wait([starting])


async def _started(beats: int, listening: int) -> None:
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-P", "-c", START, str(Path(__file__).parents[2]), str(beats), str(listening),
        stdin=asyncio.subprocess.DEVNULL,
        stdout=asyncio.subprocess.DEVNULL,
        stderr=asyncio.subprocess.DEVNULL,
        pass_fds=(beats, listening),
        start_new_session=True,
    )  # fmt: skip
    await process.wait()
