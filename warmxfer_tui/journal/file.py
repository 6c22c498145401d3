"""One file: opened as a journal of today's version, or put aside when it cannot be one."""

from __future__ import annotations

import logging
import os
import sqlite3
import stat
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from warmxfer_tui.journal.lock import private_file
from warmxfer_tui.journal.schema import Damaged, judge, migrate
from warmxfer_tui.paths import private_folder

_log = logging.getLogger(__name__)

BUSY_S = 1.0
"""How long another program may keep the file from being written."""
AUTOCHECKPOINT = 8_000
"""Pages of the WAL after which a commit has to tidy up itself; it is meant never to (budgets §2)."""
CHECKED_BYTES = 16 * 1024 * 1024
"""Up to this size the whole file is looked through when it is opened, some 50 ms; a console must not open
later with every month that it is used. Beyond it, damage shows when the damaged part is met. Where that is
by a write, the file is put aside then, and a fresh one goes on (`store`); where it is by a look back, only
that part is lost to it: what is written now does not depend on it."""
_SIDES = ("", "-wal", "-shm")
_PRAGMAS = (
    "journal_mode = WAL",
    "synchronous = FULL",
    "fullfsync = 1",  # on macOS a sync leaves the disk's own cache alone; nothing elsewhere
    "checkpoint_fullfsync = 1",
    f"wal_autocheckpoint = {AUTOCHECKPOINT}",
)


@dataclass(frozen=True, slots=True)
class Means:
    """How a file is written, where it is not as the console's own."""

    synced: bool = True
    """False: a commit does not wait for the disk. For a file that is thrown away when its writer ends."""
    max_pages: int = 0
    """Bounds the file, as a full disk does; 0 leaves that to the disk."""


def open_file(file: Path, means: Means) -> sqlite3.Connection:
    """Open a journal, made or migrated if need be, for its owner alone.

    Raises `JournalTooNew`, `Damaged`, `sqlite3.Error` or `OSError`.
    """
    os.close(private_file(file))  # SQLite gives the files beside it the same mode
    db = sqlite3.connect(file, timeout=BUSY_S, isolation_level=None, check_same_thread=False)
    try:
        judge(db, file)
        if means.max_pages:
            db.execute(f"PRAGMA max_page_count = {means.max_pages}")
        for pragma in _PRAGMAS:
            db.execute(f"PRAGMA {pragma}")
        if not means.synced:
            db.execute("PRAGMA synchronous = OFF")
        migrate(db)
        if file.stat().st_size <= CHECKED_BYTES:
            (found,) = db.execute("PRAGMA quick_check(1)").fetchone()
            if found != "ok":
                raise Damaged(str(found).splitlines()[0])
    except BaseException:
        db.close()
        raise
    return db


def keep_out_others(folder: Path) -> None:
    """Make the folder if it is missing; take everybody else's access to it, and give nobody any."""
    new = not folder.exists()
    mode = stat.S_IMODE(private_folder(folder).stat().st_mode)
    wanted = 0o700 if new else mode & 0o700
    if mode != wanted:
        folder.chmod(wanted)


def identity(file: Path) -> tuple[tuple[int, int] | None, ...]:
    """Which files stand under the names of a journal and its WAL; None where there is none.

    SQLite goes on writing to a file that was deleted, and never replaces either by itself while one is open.
    Raises `OSError` where that cannot be seen.
    """
    found: list[tuple[int, int] | None] = []
    for side in _SIDES[:2]:
        try:
            seen = os.stat(f"{file}{side}")
        except FileNotFoundError:
            found.append(None)
        else:
            found.append((seen.st_dev, seen.st_ino))
    return tuple(found)


def put_aside(file: Path, now: int, kind: str = "damaged") -> str:
    """Rename what cannot be used, with the WAL that belongs to it; return the new name, "" for no file."""
    stamp = datetime.fromtimestamp(now / 1000, UTC).strftime("%Y%m%dT%H%M%SZ")
    count, aside = 1, file.with_name(f"{file.stem}.{kind}-{stamp}.db")
    while aside.exists():
        count += 1
        aside = file.with_name(f"{file.stem}.{kind}-{stamp}-{count}.db")
    there = file.exists()
    for side in _SIDES:
        old = file.with_name(f"{file.name}{side}")
        if old.exists():
            old.rename(file.with_name(f"{aside.name}{side}"))
    _log.error("a %s journal was put aside as %s", kind, aside)
    return aside.name if there else ""
