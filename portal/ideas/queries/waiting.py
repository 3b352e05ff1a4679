"""What waits in the cases: a first answer, or news of what was decided. Conditions that lists and reminders share."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from portal.ideas.models.cases import CaseStep
from portal.ideas.models.ideas import Idea, Origin
from portal.ideas.policy import SHOWN
from portal.ideas.stages import Decision, Stage
from portal.kernel.content import PublicationState
from portal.kernel.db import db

HANDLED = frozenset({*SHOWN, PublicationState.PENDING})
"""The publication states in which staff handle a case."""
BEFORE_DECISION = frozenset({Stage.RECEIVED, Stage.ASSESSING})
NEWS_EXPECTED = frozenset({Stage.DECIDED, Stage.UNDER_WAY})


@dataclass(frozen=True, kw_only=True)
class Waiting:
    """A case that somebody is to be reminded of. `since`: when the answer is due, or when something was told last."""

    idea_id: int
    service_area_id: int | None
    responsible_id: int | None
    since: datetime


def unanswered() -> sa.ColumnElement[bool]:
    """Return the condition for the ideas that wait for a first answer. Imported ones were answered elsewhere."""
    return sa.and_(
        Idea.state.in_(HANDLED),
        Idea.stage.in_(BEFORE_DECISION),
        Idea.answered_at.is_(None),
        Idea.sent_at.is_not(None),
        Idea.id.not_in(sa.select(Origin.idea_id)),
    )


def untold(before: datetime) -> sa.ColumnElement[bool]:
    """Return the condition for the ideas of which people wait for news, and nothing has been told since a time."""
    news = sa.exists().where(CaseStep.idea_id == Idea.id, CaseStep.is_public, CaseStep.at > before)
    return sa.and_(
        Idea.state.in_(HANDLED),
        Idea.stage.in_(NEWS_EXPECTED),
        sa.func.coalesce(Idea.decision, Decision.IN_THE_LINE.value) != Decision.REJECTED,
        Idea.stage_since <= before,
        ~news,
    )


def for_answer(due_before: datetime) -> Sequence[Waiting]:
    """Return the cases whose first answer is due before a time, or was."""
    rows = sa.select(Idea.id, Idea.service_area_id, Idea.responsible_id, Idea.answer_due_at)
    return _waiting(rows.where(unanswered(), Idea.answer_due_at < due_before).order_by(Idea.answer_due_at, Idea.id))


def for_news(told_before: datetime) -> Sequence[Waiting]:
    """Return the cases of which nothing has been told since a time."""
    newest = sa.select(sa.func.max(CaseStep.at)).where(CaseStep.idea_id == Idea.id, CaseStep.is_public)
    told_at = sa.func.coalesce(newest.correlate(Idea).scalar_subquery(), Idea.stage_since, type_=Idea.stage_since.type)
    rows = sa.select(Idea.id, Idea.service_area_id, Idea.responsible_id, told_at)
    return _waiting(rows.where(untold(told_before)).order_by(Idea.stage_since, Idea.id))


def _waiting(rows: Any) -> list[Waiting]:
    return [
        Waiting(idea_id=id_, service_area_id=area, responsible_id=person, since=since)
        for id_, area, person, since in db.session.execute(rows)
    ]
