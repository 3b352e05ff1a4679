"""Files follow what they lie on when it is sent in; and the worker takes away what has been removed from the store."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from itertools import islice
from typing import Any

import sqlalchemy as sa

from portal.files import actions
from portal.files.models import File
from portal.files.store import store
from portal.kernel.db import db
from portal.kernel.events import Event
from portal.kernel.identity import SYSTEM

log = logging.getLogger(__name__)


def release(event: Event) -> None:
    """When a draft is sent in, its files are too."""
    subject = event.subject()
    if subject is not None:
        actions.release(event.actor, subject)


def remove_from_store(payload: Mapping[str, Any]) -> None:
    """Take the content of a removed file away; called by the outbox when the removal is committed."""
    store().remove(str(payload["address"]))


def clean_up() -> None:
    """Remove files that were never put on anything, and what lies in the store without a row.

    The latter was left by a process that ended between writing the file and writing the row.
    """
    actions.forget_loose(SYSTEM)
    old = iter(store().old_addresses())
    while addresses := list(islice(old, 500)):
        known = set(db.session.scalars(sa.select(File.address).where(File.address.in_(addresses))))
        for address in set(addresses) - known:
            log.warning("A file without a row was swept away")
            store().remove(address)
