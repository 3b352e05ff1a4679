"""Making one idea part of another when they are the same, and undoing it exactly."""

from __future__ import annotations

from collections.abc import Mapping

import sqlalchemy as sa

from portal.ideas import policy
from portal.ideas.actions.steps import add_step, title_of
from portal.ideas.events.ideas import IDEA
from portal.ideas.events.merging import IdeasMerged, MergeUndone
from portal.ideas.models.cases import Merge, Step
from portal.ideas.models.ideas import Idea
from portal.kernel import clock
from portal.kernel.content import PublicationState, Ref
from portal.kernel.db import atomic, db
from portal.kernel.errors import Conflict, Forbidden, Invalid, NotFound
from portal.kernel.events import publish
from portal.kernel.i18n import _l
from portal.kernel.identity import Actor
from portal.participation.actions.uniting import separate, unite

NOT_NOW = _l("Den ene av ideene er alt slått sammen med en annen, eller vises ikke lenger. Se over på nytt.")


@atomic
def merge_ideas(actor: Actor, kept_id: int, merged_id: int, reason: str) -> Merge:
    """Make one idea part of another. Supporters are united and none counted twice; both authors are told why.

    Raises Conflict when somebody else was first, Invalid without a reason.
    """
    _must_manage(actor)
    if kept_id == merged_id:
        raise Invalid("other", _l("Velg en annen idé enn den du står på."))
    if not reason.strip():
        raise Invalid("reason", _l("Skriv hvorfor de to er samme idé. Begge forfatterne får lese det."))
    ideas = _locked(kept_id, merged_id)
    kept, merged = ideas[kept_id], ideas[merged_id]
    if kept.state not in policy.SHOWN or merged.state not in policy.SHOWN:
        raise Conflict(NOT_NOW)
    if kept.state is PublicationState.INTERNAL and merged.state is PublicationState.PUBLISHED:
        raise Invalid("other", _l("En idé alle kan se, kan ikke bli en del av en som bare ansatte ser."))
    made = Merge(
        kept_id=kept.id,
        merged_id=merged.id,
        state_before=merged.state.value,
        reason=reason,
        by_id=actor.id,
        by_title=title_of(actor, kept),
        at=clock.now(),
    )
    db.session.add(made)
    merged.state = PublicationState.MERGED
    db.session.flush()
    unite(actor, Ref(IDEA, kept.id), Ref(IDEA, merged.id), leave_out={kept.author_id})
    for idea, other in ((kept, merged), (merged, kept)):
        details = {"with": other.id, "title": other.title, "into": kept.id}
        add_step(actor, idea, Step.MERGED, text=reason, details=details)
    publish(IdeasMerged(actor=actor, merge_id=made.id, kept_id=kept.id, merged_id=merged.id))
    return made


@atomic
def undo_merge(actor: Actor, merge_id: int) -> Merge:
    """Undo it: both ideas are as they were, with the supporters they had, and what came since stays where it came."""
    _must_manage(actor)
    found = db.session.get(Merge, merge_id, with_for_update=True, populate_existing=True)
    if found is None:
        raise NotFound(_l("Vi finner ikke denne sammenslåingen."))
    if found.undone_at is not None:
        return found
    ideas = _locked(found.kept_id, found.merged_id)
    kept, merged = ideas[found.kept_id], ideas[found.merged_id]
    if kept.state is PublicationState.MERGED:
        words = _l("«%(title)s» er selv slått sammen med en annen. Angre den sammenslåingen først.", title=kept.title)
        raise Conflict(words)
    found.undone_at, found.undone_by_id = clock.now(), actor.id
    if merged.state is PublicationState.MERGED:
        merged.state = PublicationState(found.state_before)
    db.session.flush()
    separate(actor, Ref(IDEA, kept.id), Ref(IDEA, merged.id))
    for idea, other in ((kept, merged), (merged, kept)):
        add_step(actor, idea, Step.SEPARATED, details={"with": other.id, "title": other.title})
    publish(MergeUndone(actor=actor, merge_id=found.id, kept_id=kept.id, merged_id=merged.id))
    return found


def _must_manage(actor: Actor) -> None:
    if not policy.may_manage(actor):
        raise Forbidden(_l("Bare innovasjonsrådgivere slår sammen ideer."))


def _locked(*ids: int) -> Mapping[int, Idea]:
    """Return the ideas, locked in the order of their numbers, so that two merges at once don't wait for each other."""
    rows = sa.select(Idea).where(Idea.id.in_(ids)).order_by(Idea.id).with_for_update()
    found = {each.id: each for each in db.session.scalars(rows.execution_options(populate_existing=True))}
    if len(found) < len(set(ids)):
        raise NotFound(policy.NOT_FOUND)
    return found
