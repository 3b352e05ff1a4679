"""Writing arguments, questions, comments and replies; editing them in the open; and taking them back."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from portal.accounts.models import Byline
from portal.accounts.queries.organisations import spokesperson_organisations
from portal.kernel import clock
from portal.kernel.content import PublicationState, Ref
from portal.kernel.db import atomic, db, insert_once
from portal.kernel.errors import Conflict, Forbidden, Invalid, NotFound
from portal.kernel.events import publish
from portal.kernel.i18n import _l
from portal.kernel.identity import Actor
from portal.participation import policy, pseudonyms
from portal.participation.events import (
    CONTRIBUTION,
    ContributionEdited,
    ContributionWithdrawn,
    ContributionWritten,
)
from portal.participation.models import Contribution, ContributionVersion, Form, Pseudonym
from portal.participation.visibility import count_contribution, empty

LONGEST = 3000
"""Characters in a contribution."""


@dataclass(frozen=True, kw_only=True)
class ContributionDraft:
    """What somebody writes, in which language, and under which name."""

    text: str
    form: Form = Form.COMMENT
    """A reply has the form of what it replies to, whatever is said here."""
    language: str = "nb"
    byline: Byline = Byline.NAME
    organisation_id: int | None = None
    is_official: bool = False
    """On behalf of the municipality."""
    key: str = ""
    """Of the form it came by: the same key twice is one contribution."""


@dataclass(frozen=True, kw_only=True)
class EditDraft:
    """The new wording, and the version of the contribution that the author had before them."""

    text: str
    language: str
    version: int


@atomic
def contribute(actor: Actor, ref: Ref, draft: ContributionDraft) -> Contribution:
    """Write on a thing; on a contribution it is a reply. It waits for moderation. The same form twice is one."""
    parent = _find(ref.id) if ref.kind == CONTRIBUTION else None
    target = policy.target(parent) if parent else ref
    form = parent.form if parent else draft.form
    policy.must_write(actor, target, form, parent)
    _check_text(draft.text)
    signature = _signature(actor, target, parent, draft)
    key = draft.key or uuid.uuid4().hex
    row = {
        "kind": target.kind,
        "target_id": target.id,
        "form": form,
        "parent_id": parent.id if parent else None,
        "author_id": actor.id,
        "text": draft.text,
        "language": draft.language,
        "state": PublicationState.PENDING,
        "key": key,
        "created_at": clock.now(),
        "version": 1,
        **signature,
    }
    is_new = insert_once(Contribution, row)
    made = db.session.scalars(
        sa.select(Contribution).where(Contribution.author_id == actor.id, Contribution.key == key)
    ).one()
    if is_new:
        publish(ContributionWritten(actor=actor, **_told(made)))
    return made


@atomic
def edit_contribution(actor: Actor, contribution_id: int, draft: EditDraft) -> Contribution:
    """Change one's own text. What was shown is kept beside, and the new wording waits for moderation."""
    found = _own(actor, contribution_id)
    if not policy.may_edit(actor, found):
        raise Forbidden(policy.LIMITED if actor.is_limited else policy.NOT_EDITABLE)
    if (found.text, found.language) == (draft.text, draft.language):
        return found  # sent twice
    if found.version != draft.version:
        raise Conflict(
            _l("Innlegget er endret siden du åpnet det. Se over teksten som står der nå, og send inn på nytt.")
        )
    _check_text(draft.text)
    before = found.state
    if before is PublicationState.PUBLISHED:
        db.session.add(
            ContributionVersion(
                contribution_id=found.id, text=found.text, language=found.language, until=clock.now(), hidden=False
            )
        )
    found.text, found.language, found.edited_at = draft.text, draft.language, clock.now()
    found.state = PublicationState.PENDING
    db.session.flush()
    count_contribution(found, before)
    publish(ContributionEdited(actor=actor, **_told(found)))
    return found


@atomic
def withdraw_contribution(actor: Actor, contribution_id: int) -> None:
    """Take back one's own text, at any time: the text and its earlier wordings go, the replies stay."""
    found = _own(actor, contribution_id)
    if not policy.may_withdraw(actor, found):
        return
    empty(found)
    publish(ContributionWithdrawn(actor=actor, **_told(found)))


@atomic
def take_pseudonym(actor: Actor, target: Ref) -> str:
    """Return the name a person goes by in this conversation: the same each time, and nobody else's there."""
    mine = sa.select(Pseudonym.name).where(
        Pseudonym.kind == target.kind, Pseudonym.target_id == target.id, Pseudonym.account_id == actor.id
    )
    tried = 0
    while (name := db.session.scalar(mine)) is None:
        row = {"kind": target.kind, "target_id": target.id, "account_id": actor.id}
        insert_once(Pseudonym, {**row, "name": pseudonyms.suggest(tried)})
        tried += 1
    return name


def _find(contribution_id: int) -> Contribution:
    found = db.session.get(Contribution, contribution_id, with_for_update=True, populate_existing=True)
    if found is None:
        raise NotFound(_l("Vi finner ikke dette innlegget."))
    return found


def _own(actor: Actor, contribution_id: int) -> Contribution:
    """Return a contribution to its author. To others it is as if it weren't there, or not theirs to touch."""
    found = _find(contribution_id)
    if not policy.may_read(actor, found):
        raise NotFound(_l("Vi finner ikke dette innlegget."))
    if not policy.is_author(actor, found):
        raise Forbidden(_l("Bare den som skrev innlegget, kan gjøre dette."))
    return found


def _check_text(text: str) -> None:
    if not text.strip():
        raise Invalid("text", _l("Skriv noe før du sender inn."))
    if len(text) > LONGEST:
        raise Invalid("text", _l("Skriv høyst %(max)d tegn.", max=LONGEST))


def _signature(actor: Actor, target: Ref, parent: Contribution | None, draft: ContributionDraft) -> dict[str, Any]:
    signature: dict[str, Any] = {
        "byline": draft.byline,
        "organisation_id": None,
        "pseudonym": None,
        "is_official": draft.is_official,
    }
    if draft.is_official:
        if parent is None or not policy.may_answer(actor, parent):
            raise Forbidden(_l("Bare de som svarer for kommunen, kan gi kommunens svar."))
        return signature | {"byline": Byline.NAME}
    if draft.byline is Byline.ORGANISATION:
        if draft.organisation_id not in {voice.id for voice in spokesperson_organisations(actor.id or 0)}:
            raise Invalid("signed", _l("Du kan bare skrive for en organisasjon som du er godkjent talsperson for."))
        return signature | {"organisation_id": draft.organisation_id}
    if draft.byline is Byline.PSEUDONYM:
        return signature | {"pseudonym": take_pseudonym(actor, target)}
    return signature


def _told(contribution: Contribution) -> dict[str, Any]:
    return {
        "contribution_id": contribution.id,
        "on_kind": contribution.kind,
        "on_id": contribution.target_id,
        "form": contribution.form,
        "parent_id": contribution.parent_id,
        "is_official": contribution.is_official,
    }
