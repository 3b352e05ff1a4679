"""Who may do what with rounds, ratings and comments, and in which state."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import assert_never

import sqlalchemy as sa

from portal.accounts.models import Organisation
from portal.kernel import clock
from portal.kernel.content import PublicationState
from portal.kernel.errors import Conflict, DomainError, Forbidden
from portal.kernel.i18n import _l
from portal.kernel.identity import Actor, Role, StakeholderGroup
from portal.observatorium.models.assessing import Assignment
from portal.observatorium.models.measures import IndicatorMeasure
from portal.observatorium.models.outreach import BatchState, PaperBatch
from portal.observatorium.models.rounds import Comment, Round, RoundState
from portal.observatorium.models.verifying import Appointment


class Refusal(StrEnum):
    """Why somebody can't rate in a round."""

    SIGNED_OUT = "signed_out"
    LIMITED = "limited"
    NOT_YET = "not_yet"
    OVER = "over"
    SIGN_IN_METHOD = "sign_in_method"


@dataclass(frozen=True)
class RoundAbilities:
    """What somebody may do with a round as it stands now."""

    rate: bool
    edit: bool
    open: bool
    extend: bool
    close: bool
    publish: bool
    correct: bool
    withdraw: bool
    set_own_levels: bool


def visible(actor: Actor) -> sa.ColumnElement[bool]:
    """Return the condition for the rounds that somebody may see: drafts are for coordinators only."""
    return sa.true() if may_run_rounds(actor) else Round.opened_at.is_not(None)


def abilities(actor: Actor, round_: Round) -> RoundAbilities:
    """Return what somebody may do with a round."""
    return RoundAbilities(
        rate=may_rate(actor, round_),
        edit=may_change(actor, round_),
        open=may_open(actor, round_),
        extend=may_extend(actor, round_),
        close=may_close(actor, round_),
        publish=may_publish(actor, round_),
        correct=may_correct(actor, round_),
        withdraw=may_withdraw(actor, round_),
        set_own_levels=may_set_own_levels(actor, round_),
    )


def takes_ratings(round_: Round, at: datetime | None = None) -> bool:
    """Say whether a round is open, by its state and by the clock: a closed one stays closed whatever the clock says."""
    moment = at or clock.now()
    return round_.state is RoundState.OPEN and round_.opens_at <= moment < round_.closes_at


def refusal(actor: Actor, round_: Round) -> Refusal | None:
    """Say why somebody can't rate in the round; nothing when they can."""
    moment = clock.now()
    if round_.state is RoundState.DRAFT or (round_.state is RoundState.OPEN and moment < round_.opens_at):
        return Refusal.NOT_YET
    if not takes_ratings(round_, moment):
        return Refusal.OVER
    if not actor.is_signed_in:
        return Refusal.SIGNED_OUT
    if actor.is_limited:
        return Refusal.LIMITED
    if actor.sign_in is None or actor.sign_in.value not in round_.sign_in_methods:
        return Refusal.SIGN_IN_METHOD
    return None


def explain(refused: Refusal) -> DomainError:
    """Return the error that says why somebody can't rate, and what they can do."""
    match refused:
        case Refusal.SIGNED_OUT:
            return Forbidden(_l("Du må logge inn for å vurdere kommunen."))
        case Refusal.LIMITED:
            return Forbidden(_l("Kontoen din er begrenset for en tid, og du kan ikke svare nå."))
        case Refusal.NOT_YET:
            return Conflict(_l("Runden har ikke åpnet ennå."))
        case Refusal.OVER:
            return Conflict(_l("Runden er lukket og tar ikke imot flere svar. Svarene du ga før den lukket, teller."))
        case Refusal.SIGN_IN_METHOD:
            return Forbidden(_l("I denne runden må du logge inn på en annen måte for å svare."))
        case _:
            assert_never(refused)


def may_rate(actor: Actor, round_: Round) -> bool:
    return refusal(actor, round_) is None


def may_rate_as(group: StakeholderGroup, organisation_id: int | None, speaks_for: Iterable[Organisation]) -> bool:
    """Say whether somebody may answer for a group: residents by themselves, the others for an organisation.

    `speaks_for` are the verified organisations that the person is a verified spokesperson for.
    """
    if group is StakeholderGroup.RESIDENT:
        return organisation_id is None
    return any(each.id == organisation_id and each.group is group for each in speaks_for)


