"""``warmxfer demo``: whole transfers as stories, played over real sockets and checked word by word.

The stories are the ``*.story`` files beside this one; `parser` tells how they are written, `live` what the
console makes of them.
"""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from pathlib import Path

from warmxfer_tui.demos.parser import read
from warmxfer_tui.demos.story import Story
from warmxfer_tui.errors import UsageError

FOLDER = Path(__file__).parent
SUFFIX = ".story"


def names() -> tuple[str, ...]:
    """The stories there are."""
    return tuple(sorted(file.stem for file in FOLDER.glob(f"*{SUFFIX}")))


def load(name: str) -> Story:
    """Read one of the stories by name, or any by its path. Raises `UsageError`, or `StoryError`."""
    file = Path(name) if name.endswith(SUFFIX) else FOLDER / f"{name}{SUFFIX}"
    try:
        text = file.read_text("utf-8")
    except (OSError, UnicodeDecodeError) as failure:
        raise UsageError(f"there is no demo '{name}'", f"there are: {', '.join(names())}") from failure
    return read(file.stem, text)


def main(argv: Sequence[str] | None = None) -> int:
    """Run ``warmxfer demo``; return 0 only if the story holds: headless, in every world that it names."""
    options = _parser().parse_args(argv)
    if options.list or not options.name:
        for name in names():
            print(f"{name:<18}{load(name).title}")
        return 0
    story = load(options.name)
    # Imported for the telling only: the network libraries take 0.3 s that --list and --help do not need.
    if options.headless:
        from warmxfer_tui.demos.performance import perform

        held = [perform(story, world) for world in story.worlds()]
        return 0 if all(held) else 1
    from warmxfer_tui.demos.theatre import show

    return show(story)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="warmxfer demo",
        description="Play a transfer in the console, on the built-in simulator, and check every step of it. "
        "[.] pauses, ctrl+q leaves.",
    )
    parser.add_argument(
        "name", nargs="?", metavar="NAME", help="a story by name, or the path of a .story file"
    )
    parser.add_argument("--list", action="store_true", help="list the stories")
    parser.add_argument(
        "--headless",
        action="store_true",
        help="tell it line by line, on virtual time: a minute takes no time",
    )
    return parser
