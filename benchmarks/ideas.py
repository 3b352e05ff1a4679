"""Checks that the list of ideas costs the same at 10,000 as at 100, in work and time, and counts its statements."""

from __future__ import annotations

import shutil
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from random import Random
from typing import Any

import sqlalchemy as sa
from flask import Flask
from flask_migrate import upgrade

ROOT = Path(__file__).parent.parent
sys.path.insert(0, str(ROOT))

from benchmarks import data
from benchmarks.run import HEADING, Bar
from portal.accounts.models import Account, Byline
from portal.ideas.models.cases import CaseStep, Step
from portal.ideas.models.ideas import Idea
from portal.ideas.stages import Decision, IdeaKind, Stage
from portal.kernel import clock
from portal.kernel.content import PublicationState
from portal.kernel.db import atomic, db
from portal.kernel.identity import SYSTEM
from portal.kernel.slugs import slug
from portal.participation.models import Contribution, Form, Support, Tally
from portal.places.models import Location
from portal.search.actions import index_range

FEW, MANY = 100, 10_000
SUPPORTS, ARGUMENTS = 10, 5
"""Of each idea."""
PEOPLE = 500
ROUNDS = 11
EACH = 12
"""Pages in each round."""
INSTRUCTIONS = 10
CHUNK = 5_000
WORDS = (
    *("buss", "sykkel", "skole", "skog", "lys", "park", "hall", "kurs", "skjema", "møte", "vei", "plass"),
    *("bok", "mat", "vann", "lag", "tur", "kart", "hjelp", "varme"),
)

PAGES = {
    "the list": "/ideer/",
    "the most supported": "/ideer/?sorter=supports",
    "the most discussed": "/ideer/?sorter=discussed",
    "the nearest deadlines": "/ideer/?sorter=due",
    "tidstyver": "/ideer/?type=time_thief",
    "the board": "/ideer/?visning=tavle",
}
COUNTED = {
    **PAGES,
    "a search": "/ideer/?q=sykkel+skole",
    "the map": "/ideer/?visning=kart",
    "the map's points": "/ideer/punkter?boks=10,59,11,60&zoom=12",
    "the feed": "/ideer/atom.xml",
    "the API": "/api/v1/ideas",
}
DECIDED = {Stage.DECIDED, Stage.UNDER_WAY, Stage.REALISED}
MOST_STATEMENTS = 8


@dataclass
class Bank:
    """A portal with so many ideas."""

    app: Flask
    ideas: int
    idea_path: str


def main() -> int:
    """Measure, print, and answer 1 when a bar is missed."""
    folder = Path(tempfile.mkdtemp(prefix="portal-bench-ideas-"))
    try:
        banks = [make(folder / str(number), number) for number in (FEW, MANY)]
        print(HEADING)
        bars: list[Bar] = []
        for bar in measure(*banks):
            print(bar, flush=True)
            bars.append(bar)
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    missed = [bar for bar in bars if bar.verdict == "MISS"]
    print(f"{len(bars) - len(missed)} of {len(bars)} bars held.")
    return 1 if missed else 0


def measure(few: Bank, many: Bank) -> Iterator[Bar]:
    """Measure one bar after the other."""
    for what, path in PAGES.items():
        work = [database_work(bank, path) for bank in (few, many)]
        yield Bar(f"work in the database for {what} at {MANY:,} against {FEW}", [work[1] / work[0]], at_most=1.25)
    for what in ("the list", "the most supported", "the most discussed", "the nearest deadlines"):
        yield Bar(f"{what} at {MANY:,} against {FEW}", in_turn(few, many, PAGES[what]), at_most=1.25)
    for what, path in {**COUNTED, "an idea": many.idea_path}.items():
        yield Bar(f"statements of {what} at {MANY:,}", [statements(many, path)], at_most=MOST_STATEMENTS)


def in_turn(few: Bank, many: Bank, path: str) -> list[float]:
    """Return how many times the processor time of the few the many take, in each of the rounds."""
    for bank in (few, many):
        processor(bank, path)
    return [1 / (processor(few, path) / processor(many, path)) for _ in range(ROUNDS)]


def processor(bank: Bank, path: str) -> float:
    client = bank.app.test_client()
    begun = time.process_time()
    for _ in range(EACH):
        assert client.get(path).status_code == 200
    return time.process_time() - begun


def database_work(bank: Bank, path: str) -> int:
    """Count the steps of SQLite's machine for a page, in tens: all that is read, compared and sorted."""
    steps = [0]

    def step() -> int:
        steps[0] += 1
        return 0

    with bank.app.app_context():
        raw = db.session.connection().connection.driver_connection
        assert raw is not None
        raw.set_progress_handler(step, INSTRUCTIONS)
        with bank.app.test_request_context(path):
            _open_in_this_session(bank.app)
        raw.set_progress_handler(None, INSTRUCTIONS)
        db.session.remove()
    return steps[0]


def _open_in_this_session(app: Flask) -> None:
    """Run the view itself, in the session whose connection is watched."""
    response = app.full_dispatch_request()
    assert response.status_code == 200, response.get_data(as_text=True)[:500]


