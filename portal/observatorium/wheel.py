"""The wheel: where every sector, number, name and title of the signature picture stands, as plain values.

A circle in four quarters (dimension 1 top left, 2 top right, 3 bottom right, 4 bottom left). The sectors of a quarter
share its 90° equally and are read from the top down on both sides, as two columns would be. A sector is filled from
the centre out: one block for red, two for yellow, three for green, a small stub for no level. The thin arc outside it
is the municipality's own view: a third, two thirds or the whole of the sector's width, thick where the views differ.
Nothing here knows of requests, languages or the database::

    picture = wheel(
        [
            Sector(
                number="1.8", name="Innbyggermedvirkning", dimension=1, level="yellow", own="green",
                href="/observatorium/indikatorer/1.8/",
                sentence="1.8 Innbyggermedvirkning: innbyggerne sier på vei, kommunen sier minstekravet er nådd",
            ),
            …
        ],
        [
            Quarter(
                dimension=1, title="1 God styring", summary="4 av 10 har nådd minstekravet", href="#styring",
                sentence="1 God styring: 4 av 10 har nådd minstekravet. Gå til listen.",
            ),
            …
        ],
        Centre(place="Asker", round="2026", participation="1 284 innbyggere har vurdert"),
    )

and in the template, with `css/wheel.css` (and, if wanted, `js/wheel.js`) in the page::

    {% from "observatorium/_wheel.html" import wheel_picture %}
    {{ wheel_picture(picture, skip_to="#indikatorer") }}

All words are the caller's, in the reader's language. A sector's sentence is its link text, so it begins with the
number and the name that are seen; a quarter's begins with its title. Lengths are units of the picture's own view box;
angles are degrees clockwise from the top.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from math import ceil, cos, degrees, hypot, radians, sin, sqrt

from portal.observatorium.wheel_text import Line, set_lines, text_width, widest, wrap
from portal.ui.charts import BLOCKS, SYMBOLS

SIDES = {1: (-1, -1), 2: (1, -1), 3: (1, 1), 4: (-1, 1)}
"""Which way a dimension's quarter lies from the centre: right is positive, down is positive."""

Side = tuple[int, int]
Parts = list[tuple["Quarter", tuple["Sector", ...]]]


@dataclass(frozen=True, kw_only=True)
class Sector:
    """One indicator: `level` is what residents say, `own` the municipality's own view.

    Each is "red", "yellow" or "green", or None when not known or hidden.
    """

    number: str
    name: str
    dimension: int
    level: str | None
    own: str | None
    href: str
    sentence: str


@dataclass(frozen=True, kw_only=True)
class Quarter:
    """One dimension: its title, a short count in words, and where the quarter leads on a narrow screen."""

    dimension: int
    title: str
    summary: str
    href: str
    sentence: str


@dataclass(frozen=True, kw_only=True)
class Centre:
    """What the disc in the middle says."""

    place: str
    round: str
    participation: str


@dataclass(frozen=True, kw_only=True)
class Label:
    """A name outside the ring, and the thin line (path data) that leads to it from its number, if that is far off."""

    lines: tuple[Line, ...]
    leader: str | None


@dataclass(frozen=True, kw_only=True)
class Slice:
    """A drawn sector; `track`, `fill` and `symbol` are path data, and so is `own`, a line to be stroked."""

    sector: Sector
    track: str
    fill: str
    symbol: str
    symbol_at: str
    """The symbol's place, as a transform."""
    own: str | None
    number_x: float
    number_y: float
    label: Label | None

    @property
    def differs(self) -> bool:
        """Whether residents and municipality both have a level, and not the same."""
        return None not in {self.sector.level, self.sector.own} and self.sector.level != self.sector.own


@dataclass(frozen=True, kw_only=True)
class Corner:
    """A drawn quarter: its slices, and its title and summary in the corner of the picture.

    Path data for what its slices share: `outline` around it all, `own_track` under the arcs of the municipality's own
    view and `steps` between the blocks (both lines to be stroked).
    """

    quarter: Quarter
    slices: tuple[Slice, ...]
    outline: str
    own_track: str
    steps: str
    title: tuple[Line, ...]
    summary: tuple[Line, ...]
    title_anchor: str
    name_anchor: str


@dataclass(frozen=True, kw_only=True)
class Picture:
    """One drawing of the wheel, ready for a template."""

    view_box: str
    disc: float
    centre: tuple[Line, ...]
    participation: tuple[Line, ...]
    corners: tuple[Corner, ...]


