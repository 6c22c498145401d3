"""``warmxfer history export``: the whole journal as JSON lines, also while a console writes it.

A line for each chapter, each event with its requests, and each webhook, in this order. Phone numbers are
masked, as in the log, unless they are asked for.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from warmxfer_tui.journal import journal_file
from warmxfer_tui.journal.codec import text_of_ask, text_of_event
from warmxfer_tui.journal.errors import RowUnreadable
from warmxfer_tui.journal.reading import Chapter, Line, Reader, Received, reading
from warmxfer_tui.text import mask_numbers

_ENCODED = "client_state"  # base64 with the far party's number in it
_HIDDEN = "[hidden]"


def main(argv: Sequence[str] | None = None) -> int:
    """Run ``warmxfer history``; return 1 where a part of the journal could not be read."""
    options = _parser().parse_args(argv)
    file = Path(options.file).expanduser() if options.file else journal_file(simulated=options.simulator)
    whole = True
    with reading(file) as journal:
        for line in exported(journal):
            whole = whole and "unreadable" not in line
            print(json.dumps(line if options.numbers else masked(line), ensure_ascii=False))
    if not whole:
        print("warmxfer: parts of the journal cannot be read; a line says which", file=sys.stderr)
    return 0 if whole else 1


def exported(journal: Reader) -> Iterator[dict[str, object]]:
    """Everything that the journal remembers."""
    for chapter in journal.chapters():
        yield {"chapter": chapter.id, "at": _time(chapter.began)}
        yield from _events(journal, chapter)
    yield from map(_webhook, journal.webhooks())


def masked(value: Any) -> Any:
    """A JSON value without phone numbers."""
    match value:
        case str():
            return mask_numbers(value)
        case list():
            return [masked(each) for each in value]
        case Mapping():
            return {
                name: _HIDDEN if name == _ENCODED and inner else masked(inner)
                for name, inner in value.items()
            }
        case _:
            return value


def _events(journal: Reader, chapter: Chapter) -> Iterator[dict[str, object]]:
    """The log of a chapter; what cannot be read, or is missing, is said in its place."""
    after: int | None = 0
    while after is not None:
        try:
            yield from (_event(chapter, line) for line in journal.everything(chapter, after))
            return
        except RowUnreadable as failure:
            yield {"chapter": chapter.id, "unreadable": str(failure)}
            after = failure.seq


def _event(chapter: Chapter, line: Line) -> dict[str, object]:
    commands = [
        json.loads(text_of_ask(ask)) | {"outcome": outcome}
        for ask, outcome in zip(line.asks, line.outcomes, strict=True)
    ]
    event = json.loads(text_of_event(line.event))
    told: dict[str, object] = {"chapter": chapter.id, "seq": line.seq, "at": _time(line.event.at)}
    if line.flaw is not None:
        told["set aside"] = line.flaw
    return told | {"event": event, "commands": commands}


def _webhook(received: Received) -> dict[str, object]:
    body: object
    try:
        body = json.loads(received.body)
    except (ValueError, RecursionError):
        body = ascii(received.body)
    return {"webhook": received.event_id, "at": _time(received.at), "seq": received.seq, "body": body}


def _time(at: int) -> str:
    try:
        return datetime.fromtimestamp(at / 1000, UTC).isoformat(timespec="milliseconds")
    except (ValueError, OverflowError, OSError):
        return str(at)  # a damaged row


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="warmxfer history", description="What has happened at this desk, from its journal."
    )
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")
    export = commands.add_parser("export", help="print the whole journal as JSON lines")
    export.add_argument("--numbers", action="store_true", help="print phone numbers unmasked")
    export.add_argument("--simulator", action="store_true", help="the simulator's journal, not the account's")
    export.add_argument("--file", metavar="FILE", help="this journal, such as one that was put aside")
    return parser
