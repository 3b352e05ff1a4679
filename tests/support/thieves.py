"""Tidstyver for tests, made the way people make them: by calling the actions."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from portal.ideas.actions.measures import MeasureDraft, make_measure
from portal.ideas.actions.thieves import AfterDraft, ThiefDraft, attach_thief, measure_thief, save_thief
from portal.ideas.hours import Cause, Hit
from portal.ideas.models.ideas import Idea
from portal.ideas.models.thieves import Measure, TimeThief
from portal.ideas.stages import IdeaKind, Stage
from portal.kernel import clock
from portal.kernel.db import db
from portal.kernel.identity import Actor
from tests.support.ideas import proposed, published

KNOWN: dict[str, Any] = {"minutes": Decimal(6), "times": 220, "persons": 14}
"""The issue's example: 308 hours a year."""


def told(**values: Any) -> ThiefDraft:
    """Return what an author could tell of the time."""
    return ThiefDraft(**{"hit": [Hit.EMPLOYEES], "cause": Cause.ROUTINE, **KNOWN, **values})


def thief(actor: Actor, title: str = "Skjemaet som må skannes", *, internally: bool = False, **values: Any) -> Idea:
    """Return a tidstyv that is published, or one that only staff see."""
    idea_values = {name: values.pop(name) for name in ("service_area_id", "challenge") if name in values}
    make = proposed if internally else published
    extra = {"internally": True} if internally else {}
    idea = make(actor, title, kind=IdeaKind.TIME_THIEF, **extra, **idea_values)
    save_thief(actor, idea.id, told(**values))
    return db.session.get_one(Idea, idea.id)


def row(idea: Idea) -> TimeThief:
    """Return the tidstyv's part as it is kept now."""
    return db.session.get_one(TimeThief, idea.id, populate_existing=True)


def measured(actor: Actor, idea: Idea, **values: Any) -> TimeThief:
    """Measure one afterwards: 77 hours a year unless told otherwise."""
    after = {"minutes": Decimal("1.5"), "times": 220, "persons": 14, "measured_on": clock.today(), **values}
    return measure_thief(actor, idea.id, AfterDraft(**after), version=row(idea).version)


def on_measure(actor: Actor, *ideas: Idea, title: str = "Ett felles skjema") -> Measure:
    """Make a measure and put tidstyver on it."""
    made = make_measure(actor, MeasureDraft(title=title), key=f"tiltak-{title}"[:36])
    for idea in ideas:
        attach_thief(actor, idea.id, made.id, version=row(idea).version)
    return made


def at_stage(idea: Idea, stage: Stage) -> Idea:
    """Put the case at a stage without its steps: they are tested where cases are."""
    kept = db.session.get_one(Idea, idea.id, populate_existing=True)
    kept.stage = stage
    db.session.commit()
    return kept
