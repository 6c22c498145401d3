"""The errors of warmxfer, each with a title and a hint that the person at the desk understands.

A peer that sends nonsense is no error of ours: it is recorded and answered (design §2). What is raised is
something that this machine, its user or the account has to mend. Below the root, each room has its own::

    WarmxferError
    ├── SettingsError        settings are missing or wrong; carries every problem at once
    ├── NumberError          a text is not a number that can be dialled
    ├── FolderError          a folder or file of ours cannot be used
    ├── UsageError           the command line asks for something that does not exist
    ├── LeaseLost            another process has taken this one's desk over
    ├── telnyx.errors        what the carrier answered: a tree of its own
    ├── telnyx.signature     a public key that is none
    ├── listener             the webhooks' port cannot be had
    ├── journal.errors       the journal cannot be used: a tree of its own
    ├── publishing.errors    the desk cannot be given out, or not be followed: a tree of its own
    ├── simulator.process    the simulator did not start
    ├── app                  there is no terminal
    ├── runtime              the console cannot begin
    └── demos                a story that cannot be read, or not be staged

An error that only a mistake in the program can cause is none of these.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass


class WarmxferError(Exception):
    """The root: everything that warmxfer itself raises on purpose.

    ``title`` says what is wrong in one line; ``hint`` says what to do about it, and may be empty.
    """

    def __init__(self, title: str, hint: str = "") -> None:
        super().__init__(title, hint)
        self.title = title
        self.hint = hint

    def __str__(self) -> str:
        return f"{self.title}: {self.hint}" if self.hint else self.title


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing that is wrong with one setting, and what to do about it. Never holds a secret's value."""

    setting: str
    what: str
    hint: str

    def __str__(self) -> str:
        return f"{self.setting}: {self.what} ({self.hint})"


class SettingsError(WarmxferError):
    """The settings cannot be used. ``problems`` lists all of them, so that they are mended in one go."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        self.problems = tuple(problems)
        count = len(self.problems)
        title = "1 setting needs a change" if count == 1 else f"{count} settings need a change"
        super().__init__(title, "\n".join(f"  {problem}" for problem in self.problems))

    def __str__(self) -> str:
        return f"{self.title}:\n{self.hint}"


class NumberError(WarmxferError):
    """A text that is not a phone number or SIP URI which can be dialled."""


class FolderError(WarmxferError):
    """A folder or a file that belongs to warmxfer cannot be made, read or written."""


class UsageError(WarmxferError):
    """The command line asks for something that does not exist; the program ends with status 2."""


class LeaseLost(WarmxferError):
    """Another process runs this desk: nothing may be written down for it here, and so nothing may be sent."""
