"""The newcomer is judged: a console that leads on is followed, and what is wrong with one is noticed."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import pytest

from tests.terminals.terminal import Terminal

from .newcomer import PROMPT, Newcomer, readme_command

# Shows what its answers show: every screen by the key that leads to it.
CONSOLE = """
import os, sys, termios, tty
screens = {
    b"": "RING\\n Next: [a] answer Ms Ortiz\\n",
    b"a": "consult\\n Enter call   Esc back\\n",
    b"\\r": "CONSULT\\n Next: [t] transfer   [b] back\\n",
    b"t": "HANDED OVER\\n Next:\\n Transfer complete: Ms Ortiz is with Maria.\\n",
    b"\\x11": "Leave?\\n [s] stay\\n [d] drop everybody\\n",
}
before = termios.tcgetattr(0)
tty.setraw(0)
os.write(1, b"\\x1b[?1049h")
key = b""
while key != b"d":
    text = screens.get(key, f"no such key: {key!r}") + "\\n [ctrl+q] quit"
    os.write(1, b"\\x1b[2J\\x1b[H" + text.replace("\\n", "\\r\\n").encode())
    key = os.read(0, 1)
os.write(1, sys.argv[2].encode().decode("unicode_escape").encode())
termios.tcsetattr(0, termios.TCSANOW, before)
sys.exit(int(sys.argv[1]))
"""


def visit(folder: Path, status: int, goodbye: str) -> tuple[Newcomer, Terminal, int]:
    (folder / "console.py").write_text(CONSOLE, encoding="utf-8")
    environment = {"PATH": os.environ["PATH"], "TERM": "xterm-256color", "PS1": f"{PROMPT} "}
    with Terminal(["bash", "--noprofile", "--norc", "--noediting"], environment, folder) as terminal:
        newcomer = Newcomer(terminal)
        newcomer.start(f"{sys.executable} console.py {status} '{goodbye}'")
        newcomer.hand_over()
        newcomer.leave()
        return newcomer, terminal, newcomer.last_status()


@pytest.mark.proof
@pytest.mark.parametrize("status", [0, 3])
def test_a_console_that_leads_on_is_followed_and_its_exit_status_is_noticed(
    tmp_path: Path, status: int
) -> None:
    newcomer, terminal, told = visit(tmp_path, status, r"\x1b[?1049l")
    assert newcomer.minute.keys == ["a", "enter", "t"]
    assert newcomer.minute.ring_s >= 0
    assert newcomer.minute.done_s > newcomer.minute.ring_s
    assert told == status
    assert terminal.scars() == []


@pytest.mark.proof
def test_a_hidden_cursor_and_a_tracked_mouse_are_noticed(tmp_path: Path) -> None:
    _, terminal, _ = visit(tmp_path, 0, r"\x1b[?1049l\x1b[?25l\x1b[?1003h")
    assert terminal.scars() == ["mouse tracking 1003 is on", "the cursor is hidden"]


def test_the_readme_has_the_command_that_is_typed() -> None:
    assert readme_command(Path(__file__).parents[2]).endswith(".venv/bin/warmxfer")
