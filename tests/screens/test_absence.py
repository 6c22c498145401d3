"""The sheet of a console that begins again: it tells what is so now, and costs nobody a key."""

from __future__ import annotations

from dataclasses import replace

import pytest
from textual.pilot import Pilot
from textual.widgets import Static

from tests.core import stories
from tests.core.story import Story
from tests.core.test_doubt import doubtful
from tests.pair import MARIA
from tests.screens.behind import Behind, Folding, console, shown
from tests.screens.snap import Snap
from warmxfer_tui.core.absence import sheet_of
from warmxfer_tui.core.doubt import APART
from warmxfer_tui.core.model import Absence, Desk, Leg, Notice
from warmxfer_tui.core.terms import Ccid, LegId, Number, Phase, Role
from warmxfer_tui.screens.absence import AbsenceSheet, picture

MARIA_LEG = LegId("c1.B1")


def back(ended: tuple[str, ...] = ("Mr Lind: has left",), since: int = 12_000) -> Desk:
    desk = stories.consult().desk
    return replace(desk, absence=Absence(desk.now - since if since else 0, desk.now, ended))


def doubted(*, looks: int = 0, gap: int = APART) -> Story:
    """A console that is back, and nobody knows whether Maria rings; the carrier was asked so often since."""
    story = doubtful()
    for _ in range(looks):
        story.key("look")
        story.pass_time(gap)
    story.desk = replace(
        story.desk, absence=Absence(story.now - 12_000, story.now, (), doubtful=(MARIA_LEG,))
    )
    return story


def words(desk: Desk, later: int = 0) -> str:
    sheet = sheet_of(desk, desk.now + later)
    assert sheet is not None
    return f"{sheet.title}\n{picture(sheet).plain}"


def test_it_tells_who_lives_what_each_hears_and_who_has_gone() -> None:
    told = words(back())
    assert told.startswith("Back after 12 s: 1 call lives")
    assert "Ms Ortiz" in told
    assert "hears hold sound" in told
    assert "Mr Lind: has left" in told


def test_whoever_has_left_is_not_among_those_who_live() -> None:
    story = stories.consult()
    story.does("C", "hangs up")
    told = words(replace(story.desk, absence=Absence(1, 2, ("Ms Ortiz: has left",))))
    assert told.count("Ms Ortiz") == 1


def test_without_a_memory_it_says_so() -> None:
    assert words(back(since=0)).startswith("Nothing was remembered here; Telnyx says: 1 call lives")


def test_a_dial_of_unknown_outcome_is_a_warning() -> None:
    desk = back()
    leg = Leg(LegId("c1.B2"), Role.TARGET, Number("+12025550110", ""), "Maria")
    absence = replace(desk.absence or Absence(0, 0), doubtful=(leg.id,))
    desk = replace(desk, legs={**desk.legs, leg.id: leg}, absence=absence)
    assert "Maria may already be ringing" in words(desk)


def guarded() -> Desk:
    """A console that comes back to a desk which a guardian has run for half a minute."""
    story = stories.consult()
    story.lose_console()
    story.pass_time(30_000)
    lost_at, now = story.desk.lost_at or 0, story.now
    story.console_returns()
    return replace(story.desk, absence=Absence(lost_at, now - 1, guarded=True))


def test_it_tells_what_a_guardian_has_done_and_when() -> None:
    told = words(guarded())
    assert told.startswith("The guardian ran this desk for 30 s: 1 call lives")
    assert f"+0 s  {MARIA} was told that it is not possible now; Ms Ortiz is with you." in told


def test_a_guardian_that_has_done_much_leaves_room_for_who_lives() -> None:
    desk = guarded()
    at = desk.absence.until if desk.absence else 0
    many = tuple(Notice(at, "info", f"thing {number}") for number in range(40))
    sheet = sheet_of(replace(desk, notices=many), desk.now)
    assert sheet is not None
    assert [line.split("  ")[1] for line in sheet.meanwhile] == [
        f"thing {number}" for number in range(32, 40)
    ]


def test_there_is_none_before_the_carrier_has_answered_and_where_nobody_was_there() -> None:
    assert sheet_of(replace(back(), resuming=True), 0) is None
    assert sheet_of(stories.talk().desk, 0) is None


def test_it_says_when_the_carrier_was_last_asked_and_why_nobody_is_called_again_yet() -> None:
    assert "Telnyx has not been asked since." in words(doubted().desk)
    story = doubted(looks=1, gap=3_000)
    told = words(story.desk)
    assert "Telnyx was asked 3 s ago: it knows of no such call." in told
    assert "Telnyx was asked 5 s ago" in words(story.desk, later=2_000)
    assert "[z] call again: only after two looks 5 s apart, so far one" in told
    assert "[i] look again\n" in told
    story.keep("reply Survey")
    story.key("look")
    assert "Telnyx is being asked ..." in words(story.desk)
    assert "[z] call again\n" in words(doubted(looks=2).desk)


def test_whoever_is_found_meanwhile_is_in_no_doubt_and_the_keys_are_gone() -> None:
    story = doubted()
    ringing = story.leg("B")
    found = replace(ringing, ccid=Ccid("v3:found"), doubt=None, phase=Phase.RINGING)
    desk = replace(story.desk, legs={**story.desk.legs, ringing.id: found})
    told = words(desk)
    assert f"{found.number.shown} was called after all: ringing." in told
    assert "may already be ringing" not in told
    assert "[z]" not in told


