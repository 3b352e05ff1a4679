"""Tidstyver as an Excel workbook whose sums are formulas over its own rows, so that anybody can check them.

People's texts are written as text, whatever they begin with: a cell never becomes a formula by what somebody wrote.
What isn't known is an empty cell, never a 0.
"""

from __future__ import annotations

import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Any

import xlsxwriter
from xlsxwriter.utility import xl_col_to_name, xl_rowcol_to_cell

from portal.ideas.hours import Factors

WIDTHS = {"title": 48, "hit": 24, "cause": 22, "owner": 28, "service_area": 28, "measure_title": 36, "address": 40}
COLUMNS = (
    *("number", "title", "status", "hit", "cause", "owner", "service_area", "year"),
    *("minutes", "times", "persons", "hours", "minutes_after", "times_after", "persons_after", "hours_after"),
    *("measured_on", "measure", "measure_title", "freed", "address"),
)
"""The columns of the sheet of tidstyver, in their order; each has its heading in `Words.columns`."""
AT = {name: place for place, name in enumerate(COLUMNS)}
GROUPS = ("cause", "owner", "service_area", "year")


@dataclass(frozen=True, kw_only=True)
class Line:
    """One tidstyv, its words in the reader's language."""

    number: int
    title: str
    status: str
    hit: str
    cause: str
    owner: str
    service_area: str
    year: int
    before: Factors
    after: Factors
    measured_on: date | None = None
    measure: int | None = None
    measure_title: str = ""
    freed: Fraction | None = None
    """Its own part."""
    is_own: bool = True
    """What was freed is before − after; else it is a part of what its measure freed as one."""
    address: str = ""


@dataclass(frozen=True, kw_only=True)
class MeasureLine:
    """A measure that was measured as one, all of whose tidstyver are in the sheet."""

    number: int
    title: str
    freed: Fraction


@dataclass(frozen=True, kw_only=True)
class Words:
    """Everything the workbook says, in the reader's language."""

    sheets: tuple[str, str, str]
    """The names of the sheets: sums, tidstyver, measures."""
    columns: Mapping[str, str]
    sums: tuple[str, str, str, str]
    """How many, hours before, how many aren't calculated, hours freed."""
    groups: Mapping[str, str]
    all: str
    measures: tuple[str, str, str, str, str]
    """Number, measure, how many tidstyver, hours before, hours freed as one."""
    notes: Sequence[str] = field(default_factory=tuple)


def workbook(lines: Sequence[Line], measures: Sequence[MeasureLine], words: Words) -> bytes:
    """Return the workbook: a sheet of sums, one of tidstyver, and one of the measures that were measured as one."""
    target = io.BytesIO()
    with xlsxwriter.Workbook(target, {"in_memory": True, "strings_to_formulas": False}) as book:
        bold, hours, day = (
            book.add_format({"bold": True, "text_wrap": True, "valign": "top"}),
            book.add_format({"num_format": "#,##0.0"}),
            book.add_format({"num_format": "yyyy-mm-dd"}),
        )
        sheets = [book.add_worksheet(name) for name in words.sheets]
        writer = _Writer(lines, measures, words, bold=bold, hours=hours, day=day)
        writer.rows(sheets[1])
        writer.measures_of(sheets[2])
        writer.totals(sheets[0])
    return target.getvalue()


