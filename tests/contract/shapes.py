"""Shapes of JSON, and how a value differs from one.

A shape is a type, a tuple of shapes of which one must fit, a list of one shape for every row, a frozenset of
the words allowed, or a dict of shapes: exactly these fields, where a key that ends in ``?`` may be absent.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeAlias

Shape: TypeAlias = Any


def differences(value: object, shape: Shape, at: str = "$") -> list[str]:
    """Return in words how ``value`` differs from ``shape``; nothing when it fits."""
    match shape:
        case frozenset():
            # Compared with their types: 0 is False to Python, but not to JSON.
            fits = any(type(value) is type(word) and value == word for word in shape)
            return [] if fits else [f"{at}: {value!r} is none of {sorted(shape)}"]
        case tuple():
            found = [differences(value, choice, at) for choice in shape]
            return [] if any(not each for each in found) else found[0]
        case [item]:
            if not isinstance(value, list):
                return [f"{at}: {value!r} is no list"]
            return [each for n, row in enumerate(value) for each in differences(row, item, f"{at}[{n}]")]
        case Mapping():
            return _fields_differ(value, shape, at)
        case _:
            # A bool is an int to Python, but not to JSON.
            fits = isinstance(value, shape) and (shape is not int or not isinstance(value, bool))
            return [] if fits else [f"{at}: {value!r} is no {shape.__name__}"]


def _fields_differ(value: object, shape: Mapping[str, Shape], at: str) -> list[str]:
    if not isinstance(value, Mapping):
        return [f"{at}: {value!r} is no object"]
    known = {key.removesuffix("?"): inner for key, inner in shape.items()}
    found = [f"{at}.{key}: not in the list" for key in value.keys() - known.keys()]
    found += [f"{at}.{key}: missing" for key in shape.keys() - value.keys() if not key.endswith("?")]
    for key in value.keys() & known.keys():
        found += differences(value[key], known[key], f"{at}.{key}")
    return found
