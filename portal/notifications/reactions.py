"""Who is told when something happens."""

from __future__ import annotations

from collections.abc import Collection, Mapping

import sqlalchemy as sa

from portal.cocreation.events.posts import INPUT
from portal.ideas.events.cases import (
    CASE,
    DESK,
    STEP,
    VERDICT,
    CasesReminded,
    IdeaAnswered,
    IdeaAsked,
    IdeaAssigned,
    IdeaMoved,
    IdeaProgressed,
)
from portal.ideas.events.ideas import IDEA, IdeaProposed, IdeaSentInternally
from portal.ideas.events.merging import IdeasMerged, MergeUndone
from portal.ideas.queries.verdicts import people_behind
from portal.ideas.stages import Decision, Stage, goes_back
from portal.kernel import clock, outbox
from portal.kernel.content import PublicationState, Ref
from portal.kernel.db import db
from portal.kernel.events import Event
from portal.kernel.extensions import content
from portal.kernel.identity import Role
from portal.moderation.events import AppealDecided, CaseDecided
from portal.moderation.models import Appeal, Appellant, Report, Verdict
from portal.notifications import people
from portal.notifications.actions import Telling
from portal.notifications.letters import TELL
from portal.notifications.models import NoticeKind
from portal.observatorium.events.assessing import ASSESSING, AssigneesReminded
from portal.observatorium.events.rounds import INDICATOR, RoundPublished
from portal.participation.events import CONTRIBUTION
from portal.participation.models import Contribution, Follow
from portal.portfolio.events import (
    APPLICATION,
    ApplicationDecided,
    ApplicationSent,
    BenefitsReminded,
    PaymentMade,
)
from portal.solutions.events.adoptions import ADOPTION

AT_A_TIME = 500
"""Accounts told in one transaction: thousands of followers must not hold back others who write."""
QUIET = frozenset({INPUT, ADOPTION})
"""What is no news to those who follow what it is written on: its owners are told."""
FEW = 5
"""Up to this many cases somebody is reminded of each; of more, of the list."""


def ask_to_tell(telling: Telling) -> None:
    """Ask the worker to tell some people: the transaction of what happened isn't held up by its followers."""
    payload = {
        "cause": telling.cause,
        "sentence": telling.sentence,
        "notice_kind": telling.notice_kind.value,
        "ref": [telling.ref.kind, telling.ref.id],
    }
    for first in range(0, len(telling.accounts), AT_A_TIME):
        outbox.enqueue(TELL, payload | {"accounts": list(telling.accounts[first : first + AT_A_TIME])})


def tell_of_text(event: Event) -> None:
    """When a text is shown for the first time: tell whom it answers, and who follows what it is written on."""
    ref = event.subject()
    written = content().written([ref]).get(ref) if ref else None
    if ref is None or written is None or written.state is not PublicationState.PUBLISHED:
        return
    answered = _tell_whom_it_answers(ref, written.author_id)
    if written.on and ref.kind not in QUIET:
        others = [each for each in people.followers([written.on]) if each not in {written.author_id, answered}]
        ask_to_tell(_telling(f"shown:{ref}", "written", NoticeKind.FOLLOWED, ref, others))


def tell_of_decision(event: CaseDecided) -> None:
    """Tell the author what was decided, and whoever reported it, that it is decided; the reasons come by mail."""
    ref = event.subject()
    cause = f"decision:{event.decision_id}"
    sentence = "approved" if event.verdict is Verdict.APPROVE else "restricted"
    ask_to_tell(_telling(cause, sentence, NoticeKind.DECISION, ref, [event.author_id]))
    reported = sa.select(Report.reporter_id).where(Report.case_id == event.case_id, Report.reporter_id.is_not(None))
    reporters = [each for each in db.session.scalars(reported.distinct()) if each is not None]
    ask_to_tell(_telling(f"report:{event.decision_id}", "report_decided", NoticeKind.DECISION, ref, reporters))


def tell_of_appeal(event: AppealDecided) -> None:
    """Tell whoever complained that it is decided: the author, or the one who reported, when they have an account."""
    appeal = db.session.get_one(Appeal, event.appeal_id)
    report = db.session.get(Report, appeal.report_id) if appeal.report_id else None
    who = event.author_id if appeal.appellant is Appellant.AUTHOR else report and report.reporter_id
    cause = f"appeal:{event.appeal_id}"
    ask_to_tell(_telling(cause, "appeal_decided", NoticeKind.DECISION, event.subject(), [who] if who else []))


