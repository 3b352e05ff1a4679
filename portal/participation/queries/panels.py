"""What a page shows of taking part in the things it is about, and what its reader may do with them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from typing import Any

import sqlalchemy as sa

from portal.kernel.content import Ref
from portal.kernel.db import db
from portal.kernel.identity import Actor
from portal.participation import policy
from portal.participation.events import CONTRIBUTION
from portal.participation.models import Contribution, Follow, Form, Support, Tally
from portal.participation.queries.said import Said, Thread, placed, rows, said, threads

SHOWN = 10
"""How many contributions of each form a page shows before one asks for the rest."""


@dataclass(frozen=True)
class Counts:
    """How many take part in a thing, and how much is written on it: of what is shown."""

    supports: int = 0
    followers: int = 0
    arguments_for: int = 0
    arguments_against: int = 0
    questions: int = 0
    comments: int = 0

    def of(self, form: Form) -> int:
        """Return how many contributions of a form there are."""
        counted = {
            Form.ARGUMENT_FOR: self.arguments_for,
            Form.ARGUMENT_AGAINST: self.arguments_against,
            Form.QUESTION: self.questions,
            Form.COMMENT: self.comments,
        }
        return counted[form]


@dataclass(frozen=True, kw_only=True)
class Panel:
    """Everything a page shows of taking part in one thing."""

    ref: Ref
    counts: Counts
    signed_in: bool
    may: frozenset[str]
    """What the reader may do, by verb; of one who is signed out: what they could do after signing in."""
    supported: bool
    """By the reader."""
    followed: bool
    """By the reader."""
    threads: Mapping[Form, Sequence[Thread]]
    more: frozenset[Form]
    """The forms that there is more of than is shown here."""


@dataclass(frozen=True)
class Standing:
    """How a thing stands, and how one reader stands to it."""

    counts: Counts = Counts()
    supported: bool = False
    followed: bool = False


def panel(
    actor: Actor,
    ref: Ref,
    *,
    forms: Sequence[Form] = tuple(Form),
    shown: int = SHOWN,
    standing: Standing | None = None,
) -> Panel:
    """Return what a page shows of one thing: its newest contributions of each form, with their first replies.

    Three statements, two when the page has read the `standing` already, and what the thing's own kind asks to know what
    the reader may do.
    """
    return panels(actor, {ref: forms}, shown=shown, stands={ref: standing} if standing else None)[ref]


def panels(
    actor: Actor,
    wanted: Mapping[Ref, Sequence[Form]],
    *,
    shown: int = SHOWN,
    stands: Mapping[Ref, Standing] | None = None,
) -> dict[Ref, Panel]:
    """Return the panels of many things, each with the forms it shows, in as many statements as one takes."""
    stands = stands or standings(actor, [*wanted])
    verbs = {ref: offered(actor, ref) for ref in wanted}
    tops = _newest(actor, wanted, verbs, shown + 1)
    kept: dict[tuple[Ref, Form], list[Said]] = {}
    for top in tops:
        kept.setdefault((top.on, top.form), []).append(top)
    with_replies = threads(actor, [top for group in kept.values() for top in group[:shown]], verbs)
    by_place: dict[tuple[Ref, Form], list[Thread]] = {}
    for thread in with_replies:
        by_place.setdefault((thread.top.on, thread.top.form), []).append(thread)
    return {
        ref: Panel(
            ref=ref,
            counts=stands[ref].counts,
            signed_in=actor.is_signed_in,
            may=verbs[ref],
            supported=stands[ref].supported,
            followed=stands[ref].followed,
            threads={form: by_place.get((ref, form), []) for form in forms},
            more=frozenset(form for form in forms if len(kept.get((ref, form), ())) > shown),
        )
        for ref, forms in wanted.items()
    }


def tallies(refs: Sequence[Ref]) -> dict[Ref, Counts]:
    """Return how many take part in each of many things, in one statement."""
    return {ref: standing.counts for ref, standing in standings(Actor(), refs).items()}


def standings(actor: Actor, refs: Sequence[Ref]) -> dict[Ref, Standing]:
    """Return how each of many things stands, in one statement."""
    found = dict.fromkeys(refs, Standing())
    if not refs:
        return found
    pairs = [(ref.kind, ref.id) for ref in refs]
    statement = sa.select(Tally.kind, Tally.target_id, *standing_columns(actor))
    for kind, id_, *columns in db.session.execute(statement.where(sa.tuple_(Tally.kind, Tally.target_id).in_(pairs))):
        found[Ref(kind, id_)] = standing_of(columns)
    return found


def standing_columns(actor: Actor) -> list[Any]:
    """Return how the thing of a `Tally` stands, as columns for a statement that has it beside the thing itself."""
    me = actor.id or 0
    mine = (
        sa.exists()
        .where(model.kind == Tally.kind, model.target_id == Tally.target_id, model.account_id == me)
        .correlate(Tally)
        for model in (Support, Follow)
    )
    return [*mine, *(getattr(Tally, each.name) for each in fields(Counts))]


def standing_of(columns: Sequence[Any]) -> Standing:
    """Return the standing that `standing_columns` make; of what has no row of its own, nothing yet."""
    supported, followed, *numbers = columns
    return Standing(Counts(*(number or 0 for number in numbers)), bool(supported), bool(followed))


def offered(actor: Actor, ref: Ref) -> frozenset[str]:
    """Return what somebody may do with a thing, or could do after signing in."""
    if actor.is_signed_in:
        return policy.allowed(actor, ref)
    return policy.allowed(policy.ANYBODY, ref) if "read" in policy.allowed(actor, ref) else frozenset()


def _newest(
    actor: Actor, wanted: Mapping[Ref, Sequence[Form]], verbs: Mapping[Ref, frozenset[str]], limit: int
) -> list[Said]:
    """Return the newest of each form on each thing: a short walk along the index for each, all in one statement."""
    walks = [_newest_ids(actor, ref, form, limit) for ref, forms in wanted.items() for form in forms if verbs[ref]]
    if not walks:
        return []
    statement = rows(actor).where(Contribution.id.in_(sa.union_all(*walks))).order_by(Contribution.id.desc())
    return [said(actor, row, verbs) for row in db.session.execute(statement)]


def _newest_ids(actor: Actor, ref: Ref, form: Form, limit: int) -> sa.Select[tuple[int]]:
    walk = (
        sa.select(Contribution.id)
        .outerjoin(Tally, sa.and_(Tally.kind == CONTRIBUTION, Tally.target_id == Contribution.id))
        .where(*on(ref, form), placed(actor))
        .order_by(Contribution.id.desc())
        .limit(limit)
        .subquery()
    )
    return sa.select(walk.c.id)


def on(ref: Ref, form: Form) -> tuple[sa.ColumnElement[bool], ...]:
    """Return the conditions for the contributions of one form on one thing, without the replies."""
    return (
        Contribution.kind == ref.kind,
        Contribution.target_id == ref.id,
        Contribution.form == form,
        Contribution.parent_id.is_(None),
    )
