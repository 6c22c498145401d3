"""The file of colleagues, as CSV or as TOML.

CSV: a line each, ``name, number`` or ``name, number, team``; ``#`` begins a remark. A first line that names
the columns may put them in any order. TOML: a ``[[target]]`` each, with ``name``, ``number`` and ``team``.
"""

from __future__ import annotations

import csv
import re
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from warmxfer_tui.text import clean

_COLUMNS = frozenset({"name", "number", "team"})
_SEPARATORS = ",;\t"  # what spreadsheets write; without a line of column names, the comma alone
_SAID = re.compile(r'(?:"[^"]*"|[^#])*')  # a line without its remark; in quotes a # is a #
_ANYWHERE = re.compile(r"(?i)(?:tel:)?\+|sips?:")
_HEADING = re.compile(r"\s*\[\[\s*target\s*\]\]")
#: An entry as it is written in TOML.
EXAMPLE = '[[target]], and below it: name = "Maria", number = "+12025550110", team = "billing"'


class NotTargets(ValueError):
    """The text as a whole cannot be read; the message says where and why."""


@dataclass(frozen=True, slots=True)
class Fault:
    """Why an entry cannot be read, and what to write instead."""

    what: str
    hint: str


@dataclass(frozen=True, slots=True)
class Target:
    """One entry of the file."""

    place: str
    """Where a person finds it: ``line 3``."""
    name: str
    """May be empty."""
    number: str
    """As the user wrote it."""
    team: str = ""
    fault: Fault | None = None
    """Settings with an entry that has one are refused (`numbering`)."""


def targets_in(text: str, *, toml: bool = False) -> tuple[Target, ...]:
    """The entries that say something, in their order. Raises `NotTargets`.

    Text with a ``[[target]]`` in it is TOML, whatever its file is called.
    """
    if toml or any(map(_HEADING.match, text.splitlines())):
        return tuple(_of_toml(text))
    return tuple(_of_csv(text))


def _of_csv(text: str) -> Iterator[Target]:
    lines = [
        (place, said)
        for place, line in enumerate(text.splitlines(), start=1)
        for found in (_SAID.match(line),)
        if found and (said := found[0].strip())
    ]
    separator, columns = _header(lines[0][1]) if lines else (",", ())
    for place, line in lines[1:] if columns else lines:
        fields = _fields(line, separator)
        yield _under(columns, fields, place) if columns else _plain(fields, place)


def _header(line: str) -> tuple[str, tuple[str, ...]]:
    """How the columns are separated, and their names; no names if the line is an entry like the others."""
    for separator in _SEPARATORS:
        columns = tuple(field.lower() for field in _fields(line, separator))
        if {"name", "number"} <= set(columns) <= _COLUMNS and len(set(columns)) == len(columns):
            return separator, columns
    return ",", ()


def _fields(line: str, separator: str) -> list[str]:
    try:
        read = next(csv.reader([line], delimiter=separator, skipinitialspace=True), [])
    except csv.Error:  # longer than any line of ours
        read = line.split(separator)
    return [field.strip() for field in read]


def _under(columns: Sequence[str], fields: Sequence[str], place: int) -> Target:
    """An entry below column names. A column at the end may be left out."""
    found = dict(zip(columns, fields, strict=False))
    fault = None
    if any(fields[len(columns) :]):
        what = f"there are {len(fields)} columns, and the first line names {len(columns)}"
        fault = Fault(what, "put a name that holds a comma in quotes")
    name, team = clean(found.get("name", "")), clean(found.get("team", ""))
    return Target(f"line {place}", name, found.get("number", ""), team, fault)


def _plain(fields: Sequence[str], place: int) -> Target:
    """An entry without column names: the last field is the number, or the team behind it.

    A name may hold commas without quotes, so the number is told from the team by its digits.
    """
    *_, before, last = ["", *fields]
    behind = len(fields) > 1 and _likeness(before) > _likeness(last)
    at = len(fields) - (2 if behind else 1)
    team = clean(last) if behind else ""
    return Target(f"line {place}", clean(", ".join(fields[:at])), fields[at], team)


def _likeness(field: str) -> int:
    """How much a field looks like a number: one with a country code or a scheme is, whatever its digits."""
    return 100 if _ANYWHERE.match(field) else sum(char.isdigit() for char in field)


def _of_toml(text: str) -> Iterator[Target]:
    try:
        found = tomllib.loads(text)
    except (ValueError, RecursionError) as error:  # a number too long to be one is no TOMLDecodeError
        raise NotTargets(f"is not TOML: {clean(str(error))}") from None
    if strange := [name for name in found if name != "target"]:
        raise NotTargets(f"holds '{clean(strange[0], 40)}', and only [[target]] is known")
    entries = found.get("target", [])
    if not isinstance(entries, list):
        raise NotTargets("holds a target that is not written as [[target]]")
    headings = [n for n, line in enumerate(text.split("\n"), start=1) if _HEADING.match(line)]
    # Tables may also stand in one line, and a text in quotes may look like a heading: then they are counted.
    counted = len(headings) != len(entries)
    for n, entry in enumerate(entries):
        yield _table(entry, f"target {n + 1}" if counted else f"line {headings[n]}")


def _table(entry: object, place: str) -> Target:
    if not isinstance(entry, dict):
        return Target(place, "", "", fault=Fault("this is no table", f"write {EXAMPLE}"))
    name, number, team = (entry.get(column, "") for column in ("name", "number", "team"))
    if isinstance(name, str) and isinstance(number, str) and isinstance(team, str):
        fault = _missing(entry)
        return Target(place, clean(name), number.strip(), clean(team), fault)
    return Target(place, clean(str(name)), "", fault=Fault("a value has no quotes", f"write {EXAMPLE}"))


def _missing(entry: Mapping[str, object]) -> Fault | None:
    """A column that is not there, or one under a name that nobody asks for."""
    if strange := [column for column in entry if column not in _COLUMNS]:
        return Fault(f"'{clean(strange[0], 40)}' is not known", "write name, number and team")
    return None if "number" in entry else Fault("there is no number", f"write {EXAMPLE}")
