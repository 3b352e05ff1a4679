"""What is forgotten, each line at its edge: a minute before it is still there, a minute after it is gone."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
import sqlalchemy as sa

from portal.accounts.actions import retention as accounts
from portal.accounts.models import (
    Account,
    Erasure,
    Identity,
    OneTimeToken,
    SeenLogoutToken,
    SignInAttempt,
    SignInSession,
)
from portal.kernel import clock
from portal.kernel.content import PublicationState
from portal.kernel.db import Base, atomic, db
from portal.kernel.extensions import personal_data
from portal.kernel.identity import Role, SignInMethod
from portal.kernel.outbox import OutboxRow
from portal.moderation.models import Case, Cause, Report
from portal.notifications.models import Notice, NoticeKind
from portal.observatorium.models.rounds import Comment
from portal.operations import retention
from tests.observatorium.rounds import an_open_round, change
from tests.support.cast import Cast
from tests.support.mailbox import Mailbox
from tests.support.page import Visitor

MINUTE = timedelta(minutes=1)
Open = Callable[..., Visitor]


@atomic
def keep(*rows: Base) -> None:
    db.session.add_all(rows)
    db.session.flush()


def attempt(_cast: Cast) -> None:
    keep(SignInAttempt(at=clock.now(), identifier_hash="a", network_hash="b", succeeded=False))


def session(cast: Cast) -> None:
    long_ago = clock.now() - timedelta(days=30)
    keep(
        SignInSession(
            account_id=cast.resident.id,
            token_hash="t",
            method=SignInMethod.PASSWORD,
            device="Firefox",
            created_at=long_ago,
            last_seen_at=long_ago,
            expires_at=long_ago + timedelta(days=365),
            ended_at=clock.now(),
        )
    )


def link(cast: Cast) -> None:
    keep(
        OneTimeToken(
            account_id=cast.resident.id,
            purpose="reset_password",
            token_hash="t",
            data={},
            created_at=clock.now() - timedelta(hours=1),
            expires_at=clock.now(),
        )
    )


def logout(_cast: Cast) -> None:
    keep(SeenLogoutToken(jti_hash="j", seen_at=clock.now()))


def unconfirmed(_cast: Cast) -> None:
    keep(Account(email="ny@example.org", name="Ny", created_at=clock.now()))


def notice(cast: Cast) -> None:
    keep(
        Notice(
            account_id=cast.resident.id,
            notice_kind=NoticeKind.REPLY,
            sentence="replied",
            kind="contribution",
            target_id=1,
            cause="1",
            created_at=clock.now(),
        )
    )


def report(cast: Cast) -> None:
    case = Case(
        kind="contribution",
        target_id=1,
        cause=Cause.REPORTED,
        author_id=cast.resident.id,
        signals=[],
        opened_at=clock.now() - timedelta(days=20),
        due_at=clock.now(),
        closed_at=clock.now(),
    )
    keep(case)
    keep(
        Report(
            case_id=case.id,
            reporter_id=cast.resident2.id,
            email="ola@example.org",
            rule="spam",
            text="Se her",
            language="nb",
            token_hash="t",
            created_at=clock.now() - timedelta(days=20),
        )
    )


@pytest.mark.parametrize(
    ("line", "days", "make"),
    [
        ("accounts: sign_in_attempts", 14, attempt),
        ("accounts: sign_in_sessions", 90, session),
        ("accounts: one_time_tokens", 7, link),
        ("accounts: seen_logout_tokens", 1, logout),
        ("accounts: accounts", 7, unconfirmed),
        ("notifications: notices", 365, notice),
        ("moderation: reports", 365, report),
    ],
)
def test_each_line_is_kept_to_its_edge_and_no_longer(
    cast: Cast, line: str, days: int, make: Callable[[Cast], None]
) -> None:
    make(cast)
    edge = timedelta(days=days)
    with clock.moved(edge - MINUTE):
        assert retention.run()[line] == 0
    with clock.moved(edge + MINUTE):
        tried = retention.run(dry_run=True)
        assert tried[line] == 1
        assert retention.run() == tried, "a dry run says what a run does, and does nothing"
        assert retention.run()[line] == 0


def test_a_report_keeps_its_rule_when_the_words_and_the_reporter_are_forgotten(cast: Cast) -> None:
    report(cast)
    with clock.moved(timedelta(days=366)):
        retention.run()
    left = db.session.scalars(sa.select(Report)).one()
    assert (left.rule, left.text, left.email, left.reporter_id) == ("spam", "", None, None)


def test_a_report_of_a_case_that_is_open_is_kept_however_old(cast: Cast) -> None:
    report(cast)
    change(sa.update(Case).values(closed_at=None))
    with clock.moved(timedelta(days=700)):
        assert retention.run()["moderation: reports"] == 0


def test_every_package_that_keeps_for_a_time_is_in_the_report(cast: Cast) -> None:
    told = {line.split(": ")[0] for line in retention.run(dry_run=True)}
    assert told == {package.name for package in personal_data() if package.retain}


# -- accounts nobody signs in to ---------------------------------------------------------------------------------------

TOLD, ERASED = "accounts: inactive_told", "accounts: inactive_erased"


@pytest.fixture
def quiet(cast: Cast) -> Account:
    """The only account that has been quiet; the others have signed in a moment before any time that is moved to."""
    always = clock.now() + timedelta(days=10_000)
    change(sa.update(Account).where(Account.id != cast.resident.id).values(last_sign_in_at=always))
    change(sa.update(Account).where(Account.id == cast.resident.id).values(last_sign_in_at=clock.now()))
    db.session.expire_all()
    return db.session.get_one(Account, cast.resident.id)


def mails() -> list[OutboxRow]:
    return list(db.session.scalars(sa.select(OutboxRow).where(OutboxRow.topic == "mail")))


def test_an_account_nobody_signs_in_to_is_told_and_then_erased(quiet: Account) -> None:
    with clock.moved(accounts.INACTIVE - MINUTE):
        assert (retention.run()[TOLD], retention.run()[ERASED]) == (0, 0)
    with clock.moved(accounts.INACTIVE + MINUTE):
        assert retention.run()[TOLD] == 1
        assert retention.run()[TOLD] == 0, "told once"
    with clock.moved(accounts.INACTIVE + accounts.INACTIVE_NOTICE):
        assert retention.run()[ERASED] == 0
    with clock.moved(accounts.INACTIVE + accounts.INACTIVE_NOTICE + 2 * MINUTE):
        assert retention.run(dry_run=True)[ERASED] == 1
        assert db.session.get_one(Account, quiet.id, populate_existing=True).erased_at is None
        assert retention.run()[ERASED] == 1
        assert retention.run()[ERASED] == 0
    gone = db.session.get_one(Account, quiet.id, populate_existing=True)
    assert (gone.email, gone.name) == (None, "Slettet bruker")
    assert db.session.get(Erasure, quiet.id) is not None


def test_the_mail_says_until_when_and_is_sent_once(
    quiet: Account, smtp: Mailbox, run_worker: Callable[[], None]
) -> None:
    with clock.moved(accounts.INACTIVE + MINUTE):
        retention.run(dry_run=True)
        assert not mails(), "a dry run writes to nobody"
        retention.run()
        retention.run()
        run_worker()
        due = clock.local(clock.now() + accounts.INACTIVE_NOTICE)
    (mail,) = smtp.to("resident@demo.example")
    body = mail.get_body(("plain",))
    assert body is not None
    assert f"{due.day}. " in body.get_content()
    assert str(due.year) in body.get_content()
    assert "/konto/logg-inn" in body.get_content()


def test_who_signs_in_after_the_notice_keeps_the_account(visitor: Open, quiet: Account) -> None:
    with clock.moved(accounts.INACTIVE + timedelta(days=60)):
        retention.run()
        browser = visitor()
        browser.post("accounts.sign_in", {"email": "resident@demo.example", "password": "demo-passord"})
        assert db.session.get_one(Account, quiet.id, populate_existing=True).inactive_told_at is None
    with clock.moved(accounts.INACTIVE + accounts.INACTIVE_NOTICE + timedelta(days=60)):
        assert (retention.run()[TOLD], retention.run()[ERASED]) == (0, 0)


@atomic
def one_who_came_by_a_provider() -> Account:
    account = Account(name="Kom fra ID-porten", created_at=clock.now())
    db.session.add(account)
    db.session.flush()
    db.session.add(Identity(account_id=account.id, issuer="x", subject_hash="s", created_at=clock.now()))
    db.session.flush()
    return account


def test_who_never_signed_in_again_and_gave_no_address_has_as_long(quiet: Account) -> None:
    account = one_who_came_by_a_provider()
    with clock.moved(accounts.INACTIVE + MINUTE):
        assert retention.run()[TOLD] == 2
    with clock.moved(accounts.INACTIVE + accounts.INACTIVE_NOTICE + 3 * MINUTE):
        assert retention.run()[ERASED] == 2
    assert db.session.get_one(Account, account.id, populate_existing=True).name == "Slettet bruker"


@pytest.mark.parametrize("name", ["employee", "volunteer"])
def test_staff_and_spokespersons_are_erased_too(cast: Cast, quiet: Account, name: str) -> None:
    someone = cast.actor(name)
    change(sa.update(Account).where(Account.id == someone.id).values(last_sign_in_at=clock.now()))
    for passed in (accounts.INACTIVE, accounts.INACTIVE + accounts.INACTIVE_NOTICE + MINUTE):
        with clock.moved(passed + MINUTE):
            report = retention.run()
    assert report[ERASED] == 2


def test_the_last_administrator_is_never_erased_for_being_quiet(cast: Cast, quiet: Account) -> None:
    assert cast.actor("admin").has(Role.ADMIN)
    change(sa.update(Account).where(Account.id == cast.admin.id).values(last_sign_in_at=clock.now()))
    for passed in (accounts.INACTIVE, accounts.INACTIVE + accounts.INACTIVE_NOTICE + MINUTE):
        with clock.moved(passed + MINUTE):
            report = retention.run()
    assert report[ERASED] == 1
    assert db.session.get_one(Account, cast.admin.id, populate_existing=True).erased_at is None


def test_a_hold_that_is_lifted_is_a_line_of_the_report(cast: Cast) -> None:
    round_ = an_open_round(cast)
    keep(
        Comment(
            round_id=round_.id,
            indicator="1.1",
            author_id=cast.resident.id,
            text="Hei",
            language="nb",
            state=PublicationState.HIDDEN,
            created_at=clock.now(),
        ),
        Erasure(account_id=cast.resident.id, at=clock.now(), is_finished=False),
    )
    assert retention.run(dry_run=True)["accounts: erasures_finished"] == 1
    assert db.session.scalar(sa.select(sa.func.count()).select_from(Comment)) == 1
    assert retention.run()["accounts: erasures_finished"] == 1
    assert db.session.scalar(sa.select(sa.func.count()).select_from(Comment)) == 0
    assert not mails()
