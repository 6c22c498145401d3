"""What is refused: to nobody, too early, too late, and in the wrong words. The package asks for all of it."""

from __future__ import annotations

import functools
from collections.abc import Awaitable, Callable, Mapping
from typing import Any, Final

from warmxfer_tui.simulator.world import MANUAL

from .bench import SECOND_APP, Bench, strict_client
from .surface import LEG_COMMANDS, ROOM_COMMANDS
from .tour import TARGET, VOICE, answered_dial

NOBODY: Final = "v3:nobody"
NOWHERE: Final = "3fa85f64-5717-4562-b3fc-2c963f66afa6"
Ask = Callable[[], Awaitable[Any]]


async def aftermath(b: Bench) -> None:
    """Ask for everything that must be refused, and read what is left of legs and rooms that are over."""
    await b.take("POST /media", _media(b).upload(media_url="https://example.com/h.wav", media_name="hold"))
    await _unknown(b)
    await _too_early(b)
    await _wrong_words(b)
    await _wrong_dials(b)
    await _ended_rooms(b)
    await _dead_legs(b)


def _media(b: Bench) -> Any:
    return b.client.media.with_raw_response


def leg_commands(b: Bench, leg: str, peer: str) -> Mapping[str, Ask]:
    """Every command on a leg, with arguments that nothing is wrong with."""
    calls: Any = b.client.calls.actions.with_raw_response
    asks = {
        "calls answer": functools.partial(calls.answer, leg),
        "calls reject": functools.partial(calls.reject, leg, cause="USER_BUSY"),
        "calls hangup": functools.partial(calls.hangup, leg),
        "calls transfer": functools.partial(calls.transfer, leg, to=TARGET),
        "calls bridge": functools.partial(calls.bridge, leg, call_control_id_to_bridge_with=peer),
        "calls speak": functools.partial(calls.speak, leg, payload="Hello.", voice=VOICE),
        "calls playback_start": functools.partial(calls.start_playback, leg, media_name="hold"),
        "calls playback_stop": functools.partial(calls.stop_playback, leg),
        "calls send_dtmf": functools.partial(calls.send_dtmf, leg, digits="1"),
        "calls client_state_update": functools.partial(calls.update_client_state, leg, client_state="eA=="),
    }
    assert asks.keys() == LEG_COMMANDS
    return asks


def room_commands(b: Bench, room: str, leg: str) -> Mapping[str, Ask]:
    """Every command on a room, with arguments that nothing is wrong with."""
    actions: Any = b.client.conferences.actions.with_raw_response
    asks = {
        "conferences join": functools.partial(actions.join, room, call_control_id=leg),
        "conferences leave": functools.partial(actions.leave, room, call_control_id=leg),
        "conferences hold": functools.partial(actions.hold, room, call_control_ids=[leg]),
        "conferences unhold": functools.partial(actions.unhold, room, call_control_ids=[leg]),
        "conferences mute": functools.partial(actions.mute, room, call_control_ids=[leg]),
        "conferences unmute": functools.partial(actions.unmute, room, call_control_ids=[leg]),
        "conferences speak": functools.partial(actions.speak, room, payload="Hello.", voice=VOICE),
        "conferences play": functools.partial(actions.play, room, media_name="hold"),
        "conferences stop": functools.partial(actions.stop, room),
        "conferences end": functools.partial(actions.end_conference, room),
    }
    assert asks.keys() == ROOM_COMMANDS
    return asks


async def _unknown(b: Bench) -> None:
    """Ids that nothing has, and a key that nobody has."""
    leg = await answered_dial(b)
    for endpoint, ask in leg_commands(b, NOBODY, leg).items():
        await b.take(endpoint, ask(), refused="90015")
    for endpoint, ask in room_commands(b, NOWHERE, leg).items():
        await b.take(endpoint, ask(), refused="90058")
    rooms: Any = b.client.conferences.with_raw_response
    applications: Any = b.client.call_control_applications.with_raw_response
    patch = applications.update("1", application_name="warmxfer", webhook_event_url=b.receiver.url)
    flags = rooms.update_participant(NOWHERE, id=NOWHERE, end_conference_on_exit=True)
    connections: Any = b.client.connections.with_raw_response
    for endpoint, asked, code in (
        ("POST /conferences", rooms.create(call_control_id=NOBODY, name="wx"), "90015"),
        ("GET /calls/{id}", b.client.calls.with_raw_response.retrieve_status(NOBODY), "90015"),
        ("GET /conferences/{id}", rooms.retrieve(NOWHERE), "90058"),
        ("GET participants", rooms.list_participants(NOWHERE), "90058"),
        ("GET participants/{id}", rooms.retrieve_participant(NOWHERE, id=NOWHERE), "90058"),
        ("PATCH participants/{id}", flags, "90058"),
        ("GET /media/{name}", _media(b).retrieve("absent"), "10005"),
        ("GET /call_control_applications/{id}", applications.retrieve("1"), "10005"),
        ("PATCH /call_control_applications/{id}", patch, "10005"),
        ("GET /connections/{id}/active_calls", connections.list_active_calls("1"), "10005"),
    ):
        await b.take(endpoint, asked, refused=code)
    async with strict_client(b.simulator, api_key="KEYsomebody") as stranger:
        await b.take("GET /media", stranger.media.with_raw_response.list(), refused="10009")


