"""Starting a project, changing it, and coming into it."""

from __future__ import annotations

from typing import Any

import pytest

from portal.cocreation.actions.joining import join_project
from portal.cocreation.actions.parties import PartyDraft
from portal.cocreation.actions.projects import ProjectDraft, start_project
from portal.cocreation.membership import find, owners
from portal.cocreation.models.projects import MemberRole, PartyKind
from portal.kernel.errors import Forbidden, Invalid, NotFound
from portal.kernel.identity import ANONYMOUS
from tests.support.cocreation import contributing, joined, started

NEIGHBOURS = PartyDraft(kind=PartyKind.RESIDENTS, name="Naboene")


def test_whoever_starts_a_project_owns_it_and_acts_for_its_first_party(cast: Any) -> None:
    resident = cast.actor("resident")
    project = started(resident)
    _project, member = find(resident, project.id)
    assert member is not None
    assert (member.role, member.title, owners(project.id)) == (MemberRole.OWNER, "Kontakt", [resident.id])


def test_the_same_form_twice_is_one_project(cast: Any) -> None:
    draft = ProjectDraft(title="Middag sammen", challenge="Mange spiser alene.")
    first = start_project(cast.actor("resident"), draft, NEIGHBOURS, key="one")
    assert start_project(cast.actor("resident"), draft, NEIGHBOURS, key="one").id == first.id


def test_nobody_starts_for_an_organisation_or_unit_that_is_not_theirs(cast: Any) -> None:
    draft = ProjectDraft(title="Middag sammen", challenge="Mange spiser alene.")
    others = PartyDraft(kind=PartyKind.ORGANISATION, name="Sentralen", organisation_id=cast.volunteer_organisation.id)
    with pytest.raises(Invalid):
        start_project(cast.actor("resident"), draft, others)
    with pytest.raises(Invalid):
        start_project(cast.actor("resident"), draft, PartyDraft(kind=PartyKind.MUNICIPALITY, name="Kommunen"))
    with pytest.raises(Forbidden):
        start_project(ANONYMOUS, draft, NEIGHBOURS)


def test_a_project_that_waits_is_for_its_members_and_moderators(cast: Any) -> None:
    draft = ProjectDraft(title="Middag sammen", challenge="Mange spiser alene.")
    project = start_project(cast.actor("resident"), draft, NEIGHBOURS)
    assert find(cast.actor("moderator"), project.id)[0].id == project.id
    with pytest.raises(NotFound):
        find(ANONYMOUS, project.id)


def test_who_speaks_for_a_party_is_in_at_once_and_others_are_let_in(cast: Any) -> None:
    resident = cast.actor("resident")
    project = started(resident)
    member = joined(resident, project, cast.actor("business"), "Bedriften")
    assert member.joined_at is not None
    asked = join_project(cast.actor("employee"), project.id)
    assert asked.joined_at is None
    assert contributing(resident, project, cast.actor("employee")).role is MemberRole.CONTRIBUTOR
