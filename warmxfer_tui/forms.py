"""Frozen values as plain JSON, and back: the journal and the published desk are written with it.

The forms are made from the dataclasses themselves, so that a new field or a new kind of value needs no line
here. Each field is written, also where it has its default: a default that changes later must not change what
has been written. A value of a union is an object with one key, the name of its class::

    {"CallAnswered": {"at": 5, "event_id": "e1", "occurred_at": 4, "ccid": "v3:c", "tag": null}}

Reading is total: whatever is found, it is a value or `Unreadable`. A field that is missing has its default,
where it has one; one that is not known is an error, for ignoring it would make another value.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Collection, Mapping
from dataclasses import MISSING, dataclass, fields, is_dataclass
from enum import Enum
from types import NoneType, UnionType
from typing import Any, NewType, Union, cast, get_args, get_origin, get_type_hints

_SHOWN = 60  # characters of what could not be read, in the error


class Unreadable(ValueError):
    """What was found is no value of the kind that was wanted."""

    def __init__(self, found: object, wanted: str) -> None:
        super().__init__(f"not {wanted}: {ascii(found)[:_SHOWN]}")
        self.wanted = wanted
        self.found = ascii(found)[:_SHOWN]
        """The beginning of it, as ASCII."""


def dumps(value: object) -> str:
    """JSON in one line of ASCII: a lone surrogate in a caller's name is legal JSON and no legal UTF-8."""
    return json.dumps(value, separators=(",", ":"))


def loads(text: str | bytes) -> object:
    """What a line of JSON says. Raises `Unreadable`."""
    try:
        return json.loads(text)
    except (ValueError, TypeError, RecursionError) as failure:
        raise Unreadable(text, "JSON") from failure


@dataclass(frozen=True, slots=True)
class Form:
    """How the values of one type are written and read."""

    write: Callable[[Any], object]
    read: Callable[[object], Any]


class Forms:
    """The forms of the types that one kind of file or frame is made of."""

    def __init__(
        self,
        *,
        families: Mapping[type, Collection[type]] | None = None,
        only: Mapping[type, Collection[str]] | None = None,
        names: Mapping[str, type] | None = None,
    ) -> None:
        """``families``: base classes in unions, and every class that each stands for.

        ``only``: of these dataclasses no other field is written, and what is read has their defaults.
        ``names``: what annotations name that their own module has for type checkers alone.
        """
        self._names = dict(names or {})
        self._families = families or {}
        self._only = only or {}
        self._known: dict[object, Form] = {}

    def of(self, hint: object) -> Form:
        """The form of a type. Raises `TypeError` for one that has none, which a test meets first."""
        if hint not in self._known:
            self._known[hint] = self._made(hint)
        return self._known[hint]

    def _made(self, hint: object) -> Form:
        if isinstance(hint, NewType):
            return self.of(hint.__supertype__)
        args, origin = get_args(hint), get_origin(hint)
        if origin in (Union, UnionType):
            return self._union(args)
        if origin is tuple and args[1:] == (...,):
            return self._many(args[0])
        if origin is Mapping and self.of(args[0]) is self.of(str):
            return self._mapping(args[1])
        if isinstance(hint, type):
            if hint in self._families:  # one of its kinds, never itself
                return self._tagged((hint,))
            if is_dataclass(hint):
                return self._record(hint)
            if issubclass(hint, Enum):
                return _enum(hint)
            if hint in (str, int, bool):
                return _plain(hint)
        raise TypeError(f"{hint} has no form")

    def _many(self, hint: object) -> Form:
        each = self.of(hint)

        def read(found: object) -> tuple[object, ...]:
            if not isinstance(found, list):
                raise Unreadable(found, "a list")
            return tuple(map(each.read, found))

        return Form(lambda value: list(map(each.write, value)), read)

    def _mapping(self, hint: object) -> Form:
        each = self.of(hint)

        def read(found: object) -> dict[str, object]:
            if not isinstance(found, dict):
                raise Unreadable(found, "an object")
            return {name: each.read(value) for name, value in found.items()}

        return Form(lambda value: {name: each.write(inner) for name, inner in value.items()}, read)

    def _record(self, kind: type) -> Form:
        hints = get_type_hints(kind, localns=self._names)
        chosen = [field for field in fields(kind) if field.name in self._only.get(kind, hints)]
        forms = {field.name: self.of(hints[field.name]) for field in chosen}
        needed = {f.name for f in chosen if f.default is MISSING and f.default_factory is MISSING}

        def write(value: object) -> dict[str, object]:
            return {name: form.write(getattr(value, name)) for name, form in forms.items()}

        def read(found: object) -> object:
            if not isinstance(found, dict) or not needed <= found.keys() <= forms.keys():
                raise Unreadable(found, kind.__name__)
            return kind(**{name: forms[name].read(value) for name, value in found.items()})

        return Form(write, read)

    def _union(self, hints: tuple[object, ...]) -> Form:
        others = tuple(hint for hint in hints if hint is not NoneType)
        form = self.of(others[0]) if len(others) == 1 else self._tagged(others)
        if len(others) == len(hints):
            return form
        return Form(
            lambda value: None if value is None else form.write(value),
            lambda found: None if found is None else form.read(found),
        )

    def _tagged(self, hints: tuple[object, ...]) -> Form:
        kinds = [kind for hint in hints for kind in self._families.get(cast(type, hint), (hint,))]
        if not all(isinstance(kind, type) and is_dataclass(kind) for kind in kinds):
            raise TypeError(f"{hints} cannot be told apart by name")
        forms: Mapping[str, Form] = {cast(type, kind).__name__: self.of(kind) for kind in kinds}

        def write(value: object) -> dict[str, object]:
            name = type(value).__name__
            return {name: forms[name].write(value)}

        def read(found: object) -> object:
            if not isinstance(found, dict) or len(found) != 1:
                raise Unreadable(found, "an object with one key")
            ((name, inner),) = found.items()
            if name not in forms:
                raise Unreadable(name, f"one of {', '.join(forms)}")
            return forms[name].read(inner)

        return Form(write, read)


def _plain(kind: type) -> Form:
    def read(found: object) -> object:
        if type(found) is not kind:  # True is an int, and is not meant by one
            raise Unreadable(found, kind.__name__)
        return found

    return Form(lambda value: value, read)


def _enum(kind: type[Enum]) -> Form:
    def read(found: object) -> Enum:
        try:
            if type(found) is bool:
                raise ValueError
            return kind(found)
        except ValueError as failure:
            raise Unreadable(found, kind.__name__) from failure

    return Form(lambda value: value.value, read)
