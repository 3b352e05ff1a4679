"""Proposing something, from the first letter to everybody's eyes."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa

from portal.accounts.models import Byline
from portal.goals.queries import links
from portal.ideas.actions.proposing import (
    Around,
    begin_idea,
    consent_to_publishing,
    discard_draft,
    edit_idea,
    save_draft,
    send_idea,
    withdraw_idea,
)
from portal.ideas.models.ideas import Idea, IdeaVersion, Lineage
from portal.ideas.stages import IdeaKind
from portal.kernel import clock
from portal.kernel.content import PublicationState, Ref
from portal.kernel.db import db
from portal.kernel.errors import Conflict, Forbidden, Invalid, NotFound
from portal.participation.models import Pseudonym
from portal.places.actions import PlaceDraft
from portal.places.queries import location
from tests.support.ideas import CHALLENGE, draft, proposed, published

SCRIPT = {"X-Requested-With": "fetch"}
HEGGEDAL = PlaceDraft(latitude=59.787, longitude=10.437, address="Heggedal stasjon")


def the_idea(title: str = "Nattbuss til Heggedal") -> Idea:
    return db.session.scalars(sa.select(Idea).where(Idea.title == title)).one()


def test_a_draft_is_nobody_elses_to_see(cast: Any) -> None:
    idea = begin_idea(cast.actor("resident"), draft())
    with pytest.raises(NotFound):
        save_draft(cast.actor("resident2"), idea.id, draft("Min nå"))


def test_the_same_form_twice_is_one_draft_with_what_was_written_last(cast: Any) -> None:
    first = begin_idea(cast.actor("resident"), draft("Natt"), key="skjema-1")
    again = begin_idea(cast.actor("resident"), draft("Nattbuss"), key="skjema-1")
    assert first.id == again.id
    assert again.title == "Nattbuss"


def test_a_draft_saved_from_another_window_is_not_overwritten_unseen(cast: Any) -> None:
    idea = begin_idea(cast.actor("resident"), draft())
    opened = idea.version
    save_draft(cast.actor("resident"), idea.id, draft("Fra det andre vinduet"), version=opened)
    with pytest.raises(Conflict):
        save_draft(cast.actor("resident"), idea.id, draft("Fra det første"), version=opened)


@pytest.mark.parametrize("missing", ["title", "challenge"])
def test_nothing_is_sent_in_without_a_title_and_a_challenge(cast: Any, missing: str) -> None:
    idea = begin_idea(cast.actor("resident"), draft(**{missing: "  "}))
    with pytest.raises(Invalid) as refused:
        send_idea(cast.actor("resident"), idea.id)
    assert refused.value.field == missing


def test_what_was_sent_in_and_let_through_is_listed_from_then(cast: Any) -> None:
    idea = published(cast.actor("resident"))
    assert idea.state is PublicationState.PUBLISHED
    assert idea.sent_at is not None
    assert idea.shown_at >= idea.sent_at


def test_sent_twice_it_is_sent_once(cast: Any) -> None:
    idea = proposed(cast.actor("resident"))
    sent = idea.sent_at
    with clock.moved(by=timedelta(hours=1)):
        assert send_idea(cast.actor("resident"), idea.id).sent_at == sent


def test_where_it_is_and_what_it_serves_are_kept_with_the_draft(cast: Any) -> None:
    around = Around(place=HEGGEDAL, goals=(11,), indicators=())
    idea = begin_idea(cast.actor("resident"), draft(), around=around)
    found = location(Ref("idea", idea.id))
    assert found is not None
    assert not found.is_public
    assert links([Ref("idea", idea.id)])[Ref("idea", idea.id)] == [Ref("goal", 11)]


def test_a_pseudonym_is_made_when_it_is_sent_in_and_not_before(cast: Any) -> None:
    idea = begin_idea(cast.actor("resident"), draft(byline=Byline.PSEUDONYM))
    assert idea.pseudonym is None
    sent = send_idea(cast.actor("resident"), idea.id)
    kept = db.session.scalars(sa.select(Pseudonym.name).where(Pseudonym.target_id == idea.id)).one()
    assert sent.pseudonym == kept


def test_nobody_writes_for_an_organisation_they_do_not_speak_for(cast: Any) -> None:
    stranger = cast.volunteer_organisation.id
    with pytest.raises(Invalid) as refused:
        begin_idea(cast.actor("resident"), draft(byline=Byline.ORGANISATION, organisation_id=stranger))
    assert refused.value.field == "signed"


def test_it_can_come_from_an_idea_one_can_read_and_from_no_other(cast: Any) -> None:
    parent = published(cast.actor("resident"), "Sykkelskur på stasjonen")
    child = begin_idea(cast.actor("volunteer"), draft(parent_id=parent.id, lineage=Lineage.ALSO_WANTED))
    assert child.lineage is Lineage.ALSO_WANTED
    hidden = begin_idea(cast.actor("resident"), draft("Hemmelig"))
    with pytest.raises(NotFound):
        begin_idea(cast.actor("volunteer"), draft(parent_id=hidden.id))


def test_what_was_shown_is_kept_when_its_author_changes_it(cast: Any) -> None:
    author = cast.actor("resident")
    idea = published(author)
    edit_idea(author, idea.id, draft("Nattbuss til Heggedal og Slemmestad"), idea.version)
    kept = db.session.scalars(sa.select(IdeaVersion).where(IdeaVersion.idea_id == idea.id)).one()
    assert kept.title == "Nattbuss til Heggedal"
    assert idea.edited_at is not None


def test_a_change_keeps_the_name_it_was_sent_under(cast: Any) -> None:
    author = cast.actor("resident")
    idea = published(author, byline=Byline.PSEUDONYM)
    name = idea.pseudonym
    edit_idea(author, idea.id, draft("Nattbuss oftere"), idea.version)
    assert (idea.byline, idea.pseudonym) == (Byline.PSEUDONYM, name)


def test_a_change_made_from_an_old_page_is_refused(cast: Any) -> None:
    author = cast.actor("resident")
    idea = published(author)
    with pytest.raises(Conflict):
        edit_idea(author, idea.id, draft("Ny tittel"), idea.version - 1)


def test_withdrawing_takes_the_texts_the_place_and_the_goals_away(cast: Any) -> None:
    author = cast.actor("resident")
    idea = published(author)
    edit_idea(author, idea.id, draft(), idea.version, Around(place=HEGGEDAL, goals=(3,)))
    withdraw_idea(author, idea.id)
    ref = Ref("idea", idea.id)
    assert (idea.state, idea.title, idea.challenge) == (PublicationState.WITHDRAWN, "", "")
    assert location(ref) is None
    assert links([ref])[ref] == []


def test_only_a_draft_is_thrown_away(cast: Any) -> None:
    idea = proposed(cast.actor("resident"))
    with pytest.raises(Conflict):
        discard_draft(cast.actor("resident"), idea.id)


def test_only_its_author_lets_an_internal_one_be_published(cast: Any) -> None:
    idea = proposed(cast.actor("employee"), "Tre skjemaer for det samme", internally=True, kind=IdeaKind.TIME_THIEF)
    assert idea.state is PublicationState.INTERNAL
    with pytest.raises(Forbidden):
        consent_to_publishing(cast.actor("adviser"), idea.id)
    assert consent_to_publishing(cast.actor("employee"), idea.id).state is not PublicationState.INTERNAL


# ---- the pages


def test_the_way_from_an_empty_form_to_the_receipt(visitor: Any) -> None:
    someone = visitor("resident")
    form = someone.get("ideas_propose.new").form("main form.form")
    sent = someone.post("ideas_propose.new", form | {"title": "Nattbuss til Heggedal", "challenge": CHALLENGE})
    compare = someone.client.get(sent.response.headers["Location"])
    assert compare.status_code == 303, "nothing resembles it, so there is nothing to compare"
    review = someone.get_url(compare.headers["Location"])
    assert review.heading == "Se over før du sender inn"
    assert CHALLENGE in review.words
    receipt = someone.follow(someone.post("ideas_propose.review", review.form("main form.form"), idea_id=the_idea().id))
    assert "Kommunen svarer innen" in receipt.words
    assert the_idea().sent_at is not None


def test_a_draft_can_be_saved_with_only_a_title(visitor: Any) -> None:
    someone = visitor("resident")
    form = someone.get("ideas_propose.new").form("main form.form")
    page = someone.follow(someone.post("ideas_propose.new", form | {"title": "Nattbuss til Heggedal", "gjor": "lagre"}))
    assert page.form("main form.form")["title"] == "Nattbuss til Heggedal"
    assert the_idea().state is PublicationState.DRAFT


def test_what_is_missing_is_told_at_its_field_and_the_rest_is_kept(visitor: Any) -> None:
    someone = visitor("resident")
    form = someone.get("ideas_propose.new").form("main form.form")
    page = someone.follow(someone.post("ideas_propose.new", form | {"title": "Nattbuss til Heggedal"}))
    assert page.one("#challenge")["aria-invalid"] == "true"
    assert page.form("main form.form")["title"] == "Nattbuss til Heggedal"


def test_too_long_a_text_is_told_of_and_stands_in_the_form(visitor: Any) -> None:
    someone = visitor("resident")
    form = someone.get("ideas_propose.new").form("main form.form")
    page = someone.post("ideas_propose.new", form | {"title": "Nattbuss", "challenge": "a" * 5001}, _status=422)
    assert "Skriv høyst 5000 tegn." in page.words
    assert page.form("main form.form")["challenge"] == "a" * 5001


def test_a_script_is_told_what_was_saved_and_where(visitor: Any) -> None:
    someone = visitor("resident")
    form = someone.get("ideas_propose.new").form("main form.form") | {"title": "Nattbuss til Heggedal"}
    form["csrf_token"] = someone.token()
    sent = someone.client.post("/ideer/ny", data=form, headers=SCRIPT)
    told = sent.get_json()
    assert told["url"].endswith(f"/ideer/utkast/{the_idea().id}")
    assert told["saved"].startswith("Lagret")
    form |= {"version": told["version"], "title": "Nattbuss"}
    again = someone.client.post(told["url"], data=form, headers=SCRIPT)
    assert again.get_json()["version"] == told["version"] + 1


def test_the_address_fills_in_the_indicator_and_the_goal(visitor: Any) -> None:
    form = visitor("volunteer").get("ideas_propose.new", indikator="1.8", mal=11).form("main form.form")
    assert form["indicators"] == "108"
    assert form["goals"] == "11"


def test_it_begins_from_another_idea(visitor: Any, cast: Any) -> None:
    parent = published(cast.actor("resident"), "Sykkelskur på stasjonen")
    someone = visitor("volunteer")
    page = someone.get("ideas_propose.new", fra=parent.id, som="ogsa")
    assert "Sykkelskur på stasjonen" in page.words
    form = page.form("main form.form")
    someone.post("ideas_propose.new", form | {"title": "Skur i Heggedal", "gjor": "lagre"})
    child = the_idea("Skur i Heggedal")
    assert (child.parent_id, child.lineage) == (parent.id, Lineage.ALSO_WANTED)


def test_a_told_experience_is_asked_of_in_the_past_tense(visitor: Any) -> None:
    assert "Hva gjorde dere?" in visitor("resident").get("ideas_propose.new", fortid=1).words


def test_a_change_that_comes_second_loses_nothing(visitor: Any, cast: Any) -> None:
    author = cast.actor("resident")
    idea = published(author)
    someone = visitor("resident")
    form = someone.get("ideas_propose.edit", idea_id=idea.id).form("main form.form")
    edit_idea(author, idea.id, draft("Fra det andre vinduet"), idea.version)
    page = someone.post("ideas_propose.edit", form | {"title": "Fra det første"}, _status=409, idea_id=idea.id)
    assert "Fra det andre vinduet" in page.words
    assert page.form("main form.form")["title"] == "Fra det første"
    someone.post("ideas_propose.edit", page.form("main form.form"), idea_id=idea.id)
    db.session.expire_all()
    assert the_idea("Fra det første").id == idea.id


def test_ones_own_page_says_what_each_waits_for(visitor: Any, cast: Any, count_queries: Any) -> None:
    author = cast.actor("resident")
    begin_idea(author, draft("Bare et utkast"))
    published(author, "Nattbuss til Heggedal")
    someone = visitor("resident")
    with count_queries(at_most=8):
        page = someone.get("ideas_propose.mine")
    assert "Bare et utkast" in page.words
    assert "kommunen svarer innen" in page.words


def test_it_is_taken_back_after_a_page_that_says_what_it_means(visitor: Any, cast: Any) -> None:
    idea = published(cast.actor("resident"))
    someone = visitor("resident")
    form = someone.get("ideas_propose.withdraw", idea_id=idea.id).form("main form.form")
    someone.post("ideas_propose.withdraw", form, idea_id=idea.id)
    db.session.expire_all()
    assert db.session.get_one(Idea, idea.id).state is PublicationState.WITHDRAWN


def test_a_draft_is_thrown_away_after_asking(visitor: Any, cast: Any) -> None:
    idea = begin_idea(cast.actor("resident"), draft())
    someone = visitor("resident")
    form = someone.get("ideas_propose.discard", idea_id=idea.id).form("main form.form")
    someone.post("ideas_propose.discard", form, idea_id=idea.id)
    assert "Du har ikke foreslått noe ennå" in someone.get("ideas_propose.mine").words


def test_nobody_else_opens_a_draft(visitor: Any, cast: Any) -> None:
    idea = begin_idea(cast.actor("resident"), draft())
    for name in ("resident2", "adviser", "moderator"):
        visitor(name).get("ideas_propose.draft", _status=404, idea_id=idea.id)


@pytest.mark.parametrize("view", ["new", "draft", "review"])
def test_the_pages_ask_the_database_little(visitor: Any, cast: Any, count_queries: Any, view: str) -> None:
    around = Around(place=HEGGEDAL, goals=(11,), indicators=(108,))
    idea = begin_idea(cast.actor("volunteer"), draft(), around=around)
    someone = visitor("volunteer")
    values = {} if view == "new" else {"idea_id": idea.id}
    someone.get(f"ideas_propose.{view}", **values)
    with count_queries(at_most=8):
        someone.get(f"ideas_propose.{view}", **values)
