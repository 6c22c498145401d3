"""``warmxfer history export`` prints all there is, and no number unless it is asked for."""

from __future__ import annotations

import base64
import json
import os
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.journal.given import ask, by_hand, fact, keep
from tests.terminals.terminal import Terminal
from warmxfer_tui import cli
from warmxfer_tui.core.events import Accepted, Pressed, Replied
from warmxfer_tui.core.terms import AskId, Number
from warmxfer_tui.journal import journal_file
from warmxfer_tui.journal.reading import reading
from warmxfer_tui.journal.schema import VERSION
from warmxfer_tui.journal.sqlite import SqliteJournal

ROOT = Path(__file__).parents[2]
NUMBER = "+12025550142"
STATE = base64.b64encode(f'{{"other":"{NUMBER}"}}'.encode()).decode()
BODY = json.dumps({"data": {"payload": {"from": NUMBER, "client_state": STATE}}}).encode()


async def a_call(journal: SqliteJournal) -> None:
    await journal.receive("e1", BODY, 5)
    await journal.receive("e2", b"no JSON", 5)
    await journal.record(fact(1), [ask(1)])
    await journal.record(Replied(6, AskId(1), Accepted()), ())
    await journal.record(Pressed(7, "dial", number=Number(NUMBER, "+1 202-555-0142")), ())


def exported(capsys: pytest.CaptureFixture[str], *words: str, status: int = 0) -> list[dict[str, Any]]:
    assert cli.main(["history", "export", *words]) == status
    return [json.loads(line) for line in capsys.readouterr().out.splitlines()]


def test_the_whole_journal_is_printed_in_order(capsys: pytest.CaptureFixture[str]) -> None:
    keep(journal_file(simulated=False), a_call)
    chapter, first, second, third, webhook, odd = exported(capsys, "--numbers")
    assert chapter == {"chapter": "chapter", "at": "2026-01-01T00:00:00.000+00:00"}
    assert first["event"]["Noted"]["event_id"] == "e1"
    assert [(each["key"], each["outcome"]) for each in first["commands"]] == [("key 1", 2)]
    assert second["event"] == {
        "Replied": {"at": 6, "ask": 1, "reply": {"Accepted": {"ccid": None, "room": None}}, "spare": None}
    }
    assert third["event"]["Pressed"]["number"]["e164"] == NUMBER
    assert webhook["body"] == json.loads(BODY)
    assert (webhook["webhook"], webhook["seq"]) == ("e1", 1)
    assert odd["body"] == "b'no JSON'"


def test_no_number_is_printed_unless_it_is_asked_for(capsys: pytest.CaptureFixture[str]) -> None:
    keep(journal_file(simulated=False), a_call)
    text = json.dumps(exported(capsys), ensure_ascii=False)
    assert "2025550" not in text
    assert "202-555" not in text
    assert STATE not in text
    assert "+••••••••142" in text


def test_the_simulators_journal_is_another_one(capsys: pytest.CaptureFixture[str]) -> None:
    keep(journal_file(simulated=True), a_call)
    assert len(exported(capsys, "--simulator")) == 6
    assert cli.main(["history", "export"]) == cli.REFUSED
    assert "there is no journal" in capsys.readouterr().err


def test_it_can_be_printed_while_a_console_writes_it(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "journal.db"

    async def scene(journal: SqliteJournal) -> list[dict[str, Any]]:
        await a_call(journal)
        told = exported(capsys, "--file", str(file))
        assert await journal.receive("e3", b"", 5) is True
        return told

    assert len(keep(file, scene)) == 6


def test_a_row_that_cannot_be_read_is_said_and_the_rest_printed(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "journal.db"
    keep(file, a_call)
    with by_hand(file) as db:
        db.execute("UPDATE log SET event = 'x' WHERE seq = 2")
    lines = exported(capsys, "--file", str(file), status=1)
    assert [key for line in lines for key in ("event", "unreadable", "webhook") if key in line] == [
        "event", "unreadable", "event", "webhook", "webhook",
    ]  # fmt: skip


def test_rows_that_are_missing_are_said_in_their_place(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "journal.db"
    keep(file, a_call)
    with by_hand(file) as db:
        db.execute("DELETE FROM log WHERE seq = 2")
    lines = exported(capsys, "--file", str(file), status=1)
    told = [line.get("seq", line.get("unreadable")) for line in lines if "webhook" not in line]
    assert told == [None, 1, "rows 2 to 2 of the log are missing", 3]


def test_an_event_that_was_set_aside_is_shown_with_the_reason_and_is_not_folded(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "journal.db"

    async def scene(journal: SqliteJournal) -> None:
        await journal.receive("e1", b"{}", 5)
        await journal.set_aside(fact(1), f"ValueError: {NUMBER}")
        await journal.record(fact(2), ())

    keep(file, scene)
    _, aside, folded, webhook = exported(capsys, "--file", str(file))
    assert aside["set aside"] == "ValueError: +••••••••142"
    assert aside["event"]["Noted"]["event_id"] == "e1"
    assert "set aside" not in folded
    assert webhook["seq"] == 1, "it has been consumed, and is not to be tried again"
    with reading(file) as journal:
        (chapter,) = journal.chapters()
        assert [line.event for line in journal.lines(chapter)] == [fact(2)]


def make_newer(file: Path) -> bytes:
    keep(file, a_call)
    with by_hand(file) as db:
        db.execute(f"PRAGMA user_version = {VERSION + 1}")
    return file.read_bytes()


ADVICE = "Start that one, or move the file away."


def test_the_journal_of_a_newer_warmxfer_is_not_printed_and_it_is_said_what_to_do(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "journal.db"
    before = make_newer(file)
    assert cli.main(["history", "export", "--file", str(file)]) == cli.REFUSED
    told = capsys.readouterr()
    assert told.out == ""
    assert told.err.startswith(f"warmxfer: {file} was written by a newer warmxfer")
    assert ADVICE in told.err
    assert file.read_bytes() == before


@pytest.mark.proof
@pytest.mark.timeout(90)
def test_no_console_starts_on_the_journal_of_a_newer_warmxfer_and_it_is_said_what_to_do(
    tmp_path: Path,
) -> None:
    file = tmp_path / "warmxfer" / "simulator.db"
    before = make_newer(file)
    environment = {"PATH": os.environ["PATH"], "TERM": "xterm-256color", "HOME": str(tmp_path)}
    environment |= {"XDG_STATE_HOME": str(tmp_path), "LANG": "C.UTF-8"}
    with Terminal([sys.executable, "-m", "warmxfer_tui"], environment, ROOT, (400, 36)) as terminal:
        assert terminal.end(60) == cli.REFUSED
        told = terminal.shown()
    assert "was written by a newer warmxfer" in told
    assert ADVICE in told
    assert file.read_bytes() == before
