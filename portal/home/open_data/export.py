"""Writing the open data: each dataset by itself, so that one that fails leaves its old files and stops no other."""

from __future__ import annotations

import hashlib
import logging
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory

from flask import current_app

from portal import config
from portal.home.open_data import shelf
from portal.home.open_data.files import write
from portal.home.open_data.sets import DATASETS
from portal.home.open_data.shape import Dataset
from portal.home.open_data.shelf import Contents, Shelf, Written
from portal.kernel import audit, clock
from portal.kernel.db import db

log = logging.getLogger(__name__)

JOB = "open_data.write"
"""The worker's job: under its lease, for two who put files in the same place would be in each other's way."""
ENDINGS = ("csv", "json")
PIECE = 1 << 18


class ExportError(Exception):
    """Some datasets could not be written; their old files, if any, lie as they were."""


def write_if_changed() -> None:
    """Write everything anew unless nothing has happened since the last time: what the worker does by the clock.

    Nothing that is shown changes without an entry of the audit trail, a new day or a new build.
    """
    place = shelf.of(config.current())
    version = f"{audit.newest_entry_id()} {clock.today().isoformat()} {current_app.config['PORTAL_BUILD']}"
    db.session.rollback()  # what is read from here on is read anew, and nothing waits open meanwhile
    if place.contents().version != version:
        write_all(place, version=version)


def write_all(
    place: Shelf,
    *,
    version: str = "",
    datasets: Sequence[Dataset] = DATASETS,
    told: Callable[[Dataset, Written], None] = lambda _dataset, _written: None,
) -> None:
    """Write every dataset, and tell of each as it is done. Raises ExportError, when all have been tried."""
    failed = []
    for dataset in datasets:
        try:
            written = _write_one(place, dataset)
        except Exception:
            db.session.rollback()
            log.exception("The open data %s could not be written; the old files lie as they were", dataset.name)
            failed.append(dataset.name)
        else:
            told(dataset, written)
    if failed:
        raise ExportError(f"could not write {', '.join(failed)}; the log says why")
    _note(place, replace(place.contents(), version=version))


def _write_one(place: Shelf, dataset: Dataset) -> Written:
    with TemporaryDirectory(prefix="open-data-") as folder:
        files = {ending: Path(folder) / f"{dataset.name}.{ending}" for ending in ENDINGS}
        with (
            files["csv"].open("w", newline="", encoding="utf-8-sig") as table,
            files["json"].open("wb") as document,
            current_app.test_request_context(base_url=config.current().base_url),  # rows tell addresses
        ):
            rows = write(dataset, table, document)
        written = Written(
            rows=rows,
            at=clock.now(),
            sizes={ending: path.stat().st_size for ending, path in files.items()},
            hashes={ending: _hash(path) for ending, path in files.items()},
        )
        for path in files.values():
            place.put(path.name, path)
    found = place.contents()
    _note(place, Contents(datasets={**found.datasets, dataset.name: written}))
    return written


def _note(place: Shelf, contents: Contents) -> None:
    with TemporaryDirectory(prefix="open-data-") as folder:
        place.note(contents, Path(folder) / "contents")


def _hash(path: Path) -> str:
    digest = hashlib.sha256()
    with path.open("rb") as file:
        while piece := file.read(PIECE):
            digest.update(piece)
    return digest.hexdigest()
