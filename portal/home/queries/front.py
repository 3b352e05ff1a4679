"""The front page: how the municipality does, the pillars in figures, what is new, and what needs the reader now."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

import sqlalchemy as sa

from portal.cocreation.queries import counts as projects
from portal.home.queries.duties import Duty, duties
from portal.home.queries.thread import Thread, newest_thread
from portal.ideas.queries import counts as ideas
from portal.kernel import municipalities
from portal.kernel.db import db
from portal.kernel.identity import Actor, Role
from portal.moderation.queries import counts as moderation
from portal.observatorium.queries import pages
from portal.observatorium.queries.pages import ResultPage, UnpublishedPage
from portal.search.queries import New, newest
from portal.solutions.queries import counts as solutions

NEW_KINDS = ("idea", "campaign", "project", "project_need", "solution", "observatory_round")
"""What is told as new: what somebody can read by itself and do something with."""
NEW_SHOWN, NEW_OF_EACH = 6, 3
DUTIES_SHOWN = 5


class Reader(StrEnum):
    """For whom the page is made."""

    VISITOR = "visitor"
    RESIDENT = "resident"
    EMPLOYEE = "employee"
    PARTNER = "partner"


@dataclass(frozen=True, kw_only=True)
class FrontPage:
    """Everything that the front page shows."""

    reader: Reader
    result: ResultPage | UnpublishedPage
    counts: Mapping[str, int]
    """How much there is of everything, and how much of it waits for the reader."""
    duties: Sequence[Duty]
    news: Sequence[New]
    thread: Thread | None
    """One that went all the way; told to visitors."""
    municipality: str
    """The name of the one that a partner works for."""

    @property
    def published(self) -> ResultPage | None:
        return self.result if isinstance(self.result, ResultPage) else None


def front_page(actor: Actor) -> FrontPage:
    """Return the front page as this reader needs it: six statements at most, of which two are remembered."""
    reader = reader_of(actor)
    counts = _counts(actor)
    home = municipalities.find(actor.municipality_number or "")
    return FrontPage(
        reader=reader,
        result=pages.front(),
        counts=counts,
        duties=duties(counts, DUTIES_SHOWN),
        news=newest(NEW_KINDS, limit=NEW_SHOWN, of_each=NEW_OF_EACH),
        thread=newest_thread() if reader is Reader.VISITOR else None,
        municipality=home.name if home and reader is Reader.PARTNER else "",
    )


def reader_of(actor: Actor) -> Reader:
    """Say for whom the page is made."""
    if not actor.is_signed_in:
        return Reader.VISITOR
    if actor.is_staff or actor.has(Role.VERIFIER):
        return Reader.EMPLOYEE
    return Reader.PARTNER if actor.has(Role.PARTNER) else Reader.RESIDENT


def _counts(actor: Actor) -> Mapping[str, int]:
    """Count everything in one statement, along the indexes."""
    wanted = {**ideas.public_counts(), **projects.public_counts(), **solutions.public_counts()}
    if actor.is_signed_in:
        for pillar in (ideas, projects, solutions, moderation):
            wanted |= pillar.counts_for(actor)
    counted = db.session.execute(sa.select(*(count.label(name) for name, count in wanted.items())))
    return {name: int(count) for name, count in counted.mappings().one().items()}
