"""The figures of moderation, month by month: only months that are over, so that nobody sees the counts move."""

from __future__ import annotations

import csv
import io
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import sqlalchemy as sa

from portal.kernel import clock
from portal.kernel.audit import AuditEntry
from portal.kernel.db import db
from portal.moderation.events import ChainHeadPublished
from portal.moderation.figures import MEDIAN, NINE_OF_TEN, percentile, told, told_parts
from portal.moderation.house_rules import RULES
from portal.moderation.models import RESTRICTIONS, Appeal, Case, Decision, Outcome, Report, Verdict

MONTHS = 24
HEADS = 31
HIDDEN = ":"
KINDS = tuple(verdict for verdict in Verdict if verdict in RESTRICTIONS)
DECIDERS = ("people", "machine")

Part = Mapping[str, int | None]


@dataclass(frozen=True, kw_only=True)
class MonthFigures:
    """What was done in one month. None is a count of 1–4, or times of fewer than ten decisions: it isn't told."""

    month: date
    """Its first day."""
    cases: int | None
    reports: int | None
    shown_by_machine: int | None
    shown_by_people: int | None
    restricted: int | None
    restricted_by: Part
    kinds: Part
    """The restrictions, by what was decided."""
    rules: Part
    """The restrictions, by the house rule."""
    median_minutes: int | None
    """From a case was opened until somebody decided it."""
    nine_of_ten_minutes: int | None
    appeals: int | None
    upheld: int | None
    dismissed: int | None

    @property
    def name(self) -> str:
        """The month as addresses and files have it: 2026-10."""
        return f"{self.month:%Y-%m}"


@dataclass(frozen=True, kw_only=True)
class Head:
    """The newest link of the audit trail on a day."""

    day: date
    number: int
    hash: str


def months() -> list[MonthFigures]:
    """Return the months since moderation began, the newest first, in four statements however much was done."""
    first = db.session.scalar(sa.select(sa.func.min(Case.opened_at)))
    starts = _starts(clock.local(first).date()) if first else []
    if len(starts) < 2:  # no month is over
        return []
    counts = _counts(starts)
    for verdict, rule, machine, month, number in _decisions(starts):
        for what in _of_decision(verdict, rule, machine):
            counts[month][what] += number
    times = _times(starts)
    found = [_figures(start, counts[month], times[month]) for month, start in enumerate(starts[:-1])]
    return found[::-1]


def heads() -> list[Head]:
    """Return the published heads of the audit trail, the newest first."""
    bodies = db.session.scalars(
        sa.select(AuditEntry.body)
        .where(AuditEntry.name == ChainHeadPublished.name)
        .order_by(AuditEntry.id.desc())
        .limit(HEADS)
    )
    return [
        Head(day=date.fromisoformat(body["day"]), number=body["number"], hash=body["head"]) for body in bodies.all()
    ]


def as_csv() -> str:
    """Return the figures as CSV, one row a month; no cell holds what somebody wrote."""
    target = io.StringIO()
    target.write("\ufeff")  # so that spreadsheets read æ, ø and å
    writer = csv.DictWriter(target, fieldnames=columns())
    writer.writeheader()
    writer.writerows(rows())
    return target.getvalue()


def rows() -> list[Mapping[str, int | str]]:
    """Return the figures as cells by column, the newest month first."""
    return [_cells(each) for each in months()]


def columns() -> list[str]:
    """Return the names of the columns: the restrictions by what was decided and by the house rule among them."""
    of_restrictions = [f"begrenset_{each}" for each in ("av_menneske", "av_maskin")]
    return [
        *("maned", "saker", "meldinger", "vist_av_maskin", "vist_av_menneske", "begrenset", *of_restrictions),
        *(f"tiltak_{verdict}" for verdict in KINDS),
        *(f"regel_{rule.key}" for rule in RULES),
        *("median_minutter", "ni_av_ti_minutter", "klager", "medhold", "ikke_medhold"),
    ]


