"""What everybody may see: planned against realised, the funds of each year, and the files of both."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Mapping, Sequence
from enum import StrEnum
from typing import Any, TypeVar

from flask import Blueprint, Response, current_app, render_template, request, url_for

from portal.kernel.access import public
from portal.kernel.extensions import content
from portal.kernel.i18n import _, _l, ngettext
from portal.portfolio import drawing, words
from portal.portfolio.models import BenefitType, Purpose
from portal.portfolio.queries import funds, overview
from portal.portfolio.queries.overview import Filters, Grouping, OverviewPage
from portal.portfolio.realisation import Status, Total, Unit
from portal.portfolio.views.answering import card_url, csv_cell
from portal.ui.filters import number

bp = Blueprint("portfolio", __name__, url_prefix="/portefolje", template_folder="../templates")

E = TypeVar("E", bound=StrEnum)

ASKED = ("omrade", "ar", "slag", "type", "status", "vis")
"""What the address of the overview may ask for, beside where in the list one is."""
GROUP_HEADS: Mapping[Grouping, Any] = {
    Grouping.AREA: _l("Tjenesteområde"),
    Grouping.YEAR: _l("År"),
    Grouping.KIND: _l("Slags tiltak"),
    Grouping.THING: _l("Tiltak"),
}


@bp.get("/")
@public
def index() -> str:
    """Show what was planned against what is realised, with filters, and each benefit."""
    filters, grouping = _filters(), _one_of(Grouping, "vis") or Grouping.AREA
    page = overview.overview_page(filters, grouping, request.args.get("etter"))
    asked: dict[str, Any] = {name: request.args[name] for name in ASKED if request.args.get(name)}
    return render_template(
        "portfolio/overview.html",
        page=page,
        asked=asked,
        years=[(year, year) for year in page.choices.years],
        key_figures=_key_figures(page),
        charts=[(unit, _bars(page, unit)) for unit in (Unit.HOURS, Unit.KRONER) if page.groups.get(unit)],
        chart_titles=_chart_titles(page),
        group_head=GROUP_HEADS[grouping],
        next_url=url_for(".index", **asked, etter=page.rows.next) if page.rows.next else None,
        first_url=url_for(".index", **asked) if request.args.get("etter") else None,
        words=words,
    )


@bp.get("/gevinster.csv")
@public
def benefits_csv() -> Response:
    """Send the benefits as CSV, with the same filters as the overview."""
    heads = (
        *(
            "id",
            "title",
            "thing",
            "thing_title",
            "type",
            "link",
            "for_whom",
            "responsible",
            "service_area",
            "indicator",
        ),
        *("unit", "baseline", "baseline_on", "baseline_source", "target", "expected_on", "status", "latest"),
        *("measured_on", "planned_gain", "gain", "learning"),
    )
    rows = (
        (
            *(each.id, each.title, str(each.ref), row.card.title if row.card else "", each.type, each.link),
            *(each.for_whom, each.responsible, row.area, each.indicator, each.unit_word or each.unit),
            *(_plain(each.baseline_value), each.baseline_on, each.baseline_source, _plain(each.target_value)),
            *(each.expected_on, each.status, _plain(each.latest_value), each.measured_on),
            *(_plain(each.planned_gain), _plain(each.gain), each.learning),
        )
        for row in overview.every_benefit(_filters())
        for each in (row.benefit,)
    )
    return _file("gevinster.csv", heads, rows)


@bp.get("/midler/")
@public
def funds_index() -> str:
    """Show the innovation funds of all years."""
    return render_template("portfolio/funds.html", rows=funds.funds_page(), purposes=_purposes())


@bp.get("/midler/<int:year>/")
@public
def fund(year: int) -> str:
    """Show a year's funds: how much there is, for what, and every decision."""
    page = funds.fund_page(year, request.args.get("etter"))
    return render_template("portfolio/fund.html", page=page)


