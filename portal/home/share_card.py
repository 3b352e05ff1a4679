"""The picture beside a link to the portal when somebody shares it: drawn here, so that nobody else is asked."""

from __future__ import annotations

import io
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from PIL import Image, ImageDraw, ImageFont

from portal.ui import built

SIZE = (1200, 630)
"""Pixels: what those who show shared links ask for."""
EDGE, STRIP = 72, 108
SHARP = 2
"""Shapes are drawn so many times larger and made smaller: their edges become smooth."""
LONGEST = 200
"""Letters of a title."""
LINES = 4
SIZES = (76, 66, 58, 50, 44)
"""Of a title's letters: the largest that it fits in its lines with."""
FONTS = ("font/inter.woff2", "font/inter-extended.woff2")
EXTENDED = range(0x100, 0x180)
"""The letters that only the second of the fonts has."""

PAPER, INK, QUIET = "#f4f1ea", "#1c2624", "#525a56"
DEEP, ON_DEEP, SPARK = "#0e403b", "#ffffff", "#f0a878"
TRACK = "#e2ddd0"
LEVELS = {"red": "#c23b2c", "yellow": "#f0bc45", "green": "#12594a"}
REACH = {"red": 1, "yellow": 2, "green": 3}
ON_LEVEL = {"red": "#ffffff", "yellow": "#2b2005", "green": "#ffffff"}
QUARTERS = {1: (270, -1), 2: (270, 1), 3: (0, 1), 4: (180, -1)}
"""Where a dimension begins, in degrees clockwise from the right, and which way it goes: as on the wheel."""

Wheel = Sequence[tuple[int, Sequence[str | None]]]
"""The levels of each dimension's indicators, in their order."""


@dataclass(frozen=True, kw_only=True)
class ShareCard:
    """What the picture says."""

    site: str
    """Whose portal it is."""
    kind: str
    """What kind of thing it is: «Idé»."""
    title: str
    status: str = ""
    tone: str = ""
    """Of the status: red, yellow or green for a judgement."""
    wheel: tuple[tuple[int, tuple[str | None, ...]], ...] = ()


@lru_cache(maxsize=64)
def draw(card: ShareCard) -> bytes:
    """Return the picture as PNG. The same card gives the same bytes, so the newest of them are remembered."""
    image = Image.new("RGB", SIZE, PAPER)
    pen = ImageDraw.Draw(image)
    across = SIZE[0] - 2 * EDGE - (430 if card.wheel else 0)
    if card.wheel:
        image.paste(_wheel(card.wheel, 460), (SIZE[0] - 460 - 48, 34))
    _write(pen, (EDGE, 64), card.kind, 32, QUIET, weight=550)
    size, lines = _fitted(card.title, across)
    for at, line in enumerate(lines):
        _write(pen, (EDGE, 122 + at * round(size * 1.14)), line, size, INK, weight=650)
    if card.status:
        _status(pen, 122 + len(lines) * round(size * 1.14) + 26, card)
    pen.rectangle((0, SIZE[1] - STRIP, SIZE[0], SIZE[1]), fill=DEEP)
    image.paste(_mark(60), (EDGE, SIZE[1] - STRIP + 24))
    _write(pen, (EDGE + 80, SIZE[1] - STRIP + 32), card.site, 36, ON_DEEP, weight=600)
    target = io.BytesIO()
    image.quantize(128, dither=Image.Dither.NONE).save(target, "PNG", optimize=True)
    return target.getvalue()


def _status(pen: ImageDraw.ImageDraw, top: int, card: ShareCard) -> None:
    """Draw where the thing stands, in words on the colour of a judgement, or with a line round it."""
    length = sum(font.getlength(part) for part, font in _runs(card.status, 30, 600))
    box = (EDGE, top, EDGE + length + 48, top + 58)
    if top + 58 > SIZE[1] - STRIP - 12:
        return
    pen.rounded_rectangle(box, 29, fill=LEVELS.get(card.tone), outline=None if card.tone in LEVELS else QUIET, width=2)
    _write(pen, (EDGE + 24, top + 10), card.status, 30, ON_LEVEL.get(card.tone, INK), weight=600)


