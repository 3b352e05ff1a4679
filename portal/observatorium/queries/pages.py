"""What the public pages of the observatory show: the overview, a round, an indicator with its history, the method."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import msgspec
import sqlalchemy as sa

from portal.kernel.content import PublicationState
from portal.kernel.db import db
from portal.kernel.errors import NotFound
from portal.kernel.i18n import _l
from portal.kernel.identity import Actor, StakeholderGroup
from portal.observatorium import policy
from portal.observatorium.catalogue import Catalogue, Dimension, Indicator, Level, catalogue, sort_key
from portal.observatorium.models import Comment, Revision, RevisionResult, Round, RoundState
from portal.observatorium.queries.rounds import catalogue_of, participation
from portal.observatorium.results import GroupResult, IndicatorResult, gap

SORTS = ("number", "level", "gap", "disagreement")
COMMENTS_SHOWN = 50


@dataclass(frozen=True, kw_only=True)
class Filters:
    """What a reader has chosen to see of the 39."""

    dimension: Dimension | None = None
    sdg: int | None = None
    group: StakeholderGroup | None = None
    sort: str = "number"

    @property
    def any(self) -> bool:
        return bool(self.dimension or self.sdg or self.group)


@dataclass(frozen=True, kw_only=True)
class ResultRow:
    """One indicator with its published result, seen by everybody together or by one group."""

    indicator: Indicator
    result: IndicatorResult
    group: GroupResult | None
    """The group the reader asked for; None for all together."""

    @property
    def level(self) -> Level | None:
        return self.group.level if self.group else self.result.level

    @property
    def gap(self) -> int | None:
        return gap(self.result.own, self.level)


@dataclass(frozen=True, kw_only=True)
class OpenRound:
    """The round that is open now: only rounded participation is told."""

    round: Round
    participants: Mapping[StakeholderGroup, int]
    may_rate: bool


@dataclass(frozen=True, kw_only=True)
class ResultPage:
    """A published round: the wheel and the list."""

    round: Round
    revision: Revision
    catalogue: Catalogue
    rows: Sequence[ResultRow]
    """The 39 in the order of their numbers, for the wheel."""
    listed: Sequence[ResultRow]
    """Those the reader asked for, in the order asked for, for the list."""
    filters: Filters
    revisions: Sequence[Revision]
    others: Sequence[Round]
    open: OpenRound | None


@dataclass(frozen=True, kw_only=True)
class HistoryPoint:
    """An indicator's result in one published round."""

    round: Round
    revision: Revision
    result: IndicatorResult


@dataclass(frozen=True, kw_only=True)
class IndicatorPage:
    """One indicator: what it asks, what people answered, how it has been, and what was said."""

    indicator: Indicator
    catalogue: Catalogue
    current: HistoryPoint | None
    history: Sequence[HistoryPoint]
    """Oldest first."""
    comments: Sequence[Comment]
    open: OpenRound | None
    before: Indicator | None
    after: Indicator | None


def overview(actor: Actor, filters: Filters) -> ResultPage | None:
    """Return the newest published round; None as long as none is published."""
    newest = db.session.scalar(_published().order_by(Round.published_at.desc(), Round.id.desc()).limit(1))
    return _result_page(actor, newest, filters) if newest else None


def round_page(actor: Actor, slug: str, filters: Filters) -> ResultPage:
    """Return one published round; raises NotFound."""
    round_ = db.session.scalar(_published().where(Round.slug == slug))
    if round_ is None:
        raise NotFound(_l("Vi finner ikke en publisert runde med dette navnet."))
    return _result_page(actor, round_, filters)


def find_open(actor: Actor) -> OpenRound | None:
    """Return the round that is open now, if any."""
    round_ = db.session.scalar(sa.select(Round).where(Round.state == RoundState.OPEN).limit(1))
    if round_ is None or not policy.takes_ratings(round_):
        return None
    return OpenRound(
        round=round_,
        participants=participation(round_.id),
        may_rate=not actor.is_signed_in or policy.may_rate(actor, round_),
    )


def indicator_page(actor: Actor, number: str) -> IndicatorPage:
    """Return one indicator with its history over the published rounds; raises NotFound."""
    history = _history(number)
    current = history[-1] if history else None
    found = catalogue_of(current.round) if current else catalogue()
    indicator = found.indicator(number)
    if indicator is None:
        raise NotFound(_l("Det finnes ingen indikator med dette nummeret. De går fra 1.1 til 4.9."))
    place = found.indicators.index(indicator)
    return IndicatorPage(
        indicator=indicator,
        catalogue=found,
        current=current,
        history=history,
        comments=_comments(number),
        open=find_open(actor),
        before=found.indicators[place - 1] if place else None,
        after=found.indicators[place + 1] if place + 1 < len(found.indicators) else None,
    )


