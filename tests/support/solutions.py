"""Solutions for tests: shared and let through."""

from __future__ import annotations

from typing import Any

from portal.kernel.content import PublicationState, Ref, Restriction
from portal.kernel.db import atomic
from portal.kernel.extensions import content
from portal.kernel.identity import Actor
from portal.solutions.actions.sharing import SolutionDraft, WordsDraft, share_solution
from portal.solutions.events.solutions import SOLUTION
from portal.solutions.facts import Cost, Evidence, Size, Theme
from portal.solutions.models.solutions import Solution

PROBLEM = "Eldre som bor alene, spiser for lite."
CORE = "En frivillig og en beboer lager mat sammen, hver uke på samme tid."


def draft(title: str = "Middag sammen", **given: Any) -> SolutionDraft:
    """Return what a solution may say; words and facts can be given by name."""
    words = {"problem": PROBLEM, "core": CORE} | {
        name: given.pop(name) for name in list(given) if name in WordsDraft.__dataclass_fields__
    }
    facts: dict[str, Any] = {
        "theme": Theme.HEALTH,
        "cost_class": Cost.LOW,
        "evidence": Evidence.TOLD,
        "size": Size.LARGE,
        "contact_title": "Rådgiver for folkehelse",
    }
    return SolutionDraft(words=WordsDraft(title=title, **words), **(facts | given))


def shared(actor: Actor, title: str = "Middag sammen", *, origin: Ref | None = None, **given: Any) -> Solution:
    """Return a solution that everybody may read."""
    solution = share_solution(actor, draft(title, **given), origin=origin)
    if solution.state is not PublicationState.PUBLISHED:
        show(Ref(SOLUTION, solution.id))
    return solution


@atomic
def show(ref: Ref) -> None:
    """Let something through as a moderator would."""
    restrict = content().kind(ref.kind).restrict
    assert restrict is not None
    restrict(ref, Restriction(state=PublicationState.PUBLISHED))


@atomic
def imported(actor: Actor, title: str = "Middag sammen", number: str = "3201", **given: Any) -> Solution:
    """Return a solution that everybody may read, come from another municipality's portal."""
    solution = shared(actor, title, **given)
    solution.municipality_number, solution.source_version = number, 1
    solution.source_uri = f"https://innbygger.example.no/losninger/{solution.id}"
    return solution
