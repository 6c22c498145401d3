"""Every story's marked moments, as the console tells them in words: 80 columns, one file to read."""

from __future__ import annotations

import pytest
from syrupy.assertion import SnapshotAssertion

from tests.screens.behind import Behind, console, shown
from warmxfer_tui.clock import run_jump
from warmxfer_tui.demos import names
from warmxfer_tui.demos.album import Page, desks


async def _told(pages: list[Page]) -> str:
    told = []
    for title, desk, now in pages:
        app = console(Behind(), now)
        async with app.run_test(size=(80, 24)) as pilot:
            await pilot.pause(0.2)
            app.publish(desk)
            app.base.draw()
            await pilot.pause(0.2)
            told.append(f"== {title} ==\n{shown(app, desk)}")
    return "\n\n".join("\n".join(line.rstrip() for line in page.splitlines()) for page in told)


@pytest.mark.parametrize("story", names())
def test_the_moments_of_a_story_read_as_they_were_accepted(story: str, snapshot: SnapshotAssertion) -> None:
    assert run_jump(_told(list(desks(story)))) == snapshot
