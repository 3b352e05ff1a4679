"""Which municipalities share solutions, which use them, and who has what from whom: for the map of the country."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import sqlalchemy as sa

from portal.kernel.content import PublicationState
from portal.kernel.db import db
from portal.kernel.slugs import slug
from portal.solutions import policy
from portal.solutions.adoption import Step
from portal.solutions.facts import Theme
from portal.solutions.models.adoptions import Adoption
from portal.solutions.models.solutions import Solution
from portal.solutions.queries.listing import EMPTY, SolutionRow, owner, row, rows

SHOWN = 30
"""Of what one municipality shares, and of what it uses."""


@dataclass(frozen=True, kw_only=True)
class Spread:
    """What is shared and used in the country, by the municipalities' numbers."""

    shared: Mapping[str, int]
    """How many solutions each shares."""
    used: Mapping[str, int]
    """How many solutions of others each has in use."""
    taken: Mapping[tuple[str, str], int]
    """How many solutions the second has in use from the first."""

    @property
    def numbers(self) -> Sequence[str]:
        """Return those that share or use anything, the ones with the most first."""
        everyone = {*self.shared, *self.used}
        return sorted(everyone, key=lambda number: (-self.weight(number), owner(number)))

    def weight(self, number: str) -> int:
        return self.shared.get(number, 0) + self.used.get(number, 0)


@dataclass(frozen=True, kw_only=True)
class UsedSolution:
    """A solution that a municipality has in use from another."""

    id: int
    slug: str
    title: str
    language: str
    municipality: str
    """The name of the one it comes from."""


@dataclass(frozen=True, kw_only=True)
class OfMunicipality:
    """What one municipality shares, and what it has in use from others."""

    shared: Sequence[SolutionRow]
    used: Sequence[UsedSolution]


def spread(theme: Theme | None = None) -> Spread:
    """Return what is shared and used, of everything or of one theme: two statements, however much it is."""
    about = [policy.visible()] + ([Solution.theme == theme] if theme else [])
    shared = db.session.execute(
        sa.select(Solution.municipality_number, sa.func.count()).where(*about).group_by(Solution.municipality_number)
    )
    giver, taker = Solution.municipality_number, Adoption.municipality_number
    used = db.session.execute(
        sa.select(giver, taker, sa.func.count(Solution.id.distinct()))
        .join(Solution, Solution.id == Adoption.solution_id)
        .where(*about, _in_use(), giver != taker)
        .group_by(giver, taker)
    )
    taken = {(source, target): count for source, target, count in used}
    totals: dict[str, int] = {}
    for (_source, target), count in taken.items():
        totals[target] = totals.get(target, 0) + count
    return Spread(shared={number: count for number, count in shared}, used=totals, taken=taken)  # noqa: C416 - a row is no pair to the checker


def of_municipality(number: str, theme: Theme | None = None) -> OfMunicipality:
    """Return what one municipality shares and uses, the most used and the newest first: two statements."""
    about = [policy.visible()] + ([Solution.theme == theme] if theme else [])
    shared = rows().where(*about, Solution.municipality_number == number)
    used = (
        sa.select(Solution.id, Solution.title, Solution.language, Solution.municipality_number)
        .join(Adoption, Adoption.solution_id == Solution.id)
        .where(*about, _in_use(), Adoption.municipality_number == number, Solution.municipality_number != number)
        .group_by(Solution.id, Solution.title, Solution.language, Solution.municipality_number)
        .order_by(sa.func.max(Adoption.in_use_since).desc(), Solution.id.desc())
        .limit(SHOWN)
    )
    return OfMunicipality(
        shared=[
            row(each)
            for each in db.session.execute(
                shared.order_by(Solution.in_use.desc(), Solution.shown_at.desc(), Solution.id.desc()).limit(SHOWN)
            )
        ],
        used=[
            UsedSolution(id=id_, slug=slug(title, EMPTY), title=title, language=language, municipality=owner(source))
            for id_, title, language, source in db.session.execute(used)
        ],
    )


def _in_use() -> sa.ColumnElement[bool]:
    """Return the condition for what counts as spread: not what is told, but what is in use."""
    return sa.and_(Adoption.step == Step.IN_USE, Adoption.state != PublicationState.WITHDRAWN)
