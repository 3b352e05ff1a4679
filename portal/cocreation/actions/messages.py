"""Writing to a project or an actor through the portal: nobody sees an address."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

import sqlalchemy as sa

from portal.accounts.models import Account
from portal.cocreation import policy
from portal.cocreation.events.finding import ConversationEnded, MessageSent
from portal.cocreation.models.finding import Message
from portal.cocreation.queries.messages import Conversation, conversation, has_ended, recipients_of, target
from portal.kernel import clock
from portal.kernel.content import Ref
from portal.kernel.db import atomic, db, insert_once
from portal.kernel.errors import Conflict, Forbidden, Invalid
from portal.kernel.events import publish
from portal.kernel.i18n import _l
from portal.kernel.identity import Actor

NEW_A_DAY = 10
"""Threads that somebody may begin in 24 hours."""
LONGEST = 5000
SIGN_IN = _l("Logg inn for å skrive en melding.")
ENDED = _l("De du skriver til, har avsluttet samtalen. Du kan ikke skrive mer til dem her.")


@atomic
def send_message(actor: Actor, about: Ref, text: str, *, key: str) -> Message:
    """Begin a thread about a project, a need, an offer or an organisation. The same form twice is one.

    Raises Invalid at the text past ten new threads in 24 hours, Conflict when nobody would read it, Forbidden,
    NotFound.
    """
    policy.must(policy.may_start(actor), actor, SIGN_IN)
    _must_say(text)
    db.session.execute(sa.select(Account.id).where(Account.id == actor.id).with_for_update())
    sent = db.session.scalars(sa.select(Message).where(Message.sender_id == actor.id, Message.key == key)).one_or_none()
    if sent is not None:
        return sent
    side = target(actor, about).side
    readers = recipients_of(side)
    if actor.id in readers:
        raise Conflict(_l("Du er selv en av dem som svarer her."))
    if not readers:
        raise Conflict(_l("Det er ingen som kan svare her akkurat nå."))
    if has_ended(actor, side):
        raise Conflict(ENDED)
    _must_wait(actor)
    return _send(actor, {"kind": about.kind, "target_id": about.id, "text": text}, key)


@atomic
def answer_message(actor: Actor, thread_id: int, text: str, *, key: str) -> Message:
    """Write in a thread, on either side of it. The same form twice is one.

    Raises Invalid at the text, Conflict when the thread has ended, Forbidden, NotFound.
    """
    found = _locked(actor, thread_id)
    policy.must(policy.may_start(actor), actor, SIGN_IN)
    _must_say(text)
    first = found.first
    if first.ended_at is not None:
        raise Conflict(ENDED if found.is_sender else _l("Samtalen er avsluttet. Åpne den igjen for å svare."))
    about = {"kind": first.kind, "target_id": first.target_id}
    return _send(actor, {**about, "text": text, "answers_id": first.id}, key)


@atomic
def end_conversation(actor: Actor, thread_id: int, *, ended: bool = True) -> None:
    """Hear no more from somebody about this, or let them write again: for those who were written to. Twice is once.

    Raises Forbidden, NotFound.
    """
    found = _locked(actor, thread_id)
    if found.is_sender:
        raise Forbidden(_l("Det kan bare de som fikk meldingen, gjøre."))
    first = found.first
    if (first.ended_at is not None) != ended:
        first.ended_at = clock.now() if ended else None
        db.session.flush()
        about: dict[str, Any] = {"kind": first.kind, "target_id": first.target_id}
        publish(ConversationEnded(actor=actor, message_id=first.id, reopened=not ended, **about))


def _locked(actor: Actor, thread_id: int) -> Conversation:
    db.session.execute(sa.select(Message.id).where(Message.id == thread_id).with_for_update())
    return conversation(actor, thread_id)


def _must_say(text: str) -> None:
    if not text.strip():
        raise Invalid("text", _l("Skriv en melding."))
    if len(text) > LONGEST:
        raise Invalid("text", _l("Skriv høyst %(max)d tegn.", max=LONGEST))


def _must_wait(actor: Actor) -> None:
    """Nobody begins more than so many threads in 24 hours."""
    mine = (Message.sender_id == actor.id, Message.answers_id.is_(None))
    since = clock.now() - timedelta(days=1)
    begun = sa.select(sa.func.count()).select_from(Message).where(*mine, Message.sent_at > since)
    if (db.session.scalar(begun) or 0) >= NEW_A_DAY:
        raise Invalid(
            "text",
            _l(
                "Du har startet %(most)d samtaler det siste døgnet. Vent til i morgen, eller skriv i en av dem.",
                most=NEW_A_DAY,
            ),
        )


def _send(actor: Actor, values: Mapping[str, Any], key: str) -> Message:
    row = {"answers_id": None, **values, "sender_id": actor.id, "key": key, "sent_at": clock.now()}
    is_new = insert_once(Message, row)
    sent = db.session.scalars(sa.select(Message).where(Message.sender_id == actor.id, Message.key == key)).one()
    if is_new:
        publish(MessageSent(actor=actor, message_id=sent.id, kind=sent.kind, target_id=sent.target_id))
    return sent
