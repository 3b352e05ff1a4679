"""From an idea or an indicator to a project, and the colours a project wants to change."""

from __future__ import annotations

from typing import Any

from portal.cocreation.actions.projects import PartyDraft, ProjectDraft, start_project
from portal.cocreation.models.projects import PartyKind, Project
from portal.kernel.content import Ref
from portal.observatorium.catalogue import row_number
from tests.observatorium.published import a_published_round
from tests.support.cocreation import shown, started
from tests.support.ideas import published

INDICATOR = "2.6"


def from_an_idea(cast: Any, *, is_shown: bool = True) -> tuple[Any, Project]:
    idea = published(cast.actor("resident"))
    draft = ProjectDraft(title="Nattbuss på dugnad", challenge="Bussen går ikke om natten.")
    party = PartyDraft(kind=PartyKind.RESIDENTS, name="Foreldrene")
    project = start_project(cast.actor("resident2"), draft, party, origin=Ref("idea", idea.id))
    if is_shown:
        shown(Ref("project", project.id))
    return idea, project


def test_an_idea_leads_to_the_projects_that_came_of_it(cast: Any, visitor: Any) -> None:
    idea, project = from_an_idea(cast)
    page = visitor().get_url(f"/ideer/{idea.id}-nattbuss-til-heggedal")
    assert f"/samskaping/{project.id}-nattbuss-pa-dugnad" in page.text
    assert f"/samskaping/ny?fra=idea:{idea.id}" in page.text.replace("%3A", ":")


def test_a_project_that_waits_for_moderation_is_not_told_of(cast: Any, visitor: Any) -> None:
    idea, _project = from_an_idea(cast, is_shown=False)
    assert "Nattbuss på dugnad" not in visitor().get_url(f"/ideer/{idea.id}-nattbuss-til-heggedal").text


def test_an_indicator_leads_to_the_projects_that_want_to_move_it_and_they_show_its_colours(
    cast: Any, visitor: Any
) -> None:
    a_published_round(cast)
    project = started(cast.actor("resident"), indicators=(row_number(INDICATOR),))
    page = visitor().get("observatorium.indicator", number=INDICATOR)
    assert f"/samskaping/{project.id}-" in page.text
    shown_there = visitor().get("cocreation.show", project_id=project.id, slug="middag-sammen-i-heggedal")
    assert "Fargen prosjektet vil endre" in shown_there.text
    assert shown_there.html.select(".what-next__colours li")


def test_the_pages_keep_within_eight_statements(cast: Any, visitor: Any, count_queries: Any) -> None:
    idea, _project = from_an_idea(cast)
    started(cast.actor("resident"), indicators=(row_number(INDICATOR),))
    reader = visitor("volunteer")
    reader.get("observatorium.indicator", number=INDICATOR)
    for path in (f"/ideer/{idea.id}-nattbuss-til-heggedal", f"/observatorium/indikatorer/{INDICATOR}/"):
        with count_queries(at_most=8):
            reader.get_url(path)
