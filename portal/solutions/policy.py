"""Who may share a solution, change it, read it, and tell that they take it in use."""

from __future__ import annotations

from dataclasses import dataclass

import sqlalchemy as sa

from portal import config
from portal.kernel import municipalities
from portal.kernel.content import PublicationState
from portal.kernel.errors import Forbidden, NotFound
from portal.kernel.i18n import _l
from portal.kernel.identity import STAFF, Actor, Role
from portal.solutions.adoption import AdopterKind
from portal.solutions.models.adoptions import Adoption
from portal.solutions.models.solutions import Solution, SolutionTranslation

LIMITED = _l("Kontoen din er begrenset for en tid. Du kan lese, men ikke delta.")
NOT_FOUND = _l("Vi finner ikke denne løsningen. Den kan være trukket av dem som delte den.")
NOT_YOURS = _l("Det kan bare kommunen som eier løsningen, gjøre.")
NOT_FOR_NOTES = _l("Innovasjonsrådgivere kan skrive et notat til løsninger som kommer fra en annen portal.")
NOT_STAFF = _l("Bare ansatte i en kommune kan dele løsninger.")
ADOPTION_NOT_FOUND = _l("Vi finner ikke denne meldingen om bruk. Den kan være trukket.")
NOT_YOUR_ADOPTION = _l("Det kan bare de som tar løsningen i bruk, gjøre.")

ALIVE = frozenset({PublicationState.PUBLISHED, PublicationState.PENDING, PublicationState.CHANGES_REQUESTED})
WAITING = frozenset({PublicationState.PENDING, PublicationState.CHANGES_REQUESTED, PublicationState.HIDDEN})


@dataclass(frozen=True)
class Abilities:
    """What somebody may do with a solution."""

    manage: bool
    """Change its words, translate it, withdraw it, answer questions: those who own it."""
    note: bool
    """Write the home municipality's own note beside what came from another portal."""
    take_part: bool
    """Follow it."""
    adopt: bool
    """Tell that somebody they act for takes it in use; for whom, the form asks."""


def abilities(actor: Actor, solution: Solution) -> Abilities:
    """Return what somebody who can read the solution may do with it."""
    return Abilities(
        manage=may_manage(actor, solution),
        note=may_note(actor, solution),
        take_part=may_take_part(actor, solution),
        adopt=may_take_part(actor, solution),
    )


def home() -> str:
    """Return the number of the municipality whose portal this is."""
    return config.current().municipality_number


def municipality_name(number: str) -> str:
    """Return what a municipality is called as the body it is; the number itself when nobody has it."""
    found = municipalities.find(number)
    return f"{found.name.partition(' - ')[0]} kommune" if found else number  # «Trondheim - Tråante»


def municipality_of(actor: Actor) -> str | None:
    """Return the number of the municipality somebody works for, as far as the portal knows: staff here, or partners."""
    if actor.is_staff:
        return home()
    return actor.municipality_number if actor.has(Role.PARTNER) else None


def visible() -> sa.ColumnElement[bool]:
    """Return the condition for the solutions in lists."""
    return Solution.state == PublicationState.PUBLISHED


def may_share(actor: Actor) -> bool:
    """Staff here, and the staff of partners, for the municipality they work in."""
    return municipality_of(actor) is not None and not actor.is_limited


def must_share(actor: Actor) -> str:
    """Return the municipality that somebody shares for; raises Forbidden."""
    number = municipality_of(actor)
    if number is None or actor.is_limited:
        raise Forbidden(LIMITED if actor.is_limited else NOT_STAFF)
    return number


def owns(actor: Actor, solution: Solution) -> bool:
    """Say whether somebody looks after a solution that was written here.

    Its author while they work there; the home municipality's advisers; everybody on a partner's staff, since they are
    few. What came from another portal is looked after there.
    """
    if solution.source_uri is not None or municipality_of(actor) != solution.municipality_number:
        return False
    return solution.author_id == actor.id or _owns_all(actor)


def owned(actor: Actor) -> sa.ColumnElement[bool]:
    """Return the condition for the solutions that somebody looks after. Raises Forbidden to those who can't own any."""
    number = municipality_of(actor)
    if number is None:
        raise Forbidden(NOT_STAFF)
    theirs = sa.true() if _owns_all(actor) else Solution.author_id == actor.id
    return sa.and_(Solution.municipality_number == number, Solution.source_uri.is_(None), theirs)


def _owns_all(actor: Actor) -> bool:
    """Say whether somebody looks after all that their municipality shares."""
    is_partner = not actor.roles & STAFF
    return is_partner or actor.has(Role.IDEA_MANAGER)


