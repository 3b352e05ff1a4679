"""How the case of an idea or a campaign stands with the archive, and its package."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import sqlalchemy as sa

from portal import config
from portal.ideas.archive.package import Package, pack
from portal.ideas.archive.values import Case, RegistryEntry
from portal.ideas.events.ideas import CAMPAIGN, IDEA
from portal.ideas.models.archiving import ArchivedCase
from portal.ideas.models.campaigns import Campaign
from portal.ideas.queries.campaign_case import campaign_case
from portal.ideas.queries.idea_case import idea_case
from portal.kernel.content import Ref
from portal.kernel.db import db
from portal.kernel.errors import NotFound
from portal.kernel.i18n import in_language
from portal.kernel.identity import Actor


@dataclass(frozen=True, kw_only=True)
class ArchivePage:
    """A case and the archive: what the package holds, and whether it was sent."""

    ref: Ref
    title: str
    language: str
    journal_number: str
    entries: Sequence[RegistryEntry]
    standing: ArchivedCase | None
    can_send: bool
    """An archive has been set up."""
    changed_since: bool
    """Something has happened in the case since it was sent."""


def archive_page(actor: Actor, ref: Ref) -> ArchivePage:
    """Return what the page about a case and the archive shows. Raises NotFound or Forbidden."""
    case = case_of(actor, ref)
    standing = db.session.get(ArchivedCase, (ref.kind, ref.id))
    asked = standing.asked_at if standing else None
    return ArchivePage(
        ref=ref,
        title=case.title,
        language="nb",
        journal_number=case.journal_number,
        entries=case.entries,
        standing=standing,
        can_send=bool(config.current().archive_url),
        changed_since=asked is not None and case.changed_at > asked,
    )


def package_of(actor: Actor, ref: Ref) -> Package:
    """Return the package of a case. Raises NotFound or Forbidden."""
    return pack(case_of(actor, ref))


def case_of(actor: Actor, ref: Ref) -> Case:
    """Return the case of an idea or a campaign to those who handle it. Raises NotFound or Forbidden."""
    with in_language("nb"):
        return idea_case(actor, ref.id) if ref.kind == IDEA else campaign_case(actor, ref.id)


def campaign_ref(campaign_slug: str) -> Ref:
    """Return which campaign goes by a name; raises NotFound."""
    found = db.session.scalar(sa.select(Campaign.id).where(Campaign.slug == campaign_slug))
    if found is None:
        raise NotFound
    return Ref(CAMPAIGN, found)
