"""The settings as the program uses them."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from warmxfer_tui.settings.secret import Secret
from warmxfer_tui.settings.targets import Target


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """Every setting, read and checked; `warmxfer_tui.settings.table` says what each one means.

    Numbers are as the user wrote them, and known to be good: `warmxfer_tui.numbers` parses them in
    ``default_region``.
    """

    api_key: Secret | None
    public_key: str | None
    """Ed25519, 32 bytes in base64 (telnyx-facts §3.5)."""
    connection_id: str | None
    phone_number: str | None
    base_url: str
    """Ends in ``/v2``, without a slash behind it."""
    simulator: bool
    agent_line: str | None
    agent_line_keep: int
    """Minutes."""
    agent_line_trusted: bool
    agent_name: str
    desk_name: str
    default_region: str
    targets: tuple[Target, ...] | None
    """The entries of the user's file; None without a file."""
    hold_audio_url: str | None
    hold_media_name: str | None
    hold_seconds: int
    listen_host: str
    listen_port: int
    public_url: str | None
    log: Path | None
    log_numbers: bool
    journal_days: int

    @property
    def simulated(self) -> bool:
        """True when there is no account to work with, or it is not to be used."""
        return self.simulator or self.api_key is None

    @property
    def secrets(self) -> tuple[str, ...]:
        """Every secret in clear text, for the log to leave out."""
        return (self.api_key.reveal(),) if self.api_key else ()
