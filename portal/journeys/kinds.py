"""The parts that cross the pillars, for the wiring to hang on the pages of others."""

from __future__ import annotations

from collections.abc import Sequence

from portal.cocreation.events.projects import PROJECT
from portal.ideas.events.ideas import IDEA
from portal.journeys.queries import (
    indicators_of_project,
    next_for_indicator,
    projects_of_idea,
)
from portal.kernel.parts import Part
from portal.observatorium.events import INDICATOR

PARTS: Sequence[Part] = (
    Part(kind=INDICATOR, template="journeys/_next.html", load=next_for_indicator),
    Part(kind=IDEA, template="journeys/_projects.html", load=projects_of_idea),
    Part(kind=PROJECT, template="journeys/_colours.html", load=indicators_of_project),
)
