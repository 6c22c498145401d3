"""A tour of the whole surface: the package calls every endpoint, in an order that makes sense."""

from __future__ import annotations

import base64
from typing import Final

from telnyx import omit
from telnyx.types import MediaUploadResponse

from warmxfer_tui.simulator.world import MANUAL, World

from .bench import Bench

TARGET: Final = "+12025550118"
"""The number whose party does nothing by itself."""
STATE: Final = base64.b64encode(b"tour").decode()
VOICE: Final = "Telnyx.KokoroTTS.af"


async def tour(b: Bench) -> None:
    """Visit every endpoint; on the way the simulator sends every webhook it knows."""
    await _account(b)
    customer = await _answered_customer(b)
    agent = await answered_dial(b)
    room = await _room(b, customer, agent)
    await _room_audio(b, room, customer)
    await _leg_audio(b, agent)
    await _reads(b)
    await _ends(b, room, customer, agent)
    await _empty_room(b, host=False)
    await _empty_room(b, host=True)
    await _unwilling_parties(b)
    await _limits(b)


async def _account(b: Bench) -> None:
    app = b.simulator.credentials.connection_id
    applications = b.client.call_control_applications.with_raw_response
    await b.take("GET /call_control_applications", applications.list())
    await b.take("GET /call_control_applications/{id}", applications.retrieve(app))
    await b.take(
        "PATCH /call_control_applications/{id}",
        applications.update(app, application_name="warmxfer", webhook_event_url=b.receiver.url),
    )
    await b.take("GET /phone_numbers", b.client.phone_numbers.with_raw_response.list())
    media = b.client.media.with_raw_response
    await b.take(
        "POST /media",
        media.upload(media_url="https://example.com/hold.wav", media_name="hold", ttl_secs=3600),
    )
    await b.take_plain(
        "POST /media, a file",
        "POST",
        "/media",
        MediaUploadResponse,
        data={"media_name": "gong"},
        files={"media": ("gong.wav", bytes(16_000), "audio/wav")},
    )
    await b.take("GET /media", media.list())
    await b.take("GET /media/{name}", media.retrieve("hold"))
    await b.take_plain("GET /public_key", "GET", "/public_key")


async def _answered_customer(b: Bench) -> str:
    calls = b.client.calls.actions.with_raw_response
    unwanted = b.simulator.ring_in("+12025550197", "Nobody", MANUAL)
    await b.take("calls reject", calls.reject(unwanted, cause="USER_BUSY"))
    customer = b.simulator.ring_in("+12025550198", "Ada Byron", MANUAL)
    await b.receiver.until("call.initiated", customer)
    await b.take("calls answer", calls.answer(customer, client_state=STATE))
    await b.receiver.until("call.answered", customer)
    return customer


async def answered_dial(b: Bench) -> str:
    """Dial a party and let it answer; return its leg."""
    keys = b.simulator.credentials
    body = await b.take(
        "POST /calls",
        b.client.calls.with_raw_response.dial(
            connection_id=keys.connection_id,
            to=TARGET,
            from_=keys.phone_number,
            client_state=STATE,
        ),
    )
    leg = str(body["data"]["call_control_id"])
    await b.receiver.until("call.initiated", leg)
    b.skip(2)
    assert b.simulator.step(lambda world: world.party_answers(leg))
    await b.receiver.until("call.answered", leg)
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
    await b.receiver.until("conference.participant.joined", agent)
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
        await b.receiver.until(f"{kind}.speak.ended")
        await b.receiver.until(f"{kind}.playback.ended")


async def _leg_audio(b: Bench, agent: str) -> None:
    calls = b.client.calls.actions.with_raw_response
    rooms = b.client.conferences.actions.with_raw_response
    await b.take("conferences leave", rooms.leave("wx-tour", call_control_id=agent))
    await b.receiver.until("conference.participant.left", agent)
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
    await b.receiver.until("call.speak.ended", agent)
    await b.receiver.until("call.playback.ended", agent)
    await b.receiver.until("call.dtmf.received", agent)


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
    target = await answered_dial(b)
    await b.take("calls bridge", calls.bridge(agent, call_control_id_to_bridge_with=target))
    await b.receiver.until("call.bridged", target)
    await b.take("calls transfer", calls.transfer(agent, to="+12025550111"))
    await b.take("calls hangup", calls.hangup(agent))
    await b.receiver.until("call.hangup", agent)
    actions = b.client.conferences.actions.with_raw_response
    await b.take("conferences end", actions.end_conference(room))
    await b.receiver.until("conference.ended")
    await b.receiver.until("call.hangup", customer)


async def _empty_room(b: Bench, *, host: bool) -> None:
    """A room that ends because all have left, or its host has: the ends that the package has words for."""
    leg = await answered_dial(b)
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
    await b.receiver.until("conference.ended", leg)


async def _unwilling_parties(b: Bench) -> None:
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
        await b.receiver.until("call.hangup", leg)


async def _limits(b: Bench) -> None:
    """A ring without a second route, a leg and a room that have lived their time."""
    keys = b.simulator.credentials
    dial = b.client.calls.with_raw_response.dial
    limits: dict[str, dict[str, object]] = {
        "+12025550113": {"timeout_secs": 5, "retry_on_timeout": False},
        TARGET: {"time_limit_secs": 30},
    }
    legs = []
    for to, limit in limits.items():
        asked = dial(connection_id=keys.connection_id, to=to, from_=keys.phone_number, extra_body=limit)
        legs.append((await b.take("POST /calls", asked))["data"]["call_control_id"])
    assert b.simulator.step(lambda world: world.party_answers(legs[1]))
    owner = await answered_dial(b)
    rooms = b.client.conferences.with_raw_response
    body = await b.take(
        "POST /conferences", rooms.create(call_control_id=owner, name="wx-short", duration_minutes=1)
    )
    b.skip(61)
    for leg in (*legs, owner):
        await b.receiver.until("call.hangup", leg)
    await b.receiver.until("conference.ended", owner)
    await b.take("GET /conferences/{id}, ended", rooms.retrieve(body["data"]["id"]))


def everyone_hangs_up(world: World) -> None:
    """Let every party that is still on the line leave."""
    for ccid, leg in dict(world.legs).items():
        if leg.alive:
            world.party_hangs_up(ccid)
