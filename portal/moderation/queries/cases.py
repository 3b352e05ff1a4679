"""One case, and everything a moderator needs to decide it: the text with its signals, and what was decided before."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import pairwise
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import aliased

from portal.accounts.models import Account
from portal.kernel import clock
from portal.kernel.content import Card, PublicationState, Ref, Written
from portal.kernel.db import db
from portal.kernel.errors import Forbidden, NotFound
from portal.kernel.extensions import content
from portal.kernel.i18n import _l
from portal.kernel.identity import Actor
from portal.moderation import casework, masking, policy, signals, statement, words
from portal.moderation.casework import Step
from portal.moderation.models import RESTRICTIONS, Case, CaseEvent, Decision, Report, Verdict
from portal.moderation.queries import reasons
from portal.moderation.signals import Found, Signal

SEEN_FOR = timedelta(hours=1)
"""How long a name or an original stays on the page after one has said why one needs it."""
SIMILAR = 5


@dataclass(frozen=True)
class Piece:
    """A part of a text, and the signals that stand in it."""

    text: str
    signals: tuple[Signal, ...] = ()


@dataclass(frozen=True)
class MarkedField:
    """A text with its signals marked; the pieces together are the text."""

    name: str
    pieces: Sequence[Piece]


@dataclass(frozen=True)
class Passage:
    """A signal that can be ticked to be masked."""

    value: str
    """`field:start:end`."""
    signal: Signal
    text: str


@dataclass(frozen=True, kw_only=True)
class AuthorRecord:
    """What has become of an author's texts, without saying who it is."""

    texts: int
    shown: int
    restricted: int
    reversed: int
    since: datetime | None


@dataclass(frozen=True, kw_only=True)
class EarlierDecision:
    """A decision about this thing, or about another that is like it."""

    decision: Decision
    case: Case
    decided_by: str | None
    is_reversed: bool
    original: Mapping[str, str] | None
    """What stood there, for whoever has asked to read it."""


@dataclass(frozen=True, kw_only=True)
class CasePage:
    """A case as a moderator sees it."""

    case: Case
    ref: Ref
    label: Any
    card: Card | None
    written: Written | None
    fields: Sequence[MarkedField]
    signals: Sequence[Signal]
    passages: Sequence[Passage]
    reports: Sequence[Report]
    history: Sequence[tuple[CaseEvent, str | None]]
    record: AuthorRecord
    earlier: Sequence[EarlierDecision]
    similar: Sequence[EarlierDecision]
    taken_by: str | None
    """Somebody else who works with it now."""
    is_mine: bool
    author_name: str | None
    """For whoever has asked to see it."""
    verdicts: Sequence[Verdict]
    """What can be decided now; none when the actor may not."""
    fingerprint: str

    @property
    def is_open(self) -> bool:
        return self.case.closed_at is None

    @property
    def is_overdue(self) -> bool:
        return self.is_open and self.case.due_at <= clock.now()


def case_page(actor: Actor, case_id: int) -> CasePage:
    """Return a case. Raises NotFound."""
    if not policy.may_moderate(actor):
        raise Forbidden
    case, claimer, author, record = _case(case_id)
    ref = casework.ref_of(case)
    written = content().written([ref]).get(ref)
    found = [each for each in signals.read(case.signals) if _fits(each, written)]
    history = _history(case)
    earlier, similar = _decisions(case, {each.signal for each in found}, _seen(history, actor, Step.ORIGINAL_READ))
    taken = case.claimed_until is not None and case.claimed_until > clock.now()
    kind = content().find(case.kind)
    return CasePage(
        case=case,
        ref=ref,
        label=kind.label if kind else case.kind,
        card=content().cards([ref]).get(ref),
        written=written,
        fields=[MarkedField(name, marked(text, name, found)) for name, text in written.fields.items()]
        if written
        else [],
        signals=list(dict.fromkeys(each.signal for each in found)),
        passages=_passages(written, found),
        reports=db.session.scalars(sa.select(Report).where(Report.case_id == case.id).order_by(Report.id)).all(),
        history=history,
        record=record,
        earlier=earlier,
        similar=similar,
        taken_by=claimer if taken and case.claimed_by_id != actor.id else None,
        is_mine=taken and case.claimed_by_id == actor.id,
        author_name=author if _seen(history, actor, Step.AUTHOR_REVEALED) else None,
        verdicts=_verdicts(actor, case, written),
        fingerprint=casework.fingerprint(written),
    )


def preview_statement(actor: Actor, case_id: int, draft: Any) -> Sequence[statement.Part]:
    """Return the statement of reasons that a draft would give; the caller writes in the author's language."""
    if not policy.may_moderate(actor):
        raise Forbidden
    case = db.session.get(Case, case_id)
    if case is None:
        raise NotFound
    decision = Decision(
        verdict=draft.verdict,
        decided_by_id=actor.id,
        decided_at=clock.now(),
        rule=draft.rule,
        facts=draft.facts,
        why=draft.why,
        until=draft.until,
        on_report=reasons.is_reported(case_id),
        masks=[],
    )
    return statement.parts(reasons.grounds(decision, case))


def masked(written: Written, draft: Any) -> Mapping[str, str]:
    """Return the texts as a draft would mask them; empty when it masks nothing."""
    if draft.verdict is not Verdict.MASK:
        return {}
    passages = [*draft.passages, *masking.places(written.fields, draft.pasted)]
    return masking.mask_fields(written.fields, passages, written.language)


