"""Taking a solution in use: who may tell it for whom, what must be told at each step, and what is counted."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa

from portal.kernel import clock
from portal.kernel.audit import AuditEntry
from portal.kernel.content import PublicationState, Ref
from portal.kernel.db import db
from portal.kernel.errors import Conflict, DomainError, Forbidden, Invalid, NotFound
from portal.kernel.identity import ANONYMOUS, Actor
from portal.moderation.models import Case
from portal.solutions import policy
from portal.solutions.actions.adopting import begin_adoption, change_adoption, withdraw_adoption
from portal.solutions.actions.sharing import edit_solution, withdraw_solution
from portal.solutions.adoption import BEGINNINGS, LEADS_TO, Adopter, AdopterKind, Step, Way, read_adopter
from portal.solutions.events.adoptions import ADOPTION
from portal.solutions.models.adoptions import Adoption
from portal.solutions.models.solutions import Solution
from portal.solutions.queries.adoptions import acted_for
from tests.solutions.adopting import (
    DAY,
    HERE,
    NEIGHBOUR,
    THERE,
    adopted,
    draft,
    hide,
    in_use,
    now,
    organisation,
    steps,
    unit,
)
from tests.support.cast import Cast
from tests.support.solutions import draft as solution_draft
from tests.support.solutions import shared, show


@pytest.fixture
def solution(cast: Cast) -> Solution:
    """A solution of the home municipality's."""
    return shared(cast.actor("employee"))


def theirs(cast: Cast) -> Solution:
    """A solution of the neighbour's, written here by its partner staff."""
    return shared(cast.actor("partner"), "Turvenn")


def names_of(adoption: Adoption) -> list[str]:
    """Return what the audit trail says happened to an adoption."""
    about = AuditEntry.subject_kind == ADOPTION, AuditEntry.subject_id == adoption.id
    told = sa.select(AuditEntry.name).where(*about, AuditEntry.name.like("adoption.%"))
    return list(db.session.scalars(told.order_by(AuditEntry.id)))


def test_partner_staff_tell_for_their_municipality(cast: Cast, solution: Solution) -> None:
    adoption = adopted(cast.actor("partner"), solution, result="Syv av ti spiser bedre.")
    assert (adoption.byline, adoption.municipality_number) == ("Bærum kommune", NEIGHBOUR)
    assert adoption.of_edition == 1
    assert steps(adoption) == [Step.IN_USE]
    assert in_use(solution) == 1
    assert names_of(adoption) == ["adoption.begun"]


def test_a_unit_and_an_organisation_here_can_take_the_home_municipality_s_own_solution(
    cast: Cast, solution: Solution
) -> None:
    health, employee = unit(cast)
    of_unit = adopted(employee, solution, health)
    of_club = adopted(cast.actor("volunteer"), solution, organisation(cast))
    assert of_unit.byline == "Velferd og helse, Asker kommune"
    assert of_club.byline == cast.volunteer_organisation.name
    assert in_use(solution) == 2


def test_the_adviser_tells_for_the_home_municipality_and_for_any_unit(cast: Cast) -> None:
    health, _employee = unit(cast)
    solution = theirs(cast)
    adopted(cast.actor("adviser"), solution, HERE)
    adopted(cast.actor("adviser"), solution, health)
    assert in_use(solution) == 2


@pytest.mark.parametrize(
    ("who", "adopter"),
    [
        ("resident", THERE),
        ("employee", HERE),
        ("partner", HERE),
        ("adviser", THERE),
        ("resident", Adopter(AdopterKind.MUNICIPALITY, "9999")),
        ("employee", Adopter(AdopterKind.UNIT, "999999")),
        ("volunteer", Adopter(AdopterKind.ORGANISATION, "999999")),
    ],
)
def test_nobody_tells_for_those_they_do_not_act_for(cast: Cast, who: str, adopter: Adopter) -> None:
    solution = shared(cast.actor("partner")) if adopter == HERE else shared(cast.actor("employee"))
    with pytest.raises(Invalid) as refused:
        begin_adoption(cast.actor(who), solution.id, adopter, draft())
    assert refused.value.field == "adopter"
    assert in_use(solution) == 0


def test_a_spokesperson_does_not_tell_for_another_organisation(cast: Cast, solution: Solution) -> None:
    with pytest.raises(Invalid):
        begin_adoption(cast.actor("volunteer"), solution.id, organisation(cast, "business"), draft())


