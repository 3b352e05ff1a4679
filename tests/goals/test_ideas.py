"""Ideas on the pages of the goals they serve: there while everybody can see them, and gone when they can't."""

from __future__ import annotations

from collections.abc import Callable

import sqlalchemy as sa

from portal.goals.models import Link
from portal.goals.queries import linked, links
from portal.ideas.actions.merging import merge_ideas, undo_merge
from portal.ideas.actions.proposing import Around, begin_idea, send_idea, withdraw_idea
from portal.ideas.kinds import personal
from portal.ideas.models.ideas import Idea
from portal.ideas.stages import IdeaKind
from portal.kernel.content import PublicationState, Ref
from portal.kernel.db import atomic, db
from tests.support.cast import Cast
from tests.support.ideas import draft
from tests.support.moderating import decided
from tests.support.page import Visitor

GOAL = Ref("goal", 3)


def serving(cast: Cast, name: str, title: str = "Nattbuss til Heggedal", *, internally: bool = False) -> Idea:
    """Send an idea in that serves a goal and an indicator, and let it through."""
    actor = cast.actor(name)
    kind = IdeaKind.TIME_THIEF if internally else IdeaKind.INNOVATION
    begun = begin_idea(actor, draft(title, kind=kind), around=Around(goals=(3,), indicators=(101,)))
    idea = send_idea(actor, begun.id, internally=internally)
    if idea.state is PublicationState.PENDING:
        mine = sa.select(Link.is_public).where(Link.kind == "idea", Link.target_id == idea.id)
        assert set(db.session.scalars(mine)) == {False}
        decided(cast.actor("moderator"), Ref("idea", idea.id))
    return idea


def on_the_page(visitor: Callable[..., Visitor]) -> list[str]:
    page = visitor().get("goals.goal", number=3)
    return [each.get_text() for each in page.all("section[aria-labelledby=gruppe-idea] .row__title a")]


def test_an_idea_is_shown_with_the_goals_it_serves(cast: Cast, visitor: Callable[..., Visitor]) -> None:
    idea = serving(cast, "resident")
    serving(cast, "employee", "Bare for ansatte", internally=True)
    assert on_the_page(visitor) == ["Nattbuss til Heggedal"]
    assert links([Ref("idea", idea.id)]) == {Ref("idea", idea.id): [GOAL, Ref("indicator", 101)]}
    assert idea.id in db.session.scalars(linked("idea", GOAL)).all()


def test_it_is_gone_when_it_is_withdrawn(cast: Cast, visitor: Callable[..., Visitor]) -> None:
    idea = serving(cast, "resident")
    withdraw_idea(cast.actor("resident"), idea.id)
    assert on_the_page(visitor) == []


def test_of_two_that_are_one_the_kept_is_shown_until_it_is_undone(cast: Cast, visitor: Callable[..., Visitor]) -> None:
    kept, merged = serving(cast, "resident", "Buss"), serving(cast, "resident2", "Buss til")
    made = merge_ideas(cast.actor("adviser"), kept.id, merged.id, "De vil det samme.")
    assert on_the_page(visitor) == ["Buss"]
    undo_merge(cast.actor("adviser"), made.id)
    assert sorted(on_the_page(visitor)) == ["Buss", "Buss til"]


def test_what_is_erased_with_its_author_is_neither_shown_nor_counted(
    cast: Cast, visitor: Callable[..., Visitor]
) -> None:
    serving(cast, "resident")
    atomic(personal.erase)(cast.resident.id)
    assert on_the_page(visitor) == []
    assert "idé" not in visitor().get("goals.index").main.get_text()
