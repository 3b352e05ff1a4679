"""News of a project and its log of decisions: who writes, what waits, and what the feed says."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import uuid4
from xml.etree import ElementTree as Xml

import pytest

from portal.cocreation.actions.news import (
    DecisionDraft,
    NewsDraft,
    edit_decision,
    edit_news,
    withdraw_news,
    write_decision,
    write_news,
)
from portal.cocreation.models.projects import Project
from portal.cocreation.models.together import ProjectDecision, Update
from portal.cocreation.queries import news as queries
from portal.cocreation.queries.frame import frame
from portal.kernel import clock
from portal.kernel.content import PublicationState
from portal.kernel.db import db
from portal.kernel.errors import Conflict, Forbidden, Invalid, NotFound
from tests.support.cast import Cast
from tests.support.cocreation import contributing, joined, let_through, started
from tests.support.page import Visitor, forget_request

Door = Callable[..., Visitor]
ATOM = "{http://www.w3.org/2005/Atom}"
NEWS = NewsDraft(title="Kjøkkenet er malt", text="Nå er det **klart** til første middag.")


def decision(**changed: Any) -> DecisionDraft:
    """What parties could decide."""
    values = {"what": "Vi åpner i mars", "why": "Da er lokalet ledig.", "decided_by": "Alle partene"}
    return DecisionDraft(**{**values, "decided_on": clock.today(), **changed})


@pytest.fixture
def project(cast: Cast) -> Project:
    """A project of the volunteer's; the business represents a party, the second resident contributes."""
    made = started(cast.actor("volunteer"))
    joined(cast.actor("volunteer"), made, cast.actor("business"), "Kafeen")
    contributing(cast.actor("volunteer"), made, cast.actor("resident2"))
    return made


def shown_news(cast: Cast, project: Project, who: str = "volunteer", **changed: Any) -> Update:
    """News that everybody sees."""
    draft = NewsDraft(**{"title": NEWS.title, "text": NEWS.text, **changed})
    post = write_news(cast.actor(who), project.id, draft, key=uuid4().hex)
    let_through(post)
    return post


def shown_decision(cast: Cast, project: Project, who: str = "volunteer", **changed: Any) -> ProjectDecision:
    """A decision that everybody sees."""
    post = write_decision(cast.actor(who), project.id, decision(**changed), key=uuid4().hex)
    let_through(post)
    return post


@pytest.mark.parametrize("who", ["volunteer", "business", "resident2"])
def test_every_member_tells_what_is_new(cast: Cast, project: Project, who: str) -> None:
    assert write_news(cast.actor(who), project.id, NEWS, key="k").state is PublicationState.PENDING


@pytest.mark.parametrize("who", ["resident", "employee", "moderator", "adviser", "admin"])
def test_nobody_else_does(cast: Cast, project: Project, who: str) -> None:
    with pytest.raises(Forbidden):
        write_news(cast.actor(who), project.id, NEWS, key="k")


@pytest.mark.parametrize(("who", "may"), [("volunteer", True), ("business", True), ("resident2", False)])
def test_owners_and_representatives_write_what_was_decided(cast: Cast, project: Project, who: str, may: bool) -> None:
    if may:
        assert write_decision(cast.actor(who), project.id, decision(), key="k").what == "Vi åpner i mars"
    else:
        with pytest.raises(Forbidden):
            write_decision(cast.actor(who), project.id, decision(), key="k")


def test_the_author_and_the_owners_change_and_withdraw_news(cast: Cast, project: Project) -> None:
    post = shown_news(cast, project, "resident2")
    for who in ("business", "resident", "moderator"):
        with pytest.raises(Forbidden):
            edit_news(cast.actor(who), post.id, NEWS, version=post.version)
        with pytest.raises(Forbidden):
            withdraw_news(cast.actor(who), post.id)
    edit_news(cast.actor("resident2"), post.id, NewsDraft(title="Malt!", text="Ferdig."), version=post.version)
    assert post.state is PublicationState.PENDING
    withdraw_news(cast.actor("volunteer"), post.id)
    assert (post.title, post.text, post.state) == ("", "", PublicationState.WITHDRAWN)


def test_a_stale_copy_is_told_so(cast: Cast, project: Project) -> None:
    post = shown_news(cast, project)
    seen = post.version
    edit_news(cast.actor("volunteer"), post.id, NewsDraft(title="Én", text="x"), version=seen)
    with pytest.raises(Conflict):
        edit_news(cast.actor("volunteer"), post.id, NewsDraft(title="To", text="x"), version=seen)


def test_what_waits_is_seen_by_members_and_its_author_only(cast: Cast, project: Project, visitor: Door) -> None:
    write_news(cast.actor("resident2"), project.id, NEWS, key="k")
    write_decision(cast.actor("business"), project.id, decision(), key="k")
    for who, sees in (
        (None, False),
        ("resident", False),
        ("volunteer", True),
        ("resident2", True),
        ("moderator", True),
    ):
        reader = visitor(who) if who else visitor()
        for endpoint, text in (("news", NEWS.title), ("decisions", "Vi åpner i mars")):
            page = reader.get(f"cocreation_news.{endpoint}", project_id=project.id)
            assert (text in page.words) is sees, f"{endpoint} for {who}"
            assert ("Venter på moderator" in page.words) is sees


