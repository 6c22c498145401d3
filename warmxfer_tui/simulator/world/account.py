"""The account: its applications, numbers and stored files."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Media:
    """One file of the media storage (`POST /media`)."""

    name: str
    content_type: str
    created_at: int
    updated_at: int
    expires_at: int
    length: int
    """Microseconds of one pass."""


@dataclass(frozen=True, slots=True)
class Application:
    """A Call Control Application (telnyx-facts §2.12)."""

    id: str
    application_name: str
    webhook_event_url: str
    webhook_event_failover_url: str = ""
    webhook_api_version: str = "2"
    webhook_timeout_secs: int | None = None
    active: bool = True
    first_command_timeout: bool = False
    first_command_timeout_secs: int = 30
    outbound_channel_limit: int | None = None
    """Live dialled legs allowed at once, None for any number; the next dial is refused with 90043."""
    outbound_voice_profile_id: str = "1293384261075731499"
    created_at: str = "2026-01-01T00:00:00.000Z"


@dataclass(frozen=True, slots=True)
class Account:
    """What the portal knows about the customer of Telnyx who uses this program."""

    api_key: str = field(repr=False)
    connection_id: str
    """The application that inbound calls to the numbers belong to."""
    numbers: tuple[str, ...]
    """Owned numbers, E.164: the only ones a dial may show as `from`."""
    public_key: str
    """Base64 of the 32 bytes of the Ed25519 key that webhooks are verified with."""
    applications: tuple[Application, ...]

    def application(self, id_: str) -> Application | None:
        """The application of that id, None when the account has no such one."""
        return next((app for app in self.applications if app.id == id_), None)
