"""Keeping what partners have published of their rounds, so that it can be shown beside ours."""

from __future__ import annotations

from collections.abc import Collection, Sequence

import msgspec
import sqlalchemy as sa

from portal.kernel import clock
from portal.kernel.db import atomic, db, delete_rows
from portal.kernel.events import publish
from portal.kernel.identity import Actor
from portal.partners.actions.logging import log
from portal.partners.comparison import Figure, RoundFigures
from portal.partners.events import PartnerCompared
from portal.partners.models.imports import PartnerResult, PartnerRound
from portal.partners.models.partners import LogKind, Partner, PartnerState


@atomic
def keep_round(actor: Actor, partner_id: int, told: RoundFigures, figures: Sequence[Figure]) -> None:
    """Keep a round that a partner has published, in place of what we had; not one suspended meanwhile."""
    partner = db.session.get(Partner, partner_id, with_for_update=True, populate_existing=True)
    if partner is None or partner.state is not PartnerState.ACTIVE:
        return
    _forget(sa.select(PartnerRound.id).where(PartnerRound.partner_id == partner_id, PartnerRound.slug == told.slug))
    kept = PartnerRound(
        partner_id=partner_id,
        slug=told.slug,
        title=told.title,
        published_at=told.published,
        revision=told.revision,
        catalogue_version=told.catalogue_version,
        method_version=told.method_version,
        content_hash=told.content_hash,
        fetched_at=clock.now(),
    )
    db.session.add(kept)
    db.session.flush()
    db.session.add_all(
        PartnerResult(round_id=kept.id, indicator=figure.indicator, body=msgspec.to_builtins(figure))
        for figure in figures
    )
    db.session.flush()
    log(actor, partner_id, LogKind.COMPARED, reason=told.title, counts={"indicators": len(figures)})
    publish(PartnerCompared(actor=actor, partner_id=partner_id, slug=told.slug, revision=told.revision))


@atomic
def forget_rounds(actor: Actor, partner_id: int, *, but: Collection[str]) -> None:
    """Forget a partner's rounds but those with these slugs: the others it has withdrawn, or newer ones replace."""
    gone = sa.select(PartnerRound.id).where(PartnerRound.partner_id == partner_id, PartnerRound.slug.not_in(but))
    _forget(gone)


def _forget(rounds: sa.Select[int]) -> None:
    ids = db.session.scalars(rounds).all()
    delete_rows(sa.delete(PartnerResult).where(PartnerResult.round_id.in_(ids)))
    delete_rows(sa.delete(PartnerRound).where(PartnerRound.id.in_(ids)))
