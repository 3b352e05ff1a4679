"""Starting a project, changing its words, and taking it back."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from functools import partial
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask

from portal.accounts.actions.settings import ServiceAreaDraft, add_service_area
from portal.cocreation.actions.joining import change_member, leave_project
from portal.cocreation.actions.parties import PartyDraft
from portal.cocreation.actions.projects import ProjectDraft, edit_project, start_project, withdraw_project
from portal.cocreation.membership import find, owners
from portal.cocreation.models.projects import MemberRole, Part, Party, PartyKind, Project, ProjectVersion
from portal.goals.actions import link
from portal.goals.queries import links
from portal.kernel import clock
from portal.kernel.content import PublicationState, Ref
from portal.kernel.db import db
from portal.kernel.errors import Conflict, Forbidden, Invalid, NotFound
from portal.kernel.identity import ANONYMOUS, SYSTEM
from portal.places.actions import PlaceDraft
from portal.places.queries import location
from portal.portfolio.queries.panels import benefits
from portal.search.actions import index
from tests.ideas.test_at_once import people, together
from tests.support.cocreation import CHALLENGE, contributing, shown, started
from tests.support.ideas import begin_idea, published
from tests.support.ideas import draft as idea_draft

NEIGHBOURS = PartyDraft(kind=PartyKind.RESIDENTS, name="Naboene")
DRAFT = ProjectDraft(title="Middag sammen", challenge="Mange spiser alene.")


def the_project(title: str) -> Project:
    return db.session.scalars(sa.select(Project).where(Project.title == title)).one()


def first_party(project: Project) -> Party:
    return db.session.scalars(sa.select(Party).where(Party.project_id == project.id).order_by(Party.id)).all()[0]


def test_whoever_starts_a_project_owns_it_and_acts_for_its_first_party(cast: Any) -> None:
    resident = cast.actor("resident")
    project = started(resident)
    _project, member = find(resident, project.id)
    assert member is not None
    assert (member.role, member.title, owners(project.id)) == (MemberRole.OWNER, "Kontakt", [resident.id])


def test_the_same_form_twice_is_one_project(cast: Any) -> None:
    first = start_project(cast.actor("resident"), DRAFT, NEIGHBOURS, key="one")
    assert start_project(cast.actor("resident"), DRAFT, NEIGHBOURS, key="one").id == first.id


def test_nobody_starts_for_an_organisation_or_unit_that_is_not_theirs(cast: Any) -> None:
    others = PartyDraft(kind=PartyKind.ORGANISATION, name="Sentralen", organisation_id=cast.volunteer_organisation.id)
    with pytest.raises(Invalid):
        start_project(cast.actor("resident"), DRAFT, others)
    with pytest.raises(Invalid):
        start_project(cast.actor("resident"), DRAFT, PartyDraft(kind=PartyKind.MUNICIPALITY, name="Kommunen"))
    with pytest.raises(Forbidden):
        start_project(ANONYMOUS, DRAFT, NEIGHBOURS)


def test_an_employee_starts_for_their_own_part_of_the_municipality_only(cast: Any) -> None:
    area = add_service_area(cast.actor("admin"), ServiceAreaDraft(name="Bydrift"))
    unit = PartyDraft(kind=PartyKind.MUNICIPALITY, name="Bydrift", service_area_id=area.id)
    with pytest.raises(Invalid):
        start_project(cast.actor("employee"), DRAFT, unit)
    at_home = replace(cast.actor("employee"), service_areas=frozenset({area.id}))
    assert start_project(at_home, DRAFT, unit).service_area_id == area.id


def test_a_limited_account_starts_nothing(cast: Any) -> None:
    limited = replace(cast.actor("resident"), limited_until=clock.now() + timedelta(days=1))
    with pytest.raises(Forbidden):
        start_project(limited, DRAFT, NEIGHBOURS)


def test_a_project_that_waits_is_for_its_members_and_moderators(cast: Any, visitor: Any) -> None:
    project = start_project(cast.actor("resident"), DRAFT, NEIGHBOURS)
    assert find(cast.actor("moderator"), project.id)[0].id == project.id
    for name in (None, "resident2", "employee"):
        visitor(name).get("cocreation.show", 404, project_id=project.id, slug="middag-sammen")
        assert "Middag sammen" not in visitor(name).get("cocreation.index").words
    page = visitor("resident").get("cocreation.show", project_id=project.id, slug="middag-sammen")
    assert "venter på en moderator" in page.words


def test_the_form_starts_a_project_with_what_was_filled_in(cast: Any, visitor: Any) -> None:
    browser = visitor("resident")
    form = browser.get("cocreation_projects.new").form("main form[method=post]")
    form |= {"title": "Sykkelverksted", "challenge": CHALLENGE, "goals": ["3", "11"], "party_name": "Syklistene"}
    receipt = browser.follow(browser.post("cocreation_projects.new", form))
    project = the_project("Sykkelverksted")
    assert "En moderator leser det" in receipt.words
    party = first_party(project)
    assert (party.name, party.contact_title, party.problem) == ("Syklistene", "Kontaktperson", Part.TOGETHER)
    assert links([Ref("project", project.id)])[Ref("project", project.id)] == [Ref("goal", 3), Ref("goal", 11)]
    browser.post("cocreation_projects.new", form)
    assert the_project("Sykkelverksted").id == project.id


def test_a_spokesperson_starts_for_the_organisation(cast: Any, visitor: Any) -> None:
    browser = visitor("volunteer")
    form = browser.get("cocreation_projects.new").form("main form[method=post]")
    assert form["party"] == f"o{cast.volunteer_organisation.id}"
    browser.post("cocreation_projects.new", form | {"title": "Leksehjelp", "challenge": CHALLENGE})
    assert first_party(the_project("Leksehjelp")).organisation_id == cast.volunteer_organisation.id


def test_what_is_missing_is_told_at_its_field_and_the_rest_is_kept(visitor: Any) -> None:
    browser = visitor("resident")
    form = browser.get("cocreation_projects.new").form("main form[method=post]") | {"challenge": "Noe viktig"}
    page = browser.post("cocreation_projects.new", form, 422)
    assert page.one("#title")["aria-invalid"] == "true"
    assert page.one("#challenge").get_text().strip() == "Noe viktig"


def test_an_idea_gives_its_words_and_what_it_serves_and_is_pointed_at(cast: Any, visitor: Any) -> None:
    idea = published(cast.actor("resident"))
    link(cast.actor("resident"), Ref("idea", idea.id), "goal", [11])
    link(cast.actor("resident"), Ref("idea", idea.id), "indicator", [108])
    browser = visitor("resident2")
    page = browser.get("cocreation_projects.new", fra=f"idea:{idea.id}")
    form = page.form("main form[method=post]")
    assert (form["title"], form["challenge"].strip()) == (idea.title, idea.challenge)
    assert (form["goals"], form["indicators"]) == ("11", "108")
    browser.post("cocreation_projects.new", form, fra=f"idea:{idea.id}")
    project = the_project(idea.title)
    assert (project.origin_kind, project.origin_id) == ("idea", idea.id)
    shown(Ref("project", project.id))
    index(SYSTEM, "idea", [idea.id])
    assert "Startet fra:" in visitor().follow(visitor().get("cocreation.permanent", 301, project_id=project.id)).words


def test_an_indicator_is_chosen_and_its_name_is_not_the_projects(visitor: Any) -> None:
    form = visitor("resident").get("cocreation_projects.new", fra="indicator:108").form("main form[method=post]")
    assert (form["title"], form["indicators"]) == ("", "108")


def test_nothing_is_told_of_an_origin_one_cannot_read(cast: Any, visitor: Any) -> None:
    secret = begin_idea(cast.actor("resident"), idea_draft("Hemmelig utkast"))
    browser = visitor("resident2")
    page = browser.get("cocreation_projects.new", fra=f"idea:{secret.id}")
    assert "Hemmelig" not in page.text
    form = page.form("main form[method=post]") | {"title": "Min egen", "challenge": CHALLENGE}
    browser.post("cocreation_projects.new", form, fra=f"idea:{secret.id}")
    assert the_project("Min egen").origin_id is None
    with pytest.raises(Forbidden):
        start_project(cast.actor("resident2"), DRAFT, NEIGHBOURS, origin=Ref("idea", secret.id))
    for nonsense in ("idea", "idea:x", "ting:1", "project:1", "file:1"):
        browser.get("cocreation_projects.new", fra=nonsense)


def test_what_was_shown_is_kept_and_the_difference_can_be_read(cast: Any, visitor: Any) -> None:
    owner = cast.actor("resident")
    project = started(owner)
    edited = edit_project(
        owner, project.id, replace(DRAFT, challenge="Mange eldre i Heggedal kjeder seg."), project.version
    )
    assert edited.state is PublicationState.PENDING
    kept = db.session.scalars(sa.select(ProjectVersion).where(ProjectVersion.project_id == project.id)).one()
    assert kept.challenge == CHALLENGE
    shown(Ref("project", project.id))
    page = visitor().get("cocreation.versions", project_id=project.id)
    assert page.all("ins")
    assert page.all("del")
    kept.hidden = True
    db.session.commit()
    assert not visitor().get("cocreation.versions", project_id=project.id).all("del")


def test_what_it_serves_changes_without_waiting_for_a_moderator(cast: Any) -> None:
    owner = cast.actor("resident")
    project = started(owner)
    same = ProjectDraft(
        title=project.title, challenge=CHALLENGE, goals=(4,), place=PlaceDraft(latitude=59.8, longitude=10.4)
    )
    assert edit_project(owner, project.id, same, project.version).state is PublicationState.PUBLISHED
    assert links([Ref("project", project.id)])[Ref("project", project.id)] == [Ref("goal", 4)]


def test_of_two_who_change_it_one_wins_and_the_other_loses_no_word(cast: Any, visitor: Any) -> None:
    project = started(cast.actor("resident"))
    first, second = visitor("resident"), visitor("resident")
    form = second.get("cocreation_projects.edit", project_id=project.id).form("main form[method=post]")
    mine = first.get("cocreation_projects.edit", project_id=project.id).form("main form[method=post]")
    first.post("cocreation_projects.edit", mine | {"goal": "Den førstes mål"}, project_id=project.id)
    page = second.post("cocreation_projects.edit", form | {"goal": "Den andres mål"}, 409, project_id=project.id)
    assert page.one("#goal").get_text().strip() == "Den andres mål"
    assert "Den førstes mål" in page.one(".description").get_text()
    again = page.form("main form[method=post]")
    second.post("cocreation_projects.edit", again, project_id=project.id)
    assert the_project(project.title).goal == "Den andres mål"


@pytest.mark.parametrize(
    ("name", "refused"),
    [("resident2", Forbidden), ("volunteer", Forbidden), ("moderator", Forbidden), ("adviser", Forbidden)],
)
def test_only_owners_change_it(cast: Any, visitor: Any, name: str, refused: type[Exception]) -> None:
    project = started(cast.actor("resident"))
    contributing(cast.actor("resident"), project, cast.actor("volunteer"))
    with pytest.raises(refused):
        edit_project(cast.actor(name), project.id, DRAFT, project.version)
    visitor(name).get("cocreation_projects.edit", 403, project_id=project.id)


def test_a_project_is_taken_back_with_all_it_said_while_nobody_else_is_in_it(cast: Any, visitor: Any) -> None:
    owner = cast.actor("resident")
    project = started(owner, goals=(3,), place=PlaceDraft(latitude=59.8, longitude=10.4))
    browser = visitor("resident")
    form = browser.get("cocreation_projects.withdraw", project_id=project.id).form("main form")
    browser.post("cocreation_projects.withdraw", form, project_id=project.id)
    ref = Ref("project", project.id)
    assert (project.state, project.title, project.challenge) == (PublicationState.WITHDRAWN, "", "")
    assert (links([ref])[ref], location(ref), benefits(ANONYMOUS, ref).benefits) == ([], None, [])
    browser.get("cocreation.permanent", 404, project_id=project.id)
    with pytest.raises(NotFound):
        find(owner, project.id)


def test_a_project_that_others_are_in_is_not_taken_back(cast: Any, visitor: Any) -> None:
    owner = cast.actor("resident")
    project = started(owner)
    contributing(owner, project, cast.actor("volunteer"))
    with pytest.raises(Conflict):
        withdraw_project(owner, project.id)
    with pytest.raises(Forbidden):
        withdraw_project(cast.actor("volunteer"), project.id)
    visitor("resident").get("cocreation_projects.withdraw", 409, project_id=project.id)


def test_ones_own_projects_are_listed_with_what_one_is_in_them(cast: Any, visitor: Any) -> None:
    start_project(cast.actor("resident"), DRAFT, NEIGHBOURS)
    started(cast.actor("resident2"), "Andres prosjekt")
    words = visitor("resident").get("cocreation_projects.mine").words
    assert "Middag sammen" in words
    assert "Eier" in words
    assert "Venter på moderator" in words
    assert "Andres prosjekt" not in words


def test_of_two_who_change_it_at_the_same_moment_one_is_told(own_app: Flask) -> None:
    with own_app.app_context():
        (owner,) = people(1)
        project = started(owner)
        project_id, version = project.id, project.version
        db.session.remove()

    def change(goal: str) -> Callable[[], Project]:
        words = ProjectDraft(title="Middag sammen", challenge=CHALLENGE, goal=goal)
        return lambda: edit_project(owner, project_id, words, version)

    came_of_it = together(own_app, [change(f"Mål {number}") for number in range(6)])
    assert len([each for each in came_of_it if isinstance(each, Conflict)]) == 5
    with own_app.app_context():
        kept = db.session.scalars(sa.select(ProjectVersion).where(ProjectVersion.project_id == project_id)).all()
        assert len(kept) == 1


def test_of_two_owners_who_leave_at_the_same_moment_one_stays(own_app: Flask) -> None:
    with own_app.app_context():
        first, second = people(2)
        project_id = started(first).id
        contributing(first, db.session.get_one(Project, project_id), second)
        change_member(first, project_id, second.id or 0, role=MemberRole.OWNER)
        db.session.remove()
    came_of_it = together(own_app, [partial(leave_project, each, project_id) for each in (first, second)])
    assert len([each for each in came_of_it if isinstance(each, Conflict)]) == 1
    with own_app.app_context():
        assert len(owners(project_id)) == 1
