"""Every story holds, and would not hold if any one of its lines were otherwise."""

from __future__ import annotations

import asyncio
import re
import time
from functools import cache
from pathlib import Path

import pytest

from warmxfer_tui import demos
from warmxfer_tui.clock import JumpClock, run_jump
from warmxfer_tui.core.terms import LineState, State
from warmxfer_tui.demos.observe import Account
from warmxfer_tui.demos.story import KEYS, THE_CALL, THE_FOCUS, THE_LINE, Claim, Moment
from warmxfer_tui.demos.teller import disagreements, tell

STORIES = demos.names()
OFTEN = ("happy", "two-calls")
"""The stories that every run tells; the others are told by the proofs, and once more by `.ci/run`."""
TOLD = [pytest.param(name, marks=() if name in OFTEN else pytest.mark.proof) for name in STORIES]
ISSUE = {
    "happy",
    "outbound",
    "busy-target",
    "voicemail",
    "swap-and-back",
    "side-consult",
    "customer-leaves",
    "target-leaves",
    "line-lost",
    "two-calls",
}


@cache
def told(name: str) -> tuple[Account, ...]:
    """Both sides' account of every marked moment of a story."""
    story = demos.load(name)

    async def telling() -> tuple[Account, ...]:
        clock = JumpClock(asyncio.get_running_loop())
        return await tell(story, clock, lambda line: None, world=next(iter(story.worlds())))

    return run_jump(telling())


def moments(name: str) -> list[Moment]:
    return [step.does for step in demos.load(name).steps if isinstance(step.does, Moment)]


def otherwise(claim: Claim) -> Claim:
    """The same claim, saying something else that could be meant."""
    if claim.subject == KEYS:
        said = " ".join(sorted(set(claim.said.split()) ^ {"t"}))
    elif claim.subject == THE_LINE:
        said = LineState.PARKED if claim.said != LineState.PARKED else LineState.IN
    elif claim.subject.startswith(THE_CALL):
        said = State.TALK if claim.said != State.TALK else State.HELD
    elif claim.subject == THE_FOCUS:
        said = "somebody else"
    else:
        said = "hears nothing" if claim.said != "hears nothing" else "hears hold sound"
    return Claim(claim.subject, said, claim.line)


def test_the_stories_are_those_of_the_issue() -> None:
    assert set(STORIES) == ISSUE


@pytest.mark.parametrize("name", TOLD)
def test_a_story_holds_headless_in_under_five_seconds(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    began = time.perf_counter()
    status = demos.main([name, "--headless"])
    output = capsys.readouterr().out
    assert status == 0, output
    assert time.perf_counter() - began < 5
    assert output.count("HELD:") == len(list(demos.load(name).worlds()))


@pytest.mark.parametrize("name", TOLD)
def test_every_claim_of_a_story_can_fail(name: str) -> None:
    accounts = told(name)
    assert len(accounts) == len(moments(name))
    for moment, account in zip(moments(name), accounts, strict=True):
        for claim in moment.claims:
            assert not disagreements([claim], account)
            assert disagreements([otherwise(claim)], account), f"{moment.title}: {claim}"


@pytest.mark.parametrize("name", TOLD)
def test_a_story_with_one_line_flipped_fails_and_shows_belief_and_truth(
    name: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    text = (demos.FOLDER / f"{name}{demos.SUFFIX}").read_text("utf-8")
    last = list(re.finditer(r"(?m)^  (?P<who>.+?) (hears?) (?P<what>.+)$", text))[-1]
    flipped = "hold sound" if last["what"] != "hold sound" else "nothing"
    file = tmp_path / f"{name}{demos.SUFFIX}"
    file.write_text(text[: last.start("what")] + flipped + text[last.end("what") :], "utf-8")
    assert demos.main([str(file), "--headless"]) == 1
    output = capsys.readouterr().out
    assert "NOT AS TOLD" in output
    assert re.search(rf"the story says +believed +true\n{last['who'].strip()} +hears {flipped} ", output)


def test_outbound_is_told_with_either_answer_to_knob_19() -> None:
    worlds = list(demos.load("outbound").worlds())
    assert worlds == [{"creator_leaves": "goes on"}, {"creator_leaves": "ends"}]


def test_a_telling_repeats_itself_to_the_millisecond(capsys: pytest.CaptureFixture[str]) -> None:
    outputs = []
    for _ in range(2):
        demos.main(["busy-target", "--headless"])
        outputs.append(capsys.readouterr().out)
    assert outputs[0] == outputs[1]


def test_the_list_names_every_story(capsys: pytest.CaptureFixture[str]) -> None:
    assert demos.main(["--list"]) == 0
    listed = [line.split()[0] for line in capsys.readouterr().out.splitlines()]
    assert listed == sorted(ISSUE)
