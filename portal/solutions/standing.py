"""How a solution stands: held while it is changed, what it said kept beside, its words taken away."""

from __future__ import annotations

import sqlalchemy as sa

from portal.files import actions as files
from portal.goals import actions as goals
from portal.goals.events import GOAL, SUBGOAL
from portal.kernel import clock
from portal.kernel.content import PublicationState, Ref
from portal.kernel.db import db, delete_rows
from portal.kernel.events import publish
from portal.kernel.identity import SYSTEM, Actor
from portal.solutions import policy
from portal.solutions.events.solutions import SOLUTION, TranslationWithdrawn
from portal.solutions.facts import INDICATOR
from portal.solutions.models.solutions import WORDS, Solution, SolutionTranslation, SolutionVersion


def lock(actor: Actor, solution_id: int) -> Solution:
    """Return a solution that somebody may read, locked against others' changes. Raises NotFound."""
    found = db.session.get(Solution, solution_id, with_for_update=True, populate_existing=True)
    return policy.must_read(actor, found)


def keep_version(solution: Solution) -> None:
    """Keep what a solution says beside, when it was shown, before it says something else."""
    if solution.state is not PublicationState.PUBLISHED:
        return
    before = {name: getattr(solution, name) for name in (*WORDS, "language", "edition")}
    db.session.add(SolutionVersion(solution_id=solution.id, until=clock.now(), hidden=False, **before))
    solution.edition += 1


def empty(solution: Solution) -> None:
    """Take a solution's texts, files, links and versions away."""
    ref = Ref(SOLUTION, solution.id)
    files.remove_all(SYSTEM, ref)
    for kind in (GOAL, SUBGOAL, INDICATOR):
        goals.link(SYSTEM, ref, kind, ())
    for name in (*WORDS, "contact_title", "local_note"):
        setattr(solution, name, "")
    solution.state = PublicationState.WITHDRAWN
    db.session.flush()
    delete_rows(sa.delete(SolutionVersion).where(SolutionVersion.solution_id == solution.id))


def take_back_translation(actor: Actor, translation: SolutionTranslation) -> None:
    """Take a translation's words away; whoever asks has decided that they go, and holds the solution's lock."""
    for name in WORDS:
        setattr(translation, name, "")
    translation.state = PublicationState.WITHDRAWN
    db.session.flush()
    publish(TranslationWithdrawn(actor=actor, translation_id=translation.id, solution_id=translation.solution_id))
