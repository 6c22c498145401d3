"""The endpoints that look (telnyx-facts §2.10 to §2.12), some of them at a world a little past (#54, #57)."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace

from . import resources
from .commands import TAIL
from .errors import Refused
from .members import participant_of
from .model import Leg, Reply, Room, Seat, Webhook
from .pages import cursor_page, page_of
from .params import Param, Request, between, check, need, one_of
from .stamps import milli, parse
from .state import DAY, Command, State, moment


def call(s: State, request: Request) -> Reply:
    """`GET /calls/{ccid}`, until ten minutes after the end (#2)."""
    leg = s.legs.get(request.args[0])
    if leg is None:
        raise Refused.as_knob(s.knobs.unknown_leg_read, "call_control_id")
    if leg.ended_at is not None and s.now - leg.ended_at > TAIL:
        raise Refused("10005")
    return Reply(200, {"data": resources.call(s, leg)})


def active_calls(s: State, request: Request) -> Reply:
    """`GET /connections/{id}/active_calls`: by cursor, or by page where the query asks for pages (#57).

    The published description is a cursor list; the official client of 2026 asks by `page[number]`.
    """
    connection_id = request.args[0]
    if connection_id not in s.applications:
        raise Refused("10005")
    seen_at = s.now - s.knobs.reads_lag_ms * 1_000
    shown = [
        resources.active_call(s, leg)
        for leg in s.legs.values()
        if leg.connection_id == connection_id
        and leg.started_at <= seen_at
        and (leg.ended_at is None or leg.ended_at > seen_at)
    ]
    if "page[number]" in request.query or "page[size]" in request.query:
        return page_of(shown, request.query)
    return cursor_page(shown, s.legs, f"/v2/connections/{connection_id}/active_calls", request.query)


def call_events(s: State, request: Request) -> Reply:
    """`GET /call_events`: the last day, or all of a leg or session; newest last (#57)."""
    filters = _filters(request.query)
    known = {"leg_id", "application_session_id"} & filters.keys()
    since = 0 if known else s.now - DAY
    until = s.now - s.knobs.reads_lag_ms * 1_000
    tests = [_event_test(name, value) for name, value in filters.items()]
    shown = []
    for entry in s.log:
        leg = s.legs.get(entry.leg or "")
        if leg is None or not since <= moment(entry) <= until:
            continue
        if all(test(leg, entry) for test in tests):
            shown.append(_event(leg, entry))
    return page_of(shown, request.query)


def _filters(query: Mapping[str, str]) -> Mapping[str, str]:
    """The query's `filter[...]`, by what is inside the first brackets and any that follow."""
    return {key[7:-1]: value for key, value in query.items() if key.startswith("filter[") and key[-1] == "]"}


def _event_name(entry: Webhook | Command) -> str:
    return entry.event_type if isinstance(entry, Webhook) else entry.name


def _event_test(name: str, wanted: str) -> Callable[[Leg, Webhook | Command], bool]:
    """The test of one filter; 10015 for a moment that is none, 10032 for a filter nobody knows."""
    if name.startswith("occurred_at]["):
        return _moment_test(name.removeprefix("occurred_at]["), wanted)
    tests: Mapping[str, Callable[[Leg, Webhook | Command], bool]] = {
        "leg_id": lambda leg, _: leg.leg_id == wanted,
        "application_session_id": lambda leg, _: leg.session_id == wanted,
        "connection_id": lambda leg, _: leg.connection_id == wanted,
        "from": lambda leg, _: leg.from_ == wanted,
        "to": lambda leg, _: leg.to == wanted,
        "name": lambda _, entry: _event_name(entry) == wanted,
        "type": lambda _, entry: ("webhook" if isinstance(entry, Webhook) else "command") == wanted,
        "product": lambda *_: wanted == "call_control",
        # A refused command never happened here, so nothing that is listed has failed.
        "failed": lambda *_: wanted != "true",
        "status": lambda *_: True,
    }
    if name not in tests:
        raise Refused("10032", parameter=f"filter[{name}]")
    return tests[name]


def _moment_test(operator: str, text: str) -> Callable[[Leg, Webhook | Command], bool]:
    wanted = parse(text)
    if wanted is None:
        raise Refused("10015", parameter=f"filter[occurred_at][{operator}]")
    at = wanted
    tests: Mapping[str, Callable[[Leg, Webhook | Command], bool]] = {
        "eq": lambda _, entry: moment(entry) == at,
        "gt": lambda _, entry: moment(entry) > at,
        "gte": lambda _, entry: moment(entry) >= at,
        "lt": lambda _, entry: moment(entry) < at,
        "lte": lambda _, entry: moment(entry) <= at,
    }
    if operator not in tests:
        raise Refused("10032", parameter=f"filter[occurred_at][{operator}]")
    return tests[operator]


def _event(leg: Leg, entry: Webhook | Command) -> Mapping[str, object]:
    is_webhook = isinstance(entry, Webhook)
    return {
        "record_type": "call_event",
        "call_leg_id": leg.leg_id,
        "call_session_id": leg.session_id,
        "event_timestamp": milli(moment(entry)),
        "name": _event_name(entry),
        "type": "webhook" if is_webhook else "command",
        "metadata": entry.body["data"] if isinstance(entry, Webhook) else dict(entry.body),
    }


def conferences(s: State, request: Request) -> Reply:
    """`GET /conferences`: newest `expires_at` first, an exact name, a status."""
    filters = _filters(request.query)
    name, status = filters.get("name"), filters.get("status")
    if status not in (None, "init", "in_progress", "completed"):
        raise Refused("10032", parameter="filter[status]")
    shown = [
        room
        for room in s.rooms.values()
        if (name is None or room.name == name) and (status is None or room.status == status)
    ]
    shown.sort(key=lambda room: -room.expires_at)
    return page_of([resources.conference(s, room) for room in shown], request.query)


def _any_room(s: State, id_: str) -> Room:
    """A room by id, ended or not; a read of an unknown one is 404 (telnyx-facts §1.4)."""
    if (room := s.rooms.get(id_)) is None:
        raise Refused("90058", status=404)
    return room


def conference(s: State, request: Request) -> Reply:
    """`GET /conferences/{id}`."""
    return Reply(200, {"data": resources.conference(s, _any_room(s, request.args[0]))})


def _seats_shown(s: State, room: Room) -> tuple[Seat, ...]:
    """The members as the list shows them, as late as it trails (#54)."""
    lag = s.knobs.participants_lag_ms * 1_000
    if not lag:
        return room.seats + room.left
    shown: tuple[Seat, ...] = ()
    for at, seats in s.past.get(room.id, ()):
        if at <= s.now - lag:
            shown = seats
    return shown


def participants(s: State, request: Request) -> Reply:
    """`GET /conferences/{id}/participants`, with the filters muted, on_hold and whispering."""
    room = _any_room(s, request.args[0])
    filters = _filters(request.query)
    shown = []
    for seat in _seats_shown(s, room):
        facts = {
            "muted": seat.muted,
            "on_hold": resources.is_held(room, seat),
            "whispering": bool(seat.whisper_to),
        }
        if all(facts[name] is (filters[name] == "true") for name in facts if name in filters):
            shown.append(resources.listed_participant(room, seat))
    return page_of(shown, request.query)


def participant(s: State, request: Request) -> Reply:
    """`GET /conferences/{id}/participants/{pid}`."""
    room = _any_room(s, request.args[0])
    seat = participant_of(room, request.args[1])
    return Reply(200, {"data": resources.single_participant(room, seat)})


def applications(s: State, request: Request) -> Reply:
    """`GET /call_control_applications`, with `filter[application_name][contains]`."""
    part = _filters(request.query).get("application_name][contains", "")
    if part and len(part) < 3:
        raise Refused("10033", parameter="filter[application_name][contains]")
    shown = [resources.application(app) for app in s.applications.values() if part in app.application_name]
    return page_of(shown, request.query)


def application(s: State, request: Request) -> Reply:
    """`GET /call_control_applications/{id}`."""
    if (app := s.applications.get(request.args[0])) is None:
        raise Refused("10005")
    return Reply(200, {"data": resources.application(app)})


def update_application(s: State, request: Request) -> Reply:
    """`PATCH /call_control_applications/{id}`, which wants both required fields again."""
    if (app := s.applications.get(request.args[0])) is None:
        raise Refused("10005")
    check(
        request.body,
        (
            need("application_name"),
            need("webhook_event_url"),
            Param("webhook_event_failover_url"),
            one_of("webhook_api_version", "1", "2"),
            between("webhook_timeout_secs", 0, 30),
            Param("first_command_timeout", bool),
            between("first_command_timeout_secs", 1, 14_400),
            Param("active", bool),
        ),
    )
    timeout = request.number("webhook_timeout_secs", -1)
    app = replace(
        app,
        application_name=request.text("application_name"),
        webhook_event_url=request.text("webhook_event_url"),
        webhook_event_failover_url=request.text("webhook_event_failover_url", app.webhook_event_failover_url),
        webhook_api_version=request.text("webhook_api_version", app.webhook_api_version),
        webhook_timeout_secs=timeout if timeout >= 0 else app.webhook_timeout_secs,
        first_command_timeout=request.flag("first_command_timeout", app.first_command_timeout),
        first_command_timeout_secs=request.number(
            "first_command_timeout_secs", app.first_command_timeout_secs
        ),
        active=request.flag("active", app.active),
    )
    # Clones share the mapping, so it is replaced and never written to.
    s.applications = {**s.applications, app.id: app}
    return Reply(200, {"data": resources.application(app)})


def public_key(s: State, _request: Request) -> Reply:
    """`GET /public_key`, which the spec leaves out (telnyx-facts §1.2)."""
    return Reply(200, {"data": {"public": s.account.public_key}})


def phone_numbers(s: State, request: Request) -> Reply:
    """`GET /phone_numbers`, with `filter[phone_number]` and `filter[connection_id]`."""
    filters = _filters(request.query)
    wanted, connection = filters.get("phone_number"), filters.get("connection_id")
    shown = [
        resources.phone_number(s, number, place)
        for place, number in enumerate(s.account.numbers)
        if wanted in (None, number) and connection in (None, s.account.connection_id)
    ]
    return page_of(shown, request.query)
