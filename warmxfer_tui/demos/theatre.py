"""The console on a demo's stage, from its first frame to the exit status.

What plays the story is imported behind the first frame: the network libraries take 0.3 s (budgets §4).
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from warmxfer_tui.app import Console
from warmxfer_tui.clock import JumpClock, SystemClock
from warmxfer_tui.demos.story import Story
from warmxfer_tui.log import FILE_NAME, logging_to
from warmxfer_tui.paths import state_folder
from warmxfer_tui.ports import Publisher

if TYPE_CHECKING:
    from warmxfer_tui.demos.live import Ending, Playing


def show(story: Story) -> int:
    """Play a story in the console; return the exit status: 0 only if it was played to its end and held.

    What did not hold is printed once the screen is closed. Raises `WarmxferError` when it could not begin.
    """
    console, ending = opened(story, SystemClock())
    # The stage's keys are the same in every demo, and open nothing but this one: they are no secrets.
    with logging_to(state_folder() / FILE_NAME):
        status = console.run_to_the_end()
    return status or report(story, ending())


def opened(story: Story, clock: JumpClock | SystemClock) -> tuple[Console, Callable[[], Ending | None]]:
    """A console that plays a story when it is run, and what tells how that went: None before its end."""
    played: list[Playing] = []

    def start(_publisher: Publisher) -> Playing:
        from warmxfer_tui.demos.live import Playing

        played.append(Playing(story, console, clock=clock))
        return played[0]

    console = Console(start, clock.now_ms)
    return console, lambda: played[0].ending if played else None


def report(story: Story, ending: Ending | None) -> int:
    """Print how it went, and return the exit status."""
    from warmxfer_tui.demos.performance import heading, table

    print(heading(story, story.world))
    print(ending.text if ending else "LEFT before its end.", *table(ending.rows if ending else ()), sep="\n")
    return 0 if ending and ending.held else 1
