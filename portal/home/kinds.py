"""What the front door tells the kernel: help as a kind of content, and what people have told of their own accord."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

import sqlalchemy as sa

from portal.accounts.models import Account
from portal.home.actions import KEPT, forget_old
from portal.home.help_texts import TOPICS
from portal.home.models import AccessibilityReport
from portal.kernel.content import Card, ContentKind, Entry, Ref
from portal.kernel.db import db
from portal.kernel.i18n import LANGUAGES, _l, in_language
from portal.kernel.identity import SYSTEM, Actor
from portal.kernel.personal import NOTHING_LEFT, PersonalData, Terms

HELP = "help"
WRITTEN = datetime(2026, 11, 22, tzinfo=UTC)
"""When the texts were looked over last: among hits they stand as old as they are."""


def cards(ids: Sequence[int]) -> Mapping[int, Card]:
    """Return the answers of the help page as links."""
    return {
        number: Card(
            ref=Ref(HELP, number),
            title=str(TOPICS[number].question),
            endpoint="home.help_page",
            values={"_anchor": TOPICS[number].key},
        )
        for number in ids
        if number in TOPICS
    }


def may(_actor: Actor, ref: Ref, verb: str) -> bool:
    """Everybody may read the help."""
    return verb == "read" and ref.id in TOPICS


def entries(ids: Sequence[int]) -> Mapping[int, Sequence[Entry]]:
    """Return what the search index keeps of the help, in each language."""
    return {number: [_entry(number, language) for language in LANGUAGES] for number in ids if number in TOPICS}


def all_ids(after: int, limit: int) -> Sequence[int]:
    """Return the numbers of the answers, for building the search index anew."""
    return [number for number in sorted(TOPICS) if number > after][:limit]


def _entry(number: int, language: str) -> Entry:
    topic = TOPICS[number]
    with in_language(language):
        return Entry(title=str(topic.question), body=str(topic.answer), language=language, updated_at=WRITTEN)


def export(account_id: int) -> Mapping[str, Sequence[Mapping[str, Any]]]:
    """Return what came with the person's address: it is kept without an account."""
    rows = db.session.execute(
        sa.select(AccessibilityReport.page, AccessibilityReport.text, AccessibilityReport.created_at)
        .where(AccessibilityReport.email == _address(account_id))
        .order_by(AccessibilityReport.id)
    )
    return {"accessibility_reports": [dict(row) for row in rows.mappings()]}


def erase(account_id: int, _terms: Terms = NOTHING_LEFT) -> None:
    """Take the person's address off what they told; the faults still have to be mended."""
    address = sa.update(AccessibilityReport).where(AccessibilityReport.email == _address(account_id))
    db.session.execute(address.values(email=None))


def retain() -> Mapping[str, int]:
    """Forget what was told long ago."""
    return forget_old(SYSTEM)


def _address(account_id: int) -> sa.ScalarSelect[str | None]:
    return sa.select(Account.email).where(Account.id == account_id).scalar_subquery()


HELP_TEXTS = ContentKind(name=HELP, label=_l("hjelp"), cards=cards, may=may, entries=entries, all_ids=all_ids)

PERSONAL = PersonalData(
    name="home",
    tables=frozenset({"accessibility_reports"}),
    export=export,
    erase=erase,
    retain=retain,
    kept=((_l("Meldinger om tilgjengelighet"), KEPT),),
)
