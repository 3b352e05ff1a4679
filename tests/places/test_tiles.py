"""Tiles and addresses from servers that answer well, badly, or not at all: the pages never wait long for them."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from flask import Flask

from portal.kernel import clock
from portal.places import tiles
from portal.places.tiles import Address, Tiles
from tests.kernel.servers import send, web_server
from tests.support.page import Visitor

PNG = b"\x89PNG\r\n\x1a\n" + b"a tile"
HOME = Address(11, 1083, 599)
"""A tile of Asker."""
Open = Callable[..., Visitor]


@contextmanager
def tile_server(app: Flask, tmp_path: Path, answer: Callable[[Any], None]) -> Iterator[tuple[Tiles, list[Any]]]:
    """Let the application have tiles from a real server that answers so."""
    settings, before = app.config["PORTAL"], app.extensions["portal_tiles"]
    with web_server(answer) as (port, seen):
        changed = replace(
            settings,
            tiles_url=f"http://127.0.0.1:{port}/{{z}}/{{y}}/{{x}}.png",
            addresses_url=f"http://127.0.0.1:{port}/sok",
            outgoing_allow=("127.0.0.1",),
            data_dir=tmp_path,
        )
        app.config["PORTAL"] = changed
        tiles.init(app, changed)
        try:
            yield app.extensions["portal_tiles"], seen
        finally:
            app.config["PORTAL"], app.extensions["portal_tiles"] = settings, before


def test_a_tile_is_passed_through_once_and_kept(app: Flask, tmp_path: Path) -> None:
    with tile_server(app, tmp_path, send(PNG, Content_Type="image/png")) as (_tiles, seen):
        answers = [app.test_client().get("/kart/tiles/11/599/1083") for _ in range(3)]
    assert [each.data for each in answers] == [PNG] * 3
    assert [each.path for each in seen] == ["/11/599/1083.png"]
    assert answers[0].content_type == "image/png"
    assert answers[0].headers["Cache-Control"] == "public, max-age=86400"
    assert "Set-Cookie" not in answers[0].headers
    assert "Cookie" not in seen[0].headers


def test_an_old_tile_is_fetched_anew_and_shown_when_nobody_answers(app: Flask, tmp_path: Path) -> None:
    with tile_server(app, tmp_path, send(PNG, Content_Type="image/png")) as (found, seen):
        assert found.find(HOME) == PNG
        with clock.moved(timedelta(days=29)):
            assert found.find(HOME) == PNG
        assert len(seen) == 1
        with clock.moved(timedelta(days=31)):
            assert found.find(HOME) == PNG
        assert len(seen) == 2
    with clock.moved(timedelta(days=100)):
        assert found.find(HOME) == PNG


@pytest.mark.parametrize(
    "answer",
    [
        send(b"<script>alert(1)</script>", Content_Type="image/png"),
        send(PNG, Content_Type="text/html"),
        send(PNG, Content_Type="image/svg+xml"),
        send(PNG, status=404, Content_Type="image/png"),
        send(PNG, status=302, Location="http://127.0.0.1:1/", Content_Type="image/png"),
        send(PNG + b"x" * (tiles.MOST_BYTES + 1), Content_Type="image/png"),
        send(b"", status=500),
    ],
    ids=["text as png", "png as text", "svg", "missing", "redirect", "huge", "fault"],
)
def test_what_is_no_tile_is_nothing_and_is_not_asked_for_again_at_once(
    app: Flask, tmp_path: Path, visitor: Open, answer: Callable[[Any], None]
) -> None:
    with tile_server(app, tmp_path, answer) as (found, seen):
        page = visitor().get_url("/kart/tiles/11/599/1083", 204)
        assert found.find(HOME) is None
        assert len(seen) == 1
    assert page.response.data == b""
    assert page.response.headers["Cache-Control"] == "public, max-age=60"
    assert not list(tmp_path.rglob("*.png"))


def test_a_missing_tile_leaves_the_others_alone_and_is_tried_later(app: Flask, tmp_path: Path) -> None:
    def answer(handler: Any) -> None:
        send(PNG if "/1084" in handler.path or len(seen) > 2 else b"", Content_Type="image/png")(handler)

    with tile_server(app, tmp_path, answer) as (found, seen):
        assert found.find(HOME) is None
        assert found.find(Address(11, 1084, 599)) == PNG
        with clock.moved(timedelta(minutes=11)):
            assert found.find(HOME) == PNG


def test_after_no_answer_nobody_is_asked_for_half_a_minute(
    app: Flask, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tiles, "SECONDS", 0.2)
    slow = [True]

    def answer(handler: Any) -> None:
        if slow:
            time.sleep(0.6)
        send(PNG, Content_Type="image/png")(handler)

    with tile_server(app, tmp_path, answer) as (found, seen):
        assert found.find(HOME) is None
        slow.clear()
        assert [found.find(Address(11, 1083, row)) for row in range(590, 610)] == [None] * 20
        assert len(seen) == 1
        with clock.moved(timedelta(seconds=31)):
            assert found.find(HOME) == PNG


@pytest.mark.parametrize(
    "address",
    [
        Address(2, 2, 1),
        Address(19, 277_000, 153_000),
        Address(11, 1083, 1200),
        Address(11, 0, 599),
        Address(11, 5000, 599),
    ],
)
def test_only_tiles_of_the_country_are_asked_for(app: Flask, tmp_path: Path, address: Address) -> None:
    with tile_server(app, tmp_path, send(PNG, Content_Type="image/png")) as (found, seen):
        assert found.find(address) is None
        assert seen == []


def test_a_server_that_is_not_allowed_is_not_asked(app: Flask, tmp_path: Path) -> None:
    with web_server(send(PNG, Content_Type="image/png")) as (port, seen):
        found = Tiles(f"http://localhost.example:{port}/{{z}}/{{y}}/{{x}}", tmp_path)
        assert found.find(HOME) is None
        assert seen == []


def test_the_oldest_tiles_go_when_there_is_no_room(app: Flask, tmp_path: Path) -> None:
    with tile_server(app, tmp_path, send(PNG, Content_Type="image/png")) as (found, _seen):
        for age, row in enumerate((599, 600, 601)):
            with clock.moved(timedelta(hours=age)):
                assert found.find(Address(11, 1083, row)) == PNG
    assert found.tidy(most=2 * len(PNG)) == 1
    assert sorted(path.stem for path in tmp_path.rglob("*.png")) == ["600", "601"]
    assert not list(tmp_path.rglob("*.part"))


def test_a_full_disk_only_means_that_nothing_is_kept(app: Flask, tmp_path: Path) -> None:
    (tmp_path / "tiles").write_text("a file where the folder should be", encoding="utf-8")
    with tile_server(app, tmp_path, send(PNG, Content_Type="image/png")) as (found, seen):
        assert [found.find(HOME), found.find(HOME)] == [PNG, PNG]
        assert len(seen) == 2


def test_without_a_tile_server_there_are_no_tiles(app: Flask, visitor: Open) -> None:
    assert visitor().get_url("/kart/tiles/11/599/1083", 204).response.data == b""


# -- addresses ---------------------------------------------------------------------------------------------------------

FOUND = b"""{"adresser": [
    {"adressetekst": "Heggedalsveien 1", "postnummer": "1389", "poststed": "HEGGEDAL",
     "representasjonspunkt": {"epsg": "EPSG:4258", "lat": 59.789, "lon": 10.448}},
    {"adressetekst": "Uten punkt"}, 7, {"adressetekst": null, "representasjonspunkt": {"lat": "x", "lon": 1}}]}"""


def test_addresses_of_the_municipality_are_found(app: Flask, tmp_path: Path, visitor: Open) -> None:
    with tile_server(app, tmp_path, send(FOUND, Content_Type="application/json")) as (_tiles, seen):
        found = visitor("resident").get("places.search_addresses", q="Heggedalsv").response.json
    assert found == {"items": [{"text": "Heggedalsveien 1, 1389 Heggedal", "latitude": 59.789, "longitude": 10.448}]}
    assert "kommunenummer=3203" in seen[0].path
    assert "sok=Heggedalsv%2A" in seen[0].path


@pytest.mark.parametrize(
    "answer", [send(b"<html>", status=503), send(b"{}"), send(b"[1, 2]"), send(b'{"adresser": {"a": 1}}'), send(b"no")]
)
def test_a_register_that_answers_nonsense_gives_no_addresses(
    app: Flask, tmp_path: Path, visitor: Open, answer: Callable[[Any], None]
) -> None:
    with tile_server(app, tmp_path, answer) as (_tiles, seen):
        assert visitor("resident").get("places.search_addresses", q="Storgata").response.json == {"items": []}
        assert len(seen) == 1


def test_nobody_is_asked_about_less_than_three_letters(app: Flask, tmp_path: Path, visitor: Open) -> None:
    with tile_server(app, tmp_path, send(FOUND)) as (_tiles, seen):
        assert visitor("resident").get("places.search_addresses", q=" ab ").response.json == {"items": []}
        assert seen == []


def test_only_who_is_signed_in_looks_addresses_up(visitor: Open) -> None:
    visitor().get("places.search_addresses", 303, q="Storgata")
