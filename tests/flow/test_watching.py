"""A second console follows the first one's socket: it shows that desk and takes no key."""

from __future__ import annotations

import asyncio
import os
import sys
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from itertools import count
from typing import cast

import pytest

from tests.core import stories
from tests.flow.screen import Screen
from tests.flow.test_session import nobody, settings
from tests.publishing.given import Nobody
from warmxfer_tui.app import WATCHES
from warmxfer_tui.clock import SystemClock
from warmxfer_tui.core.events import Pressed
from warmxfer_tui.core.model import Desk
from warmxfer_tui.engine import Engine
from warmxfer_tui.journal import journal_file
from warmxfer_tui.journal.errors import JournalHeld
from warmxfer_tui.journal.sqlite import SqliteJournal
from warmxfer_tui.publishing import place_of
from warmxfer_tui.publishing.publication import Publication
from warmxfer_tui.publishing.server import serving
from warmxfer_tui.runtime.desk import give_out
from warmxfer_tui.runtime.session import Session
from warmxfer_tui.runtime.watching import READ_ONLY, Watching


@pytest.fixture(autouse=True)
def _at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("warmxfer_tui.runtime.watching.LOOK_EVERY_S", 0.01)


def told(desk: Desk) -> str:
    """What the event strip says; the stories' own lines are of next year."""
    return "\n".join(f"{notice.level}: {notice.text}" for notice in desk.notices)


@asynccontextmanager
async def watched(screen: Screen, process: int | None = None) -> AsyncIterator[Watching]:
    """Somebody who follows the simulator's desk, in a task of its own."""
    held = JournalHeld("held", process=process)
    place = place_of(journal_file(simulated=True))
    watching = Watching(place, held, clock=SystemClock(), publisher=screen)
    following = asyncio.create_task(watching.follow())
    yield watching
    following.cancel()
    await asyncio.wait([following])


async def test_a_second_console_shows_the_desk_of_the_first_and_refuses_every_key(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    file, screen, publication = journal_file(simulated=True), Screen(), Publication(Nobody())
    monkeypatch.setattr(
        "warmxfer_tui.simulator.process.spawn", lambda: pytest.fail("a simulator was started")
    )
    monkeypatch.setattr("warmxfer_tui.listener.Listener", lambda **_: pytest.fail("a listener was opened"))
    async with SqliteJournal(file, "first", clock=SystemClock()), serving(publication, place_of(file)):
        publication.publish(stories.ring().desk)
        session = Session(settings(), screen, nobody)
        try:
            assert await session.ready() == READ_ONLY == WATCHES
            await screen.shows("RING")
            refused = f"Another console (process {os.getpid()}) runs this desk"
            await screen.until(lambda desk: refused in told(desk))
            publication.publish(stories.talk().desk)
            await screen.shows("TALK")
            before = screen.desk
            session.submit(Pressed(at=0, verb="dial"))
            await screen.until(lambda desk: desk is not before)
            assert refused in told(screen.desk)
        finally:
            await session.stop()


async def test_it_says_when_the_first_has_ended_and_follows_the_next_one() -> None:
    screen, publication = Screen(), Publication(Nobody())
    publication.publish(stories.talk().desk)
    place = place_of(journal_file(simulated=True))
    async with watched(screen) as watching, AsyncExitStack() as console:
        await console.enter_async_context(serving(publication, place))
        await screen.shows("TALK")
        assert screen.desk.stale_at is None
        await console.aclose()
        await screen.until(lambda desk: "alarm: The console that ran this desk has ended" in told(desk))
        since = screen.desk.stale_at
        assert since is not None
        watching.refuse()  # a key tells the same again, and makes nothing younger
        assert screen.desk.stale_at == since
        assert "Quit with ctrl+q" in told(screen.desk)
        publication.publish(stories.held().desk)
        async with serving(publication, place):
            await screen.shows("HELD")
            assert "has ended" not in told(screen.desk)
            assert screen.desk.stale_at is None


async def test_it_says_when_the_first_had_ended_before_anything_was_seen() -> None:
    ended = await asyncio.create_subprocess_exec(sys.executable, "-c", "")
    await ended.wait()
    screen = Screen()
    async with watched(screen, ended.pid):
        await screen.until(lambda desk: "has ended" in told(desk))


async def test_a_console_that_gives_nothing_out_is_told_of_after_a_while_and_not_at_once() -> None:
    screen = Screen()
    async with watched(screen, os.getpid()):
        await screen.until(lambda desk: "runs this desk. This one only shows it" in told(desk))
        await screen.until(lambda desk: "cannot be watched" in told(desk))


async def test_a_desk_that_cannot_be_given_out_is_a_remark_that_rings_no_bell() -> None:
    place = place_of(journal_file(simulated=True))
    place.parent.mkdir(parents=True, exist_ok=True)
    place.write_text("no socket")
    told_of: list[tuple[str, str]] = []

    class Told:
        def remark(self, text: str) -> None:
            told_of.append(("warn", text))

        def complain(self, text: str) -> None:
            told_of.append(("alarm", text))

    async with AsyncExitStack() as stack:
        await give_out(stack, Publication(Nobody()), place, cast(Engine, Told()))
    ((level, text),) = told_of
    assert level == "warn"
    assert text.startswith("Nobody else can watch this desk, nor `warmxfer status`: ")
    assert "is no socket" in text


def test_another_trouble_makes_what_is_shown_no_younger() -> None:
    class Passing:
        moments = count(1_000)

        def now_ms(self) -> int:
            return next(self.moments)

    screen = Screen()
    place = place_of(journal_file(simulated=True))
    watching = Watching(place, JournalHeld("held", process=None), clock=Passing(), publisher=screen)
    watching._complain("It was killed.")
    since = screen.desk.stale_at
    watching._complain("What came cannot be read.")
    assert since is not None
    assert screen.desk.stale_at == since
