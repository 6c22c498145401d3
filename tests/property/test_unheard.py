"""A tunnel falls: no webhook comes any more, and belief goes on by what the carrier says when it is asked."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.property.ending import come_to_rest, unsettled
from tests.property.moves import Move
from tests.property.stories import SCRIPTS, Start, begin, play, starts, stories
from tests.property.tiers import examples
from tests.property.wire import Violation
from warmxfer_tui.core.events import Configured
from warmxfer_tui.core.policy import RECONCILE
from warmxfer_tui.simulator.world import Knobs

CUTS = [
    pytest.param(script, depth, marks=() if script in (0, 3) else pytest.mark.proof)
    for script, cues in enumerate(SCRIPTS)
    for depth in range(1, len(cues))
]
"""A transfer and two calls at once in the default run, every script in the proof tier."""
LAGS = (0, 1_000, 3_000, 30_000)
EACH = [pytest.param(lag, marks=() if lag in (0, 30_000) else pytest.mark.proof) for lag in LAGS]
PRIVATE = ("I9:", "B is joined while C may hear", "C may hear")
"""How the sentences of a broken I4 or I9 begin, or what they say."""
TELLING = {f"webhook {kind}" for kind in ("call.answered", "call.hangup", "conference.participant.joined")}
"""What a desk rests on: not every webhook that is lost is missed."""


@pytest.mark.parametrize("lag", EACH)
@pytest.mark.parametrize(("script", "depth"), CUTS)
def test_a_transfer_whose_webhooks_stop_is_completed(script: int, depth: int, lag: int) -> None:
    """ANY-2, with lists that trail."""
    start = Start(line=1, music=True, depth=depth, script=script, racing=False, settled=True)
    wire = begin(start, Knobs(reads_lag_ms=lag))  # type: ignore[arg-type]  # any lag is a truth
    wire._step(Configured(wire.now, replace(wire.desk.policy, reconcile=RECONCILE)))
    wire.unplugged()
    for cue in SCRIPTS[script][depth:]:
        play(wire, cue)
        wire.pass_time(15_000)
    come_to_rest(wire)
    if wrong := unsettled(wire):
        wire.fail(wrong)
    if TELLING & set(wire.lost):
        assert any("Webhooks do not arrive" in notice.text for notice in wire.desk.notices)


@given(starts, stories(), st.sampled_from(LAGS))
@examples(30, 1_500)
def test_nobody_meets_whom_they_are_not_to_meet_however_little_is_heard(
    start: Start, story: list[Move], lag: int
) -> None:
    """I4, I9, under the tries of CALLING-12: a desk that hears nothing may know little, and risks nothing.

    A story ends where another invariant is broken: of what nobody tells in time nothing can be mended.
    """
    wire = begin(start, Knobs(reads_lag_ms=lag))  # type: ignore[arg-type]  # any lag is a truth
    wire._step(Configured(wire.now, replace(wire.desk.policy, reconcile=RECONCILE)))
    wire.unplugged()
    try:
        for move in story:
            wire.land()
            move.play(wire)
        come_to_rest(wire)
    except Violation as violation:
        what = str(violation).partition("{")[0]
        if any(words in what for words in PRIVATE):
            raise
