"""One offer or wish with what fits it, and the form in which one is written."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import joinedload

from portal.accounts.models import Organisation
from portal.accounts.queries.organisations import Voice, speaks_for, spokesperson_organisations
from portal.cocreation import policy
from portal.cocreation.events.posts import OFFER
from portal.cocreation.models.finding import Direction, Offer
from portal.cocreation.queries.matching import Matches, for_offer
from portal.goals.events import GOAL
from portal.goals.queries import choices, links
from portal.kernel.content import Card, Option, PublicationState, Ref
from portal.kernel.db import db
from portal.kernel.errors import Forbidden, NotFound
from portal.kernel.extensions import content
from portal.kernel.i18n import _l, language
from portal.kernel.identity import Actor
from portal.participation.models import Tally
from portal.participation.queries.panels import Panel, panel, standing_columns, standing_of
from portal.places.models import Location
from portal.places.queries import PlaceChoices, location, place_choices

NOT_FOUND = _l("Vi finner ikke dette tilbudet. Det kan være trukket av dem som skrev det.")
NO_ORGANISATION = _l("Bare godkjente talspersoner for en organisasjon kan skrive hva den tilbyr eller søker.")
NOT_THE_AUTHOR = _l("Det kan bare den som skrev det, gjøre.")

DIRECTIONS: Mapping[Direction, Any] = {Direction.OFFERS: _l("Tilbyr"), Direction.SEEKS: _l("Leter etter")}


@dataclass(frozen=True, kw_only=True)
class OfferPage:
    """Everything that the page of an offer shows."""

    offer: Offer
    organisation: Organisation
    location: Location | None
    goals: Sequence[Card]
    panel: Panel
    matches: Matches
    is_own: bool
    """Whoever asks speaks for the organisation."""
    may_edit: bool
    may_withdraw: bool

    @property
    def is_listed(self) -> bool:
        """Say whether the organisation is in the directory: verified and not closed."""
        return self.organisation.verified_at is not None and self.organisation.closed_at is None


@dataclass(frozen=True, kw_only=True)
class OfferForm:
    """Everything that the form of an offer shows: what is kept, and what there is to choose among."""

    offer: Offer | None
    organisations: Sequence[Voice]
    location: Location | None
    serves: Sequence[int]
    places: PlaceChoices
    options: Sequence[Option]


def offer_page(actor: Actor, offer_id: int) -> OfferPage:
    """Return an offer to who may read it, with what fits it: four statements. Raises NotFound."""
    row = db.session.execute(_offer(actor, offer_id)).one_or_none()
    if row is None:
        raise NotFound(NOT_FOUND)
    offer, organisation, place, speaks, *standing = row
    stands = offer.state is not PublicationState.WITHDRAWN
    if not (stands and speaks) and not policy.may_read_post(actor, offer, None, None):
        raise NotFound(NOT_FOUND)
    ref = Ref(OFFER, offer.id)
    matches = for_offer(offer, place)
    goals = [Ref(GOAL, number) for number in matches.goals]
    is_own = policy.may_offer(actor, organisation.id, frozenset({organisation.id} if speaks else ()))
    return OfferPage(
        offer=offer,
        organisation=organisation,
        location=place,
        goals=list(content().cards(goals).values()),
        panel=panel(actor, ref, forms=(), standing=standing_of(standing)),
        matches=matches,
        is_own=is_own,
        may_edit=is_own and policy.may_edit_post(actor, offer, None, None),
        may_withdraw=policy.is_author(actor, offer) and stands,
    )


def withdraw_page(actor: Actor, offer_id: int) -> OfferPage:
    """Return an offer to the one who wrote it. Raises Forbidden, NotFound."""
    page = offer_page(actor, offer_id)
    if not page.may_withdraw:
        raise Forbidden(NOT_THE_AUTHOR)
    return page


def new_page(actor: Actor) -> OfferForm:
    """Return an empty form to a verified spokesperson. Raises Forbidden."""
    voices = _speaking(actor)
    return _form(None, voices)


def edit_page(actor: Actor, offer_id: int) -> OfferForm:
    """Return the form of an offer that one has written, filled in. Raises Forbidden, NotFound."""
    voices = _speaking(actor)
    offer = db.session.get(Offer, offer_id)
    if offer is None or not policy.may_read_post(actor, offer, None, None):
        raise NotFound(NOT_FOUND)
    speaks = policy.may_offer(actor, offer.organisation_id, frozenset(each.id for each in voices))
    if not (speaks and policy.may_edit_post(actor, offer, None, None)):
        raise Forbidden(NOT_THE_AUTHOR)
    return _form(offer, voices)


def _offer(actor: Actor, offer_id: int) -> Any:
    """Select an offer, whose it is, where it is, whether the actor speaks for them, and how it stands."""
    mine = speaks_for(actor.id or 0).subquery()
    speaks = Offer.organisation_id.in_(sa.select(mine.c.id))
    return (
        sa.select(Offer, Organisation, Location, speaks, *standing_columns(actor))
        .join(Organisation, Organisation.id == Offer.organisation_id)
        .outerjoin(Location, sa.and_(Location.kind == OFFER, Location.target_id == Offer.id))
        .outerjoin(Tally, sa.and_(Tally.kind == OFFER, Tally.target_id == Offer.id))
        .options(joinedload(Location.neighbourhood))
        .where(Offer.id == offer_id)
    )


def _speaking(actor: Actor) -> Sequence[Voice]:
    policy.must(policy.may_start(actor), actor, NO_ORGANISATION)
    voices = _voices(actor)
    if not voices:
        raise Forbidden(NO_ORGANISATION)
    return voices


def _voices(actor: Actor) -> Sequence[Voice]:
    return spokesperson_organisations(actor.id) if actor.id else ()


def _form(offer: Offer | None, voices: Sequence[Voice]) -> OfferForm:
    ref = Ref(OFFER, offer.id) if offer else None
    return OfferForm(
        offer=offer,
        organisations=voices,
        location=location(ref) if ref else None,
        serves=[each.id for each in links([ref])[ref] if each.kind == GOAL] if ref else (),
        places=place_choices(),
        options=choices(GOAL, language()),
    )
