"""The plain console alone: what it shows of a desk, and what its keys become."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from textual.widgets import Static

from warmxfer_tui.app import Console
from warmxfer_tui.core.events import Pressed
from warmxfer_tui.core.model import Call, Desk, Leg, Line, Notice
from warmxfer_tui.core.terms import CallId, LegId, Number, Phase, Role, State
from warmxfer_tui.core.verbs import VERBS
from warmxfer_tui.errors import WarmxferError
from warmxfer_tui.ports import Publisher

MARIA = Number("+12025550110", "+1 202-555-0110")
CUSTOMER = Leg(
    LegId("c1.C"),
    Role.CUSTOMER,
    Number("+12025550141", "+1 202-555-0141"),
    "Ada",
    phase=Phase.RINGING,
    inbound=True,
)
RINGING = Desk(
    legs={CUSTOMER.id: CUSTOMER},
    calls={CallId("c1"): Call(CallId("c1"), State.RING, 0, CUSTOMER.id)},
    focus=CallId("c1"),
)


class Behind:
    """A session that only writes down what it is told."""

    def __init__(self, failure: WarmxferError | None = None) -> None:
        self.failure = failure
        self.pressed: list[Pressed] = []
        self.stopped = 0

    async def ready(self) -> str:
        if self.failure:
            raise self.failure
        return "SIMULATOR"

    async def stop(self) -> None:
        self.stopped += 1

    def submit(self, intent: Pressed) -> None:
        self.pressed.append(intent)

    def whom(self, verb: str) -> tuple[str, Number] | None:
        return ("Maria", MARIA) if verb == "consult" else None


def console(behind: Behind) -> Console:
    def start(publisher: Publisher) -> Behind:
        return behind

    return Console(start, lambda: 65_000)


def words(app: Console) -> str:
    return "\n".join(str(block.render()) for block in app.query(Static))


async def show(app: Console, desk: Desk, pilot: Any) -> str:
    app.publish(desk)
    app._draw()  # the next frame, now
    await pilot.pause()
    return words(app)


async def test_an_empty_desk_says_so_and_where_it_is() -> None:
    app = console(Behind())
    async with app.run_test() as pilot:
        await pilot.pause()
        shown = await show(app, Desk(), pilot)
    assert "IDLE" in shown
    assert "SIMULATOR" in shown
    assert "Nobody is on the line." in shown


async def test_a_leg_is_shown_with_its_state_its_time_and_what_it_hears() -> None:
    app = console(Behind())
    async with app.run_test() as pilot:
        shown = await show(app, RINGING, pilot)
    assert "RING " in shown
    row = next(line for line in shown.splitlines() if "Ada" in line)
    assert row.split() == ["Ada", "RINGING", "1:05", "hears:", "ringing"]
    assert "Next: [a] answer   [r] reject" in shown


async def test_outside_text_is_never_markup() -> None:
    """A caller named so would be a button in markup, or crash it (style §3f)."""
    name = "[@click=app.quit]x[/] [/nonsense]"
    desk = replace(
        RINGING,
        legs={CUSTOMER.id: replace(CUSTOMER, name=name)},
        notices=(Notice(0, "info", f"{name} rings"),),
    )
    app = console(Behind())
    async with app.run_test(size=(120, 30)) as pilot:
        shown = await show(app, desk, pilot)
    assert f"{name} rings" in shown


async def test_every_key_of_the_registry_becomes_its_verb() -> None:
    behind = Behind()
    verbs = [verb for verb in VERBS if verb.name not in ("quit", "dial", "aside")]
    async with console(behind).run_test() as pilot:
        await pilot.pause()
        await pilot.press(*(key for verb in verbs for key in (verb.key, verb.twin) if key))
    assert [press.verb for press in behind.pressed] == [
        verb.name for verb in verbs for key in (verb.key, verb.twin) if key
    ]


async def test_a_consult_calls_the_target_of_the_session() -> None:
    behind = Behind()
    async with console(behind).run_test() as pilot:
        await pilot.pause()
        await pilot.press("c")
    assert behind.pressed == [Pressed(at=0, verb="consult", number=MARIA, name="Maria")]


async def test_a_verb_without_anybody_to_call_is_no_press() -> None:
    behind = Behind()
    async with console(behind).run_test() as pilot:
        await pilot.pause()
        await pilot.press("o", "d")
    assert behind.pressed == []


async def test_quitting_with_nobody_on_the_line_leaves_at_once() -> None:
    behind = Behind()
    app = console(behind)
    async with app.run_test() as pilot:
        await pilot.pause()
        await pilot.press("ctrl+q")
    assert [press.verb for press in behind.pressed] == ["quit", "quit"]
    assert behind.stopped == 1


async def test_quitting_with_somebody_on_the_line_takes_a_second_press_and_drops_them() -> None:
    """ANY-8, I3: the two presses are the two drops of the dialog."""
    behind = Behind()
    app = console(behind)
    async with app.run_test() as pilot:
        await show(app, RINGING, pilot)
        await pilot.press("ctrl+q")
        assert app.is_running
        assert not app._exit
        await pilot.press("ctrl+q")
    assert [press.text for press in behind.pressed] == ["drop", "drop", ""]
    assert behind.stopped == 1


async def test_a_second_press_that_comes_too_late_asks_again() -> None:
    behind = Behind()
    app = console(behind)
    async with app.run_test() as pilot:
        await show(app, RINGING, pilot)
        await pilot.press("ctrl+q")
        app._asked_at -= 2.5
        await pilot.press("ctrl+q")
        assert not app._exit
    assert [press.text for press in behind.pressed] == ["drop", "drop"]


async def test_a_start_that_fails_ends_the_console_with_that_error() -> None:
    failure = WarmxferError("the port is taken", "choose another")
    app = console(Behind(failure))
    async with app.run_test() as pilot:
        await pilot.pause()
    assert app._failure is failure


async def test_the_line_of_the_agent_is_in_the_header() -> None:
    app = console(Behind())
    async with app.run_test() as pilot:
        shown = await show(app, Desk(line=Line()), pilot)
    assert "your line: DOWN" in shown
