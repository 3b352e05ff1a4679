"""Writing notices: telling people, putting notices in mails exactly once, and what people choose and have read."""

from __future__ import annotations

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

import sqlalchemy as sa

from portal.kernel import clock, outbox
from portal.kernel.content import Ref
from portal.kernel.db import atomic, db, delete_rows, insert_once, upsert
from portal.kernel.errors import Invalid
from portal.kernel.events import publish
from portal.kernel.i18n import _l
from portal.kernel.identity import SYSTEM, Actor
from portal.notifications import policy, queries
from portal.notifications.choices import CHOSEN, STANDARD, allowed
from portal.notifications.events import NoticeSettingsChanged
from portal.notifications.models import DigestMark, Frequency, Notice, NoticeKind, NoticeSetting

MAIL = "notices.mail"
"""The outbox topic of a mail with notices."""
DIGEST_HOUR = 7
"""From when in the morning, Norwegian time, digests are made."""
MANY = 200
"""Accounts told, or digests made, at a time."""
KEPT = timedelta(days=365)


@dataclass(frozen=True, kw_only=True)
class Telling:
    """Some people are to be told one thing. The same cause tells a person once, however often it is asked for."""

    cause: str
    sentence: str
    notice_kind: NoticeKind
    ref: Ref
    accounts: Sequence[int]


@atomic
def tell(actor: Actor, telling: Telling) -> int:
    """Make the notices of a telling, and ask for the mails of those who want theirs at once; return how many."""
    made = 0
    wants = queries.frequencies(telling.accounts, telling.notice_kind)
    for account_id in queries.living(telling.accounts):
        made += _tell(account_id, telling, wants[account_id])
    return made


@atomic
def make_digests(actor: Actor = SYSTEM) -> int:
    """Put what waits in digests, from seven in the morning: daily, and weekly from Monday; return how many were made.

    At most `MANY` of each at a time: call it until it makes none. A notice is marked as mailed in the transaction that
    asks for the mail, so it is in one mail exactly, whoever is killed and whatever the clock does.
    """
    now = clock.local(clock.now())
    if now.hour < DIGEST_HOUR:
        return 0
    today = now.date()
    monday = today - timedelta(days=today.weekday())
    return _digests(Frequency.DAILY, today) + _digests(Frequency.WEEKLY, monday)


@atomic
def choose(actor: Actor, frequencies: Mapping[NoticeKind, Frequency]) -> None:
    """Choose how often one wants each kind by mail."""
    account_id = policy.own_account(actor)
    for kind, frequency in frequencies.items():
        if frequency not in allowed(kind):
            raise Invalid(kind.value, _l("Velg et av alternativene."))
    _choose(actor, account_id, frequencies, by_link=False)


@atomic
def unsubscribe(actor: Actor, account_id: int, kinds: Sequence[NoticeKind]) -> None:
    """Stop the mail of some kinds, by the link in a mail: whoever has the link may, signed in or not.

    What can't be turned off stays as it is.
    """
    stopped = {kind: Frequency.NEVER for kind in kinds if Frequency.NEVER in allowed(kind)}
    if queries.find_recipient(account_id) is not None:
        _choose(actor, account_id, stopped, by_link=True)


@atomic
def mark_read(actor: Actor, up_to: int) -> None:
    """Mark one's notices as read, up to and with the newest one that was shown."""
    db.session.execute(
        sa.update(Notice)
        .where(Notice.account_id == policy.own_account(actor), Notice.id <= up_to, Notice.read_at.is_(None))
        .values(read_at=clock.now())
    )


@atomic
def forget_old(actor: Actor = SYSTEM) -> int:
    """Delete notices older than a year."""
    return delete_rows(sa.delete(Notice).where(Notice.created_at < clock.now() - KEPT))


def _tell(account_id: int, telling: Telling, frequency: Frequency) -> bool:
    now = clock.now()
    mailed = now if frequency in {Frequency.NOW, Frequency.NEVER} else None
    values = {
        "account_id": account_id,
        "notice_kind": telling.notice_kind,
        "sentence": telling.sentence,
        "kind": telling.ref.kind,
        "target_id": telling.ref.id,
        "cause": telling.cause,
        "created_at": now,
        "mailed_at": mailed,
    }
    if not insert_once(Notice, values):
        return False
    if frequency is Frequency.NOW:
        which = sa.select(Notice.id).where(Notice.account_id == account_id, Notice.cause == telling.cause)
        _ask_for_mail(account_id, [db.session.scalars(which).one()], frequency)
    return True


def _digests(frequency: Frequency, period: date) -> int:
    due = queries.due_for_digest(frequency, period, MANY)
    for account_id in due:
        _digest(account_id, frequency, period, clock.now())
    return len(due)


def _digest(account_id: int, frequency: Frequency, period: date, now: datetime) -> None:
    wants = {**STANDARD, **queries.chosen(account_id)}
    waiting = queries.waiting_notices(account_id, [kind for kind, each in wants.items() if each is frequency])
    unread = [notice.id for notice in waiting if notice.read_at is None]
    for notice in waiting:
        notice.mailed_at = now
    upsert(DigestMark, {"account_id": account_id, "frequency": frequency, "period": period}, change=("period",))
    if unread:
        _ask_for_mail(account_id, unread, frequency)


def _ask_for_mail(account_id: int, notices: Sequence[int], frequency: Frequency) -> None:
    payload = {
        "account": account_id,
        "notices": list(notices),
        "frequency": frequency.value,
        "token": secrets.token_hex(16),
    }
    outbox.enqueue(MAIL, payload)


def _choose(actor: Actor, account_id: int, wanted: Mapping[NoticeKind, Frequency], *, by_link: bool) -> None:
    before = queries.chosen(account_id)
    changed = {kind: each for kind, each in wanted.items() if kind in CHOSEN and before[kind] is not each}
    for kind, frequency in changed.items():
        values = {"account_id": account_id, "notice_kind": kind, "frequency": frequency}
        upsert(NoticeSetting, values, change=("frequency",))
        if frequency is Frequency.NEVER:
            _give_up(account_id, kind)
    if changed:
        told = {kind.value: frequency.value for kind, frequency in changed.items()}
        publish(NoticeSettingsChanged(actor=actor, account_id=account_id, chosen=told, by_link=by_link))


def _give_up(account_id: int, kind: NoticeKind) -> None:
    """Let what waits never be mailed: it isn't to come all at once if the mail is turned on again."""
    db.session.execute(
        sa.update(Notice)
        .where(Notice.account_id == account_id, Notice.notice_kind == kind, Notice.mailed_at.is_(None))
        .values(mailed_at=clock.now())
    )
