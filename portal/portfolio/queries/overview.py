"""The public overview: what was planned against what is realised, by area, year, kind or thing, and the list."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from typing import Any

import sqlalchemy as sa

from portal.accounts.models import ServiceArea
from portal.kernel.content import Card, Ref
from portal.kernel.db import db
from portal.kernel.extensions import content
from portal.kernel.paging import Page, paginate
from portal.portfolio.models import Benefit, BenefitType
from portal.portfolio.realisation import SUMMED, Status, Total, Unit

SHOWN = 20
GROUPS_SHOWN = 12
"""Rows of a chart: more than these can't be told apart."""
STREAMED = 500


class Grouping(StrEnum):
    """What the chart has a row for."""

    AREA = "omrade"
    YEAR = "ar"
    KIND = "slag"
    THING = "tiltak"


@dataclass(frozen=True, kw_only=True)
class Filters:
    """Which benefits the overview is about; all of them where nothing is said."""

    area: int | None = None
    year: int | None = None
    kind: str | None = None
    type: BenefitType | None = None
    status: Status | None = None

    def __bool__(self) -> bool:
        return any(value is not None for value in (self.area, self.year, self.kind, self.type, self.status))


@dataclass(frozen=True, kw_only=True)
class Choices:
    """What there is to filter by."""

    areas: Sequence[tuple[int, str]]
    years: Sequence[int]
    kinds: Sequence[tuple[str, Any]]


@dataclass(frozen=True, kw_only=True)
class Group:
    """One row of the chart: what it is of, and its total."""

    label: str
    total: Total
    card: Card | None = None


@dataclass(frozen=True, kw_only=True)
class BenefitRow:
    """A benefit in the list, with what it is to come of."""

    benefit: Benefit
    card: Card | None
    area: str = ""


@dataclass(frozen=True, kw_only=True)
class OverviewPage:
    """All that the overview shows."""

    filters: Filters
    grouping: Grouping
    choices: Choices
    totals: Mapping[Unit, Total]
    statuses: Mapping[Status, int]
    groups: Mapping[Unit, Sequence[Group]]
    left_out: Mapping[Unit, int]
    """How many groups there was no room for."""
    rows: Page[BenefitRow]

    @property
    def number(self) -> int:
        return sum(self.statuses.values())


def overview_page(filters: Filters, grouping: Grouping, cursor: str | None) -> OverviewPage:
    """Return the overview of what everybody may see, in at most six statements and one for each kind of thing."""
    choices = _choices()
    totals, statuses = _totals(filters)
    groups = _groups(filters, grouping)
    page = paginate(_chosen(sa.select(Benefit), filters), Benefit.id.desc(), cursor=cursor, limit=SHOWN)
    things = [ref for found in groups.values() for ref, _total in found if isinstance(ref, Ref)]
    cards = content().cards([*things, *(benefit.ref for benefit in page.items)])
    names = dict(choices.areas)
    kinds = dict(choices.kinds)
    return OverviewPage(
        filters=filters,
        grouping=grouping,
        choices=choices,
        totals=totals,
        statuses=statuses,
        groups={
            unit: [_group(key, total, names, kinds, cards) for key, total in found[:GROUPS_SHOWN]]
            for unit, found in groups.items()
        },
        left_out={unit: max(0, len(found) - GROUPS_SHOWN) for unit, found in groups.items()},
        rows=Page(
            [
                BenefitRow(benefit=each, card=cards.get(each.ref), area=names.get(each.service_area_id or 0, ""))
                for each in page.items
            ],
            page.next,
        ),
    )


def every_benefit(filters: Filters) -> Iterator[BenefitRow]:
    """Return all the benefits that everybody may see, some at a time, for a file."""
    areas = {each.id: each.name for each in db.session.execute(sa.select(ServiceArea.id, ServiceArea.name))}
    after = 0
    while True:
        some = _chosen(sa.select(Benefit), filters).where(Benefit.id > after).order_by(Benefit.id).limit(STREAMED)
        benefits = db.session.scalars(some).all()
        if not benefits:
            return
        cards = content().cards([each.ref for each in benefits])
        for each in benefits:
            yield BenefitRow(benefit=each, card=cards.get(each.ref), area=areas.get(each.service_area_id or 0, ""))
        after = benefits[-1].id


