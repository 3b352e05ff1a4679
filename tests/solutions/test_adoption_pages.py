"""The pages of taking a solution in use: the form, one adopter's account, and one's own overview."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from portal.accounts.models import Account
from portal.kernel.content import Ref
from portal.kernel.db import db
from portal.kernel.identity import ANONYMOUS
from portal.solutions.actions.adopting import begin_adoption
from portal.solutions.actions.sharing import edit_solution, withdraw_solution
from portal.solutions.adoption import Step
from portal.solutions.events.adoptions import ADOPTION
from portal.solutions.models.adoptions import Adoption
from portal.solutions.models.solutions import Solution
from portal.solutions.queries.adoptions import panel
from tests.solutions.adopting import HERE, NEIGHBOUR, THERE, adopted, draft, hide, in_use, now, organisation, unit
from tests.support.cast import Cast
from tests.support.page import Page, Visitor
from tests.support.solutions import draft as solution_draft
from tests.support.solutions import shared, show

Open = Callable[..., Visitor]


@pytest.fixture
def solution(cast: Cast) -> Solution:
    return shared(cast.actor("employee"))


def filled(page: Page, **given: Any) -> dict[str, Any]:
    """Return the form as it stands, with something changed."""
    return page.form("main form.form") | {"in_use_since": "2026-03-02"} | given


def test_partner_staff_tell_and_land_on_their_account(cast: Cast, visitor: Open, solution: Solution) -> None:
    partner = visitor("partner")
    page = partner.get("solutions_adopting.new", solution_id=solution.id)
    assert page.form("main form.form")["adopter"] == "municipality:3201"
    sent = filled(page, step="in_use", way="adapted", adapted="Vi gjør det hver fredag.", contact_title="Rådgiver")
    account = partner.follow(partner.post("solutions_adopting.new", _data=sent, solution_id=solution.id))
    assert account.heading == "Bærum kommune"
    for words in ("Har den i bruk", "Tilpasset", "2. mars 2026", "Vi gjør det hver fredag.", "Rådgiver"):
        assert words in account.words
    assert in_use(solution) == 1


def test_what_is_wrong_is_said_at_its_field_and_nothing_typed_is_lost(visitor: Open, solution: Solution) -> None:
    partner = visitor("partner")
    page = partner.get("solutions_adopting.new", solution_id=solution.id)
    sent = filled(page, step="in_use", result="Syv av ti", in_use_since="")
    refused = partner.post("solutions_adopting.new", _data=sent, _status=422, solution_id=solution.id)
    assert "Velg om dere bruker den som den er" in refused.words
    assert refused.form("main form.form")["result"] == "Syv av ti"
    assert in_use(solution) == 0


def test_an_adopter_that_was_not_offered_is_refused(cast: Cast, visitor: Open, solution: Solution) -> None:
    partner = visitor("partner")
    page = partner.get("solutions_adopting.new", solution_id=solution.id)
    for other in (str(organisation(cast)), "municipality:3203", "tull"):
        sent = filled(page, step="in_use", way="copied", adopter=other)
        partner.post("solutions_adopting.new", _data=sent, _status=422, solution_id=solution.id)
    assert in_use(solution) == 0


def test_whoever_acts_for_nobody_is_told_who_can(visitor: Open, solution: Solution) -> None:
    page = visitor("resident").get("solutions_adopting.new", solution_id=solution.id)
    assert "Du kan ikke melde fra for noen ennå" in page.words
    assert not page.all("main form.form")


def test_an_employee_chooses_among_their_units_and_is_led_to_what_is_told(
    cast: Cast, visitor: Open, solution: Solution
) -> None:
    health, employee = unit(cast)
    adoption = adopted(employee, solution, health)
    page = visitor("employee").get("solutions_adopting.new", solution_id=solution.id)
    assert not page.all("main form.form")
    assert page.all(f'a[href="/losninger/bruk/{adoption.id}/endre"]')


def test_one_comes_further_and_stops(cast: Cast, visitor: Open, solution: Solution) -> None:
    adoption, partner = adopted(cast.actor("partner"), solution, step=Step.PILOTING), visitor("partner")
    page = partner.get("solutions_adopting.edit", adoption_id=adoption.id)
    assert page.form("main form.form")["step"] == "piloting"
    assert not page.all('input[value="interested"]')
    sent = filled(page, step="in_use")
    partner.post("solutions_adopting.edit", _data=sent, adoption_id=adoption.id)
    assert in_use(solution) == 1
    page = partner.get("solutions_adopting.edit", adoption_id=adoption.id)
    untold = partner.post("solutions_adopting.edit", filled(page, step="stopped"), 422, adoption_id=adoption.id)
    assert "Skriv hva dere lærte" in untold.words
    partner.post("solutions_adopting.edit", filled(page, step="stopped", learning="For få."), adoption_id=adoption.id)
    account = partner.get("solutions_adopting.adoption", adoption_id=adoption.id)
    assert [step.get_text(strip=True) for step in account.all(".adoption-steps li span")] == [
        "Prøver den ut",
        "Har den i bruk",
        "Har sluttet",
    ]
    assert in_use(solution) == 0


def test_who_is_overtaken_keeps_what_they_wrote(cast: Cast, visitor: Open, solution: Solution) -> None:
    adoption, partner = adopted(cast.actor("partner"), solution), visitor("partner")
    opened = partner.get("solutions_adopting.edit", adoption_id=adoption.id)
    partner.post("solutions_adopting.edit", filled(opened, contact_title="Først"), adoption_id=adoption.id)
    late = partner.post("solutions_adopting.edit", filled(opened, contact_title="Sist"), 409, adoption_id=adoption.id)
    assert late.form("main form.form")["contact_title"] == "Sist"
    partner.post("solutions_adopting.edit", late.form("main form.form"), adoption_id=adoption.id)
    assert now(adoption).contact_title == "Sist"


def test_a_new_version_of_the_solution_is_shown_to_those_who_use_the_old(
    cast: Cast, visitor: Open, solution: Solution
) -> None:
    adoption, partner = adopted(cast.actor("partner"), solution), visitor("partner")
    assert not partner.get("solutions_adopting.edit", adoption_id=adoption.id).all("#follows")
    edit_solution(cast.actor("employee"), solution.id, solution_draft("Middag i lag"), version=solution.version)
    show(Ref("solution", solution.id))
    assert "endret siden dere tok den" in partner.get("solutions_adopting.adoption", adoption_id=adoption.id).words
    assert "Endret siden dere tok den" in partner.get("solutions_adopting.mine").words
    page = partner.get("solutions_adopting.edit", adoption_id=adoption.id)
    partner.post("solutions_adopting.edit", filled(page, follows="y"), adoption_id=adoption.id)
    assert now(adoption).of_edition == 2


def test_an_account_is_public_and_its_words_are_when_approved(cast: Cast, visitor: Open, solution: Solution) -> None:
    words = "Ring 22 22 22 22 og spør."
    adoption = begin_adoption(cast.actor("partner"), solution.id, THERE, draft(result=words))
    reader = visitor().get("solutions_adopting.adoption", adoption_id=adoption.id)
    assert "Har den i bruk" in reader.words
    assert words not in reader.words
    assert words in visitor("partner").get("solutions_adopting.adoption", adoption_id=adoption.id).words
    show(Ref(ADOPTION, adoption.id))
    shown = visitor().get("solutions_adopting.adoption", adoption_id=adoption.id)
    assert words in shown.words
    assert shown.all(f'a[href="/moderering/meld/adoption/{adoption.id}"]')
    assert "Set-Cookie" not in shown.response.headers


def test_hidden_words_are_hidden_from_all_but_those_who_wrote_them_and_moderators(
    cast: Cast, visitor: Open, solution: Solution
) -> None:
    adoption = adopted(cast.actor("partner"), solution, result="Noe stygt.")
    hide(adoption)
    sees = {
        name: "Noe stygt." in visitor(name).get("solutions_adopting.adoption", adoption_id=adoption.id).words
        for name in (None, "resident", "employee", "moderator", "partner")
    }
    assert sees == {None: False, "resident": False, "employee": False, "moderator": True, "partner": True}
    visitor("partner").get("solutions_adopting.edit", _status=403, adoption_id=adoption.id)


def test_of_a_withdrawn_solution_only_those_who_used_it_read_their_account(cast: Cast, visitor: Open) -> None:
    solution = shared(cast.actor("partner"), "Turvenn")
    adoption = adopted(cast.actor("adviser"), solution, HERE)
    withdraw_solution(cast.actor("partner"), solution.id)
    for name in (None, "resident", "partner"):
        visitor(name).get("solutions_adopting.adoption", _status=404, adoption_id=adoption.id)
    adviser = visitor("adviser")
    assert "Løsningen er trukket" in adviser.get("solutions_adopting.adoption", adoption_id=adoption.id).words
    assert "En løsning som er trukket" in adviser.get("solutions_adopting.mine").words
    page = adviser.get("solutions_adopting.edit", adoption_id=adoption.id)
    stop = filled(page, step="stopped", learning="Den ble trukket.")
    adviser.post("solutions_adopting.edit", _data=stop, adoption_id=adoption.id)
    assert now(adoption).step is Step.STOPPED


def test_what_is_taken_back_is_asked_about_first_and_then_gone(cast: Cast, visitor: Open, solution: Solution) -> None:
    adoption, partner = adopted(cast.actor("partner"), solution), visitor("partner")
    page = partner.get("solutions_adopting.withdraw", adoption_id=adoption.id)
    assert "Vi har sluttet" in page.words
    partner.post("solutions_adopting.withdraw", _data=page.form("main form.form"), adoption_id=adoption.id)
    partner.get("solutions_adopting.adoption", _status=404, adoption_id=adoption.id)
    assert in_use(solution) == 0


def test_others_open_neither_form(cast: Cast, visitor: Open, solution: Solution) -> None:
    adoption = adopted(cast.actor("partner"), solution)
    for name in ("resident", "adviser", "moderator"):
        for endpoint in ("solutions_adopting.edit", "solutions_adopting.withdraw"):
            visitor(name).get(endpoint, _status=403, adoption_id=adoption.id)


def test_the_overview_shows_what_we_use_and_who_uses_ours(cast: Cast, visitor: Open, solution: Solution) -> None:
    ours = shared(cast.actor("partner"), "Turvenn")
    adopted(cast.actor("partner"), solution)
    adopted(cast.actor("adviser"), ours, HERE, Step.PILOTING)
    page = visitor("partner").get("solutions_adopting.mine")
    used, by_others = page.words.split("Andre bruker det dere har delt")
    assert "Middag sammen" in used
    assert "Asker kommune" in by_others
    assert "Turvenn" in by_others
    assert "meldt fra om noe ennå" in visitor("resident").get("solutions_adopting.mine").words


def test_an_adapted_solution_can_be_shared_on(cast: Cast, visitor: Open, solution: Solution) -> None:
    adoption = adopted(cast.actor("partner"), solution)
    page = visitor("partner").get("solutions_adopting.adoption", adoption_id=adoption.id)
    link = next(str(each["href"]) for each in page.all("a") if "Del deres utgave" in each.get_text())
    form = visitor("partner").get_url(link).form("main form.form")
    assert (form["core"], form["results"], form["context"]) == (solution.core, "", "")
    assert (
        "Del deres utgave" not in visitor("adviser").get("solutions_adopting.adoption", adoption_id=adoption.id).words
    )


def test_the_panel_counts_each_step_and_shows_one_s_own_first(
    cast: Cast, solution: Solution, count_queries: Any
) -> None:
    adopted(cast.actor("partner"), solution, step=Step.PILOTING)
    for name in ("volunteer", "business"):
        adopted(cast.actor(name), solution, organisation(cast, name))
    adopted(cast.actor("knowledge"), solution, organisation(cast, "knowledge"), Step.INTERESTED)
    with count_queries(at_most=1):
        shown = panel(cast.actor("partner"), solution)
    assert shown.counts == {Step.IN_USE: 2, Step.PILOTING: 1, Step.INTERESTED: 1, Step.STOPPED: 0}
    assert [each.adoption.municipality_number for each in shown.mine] == [NEIGHBOUR]
    assert shown.rows[0].adoption.byline == "Bærum kommune"
    assert panel(ANONYMOUS, solution).total == 4
    assert not panel(ANONYMOUS, solution).mine


def test_the_pages_keep_within_eight_statements(
    cast: Cast, visitor: Open, solution: Solution, count_queries: Any
) -> None:
    unit(cast, "Velferd", "employee")
    adoption = adopted(cast.actor("partner"), solution, result="Det virker.")
    for name in ("volunteer", "business", "knowledge"):
        adopted(cast.actor(name), solution, organisation(cast, name), result="Det virker her også.")
    partner = visitor("partner")
    partner.get("solutions_adopting.mine")
    for endpoint, values in (
        ("solutions_adopting.mine", {}),
        ("solutions_adopting.adoption", {"adoption_id": adoption.id}),
        ("solutions_adopting.edit", {"adoption_id": adoption.id}),
        ("solutions_adopting.withdraw", {"adoption_id": adoption.id}),
        ("solutions_adopting.new", {"solution_id": solution.id}),
        ("solutions_adopting.spread", {"solution_id": solution.id}),
    ):
        with count_queries(at_most=8):
            partner.get(endpoint, **values)


def test_an_account_says_nothing_of_who_wrote_it(cast: Cast, visitor: Open, solution: Solution) -> None:
    adoption = adopted(cast.actor("partner"), solution, result="Det virker.")
    page = visitor("resident").get("solutions_adopting.adoption", adoption_id=adoption.id)
    assert db.session.get_one(Adoption, adoption.id).author_id == cast.partner.id
    assert db.session.get_one(Account, cast.partner.id).name not in page.text
