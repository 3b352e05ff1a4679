"""The files of the open data: what their dictionary says, they hold, and an export that fails breaks nothing."""

from __future__ import annotations

import json
import re
import tracemalloc
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from click.testing import Result
from flask import Flask

from portal import config
from portal.home.open_data import shelf
from portal.home.open_data.export import JOB, ExportError, write_all, write_if_changed
from portal.home.open_data.ideas import IDEAS
from portal.home.open_data.projects import PROJECTS
from portal.home.open_data.sets import DATASETS
from portal.home.open_data.shape import Dataset, Field, Kind, every
from portal.home.open_data.shelf import Shelf
from portal.home.reactions import AGAIN, TOPIC
from portal.ideas.actions.proposing import withdraw_idea
from portal.ideas.queries import resources
from portal.ideas.queries.filters import Filters
from portal.kernel import clock, jobs, outbox
from portal.kernel.content import PublicationState
from portal.kernel.db import db
from portal.kernel.jobs import JobRow
from portal.kernel.outbox import OutboxRow
from portal.moderation.queries.figures import as_csv as figures_as_csv
from portal.observatorium.actions.rounds import withdraw_round
from portal.observatorium.queries.published import as_csv
from tests.home.opened import NAMES, fields, is_same, items, one_of_each, one_of_everything, table, written
from tests.support.cast import Cast
from tests.support.ideas import published

SOUND: Mapping[Kind, Callable[[Any], bool]] = {
    Kind.TEXT: lambda value: isinstance(value, str),
    Kind.INTEGER: lambda value: isinstance(value, int) and not isinstance(value, bool),
    Kind.NUMBER: lambda value: isinstance(value, int | float) and not isinstance(value, bool),
    Kind.FLAG: lambda value: isinstance(value, bool),
    Kind.DATE: lambda value: re.fullmatch(r"\d{4}-\d\d-\d\d", value) is not None,
    Kind.MOMENT: lambda value: value.endswith("Z") and datetime.fromisoformat(value) is not None,
    Kind.MONTH: lambda value: re.fullmatch(r"\d{4}-\d\d", value) is not None,
    Kind.ADDRESS: lambda value: value.startswith("http://localhost/"),
}


def faults(field: Field, value: Any) -> Iterator[str]:
    """Tell what in a cell is otherwise than the dictionary says."""
    if value is None:
        if field.always and not field.may_be_hidden:
            yield f"{field.name} is empty"
        return
    parts = value if field.is_list else [value]
    for part in parts:
        if not SOUND[field.kind](part):
            yield f"{field.name}: {part!r} is no {field.kind}"
        if field.values and part not in field.values:
            yield f"{field.name}: {part!r} is none of {field.values}"
        if field.always and part == "":
            yield f"{field.name} is empty"


def test_the_sets_are_those_that_are_promised() -> None:
    assert {dataset.name for dataset in DATASETS} == set(NAMES)


@pytest.mark.parametrize("name", NAMES)
def test_the_files_hold_what_the_dictionary_says_and_both_the_same(cast: Cast, tmp_path: Path, name: str) -> None:
    one_of_everything(cast)
    folder, told = written(tmp_path), fields(name)
    rows, found = table(folder, name), items(folder, name)
    assert len(rows) == len(found) > 0
    assert all(list(row) == list(told) for row in rows)
    assert [fault for item in found for field in told.values() for fault in faults(field, item[field.name])] == []
    for row, item in zip(rows, found, strict=True):
        assert list(item) == list(told)
        assert [field for field in told if not is_same(told[field], item[field], row[field])] == []


def test_no_cell_is_a_formula_to_a_spreadsheet(cast: Cast, tmp_path: Path) -> None:
    one_of_each(cast)
    folder = written(tmp_path)
    titles = [row["title"] for row in table(folder, "ideer")]
    assert "'=Nattbuss til Heggedal" in titles
    assert "=Nattbuss til Heggedal" in [item["title"] for item in items(folder, "ideer")]


