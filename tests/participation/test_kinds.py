"""What participation tells the rest of the house: cards, entries for the search, and what it keeps about people."""

from __future__ import annotations

from collections.abc import Callable

import sqlalchemy as sa

from portal.accounts.models import Byline
from portal.accounts.queries.bylines import shown_name
from portal.kernel.content import PublicationState, Ref, Restriction
from portal.kernel.db import db
from portal.kernel.identity import ANONYMOUS
from portal.kernel.personal import Terms
from portal.participation import kinds
from portal.participation.actions.joining import follow, support
from portal.participation.actions.writing import EditDraft, edit_contribution
from portal.participation.models import Contribution, ContributionVersion, Follow, Form, Pseudonym, Support
from portal.participation.queries import panels
from tests.participation.talk import INDICATOR, ask, asked, erase, let_through, of, restrict, rows, tally
from tests.participation.test_pages import a_comment, restrict_comment
from tests.support.cast import Cast
from tests.support.page import Visitor


def name_over(contribution: Contribution) -> str:
    return db.session.scalar(sa.select(shown_name(Contribution)).where(Contribution.id == contribution.id)) or ""


def test_a_card_leads_to_the_conversation_the_text_stands_in(cast: Cast) -> None:
    question = asked(cast.actor("resident"))
    reply = asked(cast.actor("resident2"), "I mai.", ref=of(question))
    cards = kinds.cards([question.id, reply.id, 0])
    assert {id_: card.values for id_, card in cards.items()} == {
        question.id: {"contribution_id": question.id, "_anchor": f"innlegg-{question.id}"},
        reply.id: {"contribution_id": question.id, "_anchor": f"innlegg-{reply.id}"},
    }
    assert cards[question.id].title.startswith("Spørsmål om 1.1 ")
    assert cards[reply.id].excerpt == "I mai."
    restrict(of(reply), Restriction(state=PublicationState.HIDDEN))
    assert kinds.cards([reply.id])[reply.id].excerpt == "", "a link doesn't say what is hidden"


def test_only_what_everybody_may_read_is_searched_for(cast: Cast) -> None:
    ref = a_comment(cast)
    on_comment = asked(cast.actor("resident2"), "Enig", ref=ref, form=Form.COMMENT)
    question, waiting = asked(cast.actor("resident"), "**Når** kommer lyset?"), ask(cast.actor("resident"), "Senere")
    restrict(of(waiting), Restriction(state=PublicationState.PENDING))
    ids = [on_comment.id, question.id, waiting.id]
    found = kinds.entries(ids)
    assert {id_: entry.body for id_, (entry,) in found.items()} == {
        on_comment.id: "Enig",
        question.id: "Når kommer lyset?",
    }
    restrict_comment(ref, Restriction(state=PublicationState.HIDDEN))
    assert set(kinds.entries(ids)) == {question.id}, "what it was written on is hidden"
    assert kinds.all_ids(0, 10) == ids
    assert kinds.all_ids(ids[0], 1) == [ids[1]]


def test_the_cost_of_entries_and_cards_does_not_grow(cast: Cast, count_queries: Callable[..., object]) -> None:
    ref = a_comment(cast)
    ids = [asked(cast.actor("resident2"), f"Svar {n}", ref=ref, form=Form.COMMENT).id for n in range(9)]
    ids += [asked(cast.actor("resident2"), f"Når {n}?").id for n in range(9)]
    for reads in (kinds.entries, kinds.cards, kinds.written):
        with count_queries(at_most=3):  # type: ignore[attr-defined]  # a context manager
            assert len(reads(ids)) == 18


def test_people_are_told_what_they_support_follow_and_wrote(cast: Cast) -> None:
    question = asked(cast.actor("resident"), "en", byline=Byline.PSEUDONYM)
    author = cast.actor("resident")
    edit_contribution(author, question.id, EditDraft(text="to", language="nb", version=question.version))
    follow(author, INDICATOR)
    told = kinds.export(cast.resident.id)
    assert {name: len(section) for name, section in told.items()} == {
        "supports": 0,
        "follows": 1,
        "contributions": 1,
        "earlier_wordings": 1,
        "pseudonyms": 1,
    }
    assert (told["contributions"][0]["text"], told["earlier_wordings"][0]["text"]) == ("to", "en")
    assert told["contributions"][0]["byline"] == told["pseudonyms"][0]["name"]


