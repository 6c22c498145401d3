from __future__ import annotations

import importlib
import json
import logging
import os
import subprocess
import sys
import tomllib
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest

from warmxfer_tui import __version__, cli
from warmxfer_tui.errors import SettingsError, WarmxferError
from warmxfer_tui.settings import TABLE, Kind, Setting, Settings

ROOT = Path(__file__).parents[2]
SAMPLES = {
    Kind.KEY: "A" * 43 + "=",
    Kind.NAME: "x", Kind.NUMBER: "+12025550142", Kind.LINE: "+12025550142",
    Kind.API: "http://127.0.0.1:1/v2", Kind.MINUTES: "5", Kind.DAYS: "30", Kind.REGION: "GB",
    Kind.URL: "https://a.example/x", Kind.SECONDS: "90", Kind.PORT: "9000",
}  # fmt: skip


@pytest.fixture(autouse=True)
def _empty_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """No ``.env`` of the checkout is setting."""
    monkeypatch.chdir(tmp_path)


def help_text(capsys: pytest.CaptureFixture[str]) -> str:
    with pytest.raises(SystemExit) as ended:
        cli.main(["--help"])
    assert ended.value.code == 0
    return capsys.readouterr().out


def test_help_teaches_every_command_and_every_setting(capsys: pytest.CaptureFixture[str]) -> None:
    shown = help_text(capsys)
    for setting in TABLE:
        assert setting.name in shown
        assert setting.flag in shown
    for words in ("warmxfer demo happy --headless", "warmxfer simulate --print-env", "--env FILE"):
        assert words in shown


def test_help_costs_no_heavy_import() -> None:
    heavy = {"asyncio", "textual", "httpx", "aiohttp", "nacl", "phonenumbers", "dotenv", "rich", "logging"}
    code = (
        "import sys\nfrom warmxfer_tui.cli import main\n"
        "try: main(['--help'])\nexcept SystemExit: pass\n"
        f"print(sorted({heavy} & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=ROOT)
    assert done.stdout.splitlines()[-1] == "[]"


def test_the_version_is_the_packages(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        cli.main(["--version"])
    assert ended.value.code == 0
    assert capsys.readouterr().out == f"warmxfer {__version__}\n"


def test_the_module_and_the_command_are_the_same_program() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "warmxfer_tui", "--version"],
        capture_output=True,
        text=True,
        check=True,
        cwd=ROOT,
    )
    assert done.stdout == f"warmxfer {__version__}\n"
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    module, _, name = project["scripts"]["warmxfer"].partition(":")
    assert getattr(importlib.import_module(module), name) is cli.main


@pytest.mark.parametrize(
    "setting",
    [s for s in TABLE if s.flag and s.kind not in {Kind.SWITCH, Kind.TARGETS, Kind.LOG}],
    ids=lambda s: s.flag,
)
def test_a_flag_reaches_its_setting(setting: Setting) -> None:
    settings = cli.read_settings([setting.flag, SAMPLES[setting.kind], "--simulator"], {})
    assert str(getattr(settings, setting.attr)) == SAMPLES[setting.kind]


def test_switches_and_files_reach_their_settings(tmp_path: Path) -> None:
    targets = tmp_path / "targets"
    targets.touch()
    words = ["--simulator", "--line-trusted", "--log-numbers", "--log", "x.log", "--targets", str(targets)]
    settings = cli.read_settings(words, {})
    assert (settings.simulator, settings.agent_line_trusted, settings.log_numbers) == (True, True, True)
    assert (settings.log, settings.targets) == (Path("x.log"), ())


def test_a_named_env_file_is_read(tmp_path: Path) -> None:
    (tmp_path / "office.env").write_text("AGENT_NAME=Ann\n", encoding="utf-8")
    assert cli.read_settings(["--env", "office.env"], {}).agent_name == "Ann"


@pytest.mark.parametrize("name", ["", "~nobody-of-that-name/.env"])
def test_a_named_env_file_that_is_none_is_never_looked_past(name: str) -> None:
    with pytest.raises(SettingsError, match="cannot be read"):
        cli.read_settings(["--env", name], {"HOME": "/nowhere"})


def test_a_working_folder_that_is_gone_has_no_env_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    gone = tmp_path / "gone"
    gone.mkdir()
    monkeypatch.chdir(gone)
    gone.rmdir()
    assert cli.read_settings([], {"HOME": str(tmp_path)}).simulated


def test_the_env_file_of_the_config_folder_is_found(tmp_path: Path) -> None:
    folder = tmp_path / "c" / "warmxfer"
    folder.mkdir(parents=True)
    (folder / ".env").write_text("AGENT_NAME=Ann\n", encoding="utf-8")
    assert cli.read_settings([], {"XDG_CONFIG_HOME": str(tmp_path / "c")}).agent_name == "Ann"


