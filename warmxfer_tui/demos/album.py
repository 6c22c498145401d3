"""What the console believed at each marked moment of a story, for snapshots and pictures."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence

from warmxfer_tui.clock import JumpClock, run_jump
from warmxfer_tui.core.model import Desk
from warmxfer_tui.demos import load
from warmxfer_tui.demos.observe import Account
from warmxfer_tui.demos.performance import LIMIT_S
from warmxfer_tui.demos.stage import Stage, set_up
from warmxfer_tui.demos.story import Moment, Story
from warmxfer_tui.demos.teller import Director, play

Page = tuple[str, Desk, int]
"""The title of a marked moment, what is believed at it, and its time in UTC milliseconds."""


class _Collector(Director):
    """Plays at once and keeps the desk of every marked moment."""

    def __init__(self, stage: Stage) -> None:
        self._stage = stage
        self.pages: list[Page] = []

    def held(self, moment: Moment, account: Account) -> None:
        self.pages.append((moment.title, self._stage.desk, self._stage.clock.now_ms()))


def desks(story: Story | str) -> Sequence[Page]:
    """Play a story, by name or as it was read, on virtual time and in its first world; return its moments.

    The same in every run. It runs an event loop of its own: call it where none is running, as from a fixture
    or a test that is no coroutine. Raises `Unheld` at the first thing that is not as the story says, and what
    `load` raises.
    """
    told = load(story) if isinstance(story, str) else story

    async def collected() -> Sequence[Page]:
        clock = JumpClock(asyncio.get_running_loop())
        async with set_up(told, clock, lambda scene: None, world=told.world) as stage:
            collector = _Collector(stage)
            await play(stage, collector)
        return tuple(collector.pages)

    return run_jump(collected(), limit_s=LIMIT_S)
