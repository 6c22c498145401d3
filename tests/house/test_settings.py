from __future__ import annotations

import importlib.util
import pickle
import re
from dataclasses import fields
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from warmxfer_tui.errors import SettingsError
from warmxfer_tui.settings import TABLE, Secret, Setting, Settings
from warmxfer_tui.settings.load import THEIRS
from warmxfer_tui.settings.parse import Unfit, parse

from .given import ACCOUNT, KEY, loaded, problems, write


def test_the_table_and_the_settings_have_the_same_members() -> None:
    assert [setting.attr for setting in TABLE] == [each.name for each in fields(Settings)]
    assert len({setting.name for setting in TABLE}) == len(TABLE)
    assert len({setting.flag for setting in TABLE if setting.flag}) == sum(bool(s.flag) for s in TABLE)


def test_every_default_is_a_value_its_own_setting_takes() -> None:
    for setting in TABLE:
        if setting.default:
            parse(setting, setting.default)


def test_a_secret_has_no_flag() -> None:
    assert [setting.name for setting in TABLE if setting.secret] == ["TELNYX_API_KEY"]
    assert not any(setting.flag for setting in TABLE if setting.secret)


def test_nothing_set_means_the_simulator() -> None:
    settings = loaded()
    assert settings.simulated
    assert settings.base_url == "https://api.telnyx.com/v2"
    assert (settings.agent_line_keep, settings.default_region, settings.listen_host) == (
        10,
        "US",
        "127.0.0.1",
    )
    assert settings.listen_port == 0


def test_an_account_is_complete_with_its_five_values() -> None:
    settings = loaded(environ=ACCOUNT)
    assert not settings.simulated
    assert settings.api_key == Secret(KEY)
    assert settings.listen_port == 8787
    assert settings.secrets == (KEY,)


@pytest.mark.parametrize("name", sorted(set(ACCOUNT) - {"TELNYX_API_KEY"}))
def test_a_key_with_something_missing_says_precisely_what(name: str) -> None:
    found = problems(environ={key: value for key, value in ACCOUNT.items() if key != name})
    assert list(found) == [name]
    assert "is missing" in found[name]


@pytest.mark.parametrize("blank", ["", "  "])
def test_an_account_without_its_key_never_becomes_the_simulator_silently(blank: str) -> None:
    found = problems(environ=ACCOUNT | {"TELNYX_API_KEY": blank})
    assert list(found) == ["TELNYX_API_KEY"]
    assert "--simulator" in found["TELNYX_API_KEY"]


def test_the_simulator_can_be_asked_for_in_spite_of_an_account() -> None:
    assert loaded(environ=ACCOUNT, flags={"WARMXFER_SIMULATOR": "yes"}).simulated
    without_key = {name: text for name, text in ACCOUNT.items() if name != "TELNYX_API_KEY"}
    assert loaded(environ=without_key, flags={"WARMXFER_SIMULATOR": "yes"}).simulated


def test_every_problem_is_reported_at_once_and_none_shows_a_secret() -> None:
    bad = {
        "TELNYX_API_KEY": f"{KEY} with a space",
        "TELNYX_PUBLIC_KEY": "c2hvcnQ=",
        "TELNYX_PHONE_NUMBER": "+12",
        "TELNYX_BASE_URL": "https://api.telnyx.com",
        "TELNYX_CONECTION_ID": "1293384261075731499",
        "AGENT_LINE": "sip:nobody",
        "AGENT_LINE_KEEP": "-1",
        "AGENT_LINE_TRUSTED": "maybe",
        "AGENT_NAME": "Bob\x1b]0;x\x07",
        "DEFAULT_REGION": "USA",
        "HOLD_AUDIO_URL": "ftp://example.com/a.wav",
        "HOLD_SECONDS": "0",
        "LISTEN_PORT": "65536",
        "PUBLIC_URL": "example.com",
        "TARGETS_FILE": "/does/not/exist",
        "WARMXFER_LOG": "/",
    }
    with pytest.raises(SettingsError) as raised:
        loaded(environ=bad)
    named = {problem.setting for problem in raised.value.problems}
    assert named == set(bad) | {"TELNYX_CONNECTION_ID"}
    assert all(problem.hint for problem in raised.value.problems)
    assert KEY not in str(raised.value)
    assert "\x1b" not in str(raised.value)


def test_two_hold_sounds_are_one_too_many() -> None:
    found = problems(environ={"HOLD_AUDIO_URL": "https://a.example/b.mp3", "HOLD_MEDIA_NAME": "b"})
    assert list(found) == ["HOLD_AUDIO_URL"]


def test_the_later_source_wins(tmp_path: Path) -> None:
    file = write(tmp_path / "x.env", "AGENT_NAME=file\nDESK_NAME=file\nDEFAULT_REGION=FR\n")
    settings = loaded(
        env_file=file,
        environ={"DESK_NAME": "environ", "DEFAULT_REGION": "DE"},
        flags={"DEFAULT_REGION": "GB"},
    )
    assert (settings.agent_name, settings.desk_name, settings.default_region) == ("file", "environ", "GB")


