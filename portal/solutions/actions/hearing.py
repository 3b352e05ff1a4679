"""Taking in what other portals tell of who uses a solution; whether they may tell it is checked before."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass

import sqlalchemy as sa

from portal.kernel import municipalities
from portal.kernel.content import PublicationState
from portal.kernel.db import atomic, db
from portal.kernel.errors import Conflict, Invalid
from portal.kernel.i18n import _l
from portal.kernel.identity import Actor
from portal.solutions import policy
from portal.solutions.adoption import AdopterKind
from portal.solutions.adoption_rows import (
    LONGEST_TITLE,
    AdoptionDraft,
    Who,
    begin,
    change,
    lock_solution,
    locked,
    take_back,
    told_for,
    whole,
)
from portal.solutions.models.adoptions import Adoption


@dataclass(frozen=True, kw_only=True)
class Told:
    """What another portal tells of an adoption: the portal that told has been checked, what it says is checked here."""

    uri: str
    """Where the adoption is told, at the adopter's portal."""
    kind: AdopterKind
    municipality_number: str
    name: str
    of_edition: int
    draft: AdoptionDraft


@atomic
def hear_adoption(actor: Actor, solution_id: int, told: Told, *, keeper_id: int) -> Adoption:
    """Take in what another portal tells; its newest word replaces older, also what was told here for its municipality.

    Steps may have been missed, so any step can follow any. `keeper_id`: whoever let that portal in. Raises Invalid at
    what is wrong, Conflict when the address is told of another solution, NotFound.
    """
    solution = lock_solution(actor, solution_id)
    who, draft = _who_elsewhere(told), whole(told.draft)
    if who.adopter == f"{AdopterKind.MUNICIPALITY}:{solution.municipality_number}":
        raise Invalid("adopter", _l("Kommunen har selv delt løsningen."))
    found = _by_uri(told.uri)
    if found is not None and found.solution_id != solution_id:
        raise Conflict(_l("Denne adressen er meldt for en annen løsning."))
    found = found or told_for(solution_id, who.adopter)
    if found is None or found.state is PublicationState.WITHDRAWN:
        key = hashlib.sha256(told.uri.encode()).hexdigest()[:36]
        return begin(actor, solution, found, who, draft, author_id=keeper_id, of_edition=told.of_edition, key=key)
    found.source_uri, found.byline = who.source_uri, who.byline
    change(actor, found, draft, author_id=keeper_id, of_edition=told.of_edition)
    return found


@atomic
def unhear_adoption(actor: Actor, uri: str) -> None:
    """Take back what another portal told, when it says so; nothing when it is not known, or is taken back already."""
    found = _by_uri(uri)
    if found is None or found.state is PublicationState.WITHDRAWN:
        return
    adoption, _solution = locked(found.id)
    take_back(actor, adoption)


def _by_uri(uri: str) -> Adoption | None:
    return db.session.scalar(sa.select(Adoption).where(Adoption.source_uri == uri))


def _who_elsewhere(told: Told) -> Who:
    """Return an adopter that another portal names. Only municipalities are known by number; others by where it says."""
    if municipalities.find(told.municipality_number) is None:
        raise Invalid("municipality_number", _l("Dette er ikke nummeret til en kommune."))
    is_municipality = told.kind is AdopterKind.MUNICIPALITY
    name = policy.municipality_name(told.municipality_number) if is_municipality else told.name.strip()
    if not name or len(name) > LONGEST_TITLE:
        raise Invalid("name", _l("Skriv mellom %(min)d og %(max)d tegn.", min=1, max=LONGEST_TITLE))
    number = told.municipality_number if is_municipality else hashlib.sha256(told.uri.encode()).hexdigest()[:20]
    return Who(
        adopter=f"{told.kind}:{number}",
        kind=told.kind,
        municipality_number=told.municipality_number,
        byline=name,
        source_uri=told.uri,
    )
