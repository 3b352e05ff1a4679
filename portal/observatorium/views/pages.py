"""The public pages of the observatory: overview, a round, an indicator, the method, and the downloads."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response, current_app, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from portal.accounts.queries import settings
from portal.kernel.access import current_actor, public
from portal.kernel.i18n import _
from portal.kernel.identity import StakeholderGroup
from portal.observatorium.catalogue import Dimension
from portal.observatorium.queries import pages, published
from portal.observatorium.views import charts, wheel, worked
from portal.observatorium.wheel import Wheel

bp = Blueprint("observatorium", __name__, url_prefix="/observatorium", template_folder="../templates")


@bp.app_context_processor
def words() -> dict[str, Any]:
    """Give templates the words of levels and groups, so that they are the same everywhere."""
    return {"level_word": wheel.level_word, "speaker_word": wheel.speaker_word, "sign_in_word": sign_in_word}


@bp.app_template_global()
def wheel_of(page: pages.ResultPage) -> Wheel:
    """Draw the wheel of a published round, for any page that shows it."""
    return wheel.picture(page, settings.branding().short_name)


@bp.get("/")
@public
def overview() -> ResponseReturnValue:
    """Show the newest published round as a wheel and a list."""
    actor = current_actor()
    page = pages.overview(actor, filters())
    if page is None:
        return render_template("observatorium/nothing_yet.html", open=pages.find_open(actor))
    return _result(page)


@bp.get("/runder/<slug>/")
@public
def round_result(slug: str) -> ResponseReturnValue:
    """Show one published round."""
    return _result(pages.round_page(current_actor(), slug, filters()))


@bp.get("/indikatorer/")
@public
def indicators() -> ResponseReturnValue:
    """Lead to the list of the 39."""
    return redirect(url_for("observatorium.overview", _anchor="indikatorer"), 303)


@bp.get("/indikatorer/<number>/")
@public
def indicator(number: str) -> str:
    """Show one indicator: what it asks, the results by group, history and comments."""
    page = pages.indicator_page(current_actor(), number)
    result = page.current.result if page.current else None
    return render_template(
        "observatorium/indicator.html",
        page=page,
        result=result,
        shares=charts.shares(result) if result else None,
        history=charts.history(page),
        gap=charts.gap(result) if result else None,
    )


@bp.get("/metode/")
@public
def method() -> str:
    """Explain the rules, the weights, the intervals, the suppression and the limits."""
    return render_template("observatorium/method.html", **worked.examples())


@bp.get("/runder/<slug>/data.json")
@public
def data_json(slug: str) -> Response:
    """Send a round's results as JSON, with method, catalogue and licence."""
    return _download(published.as_json(slug, _revision()), "application/json", f"observatorium-{slug}.json")


@bp.get("/runder/<slug>/data.csv")
@public
def data_csv(slug: str) -> Response:
    """Send a round's results as CSV: one row per indicator and group."""
    return _download(published.as_csv(slug, _revision()), "text/csv; charset=utf-8", f"observatorium-{slug}.csv")


def sign_in_word(method: str) -> str:
    """Return how people could sign in, in words."""
    return {"oidc": _("ID-porten"), "password": _("e-post og passord")}[method]


def filters() -> pages.Filters:
    """Read what the reader asked for; anything unknown is as if it weren't there."""
    asked = request.args
    goal = asked.get("mal", "")
    return pages.Filters(
        dimension=next((each for each in Dimension if str(each.number) == asked.get("dimensjon")), None),
        sdg=int(goal) if goal.isdecimal() and 1 <= int(goal) <= 17 else None,
        group=next((each for each in StakeholderGroup if each.value == asked.get("gruppe")), None),
        sort=asked["sorter"] if asked.get("sorter") in pages.SORTS else "number",
    )


def _result(page: pages.ResultPage) -> str:
    return render_template(
        "observatorium/result.html",
        page=page,
        dimensions=Dimension,
    )


def _revision() -> int | None:
    asked = request.args.get("revisjon", "")
    return int(asked) if asked.isdecimal() and len(asked) < 6 else None


def _download(content: str, kind: str, name: str) -> Response:
    response = current_app.response_class(content, content_type=kind)
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response
