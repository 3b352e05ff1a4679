"""Reading tidstyver: what the idea page shows of one, and what was freed of each."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Any

import sqlalchemy as sa
from sqlalchemy import orm

from portal.ideas import policy
from portal.ideas.events.ideas import IDEA
from portal.ideas.hours import Factors, Hit, Shown, shown
from portal.ideas.models.ideas import Idea
from portal.ideas.models.thieves import Confirmation, Measure, TimeThief
from portal.ideas.stages import THIEF_STATUSES, IdeaKind, ThiefStatus, thief_status
from portal.ideas.thief_words import CAUSES, HITS, MISSING, OWNERS, TONES
from portal.kernel.content import PublicationState
from portal.kernel.db import db
from portal.kernel.identity import Actor
from portal.participation.models import Support

FEWEST_ANSWERS = 3


@dataclass(frozen=True, kw_only=True)
class Panel:
    """What somebody sees of a tidstyv beside what an idea shows."""

    idea: Idea
    thief: TimeThief
    measure: Measure | None
    freed: Fraction | None
    """Hours in a year, its own part of a shared measure's."""
    confirmed: int
    """Who said that the time came back."""
    answers: int
    """Who were asked and answered."""
    mine: bool | None
    """What the reader answered."""
    may_handle: bool
    may_confirm: bool
    may_consent: bool

    @property
    def status(self) -> ThiefStatus:
        return thief_status(self.idea.stage, self.idea.decision, self.thief.degree)

    @property
    def status_word(self) -> Any:
        return THIEF_STATUSES[self.status]

    @property
    def tone(self) -> str:
        return TONES[self.status]

    @property
    def is_internal(self) -> bool:
        return self.idea.state is PublicationState.INTERNAL

    @property
    def before(self) -> Factors:
        return factors(self.thief)

    @property
    def after(self) -> Factors:
        return factors_after(self.thief)

    @property
    def hits(self) -> Sequence[Any]:
        return [HITS[each] for each in Hit if each.value in self.thief.hit]

    @property
    def cause(self) -> Any:
        return CAUSES[self.thief.cause] if self.thief.cause else None

    @property
    def owner(self) -> Any:
        return OWNERS[self.thief.owner] if self.thief.owner else None

    @property
    def missing(self) -> Sequence[Any]:
        """Return what isn't known, in the words of a sentence."""
        return [MISSING[name] for name in self.before.missing]

    @property
    def hours(self) -> Shown | None:
        return written(self.before.hours)

    @property
    def hours_after(self) -> Shown | None:
        return written(self.after.hours)

    @property
    def hours_freed(self) -> Shown | None:
        return written(None if self.freed is None else abs(self.freed))

    @property
    def is_worse(self) -> bool:
        return self.freed is not None and self.freed < 0

    @property
    def tells_answers(self) -> bool:
        """Say whether enough have answered for the numbers to be told: of one or two, people would know who said it."""
        return self.answers >= FEWEST_ANSWERS

    @property
    def freed_for(self) -> str:
        return self.thief.freed_for or (self.measure.freed_for if self.measure else "")

    @property
    def used_for(self) -> str:
        return self.thief.used_for or (self.measure.used_for if self.measure else "")


def panel(actor: Actor, idea: Idea) -> Panel | None:
    """Return the tidstyv's part of the page of an idea that somebody reads, in one statement; None for other ideas."""
    if idea.kind is not IdeaKind.TIME_THIEF:
        return None
    found = db.session.execute(beside(actor, idea.id, sa.select().select_from(Idea).where(Idea.id == idea.id)))
    return panel_of(actor, idea, found.one())


