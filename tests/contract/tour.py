"""A tour of the whole surface: the package calls every endpoint once, in an order that makes sense."""

from __future__ import annotations

import base64
from collections.abc import Mapping
from typing import Any, Final

from telnyx import omit

from warmxfer_tui.simulator.world import MANUAL, World

from . import fields
from .bench import Bench
from .shapes import Shape

TARGET: Final = "+12025550118"
"""The number whose party does nothing by itself."""
STATE: Final = base64.b64encode(b"tour").decode()
VOICE: Final = "Telnyx.KokoroTTS.af"

ENDPOINTS: Final[Mapping[str, tuple[int, Shape]]] = {
    "GET /call_control_applications": (200, {"data": [fields.APPLICATION], "meta": fields.PAGE}),
    "GET /call_control_applications/{id}": (200, {"data": fields.APPLICATION}),
    "PATCH /call_control_applications/{id}": (200, {"data": fields.APPLICATION}),
    "GET /phone_numbers": (200, {"data": [fields.PHONE_NUMBER], "meta": fields.PAGE}),
    "GET /public_key": (200, {"data": {"public": str}}),
    "POST /media": (200, {"data": fields.MEDIA}),
    "GET /media": (200, {"data": [fields.MEDIA], "meta": fields.PAGE}),
    "GET /media/{name}": (200, {"data": fields.MEDIA}),
    "POST /calls": (200, {"data": fields.CALL}),
    "GET /calls/{id}": (200, {"data": fields.CALL}),
    "calls answer": (200, fields.OK),
    "calls reject": (200, fields.OK),
    "calls hangup": (200, fields.OK),
    "calls transfer": (200, fields.OK),
    "calls bridge": (200, fields.OK),
    "calls speak": (200, fields.OK),
    "calls playback_start": (200, fields.OK),
    "calls playback_stop": (200, fields.OK),
    "calls send_dtmf": (200, fields.OK),
    "calls client_state_update": (200, fields.OK),
    "GET /connections/{id}/active_calls": (200, {"data": [fields.ACTIVE_CALL], "meta": fields.CURSORS}),
    "GET /call_events": (200, {"data": [fields.CALL_EVENT], "meta": fields.PAGE}),
    "POST /conferences": (200, {"data": fields.CONFERENCE}),
    "GET /conferences": (200, {"data": [fields.CONFERENCE], "meta": fields.PAGE}),
    "GET /conferences/{id}": (200, {"data": fields.CONFERENCE}),
    "GET participants": (200, {"data": [fields.PARTICIPANT], "meta": fields.PAGE}),
    "GET participants/{id}": (200, {"data": fields.ONE_PARTICIPANT}),
    "PATCH participants/{id}": (200, {"data": fields.ONE_PARTICIPANT}),
    "conferences join": (200, fields.OK),
    "conferences leave": (200, fields.OK),
    "conferences hold": (200, fields.OK),
    "conferences unhold": (200, fields.OK),
    "conferences mute": (200, fields.OK),
    "conferences unmute": (200, fields.OK),
    "conferences speak": (200, fields.OK),
    "conferences play": (200, fields.OK),
    "conferences stop": (200, fields.OK),
    "conferences end": (200, fields.OK),
}
"""Every endpoint of the simulator with the status and the shape of its success."""


async def tour(b: Bench) -> None:
    """Visit every endpoint; on the way the simulator sends every webhook it knows."""
    await _account(b)
    customer = await _answered_customer(b)
    agent = await _answered_dial(b, "POST /calls")
    room = await _room(b, customer, agent)
    await _room_audio(b, room, customer)
    await _leg_audio(b, agent)
    await _reads(b)
    await _ends(b, room, customer, agent)
    await _empty_room(b, host=False)
    await _empty_room(b, host=True)
    await _refusals(b)


