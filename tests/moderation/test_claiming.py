"""Twenty moderators at once: no case is ever had by two."""

from __future__ import annotations

import threading
from datetime import timedelta

import sqlalchemy as sa
from flask import Flask

from portal.accounts.models import Account
from portal.kernel import clock
from portal.kernel.db import atomic, db
from portal.kernel.errors import Conflict
from portal.kernel.identity import Actor, Role
from portal.moderation.actions import claims
from portal.moderation.models import Case, CaseEvent, Cause

MODERATORS = 20


@atomic
def made(cases: int) -> tuple[list[Actor], list[int]]:
    """Make moderators, and cases about what somebody else wrote."""
    moment = clock.now()
    accounts = [Account(email=f"m{n}@demo.example", name=f"M {n}", created_at=moment) for n in range(MODERATORS + 1)]
    db.session.add_all(accounts)
    db.session.flush()
    author, *moderators = accounts
    rows = [
        Case(
            kind="observatory_comment",
            target_id=number,
            cause=Cause.NEW,
            author_id=author.id,
            signals=[],
            opened_at=moment,
            due_at=moment + timedelta(hours=1),
        )
        for number in range(1, cases + 1)
    ]
    db.session.add_all(rows)
    db.session.flush()
    actors = [Actor(id=each.id, name=each.name, roles=frozenset({Role.MODERATOR})) for each in moderators]
    return actors, [row.id for row in rows]


def together(app: Flask, actors: list[Actor], work: object) -> list[object]:
    """Let every actor do the work at the same moment, each in a thread; return what they got."""
    start = threading.Barrier(len(actors))
    got: list[object] = []

    def run(actor: Actor) -> None:
        with app.app_context():
            start.wait()
            try:
                got.append(work(actor))  # type: ignore[operator]
            except Conflict:
                got.append(None)
            finally:
                db.session.remove()

    threads = [threading.Thread(target=run, args=(actor,)) for actor in actors]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return got


def number(case: Case | None) -> int | None:
    return case.id if case is not None else None


def test_twenty_who_ask_for_the_next_case_get_twenty_different_ones(own_app: Flask) -> None:
    with own_app.app_context():
        actors, ids = made(MODERATORS + 3)
    got = together(own_app, actors, lambda actor: number(claims.claim_next(actor)))
    assert None not in got
    assert len(set(got)) == MODERATORS
    assert set(got) <= set(ids)


def test_of_twenty_who_take_the_same_case_one_gets_it(own_app: Flask) -> None:
    with own_app.app_context():
        actors, (case_id,) = made(1)
    got = together(own_app, actors, lambda actor: number(claims.claim(actor, case_id)))
    assert [each for each in got if each is not None] == [case_id]
    with own_app.app_context():
        assert db.session.scalar(sa.select(sa.func.count()).select_from(CaseEvent)) == 1
        db.session.remove()


def test_of_twenty_who_ask_when_one_is_left_one_gets_it(own_app: Flask) -> None:
    with own_app.app_context():
        actors, (case_id,) = made(1)
    got = together(own_app, actors, lambda actor: number(claims.claim_next(actor)))
    assert [each for each in got if each is not None] == [case_id]
