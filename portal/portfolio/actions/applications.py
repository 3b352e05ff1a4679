"""Applying for innovation funds, taking an application back, and telling what the money was used for."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from portal.accounts.models import Byline
from portal.accounts.queries.organisations import spokesperson_organisations
from portal.kernel import clock
from portal.kernel.content import Ref
from portal.kernel.db import atomic, db, insert_once
from portal.kernel.errors import Conflict, Forbidden, Invalid, NotFound
from portal.kernel.events import publish
from portal.kernel.i18n import _l
from portal.kernel.identity import Actor
from portal.portfolio import policy
from portal.portfolio.events import (
    ApplicationChanged,
    ApplicationDrafted,
    ApplicationSent,
    ApplicationWithdrawn,
    GrantReported,
    about,
)
from portal.portfolio.models import Application, ApplicationState, Fund, FundReport, Outcome, Purpose
from portal.portfolio.queries.applications import GONE, hold
from portal.portfolio.visibility import is_public


@dataclass(frozen=True, kw_only=True)
class ApplicationDraft:
    """What is asked for, and for what. The sum is in øre."""

    fund_id: int
    purpose: Purpose
    asked_ore: int
    what_for: str
    other_financing: str = ""
    byline: Byline = Byline.NAME
    organisation_id: int | None = None
    key: str = ""
    version: int | None = None
    """Which version a change was made from."""


@dataclass(frozen=True, kw_only=True)
class ReportDraft:
    """How it went with what the money was for. The sum is in øre."""

    outcome: Outcome
    done: str
    learnt: str
    spent_ore: int


@atomic
def draft_application(actor: Actor, ref: Ref, draft: ApplicationDraft) -> Application:
    """Begin an application to a thing. The same form twice is one."""
    policy.must_apply(actor, ref)
    moment = clock.now()
    values = _asked(actor, draft) | {
        "author_id": actor.id,
        "kind": ref.kind,
        "target_id": ref.id,
        "is_public": is_public(ref),
        "state": ApplicationState.DRAFT,
        "granted_ore": 0,
        "paid_ore": 0,
        "reason": "",
        "conditions": "",
        "decided_by_title": "",
        "key": draft.key,
        "created_at": moment,
        "changed_at": moment,
        "version": 1,
    }
    is_new = insert_once(Application, values)
    made = sa.select(Application).where(Application.author_id == actor.id, Application.key == draft.key)
    application = db.session.scalars(made).one()
    if is_new:
        publish(ApplicationDrafted(actor=actor, **about(application)))
    return application


@atomic
def change_application(actor: Actor, application_id: int, draft: ApplicationDraft) -> Application:
    """Change a draft of one's own."""
    application = _own(actor, application_id)
    _must_change(actor, application)
    if draft.version is not None and draft.version != application.version:
        raise Conflict(_l("Søknaden er endret siden du åpnet den. Se over det som står der nå, og lagre på nytt."))
    for name, value in _asked(actor, draft).items():
        setattr(application, name, value)
    application.changed_at = clock.now()
    db.session.flush()
    publish(ApplicationChanged(actor=actor, **about(application)))
    return application


@atomic
def send_application(actor: Actor, application_id: int) -> Application:
    """Send a draft: from now on those who run the funds read it, and it isn't changed."""
    application = _own(actor, application_id)
    if application.state is ApplicationState.SENT:
        return application  # sent twice
    _must_change(actor, application)
    policy.must_apply(actor, application.ref)
    _open_fund(application.fund_id)
    if not application.what_for.strip():
        raise Invalid("what_for", _l("Skriv hva pengene skal brukes til."))
    application.state = ApplicationState.SENT
    application.sent_at = application.changed_at = clock.now()
    application.is_public = is_public(application.ref)
    db.session.flush()
    publish(
        ApplicationSent(
            actor=actor, fund_purpose=application.purpose, asked_ore=application.asked_ore, **about(application)
        )
    )
    return application


@atomic
def withdraw_application(actor: Actor, application_id: int) -> Ref:
    """Take one's own application back before it is decided; a draft is deleted. Return what it was to."""
    application = _own(actor, application_id)
    if not policy.may_withdraw(actor, application):
        raise Conflict(_l("Søknaden er avgjort, så den kan ikke trekkes."))
    if application.state is ApplicationState.DRAFT:
        db.session.delete(application)
    else:
        application.state, application.changed_at = ApplicationState.WITHDRAWN, clock.now()
    db.session.flush()
    publish(ApplicationWithdrawn(actor=actor, **about(application)))
    return application.ref


@atomic
def report_grant(actor: Actor, application_id: int, draft: ReportDraft) -> FundReport:
    """Tell what a grant was used for and what was learnt, also when it failed: once."""
    application = _own(actor, application_id)
    if not policy.may_report(actor, application):
        raise Forbidden(_l("Det er bare den som fikk pengene, som kan rapportere."))
    if not draft.done.strip():
        raise Invalid("done", _l("Skriv hva dere gjorde."))
    if not draft.learnt.strip():
        raise Invalid("learnt", _l("Skriv hva dere lærte. Det er det andre får nytte av."))
    row = {
        "application_id": application.id,
        "outcome": draft.outcome,
        "done": draft.done,
        "learnt": draft.learnt,
        "spent_ore": draft.spent_ore,
        "summary": "",
        "created_at": clock.now(),
    }
    if not insert_once(FundReport, row):
        raise Conflict(_l("Rapporten er allerede sendt."))
    publish(GrantReported(actor=actor, grant_outcome=draft.outcome, spent_ore=draft.spent_ore, **about(application)))
    return db.session.get_one(FundReport, application.id)


def _own(actor: Actor, application_id: int) -> Application:
    application = hold(application_id)
    if not policy.is_applicant(actor, application):
        raise NotFound(GONE)
    return application


def _must_change(actor: Actor, application: Application) -> None:
    if actor.is_limited:
        raise Forbidden(policy.LIMITED)
    if not policy.may_change(actor, application):
        raise Conflict(_l("Søknaden er sendt, så den kan ikke endres. Du kan trekke den og søke på nytt."))


def _asked(actor: Actor, draft: ApplicationDraft) -> dict[str, Any]:
    """Return the columns that the applicant fills. Invalid at the field that says what can't be."""
    fund = _open_fund(draft.fund_id)
    if draft.asked_ore <= 0:
        raise Invalid("asked", _l("Skriv hvor mange kroner du søker om."))
    if draft.asked_ore > fund.frame_ore:
        raise Invalid("asked", _l("Du søker om mer enn hele rammen for året."))
    organisation_id = draft.organisation_id if draft.byline is Byline.ORGANISATION else None
    if draft.byline is not Byline.NAME and organisation_id not in {
        voice.id for voice in spokesperson_organisations(actor.id or 0)
    }:
        raise Invalid("signed", _l("Du kan bare søke for en organisasjon som du er godkjent talsperson for."))
    return {
        "fund_id": fund.id,
        "purpose": draft.purpose,
        "asked_ore": draft.asked_ore,
        "what_for": draft.what_for,
        "other_financing": draft.other_financing,
        "byline": draft.byline,
        "organisation_id": organisation_id,
        "pseudonym": None,
    }


def _open_fund(fund_id: int) -> Fund:
    fund = db.session.get(Fund, fund_id)
    if fund is None or not fund.is_open(clock.today()):
        raise Invalid("fund", _l("Det er ikke åpent for søknader til disse midlene nå."))
    return fund
