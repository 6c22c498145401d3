"""A process that keeps a journal until it is killed: ``python -m tests.journal.victim FILE``.

It prints the id of each webhook, and the number of each event, once it is durable.
"""

from __future__ import annotations

import asyncio
import sys
from itertools import count
from pathlib import Path

from tests.journal.given import ask, fact
from warmxfer_tui.clock import SystemClock
from warmxfer_tui.journal.sqlite import SqliteJournal


async def main() -> None:
    """Write for ever, several at a time."""
    async with SqliteJournal(Path(sys.argv[1]), "chapter", clock=SystemClock()) as journal:
        numbers = count(1)

        async def receive() -> None:
            for number in numbers:
                assert await journal.receive(f"e{number}", b"x" * 1_000, number)
                print(f"e{number}", flush=True)

        async def record() -> None:
            for number in count(1):
                await journal.record(fact(number), [ask(number)])
                print(number, flush=True)

        await asyncio.gather(*(receive() for _ in range(8)), record())


if __name__ == "__main__":
    asyncio.run(main())
