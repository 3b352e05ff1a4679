"""The list of solutions: what a reader asks of it as conditions, and one page of it in an order."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import ARRAY

from portal.goals.queries import linked
from portal.kernel import municipalities
from portal.kernel.content import PublicationState, Ref
from portal.kernel.db import db
from portal.kernel.i18n import language
from portal.kernel.paging import paginate
from portal.kernel.richtext import excerpt
from portal.kernel.slugs import slug
from portal.search.queries import matching
from portal.solutions import policy
from portal.solutions.events.solutions import SOLUTION
from portal.solutions.facts import Cost, Evidence, Size, Theme
from portal.solutions.models.solutions import Solution, SolutionTranslation

GOAL, INDICATOR = "goal", "indicator"
ON_A_PAGE = 20
LINE = 160
"""Letters of the one line of meaning."""
READ = 600
"""Letters that are read of a text to make the line of."""
EMPTY = "losning"
"""The word of an address when the title gives none."""


class Sort(StrEnum):
    """The order of the list."""

    NEWEST = "newest"
    IN_USE = "in_use"
    """Those that most others have in use."""


@dataclass(frozen=True, kw_only=True)
class Filters:
    """What the list is narrowed to."""

    words: str = ""
    theme: Theme | None = None
    size: Size | None = None
    cost: Cost | None = None
    """At most."""
    evidence: Evidence | None = None
    """At least."""
    municipality: str = ""
    goal: int | None = None
    indicator: int | None = None
    sort: Sort = Sort.NEWEST


@dataclass(frozen=True, kw_only=True)
class SolutionRow:
    """One solution in a list, in the reader's language where it is told in that."""

    id: int
    slug: str
    title: str
    line: str
    language: str
    municipality: str
    """The name of the one it belongs to."""
    theme: Theme
    cost: Cost
    evidence: Evidence
    in_use: int
    shown_at: datetime
    changed_at: datetime


@dataclass(frozen=True, kw_only=True)
class ListPage:
    """One page of the list."""

    rows: Sequence[SolutionRow]
    next: str | None
    municipalities: Sequence[tuple[str, str]]
    """Those that share anything: number and name, by name."""


ORDERS: Mapping[Sort, tuple[Any, ...]] = {
    Sort.NEWEST: (Solution.shown_at.desc(), Solution.id.desc()),
    Sort.IN_USE: (Solution.in_use.desc(), Solution.shown_at.desc(), Solution.id.desc()),
}


def list_page(asked: Filters, cursor: str | None) -> ListPage:
    """Return one page of the list: two statements, and one more when there are words to look for."""
    statement = rows().where(*conditions(asked))
    found = paginate(statement, *ORDERS[asked.sort], cursor=cursor, limit=ON_A_PAGE)
    return ListPage(rows=[row(each) for each in found.items], next=found.next, municipalities=sharing())


def first(asked: Filters, *, limit: int) -> Sequence[SolutionRow]:
    """Return the first of a list, for feeds and other pages: one statement, two when there are words to look for."""
    statement = rows().where(*conditions(asked)).order_by(*ORDERS[asked.sort]).limit(limit)
    return [row(each) for each in db.session.execute(statement)]


def conditions(asked: Filters) -> list[sa.ColumnElement[bool]]:
    """Return what a solution must be to stand in the list; one statement when there are words to find."""
    return [policy.visible(), *_of_itself(asked), *_about(asked)]


def sharing() -> Sequence[tuple[str, str]]:
    """Return the municipalities that share anything, number and name, in one statement.

    It looks each of the register's up in the index: as much work however many solutions there are.
    """
    asked = _numbers()
    shares = sa.exists().where(policy.visible(), Solution.municipality_number == asked.c.value)
    numbers = db.session.scalars(sa.select(asked.c.value).where(shares))
    return sorted(((each, owner(each)) for each in numbers), key=lambda each: each[1].casefold())


def owner(number: str) -> str:
    """Return the name of a municipality; its number when the register doesn't have it."""
    found = municipalities.find(number)
    return found.name if found else number


def rows() -> sa.Select[Any]:
    """Select what a row shows, one row a solution."""
    told = sa.and_(
        SolutionTranslation.solution_id == Solution.id,
        SolutionTranslation.language == language(),
        SolutionTranslation.state == PublicationState.PUBLISHED,
        SolutionTranslation.of_edition == Solution.edition,
    )
    line = sa.func.coalesce(sa.func.nullif(_in_words("summary"), ""), _in_words("problem"))
    return (
        sa.select(
            Solution.id,
            Solution.title.label("own_title"),
            _in_words("title").label("title"),
            sa.func.substr(line, 1, READ).label("line"),
            _in_words("language").label("language"),
            Solution.municipality_number,
            Solution.theme,
            Solution.cost_class,
            Solution.evidence,
            Solution.in_use,
            Solution.shown_at,
            Solution.edited_at,
        )
        .select_from(Solution)
        .outerjoin(SolutionTranslation, told)
    )


def row(found: Any) -> SolutionRow:
    """Return one selected row."""
    return SolutionRow(
        id=found.id,
        slug=slug(found.own_title, EMPTY),
        title=found.title,
        line=excerpt(found.line, LINE),
        language=found.language,
        municipality=owner(found.municipality_number),
        theme=found.theme,
        cost=found.cost_class,
        evidence=found.evidence,
        in_use=found.in_use,
        shown_at=found.shown_at,
        changed_at=max(found.shown_at, found.edited_at or found.shown_at),
    )


def _numbers() -> sa.TableValuedAlias:
    """Return the numbers of the register as a table with the column `value`."""
    numbers = [each.number for each in municipalities.all_municipalities()]
    if db.session.get_bind().dialect.name == "sqlite":
        return sa.func.json_each(json.dumps(numbers)).table_valued("value")
    return sa.func.unnest(sa.literal(numbers, ARRAY(sa.String))).table_valued("value").render_derived()


def _in_words(name: str) -> sa.ColumnElement[str]:
    """Return a text in the reader's language where it is told in that, else in its own."""
    translated, own = getattr(SolutionTranslation, name), getattr(Solution, name)
    return sa.case((SolutionTranslation.id.is_not(None), translated), else_=own)


def _of_itself(asked: Filters) -> Iterator[sa.ColumnElement[bool]]:
    if asked.theme:
        yield Solution.theme == asked.theme
    if asked.size:
        yield Solution.size == asked.size
    if asked.cost:
        costs = list(Cost)
        yield Solution.cost_class.in_(costs[: costs.index(asked.cost) + 1])
    if asked.evidence:
        levels = list(Evidence)
        yield Solution.evidence.in_(levels[levels.index(asked.evidence) :])


def _about(asked: Filters) -> Iterator[sa.ColumnElement[bool]]:
    if asked.words:
        found = matching(asked.words, SOLUTION)
        yield sa.false() if found is None else Solution.id.in_(found)
    if asked.municipality:
        yield Solution.municipality_number == asked.municipality
    for kind, number in ((GOAL, asked.goal), (INDICATOR, asked.indicator)):
        if number:
            yield Solution.id.in_(linked(SOLUTION, Ref(kind, number)))
