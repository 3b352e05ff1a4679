"""The pages where people read and write: they work without script, lead back, lose nothing, and show text as text."""

from __future__ import annotations

from collections.abc import Callable

import pytest
import sqlalchemy as sa

from portal.kernel import clock
from portal.kernel.content import PublicationState, Ref, Restriction
from portal.kernel.db import atomic, db
from portal.observatorium.actions.comments import CommentDraft, comment
from portal.observatorium.events.rounds import COMMENT
from portal.observatorium.kinds import rounds as observatory
from portal.participation.actions.joining import follow
from portal.participation.actions.writing import EditDraft, edit_contribution
from portal.participation.models import Contribution, Form
from tests.observatorium.rounds import an_open_round
from tests.participation.talk import INDICATOR, NUMBER, ask, asked, let_through, of, restrict, tally
from tests.support.cast import Cast
from tests.support.page import Page, Visitor

Open = Callable[..., Visitor]
Counting = Callable[..., object]
restrict_comment = atomic(observatory.restrict)
PAGE = f"/observatorium/indikatorer/{NUMBER}/"
ATTACKS = (
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "[klikk](javascript:alert(1))",
    "</textarea><svg onload=alert(1)>",
    "{{ 7 * 7 }} {% raw %}",
)


def a_comment(cast: Cast, text: str = "Mørkt i undergangen.") -> Ref:
    """Write a comment on the indicator, let through."""
    an_open_round(cast)
    written = comment(cast.actor("resident"), CommentDraft(round="2026", indicator=NUMBER, text=text))
    restrict_comment(Ref(COMMENT, written.id), Restriction(state=PublicationState.PUBLISHED))
    return Ref(COMMENT, written.id)


def link(page: Page, words: str, within: str = "main") -> str:
    """Return where the first link that begins with these words leads."""
    found = (each for each in page.all(f"{within} a") if each.get_text(" ", strip=True).startswith(words))
    return str(next(found)["href"])


def send(browser: Visitor, url: str, status: int = 303, **changes: str) -> str:
    """Fill in the form of a page and send it; returns where it leads."""
    page = browser.get_url(url)
    form = page.one("main form")
    done = browser.post_url(str(form["action"]), page.form() | changes, status)
    return str(done.response.headers.get("Location", "")) if status == 303 else done.words


# -- writing -----------------------------------------------------------------------------------------------------------


def test_a_resident_asks_and_comes_back_to_the_question(cast: Cast, visitor: Open) -> None:
    browser = visitor("resident")
    onward = send(browser, link(browser.get_url(PAGE), "Still et spørsmål"), text="Når kommer gatelyset?")
    written = db.session.scalars(sa.select(Contribution)).one()
    assert onward == f"{PAGE}#innlegg-{written.id}"
    page = browser.get_url(PAGE)
    assert "Når kommer gatelyset?" in page.one(f"#innlegg-{written.id}").get_text()
    assert (written.form, written.language) == (Form.QUESTION, "nb")


def test_whoever_is_signed_out_comes_back_to_writing_after_signing_in(visitor: Open) -> None:
    address = link(visitor().get_url(PAGE), "Still et spørsmål")
    location = visitor().get_url(address, 303).response.headers["Location"]
    assert location.startswith("/konto/logg-inn?neste=/delta/indicator/101/skriv")


def test_a_form_sent_twice_leads_to_the_same_question(cast: Cast, visitor: Open) -> None:
    browser = visitor("resident")
    page = browser.get("participation.write", kind="indicator", target_id=101, form="question")
    filled = page.form() | {"text": "Når?"}
    url = str(page.one("main form")["action"])
    first, second = (browser.post_url(url, filled).response.headers["Location"] for _ in range(2))
    assert first == second
    assert db.session.scalar(sa.select(sa.func.count()).select_from(Contribution)) == 1


def test_what_was_written_is_there_when_the_form_is_refused(cast: Cast, visitor: Open) -> None:
    browser = visitor("resident")
    url = "/delta/indicator/101/skriv?form=question"
    page = browser.get_url(url)
    refused = browser.post_url(url, page.form() | {"text": "Et langt spørsmål", "signed": "999999"}, 422)
    assert refused.one("textarea").get_text().strip() == "Et langt spørsmål"
    assert refused.all(".ds-error-summary a")
    empty = browser.post_url(url, page.form() | {"text": " "}, 422)
    assert "Fyll ut dette feltet" in empty.words


