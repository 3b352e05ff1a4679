"""What the tests of files begin with: a kind of thing that files may hang on, as a pillar will register one."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

import pytest
import sqlalchemy as sa
from flask import Flask

from portal.accounts.models import Organisation
from portal.files import store as stores
from portal.kernel.content import Card, ContentKind, Ref, Registry
from portal.kernel.db import db
from portal.kernel.identity import Actor, Role
from portal.wiring import whole as wiring
from tests.support.cast import Cast

KIND = "organisation_page"


def cards(ids: Sequence[int]) -> Mapping[int, Card]:
    rows = db.session.scalars(sa.select(Organisation).where(Organisation.id.in_(ids)))
    return {
        row.id: Card(ref=Ref(KIND, row.id), title=row.name, endpoint="home.help_page", values={"_anchor": "filer"})
        for row in rows
    }


def may(actor: Actor, ref: Ref, verb: str) -> bool:
    """A closed organisation is seen by staff only; whoever is signed in may put files on an open one."""
    found = db.session.get(Organisation, ref.id)
    if found is None or (found.closed_at is not None and not actor.is_staff):
        return False
    return verb == "read" or (verb == "attach" and actor.is_signed_in and not actor.has(Role.PARTNER))


THINGS = ContentKind(name=KIND, label="organisasjon", cards=cards, may=may)


@pytest.fixture
def thing(app: Flask, cast: Cast) -> Iterator[Ref]:
    """A thing that files may hang on, with a store of its own that starts empty."""
    content = app.extensions["portal_content"]
    app.extensions["portal_content"] = Registry([*wiring.CONTENT, THINGS])
    settings = app.config["PORTAL"]
    folder = settings.data_dir / "files"
    store = stores.Store(stores.LocalFileSystem(), str(folder))
    store.replace_by(folder / "none")  # other tests may have sent files before
    yield Ref(KIND, cast.volunteer_organisation.id)
    app.extensions["portal_content"] = content
    store.replace_by(folder / "none")


@pytest.fixture
def scanner(app: Flask) -> Iterator[object]:
    """Return what switches a virus scanner on."""
    settings = app.config["PORTAL"]

    def switch_on(url: str) -> None:
        app.config["PORTAL"] = replace(settings, virus_scanner=url)

    yield switch_on
    app.config["PORTAL"] = settings
