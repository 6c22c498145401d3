"""What a trainer sees of the faults that a simulator has on request: palette entries, and what is on."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import partial
from typing import Protocol

from textual.app import SystemCommand


class Training(Protocol):
    """What can be let go wrong (`runtime.trainer`)."""

    drills: Mapping[str, str]
    """By name, in words."""

    def begin(self, name: str) -> None:
        """Let it go wrong from now on."""

    def end(self) -> None:
        """Let everything work again."""

    def follow(self, show: Callable[[Sequence[str]], None]) -> None:
        """Have the names of what is on shown, now and whenever that changes."""


def commands_of(training: Training | None, faults: Sequence[str]) -> Iterable[SystemCommand]:
    """What can be let go wrong. The palette is sorted by title: they come behind every verb."""
    if training is None:
        return
    for name, words in training.drills.items():
        on = "ON. " if name in faults else ""
        yield SystemCommand(f"with a fault: {name}", f"{on}{words}", partial(training.begin, name))
    yield SystemCommand("without faults", "Everything works again.", training.end)


def badge_of(status: str, faults: Sequence[str]) -> str:
    """What the header says; in the place of "SIMULATOR", so that how late webhooks are still has room."""
    return "FAULTS ON" if faults else status


def caption_of(faults: Sequence[str]) -> str:
    """What the line above the footer says; nothing while everything works."""
    return f"! FAULTS ON: {', '.join(faults)}" if faults else ""
