"""The page of the whole country: who shares solutions, who uses them, and from whom."""

from __future__ import annotations

from flask import Blueprint, render_template, request, url_for

from portal.home.queries.country import country_page
from portal.kernel.access import public
from portal.places import geometry
from portal.places.country import CountryMark
from portal.solutions.facts import THEMES, Theme

bp = Blueprint("country", __name__, template_folder="../templates")


@bp.get("/kart/norge/")
@public
def index() -> str:
    """Show the municipalities that share and use solutions, on a map and as a list."""
    theme = _theme()
    number = request.args.get("kommune")
    box = geometry.box(request.args.get("boks", ""))
    return render_template(
        "home/country.html",
        page=country_page(number, theme, box),
        theme=theme,
        themes=THEMES,
        closer=lambda mark: _closer(mark, theme),
        is_close=box is not None,
        here=lambda chosen: url_for("country.index", kommune=chosen, tema=theme.value if theme else None),
    )


def _closer(mark: CountryMark, theme: Theme | None) -> str:
    """Return where a mark leads: to its municipality, or to a closer look at the several that lie there."""
    tema = theme.value if theme else None
    if mark.name:
        return url_for("country.index", kommune=mark.spots[0].key, tema=tema, _anchor="kommunen")
    return url_for("country.index", boks=str(mark.box), tema=tema)


def _theme() -> Theme | None:
    asked = request.args.get("tema", "")
    return Theme(asked) if asked in Theme.__members__.values() else None
