"""The page of one project: what it wants, where it stands, and what one can do with it, in four statements."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy import orm

from portal.accounts.models import ServiceArea
from portal.cocreation import membership, policy
from portal.cocreation.events.projects import PROJECT
from portal.cocreation.models.projects import Member, Party, Project, ProjectVersion
from portal.cocreation.models.together import Input, Meeting, Need, ProjectDecision, Update
from portal.cocreation.phases import ORDER, Phase
from portal.cocreation.queries.frame import Frame
from portal.files.queries import Attachments, attached, sorted_files
from portal.goals.events import GOAL, SUBGOAL
from portal.goals.models import Link, Subgoal
from portal.kernel import clock, parts
from portal.kernel.content import Card, PublicationState, Ref
from portal.kernel.db import db
from portal.kernel.errors import NotFound
from portal.kernel.extensions import content
from portal.kernel.i18n import language
from portal.kernel.identity import Actor
from portal.kernel.slugs import slug
from portal.kernel.together import together
from portal.participation.models import Form, Tally
from portal.participation.queries import panels
from portal.places import queries as places
from portal.places.models import Location, Neighbourhood
from portal.places.picture import Picture
from portal.portfolio.queries import panels as portfolio
from portal.search.models import Document

INDICATOR = "indicator"
NEEDS_SHOWN = 5


@dataclass(frozen=True, kw_only=True)
class Inputs:
    """How much input people have given that everybody can see, and how many of them have their answer."""

    given: int
    answered: int


@dataclass(frozen=True, kw_only=True)
class PhaseStep:
    """One phase on the line."""

    phase: Phase
    stand: str
    """done, now or ahead."""
    since: datetime | None = None
    """Of the phase it is in."""


@dataclass(frozen=True, kw_only=True)
class ProjectPage:
    """Everything that the page of a project shows."""

    frame: Frame
    ref: Ref
    service_area: str
    origin: Card | None
    has_versions: bool
    steps: Sequence[PhaseStep]
    parties: Sequence[Party]
    starter: Party | None
    """The party that began it: projects are shown under parties, not under people."""
    needs: Sequence[Need]
    """The first of those that have places left."""
    more_needs: int
    meeting: Meeting | None
    """The next."""
    update: Update | None
    decision: ProjectDecision | None
    """The latest of each."""
    inputs: Inputs
    asking: int
    """How many wait for an owner to let them in; 0 for all but owners."""
    panel: panels.Panel
    files: Attachments
    portfolio: portfolio.Panel
    location: Location | None
    picture: Picture | None
    has_tiles: bool
    goals: Sequence[Card]
    subgoals: Sequence[Subgoal]
    parts: Sequence[parts.Loaded]
    may_withdraw: bool

    @property
    def has_asked(self) -> bool:
        member = self.frame.member
        return member is not None and member.joined_at is None


def address_of(actor: Actor, project_id: int) -> str:
    """Return the words of a project's address to those who may read it; raises NotFound."""
    return slug(membership.find(actor, project_id)[0].title, "prosjekt")


def project_page(actor: Actor, project_id: int) -> ProjectPage:
    """Return the page of a project to those who may read it; raises NotFound.

    Four statements: the project with all that there is one of, what there are several of, what is written on it, and
    the replies; and what the parts of others need. Where it was started from is told by the search index, which knows
    everything public.
    """
    found, counted, stands = _found(actor, project_id)
    project, member = found.Project, found[1]
    ref, top = Ref(PROJECT, project_id), _frame(actor, project, member)
    several = _several(actor, project, member, ref)
    parties, needs, meetings, updates, decisions, files, subgoals, goals, indicators, origin, *of_portfolio = several
    cards = content().cards([Ref(GOAL, each) for each in goals])
    return ProjectPage(
        frame=top,
        ref=ref,
        service_area=found.service_area or "",
        origin=_origin(origin),
        has_versions=found.has_versions,
        steps=_steps(project),
        parties=[each for each in parties if each.left_at is None],
        starter=parties[0] if parties else None,
        needs=[] if project.ended_at else needs[:NEEDS_SHOWN],
        more_needs=max(0, len(needs) - NEEDS_SHOWN),
        meeting=min(meetings, key=lambda each: (each.starts_at, each.id), default=None),
        update=updates[-1] if updates else None,
        decision=max(decisions, key=lambda each: (each.decided_on, each.id), default=None),
        inputs=Inputs(given=counted[0], answered=counted[1]),
        asking=counted[2] if top.may.run else 0,
        panel=panels.panel(actor, ref, forms=(Form.QUESTION, Form.COMMENT), standing=stands),
        files=sorted_files(actor, ref, files),
        portfolio=portfolio.panel_of(actor, ref, of_portfolio),
        location=found.Location,
        picture=places.point_picture(found.Location) if found.Location else None,
        has_tiles=places.has_tiles(),
        goals=list(cards.values()),
        subgoals=subgoals,
        parts=parts.parts_of(actor, ref, [Ref(INDICATOR, each) for each in indicators]),
        may_withdraw=policy.may_withdraw(actor, project, member),
    )


