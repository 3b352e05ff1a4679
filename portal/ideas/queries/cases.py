"""The case of an idea as others see it: every step with its reason, what happens next, and whether it helped."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from portal.accounts.models import Account
from portal.ideas import policy
from portal.ideas.events.ideas import IDEA
from portal.ideas.hours import Owner
from portal.ideas.models.cases import CaseStep, Helped, Step, Verdict
from portal.ideas.models.ideas import Idea
from portal.ideas.stages import DECISIONS, ENDED, Decision, Stage
from portal.ideas.thief_words import owner_text
from portal.kernel import clock
from portal.kernel.db import by_ids, db
from portal.kernel.i18n import _, _l, in_language, ngettext
from portal.kernel.identity import Actor
from portal.participation.models import Support
from portal.ui.filters import date

FEWEST_VERDICTS = 5
"""Fewer answers than this are told to nobody: with two or three, people would know who said what."""

STEPS: Mapping[Step, Any] = {
    Step.RECEIVED: _l("Mottatt"),
    Step.ASSIGNED: _l("Fordelt"),
    Step.ANSWERED: _l("Kommunen svarte"),
    Step.ASSESSING: _l("Vurderes"),
    Step.DECIDED: _l("Besluttet"),
    Step.UNDER_WAY: _l("Arbeidet er i gang"),
    Step.REALISED: _l("Nyttiggjort"),
    Step.CLOSED: _l("Avsluttet uten effekt"),
    Step.REOPENED: _l("Tatt opp igjen"),
    Step.SENT: _l("Sendt videre"),
    Step.PROGRESS: _l("Slik går det"),
    Step.TRANSFERRED: _l("Ansvaret er overført"),
    Step.MERGED: _l("Slått sammen"),
    Step.SEPARATED: _l("Skilt ut igjen"),
    Step.GRANTED: _l("Fikk innovasjonsmidler"),
    Step.NOTE: _l("Internt notat"),
}
TITLES = (_l("Innovasjonsrådgiver"), _l("Ansatt i kommunen"))
"""The titles that steps give people who have no service area."""
HELPED: Mapping[Helped, Any] = {
    Helped.YES: _l("Ja, det hjalp"),
    Helped.PARTLY: _l("Delvis"),
    Helped.NO: _l("Nei, det hjalp ikke"),
}


@dataclass(frozen=True, kw_only=True)
class StepRow:
    """One step of a case, in words."""

    id: int
    at: datetime
    step: Step
    heading: str
    by: str
    """By title; for staff the name too."""
    text: str
    language: str
    is_public: bool
    receipt: Sequence[tuple[str, str]] = ()
    """Of what was sent on: to whom, when, and their reference."""


@dataclass(frozen=True, kw_only=True)
class HelpedCounts:
    """What author and supporters said; `counts` is empty while there are too few to tell."""

    asked: bool
    counts: Mapping[Helped, int] = field(default_factory=dict)
    may_say: bool = False
    """The reader is one of those who were asked."""

    @property
    def total(self) -> int:
        return sum(self.counts.values())


@dataclass(frozen=True, kw_only=True)
class Timeline:
    """A case as it is shown beside its idea."""

    idea_id: int
    steps: Sequence[StepRow]
    """In the order they happened."""
    what_next: str
    """What happens next and by when, or why nothing does."""
    is_overdue: bool
    """The first answer is late."""
    quiet_days: int | None
    """Days since something was told of it; None when it has ended."""
    helped: HelpedCounts

    @property
    def answer(self) -> StepRow | None:
        """The municipality's newest answer to the author."""
        return next((each for each in reversed(self.steps) if each.step is Step.ANSWERED), None)