def list_rounds() -> list[tuple[Round, Revision | None]]:
    """Return every round that has been opened, newest first, with its newest revision."""
    statement = (
        sa.select(Round, Revision)
        .outerjoin(Revision, sa.and_(Revision.round_id == Round.id, Revision.number == _newest_number()))
        .where(Round.opened_at.is_not(None))
        .order_by(Round.opens_at.desc(), Round.id.desc())
    )
    return [(round_, revision) for round_, revision in db.session.execute(statement).tuples()]


def results_of(slug: str, revision_number: int | None = None) -> tuple[Round, Revision, list[IndicatorResult]]:
    """Return a published round's results, of its newest revision or an older one; raises NotFound."""
    wanted = Revision.number == (_newest_number() if revision_number is None else revision_number)
    found = db.session.execute(
        sa.select(Round, Revision)
        .join(Revision, Revision.round_id == Round.id)
        .where(Round.slug == slug, Round.state == RoundState.PUBLISHED, wanted)
    ).first()
    if found is None:
        raise NotFound(_l("Vi finner ikke en publisert runde med dette navnet."))
    return found[0], found[1], _results(found[1].id)


def _result_page(actor: Actor, round_: Round, filters: Filters) -> ResultPage:
    revisions = list(
        db.session.scalars(sa.select(Revision).where(Revision.round_id == round_.id).order_by(Revision.number.desc()))
    )
    frozen = catalogue_of(round_)
    rows = _rows(frozen, _results(revisions[0].id), filters.group)
    others = db.session.scalars(_published().where(Round.id != round_.id).order_by(Round.opens_at.desc())).all()
    return ResultPage(
        round=round_,
        revision=revisions[0],
        catalogue=frozen,
        rows=rows,
        listed=_listed(rows, filters),
        filters=filters,
        revisions=revisions,
        others=others,
        open=find_open(actor),
    )


def _rows(frozen: Catalogue, results: Iterable[IndicatorResult], group: StakeholderGroup | None) -> list[ResultRow]:
    by_number = {result.indicator: result for result in results}
    return [
        ResultRow(
            indicator=indicator,
            result=by_number[indicator.number],
            group=next((each for each in by_number[indicator.number].groups if each.group == group), None),
        )
        for indicator in frozen.indicators
    ]


def _listed(rows: Iterable[ResultRow], filters: Filters) -> list[ResultRow]:
    """Filter and sort; what has no figure to sort by comes last, and equals keep the order of their numbers."""
    chosen = [
        row
        for row in rows
        if filters.dimension in {None, row.indicator.dimension}
        and (filters.sdg is None or filters.sdg in (*row.indicator.sdgs, *row.indicator.sdgs_proposed))
    ]
    return sorted(chosen, key=_order(filters.sort))


def _order(sort: str) -> Any:
    def key(row: ResultRow) -> tuple[Any, ...]:
        figure: float | None = None
        if sort == "level" and row.level is not None:
            figure = row.level.step
        elif sort == "gap" and row.gap is not None:
            figure = -row.gap
        elif sort == "disagreement" and row.result.disagreement is not None:
            figure = -row.result.disagreement
        return (figure is None, figure or 0, sort_key(row.indicator.number))

    return key


def _history(number: str) -> list[HistoryPoint]:
    statement = (
        sa.select(Round, Revision, RevisionResult.body)
        .join(Revision, sa.and_(Revision.round_id == Round.id, Revision.number == _newest_number()))
        .join(RevisionResult, sa.and_(RevisionResult.revision_id == Revision.id, RevisionResult.indicator == number))
        .where(Round.state == RoundState.PUBLISHED)
        .order_by(Round.opens_at, Round.id)
    )
    return [
        HistoryPoint(round=round_, revision=revision, result=msgspec.convert(body, IndicatorResult))
        for round_, revision, body in db.session.execute(statement).tuples()
    ]


def _results(revision_id: int) -> list[IndicatorResult]:
    bodies = db.session.scalars(sa.select(RevisionResult.body).where(RevisionResult.revision_id == revision_id))
    found = [msgspec.convert(body, IndicatorResult) for body in bodies]
    return sorted(found, key=lambda result: sort_key(result.indicator))


def _comments(number: str) -> Sequence[Comment]:
    return db.session.scalars(
        sa.select(Comment)
        .where(Comment.indicator == number, Comment.state == PublicationState.PUBLISHED)
        .order_by(Comment.id.desc())
        .limit(COMMENTS_SHOWN)
    ).all()


def _published() -> sa.Select[Round]:
    return sa.select(Round).where(Round.state == RoundState.PUBLISHED)


def _newest_number() -> sa.ScalarSelect[int]:
    other = sa.orm.aliased(Revision)
    return sa.select(sa.func.max(other.number)).where(other.round_id == Round.id).correlate(Round).scalar_subquery()