def may_manage(actor: Actor, solution: Solution) -> bool:
    return owns(actor, solution) and not actor.is_limited and solution.state in ALIVE


def may_withdraw(actor: Actor, solution: Solution) -> bool:
    """Those who own it, at any time: also what is hidden."""
    return owns(actor, solution) and solution.state is not PublicationState.WITHDRAWN


def may_note(actor: Actor, solution: Solution) -> bool:
    """The home municipality's advisers, beside what another portal owns."""
    comes_from_another = solution.source_uri is not None and solution.state is not PublicationState.WITHDRAWN
    return comes_from_another and actor.has(Role.IDEA_MANAGER) and not actor.is_limited


def may_read(actor: Actor, solution: Solution) -> bool:
    """Published: everybody. What waits: those who own it, and staff who look after solutions or texts."""
    if solution.state is PublicationState.PUBLISHED:
        return True
    if solution.state is PublicationState.WITHDRAWN:
        return False
    return owns(actor, solution) or (solution.state in WAITING and actor.has(Role.IDEA_MANAGER, Role.MODERATOR))


def must_read(actor: Actor, solution: Solution | None) -> Solution:
    """Return the solution to those who may read it; to others it isn't there. Raises NotFound."""
    if solution is None or not may_read(actor, solution):
        raise NotFound(NOT_FOUND)
    return solution


def may_take_part(actor: Actor, solution: Solution) -> bool:
    """Follow it: whoever is signed in, while it is shown."""
    return actor.is_signed_in and not actor.is_limited and solution.state is PublicationState.PUBLISHED


def may_ask(actor: Actor, solution: Solution) -> bool:
    """Ask about what is answered here: those who own what came from another portal don't hear it."""
    return may_take_part(actor, solution) and solution.source_uri is None


def may_read_translation(actor: Actor, translation: SolutionTranslation, solution: Solution) -> bool:
    """Published, with what it is of: everybody; what waits, those who own it and moderators."""
    if translation.state is PublicationState.WITHDRAWN or not may_read(actor, solution):
        return False
    is_shown = translation.state is PublicationState.PUBLISHED
    return is_shown or owns(actor, solution) or actor.has(Role.MODERATOR)


def may_act_for(
    actor: Actor,
    kind: AdopterKind,
    *,
    municipality: str = "",
    service_area_id: int | None = None,
    organisation_id: int | None = None,
    organisations: frozenset[int] = frozenset(),
) -> bool:
    """Say whether somebody may tell what an adopter does; `organisations`: those they are verified spokespersons of.

    For a municipality: its partner staff, and for the home municipality its advisers. For a unit: its employees and
    the advisers. For an organisation: its spokespersons.
    """
    if not actor.is_signed_in or actor.is_limited:
        return False
    if kind is AdopterKind.ORGANISATION:
        return organisation_id in organisations
    if kind is AdopterKind.UNIT:
        works_there = actor.has(Role.EMPLOYEE) and service_area_id in actor.service_areas
        return service_area_id is not None and (works_there or actor.has(Role.IDEA_MANAGER))
    if municipality == home():
        return actor.has(Role.IDEA_MANAGER)
    return actor.has(Role.PARTNER) and actor.municipality_number == municipality


def may_change(actor: Actor, adoption: Adoption, organisations: frozenset[int]) -> bool:
    """Say whether somebody may change what an adopter tells; what another portal told is changed there."""
    return (
        adoption.source_uri is None
        and adoption.state not in {PublicationState.HIDDEN, PublicationState.WITHDRAWN}
        and acts_for(actor, adoption, organisations)
    )


def acts_for(actor: Actor, adoption: Adoption, organisations: frozenset[int]) -> bool:
    """Say whether somebody may act for the adopter of what is told."""
    return may_act_for(
        actor,
        adoption.kind,
        municipality=adoption.municipality_number,
        service_area_id=adoption.service_area_id,
        organisation_id=adoption.organisation_id,
        organisations=organisations,
    )


def may_read_texts(actor: Actor, adoption: Adoption, organisations: frozenset[int]) -> bool:
    """That somebody uses a solution is public; what they wrote of it, once it is approved."""
    if adoption.state is PublicationState.WITHDRAWN:
        return False
    is_shown = adoption.state is PublicationState.PUBLISHED or actor.has(Role.MODERATOR)
    return is_shown or acts_for(actor, adoption, organisations)


def must(may: bool, actor: Actor, otherwise: object) -> None:
    """Let nobody go on who may not; raises Forbidden with the reason."""
    if not may:
        raise Forbidden(LIMITED if actor.is_limited else otherwise)
