"""The directory of actors: who is in it, what it says of them, and finding those one looks for."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
import sqlalchemy as sa

from portal.accounts.actions.organisations import OrganisationDraft, add_organisation, close_organisation
from portal.accounts.models import Organisation
from portal.cocreation.actions.offers import close_offer, write_offer
from portal.cocreation.models.finding import Direction, Offer
from portal.cocreation.models.projects import Party
from portal.cocreation.models.together import NeedKind
from portal.kernel import clock
from portal.kernel.db import atomic, db
from portal.kernel.identity import StakeholderGroup
from portal.places.actions import PlaceDraft
from portal.places.models import Neighbourhood
from tests.cocreation.offering import an_offer, offer_draft
from tests.support.cocreation import joined, started
from tests.support.page import Page, Visitor

Browser = Callable[..., Visitor]


def names(page: Page) -> list[str]:
    return [each.get_text() for each in page.all("main .actor-row .row__title")]


@atomic
def party_of(member: Any, organisation: Organisation) -> None:
    db.session.get_one(Party, member.party_id).organisation_id = organisation.id


def test_the_verified_are_in_the_list_and_nobody_else(cast: Any, visitor: Browser) -> None:
    admin = cast.actor("admin")
    add_organisation(admin, OrganisationDraft(number="923609016", name="Ikke sjekket", group=StakeholderGroup.BUSINESS))
    close_organisation(admin, cast.knowledge_organisation.id)
    page = visitor().get("cocreation_finding.actors")
    assert cast.volunteer_organisation.name in names(page)
    assert cast.volunteer_organisation.number in page.words
    assert not {"Ikke sjekket", cast.knowledge_organisation.name} & set(names(page))
    assert "Set-Cookie" not in page.response.headers
    waiting = db.session.scalars(sa.select(Organisation).where(Organisation.name == "Ikke sjekket")).one()
    for organisation in (cast.knowledge_organisation, waiting):
        visitor().get("cocreation_finding.actor", 404, organisation_id=organisation.id)
    visitor().get("cocreation_finding.actor", 404, organisation_id=999_999)


def test_an_actor_shows_what_it_offers_seeks_and_does_and_no_persons_name(cast: Any, visitor: Browser) -> None:
    organisation, speaker = cast.volunteer_organisation, cast.actor("volunteer")
    an_offer(speaker, organisation, title="Kjøkken til 40")
    an_offer(speaker, organisation, title="En snekker", direction=Direction.SEEKS, kind=NeedKind.SKILLS)
    write_offer(speaker, offer_draft(organisation, title="Venter ennå"), key="waits")
    closed = an_offer(speaker, organisation, title="Ikke lenger")
    close_offer(speaker, closed.id)
    resident = cast.actor("resident")
    project = started(resident, "Middag sammen")
    party_of(joined(resident, project, speaker, organisation.name), organisation)
    list_ = visitor().get("cocreation_finding.actors")
    page = visitor().get("cocreation_finding.actor", organisation_id=organisation.id)
    for each in (list_, page):
        assert {"Kjøkken til 40", "En snekker"} <= {link.get_text() for link in each.all("main .actor-offers a")}
        assert "Venter ennå" not in each.words
        assert "Ikke lenger" not in each.words
        assert cast.volunteer.name not in each.words
        assert cast.volunteer.email not in each.text
    assert "Middag sammen" in page.words
    assert page.one(f"main a[href$='/meldinger/til/organisation/{organisation.id}']")
    own = visitor("volunteer").get("cocreation_finding.actor", organisation_id=organisation.id)
    assert {"Venter ennå", "Ikke lenger"} <= {each.get_text() for each in own.all("main .actor-offers a")}
    assert not own.all("main a[href*='meldinger/til']")


@pytest.fixture
def heggedal(cast: Any) -> Neighbourhood:
    made = Neighbourhood(slug="heggedal", name="Heggedal", latitude=59.789, longitude=10.448, active=True)
    db.session.add(made)
    db.session.commit()
    return made


def test_the_list_is_narrowed_by_what_one_and_the_same_offer_is(
    cast: Any, visitor: Browser, heggedal: Neighbourhood
) -> None:
    mine, theirs = cast.volunteer_organisation, cast.business_organisation
    here = PlaceDraft(neighbourhood_id=heggedal.id)
    an_offer(cast.actor("volunteer"), mine, goals=(3,), place=here)
    an_offer(cast.actor("volunteer"), mine, direction=Direction.SEEKS, kind=NeedKind.MONEY)
    an_offer(cast.actor("business"), theirs, direction=Direction.SEEKS, goals=(3,))
    expected: list[tuple[dict[str, Any], set[str]]] = [
        ({"gruppe": "voluntary_sector"}, {mine.name}),
        ({"retning": "seeks"}, {mine.name, theirs.name}),
        ({"retning": "offers"}, {mine.name}),
        ({"mal": 3}, {mine.name, theirs.name}),
        ({"mal": 3, "retning": "seeks"}, {theirs.name}),
        ({"slags": "money"}, {mine.name}),
        ({"slags": "money", "sted": heggedal.id}, set()),
        ({"sted": heggedal.id, "gruppe": "voluntary_sector", "mal": 3}, {mine.name}),
    ]
    for asked, found in expected:
        page = visitor().get("cocreation_finding.actors", **asked)
        assert found == {name for name in names(page) if name in {mine.name, theirs.name}}, asked
    page = visitor().get("cocreation_finding.actors", mal=3)
    assert page.one("#velg-mal option[selected]")["value"] == "3"
    nobody = visitor().get("cocreation_finding.actors", slags="hours")
    assert "Ingen aktører passer med dette" in nobody.words


@pytest.mark.parametrize(
    "asked",
    [{"gruppe": "resident"}, {"gruppe": "x"}, {"mal": "99"}, {"mal": "9" * 30}, {"sted": "-1"}, {"slags": "<b>"}],
)
def test_nonsense_in_the_address_is_answered_plainly(visitor: Browser, asked: dict[str, str]) -> None:
    visitor().get("cocreation_finding.actors", **asked)


def test_an_empty_list_says_how_one_gets_in(cast: Any, visitor: Browser) -> None:
    @atomic
    def close_all() -> None:
        db.session.execute(sa.update(Organisation).values(closed_at=clock.now()))

    close_all()
    page = visitor().get("cocreation_finding.actors")
    assert "Ingen aktører ennå" in page.words
    assert page.all("main .empty a[href$='/organisasjoner']")


def test_many_actors_and_offers_cost_a_page_eight_statements_and_none_is_lost(
    cast: Any, visitor: Browser, count_queries: Any
) -> None:
    offer = an_offer(cast.actor("volunteer"), cast.volunteer_organisation)
    every = many(offer, 300)
    organisation_id = offer.organisation_id
    for browser in (visitor(), visitor("volunteer")):
        with count_queries(at_most=8):
            page = browser.get("cocreation_finding.actors", retning="offers")
        with count_queries(at_most=8):
            browser.get("cocreation_finding.actor", organisation_id=organisation_id)
    seen = names(page)
    while page.all("main a[rel=next]"):
        page = visitor().get_url(page.one("main a[rel=next]")["href"])
        seen += names(page)
    assert len(seen) == every == len(set(seen))


@atomic
def many(offer: Offer, number: int) -> int:
    """Make organisations with three offers each, straight into the tables; return how many organisations there are."""
    organisation = db.session.get_one(Organisation, offer.organisation_id)
    whole = {
        c.name: getattr(organisation, c.name) for c in Organisation.__table__.columns if c.name in vars(organisation)
    }
    whole["stakeholder_group"] = organisation.group
    part = {c.key: getattr(offer, c.key) for c in Offer.__table__.columns}
    ids = range(10_000, 10_000 + number)
    copies = [whole | {"id": i, "number": str(900_000_000 + i), "name": f"Lag {i % 7} nr. {i}"} for i in ids]
    db.session.execute(Organisation.__table__.insert(), copies)
    three = [(10_000 + 3 * n + k, i) for n, i in enumerate(ids) for k in range(3)]
    rows = [part | {"id": id_, "key": f"m{id_}", "organisation_id": i} for id_, i in three]
    db.session.execute(Offer.__table__.insert(), rows)
    return number + 1
