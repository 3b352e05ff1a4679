"""Partners' published rounds beside ours, for an indicator's page."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import msgspec
import sqlalchemy as sa

from portal import config
from portal.kernel import municipalities
from portal.kernel.content import Ref
from portal.kernel.db import db
from portal.kernel.identity import Actor
from portal.observatorium.catalogue import number_of
from portal.observatorium.models.rounds import Revision, RevisionResult, Round, RoundState
from portal.observatorium.queries.rounds import newest_revision
from portal.partners.comparison import Dot, Figure, Told, apart, dots
from portal.partners.models.imports import PartnerResult, PartnerRound
from portal.partners.models.partners import Partner, PartnerState


@dataclass(frozen=True)
class Line:
    """One municipality in the comparison."""

    dot: Dot
    differs: bool
    """Its interval and ours are apart: the difference is more than what the model leaves unsure."""


@dataclass(frozen=True)
class Comparison:
    """What those that asked the same in the same way have published of an indicator: ours first, the others by name."""

    number: str
    lines: Sequence[Line]
    hidden: bool
    """Ours is kept from view."""


def comparison(_actor: Actor, ref: Ref, _served: Sequence[Ref]) -> Comparison | None:
    """Return our newest published result of an indicator beside partners', in one statement; None with none to show.

    Only rounds with the same catalogue and method version as ours are compared, each partner's newest.
    """
    number = number_of(ref.id)
    rows = db.session.execute(_side_by_side(number)).all()
    if not rows:
        return None
    ours = _told(rows[0].title, rows[0].body)
    home = municipalities.find(config.current().municipality_number)
    told = [Told(name=f"{home.name} kommune" if home else "", round_title=ours[0], overall=ours[1].overall, home=True)]
    seen: set[int] = set()
    for row in rows:  # the newest of each partner comes first
        if row.id not in seen:
            seen.add(row.id)
            title, figure = _told(row.their_title, row.their_body)
            address = f"{row.base_url}/observatorium/indikatorer/{number}/"
            told.append(Told(name=row.name, round_title=title, overall=figure.overall, address=address))
    shown = [each for each in told if each.overall.shares is not None]
    if not any(not each.home for each in shown):
        return None
    lines = [Line(dot, not dot.told.home and apart(told[0].overall, dot.told.overall)) for dot in dots(shown)]
    return Comparison(number=number, lines=lines, hidden=told[0].overall.shares is None)


def _side_by_side(number: str) -> sa.Select[*tuple[object, ...]]:
    newest = (
        sa.select(Round.id)
        .where(Round.state == RoundState.PUBLISHED)
        .order_by(Round.opens_at.desc(), Round.id.desc())
        .limit(1)
        .scalar_subquery()
    )
    return (
        sa.select(
            Round.title,
            RevisionResult.body,
            Partner.id,
            Partner.name,
            Partner.base_url,
            PartnerRound.title.label("their_title"),
            PartnerResult.body.label("their_body"),
        )
        .select_from(Round)
        .join(Revision, sa.and_(Revision.round_id == Round.id, Revision.number == newest_revision()))
        .join(RevisionResult, sa.and_(RevisionResult.revision_id == Revision.id, RevisionResult.indicator == number))
        .join(
            PartnerRound,
            sa.and_(
                PartnerRound.catalogue_version == Revision.catalogue_version,
                PartnerRound.method_version == Revision.method_version,
            ),
        )
        .join(Partner, sa.and_(Partner.id == PartnerRound.partner_id, Partner.state == PartnerState.ACTIVE))
        .join(PartnerResult, sa.and_(PartnerResult.round_id == PartnerRound.id, PartnerResult.indicator == number))
        .where(Round.id == newest)
        .order_by(PartnerRound.published_at.desc(), PartnerRound.id.desc())
    )


def _told(title: str, body: object) -> tuple[str, Figure]:
    return title, msgspec.convert(body, Figure)
