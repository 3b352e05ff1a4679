"""Writing the agreement, version by version, and confirming it for a party."""

from __future__ import annotations

from dataclasses import dataclass

import sqlalchemy as sa

from portal.cocreation import policy
from portal.cocreation.actions.posting import withdraw_post, write_post
from portal.cocreation.events.process import AgreementConfirmed
from portal.cocreation.membership import alive, lock, party_of
from portal.cocreation.models.process import Agreement, AgreementConfirmation
from portal.kernel import clock
from portal.kernel.content import PublicationState
from portal.kernel.db import atomic, db, insert_once
from portal.kernel.errors import Conflict, Invalid, NotFound
from portal.kernel.events import publish
from portal.kernel.i18n import _l
from portal.kernel.identity import Actor

LONGEST = 15_000
"""Characters in an agreement."""
LONGEST_CHANGE = 500
OVERTAKEN = _l(
    "Noen andre har skrevet en ny versjon mens du skrev. Teksten din står her fortsatt. "
    "Ta inn det du vil beholde fra den andre, og send på nytt."
)
NEWER = _l("Det er kommet en ny versjon siden du åpnet siden. Les den før du bekrefter.")


@dataclass(frozen=True, kw_only=True)
class AgreementDraft:
    """A new version of the agreement, and the number of the one it was written from; 0 for the first."""

    text: str
    change: str = ""
    based_on: int = 0
    language: str = "nb"
    key: str


@atomic
def write_agreement(actor: Actor, project_id: int, draft: AgreementDraft) -> Agreement:
    """Write the next version; every party confirms it anew. The same form twice is one version.

    Raises Conflict when another version has come since the one it was written from, Invalid, Forbidden.
    """
    project, member = lock(actor, project_id)
    policy.must(policy.may_agree(actor, project, member), actor, policy.NOT_A_VOICE)
    mine = sa.select(Agreement).where(Agreement.author_id == actor.id, Agreement.key == draft.key)
    written = db.session.scalars(mine).one_or_none()
    if written is not None:
        return written
    newest = db.session.scalar(sa.select(sa.func.max(Agreement.number)).where(Agreement.project_id == project.id)) or 0
    if newest != draft.based_on:
        raise Conflict(OVERTAKEN)
    _must_be_whole(draft)
    values = {
        "project_id": project.id,
        "number": newest + 1,
        "text": draft.text,
        "change": draft.change,
        "language": draft.language,
    }
    return write_post(actor, Agreement, values, key=draft.key)


@atomic
def confirm_agreement(actor: Actor, project_id: int, number: int) -> None:
    """Confirm a version for one's party: the newest that is shown, and no other. Twice is once.

    Raises Conflict when a newer one is shown, NotFound, Forbidden.
    """
    project, member = lock(actor, project_id)
    party = party_of(actor, project, member)
    policy.must(project.ended_at is None, actor, policy.OVER)
    shown = sa.select(Agreement).where(
        Agreement.project_id == project.id, Agreement.state == PublicationState.PUBLISHED
    )
    newest = db.session.scalars(shown.order_by(Agreement.number.desc()).limit(1)).one_or_none()
    if newest is None or newest.number < number:
        raise NotFound(_l("Denne versjonen vises ikke ennå. En moderator leser den først."))
    if newest.number > number:
        raise Conflict(NEWER)
    row = {
        "agreement_id": newest.id,
        "party_id": party.id,
        "by_id": actor.id,
        "by_title": member.title if member else "",
        "at": clock.now(),
    }
    if insert_once(AgreementConfirmation, row):
        alive(project)
        publish(AgreementConfirmed(actor=actor, project_id=project.id, agreement_id=newest.id, party_id=party.id))


@atomic
def withdraw_agreement(actor: Actor, project_id: int, number: int) -> None:
    """Take back a version that no party has confirmed. Raises Conflict, NotFound, Forbidden."""
    project, _member = lock(actor, project_id)
    policy.must(project.ended_at is None, actor, policy.OVER)
    of_number = sa.select(Agreement).where(Agreement.project_id == project.id, Agreement.number == number)
    agreement = db.session.scalars(of_number).one_or_none()
    if agreement is None:
        raise NotFound(_l("Vi finner ikke denne versjonen."))
    confirmed = sa.select(sa.exists().where(AgreementConfirmation.agreement_id == agreement.id))
    if db.session.scalar(confirmed):
        raise Conflict(_l("En part har bekreftet denne versjonen. Skriv heller en ny versjon."))
    withdraw_post(actor, Agreement, agreement.id)


def _must_be_whole(draft: AgreementDraft) -> None:
    if not draft.text.strip():
        raise Invalid("text", _l("Skriv hva dere er enige om."))
    if len(draft.text) > LONGEST:
        raise Invalid("text", _l("Skriv høyst %(max)d tegn.", max=LONGEST))
    if draft.based_on and not draft.change.strip():
        raise Invalid("change", _l("Skriv hva som er nytt, så de andre vet hva de skal se etter."))
    if len(draft.change) > LONGEST_CHANGE:
        raise Invalid("change", _l("Skriv høyst %(max)d tegn.", max=LONGEST_CHANGE))
