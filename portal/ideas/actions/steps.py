"""Writing the steps of a case: what happened, when, why, and by whom: by title, never by name."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa

from portal.accounts.models import ServiceArea
from portal.ideas.models.cases import CaseStep, Step
from portal.ideas.models.ideas import Idea
from portal.kernel import clock
from portal.kernel.db import atomic, db
from portal.kernel.i18n import _l, in_language
from portal.kernel.identity import Actor, Role


@atomic
def add_step(
    actor: Actor,
    idea: Idea,
    step: Step,
    *,
    text: str = "",
    language: str = "nb",
    is_public: bool = True,
    details: dict[str, Any] | None = None,
    by_title: str | None = None,
) -> CaseStep:
    """Add a step to the case of an idea; joins the caller's transaction."""
    made = CaseStep(
        idea_id=idea.id,
        at=clock.now(),
        step=step,
        actor_id=actor.id,
        by_title=title_of(actor, idea) if by_title is None else by_title,
        text=text,
        language=language,
        is_public=is_public,
        details=details or {},
    )
    db.session.add(made)
    db.session.flush()
    return made


@atomic
def title_of(actor: Actor, idea: Idea) -> str:
    """Return the title somebody is told by in public, in bokmål: the code that shows it translates what it knows."""
    if actor.has(Role.IDEA_MANAGER):
        return _in_bokmal(Role.IDEA_MANAGER)
    if actor.has(Role.EMPLOYEE):
        area = db.session.scalar(sa.select(ServiceArea.name).where(ServiceArea.id == idea.service_area_id))
        return area or _in_bokmal(Role.EMPLOYEE)
    return ""


def _in_bokmal(role: Role) -> str:
    with in_language("nb"):
        return str(TITLES[role])


TITLES = {
    Role.IDEA_MANAGER: _l("Innovasjonsrådgiver"),
    Role.EMPLOYEE: _l("Ansatt i kommunen"),
}
