"""What residents are weighted by, and answers taken out of a result: both decided by a coordinator and told of."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import sqlalchemy as sa

from portal.kernel import clock
from portal.kernel.db import atomic, db
from portal.kernel.errors import Conflict, Forbidden, Invalid, NotFound
from portal.kernel.events import publish
from portal.kernel.i18n import _l
from portal.kernel.identity import SYSTEM, Actor
from portal.observatorium import policy
from portal.observatorium.events.weights import AnswersExcluded, ExclusionLifted, PopulationUploaded
from portal.observatorium.models.rounds import Ballot, Round, RoundState
from portal.observatorium.models.weights import Exclusion, PopulationTable, RoundJoin, SignalKind
from portal.observatorium.population_csv import Table
from portal.observatorium.queries.publishing import newest_number
from portal.observatorium.queries.rounds import lock_round
from portal.observatorium.queries.trust import members
from portal.observatorium.trust import SMALLEST_CLUSTER, rounded_excluded

IN_ONE_STATEMENT = 500


@dataclass(frozen=True, kw_only=True)
class PopulationDraft:
    """A table of the population, and where it is from."""

    table: Table
    source: str
    source_date: date


@dataclass(frozen=True, kw_only=True)
class ExclusionDraft:
    """Which forms are taken out together, and why."""

    kind: SignalKind
    key: str
    reason: str


@atomic
def upload_population(actor: Actor, slug: str, draft: PopulationDraft) -> PopulationTable:
    """Say what residents are weighted by; those said before are kept, and the newest counts."""
    round_ = lock_round(actor, slug)
    _require(
        actor,
        policy.may_upload_population(actor, round_),
        _l("Befolkningstallene kan ikke byttes etter at resultatet er regnet ut."),
    )
    if draft.source_date > clock.today():
        raise Invalid("source_date", _l("Datoen kan ikke være fram i tid."))
    table = PopulationTable(
        round_id=round_.id,
        cells=[[*key, count] for key, count in sorted(draft.table.cells.items())],
        total=draft.table.total,
        source=draft.source,
        source_date=draft.source_date,
        uploaded_at=clock.now(),
        uploaded_by_id=actor.id,
    )
    db.session.add(table)
    db.session.flush()
    publish(PopulationUploaded(actor=actor, source=table.source, total=table.total, round_id=round_.id, slug=slug))
    return table


@atomic
def exclude(actor: Actor, slug: str, draft: ExclusionDraft) -> Exclusion:
    """Take the forms of a cluster out of the result that comes next; everybody is told how many, and why."""
    round_ = lock_round(actor, slug)
    _require_excluding(actor, round_)
    if not draft.reason:
        raise Invalid("reason", _l("Skriv hvorfor svarene tas ut. Begrunnelsen vises for alle."))
    found = list(members(round_.id, draft.kind, draft.key))
    if len(found) < SMALLEST_CLUSTER:
        raise Invalid("cluster", _l("Disse skjemaene finnes ikke lenger, eller de er for få til å tas ut sammen."))
    exclusion = Exclusion(
        round_id=round_.id,
        kind=draft.kind,
        count=len(found),
        reason=draft.reason,
        from_revision=newest_number(round_.id) + 1,
        excluded_at=clock.now(),
        excluded_by_id=actor.id,
    )
    db.session.add(exclusion)
    db.session.flush()
    for start in range(0, len(found), IN_ONE_STATEMENT):
        some = found[start : start + IN_ONE_STATEMENT]
        these = sa.and_(Ballot.round_id == round_.id, Ballot.pseudonym.in_(some))
        db.session.execute(sa.update(Ballot).where(these).values(exclusion_id=exclusion.id))
    told = rounded_excluded(exclusion.count)
    publish(
        AnswersExcluded(
            actor=actor, alike=draft.kind.value, count=told, reason=draft.reason, round_id=round_.id, slug=slug
        )
    )
    return exclusion


@atomic
def lift_exclusion(actor: Actor, slug: str, exclusion_id: int) -> None:
    """Take answers back into the result, as long as none has been published without them."""
    round_ = lock_round(actor, slug)
    _require_excluding(actor, round_)
    exclusion = db.session.get(Exclusion, exclusion_id)
    if exclusion is None or exclusion.round_id != round_.id:
        raise NotFound(_l("Vi finner ikke disse svarene."))
    if exclusion.from_revision <= newest_number(round_.id):
        raise Conflict(_l("Resultatet er publisert uten disse svarene. De kan ikke tas inn igjen."))
    these = sa.and_(Ballot.round_id == round_.id, Ballot.exclusion_id == exclusion.id)
    db.session.execute(sa.update(Ballot).where(these).values(exclusion_id=None))
    kind, told = exclusion.kind.value, rounded_excluded(exclusion.count)
    db.session.delete(exclusion)
    db.session.flush()
    publish(ExclusionLifted(actor=actor, alike=kind, count=told, round_id=round_.id, slug=slug))


@atomic
def forget_networks(actor: Actor = SYSTEM) -> int:
    """Forget which network ballots came from, and when people joined rounds that are over; return how many ballots."""
    if not actor.is_system:
        raise Forbidden(_l("Bare portalen selv kan gjøre dette."))
    over = sa.select(Round.id).where(Round.state.in_((RoundState.PUBLISHED, RoundState.WITHDRAWN)))
    db.session.execute(sa.delete(RoundJoin).where(RoundJoin.round_id.in_(over)))
    due = sa.or_(Ballot.network_until <= clock.today(), Ballot.round_id.in_(over))
    which = sa.and_(Ballot.network.is_not(None), due)
    count = db.session.scalar(sa.select(sa.func.count()).select_from(Ballot).where(which)) or 0
    db.session.execute(sa.update(Ballot).where(which).values(network=None, network_until=None))
    return count


def _require_excluding(actor: Actor, round_: Round) -> None:
    _require(
        actor,
        policy.may_exclude(actor, round_),
        _l("Svar kan bare tas ut når runden er lukket, og ikke mens resultatet regnes ut."),
    )


def _require(actor: Actor, allowed: bool, refusal: object) -> None:
    if not policy.may_run_rounds(actor):
        raise Forbidden(_l("Bare en koordinator for observatoriet kan gjøre dette."))
    if not allowed:
        raise Conflict(refusal)
