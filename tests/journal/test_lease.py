"""Who runs the desk: the lease, between two journals of one file that are open at the same time."""

from __future__ import annotations

import asyncio
import os
import sqlite3
from collections.abc import Awaitable, Callable, Sequence
from pathlib import Path

import pytest

from tests.journal.given import ask, by_hand, fact, keep, lines, webhooks
from tests.journal.hanging import Disk
from warmxfer_tui.clock import JumpClock, run_jump
from warmxfer_tui.core.events import Event
from warmxfer_tui.errors import LeaseLost
from warmxfer_tui.journal.errors import JournalBroken, JournalHeld
from warmxfer_tui.journal.lease import LEASE_MS, Lease, Tenure, read
from warmxfer_tui.journal.reading import reading
from warmxfer_tui.journal.sqlite import IDLE_S, PATIENCE_S, SqliteJournal

Scene = Callable[[SqliteJournal, SqliteJournal], Awaitable[None]]
TAKEN = rf"another process runs this desk now \(guardian {os.getpid()}\)"


def side_by_side(file: Path, scene: Scene) -> None:
    """Play a scene with a console's journal and a guardian's, on one file and virtual time."""

    async def run() -> None:
        clock = JumpClock(asyncio.get_running_loop())
        async with (
            SqliteJournal(file, "chapter", clock=clock) as console,
            SqliteJournal(file, "chapter", clock=clock, guardian=True) as guardian,
        ):
            await scene(console, guardian)

    run_jump(run())


def numbers(file: Path) -> list[int]:
    return [line.seq for line in lines(file)]


def told(file: Path) -> Sequence[object]:
    return [line.event for line in lines(file)]


# --- a change of hands --------------------------------------------------------------------------------------


def test_a_console_has_the_lease_from_the_start_and_gives_it_back_at_the_end(tmp_path: Path) -> None:
    file = tmp_path / "journal.db"

    async def scene(journal: SqliteJournal) -> Lease:
        return await journal.lease()

    assert keep(file, scene) == Lease(1, f"console {os.getpid()}", LEASE_MS)
    with by_hand(file) as db:
        assert read(db) == Lease(1, "", 0), "a guardian that looks knows that nobody was lost"
    assert keep(file, scene, chapter="another").epoch == 2


def test_after_a_take_the_old_owner_writes_nothing_and_the_new_one_goes_on_in_the_chapter(
    tmp_path: Path,
) -> None:
    file = tmp_path / "journal.db"

    async def scene(console: SqliteJournal, guardian: SqliteJournal) -> None:
        await console.record(fact(1), [ask(1)])
        await console.receive("e1", b"", 5)
        assert (await guardian.take()).epoch == 2
        with pytest.raises(LeaseLost, match=TAKEN):
            await console.record(fact(2), [ask(2)])
        with pytest.raises(LeaseLost):
            await console.receive("e2", b"", 5)
        await guardian.record(fact(3), [ask(3)])
        assert await guardian.receive("e1", b"", 5) is False
        assert await guardian.receive("e2", b"", 5) is True

    side_by_side(file, scene)
    assert (numbers(file), told(file)) == ([1, 2], [fact(1), fact(3)])
    assert [each.event_id for each in webhooks(file)] == ["e1", "e2"]


def test_what_waits_in_one_batch_is_refused_as_a_whole(tmp_path: Path) -> None:
    file = tmp_path / "journal.db"

    async def scene(console: SqliteJournal, guardian: SqliteJournal) -> None:
        await guardian.take()
        waiting = [console.record(fact(number), ()) for number in range(5)]
        results = await asyncio.gather(*waiting, console.receive("e", b"", 5), return_exceptions=True)
        assert [type(result) for result in results] == [LeaseLost] * 6

    side_by_side(file, scene)
    assert told(file) == []


