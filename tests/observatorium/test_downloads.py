"""The files of a round: they stand by themselves, open safely in a spreadsheet, and hide what the pages hide."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable
from typing import Any

import pytest

from portal.observatorium.queries.published import COLUMNS, RISKY, TOLD, safe_cell
from portal.observatorium.results import METHOD_VERSION
from tests.observatorium.published import NUMBERS, a_published_round, correct
from tests.support.cast import Cast
from tests.support.page import Page, Visitor

Open = Callable[..., Visitor]


def lines(page: Page) -> list[dict[str, str]]:
    assert page.text.startswith("\ufeff"), "a spreadsheet needs the mark to read æ, ø and å"
    return list(csv.DictReader(io.StringIO(page.text.removeprefix("\ufeff"))))


def line(page: Page, indicator: str, group: str) -> dict[str, str]:
    return next(each for each in lines(page) if (each["indikator"], each["gruppe"]) == (indicator, group))


def test_every_line_of_the_csv_stands_by_itself(cast: Cast, visitor: Open) -> None:
    made = a_published_round(cast)
    page = visitor().get("observatorium.data_csv", slug="2026")
    found = lines(page)
    assert len(found) == 39 * 5
    assert [each["indikator"] for each in found[::5]] == NUMBERS
    for each in found:
        assert (each["metode"], each["katalog"], each["lisens"]) == (METHOD_VERSION, made.catalogue_version, "NLOD-2.0")
        assert (each["runde"], each["revisjon"]) == ("2026", "1")
    tenth = line(page, "1.10", "resident")
    assert (tenth["dimensjon"], tenth["nummer"], tenth["navn"]) == ("1", "10", "Trygghet og kriminalitetsforebygging")


def test_what_is_hidden_is_a_colon_in_the_csv(cast: Cast, visitor: Open) -> None:
    a_published_round(cast)
    page = visitor().get("observatorium.data_csv", slug="2026")
    few = line(page, "1.1", "knowledge")
    assert (few["skjult"], few["n"]) == ("ja", "7")
    assert {few[column] for column in TOLD if column != "n"} == {":"}
    nobody = line(page, "4.9", "business")
    assert {nobody[column] for column in TOLD} == {":"}
    assert line(page, "4.9", "samlet")["skjult"] == "ja"


def test_a_group_that_nearly_agrees_tells_only_that_in_the_csv(cast: Cast, visitor: Open) -> None:
    a_published_round(cast)
    told = line(visitor().get("observatorium.data_csv", slug="2026"), "4.9", "resident")
    assert (told["skjult"], told["minst_90_prosent"], told["n"], told["gruppens_niva"]) == (
        "nei",
        "green",
        "65",
        "green",
    )
    assert {told[name] for name in ("rod", "gul", "gronn", "rod_fra", "gronn_til")} == {":"}


def test_the_figures_in_the_csv_are_those_of_the_page(cast: Cast, visitor: Open) -> None:
    a_published_round(cast)
    told = line(visitor().get("observatorium.data_csv", slug="2026"), "1.1", "samlet")
    assert (told["rod"], told["gul"], told["gronn"], told["niva"]) == ("0.31", "0.36", "0.33", "yellow")
    assert float(told["gronn_fra"]) < 0.33 < float(told["gronn_til"])


def test_the_json_carries_method_catalogue_and_licence(cast: Cast, visitor: Open) -> None:
    made = a_published_round(cast)
    page = visitor().get("observatorium.data_json", slug="2026")
    told: dict[str, Any] = json.loads(page.text)
    assert told["licence"] == "NLOD-2.0"
    assert told["round"]["method_version"] == METHOD_VERSION
    assert told["round"]["catalogue_version"] == made.catalogue_version
    assert len(told["round"]["content_hash"]) == 64
    assert "selv valgte å delta" in told["note"]
    assert [each["indicator"] for each in told["items"]] == NUMBERS


def test_an_older_revision_can_be_fetched_and_says_so_in_its_name(cast: Cast, visitor: Open) -> None:
    a_published_round(cast)
    correct(cast, "Ført feil.")
    for asked, revision, name in ((None, 2, "2026"), ("1", 1, "2026-utgave-1"), ("2", 2, "2026-utgave-2")):
        values = {"revisjon": asked} if asked else {}
        page = visitor().get("observatorium.data_json", slug="2026", **values)
        assert json.loads(page.text)["round"]["revision"] == revision
        assert page.response.headers["Content-Disposition"] == f'attachment; filename="observatorium-{name}.json"'


@pytest.mark.parametrize("asked", ["3", "0", "x", "", "-1", "²", "1" * 30])
def test_a_revision_that_is_not_there_is_not_found(cast: Cast, visitor: Open, asked: str) -> None:
    a_published_round(cast)
    visitor().get("observatorium.data_csv", _status=404, slug="2026", revisjon=asked)


def test_the_files_say_what_they_are(cast: Cast, visitor: Open) -> None:
    a_published_round(cast)
    for ending, kind in (("csv", "text/csv; charset=utf-8"), ("json", "application/json")):
        headers = visitor().get(f"observatorium.data_{ending}", slug="2026").response.headers
        assert headers["Content-Type"] == kind
        assert headers["Content-Disposition"] == f'attachment; filename="observatorium-2026.{ending}"'


@pytest.mark.parametrize("sign", RISKY)
def test_no_cell_can_be_run_as_a_formula(sign: str) -> None:
    assert safe_cell(f"{sign}1+1") == f"'{sign}1+1"


@pytest.mark.parametrize("value", ["Asker", "1.10", 0.31, 412, None, True, ":"])
def test_a_harmless_cell_is_left_as_it_is(value: object) -> None:
    assert safe_cell(value) == value


def test_nothing_in_the_files_comes_from_an_account(cast: Cast, visitor: Open) -> None:
    a_published_round(cast)
    for file in ("data_csv", "data_json"):
        told = visitor().get(f"observatorium.{file}", slug="2026").text
        for person in (cast.coordinator, cast.resident, cast.admin):
            assert person.name not in told
            assert person.email not in told
    assert not {"navn_person", "pseudonym", "konto", "organisasjon"} & set(COLUMNS)
