"""What authors and reporters see of a decision and a report, by a link or signed in."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from portal.kernel import clock
from portal.kernel.content import Card
from portal.kernel.db import db
from portal.kernel.errors import NotFound
from portal.kernel.extensions import content
from portal.kernel.i18n import _l, in_language
from portal.kernel.identity import Actor
from portal.moderation import casework, links, masking, statement, words
from portal.moderation.models import RESTRICTIONS, Appeal, Appellant, Case, Decision, Report, Verdict
from portal.moderation.queries import reasons
from portal.moderation.statement import Part


@dataclass(frozen=True, kw_only=True)
class Standing:
    """A decision that somebody may complain of, and as whom."""

    decision: Decision
    case: Case
    appellant: Appellant
    report: Report | None
    appeal: Appeal | None
    """The complaint they have made."""
    reversed: bool

    @property
    def appeal_by(self) -> datetime:
        return reasons.appeal_by(self.decision)

    @property
    def may_appeal(self) -> bool:
        """An author complains of a restriction that stands, a reporter of any decision, each once and in time."""
        about = self.decision.verdict in RESTRICTIONS or self.appellant is Appellant.REPORTER
        return about and self.appeal is None and not self.reversed and clock.now() <= self.appeal_by


@dataclass(frozen=True, kw_only=True)
class DecisionPage:
    """A decision as the author sees it: the reasons, their own text as it was, and the complaint."""

    standing: Standing
    parts: Sequence[Part]
    """The statement of reasons, in the language it was written in."""
    own_text: Sequence[Sequence[tuple[str, bool]]]
    """Each text in pieces, with whether the piece was masked; empty when it isn't kept."""
    language: str
    """Of the text."""
    title: str
    card: Card | None


@dataclass(frozen=True, kw_only=True)
class ReportPage:
    """A report as its reporter sees it."""

    report: Report
    case: Case
    title: str
    card: Card | None
    standing: Standing | None
    """None while nothing is decided."""
    withdrawn: bool
    """The case was closed because the text is gone."""

    @property
    def told_by_mail(self) -> bool:
        return self.report.reporter_id is not None or self.report.email is not None


@dataclass(frozen=True)
class DecisionRow:
    """One of a person's own decisions in a list."""

    decision: Decision
    verdict: Any
    title: str


def decision_page(actor: Actor, *, token: str = "", decision_id: int | None = None) -> DecisionPage:
    """Return a decision to its author, who has the link's token or is signed in. Raises NotFound."""
    standing = author_standing(actor, token=token, decision_id=decision_id)
    decision, case = standing.decision, standing.case
    ref = casework.ref_of(case)
    with in_language(decision.language):
        parts = statement.parts(reasons.grounds(decision, case)) if decision.rule else []
    return DecisionPage(
        standing=standing,
        parts=parts,
        own_text=_own_text(decision),
        language=decision.before.get("language", decision.language),
        title=casework.title_of(ref),
        card=content().cards([ref]).get(ref),
    )


def report_page(token: str) -> ReportPage:
    """Return a report to whoever has the link's token. Raises NotFound."""
    report, case = _report(token)
    ref = casework.ref_of(case)
    decision = db.session.scalar(
        sa.select(Decision)
        .where(
            Decision.case_id == case.id,
            Decision.decided_at >= report.created_at,
            Decision.verdict != Verdict.LIMIT,
            Decision.reverses_id.is_(None),
        )
        .order_by(Decision.id)
        .limit(1)
    )
    return ReportPage(
        report=report,
        case=case,
        title=casework.title_of(ref),
        card=content().cards([ref]).get(ref),
        standing=_standing(decision, case, Appellant.REPORTER, report) if decision else None,
        withdrawn=case.closed_at is not None and decision is None,
    )


def author_standing(actor: Actor, *, token: str = "", decision_id: int | None = None) -> Standing:
    """Return how a decision stands to its author. Raises NotFound for anybody else."""
    if token:
        which = Decision.token_hash == links.hashed(token)
    else:
        which = sa.and_(Decision.id == decision_id, Case.author_id == (actor.id or 0))
    found = db.session.execute(sa.select(Decision, Case).join(Case, Case.id == Decision.case_id).where(which)).first()
    if found is None:
        raise NotFound(_l("Vi finner ikke denne avgjørelsen."))
    return _standing(found[0], found[1], Appellant.AUTHOR, None)


def reporter_standing(token: str) -> Standing:
    """Return how the decision after a report stands to its reporter. Raises NotFound when there is none."""
    page = report_page(token)
    if page.standing is None:
        raise NotFound(_l("Vi har ikke avgjort dette ennå."))
    return page.standing


def own_decisions(actor: Actor) -> list[DecisionRow]:
    """Return the restrictions of one's own texts, the newest first."""
    rows = db.session.execute(
        sa.select(Decision, Case)
        .join(Case, Case.id == Decision.case_id)
        .where(Case.author_id == (actor.id or 0), Decision.verdict.in_(RESTRICTIONS))
        .order_by(Decision.id.desc())
        .limit(50)
    ).all()
    cards = content().cards([casework.ref_of(case) for _, case in rows])
    return [DecisionRow(decision, words.VERDICTS[decision.verdict], _title(cards, case)) for decision, case in rows]


def _title(cards: Mapping[Any, Card], case: Case) -> str:
    ref = casework.ref_of(case)
    kind = content().find(case.kind)
    return cards[ref].title if ref in cards else str(kind.label if kind else case.kind)


def _own_text(decision: Decision) -> list[list[tuple[str, bool]]]:
    kept: Mapping[str, str] = decision.before.get("fields", {})
    return [
        masking.pieces(text, [(start, end) for field, start, end in decision.masks if field == name])
        for name, text in kept.items()
        if text
    ]


def _report(token: str) -> tuple[Report, Case]:
    found = db.session.execute(
        sa.select(Report, Case).join(Case, Case.id == Report.case_id).where(Report.token_hash == links.hashed(token))
    ).first()
    if found is None:
        raise NotFound(_l("Vi finner ikke denne meldingen."))
    return found[0], found[1]


def _standing(decision: Decision, case: Case, appellant: Appellant, report: Report | None) -> Standing:
    mine = sa.select(Appeal).where(Appeal.decision_id == decision.id, Appeal.appellant == appellant)
    if report is not None:
        mine = mine.where(Appeal.report_id == report.id)
    reversal = sa.select(Decision.id).where(Decision.reverses_id == decision.id).limit(1)
    return Standing(
        decision=decision,
        case=case,
        appellant=appellant,
        report=report,
        appeal=db.session.scalar(mine),
        reversed=db.session.scalar(reversal) is not None,
    )
