"""One console, and one guardian, at a time: locks of the operating system's.

A lock ends with the process, however that ends, and not before: a console that is stopped keeps it. So it
keeps a second of the same kind out, and says nothing about who may write: that is the `lease`.
"""

from __future__ import annotations

import fcntl
import os
from contextlib import suppress
from pathlib import Path

from warmxfer_tui.journal.errors import JournalHeld

_LONGEST_PID = 20


def private_file(file: Path) -> int:
    """Open a file that only its owner may read, whatever the umask says; it is made if it is missing."""
    descriptor = os.open(file, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        os.fchmod(descriptor, 0o600)
    except OSError:
        os.close(descriptor)
        raise
    return descriptor


def console_lock(journal: Path) -> Path:
    """The lock of the one console of a journal."""
    return journal.with_suffix(".lock")


def guardian_lock(journal: Path) -> Path:
    """The lock of the one guardian of a journal."""
    return journal.with_suffix(".guardian.lock")


def holder(file: Path) -> int | None:
    """The process that holds a lock; None where nobody does, or it could not write its number down."""
    try:
        Lock(file).release()
    except JournalHeld as held:
        return held.process
    except OSError:
        pass
    return None


class Lock:
    """A file that is locked until `release`, with the number of the process that holds it in it."""

    def __init__(self, file: Path, kind: str = "console") -> None:
        """Take it for one of a kind. Raises `JournalHeld`, or `OSError` where the file cannot be had."""
        self._descriptor = private_file(file)
        try:
            fcntl.flock(self._descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as failure:
            found = os.pread(self._descriptor, _LONGEST_PID, 0).strip()
            os.close(self._descriptor)
            holder = int(found) if found.isdigit() else None
            raise JournalHeld(
                f"another {kind}{f' (process {holder})' if holder else ''} is at work here",
                f"Use that one, or quit it first: both would keep the calls of {file.parent}.",
                process=holder,
            ) from failure
        except OSError:
            os.close(self._descriptor)
            raise
        with suppress(OSError):  # a full disk: the lock holds without the number
            os.ftruncate(self._descriptor, 0)
            os.pwrite(self._descriptor, f"{os.getpid()}\n".encode("ascii"), 0)

    def release(self) -> None:
        """Let others in. The file stays: to remove it would let two in at once."""
        os.close(self._descriptor)
