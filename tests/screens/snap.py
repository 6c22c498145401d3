"""Pictures of an app, compared with those that were accepted before.

The snapshot plugin's own fixture passes when the app has crashed, and hides notifications; this one runs the
app as every other test does. A picture that differs is written beside the test's other temporary files.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any, Protocol

import pytest
from pytest_textual_snapshot import SVGImageExtension  # type: ignore[import-untyped]
from syrupy.assertion import SnapshotAssertion
from textual.app import App
from textual.pilot import Pilot
from textual.widgets import Input, TextArea

Steps = Callable[[Pilot[Any]], Awaitable[None]]


class Snap(Protocol):
    """What the fixture `snap` gives to a test."""

    async def __call__(
        self, app: App[Any], size: tuple[int, int] = (80, 24), run_before: Steps | None = None
    ) -> None:
        """Run ``app``, take the steps, and fail unless the picture is right. Raises what the app raised."""


@pytest.fixture
def snap(snapshot: SnapshotAssertion, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Snap:
    """Compare the picture of an app with the accepted one: `await snap(app, size, run_before)`."""
    pictures = snapshot.use_extension(SVGImageExtension)
    for blinking in (Input, TextArea):  # half of the pictures would have no cursor
        name = "_toggle_cursor" if blinking is Input else "_toggle_cursor_blink_visible"
        monkeypatch.setattr(blinking, name, lambda _self: None)

    async def compare(
        app: App[Any], size: tuple[int, int] = (80, 24), run_before: Steps | None = None
    ) -> None:
        picture = await picture_of(app, size, run_before)
        # Only now: an app that crashed has been raised by here, and its picture is not accepted by an update.
        if pictures != picture:
            file = tmp_path / "differs.svg"
            file.write_text(picture, encoding="utf-8")
            pytest.fail(
                f"the picture is not the accepted one; it is {file}\n"
                "Look at it, and if it is right: pytest --snapshot-update, with Python 3.11",
                pytrace=False,
            )

    return compare


async def picture_of(app: App[Any], size: tuple[int, int], run_before: Steps | None) -> str:
    """The picture of ``app`` as SVG. Raises what the app raised."""
    app.animation_level = "none"
    async with app.run_test(size=size, notifications=True) as pilot:
        if run_before is not None:
            await run_before(pilot)
        await pilot.pause()
        return app.export_screenshot(simplify=True)
