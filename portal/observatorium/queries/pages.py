"""What the public pages of the observatory show: the overview, a round, an indicator with its history."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import lru_cache
from itertools import groupby
from typing import Any

import msgspec
import sqlalchemy as sa

from portal.files.queries import Attachments, attachments
from portal.kernel import clock
from portal.kernel.content import Ref
from portal.kernel.db import db
from portal.kernel.errors import NotFound
from portal.kernel.i18n import _l
from portal.kernel.identity import ANONYMOUS, Actor, StakeholderGroup
from portal.observatorium import policy
from portal.observatorium.catalogue import Catalogue, Dimension, Indicator, Level, sort_key
from portal.observatorium.comparing import Stand, Version
from portal.observatorium.events.rounds import ROUND
from portal.observatorium.models.measures import IndicatorMeasure
from portal.observatorium.models.rounds import Revision, RevisionResult, Round, RoundState
from portal.observatorium.queries.measures import FollowedUp, measure_row
from portal.observatorium.queries.rounds import catalogue_of, newest_revision, participation
from portal.observatorium.results import JUDGED_FROM, GroupResult, IndicatorResult, Overall, gap

SORTS = ("number", "level", "gap", "disagreement")
FINDINGS = 3
NO_SUCH_ROUND = _l("Vi finner ikke en publisert runde med dette navnet.")


@dataclass(frozen=True, kw_only=True)
class Filters:
    """What a reader has chosen to see of the 39."""

    dimension: Dimension | None = None
    sdg: int | None = None
    group: StakeholderGroup | None = None
    sort: str = "number"

    @property
    def any(self) -> bool:
        return self != Filters()

    @property
    def narrowed(self) -> bool:
        """Whether fewer than the 39 are asked for."""
        return bool(self.dimension or self.sdg)


@dataclass(frozen=True, kw_only=True)
class ResultRow:
    """One indicator with its published result, seen by everybody together or by one group."""

    indicator: Indicator
    result: IndicatorResult
    group: GroupResult | None
    """The group the reader asked for; None for all together."""
    verified: tuple[Level, ...] = ()
    """What the verifiers found: one level where they agree, those they gave where they don't; none: not verified."""

    @property
    def told(self) -> GroupResult | Overall:
        """What is published of those the reader asked for."""
        return self.group or self.result.overall

    @property
    def dominated(self) -> Level | None:
        """The level that at least 90 % gave, where only that is told."""
        return self.group.dominated if self.group else None

    @property
    def hidden(self) -> bool:
        """Whether the answers are kept from view."""
        return self.told.shares is None and self.dominated is None

    @property
    def level(self) -> Level | None:
        return self.told.level

    @property
    def gap(self) -> int | None:
        return gap(self.result.own, self.level)

    @property
    def extremes(self) -> tuple[GroupResult, GroupResult] | None:
        """The groups that see it darkest and brightest.

        None unless they differ and both have as many as a level needs: smaller groups are not ranked.
        """
        groups = [group for group in self.result.groups if group.mean is not None]
        if len(groups) < 2:
            return None
        ordered = sorted(groups, key=lambda group: group.mean or 0)
        darkest, brightest = ordered[0], ordered[-1]
        large = min(darkest.n_eff or 0, brightest.n_eff or 0) >= JUDGED_FROM
        return (darkest, brightest) if large and darkest.mean != brightest.mean else None

    @property
    def disagreement(self) -> float | None:
        """The published disagreement, where the groups are large enough to be ranked."""
        return self.result.disagreement if self.extremes else None


@dataclass(frozen=True, kw_only=True)
class OpenRound:
    """The round that is open now: only rounded participation is told."""

    round: Round
    participants: Mapping[StakeholderGroup, int]


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
    """Newest first."""
    rounds: Sequence[Round]
    """Every round that has been opened, newest first."""
    open: OpenRound | None
    documents: Attachments
    followed_up: Sequence[FollowedUp] = ()
    """The measures of the round before, and what their colours have done by this one."""

    @property
    def is_newest(self) -> bool:
        return self.round is _newest_published(self.rounds)

    @property
    def hidden(self) -> int:
        """How many of the 39 are kept from view for those the reader asked for."""
        return sum(row.hidden for row in self.rows)

    def count(self, level: Level | None) -> int:
        """Return how many of the 39 have a level."""
        return sum(row.level == level for row in self.rows)

    @property
    def rosier(self) -> list[ResultRow]:
        """Where the municipality sees itself as furthest above what people say."""
        return [row for row in sorted(self.rows, key=_order("gap")) if (row.gap or 0) > 0][:FINDINGS]

    @property
    def contested(self) -> list[ResultRow]:
        """Where the groups are furthest apart."""
        return [row for row in sorted(self.rows, key=_order("disagreement")) if row.extremes][:FINDINGS]


@dataclass(frozen=True, kw_only=True)
class UnpublishedPage:
    """A round that has no result to show: it is open, its result is awaited, or it has been withdrawn."""

    round: Round | None
    """None as long as no round has been opened, or none published."""
    rounds: Sequence[Round]
    open: OpenRound | None


