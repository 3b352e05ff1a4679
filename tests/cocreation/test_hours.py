"""Hours that people gave: each tells their own, the project confirms, and the sum tells of nobody in particular."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
import sqlalchemy as sa

from portal.cocreation.actions import hours as actions
from portal.cocreation.actions.hours import HoursDraft
from portal.cocreation.actions.needs import sign_up
from portal.cocreation.models.projects import Ending, Project
from portal.cocreation.models.together import HoursTold
from portal.cocreation.queries.hours import given
from portal.kernel import clock
from portal.kernel.db import atomic, db
from portal.kernel.errors import Forbidden, Invalid, NotFound
from portal.kernel.identity import Actor
from tests.cocreation.together import a_need
from tests.support.cocreation import contributing, joined, started
from tests.support.page import Visitor

Browser = Callable[..., Visitor]


def draft(hours: str = "2", done_on: date | None = None, what: str = "Laget mat") -> HoursDraft:
    return HoursDraft(hours=Decimal(hours), what=what, done_on=done_on or clock.today())


def told(actor: Actor, project: Project, hours: str = "2", key: str = "x") -> HoursTold:
    return actions.tell_hours(actor, project.id, draft(hours), key=key)


@pytest.fixture
def project(cast: Any) -> Project:
    """A project with a member beside its owner, and somebody who has signed up for what it needs."""
    owner = cast.actor("resident")
    project = started(owner)
    contributing(owner, project, cast.actor("employee"))
    sign_up(cast.actor("resident2"), a_need(owner, project).id, 2)
    return project


@pytest.mark.parametrize("who", ["resident", "employee", "resident2"])
def test_members_and_who_signed_up_tell_of_their_own_hours(cast: Any, project: Project, who: str) -> None:
    row = told(cast.actor(who), project)
    assert (row.account_id, row.hours, row.confirmed_at) == (cast.actor(who).id, 2, None)


@pytest.mark.parametrize("who", ["business", "adviser", "admin"])
def test_others_have_none_to_tell_of(cast: Any, project: Project, who: str) -> None:
    with pytest.raises(Forbidden):
        told(cast.actor(who), project)


def test_the_same_form_twice_is_told_once(cast: Any, project: Project) -> None:
    first = told(cast.actor("resident2"), project, "13")
    assert told(cast.actor("resident2"), project, "13").id == first.id


@pytest.mark.parametrize(
    ("field", "wrong"),
    [
        ("what", {"what": " "}),
        ("hours", {"hours": "0"}),
        ("hours", {"hours": "24.5"}),
        ("done_on", {"done_on": timedelta(days=1)}),
        ("done_on", {"done_on": timedelta(days=-400)}),
    ],
)
def test_what_cant_be_is_told_at_its_field(cast: Any, project: Project, field: str, wrong: dict[str, Any]) -> None:
    if "done_on" in wrong:
        wrong = {"done_on": clock.today() + wrong["done_on"]}
    with pytest.raises(Invalid) as refusal:
        actions.tell_hours(cast.actor("resident2"), project.id, draft(**wrong), key="x")
    assert refusal.value.field == field


def test_a_day_has_24_hours_also_when_they_are_told_in_parts_and_in_two_projects(cast: Any, project: Project) -> None:
    helper = cast.actor("resident2")
    other = started(helper, "Felles hage")
    told(helper, project, "20", "one")
    with pytest.raises(Invalid, match="20"):
        told(helper, other, "4.5", "two")
    told(helper, other, "4", "three")
    actions.tell_hours(helper, project.id, draft("24", clock.today() - timedelta(days=1)), key="four")


def test_only_an_owner_confirms(cast: Any, project: Project) -> None:
    row = told(cast.actor("resident2"), project)
    joined(cast.actor("resident"), project, cast.actor("business"))
    for who in ("resident2", "employee", "business", "adviser"):
        with pytest.raises(Forbidden):
            actions.confirm_hours(cast.actor(who), row.id)
    actions.confirm_hours(cast.actor("resident"), row.id)
    actions.confirm_hours(cast.actor("resident"), row.id)
    assert db.session.get_one(HoursTold, row.id).confirmed_by_id == cast.resident.id


def test_hours_are_taken_away_by_whoever_told_them_or_an_owner(cast: Any, project: Project) -> None:
    row = told(cast.actor("resident2"), project)
    with pytest.raises(Forbidden):
        actions.remove_hours(cast.actor("employee"), row.id)
    actions.remove_hours(cast.actor("resident2"), row.id)
    other = told(cast.actor("resident2"), project)
    actions.remove_hours(cast.actor("resident"), other.id)
    with pytest.raises(NotFound):
        actions.remove_hours(cast.actor("resident"), other.id)
    assert db.session.scalar(sa.select(sa.func.count()).select_from(HoursTold)) == 0


@atomic
def over(project: Project) -> None:
    project.ended_at, project.ending = clock.now(), Ending.SUCCEEDED


def test_when_it_is_over_no_more_hours_are_told(cast: Any, project: Project) -> None:
    over(project)
    with pytest.raises(Forbidden, match="avsluttet"):
        told(cast.actor("resident"), project)


def test_the_sum_is_told_when_three_have_given_and_counts_what_is_confirmed(
    cast: Any, visitor: Browser, project: Project
) -> None:
    owner = cast.actor("resident")
    for number, who in enumerate(("resident", "employee", "resident2")):
        row = told(cast.actor(who), project, f"{number + 1}.5")
        assert "personer har gitt" not in visitor().get("cocreation_together.needs", project_id=project.id).words
        actions.confirm_hours(owner, row.id)
    told(cast.actor("resident2"), project, "9", "unconfirmed")
    assert (given(project.id).hours, given(project.id).people) == (Decimal("7.5"), 3)
    page = visitor().get("cocreation_together.needs", project_id=project.id)
    assert "3 personer har gitt 7,5 timer" in page.words


def test_one_tells_in_the_browser_and_the_owner_confirms(cast: Any, visitor: Browser, project: Project) -> None:
    helper, owner = visitor("resident2"), visitor("resident")
    form = helper.get("cocreation_together.hours", project_id=project.id).form("main form.form")
    assert form["done_on"] == clock.today().isoformat()
    wrong = helper.post(
        "cocreation_together.hours", form | {"what": "Mat", "hours": "mange"}, _status=422, project_id=project.id
    )
    assert wrong.form("main form.form")["hours"] == "mange"
    answer = helper.post("cocreation_together.hours", form | {"what": "Mat", "hours": "1,5"}, project_id=project.id)
    assert "Venter på prosjektet" in helper.follow(answer).words
    page = owner.get("cocreation_together.hours", project_id=project.id)
    assert cast.resident2.name in page.words
    row = db.session.scalars(sa.select(HoursTold)).one()
    assert row.hours == Decimal("1.5")
    owner.post("cocreation_together.confirm_hours", hours_id=row.id)
    assert "Bekreftet" in helper.get("cocreation_together.hours", project_id=project.id).words
    helper.post("cocreation_together.remove_hours", hours_id=row.id)
    assert "ikke fortalt om noen timer" in helper.get("cocreation_together.hours", project_id=project.id).words


def test_members_dont_see_what_each_has_given(cast: Any, visitor: Browser, project: Project) -> None:
    told(cast.actor("resident2"), project)
    page = visitor("employee").get("cocreation_together.hours", project_id=project.id)
    assert cast.resident2.name not in page.words
    visitor("adviser").get("cocreation_together.hours", 403, project_id=project.id)


@pytest.mark.parametrize("who", ["resident", "resident2"])
def test_many_hours_take_few_statements(
    cast: Any, visitor: Browser, project: Project, count_queries: Any, who: str
) -> None:
    for number in range(40):
        actions.tell_hours(cast.actor("resident2"), project.id, draft("0.5"), key=f"k{number}")
    someone = visitor(who)
    with count_queries(at_most=8):
        page = someone.get("cocreation_together.hours", project_id=project.id)
    assert len(page.all("tbody tr")) == 40
