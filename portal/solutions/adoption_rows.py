"""The row that says that somebody takes a solution in use: begun, changed and taken back, and counted each time."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

import sqlalchemy as sa

from portal.kernel import clock
from portal.kernel.content import PublicationState
from portal.kernel.db import db, delete_rows
from portal.kernel.errors import Invalid, NotFound
from portal.kernel.events import publish
from portal.kernel.i18n import _l
from portal.kernel.identity import Actor
from portal.solutions import policy
from portal.solutions.adoption import AdopterKind, Step, Way, counts, needs_learning, needs_way
from portal.solutions.events.adoptions import AdoptionBegun, AdoptionEdited, AdoptionMoved, AdoptionWithdrawn
from portal.solutions.models.adoptions import Adoption, AdoptionStep
from portal.solutions.models.solutions import Solution

LONGEST = 3000
LONGEST_TITLE = 200
TEXTS = ("adapted", "result", "learning")
"""What people write, and moderation sees."""
FACTS = ("step", "way", "in_use_since", "stopped_on", "contact_title", "language")


@dataclass(frozen=True, kw_only=True)
class AdoptionDraft:
    """What an adopter tells: how far they have come, how true to the source, and how it went."""

    step: Step
    way: Way | None = None
    in_use_since: date | None = None
    stopped_on: date | None = None
    adapted: str = ""
    result: str = ""
    learning: str = ""
    contact_title: str = ""
    language: str = "nb"


@dataclass(frozen=True, kw_only=True)
class Who:
    """An adopter as the table holds it."""

    adopter: str
    kind: AdopterKind
    municipality_number: str
    byline: str
    organisation_id: int | None = None
    service_area_id: int | None = None
    source_uri: str | None = None


def begin(
    actor: Actor,
    solution: Solution,
    found: Adoption | None,
    who: Who,
    draft: AdoptionDraft,
    *,
    author_id: int,
    of_edition: int,
    key: str,
) -> Adoption:
    """Make the row, or begin anew in the one that was taken back: each adopter has one."""
    adoption = found or Adoption(solution_id=solution.id)
    for name in Who.__dataclass_fields__:
        setattr(adoption, name, getattr(who, name))
    adoption.author_id, adoption.of_edition, adoption.key = author_id, of_edition, key
    adoption.written_at, adoption.edited_at = clock.now(), None
    _say(adoption, draft)
    adoption.state = _waits_or_not(draft)
    db.session.add(adoption)
    db.session.flush()
    _step(adoption)
    publish(AdoptionBegun(actor=actor, adoption_id=adoption.id, solution_id=solution.id, step=adoption.step))
    return adoption


def change(actor: Actor, adoption: Adoption, draft: AdoptionDraft, *, author_id: int, of_edition: int) -> None:
    """Put in what is told now. Words that a moderator has hidden stay hidden, whatever they become."""
    moved = adoption.step is not draft.step
    reworded = _differs(adoption, draft, TEXTS)
    edited = reworded or adoption.of_edition != of_edition or _differs(adoption, draft, FACTS[1:])
    _say(adoption, draft)
    adoption.of_edition = of_edition
    if reworded:
        adoption.author_id, adoption.edited_at = author_id, clock.now()
        adoption.state = adoption.state if adoption.state is PublicationState.HIDDEN else _waits_or_not(draft)
    db.session.flush()
    if moved:
        _step(adoption)
        publish(
            AdoptionMoved(actor=actor, adoption_id=adoption.id, solution_id=adoption.solution_id, step=adoption.step)
        )
    if reworded or (edited and not moved):
        publish(AdoptionEdited(actor=actor, adoption_id=adoption.id, solution_id=adoption.solution_id))


def take_back(actor: Actor, adoption: Adoption) -> None:
    for name in (*TEXTS, "contact_title"):
        setattr(adoption, name, "")
    adoption.state = PublicationState.WITHDRAWN
    db.session.flush()
    delete_rows(sa.delete(AdoptionStep).where(AdoptionStep.adoption_id == adoption.id))
    _count(adoption.solution_id)
    publish(AdoptionWithdrawn(actor=actor, adoption_id=adoption.id, solution_id=adoption.solution_id))


def _say(adoption: Adoption, draft: AdoptionDraft) -> None:
    for name in (*FACTS, *TEXTS):
        setattr(adoption, name, getattr(draft, name))


def _differs(adoption: Adoption, draft: AdoptionDraft, names: Sequence[str]) -> bool:
    return any(getattr(adoption, name) != getattr(draft, name) for name in names)


def _step(adoption: Adoption) -> None:
    """Write down that a step was taken, and count anew who uses the solution: its row is locked."""
    db.session.add(AdoptionStep(adoption_id=adoption.id, step=adoption.step, at=clock.now()))
    db.session.flush()
    _count(adoption.solution_id)


def _count(solution_id: int) -> None:
    """Count who uses a solution. Not through the object: it isn't a change that an editor of its words must know of."""
    told = Adoption.solution_id == solution_id, Adoption.state != PublicationState.WITHDRAWN
    steps = [step for step in Step if counts(step)]
    using = sa.select(sa.func.count()).select_from(Adoption).where(*told, Adoption.step.in_(steps))
    number = db.session.scalar(using) or 0
    db.session.execute(sa.update(Solution).where(Solution.id == solution_id).values(in_use=number))


