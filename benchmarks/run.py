"""Checks the speed promises: each is a ratio of two things measured in turn in this run; a missed bar is a failure."""

from __future__ import annotations

import shutil
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from statistics import median

import sqlalchemy as sa

ROOT = Path(__file__).parent.parent
sys.path.insert(0, str(ROOT))

from benchmarks import data, load, similar
from portal.kernel.db import db

FEW, MANY = 1_000, 1_000_000
ROUNDS = 11
SECONDS = 0.6
"""How long each thing is measured in each round: short, so that what else the machine does hits both."""
OVERVIEW, INDICATOR = "/observatorium/", "/observatorium/indikatorer/1.8/"
SAVED = "1.2"


@dataclass(frozen=True)
class Bar:
    """One promise: what was measured each time, and what the median may be; without a bound it is told for scale."""

    what: str
    values: Sequence[float]
    at_least: float | None = None
    at_most: float | None = None

    @property
    def verdict(self) -> str:
        if self.at_least is None and self.at_most is None:
            return ""
        value = median(self.values)
        low = self.at_least is not None and value < self.at_least
        high = self.at_most is not None and value > self.at_most
        return "MISS" if low or high else "ok"

    def __str__(self) -> str:
        bound = "" if self.at_least is None else f">= {self.at_least:g}"
        bound = bound if self.at_most is None else f"<= {self.at_most:g}"
        spread = f"{min(self.values):.2f}-{max(self.values):.2f}" if len(self.values) > 1 else ""
        return f"{self.verdict:7} {median(self.values):7.3f}  {bound:7} {spread:13} {self.what}"


HEADING = "verdict  median  bar     lowest-highest what"


def main() -> int:
    """Measure, print and say whether every bar held."""
    folder = Path(tempfile.mkdtemp(prefix="portal-bench-"))
    try:
        print(f"Making two portals, with {FEW:,} and {MANY:,} ratings …", flush=True)
        bars: list[Bar] = []
        print(HEADING)
        for bar in measure(folder):
            print(bar, flush=True)
            bars.append(bar)
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    verdicts = [bar.verdict for bar in bars if bar.verdict]
    missed = verdicts.count("MISS")
    print(f"{len(verdicts) - missed} of {len(verdicts)} bars held.")
    return 1 if missed else 0


def measure(folder: Path) -> Iterator[Bar]:
    """Make the data, and measure one bar after the other."""
    few = data.make(folder / "few", FEW, load.CONNECTIONS)
    many = data.make(folder / "many", MANY, load.CONNECTIONS)
    yield Bar("computing the result of 1,000,000 ratings against one bare GROUP BY", many.computing, at_most=4)
    for path in (OVERVIEW, INDICATOR):
        counted = statements(few.folder, path), statements(many.folder, path)
        yield Bar(f"statements of {path} at 1,000,000 ratings", [counted[1]], at_most=8)
        yield Bar(f"statements of {path} at 1,000,000 less those at 1,000", [counted[1] - counted[0]], at_most=0)
    with serving(few) as small, serving(many) as large:
        yield from flat(small, large)
        yield from against_bare(large, many)
    yield from alike(folder / "alike")


def flat(small: int, large: int) -> Iterator[Bar]:
    """The public pages cost the same however many have rated."""
    for path in (OVERVIEW, INDICATOR):
        ratios = compare(lambda path=path: pages(large, path), lambda path=path: pages(small, path))
        yield Bar(f"{path} at 1,000,000 ratings against 1,000, pages", ratios, at_least=0.8)


