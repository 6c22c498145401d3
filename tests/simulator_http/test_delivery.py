from __future__ import annotations

import asyncio
import base64
from collections.abc import Callable
from dataclasses import replace
from itertools import pairwise
from typing import Any

import pytest
from aiohttp import web
from nacl.exceptions import BadSignatureError
from nacl.signing import VerifyKey

from warmxfer_tui.clock import JUMP_EPOCH_MS, JumpClock, run_jump
from warmxfer_tui.simulator.delivery import Delivery, Schedule, Target, Weather
from warmxfer_tui.simulator.mishaps import Mishap, MishapKind
from warmxfer_tui.simulator.world import Webhook

from ..receiver import Received, Receiver
from .stage import KEYS

AT_ONCE = Weather(jitter_ms=(0, 0))


def webhook(number: int = 0, event_type: str = "call.answered") -> Webhook:
    data = {"record_type": "event", "event_type": event_type, "id": f"event-{number}", "payload": {}}
    return Webhook(f"event-{number}", event_type, {"data": data}, f"v3:{number}", JUMP_EPOCH_MS * 1000)


def deliver(
    *webhooks: Webhook,
    answer: Callable[[Received], Any] | None = None,
    weather: Weather = AT_ONCE,
    schedule: Schedule | None = None,
    failover: str = "",
    mishaps: tuple[Mishap, ...] = (),
    seed: int = 0,
) -> list[Received]:
    """Deliver ``webhooks`` on virtual time and return every request that the receiver got."""

    async def story() -> list[Received]:
        clock = JumpClock(asyncio.get_running_loop())
        receiver = Receiver(answer)
        delivery = Delivery(
            KEYS.signing_key,
            now_us=lambda: clock.now_ms() * 1000,
            seed=seed,
            weather=weather,
            schedule=schedule or Schedule(),
        )
        async with receiver.open():
            await delivery.open()
            for mishap in mishaps:
                delivery.mishaps.add(mishap)
            target = Target(f"{receiver.base}/first", failover and f"{receiver.base}/{failover}")
            for each in webhooks:
                delivery.send(each, target)
            await delivery.settled()
            await delivery.close()
        return receiver.received

    return run_jump(story())


def fails(_: Received) -> web.Response:
    return web.Response(status=500)


def gaps(received: list[Received]) -> list[float]:
    return [round(later.at - earlier.at, 3) for earlier, later in pairwise(received)]


