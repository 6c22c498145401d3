"""How far the carrier's clock is from ours, from the `Date` of its replies. Pure.

A `Date` is cut to whole seconds and was written somewhere between our sending and our receiving, so each
reply gives an interval for the offset; what all of them allow is known to a fraction of a second after a few.
"""

from __future__ import annotations

_SECOND = 999
# A `Date` of 12:00:05 was written between 5.000 and 5.999.


class Skew:
    """The carrier's clock minus ours, in milliseconds."""

    __slots__ = ("_high", "_low")

    def __init__(self) -> None:
        self._low: int | None = None
        self._high: int | None = None

    def observe(self, date: int, sent: int, received: int) -> None:
        """Take in one reply: its `Date`, and when we sent the request and received the reply."""
        low, high = date - received, date + _SECOND - sent
        if self._low is not None and self._high is not None:
            low, high = max(low, self._low), min(high, self._high)
            if low > high:
                # One of the clocks was set: what was known before is worth nothing.
                low, high = date - received, date + _SECOND - sent
        self._low, self._high = low, high

    @property
    def offset(self) -> int | None:
        """The best estimate: the middle of what is possible; None before the first reply."""
        if self._low is None or self._high is None:
            return None
        return (self._low + self._high) // 2

    @property
    def margin(self) -> int | None:
        """How far off `offset` can be."""
        if self._low is None or self._high is None:
            return None
        return (self._high - self._low + 1) // 2
