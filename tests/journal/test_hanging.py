"""A disk that neither takes a row nor refuses it: nobody waits for it, and nothing is lost (§3.6)."""

from __future__ import annotations

import asyncio
from contextlib import suppress
from itertools import islice
from pathlib import Path

import pytest

from tests.journal.given import ask, fact, keep, lines, webhooks
from tests.journal.hanging import Disk
from warmxfer_tui.clock import JUMP_EPOCH_MS
from warmxfer_tui.journal import waiting
from warmxfer_tui.journal.errors import JournalBroken, RowUnreadable
from warmxfer_tui.journal.reading import reading
from warmxfer_tui.journal.sqlite import CLOSING_S, IDLE_S, PATIENCE_S, SqliteJournal


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "journal.db"


@pytest.fixture
def disk(monkeypatch: pytest.MonkeyPatch) -> Disk:
    return Disk(monkeypatch)


def now() -> float:
    return asyncio.get_running_loop().time()


async def refused(journal: SqliteJournal, number: int, *, after_s: float) -> None:
    """A webhook and an event are refused, both after so many seconds."""
    began = now()
    webhook = asyncio.create_task(journal.receive(f"e{number}", b"{}", JUMP_EPOCH_MS))
    await asyncio.sleep(0)
    with pytest.raises(JournalBroken, match="the disk does not answer"):
        await journal.record(fact(number), [ask(number)])
    with pytest.raises(JournalBroken, match="the disk does not answer"):
        await webhook
    assert now() - began == pytest.approx(after_s)


def test_nobody_waits_longer_than_their_patience_and_then_nobody_waits_at_all(file: Path, disk: Disk) -> None:
    async def scene(journal: SqliteJournal) -> None:
        disk.hang()
        await refused(journal, 1, after_s=PATIENCE_S)
        await refused(journal, 2, after_s=0)
        await asyncio.sleep(3_600)
        await refused(journal, 3, after_s=0)
        disk.answer()

    keep(file, scene)


def test_a_row_that_comes_in_the_middle_of_a_long_commit_is_waited_for_from_then_on(
    file: Path, disk: Disk
) -> None:
    async def scene(journal: SqliteJournal) -> None:
        disk.take(0.4)
        first = journal.record(fact(1), ())
        await asyncio.sleep(0.3)
        await refused(journal, 2, after_s=PATIENCE_S)  # 0.1 s for the first commit, and 0.4 s are not over
        assert first.result() is True
        disk.answer()

    keep(file, scene)


def test_when_the_disk_answers_all_of_it_is_written_in_order_and_nothing_twice(
    file: Path, disk: Disk
) -> None:
    async def scene(journal: SqliteJournal) -> list[bool]:
        disk.hang()
        for number in range(100):
            await refused(journal, number, after_s=0 if number else PATIENCE_S)
        disk.answer()
        await asyncio.sleep(2 * IDLE_S)
        await journal.record(fact(100), ())
        return [await journal.receive(f"e{number}", b"{}", JUMP_EPOCH_MS) for number in range(101)]

    again = keep(file, scene)
    assert again == [False] * 100 + [True], "what was offered again after its 503 is a duplicate"
    assert [line.event for line in lines(file)] == [fact(number) for number in range(101)]
    assert [line.asks for line in lines(file)][:100] == [(ask(number),) for number in range(100)]
    assert [each.event_id for each in webhooks(file)] == [f"e{number}" for number in range(101)]


def test_a_webhook_and_the_request_it_causes_wait_for_a_second_at_most(file: Path, disk: Disk) -> None:
    """`behaviour.md` I1: half of the two seconds that a customer may hear nothing."""

    async def scene(journal: SqliteJournal) -> list[float]:
        waited = []
        for write_s in (0.1, 0.24, 0.26, PATIENCE_S - 0.001, 3 * PATIENCE_S):
            for behind_s in (0.0, 0.05, 0.2):
                disk.take(write_s)
                other = [journal.record(fact(0), ())] if behind_s else []
                await asyncio.sleep(behind_s)
                began = now()
                with suppress(JournalBroken):
                    await journal.receive(f"e{began}", b"", JUMP_EPOCH_MS)
                with suppress(JournalBroken):
                    await journal.record(fact(1), [ask(1)])
                waited.append(now() - began)
                disk.answer()
                await asyncio.sleep(5)
                await asyncio.gather(*other, return_exceptions=True)
        return waited

    waited = keep(file, scene)
    assert 0.99 < max(waited) <= 1
    assert len(lines(file)) == 25