def test_an_empty_variable_takes_the_files_word_away(tmp_path: Path) -> None:
    file = write(tmp_path / "x.env", "AGENT_NAME=file\n")
    assert loaded(env_file=file, environ={"AGENT_NAME": ""}).agent_name == "your agent"


def test_the_file_that_is_named_is_the_only_one_read(tmp_path: Path) -> None:
    write(tmp_path / ".env", "WARMXFER_LOG_NUMBERS=yes\nAGENT_NAME=here\n")
    file = write(tmp_path / "named.env", "DESK_NAME=named\n")
    settings = loaded(env_file=file, here=tmp_path, config=tmp_path)
    assert (settings.desk_name, settings.agent_name) == ("named", "your agent")


def test_the_env_file_here_is_ours_only_if_it_speaks_of_us(tmp_path: Path) -> None:
    config = write(tmp_path / "config" / ".env", "AGENT_NAME=config\n").parent
    write(tmp_path / "here" / ".env", "DATABASE_URL=x\nAGENT_NAME=a stranger's\n")
    assert loaded(here=tmp_path / "here", config=config).agent_name == "config"
    write(tmp_path / "here" / ".env", "TELNYX_BASE_URL=http://127.0.0.1:1/v2\nAGENT_NAME=ours\n")
    assert loaded(here=tmp_path / "here", config=config).agent_name == "ours"


def test_a_named_file_that_cannot_be_read_is_a_problem(tmp_path: Path) -> None:
    assert "cannot be read" in problems(env_file=tmp_path / "gone.env")[str(tmp_path / "gone.env")]
    (tmp_path / "latin.env").write_bytes(b"AGENT_NAME=Zo\xeb\n")
    assert "UTF-8" in problems(env_file=tmp_path / "latin.env")[str(tmp_path / "latin.env")]


def test_a_foreign_letter_does_not_turn_an_account_into_the_simulator(tmp_path: Path) -> None:
    (tmp_path / ".env").write_bytes(f"TELNYX_API_KEY={KEY}\nAGENT_NAME=Zo\xeb\n".encode("latin-1"))
    found = problems(here=tmp_path)
    assert "it is not UTF-8 text" in found[str(tmp_path / ".env")]
    assert "is missing" in found["TELNYX_PUBLIC_KEY"], "what else is wrong is told with it"
    (tmp_path / ".env").write_bytes("DATABASE_URL=Zo\xeb\n".encode("latin-1"))
    assert loaded(here=tmp_path).simulated, "another program's file is its own affair"


def test_an_editors_mark_before_the_first_name_is_no_part_of_it(tmp_path: Path) -> None:
    (tmp_path / ".env").write_bytes(b"\xef\xbb\xbfWARMXFER_SIMULATOR=yes\nAGENT_NAME=Ann\n")
    assert loaded(here=tmp_path, environ={"TELNYX_API_KEY": KEY}).simulated
    assert loaded(env_file=tmp_path / ".env").agent_name == "Ann"


def test_a_folder_that_cannot_be_looked_into_is_a_problem_if_it_is_ours(tmp_path: Path) -> None:
    unthinkable = tmp_path / ("x" * 5_000)  # as `root` no folder is closed: a name too long for any is
    assert "cannot be read" in problems(config=unthinkable)[str(unthinkable / ".env")]
    assert loaded(here=unthinkable).simulated


def test_a_file_is_taken_as_it_is_written(tmp_path: Path) -> None:
    file = write(tmp_path / "x.env", "export AGENT_NAME='${HOME} $x'\nDESK_NAME\n")
    assert loaded(env_file=file).agent_name == "${HOME} $x"


@pytest.mark.parametrize("slip", ["TELNYX_APIKEY", "TELNYX_API_KY", "telnyx_api_key", "TELNX_API_KEY"])
def test_a_mistyped_key_does_not_become_the_simulator(tmp_path: Path, slip: str) -> None:
    found = problems(env_file=write(tmp_path / "x.env", f"{slip}={KEY}\n"))
    assert "did you mean TELNYX_API_KEY?" in found[slip]
    assert KEY not in str(found)


@pytest.mark.parametrize("slip", ["TELNYX_APIKEY", "telnyx_api_key", "TELNYX_API_KEYS", "WARMXFER_SIMULATE"])
def test_a_mistyped_name_in_the_environment_is_told_as_one_in_the_file_is(slip: str) -> None:
    found = problems(environ={slip: KEY})
    assert list(found) == [slip]
    assert "did you mean " in found[slip]
    assert KEY not in str(found)


