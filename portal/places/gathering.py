"""Gathering what would lie on each other on a map: cells of a grid, and those that are too near to be told apart."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from portal.kernel.content import Card, ContentKind, Ref
from portal.places.geometry import WORLD, Box, Point, unproject

DEEPEST = 22
CELL_PIXELS = 64
"""Sides of a cell on the screen: a tile of 256 pixels has sixteen."""
APART = 0.75
"""Two markers nearer each other than this share of a cell are one."""
MOST_CELLS = 2048
"""In one answer, whatever box is asked for: larger cells then. A screen of 2560 × 1440 has 920."""


@dataclass(frozen=True)
class Cell:
    """What stands in one part of the map: how many, the sums and bounds of where, and how many stand exactly."""

    count: int
    sum_x: int
    sum_y: int
    left: int
    top: int
    right: int
    bottom: int
    exact: int
    kind: str
    target_id: int
    """The thing, when there is only one."""

    @classmethod
    def of(cls, kind: str, target_id: int, x: int, y: int, exact: bool) -> Cell:
        """Return a cell with one thing in it."""
        return cls(1, x, y, x, y, x, y, int(exact), kind, target_id)

    @property
    def ref(self) -> Ref:
        return Ref(self.kind, self.target_id)

    @property
    def x(self) -> float:
        return self.sum_x / self.count

    @property
    def y(self) -> float:
        return self.sum_y / self.count

    @property
    def point(self) -> Point:
        return unproject(self.x, self.y)

    @property
    def box(self) -> Box:
        """Return where they lie, with a little around it."""
        north_west, south_east = unproject(self.left - 64, self.top - 64), unproject(self.right + 64, self.bottom + 64)
        return Box(north_west.longitude, south_east.latitude, south_east.longitude, north_west.latitude)

    def __add__(self, other: Cell) -> Cell:
        return replace(
            self,
            count=self.count + other.count,
            sum_x=self.sum_x + other.sum_x,
            sum_y=self.sum_y + other.sum_y,
            left=min(self.left, other.left),
            top=min(self.top, other.top),
            right=max(self.right, other.right),
            bottom=max(self.bottom, other.bottom),
            exact=self.exact + other.exact,
        )


@dataclass(frozen=True, kw_only=True)
class Cluster:
    """One marker on the map: a thing, or so many of them."""

    count: int
    point: Point
    """The middle of those in it."""
    box: Box
    is_approximate: bool
    """Only their lokalsamfunn is known."""
    is_heap: bool
    """All stand at the very same place: no zoom parts them."""
    card: Card | None
    """Of a thing that stands alone."""
    word: str = ""
    """What that is: «samskapingsprosjekt»."""
    shape: str = ""
    """How that is drawn."""


def finished(cell: Cell, cards: Mapping[Ref, Card], kind: ContentKind | None = None) -> Cluster:
    """Return what a cell is on the map; `kind`: of a thing that stands alone."""
    return Cluster(
        count=cell.count,
        point=cell.point,
        box=cell.box,
        is_approximate=cell.exact == 0,
        is_heap=cell.count > 1 and cell.left == cell.right and cell.top == cell.bottom,
        card=cards.get(cell.ref) if cell.count == 1 else None,
        word=str(kind.label) if kind else "",
        shape=kind.mark if kind else "",
    )


def read_zoom(text: str, usual: int = 10) -> int:
    """Read a zoom from an address; the usual one when it isn't one."""
    return min(int(text), DEEPEST) if text.isascii() and text.isdigit() and len(text) < 3 else usual


def cell_size(box: Box | None, zoom: int) -> int:
    """Return the sides of a cell in steps of the Mercator square: larger ones when the box would hold too many."""
    size = WORLD * CELL_PIXELS // 256 >> max(0, min(DEEPEST, zoom))
    if box is not None:
        left, top, right, bottom = box.corners
        while ((right - left) // size + 2) * ((bottom - top) // size + 2) > MOST_CELLS:
            size *= 2
    return size


def whole_cells(box: Box, size: int) -> tuple[int, int, int, int]:
    """Return the bounds of the cells that a box touches: what is gathered is the same however the map is moved."""
    left, top, right, bottom = box.corners
    return left // size * size, top // size * size, right // size * size + size - 1, bottom // size * size + size - 1


def merged(cells: Iterable[Cell], size: int) -> list[Cell]:
    """Join the cells whose middles are too near each other, the fullest first; none is lost. North-west comes first."""
    waiting: dict[tuple[int, int], list[Cell]] = {}
    largest_first = sorted(cells, key=lambda cell: (-cell.count, cell.y, cell.x))
    for cell in largest_first:
        waiting.setdefault(_place(cell, size), []).append(cell)
    done: list[Cell] = []
    for cell in largest_first:
        if not _take(waiting, cell, size):
            continue
        whole = cell
        for other in _near(waiting, cell, size):
            _take(waiting, other, size)
            whole = whole + other
        done.append(whole)
    return sorted(done, key=lambda cell: (cell.y // size, cell.x))


def shape(clusters: Sequence[Cluster], address: Any) -> dict[str, Any]:
    """Return the clusters as the map's script reads them; `address` gives the address of a card."""
    return {"items": [_shape(each, address) for each in clusters]}


def _shape(cluster: Cluster, address: Any) -> dict[str, Any]:
    plain: dict[str, Any] = {
        "count": cluster.count,
        "latitude": round(cluster.point.latitude, 6),
        "longitude": round(cluster.point.longitude, 6),
        "approximate": cluster.is_approximate,
    }
    if cluster.card is None:
        return plain | {"box": str(cluster.box), "heap": cluster.is_heap}
    card = cluster.card
    return plain | {
        "kind": card.ref.kind,
        "word": cluster.word,
        "shape": cluster.shape,
        "status": " · ".join(filter(None, (cluster.word[:1].upper() + cluster.word[1:], card.status))),
        "title": card.title,
        "excerpt": card.excerpt,
        "lang": card.language,
        "url": address(card),
    }


def _place(cell: Cell, size: int) -> tuple[int, int]:
    return int(cell.x // size), int(cell.y // size)


def _take(waiting: dict[tuple[int, int], list[Cell]], cell: Cell, size: int) -> bool:
    """Take a cell from those that wait; False when it was taken before."""
    there = waiting.get(_place(cell, size), [])
    if cell not in there:
        return False
    there.remove(cell)
    return True


def _near(waiting: Mapping[tuple[int, int], Sequence[Cell]], cell: Cell, size: int) -> list[Cell]:
    column, row = _place(cell, size)
    around = [
        other
        for across in (-1, 0, 1)
        for down in (-1, 0, 1)
        for other in waiting.get((column + across, row + down), ())
    ]
    return [other for other in around if math.hypot(other.x - cell.x, other.y - cell.y) < APART * size]
