"""The README's pictures are what the console draws today."""

from __future__ import annotations

import re
import time
from pathlib import Path

import pytest

from warmxfer_tui.demos.pictures import pictures

ROOT = Path(__file__).parents[2]
FOLDER = ROOT / "docs" / "pictures"
NOT_CURRENT = "run .ci/refresh.py"


def test_the_pictures_are_those_that_the_console_draws_byte_by_byte() -> None:
    fresh = {name: svg.encode() for name, svg in pictures().items()}
    committed = {file.name: file.read_bytes() for file in FOLDER.glob("*.svg")}
    assert sorted(committed) == sorted(fresh), NOT_CURRENT
    # Compared as a list of names: bytes that differ would be shown by the page.
    assert [name for name in fresh if committed[name] != fresh[name]] == [], NOT_CURRENT


def test_the_readme_shows_every_picture() -> None:
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    shown = re.findall(r"\(docs/pictures/([\w-]+\.svg)\)", readme)
    assert sorted(shown) == sorted(pictures())


def test_a_picture_is_the_same_in_every_run_wherever_it_is_made(monkeypatch: pytest.MonkeyPatch) -> None:
    once = pictures()
    with monkeypatch.context() as elsewhere:
        elsewhere.setenv("TZ", "JST-9")
        time.tzset()
        assert pictures() == once
        assert time.timezone == -9 * 3_600, "the machine's own zone is back"
    time.tzset()


def test_a_picture_shows_its_moment() -> None:
    names = ["a-word-in-private.svg", "all-three-talk.svg", "you-talk-with-ms-ortiz.svg"]
    assert sorted(pictures()) == names
    assert all("Ortiz" in svg for svg in pictures().values())
