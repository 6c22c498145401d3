"""A journal in a folder of its own, and things to write into it."""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import Awaitable, Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any, TypeVar

from warmxfer_tui.clock import JUMP_EPOCH_MS, JumpClock, run_jump
from warmxfer_tui.core.commands import Ask, ReadRoom
from warmxfer_tui.core.events import Noted
from warmxfer_tui.core.terms import AskId, RoomId
from warmxfer_tui.journal.reading import Line, Received, reading
from warmxfer_tui.journal.sqlite import SqliteJournal

T = TypeVar("T")
DAY_MS = 86_400_000


def fact(number: int, at: int = JUMP_EPOCH_MS) -> Noted:
    return Noted(at=at, event_id=f"e{number}", occurred_at=0, ccid=None, kind="call.cost")


def ask(number: int) -> Ask:
    return Ask(AskId(number), ReadRoom(RoomId("r")), f"key {number}", at=5)


def keep(
    file: Path, scene: Callable[[SqliteJournal], Awaitable[T]], *, chapter: str = "chapter", **how: Any
) -> T:
    """Play a scene with an open journal on virtual time."""

    async def run() -> T:
        clock = how.pop("clock", None) or JumpClock(asyncio.get_running_loop())
        async with SqliteJournal(file, chapter, clock=clock, **how) as journal:
            return await scene(journal)

    return run_jump(run())


def lines(file: Path, chapter: str = "chapter") -> list[Line]:
    with reading(file) as journal:
        return [line for each in journal.chapters() if each.id == chapter for line in journal.lines(each)]


def webhooks(file: Path) -> list[Received]:
    with reading(file) as journal:
        return list(journal.webhooks())


@contextmanager
def by_hand(file: Path) -> Iterator[sqlite3.Connection]:
    """The file as any other program opens it."""
    with closing(sqlite3.connect(file, isolation_level=None)) as db:
        yield db
