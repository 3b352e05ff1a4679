"""Figures over time: as they stand beside an indicator, and as coordinators see how the fetching goes."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

import sqlalchemy as sa

from portal.kernel import clock
from portal.kernel.db import db
from portal.kernel.errors import Forbidden, NotFound
from portal.kernel.i18n import _l
from portal.kernel.identity import Actor
from portal.observatorium import policy
from portal.observatorium.catalogue import sort_key
from portal.observatorium.models.series import FigurePoint, FigureSeries
from portal.observatorium.series_points import Point
from portal.observatorium.trend import Trend, draw

PATIENCE = timedelta(hours=1)
"""After this the worker that was asked has given up, and may be asked again."""

FAULTS: Mapping[str, Any] = {
    "not_json": _l("Svaret er ikke JSON, eller det er kuttet av."),
    "not_dataset": _l("Svaret er JSON, men ikke et datasett i JSON-stat."),
    "version": _l("Svaret er ikke i JSON-stat versjon 2. Bruk PxWebApi versjon 2 og outputFormat=json-stat2."),
    "shape": _l("Svaret mangler noe som JSON-stat skal ha."),
    "sizes": _l("Svaret henger ikke sammen: antallet verdier er ikke det svaret selv sier."),
    "no_time": _l("Svaret har ingen dimensjon for tid."),
    "several": _l("Svaret har flere verdier for samme tid. Velg én verdi i denne dimensjonen i spørringen."),
    "period": _l("Perioden kan ikke leses. Skriv et år som 2025, et kvartal som 2025K3 eller en måned som 2025M07."),
    "value": _l("Verdien er ikke et tall vi kan lese."),
    "empty": _l("Det er ingen verdier her."),
    "too_many": _l("Det er for mange punkter. En tallrekke kan ha 500."),
    "header": _l("Første linje skal være: periode;verdi"),
    "columns": _l("Hver linje skal ha to felt med semikolon mellom: periode og verdi."),
    "duplicate": _l("En periode står to ganger."),
    "encoding": _l("Filen er ikke tekst i UTF-8 eller Latin-1. Lagre den som CSV (UTF-8)."),
    "not_allowed": _l("Portalen har ikke lov til å spørre denne tjeneren. Driften styrer det i PORTAL_FIGURES_HOSTS."),
    "too_large": _l("Svaret er for stort. Velg færre verdier i spørringen."),
    "slow": _l("Tjeneren svarte ikke i tide."),
    "not_secure": _l("Vi fikk ikke en sikker forbindelse til tjeneren."),
    "no_name": _l("Tjeneren finnes ikke."),
    "away": _l("Vi fikk ikke kontakt med tjeneren."),
    "redirect": _l("Tjeneren sendte oss videre til en annen adresse. Det følger vi ikke."),
    "status": _l("Tjeneren svarte med en feil."),
    "failed": _l("Noe gikk galt på veien."),
}
"""Why there were no points, in words for the coordinator."""


@dataclass(frozen=True, kw_only=True)
class SeriesPoint:
    """A point, and what it was before the source changed it."""

    period: str
    value: Decimal | None
    status: str
    previous: Decimal | None
    changed_at: datetime | None


@dataclass(frozen=True, kw_only=True)
class Series:
    """A figure over time as it is shown beside the colours; oldest point first."""

    id: int
    indicator: str
    title: str
    unit: str
    source: str
    source_url: str
    points: tuple[SeriesPoint, ...]
    fetched_at: datetime | None

    @property
    def trend(self) -> Trend | None:
        """The drawing; none before there are two values."""
        return draw([Point(each.period, each.value, each.status) for each in self.points])

    @property
    def changed(self) -> tuple[SeriesPoint, ...]:
        """The points whose value the source has changed since it was first told."""
        return tuple(each for each in self.points if each.changed_at is not None)


@dataclass(frozen=True, kw_only=True)
class SeriesRow:
    """A series in the coordinator's list."""

    series: FigureSeries
    points: int
    newest: str | None
    """The last period it has."""

    @property
    def waits(self) -> bool:
        return is_waiting(self.series)

    @property
    def fault(self) -> str:
        return fault_words(self.series.failed, self.series.failed_detail)


@dataclass(frozen=True, kw_only=True)
class SeriesPage:
    """One series for the coordinator: what is shown to others, and how the fetching goes."""

    series: FigureSeries
    shown: Series

    @property
    def waits(self) -> bool:
        return is_waiting(self.series)

    @property
    def fault(self) -> str:
        return fault_words(self.series.failed, self.series.failed_detail)


