"""Many at once: supports are counted exactly, and of two merges of the same idea one stands."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from typing import Any

import sqlalchemy as sa
from flask import Flask

from portal.accounts.models import Account
from portal.ideas.actions.merging import merge_ideas
from portal.ideas.models.cases import Merge
from portal.ideas.models.ideas import Idea
from portal.kernel import clock
from portal.kernel.content import PublicationState, Ref
from portal.kernel.db import atomic, db
from portal.kernel.errors import Conflict
from portal.kernel.identity import Actor, Role
from portal.participation.actions.joining import support, withdraw_support
from portal.participation.models import Support, Tally
from tests.support.ideas import published

PEOPLE = 50


@atomic
def people(count: int, *roles: Role) -> list[Actor]:
    moment = clock.now()
    rows = [Account(email=f"p{len(roles)}-{n}@demo.example", name=f"P {n}", created_at=moment) for n in range(count)]
    db.session.add_all(rows)
    db.session.flush()
    return [Actor(id=each.id, name=each.name, roles=frozenset({Role.MEMBER, *roles})) for each in rows]


def together(app: Flask, works: Sequence[Callable[[], Any]]) -> list[Any]:
    """Do all of it at the same moment, each in a thread; return what came of it, refusals too."""
    start, got = threading.Barrier(len(works)), []

    def run(work: Callable[[], Any]) -> None:
        with app.app_context():
            start.wait()
            try:
                got.append(work())
            except Conflict as refusal:
                got.append(refusal)
            finally:
                db.session.remove()

    threads = [threading.Thread(target=run, args=(work,)) for work in works]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return got


def counted(idea_id: int) -> tuple[int, int]:
    """Return the stored number of supports, and the rows."""
    tally = db.session.get(Tally, ("idea", idea_id), populate_existing=True)
    rows = sa.select(sa.func.count()).where(Support.kind == "idea", Support.target_id == idea_id)
    return (tally.supports if tally else 0), db.session.scalar(rows) or 0


def test_fifty_who_support_and_withdraw_are_counted_exactly(own_app: Flask) -> None:
    with own_app.app_context():
        author, *others = people(PEOPLE + 1)
        idea_id = published(author).id
        db.session.remove()

    def work(index: int, actor: Actor) -> Callable[[], Any]:
        def run() -> None:
            support(actor, Ref("idea", idea_id))
            support(actor, Ref("idea", idea_id))
            if index % 2:
                withdraw_support(actor, Ref("idea", idea_id))

        return run

    together(own_app, [work(index, actor) for index, actor in enumerate(others)])
    with own_app.app_context():
        assert counted(idea_id) == (PEOPLE // 2, PEOPLE // 2)


def test_of_two_merges_of_one_idea_at_once_one_stands(own_app: Flask) -> None:
    with own_app.app_context():
        advisers = people(2, Role.IDEA_MANAGER)
        author, *fans = people(11)
        ids = [published(author, title).id for title in ("Buss", "Nattbuss", "Kveldsbuss")]
        for number, fan in enumerate(fans):
            support(fan, Ref("idea", ids[number % 3]))
        db.session.remove()
    works = [lambda a=advisers[n], into=ids[n]: merge_ideas(a, into, ids[2], "Samme idé.") for n in range(2)]
    got = together(own_app, works)
    assert sum(isinstance(each, Conflict) for each in got) == 1
    with own_app.app_context():
        standing = db.session.scalars(sa.select(Merge)).one()
        assert db.session.get_one(Idea, ids[2]).state is PublicationState.MERGED
        assert counted(standing.kept_id) == (7, 7) or counted(standing.kept_id) == (6, 6)
        for id_ in ids:
            stored, rows = counted(id_)
            assert stored == rows


def test_two_who_merge_each_into_the_other_dont_lose_both(own_app: Flask) -> None:
    with own_app.app_context():
        advisers = people(2, Role.IDEA_MANAGER)
        author = people(1)[0]
        first, second = (published(author, title).id for title in ("Buss", "Nattbuss"))
        db.session.remove()
    works = [
        lambda: merge_ideas(advisers[0], first, second, "Samme idé."),
        lambda: merge_ideas(advisers[1], second, first, "Samme idé."),
    ]
    got = together(own_app, works)
    assert sum(isinstance(each, Conflict) for each in got) == 1
    with own_app.app_context():
        states = {db.session.get_one(Idea, id_).state for id_ in (first, second)}
        assert states == {PublicationState.PUBLISHED, PublicationState.MERGED}
