"""A console sees to it that there is a guardian: real processes, that end as soon as they have begun."""

from __future__ import annotations

import asyncio
import os
from pathlib import Path

import pytest

from tests.guardian.test_charge import PLAN
from warmxfer_tui.listener import listening
from warmxfer_tui.runtime import guarding
from warmxfer_tui.runtime.charge import Charge
from warmxfer_tui.runtime.guarding import Guarding

pytestmark = [pytest.mark.proof, pytest.mark.timeout(60)]


@pytest.fixture(autouse=True)
def _quick(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("BEAT_S", "REST_S", "AGAIN_S"):
        monkeypatch.setattr(guarding, name, 0.05)


def has_children() -> bool:
    """Whether there is a process that nobody has waited for."""
    try:
        os.waitpid(-1, os.WNOHANG)
    except ChildProcessError:
        return False
    return True


async def told_of(tmp_path: Path) -> str:
    """What the agent is told first."""
    told: asyncio.Queue[str] = asyncio.Queue()
    charge = Charge.of(PLAN, tmp_path / "journal.db", keep_days=1, log_numbers=False)
    with listening("127.0.0.1", 0) as own:
        one = Guarding(charge, own, told.put_nowait)
        assert not one.at_work
        task = asyncio.create_task(one.run())
        async with asyncio.timeout(30):
            text = await told.get()
        task.cancel()
        await asyncio.wait([task])
        assert told.empty(), "once"
        assert not one.at_work
        return text


async def test_one_that_cannot_stay_is_told_of_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(guarding, "START", "")
    assert "it ends as soon as it has begun" in await told_of(tmp_path)


async def test_one_that_cannot_be_started_is_told_of(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.executable", str(tmp_path / "no such program"))
    assert await told_of(tmp_path) == (
        "There is no guardian: if this console is killed, nobody goes on with its calls. "
        "(No such file or directory)"
    )


@pytest.mark.parametrize("after_s", [0.0, 0.002, 0.005, 0.01, 0.02, 0.04])
async def test_a_console_that_leaves_while_its_guardian_is_started_leaves_no_process_half_begun(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, after_s: float
) -> None:
    monkeypatch.setattr(guarding, "REST_S", 0.0)
    charge = Charge.of(PLAN, tmp_path / "journal.db", keep_days=1, log_numbers=False)
    with listening("127.0.0.1", 0) as own:
        task = asyncio.create_task(Guarding(charge, own, lambda text: None).run())
        await asyncio.sleep(after_s)
        task.cancel()
        await asyncio.wait([task])
    assert not has_children()
