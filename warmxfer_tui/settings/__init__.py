"""The settings: one table (`table`), one frozen value (`Settings`), and the way from the one to the other."""

from __future__ import annotations

from warmxfer_tui.settings.load import Sources, load
from warmxfer_tui.settings.numbering import Numbering
from warmxfer_tui.settings.render import env_example, markdown_table
from warmxfer_tui.settings.secret import Secret
from warmxfer_tui.settings.table import TABLE, Kind, Setting
from warmxfer_tui.settings.targets import Target
from warmxfer_tui.settings.value import Settings

__all__ = [
    "TABLE",
    "Kind",
    "Numbering",
    "Secret",
    "Setting",
    "Settings",
    "Sources",
    "Target",
    "env_example",
    "load",
    "markdown_table",
]
