"""One thread that went all the way: from an indicator to an idea, on to samskaping, and to a solution others use."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from portal.cocreation.models.projects import Project
from portal.goals.models import Link
from portal.ideas.models.ideas import Idea
from portal.kernel import municipalities
from portal.kernel.content import PublicationState
from portal.kernel.db import db
from portal.kernel.i18n import language
from portal.kernel.slugs import slug
from portal.observatorium.catalogue import catalogue, number_of
from portal.solutions.models.solutions import Solution

IDEA, PROJECT, INDICATOR = "idea", "project", "indicator"
PUBLISHED = PublicationState.PUBLISHED


@dataclass(frozen=True, kw_only=True)
class Bead:
    """One thing on the thread."""

    id: int
    slug: str
    title: str
    language: str


@dataclass(frozen=True, kw_only=True)
class Thread:
    """What came of what, the indicator first."""

    number: str
    """Of the indicator that the idea wants to change; empty when it names none."""
    indicator: str
    idea: Bead
    project: Bead
    solution: Bead
    municipality: str
    in_use: int
    """How many others have the solution in use."""


def newest_thread() -> Thread | None:
    """Return the thread that most others have the end of in use, then the newest; None when none went all the way.

    One statement along the indexes of what things came of.
    """
    named = (
        sa.select(sa.func.min(Link.to_id))
        .where(Link.kind == IDEA, Link.target_id == Idea.id, Link.to_kind == INDICATOR)
        .correlate(Idea)
        .scalar_subquery()
    )
    whole = (
        sa.select(
            Idea.id.label("idea_id"),
            Idea.title.label("idea_title"),
            Idea.language.label("idea_language"),
            Project.id.label("project_id"),
            Project.title.label("project_title"),
            Project.language.label("project_language"),
            Solution.id.label("solution_id"),
            Solution.title.label("solution_title"),
            Solution.language.label("solution_language"),
            Solution.municipality_number,
            Solution.in_use,
            named.label("indicator_id"),
        )
        .select_from(Solution)
        .join(Project, sa.and_(Solution.origin_kind == PROJECT, Project.id == Solution.origin_id))
        .join(Idea, sa.and_(Project.origin_kind == IDEA, Idea.id == Project.origin_id))
        .where(Solution.state == PUBLISHED, Project.state == PUBLISHED, Idea.state == PUBLISHED)
        .order_by(named.is_(None), Solution.in_use.desc(), Solution.shown_at.desc(), Solution.id.desc())
        .limit(1)
    )
    found = db.session.execute(whole).mappings().first()
    return _thread({**found}) if found else None


def _thread(told: Mapping[str, Any]) -> Thread:
    owner = municipalities.find(told["municipality_number"])
    indicator = catalogue().indicator(number_of(told["indicator_id"])) if told["indicator_id"] else None
    return Thread(
        number=indicator.number if indicator else "",
        indicator=indicator.name.in_(language()) if indicator else "",
        idea=_bead(told, "idea", "ide"),
        project=_bead(told, "project", "prosjekt"),
        solution=_bead(told, "solution", "losning"),
        municipality=owner.name if owner else told["municipality_number"],
        in_use=told["in_use"],
    )


def _bead(told: Mapping[str, Any], name: str, empty: str) -> Bead:
    title = str(told[f"{name}_title"])
    return Bead(id=told[f"{name}_id"], slug=slug(title, empty), title=title, language=told[f"{name}_language"])
