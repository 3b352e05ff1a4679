"""What organisations offer and seek: written by their verified spokespersons, closed when it holds no more."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from portal.accounts.models import Organisation, Spokesperson
from portal.cocreation import policy
from portal.cocreation.actions.needs import SKILL_LONGEST, SKILLS_AT_MOST
from portal.cocreation.actions.posting import edit_post, withdraw_post, write_post
from portal.cocreation.events.finding import OfferClosed, OfferReopened
from portal.cocreation.events.posts import OFFER
from portal.cocreation.membership import GONE, must_point_at_nobody, organisations_of
from portal.cocreation.models.finding import Direction, Offer
from portal.cocreation.models.together import NeedKind
from portal.goals import actions as goals
from portal.goals.events import GOAL
from portal.kernel import clock
from portal.kernel.content import PublicationState, Ref
from portal.kernel.db import atomic, db
from portal.kernel.errors import Invalid, NotFound
from portal.kernel.events import publish
from portal.kernel.i18n import _l
from portal.kernel.identity import Actor
from portal.places.actions import PlaceDraft, locate

TITLE_LONGEST = 120
LONGEST = 5000
NOT_A_SPOKESPERSON = _l("Det kan bare de som er godkjent som talspersoner for organisasjonen, gjøre.")


@dataclass(frozen=True, kw_only=True)
class OfferDraft:
    """What an organisation offers or seeks."""

    organisation_id: int
    direction: Direction
    kind: NeedKind
    title: str
    text: str = ""
    skills: tuple[str, ...] = ()
    language: str = "nb"
    place: PlaceDraft | None = None
    goals: tuple[int, ...] = ()


@atomic
def write_offer(actor: Actor, draft: OfferDraft, *, key: str) -> Offer:
    """Say what an organisation offers or seeks: it waits for moderation. The same form twice is one.

    Raises Invalid at the field, Forbidden.
    """
    _must_speak(actor, draft.organisation_id)
    _must_be_whole(draft)
    signed = {"organisation_id": draft.organisation_id, "byline": _byline(actor, draft.organisation_id)}
    offer = write_post(actor, Offer, {**_words(draft), **signed}, key=key)
    _put(actor, offer, draft)
    return offer


@atomic
def edit_offer(actor: Actor, offer_id: int, draft: OfferDraft, *, version: int) -> Offer:
    """Change an offer that one has written; it stays the same organisation's.

    Raises Conflict when it was changed since the writer opened it, Invalid at the field, Forbidden, NotFound.
    """
    offer = _locked(actor, offer_id)
    _must_speak(actor, offer.organisation_id)
    _must_be_whole(draft)
    offer = edit_post(actor, Offer, offer_id, _words(draft), version=version)
    _put(actor, offer, draft)
    return offer


@atomic
def withdraw_offer(actor: Actor, offer_id: int) -> None:
    """Take back an offer that one has written: its texts and its place are gone. Raises Forbidden, NotFound."""
    withdraw_post(actor, Offer, offer_id)
    offer = db.session.get_one(Offer, offer_id)
    offer.skills = []
    locate(actor, Ref(OFFER, offer_id), None)
    goals.link(actor, Ref(OFFER, offer_id), GOAL, ())


@atomic
def close_offer(actor: Actor, offer_id: int) -> None:
    """Take an offer out of the lists; any spokesperson of the organisation can. Twice is once."""
    offer = _spoken_for(actor, offer_id)
    if offer.closed_at is None:
        offer.closed_at = clock.now()
        db.session.flush()
        publish(OfferClosed(actor=actor, kind=OFFER, post_id=offer.id))


@atomic
def reopen_offer(actor: Actor, offer_id: int) -> None:
    """Put an offer back into the lists. Twice is once."""
    offer = _spoken_for(actor, offer_id)
    if offer.closed_at is not None:
        offer.closed_at = None
        db.session.flush()
        publish(OfferReopened(actor=actor, kind=OFFER, post_id=offer.id))


def _spoken_for(actor: Actor, offer_id: int) -> Offer:
    offer = _locked(actor, offer_id)
    _must_speak(actor, offer.organisation_id)
    return offer


def _locked(actor: Actor, offer_id: int) -> Offer:
    """Return an offer that the actor may read; a spokesperson's colleagues read also what waits."""
    offer = db.session.get(Offer, offer_id, with_for_update=True, populate_existing=True)
    if offer is None or offer.state is PublicationState.WITHDRAWN:
        raise NotFound(GONE)
    if not policy.may_read_post(actor, offer, None, None) and offer.organisation_id not in organisations_of(actor):
        raise NotFound(GONE)
    return offer


def _must_speak(actor: Actor, organisation_id: int) -> None:
    policy.must(policy.may_offer(actor, organisation_id, organisations_of(actor)), actor, NOT_A_SPOKESPERSON)


def _byline(actor: Actor, organisation_id: int) -> str:
    """Return by what title and for whom somebody writes."""
    title, name = db.session.execute(
        sa.select(Spokesperson.title, Organisation.name)
        .join(Organisation, Organisation.id == Spokesperson.organisation_id)
        .where(Spokesperson.account_id == actor.id, Spokesperson.organisation_id == organisation_id)
    ).one()
    return f"{title}, {name}" if title else name


def _words(draft: OfferDraft) -> dict[str, Any]:
    return {
        "direction": draft.direction,
        "kind": draft.kind,
        "title": draft.title,
        "text": draft.text,
        "skills": list(draft.skills),
        "language": draft.language,
    }


def _put(actor: Actor, offer: Offer, draft: OfferDraft) -> None:
    """Keep where it is and what it serves."""
    ref = Ref(OFFER, offer.id)
    locate(actor, ref, draft.place)
    goals.link(actor, ref, GOAL, draft.goals)


def _must_be_whole(draft: OfferDraft) -> None:
    if not draft.title.strip():
        raise Invalid("title", _l("Skriv kort hva dere tilbyr eller søker."))
    if len(draft.title) > TITLE_LONGEST:
        raise Invalid("title", _l("Skriv høyst %(max)d tegn.", max=TITLE_LONGEST))
    if len(draft.text) > LONGEST:
        raise Invalid("text", _l("Skriv høyst %(max)d tegn.", max=LONGEST))
    if len(draft.skills) > SKILLS_AT_MOST or any(len(each) > SKILL_LONGEST for each in draft.skills):
        raise Invalid("skills", _l("Skriv høyst %(number)d ferdigheter, hver på noen få ord.", number=SKILLS_AT_MOST))
    must_point_at_nobody("skills", "\n".join(draft.skills))
