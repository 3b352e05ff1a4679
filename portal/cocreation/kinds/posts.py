"""What people write in projects, and offers, as kinds of content: one way for all, told by `posts.KINDS`."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from portal.cocreation import membership, policy
from portal.cocreation.events import posts as names
from portal.cocreation.events.projects import PROJECT
from portal.cocreation.models.finding import Offer
from portal.cocreation.models.posts import ProjectPost
from portal.cocreation.models.process import Agreement
from portal.cocreation.models.projects import Project
from portal.cocreation.models.together import Input, Meeting, Need, ProjectDecision, Update
from portal.cocreation.posts import TEXTS
from portal.kernel.content import Card, ContentKind, Entry, PublicationState, Ref, Restriction, Written
from portal.kernel.db import by_ids, db
from portal.kernel.i18n import _l
from portal.kernel.identity import Actor
from portal.kernel.richtext import excerpt, plain


@dataclass(frozen=True, kw_only=True)
class Shape:
    """How one kind of text is shown as a link, and what can be done with it besides reading."""

    model: type[Any]
    name: str
    label: Any
    plural: Any
    endpoint: str
    values: Callable[[Any], Mapping[str, Any]]
    title: Callable[[Any], Any]
    verbs: frozenset[str] = frozenset()
    is_searched: bool = False
    can_close: bool = False
    """It can be closed: then it is neither found nor on the map, nor when its project is over."""
    mark: str = "circle"

    @property
    def texts(self) -> Sequence[str]:
        return TEXTS[self.name]

    def cards(self, ids: Sequence[int]) -> Mapping[int, Card]:
        """Return how texts of this kind are shown as links."""
        return {
            each.id: Card(
                ref=Ref(self.name, each.id),
                title=str(self.title(each)) or str(self.label),
                endpoint=self.endpoint,
                values=self.values(each),
                excerpt=excerpt(getattr(each, self.texts[-1])) if each.state is PublicationState.PUBLISHED else "",
                language=each.language,
            )
            for each in by_ids(self.model, ids).values()
        }

    def may(self, actor: Actor, ref: Ref, verb: str) -> bool:
        """Say what somebody may do with one: with what one can't read, one can do nothing."""
        post = db.session.get(self.model, ref.id)
        if post is None:
            return False
        project_id = getattr(post, "project_id", None)
        project, member = membership.read(actor, project_id) if project_id else (None, None)
        if not policy.may_read_post(actor, post, project, member):
            return False
        if verb == "read":
            return True
        if verb == "attach":
            return verb in self.verbs and policy.may_edit_post(actor, post, project, member)
        return verb in self.verbs and policy.may_start(actor)

    def written(self, ids: Sequence[int]) -> Mapping[int, Written]:
        """Return what they say, under the title and party they were written as."""
        return {
            each.id: Written(
                author_id=each.author_id,
                byline=each.byline,
                language=each.language,
                state=each.state,
                fields={name: getattr(each, name) for name in self.texts},
                written_at=each.edited_at or each.written_at,
                on=Ref(PROJECT, each.project_id) if self.is_in_project else None,
            )
            for each in by_ids(self.model, ids).values()
        }

    def restrict(self, ref: Ref, restriction: Restriction) -> None:
        """Put what moderation decided into effect. What was taken back stays so."""
        post = db.session.get_one(self.model, ref.id, with_for_update=True, populate_existing=True)
        if post.state is PublicationState.WITHDRAWN:
            return
        for name in self.texts:
            setattr(post, name, restriction.fields.get(name, getattr(post, name)))
        post.state = restriction.state
        db.session.flush()

    def entries(self, ids: Sequence[int]) -> Mapping[int, Sequence[Entry]]:
        """Return what the search index keeps of those that everybody may read."""
        shown = sa.select(self.model).where(self.model.id.in_(ids), self.model.state == PublicationState.PUBLISHED)
        if self.is_in_project:
            is_public = [Project.state == PublicationState.PUBLISHED]
            if self.can_close:
                is_public.append(Project.ended_at.is_(None))
            shown = shown.where(sa.exists().where(Project.id == self.model.project_id, *is_public))
        if self.can_close:
            shown = shown.where(self.model.closed_at.is_(None))
        return {each.id: (self._entry(each),) for each in db.session.scalars(shown)}

    def all_ids(self, after: int, limit: int) -> Sequence[int]:
        """Return numbers, for building the search index anew."""
        model = self.model
        return db.session.scalars(sa.select(model.id).where(model.id > after).order_by(model.id).limit(limit)).all()

    def written_on(self, ref: Ref) -> Sequence[int]:
        """Return which were written in a project: what is public of them follows it."""
        if ref.kind != PROJECT or not self.is_in_project:
            return []
        return db.session.scalars(sa.select(self.model.id).where(self.model.project_id == ref.id)).all()

    @property
    def is_in_project(self) -> bool:
        return issubclass(self.model, ProjectPost)

    def kind(self) -> ContentKind:
        """Return what the kernel is told of this kind."""
        return ContentKind(
            name=self.name,
            label=self.label,
            plural=self.plural,
            cards=self.cards,
            may=self.may,
            written=self.written,
            restrict=self.restrict,
            entries=self.entries if self.is_searched else None,
            all_ids=self.all_ids if self.is_searched else None,
            written_on=self.written_on,
            stands_with=self.can_close and self.is_in_project,
            mark=self.mark,
        )

    def _entry(self, post: Any) -> Entry:
        heading, *others = self.texts
        return Entry(
            title=getattr(post, heading),
            body="\n".join(plain(getattr(post, name)) for name in others if getattr(post, name)),
            language=post.language,
            updated_at=post.edited_at or post.written_at,
        )


