"""A test of the core that fails shows its story."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.core.story import LATEST


@pytest.fixture(autouse=True)
def _tell_the_story() -> Iterator[None]:
    LATEST.clear()
    yield
    for story in LATEST:
        print("\n".join(story.story or ()))
        print(*(f"{n.at % 10_000_000:>8} {n.level}: {n.text}" for n in story.desk.notices), sep="\n")