def test_who_is_erased_takes_support_and_follow_along(cast: Cast) -> None:
    question = asked(cast.actor("resident"))
    for who in ("resident2", "employee"):
        support(cast.actor(who), of(question))
        follow(cast.actor(who), INDICATOR)
    for _ in range(2):
        erase(cast.resident2.id)
        assert (rows(Support, of(question)), tally(of(question), "supports")) == (1, 1)
        assert (rows(Follow, INDICATOR), tally(INDICATOR, "followers")) == (1, 1)


def test_what_others_built_on_stays_without_its_name_and_the_rest_goes(cast: Cast) -> None:
    author = cast.actor("volunteer")
    replied = asked(author, "Besvart", byline=Byline.PSEUDONYM)
    asked(cast.actor("resident"), "Et svar", ref=of(replied))
    supported = asked(author, "Støttet", byline=Byline.ORGANISATION, organisation_id=cast.volunteer_organisation.id)
    support(cast.actor("resident"), of(supported))
    alone = asked(author, "Alene")
    edited = asked(author, "Før")
    support(cast.actor("resident"), of(edited))
    let_through(edit_contribution(author, edited.id, EditDraft(text="Etter", language="nb", version=edited.version)))
    waiting = ask(author, "Venter")
    erase(cast.volunteer.id)
    left = {
        each.id: (each.text, each.byline, each.pseudonym, each.organisation_id) for each in (replied, supported, alone)
    }
    assert left == {
        replied.id: ("Besvart", Byline.NAME, None, None),
        supported.id: ("Støttet", Byline.NAME, None, None),
        alone.id: ("", Byline.NAME, None, None),
    }
    assert (edited.text, waiting.text) == ("Etter", "")
    assert name_over(replied) == cast.volunteer.name, "which the accounts empty"
    assert db.session.scalars(sa.select(ContributionVersion)).all() == []
    assert db.session.scalars(sa.select(Pseudonym)).all() == []
    assert tally(INDICATOR, "questions") == len(panels.panel(ANONYMOUS, INDICATOR).threads[Form.QUESTION]) == 3


def test_the_municipalitys_answer_stays_when_the_employee_goes(cast: Cast) -> None:
    question = asked(cast.actor("resident"))
    answer = asked(cast.actor("employee"), "I mai.", ref=of(question), is_official=True)
    erase(cast.employee.id)
    assert (answer.text, answer.state) == ("I mai.", PublicationState.PUBLISHED)


def test_what_is_on_hold_is_left_as_it_is(cast: Cast) -> None:
    held, free = asked(cast.actor("resident"), "På vent", byline=Byline.PSEUDONYM), asked(cast.actor("resident"), "Fri")
    erase(cast.resident.id, Terms(held=frozenset({of(held)})))
    assert (held.text, held.byline) == ("På vent", Byline.PSEUDONYM)
    assert free.text == ""
    erase(cast.resident.id)
    assert held.text == ""


def test_the_list_of_what_happened_sees_through_no_pseudonym(cast: Cast, visitor: Callable[..., Visitor]) -> None:
    asked(cast.actor("resident2"), byline=Byline.PSEUDONYM)
    browser = visitor("admin")
    page = browser.get("administration.happenings", hendelse="participation.contribution_written")
    assert "Vises ikke her" in page.main.get_text()
    assert cast.resident2.name not in page.main.get_text()
    follow(cast.actor("resident2"), INDICATOR)
    of_person = browser.get("administration.happenings", person=cast.resident2.id)
    assert "participation" not in of_person.text.split("<tbody")[-1]
    assert "Skrev et innlegg" not in " ".join(cell.get_text() for cell in of_person.all("tbody td"))


def test_a_thing_of_no_kind_has_no_verbs(cast: Cast) -> None:
    assert panels.offered(cast.actor("resident"), Ref("nothing", 1)) == frozenset()
