"""The one line in which a live demo speaks to its audience."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Final

from warmxfer_tui.text import clean

LONGEST: Final = 240
"""Characters of a caption; the console cuts what its width has no room for."""
PAUSED: Final = "paused: [.] goes on"
NO_KEYS: Final = "this is a demo: [.] pauses it, ctrl+q leaves"
NO_KEYS_PAUSED: Final = "this is a demo, paused: [.] goes on, ctrl+q leaves"


class Captions:
    """What is to be read now: what the story says, that it is paused, or the answer to a key.

    `answer_s` is how many seconds an answer stands, unless the story says something new meanwhile.
    """

    def __init__(self, show: Callable[[str], None], answer_s: float) -> None:
        self._show = show
        self._answer_s = answer_s
        self._said = ""
        self._paused = False
        self._over = False
        self._answering: asyncio.TimerHandle | None = None

    def say(self, text: str) -> None:
        """Show something new at once; while paused, when the story goes on."""
        self._said = clean(text, LONGEST)
        self._settle()

    def count(self, text: str) -> None:
        """Show the same with another number: an answer to a key stands meanwhile."""
        self._said = clean(text, LONGEST)
        if self._answering is None:
            self._settle()

    def pause(self, paused: bool) -> None:
        """Show that the story is held, or what it said last."""
        self._paused = paused
        self._settle()

    def answer(self) -> None:
        """Say for a while that keys do nothing here; the end of a story is not talked over."""
        if self._over:
            return
        self._settle()
        self._answering = asyncio.get_running_loop().call_later(self._answer_s, self._settle)
        self._show(NO_KEYS_PAUSED if self._paused else NO_KEYS)

    def end(self, text: str) -> None:
        """Show the last words; they stay, and nothing is paused any more."""
        self._over, self._paused = True, False
        self.say(text)

    def close(self) -> None:
        """Show nothing more."""
        if self._answering is not None:
            self._answering.cancel()
            self._answering = None

    def _settle(self) -> None:
        self.close()
        self._show(PAUSED if self._paused else self._said)
