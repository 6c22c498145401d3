"""The log: JSON lines in a file, rotating, private to the user. It is never written to the terminal.

Whatever is logged passes `Scrubber` on its way: secrets never get into the file, and phone numbers only when
the user asked for them (design §6). Textual owns the screen, so a handler that wrote to stderr would paint
over it.
"""

from __future__ import annotations

import json
import logging
import os
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from io import TextIOWrapper
from logging.handlers import RotatingFileHandler
from pathlib import Path
from typing import Any, TypeAlias, cast

from warmxfer_tui.errors import FolderError
from warmxfer_tui.paths import private_folder
from warmxfer_tui.text import mask_numbers

FILE_NAME = "warmxfer.log"
#: A file is set aside at this size, and this many set-aside files are kept: 8 MiB in all.
ROTATE_AT_BYTES = 2 * 1024 * 1024
KEPT_FILES = 3

_OURS = "warmxfer_tui"
_HIDDEN = "[secret]"
_USUAL = frozenset(vars(logging.makeLogRecord({}))) | {"message", "asctime", "taskName"}

Json: TypeAlias = "str | int | float | bool | list[Json] | dict[str, Json] | None"


class Scrubber:
    """Takes secrets, and phone numbers unless they are wanted, out of everything that is to be logged."""

    def __init__(self, secrets: Iterable[str], *, numbers: bool) -> None:
        self._secrets: tuple[str, ...] = ()
        self._numbers = numbers
        for secret in secrets:
            self.hide(secret)

    def hide(self, secret: str) -> None:
        """Keep one more secret out of the log: a key that was made or fetched while the program runs."""
        if secret and secret not in self._secrets:
            # The longest first: one secret may be a part of another.
            self._secrets = tuple(sorted((*self._secrets, secret), key=len, reverse=True))

    def text(self, text: str) -> str:
        """``text`` as it may be written."""
        for secret in self._secrets:
            text = text.replace(secret, _HIDDEN)
        return text if self._numbers else mask_numbers(text)

    def value(self, value: object) -> Json:
        """Any value as JSON that may be written; what JSON does not know is logged by its ``repr``."""
        match value:
            case None | bool() | int() | float():
                return value
            case str():
                return self.text(value)
            case Mapping():
                return {self.text(str(key)): self.value(item) for key, item in value.items()}
            case list() | tuple() | set() | frozenset():
                return [self.value(item) for item in value]
            case _:
                return self.text(repr(value))


class JsonLines(logging.Formatter):
    """One JSON object a line: when, how grave, who, what, and whatever was given as ``extra``."""

    def __init__(self, scrubber: Scrubber) -> None:
        super().__init__()
        self._scrubber = scrubber

    def format(self, record: logging.LogRecord) -> str:
        """The line for one record."""
        line: dict[str, object] = {
            "at": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": record.getMessage(),
        }
        line |= {name: value for name, value in vars(record).items() if name not in _USUAL}
        if record.exc_info:
            line["error"] = self.formatException(record.exc_info)
        return json.dumps(self._scrubber.value(line), ensure_ascii=False)


class _PrivateFile(RotatingFileHandler):
    """A rotating file that only its owner may read, and that never complains on the screen."""

    def _open(self) -> TextIOWrapper:
        descriptor = os.open(self.baseFilename, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
        return cast(
            TextIOWrapper, os.fdopen(descriptor, self.mode, encoding=self.encoding, errors=self.errors)
        )

    def handleError(self, record: logging.LogRecord) -> None:
        """A full disk costs log lines, not the console: logging would paint a traceback on the screen."""


def usual_log(file: Path) -> Path:
    """The file, or nowhere where it cannot be written: a log that nobody has asked for is to stop no console.

    Calls that live do not wait for a disk (`design.md` §3.6), and the journal's trouble is told.
    """
    try:
        private_folder(file.parent)
        os.close(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600))
    except (FolderError, OSError):
        return Path(os.devnull)
    return file


@contextmanager
def logging_to(file: Path, *, secrets: Iterable[str] = (), numbers: bool = False) -> Iterator[Scrubber]:
    """Log to ``file`` within: our own records from INFO on, everybody else's from WARNING on.

    Yields the `Scrubber`, for secrets that are learned later. The folder is made if it is missing. Raises
    `FolderError` when the file cannot be written.
    """
    private_folder(file.parent)
    try:
        handler = _PrivateFile(
            file,
            maxBytes=ROTATE_AT_BYTES,
            backupCount=KEPT_FILES,
            encoding="utf-8",
            errors="backslashreplace",
        )
    except OSError as error:
        reason = error.strerror or str(error)
        raise FolderError(
            f"cannot write the log {file}", f"{reason}; name another with --log FILE"
        ) from error
    scrubber = Scrubber(secrets, numbers=numbers)
    handler.setFormatter(JsonLines(scrubber))
    root, ours = logging.getLogger(), logging.getLogger(_OURS)
    before: tuple[Any, int, int] = (root.handlers[:], root.level, ours.level)
    root.handlers[:] = [handler]
    root.setLevel(logging.WARNING)
    ours.setLevel(logging.INFO)
    logging.captureWarnings(True)
    try:
        yield scrubber
    finally:
        logging.captureWarnings(False)
        root.handlers[:], root.level, ours.level = before
        with suppress(OSError):  # what a full disk did not take is lost anyway
            handler.close()