SHAPES: Sequence[Shape] = (
    Shape(
        model=Agreement,
        name=names.AGREEMENT,
        label=_l("avtale"),
        plural=_l("avtaler"),
        endpoint="cocreation_process.agreement",
        values=lambda each: {"project_id": each.project_id, "_anchor": f"avtale-{each.number}"},
        title=lambda each: _l("Avtale, versjon %(number)d", number=each.number),
    ),
    Shape(
        model=Need,
        name=names.NEED,
        label=_l("behov i et prosjekt"),
        plural=_l("behov i prosjekter"),
        endpoint="cocreation_together.need",
        values=lambda each: {"need_id": each.id},
        title=lambda each: each.title,
        verbs=frozenset({"follow"}),
        is_searched=True,
        can_close=True,
        mark="diamond",
    ),
    Shape(
        model=Meeting,
        name=names.MEETING,
        label=_l("møte"),
        plural=_l("møter"),
        endpoint="cocreation_together.meeting",
        values=lambda each: {"meeting_id": each.id},
        title=lambda each: each.title,
        is_searched=True,
    ),
    Shape(
        model=Update,
        name=names.UPDATE,
        label=_l("nytt fra et prosjekt"),
        plural=_l("nytt fra prosjekter"),
        endpoint="cocreation_news.news",
        values=lambda each: {"project_id": each.project_id, "_anchor": f"nytt-{each.id}"},
        title=lambda each: each.title,
        verbs=frozenset({"attach"}),
        is_searched=True,
    ),
    Shape(
        model=ProjectDecision,
        name=names.DECISION,
        label=_l("beslutning i et prosjekt"),
        plural=_l("beslutninger i prosjekter"),
        endpoint="cocreation_news.decisions",
        values=lambda each: {"project_id": each.project_id, "_anchor": f"beslutning-{each.id}"},
        title=lambda each: each.what,
    ),
    Shape(
        model=Input,
        name=names.INPUT,
        label=_l("innspill til et prosjekt"),
        plural=_l("innspill til prosjekter"),
        endpoint="cocreation_news.inputs",
        values=lambda each: {"project_id": each.project_id, "_anchor": f"innspill-{each.id}"},
        title=lambda each: excerpt(each.text, 80),
    ),
    Shape(
        model=Offer,
        name=names.OFFER,
        label=_l("tilbud eller ønske fra en aktør"),
        plural=_l("tilbud og ønsker fra aktører"),
        endpoint="cocreation_finding.offer",
        values=lambda each: {"offer_id": each.id},
        title=lambda each: each.title,
        verbs=frozenset({"follow"}),
        is_searched=True,
        can_close=True,
        mark="leaf",
    ),
)


KINDS: Sequence[ContentKind] = tuple(shape.kind() for shape in SHAPES)
