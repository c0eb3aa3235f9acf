"""Every colour pair the desk uses can be read (WCAG 2.2, 1.4.3 and 1.4.11)."""

import re
from itertools import product

import pytest

from morina.desk.pages.frame import STATIC

GROUNDS = ("ground", "paper", "raised", "select", "shade")
TEXTS = ("ink", "muted", "accent", "urgent", "caution", "good")
ON = (("on-accent", "accent"), ("on-urgent", "urgent"), ("paper", "ink"), ("paper", "good"))


def palette() -> dict[str, tuple[str, str]]:
    """Name of a colour to its light and dark value."""
    css = (STATIC / "desk.css").read_text()
    found = re.findall(r"--([\w-]+): light-dark\((#\w{6}), (#\w{6})\)", css)
    return {name: (light, dark) for name, light, dark in found}


def luminance(colour: str) -> float:
    """Relative luminance, https://www.w3.org/TR/WCAG22/#dfn-relative-luminance."""
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    linear = [p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    """Contrast ratio, https://www.w3.org/TR/WCAG22/#dfn-contrast-ratio; 1 to 21."""
    darker, lighter = sorted((luminance(one), luminance(other)))
    return (lighter + 0.05) / (darker + 0.05)


def test_contrast_is_that_of_the_standard() -> None:
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.005)


@pytest.mark.parametrize("theme", [0, 1], ids=["light", "dark"])
@pytest.mark.parametrize(("text", "ground"), [*product(TEXTS, GROUNDS), *ON])
def test_text_stands_out_from_its_ground(text: str, ground: str, theme: int) -> None:
    colours = palette()
    assert contrast(colours[text][theme], colours[ground][theme]) >= 4.5


@pytest.mark.parametrize("theme", [0, 1], ids=["light", "dark"])
@pytest.mark.parametrize(("edge", "ground"), [*product(("edge", "accent"), GROUNDS)])
def test_the_edge_of_a_control_and_the_focus_ring_can_be_seen(
    edge: str, ground: str, theme: int
) -> None:
    colours = palette()
    assert contrast(colours[edge][theme], colours[ground][theme]) >= 3
