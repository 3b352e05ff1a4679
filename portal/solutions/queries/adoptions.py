"""Who takes a solution in use: on its page, on a page of its own, and for those who act for adopters."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from portal.accounts.models import Organisation, ServiceArea
from portal.accounts.queries.organisations import speaks_for
from portal.kernel.content import PublicationState, Ref
from portal.kernel.db import db
from portal.kernel.errors import NotFound
from portal.kernel.identity import Actor, Role
from portal.kernel.paging import Page, paginate
from portal.kernel.slugs import slug
from portal.kernel.together import together
from portal.solutions import policy
from portal.solutions.adoption import Adopter, AdopterKind, Step, Way
from portal.solutions.events.adoptions import ADOPTION
from portal.solutions.models.adoptions import Adoption, AdoptionStep
from portal.solutions.models.solutions import Solution
from portal.solutions.queries.listing import EMPTY, owner

SHOWN = 8
"""Adopters that a solution's own page shows; the rest stand on the page of its spread."""
ON_A_PAGE = 30
NEWS = 10
ORDER = (Step.IN_USE, Step.PILOTING, Step.INTERESTED, Step.STOPPED)
"""Those who use it first."""


@dataclass(frozen=True, kw_only=True)
class AdoptionRow:
    """One adopter, and what the reader sees and may do of what they tell."""

    adoption: Adoption
    shows_texts: bool
    may_change: bool

    @property
    def waits(self) -> bool:
        """Say whether those who wrote it still wait for a moderator."""
        state = self.adoption.state
        return self.may_change and state in {PublicationState.PENDING, PublicationState.CHANGES_REQUESTED}

    @property
    def has_texts(self) -> bool:
        told = self.adoption
        return self.shows_texts and bool(told.adapted or told.result or told.learning)


@dataclass(frozen=True, kw_only=True)
class Panel:
    """Who uses a solution, as its own page shows it."""

    solution: Solution
    slug: str
    counts: Mapping[Step, int]
    rows: Sequence[AdoptionRow]
    """One's own first, then those who use it."""
    may_adopt: bool
    """Whoever is signed out is led to the form too, and signs in on the way."""

    @property
    def total(self) -> int:
        return sum(self.counts.values())

    @property
    def mine(self) -> Sequence[AdoptionRow]:
        return [each for each in self.rows if each.may_change]


@dataclass(frozen=True, kw_only=True)
class AdoptionPage:
    """One adopter's account of a solution."""

    row: AdoptionRow
    ref: Ref
    solution: Solution
    slug: str
    owner: str
    is_shown: bool
    """The solution can still be read."""
    steps: Sequence[AdoptionStep]
    may_withdraw: bool
    may_share: bool
    """The reader may share what they have made of it as a solution of their own."""

    @property
    def is_behind(self) -> bool:
        """Say whether the solution has been changed since they took it."""
        return self.is_shown and self.row.adoption.of_edition < self.solution.edition


@dataclass(frozen=True, kw_only=True)
class Choice:
    """Somebody the reader may tell for, and what is told for them already."""

    adopter: Adopter
    name: str
    adoption_id: int | None = None


@dataclass(frozen=True, kw_only=True)
class BeginPage:
    """What the form for taking a solution in use shows."""

    solution: Solution
    slug: str
    owner: str
    free: Sequence[Choice]
    """For whom nothing is told yet."""
    told: Sequence[Choice]


@dataclass(frozen=True, kw_only=True)
class OwnRow:
    """A solution that somebody one acts for takes in use."""

    row: AdoptionRow
    title: str
    """Empty when those who shared it have withdrawn it."""
    slug: str
    language: str
    owner: str
    edition: int

    @property
    def is_behind(self) -> bool:
        return bool(self.title) and self.row.adoption.of_edition < self.edition


@dataclass(frozen=True, kw_only=True)
class OwnPage:
    """What those one acts for take in use, and who takes in use what one looks after."""

    rows: Page[OwnRow]
    by_others: Sequence[OwnRow]
    may_share: bool


def panel(actor: Actor, solution: Solution) -> Panel:
    """Return who uses a solution, as its page shows it, in one statement."""
    return panel_of(actor, solution, together(*on(actor, solution)))


def on(actor: Actor, solution: Solution) -> tuple[sa.Select[Any], ...]:
    """Select what the panel of a solution is made of, each for itself, for a page that reads it all at once."""
    here = (Adoption.solution_id == solution.id, Adoption.state != PublicationState.WITHDRAWN)
    mine = acted_for(actor)
    first = sa.select(Adoption.id).where(*here).order_by(sa.case((mine, 0), else_=1), *_order()).limit(SHOWN)
    return (
        sa.select(Adoption).where(Adoption.id.in_(first)),
        sa.select(Adoption.id).where(*here, mine),
        *(sa.select(sa.func.count(Adoption.id)).where(*here, Adoption.step == step) for step in ORDER),
    )


