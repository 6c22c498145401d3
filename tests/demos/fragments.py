"""Pieces of stories that several tests put together."""

from __future__ import annotations

HEAD = """\
title    A story
customer Ms Ortiz  +12025550141
you                +12025550101  like line
target   Maria     +12025550151
"""
NOBODY = """\
moment Nobody is there
  the call is IDLE
  the line is DOWN
  Ms Ortiz is away
  you are away
  Maria is away
  keys d
"""