async def _account(b: Bench) -> None:
    app = b.simulator.credentials.connection_id
    applications = b.client.call_control_applications.with_raw_response
    await b.take("GET /call_control_applications", applications.list())
    await b.take("GET /call_control_applications/{id}", applications.retrieve(app))
    await b.take(
        "PATCH /call_control_applications/{id}",
        applications.update(app, application_name="warmxfer", webhook_event_url=b.inbox.url),
    )
    await b.take("GET /phone_numbers", b.client.phone_numbers.with_raw_response.list())
    media = b.client.media.with_raw_response
    await b.take(
        "POST /media",
        media.upload(media_url="https://example.com/hold.wav", media_name="hold", ttl_secs=3600),
    )
    await b.take("GET /media", media.list())
    await b.take("GET /media/{name}", media.retrieve("hold"))


async def _answered_customer(b: Bench) -> str:
    calls = b.client.calls.actions.with_raw_response
    unwanted = b.simulator.ring_in("+12025550197", "Nobody", MANUAL)
    await b.take("calls reject", calls.reject(unwanted, cause="USER_BUSY"))
    customer = b.simulator.ring_in("+12025550198", "Ada Byron", MANUAL)
    await b.inbox.until("call.initiated", customer)
    await b.take("calls answer", calls.answer(customer, client_state=STATE))
    await b.inbox.until("call.answered", customer)
    return customer


async def _answered_dial(b: Bench, endpoint: str, **options: Any) -> str:
    keys = b.simulator.credentials
    body = await b.take(
        endpoint,
        b.client.calls.with_raw_response.dial(
            connection_id=keys.connection_id,
            to=TARGET,
            from_=keys.phone_number,
            client_state=STATE,
            **options,
        ),
    )
    leg = str(body["data"]["call_control_id"])
    await b.inbox.until("call.initiated", leg)
    b.skip(2)
    assert b.simulator.step(lambda world: world.party_answers(leg))
    await b.inbox.until("call.answered", leg)
    return leg


async def _room(b: Bench, customer: str, agent: str) -> str:
    rooms = b.client.conferences.with_raw_response
    actions = b.client.conferences.actions.with_raw_response
    body = await b.take(
        "POST /conferences",
        rooms.create(call_control_id=customer, name="wx-tour", beep_enabled="never", client_state=STATE),
    )
    room = str(body["data"]["id"])
    await b.take("conferences join", actions.join(room, call_control_id=agent, client_state=STATE))
    await b.inbox.until("conference.participant.joined", agent)
    await b.take("conferences hold", actions.hold(room, call_control_ids=[customer], media_name="hold"))
    body = await b.take("GET participants", rooms.list_participants(room))
    seat = next(row["id"] for row in body["data"] if row["call_control_id"] == customer)
    await b.take("GET participants/{id}", rooms.retrieve_participant(seat, id=room))
    await b.take(
        "PATCH participants/{id}", rooms.update_participant(seat, id=room, end_conference_on_exit=False)
    )
    await b.take("conferences unhold", actions.unhold(room, call_control_ids=[customer]))
    await b.take("conferences mute", actions.mute(room, call_control_ids=[agent]))
    await b.take("conferences unmute", actions.unmute(room, call_control_ids=[agent]))
    await b.take("GET /conferences", rooms.list(filter={"name": "wx-tour"}))
    await b.take("GET /conferences/{id}", rooms.retrieve(room))
    return room


async def _room_audio(b: Bench, room: str, customer: str) -> None:
    """Speech and sound to one member and to everybody, to the end and cut short."""
    actions = b.client.conferences.actions.with_raw_response
    for ids in ([customer], omit):
        await b.take(
            "conferences speak",
            actions.speak(room, payload="One moment.", voice=VOICE, call_control_ids=ids),
        )
        b.skip(10)
        await b.take(
            "conferences play",
            actions.play(room, media_name="hold", loop="infinity", call_control_ids=ids),
        )
        await b.take("conferences stop", actions.stop(room, call_control_ids=ids))
    for kind in ("conference", "conference.participant"):
        await b.inbox.until(f"{kind}.speak.ended")
        await b.inbox.until(f"{kind}.playback.ended")


