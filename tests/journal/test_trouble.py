"""A journal that cannot be written, read or had: what becomes of webhooks, entries and the file (§3.6)."""

from __future__ import annotations

import asyncio
import os
import pwd
import shutil
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.journal.given import ask, by_hand, fact, keep, lines, webhooks
from warmxfer_tui.clock import JUMP_EPOCH_MS, JumpClock, run_jump
from warmxfer_tui.core.events import Accepted, Pressed, Replied
from warmxfer_tui.core.terms import AskId
from warmxfer_tui.errors import FolderError
from warmxfer_tui.journal.errors import JournalBroken, JournalHeld, RowUnreadable
from warmxfer_tui.journal.file import Means
from warmxfer_tui.journal.reading import reading
from warmxfer_tui.journal.sqlite import IDLE_S, SqliteJournal

BIG = "x" * 3_000


@pytest.fixture
def folder() -> Iterator[Path]:
    """A folder of a user for whom permission bits count: for root they do not, so root becomes `nobody`."""
    made = Path(tempfile.mkdtemp(prefix="warmxfer-"))
    privileged = os.geteuid() == 0
    if privileged:
        nobody = pwd.getpwnam("nobody").pw_uid
        os.chown(made, nobody, -1)
        os.seteuid(nobody)
    try:
        yield made
    finally:
        if privileged:
            os.seteuid(0)
        made.chmod(0o700)
        shutil.rmtree(made)


def allow(folder: Path) -> None:
    folder.chmod(0o700)


async def refused(journal: SqliteJournal, number: int) -> str:
    """Try to write a webhook and an event, and return the words of the refusal."""
    with pytest.raises(JournalBroken) as webhook:
        await journal.receive(f"e{number}", b"{}", 5)
    with pytest.raises(JournalBroken):
        await journal.record(fact(number), [ask(number)])
    return str(webhook.value)


def test_permission_bits_count_in_these_tests(folder: Path) -> None:
    folder.chmod(0o500)
    with pytest.raises(PermissionError):
        (folder / "x").touch()


def test_a_read_only_folder_is_said_and_nothing_is_lost_once_it_can_be_written(folder: Path) -> None:
    file = folder / "state" / "journal.db"
    folder.chmod(0o500)

    async def scene(journal: SqliteJournal) -> None:
        words = [await refused(journal, number) for number in (1, 2, 3)]
        assert ["Permission denied" in each for each in words] == [True] * 3
        allow(folder)
        assert await journal.receive("e4", b"{}", 5) is True
        await journal.record(fact(4), ())

    keep(file, scene)
    assert [line.event for line in lines(file)] == [fact(1), fact(2), fact(3), fact(4)]
    assert lines(file)[1].asks == (ask(2),)
    assert [each.event_id for each in webhooks(file)] == ["e4"], "those before were answered 503"


def test_a_journal_whose_folder_has_become_read_only_stays_as_it_is_and_can_be_read(folder: Path) -> None:
    file = folder / "journal.db"
    keep(file, lambda journal: journal.receive("e1", b"", 0))
    before = file.read_bytes()
    folder.chmod(0o500)
    assert "journal.db: it " in keep(file, lambda journal: refused(journal, 1), chapter="another")
    assert file.read_bytes() == before
    assert [each.event_id for each in webhooks(file)] == ["e1"], "it can be read all the same"


def test_trouble_that_passes_while_nothing_happens_is_made_good_by_itself(folder: Path) -> None:
    file = folder / "state" / "journal.db"
    folder.chmod(0o500)

    async def scene(journal: SqliteJournal) -> None:
        await refused(journal, 1)
        await asyncio.sleep(5 * IDLE_S)
        allow(folder)
        await asyncio.sleep(2 * IDLE_S)
        assert len(lines(file)) == 1

    keep(file, scene)


def test_a_full_disk_is_said_and_what_was_durable_stays(folder: Path) -> None:
    file = folder / "journal.db"

    async def scene(journal: SqliteJournal) -> tuple[int, str]:
        for number in range(1_000):
            try:
                await journal.record(Pressed(number, "drop", text=BIG), ())
            except JournalBroken:
                return number, await refused(journal, number)
        raise AssertionError("a bounded file took everything")

    count, words = keep(file, scene, means=Means(max_pages=40))
    assert count > 5
    assert "the disk is full" in words
    assert len(lines(file)) == count


