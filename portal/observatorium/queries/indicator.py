"""What an indicator's page shows: what was published of it, what is done about it, and what is said and asked."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import groupby
from typing import Any

import msgspec
import sqlalchemy as sa

from portal.kernel.content import PublicationState, Ref
from portal.kernel.db import db
from portal.kernel.errors import NotFound
from portal.kernel.i18n import _l
from portal.kernel.identity import Actor
from portal.kernel.parts import Loaded, parts_of
from portal.observatorium import policy
from portal.observatorium.catalogue import Catalogue, Indicator, catalogue, row_number
from portal.observatorium.comparing import Stand, Version
from portal.observatorium.events.rounds import COMMENT, INDICATOR
from portal.observatorium.models.measures import IndicatorAnswer, IndicatorMeasure
from portal.observatorium.models.rounds import Comment, OwnAssessment, Revision, RevisionResult, Round, RoundState
from portal.observatorium.models.series import FigurePoint, FigureSeries
from portal.observatorium.queries.measures import MeasureRow, measure_row
from portal.observatorium.queries.pages import OpenRound, find_open
from portal.observatorium.queries.rounds import catalogue_of, newest_revision
from portal.observatorium.queries.series import Series, gathered
from portal.observatorium.results import IndicatorResult
from portal.participation.models import Form, Tally
from portal.participation.queries.panels import Panel, Standing, panels, standing_columns, standing_of

COMMENTS_SHOWN = 50
NO_RECORD: Mapping[str, Any] = {
    "own": {"level": None, "counts": {}, "summary": "", "signed_by": "", "signed_at": None, "parts": []},
    "evidence": [],
    "verification": {"state": "none", "level": None, "colours": [], "verdicts": {}},
    "replies": [],
}
"""What stands for the record of a revision that was made before there were any."""
FIGURES = "figures"
"""Marks the rows of figures among what stands on the page; no kind of content."""


@dataclass(frozen=True, kw_only=True)
class HistoryPoint:
    """An indicator's result in one published round."""

    round: Round
    revision: Revision
    result: IndicatorResult
    record: Mapping[str, Any]
    """What the revision keeps beside the figures."""

    @property
    def stand(self) -> Stand:
        version = Version(method=self.revision.method_version, catalogue=self.revision.catalogue_version)
        return Stand(slug=self.round.slug, title=self.round.title, version=version, result=self.result)


@dataclass(frozen=True, kw_only=True)
class IndicatorPage:
    """One indicator: what it asks, what people answered, how it has been, what was said, and what is asked about it."""

    indicator: Indicator
    catalogue: Catalogue
    current: HistoryPoint | None
    justification: str
    """What the municipality says of its own level; empty when it says nothing."""
    history: Sequence[HistoryPoint]
    """Oldest first."""
    comments: Sequence[tuple[Comment, str, Panel]]
    """Each with the title of its round and the replies to it, newest first."""
    panel: Panel
    """Who follows it, and the questions to the municipality."""
    series: Sequence[Series]
    """Figures over time, which set no colour."""
    measures: Sequence[MeasureRow]
    """Newest round first."""
    answers: Mapping[int, IndicatorAnswer]
    """What the municipality has said to the judgement, by round."""
    parts: Sequence[Loaded]
    """What other packages add: the ideas that want to change its colour."""
    open: OpenRound | None
    may_plan: bool
    """Whether the reader answers for the municipality."""
    before: Indicator | None
    after: Indicator | None

    @property
    def answer(self) -> IndicatorAnswer | None:
        """What the municipality has said to the newest round."""
        return self.answers.get(self.current.round.id) if self.current else None

    def stands(self, row: MeasureRow) -> Sequence[Stand]:
        """Return what the round that a measure answers said, and those after it."""
        return [point.stand for point in self.history if point.round.opens_at >= row.round.opens_at]


def indicator_page(actor: Actor, number: str) -> IndicatorPage:
    """Return one indicator with its history over the published rounds; raises NotFound."""
    # Before the database is asked: it refuses some of what an address can hold.
    if catalogue().indicator(number) is None:
        raise NotFound(_l("Det finnes ingen indikator med dette nummeret. De går fra 1.1 til 4.9."))
    rounds = _rounds_of(number)
    current = rounds.history[-1] if rounds.history else None
    found = catalogue_of(current.round) if current else catalogue()
    place = [each.number for each in found.indicators].index(number)
    ref = Ref(INDICATOR, row_number(number))
    comments, stands, series = _said_and_measured(actor, number)
    wanted = {ref: (Form.QUESTION,), **{Ref(COMMENT, comment.id): (Form.COMMENT,) for comment, _title in comments}}
    taking_part = panels(actor, wanted, stands=stands)
    return IndicatorPage(
        indicator=found.indicators[place],
        catalogue=found,
        current=current,
        justification=rounds.justification,
        history=rounds.history,
        comments=[(comment, title, taking_part[Ref(COMMENT, comment.id)]) for comment, title in comments],
        panel=taking_part[ref],
        series=series,
        measures=rounds.measures,
        answers=rounds.answers,
        parts=parts_of(actor, ref),
        open=find_open(rounds.open_rounds),
        may_plan=policy.may_plan_measures(actor),
        before=found.indicators[place - 1] if place else None,
        after=found.indicators[place + 1] if place + 1 < len(found.indicators) else None,
    )