def test_news_stand_under_title_and_party_and_never_a_members_name(cast: Cast, project: Project, visitor: Door) -> None:
    shown_news(cast, project, "business")
    page = visitor().get("cocreation_news.news", project_id=project.id)
    assert "Leder, Kafeen" in page.words
    assert cast.business.name not in page.words


def test_the_log_says_what_was_changed_also_when_only_the_day_was(cast: Cast, project: Project, visitor: Door) -> None:
    post = shown_decision(cast, project)
    assert "Endret" not in visitor().get("cocreation_news.decisions", project_id=project.id).one(".decision").get_text()
    other_day = decision(decided_on=clock.today() - timedelta(days=2))
    edit_decision(cast.actor("volunteer"), post.id, other_day, version=post.version)
    assert post.state is PublicationState.PUBLISHED
    assert "Endret" in visitor().get("cocreation_news.decisions", project_id=project.id).one(".decision").get_text()


def test_other_words_of_a_decision_wait_for_a_moderator(cast: Cast, project: Project) -> None:
    post = shown_decision(cast, project)
    edit_decision(cast.actor("volunteer"), post.id, decision(what="Vi åpner i april"), version=post.version)
    assert post.state is PublicationState.PENDING
    assert post.edited_at is not None


def test_a_decision_saved_as_it_was_is_not_changed(cast: Cast, project: Project) -> None:
    post = shown_decision(cast, project)
    edit_decision(cast.actor("volunteer"), post.id, decision(), version=post.version)
    assert (post.state, post.edited_at) == (PublicationState.PUBLISHED, None)


def test_nothing_was_decided_tomorrow(cast: Cast, project: Project) -> None:
    with pytest.raises(Invalid) as refused:
        shown_decision(cast, project, decided_on=clock.today() + timedelta(days=1))
    assert refused.value.field == "decided_on"


def test_the_log_is_in_the_order_of_what_was_decided(cast: Cast, project: Project, visitor: Door) -> None:
    for days, what in ((3, "Først"), (0, "Sist"), (1, "Imellom")):
        shown_decision(cast, project, what=what, decided_on=clock.today() - timedelta(days=days))
    page = visitor().get("cocreation_news.decisions", project_id=project.id)
    assert [each.get_text() for each in page.all(".decision h2")] == ["Sist", "Imellom", "Først"]


def feed_of(reader: Visitor, project: Project) -> Any:
    """The feed as a reader of feeds gets it."""
    forget_request()
    response = reader.client.get(f"/samskaping/{project.id}/nytt.xml")
    assert response.mimetype == "application/atom+xml"
    return Xml.fromstring(response.get_data())  # noqa: S314 - our own


def test_the_feed_holds_what_everybody_may_read_whoever_asks(cast: Cast, project: Project, visitor: Door) -> None:
    shown_news(cast, project)
    write_news(cast.actor("volunteer"), project.id, NewsDraft(title="Hemmelig ennå", text="x"), key="k2")
    taken_back = shown_news(cast, project, title="Trukket")
    withdraw_news(cast.actor("volunteer"), taken_back.id)
    for reader in (visitor(), visitor("volunteer"), visitor("moderator")):
        feed = feed_of(reader, project)
        assert [entry.findtext(f"{ATOM}title") for entry in feed.iter(f"{ATOM}entry")] == [NEWS.title]
        assert feed.findtext(f"{ATOM}entry/{ATOM}content") == "Nå er det klart til første middag."
        assert feed.findtext(f"{ATOM}entry/{ATOM}author/{ATOM}name") == "Kontakt, Naboene"
    assert "Set-Cookie" not in visitor().client.get(f"/samskaping/{project.id}/nytt.xml").headers


def test_a_project_that_waits_has_no_feed_for_anybody(cast: Cast, project: Project, visitor: Door) -> None:
    shown_news(cast, project)
    project.state = PublicationState.PENDING
    db.session.commit()
    for reader in (visitor(), visitor("volunteer")):
        reader.get("cocreation_news.atom", project_id=project.id, _status=404)


def test_a_feed_of_nothing_is_a_feed(project: Project, visitor: Door) -> None:
    feed = feed_of(visitor(), project)
    assert list(feed.iter(f"{ATOM}entry")) == []
    for required in ("id", "title", "updated", "author"):
        assert feed.find(f"{ATOM}{required}") is not None, required


