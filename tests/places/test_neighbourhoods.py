"""The municipality's lokalsamfunn: read in from files, after a look at what they will do."""

from __future__ import annotations

import io
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask

from portal import demo
from portal.kernel.db import db
from portal.kernel.errors import Forbidden
from portal.kernel.identity import SYSTEM
from portal.places import actions, forms, geometry, queries, reading
from portal.places.models import Neighbourhood
from tests.places.things import Things
from tests.support.cast import Cast
from tests.support.page import Visitor

Open = Callable[..., Visitor]
CSV = "navn;breddegrad;lengdegrad\nHeggedal;59,789;10,448\nNærsnes;59.761;10.496\n"
SQUARE = [[10.4, 59.7], [10.5, 59.7], [10.5, 59.85], [10.4, 59.85], [10.4, 59.7]]


def geojson(*features: tuple[Any, str, Any], **properties: Any) -> bytes:
    made = [
        {"type": "Feature", "properties": {"navn": name} | properties, "geometry": {"type": kind, "coordinates": shape}}
        for name, kind, shape in features
    ]
    return json.dumps({"type": "FeatureCollection", "features": made}).encode()


def names() -> list[str]:
    return list(db.session.scalars(sa.select(Neighbourhood.name).order_by(Neighbourhood.name)))


# -- reading -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "data",
    [
        CSV.encode(),
        CSV.encode("utf-8-sig"),
        CSV.encode("cp1252"),
        CSV.encode("utf-16"),
        CSV.replace("\n", "\r\n").encode(),
        CSV.replace(",", ".").replace(";", ",").encode(),
        CSV.replace(";", "\t")
        .replace("navn", "Name")
        .replace("breddegrad", "LAT")
        .replace("lengdegrad", "lon")
        .encode(),
    ],
)
def test_a_list_is_read_however_a_spreadsheet_saves_it(data: bytes) -> None:
    contents = reading.read(data)
    assert [(each.name, each.point.latitude, each.point.longitude) for each in contents.found] == [
        ("Heggedal", 59.789, 10.448),
        ("Nærsnes", 59.761, 10.496),
    ]
    assert not contents.refused


def test_every_line_that_cannot_be_used_is_told_of_with_its_reason() -> None:
    data = (
        CSV + "Heggedal;59,1;10,1\n;59,1;10,1\nTofte;nord;10,1\nBerlin;52,5;13,4\nSætre;59,68\n" + "x" * 90 + ";59;10\n"
    )
    contents = reading.read(data.encode())
    assert len(contents.found) == 2
    assert [each.number for each in contents.refused] == [4, 5, 6, 7, 8, 9]
    assert "to ganger" in str(contents.refused[0].reason)


def test_outlines_are_read_from_geojson_with_a_point_in_each() -> None:
    hole = [[10.44, 59.76], [10.46, 59.76], [10.46, 59.78], [10.44, 59.76]]
    contents = reading.read(
        geojson(
            ("Heggedal", "Polygon", [SQUARE, hole]),
            ("Vollen", "MultiPolygon", [[SQUARE]]),
            ("Tofte", "Point", [10.568, 59.547]),
        )
    )
    heggedal, vollen, tofte = contents.found
    assert heggedal.outline
    assert vollen.outline
    assert geometry.contains(heggedal.outline, heggedal.point)
    assert len(list(geometry.rings(heggedal.outline))) == 2
    assert (tofte.outline, tofte.point.latitude) == (None, 59.547)


def test_an_outline_may_say_where_its_point_is() -> None:
    [found] = reading.read(geojson(("A", "Polygon", [SQUARE]), breddegrad=59.8, lengdegrad=10.41)).found
    assert (found.point.latitude, found.point.longitude) == (59.8, 10.41)


