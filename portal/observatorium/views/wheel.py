"""The wheel in the reader's language: what each sector, quarter and the centre says, and where they lead."""

from __future__ import annotations

from collections.abc import Sequence

from flask import url_for

from portal.kernel.i18n import _, language, ngettext
from portal.kernel.identity import StakeholderGroup
from portal.observatorium.catalogue import Dimension, Level
from portal.observatorium.queries.pages import ResultPage, ResultRow
from portal.observatorium.wheel import Centre, Quarter, Sector, Wheel, wheel


def level_word(level: Level | None) -> str:
    """Return what a level means, as it is said everywhere."""
    words = {
        Level.RED: _("ikke akseptabelt"),
        Level.YELLOW: _("på vei"),
        Level.GREEN: _("minstekravet er nådd"),
        None: _("ikke vurdert"),
    }
    return words[level]


def speaker_word(group: StakeholderGroup | None) -> str:
    """Return who is speaking, in the definite form."""
    words = {
        StakeholderGroup.RESIDENT: _("innbyggerne"),
        StakeholderGroup.VOLUNTARY_SECTOR: _("frivilligheten"),
        StakeholderGroup.BUSINESS: _("næringslivet"),
        StakeholderGroup.KNOWLEDGE: _("kunnskapsmiljøene"),
        None: _("gruppene samlet"),
    }
    return words[group]


def sentence(row: ResultRow) -> str:
    """Return the sentence of a sector: number, name, what people say and what the municipality says."""
    return _(
        "%(number)s %(name)s: %(who)s sier %(level)s, kommunen sier %(own)s",
        number=row.indicator.number,
        name=row.indicator.name.in_(language()),
        who=speaker_word(row.group.group if row.group else None),
        level=level_word(row.level),
        own=level_word(row.result.own),
    )


def picture(page: ResultPage, place: str) -> Wheel:
    """Draw the wheel of a published round. `place` is the municipality's short name."""
    return wheel(
        [_sector(row) for row in page.rows],
        [
            _quarter(dimension, [row for row in page.rows if row.indicator.dimension is dimension])
            for dimension in Dimension
        ],
        Centre(place=place, round=page.round.title, participation=participation(page)),
    )


def participation(page: ResultPage) -> str:
    """Say how many have answered, rounded down to tens as it is published."""
    counts = page.revision.summary["participants"]
    known = sum(count for count in counts.values() if count)
    return _("minst %(count)s har svart", count=known) if known else _("få har svart")


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


def _quarter(dimension: Dimension, rows: Sequence[ResultRow]) -> Quarter:
    reached = sum(row.level is Level.GREEN for row in rows)
    title = f"{dimension.number} {dimension.label.in_(language())}"
    summary = ngettext(
        "%(num)s av %(all)s har nådd minstekravet", "%(num)s av %(all)s har nådd minstekravet", reached, all=len(rows)
    )
    return Quarter(
        dimension=dimension.number,
        title=title,
        summary=summary,
        href=f"#dimensjon-{dimension.number}",
        sentence=_("%(title)s: %(summary)s. Gå til listen.", title=title, summary=summary),
    )
