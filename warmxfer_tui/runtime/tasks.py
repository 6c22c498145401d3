"""What runs beside what, and ends with it."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Coroutine
from contextlib import AsyncExitStack
from typing import Any

_log = logging.getLogger(__name__)


def beside(stack: AsyncExitStack, work: Coroutine[Any, Any, object]) -> None:
    """Let something run until the stack is closed."""
    task = asyncio.create_task(work)

    async def end() -> None:
        task.cancel()
        await asyncio.wait([task])

    stack.push_async_callback(end)


async def first(*works: Coroutine[Any, Any, object]) -> None:
    """Run all of them until one has ended, and raise what that one raised; then none runs any more."""
    tasks = [asyncio.create_task(work) for work in works]
    ended: set[asyncio.Task[object]] = set()
    try:
        ended, _ = await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.wait(tasks)
    for task in tasks:
        failure = None if task.cancelled() else task.exception()
        if failure is not None and task in ended:
            raise failure
        if failure is not None:
            _log.error("what was broken off failed: %r", failure)