def test_a_disk_that_is_always_too_late_has_not_answered(file: Path, disk: Disk) -> None:
    """Else the notices would change with every event."""

    async def scene(journal: SqliteJournal) -> None:
        disk.take(PATIENCE_S * 1.5)
        await refused(journal, 0, after_s=PATIENCE_S)
        for number in range(1, 10):
            await asyncio.sleep(5)
            await refused(journal, number, after_s=0)
        disk.answer()
        await asyncio.sleep(5)
        assert await journal.receive("e", b"", JUMP_EPOCH_MS) is True

    keep(file, scene)
    assert len(lines(file)) == 10


def test_what_comes_while_the_file_is_tidied_waits_no_longer_than_for_a_commit(
    file: Path, disk: Disk
) -> None:
    async def scene(journal: SqliteJournal) -> None:
        disk.hang()
        await asyncio.sleep(2 * IDLE_S)
        assert disk.writes == 1
        await refused(journal, 1, after_s=PATIENCE_S)
        disk.answer()

    keep(file, scene)
    assert len(lines(file)) == 1


@pytest.mark.parametrize("answers", [True, False])
def test_a_disk_that_hangs_keeps_no_console_from_ending(file: Path, disk: Disk, answers: bool) -> None:
    async def scene(journal: SqliteJournal) -> None:
        disk.hang()
        await refused(journal, 1, after_s=PATIENCE_S)
        journal.record(fact(2), ())
        loop, began = asyncio.get_running_loop(), now()
        if answers:
            loop.call_later(1, disk.answer)
        await journal.__aexit__(None, None, None)
        assert now() - began == pytest.approx(1 if answers else CLOSING_S)
        journal.record(fact(3), ())  # is refused, and waits nowhere
        disk.answer()  # the thread of the test is not to outlive it

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(SqliteJournal, "__aexit__", once(SqliteJournal.__aexit__))
        keep(file, scene)
    if answers:
        assert [line.event for line in lines(file)] == [fact(1), fact(2)]


def once(close: object) -> object:
    """What does nothing when it is called again."""
    closed: list[object] = []

    async def closing(journal: SqliteJournal, *why: object) -> None:
        if not closed:
            closed.append(journal)
            await close(journal, *why)  # type: ignore[operator]  # the journal's own

    return closing


def test_webhooks_beyond_the_bound_are_refused_at_once_and_those_before_it_are_kept(
    file: Path, disk: Disk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(waiting, "ARRIVALS", 5)
    monkeypatch.setattr(waiting, "ARRIVAL_BYTES", 50)

    async def scene(journal: SqliteJournal) -> list[str]:
        disk.hang()
        await refused(journal, 0, after_s=PATIENCE_S)
        words = []
        for number, body in ((1, b""), (2, b"x" * 49), (3, b"xx"), (4, b"x"), (5, b""), (6, b""), (7, b"")):
            with pytest.raises(JournalBroken) as refusal:
                await journal.receive(f"e{number}", body, JUMP_EPOCH_MS)
            words.append(str(refusal.value).rpartition(": ")[2])
        disk.answer()
        return words

    silent, full = "the disk does not answer", "more waits for the disk than can be kept"
    assert keep(file, scene) == [silent, silent, full, silent, silent, silent, full]
    assert [each.event_id for each in webhooks(file)] == ["e0", "e1", "e2", "e4", "e5", "e6"]


def test_of_more_events_than_can_be_kept_the_log_says_how_many_are_missing_and_where(
    file: Path, disk: Disk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(waiting, "ENTRIES", 3)

    async def scene(journal: SqliteJournal) -> None:
        disk.hang()
        for number in range(10):
            with pytest.raises(JournalBroken, match="more waits" if number > 3 else "does not answer"):
                await journal.record(fact(number), ())
        disk.answer()
        await asyncio.sleep(2 * IDLE_S)
        assert await journal.record(fact(10), ()) is True
        assert await journal.receive("e", b"", JUMP_EPOCH_MS) is True
        (said,) = journal.complaints
        assert said.startswith("6 events could not be kept")

    keep(file, scene)
    with pytest.raises(RowUnreadable, match="rows 5 to 10"):
        lines(file)
    with reading(file) as journal:
        (chapter,) = journal.chapters()
        assert [line.event for line in islice(journal.lines(chapter), 4)] == [fact(n) for n in range(4)]
        assert [line.event for line in journal.lines(chapter, after=10)] == [fact(10)]


def test_what_waits_while_a_disk_is_slow_but_in_time_is_bounded_too(
    file: Path, disk: Disk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(waiting, "ENTRIES", 3)

    async def scene(journal: SqliteJournal) -> list[object]:
        disk.take(PATIENCE_S / 4)
        first = journal.record(fact(0), ())
        await asyncio.sleep(0.01)
        return await asyncio.gather(
            first, *(journal.record(fact(number), ()) for number in range(1, 6)), return_exceptions=True
        )

    results = keep(file, scene)
    assert results[:4] == [True] * 4
    assert all(isinstance(result, JournalBroken) for result in results[4:])
