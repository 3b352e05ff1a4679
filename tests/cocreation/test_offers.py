"""What organisations offer and seek: written by those who speak for them, checked, closed and taken back."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa

from portal.accounts.actions.organisations import SpokespersonDraft, add_spokesperson, verify_spokesperson
from portal.accounts.models import Spokesperson
from portal.cocreation.actions import offers as actions
from portal.cocreation.models.finding import Direction, Offer
from portal.cocreation.models.together import NeedKind
from portal.kernel import clock
from portal.kernel.content import PublicationState, Ref
from portal.kernel.db import atomic, db
from portal.kernel.errors import Conflict, Forbidden, Invalid, NotFound
from portal.kernel.extensions import content
from portal.kernel.identity import ANONYMOUS, Actor
from portal.places.actions import PlaceDraft
from portal.places.queries import location
from portal.search.models import Document
from tests.cocreation.offering import an_offer, follow, offer_draft
from tests.support.cocreation import let_through
from tests.support.page import Visitor

Browser = Callable[..., Visitor]
HOSTILE = "<script>alert(1)</script> [x](javascript:alert(1)) \u202e"


@pytest.fixture
def speaker(cast: Any) -> Actor:
    found: Actor = cast.actor("volunteer")
    return found


@pytest.fixture
def offer(cast: Any, speaker: Actor) -> Offer:
    return an_offer(speaker, cast.volunteer_organisation)


def limited(actor: Actor) -> Actor:
    return replace(actor, limited_until=clock.now() + timedelta(days=1))


def a_colleague(cast: Any, verified: bool = True) -> Actor:
    """Return another spokesperson of the volunteers' organisation."""
    draft = SpokespersonDraft(email=cast.resident.email, title="Nestleder")
    asked = add_spokesperson(cast.actor("admin"), cast.volunteer_organisation.id, draft)
    if verified and asked.verified_at is None:
        verify_spokesperson(cast.actor("admin"), asked.id)
    colleague: Actor = cast.actor("resident")
    return colleague


@atomic
def not_verified(account_id: int) -> None:
    db.session.execute(sa.update(Spokesperson).where(Spokesperson.account_id == account_id).values(verified_at=None))


# -- who may -----------------------------------------------------------------------------------------------------------


def test_an_offer_is_signed_by_title_and_organisation_and_waits_for_a_moderator(cast: Any, speaker: Actor) -> None:
    made = actions.write_offer(speaker, offer_draft(cast.volunteer_organisation), key="one")
    assert made.byline == f"leder, {cast.volunteer_organisation.name}"
    assert made.state is PublicationState.PENDING
    again = actions.write_offer(speaker, offer_draft(cast.volunteer_organisation), key="one")
    assert again.id == made.id


@pytest.mark.parametrize("who", ["resident", "business", "employee", "moderator", "admin", "partner"])
def test_nobody_writes_for_an_organisation_they_do_not_speak_for(cast: Any, who: str) -> None:
    with pytest.raises(Forbidden):
        actions.write_offer(cast.actor(who), offer_draft(cast.volunteer_organisation), key="one")


def test_strangers_the_unverified_and_the_limited_write_nothing(cast: Any, speaker: Actor) -> None:
    draft = offer_draft(cast.volunteer_organisation)
    for actor in (ANONYMOUS, limited(speaker)):
        with pytest.raises(Forbidden):
            actions.write_offer(actor, draft, key="one")
    not_verified(speaker.id or 0)
    with pytest.raises(Forbidden):
        actions.write_offer(speaker, draft, key="one")
    assert db.session.scalar(sa.select(sa.func.count()).select_from(Offer)) == 0


def test_only_the_author_changes_and_takes_back_and_any_spokesperson_closes(
    cast: Any, speaker: Actor, offer: Offer
) -> None:
    colleague, draft = a_colleague(cast), offer_draft(cast.volunteer_organisation, title="Annet")
    for actor in (colleague, cast.actor("business"), cast.actor("adviser"), limited(speaker)):
        with pytest.raises(Forbidden):
            actions.edit_offer(actor, offer.id, draft, version=offer.version)
    for actor in (colleague, cast.actor("business"), cast.actor("moderator")):
        with pytest.raises(Forbidden):
            actions.withdraw_offer(actor, offer.id)
    for actor in (cast.actor("business"), cast.actor("moderator"), ANONYMOUS, limited(speaker)):
        with pytest.raises(Forbidden):
            actions.close_offer(actor, offer.id)
    actions.close_offer(colleague, offer.id)
    assert db.session.get_one(Offer, offer.id).closed_at is not None
    actions.reopen_offer(speaker, offer.id)
    assert db.session.get_one(Offer, offer.id).closed_at is None


