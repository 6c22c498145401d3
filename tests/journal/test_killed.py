"""kill -9, with a real process: what was told to be durable is, and the lock is free."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from tests.journal.given import ask, fact, keep, lines, webhooks
from warmxfer_tui.journal.errors import JournalHeld
from warmxfer_tui.journal.lock import Lock

ROOT = Path(__file__).parents[2]
pytestmark = [pytest.mark.proof, pytest.mark.timeout(120)]


@pytest.mark.parametrize("killed_after", [1, 50, 400, 1_500])
def test_nothing_that_was_acknowledged_is_lost_and_the_lock_is_free(
    tmp_path: Path, killed_after: int
) -> None:
    file = tmp_path / "journal.db"
    command = [sys.executable, "-m", "tests.journal.victim", str(file)]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as victim:
        assert victim.stdout is not None
        told = [victim.stdout.readline().strip() for _ in range(killed_after)]
        with pytest.raises(JournalHeld, match=f"process {victim.pid}"):
            Lock(file.with_suffix(".lock"))
        victim.kill()
        told += victim.stdout.read().split("\n")[:-1]  # the last line may be cut off
    ids = {each.event_id for each in webhooks(file)}
    assert {each for each in told if each.startswith("e")} <= ids
    written = lines(file)
    assert len(written) >= max((int(each) for each in told if each.isdigit()), default=0)
    assert [line.event for line in written] == [fact(number) for number in range(1, len(written) + 1)]
    assert [line.asks for line in written] == [(ask(number),) for number in range(1, len(written) + 1)]
    known = next(iter(ids))
    assert keep(file, lambda journal: journal.receive(known, b"", 0), chapter="another") is False
