"""What is said on the socket: JSON in text frames, one value each.

The server begins with the whole desk, and goes on with what has changed, as a JSON Patch of it::

    {"v": 1, "seq": 7, "snapshot": {"now": 1800000000000, "legs": {...}, "calls": {...}, ...}}
    {"seq": 8, "changes": [{"op": "replace", "path": "/calls/c1/state", "value": "HELD"}]}

Numbers go up by one. A client that is too slow gets another snapshot in place of what it has missed, under
the number it would have got to: it never slows the desk, and ends with the same desk as any other.

The desk is sent rather than a picture of it, so that a console that watches is drawn by the same code as the
one that works; and it is sent as `forms` writes it, as the journal's events are, so that a new field of a
leg needs no line here. Of the desk and its policy only what a picture is made of leaves the console
(`WRITTEN`): a field that nobody has thought about is kept, not given away.

A client may ask, under a name of its own choosing, and is answered under that name::

    {"v": 1, "id": "1", "request": "stop"}
    {"v": 1, "reply": "1", "refused": "warmxfer knows no such request."}

No request is known yet. Whatever else a client says is refused in the same words, without a name.
"""

from __future__ import annotations

from typing import Any, cast

from warmxfer_tui.core.commands import Ask
from warmxfer_tui.core.events import Fact
from warmxfer_tui.core.model import Desk
from warmxfer_tui.core.policy import Policy
from warmxfer_tui.forms import Forms, Unreadable, dumps, loads
from warmxfer_tui.publishing.errors import FrameError
from warmxfer_tui.publishing.patch import Change, apply
from warmxfer_tui.text import clean

VERSION = 1
"""Of what is said here. Another one is not guessed at."""
WRITTEN = {
    Desk: (
        *("policy", "now", "legs", "calls", "line", "focus", "notices", "aim", "webhook_at", "webhook_late"),
        *("resuming", "unheard_since", "lost_at"),
    ),
    Policy: ("desk", "agent_name", "line", "silence"),
}
"""The fields that leave the console. The others are the machine's own, and some may be told to nobody: an
address of hold sound can hold a password."""
_LONGEST_TEXT = 4_000
"""Characters of one text of a desk: far more than `text.clean` leaves where the desk is made."""
_FORM = Forms(only=WRITTEN, names={"Ask": Ask, "Fact": Fact}).of(Desk)
_SAME = "Run the same warmxfer on both sides: quit the console that is older, and start it anew."
_LONGEST_ID = 60  # of what a client calls its request


def tree_of(desk: Desk) -> dict[str, Any]:
    """The desk as the JSON that is given out."""
    return cast(dict[str, Any], _FORM.write(desk))


def published(desk: Desk) -> Desk:
    """The desk as a client knows it."""
    return cast(Desk, _FORM.read(_FORM.write(desk)))


def snapshot(seq: int, tree: dict[str, Any]) -> str:
    """The frame that begins, and begins again."""
    return dumps({"v": VERSION, "seq": seq, "snapshot": tree})


def changed(seq: int, changes: list[Change]) -> str:
    """The frame that leads on from the one before."""
    return dumps({"seq": seq, "changes": changes})


def answer_to(request: str | bytes) -> str:
    """What a client is answered, whatever it has said."""
    try:
        said = loads(request)
    except Unreadable:
        said = None
    name = said.get("id") if isinstance(said, dict) and said.get("v") == VERSION else None
    known = name if isinstance(name, str) and len(name) <= _LONGEST_ID else None
    why = "warmxfer knows no such request." if known is not None else f"Not a request of version {VERSION}."
    return dumps({"v": VERSION, "reply": known, "refused": why})


class Copy:
    """A client's own copy of the desk, kept by the frames it is sent."""

    def __init__(self) -> None:
        self._tree: Any = None
        self.seq = 0
        """The number of the newest frame; 0 before the first."""

    def take(self, frame: str | bytes) -> Desk | None:
        """The desk after a frame; None where the frame was a reply. Raises `FrameError`."""
        try:
            said = loads(frame)
            match said:
                case {"v": int(version)} if version != VERSION:
                    raise FrameError(f"the other side speaks version {version}, this one {VERSION}", _SAME)
                case {"v": int(), "reply": _}:
                    return None
                case {"v": int(), "seq": int(seq), "snapshot": dict(tree)}:
                    self._tree = tree
                case {"seq": int(seq), "changes": changes} if self._tree is not None and seq == self.seq + 1:
                    apply(changes, self._tree)
                case _:
                    raise Unreadable(said, "a frame that leads on")
            desk = cast(Desk, _FORM.read(_cleaned(self._tree)))
        except (Unreadable, RecursionError) as failure:
            raise FrameError(f"what the other side sent cannot be read ({failure})", _SAME) from failure
        self.seq = seq
        return desk


def _cleaned(value: Any) -> Any:
    """A tree whose texts no terminal can take for a command: this is a border, too (design §3.12)."""
    match value:
        case str():
            return clean(value, _LONGEST_TEXT)
        case list():
            return [_cleaned(each) for each in value]
        case dict():
            return {clean(name, _LONGEST_TEXT): _cleaned(each) for name, each in value.items()}
        case _:
            return value
