"""A local Telnyx: the true world, and the HTTP and delivery shells around it."""

from __future__ import annotations
