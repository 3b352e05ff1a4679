"""The pages where paper is entered and looked over, as an employee and a coordinator use them."""

from __future__ import annotations

from collections.abc import Callable

import pytest
import sqlalchemy as sa

from portal.kernel.db import db
from portal.observatorium.actions import paper
from portal.observatorium.actions.paper import FormDraft
from portal.observatorium.catalogue import Answer
from portal.observatorium.models.outreach import PaperBatch, PaperForm
from portal.observatorium.models.rounds import Ballot, Rating, Tie
from tests.observatorium.rounds import an_open_round
from tests.observatorium.test_paper import RESIDENTS, a_batch, a_waiting_batch
from tests.support.cast import Cast
from tests.support.page import Visitor

Open = Callable[..., Visitor]


def batch() -> PaperBatch:
    return db.session.scalars(sa.select(PaperBatch).execution_options(populate_existing=True)).one()


def test_a_pile_goes_from_the_table_to_the_result_through_the_pages(cast: Cast, visitor: Open) -> None:
    an_open_round(cast)
    employee, coordinator = visitor("employee"), visitor("coordinator")
    assert "Ingen bunter ennå" in employee.get("observatorium_paper.index", slug="2026").words
    told = {"label": "Biblioteket, uke 40", "group": "resident", "organisation": ""}
    page = employee.follow(employee.post("observatorium_paper.begin", told, slug="2026"))
    where = {"slug": "2026", "batch_id": batch().id}
    form = page.form()
    assert form["number"] == "1"
    page = employee.follow(employee.post("observatorium_paper.enter", {**form, "1.1": "red", "4.9": "green"}, **where))
    assert "Skjema 1 er lagret" in page.words
    form = page.form()
    assert form["number"] == "2", "the next number stands there already"
    page = employee.follow(
        employee.post("observatorium_paper.enter", {**form, "1.1": "unknown", "etter": "bunten"}, **where)
    )
    assert "Skjema 2" in page.words
    page = employee.follow(employee.post("observatorium_paper.send", **where))
    assert "Bunten er sendt" in page.words
    assert "Se over bunten" not in page.words, "not by whoever entered it"
    page = coordinator.get("observatorium_paper.show", **where)
    assert "1.1 Ikke akseptabelt" in page.words
    assert "1.2 Ikke krysset" in page.words
    decision = {**page.form("section[aria-labelledby=avgjor] form"), "verdict": "approve"}
    page = coordinator.follow(coordinator.post("observatorium_paper.decide", decision, **where))
    assert "2 svar teller med" in page.words
    assert db.session.scalar(sa.select(sa.func.count()).select_from(Ballot)) == 2
    page = employee.get("observatorium_paper.show", **where)
    assert "Bunten er godkjent" in page.words
    assert "Skjema 1" not in page.words


def test_a_form_that_is_refused_keeps_what_was_ticked(cast: Cast, visitor: Open) -> None:
    an_open_round(cast)
    made = a_batch(cast, 1)
    employee = visitor("employee")
    where = {"slug": "2026", "batch_id": made.id}
    ticked = {"number": "1", "tie": "works", "1.1": "yellow"}
    page = employee.post("observatorium_paper.enter", ticked, _status=422, **where)
    assert "Skjema 1 er alt ført inn" in page.words
    assert page.all('input[name="1.1"][value="yellow"][checked]')
    page = employee.post("observatorium_paper.enter", {"number": "2", "tie": "works"}, _status=422, **where)
    assert "Skjemaet har ingen svar" in page.words
    page = employee.post("observatorium_paper.enter", {"number": "x", "tie": "", "1.1": "blue"}, _status=422, **where)
    assert "Skriv et helt tall" in page.words


def test_a_form_is_mended_and_removed(cast: Cast, visitor: Open) -> None:
    an_open_round(cast)
    made = a_batch(cast, 2)
    employee = visitor("employee")
    where = {"slug": "2026", "batch_id": made.id}
    page = employee.get("observatorium_paper.enter", rett=2, **where)
    form = page.form()
    assert (form["number"], form["1.1"]) == ("2", "green")
    page = employee.follow(employee.post("observatorium_paper.enter", {**form, "1.1": "red"}, rett=2, **where))
    assert "1.1 Ikke akseptabelt" in page.words
    page = employee.follow(employee.post("observatorium_paper.remove", {"number": "1"}, **where))
    assert "Skjema 1 er fjernet" in page.words
    assert list(db.session.scalars(sa.select(PaperForm.number))) == [2]
    employee.get("observatorium_paper.enter", rett=77, _status=404, **where)
    employee.get("observatorium_paper.enter", rett="x", **where)


