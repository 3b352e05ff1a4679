"""The heavy parts of the result pages, made once and remembered: a published result never changes."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Hashable

from flask import current_app, get_template_attribute, request
from markupsafe import Markup

from portal.accounts.queries import settings
from portal.kernel.i18n import language
from portal.observatorium.queries.indicator import IndicatorPage
from portal.observatorium.queries.pages import ResultPage
from portal.observatorium.views import charts, wheel
from portal.observatorium.views.words import speaker_word

KEPT = 100
"""How many parts are remembered, some 100 kB each: the oldest goes first."""
_kept: OrderedDict[Hashable, Markup] = OrderedDict()


def wheel_html(page: ResultPage, skip_to: str) -> Markup:
    """Return the wheel of a published round; `skip_to` is what comes after it on the page, as `#id`."""
    place = settings.branding().short_name

    def make() -> str:
        drawn = wheel.picture(page, place)
        return _macro("_wheel.html", "wheel_picture")(drawn, skip_to=skip_to, who=speaker_word(page.filters.group))

    return _remember(("wheel", place, skip_to, page.filters.group, *_same(page)), make)


def result_html(page: ResultPage, address: str) -> Markup:
    """Return all that a published round says, filtered and sorted as asked; `address` is the page's own."""
    place = settings.branding().short_name
    revisions = tuple(revision.content_hash for revision in page.revisions)

    def make() -> str:
        return _macro("_result_parts.html", "result_body")(page, address, language())

    return _remember(("result", place, address, page.filters, revisions, *_same(page)), make)


def findings_html(page: ResultPage) -> Markup:
    """Return what the reader should know before the 39."""

    def make() -> str:
        return _macro("_result_parts.html", "findings")(page, speaker_word(page.filters.group), language())

    return _remember(("findings", page.filters.group, *_same(page)), make)


def indicator_views_html(page: IndicatorPage) -> Markup:
    """Return the three views of an indicator beside each other, or why there are none yet."""

    def make() -> str:
        gap = charts.gap(page.current.result) if page.current else None
        return _macro("_indicator_views.html", "indicator_views")(page, gap, language())

    return _remember(("indicator views", *_of_indicator(page)), make)


def indicator_grounds_html(page: IndicatorPage) -> Markup:
    """Return what the views build on: the assessment, its evidence, the verification and the replies."""

    def make() -> str:
        return _macro("_indicator_views.html", "indicator_grounds")(page, language()) if page.current else ""

    return _remember(("indicator grounds", *_of_indicator(page)), make)


def indicator_answers_html(page: IndicatorPage) -> Markup:
    """Return what the groups answered in the newest round, and the history over rounds."""

    def make() -> str:
        if page.current is None:
            return ""
        shares, history = charts.shares(page.current.result), charts.history(page)
        return _macro("_indicator_parts.html", "indicator_answers")(page, shares, history)

    return _remember(("indicator answers", *_of_indicator(page)), make)


def indicator_about_html(page: IndicatorPage) -> Markup:
    """Return what the colours mean for an indicator, what it is made of, and the goals and the duty behind it."""

    def make() -> str:
        return _macro("_indicator_parts.html", "indicator_about")(page, language())

    return _remember(("indicator about", *_of_indicator(page)), make)


def _of_indicator(page: IndicatorPage) -> tuple[Hashable, ...]:
    history = tuple(point.revision.content_hash for point in page.history)
    rounds = tuple(point.round.id for point in page.history)
    same = (page.indicator.number, page.catalogue.version, page.justification, history, rounds)
    return *same, language(), request.script_root


def _macro(template: str, name: str) -> Callable[..., str]:
    macro: Callable[..., str] = get_template_attribute(f"observatorium/{template}", name)
    return macro


def _same(page: ResultPage) -> tuple[Hashable, ...]:
    return page.revision.id, page.revision.content_hash, page.is_newest, language(), request.script_root


def _remember(key: Hashable, make: Callable[[], str]) -> Markup:
    if current_app.jinja_env.auto_reload:  # somebody is working on the templates
        return Markup(make())  # noqa: S704 - made by a template
    found = _kept.get(key)
    if found is None:
        found = _kept[key] = Markup(make())  # noqa: S704 - made by a template
        if len(_kept) > KEPT:
            _kept.popitem(last=False)
    return found