async def _leg_audio(b: Bench, agent: str) -> None:
    calls = b.client.calls.actions.with_raw_response
    rooms = b.client.conferences.actions.with_raw_response
    await b.take("conferences leave", rooms.leave("wx-tour", call_control_id=agent))
    await b.inbox.until("conference.participant.left", agent)
    await b.take("calls speak", calls.speak(agent, payload="Press one.", voice=VOICE))
    b.skip(10)
    await b.take("calls playback_start", calls.start_playback(agent, media_name="absent"))
    await b.take("calls playback_start", calls.start_playback(agent, media_name="hold"))
    b.skip(35)
    await b.take("calls playback_start", calls.start_playback(agent, media_name="hold", loop="infinity"))
    await b.take("calls playback_stop", calls.stop_playback(agent, stop="all"))
    await b.take("calls send_dtmf", calls.send_dtmf(agent, digits="1w#"))
    await b.take("calls client_state_update", calls.update_client_state(agent, client_state=STATE))
    assert b.simulator.step(lambda world: world.party_presses(agent, "1"))
    await b.inbox.until("call.speak.ended", agent)
    await b.inbox.until("call.playback.ended", agent)
    await b.inbox.until("call.dtmf.received", agent)


async def _reads(b: Bench) -> None:
    """The lists that lag behind the truth by a second (knob #57)."""
    b.skip(2)
    connection = b.simulator.credentials.connection_id
    legs = await b.take(
        "GET /connections/{id}/active_calls",
        b.client.connections.with_raw_response.list_active_calls(connection),
    )
    await b.take("GET /call_events", b.client.call_events.with_raw_response.list())
    leg = legs["data"][0]["call_control_id"]
    await b.take("GET /calls/{id}", b.client.calls.with_raw_response.retrieve_status(leg))


async def _ends(b: Bench, room: str, customer: str, agent: str) -> None:
    calls = b.client.calls.actions.with_raw_response
    target = await _answered_dial(b, "POST /calls")
    await b.take("calls bridge", calls.bridge(agent, call_control_id_to_bridge_with=target))
    await b.inbox.until("call.bridged", target)
    await b.take("calls transfer", calls.transfer(agent, to="+12025550111"))
    await b.take("calls hangup", calls.hangup(agent))
    await b.inbox.until("call.hangup", agent)
    actions = b.client.conferences.actions.with_raw_response
    await b.take("conferences end", actions.end_conference(room))
    await b.inbox.until("conference.ended")
    await b.inbox.until("call.hangup", customer)


async def _empty_room(b: Bench, *, host: bool) -> None:
    """A room that ends because all have left, or its host has: the ends that the package has words for."""
    leg = await _answered_dial(b, "POST /calls")
    rooms = b.client.conferences.with_raw_response
    calls = b.client.calls.actions.with_raw_response
    body = await b.take("POST /conferences", rooms.create(call_control_id=leg, name="wx-empty"))
    room = body["data"]["id"]
    if host:
        (seat,) = (await b.take("GET participants", rooms.list_participants(room)))["data"]
        await b.take(
            "PATCH participants/{id}",
            rooms.update_participant(seat["id"], id=room, end_conference_on_exit=True),
        )
    await b.take("calls speak", calls.speak(leg, payload="Good bye.", voice=VOICE))
    await b.take("calls hangup", calls.hangup(leg))
    await b.inbox.until("conference.ended", leg)


async def _refusals(b: Bench) -> None:
    """Parties that are busy, decline, never answer or do not exist, and a dial that we take back."""
    keys = b.simulator.credentials
    dial = b.client.calls.with_raw_response.dial
    legs = []
    for to in ("+12025550111", "+12025550112", "+12025550113", "+12025550116", TARGET):
        body = await b.take(
            "POST /calls", dial(connection_id=keys.connection_id, to=to, from_=keys.phone_number)
        )
        legs.append(body["data"]["call_control_id"])
    await b.take("calls hangup", b.client.calls.actions.with_raw_response.hangup(legs[-1]))
    b.skip(40)
    for leg in legs:
        await b.inbox.until("call.hangup", leg)


def everyone_hangs_up(world: World) -> None:
    """Let every party that is still on the line leave."""
    for ccid, leg in dict(world.legs).items():
        if leg.alive:
            world.party_hangs_up(ccid)
