"""The four colours of judgement can be read, and told apart by every eye and on grey paper.

Colour vision is simulated with the matrices of Machado, Oliveira and Fernandes (2009), severity 1, in linear RGB;
distance is ΔE in CIELAB (CIE 1976); contrast is that of WCAG 2.2.
"""

from __future__ import annotations

import itertools
import re
from pathlib import Path

import pytest

TOKENS = Path(__file__).parents[2] / "assets" / "css" / "tokens.css"
THEME = Path(__file__).parents[2] / "assets" / "css" / "theme.css"
LEVELS = ("red", "yellow", "green", "grey")
PAGE = ("background-default", "background-tinted", "surface-default")
SCHEMES = ("light", "dark")
VISION = {
    "protan": ((0.152286, 1.052583, -0.204868), (0.114503, 0.786281, 0.099216), (-0.003882, -0.048116, 1.051998)),
    "deutan": ((0.367322, 0.860646, -0.227968), (0.280085, 0.672501, 0.047413), (-0.011820, 0.042940, 0.968881)),
    "tritan": ((1.255528, -0.076749, -0.178779), (-0.078411, 0.930809, 0.147602), (0.004733, 0.691367, 0.303900)),
}
Colour = tuple[float, float, float]


def linear(colour: str) -> Colour:
    """Return linear RGB, 0 to 1, of #rrggbb."""
    parts = (int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5))
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return red, green, blue


def luminance(colour: Colour) -> float:
    return 0.2126 * colour[0] + 0.7152 * colour[1] + 0.0722 * colour[2]


def contrast(one: str, other: str) -> float:
    """Return the contrast ratio, 1 to 21."""
    dark, light = sorted((luminance(linear(one)), luminance(linear(other))))
    return (light + 0.05) / (dark + 0.05)


def lab(colour: Colour) -> Colour:
    """Return CIELAB under D65."""
    red, green, blue = colour
    x = (0.4124564 * red + 0.3575761 * green + 0.1804375 * blue) / 0.95047
    z = (0.0193339 * red + 0.1191920 * green + 0.9503041 * blue) / 1.08883
    fx, fy, fz = (t ** (1 / 3) if t > 0.008856 else 7.787 * t + 16 / 116 for t in (x, luminance(colour), z))
    return 116 * fy - 16, 500 * (fx - fy), 200 * (fy - fz)


def seen(colour: Colour, matrix: tuple[Colour, Colour, Colour]) -> Colour:
    red, green, blue = (
        min(1.0, max(0.0, sum(weight * part for weight, part in zip(row, colour, strict=True)))) for row in matrix
    )
    return red, green, blue


def distance(one: Colour, other: Colour) -> float:
    return sum((a - b) ** 2 for a, b in zip(lab(one), lab(other), strict=True)) ** 0.5


def declared(text: str) -> dict[str, str]:
    return dict(re.findall(r"(--[\w-]+): (#[0-9a-f]{6});", text))


def tokens(scheme: str) -> dict[str, str]:
    """Return our own colours and the design system's in one scheme."""
    light, dark = TOKENS.read_text(encoding="utf-8").split("@media screen and (prefers-color-scheme: dark)")
    theme = re.search(
        rf"@layer ds\.theme\.color-scheme\.{scheme} \{{(.*?)\}}", THEME.read_text(encoding="utf-8"), re.DOTALL
    )
    assert theme
    return declared(theme[1]) | declared(light if scheme == "light" else dark)


def theme_choices() -> list[str]:
    return sorted(set(re.findall(r'data-theme="(\w+)"', THEME.read_text(encoding="utf-8"))))


def accent(theme: str, scheme: str) -> dict[str, str]:
    """Return a chosen theme's accent in one scheme; asker is the standard."""
    if theme == "asker":
        return tokens(scheme)
    place = rf'\[data-theme="{theme}"\]' + (r"\[data-color-scheme=\"dark\"\]" if scheme == "dark" else "")
    found = re.search(place + r" \{(.*?)\}", THEME.read_text(encoding="utf-8"), re.DOTALL)
    assert found
    return tokens(scheme) | declared(found[1])


@pytest.mark.parametrize("scheme", SCHEMES)
@pytest.mark.parametrize("level", LEVELS)
def test_words_and_borders_of_a_judgement_can_be_read(level: str, scheme: str) -> None:
    colours = tokens(scheme)
    text = colours["--ds-color-neutral-text-default"]
    assert contrast(colours[f"--judge-{level}"], colours[f"--judge-{level}-text"]) >= 4.5
    assert contrast(colours[f"--judge-{level}-soft"], text) >= 7
    for background in PAGE:
        assert contrast(colours[f"--judge-{level}-border"], colours[f"--ds-color-neutral-{background}"]) >= 3
    assert contrast(colours[f"--judge-{level}-border"], colours[f"--judge-{level}-soft"]) >= 3


@pytest.mark.parametrize("scheme", SCHEMES)
@pytest.mark.parametrize("eye", ["all", *VISION])
@pytest.mark.parametrize(("one", "other"), list(itertools.combinations(LEVELS, 2)))
def test_two_judgements_are_told_apart_by_every_eye(one: str, other: str, eye: str, scheme: str) -> None:
    colours = tokens(scheme)
    pair = [linear(colours[f"--judge-{level}"]) for level in (one, other)]
    if eye != "all":
        pair = [seen(colour, VISION[eye]) for colour in pair]
    assert distance(*pair) >= 20


@pytest.mark.parametrize(("one", "other"), list(itertools.combinations(LEVELS, 2)))
def test_two_judgements_are_told_apart_on_grey_paper(one: str, other: str) -> None:
    colours = tokens("light")
    lightness = [lab(linear(colours[f"--judge-{level}"]))[0] for level in (one, other)]
    assert abs(lightness[0] - lightness[1]) >= 8


@pytest.mark.parametrize("scheme", SCHEMES)
@pytest.mark.parametrize("theme", ["asker", *theme_choices()])
def test_every_theme_can_be_read(theme: str, scheme: str) -> None:
    colours = accent(theme, scheme)
    named = {name.removeprefix("--ds-color-accent-"): colour for name, colour in colours.items()}
    for background in PAGE:
        page = colours[f"--ds-color-neutral-{background}"]
        assert contrast(named["text-subtle"], page) >= 4.5
        assert contrast(named["base-default"], page) >= 3
    for state in ("default", "hover", "active"):
        assert contrast(named[f"base-{state}"], named["base-contrast-default"]) >= 4.5
    header = named["base-hover" if scheme == "light" else "surface-tinted"]
    assert contrast(header, colours["--header-text"]) >= 7
    assert contrast(header, tokens("light")["--spark"]) >= 3


@pytest.mark.parametrize("scheme", SCHEMES)
def test_quiet_text_can_be_read(scheme: str) -> None:
    colours = tokens(scheme)
    for background in (*PAGE, "surface-tinted"):
        assert contrast(colours["--ds-color-neutral-text-subtle"], colours[f"--ds-color-neutral-{background}"]) >= 4.5
        assert contrast(colours["--ds-color-warm-text-subtle"], colours[f"--ds-color-neutral-{background}"]) >= 4.5
        assert contrast(colours["--ds-color-neutral-border-default"], colours[f"--ds-color-neutral-{background}"]) >= 3
