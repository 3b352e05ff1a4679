"""What is removed or masked is gone everywhere at once, and back everywhere when the decision is reversed."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable, Mapping
from datetime import timedelta

import pytest
import sqlalchemy as sa

from portal.kernel import clock
from portal.kernel.content import PublicationState
from portal.kernel.db import db
from portal.kernel.identity import ANONYMOUS
from portal.moderation import links
from portal.moderation.actions.appeals import AnswerDraft, AppealDraft, appeal, decide_appeal
from portal.moderation.models import Decision, Outcome, Verdict
from portal.notifications.actions import choose, make_digests
from portal.notifications.models import Frequency, Notice, NoticeKind
from portal.participation.actions.joining import follow
from portal.participation.actions.writing import EditDraft, edit_contribution
from portal.participation.models import Contribution
from tests.participation.talk import INDICATOR, NUMBER, ask, of, tally
from tests.support.cast import Cast
from tests.support.mailbox import Mailbox
from tests.support.moderating import decided
from tests.support.page import Page, Visitor

Open = Callable[..., Visitor]
Work = Callable[[], None]
SECRET = "912 34 567"
BEFORE = "Ring kanarifuglen i går."
TEXT = f"Ring kanarifuglen på {SECRET} i kveld."
PUBLIC = {
    "page": f"/observatorium/indikatorer/{NUMBER}/",
    "list": "/delta/indicator/101/",
    "conversation": "/delta/innlegg/{id}/",
    "search": "/sok/?q=kanarifuglen",
    "search by number": "/sok/?q=912",
}
"""Where everybody can find the text."""
NEVER = {
    "earlier versions": "/delta/innlegg/{id}/historikk",
    "rounds in the API": "/api/v1/rounds",
    "indicators in the API": "/api/v1/indicators",
    "figures in the API": "/api/v1/moderation-figures",
    "figures": "/apenhet/",
    "what to report": "/moderering/meld/contribution/{id}",
}
"""Where it may stand now or later; never after it is removed."""
RESTRICTED: Mapping[str, tuple[Verdict, dict[str, str], str]] = {
    "removed": (Verdict.HIDE, {}, "kanarifuglen"),
    "masked": (Verdict.MASK, {"pasted": SECRET}, SECRET),
}
"""What is decided, how, and what must not be seen then."""


@pytest.fixture
def text(cast: Cast, run_worker: Work) -> Contribution:
    """A text that everybody can read, that a follower has been told of but not yet in a mail."""
    choose(cast.actor("resident2"), {NoticeKind.FOLLOWED: Frequency.DAILY})
    follow(cast.actor("resident2"), INDICATOR)
    made = ask(cast.actor("resident"), BEFORE)
    decided(cast.actor("moderator"), of(made))
    edit_contribution(cast.actor("resident"), made.id, EditDraft(text=TEXT, language="nb", version=made.version))
    decided(cast.actor("moderator"), of(made))
    run_worker()
    assert db.session.scalars(sa.select(Notice.account_id)).all().count(cast.resident2.id) == 1
    return made


@pytest.fixture
def reader(visitor: Open) -> Visitor:
    return visitor()


def opened(reader: Visitor, address: str, text: Contribution, headers: dict[str, str] | None = None) -> Page:
    """Open an address, whatever it answers."""
    path = address.format(id=text.id)
    status = reader.client.get(path, headers=headers).status_code
    return reader.get_url(path, status, headers)


def places(reader: Visitor, addresses: Mapping[str, str], text: Contribution, sought: str) -> set[str]:
    """Return where the words are seen. The page of a search says what was asked; only its hits count."""
    found = set()
    for name, address in addresses.items():
        page = opened(reader, address, text)
        seen = " ".join(hit.get_text(" ") for hit in page.all(".hits, .rows")) if "search" in name else page.text
        if sought in " ".join(seen.split()):
            found.add(name)
    return found


def taken_back(cast: Cast, decision: Decision) -> None:
    """Complain by the link, and let the second moderator agree."""
    made = appeal(ANONYMOUS, AppealDraft(text="Uenig.", token=links.token(links.DECISION, decision.id)))
    decide_appeal(cast.actor("moderator2"), made.id, AnswerDraft(outcome=Outcome.UPHELD, reason="Du har rett."))


def exported(browser: Visitor) -> str:
    """Return all that stands in the file a person takes along."""
    answer = browser.client.get("/konto/mine-data/last-ned")
    with zipfile.ZipFile(io.BytesIO(answer.data)) as file:
        return "\n".join(file.read(name).decode() for name in file.namelist())


@pytest.mark.parametrize("how", RESTRICTED)
def test_what_is_restricted_is_seen_nowhere_and_everywhere_again_after_a_reversal(
    cast: Cast, reader: Visitor, visitor: Open, text: Contribution, how: str
) -> None:
    verdict, options, sought = RESTRICTED[how]
    follower = visitor("resident2")
    assert places(reader, PUBLIC, text, sought) == set(PUBLIC)
    assert sought in follower.get("notifications.index").words
    assert tally(INDICATOR, "questions") == 1

    decision = decided(cast.actor("moderator"), of(text), verdict, **options)
    for browser in (reader, follower):
        assert places(browser, PUBLIC | NEVER, text, sought) == set()
        assert places(browser, PUBLIC | NEVER, text, SECRET) == set()
    assert sought not in follower.get("notifications.index").words
    assert sought not in exported(follower)
    assert tally(INDICATOR, "questions") == (1 if verdict is Verdict.MASK else 0)

    taken_back(cast, decision)
    assert places(reader, PUBLIC, text, sought) == set(PUBLIC)
    assert sought in follower.get("notifications.index").words
    assert tally(INDICATOR, "questions") == 1
    db.session.refresh(text)
    assert (text.state, text.text) == (PublicationState.PUBLISHED, TEXT)


@pytest.mark.parametrize("how", RESTRICTED)
def test_no_reader_is_told_that_the_page_they_have_still_holds(
    cast: Cast, reader: Visitor, text: Contribution, how: str
) -> None:
    verdict, options, sought = RESTRICTED[how]
    kept = {name: opened(reader, address, text).response.headers["ETag"] for name, address in PUBLIC.items()}
    for name, etag in kept.items():
        assert opened(reader, PUBLIC[name], text, {"If-None-Match": etag}).status == 304
    decision = decided(cast.actor("moderator"), of(text), verdict, **options)
    after: dict[str, str] = {}
    for name, etag in kept.items():
        page = opened(reader, PUBLIC[name], text, {"If-None-Match": etag})
        assert page.status != 304, name
        after[name] = page.response.headers.get("ETag", "")
    taken_back(cast, decision)
    for name, address in PUBLIC.items():
        page = opened(reader, address, text, {"If-None-Match": after[name]})
        assert (page.status, sought in " ".join(page.words.split())) == (200, True), name


@pytest.mark.parametrize("how", [None, *RESTRICTED])
def test_a_digest_that_is_not_sent_yet_leaves_it_out(
    cast: Cast, text: Contribution, how: str | None, smtp: Mailbox, run_worker: Work
) -> None:
    if how:
        verdict, options, _ = RESTRICTED[how]
        decided(cast.actor("moderator"), of(text), verdict, **options)
    morning = clock.start_of_day(clock.today() + timedelta(days=1)) + timedelta(hours=9)
    with clock.moved(morning - clock.now()):
        make_digests()
        run_worker()
    mails = [part.get_content() for mail in smtp.to("resident2@demo.example") for part in mail.iter_parts()]
    sought = RESTRICTED[how][2] if how else SECRET
    assert any(sought in each for each in mails) is (how is None)
