"""Deciding: approve, mask, ask for changes, hide, reject, limit an account; each restriction with its reasons."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from portal.accounts.actions.limits import limit_account
from portal.kernel import clock
from portal.kernel.content import PublicationState, Written
from portal.kernel.db import atomic, db
from portal.kernel.errors import Conflict, Forbidden, Invalid, NotFound
from portal.kernel.events import publish
from portal.kernel.i18n import _l
from portal.kernel.identity import SYSTEM, Actor
from portal.moderation import casework, letters, links, masking, people, policy, words
from portal.moderation.casework import Step
from portal.moderation.events import CaseDecided, RestrictionEnded
from portal.moderation.house_rules import BY_KEY
from portal.moderation.masking import Passage
from portal.moderation.models import Case, Decision, Verdict
from portal.moderation.queries import reasons
from portal.ui.filters import time

LONGEST = 2000


@dataclass(frozen=True, kw_only=True)
class DecisionDraft:
    """What a moderator decides, and the case and text the form was made from."""

    verdict: Verdict
    rule: str = ""
    facts: str = ""
    why: str = ""
    """Empty: the rule's own words."""
    passages: Sequence[Passage] = ()
    """What is to be masked."""
    pasted: str = ""
    """A passage to be masked wherever it stands."""
    until: datetime | None = None
    """When what is hidden is shown again."""
    limit_until: datetime | None = None
    """The account may only read until then, besides."""
    version: int
    fingerprint: str


@dataclass(frozen=True, kw_only=True)
class BulkDraft:
    """The same decision about several texts: (case, version, fingerprint) of each."""

    cases: Sequence[tuple[int, int, str]]
    rule: str = "spam"
    facts: str = ""
    why: str = ""


@atomic
def decide(actor: Actor, case_id: int, draft: DecisionDraft) -> Decision:
    """Decide a case, put it into effect, and tell the author and the reporters.

    Conflict when the case or the text is another than the form was made from. Invalid at the field that is wrong.
    """
    case = casework.locked(case_id)
    written = _checked(actor, case, draft)
    decision = _decided(actor, case, draft, written)
    if draft.limit_until is not None:
        _limit(actor, case, draft, decision)
    letters.tell_reporters(case.id, restricted=decision.verdict is not Verdict.APPROVE)
    casework.close(case)
    publish(
        CaseDecided(
            actor=actor,
            decision_id=decision.id,
            verdict=decision.verdict,
            rule=decision.rule,
            author_id=case.author_id,
            shown=casework.STATES[decision.verdict] is PublicationState.PUBLISHED,
            **casework.facts(case),
        )
    )
    return decision


@atomic
def decide_many(actor: Actor, draft: BulkDraft) -> list[int]:
    """Keep several texts from being shown for the same reason; return the cases that had changed and were left."""
    left = []
    for case_id, version, fingerprint in draft.cases:
        case = casework.locked(case_id)
        written = casework.written_at(casework.ref_of(case))
        shown = written is not None and written.state is PublicationState.PUBLISHED
        one = DecisionDraft(
            verdict=Verdict.HIDE if shown else Verdict.REJECT,
            rule=draft.rule,
            facts=draft.facts,
            why=draft.why,
            version=version,
            fingerprint=fingerprint,
        )
        try:
            _checked(actor, case, one)
        except Conflict:
            left.append(case_id)
        else:
            decide(actor, case_id, one)
    return left


@atomic
def check(actor: Actor, case_id: int, draft: DecisionDraft) -> str:
    """Refuse what `decide` would refuse, and change nothing; return the language the author is written to in."""
    case = casework.locked(case_id)
    written = _checked(actor, case, draft)
    _masks(draft, written)
    return people.language_of(case.author_id, written.language)


@atomic
def end_due(actor: Actor = SYSTEM) -> int:
    """Show again what was hidden for a time that is over; return how many. The worker calls it."""
    ended = sa.select(Decision.reverses_id).where(Decision.reverses_id.is_not(None))
    due = db.session.execute(
        sa.select(Decision, Case)
        .join(Case, Case.id == Decision.case_id)
        .where(Decision.verdict == Verdict.HIDE, Decision.until <= clock.now(), Decision.id.not_in(ended))
        .order_by(Decision.id)
        .with_for_update(of=Decision, skip_locked=True)
    ).all()
    for decision, case in due:
        casework.reverse(actor, case, decision)
        casework.note(case, actor, Step.ENDED, decision_id=decision.id)
        publish(RestrictionEnded(actor=actor, decision_id=decision.id, **casework.facts(case)))
    return len(due)


def _checked(actor: Actor, case: Case, draft: DecisionDraft) -> Written:
    """Return the text that is decided about; refuse a stale form and what can't be decided."""
    if not policy.may_decide(actor, case):
        raise Forbidden(_l("Du kan ikke behandle en sak om noe du har skrevet selv."))
    if case.closed_at is not None:
        raise Conflict(_what_happened(case))
    casework.refuse_if_taken(actor, case)
    written = casework.written_at(casework.ref_of(case))
    if written is None:
        raise NotFound(_l("Teksten er slettet."))
    if case.version != draft.version or casework.fingerprint(written) != draft.fingerprint:
        raise Conflict(_l("Saken er endret siden du åpnet den. Se over teksten slik den er nå, og bestem på nytt."))
    _check_verdict(draft, written)
    return written


