"""The endpoints of one leg (telnyx-facts §2.1 to §2.6, §2.10)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal, TypeVar

from warmxfer_tui.telnyx.message import Endpoints, JsonObject, given

T = TypeVar("T")

Loop = int | Literal["infinity"]
"""How often a sound or speech is repeated: 1 to 100, or without end. The default of the API is once."""


class CallEndpoints(Endpoints[T]):
    """Commands to one leg, and what can be read of legs. An argument of None is not sent."""

    def dial(
        self,
        *,
        connection_id: str,
        to: str,
        from_: str,
        from_display_name: str | None = None,
        timeout_secs: int | None = None,
        time_limit_secs: int | None = None,
        link_to: str | None = None,
        bridge_on_answer: bool | None = None,
        prevent_double_bridge: bool | None = None,
        park_after_unbridge: Literal["self"] | None = None,
        conference_config: Mapping[str, object] | None = None,
        answering_machine_detection: str | None = None,
        send_digits_on_answer: str | None = None,
        client_state: str | None = None,
        command_id: str | None = None,
    ) -> T:
        """`POST /calls`: ring a new leg; without a `command_id` a lost reply may mean a second call."""
        body = given(
            connection_id=connection_id,
            to=to,
            from_=from_,
            from_display_name=from_display_name,
            timeout_secs=timeout_secs,
            time_limit_secs=time_limit_secs,
            link_to=link_to,
            bridge_on_answer=bridge_on_answer,
            prevent_double_bridge=prevent_double_bridge,
            park_after_unbridge=park_after_unbridge,
            conference_config=None if conference_config is None else dict(conference_config),
            answering_machine_detection=answering_machine_detection,
            send_digits_on_answer=send_digits_on_answer,
            client_state=client_state,
            command_id=command_id,
        )
        return self._post("calls", body=body, resendable=True)

    def answer(
        self, *, call_control_id: str, client_state: str | None = None, command_id: str | None = None
    ) -> T:
        """Pick up a ringing inbound leg."""
        body = given(client_state=client_state, command_id=command_id)
        return self._leg_act(call_control_id, "answer", body, resendable=True)

    def reject(
        self,
        *,
        call_control_id: str,
        cause: Literal["CALL_REJECTED", "USER_BUSY"],
        client_state: str | None = None,
        command_id: str | None = None,
    ) -> T:
        """Refuse a ringing inbound leg."""
        body = given(cause=cause, client_state=client_state, command_id=command_id)
        return self._leg_act(call_control_id, "reject", body)

    def hangup(
        self, *, call_control_id: str, client_state: str | None = None, command_id: str | None = None
    ) -> T:
        """End a leg; on a ringing leg of ours, cancel it."""
        body = given(client_state=client_state, command_id=command_id)
        return self._leg_act(call_control_id, "hangup", body, resendable=True)

    def transfer(
        self,
        *,
        call_control_id: str,
        to: str,
        from_: str | None = None,
        from_display_name: str | None = None,
        timeout_secs: int | None = None,
        time_limit_secs: int | None = None,
        audio_url: str | None = None,
        media_name: str | None = None,
        early_media: bool | None = None,
        park_after_unbridge: Literal["self"] | None = None,
        client_state: str | None = None,
        target_leg_client_state: str | None = None,
        command_id: str | None = None,
    ) -> T:
        """Dial `to` and bridge it to this leg: a blind transfer."""
        body = given(
            to=to,
            from_=from_,
            from_display_name=from_display_name,
            timeout_secs=timeout_secs,
            time_limit_secs=time_limit_secs,
            audio_url=audio_url,
            media_name=media_name,
            early_media=early_media,
            park_after_unbridge=park_after_unbridge,
            client_state=client_state,
            target_leg_client_state=target_leg_client_state,
            command_id=command_id,
        )
        return self._leg_act(call_control_id, "transfer", body)

    def bridge(
        self,
        *,
        call_control_id: str,
        call_control_id_to_bridge_with: str,
        park_after_unbridge: Literal["self"] | None = None,
        prevent_double_bridge: bool | None = None,
        play_ringtone: bool | None = None,
        client_state: str | None = None,
        command_id: str | None = None,
    ) -> T:
        """Connect two legs. The peer's id is `call_control_id` in the body (telnyx-facts §2.4)."""
        body = given(
            call_control_id=call_control_id_to_bridge_with,
            park_after_unbridge=park_after_unbridge,
            prevent_double_bridge=prevent_double_bridge,
            play_ringtone=play_ringtone,
            client_state=client_state,
            command_id=command_id,
        )
        return self._leg_act(call_control_id, "bridge", body)

    def speak(
        self,
        *,
        call_control_id: str,
        payload: str,
        voice: str,
        language: str | None = None,
        payload_type: Literal["text", "ssml"] | None = None,
        loop: Loop | None = None,
        stop: Literal["current", "all"] | None = None,
        client_state: str | None = None,
        command_id: str | None = None,
    ) -> T:
        """Say something on an answered leg; at most 3000 characters."""
        body = given(
            payload=payload,
            voice=voice,
            language=language,
            payload_type=payload_type,
            loop=loop,
            stop=stop,
            client_state=client_state,
            command_id=command_id,
        )
        return self._leg_act(call_control_id, "speak", body, resendable=True)

    def playback_start(
        self,
        *,
        call_control_id: str,
        audio_url: str | None = None,
        media_name: str | None = None,
        loop: Loop | None = None,
        overlay: bool | None = None,
        stop: Literal["current", "all"] | None = None,
        client_state: str | None = None,
        command_id: str | None = None,
    ) -> T:
        """Play a file on an answered leg: one of `audio_url` and `media_name`."""
        body = given(
            audio_url=audio_url,
            media_name=media_name,
            loop=loop,
            overlay=overlay,
            stop=stop,
            client_state=client_state,
            command_id=command_id,
        )
        return self._leg_act(call_control_id, "playback_start", body)

    def playback_stop(
        self,
        *,
        call_control_id: str,
        stop: Literal["current", "all"] | None = None,
        overlay: bool | None = None,
        client_state: str | None = None,
        command_id: str | None = None,
    ) -> T:
        """Stop sound and speech on a leg."""
        body = given(stop=stop, overlay=overlay, client_state=client_state, command_id=command_id)
        return self._leg_act(call_control_id, "playback_stop", body)

    def send_dtmf(
        self,
        *,
        call_control_id: str,
        digits: str,
        duration_millis: int | None = None,
        client_state: str | None = None,
        command_id: str | None = None,
    ) -> T:
        """Send tones; `w` and `W` wait half a second and a second."""
        body = given(
            digits=digits, duration_millis=duration_millis, client_state=client_state, command_id=command_id
        )
        return self._leg_act(call_control_id, "send_dtmf", body)

    def client_state_update(self, *, call_control_id: str, client_state: str) -> T:
        """Replace what the leg remembers for us."""
        segments = ("calls", call_control_id, "actions", "client_state_update")
        return self._put(*segments, body={"client_state": client_state})

    def call_status(self, *, call_control_id: str) -> T:
        """`GET /calls/{id}`: whether the leg is alive; readable until ten minutes after its end."""
        return self._get("calls", call_control_id)

    def active_calls(
        self, *, connection_id: str, page_after: str | None = None, page_limit: int | None = None
    ) -> T:
        """One page of the live legs of a connection; `meta.cursors.after` is the next `page_after`."""
        query = {"page[after]": page_after, "page[limit]": page_limit}
        return self._get("connections", connection_id, "active_calls", query=query)

    def call_events(
        self,
        *,
        leg_id: str | None = None,
        application_session_id: str | None = None,
        connection_id: str | None = None,
        type_: Literal["command", "webhook"] | None = None,
        occurred_since: str | None = None,
        page_number: int | None = None,
        page_size: int | None = None,
    ) -> T:
        """One page of what was commanded and announced; `leg_id` is the `call_leg_id`, the time ISO-8601."""
        query = {
            "filter[leg_id]": leg_id,
            "filter[application_session_id]": application_session_id,
            "filter[connection_id]": connection_id,
            "filter[type]": type_,
            "filter[occurred_at][gte]": occurred_since,
            "page[number]": page_number,
            "page[size]": page_size,
        }
        return self._get("call_events", query=query)

    def _leg_act(self, call_control_id: str, verb: str, body: JsonObject, *, resendable: bool = False) -> T:
        return self._post("calls", call_control_id, "actions", verb, body=body, resendable=resendable)
