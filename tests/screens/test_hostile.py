"""Text from outside is harmless in every widget of the console, in help and in the palette (style §3f).

The dialogs have tests of their own beside what else is tested of them.
"""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.core import stories
from tests.screens.behind import Behind, console, shown
from tests.screens.stage import HOSTILE as RAW
from warmxfer_tui.core.actions import Off
from warmxfer_tui.core.advice import Help
from warmxfer_tui.core.model import Desk
from warmxfer_tui.core.terms import Number
from warmxfer_tui.core.verbs import VERBS
from warmxfer_tui.screens.help import HelpScreen


async def test_hostile_names_and_words_are_harmless_in_every_line() -> None:
    hostile = "[@click=app.verb('quit')]x[/] [/nonsense]"
    story = stories.two_calls()
    legs = {
        leg.id: replace(leg, name=hostile, number=Number("", hostile)) for leg in story.desk.legs.values()
    }
    notices = tuple(replace(notice, text=hostile) for notice in story.desk.notices)
    app = console(Behind(), story.now)
    async with app.run_test(size=(120, 36)) as pilot:
        seen = shown(app, replace(story.desk, legs=legs, notices=notices))
        await pilot.pause()
        assert hostile[:29] in seen
        for y in range(1, 12, 3):
            await pilot.click(offset=(12, y))
        assert app.is_running


@settings(max_examples=8)
@given(st.lists(RAW, min_size=6, max_size=6))
async def test_hostile_text_is_harmless_in_every_widget_of_the_console(texts: list[str]) -> None:
    """Names, numbers, notices, badge, idle words, caption, also uncleaned; what could act is clicked."""
    name, words, notice, badge, idle, caption = texts
    story = stories.two_calls()
    legs = {leg.id: replace(leg, name=name, number=Number("+1", words)) for leg in story.desk.legs.values()}
    told = tuple(replace(one, text=notice) for one in story.desk.notices)
    behind = Behind()
    app = console(behind, story.now)
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.pause()
        app.base.tell(badge=badge, idle=idle, caption=caption)
        for desk in (replace(story.desk, legs=legs, notices=told), Desk()):
            shown(app, desk)
            await pilot.pause()
            for y in (0, 2, 4, 8, 21, 22):
                await pilot.click(offset=(20, y))
        assert app.is_running
    assert [intent.verb for intent in behind.pressed if intent.verb == "quit"] == []


@settings(max_examples=4)
@given(RAW)
async def test_hostile_reasons_are_harmless_in_help_and_palette(text: str) -> None:
    app = console(Behind())
    off = {verb.name: Off(text) for verb in VERBS}
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("warmxfer_tui.core.advice.allowed", lambda desk: off)
        async with app.run_test(size=(80, 24)) as pilot:
            await pilot.pause()
            await pilot.press("f2", "a")
            await pilot.pause(1)
            assert type(app.screen).__name__ == "CommandPalette"
            await pilot.press("escape")
            await app.push_screen(HelpScreen([Help(text, text, text, text)], text))
            # A pause ends when this process is idle: on a busy machine before the sheet is laid out.
            while not app.screen.children[0].region:
                await pilot.pause()
            await pilot.click(offset=(20, 11))
            assert type(app.screen).__name__ == "HelpScreen"
