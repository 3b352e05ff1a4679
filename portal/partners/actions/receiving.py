"""What a partner tells us: who takes a solution of ours in use, and how it went."""

from __future__ import annotations

import sqlalchemy as sa

from portal.kernel import clock
from portal.kernel.content import PublicationState
from portal.kernel.db import atomic, db, delete_rows, insert_once, upsert
from portal.kernel.errors import Conflict, DomainError, Forbidden, NotFound
from portal.kernel.events import publish
from portal.kernel.i18n import _l
from portal.kernel.identity import SYSTEM, Actor
from portal.partners.actions.logging import log
from portal.partners.events import AdoptionReceived
from portal.partners.incoming import Reason
from portal.partners.models.feed import SeenNonce
from portal.partners.models.imports import Heard, SetAside
from portal.partners.models.partners import LogKind, Partner, PartnerState
from portal.partners.signing import Verified
from portal.partners.wire import AdoptionItem, Received
from portal.solutions.actions.hearing import Told, hear_adoption, unhear_adoption
from portal.solutions.adoption import AdopterKind, Step, Way
from portal.solutions.adoption_rows import AdoptionDraft
from portal.solutions.models.adoptions import Adoption
from portal.solutions.models.solutions import Solution

UNDECIDED = frozenset({PublicationState.PENDING, PublicationState.CHANGES_REQUESTED})
MOST_SET_ASIDE = 500


class NotNow(DomainError):
    """The solution waits for a moderator: the partner tells again later."""

    status = 503


class Replayed(Conflict):
    """The same message has come before."""


@atomic
def receive_adoption(actor: Actor, partner_id: int, proof: Verified, item: AdoptionItem) -> Received | None:
    """Take in what a partner tells of an adoption; return where it stands here, None when it was taken back.

    `proof`: the signature, checked; `item`: the message, checked. A word older than what we have changes nothing.
    Raises Forbidden when the partner is suspended, Replayed, Conflict when it can't stand beside what is here, NotFound
    when the solution is gone, NotNow, Invalid.
    """
    partner = db.session.get(Partner, partner_id, with_for_update=True, populate_existing=True)
    if partner is None or partner.state is not PartnerState.ACTIVE:
        raise Forbidden(_l("Utvekslingen med denne portalen er stanset."))
    nonce = {"partner_id": partner_id, "nonce": proof.nonce, "expires_at": proof.expires_at}
    if not insert_once(SeenNonce, nonce):
        raise Replayed(_l("Denne meldingen er tatt imot før."))
    solution_id = _solution(item)
    heard = db.session.get(Heard, item.id)
    if heard is None or heard.changed_at <= item.updated:
        _hear(actor, partner, solution_id, item)
    adoption = db.session.scalar(sa.select(Adoption).where(Adoption.source_uri == item.id))
    if adoption is None or adoption.state is PublicationState.WITHDRAWN:
        return None
    return Received(id=f"{item.solution}#bruk-{adoption.id}", url=item.solution)


@atomic
def refuse_message(actor: Actor, partner_id: int, uri: str, reason: Reason, detail: str = "") -> None:
    """Remember that a partner sent what could not be taken in; in its log the first time that it is for this reason."""
    now = clock.now()
    found = sa.select(SetAside).where(SetAside.partner_id == partner_id, SetAside.uri == uri)
    aside = db.session.scalar(found.with_for_update())
    if aside is None:
        has = sa.select(sa.func.count()).select_from(SetAside).where(SetAside.partner_id == partner_id)
        if (db.session.scalar(has) or 0) >= MOST_SET_ASIDE:
            return
        aside = SetAside(partner_id=partner_id, uri=uri, reason="", first_at=now, last_at=now, times=0)
        db.session.add(aside)
    if aside.reason != reason.value:
        log(actor, partner_id, LogKind.REFUSED, reason=reason.value)
    aside.reason, aside.detail, aside.last_at = reason.value, detail, now
    aside.times += 1
    db.session.flush()


@atomic
def forget_nonces(actor: Actor = SYSTEM) -> int:
    """Forget the messages that are too old to come again; return how many. The worker calls it."""
    return delete_rows(sa.delete(SeenNonce).where(SeenNonce.expires_at <= clock.now()))


def _hear(actor: Actor, partner: Partner, solution_id: int, item: AdoptionItem) -> None:
    upsert(
        Heard,
        {"uri": item.id, "partner_id": partner.id, "changed_at": item.updated},
        change=("changed_at",),
    )
    if item.withdrawn:
        unhear_adoption(actor, item.id)
        log(actor, partner.id, LogKind.RECEIVED, reason="withdrawn", solution_id=solution_id)
        return
    adoption = hear_adoption(actor, solution_id, _told(item), keeper_id=partner.keeper_id)
    log(actor, partner.id, LogKind.RECEIVED, reason=item.step, solution_id=solution_id)
    delete_rows(sa.delete(SetAside).where(SetAside.partner_id == partner.id, SetAside.uri == item.id))
    publish(AdoptionReceived(actor=actor, partner_id=partner.id, solution_id=solution_id, adoption_id=adoption.id))


def _solution(item: AdoptionItem) -> int:
    """Return the number of a solution of ours that a partner names. Raises NotFound, NotNow."""
    solution_id = int(item.solution.rsplit("/", 1)[1])
    solution = db.session.get(Solution, solution_id) if solution_id < 2**31 else None
    if solution is None or solution.source_uri is not None:
        raise NotFound(_l("Vi finner ikke denne løsningen. Den kan være trukket av dem som delte den."))
    if solution.state in UNDECIDED and not item.withdrawn:
        raise NotNow(_l("Løsningen venter på en moderator. Prøv igjen senere."))
    return solution_id


def _told(item: AdoptionItem) -> Told:
    draft = AdoptionDraft(
        step=Step(item.step),
        way=Way(item.way) if item.way else None,
        in_use_since=item.in_use_since,
        stopped_on=item.stopped_on,
        adapted=item.adapted,
        result=item.result,
        learning=item.learning,
        contact_title=item.contact_title,
        language=item.language,
    )
    return Told(
        uri=item.id,
        kind=AdopterKind(item.adopter.kind),
        municipality_number=item.adopter.municipality_number,
        name=item.adopter.name,
        of_edition=item.of_version,
        draft=draft,
    )
