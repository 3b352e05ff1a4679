"""Taking a solution in use: telling of it, coming further and taking it back. How many use it is counted with it."""

from __future__ import annotations

import uuid

import sqlalchemy as sa

from portal.accounts.models import ServiceArea
from portal.accounts.queries.organisations import spokesperson_organisations
from portal.kernel import municipalities
from portal.kernel.content import PublicationState
from portal.kernel.db import atomic, db
from portal.kernel.errors import Conflict, Invalid, NotFound
from portal.kernel.i18n import _l
from portal.kernel.identity import Actor
from portal.solutions import policy
from portal.solutions.adoption import BEGINNINGS, Adopter, AdopterKind, Step, may_follow
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
from portal.solutions.models.solutions import Solution

CHANGED = _l("Noen har endret dette siden du åpnet det. Se over det som står der nå, og lagre på nytt.")
CLOSED = _l("Løsningen er ikke delt med alle ennå, eller den er trukket. Da kan ingen melde fra om bruk.")


@atomic
def begin_adoption(
    actor: Actor, solution_id: int, adopter: Adopter, draft: AdoptionDraft, *, key: str = ""
) -> Adoption:
    """Tell that somebody one acts for considers, tries or uses a solution. The same form twice is one adoption.

    Raises Conflict when it is told already, Invalid at the field, Forbidden, NotFound.
    """
    solution = lock_solution(actor, solution_id)
    policy.must(policy.may_take_part(actor, solution), actor, CLOSED)
    who = _who(actor, adopter)
    if adopter == Adopter(AdopterKind.MUNICIPALITY, solution.municipality_number):
        raise Invalid("adopter", _l("Kommunen har selv delt løsningen, og telles ikke blant dem som tar den i bruk."))
    sent = _sent_before(actor, key) if key else None
    if sent is not None and (sent.solution_id, sent.adopter) == (solution_id, str(adopter)):
        return sent
    if draft.step not in BEGINNINGS:
        raise Invalid("step", _l("Velg hvor langt dere er kommet."))
    found = told_for(solution_id, str(adopter))
    if found is not None and found.state is not PublicationState.WITHDRAWN:
        already = _l("%(name)s har alt meldt fra om denne løsningen. Endre det der i stedet.", name=found.byline)
        raise Conflict(already)
    return begin(
        actor,
        solution,
        found,
        who,
        whole(draft),
        author_id=actor.id or 0,
        of_edition=solution.edition,
        key=key if key and sent is None else uuid.uuid4().hex,
    )


@atomic
def change_adoption(
    actor: Actor, adoption_id: int, draft: AdoptionDraft, *, version: int, follows: bool = False
) -> Adoption:
    """Tell that one has come a step further, has stopped, or how it goes; new words wait for moderation.

    `follows`: one has gone over to the solution's newest version. Raises Conflict when it was changed since the writer
    opened it, Invalid at the field, Forbidden, NotFound.
    """
    adoption, solution = _mine(actor, adoption_id)
    policy.must(policy.may_change(actor, adoption, _organisations(actor)), actor, policy.NOT_YOUR_ADOPTION)
    if adoption.version != version:
        raise Conflict(CHANGED)
    if not may_follow(adoption.step, draft.step):
        raise Invalid("step", _l("Dere kan ikke gå tilbake til dette. Har dere sluttet, velg det."))
    again = adoption.step is Step.STOPPED and draft.step is not Step.STOPPED
    of_edition = solution.edition if follows or again else adoption.of_edition
    change(actor, adoption, whole(draft), author_id=actor.id or 0, of_edition=of_edition)
    return adoption


@atomic
def withdraw_adoption(actor: Actor, adoption_id: int) -> None:
    """Take back that one ever told: texts and steps are gone, and it no longer counts. Raises Forbidden, NotFound."""
    adoption, _solution = _mine(actor, adoption_id)
    may = adoption.source_uri is None and policy.acts_for(actor, adoption, _organisations(actor))
    policy.must(may, actor, policy.NOT_YOUR_ADOPTION)
    take_back(actor, adoption)


def _mine(actor: Actor, adoption_id: int) -> tuple[Adoption, Solution]:
    """Return an adoption and its solution, both locked; the solution may be withdrawn: one can stop all the same."""
    adoption, solution = locked(adoption_id)
    if adoption.state is PublicationState.WITHDRAWN:
        raise NotFound(policy.ADOPTION_NOT_FOUND)
    return adoption, solution


def _sent_before(actor: Actor, key: str) -> Adoption | None:
    return db.session.scalar(sa.select(Adoption).where(Adoption.author_id == actor.id, Adoption.key == key))


def _organisations(actor: Actor) -> frozenset[int]:
    return frozenset(each.id for each in spokesperson_organisations(actor.id or 0))


def _who(actor: Actor, adopter: Adopter) -> Who:
    """Return whom somebody acts for, as the table holds it. Raises Invalid when they don't, or it isn't there."""
    found = _FIND[adopter.kind](actor, adopter)
    organisations = frozenset({found.organisation_id}) if found and found.organisation_id else frozenset()
    may = found is not None and policy.may_act_for(
        actor,
        found.kind,
        municipality=found.municipality_number,
        service_area_id=found.service_area_id,
        organisation_id=found.organisation_id,
        organisations=organisations,
    )
    if found is None or not may:
        raise Invalid("adopter", _l("Du kan bare melde fra for noen du arbeider i eller taler for."))
    return found


def _municipality(_actor: Actor, adopter: Adopter) -> Who | None:
    found = municipalities.find(adopter.number)
    if found is None:
        return None
    return Who(
        adopter=str(adopter),
        kind=adopter.kind,
        municipality_number=found.number,
        byline=policy.municipality_name(found.number),
    )


def _unit(_actor: Actor, adopter: Adopter) -> Who | None:
    area = db.session.get(ServiceArea, int(adopter.number))
    if area is None or not area.active:
        return None
    return Who(
        adopter=str(adopter),
        kind=adopter.kind,
        municipality_number=policy.home(),
        byline=f"{area.name}, {policy.municipality_name(policy.home())}"[:LONGEST_TITLE],
        service_area_id=area.id,
    )


def _organisation(actor: Actor, adopter: Adopter) -> Who | None:
    voices = spokesperson_organisations(actor.id or 0)
    voice = next((each for each in voices if each.id == int(adopter.number)), None)
    if voice is None:
        return None
    return Who(
        adopter=str(adopter),
        kind=adopter.kind,
        municipality_number=policy.home(),
        byline=voice.name,
        organisation_id=voice.id,
    )


_FIND = {
    AdopterKind.MUNICIPALITY: _municipality,
    AdopterKind.UNIT: _unit,
    AdopterKind.ORGANISATION: _organisation,
}
