"""The page of a project: what it shows, to whom, and what it costs."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from portal.cocreation.actions.joining import join_project
from portal.cocreation.models.projects import Ending, Project
from portal.cocreation.models.together import Input, Meeting, Need, NeedKind, ProjectDecision, Update, Use, Way
from portal.cocreation.phases import Phase
from portal.cocreation.queries.page import project_page
from portal.cocreation.typology import ProjectType
from portal.kernel import clock
from portal.kernel.content import PublicationState, Ref
from portal.kernel.db import db
from portal.kernel.identity import SYSTEM
from portal.places.actions import PlaceDraft
from portal.search.actions import index
from tests.participation.talk import asked
from tests.support.cocreation import contributing, joined, started
from tests.support.ideas import published

SHOWN = PublicationState.PUBLISHED


def put(model: Any, project: Project, key: str, **values: Any) -> Any:
    """Put a text of the project straight in."""
    common = {"author_id": project.author_id, "byline": "Kontakt, Naboene", "language": "nb", "written_at": clock.now()}
    row = model(project_id=project.id, key=key, **{**common, "state": SHOWN, **values})
    db.session.add(row)
    db.session.commit()
    return row


def need(project: Project, title: str, **values: Any) -> Need:
    made: Need = put(Need, project, title, title=title, **{"kind": NeedKind.HOURS, "capacity": 3, **values})
    return made


def meeting(project: Project, title: str, days: int, **values: Any) -> None:
    at = clock.now() + timedelta(days=days)
    put(Meeting, project, title, title=title, starts_at=at, ends_at=at + timedelta(hours=1), **values)


def page_of(visitor: Any, project: Project, reader: str | None = None) -> Any:
    browser = visitor(reader)
    return browser.follow(browser.get("cocreation.permanent", 301, project_id=project.id))


def test_the_page_says_what_it_is_where_it_stands_and_who_is_behind(cast: Any, visitor: Any) -> None:
    project = started(cast.actor("resident"), goal="Ingen spiser alene.", goals=(3,), summary="Middag hver torsdag.")
    joined(cast.actor("resident"), project, cast.actor("volunteer"))
    project.type, project.phase = ProjectType.FACILITATING, Phase.PLAN
    db.session.commit()
    page = page_of(visitor, project)
    for words in ("Ingen spiser alene.", "Middag hver torsdag.", "Startet av Naboene", "2 parter", "Daglig leder"):
        assert words in page.words
    assert "Fasiliterende" in page.words
    assert page.one("[aria-current=step]").get_text(" ", strip=True).startswith("3")
    assert page.one(".project-parts [aria-current=page]").get_text() == "Om prosjektet"


def test_an_old_name_in_the_address_leads_to_the_new_one(cast: Any, visitor: Any) -> None:
    project = started(cast.actor("resident"))
    gone = visitor().get("cocreation.show", 301, project_id=project.id, slug="et-annet-navn")
    assert gone.response.headers["Location"].endswith("-middag-sammen-i-heggedal")


def test_open_needs_are_shown_with_places_left_and_the_others_are_not(cast: Any, visitor: Any) -> None:
    project = started(cast.actor("resident"))
    need(project, "Kokker", taken=1)
    need(project, "Fullt", taken=3)
    need(project, "Lukket", closed_at=clock.now())
    need(project, "Venter", state=PublicationState.PENDING)
    main = page_of(visitor, project).main.get_text(" ")
    assert "Kokker" in main
    assert "2 plasser igjen" in main
    for title in ("Fullt", "Lukket", "Venter"):
        assert title not in main.replace("Venter på", "")
    assert "Venter på moderator" in page_of(visitor, project, "resident").words


def test_the_next_meeting_is_the_nearest_that_is_neither_over_nor_cancelled(cast: Any, visitor: Any) -> None:
    project = started(cast.actor("resident"))
    meeting(project, "Forrige måned", -30)
    meeting(project, "Avlyst møte", 1, cancelled_at=clock.now())
    meeting(project, "Neste uke", 7)
    meeting(project, "Om en måned", 30)
    words = page_of(visitor, project).words
    assert "Neste uke" in words
    for title in ("Forrige måned", "Avlyst møte", "Om en måned"):
        assert title not in words


def test_the_latest_news_and_decision_are_shown_and_inputs_are_counted(cast: Any, visitor: Any) -> None:
    project = started(cast.actor("resident"))
    for title in ("Første nytt", "Siste nytt fra kjøkkenet"):
        put(Update, project, title, title=title, text="Vi har **kjeler**.")
    put(Update, project, "venter", title="Uleste nyheter", text="…", state=PublicationState.PENDING)
    for day, what in ((2, "Vi lager suppe"), (1, "Vi lager gryte")):
        day_of = clock.today() - timedelta(days=day)
        put(ProjectDecision, project, what, what=what, why="Billig", decided_by="Styringsgruppa", decided_on=day_of)
    put(Input, project, "i1", way=Way.DIGITAL, text="Husk de som ikke tåler melk")
    put(Input, project, "i2", way=Way.DIGITAL, text="Om torsdagen", use=Use.USED, answer="Ja", answered_at=clock.now())
    words = page_of(visitor, project).words
    for shown in ("Siste nytt fra kjøkkenet", "Vi har kjeler.", "Vi lager gryte"):
        assert shown in words
    for left_out in ("Første nytt", "Uleste nyheter", "Vi lager suppe"):
        assert left_out not in words


def test_a_project_that_is_over_tells_how_it_went_and_takes_nobody_in(cast: Any, visitor: Any) -> None:
    project = started(cast.actor("resident"))
    need(project, "Kokker")
    project.ended_at, project.ending, project.learning = clock.now(), Ending.FAILED, "Vi begynte for seint."
    db.session.commit()
    for reader in (None, "resident2"):
        page = page_of(visitor, project, reader)
        assert "Det gikk ikke som vi ville" in page.words
        assert "Vi begynte for seint." in page.words
        assert "Bli med" not in page.words
        assert "Kokker" not in page.words


def test_what_one_can_do_follows_from_what_one_is(cast: Any, visitor: Any) -> None:
    owner = cast.actor("resident")
    project = started(owner)
    joined(owner, project, cast.actor("volunteer"))
    contributing(owner, project, cast.actor("business"))
    join_project(cast.actor("knowledge"), project.id)
    join = f"/samskaping/{project.id}/bli-med"

    def does(reader: str | None) -> set[str]:
        links = {str(each["href"]) for each in page_of(visitor, project, reader).all("main a[href]")}
        return {each.split("#")[0] for each in links}

    assert join in does(None)
    assert join in does("resident2")
    assert join not in does("volunteer")
    assert f"/samskaping/{project.id}/endre" in does("resident")
    assert f"/samskaping/{project.id}/endre" not in does("volunteer")
    assert f"/samskaping/{project.id}/type/svar" in does("volunteer")
    assert f"/samskaping/{project.id}/type/svar" not in does("business")
    assert "1 vil bli med" in page_of(visitor, project, "resident").words
    assert "Du har bedt om å få bli med" in page_of(visitor, project, "knowledge").words


@pytest.mark.parametrize(
    "state", [PublicationState.HIDDEN, PublicationState.CHANGES_REQUESTED, PublicationState.PENDING]
)
def test_what_moderation_holds_back_is_for_its_members_and_those_who_look_after_it(
    state: PublicationState, cast: Any, visitor: Any
) -> None:
    project = started(cast.actor("resident"))
    contributing(cast.actor("resident"), project, cast.actor("volunteer"))
    project.state = state
    db.session.commit()
    at = {"project_id": project.id, "slug": "middag-sammen-i-heggedal"}
    for reader in (None, "resident2", "employee"):
        visitor(reader).get("cocreation.show", 404, **at)
        visitor(reader).get("cocreation_projects.parties", 404, project_id=project.id)
        visitor(reader).get("cocreation.versions", 404, project_id=project.id)
    for reader in ("resident", "volunteer", "moderator", "adviser"):
        page = visitor(reader).get("cocreation.show", **at)
        assert page.all("meta[name=robots]")


def test_an_origin_that_is_hidden_is_no_longer_shown(cast: Any, visitor: Any) -> None:
    idea = published(cast.actor("resident2"), "En idé om suppe")
    index(SYSTEM, "idea", [idea.id])
    project = started(cast.actor("resident"))
    project.origin_kind, project.origin_id = "idea", idea.id
    db.session.commit()
    assert "En idé om suppe" in page_of(visitor, project).words
    idea.state = PublicationState.HIDDEN
    db.session.commit()
    index(SYSTEM, "idea", [idea.id])
    assert "En idé om suppe" not in page_of(visitor, project).words


@pytest.mark.parametrize("reader", [None, "resident", "resident2", "volunteer", "adviser", "moderator"])
def test_a_full_page_costs_at_most_eight_statements(
    reader: str | None, cast: Any, visitor: Any, count_queries: Any
) -> None:
    owner = cast.actor("resident")
    place = PlaceDraft(latitude=59.787, longitude=10.437, address="Heggedal stasjon")
    project = started(owner, goals=(3, 11), indicators=(108, 101), place=place)
    idea = published(cast.actor("resident2"))
    project.origin_kind, project.origin_id = "idea", idea.id
    db.session.commit()
    joined(owner, project, cast.actor("volunteer"))
    for number in range(9):
        need(project, f"Behov {number}")
        meeting(project, f"Møte {number}", number + 1)
        put(Update, project, f"Nytt {number}", title=f"Nytt {number}", text="Noe")
    index(SYSTEM, "idea", [idea.id])
    question = asked(cast.actor("resident2"), "Når begynner dere?", ref=Ref("project", project.id))
    asked(owner, "På torsdag.", ref=Ref("contribution", question.id))
    page = page_of(visitor, project)
    for words in ("Se 4 til", "Startet fra:", "Fargen prosjektet vil endre", "Når begynner dere?", "På torsdag."):
        assert words in page.words
    browser, project_id = visitor(reader), project.id
    with count_queries(at_most=8):
        browser.get("cocreation.show", project_id=project_id, slug="middag-sammen-i-heggedal")


def test_a_signed_out_reader_gets_no_cookie(cast: Any, visitor: Any) -> None:
    page = page_of(visitor, started(cast.actor("resident")))
    assert "Set-Cookie" not in page.response.headers
    assert not page.all("main form[method=post]")


def test_a_limited_reader_is_offered_nothing(cast: Any) -> None:
    project = started(cast.actor("resident"))
    limited = replace(cast.actor("resident2"), limited_until=clock.now() + timedelta(days=1))
    page = project_page(limited, project.id)
    assert not page.frame.may.join
    assert page.panel.may == frozenset({"read"})