@dataclass(frozen=True, kw_only=True)
class Wheel:
    """The same wheel twice, with names where there is room and with numbers only on a narrow screen; and its words."""

    full: Picture
    compact: Picture
    words: Centre

    @property
    def symbols(self) -> dict[str, str]:
        """The path of each level's symbol, for the words that explain the wheel."""
        return SYMBOLS


@dataclass(frozen=True, kw_only=True)
class Frame:
    """The measures of one drawing. Sizes of letters must be the same as in `assets/css/wheel.css`."""

    half_width: float
    disc: float
    inner: float
    outer: float
    own: float
    number: float
    number_size: float
    title_size: float
    summary_size: float = 0.0
    name_size: float = 0.0
    name_line: float = 0.0
    fan_width: float = 0.0
    fan_height: float = 0.0
    symbol: float = 1.0
    parting: float = 3.0
    """How far each quarter is moved from both axes, so that the four are seen as four."""

    @property
    def block(self) -> float:
        """The depth of one of the three blocks."""
        return (self.outer - self.inner) / 3

    def point(self, side: Side, radius: float, angle: float) -> tuple[float, float]:
        """Where `radius` and `angle` of a quarter are in the picture."""
        return (
            side[0] * self.parting + radius * sin(radians(angle)),
            side[1] * self.parting - radius * cos(radians(angle)),
        )


FULL = Frame(
    half_width=440, disc=65, inner=72, outer=210, own=217, number=232, number_size=10.5, title_size=19, summary_size=13,
    name_size=13, name_line=15.5, fan_width=252, fan_height=304,
)  # fmt: skip
COMPACT = Frame(
    half_width=174, disc=43, inner=49, outer=145, own=149.5, number=161, number_size=10, title_size=12.5,
    symbol=0.85, parting=2.5,
)  # fmt: skip
STUB = 0.34
"""How much of the first block is filled when there is no level."""
SPARE = 1.25
"""Room kept for readers who set their letters further apart (WCAG 1.4.12)."""
MARGIN = 16
"""What a page always leaves free beside the picture, for those readers' names to grow into."""


def wheel(sectors: Iterable[Sector], quarters: Iterable[Quarter], centre: Centre) -> Wheel:
    """Draw the wheel; what has been drawn is remembered, so a page read costs a look-up.

    Sectors come in the order of their numbers: that is the order of the keyboard too. Each dimension 1–4 needs one
    quarter and at least one sector; ValueError otherwise.
    """
    return _wheel(tuple(sectors), tuple(quarters), centre)


@lru_cache(maxsize=64)
def _wheel(sectors: tuple[Sector, ...], quarters: tuple[Quarter, ...], centre: Centre) -> Wheel:
    if sorted(quarter.dimension for quarter in quarters) != [*SIDES] or {s.dimension for s in sectors} != {*SIDES}:
        raise ValueError("the wheel needs the four dimensions 1–4, each with one quarter and at least one sector")
    ordered = sorted(quarters, key=lambda quarter: quarter.dimension)
    parts = [(quarter, tuple(s for s in sectors if s.dimension == quarter.dimension)) for quarter in ordered]
    return Wheel(full=_picture(FULL, parts, centre), compact=_picture(COMPACT, parts, centre), words=centre)


def _picture(frame: Frame, parts: Parts, centre: Centre) -> Picture:
    drawn = [_slices(frame, SIDES[quarter.dimension], sectors) for quarter, sectors in parts]
    titles = [_Title(frame, quarter) for quarter, _ in parts]
    rows: dict[int, tuple[float, float]] = {}  # up and down: where the titles begin, and the height they need
    for down in (-1, 1):
        row = [number for number, (quarter, _) in enumerate(parts) if SIDES[quarter.dimension][1] == down]
        rows[down] = (max(titles[n].edge(drawn[n]) for n in row), max(titles[n].height for n in row))
    corners = tuple(
        _corner(frame, quarter, slices, title.place(*rows[SIDES[quarter.dimension][1]]))
        for (quarter, _), slices, title in zip(parts, drawn, titles, strict=True)
    )
    names, words = _centre(frame, centre)
    top, bottom = (_height(frame, drawn, down, *rows[down]) for down in (-1, 1))
    box = f"{-frame.half_width:g} {-top:.0f} {2 * frame.half_width:g} {top + bottom:.0f}"
    return Picture(view_box=box, disc=frame.disc, centre=names, participation=words, corners=corners)


def _height(frame: Frame, drawn: list[tuple[Slice, ...]], down: int, edge: float, title: float) -> float:
    """How far the picture reaches up (-1) or down (1) from the centre."""
    names = [down * line.y + line.size for slices in drawn for line in _name_lines(slices)]
    return ceil(max(edge + title, frame.number + 1.2 * frame.number_size, *names) + 4)


