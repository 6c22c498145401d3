"""The file of colleagues: CSV with and without column names, TOML, and what is said of wrong entries."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.house.given import loaded, problems, write
from warmxfer_tui.core.directory import Person
from warmxfer_tui.core.terms import Number
from warmxfer_tui.errors import SettingsError
from warmxfer_tui.runtime.plan import targets_of
from warmxfer_tui.settings.targets import NotTargets, Target, targets_in
from warmxfer_tui.text import clean

MARIA = Target("line 1", "Maria", "+1 202-555-0151", "billing")
BELOW = Target("line 2", "Maria", "+1 202-555-0151", "billing")


@pytest.mark.parametrize(
    "line",
    [
        "Maria, +1 202-555-0151, billing",
        '"Maria","+1 202-555-0151","billing"',
        "Maria,+1 202-555-0151,billing  # 2nd floor, ask for 4711",
    ],
)
def test_a_third_field_is_the_team(line: str) -> None:
    assert targets_in(line) == (MARIA,)


@pytest.mark.parametrize(
    ("line", "target"),
    [
        ("Maria, billing, +1 202-555-0151", Target("line 1", "Maria, billing", "+1 202-555-0151")),
        ("+1 202-555-0151", Target("line 1", "", "+1 202-555-0151")),
        ("Maria, +1 202-555-0151,", Target("line 1", "Maria", "+1 202-555-0151")),
        ("Desk, 24, sip:desk@example.com", Target("line 1", "Desk, 24", "sip:desk@example.com")),
        ("Ann, sip:ann@example.com, 2nd level", Target("line 1", "Ann", "sip:ann@example.com", "2nd level")),
        ('"Lopez, Maria", 2025550151', Target("line 1", "Lopez, Maria", "2025550151")),
        ('"Team #1", 2025550151', Target("line 1", "Team #1", "2025550151")),
        ("Help, 911, Team 24", Target("line 1", "Help", "911", "Team 24")),
    ],
)
def test_the_number_is_told_from_name_and_team_without_column_names(line: str, target: Target) -> None:
    assert targets_in(line) == (target,)


@pytest.mark.parametrize(
    "text",
    [
        "name,number,team\nMaria,+1 202-555-0151,billing",
        "Team, Name, Number\nbilling, Maria, +1 202-555-0151",
        "number;team;name\n+1 202-555-0151;billing;Maria",
        "number\tteam\tname\n+1 202-555-0151\tbilling\tMaria",
    ],
)
def test_a_first_line_with_column_names_puts_them_in_any_order(text: str) -> None:
    assert targets_in(text) == (BELOW,)


def test_a_team_may_be_left_out_below_column_names() -> None:
    assert targets_in("# ours\n\nname,number,team\nTom,2025550152\n") == (
        Target("line 4", "Tom", "2025550152"),
    )


def test_a_spreadsheets_mark_before_the_first_name_is_no_part_of_it(tmp_path: Path) -> None:
    file = write(tmp_path / "targets.csv", "\ufeffname,number\nTom,2025550152\n")
    assert loaded(environ={"TARGETS_FILE": str(file)}).targets == (Target("line 2", "Tom", "2025550152"),)


TOML = """\
[[target]]
name = "Maria"
number = "+1 202-555-0151"
team = "billing"

[[target]]
number = "sip:tom@example.com"
"""


def test_toml_says_the_same_in_tables() -> None:
    assert targets_in(TOML) == (MARIA, Target("line 6", "", "sip:tom@example.com"))
    assert targets_in("", toml=True) == ()


def test_tables_in_one_line_are_counted() -> None:
    text = 'target = [{number = "+12025550151"}, {number = "+12025550152"}]'
    assert [target.place for target in targets_in(text, toml=True)] == ["target 1", "target 2"]


def test_every_bad_entry_of_toml_is_named_with_its_place(tmp_path: Path) -> None:
    bad = '\n[[target]]\nname = "Ann"\n[[target]]\nnumber = 12025550151\n[[target]]\nnumber="+1"\nphone="2"\n'
    file = write(tmp_path / "targets.toml", f'{TOML}{bad}[[target]]\nnumber = "twelve"\n')
    told = said_of(file)
    assert [what.partition(":")[0] for what in told] == ["line 9", "line 11", "line 13", "line 16"]
    assert "there is no number" in told[0]
    assert "no quotes" in told[1]
    assert "'phone' is not known" in told[2]
    assert "'twelve' cannot be dialled" in told[3]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ('[[target]]\nname = "Maria\n', "line 2"),
        ('[[targets]]\nnumber = "1"\n', "'targets'"),
        ('[target]\nnumber = "1"\n', "[[target]]"),
        ("[[target]]\nnumber = " + "9" * 5_000, "is not TOML"),
    ],
)
def test_a_file_that_cannot_be_read_at_all_is_told_with_the_reason(
    text: str, said: str, tmp_path: Path
) -> None:
    file = write(tmp_path / "team.toml", text)
    assert said in problems(environ={"TARGETS_FILE": str(file)})["TARGETS_FILE"]


def test_more_columns_than_names_is_a_bad_line_and_not_another_number(tmp_path: Path) -> None:
    file = write(tmp_path / "targets", "name,number\nLopez, Maria, 2025550151\nTom, +1\n")
    told = said_of(file)
    assert told[0].startswith("line 2: there are 3 columns")
    assert told[1].startswith("line 3: '+1' cannot be dialled")


def test_the_colleagues_of_the_file_have_names_numbers_and_teams(tmp_path: Path) -> None:
    file = write(tmp_path / "targets", "Maria, (202) 555-0151, billing\n2025550152\n")
    assert targets_of(loaded(environ={"TARGETS_FILE": str(file)})) == (
        Person("Maria", Number("+12025550151", "+1 202-555-0151"), "billing"),
        Person("+1 202-555-0152", Number("+12025550152", "+1 202-555-0152")),
    )


@given(
    st.text() | st.text(alphabet=',;"#[]=\n\t+1a\x00\ud800').map(str),
    st.booleans(),
    st.sampled_from(["", TOML]),
)
def test_any_text_is_entries_or_a_sentence(text: str, toml: bool, before: str) -> None:
    with suppress(NotTargets):
        for target in targets_in(before + text, toml=toml):
            assert (clean(target.name), clean(target.team)) == (target.name, target.team)


def said_of(file: Path) -> list[str]:
    with pytest.raises(SettingsError) as raised:
        loaded(environ={"TARGETS_FILE": str(file)})
    assert {problem.setting for problem in raised.value.problems} == {"TARGETS_FILE"}
    assert all(problem.hint for problem in raised.value.problems)
    return [problem.what for problem in raised.value.problems]
