"""What the actions on cases share: finding the text, holding the case, writing its steps, showing what was decided."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from enum import StrEnum
from typing import Any

import sqlalchemy as sa

from portal.kernel import clock
from portal.kernel.content import Card, PublicationState, Ref, Restriction, Written
from portal.kernel.db import db
from portal.kernel.errors import Conflict, NotFound
from portal.kernel.extensions import content
from portal.kernel.i18n import _l
from portal.kernel.identity import Actor
from portal.moderation import people
from portal.moderation.models import Case, CaseEvent, Decision, Verdict
from portal.ui.filters import time


class Step(StrEnum):
    """What a row of a case's history tells."""

    OPENED = "opened"
    PASSED = "passed"
    EDITED = "edited"
    REPORTED = "reported"
    CLAIMED = "claimed"
    RELEASED = "released"
    DECIDED = "decided"
    CLOSED = "closed"
    APPEALED = "appealed"
    APPEAL_DECIDED = "appeal_decided"
    ENDED = "ended"
    AUTHOR_REVEALED = "author_revealed"
    ORIGINAL_READ = "original_read"
    OVERDUE_TOLD = "overdue_told"


LEFT = "left"
"""In `Decision.before`: the mark of the text as the decision left it, for a reversal restores that and nothing else."""
STATES: Mapping[Verdict, PublicationState] = {
    Verdict.APPROVE: PublicationState.PUBLISHED,
    Verdict.MASK: PublicationState.PUBLISHED,
    Verdict.ASK_CHANGES: PublicationState.CHANGES_REQUESTED,
    Verdict.HIDE: PublicationState.HIDDEN,
    Verdict.REJECT: PublicationState.HIDDEN,
}


def ref_of(case: Case) -> Ref:
    return Ref(case.kind, case.target_id)


def written_at(ref: Ref) -> Written | None:
    """Return the text of a thing that can be moderated and is there."""
    kind = content().find(ref.kind)
    return None if kind is None or kind.restrict is None else content().written([ref]).get(ref)


def title_of(ref: Ref) -> str:
    """Return what a thing is called, also when it is gone."""
    card: Card | None = content().cards([ref]).get(ref)
    kind = content().find(ref.kind)
    return card.title if card else str(kind.label if kind else ref)


def locked(case_id: int) -> Case:
    """Hold a case until the transaction is over. Raises NotFound."""
    case = db.session.get(Case, case_id, with_for_update=True, populate_existing=True)
    if case is None:
        raise NotFound(_l("Vi finner ikke denne saken."))
    return case


def open_case_of(ref: Ref) -> Case | None:
    """Hold and return the open case of a thing."""
    wanted = sa.select(Case).where(Case.kind == ref.kind, Case.target_id == ref.id, Case.closed_at.is_(None))
    return db.session.scalar(wanted.with_for_update().execution_options(populate_existing=True))


def refuse_if_taken(actor: Actor, case: Case) -> None:
    """Raise Conflict when somebody else has the case now."""
    until = case.claimed_until
    if until is not None and until > clock.now() and case.claimed_by_id != actor.id:
        name = people.name_of(case.claimed_by_id)
        raise Conflict(_l("%(name)s arbeider med saken til kl. %(time)s.", name=name, time=time(until)))


def note(case: Case, actor: Actor, step: Step, **data: Any) -> None:
    """Write a step of the case; rows are only ever added."""
    db.session.add(CaseEvent(case_id=case.id, at=clock.now(), actor_id=actor.id, what=step, data=data))
    db.session.flush()


def facts(case: Case) -> dict[str, Any]:
    """Return what every event about the case says."""
    return {"case_id": case.id, "kind": case.kind, "target_id": case.target_id}


def close(case: Case) -> None:
    """Take the case out of the queue."""
    case.closed_at, case.claimed_by_id, case.claimed_until = clock.now(), None, None
    db.session.flush()


def fingerprint(written: Written | None) -> str:
    """Return a mark of the text as it is: a form made from another text is stale."""
    plain = json.dumps([written.state, dict(written.fields)] if written else None, sort_keys=True)
    return hashlib.sha256(plain.encode()).hexdigest()[:16]


def kept(written: Written) -> dict[str, Any]:
    """Return state and texts as they are, to be kept with a decision."""
    return {"state": written.state.value, "language": written.language, "fields": dict(written.fields)}


def put_into_effect(ref: Ref, state: PublicationState, fields: Mapping[str, str] | None = None) -> None:
    """Let the package that holds the thing show it as decided.

    Earlier versions stay hidden as long as a restriction stands, also when the author has changed the text since.
    """
    restrict = content().kind(ref.kind).restrict
    if restrict is None:
        raise NotFound
    restrict(ref, Restriction(state=state, fields=fields or {}, hide_versions=_is_restricted(ref)))


def _is_restricted(ref: Ref) -> bool:
    ended = sa.select(Decision.reverses_id).where(Decision.reverses_id.is_not(None))
    standing = (
        sa.select(Decision.id)
        .join(Case, Case.id == Decision.case_id)
        .where(
            Case.kind == ref.kind,
            Case.target_id == ref.id,
            Decision.verdict.in_(set(STATES) - {Verdict.APPROVE}),
            Decision.id.not_in(ended),
        )
    )
    return db.session.scalar(standing.limit(1)) is not None


def reverse(actor: Actor, case: Case, decision: Decision) -> None:
    """Write that a decision no longer stands, and show what it restricted again as it was.

    What its author has changed or withdrawn since, or somebody decided anew, is left as it is.
    """
    db.session.add(
        Decision(
            case_id=case.id,
            verdict=Verdict.APPROVE,
            decided_by_id=actor.id,
            decided_at=clock.now(),
            on_report=decision.on_report,
            language=decision.language,
            masks=[],
            before={},
            reverses_id=decision.id,
        )
    )
    db.session.flush()
    _restore(case, decision)


def _restore(case: Case, decision: Decision) -> None:
    ref = ref_of(case)
    if LEFT in decision.before and fingerprint(written_at(ref)) == decision.before[LEFT]:
        put_into_effect(ref, PublicationState.PUBLISHED, decision.before["fields"])
