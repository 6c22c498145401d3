"""What the journal means to a whole console: trouble stops no transfer, and no key is in it."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from tests.flow.screen import Screen
from tests.flow.test_session import account, nobody
from tests.journal.given import lines
from warmxfer_tui import demos
from warmxfer_tui.clock import JUMP_EPOCH_MS, JumpClock, SystemClock, run_jump
from warmxfer_tui.core.events import CallInitiated, Configured
from warmxfer_tui.core.terms import Ccid, Number
from warmxfer_tui.demos.stage import Scene, set_up
from warmxfer_tui.demos.teller import Director, play
from warmxfer_tui.journal import journal_file
from warmxfer_tui.journal.file import Means
from warmxfer_tui.journal.reading import reading
from warmxfer_tui.listener import Verdict
from warmxfer_tui.runtime.session import Session
from warmxfer_tui.simulator.credentials import Credentials
from warmxfer_tui.simulator.service import Simulator

CALLER = Number("+12025550142", "+1 202-555-0142")
RINGS = CallInitiated(5, "e1", 5, Ccid("v3:c"), True, CALLER, Number("+12025550100", ""), "Ada", None)
FORGOTTEN = "a crash would now be forgotten"


@pytest.mark.parametrize("pages", [1, 10], ids=["no file at all", "full in the middle"])
def test_on_a_full_disk_the_transfer_goes_on_and_telnyx_is_asked_to_offer_its_webhooks_again(
    pages: int,
) -> None:
    """`design.md` §3.6: the story holds to its end, word for word, while nothing can be written."""
    scenes: list[Scene] = []

    async def telling() -> None:
        clock = JumpClock(asyncio.get_running_loop())
        means = Means(synced=False, max_pages=pages)
        async with set_up(demos.load("happy"), clock, scenes.append, means=means) as stage:
            await play(stage, Director())
            assert stage.verdicts[Verdict.NOT_JOURNALED] > 0
            assert stage.verdicts[Verdict.STORED] > 0 or pages == 1

    run_jump(telling())
    notices = {notice for scene in scenes for notice in scene.desk.notices if FORGOTTEN in notice.text}
    (told,) = notices
    assert told.level == "alarm"
    assert "the disk is full" in told.text


def test_a_whole_journal_is_told_to_nobody() -> None:
    scenes: list[Scene] = []

    async def telling() -> None:
        async with set_up(demos.load("happy"), JumpClock(asyncio.get_running_loop()), scenes.append) as stage:
            await play(stage, Director())

    run_jump(telling())
    assert not any(FORGOTTEN in notice.text for notice in scenes[-1].desk.notices)


async def test_a_damaged_journal_is_said_on_the_screen_and_each_run_begins_a_chapter() -> None:
    file = journal_file(simulated=False)
    async with Simulator(Credentials.fresh(), clock=SystemClock()) as simulator:
        for number in range(3):
            if number == 1:
                file.write_bytes(b"nonsense" * 1_000)
            screen = Screen()
            session = Session(account(simulator), screen, nobody)
            try:
                await session.ready()
            finally:
                await session.stop()
            said = [notice.text for notice in screen.desk.notices if "The journal was damaged" in notice.text]
            assert len(said) == (number == 1)
        key = simulator.credentials.api_key
    with reading(file) as journal:
        ids = [chapter.id for chapter in journal.chapters()]
        events = [next(journal.lines(chapter)).event for chapter in journal.chapters()]
    assert len(set(ids)) == 2
    # Room names and command ids of one run are never met in another.
    assert [e.policy.session for e in events if isinstance(e, Configured)] == [each[:8] for each in ids]
    assert not [each.name for each in file.parent.iterdir() if key.encode() in each.read_bytes()]


def test_the_story_that_is_written_begins_with_its_settings(tmp_path: Path) -> None:
    async def telling() -> None:
        async with set_up(
            demos.load("happy"), JumpClock(asyncio.get_running_loop()), lambda scene: None
        ) as s:
            await s.settled()
            (first,) = lines(s.journal_file, "happy")
            assert isinstance(first.event, Configured)
            assert first.event.at >= JUMP_EPOCH_MS

    run_jump(telling())
