"""The wiring: opens everything in the right order, and closes all of it, whatever happens in between."""

from __future__ import annotations

from collections.abc import Callable

from warmxfer_tui.clock import SystemClock
from warmxfer_tui.runtime.session import Session
from warmxfer_tui.settings import Settings


def run_console(settings: Settings, hide: Callable[[str], None]) -> int:
    """Open the console and return the exit status when it is closed. Raises `WarmxferError`.

    ``hide`` is told every secret that the run learns on its way: none may get into the log.
    """
    from warmxfer_tui.app import Console

    return Console(
        lambda publisher: Session(settings, publisher, hide), SystemClock().now_ms
    ).run_to_the_end()
