"""Ideas and tidstyver in the public API."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any, TypeVar
from urllib.parse import urlencode

import msgspec
from flask import Blueprint, Response, current_app, request, url_for

from portal import config
from portal.ideas.queries import resources
from portal.ideas.queries.filters import INDICATOR, Filters
from portal.ideas.queries.resources import IdeaList, IdeaWhole, TimeThiefList
from portal.ideas.stages import IdeaKind, Stage
from portal.kernel.access import public
from portal.kernel.errors import Invalid
from portal.kernel.extensions import content
from portal.kernel.i18n import _l
from portal.kernel.openapi import Parameter, describe
from portal.kernel.richtext import clean_line

bp = Blueprint("ideas_api", __name__, url_prefix="/api/v1")

E = TypeVar("E", bound=StrEnum)

LIMIT, MOST = 50, 100
FILTERS = (
    Parameter("q", "Words to look for."),
    Parameter("state", "How far the case has come: received, assessing, decided, under_way, realised, closed."),
    Parameter("service_area", "The number of a service area.", kind="integer"),
    Parameter("neighbourhood", "The slug of a lokalsamfunn."),
    Parameter("goal", "One of the 17 goals.", kind="integer"),
    Parameter("indicator", "One of the 39 indicators.", example="1.8"),
    Parameter("campaign", "The slug of a campaign."),
    Parameter("answered", "true or false: whether the municipality has given a first answer."),
    Parameter("updated_since", "Only what has changed since this time.", example="2026-01-01T00:00:00Z"),
    Parameter("limit", f"How many on a page: {LIMIT}, at most {MOST}.", kind="integer"),
    Parameter("cursor", "Where the page begins: `next` of the page before."),
)


@bp.get("/ideas")
@public
@describe(
    "Ideas that everybody can see, newest first",
    IdeaList,
    Parameter("kind", "innovation or time_thief."),
    *FILTERS,
)
def ideas() -> Response:
    """Answer with one page of ideas."""
    asked = replace(_filters(), kind=_one_of(IdeaKind, "kind"))
    return _page(resources.ideas(asked, _since(), request.args.get("cursor"), _limit(), _address))


@bp.get("/ideas/<int:idea_id>")
@public
@describe("One idea with the public steps of its case", IdeaWhole, may_be_missing=True)
def idea(idea_id: int) -> Response:
    """Answer with one idea."""
    return _json(resources.idea(idea_id, _address))


@bp.get("/time-thieves")
@public
@describe("Tidstyver that everybody can see, newest first, with their hours", TimeThiefList, *FILTERS)
def time_thieves() -> Response:
    """Answer with one page of tidstyver."""
    asked = replace(_filters(), kind=IdeaKind.TIME_THIEF)
    return _page(resources.time_thieves(asked, _since(), request.args.get("cursor"), _limit(), _address))


def _filters() -> Filters:
    """Read the filters; what can't be, raises Invalid: a program wants to know."""
    answered = request.args.get("answered")
    if answered not in {None, "true", "false"}:
        raise Invalid("answered", _l("Oppgi true eller false."))
    return Filters(
        words=clean_line(request.args.get("q", "")[:200]),
        status=_one_of(Stage, "state"),
        service_area=_number("service_area"),
        neighbourhood=_word("neighbourhood"),
        goal=_number("goal"),
        indicator=_indicator(),
        campaign=_word("campaign"),
        answered=None if answered is None else answered == "true",
    )


def _one_of(kind: type[E], name: str) -> E | None:
    value = request.args.get(name)
    if value is None:
        return None
    found = next((each for each in kind if each.value == value), None)
    if found is None:
        raise Invalid(name, _l("Oppgi en av disse: %(values)s", values=", ".join(each.value for each in kind)))
    return found


def _number(name: str) -> int | None:
    value = request.args.get(name)
    if value is None:
        return None
    if not (value.isascii() and value.isdecimal() and len(value) < 10):
        raise Invalid(name, _l("Oppgi et tall."))
    return int(value)


def _word(name: str) -> str:
    value = request.args.get(name, "")
    if not value.isprintable() or len(value) > 80:
        raise Invalid(name, _l("Oppgi et kort navn, slik det står i adressen."))
    return value


def _limit() -> int:
    limit = _number("limit")
    if limit is not None and not 1 <= limit <= MOST:
        raise Invalid("limit", _l("Oppgi et tall fra 1 til %(most)d.", most=MOST))
    return limit or LIMIT


def _since() -> datetime | None:
    value = request.args.get("updated_since")
    if not value:
        return None
    try:
        moment = datetime.fromisoformat(value)
    except ValueError as error:
        raise Invalid("updated_since", _l("Oppgi tiden slik: 2026-01-01T00:00:00Z.")) from error
    return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment


def _indicator() -> int | None:
    asked, kind = request.args.get("indicator"), content().find(INDICATOR)
    if asked is None or kind is None or kind.options is None:
        return None
    found = next((each.id for each in kind.options("nb") if each.label.split(" ", 1)[0] == asked), None)
    if found is None:
        raise Invalid("indicator", _l("Oppgi nummeret på en av de 39, for eksempel 1.8."))
    return found


def _address(idea_id: int, slug: str) -> str:
    return config.current().base_url.rstrip("/") + url_for("ideas.show", idea_id=idea_id, slug=slug)


def _page(content: IdeaList | TimeThiefList) -> Response:
    response = _json(content)
    if content.next:
        kept: dict[str, Any] = {**request.args.to_dict(), "cursor": content.next}
        base = config.current().base_url.rstrip("/")
        response.headers["Link"] = f'<{base}{request.path}?{urlencode(kept)}>; rel="next"'
    return response


def _json(content: object) -> Response:
    return current_app.response_class(msgspec.json.encode(content), content_type="application/json")
