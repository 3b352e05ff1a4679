"""Reading where things are: one by one, as a list, and gathered on the map."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import msgspec
import sqlalchemy as sa
from sqlalchemy.orm import joinedload

from portal import config
from portal.kernel import municipalities
from portal.kernel.content import Card, Ref
from portal.kernel.db import db
from portal.kernel.errors import Forbidden
from portal.kernel.extensions import content
from portal.kernel.identity import Actor
from portal.kernel.paging import Page, paginate
from portal.places import country, gathering, picture, policy
from portal.places.country import CountryMap, Land, Link, Spot
from portal.places.gathering import Cell, Cluster
from portal.places.geometry import Box, Outline, Point, Ring, around, rings
from portal.places.models import Location, Neighbourhood
from portal.places.picture import Area, Picture
from portal.places.reading import Found
from portal.ui import built

ROWS = 20
OUTLINE = "map/norway.json"
"""A GeoJSON MultiPolygon that the assets are built with; its name carries a hash, so it may be remembered."""
NO_LAND = Land(())
Within = sa.Select[Any] | None
"""Selects the numbers of the things that a list shows; None for all that everybody may see."""


Bounds = Box | tuple[int, int, int, int]
"""A part of the map, or its least x and y and greatest x and y in steps of the Mercator square."""


@dataclass(frozen=True, kw_only=True)
class Placed:
    """A thing in the list beside a map."""

    card: Card
    location: Location


@dataclass(frozen=True, kw_only=True)
class MapView:
    """What a map shows before any script has run, and where it begins."""

    frame: Box
    picture: Picture
    neighbourhoods: Sequence[Neighbourhood]
    has_tiles: bool
    total: int
    """Things on the whole map, not only in the frame."""


@dataclass(frozen=True, kw_only=True)
class MapPage:
    """Everything that the page of the whole map shows."""

    view: MapView
    counts: dict[str, int]
    """Things in the part of the map that is shown, by kind."""
    rows: Page[Placed]


@dataclass(frozen=True, kw_only=True)
class Plan:
    """What a file will do, or did, to the lokalsamfunn."""

    added: Sequence[Found]
    changed: Sequence[Found]
    unchanged: int


@dataclass(frozen=True, kw_only=True)
class PlaceChoices:
    """What a form needs to offer a place: see the macro `place_field`."""

    neighbourhoods: Sequence[Neighbourhood]
    frame: Box
    has_tiles: bool
    has_addresses: bool


def location(ref: Ref) -> Location | None:
    """Return where a thing is, with its lokalsamfunn; None when it has no place."""
    return locations([ref]).get(ref)


def locations(refs: Sequence[Ref]) -> dict[Ref, Location]:
    """Return where things are, with their lokalsamfunn, in one statement; those without a place are left out."""
    if not refs:
        return {}
    ids: dict[str, set[int]] = {}
    for ref in refs:
        ids.setdefault(ref.kind, set()).add(ref.id)
    found = db.session.scalars(
        sa.select(Location)
        .where(sa.or_(*(sa.and_(Location.kind == kind, Location.target_id.in_(some)) for kind, some in ids.items())))
        .options(joinedload(Location.neighbourhood))
    )
    return {each.ref: each for each in found}


def placed(ref: Ref) -> Location | None:
    """Return where a thing is, without its lokalsamfunn."""
    return db.session.scalars(
        sa.select(Location).where(Location.kind == ref.kind, Location.target_id == ref.id)
    ).one_or_none()


def neighbourhoods() -> Sequence[Neighbourhood]:
    """Return the lokalsamfunn that are in use, by name: for forms, filters and maps."""
    return db.session.scalars(sa.select(Neighbourhood).where(Neighbourhood.active).order_by(Neighbourhood.name)).all()


def run_neighbourhoods(actor: Actor) -> Sequence[tuple[Neighbourhood, int]]:
    """Return every lokalsamfunn with how many things are placed in it, by name. Forbidden to who may not run them."""
    if not policy.may_run_neighbourhoods(actor):
        raise Forbidden
    placed = sa.func.count(Location.id)
    found = db.session.execute(
        sa.select(Neighbourhood, placed)
        .outerjoin(Location, Location.neighbourhood_id == Neighbourhood.id)
        .group_by(Neighbourhood.id)
        .order_by(Neighbourhood.name)
    )
    return [(each, count) for each, count in found.all()]


def plan(found: Sequence[Found]) -> Plan:
    """Say what these would do: what has the name already is changed, when it says something else now."""
    there = {each.name.casefold(): each for each in db.session.scalars(sa.select(Neighbourhood))}
    added = [each for each in found if each.name.casefold() not in there]
    changed = [
        each
        for each in found
        if (old := there.get(each.name.casefold()))
        and (old.name, old.point, old.outline) != (each.name, each.point, each.outline or old.outline)
    ]
    return Plan(added=added, changed=changed, unchanged=len(found) - len(added) - len(changed))


def preview(found: Sequence[Found]) -> Picture | None:
    """Return a map of lokalsamfunn that aren't there yet; None when there are none."""
    if not found:
        return None
    areas = [Area(each.name, each.point, each.outline) for each in found]
    return _wide(_frame(areas), areas, (), tiles=False)