def _found(actor: Actor, project_id: int) -> tuple[Any, tuple[int, int, int], panels.Standing]:
    """Read the project with all that there is one of, what is counted, and how the reader stands to it."""
    versions = sa.exists().where(ProjectVersion.project_id == Project.id, ProjectVersion.hidden.is_(False))
    inputs = sa.select(sa.func.count()).where(Input.project_id == Project.id, Input.state == PublicationState.PUBLISHED)
    asking = sa.select(sa.func.count()).where(Member.project_id == Project.id, Member.joined_at.is_(None))
    mine = orm.aliased(Member, name="mine")
    statement = (
        sa.select(
            Project,
            mine,
            ServiceArea.name.label("service_area"),
            Location,
            versions.correlate(Project).label("has_versions"),
            inputs.correlate(Project).scalar_subquery(),
            inputs.where(Input.answered_at.is_not(None)).correlate(Project).scalar_subquery(),
            asking.correlate(Project).scalar_subquery(),
            *panels.standing_columns(actor),
        )
        .select_from(Project)
        .outerjoin(mine, sa.and_(mine.project_id == Project.id, mine.account_id == actor.id))
        .outerjoin(ServiceArea, ServiceArea.id == Project.service_area_id)
        .outerjoin(Location, sa.and_(Location.kind == PROJECT, Location.target_id == Project.id))
        .outerjoin(Neighbourhood, Neighbourhood.id == Location.neighbourhood_id)
        .outerjoin(Tally, sa.and_(Tally.kind == PROJECT, Tally.target_id == Project.id))
        .options(orm.contains_eager(Location.neighbourhood))
        .where(Project.id == project_id)
    )
    found = db.session.execute(statement).one_or_none()
    if found is None:
        raise NotFound(policy.NOT_FOUND)
    membership.keep(actor, project_id, found[0], found[1])
    policy.must_read(actor, found[0], found[1])
    return found, (found[5], found[6], found[7]), panels.standing_of(found[8:])


def _frame(actor: Actor, project: Project, member: Member | None) -> Frame:
    return Frame(project=project, member=member, may=policy.abilities(actor, project, member))


def _several(actor: Actor, project: Project, member: Member | None, ref: Ref) -> list[Sequence[Any]]:
    """Read what there are several of, or the one that counts: parties, needs, meetings, news, what it serves."""
    serves = (Link.kind == PROJECT, Link.target_id == project.id)
    coming = _posts(actor, Meeting, project, member).where(
        Meeting.cancelled_at.is_(None), Meeting.ends_at >= clock.now()
    )
    first = sa.select(sa.func.min(Meeting.starts_at)).where(coming.whereclause).scalar_subquery()  # type: ignore[arg-type]
    latest = _posts(actor, Update, project, member).with_only_columns(sa.func.max(Update.id)).scalar_subquery()
    decided = _posts(actor, ProjectDecision, project, member)
    last_day = decided.with_only_columns(sa.func.max(ProjectDecision.decided_on)).scalar_subquery()
    return together(
        sa.select(Party).where(Party.project_id == project.id),
        _posts(actor, Need, project, member).where(Need.closed_at.is_(None), Need.taken < Need.capacity),
        coming.where(Meeting.starts_at == first),
        sa.select(Update).where(Update.id == latest),
        decided.where(ProjectDecision.decided_on == last_day),
        attached(actor, ref),
        sa.select(Subgoal).where(Subgoal.id.in_(sa.select(Link.to_id).where(*serves, Link.to_kind == SUBGOAL))),
        sa.select(Link.to_id).where(*serves, Link.to_kind == GOAL),
        sa.select(Link.to_id).where(*serves, Link.to_kind == INDICATOR),
        sa.select(Document).where(Document.kind == project.origin_kind, Document.target_id == project.origin_id),
        *portfolio.on(actor, ref),
    )


def _posts(actor: Actor, model: Any, project: Project, member: Member | None) -> sa.Select[Any]:
    return sa.select(model).where(model.project_id == project.id, policy.readable_posts(actor, model, member))


def _origin(documents: Sequence[Document]) -> Card | None:
    """Return how what it was started from is shown, in the reader's language when it has that; only what is public."""
    code = language()
    found = min(documents, key=lambda each: (each.language != code, each.language), default=None)
    if found is None:
        return None
    ref = Ref(found.kind, found.target_id)
    return Card(ref=ref, title=found.title, endpoint=found.endpoint, values=found.values, language=found.language)


def _steps(project: Project) -> list[PhaseStep]:
    at = ORDER.index(project.phase)
    done = [PhaseStep(phase=each, stand="done") for each in ORDER[:at]]
    now = PhaseStep(phase=project.phase, stand="now", since=project.phase_since)
    return [*done, now, *(PhaseStep(phase=each, stand="ahead") for each in ORDER[at + 1 :])]
