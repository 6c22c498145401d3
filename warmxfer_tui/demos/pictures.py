"""The README's pictures: marked moments of a story as the console draws them, the same bytes in every run."""

from __future__ import annotations

import os
import re
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Final

from textual.pilot import Pilot

from warmxfer_tui.app import Console
from warmxfer_tui.clock import run_jump
from warmxfer_tui.core.directory import Person
from warmxfer_tui.core.events import Pressed
from warmxfer_tui.demos.album import Page, desks

STORY: Final = "happy"
MOMENTS: Final = ("You talk with Ms Ortiz", "A word in private", "All three talk")
SIZE: Final = (100, 30)
FRAME_S: Final = 2.0
"""Virtual seconds in which every console has drawn what it was told."""


class Sitting:
    """A session in which nothing happens: the desk of a picture holds still."""

    region = "US"
    training = None
    guarded = False

    async def ready(self) -> str:
        """At once."""
        return "SIMULATOR"

    async def stop(self) -> None:
        """Nothing was opened."""

    def submit(self, intent: Pressed) -> None:
        """Nobody takes keys."""

    def people(self, verb: str) -> Sequence[Person]:
        """Nobody can be called."""
        return ()

    def pause(self) -> None:
        """Nothing goes on."""


def pictures() -> Mapping[str, str]:
    """Every picture's file name and SVG. Runs an event loop of its own, as `album.desks` does."""
    pages = {page[0]: page for page in desks(STORY)}
    with _in_utc():
        return {file_name(title): run_jump(drawn(pages[title])) for title in MOMENTS}


@contextmanager
def _in_utc() -> Iterator[None]:
    """The console shows the machine's own time of day; a picture must not depend on where it is made."""
    before = os.environ.get("TZ")
    os.environ["TZ"] = "UTC"
    time.tzset()
    try:
        yield
    finally:
        if before is None:
            del os.environ["TZ"]
        else:
            os.environ["TZ"] = before
        time.tzset()


def file_name(title: str) -> str:
    """A marked moment's file."""
    return f"{re.sub(r'[^a-z0-9]+', '-', title.lower()).strip('-')}.svg"


async def drawn(page: Page) -> str:
    """The console at a moment, as SVG. On a `clock.JumpLoop` it takes no time."""
    title, desk, now = page
    console = Console(lambda publisher: Sitting(), lambda: now)
    async with console.run_test(size=SIZE) as pilot:
        await _settled(pilot)
        console.publish(desk)
        await _settled(pilot)
        return console.export_screenshot(title=f"warmxfer: {title}", simplify=True)


async def _settled(pilot: Pilot[None]) -> None:
    await pilot.pause(FRAME_S)