def test_who_no_longer_speaks_for_it_may_only_take_back(speaker: Actor, cast: Any, offer: Offer) -> None:
    not_verified(speaker.id or 0)
    with pytest.raises(Forbidden):
        actions.edit_offer(speaker, offer.id, offer_draft(cast.volunteer_organisation), version=offer.version)
    with pytest.raises(Forbidden):
        actions.close_offer(speaker, offer.id)
    actions.withdraw_offer(speaker, offer.id)
    kept = db.session.get_one(Offer, offer.id)
    assert (kept.title, kept.text, kept.skills, kept.state) == ("", "", [], PublicationState.WITHDRAWN)


def test_what_waits_is_not_there_for_others(cast: Any, speaker: Actor) -> None:
    made = actions.write_offer(speaker, offer_draft(cast.volunteer_organisation), key="one")
    for actor in (ANONYMOUS, cast.actor("business")):
        with pytest.raises(NotFound):
            actions.close_offer(actor, made.id)
    actions.close_offer(a_colleague(cast), made.id)


# -- what is checked ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"title": "  "}, "title"),
        ({"title": "x" * 121}, "title"),
        ({"text": "x" * 5001}, "text"),
        ({"skills": tuple(map(str, range(11)))}, "skills"),
        ({"skills": ("x" * 41,)}, "skills"),
        ({"goals": (18,)}, "goal"),
        ({"place": PlaceDraft(neighbourhood_id=999_999)}, "neighbourhood"),
        ({"place": PlaceDraft(latitude=0.0, longitude=0.0)}, "latitude"),
    ],
)
def test_what_is_wrong_is_said_at_its_field_and_nothing_is_kept(
    cast: Any, speaker: Actor, values: dict[str, Any], field: str
) -> None:
    with pytest.raises(Invalid) as refusal:
        actions.write_offer(speaker, offer_draft(cast.volunteer_organisation, **values), key="one")
    assert refusal.value.field == field


def test_two_who_change_the_same_offer_are_told(cast: Any, speaker: Actor, offer: Offer) -> None:
    version = offer.version
    actions.edit_offer(speaker, offer.id, offer_draft(cast.volunteer_organisation, title="Først"), version=version)
    with pytest.raises(Conflict):
        actions.edit_offer(speaker, offer.id, offer_draft(cast.volunteer_organisation, title="Sist"), version=version)
    assert db.session.get_one(Offer, offer.id).title == "Først"


def test_new_words_wait_again_and_a_new_kind_holds_at_once(cast: Any, speaker: Actor, offer: Offer) -> None:
    draft = offer_draft(cast.volunteer_organisation, kind=NeedKind.EQUIPMENT, direction=Direction.SEEKS)
    changed = actions.edit_offer(speaker, offer.id, draft, version=offer.version)
    assert (changed.state, changed.kind) == (PublicationState.PUBLISHED, NeedKind.EQUIPMENT)
    reworded = replace(draft, text="Nå med oppvask.")
    assert actions.edit_offer(speaker, offer.id, reworded, version=changed.version).state is PublicationState.PENDING


# -- where it is found -------------------------------------------------------------------------------------------------


def found(offer: Offer) -> tuple[bool, bool]:
    """Return whether it is in the search index, and on the map."""
    here = (Document.kind == "offer", Document.target_id == offer.id)
    place = location(Ref("offer", offer.id))
    is_indexed = db.session.scalar(sa.select(sa.func.count()).select_from(Document).where(*here)) == 1
    return is_indexed, place is not None and place.is_public


def test_what_is_closed_is_neither_found_nor_on_the_map_until_it_is_opened(cast: Any, speaker: Actor) -> None:
    at = PlaceDraft(latitude=59.79, longitude=10.45)
    offer = an_offer(speaker, cast.volunteer_organisation, place=at)
    assert found(offer) == (True, True)
    actions.close_offer(speaker, offer.id)
    assert found(offer) == (False, False)
    actions.reopen_offer(speaker, offer.id)
    assert found(offer) == (True, True)
    actions.withdraw_offer(speaker, offer.id)
    assert location(Ref("offer", offer.id)) is None


def test_a_follower_can_follow_it_and_who_cannot_read_it_can_do_nothing(cast: Any, speaker: Actor) -> None:
    made = actions.write_offer(speaker, offer_draft(cast.volunteer_organisation), key="one")
    ref, may = Ref("offer", made.id), content().may
    assert not may(cast.actor("resident"), ref, "follow")
    let_through(made)
    follow(ref)
    assert may(cast.actor("resident"), ref, "follow")
    assert not may(limited(cast.actor("resident")), ref, "follow")


