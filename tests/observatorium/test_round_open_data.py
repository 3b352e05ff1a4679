"""The open data of a round: every table is what its dictionary says, and tells the same as the pages and the API."""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Callable
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
import sqlalchemy as sa

from portal.kernel import clock
from portal.observatorium.actions.appointing import ReplyDraft, reply_to_verifiers
from portal.observatorium.actions.measures import MeasureDraft, make_measure
from portal.observatorium.actions.publishing import publish_round
from portal.observatorium.actions.rounds import close_round, withdraw_round
from portal.observatorium.actions.series import upload_points
from portal.observatorium.catalogue import Level
from portal.observatorium.colour_rule import PartLevel
from portal.observatorium.models.rounds import RevisionResult
from portal.observatorium.models.verifying import Verdict
from portal.observatorium.queries.tables import LICENCE_URL, TABLES, Column, Kind
from tests.observatorium import verifying
from tests.observatorium.assessing import link, say
from tests.observatorium.figures import a_series
from tests.observatorium.published import NUMBERS, a_published_round, correct, fill
from tests.observatorium.rounds import change, work
from tests.support.cast import Cast
from tests.support.page import Page, Visitor

Open = Callable[..., Visitor]
Counting = Callable[..., Any]
NAMES = [table.name for table in TABLES]
FORMULA = "=HYPERLINK(1)"


def lines(page: Page) -> list[dict[str, str]]:
    assert page.text.startswith("\ufeff"), "a spreadsheet needs the mark to read æ, ø and å"
    return list(csv.DictReader(io.StringIO(page.text.removeprefix("\ufeff"))))


def table(reader: Visitor, name: str, slug: str = "2026", **values: Any) -> list[dict[str, str]]:
    return lines(reader.get("observatorium_data.table", slug=slug, table=name, **values))


def results(reader: Visitor, **values: Any) -> dict[str, Any]:
    told = json.loads(reader.get("observatorium_api.results", round="2026", **values).text)
    return {each["indicator"]: each for each in told["items"]}


def a_whole_round(cast: Cast) -> None:
    """Run a round with a self-assessment, two verifiers who differ, a reply, ratings, and a figure beside it."""
    coordinator = cast.actor("coordinator")
    round_, _evidence = verifying.ready(cast)
    say(coordinator, "1.8.1", evidence=link(FORMULA))
    say(coordinator, "1.8.2", PartLevel.YELLOW, why="Halvveis,\nmed linjeskift; og «tegn».")
    verifying.answers(cast.actor("verifier"), Level.GREEN)
    verifying.answers(cast.actor("verifier2"), Level.RED, Verdict.CONTESTED)
    fill(round_.id)
    close_round(coordinator, "2026")
    reply_to_verifiers(coordinator, "2026", "1.8", ReplyDraft(text="-Planen er fornyet.", by_title="Kommunedirektør"))
    publish_round(coordinator, "2026")
    work()
    series = a_series(cast, title="@Barn med plass")
    upload_points(coordinator, series.id, b"periode;verdi\n2024;-0,6\n2025;:")
    until = clock.today() + timedelta(days=90)
    planned = MeasureDraft(
        title="Svar på høringer", description="+ mer", responsible="Virksomhetsleder", deadline=until
    )
    make_measure(coordinator, "2026", "1.8", planned, key="tiltak")


def fits(column: Column, cell: str) -> bool:
    """Say whether a cell is what the dictionary says of its column."""
    if cell == "" or (cell == ":" and column.may_be_hidden):
        return True
    if column.values:
        return cell in column.values
    read: dict[Kind, Callable[[str], object]] = {
        Kind.INTEGER: int,
        Kind.NUMBER: Decimal,
        Kind.DATE: date.fromisoformat,
        Kind.MOMENT: datetime.fromisoformat,
    }
    return bool(read.get(column.kind, str)(cell) is not None)


def test_every_cell_is_what_the_dictionary_says(cast: Cast, visitor: Open) -> None:
    a_whole_round(cast)
    reader = visitor()
    for each in TABLES:
        found = table(reader, each.name)
        assert found, each.name
        for row in found:
            assert list(row) == [column.name for column in each.columns]
            for column in each.columns:
                assert fits(column, row[column.name]), (each.name, column.name, row[column.name])


def test_the_page_tells_of_every_table_and_column_and_of_the_licence(cast: Cast, visitor: Open) -> None:
    a_published_round(cast)
    page = visitor().get("observatorium_data.index", slug="2026")
    for each in TABLES:
        assert f"/observatorium/runder/2026/data/{each.name}.csv" in page.text
        for column in each.columns:
            assert column.name in page.words
    assert page.one(f'a[href="{LICENCE_URL}"]').get_text() == "NLOD-2.0"
    assert len({column.name for each in TABLES for column in each.columns if not str(column.meaning).strip()}) == 0