def test_a_round_and_the_figures_of_moderation_are_the_same_as_on_their_own_pages(cast: Cast, tmp_path: Path) -> None:
    one_of_everything(cast)
    folder = written(tmp_path)
    for name, other in (("runder", as_csv("2026")), ("moderering", figures_as_csv())):
        assert (folder / f"{name}.csv").read_bytes() == other.encode()


@pytest.mark.parametrize("state", [state for state in PublicationState if state is not PublicationState.PUBLISHED])
def test_what_is_not_public_is_in_no_file(cast: Cast, tmp_path: Path, state: PublicationState) -> None:
    made = one_of_each(cast)
    names = {"ideer": made.idea, "tidstyver": made.thief, "prosjekter": made.project, "losninger": made.solution}
    before = written(tmp_path / "before")
    for thing in names.values():
        thing.state = state
    db.session.commit()
    after = written(tmp_path / "after")
    for name, thing in names.items():
        assert thing.id in [item["id"] for item in items(before, name)]
        assert thing.id not in [item["id"] for item in items(after, name)]


def test_a_withdrawn_round_is_in_no_file(cast: Cast, tmp_path: Path) -> None:
    one_of_everything(cast)
    withdraw_round(cast.actor("coordinator"), "2026", "Prøver på nytt.")
    assert items(written(tmp_path), "runder") == []


def test_every_page_of_a_long_list_is_read(cast: Cast) -> None:
    made = sorted(published(cast.actor("resident"), f"Idé nummer {number}").id for number in range(5))
    read = every(lambda cursor: resources.ideas(Filters(), None, cursor, 2, lambda *_: ""))
    assert sorted(item.id for item in read) == made


# -- failing -----------------------------------------------------------------------------------------------------------


def broken(dataset: Dataset) -> Dataset:
    """A dataset that gives some rows, and then fails as when the database goes away."""

    def rows() -> Iterator[Mapping[str, Any]]:
        yield dict.fromkeys((field.name for field in dataset.fields), "x")
        raise RuntimeError("the database went away")

    return replace(dataset, rows=rows)


def contents(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir()}


def test_an_export_that_fails_is_an_error_and_leaves_the_old_files(cast: Cast, tmp_path: Path) -> None:
    one_of_each(cast)
    before = contents(written(tmp_path))
    published(cast.actor("resident2"), "En idé til")
    place, done = Shelf(str(tmp_path)), []
    with pytest.raises(ExportError, match="ideer"):
        write_all(
            place,
            version="new",
            datasets=[broken(IDEAS), PROJECTS],
            told=lambda dataset, _written: done.append(dataset.name),
        )
    after = contents(tmp_path)
    assert done == ["prosjekter"], "the others go on"
    assert set(after) == set(before), "nothing half-written lies there"
    assert {name for name in after if after[name] != before[name]} <= {"files.json"}
    assert place.contents().version != "new", "it is tried again"
    assert place.contents().datasets["ideer"].rows == len(items(tmp_path, "ideer"))


def test_the_worker_says_that_it_could_not_write(own_app: Flask) -> None:
    with own_app.app_context():
        folder = config.current().data_dir / shelf.FOLDER
        in_the_way = folder / "ideer.csv.new"
        in_the_way.mkdir(parents=True)
        jobs.run_due()
        found = {job.name: job.last_error or "" for job in jobs.failing()}
        assert found["open_data.write"].endswith("could not write ideer; the log says why")
        assert {f"{name}.csv" for name in NAMES} - {path.name for path in folder.iterdir()} == {"ideer.csv"}
        in_the_way.rmdir()
        db.session.get_one(JobRow, "open_data.write").due_at = clock.now()
        db.session.commit()
        jobs.run_due()
        assert "open_data.write" not in {job.name for job in jobs.failing()}
        assert {f"{name}.csv" for name in NAMES} <= {path.name for path in folder.iterdir()}


def test_files_are_written_anew_only_when_something_has_happened(cast: Cast) -> None:
    place = shelf.of(config.current())
    published(cast.actor("resident"))
    write_all(place)  # what another test left is of no known version now
    write_if_changed()
    first = place.contents()
    write_if_changed()
    assert place.contents() == first
    published(cast.actor("resident2"), "En idé til")
    write_if_changed()
    again = place.contents()
    assert again.version != first.version
    assert again.datasets["ideer"].rows == first.datasets["ideer"].rows + 1


