"""The command line: ``warmxfer`` opens the console, ``warmxfer COMMAND`` does something else.

Only argparse and the table of settings are imported before it is known what to do; each command imports what
it needs, so that ``--help`` takes no longer than a shell's own (style §3g: Textual alone is 187 ms).
"""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Callable, Mapping, Sequence
from itertools import groupby
from pathlib import Path

from warmxfer_tui import __version__
from warmxfer_tui.errors import WarmxferError
from warmxfer_tui.settings import TABLE, Kind, Numbering, Setting, Settings, Sources, load
from warmxfer_tui.settings.render import metavar

#: Exit statuses: everything went well; it failed; it was not begun, because what was asked cannot be done.
OK, FAILED, REFUSED = 0, 1, 2
_INTERRUPTED, _UNREAD = 130, 141  # 128 + SIGINT or SIGPIPE, as a shell reports them

_ABOUT = """\
A terminal console for the warm transfer: a customer is held, a colleague is asked in private,
all three meet, you leave. You talk on your own phone; warmxfer drives the calls."""

_EXAMPLES = """\
commands:
  warmxfer                       open the console; without an account, on the built-in simulator
  warmxfer demo [NAME]           watch a transfer being played, and check every step of it
  warmxfer simulate              run the simulator alone, for any program that speaks to Telnyx
  warmxfer status [--follow]     who is on the line and who hears whom, from the console that runs
  warmxfer history export        print the journal, all that has happened here, as JSON lines
  `warmxfer COMMAND --help` tells more.

examples:
  warmxfer                                       look around, no account needed
  warmxfer demo --list                           what can be played
  warmxfer demo happy --headless                 one whole transfer, told line by line
  warmxfer --env office.env --line +12025550142  your account, today on another phone
  warmxfer simulate --print-env                  the simulator's address and keys, for your own scripts

Settings come from a .env file (--env FILE, ./.env, or the one in the config folder), then from the
environment, then from flags; the later wins. `.env.example` lists them all. Secrets have no flag."""


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command line ``argv`` (by default the process's own) and return the exit status."""
    words = list(sys.argv[1:] if argv is None else argv)
    if os.name != "posix":
        print("warmxfer runs on Linux and macOS. On Windows, install it within WSL.", file=sys.stderr)
        return REFUSED
    try:
        status = _run(words)
        sys.stdout.flush()  # so that a closed pipe shows itself here, and not on the way out
        return status
    except WarmxferError as error:
        print(f"warmxfer: {error}", file=sys.stderr)
        return REFUSED
    except KeyboardInterrupt:
        return _INTERRUPTED
    except BrokenPipeError:
        # Whoever reads (`| head`) has seen enough. Nothing is left to be flushed into the void at exit.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return _UNREAD


def _run(words: Sequence[str]) -> int:
    if words and (command := _COMMANDS.get(words[0])):
        return command(words[1:])
    return _console(words)


def _console(words: Sequence[str]) -> int:
    settings = read_settings(words)
    from warmxfer_tui.log import FILE_NAME, logging_to, usual_log
    from warmxfer_tui.paths import state_folder

    file = settings.log or usual_log(state_folder() / FILE_NAME)
    with logging_to(file, secrets=settings.secrets, numbers=settings.log_numbers) as scrubber:
        from warmxfer_tui.runtime import run_console

        return run_console(settings, scrubber.hide)


def _demo(words: Sequence[str]) -> int:
    from warmxfer_tui.demos import main as demo

    return demo(words)


def _simulate(words: Sequence[str]) -> int:
    from warmxfer_tui.simulator.program import main as simulate

    return simulate(words)


def _status(words: Sequence[str]) -> int:
    from warmxfer_tui.publishing.status import main as status

    return status(words)


def _history(words: Sequence[str]) -> int:
    from warmxfer_tui.journal.export import main as history

    return history(words)


_COMMANDS: Mapping[str, Callable[[Sequence[str]], int]] = {
    "demo": _demo,
    "simulate": _simulate,
    "status": _status,
    "history": _history,
}


def read_settings(words: Sequence[str], environ: Mapping[str, str] | None = None) -> Settings:
    """The settings for the console started with ``words``. Raises `SettingsError` with all that is wrong.

    Ends the process as argparse does: with status 0 after ``--help``, 2 after a flag that does not exist.
    """
    from warmxfer_tui.paths import config_folder

    parsed = parser()
    given = vars(parsed.parse_args(words))
    if command := given.pop("command"):
        parsed.error(f"a command comes first: warmxfer {command} ...")
    env_file = given.pop("env")
    sources = Sources(
        flags={name: text for name, text in given.items() if text is not None},
        environ=os.environ if environ is None else environ,
        # `os.path` leaves a ~ that nobody has as it is: the file is then one that cannot be read.
        env_file=None if env_file is None else Path(os.path.expanduser(env_file)),
        here=Path(),  # not by name: the working folder may be gone
        config=config_folder(environ),
    )
    return load(sources, Numbering(_has_region, _kind_of_number))


def parser() -> argparse.ArgumentParser:
    """The console's own flags: one for every setting that is not a secret."""
    made = argparse.ArgumentParser(
        prog="warmxfer",
        usage="warmxfer [flags] | warmxfer COMMAND ...",
        description=_ABOUT,
        epilog=_EXAMPLES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
        allow_abbrev=False,
    )
    made.add_argument("--version", action="version", version=f"warmxfer {__version__}")
    made.add_argument("--env", metavar="FILE", help="read this .env file and look for no other")
    made.add_argument("command", nargs="?", choices=tuple(_COMMANDS), help=argparse.SUPPRESS)
    for title, members in groupby(TABLE, key=lambda setting: setting.group):
        settings = tuple(members)
        # What has no flag is told here, or nobody would learn of it.
        flagless = [
            f"{each.name}: {each.help}; by file or environment only" for each in settings if not each.flag
        ]
        group = made.add_argument_group(title, "\n".join(flagless))
        for setting in settings:
            if setting.flag:
                _add_flag(group, setting)
    return made


def _add_flag(group: argparse._ArgumentGroup, setting: Setting) -> None:
    default = f" [{setting.default}]" if setting.default and setting.kind is not Kind.SWITCH else ""
    text = f"{setting.help}{default} ({setting.name})".replace("%", "%%")
    if setting.kind is Kind.SWITCH:
        group.add_argument(setting.flag, dest=setting.name, action="store_const", const="yes", help=text)
    else:
        group.add_argument(setting.flag, dest=setting.name, metavar=metavar(setting), help=text)


# `numbers` is imported when there is a number to look at: 24 ms.


def _has_region(region: str) -> bool:
    from warmxfer_tui.numbers import has_region

    return has_region(region)


def _kind_of_number(text: str, region: str | None) -> str | None:
    from warmxfer_tui.numbers import kind_of

    return kind_of(text, region)