def _wheel(wheel: Wheel, side: int) -> Image.Image:
    """Draw the wheel: a sector for each indicator, filled from the centre as far as its level reaches."""
    image = Image.new("RGB", (side * SHARP, side * SHARP), PAPER)
    pen, middle = ImageDraw.Draw(image), side * SHARP / 2
    for dimension, levels in wheel:
        begins, way = QUARTERS[dimension]
        step = 90 / len(levels)
        for at, level in enumerate(levels):
            first, last = sorted((begins + way * (at * step + 0.7), begins + way * ((at + 1) * step - 0.7)))
            _sector(pen, middle, middle, (first, last), TRACK)
            reach = 0.28 + 0.24 * REACH[level] if level in REACH else 0.3
            _sector(pen, middle, middle * reach, (first, last), LEVELS.get(level or "", "#b9b6ab"))
    hole = middle * 0.26
    pen.ellipse((middle - hole, middle - hole, middle + hole, middle + hole), fill=PAPER)
    return image.resize((side, side), Image.Resampling.LANCZOS)


def _sector(pen: ImageDraw.ImageDraw, middle: float, reach: float, edges: tuple[float, float], colour: str) -> None:
    pen.pieslice((middle - reach, middle - reach, middle + reach, middle + reach), *edges, fill=colour)


def _mark(side: int) -> Image.Image:
    """Draw the portal's own mark: four quarters of different reach, the last one of them warm."""
    image = Image.new("RGB", (side * SHARP, side * SHARP), DEEP)
    pen, middle = ImageDraw.Draw(image), side * SHARP / 2
    for begins, reach, colour in ((180, 1.0, ON_DEEP), (270, 0.72, ON_DEEP), (0, 1.0, ON_DEEP), (90, 0.55, SPARK)):
        _sector(pen, middle, middle * reach, (begins + 3, begins + 87), colour)
    return image.resize((side, side), Image.Resampling.LANCZOS)


def _fitted(title: str, across: float) -> tuple[int, list[str]]:
    """Return the largest size the title fits its lines with, and the lines, cut when no size is small enough."""
    words = " ".join(title[:LONGEST].split()).split(" ")
    for size in SIZES:
        lines = _lines(words, size, across)
        if len(lines) <= LINES and all(_length(line, size) <= across for line in lines):
            return size, lines
    lines = [_cut(line, SIZES[-1], across) for line in lines[:LINES]]
    if len(_lines(words, SIZES[-1], across)) > LINES:
        lines[-1] = _cut(lines[-1] + "…", SIZES[-1], across)
    return SIZES[-1], lines


def _lines(words: Sequence[str], size: int, across: float) -> list[str]:
    lines = [""]
    for word in words:
        longer = f"{lines[-1]} {word}".strip()
        if lines[-1] and _length(longer, size) > across:
            lines.append(word)
        else:
            lines[-1] = longer
    return lines


def _cut(line: str, size: int, across: float) -> str:
    while len(line) > 2 and _length(line, size) > across:
        line = line.rstrip("…")[:-1].rstrip() + "…"
    return line


def _length(text: str, size: int) -> float:
    return sum(font.getlength(part) for part, font in _runs(text, size, 650))


def _write(
    pen: ImageDraw.ImageDraw, where: tuple[float, float], text: str, size: int, colour: str, *, weight: int
) -> None:
    x, y = where
    for part, font in _runs(text, size, weight):
        pen.text((x, y + size), part, font=font, fill=colour, anchor="ls")
        x += font.getlength(part)


def _runs(text: str, size: int, weight: int) -> Iterator[tuple[str, ImageFont.FreeTypeFont]]:
    """Return the text in parts that one font has the letters of; signs that none has are left out."""
    known = [each for each in unicodedata.normalize("NFC", text) if ord(each) < 0x180 or each in "–—‘’“”„…−‹›€"]
    part, extended = "", False
    for letter in known:
        if part and (ord(letter) in EXTENDED) is not extended:
            yield part, _font(size, weight, extended=extended)
            part = ""
        part, extended = part + letter, ord(letter) in EXTENDED
    if part:
        yield part, _font(size, weight, extended=extended)


@lru_cache(maxsize=64)
def _font(size: int, weight: int, *, extended: bool) -> ImageFont.FreeTypeFont:
    file: Path | None = built.find(FONTS[extended])
    if file is None:
        raise FileNotFoundError(f"{FONTS[extended]} has not been built")
    font = ImageFont.truetype(str(file), size)
    font.set_variation_by_axes([32, weight])
    return font
