"""The large demo: what it says is what there is, and the pages hold."""

from __future__ import annotations

from random import Random
from typing import Any

import pytest
import sqlalchemy as sa

from portal.cocreation.models.projects import Project
from portal.demo import large, places
from portal.ideas.models.ideas import Idea
from portal.ideas.models.thieves import TimeThief
from portal.kernel.db import db
from portal.kernel.slugs import slug
from portal.participation.models import Contribution, Support, Tally
from portal.search import upkeep
from portal.solutions.adoption import Step
from portal.solutions.models.adoptions import Adoption
from portal.solutions.models.solutions import Solution

IDEAS = 160
PROJECTS = 120
SOLUTIONS = 120
LISTS = (
    "/ideer/",
    "/ideer/?sorter=stottet",
    "/ideer/?visning=kart",
    "/ideer/?visning=tavle",
    "/ideer/?q=buss",
    "/kart/",
    "/tidstyver/",
    "/samskaping/",
    "/samskaping/?sorter=behov",
    "/samskaping/?q=stedet",
    "/samskaping/modellen/",
    "/samskaping/metoder/",
    "/losninger/",
    "/losninger/?sorter=in_use",
    "/losninger/?q=mentorordning",
    "/losninger/?tema=health",
    "/losninger/?tema=health&kostnad=low&sorter=in_use",
    "/sok/?q=bibliotek",
    "/mal/3/",
    "/observatorium/indikatorer/2.6/",
    "/portefolje/",
    "/api/v1/ideas",
    "/api/v1/time-thieves",
    "/api/v1/projects",
    "/api/v1/solutions",
)


@pytest.fixture
def filled(cast: Any) -> None:
    places.make_neighbourhoods()
    sizes = {"ideas": IDEAS, "projects": PROJECTS, "solutions": SOLUTIONS}
    large.fill(Random(1), lambda _what: None, raters=0, **sizes)  # noqa: S311 - made-up content
    if db.engine.dialect.name == "postgresql":
        # The planner last looked when the tables were empty. Ours by name: the server's own are locked for others too.
        db.session.execute(sa.text(f"ANALYZE {', '.join(sorted(db.metadata.tables))}"))
        db.session.commit()
    upkeep.rebuild()


def count(model: Any) -> int:
    return db.session.scalar(sa.select(sa.func.count()).select_from(model)) or 0


def test_the_counters_say_what_there_is(filled: None) -> None:
    assert count(Idea) == IDEAS
    assert count(Support) == IDEAS * large.SUPPORTS
    assert count(Contribution) == IDEAS * large.ARGUMENTS
    assert count(TimeThief) == IDEAS // 8
    assert count(Project) == PROJECTS
    assert count(Solution) == SOLUTIONS
    using = sa.select(sa.func.count()).select_from(Adoption).where(Adoption.step == Step.IN_USE)
    assert db.session.scalar(sa.select(sa.func.sum(Solution.in_use))) == db.session.scalar(using) != 0
    totals = sa.select(sa.func.sum(Tally.supports), sa.func.sum(Tally.arguments_for + Tally.arguments_against))
    assert tuple(db.session.execute(totals).one()) == (IDEAS * large.SUPPORTS, IDEAS * large.ARGUMENTS)


def test_every_list_keeps_within_eight_statements(filled: None, visitor: Any, count_queries: Any) -> None:
    reader = visitor()
    for path in LISTS:
        with count_queries(at_most=8):
            reader.get_url(path)


def test_an_idea_page_keeps_within_eight_statements(filled: None, visitor: Any, count_queries: Any) -> None:
    idea_id, title = db.session.execute(sa.select(Idea.id, Idea.title).order_by(Idea.id.desc()).limit(1)).one()
    reader = visitor("resident")
    reader.get_url("/konto/")  # signed in, and seen
    with count_queries(at_most=8):
        reader.get("ideas.show", idea_id=idea_id, slug=slug(title))


def test_the_pages_of_a_project_keep_within_eight_statements(filled: None, visitor: Any, count_queries: Any) -> None:
    project_id = db.session.scalar(sa.select(sa.func.max(Project.id)))
    reader = visitor("resident")
    reader.get_url("/konto/")
    for part in ("partene", "type", "avtale", "faser", "bidra", "moter", "nytt", "beslutninger", "innspill"):
        with count_queries(at_most=8):
            reader.get_url(f"/samskaping/{project_id}/{part}")
    address = f"/samskaping/{project_id}-sammen-om-stedet-vart-nummer-{project_id}"
    with count_queries(at_most=8):
        reader.get_url(address)


def test_the_pages_of_a_solution_keep_within_eight_statements(filled: None, visitor: Any, count_queries: Any) -> None:
    most = sa.select(Solution.id, Solution.title).order_by(Solution.in_use.desc(), Solution.id.desc()).limit(1)
    solution_id, title = db.session.execute(most).one()
    reader = visitor("resident")
    reader.get_url("/konto/")
    with count_queries(at_most=8):
        reader.get("solutions.show", solution_id=solution_id, slug=slug(title))
    with count_queries(at_most=8):
        reader.get("solutions_adopting.spread", solution_id=solution_id)
