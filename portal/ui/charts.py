"""Charts as plain values: where bars, lines and marks stand, for `ui/components/charts.html` to draw.

Along the page positions are per cent of the room there is, so a chart fits a phone and a wide screen alike; heights are
pixels. Shares are 0–1. Nothing here knows of requests, languages or the database; all words are the caller's.

    shares = share_chart([share_row("Innbyggere", result.groups[0]), ShareRow(label="Næringsliv", n=None), …])
    past = history(["2025", "2026"], [Panel("Innbyggerne", {"2026": Point("yellow", shares=…, n=412)}), …])
    ranked = bar_chart(
        [BarRow(label="Tofte", value=0.62, text="62 %", interval=(0.57, 0.67), interval_text="57–67 %"), …], maximum=1
    )
    step = gap(own="green", level="yellow")

and in the template, with `css/charts.css` in the page::

    {% from "ui/components/charts.html" import share_bars, history_panels, bar_list, gap_line %}
    {{ share_bars(shares, _("Hva gruppene svarte")) }}
    {{ history_panels(past, _("Fra runde til runde")) }}
    {{ bar_list(ranked, _("Deltakelse per område"), _("Område"), _("Andel")) }}
    {{ gap_line(step) }}
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Protocol

LEVELS = ("red", "yellow", "green")
BLOCKS = {level: number for number, level in enumerate(LEVELS, 1)}
"""How many of three blocks each level fills."""
SYMBOLS = {
    "red": "M-3-3 3 3M3-3-3 3",
    "yellow": "M-4 1C-2.7-1.8-1.2-1.6 0 0S2.7 1.8 4-1",
    "green": "M-3.6.3-1.1 2.8 3.7-2.8",
    "grey": "M-2.1-1.7A2.1 2.1 0 1 1 .8.4Q0 .8 0 1.7M0 4v.1",
}
"""Each level's symbol as path data around (0, 0), some 8 units wide, to be stroked."""

AT_LEAST = 0.9
"""What «minst 90 %» is drawn as, when one answer has nearly all."""
ROOM_FOR_FIGURE = 16
"""The per cent of the room that a figure needs to stand inside its part of a bar on a phone."""

Interval = tuple[float, float]


class Shares(Protocol):
    """The share of each answer among those with an opinion, 0–1."""

    @property
    def red(self) -> float: ...
    @property
    def yellow(self) -> float: ...
    @property
    def green(self) -> float: ...


class Intervals(Protocol):
    """The interval of each share: (low, high), 0–1."""

    @property
    def red(self) -> Interval: ...
    @property
    def yellow(self) -> Interval: ...
    @property
    def green(self) -> Interval: ...


class Published(Protocol):
    """What a published figure tells; `dominated` and `band` are read too where they are."""

    @property
    def n(self) -> int | None: ...
    @property
    def shares(self) -> Shares | None: ...
    @property
    def unknown(self) -> float | None: ...
    @property
    def interval(self) -> Intervals | None: ...


@dataclass(frozen=True, kw_only=True)
class ShareRow:
    """One group's answers. Without `shares` it is hidden, unless one level has at least 90 % (`dominated`).

    `band` is the two numbers that n lies between where n itself isn't told.
    """

    label: str
    n: int | None
    shares: Shares | None = None
    unknown: float | None = None
    interval: Intervals | None = None
    dominated: str | None = None
    band: tuple[int, int] | None = None

    @property
    def hidden(self) -> bool:
        """Whether the answers are kept from view."""
        return self.shares is None and self.dominated is None


def share_row(label: str, result: Published) -> ShareRow:
    """Make a row of a published figure (a group's or the overall one)."""
    return ShareRow(
        label=label,
        n=result.n,
        shares=result.shares,
        unknown=result.unknown,
        interval=result.interval,
        dominated=getattr(result, "dominated", None),
        band=getattr(result, "band", None),
    )


@dataclass(frozen=True, kw_only=True)
class Segment:
    """A part of a bar: `x`, `width`, `label_x` in per cent; `place` of its figure: inside, before, after or above."""

    level: str
    share: float
    x: float
    width: float
    label_x: float
    place: str


@dataclass(frozen=True)
class Whisker:
    """The interval of a bar's end, in per cent."""

    x1: float
    x2: float


@dataclass(frozen=True, kw_only=True)
class ShareBar:
    """One drawn row."""

    row: ShareRow
    segments: tuple[Segment, ...]
    whiskers: tuple[Whisker, ...]


@dataclass(frozen=True, kw_only=True)
class ShareChart:
    """Rows on one scale, with the middle of yellow at `centre` per cent in each."""

    bars: tuple[ShareBar, ...]
    centre: float


