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
from portal.partners.events import PartnerCompared, PartnerRoundForgotten
from portal.partners.models.imports import PartnerResult, PartnerRound
from portal.partners.models.partners import LogKind, Partner, PartnerState


@atomic
def keep_round(actor: Actor, partner_id: int, told: RoundFigures, figures: Sequence[Figure]) -> None:
    """Keep a round that a partner has published, in place of what we had; not one suspended meanwhile."""
    partner = db.session.get(Partner, partner_id, with_for_update=True, populate_existing=True)
    if partner is None or partner.state is not PartnerState.ACTIVE:
        return
    had = sa.select(PartnerRound).where(PartnerRound.partner_id == partner_id, PartnerRound.slug == told.slug)
    if before := db.session.scalar(had):
        _forget(before)
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
    rounds = sa.select(PartnerRound).where(PartnerRound.partner_id == partner_id, PartnerRound.slug.not_in(but))
    for gone in db.session.scalars(rounds.with_for_update()).all():
        _forget(gone)
        publish(PartnerRoundForgotten(actor=actor, partner_id=partner_id, slug=gone.slug))


def _forget(gone: PartnerRound) -> None:
    delete_rows(sa.delete(PartnerResult).where(PartnerResult.round_id == gone.id))
    db.session.delete(gone)
    db.session.flush()