def test_a_name_mistyped_in_two_places_is_told_once(tmp_path: Path) -> None:
    with pytest.raises(SettingsError) as raised:
        loaded(env_file=write(tmp_path / "x.env", "TELNYX_APIKEY=1\n"), environ={"TELNYX_APIKEY": "2"})
    assert [problem.setting for problem in raised.value.problems] == ["TELNYX_APIKEY"]


def test_the_environment_of_other_programs_is_left_alone() -> None:
    package = ("API_KEY", "PUBLIC_KEY", "CLIENT_ID", "CLIENT_SECRET", "BASE_URL", "CUSTOM_HEADERS", "LOG")
    read = {f"TELNYX_{name}": "x" for name in package} | {"TELNYX_BASE_URL": "https://a.example/v2"}
    given = ACCOUNT | {name: ACCOUNT.get(name, text) for name, text in read.items()}
    assert loaded(environ=given).base_url == "https://a.example/v2"
    # Near to a name of ours, but nothing says that it is meant for us.
    assert loaded(
        environ={"AGENT_NAMES": "x", "LISTEN_PORTS": "x", "TELNYX_MESSAGING_PROFILE_ID": "x"}
    ).simulated


def test_every_name_that_the_official_package_reads_is_ours_or_known_to_be_its_own() -> None:
    spec = importlib.util.find_spec("telnyx")  # found, not imported: that takes a second
    assert spec is not None
    assert spec.origin is not None
    sources = [Path(spec.origin).with_name("_client.py"), Path(spec.origin).parent / "_utils" / "_logs.py"]
    text = "".join(source.read_text(encoding="utf-8") for source in sources)
    read = set(re.findall(r'environ\.get\("(TELNYX_\w+)"', text))
    assert "TELNYX_LOG" in read
    assert read <= {setting.name for setting in TABLE} | THEIRS


def test_names_that_other_programs_read_are_left_alone(tmp_path: Path) -> None:
    assert loaded(env_file=write(tmp_path / "x.env", "TELNYX_CLIENT_SECRET=x\nHOLD_MY_BEER=1\n")).simulated


def test_the_example_file_as_it_stands_means_the_simulator() -> None:
    example = Path(__file__).parents[2] / ".env.example"
    assert loaded(env_file=example) == loaded()


def test_a_secret_shows_itself_to_nobody() -> None:
    settings = loaded(environ=ACCOUNT)
    for shown in (repr(settings), str(settings), f"{settings.api_key}", f"{settings.api_key!r:>50}"):
        assert KEY not in shown
    assert settings.api_key is not None
    assert settings.api_key.reveal() == KEY
    assert settings.api_key != KEY
    assert len({settings.api_key, Secret(KEY), Secret("other")}) == 2
    with pytest.raises(TypeError):
        pickle.dumps(settings)


def fault(setting: Setting, text: str) -> Unfit | None:
    try:
        assert parse(setting, text) is not None
    except Unfit as unfit:
        return unfit
    return None


@given(st.sampled_from(TABLE), st.text(min_size=1, max_size=40))
def test_any_text_is_either_a_value_or_a_problem_with_a_way_out(setting: Setting, text: str) -> None:
    if unfit := fault(setting, text):
        assert unfit.what
        assert unfit.hint
        assert unfit.what.isprintable()


@pytest.mark.parametrize("host", ["127.0.0.1", "[::1]", "localhost", "LOCALHOST"])
def test_a_simulator_on_this_machine_may_be_reached_in_clear(host: str) -> None:
    assert loaded(environ={"TELNYX_BASE_URL": f"http://{host}:8080/v2"}).base_url.endswith(":8080/v2")


@pytest.mark.parametrize(
    "address",
    ["http://api.telnyx.com/v2", "HTTP://api.telnyx.com/v2", "http://127.0.0.1.example.com/v2",
     "http://127.0.0.1@example.com/v2", "http://10.0.0.1/v2", "http://localhost.example/v2"],
)  # fmt: skip
def test_an_api_key_never_leaves_this_machine_in_clear(address: str) -> None:
    found = problems(environ=ACCOUNT | {"TELNYX_BASE_URL": address})
    assert list(found) == ["TELNYX_BASE_URL"]
    assert "https://" in found["TELNYX_BASE_URL"]


def test_telnyx_may_fetch_and_call_in_clear() -> None:
    settings = loaded(environ={"PUBLIC_URL": "http://a.example", "HOLD_AUDIO_URL": "http://a.example/b.mp3"})
    assert (settings.public_url, settings.hold_audio_url) == ("http://a.example", "http://a.example/b.mp3")


def test_a_port_that_is_named_is_the_port_on_the_simulator_too() -> None:
    assert loaded(environ={"LISTEN_PORT": "8788"}).listen_port == 8788
    assert loaded(flags={"LISTEN_PORT": "8787", "WARMXFER_SIMULATOR": "yes"}).listen_port == 8787
