"""Projects as a kind of content: how one is shown as a link, who may do what, how moderation and search meet it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

import sqlalchemy as sa

from portal.accounts.queries.bylines import shown_name
from portal.cocreation import membership, policy
from portal.cocreation.events.projects import PROJECT
from portal.cocreation.models.projects import Member, Project, ProjectVersion
from portal.cocreation.phases import PHASES
from portal.kernel import clock
from portal.kernel.content import Card, ContentKind, Entry, PublicationState, Ref, Restriction, Written
from portal.kernel.db import by_ids, db
from portal.kernel.i18n import _, _l
from portal.kernel.identity import Actor
from portal.kernel.richtext import excerpt, plain
from portal.kernel.slugs import slug

TEXTS = ("title", "summary", "challenge", "goal", "learning")
EMPTY = "prosjekt"

Ask = Callable[[Actor, Project, Member | None], bool]


def _takes_part(actor: Actor, project: Project, _member: Member | None) -> bool:
    return policy.may_take_part(actor, project)


def _works_on(actor: Actor, project: Project, member: Member | None) -> bool:
    return policy.may_run(actor, project, member) or policy.may_represent(actor, project, member)


VERBS: Mapping[str, Ask] = {
    "follow": _takes_part,
    "support": _takes_part,
    "ask": _takes_part,
    "comment": _takes_part,
    "answer": lambda actor, project, _member: policy.may_follow_up(actor, project),
    "attach": policy.may_contribute,
    "benefit": lambda actor, project, member: _works_on(actor, project, member) or policy.may_follow_up(actor, project),
    "apply": policy.may_run,
}


def address(project: Project) -> Mapping[str, object]:
    """Return the values of the address of a project's page."""
    return {"project_id": project.id, "slug": slug(project.title, EMPTY)}


def cards(ids: Sequence[int]) -> Mapping[int, Card]:
    """Return how projects are shown as links."""
    return {each.id: card(each) for each in by_ids(Project, ids).values()}


def card(project: Project) -> Card:
    """Return how one project is shown as a link."""
    shown = project.state is PublicationState.PUBLISHED
    status = _("Avsluttet") if project.ended_at else str(PHASES[project.phase])
    return Card(
        ref=Ref(PROJECT, project.id),
        title=project.title or _("Prosjekt uten tittel"),
        endpoint="cocreation.show",
        values=address(project),
        excerpt=excerpt(project.summary or project.challenge) if shown else "",
        language=project.language,
        status=status if shown else "",
        tone="neutral" if project.ended_at else "info",
    )


def may(actor: Actor, ref: Ref, verb: str) -> bool:
    """Say what somebody may do with a project: with what one can't read, one can do nothing."""
    project, member = membership.read(actor, ref.id)
    if project is None or not policy.may_read(actor, project, member):
        return False
    ask = VERBS.get(verb)
    return verb == "read" or (ask is not None and ask(actor, project, member))


def written(ids: Sequence[int]) -> Mapping[int, Written]:
    """Return what the projects say, under the names their authors chose."""
    rows = db.session.execute(sa.select(Project, shown_name(Project)).where(Project.id.in_(ids)))
    return {
        each.id: Written(
            author_id=each.author_id,
            byline=name,
            language=each.language,
            state=each.state,
            fields={text: getattr(each, text) for text in TEXTS},
            written_at=each.edited_at or each.created_at,
        )
        for each, name in rows
    }


def restrict(ref: Ref, restriction: Restriction) -> None:
    """Put what moderation decided into effect. What was taken back stays so."""
    project = db.session.get_one(Project, ref.id, with_for_update=True, populate_existing=True)
    if project.state is PublicationState.WITHDRAWN:
        return
    for name in TEXTS:
        setattr(project, name, restriction.fields.get(name, getattr(project, name)))
    if restriction.state is PublicationState.PUBLISHED and project.shown_at == project.created_at:
        project.shown_at = clock.now()
    project.state = restriction.state
    db.session.flush()
    versions = sa.update(ProjectVersion).where(ProjectVersion.project_id == project.id)
    db.session.execute(versions.values(hidden=restriction.hide_versions))


def entries(ids: Sequence[int]) -> Mapping[int, Sequence[Entry]]:
    """Return what the search index keeps of the projects that everybody may read."""
    shown = sa.select(Project).where(Project.id.in_(ids), Project.state == PublicationState.PUBLISHED)
    return {each.id: (_entry(each),) for each in db.session.scalars(shown)}


def all_ids(after: int, limit: int) -> Sequence[int]:
    """Return the numbers of projects, for building the search index anew."""
    return db.session.scalars(sa.select(Project.id).where(Project.id > after).order_by(Project.id).limit(limit)).all()


def _entry(project: Project) -> Entry:
    return Entry(
        title=project.title,
        body="\n".join(plain(getattr(project, name)) for name in TEXTS[1:] if getattr(project, name)),
        language=project.language,
        updated_at=project.edited_at or project.shown_at,
        facets={"phase": (project.phase.value,), "project_type": (project.type.value,) if project.type else ()},
    )


PROJECTS = ContentKind(
    name=PROJECT,
    label=_l("samskapingsprosjekt"),
    plural=_l("samskapingsprosjekter"),
    cards=cards,
    may=may,
    written=written,
    restrict=restrict,
    entries=entries,
    all_ids=all_ids,
    mark="square",
)
