"""What a console remembers: the newest chapter, folded, and the webhooks that nobody consumed any more."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.journal.given import by_hand, keep, lines
from warmxfer_tui.core.events import CallInitiated, ConsoleLost, Event, Ticked
from warmxfer_tui.core.machine import Stepped, step
from warmxfer_tui.core.model import Desk
from warmxfer_tui.journal.sqlite import SqliteJournal
from warmxfer_tui.runtime.recall import UNREAD_FOR, Memory
from warmxfer_tui.telnyx.wire import fact_of


def rings(number: int, at: int) -> dict[str, object]:
    """A webhook of a customer who rings in."""
    payload = {
        "call_control_id": f"v3:{number}", "direction": "incoming", "from": "+12025550120",
        "to": "+12025550100", "caller_id_name": "Ada", "state": "parked",
    }  # fmt: skip
    data = {"id": f"e{number}", "event_type": "call.initiated", "occurred_at": "2026-01-01T00:00:00Z"}
    return {"data": {**data, "payload": payload}, "at": at}


def fact(number: int, at: int = 1_000) -> CallInitiated:
    found = fact_of(rings(number, at), at)
    assert isinstance(found, CallInitiated)
    return found


def written(
    file: Path, *events: Event, unread: tuple[tuple[int, int], ...] = (), chapter: str = "one"
) -> None:
    async def scene(journal: SqliteJournal) -> None:
        for number, at in unread:
            await journal.receive(f"e{number}", json.dumps(rings(number, at)).encode(), at)
        for event in events:
            await journal.record(event, ())

    keep(file, scene, chapter=chapter)


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "journal.db"


def test_the_newest_chapter_folds_to_the_desk_that_was_and_is_gone_on_in(file: Path) -> None:
    written(file, fact(1), chapter="old")
    written(file, fact(2), fact(3, 2_000), chapter="new")
    memory = Memory()
    assert memory.recall(file) == "new"
    expected = Desk()
    for event in (fact(2), fact(3, 2_000)):
        expected = step(expected, event).desk
    assert (memory.desk, memory.since) == (expected, 2_000)


def test_who_follows_a_journal_has_little_left_to_fold(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folded: list[Event] = []

    def counted(desk: Desk, event: Event) -> Stepped:
        folded.append(event)
        return step(desk, event)

    monkeypatch.setattr("warmxfer_tui.runtime.recall.step", counted)
    follower = Memory()
    follower.follow(file)

    async def scene(journal: SqliteJournal) -> None:
        for number in range(1, 4):
            await journal.record(fact(number, 1_000 * number), ())
            follower.follow(file)
            assert folded == [fact(number, 1_000 * number)]
            folded.clear()
        await journal.record(fact(4, 4_000), ())

    keep(file, scene)
    assert follower.recall(file) == "chapter"
    assert folded == [fact(4, 4_000)]
    begun = Memory()
    begun.recall(file)
    assert (follower.desk, follower.since) == (begun.desk, begun.since)


def test_who_follows_a_journal_begins_anew_with_its_chapter_and_tells_of_a_gap_at_the_end(file: Path) -> None:
    follower = Memory()
    written(file, fact(1), chapter="old")
    follower.follow(file)
    written(file, fact(2), fact(3), fact(4), chapter="new")
    follower.follow(file)
    assert follower.recall(file) == "new"
    with by_hand(file) as db:
        db.execute("DELETE FROM log WHERE seq = 3")
    for _ in range(2):
        fresh = Memory()
        fresh.follow(file)
        assert fresh.recall(file) is None
        assert fresh.desk == Desk()


def test_what_is_written_further_stands_behind_it_under_the_same_id(file: Path) -> None:
    written(file, fact(1), chapter="one")

    async def scene(journal: SqliteJournal) -> str:
        await journal.record(fact(2), ())
        return journal.id

    assert keep(file, scene, chapter="another", recall=Memory().recall) == "one"
    assert [line.seq for line in lines(file, "one")] == [1, 2]
    assert lines(file, "another") == []


def test_a_desk_with_nobody_on_it_needs_no_memory(file: Path) -> None:
    written(file, Ticked(1_000))
    memory = Memory()
    assert memory.recall(file) is None
    assert memory.since == 0


def test_a_desk_that_a_guardian_has_run_has_something_to_tell_though_nobody_is_on_it(file: Path) -> None:
    written(file, ConsoleLost(1_000), chapter="guarded")
    memory = Memory()
    assert memory.recall(file) == "guarded"
    assert memory.desk.unattended


def test_a_webhook_that_was_acknowledged_and_not_consumed_is_news_for_ten_minutes(file: Path) -> None:
    now = 1_000 + UNREAD_FOR
    written(file, fact(9, now), unread=((1, 999), (2, 1_001), (3, now)))
    memory = Memory()
    memory.recall(file)
    assert [one.event_id for one in memory.unread] == ["e2", "e3"]


def test_one_that_was_consumed_is_not(file: Path) -> None:
    written(file, fact(1), unread=((1, 1_000), (2, 1_000)))
    memory = Memory()
    memory.recall(file)
    assert [one.event_id for one in memory.unread] == ["e2"]


def test_a_log_with_a_gap_is_not_folded(file: Path) -> None:
    written(file, fact(1), fact(2), fact(3))
    with by_hand(file) as db:
        db.execute("DELETE FROM log WHERE seq = 2")
    memory = Memory()
    assert memory.recall(file) is None
    assert (memory.desk, memory.since, memory.unread) == (Desk(), 0, ())


def test_without_a_file_nothing_is_remembered(file: Path) -> None:
    assert Memory().recall(file) is None