@dataclass(frozen=True, kw_only=True)
class _Opened:
    """The rounds that have been opened, newest first, with their newest revisions and measures by their numbers."""

    rounds: list[Round] = field(default_factory=list)
    revisions: dict[int, Revision | None] = field(default_factory=dict)
    measures: dict[int, list[IndicatorMeasure]] = field(default_factory=dict)


def overview(actor: Actor, filters: Filters) -> ResultPage | UnpublishedPage:
    """Return the newest published round, or what there is to tell until then."""
    opened = _opened_rounds()
    rounds, newest = opened.rounds, _newest_published(opened.rounds)
    if newest is None:
        return UnpublishedPage(round=None, rounds=rounds, open=find_open(rounds))
    return _result_page(actor, newest, opened, filters)


def front(slug: str | None = None) -> ResultPage | UnpublishedPage:
    """Return what the front page tells of the rounds, or of the one named: one statement, and two that are remembered.

    The same for everybody, and without what only the page of a round shows: older revisions and documents.
    """
    listed = list_rounds()
    rounds = [round_ for round_, _revision in listed]
    newest = (
        (round_, revision)
        for round_, revision in listed
        if revision and round_.state is RoundState.PUBLISHED and slug in {None, round_.slug}
    )
    for round_, revision in newest:
        rows = _rows(catalogue_of(round_), revision, None)
        return ResultPage(
            round=round_,
            revision=revision,
            catalogue=catalogue_of(round_),
            rows=rows,
            listed=rows,
            filters=Filters(),
            revisions=[revision],
            rounds=rounds,
            open=find_open(rounds),
            documents=Attachments(pictures=(), documents=()),
        )
    return UnpublishedPage(round=None, rounds=rounds, open=find_open(rounds))


def round_page(actor: Actor, slug: str, filters: Filters) -> ResultPage | UnpublishedPage:
    """Return one round that has been opened; raises NotFound."""
    opened = _opened_rounds()
    rounds = opened.rounds
    found = next((each for each in rounds if each.slug == slug), None)
    if found is None:
        raise NotFound(_l("Vi finner ikke en runde med dette navnet."))
    if found.state is not RoundState.PUBLISHED:
        return UnpublishedPage(round=found, rounds=rounds, open=find_open(rounds))
    return _result_page(actor, found, opened, filters)


def list_rounds() -> list[tuple[Round, Revision | None]]:
    """Return every round that has been opened, newest first, with its newest revision."""
    statement = (
        sa.select(Round, Revision)
        .outerjoin(Revision, sa.and_(Revision.round_id == Round.id, Revision.number == newest_revision()))
        .where(policy.visible(ANONYMOUS))
        .order_by(Round.opens_at.desc(), Round.id.desc())
    )
    return [(round_, revision) for round_, revision in db.session.execute(statement)]


def results_of(slug: str, revision_number: int | None = None) -> tuple[Round, Revision, Sequence[IndicatorResult]]:
    """Return a published round's results, of its newest revision or an older one; raises NotFound."""
    wanted = Revision.number == (newest_revision() if revision_number is None else revision_number)
    statement = (
        sa.select(Round, Revision)
        .join(Revision, Revision.round_id == Round.id)
        .where(Round.slug == slug, Round.state == RoundState.PUBLISHED, wanted)
    )
    found = db.session.execute(statement).first() if slug.isprintable() else None
    if found is None:
        raise NotFound(NO_SUCH_ROUND)
    return found[0], found[1], _results(found[1].id, found[1].content_hash)


def newest_levels() -> Mapping[str, Level | None]:
    """Return the published level of each indicator in the newest published round; nothing before the first."""
    newest = (
        sa.select(Revision.id, Revision.content_hash)
        .join(Round, Round.id == Revision.round_id)
        .where(Round.state == RoundState.PUBLISHED)
        .order_by(Round.opens_at.desc(), Round.id.desc(), Revision.number.desc())
        .limit(1)
    )
    found = db.session.execute(newest).first()
    return {result.indicator: result.level for result in _results(*found)} if found else {}


def _opened_rounds() -> _Opened:
    """Return every round that has been opened, newest first, with what is needed to tell what followed each."""
    statement = (
        sa.select(Round, Revision, IndicatorMeasure)
        .select_from(Round)
        .outerjoin(Revision, sa.and_(Revision.round_id == Round.id, Revision.number == newest_revision()))
        .outerjoin(IndicatorMeasure, IndicatorMeasure.round_id == Round.id)
        .where(policy.visible(ANONYMOUS))
        .order_by(Round.opens_at.desc(), Round.id.desc(), IndicatorMeasure.id)
    )
    opened = _Opened()
    found: Sequence[Any] = db.session.execute(statement).all()
    for round_, rows in groupby(found, key=lambda row: row[0]):
        lines = list(rows)
        opened.rounds.append(round_)
        opened.revisions[round_.id] = lines[0][1]
        opened.measures[round_.id] = [line[2] for line in lines if line[2] is not None]
    return opened


