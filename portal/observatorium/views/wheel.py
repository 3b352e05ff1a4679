"""The wheel in the reader's language: what each sector, quarter and the centre says, and where they lead."""

from __future__ import annotations

from collections.abc import Sequence

from flask import url_for

from portal.kernel.i18n import _, language, ngettext
from portal.observatorium.catalogue import Dimension, Level
from portal.observatorium.queries.pages import ResultPage, ResultRow
from portal.observatorium.views.words import level_word, participation, people_word, speaker_word
from portal.observatorium.wheel import Centre, Quarter, Sector, Wheel, wheel
from portal.ui.filters import upper_first


def sentence(row: ResultRow) -> str:
    """Return the sentence of a sector: number, name, what people say and what the municipality says."""
    return str(
        _(
            "%(number)s %(name)s. %(who)s: %(level)s. Kommunen selv: %(own)s.",
            number=row.indicator.number,
            name=row.indicator.name.in_(language()),
            who=upper_first(speaker_word(row.group.group if row.group else None)),
            level=people_word(row),
            own=level_word(row.result.own),
        )
    )


def picture(page: ResultPage, place: str) -> Wheel:
    """Draw the wheel of a published round. `place` is the municipality's short name."""
    return wheel(
        [_sector(row) for row in page.rows],
        [
            _quarter(page, dimension, [row for row in page.rows if row.indicator.dimension is dimension])
            for dimension in Dimension
        ],
        Centre(place=place, round=page.round.title, participation=participation(page)),
    )


def list_address(page: ResultPage, dimension: Dimension) -> str:
    """Return where the list of a dimension is, seen by the same group."""
    endpoint = "observatorium.overview" if page.is_newest else "observatorium.round_result"
    slug = None if page.is_newest else page.round.slug
    group = page.filters.group.value if page.filters.group else None
    return url_for(endpoint, slug=slug, gruppe=group, _anchor=f"dimensjon-{dimension.number}")


def _sector(row: ResultRow) -> Sector:
    return Sector(
        number=row.indicator.number,
        name=row.indicator.name.in_(language()),
        dimension=row.indicator.dimension.number,
        level=row.level.value if row.level else None,
        own=row.result.own.value if row.result.own else None,
        href=url_for("observatorium.indicator", number=row.indicator.number),
        sentence=sentence(row),
    )


def _quarter(page: ResultPage, dimension: Dimension, rows: Sequence[ResultRow]) -> Quarter:
    reached = sum(row.level is Level.GREEN for row in rows)
    title = f"{dimension.number} {dimension.label.in_(language())}"
    summary = ngettext(
        "%(num)s av %(all)s har nådd minstekravet", "%(num)s av %(all)s har nådd minstekravet", reached, all=len(rows)
    )
    return Quarter(
        dimension=dimension.number,
        title=title,
        summary=summary,
        href=list_address(page, dimension),
        sentence=_("%(title)s: %(summary)s. Gå til listen.", title=title, summary=summary),
    )
