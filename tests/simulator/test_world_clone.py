"""Clones are independent, worlds repeat themselves, and time runs in order."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from warmxfer_tui.simulator.world import Hearing, Knobs, TimerKind, Where, World

from .scene import CUSTOMER, MANUAL_NUMBER, SECOND, START, VOICE, Scene, account

VERBS = ("join", "leave", "hold", "unhold", "mute", "unmute", "speak", "play", "stop", "end")
LEG_VERBS = ("answer", "hangup", "speak", "playback_start", "playback_stop", "bridge", "transfer", "reject")
PARTY = ("answers", "hangs_up", "declines", "is_busy")


def picture(world: World) -> tuple[object, ...]:
    """All that can be seen of a world without changing it."""
    ccids = list(world.legs)
    return (
        world.now,
        dict(world.legs),
        dict(world.rooms),
        world.next_due,
        [world.hears(ccid) for ccid in ccids],
        [world.silence_since(ccid) for ccid in ccids],
        dict(world.applications),
        world.timers,
        dict(world.queues),
        world.remembered,
        world.handle("GET", "/call_events", {"page[size]": "250"}, None),
        [world.handle("GET", f"/conferences/{room}/participants", {}, None) for room in world.rooms],
    )


Step = tuple[str, int, int, int]
steps = st.lists(
    st.tuples(
        st.sampled_from(("room", "leg", "party", "time", "dial", "ring", "create")),
        st.integers(0, 9),
        st.integers(0, 5),
        st.integers(0, 5),
    ),
    max_size=25,
)


def _ask_room(world: World, verb: int, one: str, second: int) -> None:
    rooms = [*world.rooms, "none"]
    name = VERBS[verb % len(VERBS)]
    body: dict[str, object] = {"payload": "Hello", "voice": VOICE, "media_name": "hold"}
    if name in ("join", "leave"):
        body["call_control_id"] = one
    elif second:
        body["call_control_ids"] = [one]
    world.handle("POST", f"/conferences/{rooms[second % len(rooms)]}/actions/{name}", {}, body)


def _ask_leg(world: World, verb: int, one: str, second: int) -> None:
    ccids = [*world.legs, "v3:none"]
    name = LEG_VERBS[verb % len(LEG_VERBS)]
    body: dict[str, object] = {"payload": "Hi", "voice": VOICE, "cause": "USER_BUSY", "to": MANUAL_NUMBER}
    body["call_control_id"] = ccids[second % len(ccids)]
    if name != "transfer" or second:
        body["media_name"] = "hold"
    world.handle("POST", f"/calls/{one}/actions/{name}", {}, body)


def _dial(world: World, verb: int, one: str, second: int) -> None:
    body = Scene.dial_body()
    if second:
        body["conference_config"] = {"conference_name": f"wx-{second}", "hold": second == 1}
    elif verb > 4:
        body |= {"link_to": one, "bridge_on_answer": True}
    world.handle("POST", "/calls", {}, body)


def apply(world: World, step: Step) -> None:
    """Do something to a world: a request, a party's move, or time; whether it can be done or not."""
    kind, verb, first, second = step
    ccids = [*world.legs, "v3:none"]
    one = ccids[first % len(ccids)]
    match kind:
        case "room":
            _ask_room(world, verb, one, second)
        case "leg":
            _ask_leg(world, verb, one, second)
        case "party":
            getattr(world, f"party_{PARTY[verb % len(PARTY)]}")(one)
        case "time":
            world.advance(world.now + verb * SECOND)
        case "dial":
            _dial(world, verb, one, second)
        case "ring":
            world.ring_in(CUSTOMER)
        case "create":
            world.handle("POST", "/conferences", {}, {"call_control_id": one, "name": f"wx-{second}"})


def fresh(knobs: Knobs, seed: int = 0) -> World:
    world = World(now=START, account=account(), knobs=knobs, seed=seed)
    world.handle("POST", "/media", {}, {"media_name": "hold", "content_length": 160_000})
    return world


