"""Ideas and tidstyver in the public API."""

from __future__ import annotations

from dataclasses import replace

from flask import Blueprint, Response, url_for

from portal import config
from portal.ideas.queries import resources
from portal.ideas.queries.filters import Filters
from portal.ideas.queries.resources import IdeaList, IdeaWhole, TimeThiefList
from portal.ideas.stages import IdeaKind, Stage
from portal.kernel import asking
from portal.kernel.access import public
from portal.kernel.openapi import Parameter, describe

bp = Blueprint("ideas_api", __name__, url_prefix="/api/v1")

FILTERS = (
    asking.WORDS,
    Parameter("state", "How far the case has come.", values=tuple(Stage)),
    asking.SERVICE_AREA,
    asking.NEIGHBOURHOOD,
    asking.GOAL,
    asking.INDICATORS,
    Parameter("campaign", "The slug of a campaign.", pattern=asking.WORD),
    Parameter("answered", "Whether the municipality has given a first answer.", values=asking.YES_OR_NO),
    asking.since_parameter("Only what has changed since this time."),
    *asking.PAGING,
)


@bp.get("/ideas")
@public
@describe(
    "Ideas that everybody can see, newest first",
    IdeaList,
    Parameter("kind", "What kind of idea.", values=tuple(IdeaKind)),
    *FILTERS,
)
def ideas() -> Response:
    """Answer with one page of ideas."""
    asked = replace(_filters(), kind=asking.one_of(IdeaKind, "kind"))
    return asking.page(resources.ideas(asked, asking.since(), asking.cursor(), asking.limit(), _address))


@bp.get("/ideas/<int:idea_id>")
@public
@describe("One idea with the public steps of its case", IdeaWhole, may_be_missing=True)
def idea(idea_id: int) -> Response:
    """Answer with one idea."""
    return asking.answer(resources.idea(idea_id, _address))


@bp.get("/time-thieves")
@public
@describe("Tidstyver that everybody can see, newest first, with their hours", TimeThiefList, *FILTERS)
def time_thieves() -> Response:
    """Answer with one page of tidstyver."""
    asked = replace(_filters(), kind=IdeaKind.TIME_THIEF)
    return asking.page(resources.time_thieves(asked, asking.since(), asking.cursor(), asking.limit(), _address))


def _filters() -> Filters:
    return Filters(
        words=asking.words(),
        status=asking.one_of(Stage, "state"),
        service_area=asking.number("service_area"),
        neighbourhood=asking.word("neighbourhood"),
        goal=asking.number("goal", most=17),
        indicator=asking.indicator(),
        campaign=asking.word("campaign"),
        answered=asking.flag("answered"),
    )


def _address(idea_id: int, slug: str) -> str:
    return config.current().base_url + url_for("ideas.show", idea_id=idea_id, slug=slug)
