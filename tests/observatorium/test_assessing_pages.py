"""The pages where the municipality assesses itself."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from io import BytesIO
from typing import Any

import pytest
import sqlalchemy as sa

from portal.files.models import File
from portal.kernel import clock
from portal.kernel.db import db
from portal.observatorium.actions import rounds
from portal.observatorium.actions.publishing import publish_round
from portal.observatorium.catalogue import Level
from portal.observatorium.colour_rule import PartLevel
from portal.observatorium.models.assessing import Assignment, Evidence, Part
from tests.files import made
from tests.observatorium.assessing import an_area, link, owe, own, say, say_all, stands
from tests.observatorium.rounds import an_open_round, draft, work
from tests.support.cast import Cast
from tests.support.counting import count_queries
from tests.support.page import Visitor

Open = Callable[..., Visitor]
RED, YELLOW, GREEN, NOT_ASSESSED, NOT_RELEVANT = PartLevel
PART = {"slug": "2026", "key": "1.8.1"}
INDICATOR = {"slug": "2026", "indicator": "1.8"}
ADDRESS = "https://asker.example/rapport"


def filled(page: Any, **said: Any) -> dict[str, Any]:
    return {**page.form("main form"), "justification": "Vi spør innbyggerne hvert år.", **said}


def test_a_part_is_made_green_with_its_evidence_in_one_go(cast: Cast, visitor: Open) -> None:
    an_open_round(cast)
    coordinator = visitor("coordinator")
    form = filled(
        coordinator.get("observatorium_assessing.part", **PART),
        level="green",
        kind="link",
        title="Årsrapport",
        url=ADDRESS,
        dated_on="01.02.2026",
        responsible="Leder for innbyggertorg",
    )
    page = coordinator.follow(coordinator.post("observatorium_assessing.part", form, **PART))
    assert "Gul: det som er vurdert, er grønt, men ikke alt er vurdert." in page.words
    assert "Årsrapport" in page.words
    assert "Ansvarlig: Leder for innbyggertorg" in page.words
    assert own(cast.actor("coordinator"), "1.8").level is Level.YELLOW


def test_green_without_evidence_is_refused_and_keeps_what_was_typed(cast: Cast, visitor: Open) -> None:
    an_open_round(cast)
    coordinator = visitor("coordinator")
    form = filled(coordinator.get("observatorium_assessing.part", **PART), level="green", responsible="Min leder")
    page = coordinator.post("observatorium_assessing.part", form, 422, **PART)
    assert "Grønt krever belegg" in page.words
    kept = page.form("main form")
    assert (kept["level"], kept["justification"].strip(), kept["responsible"]) == (
        "green",
        "Vi spør innbyggerne hvert år.",
        "Min leder",
    )


def test_when_two_assess_the_same_part_the_second_sees_both_and_loses_nothing(cast: Cast, visitor: Open) -> None:
    an_open_round(cast)
    coordinator = visitor("coordinator")
    form = filled(coordinator.get("observatorium_assessing.part", **PART), level="yellow", justification="Min tekst")
    say(cast.actor("coordinator"), "1.8.1", RED, why="Den andres tekst")
    page = coordinator.post("observatorium_assessing.part", form, 422, **PART)
    assert "Den andres tekst" in page.words
    kept = page.form("main form")
    assert (kept["level"], kept["justification"].strip()) == ("yellow", "Min tekst")
    coordinator.post("observatorium_assessing.part", kept, **PART)
    assert own(cast.actor("coordinator"), "1.8").level is Level.YELLOW


def test_a_file_and_a_figure_are_evidence(cast: Cast, visitor: Open) -> None:
    an_open_round(cast)
    coordinator = visitor("coordinator")
    form = filled(coordinator.get("observatorium_assessing.part", **PART), level="yellow", kind="file", title="Vedtak")
    sent = {**form, "file": (BytesIO(made.pdf()), "vedtak.pdf")}
    page = coordinator.follow(coordinator.post("observatorium_assessing.part", sent, **PART))
    assert "vedtak.pdf" in page.words
    page = coordinator.get("observatorium_assessing.part", **PART)
    assert page.one("#figure_value")["type"] == "text", "a browser's own field for numbers refuses commas and spaces"
    figure = filled(
        page,
        kind="figure",
        title="Svarandel",
        figure_value="1 041,5",
        figure_unit="svar",
        figure_source="Egen telling",
    )
    page = coordinator.follow(coordinator.post("observatorium_assessing.part", figure, **PART))
    assert "1 041,5" in page.words.replace("\xa0", " ")
    assert "Kilde: Egen telling" in page.words


@pytest.mark.parametrize(
    ("content", "name", "told"),
    [(b"MZ\x90\x00" * 50, "virus.pdf", "ikke imot"), (b"", "tom.pdf", "tom"), (b"<svg/>", "bilde.svg", "")],
)
def test_a_file_of_the_wrong_kind_is_refused_with_a_clear_message(
    cast: Cast, visitor: Open, content: bytes, name: str, told: str
) -> None:
    an_open_round(cast)
    coordinator = visitor("coordinator")
    form = filled(coordinator.get("observatorium_assessing.part", **PART), level="yellow", kind="file", title="Vedtak")
    sent = {**form, "file": (BytesIO(content), name)}
    page = coordinator.post("observatorium_assessing.part", sent, 422, **PART)
    assert page.one("#file-error").get_text().strip()
    assert told.casefold() in page.one("#file-error").get_text().casefold()
    assert db.session.scalar(sa.select(sa.func.count(File.id))) == 0


@pytest.mark.parametrize(
    ("said", "field"),
    [
        ({"kind": "link", "title": "Lenke", "url": "javascript:alert(1)"}, "url"),
        ({"kind": "link", "title": "", "url": ADDRESS}, "title"),
        ({"kind": "figure", "title": "Tall", "figure_value": "mange"}, "figure_value"),
        ({"kind": "link", "title": "Lenke", "url": ADDRESS, "valid_to": "31.02.2026"}, "valid_to"),
        ({"level": ""}, "level"),
        ({"level": "not_relevant", "justification": ""}, "justification"),
    ],
)
def test_what_is_wrong_is_told_at_its_field(cast: Cast, visitor: Open, said: dict[str, str], field: str) -> None:
    an_open_round(cast)
    coordinator = visitor("coordinator")
    form = filled(coordinator.get("observatorium_assessing.part", **PART), level="yellow") | said
    page = coordinator.post("observatorium_assessing.part", form, 422, **PART)
    assert page.one(f"#{field}-error").get_text().strip()
    assert db.session.scalar(sa.select(sa.func.count(Evidence.id))) == 0


def test_an_employee_finds_what_their_area_owes_and_does_it(cast: Cast, visitor: Open) -> None:
    an_open_round(cast)
    employee = visitor("employee")
    assert "Ingenting er fordelt til deg nå" in employee.get("observatorium_assessing.mine").words
    employee.get("observatorium_assessing.indicator", 403, **INDICATOR)
    owe(cast, an_area(cast), "1.8")
    page = visitor("employee").get("observatorium_assessing.mine")
    assert "0 av" in page.words
    assert "frist" in page.words
    employee = visitor("employee")
    form = filled(employee.get("observatorium_assessing.part", **PART), level="yellow")
    page = employee.follow(employee.post("observatorium_assessing.part", form, **PART))
    assert "Signeres av" not in page.words
    employee.get("observatorium_assessing.part", 403, slug="2026", key="1.9.1")
    employee.get("observatorium_assessing.assign", 403, slug="2026")


def test_the_whole_is_summed_up_and_signed(cast: Cast, visitor: Open) -> None:
    an_open_round(cast)
    say_all(cast.actor("coordinator"), "1.8")
    coordinator = visitor("coordinator")
    form = coordinator.get("observatorium_assessing.indicator", **INDICATOR).form("main form")
    signed = {**form, "text": "Vi er der.", "signed_by_title": "Kommunalsjef"}
    page = coordinator.follow(coordinator.post("observatorium_assessing.indicator", signed, **INDICATOR))
    assert "Signert av Kommunalsjef" in page.words
    assert "Grønn: alt som er relevant, er grønt." in page.words
    stale = coordinator.post("observatorium_assessing.indicator", {**form, "text": "Noe annet"}, 422, **INDICATOR)
    assert "Nå står det: Vi er der." in stale.words


def test_evidence_is_taken_back_after_a_page_that_says_what_it_means(cast: Cast, visitor: Open) -> None:
    an_open_round(cast)
    say(cast.actor("coordinator"), "1.8.1", YELLOW, link("Gammel rapport"))
    number = db.session.scalars(sa.select(Evidence.id)).one()
    coordinator = visitor("coordinator")
    page = coordinator.get("observatorium_assessing.remove_evidence", slug="2026", evidence_id=number)
    assert "Gammel rapport" in page.words
    page = coordinator.follow(
        coordinator.post("observatorium_assessing.remove_evidence", slug="2026", evidence_id=number)
    )
    assert "Gammel rapport" not in page.main.get_text()
    coordinator.get("observatorium_assessing.remove_evidence", 404, slug="2026", evidence_id=number)


def test_parts_are_added_and_hidden_in_a_draft_and_frozen_when_it_opens(cast: Cast, visitor: Open) -> None:
    rounds.make_round(cast.actor("coordinator"), draft())
    coordinator = visitor("coordinator")
    coordinator.post("observatorium_assessing.add_part", {"name_nb": ""}, 422, **INDICATOR)
    page = coordinator.follow(
        coordinator.post("observatorium_assessing.add_part", {"name_nb": "Ungdomsråd"}, **INDICATOR)
    )
    assert "Ungdomsråd" in page.words
    form = coordinator.get("observatorium_assessing.change_part", **PART).form("main form")
    page = coordinator.follow(coordinator.post("observatorium_assessing.change_part", {**form, "hidden": "y"}, **PART))
    assert "Ikke med i denne runden" in page.words
    assert db.session.scalar(sa.select(sa.func.count(Part.id))) == 2
    rounds.open_round(cast.actor("coordinator"), "2026")
    coordinator.post("observatorium_assessing.add_part", {"name_nb": "For sent"}, 409, **INDICATOR)
    assert "Delene er fryst" in coordinator.get("observatorium_assessing.indicator", **INDICATOR).words


def test_indicators_are_assigned_and_taken_back(cast: Cast, visitor: Open) -> None:
    an_open_round(cast)
    coordinator = visitor("coordinator")
    assert "Ingen tjenesteområder" in coordinator.get("observatorium_assessing.assign", slug="2026").words
    area = an_area(cast)
    due = (clock.today() + timedelta(days=9)).isoformat()
    form = {"service_area_id": str(area.id), "due_on": due, "indicators": ["1.8", "4.9"]}
    page = coordinator.post("observatorium_assessing.assign", {**form, "indicators": []}, 422, slug="2026")
    assert "Velg minst én indikator" in page.words
    page = coordinator.follow(coordinator.post("observatorium_assessing.assign", form, slug="2026"))
    assert len(page.all("tbody tr")) == 2
    number = db.session.scalars(sa.select(Assignment.id)).first()
    coordinator.post("observatorium_assessing.unassign", slug="2026", assignment_id=number)
    assert db.session.scalar(sa.select(sa.func.count(Assignment.id))) == 1
    coordinator.post("observatorium_assessing.unassign", _status=404, slug="2026", assignment_id=number)


def test_last_year_is_copied_marked_and_confirmed(cast: Cast, visitor: Open) -> None:
    coordinator = visitor("coordinator")
    with clock.moved(-timedelta(days=300)):
        an_open_round(cast, "2025")
        say(cast.actor("coordinator"), "1.8.1", GREEN, slug="2025")
        rounds.close_round(cast.actor("coordinator"), "2025")
        publish_round(cast.actor("coordinator"), "2025")
        work()
    an_open_round(cast)
    assert "delindikatorer er vurdert" in coordinator.get("observatorium_assessing.copy", slug="2026").words
    coordinator.post("observatorium_assessing.copy", {}, 422, slug="2026")
    coordinator.post("observatorium_assessing.copy", {"copied_from": "2025"}, slug="2026")
    page = coordinator.get("observatorium_assessing.indicator", **INDICATOR)
    assert "Kopiert fra en tidligere runde og ikke bekreftet" in page.words
    page = coordinator.follow(coordinator.post("observatorium_assessing.confirm", **INDICATOR))
    assert "Én delindikator er bekreftet" in page.words
    assert stands(cast.actor("coordinator"), "1.8").done == 1


def test_without_an_earlier_round_there_is_nothing_to_copy(cast: Cast, visitor: Open) -> None:
    an_open_round(cast)
    page = visitor("coordinator").get("observatorium_assessing.copy", slug="2026")
    assert "Ingen tidligere runde er vurdert del for del" in page.words


def test_what_is_published_is_read_and_not_changed(cast: Cast, visitor: Open) -> None:
    an_open_round(cast)
    say_all(cast.actor("coordinator"), "1.8")
    rounds.close_round(cast.actor("coordinator"), "2026")
    publish_round(cast.actor("coordinator"), "2026")
    work()
    coordinator = visitor("coordinator")
    page = coordinator.get("observatorium_assessing.indicator", **INDICATOR)
    assert not page.all("main form")
    form = {"level": "red", "justification": "For sent", "version": "1", "kind": ""}
    coordinator.post("observatorium_assessing.part", form, 409, **PART)


def test_what_is_not_there_is_not_found(cast: Cast, visitor: Open) -> None:
    an_open_round(cast)
    coordinator = visitor("coordinator")
    coordinator.get("observatorium_assessing.indicator", 404, slug="2026", indicator="9.9")
    coordinator.get("observatorium_assessing.indicator", 404, slug="2030", indicator="1.8")
    coordinator.get("observatorium_assessing.part", 404, slug="2026", key="1.8.99")
    coordinator.get("observatorium_assessing.part", 404, slug="2026", key="tull")


@pytest.mark.parametrize(
    ("endpoint", "values"),
    [
        ("observatorium_assessing.indicator", INDICATOR),
        ("observatorium_assessing.part", PART),
        ("observatorium_assessing.mine", {}),
        ("observatorium_assessing.assign", {"slug": "2026"}),
        ("observatorium_control.own_levels", {"slug": "2026", "number": 1}),
    ],
)
def test_a_page_costs_the_same_with_many_parts_and_much_evidence(
    cast: Cast, visitor: Open, endpoint: str, values: dict[str, Any]
) -> None:
    an_open_round(cast)
    coordinator = cast.actor("coordinator")
    owe(cast, an_area(cast), *(f"1.{number}" for number in range(1, 11)))
    for number in range(1, 11):
        say_all(coordinator, f"1.{number}")
    page = visitor("coordinator")
    with count_queries(at_most=8):
        page.get(endpoint, **values)