def test_a_batch_is_sent_back_with_a_reason_and_not_without(cast: Cast, visitor: Open) -> None:
    an_open_round(cast)
    made = a_waiting_batch(cast)
    coordinator = visitor("coordinator")
    where = {"slug": "2026", "batch_id": made.id}
    form = coordinator.get("observatorium_paper.show", **where).form("section[aria-labelledby=avgjor] form")
    page = coordinator.post("observatorium_paper.decide", {**form, "verdict": "reject"}, _status=422, **where)
    assert "Skriv hva som må rettes" in page.words
    page = coordinator.post("observatorium_paper.decide", form, _status=422, **where)
    sent = {**form, "verdict": "reject", "reason": "Skjema 2 mangler side to."}
    coordinator.post("observatorium_paper.decide", sent, **where)
    page = visitor("employee").get("observatorium_paper.show", **where)
    assert "Skjema 2 mangler side to." in page.words
    assert "Send til godkjenning" in page.words


def test_a_decision_on_what_has_changed_meanwhile_is_refused(cast: Cast, visitor: Open) -> None:
    an_open_round(cast)
    made = a_waiting_batch(cast)
    coordinator = visitor("coordinator")
    where = {"slug": "2026", "batch_id": made.id}
    for version in ("1", "", "nonsense"):
        stale = {"verdict": "approve", "version": version}
        coordinator.post("observatorium_paper.decide", stale, _status=409, **where)
    assert not db.session.scalars(sa.select(Ballot)).all()


def test_an_organisation_is_chosen_for_the_other_groups(cast: Cast, visitor: Open) -> None:
    an_open_round(cast)
    employee = visitor("employee")
    told = {"label": "Verkstedet", "group": "business", "organisation": ""}
    page = employee.post("observatorium_paper.begin", told, slug="2026", _status=422)
    assert "Velg en godkjent organisasjon" in page.words
    told["organisation"] = str(cast.business_organisation.id)
    employee.post("observatorium_paper.begin", told, slug="2026")
    page = employee.get("observatorium_paper.show", slug="2026", batch_id=batch().id)
    assert cast.business_organisation.name in page.words
    assert "Ingen skjemaer ennå" in page.words


def test_a_draft_batch_is_thrown_away(cast: Cast, visitor: Open) -> None:
    an_open_round(cast)
    made = a_batch(cast)
    employee = visitor("employee")
    page = employee.follow(employee.post("observatorium_paper.discard", slug="2026", batch_id=made.id))
    assert "Bunten er forkastet" in page.words


@pytest.mark.parametrize("name", ["resident", "moderator", "admin", "verifier"])
def test_paper_is_for_employees_and_coordinators(cast: Cast, visitor: Open, name: str) -> None:
    an_open_round(cast)
    made = a_batch(cast)
    other = visitor(name)
    for page in ("index", "begin"):
        other.get(f"observatorium_paper.{page}", slug="2026", _status=403)
    for page in ("show", "enter"):
        other.get(f"observatorium_paper.{page}", slug="2026", batch_id=made.id, _status=403)


def test_a_full_batch_costs_few_statements_to_look_over(
    cast: Cast, visitor: Open, count_queries: Callable[..., object]
) -> None:
    an_open_round(cast)
    made = paper.begin_batch(cast.actor("employee"), "2026", RESIDENTS)
    for number in range(1, 31):
        answers = {"1.1": Answer.RED, "2.2": Answer.GREEN}
        paper.enter_form(
            cast.actor("employee"), "2026", made.id, FormDraft(number=number, tie=Tie.LIVES, answers=answers)
        )
    paper.send_batch(cast.actor("employee"), "2026", made.id)
    coordinator = visitor("coordinator")
    with count_queries(at_most=8):  # type: ignore[attr-defined]
        page = coordinator.get("observatorium_paper.show", slug="2026", batch_id=made.id)
    assert len(page.all(".paper-form")) == 30
    with count_queries(at_most=8):  # type: ignore[attr-defined]
        coordinator.get("observatorium_paper.index", slug="2026")


def test_an_approved_batch_leaves_its_answers_in_no_page(cast: Cast, visitor: Open) -> None:
    an_open_round(cast)
    made = a_waiting_batch(cast, 2)
    paper.approve_batch(cast.actor("coordinator"), "2026", made.id, paper.Verdict(version=made.version))
    for name in ("employee", "coordinator"):
        page = visitor(name).get("observatorium_paper.show", slug="2026", batch_id=made.id)
        assert not page.all(".paper-form")
    assert db.session.scalar(sa.select(sa.func.count()).select_from(Rating)) == 4


def test_staff_find_the_paper_from_the_page_of_how_many_take_part(cast: Cast, visitor: Open) -> None:
    an_open_round(cast)
    door = 'a[href$="/papir/"]'
    assert visitor("employee").get("observatorium_outreach.participation", slug="2026").all(door)
    assert not visitor("resident").get("observatorium_outreach.participation", slug="2026").all(door)
