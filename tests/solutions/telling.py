"""Solutions for the browser tests: one with all it can have, one that waits, and one from another portal."""

from __future__ import annotations

import sqlalchemy as sa

from portal.accounts.models import ServiceArea
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
from portal.solutions.adoption import Adopter, AdopterKind, Step
from portal.solutions.events.solutions import SOLUTION, TRANSLATION
from portal.solutions.models.adoptions import Adoption
from portal.solutions.models.solutions import Solution
from tests.solutions.adopting import HERE, adopted, told_from
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
    theirs = imported(adviser, IMPORTED)
    note_solution(adviser, theirs.id, "Drift vurderer den for **neste vinter**.")
    _take(adviser, solution, theirs)


def _take(adviser: Actor, ours: Solution, theirs: Solution) -> None:
    """Let units here, the home municipality and others' portals take the solutions in use."""
    area = db.session.scalars(sa.select(ServiceArea.id).where(ServiceArea.active).order_by(ServiceArea.id)).first()
    learnt = "Begynn med to beboere, og spør **pårørende** først."
    adopted(
        adviser, ours, Adopter(AdopterKind.UNIT, str(area)), Step.PILOTING, adapted="Vi lager frokost.", learning=learnt
    )
    adopted(adviser, theirs, HERE, result="Fire av fem brøytebiler melder selv fra.", contact_title="Leder for drift")
    for municipality, step in (("3312", Step.IN_USE), ("3201", Step.STOPPED), ("5501", Step.IN_USE)):
        told_from(adviser, ours, municipality, step)


def adoption() -> int:
    """Return the number of what the home municipality told last of a neighbour's solution."""
    told = sa.select(Adoption.id).where(Adoption.adopter == str(HERE)).order_by(Adoption.id.desc())
    return db.session.scalars(told.limit(1)).one()


def number(title: str) -> int:
    """Return the number of a solution that was told."""
    return db.session.scalars(sa.select(Solution.id).where(Solution.title == title)).one()
