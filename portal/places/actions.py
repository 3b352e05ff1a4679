"""Placing things on the map, and keeping the municipality's lokalsamfunn."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

import sqlalchemy as sa

from portal.kernel import clock, municipalities
from portal.kernel.content import Ref
from portal.kernel.db import atomic, db
from portal.kernel.errors import Forbidden, Invalid, NotFound
from portal.kernel.events import publish
from portal.kernel.extensions import content
from portal.kernel.i18n import _l
from portal.kernel.identity import Actor
from portal.places import geometry, policy, queries, reading
from portal.places.events import NeighbourhoodsImported, NeighbourhoodSwitched
from portal.places.geometry import Point
from portal.places.models import Location, Neighbourhood
from portal.places.queries import Plan
from portal.places.reading import Found

FURTHEST_KM = 100.0
"""From the nearest municipality's point: covers the mainland with its coast, not the neighbouring countries' cities."""
LONGEST_ADDRESS = 200
SHARED = ("latitude", "longitude", "address", "neighbourhood_id", "x", "y", "placed_at")
"""What a thing has in common with another that it stands with."""


@dataclass(frozen=True, kw_only=True)
class PlaceDraft:
    """Where somebody says a thing is: a point, a lokalsamfunn, or both. Degrees, WGS 84."""

    latitude: float | None = None
    longitude: float | None = None
    address: str = ""
    neighbourhood_id: int | None = None

    @property
    def point(self) -> Point | None:
        if self.latitude is None or self.longitude is None:
            return None
        return Point(self.latitude, self.longitude)


@atomic
def locate(actor: Actor, ref: Ref, draft: PlaceDraft | None) -> Location | None:
    """Say where a thing is, or that it is nowhere: what the caller allows and tells of in its own event.

    A draft with neither point nor lokalsamfunn is nowhere. The lokalsamfunn is filled in when the point lies in the
    outline of one. Raises Invalid at `latitude`, `address` or `neighbourhood`.
    """
    location = db.session.scalars(
        sa.select(Location).where(Location.kind == ref.kind, Location.target_id == ref.id).with_for_update()
    ).one_or_none()
    if draft is None or (draft.point is None and draft.latitude == draft.longitude and draft.neighbourhood_id is None):
        if location is not None:
            db.session.delete(location)
            db.session.flush()
            _take_along(ref, None)
        return None
    point, neighbourhood = _checked(draft)
    is_public = bool(_public(ref.kind, [ref.id]))  # asked before the row is there half filled in
    if location is None:
        location = Location(kind=ref.kind, target_id=ref.id, placed_by_id=actor.id)
        db.session.add(location)
    location.latitude, location.longitude = (point.latitude, point.longitude) if point else (None, None)
    location.address = draft.address if point else ""
    location.neighbourhood_id = neighbourhood.id if neighbourhood else None
    location.x, location.y = geometry.mercator(point or neighbourhood.point)  # type: ignore[union-attr]  # one of the two is there
    location.is_public = is_public
    location.placed_at = clock.now()
    db.session.flush()
    _take_along(ref, location)
    return location


@atomic
def show(actor: Actor, kind: str, ids: Collection[int]) -> None:
    """Let the map show those of some things that everybody may see now, and no other.

    What stands with another thing is put where that is; what stands with one of these follows it.
    """
    found = content().find(kind)
    if found and found.stands_with and found.written:
        for id_, written in found.written(list(ids)).items():
            _stand(kind, [id_], queries.placed(written.on) if written.on else None)
        return
    located = {
        location.target_id: location
        for location in db.session.scalars(
            sa.select(Location).where(Location.kind == kind, Location.target_id.in_(ids)).with_for_update()
        )
    }
    if located:
        public = _public(kind, list(located))
        for id_, location in located.items():
            location.is_public = id_ in public
        db.session.flush()
    for id_ in ids:
        ref = Ref(kind, id_)
        _take_along(ref, located.get(id_))


@atomic
def forget_places(actor: Actor, account_id: int, held: Collection[Ref]) -> None:
    """Take away the places that somebody gave their own things, which may tell where they live; leave what is on hold.

    What somebody else has stays where it is, and says no more who placed it.
    """
    theirs = db.session.scalars(sa.select(Location).where(Location.placed_by_id == account_id)).all()
    refs = [each.ref for each in theirs if each.ref not in held]
    there, texts = content().cards(refs), content().written(refs)
    for location in theirs:
        if location.ref in held:
            continue
        if location.ref in there and (location.ref not in texts or texts[location.ref].author_id != account_id):
            location.placed_by_id = None
        else:
            db.session.delete(location)
            _take_along(location.ref, None)
    db.session.flush()


@atomic
def import_neighbourhoods(actor: Actor, found: Sequence[Found]) -> Plan:
    """Put lokalsamfunn from a file into the list, or change those that have the name; return what was done.

    A second time nothing changes. What isn't in the file is left as it is, and a point without an outline leaves the
    outline. What is placed in a lokalsamfunn moves with it; what lies in a new outline is counted to it.
    """
    _check_may_run(actor)
    plan = queries.plan(found)
    there = {each.name.casefold(): each for each in db.session.scalars(sa.select(Neighbourhood))}
    taken = {each.slug for each in there.values()}
    for each in (*plan.added, *plan.changed):
        neighbourhood = there.get(each.name.casefold())
        if neighbourhood is None:
            neighbourhood = Neighbourhood(slug=_free(reading.slug(each.name), taken), active=True)
            taken.add(neighbourhood.slug)
            db.session.add(neighbourhood)
        neighbourhood.name = each.name
        neighbourhood.latitude, neighbourhood.longitude = each.point.latitude, each.point.longitude
        if each.outline:
            neighbourhood.outline = dict(each.outline)
        db.session.flush()
        _follow(neighbourhood)
    if plan.added or plan.changed:
        publish(NeighbourhoodsImported(actor=actor, added=len(plan.added), changed=len(plan.changed)))
    return plan


@atomic
def switch_neighbourhood(actor: Actor, neighbourhood_id: int, active: bool) -> Neighbourhood:
    """Take a lokalsamfunn out of use, or into use again; what is placed in it stays there."""
    _check_may_run(actor)
    neighbourhood = db.session.get(Neighbourhood, neighbourhood_id)
    if neighbourhood is None:
        raise NotFound
    if neighbourhood.active != active:
        neighbourhood.active = active
        db.session.flush()
        publish(NeighbourhoodSwitched(actor=actor, neighbourhood_id=neighbourhood_id, active=active))
    return neighbourhood


def _check_may_run(actor: Actor) -> None:
    if not policy.may_run_neighbourhoods(actor):
        raise Forbidden(_l("Bare administratorer kan endre lokalsamfunn."))


def _free(slug: str, taken: Collection[str]) -> str:
    return next(each for each in (slug, *(f"{slug[:76]}-{number}" for number in range(2, 999))) if each not in taken)


def _follow(neighbourhood: Neighbourhood) -> None:
    """Let what is placed in a lokalsamfunn stand where that is now, and what lies in its outline belong to it."""
    x, y = geometry.mercator(neighbourhood.point)
    here = (Location.neighbourhood_id == neighbourhood.id, Location.latitude.is_(None))
    db.session.execute(sa.update(Location).where(*here).values(x=x, y=y))
    if not neighbourhood.outline:
        return
    corners = [point for ring in geometry.rings(neighbourhood.outline) for point in ring]
    loose = db.session.scalars(
        sa.select(Location).where(
            Location.neighbourhood_id.is_(None),
            Location.longitude.between(min(each[0] for each in corners), max(each[0] for each in corners)),
            Location.latitude.between(min(each[1] for each in corners), max(each[1] for each in corners)),
        )
    )
    for location in loose:
        point = location.point
        if point and geometry.contains(neighbourhood.outline, point):
            location.neighbourhood_id = neighbourhood.id
    db.session.flush()


def _take_along(ref: Ref, location: Location | None) -> None:
    """Let what stands with a thing stand where that is now; nowhere, when it is nowhere."""
    for kind in content():
        if kind.stands_with and kind.written_on and (ids := kind.written_on(ref)):
            _stand(kind.name, ids, location)


def _stand(kind: str, ids: Sequence[int], location: Location | None) -> None:
    """Put some things where another is, on the map when everybody may see them. Nobody has placed them."""
    public = _public(kind, ids) if location is not None else set()
    mine = sa.select(Location).where(Location.kind == kind, Location.target_id.in_(ids)).with_for_update()
    there = {each.target_id: each for each in db.session.scalars(mine)}
    for id_ in ids:
        own = there.get(id_)
        if location is None or id_ not in public:
            if own is not None:
                db.session.delete(own)
            continue
        if own is None:
            own = Location(kind=kind, target_id=id_)
            db.session.add(own)
        for name in SHARED:
            setattr(own, name, getattr(location, name))
        own.is_public = True
    db.session.flush()


def _public(kind: str, ids: Collection[int]) -> set[int]:
    found = content().find(kind)
    return {id_ for id_, entries in found.entries(list(ids)).items() if entries} if found and found.entries else set()


def _checked(draft: PlaceDraft) -> tuple[Point | None, Neighbourhood | None]:
    point = draft.point
    if point is None and draft.latitude != draft.longitude:  # one of the two numbers without the other
        raise Invalid("latitude", _l("Skriv både breddegrad og lengdegrad, eller ingen av dem."))
    if point is not None and not _is_near(point):
        raise Invalid("latitude", _l("Stedet ligger ikke i Norge. Velg et sted på kartet, eller hopp over."))
    if len(draft.address) > LONGEST_ADDRESS:
        raise Invalid("address", _l("Skriv høyst %(max)d tegn.", max=LONGEST_ADDRESS))
    active = db.session.scalars(sa.select(Neighbourhood).where(Neighbourhood.active).order_by(Neighbourhood.id)).all()
    if draft.neighbourhood_id is None:
        return point, _around(point, active) if point else None
    chosen = next((each for each in active if each.id == draft.neighbourhood_id), None)
    if chosen is None:
        chosen = db.session.get(Neighbourhood, draft.neighbourhood_id)
    if chosen is None:
        raise Invalid("neighbourhood", _l("Velg et av alternativene."))
    return point, chosen


def _is_near(point: Point) -> bool:
    if not (-90 <= point.latitude <= 90 and -180 <= point.longitude <= 180):  # false for nan too
        return False
    return any(
        geometry.distance_km(point, Point(each.latitude, each.longitude)) <= FURTHEST_KM
        for each in municipalities.all_municipalities()
    )


def _around(point: Point, neighbourhoods: Collection[Neighbourhood]) -> Neighbourhood | None:
    return next((each for each in neighbourhoods if each.outline and geometry.contains(each.outline, point)), None)