def test_a_webhook_is_signed_over_timestamp_bar_and_raw_body() -> None:
    (got,) = deliver(webhook())
    message = got.headers["telnyx-timestamp"].encode() + b"|" + got.raw
    signature = base64.b64decode(got.headers["telnyx-signature-ed25519"], validate=True)
    VerifyKey(base64.b64decode(KEYS.public_key)).verify(message, signature)
    assert got.headers["telnyx-timestamp"] == str(JUMP_EPOCH_MS // 1000)
    assert got.headers["User-Agent"] == "telnyx-webhooks"
    assert got.headers["Content-Type"] == "application/json"


def test_meta_tells_the_attempt_and_where_it_went() -> None:
    first, second, third = deliver(webhook(), answer=fails)
    assert [got.body["meta"]["attempt"] for got in (first, second, third)] == [1, 2, 3]
    assert first.body["meta"]["delivered_to"].endswith("/first")
    assert first.body["data"] == third.body["data"]


def test_a_failure_is_tried_again_after_1_and_2_s_and_given_up_after_3_tries() -> None:
    received = deliver(webhook(), answer=fails)
    assert gaps(received) == [1.0, 2.0]


def test_the_failover_address_follows_4_s_later_and_has_3_tries_of_its_own() -> None:
    received = deliver(webhook(), answer=fails, failover="second")
    assert [got.path for got in received] == ["/first"] * 3 + ["/second"] * 3
    assert gaps(received) == [1.0, 2.0, 4.0, 1.0, 2.0]
    assert [got.body["meta"]["attempt"] for got in received] == [1, 2, 3, 4, 5, 6]


def test_each_attempt_is_signed_afresh_unless_knob_41_says_otherwise() -> None:
    fresh = deliver(webhook(), answer=fails)
    same = deliver(webhook(), answer=fails, schedule=Schedule(fresh_timestamp=False))
    began = JUMP_EPOCH_MS // 1000
    assert [int(got.headers["telnyx-timestamp"]) - began for got in fresh] == [0, 1, 3]
    assert [int(got.headers["telnyx-timestamp"]) - began for got in same] == [0, 0, 0]


def test_no_answer_within_2_s_is_a_failure() -> None:
    received = deliver(webhook(), answer=lambda _: 60.0)
    assert gaps(received) == [3.0, 4.0]


@pytest.mark.parametrize("status", [200, 201, 204, 299])
def test_any_2xx_is_success(status: int) -> None:
    assert len(deliver(webhook(), answer=lambda _: web.Response(status=status))) == 1


@pytest.mark.parametrize("status", [400, 401, 404, 408, 429, 500, 503])
def test_anything_else_is_failure(status: int) -> None:
    assert len(deliver(webhook(), answer=lambda _: web.Response(status=status))) == 3


def redirects(got: Received) -> web.Response:
    if got.path == "/first":
        return web.Response(status=307, headers={"Location": "/second"})
    return web.Response()


def test_a_redirect_is_a_failure_unless_knob_40_follows_it() -> None:
    refused = deliver(webhook(), answer=redirects)
    followed = deliver(webhook(), answer=redirects, schedule=Schedule(follow_redirects=3))
    assert [got.path for got in refused] == ["/first"] * 3
    assert [got.path for got in followed] == ["/first", "/second"]


def test_an_address_that_nobody_listens_at_is_a_failure_and_no_error() -> None:
    async def story() -> list[int | None]:
        delivery = Delivery(KEYS.signing_key, now_us=lambda: 0, weather=AT_ONCE, schedule=Schedule())
        await delivery.open()
        for url in ("http://127.0.0.1:1/webhooks", "no address", "ftp://127.0.0.1/"):
            delivery.send(webhook(), Target(url))
        await delivery.settled()
        await delivery.close()
        return [attempt.status for attempt in delivery.attempts]

    assert run_jump(story()) == [None] * 9


def test_jitter_lets_webhooks_overtake_each_other_and_the_seed_repeats_it() -> None:
    many = [webhook(number) for number in range(30)]
    first, again, other = (
        [got.body["data"]["id"] for got in deliver(*many, weather=Weather(), seed=seed)] for seed in (1, 1, 2)
    )
    assert sorted(first) == sorted(each.id for each in many)
    assert first != [each.id for each in many]
    assert first == again
    assert first != other


def test_jitter_is_20_to_400_ms() -> None:
    received = deliver(*(webhook(number) for number in range(200)), weather=Weather())
    assert 0.02 <= min(got.at for got in received) < 0.04
    assert 0.38 < max(got.at for got in received) <= 0.42


def test_strict_order_keeps_the_order_through_a_failure() -> None:
    refused_once: set[str] = set()

    def answer(got: Received) -> web.Response:
        event = got.body["data"]["id"]
        if event == "event-1" and event not in refused_once:
            refused_once.add(event)
            return web.Response(status=503)
        return web.Response()

    many = [webhook(number) for number in range(4)]
    received = deliver(*many, answer=answer, weather=replace(AT_ONCE, ordered=True))
    ids = [got.body["data"]["id"] for got in received]
    assert ids == ["event-0", "event-1", "event-1", "event-2", "event-3"]


def test_a_lost_webhook_never_comes_and_a_doubled_one_comes_twice_with_the_same_id() -> None:
    lost = Mishap(MishapKind.DROP, "call.answered", leg="v3:1")
    doubled = Mishap(MishapKind.DUPLICATE, skip=1)
    received = deliver(*(webhook(number) for number in range(3)), mishaps=(lost, doubled))
    assert sorted(got.body["data"]["id"] for got in received) == ["event-0", "event-2", "event-2"]


def test_a_held_webhook_is_overtaken() -> None:
    held = Mishap(MishapKind.DELAY, "call.init*", delay_s=5)
    received = deliver(webhook(0, "call.initiated"), webhook(1), mishaps=(held,))
    assert [(got.event_type, round(got.at)) for got in received] == [
        ("call.answered", 0),
        ("call.initiated", 5),
    ]


def test_a_reordered_webhook_leaves_when_a_later_one_has_been_delivered() -> None:
    received = deliver(
        *(webhook(number) for number in range(3)), mishaps=(Mishap(MishapKind.REORDER, leg="v3:0"),)
    )
    assert received[-1].body["data"]["id"] == "event-0"
    assert received[-1].at < 1.0


def test_a_reordered_webhook_that_nothing_overtakes_leaves_after_5_s() -> None:
    (got,) = deliver(webhook(), mishaps=(Mishap(MishapKind.REORDER),))
    assert round(got.at, 1) == 5.0


def test_a_corrupted_webhook_is_refused_by_whoever_looks_at_its_signature() -> None:
    def answer(got: Received) -> web.Response:
        message = got.headers["telnyx-timestamp"].encode() + b"|" + got.raw
        signature = base64.b64decode(got.headers["telnyx-signature-ed25519"])
        try:
            VerifyKey(base64.b64decode(KEYS.public_key)).verify(message, signature)
        except BadSignatureError:
            return web.Response(status=401)
        return web.Response()

    once = Mishap(MishapKind.CORRUPT, attempts=1)
    assert gaps(deliver(webhook(), answer=answer, mishaps=(once,))) == [1.0], "the second attempt is whole"
    always = Mishap(MishapKind.CORRUPT)
    assert len(deliver(webhook(), answer=answer, mishaps=(always,))) == 3, "and is given up"


def test_webhooks_that_are_stopped_for_2_s_come_by_the_third_attempt() -> None:
    received = deliver(webhook(0), webhook(1), mishaps=(Mishap(MishapKind.STOP, times=None, for_s=2.0),))
    assert [(round(got.at), got.body["meta"]["attempt"]) for got in received] == [(3, 3), (3, 3)]


def test_webhooks_that_are_stopped_for_good_are_given_up_on_the_usual_schedule() -> None:
    async def story() -> tuple[float, list[int | None]]:
        async with Receiver().open() as receiver:
            delivery = Delivery(KEYS.signing_key, now_us=lambda: 0, weather=AT_ONCE, schedule=Schedule())
            await delivery.open()
            delivery.mishaps.add(Mishap(MishapKind.STOP, "call.*", times=None))
            delivery.send(webhook(0), Target(receiver.url))
            delivery.send(webhook(1, "conference.created"), Target(receiver.url))
            await delivery.settled()
            await delivery.close()
            assert [got.event_type for got in receiver.received] == ["conference.created"]
        stopped = [each.status for each in delivery.attempts if each.event_type == "call.answered"]
        return asyncio.get_running_loop().time(), stopped

    assert run_jump(story()) == (3.0, [None, None, None])


def test_a_mishap_by_chance_hits_its_share_and_its_seed_repeats_it() -> None:
    def dropped(seed: int) -> set[str]:
        by_chance = Mishap(MishapKind.DROP, times=None, chance=0.3, seed=seed)
        came = deliver(*(webhook(number) for number in range(200)), mishaps=(by_chance,))
        return {f"event-{number}" for number in range(200)} - {got.body["data"]["id"] for got in came}

    assert 40 < len(dropped(1)) < 80
    assert dropped(1) == dropped(1) != dropped(2)


@pytest.mark.parametrize(
    ("weather", "low", "high"),
    [
        (Weather(jitter_ms=(0, 0), lost=0.5), 60, 140),
        (Weather(jitter_ms=(0, 0), doubled=0.5), 260, 340),
    ],
)
def test_bad_weather_loses_or_doubles_its_share(weather: Weather, low: int, high: int) -> None:
    received = deliver(*(webhook(number) for number in range(200)), weather=weather, seed=3)
    assert low < len(received) < high


def test_a_lone_surrogate_in_a_name_is_sent_as_the_json_that_means_it() -> None:
    odd = webhook()
    data = {**odd.body["data"], "payload": {"caller_id_name": "a\ud800b"}}  # type: ignore[dict-item]
    (got,) = deliver(replace(odd, body={"data": data}))
    assert got.body["data"]["payload"]["caller_id_name"] == "a\ud800b"


def test_closing_drops_what_is_under_way() -> None:
    async def story() -> int:
        delivery = Delivery(KEYS.signing_key, now_us=lambda: 0, weather=Weather(), schedule=Schedule())
        await delivery.open()
        delivery.send(webhook(), Target("http://127.0.0.1:1/webhooks"))
        await delivery.close()
        return delivery.under_way

    assert run_jump(story()) == 0
