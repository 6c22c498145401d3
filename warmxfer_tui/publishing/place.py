"""The socket's place in the file system: for its owner alone, at one known path, however long that is.

A socket's own path may have about a hundred bytes: where the known path is longer, or its file system has no
sockets, the socket lies in a short private folder, and at the known path a link leads there.
"""

from __future__ import annotations

import os
import socket
import stat
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from warmxfer_tui.publishing.errors import CannotServe, NobodyServes

LONGEST = 100
"""Bytes of a path that every system takes: macOS has room for 103, Linux for 107."""
_START = "Start one with `warmxfer`."


@contextmanager
def bound(place: Path) -> Iterator[socket.socket]:
    """A socket that is bound and not yet listening; on the way out it is gone. Raises `CannotServe`.

    Whoever asks for the place has the journal's lock, or its lease. So what another process of this user has
    there is replaced, even if that lives: it was killed, or stopped, and its desk is ours now.
    """
    try:
        _clear(place)
        own = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        try:
            made = _bind(own, place)
        except BaseException:
            own.close()
            raise
    except OSError as failure:
        raise CannotServe(f"no socket can be had at {place}", failure.strerror or str(failure)) from failure
    identity = [_identity(path) for path in made]
    try:
        yield own
    finally:
        for path, ours in zip(made, identity, strict=True):
            with suppress(OSError):
                if _identity(path) == ours:  # or else it has been replaced
                    path.rmdir() if path.is_dir() and not path.is_symlink() else path.unlink()
        own.close()


def _identity(path: Path) -> tuple[int, int]:
    found = path.lstat()
    return found.st_dev, found.st_ino


def _bind(own: socket.socket, place: Path) -> tuple[Path, ...]:
    """Bind at the place or in a short folder; return what was made, in the order in which it is to go."""
    if len(os.fsencode(place)) <= LONGEST:
        try:
            _bind_privately(own, place)
        except OSError:
            place.unlink(missing_ok=True)  # a file system without sockets, or without modes
        else:
            return (place,)
    folder = Path(tempfile.mkdtemp(prefix="warmxfer-", dir=_short_folder()))
    target = folder / "desk"
    made = (place, target, folder)
    try:
        _bind_privately(own, target)
        place.symlink_to(target)
    except OSError:
        target.unlink(missing_ok=True)
        folder.rmdir()
        raise
    return made


def _bind_privately(own: socket.socket, path: Path) -> None:
    own.bind(str(path))
    path.chmod(0o600)  # nobody could connect before: it does not listen yet


def _short_folder() -> str:
    usual = tempfile.gettempdir()
    return usual if len(os.fsencode(usual)) <= LONGEST - 30 else "/tmp"  # noqa: S108  a private folder in it


def _clear(place: Path) -> None:
    """Take away what is left of another server. Raises `CannotServe`, or `OSError`."""
    place.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    try:
        found = place.lstat()
    except FileNotFoundError:
        return
    if found.st_uid != os.geteuid():
        raise CannotServe(f"{place} belongs to another user", "Remove it, or have it removed.")
    if not (stat.S_ISSOCK(found.st_mode) or stat.S_ISLNK(found.st_mode)):
        raise CannotServe(f"{place} is no socket", "Move it away: the desk is given out at this path.")
    with suppress(NobodyServes):
        target = reached(place)
        if target != place:
            target.unlink()
            target.parent.rmdir()
    place.unlink()


def reached(place: Path) -> Path:
    """The socket that a place leads to, which nobody but this user has made. Raises `NobodyServes`."""
    try:
        target = Path(os.readlink(place)) if place.is_symlink() else place
        found, folder = target.lstat(), target.parent.stat()
    except OSError as failure:
        raise NobodyServes("no console runs here", _START) from failure
    if {found.st_uid, folder.st_uid} != {os.geteuid()} or not stat.S_ISSOCK(found.st_mode):
        raise NobodyServes(f"{place} is no socket of yours", "Whoever made it could show any desk.")
    return target
