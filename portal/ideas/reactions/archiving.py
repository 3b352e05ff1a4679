"""Sends the package of a case to the municipality's archive."""

from __future__ import annotations

import base64
from collections.abc import Mapping
from hashlib import sha256
from typing import Any
from urllib.parse import urlsplit

from portal import config
from portal.ideas.actions.archiving import mark_archived
from portal.ideas.queries.archiving import package_of
from portal.kernel import outgoing
from portal.kernel.content import Ref
from portal.kernel.db import db
from portal.kernel.identity import SYSTEM
from portal.kernel.outgoing import OutgoingFailed, OutgoingRefused

SECONDS = 60
TAKEN = frozenset({200, 201, 202, 204})


def deliver(payload: Mapping[str, Any]) -> None:
    """Send a case by PUT, as it stands now; whatever fails is tried again by the outbox."""
    settings, ref = config.current(), Ref(payload["kind"], payload["id"])
    if not settings.archive_url:
        raise OutgoingRefused("No archive is set up: set PORTAL_ARCHIVE_URL.")
    package = package_of(SYSTEM, ref)
    db.session.rollback()  # nothing is held open while another machine is asked
    digest = base64.b64encode(sha256(package.content).digest()).decode()
    headers = {"Content-Type": "application/zip", "Content-Digest": f"sha-256=:{digest}:"}
    if settings.archive_token:
        headers["Authorization"] = f"Bearer {settings.archive_token}"
    answer = outgoing.request(
        "PUT",
        f"{settings.archive_url.rstrip('/')}/{package.name}",
        headers=headers,
        content=package.content,
        timeout=SECONDS,
        allow=(urlsplit(settings.archive_url).netloc,),
    )
    if answer.status not in TAKEN:
        raise OutgoingFailed(f"The archive answered {answer.status}.")
    mark_archived(SYSTEM, ref, package.sha256)
