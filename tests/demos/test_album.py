"""The desks of marked moments, from which snapshots and pictures are made."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.demos.test_stories import TOLD
from warmxfer_tui import demos
from warmxfer_tui.clock import JUMP_EPOCH_MS
from warmxfer_tui.core.actions import Allowed, allowed
from warmxfer_tui.demos.album import desks
from warmxfer_tui.demos.observe import believed
from warmxfer_tui.demos.story import Moment
from warmxfer_tui.demos.teller import Unheld


@pytest.mark.parametrize("name", TOLD)
def test_every_marked_moment_has_a_desk_at_which_its_claims_are_believed(name: str) -> None:
    story = demos.load(name)
    moments = [step.does for step in story.steps if isinstance(step.does, Moment)]
    pages = desks(name)
    assert [title for title, _, _ in pages] == [moment.title for moment in moments]
    for moment, (_, desk, _) in zip(moments, pages, strict=True):
        told = believed(story, desk)
        assert {claim.subject: told[claim.subject] for claim in moment.claims} == {
            claim.subject: claim.said for claim in moment.claims
        }


def test_a_moment_has_its_own_time_on_the_storys_clock() -> None:
    times = [at for _, _, at in desks("happy")]
    assert times == sorted(times)
    assert times[0] >= JUMP_EPOCH_MS
    assert times[-1] - times[0] > 150_000, "nothing is shortened here"
    assert all(desk.now <= at for _, desk, at in desks("happy"))


def test_the_desks_are_the_same_in_every_run() -> None:
    assert desks("two-calls") == desks("two-calls")


def test_a_story_may_be_given_as_it_was_read() -> None:
    assert desks(demos.load("voicemail")) == desks("voicemail")


def test_a_desk_answers_keys_as_it_did_at_its_moment() -> None:
    private = next(desk for title, desk, _ in desks("happy") if title == "A word in private")
    assert isinstance(allowed(private)["merge"], Allowed)


def test_a_story_that_does_not_hold_has_no_album(tmp_path: Path) -> None:
    text = (demos.FOLDER / "voicemail.story").read_text("utf-8")
    file = tmp_path / "odd.story"
    file.write_text(re.sub(r"the call is CONSULT\n  the line", "the call is TALK\n  the line", text), "utf-8")
    with pytest.raises(Unheld, match="You hear the greeting"):
        desks(str(file))
