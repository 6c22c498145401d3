"""`client_state` and `command_id`: telnyx-facts §1.6 and §1.7."""

from __future__ import annotations

import base64

from .scene import Scene

STATE = base64.b64encode(b"state").decode()


def test_client_state_is_kept_and_echoed_by_every_later_event() -> None:
    scene = Scene()
    b = scene.dial()
    assert scene.payload("call.initiated")["client_state"] is None
    scene.ask("PUT", f"/calls/{b}/actions/client_state_update", client_state=STATE)
    scene.world.party_answers(b)
    assert scene.payload("call.answered")["client_state"] == STATE
    other = base64.b64encode(b"other").decode()
    scene.leg(b, "hangup", client_state=other)
    assert scene.payload("call.hangup")["client_state"] == other


def test_a_refused_command_leaves_the_client_state_alone() -> None:
    scene = Scene()
    b = scene.party(client_state=STATE)
    assert scene.leg_refused(b, "playback_start", client_state=base64.b64encode(b"x").decode()) == "422/10004"
    assert scene.get(f"/calls/{b}")["client_state"] == STATE


def test_a_command_id_is_ignored_for_sixty_seconds_on_its_leg_alone() -> None:
    scene = Scene()
    a, b = scene.party(), scene.party()
    scene.take()
    for _ in range(2):
        scene.leg(a, "send_dtmf", digits="1", command_id="one")
    assert scene.world.legs[a].digits_heard == "1"
    scene.leg(b, "send_dtmf", digits="1", command_id="one")
    assert scene.world.legs[b].digits_heard == "1"
    scene.after(60)
    scene.leg(a, "send_dtmf", digits="1", command_id="one")
    assert scene.world.legs[a].digits_heard == "1"
    scene.after(0.001)
    scene.leg(a, "send_dtmf", digits="1", command_id="one")
    assert scene.world.legs[a].digits_heard == "11"


def test_client_state_update_takes_no_command_id_so_a_second_one_counts() -> None:
    scene = Scene()
    b = scene.dial()
    for text in (b"one", b"two"):
        state = base64.b64encode(text).decode()
        path = f"/calls/{b}/actions/client_state_update"
        scene.ask("PUT", path, client_state=state, command_id="same")
    assert scene.get(f"/calls/{b}")["client_state"] == state


def test_a_refused_command_is_not_remembered() -> None:
    scene = Scene()
    c = scene.rings()
    assert scene.leg_refused(c, "speak", payload="Hi", voice="v", command_id="one") == "422/90034"
    scene.leg(c, "answer")
    scene.after(0.1)
    scene.leg(c, "speak", payload="Hi", voice="v", command_id="one")
    assert scene.hears(c) == {"speech"}


def test_a_repeated_hangup_is_still_accepted() -> None:
    scene = Scene()
    b = scene.party()
    scene.leg(b, "hangup", command_id="bye")
    scene.leg(b, "hangup", command_id="bye")
    assert scene.leg_refused(b, "hangup", command_id="other") == "422/90018"


def test_a_repeated_join_leave_and_create_are_ignored() -> None:
    scene = Scene()
    c, a = scene.customer(), scene.party()
    made = [
        scene.ask("POST", "/conferences", call_control_id=c, name="wx-1", command_id="make") for _ in range(2)
    ]
    assert made[0] == made[1]
    room = made[0]["data"]["id"]
    for _ in range(2):
        scene.room(room, "join", call_control_id=a, command_id="in")
    for _ in range(2):
        scene.room(room, "leave", call_control_id=a, command_id="out")
    assert scene.events(a)[2:] == ["conference.participant.joined", "conference.participant.left"]
