"""What notifications keep about people: their notices and their choices."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import sqlalchemy as sa

from portal.kernel.db import db, delete_rows
from portal.kernel.i18n import _l
from portal.kernel.identity import SYSTEM
from portal.kernel.personal import NOTHING_LEFT, PersonalData, Terms
from portal.notifications import actions, words
from portal.notifications.models import DigestMark, Notice, NoticeSetting


def export(account_id: int) -> Mapping[str, Sequence[Mapping[str, Any]]]:
    """Return a person's notices and choices."""
    notices = db.session.execute(
        sa.select(Notice.sentence, Notice.created_at, Notice.read_at, Notice.mailed_at)
        .where(Notice.account_id == account_id)
        .order_by(Notice.id)
    )
    settings = db.session.execute(
        sa.select(NoticeSetting.notice_kind, NoticeSetting.frequency).where(NoticeSetting.account_id == account_id)
    )
    return {
        "notices": [dict(row) for row in notices.mappings()],
        "notice_settings": [dict(row) for row in settings.mappings()],
    }


def erase(account_id: int, _terms: Terms = NOTHING_LEFT) -> None:
    """Delete a person's notices and choices. A mail that waits finds nobody to go to."""
    for model in (Notice, NoticeSetting, DigestMark):
        delete_rows(sa.delete(model).where(model.__table__.c.account_id == account_id))


def retain() -> Mapping[str, int]:
    """Forget old notices."""
    return {"notices": actions.forget_old(SYSTEM)}


PERSONAL = PersonalData(
    name="notifications",
    tables=frozenset({"notices", "notice_settings", "digest_marks"}),
    export=export,
    erase=erase,
    retain=retain,
    kept=((_l("Varsler"), actions.KEPT),),
    words={"sentence": words.SENTENCES, "notice_kind": words.KINDS, "frequency": words.FREQUENCIES},
)
