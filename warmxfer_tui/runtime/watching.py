"""A second console on a desk that another one runs: it shows what that one believes, and refuses every key.

It is a client of the first console's socket. No listener is opened, and nothing is sent.
"""

from __future__ import annotations

import asyncio
import logging
import os
from dataclasses import replace
from pathlib import Path

from warmxfer_tui.core.model import Desk, Notice
from warmxfer_tui.journal.errors import JournalHeld
from warmxfer_tui.ports import Clock, Publisher
from warmxfer_tui.publishing.client import following
from warmxfer_tui.publishing.errors import Lost, NobodyServes, PublishingError

_log = logging.getLogger(__name__)

READ_ONLY = "READ ONLY"
LOOK_EVERY_S = 0.25
"""How long after the end of one connection another one is tried."""
PATIENCE = 20
"""Tries before a console that gives nothing out is told of: it may only just have been started."""
_AGAIN = "What is shown is how it was then. Quit with ctrl+q, and start again to take over."


class Watching:
    """Follows the desk that another process gives out."""

    def __init__(self, place: Path, held: JournalHeld, *, clock: Clock, publisher: Publisher) -> None:
        """Nothing is connected before `follow`."""
        self._place = place
        self._holder = held.process
        self._clock = clock
        self._publisher = publisher
        self._desk = Desk()
        self._said = ""
        self._stale_at: int | None = None
        self._notices: tuple[Notice, ...] = ()
        who = f" (process {self._holder})" if self._holder else ""
        self._refusal = f"Another console{who} runs this desk. This one only shows it, and takes no key."

    async def follow(self) -> None:
        """Show every change, until cancelled; when the console has ended, wait for the next one."""
        self.refuse()
        tries = 0
        while True:
            try:
                await self._follow_one()
                self._complain(f"The console that ran this desk has ended. {_AGAIN}")
            except Lost:
                self._complain(f"The console that ran this desk was killed, or has crashed. {_AGAIN}")
            except NobodyServes as failure:
                tries += 1
                if not self._said and not self._holder_lives():
                    self._complain(f"The console that ran this desk has ended. {_AGAIN}")
                elif not self._said and tries >= PATIENCE:
                    self._complain(f"The console that runs this desk cannot be watched. ({failure})")
            except PublishingError as failure:
                self._complain(f"The desk cannot be followed: {failure}")
            except Exception as failure:
                _log.exception("the desk could not be followed")
                self._complain(f"The desk cannot be followed any more. ({type(failure).__name__})")
            await asyncio.sleep(LOOK_EVERY_S)

    async def _follow_one(self) -> None:
        async with following(self._place) as desks:
            async for self._desk in desks:
                self._stale_at = None
                if self._said:
                    self._said = ""
                    self.refuse()
                else:
                    self._publish()

    def refuse(self) -> None:
        """Answer a key."""
        self._tell("warn", self._said or self._refusal)

    def _complain(self, trouble: str) -> None:
        if trouble != self._said:
            self._said = trouble
            self._stale_at = self._stale_at or self._clock.now_ms()
            self._tell("alarm", trouble)

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
        self._publisher.publish(replace(self._desk, notices=tuple(notices), stale_at=self._stale_at))
