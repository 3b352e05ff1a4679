"""Offers and wishes for tests, made the way people make them."""

from __future__ import annotations

import uuid
from typing import Any

from portal.accounts.models import Organisation
from portal.cocreation.actions.offers import OfferDraft, write_offer
from portal.cocreation.models.finding import Direction, Offer
from portal.cocreation.models.together import NeedKind
from portal.kernel.content import Ref
from portal.kernel.db import atomic
from portal.kernel.identity import SYSTEM, Actor
from portal.places.actions import show
from portal.search.actions import index
from tests.support.cocreation import let_through


def offer_draft(organisation: Organisation, **values: Any) -> OfferDraft:
    whole = {"direction": Direction.OFFERS, "kind": NeedKind.ROOMS, "title": "Kjøkken til 40"} | values
    return OfferDraft(organisation_id=organisation.id, **whole)


def an_offer(actor: Actor, organisation: Organisation, **values: Any) -> Offer:
    """Return an offer that everybody can see."""
    offer = write_offer(actor, offer_draft(organisation, **values), key=uuid.uuid4().hex)
    let_through(offer)
    follow(Ref("offer", offer.id))
    return offer


@atomic
def follow(ref: Ref) -> None:
    """Let the map and the search know, as they do of what a moderator lets through."""
    show(SYSTEM, ref.kind, [ref.id])
    index(SYSTEM, ref.kind, [ref.id])