def test_the_lease_goes_back_and_forth_and_the_log_has_no_gap(tmp_path: Path) -> None:
    file = tmp_path / "journal.db"

    async def scene(console: SqliteJournal, guardian: SqliteJournal) -> None:
        number = 0
        for turn in range(6):
            owner, other = (console, guardian) if turn % 2 else (guardian, console)
            assert (await owner.take()).epoch == turn + 2
            for _ in range(3):
                number += 1
                await owner.record(fact(number), [ask(number)])
                with pytest.raises(LeaseLost):
                    await other.record(fact(0), ())

    side_by_side(file, scene)
    assert told(file) == [fact(number) for number in range(1, 19)]


def test_a_guardian_writes_nothing_before_it_has_taken_the_desk(tmp_path: Path) -> None:
    file = tmp_path / "journal.db"

    async def scene(console: SqliteJournal, guardian: SqliteJournal) -> None:
        with pytest.raises(LeaseLost, match="does not run the desk"):
            await guardian.record(fact(1), ())
        with pytest.raises(LeaseLost):
            await guardian.renew()
        await console.record(fact(2), ())

    side_by_side(file, scene)
    assert told(file) == [fact(2)]


def test_of_two_who_have_seen_the_same_lease_one_takes_it(tmp_path: Path) -> None:
    file = tmp_path / "journal.db"

    async def scene(console: SqliteJournal, guardian: SqliteJournal) -> None:
        seen = await guardian.lease()
        await asyncio.sleep(1)
        await console.renew()
        with pytest.raises(LeaseLost, match="console"):
            await guardian.take(seen)
        await console.record(fact(1), ())
        assert (await guardian.take(await guardian.lease())).epoch == 2

    side_by_side(file, scene)


def test_a_guardian_whose_desk_a_new_console_has_left_behind_takes_nothing(tmp_path: Path) -> None:
    file = tmp_path / "journal.db"
    keep(file, lambda journal: journal.record(fact(1), ()), chapter="before")

    async def run() -> None:
        clock = JumpClock(asyncio.get_running_loop())
        async with (
            SqliteJournal(file, "before", clock=clock, guardian=True) as guardian,
            SqliteJournal(file, "chapter", clock=clock) as console,
        ):
            with pytest.raises(LeaseLost, match="begun anew"):
                await guardian.take()
            await console.record(fact(2), ())

    run_jump(run())
    assert told(file) == [fact(2)]


def test_there_is_one_guardian(tmp_path: Path) -> None:
    file = tmp_path / "journal.db"

    async def scene(console: SqliteJournal, guardian: SqliteJournal) -> None:
        clock = JumpClock(asyncio.get_running_loop())
        with pytest.raises(JournalHeld, match="another guardian"):
            await SqliteJournal(file, "chapter", clock=clock, guardian=True).__aenter__()

    side_by_side(file, scene)


def spoil(file: Path) -> None:
    file.write_bytes(b"this is no database" * 300)


def make_anothers(file: Path) -> None:
    with by_hand(file) as db:
        db.execute("CREATE TABLE bookmarks (url)")


@pytest.mark.parametrize("damage", [spoil, make_anothers])
def test_a_guardian_puts_no_file_aside(tmp_path: Path, damage: Callable[[Path], None]) -> None:
    file = tmp_path / "journal.db"
    damage(file)

    async def scene(guardian: SqliteJournal) -> None:
        for attempt in (guardian.take, guardian.lease, guardian.renew):
            with pytest.raises(JournalBroken):
                await attempt()

    keep(file, scene, guardian=True)
    assert [each.name for each in tmp_path.iterdir() if "damaged" in each.name] == []


# --- trouble with the disk, and the loss --------------------------------------------------------------------


