"""Which of our solutions changed in which order: what partners read."""

from __future__ import annotations

import secrets

import sqlalchemy as sa

from portal import config
from portal.kernel import clock
from portal.kernel.content import PublicationState
from portal.kernel.db import atomic, db, delete_rows, insert_once
from portal.kernel.events import publish
from portal.kernel.identity import SYSTEM, Actor
from portal.partners.events import FeedBegunAnew
from portal.partners.models.feed import FeedChange, FeedHead
from portal.solutions.models.solutions import Solution

SHOWN = PublicationState.PUBLISHED
UNDECIDED = PublicationState.PENDING
"""New words wait for a moderator: what partners have stands until they are decided."""


@atomic
def note_change(actor: Actor, solution_id: int) -> None:
    """Put a solution of the home municipality last in the feed: as it is now, or as gone.

    Others' solutions are their own portals' to tell of, and what never was shown is told to nobody.
    """
    solution = db.session.get(Solution, solution_id)
    if solution is None or not _is_ours(solution) or solution.state is UNDECIDED:
        return
    gone = solution.state is not SHOWN
    head = hold_head(actor)
    change = db.session.get(FeedChange, solution_id, populate_existing=True)
    if change is None:
        if gone:
            return
        change = FeedChange(solution_id=solution_id, at=clock.now())
        db.session.add(change)
    elif gone and change.gone:
        return
    head.position += 1
    change.position, change.gone = head.position, gone
    change.at = max(clock.now(), change.at)  # a clock that was set back turns no reader away
    db.session.flush()


@atomic
def begin_feed_anew(actor: Actor = SYSTEM) -> int:
    """Number the feed from the start, with what is shown now and what is gone; return how many.

    After a restore numbers are given a second time, and a reader that has seen the first would miss what came after:
    under another name its cursor is refused, and it begins at the beginning. What was put into the database in bulk,
    without an event for each, is told from then on too.
    """
    head = hold_head(actor)
    head.name, head.position = secrets.token_hex(8), 0
    told = set(db.session.scalars(sa.select(FeedChange.solution_id)))
    delete_rows(sa.delete(FeedChange))
    ours = sa.select(Solution).where(
        Solution.source_uri.is_(None), Solution.municipality_number == config.current().municipality_number
    )
    for solution in db.session.scalars(ours.order_by(Solution.id)):
        if solution.state is SHOWN or solution.id in told:
            head.position += 1
            gone = solution.state not in {SHOWN, UNDECIDED}
            change = FeedChange(solution_id=solution.id, position=head.position, gone=gone, at=clock.now())
            db.session.add(change)
    db.session.flush()
    publish(FeedBegunAnew(actor=actor))
    return head.position


def _is_ours(solution: Solution) -> bool:
    home = config.current().municipality_number
    return solution.source_uri is None and solution.municipality_number == home


@atomic
def hold_head(actor: Actor) -> FeedHead:
    """Return the counter, held until this transaction is over: numbers become visible in their order."""
    insert_once(FeedHead, {"id": 1, "name": secrets.token_hex(8), "position": 0})
    return db.session.get_one(FeedHead, 1, with_for_update=True, populate_existing=True)
