"""The pages by which a solution is shared, changed, translated, noted beside and withdrawn, and one's own."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
import sqlalchemy as sa

from portal.goals.queries import links
from portal.kernel.content import PublicationState, Ref
from portal.kernel.db import db
from portal.solutions.actions.sharing import WordsDraft, edit_solution, share_solution, translate_solution
from portal.solutions.events.solutions import SOLUTION, TRANSLATION
from portal.solutions.facts import Licence
from portal.solutions.models.solutions import Solution, SolutionTranslation, SolutionVersion
from tests.support.cast import Cast
from tests.support.counting import count_queries
from tests.support.page import Page, Visitor
from tests.support.solutions import draft, imported, shared, show

Open = Callable[..., Visitor]
FORM = "main form[method=post]"
FILLED = {
    "title": "Middag sammen",
    "problem": "Mange spiser alene.",
    "core": "Lage mat sammen.",
    "theme": "health",
    "cost_class": "low",
    "evidence": "told",
    "size": "large",
    "contact_title": "Rådgiver",
}
NYNORSK = WordsDraft(title="Middag i lag", problem="Einsemd", core="Lage mat i lag", language="nn")


def the_one() -> Solution:
    return db.session.scalars(sa.select(Solution).execution_options(populate_existing=True)).one()


def form_of(browser: Visitor, endpoint: str, **values: Any) -> dict[str, Any]:
    return browser.get(endpoint, **values).form(FORM)


def row(page: Page, title: str) -> str:
    return next(each.get_text(" ", strip=True) for each in page.all(".row") if title in each.get_text())


def test_the_form_shares_a_solution_and_says_what_happens_next(visitor: Open) -> None:
    browser = visitor("employee")
    form = form_of(browser, "solutions_sharing.new")
    assert (form["licence"], form["language"]) == (Licence.CC_BY.value, "nb")
    receipt = browser.follow(browser.post("solutions_sharing.new", form | FILLED | {"goals": ["3", "11"]}))
    assert "En moderator leser den" in receipt.words
    solution = the_one()
    assert (solution.title, solution.municipality_number, solution.state) == (
        "Middag sammen",
        "3203",
        PublicationState.PENDING,
    )
    assert links([Ref(SOLUTION, solution.id)])[Ref(SOLUTION, solution.id)] == [Ref("goal", 3), Ref("goal", 11)]
    browser.post("solutions_sharing.new", form | FILLED)
    assert the_one().id == solution.id, "the same form twice"


def test_a_partner_shares_for_their_own_municipality(visitor: Open) -> None:
    browser = visitor("partner")
    page = browser.get("solutions_sharing.new")
    assert "Du deler for Bærum" in page.words
    browser.post("solutions_sharing.new", page.form(FORM) | FILLED)
    assert the_one().municipality_number == "3201"


def test_the_size_of_the_municipality_is_asked_for_once(cast: Cast, visitor: Open) -> None:
    assert "size" not in form_of(visitor("employee"), "solutions_sharing.new")
    shared(cast.actor("adviser"))
    assert form_of(visitor("employee"), "solutions_sharing.new")["size"] == "large"
    assert "size" not in form_of(visitor("partner"), "solutions_sharing.new")


@pytest.mark.parametrize(("missing", "anchor"), [("title", "#title"), ("core", "#core"), ("theme", "#theme")])
def test_what_is_missing_is_told_at_its_field_and_the_rest_is_kept(visitor: Open, missing: str, anchor: str) -> None:
    browser = visitor("employee")
    form = form_of(browser, "solutions_sharing.new") | FILLED | {missing: ""}
    page = browser.post("solutions_sharing.new", form, 422)
    assert page.one(anchor)["aria-invalid"] == "true"
    assert page.one("#problem").get_text().strip() == "Mange spiser alene."


def test_a_choice_that_is_missing_is_told_at_its_field(visitor: Open) -> None:
    browser = visitor("employee")
    form = form_of(browser, "solutions_sharing.new") | FILLED
    del form["cost_class"]
    page = browser.post("solutions_sharing.new", form, 422)
    assert page.one("#cost_class-error")
    later = form | {"cost_class": "low", "used_since": "01.01.2199"}
    assert "Velg en dag som har vært" in browser.post("solutions_sharing.new", later, 422).one("#used_since-error").text
    nonsense = form | {"cost_class": "low", "licence": "all rights reserved"}
    assert browser.post("solutions_sharing.new", nonsense, 422).one("#licence-error")


@pytest.mark.parametrize("name", ["resident", "verifier"])
def test_others_are_told_who_can_share(visitor: Open, name: str) -> None:
    for endpoint in ("solutions_sharing.new", "solutions_sharing.mine"):
        assert "Bare ansatte i en kommune" in visitor(name).get(endpoint, 403).words


def test_the_terms_of_what_it_is_made_of_are_kept_and_the_form_says_why(cast: Cast, visitor: Open) -> None:
    source = shared(cast.actor("partner"), "Middag i lag", licence=Licence.CC_BY_SA)
    browser, of = visitor("adviser"), {"fra": f"solution:{source.id}"}
    page = browser.get("solutions_sharing.new", **of)
    assert [each["value"] for each in page.all("select[name=licence] option")] == [Licence.CC_BY_SA.value]
    assert "skal deles videre på samme vilkår" in page.one("#licence-hint").get_text()
    form = page.form(FORM) | FILLED
    assert browser.post("solutions_sharing.new", form | {"licence": "CC0-1.0"}, 422, **of).one("#licence-error")
    browser.post("solutions_sharing.new", form, **of)
    made = db.session.scalars(sa.select(Solution).where(Solution.id != source.id)).one()
    assert made.licence is Licence.CC_BY_SA


def test_it_is_changed_with_everything_it_said_filled_in(cast: Cast, visitor: Open) -> None:
    solution = shared(cast.actor("employee"), risk="Allergi", licence=Licence.NLOD, language="nn", goals=(3,))
    browser = visitor("employee")
    form = form_of(browser, "solutions_sharing.edit", solution_id=solution.id)
    assert (form["risk"].strip(), form["licence"], form["language"], form["goals"]) == (
        "Allergi",
        "NLOD-2.0",
        "nn",
        "3",
    )
    sent = browser.post("solutions_sharing.edit", form | {"goals": ["4"]}, solution_id=solution.id)
    there = browser.get_url(sent.response.headers["Location"], 301)
    assert "Endringen er lagret" in browser.follow(there).words
    assert the_one().state is PublicationState.PUBLISHED
    form = form_of(browser, "solutions_sharing.edit", solution_id=solution.id)
    browser.post("solutions_sharing.edit", form | {"risk": "Ingen"}, solution_id=solution.id)
    assert (the_one().risk, the_one().state) == ("Ingen", PublicationState.PENDING)


def test_of_two_who_change_it_one_wins_and_the_other_loses_no_word(cast: Cast, visitor: Open) -> None:
    solution = shared(cast.actor("employee"))
    first, second = visitor("employee"), visitor("adviser")
    mine = form_of(first, "solutions_sharing.edit", solution_id=solution.id)
    form = form_of(second, "solutions_sharing.edit", solution_id=solution.id)
    first.post("solutions_sharing.edit", mine | {"results": "Den førstes tall"}, solution_id=solution.id)
    page = second.post("solutions_sharing.edit", form | {"results": "Den andres tall"}, 409, solution_id=solution.id)
    assert page.one("#results").get_text().strip() == "Den andres tall"
    assert "Den førstes tall" in page.one("main .description").get_text()
    second.post("solutions_sharing.edit", page.form(FORM), solution_id=solution.id)
    assert the_one().results == "Den andres tall"
    for nonsense in ("", "x", "-1"):
        second.post("solutions_sharing.edit", form | {"version": nonsense}, 409, solution_id=solution.id)


def test_it_is_translated_beside_what_it_says(cast: Cast, visitor: Open) -> None:
    solution = shared(cast.actor("employee"), risk="Allergi", results="Seks av ti")
    browser = visitor("employee")
    page = browser.get("solutions_sharing.translate", solution_id=solution.id, language="nn")
    assert page.heading == "Oversett til nynorsk"
    assert "Seks av ti" in page.main.get_text()
    assert "procedures" not in page.form(FORM), "what isn't said is not asked for"
    said = {"title": "Middag i lag", "problem": "Einsemd", "core": "Lage mat i lag", "risk": "Allergi på nynorsk"}
    browser.post("solutions_sharing.translate", page.form(FORM) | said, solution_id=solution.id, language="nn")
    translation = db.session.scalars(sa.select(SolutionTranslation)).one()
    assert (translation.language, translation.title, translation.risk) == ("nn", "Middag i lag", "Allergi på nynorsk")
    again = form_of(browser, "solutions_sharing.translate", solution_id=solution.id, language="nn")
    assert again["title"] == "Middag i lag"
    browser.post("solutions_sharing.translate", again | {"title": "Meir"}, solution_id=solution.id, language="nn")
    assert db.session.scalars(sa.select(SolutionTranslation.title)).one() == "Meir"
    missing = again | {"core": ""}
    page = browser.post("solutions_sharing.translate", missing, 422, solution_id=solution.id, language="nn")
    assert page.one("#core")["aria-invalid"] == "true"


def test_a_translation_somebody_else_made_meanwhile_is_shown_beside_ones_own(cast: Cast, visitor: Open) -> None:
    solution = shared(cast.actor("employee"))
    browser = visitor("employee")
    form = form_of(browser, "solutions_sharing.translate", solution_id=solution.id, language="nn")
    translate_solution(cast.actor("adviser"), solution.id, NYNORSK)
    said = {"title": "Mi tittel", "problem": "Einsemd", "core": "Mat"}
    page = browser.post("solutions_sharing.translate", form | said, 409, solution_id=solution.id, language="nn")
    assert "Lage mat i lag" in page.one("main .description").get_text()
    browser.post("solutions_sharing.translate", page.form(FORM), solution_id=solution.id, language="nn")
    assert db.session.scalars(sa.select(SolutionTranslation.title)).one() == "Mi tittel"


def test_a_translation_that_is_behind_says_so_and_can_be_taken_back_and_made_again(cast: Cast, visitor: Open) -> None:
    author = cast.actor("employee")
    solution = shared(author)
    translation = translate_solution(author, solution.id, NYNORSK)
    show(Ref(TRANSLATION, translation.id))
    edit_solution(author, solution.id, draft("Ny tittel"), version=solution.version)
    browser, of = visitor("employee"), {"solution_id": solution.id, "language": "nn"}
    assert "endret siden den ble oversatt" in browser.get("solutions_sharing.translate", **of).words
    assert "Eldre enn løsningen" in browser.get("solutions_sharing.mine").words
    form = browser.get("solutions_sharing.withdraw_translation", **of).form(FORM)
    browser.post("solutions_sharing.withdraw_translation", form, **of)
    browser.get("solutions_sharing.withdraw_translation", 404, **of)
    anew = form_of(browser, "solutions_sharing.translate", **of)
    assert anew["title"] == ""
    said = {"title": "Att", "problem": "Einsemd", "core": "Mat"}
    browser.post("solutions_sharing.translate", anew | said, **of)
    assert db.session.scalars(sa.select(SolutionTranslation.title)).one() == "Att"


@pytest.mark.parametrize(("language", "status"), [("nb", 404), ("nn", 200), ("en", 200)])
def test_it_is_translated_to_the_languages_it_is_not_written_in(
    cast: Cast, visitor: Open, language: str, status: int
) -> None:
    solution = shared(cast.actor("employee"))
    visitor("employee").get("solutions_sharing.translate", status, solution_id=solution.id, language=language)


def test_what_was_shown_is_kept_and_the_difference_can_be_read(cast: Cast, visitor: Open) -> None:
    author = cast.actor("employee")
    solution = shared(author)
    assert "ikke endret" in visitor().get("solutions_sharing.versions", solution_id=solution.id).words
    edit_solution(author, solution.id, draft(core="En kokk og en beboer lager mat."), version=solution.version)
    visitor().get("solutions_sharing.versions", 404, solution_id=solution.id)
    show(Ref(SOLUTION, solution.id))
    page = visitor().get("solutions_sharing.versions", solution_id=solution.id)
    assert "Utgave 1 ble endret" in page.words
    assert [each.get_text() for each in page.all(".wordings h3")] == ["Kjernen"]
    assert "kokk" in page.one("ins").get_text()
    db.session.execute(sa.update(SolutionVersion).values(hidden=True))
    db.session.commit()
    hidden = visitor().get("solutions_sharing.versions", solution_id=solution.id)
    assert not hidden.all("del")
    assert "skjult av en moderator" in hidden.words


def test_the_page_of_changes_takes_two_statements_and_sets_no_cookie(cast: Cast, visitor: Open) -> None:
    author = cast.actor("employee")
    solution = shared(author)
    for number in range(12):
        edit_solution(author, solution.id, draft(core=f"Kjerne {number}"), version=solution.version)
        show(Ref(SOLUTION, solution.id))
    browser = visitor()
    browser.get("solutions_sharing.versions", solution_id=solution.id)
    with count_queries(at_most=8):
        page = browser.get("solutions_sharing.versions", solution_id=solution.id)
    assert "Set-Cookie" not in page.response.headers
    assert len(page.all(".wordings > li")) == 12


def test_a_solution_is_withdrawn_from_its_page_after_one_is_told_what_that_means(cast: Cast, visitor: Open) -> None:
    solution = shared(cast.actor("employee"))
    solution.in_use = 2
    db.session.commit()
    browser = visitor("employee")
    page = browser.get("solutions_sharing.withdraw", solution_id=solution.id)
    assert "2 andre har den i bruk" in page.words
    mine = browser.follow(browser.post("solutions_sharing.withdraw", page.form(FORM), solution_id=solution.id))
    assert "Løsningen er trukket" in mine.words
    assert the_one().state is PublicationState.WITHDRAWN
    for endpoint in ("withdraw", "edit", "receipt", "versions"):
        browser.get(f"solutions_sharing.{endpoint}", 404, solution_id=solution.id)


def test_a_note_is_written_and_taken_away_beside_what_another_portal_owns(cast: Cast, visitor: Open) -> None:
    solution = imported(cast.actor("adviser"))
    browser, of = visitor("adviser"), {"solution_id": solution.id}
    page = browser.get("solutions_sharing.note", **of)
    assert "Løsningen eies av Bærum" in page.words
    browser.post("solutions_sharing.note", page.form(FORM) | {"note": "Drift vurderer den."}, **of)
    assert the_one().local_note == "Drift vurderer den."
    form = form_of(browser, "solutions_sharing.note", **of)
    assert form["note"].strip() == "Drift vurderer den."
    assert browser.post("solutions_sharing.note", form | {"note": "x" * 5001}, 422, **of).one("#note-error")
    browser.post("solutions_sharing.note", form | {"note": ""}, **of)
    assert the_one().local_note == ""
    browser.get("solutions_sharing.edit", 403, **of)


def test_ones_own_are_listed_with_where_they_stand(cast: Cast, visitor: Open) -> None:
    solution = shared(cast.actor("employee"), "Vist")
    translate_solution(cast.actor("employee"), solution.id, NYNORSK)
    solution.in_use = 1
    db.session.commit()
    share_solution(cast.actor("employee"), draft("Venter"))
    shared(cast.actor("employee2"), "En kollegas")
    shared(cast.actor("partner"), "Naboens")
    imported(cast.actor("adviser"), "Hentet")
    page = visitor("employee").get("solutions_sharing.mine")
    assert "1 annen har den i bruk" in row(page, "Vist")
    assert "Nynorsk" in row(page, "Vist")
    assert "Oversett til engelsk" in row(page, "Vist")
    assert "Venter på moderator" in row(page, "Venter")
    assert not [title for title in ("En kollegas", "Naboens", "Hentet") if title in page.words]
    assert [
        each.get_text(strip=True) for each in visitor("partner").get("solutions_sharing.mine").all(".row__title")
    ] == ["Naboens"]
    advised = visitor("adviser").get("solutions_sharing.mine").words
    assert "En kollegas" in advised
    assert "Hentet" not in advised
    assert "Dere deler ingen løsninger ennå" in visitor("moderator").get("solutions_sharing.mine").words


def test_ones_own_stand_on_as_many_pages_as_it_takes_in_few_statements(cast: Cast, visitor: Open) -> None:
    for number in range(35):
        translate_solution(
            cast.actor("employee"), share_solution(cast.actor("employee"), draft(f"Løsning {number}")).id, NYNORSK
        )
    browser = visitor("employee")
    browser.get("solutions_sharing.mine")
    with count_queries(at_most=8):
        page = browser.get("solutions_sharing.mine")
    rest = browser.get_url(str(page.one("a[rel=next]")["href"]))
    assert (len(page.all(".row")), len(rest.all(".row"))) == (30, 5)
    browser.get("solutions_sharing.mine", 422, fra="tull")
