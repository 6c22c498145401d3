"""A console without a screen, to be killed: ``python -m tests.flow.headless``, settings in its environment.

Each line of its standard input is a key: `verb`, `verb number` or `quit answer`. Whenever the state of the
calls changes it prints them, `*` behind one that is pending; and once that a guardian has run the desk.
"""

from __future__ import annotations

import asyncio
import os
import signal
import sqlite3
import sys
from contextlib import closing

from warmxfer_tui.core.events import Pressed
from warmxfer_tui.core.model import Desk
from warmxfer_tui.core.terms import Number
from warmxfer_tui.journal import journal_file
from warmxfer_tui.numbers import has_region, kind_of
from warmxfer_tui.runtime.session import Session
from warmxfer_tui.settings import Numbering, Sources, load


class Printer:
    """Prints what the desk has come to."""

    def __init__(self) -> None:
        self._said = ""
        self._told_of = 0

    def publish(self, desk: Desk) -> None:
        states = [f"{call.state}{'*' if call.origin else ''}" for call in desk.calls.values()]
        line = "resuming" if desk.resuming else " ".join(states)
        if line != self._said:
            self._said = line
            print(line, flush=True)
        absence = None if desk.resuming else desk.absence
        if absence is not None and absence.guarded and absence.until != self._told_of:
            self._told_of = absence.until
            print("sheet: guardian", flush=True)


def freeze() -> None:
    """Be stopped in the middle of a commit."""
    with closing(sqlite3.connect(journal_file(simulated=False))) as db:
        db.execute("BEGIN IMMEDIATE")
        os.kill(os.getpid(), signal.SIGSTOP)


async def main() -> None:
    reader = asyncio.StreamReader()
    loop = asyncio.get_running_loop()
    await loop.connect_read_pipe(lambda: asyncio.StreamReaderProtocol(reader), sys.stdin)
    session = Session(
        load(Sources(environ=os.environ), Numbering(has_region, kind_of)), Printer(), lambda secret: None
    )
    await session.ready()
    print("ready", flush=True)
    while line := (await reader.readline()).decode().split():
        verb, rest = line[0], "".join(line[1:])
        if verb == "freeze":
            freeze()
        elif verb == "quit":
            session.submit(Pressed(0, verb, text=rest))
        else:
            session.submit(Pressed(0, verb, number=Number(rest, rest) if rest else None))
    await session.stop()


if __name__ == "__main__":
    asyncio.run(main())
