"""The pages about one tidstyv or one measure: handling it, confirming it, and what a measure came to."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import sqlalchemy as sa

from portal.accounts.models import ServiceArea
from portal.ideas import policy
from portal.ideas.hours import Shown, Total
from portal.ideas.models.ideas import Idea
from portal.ideas.models.thieves import Measure, TimeThief, Transfer
from portal.ideas.queries.thief_totals import Row
from portal.ideas.queries.thieves import Panel, exact, freed_hours, panel, together, written
from portal.ideas.thief_words import owner_text
from portal.kernel.content import PublicationState
from portal.kernel.db import db
from portal.kernel.errors import Forbidden, NotFound
from portal.kernel.i18n import _l
from portal.kernel.identity import Actor
from portal.kernel.slugs import slug

NO_MEASURE = _l("Vi finner ikke dette tiltaket.")
MOST_CHOICES = 500


@dataclass(frozen=True)
class TransferRow:
    """The responsibility went from somebody to somebody."""

    transfer: Transfer

    @property
    def before(self) -> str:
        return owner_text(self.transfer.from_owner, self.transfer.from_name)

    @property
    def after(self) -> str:
        return owner_text(self.transfer.to_owner, self.transfer.to_name)


@dataclass(frozen=True, kw_only=True)
class ThiefPage:
    """One tidstyv, with what its own pages show."""

    panel: Panel
    transfers: Sequence[TransferRow] = ()
    measures: Mapping[int, str] | None = None

    @property
    def idea(self) -> Idea:
        return self.panel.idea

    @property
    def thief(self) -> TimeThief:
        return self.panel.thief

    @property
    def values(self) -> Mapping[str, Any]:
        """Return what the address of its idea is made of."""
        return {"idea_id": self.idea.id, "slug": slug(self.idea.title)}


@dataclass(frozen=True, kw_only=True)
class MeasurePage:
    """A measure, its tidstyver that the reader sees, and what they took and got back."""

    measure: Measure
    area: str | None
    rows: Sequence[Row]
    total: Total
    others: int
    """How many more it is against, that the reader can't see: their hours are not in the sums."""
    may_run: bool

    @property
    def before(self) -> Shown | None:
        return written(self.total.before) if self.total.rows > self.total.not_counted else None

    @property
    def freed(self) -> Shown | None:
        return written(abs(self.total.freed)) if self.total.measured else None


def thief_page(actor: Actor, idea_id: int) -> ThiefPage:
    """Return one tidstyv to somebody who reads it; raises NotFound."""
    idea = policy.must_read(actor, db.session.get(Idea, idea_id))
    found = panel(actor, idea)
    if found is None:
        raise NotFound(policy.NOT_FOUND)
    return ThiefPage(panel=found)


def handle_page(actor: Actor, idea_id: int) -> ThiefPage:
    """Return one tidstyv to those who handle it, with whose it has been and the measures it can be put on."""
    page = thief_page(actor, idea_id)
    if not page.panel.may_handle:
        raise Forbidden(policy.NOT_YOUR_CASE)
    transfers = sa.select(Transfer).where(Transfer.idea_id == idea_id).order_by(Transfer.id.desc())
    measures = sa.select(Measure.id, Measure.title).order_by(Measure.id.desc()).limit(MOST_CHOICES)
    return ThiefPage(
        panel=page.panel,
        transfers=[TransferRow(each) for each in db.session.scalars(transfers)],
        measures={each.id: each.title for each in db.session.execute(measures)},
    )


def confirm_page(actor: Actor, idea_id: int) -> ThiefPage:
    """Return one tidstyv to those who had it, when it is time to ask them; raises NotFound, Forbidden."""
    page = thief_page(actor, idea_id)
    if not page.panel.may_confirm:
        raise Forbidden(_l("Vi spør dem som meldte eller støttet tidstyven, når kommunen mener at tiden er tilbake."))
    return page


def measure_page(actor: Actor, measure_id: int) -> MeasurePage:
    """Return a measure with the tidstyver that somebody sees, in three statements; raises NotFound."""
    found = db.session.execute(
        sa.select(Measure, ServiceArea.name)
        .outerjoin(ServiceArea, ServiceArea.id == Measure.service_area_id)
        .where(Measure.id == measure_id)
    ).one_or_none()
    if found is None:
        raise NotFound(NO_MEASURE)
    measure, area = found
    of_measure = together(measure_id)
    members = (
        sa.select(Idea, TimeThief, freed_hours(of_measure), policy.visible(actor))
        .join(TimeThief, TimeThief.idea_id == Idea.id)
        .outerjoin(of_measure, of_measure.c.measure_id == TimeThief.measure_id)
        .where(TimeThief.measure_id == measure_id, Idea.state != PublicationState.MERGED)
        .order_by(TimeThief.hours.is_(None), TimeThief.hours.desc(), Idea.id)
    )
    every = db.session.execute(members).all()
    rows = [Row(idea=idea, thief=thief, freed=exact(freed)) for idea, thief, freed, is_seen in every if is_seen]
    return MeasurePage(
        measure=measure,
        area=area,
        rows=rows,
        total=sum((_total(row) for row in rows), start=Total()),
        others=len(every) - len(rows),
        may_run=policy.may_run_measure(actor, measure),
    )


def _total(row: Row) -> Total:
    before = exact(row.thief.hours)
    return Total(
        rows=1,
        not_counted=int(before is None),
        before=before or Fraction(0),
        measured=int(row.freed is not None),
        freed=row.freed or Fraction(0),
        worse=int(row.freed is not None and row.freed < 0),
    )
