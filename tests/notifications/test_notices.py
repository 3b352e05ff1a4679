"""Notices: told once, mailed once, as each person wants it, and never of what has been removed."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import datetime, timedelta
from email.message import EmailMessage

import pytest
import sqlalchemy as sa
from flask import Flask

from portal.accounts.actions.erase import erase_account
from portal.accounts.models import Account
from portal.kernel import clock, jobs, outbox
from portal.kernel.content import PublicationState, Ref, Restriction
from portal.kernel.db import atomic, db
from portal.kernel.errors import Forbidden, Invalid
from portal.kernel.identity import ANONYMOUS, SYSTEM
from portal.kernel.outbox import OutboxRow
from portal.notifications import actions, kinds, links, queries, reactions
from portal.notifications.actions import Telling
from portal.notifications.models import DigestMark, Frequency, Notice, NoticeKind
from portal.observatorium.events.rounds import COMMENT
from portal.observatorium.kinds import rounds as observatory
from portal.observatorium.models.rounds import Comment
from tests.observatorium.rounds import an_open_round, change
from tests.support.cast import Cast
from tests.support.mailbox import Mailbox
from tests.support.page import Visitor

Open = Callable[..., Visitor]
Work = Callable[[], None]

WEDNESDAY = datetime.fromisoformat("2026-11-25T09:00:00+01:00")


@pytest.fixture
def thing(cast: Cast) -> Ref:
    """A comment that everybody can read."""
    round_ = an_open_round(cast)
    made = Comment(
        round_id=round_.id,
        indicator="1.8",
        author_id=cast.resident2.id,
        text="Lyset i undergangen er borte.",
        language="nb",
        state=PublicationState.PUBLISHED,
        created_at=clock.now(),
    )
    db.session.add(made)
    db.session.commit()
    return Ref(COMMENT, made.id)


def at(moment: datetime) -> AbstractContextManager[None]:
    """Move the clock to a moment."""
    return clock.moved(moment - clock.now())


def tell(thing: Ref, *people: Account, cause: str = "test:1", kind: NoticeKind = NoticeKind.REPLY) -> int:
    sentence = "answered" if kind is NoticeKind.ANSWER else "replied"
    accounts = [person.id for person in people]
    return actions.tell(SYSTEM, Telling(cause=cause, sentence=sentence, notice_kind=kind, ref=thing, accounts=accounts))


def text(mail: EmailMessage, kind: str = "plain") -> str:
    part = mail.get_body((kind,))
    assert part is not None
    return str(part.get_content())


def remove(thing: Ref) -> None:
    atomic(lambda: observatory.restrict(thing, Restriction(state=PublicationState.HIDDEN)))()


def choose(cast: Cast, name: str, **wanted: Frequency) -> None:
    actions.choose(cast.actor(name), {NoticeKind(kind): frequency for kind, frequency in wanted.items()})


# --- told -------------------------------------------------------------------------------------------------------------


def test_the_same_cause_tells_a_person_once(cast: Cast, thing: Ref) -> None:
    assert tell(thing, cast.resident, cast.volunteer) == 2
    assert tell(thing, cast.resident, cast.business) == 1
    assert tell(thing, cast.resident, cause="test:2") == 1
    assert db.session.scalar(sa.select(sa.func.count()).select_from(Notice)) == 4


def test_those_who_are_gone_are_told_nothing(cast: Cast, thing: Ref) -> None:
    erase_account(cast.actor("resident"), cast.resident.id)
    assert tell(thing, cast.resident) == 0


def test_what_a_reaction_asks_for_is_told_by_the_worker(cast: Cast, thing: Ref, run_worker: Work) -> None:
    @atomic
    def happen() -> None:
        reactions.ask_to_tell(
            Telling(cause="x", sentence="replied", notice_kind=NoticeKind.REPLY, ref=thing, accounts=[cast.resident.id])
        )

    happen()
    assert queries.unread(cast.actor("resident")) == 0
    run_worker()
    assert queries.unread(cast.actor("resident")) == 1


# --- mail at once -----------------------------------------------------------------------------------------------------


def test_an_answer_comes_at_once_as_text_and_html_in_the_readers_language(
    cast: Cast, thing: Ref, smtp: Mailbox, run_worker: Work
) -> None:
    change(sa.update(Account).where(Account.id == cast.resident.id).values(language="nn"))
    tell(thing, cast.resident, kind=NoticeKind.ANSWER)
    run_worker()
    [mail] = smtp.to("resident@")
    assert mail["Content-Language"] == "nn"
    for kind in ("plain", "html"):
        assert "Lyset i undergangen er borte." in text(mail, kind)
        assert "/observatorium/indikatorer/1.8/" in text(mail, kind)
    assert mail["List-Unsubscribe"] is None, "an answer from the municipality always reaches the one who asked"


def test_a_failing_mail_server_delays_and_loses_nothing(
    cast: Cast, thing: Ref, smtp: Mailbox, run_worker: Work
) -> None:
    smtp.refuse = "451 later"
    tell(thing, cast.resident)
    run_worker()
    assert smtp.messages == []
    smtp.refuse = ""
    with clock.moved(timedelta(hours=1)):
        run_worker()
    assert len(smtp.to("resident@")) == 1


def test_what_is_removed_before_the_mail_is_sent_is_not_told(
    cast: Cast, thing: Ref, smtp: Mailbox, run_worker: Work, visitor: Open
) -> None:
    tell(thing, cast.resident)
    remove(thing)
    run_worker()
    assert smtp.messages == []
    page = visitor("resident").get("notifications.index")
    assert "Lyset i undergangen" not in page.text
    assert "Innholdet kan ikke leses lenger." in page.text


def test_an_account_without_a_confirmed_address_is_told_in_the_portal_only(
    cast: Cast, thing: Ref, smtp: Mailbox, run_worker: Work
) -> None:
    change(sa.update(Account).where(Account.id == cast.resident.id).values(email_confirmed_at=None))
    tell(thing, cast.resident)
    run_worker()
    assert (smtp.messages, queries.unread(cast.actor("resident"))) == ([], 1)


# --- digests ----------------------------------------------------------------------------------------------------------


def test_a_daily_digest_comes_in_the_morning_once_with_everything_that_waited(
    cast: Cast, thing: Ref, smtp: Mailbox, run_worker: Work
) -> None:
    with at(WEDNESDAY.replace(hour=6)):
        for number in range(3):
            tell(thing, cast.resident, cause=f"f:{number}", kind=NoticeKind.FOLLOWED)
        actions.make_digests()
        run_worker()
        assert smtp.messages == [], "nobody is woken before seven"
    with at(WEDNESDAY):
        actions.make_digests()
        actions.make_digests()
        run_worker()
    [mail] = smtp.to("resident@")
    assert text(mail).count("Lyset i undergangen er borte.") == 3
    with at(WEDNESDAY + timedelta(days=1)):
        assert actions.make_digests() == 0, "nothing new, no mail"


def test_what_comes_after_the_digest_waits_for_the_next_day(
    cast: Cast, thing: Ref, smtp: Mailbox, run_worker: Work
) -> None:
    for days in (0, 0, 1):
        with at(WEDNESDAY + timedelta(days=days)):
            tell(thing, cast.resident, cause=f"f:{len(smtp.messages)}:{days}", kind=NoticeKind.FOLLOWED)
            actions.make_digests()
            run_worker()
    assert len(smtp.to("resident@")) == 2


def test_a_weekly_digest_comes_from_monday_and_once_a_week(
    cast: Cast, thing: Ref, smtp: Mailbox, run_worker: Work
) -> None:
    choose(cast, "resident", followed=Frequency.WEEKLY)
    sent = []
    for day in range(12):
        with at(WEDNESDAY + timedelta(days=day)):
            tell(thing, cast.resident, cause=f"f:{day}", kind=NoticeKind.FOLLOWED)
            actions.make_digests()
            run_worker()
        sent.append(len(smtp.messages))
    assert sent == [1, 1, 1, 1, 1, 2, 2, 2, 2, 2, 2, 2]


@pytest.mark.parametrize("hours", [(0, -72, 0), (0, 24 * 400, 24), (0, -2, 0, 1), (24 * 400, 0, 24)])
def test_whatever_the_clock_does_every_notice_is_mailed_exactly_once(
    cast: Cast, thing: Ref, smtp: Mailbox, run_worker: Work, hours: tuple[int, ...]
) -> None:
    for number, each in enumerate(hours):
        with at(WEDNESDAY + timedelta(hours=each)):
            tell(thing, cast.resident, cause=f"f:{number}", kind=NoticeKind.FOLLOWED)
            actions.make_digests()
            run_worker()
    with at(WEDNESDAY + timedelta(days=3)):
        actions.make_digests()
        run_worker()
    told = sum(text(mail).count("Lyset i undergangen er borte.") for mail in smtp.to("resident@"))
    assert told == len(hours)


@pytest.mark.parametrize("day", ["2026-03-29", "2026-10-25"])
def test_the_days_when_the_clock_is_changed_have_one_digest(
    cast: Cast, thing: Ref, smtp: Mailbox, run_worker: Work, day: str
) -> None:
    tell(thing, cast.resident, cause="before", kind=NoticeKind.FOLLOWED)
    midnight = datetime.fromisoformat(f"{day}T00:00:00+00:00")
    for half_hours in range(44):
        with at(midnight + timedelta(minutes=30 * half_hours)):
            actions.make_digests()
    run_worker()
    assert len(smtp.to("resident@")) == 1


def test_a_worker_killed_after_asking_neither_loses_nor_doubles_a_digest(
    cast: Cast, thing: Ref, smtp: Mailbox, run_worker: Work
) -> None:
    tell(thing, cast.resident, kind=NoticeKind.FOLLOWED)
    with at(WEDNESDAY):
        actions.make_digests()
        outbox._claim({actions.MAIL})  # the worker takes the row and is killed
        actions.make_digests()
    with at(WEDNESDAY + outbox.LEASE + timedelta(minutes=1)):
        run_worker()
        actions.make_digests()
        run_worker()
    assert len(smtp.to("resident@")) == 1


def test_a_digest_that_fails_half_way_leaves_everything_waiting(
    app: Flask, cast: Cast, thing: Ref, monkeypatch: pytest.MonkeyPatch
) -> None:
    tell(thing, cast.resident, cast.volunteer, kind=NoticeKind.FOLLOWED)

    def full(*_: object, **__: object) -> None:
        raise OSError("no space left on device")

    with at(WEDNESDAY):
        with monkeypatch.context() as broken:
            broken.setattr(OutboxRow, "__init__", full)
            with pytest.raises(OSError, match="no space"):
                actions.make_digests()
        assert db.session.scalar(sa.select(sa.func.count()).where(Notice.mailed_at.is_(None))) == 2
        assert db.session.scalar(sa.select(sa.func.count()).select_from(DigestMark)) == 0
        assert actions.make_digests() == 2


def test_what_was_read_in_the_portal_is_not_in_the_digest(
    cast: Cast, thing: Ref, smtp: Mailbox, run_worker: Work
) -> None:
    tell(thing, cast.resident, kind=NoticeKind.FOLLOWED)
    actions.mark_read(cast.actor("resident"), 2**31 - 1)
    with at(WEDNESDAY):
        actions.make_digests()
        run_worker()
    assert smtp.messages == []


def test_a_job_runs_again_when_the_clock_has_been_far_ahead(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    ran: list[int] = []
    job = jobs.Recurring("test.daily", timedelta(days=1), lambda: ran.append(1))
    monkeypatch.setitem(app.extensions, "portal_recurring", (job,))
    with clock.moved(timedelta(days=400)):
        jobs.run_due()
    jobs.run_due()
    assert len(ran) == 2


# --- choices ----------------------------------------------------------------------------------------------------------


def test_people_choose_for_each_kind_and_an_answer_cannot_be_turned_off(
    cast: Cast, thing: Ref, smtp: Mailbox, run_worker: Work, visitor: Open
) -> None:
    resident = visitor("resident")
    form = dict.fromkeys(("answer", "project", "solution"), "now")
    form |= {"reply": "never", "own": "daily", "followed": "weekly"}
    resident.post("notifications.choices", _data=form)
    tell(thing, cast.resident)
    run_worker()
    assert smtp.messages == []
    resident.post("notifications.choices", _data=form | {"answer": "never"}, _status=422)
    with pytest.raises(Invalid):
        choose(cast, "resident", answer=Frequency.NEVER)
    assert queries.chosen(cast.resident.id)[NoticeKind.FOLLOWED] is Frequency.WEEKLY


def test_turning_mail_on_again_does_not_bring_what_was_turned_off(
    cast: Cast, thing: Ref, smtp: Mailbox, run_worker: Work
) -> None:
    tell(thing, cast.resident, kind=NoticeKind.FOLLOWED)
    choose(cast, "resident", followed=Frequency.NEVER)
    choose(cast, "resident", followed=Frequency.DAILY)
    with at(WEDNESDAY):
        assert actions.make_digests() == 0


def test_one_click_in_the_mail_program_stops_that_kind_without_signing_in(
    app: Flask, cast: Cast, thing: Ref, smtp: Mailbox, run_worker: Work
) -> None:
    tell(thing, cast.resident)
    run_worker()
    [mail] = smtp.to("resident@")
    assert mail["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    path = str(mail["List-Unsubscribe"]).strip("<>").removeprefix(app.config["PORTAL"].base_url)
    mail_program = app.test_client()
    assert mail_program.get(path).status_code == 200
    assert queries.chosen(cast.resident.id)[NoticeKind.REPLY] is Frequency.NOW, (
        "a scanner that opens links stops nothing"
    )
    assert mail_program.post(path, data={"List-Unsubscribe": "One-Click"}).status_code == 200
    assert queries.chosen(cast.resident.id)[NoticeKind.REPLY] is Frequency.NEVER
    assert queries.chosen(cast.resident.id)[NoticeKind.ANSWER] is Frequency.NOW


def test_the_page_behind_the_link_says_what_stops_and_that_it_has_stopped(cast: Cast, visitor: Open) -> None:
    token = links.token(cast.resident.id, [NoticeKind.REPLY])
    page = visitor().get("notifications.unsubscribe", token=token)
    assert "Andre svarer deg" in page.text
    assert "E-posten er stoppet" in visitor().post("notifications.unsubscribe", token=token, _data={}, _status=200).text


@pytest.mark.parametrize("wrong", ["x", "WzEsWyJyZXBseSJdXQ.AAAA", "æ"])
def test_a_link_that_is_not_ours_stops_nothing(cast: Cast, visitor: Open, wrong: str) -> None:
    page = visitor().get("notifications.unsubscribe", token=wrong, _status=404)
    assert "Lenken virker ikke" in page.text


# --- the page ---------------------------------------------------------------------------------------------------------


def test_the_list_shows_what_is_new_and_marks_what_was_shown_as_read(cast: Cast, thing: Ref, visitor: Open) -> None:
    tell(thing, cast.resident)
    resident = visitor("resident")
    page = resident.get("notifications.index")
    assert "Noen har svart på det du skrev" in page.text
    assert "1 ulest varsel" in page.text
    shown = page.one("input[name=up_to]")["value"]
    tell(thing, cast.resident, cause="meanwhile")
    resident.post("notifications.mark_read", _data={"up_to": shown})
    assert queries.unread(cast.actor("resident")) == 1


def test_the_list_costs_the_same_with_a_thousand_notices(
    cast: Cast, thing: Ref, visitor: Open, count_queries: Callable[..., object]
) -> None:
    db.session.add_all(
        Notice(
            account_id=cast.resident.id,
            notice_kind=NoticeKind.REPLY,
            sentence="replied",
            kind=thing.kind,
            target_id=thing.id,
            cause=f"c:{number}",
            created_at=clock.now(),
        )
        for number in range(1000)
    )
    db.session.commit()
    resident = visitor("resident")
    with count_queries(at_most=8):
        page = resident.get("notifications.index")
    assert page.text.count("Noen har svart på det du skrev") == queries.PAGE_SIZE


def test_nobody_sees_notices_without_signing_in(cast: Cast, visitor: Open) -> None:
    visitor().get("notifications.index", _status=303)
    with pytest.raises(Forbidden):
        queries.notices_page(ANONYMOUS, None)


def test_a_person_sees_exports_and_erases_their_notices(cast: Cast, thing: Ref) -> None:
    tell(thing, cast.resident)
    choose(cast, "resident", reply=Frequency.WEEKLY)
    told = kinds.export(cast.resident.id)
    assert [row["sentence"] for row in told["notices"]] == ["replied"]
    assert [row["frequency"] for row in told["notice_settings"]] == [Frequency.WEEKLY]
    kinds.erase(cast.resident.id)
    assert kinds.export(cast.resident.id) == {"notices": [], "notice_settings": []}


def test_notices_are_forgotten_after_a_year(cast: Cast, thing: Ref) -> None:
    tell(thing, cast.resident)
    assert kinds.retain() == {"notices": 0}
    with clock.moved(timedelta(days=366)):
        assert kinds.retain() == {"notices": 1}
