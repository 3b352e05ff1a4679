"""The pages of taking part itself: a whole conversation, one thread, the history of a text, what one follows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from portal.accounts.queries.organisations import Voice, spokesperson_organisations
from portal.kernel.content import Card, Ref
from portal.kernel.db import db
from portal.kernel.errors import Forbidden, NotFound
from portal.kernel.extensions import content
from portal.kernel.i18n import _l
from portal.kernel.identity import Actor
from portal.kernel.paging import paginate
from portal.participation import policy
from portal.participation.differences import Piece, differences
from portal.participation.events import CONTRIBUTION
from portal.participation.models import Contribution, ContributionVersion, Follow, Form, Pseudonym
from portal.participation.queries.panels import Panel, offered, on, standings
from portal.participation.queries.said import Said, Thread, placed, readable, rows, said, threads

PAGE = 20
VERSIONS = 30
"""How many earlier wordings the history goes back."""
FOLLOWED = 200
"""How many things the list of what one follows goes back."""
NO_CONTRIBUTION = _l("Vi finner ikke dette innlegget.")


@dataclass(frozen=True, kw_only=True)
class ConversationPage:
    """All contributions of one form on a thing, newest first."""

    card: Card
    panel: Panel
    form: Form
    forms: Sequence[Form]
    """The forms that there is something of, or could be."""
    next: str | None


@dataclass(frozen=True, kw_only=True)
class ThreadPage:
    """One contribution with all its replies."""

    card: Card
    """Of the thing it is on."""
    thread: Thread
    signed_in: bool
    next: str | None


@dataclass(frozen=True, kw_only=True)
class WritePage:
    """What is shown to somebody who is about to write."""

    card: Card
    """Of the thing it will stand on."""
    form: Form
    parent: Said | None
    organisations: Sequence[Voice]
    pseudonym: str | None
    """The name they have used in this conversation already."""
    may_answer: bool
    text: str = ""
    """What they wrote elsewhere, and want to say here instead."""


@dataclass(frozen=True, kw_only=True)
class EditPage:
    """What is shown to an author who is about to change or take back what they wrote."""

    card: Card | None
    """Of the thing it is on; None when that is no longer shown: one's own can be taken back all the same."""
    said: Said


@dataclass(frozen=True)
class Wording:
    """One edit: when, and what became of the words."""

    at: datetime | None
    hidden: bool
    """Whether a moderator has hidden what it said before."""
    pieces: Sequence[Piece]


@dataclass(frozen=True, kw_only=True)
class HistoryPage:
    """How a contribution has been edited, newest edit first."""

    card: Card
    said: Said
    wordings: Sequence[Wording]


@dataclass(frozen=True)
class Followed:
    """One thing that somebody follows. It may be gone, or out of view, and can be let go all the same."""

    ref: Ref
    card: Card | None
    since: datetime


def thing(actor: Actor, ref: Ref, verb: str | None) -> Card:
    """Return a thing to somebody who may do this with it; without a verb, to take back what they did.

    Raises NotFound or Forbidden.
    """
    if verb is not None:
        policy.must_join(actor, ref, verb)
    return _card(ref, offered(actor, ref))


def conversation(actor: Actor, ref: Ref, form: Form | None, cursor: str | None) -> ConversationPage:
    """Return one page of what is written on a thing: of one form, or of the first that there is something of."""
    verbs = offered(actor, ref)
    card = _card(ref, verbs)
    standing = standings(actor, [ref])[ref]
    forms = [each for each in Form if policy.VERBS[each] in verbs or standing.counts.of(each)]
    if ref.kind == CONTRIBUTION or not forms:
        raise NotFound(_l("Her er det ingen samtale."))
    chosen = form if form in forms else next((each for each in forms if standing.counts.of(each)), forms[0])
    found = paginate(
        rows(actor).where(*on(ref, chosen), placed(actor)), Contribution.id.desc(), cursor=cursor, limit=PAGE
    )
    by_ref = {ref: verbs}
    panel = Panel(
        ref=ref,
        counts=standing.counts,
        signed_in=actor.is_signed_in,
        may=verbs,
        supported=standing.supported,
        followed=standing.followed,
        threads={chosen: threads(actor, [said(actor, row, by_ref) for row in found.items], by_ref)},
        more=frozenset(),
    )
    return ConversationPage(card=card, panel=panel, form=chosen, forms=forms, next=found.next)


def thread(actor: Actor, contribution_id: int, cursor: str | None) -> ThreadPage:
    """Return a contribution with its replies, the municipality's answer first; raises NotFound."""
    top, verbs = _said(actor, contribution_id)
    if top.parent_id is not None or not (top.is_shown or top.reply_count):
        raise NotFound(NO_CONTRIBUTION)
    card = _card(top.on, verbs[top.on])
    statement = rows(actor).where(Contribution.parent_id == contribution_id, readable(actor))
    found = paginate(statement, Contribution.is_official.desc(), Contribution.id, cursor=cursor, limit=PAGE)
    replies = [said(actor, row, verbs) for row in found.items]
    return ThreadPage(card=card, thread=Thread(top=top, replies=replies), signed_in=actor.is_signed_in, next=found.next)