def test_whoever_was_signed_out_meanwhile_gets_their_text_back(visitor: Open) -> None:
    refused = visitor().post_url("/delta/indicator/101/skriv?form=question", {"text": "Et langt spørsmål"}, 401)
    assert "Et langt spørsmål" in refused.one("textarea").get_text()


def test_an_employee_answers_for_the_municipality(cast: Cast, visitor: Open) -> None:
    question = asked(cast.actor("resident"))
    assert not visitor("resident2").get("participation.reply", contribution_id=question.id).all("[name=official]")
    browser = visitor("employee")
    address = link(browser.get_url(PAGE), "Skriv et svar", ".said")
    assert "Når kommer gatelyset?" in browser.get_url(address).one(".quoted").get_text()
    send(browser, address, text="I mai.", official="y")
    answer = let_through(db.session.scalars(sa.select(Contribution).where(Contribution.is_official)).one())
    official = visitor().get_url(PAGE).one(".said[data-official]")
    assert official["id"] == f"innlegg-{answer.id}"
    assert "Kommunens svar" in official.get_text()


def test_a_pseudonym_is_chosen_for_each_text(cast: Cast, visitor: Open) -> None:
    browser = visitor("resident")
    send(browser, "/delta/indicator/101/skriv?form=question", text="Når?", signed="pseudonym")
    name = db.session.scalars(sa.select(Contribution.pseudonym)).one()
    assert name in browser.get("participation.write", kind="indicator", target_id=101, form="question").words
    let_through(db.session.scalars(sa.select(Contribution)).one())
    for who in (None, "resident2", "moderator", "admin"):
        page = visitor(who).get_url(PAGE)
        assert name in page.one(".said").get_text()
        assert cast.resident.name not in page.main.get_text()


@pytest.mark.parametrize("form", ["for", "comment", "x", ""])
def test_what_the_thing_does_not_take_is_refused(cast: Cast, visitor: Open, form: str) -> None:
    visitor("resident").get_url(f"/delta/indicator/101/skriv?form={form}", 403)


# -- changing ----------------------------------------------------------------------------------------------------------


def test_an_author_edits_and_everybody_sees_the_difference(cast: Cast, visitor: Open) -> None:
    question = asked(cast.actor("resident"), "Når kommer gatelyset?")
    browser = visitor("resident")
    address = link(browser.get_url(PAGE), "Endre", ".said")
    onward = send(browser, address, text="Når kommer lyset?")
    assert onward == f"{PAGE}#innlegg-{question.id}"
    let_through(question)
    page = visitor().get_url(PAGE)
    history = visitor().get_url(link(page, "endret", ".said"))
    assert "gatelyset" in history.one("del").get_text()
    assert "lyset" in history.one("ins").get_text()
    assert (
        "[tatt bort:]" in history.one("del .ds-sr-only").get_text()
        if len(history.all("del .ds-sr-only")) == 1
        else True
    )
    assert "Set-Cookie" not in history.response.headers


def test_an_edit_that_came_too_late_keeps_the_text_and_shows_the_other(cast: Cast, visitor: Open) -> None:
    question, author = asked(cast.actor("resident"), "en"), cast.actor("resident")
    browser = visitor("resident")
    url = f"/delta/innlegg/{question.id}/endre"
    form = browser.get_url(url).form()
    edit_contribution(author, question.id, EditDraft(text="to", language="nb", version=question.version))
    stale = browser.post_url(url, form | {"text": "tre og fire"}, 409)
    assert stale.one("textarea").get_text().strip() == "tre og fire"
    assert "to" in stale.one(".quoted").get_text()
    browser.post_url(url, stale.form(), 303)
    assert db.session.scalars(sa.select(Contribution.text)).one() == "tre og fire"


