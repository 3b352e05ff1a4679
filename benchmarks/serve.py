"""The portal as `portal serve` serves it, with bare views beside it to compare with: an empty one and two inserts."""

from __future__ import annotations

import sys
import time

import sqlalchemy as sa
import waitress
from flask import Flask, Response

from portal.app import create_app
from portal.kernel.access import fresh, public, requires
from portal.kernel.db import atomic, db
from portal.kernel.extensions import csrf

THREADS = 8
"""As `portal serve` has."""
SCRATCH = "benchmark_rows"


def main(port: int) -> None:
    """Serve until stopped."""
    app = create_app()
    add_bare_views(app)
    waitress.serve(app, host="127.0.0.1", port=port, threads=THREADS, _quiet=True)


def add_bare_views(app: Flask) -> None:
    """Add what everything is compared with."""

    @public
    @fresh
    def empty() -> str:
        return ""

    @public
    @fresh
    def processor() -> str:
        return str(time.process_time())

    @public
    @fresh
    @csrf.exempt
    def insert() -> Response:
        _insert()
        return Response(status=204)

    @requires()
    def insert_signed_in() -> Response:
        _insert()
        return Response(status=204)

    app.add_url_rule("/benchmark/empty", view_func=empty)
    app.add_url_rule("/benchmark/insert-signed-in", view_func=insert_signed_in, methods=["POST"])
    app.add_url_rule("/benchmark/processor", view_func=processor)
    app.add_url_rule("/benchmark/insert", view_func=insert, methods=["POST"])


@atomic
def _insert() -> None:
    db.session.execute(sa.text(f"INSERT INTO {SCRATCH} (value) VALUES ('yellow')"))  # noqa: S608 - our own name


if __name__ == "__main__":
    main(int(sys.argv[1]))
