"""What waits for those who handle cases: the piles, their numbers, and the list."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from portal.ideas.actions import cases
from portal.ideas.actions.cases import Assignment
from portal.ideas.queries.desk import NOBODY, Pile, Wanted, desk
from portal.ideas.stages import Decision, Stage
from portal.kernel import clock
from portal.kernel.db import db
from portal.kernel.errors import Forbidden
from portal.kernel.identity import Actor
from tests.ideas.casework import an_area, at_stage, days_later, now, said, working_in
from tests.support.cast import Cast
from tests.support.ideas import proposed, published
from tests.support.page import Visitor

Open = Callable[..., Visitor]


def titles(actor: Actor, pile: Pile, **wanted: Any) -> list[str]:
    """The cases of a pile, in its order."""
    return [row.idea.title for row in desk(actor, Wanted(pile=pile, **wanted)).rows]


def test_who_has_waited_longest_for_an_answer_stands_first_and_the_days_are_told(cast: Cast, visitor: Open) -> None:
    for days in (16, 13, 14, 2):
        with clock.moved(timedelta(days=-days, hours=1)):
            published(cast.actor("resident"), f"Kom for {days} dager siden")
    answered = published(cast.actor("resident"), "Har fått svar")
    cases.answer_idea(cast.actor("adviser"), answered.id, said(answered))
    page = desk(cast.actor("adviser"), Wanted())
    assert [row.idea.title.split()[2] for row in page.rows] == ["16", "14", "13", "2"]
    assert [row.is_late for row in page.rows[:3]] == [True, False, False]
    shown = visitor("adviser").get("ideas_cases.desk").words
    assert "over fristen" in shown
    assert "Frist i morgen" in shown


def test_each_pile_holds_what_its_name_says_and_its_number_is_right(cast: Cast) -> None:
    adviser = cast.actor("adviser")
    made = {stage: at_stage(cast, stage, title=f"Sak {stage}") for stage in Stage}
    at_stage(cast, Stage.DECIDED, Decision.REJECTED, title="Avslått")
    mine = made[Stage.UNDER_WAY]
    given = Assignment(service_area_id=None, responsible_id=cast.adviser.id, version=now(mine).version)
    cases.assign_idea(adviser, mine.id, given)
    assert titles(adviser, Pile.MINE) == ["Sak under_way"]
    assert set(titles(adviser, Pile.UNASSIGNED)) == {"Sak received", "Sak assessing", "Sak decided"}
    assert titles(adviser, Pile.DECISION) == ["Sak assessing"]
    assert titles(adviser, Pile.QUIET) == []
    assert set(titles(adviser, Pile.DUE)) == {"Sak received", "Sak assessing"}
    with days_later(91):
        assert set(titles(adviser, Pile.QUIET)) == {"Sak decided", "Sak under_way"}
        cases.tell_progress(adviser, mine.id, said(mine, "Avtalen er klar."))
        assert titles(adviser, Pile.QUIET) == ["Sak decided"]
    for pile in Pile:
        page = desk(adviser, Wanted(pile=pile))
        assert page.counts[pile] == len(page.rows), pile


def test_employees_see_their_area_and_what_they_were_given_and_nothing_else(cast: Cast) -> None:
    culture, school = an_area(cast, "Kultur", "employee"), an_area(cast, "Skole")
    adviser, resident = cast.actor("adviser"), cast.actor("resident")
    published(resident, "I kultur", service_area_id=culture.id)
    published(resident, "I skole", service_area_id=school.id)
    theirs = published(resident, "Gitt til dem", service_area_id=culture.id)
    given = Assignment(service_area_id=culture.id, responsible_id=cast.employee.id, version=now(theirs).version)
    cases.assign_idea(adviser, theirs.id, given)
    assert set(titles(working_in(cast, "employee", culture), Pile.ALL)) == {"I kultur", "Gitt til dem"}
    assert titles(cast.actor("employee"), Pile.ALL) == ["Gitt til dem"], "their session knows of no area"
    assert len(titles(adviser, Pile.ALL)) == 3


def test_the_list_is_narrowed_by_area_person_and_stage(cast: Cast, visitor: Open) -> None:
    culture, adviser = an_area(cast, "Kultur", "employee"), cast.actor("adviser")
    resident = cast.actor("resident")
    published(resident, "I kultur", service_area_id=culture.id)
    published(resident, "Ingen steder")
    at_stage(cast, Stage.ASSESSING, title="Vurderes")
    assert titles(adviser, Pile.ALL, service_area_id=culture.id) == ["I kultur"]
    assert set(titles(adviser, Pile.ALL, service_area_id=NOBODY)) == {"Ingen steder", "Vurderes"}
    assert titles(adviser, Pile.ALL, stage=Stage.ASSESSING) == ["Vurderes"]
    assert titles(adviser, Pile.ALL, responsible_id=cast.employee.id) == []
    page = visitor("adviser").get("ideas_cases.desk", utvalg="alle", omrade=culture.id, trinn="tull", ansvarlig="x")
    assert [each.get_text() for each in page.all("[data-case]")] == ["I kultur"]


def test_drafts_and_what_is_withdrawn_are_on_no_desk_and_what_waits_for_a_moderator_is(cast: Cast) -> None:
    adviser, resident = cast.actor("adviser"), cast.actor("resident")
    proposed(resident, "Venter på moderator")
    assert titles(adviser, Pile.ALL) == ["Venter på moderator"]
    with pytest.raises(Forbidden):
        desk(resident, Wanted())


def test_the_desk_takes_at_most_eight_statements_and_turns_its_pages_without_losing_a_case(
    cast: Cast, visitor: Open, count_queries: Any
) -> None:
    for number in range(65):
        published(cast.actor("resident"), f"Idé {number}")
    db.session.commit()
    browser = visitor("adviser")
    with count_queries(at_most=8):
        page = browser.get("ideas_cases.desk")
    seen = [each.get_text() for each in page.all("[data-case]")]
    while page.all("a[rel=next]"):
        page = browser.get_url(str(page.one("a[rel=next]")["href"]))
        seen += [each.get_text() for each in page.all("[data-case]")]
    assert len(seen) == len(set(seen)) == 65
