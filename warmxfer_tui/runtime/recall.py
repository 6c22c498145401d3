"""What a console remembers when it begins: the desk that the newest chapter of its journal folds to.

Nothing is sent while folding. What cannot be read is no reason not to begin: the carrier remembers too.
"""

from __future__ import annotations

import json
import logging
from dataclasses import dataclass, field
from pathlib import Path

from warmxfer_tui.core.events import Fact
from warmxfer_tui.core.machine import step
from warmxfer_tui.core.model import Desk
from warmxfer_tui.errors import WarmxferError
from warmxfer_tui.journal.reading import Reader, Received, reading
from warmxfer_tui.telnyx.wire import fact_of

_log = logging.getLogger(__name__)

UNREAD_FOR = 600_000
"""Milliseconds for which a webhook that was accepted and never consumed is still news."""


@dataclass(slots=True)
class Memory:
    """A desk, and where it comes from."""

    desk: Desk = field(default_factory=Desk)
    """Everything that was believed; empty where nothing is remembered, or nobody was on the line."""
    since: int = 0
    """When the newest event was, in UTC milliseconds; 0 where nothing is remembered."""
    unread: tuple[Fact, ...] = ()
    """Webhooks that were acknowledged and not consumed any more, in order of arrival."""
    unreadable: bool = False
    """Whether there was something that could not be read."""
    _chapter: str = ""
    _folded: Desk = field(default_factory=Desk)
    _last: int = 0
    """The row of the chapter that was folded last."""

    def recall(self, file: Path) -> str | None:
        """Read a journal that nobody writes; return the chapter to go on in, None where a new one is begun.

        A desk with nobody on it needs no memory, and a new chapter is sooner folded. But a guardian that has
        run it has something to tell.
        """
        try:
            with reading(file) as journal:
                return self._recall(journal)
        except (WarmxferError, ValueError) as failure:
            _log.warning("nothing is remembered: %s", failure)
            self.desk, self.since, self.unread, self._chapter = Desk(), 0, (), ""
            self.unreadable = True
            return None

    def follow(self, file: Path) -> None:
        """Fold what somebody else has written by now, so that `recall` has little left to do.

        What cannot be read is `recall`'s to tell.
        """
        try:
            with reading(file) as journal:
                self._fold(journal)
        except (WarmxferError, ValueError) as failure:
            _log.debug("not followed: %s", failure)
            self._chapter = ""

    def _recall(self, journal: Reader) -> str | None:
        chapter = self._fold(journal)
        if chapter is None:
            return None
        desk = self._folded
        self.unread = tuple(_unread(journal, desk.now - UNREAD_FOR))
        if not (desk.calls or desk.unattended or any(leg.alive for leg in desk.legs.values())):
            return None
        self.desk, self.since = desk, desk.now
        return chapter

    def _fold(self, journal: Reader) -> str | None:
        """Fold the newest chapter on from where that was left; return its id."""
        chapters = journal.chapters()
        if not chapters:
            return None
        newest = chapters[-1]
        if newest.id != self._chapter:
            self._chapter, self._folded, self._last = newest.id, Desk(), 0
        for line in journal.lines(newest, self._last):
            self._folded, _, _ = step(self._folded, line.event)
            self._last = line.seq
        return newest.id


def _unread(journal: Reader, after: int) -> list[Fact]:
    facts: list[Fact] = []
    for received in journal.webhooks():
        if received.seq is None and received.at >= after:
            fact = _fact(received)
            if fact is not None:
                facts.append(fact)
    return facts


def _fact(received: Received) -> Fact | None:
    try:
        fact = fact_of(json.loads(received.body), received.at)
    except ValueError:
        return None
    return fact if isinstance(fact, Fact) else None
