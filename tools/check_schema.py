"""Checks that the migrations make exactly the tables of the models, and can be taken down and put up again."""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

import flask_migrate
import sqlalchemy as sa
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from portal.app import create_app
from portal.kernel.db import Base, db
from tests.support.databases import settings


def modelled(name: str | None, kind: str, _parents: object) -> bool:
    """Say whether something in the database should have a model: the full-text tables of search have none."""
    return not (kind == "table" and name is not None and name.startswith("search_fts"))


def main() -> int:
    """Return how many differences there are; print each."""
    with tempfile.TemporaryDirectory() as folder:
        app = create_app(settings(f"sqlite:///{folder}/schema.sqlite3", Path(folder)), testing=True)
        with app.app_context():
            flask_migrate.upgrade()
            flask_migrate.downgrade(revision="base")
            left = set(sa.inspect(db.engine).get_table_names()) - {"alembic_version"}
            flask_migrate.upgrade()
            with db.engine.connect() as connection:
                options = {"compare_type": True, "include_name": modelled}
                context = MigrationContext.configure(connection, opts=options)
                found = compare_metadata(context, Base.metadata)
            db.engine.dispose()
    found += [("left after downgrade", name) for name in sorted(left)]
    for each in found:
        print(f"The migrations and the models differ: {each}. Run: make migration m=…")
    return len(found)


if __name__ == "__main__":
    sys.exit(1 if main() else 0)
