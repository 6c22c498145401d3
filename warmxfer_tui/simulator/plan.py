"""When a planned fault hits: by script (the second one that fits, three times) or by dice of its own.

A plan is a list. Whatever is about to happen is shown to it, and the first entry that fits and hits decides.
A scripted entry that is still to be skipped decides too, that nothing happens; dice that miss leave the
matter to the entries behind them.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import count
from typing import Generic, TypeVar


@dataclass(frozen=True, slots=True, kw_only=True)
class Planned:
    """When something that is planned happens, and what the plan calls it."""

    skip: int = 0
    """Fitting ones that pass untouched before the first one is hit."""
    times: int | None = 1
    """Fitting ones that are hit, one after another; None for all of them until it is switched off."""
    chance: float = 1.0
    """Share of the fitting ones that are hit, above 0 and up to 1."""
    seed: int | None = None
    """Of its dice: the same seed hits the same ones. None takes the plan's."""
    for_s: float | None = None
    """Seconds after which it is over, whatever is left of it; None for no end."""
    name: str = ""
    """What lists call it; what one switch has planned has one name. Empty for what it does, in words."""

    @property
    def words(self) -> str:
        """What it does, for a list that a person reads."""
        return self.name


P = TypeVar("P", bound=Planned)


@dataclass(slots=True)
class Entry(Generic[P]):
    """One planned thing and how far it is."""

    id: int
    """Its number, unique in the simulator."""
    planned: P
    dice: random.Random
    skip: int
    """Fitting ones that are still to pass."""
    left: int | None
    """Fitting ones that are still to be hit, None for no end."""
    until_us: int | None
    """When it is over, UTC microseconds."""
    hits: int = 0
    """Those that were hit."""


class Plan(Generic[P]):
    """What is planned, in the order of its planning. Empty by default: nothing goes wrong by itself."""

    def __init__(self, now_us: Callable[[], int], ids: Iterator[int] | None = None, seed: int = 0) -> None:
        self._now_us = now_us
        self._ids = ids if ids is not None else count(1)
        self._seed = seed
        self._entries: list[Entry[P]] = []

    def add(self, planned: P) -> int:
        """Plan one more, and return its number."""
        number = next(self._ids)
        seed = planned.seed if planned.seed is not None else self._seed * 1_000_003 + number
        over = None if planned.for_s is None else self._now_us() + round(planned.for_s * 1_000_000)
        dice = random.Random(seed)  # noqa: S311 - repeatable, not a secret
        self._entries.append(Entry(number, planned, dice, planned.skip, planned.times, over))
        return number

    def remove(self, number: int) -> bool:
        """Switch one off; False if it is not planned."""
        kept = [entry for entry in self.entries if entry.id != number]
        found = len(kept) < len(self._entries)
        self._entries = kept
        return found

    def clear(self) -> int:
        """Switch everything off, and return how many there were."""
        found = len(self.entries)
        self._entries = []
        return found

    @property
    def entries(self) -> tuple[Entry[P], ...]:
        """What is still to come."""
        now = self._now_us() if any(entry.until_us is not None for entry in self._entries) else 0
        self._entries = [entry for entry in self._entries if entry.until_us is None or now < entry.until_us]
        return tuple(self._entries)

    def take(self, fits: Callable[[P], bool]) -> P | None:
        """Return what hits this one, if anything does, and count it."""
        for entry in self.entries:
            if not fits(entry.planned):
                continue
            if entry.skip > 0:
                entry.skip -= 1
                return None
            if entry.planned.chance < 1 and entry.dice.random() >= entry.planned.chance:
                continue
            entry.hits += 1
            if entry.left is not None:
                entry.left -= 1
                if entry.left <= 0:
                    self._entries.remove(entry)
            return entry.planned
        return None
