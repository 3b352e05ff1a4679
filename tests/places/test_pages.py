"""The page of the whole map, what its script asks for, and the fields by which a form asks for a place."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask import Flask
from werkzeug.datastructures import MultiDict

from portal.kernel import fields
from portal.kernel.identity import SYSTEM
from portal.kernel.placing import PlaceFields
from portal.places import actions, queries
from portal.places.actions import PlaceDraft
from portal.places.models import Neighbourhood
from tests.places.test_gathering import scatter
from tests.places.things import Things, known
from tests.support.page import Visitor

Open = Callable[..., Visitor]
Make = Callable[..., Neighbourhood]
ASKER = "10.3,59.52,10.65,59.91"


class PlaceForm(PlaceFields, fields.Form):
    """A form that asks for a place and nothing else."""


def test_the_empty_map_says_what_will_come(visitor: Open) -> None:
    page = visitor().get("places.index")
    assert "Kartet er tomt ennå" in page.words
    assert page.one(".map-picture")


def test_the_menu_leads_to_the_map(visitor: Open) -> None:
    assert visitor().get("home.front").one('.site-nav a[href="/kart/"]').get_text() == "Kart"


def test_what_is_on_the_map_stands_in_the_list_with_its_place(
    benches: Things, visitor: Open, neighbourhood: Make
) -> None:
    heggedal = neighbourhood("Heggedal", 59.789, 10.448)
    benches.add(59.789, 10.448, title="Benk ved elva", address="Elveveien 3")
    benches.add(title="Benk et sted", neighbourhood_id=heggedal.id)
    benches.add(59.789, 10.448, title="Hemmelig benk", hidden=True)
    page = visitor().get("places.index")
    assert "2 saker på kartet" in page.words
    assert "Benk ved elva" in page.words
    assert "Elveveien 3" in page.words
    assert "Heggedal, ikke noe nærmere sted" in page.words
    assert "Hemmelig" not in page.words
    assert "Set-Cookie" not in page.response.headers


def test_the_map_can_be_narrowed_to_a_kind_and_a_part_by_its_address(app: Flask, visitor: Open) -> None:
    benches, lamps = Things(), Things(name="lamp")
    with known(app, benches, lamps):
        benches.add(59.6, 10.4, title="Benk i sør")
        benches.add(59.85, 10.45, title="Benk i nord")
        lamps.add(59.6, 10.4, title="Lampe i sør")
        page = visitor().get("places.index", slag="bench", boks="10.3,59.5,10.5,59.7")
        assert [link.get_text() for link in page.all("#kart-liste .row__title")] == ["Benk i sør"]
        assert "1 sak i denne delen av kartet" in page.words
        chosen = page.one(".map-kinds a[aria-current]")
        assert chosen["href"] == "/kart/?slag=bench&boks=10.3,59.5,10.5,59.7"
        whole = visitor().get_url(page.all(".map-kinds a")[0]["href"])
        assert "Lampe i sør" in whole.words


def test_the_pictures_marks_lead_closer_without_script(benches: Things, visitor: Open) -> None:
    for _ in range(3):
        benches.add(59.6, 10.4)
    page = visitor().get("places.index")
    mark = page.one(".map-picture a")
    assert mark["aria-label"] == "3 saker. Vis nærmere"
    closer = visitor().get_url(mark["href"])
    assert "3 saker i denne delen av kartet" in closer.words


@pytest.mark.parametrize("boks", ["", "x", "1,2,3", "10,59,9,60", "nan,nan,nan,nan"])
def test_a_part_that_is_none_is_the_whole_map(benches: Things, visitor: Open, boks: str) -> None:
    benches.add(59.6, 10.4)
    assert "1 sak på kartet" in visitor().get("places.index", boks=boks, slag="no-such-kind").words


def test_points_are_gathered_for_the_script(benches: Things, visitor: Open) -> None:
    for _ in range(2):
        benches.add(59.6, 10.4)
    alone = benches.add(59.8, 10.5, title="<b>Benk</b>")
    found = visitor().get("places.points", boks=ASKER, zoom=12).response.json["items"]
    assert [each["count"] for each in found] == [1, 2]
    assert (found[0]["title"], found[0]["url"]) == ("<b>Benk</b>", f"/om/?nr={alone.id}")
    assert found[1]["heap"]
    assert visitor().get("places.points", boks=ASKER, zoom=12, slag="file").response.json["items"] == []
    for zoom in ("-1", "99", "x", "٣"):
        assert visitor().get("places.points", boks=ASKER, zoom=zoom).status == 200
    visitor().get("places.points", 404)


def test_lokalsamfunn_are_given_to_the_script(visitor: Open, neighbourhood: Make) -> None:
    neighbourhood("Heggedal", 59.789, 10.448)
    answer = visitor().get("places.neighbourhoods").response
    assert answer.json == {"items": [{"name": "Heggedal", "latitude": 59.789, "longitude": 10.448, "outline": None}]}
    assert "public" in answer.headers["Cache-Control"]


def test_ten_thousand_things_cost_the_page_eight_statements(
    benches: Things, visitor: Open, count_queries: Callable[..., object]
) -> None:
    scatter(10_000)
    benches.titles = dict.fromkeys(range(1, 10_001), "Benk")
    with count_queries(at_most=8):
        page = visitor().get("places.index")
    assert "9000 saker på kartet" in page.words.replace("\N{NO-BREAK SPACE}", "")
    with count_queries(at_most=8):
        visitor().get("places.index", boks="10.4,59.6,10.5,59.7", slag="bench")
    with count_queries(at_most=4):
        visitor().get("places.points", boks=ASKER, zoom=13)


# -- the fields of a form ----------------------------------------------------------------------------------------------


def form(app: Flask, **data: str) -> PlaceForm:
    with app.test_request_context():
        made = PlaceForm(MultiDict(data), meta={"csrf": False})
        made.offer(queries.neighbourhoods())
        made.validate()
        return made


def test_every_part_of_a_place_may_be_left_out(app: Flask) -> None:
    empty = form(app, neighbourhood="", address="", latitude="", longitude="")
    assert not empty.errors
    assert PlaceDraft(**empty.place()) == PlaceDraft()


def test_a_place_is_read_as_people_write_it(app: Flask, neighbourhood: Make) -> None:
    heggedal = neighbourhood("Heggedal", 59.789, 10.448)
    found = form(app, neighbourhood=str(heggedal.id), address=" Elveveien  3 ", latitude="59,789", longitude=" 10.448")
    assert not found.errors
    assert PlaceDraft(**found.place()) == PlaceDraft(
        latitude=59.789, longitude=10.448, address="Elveveien 3", neighbourhood_id=heggedal.id
    )


@pytest.mark.parametrize(
    ("field", "value"),
    [("latitude", "nord"), ("latitude", "91"), ("longitude", "-181"), ("latitude", "nan"), ("longitude", "inf")],
)
def test_what_is_no_place_is_told_of_at_its_field(app: Flask, field: str, value: str) -> None:
    assert field in form(app, **{field: value}).errors


@pytest.mark.parametrize("value", ["99", "x", "-1"])
def test_only_a_lokalsamfunn_that_is_offered_can_be_chosen(app: Flask, value: str) -> None:
    assert "neighbourhood" in form(app, neighbourhood=value).errors


def test_the_field_shows_what_was_chosen_and_works_without_script(app: Flask, neighbourhood: Make) -> None:
    heggedal = neighbourhood("Heggedal", 59.789, 10.448)
    with app.test_request_context():
        made = PlaceForm(MultiDict({"neighbourhood": str(heggedal.id), "latitude": "nord"}), meta={"csrf": False})
        made.offer(queries.neighbourhoods())
        made.validate()
        macro = app.jinja_env.get_template("places/_parts.html").make_module(app.jinja_env.globals)
        html = str(macro.place_field(made, queries.place_choices()))  # type: ignore[attr-defined]  # a macro
    assert f'<option value="{heggedal.id}" data-point="59.789,10.448" selected>' in html
    assert "<details" in html
    assert 'id="latitude-error"' in html
    assert "style=" not in html


def test_a_small_map_shows_where_one_thing_is(app: Flask, benches: Things, neighbourhood: Make) -> None:
    square = [[10.4, 59.7], [10.5, 59.7], [10.5, 59.85], [10.4, 59.85], [10.4, 59.7]]
    heggedal = neighbourhood("Heggedal", 59.789, 10.448, {"type": "MultiPolygon", "coordinates": [[square]]})
    exact, rough = benches.add(59.789, 10.448), benches.add(neighbourhood_id=heggedal.id)
    for ref, words in ((exact, "Et sted i Heggedal"), (rough, "ikke noe nærmere sted")):
        place = queries.location(ref)
        assert place
        drawn = queries.point_picture(place)
        [mark] = drawn.marks
        assert (mark.x, mark.y) == pytest.approx((drawn.width / 2, drawn.height / 2), abs=1)
        assert mark.is_approximate is (ref == rough)
        with app.test_request_context():
            macro = app.jinja_env.get_template("places/_parts.html").make_module(app.jinja_env.globals)
            assert words in str(macro.place_point(place, drawn, False))  # type: ignore[attr-defined]  # a macro


def test_the_map_follows_when_moderation_hides_a_thing(benches: Things, visitor: Open) -> None:
    ref = benches.add(59.6, 10.4, title="Benk ved elva")
    benches.hidden.add(ref.id)
    actions.show(SYSTEM, ref.kind, [ref.id])
    assert "Benk ved elva" not in visitor().get("places.index").words
