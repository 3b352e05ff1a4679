"""Solutions in the public API."""

from __future__ import annotations

from flask import Blueprint, Response, url_for

from portal import config
from portal.kernel import asking
from portal.kernel.access import public
from portal.kernel.openapi import Parameter, describe
from portal.solutions.facts import Cost, Evidence, Size, Theme
from portal.solutions.queries import resources
from portal.solutions.queries.listing import Filters
from portal.solutions.queries.resources import SolutionList, SolutionWhole

bp = Blueprint("solutions_api", __name__, url_prefix="/api/v1")

FILTERS = (
    asking.WORDS,
    Parameter("kind", "The theme.", values=tuple(Theme)),
    Parameter("size", "How large the municipality is that it was made in.", values=tuple(Size)),
    Parameter("cost_class", "What it takes to begin, at most.", values=tuple(Cost)),
    Parameter("evidence", "How well the effect is known, at least.", values=tuple(Evidence)),
    Parameter("municipality", "The number of the one it belongs to.", example="3203", pattern=asking.WORD),
    asking.GOAL,
    asking.INDICATORS,
    asking.since_parameter("Only what is new or changed since."),
    *asking.PAGING,
)


@bp.get("/solutions")
@public
@describe("Solutions that everybody can see, newest first", SolutionList, *FILTERS)
def solutions() -> Response:
    """Answer with one page of solutions."""
    asked = _filters()
    return asking.page(resources.solutions(asked, asking.since(), asking.cursor(), asking.limit(), _address))


@bp.get("/solutions/<int:solution_id>")
@public
@describe("One solution with its translations and those who took it in use", SolutionWhole, may_be_missing=True)
def solution(solution_id: int) -> Response:
    """Answer with one solution."""
    return asking.answer(resources.solution(solution_id, _address))


def _filters() -> Filters:
    return Filters(
        words=asking.words(),
        theme=asking.one_of(Theme, "kind"),
        size=asking.one_of(Size, "size"),
        cost=asking.one_of(Cost, "cost_class"),
        evidence=asking.one_of(Evidence, "evidence"),
        municipality=asking.word("municipality"),
        goal=asking.number("goal", most=17),
        indicator=asking.indicator(),
    )


def _address(solution_id: int, slug: str) -> str:
    return config.current().base_url + url_for("solutions.show", solution_id=solution_id, slug=slug)
