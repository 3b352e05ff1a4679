"""What the pages of measures show: lists, one with its log and what the colour did since, and what is unanswered."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import msgspec
import sqlalchemy as sa

from portal.accounts.models import ServiceArea
from portal.kernel import clock
from portal.kernel.content import Card, Ref
from portal.kernel.db import db
from portal.kernel.errors import Forbidden, NotFound
from portal.kernel.extensions import content
from portal.kernel.i18n import _l
from portal.kernel.identity import Actor
from portal.kernel.paging import Page, paginate
from portal.observatorium import comparing, following_up, policy
from portal.observatorium.catalogue import Indicator, catalogue, sort_key
from portal.observatorium.comparing import Since, Stand
from portal.observatorium.events.measures import MEASURE
from portal.observatorium.following_up import ENDED, STILL_FROM, MeasureStatus, Progress, Why
from portal.observatorium.models.measures import IndicatorAnswer, IndicatorMeasure, MeasureEntry, MeasureLink
from portal.observatorium.models.rounds import Revision, RevisionResult, Round, RoundState
from portal.observatorium.queries.rounds import catalogue_of, newest_revision
from portal.observatorium.results import IndicatorResult
from portal.participation.models import Form
from portal.participation.queries.panels import Panel, panels

AT_A_TIME = 30
ENTRIES_SHOWN = 200
NOT_FOUND = _l("Vi finner ikke dette tiltaket.")
NOT_YOURS = _l("Bare en koordinator for observatoriet kan gjøre dette.")


@dataclass(frozen=True, kw_only=True)
class Filters:
    """Which measures a reader wants to see."""

    status: MeasureStatus | None = None
    indicator: str = ""
    late: bool = False
    """Only those that are overdue or of which nothing is told."""

    @property
    def any(self) -> bool:
        return self != Filters()


@dataclass(frozen=True, kw_only=True)
class MeasureRow:
    """A measure in a list, with how it is going today."""

    measure: IndicatorMeasure
    indicator: Indicator
    round: Round

    @property
    def progress(self) -> Progress:
        return progress_of(self.measure)


@dataclass(frozen=True, kw_only=True)
class ListPage:
    """Measures: those under way first, the earliest deadline first."""

    rows: Page[MeasureRow]
    filters: Filters
    may_plan: bool


@dataclass(frozen=True, kw_only=True)
class MeasurePage:
    """One measure: its log, newest first, what carries it out, and what the rounds said before it and since."""

    row: MeasureRow
    service_area: str
    entries: Sequence[MeasureEntry]
    links: Sequence[Card]
    stands: Sequence[Stand]
    """The round it answers and those after it, oldest first."""
    panel: Panel
    may_plan: bool
    may_log: bool

    @property
    def since(self) -> Since:
        return comparing.since(self.stands)


@dataclass(frozen=True, kw_only=True)
class Unanswered:
    """An indicator of a published round that the municipality owes an answer, and what it has said so far."""

    indicator: Indicator
    result: IndicatorResult
    why: Sequence[Why]
    answer: IndicatorAnswer | None
    measures: int

    @property
    def is_answered(self) -> bool:
        return self.answer is not None or self.measures > 0


@dataclass(frozen=True, kw_only=True)
class ControlPage:
    """What coordinators follow up: what the newest published round asks for, and all measures."""

    round: Round | None
    owed: Sequence[Unanswered]
    list: ListPage

    @property
    def missing(self) -> Sequence[Unanswered]:
        return [each for each in self.owed if not each.is_answered]


@dataclass(frozen=True, kw_only=True)
class PlanPage:
    """What one who makes or changes a measure, or answers an indicator, needs to see."""

    round: Round
    indicator: Indicator
    areas: Sequence[tuple[int, str]]
    measure: IndicatorMeasure | None = None
    answer: IndicatorAnswer | None = None


@dataclass(frozen=True, kw_only=True)
class FollowedUp:
    """A measure of the round before, and what the colour has done by the round that is read."""

    row: MeasureRow
    stands: Sequence[Stand]

    @property
    def since(self) -> Since:
        return comparing.since(self.stands)


def progress_of(measure: IndicatorMeasure) -> Progress:
    """Reckon how a measure is going today."""
    told_on = clock.local(measure.told_at).date()
    return following_up.progress(measure.status, measure.deadline, told_on, clock.today())


def measure_row(measure: IndicatorMeasure, round_: Round) -> MeasureRow:
    """Return a measure as it stands in lists, with the indicator as its round called it."""
    indicator = catalogue_of(round_).indicator(measure.indicator)
    if indicator is None:
        raise LookupError(f"round {round_.slug} has no indicator {measure.indicator}")
    return MeasureRow(measure=measure, indicator=indicator, round=round_)


def list_page(actor: Actor, filters: Filters, cursor: str | None = None) -> ListPage:
    """Return measures as asked for, a page at a time."""
    ended = sa.case((IndicatorMeasure.status.in_(ENDED), 1), else_=0)
    statement = _rows().where(*_wanted(filters))
    found = paginate(statement, ended, IndicatorMeasure.deadline, IndicatorMeasure.id, cursor=cursor, limit=AT_A_TIME)
    rows = [measure_row(measure, round_) for measure, round_ in found.items]
    return ListPage(rows=Page(rows, found.next), filters=filters, may_plan=policy.may_plan_measures(actor))


def measure_page(actor: Actor, measure_id: int) -> MeasurePage:
    """Return one measure; raises NotFound."""
    area = sa.select(ServiceArea.name).where(ServiceArea.id == IndicatorMeasure.service_area_id).scalar_subquery()
    found = db.session.execute(_rows().add_columns(area).where(IndicatorMeasure.id == measure_id)).first()
    if found is None:
        raise NotFound(NOT_FOUND)
    measure, round_, area_name = found
    ref = Ref(MEASURE, measure.id)
    return MeasurePage(
        row=measure_row(measure, round_),
        service_area=area_name or "",
        entries=_entries(measure.id),
        links=_links(measure.id),
        stands=_stands(measure.indicator, round_),
        panel=panels(actor, {ref: (Form.QUESTION,)})[ref],
        may_plan=policy.may_plan_measures(actor),
        may_log=policy.may_log_measure(actor, measure),
    )


def control_page(actor: Actor, filters: Filters, cursor: str | None = None) -> ControlPage:
    """Return what the newest published round asks for, and the measures; raises Forbidden."""
    if not policy.may_plan_measures(actor):
        raise Forbidden(NOT_YOURS)
    newest = db.session.scalar(
        sa.select(Round)
        .where(Round.state == RoundState.PUBLISHED)
        .order_by(Round.opens_at.desc(), Round.id.desc())
        .limit(1)
    )
    return ControlPage(
        round=newest, owed=owed_answers(newest) if newest else [], list=list_page(actor, filters, cursor)
    )


def owed_answers(round_: Round) -> Sequence[Unanswered]:
    """Return the red and contested indicators of a published round, those without an answer first. One statement."""
    made = (
        sa.select(sa.func.count())
        .where(IndicatorMeasure.round_id == round_.id, IndicatorMeasure.indicator == RevisionResult.indicator)
        .correlate(RevisionResult)
        .scalar_subquery()
    )
    statement = (
        sa.select(RevisionResult.body, RevisionResult.record, IndicatorAnswer, made)
        .select_from(RevisionResult)
        .join(Revision, Revision.id == RevisionResult.revision_id)
        .join(Round, Round.id == Revision.round_id)
        .outerjoin(
            IndicatorAnswer,
            sa.and_(
                IndicatorAnswer.round_id == Revision.round_id, IndicatorAnswer.indicator == RevisionResult.indicator
            ),
        )
        .where(Revision.round_id == round_.id, Revision.number == newest_revision())
    )
    names = {each.number: each for each in catalogue_of(round_).indicators}
    found = []
    for body, record, answer, measures in db.session.execute(statement):
        result = msgspec.convert(body, IndicatorResult)
        if why := following_up.why_answer(result, record):
            indicator = names[result.indicator]
            found.append(Unanswered(indicator=indicator, result=result, why=why, answer=answer, measures=measures))
    return sorted(found, key=lambda each: (each.is_answered, sort_key(each.indicator.number)))


def plan_page(actor: Actor, slug: str, number: str) -> PlanPage:
    """Return what one who answers an indicator of a published round needs. NotFound, Forbidden."""
    if not policy.may_plan_measures(actor):
        raise Forbidden(NOT_YOURS)
    answered = sa.and_(IndicatorAnswer.round_id == Round.id, IndicatorAnswer.indicator == number)
    statement = sa.select(Round, IndicatorAnswer).outerjoin(IndicatorAnswer, answered)
    known = slug.isprintable() and catalogue().indicator(number) is not None
    wanted = statement.where(Round.slug == slug, Round.state == RoundState.PUBLISHED)
    found = db.session.execute(wanted).first() if known else None
    indicator = catalogue_of(found[0]).indicator(number) if found else None
    if found is None or indicator is None:
        raise NotFound(_l("Vi finner ikke en publisert runde med denne indikatoren."))
    return PlanPage(round=found[0], indicator=indicator, areas=_areas(), answer=found[1])


def change_page(actor: Actor, measure_id: int) -> PlanPage:
    """Return what one who changes a measure needs. NotFound, Forbidden."""
    if not policy.may_plan_measures(actor):
        raise Forbidden(NOT_YOURS)
    found = db.session.execute(_rows().where(IndicatorMeasure.id == measure_id)).first()
    if found is None:
        raise NotFound(NOT_FOUND)
    row = measure_row(*found)
    return PlanPage(round=row.round, indicator=row.indicator, areas=_areas(row.measure), measure=row.measure)


def _rows() -> sa.Select[IndicatorMeasure, Round]:
    """Select measures with their rounds: what was promised is shown also when the round has been withdrawn since."""
    return sa.select(IndicatorMeasure, Round).join(Round, Round.id == IndicatorMeasure.round_id)


def _wanted(filters: Filters) -> list[sa.ColumnElement[bool]]:
    found: list[sa.ColumnElement[bool]] = []
    if filters.status:
        found.append(IndicatorMeasure.status == filters.status)
    if filters.indicator:
        found.append(IndicatorMeasure.indicator == filters.indicator)
    if filters.late:
        still_since = clock.end_of_day(clock.today() - timedelta(days=STILL_FROM))
        found.append(IndicatorMeasure.status.not_in(ENDED))
        found.append(sa.or_(IndicatorMeasure.deadline < clock.today(), IndicatorMeasure.told_at < still_since))
    return found


def _entries(measure_id: int) -> Sequence[MeasureEntry]:
    return db.session.scalars(
        sa.select(MeasureEntry)
        .where(MeasureEntry.measure_id == measure_id)
        .order_by(MeasureEntry.id.desc())
        .limit(ENTRIES_SHOWN)
    ).all()


def _links(measure_id: int) -> Sequence[Card]:
    """Return links to what carries a measure out: what has been hidden since isn't shown."""
    rows = db.session.scalars(
        sa.select(MeasureLink)
        .where(MeasureLink.measure_id == measure_id)
        .order_by(MeasureLink.kind, MeasureLink.target_id)
    )
    by_kind: dict[str, list[int]] = {}
    for row in rows:
        by_kind.setdefault(row.kind, []).append(row.target_id)
    cards: list[Card] = []
    for name, ids in by_kind.items():
        kind = content().find(name)
        if kind and kind.entries:
            shown = kind.entries(ids)
            cards += [card for id_, card in kind.cards([id_ for id_ in ids if id_ in shown]).items() if id_ in shown]
    return cards


