"""Settings as a user would give them, and what is said about them."""

from __future__ import annotations

import base64
from dataclasses import replace
from pathlib import Path

import pytest

from warmxfer_tui.errors import SettingsError
from warmxfer_tui.numbers import has_region, kind_of
from warmxfer_tui.settings import Numbering, Settings, Sources, load

NUMBERING = Numbering(has_region, kind_of)
KEY = "KEY0123456789ABCDEF_secretsecretsecret"
ACCOUNT = {
    "TELNYX_API_KEY": KEY,
    "TELNYX_PUBLIC_KEY": base64.b64encode(bytes(range(32))).decode(),
    "TELNYX_CONNECTION_ID": "1293384261075731499",
    "TELNYX_PHONE_NUMBER": "+12025550100",
    "AGENT_LINE": "(202) 555-0123",
}


def loaded(**sources: object) -> Settings:
    given = replace(Sources(here=Path("/nowhere"), config=Path("/nowhere")), **sources)  # type: ignore[arg-type]
    return load(given, NUMBERING)


def problems(**sources: object) -> dict[str, str]:
    with pytest.raises(SettingsError) as raised:
        loaded(**sources)
    return {problem.setting: f"{problem.what} ({problem.hint})" for problem in raised.value.problems}


def write(path: Path, text: str) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return path
