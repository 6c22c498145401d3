"""What the journal means to a whole console: trouble stops no transfer, and no key is in it."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from tests.flow.screen import Screen
from tests.flow.test_session import account, nobody
from tests.journal.given import lines
from tests.journal.hanging import Disk
from warmxfer_tui import demos
from warmxfer_tui.clock import JUMP_EPOCH_MS, JumpClock, SystemClock, run_jump
from warmxfer_tui.core.events import CallInitiated, Configured, Pressed, Resumed
from warmxfer_tui.core.machine import step
from warmxfer_tui.core.model import Desk
from warmxfer_tui.core.terms import Ccid, Number
from warmxfer_tui.demos.stage import Scene, set_up
from warmxfer_tui.demos.teller import Director, play
from warmxfer_tui.journal import journal_file
from warmxfer_tui.journal.file import Means
from warmxfer_tui.journal.reading import Line, reading
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


@pytest.mark.parametrize("after", [1, 20], ids=["from the first", "in the middle"])
def test_on_a_disk_that_hangs_the_transfer_goes_on_and_is_written_whole_when_it_answers(
    after: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    disk = Disk(monkeypatch)
    scenes: list[Scene] = []

    def see(scene: Scene) -> None:
        scenes.append(scene)
        if len(scenes) == after:
            disk.hang()

    async def telling() -> tuple[Desk, list[Line]]:
        clock = JumpClock(asyncio.get_running_loop())
        async with set_up(demos.load("happy"), clock, see) as stage:
            await play(stage, Director())
            assert stage.verdicts[Verdict.NOT_JOURNALED] > 0
            assert told() == ["alarm"]
            disk.answer()
            await asyncio.sleep(30)
            await stage.settled()
            return stage.desk, lines(stage.journal_file, "happy")

    def told() -> list[str]:
        notices = {notice for scene in scenes for notice in scene.desk.notices}
        words = ("does not answer", "journal is written again")
        return [
            each.level for each in sorted(notices, key=lambda n: n.at) if any(w in each.text for w in words)
        ]

    desk, written = run_jump(telling())
    assert told() == ["alarm", "good"]
    folded = Desk()
    for line in written:
        folded, caused, _ = step(folded, line.event)
        assert caused == line.asks
    assert folded == desk
    assert {ask.id for line in written for ask in line.asks} == set(range(1, desk.next_ask))


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


async def test_a_journal_that_is_deleted_while_the_desk_is_open_is_said_on_the_screen_and_begun_anew() -> (
    None
):
    file = journal_file(simulated=False)
    async with Simulator(Credentials.fresh(), clock=SystemClock()) as simulator:
        screen = Screen()
        session = Session(account(simulator), screen, nobody)
        try:
            await session.ready()
            file.unlink()
            session.submit(Pressed(at=0, verb="mute"))
            await screen.until(lambda desk: "The journal was replaced" in desk.notices[-1].text)
            assert screen.desk.notices[-1].level == "alarm"
        finally:
            await session.stop()
    with reading(file) as journal:
        (chapter,) = journal.chapters()
        assert any(isinstance(line.event, Pressed) for line in journal.lines(chapter, after=chapter.missing))


def test_the_story_that_is_written_begins_with_its_settings(tmp_path: Path) -> None:
    async def telling() -> None:
        async with set_up(
            demos.load("happy"), JumpClock(asyncio.get_running_loop()), lambda scene: None
        ) as s:
            await s.settled()
            first, second, *_ = lines(s.journal_file, "happy")
            assert isinstance(first.event, Configured)
            assert isinstance(second.event, Resumed)
            assert first.event.at >= JUMP_EPOCH_MS

    run_jump(telling())
