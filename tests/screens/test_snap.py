"""The judge of the pictures is itself judged: an app that crashes or differs must not pass."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.conftest import refused_update

ROOT = Path(__file__).parents[2]

# As tests with the fixture look; WORD is what has changed between two runs.
TESTS = """
import os
import pytest
from textual.app import App
from textual.widgets import Input, Static

class Words(App):
    def compose(self):
        yield Static(os.environ["WORD"] if self.changing else "always the same")
        yield Input("typed")

    changing = False

class Changing(Words):
    changing = True

class Crashing(Words):
    def on_mount(self):
        self.set_timer(0.01, lambda: 1 / 0)

async def test_same(snap):
    await snap(Words())

async def test_changing(snap):
    await snap(Changing())

async def test_crashing(snap):
    async def wait(pilot):
        await pilot.pause(0.1)
    await snap(Crashing(), run_before=wait)

async def test_steps_and_size(snap):
    async def say(pilot):
        assert pilot.app.size.width == 100
        pilot.app.notify("a toast is seen", timeout=60)
        await pilot.pause()
    await snap(Words(), size=(100, 30), run_before=say)
"""


def outcomes(folder: Path, word: str, *options: str) -> dict[str, str]:
    """How each test ended, by its name."""
    done = subprocess.run(
        [
            sys.executable, "-m", "pytest", "-c", str(folder / "pytest.ini"), "--rootdir", str(folder),
            "-p", "tests.screens.snap", "-p", "no:cacheprovider", "-v", *options, "test_words.py",
        ],
        cwd=folder,
        env={**os.environ, "WORD": word, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=False,
    )  # fmt: skip
    lines = [line.split() for line in done.stdout.splitlines() if line.startswith("test_words.py::")]
    assert lines, done.stdout + done.stderr
    return {line[0].partition("::")[2]: line[1] for line in lines}


@pytest.mark.proof
def test_an_app_that_crashes_or_differs_fails(tmp_path: Path) -> None:
    (tmp_path / "test_words.py").write_text(TESTS)
    (tmp_path / "pytest.ini").write_text("[pytest]\nasyncio_mode = auto\n")
    accepted = outcomes(tmp_path, "before", "--snapshot-update")
    assert accepted == {
        "test_same": "PASSED",
        "test_changing": "PASSED",
        "test_crashing": "FAILED",
        "test_steps_and_size": "PASSED",
    }
    pictures = {file.stem: file.read_text() for file in tmp_path.rglob("*.svg")}
    assert sorted(pictures) == ["test_changing", "test_same", "test_steps_and_size"]
    assert "toast" in pictures["test_steps_and_size"]
    (next(tmp_path.rglob("test_steps_and_size.svg"))).unlink()
    assert outcomes(tmp_path, "after") == {
        "test_same": "PASSED",
        "test_changing": "FAILED",
        "test_crashing": "FAILED",
        "test_steps_and_size": "FAILED",  # there is none that was accepted
    }
    assert not list(tmp_path.rglob("snapshot_report.html"))  # it would show the environment


@pytest.mark.parametrize(("update", "version", "refused"), [
    (True, (3, 11), False), (True, (3, 12), True), (True, (3, 13), True), (False, (3, 13), False),
])  # fmt: skip
def test_pictures_are_accepted_with_one_python_only(
    update: bool, version: tuple[int, int], refused: bool
) -> None:
    assert bool(refused_update(update=update, version=version)) is refused


def test_the_environment_of_the_user_does_not_reach_a_picture() -> None:
    foreign = [name for name in os.environ if name.startswith(("TELNYX_", "WARMXFER_", "TEXTUAL_"))]
    assert set(foreign) <= {"TEXTUAL_SNAPSHOT_TEMPDIR"}  # the plugin's own
    assert "NO_COLOR" not in os.environ
