"""However the console ends, the terminal is as it was, and the exit status says how it ended."""

from __future__ import annotations

import json
import os
import signal
from pathlib import Path

import pytest

from .proving import END_S, FAULT, console, delays, settle
from .terminal import ALTERNATE_SCREEN

pytestmark = [pytest.mark.proof, pytest.mark.timeout(60)]


@pytest.mark.parametrize(("number", "status"), [(signal.SIGTERM, 143), (signal.SIGHUP, 129)])
def test_a_signal_ends_it_with_its_own_status(tmp_path: Path, number: signal.Signals, status: int) -> None:
    with console(tmp_path) as terminal:
        os.kill(terminal.pid, number)
        assert terminal.end(END_S) == status
        assert terminal.scars() == []


def test_a_terminal_whose_window_is_closed_ends_it(tmp_path: Path) -> None:
    with console(tmp_path) as terminal:
        terminal.hang_up()
        assert terminal.end(END_S) == 129


def test_a_terminal_that_is_gone_ends_it_though_no_signal_says_so(tmp_path: Path) -> None:
    with console(tmp_path, {"WX_DEAF": "1"}) as terminal:
        terminal.until((tmp_path / "deaf").exists, END_S, "it hears no SIGHUP")
        terminal.hang_up()
        assert terminal.end(END_S) == 129


def test_a_suspended_console_gives_the_terminal_back_and_draws_itself_anew(tmp_path: Path) -> None:
    with console(tmp_path) as terminal:
        os.kill(terminal.pid, signal.SIGTSTP)
        terminal.until(terminal.is_stopped, END_S, "it stops")
        terminal.until(lambda: not terminal.scars(), END_S, "the terminal is given back")
        assert "Ms Ortiz" not in terminal.shown()
        os.kill(terminal.pid, signal.SIGCONT)
        terminal.until(lambda: terminal.is_on(ALTERNATE_SCREEN), END_S, "the console is back")
        settle(tmp_path, terminal)
        assert "Ms Ortiz" in terminal.shown()


def test_ctrl_q_ends_it_with_status_0(tmp_path: Path) -> None:
    with console(tmp_path, {"WX_EMPTY": "1"}, "Nobody is on the line.") as terminal:
        terminal.press("ctrl+q")
        assert terminal.end(END_S) == 0
        assert terminal.scars() == []


async def test_a_crash_ends_it_with_status_1_and_its_traceback_is_in_the_log_not_on_the_screen(
    tmp_path: Path,
) -> None:
    with console(tmp_path) as terminal:
        await delays((tmp_path / "url").read_text(), [FAULT])
        assert terminal.end(END_S) == 1
        assert terminal.scars() == []
        assert "Traceback" not in terminal.shown()
        assert "on purpose" not in terminal.shown()
        assert "warmxfer ended by a fault of its own; the log tells which." in terminal.shown()
    records = [json.loads(line) for line in (tmp_path / "log").read_text().splitlines()]
    (fault,) = [record for record in records if record["level"] == "critical"]
    assert "Fault: on purpose" in fault["error"]
    assert "Traceback" in fault["error"]
    assert "break_down" in fault["error"]
