"""The spreadsheet of tidstyver in the reader's language."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from fractions import Fraction

from flask import url_for

from portal.ideas import spreadsheet
from portal.ideas.hours import Hit
from portal.ideas.queries.thief_totals import Exported
from portal.ideas.queries.thieves import factors, factors_after
from portal.ideas.spreadsheet import Line, MeasureLine, Words
from portal.ideas.thief_words import CAUSES, HITS, OWNERS
from portal.kernel import clock
from portal.kernel.i18n import _
from portal.ui.filters import date as written


def workbook(rows: Sequence[Exported], areas: Mapping[int, str], today: date) -> bytes:
    """Return the workbook of what the reader sees."""
    start = url_for("ideas.permanent", idea_id=0, _external=True).removesuffix("0")
    measures = {
        row.measure.id: MeasureLine(
            number=row.measure.id, title=row.measure.title, freed=Fraction(row.measure.hours_freed)
        )
        for row in rows
        if row.is_whole and row.measure and row.measure.hours_freed is not None
    }
    lines = [_line(row, areas, start) for row in rows]
    return spreadsheet.workbook(lines, list(measures.values()), _words(today))


def _line(exported: Exported, areas: Mapping[int, str], start: str) -> Line:
    row, measure = exported.row, exported.measure
    idea, thief = row.idea, row.thief
    unsaid = str(_("Ikke oppgitt"))
    as_one = measure is not None and measure.hours_freed is not None
    measured_on = measure.measured_on if measure and as_one else thief.measured_on
    return Line(
        number=idea.id,
        title=idea.title,
        status=str(row.status_word),
        hit=", ".join(str(HITS[each]) for each in Hit if each.value in thief.hit),
        cause=str(CAUSES[thief.cause]) if thief.cause else unsaid,
        owner=str(OWNERS[thief.owner]) if thief.owner else unsaid,
        service_area=areas.get(idea.service_area_id or 0, unsaid),
        year=clock.local(idea.sent_at or idea.shown_at).year,
        before=factors(thief),
        after=factors_after(thief),
        measured_on=measured_on,
        measure=measure.id if measure else None,
        measure_title=measure.title if measure else "",
        freed=row.freed,
        is_own=not as_one,
        address=f"{start}{idea.id}",
    )


def _words(today: date) -> Words:
    return Words(
        sheets=(str(_("Oversikt")), str(_("Tidstyver")), str(_("Tiltak"))),
        columns={
            "number": str(_("Nummer")),
            "title": str(_("Tidstyv")),
            "status": str(_("Status")),
            "hit": str(_("Går ut over")),
            "cause": str(_("Årsak")),
            "owner": str(_("Eier")),
            "service_area": str(_("Tjenesteområde")),
            "year": str(_("Meldt i")),
            "minutes": str(_("Minutter hver gang")),
            "times": str(_("Ganger i året")),
            "persons": str(_("Personer")),
            "hours": str(_("Timer i året")),
            "minutes_after": str(_("Minutter nå")),
            "times_after": str(_("Ganger nå")),
            "persons_after": str(_("Personer nå")),
            "hours_after": str(_("Timer i året nå")),
            "measured_on": str(_("Målt")),
            "measure": str(_("Tiltakets nummer")),
            "measure_title": str(_("Tiltak")),
            "freed": str(_("Timer frigjort i året")),
            "address": str(_("Adresse")),
        },
        sums=(
            str(_("Tidstyver")),
            str(_("Timer i året")),
            str(_("Ikke beregnet")),
            str(_("Timer frigjort i året")),
        ),
        groups={
            "cause": str(_("Årsak")),
            "owner": str(_("Eier")),
            "service_area": str(_("Tjenesteområde")),
            "year": str(_("Meldt i")),
        },
        all=str(_("Alle")),
        measures=(
            str(_("Nummer")),
            str(_("Tiltak")),
            str(_("Tidstyver")),
            str(_("Timer i året før")),
            str(_("Timer frigjort i året, målt under ett")),
        ),
        notes=(
            str(_("Tidstyver, hentet %(date)s.", date=written(today))),
            str(_("Timer i året = minutter × ganger × personer ÷ 60. Mangler et tall, er cellen tom.")),
            str(_("Et tiltak som er målt under ett, telles én gang, og deles mellom tidstyvene etter hva hver tok.")),
        ),
    )
