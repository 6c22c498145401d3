"""A text that does not show itself."""

from __future__ import annotations

from typing import final


@final
class Secret:
    """Holds a secret; ``repr``, ``str`` and format strings show dots. `reveal` is the only way to it."""

    __slots__ = ("_value",)

    def __init__(self, value: str) -> None:
        self._value = value

    def reveal(self) -> str:
        """The secret itself, for the one request that needs it."""
        return self._value

    def __repr__(self) -> str:
        return "Secret(•••)"

    def __str__(self) -> str:
        return "•••"

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Secret) and other._value == self._value

    def __hash__(self) -> int:
        return hash((Secret, self._value))

    def __reduce__(self) -> str:
        # A pickle would carry the secret in clear text.
        raise TypeError("a secret is not written anywhere")
