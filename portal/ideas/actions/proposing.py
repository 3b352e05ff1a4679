"""Proposing something: a private draft that is saved as one writes, sent in, changed in the open, and taken back."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

import sqlalchemy as sa

from portal.accounts.models import Byline
from portal.accounts.queries import settings
from portal.accounts.queries.organisations import spokesperson_organisations
from portal.files import actions as files
from portal.goals import actions as goals
from portal.goals.events import GOAL
from portal.ideas import policy
from portal.ideas.actions.steps import add_step
from portal.ideas.authorship import TEXTS, TITLE_LONGEST, empty, must_be_open, must_be_whole, own
from portal.ideas.events.ideas import (
    IDEA,
    INDICATOR,
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
from portal.ideas.models.ideas import Idea, IdeaVersion, Lineage, Similarity, SimilarityLabel
from portal.ideas.models.thieves import TimeThief
from portal.ideas.stages import IdeaKind, Stage
from portal.kernel import clock
from portal.kernel.content import PublicationState, Ref
from portal.kernel.db import atomic, db, insert_once
from portal.kernel.errors import Conflict, Forbidden, Invalid
from portal.kernel.events import publish
from portal.kernel.i18n import _l
from portal.kernel.identity import SYSTEM, Actor
from portal.participation.actions.joining import support
from portal.participation.actions.writing import take_pseudonym
from portal.participation.models import Tally
from portal.places.actions import PlaceDraft, locate

EDITED = ("summary", "challenge", "solution", "usefulness", "benefit_type", "language", "is_told")
"""What an author can change at any time, as it is kept; with it the title and the answers."""


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


@dataclass(frozen=True, kw_only=True)
class Around:
    """What an idea has to do with: where it is, which goals it serves, and which indicators it wants to change."""

    place: PlaceDraft | None = None
    goals: tuple[int, ...] = ()
    indicators: tuple[int, ...] = ()


@atomic
def begin_idea(actor: Actor, draft: IdeaDraft, key: str = "", around: Around | None = None) -> Idea:
    """Begin a private draft. The same form twice is one draft, with what was written last."""
    policy.must_propose(actor)
    now = clock.now()
    key = key or uuid.uuid4().hex
    row = {
        **_words(draft),
        **_standing(actor, draft, None),
        "kind": draft.kind,
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
    if not is_new:
        return made if made.state is not PublicationState.DRAFT else save_draft(actor, made.id, draft, around)
    if made.kind is IdeaKind.TIME_THIEF:
        db.session.add(TimeThief(idea_id=made.id, hit=[]))
        db.session.flush()
    _put(actor, made, around)
    publish(IdeaBegun(actor=actor, idea_id=made.id, kind=made.kind))
    return made


@atomic
def save_draft(
    actor: Actor, idea_id: int, draft: IdeaDraft, around: Around | None = None, version: int | None = None
) -> Idea:
    """Save a draft as it stands. It is nobody else's to see, so nothing is told.

    Raises Conflict when it was saved from elsewhere since the writer opened that version.
    """
    idea = own(actor, idea_id)
    if idea.state is not PublicationState.DRAFT:
        raise Conflict(_l("Ideen er sendt inn. Endringer gjør du fra siden til ideen."))
    if version is not None and idea.version != version:
        raise Conflict(_l("Utkastet er lagret fra et annet vindu siden du åpnet det her. Se over, og lagre på nytt."))
    policy.must_propose(actor)
    _write(idea, {**_words(draft), **_standing(actor, draft, idea)})
    _put(actor, idea, around)
    return idea


@atomic
def send_idea(actor: Actor, idea_id: int, *, internally: bool = False) -> Idea:
    """Send in a draft: the case begins, and the first answer is due in the days that the setting says.

    `internally`: an employee's tidstyv that only staff see until its author agrees. What belongs to a closed campaign
    is internal whatever is asked. Sent twice, it is sent once. Raises Invalid at the field that must be mended.
    """
    idea = own(actor, idea_id)
    policy.must_propose(actor)
    if idea.state is not PublicationState.DRAFT:
        return idea
    campaign = db.session.get(Campaign, idea.campaign_id) if idea.campaign_id else None
    if campaign is not None:
        must_be_open(campaign)
    must_be_whole(idea, campaign)
    _sign(actor, idea)
    closed = campaign is not None and campaign.audience is not Audience.EVERYBODY
    is_internal = closed or (internally and idea.kind is IdeaKind.TIME_THIEF and actor.is_staff)
    now = clock.now()
    idea.sent_at = idea.saved_at = idea.stage_since = now
    idea.answer_due_at = now + timedelta(days=settings.value("first_answer_days"))
    idea.state = PublicationState.INTERNAL if is_internal else PublicationState.PENDING
    if is_internal:
        idea.shown_at = now
    db.session.flush()
    db.session.add(Tally(kind=IDEA, target_id=idea.id))  # lists in a counter's order walk along these
    add_step(actor, idea, Step.RECEIVED, by_title="")
    event = IdeaSentInternally if is_internal else IdeaProposed
    publish(event(actor=actor, campaign_id=idea.campaign_id, service_area_id=idea.service_area_id, **_told(idea)))
    return idea


@atomic
def edit_idea(actor: Actor, idea_id: int, draft: IdeaDraft, version: int, around: Around | None = None) -> Idea:
    """Change what one has sent in. What was shown is kept beside, and the new wording waits for moderation.

    Under which name, in which campaign and where it comes from stay as they were. Raises Conflict when it was changed
    since the author opened it.
    """
    idea = own(actor, idea_id)
    if not policy.may_edit(actor, idea):
        raise Forbidden(policy.LIMITED if actor.is_limited else policy.NOT_YOURS)
    if idea.version != version:
        raise Conflict(_l("Ideen er endret siden du åpnet den. Se over det som står der nå, og lagre på nytt."))
    columns = _words(draft)
    reworded = any(columns[name] != getattr(idea, name) for name in (*TEXTS, "answers", "language"))
    if reworded and idea.state is PublicationState.PUBLISHED:
        before = {name: getattr(idea, name) for name in (*TEXTS, "language")}
        db.session.add(IdeaVersion(idea_id=idea.id, until=clock.now(), hidden=False, **before))
    _write(idea, columns)
    _put(actor, idea, around)
    if idea.state is not PublicationState.DRAFT:
        must_be_whole(idea, db.session.get(Campaign, idea.campaign_id) if idea.campaign_id else None)
    if reworded:
        idea.edited_at = clock.now()
        idea.state = PublicationState.INTERNAL if idea.state is PublicationState.INTERNAL else PublicationState.PENDING
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
    """Take back what one proposed, at any time: its texts, files and place go, what others wrote stays."""
    idea = own(actor, idea_id)
    if idea.state is PublicationState.DRAFT:
        discard_draft(actor, idea_id)
        return
    if not policy.may_withdraw(actor, idea):
        return
    _clear(actor, idea)
    publish(IdeaWithdrawn(actor=actor, **_told(idea)))


@atomic
def discard_draft(actor: Actor, idea_id: int) -> None:
    """Throw a draft away."""
    idea = own(actor, idea_id)
    if idea.state is not PublicationState.DRAFT:
        raise Conflict(_l("Ideen er sendt inn. Du kan trekke den fra siden til ideen."))
    _clear(actor, idea)
    publish(IdeaDiscarded(actor=actor, **_told(idea)))


@atomic
def answer_similarity(actor: Actor, idea_id: int, other_id: int, answer: Similarity) -> None:
    """Say whether one's own draft is the same as an idea one was shown; the same: one supports that one.

    The answer is kept as a label without a name. Raises Forbidden for what can't be supported, NotFound.
    """
    idea = own(actor, idea_id)
    other = policy.must_read(actor, db.session.get(Idea, other_id))
    row = SimilarityLabel(wording=idea.title, language=idea.language, idea_id=other.id, answer=answer, at=clock.now())
    db.session.add(row)
    db.session.flush()
    if answer is Similarity.SAME:
        support(actor, Ref(IDEA, other.id))


def _words(draft: IdeaDraft) -> dict[str, Any]:
    """Return the columns that an author writes."""
    columns = {name: getattr(draft, name) for name in EDITED}
    return columns | {"title": draft.title[:TITLE_LONGEST], "answers": dict(draft.answers)}


def _standing(actor: Actor, draft: IdeaDraft, before: Idea | None) -> dict[str, Any]:
    """Return the columns that must hold good when they are chosen: the name, the campaign, the idea it comes from."""
    organisation_id = draft.organisation_id if draft.byline is Byline.ORGANISATION else None
    if draft.byline is Byline.ORGANISATION:
        _must_speak_for(actor, organisation_id)
    if draft.parent_id is not None and (before is None or before.parent_id != draft.parent_id):
        policy.must_read(actor, db.session.get(Idea, draft.parent_id))
    if draft.campaign_id is not None and (before is None or before.campaign_id != draft.campaign_id):
        _must_see_campaign(actor, draft)
    return {
        "byline": draft.byline,
        "organisation_id": organisation_id,
        "service_area_id": draft.service_area_id,
        "campaign_id": draft.campaign_id,
        "parent_id": draft.parent_id,
        "lineage": (draft.lineage or Lineage.INSPIRED) if draft.parent_id is not None else None,
    }


def _must_speak_for(actor: Actor, organisation_id: int | None) -> None:
    if organisation_id not in {voice.id for voice in spokesperson_organisations(actor.id or 0)}:
        raise Invalid("signed", _l("Du kan bare skrive for en organisasjon som du er godkjent talsperson for."))


def _must_see_campaign(actor: Actor, draft: IdeaDraft) -> None:
    seen = sa.select(Campaign.id).where(
        Campaign.id == draft.campaign_id,
        policy.campaigns_open_to(actor),
        sa.or_(Campaign.kind.is_(None), Campaign.kind == draft.kind),
    )
    if db.session.scalar(seen) is None:
        raise Invalid("campaign", _l("Vi finner ikke denne kampanjen. Velg en annen, eller ingen."))


def _sign(actor: Actor, idea: Idea) -> None:
    """Put the name under it: a pseudonym is made now, and an organisation must still be one's to speak for."""
    if idea.byline is Byline.ORGANISATION:
        _must_speak_for(actor, idea.organisation_id)
    elif idea.byline is Byline.PSEUDONYM:
        idea.pseudonym = take_pseudonym(actor, Ref(IDEA, idea.id))


def _put(actor: Actor, idea: Idea, around: Around | None) -> None:
    """Keep where it is and what it serves; None leaves it as it was."""
    if around is not None:
        ref = Ref(IDEA, idea.id)
        locate(actor, ref, around.place)
        goals.link(actor, ref, GOAL, around.goals)
        goals.link(actor, ref, INDICATOR, around.indicators)


def _clear(actor: Actor, idea: Idea) -> None:
    """Take away all that the author gave: texts, files, the place, and what it was to serve."""
    files.remove_all(SYSTEM, Ref(IDEA, idea.id))
    _put(actor, idea, Around())
    empty(idea)


def _write(idea: Idea, columns: Mapping[str, Any]) -> None:
    for name, value in columns.items():
        setattr(idea, name, value)
    idea.saved_at = clock.now()
    db.session.flush()


def _told(idea: Idea) -> dict[str, Any]:
    return {"idea_id": idea.id, "kind": idea.kind}
