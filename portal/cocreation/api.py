"""Samskaping projects in the public API."""

from __future__ import annotations

from flask import Blueprint, Response, url_for

from portal import config
from portal.cocreation.phases import Phase
from portal.cocreation.queries import resources
from portal.cocreation.queries.listing import Filters
from portal.cocreation.queries.resources import ProjectList, ProjectWhole
from portal.cocreation.typology import ProjectType
from portal.kernel import asking
from portal.kernel.access import public
from portal.kernel.openapi import Parameter, describe

bp = Blueprint("cocreation_api", __name__, url_prefix="/api/v1")

FILTERS = (
    asking.WORDS,
    Parameter("type", "Its type, after Ulrich.", values=tuple(ProjectType)),
    Parameter("state", "The phase it is in.", values=tuple(Phase)),
    Parameter("ended", "Whether the project is over.", values=asking.YES_OR_NO),
    asking.SERVICE_AREA,
    asking.NEIGHBOURHOOD,
    asking.GOAL,
    asking.INDICATORS,
    asking.since_parameter("Only what something has happened in since."),
    *asking.PAGING,
)


@bp.get("/projects")
@public
@describe("Samskaping projects that everybody can see, newest first", ProjectList, *FILTERS)
def projects() -> Response:
    """Answer with one page of projects."""
    asked = _filters()
    return asking.page(resources.projects(asked, asking.since(), asking.cursor(), asking.limit(), _address))


@bp.get("/projects/<int:project_id>")
@public
@describe("One project with its way through the phases", ProjectWhole, may_be_missing=True)
def project(project_id: int) -> Response:
    """Answer with one project."""
    return asking.answer(resources.project(project_id, _address))


def _filters() -> Filters:
    return Filters(
        words=asking.words(),
        type=asking.one_of(ProjectType, "type"),
        phase=asking.one_of(Phase, "state"),
        service_area=asking.number("service_area"),
        neighbourhood=asking.word("neighbourhood"),
        goal=asking.number("goal", most=17),
        indicator=asking.indicator(),
        ended=asking.flag("ended"),
    )


def _address(project_id: int, slug: str) -> str:
    return config.current().base_url + url_for("cocreation.show", project_id=project_id, slug=slug)
