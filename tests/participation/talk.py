"""What the tests of taking part begin with: something to take part in, and words that have been let through."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa

from portal.kernel.content import PublicationState, Ref, Restriction
from portal.kernel.db import atomic, db
from portal.kernel.identity import Actor
from portal.participation import kinds
from portal.participation.actions.writing import ContributionDraft, contribute
from portal.participation.events import CONTRIBUTION
from portal.participation.models import Contribution, Follow, Form, Support, Tally

INDICATOR = Ref("indicator", 101)
NUMBER = "1.1"

restrict = atomic(kinds.restrict)
erase = atomic(kinds.erase)


def ask(actor: Actor, text: str = "Når kommer gatelyset?", *, ref: Ref = INDICATOR, **draft: Any) -> Contribution:
    """Ask about a thing, or reply; nobody has read it yet."""
    return contribute(actor, ref, ContributionDraft(text=text, **{"form": Form.QUESTION, **draft}))


def of(contribution: Contribution) -> Ref:
    return Ref(CONTRIBUTION, contribution.id)


def let_through(contribution: Contribution) -> Contribution:
    """Do what moderation does when it lets something be shown."""
    restrict(of(contribution), Restriction(state=PublicationState.PUBLISHED))
    return contribution


def asked(actor: Actor, text: str = "Når kommer gatelyset?", *, ref: Ref = INDICATOR, **draft: Any) -> Contribution:
    """Ask about a thing, or reply, and let it through."""
    return let_through(ask(actor, text, ref=ref, **draft))


def tally(ref: Ref, counter: str) -> int:
    """Read one counter from the database, past what the session remembers."""
    found = db.session.scalar(
        sa.select(Tally.__table__.c[counter]).where(Tally.kind == ref.kind, Tally.target_id == ref.id)
    )
    return found or 0


def rows(model: type[Support | Follow], ref: Ref) -> int:
    return (
        db.session.scalar(
            sa.select(sa.func.count()).select_from(model).where(model.kind == ref.kind, model.target_id == ref.id)
        )
        or 0
    )
