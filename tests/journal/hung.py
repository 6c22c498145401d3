"""A process whose disk hangs for ever: ``python -m tests.journal.hung FILE FIFO``.

Its third commit reads FIFO, to which nobody writes. It prints what became of each webhook, and after how many
seconds, and ends as a console does.
"""

from __future__ import annotations

import asyncio
import sys
import time
from collections.abc import Sequence
from pathlib import Path

from tests.journal.given import fact
from warmxfer_tui.clock import SystemClock
from warmxfer_tui.journal.errors import JournalBroken
from warmxfer_tui.journal.rows import Job
from warmxfer_tui.journal.sqlite import SqliteJournal
from warmxfer_tui.journal.store import Store

HANGS_AT = 3
_commit = Store.commit
_count = 0


def hanging(store: Store, jobs: Sequence[Job], now: int) -> object:
    """Commit, or wait for somebody who never comes."""
    global _count
    _count += 1
    if _count == HANGS_AT:
        Path(sys.argv[2]).read_bytes()
    return _commit(store, jobs, now)


async def main() -> None:
    """Write some webhooks and events, one after the other."""
    async with SqliteJournal(Path(sys.argv[1]), "chapter", clock=SystemClock()) as journal:
        for number in range(1, 6):
            began = time.monotonic()
            try:
                await journal.receive(f"e{number}", b"{}", number)
                told = "durable"
            except JournalBroken:
                told = "refused"
            print(number, told, round(time.monotonic() - began, 3), flush=True)
        journal.record(fact(6), ())


if __name__ == "__main__":
    Store.commit = hanging  # type: ignore[assignment,method-assign]  # the disk that hangs
    asyncio.run(main())
    print("ended", flush=True)
