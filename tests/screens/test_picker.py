"""The picker: what Enter, arrows, Esc and the mouse do, and that letters are letters in it."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from textual.content import Content
from textual.pilot import Pilot

from tests.screens.stage import COSTLY, HOSTILE, MARIA, PEOPLE, TOM, Stage, person, shown
from warmxfer_tui.core.directory import Person
from warmxfer_tui.core.terms import Number, NumberKind
from warmxfer_tui.offers import Entry
from warmxfer_tui.screens import picker as screens_picker
from warmxfer_tui.screens.picker import Choice, Picker, Query
from warmxfer_tui.widgets.menu import Menu


def picker(*people: Person) -> Picker:
    return Picker("Consult: whom?", people or PEOPLE, "US")


async def write(app: Stage, pilot: Pilot[None], text: str) -> None:
    app.dialog.query_one(Query).value = text
    await pilot.pause()


async def test_enter_at_once_calls_the_first() -> None:
    async with shown(picker()) as (app, pilot):
        assert "▸ Maria Lopez" in app.words
        assert "Enter calls Maria Lopez: +1 202-555-0110" in app.words
        await pilot.press("enter")
    assert app.answers == [Choice(MARIA.number, "Maria Lopez", sure=False)]


async def test_the_arrows_choose_while_the_search_line_keeps_the_focus() -> None:
    async with shown(picker()) as (app, pilot):
        await pilot.press("down", "down", "up")
        assert isinstance(app.focused, Query)
        assert "▸ Tom" in app.words
        await pilot.press("enter")
    assert app.answers == [Choice(TOM.number, "Tom", sure=False)]


async def test_escape_calls_nobody() -> None:
    async with shown(picker()) as (app, pilot):
        await pilot.press("escape")
    assert app.answers == [None]


async def test_letters_and_spaces_are_text() -> None:
    """Below, each of them is a key with priority (behaviour §2, "Traps")."""
    async with shown(picker()) as (app, pilot):
        await pilot.press("x", "space", "q", "1", "question_mark")
        assert app.dialog.query_one(Query).value == "x q1?"
    assert app.answers == []


async def test_a_typed_number_is_shown_back_and_called() -> None:
    async with shown(picker()) as (app, pilot):
        await write(app, pilot, "(202) 555-0199")
        assert "▸ call +1 202-555-0199" in app.words
        await pilot.press("enter")
    assert app.answers == [Choice(Number("+12025550199", "+1 202-555-0199"), "", sure=False)]


async def test_enter_on_a_number_that_cannot_be_only_says_why() -> None:
    async with shown(picker()) as (app, pilot):
        await write(app, pilot, "202-555-011")
        await pilot.press("enter", "enter")
        assert "✗ '202-555-011' cannot be dialled: it is too short" in app.words
        assert app.answers == []
        await pilot.press("down", "enter")  # chosen on purpose
    assert app.answers == [Choice(MARIA.number, "Maria Lopez", sure=False)]


async def test_a_premium_number_takes_a_second_enter() -> None:
    async with shown(picker(COSTLY)) as (app, pilot):
        await pilot.press("enter")
        assert "this number costs extra: Enter again calls it" in app.words
        assert app.answers == []
        await pilot.press("enter")
    assert app.answers == [Choice(COSTLY.number, "Costly", sure=True)]


async def test_an_emergency_number_takes_a_second_enter() -> None:
    async with shown(picker()) as (app, pilot):
        await write(app, pilot, "911")
        await pilot.press("enter")
        assert "! 911 reaches the emergency services" in app.words
        await pilot.press("enter")
    assert app.answers == [Choice(Number("911", "911", NumberKind.EMERGENCY), "", sure=True)]


async def test_a_question_is_forgotten_when_anything_else_is_chosen_or_typed() -> None:
    async with shown(picker(COSTLY, TOM)) as (app, pilot):
        await pilot.press("enter", "down", "up", "enter")
        assert app.answers == []
        await write(app, pilot, "cos")
        await pilot.press("enter")
        assert app.answers == []
        assert "Enter again" in app.words


async def test_what_was_typed_a_moment_ago_is_what_enter_calls() -> None:
    async with shown(picker()) as (app, pilot):
        with app.dialog.prevent(Query.Changed):
            await write(app, pilot, "tom")
        await pilot.press("enter")
    assert app.answers == [Choice(TOM.number, "Tom", sure=False)]


async def test_a_click_calls() -> None:
    async with shown(picker()) as (app, pilot):
        await pilot.click(Menu, offset=(4, 1))
    assert app.answers == [Choice(TOM.number, "Tom", sure=False)]


async def test_a_click_on_a_premium_number_asks() -> None:
    async with shown(picker()) as (app, pilot):
        await pilot.click(Menu, offset=(4, 3))
        assert app.answers == []
        await pilot.click(Menu, offset=(4, 3))
    assert app.answers == [Choice(COSTLY.number, "Costly", sure=True)]


async def test_a_click_below_the_list_is_nothing() -> None:
    async with shown(picker()) as (app, pilot):
        await pilot.click(Menu, offset=(4, 6))
    assert app.answers == []


async def test_a_long_list_says_which_part_is_seen_and_pages() -> None:
    crowd = [person(f"Agent {n}", f"+120255501{n}") for n in range(10, 60)]
    async with shown(picker(*crowd)) as (app, pilot):
        assert "1-8 of 50" in app.words
        await pilot.press("pagedown")
        assert "▸ Agent 18" in app.words
        assert "2-9 of 50" in app.words
        await pilot.press(*["pagedown"] * 7)
        assert "▸ Agent 59" in app.words
        assert "43-50 of 50" in app.words


async def test_a_letter_draws_only_those_who_are_seen_of_ten_thousand(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Budgets §8: a keystroke does not cost more the longer the directory is."""
    drawn: list[Entry] = []

    def row(entry: Entry, teams: bool) -> Content:
        drawn.append(entry)
        return Content(entry.person.name)

    monkeypatch.setattr(screens_picker, "_row", row)
    crowd = [Person(f"Agent {n}", TOM.number) for n in range(10_000)]
    async with shown(picker(*crowd)) as (app, pilot):
        drawn.clear()
        await pilot.press("a")
        assert "1-8 of 10000" in app.words
        assert len(drawn) < 30


