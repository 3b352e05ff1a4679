"""Proposing something: a private draft that is saved as one writes, sent in, changed in the open, and taken back."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from datetime import timedelta
from typing import Any

import sqlalchemy as sa

from portal.accounts.models import Byline
from portal.accounts.queries import settings
from portal.accounts.queries.organisations import spokesperson_organisations
from portal.ideas import policy
from portal.ideas.actions.steps import add_step
from portal.ideas.events.ideas import (
    IdeaBegun,
    IdeaConsented,
    IdeaDiscarded,
    IdeaEdited,
    IdeaProposed,
    IdeaSentInternally,
    IdeaWithdrawn,
)
from portal.ideas.models.campaigns import Audience, Campaign
from portal.ideas.models.cases import Step
from portal.ideas.models.ideas import Idea, IdeaVersion, Lineage
from portal.ideas.models.thieves import TimeThief
from portal.ideas.stages import IdeaKind, Stage
from portal.kernel import clock
from portal.kernel.content import PublicationState
from portal.kernel.db import atomic, db, delete_rows, insert_once
from portal.kernel.errors import Conflict, Forbidden, Invalid, NotFound
from portal.kernel.events import publish
from portal.kernel.i18n import _l
from portal.kernel.identity import Actor

LONGEST = 5000
"""Characters in one text of an idea."""
TEXTS = ("title", "summary", "challenge", "solution", "usefulness")


@dataclass(frozen=True, kw_only=True)
class IdeaDraft:
    """What somebody proposes, as far as they have come."""

    kind: IdeaKind = IdeaKind.INNOVATION
    title: str = ""
    summary: str = ""
    challenge: str = ""
    solution: str = ""
    usefulness: str = ""
    benefit_type: str = ""
    answers: Mapping[str, Any] = field(default_factory=dict)
    language: str = "nb"
    is_told: bool = False
    service_area_id: int | None = None
    campaign_id: int | None = None
    parent_id: int | None = None
    lineage: Lineage | None = None
    byline: Byline = Byline.NAME
    organisation_id: int | None = None


COLUMNS = tuple(each.name for each in fields(IdeaDraft))


@atomic
def begin_idea(actor: Actor, draft: IdeaDraft, key: str = "") -> Idea:
    """Begin a private draft. The same form twice is one draft."""
    policy.must_propose(actor)
    now = clock.now()
    key = key or uuid.uuid4().hex
    row = {
        **_columns(actor, draft),
        "author_id": actor.id,
        "pseudonym": None,
        "state": PublicationState.DRAFT,
        "stage": Stage.RECEIVED,
        "stage_since": now,
        "answer_due_at": now + timedelta(days=settings.value("first_answer_days")),
        "key": key,
        "created_at": now,
        "saved_at": now,
        "shown_at": now,
        "version": 1,
    }
    is_new = insert_once(Idea, row)
    made = db.session.scalars(sa.select(Idea).where(Idea.author_id == actor.id, Idea.key == key)).one()
    if is_new:
        if made.kind is IdeaKind.TIME_THIEF:
            db.session.add(TimeThief(idea_id=made.id, hit=[]))
            db.session.flush()
        publish(IdeaBegun(actor=actor, idea_id=made.id, kind=made.kind))
    return made


@atomic
def save_draft(actor: Actor, idea_id: int, draft: IdeaDraft) -> Idea:
    """Save a draft as it stands. It is nobody else's to see, so nothing is told."""
    idea = own(actor, idea_id)
    if idea.state is not PublicationState.DRAFT:
        raise Conflict(_l("Ideen er sendt inn. Endringer gjør du fra siden til ideen."))
    _write(idea, _columns(actor, draft))
    return idea


@atomic
def send_idea(actor: Actor, idea_id: int, *, internally: bool = False) -> Idea:
    """Send in a draft: the case begins, and the first answer is due in the days that the setting says.

    `internally`: an employee's tidstyv that only staff see until its author agrees. What belongs to a closed campaign
    is internal whatever is asked. Sent twice, it is sent once.
    """
    idea = own(actor, idea_id)
    policy.must_propose(actor)
    if idea.state is not PublicationState.DRAFT:
        return idea
    must_be_whole(idea)
    is_internal = _is_internal(actor, idea, internally=internally)
    now = clock.now()
    idea.sent_at = idea.saved_at = idea.stage_since = now
    idea.answer_due_at = now + timedelta(days=settings.value("first_answer_days"))
    idea.state = PublicationState.INTERNAL if is_internal else PublicationState.PENDING
    if is_internal:
        idea.shown_at = now
    db.session.flush()
    add_step(actor, idea, Step.RECEIVED, by_title="")
    event = IdeaSentInternally if is_internal else IdeaProposed
    publish(event(actor=actor, campaign_id=idea.campaign_id, service_area_id=idea.service_area_id, **_told(idea)))
    return idea


