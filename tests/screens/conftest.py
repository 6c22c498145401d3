"""Screens are tested on a clock that jumps over their waiting; and the fixture `snap` for each of them."""

from __future__ import annotations

from asyncio import AbstractEventLoop
from collections.abc import Callable, Mapping

from warmxfer_tui.clock import JumpLoop

from .snap import snap

__all__ = ["snap"]


def pytest_asyncio_loop_factories() -> Mapping[str, Callable[[], AbstractEventLoop]]:
    """A Pilot waits some 60 ms for each key, and waiting is free on such a loop."""
    return {"jump": JumpLoop}