async def _too_early(b: Bench) -> None:
    """A leg that still rings, an answer to a call of our own, and places that are taken."""
    keys = b.simulator.credentials
    body = await b.take(
        "POST /calls",
        b.client.calls.with_raw_response.dial(
            connection_id=keys.connection_id, to=TARGET, from_=keys.phone_number
        ),
    )
    ringing = body["data"]["call_control_id"]
    owner = await answered_dial(b)
    for endpoint, ask in leg_commands(b, ringing, owner).items():
        if endpoint in {"calls answer", "calls reject"}:
            await b.take(endpoint, ask(), refused="90102")
        elif endpoint not in {"calls hangup", "calls client_state_update"}:
            await b.take(endpoint, ask(), refused="90034")
    actions: Any = b.client.conferences.actions.with_raw_response
    rooms: Any = b.client.conferences.with_raw_response
    calls: Any = b.client.calls.actions.with_raw_response
    await b.take("POST /conferences", rooms.create(call_control_id=ringing, name="early"), refused="90034")
    body = await b.take(
        "POST /conferences", rooms.create(call_control_id=owner, name="small", max_participants=2)
    )
    room = body["data"]["id"]
    await b.take("conferences join", actions.join(room, call_control_id=ringing), refused="90034")
    await b.take("conferences join", actions.join(room, call_control_id=owner), refused="90044")
    await b.take("POST /conferences", rooms.create(call_control_id=owner, name="small"), refused="90033")
    second, third = [await answered_dial(b) for _ in range(2)]
    await b.take("conferences join", actions.join("small", call_control_id=second))
    await b.take("conferences join", actions.join("small", call_control_id=third), refused="90032")
    await b.take("conferences leave", actions.leave("small", call_control_id=third), refused="90015")
    await b.take("GET participants/{id}", rooms.retrieve_participant(NOWHERE, id=room), refused="10005")
    await b.take("calls answer", calls.answer(owner), refused="90102")


async def _wrong_words(b: Bench) -> None:
    """Values that no command takes."""
    leg = await answered_dial(b)
    calls: Any = b.client.calls.actions.with_raw_response
    rooms: Any = b.client.conferences.with_raw_response
    actions: Any = b.client.conferences.actions.with_raw_response
    body = await b.take("POST /conferences", rooms.create(call_control_id=leg, name="words"))
    room = body["data"]["id"]
    unreachable = {"audio_url": "https://media.invalid/hold.mp3"}
    for endpoint, asked, code in (
        ("calls speak", calls.speak(leg, payload="", voice=VOICE), "10004"),
        ("calls speak", calls.speak(leg, payload="x" * 3_001, voice=VOICE), "90010"),
        ("calls speak", calls.speak(leg, payload="x", voice=VOICE, payload_type="poem"), "90011"),
        ("calls speak", calls.speak(leg, payload="x", voice=VOICE, language="x"), "90013"),
        ("calls speak", calls.speak(leg, payload="x", voice=VOICE, client_state="?"), "90017"),
        ("calls playback_start", calls.start_playback(leg, media_name="hold", loop=101), "90009"),
        ("calls playback_start", calls.start_playback(leg), "10004"),
        ("calls playback_stop", calls.stop_playback(leg, stop="never"), "90016"),
        ("calls send_dtmf", calls.send_dtmf(leg, digits="x"), "90014"),
        ("calls bridge", calls.bridge(leg, call_control_id_to_bridge_with=leg), "90015"),
        ("calls transfer", calls.transfer(leg, to="a friend"), "10016"),
        ("conferences hold", actions.hold(room, call_control_ids=[leg], **unreachable), "90040"),
        ("conferences hold", actions.hold(room, call_control_ids=[leg], media_name="absent"), "10005"),
        ("conferences hold", actions.hold(room, call_control_ids=[7]), "10026"),
        ("conferences unhold", actions.unhold(room, call_control_ids=[]), "10004"),
        ("conferences join", actions.join(room, call_control_id=leg, beep_enabled="loudly"), "10032"),
        ("GET /media", _media(b).list(extra_query={"page[number]": "first"}), "10026"),
        ("GET /conferences", rooms.list(page_size=251), "10033"),
        ("GET /conferences", rooms.list(page_number=0), "10033"),
        ("GET /conferences", rooms.list(filter={"status": "asleep"}), "10032"),
    ):
        await b.take(endpoint, asked, refused=code)


