"""The queue between the console and its terminal: nothing lost, nothing out of order, nobody kept waiting."""

from __future__ import annotations

import os
import pty
import select
import threading
import time
import tty
from collections.abc import Iterator
from dataclasses import dataclass, field

import pytest

from warmxfer_tui.driver import _END_OF_ANYTHING, BACKLOG, PATIENCE_S, Outbox, is_hung_up

FRAME = "x" * 4_096
LIMIT_S = 10.0


@dataclass
class Line:
    """An outbox, and the other end of its pseudo-terminal, which nobody reads unless a test does."""

    master: int
    outbox: Outbox
    drained: threading.Event
    seen: str = field(default="")

    def fill(self) -> None:
        """Draw frames until none is admitted any more."""
        deadline = time.monotonic() + LIMIT_S
        while self.outbox.admits():
            assert time.monotonic() < deadline, "it never fills"
            self.outbox.write(FRAME)

    def read_until(self, last: str) -> None:
        deadline = time.monotonic() + LIMIT_S
        while not self.seen.endswith(last):
            assert time.monotonic() < deadline, f"the last words were {self.seen[-40:]!r}"
            if select.select([self.master], [], [], 0.1)[0]:
                self.seen += os.read(self.master, 65_536).decode()


@pytest.fixture
def line() -> Iterator[Line]:
    master, slave = pty.openpty()
    tty.setraw(slave)
    drained = threading.Event()
    made = Line(master, Outbox(slave, "utf-8", drained.set), drained)
    yield made
    made.outbox.close()
    os.close(slave)
    os.close(master)


def test_what_is_written_arrives_whole_and_in_order(line: Line) -> None:
    line.outbox.write("")
    for number in range(500):
        line.outbox.write(f"<{number}>")
    line.outbox.write("end")
    line.read_until("end")
    assert line.seen == "".join(f"<{number}>" for number in range(500)) + "end"


def test_a_terminal_that_keeps_up_is_never_refused_a_frame(line: Line) -> None:
    for number in range(3 * BACKLOG):
        assert line.outbox.admits()
        line.outbox.write(f"<{number}>")
        line.read_until(f"<{number}>")
    assert not line.drained.is_set()


def test_a_full_queue_refuses_frames_until_it_is_empty_and_then_asks_for_a_whole_picture(line: Line) -> None:
    line.fill()
    assert not line.outbox.admits()
    line.outbox.write("mode")  # what is no frame is kept all the same
    line.read_until("mode")
    assert set(line.seen.removesuffix("mode")) == {"x"}
    assert len(line.seen.removesuffix("mode")) % len(FRAME) == 0, "a frame was cut"
    assert line.drained.wait(LIMIT_S)
    assert line.outbox.admits()


def test_on_the_way_out_what_restores_the_terminal_overtakes_frames_that_nobody_reads(line: Line) -> None:
    line.fill()
    line.outbox.discard_if_stuck()
    line.outbox.write("restored")
    began = time.monotonic()
    line.outbox.close()
    assert time.monotonic() - began < PATIENCE_S
    line.read_until("restored")
    assert len(line.seen) < BACKLOG * len(FRAME)
    assert line.seen.endswith(f"{_END_OF_ANYTHING}restored")


def test_on_the_way_out_nothing_is_discarded_for_a_terminal_that_reads(line: Line) -> None:
    line.fill()
    reader = threading.Thread(target=line.read_until, args=("restored",))
    reader.start()
    line.outbox.discard_if_stuck()
    line.outbox.write("restored")
    line.outbox.close()
    reader.join(LIMIT_S)
    assert _END_OF_ANYTHING not in line.seen
    assert len(line.seen.removesuffix("restored")) % len(FRAME) == 0


def test_closing_ends_even_if_nobody_ever_reads(line: Line) -> None:
    line.fill()
    began = time.monotonic()
    line.outbox.close()
    assert time.monotonic() - began < 2 * PATIENCE_S
    line.outbox._thread.join(LIMIT_S)
    assert not line.outbox._thread.is_alive()


def test_a_terminal_that_is_gone_takes_everything() -> None:
    master, slave = pty.openpty()
    outbox = Outbox(slave, "utf-8", lambda: None)
    os.close(master)
    for _ in range(3 * BACKLOG):
        outbox.write(FRAME)
    outbox.close()
    assert not outbox._thread.is_alive()
    os.close(slave)


def test_what_is_no_terminal_is_written_to_as_it_is() -> None:
    reading, writing = os.pipe()
    outbox = Outbox(writing, "ascii", lambda: None)
    outbox.write("Jos\u00e9")
    outbox.close()
    os.close(writing)
    with os.fdopen(reading) as pipe:
        assert pipe.read() == r"Jos\xe9"


def test_a_terminal_is_hung_up_when_its_other_side_is_closed_and_not_before() -> None:
    master, slave = os.openpty()
    try:
        assert not is_hung_up(slave)
        os.close(master)
        assert is_hung_up(slave)
    finally:
        os.close(slave)
