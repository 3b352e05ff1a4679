"""What the tests of rounds and ratings begin with: a round, and many people to rate in it."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta

import sqlalchemy as sa

from portal.accounts.models import Account
from portal.kernel import clock, outbox
from portal.kernel.db import atomic, db
from portal.kernel.identity import Actor, Role, SignInMethod, StakeholderGroup
from portal.observatorium.actions.rating import RatingDraft, Standing, rate
from portal.observatorium.actions.rounds import RoundDraft, make_round, open_round
from portal.observatorium.catalogue import Answer
from portal.observatorium.models.rounds import Round, Tie
from tests.support.cast import Cast

RESIDENT = Standing(group=StakeholderGroup.RESIDENT, tie=Tie.LIVES)
BOTH = (SignInMethod.PASSWORD, SignInMethod.OIDC)


def draft(slug: str = "2026", *, methods: Iterable[SignInMethod] = BOTH, days: int = 30) -> RoundDraft:
    now = clock.now()
    return RoundDraft(
        slug=slug,
        title=f"Runde {slug}",
        opens_at=now - timedelta(hours=1),
        closes_at=now + timedelta(days=days),
        sign_in_methods=tuple(methods),
    )


def an_open_round(cast: Cast, slug: str = "2026", *, methods: Iterable[SignInMethod] = BOTH, days: int = 30) -> Round:
    """Make and open a round that lasts for some days."""
    make_round(cast.actor("coordinator"), draft(slug, methods=methods, days=days))
    return open_round(cast.actor("coordinator"), slug)


@atomic
def people(count: int) -> list[Actor]:
    """Make residents with an account each."""
    accounts = [
        Account(email=f"person{n}@demo.example", name=f"Person {n}", created_at=clock.now()) for n in range(count)
    ]
    db.session.add_all(accounts)
    db.session.flush()
    return [
        Actor(id=each.id, name=each.name, roles=frozenset({Role.MEMBER}), sign_in=SignInMethod.PASSWORD)
        for each in accounts
    ]


def answers(
    actor: Actor,
    indicator: str = "1.1",
    answer: Answer = Answer.GREEN,
    *,
    standing: Standing | None = RESIDENT,
    slug: str = "2026",
) -> None:
    """Let somebody answer."""
    rate(actor, RatingDraft(round=slug, indicator=indicator, answer=answer, standing=standing))


@atomic
def change(statement: sa.UpdateBase) -> None:
    """Change what no action of this package may change."""
    db.session.execute(statement)


def work() -> None:
    """Do what the worker would, until nothing is left."""
    while outbox.deliver_due():
        pass
