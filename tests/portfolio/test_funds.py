"""Innovation funds: applied for, decided, paid and reported; never more than there is, whoever comes at once."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from threading import Barrier, Thread

import pytest
import sqlalchemy as sa
from flask import Flask
from sqlalchemy.exc import IntegrityError

from portal.accounts.models import Byline
from portal.kernel import clock
from portal.kernel.content import Ref
from portal.kernel.db import atomic, db
from portal.kernel.errors import Conflict, DomainError, Forbidden, Invalid, NotFound
from portal.kernel.identity import ANONYMOUS, Actor, Role
from portal.notifications.models import Notice
from portal.portfolio import kinds
from portal.portfolio.actions.applications import (
    ReportDraft,
    change_application,
    draft_application,
    report_grant,
    send_application,
    withdraw_application,
)
from portal.portfolio.actions.funds import FundDraft, PaymentDraft, decide, pay, set_fund, summarise_report
from portal.portfolio.actions.reminders import remind_of_benefits
from portal.portfolio.models import Application, ApplicationState, Fund, FundReport, Outcome, Payment, Purpose
from portal.portfolio.queries import applications as pages
from portal.portfolio.queries import funds
from portal.portfolio.queries.panels import benefits
from tests.observatorium.rounds import people
from tests.portfolio.things import (
    MILLION,
    PUBLIC,
    SECRET,
    a_fund,
    asking,
    deciding,
    granted,
    planned,
    register,
    sent,
)
from tests.support.cast import Cast, make_cast
from tests.support.page import Visitor

THOUSAND = 100_000
"""Øre of a thousand kroner."""


def paying(ore: int, key: str = "k") -> PaymentDraft:
    return PaymentDraft(ore=ore, paid_on=clock.today(), reference="Bilag 7", key=key)


TOLD = ReportDraft(outcome=Outcome.FAILED, done="Vi prøvde.", learnt="Sykkelen ble stjålet.", spent_ore=THOUSAND)


# -- applying ----------------------------------------------------------------------------------------------------------


def test_a_draft_is_the_applicants_own_until_it_is_sent(cast: Cast) -> None:
    adviser, resident = cast.actor("adviser"), cast.actor("resident")
    fund = a_fund(adviser)
    draft = draft_application(resident, PUBLIC, asking(fund))
    with pytest.raises(NotFound):
        pages.application_page(adviser, draft.id)
    assert not benefits(adviser, PUBLIC).funding
    send_application(resident, draft.id)
    assert pages.application_page(adviser, draft.id).may.decide
    for other in (cast.actor("resident2"), cast.actor("employee"), ANONYMOUS):
        with pytest.raises(NotFound):
            pages.application_page(other, draft.id)


def test_the_same_form_twice_is_one_application(cast: Cast) -> None:
    fund, resident = a_fund(cast.actor("adviser")), cast.actor("resident")
    draft = asking(fund)
    assert draft_application(resident, PUBLIC, draft).id == draft_application(resident, PUBLIC, draft).id


def test_what_is_sent_is_not_changed(cast: Cast) -> None:
    fund, resident = a_fund(cast.actor("adviser")), cast.actor("resident")
    application = sent(resident, fund)
    with pytest.raises(Conflict):
        change_application(resident, application.id, asking(fund, 5))
    assert send_application(resident, application.id).id == application.id  # sent twice


def test_one_applies_only_while_it_is_open(cast: Cast) -> None:
    adviser, resident = cast.actor("adviser"), cast.actor("resident")
    fund = a_fund(adviser)
    draft = draft_application(resident, PUBLIC, asking(fund))
    with clock.moved(by=timedelta(days=60)):
        for late in (
            lambda: draft_application(resident, PUBLIC, asking(fund)),
            lambda: send_application(resident, draft.id),
        ):
            with pytest.raises(Invalid) as refusal:
                late()
            assert refusal.value.field == "fund"


def test_one_applies_for_oneself_or_for_an_organisation_one_speaks_for(cast: Cast) -> None:
    fund, volunteer = a_fund(cast.actor("adviser")), cast.actor("volunteer")
    organisation = cast.volunteer_organisation.id
    mine = sent(volunteer, fund, byline=Byline.ORGANISATION, organisation_id=organisation)
    assert pages.application_page(volunteer, mine.id).row.byline == cast.volunteer_organisation.name
    with pytest.raises(Invalid):
        sent(cast.actor("resident"), fund, byline=Byline.ORGANISATION, organisation_id=organisation)
    with pytest.raises(Invalid):
        sent(volunteer, fund, byline=Byline.PSEUDONYM)


@pytest.mark.parametrize("ore", [0, -1, MILLION + 1])
def test_the_sum_asked_for_is_more_than_nothing_and_within_the_frame(cast: Cast, ore: int) -> None:
    fund = a_fund(cast.actor("adviser"))
    with pytest.raises(Invalid) as refusal:
        draft_application(cast.actor("resident"), PUBLIC, asking(fund, ore))
    assert refusal.value.field == "asked"


def test_nobody_applies_to_what_they_may_not_read_nor_with_a_limited_account(cast: Cast) -> None:
    fund, resident = a_fund(cast.actor("adviser")), cast.actor("resident")
    with pytest.raises(NotFound):
        draft_application(resident, SECRET, asking(fund))
    limited = replace(resident, limited_until=clock.now() + timedelta(days=1))
    with pytest.raises(Forbidden):
        draft_application(limited, PUBLIC, asking(fund))


def test_an_application_is_taken_back_until_it_is_decided(cast: Cast) -> None:
    adviser, resident = cast.actor("adviser"), cast.actor("resident")
    fund = a_fund(adviser)
    draft = draft_application(resident, PUBLIC, asking(fund))
    waiting, given = sent(resident, fund), granted(adviser, resident, fund)
    for each in (draft, waiting):
        withdraw_application(resident, each.id)
    assert db.session.get(Application, draft.id) is None
    assert db.session.get_one(Application, waiting.id).state is ApplicationState.WITHDRAWN
    with pytest.raises(Conflict):
        withdraw_application(resident, given.id)
    with pytest.raises(Conflict):
        decide(adviser, waiting.id, deciding(1))


# -- deciding ----------------------------------------------------------------------------------------------------------


def test_a_grant_is_taken_from_the_frame(cast: Cast) -> None:
    adviser = cast.actor("adviser")
    fund = a_fund(adviser)
    application = granted(adviser, cast.actor("resident"), fund, 30 * THOUSAND)
    assert (application.state, application.granted_ore) == (ApplicationState.GRANTED, 30 * THOUSAND)
    row = funds.fund_page(2026, None).row
    assert (row.fund.granted_ore, row.fund.left_ore) == (30 * THOUSAND, MILLION - 30 * THOUSAND)


def test_when_the_frame_is_used_up_it_is_said_how_much_is_left(cast: Cast) -> None:
    adviser, resident = cast.actor("adviser"), cast.actor("resident")
    fund = a_fund(adviser)
    granted(adviser, resident, fund, MILLION - 1_250_000)
    waiting = sent(resident, fund, 2_000_000)
    with pytest.raises(Conflict) as refusal:
        decide(adviser, waiting.id, deciding(2_000_000))
    assert "Rammen er brukt opp: 12 500 kroner igjen" in str(refusal.value.message).replace("\N{NO-BREAK SPACE}", " ")
    db.session.expire_all()
    assert db.session.get_one(Application, waiting.id).state is ApplicationState.SENT
    assert decide(adviser, waiting.id, deciding(1_250_000)).granted_ore == 1_250_000


def test_no_more_is_granted_than_is_asked_for_nor_without_saying_why(cast: Cast) -> None:
    adviser = cast.actor("adviser")
    application = sent(cast.actor("resident"), a_fund(adviser), 100)
    for draft, field in ((deciding(101), "granted"), (deciding(50, reason=" "), "reason")):
        with pytest.raises(Invalid) as refusal:
            decide(adviser, application.id, draft)
        assert refusal.value.field == field


def test_a_refusal_is_public_with_its_reason(cast: Cast) -> None:
    adviser = cast.actor("adviser")
    fund = a_fund(adviser)
    decide(adviser, sent(cast.actor("resident"), fund).id, deciding(0, reason="Det er prøvd før."))
    (row,) = funds.fund_page(2026, None).decisions.items
    assert (row.is_granted, row.application.reason, row.application.granted_ore) == (False, "Det er prøvd før.", 0)


def test_nobody_decides_about_or_pays_their_own(cast: Cast) -> None:
    adviser = cast.actor("adviser")
    application = sent(adviser, a_fund(adviser))
    with pytest.raises(Forbidden):
        decide(adviser, application.id, deciding(1))
    other = replace(cast.actor("employee"), roles=frozenset({Role.MEMBER, Role.IDEA_MANAGER}))
    decide(other, application.id, deciding(100))
    with pytest.raises(Forbidden):
        pay(adviser, application.id, paying(1))


@pytest.mark.parametrize("name", ["resident", "employee", "admin", "moderator", "coordinator"])
def test_only_advisers_run_the_funds(cast: Cast, name: str) -> None:
    adviser, other = cast.actor("adviser"), cast.actor(name)
    fund = a_fund(adviser)
    application = sent(cast.actor("resident2"), fund)
    acts: list[Callable[[], object]] = [
        lambda: a_fund(other, year=2027),
        lambda: decide(other, application.id, deciding(1)),
        lambda: pay(other, application.id, paying(1)),
        lambda: summarise_report(other, application.id, "x"),
    ]
    for act in acts:
        with pytest.raises(Forbidden):
            act()


def test_a_frame_is_never_less_than_what_is_granted(cast: Cast) -> None:
    adviser = cast.actor("adviser")
    fund = a_fund(adviser)
    granted(adviser, cast.actor("resident"), fund, 40 * THOUSAND)
    day = clock.today()
    with pytest.raises(Invalid) as refusal:
        set_fund(adviser, FundDraft(year=2026, frame_ore=39 * THOUSAND, opens_on=day, closes_on=day))
    assert refusal.value.field == "frame"
    set_fund(adviser, FundDraft(year=2026, frame_ore=40 * THOUSAND, opens_on=day, closes_on=day))
    assert funds.fund_page(2026, None).row.fund.left_ore == 0


def test_what_is_meant_for_each_purpose_is_within_the_frame(cast: Cast) -> None:
    adviser = cast.actor("adviser")
    with pytest.raises(Invalid):
        a_fund(adviser, frame=100, plan={Purpose.SEED: 60, Purpose.COMPETENCE: 41})
    a_fund(adviser, frame=100, plan={Purpose.SEED: 60, Purpose.COMPETENCE: 40})
    a_fund(adviser, frame=100, plan={Purpose.SEED: 10})
    planned = {row.purpose: row.planned_ore for row in funds.fund_page(2026, None).row.purposes}
    assert planned == {Purpose.SEED: 10, Purpose.OWN_SHARE: None, Purpose.COOPERATION: None, Purpose.COMPETENCE: None}


# -- what the database itself refuses ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "statement",
    [
        sa.update(Fund).values(granted_ore=Fund.frame_ore + 1),
        sa.update(Fund).values(frame_ore=Fund.granted_ore - 1),
        sa.update(Fund).values(granted_ore=-1),
        sa.update(Application).values(paid_ore=Application.granted_ore + 1),
        sa.update(Application).values(granted_ore=0),
        sa.update(Application).values(state=ApplicationState.DECLINED),
        sa.update(Application).values(state=ApplicationState.DECLINED, granted_ore=0, reason=""),
        sa.insert(Payment).values(
            application_id=1,
            ore=0,
            paid_on=clock.today(),
            reference="",
            entered_by_id=1,
            key="",
            created_at=clock.now(),
        ),
    ],
)
def test_the_database_refuses_what_must_never_be(cast: Cast, statement: sa.Executable) -> None:
    adviser = cast.actor("adviser")
    granted(adviser, cast.actor("resident"), a_fund(adviser))
    with pytest.raises(IntegrityError), db.session.begin_nested():
        db.session.execute(statement, execution_options={"synchronize_session": False})


# -- paying and reporting ----------------------------------------------------------------------------------------------


def test_payments_never_come_to_more_than_the_grant(cast: Cast) -> None:
    adviser = cast.actor("adviser")
    application = granted(adviser, cast.actor("resident"), a_fund(adviser), 10 * THOUSAND)
    pay(adviser, application.id, paying(6 * THOUSAND, "a"))
    pay(adviser, application.id, paying(6 * THOUSAND, "a"))  # sent twice
    assert application.paid_ore == 6 * THOUSAND
    with pytest.raises(Invalid) as refusal:
        pay(adviser, application.id, paying(4 * THOUSAND + 1, "b"))
    assert refusal.value.field == "ore"
    pay(adviser, application.id, paying(4 * THOUSAND, "c"))
    db.session.expire_all()
    assert db.session.scalar(sa.select(sa.func.sum(Payment.ore))) == application.paid_ore == 10 * THOUSAND


def test_what_is_not_granted_is_not_paid(cast: Cast) -> None:
    adviser = cast.actor("adviser")
    with pytest.raises(Conflict):
        pay(adviser, sent(cast.actor("resident"), a_fund(adviser)).id, paying(1))


def test_a_report_tells_what_was_learnt_also_when_it_failed(cast: Cast) -> None:
    adviser, resident = cast.actor("adviser"), cast.actor("resident")
    fund = a_fund(adviser)
    application = granted(adviser, resident, fund)
    with pytest.raises(Invalid):
        report_grant(resident, application.id, replace(TOLD, learnt=" "))
    with pytest.raises(NotFound):
        report_grant(cast.actor("resident2"), application.id, TOLD)
    report_grant(resident, application.id, TOLD)
    with pytest.raises(Conflict):
        report_grant(resident, application.id, TOLD)
    summarise_report(adviser, application.id, "Lås sykkelen.")
    (row,) = funds.fund_page(2026, None).decisions.items
    assert (row.outcome, row.spent_ore, row.summary) == (Outcome.FAILED, THOUSAND, "Lås sykkelen.")


def test_what_the_applicant_wrote_is_not_among_what_everybody_reads(cast: Cast) -> None:
    adviser, resident = cast.actor("adviser"), cast.actor("resident")
    application = granted(adviser, resident, a_fund(adviser))
    report_grant(resident, application.id, TOLD)
    panel = benefits(ANONYMOUS, PUBLIC)
    assert [row.summary for row in panel.funding] == [""]
    assert (panel.granted_ore, panel.paid_ore) == (application.granted_ore, 0)


# -- people ------------------------------------------------------------------------------------------------------------

erase = atomic(kinds.erase)


def test_erasing_a_person_leaves_sums_and_decisions_but_none_of_their_words(cast: Cast) -> None:
    adviser, resident = cast.actor("adviser"), cast.actor("resident")
    fund = a_fund(adviser)
    draft_application(resident, PUBLIC, asking(fund))
    sent(resident, fund)
    application = granted(adviser, resident, fund, 7 * THOUSAND)
    report_grant(resident, application.id, TOLD)
    assert len(kinds.export(resident.id or 0)["fund_applications"]) == 3
    assert kinds.stays(resident.id or 0)
    erase(resident.id or 0)
    erase(resident.id or 0)  # does no harm twice
    (left,) = db.session.scalars(sa.select(Application)).all()
    report = db.session.get_one(FundReport, application.id)
    assert (left.what_for, left.other_financing, report.done, report.learnt) == ("", "", "", "")
    assert (left.granted_ore, report.spent_ore) == (7 * THOUSAND, THOUSAND)


def test_drafts_are_forgotten_after_a_year(cast: Cast) -> None:
    adviser, resident = cast.actor("adviser"), cast.actor("resident")
    fund = a_fund(adviser)
    draft_application(resident, PUBLIC, asking(fund))
    sent(resident, fund)
    with clock.moved(by=timedelta(days=364)):
        assert atomic(kinds.retain)() == {"fund_application_drafts": 0}
    with clock.moved(by=timedelta(days=366)):
        assert atomic(kinds.retain)() == {"fund_application_drafts": 1}
    assert [each.state for each in db.session.scalars(sa.select(Application))] == [ApplicationState.SENT]


# -- at once -----------------------------------------------------------------------------------------------------------


def at_once(app: Flask, acts: list[Callable[[], object]]) -> list[BaseException | None]:
    """Do all of these at the same time, each in a thread of its own; return what each was refused with."""
    begin = Barrier(len(acts))
    refusals: list[BaseException | None] = [None] * len(acts)

    def run(number: int) -> None:
        begin.wait()
        with app.app_context():
            try:
                acts[number]()
            except BaseException as error:  # noqa: BLE001 - told by the test
                refusals[number] = error
            finally:
                db.session.remove()

    threads = [Thread(target=run, args=(number,)) for number in range(len(acts))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return refusals


def test_two_grants_at_once_never_come_to_more_than_the_frame(own_app: Flask) -> None:
    register(own_app)
    with own_app.app_context():
        cast = make_cast()
        adviser = cast.actor("adviser")
        fund = a_fund(adviser, frame=100 * THOUSAND)
        waiting = [sent(cast.actor("resident"), fund, 60 * THOUSAND).id for _ in range(2)]
        db.session.remove()
    refusals = at_once(
        own_app,
        [lambda id_=id_: decide(adviser, id_, deciding(60 * THOUSAND)) for id_ in waiting],  # type: ignore[misc]
    )
    (refusal,) = [each for each in refusals if each is not None]
    assert isinstance(refusal, Conflict)
    assert "40 000 kroner igjen" in str(refusal.message).replace("\N{NO-BREAK SPACE}", " ")
    with own_app.app_context():
        states = sorted(db.session.scalars(sa.select(Application.state)))
        assert states == [ApplicationState.GRANTED, ApplicationState.SENT]
        assert db.session.scalar(sa.select(Fund.granted_ore)) == 60 * THOUSAND
        db.session.remove()


def test_many_grants_payments_and_frames_at_once_keep_every_sum_exact(own_app: Flask) -> None:
    register(own_app)
    with own_app.app_context():
        cast = make_cast()
        adviser = cast.actor("adviser")
        applicants: list[Actor] = people(24)
        fund = a_fund(adviser, frame=100 * THOUSAND)
        waiting = [sent(each, fund, 9 * THOUSAND).id for each in applicants]
        db.session.remove()
    day = clock.today()
    lower = FundDraft(year=2026, frame_ore=70 * THOUSAND, opens_on=day, closes_on=day)

    def grant_and_pay(application_id: int) -> None:
        decide(adviser, application_id, deciding(9 * THOUSAND))
        pay(adviser, application_id, paying(5 * THOUSAND))

    acts: list[Callable[[], object]] = [lambda id_=id_: grant_and_pay(id_) for id_ in waiting]  # type: ignore[misc]
    refusals = at_once(own_app, [*acts, lambda: set_fund(adviser, lower)])
    assert all(each is None or isinstance(each, DomainError) for each in refusals), refusals
    with own_app.app_context():
        found = db.session.scalars(sa.select(Fund)).one()
        given = db.session.scalar(
            sa.select(sa.func.sum(Application.granted_ore)).where(Application.state == ApplicationState.GRANTED)
        )
        paid = db.session.scalar(sa.select(sa.func.sum(Application.paid_ore)))
        assert found.granted_ore == given
        assert 7 * 9 * THOUSAND <= found.granted_ore <= found.frame_ore
        assert db.session.scalar(sa.select(sa.func.sum(Payment.ore))) == paid == given * 5 // 9
        db.session.remove()


def test_one_payment_sent_many_times_at_once_is_one(own_app: Flask) -> None:
    register(own_app)
    with own_app.app_context():
        cast = make_cast()
        adviser = cast.actor("adviser")
        application_id = granted(adviser, cast.actor("resident"), a_fund(adviser), 10 * THOUSAND).id
        db.session.remove()
    refusals = at_once(own_app, [lambda: pay(adviser, application_id, paying(3 * THOUSAND, "same"))] * 12)
    assert refusals == [None] * 12
    with own_app.app_context():
        assert db.session.scalar(sa.select(sa.func.count()).select_from(Payment)) == 1
        assert db.session.get_one(Application, application_id).paid_ore == 3 * THOUSAND
        db.session.remove()


def test_what_is_public_follows_the_thing(cast: Cast) -> None:
    adviser = cast.actor("adviser")
    fund = a_fund(adviser)
    granted(adviser, cast.actor("employee"), fund, ref=SECRET)
    granted(adviser, cast.actor("employee"), fund, ref=Ref("thing", 2))
    titles = [row.card and row.card.title for row in funds.fund_page(2026, None).decisions.items]
    assert titles == ["Tiltak 2", None]


# -- who is told -------------------------------------------------------------------------------------------------------


def notices(cast: Cast, name: str) -> list[str]:
    told = sa.select(Notice.sentence).where(Notice.account_id == getattr(cast, name).id).order_by(Notice.id)
    return list(db.session.scalars(told))


def test_advisers_are_told_of_an_application_and_the_applicant_of_the_answer(
    cast: Cast, run_worker: Callable[[], None], visitor: Callable[..., Visitor]
) -> None:
    adviser, resident = cast.actor("adviser"), cast.actor("resident")
    fund = a_fund(adviser)
    application = sent(resident, fund)
    run_worker()
    assert notices(cast, "adviser") == ["funds_applied"]
    decide(adviser, application.id, deciding(100))
    pay(adviser, application.id, paying(50))
    run_worker()
    assert notices(cast, "resident") == ["funds_decided", "funds_paid"]
    assert notices(cast, "resident2") == []
    page = visitor("resident").get("notifications.index")
    assert "Kommunen har svart på søknaden din om innovasjonsmidler" in page.words
    assert f"/portefolje/soknader/{application.id}/" in page.text


def test_advisers_are_reminded_once_a_week_of_what_should_have_been_measured(
    cast: Cast, run_worker: Callable[[], None]
) -> None:
    assert remind_of_benefits() == 0
    planned(cast.actor("employee"), expected_on=clock.today() - timedelta(days=1))
    run_worker()  # the first run of the job
    with clock.moved(by=timedelta(days=3)):
        run_worker()
    assert notices(cast, "adviser") == ["benefits_late"]
    with clock.moved(by=timedelta(days=8)):
        run_worker()
    assert notices(cast, "adviser") == ["benefits_late", "benefits_late"]
