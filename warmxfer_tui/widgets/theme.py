"""The console's own colours: calm greys, one accent for what matters now, and a twin for light terminals."""

from __future__ import annotations

from textual.theme import Theme

DARK = Theme(
    name="warmxfer",
    primary="#8fb1e3",
    secondary="#8a93a6",
    accent="#f0b952",
    foreground="#d8dbe2",
    background="#14161b",
    surface="#1b1e25",
    panel="#242832",
    success="#86c58f",
    warning="#e59866",
    error="#ec6a6a",
    dark=True,
    variables={
        "text-primary": "#8fb1e3",
        "text-accent": "#f0b952",
        "text-success": "#86c58f",
        "text-warning": "#e59866",
        "text-error": "#f07f7f",
        "scrollbar": "#3a4150",
        "scrollbar-background": "#1b1e25",
    },
)
LIGHT = Theme(
    name="warmxfer-light",
    primary="#2f5f8f",
    secondary="#5b6472",
    accent="#9a5b00",
    foreground="#1d222b",
    background="#fbfaf7",
    surface="#f1efe9",
    panel="#e4e1d8",
    success="#22703a",
    warning="#7a5f00",
    error="#b3261e",
    dark=False,
    variables={"scrollbar": "#b9b4a6", "scrollbar-background": "#f1efe9"},
)
THEMES = (DARK, LIGHT)
