"""The console alone: what it shows of a desk."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from itertools import product
from unicodedata import category

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len

from tests.core import stories
from tests.core.story import Story
from tests.core.test_actions import BEGIN
from tests.screens.behind import Behind, console, shown
from warmxfer_tui.core.advice import aims, always, help_of, next_best, waiting_for
from warmxfer_tui.core.model import Desk, Notice
from warmxfer_tui.core.terms import LegId, Number, Role
from warmxfer_tui.core.view import LONGEST_STATE, head, others, panels
from warmxfer_tui.driver import notification
from warmxfer_tui.errors import WarmxferError
from warmxfer_tui.screens.help import line_of
from warmxfer_tui.text import clean
from warmxfer_tui.widgets.leg import portrait
from warmxfer_tui.widgets.lines import events, footer, header, next_keys, other_calls

CONSULT = stories.consult()
HOSTILE = st.text(st.characters(), max_size=60).map(clean) | st.sampled_from(
    ["[@click=app.verb('quit')]x[/]", "[/]", "[/nonsense]", "[b]", "東京" * 30, "é" * 99, "👨‍👩‍👧‍👦" * 20]
)
LONG = "東京都千代田区永田町一丁目七番一号"[:15]


async def test_an_empty_desk_says_so_and_what_to_press() -> None:
    app = console(Behind())
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.pause()
        seen = shown(app, stories.idle().desk)
    assert "IDLE" in seen
    assert "SIMULATOR" in seen
    assert "Nobody is on the line." in seen
    assert " Next: waiting for a customer to ring ...   [d] call a customer" in seen


async def test_with_an_account_the_empty_desk_says_where_webhooks_come_to() -> None:
    app = console(Behind(status="webhooks: https://desk.example/webhooks"))
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.pause()
        seen = shown(app, Desk())
    assert "https://desk.example/webhooks" in seen
    assert "SIMULATOR" not in seen


async def test_each_leg_shows_who_number_state_time_proof_and_who_is_heard() -> None:
    story = stories.consult()
    app = console(Behind(), story.now + 41_000)
    async with app.run_test(size=(80, 24)):
        seen = shown(app, story.desk).splitlines()
    customer = next(i for i, line in enumerate(seen) if "Ms Ortiz" in line)
    assert seen[customer].split() == ["1", "customer", "Ms", "Ortiz", "‖", "HELD", "0:41", "proven", "41s"]
    assert seen[customer + 1].split() == ["+12025550120", "hears", "hold", "sound"]
    assert any(line.split()[:4] == ["╭─", "2", "you", "+12025550101"] for line in seen)
    assert any(line.split() == ["hears", "you"] for line in seen)


async def test_the_header_says_that_the_line_is_billed_and_how_late_webhooks_are() -> None:
    story = stories.talk()
    app = console(Behind(), story.now + 3_000)
    async with app.run_test(size=(80, 24)):
        top = shown(app, story.desk)
    assert "line 0:03 billed" in top
    assert "webhooks ok 0.0s" in top


async def test_a_second_call_is_one_line() -> None:
    story = stories.two_calls()
    app = console(Behind(), story.now)
    async with app.run_test(size=(80, 24)):
        seen = shown(app, story.desk)
    line = next(line for line in seen.splitlines() if "other call" in line)
    assert "Ms Ortiz" in line
    assert "‖ HELD" in line
    assert "hears hold sound" in line


async def test_a_pending_key_is_seen_at_once_and_so_is_who_may_hear_whom() -> None:
    story = stories.consult()
    story.keep("reply Unhold")
    story.key("merge")
    app = console(Behind(), story.now)
    async with app.run_test(size=(80, 24)):
        seen = shown(app, story.desk)
    assert "Next: merge ..." in seen
    assert "HELD    …" in seen
    assert "asked" in seen
    assert "may hear" in seen


async def test_a_customer_in_silence_is_an_alarm_with_its_seconds() -> None:
    story = stories.talk()
    quiet = replace(story.desk.calls[story.call.id], silent_at=story.now)
    leg = replace(story.leg("C"), room=None)
    desk = replace(story.desk, calls={quiet.id: quiet}, legs={**story.desk.legs, leg.id: leg})
    app = console(Behind(), story.now + 3_000)
    async with app.run_test(size=(80, 24)):
        seen = shown(app, replace(desk, now=story.now + 3_000))
    assert " ! Ms Ortiz HEARS NOTHING for 3 s: it is being repaired" in seen
    assert "! ANSWERED" in seen
    assert "HEARS NOTHING 3 s" in seen


async def test_an_agent_who_is_muted_reads_so_beside_whoever_does_not_hear_them() -> None:
    story = stories.talk()
    story.key("mute")
    app = console(Behind(), story.now)
    async with app.run_test(size=(80, 24)):
        seen = shown(app, story.desk)
    assert "MUTED" in seen
    assert "hears nothing: you are muted" in seen


def _long(desk: Desk, number: str) -> Desk:
    legs = {
        leg.id: replace(leg, name=LONG, number=Number(number, number)) if leg.role.value != "A" else leg
        for leg in desk.legs.values()
    }
    return replace(desk, legs=legs)


@pytest.mark.parametrize("state", BEGIN)
def test_no_cell_of_a_panel_is_cut_at_80_columns(state: str) -> None:
    """A 30-cell CJK name, a 17-digit number and the longest state (issue "The console")."""
    assert cell_len(LONG) == 30
    number = "+12345678901234567"
    story = BEGIN[state]()
    for row in panels(_long(story.desk, number)):
        widest = replace(row, state="W" * LONGEST_STATE, since=0, proven_at=1)
        doubtful = portrait(replace(widest, unconfirmed=True), 1, 4 * 3_600_000, 79).plain
        assert max(map(cell_len, doubtful.splitlines())) <= 79
        lines = portrait(widest, 1, 4 * 3_600_000, 79).plain.splitlines()
        assert all(cell_len(line) <= 79 for line in lines), lines
        text = "\n".join(lines)
        assert "W" * LONGEST_STATE in text
        assert "4:00:00" in text
        assert "…" not in text.replace(" …", "").replace("W…", "")
        assert row.who in text
        assert row.number in text
        assert row.hears in text or row.state == "ENDED"


@pytest.mark.parametrize("begin", [*BEGIN.values(), stories.two_calls], ids=[*BEGIN, "two calls"])
def test_the_footer_names_whom_each_key_acts_on_and_leaves_none_out_from_80_columns_on(
    begin: Callable[[], Story],
) -> None:
    """A key whose leg is not to be read could hit the wrong one (behaviour §3.19)."""
    desks = [begin().desk, _long(begin().desk, "+12345678901234567")]
    desks += [replace(desk, unheard_since=desk.now + 1) for desk in desks]
    for desk, width in product(desks, range(80, 161, 3)):
        lines = footer(aims(desk), always(desk), width).plain.splitlines()
        assert all(cell_len(line) <= width for line in lines)
        words = " ".join(lines)
        for hint in aims(desk):
            mark = r"\?" if hint.unconfirmed else ""
            (named,) = re.findall(rf"{hint.verb} → (.*?)…?{mark} \[{hint.key}\]", words)
            assert len(named.strip()) >= 4 or named == hint.words
            assert hint.words.startswith(named.strip())
        for hint in always(desk):
            assert f"[{hint.key}] {hint.words}" in words.replace("  ", " ")


@given(HOSTILE, HOSTILE, st.integers(20, 130))
def test_no_picture_breaks_or_grows_wider_than_its_line_whatever_the_text(
    name: str, words: str, width: int
) -> None:
    desk = CONSULT.desk
    legs = {leg.id: replace(leg, name=name, number=Number("", words)) for leg in desk.legs.values()}
    desk = replace(desk, legs=legs, notices=tuple(replace(one, text=words) for one in desk.notices))
    now = CONSULT.now
    pictures = [
        *(portrait(row, 1, now, width) for row in panels(desk)),
        header(head(desk), "SIMULATOR", now, width),
        other_calls(others(replace(desk, focus=None)), now, width),
        next_keys(next_best(desk), waiting_for(desk), width),
        events(desk.notices, width, 5),
        footer(aims(desk), always(desk), width),
        *(line_of(line) for line in help_of(desk)),
    ]
    for picture in pictures[: -len(help_of(desk))]:
        assert all(cell_len(line) <= width for line in picture.plain.splitlines()), picture.plain
    assert not any("@click" in str(span.style) for picture in pictures for span in picture.spans)


async def test_the_bell_rings_once_for_what_matters_whatever_else_is_told_with_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Behind the terminal's back too: the desktop shows a notification (OSC 9, behaviour §2)."""
    written: list[str] = []
    story = stories.ring()
    app = console(Behind(), story.now)
    async with app.run_test(size=(80, 24)):
        assert app._driver is not None
        monkeypatch.setattr(type(app), "is_headless", False)
        monkeypatch.setattr(app._driver, "write", written.append)
        more = replace(story.desk, notices=(*story.desk.notices, Notice(story.now, "info", "And more.")))
        app.publish(more)
        app.publish(more)
        app.publish(replace(more, webhook_at=1))
        monkeypatch.undo()
    words = "warmxfer: Ms Ortiz is calling. [a] answer, [r] reject."
    assert written == ["\a", f"\x1b]9;{words}\x1b\\"]


