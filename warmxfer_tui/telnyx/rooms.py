"""The endpoints of conferences, our rooms (telnyx-facts §2.11)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal, TypeVar

from warmxfer_tui.telnyx.calls import Loop
from warmxfer_tui.telnyx.message import Endpoints, JsonObject, given

T = TypeVar("T")

Beep = Literal["always", "never", "on_enter", "on_exit"]


class RoomEndpoints(Endpoints[T]):
    """Commands to a room and its members. An argument of None is not sent.

    A method on members takes a non-empty list and raises `ValueError` otherwise: without a list Telnyx holds
    or mutes everybody (telnyx-facts §6.1 no. 4), and "everybody" does not exist in this client.
    """

    def create_conference(
        self,
        *,
        call_control_id: str,
        name: str,
        beep_enabled: Beep | None = None,
        comfort_noise: bool | None = None,
        duration_minutes: int | None = None,
        max_participants: int | None = None,
        start_conference_on_create: bool | None = None,
        hold_audio_url: str | None = None,
        hold_media_name: str | None = None,
        client_state: str | None = None,
        command_id: str | None = None,
    ) -> T:
        """`POST /conferences`: an answered leg becomes the first member of a new room."""
        body = given(
            call_control_id=call_control_id,
            name=name,
            beep_enabled=beep_enabled,
            comfort_noise=comfort_noise,
            duration_minutes=duration_minutes,
            max_participants=max_participants,
            start_conference_on_create=start_conference_on_create,
            hold_audio_url=hold_audio_url,
            hold_media_name=hold_media_name,
            client_state=client_state,
            command_id=command_id,
        )
        return self._post("conferences", body=body)

    def conferences(
        self,
        *,
        name: str | None = None,
        status: Literal["init", "in_progress", "completed"] | None = None,
        page_number: int | None = None,
        page_size: int | None = None,
    ) -> T:
        """One page of rooms; `name` is exact and case-sensitive."""
        query = {
            "filter[name]": name,
            "filter[status]": status,
            "page[number]": page_number,
            "page[size]": page_size,
        }
        return self._get("conferences", query=query)

    def conference(self, *, conference_id: str) -> T:
        """`GET /conferences/{id}`."""
        return self._get("conferences", conference_id)

    def participants(
        self,
        *,
        conference_id: str,
        on_hold: bool | None = None,
        muted: bool | None = None,
        page_number: int | None = None,
        page_size: int | None = None,
    ) -> T:
        """One page of who is in the room, held and muted."""
        query = {
            "filter[on_hold]": _flag(on_hold),
            "filter[muted]": _flag(muted),
            "page[number]": page_number,
            "page[size]": page_size,
        }
        return self._get("conferences", conference_id, "participants", query=query)

    def join(
        self,
        *,
        conference_id: str,
        call_control_id: str,
        beep_enabled: Beep | None = None,
        mute: bool | None = None,
        hold: bool | None = None,
        hold_audio_url: str | None = None,
        hold_media_name: str | None = None,
        start_conference_on_enter: bool | None = None,
        end_conference_on_exit: bool | None = None,
        soft_end_conference_on_exit: bool | None = None,
        client_state: str | None = None,
        command_id: str | None = None,
    ) -> T:
        """Bring an answered leg into the room."""
        body = given(
            call_control_id=call_control_id,
            beep_enabled=beep_enabled,
            mute=mute,
            hold=hold,
            hold_audio_url=hold_audio_url,
            hold_media_name=hold_media_name,
            start_conference_on_enter=start_conference_on_enter,
            end_conference_on_exit=end_conference_on_exit,
            soft_end_conference_on_exit=soft_end_conference_on_exit,
            client_state=client_state,
            command_id=command_id,
        )
        return self._room_act(conference_id, "join", body)

    def leave(
        self,
        *,
        conference_id: str,
        call_control_id: str,
        beep_enabled: Beep | None = None,
        command_id: str | None = None,
    ) -> T:
        """Take a member out; its leg stays alive, parked, in silence."""
        body = given(call_control_id=call_control_id, beep_enabled=beep_enabled, command_id=command_id)
        return self._room_act(conference_id, "leave", body)

    def hold(
        self,
        *,
        conference_id: str,
        call_control_ids: Sequence[str],
        audio_url: str | None = None,
        media_name: str | None = None,
    ) -> T:
        """Cut members off from the room, with a sound. No webhook follows."""
        body = given(call_control_ids=_members(call_control_ids), audio_url=audio_url, media_name=media_name)
        return self._room_act(conference_id, "hold", body)

    def unhold(self, *, conference_id: str, call_control_ids: Sequence[str]) -> T:
        """Bring held members back. No webhook follows."""
        return self._room_act(conference_id, "unhold", {"call_control_ids": _members(call_control_ids)})

    def mute(self, *, conference_id: str, call_control_ids: Sequence[str]) -> T:
        """Let members hear and not be heard. No webhook follows."""
        return self._room_act(conference_id, "mute", {"call_control_ids": _members(call_control_ids)})

    def unmute(self, *, conference_id: str, call_control_ids: Sequence[str]) -> T:
        """Let muted members be heard. No webhook follows."""
        return self._room_act(conference_id, "unmute", {"call_control_ids": _members(call_control_ids)})

    def room_speak(
        self,
        *,
        conference_id: str,
        call_control_ids: Sequence[str],
        payload: str,
        voice: str,
        language: str | None = None,
        payload_type: Literal["text", "ssml"] | None = None,
        command_id: str | None = None,
    ) -> T:
        """Say something to these members alone."""
        body = given(
            payload=payload,
            voice=voice,
            call_control_ids=_members(call_control_ids),
            language=language,
            payload_type=payload_type,
            command_id=command_id,
        )
        return self._room_act(conference_id, "speak", body)

    def room_play(
        self,
        *,
        conference_id: str,
        call_control_ids: Sequence[str],
        audio_url: str | None = None,
        media_name: str | None = None,
        loop: Loop | None = None,
    ) -> T:
        """Play a file to these members alone."""
        body = given(
            audio_url=audio_url,
            media_name=media_name,
            call_control_ids=_members(call_control_ids),
            loop=loop,
        )
        return self._room_act(conference_id, "play", body)

    def room_stop(self, *, conference_id: str, call_control_ids: Sequence[str]) -> T:
        """Stop what is played to these members."""
        return self._room_act(conference_id, "stop", {"call_control_ids": _members(call_control_ids)})

    def end_conference(self, *, conference_id: str, command_id: str | None = None) -> T:
        """Hang up every member. Takes the id, not the name (telnyx-facts §6.1 no. 24)."""
        return self._room_act(conference_id, "end", given(command_id=command_id))

    def _room_act(self, conference_id: str, verb: str, body: JsonObject) -> T:
        return self._post("conferences", conference_id, "actions", verb, body=body)


def _members(call_control_ids: Sequence[str]) -> list[str]:
    if isinstance(call_control_ids, str) or not call_control_ids or not all(call_control_ids):
        raise ValueError("name the members: an empty list would mean everybody in the room")
    return list(call_control_ids)


def _flag(value: bool | None) -> str | None:
    return None if value is None else str(value).lower()
