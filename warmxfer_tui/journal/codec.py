"""Events and requests as JSON, and back: what was written down is read as the very same value.

The forms are made from the dataclasses of `core`, so that a new field or a new kind of event needs no line
here. Each field is written, also where it has its default: a default that changes later must not change what
has happened. A value of a union is an object with one key, the name of its class::

    {"CallAnswered": {"at": 5, "event_id": "e1", "occurred_at": 4, "ccid": "v3:c", "tag": null}}

Reading is total: whatever stands in a row, it is a value or `RowUnreadable`. A field that is missing has its
default, where it has one; one that is not known is an error, for ignoring it would fold to another desk.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import MISSING, dataclass, fields, is_dataclass
from enum import Enum
from functools import cache
from types import NoneType, UnionType
from typing import Any, NewType, Union, cast, get_args, get_origin, get_type_hints

from warmxfer_tui.core import events
from warmxfer_tui.core.commands import Ask
from warmxfer_tui.core.events import Event, Fact
from warmxfer_tui.journal.errors import RowUnreadable

_SHOWN = 60  # characters of what could not be read, in the error
_FACTS = tuple(
    kind
    for kind in vars(events).values()
    if isinstance(kind, type) and issubclass(kind, Fact) and kind is not Fact
)


def text_of_event(event: Event) -> str:
    """An event as one line of ASCII."""
    return _dumps(_form(Event).write(event))


def event_of(text: str) -> Event:
    """The event that `text_of_event` has written. Raises `RowUnreadable`."""
    return cast(Event, _form(Event).read(_loads(text)))


def text_of_ask(ask: Ask) -> str:
    """A request as one line of ASCII."""
    return _dumps(_form(Ask).write(ask))


def ask_of(text: str) -> Ask:
    """The request that `text_of_ask` has written. Raises `RowUnreadable`."""
    return cast(Ask, _form(Ask).read(_loads(text)))


def _dumps(value: object) -> str:
    # ASCII: a lone surrogate in a caller's name is legal JSON and no legal UTF-8.
    return json.dumps(value, separators=(",", ":"))


def _loads(text: str) -> object:
    try:
        return json.loads(text)
    except (ValueError, TypeError, RecursionError) as failure:
        raise _unreadable(text, "JSON") from failure


def _unreadable(found: object, wanted: str) -> RowUnreadable:
    return RowUnreadable(f"not {wanted}", ascii(found)[:_SHOWN])


@dataclass(frozen=True, slots=True)
class _Form:
    """How the values of one type are written and read."""

    write: Callable[[Any], object]
    read: Callable[[object], Any]


@cache
def _form(hint: object) -> _Form:
    """The form of a type; `TypeError` for one that no event has, which a test meets first."""
    if isinstance(hint, NewType):
        return _form(hint.__supertype__)
    args = get_args(hint)
    if get_origin(hint) in (Union, UnionType):
        return _union(args)
    if get_origin(hint) is tuple and args[1:] == (...,):
        return _many(args[0])
    if hint is Fact:  # one of its kinds, never itself
        return _tagged((Fact,))
    if isinstance(hint, type):
        if is_dataclass(hint):
            return _record(hint)
        if issubclass(hint, Enum):
            return _enum(hint)
        if hint in (str, int, bool):
            return _plain(hint)
    raise TypeError(f"{hint} has no form")


def _plain(kind: type) -> _Form:
    def read(found: object) -> object:
        if type(found) is not kind:  # True is an int, and is not meant by one
            raise _unreadable(found, kind.__name__)
        return found

    return _Form(lambda value: value, read)


def _enum(kind: type[Enum]) -> _Form:
    def read(found: object) -> Enum:
        try:
            if type(found) is bool:
                raise ValueError
            return kind(found)
        except ValueError as failure:
            raise _unreadable(found, kind.__name__) from failure

    return _Form(lambda value: value.value, read)


def _many(hint: object) -> _Form:
    each = _form(hint)

    def read(found: object) -> tuple[object, ...]:
        if not isinstance(found, list):
            raise _unreadable(found, "a list")
        return tuple(map(each.read, found))

    return _Form(lambda value: list(map(each.write, value)), read)


def _record(kind: type) -> _Form:
    hints = get_type_hints(kind)
    forms = {field.name: _form(hints[field.name]) for field in fields(kind)}
    needed = {f.name for f in fields(kind) if f.default is MISSING and f.default_factory is MISSING}

    def write(value: object) -> dict[str, object]:
        return {name: form.write(getattr(value, name)) for name, form in forms.items()}

    def read(found: object) -> object:
        if not isinstance(found, dict) or not needed <= found.keys() <= forms.keys():
            raise _unreadable(found, kind.__name__)
        return kind(**{name: forms[name].read(value) for name, value in found.items()})

    return _Form(write, read)


def _union(hints: tuple[object, ...]) -> _Form:
    others = tuple(hint for hint in hints if hint is not NoneType)
    form = _form(others[0]) if len(others) == 1 else _tagged(others)
    if len(others) == len(hints):
        return form
    return _Form(
        lambda value: None if value is None else form.write(value),
        lambda found: None if found is None else form.read(found),
    )


def _tagged(hints: tuple[object, ...]) -> _Form:
    kinds = [kind for hint in hints for kind in (_FACTS if hint is Fact else (hint,))]
    if not all(isinstance(kind, type) and is_dataclass(kind) for kind in kinds):
        raise TypeError(f"{hints} cannot be told apart by name")
    forms: Mapping[str, _Form] = {cast(type, kind).__name__: _form(kind) for kind in kinds}

    def write(value: object) -> dict[str, object]:
        name = type(value).__name__
        return {name: forms[name].write(value)}

    def read(found: object) -> object:
        if not isinstance(found, dict) or len(found) != 1:
            raise _unreadable(found, "an object with one key")
        ((name, inner),) = found.items()
        if name not in forms:
            raise _unreadable(name, f"one of {', '.join(forms)}")
        return forms[name].read(inner)

    return _Form(write, read)