# -- pages -------------------------------------------------------------------------------------------------------------


def test_a_spokesperson_writes_one_in_the_form_and_changes_it(cast: Any, visitor: Browser) -> None:
    browser = visitor("volunteer")
    form = browser.get("cocreation_finding.new_offer").form("main form.form")
    assert form["organisation"] == str(cast.volunteer_organisation.id)
    form |= {"direction": "seeks", "kind": "skills", "title": "Noen som kan snekre", "goals": ["11", "3"]}
    form |= {"skills": "snekring, Snekring; maling", "latitude": "59,79", "longitude": "10,45"}
    page = browser.follow(browser.post("cocreation_finding.new_offer", form))
    assert page.heading == "Noen som kan snekre"
    assert "Venter på moderator" in page.words
    assert "snekring, maling" in page.words
    offer = db.session.scalars(sa.select(Offer)).one()
    edit = browser.get("cocreation_finding.edit_offer", offer_id=offer.id).form("main form.form")
    assert (edit["skills"], edit["goals"], edit["latitude"]) == ("snekring, maling", ["3", "11"], "59.79")
    browser.post("cocreation_finding.edit_offer", edit | {"title": "En snekker"}, offer_id=offer.id)
    assert db.session.get_one(Offer, offer.id).title == "En snekker"


def test_what_is_wrong_keeps_what_was_typed(visitor: Browser) -> None:
    browser = visitor("volunteer")
    form = browser.get("cocreation_finding.new_offer").form("main form.form")
    sent = form | {"direction": "offers", "title": "Kjøkken", "text": "Til 40.", "skills": "x" * 60}
    page = browser.post("cocreation_finding.new_offer", sent, 422)
    assert page.one("#text").get_text().strip() == "Til 40."
    assert "Velg" in page.one("#kind-error").get_text() + page.words
    sent = form | {"direction": "offers", "kind": "rooms", "title": "Kjøkken", "skills": "x" * 60}
    assert "høyst 10 ferdigheter" in browser.post("cocreation_finding.new_offer", sent, 422).one("#skills-error").text


def test_who_speaks_for_nobody_is_told_so(visitor: Browser) -> None:
    assert "talspersoner" in visitor("resident").get("cocreation_finding.new_offer", 403).words
    visitor().get("cocreation_finding.new_offer", 303)


def test_an_offer_is_shown_to_all_without_a_cookie(cast: Any, visitor: Browser, speaker: Actor) -> None:
    offer = an_offer(speaker, cast.volunteer_organisation, title=HOSTILE, text=HOSTILE, skills=("<b>",), goals=(3,))
    page = visitor().get("cocreation_finding.offer", offer_id=offer.id)
    assert "Set-Cookie" not in page.response.headers
    assert not page.all("main script, main a[href^='javascript']")
    assert page.one("main a.ds-button[href*='meldinger/til/offer']")
    assert "leder, " in page.words
    assert cast.volunteer.name not in page.words
    own = visitor("volunteer").get("cocreation_finding.offer", offer_id=offer.id)
    assert not own.all("main a[href*='meldinger/til']")
    assert own.one("main form[action$='/lukk']")


def test_closing_and_taking_back_go_by_buttons(offer: Offer, visitor: Browser) -> None:
    browser = visitor("volunteer")
    browser.post("cocreation_finding.close_offer", offer_id=offer.id)
    assert "Lukket" in visitor().get("cocreation_finding.offer", offer_id=offer.id).words
    browser.post("cocreation_finding.reopen_offer", offer_id=offer.id)
    visitor("resident").get("cocreation_finding.withdraw_offer", 403, offer_id=offer.id)
    browser.get("cocreation_finding.withdraw_offer", offer_id=offer.id)
    browser.post("cocreation_finding.withdraw_offer", offer_id=offer.id)
    visitor().get("cocreation_finding.offer", 404, offer_id=offer.id)
    browser.get("cocreation_finding.edit_offer", 404, offer_id=offer.id)
    visitor("business").post("cocreation_finding.close_offer", {}, 404, offer_id=offer.id)


def test_the_key_of_a_form_is_ours(visitor: Browser) -> None:
    browser = visitor("volunteer")
    form = browser.get("cocreation_finding.new_offer").form("main form.form")
    form |= {"direction": "offers", "kind": "rooms", "title": "Kjøkken", "key": "'; DROP" + uuid.uuid4().hex}
    browser.post("cocreation_finding.new_offer", form)
    assert len(db.session.scalars(sa.select(Offer)).one().key) == 32
