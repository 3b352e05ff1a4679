"""Proposals from CONSUL's open data. The file tells neither language nor portal: whoever imports it does."""

from __future__ import annotations

from collections.abc import Mapping

from portal.ideas.formats import values
from portal.ideas.formats.hypertext import from_html, looks_like_html
from portal.ideas.formats.rows import ProposalRow, SkipReason
from portal.ideas.formats.sources import host
from portal.kernel.richtext import clean_line

Cells = Mapping[str, str]

MARKS = frozenset({"cached_votes_up", "retired_at"})
REQUIRED = ("id", "title", "description", "created_at")


def skip_reason(cells: Cells) -> SkipReason | None:
    """Say why a row isn't taken in; None when it is."""
    return SkipReason.RETIRED if cells.get("retired_at", "").strip() else None


def proposal(cells: Cells, *, source: str, language: str) -> ProposalRow:
    """Return the proposal of a row; it has an address when `source` is the address of the portal it comes from."""
    number = values.identifier(cells["id"])
    return ProposalRow(
        source=host(source) or "consul",
        origin_id=number,
        url=values.url(f"{source.rstrip('/')}/proposals/{number}") if "://" in source else "",
        title=values.title(cells["title"]),
        summary=_text(cells.get("summary", "")),
        body=_with_links(_text(cells["description"]), cells),
        language=language,
        supports=values.count(cells.get("cached_votes_up", "")),
        published_at=values.moment(cells["created_at"]),
        category=values.short(cells.get("proceeding", "")),
    )


def _text(text: str) -> str:
    return values.long(from_html(text) if looks_like_html(text) else text)


def _with_links(text: str, cells: Cells) -> str:
    links = [clean_line(cells.get(name, "")) for name in ("external_url", "video_url")]
    return "\n\n".join(filter(None, [text, *links]))
