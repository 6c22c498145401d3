"""Every test runs without the user's own settings, folders and colours, and Hypothesis repeats itself."""

from __future__ import annotations

import os
import secrets
import signal
import sys
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import HealthCheck, core, is_hypothesis_test, settings
from hypothesis.database import InMemoryExampleDatabase

from warmxfer_tui.settings import TABLE

# The default run is the same each time; the proof tier looks for new examples (design §4).
settings.register_profile(
    "default", derandomize=True, deadline=None, database=None, suppress_health_check=[HealthCheck.too_slow]
)
settings.register_profile(
    "proof",
    max_examples=1_000,
    deadline=None,
    database=InMemoryExampleDatabase(),
    derandomize=False,
    print_blob=True,
)

#: Seconds that one property may take in the proof tier.
PROPERTY_S = 300

# What changes a screen or a request without a test having said so (style §3c).
_FOREIGN = {"NO_COLOR", "HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "NO_PROXY"}
_OURS = {setting.name for setting in TABLE}


def pytest_configure(config: pytest.Config) -> None:
    """Forget the user's environment: a failing snapshot's report would show a real key to everybody."""
    for name in list(os.environ):
        if name in _OURS or name.upper() in _FOREIGN or name.startswith(("TELNYX_", "WARMXFER_", "TEXTUAL_")):
            del os.environ[name]
    os.environ["TZ"] = "UTC"  # the console shows the machine's own time of day
    time.tzset()
    if refusal := refused_update(
        update=bool(config.getoption("update_snapshots")), version=sys.version_info[:2]
    ):
        raise pytest.UsageError(refusal)
    settings.load_profile("proof" if _proving(config) else "default")
    if _proving(config) and core.global_force_seed is None:
        core.global_force_seed = secrets.randbelow(2**32)  # type: ignore[assignment]  # annotated as None


def refused_update(*, update: bool, version: tuple[int, int]) -> str:
    """Why pictures of screens cannot be accepted in this run; empty if they can, or are not to be."""
    wrong = update and version != (3, 11)
    return "--snapshot-update: accept pictures with Python 3.11; others may draw them differently" * wrong


def pytest_report_header(config: pytest.Config) -> list[str]:
    """A proof that failed can be repeated."""
    seed = core.global_force_seed
    return [f"seeds: --hypothesis-seed={seed} repeats this run"] if _proving(config) else []


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """In the proof tier every property is tried again, with fresh seeds and more examples (design §4)."""
    if not _proving(config):
        return
    for item in items:
        if isinstance(item, pytest.Function) and is_hypothesis_test(item.obj):
            item.add_marker("proof")
            item.add_marker(pytest.mark.timeout(PROPERTY_S))  # behind a limit of its own


def _proving(config: pytest.Config) -> bool:
    return str(config.getoption("markexpr")) == "proof"


@pytest.fixture(autouse=True)
def _own_folders(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Logs, journals and a ``.env`` of the user's are out of reach, and no guardian outlives its test."""
    home = tmp_path_factory.mktemp("home")
    monkeypatch.setenv("HOME", str(home))
    monkeypatch.setenv("XDG_CONFIG_HOME", str(home / "config"))
    monkeypatch.setenv("XDG_STATE_HOME", str(home / "state"))
    yield
    if (home / "state").exists():
        _end_guardians(home)


def _end_guardians(home: Path) -> None:
    """A guardian goes on while its calls live; the carrier of a test's calls does not."""
    for process in Path("/proc").glob("[0-9]*"):
        with suppress(OSError):  # a process that has just ended, or another user's
            if (
                b"guardian.program" in (process / "cmdline").read_bytes()
                and os.fsencode(home) in (process / "environ").read_bytes()
            ):
                os.kill(int(process.name), signal.SIGKILL)
