"""The file of colleagues: a line each, ``name, number``; ``#`` begins a remark."""

from __future__ import annotations

from dataclasses import dataclass

from warmxfer_tui.text import clean


@dataclass(frozen=True, slots=True)
class Target:
    """One line of the file."""

    place: int
    """Its number in the file, from 1: where a person looks for what is wrong with it."""
    name: str
    """May be empty; may hold commas, for the last one of the line stands before the number."""
    number: str
    """As the user wrote it."""


def targets_in(text: str) -> tuple[Target, ...]:
    """The lines that say something, in their order."""
    targets: list[Target] = []
    for place, line in enumerate(text.splitlines(), start=1):
        if entry := line.partition("#")[0].strip():
            name, _, number = entry.rpartition(",")
            targets.append(Target(place, clean(name), number.strip()))
    return tuple(targets)
