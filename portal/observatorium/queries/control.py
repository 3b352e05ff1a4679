"""What coordinators see of their rounds."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from portal.kernel import clock
from portal.kernel.db import db
from portal.kernel.errors import Conflict, Forbidden
from portal.kernel.i18n import _l
from portal.kernel.identity import Actor, StakeholderGroup
from portal.observatorium import policy, secrecy
from portal.observatorium.catalogue import Catalogue
from portal.observatorium.models.rounds import OwnAssessment, Revision, Round, RoundState
from portal.observatorium.policy import RoundAbilities
from portal.observatorium.queries.checklist import Checklist, checklist
from portal.observatorium.queries.rounds import catalogue_of, get_round, key_kept, participation


@dataclass(frozen=True, kw_only=True)
class RoundPage:
    """One round: where it stands, and what may be done with it."""

    round: Round
    may: RoundAbilities
    participants: Mapping[StakeholderGroup, int]
    """In tens; groups under ten are left out."""
    assessed: int
    """How many indicators have an own level."""
    checklist: Checklist | None
    """What is missing; none in the list of rounds."""
    revisions: Sequence[Revision]
    key_is_missing: bool
    """The round takes ratings, but nobody can rate."""

    @property
    def step(self) -> str:
        """Where the round stands, also by the clock: draft, waiting, open, over, closed, publishing, published …"""
        if self.round.publishing_since is not None:
            return "publishing"
        if self.round.state is RoundState.OPEN:
            if clock.now() < self.round.opens_at:
                return "waiting"
            return "open" if policy.takes_ratings(self.round) else "over"
        return self.round.state.value

    @property
    def joined(self) -> int:
        return sum(self.participants.values())

    @property
    def key_goes_at(self) -> datetime | None:
        """When the key is destroyed, for a round that has ended."""
        ended = self.round.published_at or self.round.withdrawn_at
        return ended + key_kept() if ended and self.round.opened_at else None


@dataclass(frozen=True, kw_only=True)
class CorrectionPage:
    """A published round that is to be corrected."""

    round: Round
    catalogue: Catalogue
    stands: Mapping[str, OwnAssessment]
    revisions: Sequence[Revision]


def rounds_page(actor: Actor) -> list[RoundPage]:
    """Return every round, the newest first."""
    _require_coordinator(actor)
    rounds = db.session.scalars(sa.select(Round).order_by(Round.opens_at.desc(), Round.id.desc())).all()
    counts = _assessed_by_round()
    running = next((each.id for each in rounds if each.state is RoundState.OPEN), None)
    participants = participation(running) if running else {}
    return [
        RoundPage(
            round=each,
            may=policy.abilities(actor, each),
            participants=participants if each.id == running else {},
            assessed=counts.get(each.id, 0),
            checklist=None,
            revisions=(),
            key_is_missing=_lacks_key(each),
        )
        for each in rounds
    ]


def round_page(actor: Actor, slug: str) -> RoundPage:
    """Return one round."""
    _require_coordinator(actor)
    round_ = get_round(actor, slug)
    stands = checklist(round_)
    return RoundPage(
        round=round_,
        may=policy.abilities(actor, round_),
        participants=participation(round_.id),
        assessed=stands.assessed,
        checklist=stands,
        revisions=_revisions(round_),
        key_is_missing=_lacks_key(round_),
    )


def correction_page(actor: Actor, slug: str) -> CorrectionPage:
    """Return what is needed to correct a published round; raises Conflict for another."""
    _require_coordinator(actor)
    round_ = get_round(actor, slug)
    if round_.state is not RoundState.PUBLISHED:
        raise Conflict(_l("Bare en publisert runde kan rettes, én retting om gangen."))
    return CorrectionPage(
        round=round_, catalogue=catalogue_of(round_), stands=_own(round_), revisions=_revisions(round_)
    )


def _require_coordinator(actor: Actor) -> None:
    if not policy.may_run_rounds(actor):
        raise Forbidden(_l("Bare en koordinator for observatoriet kan gjøre dette."))


def _own(round_: Round) -> dict[str, OwnAssessment]:
    rows = db.session.scalars(sa.select(OwnAssessment).where(OwnAssessment.round_id == round_.id))
    return {each.indicator: each for each in rows}


def _assessed_by_round() -> dict[int, int]:
    counts = db.session.execute(
        sa.select(OwnAssessment.round_id, sa.func.count())
        .where(OwnAssessment.level.is_not(None))
        .group_by(OwnAssessment.round_id)
    )
    return dict(counts.all())


def _revisions(round_: Round) -> Sequence[Revision]:
    return db.session.scalars(
        sa.select(Revision).where(Revision.round_id == round_.id).order_by(Revision.number.desc())
    ).all()


def _lacks_key(round_: Round) -> bool:
    return round_.state is RoundState.OPEN and secrecy.find_key(round_.id) is None
