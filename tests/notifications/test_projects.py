"""Who is told what of projects: those it asks something of, those who are in it or follow it, and each once."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
import sqlalchemy as sa

from portal.cocreation.actions.agreement import AgreementDraft, confirm_agreement, write_agreement
from portal.cocreation.actions.ending import EndDraft, end_project
from portal.cocreation.actions.inputs import InputDraft, answer_input, give_input
from portal.cocreation.actions.joining import accept_member, join_project
from portal.cocreation.actions.meetings import call_meeting, cancel_meeting, edit_meeting, join_meeting
from portal.cocreation.actions.messages import answer_message, send_message
from portal.cocreation.actions.needs import sign_up, take_off, thank
from portal.cocreation.actions.news import DecisionDraft, NewsDraft, write_decision, write_news
from portal.cocreation.actions.parties import PartyDraft
from portal.cocreation.actions.projects import ProjectDraft, start_project
from portal.cocreation.events.posts import AGREEMENT, DECISION, INPUT, MEETING, UPDATE
from portal.cocreation.events.projects import PROJECT
from portal.cocreation.models.projects import Ending, PartyKind, Project
from portal.cocreation.models.together import Use
from portal.cocreation.phases import Phase
from portal.kernel import clock
from portal.kernel.content import Ref
from portal.kernel.db import db
from portal.kernel.outbox import OutboxRow
from portal.moderation.models import Verdict
from portal.notifications.models import Notice, NoticeKind
from portal.participation.actions.joining import follow, support
from tests.cocreation.doing import at_phase
from tests.cocreation.together import a_meeting, a_need, meeting_draft
from tests.support.cast import Cast
from tests.support.cocreation import contributing, joined, let_through, started
from tests.support.ideas import published
from tests.support.mailbox import Mailbox
from tests.support.moderating import decided

Work = Callable[[], None]
NEWS = NewsDraft(title="Kjøkkenet er malt", text="Klart til første middag.")


@pytest.fixture
def project(cast: Cast) -> Project:
    """A project of the volunteer's; the business represents a party, the second resident contributes."""
    made = started(cast.actor("volunteer"))
    joined(cast.actor("volunteer"), made, cast.actor("business"), "Kafeen")
    contributing(cast.actor("volunteer"), made, cast.actor("resident2"))
    forget()
    return made


def forget() -> None:
    """Let what came of making it be read and gone."""
    db.session.execute(sa.delete(OutboxRow))
    db.session.execute(sa.delete(Notice))
    db.session.commit()


def told(cast: Cast, name: str) -> list[str]:
    """What somebody has been told, oldest first."""
    mine = sa.select(Notice.sentence).where(Notice.account_id == getattr(cast, name).id)
    return list(db.session.scalars(mine.order_by(Notice.id)))


def approve(cast: Cast, kind: str, id_: int) -> None:
    """Let a moderator let a text through."""
    decided(cast.actor("moderator"), Ref(kind, id_))


def test_owners_are_told_who_asks_and_the_asker_when_let_in(
    cast: Cast, project: Project, run_worker: Work, smtp: Mailbox
) -> None:
    owner, asker = cast.actor("volunteer"), cast.actor("resident")
    join_project(asker, project.id)
    run_worker()
    assert told(cast, "volunteer") == ["membership_asked"]
    assert told(cast, "business") == told(cast, "resident") == []
    accept_member(owner, project.id, asker.id or 0)
    run_worker()
    assert told(cast, "resident") == ["member_joined"]
    assert [str(mail["Subject"]) for mail in smtp.to("resident@")] == ["Du er med i prosjektet"]


@pytest.mark.parametrize("kind", [UPDATE, DECISION, MEETING])
def test_followers_and_members_are_told_of_what_is_new_when_it_is_shown(
    cast: Cast, project: Project, run_worker: Work, kind: str
) -> None:
    follow(cast.actor("resident"), Ref(PROJECT, project.id))
    writer = cast.actor("business")
    if kind == UPDATE:
        post_id = write_news(writer, project.id, NEWS, key="k").id
    elif kind == DECISION:
        draft = DecisionDraft(what="Vi åpner", why="Nå.", decided_by="Alle", decided_on=clock.today())
        post_id = write_decision(writer, project.id, draft, key="k").id
    else:
        post_id = a_meeting_that_waits(cast, project)
    run_worker()
    assert told(cast, "resident") == []
    approve(cast, kind, post_id)
    run_worker()
    assert told(cast, "resident") == told(cast, "resident2") == told(cast, "volunteer") == ["written"]
    assert told(cast, "business") == ["approved"], "nobody is told of their own as something new"
    assert told(cast, "employee") == []