def _followed_up(round_: Round, opened: _Opened) -> Sequence[FollowedUp]:
    """Return the measures of the published round before one, with what their colours have done since."""
    earlier = opened.rounds[opened.rounds.index(round_) + 1 :]
    before = _newest_published(earlier)
    if before is None or not opened.measures[before.id]:
        return ()
    stands = [_stands(each, opened.revisions[each.id]) for each in (before, round_)]
    return [
        FollowedUp(
            row=measure_row(measure, before),
            stands=[stand[measure.indicator] for stand in stands if measure.indicator in stand],
        )
        for measure in opened.measures[before.id]
    ]


def _stands(round_: Round, revision: Revision | None) -> Mapping[str, Stand]:
    if revision is None:
        return {}
    version = Version(method=revision.method_version, catalogue=revision.catalogue_version)
    results = _results(revision.id, revision.content_hash)
    return {
        each.indicator: Stand(slug=round_.slug, title=round_.title, version=version, result=each) for each in results
    }


def _newest_published(rounds: Iterable[Round]) -> Round | None:
    return next((each for each in rounds if each.state is RoundState.PUBLISHED), None)


def find_open(rounds: Iterable[Round]) -> OpenRound | None:
    """Return the one of some rounds that takes ratings now, with who has joined so far."""
    found = next((each for each in rounds if policy.takes_ratings(each)), None)
    if found is None:
        return None
    minute = int(clock.now().timestamp() // 60)
    return OpenRound(round=found, participants=_participation(found.id, found.opened_at, minute))


@lru_cache(maxsize=8)
def _participation(round_id: int, _opened_at: datetime | None, _minute: int) -> Mapping[StakeholderGroup, int]:
    """Count who has joined, at most once a minute, so that a page costs the same however many take part."""
    return participation(round_id)


def _result_page(actor: Actor, round_: Round, opened: _Opened, filters: Filters) -> ResultPage:
    revisions = db.session.scalars(
        sa.select(Revision).where(Revision.round_id == round_.id).order_by(Revision.number.desc())
    ).all()
    frozen = catalogue_of(round_)
    rows = _rows(frozen, revisions[0], filters.group)
    return ResultPage(
        round=round_,
        revision=revisions[0],
        catalogue=frozen,
        rows=rows,
        listed=_listed(rows, filters),
        filters=filters,
        revisions=revisions,
        rounds=opened.rounds,
        open=find_open(opened.rounds),
        documents=attachments(actor, Ref(ROUND, round_.id)),
        followed_up=_followed_up(round_, opened),
    )


def _rows(frozen: Catalogue, revision: Revision, group: StakeholderGroup | None) -> list[ResultRow]:
    by_number = {stored[0].indicator: stored for stored in _stored(revision.id, revision.content_hash)}
    return [
        ResultRow(
            indicator=indicator,
            result=result,
            group=next((each for each in result.groups if each.group == group), None),
            verified=verified,
        )
        for indicator in frozen.indicators
        for result, verified in (by_number[indicator.number],)
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


def _order(sort: str) -> Callable[[ResultRow], tuple[bool, tuple[float, ...], tuple[int, ...]]]:
    """Return the key that puts the worst, the furthest apart or the most contested first."""

    def figures(row: ResultRow) -> tuple[float, ...] | None:
        if sort == "level" and row.level is not None:
            return (row.level.step,)
        if sort == "gap" and row.gap is not None:
            return (-abs(row.gap), -row.gap)
        if sort == "disagreement" and row.disagreement is not None:
            return (-row.disagreement,)
        return None

    def key(row: ResultRow) -> tuple[bool, tuple[float, ...], tuple[int, ...]]:
        found = figures(row)
        return (found is None, found or (), sort_key(row.indicator.number))

    return key


def _results(revision_id: int, content_hash: str) -> Sequence[IndicatorResult]:
    return [result for result, _verified in _stored(revision_id, content_hash)]


@lru_cache(maxsize=16)
def _stored(revision_id: int, _content_hash: str) -> Sequence[tuple[IndicatorResult, tuple[Level, ...]]]:
    """Read a revision's results and what verifiers found. They never change: they are remembered by what they are."""
    columns = (RevisionResult.body, RevisionResult.record["verification"])
    rows = db.session.execute(sa.select(*columns).where(RevisionResult.revision_id == revision_id))
    found = [(msgspec.convert(body, IndicatorResult), _verified(verification)) for body, verification in rows]
    return tuple(sorted(found, key=lambda each: sort_key(each[0].indicator)))


def _verified(verification: Mapping[str, Any] | None) -> tuple[Level, ...]:
    """Return the levels of verifiers in a record: all of them together or none, worst first."""
    if verification is None or verification["state"] not in {"agreed", "differing"}:
        return ()
    return tuple(sorted({Level(colour["level"]) for colour in verification["colours"]}))