def place_choices() -> PlaceChoices:
    """Return what a form offers: one statement. `form.offer(choices.neighbourhoods)` before the form is validated."""
    drawn = neighbourhoods()
    return PlaceChoices(
        neighbourhoods=drawn,
        frame=home(drawn),
        has_tiles=has_tiles(),
        has_addresses=bool(config.current().addresses_url),
    )


def in_neighbourhood(kind: str, neighbourhood_id: int) -> sa.Select[int]:
    """Select the numbers of the things of a kind in a lokalsamfunn: a list says itself which of them may be seen."""
    return sa.select(Location.target_id).where(Location.kind == kind, Location.neighbourhood_id == neighbourhood_id)


def in_box(kind: str, box: Box) -> sa.Select[int]:
    """Select the numbers of the things of a kind in a part of the map: a list says itself which of them may be seen."""
    return sa.select(Location.target_id).where(Location.kind == kind, *_inside(box))


def clusters(box: Box, zoom: int, *, within: Within = None, kind: str | None = None) -> Sequence[Cluster]:
    """Return what stands in a part of the map, gathered for a zoom from 0 to 22: what would lie on each other, as one.

    `within` selects the numbers of what may be shown, of the `kind`; without it, what everybody may see. One statement
    for all that is gathered, however much, and what each kind needs to show those that stand alone.
    """
    gathered = _gathered(box, zoom, within, kind)
    alone = [Ref(each.kind, each.target_id) for each in gathered if each.count == 1]
    cards = content().cards(alone)
    return [
        gathering.finished(each, cards, content().find(each.kind) if each.count == 1 else None)
        for each in gathered
        if each.count > 1 or each.ref in cards
    ]


def list_in(
    box: Box | None = None, *, kind: str | None = None, cursor: str | None = None, limit: int = ROWS
) -> Page[Placed]:
    """Return what everybody may see in a part of the map, or on the whole of it, the latest first."""
    page = paginate(
        sa.select(Location).where(*_shown(box, None, kind)).options(joinedload(Location.neighbourhood)),
        Location.id.desc(),
        cursor=cursor,
        limit=limit,
    )
    cards = content().cards([each.ref for each in page.items])
    rows = [Placed(card=cards[each.ref], location=each) for each in page.items if each.ref in cards]
    return Page(rows, page.next)


def map_view(*, box: Box | None = None, within: Within = None, kind: str | None = None) -> MapView:
    """Return a map of what a list shows, in two statements; it begins with the box, or else the municipality."""
    drawn = neighbourhoods()
    frame = box or home(drawn)
    whole = _gathered(None, picture.zoom_for(frame, picture.WIDE), within, kind)
    return MapView(
        frame=frame,
        picture=_wide(frame, [_area(each) for each in drawn], whole, tiles=has_tiles()),
        neighbourhoods=drawn,
        has_tiles=has_tiles(),
        total=sum(each.count for each in whole),
    )


def map_page(*, box: Box | None, kind: str | None, cursor: str | None) -> MapPage:
    """Return the whole map: at most four statements, and what each kind needs to show its things."""
    counted = db.session.execute(
        sa.select(Location.kind, sa.func.count()).where(*_shown(box, None, None)).group_by(Location.kind)
    )
    return MapPage(
        view=map_view(box=box, kind=kind),
        counts={name: count for name, count in counted.all() if content().find(name)},
        rows=list_in(box, kind=kind, cursor=cursor),
    )


def point_picture(location: Location) -> Picture:
    """Return a small map of where one thing is; its lokalsamfunn must have been read with it. No statement."""
    neighbourhood = location.neighbourhood
    areas = [_area(neighbourhood)] if neighbourhood else []
    at = gathering.Cell.of(location.kind, location.target_id, location.x, location.y, not location.is_approximate)
    return picture.around(at, areas, tiles=has_tiles(), land=outline_of_norway())