def _check_verdict(draft: DecisionDraft, written: Written) -> None:
    shown = written.state is PublicationState.PUBLISHED
    if draft.verdict not in casework.STATES:
        raise Invalid("verdict", _l("Velg et av alternativene."))
    if draft.verdict is Verdict.APPROVE and draft.limit_until is None:
        return
    if (draft.verdict is Verdict.HIDE and not shown) or (draft.verdict is Verdict.REJECT and shown):
        raise Invalid("verdict", _l("Velg et av alternativene."))
    if draft.rule not in BY_KEY:
        raise Invalid("rule", _l("Velg regelen som er brutt."))
    if max(len(draft.facts), len(draft.why)) > LONGEST:
        raise Invalid("facts", _l("Skriv høyst %(max)d tegn.", max=LONGEST))
    for field in ("until", "limit_until"):
        moment = getattr(draft, field)
        if moment is not None and moment <= clock.now():
            raise Invalid(field, _l("Velg et tidspunkt som ikke er passert."))


def _what_happened(case: Case) -> Any:
    """Say what somebody else decided meanwhile."""
    last = db.session.scalar(
        sa.select(Decision).where(Decision.case_id == case.id).order_by(Decision.id.desc()).limit(1)
    )
    if last is None:
        return _l("Saken er lukket, fordi teksten er trukket eller slettet.")
    return _l(
        "%(name)s avgjorde saken kl. %(time)s: %(verdict)s",
        name=people.name_of(last.decided_by_id),
        time=time(last.decided_at),
        verdict=words.VERDICTS[last.verdict],
    )


def _masks(draft: DecisionDraft, written: Written) -> list[Passage]:
    if draft.verdict is not Verdict.MASK:
        return []
    passages = [*draft.passages, *masking.places(written.fields, draft.pasted)]
    if draft.pasted and len(passages) == len(draft.passages):
        raise Invalid("pasted", _l("Dette står ikke i teksten. Lim inn ordene akkurat slik de står."))
    if not passages:
        raise Invalid("pasted", _l("Merk eller lim inn det som skal sladdes."))
    try:
        masking.mask_fields(written.fields, passages)
    except ValueError as error:
        raise Invalid("pasted", _l("Det du merket, står ikke i teksten.")) from error
    return sorted(set(passages))


def _decided(actor: Actor, case: Case, draft: DecisionDraft, written: Written) -> Decision:
    masks = _masks(draft, written)
    decision = _row(actor, case, draft, masks=[list(each) for each in masks], before=casework.kept(written))
    fields = masking.mask_fields(written.fields, masks, written.language) if masks else {}
    state = casework.STATES[draft.verdict]
    if fields or state is not written.state:
        casework.put_into_effect(casework.ref_of(case), state, fields)
    left = casework.fingerprint(casework.written_at(casework.ref_of(case)))
    decision.before = {**decision.before, casework.LEFT: left}
    casework.note(case, actor, Step.DECIDED, decision_id=decision.id, verdict=draft.verdict)
    letters.tell_author(case, decision)
    return decision


def _limit(actor: Actor, case: Case, draft: DecisionDraft, beside: Decision) -> Decision:
    """Limit the author's account: a decision of its own, with its own reasons and its own appeal."""
    before = limit_account(actor, case.author_id, draft.limit_until)
    kept = {"limited_until": before.isoformat() if before else None, "with": beside.id}
    limit = replace(draft, verdict=Verdict.LIMIT, until=draft.limit_until)
    decision = _row(actor, case, limit, masks=[], before=kept)
    casework.note(case, actor, Step.DECIDED, decision_id=decision.id, verdict=Verdict.LIMIT)
    letters.tell_author(case, decision)
    return decision


def _row(actor: Actor, case: Case, draft: DecisionDraft, *, masks: list[Any], before: dict[str, Any]) -> Decision:
    approved = draft.verdict is Verdict.APPROVE
    decision = Decision(
        case_id=case.id,
        verdict=draft.verdict,
        decided_by_id=actor.id,
        decided_at=clock.now(),
        on_report=reasons.is_reported(case.id),
        rule=None if approved else draft.rule,
        facts="" if approved else draft.facts,
        why="" if approved else draft.why,
        until=draft.until if draft.verdict in {Verdict.HIDE, Verdict.LIMIT} else None,
        language=people.language_of(case.author_id, before.get("language", "nb")),
        masks=masks,
        before=before,
    )
    db.session.add(decision)
    db.session.flush()
    decision.token_hash = links.hashed(links.token(links.DECISION, decision.id))
    db.session.flush()
    return decision
