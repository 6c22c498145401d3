"""A trainer's fault on a whole console: it goes to the simulator, is shown, and is over."""

from __future__ import annotations

import sqlite3
from contextlib import closing

import pytest

from tests.flow.screen import Screen
from tests.flow.test_session import account, gone, nobody, settings
from warmxfer_tui.clock import SystemClock
from warmxfer_tui.journal import journal_file
from warmxfer_tui.runtime.session import Session
from warmxfer_tui.simulator.credentials import Credentials
from warmxfer_tui.simulator.drills import DRILLS
from warmxfer_tui.simulator.service import Simulator


def says(words: str, screen: Screen) -> bool:
    return any(words in notice.text for notice in screen.desk.notices)


async def test_a_fault_is_switched_on_shown_and_switched_off(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("warmxfer_tui.runtime.session.FIRST_CALLER_S", 60.0)
    screen, told = Screen(), []
    session = Session(settings(), screen, nobody)
    try:
        await session.ready()
        assert session.training is not None
        session.training.follow(lambda faults: told.append(tuple(faults)))
        for drill in DRILLS[:2]:
            session.training.begin(drill.name)
        await screen.until(lambda _: says(f"Fault on: {DRILLS[1].name}.", screen))
        assert says(f"Fault on: {DRILLS[0].name}.", screen)
        assert not [notice for notice in screen.desk.notices if notice.level == "alarm"], "nobody is rung for"
        session.training.end()
        await screen.until(lambda _: says("everything works again", screen))
        assert (told[0], told[-1]) == ((), ())
        session.training.begin("no such thing")
        await screen.until(lambda _: says("The fault could not be switched", screen))
    finally:
        await session.stop()
    await gone()


async def test_on_an_account_nothing_can_be_let_go_wrong() -> None:
    async with Simulator(Credentials.fresh(), clock=SystemClock()) as simulator:
        session = Session(account(simulator), Screen(), nobody)
        try:
            await session.ready()
            assert session.training is None
        finally:
            await session.stop()


@pytest.mark.proof
async def test_a_console_that_was_stopped_and_comes_back_still_shows_what_is_on(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    # A customer who rings would keep the guardian, and the simulator with it, beyond the end of the session.
    monkeypatch.setattr("warmxfer_tui.runtime.session.FIRST_CALLER_S", 60.0)
    screen, told = Screen(), []
    session = Session(settings(), screen, nobody)
    try:
        await session.ready()
        assert session.training is not None
        session.training.follow(lambda faults: told.append(tuple(faults)))
        before = session.training
        with closing(sqlite3.connect(journal_file(simulated=True))) as db:
            db.execute("UPDATE lease SET epoch = epoch + 1, owner = 'guardian 7'")
            db.commit()
        await screen.until(lambda desk: desk.resuming)
        await screen.until(lambda desk: not desk.resuming and session.training is not before)
        session.training.begin(DRILLS[0].name)
        await screen.until(lambda _: says(f"Fault on: {DRILLS[0].name}.", screen))
        assert told[-1] == (DRILLS[0].name,)
    finally:
        await session.stop()
    await gone()
