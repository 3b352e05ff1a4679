"""The list of ideas: what is asked for, in which order, one page at a time."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from portal.ideas import policy
from portal.ideas.models.ideas import Idea
from portal.ideas.queries.rows import IdeaRow, row, rows
from portal.kernel.content import PublicationState
from portal.kernel.identity import Actor
from portal.kernel.paging import paginate

ON_A_PAGE = 20


@dataclass(frozen=True, kw_only=True)
class ListPage:
    """One page of the list."""

    rows: Sequence[IdeaRow]
    next: str | None


def list_page(actor: Actor, cursor: str | None = None) -> ListPage:
    """Return one page of the ideas that everybody may see, newest first."""
    shown = rows().where(Idea.state == PublicationState.PUBLISHED, policy.visible(actor))
    found = paginate(shown, Idea.shown_at.desc(), Idea.id.desc(), cursor=cursor, limit=ON_A_PAGE)
    return ListPage(rows=[row(each) for each in found.items], next=found.next)
