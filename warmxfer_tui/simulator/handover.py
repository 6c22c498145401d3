"""What a simulator in a process of its own tells the one that started it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, fields

from warmxfer_tui.simulator.service import Simulator


@dataclass(frozen=True, slots=True)
class Handover:
    """What the simulator's process tells the one that started it."""

    base_url: str
    """Address of the API, ending in ``/v2``."""
    control_url: str
    """Address of the control surface, ending in ``/sim``."""
    api_key: str = field(repr=False)
    """Bearer token of the API."""
    control_token: str = field(repr=False)
    """Bearer token of the control surface: the API's."""
    public_key: str
    """Public key of the webhooks' signatures, base64."""
    connection_id: str
    """Id of the Call Control application."""
    phone_number: str
    """The account's number, E.164."""

    @classmethod
    def of(cls, simulator: Simulator) -> Handover:
        """Return what there is to know about a running ``simulator``."""
        keys = simulator.credentials
        return cls(
            base_url=simulator.base_url,
            control_url=simulator.control_url,
            api_key=keys.api_key,
            control_token=keys.api_key,
            public_key=keys.public_key,
            connection_id=keys.connection_id,
            phone_number=keys.phone_number,
        )

    @classmethod
    def parsed(cls, line: bytes) -> Handover:
        """Return the handover that `line` writes out; raise `ValueError` or `TypeError` for anything else."""
        return cls(**json.loads(line))

    @property
    def secrets(self) -> tuple[str, ...]:
        """Everything in it that nobody else may see: what its ``repr`` does not show either."""
        return tuple(getattr(self, each.name) for each in fields(self) if not each.repr)

    def line(self) -> bytes:
        """Return this as one line of JSON."""
        return json.dumps(asdict(self)).encode("ascii") + b"\n"

    def environment(self) -> Mapping[str, str]:
        """Return the variables that ``warmxfer`` and the official package read."""
        return {
            "TELNYX_API_KEY": self.api_key,
            "TELNYX_PUBLIC_KEY": self.public_key,
            "TELNYX_BASE_URL": self.base_url,
            "TELNYX_CONNECTION_ID": self.connection_id,
            "TELNYX_PHONE_NUMBER": self.phone_number,
        }
