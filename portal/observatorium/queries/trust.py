"""Signs that forms may not be what they look like, for coordinators only, and always as counts."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby

import sqlalchemy as sa

from portal.kernel import clock
from portal.kernel.db import db
from portal.kernel.errors import Forbidden
from portal.kernel.i18n import _l
from portal.kernel.identity import Actor
from portal.observatorium import policy, trust
from portal.observatorium.models.rounds import Ballot, Rating, Revision, Round, RoundState
from portal.observatorium.models.weights import Exclusion, RoundJoin, SignalKind
from portal.observatorium.queries.rounds import get_round
from portal.observatorium.queries.weights import counts_in
from portal.observatorium.suppression import rounded_participation

MOST_SHOWN = 20
IN_ONE_STATEMENT = 5000


@dataclass(frozen=True, kw_only=True)
class Cluster:
    """Forms that have something in common, and can be taken out together."""

    kind: SignalKind
    key: str
    count: int

    @property
    def value(self) -> str:
        """What a form sends."""
        return f"{self.kind.value}:{self.key}"


@dataclass(frozen=True, kw_only=True)
class TrustPage:
    """What there is to see, and what was taken out."""

    round: Round
    joined: int | None
    """In tens."""
    bursts: Sequence[trust.Burst]
    reads_answers: bool
    """Nobody can answer any more, so that patterns may be looked for."""
    clusters: Sequence[Cluster]
    straight: int
    """How many gave one answer to nearly everything."""
    exclusions: Sequence[Exclusion]
    newest: int
    """The number of the newest revision."""
    may_exclude: bool

    def of(self, kind: str) -> Sequence[Cluster]:
        return [each for each in self.clusters if each.kind == kind]

    def can_be_lifted(self, exclusion: Exclusion) -> bool:
        return self.may_exclude and exclusion.from_revision > self.newest


def trust_page(actor: Actor, slug: str) -> TrustPage:
    """Return what a coordinator sees of a round: how people joined, and when it is closed, what answers are alike."""
    if not policy.may_run_rounds(actor):
        raise Forbidden(_l("Bare en koordinator for observatoriet kan gjøre dette."))
    round_ = get_round(actor, slug)
    reads_answers = policy.may_see_weighting(actor, round_)
    forms = Counter(form for _who, form in list_forms(round_.id)) if reads_answers else Counter[trust.Answers]()
    straight = sum(count for form, count in forms.items() if trust.is_straight(form))
    counted = sa.select(sa.func.count()).select_from(Ballot).where(Ballot.round_id == round_.id, counts_in(round_.id))
    newest = sa.select(sa.func.max(Revision.number)).where(Revision.round_id == round_.id)
    joined, number = db.session.execute(sa.select(counted.scalar_subquery(), newest.scalar_subquery())).one()
    return TrustPage(
        round=round_,
        joined=rounded_participation(joined),
        bursts=_bursts(round_)[:MOST_SHOWN],
        reads_answers=reads_answers,
        clusters=[*_networks(round_.id), *_patterns(forms, straight)] if reads_answers else (),
        straight=straight,
        exclusions=_exclusions(round_.id),
        newest=number or 0,
        may_exclude=policy.may_exclude(actor, round_),
    )


def members(round_id: int, kind: SignalKind, key: str) -> Collection[bytes]:
    """Return the pseudonyms of the ballots in a cluster; nobody when it isn't there any more."""
    if kind is SignalKind.NETWORK:
        return db.session.scalars(
            sa.select(Ballot.pseudonym).where(
                Ballot.round_id == round_id, Ballot.network == _bytes(key), counts_in(round_id)
            )
        ).all()
    alike = trust.is_straight if kind is SignalKind.STRAIGHT else lambda form: trust.key_of(form) == key
    return [who for who, form in list_forms(round_id) if alike(form)]


def list_forms(round_id: int) -> Iterator[tuple[bytes, trust.Answers]]:
    """Yield what each person who counts answered: a round at a time, never kept together with who it was."""
    rows = db.session.execute(
        sa.select(Rating.pseudonym, Rating.indicator, Rating.answer)
        .join(Ballot, sa.and_(Ballot.round_id == Rating.round_id, Ballot.pseudonym == Rating.pseudonym))
        .where(Rating.round_id == round_id, counts_in(round_id))
        .order_by(Rating.pseudonym),
        execution_options={"yield_per": IN_ONE_STATEMENT},
    )
    for who, answers in groupby(rows, key=lambda row: row[0]):
        yield bytes(who), frozenset((indicator, answer.value) for _who, indicator, answer in answers)


def _bursts(round_: Round) -> list[trust.Burst]:
    rows = db.session.execute(sa.select(RoundJoin.hour, RoundJoin.count).where(RoundJoin.round_id == round_.id))
    joins = {clock.local(hour): count for hour, count in rows}
    if not joins:
        return []
    end = min(clock.now(), round_.closes_at) if round_.state is RoundState.OPEN else round_.closes_at
    return trust.bursts(joins, clock.local(round_.opens_at).date(), clock.local(end).date())


def _networks(round_id: int) -> list[Cluster]:
    rows = db.session.execute(
        sa.select(Ballot.network, sa.func.count())
        .where(Ballot.round_id == round_id, Ballot.network.is_not(None), counts_in(round_id))
        .group_by(Ballot.network)
        .having(sa.func.count() >= trust.SMALLEST_CLUSTER)
    )
    found = trust.clusters([(bytes(network), count) for network, count in rows if network])
    return [Cluster(kind=SignalKind.NETWORK, key=key, count=count) for key, count in found[:MOST_SHOWN]]


def _patterns(forms: Counter[trust.Answers], straight: int) -> list[Cluster]:
    found = [
        Cluster(kind=SignalKind.IDENTICAL, key=each.key, count=each.count)
        for each in trust.patterns(forms)[:MOST_SHOWN]
    ]
    if straight >= trust.SMALLEST_CLUSTER:
        found.append(Cluster(kind=SignalKind.STRAIGHT, key="all", count=straight))
    return found


def _exclusions(round_id: int) -> Sequence[Exclusion]:
    return db.session.scalars(sa.select(Exclusion).where(Exclusion.round_id == round_id).order_by(Exclusion.id)).all()


def _bytes(key: str) -> bytes:
    try:
        return bytes.fromhex(key)
    except ValueError:
        return b""
