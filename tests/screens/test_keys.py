"""Every key in every state: what is asked, what is handed over, and on which leg (behaviour §2, §3.19)."""

from __future__ import annotations

from itertools import chain

import pytest

from tests.core import stories
from tests.screens.behind import Behind, console
from warmxfer_tui.core.advice import leg_of
from warmxfer_tui.core.terms import LegId
from warmxfer_tui.core.verbs import VERBS
from warmxfer_tui.core.view import panels

SIZE = (80, 24)


async def test_a_twin_works_while_letters_are_typed_unless_it_would_open_a_second_dialog() -> None:
    story = stories.talk()
    behind = Behind()
    app = console(behind, story.now)
    async with app.run_test(size=SIZE) as pilot:
        await pilot.pause()
        app.publish(story.desk)
        await pilot.press("c", "h", "f5", "f4")
        assert type(app.screen).__name__ == "Picker"
        assert len(app.screen_stack) == 2
    assert [(intent.verb, intent.leg) for intent in behind.pressed] == [("hold", "c1.C")]


async def test_a_key_that_is_off_is_handed_over_all_the_same_so_that_the_desk_says_why() -> None:
    story = stories.ring()
    behind = Behind()
    app = console(behind, story.now)
    async with app.run_test(size=SIZE) as pilot:
        await pilot.pause()
        app.publish(story.desk)
        await pilot.press("m")
    assert [intent.verb for intent in behind.pressed] == ["merge"]
    story.key("merge")
    assert story.told("merge: the call is still ringing")


async def test_a_customer_is_hung_up_by_x_twice_with_a_reason() -> None:
    story = stories.talk()
    behind = Behind()
    app = console(behind, story.now)
    async with app.run_test(size=SIZE) as pilot:
        await pilot.pause()
        app.publish(story.desk)
        await pilot.press("x", "x")
        await pilot.pause()
    assert [(i.verb, i.leg, i.text) for i in behind.pressed] == [("drop", "c1.C", "ended normally")] * 2


async def test_a_consult_calls_whom_the_picker_named() -> None:
    story = stories.talk()
    behind = Behind()
    app = console(behind, story.now)
    async with app.run_test(size=SIZE) as pilot:
        await pilot.pause()
        app.publish(story.desk)
        await pilot.press("c", "enter")
        await pilot.pause()
    (intent,) = behind.pressed
    assert (intent.verb, intent.name, intent.leg) == ("consult", "Maria", "c1.C")
    assert intent.number is not None
    assert intent.number.e164 == "+12025550110"


async def test_the_keypad_sends_each_digit_to_the_leg_of_its_title() -> None:
    story = stories.consult()
    behind = Behind()
    app = console(behind, story.now)
    async with app.run_test(size=SIZE) as pilot:
        await pilot.pause()
        app.publish(story.desk)
        await pilot.press("k", "4", "2", "escape")
    assert [(i.verb, i.leg, i.text) for i in behind.pressed] == [
        ("keypad", "c1.B1", "4"),
        ("keypad", "c1.B1", "2"),
    ]


async def test_quitting_with_nobody_on_the_line_leaves_at_once() -> None:
    behind = Behind()
    app = console(behind)
    async with app.run_test(size=SIZE) as pilot:
        await pilot.pause()
        await pilot.press("ctrl+q")
    assert [intent.verb for intent in behind.pressed] == ["quit"]
    assert behind.stopped == 1


async def test_quitting_with_somebody_on_the_line_asks_and_stays_by_default() -> None:
    story = stories.talk()
    behind = Behind()
    app = console(behind, story.now)
    async with app.run_test(size=SIZE) as pilot:
        await pilot.pause()
        app.publish(story.desk)
        await pilot.press("ctrl+q", "ctrl+q", "escape")
        assert app.screen is app.base
        assert not app._exit
        assert behind.pressed == []
        await pilot.press("ctrl+q", "d", "d")
        await pilot.pause()
    assert [intent.text for intent in behind.pressed] == ["drop", "drop", "drop"]
    assert behind.stopped == 1


async def test_the_full_stop_pauses_what_runs_behind() -> None:
    behind = Behind()
    async with console(behind).run_test(size=SIZE) as pilot:
        await pilot.pause()
        await pilot.press("full_stop")
    assert behind.paused == 1


async def test_digits_and_brackets_focus_a_panel() -> None:
    story = stories.three()
    behind = Behind()
    app = console(behind, story.now)
    async with app.run_test(size=SIZE) as pilot:
        await pilot.pause()
        app.publish(story.desk)
        await pilot.press("3", "9", "right_square_bracket")
    legs = [row.leg for row in panels(story.desk)]
    assert [(i.verb, i.leg) for i in behind.pressed] == [("aim", legs[2]), ("aim", legs[0])]


async def test_the_palette_has_every_verb_and_says_why_one_is_off() -> None:
    app = console(Behind())
    async with app.run_test(size=SIZE) as pilot:
        await pilot.pause()
        commands = {command.title: command.help for command in app.get_system_commands(app.screen)}
    assert {verb.title for verb in VERBS} <= commands.keys()
    assert commands["merge"].startswith("off: ")
    assert not commands["quit"].startswith("off: ")


@pytest.mark.parametrize(("key", "screen"), [
    ("ctrl+p", "CommandPalette"), ("f2", "CommandPalette"), ("colon", "CommandPalette"),
    ("question_mark", "HelpScreen"), ("f1", "HelpScreen"),
])  # fmt: skip
async def test_help_and_palette_open_by_each_of_their_keys(key: str, screen: str) -> None:
    app = console(Behind())
    async with app.run_test(size=SIZE) as pilot:
        await pilot.pause()
        await pilot.press(key)
        assert type(app.screen).__name__ == screen
        await pilot.press("escape")
        assert app.screen is app.base


def test_a_leg_that_changed_under_the_hands_is_not_acted_on() -> None:
    story = stories.consult()
    seen = leg_of(story.desk, "complete")
    assert seen == LegId("c1.B1")
    story.key("back")
    story.until(story.call.state)
    story.key("consult", "+12025550118")
    story.run(lambda pair: pair.desk.legs.get(LegId("c1.B2")) is not None)
    story.fresh()
    story.key("back", leg=str(seen))
    assert story.told("has changed under your hands")
    assert list(chain(story.asked_for("Hangup"), story.asked_for("Unhold"))) == []
