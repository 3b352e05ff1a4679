"""The spreadsheet of tidstyver: its formulas, worked out by somebody else, give the numbers that stand in it."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

import openpyxl
import pytest
from openpyxl.utils import range_boundaries

from portal.ideas.actions.measures import TogetherDraft, measure_together
from portal.ideas.queries.thief_totals import Filters, sums
from portal.ideas.spreadsheet import AT, COLUMNS
from portal.kernel import clock
from portal.kernel.identity import ANONYMOUS
from tests.ideas.test_thief_totals import fill
from tests.support.page import forget_request
from tests.support.thieves import measured, on_measure, thief

HOSTILE = [
    "=1+1",
    "+1+1",
    "-2+3",
    "@SUM(A1:A9)",
    '=HYPERLINK("http://ondt.example","Klikk")',
    "\t=1+1",
    "=cmd|' /C calc'!A0",
    "{=1+1}",
    "http://ondt.example",
]


class Sheets:
    """Works out the formulas of a workbook: what a spreadsheet would do, for the few functions there are."""

    def __init__(self, content: bytes) -> None:
        self.written = openpyxl.load_workbook(io.BytesIO(content))
        self.cached = openpyxl.load_workbook(io.BytesIO(content), data_only=True)

    def formulas(self) -> Iterator[tuple[str, str, str]]:
        for sheet in self.written:
            for row in sheet.iter_rows():
                for cell in row:
                    if cell.data_type == "f":
                        yield sheet.title, cell.coordinate, str(cell.value)

    def cell(self, sheet: str, name: str) -> Any:
        found = self.written[sheet][name.replace("$", "")]
        return self.evaluate(sheet, str(found.value)) if found.data_type == "f" else found.value

    def block(self, sheet: str, name: str) -> list[Any]:
        left, top, right, bottom = range_boundaries(name.replace("$", ""))
        assert left == right
        return [self.cell(sheet, f"{_letter(left)}{row}") for row in range(top, bottom + 1)]

    def evaluate(self, here: str, formula: str) -> Any:
        python = formula.removeprefix("=").replace('"="&', "")
        python = re.sub(r"'([^']+)'!(\$?[A-Z]+\$?\d+):(\$?[A-Z]+\$?\d+)", r"BLOCK['\1|\2:\3']", python)
        python = re.sub(r"'([^'|]+)'!(\$?[A-Z]+\$?\d+)", r"CELL['\1|\2']", python)
        python = re.sub(r"(?<![A-Z$|:\['\d])([A-Z]{1,2}\d+)(?![\d:(])", rf"CELL['{here}|\1']", python)
        names = {
            "BLOCK": _Lookup(lambda key: self.block(*key.split("|"))),
            "CELL": _Lookup(lambda key: self.cell(*key.split("|")) or 0),
            "SUM": lambda values: sum(_numbers(values)),
            "COUNT": lambda values: len(_numbers(values)),
            "SUMIFS": _sumifs,
            "COUNTIFS": lambda *pairs: len(_where(pairs)),
        }
        return eval(python, {"__builtins__": {}}, names)  # noqa: S307 - our own formulas, in a test


class _Lookup:
    def __init__(self, find: Any) -> None:
        self._find = find

    def __getitem__(self, key: str) -> Any:
        return self._find(key)


def _letter(column: int) -> str:
    return str(openpyxl.utils.get_column_letter(column))


def _numbers(values: list[Any]) -> list[float]:
    return [value for value in values if isinstance(value, int | float)]


def _where(pairs: tuple[Any, ...]) -> list[int]:
    ranges, asked = pairs[::2], pairs[1::2]
    return [
        place
        for place in range(len(ranges[0]))
        if all(_fits(values[place], criterion) for values, criterion in zip(ranges, asked, strict=True))
    ]


def _fits(value: Any, criterion: Any) -> bool:
    if criterion == ">=0":
        return isinstance(value, int | float) and value >= 0
    return bool(value == criterion)


def _sumifs(values: list[Any], *pairs: Any) -> float:
    return sum(_numbers([values[place] for place in _where(pairs)]))


def download(visitor: Any, name: str | None = None, **filters: Any) -> Sheets:
    forget_request()
    answer = visitor(name).client.get("/tidstyver/eksport.xlsx", query_string=filters)
    assert answer.status_code == 200
    return Sheets(answer.data)


def column(sheets: Sheets, name: str) -> list[Any]:
    return [row[AT[name]].value for row in sheets.written["Tidstyver"].iter_rows(min_row=2)]


def test_every_formula_gives_the_number_that_stands_there(cast: Any, visitor: Any) -> None:
    fill(cast, 60)
    sheets = download(visitor)
    seen = 0
    for sheet, cell, formula in sheets.formulas():
        seen += 1
        assert sheets.evaluate(sheet, formula) == pytest.approx(sheets.cached[sheet][cell].value, abs=0.01), formula
    assert seen > 100


def test_the_sums_are_those_of_the_page(cast: Any, visitor: Any) -> None:
    fill(cast, 60)
    total = sums(ANONYMOUS, Filters()).total
    overview = download(visitor).cached["Oversikt"]
    everything = next(row for row in overview.iter_rows(values_only=True) if row[0] == "Alle" and row[1] != "Tidstyver")
    assert everything[1:5] == pytest.approx(
        (total.rows, float(total.before), total.not_counted, float(total.freed)), abs=0.01
    )


def test_hours_are_minutes_times_times_times_persons(cast: Any, visitor: Any) -> None:
    thief(cast.actor("resident"))
    sheets = download(visitor)
    assert column(sheets, "hours") == ["=I2*J2*K2/60"]
    assert sheets.cached["Tidstyver"]["L2"].value == 308


def test_what_nobody_knows_is_an_empty_cell(cast: Any, visitor: Any) -> None:
    thief(cast.actor("resident"), minutes=None)
    sheets = download(visitor)
    assert (column(sheets, "minutes"), column(sheets, "hours")) == ([None], [None])


@pytest.mark.parametrize("text", HOSTILE)
def test_what_people_write_never_becomes_a_formula(cast: Any, visitor: Any, text: str) -> None:
    adviser = cast.actor("adviser")
    idea = thief(cast.actor("resident"), text)
    on_measure(adviser, idea, title=text)
    sheets = download(visitor)
    cells = [cell for row in sheets.written["Tidstyver"].iter_rows(min_row=2) for cell in row if cell.value]
    told = [cell for cell in cells if cell.value == idea.title]
    assert [cell.data_type for cell in told] == ["s", "s"]
    assert all(cell.hyperlink is None for cell in cells)
    formulas = {formula for _sheet, _cell, formula in sheets.formulas()}
    assert not any("ondt" in each or "cmd" in each or each == "=1+1" for each in formulas)


def test_a_shared_measure_is_shared_by_formula(cast: Any, visitor: Any) -> None:
    adviser = cast.actor("adviser")
    one, other = thief(cast.actor("resident"), "Den ene"), thief(cast.actor("resident"), "Den andre")
    measure = on_measure(adviser, one, other)
    draft = TogetherDraft(hours_freed=Decimal(300), measured_on=clock.today())
    measure_together(adviser, measure.id, draft, version=measure.version)
    sheets = download(visitor)
    assert all(str(each).startswith("='Tiltak'!") for each in column(sheets, "freed"))
    assert sum(sheets.evaluate("Tidstyver", each) for each in column(sheets, "freed")) == 300


def test_a_measure_with_an_internal_tidstyv_tells_the_public_nothing_of_it(cast: Any, visitor: Any) -> None:
    adviser = cast.actor("adviser")
    shown = thief(cast.actor("resident"), "Den alle ser")
    hidden = thief(cast.actor("employee"), "Den interne", internally=True)
    measure = on_measure(adviser, shown, hidden)
    draft = TogetherDraft(hours_freed=Decimal(300), measured_on=clock.today())
    measure_together(adviser, measure.id, draft, version=measure.version)
    sheets = download(visitor)
    assert column(sheets, "title") == ["Den alle ser"]
    assert column(sheets, "freed") == [150]
    assert sheets.written["Tiltak"].max_row == 1
    assert column(download(visitor, "employee2"), "title") == ["Den alle ser", "Den interne"]


def test_what_the_reader_narrowed_to_is_what_the_file_holds(cast: Any, visitor: Any) -> None:
    measured(cast.actor("adviser"), thief(cast.actor("resident"), "Kjent"))
    thief(cast.actor("resident"), "Ukjent", minutes=None)
    assert column(download(visitor, beregnet="nei"), "title") == ["Ukjent"]


@pytest.mark.parametrize("language", ["nb", "nn", "en"])
def test_the_file_is_whole_in_every_language_and_without_rows(cast: Any, visitor: Any, language: str) -> None:
    sheets = download(visitor, sprak=language)
    assert len(sheets.written.sheetnames) == 3
    headings = [cell.value for cell in sheets.written.worksheets[1][1]]
    assert len(headings) == len(COLUMNS)
    assert all(headings)
