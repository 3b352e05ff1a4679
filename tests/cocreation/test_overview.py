"""The staff's overview: what it counts, the quiet ones, the drift of the type, and the file."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from portal.cocreation.models.classifying import Classification
from portal.cocreation.models.projects import Party, Project
from portal.cocreation.phases import Phase
from portal.cocreation.queries.overview import QUIET_DAYS, Filters, Sort, overview_page
from portal.cocreation.typology import VERSION, ProjectType
from portal.kernel import clock
from portal.kernel.content import PublicationState
from portal.kernel.db import db
from portal.kernel.errors import Forbidden
from tests.cocreation.test_listing import change, copies
from tests.support.cocreation import joined, started


def answered(project: Project, *steps: int) -> None:
    """Put an answer to the four steps straight in, from the first party."""
    party = db.session.query(Party).where(Party.project_id == project.id).order_by(Party.id).first()
    checks = dict.fromkeys(("goal_locked", "frame_locked", "could_end_elsewhere"), False)
    said = dict(zip(("problem", "goals", "design", "carry_out"), steps, strict=True))
    row = Classification(project_id=project.id, party_id=party.id, phase=Phase.NEED, **said, **checks)
    row.rule_version, row.answered_at = VERSION, clock.now()
    db.session.add(row)
    db.session.commit()


def titles(page: Any) -> list[str]:
    return [
        each.get_text(strip=True)
        for each in page.all("tbody th a[href*='samskaping/']")
        if "styring" not in each["href"]
    ]


def test_only_those_who_follow_up_see_it(cast: Any, visitor: Any) -> None:
    for name in ("resident", "moderator", "coordinator", "partner", "admin"):
        visitor(name).get("cocreation_overview.index", 403)
        visitor(name).get("cocreation_overview.file", 403)
        with pytest.raises(Forbidden):
            overview_page(cast.actor(name), Filters(), None)
    for name in ("employee", "adviser"):
        assert "Samskapingsprosjekter" in visitor(name).get("home.front").words
        visitor(name).get("cocreation_overview.index")


def test_what_waits_is_for_those_who_read_it(cast: Any, visitor: Any) -> None:
    project = started(cast.actor("resident"))
    change(project, state=PublicationState.PENDING)
    assert titles(visitor("adviser").get("cocreation_overview.index")) == [project.title]
    assert titles(visitor("employee").get("cocreation_overview.index")) == []
    change(project, state=PublicationState.WITHDRAWN)
    assert titles(visitor("adviser").get("cocreation_overview.index")) == []


def test_the_longest_without_a_sign_of_life_come_first_on_demand(cast: Any, visitor: Any) -> None:
    now = clock.now()
    for title, days in (("Livlig", 1), ("Stille", QUIET_DAYS + 40), ("Nesten stille", QUIET_DAYS - 1)):
        change(started(cast.actor("resident"), title), alive_at=now - timedelta(days=days))
    page = visitor("adviser").get("cocreation_overview.index", sorter="stale")
    assert titles(page) == ["Stille", "Nesten stille", "Livlig"]
    assert "100 dager siden" in page.words
    assert overview_page(cast.actor("adviser"), Filters(), None).figures.stale == 1


def test_a_type_that_differs_from_the_first_answer_has_drifted(cast: Any, visitor: Any) -> None:
    drifted, steady, unanswered = (started(cast.actor("resident"), title) for title in ("Drev", "Lå fast", "Uten"))
    answered(drifted, 0, 0, 1, 1)
    answered(drifted, 4, 4, 4, 3)
    change(drifted, type=ProjectType.FACILITATING)
    answered(steady, 2, 2, 2, 2)
    change(steady, type=ProjectType.EQUAL)
    change(unanswered, type=ProjectType.EQUAL)
    page = visitor("adviser").get("cocreation_overview.index", endret="1")
    assert titles(page) == ["Drev"]
    assert "Begynte som styrt" in page.words


def test_it_is_narrowed_by_type_phase_and_party(cast: Any, visitor: Any) -> None:
    one = started(cast.actor("resident"), "Teater")
    joined(cast.actor("resident"), one, cast.actor("volunteer"))
    started(cast.actor("resident"), "Noe annet")
    change(one, type=ProjectType.EQUAL, phase=Phase.PLAN)
    browser = visitor("adviser")
    for asked in ({"type": "equal"}, {"fase": "plan"}, {"part": "organisation"}):
        assert titles(browser.get("cocreation_overview.index", **asked)) == ["Teater"], asked
    assert titles(browser.get("cocreation_overview.index", type="apen")) == ["Noe annet"]
    assert titles(browser.get("cocreation_overview.index", mine="1")) == []


def test_the_figures_are_of_what_runs(cast: Any) -> None:
    one = started(cast.actor("resident"), "Teater")
    started(cast.actor("resident"), "Noe annet")
    change(one, type=ProjectType.EQUAL, phase=Phase.PLAN)
    figures = overview_page(cast.actor("adviser"), Filters(sort=Sort.STALE), None).figures
    assert (figures.running, figures.ended) == (2, 0)
    assert (figures.by_type[ProjectType.EQUAL], figures.by_type[None]) == (1, 1)
    assert (figures.by_phase[Phase.PLAN], figures.by_phase[Phase.NEED]) == (1, 1)


def test_the_file_has_no_formulas(cast: Any, visitor: Any) -> None:
    started(cast.actor("resident"), "=HYPERLINK(1)")
    text = visitor("adviser").get("cocreation_overview.file").text
    assert ";'=HYPERLINK(1);" in text
    assert cast.resident.name not in text


def test_a_thousand_projects_cost_at_most_eight_statements(cast: Any, visitor: Any, count_queries: Any) -> None:
    project = started(cast.actor("resident"))
    copies(project, 1000)
    browser = visitor("adviser")
    for asked in ({}, {"sorter": "stale", "type": "equal", "part": "residents", "endret": "1"}):
        with count_queries(at_most=8):
            page = browser.get("cocreation_overview.index", **asked)
    following = browser.get("cocreation_overview.index").one(".pagination a[rel=next]")["href"]
    assert titles(browser.get_url(str(following)))
    assert page.status == 200
