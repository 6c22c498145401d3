"""The guardian's process, from within: what it logs, and that it does not give up."""

from __future__ import annotations

import asyncio
import logging
import os
from pathlib import Path

import pytest

from tests.flow.test_recall import fact, written
from tests.guardian.test_charge import PLAN
from warmxfer_tui.guardian import program
from warmxfer_tui.journal.sqlite import SqliteJournal
from warmxfer_tui.listener import listening
from warmxfer_tui.runtime.charge import Charge


def charge(folder: Path) -> Charge:
    return Charge.of(PLAN, folder / "journal.db", keep_days=1, log_numbers=False)


async def test_the_accounts_key_never_gets_into_its_log(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def tells_all(self: program.Guardian) -> None:
        logging.getLogger("warmxfer_tui.guardian").warning("the key is %s", self._charge.api_key)

    monkeypatch.setattr(program.Guardian, "run", tells_all)
    beats, console = os.pipe()
    os.write(console, charge(tmp_path).line())
    with listening("127.0.0.1", 0) as own:
        await program._run(beats, os.dup(own.fileno()))
    os.close(console)
    log = (tmp_path / program.LOG_NAME).read_text()
    assert "the key is [secret]" in log
    assert PLAN.account.api_key.reveal() not in log


async def test_a_desk_that_cannot_be_opened_is_tried_again_from_what_the_journal_says_by_then(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folded: list[int] = []

    async def opens_at_the_third_try(self: program.Guardian, _journal: SqliteJournal) -> None:
        folded.append(len(self._memory.desk.calls))
        if len(folded) < 3:
            await asyncio.to_thread(written, Path(self._charge.journal), fact(len(folded)))
            raise OSError(24, "Too many open files")

    monkeypatch.setattr(program, "AGAIN_S", 0.0)
    monkeypatch.setattr(program.Guardian, "_open_desk", opens_at_the_third_try)
    with listening("127.0.0.1", 0) as own:
        guardian = program.Guardian(charge(tmp_path), asyncio.StreamReader(), own)
        await guardian._run_desk(guardian._opened(), 0.0)
    assert folded == [0, 1, 2]