def writing(actor: Actor, ref: Ref, form: Form, source: Ref | None = None) -> WritePage:
    """Return what is shown to somebody who may write this there; on a contribution it is a reply.

    `source` is something of their own whose text they want to say here instead.
    """
    parent = db.session.get(Contribution, ref.id) if ref.kind == CONTRIBUTION else None
    if ref.kind == CONTRIBUTION and parent is None:
        raise NotFound(NO_CONTRIBUTION)
    target = policy.target(parent) if parent else ref
    policy.must_write(actor, target, parent.form if parent else form, parent)
    verbs = {target: offered(actor, target)}
    quoted = _read(actor, ref.id, verbs) if parent else None
    pseudonym = db.session.scalar(
        sa.select(Pseudonym.name).where(
            Pseudonym.kind == target.kind, Pseudonym.target_id == target.id, Pseudonym.account_id == actor.id
        )
    )
    return WritePage(
        card=_card(target, verbs[target]),
        form=quoted.form if quoted else form,
        parent=quoted,
        organisations=spokesperson_organisations(actor.id or 0),
        pseudonym=pseudonym,
        may_answer=quoted is not None and quoted.may.answer,
        text=_own_text(actor, source) if source else "",
    )


def _own_text(actor: Actor, source: Ref) -> str:
    """Return what somebody wrote in a thing of their own; nothing of anybody else's."""
    written = content().written([source]).get(source)
    if written is None or written.author_id != actor.id:
        return ""
    return "\n\n".join(text for text in written.fields.values() if text)


def own(actor: Actor, contribution_id: int, *, to_edit: bool = False) -> EditPage:
    """Return a contribution to its author, who may take it back, and change it unless Forbidden is raised.

    To others it is NotFound.
    """
    found, verbs = _said(actor, contribution_id)
    if not found.is_mine:
        raise NotFound(NO_CONTRIBUTION)
    if to_edit and not found.may.edit:
        raise Forbidden(policy.LIMITED if actor.is_limited else policy.NOT_EDITABLE)
    return EditPage(card=content().cards([found.on]).get(found.on) if verbs[found.on] else None, said=found)


def history(actor: Actor, contribution_id: int) -> HistoryPage:
    """Return what a contribution said before each edit, and what the edit changed; raises NotFound."""
    found, verbs = _said(actor, contribution_id)
    if not found.is_shown:
        raise NotFound(NO_CONTRIBUTION)
    earlier = db.session.scalars(
        sa.select(ContributionVersion)
        .where(ContributionVersion.contribution_id == contribution_id)
        .order_by(ContributionVersion.id.desc())
        .limit(VERSIONS)
    ).all()
    wordings, after = [], found.text
    for version in earlier:
        pieces = () if version.hidden else differences(version.text, after)
        wordings.append(Wording(version.until, version.hidden, pieces))
        after = after if version.hidden else version.text
    return HistoryPage(card=_card(found.on, verbs[found.on]), said=found, wordings=wordings)


def following(actor: Actor) -> list[Followed]:
    """Return what somebody follows, the newest first, in a fixed number of statements."""
    found = db.session.execute(
        sa.select(Follow.kind, Follow.target_id, Follow.created_at)
        .where(Follow.account_id == actor.id)
        .order_by(Follow.created_at.desc(), Follow.kind, Follow.target_id)
        .limit(FOLLOWED)
    )
    since = {Ref(kind, id_): at for kind, id_, at in found}
    cards = content().cards([*since])
    return [Followed(ref, cards.get(ref), at) for ref, at in since.items()]


def _said(actor: Actor, contribution_id: int) -> tuple[Said, dict[Ref, frozenset[str]]]:
    on_ = db.session.execute(
        sa.select(Contribution.kind, Contribution.target_id).where(Contribution.id == contribution_id)
    ).first()
    if on_ is None:
        raise NotFound(NO_CONTRIBUTION)
    ref = Ref(*on_)
    verbs = {ref: offered(actor, ref)}
    return _read(actor, contribution_id, verbs), verbs


def _read(actor: Actor, contribution_id: int, verbs: dict[Ref, frozenset[str]]) -> Said:
    return said(actor, db.session.execute(rows(actor).where(Contribution.id == contribution_id)).one(), verbs)


def _card(ref: Ref, verbs: frozenset[str]) -> Card:
    card = content().cards([ref]).get(ref) if verbs else None
    if card is None:
        raise NotFound
    return card
