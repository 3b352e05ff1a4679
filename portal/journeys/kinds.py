"""The parts that cross the pillars, for the wiring to hang on the pages of others."""

from __future__ import annotations

from collections.abc import Sequence

from portal.cocreation.events.projects import PROJECT
from portal.cocreation.queries.ending import ENDED_PROJECT
from portal.ideas.events.ideas import IDEA
from portal.journeys.queries import (
    colours_of_served,
    next_for_idea,
    next_for_indicator,
    next_for_project,
    solutions_of_ended,
)
from portal.kernel.parts import Part
from portal.observatorium.events.rounds import INDICATOR
from portal.solutions.events.solutions import SOLUTION

PARTS: Sequence[Part] = (
    Part(kind=INDICATOR, template="journeys/_next.html", load=next_for_indicator),
    Part(kind=IDEA, template="journeys/_next_for_idea.html", load=next_for_idea),
    Part(kind=PROJECT, template="journeys/_next_for_project.html", load=next_for_project),
    Part(kind=ENDED_PROJECT, template="journeys/_solutions.html", load=solutions_of_ended),
    Part(kind=SOLUTION, template="journeys/_solution_colours.html", load=colours_of_served),
)
