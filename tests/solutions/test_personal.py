"""What solutions keep about people: what they can read of it, and what stays when they go."""

from __future__ import annotations

from datetime import date
from typing import Any

import sqlalchemy as sa

from portal.accounts.actions.erase import erase_account
from portal.accounts.models import Account
from portal.kernel.content import PublicationState
from portal.kernel.db import atomic, db
from portal.solutions.actions.sharing import WordsDraft, share_solution, translate_solution, withdraw_solution
from portal.solutions.adoption import AdopterKind, Step
from portal.solutions.kinds.personal import PERSONAL, erase, export, stays
from portal.solutions.kinds.solutions import written
from portal.solutions.models.adoptions import Adoption
from portal.solutions.models.solutions import Solution
from tests.support.cast import Cast
from tests.support.solutions import draft, imported, shared

NYNORSK = WordsDraft(title="Middag i lag", problem="Einsemd", core="Lage mat i lag", language="nn")


@atomic
def told(actor: Any, solution: Solution, **given: Any) -> Adoption:
    """Put in what an adopter tells, as it is kept."""
    adoption = Adoption(
        solution_id=solution.id,
        adopter=f"municipality:{given.get('municipality_number', '3203')}",
        kind=AdopterKind.MUNICIPALITY,
        step=Step.IN_USE,
        in_use_since=date(2026, 1, 1),
        language="nb",
        of_edition=1,
        author_id=actor.id,
        byline="Asker",
        state=PublicationState.PUBLISHED,
        key=str(solution.id),
        written_at=solution.created_at,
        **{"municipality_number": "3203", "result": "Det går bra"} | given,
    )
    db.session.add(adoption)
    db.session.flush()
    return adoption


def test_a_person_gets_what_they_shared_translated_and_told_and_not_what_came_from_elsewhere(cast: Cast) -> None:
    adviser = cast.actor("adviser")
    solution = shared(adviser, "Vår egen")
    translate_solution(adviser, solution.id, NYNORSK)
    foreign = imported(adviser, "Naboens")
    told(adviser, foreign)
    told(adviser, solution, municipality_number="3201", source_uri="https://innbygger.example.no/bruk/1")
    kept = export(cast.adviser.id)
    assert [row["title"] for row in kept["solutions"]] == ["Vår egen"]
    assert [(row["number"], row["language"]) for row in kept["solution_translations"]] == [(solution.id, "nn")]
    assert [(row["number"], row["text"], row["step"]) for row in kept["adoptions"]] == [
        (foreign.id, "Det går bra", Step.IN_USE)
    ]
    assert not any(export(cast.employee.id).values())


def test_what_was_shared_for_a_municipality_stays_without_the_name(cast: Cast) -> None:
    solution = shared(cast.actor("employee"))
    assert written([solution.id])[solution.id].byline == cast.employee.name
    erase_account(cast.actor("employee"), cast.employee.id)
    assert solution.title == "Middag sammen"
    assert cast.employee.name not in str(written([solution.id])[solution.id].byline)
    gone = db.session.get_one(Account, cast.employee.id, populate_existing=True)
    assert gone.email is None


def test_erasing_twice_does_no_harm(cast: Cast) -> None:
    solution = shared(cast.actor("employee"))
    for _time in range(2):
        erase(cast.employee.id)
    assert (solution.title, solution.author_id) == ("Middag sammen", cast.employee.id)


def test_a_person_is_told_beforehand_what_stays(cast: Cast) -> None:
    assert stays(cast.employee.id) == []
    shared(cast.actor("employee"), "En")
    assert stays(cast.employee.id) == ["1 løsning du har delt for en kommune, blir stående uten navnet ditt."]
    share_solution(cast.actor("employee"), draft("To"))
    assert stays(cast.employee.id) == ["2 løsninger du har delt for en kommune, blir stående uten navnet ditt."]
    for each in db.session.scalars(sa.select(Solution)).all():
        withdraw_solution(cast.actor("employee"), each.id)
    imported(cast.actor("adviser"))
    assert stays(cast.employee.id) == stays(cast.adviser.id) == []


def test_every_table_that_points_at_a_person_is_declared() -> None:
    assert PERSONAL.tables == {"solutions", "solution_translations", "adoptions"}
