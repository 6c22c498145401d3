"""The judge of the README's first command is itself judged: with consoles that behave, and that do not."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

SCRIPT = Path(__file__).parents[2] / ".ci" / "first_run.py"

# Shows the first words only after a while and in pieces, as a terminal does; wants ctrl+q twice.
CONSOLE = """
import os, sys, tty
tty.setraw(0)
os.write(1, b"\\x1b[?1049h\\x1b[2J\\x1b[1;1HNe")
os.write(1, b"\\x1b[1mxt:\\x1b[0m answer")
presses = 0
while presses < 2:
    presses += os.read(0, 1) == b"\\x11"
os.write(1, b"\\x1b[?1049l")
sys.exit(int(sys.argv[1]))
"""


def judged(folder: Path, command: str) -> subprocess.CompletedProcess[str]:
    (folder / "console.py").write_text(CONSOLE, encoding="utf-8")
    return subprocess.run(
        [sys.executable, str(SCRIPT), str(folder), command.format(python=sys.executable)],
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.mark.proof
def test_a_console_that_comes_and_goes_is_accepted(tmp_path: Path) -> None:
    done = judged(tmp_path, "{python} console.py 0")
    assert done.returncode == 0, done.stderr
    assert "left without a trace" in done.stdout


@pytest.mark.proof
@pytest.mark.parametrize(
    ("command", "reason"),
    [
        ("{python} console.py 3", "the console ended with 3"),
        ("echo no such module; exit 1", "ended with 1 before the console came"),
        ("true", "ended with 0 before the console came"),
    ],
)
def test_a_console_that_fails_is_not(tmp_path: Path, command: str, reason: str) -> None:
    done = judged(tmp_path, command)
    assert done.returncode == 1
    assert reason in done.stderr


@pytest.mark.proof
def test_a_process_left_behind_is_found(tmp_path: Path) -> None:
    (tmp_path / ".venv").mkdir()
    (tmp_path / ".venv" / "python").symlink_to(sys.executable)
    # It stays until the other end of its own pipe is closed: by this test, when it is over.
    lingering = subprocess.Popen(
        [tmp_path / ".venv" / "python", "-c", "import sys; sys.stdin.read()"], stdin=subprocess.PIPE
    )
    with lingering:
        done = judged(tmp_path, "{python} console.py 0")
        assert lingering.stdin is not None
        lingering.stdin.close()
    assert done.returncode == 1
    assert f"{lingering.pid} " in done.stderr