def test_what_is_owed_is_forgotten_with_the_lease(tmp_path: Path) -> None:
    file = tmp_path / "journal.db"

    async def scene(console: SqliteJournal, guardian: SqliteJournal) -> None:
        with by_hand(file) as db:
            db.execute("BEGIN IMMEDIATE")
            with pytest.raises(JournalBroken, match="busy"):
                await console.record(fact(1), ())
            db.execute("ROLLBACK")
        await guardian.take()
        await guardian.record(fact(2), ())
        await asyncio.sleep(2 * IDLE_S)
        with pytest.raises(LeaseLost):
            await console.record(fact(3), ())
        await console.take()
        await console.record(fact(4), ())

    side_by_side(file, scene)
    assert told(file) == [fact(2), fact(4)]


def test_a_file_that_is_kept_busy_does_not_hide_that_the_lease_is_lost(tmp_path: Path) -> None:
    """Otherwise the loser would go on in memory, as with a full disk."""
    file = tmp_path / "journal.db"

    async def scene(console: SqliteJournal, guardian: SqliteJournal) -> None:
        await guardian.take()
        with by_hand(file) as db:
            db.execute("BEGIN IMMEDIATE")
            with pytest.raises(LeaseLost):
                await console.record(fact(1), ())

    side_by_side(file, scene)


def test_a_console_that_slept_between_its_commit_and_the_news_of_it_is_told_of_the_loss(
    tmp_path: Path,
) -> None:
    """The row is in, so the request might leave: an hour later, beside those of the guardian."""
    file = tmp_path / "journal.db"

    async def scene(console: SqliteJournal, guardian: SqliteJournal) -> None:
        commit = console._store.commit
        loop = asyncio.get_running_loop()

        def slept(jobs: Sequence[object], now: int) -> object:
            results = commit(jobs, now)  # type: ignore[arg-type]  # what it was given
            with by_hand(file) as db:
                db.execute("UPDATE lease SET epoch = epoch + 1, owner = 'guardian 7'")
            loop._selector.now += 3_600  # type: ignore[attr-defined]  # virtual time: the hour of a stopped process
            return results

        await console.renew()
        console._store.commit = slept  # type: ignore[method-assign,assignment]
        with pytest.raises(LeaseLost, match="guardian 7"):
            await console.record(fact(1), [ask(1)])

    side_by_side(file, scene)
    assert told(file) == [fact(1)], "the guardian folds it, and finds out what became of its request"


def test_a_console_that_slept_and_lost_nothing_goes_on(tmp_path: Path) -> None:
    file = tmp_path / "journal.db"

    async def scene(console: SqliteJournal, guardian: SqliteJournal) -> None:
        await asyncio.sleep(3_600)
        await console.record(fact(1), ())
        assert not (await guardian.lease()).over(console._ticks()), "whoever writes lives"

    side_by_side(file, scene)


# --- the clock ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("lease", "now", "over"),
    [
        (Lease(1, "console 1", 7_000), 1_000, False),
        (Lease(1, "console 1", 7_000), 7_000, False),
        (Lease(1, "console 1", 7_000), 7_001, True),
        (Lease(1, "console 1", 90_000_000), 1_000, True),
        (Lease(1, "", 0), 1_000, True),
    ],
    ids=["just renewed", "its last moment", "no sign for 6 s", "from before the machine began", "given back"],
)
def test_a_lease_is_over_without_a_sign_of_life_for_six_seconds_of_this_machines_life(
    lease: Lease, now: int, over: bool
) -> None:
    assert lease.over(now) is over


def test_a_renewal_lasts_six_seconds_and_changes_no_epoch(tmp_path: Path) -> None:
    async def scene(console: SqliteJournal, guardian: SqliteJournal) -> None:
        await asyncio.sleep(5)
        await console.renew()
        assert await guardian.lease() == Lease(1, f"console {os.getpid()}", 5_000 + LEASE_MS)
        await asyncio.sleep(7)
        assert (await guardian.lease()).over(console._ticks())

    side_by_side(tmp_path / "journal.db", scene)


