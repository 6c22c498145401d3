"""Where warmxfer keeps what it writes: the user's own folders, private to the user (design §6).

The rules are the platform's: the XDG base directories, and ``~/Library/Application Support`` on macOS.
Written out here because they are ten lines, and a library for them costs 22 ms of the start (style §3g).
"""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping
from pathlib import Path

from warmxfer_tui.errors import FolderError

APP = "warmxfer"


def config_folder(environ: Mapping[str, str] | None = None) -> Path:
    """The folder in which the user may keep a ``.env``; it need not exist.

    Raises `FolderError`, as `state_folder` does, when the user has no home.
    """
    return _folder("XDG_CONFIG_HOME", Path(".config"), environ)


def state_folder(environ: Mapping[str, str] | None = None) -> Path:
    """The folder of logs and journals; it need not exist, see `private_folder`."""
    return _folder("XDG_STATE_HOME", Path(".local", "state"), environ)


def private_folder(folder: Path) -> Path:
    """Make ``folder`` if it is missing, with access for its owner only, and return it.

    Raises `FolderError` when it cannot be made.
    """
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as error:
        reason = error.strerror or str(error)
        raise FolderError(
            f"cannot use the folder {folder}", f"{reason}; make it one that you may write to, or name another"
        ) from error
    return folder


def _home() -> Path:
    try:
        return Path.home()
    except RuntimeError as error:  # a user without an entry, as in a container
        raise FolderError("you have no home folder", "set HOME to a folder that you may write to") from error


def _folder(variable: str, below_home: Path, environ: Mapping[str, str] | None) -> Path:
    values = os.environ if environ is None else environ
    # The base directory specification says that a relative value is to be ignored.
    if (base := Path(values.get(variable, ""))).is_absolute():
        return base / APP
    home = Path(values.get("HOME") or _home())
    if sys.platform == "darwin":
        return home / "Library" / "Application Support" / APP
    return home / below_home / APP
