"""(c) Every webhook of the simulator, through the official package's ``unwrap``. On the wall clock."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Sequence
from dataclasses import dataclass, replace

import pytest
from telnyx import Telnyx

from warmxfer_tui.simulator.credentials import Credentials
from warmxfer_tui.simulator.delivery import signed
from warmxfer_tui.simulator.world import Knobs
from warmxfer_tui.simulator.world.events import EVENT_TYPES

from ..receiver import Received
from .bench import bench
from .referee import CLASSES, UNKNOWN_TO_THE_MODEL, extras, judge_webhook
from .tour import answered_dial, everyone_hangs_up, tour


@dataclass(frozen=True, slots=True)
class Post:
    """What the receiver got on one tour, and the key that it was signed with."""

    letters: Sequence[Received]
    credentials: Credentials

    def of(self, event_type: str) -> list[Received]:
        return [letter for letter in self.letters if letter.event_type == event_type]

    def resigned(self, letter: Received, timestamp: int) -> Received:
        return replace(letter, headers=signed(self.credentials.signing_key, timestamp, letter.raw))


@pytest.fixture(scope="module")
def post() -> Post:
    async def visit() -> Post:
        # The one word that the package does not know has a test of its own below (knob #21).
        async with bench(knobs=Knobs(end_reason="all_left")) as b:
            await tour(b)
            b.simulator.step(everyone_hangs_up)
            b.skip(5)
            await b.simulator.delivery.settled()
            return Post(b.receiver.received, b.simulator.credentials)

    return asyncio.run(visit())


@pytest.fixture(scope="module")
def client(post: Post) -> Telnyx:
    return Telnyx(api_key=post.credentials.api_key, public_key=post.credentials.public_key)


def unwrap(client: Telnyx, letter: Received) -> object:
    return client.webhooks.unwrap(letter.raw.decode("utf-8"), headers=letter.headers, key=client.public_key)


def test_every_event_of_the_simulator_has_a_class_in_the_package() -> None:
    """`conference.floor.changed` and `call.sip_info.received` are events that the simulator never sends."""
    assert CLASSES.keys() == EVENT_TYPES


@pytest.mark.parametrize("event_type", sorted(EVENT_TYPES))
def test_a_webhook_is_understood_as_its_class_with_every_field_set_and_none_unknown(
    event_type: str, post: Post, client: Telnyx
) -> None:
    letters = post.of(event_type)
    assert letters, f"the tour provoked no {event_type}"
    for letter in letters:
        assert judge_webhook(client, letter) == []


@pytest.mark.parametrize(
    ("event_type", "field", "values"),
    [
        ("call.initiated", "direction", {"incoming", "outgoing"}),
        ("call.playback.ended", "status", {"completed", "cancelled", "file_not_found"}),
        ("call.speak.ended", "status", {"completed", "call_hangup"}),
        ("conference.ended", "reason", {"all_left", "host_left", "time_exceeded"}),
        (
            "call.hangup",
            "hangup_cause",
            {
                "normal_clearing", "originator_cancel", "user_busy", "call_rejected", "timeout", "not_found",
                "no_answer", "time_limit",
            },
        ),
    ],
)  # fmt: skip
def test_the_tour_provokes_the_variants_of_an_event(
    event_type: str, field: str, values: set[str], post: Post
) -> None:
    assert {letter.body["data"]["payload"][field] for letter in post.of(event_type)} >= values


def test_each_excused_field_is_met(post: Post, client: Telnyx) -> None:
    """An excuse that nothing needs would hide a field that nobody has decided on."""
    met = {each for letter in post.letters for each in extras(unwrap(client, letter))}
    assert met == {("Payload", "end_time"), ("*WebhookEvent", "meta")}
    assert met <= UNKNOWN_TO_THE_MODEL.keys()


async def test_the_one_word_that_the_package_does_not_understand() -> None:
    """Knob #21: the resource's end_reason has the word, the webhook's reason has it in no document.

    A word outside the enumeration makes ``unwrap`` fall back to the class that accepts anything.
    """
    async with bench() as b:
        leg = await answered_dial(b)
        room = await b.client.conferences.create(call_control_id=leg, name="wx")
        assert room.data is not None
        await b.client.conferences.actions.end_conference(room.data.id)
        letter = await b.receiver.until("conference.ended")
        assert judge_webhook(b.client, letter) == [
            "understood as ReplacedLinkClickWebhookEvent instead of ConferenceEndedWebhookEvent"
        ]


def flipped(letter: Received, place: str) -> Received:
    """The letter with one bit changed; its headers stay well-formed and its timestamp in time."""
    if place == "body":
        return replace(letter, raw=letter.raw[:20] + bytes([letter.raw[20] ^ 1]) + letter.raw[21:])
    name = {"signature": "telnyx-signature-ed25519", "timestamp": "telnyx-timestamp"}[place]
    value = letter.headers[name]
    if place == "timestamp":
        value = str(int(value) ^ 1)
    else:
        value = value[:5] + ("A" if value[5] != "A" else "B") + value[6:]
    return replace(letter, headers={**letter.headers, name: value})


@pytest.mark.parametrize("place", ["body", "signature", "timestamp"])
def test_one_flipped_bit_is_refused(place: str, post: Post, client: Telnyx) -> None:
    with pytest.raises(ValueError, match="Signature verification failed"):
        unwrap(client, flipped(post.letters[0], place))


@pytest.mark.parametrize("late", [-301, 301])
def test_a_timestamp_301_s_off_is_refused_although_its_signature_is_right(
    late: int, post: Post, client: Telnyx, monkeypatch: pytest.MonkeyPatch
) -> None:
    letter = post.letters[0]
    read_at(monkeypatch, letter, late)
    with pytest.raises(ValueError, match="too old or too new"):
        unwrap(client, letter)


@pytest.mark.parametrize("late", [-300, -299, 299, 300])
def test_a_timestamp_up_to_300_s_off_is_accepted(
    late: int, post: Post, client: Telnyx, monkeypatch: pytest.MonkeyPatch
) -> None:
    letter = post.letters[0]
    read_at(monkeypatch, letter, late)
    assert judge_webhook(client, letter) == []


def read_at(monkeypatch: pytest.MonkeyPatch, letter: Received, late: int) -> None:
    """Let the package read this letter exactly so many seconds after it was stamped.

    A running clock has fractions of a second and goes on while a letter is signed, so that 301 s ahead would
    be 300.99 when it is judged. The package asks `time.time` and nothing else.
    """
    stamped = int(letter.headers["telnyx-timestamp"])
    monkeypatch.setattr(time, "time", lambda: float(stamped + late))


def test_on_the_running_clock_301_s_are_too_old_and_a_fresh_letter_is_not(post: Post, client: Telnyx) -> None:
    """Age only grows, so that 301 s into the past stay exact enough without a standing clock."""
    letter = post.letters[0]
    assert judge_webhook(client, post.resigned(letter, int(time.time()))) == []
    with pytest.raises(ValueError, match="too old or too new"):
        unwrap(client, post.resigned(letter, int(time.time()) - 301))