def _starts(first: date) -> list[date]:
    """Return the first days of the months from the one given to this one, as many as are shown."""
    this, start, starts = clock.today().replace(day=1), first.replace(day=1), []
    while start <= this:
        starts.append(start)
        start = date(start.year + start.month // 12, start.month % 12 + 1, 1)
    return starts[-MONTHS - 1 :]


def _month(column: Any, starts: Sequence[date]) -> Any:
    ends = [clock.start_of_day(start) for start in starts[1:]]
    return sa.case(*((column < end, number) for number, end in enumerate(ends)))


def _within(column: Any, starts: Sequence[date]) -> Any:
    return sa.and_(column >= clock.start_of_day(starts[0]), column < clock.start_of_day(starts[-1]))


def _counts(starts: Sequence[date]) -> dict[int, dict[str, int]]:
    def of(what: Any, column: Any) -> Any:
        month = _month(column, starts).label("month")
        chosen = sa.select(what.label("what"), month, sa.func.count().label("number"))
        return chosen.where(_within(column, starts)).group_by(what, month)

    every = sa.union_all(
        of(sa.literal("cases"), Case.opened_at),
        of(sa.literal("reports"), Report.created_at),
        of(sa.literal("appeals"), Appeal.created_at),
        of(sa.cast(Appeal.outcome, sa.String), Appeal.decided_at),
    )
    counts: dict[int, dict[str, int]] = defaultdict(lambda: defaultdict(int))
    for what, month, number in db.session.execute(every):
        counts[month][what] += number
    return counts


def _decisions(starts: Sequence[date]) -> Iterable[Any]:
    """Count the decisions, those aside that only end or reverse another."""
    month, machine = _month(Decision.decided_at, starts), Decision.decided_by_id.is_(None)
    counted = sa.select(Decision.verdict, Decision.rule, machine, month, sa.func.count())
    counted = counted.where(_within(Decision.decided_at, starts), Decision.reverses_id.is_(None))
    return db.session.execute(counted.group_by(Decision.verdict, Decision.rule, machine, month)).all()


def _of_decision(verdict: Verdict, rule: str | None, machine: bool) -> list[str]:
    decider = DECIDERS[bool(machine)]
    if verdict is Verdict.APPROVE:
        return [f"shown_by:{decider}"]
    return ["restricted", f"restricted_by:{decider}", f"kind:{verdict}", f"rule:{rule}"]


def _times(starts: Sequence[date]) -> dict[int, dict[int, int]]:
    """Return, for each month, how many decisions people made after how many minutes.

    A limit on an account is made beside another decision of the same case, and isn't counted again.
    """
    month, minutes = _month(Decision.decided_at, starts), _minutes(Case.opened_at, Decision.decided_at)
    rows = db.session.execute(
        sa.select(month, minutes, sa.func.count())
        .join(Case, Case.id == Decision.case_id)
        .where(
            _within(Decision.decided_at, starts),
            Decision.reverses_id.is_(None),
            Decision.decided_by_id.is_not(None),
            Decision.verdict != Verdict.LIMIT,
        )
        .group_by(month, minutes)
    )
    times: dict[int, dict[int, int]] = defaultdict(dict)
    for number, taken, count in rows:
        times[number][taken] = count
    return times


def _minutes(start: Any, end: Any) -> Any:
    if db.session.get_bind().dialect.name == "postgresql":
        minutes = sa.extract("epoch", sa.type_coerce(end, sa.DateTime) - sa.type_coerce(start, sa.DateTime)) / 60
    else:
        minutes = (sa.func.julianday(end) - sa.func.julianday(start)) * (24 * 60)
    return sa.cast(sa.func.round(minutes), sa.Integer)


def _figures(month: date, counts: Mapping[str, int], times: Mapping[int, int]) -> MonthFigures:
    def count(what: str) -> int:
        return counts.get(what, 0)

    return MonthFigures(
        month=month,
        cases=told(count("cases")),
        reports=told(count("reports")),
        shown_by_machine=told(count("shown_by:machine")),
        shown_by_people=told(count("shown_by:people")),
        restricted=told(count("restricted")),
        restricted_by=told_parts({each: count(f"restricted_by:{each}") for each in DECIDERS}),
        kinds=told_parts({verdict.value: count(f"kind:{verdict}") for verdict in KINDS}),
        rules=told_parts({rule.key: count(f"rule:{rule.key}") for rule in RULES}),
        median_minutes=percentile(times, MEDIAN),
        nine_of_ten_minutes=percentile(times, NINE_OF_TEN),
        appeals=told(count("appeals")),
        upheld=told(count(Outcome.UPHELD)),
        dismissed=told(count(Outcome.DISMISSED)),
    )


def _cells(figures: MonthFigures) -> dict[str, int | str]:
    parts = (*figures.restricted_by.values(), *figures.kinds.values(), *figures.rules.values())
    values = (
        figures.name,
        figures.cases,
        figures.reports,
        figures.shown_by_machine,
        figures.shown_by_people,
        figures.restricted,
        *parts,
        figures.median_minutes,
        figures.nine_of_ten_minutes,
        figures.appeals,
        figures.upheld,
        figures.dismissed,
    )
    return {column: HIDDEN if value is None else value for column, value in zip(columns(), values, strict=True)}
