"""Ideas as lists show them: a title, one line of meaning, where it stands and who is with it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from portal.ideas.events.ideas import IDEA
from portal.ideas.models.ideas import Idea
from portal.ideas.models.thieves import TimeThief
from portal.ideas.stages import DECISIONS, STAGES, THIEF_STATUSES, Decision, IdeaKind, Stage, thief_status
from portal.ideas.thief_words import TONES as THIEF_TONES
from portal.kernel import clock
from portal.kernel.content import PublicationState
from portal.kernel.i18n import _
from portal.kernel.richtext import excerpt
from portal.kernel.slugs import slug
from portal.participation.models import Tally
from portal.places.models import Location, Neighbourhood
from portal.ui.filters import date

LINE = 160
"""Letters of the one line of meaning."""
READ = 600
"""Letters that are read of a text to make the line of."""
WAITING = frozenset({Stage.RECEIVED, Stage.ASSESSING})

TONES: Mapping[Stage, str] = {
    Stage.RECEIVED: "info",
    Stage.ASSESSING: "info",
    Stage.DECIDED: "accent",
    Stage.UNDER_WAY: "accent",
    Stage.REALISED: "success",
    Stage.CLOSED: "neutral",
}
TURNED_DOWN = "neutral"


@dataclass(frozen=True, kw_only=True)
class IdeaRow:
    """One idea in a list."""

    id: int
    slug: str
    title: str
    line: str
    language: str
    kind: IdeaKind
    is_told: bool
    is_internal: bool
    stage: Stage
    status: str
    """Where the case stands, in words."""
    tone: str
    due: str
    """When the first answer is due, or was; empty when it has come."""
    is_overdue: bool
    supports: int
    arguments: int
    place: str
    shown_at: datetime
    changed_at: datetime
    """When the idea or its case moved last."""


# What comes from another portal may hold nothing but what is proposed.
LINE_OF = sa.func.coalesce(sa.func.nullif(Idea.summary, ""), sa.func.nullif(Idea.challenge, ""), Idea.solution)

COLUMNS: tuple[Any, ...] = (
    Idea.id,
    Idea.title,
    sa.func.substr(LINE_OF, 1, READ).label("line"),
    Idea.language,
    Idea.kind,
    Idea.is_told,
    Idea.state,
    Idea.stage,
    Idea.decision,
    Idea.sent_at,
    Idea.answered_at,
    Idea.answer_due_at,
    Idea.shown_at,
    Idea.edited_at,
    Idea.stage_since,
    TimeThief.degree,
    Tally.supports,
    (Tally.arguments_for + Tally.arguments_against).label("arguments"),
    sa.func.coalesce(Neighbourhood.name, Location.address, "").label("place"),
)


def rows(*, counted: bool = False) -> sa.Select[Any]:
    """Select what a row shows: ideas with their counters, place and degree beside them, one row an idea.

    `counted`: only those that have counters, which is every idea that was sent in, for a list in a counter's order.
    """
    return (
        sa.select(*COLUMNS)
        .select_from(Idea)
        .join(Tally, sa.and_(Tally.kind == IDEA, Tally.target_id == Idea.id), isouter=not counted)
        .outerjoin(TimeThief, TimeThief.idea_id == Idea.id)
        .outerjoin(Location, sa.and_(Location.kind == IDEA, Location.target_id == Idea.id))
        .outerjoin(Neighbourhood, Neighbourhood.id == Location.neighbourhood_id)
    )


def row(found: Any) -> IdeaRow:
    """Return one selected row in words."""
    status, tone = standing(found.kind, found.stage, found.decision, found.degree)
    overdue = is_overdue(found)
    return IdeaRow(
        id=found.id,
        slug=slug(found.title),
        title=found.title,
        line=excerpt(found.line, LINE),
        language=found.language,
        kind=found.kind,
        is_told=found.is_told,
        is_internal=found.state is PublicationState.INTERNAL,
        stage=found.stage,
        status=status,
        tone=tone,
        due=_due(found, overdue=overdue),
        is_overdue=overdue,
        supports=found.supports or 0,
        arguments=found.arguments or 0,
        place=found.place,
        shown_at=found.shown_at,
        changed_at=max(filter(None, (found.shown_at, found.edited_at, found.stage_since))),
    )


def standing(kind: IdeaKind, stage: Stage, decision: Decision | None, degree: Any) -> tuple[str, str]:
    """Return where a case stands in the words of its kind, and the colour of its tag."""
    if kind is IdeaKind.TIME_THIEF:
        status = thief_status(stage, decision, degree)
        return str(THIEF_STATUSES[status]), THIEF_TONES[status]
    if stage is Stage.DECIDED and decision is not None:
        return str(DECISIONS[decision]), TURNED_DOWN if decision is Decision.REJECTED else TONES[stage]
    return str(STAGES[stage]), TONES[stage]


def waits_for_answer(idea: Any) -> bool:
    """Say whether the author still waits for a first answer; what is decided has been answered by the decision."""
    return idea.answered_at is None and idea.sent_at is not None and idea.stage in WAITING


def is_overdue(idea: Any) -> bool:
    """Say whether the first answer is late."""
    return waits_for_answer(idea) and idea.answer_due_at <= clock.now()


def _due(idea: Any, *, overdue: bool) -> str:
    if not waits_for_answer(idea):
        return ""
    due = date(idea.answer_due_at)
    return str(_("svar skulle kommet %(date)s", date=due) if overdue else _("svar innen %(date)s", date=due))
