"""What publishing 1,000,000 weighted ratings costs: time against a bare GROUP BY, memory against 100,000."""

from __future__ import annotations

import shutil
import sys
import tempfile
import tracemalloc
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import sqlalchemy as sa

ROOT = Path(__file__).parent.parent
sys.path.insert(0, str(ROOT))

from flask_migrate import upgrade

from benchmarks import data
from benchmarks.run import HEADING, Bar
from portal.demo import load as demo
from portal.kernel import clock
from portal.kernel.db import atomic, db
from portal.kernel.identity import SYSTEM
from portal.observatorium.actions.rounds import close_round
from portal.observatorium.models.rounds import Ballot
from portal.observatorium.models.weights import PopulationTable
from portal.observatorium.population import AgeBand, Gender
from portal.observatorium.queries.publishing import Computed, compute
from portal.observatorium.queries.rounds import get_round
from portal.places.models import Neighbourhood

FEW, MANY = 100_000, 1_000_000
TIMES = 5
PLACES = 10
SLUG = "2026"


def main() -> int:
    """Measure, tell, and answer 1 when a bar is missed."""
    folder = Path(tempfile.mkdtemp(prefix="portal-publishing-"))
    try:
        bars = list(measure(folder))
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    print(HEADING, *bars, sep="\n")
    return int(any(bar.verdict == "MISS" for bar in bars))


def measure(folder: Path) -> Iterator[Bar]:
    """Make both portals, and compare."""
    with a_closed_round(folder / "few", FEW):
        few = memory()
    with a_closed_round(folder / "many", MANY) as round_:
        many, ratios = memory(), list(against_counting(round_))
        weighted = [each["weighted"] for each in computed().bodies["1.1"]["groups"]]
        if not any(weighted):
            raise SystemExit("Nothing was weighted: the figures would be those of another computation.")
    yield Bar("computing the weighted result of 1,000,000 ratings against one bare GROUP BY", ratios, at_most=10)
    yield Bar("peak memory at 1,000,000 ratings against 100,000", [many / few], at_most=2)
    yield Bar("  for scale: peak memory at 1,000,000 ratings, MB", [many / 1e6])


def memory() -> int:
    computed()  # what is read once and remembered is no part of it
    tracemalloc.start()
    try:
        computed()
        return tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()


def against_counting(round_id: int) -> Iterator[float]:
    """Compare with the one statement that nothing can do without, in turn."""
    count = sa.text("SELECT indicator, answer, count(*) FROM ratings WHERE round_id = :id GROUP BY indicator, answer")
    for _ in range(TIMES):
        bare = data._seconds(lambda: db.session.execute(count, {"id": round_id}).all())  # noqa: SLF001 - one clock for both
        yield data._seconds(computed) / bare  # noqa: SLF001 - one clock for both


def computed() -> Computed:
    return compute(get_round(SYSTEM, SLUG), 1, "")


@contextmanager
def a_closed_round(folder: Path, ratings: int) -> Iterator[int]:
    """Make a portal with a closed round of so many ratings, in which residents told their age and gender."""
    folder.mkdir(parents=True)
    with data.application(folder).app_context():
        upgrade()
        coordinator = demo.make_cast()["coordinator"]
        round_id = data._open(coordinator, SLUG)  # noqa: SLF001 - the same round as in the other benchmarks
        data._fill(round_id, ratings)  # noqa: SLF001 - the same ratings as in the other benchmarks
        tell_of_themselves(round_id)
        close_round(coordinator, SLUG)
        yield round_id
        db.session.remove()
        db.engine.dispose()


@atomic
def tell_of_themselves(round_id: int) -> None:
    """Spread the residents over ages, genders and places by their pseudonyms, and put the population beside them."""
    places = [Neighbourhood(slug=f"sted-{n}", name=f"Sted {n}", latitude=59.8, longitude=10.4) for n in range(PLACES)]
    db.session.add_all(places)
    db.session.flush()
    kinds = {"age_band": list(AgeBand), "gender": list(Gender), "neighbourhood_id": [place.id for place in places]}
    of_residents = sa.text("stakeholder_group = 'resident'")
    for digit, (column, values) in enumerate(kinds.items(), 1):
        sign = sa.func.instr("0123456789ABCDEF", sa.func.substr(sa.func.hex(Ballot.pseudonym), digit, 1)) % len(values)
        spread = sa.case(*((sign == number, value) for number, value in enumerate(values)))
        told = sa.update(Ballot).where(Ballot.round_id == round_id, of_residents).values({column: spread})
        db.session.execute(told, execution_options={"synchronize_session": False})
    cells = [
        [band.value, gender.value, str(place.id), 900 + 50 * number]
        for number, band in enumerate(AgeBand)
        for gender in Gender
        for place in places
    ]
    table = PopulationTable(round_id=round_id, cells=cells, total=1, source="benchmark", source_date=clock.today())
    table.total, table.uploaded_at = sum(cell[3] for cell in cells), clock.now()
    db.session.add(table)


if __name__ == "__main__":
    sys.exit(main())
