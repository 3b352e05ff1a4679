"""The case of a campaign as the archive gets it: the invitation, the ideas that came, and the result."""

from __future__ import annotations

from datetime import UTC, datetime, time
from zoneinfo import ZoneInfo

import sqlalchemy as sa

from portal.accounts.queries.settings import branding
from portal.ideas import policy, questions
from portal.ideas.archive.values import (
    ADVISER,
    MUNICIPALITY,
    PARTICIPANTS,
    Case,
    Document,
    EntryType,
    RegistryEntry,
    Section,
)
from portal.ideas.events.ideas import CAMPAIGN
from portal.ideas.models.archiving import ArchivedCase
from portal.ideas.models.campaigns import Campaign
from portal.ideas.models.ideas import Idea
from portal.ideas.queries.importing import portal_address
from portal.ideas.stages import STAGES
from portal.ideas.trilingual import told
from portal.kernel.content import PublicationState
from portal.kernel.db import db
from portal.kernel.identity import Actor
from portal.kernel.richtext import plain

OSLO = ZoneInfo("Europe/Oslo")
LINES = 20_000
"""Ideas of a campaign that are listed in its package."""


def campaign_case(actor: Actor, campaign_id: int) -> Case:
    campaign = policy.must_archive_campaign(actor, db.session.get(Campaign, campaign_id))
    standing = db.session.get(ArchivedCase, (CAMPAIGN, campaign.id))
    title = told(campaign.title, "nb").text
    opened = datetime.combine(campaign.opens_on, time(), OSLO).astimezone(UTC)
    closed = datetime.combine(campaign.closes_on, time(23, 59), OSLO).astimezone(UTC)
    result = told(campaign.result, "nb").text
    return Case(
        kind=CAMPAIGN,
        number=campaign.id,
        address=portal_address(f"kampanjer/{campaign.slug}/"),
        title=title,
        keywords=["Kampanje"],
        creator=branding().municipality_name,
        creator_id=branding().municipality_number,
        unit=branding().municipality_name,
        responsible=ADVISER,
        opened_at=opened,
        ended_at=closed if result else None,
        journal_number=standing.journal_number if standing else "",
        entries=[
            _invitation(campaign, title, opened),
            *_ideas_of(campaign),
            *([_result(result, closed)] if result else []),
        ],
    )


def _invitation(campaign: Campaign, title: str, at: datetime) -> RegistryEntry:
    asked = questions.read(campaign.questions)
    sections = [
        Section("Kort fortalt", told(campaign.lead, "nb").text),
        Section("Om kampanjen", plain(told(campaign.introduction, "nb").text)),
        Section("Hva den skal føre til", plain(told(campaign.goal, "nb").text)),
        Section("Spørsmål til dem som foreslår", "\n".join(told(each.label, "nb").text for each in asked)),
    ]
    return RegistryEntry(
        at=at,
        type=EntryType.OUTGOING,
        title=f"Invitasjon: {title}",
        sender=MUNICIPALITY,
        recipient=PARTICIPANTS,
        document=Document(
            title=f"Invitasjon: {title}",
            kind="Invitasjon",
            facts=[("Åpner", campaign.opens_on.isoformat()), ("Siste dag", campaign.closes_on.isoformat())],
            sections=[each for each in sections if each.text],
        ),
    )


def _ideas_of(campaign: Campaign) -> list[RegistryEntry]:
    found = db.session.execute(
        sa.select(Idea.id, Idea.title, Idea.stage, Idea.journal_number, Idea.shown_at)
        .where(Idea.campaign_id == campaign.id, Idea.state == PublicationState.PUBLISHED)
        .order_by(Idea.id)
        .limit(LINES)
    ).all()
    if not found:
        return []
    title = "Forslag i kampanjen"
    lines = [f"{each.id}: {each.title}. {STAGES[each.stage]}. {each.journal_number or ''}".strip() for each in found]
    return [
        RegistryEntry(
            at=max(each.shown_at for each in found),
            type=EntryType.INCOMING,
            title=title,
            sender=PARTICIPANTS,
            recipient=MUNICIPALITY,
            document=Document(
                title=title,
                kind="Oversikt",
                facts=[("Antall", str(len(found)))],
                sections=[Section("Nummer, tittel, sak og arkivnummer", "\n".join(lines))],
            ),
        )
    ]


def _result(result: str, at: datetime) -> RegistryEntry:
    title = "Dette kom ut av kampanjen"
    return RegistryEntry(
        at=at,
        type=EntryType.OUTGOING,
        title=title,
        sender=MUNICIPALITY,
        recipient=PARTICIPANTS,
        document=Document(title=title, kind="Resultat", sections=[Section("Resultat", plain(result))]),
    )
