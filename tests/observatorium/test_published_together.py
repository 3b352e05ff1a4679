"""Everything that is published of a round, taken together, tells no more than its revision does.

The attacker test shows what a revision leaves open. Here it is shown that the files, the API, the report and the counts
of participants are all made from the revision: with the ratings gone they are the same to the byte.
"""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable
from dataclasses import asdict

import pytest
import sqlalchemy as sa
from flask import Flask

from portal.observatorium.models.rounds import Ballot, Rating
from portal.observatorium.queries import published
from portal.observatorium.queries.report import report_page
from portal.observatorium.results import GroupResult
from portal.observatorium.views.report_words import report
from tests.observatorium.published import KNOWLEDGE, a_published_round, correct
from tests.observatorium.rounds import change
from tests.support.cast import Cast
from tests.support.page import Visitor

Open = Callable[..., Visitor]
ADDRESSES = (
    "/observatorium/",
    "/observatorium/runder/2026/",
    "/observatorium/runder/2026/data.csv",
    "/observatorium/runder/2026/data.csv?revisjon=1",
    "/observatorium/runder/2026/data.json",
    "/observatorium/runder/2026/data/resultater.csv",
    "/observatorium/runder/2026/data/samlet.csv",
    "/observatorium/runder/2026/deltakelse/",
    "/observatorium/runder/2026/endringer/",
    "/observatorium/runder/2026/rapport",
    "/observatorium/runder/2026/rapport.pdf",
    "/observatorium/indikatorer/1.8/",
    "/observatorium/indikatorer/4.9/",
    "/api/v1/rounds",
    "/api/v1/results?round=2026",
    "/api/v1/results?round=2026&revision=1",
)


def everything(visitor: Open) -> dict[str, bytes]:
    client = visitor().client
    found = {address: client.get(address) for address in ADDRESSES}
    assert {each.status_code for each in found.values()} == {200}
    return {address: each.data for address, each in found.items()}


def test_nothing_public_is_read_from_the_ratings_of_a_published_round(cast: Cast, visitor: Open) -> None:
    a_published_round(cast)
    correct(cast, "Egenvurderingen av 2.2 var ført feil.")
    before = everything(visitor)
    change(sa.delete(Rating))
    change(sa.delete(Ballot))
    after = everything(visitor)
    assert [address for address in ADDRESSES if after[address] != before[address]] == []


def test_what_one_document_hides_no_other_tells(app: Flask, cast: Cast) -> None:
    a_published_round(cast)
    told = json.loads(published.as_json("2026"))
    rows = list(csv.DictReader(io.StringIO(published.as_csv("2026").lstrip("\ufeff"))))
    with app.test_request_context("/"):
        shown = {row.number: asdict(row) for row in report(report_page("2026")).rows}
    hidden = 0
    for item in told["items"]:
        for group in [each for each in item["groups"] if each["suppressed"]]:
            (row,) = [
                each for each in rows if (each["indikator"], each["gruppe"]) == (item["indicator"], group["group"])
            ]
            assert set(group) == {"group", "suppressed", "n"}
            assert {row[name] for name in published.TOLD if name != "n"} == {published.HIDDEN}
            assert row["n"] == (published.HIDDEN if group["n"] is None else str(group["n"]))
            hidden += 1
        if item["overall"]["shares"] is None:
            row = shown[item["indicator"]]
            assert (row["shares"], row["n"], row["people"]["level"]) == (None, None, None)
    assert hidden >= 39, "the group of seven is hidden everywhere"


@pytest.mark.parametrize("name", ["participants", "ties"])
def test_no_count_of_participants_is_finer_than_tens(cast: Cast, name: str) -> None:
    a_published_round(cast)
    told = json.loads(published.as_json("2026"))["participation"][name]
    assert all(count is None or count % 10 == 0 for count in told.values())
    assert told.get(KNOWLEDGE.value) is None


def test_a_hidden_group_has_nothing_that_a_document_could_tell(cast: Cast) -> None:
    """What the documents are made from holds no more than they show."""
    a_published_round(cast)
    _round, _revision, results = published.pages.results_of("2026")
    groups = [group for result in results for group in result.groups if group.suppressed]
    assert groups
    for group in groups:
        assert group == GroupResult(group.group, n=group.n)