knob_sets = st.sampled_from(
    [
        Knobs(),
        Knobs(creator_leaves="ends", hold_media="once", hold_twice="restart", hangup_order="left first"),
        Knobs(join_of_bridged="peer parked", participants_lag_ms=1500, left_members="listed"),
        Knobs(parked_limit_secs=3, playback_on_connect="continues", all_left="creator hung up"),
        Knobs(transfer_unbridges="at dial", bridge_unanswered="waits", hold_after_unbridge="tune"),
    ]
)


@given(steps, steps, knob_sets)
def test_a_clone_and_its_origin_never_touch_each_other(
    before: list[Step], after: list[Step], knobs: Knobs
) -> None:
    world = fresh(knobs)
    for step in before:
        apply(world, step)
    twin = world.clone()
    seen = picture(world)
    assert picture(twin) == seen
    for step in after:
        apply(twin, step)
    assert picture(world) == seen
    for step in after:
        apply(world, step)
    assert picture(world) == picture(twin)
    assert world.take_webhooks() == twin.take_webhooks()


@given(steps, knob_sets)
def test_the_records_agree_with_one_another_whatever_happens(script: list[Step], knobs: Knobs) -> None:
    world = fresh(knobs)
    for step in script:
        apply(world, step)
        for ccid, leg in world.legs.items():
            if leg.room is not None:
                assert leg.alive
                assert world.rooms[leg.room].alive
                assert world.rooms[leg.room].seat(ccid) is not None
            if leg.peer is not None:
                assert leg.answered
                assert world.legs[leg.peer].peer == ccid
                assert leg.room is None
            heard = world.hears(ccid)
            assert ccid not in heard.people
            assert all(world.legs[voice].answered for voice in heard.people)
            silent = leg.answered and heard == Hearing()
            assert (world.silence_since(ccid) is not None) is silent
        for room in world.rooms.values():
            assert not (room.alive and not room.seats)
            assert all(world.legs[seat.ccid].room == room.id for seat in room.seats)
        assert world.next_due is None or world.next_due >= world.now


@given(steps, knob_sets)
def test_small_steps_of_time_and_one_leap_lead_to_the_same_world(script: list[Step], knobs: Knobs) -> None:
    world = fresh(knobs)
    for step in script:
        apply(world, step)
    twin = world.clone()
    world.advance(world.now + 60 * SECOND)
    end = twin.now + 60 * SECOND
    while twin.next_due is not None and twin.next_due <= end:
        twin.advance(twin.next_due)
    twin.advance(end)
    assert picture(world) == picture(twin)
    assert world.take_webhooks() == twin.take_webhooks()


@given(steps)
def test_every_leg_tells_its_story_in_order_and_once(script: list[Step]) -> None:
    world = fresh(Knobs())
    for step in script:
        apply(world, step)
    by_leg: dict[str | None, list[str]] = {}
    for hook in world.take_webhooks():
        by_leg.setdefault(hook.leg, []).append(hook.event_type)
    for ccid, leg in world.legs.items():
        told = by_leg[ccid]
        assert told[0] == "call.initiated"
        assert told.count("call.initiated") == 1
        assert told.count("call.answered") == (leg.answered_at is not None)
        assert told.count("call.hangup") == (not leg.alive)
        joined = told.count("conference.participant.joined")
        assert joined - told.count("conference.participant.left") == (leg.room is not None)


def test_the_same_seed_repeats_every_id_and_another_seed_none() -> None:
    def ids(seed: int) -> set[str]:
        scene = Scene(seed=seed)
        scene.talk()
        hooks = [hook.id for hook in scene.take()]
        return {*scene.world.legs, *scene.world.rooms, *hooks}

    assert ids(1) == ids(1)
    assert not ids(1) & ids(2)