def test_whoever_is_called_again_is_told_as_that() -> None:
    story = doubted(looks=2)
    story.key("again")
    assert "+12025550118: called again." in words(story.desk)


def test_an_attempt_that_came_into_doubt_since_is_told_of_as_well() -> None:
    story = doubted(looks=2)
    story.fault("dial", "B")
    story.key("again")
    told = words(story.desk)
    assert "+12025550118: called again." in told
    assert "+12025550118 may already be ringing" in told


def test_whoever_was_given_up_meanwhile_may_ring_all_the_same() -> None:
    story = doubted()
    story.pass_time(26_000)
    assert "was given up, and may be ringing" in words(story.desk)


def test_a_target_of_a_blind_transfer_has_no_keys() -> None:
    desk = back()
    leg = Leg(LegId("c1.B2"), Role.TARGET, Number("+12025550110", ""), "Maria", blind=True)
    absence = replace(desk.absence or Absence(0, 0), doubtful=(leg.id,))
    told = words(replace(desk, legs={**desk.legs, leg.id: leg}, absence=absence))
    assert "Telnyx knew of no such call when this console began." in told
    assert "[z]" not in told


async def test_the_keys_of_a_doubtful_call_work_on_the_sheet_which_stays_and_tells_what_came_of_them() -> (
    None
):
    story = doubted(looks=2)
    behind = Folding(story.desk, story.now)
    app = console(behind, story.now)
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.pause()
        app.publish(story.desk)
        await pilot.pause()
        await pilot.press("i")
        assert [type(ask.request).__name__ for ask in behind.asks] == ["Survey"]
        sheet = app.screen
        assert isinstance(sheet, AbsenceSheet)
        assert "Telnyx is being asked" in str(sheet.query_one(Static).render())
        await pilot.press("z")
        assert [type(ask.request).__name__ for ask in behind.asks] == ["Survey", "Dial"]
        assert "called again" in str(sheet.query_one(Static).render())
        assert len(app.screen_stack) == 2
        await pilot.press("b")
        await pilot.pause()
        await pilot.pause()
        assert len(app.screen_stack) == 1
    assert [pressed.verb for pressed in behind.pressed] == ["look", "again", "back"]
    assert [pressed.leg for pressed in behind.pressed[:2]] == [MARIA_LEG, MARIA_LEG]


async def test_without_a_doubt_those_keys_close_the_sheet_as_any_other() -> None:
    behind, desk = Behind(), back()
    app = console(behind, now=desk.now)
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.pause()
        app.publish(desk)
        await pilot.pause()
        await pilot.press("z")
        await pilot.pause()
        await pilot.pause()
        assert len(app.screen_stack) == 1


@pytest.mark.parametrize(("key", "verbs"), [("enter", []), ("escape", []), ("h", ["hold"]), ("m", ["merge"])])
async def test_any_key_closes_it_and_a_key_of_the_console_does_its_work(key: str, verbs: list[str]) -> None:
    behind, desk = Behind(), back()
    app = console(behind, now=desk.now)
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.pause()
        app.publish(desk)
        await pilot.pause()
        assert isinstance(app.screen, AbsenceSheet)
        app.publish(replace(desk, now=desk.now + 1))
        await pilot.pause()
        assert len(app.screen_stack) == 2, "it is shown once"
        await pilot.press(key)
        await pilot.pause()
        await pilot.pause()
        assert len(app.screen_stack) == 1
    assert [pressed.verb for pressed in behind.pressed] == verbs


async def test_a_console_that_hears_no_webhooks_says_so_at_the_top_and_across_the_screen() -> None:
    desk = stories.talk().desk
    desk = replace(desk, unheard_since=desk.now - 12_000)
    app = console(Behind(), now=desk.now)
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.pause()
        told = shown(app, desk)
    assert "webhooks LOST 0:12" in told
    assert "Webhooks do not arrive" in told


@pytest.mark.parametrize("size", [(80, 24), (120, 36)], ids=["80x24", "120x36"])
async def test_the_picture_of_the_sheet(snap: Snap, size: tuple[int, int]) -> None:
    await pictured(snap, back(), size)


@pytest.mark.parametrize("size", [(80, 24), (120, 36)], ids=["80x24", "120x36"])
async def test_the_picture_of_the_sheet_after_a_guardian(snap: Snap, size: tuple[int, int]) -> None:
    await pictured(snap, guarded(), size)


async def pictured(snap: Snap, desk: Desk, size: tuple[int, int]) -> None:
    app = console(Behind(), now=desk.now)

    async def begin(pilot: Pilot[None]) -> None:
        await pilot.pause()
        app.publish(desk)
        await pilot.pause()

    await snap(app, size, begin)


@pytest.mark.parametrize("looks", [1, 2], ids=["looked for once", "may be called again"])
async def test_the_picture_of_a_doubt(snap: Snap, looks: int) -> None:
    story = doubted(looks=looks)
    named = replace(story.leg("B"), name="Maria Lopez")
    desk = replace(story.desk, legs={**story.desk.legs, named.id: named})
    app = console(Behind(), now=desk.now)

    async def begin(pilot: Pilot[None]) -> None:
        await pilot.pause()
        app.publish(desk)
        await pilot.pause()

    await snap(app, (80, 24), begin)
