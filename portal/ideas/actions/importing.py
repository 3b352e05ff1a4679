"""Taking in ideas that were public elsewhere: some at a time, each once, published as they were; nobody is told."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from hashlib import sha256
from typing import Any, TypeVar

import sqlalchemy as sa

from portal.accounts.models import Account, Byline, ServiceArea
from portal.ideas import policy
from portal.ideas.events.ideas import IDEA
from portal.ideas.events.importing import IdeasImported
from portal.ideas.formats.rows import ProposalRow
from portal.ideas.hours import Cause, Factors, Hit, Owner
from portal.ideas.models.cases import CaseStep, Step
from portal.ideas.models.ideas import Idea, Origin
from portal.ideas.models.thieves import TimeThief
from portal.ideas.queries.importing import known
from portal.ideas.stages import Decision, IdeaKind, Stage
from portal.kernel import clock
from portal.kernel.content import PublicationState, Ref
from portal.kernel.db import atomic, db
from portal.kernel.errors import Forbidden, Invalid
from portal.kernel.events import publish
from portal.kernel.identity import Actor
from portal.participation.models import Tally
from portal.places.actions import PlaceDraft, locate
from portal.places.models import Neighbourhood
from portal.search.actions import index

E = TypeVar("E", bound=StrEnum)

NOBODY = "Importert"
"""The name of the account that stands as author: nobody can sign in to it, and it is nobody's."""
HOURS = Decimal("0.0001")

STAGES: Mapping[str, tuple[Stage, Decision | None]] = {
    "accepted": (Stage.DECIDED, None),
    "rejected": (Stage.DECIDED, Decision.REJECTED),
    "evaluating": (Stage.ASSESSING, None),
}
"""What the words of other portals mean here. What was accepted there says nothing of how it is to be done."""


@dataclass(frozen=True, kw_only=True)
class Taken:
    """What came of some rows."""

    new: int = 0
    unchanged: int = 0
    """Were here already."""
    without_place: int = 0
    """New, and told a place that isn't in Norway: taken in without it."""

    def __add__(self, other: Taken) -> Taken:
        return Taken(
            new=self.new + other.new,
            unchanged=self.unchanged + other.unchanged,
            without_place=self.without_place + other.without_place,
        )


@atomic
def import_ideas(actor: Actor, rows: Sequence[ProposalRow], *, campaign_id: int | None = None) -> Taken:
    """Take in the proposals that aren't here already, all of them or none.

    They were public where they come from, and are published here at once by whoever imports them: no moderator's queue,
    no notices, no date for a first answer. The support they had is kept apart from ours.
    """
    if not policy.may_import(actor):
        raise Forbidden
    here = known(rows)
    new = {(row.source, row.origin_id): row for row in reversed(rows) if (row.source, row.origin_id) not in here}
    fresh = list(reversed(new.values()))
    if not fresh:
        return Taken(unchanged=len(rows))
    ids = _insert(fresh, campaign_id)
    lost = _locate(actor, ids, fresh)
    sources = tuple(sorted({row.source for row in fresh}))
    publish(IdeasImported(actor=actor, sources=sources, ideas=len(ids), first_id=min(ids), last_id=max(ids)))
    index(actor, IDEA, ids)
    return Taken(new=len(fresh), unchanged=len(rows) - len(fresh), without_place=lost)


def _insert(rows: Sequence[ProposalRow], campaign_id: int | None) -> list[int]:
    """Write the ideas and what belongs to each; return their numbers in the order of the rows."""
    author_id, areas = _nobody(), _service_areas({row.category for row in rows if row.category})
    common = {"author_id": author_id, "campaign_id": campaign_id}
    values = [{**_idea(row), **common, "service_area_id": areas.get(row.category)} for row in rows]
    made = sa.insert(Idea).returning(Idea.id, sort_by_parameter_order=True)
    ids = list(db.session.scalars(made, values))
    pairs = list(zip(ids, rows, strict=True))
    _write(Tally, [{"kind": IDEA, "target_id": number} for number in ids])  # lists in its order walk along it
    _write(Origin, [_origin(number, row) for number, row in pairs])
    _write(CaseStep, [_answer(number, row) for number, row in pairs if row.answer])
    _write(TimeThief, [_thief(number, row) for number, row in pairs if _kind(row) is IdeaKind.TIME_THIEF])
    return ids


def _write(model: type[Any], values: list[dict[str, Any]]) -> None:
    if values:
        db.session.execute(sa.insert(model), values)