def angles(dimension: int, count: int) -> list[tuple[float, float]]:
    """Where each of the `count` sectors of a dimension begins and ends, in their order, clockwise from begin to end."""
    right, down = SIDES[dimension]
    first = 90 if down > 0 else 0
    clockwise = [(first + 90 * index / count, first + 90 * (index + 1) / count) for index in range(count)]
    return clockwise if right > 0 else [(360 - end, 360 - begin) for begin, end in clockwise]


def _slices(frame: Frame, side: Side, sectors: tuple[Sector, ...]) -> tuple[Slice, ...]:
    places = angles(sectors[0].dimension, len(sectors))
    labels: list[Label | None] = [None] * len(sectors)
    if frame.name_size:
        labels = _labels(frame, side, [(s.name, (b + e) / 2) for s, (b, e) in zip(sectors, places, strict=True)])
    return tuple(
        _slice(frame, side, sector, place, label) for sector, place, label in zip(sectors, places, labels, strict=True)
    )


def _slice(frame: Frame, side: Side, sector: Sector, place: tuple[float, float], label: Label | None) -> Slice:
    begin, end = place
    middle = (begin + end) / 2
    blocks = BLOCKS[sector.level] if sector.level else STUB
    # The symbol stands in the outermost filled block; beyond the stub, where a first block would have ended.
    symbol = frame.point(side, frame.inner + frame.block * (max(blocks, 1) - 0.4), middle)
    number = frame.point(side, frame.number, middle)
    own = _arc(frame, side, frame.own, middle, _own(frame, begin, end) * BLOCKS[sector.own] / 3) if sector.own else None
    return Slice(
        sector=sector,
        track=_ring_part(frame, side, (frame.inner, frame.outer), begin, end),
        fill=_ring_part(frame, side, (frame.inner, frame.inner + frame.block * blocks), begin, end),
        symbol=SYMBOLS[sector.level or "grey"],
        symbol_at=f"translate({_pair(symbol)})" + (f" scale({frame.symbol:g})" if frame.symbol != 1 else ""),
        own=own,
        number_x=round(number[0], 1),
        number_y=round(number[1] + 0.36 * frame.number_size, 1),
        label=label,
    )


def _own(frame: Frame, begin: float, end: float) -> float:
    """The angle of a whole arc of the own view: it ends a little before the sector does."""
    return end - begin - degrees(0.013 * frame.half_width / frame.own)


def _pair(point: tuple[float, float]) -> str:
    return f"{round(point[0], 1):g} {round(point[1], 1):g}"


def _arc(frame: Frame, side: Side, radius: float, middle: float, angle: float) -> str:
    start, stop = (_pair(frame.point(side, radius, middle + turn)) for turn in (-angle / 2, angle / 2))
    return f"M{start}A{radius:g} {radius:g} 0 0 1 {stop}"


def _ring_part(frame: Frame, side: Side, radii: tuple[float, float], begin: float, end: float) -> str:
    inner, outer = (round(radius, 1) for radius in radii)
    near = [_pair(frame.point(side, inner, angle)) for angle in (begin, end)]
    far = [_pair(frame.point(side, outer, angle)) for angle in (begin, end)]
    back = f"A{inner:g} {inner:g} 0 0 0 {near[0]}" if inner else ""
    return f"M{near[0]}L{far[0]}A{outer:g} {outer:g} 0 0 1 {far[1]}L{near[1]}{back}Z"


def _corner(frame: Frame, quarter: Quarter, slices: tuple[Slice, ...], text: tuple[tuple[Line, ...], ...]) -> Corner:
    side = SIDES[quarter.dimension]
    places = angles(quarter.dimension, len(slices))
    first = min(begin for begin, _ in places)
    return Corner(
        quarter=quarter,
        slices=slices,
        outline=_ring_part(frame, side, (0, frame.number + 0.8 * frame.number_size), first, first + 90),
        own_track="".join(_arc(frame, side, frame.own, (b + e) / 2, _own(frame, b, e)) for b, e in places),
        steps="".join(_arc(frame, side, round(frame.inner + n * frame.block, 1), first + 45, 90) for n in (1, 2)),
        title=text[0],
        summary=text[1],
        title_anchor="start" if side[0] < 0 else "end",
        name_anchor="end" if side[0] < 0 else "start",
    )


