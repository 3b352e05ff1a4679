"""Proposals exported from Decidim: the headings of 2020–2022 and today's, one column for each language."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import lru_cache
from html import unescape
from urllib.parse import urlsplit

from portal.ideas.formats import values
from portal.ideas.formats.hypertext import from_html, looks_like_html
from portal.ideas.formats.rows import ProposalRow, SkipReason, UnreadableRow
from portal.kernel.i18n import _l

Cells = Mapping[str, str]

MARKS = frozenset({"component/id", "is_amend"})
"""Headings by which an export is known."""
REQUIRED = ("id", "url", "published_at")
_LANGUAGES = {"nb": "nb", "nn": "nn", "no": "nb", "en": "en"}
_COLUMN = re.compile(r"(.+)/([a-z]{2})(?:-[A-Za-z]{2,4})?")


def skip_reason(cells: Cells) -> SkipReason | None:
    """Say why a row isn't taken in; None when it is."""
    if _is_true(cells.get("is_amend", "")):
        return SkipReason.AMENDMENT
    if _is_true(cells.get("withdrawn", "")) or cells.get("withdrawn_at") or cells.get("state") == "withdrawn":
        return SkipReason.WITHDRAWN
    return None if cells["published_at"].strip() else SkipReason.UNPUBLISHED


def proposal(cells: Cells, *, source: str, names: bool) -> ProposalRow:
    """Return the proposal of a row; `source` is used when its address tells no host."""
    language = _language(cells)
    address = values.url(cells["url"])
    latitude, longitude = values.place(cells.get("latitude", ""), cells.get("longitude", ""))
    return ProposalRow(
        source=source or urlsplit(address).hostname or "decidim",
        origin_id=values.identifier(cells["id"]),
        url=address,
        title=values.title(unescape(_in(cells, "title", language))),
        body=_text(_in(cells, "body", language), _is_old(cells)),
        language=_LANGUAGES.get(language, language),
        state=values.short(cells.get("state", "")).lower(),
        answer=_text(_in(cells, "answer", language), _is_old(cells)),
        supports=values.count(cells.get("votes", cells.get("supports", ""))),
        published_at=values.moment(cells["published_at"]),
        answered_at=values.moment(cells.get("answered_at", "")),
        address=values.short(cells.get("address", "")),
        latitude=latitude,
        longitude=longitude,
        category=values.short(_in(cells, "category/name", language) or _taxonomies(cells, language)),
        scope=values.short(_in(cells, "scope/name", language)),
        author_name=values.short(cells.get("author/name", "")) if names else "",
    )


def _is_old(cells: Cells) -> bool:
    return "supports" in cells


def _is_true(cell: str) -> bool:
    return cell.strip().lower() in {"true", "1", "t"}


def _texts(cells: Cells, name: str) -> dict[str, str]:
    """Return what a text says in each language it is filled in for."""
    found: dict[str, str] = {}
    for heading, cell in cells.items():
        of, language = _parts(heading)
        if of == name and cell.strip():
            found.setdefault(language, cell)
    return found


@lru_cache(maxsize=1000)
def _parts(heading: str) -> tuple[str, str]:
    """Return what a column is of and its language: («title», «nb»)."""
    found = _COLUMN.fullmatch(heading)
    return (found[1], found[2]) if found else ("", "")


def _language(cells: Cells) -> str:
    """Choose bokmål, nynorsk, unnamed Norwegian or English, in that order, else the first that has a title."""
    titles = _texts(cells, "title")
    if not titles:
        raise UnreadableRow(_l("Raden mangler tittel."))
    return next((code for code in _LANGUAGES if code in titles), next(iter(titles)))


def _in(cells: Cells, name: str, language: str) -> str:
    texts = _texts(cells, name)
    return texts.get(language) or next(iter(texts.values()), "")


def _taxonomies(cells: Cells, language: str) -> str:
    named = {name: cell for name, cell in cells.items() if name.startswith("taxonomies/") and name != "taxonomies/id"}
    of = next((of for of, _ in map(_parts, named) if of), "")
    return _in(cells, of, language) if of else named.get("taxonomies/name", "")


def _text(text: str, is_old: bool) -> str:
    # Old exports hold HTML, and also in plain text its ampersands are written out. Today's hold plain text.
    if looks_like_html(text):
        return values.long(from_html(text))
    return values.long(unescape(text) if is_old else text)