def timeline(actor: Actor, idea: Idea, *, internal: bool = False) -> Timeline:
    """Return the case of an idea that the actor may read, in one statement.

    `internal`: with the notes and names of staff, for those who handle it.
    """
    staff = internal and policy.may_handle(actor, idea)
    shown = sa.true() if staff else CaseStep.is_public.is_(True)
    rows = db.session.execute(
        sa.select(CaseStep, Account.name, *_verdicts(idea), _is_supporter(actor, idea))
        .select_from(Idea)
        .outerjoin(CaseStep, sa.and_(CaseStep.idea_id == Idea.id, shown))
        .outerjoin(Account, Account.id == CaseStep.actor_id if staff else sa.false())
        .where(Idea.id == idea.id)
        .order_by(CaseStep.id)
    ).all()
    found = [(row[0], row[1]) for row in rows if row[0] is not None]
    names = _given_to([step for step, _name in found]) if staff else {}
    *verdicts, is_supporter = rows[0][2:]
    return _told(actor, idea, [_row(step, name, names) for step, name in found], verdicts, is_supporter=is_supporter)


def timeline_of(
    actor: Actor, idea: Idea, steps: Sequence[CaseStep], verdicts: Sequence[int], *, is_supporter: bool
) -> Timeline:
    """Return the case as everybody sees it, of public steps and `verdict_counts` that were read already."""
    return _told(actor, idea, [_row(step, None, {}) for step in steps], verdicts, is_supporter=is_supporter)


def verdict_counts() -> list[Any]:
    """Return how many said each thing of `Helped` of the `Idea` of a statement, as columns."""
    answers = sa.select(sa.func.count()).select_from(Verdict).where(Verdict.idea_id == Idea.id).correlate(Idea)
    return [answers.where(Verdict.helped == each).scalar_subquery() for each in Helped]


def _told(
    actor: Actor, idea: Idea, steps: Sequence[StepRow], verdicts: Sequence[int], *, is_supporter: bool
) -> Timeline:
    since = max([idea.stage_since, *(each.at for each in steps if each.is_public)])
    return Timeline(
        idea_id=idea.id,
        steps=steps,
        what_next=what_next(idea),
        is_overdue=is_overdue(idea),
        quiet_days=None if idea.stage in ENDED else max((clock.now() - since).days, 0),
        helped=_helped(actor, idea, verdicts, is_supporter=is_supporter),
    )


def is_overdue(idea: Idea) -> bool:
    """Say whether the first answer is late; what is decided has been answered by the decision."""
    waits = idea.answered_at is None and idea.stage in {Stage.RECEIVED, Stage.ASSESSING}
    return waits and idea.sent_at is not None and idea.answer_due_at <= clock.now()


def what_next(idea: Idea) -> str:
    """Say what happens next, and by when where there is a time."""
    if idea.stage in {Stage.RECEIVED, Stage.ASSESSING}:
        return _before_decision(idea)
    if idea.stage is Stage.DECIDED and idea.decision is not None:
        return str(_AFTER_DECISION[idea.decision])
    return str(_AT[idea.stage])


def step_heading(step: CaseStep) -> str:
    """Return the heading of a step, in the reader's language."""
    details = step.details
    if step.step is Step.DECIDED and details.get("decision") in set(Decision):
        return str(_("Besluttet: %(decision)s", decision=DECISIONS[Decision(details["decision"])]))
    if step.step is Step.SENT and details.get("to"):
        return str(_("Sendt videre til %(to)s", to=details["to"]))
    if step.step is Step.TRANSFERRED and details.get("owner") in set(Owner):
        to = owner_text(Owner(details["owner"]), details.get("name", ""))
        return str(_("Ansvaret er overført til %(to)s", to=to))
    if step.step is Step.ASSIGNED and details.get("service_area"):
        return str(_("Fordelt til %(area)s", area=details["service_area"]))
    return str(STEPS[step.step])


def shown_title(title: str) -> str:
    """Return the title of who did something, in the reader's language when it is one that we know."""
    with in_language("nb"):  # in which it is stored
        known = {str(each): each for each in TITLES}
    return str(known.get(title, title))


def _row(step: CaseStep, name: str | None, names: Mapping[int, str]) -> StepRow:
    title, given_to = shown_title(step.by_title), names.get(step.details.get("responsible_id") or 0)
    return StepRow(
        id=step.id,
        at=step.at,
        step=step.step,
        heading=str(_("Fordelt til %(name)s", name=given_to)) if given_to else step_heading(step),
        by=f"{name} ({title})" if name and title else title,  # without a title it was its author: see their byline
        text=step.text,
        language=step.language,
        is_public=step.is_public,
        receipt=_receipt(step.details) if step.step in {Step.SENT, Step.TRANSFERRED} else (),
    )


