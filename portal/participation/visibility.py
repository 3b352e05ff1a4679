"""What comes into view and goes out of it, and the counters that follow: exact, also when many come at once."""

from __future__ import annotations

from typing import Any, cast

import sqlalchemy as sa

from portal.kernel.content import PublicationState, Ref
from portal.kernel.db import db, insert_once
from portal.participation.events import CONTRIBUTION
from portal.participation.models import Contribution, ContributionVersion, Form, Tally

COUNTERS = ("supports", "followers", "arguments_for", "arguments_against", "questions", "comments")
COUNTED_AS = {
    Form.ARGUMENT_FOR: "arguments_for",
    Form.ARGUMENT_AGAINST: "arguments_against",
    Form.QUESTION: "questions",
    Form.COMMENT: "comments",
}


def count(ref: Ref, counter: str, step: int) -> None:
    """Add to one of a thing's counters, in the database itself, where none is lost; joins the running transaction."""
    column = Tally.__table__.c[counter]
    change = (
        sa.update(Tally)
        .where(Tally.kind == ref.kind, Tally.target_id == ref.id)
        .values({counter: column + step})
        .execution_options(synchronize_session=False)
    )
    if not _changed(change):
        insert_once(Tally, {"kind": ref.kind, "target_id": ref.id, **dict.fromkeys(COUNTERS, 0)})
        _changed(change)


def count_contribution(contribution: Contribution, before: PublicationState | None) -> None:
    """Count a contribution that has come into view, or gone out of it, since it was in the state `before`."""
    step = _shown(contribution.state) - _shown(before)
    if not step:
        return
    if contribution.parent_id is not None:
        count(Ref(CONTRIBUTION, contribution.parent_id), "comments", step)
    else:
        count(Ref(contribution.kind, contribution.target_id), COUNTED_AS[contribution.form], step)


def empty(contribution: Contribution) -> None:
    """Leave nothing of what a contribution said or has said; joins the running transaction."""
    before = contribution.state
    contribution.text, contribution.state = "", PublicationState.WITHDRAWN
    db.session.flush()
    earlier = sa.update(ContributionVersion).where(ContributionVersion.contribution_id == contribution.id)
    db.session.execute(earlier.values(text="", hidden=True))
    count_contribution(contribution, before)


def _shown(state: PublicationState | None) -> int:
    return int(state is PublicationState.PUBLISHED)


def _changed(statement: sa.Update) -> int:
    return cast("sa.CursorResult[Any]", db.session.execute(statement)).rowcount