def statements(bank: Bank, path: str) -> int:
    seen: list[str] = []
    with bank.app.app_context():
        engine = db.engine

        def note(*told: Any) -> None:
            seen.append(told[2])

        sa.event.listen(engine, "before_cursor_execute", note)
        assert bank.app.test_client().get(path).status_code == 200
        sa.event.remove(engine, "before_cursor_execute", note)
    return len([each for each in seen if not each.startswith(("BEGIN", "PRAGMA"))])


def make(folder: Path, ideas: int) -> Bank:
    """Make a portal with so many ideas, each with supports and arguments, put straight into the tables."""
    folder.mkdir(parents=True)
    app = data.application(folder)
    begun = time.monotonic()
    with app.app_context():
        upgrade()
        fill(ideas)
        after: int | None = 0
        while after is not None:
            after = index_range(SYSTEM, "idea", after, 500)
        db.session.execute(sa.text("ANALYZE"))
        db.session.commit()
        title = db.session.scalar(sa.select(Idea.title).where(Idea.id == ideas // 2)) or ""
        db.session.remove()
    print(f"A portal with {ideas:,} ideas made in {time.monotonic() - begun:.0f} s", flush=True)
    return Bank(app, ideas, f"/ideer/{ideas // 2}-{slug(title)}")


@atomic
def fill(ideas: int) -> None:
    """Insert the rows in bulk; their texts and stages are drawn with a fixed seed."""
    random, now = Random(18091), clock.now()
    people = [{"id": 10_000 + n, "name": f"Person {n}", "created_at": now, "version": 1} for n in range(PEOPLE)]
    for person in people:
        person["email"] = f"person{person['id']}@example.org"
    _insert(Account, people)
    author = people[0]["id"]
    numbers = range(1, ideas + 1)
    _insert(Idea, [_idea(number, author, random, now) for number in numbers])
    _insert(CaseStep, [{"idea_id": n, "at": now, "step": Step.RECEIVED} for n in numbers])
    _insert(Location, [_location(n, random, now) for n in numbers if n % 5])
    supported = {n: min(PEOPLE, random.randrange(2 * SUPPORTS + 1)) for n in numbers}
    _insert(
        Support,
        [
            {"kind": "idea", "target_id": n, "account_id": person["id"], "created_at": now}
            for n, count in supported.items()
            for person in random.sample(people, count)
        ],
    )
    argued = {n: [random.choice([Form.ARGUMENT_FOR, Form.ARGUMENT_AGAINST]) for _ in range(ARGUMENTS)] for n in numbers}
    _insert(
        Contribution,
        [_argument(n, form, at, author, now) for n, forms in argued.items() for at, form in enumerate(forms)],
    )
    _insert(
        Tally,
        [
            {
                "kind": "idea",
                "target_id": n,
                "supports": supported[n],
                "arguments_for": argued[n].count(Form.ARGUMENT_FOR),
                "arguments_against": argued[n].count(Form.ARGUMENT_AGAINST),
                "questions": random.randrange(4),
            }
            for n in numbers
        ],
    )


def _insert(model: type[Any], rows: Sequence[dict[str, Any]]) -> None:
    for begin in range(0, len(rows), CHUNK):
        db.session.execute(sa.insert(model), rows[begin : begin + CHUNK])


def _idea(number: int, author: Any, random: Random, now: datetime) -> dict[str, Any]:
    stage = random.choice(list(Stage))
    began = now - timedelta(minutes=30 * number)
    answered = stage is not Stage.RECEIVED or random.random() < 0.2
    return {
        "id": number,
        "kind": random.choice(list(IdeaKind)),
        "title": f"{' '.join(random.sample(WORDS, 3)).capitalize()} {number}",
        "challenge": " ".join(random.choices(WORDS, k=40)) + ".",
        "solution": " ".join(random.choices(WORDS, k=60)) + ".",
        "language": "nb",
        "state": PublicationState.PUBLISHED,
        "stage": stage,
        "stage_since": began,
        "decision": random.choice(list(Decision))
        if stage in {Stage.DECIDED, Stage.UNDER_WAY, Stage.REALISED}
        else None,
        "answer_due_at": began + timedelta(days=14),
        "answered_at": began if answered else None,
        "answers": {},
        "key": f"benchmark-{number}",
        "created_at": began,
        "saved_at": began,
        "sent_at": began,
        "shown_at": began,
        "author_id": author,
        "byline": Byline.NAME,
        "version": 1,
    }


def _location(number: int, random: Random, now: datetime) -> dict[str, Any]:
    return {
        "kind": "idea",
        "target_id": number,
        "latitude": 59.5 + random.random() / 3,
        "longitude": 10.3 + random.random() / 3,
        "address": "",
        "x": 567_000_000 + random.randrange(1_000_000),
        "y": 312_000_000 + random.randrange(1_000_000),
        "is_public": True,
        "placed_at": now,
    }


def _argument(number: int, form: Form, at: int, author: Any, now: datetime) -> dict[str, Any]:
    return {
        "kind": "idea",
        "target_id": number,
        "form": form,
        "text": f"Argument {at} om idé {number}.",
        "language": "nb",
        "state": PublicationState.PUBLISHED,
        "key": f"benchmark-{number}-{at}",
        "author_id": author,
        "byline": Byline.NAME,
        "created_at": now,
        "version": 1,
    }


if __name__ == "__main__":
    sys.exit(main())
