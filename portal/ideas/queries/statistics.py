"""How the municipality keeps its promise to answer, for everybody to see: by month and by service area."""

from __future__ import annotations

import csv
import io
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import sqlalchemy as sa

from portal.accounts.models import ServiceArea
from portal.ideas import policy
from portal.ideas.models.ideas import Idea, Origin
from portal.ideas.queries.waiting import unanswered
from portal.ideas.stages import Decision, Stage
from portal.kernel import clock
from portal.kernel.db import db

MONTHS = 12


@dataclass
class Figures:
    """What became of the ideas that came in a time, or to a service area."""

    received: int = 0
    in_time: int = 0
    """Answered by the time they were to be."""
    late: int = 0
    """Answered after that."""
    overdue: int = 0
    """Not answered, and they should have been."""
    realised: int = 0
    closed: int = 0
    decisions: Counter[Decision] = field(default_factory=Counter)
    days: Counter[int] = field(default_factory=Counter)
    """How many were answered after how many whole days."""

    @property
    def due(self) -> int:
        """How many were answered, or should have been."""
        return self.in_time + self.late + self.overdue

    @property
    def share_in_time(self) -> float | None:
        """The share of those due that were answered in time, 0–1; None when none were due."""
        return self.in_time / self.due if self.due else None

    @property
    def median_days(self) -> float | None:
        """Half of the first answers came within this many days; None when there are none."""
        ordered = sorted(self.days.elements())
        if not ordered:
            return None
        middle = len(ordered) // 2
        return ordered[middle] if len(ordered) % 2 else (ordered[middle - 1] + ordered[middle]) / 2

    def add(self, row: Any) -> None:
        """Count a group of ideas that share everything that is counted by."""
        self.received += row.number
        self.overdue += row.number if row.overdue else 0
        if row.days is not None:
            self.in_time += row.number if row.in_time else 0
            self.late += 0 if row.in_time else row.number
            self.days[row.days] += row.number
        if row.decision is not None:
            self.decisions[row.decision] += row.number
        self.realised += row.number if row.stage is Stage.REALISED else 0
        self.closed += row.number if row.stage is Stage.CLOSED else 0


@dataclass(frozen=True, kw_only=True)
class Statistics:
    """The figures of the last months, of each service area in these months, and of the whole."""

    months: Sequence[tuple[date, Figures]]
    """By their first day, the newest first; of the area that was chosen."""
    areas: Sequence[tuple[int, str, Figures]]
    """By number and name; 0 has no name: nobody has given these to an area yet."""
    whole: Figures
    overdue: int
    """Now, however old."""
    area: str | None
    """The name of the area that was chosen."""


def statistics(area_id: int | None = None) -> Statistics:
    """Return the figures in two statements however much has come in; `area_id`: of one service area, 0 of none."""
    starts = month_starts(clock.today())
    names = _area_names()
    months = [Figures() for _start in starts]
    areas: dict[int, Figures] = {}
    whole, overdue = Figures(), 0
    for row in _groups(starts):
        is_chosen = area_id is None or row.area == area_id
        overdue += row.number if row.overdue and is_chosen else 0
        if row.month is None:  # before the first of the months
            continue
        areas.setdefault(row.area, Figures()).add(row)
        if is_chosen:
            months[row.month].add(row)
            whole.add(row)
    return Statistics(
        months=list(zip(starts, months, strict=True))[::-1],
        areas=sorted(((id_, names.get(id_, ""), each) for id_, each in areas.items()), key=lambda a: (not a[0], a[1])),
        whole=whole,
        overdue=overdue,
        area=names.get(area_id) if area_id else None,
    )


def as_csv() -> str:
    """Return the figures as CSV, one row for each month and service area where something came in."""
    starts = month_starts(clock.today())
    names = _area_names()
    cells: dict[tuple[int, str], Figures] = {}
    for row in _groups(starts):
        if row.month is not None:
            cells.setdefault((row.month, names.get(row.area, "")), Figures()).add(row)
    target = io.StringIO()
    target.write("\ufeff")  # so that spreadsheets read æ, ø and å
    writer = csv.writer(target)
    writer.writerow(_columns())
    writer.writerows(_cells(starts[month], name, each) for (month, name), each in sorted(cells.items(), key=_order))
    return target.getvalue()


def month_starts(today: date) -> list[date]:
    """Return the first days of the last months, this one with them, the oldest first."""
    number = today.year * 12 + today.month - 1
    return [date(each // 12, each % 12 + 1, 1) for each in range(number - MONTHS + 1, number + 1)]


def _area_names() -> dict[int, str]:
    rows = db.session.execute(sa.select(ServiceArea.id, ServiceArea.name))
    return {row.id: row.name for row in rows}


def _groups(starts: Sequence[date]) -> Iterable[Any]:
    """Count the ideas that were sent in, by everything the figures are made of. What was imported isn't with them."""
    month = sa.case(
        *((Idea.sent_at >= clock.start_of_day(start), number) for number, start in reversed(list(enumerate(starts)))),
    )
    columns = (
        month.label("month"),
        sa.func.coalesce(Idea.service_area_id, 0).label("area"),
        _days(Idea.sent_at, Idea.answered_at).label("days"),
        sa.and_(Idea.answered_at.is_not(None), Idea.answered_at <= Idea.answer_due_at).label("in_time"),
        sa.and_(unanswered(), Idea.answer_due_at <= clock.now()).label("overdue"),
        Idea.decision,
        Idea.stage,
    )
    counted = (
        sa.select(*columns, sa.func.count().label("number"))
        .where(
            Idea.state.in_(policy.SENT_IN),
            Idea.sent_at.is_not(None),
            Idea.id.not_in(sa.select(Origin.idea_id)),
        )
        .group_by(*(sa.literal_column(str(place)) for place in range(1, len(columns) + 1)))
    )
    return db.session.execute(counted)


def _days(start: Any, end: Any) -> Any:
    """Return the whole days from one time to another."""
    if db.session.get_bind().dialect.name == "postgresql":
        seconds = sa.extract("epoch", sa.type_coerce(end, sa.DateTime) - sa.type_coerce(start, sa.DateTime))
        return sa.cast(sa.func.floor(seconds / 86_400), sa.Integer)
    days = sa.func.julianday(end) - sa.func.julianday(start)
    return sa.cast(days + 1e-6, sa.Integer)  # days of julianday are a little off; CAST cuts towards 0


def _order(cell: tuple[tuple[int, str], Figures]) -> tuple[int, str]:
    (month, name), _figures = cell
    return -month, name


def _columns() -> list[str]:
    decided = [
        f"besluttet_{each}" for each in ("i_linja", "prosjekt", "samskaping", "sendt_videre", "ikke_tatt_videre")
    ]
    answered = ["svart_innen_fristen", "svart_for_sent", "over_fristen_na", "median_dager_til_svar"]
    return ["maned", "tjenesteomrade", "mottatt", *answered, *decided, "nyttiggjort", "avsluttet_uten_effekt"]


def _cells(month: date, area: str, figures: Figures) -> list[Any]:
    median = "" if figures.median_days is None else figures.median_days
    return [
        f"{month:%Y-%m}",
        _harmless(area),
        figures.received,
        figures.in_time,
        figures.late,
        figures.overdue,
        median,
        *(figures.decisions[each] for each in Decision),
        figures.realised,
        figures.closed,
    ]


def _harmless(text: str) -> str:
    """Keep a name that begins like a formula from being run as one by a spreadsheet."""
    return f"'{text}" if text[:1] in "=+-@\t\r" and text else text