def test_writing_renews_only_when_half_the_time_is_over(tmp_path: Path) -> None:
    """A page more for every commit would be a price without a use."""
    ends = []

    async def scene(console: SqliteJournal, guardian: SqliteJournal) -> None:
        for wait in (2, 2):
            await asyncio.sleep(wait)
            await console.record(fact(1), ())
            ends.append((await guardian.lease()).until)

    side_by_side(tmp_path / "journal.db", scene)
    assert ends == [LEASE_MS, 4_000 + LEASE_MS]


def test_a_renewal_that_the_disk_undoes_is_not_believed(tmp_path: Path) -> None:
    with by_hand(tmp_path / "x.db") as db:
        db.execute("CREATE TABLE lease (epoch, owner, until)")
        db.execute("INSERT INTO lease VALUES (0, '', 0)")
        now = [0]
        tenure = Tenure("console 1", lambda: now[0])
        tenure.take(db, lambda db: None)
        now[0] = LEASE_MS + 1

        def fails(db: sqlite3.Connection) -> None:
            raise sqlite3.OperationalError

        with pytest.raises(sqlite3.OperationalError):
            tenure.work(db, fails)
        assert tenure.doubtful


def test_a_stand_by_guardian_leaves_the_file_as_it_is(tmp_path: Path) -> None:
    file = tmp_path / "journal.db"
    keep(file, lambda journal: journal.record(fact(1), ()))

    async def nothing(guardian: SqliteJournal) -> None:
        """Stand by."""

    keep(file, nothing, guardian=True)
    with reading(file) as journal:
        assert [each.id for each in journal.chapters()] == ["chapter"]
    with by_hand(file) as db:
        assert read(db).epoch == 1


# --- a disk that hangs, and a process that stands still -----------------------------------------------------


def beats(journal: SqliteJournal, seconds: int) -> Awaitable[object]:
    """A sign of life every second; while the disk hangs, none of them gets into the file."""

    async def beat() -> None:
        pace = asyncio.get_running_loop()._pace  # type: ignore[attr-defined]  # the loop of virtual time
        journal.renew()
        pace.in_flight -= 1  # what waits behind a disk that hangs must not hold up the time
        for _ in range(seconds):
            journal.renew()
            await asyncio.sleep(1)
        pace.in_flight += 1

    return beat()


