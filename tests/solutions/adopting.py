"""What several tests of taking solutions in use do: tell of it, as an adviser, a partner, a unit or an organisation."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import sqlalchemy as sa

from portal.accounts.actions.administration import ServiceAreasDraft, change_service_areas
from portal.accounts.actions.settings import ServiceAreaDraft, add_service_area
from portal.accounts.models import Account
from portal.kernel.content import PublicationState, Ref, Restriction
from portal.kernel.db import atomic, db
from portal.kernel.identity import Actor
from portal.solutions.actions.adopting import begin_adoption
from portal.solutions.actions.hearing import Told, hear_adoption
from portal.solutions.adoption import Adopter, AdopterKind, Step, Way
from portal.solutions.adoption_rows import AdoptionDraft
from portal.solutions.events.adoptions import ADOPTION
from portal.solutions.kinds.adoptions import ADOPTIONS
from portal.solutions.models.adoptions import Adoption, AdoptionStep
from portal.solutions.models.solutions import Solution
from tests.support.cast import Cast
from tests.support.solutions import show

HOME, NEIGHBOUR = "3203", "3201"
"""Asker and Bærum: where the adviser works, and the partner."""
DAY = date(2026, 3, 2)
HERE = Adopter(AdopterKind.MUNICIPALITY, HOME)
THERE = Adopter(AdopterKind.MUNICIPALITY, NEIGHBOUR)


def draft(step: Step = Step.IN_USE, **given: Any) -> AdoptionDraft:
    """Return what an adopter may tell at a step; anything can be given by name."""
    plain: dict[str, Any] = {"way": Way.ADAPTED} if step is not Step.INTERESTED else {}
    if step is Step.IN_USE:
        plain["in_use_since"] = DAY
    if step is Step.STOPPED:
        plain["learning"] = "Det ble for få frivillige."
    return AdoptionDraft(step=step, **(plain | given))


def adopted(
    actor: Actor, solution: Solution, adopter: Adopter = THERE, step: Step = Step.IN_USE, **given: Any
) -> Adoption:
    """Return what somebody told, and everybody may read."""
    adoption = begin_adoption(actor, solution.id, adopter, draft(step, **given))
    if adoption.state is not PublicationState.PUBLISHED:
        show(Ref(ADOPTION, adoption.id))
    return adoption


def told_from(keeper: Actor, solution: Solution, number: str, step: Step = Step.IN_USE) -> Adoption:
    """Let another municipality's portal tell that it takes the solution."""
    uri = f"https://portal-{number}.example/losninger/bruk/{solution.id}"
    of: dict[str, Any] = {"kind": AdopterKind.MUNICIPALITY, "municipality_number": number, "name": "", "of_edition": 1}
    adoption = hear_adoption(keeper, solution.id, Told(uri=uri, draft=draft(step), **of), keeper_id=keeper.id or 0)
    if adoption.state is not PublicationState.PUBLISHED:
        show(Ref(ADOPTION, adoption.id))
    return adoption


def unit(cast: Cast, name: str = "Velferd og helse", *people: str) -> tuple[Adopter, Actor]:
    """Return a unit of the municipality, and the employee who works in it."""
    area = add_service_area(cast.actor("admin"), ServiceAreaDraft(name=name))
    for person in people or ("employee",):
        account = db.session.get_one(Account, cast.actor(person).id, populate_existing=True)
        works = ServiceAreasDraft(service_area_ids=frozenset({area.id}), version=account.version)
        change_service_areas(cast.actor("admin"), account.id, works)
    employee = replace(cast.actor((people or ("employee",))[0]), service_areas=frozenset({area.id}))
    return Adopter(AdopterKind.UNIT, str(area.id)), employee


def organisation(cast: Cast, who: str = "volunteer") -> Adopter:
    """Return the organisation that somebody of the cast speaks for."""
    return Adopter(AdopterKind.ORGANISATION, str(getattr(cast, f"{who}_organisation").id))


@atomic
def hide(adoption: Adoption) -> None:
    """Let what an adopter tells be hidden, as a moderator would."""
    assert ADOPTIONS.restrict is not None
    ADOPTIONS.restrict(Ref(ADOPTION, adoption.id), Restriction(state=PublicationState.HIDDEN))


def in_use(solution: Solution) -> int:
    """Return how many use it, as it is stored."""
    return db.session.get_one(Solution, solution.id, populate_existing=True).in_use


def steps(adoption: Adoption) -> list[Step]:
    """Return the steps that are written down, in order."""
    taken = sa.select(AdoptionStep.step).where(AdoptionStep.adoption_id == adoption.id)
    return list(db.session.scalars(taken.order_by(AdoptionStep.id)))


def now(adoption: Adoption) -> Adoption:
    """Return an adoption as it stands in the database."""
    return db.session.get_one(Adoption, adoption.id, populate_existing=True)
