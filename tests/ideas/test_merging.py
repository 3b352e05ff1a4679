"""Two ideas that are the same become one, and become two again exactly as they were."""

from __future__ import annotations

from typing import Any

import pytest
import sqlalchemy as sa

from portal.ideas.actions.merging import merge_ideas, undo_merge
from portal.ideas.models.cases import CaseStep, Step
from portal.ideas.models.ideas import Idea
from portal.kernel.content import PublicationState, Ref
from portal.kernel.db import db
from portal.kernel.errors import Conflict, Forbidden, Invalid
from portal.participation.actions.joining import follow, support, withdraw_support
from portal.participation.models import Follow, Support, Tally
from tests.support.ideas import published

WHY = "Begge vil ha buss om kvelden fra samme sted."


def ref(idea: Idea) -> Ref:
    return Ref("idea", idea.id)


def supporters(idea: Idea) -> set[int]:
    rows = sa.select(Support.account_id).where(Support.kind == "idea", Support.target_id == idea.id)
    return set(db.session.scalars(rows))


def counted(idea: Idea) -> int:
    tally = db.session.get(Tally, ("idea", idea.id), populate_existing=True)
    return tally.supports if tally else 0


@pytest.fixture
def pair(cast: Any) -> tuple[Idea, Idea]:
    """Two ideas by two people; one person supports both, and each has one supporter of its own."""
    kept = published(cast.actor("resident"), "Nattbuss til Sætre")
    merged = published(cast.actor("resident2"), "Buss om natta fra Sætre")
    for name in ("volunteer", "business"):
        support(cast.actor(name), ref(kept))
    for name in ("volunteer", "knowledge"):
        support(cast.actor(name), ref(merged))
    return kept, merged


def test_supporters_are_united_and_nobody_counts_twice(cast: Any, pair: tuple[Idea, Idea]) -> None:
    kept, merged = pair
    merge_ideas(cast.actor("adviser"), kept.id, merged.id, WHY)
    assert supporters(kept) == {cast.actor(name).id for name in ("volunteer", "business", "knowledge")}
    assert counted(kept) == 3
    assert merged.state is PublicationState.MERGED


def test_the_author_of_the_one_that_is_kept_doesnt_come_to_support_it(cast: Any, pair: tuple[Idea, Idea]) -> None:
    kept, merged = pair
    support(cast.actor("resident"), ref(merged))
    merge_ideas(cast.actor("adviser"), kept.id, merged.id, WHY)
    assert cast.actor("resident").id not in supporters(kept)


def test_followers_come_along(cast: Any, pair: tuple[Idea, Idea]) -> None:
    kept, merged = pair
    follow(cast.actor("employee"), ref(merged))
    made = merge_ideas(cast.actor("adviser"), kept.id, merged.id, WHY)
    key = ("idea", kept.id, cast.actor("employee").id)
    assert db.session.get(Follow, key) is not None
    undo_merge(cast.actor("adviser"), made.id)
    db.session.expire_all()
    assert db.session.get(Follow, key) is None


def test_undone_both_are_as_they_were(cast: Any, pair: tuple[Idea, Idea]) -> None:
    kept, merged = pair
    before = [(supporters(idea), counted(idea), idea.state) for idea in pair]
    made = merge_ideas(cast.actor("adviser"), kept.id, merged.id, WHY)
    undo_merge(cast.actor("adviser"), made.id)
    assert [(supporters(idea), counted(idea), idea.state) for idea in pair] == before


def test_who_joined_afterwards_stays_where_they_joined(cast: Any, pair: tuple[Idea, Idea]) -> None:
    kept, merged = pair
    made = merge_ideas(cast.actor("adviser"), kept.id, merged.id, WHY)
    support(cast.actor("employee"), ref(kept))
    withdraw_support(cast.actor("knowledge"), ref(kept))
    undo_merge(cast.actor("adviser"), made.id)
    assert supporters(kept) == {cast.actor(name).id for name in ("volunteer", "business", "employee")}
    assert supporters(merged) == {cast.actor(name).id for name in ("volunteer", "knowledge")}
    assert (counted(kept), counted(merged)) == (3, 2)


