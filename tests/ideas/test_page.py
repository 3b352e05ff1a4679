"""The page of one idea: what its author says, and all that has come of it."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa

from portal.goals.actions import link
from portal.ideas.actions.proposing import edit_idea, withdraw_idea
from portal.ideas.models.cases import CaseStep, Merge, Step
from portal.ideas.models.ideas import Idea, Lineage
from portal.ideas.stages import Decision, IdeaKind, Stage
from portal.ideas.staleness import Weight, staleness
from portal.kernel import clock
from portal.kernel.content import PublicationState, Ref
from portal.kernel.db import db
from portal.participation.actions.joining import support
from tests.support.ideas import draft, published


def change(idea: Idea, **values: Any) -> None:
    db.session.execute(sa.update(Idea).where(Idea.id == idea.id).values(**values))
    db.session.commit()


def show(visitor: Any, idea_id: int, name: str | None = None, status: int = 200) -> Any:
    someone = visitor(name)
    page = someone.get("ideas.permanent", idea_id=idea_id, _status=301 if status == 200 else status)
    return someone.follow(page) if status == 200 else page


@pytest.mark.parametrize("reader", [None, "resident", "volunteer", "adviser", "moderator"])
@pytest.mark.parametrize("kind", IdeaKind)
def test_a_page_with_everything_on_it_costs_at_most_eight_statements(
    kind: IdeaKind, reader: str | None, cast: Any, visitor: Any, count_queries: Any
) -> None:
    author = cast.actor("volunteer")
    parent = published(author, "Den første")
    idea = published(author, kind=kind, parent_id=parent.id, lineage=Lineage.INSPIRED)
    published(cast.actor("resident"), "Vi også", parent_id=idea.id, lineage=Lineage.ALSO_WANTED)
    support(cast.actor("resident"), Ref("idea", idea.id))
    link(author, Ref("idea", idea.id), "goal", [11, 13])
    link(author, Ref("idea", idea.id), "indicator", [108])
    for step in (Step.ANSWERED, Step.PROGRESS):
        db.session.add(CaseStep(idea_id=idea.id, at=clock.now(), step=step, text="Slik går det.", details={}))
    db.session.commit()
    number, someone = idea.id, visitor(reader)
    with count_queries(at_most=8):
        page = someone.get("ideas.show", idea_id=number, slug="nattbuss-til-heggedal")
    for words in ("Den første", "Vi også", "Slik går det.", "1.8"):
        assert words in page.words


def test_the_authors_own_words_come_first_in_their_own_language(cast: Any, visitor: Any) -> None:
    idea = published(cast.actor("resident"), "Night bus", challenge="The bus is too rare.", language="en")
    page = show(visitor, idea.id)
    assert page.one("h1")["lang"] == "en"
    assert page.one(".idea-words .prose")["lang"] == "en"
    assert cast.actor("resident").name in page.one(".idea-byline").get_text()


def test_an_old_title_in_the_address_leads_to_the_new_one(cast: Any, visitor: Any) -> None:
    idea = published(cast.actor("resident"))
    page = visitor().get("ideas.show", idea_id=idea.id, slug="noe-annet", _status=301)
    assert page.response.headers["Location"].endswith(f"/ideer/{idea.id}-nattbuss-til-heggedal")


@pytest.mark.parametrize("state", [PublicationState.HIDDEN, PublicationState.PENDING, PublicationState.INTERNAL])
def test_what_is_not_public_is_not_found_by_others(state: PublicationState, cast: Any, visitor: Any) -> None:
    idea = published(cast.actor("resident"))
    change(idea, state=state)
    for stranger in (None, "resident2"):
        show(visitor, idea.id, stranger, 404)
    assert show(visitor, idea.id, "resident").heading == "Nattbuss til Heggedal"


def test_what_was_taken_back_says_that_it_may_be(cast: Any, visitor: Any) -> None:
    idea = published(cast.actor("resident"))
    withdraw_idea(cast.actor("resident"), idea.id)
    assert "trukket" in show(visitor, idea.id, None, 404).words


def test_a_merged_idea_points_on(cast: Any, visitor: Any) -> None:
    kept, merged = published(cast.actor("resident"), "Den som står"), published(cast.actor("volunteer"))
    change(merged, state=PublicationState.MERGED)
    told = {"reason": "Samme", "by_title": "Innovasjonsrådgiver", "at": clock.now(), "state_before": "published"}
    db.session.add(Merge(kept_id=kept.id, merged_id=merged.id, **told))
    db.session.commit()
    page = show(visitor, merged.id)
    assert "slått sammen" in page.words
    assert f"/ideer/{kept.id}-den-som-star" in page.one(".ds-alert a, .notice a, main [class*=alert] a")["href"]


def test_a_visitor_gets_links_and_no_cookie(cast: Any, visitor: Any) -> None:
    idea = published(cast.actor("resident"))
    page = show(visitor, idea.id)
    assert not page.all("main form")
    assert "Set-Cookie" not in page.response.headers
    assert page.response.headers["ETag"]


def test_staff_get_a_way_to_the_case_and_authors_to_their_text(cast: Any, visitor: Any) -> None:
    idea = published(cast.actor("resident"))
    for name, words in (("adviser", "Behandle saken"), ("resident", "Endre ideen")):
        assert words in show(visitor, idea.id, name).words
    assert not {"Behandle saken", "Endre ideen"} & set(show(visitor, idea.id, "resident2").words.split("  "))


def test_what_the_author_changed_is_shown_word_by_word(cast: Any, visitor: Any) -> None:
    author = cast.actor("resident")
    idea = published(author)
    version = db.session.scalar(sa.select(Idea.version).where(Idea.id == idea.id))
    edit_idea(author, idea.id, draft(challenge="Bussen går aldri."), version or 0)
    change(idea, state=PublicationState.PUBLISHED)
    assert "endret" in show(visitor, idea.id).one(".idea-byline").get_text()
    page = visitor().get("ideas.versions", idea_id=idea.id)
    assert "aldri" in page.one("main").ins.get_text()
    assert page.all("del")


def test_silence_is_told_in_public(cast: Any, visitor: Any) -> None:
    with clock.moved(timedelta(days=-43)):
        idea = published(cast.actor("resident"))
    change(idea, stage=Stage.UNDER_WAY, decision=Decision.PROJECT, answered_at=clock.now())
    assert "Ingenting har skjedd på 43 dager." in show(visitor, idea.id).words


@pytest.mark.parametrize(
    ("stage", "days", "overdue", "weight"),
    [
        (Stage.RECEIVED, 29, False, None),
        (Stage.RECEIVED, 30, False, Weight.QUIET),
        (Stage.UNDER_WAY, 89, False, Weight.QUIET),
        (Stage.UNDER_WAY, 90, False, Weight.STALE),
        (Stage.RECEIVED, 15, True, Weight.OVERDUE),
        (Stage.REALISED, 400, False, None),
        (Stage.CLOSED, 400, True, None),
        (Stage.ASSESSING, None, False, None),
    ],
)
def test_how_stale_it_is_follows_from_where_it_stands(
    stage: Stage, days: int | None, overdue: bool, weight: Weight | None
) -> None:
    still = staleness(stage, days, is_overdue=overdue)
    assert (still.weight if still else None) is weight


def test_days_that_have_not_passed_are_refused() -> None:
    with pytest.raises(ValueError, match="-1"):
        staleness(Stage.RECEIVED, -1, is_overdue=False)
