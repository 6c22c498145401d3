"""The file by which a console finds the simulator of the one before it: private, and never believed."""

from __future__ import annotations

import asyncio
import json
import os
import stat
from collections.abc import Callable
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

import pytest

from warmxfer_tui.simulator import process
from warmxfer_tui.simulator.finding import found_or_started
from warmxfer_tui.simulator.handover import Handover, forget, handover_file, read_back, write_down

GIVEN = Handover(
    "http://127.0.0.1:4000/v2", "http://127.0.0.1:4000/sim", "KEY1", "KEY1", "cHVi", "1", "+12025550100", 77
)


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "state" / "simulator.json"


def test_the_file_is_its_owners_alone_whatever_the_umask_and_whatever_lay_there(file: Path) -> None:
    before = os.umask(0)
    try:
        file.parent.mkdir(mode=0o700)
        file.write_text("someone else's")
        file.chmod(0o666)
        assert write_down(GIVEN, file)
    finally:
        os.umask(before)
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert read_back(file) == GIVEN
    assert [each.name for each in file.parent.iterdir()] == [file.name]


def test_a_folder_that_takes_nothing_is_no_error(tmp_path: Path) -> None:
    (tmp_path / "state").write_text("a file where the folder should be")
    assert not write_down(GIVEN, tmp_path / "state" / "simulator.json")


def test_a_simulator_removes_its_own_file_and_no_others(file: Path) -> None:
    write_down(replace(GIVEN, pid=78), file)
    forget(GIVEN, file)
    assert file.exists()
    forget(replace(GIVEN, pid=78), file)
    assert not file.exists()


def _link(file: Path) -> None:
    real = file.with_name("real")
    file.rename(real)
    file.symlink_to(real)


def _pipe(file: Path) -> None:
    file.unlink()
    os.mkfifo(file, 0o600)


@pytest.mark.parametrize(
    "spoil",
    [
        lambda file: file.unlink(),
        lambda file: file.chmod(0o640),
        lambda file: file.chmod(0o602),
        _link,
        _pipe,
        lambda file: file.write_bytes(b""),
        lambda file: file.write_bytes(b"\xff\xfe"),
        lambda file: file.write_bytes(b"[" * 4000),
        lambda file: file.write_bytes(b"[1, 2]"),
        lambda file: file.write_bytes(GIVEN.line()[:-20]),
    ],
)
def test_what_no_simulator_has_written_is_not_read(file: Path, spoil: Callable[[Path], None]) -> None:
    write_down(GIVEN, file)
    spoil(file)
    assert read_back(file) is None


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("base_url", "http://example.com:4000/v2"),
        ("control_url", "http://127.0.0.1.example.com:4000/sim"),
        ("control_url", "http://127.0.0.1:80@example.com:4000/sim"),
        ("control_url", "https://127.0.0.1:4000/sim"),
        ("control_url", "http://127.0.0.1/sim"),
        ("control_url", "http://127.0.0.1:99999/sim"),
        ("control_url", "http://[::1"),
        ("control_url", 5),
        ("api_key", None),
        ("pid", 0),
        ("pid", -1),
        ("pid", True),
        ("pid", "77"),
        ("colour", "red"),
    ],
)
def test_a_key_is_sent_nowhere_but_to_a_process_of_this_machine(
    file: Path, field: str, value: object
) -> None:
    write_down(GIVEN, file)
    file.write_text(json.dumps(asdict(GIVEN) | {field: value}))
    assert read_back(file) is None


async def started(hidden: list[str]) -> process.SimulatorProcess:
    return await found_or_started(hidden.append)


@pytest.mark.proof
async def test_the_next_console_holds_the_same_account_and_its_secrets_are_hidden_first() -> None:
    hidden: list[str] = []
    first = await started([])
    first._listening.cancel()
    assert first._socket._conn is not None
    assert first._socket._conn.transport is not None
    first._socket._conn.transport.abort()  # as the system does when a console is killed
    await asyncio.sleep(0)
    await first._socket.close()
    await first._http.close()
    second = await started(hidden)
    assert second.handover == first.handover
    assert hidden == list(second.handover.secrets)
    await second.stop()
    assert not handover_file().exists()


@pytest.mark.proof
async def test_consoles_with_folders_of_their_own_never_meet(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with await started([]) as one:
        monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "other"))
        async with await started([]) as other:
            assert one.handover.api_key != other.handover.api_key
            assert one.pid != other.pid


@pytest.mark.proof
async def test_a_simulator_that_another_console_holds_is_left_to_it() -> None:
    async with await started([]) as one, await started([]) as other:
        assert one.pid != other.pid
        assert read_back(handover_file()) == other.handover


@pytest.mark.proof
@pytest.mark.parametrize("change", [{"pid": 2**22 - 1}, {"control_token": "KEY0"}, {"public_key": "AAAA"}])
async def test_a_file_that_leads_nowhere_is_replaced_by_a_new_simulators(change: dict[str, Any]) -> None:
    """A dead process, a wrong token, a foreign program: each is passed over."""
    async with await process.spawn() as other:
        left_over = replace(other.handover, **change)
        write_down(left_over, handover_file())
        async with await started([]) as ours:
            assert ours.pid != other.pid
            assert read_back(handover_file()) == ours.handover