def test_an_employee_does_not_tell_for_another_unit(cast: Cast, solution: Solution) -> None:
    other, _ = unit(cast, "Teknikk", "employee2")
    _mine, employee = unit(cast, "Oppvekst", "employee")
    with pytest.raises(Invalid):
        begin_adoption(employee, solution.id, other, draft())


def test_the_source_does_not_count_itself(cast: Cast, solution: Solution) -> None:
    with pytest.raises(Invalid, match="selv delt"):
        begin_adoption(cast.actor("adviser"), solution.id, HERE, draft())


def test_signed_out_and_limited_people_tell_nothing(cast: Cast, solution: Solution) -> None:
    limited = replace(cast.actor("partner"), limited_until=clock.now() + timedelta(days=1))
    for actor in (ANONYMOUS, limited):
        with pytest.raises(Forbidden):
            begin_adoption(actor, solution.id, THERE, draft())


def test_what_is_not_shared_with_everybody_cannot_be_taken(cast: Cast) -> None:
    solution = theirs(cast)
    withdraw_solution(cast.actor("partner"), solution.id)
    with pytest.raises(NotFound):
        begin_adoption(cast.actor("adviser"), solution.id, HERE, draft())


@pytest.mark.parametrize(
    ("given", "field"),
    [
        (draft(Step.IN_USE, way=None), "way"),
        (draft(Step.PILOTING, way=None), "way"),
        (draft(Step.IN_USE, in_use_since=None), "in_use_since"),
        (draft(Step.IN_USE, in_use_since=DAY.replace(year=2199)), "in_use_since"),
        (draft(Step.INTERESTED, result="x" * 3001), "result"),
        (draft(Step.INTERESTED, contact_title="x" * 201), "contact_title"),
        (draft(Step.STOPPED), "step"),
    ],
)
def test_what_lacks_is_said_at_its_field(cast: Cast, solution: Solution, given: Any, field: str) -> None:
    with pytest.raises(Invalid) as refused:
        begin_adoption(cast.actor("partner"), solution.id, THERE, given)
    assert refused.value.field == field


def test_only_in_use_counts_and_each_step_is_written_down(cast: Cast, solution: Solution) -> None:
    actor = cast.actor("partner")
    adoption = adopted(actor, solution, step=Step.INTERESTED)
    counted = [in_use(solution)]
    for step in (Step.PILOTING, Step.IN_USE, Step.STOPPED, Step.IN_USE):
        adoption = change_adoption(actor, adoption.id, draft(step), version=now(adoption).version)
        counted.append(in_use(solution))
    assert counted == [0, 0, 1, 0, 1]
    assert steps(adoption) == [Step.INTERESTED, Step.PILOTING, Step.IN_USE, Step.STOPPED, Step.IN_USE]
    assert now(adoption).stopped_on is None
    assert names_of(adoption).count("adoption.moved") == 4


@pytest.mark.parametrize("before", list(Step))
@pytest.mark.parametrize("after", list(Step))
def test_one_comes_only_where_a_step_leads(cast: Cast, solution: Solution, before: Step, after: Step) -> None:
    actor = cast.actor("partner")
    adoption = adopted(actor, solution, step=before if before in BEGINNINGS else Step.INTERESTED)
    if before is Step.STOPPED:
        change_adoption(actor, adoption.id, draft(before), version=now(adoption).version)
    may = after is before or after in LEADS_TO[before]

    def move() -> Any:
        return change_adoption(actor, adoption.id, draft(after), version=now(adoption).version)

    if may:
        assert move().step is after
    else:
        with pytest.raises(Invalid) as refused:
            move()
        assert refused.value.field == "step"
        assert now(adoption).step is before


def test_who_stops_tells_what_was_learnt_and_when(cast: Cast, solution: Solution) -> None:
    actor, adoption = cast.actor("partner"), adopted(cast.actor("partner"), solution)
    version = now(adoption).version
    with pytest.raises(Invalid) as untold:
        change_adoption(actor, adoption.id, draft(Step.STOPPED, learning=" "), version=version)
    before = draft(Step.STOPPED, in_use_since=DAY, stopped_on=DAY - timedelta(days=1))
    with pytest.raises(Invalid) as backwards:
        change_adoption(actor, adoption.id, before, version=version)
    assert (untold.value.field, backwards.value.field) == ("learning", "stopped_on")
    stopped = change_adoption(actor, adoption.id, draft(Step.STOPPED, in_use_since=DAY), version=version)
    assert (stopped.in_use_since, stopped.stopped_on) == (DAY, clock.today())


