"""A row that is not proved shows the story that broke it."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.core.stories import LATEST


@pytest.fixture(autouse=True)
def _tell_the_story() -> Iterator[None]:
    LATEST.clear()
    yield
    for story in LATEST:
        print("\n".join(story.story or ()))
        print(*(f"{n.at % 10_000_000:>8} {n.level}: {n.text}" for n in story.desk.notices), sep="\n")