def test_an_author_takes_back_after_being_told_what_it_means(cast: Cast, visitor: Open) -> None:
    question = asked(cast.actor("resident"), "Hemmelig")
    asked(cast.actor("resident2"), "Et svar", ref=of(question))
    browser = visitor("resident")
    assert send(browser, f"/delta/innlegg/{question.id}/trekk?tilbake={PAGE}") == PAGE
    page = visitor().get_url(PAGE)
    assert "Trukket av forfatteren" in page.main.get_text()
    assert "Et svar" in page.main.get_text()
    assert "Hemmelig" not in page.text
    assert "Hemmelig" not in visitor().get("participation.thread", contribution_id=question.id).text


def test_what_is_not_shown_can_be_taken_back_and_not_changed(cast: Cast, visitor: Open) -> None:
    ref, browser = a_comment(cast), visitor("resident2")
    reply = asked(cast.actor("resident2"), "Hemmelig", ref=ref, form=Form.COMMENT)
    restrict(of(reply), Restriction(state=PublicationState.HIDDEN))
    restrict_comment(ref, Restriction(state=PublicationState.HIDDEN))
    browser.get("participation.edit", 403, contribution_id=reply.id)
    assert send(browser, f"/delta/innlegg/{reply.id}/trekk") == "/konto/"
    assert reply.text == ""
    browser.get("participation.edit", 403, contribution_id=reply.id)


@pytest.mark.parametrize("step", ["endre", "trekk"])
def test_others_find_no_way_to_change_or_take_back(cast: Cast, visitor: Open, step: str) -> None:
    question = asked(cast.actor("resident"))
    visitor("resident2").get_url(f"/delta/innlegg/{question.id}/{step}", 404)
    visitor("resident2").post_url(
        f"/delta/innlegg/{question.id}/{step}", {"text": "x y", "language": "nb", "version": "1"}, 403
    )
    assert not [link for link in visitor("resident2").get_url(PAGE).all(".said a") if "Endre" in link.get_text()]


# -- reading -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("attack", ATTACKS)
def test_what_people_write_is_shown_as_text(cast: Cast, visitor: Open, attack: str) -> None:
    question = asked(cast.actor("resident"), attack, language="en")
    let_through(
        edit_contribution(
            cast.actor("resident"),
            question.id,
            EditDraft(text=f"{attack} igjen", language="en", version=question.version),
        )
    )
    ref = a_comment(cast, attack)
    asked(cast.actor("resident2"), attack, ref=ref, form=Form.COMMENT)
    browser = visitor("resident")
    for url in (
        PAGE,
        "/delta/indicator/101/",
        f"/delta/{ref.kind}/{ref.id}/",
        f"/delta/innlegg/{question.id}/",
        f"/delta/innlegg/{question.id}/historikk",
        f"/delta/innlegg/{question.id}/endre",
        f"/delta/innlegg/{question.id}/trekk",
        f"/delta/innlegg/{question.id}/svar",
    ):
        page = browser.get_url(url)
        assert not page.all("main script, main img, main svg[onload], main [onerror], main a[href^=javascript]"), url
    shown = visitor().get_url(PAGE).one(f"#innlegg-{question.id} .said__text")
    assert shown["lang"] == "en"


def test_the_replies_to_a_comment_stand_under_it(cast: Cast, visitor: Open) -> None:
    ref = a_comment(cast)
    reply = asked(cast.actor("resident2"), "Ja, helt enig.", ref=ref, form=Form.COMMENT)
    page = visitor("employee").get_url(PAGE)
    under = page.one(f"#kommentar-{ref.id}")
    assert "Ja, helt enig." in under.select_one(f"#innlegg-{reply.id}").get_text()  # type: ignore[union-attr]  # it would be the fault
    form = under.select("form")[0]
    done = visitor("employee").post_url(str(form["action"]), {"tilbake": f"{PAGE}#kommentar-{ref.id}"})
    assert done.response.headers["Location"] == f"{PAGE}#kommentar-{ref.id}"
    assert tally(ref, "supports") == 1
    restrict_comment(ref, Restriction(state=PublicationState.HIDDEN))
    assert "Ja, helt enig." not in visitor().get_url(PAGE).text
    visitor().get("participation.thread", 404, contribution_id=reply.id)
    visitor().get("participation.conversation", 404, kind=ref.kind, target_id=ref.id)


