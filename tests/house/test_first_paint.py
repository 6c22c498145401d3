"""First paint before the heavy imports (budgets §4): what is loaded when the first frame is drawn."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

HEAVY = {"aiohttp", "httpx", "nacl", "phonenumbers", "sqlite3", "websockets"}
ACCOUNT = {
    "TELNYX_API_KEY": "KEY0123",
    "TELNYX_PUBLIC_KEY": "A" * 43 + "=",
    "TELNYX_CONNECTION_ID": "1",
    "TELNYX_PHONE_NUMBER": "+12025550100",
    "AGENT_LINE": "+12025550101",
    "PUBLIC_URL": "https://desk.example",
}

# The command line as it is, up to the first frame: then it says what is loaded, and is gone.
PAINT = """
import os, sys
from warmxfer_tui import app, cli

def first(self, screen, renderable):
    os.write(1, " ".join({name.partition(".")[0] for name in sys.modules}).encode())
    os._exit(0)

def run(self):
    import asyncio
    async def paint():
        async with self.run_test() as pilot:
            await pilot.pause(5)
    asyncio.run(paint())

app.Console._display = first
app.Console.run_to_the_end = run
raise SystemExit(cli.main(sys.argv[1:]))
"""


def loaded(folder: Path, environment: dict[str, str], *words: str) -> set[str]:
    """The packages that are there at the first frame."""
    home = {"HOME": str(folder), "XDG_STATE_HOME": str(folder), "XDG_CONFIG_HOME": str(folder)}
    root = {"PYTHONPATH": str(Path(__file__).parents[2])}
    done = subprocess.run(
        [sys.executable, "-c", PAINT, *words],
        env={"PATH": "", "TERM": "xterm", **home, **root, **environment},
        cwd=folder,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert "textual" in done.stdout.split()
    return set(done.stdout.split())


@pytest.mark.parametrize("words", [(), ("demo", "happy")], ids=["console", "demo"])
def test_the_first_frame_waits_for_no_heavy_import(tmp_path: Path, words: tuple[str, ...]) -> None:
    assert loaded(tmp_path, {"WARMXFER_SIMULATOR": "yes"}, *words) & HEAVY == set()


def test_with_an_account_only_its_numbers_are_looked_at_before(tmp_path: Path) -> None:
    """A number that cannot be dialled is told before the screen opens: 24 ms."""
    assert loaded(tmp_path, ACCOUNT) & HEAVY == {"phonenumbers"}
