"""The heavy parts of the result pages, made once and remembered: a published result never changes."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Hashable

from flask import current_app, get_template_attribute, request
from markupsafe import Markup

from portal.accounts.queries import settings
from portal.kernel.i18n import language
from portal.observatorium.queries.pages import ResultPage
from portal.observatorium.views import wheel
from portal.observatorium.views.words import speaker_word

KEPT = 200
"""How many parts are remembered, some 50 kB each: the oldest goes first."""
_kept: OrderedDict[Hashable, Markup] = OrderedDict()


def wheel_html(page: ResultPage, skip_to: str) -> Markup:
    """Return the wheel of a published round; `skip_to` is what comes after it on the page, as `#id`."""
    place = settings.branding().short_name

    def make() -> str:
        macro = get_template_attribute("observatorium/_wheel.html", "wheel_picture")
        made: str = macro(wheel.picture(page, place), skip_to=skip_to, who=speaker_word(page.filters.group))
        return made

    return _remember(("wheel", place, skip_to, page.filters.group, *_same(page)), make)


def list_html(page: ResultPage) -> Markup:
    """Return the list of a published round, filtered and sorted as asked."""

    def make() -> str:
        macro = get_template_attribute("observatorium/_result_parts.html", "result_list")
        made: str = macro(page, speaker_word(page.filters.group), language())
        return made

    return _remember(("list", page.filters, *_same(page)), make)


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
