"""Rating: nothing of it is told, logged or audited but that somebody joined the round."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import timedelta
from typing import Any

import sqlalchemy as sa

from portal.kernel import clock
from portal.kernel.db import atomic, db, delete_rows, insert_once, upsert
from portal.kernel.errors import Conflict, Forbidden, Invalid, NotFound
from portal.kernel.events import publish
from portal.kernel.i18n import _l
from portal.kernel.identity import Actor, StakeholderGroup
from portal.observatorium import policy, secrecy
from portal.observatorium.catalogue import Answer, catalogue
from portal.observatorium.events.rounds import RoundJoined
from portal.observatorium.models.outreach import Invitation
from portal.observatorium.models.rounds import Ballot, Rating, Round, Tie
from portal.observatorium.models.weights import RoundJoin
from portal.observatorium.population import AgeBand, Gender
from portal.observatorium.queries.rounds import lock_round, organisations_of
from portal.places.queries import neighbourhoods

NETWORK_KEPT = timedelta(days=14)
"""How long a ballot may say which network it came from, at most."""


@dataclass(frozen=True, kw_only=True)
class About:
    """What a resident tells of themselves, all of it if they like: only used to weight the answers together."""

    age_band: AgeBand | None = None
    gender: Gender | None = None
    neighbourhood_id: int | None = None


NOTHING_TOLD = About()


@dataclass(frozen=True, kw_only=True)
class Standing:
    """Who somebody answers as in a round; kept from the first rating on, but for what they tell of themselves."""

    group: StakeholderGroup
    tie: Tie
    organisation_id: int | None = None
    about: About = NOTHING_TOLD
    network: str | None = None
    """A hash of the network that the answer came from."""
    invitation: str | None = None
    """The token of the link the person came by. It is counted, and gives no right that they don't have."""


@dataclass(frozen=True, kw_only=True)
class RatingDraft:
    """An answer to one indicator. `standing` is needed for the first."""

    round: str
    indicator: str
    answer: Answer
    standing: Standing | None = None


@dataclass(frozen=True, kw_only=True)
class AnswersDraft:
    """Answers to several indicators, by their numbers. `standing` is needed for the first."""

    round: str
    answers: Mapping[str, Answer]
    standing: Standing | None = None


@atomic
def rate(actor: Actor, draft: RatingDraft) -> None:
    """Give or change an answer."""
    given = {draft.indicator: draft.answer}
    rate_several(actor, AnswersDraft(round=draft.round, answers=given, standing=draft.standing))


@atomic
def rate_several(actor: Actor, draft: AnswersDraft) -> None:
    """Give or change several answers, all or none; those not named stay as they are."""
    round_ = open_to(actor, draft.round)
    _check_known(*draft.answers)
    if not draft.answers:
        return
    key = secrecy.read_key(round_.id)
    mine = secrecy.pseudonym(key, int(actor.id or 0))
    ballot = db.session.get(Ballot, (round_.id, mine))
    if ballot is None:
        ballot = _join(actor, round_, key, mine, draft.standing)
    else:
        _check_same(ballot, key, draft.standing)
    _check_speaks(actor, ballot, key)
    for number, answer in draft.answers.items():
        values = {"round_id": round_.id, "pseudonym": mine, "indicator": number, "answer": answer}
        upsert(Rating, values, change=("answer",))


@atomic
def withdraw_rating(actor: Actor, slug: str, indicator: str) -> bool:
    """Take one answer back; return whether there was one."""
    _check_known(indicator)
    return _withdraw(actor, slug, Rating.indicator == indicator) > 0


@atomic
def withdraw_all(actor: Actor, slug: str) -> int:
    """Take all one's answers in a round back; return how many there were. Group and organisation stay as chosen."""
    return _withdraw(actor, slug, sa.true())


@atomic
def tell_about(actor: Actor, slug: str, about: About) -> None:
    """Tell something else of oneself, or nothing, as long as the round is open; residents only."""
    round_ = open_to(actor, slug)
    mine = secrecy.pseudonym(secrecy.read_key(round_.id), int(actor.id or 0))
    ballot = db.session.get(Ballot, (round_.id, mine))
    if ballot is None or ballot.group is not StakeholderGroup.RESIDENT:
        raise Conflict(_l("Bare den som har begynt å svare som innbygger, kan fortelle om seg selv her."))
    for name, value in _checked(about).items():
        setattr(ballot, name, value)


@atomic
def open_to(actor: Actor, slug: str) -> Round:
    """Return the round, if the actor can rate in it now; it stays open until the running transaction is over."""
    round_ = lock_round(actor, slug, shared=True)
    refused = policy.refusal(actor, round_)
    if refused is not None:
        raise policy.explain(refused)
    return round_


