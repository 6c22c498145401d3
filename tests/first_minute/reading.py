"""What somebody who has never seen the console takes from its screen: which key comes next."""

from __future__ import annotations

import re
from collections.abc import Sequence

_KEY = re.compile(r"\[([a-z0-9?!:+]+)\]")
_NEXT = "Next:"
_PENDING = "..."
_PICKER = re.compile(r"\bEnter\b")
_RINGING = re.compile(r"\bRING(ING)?\b")
_QUIT = re.compile(r"\[([a-z0-9+]+)\] quit\b|\bquit \[([a-z0-9+]+)\]")
_YES = re.compile(r"\[([a-z0-9+]+)\][^\[]*\b(?:everybody|leave|quit|yes)\b")
DONE = "Transfer complete"


def next_key(lines: Sequence[str]) -> str | None:
    """The key to be pressed now; None when there is nothing to do but to wait.

    A dialog that says what Enter does is answered with it, for it came last. Else it is the first key of the
    first line that begins with ``Next:``, unless a pending mark stands before it.
    """
    if any(_PICKER.search(line) for line in lines):
        return "enter"
    for number, line in enumerate(lines):
        if line.lstrip().startswith(_NEXT):
            # It wraps: what is waited for may fill its first line.
            text = " ".join(lines[number : number + 2])
            found = _KEY.search(text)
            return found[1] if found and _PENDING not in text[: found.start()] else None
    return None


def quit_key(lines: Sequence[str]) -> str | None:
    """The key that leaves, as the footer names it."""
    found = next(filter(None, map(_QUIT.search, lines)), None)
    return (found[1] or found[2]) if found else None


def leaving_key(lines: Sequence[str]) -> str | None:
    """What a dialog that asks whether to leave wants to be pressed for it."""
    usual = quit_key(lines)
    return next((found[1] for line in lines for found in _YES.finditer(line) if found[1] != usual), None)


def rings(lines: Sequence[str]) -> bool:
    """Whether somebody rings."""
    return any(_RINGING.search(line) for line in lines)


def is_done(lines: Sequence[str]) -> bool:
    """Whether the customer has been handed over."""
    return any(DONE in line for line in lines)


def sense(lines: Sequence[str]) -> str:
    """What is on the screen apart from running clocks: two screens with one sense ask for the same key."""
    return re.sub(r"[\d ]+", " ", "\n".join(lines))
