"""Checks that a partner's solution costs the same to take in at 2,000 as at 200, and that memory doesn't grow."""

from __future__ import annotations

import sys
import time
import tracemalloc
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from flask import Flask

ROOT = Path(__file__).parent.parent
sys.path.insert(0, str(ROOT))

from benchmarks.run import HEADING, Bar
from portal.app import create_app
from portal.kernel.db import db
from portal.partners import syncing
from tests.support import databases
from tests.support.cast import make_cast
from tests.support.portals import OtherPortal, another_portal, content, let_in

FEW, HALF, MANY = 200, 1_000, 2_000
ROUNDS = 3
TEXT = "Beboerne handler, lager maten og spiser sammen, og de frivillige blir med på alt. " * 12


def main() -> int:
    """Measure, print, and answer 1 when a bar is missed."""
    print(HEADING)
    syncing.SECONDS = 3600.0  # on a busy machine the clock is no measure
    bars: list[Bar] = []
    with another_portal() as source:
        for number in range(1, MANY + 1):
            source.tell(number, content(f"Løsning {number}", results=TEXT, procedures=TEXT, risk=TEXT))
        for bar in measure(source):
            print(bar, flush=True)
            bars.append(bar)
    return 1 if any(bar.verdict == "MISS" for bar in bars) else 0


def measure(source: OtherPortal) -> Iterator[Bar]:
    """Measure the processor time of a solution and of asking once more, and the most memory that is held at once."""
    processor(source, FEW)  # what is loaded once is not counted
    first, again = zip(*(processor(source, FEW) for _ in range(ROUNDS)), strict=True)
    whole = processor(source, MANY)
    yield Bar(f"taking in a solution of {MANY:,} against one of {FEW:,}", ratios(whole[0], first), at_most=1.25)
    yield Bar(f"asking again with {MANY:,} against {FEW:,}", [whole[1] / each for each in again], at_most=1.5)
    yield Bar(f"asking again against taking in {FEW:,}", [two / one for one, two in zip(first, again, strict=True)])
    half, many = memory(source, HALF), memory(source, MANY)  # what is kept of texts is full at a thousand
    yield Bar(f"memory of taking in {MANY:,} solutions against {HALF:,}", [many / half], at_most=1.25)
    yield Bar(f"memory of taking in {MANY:,} solutions, in MB", [many / 1_000_000])


def ratios(whole: float, parts: tuple[float, ...]) -> list[float]:
    return [whole / (MANY / FEW * each) for each in parts]


def processor(source: OtherPortal, number: int) -> tuple[float, float]:
    """Return the processor time of reading so many solutions into an empty portal, and of asking once more."""
    with installation(source, number) as (app, partner_id):
        begun = time.process_time()
        read(app, partner_id, number)
        between = time.process_time()
        read(app, partner_id, 0)
        return between - begun, time.process_time() - between


def memory(source: OtherPortal, number: int) -> int:
    with installation(source, number) as (app, partner_id):
        tracemalloc.start()
        try:
            read(app, partner_id, number)
            return tracemalloc.get_traced_memory()[1]
        finally:
            tracemalloc.stop()


def read(app: Flask, partner_id: int, number: int) -> None:
    """Read the partner's feed to its end, and see that so many came."""
    with app.app_context():
        outcome = syncing.sync(partner_id)
        db.session.remove()
    if outcome.error or outcome.came.get("made", 0) != number:
        raise SystemExit(f"{dict(outcome.came)} came instead of {number}. {outcome.error}")


@contextmanager
def installation(source: OtherPortal, number: int) -> Iterator[tuple[Flask, int]]:
    """Make an empty portal that has let the source in; the source tells of the first so many of its solutions."""
    with databases.own_database() as own:
        app = create_app(databases.settings(own.url, own.folder, outgoing_allow=(source.host,)), testing=True)
        with app.app_context():
            partner = let_in(make_cast().actor("admin"), source)
            db.session.remove()
        kept = source.items[number:]
        del source.items[number:]
        try:
            yield app, partner.id
        finally:
            source.items += kept
            databases.dispose(app)


if __name__ == "__main__":
    sys.exit(main())
