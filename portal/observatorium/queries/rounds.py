"""Rounds as actions and pages need them: found, locked, with their frozen catalogue and their key at hand."""

from __future__ import annotations

from datetime import timedelta
from functools import lru_cache

import sqlalchemy as sa

from portal.accounts.models import Organisation, Spokesperson
from portal.accounts.queries import settings
from portal.kernel.db import db
from portal.kernel.errors import NotFound
from portal.kernel.i18n import _l
from portal.kernel.identity import Actor, StakeholderGroup
from portal.observatorium import policy, secrecy
from portal.observatorium.catalogue import Catalogue, catalogue
from portal.observatorium.models.rounds import Ballot, Revision, Round, RoundState
from portal.observatorium.suppression import rounded_participation


def get_round(actor: Actor, slug: str) -> Round:
    """Return a round that the actor may see; raises NotFound."""
    return _one(_round(actor, slug))


def lock_round(actor: Actor, slug: str, *, shared: bool = False) -> Round:
    """Return a round as it is now, to be changed in the running transaction; raises NotFound.

    With `shared`, others may hold the same lock: raters don't wait for each other, but closing waits for them.
    """
    statement = _round(actor, slug).with_for_update(read=shared)
    return _one(statement.execution_options(populate_existing=True))


_CURRENT = (
    sa.select(Round)
    .where(Round.state.in_((RoundState.OPEN, RoundState.CLOSED)))
    .order_by(sa.case((Round.state == RoundState.OPEN, 0), else_=1), Round.closes_at.desc(), Round.id.desc())
    .limit(1)
)
"""Built once: every answer that is saved asks it."""


def find_current() -> Round | None:
    """Return the round that people are asked about: the open one, else the last that closed and awaits its result."""
    return db.session.scalar(_CURRENT)


def key_kept() -> timedelta:
    """Return how long a round's key is kept after the result is published: time to see that it is right."""
    return timedelta(days=settings.value("round_key_days"))


def catalogue_of(round_: Round) -> Catalogue:
    """Return the catalogue as it was when the round opened; before that, as it is."""
    current = catalogue()
    if round_.catalogue_version in {None, current.version}:
        return current
    return _frozen(round_.id, str(round_.catalogue_version))


def organisations_of(actor: Actor) -> list[Organisation]:
    """Return the verified organisations that the actor is a verified spokesperson for."""
    return list(
        db.session.scalars(
            sa.select(Organisation)
            .join(Spokesperson, Spokesperson.organisation_id == Organisation.id)
            .where(
                Spokesperson.account_id == actor.id,
                Spokesperson.verified_at.is_not(None),
                Organisation.verified_at.is_not(None),
                Organisation.closed_at.is_(None),
            )
            .order_by(Organisation.name, Organisation.id)
        )
    )


def participation(round_id: int) -> dict[StakeholderGroup, int]:
    """Return how many have joined a round in each group, rounded down to tens; groups under ten are left out.

    Each group is rounded by itself: one rounded total, beside the exact n of the groups that are large enough to be
    published, would give a small group away.
    """
    counts = db.session.execute(
        sa.select(Ballot.group, sa.func.count())
        .where(Ballot.round_id == round_id, Ballot.exclusion_id.is_(None))
        .group_by(Ballot.group)
    )
    rounded = {group: rounded_participation(count) for group, count in counts}
    return {group: rounded[group] or 0 for group in StakeholderGroup if rounded.get(group)}


def newest_revision() -> sa.ScalarSelect[int]:
    """Return the number of the newest revision of the round in the statement around."""
    other = sa.orm.aliased(Revision)
    return sa.select(sa.func.max(other.number)).where(other.round_id == Round.id).correlate(Round).scalar_subquery()


def missing_keys() -> list[str]:
    """Return the rounds that take ratings but whose key is not where it should be, for the health check."""
    rounds = db.session.execute(sa.select(Round.id, Round.slug).where(Round.state == RoundState.OPEN))
    return [slug for round_id, slug in rounds if secrecy.find_key(round_id) is None]


@lru_cache(maxsize=32)
def _frozen(round_id: int, version: str) -> Catalogue:
    kept = sa.select(Round.catalogue).where(Round.id == round_id, Round.catalogue_version == version)
    return Catalogue.from_data(db.session.execute(kept).scalar_one() or {})


def _round(actor: Actor, slug: str) -> sa.Select[Round]:
    return sa.select(Round).where(Round.slug == slug, policy.visible(actor))


def _one(statement: sa.Select[Round]) -> Round:
    found = db.session.scalar(statement)
    if found is None:
        raise NotFound(_l("Vi finner ikke denne runden."))
    return found
