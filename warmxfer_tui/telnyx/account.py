"""The endpoints of the account: media, applications, the public key (telnyx-facts §2.12, §1.2)."""

from __future__ import annotations

from typing import Literal, TypeVar

from warmxfer_tui.telnyx.message import Endpoints, HttpRequest, Upload, given

T = TypeVar("T")


class AccountEndpoints(Endpoints[T]):
    """What is set up once, not once a call. An argument of None is not sent."""

    def upload_media(
        self, *, media: bytes, content_type: str, media_name: str, ttl_secs: int | None = None
    ) -> T:
        """`POST /media` with the file itself: at most 20 MB, wav or mp3, kept for 2 days by default."""
        upload = Upload(media_name, media, content_type)
        fields = given(media_name=media_name, ttl_secs=ttl_secs)
        return self._do(HttpRequest("POST", ("media",), body=fields, upload=upload))

    def import_media(
        self, *, media_url: str, media_name: str | None = None, ttl_secs: int | None = None
    ) -> T:
        """`POST /media` with an address that Telnyx fetches the file from."""
        return self._post("media", body=given(media_url=media_url, media_name=media_name, ttl_secs=ttl_secs))

    def media(self, *, media_name: str) -> T:
        """`GET /media/{name}`: the proof that a file exists."""
        return self._get("media", media_name)

    def applications(
        self,
        *,
        name_contains: str | None = None,
        page_number: int | None = None,
        page_size: int | None = None,
    ) -> T:
        """One page of Call Control applications; `name_contains` takes three characters or more."""
        query = {
            "filter[application_name][contains]": name_contains,
            "page[number]": page_number,
            "page[size]": page_size,
        }
        return self._get("call_control_applications", query=query)

    def application(self, *, application_id: str) -> T:
        """`GET /call_control_applications/{id}`; its id is the `connection_id` of a dial."""
        return self._get("call_control_applications", application_id)

    def update_application(
        self,
        *,
        application_id: str,
        application_name: str,
        webhook_event_url: str,
        webhook_api_version: Literal["1", "2"] | None = None,
    ) -> T:
        """Change where an application's webhooks go; both required fields are wanted again."""
        body = given(
            application_name=application_name,
            webhook_event_url=webhook_event_url,
            webhook_api_version=webhook_api_version,
        )
        return self._do(HttpRequest("PATCH", ("call_control_applications", application_id), body=body))

    def public_key(self) -> T:
        """`GET /public_key`: `data.public`, the key of webhook signatures; not in the published spec."""
        return self._get("public_key")
