"""What is shown to somebody who starts a project, changes its words, or takes it back."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from portal.accounts.models import ServiceArea
from portal.accounts.queries import settings
from portal.accounts.queries.organisations import speaks_for
from portal.cocreation import membership, policy
from portal.cocreation.events.projects import PROJECT
from portal.cocreation.models.projects import Member, Project
from portal.goals import queries as goals
from portal.goals.events import GOAL, SUBGOAL
from portal.kernel.content import Card, Option, PublicationState, Ref
from portal.kernel.db import db
from portal.kernel.errors import Conflict
from portal.kernel.extensions import content
from portal.kernel.i18n import _l, language
from portal.kernel.identity import Actor, Role, StakeholderGroup
from portal.kernel.slugs import slug
from portal.places.models import Location
from portal.places.queries import PlaceChoices, location, place_choices

INDICATOR = "indicator"
SERVED = (GOAL, SUBGOAL, INDICATOR)
"""What a project can serve."""
MOST_OWN = 100
"""How many of one's own the list goes back."""


@dataclass(frozen=True, kw_only=True)
class Origin:
    """What a project is started from: how it is shown, what it says, and what it serves."""

    card: Card
    title: str
    challenge: str
    serves: Sequence[Ref]


@dataclass(frozen=True, kw_only=True)
class StartPage:
    """Everything that the form shows: what is kept, and what there is to choose among."""

    project: Project | None
    """None: nothing is started yet."""
    origin: Origin | None
    location: Location | None
    serves: Sequence[Ref]
    places: PlaceChoices
    areas: Sequence[tuple[int, str]]
    """Every service area in use."""
    own_areas: Sequence[tuple[int, str]]
    """Those that the writer can start for."""
    organisations: Sequence[tuple[int, str, StakeholderGroup]]
    """Those that the writer speaks for."""
    options: Mapping[str, Sequence[Option]]
    """By what is served."""

    def served(self, kind: str) -> list[int]:
        return [each.id for each in self.serves if each.kind == kind]


@dataclass(frozen=True, kw_only=True)
class ReceiptPage:
    """A project that was sent in, and by when a moderator has read it."""

    project: Project
    slug: str
    moderation_hours: int


@dataclass(frozen=True, kw_only=True)
class OwnProject:
    """A project somebody is in, or has asked to be in."""

    project: Project
    slug: str
    member: Member


def new_page(actor: Actor, origin: Ref | None) -> StartPage:
    """Return an empty form to somebody who may start a project, or one with what its origin says. Raises Forbidden.

    An origin that can't be read is as if it weren't there.
    """
    policy.must_start(actor)
    found = _origin(actor, origin) if origin else None
    return _page(actor, origin=found, serves=found.serves if found else ())


def edit_page(actor: Actor, project_id: int) -> StartPage:
    """Return the form of a project one owns, filled in; raises NotFound, Forbidden."""
    project = owned(actor, project_id)
    ref = Ref(PROJECT, project.id)
    return _page(actor, project=project, serves=goals.links([ref])[ref], location=location(ref))


def owned(actor: Actor, project_id: int) -> Project:
    """Return a project to those who own it; raises NotFound, Forbidden."""
    project, member = membership.find(actor, project_id)
    policy.must(policy.may_run(actor, project, member), actor, policy.NOT_THE_OWNER)
    return project


def receipt_page(actor: Actor, project_id: int) -> ReceiptPage:
    """Return what happens next with a project one owns; raises NotFound, Forbidden."""
    project = owned(actor, project_id)
    hours: int = settings.value("moderation_hours")
    return ReceiptPage(project=project, slug=slug(project.title, "prosjekt"), moderation_hours=hours)


def withdraw_page(actor: Actor, project_id: int) -> ReceiptPage:
    """Return a project that one can take back; raises NotFound, Forbidden, and Conflict when others are in it."""
    project, member = membership.find(actor, project_id)
    policy.must(policy.may_withdraw(actor, project, member), actor, policy.NOT_THE_OWNER)
    others = Member.project_id == project.id, Member.account_id != actor.id, Member.joined_at.is_not(None)
    if db.session.scalar(sa.select(Member.account_id).where(*others).limit(1)) is not None:
        raise Conflict(_l("Andre er med i prosjektet nå. Du kan gå ut av det, eller dere kan avslutte det sammen."))
    return ReceiptPage(project=project, slug=slug(project.title, "prosjekt"), moderation_hours=0)


def own_page(actor: Actor) -> Sequence[OwnProject]:
    """Return the projects somebody is in or has asked to be in, the last that had a sign of life first."""
    rows = db.session.execute(
        sa.select(Project, Member)
        .join(Member, Member.project_id == Project.id)
        .where(Member.account_id == actor.id, Project.state != PublicationState.WITHDRAWN)
        .order_by(Project.alive_at.desc(), Project.id.desc())
        .limit(MOST_OWN)
    )
    return [OwnProject(project=each, slug=slug(each.title, "prosjekt"), member=member) for each, member in rows]


def _origin(actor: Actor, ref: Ref) -> Origin | None:
    """Return what may be carried over: words of what people wrote, never the name of a goal or an indicator."""
    kind = content().find(ref.kind)
    card = content().cards([ref]).get(ref) if content().may(actor, ref, "read") else None
    if kind is None or card is None or ref.kind == PROJECT:
        return None
    if kind.options is not None:
        return Origin(card=card, title="", challenge="", serves=[ref] if ref.kind in SERVED else [])
    written = content().written([ref]).get(ref)
    challenge = (written.fields.get("challenge") if written else "") or card.excerpt
    return Origin(card=card, title=card.title, challenge=challenge, serves=goals.links([ref])[ref])


def _page(
    actor: Actor,
    *,
    serves: Sequence[Ref],
    project: Project | None = None,
    origin: Origin | None = None,
    location: Location | None = None,
) -> StartPage:
    areas, organisations = _choices(actor, project)
    all_areas = actor.has(Role.IDEA_MANAGER)
    return StartPage(
        project=project,
        origin=origin,
        location=location,
        serves=serves,
        places=place_choices(),
        areas=areas,
        own_areas=[each for each in areas if actor.is_staff and (all_areas or each[0] in actor.service_areas)],
        organisations=organisations,
        options={kind: goals.choices(kind, language()) for kind in SERVED},
    )


def _choices(
    actor: Actor, project: Project | None
) -> tuple[list[tuple[int, str]], list[tuple[int, str, StakeholderGroup]]]:
    """Return service areas, and the organisations somebody speaks for, in one statement."""
    mine = speaks_for(actor.id or 0).subquery()
    wanted = sa.or_(ServiceArea.active.is_(True), ServiceArea.id == (project.service_area_id if project else None))
    nothing: Any = sa.cast(sa.null(), sa.Text)
    every = sa.union_all(
        sa.select(ServiceArea.id.label("id"), ServiceArea.name.label("name"), nothing.label("of")).where(wanted),
        sa.select(mine.c.id, mine.c.name, sa.cast(mine.c[2], sa.Text)),
    ).subquery()
    rows = db.session.execute(
        sa.select(every.c.id, every.c.name, every.c["of"]).order_by(every.c.name, every.c.id)
    ).all()
    areas = [(id_, name) for id_, name, of in rows if of is None]
    return areas, [(id_, name, StakeholderGroup(of)) for id_, name, of in rows if of is not None]