@dataclass(frozen=True, kw_only=True)
class _OfRounds:
    """What the rounds say of an indicator, and what the municipality answers and does about it."""

    history: list[HistoryPoint] = field(default_factory=list)
    justification: str = ""
    open_rounds: list[Round] = field(default_factory=list)
    measures: list[MeasureRow] = field(default_factory=list)
    answers: dict[int, IndicatorAnswer] = field(default_factory=dict)


def _rounds_of(number: str) -> _OfRounds:
    """Return what every round says of an indicator, oldest first, and what follows from it. One statement.

    The municipality's words belong to the level as published; others may be on their way in a correction.
    """
    statement = (
        sa.select(
            Round,
            Revision,
            RevisionResult,
            OwnAssessment.level,
            OwnAssessment.justification,
            IndicatorAnswer,
            IndicatorMeasure,
        )
        .select_from(Round)
        .outerjoin(Revision, sa.and_(Revision.round_id == Round.id, Revision.number == newest_revision()))
        .outerjoin(
            RevisionResult, sa.and_(RevisionResult.revision_id == Revision.id, RevisionResult.indicator == number)
        )
        .outerjoin(OwnAssessment, sa.and_(OwnAssessment.round_id == Round.id, OwnAssessment.indicator == number))
        .outerjoin(IndicatorAnswer, sa.and_(IndicatorAnswer.round_id == Round.id, IndicatorAnswer.indicator == number))
        .outerjoin(
            IndicatorMeasure, sa.and_(IndicatorMeasure.round_id == Round.id, IndicatorMeasure.indicator == number)
        )
        .where(sa.or_(Round.state.in_((RoundState.PUBLISHED, RoundState.OPEN)), IndicatorMeasure.id.is_not(None)))
        .order_by(Round.opens_at, Round.id, IndicatorMeasure.id)
    )
    found = _OfRounds()
    justification = ""
    read: Sequence[Any] = db.session.execute(statement).all()
    for round_, rows in groupby(read, key=lambda row: row[0]):
        lines = list(rows)
        _round, revision, told, own_level, words, answer, _measure = lines[0]
        found.measures.extend(measure_row(line[-1], round_) for line in lines if line[-1] is not None)
        if round_.state is RoundState.OPEN:
            found.open_rounds.append(round_)
        elif round_.state is RoundState.PUBLISHED and told is not None:
            result = msgspec.convert(told.body, IndicatorResult)
            found.history.append(
                HistoryPoint(
                    round=round_, revision=revision, result=result, record={**NO_RECORD, **(told.record or {})}
                )
            )
            justification = (words or "") if result.own is not None and own_level == result.own else ""
            if answer is not None:
                found.answers[round_.id] = answer
    found.measures.reverse()
    return replace(found, justification=justification)


def _said_and_measured(
    actor: Actor, number: str
) -> tuple[list[tuple[Comment, str]], dict[Ref, Standing], Sequence[Series]]:
    """Return the comments on an indicator, each with the title of its round, newest first; how it and they stand; and
    its figures over time.

    One statement: comments are looked up from a list of what has a standing, with the indicator itself at the top, and
    the figures stand in the same list.
    """
    newest = (
        sa.select(sa.literal(COMMENT).label("kind"), Comment.id.label("id"))
        .where(Comment.indicator == number, Comment.state == PublicationState.PUBLISHED)
        .order_by(Comment.id.desc())
        .limit(COMMENTS_SHOWN)
        .subquery()
    )
    itself = sa.select(sa.literal(INDICATOR).label("kind"), sa.literal(row_number(number)).label("id"))
    figures = sa.select(sa.literal(FIGURES).label("kind"), FigureSeries.id.label("id")).where(
        FigureSeries.indicator == number, FigureSeries.active
    )
    things = itself.union_all(sa.select(newest.c.kind, newest.c.id), figures).subquery("things")
    statement = (
        sa.select(things.c.kind, things.c.id, Comment, Round.title, FigureSeries, FigurePoint, *standing_columns(actor))
        .select_from(things)
        .outerjoin(Comment, sa.and_(things.c.kind == COMMENT, things.c.id == Comment.id))
        .outerjoin(Round, Round.id == Comment.round_id)
        .outerjoin(FigureSeries, sa.and_(things.c.kind == FIGURES, things.c.id == FigureSeries.id))
        .outerjoin(FigurePoint, FigurePoint.series_id == FigureSeries.id)
        .outerjoin(Tally, sa.and_(Tally.kind == things.c.kind, Tally.target_id == things.c.id))
        .order_by(things.c.id.desc())
    )
    rows: Sequence[Any] = db.session.execute(statement).all()
    comments = [(row[2], row[3]) for row in rows if row[2] is not None]
    stands = {Ref(kind, id_): standing_of(columns) for kind, id_, _1, _2, _3, _4, *columns in rows if kind != FIGURES}
    series = gathered((row[4], row[5]) for row in rows if row[4] is not None)
    return comments, stands, sorted((each for each in series if each.points), key=lambda each: each.id)
