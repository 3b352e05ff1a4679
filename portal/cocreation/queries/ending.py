"""How it went: what was learnt, what the parties think of it, and who follows up the benefits."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from statistics import fmean
from typing import Any

import sqlalchemy as sa

from portal.cocreation import policy
from portal.cocreation.events.projects import PROJECT
from portal.cocreation.models.process import Evaluation
from portal.cocreation.models.projects import Ending, Party
from portal.cocreation.phases import Phase
from portal.cocreation.queries.frame import Frame, frame
from portal.cocreation.queries.process import AT_THE_ENDING, Asked, gate, newest_move
from portal.kernel.content import Ref
from portal.kernel.db import db
from portal.kernel.i18n import _l
from portal.kernel.identity import Actor
from portal.kernel.parts import Loaded, parts_of
from portal.portfolio.queries import panels

ENDED_PROJECT = "ended_project"
"""The kind of `kernel.parts.Part` that is shown on the page of how a project went, once it is over."""
ENDINGS: Mapping[Ending, Any] = {
    Ending.SUCCEEDED: _l("Vi fikk det til"),
    Ending.PARTLY: _l("Vi fikk til noe av det"),
    Ending.FAILED: _l("Vi fikk det ikke til"),
    Ending.STOPPED: _l("Vi stopper før vi er ferdige"),
}
SHOWN_FROM = 2
"""Parties that must have evaluated before it is shown while the project goes on."""


@dataclass(frozen=True, kw_only=True)
class Measure:
    """One question that every party is asked, 1–5, with what the ends mean."""

    key: str
    text: Any
    low: Any
    high: Any


MEASURES: Sequence[Measure] = (
    Measure(key="goal", text=_l("Nådde vi målet?"), low=_l("ikke i det hele tatt"), high=_l("helt")),
    Measure(key="together", text=_l("Hvordan var samarbeidet?"), low=_l("tungt"), high=_l("lett og nyttig")),
    Measure(
        key="influence",
        text=_l("Fikk dere bestemme så mye som avtalt?"),
        low=_l("mye mindre enn avtalt"),
        high=_l("akkurat som avtalt"),
    ),
    Measure(
        key="worth", text=_l("Var det verdt innsatsen?"), low=_l("nei, det kostet for mye"), high=_l("ja, absolutt")
    ),
    Measure(key="again", text=_l("Ville dere gjort det igjen?"), low=_l("nei"), high=_l("ja, gjerne")),
)
"""*Ours*: the same few for all, so that projects can be seen beside each other."""


@dataclass(frozen=True, kw_only=True)
class Result:
    """What the parties answered to one question."""

    measure: Measure
    scores: Sequence[int]
    """In order, the lowest first; never whose."""

    @property
    def mean(self) -> float:
        return fmean(self.scores)

    @property
    def lowest(self) -> int:
        return self.scores[0]

    @property
    def highest(self) -> int:
        return self.scores[-1]

    @property
    def counted(self) -> Sequence[tuple[int, int]]:
        """Return how many gave each score from 1 to 5."""
        return [(score, self.scores.count(score)) for score in range(1, 6)]


@dataclass(frozen=True, kw_only=True)
class EvaluationPage:
    """How it went, as somebody sees it."""

    frame: Frame
    parties: Sequence[Party]
    """Those who are in the project, and those who have answered."""
    given: Sequence[tuple[Evaluation, Party]]
    mine: Evaluation | None
    """What the reader's party has answered."""
    is_shown: bool
    may_evaluate: bool
    benefits: panels.Panel
    parts: Sequence[Loaded]

    @property
    def results(self) -> Sequence[Result]:
        found = []
        for measure in MEASURES:
            scores = sorted(each.scores[measure.key] for each, _party in self.given if measure.key in each.scores)
            if scores:
                found.append(Result(measure=measure, scores=scores))
        return found


@dataclass(frozen=True, kw_only=True)
class EndPage:
    """What one who closes a project needs."""

    frame: Frame
    number: int
    """Of the newest move."""
    open_questions: Sequence[Asked]
    """Must-questions at the gate out of «avslutte» that closing doesn't answer by itself."""
    benefits: panels.Panel

    @property
    def may_finish(self) -> bool:
        """It is in its closing phase and the gate is open; else it can only be stopped."""
        return self.frame.project.phase is Phase.CLOSE and not self.open_questions


def evaluation_page(actor: Actor, project_id: int) -> EvaluationPage:
    """Return how it went to somebody who may read the project. NotFound."""
    top = frame(actor, project_id)
    found = (
        sa.select(Party, Evaluation)
        .outerjoin(Evaluation, sa.and_(Evaluation.party_id == Party.id, Evaluation.project_id == project_id))
        .where(Party.project_id == project_id, sa.or_(Party.left_at.is_(None), Evaluation.at.is_not(None)))
        .order_by(Party.id)
    )
    rows: Sequence[Any] = db.session.execute(found).all()  # a party that hasn't answered has None beside it
    given = [(evaluation, party) for party, evaluation in rows if evaluation is not None]
    party_id = top.member.party_id if top.may.represent and top.member is not None else None
    is_over = top.project.ended_at is not None
    return EvaluationPage(
        frame=top,
        parties=[party for party, _evaluation in rows],
        given=given,
        mine=next((each for each, party in given if party.id == party_id), None),
        is_shown=bool(given) and (is_over or len(given) >= SHOWN_FROM),
        may_evaluate=policy.may_evaluate(actor, top.project, top.member),
        benefits=panels.benefits(actor, Ref(PROJECT, project_id)),
        parts=parts_of(actor, Ref(ENDED_PROJECT, project_id)) if is_over else [],
    )


def end_page(actor: Actor, project_id: int) -> EndPage:
    """Return what one who closes a project needs. NotFound, Forbidden."""
    top = frame(actor, project_id)
    policy.must(policy.is_owner(top.member), actor, policy.NOT_THE_OWNER)
    asked = gate(top.project) if top.project.phase is Phase.CLOSE else []
    return EndPage(
        frame=top,
        number=newest_move(project_id),
        open_questions=[each for each in asked if each.is_open and each.question.key not in AT_THE_ENDING],
        benefits=panels.benefits(actor, Ref(PROJECT, project_id)),
    )
