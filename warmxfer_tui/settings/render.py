"""The table of settings as text: ``.env.example`` and the README's table, and a test compares them."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby

from warmxfer_tui.settings.table import TABLE, Kind, Setting


def env_example() -> str:
    """The text of ``.env.example``: every setting, its default, and nothing in force."""
    return "\n".join(_example_lines()) + "\n"


def markdown_table() -> str:
    """The README's table of settings."""
    rows = ["| in `.env` or the environment | flag | default | |", "|---|---|---|---|"]
    for setting in TABLE:
        flag = f"`{flag_usage(setting)}`" if setting.flag else ""
        default = f"`{setting.default}`" if setting.default else ""
        needed = "; needed with an API key" if setting.account else ""
        rows.append(f"| `{setting.name}` | {flag} | {default} | {setting.help}{needed} |")
    return "\n".join(rows) + "\n"


def flag_usage(setting: Setting) -> str:
    """A flag as ``--help`` shows it: ``--line NUMBER``; a switch stands alone."""
    if setting.kind is Kind.SWITCH:
        return setting.flag
    return f"{setting.flag} {metavar(setting)}"


def metavar(setting: Setting) -> str:
    """The word that stands for a flag's value."""
    words = {
        Kind.API: "URL",
        Kind.KEY: "BASE64",
        Kind.LINE: "NUMBER",
        Kind.LOG: "FILE",
        Kind.NAME: "TEXT",
        Kind.TARGETS: "FILE",
    }
    return words.get(setting.kind, setting.kind.name)


def _example_lines() -> Iterator[str]:
    yield "# warmxfer: copy this to .env and fill in what you need. Without it: the built-in simulator."
    yield "# The environment wins over this file, and flags win over both."
    for group, settings in groupby(TABLE, key=lambda setting: setting.group):
        yield ""
        yield f"## {group}"
        for setting in settings:
            yield ""
            yield f"# {_sentence(setting)}"
            off = "" if setting.account or setting.secret else "# "
            yield f"{off}{setting.name}={setting.default}"


def _sentence(setting: Setting) -> str:
    where = f" ({setting.where})" if setting.where else ""
    needed = " Needed with an API key." if setting.account else ""
    return f"{setting.help[0].upper()}{setting.help[1:]}{where}.{needed}"
