"""What can be wrong with a journal.

::

    JournalError
    ├── JournalHeld      another console, or guardian, is at work on it
    ├── JournalTooNew    a newer warmxfer has written it
    ├── JournalBroken    it cannot be written now: the desk goes on in memory
    │   └── JournalBusy  another process is in the middle of writing, and does not come to an end
    └── RowUnreadable    a row that says nothing this version understands, or a gap between rows

`errors.LeaseLost` is none of these: the journal is well, and somebody else's.
"""

from __future__ import annotations

from warmxfer_tui.errors import WarmxferError


class JournalError(WarmxferError):
    """The journal cannot be used."""


class JournalHeld(JournalError):
    """Another process holds the journal's lock."""

    def __init__(self, title: str, hint: str = "", *, process: int | None = None) -> None:
        super().__init__(title, hint)
        self.process = process
        """Its number, where it could write that down."""


class JournalTooNew(JournalError):
    """The journal's schema is of a later version than this program's."""


class JournalBroken(JournalError):
    """Something was not written down; the title says why."""


class JournalBusy(JournalBroken):
    """Another process is in the middle of writing: it is slow, or has been stopped."""


class RowUnreadable(JournalError):
    """What stands in the journal is no event, or no request, or not all that once stood there."""

    seq: int | None = None
    """The last row of the log that it concerns, where it concerns any: a look back goes on behind it."""
