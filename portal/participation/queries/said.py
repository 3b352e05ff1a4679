"""Contributions as they are shown to somebody: what they say, under which name, and what the reader may do."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from portal.accounts.models import Byline
from portal.accounts.queries.bylines import shown_name
from portal.kernel.content import PublicationState, Ref
from portal.kernel.db import db
from portal.kernel.extensions import content
from portal.kernel.identity import Actor
from portal.participation import policy
from portal.participation.events import CONTRIBUTION
from portal.participation.models import Contribution, ContributionVersion, Form, Support, Tally
from portal.participation.policy import Abilities

REPLIES = 10
"""How many replies are shown under each contribution before one asks for the rest."""


@dataclass(frozen=True, kw_only=True)
class Said:
    """One contribution, seen by one reader."""

    id: int
    ref: Ref
    on: Ref
    form: Form
    parent_id: int | None
    text: str
    language: str
    state: PublicationState
    byline: str
    is_pseudonym: bool
    is_official: bool
    answered_by: str
    """The name of the municipality that an official answer is from; empty when it is the portal's own."""
    is_mine: bool
    created_at: datetime
    edited_at: datetime | None
    version: int
    has_history: bool
    supports: int
    supported: bool
    """By the reader."""
    reply_count: int
    may: Abilities
    """What the reader may do; of one who is signed out: what they could do after signing in."""

    @property
    def is_shown(self) -> bool:
        """Whether its text is shown to this reader: otherwise only its place, because of the replies under it."""
        published = self.state is PublicationState.PUBLISHED
        return published or (self.is_mine and self.state is not PublicationState.WITHDRAWN)

    @property
    def anchor(self) -> str:
        return f"innlegg-{self.id}"


@dataclass(frozen=True, kw_only=True)
class Thread:
    """A contribution with the first of its replies, the municipality's answer before the others."""

    top: Said
    replies: Sequence[Said]

    @property
    def left(self) -> int:
        """How many replies are shown elsewhere only."""
        return max(0, self.top.reply_count - sum(each.state is PublicationState.PUBLISHED for each in self.replies))


def rows(actor: Actor) -> sa.Select[Contribution, str, int, int, bool, bool]:
    """Return the statement that reads contributions with all that is shown of each; add which."""
    mine = (
        sa.exists()
        .where(
            Support.kind == CONTRIBUTION, Support.target_id == Contribution.id, Support.account_id == (actor.id or 0)
        )
        .label("supported")
    )
    versions = sa.exists().where(ContributionVersion.contribution_id == Contribution.id).label("has_history")
    return sa.select(
        Contribution,
        shown_name(Contribution).label("byline"),
        sa.func.coalesce(Tally.supports, 0).label("supports"),
        sa.func.coalesce(Tally.comments, 0).label("replies"),
        mine,
        versions,
    ).outerjoin(Tally, sa.and_(Tally.kind == CONTRIBUTION, Tally.target_id == Contribution.id))


def readable(actor: Actor) -> sa.ColumnElement[bool]:
    """Return the condition for what somebody may read: what is shown, and one's own."""
    own = sa.and_(Contribution.author_id == (actor.id or 0), Contribution.state != PublicationState.WITHDRAWN)
    return sa.or_(Contribution.state == PublicationState.PUBLISHED, own)


def placed(actor: Actor) -> sa.ColumnElement[bool]:
    """Return the condition for what has a place on a page: what one may read, and what there are replies under."""
    return sa.or_(readable(actor), Tally.comments > 0)


def said(actor: Actor, row: Any, verbs: Mapping[Ref, Collection[str]]) -> Said:
    """Return one contribution as this reader sees it; `verbs` is what they may do with the things written on."""
    contribution, byline, supports, replies, supported, has_history = row
    on = policy.target(contribution)
    someone = actor if actor.is_signed_in else policy.ANYBODY
    return Said(
        id=contribution.id,
        ref=Ref(CONTRIBUTION, contribution.id),
        on=on,
        form=contribution.form,
        parent_id=contribution.parent_id,
        text=contribution.text,
        language=contribution.language,
        state=contribution.state,
        byline=byline,
        is_pseudonym=contribution.byline is Byline.PSEUDONYM,
        is_official=contribution.is_official,
        answered_by=content().answers(on) if contribution.is_official else "",
        is_mine=policy.is_author(actor, contribution),
        created_at=contribution.created_at,
        edited_at=contribution.edited_at,
        version=contribution.version,
        has_history=has_history,
        supports=supports,
        supported=supported,
        reply_count=replies,
        may=policy.abilities(someone, contribution, frozenset(verbs.get(on, ()))),
    )


def threads(actor: Actor, tops: Sequence[Said], verbs: Mapping[Ref, Collection[str]]) -> list[Thread]:
    """Return the contributions with their first replies, in one statement however many there are."""
    place = sa.func.row_number().over(
        partition_by=Contribution.parent_id, order_by=(Contribution.is_official.desc(), Contribution.id)
    )
    ranked = (
        sa.select(Contribution.id, place.label("place"))
        .where(Contribution.parent_id.in_([top.id for top in tops]), readable(actor))
        .subquery()
    )
    statement = (
        rows(actor)
        .join(ranked, ranked.c.id == Contribution.id)
        .where(ranked.c.place <= REPLIES)
        .order_by(Contribution.is_official.desc(), Contribution.id)
    )
    under: dict[int | None, list[Said]] = {}
    for row in db.session.execute(statement) if tops else ():
        reply = said(actor, row, verbs)
        under.setdefault(reply.parent_id, []).append(reply)
    return [Thread(top=top, replies=under.get(top.id, ())) for top in tops]