def test_programs_are_told_the_same_of_every_column(cast: Cast, visitor: Open) -> None:
    a_published_round(cast)
    correct(cast, "Ført feil.")
    told = json.loads(visitor().get("observatorium_data.dictionary", slug="2026").text)
    assert [each["url"] for each in told["tables"]] == [f"{name}.csv" for name in NAMES]
    for each, described in zip(TABLES, told["tables"], strict=True):
        columns = described["tableSchema"]["columns"]
        assert [column["name"] for column in columns] == [column.name for column in each.columns]
        assert [":" in column["null"] for column in columns] == [column.may_be_hidden for column in each.columns]
    older = json.loads(visitor().get("observatorium_data.dictionary", slug="2026", revisjon="1").text)
    assert older["tables"][0]["url"] == "resultater.csv?revisjon=1"
    visitor().get("observatorium_data.dictionary", _status=404, slug="2030")


def test_the_csv_the_api_the_whole_file_and_the_page_tell_the_same_numbers(cast: Cast, visitor: Open) -> None:
    a_published_round(cast)
    reader = visitor()
    told = results(reader)
    whole = {(row["indikator"], row["gruppe"]): row for row in lines(reader.get("observatorium.data_csv", slug="2026"))}
    overall = table(reader, "samlet")
    assert [row["indikator"] for row in overall] == NUMBERS
    for row in overall:
        item = told[row["indikator"]]
        assert (row["egenvurdering"] or None, row["niva"] or None) == (item["own"], item["level"])
        assert row["gap"] == ("" if item["gap"] is None else str(item["gap"]))
        if item["overall"]["shares"] is None:
            assert {row[name] for name in ("rod", "gul", "gronn", "n", "vet_ikke", "rod_fra")} == {":"}
        else:
            shares = item["overall"]["shares"]
            assert [float(row[name]) for name in ("rod", "gul", "gronn")] == [
                shares["red"], shares["yellow"], shares["green"]
            ]  # fmt: skip
        same = row.keys() & whole[row["indikator"], "samlet"].keys()
        assert {name: row[name] for name in same} == {name: whole[row["indikator"], "samlet"][name] for name in same}
    for row in table(reader, "resultater"):
        same = row.keys() & whole[row["indikator"], row["gruppe"]].keys()
        assert all(row[name] == whole[row["indikator"], row["gruppe"]][name] for name in same)
    page = reader.get("observatorium.indicator", number="1.1")
    first = overall[0]
    for share in ("rod", "gul", "gronn"):
        assert re.search(rf"\b{round(float(first[share]) * 100)}\s*%", page.words), share


def test_what_is_hidden_is_a_colon_in_every_table(cast: Cast, visitor: Open) -> None:
    a_published_round(cast)
    (few,) = [
        row for row in table(visitor(), "resultater") if (row["indikator"], row["gruppe"]) == ("1.1", "knowledge")
    ]
    assert (few["skjult"], few["n"]) == ("ja", "7")
    (of_results,) = [each for each in TABLES if each.name == "resultater"]
    assert {few[column.name] for column in of_results.columns if column.may_be_hidden and column.name != "n"} == {":"}


def test_the_views_beside_the_ratings_are_told_in_tables_as_in_the_api(cast: Cast, visitor: Open) -> None:
    a_whole_round(cast)
    reader = visitor()
    record = results(reader)["1.8"]["record"]
    own = [row for row in table(reader, "egenvurdering") if row["indikator"] == "1.8"]
    assert [(row["delindikator"], row["vurdering"]) for row in own] == [
        (part["key"], part["level"]) for part in record["own"]["parts"]
    ]
    assert own[1]["begrunnelse"] == "Halvveis,\nmed linjeskift; og «tegn»."
    evidence = table(reader, "belegg")
    assert [int(row["belegg"]) for row in evidence] == [piece["id"] for piece in record["evidence"]]
    assert {(row["godtatt"], row["bestridt"], row["begrunnelser"]) for row in evidence} == {
        ("1", "1", "Planen er fra i fjor.")
    }
    colours = table(reader, "verifisering")
    assert {row["tilstand"] for row in colours if row["farge"]} == {"differing"}
    assert sorted(row["farge"] for row in colours if row["farge"]) == sorted(
        each["level"] for each in record["verification"]["colours"]
    )
    (reply,) = table(reader, "tilsvar")
    assert (reply["tekst"], reply["av"]) == ("'-Planen er fornyet.", "Kommunedirektør")
    assert record["replies"][0]["text"] == "-Planen er fornyet."


