"""The directory: everybody who can be called by name."""

from __future__ import annotations

from dataclasses import dataclass

from warmxfer_tui.core.terms import Number


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody who can be called."""

    name: str
    number: Number
    team: str = ""
