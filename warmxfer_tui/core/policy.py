"""What the settings give the core: who we are, what is played, and how long everything takes."""

from __future__ import annotations

from dataclasses import dataclass

from warmxfer_tui.core.terms import Number

RECONCILE = 2_000
"""Milliseconds between two reads of a customer's room (behaviour "Default timers")."""


@dataclass(frozen=True, slots=True)
class Policy:
    """What the settings give the core. Durations are milliseconds (behaviour "Default timers")."""

    desk: str = "desk"
    """This desk's own name in `client_state`: legs of another desk are never touched."""
    session: str = "session"
    """One run of this desk: part of every room name, so that no room of an earlier run is met by chance."""
    agent_name: str = "your agent"
    line: Number | None = None
    from_number: str = ""
    connection: str = ""
    hold_media: str | None = None
    """Name of an uploaded file that is proven to exist; None sends every hold down the ladder."""
    hold_audio_url: str | None = None
    hold_length: int = 180_000
    trust_sip_line: bool = False
    line_keep: int = 600_000
    return_within: int = 60_000
    """How long a desk that nobody is on is kept ready for its console to come back, once that is lost."""
    proof: int = 1_500
    contradict_after: int = 2_000
    line_wait: int = 20_000
    ring: int = 25_000
    alone: int = 1_000
    stuck: int = 5_000
    silence: int = 2_000
    retry: int = 500
    wait_for_hold: int = 3_000
    wait_for_join: int = 5_000
    goodbye: int = 5_000
    redial: int = 20_000
    ask_agent: int = 5_000
    notice: int = 3_000
    survival: int = 90_000
    closing: int = 5_000
    stay: int = 30_000
    speech: int = 1_000
    word: int = 60_000
    wrap: int = 10_000
    drop: int = 2_000
    reconcile: int = 0
    """How often the room of an answered customer is read, whatever webhooks say; 0: never. The console's own
    is 2 s (`RECONCILE`)."""
    survey: int = 10_000
    """How often everything is surveyed, if `reconcile` is not 0: the line alone, ringing, an empty desk."""
    unheard: int = 5_000
    """How old news may be that no webhook has brought, before webhooks are doubted (ANY-2)."""