@dataclass(frozen=True, kw_only=True)
class _Scale:
    """From shares left (negative) and right of the middle of yellow to per cent of the room."""

    left: float
    right: float

    def at(self, share: float) -> float:
        return round(100 * (share + self.left) / (self.left + self.right), 2)


def share_chart(rows: Iterable[ShareRow]) -> ShareChart:
    """Lay stacked bars out around the middle of yellow, so that agreement shows as a shift to one side.

    All bars have the same scale; it is as large as the longest arm on either side allows, and at least half a bar wide
    on each side. The idea: Heiberger & Robbins, «Design of Diverging Stacked Bar Charts», J. Stat. Software 57 (2014).
    """
    rows = tuple(rows)
    arms = [_arms(row) for row in rows if not row.hidden]
    scale = _Scale(left=max([0.5, *(left for left, _ in arms)]), right=max([0.5, *(right for _, right in arms)]))
    return ShareChart(bars=tuple(_share_bar(row, scale) for row in rows), centre=scale.at(0))


def _parts(row: ShareRow) -> dict[str, float]:
    if row.shares is not None:
        return {level: float(getattr(row.shares, level)) for level in LEVELS}
    return {row.dominated: AT_LEAST} if row.dominated else {}


def _arms(row: ShareRow) -> Interval:
    """How far the row reaches to the left and to the right of the middle of yellow, intervals included."""
    parts = _parts(row)
    half = parts.get("yellow", 0) / 2
    red, green = parts.get("red", 0), parts.get("green", 0)
    if row.shares is not None and row.interval is not None:
        red, green = max(red, row.interval.red[1]), max(green, row.interval.green[1])
    return half + red, half + green


def _share_bar(row: ShareRow, scale: _Scale) -> ShareBar:
    parts = _parts(row)
    half = parts.get("yellow", 0) / 2
    begins = {"red": -half - parts.get("red", 0), "yellow": -half, "green": half}
    segments = tuple(_segment(level, share, begins[level], scale) for level, share in parts.items() if share > 0)
    whiskers: tuple[Whisker, ...] = ()
    if row.shares is not None and row.interval is not None:
        red, green = row.interval.red, row.interval.green
        whiskers = (
            Whisker(scale.at(-half - red[1]), scale.at(-half - red[0])),
            Whisker(scale.at(half + green[0]), scale.at(half + green[1])),
        )
    return ShareBar(row=row, segments=segments, whiskers=whiskers)


def _segment(level: str, share: float, begin: float, scale: _Scale) -> Segment:
    x, end = scale.at(begin), scale.at(begin + share)
    place, label = "inside", (x + end) / 2
    if end - x < ROOM_FOR_FIGURE:
        place = {"red": "before", "yellow": "above", "green": "after"}[level]
        label = {"before": x, "above": label, "after": end}[place]
    return Segment(level=level, share=share, x=x, width=round(end - x, 2), label_x=round(label, 2), place=place)


@dataclass(frozen=True)
class Point:
    """What one view said in one round. `changed` is "up" or "down" only where the figures allow to say so."""

    level: str | None
    shares: Shares | None = None
    n: int | None = None
    changed: str | None = None


@dataclass(frozen=True)
class Panel:
    """One view through the rounds: its title and its point per round; a round without one is left empty."""

    title: str
    points: Mapping[str, Point]


@dataclass(frozen=True, kw_only=True)
class Column:
    """One round in a panel: `x` in per cent, `y` of the mark in pixels, and the parts of the thin column of shares."""

    round: str
    x: float
    point: Point | None
    y: float
    parts: tuple[tuple[str, float, float], ...]
    """(level, y, height) in pixels, green on top."""


@dataclass(frozen=True, kw_only=True)
class DrawnPanel:
    """A panel with its columns, and the lines between marks of rounds that follow each other: (x1, y1, x2, y2)."""

    title: str
    columns: tuple[Column, ...]
    lines: tuple[tuple[float, float, float, float], ...]
    height: int
    """The height of the drawing in pixels."""

    @property
    def has_shares(self) -> bool:
        """Whether there are columns of shares under the marks."""
        return any(column.parts for column in self.columns)

    @property
    def has_numbers(self) -> bool:
        """Whether it is told how many answered."""
        return any(column.point and column.point.n is not None for column in self.columns)


@dataclass(frozen=True, kw_only=True)
class History:
    """Small multiples: every panel has the same rounds on the same scale, with a step for each of `steps`."""

    rounds: tuple[str, ...]
    panels: tuple[DrawnPanel, ...]
    steps: tuple[tuple[str, int], ...]
    """(level, y in pixels) from the top."""

    @property
    def symbols(self) -> dict[str, str]:
        """The path of each level's symbol."""
        return SYMBOLS


