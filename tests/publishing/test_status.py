"""``warmxfer status``: the desk in plain text, harmless and narrow enough; a sentence where there is none."""

from __future__ import annotations

import asyncio
import json
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len

from tests.core import stories
from tests.publishing.given import Nobody
from tests.screens.stage import HOSTILE
from warmxfer_tui import cli
from warmxfer_tui.core.model import Desk
from warmxfer_tui.journal import journal_file
from warmxfer_tui.publishing import place_of, status
from warmxfer_tui.publishing.frames import Copy, snapshot, tree_of
from warmxfer_tui.publishing.picture import picture
from warmxfer_tui.publishing.publication import Publication
from warmxfer_tui.publishing.server import serving

CONSULT = stories.consult().desk


def drawn(*words: str, desks: tuple[Desk, ...]) -> list[str]:
    """What is printed for desks one after the other."""
    draw = status._drawer(status._parser().parse_args(words))
    return [line for desk in desks for line in draw(desk)]


def test_it_says_each_state_and_who_hears_whom_and_for_how_long() -> None:
    assert picture(CONSULT, CONSULT.now + 41_500, None) == [
        "CONSULT 0:41   line 0:41 billed",
        "C  Ms Ortiz      +12025550120  HELD      0:41  hears hold sound  (proven 0:41 ago)",
        "A  you           +12025550101  TALKING   0:41  hears +12025550118  (proven 0:41 ago)",
        "B  +12025550118  TALKING   0:41  hears you  (proven 0:41 ago)",
    ]


def test_an_empty_desk_and_another_call_and_a_customer_in_silence_are_told() -> None:
    assert picture(Desk(), 0, None) == ["IDLE   line off", "Nobody is on the line."]
    two = stories.two_calls().desk
    assert any(line.startswith("+  Ms Ortiz  HELD") for line in picture(two, two.now, None))
    calls = {name: replace(call, silent_at=CONSULT.now - 3_000) for name, call in CONSULT.calls.items()}
    silent = picture(replace(CONSULT, calls=calls), CONSULT.now, None)
    assert silent[-1] == "!  Ms Ortiz HEARS NOTHING for 3 s: it is being repaired"


@given(HOSTILE, st.integers(20, 100))
def test_whatever_a_caller_is_called_the_lines_are_harmless_and_narrow_enough(name: str, width: int) -> None:
    legs = {leg.id: replace(leg, name=name) for leg in CONSULT.legs.values()}
    desk = Copy().take(snapshot(1, tree_of(replace(CONSULT, legs=legs))))
    assert desk is not None
    for line in picture(desk, desk.now, width):
        assert line.isprintable() or "\u200d" in line
        assert cell_len(line) <= width or " " not in line.strip()


def test_numbers_are_masked_unless_they_are_wanted() -> None:
    for words in ((), ("--json",)):
        assert not any("2025550" in line for line in drawn(*words, desks=(CONSULT,)))
        assert any("2025550" in line for line in drawn(*words, "--numbers", desks=(CONSULT,)))


def test_what_follows_is_a_line_for_each_change_and_none_for_what_only_passes() -> None:
    later = replace(CONSULT, now=CONSULT.now + 1, webhook_at=CONSULT.now + 1)
    first = drawn(desks=(CONSULT,))
    assert drawn(desks=(CONSULT, later)) == first
    more = drawn(desks=(CONSULT, later, stories.talk().desk))[len(first) :]
    assert [line[10:] for line in more] == [
        "TALK, line up",
        "C Ms Ortiz: TALKING, hears you",
        "A you: TALKING, hears Ms Ortiz",
        "no longer: B +••••••••118: TALKING, hears you",
    ]


def test_for_machines_every_leg_has_its_state_and_whom_it_hears() -> None:
    (line,) = drawn("--json", desks=(CONSULT,))
    said = json.loads(line)
    assert said["state"] == "CONSULT"
    assert [(leg["role"], leg["state"], leg["hears"]) for leg in said["legs"]][:2] == [
        ("C", "HELD", "hold sound"),
        ("A", "TALKING", "+••••••••118"),
    ]


@pytest.mark.parametrize("words", [(), ("--follow",), ("--json",), ("--simulator",)])
def test_without_a_console_it_says_what_to_do(
    words: tuple[str, ...], capsys: pytest.CaptureFixture[str]
) -> None:
    assert cli.main(["status", *words]) == 1
    out, err = capsys.readouterr()
    assert out == ""
    assert err == "warmxfer: no console runs here: Start one with `warmxfer`.\n"


@pytest.fixture
def printed(capsys: pytest.CaptureFixture[str]) -> Any:
    """Run status against a desk that is given out in this process."""

    async def run(*words: str, simulated: bool = True) -> tuple[int, str]:
        publication = Publication(Nobody())
        publication.publish(CONSULT)
        async with serving(publication, place_of(journal_file(simulated=simulated))):
            code = await asyncio.to_thread(cli.main, ["status", *words])
        return code, capsys.readouterr().out

    return run


async def test_it_shows_the_desk_of_the_console_that_runs(printed: Any) -> None:
    for words, simulated in (((), True), ((), False), (("--simulator",), True)):
        code, out = await printed(*words, simulated=simulated)
        assert code == 0
        assert out.startswith("CONSULT ")
    assert await printed("--simulator", simulated=False) == (1, "")


def test_the_help_teaches(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        cli.main(["status", "--help"])
    out = capsys.readouterr().out
    assert all(word in out for word in ("--follow", "--json", "--numbers", "exit status", "examples:"))