class _Writer:
    def __init__(
        self,
        lines: Sequence[Line],
        measures: Sequence[MeasureLine],
        words: Words,
        *,
        bold: Any,
        hours: Any,
        day: Any,
    ) -> None:
        self._lines, self._measures, self._words = lines, measures, words
        self._bold, self._hours, self._day = bold, hours, day
        self._measure_rows = {each.number: row for row, each in enumerate(measures, 1)}

    def rows(self, sheet: Any) -> None:
        for name, place in AT.items():
            sheet.set_column(place, place, WIDTHS.get(name, 12))
            sheet.write_string(0, place, self._words.columns[name], self._bold)
        sheet.freeze_panes(1, 2)
        if self._lines:
            sheet.autofilter(0, 0, len(self._lines), len(COLUMNS) - 1)
        for row, line in enumerate(self._lines, 1):
            self._row(sheet, row, line)

    def _row(self, sheet: Any, row: int, line: Line) -> None:
        for name in ("title", "status", "hit", "cause", "owner", "service_area", "measure_title", "address"):
            sheet.write_string(row, AT[name], getattr(line, name))
        for name in ("number", "year", "measure"):
            _number(sheet, row, AT[name], getattr(line, name))
        for end, factors in (("", line.before), ("_after", line.after)):
            for name in ("minutes", "times", "persons"):
                _number(sheet, row, AT[name + end], getattr(factors, name))
            if factors.hours is not None:
                product = "*".join(xl_rowcol_to_cell(row, AT[name + end]) for name in ("minutes", "times", "persons"))
                sheet.write_formula(row, AT["hours" + end], f"={product}/60", self._hours, float(factors.hours))
        if line.measured_on is not None:
            sheet.write_datetime(row, AT["measured_on"], line.measured_on, self._day)
        if line.freed is not None:
            self._freed(sheet, row, line, line.freed)

    def _freed(self, sheet: Any, row: int, line: Line, freed: Fraction) -> None:
        """Write what was freed as a formula; as a number when some of its measure's tidstyver aren't in the sheet."""
        hours = xl_rowcol_to_cell(row, AT["hours"])
        measure = self._measure_rows.get(line.measure or 0)
        if line.is_own:
            formula = f"={hours}-{xl_rowcol_to_cell(row, AT['hours_after'])}"
        elif measure is None:
            sheet.write_number(row, AT["freed"], float(freed), self._hours)
            return
        else:
            name = _quoted(self._words.sheets[2])
            count, before, together = (f"{name}!{xl_rowcol_to_cell(measure, place, True, True)}" for place in (2, 3, 4))
            formula = f"={together}*{hours}/{before}" if self._taken(line.measure) else f"={together}/{count}"
        sheet.write_formula(row, AT["freed"], formula, self._hours, float(freed))

    def measures_of(self, sheet: Any) -> None:
        sheet.set_column(1, 1, 48)
        sheet.set_column(2, 4, 18)
        for place, heading in enumerate(self._words.measures):
            sheet.write_string(0, place, heading, self._bold)
        for row, each in enumerate(self._measures, 1):
            sheet.write_number(row, 0, each.number)
            sheet.write_string(row, 1, each.title)
            key = xl_rowcol_to_cell(row, 0)
            members = [line for line in self._lines if line.measure == each.number]
            sheet.write_formula(row, 2, f"=COUNTIFS({self._range('measure')},{key})", None, len(members))
            before = f"=SUMIFS({self._range('hours')},{self._range('measure')},{key})"
            sheet.write_formula(row, 3, before, self._hours, float(self._taken(each.number)))
            sheet.write_number(row, 4, float(each.freed), self._hours)

    def totals(self, sheet: Any) -> None:
        sheet.set_column(0, 0, 44)
        sheet.set_column(1, 4, 18)
        for row, note in enumerate(self._words.notes):
            sheet.write_string(row, 0, note)
        row = len(self._words.notes) + 1
        row = self._heading(sheet, row, self._words.all)
        sheet.write_string(row, 0, self._words.all)
        hours, freed = self._range("hours"), self._range("freed")
        count = f"COUNT({self._range('number')})"
        formulas = (f"={count}", f"=SUM({hours})", f"={count}-COUNT({hours})", f"=SUM({freed})")
        self._sums(sheet, row, formulas, self._lines)
        row += 2
        for group in GROUPS:
            row = self._group(sheet, row, group) + 1

    def _group(self, sheet: Any, row: int, group: str) -> int:
        row = self._heading(sheet, row, self._words.groups[group])
        for value in _in_order(getattr(line, group) for line in self._lines):
            if isinstance(value, int):
                sheet.write_number(row, 0, value)
            else:
                sheet.write_string(row, 0, value)
            of = f'{self._range(group)},"="&{xl_rowcol_to_cell(row, 0)}'
            hours, freed = self._range("hours"), self._range("freed")
            formulas = (
                f"=COUNTIFS({of})",
                f"=SUMIFS({hours},{of})",
                f'=COUNTIFS({of})-COUNTIFS({of},{hours},">=0")',
                f"=SUMIFS({freed},{of})",
            )
            self._sums(sheet, row, formulas, [line for line in self._lines if getattr(line, group) == value])
            row += 1
        return row

    def _heading(self, sheet: Any, row: int, text: str) -> int:
        for place, heading in enumerate((text, *self._words.sums)):
            sheet.write_string(row, place, heading, self._bold)
        return row + 1

    def _sums(self, sheet: Any, row: int, formulas: Sequence[str], lines: Sequence[Line]) -> None:
        known = [line.before.hours for line in lines if line.before.hours is not None]
        freed = [line.freed for line in lines if line.freed is not None]
        values = (len(lines), float(sum(known)), len(lines) - len(known), float(sum(freed)))
        for place, (formula, value) in enumerate(zip(formulas, values, strict=True), 1):
            sheet.write_formula(row, place, formula, self._hours if place in {2, 4} else None, value)

    def _range(self, name: str) -> str:
        column = xl_col_to_name(AT[name], True)
        return f"{_quoted(self._words.sheets[1])}!{column}$2:{column}${max(len(self._lines), 1) + 1}"

    def _taken(self, measure: int | None) -> Fraction:
        hours = (line.before.hours for line in self._lines if line.measure == measure)
        return sum((each for each in hours if each is not None), start=Fraction(0))


def _number(sheet: Any, row: int, place: int, value: int | Decimal | Fraction | None) -> None:
    if value is not None:
        sheet.write_number(row, place, float(value))


def _in_order(values: Any) -> list[Any]:
    return sorted(set(values), key=lambda value: (isinstance(value, str), value))


def _quoted(sheet: str) -> str:
    return "'" + sheet.replace("'", "''") + "'"
