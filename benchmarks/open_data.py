"""Checks that an idea costs the same to write to the open data at 10,000 as at 1,000, and that memory doesn't grow."""

from __future__ import annotations

import shutil
import sys
import tempfile
import time
import tracemalloc
from collections.abc import Iterator
from pathlib import Path

from flask import Flask

ROOT = Path(__file__).parent.parent
sys.path.insert(0, str(ROOT))

from benchmarks.ideas import make
from benchmarks.run import HEADING, Bar
from portal.home.open_data.export import write_all
from portal.home.open_data.ideas import IDEAS
from portal.home.open_data.shelf import Shelf
from portal.kernel.db import db

FEW, MANY = 1_000, 10_000
ROUNDS = 3


def main() -> int:
    """Measure, print, and answer 1 when a bar is missed."""
    folder = Path(tempfile.mkdtemp(prefix="portal-bench-open-data-"))
    try:
        apps = {number: make(folder / str(number), number).app for number in (FEW, MANY)}
        print(HEADING)
        bars: list[Bar] = []
        for bar in measure(folder, apps):
            print(bar, flush=True)
            bars.append(bar)
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    return 1 if any(bar.verdict == "MISS" for bar in bars) else 0


def measure(folder: Path, apps: dict[int, Flask]) -> Iterator[Bar]:
    """Measure the processor time of an idea, and the most memory that is held at once."""
    for app in apps.values():
        processor(folder, app)
    times = [MANY / FEW * processor(folder, apps[FEW]) for _ in range(ROUNDS)]
    ratios = [processor(folder, apps[MANY]) / each for each in times]
    yield Bar(f"writing an idea of {MANY:,} against one of {FEW:,}", ratios, at_most=1.25)
    few, many = (memory(folder, app) for app in apps.values())
    yield Bar(f"memory of writing {MANY:,} ideas against {FEW:,}", [many / few], at_most=1.25)
    yield Bar(f"memory of writing {MANY:,} ideas, in MB", [many / 1_000_000])


def processor(folder: Path, app: Flask) -> float:
    begun = time.process_time()
    write(folder, app)
    return time.process_time() - begun


def memory(folder: Path, app: Flask) -> int:
    tracemalloc.start()
    try:
        write(folder, app)
        return tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()


def write(folder: Path, app: Flask) -> None:
    with app.app_context():
        write_all(Shelf(str(folder / "written")), datasets=[IDEAS])
        db.session.remove()


if __name__ == "__main__":
    sys.exit(main())
