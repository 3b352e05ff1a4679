"""Invitations are counted and give no right; whoever asks is reminded once, and nobody else."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
import sqlalchemy as sa

from portal.accounts.models import Account
from portal.kernel import clock
from portal.kernel.audit import AuditEntry
from portal.kernel.db import db
from portal.kernel.errors import Conflict, Forbidden, NotFound
from portal.kernel.identity import Actor, StakeholderGroup
from portal.kernel.outbox import OutboxRow
from portal.observatorium import suppression
from portal.observatorium.actions import outreach, rounds
from portal.observatorium.actions.outreach import InvitationDraft
from portal.observatorium.kinds import outreach as kinds
from portal.observatorium.kinds import rounds as round_kinds
from portal.observatorium.models.outreach import Invitation, RoundReminder
from portal.observatorium.models.rounds import Ballot, Round
from portal.observatorium.queries import outreach as queries
from portal.observatorium.suppression import rounded_arrivals
from tests.observatorium.published import a_published_round
from tests.observatorium.rounds import RESIDENT, an_open_round, answers, change, draft, people
from tests.support.cast import Cast


def invited(cast: Cast, name: str = "Asker bibliotek", slug: str = "2026") -> Invitation:
    return outreach.make_invitation(cast.actor("coordinator"), slug, InvitationDraft(name=name))


def came_by(invitation: Invitation, *actors: Actor) -> None:
    for actor in actors:
        answers(actor, standing=replace(RESIDENT, invitation=invitation.token))


def joined(cast: Cast) -> dict[str, int | None]:
    page = queries.invitations_page(cast.actor("coordinator"), "2026")
    return {row.invitation.name: row.joined for row in page.rows}


def mails() -> list[OutboxRow]:
    return list(db.session.scalars(sa.select(OutboxRow).where(OutboxRow.topic == "mail").order_by(OutboxRow.id)))


# --- invitations ------------------------------------------------------------------------------------------------------


def test_a_link_that_is_asked_for_twice_is_one_until_it_is_closed(cast: Cast) -> None:
    an_open_round(cast)
    library = invited(cast)
    assert invited(cast) is library
    assert invited(cast, "Heggedal bibliotek") is not library
    outreach.close_invitation(cast.actor("coordinator"), "2026", library.id)
    assert invited(cast) is not library


def test_who_comes_by_a_link_is_counted_by_that_link_only(cast: Cast) -> None:
    an_open_round(cast)
    library, school = invited(cast), invited(cast, "Risenga skole")
    crowd = people(18)
    came_by(library, *crowd[:12])
    came_by(school, *crowd[12:16])
    for actor in crowd[16:]:
        answers(actor)
    assert joined(cast) == {"Asker bibliotek": 10, "Risenga skole": None}


def test_the_count_steps_so_that_five_people_or_more_lie_behind_each_number() -> None:
    told = [rounded_arrivals(count) for count in range(60)]
    assert told[:5] == [None] * 5
    assert told[5:10] == [5] * 5
    assert told[10:21] == [10] * 10 + [20]
    assert all(told.count(each) >= suppression.COUNT_FROM for each in told)


def test_changing_an_answer_counts_nobody_twice_and_another_link_changes_nothing(cast: Cast) -> None:
    an_open_round(cast)
    library, school = invited(cast), invited(cast, "Risenga skole")
    crowd = people(6)
    came_by(library, *crowd)
    came_by(school, *crowd)
    assert joined(cast) == {"Asker bibliotek": 5, "Risenga skole": None}


def test_a_closed_link_and_one_of_another_round_count_nobody_but_let_people_answer(cast: Cast) -> None:
    old = an_open_round(cast, "2025")
    of_old = invited(cast, slug=old.slug)
    rounds.close_round(cast.actor("coordinator"), old.slug)
    an_open_round(cast)
    closed = invited(cast)
    outreach.close_invitation(cast.actor("coordinator"), "2026", closed.id)
    outreach.close_invitation(cast.actor("coordinator"), "2026", closed.id)
    crowd = people(3)
    came_by(of_old, crowd[0])
    came_by(closed, crowd[1])
    answers(crowd[2], standing=replace(RESIDENT, invitation="no such link"))
    assert db.session.scalar(sa.select(sa.func.count()).where(Ballot.invitation_id.is_not(None))) == 0
    assert db.session.scalar(sa.select(sa.func.count()).select_from(Ballot)) == 3
    closings = sa.select(sa.func.count()).where(AuditEntry.name == "observatory.invitation_closed")
    assert db.session.scalar(closings) == 1


def test_a_link_meant_for_an_organisation_gives_nobody_the_right_to_speak_for_it(cast: Cast) -> None:
    an_open_round(cast)
    meant = InvitationDraft(name="Asker Røde Kors", group=StakeholderGroup.VOLUNTARY_SECTOR)
    invitation = outreach.make_invitation(cast.actor("coordinator"), "2026", meant)
    standing = replace(
        RESIDENT,
        group=StakeholderGroup.VOLUNTARY_SECTOR,
        organisation_id=cast.volunteer_organisation.id,
        invitation=invitation.token,
    )
    with pytest.raises(Forbidden):
        answers(cast.actor("resident"), standing=standing)


@pytest.mark.parametrize("name", ["resident", "employee", "admin"])
def test_only_a_coordinator_makes_and_closes_invitations_and_sees_the_counts(cast: Cast, name: str) -> None:
    an_open_round(cast)
    invitation = invited(cast)
    with pytest.raises(Forbidden):
        outreach.make_invitation(cast.actor(name), "2026", InvitationDraft(name="Min"))
    with pytest.raises(Forbidden):
        outreach.close_invitation(cast.actor(name), "2026", invitation.id)
    with pytest.raises(Forbidden):
        queries.invitations_page(cast.actor(name), "2026")


def test_a_draft_can_be_invited_to_and_a_round_that_is_over_can_not(cast: Cast) -> None:
    rounds.make_round(cast.actor("coordinator"), draft())
    invited(cast)
    rounds.open_round(cast.actor("coordinator"), "2026")
    rounds.close_round(cast.actor("coordinator"), "2026")
    with pytest.raises(Conflict):
        invited(cast)


def test_the_link_to_a_draft_tells_nobody_of_it(cast: Cast) -> None:
    rounds.make_round(cast.actor("coordinator"), draft())
    invitation = invited(cast)
    with pytest.raises(NotFound):
        queries.welcome_page(cast.actor("resident"), invitation.token)
    rounds.open_round(cast.actor("coordinator"), "2026")
    assert queries.welcome_page(cast.actor("resident"), invitation.token).round.slug == "2026"


def test_one_may_know_by_which_link_one_came(cast: Cast) -> None:
    an_open_round(cast)
    came_by(invited(cast), cast.actor("resident"))
    exported = round_kinds.export(cast.resident.id)
    assert exported["rating_as"][0]["invitation"] == "Asker bibliotek"


def test_the_ballots_forget_the_link_with_the_key_and_the_rounded_count_stays(cast: Cast) -> None:
    round_ = an_open_round(cast)
    library, school = invited(cast), invited(cast, "Risenga skole")
    crowd = people(15)
    came_by(library, *crowd[:12])
    came_by(school, *crowd[12:])
    assert outreach.forget_links() == 0
    change(sa.update(Round).where(Round.id == round_.id).values(key_destroyed_at=clock.now()))
    assert outreach.forget_links() == 1
    assert outreach.forget_links() == 0
    assert db.session.scalar(sa.select(sa.func.count()).where(Ballot.invitation_id.is_not(None))) == 0
    assert joined(cast) == {"Asker bibliotek": 10, "Risenga skole": None}
    with pytest.raises(Forbidden):
        outreach.forget_links(cast.actor("coordinator"))


# --- how many take part -----------------------------------------------------------------------------------------------


def test_how_many_take_part_is_told_in_tens_and_under_ten_not_at_all(cast: Cast) -> None:
    an_open_round(cast)
    for actor in people(19):
        answers(actor)
    page = queries.participation_page(cast.actor("resident"), "2026")
    assert page.participants[StakeholderGroup.RESIDENT] == 10
    assert page.participants[StakeholderGroup.BUSINESS] is None
    assert page.is_open
    assert page.days_left == 30


def test_a_published_round_says_what_the_result_says_and_nothing_more(cast: Cast) -> None:
    made = a_published_round(cast)
    for place in range(30):  # ballots without an answer: they joined, and took everything back
        blank = {"round_id": made.id, "pseudonym": bytes([place]) * 32, "group": "resident", "tie": "lives"}
        change(sa.insert(Ballot).values(**blank))
    page = queries.participation_page(cast.actor("resident"), "2026")
    assert page.participants[StakeholderGroup.RESIDENT] == 60
    assert page.participants[StakeholderGroup.KNOWLEDGE] is None


# --- reminders --------------------------------------------------------------------------------------------------------


def test_whoever_asks_gets_one_mail_three_days_before_and_is_forgotten(cast: Cast) -> None:
    an_open_round(cast, days=10)
    outreach.ask_for_reminder(cast.actor("resident"), "2026")
    outreach.ask_for_reminder(cast.actor("resident"), "2026")
    assert outreach.remind_due() == 0
    with clock.moved(timedelta(days=7)):
        assert outreach.remind_due() == 1
        assert outreach.remind_due() == 0
    assert [each.payload["to"] for each in mails()] == [cast.resident.email]
    assert db.session.scalar(sa.select(sa.func.count()).select_from(RoundReminder)) == 0


def test_who_changes_their_mind_is_not_reminded(cast: Cast) -> None:
    an_open_round(cast, days=10)
    outreach.ask_for_reminder(cast.actor("resident"), "2026")
    outreach.withdraw_reminder(cast.actor("resident"), "2026")
    with clock.moved(timedelta(days=8)):
        assert outreach.remind_due() == 0
    assert not mails()


def test_an_extended_round_reminds_later_and_one_closed_early_not_at_all(cast: Cast) -> None:
    round_ = an_open_round(cast, days=5)
    outreach.ask_for_reminder(cast.actor("resident"), "2026")
    rounds.extend_round(cast.actor("coordinator"), "2026", round_.closes_at + timedelta(days=10))
    with clock.moved(timedelta(days=4)):
        assert outreach.remind_due() == 0
    rounds.close_round(cast.actor("coordinator"), "2026")
    assert outreach.remind_due() == 0
    assert db.session.scalar(sa.select(sa.func.count()).select_from(RoundReminder)) == 0
    assert not mails()


def test_nobody_is_reminded_who_is_gone_or_has_no_address(cast: Cast) -> None:
    an_open_round(cast, days=10)
    outreach.ask_for_reminder(cast.actor("resident"), "2026")
    outreach.ask_for_reminder(cast.actor("resident2"), "2026")
    change(sa.update(Account).where(Account.id == cast.resident.id).values(deactivated_at=clock.now()))
    change(sa.update(Account).where(Account.id == cast.resident2.id).values(email=None))
    with clock.moved(timedelta(days=8)):
        assert outreach.remind_due() == 0
    assert not mails()


def test_it_can_be_too_late_to_ask_and_one_must_be_signed_in(cast: Cast) -> None:
    an_open_round(cast, days=2)
    with pytest.raises(Conflict):
        outreach.ask_for_reminder(cast.actor("resident"), "2026")
    with pytest.raises(Forbidden):
        outreach.ask_for_reminder(Actor(), "2026")
    with pytest.raises(Forbidden):
        outreach.remind_due(cast.actor("admin"))


def test_no_event_tells_who_asked_and_the_person_can_see_and_erase_it(cast: Cast) -> None:
    an_open_round(cast, days=10)
    before = db.session.scalar(sa.select(sa.func.count()).select_from(AuditEntry))
    outreach.ask_for_reminder(cast.actor("resident"), "2026")
    assert db.session.scalar(sa.select(sa.func.count()).select_from(AuditEntry)) == before
    assert kinds.export(cast.resident.id)["round_reminders"] == [{"slug": "2026"}]
    kinds.erase(cast.resident.id)
    assert not kinds.export(cast.resident.id)["round_reminders"]
