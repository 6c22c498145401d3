"""Processes that are killed, or whose disk hangs: what was told to be durable is, and the lock is free."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.journal.given import ask, fact, keep, lines, webhooks
from warmxfer_tui.journal.errors import JournalHeld
from warmxfer_tui.journal.lock import Lock
from warmxfer_tui.journal.sqlite import PATIENCE_S

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


def test_a_disk_that_hangs_for_ever_keeps_no_process_from_ending(tmp_path: Path) -> None:
    """A thread that sits in the kernel cannot be asked to stop, nor waited for."""
    file, fifo = tmp_path / "journal.db", tmp_path / "fifo"
    os.mkfifo(fifo)
    command = [sys.executable, "-m", "tests.journal.hung", str(file), str(fifo)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 0, done.stderr
    *told, last = done.stdout.splitlines()
    assert last == "ended"
    assert [line.split()[1] for line in told] == ["durable"] * 2 + ["refused"] * 3
    waited = [float(line.split()[2]) for line in told]
    assert PATIENCE_S <= waited[2] < 4 * PATIENCE_S
    assert max(waited[3:]) < PATIENCE_S
    assert [each.event_id for each in webhooks(file)] == ["e1", "e2"]
    assert keep(file, lambda journal: journal.receive("e3", b"", 0), chapter="another") is True
