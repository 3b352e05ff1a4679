"""What people meet when they rate: where they are among the 39, one dimension, one indicator, all their answers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from portal.accounts.models import Organisation
from portal.kernel.content import PublicationState
from portal.kernel.db import db
from portal.kernel.errors import NotFound
from portal.kernel.i18n import _l
from portal.kernel.identity import Actor, StakeholderGroup
from portal.observatorium import policy, secrecy
from portal.observatorium.catalogue import Answer, Catalogue, Dimension, Indicator
from portal.observatorium.models.outreach import RoundReminder
from portal.observatorium.models.rounds import Ballot, Comment, Rating, Round, RoundState
from portal.observatorium.policy import Refusal
from portal.observatorium.queries.outreach import asked_for_reminder
from portal.observatorium.queries.rounds import catalogue_of, find_current, organisations_of, participation
from portal.places.models import Neighbourhood


@dataclass(frozen=True, kw_only=True)
class MyRound:
    """The round that people are asked about, and one person's answers in it."""

    round: Round
    catalogue: Catalogue
    refusal: Refusal | None
    """Why the person can't answer now; nothing when they can."""
    ballot: Ballot | None
    answers: Mapping[str, Answer]

    @property
    def done(self) -> int:
        return len(self.answers)

    @property
    def total(self) -> int:
        return len(self.catalogue.indicators)

    @property
    def is_over(self) -> bool:
        return self.refusal is Refusal.OVER

    @property
    def resume(self) -> Indicator | None:
        """Where to go on: after the last one answered, else the first without an answer; nowhere when all have one."""
        numbers = self.catalogue.indicators
        last = max((place for place, one in enumerate(numbers) if one.number in self.answers), default=-1)
        return next((one for one in (*numbers[last + 1 :], *numbers) if one.number not in self.answers), None)

    def answered_in(self, dimension: Dimension) -> int:
        return sum(one.number in self.answers for one in self.catalogue.in_dimension(dimension))


@dataclass(frozen=True, kw_only=True)
class OverviewPage:
    """The start: what it is about, who has joined, and how far one has come."""

    mine: MyRound | None
    """Nothing when no round is open or awaits its result."""
    participants: Mapping[StakeholderGroup, int]
    """How many have joined, in tens; groups under ten are left out."""
    organisations: Sequence[Organisation]
    """Those one may answer for."""
    speaks_for: Organisation | None
    """The one that one has begun to answer for."""
    reminder: bool | None = None
    """Whether one has asked to be reminded before the round closes; None when one can't."""
    neighbourhoods: Sequence[Any] = ()
    """Those one may say one lives in, before the first answer."""

    @property
    def joined(self) -> int:
        return sum(self.participants.values())


@dataclass(frozen=True, kw_only=True)
class IndicatorPage:
    """One question."""

    mine: MyRound
    indicator: Indicator
    place: int
    """1 for the first of the 39."""
    previous: Indicator | None
    following: Indicator | None
    comment: Comment | None
    organisations: Sequence[Organisation]


@dataclass(frozen=True, kw_only=True)
class DimensionPage:
    """All the questions of one dimension."""

    mine: MyRound
    dimension: Dimension
    indicators: Sequence[Indicator]
    organisations: Sequence[Organisation]


@dataclass(frozen=True, kw_only=True)
class ReviewPage:
    """All one's answers, to read over, change or take back."""

    mine: MyRound
    comments: Mapping[str, Comment]
    """One's own, by indicator."""


def overview_page(actor: Actor) -> OverviewPage:
    """Return the start page of rating, signed in or not."""
    round_ = find_current()
    if round_ is None:
        return OverviewPage(mine=None, participants={}, organisations=(), speaks_for=None)
    mine = _mine(actor, round_)
    may_choose = mine.refusal is None and (mine.ballot is None or mine.ballot.organisation is not None)
    organisations = organisations_of(actor) if may_choose else []
    begins = mine.refusal is None and mine.ballot is None
    places, reminder = _places_and_reminder(actor, round_) if begins else ((), asked_for_reminder(actor, round_))
    return OverviewPage(
        mine=mine,
        participants=participation(round_.id),
        organisations=organisations,
        speaks_for=_speaks_for(mine, organisations),
        reminder=reminder,
        neighbourhoods=places,
    )


