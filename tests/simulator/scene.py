"""A world to play in: parties that do only what a test says, and requests in one line."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from warmxfer_tui.simulator.world import MANUAL, Account, Application, Hearing, Knobs, Persona, Webhook, World

START = 1_767_225_600_000_000
"""2026-01-01T00:00:00Z."""
SECOND = 1_000_000
OURS = "+12025550100"
MANUAL_NUMBER = "+12025550118"
CUSTOMER = "+12025550198"
VOICE = "Telnyx.KokoroTTS.af"
APP = Application("2001", "warmxfer", "https://console.example/webhooks")


def account(app: Application = APP) -> Account:
    return Account(
        api_key="KEY0", connection_id=app.id, numbers=(OURS,), public_key="cHVibGlj", applications=(app,)
    )


class Scene:
    """A world, and the shorthand of its tests."""

    def __init__(
        self,
        knobs: Knobs | None = None,
        *,
        app: Application = APP,
        personas: Mapping[str, Persona] | None = None,
        seed: int = 0,
    ) -> None:
        self.world = World(
            now=START, account=account(app), knobs=knobs or Knobs(), personas=personas or {}, seed=seed
        )

    # Requests

    def ask(self, method: str, path: str, query: Mapping[str, str] | None = None, /, **body: object) -> Any:
        """The whole body of a request that succeeds."""
        reply = self.world.handle(method, path, query or {}, body or None)
        assert reply.status == 200, reply.body
        return reply.body

    def refused(
        self, method: str, path: str, query: Mapping[str, str] | None = None, /, **body: object
    ) -> str:
        """`status/code` of a request that must fail."""
        reply = self.world.handle(method, path, query or {}, body)
        assert reply.status >= 400, reply.body
        errors: Any = reply.body["errors"]
        return f"{reply.status}/{errors[0]['code']}"

    def get(self, path: str, **query: str) -> Any:
        """The `data` of a read."""
        return self.ask("GET", path, query)["data"]

    def leg(self, ccid: str, verb: str, **body: object) -> None:
        assert self.ask("POST", f"/calls/{ccid}/actions/{verb}", **body) == {"data": {"result": "ok"}}

    def leg_refused(self, ccid: str, verb: str, **body: object) -> str:
        return self.refused("POST", f"/calls/{ccid}/actions/{verb}", **body)

    def room(self, room: str, verb: str, **body: object) -> None:
        assert self.ask("POST", f"/conferences/{room}/actions/{verb}", **body) == {"data": {"result": "ok"}}

    def room_refused(self, room: str, verb: str, **body: object) -> str:
        return self.refused("POST", f"/conferences/{room}/actions/{verb}", **body)

    @staticmethod
    def dial_body(to: str = MANUAL_NUMBER, /, **more: object) -> dict[str, object]:
        return {"connection_id": APP.id, "to": to, "from": OURS, **more}

    def dial(self, to: str = MANUAL_NUMBER, /, **more: object) -> str:
        return str(self.ask("POST", "/calls", **self.dial_body(to, **more))["data"]["call_control_id"])

    # Ready-made parties

    def rings(self, customer: str = CUSTOMER, persona: Persona = MANUAL) -> str:
        return self.world.ring_in(customer, name="Ada Byron", persona=persona)

    def customer(self, persona: Persona = MANUAL) -> str:
        """An inbound customer whom we have answered."""
        ccid = self.rings(persona=persona)
        self.leg(ccid, "answer")
        self.after(0.1)
        return ccid

    def party(self, to: str = MANUAL_NUMBER, /, **more: object) -> str:
        """A dialled party that has answered."""
        ccid = self.dial(to, **more)
        assert self.world.party_answers(ccid)
        return ccid

    def create(self, owner: str, name: str = "wx-1", **more: object) -> str:
        return str(self.ask("POST", "/conferences", call_control_id=owner, name=name, **more)["data"]["id"])

    def talk(self) -> tuple[str, str, str]:
        """S1 of telnyx-facts §5.1: a room with the customer, who made it, and the agent."""
        customer, agent = self.customer(), self.party()
        room = self.create(customer)
        self.room(room, "join", call_control_id=agent)
        self.upload()
        self.take()
        return room, customer, agent

    def upload(self, name: str = "hold", seconds: float = 60) -> None:
        self.ask("POST", "/media", media_name=name, content_length=round(seconds * 16_000))

    # Time and what happened

    def after(self, seconds: float) -> None:
        self.world.advance(self.world.now + round(seconds * SECOND))

    def take(self) -> tuple[Webhook, ...]:
        return self.world.take_webhooks()

    def events(self, of: str | None = None) -> list[str]:
        """The types of what has happened since, of one leg if one is given."""
        return [hook.event_type for hook in self.take() if of in (None, hook.leg)]

    def payload(self, event_type: str, leg: str | None = None) -> Any:
        """The payload of the one event of that type among what has happened since."""
        data = [
            self.data(hook)
            for hook in self.take()
            if hook.event_type == event_type and leg in (None, hook.leg)
        ]
        assert len(data) == 1, data
        return data[0]["payload"]

    @staticmethod
    def data(hook: Webhook) -> Any:
        return hook.body["data"]

    def hears(self, ccid: str) -> set[str]:
        """Voices and sounds that reach a leg, in one set."""
        heard: Hearing = self.world.hears(ccid)
        return {*heard.people, *heard.sounds}

    def alive(self, ccid: str) -> bool:
        return self.world.legs[ccid].alive

    def hung_up(self, ccid: str) -> tuple[str, str, str]:
        """Cause, SIP status and source of a leg's one `call.hangup` among what has happened since."""
        payload = self.payload("call.hangup", ccid)
        return payload["hangup_cause"], payload["sip_hangup_cause"], payload["hangup_source"]
