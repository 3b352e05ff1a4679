"""The public pages of the observatory: overview, a round, an indicator, the method, and the downloads."""

from __future__ import annotations

from flask import Blueprint, Response, current_app, render_template, request
from flask.sansio.blueprints import BlueprintSetupState
from werkzeug.exceptions import NotFound as NoSuchAddress

from portal.kernel.access import current_actor, public
from portal.kernel.identity import StakeholderGroup
from portal.observatorium.catalogue import Dimension
from portal.observatorium.queries import pages, published
from portal.observatorium.queries.indicator import indicator_page
from portal.observatorium.views import parts, words, worked

bp = Blueprint("observatorium", __name__, url_prefix="/observatorium", template_folder="../templates")


@bp.record_once
def _give_templates_words(state: BlueprintSetupState) -> None:
    state.app.jinja_env.globals.update(
        dimensions=tuple(Dimension),
        indicator_about_html=parts.indicator_about_html,
        indicator_answers_html=parts.indicator_answers_html,
        indicator_grounds_html=parts.indicator_grounds_html,
        indicator_views_html=parts.indicator_views_html,
        level_word=words.level_word,
        findings_html=parts.findings_html,
        people_word=words.people_word,
        result_html=parts.result_html,
        sign_in_word=words.sign_in_word,
        sign_in_words=words.sign_in_words,
        speaker_word=words.speaker_word,
        speaker_words=words.speaker_words,
        tie_words=words.tie_words,
        wheel_html=parts.wheel_html,
    )


@bp.get("/")
@public
def overview() -> str:
    """Show the newest published round as a wheel and a list."""
    return _round(pages.overview(current_actor(), filters()))


@bp.get("/runder/<slug>/")
@public
def round_result(slug: str) -> str:
    """Show one round: its result, or why there is none to show."""
    return _round(pages.round_page(current_actor(), slug, filters()))


@bp.get("/indikatorer/<number>/")
@public
def indicator(number: str) -> str:
    """Show one indicator: what it asks, the results by group, history and comments."""
    return render_template("observatorium/indicator.html", page=indicator_page(current_actor(), number))


@bp.get("/metode/")
@public
def method() -> str:
    """Explain the rules, the weights, the intervals, the suppression and the limits."""
    return render_template("observatorium/method.html", **worked.examples())


@bp.get("/runder/<slug>/data.json")
@public
def data_json(slug: str) -> Response:
    """Send a round's results as JSON, with method, catalogue and licence."""
    return _download(published.as_json(slug, _revision()), "application/json", slug)


@bp.get("/runder/<slug>/data.csv")
@public
def data_csv(slug: str) -> Response:
    """Send a round's results as CSV: one row per indicator and group."""
    return _download(published.as_csv(slug, _revision()), "text/csv; charset=utf-8", slug)


def filters() -> pages.Filters:
    """Read what the reader asked for; anything unknown is as if it weren't there."""
    asked = request.args
    goal = asked.get("mal", "")
    return pages.Filters(
        dimension=next((each for each in Dimension if str(each.number) == asked.get("dimensjon")), None),
        sdg=int(goal) if goal in {str(number) for number in range(1, 18)} else None,
        group=next((each for each in StakeholderGroup if each.value == asked.get("gruppe")), None),
        sort=asked["sorter"] if asked.get("sorter") in pages.SORTS else "number",
    )


def _round(page: pages.ResultPage | pages.UnpublishedPage) -> str:
    if isinstance(page, pages.UnpublishedPage):
        return render_template("observatorium/nothing_yet.html", page=page)
    return render_template("observatorium/result.html", page=page)


def _revision() -> int | None:
    asked = request.args.get("revisjon")
    if asked is None:
        return None
    if not (asked.isascii() and asked.isdecimal() and len(asked) < 6):
        raise NoSuchAddress
    return int(asked)


def _download(content: str | bytes, kind: str, slug: str) -> Response:
    asked = _revision()
    name = f"observatorium-{slug}" + (f"-utgave-{asked}" if asked else "")
    ending = "json" if "json" in kind else "csv"
    response = current_app.response_class(content, content_type=kind)
    response.headers["Content-Disposition"] = f'attachment; filename="{name}.{ending}"'
    return response