@bp.get("/midler/tilskudd.csv")
@public
def grants_csv() -> Response:
    """Send what was decided about innovation funds as CSV, sums in kroner."""
    heads = (
        *("id", "year", "thing", "thing_title", "purpose", "state", "asked", "granted", "paid", "spent"),
        *("decided", "decided_by", "reason", "conditions", "outcome", "summary"),
    )
    rows = (
        (
            *(each.id, row.year, str(each.ref) if row.card else "", row.card.title if row.card else "", each.purpose),
            *(each.state, _money(each.asked_ore), _money(each.granted_ore), _money(each.paid_ore)),
            *(_money(row.spent_ore), each.decided_at and each.decided_at.date(), each.decided_by_title, each.reason),
            *(each.conditions, row.outcome, row.summary),
        )
        for row in funds.every_decision()
        for each in (row.application,)
    )
    return _file("innovasjonsmidler.csv", heads, rows)


def _filters() -> Filters:
    """Return what the address asks for; what can't be read is as if it weren't there."""
    return Filters(
        area=_number("omrade"),
        year=_number("ar"),
        kind=next((kind.name for kind in content() if kind.name == request.args.get("slag")), None),
        type=_one_of(BenefitType, "type"),
        status=_one_of(Status, "status"),
    )


def _number(name: str) -> int | None:
    written = request.args.get(name, "")
    return int(written) if written.isascii() and written.isdigit() and len(written) < 10 else None


def _one_of(kind: type[E], name: str) -> E | None:
    asked = request.args.get(name)
    return next((each for each in kind if each.value == asked), None)


def _bars(page: OverviewPage, unit: Unit) -> Sequence[drawing.PairBar]:
    return drawing.pair_bars(
        drawing.Pair(
            label=group.label or str(_("Uten tjenesteområde")),
            planned=group.total.planned,
            gained=group.total.gained,
            href=card_url(group.card) if group.card else None,
        )
        for group in page.groups[unit]
    )


def _key_figures(page: OverviewPage) -> Sequence[tuple[str, str]]:
    """Return the numbers that stand first: how many benefits, and what those that can be added up come to."""
    realised = page.statuses.get(Status.REALISED, 0) + page.statuses.get(Status.PARTLY, 0)
    found = [(number(page.number), str(ngettext("gevinst i alt", "gevinster i alt", page.number)))]
    if realised:
        found.append((number(realised), str(_("helt eller delvis realisert"))))
    hours, money = page.totals.get(Unit.HOURS), page.totals.get(Unit.KRONER)
    if hours and hours.planned:
        found.append(
            (number(hours.gained), str(_("timer i året, av %(planned)s planlagt", planned=number(hours.planned))))
        )
    if money and money.planned:
        planned = number(money.planned)
        found.append((number(money.gained), str(_("kroner i året, av %(planned)s planlagt", planned=planned))))
    return found


def _chart_titles(page: OverviewPage) -> Mapping[Unit, str]:
    """Return what each chart says, in words."""
    hours, money = (page.totals.get(unit, Total()) for unit in (Unit.HOURS, Unit.KRONER))
    return {
        Unit.HOURS: _(
            "%(gained)s av %(planned)s planlagte timer i året er frigjort",
            gained=number(hours.gained),
            planned=number(hours.planned),
        ),
        Unit.KRONER: _(
            "%(gained)s av %(planned)s planlagte kroner i året er spart eller tjent",
            gained=number(money.gained),
            planned=number(money.planned),
        ),
    }


def _purposes() -> Sequence[tuple[Any, Any]]:
    return [(words.PURPOSES[each], words.PURPOSE_MEANINGS[each]) for each in Purpose]


def _plain(value: Any) -> str:
    return "" if value is None else f"{value.normalize():f}"


def _money(ore: int | None) -> str:
    return "" if ore is None else f"{ore // 100}.{ore % 100:02}"


def _file(name: str, heads: Sequence[str], rows: Iterable[Sequence[Any]]) -> Response:
    target = io.StringIO()
    writer = csv.writer(target)
    writer.writerow(heads)
    writer.writerows([csv_cell("" if value is None else value) for value in row] for row in rows)
    response = current_app.response_class(target.getvalue(), content_type="text/csv; charset=utf-8")
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response
