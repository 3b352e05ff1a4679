"""Ideas that resemble what one writes: offered while writing and before sending, and never in the way."""

from __future__ import annotations

from typing import Any

import pytest
import sqlalchemy as sa

from portal.ideas.actions.proposing import answer_similarity, begin_idea, withdraw_idea
from portal.ideas.actions.steps import add_step
from portal.ideas.models.cases import Step
from portal.ideas.models.ideas import Idea, Similarity, SimilarityLabel
from portal.ideas.queries.similar import page as similar_page
from portal.kernel.content import PublicationState
from portal.kernel.db import atomic, db
from portal.kernel.errors import Forbidden, NotFound
from portal.participation.models import Support
from tests.support.ideas import draft, published

MINE = "Nattbuss fra Asker til Heggedal"


def published_and_found(actor: Any, title: str = "Nattbuss til Heggedal i helgene", **fields: Any) -> Idea:
    """Return an idea that everybody can see, and that search knows of."""
    from portal.moderation.events import TextPassed
    from portal.search.reactions import index

    idea = published(actor, title, **fields)

    @atomic
    def tell() -> None:
        index(TextPassed(actor=actor, case_id=1, kind="idea", target_id=idea.id))

    tell()
    return idea


def mine(cast: Any, title: str = MINE) -> Idea:
    return begin_idea(cast.actor("volunteer"), draft(title, challenge="Siste buss går for tidlig om kvelden."))


def found(cast: Any) -> list[int]:
    return [each.id for each in similar_page(cast.actor("volunteer"), mine(cast).id).ideas]


def test_an_idea_of_the_same_is_found_with_its_answer_and_supporters(cast: Any) -> None:
    idea = published_and_found(cast.actor("resident"))

    @atomic
    def answered() -> None:
        add_step(cast.actor("adviser"), idea, Step.ANSWERED, text="Vi prøver en rute fra mars.")

    answered()
    (each,) = similar_page(cast.actor("volunteer"), mine(cast).id).ideas
    assert (each.id, each.answer, each.supports) == (idea.id, "Vi prøver en rute fra mars.", 0)


def test_drafts_what_is_withdrawn_and_ones_own_are_left_out(cast: Any) -> None:
    begin_idea(cast.actor("resident"), draft("Nattbuss til Heggedal, bare et utkast"))
    gone = published_and_found(cast.actor("resident"), "Nattbuss til Heggedal, trukket")
    withdraw_idea(cast.actor("resident"), gone.id)
    published_and_found(cast.actor("volunteer"), "Nattbuss til Heggedal, min egen")
    assert found(cast) == []


def test_nobody_compares_anothers_draft(cast: Any) -> None:
    with pytest.raises(NotFound):
        similar_page(cast.actor("resident2"), mine(cast).id)


@pytest.mark.parametrize(("answer", "supports"), [("same", 1), ("adds", 0), ("different", 0)])
def test_each_answer_is_kept_as_a_label_without_a_name(cast: Any, answer: str, supports: int) -> None:
    other, own = published_and_found(cast.actor("resident")), mine(cast)
    answer_similarity(cast.actor("volunteer"), own.id, other.id, Similarity(answer))
    label = db.session.scalars(sa.select(SimilarityLabel)).one()
    assert (label.wording, label.idea_id, label.answer) == (MINE, other.id, Similarity(answer))
    assert db.session.scalar(sa.select(sa.func.count()).select_from(Support)) == supports


def test_one_cannot_support_what_one_cannot_see(cast: Any) -> None:
    hidden, own = begin_idea(cast.actor("resident"), draft("Skjult")), mine(cast)
    with pytest.raises((NotFound, Forbidden)):
        answer_similarity(cast.actor("volunteer"), own.id, hidden.id, Similarity.SAME)


# ---- the pages


def test_the_piece_under_the_title_costs_few_statements(visitor: Any, cast: Any, count_queries: Any) -> None:
    published_and_found(cast.actor("resident"))
    own, someone = mine(cast), visitor("volunteer")
    with count_queries(at_most=8):
        told = someone.client.get(f"/ideer/utkast/{own.id}/ligner/liste").get_json()
    assert told["number"] == 1
    assert "Nattbuss til Heggedal i helgene" in told["html"]


def test_before_sending_one_is_asked_and_can_go_on(visitor: Any, cast: Any, count_queries: Any) -> None:
    published_and_found(cast.actor("resident"))
    own, someone = mine(cast), visitor("volunteer")
    with count_queries(at_most=8):
        page = someone.get("ideas_propose.compare", idea_id=own.id)
    assert page.heading == "Ligner ideen din på en av disse?"
    assert page.all(f'a[href$="/ideer/utkast/{own.id}/se-over"]')


def test_to_support_the_other_leads_to_throwing_the_draft_away(visitor: Any, cast: Any) -> None:
    other, own, someone = published_and_found(cast.actor("resident")), mine(cast), visitor("volunteer")
    sent = someone.post("ideas_propose.answer", {"svar": "same"}, idea_id=own.id, other_id=other.id)
    page = someone.follow(sent)
    assert page.heading == "Kaste utkastet?"
    someone.post("ideas_propose.discard", page.form("main form.form"), idea_id=own.id)
    assert db.session.get_one(Idea, own.id, populate_existing=True).state is PublicationState.WITHDRAWN


def test_what_is_new_becomes_an_argument_with_ones_own_words(visitor: Any, cast: Any) -> None:
    other, own, someone = published_and_found(cast.actor("resident")), mine(cast), visitor("volunteer")
    sent = someone.post("ideas_propose.answer", {"svar": "adds"}, idea_id=own.id, other_id=other.id)
    assert "Siste buss går for tidlig om kvelden." in someone.follow(sent).form("main form.form")["text"]


def test_nobody_begins_an_argument_with_anothers_draft(visitor: Any, cast: Any) -> None:
    other, own = published_and_found(cast.actor("resident")), mine(cast)
    page = visitor("resident2").get(
        "participation.write", kind="idea", target_id=other.id, form="for", tekst=f"idea:{own.id}"
    )
    assert page.form("main form.form")["text"] == ""


def test_what_was_said_not_to_be_the_same_is_not_asked_of_again(visitor: Any, cast: Any) -> None:
    other, own, someone = published_and_found(cast.actor("resident")), mine(cast), visitor("volunteer")
    someone.post("ideas_propose.answer", {"svar": "different"}, idea_id=own.id, other_id=other.id)
    someone.get("ideas_propose.compare", _status=303, idea_id=own.id)
