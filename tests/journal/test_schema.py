"""Versions of the file, and what is forgotten with age."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from tests.journal.given import DAY_MS, ask, by_hand, fact, keep, lines, webhooks
from warmxfer_tui.clock import JUMP_EPOCH_MS
from warmxfer_tui.journal import schema
from warmxfer_tui.journal.codec import text_of_event
from warmxfer_tui.journal.errors import JournalError, JournalTooNew, RowUnreadable
from warmxfer_tui.journal.reading import reading
from warmxfer_tui.journal.sqlite import IDLE_S, SqliteJournal


async def nothing(journal: SqliteJournal) -> None:
    """A run in which nothing happens."""


def version(file: Path) -> int:
    with by_hand(file) as db:
        return schema.version_of(db)


@pytest.mark.parametrize("there", [False, True], ids=["no file", "an empty one"])
def test_a_new_file_has_todays_version(tmp_path: Path, there: bool) -> None:
    file = tmp_path / "journal.db"
    if there:
        file.touch()
    keep(file, nothing)
    assert version(file) == schema.VERSION == 3


def test_an_older_file_is_brought_up_to_date_and_keeps_what_it_holds(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "journal.db"
    keep(file, lambda journal: journal.receive("a", b"", 5))
    monkeypatch.setattr(schema, "MIGRATIONS", (*schema.MIGRATIONS, ("ALTER TABLE log ADD COLUMN more",)))
    monkeypatch.setattr(schema, "VERSION", 4)
    assert keep(file, lambda journal: journal.receive("a", b"", 5), chapter="another") is False
    assert version(file) == 4
    with by_hand(file) as db:
        assert db.execute("SELECT more FROM log").fetchall() == []


def test_a_journal_of_the_first_version_is_brought_up_to_date(tmp_path: Path) -> None:
    file = tmp_path / "journal.db"
    with by_hand(file) as db:
        for statement in schema.MIGRATIONS[0]:
            db.execute(statement)
        db.execute("INSERT INTO chapter (id, first, began) VALUES ('old', 1, 5)")
        db.execute(
            "INSERT INTO log (seq, at, event) VALUES (1, ?, ?)", (JUMP_EPOCH_MS, text_of_event(fact(1)))
        )
        db.execute("PRAGMA user_version = 1")
    keep(file, nothing)
    assert [line.event for line in lines(file, "old")] == [fact(1)]


def test_a_migration_that_fails_changes_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = tmp_path / "journal.db"
    keep(file, nothing)
    broken = ("CREATE TABLE half (done)", "ALTER TABLE nowhere ADD COLUMN x")
    monkeypatch.setattr(schema, "MIGRATIONS", (*schema.MIGRATIONS, broken))
    monkeypatch.setattr(schema, "VERSION", 4)

    async def scene(journal: SqliteJournal) -> None:
        with pytest.raises(JournalError, match="nowhere"):
            await journal.receive("a", b"", 5)

    keep(file, scene, chapter="another")
    assert version(file) == 3
    with by_hand(file) as db:
        assert not db.execute("SELECT 1 FROM sqlite_schema WHERE name = 'half'").fetchall()


def test_a_newer_file_is_refused_and_stays_as_it_is(tmp_path: Path) -> None:
    file = tmp_path / "journal.db"
    keep(file, nothing)
    with by_hand(file) as db:
        db.execute("PRAGMA user_version = 7")
    before = file.read_bytes()
    with pytest.raises(
        JournalTooNew, match=r"written by a newer warmxfer: It has version 7, this one knows 3\."
    ):
        keep(file, nothing)
    with pytest.raises(JournalTooNew), reading(file):
        pass
    assert file.read_bytes() == before


def at(now: int) -> object:
    class Standing:
        def now_ms(self) -> int:
            return now

    return Standing()


def chapters(file: Path) -> list[str]:
    with reading(file) as journal:
        return [each.id for each in journal.chapters()]


async def tidied(journal: SqliteJournal) -> None:
    await asyncio.sleep(20 * IDLE_S)


def test_what_is_older_than_the_setting_is_forgotten_when_nothing_else_is_to_do(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("warmxfer_tui.journal.store.PRUNED", 2)
    file = tmp_path / "journal.db"
    for chapter, age in (("old", 100), ("mixed", 91), ("young", 10)):
        now = JUMP_EPOCH_MS - age * DAY_MS

        async def scene(journal: SqliteJournal, chapter: str = chapter, now: int = now) -> None:
            for number in range(5):
                await journal.receive(f"{chapter}{number}", b"", now)
                await journal.record(fact(number, now), [ask(number)])
            if chapter == "mixed":
                await journal.record(fact(9, JUMP_EPOCH_MS - 80 * DAY_MS), ())

        keep(file, scene, chapter=chapter, clock=at(now))
    keep(file, tidied, chapter="today")
    assert chapters(file) == ["mixed", "young", "today"], "a chapter is forgotten as a whole or not at all"
    assert len(lines(file, "mixed")) == 6
    assert {each.event_id[:-1] for each in webhooks(file)} == {"young"}
    with by_hand(file) as db:
        assert db.execute("SELECT count(*) FROM command").fetchone() == (10,)
    keep(file, tidied, chapter="tomorrow", keep_days=5)
    assert chapters(file) == ["tomorrow"]
    keep(file, lambda journal: journal.record(fact(1), ()), chapter="last")
    assert len(lines(file, "last")) == 1


def test_a_console_that_runs_for_ever_forgets_too_and_says_that_no_fold_can_begin(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("warmxfer_tui.journal.store.PRUNED", 2)
    file = tmp_path / "journal.db"

    async def scene(journal: SqliteJournal) -> None:
        for number in range(12):
            age = 0 if number >= 9 else 100
            await journal.record(fact(number, JUMP_EPOCH_MS - age * DAY_MS), [ask(number)])
        await tidied(journal)
        await journal.record(fact(12), ())

    keep(file, scene)
    with reading(file) as journal:
        (chapter,) = journal.chapters()
        assert chapter.missing == 9
        assert [line.seq for line in journal.lines(chapter, after=9)] == [10, 11, 12, 13]
        with pytest.raises(RowUnreadable, match="rows 1 to 9"):
            next(journal.lines(chapter))
    with by_hand(file) as db:
        assert db.execute("SELECT count(*) FROM command").fetchone() == (3,)


def test_a_console_that_is_not_that_old_keeps_its_chapter_whole(tmp_path: Path) -> None:
    file = tmp_path / "journal.db"

    async def scene(journal: SqliteJournal) -> None:
        await journal.record(fact(1, JUMP_EPOCH_MS - 89 * DAY_MS), ())
        await tidied(journal)

    keep(file, scene)
    assert len(lines(file)) == 1


def test_the_write_ahead_log_is_emptied_when_nothing_else_is_to_do(tmp_path: Path) -> None:
    file = tmp_path / "journal.db"

    async def scene(journal: SqliteJournal) -> tuple[int, int]:
        for number in range(100):
            await journal.receive(str(number), b"x" * 2_000, 5)
        before = file.stat().st_size
        await asyncio.sleep(2 * IDLE_S)
        return before, file.stat().st_size

    before, after = keep(file, scene)
    assert after > before + 100_000
