"""What the worker does with notices: it tells many people, and sends mails that say nothing of what is removed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from portal.kernel import mail
from portal.kernel.content import Ref
from portal.kernel.identity import SYSTEM
from portal.notifications import actions, links, queries
from portal.notifications.actions import Telling
from portal.notifications.choices import allowed
from portal.notifications.models import Frequency, NoticeKind
from portal.notifications.queries import NoticeRow, Recipient

TELL = "notices.tell"
"""The outbox topic of telling many people: the transaction of what happened isn't held up by its followers."""


def tell(payload: Mapping[str, Any]) -> None:
    """Tell people what was asked for: the outbox's sender."""
    kind, target_id = payload["ref"]
    telling = Telling(
        cause=payload["cause"],
        sentence=payload["sentence"],
        notice_kind=NoticeKind(payload["notice_kind"]),
        ref=Ref(kind, target_id),
        accounts=payload["accounts"],
    )
    actions.tell(SYSTEM, telling)


def make_all_digests() -> int:
    """Make every digest that is due, some hundred in a transaction; return how many. Called often by the worker."""
    made = 0
    while some := actions.make_digests(SYSTEM):
        made += some
    return made


def send(payload: Mapping[str, Any]) -> None:
    """Send a mail with notices, without those whose thing is gone: the outbox's sender. With none left, no mail."""
    recipient = queries.find_recipient(payload["account"])
    if recipient is None or recipient.email is None:
        return
    notices = queries.by_ids(payload["account"], payload["notices"])
    rows = [row for row in queries.rows(recipient.actor, notices) if row.card]
    if rows:
        letter = _letter(recipient, rows, Frequency(payload["frequency"]), payload["token"])
        mail.deliver(mail.rendered(letter))


def _letter(recipient: Recipient, rows: Sequence[NoticeRow], frequency: Frequency, token: str) -> dict[str, Any]:
    kinds = list(dict.fromkeys(row.notice.notice_kind for row in rows))
    stoppable = [kind for kind in kinds if Frequency.NEVER in allowed(kind)]
    link = links.token(int(recipient.actor.id or 0), stoppable) if stoppable else ""
    return {
        "template": "notifications/mail/notices",
        "to": recipient.email,
        "language": recipient.language,
        "headers": mail.one_click(link_path(link)) if link else {},
        "values": {
            "name": recipient.actor.name,
            "frequency": frequency.value,
            "items": [_item(row) for row in rows],
            "unsubscribe": link,
        },
        "token": token,
    }


def link_path(token: str) -> str:
    """Return the path of the page that stops the mail."""
    return f"/varsler/avmeld/{token}"


def _item(row: NoticeRow) -> dict[str, Any]:
    card = row.card
    assert card is not None  # noqa: S101 - those without were left out
    return {
        "sentence": row.notice.sentence,
        "title": card.title,
        "excerpt": card.excerpt,
        "language": card.language,
        "endpoint": card.endpoint,
        "values": dict(card.values),
    }