def test_news_come_a_page_at_a_time(cast: Cast, project: Project, visitor: Door) -> None:
    for number in range(queries.PAGE_SIZE + 1):
        shown_news(cast, project, title=f"Nytt nummer {number}")
    page = visitor().get("cocreation_news.news", project_id=project.id)
    assert len(page.all(".project-post")) == queries.PAGE_SIZE
    older = visitor().get_url(str(page.one('a[rel="next"]')["href"]))
    assert [each.get_text() for each in older.all(".project-post h2")] == ["Nytt nummer 0"]


def test_pages_full_of_news_ask_little_of_the_database(
    cast: Cast, project: Project, visitor: Door, count_queries: Callable[..., Any]
) -> None:
    for number in range(queries.PAGE_SIZE):
        shown_news(cast, project, title=f"Nytt {number}")
        shown_decision(cast, project, what=f"Bestemt {number}")
    for who in (None, "volunteer", "resident"):
        reader = visitor(who) if who else visitor()
        for endpoint in ("news", "decisions"):
            with count_queries(at_most=8):
                reader.get(f"cocreation_news.{endpoint}", project_id=project.id)
        with count_queries(at_most=8):
            feed_of(reader, project)


def test_the_newest_are_there_for_the_projects_own_page(cast: Cast, project: Project) -> None:
    shown_news(cast, project)
    write_news(cast.actor("volunteer"), project.id, NewsDraft(title="Venter", text="x"), key="k2")
    resident, member = cast.actor("resident"), cast.actor("business")
    assert [each.title for each in queries.latest(resident, frame(resident, project.id))] == [NEWS.title]
    assert len(queries.latest(member, frame(member, project.id))) == 2


def test_public_pages_set_no_cookie(cast: Cast, project: Project, visitor: Door) -> None:
    shown_news(cast, project)
    shown_decision(cast, project)
    for endpoint in ("news", "decisions"):
        page = visitor().get(f"cocreation_news.{endpoint}", project_id=project.id)
        assert "Set-Cookie" not in page.response.headers


def test_news_are_written_changed_and_taken_back_in_forms(cast: Cast, project: Project, visitor: Door) -> None:
    member = visitor("resident2")
    here = {"project_id": project.id}
    values = member.get("cocreation_news.new", **here).form("main form.form")
    assert member.post("cocreation_news.new", values, _status=422, **here).all("[data-error-summary]")
    values |= {"title": "Vi maler", "text": "På lørdag."}
    sent = member.post("cocreation_news.new", values, **here)
    member.post("cocreation_news.new", values, **here)
    page = member.follow(sent)
    assert len(page.all(".project-post")) == 1, "sent twice it is one"
    post = db.session.query(Update).one()
    one = {**here, "post_id": post.id}
    values = member.get("cocreation_news.edit", **one).form("main form.form") | {"title": "Vi malte"}
    member.post("cocreation_news.edit", values, **one)
    stale = member.post("cocreation_news.edit", values | {"title": "En gang til"}, _status=422, **one)
    assert stale.form("main form.form")["title"] == "En gang til"
    member.post("cocreation_news.edit", stale.form("main form.form"), **one)
    assert post.title == "En gang til"
    assert "En gang til" in member.get("cocreation_news.withdraw", **one).words
    member.post("cocreation_news.withdraw", {}, **one)
    assert "En gang til" not in member.get("cocreation_news.news", **here).words


def test_pictures_are_attached_where_the_files_are_sent(project: Project, visitor: Door) -> None:
    member = visitor("volunteer")
    values = {"title": "Bilder", "text": "Se her.", "language": "nb", "key": "abc", "gjor": "bilder"}
    page = member.follow(member.post("cocreation_news.new", values, project_id=project.id))
    assert "Bilder" in page.words
    assert page.all('input[type="file"]')


def test_a_text_is_not_found_in_another_project(cast: Cast, project: Project, visitor: Door) -> None:
    post = shown_news(cast, project)
    other = started(cast.actor("volunteer"), "Et annet prosjekt", party="Andre naboer")
    visitor("volunteer").get("cocreation_news.edit", project_id=other.id, post_id=post.id, _status=404)
    with pytest.raises(NotFound):
        queries.writing(cast.actor("volunteer"), other.id, Update, post.id)


def test_decisions_are_written_and_changed_in_forms(cast: Cast, project: Project, visitor: Door) -> None:
    owner, here = visitor("volunteer"), {"project_id": project.id}
    values = owner.get("cocreation_news.decide", **here).form("main form.form")
    values |= {"what": "Vi sier nei til støtten", "why": "Kravene passet ikke.", "decided_by": "Styringsgruppa"}
    page = owner.follow(owner.post("cocreation_news.decide", values, **here))
    assert "Bestemt av Styringsgruppa" in page.words
    post = db.session.query(ProjectDecision).one()
    values = owner.get("cocreation_news.change_decision", post_id=post.id, **here).form("main form.form")
    owner.post("cocreation_news.change_decision", values | {"why": "Vi rakk det ikke."}, post_id=post.id, **here)
    assert post.why == "Vi rakk det ikke."
    visitor("resident").get("cocreation_news.decide", _status=403, **here)
