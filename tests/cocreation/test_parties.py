"""Who makes a project, who is in it, and who may change that."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa

from portal.accounts.actions.settings import ServiceAreaDraft, add_service_area
from portal.accounts.models import Account
from portal.cocreation import membership
from portal.cocreation.actions import joining
from portal.cocreation.actions.joining import (
    accept_member,
    appoint_owner,
    change_member,
    join_project,
    leave_project,
    remove_member,
)
from portal.cocreation.actions.parties import PartyDraft, add_party, change_party, take_out_party
from portal.cocreation.models.projects import Ending, Member, MemberRole, Part, Party, PartyKind, Project
from portal.kernel import clock
from portal.kernel.db import db
from portal.kernel.errors import Conflict, Forbidden, Invalid, NotFound
from portal.kernel.identity import ANONYMOUS, Actor
from tests.support.cocreation import contributing, joined, started

CENTRE = PartyDraft(kind=PartyKind.ORGANISATION, name="Frivilligsentralen", contact_title="Daglig leder")


def member(project: Project, actor: Actor) -> Member | None:
    db.session.expire_all()
    return db.session.get(Member, (project.id, actor.id))


def own_party(project: Project, actor: Actor) -> int:
    found = member(project, actor)
    assert found is not None
    assert found.party_id is not None
    return found.party_id


def test_owners_add_change_and_take_out_parties(cast: Any) -> None:
    owner = cast.actor("resident")
    project = started(owner)
    party = add_party(owner, project.id, CENTRE)
    with pytest.raises(Invalid):
        add_party(owner, project.id, CENTRE)
    changed = change_party(owner, project.id, party.id, replace(CENTRE, goals=Part.LEADS), party.version)
    assert changed.goals is Part.LEADS
    take_out_party(owner, project.id, party.id)
    assert party.left_at is not None
    assert add_party(owner, project.id, CENTRE).id == party.id
    assert party.left_at is None


def test_of_two_who_change_a_party_one_wins_and_the_other_loses_no_word(cast: Any, visitor: Any) -> None:
    owner = cast.actor("resident")
    project = started(owner)
    party = add_party(owner, project.id, CENTRE)
    at = {"project_id": project.id, "party_id": party.id}
    browser = visitor("resident")
    form = browser.get("cocreation_projects.change_party", **at).form("main form[method=post]")
    browser.post("cocreation_projects.change_party", form | {"name": "Sentralen"}, **at)
    page = browser.post("cocreation_projects.change_party", form | {"name": "Frivillige"}, 409, **at)
    assert page.one("#name")["value"] == "Frivillige"
    assert "Sentralen" in page.words
    browser.post("cocreation_projects.change_party", page.form("main form[method=post]"), **at)
    assert party.name == "Frivillige"


def test_a_party_cannot_take_anothers_name(cast: Any) -> None:
    owner = cast.actor("resident")
    project = started(owner)
    party = add_party(owner, project.id, CENTRE)
    with pytest.raises(Invalid):
        change_party(owner, project.id, party.id, replace(CENTRE, name="Naboene"), party.version)


def test_the_last_party_stays_and_those_who_spoke_for_one_that_goes_contribute(cast: Any) -> None:
    owner, other = cast.actor("resident"), cast.actor("volunteer")
    project = started(owner)
    first = own_party(project, owner)
    with pytest.raises(Conflict):
        take_out_party(owner, project.id, first)
    gone = joined(owner, project, other).party_id
    take_out_party(owner, project.id, gone or 0)
    left = member(project, other)
    assert left is not None
    assert (left.role, left.party_id) == (MemberRole.CONTRIBUTOR, None)


def test_a_party_of_another_project_is_not_there(cast: Any) -> None:
    owner, other = cast.actor("resident"), cast.actor("resident2")
    project, elsewhere = started(owner), started(other, "Noe annet")
    party = own_party(elsewhere, other)
    for attempt in (
        lambda: change_party(owner, project.id, party, CENTRE, 1),
        lambda: take_out_party(owner, project.id, party),
        lambda: join_project(cast.actor("volunteer"), project.id, party_id=party),
    ):
        with pytest.raises(NotFound):
            attempt()


def test_who_speaks_for_a_party_is_in_at_once_and_others_ask(cast: Any) -> None:
    owner = cast.actor("resident")
    project = started(owner)
    organisation = cast.volunteer_organisation
    party = add_party(owner, project.id, replace(CENTRE, name=organisation.name, organisation_id=organisation.id))
    spokesperson = join_project(cast.actor("volunteer"), project.id, party_id=party.id, title="Leder")
    assert (spokesperson.role, spokesperson.joined_at is not None) == (MemberRole.REPRESENTATIVE, True)
    stranger = join_project(cast.actor("business"), project.id, party_id=party.id)
    assert stranger.joined_at is None
    assert join_project(cast.actor("business"), project.id, party_id=party.id).asked_at == stranger.asked_at
    assert accept_member(owner, project.id, stranger.account_id).joined_at is not None


def test_an_employee_of_the_unit_is_in_at_once_and_one_of_another_asks(cast: Any) -> None:
    owner = cast.actor("resident")
    project = started(owner)
    area = add_service_area(cast.actor("admin"), ServiceAreaDraft(name="Bydrift"))
    unit = PartyDraft(kind=PartyKind.MUNICIPALITY, name="Bydrift", service_area_id=area.id)
    party = add_party(owner, project.id, unit)
    at_home = replace(cast.actor("employee"), service_areas=frozenset({area.id}))
    assert join_project(at_home, project.id, party_id=party.id).joined_at is not None
    assert join_project(cast.actor("employee2"), project.id, party_id=party.id).joined_at is None


def test_a_contributor_who_speaks_for_a_new_party_comes_to_represent_it(cast: Any) -> None:
    owner, volunteer = cast.actor("resident"), cast.actor("volunteer")
    project = started(owner)
    contributing(owner, project, volunteer)
    organisation = cast.volunteer_organisation
    party = add_party(owner, project.id, replace(CENTRE, name=organisation.name, organisation_id=organisation.id))
    now_speaks = join_project(volunteer, project.id, party_id=party.id)
    assert (now_speaks.role, now_speaks.party_id) == (MemberRole.REPRESENTATIVE, party.id)


def test_the_form_to_join_asks_and_can_be_taken_back(cast: Any, visitor: Any) -> None:
    project = started(cast.actor("resident"))
    browser = visitor("resident2")
    at = {"project_id": project.id}
    form = browser.get("cocreation_projects.join", **at).form("main form[method=post]")
    page = browser.follow(browser.post("cocreation_projects.join", form, **at))
    assert "Du har bedt om å få bli med" in page.words
    browser.post("cocreation_projects.leave", {}, **at)
    assert member(project, cast.actor("resident2")) is None


def test_an_owner_answers_from_the_page_of_the_parties(cast: Any, visitor: Any) -> None:
    project = started(cast.actor("resident"))
    for name in ("volunteer", "business"):
        join_project(cast.actor(name), project.id)
    browser = visitor("resident")
    page = browser.get("cocreation_projects.parties", project_id=project.id)
    assert "2 vil bli med" in page.words
    browser.post("cocreation_projects.accept", {}, project_id=project.id, account_id=cast.volunteer.id)
    browser.post("cocreation_projects.remove", {}, project_id=project.id, account_id=cast.business.id)
    assert member(project, cast.actor("business")) is None
    assert member(project, cast.actor("volunteer")) is not None


def test_names_are_for_those_who_are_in_it(cast: Any, visitor: Any) -> None:
    owner = cast.actor("resident")
    project = started(owner)
    joined(owner, project, cast.actor("volunteer"))
    join_project(cast.actor("business"), project.id)
    at = {"project_id": project.id}
    inside = visitor("volunteer").get("cocreation_projects.parties", **at).words
    assert cast.resident.name in inside
    assert cast.business.name not in inside
    for name in (None, "resident2", "business", "adviser", "moderator"):
        outside = visitor(name).get("cocreation_projects.parties", **at)
        assert cast.resident.name not in outside.main.get_text(" ")
        assert cast.volunteer.name not in outside.main.get_text(" ")
        page = visitor(name).follow(visitor(name).get("cocreation.permanent", 301, **at))
        assert cast.resident.name not in page.main.get_text(" ")


def test_the_last_owner_stays_until_another_owns_it(cast: Any) -> None:
    owner, other = cast.actor("resident"), cast.actor("volunteer")
    project = started(owner)
    with pytest.raises(Conflict):
        leave_project(owner, project.id)
    with pytest.raises(Conflict):
        change_member(owner, project.id, owner.id or 0, role=MemberRole.CONTRIBUTOR)
    contributing(owner, project, other)
    change_member(owner, project.id, other.id, role=MemberRole.OWNER)
    leave_project(owner, project.id)
    assert membership.owners(project.id) == [other.id]


def test_an_owner_is_not_taken_out_or_put_down_by_another(cast: Any) -> None:
    owner, other = cast.actor("resident"), cast.actor("volunteer")
    project = started(owner)
    contributing(owner, project, other)
    change_member(owner, project.id, other.id, role=MemberRole.OWNER)
    with pytest.raises(Forbidden):
        remove_member(other, project.id, owner.id or 0)
    with pytest.raises(Forbidden):
        change_member(other, project.id, owner.id or 0, role=MemberRole.CONTRIBUTOR)
    assert change_member(other, project.id, other.id, role=MemberRole.CONTRIBUTOR).role is MemberRole.CONTRIBUTOR


def test_a_representative_represents_somebody(cast: Any, visitor: Any) -> None:
    owner, other = cast.actor("resident"), cast.actor("volunteer")
    project = started(owner)
    contributing(owner, project, other)
    at = {"project_id": project.id, "account_id": other.id}
    browser = visitor("resident")
    form = browser.get("cocreation_projects.member", **at).form("main form[method=post]")
    page = browser.post("cocreation_projects.member", form | {"role": "representative"}, 422, **at)
    assert "Velg hvilken part de taler for." in page.words
    chosen = form | {"role": "representative", "party": str(own_party(project, owner)), "title": "Nestleder"}
    browser.post("cocreation_projects.member", chosen, **at)
    now = member(project, other)
    assert now is not None
    assert (now.role, now.title) == (MemberRole.REPRESENTATIVE, "Nestleder")


def test_who_has_only_asked_is_given_no_role(cast: Any) -> None:
    owner = cast.actor("resident")
    project = started(owner)
    join_project(cast.actor("volunteer"), project.id)
    with pytest.raises(Conflict):
        change_member(owner, project.id, cast.volunteer.id, role=MemberRole.OWNER)


def test_those_who_follow_it_up_find_an_owner_when_nobody_is_left(cast: Any, visitor: Any) -> None:
    owner, other, adviser = cast.actor("resident"), cast.actor("volunteer"), cast.actor("adviser")
    project = started(owner)
    contributing(owner, project, other)
    with pytest.raises(Conflict):
        appoint_owner(adviser, project.id, other.id)
    db.session.execute(sa.update(Account).where(Account.id == owner.id).values(deactivated_at=clock.now()))
    db.session.commit()
    with pytest.raises(Forbidden):
        appoint_owner(cast.actor("employee"), project.id, other.id)
    page = visitor("adviser").get("cocreation_projects.parties", project_id=project.id)
    assert "Gjør til eier" in page.words
    visitor("adviser").post("cocreation_projects.appoint", {}, project_id=project.id, account_id=other.id)
    assert membership.owners(project.id) == [other.id]


def test_nobody_comes_into_a_project_that_is_over_but_anybody_leaves(cast: Any) -> None:
    owner, other = cast.actor("resident"), cast.actor("volunteer")
    project = started(owner)
    contributing(owner, project, other)
    project.ended_at, project.ending = clock.now(), Ending.SUCCEEDED
    db.session.commit()
    with pytest.raises(Forbidden):
        join_project(cast.actor("resident2"), project.id)
    leave_project(other, project.id)
    assert member(project, other) is None


def test_a_limited_account_changes_nothing_and_may_leave(cast: Any) -> None:
    owner, other = cast.actor("resident"), cast.actor("volunteer")
    project = started(owner)
    contributing(owner, project, other)
    until = clock.now() + timedelta(days=1)
    with pytest.raises(Forbidden):
        add_party(replace(owner, limited_until=until), project.id, CENTRE)
    leave_project(replace(other, limited_until=until), project.id)
    assert member(project, other) is None


VERBS: dict[str, Callable[[Actor, Project, int, int], object]] = {
    "add_party": lambda actor, project, _party, _account: add_party(actor, project.id, CENTRE),
    "change_party": lambda actor, project, party, _account: change_party(actor, project.id, party, CENTRE, 1),
    "take_out_party": lambda actor, project, party, _account: take_out_party(actor, project.id, party),
    "accept_member": lambda actor, project, _party, account: accept_member(actor, project.id, account),
    "remove_member": lambda actor, project, _party, account: remove_member(actor, project.id, account),
    "change_member": lambda actor, project, _party, account: change_member(
        actor, project.id, account, role=MemberRole.CONTRIBUTOR
    ),
}


@pytest.mark.parametrize("verb", VERBS)
@pytest.mark.parametrize(
    "name", ["", "resident2", "volunteer", "business", "employee", "adviser", "moderator", "admin"]
)
def test_only_owners_run_parties_and_members(cast: Any, name: str, verb: str) -> None:
    owner = cast.actor("resident")
    project = started(owner)
    party = joined(owner, project, cast.actor("volunteer")).party_id or 0
    contributing(owner, project, cast.actor("business"))
    with pytest.raises(Forbidden):
        VERBS[verb](cast.actor(name) if name else ANONYMOUS, project, party, cast.business.id)


def test_the_page_takes_at_most_eight_statements_with_many_in_it(cast: Any, visitor: Any, count_queries: Any) -> None:
    owner = cast.actor("resident")
    project = started(owner)
    for number in range(30):
        add_party(owner, project.id, replace(CENTRE, name=f"Part {number}"))
    for name in ("volunteer", "business", "knowledge", "resident2"):
        join_project(cast.actor(name), project.id)
    for name in (None, "resident", "volunteer", "adviser"):
        browser = visitor(name)
        with count_queries(at_most=8):
            browser.get("cocreation_projects.parties", project_id=project.id)


def test_a_sign_of_life_is_no_new_version(cast: Any) -> None:
    owner = cast.actor("resident")
    project = started(owner)
    version, before = project.version, project.alive_at
    with clock.moved(by=timedelta(hours=1)):
        add_party(owner, project.id, CENTRE)
        join_project(cast.actor("volunteer"), project.id)
        joining.accept_member(owner, project.id, cast.volunteer.id)
    db.session.refresh(project)
    assert project.version == version
    assert project.alive_at > before


def test_who_has_nobody_to_speak_for_it_is_told(cast: Any, visitor: Any) -> None:
    owner = cast.actor("resident")
    project = started(owner)
    add_party(owner, project.id, CENTRE)
    page = visitor().get("cocreation_projects.parties", project_id=project.id)
    assert "Ingen taler for parten her ennå" in page.words
    assert len(page.all("tbody tr")) == 2
    assert db.session.get(Party, own_party(project, owner)) is not None