def test_words_wait_for_a_moderator_and_their_absence_does_not(cast: Cast, solution: Solution) -> None:
    silent = begin_adoption(cast.actor("volunteer"), solution.id, organisation(cast), draft(Step.INTERESTED))
    telling = begin_adoption(cast.actor("partner"), solution.id, THERE, draft(result="Ring meg på 22 22 22 22."))
    cases = db.session.scalars(sa.select(Case.target_id).where(Case.kind == ADOPTION)).all()
    assert silent.state is PublicationState.PUBLISHED
    assert cases == [telling.id]
    assert in_use(solution) == 1  # that they use it is shown at once


def test_a_change_of_words_is_looked_at_again_and_a_change_of_facts_is_not(cast: Cast, solution: Solution) -> None:
    actor, adoption = cast.actor("partner"), adopted(cast.actor("partner"), solution, result="Det virker.")
    same = draft(result="Det virker.", contact_title="Rådgiver")
    kept = change_adoption(actor, adoption.id, same, version=now(adoption).version)
    assert (kept.state, kept.contact_title) == (PublicationState.PUBLISHED, "Rådgiver")
    assert names_of(adoption)[-1] == "adoption.edited"
    new = draft(result="Skriv til ola@example.org", contact_title="Rådgiver")
    assert change_adoption(actor, adoption.id, new, version=now(adoption).version).state is PublicationState.PENDING


def test_what_a_moderator_hid_cannot_be_changed_but_taken_back(cast: Cast, solution: Solution) -> None:
    actor, adoption = cast.actor("partner"), adopted(cast.actor("partner"), solution, result="Stygge ord.")
    hide(adoption)
    with pytest.raises(Forbidden):
        change_adoption(actor, adoption.id, draft(), version=now(adoption).version)
    assert in_use(solution) == 1
    withdraw_adoption(actor, adoption.id)
    assert in_use(solution) == 0


def test_two_who_change_the_same_do_not_overwrite_each_other(cast: Cast, solution: Solution) -> None:
    adoption = adopted(cast.actor("partner"), solution)
    opened = now(adoption).version
    change_adoption(cast.actor("partner"), adoption.id, draft(contact_title="Først"), version=opened)
    with pytest.raises(Conflict):
        change_adoption(cast.actor("partner"), adoption.id, draft(contact_title="Sist"), version=opened)
    assert now(adoption).contact_title == "Først"


def test_the_same_form_twice_is_one_and_another_form_for_the_same_adopter_is_refused(
    cast: Cast, solution: Solution
) -> None:
    actor = cast.actor("partner")
    first = begin_adoption(actor, solution.id, THERE, draft(), key="a" * 32)
    again = begin_adoption(actor, solution.id, THERE, draft(Step.PILOTING), key="a" * 32)
    assert (again.id, again.step) == (first.id, Step.IN_USE)
    with pytest.raises(Conflict, match="Bærum kommune"):
        begin_adoption(actor, solution.id, THERE, draft(), key="b" * 32)
    assert steps(first) == [Step.IN_USE]


def test_one_form_sent_for_two_adopters_is_two(cast: Cast) -> None:
    solution, adviser = theirs(cast), cast.actor("adviser")
    health, _ = unit(cast)
    first = begin_adoption(adviser, solution.id, HERE, draft(), key="a" * 32)
    second = begin_adoption(adviser, solution.id, health, draft(), key="a" * 32)
    assert first.id != second.id
    assert in_use(solution) == 2


def test_what_is_taken_back_is_gone_and_can_be_told_anew(cast: Cast, solution: Solution) -> None:
    actor = cast.actor("partner")
    adoption = adopted(actor, solution, result="Det virker.", learning="Begynn smått.")
    withdraw_adoption(actor, adoption.id)
    gone = now(adoption)
    assert (gone.result, gone.learning, gone.state) == ("", "", PublicationState.WITHDRAWN)
    assert (in_use(solution), steps(adoption)) == (0, [])
    with pytest.raises(NotFound):
        change_adoption(actor, adoption.id, draft(), version=gone.version)
    anew = adopted(actor, solution, step=Step.PILOTING)
    assert (anew.id, steps(anew)) == (adoption.id, [Step.PILOTING])


def test_others_neither_change_nor_take_back(cast: Cast, solution: Solution) -> None:
    adoption = adopted(cast.actor("partner"), solution)
    works: list[Callable[[Actor], Any]] = [
        lambda actor: change_adoption(actor, adoption.id, draft(), version=now(adoption).version),
        lambda actor: withdraw_adoption(actor, adoption.id),
    ]
    for name in ("resident", "employee", "adviser", "moderator", "admin", "volunteer"):
        for work in works:
            with pytest.raises(Forbidden):
                work(cast.actor(name))


