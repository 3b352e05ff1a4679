"""Publishing and correcting a round: asked for by a coordinator, computed by the worker, stored once and for all."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from portal.kernel import clock, outbox
from portal.kernel.db import atomic, db
from portal.kernel.errors import Conflict, Forbidden, Invalid
from portal.kernel.events import publish
from portal.kernel.i18n import _l
from portal.kernel.identity import Actor
from portal.observatorium import policy
from portal.observatorium.actions.own_levels import OwnLevelDraft, store_own_levels
from portal.observatorium.events.rounds import PublishingStarted, RoundCorrected, RoundPublished
from portal.observatorium.models.rounds import Revision, RevisionResult, Round, RoundState
from portal.observatorium.queries.publishing import Computed, find_revision, newest_number
from portal.observatorium.queries.rounds import lock_round
from portal.observatorium.results import METHOD_VERSION

TOPIC = "observatorium.publish"


@dataclass(frozen=True, kw_only=True)
class CorrectionDraft:
    """Why a published result is corrected, and the own levels that were wrong."""

    reason: str
    own_levels: tuple[OwnLevelDraft, ...] = ()


@atomic
def publish_round(actor: Actor, slug: str) -> Round:
    """Ask the worker to compute and publish the result of a closed round."""
    round_ = lock_round(actor, slug)
    _require(actor, policy.may_publish(actor, round_), _l("Bare en lukket runde kan publiseres, og bare én gang."))
    _start(actor, round_, 1, "")
    return round_


@atomic
def correct_round(actor: Actor, slug: str, draft: CorrectionDraft) -> Round:
    """Ask the worker for a corrected result. The one that was published stays as it was."""
    round_ = lock_round(actor, slug)
    _require(actor, policy.may_correct(actor, round_), _l("Bare en publisert runde kan rettes, én retting om gangen."))
    if not draft.reason:
        raise Invalid("reason", _l("Skriv hva som rettes, og hvorfor. Begrunnelsen vises for alle."))
    store_own_levels(actor, round_, draft.own_levels)
    _start(actor, round_, newest_number(round_.id) + 1, draft.reason)
    return round_


@atomic
def tell_progress(actor: Actor, slug: str, done: int) -> None:
    """Say how many of the indicators are computed; nothing when the round no longer waits for it."""
    if not actor.is_system:
        raise Forbidden(_l("Bare portalen selv kan gjøre dette."))
    # Not through the round itself: a coordinator's form must not be refused because the worker got further.
    waiting = sa.and_(Round.slug == slug, Round.publishing_since.is_not(None))
    db.session.execute(sa.update(Round).where(waiting).values(publishing_step=done))


@atomic
def store_revision(actor: Actor, slug: str, number: int, reason: str, computed: Computed) -> Revision | None:
    """Store what the worker computed and show it to everybody.

    A worker that was killed after this and tries again, stores nothing more. Returns nothing when the round is no
    longer waiting for it.
    """
    if not actor.is_system:
        raise Forbidden(_l("Bare portalen selv kan gjøre dette."))
    round_ = lock_round(actor, slug)
    stored = find_revision(round_.id, number)
    if stored is not None or round_.publishing_since is None:
        return stored
    revision = Revision(
        round_id=round_.id,
        number=number,
        published_at=clock.now(),
        method_version=METHOD_VERSION,
        catalogue_version=round_.catalogue_version,
        content_hash=computed.content_hash,
        reason=reason,
        summary=computed.summary,
    )
    db.session.add(revision)
    db.session.flush()
    db.session.add_all(
        RevisionResult(revision_id=revision.id, indicator=indicator, body=body, record=computed.records.get(indicator))
        for indicator, body in computed.bodies.items()
    )
    _finish(actor, round_, revision)
    return revision


def _start(actor: Actor, round_: Round, number: int, reason: str) -> None:
    round_.publishing_since, round_.publishing_step = clock.now(), 0
    db.session.flush()
    outbox.enqueue(
        TOPIC, {"slug": round_.slug, "revision": number, "reason": reason}, key=f"{TOPIC}:{round_.id}:{number}"
    )
    publish(PublishingStarted(actor=actor, round_id=round_.id, slug=round_.slug, revision=number, reason=reason))


def _finish(actor: Actor, round_: Round, revision: Revision) -> None:
    round_.publishing_since = round_.publishing_step = None
    told: dict[str, Any] = {"round_id": round_.id, "slug": round_.slug}
    if round_.state is RoundState.CLOSED:
        round_.state, round_.published_at = RoundState.PUBLISHED, revision.published_at
        db.session.flush()
        publish(RoundPublished(actor=actor, revision=revision.number, content_hash=revision.content_hash, **told))
        return
    db.session.flush()
    publish(
        RoundCorrected(
            actor=actor,
            revision=revision.number,
            content_hash=revision.content_hash,
            reason=revision.reason,
            **told,
        )
    )


def _require(actor: Actor, allowed: bool, refusal: object) -> None:
    if not policy.may_run_rounds(actor):
        raise Forbidden(_l("Bare en koordinator for observatoriet kan gjøre dette."))
    if not allowed:
        raise Conflict(refusal)