@given(HOSTILE | st.text())
def test_no_name_can_end_a_notification_or_make_a_command_of_it(text: str) -> None:
    told = notification(text)
    assert told.startswith("\x1b]9;warmxfer: ")
    assert told.endswith("\x1b\\")
    assert not any(category(char) in ("Cc", "Cf", "Cs") and char != "\u200d" for char in told[3:-2])


async def test_a_start_that_fails_ends_the_console_with_that_error() -> None:
    failure = WarmxferError("the port is taken", "choose another")
    app = console(Behind(failure))
    async with app.run_test() as pilot:
        await pilot.pause()
    assert app._failure is failure


async def test_the_focus_marks_the_panel_it_is_on() -> None:
    story = stories.three()
    story.press("aim", leg="c1.B1")
    app = console(Behind(), story.now)
    async with app.run_test(size=(80, 24)):
        seen = shown(app, story.desk)
    assert "▸3 colleague" in seen
    assert "▸1" not in seen
    assert f"drop → {story.leg('B').number.shown}" in seen
    assert story.desk.aim == LegId("c1.B1")


async def test_a_click_on_a_key_is_that_key_and_one_on_a_panel_is_its_number() -> None:
    story = stories.consult()
    behind = Behind()
    app = console(behind, story.now)
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.pause()
        shown(app, story.desk)
        await pilot.pause()
        await pilot.click("#next", offset=(8, 0))
        await pilot.click("LegPanel", offset=(20, 1))
        assert [(one.verb, one.leg) for one in behind.pressed] == [("complete", "c1.B1"), ("aim", "c1.C")]
        await pilot.click("#footer", offset=(2, 1))
        assert type(app.screen).__name__ == "HelpScreen"