def test_a_disk_that_has_room_again_gets_what_is_owed_in_order(folder: Path) -> None:
    file = folder / "journal.db"

    async def scene(journal: SqliteJournal) -> int:
        done = [journal.record(Pressed(number, "drop", text=BIG), ()) for number in range(60)]
        results = await asyncio.gather(*done, return_exceptions=True)
        assert all(isinstance(result, JournalBroken) for result in results)
        # What a person does on a full disk: make room.
        journal._store._use().execute("PRAGMA max_page_count = 10000")
        await journal.record(fact(60), ())
        return len(results)

    count = keep(file, scene, means=Means(max_pages=40))
    told = [line.event.at for line in lines(file)]
    assert told[:count] == list(range(count))


def test_of_what_is_owed_too_long_the_oldest_is_lost_and_the_gap_is_said(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("warmxfer_tui.journal.store.OWED", 3)
    file = folder / "state" / "journal.db"
    folder.chmod(0o500)

    async def scene(journal: SqliteJournal) -> list[str]:
        for number in range(5):
            with pytest.raises(JournalBroken):
                await journal.record(fact(number), ())
        allow(folder)
        await journal.record(fact(5), ())
        return journal.complaints

    said = keep(file, scene)
    with pytest.raises(RowUnreadable, match="rows 1 to 2"):
        lines(file)
    assert len(said) == 1
    assert said[0].startswith("2 events could not be kept")


def damage_header(file: Path) -> None:
    file.write_bytes(b"this is no database" * 300)


def damage_middle(file: Path) -> None:
    content = bytearray(file.read_bytes())
    content[4096:] = b"\xff" * len(content[4096:])
    file.write_bytes(content)


def cut_short(file: Path) -> None:
    file.write_bytes(file.read_bytes()[:6_000])


def make_anothers(file: Path) -> None:
    file.unlink()
    with by_hand(file) as db:
        db.execute("CREATE TABLE bookmarks (url)")


@pytest.mark.parametrize("damage", [damage_header, damage_middle, cut_short, make_anothers])
def test_a_damaged_file_is_put_aside_as_it_is_and_said(folder: Path, damage: object) -> None:
    file = folder / "journal.db"
    keep(file, lambda journal: journal.receive("a", b"", 0))
    damage(file)  # type: ignore[operator]  # one of the functions above
    spoiled = file.read_bytes()

    async def scene(journal: SqliteJournal) -> list[str]:
        assert await journal.receive("a", b"", 0) is True
        return journal.complaints

    for number in (1, 2):
        file.write_bytes(spoiled)
        (complaint,) = keep(file, scene, chapter=f"chapter {number}")
        asides = sorted(each.name for each in folder.iterdir() if ".damaged-" in each.name)
        aside = f"journal.damaged-20260101T000000Z{'-2' * (number - 1)}.db"
        assert aside in asides
        assert aside in complaint
        assert (folder / aside).read_bytes() == spoiled
    assert len(webhooks(file)) == 1


async def long_run(journal: SqliteJournal) -> None:
    for number in range(200):
        await journal.record(Pressed(number, "drop", text=BIG), ())
    db = journal._store._use()
    db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    db.execute("PRAGMA shrink_memory")


def make_another(file: Path) -> None:
    """A copy, as an editor or a restored backup leaves it."""
    other = file.with_name("other.db")
    shutil.copy(file, other)
    other.rename(file)


def test_damage_in_a_file_too_large_to_be_looked_through_is_met_by_a_write_and_then_put_aside(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("warmxfer_tui.journal.file.CHECKED_BYTES", 0)
    file = folder / "journal.db"

    async def many(journal: SqliteJournal) -> None:
        await asyncio.gather(*(journal.receive(f"e{n}", BIG.encode(), JUMP_EPOCH_MS) for n in range(200)))

    async def scene(journal: SqliteJournal) -> list[str]:
        assert journal.complaints == [], "it opens all the same"
        assert await journal.receive("new", b"", JUMP_EPOCH_MS) is True
        return journal.complaints

    keep(file, many)
    with by_hand(file) as db:
        (page,) = db.execute("SELECT rootpage FROM sqlite_schema WHERE tbl_name = 'inbox'").fetchone()
        (size,) = db.execute("PRAGMA page_size").fetchone()
    content = bytearray(file.read_bytes())
    content[(page - 1) * size : page * size] = b"\xff" * size
    file.write_bytes(content)
    (complaint,) = keep(file, scene, chapter="another")
    assert "The journal was damaged" in complaint
    assert [each.event_id for each in webhooks(file)] == ["new"]


def unlink_wal(file: Path) -> None:
    file.with_name("journal.db-wal").unlink()


@pytest.mark.parametrize(
    ("harm", "said", "kept"),
    [
        (damage_middle, "The journal was damaged", "journal.damaged-20260101T000000Z.db"),
        (Path.unlink, "The journal was replaced (it was deleted", ""),
        (make_another, "The journal was replaced (it was deleted", "journal.replaced-20260101T000000Z.db"),
        (make_anothers, "The journal was replaced (it was deleted", "journal.replaced-20260101T000000Z.db"),
        (unlink_wal, "The journal was replaced", "journal.replaced-20260101T000000Z.db"),
    ],
    ids=["damaged", "deleted", "another", "another's", "without its WAL"],
)  # fmt: skip
def test_a_file_that_is_spoiled_while_it_is_open_is_kept_aside_and_a_fresh_one_goes_on(
    folder: Path, harm: Callable[[Path], object], said: str, kept: str
) -> None:
    file = folder / "journal.db"

    async def scene(journal: SqliteJournal) -> list[str]:
        told: list[str] = []
        journal.complain_to(told.append)
        await long_run(journal)
        harm(file)
        assert await journal.receive("e1", b"", JUMP_EPOCH_MS) is True
        await journal.record(fact(1), [ask(1)])
        assert await journal.receive("e1", b"", JUMP_EPOCH_MS) is False
        await journal.record(Replied(6, AskId(1), Accepted()), ())
        return told

    (complaint,) = keep(file, scene)
    assert said in complaint
    asides = [each.name for each in folder.iterdir() if each.name.endswith("Z.db")]
    assert asides == [kept] * bool(kept)
    assert kept in complaint
    with reading(file) as journal:
        (chapter,) = journal.chapters()
        assert chapter.missing == 200
        with pytest.raises(RowUnreadable, match="rows 1 to 200 of the log are missing"):
            list(journal.lines(chapter))
        there = list(journal.lines(chapter, after=200))
    assert [line.seq for line in there] == [201, 202]
    assert there[0].outcomes == (202,)
    assert [(each.event_id, each.seq) for each in webhooks(file)] == [("e1", 201)]


def test_no_fold_begins_in_a_file_of_mid_chapter_though_nothing_is_written_there_yet(folder: Path) -> None:
    file = folder / "journal.db"

    async def scene(journal: SqliteJournal) -> None:
        await journal.record(fact(1), ())
        file.unlink()
        await journal.receive("e1", b"", JUMP_EPOCH_MS)

    keep(file, scene)
    with pytest.raises(RowUnreadable, match="rows 1 to 1"):
        lines(file)
    keep(file, lambda journal: journal.record(fact(2), ()), chapter="another")
    assert [line.seq for line in lines(file, "another")] == [2], "the next run is whole again"


def test_what_cannot_be_put_aside_is_not_written_to_and_nothing_is_lost(folder: Path) -> None:
    file = folder / "journal.db"

    async def scene(journal: SqliteJournal) -> None:
        await journal.record(fact(1), ())
        make_another(file)
        before = file.read_bytes()
        folder.chmod(0o500)  # noqa: ASYNC240 - nobody else is on this loop
        for number in (2, 3):
            await refused(journal, number)
        assert file.read_bytes() == before
        allow(folder)
        await journal.record(fact(4), ())

    keep(file, scene)
    with reading(file) as journal:
        (chapter,) = journal.chapters()
        assert [line.event for line in journal.lines(chapter, after=1)] == [fact(2), fact(3), fact(4)]


def test_a_file_that_is_only_read_by_others_is_left_in_peace(folder: Path) -> None:
    file = folder / "journal.db"

    async def scene(journal: SqliteJournal) -> list[str]:
        for number in range(3):
            await journal.record(fact(number), ())
            assert len(lines(file)) == number + 1
            await asyncio.sleep(3 * IDLE_S)
        return journal.complaints

    assert keep(file, scene) == []
    assert len(lines(file)) == 3


def test_a_second_console_is_told_who_has_the_journal_and_the_lock_ends_with_the_first(folder: Path) -> None:
    file = folder / "journal.db"

    async def run() -> None:
        clock = JumpClock(asyncio.get_running_loop())
        async with SqliteJournal(file, "first", clock=clock):
            with pytest.raises(JournalHeld, match=rf"another console \(process {os.getpid()}\)"):
                await SqliteJournal(file, "second", clock=clock).__aenter__()
        async with SqliteJournal(file, "third", clock=clock) as journal:
            assert await journal.receive("a", b"", 0)

    run_jump(run())


def test_what_is_read_while_there_is_no_journal_is_said(folder: Path) -> None:
    with pytest.raises(FolderError, match="there is no journal"), reading(folder / "journal.db"):
        pass
    damage_header(folder / "journal.db")
    with pytest.raises(FolderError, match="the file is damaged"), reading(folder / "journal.db"):
        pass