def against_bare(port: int, portal: data.Portal) -> Iterator[Bar]:
    """Pages against an empty view, saving against a bare insert, all by the same server."""

    def empty() -> float:
        return pages(port, "/benchmark/empty")

    yield Bar("the overview against an empty view", compare(lambda: pages(port, OVERVIEW), empty), at_least=0.05)
    yield Bar("an indicator against an empty view", compare(lambda: pages(port, INDICATOR), empty), at_least=0.05)
    _status, headers, _body = load.fetch(port, OVERVIEW)
    # The server closes the connection after a 304, so the empty view is asked for on connections of their own too.
    unchanged = [[load.get(OVERVIEW, If_None_Match=headers["etag"])]] * load.CONNECTIONS
    closed = [[load.get("/benchmark/empty", Connection="close")]] * load.CONNECTIONS
    ratios = compare(lambda: rate(port, unchanged, 304), lambda: rate(port, closed, 200))
    yield Bar("the overview unchanged (304) against an empty view", ratios, at_least=0.5)
    saves = [list(answers(rater)) for rater in portal.raters]
    inserts = [[load.post("/benchmark/insert", "")]] * load.CONNECTIONS
    ratios = compare(lambda: rate(port, saves, 204), lambda: rate(port, inserts, 204))
    yield Bar("saving a rating against a bare insert of one row", ratios, at_least=0.5)
    signed_in = [[post(rater, "/benchmark/insert-signed-in")] for rater in portal.raters]
    ratios = compare(lambda: rate(port, saves, 204), lambda: rate(port, signed_in, 204))
    yield Bar("  for scale: against the same insert by somebody signed in", ratios)


def alike(folder: Path) -> Iterator[Bar]:
    """Ideas that resemble one another are found among 100,000, and quickly."""
    recall, ratios = similar.measure(folder)
    yield Bar("labelled ideas found among the five first of 100,000", [recall], at_least=0.85)
    yield Bar("looking up alike ideas among 100,000 against reading one row", ratios, at_most=20)


def answers(rater: data.Rater) -> Iterator[bytes]:
    """The requests of somebody who changes their mind again and again."""
    for answer in ("red", "yellow", "green", "unknown"):
        yield post(rater, f"/observatorium/vurder/{SAVED}/", f"{SAVED}={answer}&", X_Requested_With="fetch")


def post(rater: data.Rater, path: str, fields: str = "", **headers: str) -> bytes:
    """Return a form sent by somebody who is signed in."""
    return load.post(path, f"{fields}csrf_token={rater.token}", Cookie=rater.cookie, **headers)


def compare(one: Callable[[], float], other: Callable[[], float]) -> list[float]:
    """Return the ratios of two rates that are measured in turn, so that what else the machine does hits both."""
    one(), other()
    return [one() / other() for _ in range(ROUNDS)]


def pages(port: int, path: str) -> float:
    return rate(port, [[load.get(path)]] * load.CONNECTIONS, 200)


def rate(port: int, requests: Sequence[Sequence[bytes]], status: int) -> float:
    """Return how many requests the server answers in a second of its own processor time.

    So what else the machine does weighs less than by the clock. Waiting for the disk, which an insert does most of all,
    isn't counted: saving looks worse than by the clock, never better.
    """
    before = processor(port)
    answered = load.answered(port, requests, status, SECONDS)
    return answered / (processor(port) - before)


def processor(port: int) -> float:
    return float(load.fetch(port, "/benchmark/processor")[2])


def statements(folder: Path, path: str) -> int:
    """Count the statements of a page in a process that has remembered nothing."""
    app = data.application(folder)
    seen: list[str] = []
    with app.app_context():
        sa.event.listen(db.engine, "before_cursor_execute", lambda *told: seen.append(told[2]))
        assert app.test_client().get(path).status_code == 200
        db.session.remove()
        db.engine.dispose()
    return len([each for each in seen if not each.startswith(("BEGIN", "PRAGMA"))])


@contextmanager
def serving(portal: data.Portal) -> Iterator[int]:
    """Serve a portal in a process of its own; give the port."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = int(free.getsockname()[1])
    command = [sys.executable, "-m", "benchmarks.serve", str(port)]
    log = portal.folder / "server.log"
    with (
        log.open("w") as out,
        subprocess.Popen(
            command, cwd=ROOT, env=data.environment(portal.folder, port), stdout=out, stderr=out
        ) as process,
    ):
        try:
            _wait(port, process, log)
            yield port
        finally:
            process.terminate()


def _wait(port: int, process: subprocess.Popen[bytes], log: Path) -> None:
    for _ in range(300):
        if process.poll() is not None:
            raise RuntimeError(f"The server did not start:\n{log.read_text()}")
        try:
            if load.fetch(port, "/benchmark/empty")[0] == 200:
                return
        except OSError:
            time.sleep(0.1)
    raise RuntimeError("The server did not answer within 30 seconds.")


if __name__ == "__main__":
    sys.exit(main())