def _labels(frame: Frame, side: Side, names: list[tuple[str, float]]) -> list[Label | None]:
    """Set the names of a quarter outside the ring, each clear of the one before.

    Names begin on an ellipse around the ring, straight above (below, beside) their number. They are placed from the
    horizontal axis outwards and only ever moved away from it, when the name before takes the room. So the line to a
    name stays on the inner side of every name placed before it: names and lines cannot meet.
    """
    right, down = side
    taken = 0.0
    labels: list[Label | None] = [None] * len(names)
    for index, (name, angle) in sorted(enumerate(names), key=lambda item: abs(cos(radians(item[1][1])))):
        x = frame.fan_width * abs(sin(radians(angle)))
        room = frame.half_width - x
        lines = wrap(name, frame.name_size, min((room + MARGIN) / SPARE, 0.5 * frame.half_width))
        lines = lines if len(lines) <= 2 else wrap(name, frame.name_size, room)
        half = len(lines) * frame.name_line / 2
        level = max(frame.fan_height * abs(cos(radians(angle))), taken + 0.42 * frame.name_size + half)
        taken = level + half
        begin = frame.point(side, frame.number + 0.95 * frame.number_size, angle)
        end = (right * (x - 4), down * (level - half + 2))
        near = hypot(end[0] - begin[0], end[1] - begin[1]) < frame.name_size
        labels[index] = Label(
            lines=set_lines(
                lines, x=right * x, top=down * level - half, size=frame.name_size, leading=frame.name_line, width=room
            ),
            leader=None if near else f"M{_pair(begin)}L{_pair(end)}",
        )
    return labels


def _name_lines(slices: tuple[Slice, ...]) -> list[Line]:
    return [line for piece in slices if piece.label for line in piece.label.lines]


class _Title:
    """A quarter's title and summary, broken into lines, and how far out they must stand to be clear of all else."""

    def __init__(self, frame: Frame, quarter: Quarter) -> None:
        self._frame = frame
        self._side = SIDES[quarter.dimension]
        self._room = 0.58 * frame.half_width
        self._title = wrap(quarter.title, frame.title_size, self._room)
        self._summary = wrap(quarter.summary, frame.summary_size, self._room) if frame.summary_size else ()
        self.height = 1.2 * frame.title_size * len(self._title) + 1.35 * frame.summary_size * len(self._summary)

    def edge(self, slices: tuple[Slice, ...]) -> float:
        """How far from the horizontal axis the title must stay because of the names, and of the ring without names."""
        frame = self._frame
        width = max(widest(self._title, frame.title_size), widest(self._summary, frame.summary_size))
        inner = frame.half_width - SPARE * min(width, self._room)
        ring = frame.number + 1.3 * frame.number_size
        names = [
            abs(line.y) + line.size
            for line in _name_lines(slices)
            if abs(line.x) + SPARE * text_width(line.text, line.size) > inner
        ]
        return max(sqrt(max(0.0, ring**2 - inner**2)), *names, 0)

    def place(self, edge: float, tallest: float) -> tuple[tuple[Line, ...], tuple[Line, ...]]:
        """Set the lines beyond `edge`, all titles of a row beginning at the same height."""
        frame, (right, down) = self._frame, self._side
        x, top = right * frame.half_width, edge if down > 0 else -edge - tallest
        leading = 1.2 * frame.title_size
        title = set_lines(self._title, x=x, top=top, size=frame.title_size, leading=leading, width=self._room)
        top += leading * len(self._title)
        leading = 1.35 * frame.summary_size
        return title, set_lines(self._summary, x=x, top=top, size=frame.summary_size, leading=leading, width=self._room)


def _centre(frame: Frame, centre: Centre) -> tuple[tuple[Line, ...], tuple[Line, ...]]:
    """Set place, round and participation in the disc, as large as the disc allows; a long place on two lines."""
    wide = 1.6 * frame.disc
    lines = (*wrap(centre.place, 0.24 * frame.disc, wide), centre.round)
    size = (0.31 if len(lines) <= 2 else 0.25) * frame.disc
    size *= min(1.0, 0.99 * wide / (widest(lines, size) or wide))
    small = 0.165 * frame.disc
    words = wrap(centre.participation, small, 1.6 * frame.disc) if frame.name_size else ()
    leading = 1.18 * size
    top = -(leading * len(lines) + (1.3 * len(words) + 0.7 * bool(words)) * small) / 2
    names = set_lines(lines, x=0, top=top, size=size, leading=leading, width=wide)
    top += leading * len(lines) + 0.7 * small
    return names, set_lines(words, x=0, top=top, size=small, leading=1.3 * small, width=1.5 * frame.disc)
