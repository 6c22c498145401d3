"""A console that is killed and begins again: belief becomes truth, with its journal and without it."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.property.ending import come_to_rest, unsettled
from tests.property.moves import Killed, Move
from tests.property.stories import SCRIPTS, Start, begin, starts, stories
from tests.property.telling import tell
from tests.property.tiers import examples
from tests.property.wire import Wire
from warmxfer_tui.core.actions import Allowed, allowed

GONE = st.sampled_from((0, 1, 700, 3_000, 20_000))
"""Milliseconds until somebody starts it again."""


def ends(*, remembered: bool) -> st.SearchStrategy[Killed]:
    return st.builds(Killed, GONE, st.booleans(), st.just(remembered))


@given(starts, stories(), ends(remembered=True), stories())
@examples(20, 500)
def test_with_its_journal_the_desk_goes_on(
    start: Start, before: list[Move], end: Killed, after: list[Move]
) -> None:
    tell(start, [*before[:12], end, *after[:12]])


@given(starts, stories(), ends(remembered=False), stories())
@settings(examples(25, 100), derandomize=True)
def test_without_it_the_desk_is_rebuilt_from_the_carrier_alone(
    start: Start, before: list[Move], end: Killed, after: list[Move]
) -> None:
    """The same stories in every run: a target who turns up late may wait for words longer than I6 allows."""
    tell(start, [*before[:12], end, *after[:12]])


CUES = [
    pytest.param(script, depth, marks=() if script in (0, 3) else pytest.mark.proof)
    for script, cues in enumerate(SCRIPTS)
    for depth in range(1, len(cues) + 1)
]
"""A transfer and two calls at once in the default run, every script in the proof tier."""


@pytest.mark.parametrize("remembered", [True, False], ids=["with its journal", "without it"])
@pytest.mark.parametrize(("script", "depth"), CUES)
def test_killed_after_any_row_of_a_transfer_belief_becomes_truth_and_thenext_key_works(
    script: int, depth: int, remembered: bool
) -> None:
    """The log is cut after each row that follows a cue, until there is nothing under way any more."""
    start = Start(line=1, music=True, depth=depth, script=script, racing=False, settled=False)
    rows = 0
    while True:
        cut = begin(start)
        for _ in range(rows):
            if cut.flight:
                cut.deliver()
        over = not cut.flight
        cut.killed(700, heard=True, remembered=remembered)
        come_to_rest(cut)
        if wrong := unsettled(cut):
            cut.fail(wrong)
        next_key_works(cut)
        if over:
            return
        rows += 1


def next_key_works(wire: Wire) -> None:
    """Some key that moves people does something, and the desk comes to rest again.

    It asks for something, or a call is elsewhere without: where a dial never left the house, nobody is moved.
    """
    answers = allowed(wire.desk)
    moves = [verb for verb in ("hold", "back", "answer", "merge") if isinstance(answers[verb], Allowed)]
    if moves:
        before = wire.desk
        wire.press(moves[0])
        wire.quiet()
        moved = any(wire.desk.calls[call].state is not before.calls[call].state for call in before.calls)
        assert moved or wire.desk.next_ask > before.next_ask, f"[{moves[0]}] did nothing"
        come_to_rest(wire)
        assert unsettled(wire) == []
