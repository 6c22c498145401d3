"""A console without a screen, to be killed: ``python -m tests.flow.headless``, settings in its environment.

Each line of its standard input is a key, `verb` or `verb number`. Whenever the state of the calls changes it
prints them, `*` behind one that is pending.
"""

from __future__ import annotations

import asyncio
import os
import sys

from warmxfer_tui.core.events import Pressed
from warmxfer_tui.core.model import Desk
from warmxfer_tui.core.terms import Number
from warmxfer_tui.numbers import has_region, kind_of
from warmxfer_tui.runtime.session import Session
from warmxfer_tui.settings import Numbering, Sources, load


class Printer:
    """Prints what the desk has come to."""

    def __init__(self) -> None:
        self._said = ""

    def publish(self, desk: Desk) -> None:
        states = [f"{call.state}{'*' if call.origin else ''}" for call in desk.calls.values()]
        line = "resuming" if desk.resuming else " ".join(states)
        if line != self._said:
            self._said = line
            print(line, flush=True)


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
        number = Number(line[1], line[1]) if line[1:] else None
        session.submit(Pressed(0, line[0], number=number))
    await session.stop()


if __name__ == "__main__":
    asyncio.run(main())