def country_map(spots: Sequence[Spot], links: Iterable[Link] = (), *, box: Box | None = None) -> CountryMap:
    """Return a map of the country with some municipalities on it, and who has something from whom. No statement.

    `places/_country.html` draws it. The outline comes from the built assets; without them the municipalities' points
    are the country.
    """
    everywhere = [Point(each.latitude, each.longitude) for each in municipalities.all_municipalities()]
    file = built.find(OUTLINE)
    return country.draw(_projected(file) if file else NO_LAND, everywhere, spots, links, box=box)


def spot(number: str, *, weight: int = 1, tone: str = "") -> Spot | None:
    """Return a municipality for the map of the country; None when the register doesn't have it."""
    found = municipalities.find(number)
    if found is None:
        return None
    at = Point(found.latitude, found.longitude)
    return Spot(key=found.number, name=found.name, point=at, weight=weight, tone=tone)


def outline_of_norway() -> Sequence[Ring]:
    """Return the rings of the country's outline, the mainland with its islands."""
    file = built.find(OUTLINE)
    return _outline(file) if file is not None and file.exists() else ()


@lru_cache(maxsize=1)
def _outline(file: Path) -> Sequence[Ring]:
    found: Outline = msgspec.json.decode(file.read_bytes())
    return tuple(rings(found))


@lru_cache(maxsize=1)
def _projected(file: Path) -> Land:
    return country.outline(_outline(file))


def home(drawn: Sequence[Neighbourhood]) -> Box:
    """Return the part of the map that is the municipality: its lokalsamfunn, or what lies around its point."""
    return _frame([_area(each) for each in drawn])


def has_tiles() -> bool:
    """Say whether maps have a background from a tile server."""
    return bool(config.current().tiles_url)


def _wide(frame: Box, areas: Sequence[Area], cells: Iterable[Cell], *, tiles: bool) -> Picture:
    zoom = picture.zoom_for(frame, picture.WIDE)
    return picture.draw(frame, zoom, picture.WIDE, areas, cells, tiles=tiles, land=outline_of_norway())


def _gathered(box: Box | None, zoom: int, within: Within, kind: str | None) -> list[Cell]:
    size = gathering.cell_size(box, zoom)
    column, row = Location.x // size, Location.y // size
    exact = sa.func.sum(sa.case((Location.latitude.is_not(None), 1), else_=0))
    found = db.session.execute(
        sa.select(
            sa.func.count(),
            sa.func.sum(Location.x),
            sa.func.sum(Location.y),
            sa.func.min(Location.x),
            sa.func.min(Location.y),
            sa.func.max(Location.x),
            sa.func.max(Location.y),
            exact,
            sa.func.min(Location.kind),
            sa.func.min(Location.target_id),
        )
        .where(*_shown(box and gathering.whole_cells(box, size), within, kind))
        .group_by(column, row)
    )
    rows: Sequence[Sequence[Any]] = found.all()
    return gathering.merged((Cell(*each) for each in rows), size)


def _shown(box: Bounds | None, within: Within, kind: str | None) -> list[sa.ColumnElement[bool]]:
    conditions: list[sa.ColumnElement[bool]] = []
    if kind is not None:
        conditions.append(Location.kind == kind)
    conditions.append(Location.is_public.is_(True) if within is None else Location.target_id.in_(within))
    return conditions + (_inside(box) if box is not None else [])


def _inside(box: Bounds) -> list[sa.ColumnElement[bool]]:
    left, top, right, bottom = box.corners if isinstance(box, Box) else box
    return [Location.x.between(left, right), Location.y.between(top, bottom)]


def _area(neighbourhood: Neighbourhood) -> Area:
    return Area(neighbourhood.name, neighbourhood.point, neighbourhood.outline)


def _frame(areas: Sequence[Area]) -> Box:
    corners = [each.point for each in areas]
    corners += [point for each in areas if each.outline for point in _extremes(each.outline)]
    return (around(corners) or _municipality()).wider(0.06)


def _municipality() -> Box:
    """Return what lies around the municipality's point; the country, when the register doesn't have it."""
    register = municipalities.find(config.current().municipality_number)
    if register is None:
        return Box(4.0, 57.8, 31.5, 71.3)
    return Box(register.longitude - 0.3, register.latitude - 0.15, register.longitude + 0.3, register.latitude + 0.15)


def _extremes(outline: Outline) -> Collection[Point]:
    points = [point for polygon in outline["coordinates"] for point in polygon[0]]
    across, up = [point[0] for point in points], [point[1] for point in points]
    return Point(min(up), min(across)), Point(max(up), max(across))
