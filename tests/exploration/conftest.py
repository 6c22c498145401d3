"""The exhaustive run takes a core for itself: it starts with the session and is waited for at its end."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

EXHAUSTIVE = "exhaustive"
_run = pytest.StashKey[subprocess.Popen[str]]()


def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line(
        "markers", f"{EXHAUSTIVE}: waits for the exploration that runs beside the session"
    )


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    items.sort(key=lambda item: item.get_closest_marker(EXHAUSTIVE) is not None)


def pytest_collection_finish(session: pytest.Session) -> None:
    wanted = any(item.get_closest_marker(EXHAUSTIVE) for item in session.items)
    if wanted and not session.config.option.collectonly:
        session.config.stash[_run] = subprocess.Popen(
            [sys.executable, "-m", "tests.exploration", "--keys", "4", "--mishaps", "1"],
            cwd=Path(__file__).parents[2],
            stdout=subprocess.PIPE,
            text=True,
        )


def pytest_unconfigure(config: pytest.Config) -> None:
    run = config.stash.get(_run, None)
    if run is not None and run.poll() is None:
        run.kill()
        run.wait()


@pytest.fixture
def exhausted(pytestconfig: pytest.Config) -> tuple[int, str]:
    """The exit status and the words of the exhaustive run."""
    run = pytestconfig.stash[_run]
    words, _ = run.communicate()
    return run.returncode, words
