"""Phases and gates: what must be answered, who decides, going back with a reason, and one of two who pass at once."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask

from portal.cocreation.actions.agreement import confirm_agreement
from portal.cocreation.actions.process import Answer, MoveDraft, answer_gate, go_back, pass_gate
from portal.cocreation.models.process import GateAnswer, PhaseMove
from portal.cocreation.models.projects import Project
from portal.cocreation.phases import GATES, Phase
from portal.cocreation.queries.process import gate_page, newest_move
from portal.kernel import clock
from portal.kernel.audit import AuditEntry
from portal.kernel.content import Ref
from portal.kernel.db import db
from portal.kernel.errors import Conflict, Invalid
from portal.kernel.identity import ANONYMOUS
from tests.cocreation.doing import allowed, answered, at_phase, deciding, make_owner, now, people, together, yes
from tests.cocreation.test_agreement import written
from tests.portfolio.things import planned
from tests.support.cast import Cast
from tests.support.cocreation import contributing, joined, started
from tests.support.page import Visitor

Open = Callable[..., Visitor]
MUST = {question.key for question in GATES[Phase.NEED] if question.must}


@pytest.fixture
def project(cast: Cast) -> Project:
    made = started(cast.actor("resident"))
    joined(cast.actor("resident"), made, cast.actor("volunteer"))
    return made


# --- the questions ----------------------------------------------------------------------------------------------------


def test_everybody_sees_the_line_the_questions_and_what_the_portal_knows(visitor: Open, project: Project) -> None:
    page = visitor().get("cocreation_process.phases", project_id=project.id)
    assert page.one(".phase-line__step[aria-current=step] .phase-line__name").get_text() == "Behov og idé"
    assert [each["data-stand"] for each in page.all(".phase-line__step")] == ["now"] + ["ahead"] * 5
    assert "Trenger partene hverandre for å få det til?" in page.words
    assert "0 gevinster er planlagt." in page.words
    assert len(page.all(".gate-question__must")) == len(MUST)
    assert not page.all("main form")


def test_a_representative_answers_and_everybody_reads_it(visitor: Open, cast: Cast, project: Project) -> None:
    browser = visitor("volunteer")
    form = browser.get("cocreation_process.answer", project_id=project.id).form("main form[action$='/sporsmal']")
    filled = form | {"answer_need_known": "ja", "note_need_known": "Vi har spist med tolv av dem."}
    browser.post("cocreation_process.answer", project_id=project.id, _data=filled)
    page = visitor().get("cocreation_process.phases", project_id=project.id)
    assert "Vi har spist med tolv av dem." in page.words
    assert len(page.all(".gate-question[data-answer=yes]")) == 1
    stored = db.session.scalars(sa.select(GateAnswer)).one()
    assert (stored.question, stored.is_yes) == ("need_known", True)


def test_yes_against_what_the_portal_knows_counts_with_a_note_that_says_why(cast: Cast, project: Project) -> None:
    answered(cast.actor("resident"), project)  # no benefit is planned
    assert open_at(cast, project) == ["benefits_identified"]
    answered(cast.actor("resident"), project, note="Gevinstene er ført i kommunens eget system.")
    assert open_at(cast, project) == []


def test_yes_counts_without_a_note_when_the_portal_sees_the_same(cast: Cast, project: Project) -> None:
    planned(cast.actor("resident"), Ref("project", project.id))
    answered(cast.actor("resident"), project)
    assert open_at(cast, project) == []


def test_an_answer_that_another_has_changed_meanwhile_is_not_overwritten(
    visitor: Open, cast: Cast, project: Project
) -> None:
    browser = visitor("volunteer")
    form = browser.get("cocreation_process.answer", project_id=project.id).form("main form[action$='/sporsmal']")
    theirs = {"need_known": Answer(is_yes=False, note="Vi har ikke spurt noen ennå.")}
    answer_gate(cast.actor("resident"), project.id, Phase.NEED, theirs)
    mine = form | {"answer_need_known": "ja", "note_need_known": "Vi har spurt tolv."}
    told = browser.post("cocreation_process.answer", project_id=project.id, _data=mine, _status=409)
    assert "Nå står det: Ikke ennå – Vi har ikke spurt noen ennå." in told.words
    again = told.form("main form[action$='/sporsmal']")
    assert again["note_need_known"] == "Vi har spurt tolv."
    browser.post("cocreation_process.answer", project_id=project.id, _data=again)
    assert db.session.scalars(sa.select(GateAnswer.note)).one() == "Vi har spurt tolv."


def test_answers_that_others_gave_to_other_questions_do_not_stand_in_the_way(cast: Cast, project: Project) -> None:
    answer_gate(cast.actor("resident"), project.id, Phase.NEED, {"need_known": Answer(is_yes=True)})
    answer_gate(cast.actor("volunteer"), project.id, Phase.NEED, {"needs_each_other": Answer(is_yes=True)})
    assert set(db.session.scalars(sa.select(GateAnswer.question))) == {"need_known", "needs_each_other"}


def test_the_same_answer_again_changes_nothing_and_is_told_once(cast: Cast, project: Project) -> None:
    for _again in range(2):
        answer_gate(cast.actor("resident"), project.id, Phase.NEED, {"need_known": Answer(is_yes=True)})
    assert told("project.gate_answered") == 1


def test_answers_for_a_phase_that_is_over_are_refused(cast: Cast, project: Project) -> None:
    at_phase(cast.actor("resident"), project, Phase.CONCEPT)
    with pytest.raises(Conflict):
        answer_gate(cast.actor("resident"), project.id, Phase.NEED, {"need_known": Answer(is_yes=False)})


def test_the_agreement_is_counted_by_the_parties_who_have_confirmed_the_newest(cast: Cast, project: Project) -> None:
    resident = cast.actor("resident")
    at_phase(resident, project, Phase.PLAN)
    written(resident, project)
    confirm_agreement(resident, project.id, 1)
    assert fact(cast, project, "agreement") == ("1 av 2 parter har bekreftet den nyeste avtalen.", False)
    confirm_agreement(cast.actor("volunteer"), project.id, 1)
    assert fact(cast, project, "agreement") == ("2 av 2 parter har bekreftet den nyeste avtalen.", True)
    written(resident, project, "Noe annet.", based_on=1)
    assert fact(cast, project, "agreement") == ("0 av 2 parter har bekreftet den nyeste avtalen.", False)


# --- the gate ---------------------------------------------------------------------------------------------------------


def test_a_gate_with_open_must_questions_is_closed_and_says_which(visitor: Open, cast: Cast, project: Project) -> None:
    answer_gate(cast.actor("resident"), project.id, Phase.NEED, {"need_known": Answer(is_yes=True)})
    with pytest.raises(Invalid) as refused:
        pass_gate(cast.actor("resident"), project.id, deciding())
    for key in MUST - {"need_known"}:
        assert text_of(key) in str(refused.value.message)
    assert text_of("need_known") not in str(refused.value.message)
    page = visitor("resident").get("cocreation_process.pass_gate", project_id=project.id)
    assert "Porten er lukket" in page.words
    assert not page.all("main form")
    assert now(project).phase is Phase.NEED


def test_a_gate_is_passed_with_a_decision_and_its_date_for_everybody_to_read(
    visitor: Open, cast: Cast, project: Project
) -> None:
    answered(cast.actor("volunteer"), project, note="Sett på sammen.")
    browser = visitor("resident")
    form = browser.get("cocreation_process.pass_gate", project_id=project.id).form("main form[action$='/videre']")
    browser.post(
        "cocreation_process.pass_gate", project_id=project.id, _data=form | {"reason": "Alle vil prøve i ett år."}
    )
    page = visitor().get("cocreation_process.phases", project_id=project.id)
    assert page.one(".phase-line__step[aria-current=step] .phase-line__name").get_text() == "Konsept"
    assert "Alle vil prøve i ett år." in page.words
    assert "Kontakt, Naboene" in page.one(".phase-trail").get_text()
    assert cast.resident.name not in page.words, "people appear by their titles"
    assert now(project).phase_since == now(project).alive_at
    assert told("project.phase_moved") == 1


def test_what_is_typed_is_kept_when_a_decision_is_refused(visitor: Open, cast: Cast, project: Project) -> None:
    answered(cast.actor("resident"), project, note="Sett på.")
    browser = visitor("resident")
    form = browser.get("cocreation_process.pass_gate", project_id=project.id).form("main form[action$='/videre']")
    tomorrow = (clock.today() + timedelta(days=1)).isoformat()
    wrong = form | {"reason": "Vi går videre.", "decided_on": tomorrow}
    page = browser.post("cocreation_process.pass_gate", project_id=project.id, _data=wrong, _status=422)
    assert "Datoen kan ikke være etter i dag." in page.words
    assert page.form("main form[action$='/videre']")["reason"] == "Vi går videre."


@pytest.mark.parametrize(
    ("values", "field"),
    [({"reason": " "}, "reason"), ({"reason": "x" * 2001}, "reason"), ({"ahead": 1}, "decided_on")],
)
def test_a_decision_has_words_and_a_date_that_has_come(
    cast: Cast, project: Project, values: Mapping[str, Any], field: str
) -> None:
    answered(cast.actor("resident"), project, note="Sett på.")
    day = clock.today() + timedelta(days=values.get("ahead", 0))
    draft = MoveDraft(reason=values.get("reason", "Vi går videre."), decided_on=day, seen=0)
    with pytest.raises(Invalid) as refused:
        pass_gate(cast.actor("resident"), project.id, draft)
    assert refused.value.field == field


def test_one_goes_back_with_a_reason_and_the_questions_are_asked_again(
    visitor: Open, cast: Cast, project: Project
) -> None:
    resident = cast.actor("resident")
    at_phase(resident, project, Phase.PLAN)
    browser = visitor("resident")
    form = browser.get("cocreation_process.go_back", project_id=project.id).form("main form[action$='/tilbake']")
    filled = form | {"phase": "need", "reason": "Behovet er et annet enn vi trodde."}
    browser.post("cocreation_process.go_back", project_id=project.id, _data=filled)
    page = visitor().get("cocreation_process.phases", project_id=project.id)
    assert "Tilbake fra «Planlegge» til «Behov og idé»" in page.words
    assert "Behovet er et annet enn vi trodde." in page.words
    assert set(open_at(cast, project)) == MUST, "what was answered the last time doesn't count"
    answered(resident, project, note="Sett på igjen.")
    assert open_at(cast, project) == []


def test_one_goes_back_only_to_an_earlier_phase_and_only_with_a_reason(cast: Cast, project: Project) -> None:
    at_phase(cast.actor("resident"), project, Phase.CONCEPT)
    seen = newest_move(project.id)
    with pytest.raises(Invalid) as ahead:
        go_back(cast.actor("resident"), project.id, Phase.PLAN, deciding(seen))
    with pytest.raises(Invalid) as silent:
        go_back(
            cast.actor("resident"), project.id, Phase.NEED, MoveDraft(reason="", decided_on=clock.today(), seen=seen)
        )
    assert (ahead.value.field, silent.value.field) == ("phase", "reason")


def test_out_of_the_closing_phase_one_comes_only_by_closing(visitor: Open, cast: Cast, project: Project) -> None:
    at_phase(cast.actor("resident"), project, Phase.CLOSE)
    with pytest.raises(Conflict):
        pass_gate(cast.actor("resident"), project.id, deciding(newest_move(project.id)))
    sent_on = visitor("resident").get("cocreation_process.pass_gate", project_id=project.id, _status=303)
    assert sent_on.response.headers["Location"].endswith("/avslutt")


def test_who_comes_second_to_a_gate_is_told_and_keeps_the_words(visitor: Open, cast: Cast, project: Project) -> None:
    answered(cast.actor("resident"), project, note="Sett på.")
    browser = visitor("resident")
    form = browser.get("cocreation_process.pass_gate", project_id=project.id).form("main form[action$='/videre']")
    pass_gate(cast.actor("resident"), project.id, deciding())
    mine = form | {"reason": "Min beslutning."}
    told_so = browser.post("cocreation_process.pass_gate", project_id=project.id, _data=mine, _status=409)
    assert "Det står nå i fasen «Konsept»" in told_so.words
    assert told_so.form("main form[action$='/videre']")["reason"] == "Min beslutning."


def test_of_two_who_pass_the_same_gate_at_once_one_does_and_the_other_is_told(own_app: Flask) -> None:
    with own_app.app_context():
        owner, other = people(2)
        project = started(owner)
        joined(owner, project, other)
        make_owner(project, other)
        answered(owner, project, note="Sett på.")
        project_id = project.id
        db.session.remove()
    got = together(own_app, [lambda actor=actor: pass_gate(actor, project_id, deciding()) for actor in (owner, other)])
    assert sorted(type(each).__name__ for each in got) == ["Conflict", "PhaseMove"]
    with own_app.app_context():
        assert db.session.get_one(Project, project_id).phase is Phase.CONCEPT
        assert db.session.scalars(sa.select(PhaseMove.number)).all() == [1]


def test_of_one_who_goes_on_and_one_who_goes_back_at_once_one_does(own_app: Flask) -> None:
    with own_app.app_context():
        owner, other = people(2)
        project = started(owner)
        joined(owner, project, other)
        make_owner(project, other)
        at_phase(owner, project, Phase.CONCEPT)
        answered(owner, project, note="Sett på.")
        project_id, seen = project.id, newest_move(project.id)
        db.session.remove()
    got = together(
        own_app,
        [
            lambda: pass_gate(owner, project_id, deciding(seen)),
            lambda: go_back(other, project_id, Phase.NEED, deciding(seen)),
        ],
    )
    assert sorted(type(each).__name__ for each in got) == ["Conflict", "PhaseMove"]


# --- who --------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("person", "answers", "moves"),
    [
        ("resident", True, True),
        ("volunteer", True, False),
        ("business", False, False),  # a contributor
        ("adviser", False, False),
        ("admin", False, False),
        ("resident2", False, False),
        (None, False, False),
    ],
)
def test_representatives_answer_and_owners_move(
    cast: Cast, project: Project, person: str | None, *, answers: bool, moves: bool
) -> None:
    contributing(cast.actor("resident"), project, cast.actor("business"))
    actor = cast.actor(person) if person else ANONYMOUS
    assert allowed(lambda: answer_gate(actor, project.id, Phase.NEED, {"looked_around": yes()})) is answers
    answered(cast.actor("resident"), project, note="Sett på.")
    assert allowed(lambda: pass_gate(actor, project.id, deciding())) is moves
    at_phase(cast.actor("resident"), project, Phase.CONCEPT)
    assert allowed(lambda: go_back(actor, project.id, Phase.NEED, deciding(newest_move(project.id)))) is moves


@pytest.mark.parametrize("endpoint", ["answer", "pass_gate", "go_back"])
def test_the_forms_at_the_gate_are_for_those_who_may(visitor: Open, project: Project, endpoint: str) -> None:
    visitor("resident2").get(f"cocreation_process.{endpoint}", project_id=project.id, _status=403)
    visitor().get(f"cocreation_process.{endpoint}", project_id=project.id, _status=303)


def test_a_benefit_is_planned_from_the_page_of_phases(visitor: Open, cast: Cast, project: Project) -> None:
    browser = visitor("volunteer")
    page = browser.get("cocreation_process.phases", project_id=project.id)
    link = page.one(f"a[href$='til=project:{project.id}'][href*='gevinster']")
    form = browser.get_url(str(link["href"])).form("main form[action*='gevinster']")
    filled = form | {
        "title": "Flere spiser sammen",
        "type": "quality",
        "link": "user_effects",
        "for_whom": "Eldre i Heggedal",
        "responsible": "Daglig leder",
        "indicator": "Antall ved bordet",
        "unit": "other",
        "unit_word": "personer",
        "target_value": "40",
        "expected_on": (clock.today() + timedelta(days=200)).isoformat(),
    }
    browser.post_url(str(link["href"]), filled)
    shown = visitor().get("cocreation_process.phases", project_id=project.id)
    assert "Flere spiser sammen" in shown.words
    assert "1 gevinst er planlagt." in shown.words
    assert not visitor().get("cocreation_process.phases", project_id=project.id).all("a[href*='gevinster/ny']")


def test_the_pages_of_phases_take_few_statements_however_long_the_way(
    visitor: Open, cast: Cast, project: Project, count_queries: Any
) -> None:
    resident = cast.actor("resident")
    for _turn in range(6):
        at_phase(resident, project, Phase.CONCEPT)
        go_back(resident, project.id, Phase.NEED, deciding(newest_move(project.id)))
    for number in range(10):
        planned(resident, Ref("project", project.id), title=f"Gevinst {number}")
    project_id = project.id
    for person in (None, "resident", "adviser", "resident2"):
        browser = visitor(person) if person else visitor()
        with count_queries(at_most=8):
            browser.get("cocreation_process.phases", project_id=project_id)
    answered(resident, project)
    for endpoint in ("answer", "pass_gate"):
        browser = visitor("resident")
        with count_queries(at_most=8):
            browser.get(f"cocreation_process.{endpoint}", project_id=project_id)


def open_at(cast: Cast, project: Project) -> list[str]:
    return [each.question.key for each in gate_page(cast.actor("resident"), project.id).open_questions]


def fact(cast: Cast, project: Project, key: str) -> tuple[str, bool]:
    page = gate_page(cast.actor("resident"), project.id)
    found = next(each.fact for each in page.gate if each.question.key == key)
    assert found is not None
    return found.text, found.holds


def text_of(key: str) -> str:
    return next(str(question.text) for questions in GATES.values() for question in questions if question.key == key)


def told(name: str) -> int:
    return db.session.scalar(sa.select(sa.func.count()).where(AuditEntry.name == name)) or 0
