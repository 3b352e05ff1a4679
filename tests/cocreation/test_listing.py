"""The list of projects: what is in it, in which order, and what it costs."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa

from portal.accounts.actions.settings import ServiceAreaDraft, add_service_area
from portal.cocreation.models.projects import Ending, Project
from portal.cocreation.models.together import Need, NeedKind
from portal.cocreation.phases import Phase
from portal.cocreation.queries.listing import ORDERS
from portal.cocreation.typology import ProjectType
from portal.kernel import clock
from portal.kernel.content import PublicationState
from portal.kernel.db import db
from portal.kernel.identity import SYSTEM
from portal.places.actions import PlaceDraft
from portal.places.models import Neighbourhood
from portal.search.actions import index
from tests.support.cocreation import joined, started


def titles(page: Any) -> list[str]:
    return [found.get_text(strip=True) for found in page.all(".project-row .row__title")]


def change(project: Project, **values: Any) -> Project:
    db.session.execute(sa.update(Project).where(Project.id == project.id).values(**values))
    db.session.commit()
    return project


def need(
    project: Project, *, taken: int = 0, state: PublicationState = PublicationState.PUBLISHED, **more: Any
) -> None:
    """Put a need straight in, as a moderator has let it through."""
    number = db.session.scalar(sa.select(sa.func.count()).select_from(Need)) or 0
    db.session.add(
        Need(
            project_id=project.id,
            author_id=project.author_id,
            byline="Naboene",
            state=state,
            language="nb",
            key=f"need-{number}",
            written_at=clock.now(),
            kind=NeedKind.HOURS,
            title="Kokker",
            capacity=2,
            taken=taken,
            **more,
        )
    )
    db.session.commit()


def test_what_is_not_public_is_not_in_it(cast: Any, visitor: Any) -> None:
    project = started(cast.actor("resident"))
    assert titles(visitor().get("cocreation.index")) == [project.title]
    for state in set(PublicationState) - {PublicationState.PUBLISHED}:
        change(project, state=state)
        for reader in (None, "resident", "adviser", "moderator"):
            assert titles(visitor(reader).get("cocreation.index")) == []


def test_the_newest_comes_first_else_the_one_that_last_gave_a_sign_of_life(cast: Any, visitor: Any) -> None:
    now = clock.now()
    for title, shown, alive in (("Eldst", 3, 1), ("Midt", 2, 9), ("Nyest", 1, 5)):
        project = started(cast.actor("resident"), title)
        change(project, shown_at=now - timedelta(days=shown), alive_at=now - timedelta(hours=alive))
    assert titles(visitor().get("cocreation.index")) == ["Nyest", "Midt", "Eldst"]
    assert titles(visitor().get("cocreation.index", sorter="alive")) == ["Eldst", "Nyest", "Midt"]


def test_those_that_need_most_come_first_and_what_is_full_closed_or_waits_does_not_count(
    cast: Any, visitor: Any
) -> None:
    few, many, none, over = (started(cast.actor("resident"), title) for title in ("Få", "Mange", "Ingen", "Over"))
    need(few)
    need(many)
    need(many)
    need(none, taken=2)
    need(none, closed_at=clock.now())
    need(none, state=PublicationState.PENDING)
    for _number in range(3):
        need(over)
    change(over, ended_at=clock.now(), ending=Ending.SUCCEEDED)
    page = visitor().get("cocreation.index", sorter="needs")
    assert titles(page) == ["Mange", "Få", "Ingen"]
    assert "trenger hjelp til 2 ting" in page.words


def test_every_order_gives_each_project_once_over_its_pages(cast: Any, visitor: Any) -> None:
    made = {f"Prosjekt {number}" for number in range(23)}
    for number, title in enumerate(sorted(made)):
        project = started(cast.actor("resident"), title)
        if number % 3 == 0:
            need(project)
    for sort in ORDERS:
        page = visitor().get("cocreation.index", sorter=sort.value)
        following = page.one(".pagination a[rel=next]")["href"]
        seen = titles(page) + titles(visitor().get_url(str(following)))
        assert sorted(seen) == sorted(made), sort


def test_filters_narrow_the_list_and_each_can_be_taken_off(cast: Any, visitor: Any) -> None:
    area = add_service_area(cast.actor("admin"), ServiceAreaDraft(name="Kultur og fritid"))
    one = started(cast.actor("resident"), "Teater", service_area_id=area.id, goals=(11,), indicators=(108,))
    started(cast.actor("resident"), "Noe annet")
    change(one, type=ProjectType.EQUAL, phase=Phase.PLAN)
    for asked in (
        {"type": "equal"},
        {"fase": "plan"},
        {"omrade": area.id},
        {"mal": 11},
        {"indikator": "1.8"},
        {"type": "equal", "fase": "plan", "status": "pagar"},
    ):
        page = visitor().get("cocreation.index", **asked)
        assert titles(page) == ["Teater"], asked
        assert len(page.all(".narrowed__tag")) == len(asked)
        without = str(page.all(".narrowed__tag")[0]["href"])
        assert len(visitor().get_url(without).all(".narrowed__tag")) == len(asked) - 1
    change(one, ended_at=clock.now(), ending=Ending.PARTLY)
    assert titles(visitor().get("cocreation.index", status="avsluttet")) == ["Teater"]
    assert titles(visitor().get("cocreation.index", status="pagar")) == ["Noe annet"]


def test_a_lokalsamfunn_has_its_projects(cast: Any, visitor: Any) -> None:
    place = Neighbourhood(name="Heggedal", slug="heggedal", latitude=59.79, longitude=10.44, active=True)
    db.session.add(place)
    db.session.commit()
    started(cast.actor("resident"), "Her", place=PlaceDraft(neighbourhood_id=place.id))
    started(cast.actor("resident"), "Et annet sted")
    page = visitor().get("cocreation.index", lokalsamfunn="heggedal")
    assert titles(page) == ["Her"]


def test_words_are_looked_for_in_the_whole_project(cast: Any, visitor: Any) -> None:
    found = started(cast.actor("resident"), "Trygg skolevei", goal="Et gangfelt ved kiosken.")
    other = started(cast.actor("resident"), "Badeplass")
    index(SYSTEM, "project", [found.id, other.id])
    assert titles(visitor().get("cocreation.index", q="gangfelt")) == ["Trygg skolevei"]


@pytest.mark.parametrize("asked", ["q=%22%27*NEAR(:", "side=xx", "omrade=-1", "mal=99", "lokalsamfunn=%00", "type=x"])
def test_no_question_breaks_the_list(asked: str, visitor: Any) -> None:
    visitor().get_url(f"/samskaping/?{asked}", 422 if asked == "side=xx" else 200)


def test_an_empty_list_says_what_one_could_do(visitor: Any) -> None:
    assert "Start et prosjekt" in visitor().get("cocreation.index").words
    assert "Ta bort noe av det du har valgt" in visitor().get("cocreation.index", q="xyzzy").words


@pytest.mark.parametrize("reader", [None, "resident", "adviser"])
def test_a_thousand_projects_cost_at_most_eight_statements(
    reader: str | None, cast: Any, visitor: Any, count_queries: Any
) -> None:
    project = started(cast.actor("resident"))
    joined(cast.actor("resident"), project, cast.actor("volunteer"))
    index(SYSTEM, "project", [project.id])
    copies(project, 1000)
    browser = visitor(reader)
    for asked in ({}, {"sorter": "needs", "type": "equal"}, {"sorter": "alive", "q": "middag", "mal": 3}):
        with count_queries(at_most=8):
            browser.get("cocreation.index", **asked)


def copies(project: Project, number: int) -> None:
    """Put in many projects like one."""
    columns = {column.key: getattr(project, column.key) for column in sa.inspect(Project).columns if column.key != "id"}
    types = [*ProjectType, None]
    rows = [{**columns, "key": f"copy-{each}", "type": types[each % len(types)]} for each in range(number)]
    db.session.execute(sa.insert(Project), rows)
    db.session.commit()