async def test_an_empty_list_takes_a_number_all_the_same() -> None:
    async with shown(Picker("Dial", (), "US")) as (app, pilot):
        assert "TARGETS_FILE" in app.words
        await pilot.press("down", "enter")
        assert app.answers == []
        await write(app, pilot, "+12025550199")
        await pilot.press("enter")
    assert isinstance(app.answers[0], Choice)


async def test_a_pasted_number_loses_the_marks_it_was_copied_with() -> None:
    from textual.events import Paste

    async with shown(picker()) as (app, pilot):
        app.dialog.query_one(Query).post_message(Paste("\u202a+1 202-555-0199\u202c\x1b[2J\nmore"))
        await pilot.pause()
        assert app.dialog.query_one(Query).value == "+1 202-555-0199[2J more"


async def test_all_of_it_is_seen_at_80_by_24() -> None:
    async with shown(picker()) as (app, pilot):
        await pilot.pause()
        picture = app.picture
    assert [len(line) for line in picture] == [80] * 24
    for words in ("Consult: whom?", "▸ Maria Lopez", "billing", "Enter calls", "↑↓ choose", "Esc back"):
        assert any(words in line for line in picture), words


HOSTILES = st.builds(Person, HOSTILE, st.builds(Number, st.just("+1"), HOSTILE), HOSTILE)


@settings(max_examples=6)
@given(title=HOSTILE, people=st.lists(HOSTILES, min_size=1, max_size=3), text=HOSTILE)
async def test_outside_text_is_never_markup(title: str, people: list[Person], text: str) -> None:
    async with shown(Picker(title, people, "US")) as (app, pilot):
        await write(app, pilot, text)
        await pilot.press("down")
        await pilot.click(Menu, offset=(4, 0))  # a name that were a button would act
        assert all(isinstance(answer, Choice) for answer in app.answers)