def _chosen(statement: sa.Select[*tuple[Any, ...]], filters: Filters) -> Any:
    wanted = {
        Benefit.service_area_id: filters.area,
        Benefit.expected_year: filters.year,
        Benefit.kind: filters.kind,
        Benefit.type: filters.type,
        Benefit.status: filters.status,
    }
    asked = [column == value for column, value in wanted.items() if value is not None]
    return statement.where(Benefit.is_public, *asked)


def _choices() -> Choices:
    """Return what there is to filter by: the areas, and the years and kinds that public benefits have."""
    areas = sa.select(ServiceArea.id, ServiceArea.name).order_by(ServiceArea.name)
    found = [(each.id, each.name) for each in db.session.execute(areas)]
    pairs = sa.select(Benefit.kind, Benefit.expected_year).where(Benefit.is_public).distinct()
    rows = db.session.execute(pairs).all()
    kinds = [(name, kind.label) for name in sorted({row[0] for row in rows}) if (kind := content().find(name))]
    return Choices(areas=found, years=sorted({row[1] for row in rows}, reverse=True), kinds=kinds)


def _totals(filters: Filters) -> tuple[Mapping[Unit, Total], Mapping[Status, int]]:
    columns = (Benefit.unit, Benefit.status, *_sums())
    totals: dict[Unit, Total] = {}
    statuses: dict[Status, int] = {}
    for unit, status, number, counted, planned, gained in db.session.execute(
        _chosen(sa.select(*columns), filters).group_by(Benefit.unit, Benefit.status)
    ):
        statuses[status] = statuses.get(status, 0) + number
        adds = Total(benefits=number)
        if unit in SUMMED:
            adds = Total(benefits=number, counted=counted, planned=planned, gained=gained)
        totals[unit] = _added(totals.get(unit, Total()), adds)
    return totals, statuses


def _sums() -> tuple[Any, ...]:
    """Return the columns that every total is made of; what has no baseline has no part in planned nor gained."""
    none = sa.literal(Decimal(0), Benefit.gain.type)
    return (
        sa.func.count(),
        sa.func.count(Benefit.planned_gain),
        sa.func.coalesce(sa.func.sum(Benefit.planned_gain), none),
        sa.func.coalesce(sa.func.sum(Benefit.gain), none),
    )


def _added(one: Total, other: Total) -> Total:
    return Total(
        benefits=one.benefits + other.benefits,
        counted=one.counted + other.counted,
        planned=one.planned + other.planned,
        gained=one.gained + other.gained,
    )


def _groups(filters: Filters, grouping: Grouping) -> dict[Unit, list[tuple[Any, Total]]]:
    """Return (what, total) for each group, the largest plan first, for the units that can be added up."""
    keys: dict[Grouping, tuple[Any, ...]] = {
        Grouping.AREA: (Benefit.service_area_id,),
        Grouping.YEAR: (Benefit.expected_year,),
        Grouping.KIND: (Benefit.kind,),
        Grouping.THING: (Benefit.kind, Benefit.target_id),
    }
    by = keys[grouping]
    statement = _chosen(sa.select(Benefit.unit, *_sums(), *by), filters).where(
        Benefit.unit.in_(SUMMED), Benefit.planned_gain.is_not(None)
    )
    planned = sa.func.sum(Benefit.planned_gain)
    found: dict[Unit, list[tuple[Any, Total]]] = {}
    for unit, number, counted, plan, gained, *key in db.session.execute(
        statement.group_by(Benefit.unit, *by).order_by(planned.desc(), *by).limit(STREAMED)
    ):
        total = Total(benefits=number, counted=counted, planned=plan, gained=gained)
        found.setdefault(unit, []).append((Ref(*key) if len(key) > 1 else key[0], total))
    if grouping is Grouping.YEAR:
        found = {unit: sorted(rows, key=lambda row: -int(row[0])) for unit, rows in found.items()}
    return found


def _group(
    key: Any, total: Total, areas: Mapping[int, str], kinds: Mapping[str, Any], cards: Mapping[Ref, Card]
) -> Group:
    if isinstance(key, Ref):
        card = cards.get(key)
        return Group(label=card.title if card else str(kinds.get(key.kind, "")), total=total, card=card)
    if isinstance(key, str):
        return Group(label=str(kinds.get(key, key)), total=total)
    return Group(label=areas.get(key, str(key or "")), total=total)
