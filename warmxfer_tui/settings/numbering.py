"""Which numbers the settings take: their own line, their account's number, and the colleagues'."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

from warmxfer_tui.errors import NumberError, Problem
from warmxfer_tui.settings.parse import Value
from warmxfer_tui.settings.table import TABLE, Kind
from warmxfer_tui.text import clean


@dataclass(frozen=True, slots=True)
class Numbering:
    """What the settings have to ask about telephone numbers; `warmxfer_tui.numbers` knows the answers."""

    has_region: Callable[[str], bool]
    """Whether two letters are a country with numbers of its own."""
    kind: Callable[[str, str | None], str | None]
    """(text, region) -> ordinary, premium, emergency or sip. Raises `NumberError` for what cannot be dialled.

    Without a region: None for a number that means nothing without one.
    """


_SAID = {"premium": "a number that costs extra", "emergency": "an emergency number", "sip": "a sip: address"}
#: By kind of setting: the kinds of number it takes, and what to give in place of any other. Nobody is to be
#: rung there by a slip: the line is dialled without a question, whenever a call needs it.
_TAKES: Mapping[Kind, tuple[frozenset[str], str]] = {
    Kind.LINE: (
        frozenset({"ordinary", "sip"}),
        "give the phone you talk through: an ordinary number or a sip: address",
    ),
    Kind.NUMBER: (frozenset({"ordinary"}), "give an ordinary number of your Telnyx account"),
    Kind.TARGETS: (frozenset({"ordinary", "premium", "sip"}), "leave it out, and call for help by phone"),
}


def number_problems(
    values: Mapping[str, Value], numbering: Numbering, region: str | None
) -> Iterator[Problem]:
    """Everything that is wrong with numbers; without a ``region``, with those that need none."""
    for setting in TABLE:
        match values[setting.attr]:
            case str(text) if setting.kind in _TAKES:
                yield from _judged(setting.name, "", text, setting.kind, numbering, region)
            case tuple(targets):
                for target in targets:
                    where = f"{target.place}: "
                    if target.fault:
                        yield Problem(setting.name, f"{where}{target.fault.what}", target.fault.hint)
                        continue
                    yield from _judged(setting.name, where, target.number, setting.kind, numbering, region)


def _judged(
    name: str, where: str, text: str, kind: Kind, numbering: Numbering, region: str | None
) -> Iterator[Problem]:
    takes, hint = _TAKES[kind]
    try:
        found = numbering.kind(text, region)
    except NumberError as error:
        yield Problem(name, f"{where}{error.title}", error.hint)
        return
    if found is not None and found not in takes:
        yield Problem(name, f"{where}'{clean(text, 60)}' is {_SAID[found]}", hint)