def marked(text: str, field: str, found: Sequence[Found]) -> list[Piece]:
    """Cut a text where a signal begins or ends."""
    here = [each for each in found if each.field == field and each.end > each.start]
    cuts = sorted({0, len(text), *(each.start for each in here), *(each.end for each in here)})
    return [
        Piece(
            text[start:end],
            tuple(dict.fromkeys(each.signal for each in here if each.start <= start and end <= each.end)),
        )
        for start, end in pairwise(cuts)
    ]


def _case(case_id: int) -> tuple[Case, str | None, str | None, AuthorRecord]:
    claimer, author = aliased(Account), aliased(Account)
    others = aliased(Case)
    ended = sa.select(Decision.reverses_id).where(Decision.reverses_id.is_not(None))
    decided = sa.select(sa.func.count()).select_from(Decision).join(others, others.id == Decision.case_id)
    by_author = others.author_id == Case.author_id

    def count(*conditions: Any) -> Any:
        return decided.where(by_author, *conditions).correlate(Case).scalar_subquery()

    found = db.session.execute(
        sa.select(
            Case,
            claimer.name,
            author.name,
            sa.select(sa.func.count()).select_from(others).where(by_author).correlate(Case).scalar_subquery(),
            count(Decision.verdict == Verdict.APPROVE, Decision.reverses_id.is_(None)),
            count(Decision.verdict.in_(RESTRICTIONS)),
            count(Decision.id.in_(ended)),
            author.created_at,
        )
        .outerjoin(claimer, claimer.id == Case.claimed_by_id)
        .join(author, author.id == Case.author_id)
        .where(Case.id == case_id)
    ).one_or_none()
    if found is None:
        raise NotFound(_l("Vi finner ikke denne saken."))
    case, claimer_name, author_name, texts, shown, restricted, reversed_, since = found
    record = AuthorRecord(texts=texts, shown=shown, restricted=restricted, reversed=reversed_, since=since)
    return case, claimer_name, author_name, record


def _history(case: Case) -> list[tuple[CaseEvent, str | None]]:
    """Return the steps; who did something is told of colleagues only, not of authors and reporters."""
    rows = db.session.execute(
        sa.select(CaseEvent, Account.name)
        .outerjoin(Account, Account.id == CaseEvent.actor_id)
        .where(CaseEvent.case_id == case.id)
        .order_by(CaseEvent.id)
    ).all()
    by_others = {Step.OPENED, Step.PASSED, Step.EDITED, Step.REPORTED, Step.CLOSED, Step.APPEALED}
    return [(event, None if event.what in by_others else name) for event, name in rows]


def _decisions(case: Case, seen: set[Signal], read: set[Any]) -> tuple[list[EarlierDecision], list[EarlierDecision]]:
    ended = sa.select(Decision.reverses_id).where(Decision.reverses_id.is_not(None))
    about_this = sa.and_(Case.kind == case.kind, Case.target_id == case.target_id)
    rows = db.session.execute(
        sa.select(Decision, Case, Account.name, Decision.id.in_(ended))
        .join(Case, Case.id == Decision.case_id)
        .outerjoin(Account, Account.id == Decision.decided_by_id)
        .where(Decision.reverses_id.is_(None), sa.or_(about_this, Decision.verdict.in_(RESTRICTIONS)))
        .order_by(sa.case((about_this, 0), else_=1), Decision.id.desc())
        .limit(60)
    ).all()
    earlier: list[EarlierDecision] = []
    similar: list[EarlierDecision] = []
    for decision, its_case, name, is_reversed in rows:
        original = decision.before.get("fields") if decision.id in read else None
        row = EarlierDecision(
            decision=decision, case=its_case, decided_by=name, is_reversed=is_reversed, original=original
        )
        if (its_case.kind, its_case.target_id) == (case.kind, case.target_id):
            earlier.append(row)
        elif seen & {each.signal for each in signals.read(its_case.signals)} and len(similar) < SIMILAR:
            similar.append(row)
    return earlier, similar


def _seen(history: Sequence[tuple[CaseEvent, str | None]], actor: Actor, step: Step) -> set[Any]:
    """Return what this person has asked to see lately, by decision; {None} for what isn't about one."""
    return {
        event.data.get("decision_id")
        for event, _name in history
        if event.what == step and event.actor_id == actor.id and event.at > clock.now() - SEEN_FOR
    }


def _fits(found: Found, written: Written | None) -> bool:
    """Signals are those of the text as it came; one that was masked since has none."""
    if not found.field:
        return True
    return written is not None and found.end <= len(written.fields.get(found.field, ""))


def _passages(written: Written | None, found: Sequence[Found]) -> list[Passage]:
    if written is None:
        return []
    return [
        Passage(f"{each.field}:{each.start}:{each.end}", each.signal, written.fields[each.field][each.start : each.end])
        for each in found
        if each.field
    ]


def _verdicts(actor: Actor, case: Case, written: Written | None) -> list[Verdict]:
    if case.closed_at is not None or written is None or not policy.may_decide(actor, case):
        return []
    shown = written.state is PublicationState.PUBLISHED
    away = Verdict.HIDE if shown else Verdict.REJECT
    return [verdict for verdict in words.CHOICES if verdict not in {Verdict.HIDE, Verdict.REJECT} or verdict is away]
