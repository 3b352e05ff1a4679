"""Ideas that resemble what somebody is writing: offered, so that they can support one of them instead."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

import sqlalchemy as sa

from portal.ideas import policy
from portal.ideas.events.ideas import IDEA
from portal.ideas.models.cases import CaseStep, Step
from portal.ideas.models.ideas import Idea
from portal.ideas.models.thieves import TimeThief
from portal.ideas.queries.rows import standing
from portal.ideas.stages import Degree, IdeaKind
from portal.kernel.db import db
from portal.kernel.errors import Forbidden
from portal.kernel.identity import Actor
from portal.kernel.richtext import excerpt
from portal.kernel.slugs import slug
from portal.participation.models import Support, Tally
from portal.search import queries as search

MOST = 5
FIRST_LINES = 160
ANSWER_LINES = 240


@dataclass(frozen=True, kw_only=True)
class SimilarIdea:
    """An idea that resembles the reader's own draft."""

    id: int
    slug: str
    kind: IdeaKind
    title: str
    first_lines: str
    language: str
    status: str
    tone: str
    answer: str
    """The municipality's answer, its first lines; empty while there is none."""
    answer_language: str
    supports: int
    is_supported: bool
    """By the reader already."""


@dataclass(frozen=True, kw_only=True)
class SimilarPage:
    """A draft, and the ideas that resemble it."""

    idea: Idea
    ideas: Sequence[SimilarIdea]


def page(actor: Actor, idea_id: int, answered: Collection[int] = ()) -> SimilarPage:
    """Return what resembles one's own draft; `answered` are those one has said something of already. NotFound."""
    idea = policy.must_read(actor, db.session.get(Idea, idea_id))
    if not policy.is_author(actor, idea):
        raise Forbidden(policy.NOT_YOURS)
    found = similar(actor, f"{idea.title}\n{idea.challenge}", exclude=(idea.id, *answered), language=idea.language)
    return SimilarPage(idea=idea, ideas=found)


def similar(actor: Actor, text: str, *, exclude: Sequence[int] = (), language: str = "nb") -> Sequence[SimilarIdea]:
    """Return the ideas that resemble a text most, in three statements.

    What the reader can't see is left out, and so is their own: drafts, and what was removed, are in no index.
    """
    if not text.strip():
        return ()
    alike = search.similar(text, IDEA, exclude=exclude, limit=MOST, language=language)
    place = {each.ref.id: number for number, each in enumerate(alike)}
    if not place:
        return ()
    seen = (Idea.id.in_(place), policy.visible(actor), Idea.author_id != actor.id)
    found = [_similar(row) for row in db.session.execute(_select(actor).where(*seen))]
    return sorted(found, key=lambda each: place[each.id])


def _select(actor: Actor) -> sa.Select[Idea, Degree | None, int | None, str | None, str | None, int | None]:
    answer = (
        sa.select(CaseStep.id)
        .where(CaseStep.idea_id == Idea.id, CaseStep.step == Step.ANSWERED, CaseStep.is_public.is_(True))
        .order_by(CaseStep.id.desc())
        .limit(1)
        .correlate(Idea)
        .scalar_subquery()
    )
    return (
        sa.select(Idea, TimeThief.degree, Tally.supports, CaseStep.text, CaseStep.language, Support.account_id)
        .outerjoin(TimeThief, TimeThief.idea_id == Idea.id)
        .outerjoin(Tally, sa.and_(Tally.kind == IDEA, Tally.target_id == Idea.id))
        .outerjoin(CaseStep, CaseStep.id == answer)
        .outerjoin(
            Support,
            sa.and_(Support.kind == IDEA, Support.target_id == Idea.id, Support.account_id == actor.id),
        )
    )


def _similar(row: sa.Row[Idea, Degree | None, int | None, str | None, str | None, int | None]) -> SimilarIdea:
    idea, degree, supports, answer, answer_language, supporter = row
    status, tone = standing(idea.kind, idea.stage, idea.decision, degree)
    return SimilarIdea(
        id=idea.id,
        slug=slug(idea.title),
        kind=idea.kind,
        title=idea.title,
        first_lines=excerpt(idea.summary or idea.challenge or idea.solution, FIRST_LINES),
        language=idea.language,
        status=status,
        tone=tone,
        answer=excerpt(answer or "", ANSWER_LINES),
        answer_language=answer_language or "nb",
        supports=supports or 0,
        is_supported=supporter is not None,
    )
