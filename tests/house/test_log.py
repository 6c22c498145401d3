from __future__ import annotations

import json
import logging
import stat
import warnings
from dataclasses import dataclass
from pathlib import Path

import pytest

from warmxfer_tui import log
from warmxfer_tui.errors import FolderError
from warmxfer_tui.log import logging_to
from warmxfer_tui.settings import Secret

SECRETS = ("KEY0190A_bcdefGHIJKL", 'hunter2\n"quoted"', "KEY0190A_bcdefGHIJKL-and-longer")
NUMBERS = ("+12025550142", "2025550142", "(202) 555-0142", "sip:secretuser@example.com", "+44 1632 960961")
logger = logging.getLogger("warmxfer_tui.tests")


@dataclass(frozen=True)
class Party:
    number: str


def say_everything(texts: tuple[str, ...]) -> None:
    """Log every text on every path by which a text can get into a record."""
    for text in texts:
        logger.info(text.replace("%", "%%"))
        logger.info("dial %s now", text)
        logger.info("as a mapping: %(to)s", {"to": text})
        logger.info("extra", extra={"to": text, "deep": {text: [text, (text, {text})]}, "thing": Party(text)})
        logger.info("hidden", extra={"key": Secret(text)})
        logging.getLogger("httpx").warning("request to %s", text)
        warnings.warn(f"careful with {text}", UserWarning, stacklevel=1)
        try:
            raise LookupError(text)
        except LookupError:
            logger.exception("it broke")
        try:
            raise RuntimeError("outer") from ValueError(text)
        except RuntimeError:
            logger.exception("it broke twice")


def lines(file: Path) -> list[dict[str, object]]:
    return [json.loads(line) for line in file.read_text(encoding="utf-8").splitlines()]


def leaks(file: Path, texts: tuple[str, ...]) -> list[str]:
    """Which of the texts can be found in the file, in clear, as JSON writes them or as Python does."""
    whole = file.read_text(encoding="utf-8")

    def stands_there(text: str) -> bool:
        return any(form in whole for form in (text, json.dumps(text)[1:-1], repr(text)[1:-1]))

    return [text for text in texts if stands_there(text)]


@pytest.mark.filterwarnings("default")
def test_no_secret_gets_into_the_log_on_any_path(tmp_path: Path) -> None:
    file = tmp_path / "w.log"
    with logging_to(file, secrets=SECRETS[:2], numbers=True) as scrubber:
        scrubber.hide(SECRETS[2])
        say_everything(SECRETS)
    assert len(lines(file)) > 20
    assert leaks(file, SECRETS) == []
    assert "-and-longer" not in file.read_text(encoding="utf-8")


@pytest.mark.filterwarnings("default")
def test_no_number_gets_into_the_log_unless_it_is_asked_for(tmp_path: Path) -> None:
    masked, asked = tmp_path / "masked.log", tmp_path / "asked.log"
    with logging_to(masked):
        say_everything(NUMBERS)
    with logging_to(asked, numbers=True):
        say_everything(NUMBERS)
    assert leaks(masked, (*NUMBERS, "secretuser", "5550142", "555-0142")) == []
    assert leaks(asked, NUMBERS) == list(NUMBERS)


def test_a_line_is_json_and_says_when_how_grave_who_and_what(tmp_path: Path) -> None:
    with logging_to(tmp_path / "w.log"):
        logger.warning("two\nlines", extra={"call": "c1", "took_ms": 1234567890})
    (line,) = lines(tmp_path / "w.log")
    assert str(line.pop("at")).endswith("+00:00")
    assert (line["level"], line["logger"], line["message"]) == ("warning", logger.name, "two\nlines")
    assert (line["call"], line["took_ms"]) == ("c1", 1234567890)
    assert len(line) == 5


def test_text_that_no_encoding_takes_is_still_logged(tmp_path: Path) -> None:
    with logging_to(tmp_path / "w.log"):
        logger.info("lone \ud800 surrogate")
    assert "surrogate" in (tmp_path / "w.log").read_text(encoding="utf-8")


def test_other_libraries_are_heard_from_warning_on(tmp_path: Path) -> None:
    with logging_to(tmp_path / "w.log"):
        logging.getLogger("httpx").info("HTTP Request: POST ...")
        logging.getLogger("asyncio").error("task died")
    assert [line["message"] for line in lines(tmp_path / "w.log")] == ["task died"]


def test_the_log_and_its_folder_are_private_to_the_user(tmp_path: Path) -> None:
    file = tmp_path / "state" / "w.log"
    with logging_to(file):
        logger.info("x")
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert stat.S_IMODE(file.parent.stat().st_mode) == 0o700


def test_the_log_rotates_and_stays_private(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(log, "ROTATE_AT_BYTES", 1_000)
    with logging_to(tmp_path / "w.log"):
        for number in range(100):
            logger.info("line %d", number)
    files = sorted(tmp_path.iterdir())
    assert [file.name for file in files] == ["w.log", "w.log.1", "w.log.2", "w.log.3"]
    assert all(file.stat().st_size <= 1_000 and stat.S_IMODE(file.stat().st_mode) == 0o600 for file in files)


def test_nothing_is_written_to_the_terminal(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    with logging_to(tmp_path / "w.log"):
        logger.error("boom")
        logger.error("%d", "not a number")  # logging's own answer to this is a traceback on stderr
    assert capfd.readouterr() == ("", "")


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs the disk that is always full")
def test_a_full_disk_costs_log_lines_and_nothing_else(capfd: pytest.CaptureFixture[str]) -> None:
    with logging_to(Path("/dev/full")):
        logger.error("lost")
    assert capfd.readouterr() == ("", "")


def test_a_log_that_cannot_be_written_is_said_in_one_sentence(tmp_path: Path) -> None:
    with pytest.raises(FolderError, match=r"cannot write the log.*--log FILE"), logging_to(tmp_path):
        pytest.fail("a folder is not a file")
    (tmp_path / "file").touch()
    with (
        pytest.raises(FolderError, match=r"cannot use the folder.*name another"),
        logging_to(tmp_path / "file" / "w.log"),
    ):
        pytest.fail("a file is not a folder")


def test_logging_is_as_it_was_afterwards(tmp_path: Path) -> None:
    root, ours = logging.getLogger(), logging.getLogger("warmxfer_tui")

    def state() -> tuple[object, ...]:
        return root.handlers[:], root.level, ours.level, warnings.showwarning

    before = state()
    with logging_to(tmp_path / "w.log"):
        assert len(root.handlers) == 1
    assert state() == before
