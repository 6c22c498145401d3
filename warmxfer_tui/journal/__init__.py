"""What was received and what was done about it, on disk: SQLite with a write-ahead log (`design.md` §3.6).

`sqlite` is the journal that the engine and the listener write; `reading` reads one back, also while it is
written; `export` is ``warmxfer history``.
"""

from __future__ import annotations

from pathlib import Path

from warmxfer_tui.paths import state_folder


def journal_file(*, simulated: bool) -> Path:
    """The journal of the account's calls, or that of the simulator's, in the state folder.

    Two files: what is folded from one must never be taken for the other's calls.
    """
    return state_folder() / ("simulator.db" if simulated else "journal.db")