def list_series(indicator: str) -> tuple[Series, ...]:
    """Return the figures beside an indicator, in one statement; those without points are left out."""
    return tuple(each for each in _read(FigureSeries.indicator == indicator, FigureSeries.active) if each.points)


def every_series(indicators: Collection[str] | None = None) -> tuple[Series, ...]:
    """Return the figures of all the indicators, in one statement, in the order of their numbers."""
    which = FigureSeries.indicator.in_(indicators) if indicators is not None else sa.true()
    found = [each for each in _read(FigureSeries.active, which) if each.points]
    return tuple(sorted(found, key=lambda each: (sort_key(each.indicator), each.id)))


def series_rows(actor: Actor) -> Sequence[SeriesRow]:
    """Return every series for the coordinator's list, by indicator; raises Forbidden."""
    _require(actor)
    statement = (
        sa.select(FigureSeries, sa.func.count(FigurePoint.period), sa.func.max(FigurePoint.period))
        .outerjoin(FigurePoint, FigurePoint.series_id == FigureSeries.id)
        .group_by(FigureSeries.id)
        .order_by(FigureSeries.id)
    )
    found = [
        SeriesRow(series=each, points=count, newest=newest) for each, count, newest in db.session.execute(statement)
    ]
    return sorted(found, key=lambda row: (not row.series.active, sort_key(row.series.indicator)))


def series_page(actor: Actor, series_id: int) -> SeriesPage:
    """Return one series for the coordinator; raises NotFound."""
    _require(actor)
    series = get_series(series_id)
    return SeriesPage(series=series, shown=_read(FigureSeries.id == series_id)[0])


def get_series(series_id: int, *, lock: bool = False) -> FigureSeries:
    """Return a series, to be changed in the running transaction when it is locked; raises NotFound."""
    statement = sa.select(FigureSeries).where(FigureSeries.id == series_id)
    if lock:
        statement = statement.with_for_update().execution_options(populate_existing=True)
    found = db.session.scalar(statement) if series_id < 2**31 else None
    if found is None:
        raise NotFound(_l("Vi finner ikke denne tallrekken."))
    return found


def is_waiting(series: FigureSeries) -> bool:
    """Say whether the worker has been asked and hasn't tried yet."""
    if series.asked_at is None or series.asked_at < clock.now() - PATIENCE:
        return False
    return series.tried_at is None or series.tried_at < series.asked_at


def fault_words(code: str, detail: str = "") -> str:
    """Say why there were no points; nothing when there is no fault."""
    if not code:
        return ""
    words = str(FAULTS.get(code, FAULTS["failed"]))
    return f"{words} ({detail})" if detail else words


def _read(*which: Any) -> list[Series]:
    statement = (
        sa.select(FigureSeries, FigurePoint)
        .outerjoin(FigurePoint, FigurePoint.series_id == FigureSeries.id)
        .where(*which)
        .order_by(FigureSeries.id, FigurePoint.period)
    )
    return gathered((series, point) for series, point in db.session.execute(statement))


def gathered(rows: Iterable[tuple[FigureSeries, FigurePoint | None]]) -> list[Series]:
    """Make series of rows with one point each, for a statement that reads them along with something else."""
    found: dict[FigureSeries, list[FigurePoint]] = {}
    for series, point in rows:
        found.setdefault(series, []).extend([point] if point is not None else [])
    return [_series(series, sorted(points, key=lambda point: point.period)) for series, points in found.items()]


def _series(series: FigureSeries, points: Sequence[FigurePoint]) -> Series:
    return Series(
        id=series.id,
        indicator=series.indicator,
        title=series.title,
        unit=series.unit,
        source=series.source,
        source_url=series.source_url,
        points=tuple(_point(each) for each in points),
        fetched_at=series.fetched_at,
    )


def _point(point: FigurePoint) -> SeriesPoint:
    return SeriesPoint(
        period=point.period,
        value=_decimal(point.value),
        status=point.status,
        previous=_decimal(point.previous),
        changed_at=point.changed_at,
    )


def _decimal(text: str | None) -> Decimal | None:
    return None if text is None else Decimal(text)


def _require(actor: Actor) -> None:
    if not policy.may_run_rounds(actor):
        raise Forbidden(_l("Bare en koordinator for observatoriet kan gjøre dette."))