def test_every_problem_is_told_at_once_without_a_traceback(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("TELNYX_API_KEY", "KEY-very-secret")
    assert cli.main(["--port", "x", "--region", "Utopia"]) == cli.REFUSED
    told = capsys.readouterr()
    assert told.out == ""
    for name in ("LISTEN_PORT", "DEFAULT_REGION", "TELNYX_PUBLIC_KEY", "TELNYX_CONNECTION_ID", "AGENT_LINE"):
        assert f"  {name}: " in told.err
    assert "very-secret" not in told.err
    assert "Traceback" not in told.err


@pytest.mark.parametrize("words", [["dmeo"], ["--nonsense"], ["--simulator", "demo"], ["--por", "1"]])
def test_what_does_not_exist_is_refused_with_status_two(
    words: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as ended:
        cli.main(words)
    assert ended.value.code == cli.REFUSED
    assert words[-1] in capsys.readouterr().err or words[0] in capsys.readouterr().err


def test_the_console_is_opened_with_the_settings_and_a_log(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    opened: list[Settings] = []

    def run_console(settings: Settings, hide: Callable[[str], None]) -> int:
        opened.append(settings)
        logging.getLogger("warmxfer_tui.tests").info("call +12025550142")
        return 7

    monkeypatch.setattr("warmxfer_tui.runtime.run_console", run_console)
    assert cli.main(["--name", "Ann"]) == 7
    assert [settings.agent_name for settings in opened] == ["Ann"]
    file = Path(os.environ["XDG_STATE_HOME"]) / "warmxfer" / "warmxfer.log"
    if sys.platform == "linux":
        assert json.loads(file.read_text(encoding="utf-8"))["message"] == "call +••••••••142"
    assert cli.main(["--log", str(tmp_path / "own.log"), "--log-numbers"]) == 7
    assert json.loads((tmp_path / "own.log").read_text(encoding="utf-8"))["message"] == "call +12025550142"


def test_a_state_folder_that_cannot_be_written_keeps_no_console_from_opening(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Calls that live do not wait for a disk (design §3.6); a log that was asked for is another matter."""
    monkeypatch.setattr("warmxfer_tui.runtime.run_console", lambda settings, hide: 7)
    (tmp_path / "file").touch()
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "file"))
    assert cli.main([]) == 7
    assert cli.main(["--log", str(tmp_path / "file" / "own.log")]) == cli.REFUSED
    assert "cannot use the folder" in capsys.readouterr().err


def test_a_secret_that_is_learned_while_the_console_runs_stays_out_of_its_log(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def run_console(_settings: Settings, hide: Callable[[str], None]) -> int:
        hide("KEYfresh")
        logging.getLogger("warmxfer_tui.tests").info("Bearer KEYfresh")
        return 0

    monkeypatch.setattr("warmxfer_tui.runtime.run_console", run_console)
    assert cli.main(["--log", str(tmp_path / "own.log")]) == 0
    assert "Bearer [secret]" in (tmp_path / "own.log").read_text(encoding="utf-8")


def test_no_screen_is_opened_over_a_wrong_line_in_the_targets_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def run_console(_settings: Settings, _hide: Callable[[str], None]) -> int:
        pytest.fail("the screen was opened")

    monkeypatch.setattr("warmxfer_tui.runtime.run_console", run_console)
    (tmp_path / "targets").write_text("Tom, twelve\n", encoding="utf-8")
    assert (
        cli.main(["--targets", str(tmp_path / "targets"), "--region", "ZZ", "--line", "+1911"]) == cli.REFUSED
    )
    told = capsys.readouterr().err
    for name in ("TARGETS_FILE", "DEFAULT_REGION", "AGENT_LINE"):
        assert f"  {name}: " in told


@pytest.mark.parametrize(
    ("words", "entry"),
    [(["demo", "happy", "--headless"], "warmxfer_tui.demos.main"),
     (["simulate", "--port", "0"], "warmxfer_tui.simulator.program.main"),
     (["history", "export"], "warmxfer_tui.journal.export.main")],
)  # fmt: skip
def test_a_command_gets_the_rest_of_the_line(
    words: list[str], entry: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    given: list[Sequence[str]] = []

    def command(rest: Sequence[str]) -> int:
        given.append(rest)
        return 3

    monkeypatch.setattr(entry, command)
    assert cli.main(words) == 3
    assert given == [words[1:]]


@pytest.mark.parametrize(
    ("error", "status", "said"),
    [(WarmxferError("no line", "check the phone"), 2, "warmxfer: no line: check the phone\n"),
     (SettingsError([]), 2, "warmxfer: 0 settings need a change:\n\n"),
     (KeyboardInterrupt(), 130, "")],
)  # fmt: skip
def test_an_error_of_ours_is_one_sentence_and_a_status(
    error: BaseException,
    status: int,
    said: str,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    def run_console(_settings: Settings, _hide: Callable[[str], None]) -> int:
        raise error

    monkeypatch.setattr("warmxfer_tui.runtime.run_console", run_console)
    assert cli.main([]) == status
    assert capsys.readouterr().err == said


def test_a_reader_that_has_seen_enough_is_no_crash() -> None:
    reading, writing = os.pipe()
    os.close(reading)
    command = [sys.executable, "-m", "warmxfer_tui", "demo", "--list"]
    done = subprocess.run(command, stdout=writing, stderr=subprocess.PIPE, check=False, cwd=ROOT)
    os.close(writing)
    assert (done.returncode, done.stderr) == (141, b"")


def test_windows_is_told_so_politely(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    with monkeypatch.context() as elsewhere:
        elsewhere.setattr(os, "name", "nt")
        status = cli.main(["--version"])
    assert status == cli.REFUSED
    assert "Linux and macOS" in capsys.readouterr().err
