"""What the README says about the simulator and a program of one's own, done as it stands there."""

from __future__ import annotations

import asyncio
import os
import re
import shlex
import signal
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
SECTION = (
    (ROOT / "README.md")
    .read_text(encoding="utf-8")
    .partition("## Use the simulator for your own program\n")[2]
    .partition("\n## ")[0]
)
START, DIAL, RUN, UPDATE = re.findall(r"^```\w+\n(.*?)^```$", SECTION, re.MULTILINE | re.DOTALL)
VARIABLES = 5


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A reader's folder, where `python` and `warmxfer` are this interpreter's."""
    commands = tmp_path / "bin"
    commands.mkdir()
    python = shlex.quote(sys.executable)
    for name, words in {"python": python, "warmxfer": f"{python} -m warmxfer_tui"}.items():
        (commands / name).write_text(f'#!/bin/sh\nexec {words} "$@"\n', encoding="utf-8")
        (commands / name).chmod(0o755)
    monkeypatch.setenv("PATH", f"{commands}{os.pathsep}{os.environ['PATH']}")
    monkeypatch.setenv("PYTHONPATH", str(ROOT))
    return tmp_path


@asynccontextmanager
async def one_terminal(folder: Path, command: str) -> AsyncIterator[None]:
    """Run the command that starts the simulator until the variables stand in their file; interrupt it."""
    process = await asyncio.create_subprocess_exec(
        "bash", "-c", command, cwd=folder, stdout=asyncio.subprocess.PIPE, start_new_session=True
    )
    try:
        assert process.stdout is not None
        async with asyncio.timeout(20):
            for _ in range(VARIABLES):
                assert (await process.stdout.readline()).startswith(b"TELNYX_")
            # tee writes to the screen before the file, and tells nobody when it has.
            while (folder / "simulator.env").read_text("utf-8").count("\n") < VARIABLES:  # noqa: ASYNC110
                await asyncio.sleep(0)
        yield
    finally:
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGINT)
        await process.communicate()


async def another_terminal(folder: Path, program: str) -> tuple[int | None, str, str]:
    """Run the second command with a program in its file; return its status and what it said."""
    (folder / "dial.py").write_text(program, encoding="utf-8")
    process = await asyncio.create_subprocess_exec(
        "bash", "-c", RUN, cwd=folder, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.PIPE
    )
    said, complained = await process.communicate()
    return process.returncode, said.decode(), complained.decode()


@pytest.mark.proof
async def test_the_readmes_program_dials_as_it_stands(folder: Path) -> None:
    async with one_terminal(folder, START):
        status, said, complained = await another_terminal(folder, DIAL)
    assert (status, complained) == (0, "")
    assert said.startswith("v3:")


@pytest.mark.proof
async def test_a_dial_is_refused_until_the_application_has_a_webhook_url(folder: Path) -> None:
    opening, create, dial = DIAL.partition("client = telnyx.Telnyx()\n")
    refused = "".join(f"    {line}\n" for line in dial.splitlines() if not line.startswith("print"))
    program = (
        f"{opening}{create}try:\n{refused}except telnyx.UnprocessableEntityError as error:\n"
        f"    print(error.body['errors'][0]['code'])\n{UPDATE}{dial}"
    )
    async with one_terminal(folder, re.sub(r" --webhook-url \S+", "", START)):
        status, said, complained = await another_terminal(folder, program)
    assert (status, complained) == (0, "")
    code, call = said.splitlines()
    assert f"code {code}" in SECTION
    assert call.startswith("v3:")
