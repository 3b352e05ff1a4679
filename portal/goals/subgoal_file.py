"""A file of delmål: read whatever a spreadsheet makes of it, tell of every row that can't be used, write it again."""

from __future__ import annotations

import base64
import codecs
import csv
import io
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from portal.kernel.i18n import _l

COLUMNS = ("kode", "mål", "nb", "nn", "en", "aktiv")
"""`nn`, `en` and `aktiv` may be left out."""
NEEDED = ("kode", "mål", "nb")
OTHER_NAMES = {"mal": "mål", "maal": "mål", "code": "kode", "goal": "mål", "active": "aktiv"}
CODE = re.compile(r"\d{1,2}[.\-][0-9A-Za-z.\-]{1,16}|[A-Za-z][0-9A-Za-z.\-]{0,18}")
"""Begins with a number and a point, or with a letter: a number alone is the address of a goal."""
LONGEST = 1000
MOST = 5000
"""Rows in a file: a plan has some hundred."""
YES, NO = frozenset({"ja", "j", "yes", "1", "true"}), frozenset({"nei", "n", "no", "0", "false"})
FORMULA = ("=", "+", "-", "@")
"""What a spreadsheet takes for a formula."""


@dataclass(frozen=True, kw_only=True)
class FileRow:
    """A delmål as a file has it; `active` is None where the file doesn't say."""

    line: int
    code: str
    goal: int
    nb: str
    nn: str
    en: str
    active: bool | None = None


@dataclass(frozen=True, kw_only=True)
class Refusal:
    """A row that can't be used: its line in the file, what it says, and why."""

    line: int
    text: str
    reason: Any


@dataclass(frozen=True, kw_only=True)
class Contents:
    """What a file holds: rows with different codes, and what was refused."""

    rows: Sequence[FileRow]
    refused: Sequence[Refusal]


class UnreadableError(Exception):
    """The file as a whole can't be used; says why, in words for a person."""


class _RefusedError(Exception):
    """A row can't be used."""


def read(data: bytes) -> Contents:
    """Read a file: UTF-8, UTF-16 or Windows-1252, with semicolon, comma or tabulator. Raises UnreadableError."""
    text = _decoded(data)
    first = text.lstrip("\r\n").split("\n", 1)[0]
    separator = max(";,\t", key=first.count)
    csv.field_size_limit(1_000_000)
    lines = csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=False)
    numbered = ((lines.line_num, [cell.strip() for cell in cells]) for cells in lines if any(map(str.strip, cells)))
    try:
        header = _header(next(numbered, (0, []))[1])
        return _contents(header, numbered)
    except csv.Error as error:
        raise UnreadableError(
            _l("Linje %(line)d kan ikke leses. Lagre fila som CSV en gang til.", line=lines.line_num)
        ) from error


def write(rows: Iterable[Mapping[str, Any]]) -> str:
    """Return a file with the columns of COLUMNS, as `read` reads it and a spreadsheet opens it."""
    made = io.StringIO()
    made.write("\ufeff")
    writer = csv.writer(made, delimiter=";", lineterminator="\r\n")
    writer.writerow(COLUMNS)
    writer.writerows([_safe(row[name]) for name in COLUMNS] for row in rows)
    return made.getvalue()


def packed(rows: Iterable[FileRow]) -> str:
    """Return rows as one line of letters, which a form can carry from the look at a file to the reading of it."""
    named = (
        {"kode": row.code, "mål": row.goal, "nb": row.nb, "nn": row.nn, "en": row.en}
        | {"aktiv": "" if row.active is None else row.active}
        for row in rows
    )
    return base64.b64encode(write(named).encode()).decode()


def unpacked(line: str) -> Contents:
    """Read rows that `packed` made; raises UnreadableError for anything else."""
    try:
        return read(base64.b64decode(line, validate=True))
    except ValueError as error:
        raise UnreadableError(_l("Send fila en gang til.")) from error


def _decoded(data: bytes) -> str:
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        found = data.decode("utf-16", errors="replace")
    else:
        try:
            found = data.decode("utf-8-sig")
        except UnicodeDecodeError:
            found = data.decode("cp1252", errors="replace")
    if "\x00" in found:
        raise UnreadableError(_l("Dette er ikke en CSV-fil. Velg «Lagre som CSV» i regnearket, og send den fila."))
    return found


def _header(cells: Sequence[str]) -> list[str]:
    names = [OTHER_NAMES.get(cell.casefold(), cell.casefold()) for cell in cells]
    missing = [name for name in NEEDED if name not in names]
    if missing:
        raise UnreadableError(
            _l(
                "Første linje må si hva kolonnene er: kode;mål;nb;nn;en. Her mangler %(names)s.",
                names=", ".join(missing),
            )
        )
    return names


def _contents(header: Sequence[str], lines: Iterable[tuple[int, list[str]]]) -> Contents:
    rows: dict[str, FileRow] = {}
    refused: list[Refusal] = []
    for line, cells in lines:
        if len(rows) + len(refused) == MOST:
            raise UnreadableError(_l("Fila har flere enn %(most)d linjer. Del den i flere.", most=MOST))
        try:
            row = _row(header, line, cells)
            if row.code in rows:
                raise _RefusedError(_l("Koden står også på linje %(line)d.", line=rows[row.code].line))
            rows[row.code] = row
        except _RefusedError as refusal:
            refused.append(Refusal(line=line, text=" · ".join(filter(None, cells))[:80], reason=refusal.args[0]))
    return Contents(rows=list(rows.values()), refused=refused)


def _row(header: Sequence[str], line: int, cells: Sequence[str]) -> FileRow:
    if any(cells[len(header) :]):
        raise _RefusedError(_l("Linja har flere felter enn overskriften. Sett tekst med skilletegn i anførselstegn."))
    told = dict(zip(header, map(_plain, cells), strict=False))
    code, goal, nb = (told.get(name, "") for name in NEEDED)
    if not CODE.fullmatch(code):
        raise _RefusedError(
            _l("Koden må være som 3.2 eller A1: bokstaver, tall, punktum og bindestrek, høyst 19 tegn.")
        )
    if not (goal.isascii() and goal.isdigit() and 1 <= int(goal[:3]) <= 17):
        raise _RefusedError(_l("Målet må være et tall fra 1 til 17."))
    texts = [nb, told.get("nn", ""), told.get("en", "")]
    if not nb:
        raise _RefusedError(_l("Teksten på bokmål mangler."))
    if max(map(len, texts)) > LONGEST:
        raise _RefusedError(_l("Teksten er lengre enn %(longest)d tegn.", longest=LONGEST))
    return FileRow(
        line=line, code=code, goal=int(goal), nb=nb, nn=texts[1], en=texts[2], active=_active(told.get("aktiv", ""))
    )


def _active(cell: str) -> bool | None:
    said = cell.casefold()
    if said not in {"", *YES, *NO}:
        raise _RefusedError(_l("Skriv ja eller nei i kolonnen «aktiv», eller la den stå tom."))
    return said in YES if said else None


def _plain(cell: str) -> str:
    """Take away what a spreadsheet or `write` has put round a text; unprintable characters become spaces."""
    shown = "".join(each if each.isprintable() else " " for each in cell)
    text = " ".join(shown.split())
    return text[1:] if text[:1] == "'" and text[1:].startswith(FORMULA) else text


def _safe(value: Any) -> str:
    text = ("ja" if value else "nei") if isinstance(value, bool) else str(value)
    return f"'{text}" if text.startswith(FORMULA) else text
