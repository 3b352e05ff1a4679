"""Who may do what with a solution: everybody of the cast, in every state, with their own and others'."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any

import pytest

from portal.kernel import clock
from portal.kernel.content import PublicationState
from portal.kernel.errors import NotFound
from portal.kernel.identity import ANONYMOUS, SYSTEM, Actor, Role
from portal.solutions import policy
from portal.solutions.adoption import AdopterKind
from portal.solutions.models.adoptions import Adoption
from portal.solutions.models.solutions import Solution, SolutionTranslation
from tests.support.cast import Cast

HOME, NEIGHBOUR = "3203", "3201"
CASTING = ("resident", "employee", "employee2", "adviser", "moderator", "coordinator", "verifier", "partner", "admin")
PENDING, ASKED = PublicationState.PENDING, PublicationState.CHANGES_REQUESTED
PUBLISHED, HIDDEN, WITHDRAWN = PublicationState.PUBLISHED, PublicationState.HIDDEN, PublicationState.WITHDRAWN
STATES = (PENDING, ASKED, PUBLISHED, HIDDEN, WITHDRAWN)
NOBODY: frozenset[str] = frozenset()
EVERYBODY = frozenset({*CASTING, "signed out"})
SIGNED_IN = frozenset(CASTING)


@dataclass(frozen=True)
class Told:
    """Who may do it, by state."""

    shown: frozenset[str] = NOBODY
    waits: frozenset[str] = NOBODY
    hidden: frozenset[str] = NOBODY

    def of(self, state: PublicationState) -> frozenset[str]:
        if state is WITHDRAWN:
            return NOBODY
        return {PUBLISHED: self.shown, HIDDEN: self.hidden}.get(state, self.waits)


OURS = frozenset({"employee", "adviser"})
"""Who looks after what the employee shared."""
READS_OURS = OURS | {"moderator"}
THEIRS = frozenset({"partner"})
READS_THEIRS = THEIRS | {"adviser", "moderator"}
OURS_BY: dict[str, Told] = {
    "read": Told(EVERYBODY, READS_OURS, READS_OURS),
    "manage": Told(OURS, OURS),
    "withdraw": Told(OURS, OURS, OURS),
    "take_part": Told(SIGNED_IN),
    "note": Told(),
}
THEIRS_BY: dict[str, Told] = {
    "read": Told(EVERYBODY, READS_THEIRS, READS_THEIRS),
    "manage": Told(THEIRS, THEIRS),
    "withdraw": Told(THEIRS, THEIRS, THEIRS),
    "take_part": Told(SIGNED_IN),
    "note": Told(),
}
ADVISER = frozenset({"adviser"})
IMPORTED_BY: dict[str, Told] = {
    "read": Told(EVERYBODY, ADVISER | {"moderator"}, ADVISER | {"moderator"}),
    "manage": Told(),
    "withdraw": Told(),
    "take_part": Told(SIGNED_IN),
    "note": Told(ADVISER, ADVISER, ADVISER),
}
TABLES = {"ours": OURS_BY, "theirs": THEIRS_BY, "imported": IMPORTED_BY}
VERBS = {
    "read": policy.may_read,
    "manage": policy.may_manage,
    "withdraw": policy.may_withdraw,
    "take_part": policy.may_take_part,
    "note": policy.may_note,
}


def actors(cast: Cast) -> dict[str, Actor]:
    return {"signed out": ANONYMOUS} | {name: cast.actor(name) for name in CASTING}


def a_solution(author: int | None, number: str, state: PublicationState, source_uri: str | None = None) -> Solution:
    return Solution(author_id=author, municipality_number=number, state=state, source_uri=source_uri)


def of_whom(cast: Cast, whose: str, state: PublicationState) -> Solution:
    if whose == "ours":
        return a_solution(cast.employee.id, HOME, state)
    if whose == "theirs":
        return a_solution(999, NEIGHBOUR, state)
    return a_solution(cast.adviser.id, NEIGHBOUR, state, "https://innbygger.example.no/losninger/1")


@pytest.mark.parametrize("state", STATES)
@pytest.mark.parametrize(
    ("whose", "told"),
    [("ours", OURS_BY), ("theirs", THEIRS_BY), ("imported", IMPORTED_BY)],
    ids=lambda each: str(each)[:8],
)
def test_everybody_may_do_what_the_table_says(
    cast: Cast, whose: str, told: dict[str, Told], state: PublicationState
) -> None:
    solution = of_whom(cast, whose, state)
    for verb, may in VERBS.items():
        allowed = {name for name, actor in actors(cast).items() if may(actor, solution)}
        expected = TABLES[whose][verb].of(state)
        assert allowed == expected, f"{verb} of {whose} that is {state}"


@pytest.mark.parametrize("state", STATES)
def test_what_may_be_done_at_all_is_what_each_verb_says(cast: Cast, state: PublicationState) -> None:
    solution = of_whom(cast, "ours", state)
    for actor in actors(cast).values():
        found = policy.abilities(actor, solution)
        assert (found.manage, found.note, found.take_part) == tuple(
            VERBS[verb](actor, solution) for verb in ("manage", "note", "take_part")
        )
        assert found.adopt == found.take_part


def test_who_may_not_read_it_is_told_that_it_is_not_there(cast: Cast) -> None:
    solution = of_whom(cast, "ours", PENDING)
    assert policy.must_read(cast.actor("employee"), solution) is solution
    for nothing in (solution, None):
        with pytest.raises(NotFound):
            policy.must_read(cast.actor("resident"), nothing)


def test_an_author_who_works_elsewhere_now_no_longer_looks_after_it(cast: Cast) -> None:
    solution = of_whom(cast, "ours", PENDING)
    moved = replace(cast.actor("employee"), roles=frozenset({Role.MEMBER, Role.PARTNER}), municipality_number=NEIGHBOUR)
    left = replace(cast.actor("employee"), roles=frozenset({Role.MEMBER}))
    assert not any(policy.owns(who, solution) for who in (moved, left))


@pytest.mark.parametrize("whose", ["ours", "theirs", "imported"])
def test_a_limited_account_may_read_and_withdraw_and_nothing_else(cast: Cast, whose: str) -> None:
    until = clock.now() + timedelta(days=1)
    solution = of_whom(cast, whose, PUBLISHED)
    for actor in actors(cast).values():
        limited = replace(actor, limited_until=until)
        assert policy.may_read(limited, solution)
        assert not any(VERBS[verb](limited, solution) for verb in ("manage", "take_part", "note"))
        assert policy.may_withdraw(limited, solution) == policy.may_withdraw(actor, solution)
        assert not policy.may_share(limited)
        assert not policy.may_act_for(limited, AdopterKind.MUNICIPALITY, municipality=HOME)


def test_the_machine_shares_and_owns_nothing(cast: Cast) -> None:
    solution = of_whom(cast, "ours", PUBLISHED)
    assert not policy.may_share(SYSTEM)
    assert not any(VERBS[verb](SYSTEM, solution) for verb in ("manage", "withdraw", "take_part", "note"))


@pytest.mark.parametrize("of", STATES)
@pytest.mark.parametrize("state", STATES)
def test_a_translation_is_read_with_what_it_is_of(cast: Cast, state: PublicationState, of: PublicationState) -> None:
    solution, translation = of_whom(cast, "ours", of), SolutionTranslation(state=state)
    reads = {name for name, who in actors(cast).items() if policy.may_read_translation(who, translation, solution)}
    readers = OURS_BY["read"].of(of)
    expected = {PUBLISHED: readers, WITHDRAWN: NOBODY}.get(state, readers & READS_OURS)
    assert reads == expected


# -- adoptions ---------------------------------------------------------------------------------------------------------

AREA, ORGANISATION = 3, 7
ACTS: list[tuple[str, dict[str, Any], frozenset[str]]] = [
    ("the home municipality", {"kind": AdopterKind.MUNICIPALITY, "municipality": HOME}, ADVISER),
    ("the partner's municipality", {"kind": AdopterKind.MUNICIPALITY, "municipality": NEIGHBOUR}, THEIRS),
    ("another municipality", {"kind": AdopterKind.MUNICIPALITY, "municipality": "0301"}, NOBODY),
    ("a unit", {"kind": AdopterKind.UNIT, "service_area_id": AREA}, OURS),
    ("no unit", {"kind": AdopterKind.UNIT, "service_area_id": None}, NOBODY),
    ("an organisation", {"kind": AdopterKind.ORGANISATION, "organisation_id": ORGANISATION}, frozenset({"resident"})),
    ("no organisation", {"kind": AdopterKind.ORGANISATION, "organisation_id": None}, NOBODY),
]


def standing(cast: Cast) -> dict[str, tuple[Actor, frozenset[int]]]:
    """The cast, with the employee in a service area and the resident a spokesperson."""
    everybody = actors(cast) | {"employee": replace(cast.actor("employee"), service_areas=frozenset({AREA}))}
    spoken_for = {"resident": frozenset({ORGANISATION}), "volunteer": frozenset({8})}
    return {name: (actor, spoken_for.get(name, frozenset())) for name, actor in everybody.items()}


@pytest.mark.parametrize(("given", "expected"), [each[1:] for each in ACTS], ids=[each[0] for each in ACTS])
def test_each_adopter_has_those_who_tell_for_it(cast: Cast, given: dict[str, Any], expected: frozenset[str]) -> None:
    tells = {
        name
        for name, (actor, organisations) in standing(cast).items()
        if policy.may_act_for(actor, organisations=organisations, **given)
    }
    assert tells == expected


@pytest.mark.parametrize("state", STATES)
def test_what_an_adopter_tells_is_changed_by_them_and_read_by_all_when_it_is_shown(
    cast: Cast, state: PublicationState
) -> None:
    adoption = Adoption(kind=AdopterKind.UNIT, municipality_number=HOME, service_area_id=AREA, state=state)
    changes = {n for n, (who, spoken) in standing(cast).items() if policy.may_change(who, adoption, spoken)}
    reads = {n for n, (who, spoken) in standing(cast).items() if policy.may_read_texts(who, adoption, spoken)}
    assert changes == (NOBODY if state in {HIDDEN, WITHDRAWN} else OURS)
    assert reads == {PUBLISHED: EVERYBODY, WITHDRAWN: NOBODY}.get(state, READS_OURS)


def test_what_another_portal_told_is_changed_there(cast: Cast) -> None:
    told = {"municipality_number": NEIGHBOUR, "state": PUBLISHED, "source_uri": "https://innbygger.example.no/bruk/1"}
    adoption = Adoption(kind=AdopterKind.MUNICIPALITY, **told)
    assert not any(policy.may_change(who, adoption, spoken) for who, spoken in standing(cast).values())
