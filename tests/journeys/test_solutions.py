"""Who else has solved it, what worked becomes a solution, and the colours a solution can change."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from portal.cocreation.models.projects import Ending, Project
from portal.goals.actions import link
from portal.ideas.models.ideas import Idea
from portal.ideas.stages import Stage
from portal.kernel import clock
from portal.kernel.content import Ref
from portal.kernel.db import atomic, db
from portal.observatorium.catalogue import row_number
from portal.solutions.actions.sharing import share_solution
from tests.observatorium.published import a_published_round
from tests.solutions.adopting import HERE, adopted
from tests.support.cast import Cast
from tests.support.cocreation import started
from tests.support.ideas import published
from tests.support.page import Page, Visitor
from tests.support.solutions import draft, shared

Open = Callable[..., Visitor]
NUMBER = "2.6"
INDICATOR = row_number(NUMBER)


@atomic
def realise(idea_id: int) -> None:
    """Let an idea be realised, as its case would in the end."""
    idea = db.session.get_one(Idea, idea_id)
    idea.stage, idea.stage_since = Stage.REALISED, clock.now()


def an_idea(cast: Cast) -> Idea:
    """Return an idea that wants to change the indicator's colour."""
    idea = published(cast.actor("resident"))
    link(cast.actor("resident"), Ref("idea", idea.id), "indicator", [INDICATOR])
    return idea


def idea_page(reader: Visitor, idea: Idea) -> Page:
    return reader.get("ideas.show", idea_id=idea.id, slug="nattbuss-til-heggedal")


def project_page(reader: Visitor, project: Project) -> Page:
    return reader.get("cocreation.show", project_id=project.id, slug="middag-sammen-i-heggedal")


@atomic
def end(project_id: int, ending: Ending) -> None:
    """Let a project be over, as its owner would through the gates."""
    project = db.session.get_one(Project, project_id)
    project.ended_at, project.ending, project.learning = clock.now(), ending, "Begynn smått."


def an_ended_project(cast: Cast, ending: Ending = Ending.SUCCEEDED) -> Project:
    """Return a project that is over."""
    project = started(cast.actor("volunteer"), indicators=(INDICATOR,))
    end(project.id, ending)
    return project


def makes(page: Page, ref: Ref) -> bool:
    """Say whether a page leads to making a solution of a thing."""
    return any(f"/losninger/ny?fra={ref}" in str(each["href"]).replace("%3A", ":") for each in page.all("a[href]"))


def test_an_indicator_shows_who_has_solved_it_those_most_others_use_first(cast: Cast, visitor: Open) -> None:
    shared(cast.actor("employee"), "Nattbuss på bestilling", indicators=(INDICATOR,))
    used = shared(cast.actor("partner"), "Samkjøring", indicators=(INDICATOR,))
    adopted(cast.actor("adviser"), used, HERE)
    share_solution(cast.actor("employee"), draft("Ring 22 22 22 22", indicators=(INDICATOR,)))
    page = visitor().get("observatorium.indicator", number=NUMBER)
    part = page.words.split("Hvem har løst det?")[1]
    assert part.index("Samkjøring") < part.index("1 annen har den i bruk") < part.index("Nattbuss på bestilling")
    assert "Ring 22" not in page.words


def test_an_indicator_nobody_has_solved_invites_those_who_may_share(visitor: Open) -> None:
    resident = visitor("resident").get("observatorium.indicator", number=NUMBER)
    employee = visitor("employee").get("observatorium.indicator", number=NUMBER)
    assert "Ingen har delt en løsning på dette ennå" in resident.words
    assert "Del en løsning" not in resident.words
    assert employee.all('a[href="/losninger/ny"]')


def test_an_idea_shows_what_came_of_it_and_what_helps_with_the_same(cast: Cast, visitor: Open) -> None:
    idea = an_idea(cast)
    ref = Ref("idea", idea.id)
    shared(cast.actor("employee"), "Nattbuss på bestilling", origin=ref)
    shared(cast.actor("partner"), "Samkjøring", indicators=(INDICATOR,))
    shared(cast.actor("partner"), "Lekser på nett", indicators=(row_number("1.1"),))
    page = idea_page(visitor(), idea)
    assert "Nattbuss på bestilling" in page.words
    assert "Samkjøring" in page.words
    assert "Lekser på nett" not in page.words


@pytest.mark.parametrize(("name", "may"), [(None, False), ("resident", False), ("employee", True), ("partner", True)])
def test_a_realised_idea_can_be_made_a_solution_by_those_who_may_share(
    cast: Cast, visitor: Open, name: str | None, may: bool
) -> None:
    idea = an_idea(cast)
    ref = Ref("idea", idea.id)
    assert not makes(idea_page(visitor(name), idea), ref)
    realise(idea.id)
    assert makes(idea_page(visitor(name), idea), ref) is may


@pytest.mark.parametrize(
    ("ending", "may"),
    [(Ending.SUCCEEDED, True), (Ending.PARTLY, True), (Ending.FAILED, False), (Ending.STOPPED, False)],
)
def test_a_project_that_worked_can_be_made_a_solution(cast: Cast, visitor: Open, ending: Ending, may: bool) -> None:
    project = an_ended_project(cast, ending)
    ref = Ref("project", project.id)
    assert makes(project_page(visitor("employee"), project), ref) is may
    assert makes(visitor("employee").get("cocreation_process.evaluate", project_id=project.id), ref) is may
    assert not makes(project_page(visitor("resident"), project), ref)


def test_a_project_shows_the_solution_it_became_and_how_many_use_it(cast: Cast, visitor: Open) -> None:
    project = an_ended_project(cast)
    solution = shared(cast.actor("employee"), "Middag for alle", origin=Ref("project", project.id))
    adopted(cast.actor("partner"), solution)
    page = project_page(visitor(), project)
    assert page.all(f'a[href="/losninger/{solution.id}-middag-for-alle"]')
    assert "1 annen har den i bruk" in page.words


def test_a_project_under_way_says_nothing_of_solutions_when_there_are_none(cast: Cast, visitor: Open) -> None:
    assert not project_page(visitor("employee"), started(cast.actor("volunteer"))).all("#losninger")


def test_a_solution_shows_the_colours_it_can_change(cast: Cast, visitor: Open) -> None:
    a_published_round(cast)
    solution = shared(cast.actor("employee"), indicators=(INDICATOR,))
    page = visitor().get("solutions.show", solution_id=solution.id, slug="middag-sammen")
    assert "Fargen løsningen kan endre" in page.words
    assert page.all(".what-next__colours li")


def test_the_pages_keep_within_eight_statements(cast: Cast, visitor: Open, count_queries: Any) -> None:
    a_published_round(cast)
    idea, project = an_idea(cast), an_ended_project(cast)
    realise(idea.id)
    for number in range(5):
        solution = shared(cast.actor("employee"), f"Løsning {number}", indicators=(INDICATOR,))
        adopted(cast.actor("partner"), solution)
    reader = visitor("employee")
    opened: list[Callable[[], Page]] = [
        lambda: reader.get("observatorium.indicator", number=NUMBER),
        lambda: idea_page(reader, idea),
        lambda: project_page(reader, project),
        lambda: reader.get("solutions.show", solution_id=solution.id, slug="losning-4"),
    ]
    for page in opened:
        page()
        with count_queries(at_most=8):
            page()