def test_a_refused_request_changes_nothing_that_can_be_seen() -> None:
    scene = Scene()
    room, c, _ = scene.talk()
    seen = picture(scene.world)
    assert scene.room_refused(room, "hold", call_control_ids=[c], media_name="nowhere") == "404/10005"
    assert scene.leg_refused(c, "transfer", to=MANUAL_NUMBER, webhook_urls={"x": ["y"]}) == "422/90057"
    assert picture(scene.world) == seen
    assert scene.take() == ()


def test_a_command_id_given_to_a_clone_is_not_known_to_its_origin() -> None:
    scene = Scene()
    b = scene.party()
    twin = scene.world.clone()
    for _ in range(2):
        twin.handle("POST", f"/calls/{b}/actions/send_dtmf", {}, {"digits": "1", "command_id": "once"})
    scene.leg(b, "send_dtmf", digits="1", command_id="once")
    assert twin.legs[b].digits_heard == scene.world.legs[b].digits_heard == "1"


def test_what_happens_in_a_clone_is_in_no_late_read_of_its_origin() -> None:
    scene = Scene(Knobs(participants_lag_ms=1500))
    room, c, a = scene.talk()
    scene.after(5)
    events = len(scene.get("/call_events"))
    twin = scene.world.clone()
    twin.handle("POST", f"/conferences/{room}/actions/leave", {}, {"call_control_id": a})
    scene.after(5)
    assert len(scene.get("/call_events")) == events
    rows = scene.get(f"/conferences/{room}/participants")
    assert [row["call_control_id"] for row in rows] == [c, a]


def test_records_can_be_hashed_and_so_told_apart() -> None:
    scene = Scene()
    scene.talk()
    scene.dial(webhook_urls={"call.hangup": ["https://a.example/"]})
    assert len({*scene.world.legs.values(), *scene.world.rooms.values()}) == 4
    assert hash(scene.world.timers)


def test_what_waits_and_what_is_remembered_can_be_seen() -> None:
    scene = Scene()
    c = scene.customer()
    scene.leg(c, "speak", payload="Hello", voice=VOICE, command_id="once")
    (queue,) = scene.world.queues
    assert queue == (Where.LEG, c)
    assert [timer.kind for timer in scene.world.timers] == [TimerKind.PLAY_ENDS, TimerKind.TIME_LIMIT]
    assert scene.world.timers[0].at == scene.world.next_due
    assert scene.world.remembered == {(c, "once")}
    scene.after(61)
    assert scene.world.remembered == frozenset()


def test_time_does_not_go_back() -> None:
    scene = Scene()
    scene.after(5)
    scene.world.advance(START)
    assert scene.world.now == START + 5 * SECOND


def test_what_is_due_runs_in_order_at_its_own_moment() -> None:
    scene = Scene()
    scene.dial("+12025550112")
    scene.dial("+12025550111")
    scene.take()
    scene.after(60)
    first, second = scene.take()
    assert [first.occurred_at - START, second.occurred_at - START] == [SECOND // 2, 3 * SECOND]


def test_nothing_is_due_in_an_empty_world() -> None:
    assert Scene().world.next_due is None


def test_a_body_that_is_absent_is_an_empty_one() -> None:
    scene = Scene()
    c = scene.rings()
    assert scene.world.handle("POST", f"/calls/{c}/actions/answer", {}, None).status == 200


@pytest.mark.parametrize("seconds", [0, 1, 59, 951_782_400, 951_868_799, 1_709_164_800, 4_102_444_799])
def test_moments_are_written_and_read_as_iso_8601(seconds: int) -> None:
    from datetime import UTC, datetime

    from warmxfer_tui.simulator.world import stamps

    at = seconds * SECOND + 123_456
    truth = datetime.fromtimestamp(seconds, UTC)
    assert stamps.micro(at) == truth.strftime("%Y-%m-%dT%H:%M:%S.123456Z")
    assert stamps.milli(at) == truth.strftime("%Y-%m-%dT%H:%M:%S.123Z")
    assert stamps.parse(stamps.micro(at)) == at
