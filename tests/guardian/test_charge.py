"""What a guardian is told is what its console's desk was opened with, and its key is shown to nobody."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from warmxfer_tui.core.policy import Policy
from warmxfer_tui.core.terms import Number
from warmxfer_tui.forms import Unreadable
from warmxfer_tui.runtime.charge import Charge
from warmxfer_tui.runtime.plan import Account, Plan
from warmxfer_tui.settings import Secret

PLAN = Plan(
    account=Account("http://here/v2", Secret("KEY-of-mine"), "public", "17", "+12025550100", simulated=True),
    policy=Policy(desk="d", line=Number("+12025550101", "you"), hold_audio_url="http://music"),
    media_name="ours",
    host="::1",
    port=4711,
    public_url="https://tunnel",
)
CHARGE = Charge.of(PLAN, Path("journal.db"), keep_days=7, log_numbers=True)


@pytest.mark.parametrize("plan", [PLAN, replace(PLAN, media_name=None, public_url=None)])
def test_the_plan_comes_through_the_pipe_as_it_was(plan: Plan) -> None:
    charge = Charge.of(plan, Path("journal.db"), keep_days=7, log_numbers=True)
    line = charge.line()
    assert line.count(b"\n") == 1
    read = Charge.parsed(line)
    assert read == charge
    assert read.plan == plan


def test_the_journal_is_found_from_any_folder() -> None:
    assert Path(CHARGE.journal) == Path.cwd() / "journal.db"


def test_the_key_is_not_shown() -> None:
    assert "KEY-of-mine" not in repr(CHARGE)


@pytest.mark.parametrize("line", [b"", b"null\n", b"{}\n", b"\xff\n"])
def test_what_is_no_charge_is_refused(line: bytes) -> None:
    with pytest.raises(Unreadable):
        Charge.parsed(line)
