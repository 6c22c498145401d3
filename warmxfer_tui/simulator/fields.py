"""The fields of a request to the control surface: each of its type and within its bounds, or a clear 422."""

from __future__ import annotations

import math
from collections.abc import Collection, Mapping
from typing import TypeAlias, TypeVar

from warmxfer_tui.simulator.api import Refused

Body: TypeAlias = Mapping[str, object]
T = TypeVar("T")

#: The largest number that a field may hold: milliseconds of more than eleven days.
LARGEST = 1_000_000_000


def only(body: Body, names: Collection[str]) -> None:
    """Raise `Refused` when the body holds anything else: a misspelt field would plan something else."""
    if strange := sorted(set(body) - set(names)):
        raise wrong(strange[0][:40], f"left out; what there is: {', '.join(names)}")


def text(body: Body, name: str, default: str | None = None) -> str:
    """Return a text; raise `Refused` when it is missing or of another type."""
    return _get(body, name, str, default)


def number(body: Body, name: str, default: int | None, least: int = 0, greatest: int = LARGEST) -> int:
    """Return a whole number within bounds; raise `Refused` for anything else."""
    value = _get(body, name, int, default)
    if isinstance(value, bool) or not least <= value <= greatest:
        raise wrong(name, f"a whole number from {least} to {greatest}")
    return value


def optional(body: Body, name: str, least: int, greatest: int = LARGEST) -> int | None:
    """Return a whole number within bounds, None where it is absent or null."""
    return None if body.get(name) is None else number(body, name, None, least, greatest)


def share(body: Body, name: str) -> float:
    """Return a share above 0 and up to 1, 1 where it is absent; raise `Refused` for anything else."""
    value = body.get(name, 1)
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise wrong(name, "a number above 0 and up to 1")
    if not (math.isfinite(value) and 0 < value <= 1):
        raise wrong(name, "a number above 0 and up to 1")
    return float(value)


def choice(body: Body, name: str, choices: Mapping[str, T]) -> T:
    """Return what a text stands for; raise `Refused` with all of them when it stands for nothing."""
    value = text(body, name)
    if value not in choices:
        raise wrong(name, f"one of {', '.join(choices)}")
    return choices[value]


def wrong(name: str, wanted: str) -> Refused:
    """Return the refusal of a value (telnyx-facts §1.4)."""
    return Refused(422, "10015", "Invalid value", f"{name} must be {wanted}.")


def _get(body: Body, name: str, kind: type[T], default: T | None) -> T:
    value = body.get(name, default)
    if value is None:
        raise Refused(422, "10004", "Missing required parameter", f"{name} is missing.")
    if not isinstance(value, kind):
        raise wrong(name, f"of type {kind.__name__}")
    return value
