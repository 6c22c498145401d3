"""Every list with nothing in it, with one row, and with several pages, turned by number and by cursor."""

from __future__ import annotations

import functools
from collections.abc import Awaitable, Callable, Mapping
from typing import Any, Final

from telnyx import omit

from .bench import Bench
from .tour import answered_dial

Ask = Callable[..., Awaitable[Any]]
CURSORS: Final = "GET /connections/{id}/active_calls"
NUMBERED_CALLS: Final = f"{CURSORS}, by page"


async def lists(b: Bench) -> None:
    """See every list grow from nothing to several pages. The account must have two of each (`TwoOfEach`)."""
    for endpoint, ask in _listing(b, app="nothing", number="+12025550199").items():
        await b.take(endpoint, ask())
    leg, room = await _one_more(b)
    leg_id = b.simulator.world.legs[leg].leg_id
    one = _listing(b, app="warm", number=b.simulator.credentials.phone_number, room=room, leg_id=leg_id)
    for endpoint, ask in one.items():
        await b.take(endpoint, ask())
    await _one_more(b, room)
    for endpoint, ask in _listing(b, room=room).items():
        if endpoint == CURSORS:
            await _by_cursor(b, ask)
        else:
            await _by_number(b, endpoint, ask)
    end = b.client.conferences.actions.with_raw_response.end_conference(room)
    await b.take("conferences end", end)
    await b.take("GET participants", b.client.conferences.with_raw_response.list_participants(room))


async def _one_more(b: Bench, room: str = "") -> tuple[str, str]:
    """Add a leg, a room and a file; the second leg joins the first one's room."""
    name = "second" if room else "first"
    leg = await answered_dial(b)
    rooms: Any = b.client.conferences.with_raw_response
    body = await b.take("POST /conferences", rooms.create(call_control_id=leg, name=name))
    if room:
        join = b.client.conferences.actions.with_raw_response.join
        await b.take("conferences join", join(room, call_control_id=leg))
    media: Any = b.client.media.with_raw_response
    await b.take("POST /media", media.upload(media_url="https://example.com/a.wav", media_name=name))
    b.skip(2)  # two of the lists trail by a second (knob #57)
    return leg, room or str(body["data"]["id"])


def _listing(
    b: Bench, *, app: str = "", number: str = "", room: str = "", leg_id: str = ""
) -> Mapping[str, Ask]:
    """Every list that there is, narrowed to what the arguments name."""
    client: Any = b.client
    connection = b.simulator.credentials.connection_id
    active = client.connections.with_raw_response.list_active_calls
    asks: dict[str, Ask] = {
        "GET /call_control_applications": functools.partial(
            client.call_control_applications.with_raw_response.list,
            filter={"application_name": {"contains": app}} if app else omit,
        ),
        "GET /phone_numbers": functools.partial(
            client.phone_numbers.with_raw_response.list, filter={"phone_number": number} if number else omit
        ),
        "GET /media": client.media.with_raw_response.list,
        CURSORS: functools.partial(active, connection),
        NUMBERED_CALLS: functools.partial(active, connection, page_size=20),
        "GET /call_events": functools.partial(
            client.call_events.with_raw_response.list,
            filter={"leg_id": leg_id, "type": "command", "name": "dial"} if leg_id else omit,
        ),
        "GET /conferences": client.conferences.with_raw_response.list,
    }
    if room:
        asks["GET participants"] = functools.partial(
            client.conferences.with_raw_response.list_participants, room
        )
    return asks


async def _by_number(b: Bench, endpoint: str, ask: Ask) -> None:
    """Turn every page of one row, and one page beyond the last."""
    number, last = 1, 1
    while number <= last + 1:
        # The package has arguments for pages, but not for every list.
        page = {"page[number]": str(number), "page[size]": "1"}
        last = (await b.take(endpoint, ask(extra_query=page)))["meta"]["total_pages"]
        number += 1


async def _by_cursor(b: Bench, ask: Ask) -> None:
    """Follow the cursors to the end of the list, and back to its beginning."""
    one: dict[str, str] = {"page[limit]": "1"}
    forth = [await b.take(CURSORS, ask(extra_query=one))]
    while after := forth[-1]["meta"]["cursors"]["after"]:
        forth.append(await b.take(CURSORS, ask(extra_query={**one, "page[after]": after})))
    back = forth[-1:]
    while before := back[-1]["meta"]["cursors"]["before"]:
        back.append(await b.take(CURSORS, ask(extra_query={**one, "page[before]": before})))
    assert [body["data"] for body in forth] == [body["data"] for body in reversed(back)]
    assert {body["meta"]["total_items"] for body in forth} == {len(forth)}
