"""The fixture `snap` for every test of a screen."""

from .snap import snap

__all__ = ["snap"]
