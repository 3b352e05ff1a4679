"""How the tidstyver together are drawn: bars of hours, each with a link to what it is the sum of."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from flask import url_for

from portal.ideas.hours import Cause, Hit, Key, Owner, Total, shown
from portal.ideas.queries.thief_totals import Filters, ThievesPage
from portal.ideas.stages import THIEF_STATUSES, ThiefStatus
from portal.ideas.thief_words import CAUSES, HITS, OWNERS
from portal.kernel.i18n import _, ngettext
from portal.ui.charts import Bar, BarRow, bar_chart
from portal.ui.filters import number

NAMES = {
    "cause": "arsak",
    "owner": "eier",
    "hit": "hvem",
    "status": "status",
    "service_area": "omrade",
    "year": "ar",
    "is_calculated": "beregnet",
    "sort": "sorter",
}
"""What the filters are called in an address."""


@dataclass(frozen=True, kw_only=True)
class Charts:
    """The bars of the page."""

    ladder: Sequence[Bar]
    by_cause: Sequence[Bar]
    by_owner: Sequence[Bar]
    by_service_area: Sequence[Bar]
    by_year: Sequence[Bar]


@dataclass(frozen=True)
class Choice:
    """A link that narrows the page, or, when it is chosen already, widens it again."""

    label: Any
    href: str
    chosen: bool


@dataclass(frozen=True)
class Narrowing:
    """Links from the page as it is narrowed now."""

    filters: Filters

    def to(self, **change: Any) -> str:
        """Return the address of the page with some filters changed, from its beginning."""
        return url_for("thieves.index", **arguments(self.filters, **change))

    def more(self, cursor: str) -> str:
        return url_for("thieves.index", fra=cursor, **arguments(self.filters))

    def to_file(self) -> str:
        return url_for("thieves.spreadsheet", **arguments(self.filters))

    @property
    def statuses(self) -> Sequence[Choice]:
        return self._choices("status", {each: THIEF_STATUSES[each] for each in ThiefStatus})

    @property
    def hits(self) -> Sequence[Choice]:
        return self._choices("hit", {each: HITS[each] for each in Hit})

    @property
    def calculated(self) -> Sequence[Choice]:
        return self._choices("is_calculated", {True: _("Beregnet"), False: _("Ikke beregnet")})

    def chosen(self, areas: Mapping[int, str]) -> Sequence[Choice]:
        """Return what the page is narrowed to, each with a link that takes it away."""
        told: Mapping[str, Callable[[Any], Any]] = {
            "cause": lambda value: CAUSES[value],
            "owner": lambda value: OWNERS[value],
            "hit": lambda value: HITS[value],
            "status": lambda value: THIEF_STATUSES[value],
            "service_area": lambda value: areas.get(value, _("Ukjent område")),
            "year": str,
            "is_calculated": lambda value: _("Beregnet") if value else _("Ikke beregnet"),
        }
        return [
            Choice(tell(getattr(self.filters, name)), self.to(**{name: None}), chosen=True)
            for name, tell in told.items()
            if getattr(self.filters, name) is not None
        ]

    def _choices(self, name: str, words: Mapping[Any, Any]) -> Sequence[Choice]:
        now = getattr(self.filters, name)
        return [
            Choice(word, self.to(**{name: None if value == now else value}), chosen=value == now)
            for value, word in words.items()
        ]


def charts(page: ThievesPage) -> Charts:
    """Draw the page's sums."""
    narrow = Narrowing(page.filters)
    sums = page.sums
    unsaid = str(_("Ikke oppgitt"))
    return Charts(
        ladder=bar_chart(
            BarRow(
                label=row.idea.title,
                value=float(row.thief.hours or 0),
                text=_hours(Fraction(row.thief.hours or 0)),
                href=url_for("ideas.show", **row.values),
            )
            for row in page.ladder
        ),
        by_cause=_bars(sums.by_cause, lambda key: _word(CAUSES, key), lambda key: _to(narrow, "cause", key)),
        by_owner=_bars(sums.by_owner, lambda key: _word(OWNERS, key), lambda key: _to(narrow, "owner", key)),
        by_service_area=_bars(
            sums.by_service_area,
            lambda key: page.service_areas.get(key, _("Ukjent område")) if key is not None else unsaid,
            lambda key: _to(narrow, "service_area", key),
        ),
        by_year=_bars(dict(sorted(sums.by_year.items())), str, lambda key: _to(narrow, "year", key)),
    )


def arguments(filters: Filters, **change: Any) -> dict[str, Any]:
    """Return filters as they stand in an address; what isn't asked for isn't there."""
    asked = {name: change.get(name, getattr(filters, name)) for name in NAMES}
    if asked["sort"] == Filters().sort:
        asked["sort"] = None
    if asked["is_calculated"] is not None:
        asked["is_calculated"] = "ja" if asked["is_calculated"] else "nei"
    return {NAMES[name]: value for name, value in asked.items() if value is not None}


def _bars(sums: Mapping[Key, Total], label: Callable[[Key], Any], href: Callable[[Key], str | None]) -> Sequence[Bar]:
    return bar_chart(
        BarRow(
            label=str(label(key)),
            value=float(total.before),
            text=_hours(total.before) if total.rows > total.not_counted else str(_("ikke beregnet")),
            interval_text=_uncounted(total),
            href=href(key),
        )
        for key, total in sums.items()
    )


def _uncounted(total: Total) -> str:
    """Return what the table says beside the hours."""
    number = total.not_counted
    return str(ngettext("%(num)d ikke beregnet", "%(num)d ikke beregnet", number)) if 0 < number < total.rows else ""


def _hours(hours: Fraction) -> str:
    return str(_("%(hours)s timer", hours=number(shown(hours).number)))


def _word(words: Mapping[Any, Any], key: Cause | Owner | None) -> Any:
    return words[key] if key is not None else _("Ikke oppgitt")


def _to(narrow: Narrowing, name: str, key: Any) -> str | None:
    return None if key is None else narrow.to(**{name: key})
