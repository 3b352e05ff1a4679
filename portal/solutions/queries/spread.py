"""How a solution has spread: who took it from whom, what was made of it, and the map of it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

import sqlalchemy as sa
from sqlalchemy.orm import aliased

from portal.kernel.content import PublicationState
from portal.kernel.db import db
from portal.kernel.identity import Actor
from portal.kernel.slugs import slug
from portal.places.country import CountryMap, Link, Spot, around
from portal.places.queries import country_map, spot
from portal.solutions import policy
from portal.solutions.adoption import Step
from portal.solutions.events.solutions import SOLUTION
from portal.solutions.models.adoptions import Adoption
from portal.solutions.models.solutions import Solution
from portal.solutions.queries.adoptions import ORDER, AdoptionRow, acted_for, row
from portal.solutions.queries.listing import EMPTY, owner

DEEPEST = 8
"""Generations that are followed up and down."""
MOST = 60
"""Solutions of a family that a page shows."""
MOST_ADOPTERS = 500
SPREAD = frozenset({Step.IN_USE, Step.PILOTING})
"""What the map shows; who considers it, or has stopped, is told in words."""


@dataclass(frozen=True, kw_only=True)
class Kin:
    """A solution of the family, with those who take it in use and what was made of it."""

    id: int
    slug: str
    title: str
    language: str
    municipality_number: str
    owner: str
    used_since: date | None
    is_this: bool
    rows: Sequence[AdoptionRow]
    children: Sequence[Kin]

    def counts(self) -> Mapping[Step, int]:
        """Return how many are at each step, those who use it first; steps nobody is at are left out."""
        found = {step: sum(each.adoption.step is step for each in self.rows) for step in ORDER}
        return {step: number for step, number in found.items() if number}

    def all(self) -> Iterator[Kin]:
        """Give this one, and all that was made of it."""
        yield self
        for child in self.children:
            yield from child.all()


@dataclass(frozen=True, kw_only=True)
class SpreadPage:
    """Everything that the page of a solution's spread shows."""

    this: Kin
    root: Kin
    """What it began with: this one, unless it was made of another's solution."""
    map: CountryMap | None
    is_cut: bool
    """There are more who take it than the page shows."""
    may_adopt: bool

    @property
    def is_family(self) -> bool:
        return bool(self.root.children)

    @property
    def in_use(self) -> int:
        """How many have a solution of the family in use, those that made one apart."""
        return sum(each.counts().get(Step.IN_USE, 0) for each in self.root.all())


def spread_page(actor: Actor, solution_id: int) -> SpreadPage:
    """Return how a solution has spread, in four statements however far. Raises NotFound."""
    solution = policy.must_read(actor, db.session.get(Solution, solution_id))
    first = _first(solution)
    family = {each.id: each for each in _made_of(first)} | {solution.id: solution}
    rows = _adopters(actor, [*family])
    root = _kin(family.get(first, solution), family, rows, this=solution.id)
    this = next((each for each in root.all() if each.is_this), root)
    return SpreadPage(
        this=this,
        root=root,
        map=_map(root),
        is_cut=sum(map(len, rows.values())) >= MOST_ADOPTERS,
        may_adopt=policy.may_take_part(actor, solution)
        or (not actor.is_signed_in and solution.state is PublicationState.PUBLISHED),
    )


def _first(solution: Solution) -> int:
    """Return the number of the solution that a family began with, as far as people can see."""
    own = sa.select(Solution.id, Solution.origin_id, Solution.origin_kind, sa.literal(0).label("depth"))
    up = own.where(Solution.id == solution.id).cte("up", recursive=True)
    before = aliased(Solution)
    step = sa.select(before.id, before.origin_id, before.origin_kind, up.c.depth + 1)
    step = step.join(up, sa.and_(up.c.origin_kind == SOLUTION, up.c.origin_id == before.id))
    up = up.union_all(step.where(before.state == PublicationState.PUBLISHED, up.c.depth < DEEPEST))
    highest: int = db.session.scalars(sa.select(up.c.id).order_by(up.c.depth.desc()).limit(1)).one()
    return highest


def _made_of(first: int) -> Sequence[Solution]:
    """Return a solution and what was made of it, that people can see."""
    down = sa.select(Solution.id, sa.literal(0).label("depth")).where(Solution.id == first)
    family = down.cte("down", recursive=True)
    made = aliased(Solution)
    step = sa.select(made.id, family.c.depth + 1)
    step = step.join(family, sa.and_(made.origin_kind == SOLUTION, made.origin_id == family.c.id))
    family = family.union_all(step.where(made.state == PublicationState.PUBLISHED, family.c.depth < DEEPEST))
    statement = sa.select(Solution).where(Solution.id.in_(sa.select(family.c.id)))
    return db.session.scalars(statement.order_by(Solution.id).limit(MOST)).all()


def _adopters(actor: Actor, ids: Sequence[int]) -> Mapping[int, Sequence[AdoptionRow]]:
    """Return who takes each of some solutions, those who use it first, longest first."""
    place = sa.case({step: number for number, step in enumerate(ORDER)}, value=Adoption.step)
    told = sa.select(Adoption, acted_for(actor)).where(
        Adoption.solution_id.in_(ids), Adoption.state != PublicationState.WITHDRAWN
    )
    order = place, Adoption.in_use_since.is_(None), Adoption.in_use_since, Adoption.id
    found: dict[int, list[AdoptionRow]] = {}
    for adoption, is_mine in db.session.execute(told.order_by(*order).limit(MOST_ADOPTERS)):
        found.setdefault(adoption.solution_id, []).append(row(actor, adoption, is_mine=bool(is_mine)))
    return found


def _kin(
    solution: Solution, family: Mapping[int, Solution], rows: Mapping[int, Sequence[AdoptionRow]], *, this: int
) -> Kin:
    children = [each for each in family.values() if (each.origin_kind, each.origin_id) == (SOLUTION, solution.id)]
    return Kin(
        id=solution.id,
        slug=slug(solution.title, EMPTY),
        title=solution.title,
        language=solution.language,
        municipality_number=solution.municipality_number,
        owner=owner(solution.municipality_number),
        used_since=solution.used_since,
        is_this=solution.id == this,
        rows=rows.get(solution.id, ()),
        children=[_kin(each, family, rows, this=this) for each in children],
    )


def _map(root: Kin) -> CountryMap | None:
    """Return the map of those who share the solution, use it or try it out; None when that is fewer than two."""
    sources = {each.municipality_number for each in root.all()}
    ways = Counter(_ways(root))
    takers = {target for _source, target in ways}
    spots = [_spot(number, number in sources, number in takers) for number in sorted(sources | takers)]
    known = [each for each in spots if each is not None]
    if len(known) < 2:
        return None
    links = [Link(source, target, count) for (source, target), count in sorted(ways.items())]
    return country_map(known, links, box=around(known))


def _ways(root: Kin) -> Iterator[tuple[str, str]]:
    """Give from and to of all that went from one municipality to another."""
    for kin in root.all():
        tried = [each.adoption.municipality_number for each in kin.rows if each.adoption.step in SPREAD]
        made = [child.municipality_number for child in kin.children]
        for number in (*tried, *made):
            if number != kin.municipality_number:
                yield kin.municipality_number, number


def _spot(number: str, gives: bool, takes: bool) -> Spot | None:
    return spot(number, tone="both" if gives and takes else "gives" if gives else "takes")
