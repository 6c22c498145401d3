"""How hard a property is tried: a little and always the same, or much and afresh (`-m proof`)."""

from __future__ import annotations

from hypothesis import settings


def examples(quick: int, thorough: int) -> settings:
    """`quick` stories in the default run, which repeats itself; `thorough` fresh ones in the proof tier."""
    return settings(max_examples=quick if settings().derandomize else thorough)