def panel_of(actor: Actor, solution: Solution, found: Sequence[Sequence[Any]]) -> Panel:
    """Return the panel of what `on` selects."""
    adoptions, mine, *counted = found
    shown = sorted(adoptions, key=lambda each: (each.id not in mine, ORDER.index(each.step), -each.id))
    return Panel(
        solution=solution,
        slug=slug(solution.title, EMPTY),
        counts={step: numbers[0] for step, numbers in zip(ORDER, counted, strict=True)},
        rows=[row(actor, each, is_mine=each.id in mine) for each in shown],
        may_adopt=policy.may_take_part(actor, solution)
        or (not actor.is_signed_in and solution.state is PublicationState.PUBLISHED),
    )


def adoption_page(actor: Actor, adoption_id: int) -> AdoptionPage:
    """Return one adopter's account, in two statements. Those who act for them read it also when the solution is gone.

    Raises NotFound.
    """
    found = _find(actor, adoption_id)
    adoption, solution, is_mine = found
    is_shown = policy.may_read(actor, solution)
    if adoption.state is PublicationState.WITHDRAWN or not (is_shown or is_mine):
        raise NotFound(policy.ADOPTION_NOT_FOUND)
    steps = sa.select(AdoptionStep).where(AdoptionStep.adoption_id == adoption_id).order_by(AdoptionStep.id)
    return AdoptionPage(
        row=row(actor, adoption, is_mine=is_mine),
        ref=Ref(ADOPTION, adoption.id),
        solution=solution,
        slug=slug(solution.title, EMPTY),
        owner=owner(solution.municipality_number),
        is_shown=is_shown,
        steps=db.session.scalars(steps).all(),
        may_withdraw=is_mine and adoption.source_uri is None,
        may_share=is_mine and is_shown and _is_own_version(actor, adoption),
    )


def change_page(actor: Actor, adoption_id: int) -> AdoptionPage:
    """Return what somebody may change. Raises Forbidden, NotFound."""
    page = adoption_page(actor, adoption_id)
    policy.must(page.row.may_change, actor, policy.NOT_YOUR_ADOPTION)
    return page


def withdraw_page(actor: Actor, adoption_id: int) -> AdoptionPage:
    """Return what somebody may take back. Raises Forbidden, NotFound."""
    page = adoption_page(actor, adoption_id)
    policy.must(page.may_withdraw, actor, policy.NOT_YOUR_ADOPTION)
    return page


def begin_page(actor: Actor, solution_id: int) -> BeginPage:
    """Return the form of a solution, with those the reader may tell for, in three statements. Raises NotFound."""
    solution = policy.must_read(actor, db.session.get(Solution, solution_id))
    who = [*_municipalities(actor, solution), *_bodies(actor)]
    of = sa.select(Adoption.adopter, Adoption.id).where(
        Adoption.solution_id == solution.id,
        Adoption.state != PublicationState.WITHDRAWN,
        Adoption.adopter.in_([str(each.adopter) for each in who]),
    )
    told = {adopter: id_ for adopter, id_ in db.session.execute(of)}  # noqa: C416 - dict() of rows confuses the checker
    choices = [Choice(adopter=each.adopter, name=each.name, adoption_id=told.get(str(each.adopter))) for each in who]
    return BeginPage(
        solution=solution,
        slug=slug(solution.title, EMPTY),
        owner=owner(solution.municipality_number),
        free=[each for each in choices if each.adoption_id is None],
        told=[each for each in choices if each.adoption_id is not None],
    )


def own_page(actor: Actor, cursor: str | None) -> OwnPage:
    """Return what those one acts for take in use, and who takes what one looks after: two statements."""
    ours = sa.select(Adoption, Solution).join(Solution, Solution.id == Adoption.solution_id)
    ours = ours.where(Adoption.state != PublicationState.WITHDRAWN)
    page = paginate(ours.where(acted_for(actor)), Adoption.id.desc(), cursor=cursor, limit=ON_A_PAGE)
    may_share = policy.may_share(actor)
    owned = policy.owned(actor) if may_share else sa.false()
    news = ours.where(owned).order_by(Adoption.id.desc()).limit(NEWS)
    return OwnPage(
        rows=Page([_own(actor, *each, is_mine=True) for each in page.items], page.next),
        by_others=[_own(actor, *each, is_mine=False) for each in db.session.execute(news)],
        may_share=may_share,
    )