def beside(actor: Actor, idea_id: int, statement: sa.Select[Any]) -> sa.Select[Any]:
    """Let a statement that selects one idea select what its panel is made of too, as its last seven columns."""
    its_measure = sa.select(TimeThief.measure_id).where(TimeThief.idea_id == idea_id).scalar_subquery()
    of_measure = together(its_measure)
    answered = Confirmation.idea_id == idea_id
    mine = (answered, Confirmation.account_id == (actor.id or 0))
    supports = (Support.kind == IDEA, Support.target_id == idea_id, Support.account_id == (actor.id or 0))
    return (
        statement.add_columns(
            TimeThief,
            Measure,
            freed_hours(of_measure),
            sa.select(sa.func.count()).where(answered, Confirmation.agrees).scalar_subquery(),
            sa.select(sa.func.count()).where(answered).scalar_subquery(),
            sa.select(Confirmation.agrees).where(*mine).scalar_subquery(),
            sa.exists().where(*supports),
        )
        .outerjoin(TimeThief, TimeThief.idea_id == Idea.id)
        .outerjoin(Measure, Measure.id == TimeThief.measure_id)
        .outerjoin(of_measure, of_measure.c.measure_id == TimeThief.measure_id)
    )


def panel_of(actor: Actor, idea: Idea, found: Sequence[Any]) -> Panel | None:
    """Return the panel that the columns of `beside` make; None for what is no tidstyv."""
    thief, measure, hours_freed, confirmed, answers, my_answer, is_supporter = found
    if thief is None:
        return None
    had_it = is_supporter or policy.is_author(actor, idea)
    return Panel(
        idea=idea,
        thief=thief,
        measure=measure,
        freed=exact(hours_freed),
        confirmed=confirmed,
        answers=answers,
        mine=my_answer,
        may_handle=policy.may_handle(actor, idea),
        may_confirm=policy.may_confirm(actor, idea, had_it=had_it),
        may_consent=policy.may_consent(actor, idea),
    )


def written(hours: Fraction | None) -> Shown | None:
    """Return hours as a sentence writes them."""
    return None if hours is None else shown(hours)


def factors(thief: TimeThief) -> Factors:
    """Return what its hours are made of, as reported."""
    return Factors(minutes=thief.minutes, times=thief.times, persons=thief.persons)


def factors_after(thief: TimeThief) -> Factors:
    """Return what its hours are made of, as measured afterwards."""
    return Factors(minutes=thief.minutes_after, times=thief.times_after, persons=thief.persons_after)


def together(measure_id: Any = None) -> sa.Subquery:
    """Return what the tidstyver of each measure that was measured as one take together; of one measure, or of all.

    All of its tidstyver are in it, also those that the reader can't see: a part of them would get the whole of what
    was freed. What is merged lives on in another, which counts for both.
    """
    member, idea = orm.aliased(TimeThief), orm.aliased(Idea)
    statement = (
        sa.select(
            Measure.id.label("measure_id"),
            Measure.hours_freed.label("freed"),
            sa.func.coalesce(sa.func.sum(member.hours), 0).label("taken"),
            sa.func.count().label("members"),
        )
        .join(member, member.measure_id == Measure.id)
        .join(idea, idea.id == member.idea_id)
        .where(Measure.hours_freed.is_not(None), idea.state != PublicationState.MERGED)
        .group_by(Measure.id, Measure.hours_freed)
    )
    return (statement if measure_id is None else statement.where(Measure.id == measure_id)).subquery("together")


def freed_hours(of_measures: sa.Subquery) -> sa.ColumnElement[Decimal | None]:
    """Return the hours freed in a year of a `TimeThief` that `together` is joined to; the formulas of `hours.count`.

    Measured for itself: before − after. Measured with the others of its measure: as large a part of what was freed
    together as it has of what they took, or an equal part when nobody knows what they took.
    """
    of = of_measures.c
    return sa.case(
        (of.measure_id.is_(None), TimeThief.hours - TimeThief.hours_after),
        (of.taken == 0, of.freed / of.members),
        else_=of.freed * sa.func.coalesce(TimeThief.hours, 0) / of.taken,
    )


def exact(hours: Decimal | None) -> Fraction | None:
    """Return stored hours as the number that sums and sentences are made of."""
    return None if hours is None else Fraction(round(hours, 4))


def is_measured(idea_id: int) -> bool:
    """Say whether the time of a tidstyv has been measured afterwards, for itself or with the others of its measure."""
    measured = sa.or_(TimeThief.hours_after.is_not(None), Measure.hours_freed.is_not(None))
    found = (
        sa.select(TimeThief.idea_id)
        .outerjoin(Measure, Measure.id == TimeThief.measure_id)
        .where(TimeThief.idea_id == idea_id, measured)
    )
    return db.session.scalar(found) is not None
