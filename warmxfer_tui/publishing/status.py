"""``warmxfer status``: who is on the line and who hears whom, as the console that runs believes."""

from __future__ import annotations

import argparse
import asyncio
import json
import shutil
import sys
from collections.abc import Callable, Iterator, Sequence
from datetime import datetime
from pathlib import Path

from warmxfer_tui.clock import SystemClock
from warmxfer_tui.core.model import Desk
from warmxfer_tui.paths import state_folder
from warmxfer_tui.publishing.client import following
from warmxfer_tui.publishing.errors import NobodyServes, PublishingError
from warmxfer_tui.publishing.picture import facts, masked, members, picture
from warmxfer_tui.text import mask_numbers

_ABOUT = """\
One picture of the desk: each leg's state, since when, whom it hears and how long ago that was proven.
It comes from the console that runs, over a private socket: nothing is sent to Telnyx."""
_EXAMPLES = """\
examples:
  warmxfer status                        the desk now
  warmxfer status --follow               and then a line for each change, until Ctrl+C or the console ends
  warmxfer status --json | jq .state     for a script; with --follow an object a line
  watch -n1 warmxfer status              with running times

exit status: 0 all went well, 1 no console runs or it was lost, 130 Ctrl+C."""

_Draw = Callable[[Desk], Iterator[str]]


def main(argv: Sequence[str] | None = None) -> int:
    """Run ``warmxfer status``; return 1 where there is no desk to be seen, or no longer."""
    options = _parser().parse_args(argv)
    try:
        asyncio.run(_show(_places(simulated=options.simulator), _drawer(options), follow=options.follow))
    except PublishingError as failure:
        print(f"warmxfer: {failure}", file=sys.stderr)
        return 1
    if options.follow:
        print("warmxfer: the console has ended", file=sys.stderr)
    return 0


def _places(*, simulated: bool) -> tuple[Path, ...]:
    """Where to look, best first: an account's calls are more than the simulator's."""
    names = ("simulator.sock",) if simulated else ("journal.sock", "simulator.sock")
    return tuple(state_folder() / name for name in names)


async def _show(places: Sequence[Path], draw: _Draw, *, follow: bool) -> None:
    for place in places:
        try:
            async with following(place) as desks:
                async for desk in desks:
                    for line in draw(desk):
                        print(line, flush=True)
                    if not follow:
                        return
                return
        except NobodyServes:
            if place == places[-1]:
                raise


def _drawer(options: argparse.Namespace) -> _Draw:
    mask = str if options.numbers else mask_numbers
    now = SystemClock().now_ms
    if options.json:
        return lambda desk: iter([json.dumps(masked(members(desk, now()), mask))])
    known: dict[str, str] = {}

    def draw(desk: Desk) -> Iterator[str]:
        told = facts(desk)
        if not known:
            width = shutil.get_terminal_size().columns if sys.stdout.isatty() else None
            yield from (_printable(mask(line)) for line in picture(desk, now(), width))
        else:
            at = datetime.now().astimezone().strftime("%H:%M:%S")
            new = [text for subject, text in told.items() if known.get(subject) != text]
            gone = [f"no longer: {text}" for subject, text in known.items() if subject not in told]
            yield from (_printable(mask(f"{at}  {text}")) for text in (*new, *gone))
        known.clear()
        known.update(told)

    return draw


def _printable(line: str) -> str:
    """A line that the terminal's own encoding has letters for."""
    encoding = sys.stdout.encoding or "ascii"
    return line.encode(encoding, "replace").decode(encoding)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="warmxfer status",
        description=_ABOUT,
        epilog=_EXAMPLES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
        allow_abbrev=False,
    )
    parser.add_argument("--follow", action="store_true", help="go on: a line for each change")
    parser.add_argument(
        "--json", action="store_true", help="an object for machines; times in UTC milliseconds"
    )
    parser.add_argument("--numbers", action="store_true", help="print phone numbers unmasked")
    parser.add_argument("--simulator", action="store_true", help="the simulator's desk, and no other")
    return parser