@pytest.mark.parametrize("who", [None, "resident2", "employee"])
def test_the_page_of_an_indicator_takes_few_statements_with_a_thousand_contributions(
    cast: Cast, visitor: Open, count_queries: Counting, who: str | None
) -> None:
    ref = a_comment(cast)
    first = asked(cast.actor("resident"), "Første spørsmål")
    reply = asked(cast.actor("resident2"), "Svar på det første", ref=of(first))
    answer = asked(cast.actor("resident2"), "Svar på kommentaren", ref=ref, form=Form.COMMENT)
    copies = []
    for each, number in ((first, 500), (reply, 250), (answer, 250)):
        row = {
            column.name: getattr(each, column.name) for column in Contribution.__table__.columns if column.name != "id"
        }
        copies += [{**row, "key": f"{each.id}-{n}", "created_at": clock.now()} for n in range(number)]
    db.session.execute(sa.insert(Contribution), copies)
    follow(cast.actor("resident"), INDICATOR)
    browser = visitor(who)
    browser.get_url("/")
    for url in (PAGE, "/delta/indicator/101/", f"/delta/{ref.kind}/{ref.id}/", f"/delta/innlegg/{first.id}/"):
        with count_queries(at_most=8):  # type: ignore[attr-defined]  # a context manager
            page = browser.get_url(url)
        assert 1 <= len(page.all(".said")) < 60, url


def test_a_long_conversation_is_read_page_by_page(cast: Cast, visitor: Open) -> None:
    for number in range(25):
        asked(cast.actor("resident"), f"Spørsmål nummer {number}.")
    more = visitor().get_url(PAGE).one(".more")
    assert more.get_text() == "Se alle (25)"
    page = visitor().get_url(str(more["href"]))
    seen = [each.get_text(strip=True) for each in page.all(".said__text")]
    rest = visitor().get_url(str(page.one("a[rel=next]")["href"]))
    seen += [each.get_text(strip=True) for each in rest.all(".said__text")]
    assert seen == [f"Spørsmål nummer {number}." for number in reversed(range(25))]


def test_all_the_replies_are_read_on_the_threads_own_page(cast: Cast, visitor: Open) -> None:
    question = asked(cast.actor("resident"))
    for number in range(30):
        asked(cast.actor("resident2"), f"Svar nummer {number}.", ref=of(question))
    asked(cast.actor("employee"), "Kommunen svarer.", ref=of(question), is_official=True)
    page = visitor().get_url(str(visitor().get_url(PAGE).one(".replies__more a")["href"]))
    rest = visitor().get_url(str(page.one("a[rel=next]")["href"]))
    seen = [each.get_text(strip=True) for each in page.all(".replies .said__text") + rest.all(".replies .said__text")]
    assert seen == ["Kommunen svarer.", *(f"Svar nummer {number}." for number in range(30))]


def test_what_waits_is_shown_to_its_author_alone(cast: Cast, visitor: Open) -> None:
    question = ask(cast.actor("resident"), "Et hemmelig spørsmål")
    restrict(of(question), Restriction(state=PublicationState.PENDING))
    assert "Venter på en moderator" in visitor("resident").get_url(PAGE).words
    for who in (None, "resident2", "employee"):
        assert "Et hemmelig spørsmål" not in visitor(who).get_url(PAGE).text
        visitor(who).get("participation.thread", 404, contribution_id=question.id)
        visitor(who).get("participation.history", 404, contribution_id=question.id)


@pytest.mark.parametrize(
    "url", ["/delta/nothing/1/", "/delta/indicator/999/", "/delta/contribution/1/", "/delta/innlegg/1/"]
)
def test_what_is_not_there_is_not_found(visitor: Open, url: str) -> None:
    visitor().get_url(f"/delta/{url}", 404)


def test_a_long_question_in_the_address_is_not_repeated_in_every_link(cast: Cast, visitor: Open) -> None:
    asked(cast.actor("resident"))
    page = visitor().get_url(f"{PAGE}?x={'y' * 1000}")
    assert "y" * 1000 not in page.main.decode()
