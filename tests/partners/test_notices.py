"""Notices to administrators when something with a partner's portal needs a person."""

from __future__ import annotations

from collections.abc import Callable

import sqlalchemy as sa

from portal.kernel.db import db
from portal.kernel.identity import SYSTEM
from portal.notifications.models import Notice
from portal.partners.actions.importing import TOLD_AFTER, end_sync, try_partner
from portal.partners.actions.trust import learn_keys
from portal.partners.models.partners import Partner
from tests.support.cast import Cast
from tests.support.page import Visitor
from tests.support.portals import OtherPortal


def told() -> list[tuple[int, str]]:
    """Return whom something was told, and what, oldest first."""
    found = db.session.execute(sa.select(Notice.account_id, Notice.sentence).order_by(Notice.id))
    return [(account_id, sentence) for account_id, sentence in found]


def test_administrators_are_told_of_a_key_that_waits_for_them_and_led_to_it(
    cast: Cast, source: OtherPortal, partner: Partner, run_worker: Callable[[], None], visitor: Callable[..., Visitor]
) -> None:
    source.rotate(endorsed_by_old=False)
    for _ in range(2):
        learn_keys(SYSTEM, partner.id, source.described(), proven=False)
    run_worker()
    assert told() == [(cast.admin.id, "partner_key_waits")]
    page = visitor("admin").get("notifications.index")
    assert "En partner har en ny nøkkel som noen må godkjenne" in page.words
    assert partner.name in page.words


def test_nobody_is_told_of_a_key_that_the_old_one_vouches_for(
    source: OtherPortal, partner: Partner, run_worker: Callable[[], None]
) -> None:
    source.rotate()
    learn_keys(SYSTEM, partner.id, source.described(), proven=True)
    run_worker()
    assert told() == []


def test_administrators_are_told_once_each_time_a_partner_is_away_for_long(
    cast: Cast, partner: Partner, run_worker: Callable[[], None]
) -> None:
    def fails(times: int) -> None:
        for _ in range(times):
            try_partner(SYSTEM, partner.id)  # asked just now, so the worker doesn't ask it as well
            end_sync(SYSTEM, partner.id, {}, etag=None, error="It answered 500.")
        run_worker()

    fails(TOLD_AFTER - 1)
    assert told() == []
    fails(20)
    assert told() == [(cast.admin.id, "partner_fails")]
    end_sync(SYSTEM, partner.id, {}, etag="")
    fails(TOLD_AFTER - 1)
    assert len(told()) == 1
