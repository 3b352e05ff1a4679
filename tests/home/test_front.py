"""The front page: how it goes, the four pillars and the thread, what is new, and what needs whom now."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest

from portal.cocreation.actions.joining import join_project
from portal.cocreation.actions.parties import PartyDraft
from portal.cocreation.actions.projects import ProjectDraft, start_project
from portal.cocreation.models.projects import PartyKind, Project
from portal.goals.actions import link
from portal.ideas.actions.proposing import begin_idea
from portal.kernel import clock
from portal.kernel.content import Ref
from portal.kernel.db import atomic
from portal.kernel.identity import Actor
from portal.observatorium.catalogue import row_number
from portal.search.actions import index
from portal.solutions.adoption import Step
from tests.observatorium.published import a_published_round
from tests.observatorium.rounds import an_open_round
from tests.solutions.adopting import adopted
from tests.support.cast import Cast
from tests.support.cocreation import shown, started
from tests.support.ideas import draft, proposed, published
from tests.support.page import Page, Visitor
from tests.support.solutions import shared

Open = Callable[..., Visitor]
Counting = Callable[..., object]


def duties(page: Page) -> list[str]:
    """Return what needs the reader, in the words they read."""
    return [" ".join(each.get_text(" ").split()) for each in page.all(".duties a")]


def figures(page: Page) -> list[str]:
    """Return the figure of each pillar."""
    return [" ".join(each.get_text(" ").split()) for each in page.all(".pillar__figure")]


@atomic
def link_to(actor: Actor, idea_id: int, number: str) -> None:
    link(actor, Ref("idea", idea_id), "indicator", [row_number(number)])


def begun_from(actor: Actor, idea_id: int) -> Project:
    """Return a project that came of an idea, and everybody can see."""
    draft = ProjectDraft(title="Middag i Heggedal", challenge="Mange spiser middag alene.")
    party = PartyDraft(kind=PartyKind.RESIDENTS, name="Naboene")
    project = start_project(actor, draft, party, origin=Ref("idea", idea_id), title="Kontakt")
    shown(Ref("project", project.id))
    return project


# -- the four pillars --------------------------------------------------------------------------------------------------


def test_the_pillars_stand_in_the_order_of_the_thread_and_each_leads_somewhere(visitor: Open) -> None:
    page = visitor().get("home.front")
    names = [(link.get_text(), link["href"]) for link in page.all(".pillar__name a")]
    assert names == [
        ("Observatorium", "/observatorium/"),
        ("Ideer", "/ideer/"),
        ("Samskaping", "/samskaping/"),
        ("Løsninger", "/losninger/"),
    ]
    assert figures(page) == [
        "39 områder kommunen blir vurdert på",
        "0 ideer fra folk",
        "0 prosjekter i gang",
        "0 løsninger er delt",
    ]
    assert "Neste runde viser om fargen flyttet seg." in page.words


def test_the_figures_are_of_what_everybody_can_see(cast: Cast, visitor: Open) -> None:
    resident = cast.actor("resident")
    published(resident, "Nattbuss")
    proposed(resident, "Hemmelig", internally=True)
    begin_idea(resident, draft("Uferdig"))
    started(resident, "Middag sammen")
    ours = shared(cast.actor("employee"), "Turvenn")
    adopted(cast.actor("partner"), ours)
    page = visitor().get("home.front")
    assert figures(page)[1:] == ["1 idé fra folk", "1 prosjekt i gang", "1 løsning er delt"]
    assert "i bruk 1 sted til" in page.words


def test_the_published_round_gives_the_first_figure(cast: Cast, visitor: Open) -> None:
    a_published_round(cast)
    page = visitor().get("home.front")
    red = len(page.all("svg.wheel-compact .wheel-fill.judge-red"))
    assert red > 0
    assert figures(page)[0] == f"{red} {'rødt område' if red == 1 else 'røde områder'} av 39"


# -- one thread --------------------------------------------------------------------------------------------------------


def test_a_thread_that_went_all_the_way_is_told_with_its_own_words(cast: Cast, visitor: Open) -> None:
    idea = published(cast.actor("resident"), "Noen å spise med")
    link_to(cast.actor("resident"), idea.id, "3.1")
    project = begun_from(cast.actor("resident"), idea.id)
    solution = shared(cast.actor("employee"), "Middag sammen", origin=Ref("project", project.id))
    adopted(cast.actor("partner"), solution)
    page = visitor().get("home.front")
    beads = [(link.get_text(), link["href"]) for link in page.all(".thread a")]
    assert beads[0][1] == "/observatorium/indikatorer/3.1/"
    assert beads[1:] == [
        ("Noen å spise med", f"/ideer/{idea.id}-noen-a-spise-med"),
        ("Middag i Heggedal", f"/samskaping/{project.id}-middag-i-heggedal"),
        ("Middag sammen", f"/losninger/{solution.id}-middag-sammen"),
    ]
    assert "i bruk hos 1 annen" in page.words
    assert not visitor("resident").get("home.front").all(".thread")


def test_half_a_thread_is_not_told(cast: Cast, visitor: Open) -> None:
    idea = published(cast.actor("resident"), "Noen å spise med")
    begun_from(cast.actor("resident"), idea.id)
    assert not visitor().get("home.front").all(".thread")


# -- what is new -------------------------------------------------------------------------------------------------------


def test_what_is_new_is_told_newest_first_and_not_only_of_one_kind(cast: Cast, visitor: Open) -> None:
    with clock.moved(-timedelta(days=30)):
        solution = shared(cast.actor("employee"), "Middag sammen")
        index(cast.actor("employee"), "solution", [solution.id])
    for number in range(5):
        with clock.moved(-timedelta(days=10 - number)):
            idea = published(cast.actor("resident"), f"Idé {number}")
            index(cast.actor("resident"), "idea", [idea.id])
    page = visitor().get("home.front")
    assert [link.get_text() for link in page.all(".news__title a")] == ["Idé 4", "Idé 3", "Idé 2", "Middag sammen"]
    assert page.all(".news__what")[0].get_text(" ", strip=True).startswith("Idé ")


def test_what_nobody_may_see_is_not_new(cast: Cast, visitor: Open) -> None:
    idea = proposed(cast.actor("resident"), "Hemmelig", internally=True)
    index(cast.actor("resident"), "idea", [idea.id])
    page = visitor().get("home.front")
    assert "Hemmelig" not in page.words
    assert "Ingen har skrevet noe ennå" in page.words


# -- what needs the reader ---------------------------------------------------------------------------------------------


def test_a_visitor_is_asked_a_question_and_others_are_greeted(visitor: Open) -> None:
    assert visitor().get("home.front").heading == "Hvordan gjør kommunen det?"
    for person, name in (("resident", "Randi Innbygger"), ("adviser", "Ingrid Idé"), ("partner", "Petter Partner")):
        page = visitor(person).get("home.front")
        assert page.heading == f"Hei, {name}"
        assert "Ingenting venter på deg nå." in page.words


def test_a_resident_sees_drafts_and_who_wants_to_join(cast: Cast, visitor: Open) -> None:
    resident = cast.actor("resident")
    begin_idea(resident, draft("Uferdig"))
    project = started(resident, "Middag sammen")
    join_project(cast.actor("resident2"), project.id)
    said = duties(visitor("resident").get("home.front"))
    assert "1 vil være med i prosjektet ditt" in said
    assert said[-1] == "1 utkast er ikke sendt inn"
    assert not any("vil være med" in each for each in duties(visitor("resident2").get("home.front")))


def test_staff_see_what_is_late_first(cast: Cast, visitor: Open) -> None:
    with clock.moved(-timedelta(days=20)):
        proposed(cast.actor("resident"), "Gammel idé")
    with clock.moved(-timedelta(days=12)):
        proposed(cast.actor("resident"), "Nyere idé")
    page = visitor("adviser").get("home.front")
    said = duties(page)
    assert said[0] == "1 idé skulle hatt svar"
    assert "1 idé skal ha svar i løpet av tre dager" in said
    assert page.one(".duties [data-late]")["href"] == "/ideer/styring/"


def test_moderators_see_what_waits_for_them_and_others_don_t(cast: Cast, visitor: Open) -> None:
    proposed(cast.actor("resident"), "Ny idé")
    assert "1 tekst venter på moderator" in duties(visitor("moderator").get("home.front"))
    for person in ("employee", "resident", "partner"):
        assert not any("moderator" in each for each in duties(visitor(person).get("home.front")))


def test_partner_staff_see_their_municipality_s_solutions_and_what_they_try(cast: Cast, visitor: Open) -> None:
    partner = cast.actor("partner")
    adopted(partner, shared(cast.actor("employee"), "Middag sammen"), step=Step.PILOTING)
    page = visitor("partner").get("home.front")
    assert duties(page) == ["1 løsning dere vurderer eller prøver ut"]
    assert "i Bærum" in page.words
    assert page.one('.hero .button-group a[href="/losninger/ny"]')
    assert not any("prøver ut" in each for each in duties(visitor("adviser").get("home.front")))


def test_every_duty_leads_to_a_page_its_reader_may_open(cast: Cast, visitor: Open) -> None:
    resident, adviser = cast.actor("resident"), cast.actor("adviser")
    begin_idea(resident, draft("Uferdig"))
    project = started(resident, "Middag sammen")
    join_project(cast.actor("resident2"), project.id)
    with clock.moved(-timedelta(days=20)):
        proposed(resident, "Gammel idé")
    begin_idea(adviser, draft("Rådgiverens utkast"))
    adopted(cast.actor("partner"), shared(cast.actor("employee"), "Turvenn"), step=Step.INTERESTED)
    seen = 0
    for person in ("resident", "adviser", "moderator", "partner"):
        reader = visitor(person)
        for each in reader.get("home.front").all(".duties a"):
            reader.get_url(str(each["href"]))
            seen += 1
    assert seen >= 6


def test_somebody_who_may_only_read_is_greeted_all_the_same(cast: Cast, visitor: Open) -> None:
    limited = replace(cast.actor("resident"), limited_until=clock.now() + timedelta(days=1))
    assert limited.is_limited
    assert visitor("resident").get("home.front").status == 200


# -- what it costs -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("person", [None, "resident", "adviser", "moderator", "partner"])
def test_the_front_page_is_eight_statements_at_most(
    cast: Cast, visitor: Open, count_queries: Counting, person: str | None
) -> None:
    a_published_round(cast, "2025", days_ago=365)
    an_open_round(cast)
    published(cast.actor("resident"), "Nattbuss")
    reader = visitor(person)
    with count_queries(at_most=8):
        reader.get("home.front")


def test_a_visitor_s_front_page_can_be_kept(visitor: Open) -> None:
    page = visitor().get("home.front")
    assert page.response.headers["Cache-Control"] == "public, no-cache"
    assert "Set-Cookie" not in page.response.headers
    kept = {"If-None-Match": page.response.headers["ETag"]}
    visitor().get("home.front", 304, kept)
