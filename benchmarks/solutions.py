"""Checks what solutions cost: taking in a partner's, listing them, and exporting ideas, each beside the bare rows.

python -m benchmarks.solutions                                                    as promised
python -m benchmarks.solutions --taken 40 --few 20 --many 100 --ideas 200    to try it
"""

from __future__ import annotations

import argparse
import shutil
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import partial
from itertools import chain
from pathlib import Path
from random import Random
from typing import Any

import sqlalchemy as sa
from flask import Flask
from flask_migrate import upgrade

ROOT = Path(__file__).parent.parent
sys.path.insert(0, str(ROOT))

from benchmarks import data, ideas, open_data, syncing
from benchmarks.run import HEADING, Bar
from portal.accounts.models import Account
from portal.demo.large_solutions import fill_solutions
from portal.demo.rows import add
from portal.home.open_data.shape import BATCH
from portal.ideas.models.ideas import Idea
from portal.kernel import clock
from portal.kernel.db import Base, atomic, db
from portal.partners import syncing as of_partners
from tests.support.portals import OtherPortal, another_portal, content

TAKEN = 2_000
FEW, MANY = 100, 2_000
IDEAS = 10_000
ROUNDS = 3
PEOPLE = 50
PAGES = {
    "the list": "/losninger/",
    "the most in use": "/losninger/?sorter=in_use",
    "those evaluated": "/losninger/?virkning=evaluated",
    "the feed": "/losninger/atom.xml",
}

Rows = Mapping[sa.Table, Sequence[dict[str, Any]]]


def main() -> int:
    """Measure, print, and answer 1 when a bar is missed."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--taken", type=int, default=TAKEN, help="solutions that a partner shares")
    parser.add_argument("--few", type=int, default=FEW, help="solutions in the short list")
    parser.add_argument("--many", type=int, default=MANY, help="solutions in the long list")
    parser.add_argument("--ideas", type=int, default=IDEAS, help="ideas that are exported")
    asked = parser.parse_args()
    folder = Path(tempfile.mkdtemp(prefix="portal-bench-solutions-"))
    bars: list[Bar] = []
    print(HEADING)
    try:
        parts = taking_in(asked.taken), listing(folder, asked.few, asked.many), exporting(folder, asked.ideas)
        for bar in chain(*parts):
            print(bar, flush=True)
            bars.append(bar)
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    verdicts = [bar.verdict for bar in bars if bar.verdict]
    print(f"{len(verdicts) - verdicts.count('MISS')} of {len(verdicts)} bars held.")
    return 1 if "MISS" in verdicts else 0


def taking_in(number: int) -> Iterator[Bar]:
    """Read a partner's feed, ask once more when nothing is new, and insert bare the rows that the first time left."""
    of_partners.SECONDS = 3600.0  # on a busy machine the clock is no measure
    with another_portal() as source:
        share(source, number)
        with syncing.installation(source, number) as (app, partner_id):
            before = rows(app)
            first = thread_time(lambda: syncing.read(app, partner_id, number))
            left = new(before, rows(app))
            again = [thread_time(lambda: syncing.read(app, partner_id, 0)) for _ in range(ROUNDS)]
        bare = [inserting(source, number, left) for _ in range(ROUNDS)]
    written = sum(len(each) for each in left.values())
    yield Bar(f"taking in {number:,} solutions against their {written:,} rows bare", [first / each for each in bare])
    yield Bar(f"asking again against taking in {number:,}", [each / first for each in again], at_most=0.05)


def share(source: OtherPortal, number: int) -> None:
    """Let a partner's portal share so many solutions, of the length that people write."""
    for each in range(1, number + 1):
        told = content(f"Løsning {each}", results=syncing.TEXT, procedures=syncing.TEXT, risk=syncing.TEXT)
        source.tell(each, told)


