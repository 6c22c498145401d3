"""Where the socket lies: private, at a known path however long, and nobody else's is used or taken away."""

from __future__ import annotations

import os
import socket
import stat
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from warmxfer_tui.publishing.errors import CannotServe, NobodyServes
from warmxfer_tui.publishing.place import LONGEST, bound, reached


@pytest.fixture
def short() -> Iterator[Path]:
    """A folder whose path leaves room for a socket's, unlike pytest's own."""
    with tempfile.TemporaryDirectory(prefix="wx", dir="/tmp") as folder:
        yield Path(folder)


def far(folder: Path) -> Path:
    """A place whose path is too long for any system."""
    return folder / ("d" * 90) / ("e" * 90) / "desk.sock"


def called(place: Path) -> bool:
    """Whether somebody answers there."""
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as caller:
        return caller.connect_ex(str(reached(place))) == 0


@pytest.mark.parametrize("long", [False, True], ids=["short", "long"])
def test_the_socket_is_for_its_owner_alone_and_goes_with_its_server(short: Path, long: bool) -> None:
    place = far(short) if long else short / "desk.sock"
    with bound(place) as own:
        own.listen()
        target = reached(place)
        assert called(place)
        assert (target == place) == (not long)
        assert len(os.fsencode(target)) <= LONGEST
        assert stat.S_IMODE(target.stat().st_mode) == 0o600
        assert stat.S_IMODE(target.parent.stat().st_mode) == 0o700
    assert not os.path.lexists(place)
    assert not target.exists()
    assert target.parent.exists() == (not long), "a short folder was made for the socket alone"
    with pytest.raises(NobodyServes, match="no console runs here"):
        reached(place)


def test_a_umask_opens_it_to_nobody(short: Path) -> None:
    before = os.umask(0)
    try:
        with bound(short / "desk.sock"):
            assert stat.S_IMODE((short / "desk.sock").stat().st_mode) == 0o600
    finally:
        os.umask(before)


@pytest.mark.parametrize("long", [False, True], ids=["short", "long"])
def test_what_a_killed_process_has_left_is_replaced(short: Path, long: bool) -> None:
    place = far(short) if long else short / "desk.sock"
    killed = bound(place)
    own = killed.__enter__()
    own.listen()
    left = reached(place)
    own.close()  # and nothing else: as the system does it
    assert not called(place)
    with bound(place) as another:
        another.listen()
        assert called(place)
        assert long == (not left.exists()), "nor is its folder left lying about"
    assert not os.path.lexists(place)


def test_a_link_to_nowhere_is_replaced(short: Path) -> None:
    place = short / "desk.sock"
    place.symlink_to(short / "gone" / "desk")
    with pytest.raises(NobodyServes):
        reached(place)
    with bound(place) as own:
        own.listen()
        assert called(place)


def test_a_server_that_was_stopped_is_replaced_and_takes_nothing_away_when_it_wakes(short: Path) -> None:
    place = short / "desk.sock"
    with ExitStack() as later:
        with bound(place) as stopped:
            stopped.listen()
            later.enter_context(bound(place)).listen()
        assert called(place), "whoever woke has left"
    assert not os.path.lexists(place)


def test_a_file_of_the_users_is_no_socket_and_stays(short: Path) -> None:
    place = short / "desk.sock"
    place.write_text("mine")
    with pytest.raises(CannotServe, match="no socket"), bound(place):
        pass
    with pytest.raises(NobodyServes, match="no socket of yours"):
        reached(place)
    assert place.read_text() == "mine"


def test_what_another_user_made_is_neither_used_nor_removed(
    short: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    place = short / "desk.sock"
    with bound(place) as own:
        own.listen()
        me = os.geteuid()
        monkeypatch.setattr(os, "geteuid", lambda: me + 1)
        with pytest.raises(NobodyServes, match="no socket of yours"):
            reached(place)
        with pytest.raises(CannotServe, match="another user"), bound(place):
            pass
        monkeypatch.undo()
        assert called(place)


def test_where_no_socket_can_be_made_a_sentence_says_so(short: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (short / "file").write_text("")
    with pytest.raises(CannotServe, match="no socket can be had"), bound(short / "file" / "desk.sock"):
        pass


def test_a_file_system_without_sockets_gets_a_link_to_one(
    short: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    place = short / "desk.sock"
    bind = socket.socket.bind

    def refuses(own: socket.socket, address: str) -> None:
        if address == str(place):
            raise PermissionError(1, "Operation not permitted")
        bind(own, address)

    monkeypatch.setattr(socket.socket, "bind", refuses)
    with bound(place) as own:
        own.listen()
        assert place.is_symlink()
        assert called(place)
    assert not os.path.lexists(place)
