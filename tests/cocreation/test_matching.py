"""What fits what: everything in common counts one, is said, and the order is the same each time."""

from __future__ import annotations

import random
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.accounts.actions.organisations import close_organisation
from portal.cocreation.actions.needs import close_need
from portal.cocreation.actions.offers import close_offer
from portal.cocreation.matching import LEAST, NEAR_KM, Common, Profile, best, compare, separate
from portal.cocreation.models.finding import Direction
from portal.cocreation.models.together import NeedKind
from portal.cocreation.queries.matching import offers_for_need, reasons
from portal.kernel.db import atomic, db
from portal.places.actions import PlaceDraft
from portal.places.geometry import Point
from portal.places.models import Neighbourhood
from tests.cocreation.offering import an_offer
from tests.cocreation.together import a_need
from tests.support.cocreation import started
from tests.support.page import Visitor

Browser = Callable[..., Visitor]
SKILLS = st.dictionaries(st.sampled_from("abcdef"), st.just("ord"), max_size=4)
PROFILES = st.builds(
    Profile,
    kind=st.sampled_from(["hours", "skills", "rooms"]),
    goals=st.frozensets(st.integers(1, 17), max_size=4),
    skills=SKILLS,
    neighbourhood_id=st.none() | st.integers(1, 3),
    point=st.none() | st.builds(Point, st.floats(59.7, 59.9), st.floats(10.3, 10.6)),
)


# -- the counting ------------------------------------------------------------------------------------------------------


@given(PROFILES, PROFILES)
def test_both_ways_it_is_the_same(one: Profile, other: Profile) -> None:
    assert compare(one, other) == compare(other, one)


@given(PROFILES, PROFILES)
def test_everything_that_counts_is_said_and_nothing_else(one: Profile, other: Profile) -> None:
    common = compare(one, other)
    said = [*common.goals, *common.skills, *[1] * common.same_kind, *[1] * common.same_neighbourhood]
    assert common.count == len(said) + (common.kilometres is not None)
    assert not (common.same_neighbourhood and common.kilometres is not None)
    assert common.kilometres is None or 0 <= common.kilometres <= NEAR_KM


@given(PROFILES, PROFILES, st.integers(1, 17))
def test_one_more_in_common_never_counts_less(one: Profile, other: Profile, goal: int) -> None:
    more = [Profile(**vars(each) | {"goals": each.goals | {goal}}) for each in (one, other)]
    assert compare(*more).count >= compare(one, other).count


@given(PROFILES, st.lists(PROFILES, max_size=12), st.integers(1, 6))
def test_the_order_is_the_same_however_they_come_and_the_fittest_are_first(
    one: Profile, others: list[Profile], most: int
) -> None:
    numbered = [(number, profile, number) for number, profile in enumerate(others)]
    found = best(one, numbered, most)
    shuffled = random.Random(7).sample(numbered, len(numbered))  # noqa: S311 - an order, not a secret
    assert best(one, shuffled, most) == found
    counts = [(common.count, number) for number, common in found]
    assert counts == sorted(counts, reverse=True)
    assert all(common.count >= LEAST for _number, common in found)
    left_out = {number for number, *_rest in numbered} - {number for number, _common in found}
    least = min((count for count, _number in counts), default=0)
    if len(found) < most:
        assert all(compare(one, others[number]).count < LEAST for number in left_out)
    else:
        assert all(compare(one, others[number]).count <= least for number in left_out)


def test_near_is_within_five_kilometres() -> None:
    at, near, far = Point(59.79, 10.45), Point(59.82, 10.45), Point(59.84, 10.45)
    assert compare(Profile(kind="a", point=at), Profile(kind="b", point=near)).count == 1
    assert compare(Profile(kind="a", point=at), Profile(kind="b", point=far)).count == 0


@given(st.lists(st.text(alphabet="abc ,;\n\t", max_size=12), max_size=6))
def test_words_are_parted_and_each_stands_once(parts: list[str]) -> None:
    found = separate(",".join(parts))
    assert len({each.casefold() for each in found}) == len(found)
    assert all(each == " ".join(each.split()) and each and not set(each) & set(",;\n\t") for each in found)


def test_reasons_are_words_for_each_thing_that_counts() -> None:
    common = Common(goals=[3], same_neighbourhood=True, same_kind=True, skills=["snekring"])
    assert reasons(common, NeedKind.HOURS, "Heggedal") == [
        "bærekraftsmål 3",
        "samme lokalsamfunn: Heggedal",
        "samme slags hjelp: timer",
        "begge nevner «snekring»",
    ]
    assert reasons(Common(kilometres=1.2), NeedKind.HOURS, "") == ["mindre enn 5 km fra hverandre"]


# -- needs, wishes and offers ------------------------------------------------------------------------------------------


@pytest.fixture
def heggedal(cast: Any) -> Neighbourhood:
    made = Neighbourhood(slug="heggedal", name="Heggedal", latitude=59.789, longitude=10.448, active=True)
    db.session.add(made)
    db.session.commit()
    return made


