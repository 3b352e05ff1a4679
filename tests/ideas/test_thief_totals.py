"""The tidstyver together: sums that count each hour once, filters, paging, and what the page costs."""

from __future__ import annotations

import random
from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest
import sqlalchemy as sa

from portal.accounts.models import ServiceArea
from portal.ideas import hours
from portal.ideas.actions.measures import TogetherDraft, measure_together
from portal.ideas.hours import Cause, Factors, Hit, Owner, kept
from portal.ideas.models.ideas import Idea
from portal.ideas.models.thieves import Measure, TimeThief
from portal.ideas.queries.thief_totals import FIRST_YEAR, Filters, all_rows, page, sums
from portal.ideas.stages import Decision, Degree, IdeaKind, Stage, ThiefStatus, thief_status
from portal.kernel import clock
from portal.kernel.content import PublicationState
from portal.kernel.db import db
from portal.kernel.identity import ANONYMOUS
from tests.support.counting import count_queries
from tests.support.thieves import at_stage, measured, on_measure, thief

WITHIN = Fraction(1, 100)


def hours_of(factors: tuple[Any, Any, Any]) -> Decimal | None:
    """Return the hours as they are stored."""
    minutes, times, persons = factors
    return kept(Factors(minutes=minutes, times=times, persons=persons).hours)


"""Of an hour: hours are kept to 1/10,000."""


