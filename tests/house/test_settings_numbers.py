"""The numbers among the settings: which kinds of them are taken, and that all are judged at once."""

from __future__ import annotations

from pathlib import Path

import pytest

from warmxfer_tui.errors import SettingsError
from warmxfer_tui.settings import Target

from .given import ACCOUNT, loaded, problems, write


def test_numbers_are_judged_in_the_users_region() -> None:
    assert (
        loaded(environ=ACCOUNT | {"AGENT_LINE": "030 901820", "DEFAULT_REGION": "de"}).default_region == "DE"
    )
    found = problems(environ=ACCOUNT | {"AGENT_LINE": "555-0142", "TELNYX_PHONE_NUMBER": "nonsense"})
    assert set(found) == {"AGENT_LINE", "TELNYX_PHONE_NUMBER"}
    assert "the area code is missing" in found["AGENT_LINE"]


@pytest.mark.parametrize("region", ["USA", "ZZ", "UK", "1"])
def test_a_wrong_region_hides_no_wrong_number(region: str, tmp_path: Path) -> None:
    targets = write(tmp_path / "targets", "Maria, +12\nTom, 555-0142\n")
    wrong = {
        "DEFAULT_REGION": region,
        "TELNYX_PHONE_NUMBER": "+1 202",
        "AGENT_LINE": "sip:nobody",
        "TARGETS_FILE": str(targets),
    }
    found = problems(environ=ACCOUNT | wrong)
    assert set(found) == set(wrong)
    assert f"'{region}'" in found["DEFAULT_REGION"]
    assert "line 1" in found["TARGETS_FILE"]


def test_a_number_that_only_a_region_gives_sense_to_waits_for_a_region() -> None:
    found = problems(environ=ACCOUNT | {"DEFAULT_REGION": "ZZ", "AGENT_LINE": "555-0142"})
    assert list(found) == ["DEFAULT_REGION"]


@pytest.mark.parametrize(
    ("line", "said"),
    [("911", "an emergency number"), ("tel:911", "an emergency number"), ("9-1-1", "an emergency number"),
     ("+1 900 555 1234", "costs extra"), ("900 555 1234", "costs extra")],
)  # fmt: skip
def test_the_line_is_a_phone_that_may_be_dialled_without_a_question(line: str, said: str) -> None:
    found = problems(environ=ACCOUNT | {"AGENT_LINE": line})
    assert list(found) == ["AGENT_LINE"]
    assert said in found["AGENT_LINE"]
    assert "the phone you talk through" in found["AGENT_LINE"]


def test_the_line_may_be_a_sip_address() -> None:
    assert loaded(environ=ACCOUNT | {"AGENT_LINE": "sip:ann@example.com"}).agent_line == "sip:ann@example.com"


@pytest.mark.parametrize("number", ["911", "+19005551234", "sip:office@example.com"])
def test_the_accounts_number_is_an_ordinary_one(number: str) -> None:
    found = problems(environ=ACCOUNT | {"TELNYX_PHONE_NUMBER": number})
    assert list(found) == ["TELNYX_PHONE_NUMBER"]
    assert "an ordinary number of your Telnyx account" in found["TELNYX_PHONE_NUMBER"]


@pytest.mark.parametrize(("number", "region"), [("911", "US"), ("112", "DE"), ("999", "GB")])
def test_an_emergency_number_is_nobodys_colleague(number: str, region: str, tmp_path: Path) -> None:
    file = write(tmp_path / "targets", f"Maria, +12025550151\nHelp, {number}\n")
    found = problems(environ={"TARGETS_FILE": str(file), "DEFAULT_REGION": region})
    assert found["TARGETS_FILE"].startswith(f"line 2: '{number}' is an emergency number")


def test_a_target_that_asks_before_it_is_dialled_may_stand_in_the_file(tmp_path: Path) -> None:
    file = write(tmp_path / "targets", "Costly, +1 900 555 1234\nAnn, sip:ann@example.com\n")
    targets = loaded(environ={"TARGETS_FILE": str(file)}).targets
    assert targets is not None
    assert [target.name for target in targets] == ["Costly", "Ann"]


def test_every_wrong_line_of_the_targets_is_told_with_every_other_problem(tmp_path: Path) -> None:
    file = write(tmp_path / "targets", "# ours\nMaria, +1 202-555-0151\nTom, twelve\n\n+1\n")
    with pytest.raises(SettingsError) as raised:
        loaded(environ={"TARGETS_FILE": str(file), "LISTEN_PORT": "x"})
    told = [(problem.setting, problem.what.partition(":")[0]) for problem in raised.value.problems]
    assert told == [
        ("LISTEN_PORT", "'x' is not a port"),
        ("TARGETS_FILE", "line 3"),
        ("TARGETS_FILE", "line 5"),
    ]
    assert all(problem.hint for problem in raised.value.problems)


def test_a_line_of_the_targets_is_a_name_a_comma_and_a_number(tmp_path: Path) -> None:
    file = write(
        tmp_path / "targets",
        "Maria, billing , (202) 555-0151  # upstairs\n\n2025550152\nB\x1bo,+12025550153\n",
    )
    assert loaded(environ={"TARGETS_FILE": str(file)}).targets == (
        Target("line 1", "Maria, billing", "(202) 555-0151"),
        Target("line 3", "", "2025550152"),
        Target("line 4", "Bo", "+12025550153"),
    )
    assert loaded().targets is None


@pytest.mark.parametrize("path", ["/does/not/exist", "/", "~nobody-of-this-name/targets", "x" * 5_000])
def test_a_targets_file_that_is_none_is_a_problem_and_no_crash(path: str) -> None:
    assert list(problems(environ={"TARGETS_FILE": path})) == ["TARGETS_FILE"]


def test_a_targets_file_that_cannot_be_read_is_a_problem(tmp_path: Path) -> None:
    file = tmp_path / "targets"
    file.write_bytes(b"Zo\xeb, +12025550151\n")
    assert "UTF-8" in problems(environ={"TARGETS_FILE": str(file)})["TARGETS_FILE"]