def tell_of_round(event: RoundPublished) -> None:
    """Tell those who follow an indicator that there is a new result: once, however many they follow."""
    follows = sa.select(Follow.account_id, Follow.target_id).where(Follow.kind == INDICATOR)
    rows = db.session.execute(follows.order_by(Follow.target_id.desc()))
    first = {account_id: indicator for account_id, indicator in rows}  # noqa: C416 - dict() of rows confuses the checker
    for indicator in sorted(set(first.values())):
        told = [account_id for account_id, each in first.items() if each == indicator]
        ref = Ref(INDICATOR, indicator)
        ask_to_tell(_telling(f"round:{event.round_id}", "published", NoticeKind.FOLLOWED, ref, told))


def tell_of_receipt(event: IdeaProposed | IdeaSentInternally) -> None:
    """Tell the author that we have what they sent in."""
    ref = event.subject()
    ask_to_tell(_telling(f"received:{ref}", "idea_received", NoticeKind.OWN, ref, _author(ref, event)))


def tell_of_idea_answer(event: IdeaAnswered) -> None:
    """Tell the author what the municipality answers: it always reaches them."""
    author = _author(event.subject(), event)
    ask_to_tell(_telling(_cause(event), "idea_answered", NoticeKind.ANSWER, _told_at(event), author))


def tell_of_case(event: IdeaMoved | IdeaProgressed) -> None:
    """Tell the author where the case has come, and those who follow or support it when it matters to them."""
    ref = event.subject()
    own, others = _sentences(event)
    author = _author(ref, event)
    kind = NoticeKind.ANSWER if own in {"idea_decided", "idea_sent"} else NoticeKind.OWN
    ask_to_tell(_telling(_cause(event), own, kind, _told_at(event), author))
    if others:
        told = sorted({*people.followers([ref]), *people.supporters(ref)} - {*author, event.actor.id})
        ask_to_tell(_telling(_cause(event), others, NoticeKind.FOLLOWED, _told_at(event), told))


def tell_of_merge(event: IdeasMerged) -> None:
    """Tell both authors: each is led to the idea that is kept, where the reason stands."""
    kept, merged = Ref(IDEA, event.kept_id), Ref(IDEA, event.merged_id)
    theirs, own = _author(merged, event), _author(kept, event)
    ask_to_tell(_telling(f"merge:{event.merge_id}", "idea_merged", NoticeKind.OWN, kept, theirs))
    joined = [each for each in own if each not in theirs]
    ask_to_tell(_telling(f"merge:{event.merge_id}", "idea_joined", NoticeKind.OWN, kept, joined))


def tell_of_separation(event: MergeUndone) -> None:
    """Tell both authors that they were not the same after all."""
    for ref in (Ref(IDEA, event.kept_id), Ref(IDEA, event.merged_id)):
        cause = f"unmerge:{event.merge_id}:{ref.id}"
        ask_to_tell(_telling(cause, "idea_separated", NoticeKind.OWN, ref, _author(ref, event)))


def tell_of_assignment(event: IdeaAssigned) -> None:
    """Tell somebody of a case that a colleague gave them."""
    who = event.responsible_id
    if event.to_another and who is not None and who != event.actor.id:
        cause = f"assigned:{event.idea_id}:{clock.now():%Y%m%d%H%M%S}"
        ask_to_tell(_telling(cause, "case_assigned", NoticeKind.WORK, Ref(CASE, event.idea_id), [who]))


def tell_of_waiting_cases(event: CasesReminded) -> None:
    """Remind somebody of cases: of each when they are few, else of the list."""
    waiting = {"case_answer_late": event.late_ids, "case_answer_soon": event.soon_ids, "case_untold": event.untold_ids}
    day = clock.today()
    if sum(map(len, waiting.values())) > FEW:
        ref = Ref(DESK, 1)
        cause = f"cases:{day}:{'late' if event.late_ids else 'soon' if event.soon_ids else 'untold'}"
        ask_to_tell(_telling(cause, "cases_wait", NoticeKind.WORK, ref, [event.account_id]))
        return
    for sentence, ids in waiting.items():
        for idea_id in ids:
            cause = f"{sentence}:{idea_id}:{day}"
            ask_to_tell(_telling(cause, sentence, NoticeKind.WORK, Ref(CASE, idea_id), [event.account_id]))


def ask_whether_it_helped(event: IdeaAsked) -> None:
    """Ask the author and the supporters, with a link to where they answer."""
    ref = Ref(VERDICT, event.idea_id)
    ask_to_tell(_telling(f"asked:{event.idea_id}", "idea_asked", NoticeKind.OWN, ref, people_behind(event.idea_id)))


