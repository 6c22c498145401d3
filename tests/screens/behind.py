"""A session that only writes down what it is told, and a console in front of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from warmxfer_tui.app import Console
from warmxfer_tui.core.commands import Ask
from warmxfer_tui.core.directory import Person
from warmxfer_tui.core.events import Pressed
from warmxfer_tui.core.machine import step
from warmxfer_tui.core.model import Desk
from warmxfer_tui.core.terms import Number
from warmxfer_tui.errors import WarmxferError
from warmxfer_tui.ports import Publisher
from warmxfer_tui.screens.training import Training

MARIA = Person("Maria", Number("+12025550110", "+1 202-555-0110"), "billing")


class Behind:
    """What runs behind the screen, for tests of the screen."""

    region = "US"
    training: Training | None = None
    guarded: bool = False

    def __init__(self, failure: WarmxferError | None = None, status: str = "SIMULATOR") -> None:
        self.failure, self.status = failure, status
        self.pressed: list[Pressed] = []
        self.stopped = 0
        self.paused = 0
        self.publisher: Publisher | None = None
        """The screen, once it has begun."""

    async def ready(self) -> str:
        if self.failure:
            raise self.failure
        return self.status

    async def stop(self) -> None:
        self.stopped += 1

    def submit(self, intent: Pressed) -> None:
        self.pressed.append(intent)

    def people(self, verb: str) -> Sequence[Person]:
        return (MARIA,)

    def pause(self) -> None:
        self.paused += 1


class Folding(Behind):
    """A desk behind the screen that takes every key at once, and to which nobody ever replies."""

    def __init__(self, desk: Desk, now: int) -> None:
        super().__init__()
        self.desk, self._now = desk, now
        self.asks: list[Ask] = []

    def submit(self, intent: Pressed) -> None:
        super().submit(intent)
        self.desk, asks, _ = step(self.desk, replace(intent, at=self._now))
        self.asks += asks
        if self.publisher is not None:
            self.publisher.publish(self.desk)

    def begin_again(self, desk: Desk) -> None:
        """Nothing has been pressed yet."""
        self.desk = desk
        self.asks.clear()
        self.pressed.clear()
        if self.publisher is not None:
            self.publisher.publish(desk)


def console(behind: Behind, now: int = 0) -> Console:
    """A console at an instant that never passes."""

    def start(publisher: Publisher) -> Behind:
        behind.publisher = publisher
        return behind

    return Console(start, lambda: now)


def shown(app: Console, desk: Desk) -> str:
    """Everything that the console's lines and panels say of a desk, as plain text."""
    app.publish(desk)
    app.base.draw()
    return "\n".join(app.base.words())
