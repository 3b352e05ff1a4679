"""Campaigns for tests, made the way advisers make them."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from portal.ideas.actions.campaigns import CampaignDraft, Part, announce, make_campaign, put_row
from portal.ideas.models.campaigns import Campaign
from portal.kernel import clock
from portal.kernel.identity import Actor

QUESTION = {"kind": "short", "required": True, "label": {"nb": "Hvilken skole gjelder det?"}, "options": []}


def campaign_draft(title: str = "Trygg skolevei", **values: Any) -> CampaignDraft:
    """Return a campaign that is open now, to everybody."""
    today = clock.today()
    return CampaignDraft(
        **{
            "title": {"nb": title},
            "lead": {"nb": "Hva gjør veien til skolen utrygg?"},
            "opens_on": today - timedelta(days=1),
            "closes_on": today + timedelta(days=13),
            **values,
        }
    )


def open_campaign(
    actor: Actor, title: str = "Trygg skolevei", *, asks: bool = False, announced: bool = True, **values: Any
) -> Campaign:
    """Return a campaign that is announced; `asks`: with a question that must be answered."""
    campaign = make_campaign(actor, campaign_draft(title, **values))
    if asks:
        put_row(actor, campaign.id, Part.QUESTIONS, QUESTION)
    return announce(actor, campaign.id) if announced else campaign
