"""Who is invited, how many came, how many take part so far, and who asked for a reminder."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import sqlalchemy as sa

from portal.kernel import clock
from portal.kernel.db import db
from portal.kernel.errors import Forbidden, NotFound
from portal.kernel.i18n import _l
from portal.kernel.identity import Actor, StakeholderGroup
from portal.observatorium import policy
from portal.observatorium.models.outreach import BatchState, Invitation, PaperBatch, RoundReminder
from portal.observatorium.models.rounds import Ballot, Revision, Round, RoundState
from portal.observatorium.policy import Refusal
from portal.observatorium.queries.rounds import get_round, participation
from portal.observatorium.suppression import rounded_arrivals, rounded_participation


@dataclass(frozen=True, kw_only=True)
class InvitationRow:
    """One invitation, and how many came by it."""

    invitation: Invitation
    joined: int | None
    """At least so many; None when they are under five."""


@dataclass(frozen=True, kw_only=True)
class InvitationsPage:
    """The invitations of a round."""

    round: Round
    may_invite: bool
    rows: Sequence[InvitationRow]


@dataclass(frozen=True, kw_only=True)
class PosterPage:
    """One invitation that is to hang on a wall."""

    round: Round
    invitation: Invitation


@dataclass(frozen=True, kw_only=True)
class WelcomePage:
    """What somebody meets who follows an invitation."""

    round: Round
    invitation: Invitation
    refusal: Refusal | None


@dataclass(frozen=True, kw_only=True)
class ParticipationPage:
    """How many take part in a round, and how long it lasts. Never what they answered."""

    round: Round
    is_open: bool
    is_coming: bool
    days_left: int
    """How many days are left after today; 0 on the last."""
    participants: Mapping[StakeholderGroup, int | None]
    """In tens; None for groups under ten."""
    on_paper: int | None
    """How many of the answers came on paper, in tens."""
    may_enter_paper: bool


def invitations_page(actor: Actor, slug: str) -> InvitationsPage:
    """Return the invitations of a round, the newest first."""
    round_ = _run(actor, slug)
    joined = sa.select(sa.func.count()).where(Ballot.invitation_id == Invitation.id).scalar_subquery()
    rows = db.session.execute(
        sa.select(Invitation, joined).where(Invitation.round_id == round_.id).order_by(Invitation.id.desc())
    )
    return InvitationsPage(
        round=round_,
        may_invite=policy.may_invite(actor, round_),
        rows=[InvitationRow(invitation=each, joined=each.arrivals or rounded_arrivals(count)) for each, count in rows],
    )


def poster_page(actor: Actor, slug: str, invitation_id: int) -> PosterPage:
    """Return what a poster tells; raises NotFound for an invitation to another round."""
    round_ = _run(actor, slug)
    invitation = db.session.get(Invitation, invitation_id)
    if invitation is None or invitation.round_id != round_.id:
        raise NotFound(_l("Vi finner ikke denne invitasjonen."))
    return PosterPage(round=round_, invitation=invitation)


def welcome_page(actor: Actor, token: str) -> WelcomePage:
    """Return what an invitation leads to; raises NotFound for a link that nobody has made."""
    row = db.session.execute(
        sa.select(Invitation, Round)
        .join(Round, Round.id == Invitation.round_id)
        .where(Invitation.token == token, policy.visible(actor))
    ).first()
    if row is None:
        raise NotFound(_l("Vi finner ikke denne invitasjonen. Du kan vurdere kommunen uten den."))
    invitation, round_ = row
    return WelcomePage(round=round_, invitation=invitation, refusal=policy.refusal(actor, round_))


def participation_page(actor: Actor, slug: str) -> ParticipationPage:
    """Return how many take part. When the result is published it says how many; until then those who have joined."""
    round_ = get_round(actor, slug)
    counts: Mapping[StakeholderGroup, int] = {}
    if round_.state is RoundState.PUBLISHED:
        counts = _published(round_.id)
    elif round_.opened_at is not None and round_.state is not RoundState.WITHDRAWN:
        counts = participation(round_.id)
    approved = sa.select(sa.func.sum(PaperBatch.count)).where(
        PaperBatch.round_id == round_.id, PaperBatch.state == BatchState.APPROVED
    )
    return ParticipationPage(
        round=round_,
        is_open=policy.takes_ratings(round_),
        is_coming=round_.state is RoundState.DRAFT
        or (round_.state is RoundState.OPEN and clock.now() < round_.opens_at),
        days_left=max((round_.last_day - clock.today()).days, 0),
        participants={group: counts.get(group) for group in StakeholderGroup},
        on_paper=rounded_participation(db.session.scalar(approved) or 0),
        may_enter_paper=policy.may_enter_paper(actor, round_),
    )


def asked_for_reminder(actor: Actor, round_: Round) -> bool | None:
    """Say whether somebody will be reminded before the round closes; None when they can't be."""
    if not policy.may_ask_for_reminder(actor, round_):
        return None
    return db.session.get(RoundReminder, (round_.id, actor.id)) is not None


def _published(round_id: int) -> dict[StakeholderGroup, int]:
    newest = sa.select(Revision.summary).where(Revision.round_id == round_id).order_by(Revision.number.desc()).limit(1)
    summary = db.session.scalar(newest) or {"participants": {}}
    return {StakeholderGroup(group): count for group, count in summary["participants"].items() if count}


def _run(actor: Actor, slug: str) -> Round:
    if not policy.may_run_rounds(actor):
        raise Forbidden(_l("Bare en koordinator for observatoriet kan gjøre dette."))
    return get_round(actor, slug)
