"""The keys and numbers of a simulated Telnyx account."""

from __future__ import annotations

import base64
import secrets
from dataclasses import dataclass, field

from nacl.signing import SigningKey

from warmxfer_tui.simulator.world import Account, Application

#: The account's own number: the range +1 202 555 0100 to 0199 is reserved for fiction.
PHONE_NUMBER = "+12025550100"


@dataclass(frozen=True, slots=True)
class Credentials:
    """What a console must know about the account, and the private key that signs its webhooks."""

    api_key: str = field(repr=False)
    """Bearer token; begins with ``KEY`` as Telnyx's do (telnyx-facts §1.2)."""
    signing_key: SigningKey = field(repr=False)
    """Ed25519 private key; never leaves the simulator."""
    connection_id: str
    """Id of the Call Control application: about 19 decimal digits (telnyx-facts §1.1)."""
    phone_number: str = PHONE_NUMBER
    """The number that customers ring and that dials may show, E.164."""

    @classmethod
    def fresh(cls) -> Credentials:
        """Return new random credentials: no key outlives the simulator that made it."""
        return cls(
            api_key=f"KEY{secrets.token_hex(16).upper()}_{secrets.token_urlsafe(16)}",
            signing_key=SigningKey.generate(),
            connection_id=str(secrets.randbelow(9 * 10**18) + 10**18),
        )

    @classmethod
    def seeded(cls, seed: int) -> Credentials:
        """Return the same credentials for the same ``seed``: for stories that must repeat exactly."""
        return cls(
            api_key=f"KEY{seed:032X}",
            signing_key=SigningKey(seed.to_bytes(32, "big")),
            connection_id=str(10**18 + seed),
        )

    @property
    def public_key(self) -> str:
        """The public half of the signing key, 32 bytes in base64 (telnyx-facts §3.5)."""
        return base64.b64encode(bytes(self.signing_key.verify_key)).decode("ascii")

    def account(self, webhook_url: str = "") -> Account:
        """Return the account these open, with one application that sends its webhooks to ``webhook_url``."""
        return Account(
            api_key=self.api_key,
            connection_id=self.connection_id,
            numbers=(self.phone_number,),
            public_key=self.public_key,
            applications=(
                Application(
                    id=self.connection_id, application_name="warmxfer", webhook_event_url=webhook_url
                ),
            ),
        )
