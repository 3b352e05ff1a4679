"""What staff see before ideas are made one, and which have been."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import sqlalchemy as sa

from portal.accounts.queries.bylines import shown_name
from portal.ideas import policy
from portal.ideas.events.ideas import IDEA
from portal.ideas.models.cases import Merge
from portal.ideas.models.ideas import Idea
from portal.kernel.db import by_ids, db
from portal.kernel.errors import Forbidden, NotFound
from portal.kernel.i18n import _l
from portal.kernel.identity import Actor
from portal.kernel.paging import Page, paginate
from portal.kernel.slugs import slug
from portal.participation.models import Support
from portal.search.queries import similar

SUGGESTED = 6
ON_A_PAGE = 30


@dataclass(frozen=True, kw_only=True)
class Candidate:
    """An idea that may be the same as another."""

    idea: Idea
    byline: str
    supports: int

    @property
    def slug(self) -> str:
        return slug(self.idea.title)


@dataclass(frozen=True, kw_only=True)
class Choosing:
    """An idea, and those that resemble it."""

    idea: Candidate
    others: Sequence[Candidate]


@dataclass(frozen=True, kw_only=True)
class Preview:
    """What will be when one idea is made part of another."""

    kept: Candidate
    merged: Candidate
    both: int
    """Supporters of both, who are counted once."""
    united: int


@dataclass(frozen=True, kw_only=True)
class MergeRow:
    """Two ideas that are one, or were."""

    merge: Merge
    kept: str
    merged: str


def choosing(actor: Actor, idea_id: int) -> Choosing:
    """Return an idea with those whose texts resemble it most."""
    _must_manage(actor)
    idea = by_ids(Idea, [idea_id]).get(idea_id)
    if idea is None or idea.state not in policy.SHOWN:
        raise NotFound(policy.NOT_FOUND)
    found = similar(f"{idea.title}\n{idea.challenge}", IDEA, exclude=[idea.id], limit=SUGGESTED, language=idea.language)
    order = [alike.ref.id for alike in found]
    candidates = _candidates([idea.id, *order])
    return Choosing(idea=candidates[idea.id], others=[candidates[id_] for id_ in order if id_ in candidates])


def preview(actor: Actor, kept_id: int, merged_id: int) -> Preview:
    """Return what making one idea part of another will do: the supporters of both are counted once."""
    _must_manage(actor)
    candidates = _candidates([kept_id, merged_id])
    if len(candidates) < 2:
        raise NotFound(policy.NOT_FOUND)
    kept, merged = candidates[kept_id], candidates[merged_id]
    there = sa.orm.aliased(Support)
    also = sa.exists().where(there.kind == IDEA, there.target_id == kept_id, there.account_id == Support.account_id)
    # The author of the one that is kept can't support it.
    new = sa.select(sa.func.count()).where(
        Support.kind == IDEA,
        Support.target_id == merged_id,
        Support.account_id != kept.idea.author_id,
        sa.not_(also),
    )
    coming = db.session.scalar(new) or 0
    return Preview(kept=kept, merged=merged, both=merged.supports - coming, united=kept.supports + coming)


def merges_page(actor: Actor, cursor: str | None) -> Page[MergeRow]:
    """Return the ideas that were made part of others, newest first, undone ones too."""
    _must_manage(actor)
    kept, merged = sa.orm.aliased(Idea), sa.orm.aliased(Idea)
    rows = (
        sa.select(Merge, kept.title, merged.title)
        .join(kept, kept.id == Merge.kept_id)
        .join(merged, merged.id == Merge.merged_id)
    )
    page = paginate(rows, Merge.id.desc(), cursor=cursor, limit=ON_A_PAGE)
    return Page([MergeRow(merge=row[0], kept=row[1], merged=row[2]) for row in page.items], page.next)


def _must_manage(actor: Actor) -> None:
    if not policy.may_manage(actor):
        raise Forbidden(_l("Bare innovasjonsrådgivere slår sammen ideer."))


def _candidates(ids: Sequence[int]) -> dict[int, Candidate]:
    supports = sa.select(sa.func.count()).where(Support.kind == IDEA, Support.target_id == Idea.id).scalar_subquery()
    rows = db.session.execute(
        sa.select(Idea, shown_name(Idea), supports).where(Idea.id.in_(ids), Idea.state.in_(policy.SHOWN))
    )
    return {idea.id: Candidate(idea=idea, byline=byline, supports=number) for idea, byline, number in rows}