STEP = 40
SHARES_HEIGHT = 64


def history(rounds: Sequence[str], panels: Iterable[Panel]) -> History:
    """Lay out the same rounds, oldest first, for each view: a mark on the step it reached, over its shares.

    A fourth step, for no level, is there only when some view in some round had none.
    """
    panels = tuple(panels)
    some_without = any(point.level is None for panel in panels for point in panel.points.values())
    levels = [*reversed(LEVELS), *(["grey"] if some_without else [])]
    steps = {level: STEP // 2 + place * STEP for place, level in enumerate(levels)}
    return History(
        rounds=tuple(rounds),
        panels=tuple(_panel(panel, rounds, steps) for panel in panels),
        steps=tuple(steps.items()),
    )


def _panel(panel: Panel, rounds: Sequence[str], steps: Mapping[str, int]) -> DrawnPanel:
    points = [panel.points.get(name) for name in rounds]
    columns = tuple(
        _column(name, round(100 * (place + 0.5) / len(rounds), 2), point, steps)
        for place, (name, point) in enumerate(zip(rounds, points, strict=True))
    )
    lines = tuple(
        (one.x, one.y, two.x, two.y)
        for one, two in pairwise(columns)
        if one.point and two.point and one.point.level and two.point.level
    )
    height = STEP * len(steps)
    if any(column.parts for column in columns):
        height += SHARES_HEIGHT
    return DrawnPanel(title=panel.title, columns=columns, lines=lines, height=height)


def _column(name: str, x: float, point: Point | None, steps: Mapping[str, int]) -> Column:
    parts: list[tuple[str, float, float]] = []
    if point and point.shares:
        top = float(STEP * len(steps))
        for part in reversed(LEVELS):
            height = round(SHARES_HEIGHT * float(getattr(point.shares, part)), 1)
            parts += [(part, round(top, 1), height)] if height else []
            top += height
    y = steps[point.level or "grey"] if point else 0
    return Column(round=name, x=x, point=point, y=y, parts=tuple(parts))


@dataclass(frozen=True, kw_only=True)
class BarRow:
    """One bar: its name, its value (0 or more) and interval, each also as text, and where its name leads."""

    label: str
    value: float
    text: str
    interval: Interval | None = None
    interval_text: str = ""
    href: str | None = None


@dataclass(frozen=True, kw_only=True)
class Bar:
    """A drawn bar, in per cent of the longest there can be."""

    row: BarRow
    width: float
    whisker: Whisker | None

    @property
    def cells(self) -> tuple[str, str]:
        """The bar's row in the table."""
        interval = f" ({self.row.interval_text})" if self.row.interval_text else ""
        return self.row.label, self.row.text + interval


def bar_chart(rows: Iterable[BarRow], *, maximum: float | None = None) -> tuple[Bar, ...]:
    """Lay out bars that begin at 0, on a scale to `maximum` or else to the largest value or interval.

    ValueError for a negative value.
    """
    rows = tuple(rows)
    if any(row.value < 0 for row in rows):
        raise ValueError("bars begin at 0 and show nothing below it")
    ends = [row.interval[1] if row.interval else row.value for row in rows]
    scale = max([maximum or 0, *ends, *(row.value for row in rows)]) or 1
    return tuple(_bar(row, scale) for row in rows)


def _bar(row: BarRow, scale: float) -> Bar:
    whisker = Whisker(*(round(100 * end / scale, 2) for end in row.interval)) if row.interval else None
    return Bar(row=row, width=round(100 * row.value / scale, 2), whisker=whisker)


@dataclass(frozen=True, kw_only=True)
class Gap:
    """The two views on a line with three steps, in per cent; `steps` is own − residents, None when one is missing."""

    own: str | None
    level: str | None
    own_x: float | None
    level_x: float | None
    steps: int | None

    @property
    def stops(self) -> tuple[tuple[str, float], ...]:
        """The three steps and where they are."""
        return tuple(STEP_X.items())

    @property
    def symbols(self) -> dict[str, str]:
        """The path of each level's symbol."""
        return SYMBOLS


STEP_X = {"red": 0.0, "yellow": 50.0, "green": 100.0}


def gap(*, own: str | None, level: str | None) -> Gap:
    """Place the municipality's own level and the residents' on the three-step line."""
    return Gap(
        own=own,
        level=level,
        own_x=STEP_X[own] if own else None,
        level_x=STEP_X[level] if level else None,
        steps=BLOCKS[own] - BLOCKS[level] if own and level else None,
    )