@pytest.mark.parametrize(
    "feature",
    [
        ("A", "Polygon", [[[261000, 6640000], [262000, 6640000], [262000, 6641000], [261000, 6640000]]]),
        ("A", "Polygon", [[[10.4, 59.7], [10.5, 59.7]]]),
        ("A", "Polygon", []),
        ("A", "Polygon", "x"),
        ("A", "Polygon", [[["10", "59"], [10, 59], [10, 60], [10, 59]]]),
        ("A", "Polygon", [[[True, 59], [10, 59], [10, 60], [10, 59]]]),
        ("A", "MultiPolygon", []),
        ("A", "LineString", [[10, 59], [10, 60]]),
        ("A", "Point", None),
        ("", "Polygon", [SQUARE]),
        (None, "Polygon", [SQUARE]),
    ],
)
def test_a_feature_that_cannot_be_used_is_refused_alone(feature: tuple[Any, str, Any]) -> None:
    contents = reading.read(geojson(feature, ("Vollen", "Polygon", [SQUARE])))
    assert [each.name for each in contents.found] == ["Vollen"]
    assert [each.number for each in contents.refused] == [1]


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"a;b\n1;2\n",
        b"\x89PNG\r\n\x1a\n\x00\x00",
        b"{",
        b"[]",
        b'{"type": "Feature"}',
        b'{"type": "FeatureCollection"}',
        b"[" * 100_000,
        b"navn;breddegrad;lengdegrad\n" + b"".join(b"%d;59;10\n" % each for each in range(501)),
    ],
)
def test_a_file_that_is_something_else_is_refused_as_a_whole(data: bytes) -> None:
    with pytest.raises(reading.UnreadableError):
        reading.read(data)


def test_strange_features_harm_nobody() -> None:
    features = [None, 7, [], {}, {"properties": 3, "geometry": 4}, {"geometry": {"type": [], "coordinates": {}}}]
    contents = reading.read(json.dumps({"type": "FeatureCollection", "features": features}).encode())
    assert len(contents.refused) == 6


def test_what_was_looked_at_comes_back_the_same() -> None:
    contents = reading.read(geojson(("Åros", "Polygon", [SQUARE]), ("Tofte", "Point", [10.568, 59.547])))
    again = reading.unpacked(reading.packed(contents.found))
    assert [(each.name, each.point, each.outline) for each in again.found] == [
        (each.name, each.point, each.outline) for each in contents.found
    ]


@pytest.mark.parametrize("line", ["", "æ", "AAAA", reading.packed([])[:-8]])
def test_what_was_tampered_with_is_not_read(line: str) -> None:
    with pytest.raises(reading.UnreadableError):
        reading.unpacked(line)


def test_names_become_addresses() -> None:
    assert [reading.slug(each) for each in ("Nærsnes", "Nedre Åros ", "Øya/2", "北")] == [
        "naersnes", "nedre-aros", "oya-2", "omrade",
    ]  # fmt: skip


def test_the_demos_file_can_be_read_whole_and_its_outlines_share_no_place() -> None:
    contents = reading.read((Path(demo.__file__).parent / "lokalsamfunn.geojson").read_bytes())
    assert not contents.refused
    assert len(contents.found) > 17
    for each in contents.found:
        assert [
            other.name for other in contents.found if other.outline and geometry.contains(other.outline, each.point)
        ] == [each.name]


# -- importing ---------------------------------------------------------------------------------------------------------


def test_a_second_time_changes_nothing(app: Flask) -> None:
    found = reading.read(CSV.encode()).found
    first, second = actions.import_neighbourhoods(SYSTEM, found), actions.import_neighbourhoods(SYSTEM, found)
    assert (len(first.added), first.unchanged) == (2, 0)
    assert (second.added, second.changed, second.unchanged) == ([], [], 2)
    assert names() == ["Heggedal", "Nærsnes"]


def test_what_is_placed_in_a_lokalsamfunn_moves_with_it(benches: Things) -> None:
    actions.import_neighbourhoods(SYSTEM, reading.read(CSV.encode()).found)
    heggedal = next(each for each in queries.neighbourhoods() if each.name == "Heggedal")
    ref = benches.add(neighbourhood_id=heggedal.id)
    moved = CSV.replace("59,789", "59,7")
    assert len(actions.import_neighbourhoods(SYSTEM, reading.read(moved.encode()).found).changed) == 1
    found = queries.location(ref)
    assert found
    assert (found.x, found.y) == geometry.mercator(geometry.Point(59.7, 10.448))


def test_what_lies_in_a_new_outline_is_counted_to_it_but_nobodys_choice_is_changed(benches: Things) -> None:
    actions.import_neighbourhoods(SYSTEM, reading.read(CSV.encode()).found)
    naersnes = next(each for each in queries.neighbourhoods() if each.name == "Nærsnes")
    loose, outside = benches.add(59.75, 10.45), benches.add(59.6, 10.45)
    chosen = benches.add(59.75, 10.45, neighbourhood_id=naersnes.id)
    actions.import_neighbourhoods(SYSTEM, reading.read(geojson(("heggedal", "Polygon", [SQUARE]))).found)
    found = queries.locations([loose, outside, chosen])
    assert [found[ref].neighbourhood and found[ref].neighbourhood.name for ref in (loose, outside, chosen)] == [
        "heggedal", None, "Nærsnes",
    ]  # fmt: skip


