"""Solutions for the browser tests: one with all it can have, one that waits, and one from another portal."""

from __future__ import annotations

import sqlalchemy as sa

from portal.kernel.content import Ref
from portal.kernel.db import db
from portal.kernel.identity import Actor
from portal.solutions.actions.sharing import (
    WordsDraft,
    edit_solution,
    note_solution,
    share_solution,
    translate_solution,
)
from portal.solutions.events.solutions import SOLUTION, TRANSLATION
from portal.solutions.models.solutions import Solution
from tests.support.solutions import PROBLEM, draft, imported, shared, show

TOLD = "Middag sammen hver torsdag"
WAITING = "Leksehjelp på biblioteket"
IMPORTED = "Varslingsapp for snørydding"


def tell(employee: Actor, adviser: Actor) -> None:
    """Share a solution, change and translate it; share one that waits; note something beside another portal's."""
    more = {
        "summary": "En frivillig og en beboer lager mat **sammen**.",
        "adaptable": "Ukedag og sted.",
        "context": "I omsorgsboligene på Heggedal.",
        "cost": "To timer i uka for én ansatt.",
        "prerequisites": "Et kjøkken, og en avtale med frivilligsentralen.",
        "results": "Seks av ti beboere spiser bedre.",
        "risk": "Matallergi. Ingen personopplysninger.",
        "procedures": "1. Spør beboerne\n2. Finn frivillige\n3. Begynn",
    }
    solution = shared(employee, TOLD, goals=(3,), indicators=(108,), **more)
    translated = WordsDraft(title="Middag i lag kvar torsdag", problem=PROBLEM, core="Lage mat i lag.", language="nn")
    show(Ref(TRANSLATION, translate_solution(employee, solution.id, translated).id))
    newer = draft(TOLD, goals=(3,), indicators=(108,), **(more | {"results": "Sju av ti beboere spiser bedre."}))
    edit_solution(employee, solution.id, newer, version=solution.version)
    show(Ref(SOLUTION, solution.id))
    share_solution(employee, draft(WAITING))
    note_solution(adviser, imported(adviser, IMPORTED).id, "Drift vurderer den for **neste vinter**.")


def number(title: str) -> int:
    """Return the number of a solution that was told."""
    return db.session.scalars(sa.select(Solution.id).where(Solution.title == title)).one()
