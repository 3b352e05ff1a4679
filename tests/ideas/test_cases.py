"""The case of an idea: given to somebody, answered, decided and ended, step by step, and nothing typed is lost."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask

from portal.accounts.models import Account, Byline, Grant, ServiceArea
from portal.ideas.actions import cases
from portal.ideas.actions.cases import Assignment, Receipt, Said
from portal.ideas.actions.proposing import begin_idea, send_idea
from portal.ideas.forms.cases import FORMS
from portal.ideas.models.cases import CaseStep, Step
from portal.ideas.models.ideas import Idea
from portal.ideas.queries.cases import timeline
from portal.ideas.queries.casework import Doing, case_page, may_do
from portal.ideas.stages import Decision, Degree, IdeaKind, Stage
from portal.kernel import clock
from portal.kernel.content import Ref
from portal.kernel.db import atomic, db
from portal.kernel.errors import Conflict, DomainError, Forbidden, Invalid, NotFound
from portal.kernel.identity import Actor, Role
from portal.participation.actions.joining import follow, support
from tests.ideas.casework import ANSWER, REASON, an_area, at_stage, now, said, told, working_in
from tests.moderation.test_claiming import together
from tests.portfolio.things import measure, planned
from tests.support.cast import Cast
from tests.support.ideas import draft, published
from tests.support.mailbox import Mailbox
from tests.support.page import Visitor

Open = Callable[..., Visitor]
Work = Callable[[], None]


@pytest.fixture
def idea(cast: Cast) -> Idea:
    return published(cast.actor("resident"), "Nattbuss til Heggedal", solution="Kjør én ekstra avgang.")


@pytest.fixture
def adviser(cast: Cast) -> Actor:
    return cast.actor("adviser")


def into(area: ServiceArea, idea: Idea) -> Assignment:
    """To a service area, and nobody in it yet."""
    return Assignment(service_area_id=area.id, responsible_id=None, version=now(idea).version)


def steps(idea: Idea) -> list[Step]:
    """The steps of a case, in order."""
    found = sa.select(CaseStep.step).where(CaseStep.idea_id == idea.id).order_by(CaseStep.id)
    return list(db.session.scalars(found))


# --- who gets it ------------------------------------------------------------------------------------------------------


def test_a_case_is_given_to_an_area_in_public_and_to_a_person_among_staff(
    cast: Cast, adviser: Actor, idea: Idea, run_worker: Work
) -> None:
    area = an_area(cast, "Kultur", "employee")
    given = Assignment(service_area_id=area.id, responsible_id=cast.employee.id, version=idea.version)
    cases.assign_idea(adviser, idea.id, given)
    shown = timeline(cast.actor("resident"), now(idea))
    assert [each.heading for each in shown.steps] == ["Mottatt", "Fordelt til Kultur"]
    assert not any(cast.employee.name in each.heading + each.by for each in shown.steps)
    inside = timeline(adviser, now(idea), internal=True)
    assert f"Fordelt til {cast.employee.name}" in [each.heading for each in inside.steps]
    run_worker()
    assert told(cast, "employee") == ["case_assigned"]


def test_only_those_who_work_in_the_area_and_advisers_can_be_given_a_case(
    cast: Cast, adviser: Actor, idea: Idea
) -> None:
    area = an_area(cast, "Kultur", "employee")
    for stranger in (cast.employee2.id, cast.resident.id, cast.moderator.id):
        given = Assignment(service_area_id=area.id, responsible_id=stranger, version=now(idea).version)
        with pytest.raises(Invalid) as refused:
            cases.assign_idea(adviser, idea.id, given)
        assert refused.value.field == "responsible_id"
    given = Assignment(service_area_id=area.id, responsible_id=cast.adviser.id, version=now(idea).version)
    assert cases.assign_idea(adviser, idea.id, given).responsible_id == cast.adviser.id


def test_employees_give_cases_to_each_other_in_their_area_and_cannot_move_them_out_of_it(
    cast: Cast, adviser: Actor, idea: Idea
) -> None:
    culture, school = an_area(cast, "Kultur", "employee", "employee2"), an_area(cast, "Skole")
    cases.assign_idea(adviser, idea.id, into(culture, idea))
    employee, version = working_in(cast, "employee", culture), now(idea).version
    mine = Assignment(service_area_id=culture.id, responsible_id=cast.employee2.id, version=version)
    assert cases.assign_idea(employee, idea.id, mine).responsible_id == cast.employee2.id
    with pytest.raises(Forbidden):
        cases.assign_idea(
            employee,
            idea.id,
            Assignment(service_area_id=school.id, responsible_id=None, version=now(idea).version),
        )


def test_the_people_of_a_chosen_area_are_offered_without_script(cast: Cast, visitor: Open, idea: Idea) -> None:
    area = an_area(cast, "Kultur", "employee")
    browser = visitor("adviser")
    page = browser.get("ideas_cases.do", idea_id=idea.id, doing="fordel")
    assert cast.employee.name not in page.one("#responsible_id").get_text()
    form = page.form("form[action$='/fordel']") | {"service_area_id": area.id, "steg": "omrade"}
    again = browser.post("ideas_cases.done", idea_id=idea.id, doing="fordel", _data=form, _status=200)
    assert cast.employee.name in again.one("#responsible_id").get_text()
    assert now(idea).service_area_id is None, "nothing is given before the form is sent"


def test_somebody_can_take_a_case_themselves(cast: Cast, visitor: Open, idea: Idea) -> None:
    visitor("adviser").post("ideas_cases.take", idea_id=idea.id, _data={"version": idea.version})
    assert now(idea).responsible_id == cast.adviser.id


# --- the answer and the decision --------------------------------------------------------------------------------------


def test_an_answer_reaches_the_author_by_mail_whole_and_stands_on_the_idea_for_everybody(
    cast: Cast, adviser: Actor, idea: Idea, run_worker: Work, smtp: Mailbox
) -> None:
    cases.answer_idea(adviser, idea.id, said(idea, ANSWER))
    run_worker()
    [mail] = [each for each in smtp.to("resident@") if "svart på ideen" in str(each["Subject"])]
    assert ANSWER in mail.get_body(("plain",)).get_content()  # type: ignore[union-attr]  # it has one
    assert "idea_answered" in told(cast, "resident")
    answer = timeline(cast.actor("resident2"), now(idea)).answer
    assert answer is not None
    assert (answer.text, answer.by) == (ANSWER, "Innovasjonsrådgiver")
    assert now(idea).answered_at is not None


def test_only_the_first_answer_is_the_first(cast: Cast, adviser: Actor, idea: Idea) -> None:
    cases.answer_idea(adviser, idea.id, said(idea, ANSWER))
    first = now(idea).answered_at
    with clock.moved(timedelta(days=2)):
        cases.answer_idea(adviser, idea.id, said(idea, "Nå vet vi mer."))
    assert now(idea).answered_at == first


def test_a_decision_is_an_answer_and_says_why_to_author_followers_and_supporters(
    cast: Cast, adviser: Actor, idea: Idea, run_worker: Work
) -> None:
    follow(cast.actor("volunteer"), Ref("idea", idea.id))
    support(cast.actor("resident2"), Ref("idea", idea.id))
    support(cast.actor("volunteer"), Ref("idea", idea.id))
    cases.decide_idea(adviser, idea.id, Decision.PROJECT, said(idea))
    run_worker()
    assert (now(idea).stage, now(idea).decision) == (Stage.DECIDED, Decision.PROJECT)
    assert now(idea).answered_at is not None
    assert told(cast, "resident")[-1] == "idea_decided"
    assert told(cast, "volunteer") == ["followed_decided"], "once, though they follow and support"
    assert told(cast, "resident2") == ["followed_decided"]
    assert told(cast, "adviser") == [], "nobody is told of what they did themselves"


@pytest.mark.parametrize("decision", Decision)
def test_no_decision_is_taken_without_a_reason(adviser: Actor, idea: Idea, decision: Decision) -> None:
    with pytest.raises(Invalid) as refused:
        cases.decide_idea(adviser, idea.id, decision, said(idea, "  "), Receipt(to="Ruter"))
    assert refused.value.field == "text"
    assert now(idea).stage is Stage.RECEIVED


def test_what_is_sent_on_says_to_whom_when_and_their_reference_also_when_it_comes_later(
    cast: Cast, adviser: Actor, idea: Idea, run_worker: Work
) -> None:
    with pytest.raises(Invalid) as refused:
        cases.decide_idea(adviser, idea.id, Decision.SENT_ON, said(idea))
    assert refused.value.field == "to"
    cases.decide_idea(adviser, idea.id, Decision.SENT_ON, said(idea), Receipt(to="Ruter AS", on=date(2026, 11, 2)))
    cases.record_sending(adviser, idea.id, Receipt(to="Ruter AS", reference="26/1042"), said(idea, "De vurderer det."))
    run_worker()
    sent = [each for each in timeline(cast.actor("resident"), now(idea)).steps if each.step is Step.SENT]
    assert [each.heading for each in sent] == ["Sendt videre til Ruter AS"] * 2
    assert ("Sendt", "2. november 2026") in sent[0].receipt
    assert ("Deres referanse", "26/1042") in sent[1].receipt
    assert told(cast, "resident")[-2:] == ["idea_sent", "idea_progress"]


def test_a_receipt_is_for_what_was_sent_on_and_is_not_from_tomorrow(adviser: Actor, idea: Idea) -> None:
    with pytest.raises(Conflict):
        cases.record_sending(adviser, idea.id, Receipt(to="Ruter"), said(idea))
    tomorrow = clock.today() + timedelta(days=1)
    with pytest.raises(Invalid) as refused:
        cases.decide_idea(adviser, idea.id, Decision.SENT_ON, said(idea), Receipt(to="Ruter", on=tomorrow))
    assert refused.value.field == "on"


# --- the end, and up again --------------------------------------------------------------------------------------------


def test_nothing_is_realised_without_a_measured_benefit_or_a_written_account(cast: Cast, adviser: Actor) -> None:
    idea = at_stage(cast, Stage.UNDER_WAY)
    with pytest.raises(Invalid) as refused:
        cases.realise_idea(adviser, idea.id, said(idea, ""))
    assert refused.value.field == "text"
    measure(adviser, planned(adviser, Ref("idea", idea.id)), "25")
    cases.realise_idea(adviser, idea.id, said(idea, ""))
    assert now(idea).stage is Stage.REALISED


def test_a_tidstyv_is_realised_by_how_much_of_it_is_gone(cast: Cast, adviser: Actor) -> None:
    idea = published(cast.actor("employee"), "Skjemaet", kind=IdeaKind.TIME_THIEF)
    cases.decide_idea(adviser, idea.id, Decision.IN_THE_LINE, said(idea))
    with pytest.raises(Invalid) as refused:
        cases.realise_idea(adviser, idea.id, said(idea))
    assert refused.value.field == "degree"
    cases.realise_idea(adviser, idea.id, said(idea), Degree.REMOVED)
    assert now(idea).stage is Stage.REALISED


def test_nothing_is_closed_without_what_was_learnt(cast: Cast, adviser: Actor) -> None:
    idea = at_stage(cast, Stage.UNDER_WAY)
    with pytest.raises(Invalid):
        cases.close_idea(adviser, idea.id, said(idea, ""))
    cases.close_idea(adviser, idea.id, said(idea, "Unge vil heller ha transport på bestilling."))
    assert "Unge vil heller" in timeline(cast.actor("resident"), now(idea)).steps[-1].text


@pytest.mark.parametrize(
    ("stage", "after"),
    [
        (Stage.DECIDED, Stage.ASSESSING),
        (Stage.UNDER_WAY, Stage.ASSESSING),
        (Stage.REALISED, Stage.UNDER_WAY),
        (Stage.CLOSED, Stage.ASSESSING),
    ],
)
def test_what_was_decided_or_ended_is_taken_up_again_with_a_reason(
    cast: Cast, adviser: Actor, stage: Stage, after: Stage
) -> None:
    idea = at_stage(cast, stage)
    with pytest.raises(Invalid):
        cases.take_up_again(adviser, idea.id, said(idea, ""))
    cases.take_up_again(adviser, idea.id, said(idea, "Vi fikk penger likevel."))
    assert now(idea).stage is after
    assert (now(idea).decision is None) == (after is Stage.ASSESSING)


def test_a_rejected_idea_can_only_be_taken_up_again(cast: Cast, adviser: Actor) -> None:
    idea = at_stage(cast, Stage.DECIDED, Decision.REJECTED)
    for refused in (cases.start_work, cases.realise_idea, cases.close_idea):
        with pytest.raises(Conflict):
            refused(adviser, idea.id, said(idea))
    cases.take_up_again(adviser, idea.id, said(idea))
    assert now(idea).stage is Stage.ASSESSING


def test_nothing_staff_do_touches_the_authors_words(cast: Cast, adviser: Actor, idea: Idea) -> None:
    names = ("title", "summary", "challenge", "solution", "usefulness", "answers", "language", "byline")
    before = {name: getattr(idea, name) for name in names}
    area = an_area(cast, "Kultur", "employee")
    cases.assign_idea(adviser, idea.id, into(area, idea))
    cases.answer_idea(adviser, idea.id, said(idea))
    cases.assess_idea(adviser, idea.id, said(idea))
    cases.decide_idea(adviser, idea.id, Decision.IN_THE_LINE, said(idea))
    cases.start_work(adviser, idea.id, said(idea))
    cases.tell_progress(adviser, idea.id, said(idea))
    cases.note_on_idea(adviser, idea.id, said(idea))
    cases.file_idea(adviser, idea.id, "26/01234", now(idea).version)
    cases.close_idea(adviser, idea.id, said(idea))
    cases.take_up_again(adviser, idea.id, said(idea))
    assert {name: getattr(now(idea), name) for name in names} == before
    assert now(idea).edited_at is None
    assert now(idea).journal_number == "26/01234"


# --- notes, names and numbers -----------------------------------------------------------------------------------------


def test_a_note_is_seen_by_those_who_handle_the_case_and_by_nobody_else(
    cast: Cast, adviser: Actor, visitor: Open, idea: Idea
) -> None:
    cases.note_on_idea(adviser, idea.id, said(idea, "Ringte Ruter: svarer etter påske."))
    assert "etter påske" in visitor("adviser").get("ideas_cases.case", idea_id=idea.id).text
    for name in ("resident", "moderator", "employee", None):
        assert "etter påske" not in visitor(name).get("ideas.show", idea_id=idea.id, slug="nattbuss-til-heggedal").text
    for actor in (cast.actor("resident"), cast.actor("employee")):
        assert Step.NOTE not in [each.step for each in timeline(actor, now(idea), internal=True).steps]


def test_the_case_tells_no_more_of_the_author_than_they_chose(cast: Cast, adviser: Actor, visitor: Open) -> None:
    author = cast.actor("resident")
    idea = send_idea(author, begin_idea(author, draft(byline=Byline.PSEUDONYM)).id)
    page = visitor("adviser").get("ideas_cases.case", idea_id=idea.id)
    assert cast.resident.name not in page.text


def test_a_step_says_who_by_title_in_the_readers_language(cast: Cast, adviser: Actor, idea: Idea) -> None:
    area = an_area(cast, "Kultur og idrett", "employee")
    cases.assign_idea(adviser, idea.id, into(area, idea))
    cases.answer_idea(working_in(cast, "employee", area), idea.id, said(idea))
    stored = db.session.scalars(sa.select(CaseStep.by_title).where(CaseStep.idea_id == idea.id).order_by(CaseStep.id))
    assert stored.all() == ["", "Innovasjonsrådgiver", "Kultur og idrett"]


# --- two at once ------------------------------------------------------------------------------------------------------


def test_whoever_comes_second_is_told_and_keeps_what_they_wrote(
    cast: Cast, adviser: Actor, visitor: Open, idea: Idea
) -> None:
    browser = visitor("adviser")
    form = browser.get("ideas_cases.do", idea_id=idea.id, doing="beslutt").form("form[action$='/beslutt']")
    cases.answer_idea(adviser, idea.id, said(idea))
    typed = form | {"decision": "project", "text": "Vi setter av penger til dette neste år."}
    page = browser.post("ideas_cases.done", idea_id=idea.id, doing="beslutt", _data=typed, _status=409)
    assert "Vi setter av penger" in page.one("textarea[name=text]").get_text()
    assert page.one("input[name=decision][value=project]").has_attr("checked")
    assert "gjort noe i saken siden du åpnet den" in page.words
    assert now(idea).stage is Stage.RECEIVED
    again = page.form("form[action$='/beslutt']")
    browser.post("ideas_cases.done", idea_id=idea.id, doing="beslutt", _data=again)
    assert now(idea).decision is Decision.PROJECT


def test_what_is_missing_is_said_at_its_field_and_the_rest_is_kept(visitor: Open, idea: Idea) -> None:
    browser = visitor("adviser")
    form = browser.get("ideas_cases.do", idea_id=idea.id, doing="beslutt").form("form[action$='/beslutt']")
    typed = form | {"decision": "sent_on", "text": "Det er Ruter som bestemmer."}
    page = browser.post("ideas_cases.done", idea_id=idea.id, doing="beslutt", _data=typed, _status=422)
    assert "Skriv hvem saken er sendt til" in page.one("#to-error").get_text()
    assert "Det er Ruter" in page.one("textarea[name=text]").get_text()


def test_the_same_form_sent_twice_is_one_step(visitor: Open, idea: Idea) -> None:
    browser = visitor("adviser")
    for doing in ("svar", "notat"):
        form = browser.get("ideas_cases.do", idea_id=idea.id, doing=doing).form(f"form[action$='/{doing}']")
        for _again in range(2):
            browser.post("ideas_cases.done", idea_id=idea.id, doing=doing, _data=form | {"text": "Takk!"})
    assert steps(idea) == [Step.RECEIVED, Step.ANSWERED, Step.NOTE]


def test_of_many_who_decide_at_once_one_wins_and_the_others_are_told(own_app: Flask) -> None:
    with own_app.app_context():
        idea_id, version, staff = _an_idea_and_staff(8)
    got = together(
        own_app,
        staff,
        lambda actor: cases.decide_idea(actor, idea_id, Decision.PROJECT, Said(text=REASON, version=version)).version,
    )
    assert len([each for each in got if each is not None]) == 1
    with own_app.app_context():
        decided = sa.select(sa.func.count()).select_from(CaseStep).where(CaseStep.step == Step.DECIDED)
        assert db.session.scalar(decided) == 1
        db.session.remove()


@atomic
def _people(number: int) -> list[Account]:
    rows = [Account(name=f"Rådgiver {each}", created_at=clock.now()) for each in range(number)]
    db.session.add_all(rows)
    db.session.flush()
    for row in rows[1:]:
        db.session.add(Grant(account_id=row.id, role=Role.IDEA_MANAGER, granted_at=clock.now()))
    return rows


def _an_idea_and_staff(number: int) -> tuple[int, int, list[Actor]]:
    author, *staff = _people(number + 1)
    idea = published(Actor(id=author.id, name=author.name, roles=frozenset({Role.MEMBER})))
    roles = frozenset({Role.IDEA_MANAGER})
    found = idea.id, now(idea).version, [Actor(id=each.id, name=each.name, roles=roles) for each in staff]
    db.session.remove()
    return found


# --- who may do what, and when ----------------------------------------------------------------------------------------

LINE, SENT = Decision.IN_THE_LINE, Decision.SENT_ON
STANDS = [*((stage, LINE) for stage in Stage), (Stage.DECIDED, SENT), (Stage.DECIDED, Decision.REJECTED)]
AFTER_DECISION = {each for each in STANDS if each[0] not in {Stage.RECEIVED, Stage.ASSESSING}}
AT_WORK = {(Stage.DECIDED, LINE), (Stage.DECIDED, SENT), (Stage.UNDER_WAY, LINE)}
POSSIBLE: dict[Doing, set[Any]] = {
    Doing.ASSIGN: set(STANDS),
    Doing.ANSWER: set(STANDS),
    Doing.NOTE: set(STANDS),
    Doing.FILE: set(STANDS),
    Doing.ASSESS: {(Stage.RECEIVED, LINE)},
    Doing.DECIDE: {(Stage.RECEIVED, LINE), (Stage.ASSESSING, LINE)},
    Doing.RECEIPT: {(Stage.DECIDED, SENT)},
    Doing.WORK: {(Stage.DECIDED, LINE)},
    Doing.PROGRESS: AFTER_DECISION,
    Doing.REALISE: AT_WORK,
    Doing.CLOSE: AT_WORK,
    Doing.REOPEN: AFTER_DECISION,
}
WORKS: dict[Doing, Callable[[Actor, Idea], object]] = {
    Doing.ASSIGN: lambda actor, idea: cases.assign_idea(
        actor,
        idea.id,
        Assignment(service_area_id=idea.service_area_id, responsible_id=None, version=now(idea).version),
    ),
    Doing.ANSWER: lambda actor, idea: cases.answer_idea(actor, idea.id, said(idea)),
    Doing.NOTE: lambda actor, idea: cases.note_on_idea(actor, idea.id, said(idea)),
    Doing.FILE: lambda actor, idea: cases.file_idea(actor, idea.id, "26/1", now(idea).version),
    Doing.ASSESS: lambda actor, idea: cases.assess_idea(actor, idea.id, said(idea)),
    Doing.DECIDE: lambda actor, idea: cases.decide_idea(actor, idea.id, Decision.PROJECT, said(idea)),
    Doing.RECEIPT: lambda actor, idea: cases.record_sending(actor, idea.id, Receipt(to="Ruter"), said(idea)),
    Doing.WORK: lambda actor, idea: cases.start_work(actor, idea.id, said(idea)),
    Doing.PROGRESS: lambda actor, idea: cases.tell_progress(actor, idea.id, said(idea)),
    Doing.REALISE: lambda actor, idea: cases.realise_idea(actor, idea.id, said(idea)),
    Doing.CLOSE: lambda actor, idea: cases.close_idea(actor, idea.id, said(idea)),
    Doing.REOPEN: lambda actor, idea: cases.take_up_again(actor, idea.id, said(idea)),
}


@pytest.mark.parametrize(("stage", "decision"), STANDS)
def test_each_thing_can_be_done_at_its_stages_and_is_refused_in_words_at_the_others(
    cast: Cast, adviser: Actor, stage: Stage, decision: Decision
) -> None:
    assert set(POSSIBLE) == set(WORKS) == set(Doing) == set(FORMS)
    for doing, work in WORKS.items():
        idea = at_stage(cast, stage, decision, title=f"Nattbuss {doing}")
        possible = (stage, decision) in POSSIBLE[doing]
        assert may_do(idea, doing) == possible, f"{doing} at {stage}"
        if possible:
            work(adviser, idea)
        elif doing is not Doing.PROGRESS:  # news is welcome at every stage; it is offered from the decision on
            with pytest.raises(Conflict) as refused:
                work(adviser, idea)
            assert str(refused.value.message).endswith("."), "a refusal says what is the matter"


NOT_THEIRS = ("resident2", "moderator", "coordinator", "verifier", "partner", "admin", "employee2", "resident")


@pytest.mark.parametrize("name", [*NOT_THEIRS, "adviser", "employee"])
def test_advisers_handle_every_case_and_employees_those_of_their_area(cast: Cast, name: str) -> None:
    area = an_area(cast, "Kultur", "employee")
    actor = working_in(cast, name, area) if name == "employee" else cast.actor(name)
    for doing, work in WORKS.items():
        stage, decision = min(POSSIBLE[doing], key=str)
        idea = at_stage(cast, stage, decision)
        given = into(area, idea)
        cases.assign_idea(cast.actor("adviser"), idea.id, given)
        if name in NOT_THEIRS:
            with pytest.raises(Forbidden):
                work(actor, now(idea))
        else:
            work(actor, now(idea))


def test_an_employee_handles_what_they_were_given_wherever_it_is(cast: Cast, adviser: Actor, idea: Idea) -> None:
    area = an_area(cast, "Kultur", "employee")
    given = Assignment(service_area_id=area.id, responsible_id=cast.employee.id, version=idea.version)
    cases.assign_idea(adviser, idea.id, given)
    cases.answer_idea(cast.actor("employee"), idea.id, said(idea))  # their session knows of no area
    assert now(idea).answered_at is not None


def test_what_nobody_may_read_is_not_there_for_those_who_handle_cases_either(cast: Cast, adviser: Actor) -> None:
    author = cast.actor("resident")
    started = begin_idea(author, draft())
    with pytest.raises(NotFound):
        cases.answer_idea(adviser, started.id, said(started))
    with pytest.raises(DomainError):
        case_page(adviser, 10**6)


# --- the page ---------------------------------------------------------------------------------------------------------


def test_the_page_of_a_case_takes_at_most_eight_statements(
    cast: Cast, adviser: Actor, visitor: Open, count_queries: Any
) -> None:
    idea = at_stage(cast, Stage.UNDER_WAY)
    area = an_area(cast, "Kultur", "employee")
    given = Assignment(service_area_id=area.id, responsible_id=cast.employee.id, version=now(idea).version)
    cases.assign_idea(adviser, idea.id, given)
    for number in range(20):
        cases.note_on_idea(adviser, idea.id, said(idea, f"Notat {number}"))
    browser = visitor("adviser")
    with count_queries(at_most=8):
        browser.get("ideas_cases.case", idea_id=idea.id)
    for doing in Doing:
        with count_queries(at_most=8):
            browser.get("ideas_cases.do", idea_id=idea.id, doing=doing.value)


@pytest.mark.parametrize(("stage", "decision"), STANDS)
def test_every_page_of_a_case_can_be_opened_and_leads_on(
    cast: Cast, visitor: Open, stage: Stage, decision: Decision
) -> None:
    idea = at_stage(cast, stage, decision)
    browser = visitor("adviser")
    page = browser.get("ideas_cases.case", idea_id=idea.id)
    assert page.heading.startswith(f"Sak {idea.id}: Nattbuss")
    links = [link for link in page.all(".case-others a") if str(link["href"]).split("/")[-1] in set(Doing)]
    assert links
    for link in links:
        opened = browser.get_url(str(link["href"]))
        assert opened.all(".case-desk__do form")


def test_something_that_cannot_be_done_with_a_case_is_not_found(visitor: Open, idea: Idea) -> None:
    visitor("adviser").get("ideas_cases.do", idea_id=idea.id, doing="slett", _status=404)
