"""The risks of a project: for its own people and the staff who follow it up, and never overwritten unseen."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
import sqlalchemy as sa

from portal.cocreation.actions.process import RiskDraft, change_risk, enter_risk
from portal.cocreation.models.process import Risk
from portal.cocreation.models.projects import Project
from portal.cocreation.queries.process import Level, level, risks_page
from portal.kernel.db import db
from portal.kernel.errors import Conflict, Invalid, NotFound
from portal.kernel.identity import ANONYMOUS
from tests.cocreation.doing import allowed
from tests.support.cast import Cast
from tests.support.cocreation import contributing, joined, started
from tests.support.page import Visitor

Open = Callable[..., Visitor]


def risk(what: str = "For få frivillige i ferien", **values: Any) -> RiskDraft:
    return RiskDraft(**{"what": what, "likelihood": 4, "consequence": 3, "measure": "Spør skolen.", **values})


@pytest.fixture
def project(cast: Cast) -> Project:
    made = started(cast.actor("resident"))
    joined(cast.actor("resident"), made, cast.actor("volunteer"))
    contributing(cast.actor("resident"), made, cast.actor("business"))
    return made


@pytest.mark.parametrize(
    ("likelihood", "consequence", "found"),
    [(1, 1, "green"), (4, 1, "green"), (5, 1, "yellow"), (3, 4, "yellow"), (3, 5, "red"), (5, 5, "red")],
)
def test_how_serious_a_risk_is_follows_from_likelihood_and_consequence(
    likelihood: int, consequence: int, found: str
) -> None:
    assert level(likelihood, consequence) is Level(found)


def test_a_member_enters_a_risk_and_it_stands_in_its_cell_and_in_the_list(visitor: Open, project: Project) -> None:
    browser = visitor("business")
    form = browser.get("cocreation_process.risk_new", project_id=project.id).form("main form[action$='/risiko/ny']")
    filled = form | {
        "what": "For få frivillige i ferien",
        "likelihood": "5",
        "consequence": "4",
        "measure": "Spør skolen i god tid.",
        "responsible": "Daglig leder",
    }
    browser.post("cocreation_process.risk_new", project_id=project.id, _data=filled)
    page = browser.get("cocreation_process.risks", project_id=project.id)
    link = page.one(".risk-matrix__risk")
    cell = link.find_parent("td")
    assert cell is not None
    assert (cell["data-level"], "Høy" in cell.get_text()) == ("red", True)
    row = page.one(str(link["href"])).get_text(" ", strip=True)
    for words in ("For få frivillige i ferien", "Nesten sikkert", "Alvorlig", "Spør skolen i god tid.", "Daglig leder"):
        assert words in row


def test_the_most_serious_stand_first_and_the_closed_by_themselves(cast: Cast, project: Project) -> None:
    owner = cast.actor("resident")
    for what, likelihood in (("Liten", 1), ("Stor", 5), ("Middels", 3)):
        enter_risk(owner, project.id, risk(what, likelihood=likelihood))
    stor = db.session.scalars(sa.select(Risk).where(Risk.what == "Stor")).one()
    change_risk(owner, project.id, stor.id, risk("Stor", version=stor.version), closes=True)
    page = risks_page(owner, project.id)
    assert ([each.what for each in page.risks], [each.what for each in page.closed]) == (["Middels", "Liten"], ["Stor"])


def test_a_risk_is_closed_and_opened_again_from_its_page(visitor: Open, cast: Cast, project: Project) -> None:
    made = enter_risk(cast.actor("resident"), project.id, risk())
    browser = visitor("volunteer")
    where = {"project_id": project.id, "risk_id": made.id}
    form = browser.get("cocreation_process.risk_change", **where).form(f"main form[action$='/risiko/{made.id}']")
    assert (form["likelihood"], form["consequence"], form["measure"]) == ("4", "3", "Spør skolen.")
    browser.post("cocreation_process.risk_change", _data=form | {"gjor": "lukk"}, **where)
    assert stored().closed_at is not None
    again = browser.get("cocreation_process.risk_change", **where).form(f"main form[action$='/risiko/{made.id}']")
    browser.post("cocreation_process.risk_change", _data=again, **where)
    assert stored().closed_at is None


def test_what_another_has_changed_meanwhile_is_not_overwritten(visitor: Open, cast: Cast, project: Project) -> None:
    made = enter_risk(cast.actor("resident"), project.id, risk())
    browser = visitor("volunteer")
    where = {"project_id": project.id, "risk_id": made.id}
    form = browser.get("cocreation_process.risk_change", **where).form(f"main form[action$='/risiko/{made.id}']")
    change_risk(cast.actor("resident"), project.id, made.id, risk(measure="Spør kirken.", version=made.version))
    mine = form | {"measure": "Spør idrettslaget."}
    told = browser.post("cocreation_process.risk_change", _data=mine, _status=409, **where)
    assert "Spør kirken." in told.words, "what stands now"
    again = told.form(f"main form[action$='/risiko/{made.id}']")
    assert again["measure"] == "Spør idrettslaget."
    browser.post("cocreation_process.risk_change", _data=again, **where)
    assert stored().measure == "Spør idrettslaget."


def test_a_stale_version_is_refused_by_the_action(cast: Cast, project: Project) -> None:
    made = enter_risk(cast.actor("resident"), project.id, risk())
    for version in (None, made.version + 1):
        with pytest.raises(Conflict):
            change_risk(cast.actor("resident"), project.id, made.id, risk(version=version))


def test_a_risk_of_another_project_is_not_found(cast: Cast, project: Project) -> None:
    other = started(cast.actor("resident"), "Et annet prosjekt")
    made = enter_risk(cast.actor("resident"), other.id, risk())
    with pytest.raises(NotFound):
        change_risk(cast.actor("resident"), project.id, made.id, risk(version=made.version))


def test_the_same_risk_twice_is_one(cast: Cast, project: Project) -> None:
    first = enter_risk(cast.actor("resident"), project.id, risk())
    assert enter_risk(cast.actor("resident"), project.id, risk()).id == first.id


@pytest.mark.parametrize(
    ("values", "field"),
    [({"what": " "}, "what"), ({"likelihood": 0}, "likelihood"), ({"consequence": 6}, "consequence")],
)
def test_a_risk_is_something_with_both_judged(cast: Cast, project: Project, values: dict[str, Any], field: str) -> None:
    with pytest.raises(Invalid) as refused:
        enter_risk(cast.actor("resident"), project.id, risk(**values))
    assert refused.value.field == field


@pytest.mark.parametrize(
    ("person", "sees", "enters"),
    [
        ("resident", True, True),
        ("volunteer", True, True),
        ("business", True, True),
        ("adviser", True, False),
        ("employee", False, False),  # of another service area
        ("moderator", False, False),
        ("resident2", False, False),
        (None, False, False),
    ],
)
def test_its_people_see_and_enter_risks_and_advisers_see_them(
    cast: Cast, project: Project, person: str | None, *, sees: bool, enters: bool
) -> None:
    actor = cast.actor(person) if person else ANONYMOUS
    assert allowed(lambda: risks_page(actor, project.id)) is sees
    assert allowed(lambda: enter_risk(actor, project.id, risk())) is enters


def test_the_page_of_risks_takes_few_statements_however_many(
    visitor: Open, cast: Cast, project: Project, count_queries: Any
) -> None:
    for number in range(30):
        enter_risk(cast.actor("resident"), project.id, risk(f"Risiko {number}", likelihood=1 + number % 5))
    project_id, browser = project.id, visitor("resident")
    with count_queries(at_most=8):
        browser.get("cocreation_process.risks", project_id=project_id)


def stored() -> Risk:
    return db.session.scalars(sa.select(Risk).execution_options(populate_existing=True)).one()
