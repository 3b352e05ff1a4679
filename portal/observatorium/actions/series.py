"""Figures over time: made and changed by a coordinator, filled by the worker or from a file."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from portal.kernel import clock, outbox
from portal.kernel.db import atomic, db, delete_rows
from portal.kernel.errors import Conflict, Forbidden, Invalid
from portal.kernel.events import publish
from portal.kernel.i18n import _l
from portal.kernel.identity import SYSTEM, Actor
from portal.observatorium import policy, series_csv
from portal.observatorium.catalogue import catalogue
from portal.observatorium.events.series import SeriesChanged, SeriesFilled, SeriesMade
from portal.observatorium.models.series import FigurePoint, FigureSeries
from portal.observatorium.queries.series import fault_words, get_series, is_waiting
from portal.observatorium.series_points import Point, Unusable, written
from portal.observatorium.series_source import PLACE, NoPoints, may_ask

TOPIC = "observatorium.fetch_figures"
MOST_CHANGES_TOLD = 20


@dataclass(frozen=True, kw_only=True)
class SeriesDraft:
    """What a coordinator says of a figure: which indicator it stands beside, and where it comes from."""

    indicator: str
    title: str
    unit: str
    source: str
    source_url: str = ""
    query: str = ""
    active: bool = True


@atomic
def make_series(actor: Actor, draft: SeriesDraft) -> FigureSeries:
    """Make a figure; with a query the worker is asked for its points at once. Sent twice, it is made once."""
    _require(actor)
    _check(draft)
    stands = db.session.scalars(sa.select(FigureSeries).filter_by(**vars(draft))).first()
    if stands is not None:
        return stands
    series = FigureSeries(**vars(draft))
    db.session.add(series)
    db.session.flush()
    publish(SeriesMade(actor=actor, query=series.query, **_told(series)))
    if series.query and series.active:
        _ask(series)
    return series


@atomic
def change_series(actor: Actor, series_id: int, draft: SeriesDraft, *, version: int) -> FigureSeries:
    """Change a figure; `version` is that of the copy the coordinator saw. Points stay until new ones come."""
    _require(actor)
    series = get_series(series_id, lock=True)
    if series.version != version:
        raise Invalid(
            "", _l("Noen andre har endret tallrekken mens du skrev. Lagre en gang til hvis ditt skal gjelde.")
        )
    _check(draft)
    asks_otherwise = draft.query != series.query
    for name, value in vars(draft).items():
        setattr(series, name, value)
    db.session.flush()
    publish(SeriesChanged(actor=actor, query=series.query, active=series.active, **_told(series)))
    if asks_otherwise and series.query and series.active:
        _ask(series)
    return series


@atomic
def ask_for_points(actor: Actor, series_id: int) -> None:
    """Ask the worker to fetch a figure now."""
    _require(actor)
    series = get_series(series_id, lock=True)
    if not series.query:
        raise Conflict(_l("Tallrekken har ingen spørring. Last opp en CSV-fil i stedet."))
    if is_waiting(series):
        raise Conflict(_l("Tallene hentes alt. Se igjen om litt."))
    _ask(series)


@atomic
def ask_for_all(actor: Actor = SYSTEM) -> int:
    """Ask the worker to fetch every figure that has a query; return how many. The worker calls it daily."""
    _require(actor)
    asking = sa.select(FigureSeries).where(FigureSeries.active, FigureSeries.query != "").order_by(FigureSeries.id)
    due = [each for each in db.session.scalars(asking) if not is_waiting(each)]
    for series in due:
        _ask(series)
    return len(due)


@atomic
def store_points(actor: Actor, series_id: int, query: str, points: Sequence[Point]) -> bool:
    """Put what the worker fetched in place of what stood, whole; return False when another query is asked by now."""
    _require(actor)
    series = get_series(series_id, lock=True)
    if series.query != query:
        return False
    _fill(actor, series, points)
    _note(series, tried_at=clock.now(), fetched_at=clock.now(), failed="", failed_detail="")
    return True


@atomic
def note_failure(actor: Actor, series_id: int, query: str, failure: NoPoints) -> bool:
    """Tell the coordinator why no points came; those that stand stay."""
    _require(actor)
    series = get_series(series_id, lock=True)
    if series.query != query:
        return False
    _note(series, tried_at=clock.now(), failed=failure.code, failed_detail=failure.detail[:200])
    return True


@atomic
def upload_points(actor: Actor, series_id: int, content: bytes) -> str:
    """Put the points of a CSV file in place of those that stand; return how the file was encoded."""
    _require(actor)
    series = get_series(series_id, lock=True)
    if not content:
        raise Invalid("file", _l("Velg en fil."))
    if len(content) > series_csv.MOST_BYTES:
        raise Invalid("file", _l("Filen er for stor. En tallrekke har to felt på hver linje, og høyst 500 linjer."))
    try:
        read = series_csv.read(content)
    except Unusable as error:
        raise Invalid("file", fault_words(error.fault.value, error.detail)) from error
    _fill(actor, series, read.points)
    _note(series, fetched_at=clock.now(), failed="", failed_detail="")
    return read.encoding


def _ask(series: FigureSeries) -> None:
    _note(series, asked_at=clock.now())
    outbox.enqueue(TOPIC, {"series_id": series.id, "query": series.query})


def _fill(actor: Actor, series: FigureSeries, points: Sequence[Point]) -> None:
    """Replace the points, all or none; a value that is changed remembers what it was."""
    before = {
        each.period: each
        for each in db.session.scalars(sa.select(FigurePoint).where(FigurePoint.series_id == series.id))
    }
    rows = [_row(series.id, point, before.get(point.period)) for point in points]
    added = [row for row in rows if row["period"] not in before]
    changed = [
        f"{row['period']}: {before[row['period']].value or '–'} → {row['value'] or '–'}"
        for row in rows
        if row["period"] in before and before[row["period"]].value != row["value"]
    ]
    removed = before.keys() - {point.period for point in points}
    delete_rows(sa.delete(FigurePoint).where(FigurePoint.series_id == series.id))
    db.session.execute(sa.insert(FigurePoint), rows)
    if added or changed or removed:
        told = tuple(changed[:MOST_CHANGES_TOLD])
        publish(SeriesFilled(actor=actor, added=len(added), changed=told, removed=len(removed), **_told(series)))


def _row(series_id: int, point: Point, before: FigurePoint | None) -> dict[str, Any]:
    value = written(point.value)
    row = {"series_id": series_id, "period": point.period, "value": value, "status": point.status}
    if before is None:
        return row | {"previous": None, "changed_at": None}
    if before.value is None or before.value == value:  # a value that comes where there was none corrects nothing
        return row | {"previous": before.previous, "changed_at": before.changed_at}
    return row | {"previous": before.value, "changed_at": clock.now()}


def _note(series: FigureSeries, **how: Any) -> None:
    """Write how the fetching goes, past the version: whoever edits the series meanwhile isn't disturbed."""
    db.session.execute(sa.update(FigureSeries).where(FigureSeries.id == series.id).values(**how))
    db.session.refresh(series)


def _check(draft: SeriesDraft) -> None:
    if catalogue().indicator(draft.indicator) is None:
        raise Invalid("indicator", _l("Velg en av de 39 indikatorene."))
    if draft.source_url and not draft.source_url.startswith(("https://", "http://")):
        raise Invalid("source_url", _l("Skriv en adresse som begynner med https://"))
    if draft.query and not may_ask(draft.query.replace(PLACE, "0000")):
        raise Invalid("query", fault_words("not_allowed"))


def _told(series: FigureSeries) -> dict[str, Any]:
    return {"series_id": series.id, "indicator": series.indicator, "title": series.title}


def _require(actor: Actor) -> None:
    if not (policy.may_run_rounds(actor) or actor.is_system):
        raise Forbidden(_l("Bare en koordinator for observatoriet kan gjøre dette."))