async def _wrong_dials(b: Bench) -> None:
    keys = b.simulator.credentials
    right = {"connection_id": keys.connection_id, "to": TARGET, "from_": keys.phone_number}
    dial: Any = b.client.calls.with_raw_response.dial
    wrong: tuple[tuple[str, dict[str, object]], ...] = (
        ("10004", {"to": ""}),
        ("10016", {"to": "2025550118"}),
        ("10016", {"from_": "the office"}),
        ("10010", {"from_": "+12025550199"}),
        ("10015", {"connection_id": "1"}),
        ("90043", {"connection_id": SECOND_APP}),
        ("10011", {"media_encryption": "SRTP"}),
        ("10033", {"timeout_secs": 4}),
        ("10026", {"timeout_secs": "soon"}),
        ("10038", {"answering_machine_detection": "premium"}),
        ("90017", {"client_state": "not base64"}),
        ("90057", {"webhook_urls": {"call.parked": "https://example.com"}}),
        ("90015", {"link_to": NOBODY}),
        ("90058", {"conference_config": {"id": NOWHERE}}),
    )
    for code, values in wrong:
        await b.take("POST /calls", dial(**{**right, **values}), refused=code)


async def _ended_rooms(b: Bench) -> None:
    """Rooms that are over: by command, because all have left, and because the host has."""
    rooms: Any = b.client.conferences.with_raw_response
    calls: Any = b.client.calls.actions.with_raw_response
    stranger = await answered_dial(b)
    for end in ("api", "empty", "host"):
        owner = await answered_dial(b)
        body = await b.take("POST /conferences", rooms.create(call_control_id=owner, name=f"over-{end}"))
        room = body["data"]["id"]
        seat = (await b.take("GET participants", rooms.list_participants(room)))["data"][0]["id"]
        if end == "host":
            flags = rooms.update_participant(seat, id=room, end_conference_on_exit=True)
            await b.take("PATCH participants/{id}", flags)
        if end == "api":
            await b.take("conferences end", room_commands(b, room, owner)["conferences end"]())
        else:
            await b.take("calls hangup", calls.hangup(owner))
        body = await b.take("GET /conferences/{id}, ended", rooms.retrieve(room))
        await b.take("GET participants", rooms.list_participants(room))
        gone = rooms.retrieve_participant(seat, id=room)
        await b.take("GET participants/{id}", gone, refused="10005")
        for name in (room, f"over-{end}"):
            for endpoint, ask in room_commands(b, name, stranger).items():
                # Only the id ends a room (telnyx-facts §6.1 no. 24): to `end`, a name is nothing.
                refusal = "90058" if endpoint == "conferences end" and name != room else "90019"
                await b.take(endpoint, ask(), refused=refusal)
        flags = rooms.update_participant(seat, id=room, end_conference_on_exit=True)
        await b.take("PATCH participants/{id}", flags, refused="90019")
        dial: Any = b.client.calls.with_raw_response.dial
        keys = b.simulator.credentials
        into = dial(
            connection_id=keys.connection_id,
            to=TARGET,
            from_=keys.phone_number,
            conference_config={"id": room},
        )
        await b.take("POST /calls", into, refused="90019")
    await b.take("GET /conferences", rooms.list(filter={"status": "completed"}))


async def _dead_legs(b: Bench) -> None:
    """Legs that have ended: answered, refused, given up; and ten minutes later."""
    calls: Any = b.client.calls.actions.with_raw_response
    rooms: Any = b.client.conferences.with_raw_response
    status = b.client.calls.with_raw_response.retrieve_status
    peer = await answered_dial(b)
    talked = await answered_dial(b)
    refused = b.simulator.ring_in("+12025550197", "Nobody", MANUAL)
    missed = b.simulator.ring_in("+12025550196", "", MANUAL)
    await b.take("calls hangup", calls.hangup(talked))
    await b.take("calls reject", calls.reject(refused, cause="CALL_REJECTED"))
    assert b.simulator.step(lambda world: world.party_hangs_up(missed))
    body = await b.take("POST /conferences", rooms.create(call_control_id=peer, name="living"))
    room = body["data"]["id"]
    for leg in (talked, refused, missed):
        await b.take("GET /calls/{id}, ended", status(leg))
        for endpoint, ask in leg_commands(b, leg, peer).items():
            await b.take(endpoint, ask(), refused="90018")
        await b.take("calls bridge", leg_commands(b, peer, leg)["calls bridge"](), refused="90018")
        await b.take("POST /conferences", rooms.create(call_control_id=leg, name="late"), refused="90018")
        for endpoint, ask in room_commands(b, room, leg).items():
            if endpoint in {"conferences join", "conferences leave"}:
                await b.take(endpoint, ask(), refused="90018")
            elif endpoint != "conferences end":
                await b.take(endpoint, ask())
    b.skip(601)
    await b.take("GET /calls/{id}, ended", status(talked), refused="10005")
    await b.take("calls hangup", calls.hangup(talked), refused="90018")
