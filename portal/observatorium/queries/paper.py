"""What staff see of paper forms: the batches of a round, one batch with its forms, and the form that is entered."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from portal.accounts.models import Account, Organisation
from portal.kernel.db import db
from portal.kernel.errors import Forbidden, NotFound
from portal.kernel.i18n import _l
from portal.kernel.identity import Actor
from portal.observatorium import policy
from portal.observatorium.catalogue import Catalogue
from portal.observatorium.models.outreach import BatchState, PaperBatch, PaperForm
from portal.observatorium.models.rounds import Round
from portal.observatorium.queries.rounds import catalogue_of, get_round


@dataclass(frozen=True, kw_only=True)
class BatchRow:
    """One batch, and who has had it in hand."""

    batch: PaperBatch
    organisation: str
    entered_by: str
    """Nothing when the person is gone."""
    decided_by: str
    mine: bool
    may_decide: bool


@dataclass(frozen=True, kw_only=True)
class BatchesPage:
    """The batches of a round."""

    round: Round
    may_enter: bool
    rows: Sequence[BatchRow]


@dataclass(frozen=True, kw_only=True)
class BatchPage:
    """One batch with every form in it."""

    round: Round
    catalogue: Catalogue
    row: BatchRow
    may_change: bool
    forms: Sequence[PaperForm]
    """In the order of their numbers; none once the batch is approved."""

    @property
    def batch(self) -> PaperBatch:
        return self.row.batch

    @property
    def following(self) -> int:
        """The number that the next form probably has."""
        return max((form.number for form in self.forms), default=0) + 1

    def form(self, number: int) -> PaperForm:
        """Return one form; raises NotFound."""
        found = next((form for form in self.forms if form.number == number), None)
        if found is None:
            raise NotFound(_l("Vi finner ikke dette skjemaet."))
        return found


def batches_page(actor: Actor, slug: str) -> BatchesPage:
    """Return the batches of a round: those that wait first, then the newest."""
    round_ = _round(actor, slug)
    waiting_first = sa.case((PaperBatch.state == BatchState.WAITING, 0), else_=1)
    rows = db.session.execute(_batches(round_).order_by(waiting_first, PaperBatch.id.desc()))
    return BatchesPage(
        round=round_,
        may_enter=policy.may_enter_paper(actor, round_),
        rows=[_row(actor, round_, each) for each in rows],
    )


def batch_page(actor: Actor, slug: str, batch_id: int) -> BatchPage:
    """Return a batch with its forms; raises NotFound for one of another round."""
    round_ = _round(actor, slug)
    found = db.session.execute(_batches(round_).where(PaperBatch.id == batch_id)).first()
    if found is None:
        raise NotFound(_l("Vi finner ikke denne bunten."))
    row = _row(actor, round_, found)
    forms = db.session.scalars(sa.select(PaperForm).where(PaperForm.batch_id == batch_id).order_by(PaperForm.number))
    return BatchPage(
        round=round_,
        catalogue=catalogue_of(round_),
        row=row,
        may_change=policy.may_change_batch(actor, round_, row.batch),
        forms=forms.all(),
    )


def organisations() -> Sequence[Organisation]:
    """Return the organisations that somebody can have answered for on paper."""
    verified = sa.select(Organisation).where(Organisation.verified_at.is_not(None), Organisation.closed_at.is_(None))
    return db.session.scalars(verified.order_by(Organisation.name, Organisation.id)).all()


def _batches(round_: Round) -> sa.Select[PaperBatch, str, str, str]:
    enterer, decider = sa.orm.aliased(Account), sa.orm.aliased(Account)
    return (
        sa.select(PaperBatch, Organisation.name, enterer.name, decider.name)
        .outerjoin(Organisation, Organisation.id == PaperBatch.organisation_id)
        .outerjoin(enterer, enterer.id == PaperBatch.entered_by_id)
        .outerjoin(decider, decider.id == PaperBatch.decided_by_id)
        .where(PaperBatch.round_id == round_.id)
    )


def _row(actor: Actor, round_: Round, found: Any) -> BatchRow:
    batch, organisation, entered_by, decided_by = found
    return BatchRow(
        batch=batch,
        organisation=organisation or "",
        entered_by=entered_by or "",
        decided_by=decided_by or "",
        mine=batch.entered_by_id == actor.id,
        may_decide=policy.may_decide_batch(actor, round_, batch),
    )


def _round(actor: Actor, slug: str) -> Round:
    if not policy.may_read_paper(actor):
        raise Forbidden(_l("Bare ansatte og koordinatorer kan føre inn papirskjemaer."))
    return get_round(actor, slug)