async def test_a_name_that_looks_like_a_key_is_none() -> None:
    story = stories.talk()
    legs = {leg.id: replace(leg, name="[x] drop [ctrl+q]") for leg in story.desk.legs.values()}
    desk = replace(story.desk, legs=legs)
    line = other_calls(others(replace(desk, focus=None)), story.now, 80)
    panel = portrait(panels(desk)[0], 1, story.now, 76)
    assert "[x] drop [ctrl+q]" in line.plain
    assert "[x] drop [ctrl+q]" in panel.plain
    assert not any("verb" in str(span.style) for picture in (line, panel) for span in picture.spans)


@pytest.mark.parametrize(("size", "said"), [((60, 18), True), ((80, 24), False), ((120, 36), False)])
async def test_a_terminal_that_is_too_small_is_told_so_and_keeps_the_next_keys_and_the_footer(
    size: tuple[int, int], said: bool
) -> None:
    story = stories.consult()
    app = console(Behind(), story.now)
    async with app.run_test(size=size) as pilot:
        await pilot.pause()
        shown(app, story.desk)
        await pilot.pause()
        lines = ["".join(part.text for part in strip) for strip in app.screen._compositor.render_strips()]
    assert any("make it 80x24" in line for line in lines) == said
    assert any(line.lstrip().startswith("Next: [t]") for line in lines)
    assert any("drop → " in line for line in lines)
    assert any("[?] keys" in line for line in lines)
    assert all(any(name in line for line in lines) for name in ("Ms Ortiz", "+12025550118"))


async def test_as_many_panels_as_a_call_can_have_push_neither_keys_nor_footer_off_the_screen() -> None:
    story = stories.three()
    legs = dict(story.desk.legs)
    for n in range(3):
        leg = replace(story.leg("B"), id=LegId(f"c1.S{n}"), name=f"Stranger {n}", role=Role.STRANGER)
        legs[leg.id] = leg
    app = console(Behind(), story.now)
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.pause()
        shown(app, replace(story.desk, legs=legs))
        await pilot.pause()
        lines = ["".join(part.text for part in strip) for strip in app.screen._compositor.render_strips()]
    assert sum("Stranger" in line and "unknown" in line for line in lines) == 3
    assert any(line.startswith(" Next:") for line in lines)
    assert "[ctrl+q] quit" in lines[-1]