def test_what_is_taken_back_is_out_of_the_files_within_two_minutes(cast: Cast, run_worker: Callable[[], None]) -> None:
    resident = cast.actor("resident")
    idea = published(resident)
    place = shelf.of(config.current())
    write_all(place)
    before = place.contents().datasets["ideer"].rows
    withdraw_idea(resident, idea.id)
    with clock.moved(timedelta(minutes=2)):
        run_worker()
    assert place.contents().datasets["ideer"].rows == before - 1


def test_however_much_is_taken_back_in_a_minute_the_files_are_written_once(cast: Cast) -> None:
    resident = cast.actor("resident")
    for title in ("Den ene", "Den andre"):
        withdraw_idea(resident, published(resident, title).id)
    asked = sa.select(sa.func.count(), sa.func.count(sa.distinct(OutboxRow.due_at))).where(OutboxRow.topic == TOPIC)
    rows, minutes = db.session.execute(asked).one()
    assert rows == minutes


def test_the_files_are_never_written_by_two_at_once(own_app: Flask) -> None:
    with own_app.app_context():
        place = shelf.of(config.current())
        moment = clock.now()
        db.session.add(JobRow(name=JOB, due_at=moment, leased_until=moment + jobs.LEASE))
        outbox.enqueue(TOPIC, {})
        db.session.commit()
        outbox.deliver_due()
        assert place.contents().datasets == {}, "another worker is at it"
        db.session.get_one(JobRow, JOB).leased_until = None
        db.session.commit()
        with clock.moved(AGAIN):
            outbox.deliver_due()
        assert set(place.contents().datasets) == set(NAMES), "what it may have been past, is written after it"


# -- size --------------------------------------------------------------------------------------------------------------


def test_the_memory_it_takes_is_bounded_however_much_there_is(app: Flask, tmp_path: Path) -> None:
    def rows() -> Iterator[Mapping[str, Any]]:
        for number in range(20_000):
            yield {"id": number, "text": "ordet er fritt " * 100}

    large = replace(IDEAS, fields=(Field(name="id", meaning="", kind=Kind.INTEGER), Field(name="text", meaning="")))
    tracemalloc.start()
    try:
        write_all(Shelf(str(tmp_path)), datasets=[replace(large, rows=rows)])
        _now, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert (tmp_path / "ideer.json").stat().st_size > 30_000_000
    assert peak < 3_000_000


# -- the command -------------------------------------------------------------------------------------------------------


def run(app: Flask, *arguments: object) -> Result:
    return app.test_cli_runner().invoke(args=["export", "open-data", *map(str, arguments)])


def test_the_command_writes_all_of_it_to_a_folder(app: Flask, cast: Cast, tmp_path: Path) -> None:
    made = one_of_each(cast)
    folder = tmp_path / "new" / "folder"
    result = run(app, folder)
    assert result.exit_code == 0, result.output
    assert "tidstyver: 1 rows." in result.output
    assert {path.name for path in folder.iterdir()} == {
        *(f"{name}.{ending}" for name in NAMES for ending in ("csv", "json", "csv-metadata.json")),
        *("katalog.ttl", "katalog.jsonld", "files.json"),
    }
    assert made.solution.id in [item["id"] for item in items(folder, "losninger")]
    assert json.loads((folder / "ideer.csv-metadata.json").read_text(encoding="utf-8"))["url"] == "ideer.csv"
    assert run(app, folder).exit_code == 0, "a second time too"


def test_the_command_says_in_one_line_what_is_wrong(app: Flask, cast: Cast, tmp_path: Path) -> None:
    file = tmp_path / "file"
    file.write_text("x")
    assert run(app, file).exit_code == 2
    inside = run(app, file / "folder")
    assert inside.exit_code == 1
    assert inside.output.startswith("portal: ")
    assert "Traceback" not in inside.output
