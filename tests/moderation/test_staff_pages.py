"""The pages of moderators: the dashboard, the queue, a case, the preview, bulk and complaints."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa

from portal.kernel import clock
from portal.kernel.content import PublicationState
from portal.kernel.db import atomic, db
from portal.moderation.actions import claims, reports
from portal.moderation.actions.appeals import AppealDraft, appeal
from portal.moderation.actions.reports import ReportDraft
from portal.moderation.models import Case, Cause, Decision, Verdict
from portal.observatorium.events.rounds import COMMENT
from portal.observatorium.models.rounds import Comment
from tests.moderation.work import CALM, PHONE, case_of, decided, ref, set_to, shown, write
from tests.observatorium.rounds import people
from tests.support.cast import Cast
from tests.support.page import Page, Visitor, form_values

Open = Callable[..., Visitor]


def values(page: Page, button: str) -> dict[str, Any]:
    """Return what a browser would send with the form that has this button."""
    for form in page.all("main form"):
        if any(button in each.get_text() for each in form.select("button")):
            pressed = next(each for each in form.select("button") if button in each.get_text())
            return form_values(form) | ({str(pressed["name"]): str(pressed["value"])} if pressed.get("name") else {})
    raise AssertionError(f"no button says {button}")


def test_the_dashboard_tells_what_waits_and_leads_to_the_first_case(cast: Cast, visitor: Open) -> None:
    write(cast.actor("resident"))
    page = visitor("moderator").get("moderation.dashboard")
    assert "1 sak venter" in page.words
    moderator = visitor("moderator")
    case = moderator.follow(moderator.post("moderation.next_case"))
    assert CALM in case.words
    assert "Saken er din til kl." in case.words


def test_an_administrator_sees_the_complaints_and_not_the_queue(visitor: Open) -> None:
    admin = visitor("admin")
    assert "Se klagene" in admin.get("moderation.dashboard").words
    admin.get("appeals.index")
    admin.get("moderation.queue", 403)


def test_the_queue_shows_text_and_signals_and_never_who_wrote(cast: Cast, visitor: Open) -> None:
    write(cast.actor("resident"), PHONE)
    page = visitor("moderator").get("moderation.queue")
    assert "Ring meg på 912 34 567" in page.words
    assert "Telefonnummer" in page.words
    assert cast.resident.name not in page.main.get_text()


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ({}, 2),
        ({"utvalg": "meldt"}, 1),
        ({"utvalg": "mine"}, 1),
        ({"utvalg": "ledige"}, 1),
        ({"utvalg": "forsinket"}, 0),
        ({"slag": "observatory_comment"}, 2),
        ({"slag": "contribution"}, 0),
        ({"grunn": "edited"}, 0),
        ({"grunn": "nonsense", "utvalg": "nonsense"}, 2),
    ],
)
def test_the_queue_can_be_narrowed(cast: Cast, visitor: Open, asked: dict[str, str], found: int) -> None:
    first, second = write(cast.actor("resident")), write(cast.actor("resident2"))
    reports.report(cast.actor("resident"), ReportDraft(ref=ref(first), rule="threats"))
    claims.claim(cast.actor("moderator"), case_of(second).id)
    assert len(visitor("moderator").get("moderation.queue", **asked).all(".case-row")) == found


def test_a_case_marks_the_signals_in_the_text_and_offers_them_for_masking(cast: Cast, visitor: Open) -> None:
    written = write(cast.actor("resident"), PHONE)
    page = visitor("moderator").get("moderation.case", case_id=case_of(written).id)
    assert page.one("[data-case-text]").get_text() == PHONE, "the script counts characters in it"
    assert page.one("[data-case-text] mark").get_text() == "912 34 567"
    assert page.one("input[name=masks]")["value"] == "text:12:22"
    assert page.one(".case-text")["lang"] == "nb"
    assert cast.resident.name not in page.main.get_text()


def test_a_moderator_masks_what_was_noticed_after_reading_the_statement(cast: Cast, visitor: Open) -> None:
    written = write(cast.actor("resident"), PHONE)
    case_id = case_of(written).id
    moderator = visitor("moderator")
    sent = values(moderator.get("moderation.case", case_id=case_id), "Se over begrunnelsen")
    sent |= {"verdict": "mask", "masks": "text:12:22", "rule": "personal_data", "facts": "Et telefonnummer."}
    preview = moderator.post("moderation.decide", sent, 200, case_id=case_id)
    assert shown(written)[0] == "pending", "nothing happens before it is confirmed"
    assert "Ring meg på [sladdet] i kveld." in preview.words
    assert "Slik klager du" in preview.words
    changed = moderator.post(
        "moderation.decide", values(preview, "Endre noe") | {"steg": "endre"}, 200, case_id=case_id
    )
    assert "Et telefonnummer." in changed.main.get_text(), "what was written is kept"
    moderator.post("moderation.decide", values(preview, "Send begrunnelsen"), case_id=case_id)
    assert shown(written) == ("published", "Ring meg på [sladdet] i kveld.")


def test_words_that_were_pasted_or_marked_are_masked_wherever_they_stand(cast: Cast, visitor: Open) -> None:
    written = write(cast.actor("resident"), "Kari Nord bor i 🏠 huset. Hils kari  nord!")
    case_id = case_of(written).id
    moderator = visitor("moderator")
    sent = values(moderator.get("moderation.case", case_id=case_id), "Se over begrunnelsen")
    sent |= {"verdict": "mask", "pasted": "Kari Nord", "selected": "text:16:23", "rule": "private_life", "steg": "send"}
    moderator.post("moderation.decide", sent, case_id=case_id)
    assert shown(written)[1] == "[sladdet] bor i [sladdet]. Hils [sladdet]!"


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"verdict": ""}, "Velg et av alternativene."),
        ({"verdict": "reject"}, "Velg regelen som er brutt."),
        ({"verdict": "mask", "rule": "threats"}, "Merk eller lim inn det som skal sladdes."),
        ({"verdict": "mask", "rule": "threats", "pasted": "finnes ikke"}, "Dette står ikke i teksten."),
        ({"verdict": "mask", "rule": "threats", "selected": "text:5:900"}, "står ikke i teksten"),
        ({"verdict": "mask", "rule": "threats", "selected": "nonsense"}, "står ikke i teksten"),
    ],
)
def test_a_decision_that_lacks_something_is_refused_where_it_lacks(
    cast: Cast, visitor: Open, changes: dict[str, str], words: str
) -> None:
    case_id = case_of(write(cast.actor("resident"))).id
    moderator = visitor("moderator")
    sent = values(moderator.get("moderation.case", case_id=case_id), "Se over begrunnelsen")
    page = moderator.post("moderation.decide", sent | changes, 422, case_id=case_id)
    assert words in page.one("[data-error-summary]").get_text()


def test_a_form_from_before_somebody_decided_is_told_what_they_did(cast: Cast, visitor: Open) -> None:
    written = write(cast.actor("resident"))
    case_id = case_of(written).id
    late = visitor("moderator2")
    sent = values(late.get("moderation.case", case_id=case_id), "Vis teksten")
    decided(cast.actor("moderator"), written, Verdict.REJECT)
    page = late.post("moderation.decide", sent, 409, case_id=case_id)
    assert "Vises ikke" in page.words
    assert cast.moderator.name in page.words
    assert shown(written)[0] == "hidden"


def test_the_name_is_shown_for_a_reason_and_only_to_who_gave_it(cast: Cast, visitor: Open) -> None:
    case_id = case_of(write(cast.actor("resident"))).id
    moderator = visitor("moderator")
    moderator.post("moderation.reveal", {"reason": ""}, 422, case_id=case_id)
    page = moderator.follow(moderator.post("moderation.reveal", {"reason": "Trussel anmeldes"}, case_id=case_id))
    assert cast.resident.name in page.main.get_text()
    other = visitor("moderator2").get("moderation.case", case_id=case_id)
    assert cast.resident.name not in other.main.get_text()
    assert "Trussel anmeldes" in other.words


def test_spam_is_previewed_and_then_rejected_together(cast: Cast, visitor: Open) -> None:
    one, two = write(cast.actor("resident"), "Kjøp klokker"), write(cast.actor("resident2"), "Kjøp vesker")
    kept = write(cast.actor("employee"))
    moderator = visitor("moderator")
    page = moderator.get("moderation.queue")
    boxes = {str(box["id"]): str(box["value"]) for box in page.all("input[name=case]")}
    chosen = [boxes[f"sak-{case_of(each).id}"] for each in (one, two)]
    preview = moderator.post("moderation.bulk", {"case": chosen}, 200)
    assert "Kjøp klokker" in preview.words
    assert shown(one)[0] == "pending"
    done = moderator.follow(moderator.post("moderation.bulk", values(preview, "Avvis disse")))
    assert "2 tekster vises ikke." in done.words
    assert [shown(each)[0] for each in (one, two, kept)] == ["hidden", "hidden", "pending"]
    rules = db.session.scalars(sa.select(Decision.rule)).all()
    assert rules == ["spam", "spam"]


def test_a_text_that_was_changed_meanwhile_is_left_by_a_bulk_decision(cast: Cast, visitor: Open) -> None:
    one, two = write(cast.actor("resident"), "Kjøp klokker"), write(cast.actor("resident2"), "Kjøp vesker")
    moderator = visitor("moderator")
    page = moderator.get("moderation.queue")
    preview = moderator.post(
        "moderation.bulk", {"case": [str(box["value"]) for box in page.all("input[name=case]")]}, 200
    )
    sent = values(preview, "Avvis disse")
    write(cast.actor("resident2"), "Bussen går for sjelden.")
    assert "venter fortsatt" in moderator.follow(moderator.post("moderation.bulk", sent)).words
    assert [shown(each)[0] for each in (one, two)] == ["hidden", "pending"]


def test_a_complaint_is_decided_by_the_other_moderator(cast: Cast, visitor: Open) -> None:
    written = write(cast.actor("resident"), PHONE)
    decision = decided(cast.actor("moderator"), written, Verdict.REJECT)
    made = appeal(cast.actor("resident"), AppealDraft(text="Det er mitt eget nummer.", decision_id=decision.id))
    first, other = visitor("moderator"), visitor("moderator2")
    assert "En annen må avgjøre" in first.get("appeals.show", appeal_id=made.id).words
    first.post("appeals.show", {"outcome": "dismissed", "reason": "Nei"}, 403, appeal_id=made.id)
    page = other.get("appeals.show", appeal_id=made.id)
    assert "Det er mitt eget nummer." in page.words
    read = values(page, "Les teksten slik den var")
    assert PHONE in other.follow(other.post("moderation.original", read, decision_id=decision.id)).words
    other.post("appeals.show", {"outcome": "upheld", "reason": ""}, 422, appeal_id=made.id)
    other.post("appeals.show", {"outcome": "upheld", "reason": "Ditt eget nummer kan du dele."}, appeal_id=made.id)
    assert shown(written) == ("published", PHONE)
    assert "Medhold" in other.get("appeals.show", appeal_id=made.id).words
    other.post("appeals.show", {"outcome": "upheld", "reason": "Igjen"}, 409, appeal_id=made.id)


def test_what_people_write_is_text_on_every_page(cast: Cast, visitor: Open) -> None:
    attack = "<script>alert(1)</script> & «hei»"
    set_to(cast, "moderation_of_observatory_comment", "post")
    written = write(cast.actor("resident"), attack)
    reports.report(cast.actor("resident2"), ReportDraft(ref=ref(written), rule="spam", text=attack))
    moderator = visitor("moderator")
    for page in (moderator.get("moderation.queue"), moderator.get("moderation.case", case_id=case_of(written).id)):
        assert attack in page.main.get_text()


@atomic
def fill(count: int, cast: Cast) -> None:
    """Put many cases in the queue."""
    moment = clock.now()
    round_id = db.session.scalar(sa.select(Comment.round_id).limit(1))
    for number, author in enumerate(people(count)):
        comment = Comment(
            round_id=round_id,
            indicator="1.2",
            author_id=author.id,
            text=f"Tekst {number}",
            language="nb",
            state=PublicationState.PENDING,
            created_at=moment,
        )
        db.session.add(comment)
        db.session.flush()
        db.session.add(
            Case(
                kind=COMMENT,
                target_id=comment.id,
                cause=Cause.NEW,
                author_id=author.id,
                signals=[{"signal": "phone", "field": "text", "start": 0, "end": 5}],
                opened_at=moment,
                due_at=moment + timedelta(minutes=number % 90),
            )
        )
    db.session.flush()


def test_a_thousand_cases_cost_no_more_than_eight_statements(
    cast: Cast, visitor: Open, count_queries: Callable[..., Any]
) -> None:
    first = write(cast.actor("resident"), PHONE)
    decided(cast.actor("moderator"), first, Verdict.REJECT)
    fill(1000, cast)
    moderator = visitor("moderator")
    page = moderator.get("moderation.queue")
    with count_queries(at_most=8):
        moderator.get("moderation.dashboard")
    with count_queries(at_most=8):
        page = moderator.get("moderation.queue")
    assert len(page.all(".case-row")) == 25
    onwards = str(page.one("a[rel=next]")["href"])
    with count_queries(at_most=8):
        following = moderator.get_url(onwards)
    assert not {each.get_text() for each in page.all(".row__title")} & {
        each.get_text() for each in following.all(".row__title")
    }
    some = db.session.scalars(sa.select(Case.id).where(Case.closed_at.is_(None)).limit(1)).one()
    with count_queries(at_most=8):
        moderator.get("moderation.case", case_id=some)


def test_a_moderator_opens_a_case_of_their_own_from_the_page_where_others_report(cast: Cast, visitor: Open) -> None:
    set_to(cast, "moderation_of_observatory_comment", "post")
    written = write(cast.actor("resident"))
    place = {"kind": COMMENT, "target_id": written.id}
    assert "Åpne en sak selv" not in visitor("resident2").get("moderation_public.report_thing", **place).words
    moderator = visitor("moderator")
    assert "Åpne en sak selv" in moderator.get("moderation_public.report_thing", **place).words
    case = moderator.follow(moderator.post("moderation.open_case", **place))
    assert "Eget tiltak" in case.words
    assert "Ta den ned" in case.words
