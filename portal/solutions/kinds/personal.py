"""What solutions keep about people: what staff wrote for their municipality, and what they told for an adopter."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import sqlalchemy as sa

from portal.accounts.models import Byline
from portal.kernel.content import PublicationState, Ref
from portal.kernel.db import db
from portal.kernel.i18n import ngettext
from portal.kernel.personal import NOTHING_LEFT, PersonalData, Terms
from portal.solutions.adoption import STEPS
from portal.solutions.events.adoptions import ADOPTION
from portal.solutions.events.solutions import SOLUTION
from portal.solutions.models.adoptions import Adoption
from portal.solutions.models.solutions import Solution, SolutionTranslation


def export(account_id: int) -> Mapping[str, Sequence[Mapping[str, Any]]]:
    """Return the solutions a person wrote and translated, and what they told for those who took one in use."""
    written = sa.select(
        Solution.id.label("number"),
        Solution.title,
        Solution.language,
        Solution.state,
        Solution.created_at,
    ).where(Solution.author_id == account_id, Solution.source_uri.is_(None))
    translated = sa.select(
        SolutionTranslation.solution_id.label("number"),
        SolutionTranslation.title,
        SolutionTranslation.language,
        SolutionTranslation.written_at,
    ).where(SolutionTranslation.author_id == account_id)
    told = sa.select(
        Adoption.solution_id.label("number"),
        Adoption.byline,
        Adoption.step,
        Adoption.result.label("text"),
        Adoption.written_at,
    ).where(Adoption.author_id == account_id, Adoption.source_uri.is_(None))
    return {
        "solutions": _rows(written),
        "solution_translations": _rows(translated),
        "adoptions": _rows(told),
    }


def erase(account_id: int, terms: Terms = NOTHING_LEFT) -> None:
    """Take a person's name off: what they wrote for a municipality or an adopter is that body's, and stays."""
    held = {Ref(ref.kind, ref.id) for ref in terms.held if ref.kind in {SOLUTION, ADOPTION}}
    solutions = sa.select(Solution).where(Solution.author_id == account_id)
    for solution in db.session.scalars(solutions.order_by(Solution.id).with_for_update()):
        if Ref(SOLUTION, solution.id) not in held:
            solution.byline, solution.organisation_id, solution.pseudonym = Byline.NAME, None, None
    db.session.flush()


def stays(account_id: int) -> Sequence[str]:
    """Say how many solutions stay: they are the municipality's."""
    written = sa.select(sa.func.count()).where(
        Solution.author_id == account_id,
        Solution.source_uri.is_(None),
        Solution.state != PublicationState.WITHDRAWN,
    )
    number = db.session.scalar(written) or 0
    return (
        [
            str(
                ngettext(
                    "%(num)d løsning du har delt for en kommune, blir stående uten navnet ditt.",
                    "%(num)d løsninger du har delt for en kommune, blir stående uten navnet ditt.",
                    number,
                )
            )
        ]
        if number
        else []
    )


def _rows(statement: sa.Executable) -> list[dict[str, Any]]:
    return [dict(row) for row in db.session.execute(statement).mappings()]


PERSONAL = PersonalData(
    name="solutions",
    tables=frozenset({"solutions", "solution_translations", "adoptions"}),
    export=export,
    erase=erase,
    words={"step": STEPS},
    stays=stays,
)