def a_meeting_that_waits(cast: Cast, project: Project) -> int:
    """A meeting that the business calls."""
    return call_meeting(cast.actor("business"), project.id, meeting_draft(), key="k").id


def test_what_is_not_let_through_is_told_to_nobody_else(cast: Cast, project: Project, run_worker: Work) -> None:
    follow(cast.actor("resident"), Ref(PROJECT, project.id))
    post = write_news(cast.actor("business"), project.id, NEWS, key="k")
    decided(cast.actor("moderator"), Ref(UPDATE, post.id), Verdict.REJECT)
    run_worker()
    assert told(cast, "resident") == told(cast, "volunteer") == []


def test_a_follower_who_is_a_member_too_is_told_once(cast: Cast, project: Project, run_worker: Work) -> None:
    follow(cast.actor("resident2"), Ref(PROJECT, project.id))
    approve(cast, UPDATE, write_news(cast.actor("business"), project.id, NEWS, key="k").id)
    run_worker()
    assert told(cast, "resident2") == ["written"]


def test_the_author_of_an_input_is_told_its_answer_by_mail(
    cast: Cast, project: Project, run_worker: Work, smtp: Mailbox
) -> None:
    follow(cast.actor("employee"), Ref(PROJECT, project.id))
    post = give_input(cast.actor("resident"), project.id, InputDraft(text="Ta med barna også."), key="k")
    approve(cast, INPUT, post.id)
    run_worker()
    assert told(cast, "volunteer") == ["input_given"]
    assert told(cast, "employee") == told(cast, "resident2") == [], "each input is no news to those who follow"
    answer_input(cast.actor("volunteer"), post.id, Use.USED, "Barna er med fra mars.", version=post.version)
    run_worker()
    assert told(cast, "resident")[-1] == "input_answered"
    (mail,) = [each for each in smtp.to("resident@") if each["Subject"] == "Du har fått svar på innspillet ditt"]
    text = mail.get_body(("plain",)).get_content()  # type: ignore[union-attr]  # it has one
    assert "Barna er med fra mars." in text
    assert f"/samskaping/{project.id}/innspill#innspill-{post.id}" in text
    answer_input(cast.actor("volunteer"), post.id, Use.USED, "Barna er med fra april.", version=post.version)
    run_worker()
    assert told(cast, "resident").count("input_answered") == 1, "a mended word is no new answer"


def test_owners_are_told_of_inputs_once_a_day(cast: Cast, project: Project, run_worker: Work) -> None:
    for number in range(3):
        post = give_input(cast.actor("resident"), project.id, InputDraft(text=f"Nummer {number}"), key=str(number))
        approve(cast, INPUT, post.id)
    run_worker()
    assert told(cast, "volunteer") == ["input_given"]


def test_those_who_speak_for_a_party_are_asked_to_confirm_a_new_agreement(
    cast: Cast, project: Project, run_worker: Work
) -> None:
    agreement = write_agreement(cast.actor("volunteer"), project.id, AgreementDraft(text="Vi deler på alt.", key="k"))
    run_worker()
    assert told(cast, "business") == []
    approve(cast, AGREEMENT, agreement.id)
    run_worker()
    assert told(cast, "business") == ["agreement_to_confirm"]
    assert told(cast, "resident2") == ["written"]
    forget()
    confirm_agreement(cast.actor("business"), project.id, agreement.number)
    run_worker()
    assert told(cast, "volunteer") == ["agreement_confirmed"]
    assert told(cast, "business") == []


def test_members_and_followers_are_told_of_a_new_phase(cast: Cast, project: Project, run_worker: Work) -> None:
    follow(cast.actor("resident"), Ref(PROJECT, project.id))
    at_phase(cast.actor("volunteer"), project, Phase.CONCEPT)
    run_worker()
    assert told(cast, "resident") == told(cast, "business") == ["project_moved"]
    assert told(cast, "volunteer") == []