@atomic
def edit_idea(actor: Actor, idea_id: int, draft: IdeaDraft, version: int) -> Idea:
    """Change what one has sent in. What was shown is kept beside, and the new wording waits for moderation.

    Raises Conflict when it was changed since the author opened it.
    """
    idea = own(actor, idea_id)
    if not policy.may_edit(actor, idea):
        raise Forbidden(policy.LIMITED if actor.is_limited else policy.NOT_YOURS)
    if idea.version != version:
        raise Conflict(_l("Ideen er endret siden du åpnet den. Se over det som står der nå, og lagre på nytt."))
    columns = {**_columns(actor, draft), "kind": idea.kind, "campaign_id": idea.campaign_id}
    reworded = any(columns[name] != getattr(idea, name) for name in (*TEXTS, "answers", "language"))
    if reworded and idea.state is PublicationState.PUBLISHED:
        before = {name: getattr(idea, name) for name in (*TEXTS, "language")}
        db.session.add(IdeaVersion(idea_id=idea.id, until=clock.now(), hidden=False, **before))
    _write(idea, columns)
    must_be_whole(idea)
    if reworded:
        idea.edited_at = clock.now()
        idea.state = idea.state if idea.state is PublicationState.INTERNAL else PublicationState.PENDING
        db.session.flush()
        publish(IdeaEdited(actor=actor, **_told(idea)))
    return idea


@atomic
def consent_to_publishing(actor: Actor, idea_id: int) -> Idea:
    """Let what was sent in internally be published; moderators read it first."""
    idea = own(actor, idea_id)
    if not policy.may_consent(actor, idea):
        raise Forbidden(policy.LIMITED if actor.is_limited else policy.NOT_YOURS)
    thief = db.session.get(TimeThief, idea.id)
    if thief is not None:
        thief.consented_at = clock.now()
    idea.state = PublicationState.PENDING
    db.session.flush()
    publish(IdeaConsented(actor=actor, **_told(idea)))
    return idea


@atomic
def withdraw_idea(actor: Actor, idea_id: int) -> None:
    """Take back what one proposed, at any time: its texts and earlier wordings go, what others wrote stays."""
    idea = own(actor, idea_id)
    if idea.state is PublicationState.DRAFT:
        discard_draft(actor, idea_id)
        return
    if not policy.may_withdraw(actor, idea):
        return
    empty(idea)
    publish(IdeaWithdrawn(actor=actor, **_told(idea)))


@atomic
def discard_draft(actor: Actor, idea_id: int) -> None:
    """Throw a draft away."""
    idea = own(actor, idea_id)
    if idea.state is not PublicationState.DRAFT:
        raise Conflict(_l("Ideen er sendt inn. Du kan trekke den fra siden til ideen."))
    told = _told(idea)
    empty(idea)
    publish(IdeaDiscarded(actor=actor, **told))


def own(actor: Actor, idea_id: int) -> Idea:
    """Return an idea to its author, locked. To others it is not there, or not theirs to touch."""
    idea = db.session.get(Idea, idea_id, with_for_update=True, populate_existing=True)
    found = policy.must_read(actor, idea)
    if not policy.is_author(actor, found):
        raise Forbidden(policy.NOT_YOURS)
    return found


def empty(idea: Idea) -> None:
    """Take away what was written: the row stays, so that what others wrote on it has something to stand on."""
    for name in TEXTS:
        setattr(idea, name, "")
    idea.answers = {}
    idea.state = PublicationState.WITHDRAWN
    db.session.flush()
    delete_rows(sa.delete(IdeaVersion).where(IdeaVersion.idea_id == idea.id))


def must_be_whole(idea: Idea) -> None:
    """Let nothing be sent in without a title and a challenge, nor with texts that are too long; raises Invalid."""
    if not idea.title.strip():
        raise Invalid("title", _l("Gi ideen en tittel."))
    if not idea.challenge.strip():
        raise Invalid("challenge", _l("Fortell hva som er utfordringen: det er den vi skal løse."))
    for name in TEXTS[1:]:
        if len(getattr(idea, name)) > LONGEST:
            raise Invalid(name, _l("Skriv høyst %(max)d tegn.", max=LONGEST))


def _is_internal(actor: Actor, idea: Idea, *, internally: bool) -> bool:
    if idea.campaign_id is not None:
        campaign = db.session.get_one(Campaign, idea.campaign_id)
        if campaign.audience is not Audience.EVERYBODY:
            return True
    return internally and idea.kind is IdeaKind.TIME_THIEF and actor.is_staff


def _columns(actor: Actor, draft: IdeaDraft) -> dict[str, Any]:
    columns = {name: getattr(draft, name) for name in COLUMNS}
    columns["answers"] = dict(draft.answers)
    columns["title"] = draft.title[:200]
    if draft.byline is Byline.ORGANISATION:
        if draft.organisation_id not in {voice.id for voice in spokesperson_organisations(actor.id or 0)}:
            raise Invalid("signed", _l("Du kan bare skrive for en organisasjon som du er godkjent talsperson for."))
    else:
        columns["organisation_id"] = None
    if draft.parent_id is not None:
        policy.must_read(actor, db.session.get(Idea, draft.parent_id))
        columns["lineage"] = draft.lineage or Lineage.INSPIRED
    else:
        columns["lineage"] = None
    if draft.campaign_id is not None and not _campaign_is_open(actor, draft.campaign_id):
        raise NotFound(_l("Vi finner ikke denne kampanjen."))
    return columns


def _campaign_is_open(actor: Actor, campaign_id: int) -> bool:
    seen = sa.select(Campaign.id).where(Campaign.id == campaign_id, policy.campaigns_open_to(actor))
    return db.session.scalar(seen) is not None


def _write(idea: Idea, columns: Mapping[str, Any]) -> None:
    for name, value in columns.items():
        setattr(idea, name, value)
    idea.saved_at = clock.now()
    db.session.flush()


def _told(idea: Idea) -> dict[str, Any]:
    return {"idea_id": idea.id, "kind": idea.kind}
