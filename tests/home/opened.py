"""A portal with one of everything that becomes open data, and its files read back as others would read them."""

from __future__ import annotations

import csv
import json
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

from portal.cocreation.models.projects import PartyKind, Project
from portal.home.open_data.export import write_all
from portal.home.open_data.sets import find
from portal.home.open_data.shape import HIDDEN, Field
from portal.home.open_data.shelf import Shelf
from portal.ideas.models.ideas import Idea
from portal.kernel import clock
from portal.kernel.content import Ref
from portal.places.actions import PlaceDraft, locate
from portal.solutions.models.solutions import Solution
from tests.observatorium.published import a_published_round
from tests.support.cast import Cast
from tests.support.cocreation import joined, started
from tests.support.ideas import published
from tests.support.solutions import shared
from tests.support.thieves import thief

ADDRESS, LATITUDE, LONGITUDE = "Heggedalsveien 117", 59.789123, 10.448456
NEIGHBOURS = "Ola og Kari i nummer fire"
NAMES = ("runder", "ideer", "tidstyver", "prosjekter", "losninger", "moderering")


@dataclass(frozen=True)
class Made:
    """What there is one of."""

    idea: Idea
    thief: Idea
    project: Project
    solution: Solution


def one_of_each(cast: Cast) -> Made:
    """Make an idea, a tidstyv, a project and a solution that everybody can see."""
    idea = published(cast.actor("resident"), "=Nattbuss til Heggedal", summary="Buss | hele natta")
    locate(
        cast.actor("resident"),
        Ref("idea", idea.id),
        PlaceDraft(latitude=LATITUDE, longitude=LONGITUDE, address=ADDRESS),
    )
    caught = thief(cast.actor("employee"), minutes=Decimal("2.5"))
    project = started(cast.actor("resident"), party=NEIGHBOURS)
    joined(cast.actor("resident"), project, cast.actor("volunteer"), "Frivilligsentralen", PartyKind.ORGANISATION)
    solution = shared(cast.actor("adviser"), origin=Ref("project", project.id))
    return Made(idea, caught, project, solution)


def one_of_everything(cast: Cast) -> Made:
    """Make one of each, a published round, and a month that moderation has figures of."""
    with clock.moved(-timedelta(days=70)):
        published(cast.actor("resident2"), "Sykkelvei til skolen")
    a_published_round(cast)
    return one_of_each(cast)


def written(folder: Path) -> Path:
    """Write the files to a folder."""
    write_all(Shelf(str(folder)))
    return folder


def table(folder: Path, name: str) -> list[dict[str, str]]:
    """Read a CSV file as a spreadsheet does."""
    with (folder / f"{name}.csv").open(newline="", encoding="utf-8-sig") as file:
        return list(csv.DictReader(file, strict=True))


def items(folder: Path, name: str) -> list[dict[str, Any]]:
    """Read a JSON file."""
    found: list[dict[str, Any]] = json.loads((folder / f"{name}.json").read_text(encoding="utf-8"))["items"]
    return found


def fields(name: str) -> dict[str, Field]:
    """Return the dictionary of a dataset."""
    dataset = find(name)
    assert dataset is not None
    return {field.name: field for field in dataset.fields}


def is_same(field: Field, value: Any, text: str) -> bool:
    """Say whether a cell of the CSV file is the value of the JSON file, by what the page says of the two."""
    if value is None:
        return text == "" or (field.may_be_hidden and text == HIDDEN)
    if isinstance(value, bool):
        return text == str(value).lower()
    if field.is_list:
        return text == "|".join(str(each).replace("|", "/") for each in value)
    if isinstance(value, str) and value.startswith(tuple("=+-@")):
        return text == f"'{value}"
    return text == str(value)