def test_all_are_told_of_the_ending_when_they_may_read_it(cast: Cast, project: Project, run_worker: Work) -> None:
    follow(cast.actor("resident"), Ref(PROJECT, project.id))
    draft = EndDraft(ending=Ending.STOPPED, learning="Vi var for få.", decided_on=clock.today())
    end_project(cast.actor("volunteer"), project.id, draft)
    run_worker()
    assert told(cast, "business") == ["project_ended"]
    assert told(cast, "resident") == [], "what was learnt waits for a moderator"
    approve(cast, PROJECT, project.id)
    run_worker()
    assert told(cast, "resident") == told(cast, "business") == ["project_ended"]


def test_owners_are_told_of_help_once_a_day_for_each_need(cast: Cast, project: Project, run_worker: Work) -> None:
    need = a_need(cast.actor("volunteer"), project)
    forget()
    for who in ("resident", "resident2", "employee"):
        sign_up(cast.actor(who), need.id, 1)
    run_worker()
    assert told(cast, "volunteer") == ["signed_up"]
    with clock.moved(timedelta(days=1)):
        sign_up(cast.actor("knowledge"), need.id, 1)
        run_worker()
    assert told(cast, "volunteer") == ["signed_up", "signed_up"]


def test_helpers_are_thanked_once_and_told_when_taken_off(cast: Cast, project: Project, run_worker: Work) -> None:
    owner = cast.actor("volunteer")
    need = a_need(owner, project)
    for who in ("resident", "resident2"):
        sign_up(cast.actor(who), need.id, 1)
    forget()
    thank(owner, need.id)
    sign_up(cast.actor("employee"), need.id, 1)
    thank(owner, need.id)
    run_worker()
    assert [told(cast, who) for who in ("resident", "resident2", "employee")] == [["help_thanked"]] * 3
    take_off(owner, need.id, cast.resident.id)
    run_worker()
    assert told(cast, "resident") == ["help_thanked", "signed_off"]


def test_those_who_come_are_told_when_a_meeting_is_moved_or_cancelled(
    cast: Cast, project: Project, run_worker: Work
) -> None:
    owner = cast.actor("volunteer")
    meeting = a_meeting(owner, project)
    join_meeting(cast.actor("resident"), meeting.id)
    forget()
    db.session.refresh(meeting)
    edit_meeting(owner, meeting.id, meeting_draft(place="Biblioteket"), version=meeting.version)
    let_through(meeting)
    run_worker()
    assert told(cast, "resident") == ["meeting_moved"]
    cancel_meeting(owner, meeting.id)
    run_worker()
    assert told(cast, "resident") == ["meeting_moved", "meeting_cancelled"]
    assert told(cast, "resident2") == []


def test_a_message_reaches_the_other_side_and_the_mail_does_not_say_it(
    cast: Cast, project: Project, run_worker: Work, smtp: Mailbox
) -> None:
    sent = send_message(cast.actor("resident"), Ref(PROJECT, project.id), "Jeg kan låne dere grill.", key="k")
    run_worker()
    assert told(cast, "volunteer") == ["message_sent"]
    assert told(cast, "resident") == []
    (mail,) = smtp.to("volunteer@")
    assert "grill" not in mail.get_body(("plain",)).get_content()  # type: ignore[union-attr]  # it has one
    answer_message(cast.actor("volunteer"), sent.id, "Takk!", key="k")
    run_worker()
    assert told(cast, "resident") == ["message_sent"]


def test_those_behind_an_idea_are_told_of_the_project_it_became(cast: Cast, run_worker: Work) -> None:
    idea = Ref("idea", published(cast.actor("resident"), "Middag sammen").id)
    support(cast.actor("resident2"), idea)
    follow(cast.actor("employee"), idea)
    draft = ProjectDraft(title="Middag sammen i Heggedal", challenge="Mange spiser alene.")
    party = PartyDraft(kind=PartyKind.RESIDENTS, name="Naboene")
    project = start_project(cast.actor("volunteer"), draft, party, origin=idea, title="Kontakt")
    forget()
    run_worker()
    assert told(cast, "resident2") == []
    approve(cast, PROJECT, project.id)
    run_worker()
    assert [told(cast, who) for who in ("resident", "resident2", "employee")] == [["project_begun"]] * 3


def test_people_choose_how_often_they_hear_of_projects(cast: Cast, project: Project, run_worker: Work) -> None:
    join_project(cast.actor("resident"), project.id)
    run_worker()
    notice = db.session.scalars(sa.select(Notice).where(Notice.account_id == cast.volunteer.id)).one()
    assert notice.notice_kind is NoticeKind.PROJECT
    assert notice.mailed_at is not None, "what asks something of somebody is mailed at once"
