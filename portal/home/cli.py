"""`portal export open-data`: the files of the open data in a folder, with their catalogue."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import NoReturn

import click
import msgspec
from flask import current_app
from flask.cli import with_appcontext

from portal import config
from portal.home.open_data import about, catalogue
from portal.home.open_data.export import ExportError, write_all
from portal.home.open_data.files import dictionary
from portal.home.open_data.sets import DATASETS
from portal.home.open_data.shape import Dataset
from portal.home.open_data.shelf import Shelf, Written
from portal.kernel.commands import export_group


@export_group.command("open-data")
@click.argument("folder", metavar="DIR", type=click.Path(file_okay=False, path_type=Path))
@with_appcontext
def open_data(folder: Path) -> None:
    """Write the open data to DIR as CSV and JSON, with what the columns mean and the catalogue.

    A dataset that can't be written leaves the files of it that lie there as they are, and the rest go on.
    """
    place = Shelf(str(folder.resolve()))
    try:
        folder.mkdir(parents=True, exist_ok=True)
        write_all(place, told=_tell)
        _describe(place, folder)
    except ExportError as error:
        _fail(str(error))
    except OSError as error:
        _fail(f"{error.filename}: {error.strerror}")
    click.echo(f"The open data are in {folder}.")


def _describe(place: Shelf, folder: Path) -> None:
    with current_app.test_request_context(base_url=config.current().base_url):
        graph = about.catalogue_of(place.contents())
    (folder / "katalog.ttl").write_bytes(catalogue.as_turtle(graph))
    (folder / "katalog.jsonld").write_bytes(catalogue.as_json_ld(graph))
    for dataset in DATASETS:
        table = f"{dataset.name}.csv"
        (folder / f"{table}-metadata.json").write_bytes(msgspec.json.encode(dictionary(dataset, table)))


def _tell(dataset: Dataset, written: Written) -> None:
    click.echo(f"{dataset.name}: {written.rows} rows.")


def _fail(message: str) -> NoReturn:
    click.echo(f"portal: {message}", err=True)
    sys.exit(1)
