"""What can be wrong with a published desk.

::

    PublishingError
    ├── CannotServe     the desk cannot be given out here
    ├── NobodyServes    no console gives a desk out there
    ├── FrameError      what came is no frame of this version
    └── Lost            the other side is gone without a goodbye
"""

from __future__ import annotations

from warmxfer_tui.errors import WarmxferError


class PublishingError(WarmxferError):
    """The published desk cannot be given out, or not be followed."""


class CannotServe(PublishingError):
    """There is no socket to be had; the title says why."""


class NobodyServes(PublishingError):
    """No console runs, or the one that does gives nothing out."""


class FrameError(PublishingError):
    """What came over the socket is nothing that this version understands."""


class Lost(PublishingError):
    """The connection broke: whoever gave the desk out was killed, or has crashed."""