def test_a_console_whose_disk_hangs_goes_on_for_it_has_not_stood_still(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    disk = Disk(monkeypatch)

    async def scene(journal: SqliteJournal) -> None:
        await journal.renew()
        disk.hang()
        waiting = journal.record(fact(1), [ask(1)])
        await asyncio.sleep(0.1)
        await beats(journal, 60)
        with pytest.raises(JournalBroken, match="the disk does not answer"):
            await waiting
        with pytest.raises(JournalBroken, match="the disk does not answer"):
            await journal.record(fact(2), [ask(2)])
        disk.answer()

    keep(tmp_path / "journal.db", scene)


@pytest.mark.parametrize("stalled", [False, True], ids=["a disk that answers", "a disk that hung before"])
def test_a_console_that_has_stood_still_waits_for_what_the_file_says(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, stalled: bool
) -> None:
    disk, file = Disk(monkeypatch), tmp_path / "journal.db"

    async def scene(console: SqliteJournal) -> None:
        await console.renew()
        disk.hang()
        if stalled:
            with pytest.raises(JournalBroken):
                await console.record(fact(1), ())
        else:
            console.record(fact(1), ())
            await asyncio.sleep(0)
        await asyncio.sleep(3_600)  # without a beat
        later = console.record(fact(2), [ask(2)])
        await asyncio.sleep(PATIENCE_S * 10)
        assert not later.done()
        with by_hand(file) as db:
            db.execute("UPDATE lease SET epoch = epoch + 1, owner = 'guardian 7'")
        disk.answer()
        with pytest.raises(LeaseLost, match="guardian 7"):
            await later

    keep(file, scene)


def test_once_the_file_has_said_that_the_desk_is_still_ours_nobody_waits_for_a_disk_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    disk = Disk(monkeypatch)

    async def scene(journal: SqliteJournal) -> None:
        await journal.renew()
        await asyncio.sleep(60)
        await journal.renew()
        disk.hang()
        with pytest.raises(JournalBroken, match="the disk does not answer"):
            await journal.record(fact(1), ())
        disk.answer()

    keep(tmp_path / "journal.db", scene)


def test_whoever_has_stood_still_asks_the_file_before_a_written_request_leaves(tmp_path: Path) -> None:
    file = tmp_path / "journal.db"

    async def scene(journal: SqliteJournal) -> None:
        for stands_still_s in (1, 3_600):
            await journal.renew()
            await asyncio.sleep(stands_still_s)
            await journal.still_ours()
        await asyncio.sleep(3_600)
        with by_hand(file) as db:
            db.execute("UPDATE lease SET epoch = epoch + 1, owner = 'guardian 7'")
        with pytest.raises(LeaseLost, match="guardian 7"):
            await journal.still_ours()

    keep(file, scene)


def test_while_the_file_says_nothing_a_request_of_whoever_has_stood_still_waits(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    answers = iter((JournalBroken("busy"), JournalBroken("busy"), None))

    async def scene(journal: SqliteJournal) -> None:
        await journal.renew()
        renew = journal._store.renew

        def busy() -> Lease:
            if (trouble := next(answers)) is not None:
                raise trouble
            return renew()

        monkeypatch.setattr(journal._store, "renew", busy)
        await asyncio.sleep(3_600)
        began = asyncio.get_running_loop().time()
        await journal.still_ours()
        assert asyncio.get_running_loop().time() - began == pytest.approx(2 * PATIENCE_S)

    keep(tmp_path / "journal.db", scene)


def test_a_console_that_begins_relieves_whoever_looked_after_the_desk_before_it_takes_it(
    tmp_path: Path,
) -> None:
    file, asked = tmp_path / "journal.db", []

    async def run() -> None:
        clock = JumpClock(asyncio.get_running_loop())
        async with SqliteJournal(file, "chapter", clock=clock):
            pass

        def relieve() -> None:
            with by_hand(file) as db:
                asked.append(read(db))

        async with SqliteJournal(file, "another", clock=clock, relieve=relieve) as journal:
            assert (await journal.lease()).epoch == 2

    run_jump(run())
    assert asked == [Lease(1, "", 0)]


def move_away(file: Path) -> None:
    for old in file.parent.glob(f"{file.name}*"):
        old.rename(old.with_name(f"old-{old.name}"))


def test_a_guardian_that_watches_a_file_that_was_replaced_looks_at_the_new_one(tmp_path: Path) -> None:
    file = tmp_path / "journal.db"

    async def scene(console: SqliteJournal, guardian: SqliteJournal) -> None:
        assert (await guardian.lease()).epoch == 1
        move_away(file)
        await console.record(fact(1), ())
        with by_hand(file) as db:
            db.execute("UPDATE lease SET owner = 'console of the new file'")
        assert (await guardian.lease()).owner == "console of the new file"

    side_by_side(file, scene)


def test_a_guardian_remembers_what_the_console_has_written(tmp_path: Path) -> None:
    file = tmp_path / "journal.db"
    recalled: list[Event] = []

    async def run() -> None:
        clock = JumpClock(asyncio.get_running_loop())

        def recall(there: Path) -> str:
            with reading(there) as journal:
                recalled.extend(line.event for line in journal.lines(journal.chapters()[-1]))
            return "chapter"

        async with (
            SqliteJournal(file, "chapter", clock=clock) as console,
            SqliteJournal(file, "unused", clock=clock, recall=recall, guardian=True) as guardian,
        ):
            await console.record(fact(1), [ask(1)])
            assert recalled == []
            await guardian.take()
            await guardian.record(fact(2), ())

    run_jump(run())
    assert recalled == [fact(1)]
    assert told(file) == [fact(1), fact(2)]
