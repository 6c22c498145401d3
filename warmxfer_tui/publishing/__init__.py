"""The published desk: given out on a Unix socket as a WebSocket, a snapshot first, then numbered changes.

`publication` has the newest desk, and what leads a client to it; `server` gives it out, `client` follows it
and `status` is ``warmxfer status``. What is said on the socket stands at the head of `frames`.
"""

from __future__ import annotations

from pathlib import Path


def place_of(journal: Path) -> Path:
    """Where the desk of a journal's console is given out: beside the journal."""
    return journal.with_suffix(".sock")