def test_when_the_solution_is_withdrawn_one_can_still_say_that_one_has_stopped(cast: Cast) -> None:
    solution, adviser = theirs(cast), cast.actor("adviser")
    adoption = adopted(adviser, solution, HERE)
    withdraw_solution(cast.actor("partner"), solution.id)
    change_adoption(adviser, adoption.id, draft(Step.STOPPED), version=now(adoption).version)
    assert now(adoption).step is Step.STOPPED
    assert in_use(solution) == 0


def test_being_counted_does_not_stand_in_the_way_of_an_editor(cast: Cast, solution: Solution) -> None:
    opened = solution.version
    adopted(cast.actor("partner"), solution)
    edited = edit_solution(cast.actor("employee"), solution.id, solution_draft("Middag i lag"), version=opened)
    assert (edited.title, in_use(solution)) == ("Middag i lag", 1)


def test_one_says_when_one_has_gone_over_to_the_newest_version(cast: Cast, solution: Solution) -> None:
    actor, adoption = cast.actor("partner"), adopted(cast.actor("partner"), solution)
    edit_solution(cast.actor("employee"), solution.id, solution_draft("Middag i lag"), version=solution.version)
    show(Ref("solution", solution.id))
    kept = change_adoption(actor, adoption.id, draft(contact_title="A"), version=now(adoption).version)
    assert kept.of_edition == 1
    followed = change_adoption(
        actor, adoption.id, draft(contact_title="A"), version=now(adoption).version, follows=True
    )
    assert followed.of_edition == 2


def test_the_database_and_the_policy_agree_on_whom_somebody_acts_for(cast: Cast) -> None:
    ours, other = shared(cast.actor("employee")), theirs(cast)
    health, employee = unit(cast)
    far, _ = unit(cast, "Teknikk", "employee2")
    adviser = cast.actor("adviser")
    for solution, actor, adopter in (
        (ours, cast.actor("partner"), THERE),
        (other, adviser, HERE),
        (ours, employee, health),
        (ours, adviser, far),
        (ours, cast.actor("volunteer"), organisation(cast)),
        (ours, cast.actor("business"), organisation(cast, "business")),
    ):
        adopted(actor, solution, adopter)
    every = db.session.scalars(sa.select(Adoption)).all()
    assert len(every) == 6
    people = [cast.actor(name) for name in ("resident", "volunteer", "business", "partner", "adviser", "moderator")]
    spoken = {"volunteer": cast.volunteer_organisation.id, "business": cast.business_organisation.id}
    limited = replace(adviser, limited_until=clock.now() + timedelta(days=1))
    for actor in (*people, employee, limited, ANONYMOUS):
        name = next((name for name in spoken if cast.actor(name).id == actor.id), "")
        organisations = frozenset({spoken[name]} if name else ())
        told = set(db.session.scalars(sa.select(Adoption.id).where(acted_for(actor))))
        assert told == {each.id for each in every if policy.acts_for(actor, each, organisations)}, actor


@pytest.mark.parametrize("text", ["", "unit", "unit:", "unit:x", "unit:-1", "unit:²", "club:1", "unit:1234567890"])
def test_a_text_that_names_nobody_is_nobody(text: str) -> None:
    assert read_adopter(text) is None


def test_an_adopter_is_read_as_it_is_written() -> None:
    assert read_adopter(str(THERE)) == THERE


def test_what_a_step_does_not_tell_is_left_out(cast: Cast, solution: Solution) -> None:
    given = draft(Step.INTERESTED, way=Way.COPIED, in_use_since=DAY, stopped_on=DAY)
    adoption = adopted(cast.actor("partner"), solution, step=Step.INTERESTED, way=given.way)
    assert (adoption.way, adoption.in_use_since, adoption.stopped_on) == (None, None, None)


def test_nothing_is_told_of_what_is_not_there(cast: Cast) -> None:
    works: list[Callable[[], Any]] = [
        lambda: begin_adoption(cast.actor("partner"), 999_999, THERE, draft()),
        lambda: change_adoption(cast.actor("partner"), 999_999, draft(), version=1),
        lambda: withdraw_adoption(cast.actor("partner"), 999_999),
    ]
    for work in works:
        with pytest.raises(DomainError) as refused:
            work()
        assert refused.value.status == 404
