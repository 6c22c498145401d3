from __future__ import annotations

import stat
from pathlib import Path

import pytest

from warmxfer_tui import paths
from warmxfer_tui.errors import FolderError
from warmxfer_tui.paths import config_folder, private_folder, state_folder


def test_the_xdg_folders_are_used(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(paths.sys, "platform", "linux")  # type: ignore[attr-defined]
    home = {"HOME": str(tmp_path)}
    assert config_folder(home) == tmp_path / ".config" / "warmxfer"
    assert state_folder(home) == tmp_path / ".local" / "state" / "warmxfer"
    assert config_folder(home | {"XDG_CONFIG_HOME": "/c"}) == Path("/c/warmxfer")
    assert state_folder(home | {"XDG_STATE_HOME": "/s"}) == Path("/s/warmxfer")
    assert state_folder(home | {"XDG_STATE_HOME": "relative"}) == tmp_path / ".local" / "state" / "warmxfer"


def test_macos_has_its_own_place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(paths.sys, "platform", "darwin")  # type: ignore[attr-defined]
    assert config_folder({"HOME": str(tmp_path)}) == tmp_path / "Library" / "Application Support" / "warmxfer"


def test_a_new_folder_is_private(tmp_path: Path) -> None:
    assert stat.S_IMODE(private_folder(tmp_path / "a" / "b").stat().st_mode) == 0o700


def test_a_folder_that_cannot_be_made_is_said(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(FolderError, match="cannot use the folder"):
        private_folder(tmp_path / "file" / "below")


def test_a_user_without_a_home_is_told_so(monkeypatch: pytest.MonkeyPatch) -> None:
    def homeless() -> Path:
        raise RuntimeError("Could not determine home directory.")

    monkeypatch.setattr(paths.Path, "home", staticmethod(homeless))  # type: ignore[attr-defined]
    with pytest.raises(FolderError, match="set HOME"):
        config_folder({})
    assert config_folder({"XDG_CONFIG_HOME": "/c"}) == Path("/c/warmxfer")
