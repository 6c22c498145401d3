"""One telling of a story on virtual time, from beginning to end, printed line by line: how it went."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Mapping, Sequence

from warmxfer_tui.clock import JumpClock, JumpError, run_jump
from warmxfer_tui.demos.observe import Account
from warmxfer_tui.demos.story import Story
from warmxfer_tui.demos.teller import Row, Unheld, tell

LIMIT_S = 3_600.0
"""Virtual seconds after which a story that does not come to its end has failed."""


def perform(story: Story, world: Mapping[str, str]) -> bool:
    """Tell a story in one world and print it; return whether it held."""
    # When a telling breaks off, connections do too: aiohttp would tell of that between the lines.
    logging.getLogger("aiohttp").addHandler(logging.NullHandler())
    print(heading(story, world))
    try:
        moments = _told(story, world)
    except Unheld as unheld:
        print(f"\nNOT AS TOLD, {story.name}.story, {unheld.what}")
        print(*table(unheld.rows), sep="\n")
        return False
    except JumpError as failure:
        print(f"\nNOT TOLD TO ITS END, {story.name}.story: {failure}")
        return False
    print(f"\nHELD: {len(moments)} moments, believed and true; no customer was left in silence.\n")
    return True


def _told(story: Story, world: Mapping[str, str]) -> Sequence[Account]:
    async def on_virtual_time() -> Sequence[Account]:
        return await tell(story, JumpClock(asyncio.get_running_loop()), print, world=world)

    return run_jump(on_virtual_time(), limit_s=LIMIT_S)


def heading(story: Story, world: Mapping[str, str]) -> str:
    """What is told, and in which world."""
    return story.title + "".join(f" ({knob} = {value})" for knob, value in world.items())


def table(rows: Sequence[Row]) -> list[str]:
    """What is told, believed and true of each subject, side by side."""
    if not rows:
        return []
    cells = [("", "the story says", "believed", "true")]
    cells += [(row.subject, row.said, row.believed, row.true) for row in rows]
    widths = [max(len(line[column]) for line in cells) for column in range(4)]
    return [
        "  ".join(f"{text:<{width}}" for text, width in zip(line, widths, strict=True)).rstrip()
        for line in cells
    ]
