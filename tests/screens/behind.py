"""A session that only writes down what it is told, and a console in front of it."""

from __future__ import annotations

from collections.abc import Sequence

from warmxfer_tui.app import Console
from warmxfer_tui.core.directory import Person
from warmxfer_tui.core.events import Pressed
from warmxfer_tui.core.model import Desk
from warmxfer_tui.core.terms import Number
from warmxfer_tui.errors import WarmxferError
from warmxfer_tui.ports import Publisher

MARIA = Person("Maria", Number("+12025550110", "+1 202-555-0110"), "billing")


class Behind:
    """What runs behind the screen, for tests of the screen."""

    region = "US"

    def __init__(self, failure: WarmxferError | None = None, status: str = "SIMULATOR") -> None:
        self.failure, self.status = failure, status
        self.pressed: list[Pressed] = []
        self.stopped = 0
        self.paused = 0

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


def console(behind: Behind, now: int = 0) -> Console:
    """A console at an instant that never passes."""

    def start(publisher: Publisher) -> Behind:
        return behind

    return Console(start, lambda: now)


def shown(app: Console, desk: Desk) -> str:
    """Everything that the console's lines and panels say of a desk, as plain text."""
    app.publish(desk)
    app.base.draw()
    return "\n".join(app.base.words())
