"""What a simulator in a process of its own tells the one that started it, and the console after that one.

The next console finds it in a file of the state folder. It holds the keys, so it is the user's alone; and it
may be left over from a simulator that was killed, so nothing in it is believed (`process.attach`).
"""

from __future__ import annotations

import json
import logging
import os
import stat
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import asdict, dataclass, field, fields
from pathlib import Path
from urllib.parse import urlsplit

from warmxfer_tui.errors import FolderError
from warmxfer_tui.paths import private_folder, state_folder
from warmxfer_tui.simulator.service import Simulator

_log = logging.getLogger(__name__)

FILE_NAME = "simulator.json"
_LONGEST = 4096
"""Bytes of a file that is worth reading; a handover has some 400."""


@dataclass(frozen=True, slots=True)
class Handover:
    """What the simulator's process tells the one that started it."""

    base_url: str
    """Address of the API, ending in ``/v2``."""
    control_url: str
    """Address of the control surface, ending in ``/sim``."""
    api_key: str = field(repr=False)
    """Bearer token of the API."""
    control_token: str = field(repr=False)
    """Bearer token of the control surface: the API's."""
    public_key: str
    """Public key of the webhooks' signatures, base64."""
    connection_id: str
    """Id of the Call Control application."""
    phone_number: str
    """The account's number, E.164."""
    pid: int = 0
    """The simulator's process."""

    @classmethod
    def of(cls, simulator: Simulator) -> Handover:
        """Return what there is to know about a running ``simulator``."""
        keys = simulator.credentials
        return cls(
            base_url=simulator.base_url,
            control_url=simulator.control_url,
            api_key=keys.api_key,
            control_token=keys.api_key,
            public_key=keys.public_key,
            connection_id=keys.connection_id,
            phone_number=keys.phone_number,
            pid=os.getpid(),
        )

    @classmethod
    def parsed(cls, line: bytes) -> Handover:
        """Return the handover that `line` writes out; raise `ValueError` or `TypeError` for anything else."""
        found = cls(**json.loads(line))
        for each in fields(cls):
            value = getattr(found, each.name)
            if type(value) is not (int if each.name == "pid" else str):
                raise TypeError(f"{each.name} is of the wrong type")
        return found

    @property
    def secrets(self) -> tuple[str, ...]:
        """Everything in it that nobody else may see: what its ``repr`` does not show either."""
        return tuple(getattr(self, each.name) for each in fields(self) if not each.repr)

    def line(self) -> bytes:
        """Return this as one line of JSON."""
        return json.dumps(asdict(self)).encode("ascii") + b"\n"

    def environment(self) -> Mapping[str, str]:
        """Return the variables that ``warmxfer`` and the official package read."""
        return {
            "TELNYX_API_KEY": self.api_key,
            "TELNYX_PUBLIC_KEY": self.public_key,
            "TELNYX_BASE_URL": self.base_url,
            "TELNYX_CONNECTION_ID": self.connection_id,
            "TELNYX_PHONE_NUMBER": self.phone_number,
        }


def handover_file() -> Path:
    """The file in which a console finds the simulator of the console before it."""
    return state_folder() / FILE_NAME


def write_down(handover: Handover, file: Path) -> bool:
    """Write a handover for the next console, whole or not at all; False where it cannot be.

    The simulator goes on without: a disk that takes nothing costs the next console its calls, not this one.
    """
    new = file.with_name(f"{file.name}.{os.getpid()}")
    try:
        private_folder(file.parent)
        with suppress(FileNotFoundError):
            new.unlink()
        descriptor = os.open(new, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC, 0o600)
        with os.fdopen(descriptor, "wb") as opened:
            os.fchmod(descriptor, 0o600)
            opened.write(handover.line())
        new.replace(file)
    except (FolderError, OSError) as failure:
        _log.warning("the next console will not find this simulator: %s", failure)
        with suppress(OSError):
            new.unlink()
        return False
    return True


def read_back(file: Path) -> Handover | None:
    """Return what the last simulator wrote, None where there is nothing that it could have written."""
    flags = os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC  # neither a link nor a pipe
    try:
        with os.fdopen(os.open(file, flags), "rb") as opened:
            about = os.fstat(opened.fileno())
            if not stat.S_ISREG(about.st_mode) or about.st_uid != os.geteuid() or about.st_mode & 0o077:
                return None  # others could have written it, or have read the keys in it
            found = Handover.parsed(opened.read(_LONGEST))
        sound = found.pid > 0 and all(map(_is_here, (found.base_url, found.control_url)))
    except (OSError, ValueError, TypeError, RecursionError):
        return None
    return found if sound else None


def forget(handover: Handover, file: Path) -> None:
    """Remove the file, unless it is another simulator's by now."""
    if read_back(file) == handover:
        with suppress(OSError):
            file.unlink()


def _is_here(url: str) -> bool:
    """Whether an address is one that a simulator has: keys are never sent anywhere else."""
    parts = urlsplit(url)
    return parts.scheme == "http" and parts.hostname == "127.0.0.1" and bool(parts.port) and "@" not in url