def test_a_list_of_points_leaves_the_outlines(app: Flask) -> None:
    actions.import_neighbourhoods(SYSTEM, reading.read(geojson(("Heggedal", "Polygon", [SQUARE]))).found)
    actions.import_neighbourhoods(SYSTEM, reading.read(CSV.encode()).found)
    heggedal = queries.neighbourhoods()[0]
    assert heggedal.outline
    assert heggedal.latitude == 59.789


def test_only_administrators_run_them(app: Flask, cast: Cast) -> None:
    for name in ("resident", "adviser", "coordinator"):
        with pytest.raises(Forbidden):
            actions.import_neighbourhoods(cast.actor(name), reading.read(CSV.encode()).found)
    assert names() == []


def test_one_out_of_use_is_offered_no_more_and_keeps_what_it_has(benches: Things, cast: Cast) -> None:
    actions.import_neighbourhoods(cast.actor("admin"), reading.read(CSV.encode()).found)
    heggedal = queries.neighbourhoods()[0]
    ref = benches.add(neighbourhood_id=heggedal.id)
    actions.switch_neighbourhood(cast.actor("admin"), heggedal.id, False)
    assert [each.name for each in queries.neighbourhoods()] == ["Nærsnes"]
    found = queries.location(ref)
    assert found
    assert found.neighbourhood is heggedal


# -- the page and the command ------------------------------------------------------------------------------------------


def test_an_administrator_sees_what_a_file_will_do_before_it_does_it(visitor: Open) -> None:
    admin = visitor("admin")
    page = admin.get("places_control.manage")
    assert "Ingen lokalsamfunn ennå" in page.words
    data = geojson(("Heggedal", "Polygon", [SQUARE]), ("Berlin", "Point", [13.4, 52.5]))
    preview = admin.post("places_control.manage", {"file": (io.BytesIO(data), "omrader.geojson")}, 200)
    assert "Les inn 1 lokalsamfunn" in preview.words
    assert "Stedet ligger ikke i Norge" in preview.words
    assert names() == []
    admin.post("places_control.import_neighbourhoods", preview.form('main form[action$="les-inn"]'))
    assert names() == ["Heggedal"]
    page = admin.get("places_control.manage")
    assert "Heggedal" in page.words
    assert page.one(".map-picture .map-area")


def test_a_file_that_cannot_be_read_is_told_of_at_the_field(visitor: Open, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(forms, "LARGEST", 10_000)
    for data in (b"", b"hei", b"x" * 10_001):
        page = visitor("admin").post("places_control.manage", {"file": (io.BytesIO(data), "fil.csv")}, 422)
        assert page.one("#file-error").get_text(strip=True)


def test_a_lokalsamfunn_is_taken_out_of_use_and_in_again(visitor: Open) -> None:
    actions.import_neighbourhoods(SYSTEM, reading.read(CSV.encode()).found)
    admin, heggedal = visitor("admin"), queries.neighbourhoods()[0]
    admin.post("places_control.switch", {"active": "0"}, neighbourhood_id=heggedal.id)
    assert "Ute av bruk" in admin.get("places_control.manage").words
    admin.post("places_control.switch", {"active": "1"}, neighbourhood_id=heggedal.id)
    assert "Ute av bruk" not in admin.get("places_control.manage").words


def test_the_command_reads_them_in(app: Flask, tmp_path: Path) -> None:
    file = tmp_path / "steder.csv"
    file.write_text(CSV + "Berlin;52,5;13,4\n", encoding="utf-8")
    run = app.test_cli_runner().invoke
    said = run(args=["import", "neighbourhoods", str(file), "--dry-run"])
    assert "2 new, 0 changed, 0 as before, 1 refused: nothing was done" in said.output
    assert names() == []
    assert run(args=["import", "neighbourhoods", str(file)]).exit_code == 0
    assert names() == ["Heggedal", "Nærsnes"]
    file.write_text("hei", encoding="utf-8")
    said = run(args=["import", "neighbourhoods", str(file)])
    assert said.exit_code == 1
    assert "Traceback" not in said.output
