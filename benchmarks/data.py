"""A portal with a published round of so many ratings and one that is open, made beside the real data."""

from __future__ import annotations

import os
import secrets
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from itertools import islice
from pathlib import Path
from random import Random

import sqlalchemy as sa
from flask import Flask, g, session
from flask_migrate import upgrade
from flask_wtf.csrf import generate_csrf

from benchmarks.serve import SCRATCH
from portal.accounts.actions.sign_in import SessionDraft, open_session
from portal.accounts.models import Account
from portal.app import create_app
from portal.demo import load as demo
from portal.kernel import clock
from portal.kernel.db import atomic, db
from portal.kernel.identity import ANONYMOUS, SYSTEM, Actor, SignInMethod, StakeholderGroup
from portal.observatorium.actions import publishing, rounds
from portal.observatorium.actions.rating import RatingDraft, Standing, rate
from portal.observatorium.catalogue import Answer, catalogue
from portal.observatorium.models.rounds import Tie
from portal.observatorium.queries.publishing import compute
from portal.observatorium.queries.rounds import get_round
from portal.observatorium.reactions import publish_result

INDICATORS = [indicator.number for indicator in catalogue().indicators]
CHUNK = 50_000
TIMES = 5
ORGANISATIONS = 300
"""How many organisations the half who don't answer as residents come from."""


@dataclass(frozen=True)
class Rater:
    """Somebody signed in: what the browser would send."""

    cookie: str
    token: str


@dataclass(frozen=True)
class Portal:
    """What a benchmark needs to know of a portal."""

    folder: Path
    ratings: int
    computing: tuple[float, ...]
    """How many times as long as a bare GROUP BY over the same ratings it took to compute the result, each time."""
    raters: tuple[Rater, ...]


def environment(folder: Path, port: int = 8000) -> dict[str, str]:
    """Return the settings of a benchmark's portal."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("PORTAL_")}
    return {**kept, "PORTAL_DATA": str(folder), "PORTAL_BASE_URL": f"http://127.0.0.1:{port}"}


def application(folder: Path) -> Flask:
    """Return the application on a benchmark's data."""
    os.environ.update({name: value for name, value in environment(folder).items() if name.startswith("PORTAL_")})
    return create_app()


def make(folder: Path, ratings: int, raters: int) -> Portal:
    """Make a portal with a published round of some ratings, and one that so many signed-in people rate in."""
    folder.mkdir(parents=True)
    app = application(folder)
    with app.app_context():
        upgrade()
        actors = demo.make_cast()
        coordinator = actors["coordinator"]
        with clock.moved(-timedelta(days=100)):
            made = _fill(_open(coordinator, "2025"), ratings)
            rounds.close_round(coordinator, "2025")
            publishing.publish_round(coordinator, "2025")
            computing = _computing("2025")
            publish_result({"slug": "2025", "revision": 1, "reason": ""})
        _open(coordinator, "2026")
        signed_in = tuple(_sign_in(app, actor) for actor in islice(_residents(), raters))
        _scratch()
        db.session.remove()
        db.engine.dispose()
    return Portal(folder, made, computing, signed_in)


def _open(coordinator: Actor, slug: str) -> int:
    now = clock.now()
    rounds.make_round(
        coordinator,
        rounds.RoundDraft(
            slug=slug,
            title=f"Runden {slug}",
            opens_at=now - timedelta(hours=1),
            closes_at=now + timedelta(days=30),
            sign_in_methods=(SignInMethod.PASSWORD,),
        ),
    )
    return rounds.open_round(coordinator, slug).id


@atomic
def _fill(round_id: int, ratings: int) -> int:
    """Put ballots and ratings straight into the tables, in the order they lie in; return how many ratings."""
    random = Random(18091)
    people = sorted(random.randbytes(32) for _ in range(-(-ratings // len(INDICATORS))))
    groups = list(StakeholderGroup)[:2]
    raw = db.session.connection().connection.cursor()
    raw.executemany(
        "INSERT INTO ballots (round_id, pseudonym, stakeholder_group, organisation, tie) VALUES (?, ?, ?, ?, ?)",
        (
            (round_id, who, groups[0].value, None, Tie.LIVES.value)
            if n % 2
            else (round_id, who, groups[1].value, people[n // 2 % ORGANISATIONS], Tie.ORGANISATION.value)
            for n, who in enumerate(people)
        ),
    )
    rows = _ratings(round_id, people, random)
    while chunk := list(islice(rows, CHUNK)):
        raw.executemany("INSERT INTO ratings (round_id, pseudonym, indicator, answer) VALUES (?, ?, ?, ?)", chunk)
    return len(people) * len(INDICATORS)


def _ratings(round_id: int, people: list[bytes], random: Random) -> Iterator[tuple[int, bytes, str, str]]:
    answers = [answer.value for answer in Answer]
    for who in people:
        chosen = random.choices(answers, (3, 4, 4, 1), k=len(INDICATORS))
        for indicator, answer in sorted(zip(INDICATORS, chosen, strict=True)):
            yield round_id, who, indicator, answer


def _computing(slug: str) -> tuple[float, ...]:
    """Compare computing a result with the one statement that nothing can do without, in turn."""
    round_ = get_round(SYSTEM, slug)
    statement = sa.text(
        "SELECT indicator, answer, count(*) FROM ratings WHERE round_id = :id GROUP BY indicator, answer"
    )

    def count() -> object:
        return db.session.execute(statement, {"id": round_.id}).all()

    def result() -> object:
        return compute(round_, 1, "")

    count(), result()
    return tuple(_seconds(result) / _seconds(count) for _ in range(TIMES))


def _seconds(work: Callable[[], object]) -> float:
    """Return how much processor time it took; SQLite works in this process."""
    begun = time.process_time()
    work()
    return time.process_time() - begun


@atomic
def _scratch() -> None:
    db.session.execute(sa.text(f"CREATE TABLE {SCRATCH} (id INTEGER PRIMARY KEY, value TEXT NOT NULL)"))


def _residents() -> Iterator[Actor]:
    number = 0
    while True:
        number += 1
        yield _resident(number)


@atomic
def _resident(number: int) -> Actor:
    account = Account(email=f"rater{number}@example.org", name=f"Rater {number}", created_at=clock.now())
    account.email_confirmed_at = clock.now()
    db.session.add(account)
    db.session.flush()
    actor = Actor(id=account.id, name=account.name, sign_in=SignInMethod.PASSWORD)
    standing = Standing(group=StakeholderGroup.RESIDENT, tie=Tie.LIVES)
    rate(actor, RatingDraft(round="2026", indicator="1.1", answer=Answer.GREEN, standing=standing))
    return actor


def _sign_in(app: Flask, actor: Actor) -> Rater:
    """Open a sign-in, and make the cookie and the form token that the browser would have."""
    draft = SessionDraft(account_id=int(actor.id or 0), method=SignInMethod.PASSWORD, device="benchmark", strong=True)
    kept = {"_user_id": open_session(ANONYMOUS, draft), "_fresh": True, "csrf_token": secrets.token_hex(20)}
    with app.test_request_context():
        g.pop("csrf_token", None)  # the token of the one before
        session.update(kept)
        token = generate_csrf()
    signer = app.session_interface.get_signing_serializer(app)  # type: ignore[attr-defined]  # the standard interface has it
    return Rater(cookie=f"{app.config['SESSION_COOKIE_NAME']}={signer.dumps(kept)}", token=token)