def acted_for(actor: Actor) -> sa.ColumnElement[bool]:
    """Return the condition for the adopters somebody may act for: what `policy.acts_for` says, in the database."""
    if not actor.is_signed_in or actor.is_limited:
        return sa.false()
    voices = speaks_for(actor.id or 0).with_only_columns(Organisation.id)
    ours = [sa.and_(Adoption.kind == AdopterKind.ORGANISATION, Adoption.organisation_id.in_(voices))]
    is_unit, is_municipality = Adoption.kind == AdopterKind.UNIT, Adoption.kind == AdopterKind.MUNICIPALITY
    if actor.has(Role.IDEA_MANAGER):
        ours.append(sa.and_(is_unit, Adoption.service_area_id.is_not(None)))
        ours.append(sa.and_(is_municipality, Adoption.municipality_number == policy.home()))
    elif actor.has(Role.EMPLOYEE):
        ours.append(sa.and_(is_unit, Adoption.service_area_id.in_(actor.service_areas)))
    if actor.has(Role.PARTNER) and actor.municipality_number != policy.home():
        ours.append(sa.and_(is_municipality, Adoption.municipality_number == actor.municipality_number))
    return sa.or_(*ours)


def row(actor: Actor, adoption: Adoption, *, is_mine: bool) -> AdoptionRow:
    """Return an adopter as a reader sees it; `is_mine`: the reader may act for them."""
    organisations = frozenset({adoption.organisation_id} if is_mine and adoption.organisation_id else ())
    return AdoptionRow(
        adoption=adoption,
        shows_texts=policy.may_read_texts(actor, adoption, organisations),
        may_change=policy.may_change(actor, adoption, organisations),
    )


def _order() -> tuple[Any, ...]:
    place = sa.case({step: number for number, step in enumerate(ORDER)}, value=Adoption.step)
    return place, Adoption.id.desc()


def _find(actor: Actor, adoption_id: int) -> tuple[Adoption, Solution, bool]:
    found = db.session.execute(
        sa.select(Adoption, Solution, acted_for(actor))
        .join(Solution, Solution.id == Adoption.solution_id)
        .where(Adoption.id == adoption_id)
    ).one_or_none()
    if found is None:
        raise NotFound(policy.ADOPTION_NOT_FOUND)
    return found[0], found[1], bool(found[2])


def _is_own_version(actor: Actor, adoption: Adoption) -> bool:
    """Say whether an adopter has made its own of a solution, and the reader shares for that municipality."""
    is_theirs = policy.municipality_of(actor) == adoption.municipality_number
    changed = adoption.step is Step.IN_USE and adoption.way in {Way.ADAPTED, Way.INSPIRED}
    return is_theirs and changed and policy.may_share(actor)


def _municipalities(actor: Actor, solution: Solution) -> list[Choice]:
    """Return the municipalities somebody may tell for, without the one the solution belongs to."""
    numbers = [policy.home()] if actor.has(Role.IDEA_MANAGER) else []
    numbers += [actor.municipality_number] if actor.has(Role.PARTNER) and actor.municipality_number else []
    return [
        Choice(adopter=Adopter(AdopterKind.MUNICIPALITY, number), name=policy.municipality_name(number))
        for number in dict.fromkeys(numbers)
        if number != solution.municipality_number
        and policy.may_act_for(actor, AdopterKind.MUNICIPALITY, municipality=number)
    ]


def _bodies(actor: Actor) -> list[Choice]:
    """Return the organisations somebody speaks for and the units they may tell for, in one statement."""
    of_unit = sa.true() if actor.has(Role.IDEA_MANAGER) else ServiceArea.id.in_(actor.service_areas)
    units = sa.select(sa.literal(AdopterKind.UNIT.value), ServiceArea.id, ServiceArea.name)
    voices = speaks_for(actor.id or 0).with_only_columns(
        sa.literal(AdopterKind.ORGANISATION.value), Organisation.id, Organisation.name
    )
    every = sa.union_all(units.where(ServiceArea.active, of_unit), voices)
    found = [
        Choice(adopter=Adopter(AdopterKind(kind), str(id_)), name=name) for kind, id_, name in db.session.execute(every)
    ]
    may = [each for each in found if _may(actor, each.adopter)]
    return sorted(may, key=lambda each: (each.adopter.kind, each.name.casefold()))


def _may(actor: Actor, adopter: Adopter) -> bool:
    number = int(adopter.number)
    if adopter.kind is AdopterKind.UNIT:
        return policy.may_act_for(actor, adopter.kind, service_area_id=number)
    return policy.may_act_for(actor, adopter.kind, organisation_id=number, organisations=frozenset({number}))


def _own(actor: Actor, adoption: Adoption, solution: Solution, *, is_mine: bool) -> OwnRow:
    is_shown = policy.may_read(actor, solution)
    return OwnRow(
        row=row(actor, adoption, is_mine=is_mine),
        title=solution.title if is_shown else "",
        slug=slug(solution.title, EMPTY),
        language=solution.language,
        owner=owner(solution.municipality_number),
        edition=solution.edition,
    )
