"""A second console on a desk that another one runs: it shows what that one believes, and refuses every key.

The desk is folded from the first console's journal, row by row as they are written. No listener is opened,
and nothing is sent.
"""

from __future__ import annotations

import asyncio
import logging
import os
from dataclasses import replace
from pathlib import Path

from warmxfer_tui.core.machine import step
from warmxfer_tui.core.model import Desk, Notice
from warmxfer_tui.errors import WarmxferError
from warmxfer_tui.journal.errors import JournalHeld
from warmxfer_tui.journal.reading import reading
from warmxfer_tui.ports import Clock, Publisher

_log = logging.getLogger(__name__)

READ_ONLY = "READ ONLY"
LOOK_EVERY_S = 0.25
"""How old the picture may be."""


class Watching:
    """Follows a journal that another process writes."""

    def __init__(self, file: Path, held: JournalHeld, *, clock: Clock, publisher: Publisher) -> None:
        """Nothing is read before `follow`."""
        self._file = file
        self._holder = held.process
        self._clock = clock
        self._publisher = publisher
        self._desk = Desk()
        self._chapter = ""
        self._seq = 0
        self._said = ""
        self._notices: tuple[Notice, ...] = ()
        who = f" (process {self._holder})" if self._holder else ""
        self._refusal = f"Another console{who} runs this desk. This one only shows it, and takes no key."

    async def follow(self) -> None:
        """Show every change, until cancelled."""
        self.refuse()
        while True:
            trouble = ""
            try:
                changed = await asyncio.to_thread(self._catch_up)
            except WarmxferError as failure:
                changed, trouble = False, f"The other console's journal cannot be followed. ({failure})"
            except Exception as failure:
                _log.exception("the journal could not be followed")
                changed, trouble = False, f"The desk cannot be followed any more. ({type(failure).__name__})"
            if not self._holder_lives():
                trouble = "The console that ran this desk has ended. Quit, and start again to take over."
            if trouble and trouble != self._said:
                self._tell("alarm", trouble)
            elif changed:
                self._publish()
            self._said = trouble
            await asyncio.sleep(LOOK_EVERY_S)

    def refuse(self) -> None:
        """Answer a key."""
        self._tell("warn", self._refusal)

    def _catch_up(self) -> bool:
        """Fold what has been written since the last look; True if there was anything."""
        with reading(self._file) as journal:
            chapters = journal.chapters()
            if not chapters:
                return False
            newest = chapters[-1]
            changed = newest.id != self._chapter
            if changed:
                self._desk, self._chapter, self._seq = Desk(), newest.id, 0
            for line in journal.lines(newest, after=self._seq):
                self._desk, _, _ = step(self._desk, line.event)
                self._seq, changed = line.seq, True
            return changed

    def _holder_lives(self) -> bool:
        if self._holder is None:
            return True
        try:
            os.kill(self._holder, 0)
        except ProcessLookupError:
            return False
        except OSError:
            return True  # it is somebody else's
        return True

    def _tell(self, level: str, text: str) -> None:
        self._notices = (Notice(self._clock.now_ms(), level, text),)
        self._publish()

    def _publish(self) -> None:
        notices = sorted((*self._desk.notices, *self._notices), key=lambda notice: notice.at)
        self._publisher.publish(replace(self._desk, notices=tuple(notices)))