def _given_to(steps: Sequence[CaseStep]) -> dict[int, str]:
    """Return the names of those whom a case was given to, for the staff."""
    ids = [number for step in steps if (number := step.details.get("responsible_id"))]
    return {id_: account.name for id_, account in by_ids(Account, ids).items()}


def _receipt(details: Mapping[str, Any]) -> list[tuple[str, str]]:
    sent_on = datetime.fromisoformat(details["on"]).date() if details.get("on") else None
    rows = [
        (str(_("Sendt")), date(sent_on) if sent_on else ""),
        (str(_("Deres referanse")), str(details.get("reference") or "")),
    ]
    return [(label, value) for label, value in rows if value]


def _before_decision(idea: Idea) -> str:
    if idea.answered_at is None and idea.sent_at is not None:
        due = date(idea.answer_due_at)
        if idea.answer_due_at > clock.now():
            return str(_("Kommunen gir et første svar innen %(date)s.", date=due))
        days = max((clock.now() - idea.answer_due_at).days, 1)
        return str(
            ngettext(
                "Det første svaret skulle kommet %(date)s. Det er %(num)d dag over fristen.",
                "Det første svaret skulle kommet %(date)s. Det er %(num)d dager over fristen.",
                days,
                date=due,
            )
        )
    if idea.sent_at is None and idea.answered_at is None:
        return str(_("Forslaget er hentet fra et annet sted, der det ble foreslått. Her er det ingen svarfrist."))
    return str(_AT[idea.stage])


def _verdicts(idea: Idea) -> list[Any]:
    if idea.asked_at is None:
        return [sa.literal(0) for _each in Helped]
    answers = sa.select(sa.func.count()).select_from(Verdict).where(Verdict.idea_id == idea.id)
    return [answers.where(Verdict.helped == each).scalar_subquery() for each in Helped]


def _is_supporter(actor: Actor, idea: Idea) -> Any:
    if idea.asked_at is None or not actor.is_signed_in:
        return sa.false()
    return sa.exists().where(Support.kind == IDEA, Support.target_id == idea.id, Support.account_id == actor.id)


def _helped(actor: Actor, idea: Idea, verdicts: Sequence[int], *, is_supporter: bool) -> HelpedCounts:
    counts = dict(zip(Helped, verdicts, strict=True))
    return HelpedCounts(
        asked=idea.asked_at is not None,
        counts=counts if sum(verdicts) >= FEWEST_VERDICTS else {},
        may_say=idea.asked_at is not None and (is_supporter or policy.is_author(actor, idea)),
    )


_AFTER_DECISION: Mapping[Decision, Any] = {
    Decision.IN_THE_LINE: _l("Tjenesten tar det inn i arbeidet sitt. Når arbeidet er i gang, står det her."),
    Decision.PROJECT: _l("Det blir et prosjekt. Når arbeidet er i gang, står det her."),
    Decision.COCREATION: _l("Det blir samskaping, der flere løser det sammen. Når arbeidet er i gang, står det her."),
    Decision.SENT_ON: _l("Saken ligger hos noen andre nå. Når vi hører fra dem, står det her."),
    Decision.REJECTED: _l("Kommunen går ikke videre med dette nå. Begrunnelsen står i saken."),
}
_AT: Mapping[Stage, Any] = {
    Stage.RECEIVED: _l("Kommunen har svart. Nå skal det vurderes hva som kan gjøres."),
    Stage.ASSESSING: _l("Kommunen vurderer hva som kan gjøres, og beslutter med en begrunnelse."),
    Stage.DECIDED: _l("Når arbeidet er i gang, står det her."),
    Stage.UNDER_WAY: _l("Arbeidet er i gang. Det som kommer ut av det, står her etter hvert."),
    Stage.REALISED: _l("Saken er ferdig. Det som kom ut av den, står i saken."),
    Stage.CLOSED: _l("Saken er avsluttet. Det vi lærte, står i saken."),
}
