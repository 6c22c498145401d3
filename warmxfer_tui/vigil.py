"""Looks at an empty desk: a console that is idle for days writes nothing down, and has nothing to fold.

Every ten seconds the carrier is asked whether anybody is there of whom no webhook has told. Mostly nobody is,
and the desk is what it was, but for the time of the next look. Such a look is taken for one that never was:
the desk is put back to what it was before, and neither the tick that asked nor the reply is written down. So
the desk is always what the journal's events make of it (`design.md` §3.9).

Whether it was in vain is known only when the reply is there. What happens meanwhile comes behind the tick:
that is written down then, and the look is one like any other.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from warmxfer_tui.core.commands import Ask, Survey
from warmxfer_tui.core.events import Event
from warmxfer_tui.core.model import Desk
from warmxfer_tui.core.terms import Clock, Timer

_NEXT = frozenset({Timer(Clock.SURVEY, "desk")})


class Vigil:
    """The look that is under way and not written down, if there is one."""

    def __init__(self) -> None:
        self._look: tuple[Desk, Event, tuple[Ask, ...]] | None = None

    def begins(self, event: Event, before: Desk, after: Desk, asks: tuple[Ask, ...]) -> bool:
        """Whether nothing has happened but that a desk without a call asks who is there.

        A survey changes nothing at the carrier's: it may leave before its tick is durable.
        """
        if [type(ask.request) for ask in asks] != [Survey] or before.calls or not _same(before, after):
            return False
        self._look = (before, event, asks)
        return True

    def in_vain(self, after: Desk) -> Desk | None:
        """The desk as it was before, where the look is over and has told nothing; else None."""
        before = self._look[0] if self._look else None
        if before is None or after.asks != before.asks or not _same(before, after):
            return None
        self._look = None
        return before

    def interrupted(self) -> Iterator[tuple[Event, tuple[Ask, ...]]]:
        """What has to be written down before anything else is: the tick of the look."""
        look, self._look = self._look, None
        if look is not None:
            _, event, asks = look
            yield event, asks


def _same(before: Desk, after: Desk) -> bool:
    """Whether two desks differ only in what is asked and when the next look is due, and nothing else is."""
    then = replace(after, now=before.now, timers=before.timers, asks=before.asks, next_ask=before.next_ask)
    return before.timers.keys() == after.timers.keys() == _NEXT and then == before
