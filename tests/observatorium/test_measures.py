"""Answering a judgement, and measures from made to done: who may, what is refused, and what follows."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa

from portal.accounts.models import ServiceArea
from portal.goals.models import Link
from portal.goals.queries import goal_page
from portal.kernel import clock
from portal.kernel.audit import AuditEntry
from portal.kernel.content import Ref
from portal.kernel.db import atomic, db
from portal.kernel.errors import Conflict, Forbidden, Invalid, NotFound
from portal.kernel.identity import Role
from portal.observatorium.actions.measures import (
    AnswerDraft,
    EntryDraft,
    MeasureDraft,
    answer_indicator,
    change_measure,
    link_measure,
    log_measure,
    make_measure,
    unlink_measure,
)
from portal.observatorium.actions.rounds import withdraw_round
from portal.observatorium.catalogue import Level, catalogue
from portal.observatorium.comparing import Since
from portal.observatorium.events.measures import MEASURE
from portal.observatorium.following_up import MeasureStatus, Why
from portal.observatorium.kinds.measures import MEASURES
from portal.observatorium.models.measures import IndicatorAnswer, IndicatorMeasure, MeasureEntry, MeasureLink
from portal.observatorium.queries import measures as queries
from portal.observatorium.queries import pages
from portal.observatorium.queries.checklist import checklist
from portal.observatorium.queries.measures import Filters
from portal.search.models import Document
from tests.observatorium.published import BUSINESS, RESIDENT, VOLUNTARY_SECTOR, a_published_round
from tests.observatorium.rounds import an_open_round
from tests.support.cast import Cast

BETTER = {"1.8": {RESIDENT: (5, 5, 50, 5), VOLUNTARY_SECTOR: (4, 4, 32, 2), BUSINESS: (4, 4, 28, 0)}}


def plan(**values: Any) -> MeasureDraft:
    told = {
        "title": "Svare innen 14 dager",
        "description": "Alle saker får et foreløpig svar.",
        "responsible": "leder for byggesak",
        "deadline": clock.today() + timedelta(days=100),
    }
    return MeasureDraft(**(told | values))


def a_measure(
    cast: Cast, number: str = "1.8", slug: str = "2026", *, key: str = "k1", **values: Any
) -> IndicatorMeasure:
    return make_measure(cast.actor("coordinator"), slug, number, plan(**values), key=key)


@atomic
def an_area(name: str = "Teknisk") -> int:
    area = ServiceArea(name=name)
    db.session.add(area)
    db.session.flush()
    return area.id


def told(cast: Cast, measure: IndicatorMeasure, text: str, status: MeasureStatus, key: str = "e1") -> None:
    log_measure(cast.actor("coordinator"), measure.id, EntryDraft(text=text, status=status), key=key)


# -- answering ---------------------------------------------------------------------------------------------------------


def test_the_coordinator_answers_and_takes_the_answer_back(cast: Cast) -> None:
    a_published_round(cast)
    coordinator = cast.actor("coordinator")
    answer_indicator(coordinator, "2026", "1.8", AnswerDraft(text="Vi har hørt dere."))
    stands = db.session.scalars(sa.select(IndicatorAnswer)).one()
    answer_indicator(coordinator, "2026", "1.8", AnswerDraft(text="", version=stands.version))
    assert db.session.scalar(sa.select(sa.func.count()).select_from(IndicatorAnswer)) == 0
    names = db.session.scalars(sa.select(AuditEntry.name).where(AuditEntry.name == "observatory.indicator_answered"))
    assert len(names.all()) == 2


def test_an_answer_that_somebody_else_has_changed_is_not_lost(cast: Cast) -> None:
    a_published_round(cast)
    coordinator = cast.actor("coordinator")
    answer_indicator(coordinator, "2026", "1.8", AnswerDraft(text="Det første."))
    with pytest.raises(Invalid):
        answer_indicator(coordinator, "2026", "1.8", AnswerDraft(text="Uten å ha sett det."))
    assert db.session.scalar(sa.select(IndicatorAnswer.text)) == "Det første."


def test_only_a_published_round_and_its_indicators_are_answered(cast: Cast) -> None:
    an_open_round(cast, "2027")
    coordinator = cast.actor("coordinator")
    with pytest.raises(Conflict):
        answer_indicator(coordinator, "2027", "1.8", AnswerDraft(text="For tidlig."))
    with pytest.raises(NotFound):
        make_measure(coordinator, "borte", "1.8", plan(), key="k")


@pytest.mark.parametrize("who", ["resident", "employee", "moderator", "admin", "verifier"])
def test_nobody_but_a_coordinator_answers_or_makes_measures(cast: Cast, who: str) -> None:
    a_published_round(cast)
    with pytest.raises(Forbidden):
        answer_indicator(cast.actor(who), "2026", "1.8", AnswerDraft(text="Nei."))
    with pytest.raises(Forbidden):
        make_measure(cast.actor(who), "2026", "1.8", plan(), key="k")
    measure = a_measure(cast)
    with pytest.raises(Forbidden):
        change_measure(cast.actor(who), measure.id, plan(title="Mitt"), version=measure.version)
    with pytest.raises(Forbidden):
        log_measure(cast.actor(who), measure.id, EntryDraft(text="Hei", status=MeasureStatus.DONE), key="e")
    with pytest.raises(Forbidden):
        link_measure(cast.actor(who), measure.id, Ref("idea", 1))


# -- measures ----------------------------------------------------------------------------------------------------------


def test_the_same_form_twice_is_one_measure(cast: Cast) -> None:
    a_published_round(cast)
    assert a_measure(cast).id == a_measure(cast).id
    assert db.session.scalar(sa.select(sa.func.count()).select_from(IndicatorMeasure)) == 1


def test_a_measure_is_found_by_search_and_stands_under_the_goals_of_its_indicator(cast: Cast) -> None:
    a_published_round(cast)
    measure = a_measure(cast)
    indicator = catalogue().indicator("1.8")
    assert indicator is not None
    assert indicator.sdgs
    found = db.session.scalars(sa.select(Link.to_id).where(Link.kind == MEASURE, Link.is_public)).all()
    assert set(found) == set(indicator.sdgs)
    cards = {card.ref for group in goal_page(indicator.sdgs[0]).groups for card in group.cards}
    assert Ref(MEASURE, measure.id) in cards
    assert db.session.scalar(sa.select(sa.func.count()).select_from(Document).where(Document.kind == MEASURE)) == 1


def test_a_deadline_that_has_passed_or_an_unknown_service_area_is_refused(cast: Cast) -> None:
    a_published_round(cast)
    with pytest.raises(Invalid) as refusal:
        a_measure(cast, deadline=clock.today() - timedelta(days=1))
    assert refusal.value.field == "deadline"
    with pytest.raises(Invalid) as refusal:
        a_measure(cast, service_area_id=999)
    assert refusal.value.field == "service_area"


def test_two_who_change_a_measure_at_once_lose_nothing(cast: Cast) -> None:
    a_published_round(cast)
    measure = a_measure(cast)
    seen = measure.version
    change_measure(cast.actor("coordinator"), measure.id, plan(title="Den første"), version=seen)
    with pytest.raises(Invalid):
        change_measure(cast.actor("coordinator"), measure.id, plan(title="Den andre"), version=seen)
    assert db.session.get_one(IndicatorMeasure, measure.id).title == "Den første"


def test_the_log_carries_the_status_and_the_same_form_twice_is_one_entry(cast: Cast) -> None:
    a_published_round(cast)
    measure = a_measure(cast)
    told(cast, measure, "Vi har begynt.", MeasureStatus.UNDER_WAY)
    told(cast, measure, "Vi har begynt.", MeasureStatus.UNDER_WAY)
    told(cast, measure, "Halvveis.", MeasureStatus.UNDER_WAY, key="e2")
    entries = db.session.scalars(sa.select(MeasureEntry).order_by(MeasureEntry.id)).all()
    assert [(each.text, each.status) for each in entries] == [
        ("Vi har begynt.", MeasureStatus.UNDER_WAY),
        ("Halvveis.", None),
    ]
    assert db.session.get_one(IndicatorMeasure, measure.id).status is MeasureStatus.UNDER_WAY


def test_employees_of_the_service_area_that_answers_for_it_write_in_the_log(cast: Cast) -> None:
    a_published_round(cast)
    area = an_area()
    measure = a_measure(cast, service_area_id=area)
    employee = replace(cast.actor("employee"), service_areas=frozenset({area}))
    log_measure(employee, measure.id, EntryDraft(text="I gang.", status=MeasureStatus.UNDER_WAY), key="e")
    elsewhere = replace(employee, service_areas=frozenset({area + 1}))
    with pytest.raises(Forbidden):
        log_measure(elsewhere, measure.id, EntryDraft(text="Nei.", status=MeasureStatus.DONE), key="f")
    no_employee = replace(employee, roles=frozenset({Role.MEMBER}))
    with pytest.raises(Forbidden):
        log_measure(no_employee, measure.id, EntryDraft(text="Nei.", status=MeasureStatus.DONE), key="g")


def test_silence_is_counted_from_what_was_last_told_and_not_from_mended_words(cast: Cast) -> None:
    with clock.moved(-timedelta(days=94)):
        a_published_round(cast)
        measure = a_measure(cast, deadline=clock.today() + timedelta(days=200))
        that_day = clock.today()
    change_measure(cast.actor("coordinator"), measure.id, plan(title="Ny tittel"), version=measure.version)
    assert queries.progress_of(measure).still == (clock.today() - that_day).days
    late = queries.list_page(cast.actor("resident"), Filters(late=True)).rows.items
    assert [row.measure.id for row in late] == [measure.id]
    told(cast, measure, "Nå skjer det noe.", MeasureStatus.UNDER_WAY)
    assert queries.progress_of(measure).still == 0
    assert not queries.list_page(cast.actor("resident"), Filters(late=True)).rows.items


def test_measures_are_tied_to_what_everybody_can_see_only(cast: Cast) -> None:
    a_published_round(cast)
    measure = a_measure(cast)
    for refused in (Ref("idea", 12345), Ref("observatory_round", 1), Ref("account", 1)):
        with pytest.raises(Invalid):
            link_measure(cast.actor("coordinator"), measure.id, refused)
    assert db.session.scalar(sa.select(sa.func.count()).select_from(MeasureLink)) == 0
    unlink_measure(cast.actor("coordinator"), measure.id, Ref("idea", 12345))


def test_everybody_reads_a_measure_and_people_follow_it(cast: Cast) -> None:
    a_published_round(cast)
    ref = Ref(MEASURE, a_measure(cast).id)
    resident = cast.actor("resident")
    assert MEASURES.may(resident, ref, "read")
    assert MEASURES.may(resident, ref, "follow")
    assert not MEASURES.may(resident, ref, "answer")
    assert MEASURES.may(cast.actor("employee"), ref, "answer")
    assert not MEASURES.may(resident, Ref(MEASURE, 999), "read")


# -- what is owed, and what the colour did -----------------------------------------------------------------------------


def test_red_indicators_are_owed_an_answer_until_there_is_one(cast: Cast) -> None:
    round_ = a_published_round(cast, own={"1.8": Level.GREEN, "2.2": Level.RED})
    owed = {each.indicator.number: each for each in queries.owed_answers(round_)}
    assert {"1.8", "2.2"} <= set(owed)
    assert owed["2.2"].why == (Why.RED,)
    stands = checklist(round_)
    assert (stands.answers, stands.to_answer) == (0, len(owed))
    a_measure(cast)
    assert checklist(round_).answers == 1
    answer_indicator(cast.actor("coordinator"), "2026", "2.2", AnswerDraft(text="Vi ser på det."))
    assert checklist(round_).answers == 2
    assert checklist(round_).to_answer == len(owed)


def test_the_next_round_tells_what_became_of_the_colour(cast: Cast) -> None:
    a_published_round(cast, "2025", days_ago=400)
    with clock.moved(-timedelta(days=300)):
        measure = a_measure(cast, slug="2025")
    assert queries.measure_page(cast.actor("resident"), measure.id).since is Since.AWAITED
    a_published_round(cast, "2026", elsewhere=BETTER)
    page = queries.measure_page(cast.actor("resident"), measure.id)
    assert page.since is Since.UP
    assert [stand.slug for stand in page.stands] == ["2025", "2026"]
    result = pages.overview(cast.actor("resident"), pages.Filters())
    assert isinstance(result, pages.ResultPage)
    told_of = result.followed_up
    assert [(each.row.measure.id, each.since) for each in told_of] == [(measure.id, Since.UP)]


def test_what_was_promised_is_shown_also_when_the_round_has_been_withdrawn(cast: Cast) -> None:
    a_published_round(cast)
    measure = a_measure(cast)
    withdraw_round(cast.actor("coordinator"), "2026", "Feil nøkkel.")
    page = queries.measure_page(cast.actor("resident"), measure.id)
    assert (page.stands, page.since) == ([], Since.AWAITED)
    assert [row.measure.id for row in queries.list_page(cast.actor("resident"), Filters()).rows.items] == [measure.id]


def test_the_pages_ask_the_database_little(cast: Cast, count_queries: Callable[..., Any]) -> None:
    a_published_round(cast)
    made = [a_measure(cast, key=f"k{place}") for place in range(5)]
    resident, coordinator = cast.actor("resident"), cast.actor("coordinator")
    with count_queries(at_most=8):
        queries.control_page(coordinator, Filters())
    with count_queries(at_most=8):
        queries.measure_page(resident, made[0].id)
