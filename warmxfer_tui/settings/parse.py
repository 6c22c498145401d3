"""From the text of a setting to its value: one reader for each `Kind`."""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Callable, Mapping
from os.path import isdir
from pathlib import Path
from typing import TypeAlias
from urllib.parse import urlsplit

from warmxfer_tui.settings.secret import Secret
from warmxfer_tui.settings.table import Kind, Setting
from warmxfer_tui.settings.targets import EXAMPLE, NotTargets, Target, targets_in
from warmxfer_tui.text import clean

Value: TypeAlias = str | int | bool | Path | Secret | tuple[Target, ...] | None

#: A line parked longer than this would be dialled afresh anyway (behaviour, "The line"): minutes.
LONGEST_KEEP = 180
_LONGEST_HOLD_FILE = 14_400  # a leg dies at 4 h
_LONGEST_MEMORY = 3_650
_KEY_BYTES = 32  # Ed25519 (telnyx-facts §3.5)
_LONGEST_NAME = 200
_HERE = frozenset({"127.0.0.1", "::1", "localhost"})
_YES = frozenset({"1", "yes", "true", "on"})
_NO = frozenset({"0", "no", "false", "off"})


class Unfit(Exception):
    """A text that its setting cannot take: what is wrong, and what to do. Neither repeats a secret."""

    def __init__(self, what: str, hint: str) -> None:
        super().__init__(what, hint)
        self.what = what
        self.hint = hint


def parse(setting: Setting, text: str) -> Value:
    """Return the value of ``text``, which is not empty. Raises `Unfit`."""
    value = _READERS[setting.kind](text)
    return Secret(str(value)) if setting.secret else value


def _credential(text: str) -> str:
    if not text.isascii() or not text.isprintable() or " " in text:
        raise Unfit("holds characters that no key has", "copy it again, without quotes and line breaks")
    return text


def _name(text: str) -> str:
    if clean(text, _LONGEST_NAME) != text:
        raise Unfit("is too long or holds characters that cannot be shown", "write it as one short line")
    return text


def _key(text: str) -> str:
    try:
        raw = base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        raw = b""
    if len(raw) != _KEY_BYTES:
        raise Unfit("is not a public key", f"{_KEY_BYTES} bytes in base64, 44 characters ending in =")
    return text


def _region(text: str) -> str:
    if not re.fullmatch(r"[A-Za-z]{2}", text):
        raise Unfit(f"{_quoted(text)} is not a country", "two letters, such as US, GB, DE")
    return text.upper()


def _url(text: str) -> str:
    try:
        parts = urlsplit(text)
        usable = parts.scheme in {"http", "https"} and bool(parts.hostname) and parts.port != 0
    except ValueError:
        usable = False
    if not usable or clean(text, 2_000) != text or " " in text:
        raise Unfit(f"{_quoted(text)} is not a web address", "it begins with https:// or http://")
    return text.rstrip("/")


def _api(text: str) -> str:
    url = _url(text)
    if not url.endswith("/v2"):
        raise Unfit(f"{_quoted(text)} does not end in /v2", "write the address with its version: .../v2")
    parts = urlsplit(url)
    if parts.scheme != "https" and parts.hostname not in _HERE:
        hint = "begin it with https://; http:// is for this machine alone: 127.0.0.1, ::1 or localhost"
        raise Unfit(f"{_quoted(text)} would carry your API key in clear", hint)
    return url


def _whole(least: int, most: int, unit: str) -> Callable[[str], int]:
    def read(text: str) -> int:
        value = int(text) if re.fullmatch(r"[0-9]{1,6}", text) else -1
        if not least <= value <= most:
            raise Unfit(f"{_quoted(text)} is not {unit}", f"a whole number from {least} to {most}")
        return value

    return read


def _targets(text: str) -> tuple[Target, ...]:
    path = _path(text)
    try:
        if not path.is_file():
            raise Unfit(f"there is no file {_quoted(text)}", "check the path, or leave the setting out")
        # A spreadsheet may put its mark before the first name.
        return targets_in(path.read_text("utf-8-sig"), toml=path.suffix.lower() == ".toml")
    except NotTargets as error:
        raise Unfit(f"{_quoted(text)} {error}", f"write each colleague as {EXAMPLE}") from None
    except UnicodeDecodeError:
        raise Unfit(f"{_quoted(text)} is not text in UTF-8", "save it as UTF-8") from None
    except OSError as error:
        reason = error.strerror or str(error)
        raise Unfit(f"{_quoted(text)} cannot be read: {reason}", "name a file that you may read") from None


def _log(text: str) -> Path:
    path = _path(text)
    if isdir(path):  # asks no questions: pathlib's own raises for a name that is too long
        raise Unfit(f"{_quoted(text)} is a folder", "name a file in it")
    return path


def _switch(text: str) -> bool:
    word = text.lower()
    if word in _YES:
        return True
    if word in _NO:
        return False
    raise Unfit(f"{_quoted(text)} is neither yes nor no", "write yes or no")


def _path(text: str) -> Path:
    try:
        return Path(text).expanduser()
    except RuntimeError:
        raise Unfit(f"there is no home folder for {_quoted(text)}", "write the path in full") from None


def _quoted(text: str) -> str:
    return f"'{clean(text, 60)}'"


_READERS: Mapping[Kind, Callable[[str], Value]] = {
    Kind.CREDENTIAL: _credential,
    Kind.NAME: _name,
    Kind.KEY: _key,
    Kind.NUMBER: _name,
    Kind.LINE: _name,
    Kind.REGION: _region,
    Kind.URL: _url,
    Kind.API: _api,
    Kind.PORT: _whole(0, 65_535, "a port"),
    Kind.DAYS: _whole(1, _LONGEST_MEMORY, "a number of days"),
    Kind.MINUTES: _whole(0, LONGEST_KEEP, "a number of minutes"),
    Kind.SECONDS: _whole(1, _LONGEST_HOLD_FILE, "a number of seconds"),
    Kind.TARGETS: _targets,
    Kind.LOG: _log,
    Kind.SWITCH: _switch,
}
