"""What the tests of the self-assessment begin with: an employee with a service area, and parts that are assessed."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

from portal.accounts.actions import administration, settings
from portal.accounts.models import ServiceArea
from portal.kernel import clock
from portal.kernel.identity import Actor
from portal.observatorium.actions.assessing import AssessmentDraft, EvidenceDraft, assess
from portal.observatorium.actions.assigning import AssignmentDraft, assign
from portal.observatorium.colour_rule import PartLevel
from portal.observatorium.models.assessing import EvidenceKind
from portal.observatorium.models.rounds import OwnAssessment
from portal.observatorium.queries.assessing import IndicatorState, find_round, states
from tests.support.cast import Cast


def link(title: str = "Årsrapport", **said: Any) -> EvidenceDraft:
    """A link, dated today and valid without end unless told otherwise."""
    draft = {"kind": EvidenceKind.LINK, "title": title, "dated_on": clock.today(), "url": "https://asker.example/a"}
    return EvidenceDraft(**{**draft, **said})


def an_area(cast: Cast, employee: str = "employee", name: str = "Oppvekst") -> ServiceArea:
    """Make a service area and put an employee in it."""
    area = settings.add_service_area(cast.actor("admin"), settings.ServiceAreaDraft(name=name))
    account = getattr(cast, employee)
    draft = administration.ServiceAreasDraft(service_area_ids=frozenset({area.id}), version=account.version)
    administration.change_service_areas(cast.actor("admin"), account.id, draft)
    return area


def in_area(actor: Actor, area: ServiceArea) -> Actor:
    """Return an employee as they act when signed in."""
    return replace(actor, service_areas=frozenset({area.id}))


def owe(cast: Cast, area: ServiceArea, *indicators: str, due_on: date | None = None, slug: str = "2026") -> None:
    """Assign indicators to a service area."""
    day = due_on or clock.today() + timedelta(days=10)
    assign(cast.actor("coordinator"), slug, AssignmentDraft(indicators=indicators, service_area_id=area.id, due_on=day))


def say(
    actor: Actor,
    key: str,
    level: PartLevel = PartLevel.GREEN,
    evidence: EvidenceDraft | None = None,
    *,
    slug: str = "2026",
    version: int = 0,
    why: str = "Slik er det.",
) -> None:
    """Let somebody assess a sub-indicator; a green one gets a link."""
    piece = evidence or (link() if level is PartLevel.GREEN else None)
    draft = AssessmentDraft(level=level, justification=why, responsible="Virksomhetsleder", version=version)
    assess(actor, slug, key, draft, piece)


def say_all(actor: Actor, indicator: str, level: PartLevel = PartLevel.GREEN, *, slug: str = "2026") -> None:
    """Assess every sub-indicator of an indicator alike."""
    for part in stands(actor, indicator, slug).parts:
        say(actor, part.key, level, slug=slug)


def stands(actor: Actor, indicator: str, slug: str = "2026") -> IndicatorState:
    """Return how an indicator stands."""
    return states(find_round(actor, slug), [indicator])[indicator]


def own(actor: Actor, indicator: str, slug: str = "2026") -> OwnAssessment:
    """Return the stored own assessment of an indicator."""
    found = stands(actor, indicator, slug).own
    assert found is not None
    return found
