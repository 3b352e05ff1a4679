"""How a project ends: closed with what was learnt, or stopped, evaluated by each party, and read-only afterwards."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask

from portal.cocreation.actions.agreement import confirm_agreement, write_agreement
from portal.cocreation.actions.ending import EndDraft, EvaluationDraft, end_project, evaluate
from portal.cocreation.actions.process import answer_gate, enter_risk, go_back, pass_gate
from portal.cocreation.models.process import Evaluation
from portal.cocreation.models.projects import Ending, Project
from portal.cocreation.phases import Phase
from portal.cocreation.queries.ending import ENDED_PROJECT, MEASURES, evaluation_page
from portal.cocreation.queries.process import newest_move
from portal.kernel import clock
from portal.kernel.content import PublicationState, Ref
from portal.kernel.db import db
from portal.kernel.errors import Conflict, Forbidden, Invalid
from portal.kernel.identity import ANONYMOUS, Actor
from portal.kernel.parts import Part
from portal.moderation.models import Case
from tests.cocreation.doing import allowed, answered, at_phase, deciding, make_owner, now, people, together, yes
from tests.cocreation.test_agreement import words, written
from tests.cocreation.test_risk import risk
from tests.portfolio.things import measure, planned
from tests.support.cast import Cast
from tests.support.cocreation import contributing, joined, shown, started
from tests.support.page import Visitor

Open = Callable[..., Visitor]
LEARNT = "Det er lettere å komme når noen henter deg."


def ending(how: Ending = Ending.SUCCEEDED, **values: Any) -> EndDraft:
    given = {
        "ending": how,
        "learning": LEARNT,
        "decided_on": clock.today(),
        "benefits_responsible": "Leder for hjemmetjenesten",
        **values,
    }
    return EndDraft(**given)


def scores(*given: int) -> dict[str, int]:
    return {each.key: score for each, score in zip(MEASURES, given or (4, 5, 3, 4, 5), strict=True)}


def evaluated(actor: Actor, project: Project, *given: int, comment: str = "") -> Evaluation:
    return evaluate(actor, project.id, EvaluationDraft(scores=scores(*given), comment=comment))


def stopped(owner: Actor, project: Project) -> Project:
    made = end_project(owner, project.id, ending(Ending.STOPPED, seen=newest_move(project.id)))
    if made.state is not PublicationState.PUBLISHED:
        shown(Ref("project", project.id))
    return now(project)


@pytest.fixture
def project(cast: Cast) -> Project:
    made = started(cast.actor("resident"))
    joined(cast.actor("resident"), made, cast.actor("volunteer"))
    return made


@pytest.fixture
def closing(cast: Cast, project: Project) -> Project:
    """A project in its closing phase, evaluated by one of its two parties."""
    at_phase(cast.actor("resident"), project, Phase.CLOSE)
    evaluated(cast.actor("volunteer"), project)
    answer_gate(cast.actor("resident"), project.id, Phase.CLOSE, {"evaluated": yes("Den andre parten svarer senere.")})
    return now(project)


# --- closing ----------------------------------------------------------------------------------------------------------


def test_a_project_is_closed_through_the_last_gate_and_its_benefits_go_on(
    visitor: Open, cast: Cast, closing: Project
) -> None:
    benefit = planned(cast.actor("resident"), Ref("project", closing.id))
    browser = visitor("resident")
    page = browser.get("cocreation_process.end", project_id=closing.id)
    assert "Kortere ventetid på byggesak" in page.words, "the benefits are listed"
    filled = page.form("main form[action$='/avslutt']") | {
        "ending": "partly",
        "learning": LEARNT,
        "benefits_responsible": "Leder for hjemmetjenesten",
    }
    browser.post("cocreation_process.end", project_id=closing.id, _data=filled)
    over = now(closing)
    assert (over.phase, over.ending, over.ended_at is not None) == (Phase.REALISE, Ending.PARTLY, True)
    if over.state is not PublicationState.PUBLISHED:
        shown(Ref("project", closing.id))
    read = visitor().get("cocreation_process.evaluate", project_id=closing.id)
    for text in ("Vi fikk til noe av det", LEARNT, "Følges opp av: Leder for hjemmetjenesten"):
        assert text in read.words
    assert measure(cast.actor("adviser"), benefit, "30").latest_value == 30
    assert "Prosjektet ble avsluttet" in visitor().get("cocreation_process.phases", project_id=closing.id).words


def test_a_project_is_not_closed_before_its_last_gate_is_open(visitor: Open, cast: Cast, project: Project) -> None:
    at_phase(cast.actor("resident"), project, Phase.CLOSE)
    seen = newest_move(project.id)
    with pytest.raises(Invalid) as refused:
        end_project(cast.actor("resident"), project.id, ending(seen=seen))
    assert "Har partene vurdert hvordan det gikk?" in str(refused.value.message)
    page = visitor("resident").get("cocreation_process.end", project_id=project.id)
    assert [each["value"] for each in page.all("input[name=ending]")] == ["stopped"]
    assert now(project).ended_at is None


def test_before_the_closing_phase_a_project_can_only_be_stopped(cast: Cast, project: Project) -> None:
    for how in (Ending.SUCCEEDED, Ending.PARTLY, Ending.FAILED):
        with pytest.raises(Invalid) as refused:
            end_project(cast.actor("resident"), project.id, ending(how))
        assert refused.value.field == "ending"
    over = stopped(cast.actor("resident"), project)
    assert (over.phase, over.ending) == (Phase.NEED, Ending.STOPPED)


def test_what_was_learnt_is_told_also_when_it_failed(visitor: Open, closing: Project) -> None:
    browser = visitor("resident")
    form = browser.get("cocreation_process.end", project_id=closing.id).form("main form[action$='/avslutt']")
    filled = form | {"ending": "failed", "learning": " ", "benefits_responsible": "Leder for hjemmetjenesten"}
    page = browser.post("cocreation_process.end", project_id=closing.id, _data=filled, _status=422)
    assert page.form("main form[action$='/avslutt']")["benefits_responsible"] == "Leder for hjemmetjenesten"
    assert now(closing).ended_at is None


@pytest.mark.parametrize(
    ("how", "values", "field"),
    [
        (Ending.STOPPED, {"learning": ""}, "learning"),
        (Ending.FAILED, {"learning": " "}, "learning"),
        (Ending.SUCCEEDED, {"benefits_responsible": " "}, "benefits_responsible"),
        (Ending.SUCCEEDED, {"learning": "x" * 5001}, "learning"),
        (Ending.SUCCEEDED, {"ahead": 1}, "decided_on"),
    ],
)
def test_an_ending_is_whole(cast: Cast, closing: Project, how: Ending, values: dict[str, Any], field: str) -> None:
    day = clock.today() + timedelta(days=values.pop("ahead", 0))
    draft = ending(how, seen=newest_move(closing.id), **{"decided_on": day, **values})
    with pytest.raises(Invalid) as refused:
        end_project(cast.actor("resident"), closing.id, draft)
    assert refused.value.field == field


def test_what_was_learnt_is_moderated_as_the_other_words_of_the_project(cast: Cast, closing: Project) -> None:
    edited_before = closing.edited_at
    end_project(cast.actor("resident"), closing.id, ending(seen=newest_move(closing.id), learning="Ring 91234567."))
    assert now(closing).edited_at != edited_before
    case = db.session.scalars(sa.select(Case).where(Case.kind == "project", Case.target_id == closing.id)).all()
    assert case, "a telephone number is noticed"


@pytest.mark.parametrize("person", ["volunteer", "business", "adviser", "admin", "resident2", None])
def test_only_owners_close_a_project(cast: Cast, closing: Project, person: str | None) -> None:
    contributing(cast.actor("resident"), closing, cast.actor("business"))
    actor = cast.actor(person) if person else ANONYMOUS
    with pytest.raises(Forbidden):
        end_project(actor, closing.id, ending(seen=newest_move(closing.id)))


def test_of_two_who_close_at_once_one_does_and_the_other_is_told(own_app: Flask) -> None:
    with own_app.app_context():
        owner, other = people(2)
        project = started(owner)
        joined(owner, project, other)
        make_owner(project, other)
        at_phase(owner, project, Phase.CLOSE)
        answered(owner, project, note="Sett på.")
        project_id, seen = project.id, newest_move(project.id)
        db.session.remove()
    works = {owner: Ending.SUCCEEDED, other: Ending.PARTLY}

    def close(actor: Actor, how: Ending) -> object:
        try:
            return end_project(actor, project_id, ending(how, seen=seen))
        except Forbidden as refusal:  # it is over
            return refusal

    got = together(own_app, [lambda actor=actor, how=how: close(actor, how) for actor, how in works.items()])
    assert sum(isinstance(each, Project) for each in got) == 1


# --- afterwards -------------------------------------------------------------------------------------------------------


def test_what_is_over_is_read_only(visitor: Open, cast: Cast, project: Project) -> None:
    owner, volunteer = cast.actor("resident"), cast.actor("volunteer")
    written(owner, project)
    stopped(owner, project)
    seen = newest_move(project.id)
    for work in (
        lambda: write_agreement(owner, project.id, words("Noe nytt.", based_on=1)),
        lambda: confirm_agreement(volunteer, project.id, 1),
        lambda: answer_gate(volunteer, project.id, Phase.NEED, {"need_known": yes()}),
        lambda: pass_gate(owner, project.id, deciding(seen)),
        lambda: go_back(owner, project.id, Phase.NEED, deciding(seen)),
        lambda: enter_risk(volunteer, project.id, risk()),
        lambda: end_project(owner, project.id, ending(Ending.STOPPED, seen=seen)),
    ):
        with pytest.raises(Forbidden):
            work()
    for endpoint in ("agreement_new", "answer", "pass_gate", "go_back", "risk_new"):
        visitor("resident").get(f"cocreation_process.{endpoint}", project_id=project.id, _status=403)
    sent_on = visitor("resident").get("cocreation_process.end", project_id=project.id, _status=303)
    assert sent_on.response.headers["Location"].endswith("/vurdering")


def test_parties_evaluate_and_benefits_are_planned_after_the_end(cast: Cast, project: Project) -> None:
    stopped(cast.actor("resident"), project)
    assert evaluated(cast.actor("volunteer"), project, comment="Vi ville mer.").comment == "Vi ville mer."
    assert planned(cast.actor("volunteer"), Ref("project", project.id)).id


def test_another_package_can_add_to_the_page_of_a_project_that_is_over(
    app: Flask, cast: Cast, project: Project
) -> None:
    part = Part(kind=ENDED_PROJECT, template="solutions/_make.html", load=lambda _actor, ref, _served: ref.id)
    before = app.extensions["portal_parts"]
    app.extensions["portal_parts"] = (*before, part)
    try:
        assert not evaluation_page(ANONYMOUS, project.id).parts
        stopped(cast.actor("resident"), project)
        assert [each.data for each in evaluation_page(ANONYMOUS, project.id).parts] == [project.id]
    finally:
        app.extensions["portal_parts"] = before


# --- evaluation -------------------------------------------------------------------------------------------------------


def test_parties_evaluate_from_the_closing_phase_on(visitor: Open, cast: Cast, project: Project) -> None:
    with pytest.raises(Conflict):
        evaluated(cast.actor("volunteer"), project)
    assert not visitor("volunteer").get("cocreation_process.evaluate", project_id=project.id).all("main form")
    at_phase(cast.actor("resident"), project, Phase.CLOSE)
    browser = visitor("volunteer")
    form = browser.get("cocreation_process.evaluate", project_id=project.id).form("main form[action$='/vurdering']")
    filled = form | {key: str(score) for key, score in scores(2, 5, 3, 4, 5).items()} | {"comment": "Bra stemning."}
    browser.post("cocreation_process.evaluation_give", project_id=project.id, _data=filled)
    stored = db.session.scalars(sa.select(Evaluation)).one()
    assert (stored.scores["goal"], stored.comment) == (2, "Bra stemning.")


def test_what_parties_think_is_shown_when_two_have_answered(visitor: Open, cast: Cast, project: Project) -> None:
    at_phase(cast.actor("resident"), project, Phase.CLOSE)
    evaluated(cast.actor("volunteer"), project, 1, 4, 4, 4, 4, comment="Vi ville mer.")
    alone = visitor().get("cocreation_process.evaluate", project_id=project.id)
    assert "1 av 2 parter har svart" in alone.words
    assert "Vi ville mer." not in alone.words
    evaluated(cast.actor("resident"), project, 4, 4, 4, 4, 4, comment="Det gikk fint.")
    both = visitor().get("cocreation_process.evaluate", project_id=project.id)
    row = both.all("main table tbody tr")[0].get_text(" ", strip=True)
    assert "2,5" in row
    assert "fra 1 til 4" in row
    assert "Partene er uenige" in row
    assert [each.get_text(" ", strip=True).split(" ")[0] for each in both.all(".evaluation-words__party")] == [
        "Naboene",
        "Frivilligsentralen",
    ]
    assert cast.volunteer.name not in both.words, "parties are named, not people"


def test_what_one_party_thinks_is_shown_when_it_is_over(visitor: Open, cast: Cast, project: Project) -> None:
    stopped(cast.actor("resident"), project)
    evaluated(cast.actor("volunteer"), project, comment="Vi ville mer.")
    assert "Vi ville mer." in visitor().get("cocreation_process.evaluate", project_id=project.id).words


def test_a_party_changes_its_answer_and_two_from_it_do_not_overwrite_each_other(
    visitor: Open, cast: Cast, project: Project
) -> None:
    at_phase(cast.actor("resident"), project, Phase.CLOSE)
    browser = visitor("volunteer")
    form = browser.get("cocreation_process.evaluate", project_id=project.id).form("main form[action$='/vurdering']")
    evaluated(cast.actor("volunteer"), project, comment="Den første.")
    mine = form | {key: str(score) for key, score in scores().items()} | {"comment": "Den andre."}
    told = browser.post("cocreation_process.evaluation_give", project_id=project.id, _data=mine, _status=409)
    assert "Den første." in told.words
    again = told.form("main form[action$='/vurdering']")
    assert again["comment"] == "Den andre."
    browser.post("cocreation_process.evaluation_give", project_id=project.id, _data=again)
    assert db.session.scalars(sa.select(Evaluation.comment)).one() == "Den andre."


@pytest.mark.parametrize("missing", [measure.key for measure in MEASURES])
def test_a_party_answers_all_the_questions(cast: Cast, closing: Project, missing: str) -> None:
    given = {key: score for key, score in scores().items() if key != missing}
    with pytest.raises(Invalid) as refused:
        evaluate(cast.actor("resident"), closing.id, EvaluationDraft(scores=given))
    assert refused.value.field == missing


@pytest.mark.parametrize(
    ("person", "may"),
    [
        ("resident", True),
        ("volunteer", True),
        ("business", False),
        ("adviser", False),
        ("resident2", False),
        (None, False),
    ],
)
def test_owners_and_representatives_evaluate(cast: Cast, project: Project, person: str | None, *, may: bool) -> None:
    contributing(cast.actor("resident"), project, cast.actor("business"))
    at_phase(cast.actor("resident"), project, Phase.CLOSE)
    actor = cast.actor(person) if person else ANONYMOUS
    assert allowed(lambda: evaluated(actor, project)) is may


def test_the_pages_of_the_end_take_few_statements(
    visitor: Open, cast: Cast, closing: Project, count_queries: Any
) -> None:
    for number in range(10):
        planned(cast.actor("resident"), Ref("project", closing.id), title=f"Gevinst {number}")
    evaluated(cast.actor("resident"), closing)
    project_id = closing.id
    for person, endpoint in (
        ("resident", "end"),
        ("resident", "evaluate"),
        ("resident2", "evaluate"),
        (None, "evaluate"),
    ):
        browser = visitor(person) if person else visitor()
        with count_queries(at_most=8):
            browser.get(f"cocreation_process.{endpoint}", project_id=project_id)
