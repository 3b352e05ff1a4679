"""Input to a project: who gives and enters it, how it is counted, and that each is answered in public."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa

from portal.cocreation.actions.inputs import (
    InputDraft,
    MetDraft,
    answer_input,
    edit_input,
    enter_input,
    give_input,
    withdraw_input,
)
from portal.cocreation.events.posts import INPUT
from portal.cocreation.models.projects import Ending, Project
from portal.cocreation.models.together import Input, Meeting, Use
from portal.cocreation.queries import inputs as queries
from portal.kernel import clock
from portal.kernel.audit import AuditEntry
from portal.kernel.content import PublicationState
from portal.kernel.db import db
from portal.kernel.errors import Conflict, Forbidden, Invalid
from tests.support.cast import Cast
from tests.support.cocreation import contributing, joined, let_through, started
from tests.support.page import Visitor

Door = Callable[..., Visitor]


def met(**changed: Any) -> MetDraft:
    """What could come up at a meeting."""
    values = {"text": "Mange vil ha kveldsåpent.", "who": "beboere over 70", "participants": 14}
    return MetDraft(**{**values, "held_on": clock.today(), **changed})


@pytest.fixture
def project(cast: Cast) -> Project:
    """A project of the volunteer's; the business represents a party, the second resident contributes."""
    made = started(cast.actor("volunteer"))
    joined(cast.actor("volunteer"), made, cast.actor("business"), "Kafeen")
    contributing(cast.actor("volunteer"), made, cast.actor("resident2"))
    return made


def given(cast: Cast, project: Project, text: str = "Ta med barna også.", who: str = "resident") -> Input:
    """Input from the page that everybody sees."""
    post = give_input(cast.actor(who), project.id, InputDraft(text=text), key=f"k-{text}"[:36])
    let_through(post)
    return post


def entered(cast: Cast, project: Project, **changed: Any) -> Input:
    """Input from a meeting that everybody sees."""
    post = enter_input(cast.actor("resident2"), project.id, met(**changed), key=f"k-{changed}"[:36])
    let_through(post)
    return post


def a_meeting(project: Project, title: str = "Allmøte") -> Meeting:
    """A meeting that has been."""
    start = clock.now() - timedelta(days=1)
    meeting = Meeting(
        project_id=project.id,
        author_id=project.author_id,
        byline="Kontakt, Naboene",
        state=PublicationState.PUBLISHED,
        language="nb",
        key=title,
        title=title,
        written_at=start,
        starts_at=start,
        ends_at=start + timedelta(hours=2),
    )
    db.session.add(meeting)
    db.session.commit()
    return meeting


@pytest.mark.parametrize("who", ["resident", "volunteer", "business", "employee", "moderator", "adviser"])
def test_whoever_is_signed_in_gives_input(cast: Cast, project: Project, who: str) -> None:
    assert give_input(cast.actor(who), project.id, InputDraft(text="x"), key="k").state is PublicationState.PENDING


def test_nobody_gives_input_to_what_is_over(cast: Cast, project: Project, visitor: Door) -> None:
    project.ended_at, project.ending = clock.now(), Ending.FAILED
    db.session.commit()
    with pytest.raises(Forbidden):
        give_input(cast.actor("resident"), project.id, InputDraft(text="x"), key="k")
    visitor("resident").get("cocreation_news.give", project_id=project.id, _status=403)


@pytest.mark.parametrize(("who", "may"), [("volunteer", True), ("resident2", True), ("resident", False)])
def test_members_enter_what_came_up_where_people_met(cast: Cast, project: Project, who: str, may: bool) -> None:
    if may:
        assert enter_input(cast.actor(who), project.id, met(), key="k").participants == 14
    else:
        with pytest.raises(Forbidden):
            enter_input(cast.actor(who), project.id, met(), key="k")


@pytest.mark.parametrize(
    ("changed", "at"),
    [({"participants": 0}, "participants"), ({"meeting_id": 99}, "meeting_id"), ({"held_on": None}, "held_on")],
)
def test_what_can_not_be_is_refused_at_its_field(
    cast: Cast, project: Project, changed: dict[str, Any], at: str
) -> None:
    if at == "held_on":
        changed = {"held_on": clock.today() + timedelta(days=1)}
    with pytest.raises(Invalid) as refused:
        enter_input(cast.actor("volunteer"), project.id, met(**changed), key="k")
    assert refused.value.field == at


def test_input_is_from_a_meeting_of_the_same_project(cast: Cast, project: Project) -> None:
    other = a_meeting(started(cast.actor("volunteer"), "Et annet prosjekt", party="Andre"))
    with pytest.raises(Invalid):
        enter_input(cast.actor("volunteer"), project.id, met(meeting_id=other.id), key="k")