def _nobody() -> int:
    """Return the account that stands as author of what was taken in: made the first time, closed from the start.

    It counts as erased, so that nobody finds it, nothing is sent to it, and it isn't forgotten for being unused.
    """
    found = db.session.scalar(sa.select(Idea.author_id).join(Origin, Origin.idea_id == Idea.id).limit(1))
    if found is not None:
        return found
    moment = clock.now()
    account = Account(name=NOBODY, created_at=moment, deactivated_at=moment, erased_at=moment)
    db.session.add(account)
    db.session.flush()
    return account.id


def _service_areas(names: set[str]) -> dict[str, int]:
    """Return the municipality's own service areas by name: what a proposal was about, where it is called the same."""
    rows = db.session.execute(sa.select(ServiceArea.name, ServiceArea.id).where(ServiceArea.name.in_(names)))
    return dict(rows.all())


def _idea(row: ProposalRow) -> dict[str, Any]:
    now = clock.now()
    stage, decision = _standing(row)
    return {
        "kind": _kind(row),
        "title": row.title,
        "summary": row.summary,
        "challenge": row.challenge,
        "solution": row.body,
        "usefulness": row.usefulness,
        "benefit_type": row.benefit_type[:40],
        "answers": {},
        "language": row.language,
        "is_told": row.is_told,
        "state": PublicationState.PUBLISHED,
        "stage": stage,
        "stage_since": now,
        "decision": decision,
        "answer_due_at": now,
        "answered_at": _answered_at(row),
        "sent_at": None,  # it was never sent in here, so no answer is due
        "key": sha256(f"{row.source}\0{row.origin_id}".encode()).hexdigest()[:36],
        "created_at": now,
        "saved_at": now,
        "shown_at": row.published_at or now,
        "byline": Byline.PSEUDONYM,
        "pseudonym": row.author_name or None,
        "version": 1,
    }


def _standing(row: ProposalRow) -> tuple[Stage, Decision | None]:
    if row.state in STAGES:
        return STAGES[row.state]
    stage = _one_of(Stage, row.state) or Stage.RECEIVED
    return stage, None if stage in {Stage.RECEIVED, Stage.ASSESSING} else _one_of(Decision, row.decision)


def _answered_at(row: ProposalRow) -> Any:
    return row.answered_at or ((row.published_at or clock.now()) if row.answer else None)


def _origin(number: int, row: ProposalRow) -> dict[str, Any]:
    return {
        "idea_id": number,
        "source": row.source,
        "origin_id": row.origin_id,
        "address": row.url,
        "author_name": row.author_name,
        "supports": row.supports,
    }


def _answer(number: int, row: ProposalRow) -> dict[str, Any]:
    return {
        "idea_id": number,
        "at": _answered_at(row),
        "step": Step.ANSWERED,
        "actor_id": None,
        "by_title": row.source,
        "text": row.answer,
        "language": row.language,
        "is_public": True,
        "details": {},
    }


def _thief(number: int, row: ProposalRow) -> dict[str, Any]:
    hours = Factors(minutes=row.minutes, times=row.times, persons=row.persons).hours
    return {
        "idea_id": number,
        "hit": [each for each in row.hit.split(", ") if _one_of(Hit, each)],
        "cause": _one_of(Cause, row.cause),
        "owner": _one_of(Owner, row.owner),
        "minutes": row.minutes,
        "times": row.times,
        "persons": row.persons,
        "hours": None if hours is None else (Decimal(hours.numerator) / hours.denominator).quantize(HOURS),
        "version": 1,
    }


def _kind(row: ProposalRow) -> IdeaKind:
    return _one_of(IdeaKind, row.kind) or IdeaKind.INNOVATION


def _one_of(kind: type[E], word: str) -> E | None:
    return kind(word) if word in set(kind) else None


def _locate(actor: Actor, ids: Sequence[int], rows: Sequence[ProposalRow]) -> int:
    """Put those that tell where they are on the map; return how many lie where we have no map."""
    names = {row.scope for row in rows if row.scope}
    found = db.session.execute(sa.select(Neighbourhood.name, Neighbourhood.id).where(Neighbourhood.name.in_(names)))
    neighbourhoods = dict(found.all())
    lost = 0
    for number, row in zip(ids, rows, strict=True):
        neighbourhood_id = neighbourhoods.get(row.scope)
        if row.latitude is None and neighbourhood_id is None:
            continue
        try:
            locate(
                actor,
                Ref(IDEA, number),
                PlaceDraft(
                    latitude=row.latitude,
                    longitude=row.longitude,
                    address=row.address,
                    neighbourhood_id=neighbourhood_id,
                ),
            )
        except Invalid:
            lost += 1
    return lost
