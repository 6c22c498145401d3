"""The journal in memory (`ports.Journal`)."""

from __future__ import annotations

import pytest

from tests.memory_journal import MemoryJournal
from warmxfer_tui.core.commands import Ask, ReadRoom
from warmxfer_tui.core.events import Ticked
from warmxfer_tui.core.terms import AskId, RoomId
from warmxfer_tui.ports import Journal


async def test_an_id_is_new_once() -> None:
    journal: Journal = MemoryJournal("journal")
    assert [await journal.receive(each, b"", 0) for each in ("a", "b", "a")] == [True, True, False]


async def test_it_is_bounded_and_forgets_the_oldest() -> None:
    journal = MemoryJournal("journal", capacity=2)
    for number in range(5):
        await journal.receive(str(number), b"", number)
        await journal.record(Ticked(number), ())
    assert [each.event_id for each in journal.inbox] == ["3", "4"]
    assert [each.event for each in journal.log] == [Ticked(3), Ticked(4)]
    assert await journal.receive("4", b"", 9) is False


async def test_events_are_remembered_with_the_requests_they_caused() -> None:
    journal = MemoryJournal("journal")
    ask = Ask(AskId(1), ReadRoom(RoomId("r")), "key", at=5)
    await journal.record(Ticked(5), [ask])
    assert journal.log[0].event == Ticked(5)
    assert journal.log[0].asks == (ask,)


def test_a_journal_that_remembers_nothing_is_refused() -> None:
    with pytest.raises(ValueError, match="at least one"):
        MemoryJournal("journal", capacity=0)