@pytest.mark.parametrize(
    ("who", "may"),
    [("volunteer", True), ("business", True), ("resident2", False), ("resident", False), ("adviser", False)],
)
def test_owners_and_representatives_answer(cast: Cast, project: Project, who: str, may: bool) -> None:
    post = given(cast, project)
    if may:
        answer_input(cast.actor(who), post.id, Use.USED, "Barna er med.", version=post.version)
        assert (post.use, post.answer) == (Use.USED, "Barna er med.")
    else:
        with pytest.raises(Forbidden):
            answer_input(cast.actor(who), post.id, Use.USED, "x", version=post.version)


def test_an_answer_is_shown_at_once_under_a_title_and_leaves_the_input_in_sight(
    cast: Cast, project: Project, visitor: Door
) -> None:
    post = given(cast, project)
    answer_input(cast.actor("business"), post.id, Use.NOT_USED, "Lokalet er for lite.", version=post.version)
    page = visitor().get("cocreation_news.inputs", project_id=project.id)
    assert "Ta med barna også." in page.words
    answer = page.one(".input__answer").get_text(" ")
    for said in ("Ikke brukt", "Lokalet er for lite.", "Leder, Kafeen"):
        assert said in answer
    assert cast.business.name not in page.words
    assert post.edited_at is None, "the one who gave it changed nothing"
    trail = sa.select(AuditEntry.name).where(AuditEntry.subject_kind == INPUT, AuditEntry.subject_id == post.id)
    assert "project.input_answered" in db.session.scalars(trail).all()


def test_an_answer_that_tells_who_somebody_is_is_refused(cast: Cast, project: Project) -> None:
    post = given(cast, project)
    with pytest.raises(Invalid) as refused:
        answer_input(cast.actor("volunteer"), post.id, Use.USED, "Ring 91 23 45 67.", version=post.version)
    assert refused.value.field == "answer"
    assert post.use is None


def test_what_waits_is_not_answered_yet(cast: Cast, project: Project) -> None:
    post = give_input(cast.actor("resident"), project.id, InputDraft(text="x"), key="k")
    with pytest.raises(Conflict):
        answer_input(cast.actor("volunteer"), post.id, Use.USED, "x", version=post.version)


def test_of_two_who_answer_the_second_is_told(cast: Cast, project: Project) -> None:
    post = given(cast, project)
    seen = post.version
    answer_input(cast.actor("volunteer"), post.id, Use.USED, "Ja.", version=seen)
    with pytest.raises(Conflict):
        answer_input(cast.actor("business"), post.id, Use.NOT_USED, "Nei.", version=seen)
    assert post.answer == "Ja."


def test_only_the_one_who_gave_it_changes_input_and_only_until_it_is_answered(cast: Cast, project: Project) -> None:
    post = given(cast, project)
    for who in ("volunteer", "resident2", "moderator"):
        with pytest.raises(Forbidden):
            edit_input(cast.actor(who), post.id, InputDraft(text="y"), version=post.version)
        with pytest.raises(Forbidden):
            withdraw_input(cast.actor(who), post.id)
    edit_input(cast.actor("resident"), post.id, InputDraft(text="Barn og hunder."), version=post.version)
    assert post.state is PublicationState.PENDING
    let_through(post)
    answer_input(cast.actor("volunteer"), post.id, Use.PARTLY, "Barn, ikke hunder.", version=post.version)
    with pytest.raises(Conflict):
        edit_input(cast.actor("resident"), post.id, InputDraft(text="Katter."), version=post.version)
    withdraw_input(cast.actor("resident"), post.id)
    assert (post.text, post.answer) == ("", "")


def test_what_waits_is_seen_by_its_author_and_members_only(cast: Cast, project: Project, visitor: Door) -> None:
    give_input(cast.actor("resident"), project.id, InputDraft(text="Ikke lest ennå"), key="k")
    for who, sees in ((None, False), ("employee", False), ("resident", True), ("volunteer", True)):
        page = (visitor(who) if who else visitor()).get("cocreation_news.inputs", project_id=project.id)
        assert ("Ikke lest ennå" in page.words) is sees, who
        assert ("Venter på moderator" in page.words) is sees
    assert queries.counts(project.id).all == 0


def test_input_is_counted_in_public_and_a_meeting_once(cast: Cast, project: Project, visitor: Door) -> None:
    meeting = a_meeting(project)
    answered = given(cast, project)
    answer_input(cast.actor("volunteer"), answered.id, Use.USED, "Ja.", version=answered.version)
    for number, persons in enumerate((20, 18)):
        entered(cast, project, text=f"Fra allmøtet {number}", participants=persons, meeting_id=meeting.id)
    entered(cast, project, text="Fra standen", participants=30)
    give_input(cast.actor("resident"), project.id, InputDraft(text="Venter"), key="k9")
    counts = queries.counts(project.id)
    assert (counts.all, counts.answered, counts.from_meetings, counts.participants) == (4, 1, 3, 50)
    said = visitor().get("cocreation_news.inputs", project_id=project.id).one(".input-counts").get_text()
    assert " ".join(said.split()) == "4 innspill, 1 har fått svar. 50 personer var med der vi møttes."


