"""Text set by estimate: how wide words are in our typeface, where they break, and where each line stands.

The server cannot ask a browser how wide a name becomes, so widths are looked up: measured in Inter at weights 400 and
600, a little on the wide side. A line that is too long even so is pressed together when drawn, never cut.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import combinations, pairwise

_GLYPHS = {
    0.30: "ijlI.,:;'’ \u00a0\u202f",
    0.40: "tfr()/-",
    0.50: "1–?",
    0.57: "avyåäáskxzcJL7",
    0.62: "bdegpqhnuoøöé0234569FE8",
    0.68: "BPRSTKZ&",
    0.76: "ACDGHNOQUVXYÅØ",
    0.84: "w",
    0.92: "mMæ",
    1.02: "WÆ%",
}
_WIDTHS = {glyph: width for width, glyphs in _GLYPHS.items() for glyph in glyphs}


@dataclass(frozen=True)
class Line:
    """A line of text: its point on the base line, the size of its letters, and a width to press it into."""

    text: str
    x: float
    y: float
    size: float
    squeeze: float | None = None


def text_width(text: str, size: float) -> float:
    """Estimate the width of `text` at letter size `size`, in the same unit."""
    return size * sum(_WIDTHS.get(glyph, 0.7) for glyph in text)


def widest(texts: Iterable[str], size: float) -> float:
    """Return the width of the longest of `texts`, 0 when there is none."""
    return max((text_width(text, size) for text in texts), default=0.0)


def wrap(text: str, size: float, width: float) -> tuple[str, ...]:
    """Break `text` between words into as few lines as fit in `width`, as equal in length as they can be.

    A single word that is wider than `width` stays whole, and the lines are then no narrower than that word.
    """
    words = text.split()
    width = max(width, widest(words, size))
    for count in range(1, len(words) + 1):
        breaks = ((0, *inner, len(words)) for inner in combinations(range(1, len(words)), count - 1))
        lines = min(
            (tuple(" ".join(words[a:b]) for a, b in pairwise(stops)) for stops in breaks),
            key=lambda ls: widest(ls, size),
        )
        if widest(lines, size) <= width:
            return lines
    return ()


def set_lines(
    lines: Iterable[str], *, x: float, top: float, size: float, leading: float, width: float
) -> tuple[Line, ...]:
    """Set `lines` under each other from `top`, each in the middle of its `leading`, pressed into `width` if longer."""
    return tuple(
        Line(
            text=text,
            x=round(x, 1),
            y=round(top + (index + 0.5) * leading + 0.36 * size, 1),  # 0.36: half the height of Inter's capitals
            size=round(size, 2),
            squeeze=round(width, 1) if text_width(text, size) > width else None,
        )
        for index, text in enumerate(lines)
    )
