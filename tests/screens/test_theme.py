"""Text can be read on every ground that it stands on, in the dark theme and in the light one."""

from __future__ import annotations

import pytest
from textual.color import Color
from textual.theme import Theme

from warmxfer_tui.widgets.paint import DIM, KEY, STYLES
from warmxfer_tui.widgets.theme import THEMES

READABLE = 4.5
"""The least contrast of text (WCAG 2.2, success criterion 1.4.3)."""
GROUNDS = ("background", "surface", "panel")
INKS = {
    word[1:]
    for style in (*STYLES.values(), DIM, KEY, "$foreground", "$text-warning")
    for word in style.split()
    if word.startswith("$")
}


def _light(colour: Color) -> float:
    """Relative luminance."""
    parts = [part / 255 for part in colour.rgb]
    red, green, blue = (p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: Color, other: Color) -> float:
    less, more = sorted((_light(one), _light(other)))
    return (more + 0.05) / (less + 0.05)


def test_contrast_is_that_of_the_standard() -> None:
    black, white, grey = Color.parse("#000"), Color.parse("#fff"), Color.parse("#767676")
    assert contrast(black, white) == pytest.approx(21)
    assert contrast(grey, white) == pytest.approx(4.54, abs=0.01)


@pytest.mark.parametrize("theme", THEMES, ids=lambda theme: theme.name)
@pytest.mark.parametrize("ground", GROUNDS)
@pytest.mark.parametrize("ink", sorted(INKS))
def test_text_can_be_read_on_every_ground_also_reversed(ink: str, ground: str, theme: Theme) -> None:
    colours = theme.to_color_system().generate() | theme.variables
    assert contrast(Color.parse(colours[ink]), Color.parse(colours[ground])) >= READABLE