def test_the_list_holds_both_kinds_and_is_narrowed_to_what_waits(cast: Cast, project: Project, visitor: Door) -> None:
    answered = given(cast, project)
    answer_input(cast.actor("volunteer"), answered.id, Use.USED, "Ja.", version=answered.version)
    entered(cast, project, meeting_id=a_meeting(project).id)
    for asked, tags in (
        ({}, ["Fra et møte", "Fra nettet"]),
        ({"svar": "venter"}, ["Fra et møte"]),
        ({"svar": "besvart"}, ["Fra nettet"]),
    ):
        page = visitor().get("cocreation_news.inputs", project_id=project.id, **asked)
        assert [each.get_text(strip=True) for each in page.all(".input__way")] == tags
    met_ = visitor().get("cocreation_news.inputs", project_id=project.id, svar="venter").one(".input__met").get_text()
    assert "14 personer: beboere over 70" in met_
    assert "Allmøte" in met_


def test_a_page_full_of_input_asks_little_of_the_database(
    cast: Cast, project: Project, visitor: Door, count_queries: Callable[..., Any]
) -> None:
    meeting = a_meeting(project)
    for number in range(queries.PAGE_SIZE):
        given(cast, project, f"Innspill {number}")
        entered(cast, project, text=f"Møte {number}", meeting_id=meeting.id)
    for who in (None, "volunteer", "resident"):
        reader = visitor(who) if who else visitor()
        with count_queries(at_most=8):
            page = reader.get("cocreation_news.inputs", project_id=project.id)
        assert len(page.all(".input")) == queries.PAGE_SIZE
    older = visitor().get_url(str(page.one('a[rel="next"]')["href"]))
    assert len(older.all(".input")) == queries.PAGE_SIZE


def test_signed_out_readers_get_a_link_and_no_cookie(cast: Cast, project: Project, visitor: Door) -> None:
    given(cast, project)
    page = visitor().get("cocreation_news.inputs", project_id=project.id)
    assert "Set-Cookie" not in page.response.headers
    assert "Gi et innspill" in page.words
    visitor().get("cocreation_news.give", project_id=project.id, _status=303)


def test_input_is_given_changed_and_taken_back_in_forms(cast: Cast, project: Project, visitor: Door) -> None:
    resident, here = visitor("resident"), {"project_id": project.id}
    values = resident.get("cocreation_news.give", **here).form("main form.form") | {"text": "Åpne tidligere."}
    for _time in range(2):
        resident.post("cocreation_news.give", values, **here)
    post = db.session.query(Input).one()
    one = {**here, "post_id": post.id}
    values = resident.get("cocreation_news.change_input", **one).form("main form.form") | {"text": "Åpne klokka 16."}
    resident.post("cocreation_news.change_input", values, **one)
    assert post.text == "Åpne klokka 16."
    visitor("volunteer").get("cocreation_news.change_input", _status=403, **one)
    resident.get("cocreation_news.withdraw_input", **one)
    resident.post("cocreation_news.withdraw_input", {}, **one)
    assert post.state is PublicationState.WITHDRAWN


def test_the_form_for_meetings_asks_for_no_names_and_keeps_what_was_typed(
    cast: Cast, project: Project, visitor: Door
) -> None:
    meeting, member = a_meeting(project), visitor("resident2")
    page = member.get("cocreation_news.enter", project_id=project.id)
    assert "aldri navn" in page.words
    assert "Ikke skriv navn" in page.words
    values = page.form("main form.form") | {"meeting_id": str(meeting.id), "who": "ungdom", "text": "Billigere kaffe."}
    refused = member.post(
        "cocreation_news.enter", values | {"participants": "mange"}, _status=422, project_id=project.id
    )
    assert refused.form("main form.form")["text"] == "Billigere kaffe."
    member.post("cocreation_news.enter", values | {"participants": "12"}, project_id=project.id)
    post = db.session.query(Input).one()
    assert (post.meeting_id, post.participants, post.who) == (meeting.id, 12, "ungdom")
    visitor("resident").get("cocreation_news.enter", project_id=project.id, _status=403)


def test_the_answer_is_written_in_a_form_with_what_is_answered(cast: Cast, project: Project, visitor: Door) -> None:
    post, owner = given(cast, project), visitor("volunteer")
    one = {"project_id": project.id, "post_id": post.id}
    page = owner.get("cocreation_news.answer", **one)
    assert "Ta med barna også." in page.words
    values = page.form("main form.form")
    assert owner.post("cocreation_news.answer", values, _status=422, **one).all("[data-error-summary]")
    page = owner.follow(owner.post("cocreation_news.answer", values | {"use": "partly", "answer": "De store."}, **one))
    assert "Delvis brukt" in page.words
    values = owner.get("cocreation_news.answer", **one).form("main form.form")
    assert (values["use"], values["answer"]) == ("partly", "De store.")
    visitor("resident2").get("cocreation_news.answer", _status=403, **one)
