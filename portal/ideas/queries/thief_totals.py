"""Tidstyver together: the ladder of the largest, sums that count each hour once, and the list with its filters."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from fractions import Fraction
from typing import Any

import sqlalchemy as sa

from portal.accounts.models import ServiceArea
from portal.ideas import policy
from portal.ideas.hours import Cause, Hit, Key, Owner, Shown, Total, shown
from portal.ideas.models.ideas import Idea
from portal.ideas.models.thieves import HOURS, Measure, TimeThief
from portal.ideas.queries.thieves import exact, factors, freed_hours, together, written
from portal.ideas.stages import THIEF_STATUSES, Decision, Degree, IdeaKind, Stage, ThiefStatus, thief_status
from portal.ideas.thief_words import CAUSES, TONES
from portal.kernel import clock
from portal.kernel.content import PublicationState
from portal.kernel.db import db
from portal.kernel.identity import Actor
from portal.kernel.paging import Page, paginate
from portal.kernel.slugs import slug

FIRST_YEAR = 2010
"""Whatever is older counts with it."""
LADDER, ACCOUNTS, ROWS = 10, 6, 20
SORTS = ("nyeste", "storst")


@dataclass(frozen=True, kw_only=True)
class Filters:
    """What the reader asked for."""

    cause: Cause | None = None
    owner: Owner | None = None
    hit: Hit | None = None
    status: ThiefStatus | None = None
    service_area: int | None = None
    year: int | None = None
    is_calculated: bool | None = None
    sort: str = SORTS[0]

    def __bool__(self) -> bool:
        return replace(self, sort=SORTS[0]) != Filters()


@dataclass(frozen=True, kw_only=True)
class Row:
    """One tidstyv in a list."""

    idea: Idea
    thief: TimeThief
    freed: Fraction | None

    @property
    def status(self) -> ThiefStatus:
        return thief_status(self.idea.stage, self.idea.decision, self.thief.degree)

    @property
    def hours(self) -> Shown | None:
        return written(factors(self.thief).hours)

    @property
    def hours_freed(self) -> Shown | None:
        return written(self.freed)

    @property
    def status_word(self) -> Any:
        return THIEF_STATUSES[self.status]

    @property
    def tone(self) -> str:
        return TONES[self.status]

    @property
    def cause_word(self) -> Any:
        return CAUSES[self.thief.cause] if self.thief.cause else None

    @property
    def is_internal(self) -> bool:
        return self.idea.state is PublicationState.INTERNAL

    @property
    def values(self) -> Mapping[str, Any]:
        """Return what its address is made of."""
        return {"idea_id": self.idea.id, "slug": slug(self.idea.title)}


@dataclass(frozen=True, kw_only=True)
class Sums:
    """The sum of all, and of each group; None as a key stands for «not said»."""

    total: Total
    by_cause: Mapping[Cause | None, Total]
    by_owner: Mapping[Owner | None, Total]
    by_service_area: Mapping[int | None, Total]
    by_year: Mapping[int, Total]


@dataclass(frozen=True, kw_only=True)
class Account:
    """What freed time is used for, told by staff."""

    title: str
    measure_id: int | None
    """Told of the measure, and not of the tidstyv."""
    values: Mapping[str, Any]
    """What the address is made of."""
    freed: Shown | None
    """Hours a year; nothing for a measure, whose page tells them."""
    freed_for: str
    used_for: str
    language: str


@dataclass(frozen=True, kw_only=True)
class ThievesPage:
    """The page of all tidstyver."""

    filters: Filters
    sums: Sums
    ladder: Sequence[Row]
    accounts: Sequence[Account]
    rows: Page[Row]
    service_areas: Mapping[int, str]
    is_first: bool

    @property
    def before(self) -> Shown:
        return shown(self.sums.total.before)

    @property
    def freed(self) -> Shown:
        return shown(abs(self.sums.total.freed))


@dataclass(frozen=True, kw_only=True)
class Exported:
    """One tidstyv as the spreadsheet has it."""

    row: Row
    measure: Measure | None
    is_whole: bool
    """The measure was measured as one, and all of its tidstyver are in the sheet: the sum can be checked there."""


def page(actor: Actor, filters: Filters, cursor: str | None = None) -> ThievesPage:
    """Return the page of the tidstyver that somebody sees, in five statements."""
    return ThievesPage(
        filters=filters,
        sums=sums(actor, filters),
        ladder=_ladder(actor, filters),
        accounts=_accounts(actor, filters),
        rows=_rows(actor, filters, cursor),
        service_areas=service_areas(),
        is_first=not cursor,
    )


def sums(actor: Actor, filters: Filters) -> Sums:
    """Return sums over the hours that are kept, with one GROUP BY; the same answer as `hours.totals`."""
    of_measures = together()
    freed = freed_hours(of_measures)
    keys = (TimeThief.cause, TimeThief.owner, Idea.service_area_id, year_reported().label("reported_year"))
    worse = sa.case((sa.func.round(freed, 4) < 0, 1), else_=0)
    counted = (
        sa.func.count(),
        sa.func.count(TimeThief.hours),
        sa.func.coalesce(sa.func.sum(TimeThief.hours), 0),
        sa.func.count(freed),
        sa.func.coalesce(sa.func.sum(freed), 0),
        sa.func.sum(worse),
    )
    statement = _joined(sa.select(*keys, *counted), of_measures).where(*conditions(actor, filters))
    grouped = statement.group_by(*keys[:3], "reported_year")
    rows = [(_Group(*row[:4]), _total(row[4:])) for row in db.session.execute(grouped)]
    return Sums(
        total=sum((total for _group, total in rows), start=Total()),
        by_cause=_fold(rows, lambda group: group.cause),
        by_owner=_fold(rows, lambda group: group.owner),
        by_service_area=_fold(rows, lambda group: group.service_area),
        by_year=_fold(rows, lambda group: group.year),
    )


def all_rows(actor: Actor, filters: Filters) -> Sequence[Exported]:
    """Return every tidstyv that somebody sees and asked for, the largest first, in one statement."""
    of_measures = together()
    columns = (Idea, TimeThief, Measure, freed_hours(of_measures), of_measures.c.members)
    statement = _joined(sa.select(*columns), of_measures)
    statement = statement.outerjoin(Measure, Measure.id == TimeThief.measure_id)
    order = (TimeThief.hours.is_(None), TimeThief.hours.desc(), TimeThief.idea_id)
    found = db.session.execute(statement.where(*conditions(actor, filters)).order_by(*order)).all()
    seen = Counter(measure.id for _idea, _thief, measure, _freed, _members in found if measure)
    return [
        Exported(
            row=_row(idea, thief, freed),
            measure=measure,
            is_whole=measure is not None and members == seen[measure.id],
        )
        for idea, thief, measure, freed, members in found
    ]


def service_areas() -> Mapping[int, str]:
    """Return the names of the service areas, also those laid down: old tidstyver still lie in them."""
    return {each.id: each.name for each in db.session.execute(sa.select(ServiceArea.id, ServiceArea.name))}


def conditions(actor: Actor, filters: Filters) -> Sequence[sa.ColumnElement[bool]]:
    """Return the conditions for the tidstyver that somebody sees and asked for."""
    asked: dict[str, Callable[[Any], sa.ColumnElement[bool]]] = {
        "cause": lambda value: TimeThief.cause == value,
        "owner": lambda value: TimeThief.owner == value,
        "hit": lambda value: sa.cast(TimeThief.hit, sa.Text).contains(f'"{value.value}"'),
        "status": of_status,
        "service_area": lambda value: Idea.service_area_id == value,
        "year": lambda value: year_reported() == value,
        "is_calculated": lambda value: TimeThief.hours.is_not(None) if value else TimeThief.hours.is_(None),
    }
    chosen = [ask(getattr(filters, name)) for name, ask in asked.items() if getattr(filters, name) is not None]
    return [policy.visible(actor), Idea.kind == IdeaKind.TIME_THIEF, *chosen]


def of_status(status: ThiefStatus) -> sa.ColumnElement[bool]:
    """Return the condition for a status, which is the case axis in other words: see `stages.thief_status`."""
    decided = Idea.stage == Stage.DECIDED
    ended_by = sa.func.coalesce(Idea.decision, "")
    realised = Idea.stage == Stage.REALISED
    removed = sa.func.coalesce(TimeThief.degree, "") == Degree.REMOVED.value
    return {
        ThiefStatus.REGISTERED: Idea.stage.in_((Stage.RECEIVED, Stage.ASSESSING)),
        ThiefStatus.TRANSFERRED: sa.and_(decided, Idea.decision == Decision.SENT_ON),
        ThiefStatus.REJECTED: sa.and_(decided, Idea.decision == Decision.REJECTED),
        ThiefStatus.PLANNED: sa.and_(decided, ended_by.not_in((Decision.SENT_ON.value, Decision.REJECTED.value))),
        ThiefStatus.UNDER_WAY: Idea.stage == Stage.UNDER_WAY,
        ThiefStatus.REDUCED: sa.and_(realised, sa.not_(removed)),
        ThiefStatus.REMOVED: sa.and_(realised, removed),
        ThiefStatus.NO_EFFECT: Idea.stage == Stage.CLOSED,
    }[status]


def year_reported() -> sa.ColumnElement[int]:
    """Return the year a tidstyv was sent in, by Norwegian time, as a column that both databases work out alike."""
    years = range(clock.today().year, FIRST_YEAR, -1)
    sent = sa.func.coalesce(Idea.sent_at, Idea.shown_at)
    return sa.case(*((sent >= clock.start_of_day(date(year, 1, 1)), year) for year in years), else_=FIRST_YEAR)


@dataclass(frozen=True)
class _Group:
    cause: Cause | None
    owner: Owner | None
    service_area: int | None
    year: int


def _fold(rows: Sequence[tuple[_Group, Total]], key: Callable[[_Group], Key]) -> dict[Key, Total]:
    folded: dict[Key, Total] = {}
    for group, total in rows:
        folded[key(group)] = folded.get(key(group), Total()) + total
    return dict(sorted(folded.items(), key=lambda each: -each[1].before))


def _total(sums: Sequence[Any]) -> Total:
    rows, known, before, measured, freed, worse = sums
    return Total(
        rows=rows,
        not_counted=rows - known,
        before=exact(before) or Fraction(0),
        measured=measured,
        freed=exact(freed) or Fraction(0),
        worse=worse,
    )


def _ladder(actor: Actor, filters: Filters) -> Sequence[Row]:
    if filters.is_calculated is False:  # what isn't calculated has no size
        return []
    of_measures = together()
    statement = _joined(sa.select(Idea, TimeThief, freed_hours(of_measures)), of_measures)
    largest = statement.where(*conditions(actor, replace(filters, is_calculated=True)))
    order = (TimeThief.hours.desc(), TimeThief.idea_id.desc())
    return [_row(*row) for row in db.session.execute(largest.order_by(*order).limit(LADDER))]


def _rows(actor: Actor, filters: Filters, cursor: str | None) -> Page[Row]:
    by_size = filters.sort == "storst" and filters.is_calculated is not False
    if by_size:  # what isn't calculated has a list of its own
        filters = replace(filters, is_calculated=True)
    of_measures = together()
    statement = _joined(sa.select(Idea, TimeThief, freed_hours(of_measures)), of_measures)
    order: tuple[Any, ...] = (Idea.shown_at.desc(), Idea.id.desc())
    if by_size:
        order = (sa.type_coerce(TimeThief.hours, HOURS).label("size").desc(), TimeThief.idea_id.desc())
    found = paginate(statement.where(*conditions(actor, filters)), *order, cursor=cursor, limit=ROWS)
    return Page([_row(*row) for row in found.items], found.next)


def _accounts(actor: Actor, filters: Filters) -> Sequence[Account]:
    told = sa.or_(TimeThief.used_for != "", Measure.used_for != "")
    measured = sa.func.coalesce(TimeThief.measured_on, Measure.measured_on)
    of_measures = together()
    rows = db.session.execute(
        _joined(sa.select(Idea, TimeThief, Measure, freed_hours(of_measures)), of_measures)
        .outerjoin(Measure, Measure.id == TimeThief.measure_id)
        .where(*conditions(actor, filters), told)
        .order_by(measured.desc(), Idea.id.desc())
        .limit(ACCOUNTS * 3)
    )
    accounts = {(each.measure_id, each.used_for): each for each in (_account(*row) for row in rows)}
    return list(accounts.values())[:ACCOUNTS]


def _account(idea: Idea, thief: TimeThief, measure: Measure | None, freed: Any) -> Account:
    of_measure = measure if measure and not thief.used_for else None
    told = of_measure or thief
    return Account(
        title=of_measure.title if of_measure else idea.title,
        measure_id=of_measure.id if of_measure else None,
        values={"measure_id": of_measure.id} if of_measure else {"idea_id": idea.id, "slug": slug(idea.title)},
        freed=None if of_measure else written(exact(freed)),
        freed_for=told.freed_for,
        used_for=told.used_for,
        language="nb" if of_measure else idea.language,
    )


def _joined(statement: Any, of_measures: sa.Subquery) -> Any:
    return (
        statement.select_from(Idea)
        .join(TimeThief, TimeThief.idea_id == Idea.id)
        .outerjoin(of_measures, of_measures.c.measure_id == TimeThief.measure_id)
    )


def _row(idea: Idea, thief: TimeThief, freed: Any) -> Row:
    return Row(idea=idea, thief=thief, freed=exact(freed))
