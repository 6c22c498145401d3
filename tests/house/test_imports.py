"""The contracts of design §2, and that they bite: each is tried with a line that breaks it."""

from __future__ import annotations

import ast
import shutil
import subprocess
import sys
import sysconfig
from collections.abc import Iterator
from importlib.util import resolve_name
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PACKAGE = ROOT / "warmxfer_tui"

# Imports every pure module in an interpreter that has loaded nothing else (-S: nor any .pth file), and prints
# what came with them. os, io, time and warnings are missing from the list because the interpreter and
# dataclasses bring them along; the import contracts forbid our own lines that name them.
WALK = """
import importlib, pkgutil, sys
FORBIDDEN = set((
    "asyncio concurrent contextvars datetime getpass http locale logging multiprocessing pathlib platform"
    " queue random sched secrets select selectors shutil signal socket sqlite3 ssl subprocess tempfile"
    " threading urllib uuid"
).split())
import dataclasses, enum, functools, itertools, re, typing
already = FORBIDDEN & set(sys.modules)
assert not already, f"cannot be judged: {already}"
sys.path[:0] = sys.argv[1:]
names = ["warmxfer_tui.text", "warmxfer_tui.errors"]
for room in ("warmxfer_tui.core", "warmxfer_tui.simulator.world"):
    names.append(room)
    found = pkgutil.walk_packages(importlib.import_module(room).__path__, room + ".")
    names += [module.name for module in found]
for name in names:
    importlib.import_module(name)
loaded = {name.partition(".")[0] for name in sys.modules}
ours = {"warmxfer_tui", "__main__"}
bad = loaded & FORBIDDEN | {name for name in loaded - ours if name not in sys.stdlib_module_names}
print(len(names), *sorted(bad))
"""


def impurities(root: Path) -> list[str]:
    """What the pure modules below ``root`` load that they must not."""
    command = [sys.executable, "-I", "-S", "-c", WALK, str(root), sysconfig.get_path("purelib")]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    count, *bad = done.stdout.split()
    # Every file was visited: the walk cannot have missed a folder without an __init__.
    package = root / "warmxfer_tui"
    files = [file for room in ("core", "simulator/world") for file in (package / room).rglob("*.py")]
    assert int(count) == len(["text.py", "errors.py", *files])
    return bad


def contracts(root: Path) -> subprocess.CompletedProcess[str]:
    lint = shutil.which("lint-imports", path=sysconfig.get_path("scripts"))
    assert lint is not None
    return subprocess.run([lint, "--no-cache"], cwd=root, capture_output=True, text=True, check=False)


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """A copy of the package in which a test may break something."""
    shutil.copytree(
        PACKAGE, tmp_path / "warmxfer_tui", ignore=shutil.ignore_patterns("__pycache__", ".*", "*.wav")
    )
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    return tmp_path


def plant(root: Path, module: str, line: str) -> None:
    file = root / "warmxfer_tui" / module
    file.write_text(f"{file.read_text(encoding='utf-8')}\n\n{line}\n", encoding="utf-8")


def test_the_pure_modules_load_nothing_impure() -> None:
    assert impurities(ROOT) == []


@pytest.mark.parametrize(
    ("module", "line", "culprit"),
    [
        ("core/model.py", "import httpx", "httpx"),
        ("core/machine.py", "from asyncio import Queue", "asyncio"),
        ("simulator/world/model.py", "import random", "random"),
        ("text.py", "import logging.handlers", "logging"),
        ("simulator/__init__.py", "import aiohttp.web", "aiohttp"),
    ],
)
def test_an_impure_import_is_caught_at_run_time(copy: Path, module: str, line: str, culprit: str) -> None:
    plant(copy, module, line)
    assert culprit in impurities(copy)


def test_the_contracts_are_kept() -> None:
    done = contracts(ROOT)
    assert done.returncode == 0, done.stdout
    assert "4 kept, 0 broken" in done.stdout


@pytest.mark.parametrize(
    ("module", "line", "broken"),
    [
        ("core/model.py", "import httpx", "are pure"),
        ("core/machine.py", "def late() -> None:\n    import time", "are pure"),
        ("simulator/world/model.py", "import os", "are pure"),
        ("core/model.py", "import warmxfer_tui.engine", "imports point downwards"),
        ("engine.py", "import warmxfer_tui.listener", "imports point downwards"),
        ("simulator/api.py", "import warmxfer_tui.core.model", "the judge shares no code"),
        ("engine.py", "import warmxfer_tui.simulator.world", "nothing below the runtime"),
    ],
)
def test_a_broken_contract_is_caught(copy: Path, module: str, line: str, broken: str) -> None:
    plant(copy, module, line)
    done = contracts(copy)
    assert done.returncode != 0
    assert any(broken in row and row.endswith("BROKEN") for row in done.stdout.splitlines()), done.stdout


def imported_by(file: Path) -> Iterator[str]:
    """The full name of everything that a module imports, wherever in it."""
    package = ".".join(file.relative_to(ROOT).parts[:-1])
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        match node:
            case ast.Import(names=names):
                yield from (name.name for name in names)
            case ast.ImportFrom(module=module, names=names, level=level):
                base = resolve_name("." * level, package) if level else ""
                yield from (".".join(filter(None, (base, module, name.name))) for name in names)


def test_the_simulator_uses_nothing_of_ours_but_the_bottom_layer() -> None:
    allowed = {"text", "errors", "clock", "paths", "simulator"}
    for file in (PACKAGE / "simulator").rglob("*.py"):
        used = {name.split(".")[1] for name in imported_by(file) if name.startswith("warmxfer_tui.")}
        assert used <= allowed, file


def test_a_protocol_has_one_definition() -> None:
    """Two of one name drift apart; who needs it imports it from where it is."""
    found: dict[str, list[str]] = {}
    for file in PACKAGE.rglob("*.py"):
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if isinstance(node, ast.ClassDef) and any(ast.unparse(b) == "Protocol" for b in node.bases):
                found.setdefault(node.name, []).append(str(file.relative_to(ROOT)))
    assert found["Clock"] == ["warmxfer_tui/ports.py"]
    assert [places for places in found.values() if len(places) > 1] == []


def test_the_official_package_is_never_imported_by_the_program() -> None:
    for file in PACKAGE.rglob("*.py"):
        assert "telnyx" not in {name.partition(".")[0] for name in imported_by(file)}, file
