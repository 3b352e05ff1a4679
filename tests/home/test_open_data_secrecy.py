"""No name of a person is in the open data: each column is decided on, and what people are known by is looked for."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from pathlib import Path

import sqlalchemy as sa

from portal.home.open_data.sets import DATASETS
from portal.ideas.actions.cases import Said, note_on_idea
from portal.ideas.models.ideas import Idea
from portal.ideas.queries.resources import IdeaItem
from portal.kernel.db import Base, db
from portal.moderation.queries import figures
from portal.observatorium.queries import published as results
from tests.home.opened import ADDRESS, LATITUDE, LONGITUDE, NEIGHBOURS, items, one_of_everything, written
from tests.participation.talk import asked
from tests.support.cast import Cast

DECIDED: Mapping[str, set[str]] = {
    "ideer": {
        *("id", "url", "title", "summary", "challenge", "solution", "usefulness", "kind", "state", "decision", "lang"),
        *("told", "service_area", "neighbourhood", "latitude", "longitude", "campaign", "inspired_by", "goals"),
        *("indicators", "supports", "arguments_for", "arguments_against", "questions", "comments", "answer_due"),
        *("answered", "created", "updated"),
    },
    "tidstyver": {
        *("id", "url", "title", "challenge", "lang", "service_area", "status", "hit", "cause", "within_control"),
        *("owner", "minutes", "times", "persons", "hours", "hours_after", "goals", "indicators", "supports"),
        *("created", "updated"),
    },
    "prosjekter": {
        *("id", "url", "title", "summary", "challenge", "goal", "lang", "type", "central_actor", "predictability"),
        *("state", "parties", "party_kinds", "origin", "service_area", "neighbourhood", "latitude", "longitude"),
        *("goals", "indicators", "open_needs", "supports", "questions", "comments", "ended", "ending", "learning"),
        *("created", "updated"),
    },
    "losninger": {
        *("id", "url", "source", "municipality", "municipality_name", "licence", "lang", "title", "summary"),
        *("problem", "core", "adaptable", "context", "cost", "prerequisites", "results", "risk", "procedures"),
        *("kind", "size", "cost_class", "evidence", "used_since", "in_use", "origin", "version", "goals"),
        *("indicators", "created", "updated"),
    },
    "runder": set(results.COLUMNS),
    "moderering": set(figures.columns()),
}
"""Which columns there are: a new one stands here when somebody has thought of whom it could tell of."""
MAY_BE_TOLD = {
    *(f"ideas.{name}" for name in ("title", "summary", "challenge", "solution", "usefulness")),
    *(f"projects.{name}" for name in ("title", "summary", "challenge", "goal", "learning")),
    *(f"solutions.{name}" for name in ("title", "problem", "core")),
    *("project_parties.name", "organisations.name", "campaigns.slug", "neighbourhoods.name", "service_areas.name"),
    *("rounds.slug", "rounds.catalogue_version", "revisions.method_version", "revisions.catalogue_version"),
}
"""Columns of the database whose texts may stand in a file."""
COPIES = {"search_documents", "search_words", "audit_entries", "outbox", "alembic_version"}
"""Tables that hold copies of what stands elsewhere, or nothing that anybody wrote."""
SHORTEST = 5
"""A shorter text stands anywhere by chance."""


def texts(folder: Path) -> str:
    """Return all that the files say, with letters as they are written."""
    told = [json.dumps(items(folder, name), ensure_ascii=False) for name in DECIDED]
    return "\n".join(told + [(folder / f"{name}.csv").read_text(encoding="utf-8-sig") for name in DECIDED])


def kept() -> Iterator[tuple[str, str]]:
    """Give every text of the database, with its table and column."""
    for table in Base.metadata.sorted_tables:
        for column in table.columns:
            is_text = isinstance(column.type, sa.String) and not isinstance(column.type, sa.Enum)
            if is_text and table.name not in COPIES and not column.name.endswith("kind"):  # those are words of ours
                for value in db.session.scalars(sa.select(column).distinct()):
                    if value and len(value) >= SHORTEST:
                        yield f"{table.name}.{column.name}", value


def test_every_column_is_one_that_somebody_has_decided_on() -> None:
    assert {dataset.name: {field.name for field in dataset.fields} for dataset in DATASETS} == DECIDED


def test_what_the_api_tells_of_an_author_is_not_in_the_files() -> None:
    assert "byline" in IdeaItem.__dataclass_fields__
    assert not {"byline", "contact", "author", "address", "email"} & set().union(*DECIDED.values())


def test_nothing_of_the_database_is_told_but_what_is_meant_to_be(cast: Cast, tmp_path: Path) -> None:
    made = one_of_everything(cast)
    asked(cast.actor("resident2"))
    idea = db.session.get_one(Idea, made.idea.id, populate_existing=True)
    note_on_idea(
        cast.actor("adviser"), idea.id, Said(text="Ring Randi på 99 99 99 99.", version=idea.version, key="notat")
    )
    told = texts(written(tmp_path))
    found = list(kept())
    assert len({column for column, _value in found}) > 30
    assert {column for column, value in found if value in told} <= MAY_BE_TOLD


def test_names_addresses_and_doors_are_nowhere(cast: Cast, tmp_path: Path) -> None:
    made = one_of_everything(cast)
    folder = written(tmp_path)
    told = texts(folder)
    assert made.idea.title in told
    for person in cast.actors.values():
        assert person.name not in told
    for secret in ("@demo.example", ADDRESS, NEIGHBOURS, str(LATITUDE), str(LONGITUDE), "Rådgiver for folkehelse"):
        assert secret not in told
    place = next(item for item in items(folder, "ideer") if item["id"] == made.idea.id)
    assert (place["latitude"], place["longitude"]) == (59.789, 10.448)
    project = next(item for item in items(folder, "prosjekter") if item["id"] == made.project.id)
    assert project["parties"] == ["Frivilligsentralen"]
    assert project["party_kinds"] == ["residents", "organisation"]
