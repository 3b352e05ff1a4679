"""What outreach and paper keep about people: who invited, who entered a batch, and who asked for a reminder."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import sqlalchemy as sa

from portal.kernel.db import db, delete_rows
from portal.kernel.i18n import _l
from portal.kernel.personal import NOTHING_LEFT, PersonalData, Terms
from portal.observatorium.models.outreach import BatchState, Invitation, PaperBatch, RoundReminder
from portal.observatorium.models.rounds import Round

STATES: Mapping[Any, Any] = {
    BatchState.DRAFT: _l("Utkast"),
    BatchState.WAITING: _l("Venter på godkjenning"),
    BatchState.REJECTED: _l("Avvist"),
    BatchState.APPROVED: _l("Godkjent"),
}


def export(account_id: int) -> Mapping[str, Sequence[Mapping[str, Any]]]:
    """Return what somebody asked for and did; never the answers on paper, which are other people's."""
    reminders = sa.select(Round.slug).join(RoundReminder, RoundReminder.round_id == Round.id)
    invitations = sa.select(Round.slug, Invitation.name, Invitation.made_at).join(
        Invitation, Invitation.round_id == Round.id
    )
    batches = sa.select(Round.slug, PaperBatch.label, PaperBatch.count, PaperBatch.state.label("batch_state")).join(
        PaperBatch, PaperBatch.round_id == Round.id
    )
    asked = {
        "round_reminders": reminders.where(RoundReminder.account_id == account_id).order_by(Round.id),
        "invitations_made": invitations.where(Invitation.made_by_id == account_id).order_by(Invitation.id),
        "batches_entered": batches.where(PaperBatch.entered_by_id == account_id).order_by(PaperBatch.id),
        "batches_decided": batches.where(PaperBatch.decided_by_id == account_id).order_by(PaperBatch.id),
    }
    return {name: [dict(row) for row in db.session.execute(rows).mappings()] for name, rows in asked.items()}


def erase(account_id: int, _terms: Terms = NOTHING_LEFT) -> None:
    """Take the person out: the reminder is gone, and what they did at work stands without a name."""
    delete_rows(sa.delete(RoundReminder).where(RoundReminder.account_id == account_id))
    for column in (Invitation.made_by_id, PaperBatch.entered_by_id, PaperBatch.decided_by_id):
        db.session.execute(sa.update(column.class_).where(column == account_id).values({column.key: None}))


PERSONAL = PersonalData(
    name="observatorium_outreach",
    tables=frozenset({Invitation.__tablename__, RoundReminder.__tablename__, PaperBatch.__tablename__}),
    export=export,
    erase=erase,
    words={"batch_state": STATES},
)
