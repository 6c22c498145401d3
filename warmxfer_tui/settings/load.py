"""Where settings come from, which source wins, and what is wrong with them, all at once.

A ``.env`` file, then the environment, then the command line: the later wins. A variable that is present but
empty takes what the file says away again.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, fields
from io import StringIO
from pathlib import Path
from typing import Any

from warmxfer_tui.errors import Problem, SettingsError
from warmxfer_tui.settings.numbering import Numbering, number_problems
from warmxfer_tui.settings.parse import Unfit, Value, parse
from warmxfer_tui.settings.table import TABLE
from warmxfer_tui.settings.value import Settings
from warmxfer_tui.text import clean

_OURS = ("TELNYX_", "WARMXFER_")
#: What the official package reads besides ours: no slip, however near it may come to a name of ours.
THEIRS = frozenset({"TELNYX_CLIENT_ID", "TELNYX_CLIENT_SECRET", "TELNYX_CUSTOM_HEADERS", "TELNYX_LOG"})
_BY_NAME = {setting.name: setting for setting in TABLE}
_ALIKE = 0.85  # a name this close to one of ours is a slip of the finger (difflib's ratio)


@dataclass(frozen=True, slots=True)
class Sources:
    """Everything that settings are read from; nothing is looked up behind the caller's back."""

    flags: Mapping[str, str] = field(default_factory=dict)
    """By setting name: what the command line says."""
    environ: Mapping[str, str] = field(default_factory=dict)
    env_file: Path | None = None
    """The file named with ``--env``: it must be there, and no other is looked for."""
    here: Path = Path()
    config: Path = Path()


def load(sources: Sources, numbering: Numbering) -> Settings:
    """Read, merge and check. Raises `SettingsError` with every problem there is.

    ``numbering`` is asked only about what the user has set: what it needs to know takes time to import.
    """
    problems: list[Problem] = []
    file = _read_file(sources, problems)
    texts = {name: file.get(name, "") for name in _BY_NAME}
    texts |= {name: text for name, text in sources.environ.items() if name in _BY_NAME}
    texts |= sources.flags
    values: dict[str, Any] = {}
    for setting in TABLE:
        text = texts[setting.name].strip() or setting.default
        try:
            values[setting.attr] = parse(setting, text) if text else None
        except Unfit as unfit:
            values[setting.attr] = None
            problems.append(Problem(setting.name, unfit.what, unfit.hint))
    if not texts["LISTEN_PORT"].strip() and (values["simulator"] or not values["api_key"]):
        # Nobody outside has to find the port, so two consoles need not quarrel about it.
        values["listen_port"] = 0
    problems += _slips((*file, *_of_ours(sources.environ)), texts)
    problems += _contradictions(values, texts)
    region: str | None = values["default_region"]
    if region and texts["DEFAULT_REGION"].strip() and not numbering.has_region(region):
        problems.append(Problem("DEFAULT_REGION", f"there is no country '{region}'", "such as US, GB, DE"))
        region = None
    problems += number_problems(values, numbering, region)
    if problems:
        raise SettingsError(problems)
    return Settings(**{each.name: values[each.name] for each in fields(Settings)})


def _read_file(sources: Sources, problems: list[Problem]) -> dict[str, str]:
    if sources.env_file is not None:
        return _dotenv(sources.env_file, problems)
    here = sources.here / ".env"
    if not _missing(here):
        # Any project may keep a .env: it is ours only if it speaks of us, and another's faults are its own.
        faults: list[Problem] = []
        found = _dotenv(here, faults)
        if any(name.startswith(_OURS) for name in found):
            problems += faults
            return found
    config = sources.config / ".env"
    return {} if _missing(config) else _dotenv(config, problems)


def _missing(path: Path) -> bool:
    """Whether there certainly is no such file: one that may not even be looked for is a fault to tell."""
    try:
        return not path.is_file()
    except OSError:
        return False


def _dotenv(path: Path, problems: list[Problem]) -> dict[str, str]:
    # Imported only when there is a file: 31 ms of the start (style §3g).
    from dotenv import dotenv_values

    def unreadable(reason: str) -> Problem:
        return Problem(str(path), f"cannot be read: {reason}", "name another file with --env FILE")

    try:
        raw = path.read_bytes()
    except OSError as error:
        problems.append(unreadable(error.strerror or str(error)))
        return {}
    try:
        text = raw.decode(
            "utf-8-sig"
        )  # some editors begin a file with a mark that is no part of the first name
    except UnicodeDecodeError:
        problems.append(unreadable("it is not UTF-8 text"))
        # Its names are read all the same: one foreign letter must not hide that it speaks of an account.
        text = raw.decode("utf-8-sig", "replace")
    found = dotenv_values(stream=StringIO(text, newline=None), interpolate=False)
    return {name: value or "" for name, value in found.items()}


def _of_ours(environ: Mapping[str, str]) -> list[str]:
    """The names in the environment that are meant for us: the rest of it belongs to everybody."""
    return [name for name in environ if name.upper().startswith(_OURS)]


def _slips(names: Iterable[str], texts: Mapping[str, str]) -> list[Problem]:
    """Names that are nearly one of ours: a mistyped API key must not mean the simulator."""
    unknown = [name for name in dict.fromkeys(names) if name not in _BY_NAME and name not in THEIRS]
    if not unknown:
        return []
    from difflib import get_close_matches

    unset = [name for name, text in texts.items() if not text]
    return [
        Problem(clean(name), "is not a setting", f"did you mean {close[0]}?")
        for name in unknown
        if (close := get_close_matches(name.upper(), unset, n=1, cutoff=_ALIKE))
    ]


def _contradictions(values: Mapping[str, Value], texts: Mapping[str, str]) -> list[Problem]:
    """What is wrong between settings, each of which is well-formed."""
    found: list[Problem] = []
    simulated = bool(values["simulator"])
    if texts["TELNYX_API_KEY"].strip() and not simulated:
        found += [
            Problem(setting.name, "is missing", f"{setting.help}; you find it at: {setting.where}")
            for setting in TABLE
            if setting.account and not texts[setting.name].strip()
        ]
    elif not simulated and (given := _account_names(texts)):
        hint = "add your API key, or say --simulator to work without the account"
        found.append(Problem("TELNYX_API_KEY", f"is missing, though {given} is set", hint))
    if values["hold_audio_url"] and values["hold_media_name"]:
        hint = "keep one of them: Telnyx plays either an address or a stored file"
        found.append(Problem("HOLD_AUDIO_URL", "and HOLD_MEDIA_NAME are both set", hint))
    return found


def _account_names(texts: Mapping[str, str]) -> str:
    """Settings that only an account gives sense to, as far as they are set."""
    names = ("TELNYX_PUBLIC_KEY", "TELNYX_CONNECTION_ID", "TELNYX_PHONE_NUMBER")
    return " and ".join(name for name in names if texts[name].strip())