def test_an_offer_is_shown_to_a_need_with_what_they_have_in_common(cast: Any, heggedal: Neighbourhood) -> None:
    here = PlaceDraft(neighbourhood_id=heggedal.id)
    project = started(cast.actor("resident"), place=here, goals=(3, 11))
    need = a_need(cast.actor("resident"), project, kind=NeedKind.SKILLS, skills=("Snekring",))
    speaker, organisation = cast.actor("volunteer"), cast.volunteer_organisation
    some: dict[str, Any] = {"title": "Ti timer i uka", "goals": (3,), "place": here}
    an_offer(speaker, organisation, **some, kind=NeedKind.HOURS, skills=("snekringen",))
    an_offer(speaker, organisation, title="Nesten", kind=NeedKind.SKILLS)
    an_offer(speaker, organisation, title="Søker selv", kind=NeedKind.SKILLS, goals=(3,), direction=Direction.SEEKS)
    found = offers_for_need(need)
    assert [each.title for each in found] == ["Ti timer i uka"]
    assert found[0].who == organisation.name
    assert found[0].reasons == ["bærekraftsmål 3", "samme lokalsamfunn: Heggedal", "begge nevner «Snekring»"]


def test_what_is_closed_waits_or_is_gone_fits_nothing(cast: Any) -> None:
    resident, speaker = cast.actor("resident"), cast.actor("volunteer")
    project = started(resident, goals=(3,))
    need = a_need(resident, project, kind=NeedKind.ROOMS)
    offer = an_offer(speaker, cast.volunteer_organisation, goals=(3,))
    assert len(offers_for_need(need)) == 1
    close_offer(speaker, offer.id)
    assert not offers_for_need(need)
    again = an_offer(speaker, cast.volunteer_organisation, goals=(3,))
    assert [each.ref.id for each in offers_for_need(need)] == [again.id]
    close_organisation(cast.actor("admin"), cast.volunteer_organisation.id)
    assert not offers_for_need(need)
    close_need(resident, need.id)
    assert not offers_for_need(need)


def test_an_offers_page_shows_needs_and_wishes_and_a_wishs_page_the_offers(cast: Any, visitor: Browser) -> None:
    resident = cast.actor("resident")
    need = a_need(resident, started(resident, goals=(3,)), kind=NeedKind.ROOMS, title="Et kjøkken")
    offer = an_offer(cast.actor("volunteer"), cast.volunteer_organisation, goals=(3,))
    wish = an_offer(
        cast.actor("business"), cast.business_organisation, title="Lokale søkes", goals=(3,), direction=Direction.SEEKS
    )
    page = visitor().get("cocreation_finding.offer", offer_id=offer.id)
    assert page.one(f"main a[href$='/behov/{need.id}']").get_text() == "Et kjøkken"
    assert "bærekraftsmål 3 · samme slags hjelp: rom" in page.words
    assert page.one(f"main a[href$='/tilbud/{wish.id}']")
    page = visitor().get("cocreation_finding.offer", offer_id=wish.id)
    assert page.one(f"main a[href$='/tilbud/{offer.id}']")
    assert "Et kjøkken" not in page.words
    assert "Hvert av disse teller én" in page.words


def test_a_thousand_projects_and_hundreds_of_offers_cost_a_page_eight_statements(
    cast: Any, visitor: Browser, count_queries: Any
) -> None:
    resident, speaker = cast.actor("resident"), cast.actor("volunteer")
    need = a_need(resident, started(resident, goals=(3,)), kind=NeedKind.ROOMS)
    offer = an_offer(speaker, cast.volunteer_organisation, goals=(3,), place=PlaceDraft(latitude=59.79, longitude=10.4))
    many(need, 1000)
    for number in range(30):
        direction = Direction.SEEKS if number % 2 else Direction.OFFERS
        an_offer(cast.actor("business"), cast.business_organisation, goals=(3,), direction=direction, title="Rom")
    offer_id = offer.id
    for browser in (visitor(), visitor("resident"), visitor("volunteer")):
        with count_queries(at_most=8):
            page = browser.get("cocreation_finding.offer", offer_id=offer_id)
        assert len(page.all("main .matches .row")) == 10
    db.session.refresh(need)
    need_id = need.id
    for browser in (visitor(), visitor("resident"), visitor("resident2")):
        with count_queries(at_most=8):
            page = browser.get("cocreation_together.need", need_id=need_id)
        assert len(page.all("main .matches .row")) == 5
    db.session.refresh(need)
    with count_queries(at_most=2):
        assert len(offers_for_need(need)) == 5


@atomic
def many(need: Any, number: int) -> None:
    """Make copies of a need and its project, straight into the tables."""
    from portal.cocreation.models.projects import Project
    from portal.goals.models import Link

    whole = {c.key: getattr(db.session.get_one(Project, need.project_id), c.key) for c in Project.__table__.columns}
    part = {c.key: getattr(need, c.key) for c in type(need).__table__.columns}
    ids = range(10_000, 10_000 + number)
    link = {"kind": "project", "to_kind": "goal", "to_id": 3, "is_public": True}
    db.session.execute(Project.__table__.insert(), [whole | {"id": i, "key": f"m{i}"} for i in ids])
    db.session.execute(type(need).__table__.insert(), [part | {"id": i, "project_id": i, "key": f"m{i}"} for i in ids])
    db.session.execute(Link.__table__.insert(), [link | {"target_id": i} for i in ids])
