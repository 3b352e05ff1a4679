"""A plain table of ideas: what people make in a spreadsheet, and our own export, which reads back the same."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable, Mapping
from dataclasses import fields
from datetime import datetime
from hashlib import sha256
from typing import TextIO
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from portal.ideas.formats import values
from portal.ideas.formats.rows import ProposalRow, UnreadableRow
from portal.ideas.formats.sources import host
from portal.ideas.hours import Factors
from portal.kernel.i18n import _l
from portal.kernel.richtext import clean_line

Cells = Mapping[str, str]

REQUIRED = ("title",)
MOST_HOURS = 10**10
OSLO = ZoneInfo("Europe/Oslo")
COLUMNS = tuple(field.name for field in fields(ProposalRow))
"""Our own headings, in order."""
ALIASES = {
    "kilde": "source",
    "id": "origin_id",
    "nummer": "origin_id",
    "lenke": "url",
    "link": "url",
    "nettadresse": "url",
    "slag": "kind",
    "type": "kind",
    "tittel": "title",
    "sammendrag": "summary",
    "utfordring": "challenge",
    "forslag": "body",
    "løsning": "body",
    "solution": "body",
    "tekst": "body",
    "text": "body",
    "beskrivelse": "body",
    "description": "body",
    "nytte": "usefulness",
    "gevinst": "benefit_type",
    "gevinsttype": "benefit_type",
    "språk": "language",
    "status": "state",
    "beslutning": "decision",
    "svar": "answer",
    "støtte": "supports",
    "stemmer": "supports",
    "votes": "supports",
    "publisert": "published_at",
    "dato": "published_at",
    "date": "published_at",
    "published": "published_at",
    "created_at": "published_at",
    "besvart": "answered_at",
    "fortid": "is_told",
    "årsak": "cause",
    "rammer": "hit",
    "eier": "owner",
    "minutter": "minutes",
    "ganger": "times",
    "personer": "persons",
    "adresse": "address",
    "sted": "address",
    "breddegrad": "latitude",
    "lat": "latitude",
    "lengdegrad": "longitude",
    "lon": "longitude",
    "lng": "longitude",
    "kategori": "category",
    "tema": "category",
    "theme": "category",
    "område": "scope",
    "lokalsamfunn": "scope",
    "area": "scope",
    "forfatter": "author_name",
    "navn": "author_name",
    "author": "author_name",
    "name": "author_name",
}
"""Other headings, in Norwegian and English, and ours."""

# A spreadsheet takes a cell that begins so for a formula. An apostrophe in front makes it text; ours is taken away when
# it is read again, and those that were there from before are kept apart from it, because one more is always put first.
_FORMULA = re.compile("'*[=+\\-@\t\r\n＝＋－＠]")
_TEXTS = ("summary", "challenge", "body", "usefulness", "answer")
_LINES = ("kind", "benefit_type", "decision", "address", "category", "scope", "cause", "hit", "owner")
_NUMBERS = frozenset({"supports", "latitude", "longitude", "minutes", "times", "persons"})
_YES = frozenset({"1", "ja", "yes", "true"})


def proposal(cells: Cells, *, source: str, language: str, names: bool) -> ProposalRow:
    """Return the proposal of a row with our headings; `source` and `language` are for rows that don't tell them."""
    said = {name: cells.get(name, "") if name in _NUMBERS else unguarded(cells.get(name, "")) for name in COLUMNS}
    url = values.url(said["url"])
    latitude, longitude = values.place(said["latitude"], said["longitude"])
    texts = {name: values.long(said[name]) for name in _TEXTS}
    lines = {name: values.short(said[name]) for name in _LINES}
    title = values.title(said["title"])
    _must_fit(said)
    return ProposalRow(
        source=values.short(said["source"]) or host(source) or urlsplit(url).hostname or "csv",
        origin_id=values.identifier(said["origin_id"].strip() or _named(title, texts["body"])),
        url=url,
        title=title,
        language=_language(said["language"], language),
        state=values.short(said["state"]).lower(),
        supports=values.count(said["supports"]),
        published_at=values.moment(said["published_at"], OSLO),
        answered_at=values.moment(said["answered_at"], OSLO),
        is_told=said["is_told"].strip().lower() in _YES,
        minutes=values.minutes(said["minutes"]),
        times=values.known_count(said["times"]),
        persons=values.known_count(said["persons"]),
        latitude=latitude,
        longitude=longitude,
        author_name=values.short(said["author_name"]) if names else "",
        **texts,
        **lines,
    )


def write_csv(rows: Iterable[ProposalRow], file: TextIO) -> None:
    """Write rows so that reading them gives the same rows; open the file with `newline=""` and utf-8-sig.

    Safe to open in a spreadsheet: no cell is a formula.
    """
    writer = csv.writer(file, delimiter=";", lineterminator="\r\n")
    writer.writerow(COLUMNS)
    for row in rows:
        writer.writerow([_cell(name, getattr(row, name)) for name in COLUMNS])


def heading(text: str) -> str:
    """Return which of our headings one in a file is."""
    name = "_".join(clean_line(text).lower().split())
    return ALIASES.get(name, name)


def guarded(text: str) -> str:
    """Return a cell that no spreadsheet takes for a formula."""
    return f"'{text}" if _FORMULA.match(text) else text


def unguarded(cell: str) -> str:
    """Return what `guarded` was given."""
    return cell[1:] if cell.startswith("'") and _FORMULA.match(cell) else cell


def _cell(name: str, value: object) -> str:
    if value is None or value is False:
        return ""
    if value is True:
        return "1"
    if isinstance(value, datetime):
        return value.isoformat().replace("+00:00", "Z")
    return str(value) if name in _NUMBERS else guarded(str(value))


def _must_fit(said: Cells) -> None:
    """Refuse factors that make more hours than a year of all people: somebody took the columns for something else."""
    told = Factors(
        minutes=values.minutes(said["minutes"]),
        times=values.known_count(said["times"]),
        persons=values.known_count(said["persons"]),
    )
    if told.hours is not None and told.hours >= MOST_HOURS:
        raise UnreadableRow(_l("Minutter, ganger og personer gir flere timer enn det kan være."))


def _language(told: str, otherwise: str) -> str:
    code = told.strip().lower()[:2]
    return {"no": "nb"}.get(code, code) if re.fullmatch("[a-z]{2}", code) else otherwise


def _named(title: str, body: str) -> str:
    """Name a row without a number by what it says, so that a second run knows it again."""
    return sha256(f"{title}\0{body}".encode()).hexdigest()[:16]