def inserting(source: OtherPortal, number: int, left: Rows) -> float:
    """Insert rows into a portal that is as it was before they came; the words of the search index are not in them."""
    with syncing.installation(source, number) as (app, _partner_id):

        def insert() -> None:
            with app.app_context():
                for table, found in left.items():
                    db.session.execute(sa.insert(table), found)
                db.session.commit()
                db.session.remove()

        return thread_time(insert)


def rows(app: Flask) -> Rows:
    """Return all that stands in the tables, in an order that foreign keys allow."""
    with app.app_context():
        found = {
            table: [dict(row) for row in db.session.execute(sa.select(*stored(table))).mappings()]
            for table in Base.metadata.sorted_tables
        }
        db.session.remove()
    return found


def stored(table: sa.Table) -> Sequence[sa.Column[Any]]:
    """Return the columns that can be written: the database computes the others."""
    return [column for column in table.columns if column.computed is None]


def new(before: Rows, after: Rows) -> Rows:
    """Return the rows that have come, by their keys; without the tables that got none."""
    found: dict[sa.Table, Sequence[dict[str, Any]]] = {}
    for table, now in after.items():
        names = [column.key for column in table.primary_key]
        had = {tuple(row[name] for name in names) for row in before[table]}
        if come := [row for row in now if tuple(row[name] for name in names) not in had]:
            found[table] = come
    return found


def thread_time(work: Callable[[], object]) -> float:
    """Return the processor time of this thread: the partner's portal answers in others."""
    begun = time.thread_time()
    work()
    return time.thread_time() - begun


def listing(folder: Path, number: int, larger: int) -> Iterator[Bar]:
    """Compare the list of few solutions with the list of many: work in the database, time and statements."""
    few, many = (
        ideas.Bank(portal(folder / f"solutions-{each}", partial(fill, each)), each, "") for each in (number, larger)
    )
    for what, path in PAGES.items():
        work = [ideas.database_work(bank, path) for bank in (few, many)]
        told = f"work in the database for {what} of solutions at {larger:,} against {number:,}"
        yield Bar(told, [work[1] / work[0]], at_most=1.25)
    for what, path in PAGES.items():
        told = f"{what} of solutions at {larger:,} against {number:,}"
        yield Bar(told, ideas.in_turn(few, many, path), at_most=1.25)
    for what, path in PAGES.items():
        told = f"statements of {what} of solutions at {larger:,}"
        yield Bar(told, [ideas.statements(many, path)], at_most=ideas.MOST_STATEMENTS)


def exporting(folder: Path, number: int) -> Iterator[Bar]:
    """Write ideas as open data, against reading their rows bare."""
    app = portal(folder / "ideas", partial(ideas.fill, number))
    open_data.processor(folder, app)  # what is loaded once is not counted
    ratios = [open_data.processor(folder, app) / reading(app) for _ in range(ROUNDS)]
    yield Bar(f"writing {number:,} ideas as open data against reading their rows bare", ratios)


def reading(app: Flask) -> float:
    """Read the rows of the ideas alone, as many at a time as the export does."""
    begun = time.process_time()
    with app.app_context():
        found = db.session.execute(sa.select(Idea.__table__).execution_options(yield_per=BATCH))
        for _row in found:
            pass
        db.session.remove()
    return time.process_time() - begun


def portal(folder: Path, filled: Callable[[], None]) -> Flask:
    """Make a portal beside the real data, and fill it."""
    folder.mkdir(parents=True)
    app = data.application(folder)
    with app.app_context():
        upgrade()
        filled()
        db.session.execute(sa.text("ANALYZE"))
        db.session.commit()
        db.session.remove()
    return app


@atomic
def fill(number: int) -> None:
    """Put solutions with those who use them straight into the tables, drawn with a fixed seed."""
    people, now = range(10_000, 10_000 + PEOPLE), clock.now()
    add(
        Account,
        (
            {"id": each, "name": f"Person {each}", "email": f"{each}@example.org", "created_at": now, "version": 1}
            for each in people
        ),
    )
    fill_solutions(Random(18091), people, range(0), number)


if __name__ == "__main__":
    sys.exit(main())
