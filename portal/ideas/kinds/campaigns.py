"""Campaigns as a kind of content: how one is shown as a link, who may see it, and what search keeps of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import sqlalchemy as sa

from portal.ideas import policy
from portal.ideas.events.ideas import CAMPAIGN
from portal.ideas.models.campaigns import Audience, Campaign
from portal.ideas.queries.campaigns import PHASES, phase
from portal.ideas.trilingual import LANGUAGES, told
from portal.kernel.content import Card, ContentKind, Entry, Ref
from portal.kernel.db import by_ids, db
from portal.kernel.i18n import _l, language
from portal.kernel.identity import Actor
from portal.kernel.richtext import plain

TEXTS = ("lead", "introduction", "goal", "result")


def cards(ids: Sequence[int]) -> Mapping[int, Card]:
    """Return how campaigns are shown as links, in the reader's language."""
    return {each.id: _card(each) for each in by_ids(Campaign, ids).values()}


def may(actor: Actor, ref: Ref, verb: str) -> bool:
    """Say what somebody may do with a campaign: read what is for them, and follow it."""
    if verb not in {"read", "follow"} or (verb == "follow" and not policy.may_propose(actor)):
        return False
    seen = sa.select(Campaign.id).where(Campaign.id == ref.id, policy.campaigns_open_to(actor))
    return db.session.scalar(seen) is not None


def entries(ids: Sequence[int]) -> Mapping[int, Sequence[Entry]]:
    """Return what the search index keeps of the campaigns that are for everybody, in each language."""
    public = sa.select(Campaign).where(
        Campaign.id.in_(ids), Campaign.is_announced.is_(True), Campaign.audience == Audience.EVERYBODY
    )
    return {each.id: [_entry(each, code) for code in LANGUAGES] for each in db.session.scalars(public)}


def all_ids(after: int, limit: int) -> Sequence[int]:
    """Return the numbers of campaigns, for building the search index anew."""
    found = sa.select(Campaign.id).where(Campaign.id > after).order_by(Campaign.id).limit(limit)
    return db.session.scalars(found).all()


def _card(campaign: Campaign) -> Card:
    title, lead = told(campaign.title, language()), told(campaign.lead, language())
    return Card(
        ref=Ref(CAMPAIGN, campaign.id),
        title=title.text,
        endpoint="ideas_campaigns.show",
        values={"slug": campaign.slug},
        excerpt=lead.text,
        language=title.language,
        status=str(PHASES[phase(campaign)]),
    )


def _entry(campaign: Campaign, code: str) -> Entry:
    return Entry(
        title=told(campaign.title, code).text,
        body="\n".join(plain(told(getattr(campaign, name), code).text) for name in TEXTS),
        language=code,
        updated_at=campaign.changed_at,
    )


CAMPAIGNS = ContentKind(
    name=CAMPAIGN,
    label=_l("kampanje"),
    plural=_l("kampanjer"),
    cards=cards,
    may=may,
    entries=entries,
    all_ids=all_ids,
)
