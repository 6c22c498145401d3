"""What a console tells its guardian: everything that a desk is opened with, as one line of JSON.

It holds the account's key. So it goes through a pipe, never over the command line or into a file.
"""

from __future__ import annotations

import os
from dataclasses import dataclass, field
from pathlib import Path
from typing import cast

from warmxfer_tui.core.policy import Policy
from warmxfer_tui.forms import Forms, dumps, loads
from warmxfer_tui.journal.lease import owner_of
from warmxfer_tui.runtime.plan import Account, Plan
from warmxfer_tui.settings import Secret


@dataclass(frozen=True, slots=True)
class Charge:
    """The plan, without what is no plain text, and where the journal lies."""

    base_url: str
    api_key: str = field(repr=False)
    public_key: str
    connection_id: str
    phone_number: str
    simulated: bool
    policy: Policy
    media_name: str | None
    host: str
    port: int
    public_url: str | None
    journal: str
    owner: str
    """The console, as the journal's lease names it."""
    process: int
    """Its number."""
    simulator: int
    """The number of the simulator's process, 0 on an account."""
    keep_days: int
    log_numbers: bool

    @classmethod
    def of(
        cls, plan: Plan, journal: Path, *, keep_days: int, log_numbers: bool, simulator: int = 0
    ) -> Charge:
        """What a guardian needs to open the desk of a plan."""
        account = plan.account
        return cls(
            base_url=account.base_url,
            api_key=account.api_key.reveal(),
            public_key=account.public_key,
            connection_id=account.connection_id,
            phone_number=account.phone_number,
            simulated=account.simulated,
            policy=plan.policy,
            media_name=plan.media_name,
            host=plan.host,
            port=plan.port,
            public_url=plan.public_url,
            journal=str(journal.absolute()),
            owner=owner_of("console"),
            process=os.getpid(),
            simulator=simulator,
            keep_days=keep_days,
            log_numbers=log_numbers,
        )

    @property
    def plan(self) -> Plan:
        """The plan again."""
        return Plan(
            account=Account(
                self.base_url,
                Secret(self.api_key),
                self.public_key,
                self.connection_id,
                self.phone_number,
                simulated=self.simulated,
            ),
            policy=self.policy,
            media_name=self.media_name,
            host=self.host,
            port=self.port,
            public_url=self.public_url,
        )

    def line(self) -> bytes:
        """Return this as one line of JSON."""
        return dumps(_FORM.write(self)).encode("ascii") + b"\n"

    @classmethod
    def parsed(cls, line: bytes) -> Charge:
        """Return the charge that `line` writes out. Raises `forms.Unreadable`."""
        return cast(Charge, _FORM.read(loads(line)))


_FORM = Forms().of(Charge)