def test_a_second_merge_of_the_same_idea_is_a_conflict(cast: Any, pair: tuple[Idea, Idea]) -> None:
    kept, merged = pair
    third = published(cast.actor("resident"), "Kveldsbuss")
    merge_ideas(cast.actor("adviser"), kept.id, merged.id, WHY)
    with pytest.raises(Conflict):
        merge_ideas(cast.actor("adviser"), third.id, merged.id, WHY)


def test_chains_are_undone_from_the_outside(cast: Any, pair: tuple[Idea, Idea]) -> None:
    kept, merged = pair
    third = published(cast.actor("employee"), "Kveldsbuss")
    inner = merge_ideas(cast.actor("adviser"), kept.id, merged.id, WHY)
    outer = merge_ideas(cast.actor("adviser"), third.id, kept.id, WHY)
    assert counted(third) == 3
    with pytest.raises(Conflict):
        undo_merge(cast.actor("adviser"), inner.id)
    undo_merge(cast.actor("adviser"), outer.id)
    undo_merge(cast.actor("adviser"), inner.id)
    assert (counted(third), counted(kept), counted(merged)) == (0, 2, 2)


def test_the_reason_stands_on_both(cast: Any, pair: tuple[Idea, Idea]) -> None:
    kept, merged = pair
    merge_ideas(cast.actor("adviser"), kept.id, merged.id, WHY)
    steps = sa.select(CaseStep.idea_id, CaseStep.text).where(CaseStep.step == Step.MERGED)
    assert {tuple(row) for row in db.session.execute(steps)} == {(kept.id, WHY), (merged.id, WHY)}


@pytest.mark.parametrize("reason", ["", "   "])
def test_nothing_is_merged_without_a_reason(cast: Any, pair: tuple[Idea, Idea], reason: str) -> None:
    with pytest.raises(Invalid):
        merge_ideas(cast.actor("adviser"), pair[0].id, pair[1].id, reason)


@pytest.mark.parametrize("name", ["resident", "employee", "moderator", "coordinator", "admin"])
def test_only_innovation_advisers_merge(cast: Any, pair: tuple[Idea, Idea], name: str) -> None:
    with pytest.raises(Forbidden):
        merge_ideas(cast.actor(name), pair[0].id, pair[1].id, WHY)
    assert pair[1].state is PublicationState.PUBLISHED


def test_both_authors_are_told_and_told_again_when_it_is_undone(
    cast: Any, pair: tuple[Idea, Idea], visitor: Any, run_worker: Any
) -> None:
    kept, merged = pair
    made = merge_ideas(cast.actor("adviser"), kept.id, merged.id, WHY)
    run_worker()
    assert "En idé som ligner, er slått sammen med din" in visitor("resident").get("notifications.index").text
    assert "Ideen din er slått sammen med en som ligner" in visitor("resident2").get("notifications.index").text
    undo_merge(cast.actor("adviser"), made.id)
    run_worker()
    for name in ("resident", "resident2"):
        assert "Ideen din står for seg selv igjen" in visitor(name).get("notifications.index").text


def test_the_pages_from_what_resembles_to_undone(cast: Any, pair: tuple[Idea, Idea], visitor: Any) -> None:
    kept, merged = pair
    adviser = visitor("adviser")
    chosen = adviser.get("ideas_merge.choose", idea_id=merged.id)
    assert "Hvilken idé er" in chosen.text
    adviser.get_url(f"/ideer/styring/{merged.id}/sla-sammen?other=tull", 422)
    adviser.get_url(f"/ideer/styring/{merged.id}/sla-sammen?other=/ideer/{kept.id}-nattbuss", 302)
    preview = adviser.get("ideas_merge.preview", idea_id=merged.id, other_id=kept.id)
    assert "Sammen blir det 3" in preview.text
    refused = adviser.post("ideas_merge.merge", idea_id=merged.id, other_id=kept.id, _data={"reason": ""}, _status=422)
    assert "Fyll ut dette feltet" in refused.text
    adviser.post("ideas_merge.merge", idea_id=merged.id, other_id=kept.id, _data={"reason": WHY})
    assert WHY in adviser.get("ideas_merge.merges").text
