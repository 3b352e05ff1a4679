"""A dataset as files: CSV for spreadsheets, JSON for programs, and its dictionary as CSV on the Web."""

from __future__ import annotations

import csv
from collections.abc import Mapping, Sequence
from typing import Any, BinaryIO, TextIO

import msgspec

from portal.home.open_data.shape import HIDDEN, ITS_OWN, LICENCES, Dataset, Field
from portal.kernel.i18n import LANGUAGES, in_language
from portal.observatorium.queries.published import safe_cell

BETWEEN = "|"
"""Between the parts of a list in one CSV cell."""


def write(dataset: Dataset, table: TextIO, document: BinaryIO) -> int:
    """Write the rows as CSV and as JSON at once, so that both say the same; return how many.

    Open the table with `newline=""` and utf-8-sig. No cell of it is a formula to a spreadsheet.
    """
    writer, count = csv.writer(table), 0
    writer.writerow([field.name for field in dataset.fields])
    document.write(_head(dataset))
    for row in dataset.rows():
        writer.writerow([_cell(row[field.name]) for field in dataset.fields])
        document.write(b",\n" if count else b"\n")
        document.write(msgspec.json.encode({field.name: _plain(row[field.name]) for field in dataset.fields}))
        count += 1
    document.write(b"\n]}\n")
    return count


def dictionary(dataset: Dataset, address: str) -> dict[str, Any]:
    """Return what each column of the CSV file means, as W3C's Metadata Vocabulary for Tabular Data has it."""
    return {
        "@context": ["http://www.w3.org/ns/csvw", {"@language": "nb"}],
        "url": address,
        "dc:title": in_each_language(dataset.title),
        "dc:description": in_each_language(dataset.description),
        **_terms(dataset),
        "dialect": {"encoding": "utf-8", "header": True, "delimiter": ","},
        "tableSchema": {"columns": [_column(field) for field in dataset.fields]},
    }


def in_each_language(text: Any) -> dict[str, str]:
    """Return a text of ours in all three languages."""
    told = {}
    for code in LANGUAGES:
        with in_language(code):
            told[code] = str(text)
    return told


def _terms(dataset: Dataset) -> dict[str, Any]:
    if dataset.licence is None:
        return {"dc:rights": in_each_language(ITS_OWN)}
    return {"dc:license": LICENCES[dataset.licence][1]}


def _head(dataset: Dataset) -> bytes:
    told = {"dataset": dataset.name, "title": str(dataset.title), "licence": dataset.licence}
    return msgspec.json.encode(told)[:-1] + b',"items":['


def _cell(value: object) -> object:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, Sequence) and not isinstance(value, str):
        return safe_cell(BETWEEN.join(str(each).replace(BETWEEN, "/") for each in value))
    return safe_cell(value)


def _plain(value: object) -> object:
    return None if value == HIDDEN else value


def _column(field: Field) -> Mapping[str, Any]:
    datatype: dict[str, Any] = {"base": field.kind.value}
    if field.values:
        datatype["format"] = "|".join(field.values)  # of a string: a regular expression
    column: dict[str, Any] = {
        "name": field.name,
        "titles": field.name,
        "dc:description": in_each_language(field.meaning),
        "datatype": datatype,
        "required": field.always,
    }
    if field.is_list:
        column["separator"] = BETWEEN
    if field.may_be_hidden:
        column["null"] = ["", HIDDEN]
    return column
