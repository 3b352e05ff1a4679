"""Reading notices: the list, how many are unread, what each person has chosen, and what a mail is to say."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

import sqlalchemy as sa

from portal.accounts.models import Account, Grant
from portal.kernel.content import Card, Ref
from portal.kernel.db import db
from portal.kernel.extensions import content
from portal.kernel.identity import Actor, Role
from portal.kernel.paging import paginate
from portal.notifications import policy
from portal.notifications.choices import CHOSEN, STANDARD
from portal.notifications.models import DigestMark, Frequency, Notice, NoticeKind, NoticeSetting

PAGE_SIZE = 30
MOST_UNREAD = 99
"""Above this nobody cares how many."""


@dataclass(frozen=True, kw_only=True)
class NoticeRow:
    """A notice and what it is about; no card when that can't be read any more."""

    notice: Notice
    card: Card | None


@dataclass(frozen=True, kw_only=True)
class NoticesPage:
    """One page of somebody's notices, the newest first."""

    rows: Sequence[NoticeRow]
    next: str | None
    unread: int


@dataclass(frozen=True, kw_only=True)
class Recipient:
    """Somebody to be told, as the worker knows them."""

    actor: Actor
    email: str | None
    """None when there is no confirmed address: then the notice in the portal is all."""
    language: str


def notices_page(actor: Actor, cursor: str | None) -> NoticesPage:
    """Return one page of the actor's notices."""
    mine = sa.select(Notice).where(Notice.account_id == policy.own_account(actor))
    page = paginate(mine, Notice.id.desc(), cursor=cursor, limit=PAGE_SIZE)
    return NoticesPage(rows=rows(actor, page.items), next=page.next, unread=unread(actor))


def rows(actor: Actor, notices: Sequence[Notice]) -> list[NoticeRow]:
    """Return notices with the cards of what they are about, as far as the actor may read it now."""
    refs = [Ref(notice.kind, notice.target_id) for notice in notices]
    readable = {ref: card for ref, card in content().cards(refs).items() if content().may(actor, ref, "read")}
    return [NoticeRow(notice=notice, card=readable.get(ref)) for notice, ref in zip(notices, refs, strict=True)]


def unread(actor: Actor) -> int:
    """Return how many notices the actor hasn't read, at most `MOST_UNREAD`."""
    if actor.id is None:
        return 0
    some = sa.select(Notice.id).where(Notice.account_id == actor.id, Notice.read_at.is_(None)).limit(MOST_UNREAD)
    return db.session.scalar(sa.select(sa.func.count()).select_from(some.subquery())) or 0


def chosen(account_id: int) -> dict[NoticeKind, Frequency]:
    """Return how often somebody wants each kind that can be chosen for."""
    stored = db.session.execute(
        sa.select(NoticeSetting.notice_kind, NoticeSetting.frequency).where(NoticeSetting.account_id == account_id)
    )
    own = {row.notice_kind: row.frequency for row in stored}
    return {kind: own.get(kind, STANDARD[kind]) for kind in CHOSEN}


def frequencies(account_ids: Sequence[int], kind: NoticeKind) -> Mapping[int, Frequency]:
    """Return how often each of many people wants one kind."""
    stored = db.session.execute(
        sa.select(NoticeSetting.account_id, NoticeSetting.frequency).where(
            NoticeSetting.account_id.in_(account_ids), NoticeSetting.notice_kind == kind
        )
    )
    own = {row.account_id: row.frequency for row in stored}
    return {account_id: own.get(account_id, STANDARD[kind]) for account_id in account_ids}


def find_recipient(account_id: int) -> Recipient | None:
    """Return somebody who can be told; None when the account is closed or erased."""
    account = db.session.get(Account, account_id)
    if account is None or account.deactivated_at or account.erased_at:
        return None
    held = db.session.scalars(sa.select(Grant.role).where(Grant.account_id == account_id))
    language = account.language or "nb"
    actor = Actor(
        id=account.id,
        name=account.name,
        roles=frozenset({Role.MEMBER, *held}),
        language=language,
        limited_until=account.limited_until,
        municipality_number=account.municipality_number,
    )
    return Recipient(actor=actor, email=account.email if account.email_confirmed_at else None, language=language)


def living(account_ids: Sequence[int]) -> list[int]:
    """Return those of the accounts that are neither closed nor erased."""
    alive = sa.select(Account.id).where(
        Account.id.in_(account_ids), Account.deactivated_at.is_(None), Account.erased_at.is_(None)
    )
    return list(db.session.scalars(alive.order_by(Account.id)))


def due_for_digest(frequency: Frequency, period: date, limit: int) -> list[int]:
    """Return accounts with notices that wait for a digest of this frequency and haven't had this period's.

    The period is compared for being another, not a later, one: a clock that went ahead and came back stops nobody's
    digests, and no notice is mailed twice whatever the clock says.
    """
    wanted = sa.func.coalesce(NoticeSetting.frequency, sa.case(STANDARD, value=Notice.notice_kind))
    waiting = (
        sa.select(Notice.account_id)
        .outerjoin(
            NoticeSetting,
            sa.and_(NoticeSetting.account_id == Notice.account_id, NoticeSetting.notice_kind == Notice.notice_kind),
        )
        .outerjoin(DigestMark, sa.and_(DigestMark.account_id == Notice.account_id, DigestMark.frequency == frequency))
        .where(
            Notice.mailed_at.is_(None),
            wanted == frequency,
            sa.or_(DigestMark.period.is_(None), DigestMark.period != period),
        )
        .distinct()
        .order_by(Notice.account_id)
        .limit(limit)
    )
    return list(db.session.scalars(waiting))


def waiting_notices(account_id: int, kinds: Sequence[NoticeKind]) -> Sequence[Notice]:
    """Return a person's notices of some kinds that haven't been mailed, locked, oldest first."""
    return db.session.scalars(
        sa.select(Notice)
        .where(Notice.account_id == account_id, Notice.mailed_at.is_(None), Notice.notice_kind.in_(kinds))
        .order_by(Notice.id)
        .with_for_update(skip_locked=True)
    ).all()


def by_ids(account_id: int, ids: Sequence[int]) -> Sequence[Notice]:
    """Return some of a person's notices, oldest first."""
    return db.session.scalars(
        sa.select(Notice).where(Notice.account_id == account_id, Notice.id.in_(ids)).order_by(Notice.id)
    ).all()
