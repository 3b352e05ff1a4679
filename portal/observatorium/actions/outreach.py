"""Inviting people to a round, and reminding those who asked for it."""

from __future__ import annotations

import secrets
from dataclasses import dataclass

import sqlalchemy as sa

from portal.accounts.models import Account
from portal.kernel import clock, mail
from portal.kernel.db import atomic, db, delete_rows, insert_once
from portal.kernel.errors import Conflict, Forbidden, NotFound
from portal.kernel.events import publish
from portal.kernel.i18n import _l, in_language
from portal.kernel.identity import SYSTEM, Actor, StakeholderGroup
from portal.observatorium import policy
from portal.observatorium.events.outreach import InvitationClosed, InvitationMade
from portal.observatorium.models.outreach import Invitation, RoundReminder
from portal.observatorium.models.rounds import Ballot, Round, RoundState
from portal.observatorium.queries.rounds import lock_round
from portal.observatorium.suppression import rounded_arrivals
from portal.ui.filters import date

TOKEN_BYTES = 5
"""Short enough to be typed from a poster; it opens nothing, so it need not be secret."""
AT_ONCE = 500
"""How many are reminded in one transaction."""


@dataclass(frozen=True, kw_only=True)
class InvitationDraft:
    """Whom a link is for."""

    name: str
    group: StakeholderGroup | None = None


@atomic
def make_invitation(actor: Actor, slug: str, draft: InvitationDraft) -> Invitation:
    """Make a link of its own for a place, a group or an organisation; asked for twice, it is made once."""
    round_ = _invited_to(actor, slug)
    same = sa.select(Invitation).where(
        Invitation.round_id == round_.id,
        Invitation.name == draft.name,
        Invitation.group.is_(None) if draft.group is None else Invitation.group == draft.group,
        Invitation.closed_at.is_(None),
    )
    if (stands := db.session.scalars(same).first()) is not None:
        return stands
    invitation = Invitation(
        round_id=round_.id,
        name=draft.name,
        group=draft.group,
        token=secrets.token_hex(TOKEN_BYTES),
        made_by_id=actor.id,
        made_at=clock.now(),
    )
    db.session.add(invitation)
    db.session.flush()
    publish(
        InvitationMade(actor=actor, round_id=round_.id, slug=slug, invitation_id=invitation.id, title=invitation.name)
    )
    return invitation


@atomic
def close_invitation(actor: Actor, slug: str, invitation_id: int) -> None:
    """Count nobody more by a link. It still leads to the round; closing it twice is closing it once."""
    round_ = _invited_to(actor, slug)
    invitation = db.session.get(Invitation, invitation_id)
    if invitation is None or invitation.round_id != round_.id:
        raise NotFound(_l("Vi finner ikke denne invitasjonen."))
    if invitation.closed_at is not None:
        return
    invitation.closed_at = clock.now()
    db.session.flush()
    publish(
        InvitationClosed(actor=actor, round_id=round_.id, slug=slug, invitation_id=invitation.id, title=invitation.name)
    )


@atomic
def ask_for_reminder(actor: Actor, slug: str) -> None:
    """Ask for one mail before the round closes. No event: who asked is forgotten when they are reminded."""
    round_ = lock_round(actor, slug, shared=True)
    if not policy.may_take_part(actor):
        raise Forbidden(_l("Du må logge inn for å bli påminnet."))
    if not policy.may_ask_for_reminder(actor, round_):
        raise Conflict(_l("Det er for sent å be om en påminnelse i denne runden."))
    insert_once(RoundReminder, {"round_id": round_.id, "account_id": actor.id})


@atomic
def withdraw_reminder(actor: Actor, slug: str) -> None:
    """Change one's mind about the reminder."""
    round_ = lock_round(actor, slug, shared=True)
    delete_rows(
        sa.delete(RoundReminder).where(RoundReminder.round_id == round_.id, RoundReminder.account_id == actor.id)
    )


@atomic
def remind_due(actor: Actor = SYSTEM) -> int:
    """Send the reminders that are due and forget who asked; return how many mails. The worker calls it.

    Whether somebody has answered can't be known, so the mail goes to all who asked. A round that closed before its time
    is not reminded of.
    """
    _require_system(actor)
    due = db.session.execute(
        sa.select(RoundReminder, Round, Account)
        .join(Round, Round.id == RoundReminder.round_id)
        .join(Account, Account.id == RoundReminder.account_id)
        .where(
            sa.or_(
                Round.closes_at <= clock.now() + policy.REMINDED_BEFORE,
                Round.state.in_((RoundState.CLOSED, RoundState.PUBLISHED, RoundState.WITHDRAWN)),
            )
        )
        .order_by(RoundReminder.round_id, RoundReminder.account_id)
        .limit(AT_ONCE)
    ).all()
    sent = 0
    for reminder, round_, account in due:
        sent += _remind(round_, account)
        db.session.delete(reminder)
    return sent


@atomic
def forget_links(actor: Actor = SYSTEM) -> int:
    """Let the ballots forget by which link people came, when the key is gone; return for how many rounds.

    Who came by a link meant for a few is a small circle: when nobody can find a person's answers by the key any more,
    nobody should come closer by the link. The rounded counts stay. The worker calls it daily.
    """
    _require_system(actor)
    linked = sa.exists().where(Ballot.round_id == Round.id, Ballot.invitation_id.is_not(None))
    rounds = db.session.scalars(sa.select(Round.id).where(Round.key_destroyed_at.is_not(None), linked)).all()
    joined = sa.select(sa.func.count()).where(Ballot.invitation_id == Invitation.id).scalar_subquery()
    for round_id in rounds:
        came = db.session.execute(sa.select(Invitation, joined).where(Invitation.round_id == round_id)).all()
        for invitation, count in came:
            invitation.arrivals = rounded_arrivals(count)
        db.session.flush()
        # All ballots of the round, so that the database doesn't mark those that had a link.
        db.session.execute(sa.update(Ballot).where(Ballot.round_id == round_id).values(invitation_id=None))
    return len(rounds)


def _remind(round_: Round, account: Account) -> int:
    gone = account.deactivated_at is not None or account.erased_at is not None
    if not policy.takes_ratings(round_) or account.email is None or gone:
        return 0
    language = account.language or "nb"
    with in_language(language):
        last_day = date(round_.last_day)
    mail.queue(
        "observatorium/mail/reminder", to=account.email, language=language, title=round_.title, last_day=last_day
    )
    return 1


def _require_system(actor: Actor) -> None:
    if not actor.is_system:
        raise Forbidden(_l("Bare portalen selv kan gjøre dette."))


def _invited_to(actor: Actor, slug: str) -> Round:
    round_ = lock_round(actor, slug)
    if not policy.may_run_rounds(actor):
        raise Forbidden(_l("Bare en koordinator for observatoriet kan gjøre dette."))
    if not policy.may_invite(actor, round_):
        raise Conflict(_l("Runden er over, så ingen kan inviteres til den lenger."))
    return round_
