"""Writing to a project or an actor through the portal: who reads, who answers, and that nobody sees an address."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa

from portal.accounts.actions.organisations import close_organisation
from portal.accounts.models import Spokesperson
from portal.cocreation.actions import messages as actions
from portal.cocreation.actions.messages import NEW_A_DAY
from portal.cocreation.kinds import messages as kinds
from portal.cocreation.kinds import personal
from portal.cocreation.models.finding import Message
from portal.cocreation.models.projects import Member, MemberRole, Project
from portal.cocreation.queries import messages as queries
from portal.kernel import clock
from portal.kernel.audit import AuditEntry
from portal.kernel.content import Ref
from portal.kernel.db import atomic, db
from portal.kernel.errors import Conflict, Forbidden, Invalid, NotFound
from portal.kernel.identity import ANONYMOUS, Actor
from tests.cocreation.offering import an_offer
from tests.cocreation.together import a_need
from tests.support.cocreation import contributing, joined, started
from tests.support.page import Visitor

Browser = Callable[..., Visitor]
HOSTILE = "<script>alert(1)</script> **[x](javascript:alert(1))** <img src=x onerror=alert(1)>"


@pytest.fixture
def project(cast: Any) -> Project:
    return started(cast.actor("resident"))


@pytest.fixture
def writer(cast: Any) -> Actor:
    found: Actor = cast.actor("resident2")
    return found


@pytest.fixture
def first(project: Project, writer: Actor) -> Message:
    return actions.send_message(writer, Ref("project", project.id), "Kan jeg hjelpe?", key="first")


def limited(actor: Actor) -> Actor:
    return replace(actor, limited_until=clock.now() + timedelta(days=1))


def addresses(cast: Any) -> list[str]:
    return [cast.resident.email, cast.resident2.email, cast.volunteer.email, cast.business.email]


# -- who reads ---------------------------------------------------------------------------------------------------------


def test_a_message_to_a_project_is_read_by_owners_and_representatives_alone(
    cast: Any, project: Project, writer: Actor
) -> None:
    owner = cast.actor("resident")
    joined(owner, project, cast.actor("business"), "Bedriften")
    contributing(owner, project, cast.actor("employee"))
    message = actions.send_message(writer, Ref("project", project.id), "Hei", key="a")
    assert sorted(queries.recipients(message.id)) == sorted([cast.resident.id, cast.business.id])
    for reader in (owner, cast.actor("business"), writer):
        assert queries.conversation(reader, message.id).first.id == message.id
    for stranger in (cast.actor("employee"), cast.actor("volunteer"), cast.actor("admin"), cast.actor("moderator")):
        with pytest.raises(NotFound):
            queries.conversation(stranger, message.id)
        with pytest.raises(NotFound):
            actions.answer_message(stranger, message.id, "Hei", key="b")
        with pytest.raises(NotFound):
            actions.end_conversation(stranger, message.id)
        assert not kinds.may(stranger, Ref("actor_message", message.id), "read")
    assert kinds.may(owner, Ref("actor_message", message.id), "read")
    assert not kinds.may(ANONYMOUS, Ref("actor_message", message.id), "read")


def test_a_message_about_a_need_goes_to_its_project_and_about_an_offer_to_its_organisation(
    cast: Any, project: Project, writer: Actor
) -> None:
    need = a_need(cast.actor("resident"), project)
    offer = an_offer(cast.actor("volunteer"), cast.volunteer_organisation)
    about_need = actions.send_message(writer, Ref("project_need", need.id), "Hei", key="a")
    about_offer = actions.send_message(writer, Ref("offer", offer.id), "Hei", key="b")
    to_all = actions.send_message(writer, Ref("organisation", cast.volunteer_organisation.id), "Hei", key="c")
    assert queries.recipients(about_need.id) == [cast.resident.id]
    assert queries.recipients(about_offer.id) == [cast.volunteer.id] == queries.recipients(to_all.id)
    answer = actions.answer_message(cast.actor("volunteer"), about_offer.id, "Kom gjerne", key="d")
    assert queries.recipients(answer.id) == [writer.id]
    assert queries.recipients(999_999) == []


def test_who_reads_is_decided_when_it_is_read(cast: Any, project: Project, first: Message) -> None:
    owner = cast.actor("resident")
    joined(owner, project, cast.actor("business"), "Bedriften")
    assert queries.conversation(cast.actor("business"), first.id).first.id == first.id

    @atomic
    def only_contributes() -> None:
        db.session.execute(
            sa.update(Member).where(Member.account_id == cast.business.id).values(role=MemberRole.CONTRIBUTOR)
        )

    only_contributes()
    with pytest.raises(NotFound):
        queries.conversation(cast.actor("business"), first.id)
    assert queries.recipients(first.id) == [owner.id]


def test_unverified_spokespersons_and_closed_organisations_read_nothing(cast: Any, writer: Actor) -> None:
    organisation = cast.volunteer_organisation
    message = actions.send_message(writer, Ref("organisation", organisation.id), "Hei", key="a")
    close_organisation(cast.actor("admin"), organisation.id)
    with pytest.raises(NotFound):
        queries.conversation(cast.actor("volunteer"), message.id)
    with pytest.raises(NotFound):
        actions.send_message(writer, Ref("organisation", organisation.id), "Hei", key="b")

    @atomic
    def not_verified() -> None:
        db.session.execute(
            sa.update(Spokesperson).where(Spokesperson.account_id == cast.business.id).values(verified_at=None)
        )

    not_verified()
    with pytest.raises(Conflict):
        actions.send_message(writer, Ref("organisation", cast.business_organisation.id), "Hei", key="c")


# -- who writes --------------------------------------------------------------------------------------------------------


def test_strangers_and_limited_accounts_write_nothing(writer: Actor, project: Project, first: Message) -> None:
    about = Ref("project", project.id)
    for actor in (ANONYMOUS, limited(writer)):
        with pytest.raises(Forbidden):
            actions.send_message(actor, about, "Hei", key="a")
    with pytest.raises(Forbidden):
        actions.answer_message(limited(writer), first.id, "Hei", key="b")


def test_one_writes_about_what_one_can_read_and_not_to_oneself(cast: Any, project: Project, writer: Actor) -> None:
    for about in (Ref("project", 999), Ref("project_need", 999), Ref("offer", 999), Ref("idea", 1), Ref("x", 1)):
        with pytest.raises(NotFound):
            actions.send_message(writer, about, "Hei", key="a")
    with pytest.raises(Conflict):
        actions.send_message(cast.actor("resident"), Ref("project", project.id), "Hei", key="a")


@pytest.mark.parametrize("text", ["", "  \n ", "x" * 5001])
def test_a_message_says_something_and_not_too_much(writer: Actor, project: Project, text: str) -> None:
    with pytest.raises(Invalid) as refusal:
        actions.send_message(writer, Ref("project", project.id), text, key="a")
    assert refusal.value.field == "text"


def test_the_same_form_twice_is_one_message(writer: Actor, project: Project, first: Message) -> None:
    again = actions.send_message(writer, Ref("project", project.id), "Kan jeg hjelpe?", key="first")
    assert again.id == first.id
    one = actions.answer_message(writer, first.id, "Er dere der?", key="again")
    assert actions.answer_message(writer, first.id, "Er dere der?", key="again").id == one.id
    sent = sa.select(sa.func.count()).select_from(AuditEntry).where(AuditEntry.name == "actor.message_sent")
    assert db.session.scalar(sent) == 2


def test_ten_new_threads_a_day_and_then_one_waits(writer: Actor, project: Project) -> None:
    about = Ref("project", project.id)
    begun = [actions.send_message(writer, about, "Hei", key=f"k{number}") for number in range(NEW_A_DAY)]
    with pytest.raises(Invalid) as refusal:
        actions.send_message(writer, about, "Hei", key="more")
    assert "10 samtaler" in str(refusal.value.message)
    actions.answer_message(writer, begun[0].id, "Ett til", key="answer")
    with clock.moved(by=timedelta(days=1, minutes=1)):
        actions.send_message(writer, about, "Hei", key="more")


def test_a_thread_that_is_ended_is_silent_and_so_is_who_wrote_it(
    cast: Any, writer: Actor, project: Project, first: Message
) -> None:
    owner = cast.actor("resident")
    need = a_need(owner, project)
    with pytest.raises(Forbidden):
        actions.end_conversation(writer, first.id)
    actions.end_conversation(owner, first.id)
    with pytest.raises(Conflict):
        actions.answer_message(writer, first.id, "Men …", key="a")
    for about in (Ref("project", project.id), Ref("project_need", need.id)):
        with pytest.raises(Conflict):
            actions.send_message(writer, about, "Men …", key="b")
    elsewhere = Ref("organisation", cast.volunteer_organisation.id)
    actions.send_message(writer, elsewhere, "Hei", key="c")
    actions.end_conversation(owner, first.id, ended=False)
    assert actions.answer_message(writer, first.id, "Takk", key="d").answers_id == first.id


def test_whoever_is_erased_takes_their_threads_along(writer: Actor, cast: Any, first: Message) -> None:
    actions.answer_message(cast.actor("resident"), first.id, "Ja!", key="a")
    assert personal.export(writer.id or 0)["messages_sent"]
    personal.erase(writer.id or 0)
    assert db.session.scalar(sa.select(sa.func.count()).select_from(Message)) == 0


# -- pages -------------------------------------------------------------------------------------------------------------


def test_a_conversation_goes_by_pages_and_shows_no_address(cast: Any, project: Project, visitor: Browser) -> None:
    asker, owner = visitor("resident2"), visitor("resident")
    new: dict[str, Any] = {"kind": "project", "target_id": project.id}
    form = asker.get("cocreation_messages.new", **new).form("main form.form")
    page = asker.follow(asker.post("cocreation_messages.new", form | {"text": HOSTILE}, **new))
    thread_id = db.session.scalars(sa.select(Message.id)).one()
    assert page.heading == "Samtale med Middag sammen i Heggedal"
    theirs = owner.get("cocreation_messages.thread", thread_id=thread_id)
    assert cast.resident2.name in theirs.heading
    assert not theirs.all("main script, main img, main .message a")
    owner.post("cocreation_messages.thread", theirs.form("main form.form") | {"text": "Kom!"}, thread_id=thread_id)
    mine = asker.get("cocreation_messages.thread", thread_id=thread_id)
    assert "Kom!" in mine.words
    assert cast.resident.name not in mine.main.get_text()
    for each in (mine, theirs, asker.get("cocreation_messages.index"), owner.get("cocreation_messages.index")):
        assert not [address for address in addresses(cast) if address in each.text]
    assert "Kom!" in asker.get("cocreation_messages.index").words
    visitor("employee").get("cocreation_messages.thread", 404, thread_id=thread_id)
    assert "Ingen meldinger ennå" in visitor("employee").get("cocreation_messages.index").words
    visitor().get("cocreation_messages.thread", 303, thread_id=thread_id)


def test_what_was_typed_is_kept_when_it_is_refused(writer: Actor, project: Project, visitor: Browser) -> None:
    for number in range(NEW_A_DAY):
        actions.send_message(writer, Ref("project", project.id), "Hei", key=f"k{number}")
    browser = visitor("resident2")
    new: dict[str, Any] = {"kind": "project", "target_id": project.id}
    form = browser.get("cocreation_messages.new", **new).form("main form.form")
    page = browser.post("cocreation_messages.new", form | {"text": "Ett spørsmål til"}, 422, **new)
    assert page.one("#text").get_text().strip() == "Ett spørsmål til"
    assert "Vent til i morgen" in page.one("#text-error").get_text()


def test_those_who_were_written_to_end_and_open_it_by_buttons(first: Message, visitor: Browser) -> None:
    owner = visitor("resident")
    owner.post("cocreation_messages.end", thread_id=first.id)
    assert "har avsluttet samtalen" in visitor("resident2").get("cocreation_messages.thread", thread_id=first.id).words
    page = owner.get("cocreation_messages.thread", thread_id=first.id)
    owner.post("cocreation_messages.end", page.form("main form.post-button"), thread_id=first.id)
    assert visitor("resident2").get("cocreation_messages.thread", thread_id=first.id).one("#text")


def test_who_answers_here_oneself_gets_no_form(project: Project, visitor: Browser) -> None:
    page = visitor("resident").get("cocreation_messages.new", kind="project", target_id=project.id)
    assert "Du er selv en av dem" in page.words
    assert not page.all("main form.form")
    visitor("resident").get("cocreation_messages.new", 404, kind="idea", target_id=1)


def test_a_notice_about_a_message_leads_to_its_thread(cast: Any, first: Message, visitor: Browser) -> None:
    answer = actions.answer_message(cast.actor("resident"), first.id, "Ja!", key="a")
    card = kinds.cards([answer.id])[answer.id]
    assert (card.endpoint, card.values) == ("cocreation_messages.thread", {"thread_id": first.id})
    assert "Middag sammen i Heggedal" in card.title
    assert card.excerpt == ""


def test_many_threads_and_long_ones_cost_a_page_eight_statements(
    cast: Any, project: Project, visitor: Browser, count_queries: Any
) -> None:
    for name in ("resident2", "volunteer", "business", "knowledge", "employee"):
        for number in range(NEW_A_DAY):
            actions.send_message(cast.actor(name), Ref("project", project.id), f"Hei {number}", key=f"k{number}")
    thread_id = db.session.scalars(sa.select(Message.id).order_by(Message.id)).first() or 0
    for number in range(60):
        actions.answer_message(cast.actor("resident"), thread_id, f"Svar {number}.", key=f"s{number}")
    browser = visitor("resident")
    with count_queries(at_most=8):
        page = browser.get("cocreation_messages.index")
    assert len(page.all("main .row")) == 20
    assert "Svar 59." in page.all("main .row")[0].get_text()
    older = browser.get_url(page.one("main a[rel=next]")["href"])
    assert len(older.all("main .row")) == 20
    with count_queries(at_most=8):
        thread = browser.get("cocreation_messages.thread", thread_id=thread_id)
    assert len(thread.all("main .message")) == 50
    assert "Hei 0" not in thread.words
    assert "Hei 0" in browser.get_url(thread.one("main a.more")["href"]).words
