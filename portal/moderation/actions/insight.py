"""Seeing what is kept from moderators: who wrote, and what stood there before. Each look has a reason and is logged."""

from __future__ import annotations

from typing import Any

from portal.kernel.db import atomic, db
from portal.kernel.errors import Forbidden, Invalid, NotFound
from portal.kernel.events import publish
from portal.kernel.i18n import _l
from portal.kernel.identity import Actor
from portal.moderation import casework, people, policy
from portal.moderation.casework import Step
from portal.moderation.events import AuthorRevealed, OriginalRead
from portal.moderation.models import Case, Decision

LONGEST = 200


@atomic
def reveal_author(actor: Actor, case_id: int, reason: str) -> str:
    """Return the name of who wrote a text. Invalid at `reason` without one."""
    case = casework.locked(case_id)
    _check(actor, reason)
    casework.note(case, actor, Step.AUTHOR_REVEALED, reason=reason)
    publish(AuthorRevealed(actor=actor, reason=reason, **casework.facts(case)))
    return people.name_of(case.author_id)


@atomic
def read_original(actor: Actor, decision_id: int, reason: str) -> dict[str, Any]:
    """Return the texts as they were before a decision, by field. Invalid at `reason` without one."""
    decision = db.session.get(Decision, decision_id)
    if decision is None:
        raise NotFound(_l("Vi finner ikke denne avgjørelsen."))
    case = db.session.get_one(Case, decision.case_id)
    _check(actor, reason)
    casework.note(case, actor, Step.ORIGINAL_READ, decision_id=decision.id, reason=reason)
    publish(OriginalRead(actor=actor, decision_id=decision.id, reason=reason, **casework.facts(case)))
    return dict(decision.before.get("fields", {}))


def _check(actor: Actor, reason: str) -> None:
    if not policy.may_see_appeals(actor):
        raise Forbidden
    if not reason or len(reason) > LONGEST:
        raise Invalid("reason", _l("Skriv hvorfor du trenger å se det, med høyst %(max)d tegn.", max=LONGEST))
