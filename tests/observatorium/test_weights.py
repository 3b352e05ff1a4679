"""Weighing residents by the population: what they tell, the table, the pages, and what is published of it."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from hashlib import sha256
from itertools import cycle
from typing import Any

import pytest
import sqlalchemy as sa

from portal.kernel import clock
from portal.kernel.db import atomic, db
from portal.kernel.errors import Conflict, Forbidden, Invalid
from portal.observatorium.actions.publishing import publish_round
from portal.observatorium.actions.rating import About, Standing, tell_about
from portal.observatorium.actions.rounds import close_round
from portal.observatorium.actions.weights import PopulationDraft, upload_population
from portal.observatorium.catalogue import Answer
from portal.observatorium.kinds import rounds as kinds
from portal.observatorium.kinds import weights as weight_kinds
from portal.observatorium.models.rounds import Ballot, Rating, Revision, RevisionResult, Round, Tie
from portal.observatorium.models.weights import PopulationTable
from portal.observatorium.population import AgeBand, Gender
from portal.observatorium.population_csv import Table
from portal.observatorium.queries.publishing import list_cells, recount
from portal.observatorium.queries.weights import population_of, weights_page
from portal.places.models import Neighbourhood
from tests.observatorium.ratings import BUSINESS, RESIDENT
from tests.observatorium.rounds import an_open_round, answers, people, work
from tests.support.cast import Cast
from tests.support.page import Page, Visitor

Open = Callable[..., Visitor]
TOLD = About(age_band=AgeBand.FROM_30, gender=Gender.WOMAN)


@pytest.fixture
def places(cast: Cast) -> list[Neighbourhood]:
    return make_places()


@atomic
def make_places() -> list[Neighbourhood]:
    made = [
        Neighbourhood(slug=name.lower(), name=name, latitude=59.8, longitude=10.4, active=True)
        for name in ("Borgen", "Heggedal")
    ]
    db.session.add_all(made)
    db.session.flush()
    return made


def ballot() -> Ballot:
    return db.session.scalars(sa.select(Ballot).execution_options(populate_existing=True)).one()


def population(places: list[Neighbourhood], young: int = 500, old: int = 500) -> Table:
    """Let as many women as men live in both places, half of them young."""
    return Table(
        {
            (band, gender.value, str(place.id)): count
            for band, count in (("18-29", young), ("45-66", old))
            for gender in Gender
            for place in places
        }
    )


def upload(cast: Cast, table: Table, source: str = "SSB") -> PopulationTable:
    draft = PopulationDraft(table=table, source=source, source_date=date(2026, 1, 1))
    return upload_population(cast.actor("coordinator"), "2026", draft)


# --- what residents tell ----------------------------------------------------------------------------------------------


def test_what_a_resident_tells_stands_on_the_ballot_and_in_the_cells(cast: Cast, places: list[Neighbourhood]) -> None:
    opened, (actor,) = an_open_round(cast), people(1)
    about = About(age_band=AgeBand.FROM_30, gender=Gender.WOMAN, neighbourhood_id=places[0].id)
    answers(actor, standing=Standing(group=RESIDENT, tie=Tie.LIVES, about=about))
    (cell,) = list_cells(opened.id)
    assert cell.stratum == ("30-44", "woman", str(places[0].id))
    ((told,), _ratings) = kinds.export(actor.id)["rating_as"], None
    assert (told["age_band"], told["gender"], told["neighbourhood"]) == ("30-44", "woman", "Borgen")


def test_it_is_changed_and_taken_back_until_the_round_closes(cast: Cast) -> None:
    an_open_round(cast)
    (actor,) = people(1)
    answers(actor)
    assert list_cells(ballot().round_id)[0].stratum == (None, None, None)
    tell_about(actor, "2026", TOLD)
    assert (ballot().age_band, ballot().gender) == (AgeBand.FROM_30, Gender.WOMAN)
    tell_about(actor, "2026", About())
    assert (ballot().age_band, ballot().gender) == (None, None)
    close_round(cast.actor("coordinator"), "2026")
    with pytest.raises(Conflict):
        tell_about(actor, "2026", TOLD)


def test_only_residents_who_have_begun_tell_and_only_of_places_that_are_offered(cast: Cast) -> None:
    an_open_round(cast)
    (actor,) = people(1)
    with pytest.raises(Conflict):
        tell_about(actor, "2026", TOLD)
    with pytest.raises(Invalid):
        answers(actor, standing=Standing(group=RESIDENT, tie=Tie.LIVES, about=About(neighbourhood_id=99)))
    business = cast.actor("business")
    group, organisation = BUSINESS, cast.business_organisation.id
    standing = Standing(group=group, tie=Tie.ORGANISATION, organisation_id=organisation, about=TOLD)
    answers(business, standing=standing)
    assert (ballot().age_band, ballot().gender) == (None, None)
    with pytest.raises(Conflict):
        tell_about(business, "2026", TOLD)


def test_a_resident_tells_on_the_first_page_and_changes_it_later(
    cast: Cast, visitor: Open, places: list[Neighbourhood]
) -> None:
    an_open_round(cast)
    resident = visitor("resident")
    page = resident.get("rating.overview")
    assert "valgfritt" in page.words
    told = {"age_band": "18-29", "gender": "man", "neighbourhood": str(places[1].id)}
    first = resident.post("rating.begin", {**begin(page), "tie": "lives", **told})
    form = resident.follow(first).form("main form[action*=vurder]")
    resident.post("rating.indicator", {**form, "1.1": "green"}, number="1.1")
    assert (ballot().age_band, ballot().gender, ballot().neighbourhood_id) == ("18-29", "man", places[1].id)
    shown = resident.get("rating.about").form("main form[action*=om-deg]")
    assert {name: shown[name] for name in told} == told
    resident.post("rating.about", {**shown, "age_band": "", "gender": "woman"})
    assert (ballot().age_band, ballot().gender, ballot().neighbourhood_id) == (None, "woman", places[1].id)


def begin(page: Page) -> dict[str, Any]:
    return page.form("main form:has([name=tie])")


@pytest.mark.parametrize("wrong", [{"age_band": "12"}, {"gender": "x"}, {"neighbourhood": "99"}])
def test_nonsense_is_refused_and_who_has_no_ballot_is_led_to_the_start(cast: Cast, visitor: Open, wrong: Any) -> None:
    an_open_round(cast)
    resident = visitor("resident")
    resident.get("rating.about", 303)
    answers(cast.actor("resident"))
    form = resident.get("rating.about").form("main form[action*=om-deg]")
    resident.post("rating.about", {**form, **wrong}, 422)
    assert ballot().age_band is None


# --- the table --------------------------------------------------------------------------------------------------------


def test_the_newest_table_counts_and_the_earlier_ones_are_kept(cast: Cast, places: list[Neighbourhood]) -> None:
    opened = an_open_round(cast)
    assert population_of(opened.id) is None
    upload(cast, population(places), "Gammel")
    upload(cast, population(places, young=900), "Ny")
    assert population_of(opened.id) == population(places, young=900).cells
    assert db.session.scalar(sa.select(sa.func.count()).select_from(PopulationTable)) == 2


def test_only_a_coordinator_uploads_and_not_after_publishing(cast: Cast, places: list[Neighbourhood]) -> None:
    an_open_round(cast)
    draft = PopulationDraft(table=population(places), source="SSB", source_date=date(2026, 1, 1))
    for key in ("resident", "employee", "admin", "verifier"):
        with pytest.raises(Forbidden):
            upload_population(cast.actor(key), "2026", draft)
    ahead = PopulationDraft(table=population(places), source="SSB", source_date=clock.today() + timedelta(days=1))
    with pytest.raises(Invalid):
        upload_population(cast.actor("coordinator"), "2026", ahead)
    close_round(cast.actor("coordinator"), "2026")
    publish_round(cast.actor("coordinator"), "2026")
    work()
    with pytest.raises(Conflict):
        upload(cast, population(places))


def test_the_name_goes_and_the_table_stays_when_the_coordinator_is_erased(
    cast: Cast, places: list[Neighbourhood]
) -> None:
    an_open_round(cast)
    upload(cast, population(places), "SSB 07459")
    assert weight_kinds.export(cast.coordinator.id)["population_tables"][0]["source"] == "SSB 07459"
    forget(cast.coordinator.id)
    assert weight_kinds.export(cast.coordinator.id)["population_tables"] == []
    assert db.session.scalars(sa.select(PopulationTable.source)).all() == ["SSB 07459"]


@atomic
def forget(account_id: int) -> None:
    weight_kinds.erase(account_id)


def csv(*rows: str, encoding: str = "utf-8") -> tuple[io.BytesIO, str]:
    return io.BytesIO("\n".join(("alder;kjønn;lokalsamfunn;antall", *rows)).encode(encoding)), "folk.csv"


def test_a_coordinator_uploads_a_file_and_reads_what_is_wrong_with_another(
    cast: Cast, visitor: Open, places: list[Neighbourhood]
) -> None:
    an_open_round(cast)
    coordinator = visitor("coordinator")
    page = coordinator.get("observatorium_weights.weights", slug="2026")
    assert "Ingen befolkningstall er lagt inn" in page.words
    form = {**page.form("main form"), "source": "SSB 07459", "source_date": "2026-01-01"}

    def send(file: Any, status: int) -> Page:
        return coordinator.post("observatorium_weights.weights", {**form, "file": file}, status, slug="2026")

    refused = send(csv("0-17;kvinne;Borgen;12"), 422)
    assert "Det mangler tall for Heggedal" in refused.words
    assert refused.form("main form")["source"] == "SSB 07459", "what was typed is kept"
    assert "UTF-8" in send(csv("0-17;kvinne;Borgen;12", encoding="cp1252"), 422).words
    assert "Velg en fil" in coordinator.post("observatorium_weights.weights", form, 422, slug="2026").words
    done = coordinator.follow(send(csv("0-17;kvinne;Borgen;12", "67+;mann;Heggedal;30"), 303))
    assert "SSB 07459" in done.words
    assert "Hva vektingen gjør, vises når runden er lukket" in done.words


# --- what weighting does ----------------------------------------------------------------------------------------------


def crowd(places: list[Neighbourhood], young: int, old: int, silent: int = 0) -> Iterator[dict[str, Any]]:
    """Let the young and the old be spread evenly over genders and places."""
    spread = cycle([(gender, place.id) for gender in Gender for place in places])
    for band, count in ((AgeBand.FROM_18, young), (AgeBand.FROM_45, old), (None, silent)):
        for _person in range(count):
            gender, place = next(spread)
            yield {"age_band": band, "gender": gender if band else None, "neighbourhood_id": place if band else None}


@atomic
def fill(round_id: int, told: Iterator[dict[str, Any]], answer: Callable[[int, Any], Answer]) -> None:
    for place, about in enumerate(told):
        who = sha256(str(place).encode()).digest()
        values = {"round_id": round_id, "pseudonym": who, "group": RESIDENT, "tie": Tie.LIVES, **about}
        db.session.execute(sa.insert(Ballot).values(**values))
        given = {"round_id": round_id, "pseudonym": who, "indicator": "1.1", "answer": answer(place, about["age_band"])}
        db.session.execute(sa.insert(Rating).values(**given))


def mostly(place: int, band: Any) -> Answer:
    """Let most of the young say red, and most of the old green."""
    if place % 4 == 0:
        return Answer.YELLOW
    return Answer.RED if band is AgeBand.FROM_18 else Answer.GREEN


def a_closed_round(cast: Cast, places: list[Neighbourhood], **sizes: int) -> Round:
    opened = an_open_round(cast)
    upload(cast, population(places))
    fill(opened.id, crowd(places, **sizes), mostly)
    return close_round(cast.actor("coordinator"), "2026")


def test_weighted_and_plain_are_published_side_by_side_with_the_source(
    cast: Cast, visitor: Open, places: list[Neighbourhood]
) -> None:
    round_ = a_closed_round(cast, places, young=60, old=180)
    publish_round(cast.actor("coordinator"), "2026")
    work()
    told = db.session.scalars(sa.select(RevisionResult.body).where(RevisionResult.indicator == "1.1")).one()
    residents = told["groups"][0]
    assert residents["shares"]["red"] == pytest.approx(0.19, abs=0.01)
    assert residents["weighted"]["shares"]["red"] == pytest.approx(0.38, abs=0.01)
    assert residents["weighted"]["n_eff"] < residents["n_eff"]
    revision = db.session.scalars(sa.select(Revision)).one()
    assert revision.summary["population"] == {"source": "SSB", "date": "2026-01-01", "total": 4000}
    assert recount(round_, revision).content_hash == revision.content_hash
    page = visitor().get("observatorium.indicator", number="1.1")
    assert "38 % rød" in page.words.replace("\u00a0", " ")
    assert "Uvektet: 19 % rød" in page.words.replace("\u00a0", " ")
    assert "per 1.1.2026 (SSB)" in visitor().get("observatorium.round_result", slug="2026").words
    assert "weighted" in visitor().get("observatorium.data_json", slug="2026").response.text


def test_why_there_is_no_weighted_figure_stands_on_the_page(
    cast: Cast, visitor: Open, places: list[Neighbourhood]
) -> None:
    a_closed_round(cast, places, young=40, old=40, silent=60)
    publish_round(cast.actor("coordinator"), "2026")
    work()
    page = visitor().get("observatorium.indicator", number="1.1")
    assert "For mange har ikke oppgitt" in page.words


def test_a_coordinator_sees_what_weighting_does_only_after_closing(
    cast: Cast, visitor: Open, places: list[Neighbourhood]
) -> None:
    opened = an_open_round(cast)
    upload(cast, population(places))
    fill(opened.id, crowd(places, young=60, old=180), mostly)
    assert weights_page(cast.actor("coordinator"), "2026").effect is None
    close_round(cast.actor("coordinator"), "2026")
    effect = weights_page(cast.actor("coordinator"), "2026").effect
    assert (effect.persons, effect.cells, effect.empty, effect.thin) == (240, 8, 0, 0)
    assert effect.n_eff == pytest.approx(180, abs=1)
    assert effect.largest_weight == pytest.approx(2)
    assert effect.margin_error < 0.01
    words = visitor("coordinator").get("observatorium_weights.weights", slug="2026").words
    assert "180 (effektivt antall)" in words
    assert "én teller som 2" in words


def test_a_category_with_few_is_not_told_exactly(cast: Cast, visitor: Open, places: list[Neighbourhood]) -> None:
    a_closed_round(cast, places, young=3, old=120)
    page = weights_page(cast.actor("coordinator"), "2026")
    young, old = page.categories["age"]
    assert (young.persons, young.is_thin) == (None, True)
    assert (old.persons, old.is_thin) == (120, False)
    assert "færre enn 5" in visitor("coordinator").get("observatorium_weights.weights", slug="2026").words


@pytest.mark.parametrize("page", ["weights", "trust"])
def test_the_pages_cost_the_same_with_many_answers(
    cast: Cast, visitor: Open, places: list[Neighbourhood], count_queries: Any, page: str
) -> None:
    a_closed_round(cast, places, young=60, old=180)
    coordinator = visitor("coordinator")
    with count_queries(at_most=9):
        coordinator.get(f"observatorium_weights.{page}", slug="2026")


def test_the_page_of_signs_is_read_and_used(cast: Cast, visitor: Open, places: list[Neighbourhood]) -> None:
    opened = an_open_round(cast)
    coordinator = visitor("coordinator")
    assert "vises når runden er lukket" in coordinator.get("observatorium_weights.trust", slug="2026").words
    for actor in people(7):
        answers(actor, standing=Standing(group=RESIDENT, tie=Tie.LIVES, network="library"))
    close_round(cast.actor("coordinator"), "2026")
    page = coordinator.get("observatorium_weights.trust", slug="2026")
    assert "Nettverk 1: 7 skjemaer" in page.words
    chosen = page.one("main input[name=cluster]")["value"]
    form = {**page.form("main form"), "cluster": chosen}
    refused = coordinator.post("observatorium_weights.trust", {**form, "reason": ""}, 422, slug="2026")
    assert refused.all("[aria-invalid=true]")
    done = coordinator.follow(
        coordinator.post("observatorium_weights.trust", {**form, "reason": "Samme maskin."}, slug="2026")
    )
    assert "Samme maskin." in done.words
    assert list_cells(opened.id) == []
    coordinator.post_url(str(done.one("main form[action*=ta-inn]")["action"]), done.form("main form[action*=ta-inn]"))
    assert list_cells(opened.id)
