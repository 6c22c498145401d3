"""A live demo on a terminal, at its human pace: whole at every moment, and all is put back afterwards."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import pytest

from tests.demos.test_frames import half_drawn

from .proving import END_S, ROOT, START_S
from .terminal import Terminal

pytestmark = [pytest.mark.proof, pytest.mark.timeout(90)]

STORY = "customer-leaves"
PLAYS_S = 50.0
STILL_S = 0.01
"""The terminal's picture is judged when nothing has come for so long: in between a frame is on its way."""


def test_a_story_plays_on_a_terminal_without_a_moment_that_is_blank_or_half_drawn(tmp_path: Path) -> None:
    environment = {
        "PATH": os.environ["PATH"],
        "TERM": "xterm-256color",
        "HOME": str(tmp_path),
        "LANG": "C.UTF-8",
        "PYTHONPATH": str(ROOT),
    }
    command = [sys.executable, "-m", "warmxfer_tui", "demo", STORY]
    seen: list[str] = []
    with Terminal(command, environment, tmp_path) as terminal:
        terminal.until(lambda: "warmxfer" in terminal.shown(), START_S, "the console comes")

        def told() -> bool:
            before = terminal.changed_at
            terminal.read(STILL_S)
            if terminal.changed_at == before:
                picture = terminal.lines()
                assert half_drawn(picture) == [], "\n".join(picture)
                if not seen or seen[-1] != terminal.shown():
                    seen.append(terminal.shown())
            return "HELD: " in terminal.shown()

        terminal.until(told, PLAYS_S, "the story is told")
        terminal.press("ctrl+q")
        assert terminal.end(END_S) == 0
        assert terminal.scars() == []
    assert len(seen) > 20, "it was looked at while it played"
    assert any("next: " in picture for picture in seen), "who does what is announced"
