"""Keypad, drop reason and quit dialog: each key of theirs, and none of any other's."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.screens.stage import HOSTILE, shown
from warmxfer_tui.core.advice import REASONS, Leave
from warmxfer_tui.screens.keypad import Key, Keypad
from warmxfer_tui.screens.leaving import Leaving
from warmxfer_tui.screens.reason import Reason
from warmxfer_tui.widgets.menu import Menu, window

ANY, HANDED_OVER = (Leave.STAY, Leave.DROP), (Leave.GO, Leave.STAY, Leave.DROP)


class Watch:
    """A clock that stands until it is set."""

    def __init__(self) -> None:
        self.seconds = 100.0

    def __call__(self) -> float:
        return self.seconds


async def test_each_digit_is_sent_at_once_and_echoed() -> None:
    sent: list[str] = []
    async with shown(Keypad("Maria", sent.append)) as (app, pilot):
        assert "Digits go to Maria" in "\n".join(app.picture)
        await pilot.press("1", "0", "asterisk", "number_sign")
        assert sent == ["1", "0", "*", "#"]
        assert "sent 10*#" in app.words
        await pilot.press("escape")
    assert app.answers == [None]


async def test_no_other_key_does_anything_on_the_keypad() -> None:
    sent: list[str] = []
    async with shown(Keypad("Maria", sent.append)) as (app, pilot):
        await pilot.press("x", "d", "enter", "space", "tab", "question_mark", "up", "plus")
        assert sent == app.answers == []


async def test_a_digit_may_be_clicked() -> None:
    sent: list[str] = []
    async with shown(Keypad("Maria", sent.append)) as (app, pilot):
        await pilot.click(app.dialog.query(Key)[4])
    assert sent == ["5"]


async def test_a_long_row_of_digits_shows_its_end() -> None:
    pad = Keypad("Maria", lambda digit: None)
    async with shown(pad) as (app, pilot):
        for digit in "1234567890" * 3:
            pad._press(digit)
        await pilot.pause()
        assert "sent …789012345678901234567890" in app.words
        assert "…789012345678901234567890" in "\n".join(app.picture)


@pytest.mark.parametrize("key", ["x", "enter"])
async def test_x_x_hangs_up_for_the_usual_reason(key: str) -> None:
    async with shown(Reason("Ms Ortiz")) as (app, pilot):
        assert "Hang up Ms Ortiz?" in "\n".join(app.picture)
        assert "▸ ended normally" in app.words
        await pilot.press(key)
    assert app.answers == ["ended normally"]


async def test_another_reason_is_chosen_with_the_arrows() -> None:
    async with shown(Reason("Ms Ortiz")) as (app, pilot):
        await pilot.press("down", "down", "x")
    assert app.answers == ["wrong number"]


async def test_the_list_of_reasons_ends_at_its_ends() -> None:
    async with shown(Reason("Ms Ortiz")) as (app, pilot):
        await pilot.press("up", *["down"] * 9, "enter")
    assert app.answers == [REASONS[-1]]


async def test_a_reason_may_be_clicked() -> None:
    async with shown(Reason("Ms Ortiz")) as (app, pilot):
        await pilot.click(Menu, offset=(4, 3))
    assert app.answers == ["abusive"]


async def test_escape_hangs_up_nobody() -> None:
    async with shown(Reason("Ms Ortiz")) as (app, pilot):
        await pilot.press("d", "s", "escape")
    assert app.answers == [None]


@pytest.mark.parametrize("key", ["escape", "s", "enter"])
async def test_staying_is_one_key(key: str) -> None:
    """ANY-8."""
    async with shown(Leaving(["Ms Ortiz", "Maria"], ANY, 2_000)) as (app, pilot):
        assert "Still on the line: Ms Ortiz, Maria." in app.words
        assert "▸ [s] stay" in app.words
        await pilot.press(key)
    assert app.answers == [Leave.STAY]


@pytest.mark.parametrize("key", ["l", "enter"])
async def test_those_who_were_handed_over_can_be_left_to_talk_on(key: str) -> None:
    async with shown(Leaving(["Ms Ortiz", "Maria"], HANDED_OVER, 2_000)) as (app, pilot):
        assert "▸ [l] leave" in app.words
        await pilot.press(key)
    assert app.answers == [Leave.GO]


async def test_a_guardian_can_be_left_in_charge_by_its_own_key_and_by_no_other() -> None:
    answers = (Leave.STAY, Leave.GUARDIAN, Leave.DROP)
    async with shown(Leaving(["Ms Ortiz"], answers, 2_000)) as (app, pilot):
        answer = "[g] leave the guardian in charge   customers stay on"
        assert any(answer in line for line in app.picture), "in one line"
        assert "▸ [s] stay" in app.words
        await pilot.press("g")
    assert app.answers == [Leave.GUARDIAN]


async def test_nobody_is_left_to_a_guardian_that_is_not_there() -> None:
    async with shown(Leaving(["Ms Ortiz"], ANY, 2_000)) as (app, pilot):
        assert "guardian" not in app.words
        await pilot.press("g")
        assert app.answers == []


async def test_nobody_else_is_left() -> None:
    async with shown(Leaving(["Ms Ortiz"], ANY, 2_000)) as (app, pilot):
        assert "[l]" not in app.words
        await pilot.press("l")
        assert app.answers == []


async def test_dropping_everybody_takes_two_presses_in_time() -> None:
    """I3."""
    watch = Watch()
    async with shown(Leaving(["Ms Ortiz"], ANY, 2_000, watch)) as (app, pilot):
        await pilot.press("d")
        assert "press d again within 2 s" in app.words
        assert app.answers == []
        watch.seconds += 2.0
        await pilot.press("d")
    assert app.answers == [Leave.DROP]


async def test_a_second_press_that_comes_too_late_asks_again() -> None:
    watch = Watch()
    async with shown(Leaving(["Ms Ortiz"], ANY, 2_000, watch)) as (app, pilot):
        await pilot.press("d")
        watch.seconds += 2.1
        await pilot.press("d")
        assert app.answers == []
        assert "press d again" in app.words
        await pilot.press("d")
    assert app.answers == [Leave.DROP]


async def test_many_names_leave_room_for_the_answers() -> None:
    async with shown(Leaving([f"Customer with a long name {n}" for n in range(40)], ANY, 2_000)) as (app, _):
        assert "drop everybody" in "\n".join(app.picture)


@settings(max_examples=5)
@given(who=HOSTILE, names=st.lists(HOSTILE, max_size=3))
async def test_outside_text_is_never_markup(who: str, names: list[str]) -> None:
    for dialog in (Keypad(who, lambda digit: None), Reason(who)):
        async with shown(dialog) as (app, _):
            assert len(app.picture) == 24
    async with shown(Leaving([who, *names], ANY, 2_000)) as (_, pilot):
        await pilot.click("Leaving Static", offset=(20, 0))  # a name that is a button would act


@given(*[st.integers(0, 50)] * 3, st.integers(1, 10))
def test_the_marked_entry_is_always_seen_and_no_room_is_wasted(
    top: int, at: int, count: int, height: int
) -> None:
    at = min(at, max(count - 1, 0))
    first = window(top, at, count, height)
    assert first <= at < first + height
    assert 0 <= first <= max(count - height, 0)
