"""The wheel as a picture that stands by itself: for the PDF, where no style sheet of ours reaches."""

from __future__ import annotations

from collections.abc import Iterable
from html import escape

from portal.observatorium.wheel import Corner, Picture, Slice
from portal.observatorium.wheel_text import Line

# The tokens of assets/css/tokens.css, on white paper: field, sign on it, and line.
COLOURS = {
    "red": ("#c23b2c", "#ffffff", "#c23b2c"),
    "yellow": ("#f0bc45", "#2b2005", "#a87a1c"),
    "green": ("#12594a", "#ffffff", "#12594a"),
    "grey": ("#dfe0dc", "#2a302e", "#70756f"),
}
INK, QUIET, TRACK, PAPER = "#1c2624", "#525a56", "#e8e4d9", "#ffffff"
FONT = "Libertinus Serif"


def svg(picture: Picture) -> str:
    """Return the drawing with all its colours and letters in it. Its words come from `picture` and are escaped."""
    parts = [_corner(corner) for corner in picture.corners]
    parts.append(f'<circle r="{picture.disc:g}" fill="{PAPER}" stroke="{TRACK}"/>')
    parts.append(_lines(picture.centre, "middle", INK) + _lines(picture.participation, "middle", INK))
    box = f'viewBox="{picture.view_box}" font-family="{FONT}"'
    return f'<svg xmlns="http://www.w3.org/2000/svg" {box}>{"".join(parts)}</svg>'


def _corner(corner: Corner) -> str:
    return "".join(
        [
            _lines(corner.title, corner.title_anchor, INK, "bold"),
            _lines(corner.summary, corner.title_anchor, QUIET, size=13),
            _stroke(corner.own_track, TRACK, 3),
            *(_slice(each, corner.name_anchor) for each in corner.slices),
            _stroke(corner.steps, PAPER, 1),
        ]
    )


def _slice(each: Slice, anchor: str) -> str:
    field, sign, _line = COLOURS[each.sector.level or "grey"]
    drawn = [
        f'<path d="{each.track}" fill="{TRACK}" stroke="{PAPER}" stroke-width="2"/>',
        f'<path d="{each.fill}" fill="{field}" stroke="{PAPER}" stroke-width="2"/>',
        f'<g transform="{each.symbol_at}">{_stroke(each.symbol, sign, 1.8)}</g>',
    ]
    if each.own and each.sector.own:
        drawn.append(_stroke(each.own, COLOURS[each.sector.own][2], 7 if each.differs else 3))
    drawn.append(_text(each.sector.number, (each.number_x, each.number_y), "middle", INK, (10.5, "bold")))
    if each.label:
        drawn += [_stroke(each.label.leader, QUIET, 0.75)] if each.label.leader else []
        drawn.append(_lines(each.label.lines, anchor, INK, size=13))
    return "".join(drawn)


def _stroke(path: str, colour: str, width: float) -> str:
    shape = 'stroke-linecap="round" stroke-linejoin="round"' if width == 1.8 else ""
    return f'<path d="{path}" fill="none" stroke="{colour}" stroke-width="{width:g}" {shape}/>'


def _lines(lines: Iterable[Line], anchor: str, colour: str, weight: str = "normal", size: float = 0) -> str:
    told = [(line.text, (line.x, line.y), (size or line.size, weight)) for line in lines]
    return "".join(_text(text, at, anchor, colour, font) for text, at, font in told)


def _text(text: str, at: tuple[float, float], anchor: str, colour: str, font: tuple[float, str]) -> str:
    where = f'x="{at[0]:g}" y="{at[1]:g}" text-anchor="{anchor}"'
    return f'<text {where} fill="{colour}" font-size="{font[0]:g}" font-weight="{font[1]}">{escape(text)}</text>'