def fill(cast: Any, number: int, seed: int = 7) -> list[hours.Row]:
    """Put tidstyver of every kind in the database; return them as the pure sums see them."""
    chance = random.Random(seed)  # noqa: S311 - the same rows every time
    areas = db.session.scalars(sa.select(ServiceArea.id).order_by(ServiceArea.id)).all()
    now = clock.now()
    measures = [
        Measure(
            title=f"Tiltak {n}",
            key=f"t{n}",
            created_at=now,
            hours_freed=None if n % 3 == 0 else Decimal(chance.randint(-50, 400)),
            measured_on=clock.today(),
        )
        for n in range(max(3, number // 8))
    ]
    db.session.add_all(measures)
    db.session.flush()
    rows = []
    for n in range(number):
        sent = datetime(chance.choice([FIRST_YEAR - 1, 2024, 2025, 2026]), chance.randint(1, 10), 15, 12, tzinfo=UTC)
        state = chance.choice([PublicationState.PUBLISHED] * 8 + [PublicationState.MERGED])
        idea = Idea(
            kind=IdeaKind.TIME_THIEF,
            title=f"Tidstyv {n}",
            challenge="Den tar tid",
            language="nb",
            author_id=cast.resident.id,
            byline="name",
            service_area_id=chance.choice([None, *areas]),
            state=state,
            stage=chance.choice(list(Stage)),
            decision=chance.choice([None, *Decision]),
            stage_since=now,
            answer_due_at=now,
            key=f"fyll-{n}",
            created_at=sent,
            saved_at=sent,
            sent_at=sent,
            shown_at=sent,
        )
        db.session.add(idea)
        db.session.flush()
        before = (chance.choice([None, Decimal("2.5"), Decimal(6), Decimal(0)]), chance.randint(0, 250), 14)
        after = chance.choice([(None, None, None), (Decimal(1), 200, 14), (Decimal(9), 300, 14)])
        measure = chance.choice([None, None, *measures])
        kept = TimeThief(
            idea_id=idea.id,
            hit=[chance.choice(list(Hit)).value],
            cause=chance.choice([None, *Cause]),
            owner=chance.choice([None, *Owner]),
            minutes=before[0],
            times=before[1],
            persons=before[2],
            hours=hours_of(before),
            minutes_after=after[0],
            times_after=after[1],
            persons_after=after[2],
            hours_after=hours_of(after),
            measure_id=measure.id if measure else None,
            degree=chance.choice([None, *Degree]),
        )
        db.session.add(kept)
        rows.append(
            hours.Row(
                id=idea.id,
                before=_exact(kept.hours),
                after=_exact(kept.hours_after),
                measure=kept.measure_id,
                measure_freed=_exact(measure.hours_freed) if measure else None,
                is_merged=state is PublicationState.MERGED,
                cause=kept.cause,
                owner=kept.owner,
                service_area=idea.service_area_id,
                year=max(FIRST_YEAR, sent.year),
            )
        )
    db.session.commit()
    return rows


def _exact(number: Decimal | None) -> Fraction | None:
    return None if number is None else Fraction(number)


def assert_same(ours: hours.Total, pure: hours.Total) -> None:
    """Say that two sums are the same: counts to the one, hours as finely as they are kept."""
    assert (ours.rows, ours.not_counted, ours.measured, ours.worse) == (
        pure.rows,
        pure.not_counted,
        pure.measured,
        pure.worse,
    )
    assert abs(ours.before - pure.before) < WITHIN
    assert abs(ours.freed - pure.freed) < WITHIN


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_the_database_gives_the_same_sums_as_the_pure_function(cast: Any, seed: int) -> None:
    rows = fill(cast, 120, seed)
    told = sums(ANONYMOUS, Filters())
    assert_same(told.total, hours.total(rows))
    for ours, pure in (
        (told.by_cause, hours.totals(rows, lambda row: row.cause)),
        (told.by_owner, hours.totals(rows, lambda row: row.owner)),
        (told.by_service_area, hours.totals(rows, lambda row: row.service_area)),
        (told.by_year, hours.totals(rows, lambda row: row.year)),
    ):
        assert ours.keys() == pure.keys()
        for key, expected in pure.items():
            assert_same(ours[key], expected)  # type: ignore[index]  # the keys are those just compared


def test_no_tidstyver_come_to_nothing(cast: Any) -> None:
    assert sums(ANONYMOUS, Filters()).total == hours.Total()


def test_what_is_merged_is_counted_where_it_lives_on(cast: Any) -> None:
    kept = thief(cast.actor("resident"), "Den som blir")
    gone = thief(cast.actor("resident2"), "Den som går")
    db.session.get_one(Idea, gone.id).state = PublicationState.MERGED
    db.session.commit()
    assert sums(ANONYMOUS, Filters()).total.before == 308
    assert [each.idea.id for each in page(ANONYMOUS, Filters()).ladder] == [kept.id]


def test_the_year_is_that_of_norway(cast: Any) -> None:
    idea = thief(cast.actor("resident"))
    idea.sent_at = datetime(2025, 12, 31, 23, 30, tzinfo=UTC)  # half past midnight, New Year's Day
    db.session.commit()
    assert list(sums(ANONYMOUS, Filters()).by_year) == [2026]
    assert sums(ANONYMOUS, Filters(year=2025)).total.rows == 0


@pytest.mark.parametrize("status", list(ThiefStatus))
def test_each_status_is_found_by_the_words_it_is_shown_by(cast: Any, status: ThiefStatus) -> None:
    fill(cast, 150)
    every = all_rows(ANONYMOUS, Filters())
    found = {each.row.idea.id for each in all_rows(ANONYMOUS, Filters(status=status))}
    expected = {
        each.row.idea.id
        for each in every
        if thief_status(each.row.idea.stage, each.row.idea.decision, each.row.thief.degree) is status
    }
    assert found == expected
    assert found


def test_filters_narrow_sums_ladder_and_list_alike(cast: Any) -> None:
    thief(cast.actor("resident"), "Møtet", cause=Cause.MEETINGS, hit=[Hit.RESIDENTS, Hit.BUSINESS])
    thief(cast.actor("resident"), "Skjemaet", cause=Cause.FORMS_AND_LANGUAGE, hit=[Hit.EMPLOYEES])
    for filters in (Filters(cause=Cause.MEETINGS), Filters(hit=Hit.BUSINESS)):
        found = page(ANONYMOUS, filters)
        assert found.sums.total.rows == 1
        assert [each.idea.title for each in found.ladder] == ["Møtet"]
        assert [each.idea.title for each in found.rows.items] == ["Møtet"]


@pytest.mark.parametrize("sort", ["nyeste", "storst"])
def test_every_tidstyv_is_on_one_page_of_the_list(cast: Any, sort: str) -> None:
    fill(cast, 90)
    filters = Filters(sort=sort)
    seen: list[int] = []
    cursor = None
    while True:
        found = page(ANONYMOUS, filters, cursor).rows
        seen += [each.idea.id for each in found.items]
        cursor = found.next
        if cursor is None:
            break
    expected = all_rows(ANONYMOUS, replace(filters, is_calculated=True) if sort == "storst" else filters)
    assert sorted(seen) == sorted(each.row.idea.id for each in expected)
    assert len(set(seen)) == len(seen)


def test_the_largest_come_first_and_the_unknown_stand_apart(cast: Any) -> None:
    thief(cast.actor("resident"), "Ukjent", minutes=None)
    thief(cast.actor("resident"), "Liten", minutes=Decimal(1))
    thief(cast.actor("resident"), "Stor")
    found = page(ANONYMOUS, Filters(sort="storst"))
    assert [each.idea.title for each in found.rows.items] == ["Stor", "Liten"]
    for sort in ("nyeste", "storst"):
        unknown = page(ANONYMOUS, Filters(is_calculated=False, sort=sort))
        assert [each.idea.title for each in unknown.rows.items] == ["Ukjent"]
        assert not unknown.ladder


def test_the_public_sums_hold_no_internal_hours(cast: Any) -> None:
    thief(cast.actor("employee"), internally=True)
    assert sums(ANONYMOUS, Filters()).total.rows == 0
    assert sums(cast.actor("employee2"), Filters()).total.before == 308


def test_what_freed_time_is_used_for_is_told_once_for_a_measure(cast: Any) -> None:
    adviser = cast.actor("adviser")
    one, other = thief(adviser, "Den ene"), thief(cast.actor("resident"), "Den andre")
    measure = on_measure(adviser, one, other)
    draft = TogetherDraft(hours_freed=Decimal(100), measured_on=clock.today(), used_for="Mer tid hos de eldste")
    measure_together(adviser, measure.id, draft, version=measure.version)
    third = thief(cast.actor("resident2"), "Den tredje")
    measured(adviser, third, used_for="Lengre åpningstid")
    told = [each.used_for for each in page(ANONYMOUS, Filters()).accounts]
    assert sorted(told) == ["Lengre åpningstid", "Mer tid hos de eldste"]


def test_the_page_says_what_is_not_calculated(cast: Any, visitor: Any) -> None:
    thief(cast.actor("resident"), "Kjent")
    thief(cast.actor("resident"), "Ukjent", minutes=None)
    words = visitor().get("thieves.index").words
    assert "308 timer i året tar de til sammen" in words
    assert "1 er ikke beregnet" in words


def test_an_address_with_nonsense_in_it_shows_everything(cast: Any, visitor: Any) -> None:
    thief(cast.actor("resident"), "Den alle ser")
    address = "/tidstyver/?arsak=tull&eier=%27&status=x&ar=999999999999&omrade=-1&sorter=bort&beregnet=kanskje"
    assert "Den alle ser" in visitor().get_url(address).text


def test_an_empty_page_invites(cast: Any, visitor: Any) -> None:
    assert "Ingen tidstyver ennå" in visitor().get("thieves.index").words
    thief(cast.actor("resident"))
    assert "Ingen tidstyver her" in visitor().get("thieves.index", arsak="meetings").words


@pytest.mark.parametrize("reader", [None, "resident", "adviser"])
def test_the_page_costs_at_most_eight_statements(cast: Any, visitor: Any, reader: str | None) -> None:
    fill(cast, 300)
    browser = visitor(reader)
    with count_queries(at_most=8):
        browser.get("thieves.index")
    with count_queries(at_most=8):
        browser.get("thieves.index", sorter="storst", status="reduced")


def test_the_page_of_a_measure_costs_at_most_eight_statements(cast: Any, visitor: Any) -> None:
    ideas = [thief(cast.actor("resident"), f"Nummer {n}") for n in range(12)]
    measure = on_measure(cast.actor("adviser"), *ideas)
    browser = visitor("adviser")
    with count_queries(at_most=8):
        assert "Nummer 11" in browser.get("thieves.measure", measure_id=measure.id).words


def test_a_case_under_way_stays_in_the_sums(cast: Any) -> None:
    at_stage(thief(cast.actor("resident")), Stage.UNDER_WAY)
    assert sums(ANONYMOUS, Filters()).total.before == 308
