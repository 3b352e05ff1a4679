"""The map of innovation activity: projects, what they need and what actors offer, beside the ideas."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask

from portal.cocreation.actions.needs import close_need, reopen_need, withdraw_need, write_need
from portal.cocreation.actions.projects import ProjectDraft, edit_project
from portal.cocreation.models.projects import Ending, Project
from portal.ideas.models.ideas import Idea
from portal.kernel import clock
from portal.kernel.content import PublicationState, Ref
from portal.kernel.db import atomic, db
from portal.kernel.extensions import content
from portal.kernel.identity import SYSTEM, Actor
from portal.kernel.personal import Terms
from portal.places.actions import PlaceDraft, forget_places, locate
from portal.places.models import Location
from portal.places.queries import location
from tests.cocreation.offering import an_offer, follow
from tests.cocreation.together import a_need, need_draft
from tests.support.cocreation import started
from tests.support.ideas import published
from tests.support.page import Visitor

Browser = Callable[..., Visitor]
HERE = PlaceDraft(latitude=59.79, longitude=10.45)
THERE = PlaceDraft(latitude=59.83, longitude=10.43, address="Storgata 1")
ASKER = "10.3,59.52,10.65,59.91"


@pytest.fixture
def project(cast: Any) -> Project:
    made = started(cast.actor("resident"), place=HERE)
    follow(Ref("project", made.id))
    return made


def place_of(need_id: int) -> tuple[float | None, str] | None:
    found = location(Ref("project_need", need_id))
    return (found.latitude, found.address) if found and found.is_public else None


# -- where a need stands -----------------------------------------------------------------------------------------------


def test_a_need_stands_where_its_project_is_and_moves_with_it(cast: Any, project: Project) -> None:
    resident = cast.actor("resident")
    need = a_need(resident, project)
    follow(Ref("project_need", need.id))
    assert place_of(need.id) == (59.79, "")
    draft = ProjectDraft(title=project.title, challenge=project.challenge, place=THERE)
    version = db.session.get_one(Project, project.id).version
    moved = edit_project(resident, project.id, draft, version)
    assert place_of(need.id) == (59.83, "Storgata 1")
    assert location(Ref("project_need", need.id)).placed_by_id is None  # type: ignore[union-attr]  # just seen
    nowhere = ProjectDraft(title=project.title, challenge=project.challenge)
    edit_project(resident, project.id, nowhere, moved.version)
    assert place_of(need.id) is None


def test_a_need_that_waits_is_closed_or_taken_back_stands_nowhere(cast: Any, project: Project) -> None:
    resident = cast.actor("resident")
    waits = write_need(resident, project.id, need_draft(), key="waits")
    assert place_of(waits.id) is None
    withdraw_need(resident, waits.id)
    need = a_need(resident, project)
    follow(Ref("project_need", need.id))
    close_need(resident, need.id)
    assert place_of(need.id) is None
    reopen_need(resident, need.id)
    assert place_of(need.id) is not None


def test_a_project_that_is_hidden_takes_its_needs_off_the_map(cast: Any, project: Project) -> None:
    need = a_need(cast.actor("resident"), project)
    follow(Ref("project_need", need.id))
    change(project.id, state=PublicationState.HIDDEN)
    follow(Ref("project", project.id))
    assert place_of(need.id) is None
    change(project.id, state=PublicationState.PUBLISHED)
    follow(Ref("project", project.id))
    assert place_of(need.id) is not None


def test_a_project_that_is_over_asks_for_nothing_on_the_map(cast: Any, project: Project) -> None:
    need = a_need(cast.actor("resident"), project)
    follow(Ref("project_need", need.id))
    change(project.id, ended_at=clock.now(), ending=Ending.SUCCEEDED)
    follow(Ref("project", project.id))
    assert place_of(need.id) is None
    assert location(Ref("project", project.id)) is not None


@atomic
def change(project_id: int, **values: Any) -> None:
    db.session.execute(sa.update(Project).where(Project.id == project_id).values(**values))
    db.session.expire_all()


def test_a_place_that_is_forgotten_is_forgotten_for_the_needs_too(cast: Any, project: Project) -> None:
    need = a_need(cast.actor("resident"), project)
    follow(Ref("project_need", need.id))
    forget_places(SYSTEM, cast.resident.id, Terms().held)
    assert location(Ref("project", project.id)) is None
    assert place_of(need.id) is None


def an_idea(actor: Actor, place: PlaceDraft) -> Idea:
    idea = published(actor, "Nattbuss")
    locate(actor, Ref("idea", idea.id), place)
    return idea


# -- the page ----------------------------------------------------------------------------------------------------------


def test_each_kind_has_its_own_symbol_word_and_filter(cast: Any, project: Project, visitor: Browser) -> None:
    resident = cast.actor("resident")
    need = a_need(resident, project, title="Kokker")
    follow(Ref("project_need", need.id))
    an_offer(cast.actor("volunteer"), cast.volunteer_organisation, place=THERE, title="Kjøkken")
    an_idea(resident, PlaceDraft(latitude=59.85, longitude=10.5))
    page = visitor().get("places.index")
    chips = page.all(".map-kinds a")
    assert {chip.select_one("g")["class"][1] for chip in chips[1:]} == {
        "map-dot--circle", "map-dot--square", "map-dot--diamond", "map-dot--leaf",
    }  # fmt: skip
    assert "4 saker på kartet" in page.words
    assert "Behov i prosjekter 1" in page.words
    for kind, title in (("project_need", "Kokker"), ("offer", "Kjøkken"), ("project", project.title)):
        narrowed = visitor().get("places.index", slag=kind)
        assert [link.get_text() for link in narrowed.all("#kart-liste .row__title")] == [title]
        points = visitor().get("places.points", boks=ASKER, zoom=14, slag=kind).response.json["items"]
        assert [(each["title"], each["shape"]) for each in points] == [(title, content().kind(kind).mark)]
        assert points[0]["status"].lower().startswith(points[0]["word"])


def test_every_kind_there_is_and_any_that_is_not_gets_a_plain_answer(app: Flask, visitor: Browser) -> None:
    browser = visitor()
    for name in (*[kind.name for kind in content()], "finnes-ikke", "", "<script>", "'; --", "x" * 300):
        assert browser.get("places.index", slag=name).status == 200
        assert browser.get("places.index", slag=name, boks=ASKER).status == 200
        assert browser.get("places.points", slag=name, boks=ASKER, zoom=12).status == 200
    assert "Ingen slike på kartet ennå" in browser.get("places.index", slag="indicator").words


def test_a_thousand_projects_with_needs_and_offers_cost_the_map_eight_statements(
    cast: Any, project: Project, visitor: Browser, count_queries: Any
) -> None:
    need = a_need(cast.actor("resident"), project)
    follow(Ref("project_need", need.id))
    offer = an_offer(cast.actor("volunteer"), cast.volunteer_organisation, place=THERE)
    idea = an_idea(cast.actor("resident"), HERE)
    for number, of in enumerate((project, need, offer, idea)):
        many(of, 1000, number)
    for browser in (visitor(), visitor("resident")):
        with count_queries(at_most=8):
            page = browser.get("places.index")
        with count_queries(at_most=8):
            browser.get("places.points", boks=ASKER, zoom=16)
    assert "4004 saker på kartet" in page.words.replace("\N{NO-BREAK SPACE}", "")


@atomic
def many(of: Any, number: int, row: int) -> None:
    """Make copies of a thing and its place, straight into the tables."""
    kind = {"projects": "project", "project_needs": "project_need", "actor_offers": "offer", "ideas": "idea"}
    table = type(of).__table__
    whole = {c.key: getattr(of, c.key) for c in table.columns}
    at = location(Ref(kind[table.name], of.id))
    assert at is not None
    place = {c.key: getattr(at, c.key) for c in Location.__table__.columns if c.key != "id"}
    ids = range(10_000, 10_000 + number)
    db.session.execute(table.insert(), [whole | {"id": i, "key": f"m{i}"} for i in ids])
    step = 1 << 12
    moved = [
        place | {"target_id": i, "x": place["x"] + (i % 40) * step, "y": place["y"] + (i // 40 % 25 + 25 * row) * step}
        for i in ids
    ]
    db.session.execute(Location.__table__.insert(), moved)
