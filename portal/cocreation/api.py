"""Samskaping projects in the public API."""

from __future__ import annotations

from datetime import UTC, datetime
from enum import StrEnum
from typing import Any, TypeVar
from urllib.parse import urlencode

import msgspec
from flask import Blueprint, Response, current_app, request, url_for

from portal import config
from portal.cocreation.phases import Phase
from portal.cocreation.queries import resources
from portal.cocreation.queries.listing import INDICATOR, Filters
from portal.cocreation.queries.resources import ProjectList, ProjectWhole
from portal.cocreation.typology import ProjectType
from portal.kernel.access import public
from portal.kernel.errors import Invalid
from portal.kernel.extensions import content
from portal.kernel.i18n import _l
from portal.kernel.openapi import Parameter, describe
from portal.kernel.richtext import clean_line

bp = Blueprint("cocreation_api", __name__, url_prefix="/api/v1")

E = TypeVar("E", bound=StrEnum)

LIMIT, MOST = 50, 100
FILTERS = (
    Parameter("q", "Words to look for."),
    Parameter("type", "steered, responsible, equal or facilitating."),
    Parameter("state", "The phase: need, concept, plan, carry_out, close, realise."),
    Parameter("ended", "true or false: whether the project is over."),
    Parameter("service_area", "The number of a service area.", kind="integer"),
    Parameter("neighbourhood", "The slug of a lokalsamfunn."),
    Parameter("goal", "One of the 17 goals.", kind="integer"),
    Parameter("indicator", "One of the 39 indicators.", example="1.8"),
    Parameter("updated_since", "Only what something has happened in since.", example="2026-01-01T00:00:00Z"),
    Parameter("limit", f"How many on a page: {LIMIT}, at most {MOST}.", kind="integer"),
    Parameter("cursor", "Where the page begins: `next` of the page before."),
)


@bp.get("/projects")
@public
@describe("Samskaping projects that everybody can see, newest first", ProjectList, *FILTERS)
def projects() -> Response:
    """Answer with one page of projects."""
    found = resources.projects(_filters(), _since(), request.args.get("cursor"), _limit(), _address)
    response = _json(found)
    if found.next:
        kept: dict[str, Any] = {**request.args.to_dict(), "cursor": found.next}
        base = config.current().base_url.rstrip("/")
        response.headers["Link"] = f'<{base}{request.path}?{urlencode(kept)}>; rel="next"'
    return response


@bp.get("/projects/<int:project_id>")
@public
@describe("One project with its way through the phases", ProjectWhole, may_be_missing=True)
def project(project_id: int) -> Response:
    """Answer with one project."""
    return _json(resources.project(project_id, _address))


def _filters() -> Filters:
    """Read the filters; what can't be, raises Invalid: a program wants to know."""
    ended = request.args.get("ended")
    if ended not in {None, "true", "false"}:
        raise Invalid("ended", _l("Oppgi true eller false."))
    return Filters(
        words=clean_line(request.args.get("q", "")[:200]),
        type=_one_of(ProjectType, "type"),
        phase=_one_of(Phase, "state"),
        service_area=_number("service_area"),
        neighbourhood=_word("neighbourhood"),
        goal=_number("goal"),
        indicator=_indicator(),
        ended=None if ended is None else ended == "true",
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


def _address(project_id: int, slug: str) -> str:
    return config.current().base_url.rstrip("/") + url_for("cocreation.show", project_id=project_id, slug=slug)


def _json(content: object) -> Response:
    return current_app.response_class(msgspec.json.encode(content), content_type="application/json")
