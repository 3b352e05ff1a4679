"""What other portals tell of who uses a solution: the newest word counts, and only what makes sense is taken in."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa

from portal.kernel import clock
from portal.kernel.content import PublicationState
from portal.kernel.db import db
from portal.kernel.errors import Conflict, Forbidden, Invalid, NotFound
from portal.kernel.identity import SYSTEM
from portal.solutions.actions.adopting import change_adoption, withdraw_adoption
from portal.solutions.actions.hearing import Told, hear_adoption, unhear_adoption
from portal.solutions.actions.sharing import withdraw_solution
from portal.solutions.adoption import AdopterKind, Step
from portal.solutions.models.adoptions import Adoption
from portal.solutions.models.solutions import Solution
from tests.solutions.adopting import NEIGHBOUR, adopted, draft, hide, in_use, now, steps
from tests.support.cast import Cast
from tests.support.solutions import shared

URI = "https://portal.baerum.example/losninger/bruk/7"


@pytest.fixture
def solution(cast: Cast) -> Solution:
    return shared(cast.actor("employee"))


def told(step: Step = Step.IN_USE, uri: str = URI, **given: Any) -> Told:
    """Return what a portal may tell; its own words by name."""
    own = {name: given.pop(name) for name in ("kind", "municipality_number", "name", "of_edition") if name in given}
    plain = {"kind": AdopterKind.MUNICIPALITY, "municipality_number": NEIGHBOUR, "name": "Bærum", "of_edition": 1}
    return Told(uri=uri, draft=draft(step, **given), **(plain | own))


def heard(cast: Cast, solution: Solution, word: Told) -> Adoption:
    return hear_adoption(SYSTEM, solution.id, word, keeper_id=cast.admin.id)


def test_what_is_told_is_counted_and_the_same_again_changes_nothing(cast: Cast, solution: Solution) -> None:
    first = heard(cast, solution, told())
    again = heard(cast, solution, told())
    assert (again.id, again.byline, again.author_id) == (first.id, "Bærum kommune", cast.admin.id)
    assert (in_use(solution), steps(first)) == (1, [Step.IN_USE])


def test_steps_that_were_missed_stand_in_nobody_s_way(cast: Cast, solution: Solution) -> None:
    heard(cast, solution, told(Step.STOPPED))
    adoption = heard(cast, solution, told(Step.INTERESTED))
    assert steps(adoption) == [Step.STOPPED, Step.INTERESTED]


def test_the_portal_s_word_takes_the_place_of_what_its_staff_told_here(cast: Cast, solution: Solution) -> None:
    here = adopted(cast.actor("partner"), solution, step=Step.PILOTING)
    there = heard(cast, solution, told())
    assert there.id == here.id
    assert in_use(solution) == 1
    with pytest.raises(Forbidden):
        change_adoption(cast.actor("partner"), here.id, draft(Step.STOPPED), version=now(here).version)
    with pytest.raises(Forbidden):
        withdraw_adoption(cast.actor("partner"), here.id)


def test_units_and_organisations_elsewhere_are_known_by_where_they_are_told(cast: Cast, solution: Solution) -> None:
    for number, kind in ((1, AdopterKind.UNIT), (2, AdopterKind.UNIT), (3, AdopterKind.ORGANISATION)):
        heard(cast, solution, told(uri=f"{URI}{number}", kind=kind, name=f"Enhet {number}"))
    assert in_use(solution) == 3


def test_words_from_elsewhere_are_moderated_as_all_others(cast: Cast, solution: Solution) -> None:
    adoption = heard(cast, solution, told(result="Ring Kari Nordmann på 22 22 22 22."))
    assert adoption.state is PublicationState.PENDING


def test_what_a_moderator_hid_stays_hidden_whatever_is_told(cast: Cast, solution: Solution) -> None:
    adoption = heard(cast, solution, told(result="Stygge ord."))
    hide(adoption)
    assert heard(cast, solution, told(result="Andre stygge ord.")).state is PublicationState.HIDDEN


def test_what_is_taken_back_there_is_gone_here_and_can_come_again(cast: Cast, solution: Solution) -> None:
    adoption = heard(cast, solution, told(result="Det virker."))
    unhear_adoption(SYSTEM, URI)
    unhear_adoption(SYSTEM, URI)
    unhear_adoption(SYSTEM, f"{URI}0")
    assert (now(adoption).state, now(adoption).result, in_use(solution)) == (PublicationState.WITHDRAWN, "", 0)
    assert heard(cast, solution, told()).id == adoption.id
    assert in_use(solution) == 1


@pytest.mark.parametrize(
    ("word", "field"),
    [
        (told(municipality_number="9999"), "municipality_number"),
        (told(municipality_number="3203"), "adopter"),
        (told(kind=AdopterKind.UNIT, name=" "), "name"),
        (told(kind=AdopterKind.ORGANISATION, name="x" * 201), "name"),
        (told(way=None), "way"),
        (told(in_use_since=None), "in_use_since"),
        (told(Step.STOPPED, learning=""), "learning"),
        (told(result="x" * 3001), "result"),
    ],
)
def test_what_makes_no_sense_is_refused_and_nothing_is_kept(
    cast: Cast, solution: Solution, word: Told, field: str
) -> None:
    with pytest.raises(Invalid) as refused:
        heard(cast, solution, word)
    assert refused.value.field == field
    assert db.session.scalar(sa.select(sa.func.count()).select_from(Adoption)) == 0


def test_days_that_have_not_been_are_refused(cast: Cast, solution: Solution) -> None:
    word = told()
    ahead = replace(word, draft=replace(word.draft, in_use_since=clock.today() + timedelta(days=1)))
    with pytest.raises(Invalid) as refused:
        heard(cast, solution, ahead)
    assert refused.value.field == "in_use_since"


def test_one_address_tells_of_one_solution(cast: Cast, solution: Solution) -> None:
    heard(cast, solution, told())
    with pytest.raises(Conflict):
        heard(cast, shared(cast.actor("employee"), "Leksehjelp"), told())
    assert in_use(solution) == 1


def test_nothing_is_told_of_what_is_not_shared(cast: Cast, solution: Solution) -> None:
    withdraw_solution(cast.actor("employee"), solution.id)
    with pytest.raises(NotFound):
        heard(cast, solution, told())
