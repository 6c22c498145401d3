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
from warmxfer_tui.simulator.world.events import EVENT_TYPES

from .bench import Letter, bench
from .referee import CLASSES, UNKNOWN_TO_THE_MODEL, extras, judge_letter
from .tour import everyone_hangs_up, tour


@dataclass(frozen=True, slots=True)
class Post:
    """What the inbox got on one tour, and the key that it was signed with."""

    letters: Sequence[Letter]
    credentials: Credentials

    def of(self, event_type: str) -> list[Letter]:
        return [letter for letter in self.letters if letter.event_type == event_type]

    def resigned(self, letter: Letter, timestamp: int) -> Letter:
        return replace(letter, headers=signed(self.credentials.signing_key, timestamp, letter.raw))


@pytest.fixture(scope="module")
def post() -> Post:
    async def visit() -> Post:
        async with bench() as b:
            await tour(b)
            b.simulator.step(everyone_hangs_up)
            b.skip(5)
            await b.simulator.delivery.settled()
            return Post(b.inbox.letters, b.simulator.credentials)

    return asyncio.run(visit())


@pytest.fixture(scope="module")
def client(post: Post) -> Telnyx:
    return Telnyx(api_key=post.credentials.api_key, public_key=post.credentials.public_key)


def unwrap(client: Telnyx, letter: Letter) -> object:
    return client.webhooks.unwrap(letter.raw.decode("utf-8"), headers=letter.headers, key=client.public_key)


def is_ended_via_api(letter: Letter) -> bool:
    return bool(letter.body["data"]["payload"].get("reason") == "ended_via_api")


def test_every_event_of_the_simulator_has_a_class_in_the_package() -> None:
    """`conference.floor.changed` and `call.sip_info.received` are events that the simulator never sends."""
    assert CLASSES.keys() == EVENT_TYPES


@pytest.mark.parametrize("event_type", sorted(EVENT_TYPES))
def test_a_webhook_is_understood_as_its_class_with_every_field_set_and_none_unknown(
    event_type: str, post: Post, client: Telnyx
) -> None:
    letters = [letter for letter in post.of(event_type) if not is_ended_via_api(letter)]
    assert letters, f"the tour provoked no {event_type}"
    for letter in letters:
        assert judge_letter(client, letter) == []


@pytest.mark.parametrize(
    ("event_type", "field", "values"),
    [
        ("call.initiated", "direction", {"incoming", "outgoing"}),
        ("call.playback.ended", "status", {"completed", "cancelled", "file_not_found"}),
        ("call.speak.ended", "status", {"completed", "call_hangup"}),
        ("conference.ended", "reason", {"all_left", "host_left", "ended_via_api"}),
        (
            "call.hangup",
            "hangup_cause",
            {
                "normal_clearing", "originator_cancel", "user_busy", "call_rejected", "timeout", "not_found",
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
    letters = (letter for letter in post.letters if not is_ended_via_api(letter))
    met = {each for letter in letters for each in extras(unwrap(client, letter))}
    assert met == {("Payload", "end_time"), ("*WebhookEvent", "meta")}
    assert met <= UNKNOWN_TO_THE_MODEL.keys()


def test_the_reason_ended_via_api_is_the_one_word_that_the_package_does_not_know(
    post: Post, client: Telnyx
) -> None:
    """Knob #21: the resource's end_reason has the word, the webhook's reason has it in no document.

    A word outside the enumeration makes ``unwrap`` fall back to the class that accepts anything.
    """
    (letter,) = filter(is_ended_via_api, post.of("conference.ended"))
    assert type(unwrap(client, letter)).__name__ == "ReplacedLinkClickWebhookEvent"
    known = replace(letter, raw=letter.raw.replace(b"ended_via_api", b"host_left"))
    assert judge_letter(client, post.resigned(known, int(time.time()))) == []


@pytest.mark.parametrize("place", ["body", "signature", "timestamp"])
def test_one_flipped_character_is_refused(place: str, post: Post, client: Telnyx) -> None:
    letter = post.letters[0]
    if place == "body":
        flipped = bytes([letter.raw[20] ^ 1])
        letter = replace(letter, raw=letter.raw[:20] + flipped + letter.raw[21:])
    else:
        name = {"signature": "telnyx-signature-ed25519", "timestamp": "telnyx-timestamp"}[place]
        value = letter.headers[name]
        other = (
            ("1" if value[5] == "0" else "0") if place == "timestamp" else ("A" if value[5] != "A" else "B")
        )
        letter = replace(letter, headers={**letter.headers, name: value[:5] + other + value[6:]})
    with pytest.raises(ValueError):  # noqa: PT011 - the package raises nothing more precise
        unwrap(client, letter)


@pytest.mark.parametrize("seconds", [-302, 302])
def test_a_timestamp_more_than_300_s_off_is_refused_although_its_signature_is_right(
    seconds: int, post: Post, client: Telnyx
) -> None:
    letter = post.resigned(post.letters[0], int(time.time()) + seconds)
    with pytest.raises(ValueError, match="too old or too new"):
        unwrap(client, letter)


def test_a_timestamp_within_300_s_is_accepted(post: Post, client: Telnyx) -> None:
    letter = post.resigned(post.letters[0], int(time.time()) - 290)
    assert judge_letter(client, letter) == []
