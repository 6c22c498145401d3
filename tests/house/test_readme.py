from __future__ import annotations

import os
import re
import shlex
import subprocess
import tomllib
from pathlib import Path

import pytest

from warmxfer_tui import __version__
from warmxfer_tui.core import verbs
from warmxfer_tui.listener import WEBHOOK_PATH
from warmxfer_tui.settings import TABLE, env_example, markdown_table

ROOT = Path(__file__).parents[2]
README = (ROOT / "README.md").read_text(encoding="utf-8")
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))


def function(name: str) -> str:
    """A function of ``.ci/run``."""
    script = (ROOT / ".ci" / "run").read_text(encoding="utf-8")
    found = re.search(rf"^{name}\(\) \{{$.*?^\}}$", script, re.MULTILINE | re.DOTALL)
    assert found
    return found[0]


def marked(name: str) -> str:
    """A command of the README, as ``.ci/run`` takes it out."""
    done = subprocess.run(
        ["bash", "-euc", f"{function('marked')}\nmarked {name}"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    return done.stdout


@pytest.mark.parametrize(("name", "last"), [("try", ".venv/bin/warmxfer"), ("test", ".venv/bin/pytest")])
def test_a_marked_command_is_one_line_that_needs_nothing_but_python(name: str, last: str) -> None:
    command = marked(name)
    assert "\n" not in command
    steps = [shlex.split(step) for step in command.split("&&")]
    assert steps[0] == ["python3", "-m", "venv", ".venv"]
    assert steps[-1] == [last]
    assert all(step[0].startswith(".venv/bin/") for step in steps[1:])


def test_the_settings_table_is_the_one_in_code() -> None:
    between = README.partition("<!-- settings -->\n")[2].partition("<!-- end of settings -->")[0]
    assert between == markdown_table(), "run .ci/refresh.py"


def test_the_keys_are_those_of_the_registry() -> None:
    between = README.partition("<!-- keys -->\n")[2].partition("<!-- end of keys -->")[0]
    assert between == verbs.markdown_table(), "run .ci/refresh.py"


def test_the_example_file_is_the_one_in_code() -> None:
    example = (ROOT / ".env.example").read_text(encoding="utf-8")
    assert example == env_example(), "run .ci/refresh.py"
    assert all(example.count(f"{setting.name}=") == 1 for setting in TABLE)


def test_the_path_of_the_webhooks_is_told_wherever_the_public_address_is() -> None:
    (setting,) = (setting for setting in TABLE if setting.name == "PUBLIC_URL")
    assert f"with {WEBHOOK_PATH} behind it" in setting.help
    assert f"`PUBLIC_URL` with `{WEBHOOK_PATH}` behind it" in README.replace("\n", " ")


def test_the_first_limit_says_what_it_was_proved_against() -> None:
    first = README.partition("## Limits\n\n")[2].splitlines()[0]
    assert (
        first == "- Proved against the bundled simulator and the official SDK, not yet run on a live account."
    )


def test_the_changelog_knows_this_version_or_what_comes() -> None:
    changes = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
    assert f"## [{__version__}]" in changes or "## [Unreleased]" in changes


def test_what_moves_in_patch_releases_is_pinned_and_nothing_else() -> None:
    stated = PROJECT["project"]["dependencies"] + PROJECT["project"]["optional-dependencies"]["dev"]
    pinned = {line.partition("==")[0]: line.partition("==")[2] for line in stated if "==" in line}
    assert pinned == {
        "textual": "8.2.8",
        "telnyx": "4.189.0",
        "ruff": "0.17.5",
        "mypy": "2.4.1",
        "pytest-textual-snapshot": "1.1.0",
    }
    assert all("==" in line or ">=" in line for line in stated)


def isolated(work: Path, environ: dict[str, str]) -> dict[str, str]:
    """The environment that ``.ci/run`` goes on with."""
    words = f"source_tree={shlex.quote(str(ROOT))} work={shlex.quote(str(work))}\n{function('isolate')}\n"
    done = subprocess.run(
        ["bash", "-euo", "pipefail", "-c", f"{words}isolate\nenv -0"],
        env={"PATH": os.environ["PATH"], **environ},
        capture_output=True,
        text=True,
        check=True,
    )
    return dict(line.split("=", 1) for line in done.stdout.split("\0") if line)


def test_the_proof_script_hides_every_setting_and_every_folder_of_the_user(tmp_path: Path) -> None:
    user = tmp_path / "user"
    theirs = {setting.name: "theirs" for setting in TABLE} | {"TELNYX_API_KY": "theirs"}
    folders = {"HOME": str(user), "XDG_CONFIG_HOME": str(user / "c"), "XDG_STATE_HOME": str(user / "s")}
    ours = isolated(tmp_path / "work", theirs | folders | {"XDG_DATA_HOME": str(user), "PYTHONPATH": "x"})
    assert "theirs" not in ours.values()
    assert {name for name in ours if name in theirs} == {"WARMXFER_SIMULATOR"}
    assert "PYTHONPATH" not in ours
    assert all(Path(ours[name]).is_relative_to(tmp_path / "work") for name in folders)
    assert not any(name.startswith("XDG_") for name in ours.keys() - folders.keys())


@pytest.mark.parametrize("place", [".config/pip/pip.conf", ".pip/pip.conf"])
def test_the_proof_script_keeps_what_pip_has_been_told(tmp_path: Path, place: str) -> None:
    file = tmp_path / "user" / place
    file.parent.mkdir(parents=True)
    file.touch()
    ours = isolated(tmp_path / "work", {"HOME": str(tmp_path / "user")})
    assert ours["PIP_CONFIG_FILE"] == str(file)
    assert Path(ours["PIP_CACHE_DIR"]).is_relative_to(tmp_path / "user")
    told = {"HOME": str(tmp_path / "user"), "PIP_CONFIG_FILE": "/dev/null", "PIP_CACHE_DIR": "/elsewhere"}
    ours = isolated(tmp_path / "work", told)
    assert (ours["PIP_CONFIG_FILE"], ours["PIP_CACHE_DIR"]) == ("/dev/null", "/elsewhere")


def test_the_proof_script_is_runnable_and_is_bash() -> None:
    script = ROOT / ".ci" / "run"
    assert os.access(script, os.X_OK)
    subprocess.run(["bash", "-n", str(script)], check=True)
