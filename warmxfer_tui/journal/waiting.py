"""What waits for the disk, in its order and within bounds.

A disk that is slower than the events, or that hangs, must not cost the console its memory. Beyond the bounds
a webhook is refused, which loses nothing: it is answered 503 and offered again. An event is lost for the log,
which says how many are missing at that place; it is the newest that is, so that what stands before the gap is
whole.
"""

from __future__ import annotations

import asyncio

from warmxfer_tui.journal.rows import Arrival, Entry, Job, Lost

ENTRIES = 10_000
"""Events that may wait: an hour of a busy desk, which has some three a second; some 10 MB."""
ARRIVALS = 2_000
"""Webhooks that may wait: a hundred transfers of 20 each."""
ARRIVAL_BYTES = 8 * 1024 * 1024
"""Bytes of all their bodies: the largest that the listener takes has 64 KiB, an ordinary one 2."""

Batch = list[tuple[Job, asyncio.Future[bool] | None]]


class Waiting:
    """The rows of the next commit, each with the future of whoever waits for it."""

    def __init__(self) -> None:
        self._batch: Batch = []
        self._arrivals = 0
        self._bytes = 0
        self._lost = 0
        self.since = 0.0
        """The loop's time at which the oldest row came."""

    def __len__(self) -> int:
        return len(self._batch) + bool(self._lost)

    def add(self, job: Arrival | Entry, done: asyncio.Future[bool], now: float) -> bool:
        """Append a row; False if there are too many. `now` is the loop's time."""
        if not self._admits(job):
            self._lost += isinstance(job, Entry)
            return False
        if not self._batch:
            self.since = now
        if isinstance(job, Arrival):
            self._arrivals += 1
            self._bytes += len(job.body)
        self._batch.append((job, done))
        return True

    def take(self) -> Batch:
        """Everything that waits, and what of it was lost; nothing waits any more."""
        batch = self._batch
        if self._lost:
            batch.append((Lost(self._lost), None))
        self._batch, self._arrivals, self._bytes, self._lost = [], 0, 0, 0
        return batch

    def futures(self) -> list[asyncio.Future[bool]]:
        """Of everybody who waits."""
        return [done for _, done in self._batch if done is not None]

    def _admits(self, job: Arrival | Entry) -> bool:
        if isinstance(job, Entry):
            # None behind one that was lost: the gap is one, and its place is known.
            return not self._lost and len(self._batch) - self._arrivals < ENTRIES
        return self._arrivals < ARRIVALS and self._bytes + len(job.body) <= ARRIVAL_BYTES
