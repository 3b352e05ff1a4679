"""Complaining of a decision, and deciding the complaint: by another person than the first."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from portal.accounts.actions.limits import limit_account
from portal.accounts.queries import settings
from portal.kernel import clock
from portal.kernel.db import atomic, db
from portal.kernel.errors import Conflict, Forbidden, Invalid, NotFound
from portal.kernel.events import publish
from portal.kernel.i18n import _l
from portal.kernel.identity import Actor
from portal.moderation import casework, letters, policy
from portal.moderation.actions import queueing
from portal.moderation.casework import Step
from portal.moderation.events import AppealDecided, DecisionAppealed
from portal.moderation.models import Appeal, Appellant, Case, Decision, Outcome, Report, Verdict
from portal.moderation.queries import received

LONGEST = 5000


@dataclass(frozen=True, kw_only=True)
class AppealDraft:
    """Why somebody disagrees. The token of their link says of what; signed-in authors may name the decision."""

    text: str
    language: str = "nb"
    token: str = ""
    decision_id: int | None = None


@dataclass(frozen=True, kw_only=True)
class AnswerDraft:
    """What became of an appeal, and why."""

    outcome: Outcome
    reason: str


@atomic
def appeal(actor: Actor, draft: AppealDraft) -> Appeal:
    """Complain as the author, by the link in the statement of reasons or signed in."""
    standing = received.author_standing(actor, token=draft.token, decision_id=draft.decision_id)
    return _appeal(actor, standing, draft)


@atomic
def appeal_as_reporter(actor: Actor, draft: AppealDraft) -> Appeal:
    """Complain as the reporter, by the link on the receipt."""
    return _appeal(actor, received.reporter_standing(draft.token), draft)


@atomic
def decide_appeal(actor: Actor, appeal_id: int, draft: AnswerDraft) -> Appeal:
    """Decide a complaint; when it is upheld, what was restricted is shown again as it was.

    A reporter's that is upheld opens the case again, for a new decision with reasons of its own.
    """
    found = db.session.get(Appeal, appeal_id, with_for_update=True, populate_existing=True)
    if found is None:
        raise NotFound(_l("Vi finner ikke denne klagen."))
    decision = db.session.get_one(Decision, found.decision_id)
    case = casework.locked(decision.case_id)
    if not policy.may_decide_appeal(actor, found, case):
        raise Forbidden(_l("En annen enn den som bestemte først, må avgjøre klagen."))
    if found.decided_at is not None:
        raise Conflict(_l("Klagen er alt avgjort."))
    if not draft.reason or len(draft.reason) > LONGEST:
        raise Invalid("reason", _l("Skriv hvorfor, med høyst %(max)d tegn.", max=LONGEST))
    found.outcome, found.reason = draft.outcome, draft.reason
    found.decided_at, found.decided_by_id = clock.now(), actor.id
    db.session.flush()
    casework.note(case, actor, Step.APPEAL_DECIDED, appeal_id=found.id, outcome=draft.outcome)
    if draft.outcome is Outcome.UPHELD:
        _uphold(actor, found, decision, case)
    publish(
        AppealDecided(
            actor=actor,
            appeal_id=found.id,
            decision_id=decision.id,
            outcome=draft.outcome,
            author_id=case.author_id,
            **casework.facts(case),
        )
    )
    letters.tell_appellant(found, case, db.session.get(Report, found.report_id) if found.report_id else None)
    return found


def _appeal(actor: Actor, standing: received.Standing, draft: AppealDraft) -> Appeal:
    if standing.appeal is not None:
        raise Conflict(_l("Du har alt klaget på dette. Vi svarer så snart vi kan."))
    if not standing.may_appeal:
        raise Conflict(_l("Det er for sent å klage på denne avgjørelsen, eller den gjelder ikke lenger."))
    if not draft.text or len(draft.text) > LONGEST:
        raise Invalid("text", _l("Skriv hvorfor du er uenig, med høyst %(max)d tegn.", max=LONGEST))
    decision, case, moment = standing.decision, standing.case, clock.now()
    made = Appeal(
        decision_id=decision.id,
        first_decided_by_id=decision.decided_by_id,
        appellant=standing.appellant,
        report_id=standing.report.id if standing.report else None,
        text=draft.text,
        language=draft.language,
        created_at=moment,
        due_at=moment + timedelta(days=settings.value("appeal_answer_days")),
    )
    db.session.add(made)
    db.session.flush()
    casework.note(case, actor, Step.APPEALED, appeal_id=made.id, appellant=made.appellant)
    publish(
        DecisionAppealed(
            actor=actor,
            appeal_id=made.id,
            decision_id=decision.id,
            appellant=made.appellant,
            **casework.facts(case),
        )
    )
    return made


def _uphold(actor: Actor, found: Appeal, decision: Decision, case: Case) -> None:
    if found.appellant is Appellant.REPORTER:
        reopened = queueing.open_reported(actor, casework.ref_of(case))
        casework.note(reopened, actor, Step.REPORTED, appeal_id=found.id)
        return
    if decision.verdict is Verdict.LIMIT:
        before = decision.before.get("limited_until")
        earlier = datetime.fromisoformat(before) if before else None
        limit_account(actor, case.author_id, earlier if earlier and earlier > clock.now() else None)
    else:
        letters.tell_reporters(case.id, restricted=False)
    casework.reverse(actor, case, decision)