def indicator_page(actor: Actor, number: str) -> IndicatorPage:
    """Return one question; raises NotFound for a number that is none of the 39."""
    mine = _current(actor)
    numbers = [one.number for one in mine.catalogue.indicators]
    if number not in numbers:
        raise NotFound(_l("Det finnes ingen indikator med nummeret %(number)s.", number=number))
    place = numbers.index(number)
    around = (None, *mine.catalogue.indicators, None)
    return IndicatorPage(
        mine=mine,
        indicator=mine.catalogue.indicators[place],
        place=place + 1,
        previous=around[place],
        following=around[place + 2],
        comment=_comments(actor, mine.round, Comment.indicator == number).get(number),
        organisations=_to_choose(actor, mine),
    )


def dimension_page(actor: Actor, number: int) -> DimensionPage:
    """Return the questions of a dimension; raises NotFound for another number than 1–4."""
    mine = _current(actor)
    if not 1 <= number <= len(Dimension):
        raise NotFound(_l("Det finnes bare fire dimensjoner."))
    dimension = Dimension.numbered(number)
    return DimensionPage(
        mine=mine,
        dimension=dimension,
        indicators=mine.catalogue.in_dimension(dimension),
        organisations=_to_choose(actor, mine),
    )


def review_page(actor: Actor) -> ReviewPage:
    """Return all one's answers in the current round, also after it has closed."""
    mine = _current(actor)
    return ReviewPage(mine=mine, comments=_comments(actor, mine.round, sa.true()))


def _current(actor: Actor) -> MyRound:
    round_ = find_current()
    if round_ is None:
        raise NotFound(_l("Ingen runde er åpen nå."))
    return _mine(actor, round_)


def _mine(actor: Actor, round_: Round) -> MyRound:
    refusal = policy.refusal(actor, round_)
    ballot, answers = _answers(actor, round_) if actor.is_signed_in else (None, {})
    return MyRound(round=round_, catalogue=catalogue_of(round_), refusal=refusal, ballot=ballot, answers=answers)


_ANSWERS = (
    sa.select(Ballot, Rating.indicator, Rating.answer)
    .outerjoin(Rating, sa.and_(Rating.round_id == Ballot.round_id, Rating.pseudonym == Ballot.pseudonym))
    .where(Ballot.round_id == sa.bindparam("round_id"), Ballot.pseudonym == sa.bindparam("pseudonym"))
)
"""Built once: every answer that is saved asks it."""


def _answers(actor: Actor, round_: Round) -> tuple[Ballot | None, dict[str, Answer]]:
    """Find a person's own answers by the key. While the round is open there must be one; later it may be destroyed."""
    key = secrecy.read_key(round_.id) if round_.state is RoundState.OPEN else secrecy.find_key(round_.id)
    if key is None:
        return None, {}
    mine = secrecy.pseudonym(key, int(actor.id or 0))
    rows = db.session.execute(_ANSWERS, {"round_id": round_.id, "pseudonym": mine}).all()
    ballot = rows[0][0] if rows else None
    return ballot, {indicator: answer for _ballot, indicator, answer in rows if indicator}


def _places_and_reminder(actor: Actor, round_: Round) -> tuple[Sequence[Any], bool | None]:
    """Return the lokalsamfunn in use and whether one will be reminded, by one statement: this page asks for much."""
    reminder = sa.exists().where(RoundReminder.round_id == round_.id, RoundReminder.account_id == actor.id)
    asked, place = sa.select(reminder.label("asked")).subquery(), Neighbourhood.__table__
    rows = db.session.execute(
        sa.select(asked.c.asked, place.c.id, place.c.name)
        .select_from(asked.outerjoin(place, place.c.active))
        .order_by(place.c.name)
    ).all()
    may_ask = policy.may_ask_for_reminder(actor, round_)
    return [row for row in rows if row.id is not None], bool(rows[0].asked) if may_ask else None


def _to_choose(actor: Actor, mine: MyRound) -> Sequence[Organisation]:
    return organisations_of(actor) if mine.refusal is None and mine.ballot is None else ()


def _speaks_for(mine: MyRound, organisations: Sequence[Organisation]) -> Organisation | None:
    if mine.ballot is None or mine.ballot.organisation is None:
        return None
    key = secrecy.read_key(mine.round.id)
    chosen = mine.ballot.organisation
    return next((each for each in organisations if secrecy.organisation_pseudonym(key, each.id) == chosen), None)


def _comments(actor: Actor, round_: Round, which: sa.ColumnElement[bool]) -> dict[str, Comment]:
    if not actor.is_signed_in:
        return {}
    rows = db.session.scalars(
        sa.select(Comment).where(
            Comment.round_id == round_.id,
            Comment.author_id == actor.id,
            Comment.state != PublicationState.WITHDRAWN,
            which,
        )
    )
    return {each.indicator: each for each in rows}
