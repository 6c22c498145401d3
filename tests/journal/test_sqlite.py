"""What the journal on disk promises to the listener and the engine (`design.md` §3.5, §3.6)."""

from __future__ import annotations

import asyncio
import os
import stat
import threading
from pathlib import Path

import pytest

from tests.journal.given import ask, by_hand, fact, keep, lines, webhooks
from warmxfer_tui.core.events import Accepted, Replied, Ticked
from warmxfer_tui.core.terms import AskId
from warmxfer_tui.journal.errors import JournalBroken, RowUnreadable
from warmxfer_tui.journal.sqlite import SqliteJournal
from warmxfer_tui.journal.store import Store
from warmxfer_tui.ports import Journal


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "state" / "journal.db"


class Disk:
    """A disk that takes its time: commits wait until it is let go, and are counted."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.go = threading.Event()
        self.begun = threading.Event()
        self.batches: list[int] = []
        commit = Store.commit

        def slow(store: Store, jobs: list[object], now: int) -> object:
            self.batches.append(len(jobs))
            self.begun.set()
            self.go.wait(10)
            return commit(store, jobs, now)  # type: ignore[arg-type]  # whatever the journal passes

        monkeypatch.setattr(Store, "commit", slow)

    async def at_work(self) -> None:
        await asyncio.to_thread(self.begun.wait, 10)


@pytest.fixture
def disk(monkeypatch: pytest.MonkeyPatch) -> Disk:
    return Disk(monkeypatch)


def test_a_webhook_is_new_once_and_for_ever(file: Path) -> None:
    async def scene(journal: Journal) -> list[bool]:
        return [await journal.receive(each, b"{}", 5) for each in ("a", "b", "a")]

    assert keep(file, scene) == [True, True, False]
    assert keep(file, scene, chapter="another") == [False, False, False]
    assert [(each.event_id, each.at, each.body) for each in webhooks(file)] == [
        ("a", 5, b"{}"),
        ("b", 5, b"{}"),
    ]


def test_a_duplicate_is_answered_only_when_its_first_copy_is_durable(file: Path, disk: Disk) -> None:
    async def scene(journal: SqliteJournal) -> None:
        first = asyncio.create_task(journal.receive("a", b"{}", 5))
        await disk.at_work()
        second = asyncio.create_task(journal.receive("a", b"{}", 6))
        third = asyncio.create_task(journal.receive("a", b"{}", 7))
        await asyncio.sleep(0)
        assert not any(each.done() for each in (first, second))
        third.cancel()
        disk.go.set()
        assert (await first, await second) == (True, False)
        assert third.cancelled()

    keep(file, scene)
    assert disk.batches == [1], "a duplicate costs no commit"


def test_a_first_copy_whose_sender_hangs_up_is_durable_for_its_duplicates_all_the_same(
    file: Path, disk: Disk
) -> None:
    async def scene(journal: SqliteJournal) -> None:
        first = asyncio.create_task(journal.receive("a", b"{}", 5))
        await disk.at_work()
        second = asyncio.create_task(journal.receive("a", b"{}", 6))
        first.cancel()
        await asyncio.sleep(0)
        disk.go.set()
        assert await second is False

    keep(file, scene)
    assert [each.event_id for each in webhooks(file)] == ["a"]


def test_what_comes_while_a_commit_runs_goes_into_the_next_one_together(file: Path, disk: Disk) -> None:
    async def scene(journal: SqliteJournal) -> None:
        first = asyncio.create_task(journal.receive("0", b"", 0))
        await disk.at_work()
        rest = [asyncio.create_task(journal.receive(str(n), b"", n)) for n in range(1, 30)]
        await asyncio.sleep(0)
        entries = [journal.record(fact(n), ()) for n in range(10)]
        disk.go.set()
        await asyncio.gather(first, *rest, *entries)

    keep(file, scene)
    assert disk.batches == [1, 39]
    assert [line.event for line in lines(file)] == [fact(n) for n in range(10)]


def test_a_burst_in_one_pass_of_the_loop_is_one_commit(file: Path, disk: Disk) -> None:
    disk.go.set()

    async def scene(journal: SqliteJournal) -> None:
        await asyncio.gather(*(journal.receive(str(n), b"", n) for n in range(64)))

    keep(file, scene)
    assert disk.batches == [64]


def test_time_does_not_jump_past_a_commit(file: Path, disk: Disk) -> None:
    """`design.md` §3.10: a webhook that waits for the disk is not thereby late."""

    async def scene(journal: SqliteJournal) -> float:
        loop = asyncio.get_running_loop()
        began = loop.time()
        threading.Timer(0.05, disk.go.set).start()
        async with asyncio.timeout(2):
            await journal.receive("a", b"{}", 5)
        return loop.time() - began

    assert keep(file, scene) == 0


def test_a_commit_waits_for_the_disk_and_the_log_is_written_ahead(file: Path) -> None:
    async def scene(journal: SqliteJournal) -> tuple[object, ...]:
        db = journal._store._use()
        pragmas = ("journal_mode", "synchronous", "wal_autocheckpoint")
        return tuple(db.execute(f"PRAGMA {pragma}").fetchone()[0] for pragma in pragmas)

    assert keep(file, scene) == ("wal", 2, 8_000)


def test_events_stand_in_their_order_with_their_requests_and_later_the_outcomes(file: Path) -> None:
    async def scene(journal: SqliteJournal) -> None:
        for event, asks in (
            (fact(1), (ask(1), ask(2))),
            (Ticked(5), ()),
            (Replied(6, AskId(2), Accepted()), (ask(3),)),
        ):
            await journal.record(event, asks)

    keep(file, scene)
    told = lines(file)
    assert [line.event for line in told] == [fact(1), Ticked(5), Replied(6, AskId(2), Accepted())]
    assert [line.asks for line in told] == [(ask(1), ask(2)), (), (ask(3),)]
    assert [line.outcomes for line in told] == [(None, 3), (), (None,)]


def test_a_reply_closes_no_request_of_an_earlier_run(file: Path) -> None:
    async def asks(journal: SqliteJournal) -> None:
        await journal.record(Ticked(5), [ask(1)])

    async def is_told(journal: SqliteJournal) -> None:
        await journal.record(Replied(6, AskId(1), Accepted()), ())

    keep(file, asks)
    keep(file, is_told, chapter="another")
    assert lines(file)[0].outcomes == (None,)


def test_a_webhook_knows_in_which_row_it_was_consumed(file: Path) -> None:
    async def scene(journal: SqliteJournal) -> None:
        for number in (1, 2):
            await journal.receive(f"e{number}", b"{}", 5)
        await journal.record(Ticked(5), ())
        await journal.record(fact(2), ())

    keep(file, scene)
    assert [(each.event_id, each.seq) for each in webhooks(file)] == [("e1", None), ("e2", 2)]


def test_rows_that_are_missing_are_not_folded_past(file: Path) -> None:
    async def scene(journal: SqliteJournal) -> None:
        for number in range(5):
            await journal.record(fact(number), ())

    keep(file, scene)
    with by_hand(file) as db:
        db.execute("DELETE FROM log WHERE seq IN (3, 4)")
    with pytest.raises(RowUnreadable, match="rows 3 to 4"):
        lines(file)


def test_what_no_file_takes_leaves_a_gap_and_harms_nobody_beside_it(
    file: Path, caplog: pytest.LogCaptureFixture
) -> None:
    async def scene(journal: SqliteJournal) -> list[object]:
        too_late = Ticked(2**70)
        jobs = [journal.record(fact(1), ()), journal.record(too_late, ()), journal.record(fact(2), ())]
        return await asyncio.gather(*jobs, journal.receive("a", b"", 0), return_exceptions=True)

    first, middle, last, webhook = keep(file, scene)
    assert (first, last, webhook) == (True, True, True)
    assert isinstance(middle, JournalBroken)
    with pytest.raises(RowUnreadable, match="rows 2 to 2"):
        lines(file)


@pytest.mark.parametrize("umask", [0o000, 0o777])
def test_folder_and_files_are_the_users_alone_whatever_the_umask(file: Path, umask: int) -> None:
    async def scene(journal: SqliteJournal) -> dict[str, int]:
        await journal.receive("a", b"{}", 5)
        return {each.name: stat.S_IMODE(each.stat().st_mode) for each in file.parent.iterdir()}

    before = os.umask(umask)
    try:
        modes = keep(file, scene)
    finally:
        os.umask(before)
    assert modes == dict.fromkeys(("journal.db", "journal.db-wal", "journal.db-shm", "journal.lock"), 0o600)
    assert stat.S_IMODE(file.parent.stat().st_mode) == 0o700


def test_a_folder_that_others_could_read_is_closed_to_them(file: Path) -> None:
    file.parent.mkdir(mode=0o755)

    async def scene(journal: SqliteJournal) -> int:
        return stat.S_IMODE(file.parent.stat().st_mode)

    assert keep(file, scene) == 0o700


def test_what_waits_when_the_journal_is_closed_is_written_and_what_comes_later_refused(file: Path) -> None:
    async def run() -> None:
        journal = SqliteJournal(file, "chapter", clock=Standing())
        async with journal:
            late = journal.record(fact(1), ())
        assert late.result() is True
        with pytest.raises(JournalBroken, match="closed"):
            await journal.receive("a", b"", 0)

    class Standing:
        def now_ms(self) -> int:
            return 0

    asyncio.run(run())
    assert not file.with_name("journal.db-wal").exists(), "closing empties the WAL"
    assert len(lines(file)) == 1