def _waits_or_not(draft: AdoptionDraft) -> PublicationState:
    """Words wait for moderation; that somebody is interested, without a word, is nothing to look at."""
    has_words = any(getattr(draft, name).strip() for name in TEXTS)
    return PublicationState.PENDING if has_words else PublicationState.PUBLISHED


def lock_solution(actor: Actor, solution_id: int) -> Solution:
    """Return a solution that somebody may read, locked against others who count. Raises NotFound."""
    found = db.session.get(Solution, solution_id, with_for_update=True, populate_existing=True)
    return policy.must_read(actor, found)


def locked(adoption_id: int) -> tuple[Adoption, Solution]:
    """Lock the solution first, as everybody does who counts: no two can wait for each other."""
    solution_id = db.session.scalar(sa.select(Adoption.solution_id).where(Adoption.id == adoption_id))
    if solution_id is None:
        raise NotFound(policy.ADOPTION_NOT_FOUND)
    solution = db.session.get_one(Solution, solution_id, with_for_update=True, populate_existing=True)
    return db.session.get_one(Adoption, adoption_id, with_for_update=True, populate_existing=True), solution


def told_for(solution_id: int, adopter: str) -> Adoption | None:
    of = Adoption.solution_id == solution_id, Adoption.adopter == adopter
    return db.session.scalar(sa.select(Adoption).where(*of).with_for_update())


def whole(draft: AdoptionDraft) -> AdoptionDraft:
    """Return what was told without what its step doesn't tell. Raises Invalid where something lacks or is too long."""
    _must_fit(draft)
    step = draft.step
    if needs_way(step) and draft.way is None:
        raise Invalid("way", _l("Velg om dere bruker den som den er, har tilpasset den, eller er inspirert av den."))
    if counts(step) and draft.in_use_since is None:
        raise Invalid("in_use_since", _l("Skriv hvilken dag dere tok den i bruk."))
    if needs_learning(step) and not draft.learning.strip():
        raise Invalid("learning", _l("Skriv hva dere lærte, og hvorfor dere sluttet."))
    _must_have_been("in_use_since", draft.in_use_since)
    if step is not Step.STOPPED:
        return replace(
            draft,
            way=draft.way if needs_way(step) else None,
            in_use_since=draft.in_use_since if counts(step) else None,
            stopped_on=None,
        )
    stopped_on = draft.stopped_on or clock.today()
    _must_have_been("stopped_on", stopped_on)
    if draft.in_use_since and stopped_on < draft.in_use_since:
        raise Invalid("stopped_on", _l("Dere kan ikke ha sluttet før dere begynte."))
    return replace(draft, stopped_on=stopped_on)


def _must_have_been(field: str, day: date | None) -> None:
    if day is not None and day > clock.today():
        raise Invalid(field, _l("Velg en dag som har vært."))


def _must_fit(draft: AdoptionDraft) -> None:
    longest: dict[str, Any] = dict.fromkeys(TEXTS, LONGEST) | {"contact_title": LONGEST_TITLE}
    for name, most in longest.items():
        if len(getattr(draft, name)) > most:
            raise Invalid(name, _l("Skriv høyst %(max)d tegn.", max=most))