def _stands(number: str, first: Round) -> Sequence[Stand]:
    return [stand for _round, stand in _said(Round.opens_at >= first.opens_at, RevisionResult.indicator == number)]


def _said(*conditions: Any) -> list[tuple[Round, Stand]]:
    """Return what published rounds said, oldest first."""
    statement = (
        sa.select(Round, Revision.method_version, Revision.catalogue_version, RevisionResult.body)
        .select_from(RevisionResult)
        .join(Revision, Revision.id == RevisionResult.revision_id)
        .join(Round, Round.id == Revision.round_id)
        .where(Round.state == RoundState.PUBLISHED, Revision.number == newest_revision(), *conditions)
        .order_by(Round.opens_at, Round.id)
    )
    return [
        (
            round_,
            Stand(
                slug=round_.slug,
                title=round_.title,
                version=comparing.Version(method=method, catalogue=version),
                result=msgspec.convert(body, IndicatorResult),
            ),
        )
        for round_, method, version, body in db.session.execute(statement)
    ]


def _areas(measure: IndicatorMeasure | None = None) -> Sequence[tuple[int, str]]:
    """Return the service areas in use, and the one a measure has, by name."""
    kept = ServiceArea.id == measure.service_area_id if measure else sa.false()
    areas = sa.select(ServiceArea.id, ServiceArea.name).where(sa.or_(ServiceArea.active, kept))
    return [(id_, name) for id_, name in db.session.execute(areas.order_by(ServiceArea.name))]
