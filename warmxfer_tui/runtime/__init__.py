"""The wiring: opens everything in the right order, and closes all of it, whatever happens in between."""

from __future__ import annotations

from warmxfer_tui.clock import SystemClock
from warmxfer_tui.runtime.session import Session
from warmxfer_tui.settings import Settings


def run_console(settings: Settings) -> int:
    """Open the console and return the exit status when it is closed. Raises `WarmxferError`."""
    from warmxfer_tui.app import Console

    return Console(lambda publisher: Session(settings, publisher), SystemClock().now_ms).run_to_the_end()
