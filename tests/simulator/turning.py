"""Running a test at each alternative of a knob, and keeping count of what is covered."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any, TypeVar

import pytest

from warmxfer_tui.simulator.world import Knobs

from .scene import Scene

T = TypeVar("T", bound=Callable[..., None])
covered: dict[str, set[object]] = {}


def turned(knob: str, *values: object) -> Callable[[T], T]:
    """Run a test at each of these values of a knob, as its argument `value`."""
    covered.setdefault(knob, set()).update(values)
    return pytest.mark.parametrize("value", values, ids=[f"{knob}={value}" for value in values])


def scene_with(**knobs: Any) -> Scene:
    return Scene(replace(Knobs(), **knobs))
