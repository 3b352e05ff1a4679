"""What the portal has of ideas that come from elsewhere, and its own as rows for a file."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any
from urllib.parse import urlsplit

import sqlalchemy as sa

from portal import config
from portal.accounts.models import ServiceArea
from portal.accounts.queries.bylines import shown_name
from portal.ideas.events.ideas import IDEA
from portal.ideas.formats.rows import ProposalRow
from portal.ideas.models.campaigns import Campaign
from portal.ideas.models.cases import CaseStep, Step
from portal.ideas.models.ideas import Idea, Origin
from portal.ideas.models.thieves import TimeThief
from portal.kernel.content import PublicationState, Ref
from portal.kernel.db import db
from portal.kernel.errors import NotFound
from portal.kernel.i18n import _l
from portal.kernel.slugs import slug
from portal.places import queries as places
from portal.places.models import Location

BATCH = 200
Key = tuple[str, str]
"""The portal a proposal comes from, and its number there."""


def own_source() -> str:
    """Return the name of this portal in files: its host."""
    return urlsplit(config.current().base_url).hostname or ""


def known(rows: Sequence[ProposalRow]) -> set[Key]:
    """Return which of some proposals are here already: taken in before, or made here."""
    wanted: dict[str, set[str]] = {}
    for row in rows:
        wanted.setdefault(row.source, set()).add(row.origin_id)
    found: set[Key] = set()
    for source, numbers in wanted.items():
        there = sa.select(Origin.origin_id).where(Origin.source == source, Origin.origin_id.in_(numbers))
        found |= {(source, number) for number in db.session.scalars(there)}
    own = own_source()
    ours = {int(each) for each in wanted.get(own, ()) if each.isascii() and each.isdecimal() and len(each) < 10}
    ids = db.session.scalars(sa.select(Idea.id).where(Idea.id.in_(ours))) if ours else ()
    return found | {(own, str(number)) for number in ids}


def find_campaign(campaign_slug: str) -> int:
    """Return the number of a campaign; raises NotFound."""
    found = db.session.scalar(sa.select(Campaign.id).where(Campaign.slug == campaign_slug))
    if found is None:
        raise NotFound(_l("Vi finner ikke kampanjen «%(slug)s».", slug=campaign_slug))
    return found


def public_ideas() -> int:
    """Return how many ideas everybody may read."""
    return db.session.scalar(sa.select(sa.func.count()).select_from(Idea).where(_public())) or 0


def exported(*, names: bool = False) -> Iterator[ProposalRow]:
    """Return the ideas that everybody may read as rows for a file, in the order they came, some at a time.

    What was taken in keeps the name it has where it comes from; ours are named by our host and their number. The name
    an idea is shown under goes along only with `names`.
    """
    last = 0
    while found := db.session.execute(_selected().where(Idea.id > last).limit(BATCH)).all():
        ids = [each.Idea.id for each in found]
        answers, located = _answers(ids), places.locations([Ref(IDEA, number) for number in ids])
        for each in found:
            yield _row(each, answers.get(each.Idea.id, ""), located.get(Ref(IDEA, each.Idea.id)), names=names)
        last = ids[-1]


def _public() -> sa.ColumnElement[bool]:
    return Idea.state == PublicationState.PUBLISHED


def _selected() -> Any:
    return (
        sa.select(Idea, Origin, TimeThief, ServiceArea.name.label("area"), shown_name(Idea).label("byline"))
        .outerjoin(Origin, Origin.idea_id == Idea.id)
        .outerjoin(TimeThief, TimeThief.idea_id == Idea.id)
        .outerjoin(ServiceArea, ServiceArea.id == Idea.service_area_id)
        .where(_public())
        .order_by(Idea.id)
    )


def _answers(ids: Sequence[int]) -> Mapping[int, str]:
    """Return the newest public answer to each idea."""
    steps = sa.select(CaseStep.idea_id, CaseStep.text).where(
        CaseStep.idea_id.in_(ids), CaseStep.step == Step.ANSWERED, CaseStep.is_public.is_(True)
    )
    return dict(db.session.execute(steps.order_by(CaseStep.id)).all())


def _row(found: Any, answer: str, location: Location | None, *, names: bool) -> ProposalRow:
    idea, origin = found.Idea, found.Origin
    author = (origin.author_name if origin else found.byline) or ""
    return ProposalRow(
        source=origin.source if origin else own_source(),
        origin_id=origin.origin_id if origin else str(idea.id),
        url=origin.address if origin else portal_address(f"ideer/{idea.id}-{slug(idea.title)}"),
        kind=idea.kind.value,
        title=idea.title,
        summary=idea.summary,
        challenge=idea.challenge,
        body=idea.solution,
        usefulness=idea.usefulness,
        benefit_type=idea.benefit_type,
        language=idea.language,
        state=idea.stage.value,
        decision=idea.decision.value if idea.decision else "",
        answer=answer,
        supports=origin.supports if origin else 0,
        published_at=idea.shown_at.replace(microsecond=0),
        answered_at=idea.answered_at.replace(microsecond=0) if idea.answered_at else None,
        is_told=idea.is_told,
        category=found.area or "",
        author_name=author if names else "",
        **_place(location),
        **_thief(found.TimeThief),
    )


def portal_address(path: str) -> str:
    """Return a whole address of this portal, for files that are read elsewhere."""
    return f"{config.current().base_url.rstrip('/')}/{path}"


def _place(location: Location | None) -> dict[str, Any]:
    if location is None:
        return {}
    neighbourhood = location.neighbourhood
    return {
        "address": location.address,
        "latitude": location.latitude,
        "longitude": location.longitude,
        "scope": neighbourhood.name if neighbourhood else "",
    }


def _thief(thief: TimeThief | None) -> dict[str, Any]:
    if thief is None:
        return {}
    return {
        "cause": thief.cause.value if thief.cause else "",
        "hit": ", ".join(thief.hit),
        "owner": thief.owner.value if thief.owner else "",
        "minutes": thief.minutes,
        "times": thief.times,
        "persons": thief.persons,
    }
