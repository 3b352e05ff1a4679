"""Giving one's own assessment of an idea, before one has seen the others'."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import sqlalchemy as sa

from portal.ideas import policy
from portal.ideas.assessing import HIGHEST, LOWEST
from portal.ideas.events.cases import IdeaAssessed
from portal.ideas.models.campaigns import Campaign
from portal.ideas.models.cases import Assessment
from portal.ideas.models.ideas import Idea
from portal.ideas.queries.campaigns import criteria
from portal.kernel import clock
from portal.kernel.db import atomic, db
from portal.kernel.errors import Forbidden, Invalid
from portal.kernel.events import publish
from portal.kernel.i18n import _l
from portal.kernel.identity import Actor


@dataclass(frozen=True, kw_only=True)
class AssessmentDraft:
    """What somebody thinks: every criterion 1–5, the risk if they judge it, and why."""

    scores: Mapping[str, int] = field(default_factory=dict)
    likelihood: int | None = None
    consequence: int | None = None
    is_required_by_law: bool = False
    has_several_actors: bool = False
    comment: str = ""


@atomic
def assess_idea(actor: Actor, idea_id: int, draft: AssessmentDraft) -> Assessment:
    """Give one's assessment, or change it; every criterion is needed, and likelihood and consequence go together."""
    idea = policy.must_read(actor, db.session.get(Idea, idea_id, with_for_update=True, populate_existing=True))
    if not policy.may_assess(actor, idea):
        raise Forbidden(_l("Ansatte vurderer ideer, men ikke sine egne."))
    _check(draft, [each.key for each in criteria(_campaign(idea))])
    mine = sa.select(Assessment).where(Assessment.idea_id == idea.id, Assessment.assessor_id == actor.id)
    found = db.session.scalar(mine)
    if found is None:
        found = Assessment(idea_id=idea.id, assessor_id=actor.id or 0)
        db.session.add(found)
    found.scores = dict(draft.scores)
    found.likelihood, found.consequence = draft.likelihood, draft.consequence
    found.is_required_by_law, found.has_several_actors = draft.is_required_by_law, draft.has_several_actors
    found.comment, found.at = draft.comment, clock.now()
    db.session.flush()
    publish(IdeaAssessed(actor=actor, idea_id=idea.id))
    return found


def _campaign(idea: Idea) -> Campaign | None:
    return db.session.get(Campaign, idea.campaign_id) if idea.campaign_id else None


def _check(draft: AssessmentDraft, keys: list[str]) -> None:
    for key in keys:
        if draft.scores.get(key) not in range(LOWEST, HIGHEST + 1):
            raise Invalid(key, _l("Velg et tall fra 1 til 5."))
    if set(draft.scores) - set(keys):
        raise Invalid("", _l("Kriteriene er endret siden du åpnet siden. Se over på nytt."))
    if (draft.likelihood is None) != (draft.consequence is None):
        missing = "likelihood" if draft.likelihood is None else "consequence"
        raise Invalid(missing, _l("Risiko er sannsynlighet og konsekvens sammen. Velg begge, eller ingen."))
    for name in ("likelihood", "consequence"):
        if getattr(draft, name) not in {None, *range(LOWEST, HIGHEST + 1)}:
            raise Invalid(name, _l("Velg et tall fra 1 til 5."))