def test_no_text_can_be_run_as_a_formula_and_a_negative_number_stays_a_number(cast: Cast, visitor: Open) -> None:
    a_whole_round(cast)
    reader = visitor()
    assert f"'{FORMULA}" in {row["tittel"] for row in table(reader, "belegg")}
    (measure,) = table(reader, "tiltak")
    assert (measure["beskrivelse"], measure["status"]) == ("'+ mer", "planned")
    points = table(reader, "tallrekker")
    assert [(row["tittel"], row["periode"], row["verdi"], row["tegn"]) for row in points] == [
        ("'@Barn med plass", "2024", "-0.6", ""),
        ("'@Barn med plass", "2025", "", ":"),
    ]


def test_nothing_in_the_tables_names_a_person(cast: Cast, visitor: Open) -> None:
    a_whole_round(cast)
    reader = visitor()
    for name in NAMES:
        told = reader.get("observatorium_data.table", slug="2026", table=name).text
        for person in (cast.coordinator, cast.resident, cast.verifier, cast.verifier2):
            assert person.name not in told
            assert person.email not in told


def test_an_older_revision_has_its_own_tables_and_page(cast: Cast, visitor: Open) -> None:
    a_published_round(cast)
    correct(cast, "Ført feil.")
    reader = visitor()
    for asked, revision, level in ((None, "2", "green"), ("1", "1", "yellow"), ("2", "2", "green")):
        values = {"revisjon": asked} if asked else {}
        (row,) = [row for row in table(reader, "samlet", **values) if row["indikator"] == "2.2"]
        assert (row["revisjon"], row["egenvurdering"]) == (revision, level)
    older = reader.get("observatorium_data.index", slug="2026", revisjon="1")
    assert "Det finnes en nyere" in older.words
    assert "samlet.csv?revisjon=1" in older.text
    assert "Det finnes en nyere" not in reader.get("observatorium_data.index", slug="2026", revisjon="2").words
    file = reader.get("observatorium_data.table", slug="2026", table="samlet", revisjon="1").response
    assert file.headers["Content-Type"] == "text/csv; charset=utf-8"
    assert file.headers["Content-Disposition"] == 'attachment; filename="observatorium-2026-samlet-utgave-1.csv"'


def test_a_revision_from_before_there_were_records_is_told_without_them(cast: Cast, visitor: Open) -> None:
    a_whole_round(cast)
    change(sa.update(RevisionResult).values(record=None))
    reader = visitor()
    for name in ("egenvurdering", "belegg", "verifisering", "tilsvar"):
        assert table(reader, name) == []
    assert {item["record"] for item in results(reader).values()} == {None}


@pytest.mark.parametrize("name", ["brukere", "samlet.json", "SAMLET", "..", "ratings"])
def test_a_table_that_is_not_there_is_not_found(cast: Cast, visitor: Open, name: str) -> None:
    a_published_round(cast)
    visitor().get_url(f"/observatorium/runder/2026/data/{name}.csv", _status=404)


@pytest.mark.parametrize("asked", ["3", "0", "x", "", "-1", "²", "1" * 30])
def test_a_revision_that_is_not_there_is_not_found(cast: Cast, visitor: Open, asked: str) -> None:
    a_published_round(cast)
    visitor().get("observatorium_data.index", _status=404, slug="2026", revisjon=asked)
    visitor().get("observatorium_data.table", _status=404, slug="2026", table="samlet", revisjon=asked)


def test_a_round_without_a_result_or_withdrawn_has_no_data(cast: Cast, visitor: Open) -> None:
    a_published_round(cast)
    withdraw_round(cast.actor("coordinator"), "2026", "Feil.")
    visitor().get("observatorium_data.index", _status=404, slug="2026")
    for name in NAMES:
        visitor().get("observatorium_data.table", _status=404, slug="2026", table=name)
    visitor().get("observatorium_data.index", _status=404, slug="finnes-ikke")


def test_a_page_and_a_table_cost_few_statements(cast: Cast, visitor: Open, count_queries: Counting) -> None:
    a_whole_round(cast)
    reader = visitor()
    with count_queries(at_most=8):
        reader.get("observatorium_data.index", slug="2026")
    for name in NAMES:
        with count_queries(at_most=8):
            table(reader, name)


def test_the_api_tells_every_revision_with_what_it_changed(cast: Cast, visitor: Open) -> None:
    a_published_round(cast)
    correct(cast, "Ført feil.")
    told = json.loads(visitor().get("observatorium_api.changes", round="2026").text)
    assert [(each["revision"], each["reason"]) for each in told["items"]] == [(2, "Ført feil."), (1, "")]
    assert {"indicator": "2.2", "view": "own", "was": "yellow", "now": "green"} in told["items"][0]["changes"]
    assert told["items"][1]["changes"] == []
    visitor().get("observatorium_api.changes", _status=404, round="2020")
    visitor().get("observatorium_api.changes", _status=422)