def _check_known(*numbers: str) -> None:
    if any(catalogue().indicator(number) is None for number in numbers):
        raise NotFound(_l("Vi finner ikke denne indikatoren."))


def _join(actor: Actor, round_: Round, key: bytes, mine: bytes, standing: Standing | None) -> Ballot:
    """Make the ballot; when two tabs come at once, one of them does, and one event is published."""
    if standing is None:
        raise Invalid("group", _l("Velg hvem du svarer som, og hva som knytter deg til kommunen."))
    if not policy.may_rate_as(standing.group, standing.organisation_id, organisations_of(actor)):
        raise Forbidden(_l("Du kan bare svare for en godkjent organisasjon som du er godkjent talsperson for."))
    values = {
        "round_id": round_.id,
        "pseudonym": mine,
        "group": standing.group,
        "organisation": _organisation(key, standing),
        "tie": standing.tie,
        "invitation_id": _invitation(round_, standing),
        **(_checked(standing.about) if standing.group is StakeholderGroup.RESIDENT else {}),
        **_network(key, standing.network),
    }
    if insert_once(Ballot, values):
        _count_join(round_.id)
        publish(RoundJoined(actor=actor, round_id=round_.id, slug=round_.slug))
    ballot = db.session.get_one(Ballot, (round_.id, mine))
    _check_same(ballot, key, standing)
    return ballot


def _checked(about: About) -> dict[str, Any]:
    """Return what somebody tells as the ballot keeps it; raises Invalid for a lokalsamfunn that isn't offered."""
    if about.neighbourhood_id is not None and about.neighbourhood_id not in {each.id for each in neighbourhoods()}:
        raise Invalid("neighbourhood", _l("Velg et lokalsamfunn i lista."))
    return asdict(about)


def _network(key: bytes, network: str | None) -> dict[str, Any]:
    """Return what the ballot says of the network for a time: the same for a week, so that it tells no day."""
    if network is None:
        return {}
    today = clock.today()
    week = today - timedelta(days=today.weekday())
    return {"network": secrecy.network_pseudonym(key, network, week), "network_until": week + NETWORK_KEPT}


def _count_join(round_id: int) -> None:
    """Count who joined in this hour: the audit trail knows when each person did, and the ballots don't."""
    hour = clock.now().replace(minute=0, second=0, microsecond=0)
    if not insert_once(RoundJoin, {"round_id": round_id, "hour": hour, "count": 1}):
        this_hour = sa.and_(RoundJoin.round_id == round_id, RoundJoin.hour == hour)
        db.session.execute(sa.update(RoundJoin).where(this_hour).values(count=RoundJoin.count + 1))


def _check_same(ballot: Ballot, key: bytes, standing: Standing | None) -> None:
    """Refuse another group or organisation than the one chosen at the first answer."""
    if standing is None:
        return
    if (ballot.group, ballot.organisation) != (standing.group, _organisation(key, standing)):
        raise Conflict(
            _l("Du har alt svart i denne runden som noe annet. Hvem du svarer som, kan ikke endres før neste runde.")
        )


def _check_speaks(actor: Actor, ballot: Ballot, key: bytes) -> None:
    """Refuse somebody who no longer speaks for the organisation they began to answer for."""
    if ballot.group is StakeholderGroup.RESIDENT:
        return
    speaks_for = {secrecy.organisation_pseudonym(key, each.id) for each in organisations_of(actor)}
    if ballot.organisation not in speaks_for:
        raise Forbidden(_l("Du er ikke lenger godkjent talsperson for organisasjonen du begynte å svare for."))


def _organisation(key: bytes, standing: Standing) -> bytes | None:
    if standing.organisation_id is None:
        return None
    return secrecy.organisation_pseudonym(key, standing.organisation_id)


def _invitation(round_: Round, standing: Standing) -> int | None:
    """Return the invitation that somebody came by, if it belongs to the round and still counts people."""
    if standing.invitation is None:
        return None
    return db.session.scalar(
        sa.select(Invitation.id).where(
            Invitation.round_id == round_.id, Invitation.token == standing.invitation, Invitation.closed_at.is_(None)
        )
    )


def _withdraw(actor: Actor, slug: str, which: sa.ColumnElement[bool]) -> int:
    round_ = open_to(actor, slug)
    mine = secrecy.pseudonym(secrecy.read_key(round_.id), int(actor.id or 0))
    return delete_rows(sa.delete(Rating).where(Rating.round_id == round_.id, Rating.pseudonym == mine, which))
