"""Sending the package of a case to the municipality's archive, and writing down the number it got there."""

from __future__ import annotations

import sqlalchemy as sa

from portal import config
from portal.ideas import policy
from portal.ideas.events.archiving import CampaignFiled, CaseArchived, CaseSentToArchive
from portal.ideas.events.ideas import CAMPAIGN
from portal.ideas.models.archiving import ArchivedCase
from portal.ideas.models.campaigns import Campaign
from portal.ideas.queries.archiving import case_of
from portal.kernel import clock, outbox
from portal.kernel.content import Ref
from portal.kernel.db import atomic, db, insert_once
from portal.kernel.errors import Conflict, Invalid
from portal.kernel.events import publish
from portal.kernel.i18n import _l
from portal.kernel.identity import Actor
from portal.kernel.richtext import clean_line

TOPIC = "ideas.archive"
LONGEST = 50


@atomic
def send_to_archive(actor: Actor, ref: Ref) -> ArchivedCase:
    """Ask that the package of a case is sent; asked twice before it is taken, it is sent once.

    What is sent is the case as it stands when the worker sends it. Raises Conflict when no archive is set up.
    """
    case_of(actor, ref)  # to those who handle it, and nobody else
    if not config.current().archive_url:
        raise Conflict(_l("Det er ikke satt opp noe arkiv å sende til. Last ned pakken i stedet."))
    standing = _standing(ref)
    if standing.asked_at is not None and standing.delivered_at is None:
        return standing
    standing.asked_at, standing.asked_by_id, standing.delivered_at = clock.now(), actor.id, None
    db.session.flush()
    outbox.enqueue(TOPIC, {"kind": ref.kind, "id": ref.id})
    publish(CaseSentToArchive(actor=actor, kind=ref.kind, target_id=ref.id))
    return standing


@atomic
def mark_archived(actor: Actor, ref: Ref, sha256: str) -> None:
    """Write down that the archive took a package; the portal itself does."""
    standing = _standing(ref)
    standing.delivered_at, standing.sha256 = clock.now(), sha256
    db.session.flush()
    publish(CaseArchived(actor=actor, kind=ref.kind, target_id=ref.id, sha256=sha256))


@atomic
def file_campaign(actor: Actor, campaign_id: int, journal_number: str) -> None:
    """Write down the number of a campaign's case in the archive; empty takes it away."""
    campaign = policy.must_archive_campaign(actor, db.session.get(Campaign, campaign_id))
    number = clean_line(journal_number)
    if len(number) > LONGEST:
        raise Invalid("journal_number", _l("Skriv høyst %(max)d tegn.", max=LONGEST))
    standing = _standing(Ref(CAMPAIGN, campaign.id))
    if number != standing.journal_number:
        standing.journal_number = number
        db.session.flush()
        publish(CampaignFiled(actor=actor, kind=CAMPAIGN, target_id=campaign.id, journal_number=number))


def _standing(ref: Ref) -> ArchivedCase:
    insert_once(ArchivedCase, {"kind": ref.kind, "target_id": ref.id, "journal_number": "", "sha256": ""})
    found = sa.select(ArchivedCase).where(ArchivedCase.kind == ref.kind, ArchivedCase.target_id == ref.id)
    return db.session.scalars(found.with_for_update().execution_options(populate_existing=True)).one()
