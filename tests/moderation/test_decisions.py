"""Deciding, reporting and complaining: every rule through the actions, and what the mails say."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa

from portal.accounts.models import Account
from portal.kernel import clock
from portal.kernel.content import Ref
from portal.kernel.db import db
from portal.kernel.errors import Conflict, Forbidden, Invalid, NotFound, TooMany
from portal.kernel.identity import ANONYMOUS, SYSTEM
from portal.moderation import links
from portal.moderation.actions import appeals, claims, decisions, insight, reminders, reports
from portal.moderation.actions.appeals import AnswerDraft, AppealDraft
from portal.moderation.actions.decisions import decide
from portal.moderation.actions.reports import ReportDraft
from portal.moderation.models import Appeal, Appellant, CaseEvent, Cause, Decision, Outcome, Report, Verdict
from portal.moderation.queries import received
from portal.observatorium.actions.comments import withdraw_comment
from tests.moderation.work import CALM, PHONE, case_of, decided, draft, ref, set_to, shown, write
from tests.observatorium.rounds import change
from tests.support.cast import Cast
from tests.support.mailbox import Mailbox

Work = Callable[[], None]
UPHELD = AnswerDraft(outcome=Outcome.UPHELD, reason="Du har rett.")
DISMISSED = AnswerDraft(outcome=Outcome.DISMISSED, reason="Regelen er brutt.")


def published(cast: Cast, text: str = CALM, who: str = "resident") -> Any:
    """Let somebody write what is shown at once."""
    set_to(cast, "moderation_of_observatory_comment", "post")
    return write(cast.actor(who), text)


# -- deciding ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("verdict", "state"),
    [(Verdict.APPROVE, "published"), (Verdict.ASK_CHANGES, "changes_requested"), (Verdict.REJECT, "hidden")],
)
def test_a_text_that_waits_is_decided(cast: Cast, verdict: Verdict, state: str) -> None:
    written = write(cast.actor("resident"))
    decided(cast.actor("moderator"), written, verdict)
    assert shown(written) == (state, CALM)
    assert case_of(written).closed_at is not None


@pytest.mark.parametrize("who", ["resident2", "employee", "coordinator", "admin"])
def test_only_moderators_decide(cast: Cast, who: str) -> None:
    written = write(cast.actor("resident"))
    with pytest.raises(Forbidden):
        decided(cast.actor(who), written)


def test_nobody_decides_about_their_own_text(cast: Cast) -> None:
    written = write(cast.actor("moderator"))
    with pytest.raises(Forbidden):
        decided(cast.actor("moderator"), written)
    decided(cast.actor("moderator2"), written)
    assert shown(written)[0] == "published"


def test_what_is_shown_is_taken_down_and_what_waits_is_rejected(cast: Cast) -> None:
    waiting = write(cast.actor("resident2"))
    with pytest.raises(Invalid):
        decided(cast.actor("moderator"), waiting, Verdict.HIDE)
    public = published(cast, "idiot")
    reports.report(ANONYMOUS, ReportDraft(ref=ref(public), rule="hate"))
    with pytest.raises(Invalid):
        decided(cast.actor("moderator"), public, Verdict.REJECT)
    decided(cast.actor("moderator"), public, Verdict.HIDE)
    assert shown(public)[0] == "hidden"


def test_a_restriction_cites_a_rule_also_to_the_database(cast: Cast) -> None:
    written = write(cast.actor("resident"))
    with pytest.raises(Invalid):
        decided(cast.actor("moderator"), written, Verdict.REJECT, rule="because")
    with pytest.raises(sa.exc.IntegrityError), db.session.begin_nested():
        db.session.execute(
            sa.insert(Decision).values(
                case_id=case_of(written).id,
                verdict=Verdict.REJECT,
                decided_at=clock.now(),
                on_report=False,
                facts="",
                why="",
                language="nb",
                masks=[],
                before={},
            )
        )


def test_a_form_is_stale_when_the_author_has_rewritten_the_text(cast: Cast) -> None:
    written = write(cast.actor("resident"))
    case = case_of(written)
    made = draft(case)
    write(cast.actor("resident"), "Bussen går aldri.")
    with pytest.raises(Conflict):
        decide(cast.actor("moderator"), case.id, made)
    assert shown(written) == ("pending", "Bussen går aldri.")


def test_a_form_is_stale_when_somebody_has_reported_since(cast: Cast) -> None:
    public = published(cast, PHONE)
    made = draft(case_of(public))
    reports.report(cast.actor("resident"), ReportDraft(ref=ref(public), rule="threats"))
    with pytest.raises(Conflict):
        decide(cast.actor("moderator"), case_of(public).id, made)


def test_the_second_to_decide_is_told_what_the_first_did(cast: Cast) -> None:
    written = write(cast.actor("resident"))
    made = draft(case_of(written))
    decided(cast.actor("moderator"), written, Verdict.REJECT)
    with pytest.raises(Conflict) as refused:
        decide(cast.actor("moderator2"), case_of(written).id, made)
    assert cast.moderator.name in str(refused.value.message)
    assert "Vises ikke" in str(refused.value.message)


def test_a_case_somebody_has_is_theirs_for_a_quarter(cast: Cast) -> None:
    written = write(cast.actor("resident"))
    case = case_of(written)
    made = draft(case)
    claims.claim(cast.actor("moderator"), case.id)
    with pytest.raises(Conflict, match="Morten Moderator"):
        claims.claim(cast.actor("moderator2"), case.id)
    with pytest.raises(Conflict):
        decide(cast.actor("moderator2"), case.id, made)
    with clock.moved(timedelta(minutes=16)):
        claims.claim(cast.actor("moderator2"), case.id)
        claims.release(cast.actor("moderator2"), case.id)
        decide(cast.actor("moderator2"), case.id, made)


def test_the_next_case_is_the_one_that_is_due_first_and_free(cast: Cast) -> None:
    first, second, third = (write(cast.actor(name)) for name in ("resident", "resident2", "moderator"))
    assert claims.claim_next(cast.actor("moderator")) == case_of(first)
    assert claims.claim_next(cast.actor("moderator2")) == case_of(second)
    assert claims.claim_next(cast.actor("moderator"), case_of(first).id) is None, "its own text is nobody's case"
    assert claims.claim_next(cast.actor("moderator2"), case_of(second).id) == case_of(third)


# -- reasons, limits and time ------------------------------------------------------------------------------------------


def test_the_author_gets_every_part_of_the_reasons_in_their_language(
    cast: Cast, smtp: Mailbox, run_worker: Work
) -> None:
    written = write(cast.actor("resident"), PHONE)
    change(sa.update(Account).where(Account.id == cast.resident.id).values(language="en"))
    decision = decided(cast.actor("moderator"), written, Verdict.MASK, pasted="912 34 567", facts="A phone number.")
    run_worker()
    mail = next(each for each in smtp.messages if each["To"] == cast.resident.email)
    text = mail.get_body(("plain",)).get_content()
    assert mail["Content-Language"] == "en"
    assert "A phone number." in text
    assert links.token(links.DECISION, decision.id) in text
    assert "912 34 567" not in text, "what was taken out is not sent around"
    page = received.decision_page(ANONYMOUS, token=links.token(links.DECISION, decision.id))
    assert "".join(words for words, _masked in page.own_text[0]) == PHONE
    assert len(page.parts) == 7
    assert all(part.text for part in page.parts)
    with pytest.raises(NotFound):
        received.decision_page(ANONYMOUS, token="guessed")
    with pytest.raises(NotFound):
        received.decision_page(cast.actor("resident2"), decision_id=decision.id)


def test_what_is_hidden_for_a_time_is_shown_again_when_it_is_over(cast: Cast) -> None:
    public = published(cast, "idiot")
    reports.report(ANONYMOUS, ReportDraft(ref=ref(public), rule="hate"))
    decided(cast.actor("moderator"), public, Verdict.HIDE, until=clock.now() + timedelta(days=7))
    assert decisions.end_due() == 0
    with clock.moved(timedelta(days=8)):
        assert decisions.end_due(SYSTEM) == 1
        assert shown(public) == ("published", "idiot")
        assert decisions.end_due(SYSTEM) == 0, "once"


def test_an_account_is_limited_beside_the_text_and_an_appeal_lifts_it(cast: Cast) -> None:
    written = write(cast.actor("resident"), PHONE)
    until = clock.now() + timedelta(days=30)
    decided(cast.actor("moderator"), written, Verdict.REJECT, limit_until=until)
    assert db.session.get_one(Account, cast.resident.id).limited_until == until
    limit = db.session.scalars(sa.select(Decision).where(Decision.verdict == Verdict.LIMIT)).one()
    made = appeals.appeal(cast.actor("resident"), AppealDraft(text="For strengt.", decision_id=limit.id))
    appeals.decide_appeal(cast.actor("moderator2"), made.id, UPHELD)
    assert db.session.get_one(Account, cast.resident.id).limited_until is None
    assert shown(written)[0] == "hidden", "the text is another decision"


def test_staff_are_not_limited_by_moderators(cast: Cast) -> None:
    written = write(cast.actor("employee"), PHONE)
    with pytest.raises(Conflict):
        decided(cast.actor("moderator"), written, Verdict.REJECT, limit_until=clock.now() + timedelta(days=1))
    assert shown(written)[0] == "pending", "all of it or nothing"


# -- reports -----------------------------------------------------------------------------------------------------------


def test_reports_hide_nothing_by_their_number_and_shorten_the_deadline_once(cast: Cast) -> None:
    public = published(cast)
    for _number in range(12):
        reports.report(ANONYMOUS, ReportDraft(ref=ref(public), rule="hate"))
    case = case_of(public)
    assert shown(public) == ("published", CALM)
    assert case.cause is Cause.REPORTED
    assert case.due_at <= clock.now() + timedelta(hours=8)
    assert db.session.scalar(sa.select(sa.func.count()).select_from(Report)) == 12


def test_a_report_that_cannot_be_taken_is_refused(cast: Cast) -> None:
    public = published(cast)
    with pytest.raises(Invalid):
        reports.report(ANONYMOUS, ReportDraft(ref=ref(public), rule="ugly"))
    with pytest.raises(Invalid):
        reports.report(ANONYMOUS, ReportDraft(ref=ref(public), rule="hate", email="nobody"))
    for unknown in (Ref("observatory_comment", 0), Ref("nothing", 1)):
        with pytest.raises(NotFound):
            reports.report(ANONYMOUS, ReportDraft(ref=unknown, rule="hate"))
    reports.report(cast.actor("resident2"), ReportDraft(ref=ref(public), rule="hate"))
    with pytest.raises(Conflict):
        reports.report(cast.actor("resident2"), ReportDraft(ref=ref(public), rule="spam"))


def test_one_person_reports_so_much_a_day(cast: Cast) -> None:
    set_to(cast, "moderation_of_observatory_comment", "post")
    numbers = [f"{dimension}.{number}" for dimension in (1, 2, 3, 4) for number in range(1, 9)][:21]
    written = [write(cast.actor("resident"), indicator=number) for number in numbers[:12]]
    written += [write(cast.actor("employee"), indicator=number) for number in numbers[12:]]
    for each in written[:20]:
        reports.report(cast.actor("resident2"), ReportDraft(ref=ref(each), rule="spam"))
    with pytest.raises(TooMany):
        reports.report(cast.actor("resident2"), ReportDraft(ref=ref(written[20]), rule="spam"))


def test_a_reporter_without_an_account_gets_a_receipt_and_the_outcome(
    cast: Cast, smtp: Mailbox, run_worker: Work
) -> None:
    public = published(cast)
    receipt = reports.report(ANONYMOUS, ReportDraft(ref=ref(public), rule="hate", email="ola@example.org"))
    assert received.report_page(receipt.token).standing is None
    decided(cast.actor("moderator"), public, Verdict.HIDE, rule="hate")
    run_worker()
    to_reporter = [each for each in smtp.messages if each["To"] == "ola@example.org"]
    assert [each["Subject"] for each in to_reporter] == ["Vi har fått meldingen din", "Svar på det du meldte fra om"]
    assert all(receipt.token in each.get_body(("plain",)).get_content() for each in to_reporter)
    standing = received.report_page(receipt.token).standing
    assert standing is not None
    assert standing.may_appeal


def test_the_outcome_of_a_report_on_a_text_that_is_withdrawn_is_that(cast: Cast) -> None:
    public = published(cast)
    receipt = reports.report(ANONYMOUS, ReportDraft(ref=ref(public), rule="hate"))
    withdraw_comment(cast.actor("resident"), public.id)
    assert received.report_page(receipt.token).withdrawn


# -- complaints --------------------------------------------------------------------------------------------------------


def complained(cast: Cast, text: str = PHONE, verdict: Verdict = Verdict.MASK) -> tuple[Any, Appeal]:
    written = write(cast.actor("resident"), text)
    decision = decided(
        cast.actor("moderator"), written, verdict, pasted="912 34 567" if verdict is Verdict.MASK else ""
    )
    token = links.token(links.DECISION, decision.id)
    return written, appeals.appeal(ANONYMOUS, AppealDraft(text="Det er mitt eget.", token=token))


@pytest.mark.parametrize("verdict", [Verdict.MASK, Verdict.REJECT, Verdict.ASK_CHANGES])
def test_an_appeal_that_is_upheld_restores_the_text_exactly(cast: Cast, verdict: Verdict) -> None:
    written, made = complained(cast, PHONE, verdict)
    appeals.decide_appeal(cast.actor("moderator2"), made.id, UPHELD)
    assert shown(written) == ("published", PHONE)


def test_an_appeal_that_is_dismissed_changes_nothing(cast: Cast) -> None:
    written, made = complained(cast)
    appeals.decide_appeal(cast.actor("moderator2"), made.id, DISMISSED)
    assert shown(written) == ("published", "Ring meg på [sladdet] i kveld.")


def test_what_the_author_has_rewritten_since_is_not_put_back(cast: Cast) -> None:
    written, made = complained(cast, PHONE, Verdict.ASK_CHANGES)
    write(cast.actor("resident"), CALM)
    appeals.decide_appeal(cast.actor("moderator2"), made.id, UPHELD)
    assert shown(written) == ("pending", CALM)


def test_the_first_decider_is_refused_by_the_action_and_by_the_database(cast: Cast) -> None:
    _written, made = complained(cast)
    with pytest.raises(Forbidden):
        appeals.decide_appeal(cast.actor("moderator"), made.id, UPHELD)
    for values in (
        {"decided_by_id": cast.moderator.id},
        {"decided_by_id": cast.moderator.id, "first_decided_by_id": None},
    ):
        with pytest.raises(sa.exc.IntegrityError), db.session.begin_nested():
            db.session.execute(
                sa.update(Appeal).values(outcome=Outcome.UPHELD, decided_at=clock.now(), reason="x", **values)
            )
    appeals.decide_appeal(cast.actor("admin"), made.id, UPHELD)


def test_one_complains_once_with_a_reason_and_in_time(cast: Cast) -> None:
    written = write(cast.actor("resident"), PHONE)
    decision = decided(cast.actor("moderator"), written, Verdict.REJECT)
    me = cast.actor("resident")
    with pytest.raises(Invalid):
        appeals.appeal(me, AppealDraft(text="", decision_id=decision.id))
    with pytest.raises(NotFound):
        appeals.appeal(cast.actor("resident2"), AppealDraft(text="Ikke min", decision_id=decision.id))
    with clock.moved(timedelta(days=181)), pytest.raises(Conflict):
        appeals.appeal(me, AppealDraft(text="For sent", decision_id=decision.id))
    appeals.appeal(me, AppealDraft(text="I tide", decision_id=decision.id))
    with pytest.raises(Conflict):
        appeals.appeal(me, AppealDraft(text="En gang til", decision_id=decision.id))
    approved = write(cast.actor("resident2"))
    shown_ = decided(cast.actor("moderator"), approved)
    with pytest.raises(Conflict):
        appeals.appeal(cast.actor("resident2"), AppealDraft(text="Jeg vil ikke", decision_id=shown_.id))


def test_a_reporters_appeal_that_is_upheld_opens_the_case_again(cast: Cast, smtp: Mailbox, run_worker: Work) -> None:
    public = published(cast)
    receipt = reports.report(ANONYMOUS, ReportDraft(ref=ref(public), rule="hate", email="ola@example.org"))
    decided(cast.actor("moderator"), public)
    first = case_of(public)
    made = appeals.appeal_as_reporter(ANONYMOUS, AppealDraft(text="Det er hat.", token=receipt.token))
    assert made.appellant is Appellant.REPORTER
    appeals.decide_appeal(cast.actor("moderator2"), made.id, UPHELD)
    assert shown(public)[0] == "published"
    assert case_of(public).id != first.id
    assert case_of(public).closed_at is None
    run_worker()
    assert "Svar på klagen din" in [each["Subject"] for each in smtp.messages if each["To"] == "ola@example.org"]


def test_reporters_are_told_when_a_decision_is_reversed(cast: Cast, smtp: Mailbox, run_worker: Work) -> None:
    public = published(cast)
    reports.report(ANONYMOUS, ReportDraft(ref=ref(public), rule="hate", email="ola@example.org"))
    decision = decided(cast.actor("moderator"), public, Verdict.HIDE)
    made = appeals.appeal(cast.actor("resident"), AppealDraft(text="Nei", decision_id=decision.id))
    appeals.decide_appeal(cast.actor("moderator2"), made.id, UPHELD)
    run_worker()
    assert len([each for each in smtp.messages if each["To"] == "ola@example.org"]) == 3


# -- insight and reminders ---------------------------------------------------------------------------------------------


def test_seeing_who_wrote_and_what_stood_there_needs_a_reason_and_is_logged(cast: Cast) -> None:
    written, _made = complained(cast)
    case = case_of(written)
    decision = db.session.scalars(sa.select(Decision)).one()
    for look in (
        lambda reason, who: insight.reveal_author(cast.actor(who), case.id, reason),
        lambda reason, who: insight.read_original(cast.actor(who), decision.id, reason),
    ):
        with pytest.raises(Invalid):
            look("", "moderator2")
        with pytest.raises(Forbidden):
            look("Nysgjerrig", "employee")
    assert insight.reveal_author(cast.actor("moderator2"), case.id, "Trussel") == cast.resident.name
    assert insight.read_original(cast.actor("moderator2"), decision.id, "Klage") == {"text": PHONE}
    steps = db.session.scalars(sa.select(CaseEvent.what).order_by(CaseEvent.id.desc()).limit(2)).all()
    assert set(steps) == {"author_revealed", "original_read"}


def test_moderators_are_told_daily_and_once_of_each_case_that_is_overdue(
    cast: Cast, smtp: Mailbox, run_worker: Work
) -> None:
    assert reminders.tell_waiting() == 0
    write(cast.actor("resident"))
    assert reminders.tell_waiting() == 1
    assert reminders.tell_overdue() == 0
    with clock.moved(timedelta(hours=25)):
        assert reminders.tell_overdue() == 1
        assert reminders.tell_overdue() == 0
        run_worker()
    subjects = {(each["To"], each["Subject"]) for each in smtp.messages}
    for person in (cast.moderator, cast.moderator2):
        assert (person.email, "1 sak venter på en moderator") in subjects
        assert (person.email, "1 sak er over fristen") in subjects
