"""The pages and files of the open data as people and programs fetch them."""

from __future__ import annotations

import json
from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import Any

import pytest

from portal import config
from portal.home.open_data import shelf
from portal.home.open_data.export import write_all
from portal.home.open_data.sets import DATASETS
from tests.home.opened import NAMES, one_of_each
from tests.support.cast import Cast
from tests.support.ideas import published
from tests.support.page import Visitor

Open = Callable[..., Visitor]
Count = Callable[..., AbstractContextManager[Any]]


@pytest.fixture
def files(cast: Cast) -> None:
    one_of_each(cast)
    write_all(shelf.of(config.current()))


@pytest.mark.parametrize("language", ["nb", "nn", "en"])
def test_the_page_leads_to_every_file_and_every_dictionary(files: None, visitor: Open, language: str) -> None:
    reader = visitor()
    page = reader.get("open_data.index", _headers={"Accept-Language": language})
    links = {str(link["href"]) for link in page.all("main a")}
    for name in NAMES:
        assert {f"/apne-data/{name}.csv", f"/apne-data/{name}.json", f"/apne-data/{name}/"} <= links
    assert {"/apne-data/katalog.ttl", "/apne-data/katalog.jsonld", "/api/docs"} <= links
    assert "Set-Cookie" not in page.response.headers
    for address in links:
        reader.get_url(address)


@pytest.mark.parametrize("dataset", DATASETS, ids=lambda dataset: dataset.name)
def test_each_column_is_explained_to_people_and_to_programs(files: None, visitor: Open, dataset: Any) -> None:
    reader = visitor()
    page = reader.get("open_data.show", name=dataset.name)
    assert [row.get_text() for row in page.all("tbody th code")] == [field.name for field in dataset.fields]
    told = json.loads(reader.get("open_data.fields", name=dataset.name).text)
    columns = told["tableSchema"]["columns"]
    header = reader.get("open_data.table", name=dataset.name).text.lstrip("\ufeff").splitlines()[0]
    assert [column["name"] for column in columns] == header.split(",")
    assert all(set(column["dc:description"]) == {"nb", "nn", "en"} for column in columns)
    assert all(column["dc:description"]["nb"] for column in columns)
    assert told["url"] == f"http://localhost/apne-data/{dataset.name}.csv"


def test_a_file_is_sent_with_what_a_program_needs_to_read_it(files: None, visitor: Open) -> None:
    reader = visitor()
    table = reader.get_url("/apne-data/ideer.csv").response
    assert table.headers["Content-Type"] == "text/csv; charset=utf-8; header=present"
    assert table.headers["Access-Control-Allow-Origin"] == "*"
    assert table.headers["Cross-Origin-Resource-Policy"] == "cross-origin"
    assert table.headers["Cache-Control"] == "public, no-cache"
    assert int(table.headers["Content-Length"]) == len(table.data)
    assert "Set-Cookie" not in table.headers
    assert '/apne-data/ideer/felter.json>; rel="describedby"' in table.headers["Link"]
    assert reader.get_url("/apne-data/ideer.json").response.mimetype == "application/json"
    assert reader.client.head("/apne-data/ideer.json").headers["ETag"]


@pytest.mark.parametrize("address", ["ideer.csv", "ideer.json", "katalog.ttl", "katalog.jsonld"])
def test_an_unchanged_file_is_not_sent_again_and_a_new_one_is(
    cast: Cast, files: None, visitor: Open, address: str
) -> None:
    reader = visitor()
    tag = reader.get_url(f"/apne-data/{address}").response.headers["ETag"]
    again = reader.get_url(f"/apne-data/{address}", 304, {"If-None-Match": tag}).response
    assert again.data == b""
    assert again.headers["Access-Control-Allow-Origin"] == "*"
    published(cast.actor("resident2"), "En idé til")
    reader.get_url(f"/apne-data/{address}", 304, {"If-None-Match": tag})  # the file is as it was
    write_all(shelf.of(config.current()))
    reader.get_url(f"/apne-data/{address}", 200, {"If-None-Match": tag})


def test_what_is_not_there_is_not_found(files: None, visitor: Open) -> None:
    reader = visitor()
    for address in ("nothing.csv", "nothing.json", "nothing/", "nothing/felter.json", "files.json", "..%2Fx.csv"):
        reader.get_url(f"/apne-data/{address}", 404)


def test_a_file_that_is_not_made_yet_is_not_found_and_the_page_says_so(app: Any, visitor: Open) -> None:
    folder = config.current().data_dir / shelf.FOLDER
    hidden = folder.with_name("elsewhere")
    if folder.exists():
        folder.rename(hidden)
    try:
        assert "blir laget om litt" in visitor().get_url("/apne-data/ideer.csv", 404).words
        assert "blir laget om litt" in visitor().get("open_data.index").words
    finally:
        if hidden.exists():
            hidden.rename(folder)


def test_the_pages_ask_the_database_little(files: None, visitor: Open, count_queries: Count) -> None:
    for address in ("", "ideer/", "ideer.csv", "katalog.ttl"):
        with count_queries(at_most=8):
            visitor().get_url(f"/apne-data/{address}")