def may_take_part(actor: Actor) -> bool:
    """Support, follow, ask and reply: anybody with an account that isn't limited."""
    return actor.is_signed_in and not actor.is_limited


def may_comment(actor: Actor, round_: Round) -> bool:
    return may_rate(actor, round_)


def may_withdraw_comment(actor: Actor, comment: Comment) -> bool:
    return actor.is_signed_in and comment.author_id == actor.id


def may_read_comment(actor: Actor, comment: Comment) -> bool:
    """A comment that isn't shown is read by its author and by moderators."""
    if comment.state is PublicationState.PUBLISHED:
        return True
    moderates = actor.has(Role.MODERATOR) and not actor.is_limited
    return moderates or (actor.is_signed_in and comment.author_id == actor.id)


def may_run_rounds(actor: Actor) -> bool:
    return actor.has(Role.COORDINATOR) and not actor.is_limited


def may_change(actor: Actor, round_: Round) -> bool:
    return may_run_rounds(actor) and round_.state is RoundState.DRAFT


def may_open(actor: Actor, round_: Round) -> bool:
    return may_run_rounds(actor) and round_.state is RoundState.DRAFT and round_.closes_at > clock.now()


def may_extend(actor: Actor, round_: Round) -> bool:
    """A round that is over by the clock is over, also in the moments before the worker closes it."""
    return may_run_rounds(actor) and round_.state is RoundState.OPEN and clock.now() < round_.closes_at


def may_close(actor: Actor, round_: Round) -> bool:
    due = actor.is_system and clock.now() >= round_.closes_at
    return (may_run_rounds(actor) or due) and round_.state is RoundState.OPEN


def may_publish(actor: Actor, round_: Round) -> bool:
    return may_run_rounds(actor) and round_.state is RoundState.CLOSED and round_.publishing_since is None


def may_correct(actor: Actor, round_: Round) -> bool:
    return may_run_rounds(actor) and round_.state is RoundState.PUBLISHED and round_.publishing_since is None


def may_withdraw(actor: Actor, round_: Round) -> bool:
    return may_run_rounds(actor) and round_.state is not RoundState.WITHDRAWN and round_.publishing_since is None


def may_set_own_levels(actor: Actor, round_: Round) -> bool:
    return may_run_rounds(actor) and _is_assessed(round_)


def may_plan_measures(actor: Actor) -> bool:
    """Answer what a round said, and make, change and tie measures."""
    return may_run_rounds(actor)


def may_log_measure(actor: Actor, measure: IndicatorMeasure) -> bool:
    """Tell how a measure is going: coordinators, and the employees of the service area that answers for it."""
    if actor.is_limited:
        return False
    area = measure.service_area_id
    return may_plan_measures(actor) or (actor.has(Role.EMPLOYEE) and area is not None and area in actor.service_areas)


def takes_verdicts(round_: Round) -> bool:
    """Say whether a round is being verified: from when it is opened until it begins to be published."""
    return round_.state in {RoundState.OPEN, RoundState.CLOSED} and round_.publishing_since is None


def may_appoint_verifiers(actor: Actor, round_: Round) -> bool:
    """Appoint verifiers, take one off again, and set the dates for them and for the replies."""
    return may_run_rounds(actor) and takes_verdicts(round_)


def may_reply_to_verifiers(actor: Actor, round_: Round) -> bool:
    return may_run_rounds(actor) and takes_verdicts(round_)


def may_see_verifying(actor: Actor) -> bool:
    """Have something to verify: nobody verifies the municipality that they work for."""
    return actor.has(Role.VERIFIER) and not actor.is_staff and not actor.is_limited


def may_verify(actor: Actor, round_: Round, appointment: Appointment) -> bool:
    """State one's conflict of interest, and verify when there is none."""
    return may_see_verifying(actor) and appointment.account_id == actor.id and takes_verdicts(round_)