def tell_of_application(event: ApplicationSent) -> None:
    """Tell those who run the innovation funds that somebody applies."""
    ref = Ref(APPLICATION, event.application_id)
    told = [each for each in people.holding(Role.IDEA_MANAGER) if each != event.actor.id]
    ask_to_tell(_telling(f"applied:{event.application_id}", "funds_applied", NoticeKind.WORK, ref, told))


def tell_of_funds(event: ApplicationDecided) -> None:
    """Tell the applicant that it is decided: it always reaches them."""
    ref = Ref(APPLICATION, event.application_id)
    ask_to_tell(_telling(f"funds:{ref}", "funds_decided", NoticeKind.ANSWER, ref, [event.author_id]))


def tell_of_payment(event: PaymentMade) -> None:
    """Tell the applicant that money is on its way."""
    ref = Ref(APPLICATION, event.application_id)
    cause = f"paid:{event.payment_id}"
    ask_to_tell(_telling(cause, "funds_paid", NoticeKind.OWN, ref, [event.author_id]))


def tell_of_assessments(event: AssigneesReminded) -> None:
    """Remind the employees of a service area of what it is to assess."""
    cause = f"assessing:{event.round_id}:{event.service_area_id}:{clock.today()}"
    told = people.employed_in(event.service_area_id)
    ask_to_tell(_telling(cause, "assessments_wait", NoticeKind.WORK, Ref(ASSESSING, 1), told))


def tell_of_late_benefits(event: BenefitsReminded) -> None:
    """Remind those who run the portfolio, once each time it is asked for."""
    cause = f"benefits:{clock.today()}"
    ref = event.subject()
    ask_to_tell(_telling(cause, "benefits_late", NoticeKind.WORK, ref, people.holding(Role.IDEA_MANAGER)))


def _tell_whom_it_answers(ref: Ref, author_id: int) -> int | None:
    reply = db.session.get(Contribution, ref.id) if ref.kind == CONTRIBUTION else None
    if reply is None:
        return None
    asker = _asker(reply)
    if asker is None or asker == author_id:
        return None
    sentence, kind = ("answered", NoticeKind.ANSWER) if reply.is_official else ("replied", NoticeKind.REPLY)
    ask_to_tell(_telling(f"shown:{ref}", sentence, kind, ref, [asker]))
    return asker


def _asker(reply: Contribution) -> int | None:
    """Return who wrote what a contribution replies to: another contribution, or the thing itself."""
    if reply.parent_id:
        return db.session.scalar(sa.select(Contribution.author_id).where(Contribution.id == reply.parent_id))
    on = Ref(reply.kind, reply.target_id)
    written = content().written([on]).get(on)
    return written.author_id if written else None


def _sentences(event: IdeaMoved | IdeaProgressed) -> tuple[str, str | None]:
    """Return what the author is told, and what the others are; None when it is of little matter to them."""
    if isinstance(event, IdeaProgressed):
        return "idea_progress", "followed_progress"
    if goes_back(event.before, event.after):
        return "idea_reopened", "followed_progress"
    if event.decision is Decision.SENT_ON and event.after is Stage.DECIDED:
        return "idea_sent", "followed_decided"
    return _OF_STAGE[event.after]


_OF_STAGE: Mapping[Stage, tuple[str, str | None]] = {
    Stage.ASSESSING: ("idea_assessing", None),
    Stage.DECIDED: ("idea_decided", "followed_decided"),
    Stage.UNDER_WAY: ("idea_under_way", "followed_progress"),
    Stage.REALISED: ("idea_realised", "followed_realised"),
    Stage.CLOSED: ("idea_closed", "followed_closed"),
}


def _told_at(event: IdeaAnswered | IdeaMoved | IdeaProgressed) -> Ref:
    return Ref(STEP, event.step_id) if event.step_id is not None else event.subject()


def _cause(event: IdeaAnswered | IdeaMoved | IdeaProgressed) -> str:
    return f"step:{event.step_id}" if event.step_id is not None else f"{event.name}:{event.idea_id}:{clock.now()}"


def _author(ref: Ref, event: Event) -> list[int]:
    """Return who proposed an idea, unless they did the thing themselves; a receipt is always theirs."""
    written = content().written([ref]).get(ref)
    if written is None or written.state is PublicationState.WITHDRAWN:
        return []
    is_receipt = isinstance(event, IdeaProposed | IdeaSentInternally)
    return [written.author_id] if is_receipt or written.author_id != event.actor.id else []


def _telling(cause: str, sentence: str, kind: NoticeKind, ref: Ref, accounts: Collection[int]) -> Telling:
    return Telling(cause=cause, sentence=sentence, notice_kind=kind, ref=ref, accounts=list(accounts))
