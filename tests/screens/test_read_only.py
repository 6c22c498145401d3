"""A console on a desk that another one runs."""

from __future__ import annotations

from tests.core import stories
from tests.screens.behind import Behind, console, shown
from warmxfer_tui.app import WATCHES


async def test_a_console_that_only_shows_says_so_opens_no_dialog_and_can_always_be_left() -> None:
    behind = Behind(status=WATCHES)
    app = console(behind)
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.pause()
        assert WATCHES in shown(app, stories.consult().desk)
        for verb in ("dial", "keypad", "drop", "hold"):
            app.action_verb(verb)
        await pilot.pause()
        assert app.screen is app.base
        app.action_verb("quit")
        await pilot.pause()
    assert [intent.verb for intent in behind.pressed] == ["dial", "keypad", "drop", "hold", "quit"]
    assert app.return_code == 0
    assert behind.stopped == 1