def may_assess(actor: Actor, round_: Round, assigned: Collection[int]) -> bool:
    """Say whether somebody may assess an indicator: a coordinator any, an employee what their service area owes.

    `assigned` are the service areas that the indicator is assigned to.
    """
    if may_set_own_levels(actor, round_):
        return True
    employed = actor.has(Role.EMPLOYEE) and not actor.is_limited and not actor.service_areas.isdisjoint(assigned)
    return employed and _is_assessed(round_)


def may_read_evidence(actor: Actor, round_: Round, assigned: Collection[int]) -> bool:
    """Say whether somebody may read the evidence: everybody when the round is published, before that whoever judges."""
    if round_.published_at is not None:
        return True
    judges = actor.has(Role.VERIFIER) and not actor.is_limited and round_.opened_at is not None
    return may_run_rounds(actor) or judges or may_assess(actor, round_, assigned)


def holds_evidence(round_: Round) -> bool:
    """Say whether the evidence of a round must stay as it is: a published revision points at it."""
    return not _is_assessed(round_)


def assessable(actor: Actor) -> sa.ColumnElement[bool]:
    """Return the condition for the rounds that somebody has something to assess in, drafts too."""
    if not actor.has(Role.EMPLOYEE) or actor.is_limited or not actor.service_areas:
        return visible(actor)
    other = sa.orm.aliased(Assignment)
    owed = sa.exists().where(other.round_id == Round.id, other.service_area_id.in_(actor.service_areas))
    return sa.or_(visible(actor), owed)


def _is_assessed(round_: Round) -> bool:
    unpublished = round_.state in {RoundState.DRAFT, RoundState.OPEN, RoundState.CLOSED}
    return unpublished and round_.publishing_since is None


REMINDED_BEFORE = timedelta(days=3)
"""So long before a round closes those who asked are reminded."""


def may_invite(actor: Actor, round_: Round) -> bool:
    """Make and close invitations: also to a draft, for a poster takes time to print."""
    return may_run_rounds(actor) and round_.state in {RoundState.DRAFT, RoundState.OPEN}


def may_ask_for_reminder(actor: Actor, round_: Round) -> bool:
    """Be reminded before a round closes, as long as there is time to."""
    in_time = clock.now() < round_.closes_at - REMINDED_BEFORE
    return may_take_part(actor) and round_.state is RoundState.OPEN and in_time


def may_read_paper(actor: Actor) -> bool:
    """Read what was entered from paper: whoever works for the municipality and could approve it."""
    return actor.has(Role.COORDINATOR, Role.EMPLOYEE) and not actor.is_limited


def may_enter_paper(actor: Actor, round_: Round) -> bool:
    """Enter paper forms: from when the round has begun until its result is computed, for paper comes in late."""
    begun = round_.state in {RoundState.OPEN, RoundState.CLOSED} and clock.now() >= round_.opens_at
    return may_read_paper(actor) and begun and round_.publishing_since is None


def may_change_batch(actor: Actor, round_: Round, batch: PaperBatch) -> bool:
    """Change a batch: whoever began it, until it is sent, and again when it was rejected."""
    changeable = batch.state in {BatchState.DRAFT, BatchState.REJECTED}
    return may_enter_paper(actor, round_) and changeable and batch.entered_by_id == actor.id


def may_decide_batch(actor: Actor, round_: Round, batch: PaperBatch) -> bool:
    """Approve or reject a batch: somebody else than whoever entered it."""
    waits = batch.state is BatchState.WAITING
    return may_enter_paper(actor, round_) and waits and batch.entered_by_id != actor.id


def may_upload_population(actor: Actor, round_: Round) -> bool:
    """Say what residents are weighted by, until the result is computed."""
    unpublished = round_.state in {RoundState.DRAFT, RoundState.OPEN, RoundState.CLOSED}
    return may_run_rounds(actor) and unpublished and round_.publishing_since is None


def may_see_weighting(actor: Actor, round_: Round) -> bool:
    """See how those who answered are spread, and signs in their answers: when nobody can answer any more."""
    return may_run_rounds(actor) and round_.state in {RoundState.CLOSED, RoundState.PUBLISHED}


def may_exclude(actor: Actor, round_: Round) -> bool:
    """Take ballots out of a result, before it is published or as a correction."""
    return may_see_weighting(actor, round_) and round_.publishing_since is None
